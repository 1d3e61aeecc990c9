// What the methods added to what is taken along: tables of the network, and a heading for each method; for programs,
// aftercare and the plan for adulthood.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/api_world.h"
#include "support/fhir_check.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::ApiTest;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class MethodExportsTest : public ApiTest {
 protected:
  const std::string id_ = Shared();
  const std::string path_ = "/v1/trajectories/" + id_;

  std::string Said(const std::string& what, const json& body) {
    const auto sent = wissel.Post(path_ + what, body);
    EXPECT_EQ(sent.status, 201) << what << sent.raw.body;
    return sent.status == 201 ? sent.body["record"].get<std::string>() : std::string();
  }
};

TEST_F(MethodExportsTest, TheDossierHoldsTheNetworkAndEachMethod) {
  const std::string oma = Said("/figures", {{"name", "oma Rita"}, {"kind", "person"}, {"ring", "family"}});
  Said("/ties", {{"figure", oma}, {"informant", "young-person"}, {"quality", "positive"}, {"since", "2026-01-01"}});
  Said("/modules", {{"module", "ambulant"}, {"why", "nu ambulant"}});
  Said("/contacts", {{"how", "phone"}, {"text", "belde met oma"}});
  Said("/hearings", {{"at", "2026-12-14T09:00:00Z"}, {"court", "Jeugdrechtbank Leuven"}});
  Said("/rings", {{"ring", "individual"}, {"key", "future"}, {"words", "naar oma"}, {"who", "young-person"}});
  const std::string plan = Said("/court-plans", {{"text", "eerste plan"}});
  ASSERT_EQ(wissel.Post("/v1/court-plans/" + plan + "/edit", {{"text", "tweede plan"}}).status, 201);
  Said("/adulthood", {{"of_age_at", "2027-04-30T22:00:00Z"},
                      {"domains", {{{"key", "housing"}, {"agreed", "Studio"}, {"state", "agreed"}}}}});
  const std::size_t views = leuven.youth_care.views().size();
  const auto paper = wissel.Get(path_ + "/dossier.html");
  ASSERT_EQ(paper.status, 200);
  EXPECT_GE(leuven.youth_care.views().size(), views + 10) << "each word on it is a view";
  EXPECT_THAT(paper.raw.body,
              AllOf(HasSubstr("<h2>Netwerk</h2>"), HasSubstr("<td>oma Rita</td>"), HasSubstr("<td>positief</td>"),
                    HasSubstr("nu ambulant"), HasSubstr("belde met oma"), HasSubstr("Jeugdrechtbank Leuven")));
  EXPECT_THAT(paper.raw.body, AllOf(HasSubstr("naar oma"), HasSubstr("eerste plan"), HasSubstr("tweede plan"),
                                    HasSubstr("Wonen: afgesproken; Studio"), HasSubstr("Hoe: telefoon")));
  const auto of_upc = upc.Get(path_ + "/dossier.html");
  ASSERT_EQ(of_upc.status, 200);
  EXPECT_THAT(of_upc.raw.body,
              AllOf(Not(HasSubstr("oma Rita")), Not(HasSubstr("eerste plan")), Not(HasSubstr("belde met oma"))))
      << "what no grant let it have";
}

TEST_F(MethodExportsTest, ForProgramsAftercareIsATaskAndAdulthoodACarePlan) {
  const auto consent = wissel.Post(path_ + "/grants", {{"organisation", "upc-leuven"},
                                                       {"purposes", {"aftercare"}},
                                                       {"categories", {"agreements"}},
                                                       {"ends_at", "2026-12-24T00:00:00Z"},
                                                       {"consented_by", "Sam"},
                                                       {"how", "gesprek"}});
  ASSERT_EQ(consent.status, 201) << consent.raw.body;
  Said("/aftercare/contacts", {{"organisation", "upc-leuven"},
                               {"who", "Sam"},
                               {"how", "phone"},
                               {"at", "2026-12-01T15:00:00Z"},
                               {"grant", consent.body["record"]}});
  Said("/adulthood", {{"of_age_at", "2027-04-30T22:00:00Z"},
                      {"domains", {{{"key", "housing"}, {"agreed", "Studio"}, {"who", "Lies"}, {"state", "agreed"}}}}});
  const auto of = [&](const json& bundle, const std::string& type, const std::string& code) {
    for (const json& entry : bundle["entry"]) {
      const json& one = entry["resource"];
      if (one["resourceType"] != type) continue;
      if (type == "CarePlan" || one["code"]["coding"][0]["code"] == code) return one;
    }
    return json();
  };
  json bundle = wissel.Get(path_ + "/fhir").body;
  EXPECT_THAT(test::CheckFhirBundle(bundle), IsEmpty());
  EXPECT_EQ(of(bundle, "Task", "aftercare")["status"], "accepted");
  const json plan = of(bundle, "CarePlan", "");
  EXPECT_EQ(plan["activity"][0]["detail"]["status"], "scheduled");
  EXPECT_EQ(plan["activity"][0]["detail"]["description"], "Wonen: Studio (Lies)");
  EXPECT_EQ(plan["period"]["end"], "2027-05-01");
  EXPECT_EQ(of(upc.Get(path_ + "/fhir").body, "CarePlan", ""), json()) << "no grant let it have that";
  leuven.region.clock.Advance(std::chrono::days(40));
  bundle = wissel.Get(path_ + "/fhir").body;
  EXPECT_EQ(of(bundle, "Task", "aftercare")["status"], "cancelled") << "its consent ended";
}

}  // namespace
}  // namespace schakel
