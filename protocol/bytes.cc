#include "protocol/bytes.h"

namespace schakel {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 0xff;

using DigitTable = std::array<std::uint8_t, 256>;

constexpr DigitTable TableOf(std::string_view digits) {
  DigitTable table{};
  for (std::uint8_t& value : table) value = kNoDigit;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    table[static_cast<std::uint8_t>(digits[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}

constexpr DigitTable HexTable() {
  DigitTable table = TableOf(kHexDigits);
  for (std::uint8_t i = 0; i < 6; ++i) table[static_cast<std::size_t>('A') + i] = static_cast<std::uint8_t>(10 + i);
  return table;
}

constexpr DigitTable kHexValues = HexTable();
constexpr DigitTable kBase64Values = TableOf(kBase64Digits);

std::uint8_t ValueOf(const DigitTable& table, char digit) { return table[static_cast<std::uint8_t>(digit)]; }

// The length of the UTF-8 sequence that starts at `at`, or 0 (Unicode 15, table 3-7).
std::size_t Utf8SequenceLength(const std::uint8_t* at, std::size_t left) {
  const auto continues = [&](std::size_t i, std::uint8_t low = 0x80, std::uint8_t high = 0xbf) {
    return i < left && at[i] >= low && at[i] <= high;
  };
  const std::uint8_t lead = at[0];
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;  // A continuation byte, or an overlong form.
  if (lead < 0xe0) return continues(1) ? 2 : 0;
  if (lead < 0xf0) {
    const std::uint8_t low = lead == 0xe0 ? 0xa0 : 0x80;   // Overlong below.
    const std::uint8_t high = lead == 0xed ? 0x9f : 0xbf;  // Surrogates above.
    return continues(1, low, high) && continues(2) ? 3 : 0;
  }
  if (lead < 0xf5) {
    const std::uint8_t low = lead == 0xf0 ? 0x90 : 0x80;
    const std::uint8_t high = lead == 0xf4 ? 0x8f : 0xbf;  // U+10FFFF is the last.
    return continues(1, low, high) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool IsOneLine(std::string_view utf8) {
  const ByteView bytes = AsBytes(utf8);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint8_t next = i + 1 < bytes.size() ? bytes[i + 1] : 0;
    const std::uint8_t last = i + 2 < bytes.size() ? bytes[i + 2] : 0;
    if (bytes[i] < 0x20 || bytes[i] == 0x7f) return false;
    if (bytes[i] == 0xc2 && next < 0xa0) return false;                                   // C1.
    if (bytes[i] == 0xe2 && next == 0x80 && last >= 0xa8 && last <= 0xae) return false;  // U+2028 to U+202E.
    if (bytes[i] == 0xe2 && next == 0x81 && last >= 0xa6 && last <= 0xa9) return false;  // U+2066 to U+2069.
  }
  return true;
}

bool IsUtf8(std::string_view text) {
  const ByteView bytes = AsBytes(text);
  std::size_t i = 0;
  while (i < bytes.size()) {
    // Most text is ASCII: eight bytes at a time.
    std::uint64_t block;
    if (bytes.size() - i >= sizeof block) {
      std::memcpy(&block, bytes.data() + i, sizeof block);
      if ((block & 0x8080808080808080U) == 0) {
        i += sizeof block;
        continue;
      }
    }
    const std::size_t length = Utf8SequenceLength(bytes.data() + i, bytes.size() - i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::string ToHex(ByteView bytes) {
  std::string text(bytes.size() * 2, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text[2 * i] = kHexDigits[bytes[i] >> 4];
    text[2 * i + 1] = kHexDigits[bytes[i] & 15];
  }
  return text;
}

std::optional<Bytes> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes bytes(text.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint8_t high = ValueOf(kHexValues, text[2 * i]);
    const std::uint8_t low = ValueOf(kHexValues, text[2 * i + 1]);
    if (high == kNoDigit || low == kNoDigit) return std::nullopt;
    bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return bytes;
}

std::string ToBase64(ByteView bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    std::uint32_t group = std::uint32_t{bytes[i]} << 16;
    if (left > 1) group |= std::uint32_t{bytes[i + 1]} << 8;
    if (left > 2) group |= bytes[i + 2];
    text.push_back(kBase64Digits[group >> 18]);
    text.push_back(kBase64Digits[group >> 12 & 63]);
    text.push_back(left > 1 ? kBase64Digits[group >> 6 & 63] : '=');
    text.push_back(left > 2 ? kBase64Digits[group & 63] : '=');
  }
  return text;
}

std::optional<Bytes> FromBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  if (text.ends_with("==")) {
    padding = 2;
  } else if (text.ends_with('=')) {
    padding = 1;
  }
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::size_t digits = i + 4 == text.size() ? 4 - padding : 4;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const std::uint8_t value = k < digits ? ValueOf(kBase64Values, text[i + k]) : std::uint8_t{0};
      if (value == kNoDigit) return std::nullopt;
      group = group << 6 | value;
    }
    // Bits that no byte uses must be zero, or two texts would stand for the same bytes.
    if ((digits == 2 && (group & 0xffff) != 0) || (digits == 3 && (group & 0xff) != 0)) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(group >> 16));
    if (digits > 2) bytes.push_back(static_cast<std::uint8_t>(group >> 8 & 0xff));
    if (digits > 3) bytes.push_back(static_cast<std::uint8_t>(group & 0xff));
  }
  return bytes;
}

}  // namespace schakel
