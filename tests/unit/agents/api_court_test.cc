#include "agents/api.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/api_world.h"

namespace schakel {
namespace {

using nlohmann::json;
using Answer = schakel::test::ApiAnswer;
using schakel::test::ApiDesk;
using schakel::test::ApiTest;

TEST_F(ApiTest, ReviewsMoveWithTheHearingAndStandInTheInboxOfTheLead) {
  const std::string path = "/v1/trajectories/" + Shared();
  const Answer past = wissel.Post(path + "/hearings", {{"at", "2026-01-01T09:00:00Z"}});
  EXPECT_EQ(past.body["rule"], "hearing.past");
  EXPECT_EQ(wissel.Post(path + "/hearings", {{"at", "2026-12-14T09:00:00Z"}, {"purpose", "safety"}}).body["rule"],
            "hearing.purpose");
  const Answer hearing =
      wissel.Post(path + "/hearings", {{"at", "2026-12-14T09:00:00Z"}, {"court", "Jeugdrechtbank Leuven"}});
  ASSERT_EQ(hearing.status, 201) << hearing.raw.body;
  const std::size_t views = leuven.youth_care.views().size();
  json reviews = wissel.Get(path + "/reviews").body["reviews"];
  EXPECT_GT(leuven.youth_care.views().size(), views) << "the days stand in records";
  ASSERT_EQ(reviews.size(), 3U) << reviews;
  EXPECT_EQ(reviews[0]["kind"], "review-before-hearing");
  EXPECT_EQ(reviews[0]["due_at"], "2026-12-07T09:00:00.000Z");
  EXPECT_EQ(reviews[0]["state"], "to-plan");
  EXPECT_EQ(reviews[1]["kind"], "review-3-months");
  const auto first = [&] { return wissel.Get("/v1/inbox").body["items"][0]; };
  EXPECT_EQ(first()["what"], "review-before-hearing");
  EXPECT_EQ(first()["due"], "2026-12-07T09:00:00.000Z");
  const Answer table = wissel.Post(
      path + "/tables", {{"title", "voor de zitting"},
                         {"kind", "review-before-hearing"},
                         {"slots", {{{"begins_at", "2026-12-03T09:00:00Z"}, {"ends_at", "2026-12-03T10:00:00Z"}}}}});
  ASSERT_EQ(table.status, 201) << table.raw.body;
  EXPECT_NE(first()["what"], "review-before-hearing");
  EXPECT_EQ(wissel.Get(path + "/reviews").body["reviews"][0]["state"], "proposed");

  const std::string edit = "/v1/hearings/" + hearing.body["record"].get<std::string>() + "/edit";
  ASSERT_EQ(wissel.Post(edit, {{"at", "2027-02-01T09:00:00Z"}}).status, 201);
  reviews = wissel.Get(path + "/reviews").body["reviews"];
  EXPECT_EQ(reviews[0]["due_at"], "2027-01-25T09:00:00.000Z");
  EXPECT_EQ(reviews[0]["state"], "to-plan") << "that table is too early now";
  ASSERT_EQ(wissel.Post(edit, {{"cancelled", true}}).status, 201);
  EXPECT_EQ(wissel.Get(path + "/reviews").body["reviews"].size(), 2U);
  EXPECT_EQ(wissel.Get(path + "/hearings").body["hearings"][0]["cancelled"], true);
  EXPECT_EQ(wissel.Post(edit, {{"cancelled", true}}).body["rule"], "hearing.cancelled");
}

TEST_F(ApiTest, RingsListWhatNobodyAnsweredAndThePlanSaysSo) {
  const std::string path = "/v1/trajectories/" + Opened();
  json rings = wissel.Get(path + "/rings").body;
  ASSERT_EQ(rings["rings"].size(), 4U);
  EXPECT_EQ(rings["unanswered"].size(), 4U);
  EXPECT_EQ(rings["rings"][0]["questions"][1]["question"], "Hoe zie je de toekomst?");
  const json answer = {{"ring", "individual"}, {"key", "future"}, {"words", "naar oma"}, {"who", "young-person"}};
  ASSERT_EQ(wissel.Post(path + "/rings", answer).status, 201);
  EXPECT_EQ(wissel.Post(path + "/rings", {{"ring", "family"}, {"key", "future"}, {"words", "x"}, {"who", "mother"}})
                .body["rule"],
            "ring.key");
  const std::size_t views = leuven.youth_care.views().size();
  rings = wissel.Get(path + "/rings").body;
  EXPECT_EQ(leuven.youth_care.views().size(), views + 1);
  const json asked = rings["rings"][0]["questions"][1];
  EXPECT_EQ(asked["answers"][0]["body"]["words"], "naar oma");
  EXPECT_EQ(asked["answers"][0]["body"]["question"], "Hoe zie je de toekomst?");
  const Answer plan =
      wissel.Post(path + "/court-plans", {{"text", "ons plan"}, {"rests_on", {asked["answers"][0]["id"]}}});
  ASSERT_EQ(plan.status, 201) << plan.raw.body;
  EXPECT_EQ(plan.body["unanswered"], json({"family", "context", "forced-frame"}));
  const json shown = wissel.Get(path + "/court-plans").body["plans"][0];
  EXPECT_EQ(shown["record"]["body"]["unanswered"], plan.body["unanswered"]);
  EXPECT_EQ(shown["rests_on"].size(), 1U);
  EXPECT_EQ(shown["courts"], json::array()) << "no court takes part";
  const std::string id = plan.body["record"];
  EXPECT_EQ(wissel.Post("/v1/court-plans/" + id + "/handover", {{"court", "upc-leuven"}}).body["rule"], "plan.court");
  EXPECT_EQ(wissel.Post("/v1/court-plans/" + id + "/edit", {{"text", "beter"}}).status, 201);
  EXPECT_EQ(wissel.Post(path + "/court-plans", {{"text", "x"}, {"rests_on", {"0000"}}}).body["rule"], "id.unknown");
}

TEST_F(ApiTest, ThePlanIsHandedOverOnceTheyAgreedToThatVeryPiece) {
  schakel::test::FakeEngine& engine = leuven.region.Enrol("rechtbank-leuven", "Jeugdrechtbank Leuven", "youth-court");
  leuven.region.SetCeilings(
      {{Sector("youth-care"), CategorySet(~std::uint64_t{0}), false},
       {Sector("youth-court"), {Category::kAgreements, Category::kGoals, Category::kJustice}, true}});
  schakel::test::ApiDesk court(leuven, engine, "rechter Smet");
  const std::string path = "/v1/trajectories/" + Opened();
  ASSERT_EQ(wissel.Post(path + "/invitations", {{"organisation", "rechtbank-leuven"}, {"message", "welkom"}}).status,
            201);
  ASSERT_EQ(court.Post(path + "/join", {{"message", "ja"}}).status, 201);
  const Answer plan = wissel.Post(path + "/court-plans", {{"text", "ons plan"}});
  ASSERT_EQ(plan.status, 201) << plan.raw.body;
  const std::string piece = plan.body["record"];
  const auto hand_over = [&] {
    return wissel.Post("/v1/court-plans/" + piece + "/handover", {{"court", "rechtbank-leuven"}});
  };
  const auto consent = [&](const char* grantor) {
    return wissel.Post(path + "/grants", {{"organisation", "rechtbank-leuven"},
                                          {"purposes", {"court-report"}},
                                          {"categories", {"agreements", "goals", "justice"}},
                                          {"ends_at", "2027-03-01T00:00:00Z"},
                                          {"grantor", grantor},
                                          {"consented_by", "Sam en mama"},
                                          {"how", "ondertekend"},
                                          {"piece", piece}});
  };
  EXPECT_EQ(hand_over().body["rule"], "plan.consent");
  ASSERT_EQ(consent("young-person").status, 201);
  EXPECT_EQ(hand_over().body["rule"], "plan.consent_parents");
  EXPECT_TRUE(court.Get(path + "/court-plans").body["plans"].empty());
  ASSERT_EQ(consent("first-parent").status, 201);
  const Answer sent = hand_over();
  ASSERT_EQ(sent.status, 201) << sent.raw.body;
  const json plans = court.Get(path + "/court-plans").body["plans"];
  ASSERT_EQ(plans.size(), 1U) << plans;
  EXPECT_EQ(plans[0]["record"]["body"]["body"]["text"], "ons plan") << "shared again, and that alone";
}

TEST_F(ApiTest, ACrisisGoesUpAndSaysWhomToAskNext) {
  const std::string id = Shared();
  const json question = {
      {"trajectory", id}, {"question", "nu"}, {"urgency", "crisis"}, {"to", {"upc-leuven"}}, {"categories", {"goals"}}};
  json late = question;
  late["answer_by"] = "2026-11-25T09:00:00Z";
  EXPECT_EQ(wissel.Post("/v1/consultations", late).body["rule"], "consultation.crisis_day");
  ASSERT_EQ(wissel.Post("/v1/consultations", question).status, 201);
  json duty = upc.Get("/v1/duty").body;
  ASSERT_EQ(duty["to_us"].size(), 1U) << duty;
  EXPECT_EQ(duty["to_us"][0]["due_at"], "2026-11-23T23:00:00.000Z");
  EXPECT_EQ(duty["to_us"][0]["escalated"], false);
  EXPECT_EQ(upc.Get("/v1/inbox").body["items"][0]["what"], "crisis");
  leuven.region.clock.Advance(std::chrono::days(1));
  EXPECT_EQ(upc.Get("/v1/duty").body["to_us"][0]["escalated"], true);
  const json ours = wissel.Get("/v1/duty").body["ours"][0];
  EXPECT_EQ(ours["silent"][0]["organisation"]["id"], "upc-leuven");
  EXPECT_TRUE(ours["silent"][0]["next"].is_null()) << "nobody else takes part";
  const auto asks = [&](const char* role) {
    const Answer inbox = upc.Send("GET", "/v1/inbox", {}, {{"schakel-role", role}});
    return std::ranges::any_of(inbox.body["items"], [](const json& one) { return one["what"] == "crisis-late"; });
  };
  EXPECT_TRUE(asks("coordinator"));
  EXPECT_FALSE(asks("worker"));
}

TEST_F(ApiTest, TheRosterIsWrittenByCoordinators) {
  const json turn = {{"person", "dokter Claes"}, {"until", "2026-11-24T08:00:00Z"}};
  EXPECT_EQ(upc.Post("/v1/duty/turns", turn).status, 403) << "a worker";
  const auto as_coordinator = [&](const std::string& method, const std::string& target, const json& body) {
    return upc.Send(method, target, body.is_null() ? std::string() : body.dump(), {{"schakel-role", "coordinator"}});
  };
  const Answer added = as_coordinator("POST", "/v1/duty/turns", turn);
  ASSERT_EQ(added.status, 201) << added.raw.body;
  EXPECT_EQ(as_coordinator("POST", "/v1/duty/turns", {{"person", "x"}, {"until", "2026-11-01T08:00:00Z"}}).body["rule"],
            "duty.period");
  const json roster = upc.Get("/v1/duty").body["roster"];
  ASSERT_EQ(roster.size(), 1U);
  EXPECT_EQ(roster[0]["now"], true);
  const std::string target = "/v1/duty/turns/" + added.body["id"].get<std::string>();
  EXPECT_EQ(as_coordinator("DELETE", target, nullptr).status, 200);
  EXPECT_EQ(as_coordinator("DELETE", target, nullptr).body["rule"], "duty.turn");
}

}  // namespace
}  // namespace schakel
