#include "agents/tasks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "agents/former_names.h"
#include "agents/services.h"
#include "fact_lists.h"
#include "services/journal.h"
#include "support/fake_engine.h"
#include "support/memory_vault.h"

namespace schakel {
namespace {

using schakel::test::Leuven;
using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Timestamp kStart = ParseTimestamp("2026-11-23T08:00:00Z").value();
const Person kCoordinator{"Karim", StaffRole::kCoordinator};

TaskChange Assigned(hours at, const std::string& person, std::optional<hours> until = {}) {
  TaskChange change{kStart + at, TaskChange::What::kAssigned, person, {}, kCoordinator};
  if (until) change.until = kStart + *until;
  return change;
}
TaskChange Ended(hours at, const std::string& person) {
  return {kStart + at, TaskChange::What::kEnded, person, {}, kCoordinator};
}

TEST(Tasks, AStandingFollowsFromTheChangesUpToThatMoment) {
  using enum TaskStanding;
  struct Case {
    const char* name;
    std::vector<TaskChange> changes;
    hours at;
    TaskStanding want;
  };
  const Case cases[] = {
      {"nobody ever", {}, hours(5), kNobodyAssigned},
      {"before the first", {Assigned(hours(5), "Nora")}, hours(4), kNobodyAssigned},
      {"from that moment on", {Assigned(hours(5), "Nora")}, hours(5), kHasTask},
      {"another one", {Assigned(hours(5), "Wim")}, hours(5), kNoTask},
      {"just before its end", {Assigned(hours(1), "Nora", hours(5))}, hours(4), kHasTask},
      {"at its end", {Assigned(hours(1), "Nora", hours(5))}, hours(5), kNoTask},
      {"ended", {Assigned(hours(1), "Nora"), Ended(hours(3), "Nora")}, hours(3), kNoTask},
      {"before it was ended", {Assigned(hours(1), "Nora"), Ended(hours(3), "Nora")}, hours(2), kHasTask},
      {"another's end", {Assigned(hours(1), "Nora"), Ended(hours(3), "Wim")}, hours(3), kHasTask},
      {"assigned again",
       {Assigned(hours(1), "Nora"), Ended(hours(3), "Nora"), Assigned(hours(4), "Nora")},
       hours(4),
       kHasTask},
      {"the same in another spelling", {Assigned(hours(1), " NORA ")}, hours(2), kHasTask},
      {"ended in another spelling", {Assigned(hours(1), "Nora"), Ended(hours(3), "nora")}, hours(3), kNoTask},
      {"a name that begins so", {Assigned(hours(1), "Nora P")}, hours(2), kNoTask},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(StandingAt(c.changes, "Nora", kStart + c.at), c.want);
  }
}

TEST(Tasks, WhatRanOutBeginsAnewAndWhatRunsGoesOn) {
  const auto since = [](std::vector<TaskChange> changes) { return TasksAt(changes, kStart + hours(9)).front().since; };
  EXPECT_EQ(since({Assigned(hours(1), "Nora", hours(3)), Assigned(hours(2), "Nora")}), kStart + hours(1));
  EXPECT_EQ(since({Assigned(hours(1), "Nora", hours(3)), Assigned(hours(4), "Nora")}), kStart + hours(4));
}

// What comes later never changes what was true before.
RC_GTEST_PROP(Tasks, LaterChangesLeaveThePastAsItWas, ()) {
  std::vector<TaskChange> changes;
  int at = 0;
  for (int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 24))) {
    at += step % 4;
    const std::string person = step % 2 == 0 ? "Nora" : "Wim";
    changes.push_back(step % 3 == 0 ? Ended(hours(at), person) : Assigned(hours(at), person, hours(at + step)));
  }
  const int moment = *rc::gen::inRange(0, 40);
  std::vector<TaskChange> until_then;
  for (const TaskChange& change : changes) {
    if (change.at <= kStart + hours(moment)) until_then.push_back(change);
  }
  RC_ASSERT(StandingAt(changes, "Nora", kStart + hours(moment)) ==
            StandingAt(until_then, "Nora", kStart + hours(moment)));
}

class TaskServiceTest : public ::testing::Test {
 protected:
  Leuven leuven;
  Engine& engine = leuven.youth_care;
  Cases cases{engine};
  TrajectoryService trajectories{engine, cases, leuven.region.clock, leuven.region.random};
  ContentService content{engine, cases};
  Reading reading{engine, leuven.region.clock};
  TaskService tasks{engine, leuven.region.clock};
  const TrajectoryId trajectory =
      trajectories.Open({"Sam (2010)", Module::kMobile, "aanmelding"}, Stage::kCapable, {}).value().trajectory;
  const RecordId note =
      content.Note(trajectory, {"Slapen", ""}, Purpose::kCareCoordination, {Category::kGoals}, {}).value().record;

  Result<std::vector<Reading::Shown>> Look(const std::string& person, ViewReason reason) {
    return reading.Show({note}, {{person, StaffRole::kWorker}, reason});
  }
};

TEST_F(TaskServiceTest, OnlyCoordinatorsAndAdministratorsSayWhoWorksOnWhat) {
  for (const auto& [role, may] : {std::pair(StaffRole::kWorker, false), std::pair(StaffRole::kCoordinator, true),
                                  std::pair(StaffRole::kAuditor, false), std::pair(StaffRole::kAdministrator, true)}) {
    SCOPED_TRACE(Slug(role));
    const auto assigned = tasks.Assign(trajectory, "Nora", {}, {"Karim", role});
    EXPECT_EQ(assigned.has_value(), may);
    if (!may) {
      EXPECT_EQ(assigned.error().rule, "task.role");
    }
    EXPECT_EQ(tasks.End(trajectory, "Nora", {"Karim", role}).has_value(), may);
  }
}

TEST_F(TaskServiceTest, WhatDoesNotFitIsRefused) {
  const auto now = leuven.region.clock.Now();
  EXPECT_EQ(tasks.Assign(trajectory, "", {}, kCoordinator).error().rule, "task.person");
  EXPECT_EQ(tasks.Assign(trajectory, std::string(121, 'x'), {}, kCoordinator).error().rule, "task.person");
  EXPECT_TRUE(tasks.Assign(trajectory, std::string(120, 'x'), {}, kCoordinator));
  EXPECT_EQ(tasks.Assign(trajectory, "Nora", now, kCoordinator).error().rule, "task.period");
  EXPECT_EQ(tasks.End(trajectory, "Nora", kCoordinator).error().rule, "task.none");
}

TEST_F(TaskServiceTest, EveryChangeIsKeptWithWhoMadeIt) {
  ASSERT_TRUE(tasks.Assign(trajectory, "Nora", {}, kCoordinator));
  leuven.region.clock.Advance(hours(1));
  ASSERT_TRUE(tasks.End(trajectory, "Nora", {"Els", StaffRole::kAdministrator}));
  const auto changes = TaskChangesOf(engine, trajectory).value();
  ASSERT_THAT(changes, SizeIs(2));
  EXPECT_EQ(changes[0].by.name, "Karim");
  EXPECT_EQ(changes[1].by.name, "Els");
  EXPECT_EQ(changes[1].by.role, StaffRole::kAdministrator);
  EXPECT_THAT(TasksAt(changes, leuven.region.clock.Now()), IsEmpty());
}

TEST_F(TaskServiceTest, WhereNobodyWasEverAssignedATaskIsTakenAtItsWord) {
  EXPECT_TRUE(Look("Wim", ViewReason::kTask).value().front().body);
}

TEST_F(TaskServiceTest, WhoHasNoTaskThereNamesAnotherReason) {
  ASSERT_TRUE(tasks.Assign(trajectory, "Nora", {}, kCoordinator));
  EXPECT_TRUE(Look("Nora", ViewReason::kTask).value().front().body);
  const auto shown = Look("Wim", ViewReason::kTask).value();
  EXPECT_FALSE(shown.front().body);
  ASSERT_TRUE(TurnedAway(shown));
  EXPECT_EQ(TurnedAway(shown)->rule, "view.no_task");
  EXPECT_FALSE(TurnedAway(shown)->next.empty());
  EXPECT_TRUE(Look("Wim", ViewReason::kOnDuty).value().front().body);
}

TEST_F(TaskServiceTest, WhoIsTurnedAwayIsNotedAndNothingWasSeen) {
  ASSERT_TRUE(tasks.Assign(trajectory, "Nora", {}, kCoordinator));
  const std::size_t before = leuven.youth_care.views().size();
  ASSERT_TRUE(Look("Wim", ViewReason::kTask));
  EXPECT_EQ(leuven.youth_care.views().size(), before);
  const auto acts = ActsOf(engine).value();
  ASSERT_THAT(acts, SizeIs(1));
  EXPECT_EQ(acts[0].what, Act::What::kTurnedAway);
  EXPECT_EQ(acts[0].person.name, "Wim");
  EXPECT_EQ(acts[0].record, note);
  EXPECT_EQ(acts[0].trajectory, trajectory);
}

TEST_F(TaskServiceTest, AnOverviewWithoutATaskShowsANumberAndNotesNothing) {
  ASSERT_TRUE(tasks.Assign(trajectory, "Nora", {}, kCoordinator));
  Glance glance;
  const CaseTrajectory seen = cases.Trajectory(trajectory).value();
  glance.Want(seen);
  ASSERT_TRUE(glance.Read(reading, {{"Wim", StaffRole::kWorker}, ViewReason::kTask}));
  EXPECT_EQ(glance.LabelOf(seen), NeutralLabel(trajectory));
  EXPECT_THAT(ActsOf(engine).value(), IsEmpty());
}

// What People keeps with the account, when it changes the name.
TEST_F(TaskServiceTest, WhoIsCalledOtherwiseNowHasTheTasksStill) {
  ASSERT_TRUE(tasks.Assign(trajectory, "Nora Peeters", {}, kCoordinator));
  const auto rename = [&](const std::string& from, const std::string& to) {
    const auto names = FormerNames::Of(engine);
    ASSERT_TRUE(names);
    ASSERT_TRUE(engine.Keep(names->RowsFor(Id128{7}, from, to)));
  };
  rename("Nora Peeters", "Nora Maes");
  EXPECT_TRUE(Look("Nora Maes", ViewReason::kTask).value().front().body);
  EXPECT_FALSE(Look("Nora Peeters", ViewReason::kTask).value().front().body) << "nobody is called so";
  rename("Nora Maes", "Nora Claes");
  EXPECT_TRUE(Look("Nora Claes", ViewReason::kTask).value().front().body);
  EXPECT_FALSE(Look("Nora Maes", ViewReason::kTask).value().front().body);
  const auto at_hand = TasksAt(TaskChangesOf(engine, trajectory).value(), leuven.region.clock.Now());
  ASSERT_THAT(at_hand, SizeIs(1));
  EXPECT_EQ(at_hand[0].person, "Nora Claes");
  // Under whatever name: it is one person, with one task.
  ASSERT_TRUE(tasks.Assign(trajectory, "nora peeters", {}, kCoordinator));
  EXPECT_THAT(TasksAt(TaskChangesOf(engine, trajectory).value(), leuven.region.clock.Now()), SizeIs(1));
  ASSERT_TRUE(tasks.End(trajectory, "Nora Maes", kCoordinator));
  EXPECT_FALSE(Look("Nora Claes", ViewReason::kTask).value().front().body);
  // Back to a name of before.
  rename("Nora Claes", "Nora Peeters");
  EXPECT_EQ(FormerNames::Of(engine)->Now("Nora Maes"), "Nora Peeters");
  EXPECT_EQ(FormerNames::Of(engine)->Now("Nora Peeters"), "Nora Peeters");
  EXPECT_EQ(FormerNames::Of(engine)->Now("Wim"), "Wim");
}

TEST(FactLists, AListGrowsInOrderAndGoesOnAfterARestart) {
  testing::MemoryVaultStore store(std::make_shared<testing::MemoryDisk>());
  Vault vault(store);
  const auto all = [&](const char* list) {
    std::vector<std::string> rows;
    EXPECT_TRUE(FactLists(vault).Visit(list, [&](ByteView row) {
      rows.emplace_back(AsText(row));
      return true;
    }));
    return rows;
  };
  std::vector<std::string> want;
  for (int i = 0; i < 20; ++i) {
    // Each time as after a restart: nothing but the vault knows how long the list is.
    ASSERT_TRUE(FactLists(vault).Append("a", AsBytes(std::to_string(i))));
    want.push_back(std::to_string(i));
    ASSERT_EQ(all("a"), want);
  }
  FactLists lists(vault);
  ASSERT_TRUE(lists.Append("b", AsBytes("x")));
  ASSERT_TRUE(lists.Append("b", AsBytes("y")));
  EXPECT_THAT(all("b"), ElementsAre("x", "y"));
  EXPECT_EQ(all("a"), want);
}

}  // namespace
}  // namespace schakel
