#include "agents/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "support/api_world.h"

namespace schakel {
namespace {

using nlohmann::json;
using Answer = schakel::test::ApiAnswer;
using schakel::test::ApiTest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(ApiTest, TrajectoriesAreFoundByWhatMayBeSeenOfThem) {
  const auto open = [&](const char* label, const char* module) -> std::string {
    return wissel.Post("/v1/trajectories", {{"label", label}, {"module", module}}).body["trajectory"];
  };
  const std::string sam = open("Sam Dèckers (2010)", "mobile");
  const std::string lou = open("Lou Samyn (2011)", "residential");
  const std::string ann = open("Ann Maes (2010)", "mobile");
  const auto list = [&](const std::string& query) {
    const Answer answer = wissel.Get("/v1/trajectories?" + query);
    EXPECT_EQ(answer.status, 200) << query << answer.raw.body;
    return answer.body;
  };
  const auto found = [&](const std::string& query) {
    std::set<std::string> ids;
    const json answer = list(query);
    for (const json& one : answer["trajectories"]) ids.insert(one["id"]);
    return ids;
  };
  using Ids = std::set<std::string>;
  EXPECT_EQ(found("words=sam"), (Ids{sam, lou})) << "the beginning of a word";
  EXPECT_EQ(found("words=SAM%20deck"), Ids{sam}) << "all of them, without capitals and accents";
  EXPECT_EQ(found("words=2010"), (Ids{sam, ann}));
  EXPECT_EQ(found("words=eckers"), Ids{}) << "not within a word";
  EXPECT_EQ(found("words=2010&module=mobile"), (Ids{sam, ann}));
  EXPECT_EQ(found("module=residential"), Ids{lou});
  EXPECT_EQ(found("lead=de-wissel"), (Ids{sam, lou, ann}));
  EXPECT_EQ(found("lead=upc-leuven"), Ids{});
  ASSERT_EQ(
      wissel.Post("/v1/trajectories/" + ann + "/close", {{"copy_offered", "op papier"}, {"copy", "declined"}}).status,
      201);
  EXPECT_EQ(found("state=closed"), Ids{ann});
  EXPECT_EQ(found("state=open&closed=true"), (Ids{sam, lou}));
  EXPECT_EQ(found("words=2010&closed=true"), (Ids{sam, ann}));
  EXPECT_EQ(list("words=2010")["closed"], 1);
  EXPECT_EQ(list("words=lou")["closed"], 0) << "of what the filter lets through";

  // Somebody else has the task now: the label is sealed for Nora, and so it is found by what she is shown instead.
  ASSERT_EQ(wissel
                .Send("POST", "/v1/trajectories/" + sam + "/tasks", json{{"person", "Wim"}}.dump(),
                      {{"schakel-role", "coordinator"}})
                .status,
            201);
  EXPECT_EQ(found("words=sam"), Ids{lou});
  EXPECT_EQ(found("module=mobile"), Ids{});
  EXPECT_EQ(found("words=" + sam.substr(0, 8)), Ids{sam});
  const std::size_t before = leuven.youth_care.views().size();
  EXPECT_EQ(found("words=lou"), Ids{lou});
  EXPECT_EQ(leuven.youth_care.views().size(), before + 1) << "no view of what is not shown";

  EXPECT_EQ(wissel.Get("/v1/trajectories?words=%2E%2E").body["rule"], "search.words");
  EXPECT_EQ(wissel.Get("/v1/trajectories?words=" + std::string(401, 'a')).body["rule"], "search.long");
  EXPECT_EQ(wissel.Get("/v1/trajectories?state=lost").body["field"], "state");
  EXPECT_EQ(wissel.Get("/v1/trajectories?module=lost").body["field"], "module");
  EXPECT_EQ(wissel.Get("/v1/trajectories?lead=%21").body["field"], "lead");
}

TEST_F(ApiTest, TablesAreFoundByThePeriodInWhichTheyTakePlace) {
  const std::string path = "/v1/trajectories/" + Shared();
  const auto slot = [](const char* day) {
    return json{{"begins_at", "2026-12-" + std::string(day) + "T13:00:00.000Z"},
                {"ends_at", "2026-12-" + std::string(day) + "T14:00:00.000Z"}};
  };
  const auto planned = [&](const char* day) -> std::string {
    const json proposal = {{"title", "t"}, {"slots", {slot(day)}}, {"family_first", false}};
    const std::string id = wissel.Post(path + "/tables", proposal).body["record"];
    EXPECT_EQ(wissel.Post("/v1/tables/" + id + "/date", {{"slot", slot(day)}}).status, 201);
    return id;
  };
  const std::string late = planned("17");
  const std::string early = planned("03");
  wissel.Post(path + "/tables", {{"title", "t"}, {"slots", {slot("04")}}, {"family_first", false}});
  const auto ids = [&](const std::string& query) {
    const Answer answer = upc.Get("/v1/tables?" + query);
    EXPECT_EQ(answer.status, 200) << answer.raw.body;
    std::vector<std::string> all;
    for (const json& one : answer.body["tables"]) all.push_back(one["id"]);
    return all;
  };
  using Ids = std::vector<std::string>;
  EXPECT_EQ(ids("limit=200").size(), 3U);
  EXPECT_EQ(ids("from=2026-12-01T00:00:00Z"), (Ids{early, late})) << "with a date, the first to come first";
  EXPECT_EQ(ids("from=2026-12-01T00:00:00Z&to=2026-12-08T00:00:00Z"), Ids{early});
  EXPECT_EQ(ids("from=2026-12-03T13:30:00Z&to=2026-12-17T13:00:00Z"), Ids{early}) << "it is going on";
  EXPECT_EQ(ids("from=2026-12-03T14:00:00Z&to=2026-12-17T13:00:00Z"), Ids{}) << "both ends are outside";
  const std::size_t before = leuven.psychiatry.views().size();
  const json shown = upc.Get("/v1/tables?from=2026-12-10T00:00:00Z").body["tables"][0];
  EXPECT_EQ(shown["dates"], json::array({slot("17")}));
  EXPECT_EQ(leuven.psychiatry.views().size(), before + 2) << "the label and the date of one";
  EXPECT_FALSE(upc.Get("/v1/tables").body["tables"][0].contains("dates"));
  EXPECT_EQ(upc.Get("/v1/tables?from=2026-12-02T00:00:00Z&to=2026-12-02T00:00:00Z").body["rule"], "search.period");
  EXPECT_EQ(upc.Get("/v1/tables?from=morgen").body["rule"], "request.time");
}

TEST_F(ApiTest, ActionsAreFoundByTheDayOnWhichTheyAreToBeDone) {
  const std::string actions = "/v1/trajectories/" + Shared() + "/actions";
  for (const char* due : {"2026-12-03T12:00:00.000Z", "2026-12-17T12:00:00.000Z"}) {
    ASSERT_EQ(wissel.Post(actions, {{"text", "bellen"}, {"owner", "de-wissel"}, {"due_at", due}}).status, 201);
  }
  const auto count = [&](const std::string& query) {
    const Answer answer = wissel.Get(actions + query);
    EXPECT_EQ(answer.status, 200) << answer.raw.body;
    return answer.body["actions"].size();
  };
  EXPECT_EQ(count(""), 2U);
  EXPECT_EQ(count("?from=2026-12-03T12:00:00Z&to=2026-12-17T12:00:00Z"), 1U) << "the end is outside";
  EXPECT_EQ(count("?from=2026-12-03T12:00:01Z&to=2026-12-17T12:00:00Z"), 0U);
  EXPECT_EQ(count("?to=2027-01-01T00:00:00Z"), 2U);
  EXPECT_EQ(count("?to=2026-12-10T00:00:00Z"), 1U);
  EXPECT_EQ(wissel.Get(actions + "?from=2027-01-01T00:00:00Z&to=2026-01-01T00:00:00Z").body["rule"], "search.period");
}

TEST_F(ApiTest, TheStoryOfATrajectoryComesInPartsTheNewestFirst) {
  const std::string path = "/v1/trajectories/" + Opened();
  std::vector<std::string> notes;
  for (int i = 0; i < 5; ++i) {
    leuven.region.clock.Advance(std::chrono::minutes(1));
    notes.push_back(
        wissel.Post(path + "/notes", {{"title", "t"}, {"text", "x"}, {"categories", {"goals"}}}).body["record"]);
  }
  leuven.region.clock.Advance(std::chrono::minutes(1));
  const std::string agreement = wissel.Post(path + "/agreements", {{"text", "x"}}).body["record"];
  const auto ids = [](const Answer& answer) {
    std::vector<std::string> all;
    for (const json& item : answer.body["items"]) all.push_back(item["id"]);
    return all;
  };
  const Answer whole = wissel.Get(path);
  EXPECT_THAT(ids(whole), ElementsAre(notes[0], notes[1], notes[2], notes[3], notes[4], agreement)) << "as ever";
  EXPECT_FALSE(whole.body.contains("items_next"));
  EXPECT_FALSE(whole.body.contains("items_total"));

  const Answer first = wissel.Get(path + "?limit=4");
  EXPECT_THAT(ids(first), ElementsAre(agreement, notes[4], notes[3], notes[2]));
  EXPECT_EQ(first.body["items_total"], 6);
  EXPECT_EQ(first.body["items_next"], notes[2]);
  EXPECT_EQ(first.body["members"], whole.body["members"]) << "all else stands there";
  const Answer second = wissel.Get(path + "?limit=4&before=" + notes[2]);
  EXPECT_THAT(ids(second), ElementsAre(notes[1], notes[0]));
  EXPECT_EQ(second.body["items_next"], nullptr);
  EXPECT_EQ(second.body["items_total"], 6);
  EXPECT_THAT(ids(wissel.Get(path + "?limit=6")), SizeIs(6));
  EXPECT_EQ(wissel.Get(path + "?limit=6").body["items_next"], nullptr) << "that was all";
  EXPECT_THAT(ids(wissel.Get(path + "?before=" + notes[0])), IsEmpty());

  const Answer agreements = wissel.Get(path + "?kind=agreement");
  EXPECT_THAT(ids(agreements), ElementsAre(agreement));
  EXPECT_EQ(agreements.body["items_total"], 1);
  EXPECT_THAT(ids(wissel.Get(path + "?kind=note,agreement&limit=2")), ElementsAre(agreement, notes[4]));
  EXPECT_THAT(ids(wissel.Get(path + "?kind=note&limit=2&before=" + agreement)), ElementsAre(notes[4], notes[3]));
  EXPECT_THAT(ids(wissel.Get(path + "?kind=question")), IsEmpty());

  for (const char* bad : {"?limit=0", "?limit=201", "?limit=x"}) {
    EXPECT_EQ(wissel.Get(path + bad).body["rule"], "page.limit") << bad;
  }
  EXPECT_EQ(wissel.Get(path + "?kind=nothing").status, 400);
  EXPECT_EQ(wissel.Get(path + "?before=" + std::string(32, '0')).status, 404);
  const std::string opening = whole.body["opening"];
  EXPECT_EQ(wissel.Get(path + "?before=" + opening).body["rule"], "page.cursor") << "not a part of the story";
}

TEST_F(ApiTest, AnAnswerPagesCompletelyAndIsAskedOnce) {
  const std::string id = Shared();
  const Answer whole = wissel.Get("/v1/audit?trajectory=" + id);
  ASSERT_EQ(whole.status, 200) << whole.raw.body;
  EXPECT_EQ(whole.body["next"], nullptr);
  json rows = json::array();
  Answer page = wissel.Get("/v1/audit?limit=2&trajectory=" + id);
  const std::size_t total = page.body["total"];
  while (true) {
    for (const json& row : page.body["rows"]) rows.push_back(row);
    EXPECT_EQ(page.body["total"], total);
    if (page.body["next"].is_null()) break;
    EXPECT_EQ(page.body["rows"].size(), 2U);
    page = wissel.Get("/v1/audit?limit=2&cursor=" + page.body["next"].get<std::string>());
    ASSERT_EQ(page.status, 200) << page.raw.body;
  }
  EXPECT_EQ(rows.size(), total);
  const Answer again = wissel.Get("/v1/audit?trajectory=" + id);
  const auto asked = std::ranges::count_if(again.body["rows"], [](const json& row) { return row["what"] == "asked"; });
  EXPECT_EQ(asked, 3) << "pages ask nothing anew";
}

TEST_F(ApiTest, ACursorIsForWhoAskedAndForAWhile) {
  const std::string id = Shared();
  const std::string cursor = wissel.Get("/v1/audit?limit=1&trajectory=" + id).body["next"];
  const auto next = [&](std::map<std::string, std::string> headers, const std::string& at) {
    return wissel.Send("GET", "/v1/audit?cursor=" + at, {}, std::move(headers));
  };
  EXPECT_EQ(next({}, cursor).status, 200);
  EXPECT_EQ(next({{"schakel-person", "Wim"}}, cursor).body["rule"], "audit.cursor");
  EXPECT_EQ(next({{"schakel-role", "auditor"}}, cursor).body["rule"], "audit.cursor");
  EXPECT_EQ(upc.Get("/v1/audit?cursor=" + cursor).body["rule"], "audit.cursor");
  for (const std::string& wrong : {std::string("x"), cursor + "0000", cursor.substr(0, 32) + ".x", std::string(".1")}) {
    EXPECT_EQ(next({}, wrong).body["rule"], "audit.cursor") << wrong;
  }
  leuven.region.clock.Advance(std::chrono::minutes(15));
  EXPECT_EQ(next({}, cursor).body["rule"], "audit.cursor");
}

}  // namespace
}  // namespace schakel
