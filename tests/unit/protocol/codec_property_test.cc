// The codec against the library's own packer and unpacker, and against every small change.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <msgpack.hpp>

#include "protocol/codec.h"
#include "support/codec_values.h"
#include "support/codec_walk.h"

namespace schakel {
namespace {

using test::CodecStep;
using test::CodecSteps;
using test::CodecValues;
using test::DecodeAndReencode;
using test::Walk;

Bytes BytesOf(const msgpack::sbuffer& buffer) {
  return ToBytes(AsBytes(std::string_view(buffer.data(), buffer.size())));
}

Bytes PackWithLibrary(const CodecSteps& steps) {
  msgpack::sbuffer buffer;
  msgpack::packer packer(buffer);
  for (const CodecStep& step : steps) {
    const auto size = static_cast<std::uint32_t>(step.bytes.size());
    switch (step.kind) {
      case CodecStep::kUint:
        packer.pack(step.number);
        break;
      case CodecStep::kBool:
        packer.pack(step.number != 0);
        break;
      case CodecStep::kNil:
        packer.pack_nil();
        break;
      case CodecStep::kText:
        packer.pack_str(size).pack_str_body(step.bytes.data(), size);
        break;
      case CodecStep::kBinary:
        packer.pack_bin(size).pack_bin_body(step.bytes.data(), size);
        break;
      case CodecStep::kArray:
        packer.pack_array(static_cast<std::uint32_t>(step.number));
        break;
    }
  }
  return BytesOf(buffer);
}

bool IsOfTheSubset(const msgpack::object& object) {
  switch (object.type) {
    case msgpack::type::NIL:
    case msgpack::type::BOOLEAN:
    case msgpack::type::POSITIVE_INTEGER:
    case msgpack::type::BIN:
      return true;
    case msgpack::type::STR:
      return IsUtf8({object.via.str.ptr, object.via.str.size});
    case msgpack::type::ARRAY:
      return std::all_of(begin(object.via.array), end(object.via.array), IsOfTheSubset);
    default:
      return false;
  }
}

// The contract in other words: the library takes it, whole; all is of the subset; the library packs it the same.
bool IsCanonical(ByteView input) {
  try {
    std::size_t consumed = 0;
    const msgpack::object_handle handle =
        msgpack::unpack(reinterpret_cast<const char*>(input.data()), input.size(), consumed, nullptr, nullptr,
                        msgpack::unpack_limit(4096, 0, 1U << 20, 1U << 20, 0, 64));
    if (consumed != input.size() || !IsOfTheSubset(handle.get())) return false;
    msgpack::sbuffer buffer;
    msgpack::pack(buffer, handle.get());
    return Equal(BytesOf(buffer), input);
  } catch (const std::exception&) {
    return false;
  }
}

bool Accepts(ByteView input) { return DecodeAndReencode(input) == Walk::kSame; }

RC_GTEST_PROP(CodecProperty, EncodesAsTheLibraryPacks, (std::uint64_t seed)) {
  const CodecSteps steps = CodecValues(seed).Draw();
  RC_ASSERT(test::Encode(steps) == PackWithLibrary(steps));
}

RC_GTEST_PROP(CodecProperty, RoundTrips, (std::uint64_t seed)) {
  RC_ASSERT(Accepts(test::Encode(CodecValues(seed).Draw())));
}

RC_GTEST_PROP(CodecProperty, EveryStrictPrefixIsTruncated, (std::uint64_t seed)) {
  const Bytes whole = test::Encode(CodecValues(seed).Draw());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Decoder decoder(ByteView(whole).first(size));
    const Status status = decoder.Finish();
    RC_ASSERT(!status && status.error().rule == "codec.truncated");
  }
}

RC_GTEST_PROP(CodecProperty, EveryTrailingByteIsRefused, (std::uint64_t seed)) {
  Bytes input = test::Encode(CodecValues(seed).Draw());
  input.push_back(0);
  for (unsigned byte = 0; byte < 256; ++byte) {
    input.back() = static_cast<std::uint8_t>(byte);
    Decoder decoder(input);
    const Status status = decoder.Finish();
    RC_ASSERT(!status && status.error().rule == "codec.trailing");
  }
}

RC_GTEST_PROP(CodecProperty, EveryChangedByteFailsOrReencodesTheSame, (std::uint64_t seed)) {
  Bytes input = test::Encode(CodecValues(seed).Draw());
  input.resize(std::min<std::size_t>(input.size(), 200));  // Cut short it must fail, too; see above.
  for (std::size_t i = 0; i < input.size(); ++i) {
    const std::uint8_t original = input[i];
    for (unsigned byte = 0; byte < 256; ++byte) {
      input[i] = static_cast<std::uint8_t>(byte);
      RC_ASSERT(DecodeAndReencode(input) != Walk::kDifferent);
    }
    input[i] = original;
  }
}

RC_GTEST_PROP(CodecProperty, AcceptsJustWhatTheLibraryRepacksTheSame, (std::uint64_t seed)) {
  Bytes input = test::Encode(CodecValues(seed).Draw());
  RC_ASSERT(IsCanonical(input));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 200; ++i) {
    Bytes changed = input;
    const std::size_t at = random() % changed.size();
    changed[at] = static_cast<std::uint8_t>(random());
    if (random() % 4 == 0) changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(at), changed[at]);
    if (random() % 4 == 0) changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(random() % changed.size()));
    RC_ASSERT(Accepts(changed) == IsCanonical(changed));
  }
}

// Short inputs in full: each of the heads meets each first byte that can follow it.
TEST(CodecProperty, AllInputsOfUpToThreeBytesAgreeWithTheLibrary) {
  std::size_t accepted = 0;
  const auto check = [&](const Bytes& input) {
    const bool accepts = Accepts(input);
    accepted += accepts ? 1 : 0;
    ASSERT_EQ(accepts, IsCanonical(input)) << ToHex(input);
  };
  for (unsigned a = 0; a < 256; ++a) {
    const auto first = static_cast<std::uint8_t>(a);
    check({first});
    for (unsigned b = 0; b < 256; ++b) {
      const auto second = static_cast<std::uint8_t>(b);
      check({first, second});
      for (const unsigned c : {0x00U, 0x01U, 0x7fU, 0x80U, 0x90U, 0x91U, 0xa0U, 0xa1U, 0xbfU, 0xc0U, 0xc1U, 0xc4U,
                               0xccU, 0xd0U, 0xd9U, 0xdcU, 0xe0U, 0xffU}) {
        check({first, second, static_cast<std::uint8_t>(c)});
      }
    }
  }
  EXPECT_GT(accepted, 1000U);
}

}  // namespace
}  // namespace schakel
