// Words that no file has by chance, in all the shapes in which they could leak, and a search of every byte for them.
#pragma once

#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/crypto.h"
#include "support/process.h"

namespace schakel::testing {

inline std::string Utf16(ByteView bytes, bool big_endian) {
  std::string out;
  for (const std::uint8_t byte : bytes) {
    if (big_endian) out.push_back('\0');
    out.push_back(static_cast<char>(byte));
    if (!big_endian) out.push_back('\0');
  }
  return out;
}

// At least six bytes, so that each shape is long enough to be looked for.
inline std::vector<std::string> ShapesOf(ByteView bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::vector<std::string> shapes{std::string(AsText(bytes)), ToHex(bytes), Utf16(bytes, false), Utf16(bytes, true)};
  std::string upper = shapes[1];
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  shapes.push_back(upper);
  shapes.emplace_back(shapes[0].rbegin(), shapes[0].rend());
  std::string percent, json;
  for (const std::uint8_t byte : bytes) {
    const std::string hex{kHex[byte >> 4], kHex[byte & 15]};
    const bool plain = byte > 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
    percent += std::isalnum(byte) != 0 || byte == '-' ? std::string(1, static_cast<char>(byte)) : "%" + hex;
    json += plain || byte == ' ' ? std::string(1, static_cast<char>(byte)) : "\\u00" + hex;
  }
  shapes.insert(shapes.end(), {percent, json});
  // Base64 as it would look with 0, 1 or 2 bytes before it; what depends on the neighbours is left out.
  for (std::size_t before = 0; before < 3; ++before) {
    Bytes padded(before, 0);
    Append(padded, bytes);
    const std::string text = ToBase64(padded);
    const std::size_t begin = before == 0 ? 0 : 4;
    std::string inner = text.substr(begin, padded.size() / 3 * 4 - begin);
    shapes.push_back(inner);
    for (char& c : inner) c = c == '+' ? '-' : c == '/' ? '_' : c;
    shapes.push_back(inner);
  }
  return shapes;
}

// Looks for many words at once: one pass over the bytes, however many there are.
class CanarySearch {
 public:
  explicit CanarySearch(const std::vector<Bytes>& words) {
    for (const Bytes& word : words) {
      for (std::string& shape : ShapesOf(word)) {
        starts_.emplace(StartOf(shape.data()), shapes_.size());
        maybe_[StartOf(shape.data()) & kMask] = true;
        shapes_.push_back(std::move(shape));
      }
    }
  }
  std::vector<std::string> FindIn(std::string_view text) const {
    std::vector<std::string> found;
    for (std::size_t at = 0; at + sizeof(std::uint32_t) <= text.size(); ++at) {
      const std::uint32_t start = StartOf(text.data() + at);
      if (!maybe_[start & kMask]) continue;
      const auto [first, last] = starts_.equal_range(start);
      for (auto one = first; one != last; ++one) {
        if (text.substr(at).starts_with(shapes_[one->second])) found.push_back(shapes_[one->second]);
      }
    }
    return found;
  }
  // In any file below `folder`, or in a file's name. Counts what it looked through.
  std::vector<std::string> FindBelow(const std::filesystem::path& folder) {
    std::vector<std::string> found;
    for (const auto& item : std::filesystem::recursive_directory_iterator(folder)) {
      const std::string name = item.path().filename().string();
      std::string text = name;
      if (item.is_regular_file()) text += '\n' + ReadFile(item.path());
      bytes += text.size();
      for (const std::string& shape : FindIn(text)) found.push_back(name + ": " + shape);
    }
    return found;
  }

  std::size_t bytes = 0;

 private:
  static constexpr std::uint32_t kMask = 0xFFFF;
  static std::uint32_t StartOf(const char* text) {
    std::uint32_t start = 0;
    std::memcpy(&start, text, sizeof start);
    return start ^ (start >> 16 << 3);
  }
  std::vector<std::string> shapes_;
  std::unordered_multimap<std::uint32_t, std::size_t> starts_;
  std::vector<bool> maybe_ = std::vector<bool>(kMask + 1);
};

}  // namespace schakel::testing
