// The examples of every command's help, read as a shell and then the commands themselves would read them.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "agents/cli.h"
#include "agents/i18n.h"

namespace schakel {
namespace {

// The commands of a text of examples: a line begins with two spaces and the program, and goes on behind a backslash.
std::vector<std::string> CommandLinesIn(const std::string& text) {
  constexpr std::string_view kProgram = "  schakel ";
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(kProgram)) continue;
    line.erase(0, kProgram.size());
    for (std::string more; line.ends_with('\\') && std::getline(in, more);) {
      line.pop_back();
      line += more.substr(std::min(more.size(), more.find_first_not_of(' ')));
    }
    lines.push_back(line);
  }
  return lines;
}

// What follows two spaces outside quotes, or a "#", is said to the reader; what follows "<" or ">" is the shell's.
std::vector<std::string> WordsOf(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  bool quoted = false;
  const auto close = [&] {
    if (!word.empty() || quoted) words.push_back(word);
    word.clear();
    quoted = false;
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
      quoted = true;
    } else if (c == ' ') {
      close();
      const char next = i + 1 < line.size() ? line[i + 1] : ' ';
      if (next == ' ' || next == '#' || next == '<' || next == '>') return words;
    } else {
      word += c;
    }
  }
  close();
  return words;
}

void ExpectExamplesParse(Language language, const std::string& name) {
  int parsed = 0;
  for (const std::string& key : CatalogueKeys(language)) {
    if (!key.starts_with("example.")) continue;
    for (const std::string& line : CommandLinesIn(Phrase(language, key))) {
      SCOPED_TRACE(key + ": " + line);
      std::vector<std::string> words = WordsOf(line);
      if (std::ranges::find(words, "--lang") == words.end()) words.insert(words.begin(), {"--lang", name});
      std::istringstream in;
      std::ostringstream none;
      const auto nothing = [](const std::string&) { return std::optional<std::string>(); };
      EXPECT_EQ(ParseCli(words, CliWorld{in, none, none, nothing}).wrong, "");
      ++parsed;
    }
  }
  EXPECT_GT(parsed, 90);
}

TEST(CliExamples, EveryOneInDutchIsACommandAsItStands) { ExpectExamplesParse(Language::kDutch, "nl"); }
TEST(CliExamples, EveryOneInEnglishIsACommandAsItStands) { ExpectExamplesParse(Language::kEnglish, "en"); }

}  // namespace
}  // namespace schakel
