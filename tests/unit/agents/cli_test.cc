// The line alone: options, choices, help.
#include "agents/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "agents/i18n.h"
#include "cli/choices.h"
#include "support/cli_world.h"

namespace schakel {
namespace {

using nlohmann::json;
using Outcome = schakel::test::CliOutcome;
using schakel::test::Terminal;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(CliParse, EveryLineIsACommandOrTeaches) {
  struct Case {
    const char* name;
    std::vector<std::string> line;
    int exit_code;
    const char* command;
    const char* text;  // A part of it.
  };
  const Case cases[] = {
      {"help", {"--help"}, 0, "", "Gebruik: schakel"},
      {"help in English", {"--lang", "en", "--help"}, 0, "", "Usage: schakel"},
      {"help of a command", {"notes", "add", "--help"}, 0, "", "Gebruik: schakel notes add"},
      {"version", {"--version"}, 0, "", "schakel 0."},
      {"nothing", {}, 2, "", "Opdrachten:"},
      {"a group", {"notes"}, 2, "", "Notities in een gedeeld dossier"},
      {"a command", {"inbox"}, 0, "inbox", ""},
      {"options after it", {"read", "3f9a", "--as", "Nora"}, 0, "read", ""},
      {"options before it", {"--as", "Nora", "read", "3f9a"}, 0, "read", ""},
      {"no such command", {"nots"}, 2, "", "dit hoort hier niet: nots"},
      {"no such option", {"inbox", "--sen"}, 2, "", "dit hoort hier niet: --sen"},
      {"missing argument", {"read"}, 2, "", "dit ontbreekt: STUK"},
      {"missing option", {"notes", "add", "7c01", "--title", "t", "--text", "x"}, 2, "", "dit ontbreekt: --category"},
      {"a strange option before a missing one",
       {"notes", "add", "7c01", "--bogus"},
       2,
       "",
       "dit hoort hier niet: --bogus"},
      {"an empty id", {"read", ""}, 2, "", "dit is leeg: STUK"},
      {"missing value", {"notes", "add", "7c01", "--title"}, 2, "", "--title"},
      {"no number", {"inbox", "--wait", "soon"}, 2, "", "deze waarde klopt niet: --wait = soon"},
      {"waits too long", {"inbox", "--wait", "61"}, 2, "", "60 seconden"},
      {"no such role", {"inbox", "--role", "king"}, 2, "", "--role = king (kies uit: medewerker|worker"},
      {"no such reason", {"inbox", "--reason", "because"}, 2, "", "--reason = because (kies uit: taak|task"},
      {"no such language", {"inbox", "--lang", "de"}, 2, "", "de (kies nl, en of fr)"},
      {"help in French", {"--lang", "fr", "--help"}, 0, "", "schakel"},
      {"not UTF-8", {"read", "\xFF"}, 2, "", "UTF-8"},
      {"an option twice",
       {"notes", "add", "7c01", "--title", "a", "--title", "b", "--text", "x", "--category", "goals"},
       2,
       "",
       "dit staat er twee keer: --title"},
      {"a name of lines", {"inbox", "--as", "a\nb"}, 2, "", "teken dat niet mag: U+000A"},
      {"a name as long as may be", {"inbox", "--as", std::string(120, 'x')}, 0, "inbox", ""},
      {"a name too long", {"inbox", "--as", std::string(121, 'x')}, 2, "", "--as is te lang"},
      {"no such category",
       {"notes", "add", "7c01", "--title", "t", "--text", "x", "--category", "goals,doelwit"},
       2,
       "",
       "--category = doelwit (kies uit: identiteit|identity"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const CliParsed parsed = Terminal().Parse(c.line);
    EXPECT_EQ(parsed.exit_code, c.exit_code) << parsed.text;
    EXPECT_EQ(parsed.command, c.command);
    EXPECT_THAT(parsed.text, HasSubstr(c.text));
    if (c.exit_code == 2 && std::string(c.text).find("dit") != std::string::npos) {
      EXPECT_THAT(parsed.text, AllOf(StartsWith("schakel: fout: "), HasSubstr("\nhint: "), HasSubstr("schakel")));
    }
  }
}

TEST(CliParse, WhatIsWrongIsTheSameInWordsAndInJson) {
  const Outcome script = Terminal().Run({"inbox", "--bogus", "--json"});
  EXPECT_EQ(script.exit_code, 2);
  const json problem = json::parse(script.out);
  EXPECT_EQ(problem["title"], "dit hoort hier niet: --bogus");
  EXPECT_EQ(problem["next"], "schakel inbox --help toont hoe het wel moet");
  EXPECT_EQ(problem["type"], "urn:schakel:rule:cli.misuse");
  EXPECT_EQ(problem["detail"], problem["next"]);
  EXPECT_EQ(problem["status"], 400);
  EXPECT_EQ(problem["field"], "--bogus");
  EXPECT_EQ(json::parse(Terminal().Run({"notes", "--json"}).out)["title"], "kies een opdracht");
}

TEST(CliParse, WhatEveryCommandHasIsShownByTheHelpOfAll) {
  const std::vector<std::vector<std::string>> lines = {{"inbox", "--role", "boss"},
                                                       {"inbox", "--reason", "curious"},
                                                       {"inbox", "--wait", "900"},
                                                       {"inbox", "--wait", "x"}};
  for (const std::vector<std::string>& line : lines) {
    SCOPED_TRACE(line.back());
    EXPECT_THAT(Terminal().Parse(line).text, HasSubstr("\nhint: schakel --help "));
  }
}

TEST(CliParse, OutputThatDoesNotArriveIsAFailure) {
  class Full : public std::streambuf {};  // Takes nothing.
  Full full;
  std::istringstream in;
  std::ostream out(&full);
  std::ostringstream err;
  CliWorld world{in, out, err, [](const std::string&) { return std::optional<std::string>(); }, SystemClock()};
  EXPECT_EQ(RunCli({"--help"}, world), 1);
  EXPECT_THAT(err.str(), AllOf(StartsWith("schakel: fout: "), HasSubstr("\nhint: ")));
}

TEST(CliChoices, EveryWordLeadsBackToItsOwnSlug) {
  for (const char* list : {"category",       "purpose",   "basis",   "grantor",  "role",  "reason", "module",
                           "urgency",        "taken",     "kind",    "choices",  "about", "who",    "format",
                           "consent-format", "exception", "edition", "progress", "found", "whose"}) {
    std::map<std::string, std::string> meant;
    for (const Language language : kLanguages) {
      for (const Choice& one : ChoicesOf(list, language)) {
        EXPECT_EQ(SlugOfChoice(list, one.word), one.slug) << list << " " << one.word;
        const auto [found, first] = meant.emplace(one.word, one.slug);
        EXPECT_EQ(found->second, one.slug) << list << " " << one.word << " means two things";
      }
    }
  }
  EXPECT_EQ(SlugOfChoice("category", "Geestelijke-Gezondheid"), "mental-health");
  EXPECT_EQ(SlugOfChoice("role", "coördinator"), "coordinator");
  EXPECT_EQ(SlugOfChoice("choices", "misschien"), "maybe");
  EXPECT_EQ(SlugOfChoice("choices", "soms"), std::nullopt);
  EXPECT_EQ(ChoicesText("choices", Language::kDutch), "ja|yes, misschien|maybe, nee|no");
  EXPECT_EQ(ChoicesText("choices", Language::kEnglish), "yes, maybe, no");
  // A long one stands on lines that fit a terminal.
  std::istringstream lines(ChoicesText("category", Language::kDutch));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_LE(line.size(), 100U) << line;
  EXPECT_GT(count, 1U);
}

TEST(CliParse, OptionsComeFromTheLineThenTheEnvironment) {
  Terminal terminal;
  terminal.environment = {{"SCHAKEL_SOCKET", "/env.sock"}, {"SCHAKEL_LANG", "en"}};
  CliOptions options = terminal.Parse({"inbox", "--json", "--role=auditor"}).options;
  EXPECT_EQ(options.socket, "/env.sock");
  EXPECT_EQ(options.language, Language::kEnglish);
  EXPECT_EQ(options.role, "auditor");
  EXPECT_TRUE(options.json);
  EXPECT_EQ(options.wait_s, 5U);
  options = terminal.Parse({"--socket", "/line.sock", "--lang=nl", "inbox", "--wait", "0"}).options;
  EXPECT_EQ(options.socket, "/line.sock");
  EXPECT_EQ(options.language, Language::kDutch);
  EXPECT_EQ(options.wait_s, 0U);
}

TEST(CliParse, EveryCommandHasHelpInEveryLanguage) {
  for (const std::string& command : CliCommands()) {
    SCOPED_TRACE(command);
    std::istringstream words(command);
    std::vector<std::string> line{std::istream_iterator<std::string>(words), {}};
    line.insert(line.end(), {"--help", "--lang"});
    for (const Language language : kLanguages) {
      line.emplace_back(Slug(language));
      const std::string text = Terminal().Parse(line).text;
      line.pop_back();
      EXPECT_THAT(text, HasSubstr(Phrase(language, "cli.label.Usage") + ": schakel " + command));
      // A key that shows itself is a word that is missing.
      EXPECT_THAT(text, Not(::testing::ContainsRegex("(option|help|example|cli)\\.[a-z]")));
    }
  }
}

}  // namespace
}  // namespace schakel
