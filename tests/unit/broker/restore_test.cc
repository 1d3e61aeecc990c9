// What is restored from a snapshot and the log after it is what there was.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "support/hub_world.h"
#include "support/policy_script.h"

namespace schakel::test {
namespace {

struct State {
  PolicyState policy;
  std::vector<SignedStatement> statements;
  std::map<OrgId, FeedEnd> feeds;
  friend bool operator==(const State&, const State&) = default;
};
State StateOf(const HubWorld& world) {
  return {world.core->policy(), world.core->directory()->statements(), world.core->feeds().Ends()};
}

TEST(RestoreTest, ReplayAloneGivesTheSameState) {
  HubWorld world;
  TestAgent lead(world, kYouthCare);
  lead.Greet();
  Found(world, lead, {kPsychiatry, kSchool});
  const State before = StateOf(world);
  EXPECT_EQ(before.policy.trajectories().size(), 1U);
  world.Reopen();
  EXPECT_EQ(StateOf(world), before);
}

TEST(RestoreTest, SnapshotsAreTakenWhenItIsTime) {
  HubCoreOptions options;
  options.snapshot_entries = 20;
  HubWorld world(options);
  TestAgent lead(world, kYouthCare);
  lead.Greet();
  Found(world, lead, {kPsychiatry, kSchool});
  for (std::uint64_t i = 0; i < 30; ++i) lead.Say(NoteBy(kYouthCare, kOurs, 0x100 + i), {kPsychiatry});
  const auto snapshot = world.log->LoadSnapshot();
  ASSERT_TRUE(snapshot && *snapshot);
  EXPECT_GT((*snapshot)->first.value(), world.log->Last().value() - 22);
  const State before = StateOf(world);
  world.Reopen();
  EXPECT_EQ(StateOf(world), before);
}

TEST(RestoreTest, TheOperatorCanAskForASnapshot) {
  HubWorld world;
  world.Operate(TakeSnapshot{});
  const auto snapshot = world.log->LoadSnapshot();
  ASSERT_TRUE(snapshot && *snapshot);
  EXPECT_EQ((*snapshot)->first, world.log->Last());
}

TEST(RestoreTest, ADirectoryOfOtherRegistrarsIsRefused) {
  HubWorld world;
  HubCoreOptions options = world.options();
  options.registrars = {.threshold = 1, .keys = {RegistrarKey(8).public_key}};
  const auto restored =
      HubCore::Restore(options, *world.log, world.transport, world.clock, world.random(), world.observer);
  ASSERT_FALSE(restored);
  EXPECT_EQ(restored.error().rule, "registry.signatures");
}

TEST(RestoreTest, ASnapshotThatCannotBeUsedCostsTimeAndNothingElse) {
  struct Case {
    const char* name;
    std::function<void(const std::filesystem::path&)> harm;
  };
  const Case cases[] = {
      {"cut short", [](const auto& file) { std::filesystem::resize_file(file, 40); }},
      {"empty", [](const auto& file) { std::filesystem::resize_file(file, 0); }},
      {"ahead of the log",
       [](const auto& file) { std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(1).put(1); }},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    HubWorld world;
    TestAgent lead(world, kYouthCare);
    lead.Greet();
    Found(world, lead, {kPsychiatry});
    world.Operate(TakeSnapshot{});
    const State before = StateOf(world);
    c.harm(world.folder() / "log" / "snapshot");
    ASSERT_FALSE(world.log->LoadSnapshot());
    world.Reopen();
    EXPECT_EQ(StateOf(world), before);
    EXPECT_TRUE(world.observer.Has("log.snapshot"));
    world.Settle();
    EXPECT_TRUE(world.log->LoadSnapshot()) << "it was made anew";
  }
}

// Random statements and notes of six organisations, commits of random size, readers that come and go, a crash and a
// restart now and then: the state after a restart is the one before, and every feed stays a chain.
RC_GTEST_PROP(RestoreProperty, SnapshotAndReplayEqualTheStateBefore, ()) {
  const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
  const auto steps = *rc::gen::container<std::vector<std::uint8_t>>(40, rc::gen::arbitrary<std::uint8_t>());
  HubCoreOptions options;
  options.snapshot_entries = 1 + seed % 40;
  HubWorld world(options, seed);
  std::map<OrgId, std::unique_ptr<TestAgent>> agents;
  const auto greet = [&] {
    agents.clear();
    for (const OrgId& organisation : Players()) {
      agents[organisation] = std::make_unique<TestAgent>(world, organisation);
      agents[organisation]->Greet();
    }
  };
  greet();
  Found(world, *agents[kYouthCare], {kPsychiatry, kSchool, kWelfare});
  std::uint64_t number = 0x10000;
  for (const std::uint8_t step : steps) {
    const OrgId author = Players()[step % 6];
    TestAgent& agent = *agents[author];
    switch (step / 6 % 8) {
      case 0:
        agent.AskFeed(0, step % 7);
        break;
      case 1:
        agent.Submit({agent.Seal(Says(author, GrantWithdraw{RecordNo(0x50 + step % 3)}, ++number))});
        break;
      case 2:
        ++number;
        agent.Submit({agent.Seal(Says(author, TrajectoryOpen{}, number, TrajectoryNo(number)))});
        break;
      case 3:
        world.Settle();
        break;
      case 4: {
        world.Settle();
        const State before = StateOf(world);
        world.Reopen();
        RC_ASSERT(StateOf(world) == before);
        greet();
        break;
      }
      default:
        agent.Submit({agent.Seal(NoteBy(author, kOurs, ++number), {kPsychiatry, kSchool, kYouthCare})});
        if (step % 2 == 0) {
          world.core->Pump();
          if (world.core->HasGroup()) world.Commit();
        }
    }
  }
  world.Settle();
  const State before = StateOf(world);
  world.Reopen();
  RC_ASSERT(StateOf(world) == before);
  for (const OrgId& organisation : Players()) {
    TestAgent reader(world, organisation);
    reader.Greet();
    reader.AskFeed(0, 10'000);
    world.Settle();
    Hash32 previous{};
    std::uint64_t position = 0;
    for (const FeedItem& item : reader.Feed()) {
      const DeliveryEntry delivery = DeliveryIn(item);
      RC_ASSERT(delivery.position.value() == ++position);
      RC_ASSERT(delivery.previous == previous);
      previous = FeedHash(item.delivery);
    }
  }
  RC_ASSERT(world.log->VerifyAll().has_value());
}

}  // namespace
}  // namespace schakel::test
