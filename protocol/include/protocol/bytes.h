// Byte strings and their text forms.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace schakel {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using Hash32 = std::array<std::uint8_t, 32>;

inline ByteView AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view AsText(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
inline Bytes ToBytes(ByteView view) { return {view.begin(), view.end()}; }
inline void Append(Bytes& to, ByteView from) { to.insert(to.end(), from.begin(), from.end()); }
inline bool Equal(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

// Lower case, without separators.
std::string ToHex(ByteView bytes);
// Accepts both cases; nothing if `text` is not an even number of hex digits.
std::optional<Bytes> FromHex(std::string_view text);

// RFC 4648 section 4, with padding.
std::string ToBase64(ByteView bytes);
// Strict: padding required, no white space, unused bits zero.
std::optional<Bytes> FromBase64(std::string_view text);

// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsUtf8(std::string_view text);
// Of well-formed UTF-8: nothing in it breaks a line, moves a cursor or turns the direction of writing, so that what is
// shown beside it on a screen stays what it is (C0, DEL, C1, U+2028 and U+2029, U+202A to U+202E, U+2066 to U+2069).
bool IsOneLine(std::string_view utf8);

}  // namespace schakel
