#include "agents/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/cli_world.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::CliTest;
using schakel::test::Leuven;
using Outcome = schakel::test::CliOutcome;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

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
  const std::string review = Json("de-wissel", {"grants", "show", grant})["taken_back"][0]["record"];
  EXPECT_THAT(As("de-wissel", {"read", review}).out,
              AllOf(HasSubstr("niet verantwoord"), HasSubstr(grant.substr(0, 8)), HasSubstr("er was geen gevaar")));
  for (const char* organisation : {"de-wissel", "upc-leuven"}) {
    EXPECT_THAT(As(organisation, {"grants", "show", grant}).out,
                AllOf(HasSubstr("niet verantwoord"), HasSubstr("Deze grond geldt niet meer"), HasSubstr("ingetrokken")))
        << organisation;
    EXPECT_THAT(As(organisation, {"grants", "list", id}).out, HasSubstr("niet verantwoord")) << organisation;
  }
}

TEST_F(CliTest, ReadingAFrameNamesItsChair) {
  const std::string id = Shared();
  const json sent = Json("de-wissel", {"grants", "frame", id, "--document", "artikel 7 van het decreet", "--chair",
                                       "de-wissel", "--participant", "de-wissel", "--participant", "upc-leuven",
                                       "--purpose", "safety", "--for", "30d", "--why", "veiligheid thuis"});
  const Outcome read = As("de-wissel", {"read", sent["record"]});
  EXPECT_THAT(read.out, AllOf(HasSubstr("Voorzitter: De Wissel"), HasSubstr("veiligheid thuis")));
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

TEST_F(CliTest, AGrantSaysWhyItWasNarrowed) {
  const std::string id = Shared();
  std::string grant;
  const json grants = Json("de-wissel", {"grants", "list", id});
  for (const json& one : grants["grants"]) {
    if (one["recipient"]["id"] == "upc-leuven") grant = one["id"];
  }
  const Outcome narrowed =
      As("de-wissel", {"grants", "narrow", grant, "--category", "goals", "--why", "minder dan afgesproken"});
  ASSERT_EQ(narrowed.exit_code, 0) << narrowed.err;
  EXPECT_THAT(As("de-wissel", {"grants", "show", grant}).out, HasSubstr("minder dan afgesproken"));
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
  EXPECT_THAT(As("upc-leuven", {"trajectories", "show", id}).out,
              AllOf(HasSubstr("(verzegeld "), HasSubstr(": Intrekking)")));
  EXPECT_THAT(As("de-wissel", {"trajectories", "show", id}).out, Not(HasSubstr("(verzegeld ")));
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

}  // namespace
}  // namespace schakel
