// What goes wrong is said, with what to do about it; what others wrote does no harm.
#include "agents/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "support/cli_world.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::CliTest;
using Outcome = schakel::test::CliOutcome;
using schakel::test::Terminal;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

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
      {"in the past", with(grant, {"--until", "1/2/2027", "--from", "01/01/2000"}), "in het verleden beginnen"},
      {"before 1970", with(grant, {"--until", "1/2/2027", "--from", "01/01/1900"}), "voor 1970"},
      {"far too long", with(grant, {"--for", "100000m"}), "Deze duur is te lang: --for \"100000m\"."},
      {"of two ids the one that is none", {"consultations", "reveal", "ffff", id}, "Dit is hier niet gekend: ffff."},
      {"an action that is past",
       {"actions", "add", id, "--text", "x", "--owner", "de-wissel", "--due", "1/11/2026"},
       "--due"},
      {"nobody's attendance", {"contacts", "add", id, "--how", "phone", "--at", "20/11/1926 10:00"}, "--at"},
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

TEST_F(CliTest, AGrantBeyondTheCeilingNamesWhatTheSectorNeverReceives) {
  const std::string id = Shared();
  ASSERT_EQ(As("de-wissel", {"trajectories", "invite", id, "politie-leuven"}).exit_code, 0);
  ASSERT_EQ(As("politie-leuven", {"trajectories", "join", id}).exit_code, 0);
  const Outcome refused =
      As("de-wissel", {"grants", "give", id, "--to", "politie-leuven", "--purpose", "safety", "--category",
                       "safety,health", "--for", "1m", "--by", "Sam", "--how", "op papier"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("ook niet met toestemming: lichamelijke gezondheid."), HasSubstr("(health)")));
}

TEST_F(CliTest, ABlankOptionIsNamed) {
  const std::vector<std::string> lines[] = {
      {"notes", "add", "7c01", "--category", "goals", "--text", "x", "--title", " "},
      {"grants", "give", "7c01", "--purpose", "safety", "--category", "goals", "--by", "Sam", "--how", "x", "--to",
       " \t"},
      {"adulthood", "write", "7c01", "--of-age", "01/05/2027", "--domain", "  "},
      {"tables", "propose", "7c01", "--title", "t", "--date", "3/12/2026 10:00-11:00", "--without-clients", ""},
  };
  for (const auto& line : lines) {
    const std::string& option = line[line.size() - 2];
    const Outcome outcome = Terminal().Run(line);
    EXPECT_EQ(outcome.exit_code, 2) << option;
    EXPECT_THAT(outcome.err, HasSubstr("dit is leeg: " + option + "\n"));
    auto script = line;
    script.push_back("--json");
    EXPECT_EQ(json::parse(Terminal().Run(script).out)["field"], option);
  }
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

TEST_F(CliTest, AnIdThatIsNoneIsShownBesideTheSentence) {
  const Outcome outcome = As("de-wissel", {"--lang", "en", "trajectories", "show", "zz"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("This is not an id, nor the beginning of one. (zz)"));
}

TEST_F(CliTest, OfflineTheRecordWaitsAndTheTextSaysSo) {
  const std::string id = Shared();
  leuven.youth_care.GoOffline();
  const Outcome sent = As("de-wissel", {"notes", "add", id, "--title", "t", "--text", "x", "--category", "goals"});
  EXPECT_EQ(sent.exit_code, 0);
  EXPECT_THAT(sent.out, AllOf(StartsWith("Notitie geschreven: "), HasSubstr("; vertrekt zodra de hub terug is"),
                              HasSubstr("Is bestemd voor: "), Not(HasSubstr("Bereikt:"))));
  EXPECT_THAT(As("de-wissel", {"status"}).out,
              AllOf(HasSubstr("niet verbonden"), HasSubstr("Nog te versturen:"), HasSubstr("1 bericht wacht")));
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
  const std::string note = Json("upc-leuven", {"notes", "add", id, "--title", "x", "--category", "goals", "--text",
                                               "a\x1b[2Jb\xe2\x80\xae"
                                               "c"})["record"];
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

}  // namespace
}  // namespace schakel
