// Test vectors as they are printed.
#pragma once

#include <array>
#include <cstring>
#include <string_view>

#include "protocol/bytes.h"
#include "protocol/result.h"

namespace schakel::test {

// Asserts that `text` is hex: a typing error in a test, not a finding.
inline Bytes Hex(std::string_view text) {
  const auto bytes = FromHex(text);
  SCHAKEL_ASSERT(bytes.has_value());
  return *bytes;
}

template <std::size_t size>
std::array<std::uint8_t, size> HexArray(std::string_view text) {
  const Bytes bytes = Hex(text);
  SCHAKEL_ASSERT(bytes.size() == size);
  std::array<std::uint8_t, size> out;
  std::memcpy(out.data(), bytes.data(), size);
  return out;
}

}  // namespace schakel::test
