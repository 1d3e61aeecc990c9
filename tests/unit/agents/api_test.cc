// What holds of every request: mistakes, languages, bytes.
#include "agents/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agents/i18n.h"
#include "api/json.h"
#include "api/router.h"
#include "support/api_world.h"

namespace schakel {
namespace {

using nlohmann::json;
using Answer = schakel::test::ApiAnswer;
using schakel::test::ApiTest;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(ApiTest, SomebodyNamedWhoIsNotReachedHoldsTheRecordBack) {
  const std::string id = Shared();
  const json note = {{"title", "t"}, {"text", "x"}, {"categories", {"goals"}}, {"to", {"upc-leuven", "clb-leuven"}}};
  const Answer held = wissel.Post("/v1/trajectories/" + id + "/notes", note);
  EXPECT_EQ(held.status, 409);
  EXPECT_EQ(held.raw.headers.at("Content-Type"), "application/problem+json");
  EXPECT_EQ(held.body["rule"], "sending.unreached");
  EXPECT_EQ(held.body["unreached"][0]["organisation"]["id"], "clb-leuven");
  EXPECT_EQ(held.body["unreached"][0]["reason"], "not-member");
  EXPECT_FALSE(held.body["unreached"][0]["next"].get<std::string>().empty());
  json accepted = note;
  accepted["accept_unreached"] = true;
  EXPECT_EQ(wissel.Post("/v1/trajectories/" + id + "/notes", accepted).status, 201);
}

TEST_F(ApiTest, MistakesNameRuleFieldAndNextStep) {
  const std::string id = Shared();
  const std::string notes = "/v1/trajectories/" + id + "/notes";
  struct Case {
    const char* name;
    std::string method, target, body;
    int status;
    const char* rule;
    const char* field;
  };
  const Case cases[] = {
      {"no such path", "GET", "/v1/nothing", "", 404, "request.path", "path"},
      {"another method", "POST", "/v1/status", "{}", 405, "request.method", "method"},
      {"no json", "POST", notes, "{", 400, "request.json", "body"},
      {"an array", "POST", notes, "[]", 400, "request.json", "body"},
      {"too deep", "POST", notes, std::string(200'000, '['), 400, "request.depth", "body"},
      {"no title", "POST", notes, R"({"text":"x","categories":["goals"]})", 400, "request.required", "title"},
      {"no category", "POST", notes, R"({"text":"x","title":"t"})", 400, "request.required", "categories"},
      {"unknown category", "POST", notes, R"({"text":"x","title":"t","categories":["luck"]})", 400,
       "vocabulary.category", "categories"},
      {"spelling mistake", "POST", notes, R"({"text":"x","title":"t","categories":["goals"],"txet":"x"})", 400,
       "request.unknown", "txet"},
      {"number for a text", "POST", notes, R"({"text":"x","title":1,"categories":["goals"]})", 400, "request.type",
       "title"},
      {"bad organisation", "POST", notes, R"({"text":"x","title":"t","categories":["goals"],"to":["A B"]})", 400,
       "id.organisation", "to"},
      {"unknown parameter", "GET", notes + "?sow=full", "", 400, "request.unknown", "sow"},
      {"no text", "POST", notes, R"({"title":"t","text":" ","categories":["goals"]})", 400, "request.required", "text"},
      {"a field twice", "POST", notes, R"({"title":"t","text":"x","title":"u","categories":["goals"]})", 400,
       "request.twice", "title"},
      {"show what", "GET", notes + "?show=bogus", "", 400, "request.value", "show"},
      {"closed or not", "GET", "/v1/trajectories?closed=maybe", "", 400, "request.value", "closed"},
      {"bad percent", "GET", notes + "?show=%zz", "", 400, "request.query", "query"},
      {"unknown record", "GET", "/v1/records/ffffffffffffffffffffffffffffffff", "", 404, "id.unknown", "id"},
      {"too short an id", "GET", "/v1/records/ff", "", 400, "id.short", "id"},
      {"title too long", "POST", notes,
       json{{"title", std::string(201, 'x')}, {"text", "x"}, {"categories", {"goals"}}}.dump(), 400, "body.long",
       "title"},
      {"grant beyond the ceiling", "POST", "/v1/trajectories/" + id + "/grants",
       R"({"organisation":"clb-leuven","purposes":["education"],"categories":["school"],"ends_at":"2027-01-01","consented_by":"Sam","how":"x"})",
       403, "grant.recipient", "recipient"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const Answer answer = wissel.Send(c.method, c.target, c.body);
    EXPECT_EQ(answer.status, c.status) << answer.raw.body;
    EXPECT_EQ(answer.body["rule"], c.rule);
    EXPECT_EQ(answer.body["field"], c.field);
    EXPECT_EQ(answer.body["status"], c.status);
    EXPECT_FALSE(answer.body["next"].get<std::string>().empty());
    EXPECT_EQ(answer.raw.headers.at("Content-Type"), "application/problem+json");
  }
}

TEST_F(ApiTest, ErrorsSpeakTheReadersLanguage) {
  struct Case {
    const char* accept;
    const char* language;
    const char* title;
  };
  const Case cases[] = {
      {"", "nl", "Dit adres bestaat niet."},
      {"en", "en", "There is no such address."},
      {"en-GB,en;q=0.9,nl;q=0.8", "en", "There is no such address."},
      {"nl-BE,nl;q=0.9,en;q=0.8", "nl", "Dit adres bestaat niet."},
      {"en;q=0.5,nl;q=0.5", "nl", "Dit adres bestaat niet."},
      {"de", "nl", "Dit adres bestaat niet."},
      {"fr-BE, nl;q=0.7, en;q=0.3", "fr", "Cette adresse n'existe pas."},
      {"english", "nl", "Dit adres bestaat niet."},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.accept);
    const Answer answer = wissel.Send("GET", "/v1/nothing", {}, {{"accept-language", c.accept}});
    EXPECT_EQ(answer.raw.headers.at("Content-Language"), c.language);
    EXPECT_EQ(answer.body["title"], c.title);
  }
}

TEST_F(ApiTest, AFormFromAForeignPageIsNotTaken) {
  const Answer answer = wissel.Send("POST", "/v1/trajectories", R"({"label":"x"})", {{"content-type", "text/plain"}});
  EXPECT_EQ(answer.body["rule"], "request.content_type");
}

TEST_F(ApiTest, WhatIsToBeDoneIsStillToCome) {
  const std::string path = "/v1/trajectories/" + Shared();
  const Timestamp now = leuven.region.clock.Now();
  const auto action = [&](Timestamp due) {
    return json{{"text", "belt"}, {"owner", "de-wissel"}, {"due_at", ToText(due)}};
  };
  const auto goal = [&](Timestamp ends) {
    return json{{"text", "slapen"},
                {"owners", {"de-wissel"}},
                {"begins_at", ToText(now - std::chrono::hours(48))},
                {"ends_at", ToText(ends)}};
  };
  const std::chrono::milliseconds tick(1);
  EXPECT_EQ(wissel.Post(path + "/actions", action(now)).body["rule"], "action.past");
  EXPECT_EQ(wissel.Post(path + "/goals", goal(now)).body["rule"], "goal.past");
  const std::string to_do = wissel.Post(path + "/actions", action(now + tick)).body["record"];
  const std::string aim = wissel.Post(path + "/goals", goal(now + tick)).body["record"];
  leuven.region.clock.Advance(std::chrono::hours(1));
  // In other words, by the day that it had: and by another day that is past, not.
  EXPECT_EQ(wissel.Post("/v1/actions/" + to_do + "/edit", action(now + tick)).status, 201);
  EXPECT_EQ(wissel.Post("/v1/actions/" + to_do + "/edit", action(now + 2 * tick)).body["rule"], "action.past");
  EXPECT_EQ(wissel.Post("/v1/goals/" + aim + "/edit", goal(now + tick)).status, 201);
  const Answer moved = wissel.Post("/v1/goals/" + aim + "/edit", goal(now + 2 * tick));
  EXPECT_EQ(moved.body["rule"], "goal.past");
  EXPECT_EQ(moved.body["field"], "ends_at");
}

TEST_F(ApiTest, TheProfileOfEachSectorIsServedInTheLanguage) {
  const Answer profiles = wissel.Get("/v1/profiles");
  EXPECT_EQ(profiles.body["profiles"].size(), 8U);
  EXPECT_EQ(wissel.Get("/v1/organisations").body["organisations"][0]["sector_name"], "Algemeen welzijnswerk (CAW)");
}

TEST_F(ApiTest, BytesAreParsedWithinLimits) {
  struct Case {
    const char* name;
    std::string bytes;
    const char* begins;
  };
  const std::string get = "GET /v1/status HTTP/1.1\r\nHost: x\r\n";
  const Case cases[] = {
      {"whole", get + "\r\n", "HTTP/1.1 200 "},
      {"half", get, ""},
      {"nothing", "", ""},
      {"noise", "\x16\x03\x01\x02 hello\r\n\r\n", "HTTP/1.1 400 "},
      {"space in a header name", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", "HTTP/1.1 400 "},
      {"two lengths", "POST /v1/trajectories HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
       "HTTP/1.1 400 "},
      {"length and chunks", "POST / HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
       "HTTP/1.1 400 "},
      {"endless header", get + "X: " + std::string(20'000, 'x'), "HTTP/1.1 431 "},
      {"body too large", "POST /v1/trajectories HTTP/1.1\r\nHost: x\r\nContent-Length: 600000\r\n\r\n",
       "HTTP/1.1 413 "},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const std::string answer = AnswerBytes(wissel.api(), c.bytes, "peer");
    if (std::string(c.begins).empty()) {
      EXPECT_EQ(answer, "");
    } else {
      EXPECT_EQ(answer.substr(0, 13), c.begins);
    }
  }
}

TEST_F(ApiTest, WhatNeverReachesARouteIsSaidInTheLanguageThatWasAskedForAndNamesWhatIsWrong) {
  struct Case {
    const char* name;
    std::string bytes;
    const char* rule;
    const char* field;
  };
  const std::string english = " HTTP/1.1\r\nHost: x\r\nAccept-Language: en\r\n";
  const Case cases[] = {
      {"endless header", "GET /v1/status" + english + "X: " + std::string(20'000, 'x'), "request.header_size",
       "headers"},
      {"body too large", "POST /v1/trajectories" + english + "Content-Length: 600000\r\n\r\n", "request.body_size",
       "body"},
      {"two lengths", "POST /v1/trajectories" + english + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
       "request.http", "request"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const std::string answer = AnswerBytes(wissel.api(), c.bytes, "peer");
    EXPECT_THAT(answer, HasSubstr("Content-Language: en\r\n"));
    const json problem = json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
    EXPECT_EQ(problem["rule"], c.rule);
    EXPECT_EQ(problem["field"], c.field);
    EXPECT_EQ(problem["title"], Explain({Code::kLimit, c.rule, c.field, "x"}, Language::kEnglish).what);
  }
  const std::string dutch = AnswerBytes(wissel.api(), "noise\r\n\r\n", "peer");
  EXPECT_THAT(dutch, HasSubstr("Content-Language: nl\r\n"));
}

TEST_F(ApiTest, AFieldIsNamedAndWhatStoodInItToldBesideIt) {
  const std::string id = Shared();
  const std::string path = "/v1/trajectories/" + id;
  const auto said = [&](const Answer& answer) {
    return answer.body.value("rule", "") + " " + answer.body.value("field", "") + " " + answer.body.value("value", "");
  };
  EXPECT_EQ(said(wissel.Post("/v1/trajectories", {{"label", "a\nb"}, {"stage", "capable"}, {"module", "mobile"}})),
            "body.line label ");
  const json referral = {{"question", "x"}, {"categories", {"goals"}}};
  const auto refer = [&](const std::string& to) {
    json asked = referral;
    asked["organisation"] = to;
    return said(wissel.Post(path + "/referrals", asked));
  };
  EXPECT_EQ(refer("de-wissel"), "referral.self organisation ");
  EXPECT_EQ(refer("clb-leuven"), "referral.member organisation ");
  const Answer alone = wissel.Post(path + "/commitments", {{"text", "x"}, {"parties", {"de-wissel"}}});
  EXPECT_EQ(said(alone), "body.few parties ");
  EXPECT_THAT(alone.body["next"].get<std::string>(), HasSubstr("2"));
}

TEST(ApiInput, WhatStandsInAListIsNamedByItsPlace) {
  const Json report = Json::parse(R"({"attendance":[{"name":"Jef"},{"name":" "}]})");  // As the API reads it.
  Input input(report);
  static_cast<void>(input.Attendances("attendance"));
  const Status status = input.Finish();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().rule, "request.required");
  EXPECT_EQ(status.error().field, "attendance[1].name");
}

TEST(ApiProblems, AnAnswerNamesTheChoicesAndNoOptionOfAProgram) {
  for (const Language language : kLanguages) {
    for (const char* rule : {"vocabulary.progress", "vocabulary.ring", "vocabulary.whose"}) {
      const std::string next = Explain({Code::kInvalid, rule, "x", "choose one of: a, b"}, language).next;
      EXPECT_THAT(next, HasSubstr("a, b")) << rule;
      EXPECT_THAT(next, Not(HasSubstr("--"))) << rule;
    }
  }
}

TEST(ApiProblems, WhatIsTooLargeToReadIsNoMatterOfWaiting) {
  EXPECT_EQ(StatusOf({Code::kLimit, "csv.large", "csv", "split the file"}), 413);
  EXPECT_EQ(StatusOf({Code::kLimit, "calendar.large", "calendar", "x"}), 413);
  EXPECT_EQ(StatusOf({Code::kLimit, "login.wait", "30", "x"}), 429);
}

TEST_F(ApiTest, ASmuggledHeaderIsNotThePeer) {
  const std::string answer = AnswerBytes(
      wissel.api(), "GET /v1/status HTTP/1.1\r\nHost: x\r\nREMOTE_ADDR: evil\r\nPeer: evil\r\n\r\n", "truth");
  EXPECT_THAT(answer, HasSubstr("\"person\":\"truth\""));
}

}  // namespace
}  // namespace schakel
