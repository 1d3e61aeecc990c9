// What a grant that was taken back had covered: sealed once, answered for once, kept as long as the law says.
#include "sealer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/small_world.h"

namespace schakel::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto kYear = std::chrono::hours(24 * 366);

class SealerTest : public ::testing::Test {
 protected:
  SealerTest() {
    world.ConnectAll();
    world.OpenTrajectory();
  }
  RecordId Note(const std::string& text, Category category = Category::kLiving) {
    const RecordId note = world.lead().Note(world.trajectory, {world.partner_id}, text, category).value();
    world.Exchange();
    return note;
  }
  static std::vector<RecordId> SealedAt(TestAgent& agent) {
    std::vector<RecordId> sealed;
    const auto rows = agent.vault().SealedByNumber().value();
    for (const auto& [number, row] : rows) sealed.push_back(row.record);
    return sealed;
  }
  static std::vector<GrantReceipt> ReceiptsAt(const TestAgent& agent) {
    std::vector<GrantReceipt> receipts;
    for (const HeldRecord& held : agent.Held()) {
      if (const auto* receipt = std::get_if<GrantReceipt>(&held.header.control)) receipts.push_back(*receipt);
    }
    return receipts;
  }
  static bool HasContent(TestAgent& agent, const RecordId& id) {
    return agent.vault().Content(agent.vault().NumberOf(id).value()).has_value();
  }

  SmallWorld world;
};

TEST_F(SealerTest, AWithdrawalIsAnsweredByItself) {
  const RecordId note = Note("kamer 12");
  const RecordId own = world.partner().Note(world.trajectory, {world.lead_id}, "van ons").value();
  world.Exchange();
  const RecordId withdrawal = world.lead().Withdraw(world.trajectory, world.grant).value();
  world.Exchange();
  EXPECT_THAT(SealedAt(world.partner()), ElementsAre(note)) << "its own note stays";
  EXPECT_THAT(ReceiptsAt(world.lead()), ElementsAre(GrantReceipt{world.grant, withdrawal, Kept::kSealed}));
  EXPECT_THAT(ReceiptsAt(world.third()), IsEmpty());
  EXPECT_TRUE(HasContent(world.partner(), own));
  const auto row = world.partner().vault().SealedByNumber().value().begin()->second;
  EXPECT_EQ(row.grant, world.grant);
  EXPECT_EQ(row.change, withdrawal);
  EXPECT_GT(row.keep_until - row.sealed_at, 9 * kYear) << "as the region says, where the sector does not";
  EXPECT_FALSE(row.reason.dutch.empty());
  bool told = false;
  for (const Engine::Change& change : world.partner().changes()) {
    told = told || (change.what == Engine::Change::What::kSealed && change.record == note);
  }
  EXPECT_TRUE(told) << "open views drop it";
  EXPECT_THAT(world.lead().Alarms(), IsEmpty());
  EXPECT_THAT(world.partner().Alarms(), IsEmpty());
}

TEST_F(SealerTest, WhoeverWasAwayAnswersWhenItIsBack) {
  const RecordId note = Note("kamer 12");
  world.Disconnect(world.partner());
  ASSERT_TRUE(world.lead().Withdraw(world.trajectory, world.grant));
  world.Exchange();
  EXPECT_THAT(ReceiptsAt(world.lead()), IsEmpty());
  EXPECT_THAT(SealedAt(world.partner()), IsEmpty());
  world.Connect(world.partner());
  EXPECT_THAT(SealedAt(world.partner()), ElementsAre(note));
  EXPECT_THAT(ReceiptsAt(world.lead()), SizeIs(1));
}

TEST_F(SealerTest, WhatAnotherGrantCoversStaysOpen) {
  Note("kamer 12");
  ASSERT_TRUE(world.lead().Give(world.trajectory, world.partner_id));
  world.Exchange();
  ASSERT_TRUE(world.lead().Withdraw(world.trajectory, world.grant));
  world.Exchange();
  EXPECT_THAT(SealedAt(world.partner()), IsEmpty());
  EXPECT_THAT(ReceiptsAt(world.lead()), SizeIs(1)) << "it answers all the same";
}

TEST_F(SealerTest, NarrowingSealsWhatFellOut) {
  const RecordId living = Note("kamer 12");
  const RecordId goals = Note("fietsen", Category::kGoals);
  const RecordId narrowing = world.lead().Narrow(world.trajectory, world.grant, {Category::kGoals}).value();
  world.Exchange();
  EXPECT_THAT(SealedAt(world.partner()), ElementsAre(living));
  EXPECT_THAT(ReceiptsAt(world.lead()), ElementsAre(GrantReceipt{world.grant, narrowing, Kept::kSealed}));
  ASSERT_TRUE(world.lead().Withdraw(world.trajectory, world.grant));
  world.Exchange();
  EXPECT_THAT(SealedAt(world.partner()), ElementsAre(living, goals)) << "each change is answered for";
  EXPECT_THAT(ReceiptsAt(world.lead()), SizeIs(2));
}

TEST_F(SealerTest, TheReasonOfAnEmergencyGoesWithItWhenItWasUnjustified) {
  const RecordId emergency = world.lead().GiveEmergency(world.trajectory, world.partner_id, "weggelopen").value();
  world.Exchange();
  const RecordId kept = world.lead().GiveEmergency(world.trajectory, world.partner_id, "vermist").value();
  world.Exchange();
  ASSERT_TRUE(world.lead().Review(world.trajectory, kept, ReviewOutcome::kJustified));
  const RecordId review = world.lead().Review(world.trajectory, emergency, ReviewOutcome::kUnjustified).value();
  world.Exchange();
  EXPECT_THAT(SealedAt(world.partner()), ElementsAre(emergency));
  const auto row = world.partner().vault().SealedByNumber().value().begin()->second;
  EXPECT_EQ(row.grant, emergency);
  EXPECT_EQ(row.change, review);
  EXPECT_THAT(ReceiptsAt(world.lead()), ElementsAre(GrantReceipt{emergency, review, Kept::kSealed}));
  EXPECT_THAT(SealedAt(world.lead()), IsEmpty());
}

TEST_F(SealerTest, WhoLeavesSealsAndAnswersToo) {
  const RecordId note = Note("kamer 12");
  const RecordId own = world.partner().Note(world.trajectory, {world.lead_id}, "ons advies").value();
  world.Exchange();
  const RecordId leaving = world.partner().Leave(world.trajectory).value();
  world.Exchange();
  EXPECT_THAT(SealedAt(world.partner()), ElementsAre(note));
  EXPECT_THAT(ReceiptsAt(world.lead()), ElementsAre(GrantReceipt{world.grant, leaving, Kept::kSealed}));
  EXPECT_TRUE(HasContent(world.partner(), own)) << "what it wrote itself stays open";
}

TEST_F(SealerTest, WhatIsSaidAndMayYetBeRefusedSealsNothing) {
  const RecordId note = Note("kamer 12");
  world.Disconnect(world.partner());
  ASSERT_TRUE(world.partner().Leave(world.trajectory));
  world.Exchange();
  EXPECT_THAT(SealedAt(world.partner()), IsEmpty());
  world.Connect(world.partner());
  EXPECT_THAT(SealedAt(world.partner()), ElementsAre(note));
}

TEST_F(SealerTest, ANewGrantDoesNotOpenWhatWasSealed) {
  const RecordId note = Note("kamer 12");
  ASSERT_TRUE(world.lead().Withdraw(world.trajectory, world.grant));
  world.Exchange();
  ASSERT_TRUE(world.lead().Give(world.trajectory, world.partner_id));
  world.Exchange();
  world.partner().Restart();
  world.Connect(world.partner());
  EXPECT_THAT(SealedAt(world.partner()), ElementsAre(note));
  EXPECT_THAT(ReceiptsAt(world.lead()), SizeIs(1));
}

// ---- What was shared again ----

TEST_F(SealerTest, WhatWasSharedAgainIsSealedWithWhatItRepeats) {
  const RecordId note = Note("kamer 12");
  const RecordId own = world.partner().Note(world.trajectory, {world.lead_id}, "van ons").value();
  world.Exchange();
  const RecordId share = world.partner().ShareAgain(world.trajectory, {world.lead_id}, note).value();
  const RecordId of_own = world.partner().ShareAgain(world.trajectory, {world.lead_id}, own).value();
  world.Exchange();
  const RecordId shared_on = world.partner().ShareAgain(world.trajectory, {world.lead_id}, share).value();
  world.Exchange();
  const RecordId withdrawal = world.lead().Withdraw(world.trajectory, world.grant).value();
  world.Exchange();
  EXPECT_THAT(SealedAt(world.partner()), ElementsAre(note, share, shared_on))
      << "its own words stay, also shared again";
  const auto rows = world.partner().vault().SealedByNumber().value();
  for (const auto& [number, row] : rows) {
    EXPECT_EQ(row.grant, world.grant);
    EXPECT_EQ(row.change, withdrawal);
  }
  EXPECT_TRUE(HasContent(world.partner(), of_own));
  EXPECT_THAT(SealedAt(world.lead()), IsEmpty()) << "the words are its own";
  world.partner().Restart();
  world.Connect(world.partner());
  EXPECT_THAT(SealedAt(world.partner()), ElementsAre(note, share, shared_on));
  EXPECT_THAT(ReceiptsAt(world.lead()), SizeIs(1));
}

TEST_F(SealerTest, WhatWaitsToBeSharedIsSealedOnceItHasLeft) {
  const RecordId note = Note("kamer 12");
  world.Disconnect(world.partner());
  const RecordId share = world.partner().ShareAgain(world.trajectory, {world.lead_id}, note).value();
  ASSERT_TRUE(world.lead().Withdraw(world.trajectory, world.grant));
  world.Exchange();
  world.Connect(world.partner());
  world.Pass(seconds(1));
  EXPECT_THAT(SealedAt(world.partner()), ElementsAre(note, share));
  EXPECT_EQ(world.partner().sync().Report().outbox, 0U);
  EXPECT_THAT(world.partner().Alarms(), IsEmpty());
}

TEST_F(SealerTest, AFileThatWasSharedAgainGoesWithItsOriginalPieceByPiece) {
  world.partner().retention = Retention{{"wet", "law", "loi"}, 2, {}};
  world.partner().Restart();
  world.Connect(world.partner());
  const RecordId file = Note("verslag.txt");
  const auto [piece, attachment] = world.partner().ShareFileAgain(world.trajectory, {world.lead_id}, file);
  world.Exchange();
  EXPECT_TRUE(HasContent(world.partner(), piece) && HasContent(world.partner(), attachment));
  ASSERT_TRUE(world.lead().Withdraw(world.trajectory, world.grant));
  world.Exchange();
  EXPECT_THAT(SealedAt(world.partner()), ElementsAre(file, piece, attachment));
  world.partner().Restart();
  world.Connect(world.partner());
  world.clock.Advance(kYear);
  world.clock.Advance(kYear);
  world.Pass(seconds(1));
  for (const RecordId& one : {file, piece, attachment}) EXPECT_FALSE(HasContent(world.partner(), one));
  EXPECT_THAT(world.partner().disk().erased, SizeIs(1)) << "the key that all three lay under";
  EXPECT_THAT(world.partner().Alarms(), IsEmpty());
}

TEST_F(SealerTest, WhatWasSharedAgainIsDestroyedWithTheKeyOfItsOriginal) {
  world.partner().retention = Retention{{"wet", "law", "loi"}, 2, {}};
  world.partner().Restart();
  world.Connect(world.partner());
  const RecordId living = Note("kamer 12");
  const RecordId goals = Note("fietsen", Category::kGoals);
  const RecordId share = world.partner().ShareAgain(world.trajectory, {world.lead_id}, living).value();
  const RecordId of_goals =
      world.partner().ShareAgain(world.trajectory, {world.lead_id}, goals, Category::kGoals).value();
  world.Exchange();
  ASSERT_TRUE(world.lead().Narrow(world.trajectory, world.grant, {Category::kGoals}));
  world.Exchange();
  EXPECT_THAT(SealedAt(world.partner()), ElementsAre(living, share));
  world.clock.Advance(kYear);
  world.clock.Advance(kYear);
  world.Pass(seconds(1));
  EXPECT_FALSE(HasContent(world.partner(), living));
  EXPECT_FALSE(HasContent(world.partner(), share));
  EXPECT_TRUE(HasContent(world.partner(), of_goals)) << "moved to another key";
  EXPECT_THAT(world.partner().disk().erased, SizeIs(1)) << "the key that all four lay under";
  EXPECT_THAT(ReceiptsAt(world.lead()), SizeIs(2));
  EXPECT_THAT(world.partner().Alarms(), IsEmpty());
}

// ---- Keeping, and its end ----

TEST_F(SealerTest, WhatMustBeKeptNoLongerIsDestroyed) {
  world.partner().retention = Retention{{"wet", "law", "loi"}, 2, {}};
  world.partner().Restart();
  world.Connect(world.partner());
  const RecordId living = Note("kamer 12");
  const RecordId goals = Note("fietsen", Category::kGoals);
  const RecordId narrowing = world.lead().Narrow(world.trajectory, world.grant, {Category::kGoals}).value();
  world.Exchange();
  world.clock.Advance(kYear);
  world.Pass(seconds(1));
  EXPECT_TRUE(HasContent(world.partner(), living)) << "it has to be kept still";
  world.clock.Advance(kYear);
  world.Pass(seconds(1));
  EXPECT_FALSE(HasContent(world.partner(), living));
  EXPECT_TRUE(HasContent(world.partner(), goals)) << "moved to another key";
  EXPECT_THAT(ReceiptsAt(world.lead()), ElementsAre(GrantReceipt{world.grant, narrowing, Kept::kSealed},
                                                    GrantReceipt{world.grant, narrowing, Kept::kDestroyed}));
  EXPECT_THAT(world.partner().disk().erased, SizeIs(1)) << "the key that both lay under";
  EXPECT_TRUE(world.partner().vault().SealedByNumber().value().begin()->second.destroyed_at);
  EXPECT_THAT(world.partner().vault().ContentScopes().value(), SizeIs(1));
  world.partner().Restart();
  world.Connect(world.partner());
  world.Pass(seconds(1));
  EXPECT_TRUE(HasContent(world.partner(), goals));
  EXPECT_THAT(ReceiptsAt(world.lead()), SizeIs(2));
  EXPECT_THAT(world.partner().Alarms(), IsEmpty());
}

TEST_F(SealerTest, WithoutADutyItGoesAtOnce) {
  world.partner().retention = Retention{{"geen plicht", "no duty", "aucune obligation"}, 0, {}};
  world.partner().Restart();
  world.Connect(world.partner());
  const RecordId note = Note("kamer 12");
  ASSERT_TRUE(world.lead().Withdraw(world.trajectory, world.grant));
  world.Exchange();
  world.Pass(milliseconds(500));
  EXPECT_FALSE(HasContent(world.partner(), note));
  EXPECT_THAT(ReceiptsAt(world.lead()), SizeIs(2));
}

TEST_F(SealerTest, UntilAnAgeCountsFromTheYoungestOfTheStage) {
  world.partner().retention = Retention{{"tot 35", "until 35", "jusqu’à 35"}, 0, 35};
  world.partner().Restart();
  world.Connect(world.partner());
  Note("kamer 12");
  ASSERT_TRUE(world.lead().Withdraw(world.trajectory, world.grant));
  world.Exchange();
  const auto row = world.partner().vault().SealedByNumber().value().begin()->second;
  const auto kept = std::chrono::duration_cast<std::chrono::years>(row.keep_until - row.sealed_at);
  EXPECT_EQ(kept.count(), 35 - 12) << "a capable minor is at least twelve";
}

// ---- Crashes ----

// At each commit of the agent that seals, and destroys.
class SealerCrashTest : public ::testing::TestWithParam<int> {};

TEST_P(SealerCrashTest, SealsDestroysAndAnswersOnce) {
  SmallWorld world;
  world.partner().retention = Retention{{"wet", "law", "loi"}, 1, {}};
  world.partner().Restart();
  world.ConnectAll();
  world.OpenTrajectory();
  const RecordId note = world.lead().Note(world.trajectory, {world.partner_id}, "kamer 12").value();
  world.Exchange();
  TestAgent& victim = world.partner();
  const auto crash_after = [&](int commits) {
    victim.disk().commits_max = victim.disk().commits + static_cast<std::uint64_t>(commits);
  };
  const auto come_back = [&] {
    victim.Restart();
    world.Connect(victim);
    world.Pass(seconds(1));
  };
  crash_after(GetParam());
  const RecordId withdrawal = world.lead().Withdraw(world.trajectory, world.grant).value();
  world.Exchange();
  world.Pass(milliseconds(500));
  come_back();
  EXPECT_EQ(victim.vault().SealedByNumber().value().size(), 1U);
  crash_after(GetParam());
  world.clock.Advance(kYear);
  world.Pass(milliseconds(500));
  come_back();
  EXPECT_FALSE(victim.vault().Content(victim.vault().NumberOf(note).value()));
  std::size_t sealed = 0;
  std::size_t destroyed = 0;
  for (const HeldRecord& held : world.lead().Held()) {
    const auto* receipt = std::get_if<GrantReceipt>(&held.header.control);
    if (receipt == nullptr) continue;
    EXPECT_EQ(receipt->change, withdrawal);
    ++(receipt->kept == Kept::kSealed ? sealed : destroyed);
  }
  EXPECT_EQ(sealed, 1U);
  EXPECT_EQ(destroyed, 1U);
  EXPECT_EQ(victim.disk().erased.size(), 1U);
}
INSTANTIATE_TEST_SUITE_P(Commits, SealerCrashTest, ::testing::Range(0, 8));

}  // namespace
}  // namespace schakel::testing
