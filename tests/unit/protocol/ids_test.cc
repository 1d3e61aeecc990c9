#include "protocol/ids.h"

#include <gtest/gtest.h>

#include <limits>

namespace schakel {
namespace {

static_assert(!std::is_convertible_v<std::string, OrgId>);
static_assert(!std::is_convertible_v<TrajectoryId, RecordId> && !std::is_constructible_v<RecordId, TrajectoryId>);
static_assert(!std::is_convertible_v<Sequence, std::uint64_t>);

TEST(OrgId, FollowsItsRule) {
  const struct {
    const char* name;
    std::string text;
    bool want;
  } rows[] = {{"usual", "stappen-gent", true},
              {"digits", "caw9000", true},
              {"digit first", "1712", true},
              {"shortest", "ab", true},
              {"too short", "a", false},
              {"empty", "", false},
              {"longest", std::string(40, 'a'), true},
              {"too long", std::string(41, 'a'), false},
              {"hyphen first", "-ab", false},
              {"hyphen last", "ab-", false},
              {"two hyphens inside", "a--b", true},
              {"only hyphens", "--", false},
              {"capital", "Stappen", false},
              {"space", "a b", false},
              {"underscore", "a_b", false},
              {"dot", "a.b", false},
              {"accent", "caf\xc3\xa9", false},
              {"before a", "a`", false},
              {"after z", "a{", false},
              {"before 0", "a/", false},
              {"after 9", "a:", false}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto id = ParseOrgId(row.text);
    EXPECT_EQ(id.has_value(), row.want);
    if (id) {
      EXPECT_EQ(id->value(), row.text);
    } else {
      EXPECT_EQ(id.error().code, Code::kInvalid);
      EXPECT_EQ(id.error().rule, "id.organisation");
    }
  }
  EXPECT_FALSE(ParseOrgId(std::string_view("ab\0", 3)));
}

TEST(Id128, TextIsThirtyTwoHexDigits) {
  const auto id = ParseId<RecordId>("000102030405060708090a0b0c0d0e0f");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->value()[15], 15);
  EXPECT_EQ(ToText(*id), "000102030405060708090a0b0c0d0e0f");
  EXPECT_FALSE(IsNone(*id));
  EXPECT_TRUE(IsNone(RecordId{}));
  EXPECT_EQ(ParseId<RecordId>("000102030405060708090a0b0c0d0e").error().rule, "id.hex");
  EXPECT_EQ(ParseId<RecordId>("000102030405060708090a0b0c0d0e0f10").error().rule, "id.hex");
  EXPECT_EQ(ParseId<RecordId>("000102030405060708090a0b0c0d0e0x").error().rule, "id.hex");
}

TEST(Sequence, NextFollows) {
  EXPECT_EQ(Next(Sequence(0)), Sequence(1));
  EXPECT_EQ(Next(FeedPosition(41)), FeedPosition(42));
  EXPECT_LT(Sequence(1), Next(Sequence(1)));
}

TEST(SequenceDeathTest, HasNoSuccessorAtTheEnd) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(Next(Sequence(std::numeric_limits<std::uint64_t>::max())), "assertion failed");
}

}  // namespace
}  // namespace schakel
