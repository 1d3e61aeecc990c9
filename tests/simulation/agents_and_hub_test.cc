// The hub and its agents under a few hundred seeds. A failure prints its seed; SCHAKEL_SEED runs that one alone and
// SCHAKEL_SEEDS sets how many are run.
#include <gtest/gtest.h>

#include <cstdlib>

#include "sim_world.h"

namespace schakel::testing {
namespace {

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value ? std::strtoull(value, nullptr, 10) : otherwise;
}

void RunSeed(std::uint64_t seed) {
  SCOPED_TRACE("SCHAKEL_SEED=" + std::to_string(seed));
  SimWorld world(seed);
  world.Work(std::chrono::seconds(15));
  EXPECT_EQ(world.Heal(), "");
  EXPECT_EQ(world.Check(), "");
}

TEST(AgentsAndHub, EverythingAcknowledgedIsInTheLogOnceAndAtEveryPermittedRecipient) {
  if (const std::uint64_t seed = FromEnvironment("SCHAKEL_SEED", 0)) return RunSeed(seed);
  const std::uint64_t seeds = FromEnvironment("SCHAKEL_SEEDS", 300);
  for (std::uint64_t seed = 1; seed <= seeds && !::testing::Test::HasFailure(); ++seed) RunSeed(seed);
}

}  // namespace
}  // namespace schakel::testing
