#include "agents/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/cli_world.h"

namespace schakel {
namespace {

using schakel::test::CliTest;
using schakel::test::Leuven;
using Outcome = schakel::test::CliOutcome;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

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

TEST_F(CliTest, AnInvitationWithoutALinkSaysWhatToDoWithTheCode) {
  const Outcome invited = As("de-wissel", {"--role", "administrator", "people", "invite", "jan", "--name",
                                           "Jan De Smet", "--roles", "worker"});
  EXPECT_EQ(invited.exit_code, 0) << invited.err;
  EXPECT_THAT(invited.out, Not(HasSubstr("://")));
  EXPECT_THAT(invited.err, AllOf(HasSubstr("public_url"), HasSubstr("schakel people reset jan")));
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

}  // namespace
}  // namespace schakel
