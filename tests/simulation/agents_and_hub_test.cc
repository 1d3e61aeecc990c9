// The hub and its agents under a few hundred seeds. A failure prints its seed; SCHAKEL_SEED runs that one alone, and
// SCHAKEL_SEEDS sets how many go in each of the ten blocks.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "sim_world.h"

namespace schakel::testing {
namespace {

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value ? std::strtoull(value, nullptr, 10) : otherwise;
}

SimWorld::Tally RunSeed(std::uint64_t seed) {
  SCOPED_TRACE("SCHAKEL_SEED=" + std::to_string(seed));
  SimWorld world(seed);
  world.Work(std::chrono::seconds(15));
  EXPECT_EQ(world.Heal(), "");
  EXPECT_EQ(world.Check(), "");
  return world.Count();
}

void Add(SimWorld::Tally& to, const SimWorld::Tally& from) {
  to.records += from.records;
  to.content += from.content;
  to.delivered += from.delivered;
  to.withheld += from.withheld;
  to.denied += from.denied;
  to.views += from.views;
  to.agent_crashes += from.agent_crashes;
  to.hub_crashes += from.hub_crashes;
  to.cuts += from.cuts;
  to.hpke_rotations += from.hpke_rotations;
}

// A withdrawal that overtakes a delivery is rare: not every block of thirty seeds has one. This one does.
constexpr std::uint64_t kBlockWithWithdrawals = 3;

// Blocks of seeds, so that they run side by side.
class AgentsAndHub : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(AgentsAndHub, AllThatIsAcknowledgedIsInTheLogOnceAndAtEveryPermittedRecipient) {
  const std::uint64_t only = FromEnvironment("SCHAKEL_SEED", 0);
  if (only > 0 && GetParam() > 0) GTEST_SKIP() << "one seed was asked for";
  const std::uint64_t seeds = FromEnvironment("SCHAKEL_SEEDS", 30);
  const std::uint64_t first = only > 0 ? only : GetParam() * seeds + 1;
  const std::uint64_t last = only > 0 ? only : first + seeds - 1;
  SimWorld::Tally all;
  for (std::uint64_t seed = first; seed <= last && !HasFailure(); ++seed) Add(all, RunSeed(seed));
  std::printf("records %zu, of content %zu, delivered %zu, withheld %zu, denied %zu, of views %zu\n", all.records,
              all.content, all.delivered, all.withheld, all.denied, all.views);
  std::printf("agents crashed %zu times, the hub %zu, connections were cut %zu times, keys changed %zu times\n",
              all.agent_crashes, all.hub_crashes, all.cuts, all.hpke_rotations);
  if (only > 0) return;
  // All of it has to happen for the test to mean something.
  if (GetParam() == kBlockWithWithdrawals && seeds >= 30) {
    EXPECT_GT(all.withheld, 0U);
  }
  for (std::size_t count : {all.content, all.delivered, all.denied, all.views, all.agent_crashes, all.hub_crashes,
                            all.cuts, all.hpke_rotations}) {
    EXPECT_GT(count, seeds);
  }
}
INSTANTIATE_TEST_SUITE_P(Seeds, AgentsAndHub, ::testing::Range<std::uint64_t>(0, 10));

}  // namespace
}  // namespace schakel::testing
