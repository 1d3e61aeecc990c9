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
constexpr std::uint64_t kStatementTypesMax = 63;  // Of newer programs.
enum class StatementType : std::uint8_t { kOrganisation = 1, kCeilings, kRules };
constexpr std::uint64_t kAgeMax = 120;
constexpr std::uint64_t kReviewHoursMax = 24 * 365;

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

RulesStatement DecodeRules(Decoder& from) {
  RulesStatement statement;
  RegionRules& rules = statement.rules;
  statement.serial = from.Uint("serial");
  rules.consent_age_years = from.Uint("rules.consent_age", kAgeMax);
  rules.adult_age_years = from.Uint("rules.adult_age", kAgeMax);
  rules.parents = from.Enum("rules.parents", ParentsRule::kEither, kParentsRuleLast);
  rules.emergency_hours_max = from.Uint("rules.emergency_hours", kEmergencyHoursMax);
  rules.emergency_review_hours = from.Uint("rules.review_hours", kReviewHoursMax);
  rules.retain_until_age_years = from.Uint("rules.retain_until_age", kAgeMax);
  rules.retain_after_departure_years = from.Uint("rules.retain_after_departure", kAgeMax);
  rules.names_by_role = from.Bool("rules.names_by_role");
  statement.issued_at = from.Time("issued_at");
  if (rules.consent_age_years > rules.adult_age_years) {
    from.FailWith(Code::kInvalid, "registry.rules", "rules.consent_age");
  }
  return statement;
}

UnknownStatement KeepUnknown(std::uint64_t type, std::size_t items, ByteView bytes, Decoder& from) {
  for (std::size_t i = 2; i < items && from.ok(); ++i) from.Raw("statement");
  return {type, ToBytes(bytes)};
}

Bytes EncodeRules(const RulesStatement& statement) {
  const RegionRules& rules = statement.rules;
  Encoder to(64);
  to.Array(12).Uint(kStatementVersion).Enum(StatementType::kRules).Uint(statement.serial);
  to.Uint(rules.consent_age_years).Uint(rules.adult_age_years).Enum(rules.parents);
  to.Uint(rules.emergency_hours_max).Uint(rules.emergency_review_hours);
  to.Uint(rules.retain_until_age_years).Uint(rules.retain_after_departure_years).Bool(rules.names_by_role);
  to.Time(statement.issued_at);
  return to.Take();
}

std::optional<std::size_t> FieldsOf(std::uint64_t type) {
  const auto is = [type](StatementType known) { return type == static_cast<std::uint64_t>(known); };
  if (is(StatementType::kOrganisation)) return 9;
  if (is(StatementType::kCeilings)) return 5;
  if (is(StatementType::kRules)) return 12;
  return std::nullopt;
}

Status CheckSerial(std::uint64_t serial, std::uint64_t last) {
  if (serial == last + 1) return {};
  return Fail(Code::kConflict, "registry.serial", "serial", "export the statement again and sign the new file");
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
// ceilings: [version, 2, serial, [[sector, categories, wall], ..] by growing sector, issued at];
// rules: [version, 3, serial, consent age, adult age, parents, emergency hours, review hours, retained until age,
// retained after departure, names by role, issued at].
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
  if (const auto* rules = std::get_if<RulesStatement>(&statement)) return EncodeRules(*rules);
  if (const auto* unknown = std::get_if<UnknownStatement>(&statement)) return unknown->bytes;
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
  const std::size_t items = from.ArrayBetween(2, 64, "statement");
  const std::uint64_t version = from.Uint("statement.version");
  if (version > kStatementVersion) {
    return Fail(Code::kVersion, "registry.version", "statement.version", "update this program to read it");
  }
  if (version == 0) from.FailWith(Code::kInvalid, "codec.type", "statement.version");
  const std::uint64_t type = from.Uint("statement.type", kStatementTypesMax);
  if (type == 0) from.FailWith(Code::kInvalid, "codec.type", "statement.type");
  const auto fields = FieldsOf(type);
  if (fields && items != *fields) from.FailWith(Code::kInvalid, "codec.type", "statement");
  Statement statement;
  if (!fields) {
    statement = KeepUnknown(type, items, bytes, from);
  } else if (type == static_cast<std::uint64_t>(StatementType::kOrganisation)) {
    statement = DecodeOrganisation(from);
  } else if (type == static_cast<std::uint64_t>(StatementType::kCeilings)) {
    statement = DecodeCeilings(from);
  } else {
    statement = DecodeRules(from);
  }
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

Status Directory::Enter(const OrgStatement& organisation) {
  const Organisation* known = Find(organisation.organisation);
  SCHAKEL_TRY(CheckSerial(organisation.serial, known ? known->statement.serial : 0));
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
  return {};
}

Result<Statement> Directory::Apply(const SignedStatement& signed_statement) {
  SCHAKEL_ASSERT(registrars_.threshold >= 1);
  if (CountValid(signed_statement, registrars_) < registrars_.threshold) {
    return Fail(Code::kUnauthenticated, "registry.signatures", "signatures",
                "have " + std::to_string(registrars_.threshold) + " registrar(s) sign it");
  }
  SCHAKEL_ASSIGN(Statement statement, DecodeStatement(signed_statement.statement));
  if (const auto* ceilings = std::get_if<CeilingStatement>(&statement)) {
    SCHAKEL_TRY(CheckSerial(ceilings->serial, ceilings_ ? ceilings_->serial : 0));
    ceilings_ = *ceilings;
  } else if (const auto* rules = std::get_if<RulesStatement>(&statement)) {
    SCHAKEL_TRY(CheckSerial(rules->serial, rules_statement_ ? rules_statement_->serial : 0));
    rules_statement_ = *rules;
    rules_ = rules->rules;
  } else if (const auto* organisation = std::get_if<OrgStatement>(&statement)) {
    SCHAKEL_TRY(Enter(*organisation));
  } else {
    ++unknown_statements_;
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
