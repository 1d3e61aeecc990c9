// docs/threats.md names the tests that show what it says: they exist, in the files that it names.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "support/paths.h"

namespace schakel::test {
namespace {

std::string TextOf(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Whether the source defines a test "Suite.Name", of whichever kind.
bool Defines(const std::string& source, const std::string& suite, const std::string& name) {
  const std::regex definition("(TEST|TEST_F|TEST_P|RC_GTEST_PROP)\\(" + suite + ",\\s*" + name + "\\b");
  return std::regex_search(source, definition);
}

TEST(ThreatsTest, EveryTestThatThePageNamesExists) {
  const std::string page = TextOf(SourceDir() / "docs/threats.md");
  const std::regex quoted("`([^`\n]+)`");
  const std::regex named("([A-Za-z]+)\\.([A-Za-z]+)");
  std::istringstream lines(page);
  std::size_t count = 0;
  std::size_t rows = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| ") || line.starts_with("| ---") || line.starts_with("| attempt")) continue;
    ++rows;
    std::string source;
    std::size_t in_row = 0;
    for (std::sregex_iterator word(line.begin(), line.end(), quoted), end; word != end; ++word) {
      const std::string text = (*word)[1];
      std::smatch parts;
      if (text.starts_with("tests/")) {
        source = TextOf(SourceDir() / text);
        EXPECT_FALSE(source.empty()) << text << " is not there";
      } else if (std::regex_match(text, parts, named)) {
        EXPECT_TRUE(Defines(source, parts[1], parts[2])) << text << " is not in the file named before it: " << line;
        ++in_row;
      }
    }
    EXPECT_GT(in_row, 0U) << "nothing shows this: " << line;
    count += in_row;
  }
  EXPECT_GT(rows, 25U);
  EXPECT_GE(count, rows);
}

}  // namespace
}  // namespace schakel::test
