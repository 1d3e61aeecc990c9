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

TEST_F(CliTest, HelpIsAllocatedChosenAndSwitchedOver) {
  EXPECT_THAT(
      As("de-wissel", {"trajectories", "open", "--label", "Sam", "--allocated", "--module", "residentieel"}).err,
      AllOf(HasSubstr("--module"), HasSubstr("modules switch")));
  const std::string id = Json("de-wissel", {"trajectories", "open", "--label", "Sam", "--allocated"})["trajectory"];
  EXPECT_THAT(As("de-wissel", {"modules", "switch", id, "--module", "mobiel"}).err,
              AllOf(HasSubstr("nog niet"), HasSubstr("requests add --choice")));
  for (const char* who : {"jongere", "moeder"}) {
    const auto said = As("de-wissel", {"requests", "add", id, "--who", who, "--words", "goed", "--choice", "gekozen"});
    EXPECT_EQ(said.exit_code, 0) << said.err;
  }
  leuven.region.clock.Advance(std::chrono::days(1));
  EXPECT_EQ(As("de-wissel", {"modules", "switch", id, "--module", "mobiel"}).exit_code, 0);
  leuven.region.clock.Advance(std::chrono::days(1));
  EXPECT_THAT(As("de-wissel", {"modules", "switch", id, "--module", "time-out", "--agreed", "jongere,moeder"}).err,
              HasSubstr("--until"));
  const auto stay = As("de-wissel", {"modules", "switch", id, "--module", "time-out", "--agreed", "jongere,moeder",
                                     "--for", "14d", "--place", "De Pas"});
  EXPECT_EQ(stay.exit_code, 0) << stay.err;
  EXPECT_THAT(As("de-wissel", {"modules", "list", id}).out, AllOf(HasSubstr("ime-out *"), HasSubstr("De Pas")));
  EXPECT_EQ(Json("de-wissel", {"modules", "list", id})["modules"].size(), 4U)
      << "before it began, mobile, the stay, mobile again";
  // Two weeks were agreed; after four days the grandparents take over.
  leuven.region.clock.Advance(std::chrono::days(4));
  const auto back = As("de-wissel", {"modules", "switch", id, "--module", "mobiel", "--place", "bij de grootouders"});
  EXPECT_EQ(back.exit_code, 0) << back.err;
  const auto modules = Json("de-wissel", {"modules", "list", id})["modules"];
  ASSERT_EQ(modules.size(), 4U);
  const auto at = [&](std::size_t i, const char* field) { return modules[i][field].get<std::string>(); };
  EXPECT_EQ(modules[2]["module"], "time-out");
  EXPECT_EQ(at(2, "ends_at"), ToText(leuven.region.clock.Now())) << "it ended that day";
  EXPECT_EQ(at(3, "begins_at"), at(2, "ends_at"));
  EXPECT_EQ(modules[3]["record"]["body"]["place"], "bij de grootouders");
  // The date was wrong; what is not said stays.
  const std::string last = modules[3]["record"]["id"];
  const auto corrected = As("de-wissel", {"modules", "correct", last, "--module", "ambulant"});
  EXPECT_EQ(corrected.exit_code, 0) << corrected.err;
  const auto after = Json("de-wissel", {"modules", "list", id})["modules"];
  ASSERT_EQ(after.size(), 4U);
  EXPECT_EQ(after[3]["module"], "ambulant");
  EXPECT_EQ(after[3]["begins_at"], modules[3]["begins_at"]);
  EXPECT_EQ(after[3]["record"]["body"]["place"], "bij de grootouders");
}

TEST_F(CliTest, ContactsAreWrittenDownAndCounted) {
  const std::string id = Shared();
  const auto contact = As("de-wissel", {"contacts", "add", id, "--how", "huisbezoek", "--with", "jongere,moeder",
                                        "--minutes", "60", "--text", "samen gekookt"});
  EXPECT_EQ(contact.exit_code, 0) << contact.err;
  EXPECT_EQ(As("de-wissel", {"contacts", "add", id, "--how", "huisbezoek", "--not-seen"}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"contacts", "list", id}).out,
              AllOf(HasSubstr("samen gekookt"), HasSubstr("huisbezoek")));
  leuven.region.clock.Advance(std::chrono::days(7));
  EXPECT_THAT(As("de-wissel", {"contacts", "weeks", id}).out,
              AllOf(HasSubstr("2026-W48"), HasSubstr("te weinig"), HasSubstr("minder dan 2 ontmoetingen: 1")));
  const auto weeks = Json("de-wissel", {"contacts", "weeks", id, "--from", "23/11/2026"});
  EXPECT_EQ(weeks["weeks"][0]["contacts"], 2U);
  EXPECT_EQ(weeks["weeks"][0]["face_to_face"], 1U);
}

TEST_F(CliTest, AnAlertIsGivenAndWithdrawn) {
  const std::string id = Json("de-wissel", {"trajectories", "open", "--label", "Sam"})["trajectory"];
  EXPECT_EQ(As("de-wissel", {"trajectories", "invite", id, "politie-leuven", "--message", "welkom"}).exit_code, 0);
  EXPECT_EQ(As("politie-leuven", {"trajectories", "join", id, "--message", "ja"}).exit_code, 0);
  EXPECT_EQ(As("de-wissel", {"grants", "give", id, "--to", "politie-leuven", "--purpose", "safety", "--category",
                             "safety,identity,agreements", "--for", "3m", "--by", "Sam", "--how", "ondertekend"})
                .exit_code,
            0);
  const std::string agreement =
      Json("de-wissel", {"agreements", "add", id, "--about", "running-away", "--text", "eerst bellen wij", "--partner",
                         "politie-leuven", "--alert-field", "naam,kleding"})["record"];
  EXPECT_THAT(As("de-wissel", {"alerts", "give", agreement, "--name", "Sam", "--risk", "groot"}).err,
              HasSubstr("mag niet"));
  const std::string alert = Json("de-wissel", {"alerts", "give", agreement, "--name", "Sam"})["record"];
  EXPECT_THAT(As("politie-leuven", {"alerts", "list", id}).out, AllOf(HasSubstr("Sam"), HasSubstr("loopt")));
  EXPECT_THAT(As("politie-leuven", {"inbox"}).out, HasSubstr("Er loopt een melding"));
  EXPECT_EQ(As("de-wissel", {"alerts", "withdraw", alert}).exit_code, 0);
  EXPECT_THAT(As("politie-leuven", {"alerts", "list", id}).out, HasSubstr("ingetrokken op"));
}

TEST_F(CliTest, WhoNoConsentLetsHearThatAnAlertIsOverIsToBeCalled) {
  const std::string id = Json("de-wissel", {"trajectories", "open", "--label", "Sam"})["trajectory"];
  EXPECT_EQ(As("de-wissel", {"trajectories", "invite", id, "politie-leuven", "--message", "welkom"}).exit_code, 0);
  EXPECT_EQ(As("politie-leuven", {"trajectories", "join", id, "--message", "ja"}).exit_code, 0);
  const std::vector<std::string> give = {"grants",
                                         "give",
                                         id,
                                         "--to",
                                         "politie-leuven",
                                         "--purpose",
                                         "safety",
                                         "--category",
                                         "safety,identity,agreements",
                                         "--for",
                                         "3m",
                                         "--by",
                                         "Sam",
                                         "--how",
                                         "ondertekend"};
  const std::string grant = Json("de-wissel", give)["record"];
  const std::string agreement =
      Json("de-wissel", {"agreements", "add", id, "--about", "running-away", "--text", "eerst bellen wij", "--partner",
                         "politie-leuven", "--alert-field", "naam"})["record"];
  const std::string alert = Json("de-wissel", {"alerts", "give", agreement, "--name", "Sam"})["record"];
  leuven.region.clock.Advance(std::chrono::hours(1));
  EXPECT_EQ(As("de-wissel", {"grants", "withdraw", grant, "--why", "op vraag van Sam"}).exit_code, 0);
  EXPECT_THAT(As("politie-leuven", {"alerts", "list", id}).out, HasSubstr("met de toestemming"));
  EXPECT_THAT(As("politie-leuven", {"inbox"}).out, Not(HasSubstr("Er loopt een melding")));
  const auto over = As("de-wissel", {"alerts", "withdraw", alert});
  EXPECT_EQ(over.exit_code, 0) << over.err;
  EXPECT_THAT(over.err, AllOf(HasSubstr("Bel"), HasSubstr("Politie Leuven")));
  EXPECT_THAT(As("de-wissel", {"alerts", "list", id}).out, HasSubstr("Weet nog niet dat het voorbij is"));
  EXPECT_THAT(As("de-wissel", {"alerts", "withdraw", alert}).err, HasSubstr("politie-leuven"));
  leuven.region.clock.Advance(std::chrono::hours(1));
  EXPECT_EQ(As("de-wissel", give).exit_code, 0);
  EXPECT_THAT(As("politie-leuven", {"inbox"}).out, HasSubstr("Er loopt een melding"));
  EXPECT_EQ(As("de-wissel", {"alerts", "withdraw", alert}).exit_code, 0);
  EXPECT_THAT(As("politie-leuven", {"alerts", "list", id}).out, HasSubstr("ingetrokken op"));
}

}  // namespace
}  // namespace schakel
