// Fixed-width fields of the files and values that the store writes: big endian, no padding.
#pragma once

#include <cstdint>

#include "protocol/bytes.h"

namespace schakel {

inline void PutU8(Bytes& to, std::uint8_t value) { to.push_back(value); }
inline void PutU32(Bytes& to, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) to.push_back(static_cast<std::uint8_t>(value >> shift));
}
inline void PutU64(Bytes& to, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) to.push_back(static_cast<std::uint8_t>(value >> shift));
}
inline void StoreU64(std::uint64_t value, std::uint8_t* to) {
  for (int i = 0; i < 8; ++i) to[i] = static_cast<std::uint8_t>(value >> (56 - 8 * i));
}
inline std::uint32_t LoadU32(const std::uint8_t* from) {
  return static_cast<std::uint32_t>(from[0]) << 24 | static_cast<std::uint32_t>(from[1]) << 16 |
         static_cast<std::uint32_t>(from[2]) << 8 | from[3];
}
inline std::uint64_t LoadU64(const std::uint8_t* from) {
  return static_cast<std::uint64_t>(LoadU32(from)) << 32 | LoadU32(from + 4);
}
// A number as a database key: byte order is numeric order.
using NumberKey = std::array<std::uint8_t, 8>;
inline NumberKey KeyOf(std::uint64_t number) {
  NumberKey key;
  StoreU64(number, key.data());
  return key;
}

// Reads fields in order from bytes that a disk handed back, so nothing about them is taken for granted. After the
// first read past the end, every read yields zeros and ok() is false: a format reads straight through, checks once.
class ByteReader {
 public:
  explicit ByteReader(ByteView bytes) : rest_(bytes) {}

  ByteView Take(std::size_t count) {
    if (count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    ByteView out = rest_.first(count);
    rest_ = rest_.subspan(count);
    return out;
  }
  template <std::size_t size>
  std::array<std::uint8_t, size> Fixed() {
    std::array<std::uint8_t, size> out{};
    ByteView bytes = Take(size);
    if (bytes.size() == size) std::memcpy(out.data(), bytes.data(), size);
    return out;
  }
  std::uint8_t U8() { return Fixed<1>()[0]; }
  std::uint32_t U32() { return LoadU32(Fixed<4>().data()); }
  std::uint64_t U64() { return LoadU64(Fixed<8>().data()); }
  ByteView Rest() { return Take(rest_.size()); }

  bool ok() const { return ok_; }
  bool AtEnd() const { return ok_ && rest_.empty(); }

 private:
  ByteView rest_;
  bool ok_ = true;
};

}  // namespace schakel
