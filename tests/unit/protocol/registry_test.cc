#include "protocol/registry.h"

#include <gtest/gtest.h>

#include <algorithm>

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

// ---- Registrars that change ----

RegistrarsStatement InOrder(RegistrarsStatement statement) {
  std::ranges::sort(statement.registrars.keys);
  return statement;
}
Registrars Of(std::size_t threshold, std::initializer_list<unsigned> numbers) {
  Registrars registrars{.threshold = threshold, .keys = {}};
  for (unsigned number : numbers) registrars.keys.push_back(RegistrarKey(number).public_key);
  return registrars;
}

TEST(RegistryTest, RegistrarsAreReplacedByThoseInForceAndByEnoughOfTheNewOnes) {
  const RegistrarsStatement next{1, Of(2, {3, 4, 5}), kNow};
  RegistrarsStatement too_far = next;
  too_far.serial = 2;
  struct Case {
    const char* name;
    SignedStatement statement;
    const char* want;
  };
  const Case cases[] = {
      {"two old, two new", SignedBy(next, {1, 2, 4, 5}), "ok"},
      {"two old, of whom one stays, and one new", SignedBy(next, {1, 3, 4}), "ok"},
      {"two old alone", SignedBy(next, {1, 2}), "registry.new_registrars"},
      {"two old, one new", SignedBy(next, {1, 2, 5}), "registry.new_registrars"},
      {"one old, two new", SignedBy(next, {1, 4, 5}), "registry.signatures"},
      {"the new alone", SignedBy(next, {4, 5}), "registry.signatures"},
      {"a serial too far", SignedBy(too_far, {1, 2, 4, 5}), "registry.serial"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Directory directory = DirectoryOfSix();
    EXPECT_EQ(RuleOf(directory.Apply(c.statement)), c.want);
    const bool replaced = std::string_view(c.want) == "ok";
    EXPECT_EQ(directory.signers().keys.size(), 3U);
    EXPECT_EQ(directory.registrars_statement().has_value(), replaced);
    EXPECT_EQ(directory.registrars(), RegistrarsOf(2, 3)) << "the root stays";
    // From then on the new ones count, and the old ones no longer.
    const auto school = [](std::initializer_list<unsigned> by) {
      return SignedBy(StatementOf(kSchool, "school-support", 2), by);
    };
    Directory by_old = directory;
    Directory by_new = directory;
    EXPECT_EQ(RuleOf(by_old.Apply(school({1, 2}))), replaced ? "registry.signatures" : "ok");
    EXPECT_EQ(RuleOf(by_new.Apply(school({4, 5}))), replaced ? "ok" : "registry.signatures");
  }
}

TEST(RegistryTest, AChainOfRegistrarsIsFollowedFromTheRoot) {
  Directory directory = DirectoryOfSix();
  ASSERT_TRUE(directory.Apply(SignedBy(RegistrarsStatement{1, Of(1, {6}), kNow}, {1, 2, 6})));
  ASSERT_TRUE(directory.Apply(SignedBy(RegistrarsStatement{2, Of(2, {7, 8}), kNow}, {6, 7, 8})));
  ASSERT_TRUE(directory.Apply(SignedBy(StatementOf(kSchool, "school-support", 2), {7, 8})));
  EXPECT_EQ(RuleOf(directory.Apply(SignedBy(StatementOf(kSchool, "school-support", 3), {6}))), "registry.signatures");
  Directory copy(RegistrarsOf(2, 3));
  for (const SignedStatement& statement : directory.statements()) EXPECT_EQ(RuleOf(copy.Apply(statement)), "ok");
  EXPECT_EQ(copy.signers(), directory.signers());
  Directory without(RegistrarsOf(2, 3));
  for (const SignedStatement& statement : directory.statements()) {
    const auto decoded = DecodeStatement(statement.statement);
    if (std::holds_alternative<RegistrarsStatement>(*decoded)) continue;
    EXPECT_EQ(without.Apply(statement).has_value(), statement != directory.statements().back())
        << "a link that is missing is missed";
  }
}

// ---- HPKE keys that an organisation changes itself ----

AgreementPublicKey NextHpke(unsigned number) {
  return AgreementKey::FromSecret(SeedOf("hpke-next", std::to_string(number))).public_key;
}

TEST(RegistryTest, AnOrganisationStatesItsNextHpkeKeyItself) {
  const SigningKey own = SecretsOf(kSchool).record;
  const SigningKey other = SecretsOf(kPolice).record;
  const HpkeStatement next{kSchool, 1, NextHpke(1), kNow};
  HpkeStatement too_far = next;
  too_far.serial = 2;
  HpkeStatement again = next;
  again.hpke = SecretsOf(kSchool).Public().hpke;
  HpkeStatement of_nobody = next;
  of_nobody.organisation = OrgId("nieuw-gent");
  SignedStatement other_domain = SignHpkeStatement(next, own);
  other_domain.signatures[0] = SignStatement(other_domain.statement, own);
  SignedStatement twice = SignHpkeStatement(next, own);
  twice.signatures.push_back(twice.signatures[0]);
  struct Case {
    const char* name;
    SignedStatement statement;
    const char* want;
  };
  const Case cases[] = {
      {"the next, by itself", SignHpkeStatement(next, own), "ok"},
      {"by another organisation", SignHpkeStatement(next, other), "registry.own_signature"},
      {"by its cosign key", SignHpkeStatement(next, SecretsOf(kSchool).cosign), "registry.own_signature"},
      {"by registrars", SignedBy(next, {1, 2}), "registry.own_signature"},
      {"signed as something else", other_domain, "registry.own_signature"},
      {"signed twice", twice, "registry.own_signature"},
      {"a serial too far", SignHpkeStatement(too_far, own), "registry.serial"},
      {"the key that it has", SignHpkeStatement(again, own), "registry.hpke_key"},
      {"nobody's", SignHpkeStatement(of_nobody, own), "registry.organisation"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Directory directory = DirectoryOfSix();
    EXPECT_EQ(RuleOf(directory.Apply(c.statement)), c.want);
    const bool taken = std::string_view(c.want) == "ok";
    EXPECT_EQ(directory.Find(kSchool)->statement.keys.hpke, taken ? NextHpke(1) : SecretsOf(kSchool).Public().hpke);
    EXPECT_EQ(directory.Find(kSchool)->hpke_since, taken ? kNow : kNow - 30 * kDay);
  }
}

TEST(RegistryTest, OnlyTheRecordKeyInForceStatesAnHpkeKey) {
  Directory directory = DirectoryOfSix();
  const SigningKey old = SecretsOf(kSchool).record;
  ASSERT_TRUE(directory.Apply(SignHpkeStatement({kSchool, 1, NextHpke(1), kNow}, old)));
  OrgStatement rotated = directory.Find(kSchool)->statement;
  ++rotated.serial;
  const SigningKey next = SigningKey::FromSeed(SeedOf("record-next", "school"));
  rotated.keys.record = next.public_key;
  ASSERT_TRUE(directory.Apply(SignedBy(rotated, {1, 2})));
  EXPECT_EQ(directory.Find(kSchool)->statement.keys.hpke, NextHpke(1)) << "as it was when the statement was made";
  EXPECT_EQ(RuleOf(directory.Apply(SignHpkeStatement({kSchool, 2, NextHpke(2), kNow}, old))), "registry.own_signature");
  EXPECT_EQ(RuleOf(directory.Apply(SignHpkeStatement({kSchool, 2, NextHpke(2), kNow}, next))), "ok");
  Directory suspended = WithSuspended(directory, kSchool);
  EXPECT_EQ(RuleOf(suspended.Apply(SignHpkeStatement({kSchool, 3, NextHpke(3), kNow}, next))),
            "registry.own_signature");
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
  const UnknownStatement newer{6, {0x93, 0x01, 0x06, 0x91, 0xa1, 0x78}};
  const RegistrarsStatement registrars{3, {2, {RegistrarKey(2).public_key, RegistrarKey(1).public_key}}, kNow};
  const HpkeStatement hpke{kSchool, 8, SecretsOf(kPolice).Public().hpke, kNow};
  for (const Statement& statement :
       {Statement(organisation), Statement(Ceilings()), Statement(CeilingStatement{}), Statement(rules),
        Statement(newer), Statement(hpke), Statement(InOrder(registrars))}) {
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
  Bytes sixth_type = no_type;
  sixth_type[2] = 6;
  const auto registrars = [](std::size_t threshold, std::vector<unsigned> numbers) {
    RegistrarsStatement statement{1, {threshold, {}}, kNow};
    for (unsigned number : numbers) statement.registrars.keys.push_back(RegistrarKey(number).public_key);
    return EncodeStatement(statement);
  };
  std::vector<unsigned> sixteen;
  for (unsigned i = 1; i <= 16; ++i) sixteen.push_back(i);
  std::vector<unsigned> seventeen = sixteen;
  seventeen.push_back(17);
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
      {"a name of two lines", organisation([](O& s) { s.name = "x\ny"; }), "registry.name"},
      {"a name that moves the cursor", organisation([](O& s) { s.name = "x\x1b[8m"; }), "registry.name"},
      {"a name that does so in one byte", organisation([](O& s) { s.name = "x\xc2\x9b"; }), "registry.name"},
      {"a name that breaks the line", organisation([](O& s) { s.name = "x\xe2\x80\xa8y"; }), "registry.name"},
      {"a name from right to left", organisation([](O& s) { s.name = "x\xe2\x80\xaey"; }), "registry.name"},
      {"a name with accents and a dash", organisation([](O& s) { s.name = "Caf\xc3\xa9 \xe2\x80\x94 \xe2\x81\xa0"; }),
       "ok"},
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
      {"a newer type", sixth_type, "ok"},
      {"two registrars of three", registrars(2, {1, 2, 3}), "ok"},
      {"three of three", registrars(3, {1, 2, 3}), "ok"},
      {"four of three", registrars(4, {1, 2, 3}), "registry.registrars"},
      {"none of three", registrars(0, {1, 2, 3}), "registry.registrars"},
      {"no registrars", registrars(1, {}), "codec.type"},
      {"a registrar twice", registrars(1, {1, 2, 1}), "registry.registrars"},
      {"sixteen registrars", registrars(1, sixteen), "ok"},
      {"seventeen", registrars(1, seventeen), "codec.type"},
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
