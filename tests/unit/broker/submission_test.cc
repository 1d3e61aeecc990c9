// What becomes of a submitted record.
#include "support/hub_world.h"

namespace schakel::test {
namespace {

class Submission : public ::testing::Test {
 protected:
  void SetUp() override {
    lead.Greet();
    Found(world, lead, {kPsychiatry});
  }
  std::size_t Refusals(const std::string& rule) const {
    std::size_t count = 0;
    for (const SessionEntry& entry : world.All<SessionEntry>()) {
      count += entry.event == SessionEvent::kRefused && entry.detail == rule ? 1 : 0;
    }
    return count;
  }

  HubWorld world;
  TestAgent lead{world, kYouthCare};
};

TEST_F(Submission, IsAcknowledgedOnlyWhenDurable) {
  const Sequence before = world.log->Last();
  const std::uint64_t request = lead.Submit({lead.Seal(NoteBy(kYouthCare), {kPsychiatry})});
  EXPECT_FALSE(lead.Reply<SubmitAck>(request));
  Group group = world.TakeGroup();
  EXPECT_FALSE(lead.Reply<SubmitAck>(request));
  world.Write(group);
  EXPECT_FALSE(lead.Reply<SubmitAck>(request));
  EXPECT_GT(world.log->Last(), before);
  world.Release(std::move(group));
  EXPECT_EQ(lead.Ack(request).outcomes.at(0).sequence, Next(before));
}

TEST_F(Submission, LeavesAnEntryThatStandsOnItsOwn) {
  const SealedRecord record = lead.Seal(NoteBy(kYouthCare), {kPsychiatry});
  const std::uint64_t request = lead.Submit({record, lead.Seal(NoteBy(kYouthCare, kOurs, 0x101))});
  world.Settle();
  const Outcome outcome = lead.Ack(request).outcomes.at(0);
  const auto stored = world.log->Get(outcome.sequence);
  ASSERT_TRUE(stored);
  const auto entry = DecodeEntry(stored->entry);
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->at, outcome.at);
  const auto& body = std::get<RecordEntry>(entry->body);
  EXPECT_EQ(body.header, record.header);
  EXPECT_EQ(body.ciphertext_hash, Sha256(record.ciphertext));
  EXPECT_EQ(body.recipients_root, RecipientsRoot(record.recipients));
  EXPECT_EQ(body.evidence.count, 2);
  EXPECT_TRUE(VerifyEvidence(lead.secrets().record.public_key,
                             RecordLeaf(record.header, body.ciphertext_hash, body.recipients_root), body.evidence));
  const auto payload = world.log->Payload(outcome.sequence);
  ASSERT_TRUE(payload);
  EXPECT_EQ(*payload, EncodePayload(record.recipients, record.ciphertext));
}

TEST_F(Submission, SentTwiceHappensOnce) {
  const std::vector<SealedRecord> records{lead.Seal(NoteBy(kYouthCare), {kPsychiatry, kSchool})};
  const std::uint64_t first = lead.Submit(records);
  const std::uint64_t at_once = lead.Submit(records);
  Group group = world.TakeGroup();
  const std::uint64_t while_syncing = lead.Submit(records);
  world.Write(group);
  const std::uint64_t while_durable = lead.Submit(records);
  world.Release(std::move(group));
  world.Settle();
  const Sequence last = world.log->Last();
  lead.Messages();
  world.Reopen();
  lead.Greet();
  const std::uint64_t after_restart = lead.Submit(records);
  world.Settle();
  for (std::uint64_t repeated : {at_once, while_syncing, while_durable, after_restart}) {
    EXPECT_EQ(lead.Ack(repeated).outcomes.at(0).sequence, lead.Ack(first).outcomes.at(0).sequence);
    EXPECT_EQ(lead.Ack(repeated).outcomes.at(0).at, lead.Ack(first).outcomes.at(0).at);
    EXPECT_EQ(lead.Ack(repeated).outcomes.at(0).refused, lead.Ack(first).outcomes.at(0).refused);
    EXPECT_FALSE(lead.Ack(repeated).outcomes.at(0).error);
  }
  EXPECT_EQ(lead.Ack(first).outcomes.at(0).refused.size(), 1U);
  EXPECT_EQ(world.log->Last(), Next(last)) << "only the new session";
}

TEST_F(Submission, SentTwiceInOneBatchHappensOnce) {
  const SealedRecord record = lead.Seal(NoteBy(kYouthCare));
  const std::uint64_t request = lead.Submit({record, record});
  world.Settle();
  const SubmitAck ack = lead.Ack(request);
  EXPECT_EQ(ack.outcomes.at(0).sequence, ack.outcomes.at(1).sequence);
}

TEST_F(Submission, AnotherRecordWithTheSameIdIsRefused) {
  EXPECT_FALSE(lead.Say(NoteBy(kYouthCare)).error);
  const Outcome again = lead.Say(NoteBy(kYouthCare));  // The same header, sealed anew.
  ASSERT_TRUE(again.error);
  EXPECT_EQ(again.error->code, Code::kExists);
  EXPECT_EQ(again.error->rule, "record.id");
}

TEST_F(Submission, OneRefusedRecordLeavesTheOthers) {
  Header later = NoteBy(kYouthCare, kOurs, 0x102);
  const std::uint64_t request = lead.Submit(
      {lead.Seal(NoteBy(kYouthCare, kOurs, 0x101)), lead.Seal(NoteBy(kYouthCare, kOther, 0x103)), lead.Seal(later)});
  world.Settle();
  const SubmitAck ack = lead.Ack(request);
  EXPECT_FALSE(ack.outcomes.at(0).error);
  ASSERT_TRUE(ack.outcomes.at(1).error);
  EXPECT_EQ(ack.outcomes.at(1).error->rule, "admit.trajectory");
  EXPECT_FALSE(ack.outcomes.at(2).error);
  EXPECT_EQ(Refusals("admit.trajectory"), 1U);
}

TEST_F(Submission, ASignatureThatDoesNotHoldTakesTheWholeBatch) {
  SignedBatch batch =
      SignBatch({lead.Seal(NoteBy(kYouthCare)), lead.Seal(NoteBy(kYouthCare, kOurs, 0x101))}, lead.secrets().record);
  batch.signature[7] ^= 1;
  const std::uint64_t request = lead.Send(schakel::Submit{std::move(batch)});
  world.Settle();
  for (const Outcome& outcome : lead.Ack(request).outcomes) {
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->rule, "record.signature");
    EXPECT_EQ(outcome.error->code, Code::kUnauthenticated);
  }
  EXPECT_GE(Refusals("record.signature"), 1U);
}

TEST_F(Submission, AChangedCiphertextOrRecipientBreaksTheSignature) {
  const SignedBatch good = SignBatch({lead.Seal(NoteBy(kYouthCare), {kPsychiatry})}, lead.secrets().record);
  const auto refused = [&](SignedBatch batch) {
    const std::uint64_t request = lead.Send(schakel::Submit{std::move(batch)});
    world.Settle();
    const auto error = lead.Ack(request).outcomes.at(0).error;
    return error ? error->rule : "taken";
  };
  SignedBatch text = good;
  text.records[0].ciphertext[40] ^= 1;
  EXPECT_EQ(refused(text), "record.signature");
  SignedBatch stanza = good;
  stanza.records[0].recipients.stanzas[0].stanza.recipient = kSchool;
  EXPECT_EQ(refused(stanza), "record.signature");
  SignedBatch header = good;
  header.records[0].header = EncodeHeader(NoteBy(kYouthCare, kOurs, 0x101));
  EXPECT_EQ(refused(header), "record.signature");
  EXPECT_EQ(refused(good), "taken");
}

TEST_F(Submission, AnotherAuthorThanTheSessionsIsRefused) {
  TestAgent psychiatry(world, kPsychiatry);
  psychiatry.Greet();
  // Rightly signed by the lead, but sent by another.
  const std::uint64_t request =
      psychiatry.Send(schakel::Submit{SignBatch({lead.Seal(NoteBy(kYouthCare))}, lead.secrets().record)});
  world.Settle();
  ASSERT_TRUE(psychiatry.Ack(request).outcomes.at(0).error);
  EXPECT_EQ(psychiatry.Ack(request).outcomes.at(0).error->rule, "submit.author");
  EXPECT_EQ(Refusals("submit.author"), 1U);
}

TEST_F(Submission, AKeyThatIsNotInTheDirectoryIsRefused) {
  Header header = NoteBy(kYouthCare);
  const SigningKey other = RegistrarKey(9);
  header.signer = IdOf(other.public_key);
  const std::uint64_t request = lead.Send(schakel::Submit{SignBatch({lead.Seal(header)}, other)});
  world.Settle();
  ASSERT_TRUE(lead.Ack(request).outcomes.at(0).error);
  EXPECT_EQ(lead.Ack(request).outcomes.at(0).error->rule, "record.signer");
}

TEST_F(Submission, RecordsOfTwoAuthorsDoNotTravelTogether) {
  const std::uint64_t request =
      lead.Submit({lead.Seal(NoteBy(kYouthCare)), lead.Seal(NoteBy(kPsychiatry, kOurs, 0x101))});
  world.Settle();
  for (const Outcome& outcome : lead.Ack(request).outcomes) {
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->rule, "submit.authors");
  }
}

TEST_F(Submission, AHeaderThatCannotBeReadIsRefusedAlone) {
  SealedRecord broken = lead.Seal(NoteBy(kYouthCare));
  broken.header.pop_back();
  const std::uint64_t request = lead.Submit({lead.Seal(NoteBy(kYouthCare, kOurs, 0x101)), broken});
  world.Settle();
  EXPECT_FALSE(lead.Ack(request).outcomes.at(0).error);
  EXPECT_TRUE(lead.Ack(request).outcomes.at(1).error);
}

TEST_F(Submission, BeforeHelloNothingIsTaken) {
  TestAgent psychiatry(world, kPsychiatry);
  psychiatry.Greet();
  TestAgent rude(world, kPsychiatry);
  rude.Connect({.software = "x", .seen = {5, Filled<32>(1)}, .checkpoint = {}});  // Refused: our log has another root.
  const std::uint64_t request = rude.Submit({rude.Seal(NoteBy(kPsychiatry))});
  world.Settle();
  EXPECT_EQ(rude.RuleOf(request), "session.hello");
}

TEST_F(Submission, BatchesAndBytesAreBounded) {
  HubCoreOptions options;
  options.wire.batch_records_max = 2;
  HubWorld small(options);
  TestAgent agent(small, kYouthCare);
  agent.Greet();
  const auto note = [&](std::uint64_t number) { return agent.Seal(NoteBy(kYouthCare, kOurs, number)); };
  EXPECT_EQ(agent.RuleOf(agent.Submit({note(1), note(2), note(3)})), "submit.batch");
  const std::uint64_t two = agent.Submit({note(1), note(2)});
  small.Settle();
  EXPECT_EQ(agent.Ack(two).outcomes.size(), 2U);

  const IdentityPtr identity = small.transport.IdentityOf(agent.connection());
  const Bytes large((1U << 20) + 1, 0x90);
  small.core->Take(agent.connection(), identity, Examine(large, *small.core->directory(), small.core->wire()));
  EXPECT_EQ(agent.RuleOf(0), "codec.size");
}

TEST_F(Submission, InFlightIsBoundedPerOrganisation) {
  HubCoreOptions options;
  options.wire.in_flight_max = 2;
  HubWorld small(options);
  TestAgent agent(small, kYouthCare);
  agent.Greet();
  const auto open = [&](std::uint64_t number) {
    return agent.Seal(Says(kYouthCare, TrajectoryOpen{}, number, TrajectoryNo(number)));
  };
  const std::uint64_t first = agent.Submit({open(1)});
  const std::uint64_t second = agent.Submit({open(2)});
  const std::uint64_t third = agent.Submit({open(3)});
  EXPECT_EQ(agent.Ack(third).outcomes.at(0).error->rule, "submit.in_flight");
  small.Settle();
  EXPECT_FALSE(agent.Ack(first).outcomes.at(0).error);
  EXPECT_FALSE(agent.Ack(second).outcomes.at(0).error);
  const std::uint64_t again = agent.Submit({open(3)});
  small.Settle();
  EXPECT_FALSE(agent.Ack(again).outcomes.at(0).error);
}

TEST_F(Submission, RatesAreBoundedPerOrganisation) {
  HubCoreOptions options;
  options.records_per_second = 2;
  HubWorld small(options);
  TestAgent agent(small, kYouthCare);
  agent.Greet();
  const auto open = [&](std::uint64_t number) {
    const Outcome outcome = agent.Say(Says(kYouthCare, TrajectoryOpen{}, number, TrajectoryNo(number)));
    return outcome.error ? outcome.error->rule : "ok";
  };
  EXPECT_EQ(open(1), "ok");
  EXPECT_EQ(open(2), "ok");
  EXPECT_EQ(open(3), "submit.rate");
  small.clock.Advance(std::chrono::milliseconds(499));
  EXPECT_EQ(open(3), "submit.rate");
  small.clock.Advance(std::chrono::milliseconds(501));
  EXPECT_EQ(open(3), "ok");
}

TEST_F(Submission, RefusalsCannotFillTheLog) {
  const Sequence before = world.log->Last();
  for (std::uint64_t i = 0; i < 1000; ++i) lead.Submit({lead.Seal(NoteBy(kYouthCare, kOther, 0x1000 + i))});
  world.Settle();
  EXPECT_LE(world.log->Last().value() - before.value(), 20U);
  EXPECT_EQ(world.core->counts().refused, 1000U);
}

TEST_F(Submission, TheRefusedRecipientsAreNamedAndLogged) {
  const Outcome outcome = lead.Say(NoteBy(kYouthCare), {kPsychiatry, kSchool, kStranger});
  ASSERT_FALSE(outcome.error);
  const auto reason = [&](const OrgId& recipient) -> std::string {
    for (const RoutingRefusal& refusal : outcome.refused) {
      if (refusal.recipient == recipient) return std::string(Slug(refusal.reason));
    }
    return "reached";
  };
  EXPECT_EQ(reason(kPsychiatry), "reached");
  EXPECT_EQ(reason(kSchool), "not-member");
  EXPECT_EQ(reason(kStranger), "not-enrolled");
  const auto denials = world.All<DenialEntry>();
  ASSERT_EQ(denials.size(), 2U);
  for (const DenialEntry& denial : denials) {
    EXPECT_EQ(denial.record, RecordNo(0x100));
    EXPECT_EQ(denial.record_sequence, outcome.sequence);
    EXPECT_EQ(denial.trajectory, kOurs);
  }
}

TEST_F(Submission, ASuspendedAuthorIsCutOff) {
  TestAgent psychiatry(world, kPsychiatry);
  psychiatry.Greet();
  OrgStatement suspension = StatementOf(kPsychiatry, "psychiatry", 2);
  suspension.status = OrgStatus::kSuspended;
  const SealedRecord waiting = psychiatry.Seal(NoteBy(kPsychiatry));
  world.Apply(SignedBy(suspension, {1, 2}));
  EXPECT_FALSE(world.transport.IsOpen(psychiatry.connection()));
  EXPECT_FALSE(world.transport.MayConnect(psychiatry.secrets().transport.public_key));
  // And what was under way when it happened is not taken.
  const IdentityPtr identity = std::make_shared<const Identity>(
      Identity{Identity::Kind::kOrganisation, kPsychiatry, psychiatry.secrets().transport.public_key});
  const Bytes message = EncodeMessage({9, schakel::Submit{SignBatch({waiting}, psychiatry.secrets().record)}});
  const std::uint64_t taken = world.core->counts().records;
  world.core->Take(ConnectionId(999), identity, Examine(message, *world.core->directory(), world.core->wire()));
  world.Settle();
  EXPECT_EQ(world.core->counts().records, taken);
}

}  // namespace
}  // namespace schakel::test
