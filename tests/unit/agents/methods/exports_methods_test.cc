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

TEST_F(MethodExportsTest, ForProgramsEachMethodIsAResourceOfItsOwn) {
  const std::string oma = Said("/figures", {{"name", "oma Rita"}, {"kind", "person"}, {"ring", "family"}});
  Said("/figures", {{"name", "de chiro"}, {"kind", "group"}, {"ring", "friends"}});
  Said("/ties", {{"figure", oma}, {"informant", "young-person"}, {"quality", "positive"}, {"since", "2026-01-01"}});
  leuven.region.clock.Advance(std::chrono::hours(1));
  Said("/modules", {{"module", "ambulant"}, {"why", "nu ambulant"}});
  const std::string hearing = Said("/hearings", {{"at", "2026-12-14T09:00:00Z"}, {"court", "Jeugdrechtbank Leuven"}});
  Said("/court-plans", {{"text", "eerste plan"}});
  const auto of = [](const json& bundle, const std::string& type) {
    std::vector<json> all;
    for (const json& entry : bundle["entry"]) {
      if (entry["resource"]["resourceType"] == type) all.push_back(entry["resource"]);
    }
    return all;
  };
  const std::size_t views = leuven.youth_care.views().size();
  json bundle = wissel.Get(path_ + "/fhir").body;
  EXPECT_THAT(test::CheckFhirBundle(bundle), IsEmpty());
  EXPECT_GE(leuven.youth_care.views().size(), views + 6) << "each word in it is a view";
  const auto help = of(bundle, "EpisodeOfCare");
  ASSERT_EQ(help.size(), 2U) << "since the opening";
  EXPECT_EQ(help[0]["status"], "finished");
  EXPECT_EQ(help[1]["status"], "active");
  EXPECT_EQ(help[1]["type"][0]["coding"][0]["code"], "ambulant");
  EXPECT_EQ(help[0]["period"]["end"], help[1]["period"]["start"]);
  const auto people = of(bundle, "RelatedPerson");
  ASSERT_EQ(people.size(), 1U) << "a group is no person";
  EXPECT_EQ(people[0]["name"][0]["text"], "oma Rita");
  EXPECT_EQ(people[0]["extension"][0]["extension"][1]["valueCode"], "positive");
  const auto sittings = of(bundle, "Encounter");
  ASSERT_EQ(sittings.size(), 1U);
  EXPECT_EQ(sittings[0]["status"], "planned");
  EXPECT_EQ(sittings[0]["type"][0]["text"], "Jeugdrechtbank Leuven");
  const auto documents = of(bundle, "DocumentReference");
  ASSERT_EQ(documents.size(), 1U);
  EXPECT_EQ(documents[0]["docStatus"], "preliminary") << "handed to nobody yet";
  EXPECT_EQ(documents[0]["content"][0]["attachment"]["data"], ToBase64(AsBytes("eerste plan")));
  ASSERT_EQ(wissel.Post("/v1/hearings/" + hearing + "/edit", {{"cancelled", true}}).status, 201);
  bundle = wissel.Get(path_ + "/fhir").body;
  EXPECT_EQ(of(bundle, "Encounter").at(0)["status"], "cancelled");
  EXPECT_THAT(test::CheckFhirBundle(bundle), IsEmpty());
  const json of_upc = upc.Get(path_ + "/fhir").body;
  EXPECT_THAT(test::CheckFhirBundle(of_upc), IsEmpty());
  for (const char* type : {"RelatedPerson", "Encounter", "DocumentReference"}) {
    EXPECT_THAT(of(of_upc, type), IsEmpty()) << type << ": what no grant let it have";
  }
}

// Whoever changes a hearing, a plan, a conference or aftercare has a task there, as for all else.
TEST_F(MethodExportsTest, WithoutATaskNobodyWritesByTheIdOfAHearingOrAPlan) {
  const std::string hearing = Said("/hearings", {{"at", "2026-12-14T09:00:00Z"}, {"court", "Leuven"}});
  const std::string plan = Said("/court-plans", {{"text", "eerste plan"}});
  const std::string adulthood = Said("/adulthood", {{"of_age_at", "2027-04-30T22:00:00Z"}});
  const auto task =
      wissel.Send("POST", path_ + "/tasks", json{{"person", "Nora Peeters"}}.dump(), {{"schakel-role", "coordinator"}});
  ASSERT_EQ(task.status, 201) << task.raw.body;
  const std::size_t records = leuven.youth_care.records();
  for (const auto& [target, body] :
       {std::pair("/v1/hearings/" + hearing + "/edit", json{{"cancelled", true}}),
        {"/v1/modules/" + hearing + "/edit", json{{"module", "mobile"}}},
        {"/v1/court-plans/" + plan + "/edit", json{{"text", "x"}}},
        {"/v1/court-plans/" + plan + "/handover", json{{"to", "upc-leuven"}}},
        {"/v1/adulthood/" + adulthood + "/edit", json{{"of_age_at", "2027-04-30T22:00:00Z"}}},
        {"/v1/conferences/" + hearing + "/phase", json{{"phase", "private"}}},
        {"/v1/family-plans/" + hearing + "/answer", json{{"said", "accepted"}}},
        {"/v1/aftercare/" + hearing + "/done", json::object()},
        {"/v1/school-reports/" + hearing + "/steps", json{{"step", "taken-up"}}}}) {
    const auto refused = wissel.Send("POST", target, body.dump(), {{"schakel-person", "Bea"}});
    EXPECT_EQ(refused.body["rule"], "write.no_task") << target << refused.raw.body;
  }
  EXPECT_EQ(leuven.youth_care.records(), records);
}

}  // namespace
}  // namespace schakel
