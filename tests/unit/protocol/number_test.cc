#include "protocol/number.h"

#include <gtest/gtest.h>

#include "support/builders.h"

namespace schakel::test {
namespace {

const Hash32 kKey = Filled<32>(0x4b);

TEST(NumberTest, OpensForWhoeverHasTheKeyOrTheOpening) {
  for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{300}, ~std::uint64_t{0}}) {
    const ClosedNumber closed = CloseNumber(kKey, kSchool, FeedPosition(7), number);
    const auto opening = OpenNumber(kKey, kSchool, FeedPosition(7), closed);
    ASSERT_TRUE(opening);
    EXPECT_EQ(opening->number, number);
    EXPECT_TRUE(Opens(*opening, closed));
    EXPECT_FALSE(Opens({number + 1, opening->blind}, closed));
  }
}

TEST(NumberTest, OpensForNobodyElseAndNowhereElse) {
  const ClosedNumber closed = CloseNumber(kKey, kSchool, FeedPosition(7), 3);
  EXPECT_FALSE(OpenNumber(Filled<32>(0x4c), kSchool, FeedPosition(7), closed));
  EXPECT_FALSE(OpenNumber(kKey, kPolice, FeedPosition(7), closed));
  EXPECT_FALSE(OpenNumber(kKey, kSchool, FeedPosition(8), closed));
  ClosedNumber changed = closed;
  changed.masked[7] ^= 1;
  EXPECT_FALSE(OpenNumber(kKey, kSchool, FeedPosition(7), changed));
}

// Two deliveries with the same number, or with the next: nobody can tell which.
TEST(NumberTest, LooksDifferentEachTime) {
  const ClosedNumber one = CloseNumber(kKey, kSchool, FeedPosition(7), 3);
  const ClosedNumber same = CloseNumber(kKey, kSchool, FeedPosition(8), 3);
  EXPECT_NE(one.masked, same.masked);
  EXPECT_NE(one.commitment, same.commitment);
}

TEST(NumberTest, KeyFollowsFromTheLogKeyAlone) {
  EXPECT_EQ(NumberKeyOf(HubLogKey()), NumberKeyOf(HubLogKey()));
  EXPECT_NE(NumberKeyOf(HubLogKey()), NumberKeyOf(SecretsOf(kSchool).record));
}

}  // namespace
}  // namespace schakel::test
