// Tables of people and trajectories, taken in.
#include "agents/api.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/api_world.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::FakeEngine;
using Answer = schakel::test::ApiAnswer;
using schakel::test::ApiTest;

TEST_F(ApiTest, PeopleAreTakenInOnceAndAWrongLineHoldsAllBack) {
  const std::string good =
      "Naam;Gebruikersnaam;Rollen\nNora Peeters;nora;medewerker + auditor\nKarim;karim;coordinator\n";
  const auto import = [&](const std::string& csv, json more = json::object()) {
    more["csv"] = csv;
    return wissel.Post("/v1/import/people", more);
  };
  const Answer dry = import(good, {{"dry_run", true}});
  EXPECT_EQ(dry.status, 200) << dry.raw.body;
  EXPECT_EQ(dry.body["rows"][0]["outcome"], "would-make");
  EXPECT_EQ(wissel.Get("/v1/people").body["people"].size(), 0U) << "nothing changed";
  const Answer made = import(good);
  EXPECT_EQ(made.status, 200) << made.raw.body;
  EXPECT_EQ(made.body["made"], 2);
  EXPECT_FALSE(made.body["rows"][1]["invitation"].get<std::string>().empty());
  EXPECT_EQ(wissel.Get("/v1/people/nora").body["roles"], json::parse(R"(["worker","auditor"])"));
  const Answer again = import(good);
  EXPECT_EQ(again.body["unchanged"], 2);
  EXPECT_EQ(again.body["made"], 0);
  EXPECT_FALSE(again.body["rows"][0].contains("invitation"));

  const std::string mixed = "login,name,roles\nwim,Wim,worker\nan,An,baas\nwim,Willem,worker\nnora,Iemand,worker\n";
  for (const bool is_dry : {true, false}) {
    const Answer held = import(mixed, {{"dry_run", is_dry}});
    EXPECT_EQ(held.status, is_dry ? 200 : 409);
    EXPECT_EQ(held.body["refused"], !is_dry);
    EXPECT_EQ(held.raw.headers.at("Content-Type"), is_dry ? "application/json" : "application/problem+json");
    if (!is_dry) {
      EXPECT_EQ(held.body["type"], "urn:schakel:rule:import.held_back");
      EXPECT_EQ(held.body["rule"], "import.held_back");
      EXPECT_EQ(held.body["code"], "conflict");
      EXPECT_EQ(held.body["status"], 409);
      EXPECT_FALSE(held.body["next"].get<std::string>().empty());
    }
    EXPECT_EQ(held.body["wrong"], 3);
    EXPECT_EQ(held.body["rows"][0]["outcome"], "would-make");
    EXPECT_EQ(held.body["rows"][1]["line"], 3);
    EXPECT_EQ(held.body["rows"][1]["problem"]["rule"], "import.role");
    EXPECT_EQ(held.body["rows"][1]["key"], "an") << "which line it is";
    EXPECT_EQ(held.body["rows"][2]["problem"]["rule"], "import.twice");
    EXPECT_EQ(held.body["rows"][3]["problem"]["rule"], "people.login_taken");
  }
  EXPECT_EQ(wissel.Get("/v1/people").body["people"].size(), 2U);
  EXPECT_EQ(import(mixed, {{"skip_bad", true}}).body["made"], 1);
  EXPECT_EQ(wissel.Get("/v1/people").body["people"].size(), 3U);

  EXPECT_EQ(import("login,name\nx,y\n").body["rule"], "import.column");
  EXPECT_EQ(import("login,name,roles,leeftijd\nx,y,worker,3\n").body["rule"], "import.column");
  EXPECT_EQ(import("login,name,roles\n").body["rule"], "csv.empty");
}

TEST_F(ApiTest, TrajectoriesAreTakenInOnceByTheirKey) {
  const auto import = [&](const std::string& csv, json more = json::object()) {
    more["csv"] = csv;
    return wissel.Send("POST", "/v1/import/trajectories", more.dump(), {{"schakel-role", "coordinator"}});
  };
  const auto count = [&] { return wissel.Get("/v1/trajectories").body["trajectories"].size(); };
  const std::string table = "key,label,module,reason,assigned\n17,S. (2010),mobile,aanmelding,Nora Peeters\n18,T.,,,\n";
  EXPECT_EQ(import(table, {{"dry_run", true}}).body["rows"][1]["outcome"], "would-make");
  const Answer as_worker = wissel.Post("/v1/import/trajectories", {{"csv", table}});
  EXPECT_GE(as_worker.status, 400) << "who may not assign opens nothing";
  EXPECT_EQ(count(), 0U);
  const Answer made = import(table);
  ASSERT_EQ(made.status, 200) << made.raw.body;
  EXPECT_EQ(made.body["made"], 2);
  EXPECT_EQ(count(), 2U);
  const std::string id = made.body["rows"][0]["trajectory"];
  EXPECT_EQ(wissel.Get("/v1/trajectories/" + id + "/tasks").body["tasks"][0]["person"], "Nora Peeters");
  const Answer again = import(table);
  EXPECT_EQ(again.body["unchanged"], 2);
  EXPECT_EQ(again.body["rows"][0]["trajectory"], id);
  EXPECT_EQ(count(), 2U);
  const Answer wrong = import("key,label,module\n19,U.,raket\n20,,mobile\n,V.,mobile\n21,W.,mobile\n");
  EXPECT_EQ(wrong.status, 409);
  EXPECT_EQ(wrong.body["rows"][0]["problem"]["rule"], "vocabulary.module");
  EXPECT_EQ(wrong.body["rows"][0]["problem"]["field"], "module");
  EXPECT_EQ(wrong.body["rows"][0]["key"], "19");
  EXPECT_EQ(wrong.body["rows"][1]["problem"]["rule"], "request.required");
  EXPECT_EQ(wrong.body["rows"][2]["problem"]["rule"], "import.key");
  EXPECT_EQ(count(), 2U);
}

TEST_F(ApiTest, ATaskOfATableIsOfSomebodyWithAnAccount) {
  const std::string people = "login,name,roles\nnora,Nora Peeters,worker\nbea,Bea,worker\nwim,Wim,worker\n";
  ASSERT_EQ(wissel.Post("/v1/import/people", {{"csv", people}}).status, 200);
  const json all = wissel.Get("/v1/people").body["people"];
  const auto id_of = [&](const char* login) -> std::string {
    return *std::ranges::find_if(all, [&](const json& one) { return one["login"] == login; })->find("id");
  };
  ASSERT_EQ(wissel.Post("/v1/people/" + id_of("bea"), {{"name", "Bea Claes"}}).status, 200);
  ASSERT_EQ(wissel.Post("/v1/people/" + id_of("wim"), {{"state", "deactivated"}}).status, 200);
  const std::string table =
      "key,label,assigned\n1,A.,NORA\n2,B.,nora  peeters\n3,C.,Bea\n4,D.,niemand\n5,E.,Wim\n6,F.,\n";
  const Answer made = wissel.Send("POST", "/v1/import/trajectories", json{{"csv", table}, {"skip_bad", true}}.dump(),
                                  {{"schakel-role", "coordinator"}});
  ASSERT_EQ(made.status, 200) << made.raw.body;
  const char* const names[] = {"Nora Peeters", "Nora Peeters", "Bea Claes"};
  for (std::size_t i = 0; i < std::size(names); ++i) {
    const std::string id = made.body["rows"][i]["trajectory"];
    EXPECT_EQ(wissel.Get("/v1/trajectories/" + id + "/tasks").body["tasks"][0]["person"], names[i]);
  }
  for (const std::size_t wrong : {3U, 4U}) {
    EXPECT_EQ(made.body["rows"][wrong]["outcome"], "wrong");
    EXPECT_EQ(made.body["rows"][wrong]["problem"]["rule"], "import.assigned");
  }
  EXPECT_EQ(made.body["rows"][5]["outcome"], "made");
}

TEST_F(ApiTest, ATableGoesAsItIs) {
  const std::map<std::string, std::string> coordinator = {{"schakel-role", "coordinator"}};
  const auto import = [&](const std::string& csv, const std::string& type, const std::string& query = {}) {
    auto headers = coordinator;
    headers["content-type"] = type;
    return wissel.Send("POST", "/v1/import/trajectories" + query, csv, headers);
  };
  const auto count = [&] { return wissel.Get("/v1/trajectories").body["trajectories"].size(); };
  const std::string belgian =
      "\xEF\xBB\xBF"
      "sleutel;label;reden\r\n17;\"S.; (2010)\";Zo\xC3\xAB\r\n";
  const Answer dry = import(belgian, "text/csv", "?dry_run=true");
  ASSERT_EQ(dry.status, 200) << dry.raw.body;
  EXPECT_EQ(dry.body["rows"][0]["outcome"], "would-make");
  EXPECT_EQ(count(), 0U);
  const Answer made = import(belgian, "text/csv; charset=\"UTF-8\"; header=present");
  ASSERT_EQ(made.status, 200) << made.raw.body;
  EXPECT_EQ(wissel.Get("/v1/trajectories").body["trajectories"][0]["label"], "S.; (2010)");
  const Answer mixed = import("key,label\n18,T.\n19,\n", "text/csv", "?skip_bad=true");
  EXPECT_EQ(mixed.body["made"], 1);
  EXPECT_EQ(mixed.body["wrong"], 1);
  struct Case {
    const char* name;
    std::string csv;
    const char* type;
    const char* query;
    const char* rule;
  };
  const Case cases[] = {
      {"letters of another kind", "key,label\n20,Zo\xEB\n", "text/csv", "", "csv.encoding"},
      {"letters that are said to be of another kind", "key,label\n20,U.\n", "text/csv; charset=windows-1252", "",
       "csv.encoding"},
      {"another type", "key,label\n20,U.\n", "text/plain", "", "request.content_type"},
      {"a type that begins like it", "key,label\n20,U.\n", "text/csvs", "", "request.content_type"},
      {"neither true nor false", "key,label\n20,U.\n", "text/csv", "?dry_run=ja", "request.value"},
      {"a parameter that it has not", "key,label\n20,U.\n", "text/csv", "?dryrun=true", "request.unknown"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const Answer refused = import(c.csv, c.type, c.query);
    EXPECT_GE(refused.status, 400);
    EXPECT_EQ(refused.body["rule"], c.rule);
  }
  EXPECT_EQ(count(), 2U);
  const Answer elsewhere = wissel.Send("POST", "/v1/trajectories", "key,label\n", {{"content-type", "text/csv"}});
  EXPECT_EQ(elsewhere.body["rule"], "request.content_type") << "only where a table is taken in";
}

TEST_F(ApiTest, ALineThatWasCutOffIsMadeOnceAllTheSame) {
  const auto import = [&](const std::string& csv) {
    return wissel.Send("POST", "/v1/import/trajectories", json{{"csv", csv}}.dump(), {{"schakel-role", "coordinator"}});
  };
  const auto count = [&] { return wissel.Get("/v1/trajectories").body["trajectories"].size(); };
  const std::string table = "key,label,assigned\n17,S.,Nora Peeters\n";
  FakeEngine& engine = leuven.youth_care;
  // Before anything: not even the intent could be noted.
  engine.RefuseToKeep(true);
  EXPECT_EQ(import(table).body["wrong"], 1);
  engine.RefuseToKeep(false);
  EXPECT_EQ(count(), 0U);
  {
    // Right behind the opening.
    const auto cut = engine.OnChange([&](const Engine::Change&) { engine.RefuseToKeep(true); });
    EXPECT_EQ(import(table).body["wrong"], 1);
    engine.RefuseToKeep(false);
  }
  EXPECT_EQ(count(), 1U);
  const Answer again = import(table);
  ASSERT_EQ(again.status, 200) << again.raw.body;
  EXPECT_EQ(again.body["made"], 1);
  EXPECT_EQ(count(), 1U) << "that one, and no other";
  const std::string id = again.body["rows"][0]["trajectory"];
  EXPECT_EQ(wissel.Get("/v1/trajectories/" + id).status, 200);
  std::size_t assigned = 0;
  ASSERT_TRUE(engine.VisitFacts("tasks." + id, [&](ByteView) { return ++assigned > 0; }));
  EXPECT_EQ(assigned, 1U) << "once, too";
  EXPECT_EQ(import(table).body["unchanged"], 1);
}

TEST_F(ApiTest, WordsOfATableAreDutchOrEnglish) {
  const std::string table =
      "key,label,module,stage\n1,A.,mobile,capable\n2,B.,Mobiel,Bekwame minderjarige\n"
      "3,C.,begeleid zelfstandig wonen,Kind\n4,D.,independent-living,adult\n5,E.,Semi residential,capable minor\n";
  const Answer made =
      wissel.Send("POST", "/v1/import/trajectories", json{{"csv", table}}.dump(), {{"schakel-role", "coordinator"}});
  ASSERT_EQ(made.status, 200) << made.raw.body;
  const std::pair<const char*, const char*> wanted[] = {{"mobile", "capable"},
                                                        {"mobile", "capable"},
                                                        {"independent-living", "child"},
                                                        {"independent-living", "adult"},
                                                        {"semi-residential", "capable"}};
  for (std::size_t i = 0; i < std::size(wanted); ++i) {
    SCOPED_TRACE(i);
    const json shown = wissel.Get("/v1/trajectories/" + made.body["rows"][i]["trajectory"].get<std::string>()).body;
    EXPECT_EQ(shown["module"], wanted[i].first);
    EXPECT_EQ(shown["stage"], wanted[i].second);
  }
  const Answer wrong =
      wissel.Send("POST", "/v1/import/trajectories", json{{"csv", "key,label,stage\n6,F.,bijna\n"}}.dump(),
                  {{"schakel-role", "coordinator"}});
  EXPECT_EQ(wrong.body["rows"][0]["problem"]["rule"], "vocabulary.stage");
}

TEST_F(ApiTest, ATableSaysInWhichLanguageSomebodyIsWrittenTo) {
  const std::string table =
      "login,name,roles,taal\nnora,Nora Peeters,worker,Engels\nwim,Wim,worker,nl\nan,An,worker,\n";
  const Answer made = wissel.Post("/v1/import/people", {{"csv", table}});
  ASSERT_EQ(made.status, 200) << made.raw.body;
  const auto of = [&](const char* person, const char* method, const std::string& body) {
    return wissel.Send(method, "/v1/notices", body, {{"schakel-person", person}, {"accept-language", "nl"}}).body;
  };
  EXPECT_EQ(of("Nora Peeters", "GET", "")["language"], "en");
  EXPECT_EQ(of("Wim", "GET", "")["language"], "nl");
  EXPECT_EQ(of("Nora Peeters", "POST", R"({"mail": "none"})")["language"], "en") << "it stands";
  EXPECT_EQ(of("Nora Peeters", "POST", R"({"mail": "none", "language": "nl"})")["language"], "nl");
  EXPECT_EQ(wissel.Post("/v1/import/people", {{"csv", "login,name,roles,language\njef,Jef,worker,duits\n"}})
                .body["rows"][0]["problem"]["rule"],
            "vocabulary.language");
}

}  // namespace
}  // namespace schakel
