// conferences and supporters at the command line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/cli_world.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::CliTest;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(CliTest, AConferenceIsBegunByWhoDoesNotLeadAndGoesOn) {
  const std::string id = Shared();
  const std::vector<std::string> propose = {
      "tables", "propose", id, "--title", "Eigen Kracht", "--date", "03/12/2026 14:00-17:00"};
  const std::string table = Json("upc-leuven", propose)["record"];
  const std::string of_lead = Json("de-wissel", propose)["record"];
  const std::vector<std::string> about = {"--coordinator", "Ria", "--question", "Waar woont Sam?"};
  const auto begin = [&](const std::string& who, const std::string& at) {
    std::vector<std::string> line = {"conferences", "begin", id, "--table", at};
    line.insert(line.end(), about.begin(), about.end());
    return As(who, line);
  };
  const auto refused = begin("de-wissel", of_lead);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("heeft de regie"));
  EXPECT_THAT(begin("upc-leuven", "50695c9b").err, HasSubstr("niet gekend: 50695c9b."));
  const std::string note =
      Json("upc-leuven", {"notes", "add", id, "--title", "t", "--text", "x", "--category", "goals"})["record"];
  EXPECT_THAT(begin("upc-leuven", note).err, HasSubstr("niet gekend: " + note)) << "it is none of a meeting";
  const auto blank =
      As("upc-leuven", {"conferences", "begin", id, "--table", table, "--coordinator", "Ria", "--question", "  "});
  EXPECT_EQ(blank.exit_code, 2);
  EXPECT_THAT(blank.err, HasSubstr("dit is leeg: --question"));
  const auto past = As("upc-leuven", {"conferences", "begin", id, "--table", table, "--coordinator", "Ria",
                                      "--question", "Waar?", "--at", "20/11/2026 10:00"});
  EXPECT_THAT(past.err, AllOf(HasSubstr("al voorbij: --at"), HasSubstr("hint: Geef de dag")));
  const auto begun = begin("upc-leuven", table);
  ASSERT_EQ(begun.exit_code, 0) << begun.err;
  const std::string conference = Json("upc-leuven", {"conferences", "list", id})["conferences"][0]["id"];
  EXPECT_EQ(As("upc-leuven", {"conferences", "phase", conference, "--phase", "plan"}).exit_code, 1);
  const auto moved = As("upc-leuven", {"conferences", "phase", conference, "--phase", "besloten-tijd"});
  EXPECT_EQ(moved.exit_code, 0) << moved.err;
  EXPECT_THAT(As("upc-leuven", {"conferences", "list", id}).out,
              AllOf(HasSubstr("besloten tijd"), HasSubstr("Waar woont Sam?"), HasSubstr("onder elkaar: 0")));
  EXPECT_THAT(As("de-wissel", {"conferences", "list", id}).out,
              AllOf(HasSubstr("Waar woont Sam?"), Not(HasSubstr("onder elkaar"))))
      << "of another";
  EXPECT_THAT(schakel::test::Terminal().Run({"conferences", "answer", "--help"}).out,
              AllOf(HasSubstr("aanvaard|accepted"), Not(HasSubstr("plan-van-het-gezin"))));
  EXPECT_THAT(schakel::test::Terminal().Run({"conferences", "answer", "7c01", "--said", "plan"}).err,
              HasSubstr("--said = plan"));
}

TEST_F(CliTest, ALinkThatIsMadeWhileTheFamilyIsAmongItselfTakesAReason) {
  const std::string id = Shared();
  const std::string table = Json(
      "upc-leuven", {"tables", "propose", id, "--title", "Eigen Kracht", "--date", "03/12/2026 14:00-17:00"})["record"];
  const std::string sam =
      Json("upc-leuven", {"tables", "guest-invite", table, "--name", "Sam", "--who", "jongere"})["record"];
  const std::string conference = Json("upc-leuven", {"conferences", "begin", id, "--table", table, "--coordinator",
                                                     "Ria", "--question", "Waar?"})["record"];
  ASSERT_EQ(As("upc-leuven", {"tables", "guest-link", table, sam}).exit_code, 0);
  ASSERT_EQ(As("upc-leuven", {"conferences", "phase", conference, "--phase", "besloten-tijd"}).exit_code, 0);
  const auto refused = As("upc-leuven", {"tables", "guest-link", table, sam});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("vraagt een reden"));
  const auto made = As("upc-leuven", {"tables", "guest-link", table, sam, "--why", "toestel kwijt"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.err, HasSubstr("staat op het traject"));
  EXPECT_THAT(As("de-wissel", {"conferences", "list", id}).out,
              AllOf(HasSubstr("toen het gezin al onder elkaar was"), HasSubstr("toestel kwijt")));
}

TEST_F(CliTest, SupportersAreListedAndWrittenToOnceTheyHaveALink) {
  const std::string id = Shared();
  const std::string table = Json(
      "de-wissel", {"tables", "propose", id, "--title", "Steunfiguren", "--date", "03/12/2026 14:00-17:00"})["record"];
  const std::string mia =
      Json("de-wissel", {"tables", "guest-invite", table, "--name", "Tante Mia", "--who", "andere"})["record"];
  EXPECT_THAT(As("de-wissel", {"supporters", "list", id}).out, HasSubstr("Tante Mia"));
  const auto refused = As("de-wissel", {"supporters", "write", id, "--supporter", mia, "--text", "Dank u"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("geen link"));
  ASSERT_EQ(As("de-wissel", {"tables", "guest-link", table, mia}).exit_code, 0);
  const auto written = As("de-wissel", {"supporters", "write", id, "--supporter", mia, "--text", "Dank u"});
  EXPECT_EQ(written.exit_code, 0) << written.err;
  EXPECT_THAT(As("de-wissel", {"supporters", "list", id}).out, AllOf(HasSubstr("Tante Mia"), HasSubstr("Dank u")));
  const std::string jan =
      Json("de-wissel", {"tables", "guest-invite", table, "--name", "Buur Jan", "--who", "andere"})["record"];
  ASSERT_EQ(As("de-wissel", {"tables", "guest-link", table, jan}).exit_code, 0);
  const auto both =
      As("de-wissel", {"supporters", "write", id, "--supporter", mia + "," + jan, "--text", "Tot zaterdag"});
  const json listed = Json("de-wissel", {"supporters", "list", id})["supporters"];
  for (const json& one : listed) {
    const std::string message = one["messages"].back()["record"]["id"];
    EXPECT_THAT(both.out, HasSubstr(message.substr(0, 8))) << one["name"];
  }
}

}  // namespace
}  // namespace schakel
