#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agents/api.h"
#include "support/api_world.h"

namespace schakel {
namespace {

using nlohmann::json;
using Answer = schakel::test::ApiAnswer;
using schakel::test::ApiDesk;
using schakel::test::ApiTest;

TEST_F(ApiTest, APlaceIsOfferedFoundAskedAgreedAndGivenBack) {
  const json offer = {
      {"kind", "time-out"},   {"title", "De Pas"},  {"age_from", 14}, {"age_to", 17},
      {"words", {"paarden"}}, {"hold_minutes", 60}, {"places", 1},    {"ends_at", "2026-12-31T00:00:00Z"}};
  const Answer offered = wissel.Post("/v1/places", offer);
  ASSERT_EQ(offered.status, 201) << offered.raw.body;
  const std::string id = offered.body["record"];
  json bad = offer;
  bad["age_to"] = 13;
  EXPECT_EQ(wissel.Post("/v1/places", bad).body["rule"], "place.ages");
  EXPECT_EQ(wissel.Post("/v1/places", {{"kind", "time-out"}, {"title", "De Pas"}}).body["rule"], "request.required");

  EXPECT_EQ(upc.Get("/v1/places?age=13").body["places"].size(), 0U);
  EXPECT_EQ(upc.Get("/v1/places?age=oud").body["rule"], "place.age");
  EXPECT_EQ(upc.Get("/v1/places?kind=hotel").body["rule"], "vocabulary.place");
  EXPECT_EQ(upc.Get("/v1/places?all=ja").body["rule"], "request.value");
  const std::size_t views = leuven.psychiatry.views().size();
  const json found = upc.Get("/v1/places?kind=time-out&age=15&words=paarden").body["places"];
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(leuven.psychiatry.views().size(), views + 1) << "what it is, is a view of its words";
  EXPECT_EQ(found[0]["id"], id);
  EXPECT_EQ(found[0]["free"], nullptr);
  EXPECT_EQ(found[0]["record"]["body"]["title"], "De Pas");

  const std::string ask = "/v1/places/" + id + "/holds";
  const Answer named = upc.Post(ask, {{"needs", "mail sam@example.be"}, {"ends_at", "2026-12-07T08:00:00Z"}});
  EXPECT_EQ(named.status, 400);
  EXPECT_EQ(named.body["rule"], "place.identifying");
  EXPECT_EQ(named.body["findings"].size(), 1U);
  const Answer asked =
      upc.Post(ask, {{"needs", "rust"}, {"age_from", 15}, {"urgency", "today"}, {"ends_at", "2026-12-07T08:00:00Z"}});
  ASSERT_EQ(asked.status, 201) << asked.raw.body;
  const std::string hold = asked.body["record"];
  ApiDesk clb{leuven, leuven.school, "Jef"};
  const Answer late = clb.Post(ask, {{"needs", "rust"}, {"ends_at", "2026-12-07T08:00:00Z"}});
  EXPECT_EQ(late.status, 409);
  EXPECT_EQ(late.body["rule"], "place.taken");
  EXPECT_FALSE(late.body["next"].get<std::string>().empty());

  EXPECT_EQ(wissel.Get("/v1/inbox").body["items"][0]["what"], "place-asked");
  const json shown = wissel.Get("/v1/places/" + id).body;
  EXPECT_EQ(shown["free"], 0U);
  ASSERT_EQ(shown["holds"].size(), 1U);
  EXPECT_EQ(shown["holds"][0]["state"], "waiting");
  EXPECT_EQ(shown["holds"][0]["record"]["body"]["needs"], "rust");
  EXPECT_EQ(wissel.Post("/v1/holds/" + hold + "/answer", json::object()).body["rule"], "body.required");
  ASSERT_EQ(wissel.Post("/v1/holds/" + hold + "/answer", {{"agreed", true}, {"text", "welkom"}}).status, 201);
  EXPECT_EQ(wissel.Post("/v1/holds/" + hold + "/answer", {{"agreed", false}}).body["rule"], "place.answered");
  const json news = upc.Get("/v1/inbox").body["items"];
  EXPECT_TRUE(std::ranges::any_of(news, [](const json& one) { return one["what"] == "place-agreed"; })) << news;
  EXPECT_EQ(upc.Get("/v1/places/" + hold).body["holds"][0]["answer"]["body"]["text"], "welkom");
  EXPECT_EQ(wissel.Post("/v1/holds/" + hold + "/release", json::object()).body["rule"], "place.holder");
  ASSERT_EQ(upc.Post("/v1/holds/" + hold + "/release", json::object()).status, 201);
  EXPECT_EQ(wissel.Get("/v1/places/" + id).body["free"], 1U);
  ASSERT_EQ(wissel.Post("/v1/places/" + id + "/closing", json::object()).status, 201);
  EXPECT_EQ(upc.Get("/v1/places").body["places"].size(), 0U);
  EXPECT_EQ(upc.Get("/v1/places?all=true").body["places"][0]["open"], false);
}

}  // namespace
}  // namespace schakel
