// Consent withdrawn at every step of a record's way: from then on not one byte of content.
#include "support/hub_world.h"

namespace schakel::test {
namespace {

class Withdrawal : public ::testing::Test {
 protected:
  void SetUp() override {
    lead.Greet();
    Found(world, lead, {kPsychiatry});
    reader.Greet();
  }
  std::uint64_t SubmitNote(std::uint64_t number = 0x100) {
    return lead.Submit({lead.Seal(NoteBy(kYouthCare, kOurs, number), {kPsychiatry})});
  }
  std::uint64_t SubmitWithdrawal() {
    return lead.Submit({lead.Seal(Says(kYouthCare, GrantWithdraw{RecordNo(0x50)}, 0x60), {kPsychiatry})});
  }
  // "content", "withheld" (a mark in the log), "bare" (a delivery whose content did not leave any more), or the
  // statement itself, of each item since the last call.
  std::string Came() {
    std::string text;
    for (const FeedItem& item : reader.Feed()) {
      const DeliveryEntry delivery = DeliveryIn(item);
      const bool statement = delivery.record == RecordNo(0x60);
      text += text.empty() ? "" : " ";
      text += statement ? "statement" : delivery.withheld ? "withheld" : item.content ? "content" : "bare";
      EXPECT_FALSE(delivery.withheld && item.content);
    }
    return text;
  }

  // What the log says never left after all; nothing is denied at routing in these stories.
  std::vector<std::string> WithheldLate() {
    std::vector<std::string> said;
    for (const DenialEntry& denial : world.All<DenialEntry>()) {
      EXPECT_EQ(denial.recipient, kPsychiatry);
      EXPECT_EQ(denial.trajectory, kOurs);
      said.push_back(ToText(denial.record).substr(29) + " " + std::string(Slug(denial.reason)));
    }
    return said;
  }
  using Said = std::vector<std::string>;

  HubWorld world;
  TestAgent lead{world, kYouthCare};
  TestAgent reader{world, kPsychiatry};
};

TEST_F(Withdrawal, BeforeTheRecordIsRouted) {
  reader.AskFeed(0, 100);
  SubmitWithdrawal();
  const std::uint64_t note = SubmitNote();
  world.Settle();
  EXPECT_EQ(Came(), "statement");
  ASSERT_EQ(lead.Ack(note).outcomes.at(0).refused.size(), 1U);
  EXPECT_EQ(lead.Ack(note).outcomes.at(0).refused[0].reason, Denial::kWithdrawn);
}

TEST_F(Withdrawal, BetweenRoutingAndTheEndOfTheCommit) {
  reader.AskFeed(0, 100);
  world.Settle();
  SubmitNote();
  const std::uint64_t withdrawal = SubmitWithdrawal();  // The same group.
  world.Settle();
  EXPECT_TRUE(lead.Reply<SubmitAck>(withdrawal));
  EXPECT_EQ(Came(), "bare statement");
  EXPECT_EQ(WithheldLate(), Said{"100 withdrawn"});
  const auto deliveries = world.All<DeliveryEntry>();
  EXPECT_EQ(world.All<DenialEntry>().at(0).record_sequence, deliveries.at(0).record_sequence);
}

TEST_F(Withdrawal, WhatTheLogSaysNeverLeftStaysHereWhateverIsAgreedSince) {
  reader.AskFeed(0, 100);
  world.Settle();
  SubmitNote();
  SubmitWithdrawal();
  world.Settle();
  EXPECT_EQ(Came(), "bare statement");
  lead.Say(Says(kYouthCare, GrantTo(kPsychiatry), 0x62));
  reader.AskFeed(2, 100);
  reader.AskFeed(0, 100);
  world.Settle();
  EXPECT_EQ(Came(), "bare statement");
  world.Reopen();
  reader.Greet();
  reader.AskFeed(0, 100);
  world.Settle();
  EXPECT_EQ(Came(), "bare statement");
  EXPECT_EQ(WithheldLate(), Said{"100 withdrawn"}) << "once";
}

TEST_F(Withdrawal, ByAReviewThatFoundTheEmergencyUnjustified) {
  const auto say = [&](Control control, std::uint64_t number) {
    lead.Submit({lead.Seal(Says(kYouthCare, std::move(control), number), {kPsychiatry})});
  };
  say(GrantWithdraw{RecordNo(0x50)}, 0x61);
  say(EmergencyTo(kPsychiatry), 0x51);
  reader.AskFeed(0, 100);
  world.Settle();
  Came();
  SubmitNote();
  world.Settle();
  EXPECT_EQ(Came(), "content") << "by the emergency";
  SubmitNote(0x101);
  say(EmergencyReview{RecordNo(0x51), ReviewOutcome::kUnjustified}, 0x60);  // The same group.
  world.Settle();
  EXPECT_EQ(Came(), "bare statement");
}

TEST_F(Withdrawal, WhileTheRecordIsBeingSynced) {
  reader.AskFeed(0, 100);
  world.Settle();
  SubmitNote();
  Group first = world.TakeGroup();
  SubmitWithdrawal();  // The next group, built while the first is written.
  world.Write(first);
  world.Release(std::move(first));
  world.Settle();
  EXPECT_EQ(Came(), "bare statement");
  EXPECT_EQ(WithheldLate(), Said{"100 withdrawn"});
}

TEST_F(Withdrawal, AfterItWasHandedOver) {
  reader.AskFeed(0, 100);
  SubmitNote();
  world.Settle();
  EXPECT_EQ(Came(), "content");
  SubmitWithdrawal();
  world.Settle();
  EXPECT_EQ(Came(), "statement");
}

TEST_F(Withdrawal, CallsBackWhatTheReaderHasNotConfirmed) {
  reader.AskFeed(0, 100);
  SubmitNote();
  world.Settle();
  EXPECT_EQ(Came(), "content");
  EXPECT_TRUE(world.transport.TakeRecalled().empty());
  SubmitWithdrawal();
  Group group = world.TakeGroup();
  world.Write(group);
  EXPECT_TRUE(world.transport.TakeRecalled().empty()) << "it is not durable yet";
  world.Release(std::move(group));
  EXPECT_EQ(world.transport.TakeRecalled(), std::set{reader.connection()});
}

TEST_F(Withdrawal, LeavesAReaderAloneThatHasConfirmedAll) {
  reader.AskFeed(0, 100);
  SubmitNote();
  world.Settle();
  EXPECT_EQ(Came(), "content");
  reader.AskFeed(1, 100);
  world.Settle();
  SubmitWithdrawal();
  world.Settle();
  EXPECT_TRUE(world.transport.TakeRecalled().empty());
}

TEST_F(Withdrawal, LeavesAReaderAloneIfAllThatItHasNotConfirmedMayStillLeave) {
  reader.AskFeed(0, 100);
  SubmitNote();
  world.Settle();
  EXPECT_EQ(Came(), "content");
  // Narrowed in something else; of another trajectory; and a stage that leaves this consent as it is.
  const GrantNarrow narrow{RecordNo(0x50), GrantTo(kPsychiatry).purposes, {Category::kGoals}, kNow + kDay};
  ASSERT_FALSE(lead.Say(Says(kYouthCare, narrow, 0x61), {kPsychiatry}).error);
  ASSERT_FALSE(lead.Say(Says(kYouthCare, TrajectoryOpen{}, 0x62, kOther)).error);
  const MemberInvite invite{kPsychiatry, kNow + kDay};
  ASSERT_FALSE(lead.Say(Says(kYouthCare, invite, 0x63, kOther), {kPsychiatry}).error);
  ASSERT_FALSE(lead.Say(Says(kYouthCare, MemberRemove{kPsychiatry}, 0x64, kOther), {kPsychiatry}).error);
  const SubjectStage adult{Stage::kAdult, {}};
  ASSERT_FALSE(lead.Say(Says(kYouthCare, adult, 0x65), {kPsychiatry}).error);
  EXPECT_TRUE(world.transport.TakeRecalled().empty());
  SubmitWithdrawal();
  world.Settle();
  EXPECT_EQ(world.transport.TakeRecalled(), std::set{reader.connection()}) << "it was still under way";
}

TEST_F(Withdrawal, CallsBackWhatWasReadFromTheLogAsWell) {
  SubmitNote();
  world.Settle();
  reader.AskFeed(0, 100);
  world.Settle();
  EXPECT_EQ(Came(), "content");
  SubmitWithdrawal();
  world.Settle();
  EXPECT_EQ(world.transport.TakeRecalled(), std::set{reader.connection()});
}

// Of more than 256 records of one trajectory, judging each costs the hub more than sending them again.
TEST_F(Withdrawal, CallsBackUnjudgedWhatIsTooMuchToJudge) {
  reader.AskFeed(0, 1000);
  for (std::uint64_t number = 0; number < 257; ++number) {
    SubmitNote(0x100 + number);
    if (number % 32 == 0) world.Settle();
  }
  world.Settle();
  const GrantNarrow narrow{RecordNo(0x50), GrantTo(kPsychiatry).purposes, {Category::kGoals}, kNow + kDay};
  ASSERT_FALSE(lead.Say(Says(kYouthCare, narrow, 0x61), {kPsychiatry}).error);
  EXPECT_EQ(world.transport.TakeRecalled(), std::set{reader.connection()}) << "257";
  reader.AskFeed(2, 1000);
  world.Settle();
  const SubjectStage adult{Stage::kAdult, {}};
  ASSERT_FALSE(lead.Say(Says(kYouthCare, adult, 0x62), {kPsychiatry}).error);
  EXPECT_TRUE(world.transport.TakeRecalled().empty()) << "256: 255 notes and the narrowing";
}

TEST_F(Withdrawal, WhileItWaitsForCredit) {
  SubmitNote();
  world.Settle();
  SubmitWithdrawal();
  world.Settle();
  reader.AskFeed(0, 100);
  world.Settle();
  EXPECT_EQ(Came(), "withheld statement");
  const auto deliveries = world.All<DeliveryEntry>();
  ASSERT_EQ(deliveries.size(), 2U);
  EXPECT_EQ(deliveries[0].withheld, Denial::kWithdrawn);
  EXPECT_EQ(deliveries[0].position, FeedPosition(1));
  EXPECT_FALSE(deliveries[1].withheld);
  EXPECT_EQ(WithheldLate(), Said{}) << "its position said so already";
}

TEST_F(Withdrawal, WhileTheReaderHasNoRoom) {
  reader.AskFeed(0, 100);
  world.Settle();
  world.transport.Block(reader.connection(), true);
  SubmitNote();
  world.Settle();
  SubmitWithdrawal();
  world.Settle();
  world.transport.Block(reader.connection(), false);
  world.clock.Advance(std::chrono::seconds(2));
  world.Settle();
  EXPECT_EQ(Came(), "bare statement");
  EXPECT_EQ(WithheldLate(), Said{"100 withdrawn"});
}

TEST_F(Withdrawal, WhenTheReaderIsGoneBeforeItsContentIsOffered) {
  reader.AskFeed(0, 100);
  world.Settle();
  SubmitNote();
  Group group = world.TakeGroup();
  world.transport.Break(reader.connection());
  world.core->Closed(reader.connection());
  world.Write(group);
  world.Release(std::move(group));
  SubmitWithdrawal();
  world.Settle();
  reader.Greet();
  reader.AskFeed(0, 100);
  world.Settle();
  EXPECT_EQ(Came(), "bare statement");
  EXPECT_EQ(WithheldLate(), Said{"100 withdrawn"});
}

TEST_F(Withdrawal, WhenACursorGoesBack) {
  reader.AskFeed(0, 100);
  SubmitNote();
  world.Settle();
  EXPECT_EQ(Came(), "content");
  SubmitWithdrawal();
  world.Settle();
  EXPECT_EQ(Came(), "statement");
  reader.AskFeed(2, 100);
  reader.AskFeed(0, 100);
  world.Settle();
  EXPECT_EQ(Came(), "bare statement");
  EXPECT_EQ(WithheldLate(), Said{}) << "it had left";
}

TEST_F(Withdrawal, AfterARestart) {
  reader.AskFeed(0, 100);
  SubmitNote(0x100);
  world.Settle();
  reader.AskFeed(1, 0);
  SubmitNote(0x101);  // Waits: no credit.
  world.Settle();
  SubmitWithdrawal();
  world.Settle();
  EXPECT_EQ(Came(), "content");
  world.Reopen();
  reader.Greet();
  reader.AskFeed(0, 100);
  world.Settle();
  EXPECT_EQ(Came(), "bare withheld statement");
  EXPECT_EQ(WithheldLate(), Said{}) << "the first had left, of the second its position says so";
}

TEST_F(Withdrawal, TheEndOfThePeriodIsOneToo) {
  SubmitNote();
  world.Settle();
  world.clock.Advance(kDay - kTick);
  reader.AskFeed(0, 100);
  world.Settle();
  EXPECT_EQ(Came(), "content");
  reader.AskFeed(1, 100);
  SubmitNote(0x101);
  world.Settle();
  EXPECT_EQ(Came(), "content");
  world.clock.Advance(kTick);  // The first instant outside.
  reader.AskFeed(2, 100);
  reader.AskFeed(0, 100);
  world.Settle();
  EXPECT_EQ(Came(), "bare bare");
}

TEST_F(Withdrawal, AMemberWhoLeftGetsNothingThatWaited) {
  SubmitNote();
  world.Settle();
  lead.Say(Says(kYouthCare, MemberRemove{kPsychiatry}, 0x61));
  reader.AskFeed(0, 100);
  world.Settle();
  EXPECT_EQ(Came(), "withheld");
  EXPECT_EQ(world.All<DeliveryEntry>().at(0).withheld, Denial::kNotMember);
}

TEST_F(Withdrawal, ASuspendedReaderGetsNothingMore) {
  reader.AskFeed(0, 100);
  world.Settle();
  SubmitNote();
  OrgStatement suspension = StatementOf(kPsychiatry, "psychiatry", 2);
  suspension.status = OrgStatus::kSuspended;
  Group group = world.TakeGroup();
  world.core->TakeFromOperator(world.transport.ConnectOperator(),
                               EncodeAdminRequest(ApplyStatement{EncodeSignedStatement(SignedBy(suspension, {1, 2}))}));
  world.Write(group);
  world.Release(std::move(group));
  world.Settle();
  EXPECT_FALSE(world.transport.IsOpen(reader.connection()));
  EXPECT_EQ(Came(), "");
}

// Whatever the order of the two: once the withdrawal is acknowledged, no content follows.
TEST_F(Withdrawal, NothingFollowsItsAcknowledgement) {
  reader.AskFeed(0, 10'000);
  world.Settle();
  std::uint64_t number = 0x1000;
  std::optional<std::uint64_t> withdrawal;
  bool acknowledged = false;
  for (int round = 0; round < 60; ++round) {
    for (int i = 0; i < 3; ++i) SubmitNote(++number);
    if (round == 20) withdrawal = SubmitWithdrawal();
    world.core->Pump();
    Group group = world.TakeGroup();
    for (int i = 0; i < 2; ++i) SubmitNote(++number);
    world.Write(group);
    world.Release(std::move(group));
    const std::string came = Came();
    EXPECT_TRUE(!acknowledged || came.find("content") == std::string::npos) << came;
    acknowledged = withdrawal && lead.Reply<SubmitAck>(*withdrawal);
  }
  EXPECT_TRUE(acknowledged);
}

}  // namespace
}  // namespace schakel::test
