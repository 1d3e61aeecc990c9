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

TEST_F(ApiTest, ModulesChangeOverTimeAndEachIsAView) {
  const std::string path = "/v1/trajectories/" + Shared();
  leuven.region.clock.Advance(std::chrono::days(1));
  const json stay = {{"module", "time-out"}, {"place", "De Pas"}, {"agreed", {"mother", "young-person"}}};
  const Answer endless = wissel.Post(path + "/modules", stay);
  EXPECT_EQ(endless.status, 400);
  EXPECT_EQ(endless.body["rule"], "module.end");
  EXPECT_EQ(endless.body["field"], "ends_at");
  json two_weeks = stay;
  two_weeks["ends_at"] = "2026-12-07T08:00:00Z";
  ASSERT_EQ(wissel.Post(path + "/modules", two_weeks).status, 201);
  EXPECT_EQ(upc.Post(path + "/modules", {{"module", "mobile"}}).body["rule"], "module.lead");
  EXPECT_EQ(wissel.Get(path).body["module"], "time-out");
  const json listed = wissel.Get("/v1/trajectories?module=time-out").body;
  EXPECT_EQ(listed["trajectories"].size(), 1U);
  EXPECT_EQ(wissel.Get("/v1/trajectories?module=mobile").body["trajectories"].size(), 0U);

  const std::size_t views = leuven.youth_care.views().size();
  const json modules = wissel.Get(path + "/modules").body["modules"];
  EXPECT_EQ(leuven.youth_care.views().size(), views + 2) << "the opening and the switch";
  ASSERT_EQ(modules.size(), 3U) << modules;
  EXPECT_EQ(modules[0]["module"], "mobile");
  EXPECT_EQ(modules[1]["module"], "time-out");
  EXPECT_EQ(modules[1]["current"], true);
  EXPECT_EQ(modules[1]["ends_at"], modules[2]["begins_at"]);
  EXPECT_EQ(modules[1]["record"]["body"]["place"], "De Pas");
  EXPECT_EQ(modules[2]["module"], "mobile");
  EXPECT_EQ(modules[2]["current"], false);
  const std::string edit = "/v1/modules/" + modules[1]["record"]["id"].get<std::string>() + "/edit";
  EXPECT_EQ(upc.Post(edit, {{"place", "elders"}}).status, 404) << "it is not here";
  EXPECT_EQ(wissel.Post(edit, {{"begins_at", "2006-01-01T00:00:00Z"}}).body["rule"], "module.early");
  ASSERT_EQ(wissel.Post(edit, {{"place", "De Pas, Leuven"}}).status, 201);
  const json corrected = wissel.Get(path + "/modules").body["modules"];
  ASSERT_EQ(corrected.size(), 3U) << "it is no other switch";
  EXPECT_EQ(corrected[1]["begins_at"], modules[1]["begins_at"]);
  EXPECT_EQ(corrected[1]["record"]["body"]["place"], "De Pas, Leuven");
  EXPECT_EQ(corrected[1]["record"]["body"]["agreed"], modules[1]["record"]["body"]["agreed"]);
  leuven.region.clock.Advance(std::chrono::days(14));
  EXPECT_EQ(wissel.Get(path).body["module"], "mobile");
  EXPECT_EQ(wissel.Get("/v1/inbox").body["items"][0]["what"], "stay-ends");
}

TEST_F(ApiTest, ContactsAreCountedByWeek) {
  const std::string path = "/v1/trajectories/" + Shared();
  const auto contact = [&](const char* how, const char* at) {
    return wissel.Post(path + "/contacts", {{"how", how}, {"at", at}, {"with", {"young-person"}}, {"minutes", 30}});
  };
  leuven.region.clock.Advance(std::chrono::days(14));  // Monday 7 December.
  ASSERT_EQ(contact("home-visit", "2026-11-24T15:00:00Z").status, 201);
  ASSERT_EQ(contact("doing-together", "2026-11-27T15:00:00Z").status, 201);
  ASSERT_EQ(contact("home-visit", "2026-12-01T15:00:00Z").status, 201);
  ASSERT_EQ(contact("phone", "2026-12-02T15:00:00Z").status, 201);
  EXPECT_EQ(contact("phone", "2026-12-24T15:00:00Z").body["rule"], "contact.future");
  EXPECT_EQ(contact("telepathy", "2026-12-02T15:00:00Z").body["rule"], "vocabulary.how");
  EXPECT_EQ(wissel.Post(path + "/contacts", {{"how", "phone"}, {"actions", {"0000"}}}).body["rule"], "id.unknown");
  const std::size_t views = leuven.youth_care.views().size();
  const json weeks = wissel.Get(path + "/contacts/weeks").body;
  EXPECT_EQ(leuven.youth_care.views().size(), views + 4) << "a count is made of their words";
  ASSERT_EQ(weeks["weeks"].size(), 3U) << weeks;
  EXPECT_EQ(weeks["weeks"][0]["week"], "2026-W48");
  EXPECT_EQ(weeks["weeks"][0]["face_to_face"], 2U);
  EXPECT_EQ(weeks["weeks"][0]["short"], false);
  EXPECT_EQ(weeks["weeks"][1]["contacts"], 2U);
  EXPECT_EQ(weeks["weeks"][1]["short"], true);
  EXPECT_EQ(weeks["weeks"][2]["over"], false);
  EXPECT_EQ(weeks["short"], 1U);
  const json contacts = wissel.Get(path + "/contacts?from=2026-12-01T00:00:00Z").body["contacts"];
  ASSERT_EQ(contacts.size(), 2U);
  EXPECT_EQ(contacts[0]["how"], "phone") << "the last one first";
  EXPECT_EQ(contacts[0]["face_to_face"], false);
  EXPECT_EQ(contacts[1]["record"]["body"]["minutes"], 30U);
}

TEST_F(ApiTest, AnAlertGoesToThePartnerOfItsAgreement) {
  ApiDesk police{leuven, leuven.police, "inspecteur Maes"};
  const std::string path = "/v1/trajectories/" + Opened();
  ASSERT_EQ(wissel.Post(path + "/invitations", {{"organisation", "politie-leuven"}}).status, 201);
  ASSERT_EQ(police.Post(path + "/join", json::object()).status, 201);
  ASSERT_EQ(wissel
                .Post(path + "/grants", {{"organisation", "politie-leuven"},
                                         {"purposes", {"safety"}},
                                         {"categories", {"safety", "identity", "agreements"}},
                                         {"ends_at", "2027-03-01T00:00:00Z"},
                                         {"consented_by", "Sam"},
                                         {"how", "ondertekend"}})
                .status,
            201);
  const Answer agreement = wissel.Post(path + "/agreements", {{"about", "running-away"},
                                                              {"text", "eerst bellen wij"},
                                                              {"partner", "politie-leuven"},
                                                              {"alert_fields", {"clothing", "name"}}});
  ASSERT_EQ(agreement.status, 201) << agreement.raw.body;
  const std::string id = agreement.body["record"];
  EXPECT_EQ(police.Get("/v1/records/" + id).body["body"]["alert_fields"], json({"name", "clothing"}));
  const std::string give = "/v1/agreements/" + id + "/alerts";
  const Answer refused = wissel.Post(give, {{"name", "Sam"}, {"places", "bij oma"}});
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.body["rule"], "alert.field");
  EXPECT_EQ(refused.body["field"], "places");
  EXPECT_FALSE(refused.body["next"].get<std::string>().empty());
  const Answer sent = wissel.Post(give, {{"name", "Sam"}, {"clothing", "rode jas"}});
  ASSERT_EQ(sent.status, 201) << sent.raw.body;
  EXPECT_EQ(sent.body["reaches"].size(), 1U);
  const json shown = police.Get(path + "/alerts").body["alerts"][0];
  EXPECT_EQ(shown["stands"], true);
  EXPECT_EQ(shown["agreement"], id);
  EXPECT_EQ(shown["record"]["body"]["clothing"], "rode jas");
  EXPECT_EQ(police.Get("/v1/inbox").body["items"][0]["what"], "alert-stands");
  const std::string over = "/v1/alerts/" + sent.body["record"].get<std::string>() + "/withdrawal";
  EXPECT_EQ(police.Post(over, json::object()).body["rule"], "alert.author");
  ASSERT_EQ(wissel.Post(over, {{"how", "returned"}}).status, 201);
  EXPECT_EQ(wissel.Post(over, json::object()).body["rule"], "alert.over");
  const json ended = police.Get(path + "/alerts").body["alerts"][0];
  EXPECT_EQ(ended["stands"], false);
  EXPECT_EQ(ended["withdrawal"]["body"]["how"], "returned");
}

}  // namespace
}  // namespace schakel
