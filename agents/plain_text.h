// Text as a reader reads it, for comparing: whoever hides a word behind look-alikes, accents or invisible characters
// still wrote it. Lower case; Latin letters without their accents; full-width, mathematical and look-alike letters as
// the Latin ones; digits of any script as ours; what shows nothing is gone.
//
// Threads: pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace schakel {

struct Folded {
  std::string text;
  std::vector<std::size_t> from;  // Of each byte of `text`: where its character stands in the original.
  std::vector<std::size_t> to;    // And where that ends.
  std::vector<bool> upper;        // Whether it was a capital.
};
Folded FoldPlain(std::string_view text);

// One character of UTF-8, and how many bytes it takes. What is none counts as one byte of itself.
std::pair<char32_t, std::size_t> CharacterAt(std::string_view text, std::size_t at);

inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }
// Letters and whatever is not ASCII: names have accents.
inline bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z' ? true : byte >= 0x80;
}

}  // namespace schakel
