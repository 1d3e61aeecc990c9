#include "protocol/registry.h"

#include <algorithm>

#include "protocol/codec.h"
#include "protocol/crypto.h"

namespace schakel {
namespace {

constexpr std::uint64_t kStatementVersion = 1;
constexpr std::string_view kRegistryDomain = "schakel/registry/v1";
constexpr std::string_view kHpkeDomain = "schakel/hpke/v1";
constexpr std::size_t kNameBytesMax = 120;
constexpr std::size_t kCeilingRowsMax = 256;
constexpr std::size_t kSignaturesMax = 16;
constexpr std::uint64_t kStatementTypesMax = 63;  // Of newer programs.
enum class StatementType : std::uint8_t { kOrganisation = 1, kCeilings, kRules, kRegistrars, kHpke };
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
  if (statement.name.empty() || !IsOneLine(statement.name)) from.FailWith(Code::kInvalid, "registry.name", "name");
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

RegistrarsStatement DecodeRegistrars(Decoder& from) {
  RegistrarsStatement statement;
  Registrars& registrars = statement.registrars;
  statement.serial = from.Uint("serial");
  registrars.threshold = from.Uint("registrars.threshold", kRegistrarsMax);
  const std::size_t count = from.ArrayBetween(1, kRegistrarsMax, "registrars.keys");
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    const SigningPublicKey key(from.Fixed<32>("registrars.key"));
    if (!registrars.keys.empty() && !(registrars.keys.back() < key)) {
      from.FailWith(Code::kInvalid, "registry.registrars", "registrars.keys");
    }
    registrars.keys.push_back(key);
  }
  statement.issued_at = from.Time("issued_at");
  if (registrars.threshold == 0 || registrars.threshold > registrars.keys.size()) {
    from.FailWith(Code::kInvalid, "registry.registrars", "registrars.threshold");
  }
  return statement;
}

HpkeStatement DecodeHpke(Decoder& from) {
  HpkeStatement statement;
  statement.organisation = from.ReadOrgId("organisation");
  statement.serial = from.Uint("serial");
  statement.hpke = AgreementPublicKey(from.Fixed<32>("hpke"));
  statement.issued_at = from.Time("issued_at");
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

Bytes EncodeRegistrars(RegistrarsStatement statement) {
  std::ranges::sort(statement.registrars.keys);
  Encoder to(64 + 34 * statement.registrars.keys.size());
  to.Array(6).Uint(kStatementVersion).Enum(StatementType::kRegistrars).Uint(statement.serial);
  to.Uint(statement.registrars.threshold).Array(statement.registrars.keys.size());
  for (const SigningPublicKey& key : statement.registrars.keys) to.Binary(key.value());
  to.Time(statement.issued_at);
  return to.Take();
}

Bytes EncodeHpke(const HpkeStatement& statement) {
  Encoder to(128);
  to.Array(6).Uint(kStatementVersion).Enum(StatementType::kHpke).Id(statement.organisation);
  to.Uint(statement.serial).Binary(statement.hpke.value()).Time(statement.issued_at);
  return to.Take();
}

std::optional<std::size_t> FieldsOf(std::uint64_t type) {
  const auto is = [type](StatementType known) { return type == static_cast<std::uint64_t>(known); };
  if (is(StatementType::kOrganisation)) return 9;
  if (is(StatementType::kCeilings)) return 5;
  if (is(StatementType::kRules)) return 12;
  if (is(StatementType::kRegistrars) || is(StatementType::kHpke)) return 6;
  return std::nullopt;
}

Statement DecodeKnown(StatementType type, Decoder& from) {
  switch (type) {
    case StatementType::kOrganisation:
      return DecodeOrganisation(from);
    case StatementType::kCeilings:
      return DecodeCeilings(from);
    case StatementType::kRules:
      return DecodeRules(from);
    case StatementType::kRegistrars:
      return DecodeRegistrars(from);
    case StatementType::kHpke:
      return DecodeHpke(from);
  }
  return UnknownStatement();
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
// retained after departure, names by role, issued at];
// registrars: [version, 4, serial, threshold, [key, ..] by growing key, issued at];
// an organisation's own HPKE key: [version, 5, organisation, serial, key, issued at].
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
  if (const auto* registrars = std::get_if<RegistrarsStatement>(&statement)) return EncodeRegistrars(*registrars);
  if (const auto* hpke = std::get_if<HpkeStatement>(&statement)) return EncodeHpke(*hpke);
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
  if (fields) {
    statement = DecodeKnown(static_cast<StatementType>(type), from);
  } else {
    statement = KeepUnknown(type, items, bytes, from);
  }
  SCHAKEL_TRY(from.Finish());
  return statement;
}

RegistrarSignature SignStatement(ByteView statement, const SigningKey& registrar) {
  return {IdOf(registrar.public_key), Sign(registrar, kRegistryDomain, statement)};
}

SignedStatement SignHpkeStatement(const HpkeStatement& statement, const SigningKey& record) {
  SignedStatement out{EncodeStatement(statement), {}};
  out.signatures.push_back({IdOf(record.public_key), Sign(record, kHpkeDomain, out.statement)});
  return out;
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

}  // namespace schakel
