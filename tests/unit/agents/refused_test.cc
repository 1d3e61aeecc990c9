// What the log tells of what comes in bursts: not every one, but how many there were.
#include "api/refused.h"

#include <gtest/gtest.h>

namespace schakel {
namespace {

using std::chrono::milliseconds;

TEST(RefusedTest, ABurstIsToldWholeWhetherOrNotAnotherFollows) {
  const Refused::Time start{std::chrono::hours(1)};
  Refused refused;
  EXPECT_EQ(refused.Count("a", start), 1U);
  EXPECT_FALSE(refused.waiting());
  EXPECT_EQ(refused.Count("a", start), std::nullopt);
  EXPECT_EQ(refused.Count("a", start + milliseconds(999)), std::nullopt);
  EXPECT_EQ(refused.Count("b", start + milliseconds(999)), 1U) << "another reason has a line of its own";
  EXPECT_TRUE(refused.waiting());
  EXPECT_EQ(refused.Due(start + milliseconds(999)), Refused::Counts{});
  EXPECT_EQ(refused.Due(start + milliseconds(1000)), (Refused::Counts{{"a", 2}}));
  EXPECT_FALSE(refused.waiting());
  // The line that was just written counts as the last one.
  EXPECT_EQ(refused.Count("a", start + milliseconds(1500)), std::nullopt);
  EXPECT_EQ(refused.Count("a", start + milliseconds(2000)), 2U) << "those that waited, and this one";
}

TEST(RefusedTest, AtTheEndNothingIsLeftUntold) {
  const Refused::Time start{std::chrono::hours(1)};
  Refused refused;
  for (int i = 0; i < 3; ++i) refused.Count("a", start);
  for (int i = 0; i < 2; ++i) refused.Count("b", start);
  EXPECT_EQ(refused.Left(), (Refused::Counts{{"a", 2}, {"b", 1}}));
  EXPECT_EQ(refused.Left(), Refused::Counts{});
}

}  // namespace
}  // namespace schakel
