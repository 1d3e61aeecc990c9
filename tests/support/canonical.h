// What holds of every encoding: no prefix of it decodes, and a changed byte is refused or means something else that
// has these very bytes as its encoding.
#pragma once

#include <gtest/gtest.h>

#include "support/reencode.h"

namespace schakel::test {

inline void ExpectCanonical(const Bytes& bytes, Reencode reencode) {
  const auto again = reencode(bytes);
  ASSERT_TRUE(again.has_value()) << "refused: " << ToHex(bytes);
  ASSERT_EQ(ToHex(*again), ToHex(bytes));

  // Long runs of payload bytes differ in nothing: near the ends of the input every byte, further in every `stride`th.
  const std::size_t stride = bytes.size() < 2000 ? 1 : 7;
  const auto step = [&](std::size_t i) { return i < 600 || i + 100 > bytes.size() ? 1 : stride; };
  for (std::size_t size = 0; size < bytes.size(); size += step(size)) {
    ASSERT_FALSE(reencode(ByteView(bytes).first(size)).has_value()) << "a prefix of " << size << " bytes decodes";
  }
  Bytes longer = bytes;
  longer.push_back(0);
  ASSERT_FALSE(reencode(longer).has_value()) << "a byte too many is accepted";

  Bytes mutated = bytes;
  for (std::size_t i = 0; i < bytes.size(); i += step(i)) {
    for (const int change : {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x0f, 0xff}) {
      mutated[i] = static_cast<std::uint8_t>(bytes[i] ^ change);
      const auto other = reencode(mutated);
      if (other) {
        ASSERT_EQ(ToHex(*other), ToHex(mutated)) << "byte " << i;
      }
    }
    mutated[i] = bytes[i];
  }
}

}  // namespace schakel::test
