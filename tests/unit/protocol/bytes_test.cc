#include "protocol/bytes.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace schakel {
namespace {

TEST(Bytes, EqualComparesLengthAndContent) {
  const Bytes a{1, 2, 3};
  EXPECT_TRUE(Equal(a, Bytes{1, 2, 3}));
  EXPECT_FALSE(Equal(a, Bytes{1, 2}));
  EXPECT_FALSE(Equal(a, Bytes{1, 2, 4}));
  EXPECT_TRUE(Equal({}, {}));
}

TEST(Hex, IsLowerCaseAndReadsBothCases) {
  EXPECT_EQ(ToHex(Bytes{0x00, 0x9f, 0xab}), "009fab");
  EXPECT_EQ(ToHex({}), "");
  EXPECT_EQ(FromHex("009fAB"), (Bytes{0x00, 0x9f, 0xab}));
  EXPECT_EQ(FromHex(""), Bytes{});
}

TEST(Hex, RefusesWhatIsNotPairsOfDigits) {
  for (const char* text : {"0", "0g", "g0", "0x", " 00", "00 ", "0:", "/0", "@0", "`0"}) {
    EXPECT_EQ(FromHex(text), std::nullopt) << text;
  }
  EXPECT_EQ(FromHex(std::string_view("0\0", 2)), std::nullopt);
  EXPECT_EQ(FromHex("\xff\xff"), std::nullopt);
}

RC_GTEST_PROP(Hex, RoundTrips, (const Bytes& bytes)) { RC_ASSERT(FromHex(ToHex(bytes)) == bytes); }

TEST(Base64, MatchesTheVectorsOfRfc4648) {
  const struct {
    const char* plain;
    const char* text;
  } rows[] = {{"", ""},
              {"f", "Zg=="},
              {"fo", "Zm8="},
              {"foo", "Zm9v"},
              {"foob", "Zm9vYg=="},
              {"fooba", "Zm9vYmE="},
              {"foobar", "Zm9vYmFy"},
              {"\xfb\xff\xfe", "+//+"}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(ToBase64(AsBytes(row.plain)), row.text);
    const auto back = FromBase64(row.text);
    ASSERT_TRUE(back);
    EXPECT_EQ(AsText(*back), row.plain);
  }
}

TEST(Base64, RefusesEveryOtherSpelling) {
  const struct {
    const char* name;
    const char* text;
  } rows[] = {{"no padding", "Zg"},
              {"half the padding", "Zg="},
              {"too much padding", "Zg==="},
              {"only padding", "===="},
              {"three pads", "Z==="},
              {"padding inside", "Zg==Zm9v"},
              {"padding before a digit", "Zg=v"},
              {"unused bits with two pads", "Zh=="},
              {"unused bits with one pad", "Zm9="},
              {"space", "Zm9 "},
              {"newline", "Zm9v\n"},
              {"newline within", "Zm\n9"},
              {"URL alphabet", "-__-"},
              {"one digit", "Z"},
              {"high byte", "Zm9\xff"}};
  for (const auto& row : rows) EXPECT_EQ(FromBase64(row.text), std::nullopt) << row.name;
}

RC_GTEST_PROP(Base64, RoundTrips, (const Bytes& bytes)) { RC_ASSERT(FromBase64(ToBase64(bytes)) == bytes); }

// No two texts stand for the same bytes.
RC_GTEST_PROP(Base64, WhatDecodesReencodesTheSame, (const Bytes& bytes, std::uint8_t at, char replacement)) {
  std::string text = ToBase64(bytes);
  RC_PRE(!text.empty());
  text[at % text.size()] = replacement;
  const auto decoded = FromBase64(text);
  if (decoded) RC_ASSERT(ToBase64(*decoded) == text);
}

TEST(Utf8, CountsOfShortStringsAreThoseOfUnicode) {
  constexpr std::uint64_t kOne = 128;
  constexpr std::uint64_t kTwo = 0x800 - 0x80;
  constexpr std::uint64_t kThree = 0x10000 - 0x800 - 0x800;  // Without the surrogates.
  std::uint64_t valid_two = 0;
  std::uint64_t valid_three = 0;
  std::string text(3, '\0');
  for (unsigned a = 0; a < 256; ++a) {
    text[0] = static_cast<char>(a);
    for (unsigned b = 0; b < 256; ++b) {
      text[1] = static_cast<char>(b);
      valid_two += IsUtf8(std::string_view(text).substr(0, 2)) ? 1 : 0;
      for (unsigned c = 0; c < 256; ++c) {
        text[2] = static_cast<char>(c);
        valid_three += IsUtf8(text) ? 1 : 0;
      }
    }
  }
  EXPECT_EQ(valid_two, kOne * kOne + kTwo);
  EXPECT_EQ(valid_three, kOne * kOne * kOne + 2 * kOne * kTwo + kThree);
}

TEST(Utf8, KnowsTheEdgesOfFourByteForms) {
  EXPECT_TRUE(IsUtf8("\xf0\x90\x80\x80"));   // U+10000
  EXPECT_FALSE(IsUtf8("\xf0\x8f\xbf\xbf"));  // U+FFFF, overlong.
  EXPECT_TRUE(IsUtf8("\xf4\x8f\xbf\xbf"));   // U+10FFFF
  EXPECT_FALSE(IsUtf8("\xf4\x90\x80\x80"));  // U+110000
  EXPECT_FALSE(IsUtf8("\xf5\x80\x80\x80"));
  EXPECT_FALSE(IsUtf8("\xf1\x80\x80"));
  EXPECT_FALSE(IsUtf8("\xf1\x80\x80\x41"));
  EXPECT_FALSE(IsUtf8("\xf1\x80\x41\x80"));
}

TEST(Utf8, FindsAFaultAtAnyPlaceInLongText) {
  const std::string good(40, 'a');
  EXPECT_TRUE(IsUtf8(good));
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = '\x80';
    EXPECT_FALSE(IsUtf8(bad)) << i;
    bad.replace(i, 1, "\xc3\xab");
    EXPECT_TRUE(IsUtf8(bad)) << i;
  }
}

}  // namespace
}  // namespace schakel
