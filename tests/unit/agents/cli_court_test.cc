#include "agents/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/cli_world.h"

namespace schakel {
namespace {

using schakel::test::CliTest;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(CliTest, AHearingIsPlannedMovedAndCancelled) {
  const std::string id = Shared();
  const std::string hearing =
      Json("de-wissel", {"hearings", "plan", id, "--at", "14/12/2026 09:00", "--court", "Leuven"})["record"];
  EXPECT_THAT(As("de-wissel", {"reviews", id}).out,
              AllOf(HasSubstr("zitting op ma 14/12/2026"), HasSubstr("ma 07/12/2026"), HasSubstr("hulp sinds"),
                    HasSubstr("nog te plannen")));
  EXPECT_THAT(As("de-wissel", {"inbox"}).out, HasSubstr("Plan de evolutiebespreking voor de zitting"));
  EXPECT_EQ(As("de-wissel", {"hearings", "move", hearing, "--at", "01/02/2027 09:00"}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"reviews", id}).out, HasSubstr("zitting op ma 01/02/2027"));
  EXPECT_THAT(As("de-wissel", {"inbox"}).out, Not(HasSubstr("voor de zitting")));
  EXPECT_EQ(As("de-wissel", {"hearings", "cancel", hearing, "--text", "uitgesteld"}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"hearings", "list", id}).out, HasSubstr("gaat niet door"));
  EXPECT_THAT(As("de-wissel", {"reviews", id}).out, Not(HasSubstr("zitting op")));
}

TEST_F(CliTest, RingsAreAskedAndThePlanSaysWhatIsMissing) {
  const std::string id = Json("de-wissel", {"trajectories", "open", "--label", "Sam"})["trajectory"];
  EXPECT_THAT(As("de-wissel", {"rings", "show", id}).out, AllOf(HasSubstr("individueel · nog niemand antwoordde"),
                                                                HasSubstr("- Hoe zie je de toekomst? (future)")));
  EXPECT_THAT(As("de-wissel",
                 {"rings", "answer", id, "--ring", "gezin", "--key", "future", "--who", "jongere", "--words", "goed"})
                  .err,
              HasSubstr("rings show"));
  const auto answered = As("de-wissel", {"rings", "answer", id, "--ring", "individueel", "--key", "future", "--who",
                                         "jongere", "--words", "naar oma"});
  EXPECT_EQ(answered.exit_code, 0) << answered.err;
  EXPECT_THAT(As("de-wissel", {"rings", "show", id}).out,
              AllOf(HasSubstr("+ Hoe zie je de toekomst?"), HasSubstr("naar oma"), HasSubstr("gedwongen kader · nog")));
  const auto plan = As("de-wissel", {"plans", "write", id, "--text", "ons plan"});
  EXPECT_EQ(plan.exit_code, 0) << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("Zonder antwoord uit deze kringen: gezin, ruimere context, gedwongen kader"));
  EXPECT_THAT(As("de-wissel", {"plans", "list", id}).out, AllOf(HasSubstr("ons plan"), HasSubstr("Niet gehoorde")));
}

TEST_F(CliTest, ThePlanIsHandedOverOnceTheyAgreedToThatVeryPiece) {
  leuven.region.SetCeilings(
      {{Sector("youth-care"), CategorySet(~std::uint64_t{0}), false},
       {Sector("youth-court"), {Category::kAgreements, Category::kGoals, Category::kJustice}, true}});
  auto& engine = leuven.region.Enrol("rechtbank-leuven", "Jeugdrechtbank Leuven", "youth-court");
  servers["rechtbank-leuven"] = StartApi(engine, {folder / "rechtbank-leuven", SourceDir() / "agents/profiles"},
                                         leuven.region.clock, leuven.region.random)
                                    .value();
  const std::string id = Json("de-wissel", {"trajectories", "open", "--label", "Sam"})["trajectory"];
  EXPECT_EQ(As("de-wissel", {"trajectories", "invite", id, "rechtbank-leuven", "--message", "welkom"}).exit_code, 0);
  EXPECT_EQ(As("rechtbank-leuven", {"trajectories", "join", id, "--message", "ja"}).exit_code, 0);
  const std::string plan = Json("de-wissel", {"plans", "write", id, "--text", "ons plan"})["record"];
  const std::vector<std::string> hand_over = {"plans", "hand-over", plan, "--to", "rechtbank-leuven"};
  EXPECT_EQ(As("de-wissel", hand_over).exit_code, 1);
  EXPECT_THAT(
      As("de-wissel", {"grants", "give", id, "--to", "rechtbank-leuven", "--purpose", "court-report", "--category",
                       "agreements", "--for", "3m", "--by", "Sam", "--how", "ondertekend", "--piece", plan})
          .err,
      AllOf(HasSubstr("--category"), HasSubstr("doelen")));
  for (const char* grantor : {"young-person", "first-parent"}) {
    EXPECT_THAT(As("rechtbank-leuven", {"plans", "list", id}).out, Not(HasSubstr("ons plan")));
    const auto consent = As("de-wissel", {"grants", "give", id, "--to", "rechtbank-leuven", "--purpose", "court-report",
                                          "--category", "agreements,goals,justice", "--for", "3m", "--grantor", grantor,
                                          "--by", "Sam en mama", "--how", "ondertekend", "--piece", plan});
    EXPECT_EQ(consent.exit_code, 0) << consent.err;
    const auto sent = As("de-wissel", hand_over);
    EXPECT_EQ(sent.exit_code, std::string_view(grantor) == "first-parent" ? 0 : 1) << sent.err;
  }
  EXPECT_THAT(As("rechtbank-leuven", {"plans", "list", id}).out, HasSubstr("ons plan"));
}

TEST_F(CliTest, ACrisisStandsOnTheListOfWhoIsOnDuty) {
  const std::string id = Shared();
  EXPECT_THAT(As("upc-leuven", {"duty", "list"}).out,
              AllOf(HasSubstr("Er wacht geen crisisvraag"), HasSubstr("Niemand staat op de lijst")));
  const auto asked = As("de-wissel", {"consultations", "ask", id, "--to", "upc-leuven", "--category", "goals",
                                      "--question", "nu", "--urgency", "crisis"});
  EXPECT_EQ(asked.exit_code, 0) << asked.err;
  EXPECT_EQ(As("upc-leuven", {"duty", "add", "--person", "Jef", "--for", "12h"}).exit_code, 1);
  const auto added = As("upc-leuven", {"duty", "add", "--person", "Jef", "--for", "12h", "--role", "coordinator"});
  EXPECT_EQ(added.exit_code, 0) << added.err;
  EXPECT_THAT(As("upc-leuven", {"duty", "list"}).out,
              AllOf(HasSubstr("De Wissel"), HasSubstr("antwoord vandaag"), HasSubstr("Jef *")));
  leuven.region.clock.Advance(std::chrono::days(1));
  EXPECT_THAT(As("upc-leuven", {"duty", "list"}).out, HasSubstr("naar de coördinator"));
  EXPECT_THAT(As("upc-leuven", {"inbox", "--role", "coordinator"}).out, HasSubstr("Crisisvraag te laat: neem ze op"));
  EXPECT_THAT(As("de-wissel", {"inbox"}).out, HasSubstr("Crisis zonder antwoord: vraag een ander"));
  EXPECT_THAT(As("de-wissel", {"duty", "list"}).out, HasSubstr("UPC Leuven → CLB Leuven"));
  const auto turns = Json("upc-leuven", {"duty", "list"})["roster"];
  EXPECT_EQ(turns.size(), 0U) << "it is over";
}

}  // namespace
}  // namespace schakel
