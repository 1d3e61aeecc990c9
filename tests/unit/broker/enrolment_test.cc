// How an organisation gets in: invitation, request, the registrars' statement; and out again.
#include "support/hub_world.h"

namespace schakel::test {
namespace {

class EnrolmentTest : public ::testing::Test {
 protected:
  EnrolmentTest() : token(KeyOfToken(Filled<32>(0x11))), secrets(SecretsOf(kStranger)) {}

  AdminReply Invite(std::chrono::hours valid = std::chrono::hours(72)) {
    return world.Operate(CreateToken{kStranger, Sector("welfare"), "Niemand", valid, token.public_key});
  }
  EnrolRequest Request(const OrgId& organisation = kStranger) const {
    EnrolRequest request;
    request.keys = secrets.Public();
    const Bytes proof = EnrolProofBytes(organisation, request.keys);
    request.proof_record = Sign(secrets.record, "schakel/enrol/v1", proof);
    request.proof_cosign = Sign(secrets.cosign, "schakel/enrol/v1", proof);
    return request;
  }
  // On a connection with the token's key: the rule of the error, or the state.
  std::string Ask(MessagePayload payload) {
    const auto connection = world.transport.Connect(token.public_key);
    if (!connection) return "not admitted";
    world.Give(*connection, EncodeMessage({1, std::move(payload)}));
    world.Settle();
    const auto received = world.transport.Received(*connection);
    if (received.size() != 1) return "no reply";
    const auto message = DecodeMessage(received.front());
    if (const auto* error = std::get_if<Error>(&message->payload)) return error->rule;
    status = std::get<EnrolStatus>(message->payload);
    constexpr const char* kNames[] = {"", "unknown", "pending", "approved", "refused"};
    return kNames[static_cast<int>(status.state)];
  }
  std::string RuleOf(const AdminReply& reply) {
    const auto* error = std::get_if<Error>(&reply);
    return error ? error->rule : "ok";
  }

  HubWorld world;
  TransportKey token;
  OrgSecrets secrets;
  EnrolStatus status;
};

TEST_F(EnrolmentTest, ASectorThatNoCeilingNamesIsRefused) {
  const auto reply =
      world.Operate(CreateToken{kStranger, Sector("nope"), "Niemand", std::chrono::hours(72), token.public_key});
  EXPECT_EQ(RuleOf(reply), "enrol.sector");
  EXPECT_NE(std::get<Error>(reply).next.find("welfare"), std::string::npos) << "it names those that there are";
  EXPECT_EQ(Ask(EnrolStatusQuery{}), "not admitted");
}

TEST_F(EnrolmentTest, AnInvitationThatReplacesAnotherSaysSo) {
  const auto text = [&](const TransportKey& key) {
    return std::get<AdminDone>(world.Operate(CreateToken{kStranger, Sector("welfare"), "Niemand",
                                                         std::chrono::hours(72), key.public_key}))
        .text;
  };
  EXPECT_EQ(text(token).find("withdrawn"), std::string::npos);
  EXPECT_NE(text(KeyOfToken(Filled<32>(0x12))).find("withdrawn"), std::string::npos);
}

TEST_F(EnrolmentTest, AnInvitationForWhoIsEnrolledAlreadySaysSo) {
  const auto done = std::get<AdminDone>(world.Operate(
      CreateToken{kPsychiatry, Sector("psychiatry"), "Psychiatrie", std::chrono::hours(1), token.public_key}));
  EXPECT_NE(done.text.find("enrolled already"), std::string::npos) << done.text;
}

TEST_F(EnrolmentTest, FromInvitationToFirstWord) {
  EXPECT_EQ(Ask(EnrolStatusQuery{}), "not admitted");
  EXPECT_EQ(RuleOf(Invite()), "ok");
  EXPECT_EQ(Ask(EnrolStatusQuery{}), "unknown");
  EXPECT_EQ(status.organisation, kStranger);
  EXPECT_EQ(Ask(Request()), "pending");
  EXPECT_EQ(status.fingerprint, Fingerprint(kStranger, secrets.Public()));
  EXPECT_EQ(Ask(Request()), "pending") << "asked again";
  EXPECT_FALSE(world.transport.MayConnect(secrets.transport.public_key));

  const auto list = std::get<EnrolmentList>(world.Operate(ListEnrolments{}));
  ASSERT_EQ(list.rows.size(), 1U);
  EXPECT_EQ(list.rows[0].state, EnrolState::kPending);
  EXPECT_EQ(list.rows[0].fingerprint, status.fingerprint);

  const auto exported = std::get<UnsignedStatement>(world.Operate(ExportOrganisation{kStranger, OrgStatus::kActive}));
  const auto statement = DecodeStatement(exported.statement);
  ASSERT_TRUE(statement);
  EXPECT_EQ(std::get<OrgStatement>(*statement).keys, secrets.Public());
  EXPECT_EQ(std::get<OrgStatement>(*statement).sector, Sector("welfare"));
  EXPECT_EQ(std::get<OrgStatement>(*statement).name, "Niemand");
  world.Apply(SignedBy(*statement, {1, 2}));

  EXPECT_EQ(Ask(EnrolStatusQuery{}), "approved");
  TestAgent agent(world, kStranger);
  agent.Connect();
  world.Settle();
  EXPECT_TRUE(agent.Reply<Welcome>(1));
  EXPECT_EQ(agent.Reply<EnrolStatus>(agent.Send(EnrolStatusQuery{}))->state, EnrolState::kApproved);
}

TEST_F(EnrolmentTest, ARequestIsDurableBeforeItIsAnswered) {
  Invite();
  const auto connection = world.transport.Connect(token.public_key);
  ASSERT_TRUE(connection);
  world.Give(*connection, EncodeMessage({1, Request()}));
  Group group = world.TakeGroup();
  EXPECT_TRUE(world.transport.Received(*connection).empty());
  world.Write(group);
  world.Release(std::move(group));
  EXPECT_EQ(world.transport.Received(*connection).size(), 1U);
  world.Reopen();
  EXPECT_EQ(Ask(EnrolStatusQuery{}), "pending");
}

TEST_F(EnrolmentTest, WhatATokenCannotDo) {
  Invite();
  for (MessagePayload payload : {MessagePayload(Hello{}), MessagePayload(Feed{}), MessagePayload(DirectoryQuery{}),
                                 MessagePayload(Heartbeat{}), MessagePayload(AccessQuery{.limit = 1})}) {
    EXPECT_EQ(Ask(std::move(payload)), "session.token");
  }
  SealedRecord record = TestAgent(world, kYouthCare).Seal(NoteBy(kYouthCare));
  EXPECT_EQ(Ask(Submit{SignBatch({record}, SecretsOf(kYouthCare).record)}), "session.token");
}

TEST_F(EnrolmentTest, KeysThatAreNotHeldAreRefused) {
  Invite();
  EnrolRequest wrong_record = Request();
  wrong_record.proof_record[0] ^= 1;
  EXPECT_EQ(Ask(wrong_record), "enrol.proof");
  EnrolRequest wrong_cosign = Request();
  wrong_cosign.proof_cosign[0] ^= 1;
  EXPECT_EQ(Ask(wrong_cosign), "enrol.proof");
  EnrolRequest swapped = Request();
  swapped.keys.hpke = AgreementKey::FromSecret(Filled<32>(9)).public_key;
  EXPECT_EQ(Ask(swapped), "enrol.proof");
  EXPECT_EQ(Ask(Request(kSchool)), "enrol.proof") << "signed for another organisation";
  EXPECT_EQ(Ask(Request()), "pending");
}

TEST_F(EnrolmentTest, ATokenServesOnce) {
  Invite();
  EXPECT_EQ(Ask(Request()), "pending");
  secrets = SecretsOf(OrgId("dief-gent"));
  EXPECT_EQ(Ask(Request()), "enrol.used");
}

TEST_F(EnrolmentTest, AnExpiredTokenIsWorthNothing) {
  Invite(std::chrono::hours(1));
  world.clock.Advance(std::chrono::hours(1) - kTick);
  world.core->Tick();
  EXPECT_EQ(Ask(EnrolStatusQuery{}), "unknown");
  world.clock.Advance(kTick);
  EXPECT_EQ(Ask(Request()), "enrol.expired");
  world.core->Tick();
  EXPECT_EQ(Ask(EnrolStatusQuery{}), "not admitted");
  world.Reopen();
  EXPECT_EQ(Ask(EnrolStatusQuery{}), "not admitted");
}

TEST_F(EnrolmentTest, AUsedTokenStillTellsTheStateAfterItsTime) {
  Invite(std::chrono::hours(1));
  EXPECT_EQ(Ask(Request()), "pending");
  world.clock.Advance(std::chrono::hours(2));
  world.core->Tick();
  EXPECT_EQ(Ask(EnrolStatusQuery{}), "pending");
}

TEST_F(EnrolmentTest, WithdrawnTokensAndNewInvitationsEndTheOld) {
  Invite();
  EXPECT_EQ(RuleOf(world.Operate(WithdrawToken{kStranger})), "ok");
  EXPECT_EQ(Ask(EnrolStatusQuery{}), "not admitted");
  EXPECT_EQ(RuleOf(world.Operate(WithdrawToken{kStranger})), "enrol.token");
  token = KeyOfToken(Filled<32>(0x12));
  EXPECT_EQ(RuleOf(Invite()), "ok");
  token = KeyOfToken(Filled<32>(0x13));
  EXPECT_EQ(RuleOf(Invite()), "ok");
  EXPECT_EQ(Ask(EnrolStatusQuery{}), "unknown");
  token = KeyOfToken(Filled<32>(0x12));
  EXPECT_EQ(Ask(EnrolStatusQuery{}), "not admitted");
  EXPECT_EQ(RuleOf(Invite()), "enrol.token") << "used before";
}

TEST_F(EnrolmentTest, StatementsNeedTheRegistrars) {
  const OrgStatement statement = StatementOf(kStranger, "welfare");
  const auto apply = [&](const SignedStatement& signed_statement) {
    return RuleOf(world.Operate(ApplyStatement{EncodeSignedStatement(signed_statement)}));
  };
  EXPECT_EQ(apply(SignedBy(statement, {1})), "registry.signatures");
  EXPECT_EQ(apply(SignedBy(statement, {1, 1})), "registry.signatures");
  EXPECT_EQ(apply(SignedBy(statement, {1, 7})), "registry.signatures");
  const auto refused = world.Operate(ApplyStatement{EncodeSignedStatement(SignedBy(statement, {1, 7}))});
  EXPECT_EQ(std::get<Error>(refused).next,
            "it needs the signatures of 2 of the 3 registrars, and has 1; no registrar "
            "here has the key " +
                ToText(IdOf(RegistrarKey(7).public_key)));
  EXPECT_FALSE(world.transport.MayConnect(secrets.transport.public_key));
  EXPECT_EQ(apply(SignedBy(statement, {1, 3})), "ok");
  EXPECT_TRUE(world.transport.MayConnect(secrets.transport.public_key));
  EXPECT_EQ(apply(SignedBy(statement, {1, 3})), "registry.serial");
  EXPECT_EQ(world.All<RegistryEntry>().size(), 8U);
}

TEST_F(EnrolmentTest, ANewTransportKeyEndsTheOldOne) {
  TestAgent agent(world, kPsychiatry);
  agent.Greet();
  OrgStatement moved = StatementOf(kPsychiatry, "psychiatry", 2);
  moved.keys.transport = TransportKey::FromSecret(Filled<32>(3)).public_key;
  world.Apply(SignedBy(moved, {1, 2}));
  EXPECT_FALSE(world.transport.IsOpen(agent.connection()));
  EXPECT_FALSE(world.transport.MayConnect(agent.secrets().transport.public_key));
  EXPECT_TRUE(world.transport.MayConnect(moved.keys.transport));
}

TEST_F(EnrolmentTest, SuspensionIsAStatementToo) {
  TestAgent agent(world, kPsychiatry);
  agent.Greet();
  const auto exported =
      std::get<UnsignedStatement>(world.Operate(ExportOrganisation{kPsychiatry, OrgStatus::kSuspended}));
  const auto statement = DecodeStatement(exported.statement);
  ASSERT_TRUE(statement);
  EXPECT_EQ(std::get<OrgStatement>(*statement).status, OrgStatus::kSuspended);
  EXPECT_EQ(std::get<OrgStatement>(*statement).serial, 2U);
  world.Apply(SignedBy(*statement, {2, 3}));
  EXPECT_FALSE(world.transport.MayConnect(agent.secrets().transport.public_key));
  world.Reopen();
  EXPECT_FALSE(world.transport.MayConnect(agent.secrets().transport.public_key));
  const auto back = DecodeStatement(
      std::get<UnsignedStatement>(world.Operate(ExportOrganisation{kPsychiatry, OrgStatus::kActive})).statement);
  ASSERT_TRUE(back);
  world.Apply(SignedBy(*back, {2, 3}));
  EXPECT_TRUE(world.transport.MayConnect(agent.secrets().transport.public_key));
}

TEST_F(EnrolmentTest, WhatIsNotThereCannotBeExported) {
  EXPECT_EQ(RuleOf(world.Operate(ExportOrganisation{kStranger, OrgStatus::kActive})), "registry.organisation");
  EXPECT_EQ(RuleOf(world.Operate(ExportOrganisation{kStranger, OrgStatus::kSuspended})), "registry.organisation");
  const auto rows = Ceilings().rows;
  const auto exported = std::get<UnsignedStatement>(world.Operate(ExportCeilings{rows}));
  EXPECT_EQ(std::get<CeilingStatement>(*DecodeStatement(exported.statement)).serial, 2U);
  EXPECT_EQ(RuleOf(world.Operate(ExportCeilings{{rows[0], rows[0]}})), "registry.rows");
  EXPECT_EQ(
      RuleOf(world.Operate(CreateToken{kPsychiatry, Sector("police"), "x", std::chrono::hours(1), token.public_key})),
      "registry.sector");
}

TEST_F(EnrolmentTest, TheOperatorSeesStatusAndHead) {
  const auto status_reply = std::get<HubStatus>(world.Operate(AskStatus{}));
  EXPECT_EQ(status_reply.organisations, 6U);
  EXPECT_EQ(status_reply.statements, 7U);
  EXPECT_EQ(status_reply.head, world.log->Head());
  EXPECT_EQ(status_reply.verifier, HubLogVerifier());
  EXPECT_EQ(status_reply.registrars, RegistrarsOf(2, 3));
  EXPECT_FALSE(status_reply.read_only);
  const auto head = std::get<SignedHead>(world.Operate(AskHead{}));
  EXPECT_EQ(*VerifyCheckpoint(head.checkpoint, HubLogVerifier()), world.log->Head());
}

}  // namespace
}  // namespace schakel::test
