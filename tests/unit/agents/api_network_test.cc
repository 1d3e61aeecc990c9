// The network of a young person over the API, and how it is drawn.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/api_world.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::ApiTest;
using Answer = schakel::test::ApiAnswer;

class ApiNetworkTest : public ApiTest {
 protected:
  std::string path;
  std::string Begun() {
    path = "/v1/trajectories/" + Shared();
    const Answer grant = wissel.Post(path + "/grants", {{"organisation", "upc-leuven"},
                                                        {"purposes", {"care-coordination"}},
                                                        {"categories", {"family"}},
                                                        {"ends_at", "2027-03-01T00:00:00Z"},
                                                        {"consented_by", "Sam"},
                                                        {"how", "ondertekend"}});
    EXPECT_EQ(grant.status, 201) << grant.raw.body;
    return grant.body["record"];
  }
  std::string Figure(const std::string& name, json more = json::object()) {
    json body = {{"name", name}, {"kind", "person"}, {"ring", "family"}};
    body.update(more);
    const Answer sent = wissel.Post(path + "/figures", body);
    EXPECT_EQ(sent.status, 201) << sent.raw.body;
    return sent.body["record"];
  }
};

TEST_F(ApiNetworkTest, AnEcogramIsRedrawnForAPastDayAndEachLookIsLogged) {
  const std::string grant = Begun();
  const std::string oma = Figure("oma", {{"born", "1950"}});
  const auto say = [&](const char* quality, const char* since) {
    return wissel.Post(path + "/ties",
                       {{"figure", oma}, {"informant", "young-person"}, {"quality", quality}, {"since", since}});
  };
  ASSERT_EQ(say("positive", "2026-01-01").status, 201);
  ASSERT_EQ(say("broken", "2026-06-01").status, 201);
  EXPECT_EQ(say("broken", "2126-06-01").body["rule"], "network.future");
  EXPECT_EQ(say("broken", "2026-06").body["rule"], "body.whole_day");
  EXPECT_EQ(wissel.Post(path + "/ties", {{"figure", "young-person"}, {"informant", "worker"}, {"quality", "broken"}})
                .body["rule"],
            "body.same");
  const std::size_t views = leuven.psychiatry.views().size();
  const json now = upc.Get(path + "/network").body;
  ASSERT_EQ(now["ties"].size(), 1U) << now;
  EXPECT_EQ(now["ties"][0]["drawn"]["quality"], "broken");
  EXPECT_EQ(now["ties"][0]["drawn"]["grant"], grant);
  EXPECT_EQ(now["ties"][0]["figure"], now["figures"][0]["id"]);
  EXPECT_EQ(now["figures"][0]["name"], "oma");
  EXPECT_GE(leuven.psychiatry.views().size(), views + 3);
  EXPECT_TRUE(wissel.Get(path + "/network").body["ties"][0]["drawn"]["grant"].is_null()) << "our own";
  const json then = upc.Get(path + "/network?at=2026-03-01").body;
  EXPECT_EQ(then["ties"][0]["drawn"]["quality"], "positive");
  EXPECT_TRUE(upc.Get(path + "/network?at=2025-12-31").body["ties"][0]["drawn"].is_null());
  EXPECT_EQ(upc.Get(path + "/network?known=2020-01-01").body["figures"].size(), 0U) << "nothing was known by then";
  EXPECT_EQ(upc.Get(path + "/network?at=maart").body["rule"], "request.day");
}

TEST_F(ApiNetworkTest, TheEcogramOfAPastDayIsTheSameWhateverIsWrittenLater) {
  Begun();
  const std::string oma = Figure("oma");
  const auto say = [&](const char* quality) {
    return wissel.Post(path + "/ties",
                       {{"figure", oma}, {"informant", "young-person"}, {"quality", quality}, {"since", "2026-01-01"}});
  };
  ASSERT_EQ(say("positive").status, 201);
  const std::string day = ToText(leuven.region.clock.Now()).substr(0, 10);
  const std::string then = path + "/ecogram.svg?at=" + day + "&known=" + day;
  const std::string kept = wissel.Get(then).raw.body;
  EXPECT_NE(kept.find("oma"), std::string::npos);
  leuven.region.clock.Advance(std::chrono::hours(72));
  ASSERT_EQ(
      wissel.Post("/v1/figures/" + oma + "/edit", {{"name", "grootmoeder"}, {"kind", "person"}, {"ring", "household"}})
          .status,
      201);
  ASSERT_EQ(say("broken").status, 201) << "of that same day";
  Figure("nonkel");
  EXPECT_EQ(wissel.Get(then).raw.body, kept);
  EXPECT_NE(wissel.Get(path + "/ecogram.svg?at=" + day).raw.body, kept) << "with what is known now";
}

TEST_F(ApiNetworkTest, WhoHasNoGrantForItSeesNothing) {
  path = "/v1/trajectories/" + Shared();
  Figure("oma");
  EXPECT_EQ(upc.Get(path + "/network").body["figures"].size(), 0U);
}

TEST_F(ApiNetworkTest, AFamilySurvivesExportAndImport) {
  Begun();
  const std::string mother = Figure("mama", {{"gender", "woman"}});
  const std::string oma = Figure("oma", {{"gender", "woman"}, {"died", "2021-03"}});
  const auto parent = [&](const std::string& a, const std::string& b) {
    return wissel.Post(path + "/kinships", {{"relation", "parent"}, {"a", a}, {"b", b}, {"how", "biological"}});
  };
  ASSERT_EQ(parent(oma, mother).status, 201);
  ASSERT_EQ(parent(mother, "young-person").status, 201);
  EXPECT_EQ(parent("young-person", oma).body["rule"], "kinship.ancestor");
  EXPECT_EQ(parent(mother, mother).body["rule"], "kinship.self");
  EXPECT_EQ(parent(mother, "young-person").body["rule"], "kinship.twice");
  const Answer file = wissel.Get(path + "/genogram.ged");
  ASSERT_EQ(file.status, 200) << file.raw.body;
  const std::string other = "/v1/trajectories/" + Opened();
  const json dry = wissel.Post(other + "/genogram/import", {{"gedcom", file.raw.body}}).body;
  EXPECT_EQ(dry["people"].size(), 2U) << dry;
  EXPECT_TRUE(wissel.Get(other + "/genogram").body["people"].empty()) << "a dry run adds nothing";
  const json done = wissel.Post(other + "/genogram/import", {{"gedcom", file.raw.body}, {"dry_run", false}}).body;
  EXPECT_EQ(done["sent"].size(), 4U) << done;
  const json family = wissel.Get(other + "/genogram").body;
  EXPECT_EQ(family["people"].size(), 2U);
  EXPECT_EQ(family["generations"][0]["generation"], -2);
  EXPECT_EQ(family["people"][1]["died"], "2021-03");
  const json again = wissel.Post(other + "/genogram/import", {{"gedcom", file.raw.body}, {"dry_run", false}}).body;
  EXPECT_TRUE(again["sent"].empty()) << "it is there already";
}

TEST_F(ApiNetworkTest, TheLifelineTheIntakeAndCircularQuestions) {
  Begun();
  ASSERT_EQ(
      wissel.Post(path + "/lifeline", {{"lane", "stay"}, {"title", "thuis"}, {"begins", "2010"}, {"ends", "2019"}})
          .status,
      201);
  const std::string event = wissel.Get(path + "/lifeline").body["events"][0]["id"];
  EXPECT_EQ(wissel.Post("/v1/life-events/" + event + "/edit", {{"lane", "school"}, {"title", "x"}, {"begins", "2010"}})
                .body["rule"],
            "life_event.lane");
  EXPECT_EQ(wissel.Get(path + "/lifeline").body["gaps"][0]["from"], "2020-01-01");
  const std::string oma = Figure("oma", {{"key", true}});
  EXPECT_EQ(wissel.Get(path + "/intake").body["empty"].size(), 9U);
  ASSERT_EQ(wissel.Post(path + "/intake", {{"domain", "living"}, {"strengths", {"eigen kamer"}}}).status, 201);
  const json intake = wissel.Get(path + "/intake").body;
  EXPECT_EQ(intake["empty"].size(), 8U);
  EXPECT_FALSE(intake["complete"].get<bool>());
  EXPECT_EQ(intake["joint"]["uninvited"], json::array({oma}));
  EXPECT_EQ(intake["joint"]["draft"]["to"], json::array({"de-wissel"})) << "an empty list would be everybody";
  const std::string psychiatry =
      Figure("UPC", {{"kind", "institution"}, {"ring", "services"}, {"organisation", "upc-leuven"}, {"key", true}});
  const json joint = wissel.Get(path + "/intake").body["joint"];
  EXPECT_EQ(joint["uninvited"], json::array({oma, psychiatry}));
  json draft = joint["draft"];
  EXPECT_EQ(draft["to"], json::array({"upc-leuven"}));
  draft["title"] = "Intake";
  draft["slots"] = {{{"begins_at", "2027-01-03T09:00:00Z"}, {"ends_at", "2027-01-03T10:00:00Z"}}};
  json wrong = draft;
  wrong["guests"][0]["name"] = "";
  EXPECT_EQ(wissel.Post(path + "/tables", wrong).status, 400);
  EXPECT_TRUE(wissel.Get(path + "/intake").body["joint"]["tables"].empty()) << "nor was it proposed without them";
  json ahead = draft;
  ahead["preview"] = true;
  EXPECT_EQ(wissel.Post(path + "/tables", ahead).status, 200);
  const Answer proposed = wissel.Post(path + "/tables", draft);
  ASSERT_EQ(proposed.status, 201) << proposed.raw.body;
  const json convened = wissel.Get(path + "/intake").body["joint"];
  EXPECT_EQ(convened["tables"], json::array({proposed.body["record"]}));
  EXPECT_TRUE(convened["uninvited"].empty()) << convened;
  EXPECT_TRUE(convened["draft"]["guests"].empty());
  ASSERT_EQ(wissel
                .Post("/v1/figures/" + oma + "/edit",
                      {{"name", " OMA "}, {"kind", "person"}, {"ring", "family"}, {"key", true}})
                .status,
            201);
  EXPECT_TRUE(wissel.Get(path + "/intake").body["joint"]["uninvited"].empty()) << "however she is spelled";
  const Answer asked = wissel.Post(
      path + "/circular",
      {{"asked", "mother"}, {"figure", "young-person"}, {"question", "Wat zou Sam zeggen?"}, {"guess", "blijven"}});
  ASSERT_EQ(asked.status, 201) << asked.raw.body;
  ASSERT_EQ(wissel
                .Post("/v1/circular-questions/" + asked.body["record"].get<std::string>() + "/answer",
                      {{"answer", "naar oma"}})
                .status,
            201);
  const json question = upc.Get(path + "/circular").body["questions"][0];
  EXPECT_EQ(question["guess"], "blijven");
  EXPECT_EQ(question["answer"]["answer"], "naar oma");
}

TEST_F(ApiNetworkTest, ABrokenTieBecomesAnActionThatAsksToRecolour) {
  Begun();
  const std::string vdab = Figure("VDAB", {{"kind", "institution"}, {"ring", "services"}, {"domain", "school-work"}});
  const json tie = {{"figure", vdab}, {"informant", "young-person"}, {"quality", "broken"}};
  ASSERT_EQ(wissel.Post(path + "/ties", tie).status, 201);
  const json partner = {
      {"name", "Leerwinkel"}, {"kind", "contact"}, {"quality", "positive"}, {"domains", {"school-work"}}};
  const Answer kept = wissel.Post("/v1/partnerships", partner);
  ASSERT_EQ(kept.status, 201) << kept.raw.body;
  json discreet = partner;
  discreet["discreet"] = true;
  EXPECT_EQ(wissel.Post("/v1/partnerships", discreet).body["rule"], "partnership.discreet") << "a worker";
  const Answer hidden = wissel.Send("POST", "/v1/partnerships", discreet.dump(), {{"schakel-role", "coordinator"}});
  ASSERT_EQ(hidden.status, 201) << hidden.raw.body;
  json overlay = wissel.Get(path + "/network/overlay").body;
  ASSERT_EQ(overlay["broken"].size(), 1U) << overlay;
  EXPECT_EQ(overlay["broken"][0]["partners"].size(), 1U) << "the discreet one is hidden";
  EXPECT_EQ(wissel
                .Post(path + "/network/repairs", {{"figure", vdab},
                                                  {"informant", "young-person"},
                                                  {"text", "samen erheen"},
                                                  {"due_at", "2020-12-15T00:00:00Z"}})
                .body["rule"],
            "action.past");
  const Answer action = wissel.Post(path + "/network/repairs", {{"figure", vdab},
                                                                {"informant", "young-person"},
                                                                {"partnership", kept.body["id"]},
                                                                {"text", "samen erheen"},
                                                                {"due_at", "2027-01-01T00:00:00Z"}});
  ASSERT_EQ(action.status, 201) << action.raw.body;
  const auto asks = [&] {
    const json inbox = wissel.Get("/v1/inbox").body;
    for (const json& item : inbox["items"]) {
      if (item["what"] == "recolour") return true;
    }
    return false;
  };
  EXPECT_FALSE(asks());
  leuven.region.clock.Advance(std::chrono::hours(1));
  ASSERT_EQ(wissel.Post("/v1/actions/" + action.body["record"].get<std::string>() + "/done", json::object()).status,
            201);
  EXPECT_TRUE(asks());
  EXPECT_TRUE(wissel.Get(path + "/network/overlay").body["broken"][0]["actions"][0]["recolour"].get<bool>());
  leuven.region.clock.Advance(std::chrono::hours(1));
  ASSERT_EQ(
      wissel.Post(path + "/ties", {{"figure", vdab}, {"informant", "young-person"}, {"quality", "positive"}}).status,
      201);
  EXPECT_FALSE(asks());
  EXPECT_EQ(wissel.Send("DELETE", "/v1/partnerships/" + kept.body["id"].get<std::string>(), "").status, 200);
}

TEST_F(ApiNetworkTest, PicturesHaveNoMarkupOfPeopleAndAreTheSameEachTime) {
  Begun();
  const std::string evil = Figure("<script>alert(1)</script>\"'&", {{"gender", "man"}});
  ASSERT_EQ(wissel
                .Post(path + "/ties",
                      {{"figure", evil}, {"informant", "other"}, {"informant_name", "<b>"}, {"quality", "broken"}})
                .status,
            201);
  ASSERT_EQ(
      wissel.Post(path + "/kinships", {{"relation", "parent"}, {"a", evil}, {"b", "young-person"}, {"how", "step"}})
          .status,
      201);
  ASSERT_EQ(wissel.Post(path + "/lifeline", {{"lane", "stay"}, {"title", "</svg><script>"}, {"begins", "2010"}}).status,
            201);
  for (const char* name : {"/ecogram.svg", "/genogram.svg", "/lifeline.svg"}) {
    const Answer drawn = wissel.Get(path + name);
    ASSERT_EQ(drawn.status, 200) << name;
    EXPECT_EQ(drawn.raw.body.find("<script"), std::string::npos) << name;
    EXPECT_EQ(drawn.raw.body.find("<b>"), std::string::npos) << name;
    EXPECT_EQ(drawn.raw.body.find("</svg>"), drawn.raw.body.size() - 7) << name;
    EXPECT_NE(drawn.raw.body.find("<title id=\"title\">"), std::string::npos);
    EXPECT_EQ(drawn.raw.body, wissel.Get(path + name).raw.body);
  }
  EXPECT_EQ(wissel.Get(path + "/network.json").body["format"], "schakel-network");
}

}  // namespace
}  // namespace schakel
