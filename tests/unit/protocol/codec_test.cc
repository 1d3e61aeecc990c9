#include "protocol/codec.h"

#include <gtest/gtest.h>

#include "support/hex.h"

namespace schakel {
namespace {

using test::Hex;

std::string RuleOf(const Status& status) { return status ? "" : status.error().rule; }

// What the parser says of `input`, whatever a schema would make of it.
std::string ParseRule(ByteView input, const CodecLimits& limits = {}) {
  Decoder decoder(input, limits);
  decoder.Raw("value");
  return RuleOf(decoder.Finish());
}

enum class Mark : std::uint8_t { kFirst = 1, kLast = 3 };

TEST(Codec, WorkedExample) {
  Encoder encoder;
  encoder.Array(5).Uint(1).Text("ab").Binary(Hex("00ff")).Nil().Bool(true);
  EXPECT_EQ(ToHex(encoder.bytes()), "9501a26162c40200ffc0c3");

  Decoder decoder(encoder.bytes());
  decoder.Array(5, "example");
  EXPECT_EQ(decoder.Uint("number"), 1U);
  EXPECT_EQ(decoder.Text("text", 2), "ab");
  EXPECT_TRUE(Equal(decoder.Binary("binary", 2), Hex("00ff")));
  EXPECT_TRUE(decoder.Nil());
  EXPECT_TRUE(decoder.Bool("flag"));
  EXPECT_TRUE(decoder.Finish());
}

TEST(Codec, ReadsBackTypedValues) {
  const RecordId record(Id128{1, 2, 3});
  const KeyId key({9, 8, 7, 6, 5, 4, 3, 2});
  Encoder encoder;
  encoder.Array(6).Id(record).Id(key).Id(OrgId("stappen-gent")).Time(FromMillis(1795464900123)).Enum(Mark::kLast);
  encoder.Binary(Hex("aabbcc"));
  Decoder decoder(encoder.bytes());
  decoder.Array(6, "all");
  EXPECT_EQ(decoder.ReadId<RecordId>("record"), record);
  EXPECT_EQ(decoder.ReadKeyId("key"), key);
  EXPECT_EQ(decoder.ReadOrgId("organisation"), OrgId("stappen-gent"));
  EXPECT_EQ(decoder.Time("time"), FromMillis(1795464900123));
  EXPECT_EQ(decoder.Enum("mark", Mark::kFirst, Mark::kLast), Mark::kLast);
  EXPECT_EQ(decoder.Fixed<3>("fixed"), (std::array<std::uint8_t, 3>{0xaa, 0xbb, 0xcc}));
  EXPECT_TRUE(decoder.Finish());
}

// Each on both sides of where the encoding changes.
TEST(Codec, NumbersTakeTheirShortestForm) {
  const struct {
    std::uint64_t value;
    const char* hex;
  } rows[] = {{0, "00"},
              {127, "7f"},
              {128, "cc80"},
              {255, "ccff"},
              {256, "cd0100"},
              {65535, "cdffff"},
              {65536, "ce00010000"},
              {4294967295, "ceffffffff"},
              {4294967296, "cf0000000100000000"},
              {~std::uint64_t{0}, "cfffffffffffffffff"}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.hex);
    Encoder encoder;
    encoder.Uint(row.value);
    EXPECT_EQ(ToHex(encoder.bytes()), row.hex);
    Decoder decoder(encoder.bytes());
    EXPECT_EQ(decoder.Uint("value"), row.value);
    EXPECT_TRUE(decoder.Finish());
  }
}

TEST(Codec, SizesTakeTheirShortestForm) {
  const struct {
    std::size_t size;
    const char* text;
    const char* binary;
    const char* array;
  } rows[] = {{0, "a0", "c400", "90"},
              {15, "af", "c40f", "9f"},
              {16, "b0", "c410", "dc0010"},
              {31, "bf", "c41f", "dc001f"},
              {32, "d920", "c420", "dc0020"},
              {255, "d9ff", "c4ff", "dc00ff"},
              {256, "da0100", "c50100", "dc0100"},
              {65535, "daffff", "c5ffff", "dcffff"},
              {65536, "db00010000", "c600010000", "dd00010000"}};
  CodecLimits limits;
  limits.array_max = 65536;
  limits.items_max = 65537;
  for (const auto& row : rows) {
    SCOPED_TRACE(row.size);
    const auto head_of = [&](const Encoder& encoder) {
      return ToHex(ByteView(encoder.bytes()).first(encoder.bytes().size() - row.size));
    };
    Encoder text;
    text.Text(std::string(row.size, 'x'));
    EXPECT_EQ(head_of(text), row.text);
    EXPECT_EQ(Decoder(text.bytes()).Text("text", row.size).size(), row.size);

    Encoder binary;
    binary.Binary(Bytes(row.size, 'x'));
    EXPECT_EQ(head_of(binary), row.binary);
    EXPECT_EQ(Decoder(binary.bytes()).Binary("binary", row.size).size(), row.size);

    Encoder array;
    array.Array(row.size);
    for (std::size_t i = 0; i < row.size; ++i) array.Nil();
    EXPECT_EQ(head_of(array), row.array);
    EXPECT_EQ(Decoder(array.bytes(), limits).ArrayBetween(0, row.size, "array"), row.size);
  }
}

TEST(Codec, RefusesEveryOtherEncoding) {
  const struct {
    const char* name;
    const char* hex;
  } rows[] = {{"uint 8 of 0", "cc00"},
              {"uint 8 of 127", "cc7f"},
              {"uint 16 of 1", "cd0001"},
              {"uint 16 of 255", "cd00ff"},
              {"uint 32 of 65535", "ce0000ffff"},
              {"uint 64 of 32 bits", "cf00000000ffffffff"},
              {"uint 64 of 1", "cf0000000000000001"},
              {"int 8 of 5", "d005"},
              {"int 8 of 127", "d07f"},
              {"int 16 of 256", "d10100"},
              {"int 32 of 65536", "d200010000"},
              {"int 64 of 2^32", "d30000000100000000"},
              {"minus one", "ff"},
              {"minus 32", "e0"},
              {"int 8 of minus one", "d0ff"},
              {"int 64 of the least", "d38000000000000000"},
              {"str 8 of nothing", "d900"},
              {"str 8 of 1", "d90141"},
              {"str 16 of 1", "da000141"},
              {"str 32 of 1", "db0000000141"},
              {"bin 16 of nothing", "c50000"},
              {"bin 16 of 1", "c50001aa"},
              {"bin 32 of 1", "c600000001aa"},
              {"array 16 of nothing", "dc0000"},
              {"array 16 of 1", "dc000101"},
              {"array 32 of 1", "dd0000000101"},
              {"float 32", "ca3f800000"},
              {"float 64", "cb3ff0000000000000"},
              {"empty map", "80"},
              {"map of 1", "81a16101"},
              {"map 16", "de0001a16101"},
              {"map 32", "df00000001a16101"},
              {"largest map", "dfffffffff"},
              {"fixext 1", "d40100"},
              {"fixext 16", "d80100000000000000000000000000000000"},
              {"ext 8 of nothing", "c70001"},
              {"ext 8", "c7010100"},
              {"ext 16", "c800010100"},
              {"ext 32", "c9000000010100"},
              {"the byte that is never used", "c1"}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Bytes bare = Hex(row.hex);
    EXPECT_EQ(ParseRule(bare), "codec.canonical");
    EXPECT_EQ(Decoder(bare).Finish().error().code, Code::kInvalid);
    // Also where a decoder that has lost its place might let it through: behind other values.
    Bytes nested = Hex("9301d920" + std::string(64, '6'));
    Append(nested, bare);
    EXPECT_EQ(ParseRule(nested), "codec.canonical");
  }
}

TEST(Codec, RefusesTextThatIsNotUtf8) {
  for (const char* hex : {"a180", "a2c080", "a3eda080", "a4f4908080", "a2c341", "a1ff", "92a161a1c3"}) {
    EXPECT_EQ(ParseRule(Hex(hex)), "codec.utf8") << hex;
  }
  EXPECT_EQ(ParseRule(Hex("c401ff")), "");
  EXPECT_EQ(ParseRule(Hex("a100")), "");  // U+0000 is a character.
}

TEST(Codec, RefusesTruncatedAndTrailingBytes) {
  EXPECT_EQ(ParseRule({}), "codec.truncated");
  EXPECT_EQ(ParseRule(Hex("91")), "codec.truncated");
  EXPECT_EQ(ParseRule(Hex("cd01")), "codec.truncated");
  EXPECT_EQ(ParseRule(Hex("a261")), "codec.truncated");
  EXPECT_EQ(ParseRule(Hex("0101")), "codec.trailing");
  EXPECT_EQ(ParseRule(Hex("90c1")), "codec.trailing");
}

TEST(Codec, AnUnreadRestIsTrailing) {
  const Bytes input = Hex("920102");
  Decoder decoder(input);
  decoder.Array(2, "pair");
  decoder.Uint("first");
  EXPECT_TRUE(decoder.ok());
  EXPECT_EQ(RuleOf(decoder.Finish()), "codec.trailing");
}

TEST(Codec, LimitsHoldOnBothSides) {
  const Bytes nested = Hex("9192920102920304");  // Depth 3, 8 values.
  const Bytes wide = Hex("9401020304");
  const Bytes text = Hex("a3616263");
  const Bytes binary = Hex("c403616263");
  const struct {
    const char* name;
    const Bytes& input;
    std::size_t CodecLimits::* limit;
    std::size_t enough;
    const char* rule;
  } rows[] = {{"bytes", wide, &CodecLimits::bytes_max, 5, "codec.size"},
              {"depth", nested, &CodecLimits::depth_max, 3, "codec.depth"},
              {"array", wide, &CodecLimits::array_max, 4, "codec.count"},
              {"items", nested, &CodecLimits::items_max, 8, "codec.count"},
              {"items in one array", wide, &CodecLimits::items_max, 5, "codec.count"},
              {"text", text, &CodecLimits::string_bytes_max, 3, "codec.size"},
              {"binary", binary, &CodecLimits::binary_bytes_max, 3, "codec.size"}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    CodecLimits limits;
    limits.*row.limit = row.enough;
    EXPECT_EQ(ParseRule(row.input, limits), "");
    limits.*row.limit = row.enough - 1;
    EXPECT_EQ(ParseRule(row.input, limits), row.rule);
    EXPECT_EQ(Decoder(row.input, limits).Finish().error().code, Code::kLimit);
    limits.*row.limit = 0;
    EXPECT_EQ(ParseRule(row.input, limits), row.rule);
  }
}

TEST(Codec, DefaultLimitsAreThoseOfTheContract) {
  const auto rule_of = [](const Encoder& encoder) { return ParseRule(encoder.bytes()); };
  const auto array_of = [](std::size_t count) {
    Encoder encoder;
    encoder.Array(count);
    for (std::size_t i = 0; i < count; ++i) encoder.Nil();
    return encoder;
  };
  EXPECT_EQ(rule_of(array_of(1024)), "");
  EXPECT_EQ(rule_of(array_of(1025)), "codec.count");
  EXPECT_EQ(rule_of(Encoder().Text(std::string(65536, 'a'))), "");
  EXPECT_EQ(rule_of(Encoder().Text(std::string(65537, 'a'))), "codec.size");
  EXPECT_EQ(rule_of(Encoder().Binary(Bytes((1U << 20) - 5))), "");
  EXPECT_EQ(rule_of(Encoder().Binary(Bytes((1U << 20) - 4))), "codec.size");
  EXPECT_EQ(ParseRule(Hex("919191919191919101")), "");
  EXPECT_EQ(ParseRule(Hex("91919191919191919101")), "codec.depth");
}

TEST(Codec, BombsAreRefusedAtTheirFirstBytes) {
  EXPECT_EQ(ParseRule(Hex("ddffffffff")), "codec.count");
  EXPECT_EQ(ParseRule(Hex("dcffff")), "codec.count");
  EXPECT_EQ(ParseRule(Hex("dbffffffff")), "codec.truncated");
  EXPECT_EQ(ParseRule(Hex("c6ffffffff")), "codec.truncated");
  EXPECT_EQ(ParseRule(Hex("c9ffffffff")), "codec.truncated");
  EXPECT_EQ(ParseRule(Bytes(1U << 20, 0x91)), "codec.depth");
  EXPECT_EQ(ParseRule(Bytes(1U << 20, 0x9f)), "codec.depth");
  EXPECT_EQ(ParseRule(Bytes((1U << 20) + 1, 0x91)), "codec.size");

  // No array is too long, but all together are.
  Encoder wide;
  wide.Array(1024);
  for (int i = 0; i < 1024; ++i) {
    wide.Array(1000);
    for (int k = 0; k < 1000; ++k) wide.Nil();
  }
  CodecLimits limits;
  limits.bytes_max = wide.bytes().size();
  EXPECT_EQ(ParseRule(wide.bytes(), limits), "codec.count");
}

TEST(Codec, SchemaErrorsNameTheField) {
  const struct {
    const char* name;
    const char* hex;
    void (*read)(Decoder&);
    Code code;
    const char* rule;
  } rows[] = {
      {"text for a number", "a161", [](Decoder& d) { d.Uint("f"); }, Code::kInvalid, "codec.type"},
      {"number for a text", "01", [](Decoder& d) { d.Text("f", 9); }, Code::kInvalid, "codec.type"},
      {"binary for a text", "c40161", [](Decoder& d) { d.Text("f", 9); }, Code::kInvalid, "codec.type"},
      {"text for a binary", "a161", [](Decoder& d) { d.Binary("f", 9); }, Code::kInvalid, "codec.type"},
      {"number for a bool", "01", [](Decoder& d) { d.Bool("f"); }, Code::kInvalid, "codec.type"},
      {"nil for a number", "c0", [](Decoder& d) { d.Uint("f"); }, Code::kInvalid, "codec.type"},
      {"number for an array", "01", [](Decoder& d) { d.Array(1, "f"); }, Code::kInvalid, "codec.type"},
      {"array for a number", "9101", [](Decoder& d) { d.Uint("f"); }, Code::kInvalid, "codec.type"},
      {"array too short", "9101", [](Decoder& d) { d.Array(2, "f"); }, Code::kInvalid, "codec.type"},
      {"array too long", "920101", [](Decoder& d) { d.Array(1, "f"); }, Code::kInvalid, "codec.type"},
      {"fewer than the least", "9101", [](Decoder& d) { d.ArrayBetween(2, 3, "f"); }, Code::kInvalid, "codec.type"},
      {"more than the most", "9101", [](Decoder& d) { d.ArrayBetween(0, 0, "f"); }, Code::kInvalid, "codec.type"},
      {"number too large", "0b", [](Decoder& d) { d.Uint("f", 10); }, Code::kInvalid, "codec.type"},
      {"text too long", "a26161", [](Decoder& d) { d.Text("f", 1); }, Code::kLimit, "codec.size"},
      {"binary too long", "c4026161", [](Decoder& d) { d.Binary("f", 1); }, Code::kLimit, "codec.size"},
      {"fixed too short", "c40161", [](Decoder& d) { d.Fixed<2>("f"); }, Code::kInvalid, "codec.type"},
      {"fixed too long", "c403616161", [](Decoder& d) { d.Fixed<2>("f"); }, Code::kLimit, "codec.size"},
      {"enum too small", "00", [](Decoder& d) { d.Enum("f", Mark::kFirst, Mark::kLast); }, Code::kInvalid,
       "codec.type"},
      {"enum too large", "04", [](Decoder& d) { d.Enum("f", Mark::kFirst, Mark::kLast); }, Code::kInvalid,
       "codec.type"},
      {"not an organisation", "a141", [](Decoder& d) { d.ReadOrgId("f"); }, Code::kInvalid, "id.organisation"},
      {"after the year 9999", "cf0000e677d21fdc00", [](Decoder& d) { d.Time("f"); }, Code::kInvalid, "codec.type"},
      {"past the end", "01", [](Decoder& d) { d.Uint("a"), d.Uint("f"); }, Code::kInvalid, "codec.type"},
      {"raw past the end", "01", [](Decoder& d) { d.Uint("a"), d.Raw("f"); }, Code::kInvalid, "codec.type"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Bytes input = Hex(row.hex);
    Decoder decoder(input);
    ASSERT_TRUE(decoder.ok());
    row.read(decoder);
    const Status status = decoder.Finish();
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, row.code);
    EXPECT_EQ(status.error().rule, row.rule);
    EXPECT_EQ(status.error().field, "f");
    EXPECT_NE(status.error().next, "");
  }
}

TEST(Codec, TimeReachesTheEndOfTheYear9999) {
  const Bytes input = Hex("cf0000e677d21fdbff");
  EXPECT_EQ(ToText(Decoder(input).Time("time")), "9999-12-31T23:59:59.999Z");
}

TEST(Codec, AfterTheFirstErrorAllReadsYieldNothing) {
  const Bytes input = Hex("9801a161c40161c30000c404616161619101");
  Decoder decoder(input);
  decoder.Array(8, "all");
  decoder.FailWith(Code::kDenied, "test.rule", "first");
  EXPECT_EQ(decoder.Uint("a"), 0U);
  EXPECT_EQ(decoder.Text("b", 9), "");
  EXPECT_TRUE(decoder.Binary("c", 9).empty());
  EXPECT_FALSE(decoder.Bool("d"));
  EXPECT_EQ(decoder.Time("e"), Timestamp{});
  EXPECT_EQ(decoder.Enum("f", Mark::kFirst, Mark::kLast), Mark::kFirst);
  EXPECT_EQ(decoder.Fixed<4>("g"), (std::array<std::uint8_t, 4>{}));
  EXPECT_EQ(decoder.ArrayBetween(0, 9, "h"), 0U);
  EXPECT_FALSE(decoder.Nil());
  EXPECT_TRUE(decoder.Raw("i").empty());
  EXPECT_EQ(decoder.ReadOrgId("j"), OrgId());
  const Status status = decoder.Finish();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().rule, "test.rule");
  EXPECT_EQ(status.error().field, "first");
}

TEST(Codec, ABrokenInputYieldsNothingFromTheStart) {
  const Bytes input = Hex("9201c1");
  Decoder decoder(input);
  EXPECT_FALSE(decoder.ok());
  EXPECT_EQ(decoder.ArrayBetween(0, 9, "all"), 0U);
  EXPECT_EQ(decoder.Uint("number"), 0U);
  EXPECT_EQ(RuleOf(decoder.Finish()), "codec.canonical");
}

TEST(Codec, NilIsPassedOnlyIfItIsThere) {
  const Bytes input = Hex("92c001");
  Decoder decoder(input);
  EXPECT_FALSE(decoder.Nil());
  decoder.Array(2, "pair");
  EXPECT_TRUE(decoder.Nil());
  EXPECT_FALSE(decoder.Nil());
  EXPECT_EQ(decoder.Uint("number"), 1U);
  EXPECT_FALSE(decoder.Nil());
  EXPECT_TRUE(decoder.Finish());
}

TEST(Codec, RawIsTheValueWithAllItHolds) {
  Encoder inner;
  inner.Array(3).Text("a").Array(2).Uint(300).Nil().Binary(Hex("01"));
  Encoder outer;
  outer.Array(4).Uint(7).Raw(inner.bytes()).Array(0).Text("end");
  Decoder decoder(outer.bytes());
  decoder.Array(4, "outer");
  EXPECT_EQ(ToHex(decoder.Raw("number")), "07");
  EXPECT_EQ(ToHex(decoder.Raw("inner")), ToHex(inner.bytes()));
  EXPECT_EQ(ToHex(decoder.Raw("empty")), "90");
  EXPECT_EQ(ToHex(decoder.Raw("last")), "a3656e64");
  EXPECT_TRUE(decoder.Finish());

  Decoder whole(outer.bytes());
  EXPECT_TRUE(Equal(whole.Raw("all"), outer.bytes()));
  EXPECT_TRUE(whole.Finish());
}

TEST(Codec, ViewsPointIntoTheInput) {
  const Bytes input = Hex("92a3616263c403616263");
  Decoder decoder(input);
  decoder.Array(2, "pair");
  EXPECT_EQ(static_cast<const void*>(decoder.Text("text", 3).data()), input.data() + 2);
  EXPECT_EQ(decoder.Binary("binary", 3).data(), input.data() + 7);
}

}  // namespace
}  // namespace schakel
