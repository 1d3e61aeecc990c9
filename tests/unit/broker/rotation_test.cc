// An organisation's keys replaced while it works: asked for, put into force, and the old ones let go.
#include "support/hub_world.h"

namespace schakel::test {
namespace {

// The next keys of kPsychiatry.
OrgSecrets NextSecrets() { return SecretsOf(OrgId("psychiatry-next")); }

class RotationTest : public ::testing::Test {
 protected:
  RotationTest() : agent(world, kPsychiatry) { agent.Greet(); }

  RotateRequest Request(const OrgKeys& keys = NextSecrets().Public()) const {
    const OrgSecrets next = NextSecrets();
    return ProveRotation(kPsychiatry, keys, next.record, next.cosign, agent.secrets().record);
  }
  std::string Ask(const RotateRequest& request) {
    const std::uint64_t number = agent.Send(request);
    world.Settle();
    const auto status = agent.Reply<EnrolStatus>(number);
    return status ? status->fingerprint : agent.RuleOf(number);
  }
  std::string Announced(const SignedStatement& statement) {
    const std::uint64_t number = agent.Send(Announce{statement});
    world.Settle();
    return agent.Reply<HeartbeatReply>(number) ? "ok" : agent.RuleOf(number);
  }
  HpkeStatement Hpke(std::uint64_t serial) const {
    return {kPsychiatry, serial, AgreementKey::FromSecret(SeedOf("hpke-next", std::to_string(serial))).public_key,
            kNow};
  }
  OrgStatement Exported(OrgStatus status = OrgStatus::kActive) {
    const auto reply = std::get<UnsignedStatement>(world.Operate(ExportOrganisation{kPsychiatry, status}));
    return std::get<OrgStatement>(*DecodeStatement(reply.statement));
  }
  bool OldKeyLetsIn() const { return world.transport.MayConnect(agent.secrets().transport.public_key); }
  bool NewKeyLetsIn() const { return world.transport.MayConnect(NextSecrets().transport.public_key); }
  void ConnectWithNewKey() {
    auto connection = world.transport.Connect(NextSecrets().transport.public_key);
    ASSERT_TRUE(connection);
    world.Give(*connection, EncodeMessage({1, Hello{"test", {}, {}}}));
    world.Settle();
  }

  HubWorld world;
  TestAgent agent;
};

TEST_F(RotationTest, IsAskedForListedSignedAndOverlaps) {
  const std::string print = Fingerprint(kPsychiatry, NextSecrets().Public());
  EXPECT_EQ(Ask(Request()), print);
  EXPECT_EQ(Ask(Request()), print) << "asked again on another connection";
  const auto list = std::get<EnrolmentList>(world.Operate(ListEnrolments{}));
  ASSERT_EQ(list.rows.size(), 1U);
  EXPECT_TRUE(list.rows[0].rotation);
  EXPECT_EQ(list.rows[0].fingerprint, print);
  const OrgStatement exported = Exported();
  EXPECT_EQ(exported.keys, NextSecrets().Public());
  EXPECT_EQ(exported.serial, 2U);
  EXPECT_FALSE(NewKeyLetsIn());

  world.Apply(SignedBy(exported, {1, 2}));
  EXPECT_TRUE(NewKeyLetsIn());
  EXPECT_TRUE(OldKeyLetsIn());
  EXPECT_TRUE(world.transport.IsOpen(agent.connection())) << "it goes on working";
  Header note = NoteBy(kPsychiatry, {}, 0x300);
  note.kind = Kind::kQuestion;
  EXPECT_FALSE(agent.Say(note).error) << "signed with the old record key";
  EXPECT_TRUE(std::get<EnrolmentList>(world.Operate(ListEnrolments{})).rows.empty());

  ConnectWithNewKey();
  EXPECT_FALSE(OldKeyLetsIn()) << "the new one was welcomed";
  EXPECT_FALSE(world.transport.IsOpen(agent.connection()));
  EXPECT_EQ(Exported().keys, NextSecrets().Public()) << "nothing is asked for any more";
}

TEST_F(RotationTest, TheOldKeyLetsInForAnHourAndNoLonger) {
  Ask(Request());
  world.Apply(SignedBy(Exported(), {1, 2}));
  world.clock.Advance(std::chrono::minutes(59));
  world.core->Tick();
  EXPECT_TRUE(OldKeyLetsIn());
  world.clock.Advance(std::chrono::minutes(1));
  world.core->Tick();
  world.Settle();
  EXPECT_FALSE(OldKeyLetsIn());
  EXPECT_FALSE(world.transport.IsOpen(agent.connection()));
  EXPECT_TRUE(NewKeyLetsIn());
}

TEST_F(RotationTest, SurvivesRestartsAtEveryStep) {
  const std::string print = Ask(Request());
  world.Reopen();
  EXPECT_EQ(std::get<EnrolmentList>(world.Operate(ListEnrolments{})).rows.at(0).fingerprint, print);
  world.Apply(SignedBy(Exported(), {1, 2}));
  world.Reopen();
  EXPECT_TRUE(OldKeyLetsIn());
  EXPECT_TRUE(NewKeyLetsIn());
  ConnectWithNewKey();
  EXPECT_FALSE(OldKeyLetsIn());
  world.Reopen();
  EXPECT_FALSE(OldKeyLetsIn()) << "not again for the rest of the hour";
  EXPECT_TRUE(NewKeyLetsIn());
}

TEST_F(RotationTest, RequestsThatDoNotHoldAreRefusedAndLogged) {
  const OrgSecrets next = NextSecrets();
  const OrgSecrets own = SecretsOf(kPsychiatry);
  const auto with = [&](auto&& change) {
    OrgKeys keys = next.Public();
    change(keys);
    return ProveRotation(kPsychiatry, keys, next.record, next.cosign, own.record);
  };
  RotateRequest by_another = Request();
  by_another.proof_current =
      ProveRotation(kPsychiatry, next.Public(), next.record, next.cosign, SecretsOf(kPolice).record).proof_current;
  OrgKeys same_record = next.Public();
  same_record.record = own.Public().record;
  struct Case {
    const char* name;
    RotateRequest request;
    const char* want;
  };
  const Case cases[] = {
      {"without the record key in force", by_another, "rotate.proof"},
      {"the record key that it has", ProveRotation(kPsychiatry, same_record, own.record, next.cosign, own.record),
       "rotate.keys"},
      {"the transport key that it has", with([&](OrgKeys& k) { k.transport = own.Public().transport; }), "rotate.keys"},
      {"the HPKE key that it has", with([&](OrgKeys& k) { k.hpke = own.Public().hpke; }), "rotate.keys"},
      {"another's transport key", with([&](OrgKeys& k) { k.transport = SecretsOf(kPolice).Public().transport; }),
       "registry.transport_key"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const std::size_t before = world.All<SessionEntry>().size();
    EXPECT_EQ(Ask(c.request), c.want);
    ASSERT_EQ(world.All<SessionEntry>().size(), before + 1);
    EXPECT_EQ(world.All<SessionEntry>().back().detail, c.want);
  }
  EXPECT_TRUE(std::get<EnrolmentList>(world.Operate(ListEnrolments{})).rows.empty());
}

// A thief with the old keys asks as well; whoever has the operator's invitation goes first, and a suspension ends it.
TEST_F(RotationTest, AfterATheftTheInvitationCountsAndTheOldKeysDieAtOnce) {
  Ask(Request());
  world.Apply(SignedBy(Exported(OrgStatus::kSuspended), {1, 2}));
  EXPECT_FALSE(OldKeyLetsIn());
  EXPECT_FALSE(world.transport.IsOpen(agent.connection()));
  EXPECT_TRUE(std::get<EnrolmentList>(world.Operate(ListEnrolments{})).rows.empty()) << "what was asked for is gone";

  const TransportKey token = KeyOfToken(Filled<32>(0x21));
  ASSERT_FALSE(std::holds_alternative<Error>(world.Operate(
      CreateToken{kPsychiatry, Sector("psychiatry"), "Psychiatrie", std::chrono::hours(1), token.public_key})));
  const OrgSecrets fresh = SecretsOf(OrgId("psychiatry-fresh"));
  const Bytes proof = EnrolProofBytes(kPsychiatry, fresh.Public());
  auto connection = world.transport.Connect(token.public_key);
  ASSERT_TRUE(connection);
  world.Give(*connection, EncodeMessage({1, EnrolRequest{fresh.Public(), Sign(fresh.record, "schakel/enrol/v1", proof),
                                                         Sign(fresh.cosign, "schakel/enrol/v1", proof)}}));
  world.Settle();
  const OrgStatement exported = Exported();
  EXPECT_EQ(exported.keys, fresh.Public());
  world.Apply(SignedBy(exported, {1, 2}));
  EXPECT_TRUE(world.transport.MayConnect(fresh.transport.public_key));
  EXPECT_FALSE(OldKeyLetsIn());
  EXPECT_EQ(Exported().keys, fresh.Public()) << "the enrolment is in force: a later export keeps what is";
}

TEST_F(RotationTest, AnOrganisationStatesItsNextHpkeKey) {
  const std::size_t before = world.core->directory()->statements().size();
  EXPECT_EQ(Announced(SignHpkeStatement(Hpke(1), agent.secrets().record)), "ok");
  EXPECT_EQ(world.core->directory()->statements().size(), before + 1);
  EXPECT_EQ(world.core->directory()->Find(kPsychiatry)->statement.keys.hpke, Hpke(1).hpke);
  EXPECT_TRUE(world.transport.IsOpen(agent.connection()));
  world.Reopen();
  EXPECT_EQ(world.core->directory()->Find(kPsychiatry)->statement.keys.hpke, Hpke(1).hpke);
  EXPECT_EQ(Exported().keys.hpke, Hpke(1).hpke) << "a statement about something else keeps it";
}

TEST_F(RotationTest, WhatAnOrganisationMayNotAnnounceIsRefused) {
  HpkeStatement of_another = Hpke(1);
  of_another.organisation = kPolice;
  struct Case {
    const char* name;
    SignedStatement statement;
    const char* want;
  };
  const Case cases[] = {
      {"another's key", SignHpkeStatement(of_another, SecretsOf(kPolice).record), "announce.statement"},
      {"a statement of registrars", SignedBy(StatementOf(kPsychiatry, "psychiatry", 2), {1, 2}), "announce.statement"},
      {"signed by another", SignHpkeStatement(Hpke(1), SecretsOf(kPolice).record), "registry.own_signature"},
      {"a serial too far", SignHpkeStatement(Hpke(2), agent.secrets().record), "registry.serial"},
      {"a clock far ahead",
       SignHpkeStatement({kPsychiatry, 1, Hpke(1).hpke, kNow + 25 * kHour}, agent.secrets().record), "announce.clock"},
      {"a clock far behind",
       SignHpkeStatement({kPsychiatry, 1, Hpke(1).hpke, kNow - 25 * kHour}, agent.secrets().record), "announce.clock"},
  };
  const std::size_t before = world.core->directory()->statements().size();
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Announced(c.statement), c.want);
    EXPECT_EQ(world.core->directory()->statements().size(), before);
  }
}

TEST_F(RotationTest, NobodyFillsTheDirectoryWithKeys) {
  for (std::uint64_t serial = 1; serial <= 8; ++serial) {
    EXPECT_EQ(Announced(SignHpkeStatement(Hpke(serial), agent.secrets().record)), "ok") << serial;
  }
  EXPECT_EQ(Announced(SignHpkeStatement(Hpke(9), agent.secrets().record)), "announce.rate");
  world.clock.Advance(std::chrono::hours(1));
  EXPECT_EQ(Announced(SignHpkeStatement(Hpke(9), agent.secrets().record)), "ok");
}

TEST_F(RotationTest, RegistrarsAreReplacedAtARunningHub) {
  Registrars next{2, {}};
  for (unsigned number : {4U, 5U, 6U}) next.keys.push_back(RegistrarKey(number).public_key);
  const auto apply = [&](const SignedStatement& statement) {
    const AdminReply reply = world.Operate(ApplyStatement{EncodeSignedStatement(statement)});
    const auto* error = std::get_if<Error>(&reply);
    return error ? error->rule : std::string("ok");
  };
  EXPECT_EQ(apply(SignedBy(RegistrarsStatement{1, next, kNow}, {1, 2})), "registry.new_registrars");
  EXPECT_EQ(apply(SignedBy(RegistrarsStatement{1, next, kNow}, {1, 2, 4, 6})), "ok");
  EXPECT_EQ(apply(SignedBy(StatementOf(kSchool, "school-support", 2), {1, 2})), "registry.signatures");
  EXPECT_EQ(apply(SignedBy(StatementOf(kSchool, "school-support", 2), {5, 6})), "ok");
  for (int restart = 0; restart < 2; ++restart) {
    const auto status = std::get<HubStatus>(world.Operate(AskStatus{}));
    EXPECT_EQ(status.registrars, RegistrarsOf(2, 3)) << "the root of the configuration";
    EXPECT_EQ(status.signers.keys.size(), 3U);
    EXPECT_EQ(status.registrars_serial, 1U);
    if (restart == 0) std::ignore = world.Operate(TakeSnapshot{});
    world.Reopen();
  }
}

}  // namespace
}  // namespace schakel::test
