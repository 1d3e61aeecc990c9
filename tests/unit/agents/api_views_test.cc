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
using Desk = schakel::test::ApiDesk;
using schakel::test::ApiTest;
using ::testing::HasSubstr;

TEST_F(ApiTest, WhatAnOverviewShowsOfBodiesIsLoggedAndTheRestStaysShut) {
  const std::string id = Shared();
  const std::string path = "/v1/trajectories/" + id;
  const std::string secret = "wilgenroosje";
  wissel.Post(path + "/notes", {{"title", secret}, {"text", secret}, {"categories", {"goals"}}});
  const std::string question = wissel
                                   .Post("/v1/consultations", {{"trajectory", id},
                                                               {"question", secret},
                                                               {"subject", secret},
                                                               {"urgency", "today"},
                                                               {"answer_by", "2026-12-01T08:00:00.000Z"},
                                                               {"categories", {"mental-health"}}})
                                   .body["record"];
  const json slot = {{"begins_at", "2026-12-03T13:00:00.000Z"}, {"ends_at", "2026-12-03T14:00:00.000Z"}};
  const std::string table =
      wissel.Post(path + "/tables", {{"title", secret}, {"agenda", secret}, {"slots", {slot}}, {"family_first", false}})
          .body["record"];
  const std::string invitation = [&] {
    std::string found;
    leuven.psychiatry.Records([&](const HeldRecord& held) {
      if (held.header.kind == Kind::kMemberInvite) found = ToText(held.header.id);
      return true;
    });
    return found;
  }();
  const auto views_of = [&](const std::string& target) {
    const std::size_t before = leuven.psychiatry.views().size();
    const std::size_t writes = leuven.psychiatry.reads();
    const Answer answer = upc.Get(target);
    EXPECT_EQ(answer.status, 200) << target;
    EXPECT_EQ(answer.raw.body.find(secret), std::string::npos) << target;
    EXPECT_LE(leuven.psychiatry.reads(), writes + 1) << target << ": one write for the whole list";
    std::set<std::string> seen;
    for (std::size_t i = before; i < leuven.psychiatry.views().size(); ++i) {
      seen.insert(ToText(leuven.psychiatry.views()[i].record));
    }
    return seen;
  };
  using Seen = std::set<std::string>;
  EXPECT_EQ(views_of("/v1/trajectories"), Seen{invitation});
  EXPECT_EQ(views_of(path), Seen{invitation});
  EXPECT_EQ(views_of("/v1/consultations"), (Seen{invitation, question})) << "the deadline is a word of the question";
  EXPECT_EQ(views_of("/v1/inbox"), (Seen{invitation, question, table}));
  EXPECT_EQ(views_of("/v1/tables"), Seen{invitation}) << "no date yet";
  const std::string fixed = wissel.Post("/v1/tables/" + table + "/date", {{"slot", slot}}).body["record"];
  EXPECT_EQ(views_of("/v1/tables"), (Seen{invitation, fixed}));
  EXPECT_EQ(upc.Get("/v1/tables").body["tables"][0]["date"], slot);
  for (const char* list : {"/notes", "/grants", "/agreements"}) EXPECT_EQ(views_of(path + list), Seen{});
  EXPECT_EQ(views_of("/v1/status"), Seen{});

  const Answer whole = upc.Get(path);
  EXPECT_EQ(whole.body["label"], "Traject 12");
  EXPECT_EQ(whole.body["items"].size(), 1U);
  EXPECT_EQ(whole.body["tables"][0]["date"], nullptr) << "not read, not shown";
  EXPECT_EQ(whole.body["consultations"][0]["answer_by"], nullptr);
  EXPECT_EQ(whole.body["consultations"][0]["urgency"], nullptr);
  EXPECT_EQ(upc.Get("/v1/consultations").body["consultations"][0]["answer_by"], "2026-12-01T08:00:00.000Z");
  const std::size_t before = leuven.psychiatry.views().size();
  EXPECT_THAT(upc.Get(path + "/notes?show=full").raw.body, HasSubstr(secret));
  EXPECT_EQ(leuven.psychiatry.views().size(), before + 1);
}

TEST_F(ApiTest, AfterLeavingTheLabelIsGone) {
  const std::string id = Shared();
  ASSERT_EQ(upc.Post("/v1/trajectories/" + id + "/leave", json::object()).status, 201);
  for (const char* target : {"/v1/trajectories", "/v1/inbox", "/v1/consultations", "/v1/tables"}) {
    EXPECT_EQ(upc.Get(target).raw.body.find("Traject 12"), std::string::npos) << target;
  }
  EXPECT_EQ(upc.Get("/v1/trajectories/" + id).body["label"], id.substr(0, 8));
  const json grants = upc.Get("/v1/trajectories/" + id + "/grants").body["grants"];
  ASSERT_FALSE(grants.empty());
  for (const json& grant : grants) EXPECT_EQ(grant["state"], "ended") << "nobody withdrew it";
}

TEST_F(ApiTest, AViewCarriesPersonRoleAndReason) {
  const std::string id = Shared();
  const Answer note =
      wissel.Post("/v1/trajectories/" + id + "/notes", {{"title", "t"}, {"text", "x"}, {"categories", {"goals"}}});
  const Answer read =
      upc.Send("GET", "/v1/records/" + note.body["record"].get<std::string>(), {},
               {{"schakel-person", "Zo%C3%AB"}, {"schakel-role", "coordinator"}, {"schakel-reason", "on-duty"}});
  ASSERT_EQ(read.status, 200) << read.raw.body;
  const View view = leuven.psychiatry.views().back();
  EXPECT_EQ(leuven.psychiatry.NameOf(view.person), "Zoë");
  EXPECT_EQ(view.role, StaffRole::kCoordinator);
  EXPECT_EQ(view.reason, ViewReason::kOnDuty);
}

TEST_F(ApiTest, APersonHasANameThatCanBeRead) {
  for (const char* nobody : {"%20", "%E2%80%8B", "%C3", "a%0Ab", "Sam%20(gast%203f9a21bc)"}) {
    EXPECT_EQ(wissel.Send("GET", "/v1/session", {}, {{"schakel-person", nobody}}).body["rule"], "caller.person")
        << nobody;
  }
  EXPECT_EQ(
      wissel.Send("GET", "/v1/session", {}, {{"schakel-person", "%20Nora%20%20Peeters%20"}}).body["person"]["name"],
      "Nora Peeters");
}

TEST_F(ApiTest, WithoutAPersonTheUserOfTheSocketIsMeant) {
  Desk unnamed(leuven, leuven.youth_care, "");
  EXPECT_EQ(unnamed.Get("/v1/status").body["person"], "peer");
  ApiRequest nobody{"GET", "/v1/status", {}, {}, {}};
  EXPECT_EQ(unnamed.api().Handle(nobody).status, 400);
}

TEST_F(ApiTest, TheAuditIsRowsAndAnEvidenceFile) {
  const std::string id = Shared();
  const Answer rows = wissel.Get("/v1/trajectories/" + id + "/accesses");
  ASSERT_EQ(rows.status, 200) << rows.raw.body;
  EXPECT_EQ(rows.body["rows"][0]["what"], "sent");
  EXPECT_EQ(rows.body["rows"][0]["organisation"]["name"], "De Wissel");
  const Answer file = wissel.Get("/v1/trajectories/" + id + "/evidence");
  EXPECT_EQ(file.raw.headers.at("Content-Type"), "application/octet-stream");
  const auto evidence = DecodeEvidence(AsBytes(file.raw.body));
  ASSERT_TRUE(evidence);
  EXPECT_TRUE(CheckEvidence(*evidence, leuven.region.verifier));
  leuven.youth_care.GoOffline();
  EXPECT_EQ(wissel.Get("/v1/trajectories/" + id + "/accesses").status, 503);
}

TEST_F(ApiTest, WhatIsHeldBackFromSomebodyNamedStandsInTheAudit) {
  const std::string id = Shared();
  const std::string path = "/v1/trajectories/" + id;
  Desk clb{leuven, leuven.school, "Jef"};
  const auto denied = [&](Desk& desk) {
    const json answer = desk.Get("/v1/audit?question=denied&trajectory=" + id).body;
    json seen = json::array();
    for (const json& row : answer.at("rows")) {
      const json refusal = row.value("refusal", json::object());
      seen.push_back({row.at("what"), row.value("person", ""), row.value("about", ""), refusal.value("rule", "")});
    }
    return seen;
  };
  json note = {{"title", "t"}, {"text", "x"}, {"categories", {"goals"}}, {"to", {"upc-leuven", "clb-leuven"}}};
  note["preview"] = true;
  ASSERT_EQ(wissel.Post(path + "/notes", note).status, 200);
  EXPECT_EQ(denied(wissel), json::array()) << "who only looks ahead did not try";
  note.erase("preview");
  ASSERT_EQ(wissel.Post(path + "/notes", note).status, 409);
  const json first = {"attempted", "Nora Peeters", "clb-leuven", "sending.unreached"};
  EXPECT_EQ(denied(wissel), json::array({first})) << "nothing of it left";

  ASSERT_EQ(wissel.Post(path + "/invitations", {{"organisation", "clb-leuven"}, {"message", "welkom"}}).status, 201);
  ASSERT_EQ(clb.Post(path + "/join", {{"message", "ja"}}).status, 201);
  json figure = {{"name", "UPC"}, {"kind", "institution"}, {"ring", "services"}, {"organisation", "upc-leuven"}};
  ASSERT_EQ(wissel.Post(path + "/figures", figure).status, 201);
  EXPECT_EQ(denied(wissel).size(), 1U) << "whom it passes by was not named";
  figure["to"] = {"clb-leuven"};
  EXPECT_EQ(wissel.Post(path + "/figures", figure).body["rule"], "network.hidden");
  const json second = {"attempted", "Nora Peeters", "clb-leuven", "network.hidden"};
  EXPECT_EQ(denied(wissel), json::array({first, second}));
  EXPECT_EQ(denied(upc), json::array()) << "it stays at home";

  const json question = {
      {"trajectory", id}, {"question", "Hoe?"}, {"categories", {"mental-health"}}, {"to", {"clb-leuven"}}};
  ASSERT_EQ(wissel.Post("/v1/consultations", question).status, 409);
  EXPECT_EQ(denied(wissel).size(), 3U) << "where the request itself says which trajectory";
}

TEST_F(ApiTest, WhoHasNoTaskIsToldWhatToDo) {
  const std::string id = Shared();
  const std::string path = "/v1/trajectories/" + id;
  const std::string note =
      wissel.Post(path + "/notes", {{"title", "t"}, {"text", "x"}, {"categories", {"goals"}}}).body["record"];
  const auto assign = [&](const char* role) {
    return wissel.Send("POST", path + "/tasks", json{{"person", "Nora Peeters"}}.dump(), {{"schakel-role", role}});
  };
  EXPECT_EQ(assign("worker").body["rule"], "task.role");
  EXPECT_EQ(assign("coordinator").status, 201);
  const auto look = [&](std::map<std::string, std::string> headers) {
    return wissel.Send("GET", "/v1/records/" + note, {}, std::move(headers));
  };
  EXPECT_EQ(look({}).status, 200);
  const Answer turned = look({{"schakel-person", "Wim"}});
  EXPECT_EQ(turned.status, 403);
  EXPECT_EQ(turned.body["rule"], "view.no_task");
  EXPECT_EQ(look({{"schakel-person", "Wim"}, {"schakel-reason", "on-duty"}}).status, 200);
  EXPECT_EQ(wissel.Get(path + "/tasks").body["tasks"][0]["person"], "Nora Peeters");
  // Its overviews no more than its words; who works there anybody may ask.
  for (const char* part : {"", "/grants", "/notes", "/attachments", "/goals", "/lifeline"}) {
    SCOPED_TRACE(part);
    const auto overview = [&](std::map<std::string, std::string> headers) {
      return wissel.Send("GET", path + part, {}, std::move(headers));
    };
    EXPECT_EQ(overview({{"schakel-person", "Wim"}}).body.value("rule", ""), "view.no_task");
    EXPECT_EQ(overview({{"schakel-person", "Wim"}, {"schakel-reason", "on-duty"}}).status, 200);
    EXPECT_EQ(overview({{"schakel-person", "Nora Peeters"}}).status, 200);
  }
  EXPECT_EQ(wissel.Send("GET", path + "/tasks", {}, {{"schakel-person", "Wim"}}).status, 200);
  const auto looks = wissel.Send("GET", "/v1/audit?question=person&person=Wim", {}, {{"schakel-role", "auditor"}});
  ASSERT_EQ(looks.status, 200) << looks.body;
  const auto of = [&](const char* what) {
    return std::ranges::count_if(looks.body.at("rows"), [&](const json& row) { return row.at("what") == what; });
  };
  EXPECT_GT(of("saw"), 0) << "with another reason it is a look";
  EXPECT_GT(of("turned-away"), 0);
}

TEST_F(ApiTest, WhoHasNoTaskWritesNothingWithoutAnotherReason) {
  const std::string id = Shared();
  const std::string path = "/v1/trajectories/" + id;
  const json note = {{"title", "t"}, {"text", "x"}, {"categories", {"goals"}}};
  const std::string record = wissel.Post(path + "/notes", note).body["record"];
  const json question = {{"trajectory", id}, {"question", "Hoe?"}, {"categories", {"goals"}}};
  const std::string asked = wissel.Post("/v1/consultations", question).body["record"];
  const std::string goal = wissel.Post(path + "/goals", {{"text", "slapen"}, {"owners", {"de-wissel"}}}).body["record"];
  const std::string grant = wissel.Get(path + "/grants").body["grants"][0]["id"];
  const std::string upload =
      wissel.Post(path + "/uploads", {{"name", "a.txt"}, {"size", 1}, {"categories", {"goals"}}}).body["upload"];
  ASSERT_EQ(
      wissel.Send("POST", path + "/tasks", json{{"person", "Nora Peeters"}}.dump(), {{"schakel-role", "coordinator"}})
          .status,
      201);
  const auto as_bea = [&](const std::string& target, const json& body, const char* reason, const char* role) {
    return wissel.Send("POST", target, body.dump(),
                       {{"schakel-person", "Bea"}, {"schakel-reason", reason}, {"schakel-role", role}});
  };
  const auto written = [&] {
    std::size_t count = 0;
    leuven.youth_care.Records([&](const HeldRecord& held) { return held.header.kind == Kind::kViews || ++count > 0; });
    return count;
  };
  const std::size_t before = written();
  struct Case {
    std::string target;
    json body;
    const char* role = "worker";
  };
  const Case cases[] = {
      {path + "/notes", note},
      {path + "/agreements", {{"text", "x"}}},
      {path + "/requests", {{"who", "young-person"}, {"words", "x"}}},
      {path + "/goals", {{"text", "x"}}},
      {path + "/grants", json::object()},
      {path + "/uploads", {{"name", "a.txt"}, {"size", 1}}},
      {path + "/tables", json::object()},
      {path + "/close", json::object(), "coordinator"},
      {path + "/erasure", json::object(), "coordinator"},
      {"/v1/records/" + record + "/shares", {{"to", {"upc-leuven"}}}},
      {"/v1/records/" + record + "/exception", {{"exception", "agogic"}, {"why", "x"}}},
      {"/v1/grants/" + grant + "/withdrawal", json::object()},
      {"/v1/consultations", question},
      {"/v1/consultations/" + asked + "/answers", {{"text", "x"}}},
      {"/v1/consultations/" + asked + "/conclusion", {{"taken", "yes"}}},
      {"/v1/consultations/" + asked + "/uploads", {{"name", "a.txt"}, {"size", 1}}},
      {"/v1/goals/" + goal + "/progress", {{"text", "x"}}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.target);
    const Answer answer = as_bea(c.target, c.body, "task", c.role);
    EXPECT_EQ(answer.status, 403) << answer.raw.body;
    EXPECT_EQ(answer.body["rule"], "write.no_task");
  }
  EXPECT_EQ(written(), before);
  EXPECT_EQ(wissel.Post(path + "/notes", note).status, 201) << "who has the task";
  EXPECT_EQ(as_bea(path + "/notes", note, "on-duty", "worker").status, 201);
  // What is refused, or only looked ahead, was not written.
  EXPECT_EQ(as_bea(path + "/erasure/confirmation", json::object(), "on-duty", "coordinator").body["rule"],
            "erase.proposal");
  EXPECT_EQ(as_bea(path + "/goals", json::object(), "on-duty", "worker").body["rule"], "request.required");
  json ahead = note;
  ahead["preview"] = true;
  EXPECT_LT(as_bea(path + "/notes", ahead, "on-duty", "worker").status, 300);
  // The one who lost the task in between finishes nothing either.
  ASSERT_EQ(
      wissel.Send("POST", path + "/tasks", json{{"person", "Wim"}}.dump(), {{"schakel-role", "coordinator"}}).status,
      201);
  ASSERT_EQ(wissel
                .Send("POST", path + "/tasks/ended", json{{"person", "Nora Peeters"}}.dump(),
                      {{"schakel-role", "coordinator"}})
                .status,
            200);
  EXPECT_EQ(wissel.Post("/v1/uploads/" + upload + "/finish", {{"sha256", std::string(64, '0')}}).body["rule"],
            "write.no_task");
  // Both stand in the audit: who was held off, and who wrote for another reason.
  const Answer audit =
      wissel.Send("GET", "/v1/audit?trajectory=" + id, {}, {{"schakel-person", "Zoë"}, {"schakel-role", "auditor"}});
  const auto rows = [&](const char* what) {
    return std::ranges::count_if(audit.body["rows"], [&](const json& row) {
      const bool told = row["what"] != "turned-away" || row["barred"] == "no-task";
      return row["what"] == what && row.value("person", json()) == "Bea" && told;
    });
  };
  EXPECT_EQ(rows("turned-away"), static_cast<std::ptrdiff_t>(std::size(cases)));
  EXPECT_EQ(rows("wrote"), 1);
  const Answer without = wissel.Send("GET", "/v1/audit?question=without-task&trajectory=" + id, {},
                                     {{"schakel-person", "Zoë"}, {"schakel-role", "auditor"}});
  EXPECT_THAT(without.body.dump(), HasSubstr("\"wrote\""));
}

}  // namespace
}  // namespace schakel
