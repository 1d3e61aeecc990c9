#include "plain_text.h"

#include <optional>
#include <utility>

namespace schakel {
namespace {

bool ShowsNothing(char32_t c) {
  return c == 0xAD || c == 0x34F || (c >= 0x300 && c <= 0x36F) || c == 0x180E || (c >= 0x1AB0 && c <= 0x1AFF) ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
         (c >= 0x20D0 && c <= 0x20FF) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE01EF);
}

// The letters of U+00C0 to U+017F, without their accents; '*': more than one letter, '=': no letter.
constexpr std::string_view kLatin =
    "AAAAAA*CEEEEIIIIDNOOOOO=OUUUUY**aaaaaa*ceeeeiiiidnooooo=ouuuuy*y"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi**JjKkkLlLlLlL"
    "lLlNnNnNnnNnOoOoOo**RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
static_assert(kLatin.size() == 0x180 - 0xC0);

struct LookAlike {
  char32_t as;
  char latin;
};
// Cyrillic and Greek letters that look Latin.
constexpr LookAlike kLookAlikes[] = {
    {0x430, 'a'}, {0x435, 'e'}, {0x43E, 'o'}, {0x440, 'p'}, {0x441, 'c'}, {0x443, 'y'}, {0x445, 'x'}, {0x456, 'i'},
    {0x458, 'j'}, {0x455, 's'}, {0x4BB, 'h'}, {0x501, 'd'}, {0x51B, 'q'}, {0x410, 'A'}, {0x412, 'B'}, {0x415, 'E'},
    {0x41A, 'K'}, {0x41C, 'M'}, {0x41D, 'H'}, {0x41E, 'O'}, {0x420, 'P'}, {0x421, 'C'}, {0x422, 'T'}, {0x425, 'X'},
    {0x406, 'I'}, {0x408, 'J'}, {0x405, 'S'}, {0x391, 'A'}, {0x392, 'B'}, {0x395, 'E'}, {0x396, 'Z'}, {0x397, 'H'},
    {0x399, 'I'}, {0x39A, 'K'}, {0x39C, 'M'}, {0x39D, 'N'}, {0x39F, 'O'}, {0x3A1, 'P'}, {0x3A4, 'T'}, {0x3A5, 'Y'},
    {0x3A7, 'X'}, {0x3BF, 'o'}, {0x3BD, 'v'}, {0x3B1, 'a'}, {0x3B9, 'i'}, {0x3C1, 'p'}, {0x131, 'i'}, {0x261, 'g'},
};

// The zeros of scripts whose ten digits stand in a row: Arabic, Persian, N'Ko, those of India, Thai, Lao, Tibetan,
// Burmese, Khmer, Mongolian.
constexpr char32_t kZeros[] = {0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66,  0xAE6,  0xB66,  0xBE6,  0xC66,
                               0xCE6, 0xD66, 0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1FBF0};

// Of a digit in any script, in a circle, raised or lowered: which; none: it is none.
std::optional<char> DigitOf(char32_t c) {
  const auto from = [&](char32_t first, char32_t digit) { return static_cast<char>('0' + digit + (c - first)); };
  for (const char32_t zero : kZeros) {
    if (c >= zero && c < zero + 10) return from(zero, 0);
  }
  if (c == 0xB2 || c == 0xB3) return from(0xB2, 2);
  if (c == 0xB9) return '1';
  if (c == 0x2070 || (c >= 0x2074 && c <= 0x2079)) return from(0x2070, 0);
  if (c >= 0x2080 && c <= 0x2089) return from(0x2080, 0);
  if (c >= 0x2460 && c <= 0x2468) return from(0x2460, 1);
  if (c == 0x24EA || c == 0x24FF) return '0';
  for (const char32_t one : {0x2776, 0x2780, 0x278A, 0x24F5}) {
    if (c >= one && c < one + 9) return from(one, 1);
  }
  if (c >= 0xFF10 && c <= 0xFF19) return from(0xFF10, 0);
  if (c >= 0x1D7CE && c <= 0x1D7FF) return static_cast<char>('0' + (c - 0x1D7CE) % 10);
  return std::nullopt;
}

// As a reader reads it; empty: it stays as it is.
std::string Plain(char32_t c) {
  if (c < 0x80) return std::string(1, static_cast<char>(c));
  if (const auto digit = DigitOf(c)) return std::string(1, *digit);
  if (c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000) return " ";
  if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212) return "-";
  if (c == 0x2018 || c == 0x2019 || c == 0x02BC) return "'";
  if (c == 0xB7 || c == 0x2022 || c == 0x2024 || c == 0x2027 || c == 0x30FB) return ".";
  if (c == 0xC6 || c == 0xE6) return "ae";
  if (c == 0xDE || c == 0xFE) return "th";
  if (c == 0xDF) return "ss";
  if (c == 0x132 || c == 0x133) return "ij";
  if (c == 0x152 || c == 0x153) return "oe";
  for (const LookAlike& one : kLookAlikes) {
    if (one.as == c) return std::string(1, one.latin);
  }
  if (c >= 0xC0 && c < 0x180) {
    const char plain = kLatin[c - 0xC0];
    return plain == '*' || plain == '=' ? std::string() : std::string(1, plain);
  }
  if (c >= 0xFF01 && c <= 0xFF5E) return std::string(1, static_cast<char>(c - 0xFF01 + '!'));
  if (c >= 0x1D400 && c <= 0x1D6A3) {
    const char32_t letter = (c - 0x1D400) % 52;
    return std::string(1, static_cast<char>(letter < 26 ? 'A' + letter : 'a' + letter - 26));
  }
  if (c >= 0x24B6 && c <= 0x24E9) {
    const char32_t letter = c - 0x24B6;
    return std::string(1, static_cast<char>(letter < 26 ? 'A' + letter : 'a' + letter - 26));
  }
  if (c == 0xFB01) return "fi";
  if (c == 0xFB02) return "fl";
  return {};
}

}  // namespace

std::pair<char32_t, std::size_t> CharacterAt(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const std::size_t size = byte(0) < 0x80 ? 1 : byte(0) >= 0xF0 ? 4 : byte(0) >= 0xE0 ? 3 : byte(0) >= 0xC0 ? 2 : 0;
  if (size < 2 || at + size > text.size()) return {byte(0), 1};
  char32_t c = byte(0) & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) c = (c << 6) | (byte(i) & 0x3FU);
  return {c, size};
}

Folded FoldPlain(std::string_view text) {
  Folded folded;
  for (std::size_t at = 0; at < text.size();) {
    const auto [c, size] = CharacterAt(text, at);
    if (!ShowsNothing(c)) {
      std::string plain = Plain(c);
      if (plain.empty()) plain = text.substr(at, size);
      for (char letter : plain) {
        const bool upper = letter >= 'A' && letter <= 'Z';
        folded.text += upper ? static_cast<char>(letter + 0x20) : letter;
        folded.upper.push_back(upper);
        folded.from.push_back(at);
        folded.to.push_back(at + size);
      }
    }
    at += size;
  }
  return folded;
}

}  // namespace schakel
