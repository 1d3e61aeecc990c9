#include "agents/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

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
  EXPECT_THAT(missed.out, AllOf(HasSubstr("Bereikt niet: De Wissel (heeft de regie, en kan zien waarom)"),
                                HasSubstr("Bereikt niemand")));
  EXPECT_THAT(missed.err, HasSubstr("niet iedereen die u noemde is bereikt"));
  line.insert(line.end(), {"--lang", "en", "--json"});
  const Outcome script = As("upc-leuven", line);
  EXPECT_EQ(script.exit_code, 3);
  EXPECT_EQ(json::parse(script.out)["missed"], true);
  EXPECT_EQ(json::parse(script.out)["unreached"][0]["label"], "has the lead, and can see why");
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

}  // namespace
}  // namespace schakel
