#include "protocol/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>

namespace schakel {
namespace {

TEST(Error, TextNamesRuleFieldAndNextStep) {
  EXPECT_EQ(ToText(Error{Code::kDenied, "record.signature", "header.author", "ask again"}),
            "record.signature (header.author): ask again");
  EXPECT_EQ(ToText(Error{Code::kDenied, "record.signature", "", "ask again"}), "record.signature: ask again");
  EXPECT_EQ(ToText(Error{Code::kDenied, "record.signature", "header.author", ""}), "record.signature (header.author)");
  EXPECT_EQ(ToText(Error{Code::kTampered, "", "", ""}), "tampered");
}

TEST(Code, NumbersAreFrozen) {
  EXPECT_EQ(static_cast<int>(Code::kInvalid), 1);
  EXPECT_EQ(static_cast<int>(Code::kLimit), 7);
  EXPECT_EQ(static_cast<int>(Code::kInternal), 13);
}

TEST(Code, EachHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int i = 1; i <= 13; ++i) names.insert(CodeName(static_cast<Code>(i)));
  EXPECT_EQ(names.size(), 13U);
  EXPECT_FALSE(names.contains("unknown"));
  EXPECT_EQ(CodeName(static_cast<Code>(200)), "unknown");
}

Status Refuse(bool refuse) {
  if (refuse) return Fail(Code::kLimit, "test.limit");
  return {};
}
Result<std::unique_ptr<int>> Make(int value) {
  if (value < 0) return Fail(Code::kInvalid, "test.negative");
  return std::make_unique<int>(value);
}
Result<int> Sum(int a, int b, bool refuse) {
  SCHAKEL_TRY(Refuse(refuse));
  SCHAKEL_ASSIGN(const std::unique_ptr<int> first, Make(a));
  SCHAKEL_ASSIGN(const std::unique_ptr<int> second, Make(b));
  return *first + *second;
}

TEST(Result, MacrosPassOnTheFirstError) {
  EXPECT_EQ(Sum(1, 2, false).value(), 3);
  EXPECT_EQ(Sum(-1, 2, true).error().rule, "test.limit");
  EXPECT_EQ(Sum(1, -2, false).error().rule, "test.negative");
}

TEST(AssertDeathTest, StaysOnAndNamesItsCondition) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  SCHAKEL_ASSERT(1 + 1 == 2);
  EXPECT_DEATH(SCHAKEL_ASSERT(1 + 1 == 3), "1 \\+ 1 == 3");
}

}  // namespace
}  // namespace schakel
