#include "agents/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "agents/api.h"
#include "cli/choices.h"
#include "cli/client.h"
#include "protocol/archive.h"
#include "protocol/crypto.h"
#include "protocol/registry.h"
#include "support/fake_engine.h"
#include "support/paths.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::FakeEngine;
using schakel::test::Leuven;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

struct Outcome {
  int exit_code = 0;
  std::string out;
  std::string err;
};

struct Terminal {
  std::map<std::string, std::string> environment;
  std::string input;
  Clock* clock = &SystemClock();

  Outcome Run(const std::vector<std::string>& arguments) {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    CliWorld world{in, out, err, Lookup(), *clock};
    const int exit_code = RunCli(arguments, world);
    return {exit_code, out.str(), err.str()};
  }
  CliParsed Parse(const std::vector<std::string>& arguments) {
    std::istringstream in;
    std::ostringstream none;
    return ParseCli(arguments, CliWorld{in, none, none, Lookup(), *clock});
  }

 private:
  std::function<std::optional<std::string>(const std::string&)> Lookup() {
    return [this](const std::string& name) -> std::optional<std::string> {
      auto found = environment.find(name);
      return found == environment.end() ? std::nullopt : std::optional(found->second);
    };
  }
};

// ---- The line alone ----
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
      {"no such language", {"inbox", "--lang", "fr"}, 2, "", "fr (kies nl of en)"},
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
    for (const Language language : {Language::kDutch, Language::kEnglish}) {
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

TEST(CliParse, EveryCommandHasHelpInBothLanguages) {
  for (const std::string& command : CliCommands()) {
    SCOPED_TRACE(command);
    std::istringstream words(command);
    std::vector<std::string> line{std::istream_iterator<std::string>(words), {}};
    line.push_back("--help");
    const std::string dutch = Terminal().Parse(line).text;
    line.insert(line.begin(), "--lang=en");
    const std::string english = Terminal().Parse(line).text;
    EXPECT_THAT(dutch, HasSubstr("Gebruik: schakel " + command));
    EXPECT_THAT(english, HasSubstr("Usage: schakel " + command));
    for (const std::string& text : {dutch, english}) {
      // A key that shows itself is a word that is missing.
      EXPECT_THAT(text, Not(::testing::ContainsRegex("(option|help|example|cli)\\.[a-z]")));
    }
  }
}

// ---- With agents ----
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "schakel-cli-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

class CliTest : public ::testing::Test {
 protected:
  Folder folder;
  Leuven leuven;
  std::map<std::string, std::unique_ptr<ApiServer>> servers;

  void SetUp() override {
    for (auto& [id, engine] : leuven.region.engines) {
      servers[id.value()] = StartApi(*engine, {folder / id.value(), SourceDir() / "agents/profiles"},
                                     leuven.region.clock, leuven.region.random)
                                .value();
    }
  }
  Outcome As(const std::string& organisation, std::vector<std::string> line, const std::string& input = {}) {
    Terminal terminal;
    terminal.clock = &leuven.region.clock;
    terminal.input = input;
    terminal.environment["SCHAKEL_SOCKET"] = folder / organisation;
    if (std::ranges::find(line, "--as") == line.end()) {
      line.insert(line.end(), {"--as", "Nora Peeters"});
    }
    return terminal.Run(line);
  }
  json Json(const std::string& organisation, std::vector<std::string> line) {
    line.push_back("--json");
    const Outcome outcome = As(organisation, line);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out;
    return json::parse(outcome.out, nullptr, false);
  }
  // With psychiatry and school in it; both may receive goals and meetings, psychiatry mental health as well.
  std::string Shared() {
    const std::string id =
        Json("de-wissel", {"trajectories", "open", "--label", "Sam (2010)", "--module", "mobile"})["trajectory"];
    for (const std::string organisation : {"upc-leuven", "clb-leuven"}) {
      EXPECT_EQ(As("de-wissel", {"trajectories", "invite", id, organisation, "--message", "welkom"}).exit_code, 0);
      EXPECT_EQ(As(organisation, {"trajectories", "join", id.substr(0, 6), "--message", "ja"}).exit_code, 0);
    }
    for (const std::string organisation : {"upc-leuven", "clb-leuven", "de-wissel"}) {
      const char* categories = organisation == "clb-leuven" ? "goals,meeting" : "goals,meeting,mental-health";
      const Outcome grant = As("de-wissel", {"grants", "give", id, "--to", organisation, "--purpose",
                                             "care-coordination,consultation,round-table", "--category", categories,
                                             "--for", "3m", "--by", "Sam", "--how", "ondertekend"});
      EXPECT_EQ(grant.exit_code, 0) << grant.err;
    }
    return id;
  }
};

TEST_F(CliTest, ATrajectoryIsOpenedInvitedJoinedAndShown) {
  const Outcome opened = As("de-wissel", {"trajectories", "open", "--label", "Sam (2010)"});
  EXPECT_EQ(opened.exit_code, 0);
  EXPECT_THAT(opened.out, StartsWith("Traject geopend: Sam (2010) ("));
  EXPECT_THAT(opened.err, StartsWith("hint: leg eerst vast"));
  const std::string id = Shared();
  const Outcome list = As("de-wissel", {"trajectories", "list"});
  EXPECT_THAT(list.out, AllOf(HasSubstr("Sam (2010)"), HasSubstr("ma 23/11/2026 09:00"), HasSubstr("De Wissel")));
  const Outcome shown = As("de-wissel", {"trajectories", "show", id.substr(0, 8)});
  EXPECT_THAT(shown.out, AllOf(HasSubstr("UPC Leuven"), HasSubstr("neemt deel"), HasSubstr("casusoverleg en advies"),
                               HasSubstr("geldt")));
  const Outcome partner = As("clb-leuven", {"trajectories", "show", id});
  EXPECT_THAT(partner.out, AllOf(HasSubstr("De Wissel"), Not(HasSubstr("UPC"))));
}

TEST_F(CliTest, OfALongStoryAPartIsShown) {
  const std::string id = Json("de-wissel", {"trajectories", "open", "--label", "S."})["trajectory"];
  std::vector<std::string> notes;
  for (const char* title : {"een", "twee", "drie"}) {
    leuven.region.clock.Advance(std::chrono::minutes(1));
    notes.push_back(
        Json("de-wissel", {"notes", "add", id, "--category", "goals", "--title", title, "--text", "x"})["record"]);
  }
  const auto digits = [&](std::size_t i) { return notes[i].substr(0, 8); };
  const Outcome part = As("de-wissel", {"trajectories", "show", id, "--limit", "2"});
  EXPECT_EQ(part.exit_code, 0) << part.err;
  EXPECT_THAT(part.out, AllOf(HasSubstr(digits(1)), HasSubstr(digits(2)), Not(HasSubstr(digits(0)))));
  EXPECT_THAT(part.err, HasSubstr("2 van 3 getoond; wat daarvoor gebeurde: --before " + digits(1)));
  const Outcome rest = As("de-wissel", {"trajectories", "show", id, "--limit", "2", "--before", digits(1)});
  EXPECT_THAT(rest.out, AllOf(HasSubstr(digits(0)), Not(HasSubstr(digits(1)))));
  EXPECT_THAT(rest.err, Not(HasSubstr("--before")));
  EXPECT_EQ(Json("de-wissel", {"trajectories", "show", id, "--kind", "agreement"})["items_total"], 0);
  EXPECT_EQ(Json("de-wissel", {"trajectories", "show", id})["items"].size(), 3U);
}

TEST_F(CliTest, AnInvitationIsShownWithItsWordsAndHowToJoin) {
  const std::string id = Json("de-wissel", {"trajectories", "open", "--label", "S."})["trajectory"];
  EXPECT_THAT(As("caw-leuven", {"trajectories", "invitations"}).out, HasSubstr("Geen open uitnodigingen."));
  As("de-wissel", {"trajectories", "invite", id, "caw-leuven", "--message", "Jullie kennen Sam al."});
  const Outcome invitations = As("caw-leuven", {"trajectories", "invitations"});
  EXPECT_THAT(invitations.out, AllOf(HasSubstr("De Wissel nodigt uit"), HasSubstr("Jullie kennen Sam al."),
                                     HasSubstr("schakel trajectories join " + id.substr(0, 8))));
}

TEST_F(CliTest, AConsultationGoesRound) {
  const std::string id = Shared();
  const std::string question =
      Json("de-wissel", {"consultations", "ask", id, "--question", "Hoe pakken we slapen aan?", "--category",
                         "mental-health", "--urgency", "today", "--answer-by", "24/11/2026 17:00"})["record"];
  const Outcome inbox = As("upc-leuven", {"inbox"});
  EXPECT_THAT(inbox.out, AllOf(HasSubstr("Vraag beantwoorden"), HasSubstr("di 24/11/2026 17:00"),
                               HasSubstr(question.substr(0, 8))));
  const Outcome answered =
      As("upc-leuven", {"consultations", "answer", question.substr(0, 8), "--text", "-"}, "Begin met een dagritme.\n");
  EXPECT_THAT(answered.out, AllOf(StartsWith("Antwoord verstuurd: "), HasSubstr("aanvaard door de hub"),
                                  HasSubstr("Bereikt: De Wissel")));
  const Outcome shown = As("de-wissel", {"consultations", "show", question});
  EXPECT_THAT(shown.out, AllOf(HasSubstr("Hoe pakken we slapen aan?"), HasSubstr("Begin met een dagritme."),
                               HasSubstr("beantwoord"), HasSubstr("vandaag")));
  EXPECT_THAT(shown.out, AllOf(HasSubstr("Ontvangen"), HasSubstr("Gelezen"), HasSubstr("UPC Leuven")));
  EXPECT_THAT(As("de-wissel", {"consultations", "list"}).out, HasSubstr("1/1/1 (1)"));
  EXPECT_THAT(As("de-wissel", {"consultations", "answer", question, "--text", "En in het weekend?"}).out,
              AllOf(StartsWith("Vervolgvraag verstuurd: "), HasSubstr("Bereikt: UPC Leuven")));
  EXPECT_THAT(As("upc-leuven", {"consultations", "show", question}).out,
              AllOf(HasSubstr("Vervolgvraag "), HasSubstr("En in het weekend?")));
  EXPECT_EQ(As("de-wissel", {"consultations", "conclude", question, "--taken", "partly", "--why", "huisarts volgt"})
                .exit_code,
            0);
  EXPECT_THAT(As("upc-leuven", {"consultations", "list"}).out, HasSubstr("afgerond"));
}

TEST_F(CliTest, ADayWithoutATimeLastsUntilItsEnd) {
  const std::string id = Shared();
  ASSERT_EQ(As("de-wissel", {"consultations", "ask", id, "--question", "Hoe?", "--category", "mental-health",
                             "--answer-by", "24/11/2026"})
                .exit_code,
            0);
  EXPECT_THAT(As("upc-leuven", {"inbox"}).out, HasSubstr("di 24/11/2026 23:59"));
  ASSERT_EQ(As("de-wissel", {"actions", "add", id, "--text", "bellen", "--owner", "de-wissel", "--due", "26/11/2026"})
                .exit_code,
            0);
  EXPECT_THAT(As("de-wissel", {"actions", "list", id}).out,
              AllOf(HasSubstr("26/11/2026"), Not(HasSubstr("27/11/2026"))));
}

TEST_F(CliTest, AnAnonymousQuestionShowsWhatGivesItAway) {
  const std::string id = Shared();
  const std::vector<std::string> line = {"consultations", "ask",        "--anonymous",
                                         "--to",          "upc-leuven", "--category",
                                         "mental-health", "--question", "Sam slaapt niet, bel 0472 12 34 56"};
  const Outcome refused = As("de-wissel", line);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("laat zien over wie het gaat"), HasSubstr("naam uit een dossier: Sam"),
                                 HasSubstr("telefoonnummer: 0472 12 34 56"), HasSubstr("--checked")));
  auto checked = line;
  checked.push_back("--checked");
  EXPECT_EQ(As("de-wissel", checked).exit_code, 0);
  const std::string question = Json("de-wissel", {"consultations", "list"})["consultations"].back()["id"];
  const std::vector<std::string> more = {"consultations", "answer", question, "--text", "Sam huilt, bel 016 22 33 44"};
  EXPECT_THAT(As("de-wissel", more).err, AllOf(HasSubstr("naam uit een dossier: Sam"),
                                               HasSubstr("telefoonnummer: 016 22 33 44"), HasSubstr("--checked")));
  auto more_checked = more;
  more_checked.push_back("--checked");
  EXPECT_EQ(As("de-wissel", more_checked).exit_code, 0);
  const Outcome revealed = As("de-wissel", {"consultations", "reveal", question, id, "--to", "upc-leuven"});
  EXPECT_EQ(revealed.exit_code, 0) << revealed.err;
  EXPECT_THAT(As("upc-leuven", {"consultations", "show", question}).out,
              AllOf(HasSubstr("Bekendgemaakt"), HasSubstr("traject " + id.substr(0, 8))));
  EXPECT_EQ(As("de-wissel", {"consultations", "ask", "--category", "safety", "--question", "?"}).exit_code, 2);
}

TEST_F(CliTest, SomebodyWhoIsNotReachedMustBeAccepted) {
  const std::string id = Shared();
  std::vector<std::string> line = {"notes",
                                   "add",
                                   id,
                                   "--title",
                                   "Slapen",
                                   "--text",
                                   "x",
                                   "--category",
                                   "mental-health",
                                   "--to",
                                   "upc-leuven,clb-leuven"};
  const Outcome held = As("de-wissel", line);
  EXPECT_EQ(held.exit_code, 1);
  EXPECT_THAT(held.err, AllOf(StartsWith("schakel: fout: Niet verstuurd"), HasSubstr("CLB Leuven: "),
                              HasSubstr("\nhint: "), HasSubstr("--yes")));
  EXPECT_EQ(json::parse(As("de-wissel", {"notes", "list", id, "--json"}).out)["records"].size(), 0U);
  line.push_back("--dry-run");
  EXPECT_THAT(As("de-wissel", line).out, AllOf(HasSubstr("niet verstuurd"), HasSubstr("Bereikt niet: CLB Leuven")));
  line.back() = "--yes";
  const Outcome sent = As("de-wissel", line);
  EXPECT_EQ(sent.exit_code, 0) << sent.err;
  EXPECT_THAT(sent.out, AllOf(HasSubstr("Bereikt: UPC Leuven"), HasSubstr("Bereikt niet: CLB Leuven")));
}

TEST_F(CliTest, APartnerHearsThatSomebodyNamedWasNotReached) {
  const std::string id = Shared();
  std::vector<std::string> line = {"notes", "add",        id,       "--title", "t",         "--text",
                                   "x",     "--category", "school", "--to",    "de-wissel", "--dry-run"};
  EXPECT_THAT(As("upc-leuven", line).out, HasSubstr("Niet zeker: De Wissel."));
  line.pop_back();
  const Outcome missed = As("upc-leuven", line);
  EXPECT_EQ(missed.exit_code, 3);
  EXPECT_THAT(missed.out,
              AllOf(HasSubstr("Bereikt niet: De Wissel (waarom weet alleen de regie)"), HasSubstr("Bereikt niemand")));
  EXPECT_THAT(missed.err, HasSubstr("niet iedereen die u noemde is bereikt"));
  line.insert(line.end(), {"--lang", "en", "--json"});
  const Outcome script = As("upc-leuven", line);
  EXPECT_EQ(script.exit_code, 3);
  EXPECT_EQ(json::parse(script.out)["missed"], true);
  EXPECT_EQ(json::parse(script.out)["unreached"][0]["label"], "only the lead knows why");
}

TEST_F(CliTest, WhatIsDoneIsNotSent) {
  const std::string id = Shared();
  EXPECT_THAT(As("upc-leuven", {"trajectories", "list"}).out, Not(HasSubstr("(vertrokken)")));
  EXPECT_THAT(As("upc-leuven", {"trajectories", "leave", id}).out, StartsWith("U hebt het traject verlaten: "));
  EXPECT_THAT(As("upc-leuven", {"trajectories", "list"}).out, HasSubstr("(vertrokken)"));
  EXPECT_EQ(Json("upc-leuven", {"trajectories", "list"})["trajectories"][0]["left"], true);
  EXPECT_THAT(As("de-wissel", {"trajectories", "list"}).out, Not(HasSubstr("(vertrokken)")));
  EXPECT_THAT(As("de-wissel", {"trajectories", "close", id, "--copy-offered", "op papier", "--copy", "meegenomen"}).out,
              StartsWith("Traject gesloten: "));
}

TEST_F(CliTest, WordsAreShownOnReadingAndThatIsLogged) {
  const std::string id = Shared();
  std::ofstream(folder / "brief.txt") << "Rustig verlopen.\nMoeder was er ook.";
  const std::string note = Json("de-wissel", {"notes", "add", id, "--title", "Huisbezoek", "--category", "goals",
                                              "--text", "@" + (folder / "brief.txt")})["record"];
  EXPECT_THAT(As("upc-leuven", {"notes", "list", id}).out, Not(HasSubstr("Huisbezoek")));
  EXPECT_EQ(leuven.psychiatry.views().size(), 0U);
  const Outcome read = As("upc-leuven", {"read", note.substr(0, 6), "--as", "Zoë", "--reason", "on-duty"});
  EXPECT_THAT(read.out, AllOf(HasSubstr("Huisbezoek"), HasSubstr("Moeder was er ook.")));
  EXPECT_EQ(leuven.psychiatry.NameOf(leuven.psychiatry.views().at(0).person), "Zoë");
  EXPECT_EQ(leuven.psychiatry.views().at(0).reason, ViewReason::kOnDuty);
  EXPECT_THAT(As("clb-leuven", {"notes", "list", id, "--full"}).out, HasSubstr("Huisbezoek"));
}

TEST_F(CliTest, AConsentThatDoesNotCountIsNotCalledInForce) {
  const std::string id = Json("de-wissel", {"trajectories", "open", "--label", "Sam"})["trajectory"];
  As("de-wissel", {"trajectories", "invite", id, "upc-leuven", "--message", "welkom"});
  As("upc-leuven", {"trajectories", "join", id, "--message", "ja"});
  const Outcome given =
      As("de-wissel", {"grants", "give", id, "--to", "upc-leuven", "--purpose", "care-coordination", "--category",
                       "goals", "--for", "3m", "--grantor", "first-parent", "--by", "moeder", "--how", "ondertekend"});
  ASSERT_EQ(given.exit_code, 0) << given.err;
  const auto tables = [&] {
    return As("de-wissel", {"grants", "list", id}).out + As("de-wissel", {"trajectories", "show", id}).out;
  };
  EXPECT_THAT(tables(), AllOf(HasSubstr("wacht op de jongere zelf"), Not(HasSubstr("  geldt\n"))));
  EXPECT_EQ(Json("de-wissel", {"grants", "list", id})["grants"][0]["standing"], "waits-young-person");
  ASSERT_EQ(As("de-wissel", {"trajectories", "stage", id, "--stage", "adult"}).exit_code, 0);
  EXPECT_THAT(tables(), AllOf(HasSubstr("vervallen: de jongere is meerderjarig"), Not(HasSubstr("  geldt\n"))));
}

TEST_F(CliTest, AnEmergencySaysWhatItsReviewFoundAndWhatToDo) {
  const std::string id = Shared();
  const Outcome given =
      As("de-wissel", {"grants", "give", id, "--to", "upc-leuven", "--purpose", "safety", "--category", "safety",
                       "--for", "24h", "--basis", "emergency", "--why", "weggelopen"});
  ASSERT_EQ(given.exit_code, 0) << given.err;
  std::string grant;
  const json grants = Json("upc-leuven", {"grants", "list", id});
  for (const json& one : grants["grants"]) {
    if (one["basis"] == "emergency") grant = one["id"];
  }
  const Outcome reviewed =
      As("de-wissel", {"grants", "review", grant, "--outcome", "unjustified", "--why", "er was geen gevaar"});
  EXPECT_EQ(reviewed.exit_code, 0) << reviewed.err;
  EXPECT_THAT(reviewed.err, HasSubstr("Deze grond geldt niet meer"));
  for (const char* organisation : {"de-wissel", "upc-leuven"}) {
    EXPECT_THAT(As(organisation, {"grants", "show", grant}).out,
                AllOf(HasSubstr("niet verantwoord"), HasSubstr("Deze grond geldt niet meer"), HasSubstr("ingetrokken")))
        << organisation;
    EXPECT_THAT(As(organisation, {"grants", "list", id}).out, HasSubstr("niet verantwoord")) << organisation;
  }
}

TEST_F(CliTest, ASuspendedOrganisationIsSaidToBeSoHoweverLongItsName) {
  leuven.region.Enrol("zeer-lang", "Een organisatie met een naam die in geen enkele kolom helemaal past, hoe breed ook",
                      "psychiatry");
  EXPECT_THAT(As("de-wissel", {"organisations"}).out, Not(HasSubstr("geschorst")));
  leuven.region.Suspend(OrgId("zeer-lang"));
  EXPECT_THAT(As("de-wissel", {"organisations"}).out, HasSubstr("geschorst"));
}

TEST_F(CliTest, WhoIsSuspendedDoesNotTakePart) {
  const std::string id = Shared();
  const auto lines_of = [&](const std::string& organisation) {
    std::istringstream lines(As("de-wissel", {"trajectories", "show", id}).out);
    std::string found;
    for (std::string line; std::getline(lines, line);) {
      if (line.contains(organisation)) found += line + "\n";
    }
    return found;
  };
  EXPECT_THAT(lines_of("UPC Leuven"), AllOf(HasSubstr("neemt deel"), HasSubstr("  geldt")));
  leuven.region.Suspend(OrgId("upc-leuven"));
  EXPECT_THAT(lines_of("UPC Leuven"), AllOf(HasSubstr("  geschorst"), HasSubstr("de ontvanger is geschorst"),
                                            Not(HasSubstr("neemt deel")), Not(HasSubstr("  geldt"))));
  EXPECT_THAT(lines_of("CLB Leuven"), AllOf(HasSubstr("neemt deel"), HasSubstr("  geldt")));
  const json shown = Json("de-wissel", {"trajectories", "show", id});
  for (const json& one : shown["members"]) {
    EXPECT_EQ(one["suspended"], one["organisation"]["id"] == "upc-leuven") << one.dump();
  }
}

// A partner cannot know what another got: of one that got it, and of one that is no part of it, it is told the same.
TEST_F(CliTest, WhatAnOrganisationGotIsSaidToBeNothingThatOneMaySee) {
  const std::string id = Shared();
  ASSERT_EQ(As("de-wissel",
               {"notes", "add", id, "--title", "Plan", "--text", "x", "--category", "goals", "--to", "upc-leuven"})
                .exit_code,
            0);
  std::set<std::string> answers;
  for (const char* other : {"upc-leuven", "caw-leuven"}) {
    const Outcome asked = As("clb-leuven", {"audit", id, "--organisation", other});
    EXPECT_EQ(asked.exit_code, 0) << asked.err;
    answers.insert(asked.out);
  }
  ASSERT_EQ(answers.size(), 1U) << *answers.begin() << *answers.rbegin();
  EXPECT_THAT(*answers.begin(), StartsWith("Van deze organisatie is hier niets dat u mag zien.\n"));
}

TEST_F(CliTest, TheSignedCeilingsAreThereForAllToSee) {
  const Outcome before = As("clb-leuven", {"ceilings"});
  EXPECT_EQ(before.exit_code, 0) << before.err;
  EXPECT_THAT(before.out, AllOf(HasSubstr("volgnummer 1, "), HasSubstr("ontvangt niets"), Not(HasSubstr("Eerder"))));
  leuven.region.SetCeilings({{ParseSector("school-support").value(), {Category::kGoals}, true}});
  const Outcome after = As("clb-leuven", {"ceilings"});
  EXPECT_THAT(after.out, AllOf(HasSubstr("volgnummer 2, "), HasSubstr("doelen"), HasSubstr("  ja  "),
                               HasSubstr("Eerder: volgnummer 1, "), Not(HasSubstr("wonen en verblijf"))));
  const json whole = Json("clb-leuven", {"ceilings"});
  EXPECT_EQ(whole["serial"], 2);
  EXPECT_EQ(whole["rows"][0]["categories"], json({"goals"}));
}

TEST_F(CliTest, AnInvitationWithoutALinkSaysWhatToDoWithTheCode) {
  const Outcome invited = As("de-wissel", {"--role", "administrator", "people", "invite", "jan", "--name",
                                           "Jan De Smet", "--roles", "worker"});
  EXPECT_EQ(invited.exit_code, 0) << invited.err;
  EXPECT_THAT(invited.out, Not(HasSubstr("://")));
  EXPECT_THAT(invited.err, AllOf(HasSubstr("public_url"), HasSubstr("schakel people reset jan")));
}

TEST_F(CliTest, WhatIsWithdrawnIsSealed) {
  const std::string id = Shared();
  const std::string note =
      Json("de-wissel", {"notes", "add", id, "--title", "Plan", "--text", "x", "--category", "goals"})["record"];
  std::string grant;
  const json grants = Json("de-wissel", {"grants", "list", id});
  for (const json& one : grants["grants"]) {
    if (one["recipient"]["id"] == "upc-leuven") grant = one["id"];
  }
  EXPECT_THAT(As("de-wissel", {"grants", "show", grant.substr(0, 8)}).out,
              AllOf(HasSubstr("Sam"), HasSubstr("ondertekend")));
  EXPECT_EQ(As("de-wissel", {"grants", "withdraw", grant, "--why", "op vraag van Sam"}).exit_code, 0);
  const Outcome read = As("upc-leuven", {"read", note});
  EXPECT_EQ(read.exit_code, 1);
  EXPECT_THAT(read.out,
              AllOf(HasSubstr("Dit is verzegeld: de toestemming is ingetrokken of beperkt."), Not(HasSubstr("Plan"))));
  EXPECT_THAT(read.err, AllOf(StartsWith("schakel: fout: Dit is verzegeld"), HasSubstr("\nhint: ")));
  EXPECT_THAT(As("de-wissel", {"grants", "list", id}).out,
              AllOf(HasSubstr("ingetrokken"), HasSubstr("Wacht op"), HasSubstr("UPC Leuven")));
  EXPECT_THAT(As("de-wissel", {"grants", "show", grant}).out, HasSubstr("wacht op UPC Leuven"));
  EXPECT_THAT(As("de-wissel", {"inbox"}).out, HasSubstr("verzegelen na intrekking"));
  leuven.psychiatry.AnswerForWhatWasTakenBack();
  EXPECT_THAT(As("de-wissel", {"grants", "show", grant}).out, HasSubstr("UPC Leuven heeft het verzegeld op"));
  EXPECT_THAT(As("de-wissel", {"inbox"}).out, Not(HasSubstr("verzegelen na intrekking")));
  EXPECT_THAT(As("de-wissel", {"grants", "list", id}).out, Not(HasSubstr("Wacht op")));

  EXPECT_THAT(As("upc-leuven", {"records", "sealed"}).out,
              AllOf(HasSubstr(note.substr(0, 8)), HasSubstr("bewaarplicht"), HasSubstr("22/11/2036")));
  EXPECT_THAT(As("upc-leuven", {"notes", "list", id}).out, AllOf(HasSubstr("verzegeld"), Not(HasSubstr("ontvangen"))));
  EXPECT_EQ(Json("upc-leuven", {"notes", "list", id})["records"][0]["state"], "sealed");
  EXPECT_EQ(Json("clb-leuven", {"notes", "list", id})["records"][0]["state"], "received") << "whose grant holds";
  const Outcome refused = As("upc-leuven", {"records", "unseal", note, "--why", "klacht"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("alleen een auditor"), HasSubstr("hint:")));
  EXPECT_EQ(As("upc-leuven", {"records", "unseal", note, "--role", "auditor"}).exit_code, 2) << "and say why";
  const Outcome opened =
      As("upc-leuven", {"records", "unseal", note, "--role", "auditor", "--as", "Els", "--why", "klacht"});
  EXPECT_EQ(opened.exit_code, 0) << opened.err;
  EXPECT_THAT(opened.out, HasSubstr("Plan"));
  EXPECT_THAT(As("upc-leuven", {"records", "sealed", id}).out, AllOf(HasSubstr("Els"), HasSubstr("klacht")));
  EXPECT_THAT(As("clb-leuven", {"records", "sealed"}).out, HasSubstr("niets verzegeld"));
}

TEST_F(CliTest, ATrajectoryIsErasedByTwoPersonsAndTheLeadSeesWhoHasYetToAnswer) {
  const std::string id = Shared();
  EXPECT_EQ(As("de-wissel", {"trajectories", "close", id}).exit_code, 2) << "a copy is offered first";
  EXPECT_EQ(
      As("de-wissel", {"trajectories", "close", id, "--copy-offered", "op papier", "--copy", "niet-gewenst"}).exit_code,
      0);
  EXPECT_THAT(As("de-wissel", {"trajectories", "show", id}).out, AllOf(HasSubstr("Te bewaren tot"), HasSubstr("2049")));
  const Outcome early =
      As("de-wissel", {"trajectories", "erase", id, "--because", "bewaartermijn-voorbij", "--why", "opruimen"});
  EXPECT_EQ(early.exit_code, 1);
  EXPECT_THAT(early.err, HasSubstr("--because"));
  EXPECT_EQ(As("de-wissel", {"trajectories", "erase", id, "--because", "op-vraag", "--why", "Sam vroeg dit"}).exit_code,
            0);
  EXPECT_THAT(As("de-wissel", {"inbox"}).out, HasSubstr("Voorstel om te wissen"));
  EXPECT_THAT(As("de-wissel", {"trajectories", "show", id}).out, HasSubstr("wacht op een tweede persoon"));
  EXPECT_THAT(As("de-wissel", {"trajectories", "erase-confirm", id}).err, HasSubstr("twee personen"));
  EXPECT_EQ(As("de-wissel", {"trajectories", "erase-confirm", id, "--as", "Karim Daems"}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"trajectories", "erased"}).out,
              AllOf(HasSubstr("op vraag van de jongere"), HasSubstr("wacht nog op"), HasSubstr("UPC Leuven")));
  leuven.psychiatry.AnswerThatItErased(
      KeptByLaw{leuven.region.clock.Now() + std::chrono::days(400), KeepReason::kSector});
  EXPECT_THAT(As("de-wissel", {"trajectories", "erased"}).out, HasSubstr("UPC Leuven bewaart een deel verzegeld tot"));
  leuven.psychiatry.AnswerThatItErased();
  leuven.school.AnswerThatItErased();
  leuven.youth_care.AnswerThatItErased();
  EXPECT_THAT(As("de-wissel", {"trajectories", "erased"}).out,
              AllOf(HasSubstr("bij iedereen"), Not(HasSubstr("bewaart een deel"))));
  EXPECT_THAT(As("upc-leuven", {"trajectories", "erased"}).out,
              AllOf(HasSubstr("weet de regie"), Not(HasSubstr("bij iedereen"))))
      << "it hears of nobody else's answer";
  EXPECT_THAT(As("caw-leuven", {"trajectories", "erased"}).out, HasSubstr("niets gewist"));
}

TEST_F(CliTest, TheLeadIsOfferedRefusedAndTakenOver) {
  const std::string id = Shared();
  EXPECT_THAT(As("de-wissel", {"lead", "offer", id, "--to", "upc-leuven"}).err, HasSubstr("introduce"))
      << "the school does not know psychiatry yet";
  EXPECT_EQ(As("de-wissel", {"trajectories", "introduce", id, "--member", "upc-leuven", "--to", "clb-leuven", "--both"})
                .exit_code,
            0);
  EXPECT_THAT(As("de-wissel", {"lead", "offer", id, "--to", "upc-leuven", "--dry-run"}).out, HasSubstr("CLB Leuven"));
  EXPECT_EQ(As("de-wissel", {"lead", "offer", id, "--to", "upc-leuven", "--message", "zoals besproken"}).exit_code, 0);
  EXPECT_THAT(As("upc-leuven", {"inbox"}).out, HasSubstr("De regie wordt aangeboden"));
  EXPECT_THAT(As("clb-leuven", {"trajectories", "show", id}).out, HasSubstr("Regie aangeboden"));
  EXPECT_EQ(As("upc-leuven", {"lead", "refuse", id}).exit_code, 2) << "a reason is asked";
  EXPECT_EQ(As("upc-leuven", {"lead", "refuse", id, "--why", "geen plaats"}).exit_code, 0);
  EXPECT_EQ(As("de-wissel", {"lead", "offer", id, "--to", "upc-leuven"}).exit_code, 0);
  EXPECT_EQ(As("de-wissel", {"lead", "withdraw", id}).exit_code, 0);
  EXPECT_EQ(As("de-wissel", {"lead", "offer", id, "--to", "upc-leuven"}).exit_code, 0);
  EXPECT_THAT(As("clb-leuven", {"lead", "accept", id}).err, HasSubstr("staat niet open"));
  EXPECT_EQ(As("upc-leuven", {"lead", "accept", id, "--message", "vanaf vandaag"}).exit_code, 0);
  EXPECT_THAT(As("clb-leuven", {"trajectories", "show", id}).out,
              AllOf(HasSubstr("UPC Leuven"), HasSubstr("Vorige regie"), HasSubstr("De Wissel, tot")));
  EXPECT_EQ(Json("clb-leuven", {"trajectories", "show", id})["lead"]["id"], "upc-leuven");
}

TEST_F(CliTest, ADossierIsWrittenTogether) {
  const std::string id = Shared();
  EXPECT_EQ(As("de-wissel", {"trajectories", "introduce", id, "--member", "upc-leuven", "--to", "clb-leuven", "--both"})
                .exit_code,
            0);
  const std::string goal = Json("de-wissel", {"goals", "set", id, "--text", "terug naar school", "--owner",
                                              "clb-leuven,upc-leuven", "--with", "Sam en oma"})["record"];
  EXPECT_EQ(
      As("upc-leuven", {"goals", "progress", goal, "--progress", "zit-vast", "--text", "slaapt slecht"}).exit_code, 0);
  EXPECT_EQ(As("clb-leuven", {"goals", "edit", goal, "--text", "drie halve dagen", "--owner", "clb-leuven"}).exit_code,
            0);
  EXPECT_EQ(As("clb-leuven", {"goals", "review", goal, "--found", "voortgezet", "--text", "verder"}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"goals", "list", id}).out,
              AllOf(HasSubstr("drie halve dagen"), HasSubstr("UPC Leuven: zit vast"), HasSubstr("voortgezet"),
                    HasSubstr("Te evalueren tegen"), Not(HasSubstr("terug naar school"))));
  EXPECT_THAT(As("upc-leuven", {"goals", "review", goal, "--found", "bereikt", "--text", "x"}).err,
              HasSubstr("Alleen wie een doel draagt"));

  const std::string action = Json("de-wissel", {"actions", "add", id, "--text", "belt de school", "--owner",
                                                "clb-leuven", "--due", "27/11/2026"})["record"];
  EXPECT_THAT(As("clb-leuven", {"inbox"}).out, HasSubstr("Voer een actie uit"));
  EXPECT_EQ(As("clb-leuven", {"actions", "done", action, "--remark", "maandag"}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"actions", "list", id}).out, HasSubstr("gedaan"));
  EXPECT_EQ(As("clb-leuven", {"actions", "undone", action}).exit_code, 0);
  EXPECT_EQ(As("clb-leuven",
               {"actions", "edit", action, "--text", "belt thuis", "--owner", "clb-leuven", "--due", "30/11/2026"})
                .exit_code,
            0);

  const std::string criterion =
      Json("de-wissel", {"criteria", "set", id, "--whose", "jeugdrechter", "--text", "een vast adres"})["record"];
  const auto closes = [&](const std::vector<std::string>& more) {
    std::vector<std::string> line = {"trajectories", "close", id, "--copy-offered", "op papier", "--copy", "taken"};
    line.insert(line.end(), more.begin(), more.end());
    return As("de-wissel", line);
  };
  EXPECT_THAT(closes({}).err, AllOf(HasSubstr("goed genoeg"), HasSubstr(criterion.substr(0, 8))));
  EXPECT_EQ(As("de-wissel", {"criteria", "edit", criterion, "--whose", "jeugdrechter", "--text", "bij oma"}).exit_code,
            0);
  EXPECT_EQ(As("de-wissel", {"criteria", "met", criterion, "--why", "woont bij oma"}).exit_code, 0);
  EXPECT_THAT(As("upc-leuven", {"criteria", "list", id}).out, HasSubstr("voldaan"));
  EXPECT_EQ(As("de-wissel", {"criteria", "unmet", criterion}).exit_code, 0);
  EXPECT_THAT(As("upc-leuven", {"criteria", "list", id}).out, HasSubstr("niet voldaan"));
  EXPECT_EQ(closes({"--unmet-why", "Sam verhuist"}).exit_code, 0);
}

TEST_F(CliTest, ReferralsAreAnsweredAndCommitmentsSigned) {
  const std::string id = Shared();
  for (const char* organisation : {"upc-leuven", "de-wissel"}) {
    EXPECT_EQ(As("de-wissel", {"grants", "give", id, "--to", organisation, "--purpose", "care-coordination",
                               "--category", "agreements", "--for", "3m", "--by", "Sam", "--how", "ondertekend"})
                  .exit_code,
              0);
  }
  const std::string referral = Json("de-wissel", {"referrals", "ask", id, "upc-leuven", "--question", "Is er plaats?",
                                                  "--category", "goals"})["record"];
  EXPECT_THAT(As("upc-leuven", {"inbox"}).out, HasSubstr("Beantwoord een aanmelding"));
  EXPECT_EQ(As("upc-leuven", {"referrals", "refuse", referral}).exit_code, 2) << "a reason is asked";
  EXPECT_EQ(As("upc-leuven", {"referrals", "refuse", referral, "--why", "geen plaats"}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"referrals", "list", id}).out, AllOf(HasSubstr("geweigerd"), HasSubstr("geen plaats")));
  const std::string second = Json("de-wissel", {"referrals", "ask", id, "upc-leuven", "--question", "En in maart?",
                                                "--category", "goals"})["record"];
  EXPECT_EQ(As("upc-leuven", {"referrals", "accept", second}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"referrals", "withdraw", second}).err, HasSubstr("niet meer open"));

  const std::string commitment = Json(
      "de-wissel", {"commitments", "propose", id, "--party", "upc-leuven,de-wissel", "--text", "elke week"})["record"];
  EXPECT_THAT(As("upc-leuven", {"inbox"}).out, HasSubstr("Teken een engagementsverklaring"));
  EXPECT_THAT(As("de-wissel", {"commitments", "list", id}).out, HasSubstr("wacht op UPC Leuven"));
  EXPECT_EQ(As("upc-leuven", {"commitments", "sign", commitment, "--remark", "besproken"}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"commitments", "list", id}).out, HasSubstr("geldt sinds"));
  EXPECT_EQ(
      As("de-wissel", {"commitments", "edit", commitment, "--party", "upc-leuven,de-wissel", "--text", "elke dag"})
          .exit_code,
      0);
  EXPECT_THAT(As("upc-leuven", {"commitments", "sign", commitment}).err, HasSubstr("intussen gewijzigd"));
}

TEST_F(CliTest, ARoundTableIsPlanned) {
  const std::string id = Shared();
  const std::string table =
      Json("de-wissel", {"tables", "propose", id, "--title", "Ronde tafel", "--place", "Leuven", "--date",
                         "3/12/2026 14:00-15:30", "--date", "4/12/2026 10:00-11:30", "--together"})["record"];
  EXPECT_EQ(As("upc-leuven", {"tables", "vote", table, "--choices", "no,yes"}).exit_code, 0);
  EXPECT_EQ(As("upc-leuven", {"tables", "vote", table, "--choices", "no"}).exit_code, 1);
  const Outcome shown = As("de-wissel", {"tables", "show", table});
  EXPECT_THAT(shown.out, AllOf(HasSubstr("do 03/12/2026 14:00–15:30"), HasSubstr("Wacht op"), HasSubstr("CLB Leuven")));
  EXPECT_EQ(
      As("clb-leuven", {"tables", "vote", table, "--choices", "maybe,yes", "--comment", "liefst vrijdag"}).exit_code,
      0);
  EXPECT_THAT(As("de-wissel", {"inbox"}).out, HasSubstr("Datum vastleggen"));
  EXPECT_EQ(As("de-wissel", {"tables", "fix", table, "--date", "3"}).exit_code, 1);
  EXPECT_EQ(As("de-wissel", {"tables", "fix", table, "--date", "2"}).exit_code, 0);
  EXPECT_THAT(As("clb-leuven", {"tables", "list"}).out,
              AllOf(HasSubstr("vr 04/12/2026 10:00–11:30"), HasSubstr("vastgelegd")));
  EXPECT_THAT(As("clb-leuven", {"tables", "list", "--from", "1/12/2026", "--until", "4/12/2026"}).out,
              HasSubstr("04/12/2026"));
  EXPECT_THAT(As("clb-leuven", {"tables", "list", "--from", "1/12/2026", "--until", "3/12/2026"}).out,
              Not(HasSubstr("04/12/2026")));
  EXPECT_EQ(As("de-wissel", {"tables", "report", table, "--text", "Goed gesprek.", "--decision", "terug naar school",
                             "--present", "Sam", "--absent", "CLB"})
                .exit_code,
            0);
  EXPECT_THAT(As("clb-leuven", {"tables", "show", table}).out,
              AllOf(HasSubstr("Goed gesprek."), HasSubstr("1. terug naar school"), HasSubstr("CLB (verontschuldigd)")));
}

TEST_F(CliTest, TheFamilyChoosesFirstAndTheOthersFromWhatIsLeft) {
  const std::string id = Shared();
  const std::string table =
      Json("de-wissel", {"tables", "propose", id, "--title", "Evolutie", "--date", "3/12/2026 14:00-15:30", "--date",
                         "4/12/2026 10:00-11:30", "--without", "vader", "--why", "zit in het buitenland", "--require",
                         "clb-leuven", "--require-clients", "jongere"})["record"];
  const Outcome early = As("upc-leuven", {"tables", "vote", table, "--choices", "yes,yes"});
  EXPECT_EQ(early.exit_code, 1);
  EXPECT_THAT(early.err, HasSubstr("Het gezin kiest eerst"));
  EXPECT_THAT(As("de-wissel", {"tables", "list"}).out, HasSubstr("gezin kiest"));
  const Outcome unheard = As("de-wissel", {"tables", "fix", table, "--date", "2"});
  EXPECT_EQ(unheard.exit_code, 1);
  EXPECT_THAT(unheard.err, AllOf(HasSubstr("nog niet gekozen"), HasSubstr("tables family"), HasSubstr("--why")));
  EXPECT_EQ(As("de-wissel", {"tables", "family", table, "--choices", "no,yes"}).exit_code, 0);
  EXPECT_EQ(As("upc-leuven", {"tables", "vote", table, "--choices", "yes"}).exit_code, 0);
  EXPECT_EQ(As("clb-leuven", {"tables", "vote", table, "--choices", "no"}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"inbox"}).out, HasSubstr("Wie erbij moet zijn, kan niet"));
  const Outcome shown = As("de-wissel", {"tables", "show", table});
  EXPECT_THAT(shown.out, AllOf(HasSubstr("past het gezin niet"), HasSubstr("CLB Leuven (kan niet)"),
                               HasSubstr("zit in het buitenland")));
  const Outcome partner = As("upc-leuven", {"tables", "show", table});
  EXPECT_THAT(partner.out, HasSubstr("past het gezin niet"));
  EXPECT_THAT(partner.out, Not(HasSubstr("CLB"))) << "who else is asked is not theirs to know";
  const Outcome without = As("de-wissel", {"tables", "fix", table, "--date", "2"});
  EXPECT_EQ(without.exit_code, 1) << "school has to be there, and cannot";
  EXPECT_THAT(without.err, AllOf(HasSubstr("zei nog geen ja"), HasSubstr("clb-leuven"), HasSubstr("--why")));
  const char* reason = "de zitting is op maandag";
  EXPECT_EQ(As("de-wissel", {"tables", "fix", table, "--date", "2", "--why", reason}).exit_code, 0);
  EXPECT_THAT(As("upc-leuven", {"tables", "show", table}).out, HasSubstr(reason)) << "all who are invited read it";
}

TEST_F(CliTest, AReviewSaysWhichOneItIs) {
  const std::string id = Shared();
  const std::string table = Json("de-wissel", {"tables", "propose", id, "--title", "t", "--kind", "evolutie-3-maanden",
                                               "--date", "3/12/2026 14:00-15:30"})["record"];
  EXPECT_THAT(As("de-wissel", {"tables", "show", table}).out, HasSubstr("evolutiebespreking na 3 maanden"));
  EXPECT_EQ(As("de-wissel", {"tables", "propose", id, "--title", "t", "--kind", "koffie", "--date", "x"}).exit_code, 2);
}

TEST_F(CliTest, AGuestIsInvitedGivenALinkAndTakenOff) {
  const std::string id = Shared();
  const std::string table = Json(
      "de-wissel", {"tables", "propose", id, "--title", "Ronde tafel", "--date", "3/12/2026 14:00-15:30"})["record"];
  EXPECT_THAT(As("de-wissel", {"tables", "guests", table}).out, HasSubstr("Geen gasten"));
  const std::string guest =
      Json("de-wissel", {"tables", "guest-invite", table, "--name", "Mama Els", "--who", "moeder"})["record"];
  EXPECT_THAT(As("de-wissel", {"tables", "guests", table}).out, AllOf(HasSubstr("Mama Els"), HasSubstr("geen")));
  const Outcome made = As("de-wissel", {"tables", "guest-link", table, guest, "--until", "10/12/2026"});
  EXPECT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.out, StartsWith("/#/guest/"));
  EXPECT_THAT(made.err, AllOf(HasSubstr("geldig tot"), HasSubstr("maar één keer"), HasSubstr("public_url")));
  const Outcome list = As("de-wissel", {"tables", "guests", table});
  EXPECT_THAT(list.out, AllOf(HasSubstr("geldt"), Not(HasSubstr(made.out.substr(9, 43)))));
  EXPECT_EQ(As("upc-leuven", {"tables", "guest-link", table, guest}).exit_code, 1);
  const Outcome late = As("de-wissel", {"tables", "guest-link", table, guest, "--until", "10/12/2027"});
  EXPECT_EQ(late.exit_code, 1);
  EXPECT_THAT(late.err, HasSubstr("90 dagen"));
  EXPECT_THAT(As("de-wissel", {"tables", "guest-revoke", table, guest}).out, HasSubstr("ingetrokken"));
  EXPECT_EQ(As("de-wissel", {"tables", "guest-revoke", table, guest}).exit_code, 1);
  EXPECT_THAT(As("de-wissel", {"tables", "guests", table}).out, HasSubstr("ingetrokken"));
  EXPECT_EQ(As("de-wissel", {"tables", "guest-remove", table, guest, "--why", "op eigen vraag"}).exit_code, 0);
  EXPECT_EQ(Json("de-wissel", {"tables", "guests", table})["guests"].size(), 0U);
}

TEST_F(CliTest, WhatATableDecidesIsDoneAndASeriesCanChange) {
  const std::string id = Shared();
  const std::string table = Json("de-wissel", {"tables", "propose", id, "--title", "Ronde tafel", "--date",
                                               "3/12/2026 14:00-15:30", "--together"})["record"];
  EXPECT_EQ(As("upc-leuven", {"tables", "answer", table, "--attending", "ja"}).exit_code, 1) << "no date yet";
  EXPECT_EQ(As("de-wissel", {"tables", "fix", table, "--date", "1", "--every-weeks", "2", "--times", "3"}).exit_code,
            0);
  EXPECT_EQ(As("upc-leuven", {"tables", "answer", table, "--attending", "nee", "--rather", "5/12/2026 10:00-11:30"})
                .exit_code,
            0);
  EXPECT_THAT(As("de-wissel", {"inbox"}).out, HasSubstr("Vraagt een ander moment"));
  EXPECT_EQ(
      As("de-wissel", {"tables", "cancel", table, "--occurrence", "17/12/2026 14:00", "--why", "vakantie"}).exit_code,
      0);
  EXPECT_THAT(As("clb-leuven", {"tables", "show", table}).out,
              AllOf(HasSubstr("do 17/12/2026 14:00"), HasSubstr("afgelast"), HasSubstr("do 31/12/2026 14:00–15:30")));
  EXPECT_EQ(
      As("de-wissel", {"tables", "report", table, "--text", "Goed.", "--action",
                       "clb-leuven | school bellen | 25/11/2026", "--action", "de-wissel | huisbezoek | 12/1/2027"})
          .exit_code,
      0);
  EXPECT_EQ(
      As("de-wissel", {"tables", "report", table, "--text", "Goed.", "--action", "clb-leuven | bellen"}).exit_code, 1);
  EXPECT_THAT(As("clb-leuven", {"inbox"}).out, HasSubstr("Voer een actie uit"));
  const auto shown = Json("clb-leuven", {"tables", "show", table});
  ASSERT_EQ(shown["actions"].size(), 2U);
  EXPECT_EQ(shown["actions"][0]["table"], table);
  const std::string action = shown["actions"][0]["id"];
  EXPECT_EQ(As("clb-leuven", {"actions", "done", action, "--remark", "gebeld"}).exit_code, 0);
  EXPECT_THAT(As("clb-leuven", {"inbox"}).out, Not(HasSubstr("Voer een actie uit")));
  EXPECT_THAT(As("de-wissel", {"tables", "show", table}).out, AllOf(HasSubstr("school bellen"), HasSubstr("gedaan")));
  EXPECT_EQ(As("de-wissel", {"actions", "add", id, "--text", "fiets zoeken", "--owner", "de-wissel", "--due",
                             "12/1/2027", "--table", table})
                .exit_code,
            0);
  EXPECT_EQ(Json("de-wissel", {"tables", "show", table})["actions"].size(), 3U);
  EXPECT_EQ(As("de-wissel", {"tables", "cancel", table}).exit_code, 0);
  EXPECT_THAT(As("clb-leuven", {"tables", "list"}).out, HasSubstr("afgelast"));
}

TEST_F(CliTest, LeavingOutTheClientsNeedsAReason) {
  const std::string id = Shared();
  std::vector<std::string> line = {"tables",
                                   "propose",
                                   id,
                                   "--title",
                                   "t",
                                   "--date",
                                   "3/12/2026 14:00-15:30",
                                   "--without-clients",
                                   "Sam ligt in het ziekenhuis"};
  EXPECT_EQ(As("de-wissel", line).exit_code, 0);
  line.back() = " ";
  EXPECT_THAT(As("de-wissel", line).err, HasSubstr("tenzij er een reden is"));
}

// A file of that much text in the folder.
std::string WriteText(const std::string& path, std::size_t bytes) {
  std::string text;
  for (std::size_t line = 0; text.size() < bytes; ++line) text += "regel " + std::to_string(line) + "\n";
  text.resize(bytes);
  std::ofstream(path, std::ios::binary) << text;
  return text;
}
std::string ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(CliTest, AFileIsAttachedListedAndFetched) {
  const std::string id = Shared();
  const std::string note =
      Json("de-wissel", {"notes", "add", id, "--title", "t", "--text", "x", "--category", "goals"})["record"];
  const std::string path = folder / "verslag.txt";
  const std::string text = WriteText(path, 1'200'000);
  const json sent = Json("de-wissel", {"attach", id, path, "--about", note, "--caption", "van de huisarts"});
  const std::string attachment = sent["record"];
  EXPECT_EQ(Json("de-wissel", {"uploads", "list"})["uploads"].size(), 0U);
  EXPECT_THAT(As("upc-leuven", {"attachments", id}).out,
              AllOf(HasSubstr(attachment.substr(0, 8)), HasSubstr("volledig")));
  EXPECT_THAT(As("upc-leuven", {"attachments", id, "--full"}).out,
              AllOf(HasSubstr("verslag.txt"), HasSubstr("van de huisarts"), HasSubstr("volledig")));
  EXPECT_THAT(As("upc-leuven", {"read", note}).out, HasSubstr("verslag.txt (text/plain, 1200000 bytes) volledig"));

  const std::string other_note =
      Json("de-wissel", {"notes", "add", id, "--title", "u", "--text", "x", "--category", "goals"})["record"];
  const json beside = Json("de-wissel", {"share", attachment, "--about", other_note});
  EXPECT_THAT(As("upc-leuven", {"read", other_note}).out,
              HasSubstr("verslag.txt (text/plain, 1200000 bytes) volledig"));
  EXPECT_THAT(As("upc-leuven", {"read", beside["record"]}).out, HasSubstr("de-wissel"));
  EXPECT_EQ(As("de-wissel", {"share", note, "--about", other_note}).exit_code, 1) << "a note beside a note";

  const std::string to = folder / "opgehaald.txt";
  const Outcome fetched = As("upc-leuven", {"download", attachment, "--to", to});
  EXPECT_EQ(fetched.exit_code, 0) << fetched.err;
  EXPECT_EQ(ReadText(to), text);
  EXPECT_FALSE(std::filesystem::exists(to + ".part"));
  const Outcome again = As("upc-leuven", {"download", attachment, "--to", to});
  EXPECT_EQ(again.exit_code, 1) << "nothing is overwritten";
  EXPECT_EQ(As("upc-leuven", {"download", attachment, "--to", to, "--force"}).exit_code, 0);

  std::ofstream(folder / "half.txt.part", std::ios::binary) << text.substr(0, 700'000);
  EXPECT_EQ(As("upc-leuven", {"download", attachment, "--to", folder / "half.txt"}).exit_code, 0);
  EXPECT_EQ(ReadText(folder / "half.txt"), text) << "it went on where it stopped";
  std::ofstream(folder / "all.txt.part", std::ios::binary) << text;
  EXPECT_EQ(As("upc-leuven", {"download", attachment, "--to", folder / "all.txt"}).exit_code, 0);
  EXPECT_EQ(ReadText(folder / "all.txt"), text);
  std::ofstream(folder / "other.txt.part", std::ios::binary) << std::string(1000, 'x');
  const Outcome other = As("upc-leuven", {"download", attachment, "--to", folder / "other.txt"});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.err, HasSubstr("niet het bestand dat de afzender ondertekende"));
  EXPECT_FALSE(std::filesystem::exists(folder / "other.txt"));
}

TEST_F(CliTest, OfARefusedFileAndAPreviewNothingStays) {
  const std::string id = Shared();
  const std::string path = folder / "verslag.txt";
  WriteText(path, 400);
  const Outcome wrong = As("de-wissel", {"attach", id, path + "x", "--category", "goals"});
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_EQ(As("de-wissel", {"attach", id, path}).exit_code, 1) << "about what?";
  std::filesystem::copy_file(path, folder / "verslag.pdf");
  const Outcome refused = As("de-wissel", {"attach", id, folder / "verslag.pdf", "--category", "goals"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("niet wat de naam zegt"), Not(HasSubstr("--resume "))));
  EXPECT_EQ(Json("de-wissel", {"uploads", "list"})["uploads"].size(), 0U) << "it could never be sent";
  EXPECT_THAT(As("de-wissel", {"uploads", "list"}).out, HasSubstr("geen begonnen bijlagen"));
  EXPECT_EQ(As("de-wissel", {"uploads", "drop", "00112233445566778899aabbccddeeff"}).exit_code, 1);
  const json preview = Json("de-wissel", {"attach", id, path, "--category", "goals", "--dry-run"});
  EXPECT_EQ(preview["state"], "preview");
  EXPECT_EQ(Json("de-wissel", {"uploads", "list"})["uploads"].size(), 0U) << "nothing stays of it";
  EXPECT_EQ(Json("de-wissel", {"attachments", id})["attachments"].size(), 0U);
}

TEST_F(CliTest, AnUploadIsGoneOnWithAndGivenUp) {
  const std::string id = Shared();
  const std::string path = folder / "verslag.txt";
  WriteText(path, 400);
  // A command that was cut off halfway leaves this behind.
  Client cut(folder / "de-wissel", {{"Schakel-Person", PercentEncoded("Nora Peeters")}, {"Accept-Language", "nl"}});
  const auto begin = [&] {
    const json body = {
        {"name", "verslag.txt"}, {"size", 400}, {"categories", {"goals"}}, {"purpose", "care-coordination"}};
    const ClientReply begun = cut.Send("POST", "/v1/trajectories/" + id + "/uploads", body.dump()).value();
    EXPECT_EQ(begun.status, 201) << begun.body;
    const std::string upload = json::parse(begun.body)["upload"];
    EXPECT_EQ(cut.Put("/v1/uploads/" + upload + "?offset=0", AsBytes(ReadText(path).substr(0, 150))).value().status,
              200);
    return upload;
  };
  const std::string upload = begin();
  EXPECT_EQ(Json("de-wissel", {"uploads", "list"})["uploads"].size(), 1U);
  WriteText(folder / "ander.txt", 300);
  EXPECT_THAT(As("de-wissel", {"attach", id, folder / "ander.txt", "--resume", upload}).err,
              HasSubstr("niet het bestand waarmee"));
  // Of the same size, and other words from the place where it was cut off: they are not those of the file named now.
  std::ofstream(folder / "zelfde.txt", std::ios::binary) << std::string(400, 'x');
  EXPECT_THAT(As("de-wissel", {"attach", id, folder / "zelfde.txt", "--resume", upload}).err,
              AllOf(HasSubstr("niet die van het bestand"), HasSubstr("--resume ")));
  EXPECT_EQ(As("de-wissel", {"uploads", "drop", upload}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"uploads", "list"}).out, HasSubstr("geen begonnen bijlagen"));
  const Outcome resumed = As("de-wissel", {"attach", id, path, "--resume", begin()});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(Json("de-wissel", {"attachments", id})["attachments"].size(), 1U);
  EXPECT_EQ(Json("de-wissel", {"uploads", "list"})["uploads"].size(), 0U);
}

TEST_F(CliTest, TheInboxForgetsWhatWasSeen) {
  const std::string id = Shared();
  As("de-wissel", {"notes", "add", id, "--title", "t", "--text", "x", "--category", "goals"});
  EXPECT_THAT(As("clb-leuven", {"inbox", "--seen"}).out, HasSubstr("Notitie"));
  EXPECT_THAT(As("clb-leuven", {"inbox"}).out, HasSubstr("Niets te doen en niets nieuws."));
  EXPECT_THAT(As("clb-leuven", {"inbox", "--as", "Jef"}).out, HasSubstr("Notitie"));
}

TEST_F(CliTest, WhoLookedWithoutATaskIsALineForEachAndHowOften) {
  const std::string id = Shared();
  const json sent = Json("de-wissel", {"notes", "add", id, "--title", "t", "--text", "x", "--category", "goals"});
  const std::string note = sent["record"];
  for (const char* person : {"Wim Maes", "Wim Maes", "Wim Maes", "Lotte Claes"}) {
    ASSERT_EQ(As("de-wissel", {"read", note, "--as", person}).exit_code, 0);
    leuven.region.clock.Advance(std::chrono::minutes(1));
  }
  const std::vector<std::string> question = {"audit", id, "--without-task", "--role", "auditor", "--reason", "audit"};
  const Outcome answer = As("de-wissel", question);
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  const auto line_of = [&](const std::string& person) {
    std::string found;
    int count = 0;
    std::istringstream from(answer.out);
    for (std::string line; std::getline(from, line);) {
      if (line.find(person) == std::string::npos) continue;
      found = line;
      ++count;
    }
    return count == 1 ? found : "not one line";
  };
  EXPECT_THAT(line_of("Wim Maes"), AllOf(HasSubstr(" 3 "), HasSubstr("niemand had er een taak")));
  EXPECT_THAT(line_of("Lotte Claes"), HasSubstr(" 1 "));
}

TEST_F(CliTest, TheAuditIsExportedAndVerifiedOffline) {
  const std::string id = Shared();
  const std::string file = folder / "bewijs.bin";
  const Outcome audit = As("de-wissel", {"audit", id, "--export", file});
  ASSERT_EQ(audit.exit_code, 0) << audit.err;
  EXPECT_THAT(audit.out, AllOf(HasSubstr("UPC Leuven"), HasSubstr("kreeg")));
  struct stat status{};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(As("de-wissel", {"audit", id, "--export", file}).exit_code, 1) << "nothing is overwritten";

  Terminal offline;  // No agent, no socket.
  const std::string key = ToText(leuven.region.verifier);
  std::ofstream(folder / "hub.pub") << key << "\n";
  const Outcome proven = offline.Run({"verify", file, "--hub-key", "@" + (folder / "hub.pub"), "--rows"});
  EXPECT_EQ(proven.exit_code, 0) << proven.err;
  EXPECT_THAT(proven.out, AllOf(HasSubstr("Bewezen: deze"), HasSubstr("Niet bewezen: dat"), HasSubstr("upc-leuven")));
  EXPECT_EQ(json::parse(offline.Run({"verify", file, "--hub-key", key, "--json"}).out)["proven"], true);

  const json with_rows = json::parse(offline.Run({"verify", file, "--hub-key", key, "--rows", "--json"}).out);
  EXPECT_EQ(with_rows["subject"], "trajectory " + id);
  EXPECT_GT(with_rows["rows"].size(), 3U);
  EXPECT_THAT(with_rows["not_proven"].get<std::string>(), HasSubstr("weggelaten"));
  EXPECT_THAT(proven.out, AllOf(HasSubstr("Traject " + id), HasSubstr("Van ma 23/11/2026 09:00:00 tot en met")));
  const json asked = Json("de-wissel", {"audit", id});
  EXPECT_EQ(std::ranges::count_if(asked["rows"], [](const json& row) { return row["what"] == "asked"; }), 2)
      << "the file and the rows were one question";

  const auto rewritten = [&](const char* name, auto change) {
    std::ifstream in(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    Evidence evidence = DecodeEvidence(AsBytes(bytes)).value();
    change(evidence);
    std::ofstream(folder / name, std::ios::binary) << AsText(EncodeEvidence(evidence));
    return offline.Run({"verify", folder / name, "--hub-key", key});
  };
  const Outcome nothing = rewritten("empty", [](Evidence& e) { e.entries.clear(); });
  EXPECT_EQ(nothing.exit_code, 1);
  EXPECT_THAT(nothing.err, HasSubstr("geen enkele vermelding"));
  const Outcome elsewhere =
      rewritten("elsewhere", [](Evidence& e) { e.subject = "trajectory 0000000000000000000000000000000a"; });
  EXPECT_EQ(elsewhere.exit_code, 1);
  EXPECT_THAT(elsewhere.err, HasSubstr("gaat niet over wat het zegt"));
  const Outcome part = rewritten("part", [](Evidence& e) {
    std::erase_if(e.entries, [](const ProvenEntry& one) {
      const Entry entry = DecodeEntry(one.entry).value();
      const auto* record = std::get_if<RecordEntry>(&entry.body);
      return record != nullptr && DecodeHeader(record->header).value().kind == Kind::kGrantGive;
    });
  });
  EXPECT_EQ(part.exit_code, 1);
  EXPECT_THAT(part.err, HasSubstr("weggelaten"));
  EXPECT_THAT(offline.Run({"verify", folder / "", "--hub-key", key}).err, HasSubstr("Dit is een map"));

  const NoteVerifier other{leuven.region.verifier.name, SigningKey::Generate().public_key};
  const Outcome forged = offline.Run({"verify", file, "--hub-key", ToText(other)});
  EXPECT_EQ(forged.exit_code, 1);
  EXPECT_THAT(forged.err, AllOf(HasSubstr("schakel: fout: "), HasSubstr("Niet bewezen")));
  std::fstream change(file, std::ios::in | std::ios::out | std::ios::binary);
  change.seekp(-1, std::ios::end);
  change.put('\x7f');
  change.close();
  EXPECT_EQ(offline.Run({"verify", file, "--hub-key", key}).exit_code, 1);
}

TEST_F(CliTest, AGrantLastsFromWhereItBegins) {
  const std::string id = Shared();
  const Outcome given =
      As("de-wissel", {"grants", "give", id, "--to", "upc-leuven", "--purpose", "care-coordination", "--category",
                       "goals", "--from", "2/12/2026", "--for", "72h", "--by", "Sam", "--how", "ondertekend"});
  ASSERT_EQ(given.exit_code, 0) << given.err;
  const json whole = Json("de-wissel", {"trajectories", "show", id});
  const auto grant = std::ranges::find_if(
      whole["grants"], [](const json& one) { return one["begins_at"].get<std::string>().starts_with("2026-12-01"); });
  ASSERT_NE(grant, whole["grants"].end());
  EXPECT_EQ(ParseTimestamp((*grant)["ends_at"].get<std::string>()).value() -
                ParseTimestamp((*grant)["begins_at"].get<std::string>()).value(),
            std::chrono::hours(72));
}

TEST_F(CliTest, AClockThatWasSetBackIsToldAndTheLogsOrderHolds) {
  const std::string id = Shared();
  const auto note = [&](const char* title) {
    return As("de-wissel", {"notes", "add", id, "--title", title, "--text", "t", "--category", "goals"}).exit_code;
  };
  leuven.region.clock.Advance(std::chrono::hours(24));
  ASSERT_EQ(note("een"), 0);
  leuven.region.clock.Advance(-std::chrono::hours(24));
  ASSERT_EQ(note("twee"), 0);
  const std::string file = folder / "sprong.bin";
  const Outcome audit = As("de-wissel", {"audit", id, "--export", file});
  ASSERT_EQ(audit.exit_code, 0) << audit.err;
  EXPECT_THAT(audit.err, HasSubstr("de klok van de hub is teruggezet"));
  Terminal offline;
  const std::string key = ToText(leuven.region.verifier);
  const Outcome proven = offline.Run({"verify", file, "--hub-key", key});
  EXPECT_EQ(proven.exit_code, 0) << proven.err;
  EXPECT_THAT(proven.out, AllOf(HasSubstr("tot en met di 24/11/2026"), HasSubstr("de klok van de hub is teruggezet")));
  const json view = json::parse(offline.Run({"verify", file, "--hub-key", key, "--json"}).out);
  ASSERT_EQ(view["clock_set_back"].size(), 1U);
  EXPECT_GT(view["until"].get<std::string>(), view["from"].get<std::string>());
}

TEST_F(CliTest, AnAuditOfMoreThanOnePageIsOneAnswer) {
  const std::string id = Shared();
  const std::string note =
      Json("de-wissel", {"notes", "add", id, "--title", "t", "--text", "x", "--category", "goals"})["record"];
  const std::vector<RecordId> looked(60, ParseId<RecordId>(note).value());
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(leuven.youth_care.Read(looked, {"Wim Maes", StaffRole::kWorker}, ViewReason::kTask));
  }
  const std::string file = folder / "bewijs.bin";
  const json answer = Json("de-wissel", {"audit", id, "--export", file});
  EXPECT_GT(answer["rows"].size(), 1200U);
  EXPECT_EQ(answer["rows"].size(), answer["total"]);
  EXPECT_TRUE(std::filesystem::exists(file));
  const Outcome printed = As("de-wissel", {"audit", id});
  EXPECT_EQ(printed.exit_code, 0) << printed.err;
  EXPECT_GT(std::ranges::count(printed.out, '\n'), static_cast<std::ptrdiff_t>(answer["rows"].size()));
}

TEST_F(CliTest, AnArchiveIsMadeAndVerifiedOfflineRecordByRecord) {
  const std::string id = Shared();
  ASSERT_EQ(
      As("de-wissel", {"notes", "add", id, "--title", "Slapen", "--text", "beter", "--category", "goals"}).exit_code,
      0);
  const std::string file = folder / "sam.archief";
  const Outcome made = As("de-wissel", {"export", "archive", id, "--to", file});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  struct stat status{};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_THAT(As("de-wissel", {"export", "archive", id, "--to", file}).err, HasSubstr("bestaat al"));
  EXPECT_EQ(As("de-wissel", {"export", "archive", id, "--to", file, "--force"}).exit_code, 0);

  Terminal offline;
  const std::string key = ToText(leuven.region.verifier);
  const Outcome proven = offline.Run({"verify", file, "--hub-key", key, "--rows"});
  EXPECT_EQ(proven.exit_code, 0) << proven.err;
  EXPECT_THAT(proven.out, AllOf(HasSubstr("Bewezen: deze"), HasSubstr("Niet bewezen: dat dit alles"),
                                HasSubstr("de sleutels van de registrars"), HasSubstr("Slapen")));
  const json view = json::parse(offline.Run({"verify", file, "--hub-key", key, "--rows", "--json"}).out);
  EXPECT_EQ(view["proven"], true);
  EXPECT_EQ(view["subject"], "trajectory " + id);
  const auto note = std::ranges::find_if(view["records"], [](const json& one) { return one["kind"] == "note"; });
  ASSERT_NE(note, view["records"].end());
  EXPECT_EQ((*note)["state"], "proved");
  EXPECT_EQ((*note)["author"], "de-wissel");
  EXPECT_EQ((*note)["body"]["title"], "Slapen");

  std::ifstream in(file, std::ios::binary);
  const std::string good{std::istreambuf_iterator<char>(in), {}};
  const std::string bad = folder / "anders.archief";
  // Bytes all over it: none goes unseen, and no words are shown then.
  for (std::size_t part = 0; part < 60; ++part) {
    std::string bytes = good;
    bytes[part * (good.size() - 1) / 59] ^= 0x20;
    std::ofstream(bad, std::ios::binary | std::ios::trunc) << bytes;
    const Outcome doubted = offline.Run({"verify", bad, "--hub-key", key, "--rows"});
    EXPECT_EQ(doubted.exit_code, 1) << part;
    EXPECT_THAT(doubted.err, HasSubstr("Niet bewezen: ")) << part;
    EXPECT_THAT(doubted.out, Not(HasSubstr("Slapen"))) << part;
  }
  // Which one it is, is told; and that the others hold.
  Archive archive = DecodeArchive(AsBytes(good)).value();
  archive.contents.back().ciphertext[100] ^= 1;
  std::ofstream(bad, std::ios::binary | std::ios::trunc) << AsText(EncodeArchive(archive));
  const Outcome one = offline.Run({"verify", bad, "--hub-key", key, "--json"});
  EXPECT_EQ(one.exit_code, 1);
  const json doubted = json::parse(one.out);
  EXPECT_EQ(doubted["proven"], false);
  const auto states = [&](const char* state) {
    return std::ranges::count_if(doubted["records"], [&](const json& each) { return each["state"] == state; });
  };
  EXPECT_EQ(states("altered"), 1);
  EXPECT_EQ(static_cast<std::size_t>(states("altered") + states("proved")), doubted["records"].size());
  // Those who should have signed are others.
  const std::string registrar = ToHex(SigningKey::Generate().public_key.value());
  EXPECT_EQ(offline.Run({"verify", file, "--hub-key", key, "--registrar", registrar}).exit_code, 1);
  EXPECT_EQ(offline.Run({"verify", file, "--hub-key", key, "--registrar", leuven.region.registrar_hex()}).exit_code, 0);
}

TEST_F(CliTest, TheDossierIsPrintedToAFileOfOnesOwn) {
  const std::string id = Shared();
  ASSERT_EQ(
      As("de-wissel", {"notes", "add", id, "--title", "Slapen", "--text", "beter", "--category", "goals"}).exit_code,
      0);
  const std::string file = folder / "sam.html";
  const Outcome made = As("de-wissel", {"export", "dossier", id, "--to", file, "--lang", "en"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  std::ifstream in(file, std::ios::binary);
  const std::string html{std::istreambuf_iterator<char>(in), {}};
  EXPECT_THAT(html, AllOf(StartsWith("<!DOCTYPE html>"), HasSubstr("lang=\"en\""), HasSubstr("Slapen")));
  struct stat status{};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(As("de-wissel", {"export", "dossier", id, "--to", file}).exit_code, 1);
  const json again = Json("de-wissel", {"export", "dossier", id, "--to", file, "--force"});
  EXPECT_GT(again["bytes"], 1000);
}

TEST_F(CliTest, ATableIsTakenInWithAReportLineByLine) {
  const std::string file = folder / "mensen.csv";
  std::ofstream(file) << "login;naam;rollen\njef;Jef Smets;worker\nan;An;baas\n";
  const Outcome held = As("de-wissel", {"import", "people", file});
  EXPECT_EQ(held.exit_code, 1);
  EXPECT_THAT(held.out, AllOf(HasSubstr("regel 2 (jef): kan gemaakt worden"), HasSubstr("regel 3")));
  EXPECT_THAT(held.err, AllOf(HasSubstr("Gemaakt: 0"), HasSubstr("--skip-bad")));
  const Outcome made = As("de-wissel", {"import", "people", file, "--skip-bad"});
  EXPECT_EQ(made.exit_code, 1) << "a line is wrong";
  EXPECT_THAT(made.out, HasSubstr("regel 2 (jef): gemaakt"));
  std::ofstream(file, std::ios::trunc) << "login;naam;rollen\njef;Jef Smets;worker\n";
  const Outcome again = As("de-wissel", {"import", "people", file, "--dry-run"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("was er al"));
  std::ofstream(file, std::ios::trunc) << "login;naam;rollen\njos;Jos\xE9;worker\n";
  EXPECT_THAT(As("de-wissel", {"import", "people", file}).err, HasSubstr("Windows-1252"));
}

// A file as it was written once, and public keys: no hub, no agent.
TEST_F(CliTest, AFileAndPublicKeysSayWhatIsProvenAndWhatIsNot) {
  std::ifstream golden(SourceDir() / "tests/golden/protocol-v1/evidence-witnessed.hex");
  std::string hex;
  for (std::string line; std::getline(golden, line);) hex += line;
  const Evidence good = DecodeEvidence(FromHex(hex).value()).value();
  const std::string file = folder / "getuigd.bin";
  const auto seed = [](std::string_view use, std::string_view name) {
    return SigningKey::FromSeed(Sha256({AsBytes("schakel/test/"), AsBytes(use), AsBytes("/"), AsBytes(name)}));
  };
  const std::string origin = "schakel.example/gent";
  const std::string key = ToText(NoteVerifier{origin, seed("hub-log", origin).public_key});
  const auto registrar = [&](const char* number) { return ToHex(seed("registrar", number).public_key.value()); };
  std::ofstream(folder / "drie.pub") << ToBase64(seed("registrar", "3").public_key.value()) << "\tderde\n";
  const std::vector<std::string> three = {"--registrar", registrar("1") + "," + registrar("2"), "--registrar",
                                          "@" + (folder / "drie.pub")};
  Terminal offline;
  const auto verify = [&](const Evidence& evidence, std::vector<std::string> more) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << AsText(EncodeEvidence(evidence));
    std::vector<std::string> line = {"verify", file, "--hub-key", key};
    line.insert(line.end(), more.begin(), more.end());
    return offline.Run(line);
  };
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), three.begin(), three.end());
    return more;
  };

  const Outcome all = verify(good, with({"--threshold", "2"}));
  EXPECT_EQ(all.exit_code, 0) << all.err;
  EXPECT_THAT(all.out,
              AllOf(HasSubstr("Bewezen: deze 4 vermeldingen"),
                    HasSubstr("wat vóór vermelding 8 aan karus-gent overhandigd of achtergehouden is, ontbreekt "
                              "niets"),
                    HasSubstr("meegetekend door karus-gent (tot en met vermelding 6)"),
                    HasSubstr("Niet bewezen: dat er geen andere")));
  const json view = json::parse(verify(good, with({"--threshold", "2", "--json"})).out);
  EXPECT_EQ(view["complete"], json::parse(R"([{"organisation":"karus-gent","deliveries":3,"before":8}])"));
  EXPECT_EQ(view["parties"]["witnesses"][0]["size"], 6);
  EXPECT_THAT(view["sentence"].get<std::string>(), StartsWith("Bewezen: "));

  // Less is given: less is said, and nothing refused.
  const Outcome alone = verify(good, {});
  EXPECT_EQ(alone.exit_code, 0) << alone.err;
  EXPECT_THAT(alone.out, AllOf(HasSubstr("ontbreekt niets"), Not(HasSubstr("meegetekend door")),
                               HasSubstr("de sleutels van de registrars nodig")));
  Evidence unknown = good;
  unknown.statements.clear();
  const Outcome nobody = verify(unknown, with({"--threshold", "2"}));
  EXPECT_EQ(nobody.exit_code, 0) << nobody.err;
  EXPECT_THAT(nobody.out, AllOf(HasSubstr("wat karus-gent ondertekenden"), HasSubstr("andere organisatie")));

  EXPECT_EQ(verify(good, {"--threshold", "2"}).exit_code, 2) << "of which registrars?";
  const Outcome none = verify(good, with({"--threshold", "0"}));
  EXPECT_EQ(none.exit_code, 2) << "none is not all";
  EXPECT_THAT(none.err, HasSubstr("telt vanaf 1"));

  struct Case {
    const char* name;
    std::function<void(Evidence&)> change;
    std::vector<std::string> options;
    std::string text;
  };
  const Case refused[] = {
      {"a delivery dropped", [](Evidence& e) { e.entries.erase(e.entries.begin() + 1); }, {}, "karus-gent: 2"},
      {"a number changed", [](Evidence& e) { e.entries[2].opening->number = 2; }, {}, "volgnummer"},
      {"a cosignature gone bad", [](Evidence& e) { e.witnesses[0].note[e.witnesses[0].note.size() - 20] ^= 1; },
       with({"--threshold", "2"}), "mede-ondertekening klopt niet: karus-gent"},
      {"all three must have signed", [](Evidence&) {}, three, "--threshold 2"},
      {"more than are given", [](Evidence&) {}, with({"--threshold", "4"}), "minder sleutels"},
      {"no key", [](Evidence&) {}, {"--registrar", "abc"}, "geen publieke sleutel van een registrar"},
  };
  for (const Case& c : refused) {
    SCOPED_TRACE(c.name);
    Evidence bad = good;
    c.change(bad);
    const Outcome outcome = verify(bad, c.options);
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(c.text), HasSubstr("Niet bewezen: ")));
  }
}

TEST_F(CliTest, MistakesNameTheOptionAndWhatStoodThere) {
  const std::string id = Shared();
  const std::string bad = folder / "latin1.txt";
  std::ofstream(bad) << "goed\nzo\xE9 niet";
  std::ofstream(folder / "leeg.txt") << " \n";
  const std::vector<std::string> note = {"notes", "add", id, "--title", "t", "--category", "goals", "--text"};
  const std::vector<std::string> grant = {"grants",     "give",  id,     "--to", "upc-leuven", "--purpose", "safety",
                                          "--category", "goals", "--by", "Sam",  "--how",      "op papier"};
  const auto with = [](std::vector<std::string> line, std::vector<std::string> more) {
    line.insert(line.end(), more.begin(), more.end());
    return line;
  };
  const std::vector<std::string> propose = {"tables", "propose", id, "--title", "t", "--date"};
  struct Case {
    const char* name;
    std::vector<std::string> line;
    std::string text;
  };
  const Case cases[] = {
      {"a folder", with(note, {"@/tmp"}), "een map, geen bestand: /tmp"},
      {"not UTF-8", with(note, {"@" + bad}), bad + ", regel 2, byte 3"},
      {"an empty file", with(note, {"@" + (folder / "leeg.txt")}), "Hier staat niets in"},
      {"no end", grant, "Dit moet ingevuld zijn: --until / --for."},
      {"two ends", with(grant, {"--for", "6m", "--until", "1/2/2027"}), "Geef één van beide: --for, --until."},
      {"too long", with(grant, {"--for", "100m"}), "ten hoogste een jaar."},
      {"no such day", with(grant, {"--until", "31/02/2027"}), "Deze dag bestaat niet: --until \"31/02/2027\"."},
      {"no date", with(grant, {"--until", "morgen"}), "--until \"morgen\""},
      {"a skipped hour", with(grant, {"--for", "3m", "--from", "28/3/2027 02:30"}), "--from \"28/3/2027 02:30\""},
      {"a past meeting", with(propose, {"3/11/2026 14:00-15:00"}), "al voorbij: --date."},
      {"no hours", with(propose, {"3/12/2026"}), "--date \"3/12/2026\""},
      {"a past deadline",
       {"consultations", "ask", id, "--category", "goals", "--question", "?", "--answer-by", "1/11/2026"},
       "al voorbij: --answer-by."},
      {"not known", {"read", "ffff"}, "Dit is hier niet gekend: ffff."},
      {"not known with a space", {"read", "ba73 1e2b"}, "begin van een nummer. (ba73 1e2b)"},
      {"no name", {"trajectories", "invite", id, "Foo Bar"}, "Dit is geen naam van een organisatie: Foo Bar."},
      {"no such organisation", {"trajectories", "invite", id, "nergens"}, "niet gekend: nergens."},
      {"no such trajectory",
       {"consultations", "ask", "ffff", "--category", "goals", "--question", "?"},
       "Dit is hier niet gekend: ffff."},
      {"backwards", with(propose, {"3/12/2026 11:00-10:00"}), "niet na het begin: --date \"3/12/2026 11:00-10:00\""},
      {"no time at all", with(propose, {"3/12/2026 10:00-10:00"}), "niet na het begin"},
      {"no such hour", with(propose, {"3/12/2026 25:00-26:00"}), "Dit uur bestaat niet"},
      {"the same date twice", with(propose, {"3/12/2026 10:00-11:00", "--date", "3/12/2026 10:00-11:00"}),
       "Dezelfde datum staat er twee keer: --date."},
      {"an hour that comes twice", with(propose, {"31/10/2027 02:15-02:45"}), "komt die nacht twee keer"},
      {"in the past", with(grant, {"--until", "1/2/2027", "--from", "01/01/1900"}), "in het verleden beginnen"},
      {"far too long", with(grant, {"--for", "100000m"}), "Deze duur is te lang: --for \"100000m\"."},
      {"a title of lines",
       {"notes", "add", id, "--title", "a\nb", "--text", "x", "--category", "goals"},
       "niet op één regel: --title."},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const Outcome outcome = As("de-wissel", c.line);
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(c.text), HasSubstr("hint: ")));
  }
  const Outcome unknown = As("de-wissel", {"read", "ffff", "--json"});
  EXPECT_EQ(json::parse(unknown.out)["title"], "Dit is hier niet gekend: ffff.");
  const Outcome script = Terminal().Run({"read", "--json"});
  EXPECT_EQ(script.exit_code, 2);
  EXPECT_EQ(json::parse(script.out)["rule"], "cli.misuse");
}

TEST_F(CliTest, AWordThatIsNoneNamesTheOneThatWasMeant) {
  struct Case {
    std::vector<std::string> line;
    const char* text;
  };
  const Case cases[] = {
      {{"trajectoires", "list"}, "bedoelde u trajectories?"},
      {{"trajecten"}, "bedoelde u trajectories?"},
      {{"trajectories", "opne"}, "bedoelde u open?"},
      {{"trajectories", "open", "--labell", "x"}, "bedoelde u --label?"},
      {{"notes", "add", "7c01", "--titel=x"}, "bedoelde u --title?"},
      {{"status", "--jsn"}, "bedoelde u --json?"},
  };
  for (const Case& c : cases) {
    const Outcome outcome = Terminal().Run(c.line);
    EXPECT_EQ(outcome.exit_code, 2) << c.text;
    EXPECT_THAT(outcome.err, HasSubstr(c.text)) << c.line.front();
  }
  EXPECT_THAT(Terminal().Run({"zzzzzz"}).err, Not(HasSubstr("bedoelde u")));
}

TEST_F(CliTest, AllClosedIsNotNone) {
  const std::string id = Json("de-wissel", {"trajectories", "open", "--label", "S."})["trajectory"];
  As("de-wissel", {"trajectories", "close", id, "--copy-offered", "op papier", "--copy", "meegenomen"});
  EXPECT_THAT(As("de-wissel", {"trajectories", "list"}).out, HasSubstr("Geen open trajecten; 1 gesloten"));
  EXPECT_THAT(As("caw-leuven", {"trajectories", "list"}).out, HasSubstr("Nog geen trajecten"));
}

TEST_F(CliTest, ListsAreNarrowedByWordsLeadAndPeriod) {
  As("de-wissel", {"trajectories", "open", "--label", "Sam D.", "--module", "mobiel"});
  const std::string lou = Json("de-wissel", {"trajectories", "open", "--label", "Lou M."})["trajectory"];
  const auto list = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"trajectories", "list"});
    return As("de-wissel", more).out;
  };
  EXPECT_THAT(list({"--words", "lou"}), AllOf(HasSubstr("Lou M."), Not(HasSubstr("Sam D."))));
  EXPECT_THAT(list({"--module", "mobiel"}), AllOf(HasSubstr("Sam D."), Not(HasSubstr("Lou M."))));
  EXPECT_THAT(list({"--lead", "upc-leuven"}), Not(HasSubstr("Sam D.")));
  As("de-wissel", {"trajectories", "close", lou, "--copy-offered", "op papier", "--copy", "meegenomen"});
  EXPECT_THAT(list({"--only-closed"}), AllOf(HasSubstr("Lou M."), Not(HasSubstr("Sam D."))));
  EXPECT_THAT(As("de-wissel", {"trajectories", "kept"}).out,
              AllOf(HasSubstr(lou.substr(0, 6)), HasSubstr("2049"), HasSubstr("35 jaar")));
  EXPECT_THAT(As("de-wissel", {"trajectories", "kept", "--due"}).out, HasSubstr("termijn voorbij"));
  EXPECT_EQ(Json("de-wissel", {"trajectories", "kept"})["trajectories"][0]["trajectory"], lou);
}

TEST_F(CliTest, SomebodyWhoFailedTooOftenIsUnlocked) {
  As("de-wissel", {"--role", "administrator", "people", "invite", "jan", "--name", "Jan De Smet", "--roles", "worker"});
  EXPECT_THAT(As("de-wissel", {"people", "show", "jan"}).out, HasSubstr("Mislukte pogingen"));
  EXPECT_THAT(As("de-wissel", {"people", "unlock", "jan"}).err, HasSubstr("hoefde niet te wachten"));
  EXPECT_EQ(Json("de-wissel", {"people", "unlock", "jan"})["failures"], 0);
  EXPECT_EQ(As("de-wissel", {"people", "unlock", "piet"}).exit_code, 1);
}

TEST_F(CliTest, FollowingShowsWhatHappens) {
  const std::string id = Shared();
  Outcome followed;
  std::thread follower([&] { followed = As("de-wissel", {"trajectories", "follow", id, "--count", "1"}); });
  // Until the follower is listening nothing is said: whether it is shows in what it prints, so say it until it ends.
  std::atomic<bool> ended = false;
  std::thread talker([&] {
    while (!ended) As("de-wissel", {"notes", "add", id, "--title", "t", "--text", "x", "--category", "goals"});
  });
  follower.join();
  ended = true;
  talker.join();
  EXPECT_EQ(followed.exit_code, 0) << followed.err;
  EXPECT_THAT(followed.out, AllOf(HasSubstr("ma 23/11/2026 09:00"), HasSubstr("\n")));
}

TEST_F(CliTest, AnAgentThatIsNotThereIsSaid) {
  Terminal terminal;
  EXPECT_THAT(terminal.Run({"inbox"}).err, HasSubstr("hint: Geef --socket PAD, of zet SCHAKEL_SOCKET."));
  terminal.environment["SCHAKEL_SOCKET"] = folder / "nobody";
  const Outcome outcome = terminal.Run({"inbox"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, AllOf(StartsWith("schakel: fout: De agent antwoordt niet op "),
                                 HasSubstr("\nhint: Start schakel-agent")));
}

TEST_F(CliTest, AnAgentThatStopsHalfwayIsSaidAndWhatToDo) {
  const std::string path = folder / "dying";
  const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(listener, 4), 0);
  for (const std::string answer : {"", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"}) {
    SCOPED_TRACE(answer);
    std::thread agent([&] {
      const int taken = ::accept(listener, nullptr, nullptr);
      char bytes[4096];
      (void)!::recv(taken, bytes, sizeof bytes, 0);
      (void)!::send(taken, answer.data(), answer.size(), MSG_NOSIGNAL);
      ::close(taken);
    });
    Terminal terminal;
    terminal.environment["SCHAKEL_SOCKET"] = path;
    const Outcome outcome = terminal.Run({"inbox"});
    agent.join();
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("De agent stopte"), HasSubstr("misschien gebeurd en misschien niet")));
  }
  ::close(listener);
}

TEST_F(CliTest, APreviewSaysWhatTheRealThingWouldSay) {
  const Outcome opened = As("de-wissel", {"trajectories", "open", "--label", "S.", "--dry-run"});
  EXPECT_EQ(opened.exit_code, 0);
  EXPECT_THAT(opened.out, AllOf(HasSubstr("voorbeeld"), Not(HasSubstr("Traject geopend"))));
  EXPECT_EQ(opened.err, "");
  const std::string id = Shared();
  const std::vector<std::string> refused[] = {
      {"trajectories", "invite", id, "caw-leuven", "--until", "1/1/2020"},
      {"trajectories", "invite", id, "caw-leuven", "--until", "1/1/2029"},
      {"trajectories", "invite", id, "de-wissel"},
      {"trajectories", "invite", id, "nergens"},
      {"trajectories", "invite", id, "upc-leuven"},
      {"trajectories", "remove", id, "caw-leuven"},
      {"trajectories", "introduce", id, "--member", "upc-leuven", "--to", "caw-leuven"},
      {"grants", "give", id, "--to", "politie-leuven", "--purpose", "safety", "--category", "safety", "--for", "1m",
       "--by", "Sam", "--how", "x"},
      {"grants", "give", id, "--to", "nergens", "--purpose", "safety", "--category", "safety", "--for", "1m", "--by",
       "Sam", "--how", "x"},
  };
  for (const auto& line : refused) {
    SCOPED_TRACE(line[1] + " " + line[3]);
    auto preview = line;
    preview.push_back("--dry-run");
    const Outcome said = As("de-wissel", preview);
    const Outcome real = As("de-wissel", line);
    EXPECT_EQ(real.exit_code, 1);
    EXPECT_EQ(said.exit_code, 1);
    EXPECT_EQ(said.err, real.err);
  }
  EXPECT_EQ(As("de-wissel", {"trajectories", "invite", id, "caw-leuven", "--dry-run"}).exit_code, 0);
  EXPECT_THAT(As("caw-leuven", {"trajectories", "invitations"}).out, HasSubstr("Geen open uitnodigingen."));
}

TEST_F(CliTest, WhatWasWithheldIsNotUnknown) {
  const std::string id = Shared();
  Header header;
  header.id = RecordId(Id128{0xAB, 0xCD, 0xEF});
  header.trajectory = leuven.psychiatry.Policy().trajectories().begin()->first;
  leuven.psychiatry.ReceiveWithheld(header, Denial::kWithdrawn);
  for (const std::vector<std::string>& line :
       {std::vector<std::string>{"read", "abcd"}, {"tables", "show", "abcd"}, {"consultations", "show", "abcd"}}) {
    const Outcome outcome = As("upc-leuven", line);
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("Dit is achtergehouden: de toestemming is ingetrokken."));
  }
  EXPECT_THAT(As("upc-leuven", {"read", "abce"}).err, HasSubstr("niet gekend: abce"));
}

TEST_F(CliTest, AnIdThatIsNoneIsShownBesideTheSentence) {
  const Outcome outcome = As("de-wissel", {"--lang", "en", "trajectories", "show", "zz"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("This is not an id, nor the beginning of one. (zz)"));
}

TEST_F(CliTest, AReplacedInvitationIsNoNews) {
  const std::string id = Json("de-wissel", {"trajectories", "open", "--label", "S."})["trajectory"];
  As("de-wissel", {"trajectories", "invite", id, "caw-leuven"});
  const std::string second = Json("de-wissel", {"trajectories", "invite", id, "caw-leuven"})["record"];
  const json items = Json("caw-leuven", {"inbox"})["items"];
  EXPECT_EQ(std::ranges::count_if(items, [](const json& one) { return one["what"] == "new"; }), 1);
  for (const json& one : items) EXPECT_EQ(one["record"], second);
}

TEST_F(CliTest, AnAlarmThatWasSeenIsCountedNoMore) {
  leuven.youth_care.Raise({.fault = Alarm::Fault::kHub, .what = {Code::kTampered, "hub.distrusted", {}, {}}});
  leuven.youth_care.Raise({.fault = Alarm::Fault::kNotice, .what = {Code::kConflict, "hub.trusted_again", {}, {}}});
  EXPECT_THAT(As("de-wissel", {"status"}).out, HasSubstr("2 nog niet gezien"));
  EXPECT_THAT(As("de-wissel", {"alarms"}).out, AllOf(HasSubstr("voorbij"), Not(HasSubstr("gezien"))));
  EXPECT_EQ(As("de-wissel", {"alarms", "--seen", "1"}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"status"}).out, HasSubstr("1 nog niet gezien"));
  EXPECT_THAT(As("de-wissel", {"status", "--as", "Jef"}).out, HasSubstr("2 nog niet gezien"));
  EXPECT_EQ(As("de-wissel", {"alarms", "--seen", "all"}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"status"}).out, Not(HasSubstr("nog niet gezien")));
  EXPECT_THAT(As("de-wissel", {"alarms"}).out, HasSubstr("gezien"));
  EXPECT_EQ(As("de-wissel", {"alarms", "--seen", "9"}).exit_code, 1);
  EXPECT_EQ(As("de-wissel", {"alarms", "--seen", "x"}).exit_code, 2);
  leuven.youth_care.Distrust(Error{Code::kTampered, "hub.distrusted", {}, {}});
  EXPECT_THAT(As("de-wissel", {"alarms"}).out, Not(HasSubstr("voorbij")));
}

TEST_F(CliTest, AnAlarmOfLostHistoryIsOpenUntilTheHubIsWelcomeAgain) {
  leuven.youth_care.Raise({.fault = Alarm::Fault::kHub, .what = {Code::kTampered, "hello.seen", {}, {}}});
  EXPECT_THAT(As("de-wissel", {"alarms"}).out, Not(HasSubstr("voorbij")));
  EXPECT_EQ(Json("de-wissel", {"status"})["refused"]["rule"], "hello.seen");
  EXPECT_THAT(As("de-wissel", {"status"}).out, HasSubstr("OPGELET"));
  leuven.youth_care.Raise({.fault = Alarm::Fault::kNotice, .what = {Code::kConflict, "hub.welcome_again", {}, {}}});
  EXPECT_THAT(As("de-wissel", {"alarms"}).out, HasSubstr("voorbij"));
  EXPECT_TRUE(Json("de-wissel", {"status"})["refused"].is_null());
}

TEST_F(CliTest, GrantsOfAllTrajectoriesAreListedTogether) {
  const std::string first = Shared();
  const std::string second = Shared();
  const Outcome all = As("de-wissel", {"grants", "list"});
  EXPECT_THAT(all.out, AllOf(HasSubstr(first.substr(0, 8)), HasSubstr(second.substr(0, 8))));
  EXPECT_EQ(Json("de-wissel", {"grants", "list"})["grants"].size(), 6U);
  EXPECT_EQ(Json("de-wissel", {"grants", "list", first})["grants"].size(), 3U);
}

TEST_F(CliTest, WhoIsNotReachedForThePurposeIsToldWhichWasMeant) {
  const std::string id = Shared();
  As("de-wissel", {"trajectories", "invite", id, "caw-leuven"});
  As("caw-leuven", {"trajectories", "join", id});
  ASSERT_EQ(As("de-wissel", {"grants", "give", id, "--to", "caw-leuven", "--purpose", "overgang-naar-volwassenheid",
                             "--category", "doelen", "--for", "1m", "--by", "Sam", "--how", "x"})
                .exit_code,
            0);
  std::vector<std::string> line = {"notes", "add",        id,       "--title", "t",          "--text",
                                   "x",     "--category", "doelen", "--to",    "caw-leuven", "--dry-run"};
  EXPECT_THAT(As("de-wissel", line).err, AllOf(HasSubstr("Zonder --purpose"), HasSubstr("(care-coordination)")));
  line.insert(line.end(), {"--purpose", "afstemming-van-de-hulp"});
  EXPECT_THAT(As("de-wissel", line).err, Not(HasSubstr("Zonder --purpose")));
}

TEST_F(CliTest, SearchShowsWhereItStandsAndTellsWhatThereIsBesides) {
  const std::string id = Shared();
  for (const char* text : {"Een vaste afspraak over slapen.", "Nog een \x1B[2J afspraak."}) {
    ASSERT_EQ(As("de-wissel", {"notes", "add", id, "--title", "t", "--text", text, "--category", "goals"}).exit_code,
              0);
    leuven.region.clock.Advance(std::chrono::minutes(1));
  }
  const Outcome found = As("de-wissel", {"search", "afspraken"});
  EXPECT_EQ(found.exit_code, 0);
  EXPECT_THAT(found.out, AllOf(HasSubstr("Notitie · De Wissel · Sam (2010)"),
                               HasSubstr("Een vaste afspraak over slapen."), Not(HasSubstr("\x1B"))));
  EXPECT_THAT(As("de-wissel", {"search", "afspraken", "--limit", "1"}).err, HasSubstr("de nieuwste 1 van 2"));
  EXPECT_EQ(Json("de-wissel", {"search", "afspraak slapen", "--kind", "dossiernotitie"})["total"], 1);
  EXPECT_EQ(Json("de-wissel", {"search", "afspraak", "--kind", "agreement"})["total"], 0);
  EXPECT_THAT(As("de-wissel", {"search", "niets"}).out, HasSubstr("Niets gevonden in wat u mag zien."));
  EXPECT_THAT(As("de-wissel", {"search", "!"}).err, HasSubstr("Geef minstens één woord"));
}

TEST_F(CliTest, WhoFollowsSeesWhatIsNewUntilTheyLooked) {
  const std::string id = Shared();
  EXPECT_THAT(As("upc-leuven", {"changes"}).out, HasSubstr("U volgt niets."));
  EXPECT_THAT(As("upc-leuven", {"follow", id.substr(0, 8), "--kind", "dossiernotitie"}).out, HasSubstr("U volgt dit"));
  ASSERT_EQ(As("upc-leuven", {"changes", id, "--seen"}).exit_code, 0);
  EXPECT_THAT(As("upc-leuven", {"changes", id}).out, HasSubstr("Niets nieuws"));
  ASSERT_EQ(As("de-wissel", {"notes", "add", id, "--title", "t", "--text", "x", "--category", "goals"}).exit_code, 0);
  EXPECT_THAT(As("upc-leuven", {"changes", id}).out, AllOf(HasSubstr("Notitie"), HasSubstr("De Wissel")));
  const json followed = Json("upc-leuven", {"changes"})["follows"];
  ASSERT_EQ(followed.size(), 1U);
  EXPECT_EQ(followed[0]["changes"], 1);
  EXPECT_EQ(followed[0]["kinds"], json::array({"note"}));
  EXPECT_THAT(As("upc-leuven", {"changes"}).out, HasSubstr("Notitie"));
  EXPECT_EQ(As("upc-leuven", {"changes", "--seen"}).exit_code, 2);
  EXPECT_EQ(As("upc-leuven", {"unfollow", id}).exit_code, 0);
  EXPECT_THAT(As("upc-leuven", {"unfollow", id}).err, HasSubstr("U volgt dit traject niet."));
}

TEST_F(CliTest, NoticesAndWebhooksAreChosenWhereTheyAreSetUp) {
  EXPECT_THAT(As("de-wissel", {"notices", "show"}).out, HasSubstr("geen"));
  EXPECT_THAT(As("de-wissel", {"notices", "show"}).err, HasSubstr("[mail]"));
  EXPECT_THAT(As("de-wissel", {"notices", "choose", "--mail", "meteen", "--address", "nora@dewissel.example"}).err,
              HasSubstr("Deze agent kan geen mail sturen."));
  EXPECT_THAT(As("de-wissel", {"webhooks", "add", "https://epd.example"}).err, HasSubstr("Webhooks staan niet aan."));
  servers.erase("de-wissel");
  ApiOptions options;
  options.socket = folder / "de-wissel";
  options.profiles = SourceDir() / "agents/profiles";
  options.mail = MailOptions{.server = "smtps://127.0.0.1:1", .from = "schakel@dewissel.example"};
  options.webhooks = WebhookOptions{};
  servers["de-wissel"] = StartApi(leuven.youth_care, options, leuven.region.clock, leuven.region.random).value();
  const Outcome chosen = As("de-wissel", {"notices", "choose", "--mail", "dagelijks", "--address", "n@dewissel.example",
                                          "--digest-at", "7u30", "--quiet", "20:00-07:00"});
  EXPECT_THAT(chosen.out, AllOf(HasSubstr("dagelijks"), HasSubstr("n@dewissel.example"), HasSubstr("07:30"),
                                HasSubstr("20:00-07:00")));
  EXPECT_EQ(Json("de-wissel", {"notices", "show"})["digest_at"], "07:30");
  EXPECT_THAT(As("de-wissel", {"notices", "choose", "--mail", "meteen", "--address", "x"}).err,
              HasSubstr("Dat is geen e-mailadres."));
  EXPECT_THAT(As("de-wissel", {"webhooks", "list"}).out, HasSubstr("Er zijn geen webhooks."));
  const Outcome added = As("de-wissel", {"webhooks", "add", "https://epd.example/x", "--kind", "dossiernotitie"});
  EXPECT_THAT(added.out, StartsWith("whsec_"));
  EXPECT_THAT(added.err, HasSubstr("nooit meer"));
  const Outcome listed = As("de-wissel", {"webhooks", "list"});
  EXPECT_THAT(listed.out, AllOf(HasSubstr("https://epd.example/x"), HasSubstr("in orde"), HasSubstr("Notitie"),
                                Not(HasSubstr("whsec_"))));
  EXPECT_THAT(As("de-wissel", {"webhooks", "add", "https://10.0.0.1/"}).err, HasSubstr("private_targets"));
  const std::string id = Json("de-wissel", {"webhooks", "list"})["webhooks"][0]["id"];
  EXPECT_THAT(As("de-wissel", {"webhooks", "remove", id.substr(0, 6)}).out, HasSubstr("Gestopt."));
  EXPECT_THAT(As("de-wissel", {"webhooks", "remove", id}).err, HasSubstr("Zo'n webhook is er niet."));
}

TEST_F(CliTest, OfflineTheRecordWaitsAndTheTextSaysSo) {
  const std::string id = Shared();
  leuven.youth_care.GoOffline();
  const Outcome sent = As("de-wissel", {"notes", "add", id, "--title", "t", "--text", "x", "--category", "goals"});
  EXPECT_EQ(sent.exit_code, 0);
  EXPECT_THAT(sent.out, AllOf(StartsWith("Notitie geschreven: "), HasSubstr("; vertrekt zodra de hub terug is"),
                              HasSubstr("Is bestemd voor: "), Not(HasSubstr("Bereikt:"))));
  EXPECT_THAT(As("de-wissel", {"status"}).out, AllOf(HasSubstr("niet verbonden"), HasSubstr("Nog te versturen:")));
  EXPECT_THAT(As("de-wissel", {"audit", id}).err, HasSubstr("De hub is nu niet bereikbaar."));
}

TEST_F(CliTest, WhatWaitsForOthersBeforeItIsOnItsWay) {
  const std::string id = Shared();
  leuven.youth_care.FallBehind();
  const Outcome sent = As("de-wissel", {"notes", "add", id, "--title", "t", "--text", "x", "--category", "goals"});
  EXPECT_EQ(sent.exit_code, 0);
  EXPECT_THAT(sent.out, AllOf(StartsWith("Notitie geschreven: "), HasSubstr("; onderweg naar de hub"),
                              Not(HasSubstr("terug is"))));
}

TEST_F(CliTest, APartnersWordsCannotMoveTheCursor) {
  const std::string id = Shared();
  const std::string note = Json("upc-leuven", {"notes", "add", id, "--text", "x", "--title",
                                               "a\x1b[2Jb\xe2\x80\xae"
                                               "c",
                                               "--category", "goals"})["record"];
  const Outcome read = As("de-wissel", {"read", note});
  EXPECT_EQ(read.out.find('\x1b'), std::string::npos);
  EXPECT_THAT(read.out, HasSubstr("a[2Jbc"));
}

TEST_F(CliTest, EnglishIsSpokenOnRequest) {
  Shared();
  const Outcome list = As("de-wissel", {"trajectories", "list", "--lang", "en"});
  EXPECT_THAT(list.out, AllOf(HasSubstr("Lead"), HasSubstr("Mon 23/11/2026 09:00")));
  EXPECT_THAT(As("de-wissel", {"read", "ffff", "--lang", "en"}).err,
              AllOf(StartsWith("schakel: error: "), HasSubstr("\nhint: Check the id")));
}

// ---- The registrar's desk ----
TEST(CliRegistrar, AKeyIsMadeShownAndSignsWhatTheHubExported) {
  const Folder folder;
  Terminal terminal;
  const std::string key = folder / "a.key";
  const Outcome made = terminal.Run({"registrar", "keygen", "--output", key});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  struct stat status{};
  ASSERT_EQ(::stat(key.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(terminal.Run({"registrar", "keygen", "--output", key}).exit_code, 1);
  EXPECT_EQ(terminal.Run({"registrar", "public", key}).out, made.out);
  const auto public_key = FromBase64(made.out.substr(0, made.out.size() - 1));
  ASSERT_EQ(public_key->size(), 32U);

  OrgStatement statement;
  statement.organisation = OrgId("upc-leuven");
  statement.name = "UPC Leuven";
  statement.sector = Sector("psychiatry");
  statement.issued_at = ParseTimestamp("2026-11-23T08:00:00Z").value();
  statement.keys.record = SigningKey::Generate().public_key;
  const Bytes request = EncodeStatement(Statement(statement));
  std::ofstream(folder / "request", std::ios::binary) << AsText(request);
  terminal.Run({"registrar", "keygen", "--output", folder / "b.key"});
  const Outcome sign = terminal.Run({"registrar", "sign", "--key", key, "--key", folder / "b.key", folder / "request",
                                     "--output", folder / "signed"});
  ASSERT_EQ(sign.exit_code, 0) << sign.err;
  EXPECT_THAT(sign.err, AllOf(HasSubstr("U ondertekent:"), HasSubstr("UPC Leuven"),
                              HasSubstr(Fingerprint(statement.organisation, statement.keys))));
  std::ifstream in(folder / "signed", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const SignedStatement signed_statement = DecodeSignedStatement(AsBytes(bytes)).value();
  EXPECT_EQ(signed_statement.statement, request);
  std::array<std::uint8_t, 32> raw{};
  std::ranges::copy(*public_key, raw.begin());
  Registrars registrars{1, {SigningPublicKey(raw)}};
  EXPECT_TRUE(Directory(registrars).Apply(signed_statement));
  EXPECT_EQ(signed_statement.signatures.size(), 2U);

  // A second registrar, elsewhere, adds to what the first one signed.
  terminal.Run({"registrar", "sign", "--key", key, folder / "request", "--output", folder / "first"});
  ASSERT_EQ(
      terminal.Run({"registrar", "sign", "--key", folder / "b.key", folder / "first", "--output", folder / "second"})
          .exit_code,
      0);
  std::ifstream again(folder / "second", std::ios::binary);
  const std::string second{std::istreambuf_iterator<char>(again), {}};
  EXPECT_EQ(DecodeSignedStatement(AsBytes(second)).value().signatures.size(), 2U);

  const Outcome twice = terminal.Run({"--lang", "en", "registrar", "sign", "--key", key, "--key", key,
                                      folder / "request", "--output", folder / "third"});
  EXPECT_EQ(twice.exit_code, 1);
  EXPECT_THAT(twice.err, HasSubstr("counts once"));
}

TEST(CliRegistrar, NothingOfWhatIsSignedIsCutOff) {
  const Folder folder;
  Terminal terminal;
  CeilingStatement statement;
  statement.serial = 1;
  statement.issued_at = ParseTimestamp("2026-11-23T08:00:00Z").value();
  statement.rows = {{Sector("a-sector-with-a-long-name-of-its-own"), CategorySet(~std::uint64_t{0}), true}};
  std::ofstream(folder / "request", std::ios::binary) << AsText(EncodeStatement(Statement(statement)));
  terminal.Run({"registrar", "keygen", "--output", folder / "key"});
  const Outcome sign = terminal.Run(
      {"--lang", "en", "registrar", "sign", "--key", folder / "key", folder / "request", "--output", folder / "out"});
  ASSERT_EQ(sign.exit_code, 0) << sign.err;
  EXPECT_THAT(sign.err, Not(HasSubstr("…")));
  for (Category category : AllCategories()) {
    EXPECT_THAT(sign.err, HasSubstr(std::string(Label(category, Language::kEnglish))));
  }
}

TEST(CliRegistrar, OtherRegistrarsAreStatedAndSignedByBoth) {
  const Folder folder;
  Terminal terminal;
  for (const char* name : {"old", "a", "b"}) {
    const Outcome made = terminal.Run({"registrar", "keygen", "--output", folder / (std::string(name) + ".key")});
    std::ofstream(folder / (std::string(name) + ".pub")) << made.out;
  }
  const Outcome made = terminal.Run({"--lang", "en", "registrar", "rotate", "--serial", "1", "--threshold", "2",
                                     "--registrar", "@" + (folder / "a.pub"), "--registrar", "@" + (folder / "b.pub"),
                                     "--output", folder / "registrars"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.err, HasSubstr("2/2"));
  ASSERT_EQ(terminal
                .Run({"registrar", "sign", "--key", folder / "old.key", "--key", folder / "a.key", "--key",
                      folder / "b.key", folder / "registrars", "--output", folder / "signed"})
                .exit_code,
            0);
  std::ifstream in(folder / "signed", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const SignedStatement signed_statement = DecodeSignedStatement(AsBytes(bytes)).value();
  std::ifstream old_public(folder / "old.pub");
  std::string old_text;
  std::getline(old_public, old_text);
  std::array<std::uint8_t, 32> raw{};
  std::ranges::copy(*FromBase64(old_text), raw.begin());
  Directory directory(Registrars{1, {SigningPublicKey(raw)}});
  ASSERT_TRUE(directory.Apply(signed_statement));
  EXPECT_EQ(directory.signers().keys.size(), 2U);

  struct Case {
    const char* name;
    std::vector<std::string> words;
    const char* want;
  };
  const Case cases[] = {
      {"no serial", {"--threshold", "1", "--registrar", "@" + (folder / "a.pub")}, "A serial begins at 1"},
      {"no threshold", {"--serial", "1", "--registrar", "@" + (folder / "a.pub")}, "not possible"},
      {"more than there are",
       {"--serial", "1", "--threshold", "2", "--registrar", "@" + (folder / "a.pub")},
       "not possible"},
      {"one twice",
       {"--serial", "1", "--threshold", "1", "--registrar", "@" + (folder / "a.pub"), "--registrar",
        "@" + (folder / "a.pub")},
       "not possible"},
      {"no key", {"--serial", "1", "--threshold", "1", "--registrar", "abc"}, "not a public key"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    std::vector<std::string> words = {"--lang", "en", "registrar", "rotate", "--output", folder / "wrong"};
    words.insert(words.end(), c.words.begin(), c.words.end());
    const Outcome refused = terminal.Run(words);
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr(c.want));
    EXPECT_FALSE(std::filesystem::exists(folder / "wrong"));
  }
}

TEST(CliRegistrar, WhatIsNoKeyOrNoRequestIsRefused) {
  const Folder folder;
  Terminal terminal;
  std::ofstream(folder / "noise") << "noise";
  EXPECT_THAT(terminal.Run({"registrar", "public", folder / "noise"}).err, HasSubstr("geen sleutel van een registrar"));
  terminal.Run({"registrar", "keygen", "--output", folder / "key"});
  EXPECT_THAT(
      terminal.Run({"registrar", "sign", "--key", folder / "key", folder / "noise", "--output", folder / "out"}).err,
      HasSubstr("geen verklaring om te ondertekenen"));
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
}

}  // namespace
}  // namespace schakel
