// conferences and supporters at the command line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/cli_world.h"

namespace schakel {
namespace {

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
}

}  // namespace
}  // namespace schakel
