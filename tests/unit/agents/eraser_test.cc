// A trajectory is erased at everybody who took part: once, also across a crash, and nothing of it is left but what was
// said of the erasure.
#include "eraser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/erased.h"
#include "support/small_world.h"

namespace schakel::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const Id128 kAn{1};
const Id128 kBert{2};

class ErasedWorld : public SmallWorld {
 public:
  ErasedWorld() {
    ConnectAll();
    OpenTrajectory();
    note = lead().Note(trajectory, {partner_id}, "kamer 12").value();
    Exchange();
  }
  RecordId Say(TestAgent& agent, Kind kind, Control control) {
    Draft draft;
    draft.kind = kind;
    draft.trajectory = trajectory;
    draft.control = std::move(control);
    auto said = agent.sync().Say(draft);
    EXPECT_TRUE(said) << (said ? "" : ToText(said.error()));
    return said.value_or(RecordId());
  }
  RecordId Propose() {
    const RecordId proposal = Say(lead(), Kind::kErasePropose, ErasePropose{EraseReason::kMistake, kAn});
    Exchange();
    return proposal;
  }
  RecordId Confirm(const RecordId& proposal) {
    const RecordId confirm = Say(lead(), Kind::kEraseConfirm, EraseConfirm{proposal, kBert});
    Exchange();
    return confirm;
  }
  // Kinds of what an agent still has of the trajectory, in order.
  std::vector<Kind> LeftAt(const TestAgent& agent) const {
    std::vector<Kind> kinds;
    for (const HeldRecord& held : agent.Held()) {
      if (held.header.trajectory == trajectory) kinds.push_back(held.header.kind);
    }
    return kinds;
  }
  std::vector<OrgId> ReceiptsAt(const TestAgent& agent) const {
    std::vector<OrgId> authors;
    for (const HeldRecord& held : agent.Held()) {
      if (held.header.kind == Kind::kEraseReceipt) authors.push_back(held.header.author);
    }
    return authors;
  }
  bool IsErasedAt(TestAgent& agent) const { return agent.disk().erased.contains(DataScope(trajectory.value())); }

  RecordId note;
};

TEST(EraserTest, EverybodyErasesAndTheLeadHearsOfIt) {
  ErasedWorld world;
  world.Confirm(world.Propose());
  for (TestAgent* agent : {&world.lead(), &world.partner()}) {
    EXPECT_TRUE(world.IsErasedAt(*agent));
    EXPECT_FALSE(agent->Find(world.note));
    EXPECT_THAT(agent->Alarms(), IsEmpty());
  }
  EXPECT_THAT(world.LeftAt(world.partner()),
              ElementsAre(Kind::kErasePropose, Kind::kEraseConfirm, Kind::kEraseReceipt));
  EXPECT_THAT(world.ReceiptsAt(world.lead()), UnorderedElementsAre(world.lead_id, world.partner_id));
  EXPECT_THAT(world.ReceiptsAt(world.partner()), ElementsAre(world.partner_id)) << "nobody else's";
  EXPECT_GT(world.partner().disk().erased.size(), 1U) << "what came under a grant has a key of its own";
  EXPECT_THAT(world.partner().vault().ContentScopes().value(), IsEmpty());
  EXPECT_FALSE(world.IsErasedAt(world.third()));
  for (TestAgent* agent : {&world.lead(), &world.partner()}) {
    const auto fact = agent->vault().Fact(ErasedFact(world.trajectory)).value();
    ASSERT_TRUE(fact) << "which there were, and nothing more";
    EXPECT_THAT(DecodeErased(*fact).value(), Contains(world.note));
  }
  EXPECT_FALSE(world.third().vault().Fact(ErasedFact(world.trajectory)).value());
  EXPECT_EQ(world.lead().Note(world.trajectory, {}, "x").error().rule, "admit.erased");
  EXPECT_EQ(world.partner().Note(world.trajectory, {}, "x").error().rule, "admit.erased");
  world.Pass(seconds(10));
  EXPECT_EQ(world.lead().sync().Report().outbox, 0U);
  EXPECT_EQ(world.lead().sync().Report().unproven, 0U);
}

TEST(EraserTest, WhoLookedStaysKnown) {
  ErasedWorld world;
  const StoredView look{world.trajectory, {world.note, kAn, StaffRole::kWorker, ViewReason::kTask, {}}};
  const StoredView before{world.trajectory, {world.note, kBert, StaffRole::kWorker, ViewReason::kTask, {}}};
  world.partner().sync().AppendView(before);
  world.Exchange();
  // As an agent of before wrote it.
  for (auto& [key, row] : world.partner().disk().by_number) {
    constexpr std::uint8_t kViewsTable = 135;
    if (key.first == kViewsTable) row.scope = DataScope(world.trajectory.value());
  }
  world.partner().sync().AppendView(look);
  world.Pass(seconds(3));
  world.Confirm(world.Propose());
  ASSERT_TRUE(world.IsErasedAt(world.partner()));
  world.partner().Restart();
  std::vector<Id128> left;
  ASSERT_TRUE(world.partner().vault().ScanViews([&](const StoredView& one) {
    EXPECT_EQ(one.view.record, world.note);
    left.push_back(one.view.person);
    return true;
  }));
  EXPECT_THAT(left, ElementsAre(kBert, kAn));
}

TEST(EraserTest, AnotherMemberIsTheSecondPerson) {
  ErasedWorld world;
  const RecordId proposal = world.Propose();
  Draft alone;
  alone.kind = Kind::kEraseConfirm;
  alone.trajectory = world.trajectory;
  alone.control = EraseConfirm{proposal, kAn};
  EXPECT_EQ(world.lead().sync().Say(alone).error().rule, "erase.two_persons");
  world.Say(world.partner(), Kind::kEraseSecond, EraseSecond{proposal});
  world.Exchange();
  EXPECT_TRUE(world.lead().sync().Say(alone));
  world.Exchange();
  EXPECT_TRUE(world.IsErasedAt(world.partner()));
}

TEST(EraserTest, WhoeverLeftIsAskedToo) {
  ErasedWorld world;
  ASSERT_TRUE(world.partner().Leave(world.trajectory));
  world.Exchange();
  world.Confirm(world.Propose());
  EXPECT_TRUE(world.IsErasedAt(world.partner()));
  EXPECT_THAT(world.ReceiptsAt(world.lead()), UnorderedElementsAre(world.lead_id, world.partner_id));
}

TEST(EraserTest, WhoeverWasAwayErasesWhenItIsBackAndWhatItHadToSayGoes) {
  ErasedWorld world;
  world.Disconnect(world.partner());
  ASSERT_TRUE(world.partner().Note(world.trajectory, {world.lead_id}, "van ons"));
  world.partner().sync().AppendView({world.trajectory, {world.note, kAn, StaffRole::kWorker, ViewReason::kTask, {}}});
  world.Exchange();
  world.Confirm(world.Propose());
  EXPECT_THAT(world.ReceiptsAt(world.lead()), ElementsAre(world.lead_id));
  world.Connect(world.partner());
  world.Pass(seconds(3));
  EXPECT_TRUE(world.IsErasedAt(world.partner()));
  EXPECT_EQ(world.partner().sync().Report().outbox, 0U);
  EXPECT_EQ(world.partner().sync().Report().views_unreported, 0U);
  EXPECT_THAT(world.ReceiptsAt(world.lead()), UnorderedElementsAre(world.lead_id, world.partner_id));
}

TEST(EraserTest, AfterARestartItIsStillErasedAndReceiptsAreTaken) {
  ErasedWorld world;
  world.Disconnect(world.partner());
  world.Confirm(world.Propose());
  world.lead().Restart();
  world.Connect(world.lead());
  world.Connect(world.partner());
  world.partner().Restart();
  world.Connect(world.partner());
  world.Pass(seconds(1));
  EXPECT_THAT(world.ReceiptsAt(world.lead()), UnorderedElementsAre(world.lead_id, world.partner_id));
  for (TestAgent* agent : {&world.lead(), &world.partner()}) {
    EXPECT_THAT(agent->Alarms(), IsEmpty());
    const auto known = agent->knowledge().FindTrajectory(world.trajectory);
    ASSERT_TRUE(known);
    EXPECT_TRUE(known->erased());
    EXPECT_EQ(known->lead, world.lead_id);
  }
  // Another trajectory goes on.
  const TrajectoryId other(Id128{9});
  ASSERT_TRUE(world.lead().Open(other));
  world.Exchange();
  EXPECT_EQ(world.lead().sync().Report().outbox, 0U);
}

// ---- What the law obliges to keep ----

// The partner has to keep what it was given, by the law of its sector, for a year from when that was taken back.
class ObligedWorld : public ErasedWorld {
 public:
  ObligedWorld() {
    partner().retention = Retention{{"wet", "law", "loi"}, 1, {}};
    partner().Restart();
    Connect(partner());
    goals = lead().Note(trajectory, {partner_id}, "fietsen", Category::kGoals).value();
    Exchange();
    number = partner().vault().NumberOf(note).value();
    goals_number = partner().vault().NumberOf(goals).value();
  }
  void Withdraw() {
    ASSERT_TRUE(lead().Withdraw(trajectory, grant));
    Exchange();
  }
  // Of the partner, as the lead heard.
  std::vector<std::optional<KeptByLaw>> KeptAtLead() const {
    std::vector<std::optional<KeptByLaw>> kept;
    for (const HeldRecord& held : agents.at(lead_id)->Held()) {
      const auto* receipt = std::get_if<EraseReceipt>(&held.header.control);
      if (receipt != nullptr && held.header.author == partner_id) kept.push_back(receipt->kept);
    }
    return kept;
  }
  bool Has(std::uint64_t which) { return partner().vault().Content(which).has_value(); }
  Timestamp DueOf(std::uint64_t which) { return partner().vault().Sealed(which).value()->keep_until; }
  void PassUntil(Timestamp at) {
    clock.Advance(at - clock.Now());
    Pass(seconds(1));
  }
  bool IsKeptAlone() const {
    const auto erasures = agents.at(partner_id)->vault().Erasures().value();
    return erasures.size() == 1 && !IsNone(erasures.front().kept);
  }

  RecordId goals;
  std::uint64_t number = 0;
  std::uint64_t goals_number = 0;
};

TEST(EraserKeepsTest, WhatTheLawObligesToKeepStaysSealedUntilItsDay) {
  ObligedWorld world;
  const RecordId own = world.partner().Note(world.trajectory, {world.lead_id}, "van ons").value();
  world.Exchange();
  const std::uint64_t own_number = world.partner().vault().NumberOf(own).value();
  world.Withdraw();
  const Timestamp due = world.DueOf(world.number);
  world.Confirm(world.Propose());
  EXPECT_TRUE(world.IsErasedAt(world.partner()));
  EXPECT_TRUE(world.Has(world.number) && world.Has(world.goals_number));
  EXPECT_FALSE(world.Has(own_number)) << "nothing obliges to keep that";
  EXPECT_FALSE(world.partner().Find(world.note)) << "it is shown to nobody";
  EXPECT_THAT(world.LeftAt(world.partner()),
              ElementsAre(Kind::kErasePropose, Kind::kEraseConfirm, Kind::kEraseReceipt));
  ASSERT_THAT(world.KeptAtLead(), ElementsAre(KeptByLaw{due, KeepReason::kSector}));
  EXPECT_THAT(world.ReceiptsAt(world.lead()), UnorderedElementsAre(world.lead_id, world.partner_id));

  world.partner().Restart();
  world.Connect(world.partner());
  world.PassUntil(due - seconds(10));
  EXPECT_TRUE(world.Has(world.number)) << "to the last day, also after a restart";
  EXPECT_THAT(world.KeptAtLead(), ::testing::SizeIs(1));
  const std::size_t keys_gone = world.partner().disk().erased.size();
  world.PassUntil(due);
  EXPECT_FALSE(world.Has(world.number) || world.Has(world.goals_number));
  EXPECT_EQ(world.partner().disk().erased.size(), keys_gone + 1) << "by destroying its key";
  EXPECT_THAT(world.KeptAtLead(), ElementsAre(KeptByLaw{due, KeepReason::kSector}, std::nullopt));
  EXPECT_THAT(world.partner().vault().SealedByNumber().value(), IsEmpty());
  EXPECT_THAT(world.partner().vault().ContentScopes().value(), IsEmpty());
  EXPECT_FALSE(world.IsKeptAlone());
  world.Pass(seconds(30));
  EXPECT_THAT(world.KeptAtLead(), ::testing::SizeIs(2)) << "said once";
  for (TestAgent* agent : {&world.lead(), &world.partner()}) EXPECT_THAT(agent->Alarms(), IsEmpty());
}

TEST(EraserKeepsTest, EachGoesOnItsOwnDay) {
  ObligedWorld world;
  ASSERT_TRUE(world.lead().Narrow(world.trajectory, world.grant, {Category::kGoals}));
  world.Exchange();
  world.clock.Advance(std::chrono::hours(1));
  world.Withdraw();
  const Timestamp first = world.DueOf(world.number);
  const Timestamp last = world.DueOf(world.goals_number);
  ASSERT_LT(first, last);
  world.Confirm(world.Propose());
  ASSERT_THAT(world.KeptAtLead(), ElementsAre(KeptByLaw{last, KeepReason::kSector})) << "until the last of it";
  const DataScope before = world.partner().vault().Erasures().value().front().kept;
  world.PassUntil(first);
  EXPECT_FALSE(world.Has(world.number));
  EXPECT_TRUE(world.Has(world.goals_number)) << "moved to another key";
  EXPECT_TRUE(world.partner().disk().erased.contains(before));
  EXPECT_THAT(world.KeptAtLead(), ::testing::SizeIs(1));
  EXPECT_TRUE(world.IsKeptAlone());
  world.PassUntil(last);
  EXPECT_FALSE(world.Has(world.goals_number));
  EXPECT_THAT(world.KeptAtLead(), ElementsAre(KeptByLaw{last, KeepReason::kSector}, std::nullopt));
}

// What the vault holds under that key, of the acts of auditors.
std::size_t UnsealingsUnder(TestAgent& agent, const DataScope& scope) {
  constexpr std::uint8_t kUnsealingsTable = 138;
  std::size_t rows = 0;
  for (const auto& [key, row] : agent.disk().by_number) rows += key.first == kUnsealingsTable && row.scope == scope;
  return rows;
}

TEST(EraserKeepsTest, WhoOpenedItStaysKnownAndWhyAsLongAsItIsKept) {
  ObligedWorld world;
  world.Withdraw();
  const auto opens = [&](const RecordId& record, const Id128& person, const char* why) {
    const StoredView view{world.trajectory,
                          {record, person, StaffRole::kAuditor, ViewReason::kAudit, world.clock.Now()}};
    const auto told = world.partner().sync().SayUnsealing(view);
    ASSERT_TRUE(told) << ToText(told.error());
    world.Exchange();
    EXPECT_EQ(world.partner().Find(*told)->state, RecordState::kAccepted);
    ASSERT_TRUE(world.partner().sync().AppendUnsealing(view, why, *told));
    world.Exchange();
  };
  const auto lookers = [&] {
    std::vector<Id128> persons;
    EXPECT_TRUE(world.partner().vault().ScanViews([&](const StoredView& one) {
      persons.push_back(one.view.person);
      return true;
    }));
    return persons;
  };
  opens(world.note, kAn, "klacht");
  world.Confirm(world.Propose());
  const DataScope kept = world.partner().vault().Erasures().value().front().kept;
  EXPECT_EQ(UnsealingsUnder(world.partner(), kept), 1U);
  world.clock.Advance(seconds(1));
  opens(world.note, kBert, "rechter");
  EXPECT_EQ(UnsealingsUnder(world.partner(), kept), 2U);
  EXPECT_THAT(lookers(), ElementsAre(kAn, kBert));
  world.partner().Restart();
  world.Connect(world.partner());
  world.Pass(seconds(3));
  EXPECT_EQ(world.partner().sync().Report().outbox, 0U);
  EXPECT_THAT(world.partner().Alarms(), IsEmpty());
  world.PassUntil(world.DueOf(world.number));
  EXPECT_THAT(world.partner().vault().UnsealingsByNumber().value(), IsEmpty()) << "with what was opened";
  EXPECT_THAT(lookers(), ElementsAre(kAn, kBert)) << "for good";
}

TEST(EraserKeepsTest, WhoOpenedItStaysKnownAlsoInAVaultOfBefore) {
  ObligedWorld world;
  world.Withdraw();
  const View look{world.note, kAn, StaffRole::kAuditor, ViewReason::kAudit, world.clock.Now()};
  VaultBatch batch;
  batch.PutUnsealing(1, {look.record, world.trajectory, look.person, "klacht", look.at, RecordId(Id128{7})});
  ASSERT_TRUE(world.partner().vault().Commit(batch));
  world.Confirm(world.Propose());
  std::vector<View> looks;
  ASSERT_TRUE(world.partner().vault().ScanViews([&](const StoredView& one) {
    looks.push_back(one.view);
    return true;
  }));
  EXPECT_THAT(looks, ElementsAre(look));
}

TEST(EraserTest, ALookOfAnAuditorIsNotLeftBehindUnderAKeyThatStays) {
  ErasedWorld world;
  const StoredView look{world.trajectory, {world.note, kAn, StaffRole::kAuditor, ViewReason::kAudit, {}}};
  world.partner().sync().AppendView(look);
  world.Pass(seconds(3));
  EXPECT_THAT(world.LeftAt(world.partner()), Contains(Kind::kViews));
  world.Confirm(world.Propose());
  EXPECT_THAT(world.LeftAt(world.partner()),
              ElementsAre(Kind::kErasePropose, Kind::kEraseConfirm, Kind::kEraseReceipt));
}

TEST(EraserKeepsTest, WhoAgreedLetsGoOfItToo) {
  ObligedWorld world;
  world.Withdraw();
  const RecordId proposal = world.Propose();
  world.Say(world.partner(), Kind::kEraseSecond, EraseSecond{proposal});
  world.Exchange();
  world.Confirm(proposal);
  EXPECT_FALSE(world.Has(world.number));
  EXPECT_THAT(world.KeptAtLead(), ElementsAre(std::nullopt));
  EXPECT_THAT(world.partner().vault().SealedByNumber().value(), IsEmpty());
}

TEST(EraserKeepsTest, AnAgreementToAnotherProposalLetsGoOfNothing) {
  ObligedWorld world;
  world.Withdraw();
  world.Say(world.partner(), Kind::kEraseSecond, EraseSecond{world.Propose()});
  world.Exchange();
  world.Confirm(world.Propose());
  EXPECT_TRUE(world.Has(world.number));
}

TEST(EraserKeepsTest, WithoutALawOfItsSectorItIsTheRegionsRule) {
  ErasedWorld world;
  ASSERT_TRUE(world.lead().Withdraw(world.trajectory, world.grant));
  world.Exchange();
  world.Confirm(world.Propose());
  std::vector<KeepReason> reasons;
  for (const HeldRecord& held : world.lead().Held()) {
    const auto* receipt = std::get_if<EraseReceipt>(&held.header.control);
    if (receipt != nullptr && receipt->kept) reasons.push_back(receipt->kept->reason);
  }
  EXPECT_THAT(reasons, ElementsAre(KeepReason::kRegion));
}

// At each commit of who keeps it: while it erases, and while it destroys what was kept.
class EraserKeepsCrashTest : public ::testing::TestWithParam<int> {};

TEST_P(EraserKeepsCrashTest, KeepsDestroysAndAnswersOnce) {
  ObligedWorld world;
  world.Withdraw();
  const RecordId proposal = world.Propose();
  TestAgent& victim = world.partner();
  const auto crash_after = [&](int commits) {
    victim.disk().commits_max = victim.disk().commits + static_cast<std::uint64_t>(commits);
  };
  const auto come_back = [&] {
    victim.Restart();
    world.Connect(victim);
    world.Pass(seconds(1));
  };
  const Timestamp due = world.DueOf(world.number);
  crash_after(GetParam());
  world.Confirm(proposal);
  world.Pass(milliseconds(500));
  come_back();
  EXPECT_TRUE(world.IsErasedAt(victim));
  EXPECT_TRUE(world.Has(world.number));
  ASSERT_THAT(world.KeptAtLead(), ElementsAre(KeptByLaw{due, KeepReason::kSector}));
  const DataScope kept = victim.vault().Erasures().value().front().kept;
  for (const auto& [key, row] : victim.disk().by_number) {
    constexpr std::uint8_t kContentsTable = 129;
    if (key == std::pair(kContentsTable, world.number)) {
      EXPECT_EQ(row.scope, kept);
    }
  }
  crash_after(GetParam());
  world.PassUntil(due);
  come_back();
  EXPECT_FALSE(world.Has(world.number));
  EXPECT_TRUE(victim.disk().erased.contains(kept));
  EXPECT_THAT(victim.vault().ContentScopes().value(), IsEmpty());
  EXPECT_THAT(world.KeptAtLead(), ElementsAre(KeptByLaw{due, KeepReason::kSector}, std::nullopt));
  EXPECT_THAT(world.ReceiptsAt(world.lead()), ::testing::SizeIs(3));
}
INSTANTIATE_TEST_SUITE_P(Commits, EraserKeepsCrashTest, ::testing::Range(0, 8));

// At each commit of either side.
class EraserCrashTest : public ::testing::TestWithParam<std::tuple<bool, int>> {};

TEST_P(EraserCrashTest, ErasesAndAnswersOnce) {
  const auto [lead_crashes, commits] = GetParam();
  ErasedWorld world;
  const RecordId proposal = world.Propose();
  TestAgent& victim = lead_crashes ? world.lead() : world.partner();
  victim.disk().commits_max = victim.disk().commits + static_cast<std::uint64_t>(commits);
  Draft confirm;
  confirm.kind = Kind::kEraseConfirm;
  confirm.trajectory = world.trajectory;
  confirm.control = EraseConfirm{proposal, kBert};
  ASSERT_TRUE(world.lead().sync().Say(confirm));
  world.Exchange();
  world.Pass(milliseconds(500));
  victim.Restart();
  world.Connect(victim);
  world.Pass(seconds(1));
  const auto known = world.lead().knowledge().FindTrajectory(world.trajectory);
  if (!known->erased()) {  // It was never said.
    EXPECT_TRUE(lead_crashes && commits == 0);
    return;
  }
  for (TestAgent* agent : {&world.lead(), &world.partner()}) {
    EXPECT_TRUE(world.IsErasedAt(*agent));
    EXPECT_FALSE(agent->Find(world.note));
    EXPECT_THAT(agent->Alarms(), IsEmpty());
  }
  EXPECT_THAT(world.ReceiptsAt(world.lead()), UnorderedElementsAre(world.lead_id, world.partner_id));
}
INSTANTIATE_TEST_SUITE_P(Commits, EraserCrashTest, ::testing::Combine(::testing::Bool(), ::testing::Range(0, 8)));

}  // namespace
}  // namespace schakel::testing
