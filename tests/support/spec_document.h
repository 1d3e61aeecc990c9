// What a document holds for a machine to check: fenced blocks named after their language, as in
//   ```hex header-note
//   9e  # header
//   ```
// and tables that follow a mark, as in <!-- table: purposes -->.
#pragma once

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/result.h"

namespace schakel::test {

// A stretch of the document: its text is text.substr(begin, size).
struct Stretch {
  std::string language;  // "hex", "text", "values"; "table".
  std::string name;
  std::size_t begin = 0;
  std::size_t size = 0;
};

class SpecDocument {
 public:
  explicit SpecDocument(std::string text) : text_(std::move(text)) { FindStretches(); }

  static SpecDocument Read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return SpecDocument(std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()));
  }

  const std::string& text() const { return text_; }
  const std::vector<Stretch>& stretches() const { return stretches_; }
  std::string TextOf(const Stretch& stretch) const { return text_.substr(stretch.begin, stretch.size); }
  const Stretch* Find(std::string_view language, std::string_view name) const {
    for (const Stretch& stretch : stretches_) {
      if (stretch.language == language && stretch.name == name) return &stretch;
    }
    return nullptr;
  }
  void Replace(std::string_view language, std::string_view name, const std::string& with) {
    const Stretch* stretch = Find(language, name);
    SCHAKEL_ASSERT(stretch != nullptr);
    text_.replace(stretch->begin, stretch->size, with);
    FindStretches();
  }

  // The bytes of a hex block: what stands before each '#', with <name> for those of another block.
  std::optional<Bytes> BytesOf(const Stretch& stretch, int depth = 0) const {
    if (depth > 8) return std::nullopt;  // A circle.
    Bytes out;
    for (const std::string& word : Words(TextOf(stretch))) {
      if (word.starts_with('<') && word.ends_with('>')) {
        const Stretch* other = Find("hex", word.substr(1, word.size() - 2));
        if (!other) other = Find("text", word.substr(1, word.size() - 2));
        if (!other) return std::nullopt;
        if (other->language == "text") {
          Append(out, AsBytes(TextOf(*other)));
          continue;
        }
        const auto bytes = BytesOf(*other, depth + 1);
        if (!bytes) return std::nullopt;
        Append(out, *bytes);
      } else {
        const auto bytes = FromHex(word);
        if (!bytes) return std::nullopt;
        Append(out, *bytes);
      }
    }
    return out;
  }
  // "name = hex", a line each.
  static std::map<std::string, std::string> ValuesOf(const std::string& text) {
    std::map<std::string, std::string> values;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::string line = text.substr(at, end - at);
      const std::size_t equals = line.find(" = ");
      if (equals != std::string::npos) {
        values[line.substr(0, line.find_last_not_of(' ', equals) + 1)] = line.substr(equals + 3);
      }
      at = end + 1;
    }
    return values;
  }

 private:
  static std::vector<std::string> Words(const std::string& text) {
    std::vector<std::string> words;
    std::string word;
    bool in_comment = false;
    for (const char c : text + "\n") {
      if (c == '#') in_comment = true;
      const bool is_space = std::isspace(static_cast<unsigned char>(c)) != 0;
      if (!in_comment && !is_space) word += c;
      if ((is_space || in_comment) && !word.empty()) words.push_back(std::exchange(word, {}));
      if (c == '\n') in_comment = false;
    }
    return words;
  }

  void FindStretches() {
    stretches_.clear();
    constexpr std::string_view kTableMark = "<!-- table: ";
    Stretch open;
    for (std::size_t at = 0; at < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', at), text_.size());
      const std::string line = text_.substr(at, end - at);
      const std::size_t next = end + 1;
      if (open.language == "table") {
        if (line.empty()) Close(open, at);
      } else if (!open.language.empty()) {
        if (line == "```") Close(open, at);
      } else if (line.starts_with(kTableMark)) {
        const std::size_t name_end = line.find(" -->");
        open = {"table", line.substr(kTableMark.size(), name_end - kTableMark.size()), next, 0};
      } else if (line.starts_with("```")) {
        const std::size_t space = line.find(' ');
        if (space == std::string::npos) {
          open = {"plain", "", next, 0};
        } else {
          open = {line.substr(3, space - 3), line.substr(space + 1), next, 0};
        }
      }
      at = next;
    }
  }
  void Close(Stretch& open, std::size_t end) {
    open.size = end - open.begin;
    stretches_.push_back(std::exchange(open, {}));
  }

  std::string text_;
  std::vector<Stretch> stretches_;
};

}  // namespace schakel::test
