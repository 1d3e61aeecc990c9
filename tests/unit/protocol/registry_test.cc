#include "protocol/registry.h"

#include <gtest/gtest.h>

#include "protocol/codec.h"
#include "support/builders.h"
#include "support/canonical.h"

namespace schakel::test {
namespace {

std::string RuleOf(const Result<Statement>& result) { return result ? "ok" : result.error().rule; }

OrgStatement WithTransport(OrgStatement statement, std::string_view key_of) {
  statement.keys.transport = TransportKey::FromSecret(SeedOf("transport", key_of)).public_key;
  return statement;
}

// ---- Signatures ----

TEST(RegistryTest, TakesWhatEnoughRegistrarsSigned) {
  const Bytes statement = EncodeStatement(StatementOf(kSchool, "school-support"));
  const auto sign = [&](std::initializer_list<unsigned> registrars) {
    SignedStatement out{.statement = statement, .signatures = {}};
    for (unsigned number : registrars) out.signatures.push_back(SignStatement(statement, RegistrarKey(number)));
    return out;
  };
  SignedStatement spoilt = sign({1, 2});
  spoilt.signatures[1].signature[0] ^= 1;
  SignedStatement wrong_name = sign({1, 2});
  wrong_name.signatures[1].registrar = wrong_name.signatures[0].registrar;
  SignedStatement other_text = sign({1, 2});
  other_text.statement = EncodeStatement(StatementOf(kWelfare, "welfare"));
  SignedStatement other_domain = sign({1});
  const SigningKey second = RegistrarKey(2);
  other_domain.signatures.push_back({IdOf(second.public_key), Sign(second, "schakel/rec/v1", statement)});
  struct Case {
    const char* name;
    SignedStatement statement;
    std::size_t threshold;
    const char* want;
  };
  const Case cases[] = {
      {"two of three", sign({1, 3}), 2, "ok"},
      {"all three", sign({3, 2, 1}), 2, "ok"},
      {"one of three", sign({2}), 2, "registry.signatures"},
      {"nobody", sign({}), 2, "registry.signatures"},
      {"one, where one is enough", sign({2}), 1, "ok"},
      {"nobody, where one is enough", sign({}), 1, "registry.signatures"},
      {"one twice", sign({1, 1}), 2, "registry.signatures"},
      {"one and a stranger", sign({1, 9}), 2, "registry.signatures"},
      {"two and a stranger", sign({1, 9, 2}), 2, "ok"},
      {"one signature spoilt", spoilt, 2, "registry.signatures"},
      {"under another's name", wrong_name, 2, "registry.signatures"},
      {"signatures of another statement", other_text, 2, "registry.signatures"},
      {"signed as something else", other_domain, 2, "registry.signatures"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Directory directory(RegistrarsOf(c.threshold, 3));
    EXPECT_EQ(RuleOf(directory.Apply(c.statement)), c.want);
    EXPECT_EQ(directory.statements().size(), std::string_view(c.want) == "ok" ? 1U : 0U);
  }
}

TEST(RegistryTest, RegistrarNamedTwiceCountsOnce) {
  Registrars registrars = RegistrarsOf(2, 1);
  registrars.keys.push_back(registrars.keys[0]);
  Directory directory(registrars);
  EXPECT_EQ(RuleOf(directory.Apply(SignedBy(StatementOf(kSchool, "school-support"), {1, 1}))), "registry.signatures");
}

// ---- One statement after another ----

TEST(RegistryTest, KeepsItsOrder) {
  const auto school = [](std::uint64_t serial, auto&& change) {
    OrgStatement statement = StatementOf(kSchool, "school-support", serial);
    change(statement);
    return SignedBy(statement, {1, 2});
  };
  const auto same = [](OrgStatement&) {};
  CeilingStatement first = Ceilings();
  CeilingStatement second = Ceilings();
  second.serial = 2;
  CeilingStatement third = Ceilings();
  third.serial = 3;
  struct Case {
    const char* name;
    SignedStatement statement;
    const char* want;
  };
  // DirectoryOfSix holds serial 1 of each.
  const Case cases[] = {
      {"the next", school(2, same), "ok"},
      {"the same again", school(1, same), "registry.serial"},
      {"one too far", school(3, same), "registry.serial"},
      {"serial nought", school(0, same), "registry.serial"},
      {"another sector", school(2, [](OrgStatement& s) { s.sector = Sector("welfare"); }), "registry.sector"},
      {"the transport key of another",
       school(2, [](OrgStatement& s) { s.keys.transport = SecretsOf(kPolice).transport.public_key; }),
       "registry.transport_key"},
      {"a new organisation", SignedBy(StatementOf(OrgId("nieuw-gent"), "welfare"), {1, 2}), "ok"},
      {"a new organisation, serial 2", SignedBy(StatementOf(OrgId("nieuw-gent"), "welfare", 2), {1, 2}),
       "registry.serial"},
      {"the first ceilings again", SignedBy(first, {1, 2}), "registry.serial"},
      {"the next ceilings", SignedBy(second, {1, 2}), "ok"},
      {"ceilings too far", SignedBy(third, {1, 2}), "registry.serial"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Directory directory = DirectoryOfSix();
    const std::size_t before = directory.statements().size();
    EXPECT_EQ(RuleOf(directory.Apply(c.statement)), c.want);
    EXPECT_EQ(directory.statements().size(), before + (std::string_view(c.want) == "ok" ? 1 : 0));
  }
}

TEST(RegistryTest, RefusedStatementChangesNothing) {
  Directory directory = DirectoryOfSix();
  OrgStatement thief = StatementOf(kSchool, "school-support", 2);
  thief.keys.transport = SecretsOf(kPolice).transport.public_key;
  ASSERT_FALSE(directory.Apply(SignedBy(thief, {1, 2})).has_value());
  EXPECT_EQ(directory.Find(kSchool)->statement, StatementOf(kSchool, "school-support"));
  EXPECT_EQ(*directory.FindByTransportKey(SecretsOf(kSchool).transport.public_key), kSchool);
  EXPECT_EQ(*directory.FindByTransportKey(SecretsOf(kPolice).transport.public_key), kPolice);
}

TEST(RegistryTest, NoCeilingsYetMeansNone) {
  const Directory directory(RegistrarsOf(1, 1));
  EXPECT_FALSE(directory.ceilings().has_value());
  EXPECT_EQ(directory.FindCeiling(Sector("welfare")), nullptr);
}

TEST(RegistryTest, FindsWhatItHolds) {
  const Directory directory = DirectoryOfSix();
  EXPECT_EQ(directory.organisations().size(), 6U);
  EXPECT_EQ(directory.Find(kPolice)->statement.sector, Sector("police"));
  EXPECT_EQ(directory.Find(kStranger), nullptr);
  EXPECT_TRUE(directory.FindCeiling(Sector("police"))->categories.Has(Category::kSafety));
  EXPECT_FALSE(directory.FindCeiling(Sector("police"))->categories.Has(Category::kHealth));
  EXPECT_TRUE(directory.FindCeiling(Sector("youth-court"))->court_wall);
  EXPECT_EQ(directory.FindCeiling(Sector("sports")), nullptr);
}

// ---- Rules of the region ----

TEST(RegistryTest, TheLawHoldsUntilTheRegistrarsSayOtherwise) {
  Directory directory = DirectoryOfSix();
  EXPECT_EQ(directory.rules(), RegionRules());
  EXPECT_FALSE(directory.rules_statement().has_value());
  EXPECT_EQ(directory.rules().consent_age_years, 12U);
  EXPECT_EQ(directory.rules().adult_age_years, 18U);
  EXPECT_EQ(directory.rules().retain_until_age_years, 35U);
  RulesStatement second{2, {}, kNow};
  EXPECT_EQ(RuleOf(directory.Apply(SignedBy(second, {1, 2}))), "registry.serial");
  const Directory changed = WithParentsRule(directory, ParentsRule::kBoth);
  EXPECT_EQ(changed.rules().parents, ParentsRule::kBoth);
  EXPECT_EQ(changed.rules_statement()->serial, 1U);
  EXPECT_EQ(WithParentsRule(changed, ParentsRule::kEither).rules_statement()->serial, 2U);
}

TEST(RegistryTest, StatementOfANewerKindIsKeptAndNotActedUpon) {
  Directory directory = DirectoryOfSix();
  const SignedStatement newer = SignedBy(UnknownStatement{9, {0x93, 0x01, 0x09, 0x2a}}, {1, 2});
  const auto taken = directory.Apply(newer);
  ASSERT_TRUE(taken.has_value()) << ToText(taken.error());
  EXPECT_EQ(std::get<UnknownStatement>(*taken).type, 9U);
  EXPECT_EQ(directory.unknown_statements(), 1U);
  EXPECT_EQ(directory.statements().back(), newer) << "kept whole, so that others can be given it";
  EXPECT_EQ(directory.organisations().size(), 6U);
  EXPECT_TRUE(directory.Apply(SignedBy(StatementOf(kSchool, "school-support", 2), {1, 2})).has_value())
      << "the directory stays usable";
  SignedStatement unsigned_one = newer;
  unsigned_one.signatures.resize(1);
  EXPECT_EQ(RuleOf(directory.Apply(unsigned_one)), "registry.signatures");
}

// ---- Keys that change ----

TEST(RegistryTest, OldRecordKeysStayKnownAndOldTransportKeysDoNot) {
  Directory directory = DirectoryOfSix();
  const OrgKeys before = directory.Find(kSchool)->statement.keys;
  OrgStatement changed = WithTransport(StatementOf(kSchool, "school-support", 2), "new");
  changed.keys.record = SigningKey::FromSeed(SeedOf("record", "new")).public_key;
  changed.keys.hpke = AgreementKey::FromSecret(SeedOf("hpke", "new")).public_key;
  ASSERT_TRUE(directory.Apply(SignedBy(changed, {1, 2})).has_value());

  EXPECT_EQ(directory.Find(kSchool)->statement, changed);
  EXPECT_EQ(*directory.FindRecordKey(kSchool, IdOf(before.record)), before.record);
  EXPECT_EQ(*directory.FindRecordKey(kSchool, IdOf(changed.keys.record)), changed.keys.record);
  EXPECT_EQ(directory.FindRecordKey(kPolice, IdOf(before.record)), nullptr) << "another's key";
  EXPECT_EQ(directory.FindRecordKey(kStranger, IdOf(before.record)), nullptr);
  EXPECT_EQ(directory.Find(kSchool)->record_keys, (std::vector{before.record, changed.keys.record}));
  EXPECT_EQ(directory.Find(kSchool)->hpke_keys, (std::vector{before.hpke, changed.keys.hpke}));
  EXPECT_EQ(directory.FindByTransportKey(before.transport), nullptr);
  EXPECT_EQ(*directory.FindByTransportKey(changed.keys.transport), kSchool);
}

TEST(RegistryTest, KeysThatStayAreKeptOnce) {
  Directory directory = DirectoryOfSix();
  ASSERT_TRUE(directory.Apply(SignedBy(StatementOf(kSchool, "school-support", 2), {1, 2})).has_value());
  EXPECT_EQ(directory.Find(kSchool)->record_keys.size(), 1U);
  EXPECT_EQ(*directory.FindByTransportKey(SecretsOf(kSchool).transport.public_key), kSchool);
}

// Whoever holds all statements, in order, has the same directory.
TEST(RegistryTest, StatementsMakeItAnew) {
  const Directory original = WithSuspended(DirectoryOfSix(), kSchool);
  Directory copy(original.registrars());
  for (const SignedStatement& statement : original.statements()) {
    ASSERT_TRUE(copy.Apply(statement).has_value());
  }
  EXPECT_EQ(copy.statements(), original.statements());
  EXPECT_EQ(copy.ceilings(), original.ceilings());
  EXPECT_EQ(copy.Find(kSchool)->statement, original.Find(kSchool)->statement);
  EXPECT_EQ(copy.Find(kSchool)->statement.status, OrgStatus::kSuspended);
}

TEST(RegistryTest, FingerprintTellsEveryKeyAndTheName) {
  const OrgKeys keys = SecretsOf(kSchool).Public();
  const std::string print = Fingerprint(kSchool, keys);
  EXPECT_EQ(print.size(), 8U * 4U + 7U);
  EXPECT_EQ(print, Fingerprint(kSchool, keys));
  EXPECT_NE(print, Fingerprint(kPolice, keys));
  for (int which = 0; which < 4; ++which) {
    OrgKeys other = keys;
    const Hash32 changed = SeedOf("other", std::to_string(which));
    if (which == 0) other.record = SigningPublicKey(changed);
    if (which == 1) other.cosign = SigningPublicKey(changed);
    if (which == 2) other.transport = TransportPublicKey(changed);
    if (which == 3) other.hpke = AgreementPublicKey(changed);
    EXPECT_NE(print, Fingerprint(kSchool, other)) << which;
  }
}

// ---- As they travel ----

TEST(RegistryTest, StatementsComeBackAsTheyWere) {
  OrgStatement organisation = StatementOf(kSchool, "school-support", 12345);
  organisation.status = OrgStatus::kSuspended;
  organisation.name = std::string(119, 'x') + "!";
  RulesStatement rules{7, {}, kNow};
  rules.rules.parents = ParentsRule::kBoth;
  rules.rules.names_by_role = true;
  const UnknownStatement newer{4, {0x93, 0x01, 0x04, 0x91, 0xa1, 0x78}};
  for (const Statement& statement : {Statement(organisation), Statement(Ceilings()), Statement(CeilingStatement{}),
                                     Statement(rules), Statement(newer)}) {
    const Bytes bytes = EncodeStatement(statement);
    const auto decoded = DecodeStatement(bytes);
    ASSERT_TRUE(decoded.has_value()) << ToText(decoded.error());
    EXPECT_EQ(*decoded, statement);
    ExpectCanonical(bytes, ReencodeStatement);
  }
  const SignedStatement signed_statement = SignedBy(organisation, {1, 2, 3});
  const auto decoded = DecodeSignedStatement(EncodeSignedStatement(signed_statement));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(*decoded, signed_statement);
  ExpectCanonical(EncodeSignedStatement(signed_statement), ReencodeSignedStatement);
}

TEST(RegistryTest, CeilingsAreWrittenInOrder) {
  CeilingStatement shuffled = Ceilings();
  std::swap(shuffled.rows[0], shuffled.rows[3]);
  EXPECT_EQ(EncodeStatement(shuffled), EncodeStatement(Ceilings()));
}

TEST(RegistryTest, StatementsKeepTheirRules) {
  const auto organisation = [](auto&& change) {
    OrgStatement statement = StatementOf(kSchool, "school-support");
    change(statement);
    return EncodeStatement(statement);
  };
  CeilingStatement doubled = Ceilings();
  doubled.rows.push_back(doubled.rows[0]);
  CeilingStatement bad_sector = Ceilings();
  bad_sector.rows[0].sector = Sector("-");
  CeilingStatement many = Ceilings();
  many.rows.clear();
  for (int i = 0; i < 257; ++i) many.rows.push_back({Sector("sector-" + std::to_string(i)), {}, false});
  CeilingStatement as_many_as_fit = many;
  as_many_as_fit.rows.pop_back();
  Encoder unsorted;
  unsorted.Array(5).Uint(1).Uint(2).Uint(1).Array(2);
  for (const char* sector : {"welfare", "police"}) unsorted.Array(3).Text(sector).Uint(0).Bool(false);
  unsorted.Uint(0);
  Bytes newer = organisation([](OrgStatement&) {});
  newer[1] = 2;
  Bytes nought = newer;
  nought[1] = 0;
  Bytes no_type = newer;
  no_type[1] = 1;
  no_type[2] = 0;
  Bytes too_many_types = no_type;
  too_many_types[2] = 64;
  Bytes fourth_type = no_type;
  fourth_type[2] = 4;
  const auto rules = [](auto&& change) {
    RulesStatement statement;
    change(statement.rules);
    return EncodeStatement(statement);
  };
  using R = RegionRules;
  using O = OrgStatement;
  struct Case {
    const char* name;
    Bytes bytes;
    const char* want;
  };
  const Case cases[] = {
      {"a name of one byte", organisation([](O& s) { s.name = "x"; }), "ok"},
      {"no name", organisation([](O& s) { s.name = ""; }), "registry.name"},
      {"a name of 121 bytes", organisation([](O& s) { s.name = std::string(121, 'x'); }), "codec.size"},
      {"a name that is not UTF-8", organisation([](O& s) { s.name = "\xff"; }), "codec.utf8"},
      {"an id in capitals", organisation([](O& s) { s.organisation = OrgId("CLB"); }), "id.organisation"},
      {"no sector", organisation([](O& s) { s.sector = Sector(); }), "id.sector"},
      {"a status too high", organisation([](O& s) { s.status = static_cast<OrgStatus>(3); }), "codec.type"},
      {"status nought", organisation([](O& s) { s.status = static_cast<OrgStatus>(0); }), "codec.type"},
      {"a sector twice", EncodeStatement(doubled), "registry.rows"},
      {"rows out of order", unsorted.bytes(), "registry.rows"},
      {"a sector that is none", EncodeStatement(bad_sector), "id.sector"},
      {"256 rows", EncodeStatement(as_many_as_fit), "ok"},
      {"257 rows", EncodeStatement(many), "codec.type"},
      {"a newer version", newer, "registry.version"},
      {"version nought", nought, "codec.type"},
      {"a type that is none", no_type, "codec.type"},
      {"a type too high", too_many_types, "codec.type"},
      {"a newer type", fourth_type, "ok"},
      {"rules of the law", rules([](R&) {}), "ok"},
      {"emergencies of 72 hours", rules([](R& r) { r.emergency_hours_max = 72; }), "ok"},
      {"emergencies of 73 hours", rules([](R& r) { r.emergency_hours_max = 73; }), "codec.type"},
      {"capable when of age", rules([](R& r) { r.consent_age_years = 18; }), "ok"},
      {"capable after that", rules([](R& r) { r.consent_age_years = 19; }), "registry.rules"},
      {"an age nobody reaches", rules([](R& r) { r.retain_until_age_years = 121; }), "codec.type"},
      {"a parents' rule too high", rules([](R& r) { r.parents = static_cast<ParentsRule>(4); }), "codec.type"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(RuleOf(DecodeStatement(c.bytes)), c.want);
  }
}

TEST(RegistryTest, SignaturesAreLimitedInNumber) {
  SignedStatement statement = SignedBy(Ceilings(), {1});
  statement.signatures.resize(16, statement.signatures[0]);
  EXPECT_TRUE(DecodeSignedStatement(EncodeSignedStatement(statement)).has_value());
  statement.signatures.resize(17, statement.signatures[0]);
  EXPECT_FALSE(DecodeSignedStatement(EncodeSignedStatement(statement)).has_value());
}

}  // namespace
}  // namespace schakel::test
