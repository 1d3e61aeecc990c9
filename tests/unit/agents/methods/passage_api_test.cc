// Aftercare and the plan for adulthood as the API answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/api_world.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::ApiTest;
using ::testing::IsEmpty;

TEST_F(ApiTest, AftercareShowsEachContactWithItsOwnConsent) {
  const std::string before = Shared();
  ASSERT_EQ(wissel
                .Post("/v1/trajectories/" + before + "/close",
                      {{"copy_offered", "meegegeven"}, {"copy", "taken"}, {"message", ""}})
                .status,
            201);
  const auto begun = wissel.Post("/v1/trajectories/" + before + "/aftercare", {{"label", "Sam, nazorg"}});
  ASSERT_EQ(begun.status, 201) << begun.raw.body;
  const std::string id = begun.body["trajectory"];
  const std::string path = "/v1/trajectories/" + id;
  EXPECT_EQ(wissel.Get(path + "/aftercare").body["follows"]["id"], before);
  EXPECT_EQ(wissel.Get("/v1/trajectories/" + before + "/aftercare").body["followed_by"]["label"], "Sam, nazorg");
  EXPECT_TRUE(upc.Get("/v1/trajectories/" + before + "/aftercare").body["followed_by"].is_null());
  EXPECT_EQ(upc.Get(path).status, 404) << "not invited (yet)";
  ASSERT_EQ(wissel.Post(path + "/invitations", {{"organisation", "upc-leuven"}}).status, 201);
  ASSERT_EQ(upc.Post(path + "/join", {{"message", "ja"}}).status, 201);
  const auto consent = [&](const char* organisation, const char* until) -> std::string {
    const auto given = wissel.Post(path + "/grants", {{"organisation", organisation},
                                                      {"purposes", {"aftercare"}},
                                                      {"categories", {"agreements"}},
                                                      {"ends_at", until},
                                                      {"consented_by", "Sam"},
                                                      {"how", "gesprek"}});
    EXPECT_EQ(given.status, 201) << given.raw.body;
    return given.body["record"];
  };
  const std::string of_upc = consent("upc-leuven", "2026-12-20T00:00:00Z");
  const std::string of_us = consent("de-wissel", "2027-06-01T00:00:00Z");
  const json call = {{"who", "Sam"}, {"how", "phone"}, {"at", "2026-12-01T15:00:00Z"}, {"every_weeks", 4}};
  json by_upc = call;
  by_upc["organisation"] = "upc-leuven";
  by_upc["grant"] = of_upc;
  json by_us = call;
  by_us["grant"] = of_us;
  const auto first = wissel.Post(path + "/aftercare/contacts", by_upc);
  ASSERT_EQ(first.status, 201) << first.raw.body;
  ASSERT_EQ(wissel.Post(path + "/aftercare/contacts", by_us).status, 201);
  EXPECT_EQ(wissel.Post(path + "/aftercare/contacts", by_us).body["rule"], "aftercare.grant_used");
  const std::size_t views = leuven.psychiatry.views().size();
  const json seen = upc.Get(path + "/aftercare").body["contacts"];
  ASSERT_EQ(seen.size(), 1U) << "its own alone";
  EXPECT_EQ(leuven.psychiatry.views().size(), views + 1);
  EXPECT_EQ(seen[0]["who"], "Sam");
  EXPECT_EQ(seen[0]["standing"], "planned");
  leuven.region.clock.Advance(std::chrono::days(30));
  const json both = wissel.Get(path + "/aftercare").body["contacts"];
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0]["standing"], "consent-ended");
  EXPECT_EQ(both[0]["ended_at"], "2026-12-20T00:00:00.000Z");
  EXPECT_EQ(both[1]["standing"], "late");
  const std::string done = "/v1/aftercare/" + both[1]["id"].get<std::string>() + "/done";
  EXPECT_EQ(wissel.Post(done, {{"minutes", 10}, {"with", {"young-person"}}}).status, 201);
  EXPECT_EQ(wissel.Get(path + "/aftercare").body["contacts"][1]["done"].size(), 1U);
  EXPECT_EQ(upc.Post("/v1/aftercare/" + first.body["record"].get<std::string>() + "/done", json::object()).body["rule"],
            "aftercare.consent");
}

TEST_F(ApiTest, ThePlanForAdulthoodShowsWhatIsAskedAndWhoGoesOn) {
  const std::string path = "/v1/trajectories/" + Opened();
  json shown = wissel.Get(path + "/adulthood").body;
  EXPECT_THAT(shown["plans"], IsEmpty());
  EXPECT_EQ(shown["missing"].size(), shown["questions"].size());
  EXPECT_GT(shown["questions"].size(), 4U);
  const auto plan = wissel.Post(path + "/adulthood", {{"of_age_at", "2027-04-30T22:00:00Z"}});
  ASSERT_EQ(plan.status, 201) << plan.raw.body;
  shown = wissel.Get(path + "/adulthood").body;
  EXPECT_EQ(shown["asked"], json({"receiver", "plan"})) << "five months to go";
  EXPECT_EQ(shown["of_age"], false);
  EXPECT_TRUE(shown["accepted"].is_null());
  const std::string edit = "/v1/adulthood/" + plan.body["record"].get<std::string>() + "/edit";
  const json housing = {{"key", "housing"}, {"agreed", "Studio"}, {"who", "Lies"}, {"state", "agreed"}};
  EXPECT_EQ(
      wissel.Post(edit, {{"of_age_at", "2027-04-30T22:00:00Z"}, {"receiver", "de-wissel"}, {"domains", {housing}}})
          .status,
      201);
  shown = wissel.Get(path + "/adulthood").body;
  EXPECT_EQ(shown["plans"][0]["domains"][0]["title"], "Wonen");
  EXPECT_EQ(shown["plans"][0]["versions"].size(), 2U);
  EXPECT_EQ(shown["accepted"]["by"], "lead") << "who leads goes on";
  EXPECT_THAT(shown["asked"], IsEmpty());
  EXPECT_EQ(wissel.Post(edit, {{"domains", {housing}}}).body["rule"], "body.required");
}

}  // namespace
}  // namespace schakel
