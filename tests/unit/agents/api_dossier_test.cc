#include "agents/api.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/api_world.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::Leuven;
using Answer = schakel::test::ApiAnswer;
using Desk = schakel::test::ApiDesk;
using schakel::test::ApiTest;

TEST_F(ApiTest, TheLeadPassesByOfferAndAcceptance) {
  const std::string path = "/v1/trajectories/" + Shared();
  const std::string lead = path + "/lead";
  EXPECT_TRUE(wissel.Get(path).body["lead_offer"].is_null());
  EXPECT_EQ(wissel.Post(lead + "/offer", json::object()).body["rule"], "request.required");
  EXPECT_EQ(wissel.Post(lead + "/offer", {{"to", "caw-leuven"}}).body["rule"], "lead.member");
  EXPECT_EQ(wissel.Post(lead + "/offer", {{"to", "upc-leuven"}, {"expires_at", "2028-01-01T00:00:00Z"}}).body["rule"],
            "lead.offer_long");
  EXPECT_EQ(upc.Post(lead + "/acceptance", json::object()).body["rule"], "lead.offer");
  const json offer = {{"to", "upc-leuven"}, {"message", "zoals besproken"}};
  ASSERT_EQ(wissel.Post(lead + "/offer", offer).status, 201);
  EXPECT_EQ(wissel.Post(lead + "/offer", offer).body["rule"], "lead.offer_open");
  EXPECT_EQ(wissel.Get(path).body["lead_offer"]["to"]["id"], "upc-leuven");
  EXPECT_EQ(upc.Get("/v1/inbox").body["items"][0]["what"], "lead-offered");
  EXPECT_EQ(upc.Post(lead + "/refusal", {{"why", " "}}).status, 400);
  ASSERT_EQ(upc.Post(lead + "/refusal", {{"why", "geen plaats"}}).status, 201);
  EXPECT_TRUE(wissel.Get(path).body["lead_offer"].is_null());
  ASSERT_EQ(wissel.Post(lead + "/offer", offer).status, 201);
  ASSERT_EQ(wissel.Post(lead + "/withdrawal", json::object()).status, 201);
  EXPECT_EQ(upc.Post(lead + "/acceptance", json::object()).body["rule"], "lead.offer");
  ASSERT_EQ(wissel.Post(lead + "/offer", offer).status, 201);
  const Answer accepted = upc.Post(lead + "/acceptance", {{"message", "vanaf vandaag"}});
  ASSERT_EQ(accepted.status, 201) << accepted.raw.body;
  for (Desk* desk : {&wissel, &upc}) {
    const json shown = desk->Get(path).body;
    EXPECT_EQ(shown["lead"]["id"], "upc-leuven");
    ASSERT_EQ(shown["handovers"].size(), 1U);
    EXPECT_EQ(shown["handovers"][0]["record"], accepted.body["record"]);
    EXPECT_EQ(shown["handovers"][0]["from"]["id"], "de-wissel");
    EXPECT_EQ(shown["members"].size(), 2U);
  }
  EXPECT_EQ(wissel.Post(path + "/invitations", {{"organisation", "clb-leuven"}}).body["rule"], "admit.lead");
  EXPECT_EQ(upc.Post(path + "/invitations", {{"organisation", "clb-leuven"}}).status, 201);
  const std::string grant = upc.Get(path).body["grants"][0]["id"];
  EXPECT_EQ(upc.Get("/v1/grants/" + grant).body["author"]["id"], "de-wissel");
  EXPECT_EQ(upc.Post("/v1/grants/" + grant + "/withdrawal", {{"reason", "op vraag"}}).status, 201) << "the lead may";
}

TEST_F(ApiTest, ADossierIsWrittenTogetherAndEachListIsAView) {
  const std::string path = "/v1/trajectories/" + Shared();
  const auto records = [](const Answer& answer) { return answer.body["record"].get<std::string>(); };
  const Answer goal = wissel.Post(path + "/goals", {{"text", "terug naar school"}, {"owners", {"upc-leuven"}}});
  ASSERT_EQ(goal.status, 201) << goal.raw.body;
  const std::string goal_id = records(goal);
  EXPECT_EQ(wissel.Post(path + "/goals", {{"text", "t"}}).body["rule"], "body.few");
  const std::string on_goal = "/v1/goals/" + goal_id;
  EXPECT_EQ(upc.Post(on_goal + "/progress", {{"progress", "snel"}}).body["rule"], "vocabulary.progress");
  ASSERT_EQ(upc.Post(on_goal + "/progress", {{"progress", "stuck"}, {"text", "slaapt slecht"}}).status, 201);
  ASSERT_EQ(upc.Post(on_goal + "/edit", {{"text", "halve dagen"}, {"owners", {"upc-leuven"}}}).status, 201);
  ASSERT_EQ(upc.Post(on_goal + "/review", {{"found", "continued"}, {"text", "verder"}}).status, 201);
  const std::size_t views = leuven.youth_care.views().size();
  const json goals = wissel.Get(path + "/goals").body;
  ASSERT_EQ(goals["goals"].size(), 1U) << goals;
  EXPECT_TRUE(goals["next"].is_null());
  const json& shown = goals["goals"][0];
  EXPECT_EQ(shown["id"], goal_id);
  EXPECT_EQ(shown["versions"].size(), 2U);
  EXPECT_EQ(shown["record"]["body"]["text"], "halve dagen");
  EXPECT_EQ(shown["progress"][0]["progress"], "stuck");
  EXPECT_EQ(shown["progress"][0]["record"]["body"]["text"], "slaapt slecht");
  EXPECT_EQ(shown["reviews"][0]["found"], "continued");
  EXPECT_EQ(shown["owners"][0]["name"], "UPC Leuven");
  EXPECT_EQ(leuven.youth_care.views().size(), views + 3) << "the goal, its progress, its review";

  const Answer action =
      wissel.Post(path + "/actions", {{"text", "belt"}, {"owner", "upc-leuven"}, {"due_at", "2026-11-25T12:00:00Z"}});
  ASSERT_EQ(action.status, 201) << action.raw.body;
  EXPECT_EQ(upc.Get("/v1/inbox").body["items"][0]["what"], "action");
  EXPECT_EQ(wissel.Post("/v1/actions/" + records(action) + "/done", json::object()).body["rule"], "action.owner");
  ASSERT_EQ(upc.Post("/v1/actions/" + records(action) + "/done", {{"remark", "maandag"}}).status, 201);
  EXPECT_EQ(wissel.Get(path + "/actions").body["actions"][0]["done"], true);

  const Answer criterion = wissel.Post(path + "/criteria", {{"whose", "youth-judge"}, {"text", "een vast adres"}});
  ASSERT_EQ(criterion.status, 201) << criterion.raw.body;
  const json closing = {{"copy_offered", "op papier"}, {"copy", "taken"}};
  const Answer refused = wissel.Post(path + "/close", closing);
  EXPECT_EQ(refused.body["rule"], "closing.criteria");
  EXPECT_EQ(refused.body["field"], "unmet_why");
  EXPECT_EQ(refused.body["value"], records(criterion).substr(0, 8));
  EXPECT_EQ(refused.raw.body.find("vast adres"), std::string::npos);
  ASSERT_EQ(wissel.Post("/v1/criteria/" + records(criterion) + "/judgement", {{"met", true}}).status, 201);
  EXPECT_EQ(upc.Get(path + "/criteria").body["criteria"][0]["met"], true);
  EXPECT_EQ(wissel.Post(path + "/close", closing).status, 201);
}

TEST_F(ApiTest, ReferralsAndCommitmentsAreAnsweredAndSigned) {
  const std::string path = "/v1/trajectories/" + Shared();
  const json asked = {{"organisation", "upc-leuven"}, {"question", "Is er plaats?"}, {"categories", {"goals"}}};
  const Answer referral = wissel.Post(path + "/referrals", asked);
  ASSERT_EQ(referral.status, 201) << referral.raw.body;
  const std::string on_referral = "/v1/referrals/" + referral.body["record"].get<std::string>();
  EXPECT_EQ(upc.Post(on_referral + "/answer", {{"answer", "refused"}}).body["rule"], "body.required");
  ASSERT_EQ(upc.Post(on_referral + "/answer", {{"answer", "refused"}, {"why", "geen plaats"}}).status, 201);
  EXPECT_EQ(wissel.Post(on_referral + "/withdrawal", json::object()).body["rule"], "referral.over");
  const json shown = wissel.Get(path + "/referrals").body["referrals"][0];
  EXPECT_EQ(shown["state"], "refused");
  EXPECT_EQ(shown["answer"]["body"]["why"], "geen plaats");
  EXPECT_EQ(
      wissel.Post(path + "/referrals", {{"organisation", "caw-leuven"}, {"question", "q"}, {"categories", {"goals"}}})
          .body["rule"],
      "referral.member");

  for (const char* organisation : {"upc-leuven", "de-wissel"}) {
    ASSERT_EQ(wissel
                  .Post(path + "/grants", {{"organisation", organisation},
                                           {"purposes", {"care-coordination"}},
                                           {"categories", {"agreements"}},
                                           {"ends_at", "2027-03-01T00:00:00Z"},
                                           {"consented_by", "Sam"},
                                           {"how", "ondertekend"}})
                  .status,
              201);
  }
  const json parties = {"de-wissel", "upc-leuven"};
  const Answer proposed = wissel.Post(path + "/commitments", {{"text", "elke week"}, {"parties", parties}});
  ASSERT_EQ(proposed.status, 201) << proposed.raw.body;
  const std::string first = proposed.body["record"];
  json commitment = upc.Get(path + "/commitments").body["commitments"][0];
  EXPECT_TRUE(commitment["active_since"].is_null());
  EXPECT_EQ(commitment["outstanding"][0]["id"], "upc-leuven");
  ASSERT_EQ(upc.Post("/v1/commitments/" + first + "/signature", json::object()).status, 201);
  EXPECT_TRUE(wissel.Get(path + "/commitments").body["commitments"][0]["active_since"].is_string());
  ASSERT_EQ(upc.Post("/v1/commitments/" + first + "/edit", {{"text", "elke dag"}, {"parties", parties}}).status, 201);
  commitment = wissel.Get(path + "/commitments").body["commitments"][0];
  EXPECT_TRUE(commitment["active_since"].is_null());
  EXPECT_EQ(commitment["id"], first);
  EXPECT_EQ(wissel.Post("/v1/commitments/" + first + "/signature", json::object()).body["rule"], "commitment.changed");
  ASSERT_EQ(
      wissel.Post("/v1/commitments/" + commitment["version"].get<std::string>() + "/signature", json::object()).status,
      201);
  EXPECT_TRUE(upc.Get(path + "/commitments").body["commitments"][0]["active_since"].is_string());
}

}  // namespace
}  // namespace schakel
