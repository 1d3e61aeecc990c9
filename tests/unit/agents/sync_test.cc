// The protocol with an honest hub: what comes across, exactly once, whatever is cut or crashes.
#include "agents/sync.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "agents/trust.h"
#include "support/small_world.h"

namespace schakel::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SyncTest, ARecordReachesItsRecipientAndTheLogProvesIt) {
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  const RecordId note = world.lead().Note(world.trajectory, {world.partner_id}, "hello").value();
  world.Exchange();
  world.Pass(seconds(2));

  auto sent = world.lead().Find(note);
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->state, RecordState::kAccepted);
  EXPECT_GT(sent->sequence.value(), 0U);
  auto received = world.partner().Find(note);
  ASSERT_TRUE(received);
  EXPECT_EQ(received->state, RecordState::kReceived);
  EXPECT_EQ(received->sequence, sent->sequence);
  EXPECT_FALSE(world.third().Find(note));
  EXPECT_EQ(world.lead().sync().Report().unproven, 0U);
  EXPECT_THAT(world.lead().vault().Outbox().value(), IsEmpty());
  for (auto& [id, agent] : world.agents) EXPECT_THAT(agent->Alarms(), IsEmpty()) << id.value();
}

TEST(SyncTest, WhatIsSaidOfflineWaitsAndArrivesInOrder) {
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  world.Disconnect(world.lead());
  std::vector<RecordId> said;
  for (int i = 0; i < 150; ++i) {
    said.push_back(world.lead().Note(world.trajectory, {world.partner_id}, "note " + std::to_string(i)).value());
  }
  world.Exchange();
  EXPECT_EQ(world.lead().sync().Report().outbox, 150U);
  EXPECT_EQ(world.lead().Find(said[0])->state, RecordState::kWaiting);
  const std::size_t before = world.hub->submissions;
  world.Connect(world.lead());
  EXPECT_EQ(world.hub->submissions - before, 3U) << "in batches of 64";
  std::vector<RecordId> received;
  for (const HeldRecord& record : world.partner().Held()) {
    if (IsContent(record.header.kind)) received.push_back(record.header.id);
  }
  EXPECT_EQ(received, said);
}

TEST(SyncTest, AWholeTrajectoryCanBeSetUpOffline) {
  SmallWorld world;
  world.ConnectAll();
  world.Disconnect(world.lead());
  ASSERT_TRUE(world.lead().Open(world.trajectory));
  ASSERT_TRUE(world.lead().Invite(world.trajectory, world.partner_id));
  ASSERT_TRUE(world.lead().Give(world.trajectory, world.partner_id));
  world.Exchange();
  EXPECT_EQ(world.lead().knowledge().FindTrajectory(world.trajectory)->lead, world.lead_id);
  world.Connect(world.lead());
  EXPECT_EQ(world.partner().knowledge().FindTrajectory(world.trajectory)->grants.size(), 1U);
}

TEST(SyncTest, AStatementThatTheHubRefusesIsTakenBack) {
  SmallWorld world;
  world.ConnectAll();
  world.Disconnect(world.third());
  // Two open the same trajectory; the third does so offline and comes too late.
  ASSERT_TRUE(world.lead().Open(world.trajectory));
  const RecordId late = world.third().Open(world.trajectory).value();
  world.Exchange();
  EXPECT_TRUE(world.third().knowledge().FindTrajectory(world.trajectory)) << "it counts at once";
  world.Connect(world.third());
  EXPECT_EQ(world.third().Find(late)->state, RecordState::kRefused);
  EXPECT_EQ(world.third().Find(late)->error->rule, "admit.trajectory_exists");
  EXPECT_FALSE(world.third().knowledge().FindTrajectory(world.trajectory));
  world.third().Restart();
  EXPECT_FALSE(world.third().knowledge().FindTrajectory(world.trajectory)) << "also after a restart";
}

TEST(SyncTest, ARecordThatTheHubCannotTakeNowIsSentAgain) {
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  int refusals = 3;
  world.hub->refuse = [&](const Submit&) -> std::optional<Error> {
    if (refusals-- <= 0) return {};
    return Error{Code::kUnavailable, "hub.busy", {}, {}};
  };
  const RecordId note = world.lead().Note(world.trajectory, {world.partner_id}, "patience").value();
  world.Exchange();
  EXPECT_EQ(world.lead().Find(note)->state, RecordState::kWaiting);
  world.Pass(seconds(5));
  EXPECT_EQ(world.lead().Find(note)->state, RecordState::kAccepted);
  EXPECT_EQ(world.hub->CountOf(note), 1U);
}

TEST(SyncTest, ABatchThatIsRefusedWholeIsTakenApart) {
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  world.Disconnect(world.lead());
  std::vector<RecordId> notes;
  for (int i = 0; i < 5; ++i) notes.push_back(world.lead().Note(world.trajectory, {world.partner_id}, "x").value());
  world.Exchange();
  // One of them is poison.
  world.hub->refuse = [&](const Submit& submit) -> std::optional<Error> {
    for (const SealedRecord& record : submit.batch.records) {
      if (DecodeHeader(record.header).value().id == notes[2]) return Error{Code::kInvalid, "hub.poison", {}, {}};
    }
    return {};
  };
  world.Connect(world.lead());
  world.Pass(seconds(5));
  for (std::size_t i = 0; i < notes.size(); ++i) {
    EXPECT_EQ(world.lead().Find(notes[i])->state, i == 2 ? RecordState::kRefused : RecordState::kAccepted) << i;
  }
  EXPECT_EQ(world.lead().Find(notes[2])->error->rule, "hub.poison");
}

TEST(SyncTest, ARefusalIsNotFinalWhileSomethingSaidBeforeIsOnItsWay) {
  SmallWorld world;
  world.ConnectAll();
  world.Disconnect(world.lead());
  const RecordId open = world.lead().Open(world.trajectory).value();
  const RecordId invite = world.lead().Invite(world.trajectory, world.partner_id).value();
  world.Exchange();
  // The hub has no breath for the first, and so refuses the second, which builds on it.
  bool short_of_breath = true;
  world.hub->refuse = [&](const Submit& submit) -> std::optional<Error> {
    if (!std::exchange(short_of_breath, false)) return {};
    EXPECT_EQ(submit.batch.records.size(), 2U);
    return Error{};
  };
  world.hub->tamper = [](const OrgId&, Message& message) {
    if (!std::holds_alternative<Error>(message.payload)) return;
    SubmitAck ack{std::vector<Outcome>(2)};
    ack.outcomes[0].error = Error{Code::kLimit, "submit.rate", {}, {}};
    ack.outcomes[1].error = Error{Code::kNotFound, "admit.trajectory", {}, {}};
    message.payload = ack;
  };
  world.Connect(world.lead());
  world.Pass(seconds(3));
  EXPECT_EQ(world.lead().Find(open)->state, RecordState::kAccepted);
  EXPECT_EQ(world.lead().Find(invite)->state, RecordState::kAccepted);
}

// ---- Crashes ----

// Whose disk goes, and after how many more commits.
class CrashTest : public ::testing::TestWithParam<std::tuple<bool, int>> {};

TEST_P(CrashTest, AtEachCommitLeavesEverythingOnce) {
  const auto [of_lead, commits] = GetParam();
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  TestAgent& victim = of_lead ? world.lead() : world.partner();
  victim.disk().commits_max = victim.disk().commits + static_cast<std::uint64_t>(commits);
  for (int i = 0; i < 3; ++i) {
    if (!world.lead().crashed()) {
      [[maybe_unused]] auto said = world.lead().Note(world.trajectory, {world.partner_id}, "x");
    }
    world.Exchange();
    world.Pass(milliseconds(500));
  }
  // What is not on the disk was never said, as far as anybody knows.
  victim.Restart();
  world.Connect(victim);
  world.Pass(seconds(3));
  std::size_t notes = 0;
  for (const HeldRecord& record : world.lead().Held()) {
    if (!IsContent(record.header.kind)) continue;
    ++notes;
    EXPECT_EQ(record.state, RecordState::kAccepted);
    EXPECT_EQ(world.hub->CountOf(record.header.id), 1U);
    EXPECT_TRUE(world.partner().Find(record.header.id));
  }
  EXPECT_EQ(world.partner().Received(), notes + 2) << "the invitation and the grant came before";
  EXPECT_THAT(world.lead().vault().Outbox().value(), IsEmpty());
  for (auto& [id, agent] : world.agents) {
    EXPECT_THAT(agent->Alarms(), IsEmpty());
    EXPECT_FALSE(agent->sync().Report().distrusted);
  }
}
INSTANTIATE_TEST_SUITE_P(EachCommit, CrashTest, ::testing::Combine(::testing::Bool(), ::testing::Range(0, 14)));

// ---- What the hub tells ----

TEST(SyncTest, AWithheldItemIsAMarkWithoutContent) {
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  Header header;
  header.id = RecordId(Id128{5});
  header.trajectory = world.trajectory;
  world.hub->Deliver(world.partner_id, header, Sequence(2), Denial::kPeriod);
  world.hub->Pump(world.partner_id);
  world.Exchange();
  const std::vector<WithheldMark> marks = world.partner().vault().Withheld().value();
  ASSERT_EQ(marks.size(), 1U);
  EXPECT_EQ(marks[0].record, header.id);
  EXPECT_EQ(marks[0].reason, Denial::kPeriod);
  EXPECT_THAT(world.partner().Alarms(), IsEmpty());
}

TEST(SyncTest, KeysThatChangeAreShown) {
  SmallWorld world;
  world.ConnectAll();
  world.region.State(world.lead_id, 2, "youth-care", OrgStatus::kActive, SeededKeys("lead, with new keys").Public());
  world.hub->Register(world.region.statements.back());
  world.Pass(seconds(6));  // The next heartbeat tells of it.
  EXPECT_THAT(world.partner().Alarms(), ElementsAre("directory.keys_changed"));
  EXPECT_THAT(world.lead().Alarms(), ElementsAre("directory.own_keys"));
  EXPECT_EQ(world.partner().vault().Statements().value().size(), world.region.statements.size());
}

TEST(SyncTest, ARecordByANewcomerMakesTheDirectoryCatchUpFirst) {
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  const OrgId newcomer = world.region.Enrol("newcomer");
  world.hub->Register(world.region.statements.back());
  auto agent = std::make_unique<TestAgent>(world.region, newcomer, world.clock, 9);
  TestAgent& its = *world.agents.emplace(newcomer, std::move(agent)).first->second;
  world.Connect(its);
  // An anonymous question needs no trajectory.
  Draft question;
  question.kind = Kind::kQuestion;
  question.categories = {Category::kMentalHealth};
  question.recipients = {world.partner_id};
  const RecordId asked = its.sync().Say(question).value();
  world.Exchange();
  EXPECT_TRUE(world.partner().Find(asked));
  EXPECT_THAT(world.partner().Alarms(), IsEmpty());
}

TEST(SyncTest, AHubThatSaysThatItLostHistoryIsTriedAgainButNotInSilence) {
  SmallWorld world;
  world.ConnectAll();
  world.hub->tamper = [&](const OrgId& to, Message& message) {
    if (to == world.partner_id && std::holds_alternative<Welcome>(message.payload)) {
      message.payload = Error{Code::kTampered, "hello.seen", {}, {}};
    }
  };
  for (int i = 0; i < 3; ++i) {
    world.Disconnect(world.partner());
    world.Connect(world.partner());
    EXPECT_FALSE(world.partner().sync().Report().connected);
  }
  EXPECT_FALSE(world.partner().sync().Report().distrusted);
  EXPECT_THAT(world.partner().Alarms(), ::testing::Contains("hello.seen"));
  world.hub->tamper = nullptr;
  world.Connect(world.partner());
  EXPECT_TRUE(world.partner().sync().Report().connected);
}

TEST(SyncTest, WhatAnotherConnectionWasHandedIsAskedForAgainAndSomebodyHears) {
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  world.hub->HandFeedElsewhere(world.partner_id);
  const RecordId note = world.lead().Note(world.trajectory, {world.partner_id}, "hello").value();
  world.Exchange();
  EXPECT_FALSE(world.partner().Find(note));
  EXPECT_TRUE(world.partner().sync().Report().connected);
  EXPECT_FALSE(world.partner().sync().Report().up_to_date);
  EXPECT_THAT(world.partner().Alarms(), ElementsAre("session.elsewhere"));
  world.Pass(seconds(16));  // Of the longest pause, in the ticks that a world has: two a second.
  EXPECT_TRUE(world.partner().Find(note));
  EXPECT_TRUE(world.partner().sync().Report().up_to_date);
  EXPECT_THAT(world.partner().Alarms(), ElementsAre("session.elsewhere")) << "once";
}

TEST(SyncTest, AVaultThatWasPutBackSaysSoAndWhatWasSaidSinceCountsAgain) {
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  const auto by_name = world.lead().disk().by_name;
  const auto by_number = world.lead().disk().by_number;
  const RecordId note = world.lead().Note(world.trajectory, {world.partner_id}, "hello").value();
  const auto grant = [&] { return world.lead().knowledge().FindTrajectory(world.trajectory)->grants.at(0); };
  const RecordId withdrawal = world.lead().Withdraw(world.trajectory, grant().id).value();
  world.Exchange();
  ASSERT_EQ(world.lead().Find(withdrawal)->state, RecordState::kAccepted);

  world.Disconnect(world.lead());
  world.lead().disk().by_name = by_name;
  world.lead().disk().by_number = by_number;
  world.lead().Restart();
  EXPECT_FALSE(world.lead().Find(note));
  EXPECT_FALSE(grant().withdrawn);
  world.Connect(world.lead());
  world.Pass(seconds(2));
  EXPECT_THAT(world.lead().Alarms(), ElementsAre("vault.went_back"));
  ASSERT_TRUE(world.lead().Find(note));
  EXPECT_EQ(world.lead().Find(note)->state, RecordState::kAccepted);
  EXPECT_TRUE(grant().withdrawn);
  world.lead().Restart();
  world.Connect(world.lead());
  world.Pass(seconds(2));
  EXPECT_THAT(world.lead().Alarms(), ElementsAre("vault.went_back")) << "once";
  EXPECT_TRUE(grant().withdrawn);
}

TEST(SyncTest, AHubThatInventsRecordsOfOursIsCaught) {
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  world.hub->tamper = [&](const OrgId& to, Message& message) {
    if (to != world.partner_id) return;
    if (auto* welcome = std::get_if<Welcome>(&message.payload)) welcome->own_last = Sequence(1000);
    if (auto* own = std::get_if<OwnRecordsReply>(&message.payload)) {
      // Those of another, under our name for the question.
      const TreeHead head = world.hub->Head();
      own->entries = world.hub->OwnRecords(world.lead_id, {});
      own->upto = Sequence(head.size);
    }
  };
  world.Disconnect(world.partner());
  world.Connect(world.partner());
  world.Pass(seconds(2));
  EXPECT_EQ(world.partner().sync().Report().distrusted->rule, "hub.own_records");
}

TEST(SyncTest, ASilentHubIsGivenUp) {
  SmallWorld world;
  world.ConnectAll();
  world.partner().sync().OnDisconnected({});
  world.partner().sync().OnConnected();
  bool disconnect = false;
  world.partner().Finish(&disconnect);  // Its Hello is never answered.
  world.clock.Advance(seconds(29));
  world.partner().sync().OnTick();
  world.partner().Finish(&disconnect);
  EXPECT_FALSE(disconnect);
  world.clock.Advance(seconds(2));
  world.partner().sync().OnTick();
  world.partner().Finish(&disconnect);
  EXPECT_TRUE(disconnect);
  EXPECT_EQ(world.partner().sync().Report().last_error->rule, "hub.silent");
}

TEST(SyncTest, TheOperatorCanDecideToTrustAgain) {
  SmallWorld world;
  world.ConnectAll();
  world.partner().sync().OnMessage(AsBytes("?"));
  world.Exchange();
  ASSERT_TRUE(world.partner().sync().Report().distrusted);
  ASSERT_TRUE(TrustAgain(world.partner().vault(), world.clock, SeenBefore::kKeep));
  world.partner().Restart();
  EXPECT_FALSE(world.partner().sync().Report().distrusted);
  EXPECT_GT(world.partner().sync().Report().seen.size, 0U);
  EXPECT_THAT(world.partner().Alarms(), ElementsAre("hub.message", "hub.trusted_again"));
  world.Connect(world.partner());
  EXPECT_TRUE(world.partner().sync().Report().connected);
}

TEST(SyncTest, TheOperatorCanForgetTheHeadOfAHubThatWasPutBack) {
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  world.Disconnect(world.partner());
  world.hub->tamper = [&](const OrgId&, Message& message) {
    if (auto* welcome = std::get_if<Welcome>(&message.payload)) {
      welcome->checkpoint = world.hub->SignHead({2, world.hub->log().RootAt(2).value()});
    }
  };
  world.Connect(world.partner());
  ASSERT_EQ(world.partner().sync().Report().distrusted->rule, "hub.went_back");
  ASSERT_TRUE(TrustAgain(world.partner().vault(), world.clock, SeenBefore::kForget));
  world.partner().Restart();
  world.Connect(world.partner());
  EXPECT_FALSE(world.partner().sync().Report().distrusted);
  EXPECT_TRUE(TrustAgain(world.partner().vault(), world.clock, SeenBefore::kForget)) << "there is nothing to do";
}

// A hub that has nothing but the directory left: all else has to come from the agents.
void LoseHistory(SmallWorld& world) {
  for (auto& [id, agent] : world.agents) world.Disconnect(*agent);
  world.hub = std::make_unique<FakeHub>(world.region, world.clock);
  // As a real hub: it takes no record that names a head which its log never had.
  world.hub->refuse = [hub = world.hub.get()](const Submit& submit) -> std::optional<Error> {
    for (const SealedRecord& record : submit.batch.records) {
      const TreeHead seen = DecodeHeader(record.header).value().seen;
      if (seen.size == 0) continue;
      const auto root = hub->log().RootAt(seen.size);
      if (!root || *root != seen.root) return Error{Code::kConflict, "record.seen", {}, {}};
    }
    return {};
  };
}
void ForgetHead(SmallWorld& world, TestAgent& agent) {
  ASSERT_FALSE(agent.sync().Report().distrusted) << "the agent need not have been marked";
  ASSERT_TRUE(TrustAgain(agent.vault(), world.clock, SeenBefore::kForget));
  agent.Restart();
}

TEST(SyncTest, AgentsThatForgetTheHeadGiveAHubBackWhatItLost) {
  for (const bool lead_first : {true, false}) {
    SCOPED_TRACE(lead_first ? "the lead comes back first" : "the partner comes back first");
    SmallWorld world;
    world.ConnectAll();
    world.OpenTrajectory();
    const RecordId before = world.lead().Note(world.trajectory, {world.partner_id}, "before").value();
    world.Exchange();
    world.Pass(seconds(5));
    LoseHistory(world);
    const RecordId waiting = world.lead().Note(world.trajectory, {world.partner_id}, "in the outbox").value();
    world.Exchange();
    for (TestAgent* agent : {&world.lead(), &world.partner(), &world.third()}) ForgetHead(world, *agent);
    EXPECT_EQ(world.lead().sync().Report().seen, TreeHead{});

    world.Connect(lead_first ? world.lead() : world.partner());
    world.Pass(seconds(20));
    world.Connect(lead_first ? world.partner() : world.lead());
    world.Pass(seconds(40));
    for (const RecordId& note : {before, waiting}) {
      EXPECT_EQ(world.hub->CountOf(note), 1U);
      EXPECT_TRUE(world.partner().Find(note));
      EXPECT_EQ(world.lead().Find(note)->state, RecordState::kAccepted);
    }
    EXPECT_EQ(world.lead().Find(waiting)->refused, std::vector<RoutingRefusal>{});
    EXPECT_EQ(world.partner().Find(before)->sequence, world.lead().Find(before)->sequence);
    EXPECT_THAT(world.lead().vault().Outbox().value(), IsEmpty());
    for (TestAgent* agent : {&world.lead(), &world.partner()}) {
      EXPECT_FALSE(agent->sync().Report().distrusted);
      EXPECT_THAT(agent->Alarms(), ElementsAre("hub.trusted_again"));
      EXPECT_EQ(agent->knowledge().FindTrajectory(world.trajectory)->grants.size(), 1U);
    }
    // And it goes on.
    const RecordId after = world.lead().Note(world.trajectory, {world.partner_id}, "after").value();
    world.Exchange();
    EXPECT_TRUE(world.partner().Find(after));
    world.partner().Restart();
    world.Connect(world.partner());
    EXPECT_FALSE(world.partner().sync().Report().distrusted);
  }
}

TEST(SyncTest, WithoutItsOperatorAnAgentTakesNoHeadOutOfARecord) {
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  world.Disconnect(world.lead());
  const RecordId note = world.lead().Note(world.trajectory, {world.partner_id}, "x").value();
  world.hub->refuse = [](const Submit&) { return std::optional(Error{Code::kConflict, "record.seen", {}, {}}); };
  world.Connect(world.lead());
  world.Pass(seconds(5));
  EXPECT_EQ(world.lead().Find(note)->state, RecordState::kRefused);
}

TEST(SyncTest, AHubThatRefusesUsForLostHistoryIsToldOfOnce) {
  SmallWorld world;
  world.ConnectAll();
  world.hub->tamper = [](const OrgId&, Message& message) {
    if (std::holds_alternative<Welcome>(message.payload)) {
      message.payload = Error{Code::kTampered, "hello.seen", "hello.seen", "stop"};
    }
  };
  for (int attempt = 0; attempt < 5; ++attempt) {
    world.Connect(world.partner());
    if (attempt == 3) world.partner().Restart();
  }
  EXPECT_THAT(world.partner().Alarms(), ElementsAre("hello.seen"));
  EXPECT_FALSE(world.partner().sync().Report().distrusted) << "it may get its history back";
  world.hub->tamper = nullptr;
  world.Connect(world.partner());
  EXPECT_TRUE(world.partner().sync().Report().connected);
  EXPECT_THAT(world.partner().Alarms(), ElementsAre("hello.seen", "hub.welcome_again"));
}

// ---- Views ----

std::vector<View> ViewsInTheLog(const SmallWorld& world) {
  std::vector<View> views;
  EXPECT_TRUE(world.hub->log().Read(Sequence(1), [&](const StoredEntry& stored) {
    const Entry entry = DecodeEntry(stored.entry).value();
    const auto* record = std::get_if<RecordEntry>(&entry.body);
    if (!record) return true;
    const Header header = DecodeHeader(record->header).value();
    if (const auto* said = std::get_if<Views>(&header.control)) {
      views.insert(views.end(), said->views.begin(), said->views.end());
    }
    return true;
  }));
  return views;
}

TEST(SyncTest, ViewsStayToBeReportedUntilTheHubHasTakenInTheRecordThatTellsOfThem) {
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  const RecordId note = world.lead().Note(world.trajectory, {world.partner_id}, "x").value();
  world.Exchange();
  const View view{note, Id128{3}, StaffRole::kCoordinator, ViewReason::kRoundTable, world.clock.Now()};
  world.Disconnect(world.partner());
  world.partner().sync().AppendView({world.trajectory, view});
  world.partner().sync().AppendView({world.trajectory, view});
  world.Pass(seconds(5));
  ASSERT_EQ(world.partner().sync().Report().outbox, 1U) << "one record tells of both";
  EXPECT_EQ(world.partner().sync().Report().looks_waiting, 1U);
  ASSERT_TRUE(world.partner().Note(world.trajectory, {world.lead_id}, "written"));
  EXPECT_EQ(world.partner().sync().Report().outbox, 2U);
  EXPECT_EQ(world.partner().sync().Report().looks_waiting, 1U) << "what somebody wrote is none";
  EXPECT_THAT(world.partner().vault().Unreported().value(), IsEmpty());
  EXPECT_EQ(world.partner().sync().Report().views_unreported, 2U);
  world.partner().Restart();
  EXPECT_EQ(world.partner().sync().Report().views_unreported, 2U) << "also after a restart";
  world.Connect(world.partner());
  world.Pass(seconds(1));
  EXPECT_THAT(ViewsInTheLog(world), ElementsAre(view, view));
  EXPECT_EQ(world.partner().sync().Report().views_unreported, 0U);
  EXPECT_EQ(world.partner().sync().Report().looks_waiting, 0U);
}

TEST(SyncTest, ViewsAreReportedOnceAlsoAcrossARestart) {
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  const RecordId note = world.lead().Note(world.trajectory, {world.partner_id}, "x").value();
  world.Exchange();
  const View view{note, Id128{3}, StaffRole::kCoordinator, ViewReason::kRoundTable, world.clock.Now()};
  world.partner().sync().AppendView({world.trajectory, view});
  world.partner().sync().AppendView({world.trajectory, view});
  world.Exchange();
  EXPECT_EQ(world.partner().sync().Report().views_unreported, 2U);
  EXPECT_THAT(ViewsInTheLog(world), IsEmpty()) << "they wait a moment for company";
  world.partner().Restart();
  world.Connect(world.partner());
  world.Pass(seconds(5));
  EXPECT_THAT(ViewsInTheLog(world), ElementsAre(view, view));
  EXPECT_EQ(world.partner().sync().Report().views_unreported, 0U);
  EXPECT_THAT(world.partner().vault().Unreported().value(), IsEmpty());
  world.partner().Restart();
  world.Connect(world.partner());
  world.Pass(seconds(5));
  EXPECT_EQ(ViewsInTheLog(world).size(), 2U);
}

// Who wrote it first may know of it, and not of what lies beside it: a record about both would be shown to nobody but
// the lead.
TEST(SyncTest, ALookAtWhatWasSharedAgainIsToldByItself) {
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  const RecordId note = world.lead().Note(world.trajectory, {world.partner_id}, "x").value();
  const RecordId beside = world.lead().Note(world.trajectory, {world.partner_id}, "y").value();
  const RecordId first = world.lead().ShareAgain(world.trajectory, {world.partner_id}, RecordId(Id128{8})).value();
  const RecordId second = world.lead().ShareAgain(world.trajectory, {world.partner_id}, RecordId(Id128{9})).value();
  world.Exchange();
  for (const RecordId& record : {first, note, second, beside, first}) {
    world.partner().sync().AppendView(
        {world.trajectory, {record, Id128{3}, StaffRole::kWorker, ViewReason::kTask, world.clock.Now()}});
  }
  world.Pass(seconds(5));
  std::multiset<std::vector<RecordId>> told;
  for (const HeldRecord& held : world.partner().Held()) {
    const auto* views = std::get_if<Views>(&held.header.control);
    if (views == nullptr) continue;
    std::vector<RecordId> records;
    for (const View& view : views->views) records.push_back(view.record);
    told.insert(records);
  }
  EXPECT_EQ(told, (std::multiset<std::vector<RecordId>>{{first, first}, {second}, {note, beside}}));
}

TEST(SyncTest, ManyViewsGoAtOnceSixtyFourToARecord) {
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  for (int i = 0; i < 130; ++i) {
    world.partner().sync().AppendView(
        {world.trajectory, {world.grant, Id128{3}, StaffRole::kWorker, ViewReason::kTask, world.clock.Now()}});
  }
  world.partner().sync().OnTick();
  world.Exchange();
  EXPECT_EQ(ViewsInTheLog(world).size(), 128U) << "the rest waits for company";
  world.Pass(seconds(3));
  EXPECT_EQ(ViewsInTheLog(world).size(), 130U);
}

// ---- Evidence ----

TEST(SyncTest, EvidenceOfManyPagesStandsUnderOneHead) {
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(world.lead().Note(world.trajectory, {world.partner_id}, "x"));
    world.Exchange();
  }
  // The log grows while the pages are fetched.
  world.hub->tamper = [&](const OrgId&, Message& message) {
    if (std::holds_alternative<AccessReply>(message.payload)) {
      world.hub->Add(SessionEntry{world.third_id, SessionEvent::kConnected, {}, {}, {}}, {});
    }
  };
  std::optional<Result<Evidence>> answer;
  world.lead().sync().Access({world.trajectory, {}, {}, 10},
                             [&](Result<Evidence> result) { answer = std::move(result); });
  world.Exchange();
  ASSERT_TRUE(answer);
  ASSERT_TRUE(*answer) << ToText(answer->error());
  auto checked = CheckEvidence(**answer, world.region.verifier());
  ASSERT_TRUE(checked) << ToText(checked.error());
  EXPECT_EQ(checked->entries.size(), 8U) << "the deliveries of two statements, an answer and five notes";
}

TEST(SyncTest, EvidenceOfflineIsRefusedAtOnce) {
  SmallWorld world;
  std::optional<Result<Evidence>> answer;
  world.lead().sync().Access({world.trajectory, {}, {}, 10},
                             [&](Result<Evidence> result) { answer = std::move(result); });
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error().rule, "hub.offline");
}

// ---- Where records stand in the log ----

TEST(SyncTest, OwnAndReceivedRecordsAreProvenUnderOneHead) {
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  const RecordId from_lead = world.lead().Note(world.trajectory, {world.partner_id}, "a").value();
  world.Exchange();
  const RecordId from_partner = world.partner().Note(world.trajectory, {}, "b").value();
  world.Exchange();
  // The newest one is not covered by a head that was seen: it is waited for.
  std::optional<Result<Evidence>> answer;
  world.partner().sync().Prove(world.trajectory, {from_partner, from_lead},
                               [&](Result<Evidence> result) { answer = std::move(result); });
  world.Exchange();
  world.Pass(seconds(5));
  ASSERT_TRUE(answer);
  ASSERT_TRUE(*answer) << ToText(answer->error());
  const Evidence& evidence = **answer;
  const auto checked = CheckEvidence(evidence, world.region.verifier());
  ASSERT_TRUE(checked) << ToText(checked.error());
  ASSERT_EQ(checked->entries.size(), 2U);
  std::vector<RecordId> found;
  for (const Entry& entry : checked->entries) {
    found.push_back(DecodeHeader(std::get<RecordEntry>(entry.body).header).value().id);
  }
  EXPECT_THAT(found, ElementsAre(from_lead, from_partner)) << "in the order of the log";
  EXPECT_FALSE(evidence.statements.empty()) << "whose keys these are";
  EXPECT_THAT(world.partner().Alarms(), IsEmpty());
}

TEST(SyncTest, WhatTheHubDoesNotHaveIsNotProven) {
  SmallWorld world;
  std::optional<Result<Evidence>> answer;
  const auto prove = [&](const RecordId& id) {
    answer.reset();
    world.lead().sync().Prove(world.trajectory, {id}, [&](Result<Evidence> result) { answer = std::move(result); });
    world.Exchange();
  };
  prove(RecordId(Id128{9}));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error().rule, "hub.offline");
  world.ConnectAll();
  world.OpenTrajectory();
  prove(RecordId(Id128{9}));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error().code, Code::kNotFound);
  world.Disconnect(world.lead());
  const RecordId waiting = world.lead().Note(world.trajectory, {}, "c").value();
  world.Exchange();
  world.hub->refuse = [](const Submit&) { return Error{Code::kUnavailable, "hub.busy", {}, {}}; };
  world.Connect(world.lead());
  prove(waiting);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error().rule, "record.waiting");
}

TEST(SyncTest, AHubThatProvesARecordWhereItDoesNotStandIsCaught) {
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  const RecordId note = world.lead().Note(world.trajectory, {world.partner_id}, "a").value();
  world.Exchange();
  world.Pass(seconds(5));
  world.hub->tamper = [](const OrgId&, Message& message) {
    auto* proof = std::get_if<ProofReply>(&message.payload);
    if (proof != nullptr && !proof->entry.empty() && !proof->hashes.empty()) proof->hashes.front()[0] ^= 1;
  };
  std::optional<Result<Evidence>> answer;
  world.lead().sync().Prove(world.trajectory, {note}, [&](Result<Evidence> result) { answer = std::move(result); });
  world.Exchange();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error().rule, "hub.distrusted");
  ASSERT_TRUE(world.lead().sync().Report().distrusted);
  EXPECT_EQ(world.lead().sync().Report().distrusted->rule, "hub.not_included");
}

}  // namespace
}  // namespace schakel::testing
