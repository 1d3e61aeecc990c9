// What somebody meant who typed a Dutch word for a command, or nearly one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "agents/cli.h"
#include "agents/i18n.h"

namespace schakel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string HintFor(const std::string& word, const std::string& language) {
  std::istringstream in;
  std::ostringstream none;
  const auto nothing = [](const std::string&) { return std::optional<std::string>(); };
  return ParseCli({"--lang", language, word}, CliWorld{in, none, none, nothing}).next;
}

TEST(CliNear, ADutchWordLeadsToItsCommandAlsoMisspelled) {
  struct Case {
    const char* name;
    const char* word;
    const char* command;
  };
  const Case cases[] = {
      {"as it is", "traject", "trajectories"},
      {"one letter other", "trajekten", "trajectories"},
      {"file", "dossier", "trajectories"},
      {"table", "tafel", "tables"},
      {"two swapped", "tafle", "tables"},
      {"question", "vraag", "consultations"},
      {"answer", "antwoord", "consultations answer"},
      {"consent", "toestemming", "grants"},
      {"consent, a letter short", "toesteming", "grants"},
      {"access", "inzage", "audit"},
      {"goals", "doelen", "goals"},
      {"actions", "acties", "actions"},
      {"search", "zoek", "search"},
      {"calendar", "agenda", "tables calendar"},
      {"people", "mensen", "people"},
      {"tasks", "taken", "inbox"},
      {"English goes on", "trajectoires", "trajectories"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_THAT(HintFor(c.word, "nl"), HasSubstr("bedoelde u " + std::string(c.command) + "?"));
    EXPECT_THAT(HintFor(c.word, "en"), HasSubstr("did you mean " + std::string(c.command) + "?"));
  }
  EXPECT_THAT(HintFor("zzzzzzzz", "nl"), Not(HasSubstr("bedoelde u")));
}

TEST(CliNear, EveryHintIsACommand) {
  const std::vector<std::string> commands = CliCommands();
  for (const std::string& key : CatalogueKeys(Language::kDutch)) {
    if (!key.starts_with("cli.near.")) continue;
    SCOPED_TRACE(key);
    const std::string hint = Phrase(Language::kDutch, key);
    EXPECT_TRUE(std::ranges::any_of(
        commands, [&](const std::string& one) { return one == hint || one.starts_with(hint + " "); }));
  }
}

}  // namespace
}  // namespace schakel
