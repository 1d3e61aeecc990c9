#include "agents/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TEST_F(CliTest, WithNobodyOfTheFamilyNobodyChoosesFirst) {
  const std::string id = Shared();
  const auto table = As("de-wissel", {"tables", "propose", id, "--title", "Overleg", "--date", "3/12/2026 14:00-15:30",
                                      "--without", "young-person,mother,father,other", "--why", "op vraag van Sam"});
  EXPECT_EQ(table.exit_code, 0) << table.err;
  const std::string record = Json("upc-leuven", {"tables", "list"})["tables"][0]["id"];
  const auto vote = As("upc-leuven", {"tables", "vote", record, "--choices", "yes"});
  EXPECT_EQ(vote.exit_code, 0) << vote.err;
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
  const std::string table = Json("de-wissel", line)["record"];
  EXPECT_THAT(As("clb-leuven", {"tables", "show", table}).out, HasSubstr("Sam ligt in het ziekenhuis"))
      << "as a partner reads it";
  line.back() = " ";
  EXPECT_THAT(As("de-wissel", line).err, HasSubstr("dit is leeg: --without-clients"));
}

}  // namespace
}  // namespace schakel
