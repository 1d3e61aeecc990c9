// aftercare, adulthood, subjects, as a worker types them.
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

TEST_F(CliTest, AftercareIsBegunAgreedKeptAndStopped) {
  const std::string before = Json("de-wissel", {"trajectories", "open", "--label", "Sam"})["trajectory"];
  EXPECT_THAT(As("de-wissel", {"aftercare", "begin", before}).err, HasSubstr("nog niet afgesloten"));
  const auto closed =
      As("de-wissel", {"trajectories", "close", before, "--copy-offered", "meegegeven", "--copy", "taken"});
  ASSERT_EQ(closed.exit_code, 0) << closed.err;
  const std::string id = Json("de-wissel", {"aftercare", "begin", before})["trajectory"];
  EXPECT_THAT(As("de-wissel", {"aftercare", "show", id}).out, HasSubstr("Nazorg na: Sam"));
  EXPECT_THAT(As("de-wissel", {"aftercare", "show", before}).out, HasSubstr("Nazorg: Sam"));
  const auto grant =
      Json("de-wissel", {"grants", "give", id, "--to", "de-wissel", "--purpose", "aftercare", "--category",
                         "agreements", "--until", "31/03/2027", "--by", "Sam", "--how", "gesprek"});
  const std::string consent = grant["record"];
  const std::string contact =
      Json("de-wissel", {"aftercare", "agree", id, "--grant", consent, "--who", "oma Rita", "--how", "telefoon", "--at",
                         "25/11/2026 15:00", "--every-weeks", "4"})["record"];
  EXPECT_THAT(As("de-wissel", {"aftercare", "show", id}).out,
              AllOf(HasSubstr("oma Rita"), HasSubstr("nu te doen"), HasSubstr("01/04/2027")));
  EXPECT_THAT(As("de-wissel", {"inbox"}).out, HasSubstr("Neem contact op: nazorg"));
  leuven.region.clock.Advance(std::chrono::days(3));
  const auto done = As("de-wissel", {"aftercare", "done", contact, "--minutes", "20", "--with", "jongere"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(As("de-wissel", {"aftercare", "show", id}).out, HasSubstr("gepland"));
  const auto stopped = As("de-wissel", {"aftercare", "stop", id, contact, "--text", "niet meer nodig"});
  EXPECT_EQ(stopped.exit_code, 0) << stopped.err;
  EXPECT_THAT(As("de-wissel", {"aftercare", "show", id}).out, HasSubstr("gestopt"));
}

TEST_F(CliTest, ThePlanForAdulthoodSaysWhatIsOpenAndWhoGoesOn) {
  const std::string id = Json("de-wissel", {"trajectories", "open", "--label", "Sam"})["trajectory"];
  EXPECT_THAT(As("de-wissel", {"adulthood", "show", id}).out, HasSubstr("nog geen plan"));
  const auto bad = As("de-wissel", {"adulthood", "write", id, "--of-age", "01/05/2027", "--domain", "housing"});
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_THAT(bad.err, HasSubstr("DOMEIN | STAND"));
  const std::string plan = Json("de-wissel", {"adulthood", "write", id, "--of-age", "01/05/2027"})["record"];
  EXPECT_THAT(As("de-wissel", {"inbox"}).out, HasSubstr("17 jaar: maak het plan"));
  const auto edited = As("de-wissel", {"adulthood", "edit", plan, "--of-age", "01/05/2027", "--receiver", "caw-leuven",
                                       "--domain", "housing | afgesproken | Studio, via het CAW | Lies | 01/04/2027",
                                       "--domain", "\"Rijbewijs\" | open"});
  EXPECT_EQ(edited.exit_code, 0) << edited.err;
  EXPECT_THAT(As("de-wissel", {"adulthood", "show", id}).out,
              AllOf(HasSubstr("Wonen: Studio, via het CAW (afgesproken; Lies; do 01/04/2027)"), HasSubstr("+ Wonen"),
                    HasSubstr("- Inkomen"), HasSubstr("Rijbewijs (open)"), HasSubstr("Nog niemand aanvaardde")));
}

TEST_F(CliTest, SubjectsAreTiedAndUntied) {
  const std::string mother = Json("de-wissel", {"trajectories", "open", "--label", "Ines"})["trajectory"];
  const std::string child = Json("de-wissel", {"trajectories", "open", "--label", "Lou"})["trajectory"];
  const std::string tie = Json("de-wissel", {"subjects", "tie", mother, child, "--relation", "kind"})["id"];
  EXPECT_THAT(As("de-wissel", {"subjects", "list", mother}).out, AllOf(HasSubstr("kind"), HasSubstr("Lou")));
  EXPECT_THAT(As("de-wissel", {"subjects", "list", child}).out, AllOf(HasSubstr("ouder"), HasSubstr("Ines")));
  EXPECT_EQ(As("de-wissel", {"subjects", "untie", tie}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"subjects", "list", mother}).out, Not(HasSubstr("Lou")));
}

}  // namespace
}  // namespace schakel
