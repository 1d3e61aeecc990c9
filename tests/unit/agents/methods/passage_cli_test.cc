// aftercare, adulthood, subjects, as a worker types them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/cli.h"
#include "agents/i18n.h"
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
  const auto preview = As("de-wissel", {"aftercare", "begin", before, "--dry-run"});
  EXPECT_THAT(preview.out, AllOf(HasSubstr("Voorbeeld"), Not(HasSubstr("aftercare agree")))) << "there is none yet";
  EXPECT_EQ(Json("de-wissel", {"aftercare", "begin", before, "--dry-run"})["trajectory"], nullptr);
  EXPECT_EQ(Json("de-wissel", {"trajectories", "open", "--label", "Lou", "--dry-run"})["trajectory"], nullptr);
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
  EXPECT_THAT(
      As("de-wissel", {"aftercare", "show", id}).out,
      AllOf(HasSubstr("oma Rita"), HasSubstr("nu te doen"), HasSubstr("31/03/2027"), Not(HasSubstr("01/04/2027"))))
      << "the last day on which it holds";
  EXPECT_THAT(As("de-wissel", {"grants", "show", consent}).out,
              AllOf(HasSubstr("31/03/2027"), Not(HasSubstr("01/04/2027"))));
  EXPECT_THAT(As("de-wissel", {"inbox"}).out, HasSubstr("Neem contact op: nazorg"));
  leuven.region.clock.Advance(std::chrono::days(3));
  const auto done = As("de-wissel", {"aftercare", "done", contact, "--minutes", "20", "--with", "jongere"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(As("de-wissel", {"aftercare", "show", id}).out, HasSubstr("gepland"));
  const std::string edited = Json("de-wissel", {"aftercare", "edit", contact, "--grant", consent, "--who", "oma Rita",
                                                "--how", "telefoon", "--at", "27/11/2026 15:00"})["record"];
  EXPECT_EQ(As("de-wissel", {"aftercare", "stop", consent}).exit_code, 2) << "no contact";
  const auto stopped = As("de-wissel", {"aftercare", "stop", edited.substr(0, 8), "--text", "niet meer nodig"});
  EXPECT_EQ(stopped.exit_code, 0) << stopped.err;
  EXPECT_THAT(As("de-wissel", {"aftercare", "show", id}).out, HasSubstr("gestopt"));
}

TEST_F(CliTest, AContactAfterTheConsentOrByNobodyIsRefusedInItsOwnWords) {
  const std::string id = Json("de-wissel", {"trajectories", "open", "--label", "Sam"})["trajectory"];
  const std::string consent =
      Json("de-wissel", {"grants", "give", id, "--to", "de-wissel", "--purpose", "aftercare", "--category",
                         "agreements", "--until", "31/03/2027", "--by", "Sam", "--how", "gesprek"})["record"];
  const auto agree = [&](const std::string& grant, const std::string& at, std::vector<std::string> more = {}) {
    std::vector<std::string> line = {"aftercare", "agree", id,         "--grant", grant, "--who",
                                     "oma Rita",  "--how", "telefoon", "--at",    at};
    line.insert(line.end(), more.begin(), more.end());
    return As("de-wissel", line);
  };
  EXPECT_THAT(agree(consent, "01/04/2027 00:00").err,
              AllOf(HasSubstr("geldt tot en met 31/03/2027"), HasSubstr("andere toestemming")));
  const std::string json = agree(consent, "02/04/2027 15:00", {"--json"}).out;
  EXPECT_THAT(json, AllOf(HasSubstr("\"field\": \"at\""), HasSubstr("\"value\": \"31/03/2027\"")));
  EXPECT_THAT(agree("deadbeef", "14/12/2026 15:00").err, HasSubstr("niet gekend: deadbeef."));
  EXPECT_THAT(agree(consent, "14/12/2026 15:00", {"--organisation", "nergens"}).err,
              AllOf(HasSubstr("niet gekend: nergens."), HasSubstr("schakel organisations")));
  EXPECT_EQ(agree(consent, "31/03/2027 23:00").exit_code, 0) << "the last day";
}

TEST_F(CliTest, TheHelpOfAnotherAgreementOnAContactIsItsOwn) {
  for (const auto& [language, at] :
       {std::pair("nl", "Wanneer het volgende contact is"), std::pair("en", "When the next contact is"),
        std::pair("fr", "Quand a lieu le prochain contact")}) {
    const std::string help = schakel::test::Terminal().Run({"--lang", language, "aftercare", "edit", "--help"}).out;
    EXPECT_THAT(help, HasSubstr(at));
    EXPECT_THAT(help, Not(HasSubstr(Phrase(ParseLanguage(language).value(), "option.how")))) << language;
  }
}

TEST_F(CliTest, ThePlanForAdulthoodSaysWhatIsOpenAndWhoGoesOn) {
  const std::string id = Json("de-wissel", {"trajectories", "open", "--label", "Sam"})["trajectory"];
  EXPECT_THAT(As("de-wissel", {"adulthood", "show", id}).out, HasSubstr("nog geen plan"));
  const auto bad = As("de-wissel", {"adulthood", "write", id, "--of-age", "01/05/2027", "--domain", "housing"});
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_THAT(bad.err, HasSubstr("DOMEIN | STAND"));
  const auto nowhere = As("de-wissel", {"adulthood", "write", id, "--of-age", "01/05/2027", "--receiver", "nergens"});
  EXPECT_THAT(nowhere.err, AllOf(HasSubstr("niet gekend: nergens."), HasSubstr("schakel organisations")));
  const auto no_name = As("de-wissel", {"adulthood", "write", id, "--of-age", "01/05/2027", "--receiver", "Het CAW"});
  EXPECT_THAT(no_name.err, HasSubstr("geen naam van een organisatie: Het CAW."));
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
