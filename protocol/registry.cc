#include "protocol/registry.h"

#include <algorithm>
#include <set>

#include "protocol/codec.h"
#include "protocol/crypto.h"

namespace schakel {
namespace {

constexpr std::uint64_t kStatementVersion = 1;
constexpr std::string_view kRegistryDomain = "schakel/registry/v1";
constexpr std::size_t kNameBytesMax = 120;
constexpr std::size_t kCeilingRowsMax = 256;
constexpr std::size_t kSignaturesMax = 16;
enum class StatementType : std::uint8_t { kOrganisation = 1, kCeilings };

void EncodeKeys(const OrgKeys& keys, Encoder& to) {
  to.Array(4)
      .Binary(keys.record.value())
      .Binary(keys.cosign.value())
      .Binary(keys.transport.value())
      .Binary(keys.hpke.value());
}

OrgKeys DecodeKeys(Decoder& from) {
  OrgKeys keys;
  from.Array(4, "keys");
  keys.record = SigningPublicKey(from.Fixed<32>("keys.record"));
  keys.cosign = SigningPublicKey(from.Fixed<32>("keys.cosign"));
  keys.transport = TransportPublicKey(from.Fixed<32>("keys.transport"));
  keys.hpke = AgreementPublicKey(from.Fixed<32>("keys.hpke"));
  return keys;
}

Sector DecodeSector(Decoder& from) {
  auto sector = ParseSector(from.Text("sector", 40));
  if (!sector) from.FailWith(Code::kInvalid, "id.sector", "sector");
  return sector ? *sector : Sector();
}

OrgStatement DecodeOrganisation(Decoder& from) {
  OrgStatement statement;
  statement.organisation = from.ReadOrgId("organisation");
  statement.serial = from.Uint("serial");
  statement.name = std::string(from.Text("name", kNameBytesMax));
  if (statement.name.empty()) from.FailWith(Code::kInvalid, "registry.name", "name");
  statement.sector = DecodeSector(from);
  statement.status = from.Enum("status", OrgStatus::kActive, OrgStatus::kSuspended);
  statement.keys = DecodeKeys(from);
  statement.issued_at = from.Time("issued_at");
  return statement;
}

CeilingStatement DecodeCeilings(Decoder& from) {
  CeilingStatement statement;
  statement.serial = from.Uint("serial");
  const std::size_t rows = from.ArrayBetween(0, kCeilingRowsMax, "rows");
  for (std::size_t i = 0; i < rows && from.ok(); ++i) {
    CeilingStatement::Row row;
    from.Array(3, "row");
    row.sector = DecodeSector(from);
    row.categories = CategorySet(from.Uint("row.categories"));
    row.court_wall = from.Bool("row.court_wall");
    if (!statement.rows.empty() && !(statement.rows.back().sector < row.sector)) {
      from.FailWith(Code::kInvalid, "registry.rows", "rows");
    }
    statement.rows.push_back(std::move(row));
  }
  statement.issued_at = from.Time("issued_at");
  return statement;
}

}  // namespace

std::string Fingerprint(const OrgId& organisation, const OrgKeys& keys) {
  const Hash32 hash = Sha256({AsBytes("schakel/fingerprint/v1"), AsBytes(organisation.value()), keys.record.value(),
                              keys.cosign.value(), keys.transport.value(), keys.hpke.value()});
  const std::string hex = ToHex(ByteView(hash).first(16));
  std::string text;
  for (std::size_t i = 0; i < hex.size(); i += 4) {
    if (i > 0) text += ' ';
    text += hex.substr(i, 4);
  }
  return text;
}

// An organisation: [version, 1, organisation, serial, name, sector, status, keys, issued at];
// ceilings: [version, 2, serial, [[sector, categories, wall], ..] by growing sector, issued at].
Bytes EncodeStatement(const Statement& statement) {
  Encoder to(320);
  if (const auto* organisation = std::get_if<OrgStatement>(&statement)) {
    to.Array(9).Uint(kStatementVersion).Enum(StatementType::kOrganisation);
    to.Id(organisation->organisation).Uint(organisation->serial).Text(organisation->name);
    to.Text(organisation->sector.value()).Enum(organisation->status);
    EncodeKeys(organisation->keys, to);
    to.Time(organisation->issued_at);
    return to.Take();
  }
  CeilingStatement ceilings = std::get<CeilingStatement>(statement);
  std::sort(ceilings.rows.begin(), ceilings.rows.end(),
            [](const auto& a, const auto& b) { return a.sector < b.sector; });
  to.Array(5).Uint(kStatementVersion).Enum(StatementType::kCeilings).Uint(ceilings.serial);
  to.Array(ceilings.rows.size());
  for (const auto& row : ceilings.rows) {
    to.Array(3).Text(row.sector.value()).Uint(row.categories.bits()).Bool(row.court_wall);
  }
  to.Time(ceilings.issued_at);
  return to.Take();
}

Result<Statement> DecodeStatement(ByteView bytes) {
  Decoder from(bytes, {.bytes_max = 64U << 10, .depth_max = 3});
  const std::size_t items = from.ArrayBetween(5, 64, "statement");
  const std::uint64_t version = from.Uint("statement.version");
  if (version > kStatementVersion) {
    return Fail(Code::kVersion, "registry.version", "statement.version", "update this program to read it");
  }
  if (version == 0) from.FailWith(Code::kInvalid, "codec.type", "statement.version");
  const auto type = from.Enum("statement.type", StatementType::kOrganisation, StatementType::kCeilings);
  if (items != (type == StatementType::kOrganisation ? 9 : 5)) from.FailWith(Code::kInvalid, "codec.type", "statement");
  if (type == StatementType::kOrganisation) {
    OrgStatement statement = DecodeOrganisation(from);
    SCHAKEL_TRY(from.Finish());
    return statement;
  }
  CeilingStatement statement = DecodeCeilings(from);
  SCHAKEL_TRY(from.Finish());
  return statement;
}

RegistrarSignature SignStatement(ByteView statement, const SigningKey& registrar) {
  return {IdOf(registrar.public_key), Sign(registrar, kRegistryDomain, statement)};
}

Bytes EncodeSignedStatement(const SignedStatement& statement) {
  Encoder to(statement.statement.size() + 128);
  to.Array(2).Binary(statement.statement).Array(statement.signatures.size());
  for (const RegistrarSignature& signature : statement.signatures) {
    to.Array(2).Id(signature.registrar).Binary(signature.signature);
  }
  return to.Take();
}

Result<SignedStatement> DecodeSignedStatement(ByteView bytes) {
  Decoder from(bytes, {.bytes_max = 128U << 10, .depth_max = 3});
  SignedStatement statement;
  from.Array(2, "signed_statement");
  statement.statement = ToBytes(from.Binary("signed_statement.statement", 64U << 10));
  const std::size_t count = from.ArrayBetween(0, kSignaturesMax, "signed_statement.signatures");
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    from.Array(2, "signed_statement.signature");
    RegistrarSignature signature;
    signature.registrar = from.ReadKeyId("signature.registrar");
    signature.signature = from.Fixed<64>("signature.signature");
    statement.signatures.push_back(signature);
  }
  SCHAKEL_TRY(from.Finish());
  return statement;
}

// ---- Directory ----

namespace {

std::size_t CountValid(const SignedStatement& statement, const Registrars& registrars) {
  std::set<SigningPublicKey> valid;  // A key counts once, however often it signed.
  for (const RegistrarSignature& signature : statement.signatures) {
    for (const SigningPublicKey& key : registrars.keys) {
      if (IdOf(key) == signature.registrar && Verify(key, kRegistryDomain, statement.statement, signature.signature)) {
        valid.insert(key);
      }
    }
  }
  return valid.size();
}

template <typename Key>
void AddKey(std::vector<Key>& keys, const Key& key) {
  if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
}

}  // namespace

Result<Statement> Directory::Apply(const SignedStatement& signed_statement) {
  SCHAKEL_ASSERT(registrars_.threshold >= 1);
  if (CountValid(signed_statement, registrars_) < registrars_.threshold) {
    return Fail(Code::kUnauthenticated, "registry.signatures", "signatures",
                "have " + std::to_string(registrars_.threshold) + " registrar(s) sign it");
  }
  SCHAKEL_ASSIGN(Statement statement, DecodeStatement(signed_statement.statement));
  if (const auto* ceilings = std::get_if<CeilingStatement>(&statement)) {
    if (ceilings->serial != (ceilings_ ? ceilings_->serial + 1 : 1)) {
      return Fail(Code::kConflict, "registry.serial", "serial", "export the ceilings again and sign the new file");
    }
    ceilings_ = *ceilings;
  } else {
    const auto& organisation = std::get<OrgStatement>(statement);
    const Organisation* known = Find(organisation.organisation);
    if (organisation.serial != (known ? known->statement.serial + 1 : 1)) {
      return Fail(Code::kConflict, "registry.serial", "serial", "export the statement again and sign the new file");
    }
    if (known && known->statement.sector != organisation.sector) {
      return Fail(Code::kConflict, "registry.sector", "sector", "enrol it as another organisation");
    }
    const OrgId* holder = FindByTransportKey(organisation.keys.transport);
    if (holder && *holder != organisation.organisation) {
      return Fail(Code::kExists, "registry.transport_key", "keys.transport", "let it make new keys");
    }
    Organisation& entry = organisations_[organisation.organisation];
    if (known) by_transport_.erase(entry.statement.keys.transport);
    entry.statement = organisation;
    AddKey(entry.record_keys, organisation.keys.record);
    AddKey(entry.hpke_keys, organisation.keys.hpke);
    by_transport_[organisation.keys.transport] = organisation.organisation;
  }
  statements_.push_back(signed_statement);
  return statement;
}

const Directory::Organisation* Directory::Find(const OrgId& organisation) const {
  auto found = organisations_.find(organisation);
  return found == organisations_.end() ? nullptr : &found->second;
}

const OrgId* Directory::FindByTransportKey(const TransportPublicKey& key) const {
  auto found = by_transport_.find(key);
  return found == by_transport_.end() ? nullptr : &found->second;
}

const SigningPublicKey* Directory::FindRecordKey(const OrgId& organisation, const KeyId& key) const {
  const Organisation* found = Find(organisation);
  if (!found) return nullptr;
  for (const SigningPublicKey& candidate : found->record_keys) {
    if (IdOf(candidate) == key) return &candidate;
  }
  return nullptr;
}

const CeilingStatement::Row* Directory::FindCeiling(const Sector& sector) const {
  if (!ceilings_) return nullptr;
  for (const auto& row : ceilings_->rows) {
    if (row.sector == sector) return &row;
  }
  return nullptr;
}

}  // namespace schakel
