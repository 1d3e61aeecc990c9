#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/cli.h"
#include "support/cli_world.h"

namespace schakel {
namespace {

using schakel::test::CliTest;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(CliTest, APlaceIsAskedForAndGivenBack) {
  const std::string id = Json("de-wissel", {"places", "offer", "--kind", "time-out", "--title", "De Pas", "--age-from",
                                            "14", "--age-to", "17", "--for", "30d", "--wait-minutes", "60"})["record"];
  EXPECT_THAT(As("upc-leuven", {"places", "list", "--age", "12"}).out, HasSubstr("geen plaats open"));
  EXPECT_THAT(As("upc-leuven", {"places", "list", "--kind", "time-out", "--age", "15"}).out,
              AllOf(HasSubstr("De Pas"), HasSubstr("14-17")));
  const auto late = As("upc-leuven", {"places", "ask", id, "--needs", "rust", "--from", "20/11/2026", "--for", "14d"});
  EXPECT_THAT(late.err, AllOf(HasSubstr("al voorbij is: --from"), HasSubstr("hint: Kies vandaag")));
  const auto named = As("upc-leuven", {"places", "ask", id, "--needs", "mail sam@example.be", "--for", "14d"});
  EXPECT_EQ(named.exit_code, 1);
  EXPECT_THAT(named.err, AllOf(HasSubstr("sam@example.be"), HasSubstr("voor wie")));
  EXPECT_THAT(As("upc-leuven", {"places", "list"}).out, HasSubstr("1 in totaal"));
  EXPECT_EQ(
      As("de-wissel", {"places", "offer", "--kind", "mediator", "--title", "Ria bemiddelt", "--for", "30d"}).exit_code,
      0);
  EXPECT_THAT(As("upc-leuven", {"places", "list", "--kind", "mediator"}).out,
              AllOf(HasSubstr("Ria bemiddelt"), HasSubstr("bemiddelaar"), Not(HasSubstr("De Pas"))));
  const std::string hold = Json("upc-leuven", {"places", "ask", id, "--needs", "rust", "--age-from", "15", "--for",
                                               "14d", "--urgency", "today"})["record"];
  EXPECT_THAT(As("clb-leuven", {"places", "ask", id, "--needs", "rust", "--for", "14d"}).err,
              AllOf(HasSubstr("geen plaats vrij"), HasSubstr("andere plaats")));
  EXPECT_THAT(As("de-wissel", {"inbox"}).out, HasSubstr("Iemand vraagt een plaats"));
  EXPECT_THAT(As("de-wissel", {"places", "show", id}).out,
              AllOf(HasSubstr("wacht op antwoord"), HasSubstr("rust"), HasSubstr("Vanaf leeftijd: 15"),
                    Not(HasSubstr("leeftijd: 0"))));
  const auto agreed = As("de-wissel", {"places", "agree", hold, "--text", "vanaf 17 uur"});
  EXPECT_EQ(agreed.exit_code, 0) << agreed.err;
  EXPECT_THAT(As("upc-leuven", {"inbox"}).out, HasSubstr("is voor u"));
  EXPECT_THAT(As("upc-leuven", {"places", "show", hold}).out, AllOf(HasSubstr("toegezegd"), HasSubstr("vanaf 17 uur")));
  EXPECT_THAT(As("de-wissel", {"places", "refuse", hold}).err, HasSubstr("al ja gezegd"));
  const auto enrolled = As("de-wissel", {"places", "enrol", hold, "--name", "Sam", "--agreed-by", "jongere"});
  EXPECT_EQ(enrolled.exit_code, 1);
  EXPECT_THAT(enrolled.err, AllOf(HasSubstr("heeft die plaats niet gevraagd"), Not(HasSubstr("terug te geven"))));
  EXPECT_EQ(As("upc-leuven", {"places", "release", hold}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"places", "list", "--all"}).out, HasSubstr("1 van 1 vrij"));
  EXPECT_EQ(As("de-wissel", {"places", "close", id}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"places", "list", "--all"}).out, HasSubstr("voorbij"));
}

}  // namespace
}  // namespace schakel
