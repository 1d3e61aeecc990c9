#include "agents/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "agents/following.h"
#include "protocol/crypto.h"
#include "support/fake_engine.h"
#include "support/fhir_check.h"
#include "support/paths.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::FakeEngine;
using schakel::test::Leuven;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::filesystem::path kProfiles = schakel::SourceDir() / "agents/profiles";

struct Answer {
  int status = 0;
  json body;
  ApiResponse raw;
};

// One organisation's API, called without a socket.
class Desk {
 public:
  Desk(Leuven& leuven, FakeEngine& engine, std::string person)
      : api_(Api::Open(engine, kProfiles, leuven.region.clock, leuven.region.random).value()),
        person_(std::move(person)) {}

  Answer Send(const std::string& method, const std::string& target, const std::string& body,
              std::map<std::string, std::string> headers = {}) {
    ApiRequest request{method, target, std::move(headers), body, "peer"};
    if (!person_.empty()) request.headers.emplace("schakel-person", person_);
    if (method == "POST") request.headers.emplace("content-type", "application/json");
    if (method == "PUT") request.headers.emplace("content-type", "application/octet-stream");
    Answer answer{0, {}, api_->Handle(request)};
    while (answer.raw.parts && answer.raw.body.size() < answer.raw.parts->length) {
      const auto part = answer.raw.parts->next();
      if (!part) break;
      answer.raw.body += *part;
    }
    answer.status = answer.raw.status;
    answer.body = json::parse(answer.raw.body, nullptr, false);
    return answer;
  }
  Answer Get(const std::string& target) { return Send("GET", target, {}); }
  Answer Post(const std::string& target, const json& body) { return Send("POST", target, body.dump()); }
  Api& api() { return *api_; }

 private:
  std::unique_ptr<Api> api_;
  std::string person_;
};

class ApiTest : public ::testing::Test {
 protected:
  Leuven leuven;
  Desk wissel{leuven, leuven.youth_care, "Nora Peeters"};
  Desk upc{leuven, leuven.psychiatry, "dokter Claes"};

  std::string Opened() {
    const Answer answer = wissel.Post("/v1/trajectories", {{"label", "Sam (2010)"}, {"module", "mobile"}});
    EXPECT_EQ(answer.status, 201) << answer.raw.body;
    return answer.body["trajectory"];
  }
  // A trajectory in which psychiatry takes part, and may receive what is asked of it.
  std::string Shared() {
    const std::string id = Opened();
    const std::string path = "/v1/trajectories/" + id;
    EXPECT_EQ(wissel
                  .Post(path + "/invitations",
                        {{"organisation", "upc-leuven"}, {"label", "Traject 12"}, {"message", "welkom"}})
                  .status,
              201);
    EXPECT_EQ(upc.Post(path + "/join", {{"message", "we doen mee"}}).status, 201);
    for (const char* organisation : {"upc-leuven", "de-wissel"}) {
      const Answer grant =
          wissel.Post(path + "/grants", {{"organisation", organisation},
                                         {"purposes", {"consultation", "care-coordination", "round-table"}},
                                         {"categories", {"mental-health", "goals", "meeting"}},
                                         {"ends_at", "2027-03-01T00:00:00Z"},
                                         {"consented_by", "Sam"},
                                         {"how", "ondertekend"}});
      EXPECT_EQ(grant.status, 201) << grant.raw.body;
    }
    return id;
  }
};

TEST_F(ApiTest, AWholeConsultationGoesThroughJson) {
  const std::string id = Shared();
  const Answer asked = wissel.Post("/v1/consultations", {{"trajectory", id.substr(0, 8)},
                                                         {"question", "Hoe pakken we slapen aan?"},
                                                         {"categories", {"mental-health"}},
                                                         {"urgency", "today"}});
  ASSERT_EQ(asked.status, 201) << asked.raw.body;
  EXPECT_EQ(asked.body["reaches"][0]["name"], "UPC Leuven");
  const std::string question = asked.body["record"];
  const Answer inbox = upc.Get("/v1/inbox");
  EXPECT_EQ(inbox.body["items"][0]["what"], "answer");
  EXPECT_EQ(inbox.body["items"][0]["trajectory"]["label"], "Traject 12");
  ASSERT_EQ(upc.Post("/v1/consultations/" + question + "/answers", {{"text", "Begin met een dagritme."}}).status, 201);
  const Answer shown = wissel.Get("/v1/consultations/" + question);
  EXPECT_EQ(shown.body["state"], "answered");
  EXPECT_EQ(shown.body["thread"][1]["body"]["text"], "Begin met een dagritme.");
  const Answer more = wissel.Post("/v1/consultations/" + question + "/answers", {{"text", "En dan?"}});
  ASSERT_EQ(more.status, 201) << more.raw.body;
  EXPECT_EQ(more.body["follow_up"], true);
  EXPECT_EQ(more.body["reaches"][0]["name"], "UPC Leuven");
  const Answer again = upc.Get("/v1/consultations/" + question);
  EXPECT_EQ(again.body["state"], "open");
  EXPECT_EQ(again.body["follow_ups"][0]["record"], more.body["record"]);
  EXPECT_EQ(again.body["answers"].size(), 1U);
  EXPECT_EQ(wissel.Post("/v1/consultations/" + question + "/conclusion", {{"taken", "yes"}}).status, 201);
  EXPECT_EQ(upc.Get("/v1/consultations").body["consultations"][0]["state"], "concluded");
}

TEST_F(ApiTest, WhomAnAnonymousQuestionIsAboutIsAStepOfItsOwn) {
  const std::string id = Shared();
  const Answer asked = wissel.Post("/v1/consultations",
                                   {{"question", "Hoe?"}, {"categories", {"mental-health"}}, {"to", {"upc-leuven"}}});
  ASSERT_EQ(asked.status, 201) << asked.raw.body;
  const std::string path = "/v1/consultations/" + asked.body["record"].get<std::string>();
  EXPECT_TRUE(upc.Get(path).body["revealed"].empty());
  const Answer said =
      wissel.Post(path + "/reveals", {{"trajectory", id}, {"to", {"upc-leuven"}}, {"text", "zie daar"}});
  ASSERT_EQ(said.status, 201) << said.raw.body;
  const Answer shown = upc.Get(path);
  EXPECT_EQ(shown.body["revealed"][0]["trajectory"], id);
  EXPECT_TRUE(shown.body["trajectory"].is_null()) << "the question itself stays as it was asked";
  const Answer record = upc.Get("/v1/records/" + said.body["record"].get<std::string>());
  EXPECT_EQ(record.body["body"]["type"], "reveal");
  EXPECT_EQ(record.body["body"]["question"], asked.body["record"]);
  EXPECT_EQ(record.body["body"]["text"], "zie daar");
  ASSERT_EQ(wissel
                .Send("POST", "/v1/trajectories/" + id + "/tasks", json{{"person", "Wim"}}.dump(),
                      {{"schakel-role", "coordinator"}})
                .status,
            201);
  const std::string again = json{{"trajectory", id}, {"to", {"upc-leuven"}}}.dump();
  EXPECT_EQ(wissel.Send("POST", path + "/reveals", again, {{"schakel-person", "Bea"}}).body["rule"], "write.no_task");
}

TEST_F(ApiTest, ASectorIsAskedAndThePreviewNamesItsMembers) {
  json body = {{"trajectory", Shared()},
               {"question", "Wie ziet ruimte?"},
               {"categories", {"mental-health"}},
               {"to", {"Kinder- en jeugdpsychiatrie"}},
               {"preview", true}};
  const Answer preview = wissel.Post("/v1/consultations", body);
  ASSERT_EQ(preview.status, 200) << preview.raw.body;
  EXPECT_EQ(preview.body["reaches"][0]["name"], "UPC Leuven");
  body["to"] = json::array({"police-liaison"});
  EXPECT_EQ(wissel.Post("/v1/consultations", body).body["rule"], "consultation.sector");
}

TEST_F(ApiTest, WhoAsksAnonymouslyWithADayIsToldWhenItPasses) {
  Cases cases(leuven.youth_care);
  FollowService following(leuven.youth_care, cases, leuven.region.clock);
  const Timestamp before = leuven.region.clock.Now();
  const auto told = [&] { return following.WhomAnswersAreLate(before, before + std::chrono::hours(24 * 30)).value(); };
  json body = {{"question", "Hoe?"}, {"categories", {"mental-health"}}, {"to", {"upc-leuven"}}};
  ASSERT_EQ(wissel.Post("/v1/consultations", body).status, 201);
  EXPECT_THAT(told(), IsEmpty()) << "it has no day";
  body["answer_by"] = "2026-12-01T08:00:00Z";
  body["preview"] = true;
  ASSERT_EQ(wissel.Post("/v1/consultations", body).status, 200);
  EXPECT_THAT(leuven.youth_care.Kept(FollowService::kAskerSet).value(), IsEmpty()) << "nothing was asked";
  body["preview"] = false;
  ASSERT_EQ(wissel.Post("/v1/consultations", body).status, 201);
  EXPECT_THAT(told(), ElementsAre("Nora Peeters"));
}

TEST_F(ApiTest, WhoAskedSeesHowFarTheQuestionCame) {
  for (const bool anonymous : {true, false}) {
    json body = {{"question", "Hoe?"}, {"categories", {"mental-health"}}, {"to", {"upc-leuven"}}};
    if (!anonymous) body["trajectory"] = Shared();
    const Answer asked = wissel.Post("/v1/consultations", body);
    ASSERT_EQ(asked.status, 201) << asked.raw.body;
    const std::string path = "/v1/consultations/" + asked.body["record"].get<std::string>();
    const json before = wissel.Get(path).body["receipts"];
    ASSERT_EQ(before.size(), 1U);
    EXPECT_TRUE(before[0]["stored_at"].is_null()) << "the hub was not asked";
    const Answer stored = wissel.Get(path + "/receipts");
    ASSERT_EQ(stored.status, 200) << stored.raw.body;
    EXPECT_EQ(stored.body["asked"], true);
    EXPECT_FALSE(stored.body["receipts"][0]["stored_at"].is_null());
    EXPECT_TRUE(stored.body["receipts"][0]["opened_at"].is_null());
    ASSERT_EQ(upc.Get(path).status, 200);
    ASSERT_EQ(upc.Post(path + "/answers", {{"text", "Zo."}}).status, 201);
    EXPECT_FALSE(wissel.Get(path + "/receipts").body["receipts"][0]["opened_at"].is_null());
    const json kept = wissel.Get(path).body["receipts"][0];
    EXPECT_FALSE(kept["opened_at"].is_null()) << "what the hub said is kept";
    EXPECT_FALSE(kept["answered_at"].is_null());
    EXPECT_EQ(upc.Get(path + "/receipts").body["rule"], "consultation.receipts");
    EXPECT_TRUE(upc.Get(path).body["receipts"].empty());
  }
}

TEST_F(ApiTest, WhatWasTakenBackIsAnsweredForAndOpenedByAnAuditorAlone) {
  const std::string path = "/v1/trajectories/" + Shared();
  const std::string note =
      wissel.Post(path + "/notes", {{"title", "t"}, {"text", "woorden"}, {"categories", {"goals"}}}).body["record"];
  const json grants = wissel.Get(path + "/grants").body["grants"];
  const auto given =
      std::ranges::find_if(grants, [](const json& one) { return one["recipient"]["id"] == "upc-leuven"; });
  ASSERT_NE(given, grants.end());
  EXPECT_TRUE((*given)["taken_back"].empty());
  const std::string grant = (*given)["id"];
  const json withdrawal = wissel.Post("/v1/grants/" + grant + "/withdrawal", {{"reason", "op vraag"}}).body;
  json taken = wissel.Get("/v1/grants/" + grant).body["taken_back"];
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0]["record"], withdrawal["record"]);
  EXPECT_EQ(taken[0]["kind"], "grant-withdraw");
  EXPECT_EQ(taken[0]["outstanding"][0]["name"], "UPC Leuven");
  EXPECT_TRUE(taken[0]["sealed_at"].is_null());
  leuven.psychiatry.AnswerForWhatWasTakenBack();
  taken = wissel.Get("/v1/grants/" + grant).body["taken_back"];
  EXPECT_TRUE(taken[0]["outstanding"].empty());
  EXPECT_TRUE(taken[0]["sealed_at"].is_string());

  const json sealed = upc.Get("/v1/sealed").body["sealed"];
  ASSERT_EQ(sealed.size(), 1U);
  EXPECT_EQ(sealed[0]["record"], note);
  EXPECT_EQ(sealed[0]["reason"], "bewaarplicht");
  EXPECT_EQ(sealed.dump().find("woorden"), std::string::npos);
  EXPECT_TRUE(wissel.Get("/v1/sealed").body["sealed"].empty());
  EXPECT_EQ(upc.Get(path + "/notes").body["records"][0]["state"], "sealed");
  EXPECT_EQ(upc.Get(path).body["items"][0]["state"], "sealed");
  EXPECT_EQ(upc.Get("/v1/records/" + note).body["state"], "sealed");
  EXPECT_EQ(wissel.Get(path + "/notes").body["records"][0]["state"], "accepted") << "its author keeps it";
  const std::string unseal = "/v1/records/" + note + "/unsealing";
  const auto as = [&](const char* role, const json& body) {
    return upc.Send("POST", unseal, body.dump(), {{"schakel-role", role}});
  };
  for (const char* role : {"worker", "coordinator", "administrator"}) {
    const Answer refused = as(role, {{"why", "klacht"}});
    EXPECT_EQ(refused.status, 403) << role;
    EXPECT_EQ(refused.body["rule"], "seal.auditor");
    EXPECT_FALSE(refused.body["next"].get<std::string>().empty());
    EXPECT_EQ(refused.raw.body.find("woorden"), std::string::npos);
  }
  const auto attempts = [&] {
    const std::string trajectory = path.substr(path.rfind('/') + 1);
    const json rows =
        upc.Send("GET", "/v1/audit?question=denied&trajectory=" + trajectory, {}, {{"schakel-role", "auditor"}})
            .body["rows"];
    return std::ranges::count_if(
        rows, [&](const json& row) { return row["what"] == "turned-away" && row["record"] == note; });
  };
  const auto tried = attempts();
  EXPECT_GE(tried, 3) << "each who was refused";
  upc.Get("/v1/records/" + note);
  EXPECT_EQ(attempts(), tried + 1) << "and who asked to read it";
  EXPECT_EQ(as("auditor", json::object()).body["rule"], "request.required");
  const Answer opened = as("auditor", {{"why", "klacht"}});
  EXPECT_EQ(opened.status, 200) << opened.raw.body;
  EXPECT_EQ(opened.body["body"]["text"], "woorden");
  const json after = upc.Get("/v1/sealed").body["sealed"][0]["opened"];
  EXPECT_EQ(after[0]["person"], "dokter Claes");
  EXPECT_EQ(after[0]["why"], "klacht");
  EXPECT_EQ(upc.Get("/v1/records/" + note).body["sealed"]["rule"], "view.withdrawn")
      << "for everybody else it stays shut";
}

TEST_F(ApiTest, ATrajectoryIsClosedKeptAndErasedByTwoPersons) {
  const std::string id = Shared();
  const std::string path = "/v1/trajectories/" + id;
  const std::string note =
      wissel.Post(path + "/notes", {{"title", "t"}, {"text", "woorden"}, {"categories", {"goals"}}}).body["record"];
  EXPECT_EQ(wissel.Post(path + "/close", json::object()).body["rule"], "request.required") << "a copy is offered first";
  json closing = {{"copy_offered", "op papier, bij het afscheid"}, {"copy", "declined"}};
  closing["retain_until"] = "2060-01-01T00:00:00Z";
  EXPECT_EQ(wissel.Post(path + "/close", closing).body["rule"], "closing.retain_why");
  closing["retain_why"] = "gewoon";
  closing["retain_until"] = "2020-01-01T00:00:00Z";
  EXPECT_EQ(wissel.Post(path + "/close", closing).body["rule"], "closing.retain_past");
  closing["retain_until"] = "2030-01-01T00:00:00Z";
  EXPECT_EQ(wissel.Post(path + "/close", closing).body["rule"], "closing.retain_short") << "with a reason or without";
  closing.erase("retain_why");
  closing.erase("retain_until");
  const Answer closed = wissel.Post(path + "/close", closing);
  ASSERT_EQ(closed.status, 201) << closed.raw.body;
  EXPECT_EQ(wissel.Get("/v1/records/" + closed.body["record"].get<std::string>()).body["body"]["copy"], "declined");
  const json shown = wissel.Get(path).body;
  EXPECT_EQ(shown["retain_until"].get<std::string>().substr(0, 4), "2049") << "35 less the 12 of a capable minor";
  EXPECT_TRUE(shown["erasure"].is_null());

  const std::string erasure = path + "/erasure";
  EXPECT_EQ(wissel.Post(erasure, {{"reason", "retention-over"}, {"why", "x"}}).body["rule"], "erase.retention");
  EXPECT_EQ(wissel.Post(erasure, {{"reason", "mistake"}}).body["rule"], "request.required");
  EXPECT_EQ(wissel.Post(erasure + "/confirmation", json::object()).body["rule"], "erase.proposal");
  EXPECT_EQ(upc.Post(erasure, {{"reason", "mistake"}, {"why", "x"}}).body["rule"], "admit.lead");
  EXPECT_EQ(wissel.Post(erasure, {{"reason", "mistake"}, {"why", "dubbel geopend"}}).body["rule"], "erase.mistake");
  ASSERT_EQ(wissel.Post(erasure, {{"reason", "subject-request"}, {"why", "Sam vroeg het"}}).status, 201);
  EXPECT_EQ(wissel.Get(path).body["erasure"]["reason"], "subject-request");
  EXPECT_EQ(upc.Get("/v1/inbox").body["items"][0]["what"], "erase");
  EXPECT_EQ(wissel.Post(erasure + "/confirmation", json::object()).body["rule"], "erase.two_persons");
  for (const char* spelling : {"nora peeters", "Nora%20%20Peeters%20", "NORA PEETERS", "Nora%C2%A0Pe%CC%81eters"}) {
    EXPECT_EQ(wissel.Send("POST", erasure + "/confirmation", "{}", {{"schakel-person", spelling}}).body["rule"],
              "erase.two_persons")
        << spelling << " is the same person";
  }
  EXPECT_EQ(wissel.Post(erasure + "/agreement", json::object()).body["rule"], "erase.second");
  ASSERT_EQ(upc.Post(erasure + "/agreement", json::object()).status, 201);
  EXPECT_EQ(wissel.Get("/v1/erasures").body["erasures"][0]["seconded"], true);
  const Answer erased = wissel.Post(erasure + "/confirmation", json::object());
  ASSERT_EQ(erased.status, 201) << erased.raw.body;

  const Answer archive = wissel.Get(path + "/archive");
  EXPECT_EQ(archive.body["rule"], "trajectory.erased");
  EXPECT_EQ(archive.body["field"], ToText(leuven.region.clock.Now()).substr(0, 10)) << "on which day";
  const auto standing = [&] { return wissel.Get("/v1/erasures").body["erasures"][0]; };
  EXPECT_EQ(standing()["outstanding"].size(), 2U) << standing();
  const Timestamp until = leuven.region.clock.Now() + std::chrono::days(400);
  leuven.psychiatry.AnswerThatItErased(KeptByLaw{until, KeepReason::kSector});
  ASSERT_EQ(standing()["outstanding"].size(), 1U);
  ASSERT_EQ(standing()["kept"].size(), 1U);
  EXPECT_EQ(standing()["kept"][0]["organisation"]["name"], "UPC Leuven");
  EXPECT_EQ(standing()["kept"][0]["until"], ToText(until));
  EXPECT_EQ(standing()["kept"][0]["reason"], "sector-law");
  EXPECT_EQ(standing()["outstanding"][0]["id"], "de-wissel");
  EXPECT_EQ(standing()["answered"][0]["organisation"]["name"], "UPC Leuven");
  leuven.youth_care.AnswerThatItErased();
  EXPECT_TRUE(standing()["outstanding"].empty());
  leuven.psychiatry.AnswerThatItErased();
  EXPECT_TRUE(standing()["kept"].empty()) << "once that is gone too";
  for (Desk* desk : {&wissel, &upc}) {
    EXPECT_EQ(desk->Get("/v1/records/" + note).status, 404);
    EXPECT_EQ(desk->Post(path + "/notes", {{"title", "t"}, {"text", "x"}, {"categories", {"goals"}}}).body["rule"],
              "admit.erased");
    EXPECT_EQ(desk->Get("/v1/trajectories?closed=true").status, 200);
    EXPECT_TRUE(desk->Get(path).body["opened_at"].is_null()) << "nothing tells any more when";
    EXPECT_EQ(desk->Get("/v1/inbox").raw.body.find("Sam"), std::string::npos);
  }
  EXPECT_TRUE(upc.Get("/v1/erasures").body["erasures"][0]["outstanding"].empty()) << "it hears of nobody else";
}

TEST_F(ApiTest, AnErasureSaysWhatItWaitsForAndIsFoundByThat) {
  const std::string path = "/v1/trajectories/" + Shared();
  const std::string erasure = path + "/erasure";
  const auto count = [](Desk& desk, const std::string& state) {
    return desk.Get("/v1/erasures?state=" + state).body["erasures"].size();
  };
  const auto state = [&](Desk& desk) -> std::string {
    const std::string said = desk.Get("/v1/erasures").body["erasures"][0]["state"];
    for (const char* one : {"proposed", "agreed", "confirmed", "receipts", "done"}) {
      EXPECT_EQ(count(desk, one), said == one ? 1U : 0U) << said << " is not " << one;
    }
    return said;
  };
  EXPECT_EQ(wissel.Get("/v1/erasures").body["erasures"].size(), 0U);
  ASSERT_EQ(wissel.Post(erasure, {{"reason", "subject-request"}, {"why", "Sam vroeg het"}}).status, 201);
  EXPECT_EQ(state(wissel), "proposed");
  ASSERT_EQ(upc.Post(erasure + "/agreement", json::object()).status, 201);
  EXPECT_EQ(state(wissel), "agreed");
  ASSERT_EQ(wissel.Post(erasure + "/confirmation", json::object()).status, 201);
  EXPECT_EQ(state(wissel), "receipts");
  EXPECT_EQ(state(upc), "confirmed") << "of the others it hears nothing";
  leuven.psychiatry.AnswerThatItErased();
  EXPECT_EQ(state(wissel), "receipts");
  leuven.youth_care.AnswerThatItErased();
  EXPECT_EQ(state(wissel), "done");
  const Answer wrong = wissel.Get("/v1/erasures?state=gone");
  EXPECT_EQ(wrong.body["rule"], "vocabulary.erasure");
  EXPECT_EQ(wrong.body["field"], "state");
}

TEST_F(ApiTest, WhatIsClosedIsKeptUntilTheDayThatTheLeadSaid) {
  const std::string kept = Opened();
  const std::string open = Opened();
  const auto close = [&](const std::string& id, json more) {
    more.update({{"copy_offered", "op papier"}, {"copy", "declined"}});
    return wissel.Post("/v1/trajectories/" + id + "/close", more);
  };
  EXPECT_EQ(wissel.Get("/v1/retention").body["trajectories"].size(), 0U);
  const Answer closed = close(kept, {{"retain_until", "2049-01-01T00:00:00.000Z"}, {"retain_why", "op vraag van Sam"}});
  ASSERT_EQ(closed.status, 201) << closed.raw.body;
  const Answer all = wissel.Get("/v1/retention");
  ASSERT_EQ(all.body["trajectories"].size(), 1U) << all.raw.body;
  const json& one = all.body["trajectories"][0];
  EXPECT_EQ(one["trajectory"], kept);
  EXPECT_EQ(one["lead"]["id"], "de-wissel");
  EXPECT_EQ(one["retain_until"], "2049-01-01T00:00:00.000Z");
  EXPECT_EQ(one["due"], false);
  EXPECT_TRUE(one["erasure"].is_null());
  EXPECT_EQ(all.body["region"]["retain_until_age_years"], 35);
  EXPECT_EQ(all.body["sealed"]["until_age"], 35) << "of youth care";
  EXPECT_TRUE(all.body["sealed"]["years"].is_null());
  EXPECT_EQ(all.raw.body.find("Sam"), std::string::npos) << "no word of it";
  EXPECT_EQ(wissel.Get("/v1/retention?due=true").body["trajectories"].size(), 0U);
  leuven.region.clock.Advance(std::chrono::years(25));
  EXPECT_EQ(wissel.Get("/v1/retention?due=true").body["trajectories"][0]["due"], true);
  EXPECT_EQ(wissel.Get("/v1/retention?due=soon").body["rule"], "request.value");
  EXPECT_EQ(wissel.Get("/v1/trajectories/" + open).body["closed"], false);
}

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

// Each field of the document that says whom something goes to.
TEST_F(ApiTest, WhatGoesToNobodyNeverGoesToEverybody) {
  const json document = json::parse(OpenApiDocument());
  const std::string id = Shared();
  const std::string opening = wissel.Get("/v1/trajectories/" + id).body["opening"];
  const std::size_t records = leuven.youth_care.records();
  std::size_t lists = 0;
  for (const auto& [path, item] : document["paths"].items()) {
    if (!item.contains("post")) continue;
    const json& fields = item["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"];
    if (!fields.contains("to") || fields["to"].value("type", "") != "array") continue;
    ++lists;
    EXPECT_EQ(fields["to"].value("minItems", 0), 1) << path;
    std::string target = path;
    for (std::size_t hole = target.find('{'); hole != std::string::npos; hole = target.find('{')) {
      const bool trajectory = target.substr(hole, 12) == "{trajectory}";
      target.replace(hole, target.find('}') - hole + 1, trajectory ? id : opening);
    }
    // Whatever else is missing: nothing of it leaves.
    EXPECT_GE(wissel.Post(target, {{"to", json::array()}}).status, 400) << path;
  }
  EXPECT_GT(lists, 30U);
  const std::string path = "/v1/trajectories/" + id;
  const auto note = [&](const json& to) {
    return wissel.Post(path + "/notes", {{"title", "t"}, {"text", "x"}, {"categories", {"goals"}}, {"to", to}});
  };
  const Answer refused = note(json::array());
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body["rule"], "sending.nobody");
  EXPECT_EQ(refused.body["field"], "to");
  const json question = {{"question", "x"}, {"trajectory", id}, {"categories", {"goals"}}, {"to", json::array()}};
  EXPECT_EQ(wissel.Post("/v1/consultations", question).body["rule"], "sending.nobody");
  const json upload = {{"name", "a.txt"}, {"size", 1}, {"categories", {"goals"}}, {"to", json::array()}};
  EXPECT_EQ(wissel.Post(path + "/uploads", upload).body["rule"], "sending.nobody");
  EXPECT_EQ(leuven.youth_care.records(), records);
  EXPECT_EQ(note(nullptr).status, 201) << "left out";
  EXPECT_EQ(note(json::array({"upc-leuven"})).status, 201);
}

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
  EXPECT_EQ(refused.body["field"], records(criterion).substr(0, 8));
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

TEST_F(ApiTest, AnIdentifyingQuestionComesBackWithPlacesAndNoWords) {
  Shared();
  const Answer answer =
      wissel.Post("/v1/consultations",
                  {{"question", "Sam slaapt niet"}, {"categories", {"mental-health"}}, {"to", {"upc-leuven"}}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body["findings"], json::parse(R"([{"what":"name","at":0,"length":3,"certain":false}])"));
  EXPECT_EQ(answer.raw.body.find("Sam"), std::string::npos);
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
       "body.title"},
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
      {"fr", "nl", "Dit adres bestaat niet."},
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

TEST_F(ApiTest, AFileIsTakenInWhereItWasSentAndGivenOutInParts) {
  const std::string id = Shared();
  const std::string path = "/v1/trajectories/" + id;
  const Answer note = wissel.Post(path + "/notes", {{"title", "t"}, {"text", "x"}, {"categories", {"goals"}}});
  ASSERT_EQ(note.status, 201) << note.raw.body;
  const std::string about = note.body["record"];
  std::string bytes;
  for (int line = 0; bytes.size() < 300'000; ++line) bytes += "regel " + std::to_string(line) + "\n";
  const Answer begun =
      wissel.Post(path + "/uploads", {{"name", "één.txt"}, {"size", bytes.size()}, {"about", about}, {"caption", "c"}});
  ASSERT_EQ(begun.status, 201) << begun.raw.body;
  EXPECT_EQ(begun.body["categories"][0], "goals") << "as what it goes with";
  const std::string upload = "/v1/uploads/" + begun.body["upload"].get<std::string>();
  EXPECT_EQ(wissel.Send("PUT", upload, bytes.substr(0, 9)).status, 400) << "where?";
  EXPECT_EQ(wissel.Send("PUT", upload + "?offset=0", bytes, {{"content-type", "application/json"}}).status, 400);
  EXPECT_EQ(wissel.Send("PUT", upload + "?offset=0", bytes.substr(0, 150'000)).body["offset"], 150'000);
  const Answer again = wissel.Send("PUT", upload + "?offset=0", bytes.substr(0, 150'000));
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.body["field"], "150000");
  EXPECT_EQ(wissel.Get(upload).body["offset"], 150'000);
  EXPECT_EQ(wissel.Get("/v1/uploads").body["uploads"].size(), 1U);
  EXPECT_EQ(upc.Get(upload).status, 404);
  EXPECT_EQ(wissel.Send("PUT", upload + "?offset=150000", bytes.substr(150'000)).status, 200);
  EXPECT_EQ(wissel.Post(upload + "/finish", {{"sha256", "x"}}).body["rule"], "upload.sha256");
  const json finish = {{"sha256", ToHex(Sha256(AsBytes(bytes)))}};
  const Answer sent = wissel.Post(upload + "/finish", finish);
  ASSERT_EQ(sent.status, 201) << sent.raw.body;
  EXPECT_EQ(wissel.Get(upload).status, 404);

  const std::string attachment = sent.body["record"];
  const Answer list = upc.Get(path + "/attachments");
  ASSERT_EQ(list.body["attachments"].size(), 1U) << list.raw.body;
  EXPECT_EQ(list.body["attachments"][0]["missing"], 0);
  EXPECT_EQ(list.body["attachments"][0]["about"], about);
  EXPECT_FALSE(list.body["attachments"][0].contains("body")) << "its name is for who reads it";
  EXPECT_EQ(upc.Get(path + "/attachments?show=full").body["attachments"][0]["body"]["name"], "één.txt");
  EXPECT_EQ(upc.Get("/v1/records/" + about).body["attachments"][0]["body"]["size"], bytes.size());
  const std::string content = "/v1/attachments/" + attachment + "/content";
  const std::size_t views = leuven.psychiatry.views().size();
  const Answer whole = upc.Get(content);
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.raw.body, bytes);
  EXPECT_EQ(leuven.psychiatry.views().size(), views + 1);
  EXPECT_EQ(whole.raw.headers.at("Content-Type"), "text/plain");
  EXPECT_EQ(whole.raw.headers.at("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(whole.raw.headers.at("Content-Disposition"),
            "attachment; filename=\"____n.txt\"; filename*=UTF-8''%C3%A9%C3%A9n.txt");
  struct Case {
    const char* name;
    const char* range;
    int status;
    std::size_t begin;
    std::size_t size;
  };
  const Case cases[] = {
      {"the rest", "bytes=290000-", 206, 290'000, bytes.size() - 290'000},
      {"over an end of a piece", "bytes=130000-130100", 206, 130'000, 101},
      {"the last ones", "bytes=-10", 206, bytes.size() - 10, 10},
      {"the last byte and beyond", "bytes=0-999999", 206, 0, bytes.size()},
      {"two at once", "bytes=0-1,5-6", 200, 0, bytes.size()},
      {"another unit", "lines=0-1", 200, 0, bytes.size()},
      {"backwards", "bytes=5-1", 200, 0, bytes.size()},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const Answer part = upc.Send("GET", content, {}, {{"range", c.range}});
    EXPECT_EQ(part.status, c.status);
    EXPECT_EQ(part.raw.body, bytes.substr(c.begin, c.size));
    EXPECT_EQ(part.raw.headers.contains("Content-Range"), c.status == 206);
  }
  EXPECT_EQ(upc.Send("GET", content, {}, {{"range", "bytes=999999-"}}).status, 416);
  EXPECT_EQ(upc.Get("/v1/attachments/" + about + "/content").body["rule"], "attachment.unknown");
}

TEST_F(ApiTest, AFileIsGivenUpAndOneOfAConsultationStandsBesideIt) {
  const std::string id = Shared();
  const Answer asked = wissel.Post("/v1/consultations",
                                   {{"trajectory", id}, {"question", "Wat nu?"}, {"categories", {"mental-health"}}});
  ASSERT_EQ(asked.status, 201) << asked.raw.body;
  const std::string consultation = "/v1/consultations/" + asked.body["record"].get<std::string>();
  const auto begin = [&] {
    const Answer begun = wissel.Post(consultation + "/uploads", {{"name", "a.txt"}, {"size", 5}});
    EXPECT_EQ(begun.status, 201) << begun.raw.body;
    return "/v1/uploads/" + begun.body["upload"].get<std::string>();
  };
  const std::string dropped = begin();
  EXPECT_EQ(wissel.Send("DELETE", dropped, {}).status, 200);
  EXPECT_EQ(wissel.Get(dropped).status, 404);
  const std::string upload = begin();
  EXPECT_EQ(wissel.Send("PUT", upload + "?offset=0", "hallo").status, 200);
  EXPECT_EQ(wissel.Post(upload + "/finish", {{"sha256", ToHex(Sha256(AsBytes("hallo")))}}).status, 201);
  const Answer shown = upc.Get(consultation);
  EXPECT_EQ(shown.body["thread"].size(), 1U);
  ASSERT_EQ(shown.body["attachments"].size(), 1U) << shown.raw.body;
  EXPECT_EQ(shown.body["attachments"][0]["body"]["name"], "a.txt");
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

TEST_F(ApiTest, AFileIsAskedForByParameterOrByAccept) {
  const std::string id = Shared();
  const auto type = [&](const std::string& parameters, std::map<std::string, std::string> headers) {
    const Answer answer = wissel.Send("GET", "/v1/audit?trajectory=" + id + parameters, {}, std::move(headers));
    EXPECT_EQ(answer.status, 200) << answer.raw.body;
    return answer.raw.headers.at("Content-Type");
  };
  EXPECT_EQ(type("", {}), "application/json");
  EXPECT_EQ(type("&format=csv", {}), "text/csv; charset=utf-8");
  EXPECT_EQ(type("", {{"accept", "text/csv"}}), "text/csv; charset=utf-8");
  EXPECT_EQ(type("", {{"accept", "application/fhir+json"}}), "application/fhir+json");
  EXPECT_EQ(wissel.Get("/v1/audit?format=xml&trajectory=" + id).body["rule"], "request.value");
  EXPECT_EQ(wissel.Get("/v1/audit?limit=0&trajectory=" + id).body["rule"], "request.value");
  EXPECT_EQ(wissel.Get("/v1/audit?from=gisteren&trajectory=" + id).body["rule"], "request.time");
  const Answer events = wissel.Get("/v1/audit?format=fhir&trajectory=" + id);
  EXPECT_THAT(schakel::test::CheckFhirBundle(events.body), ::testing::IsEmpty());
  EXPECT_GT(events.body["entry"].size(), 5U);
  const Answer consents = wissel.Get("/v1/consents/" + id);
  EXPECT_THAT(schakel::test::CheckFhirBundle(consents.body), ::testing::IsEmpty());
  EXPECT_EQ(consents.body["entry"].size(), 2U);
}

// As with the dossier: who takes grants along looks at them.
TEST_F(ApiTest, GrantsAreTakenAlongOnlyByWhoHasATaskAndAreSeen) {
  const std::string id = Shared();
  ASSERT_EQ(wissel
                .Send("POST", "/v1/trajectories/" + id + "/tasks", json{{"person", "Nora Peeters"}}.dump(),
                      {{"schakel-role", "coordinator"}})
                .status,
            201);
  const auto as_bea = [&](const char* reason) {
    return wissel.Send("GET", "/v1/consents/" + id, {}, {{"schakel-person", "Bea"}, {"schakel-reason", reason}});
  };
  const Answer refused = as_bea("task");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.body["rule"], "view.no_task");
  EXPECT_EQ(as_bea("on-duty").status, 200);
  const std::map<std::string, std::string> auditor = {{"schakel-person", "Zoë"}, {"schakel-role", "auditor"}};
  const auto bea_in = [&](const std::string& question) {
    const Answer answer = wissel.Send("GET", "/v1/audit?question=" + question + "&trajectory=" + id, {}, auditor);
    return std::ranges::count_if(answer.body["rows"],
                                 [](const json& row) { return row.value("person", json()) == "Bea"; });
  };
  EXPECT_EQ(bea_in("denied"), 1);
  EXPECT_GT(bea_in("without-task"), 0);
}

TEST_F(ApiTest, AnEmergencyThatIsTooLongSaysHowLongItMayBeHere) {
  const Answer given = wissel.Post("/v1/trajectories/" + Shared() + "/grants",
                                   {{"organisation", "upc-leuven"},
                                    {"basis", "emergency"},
                                    {"purposes", {"safety"}},
                                    {"categories", {"safety"}},
                                    {"ends_at", ToText(leuven.region.clock.Now() + std::chrono::hours(100))},
                                    {"reason", "weggelopen"}});
  EXPECT_EQ(given.body["rule"], "grant.emergency");
  EXPECT_EQ(given.body["field"], "72");
}

TEST_F(ApiTest, WhatAQuestionIsNotAboutIsRefusedAndNotLeftAside) {
  const std::string target = "/v1/audit?trajectory=" + Shared();
  for (const std::string field : {"organisation", "person"}) {
    const Answer answer = wissel.Get(target + "&" + field + "=upc-leuven");
    EXPECT_EQ(answer.status, 400) << field;
    EXPECT_EQ(answer.body["rule"], "audit.other_question");
    EXPECT_EQ(answer.body["field"], field);
  }
}

// A program that reads provisions alone must not go on permitting what was found unjustified, or whose recipient left.
TEST_F(ApiTest, WhatEndedBeforeItsTimeIsDeniedInItsConsent) {
  const std::string id = Shared();
  const std::string path = "/v1/trajectories/" + id;
  const Answer given = wissel.Post(path + "/grants", {{"organisation", "upc-leuven"},
                                                      {"basis", "emergency"},
                                                      {"purposes", {"safety"}},
                                                      {"categories", {"safety"}},
                                                      {"ends_at", "2026-11-24T08:00:00Z"},
                                                      {"reason", "weggelopen"}});
  ASSERT_EQ(given.status, 201) << given.raw.body;
  const std::string emergency = given.body["record"];
  const auto provision = [&](Desk& desk, const std::string& grant) {
    const Answer answer = desk.Get("/v1/consents/" + grant);
    EXPECT_THAT(schakel::test::CheckFhirBundle(answer.body), ::testing::IsEmpty());
    return answer.body["entry"][0]["resource"]["provision"];
  };
  EXPECT_FALSE(provision(wissel, emergency).contains("provision"));
  leuven.region.clock.Advance(std::chrono::hours(1));
  const Answer reviewed = wissel.Post("/v1/grants/" + emergency + "/review",
                                      {{"outcome", "unjustified"}, {"message", "er was geen gevaar"}});
  ASSERT_EQ(reviewed.status, 201) << reviewed.raw.body;
  for (Desk* desk : {&wissel, &upc}) {
    const json ended = provision(*desk, emergency);
    ASSERT_TRUE(ended.contains("provision")) << ended.dump();
    EXPECT_EQ(ended["provision"][0]["type"], "deny");
    EXPECT_EQ(ended["provision"][0]["period"]["start"], "2026-11-23T09:00:00.000Z");
  }
  const json grants = wissel.Get(path + "/grants").body["grants"];
  const auto consent = std::ranges::find_if(
      grants, [](const json& one) { return one["recipient"]["id"] == "upc-leuven" && one["basis"] == "consent"; });
  ASSERT_NE(consent, grants.end());
  const std::string consented = (*consent)["id"];
  EXPECT_FALSE(provision(wissel, consented).contains("provision"));
  leuven.region.clock.Advance(std::chrono::hours(1));
  const Answer removed =
      wissel.Send("POST", path + "/removals", json{{"organisation", "upc-leuven"}, {"message", "klaar"}}.dump(),
                  {{"schakel-role", "coordinator"}});
  ASSERT_EQ(removed.status, 201) << removed.raw.body;
  EXPECT_EQ(provision(wissel, consented)["provision"][0]["period"]["start"], "2026-11-23T10:00:00.000Z");
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
      return row["what"] == what && row.value("person", json()) == "Bea";
    });
  };
  EXPECT_EQ(rows("turned-away"), static_cast<std::ptrdiff_t>(std::size(cases)));
  EXPECT_EQ(rows("wrote"), 1);
  const Answer without = wissel.Send("GET", "/v1/audit?question=without-task&trajectory=" + id, {},
                                     {{"schakel-person", "Zoë"}, {"schakel-role", "auditor"}});
  EXPECT_THAT(without.body.dump(), HasSubstr("\"wrote\""));
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

// What binds is what was signed: neither what the operator's files propose, nor what was signed before.
TEST_F(ApiTest, WhatASectorMayReceiveIsWhatWasSignedLast) {
  const auto profile = [&](const std::string& sector) {
    const Answer answer = wissel.Get("/v1/profiles");
    for (const json& one : answer.body["profiles"]) {
      if (one["sector"] == sector) return one;
    }
    return json();
  };
  const Answer before = wissel.Get("/v1/ceilings");
  EXPECT_EQ(before.body["serial"], 1);
  EXPECT_EQ(before.body["rows"].size(), 5U);
  EXPECT_EQ(before.body["earlier"], json::array());
  const json& signers = before.body["signed_by"];
  EXPECT_EQ(signers["threshold"], 1);
  EXPECT_EQ(signers["registrars"], 1);
  ASSERT_EQ(signers["keys"].size(), 1U);
  const Bytes key = FromBase64(signers["keys"][0]["key"].get<std::string>()).value();
  EXPECT_EQ(ToHex(key), leuven.region.registrar_hex());
  EXPECT_THAT(profile("school-support")["ceiling"].dump(), HasSubstr("\"school\""));

  leuven.region.clock.Advance(std::chrono::hours(24));
  leuven.region.SetCeilings({{ParseSector("school-support").value(), {Category::kIdentity, Category::kGoals}, true}});
  const Answer after = upc.Get("/v1/ceilings");
  EXPECT_EQ(after.body["serial"], 2);
  EXPECT_EQ(after.body["issued_at"], "2026-11-24T08:00:00.000Z");
  ASSERT_EQ(after.body["rows"].size(), 1U);
  EXPECT_EQ(after.body["rows"][0]["sector"], "school-support");
  EXPECT_EQ(after.body["rows"][0]["categories"], json({"identity", "goals"}));
  EXPECT_EQ(after.body["rows"][0]["court_wall"], true);
  ASSERT_EQ(after.body["earlier"].size(), 1U);
  EXPECT_EQ(after.body["earlier"][0]["serial"], 1);
  EXPECT_EQ(after.body["earlier"][0]["issued_at"], before.body["issued_at"]);
  EXPECT_EQ(after.body["earlier"][0]["signed_by"], signers);
  EXPECT_EQ(after.body["signed_by"], signers);

  const json school = profile("school-support");
  EXPECT_EQ(school["ceiling"], json({"identity", "goals"}));
  EXPECT_EQ(school["court_wall"], true);
  for (const json& category : school["categories"]) {
    EXPECT_THAT(school["ceiling"].dump(), HasSubstr(category.dump())) << "offered, and refused by the hub";
  }
  EXPECT_EQ(profile("psychiatry")["ceiling"], json::array()) << "a sector that is not signed for receives nothing";
}

// ---- Tables taken in ----
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
  EXPECT_EQ(wissel.Post("/v1/import/people", {{"csv", "login,name,roles,language\njef,Jef,worker,frans\n"}})
                .body["rows"][0]["problem"]["rule"],
            "vocabulary.language");
}

// ---- The document ----
TEST(OpenApi, DocumentAndRoutesHoldEachOtherBothWays) {
  const json document = json::parse(OpenApiDocument());
  EXPECT_EQ(document["openapi"], "3.1.0");
  std::vector<std::string> documented;
  for (const auto& [path, item] : document["paths"].items()) {
    for (const auto& [method, operation] : item.items()) {
      std::string upper = method;
      std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      documented.push_back(upper + " " + path);
    }
  }
  std::ranges::sort(documented);
  EXPECT_EQ(documented, ApiRoutes());
}

TEST(OpenApi, EveryReferenceLeadsSomewhereAndEveryOperationIsWhole) {
  const json document = json::parse(OpenApiDocument());
  std::set<std::string> ids;
  for (const auto& [path, item] : document["paths"].items()) {
    for (const auto& [method, operation] : item.items()) {
      EXPECT_TRUE(ids.insert(operation["operationId"]).second) << path;
      EXPECT_FALSE(operation["summary"].get<std::string>().empty());
      EXPECT_TRUE(operation["responses"].contains("default")) << path;
      EXPECT_EQ(method == "post" || method == "put", operation.contains("requestBody")) << path;
    }
  }
  const std::string text(OpenApiDocument());
  for (std::size_t at = text.find("\"#/"); at != std::string::npos; at = text.find("\"#/", at + 1)) {
    const std::string pointer = text.substr(at + 2, text.find('"', at + 1) - at - 2);
    EXPECT_TRUE(document.contains(json::json_pointer(pointer))) << pointer;
  }
}

// What a request body may hold is what the handlers read: each field of the document is known to its route.
TEST_F(ApiTest, EveryDocumentedFieldIsKnownAndNoOther) {
  const json document = json::parse(OpenApiDocument());
  const std::string id = Shared();
  for (const auto& [path, item] : document["paths"].items()) {
    if (!item.contains("post")) continue;
    const json schema = item["post"]["requestBody"]["content"]["application/json"]["schema"];
    EXPECT_EQ(schema["additionalProperties"], false) << path;
    std::string target = path;
    for (std::size_t open = target.find('{'); open != std::string::npos; open = target.find('{')) {
      const bool trajectory = target.substr(open, 12) == "{trajectory}";
      const std::string record = wissel.Get("/v1/trajectories/" + id).body["opening"];
      target.replace(open, target.find('}') - open + 1, trajectory ? id : record);
    }
    for (const auto& [field, type] : schema["properties"].items()) {
      // A value of no type at all: a known field says so, an unknown one is unknown.
      const Answer answer = wissel.Post(target, {{field, json::object()}});
      EXPECT_GE(answer.status, 400) << path << " " << field;
      EXPECT_FALSE(answer.body["rule"] == "request.unknown" && answer.body["field"] == field) << path << " " << field;
    }
    const Answer unknown = wissel.Post(target, {{"no_such_field", 1}});
    EXPECT_GE(unknown.status, 400) << path;
  }
}

// ---- Bytes ----
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

TEST_F(ApiTest, ASmuggledHeaderIsNotThePeer) {
  const std::string answer = AnswerBytes(
      wissel.api(), "GET /v1/status HTTP/1.1\r\nHost: x\r\nREMOTE_ADDR: evil\r\nPeer: evil\r\n\r\n", "truth");
  EXPECT_THAT(answer, HasSubstr("\"person\":\"truth\""));
}

// ---- The socket ----
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "schakel-api-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

class Wire {
 public:
  explicit Wire(const std::filesystem::path& path) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Wire() { ::close(socket_); }
  bool connected() const { return connected_; }
  void Send(const std::string& bytes) {
    ASSERT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }
  // Reads on until `mark` was seen `times` times, or the other side closed.
  std::string ReadUntil(const std::string& mark, int times = 1) {
    for (;;) {
      int seen = 0;
      for (std::size_t at = read_.find(mark); at != std::string::npos; at = read_.find(mark, at + 1)) ++seen;
      if (seen >= times) return read_;
      std::array<char, 4096> chunk;
      const ssize_t size = ::recv(socket_, chunk.data(), chunk.size(), 0);
      if (size <= 0) return read_;
      read_.append(chunk.data(), static_cast<std::size_t>(size));
    }
  }

 private:
  int socket_;
  bool connected_ = false;
  std::string read_;
};

class SocketTest : public ApiTest {
 protected:
  Folder folder;
  std::filesystem::path socket = folder / "api.sock";
  std::unique_ptr<ApiServer> Start() {
    auto server = StartApi(leuven.youth_care, {socket, kProfiles}, leuven.region.clock, leuven.region.random);
    EXPECT_TRUE(server) << ToText(server.error());
    return server ? std::move(*server) : nullptr;
  }
};

TEST_F(SocketTest, TheSocketIsForItsOwnerAloneAndGoesWithTheServer) {
  auto server = Start();
  struct stat status{};
  ASSERT_EQ(::stat(socket.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  server.reset();
  EXPECT_FALSE(std::filesystem::exists(socket));
}

TEST_F(SocketTest, RequestsFollowEachOtherOnOneConnection) {
  auto server = Start();
  Wire wire(socket);
  const std::string get = "GET /v1/vocabulary HTTP/1.1\r\nHost: x\r\n\r\n";
  wire.Send(get + get);
  EXPECT_THAT(wire.ReadUntil("HTTP/1.1 200 OK", 2), HasSubstr("Connection: keep-alive"));
  wire.Send("GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(wire.ReadUntil("never"), HasSubstr("Connection: close"));
}

TEST_F(SocketTest, TheUserAtTheOtherEndIsThePerson) {
  auto server = Start();
  Wire wire(socket);
  wire.Send("GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string answer = wire.ReadUntil("never");
  const json body = json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
  EXPECT_FALSE(body["person"].get<std::string>().empty());
}

TEST_F(SocketTest, ABodyMayWaitForTheGoAhead) {
  auto server = Start();
  Wire wire(socket);
  wire.Send(
      "POST /v1/trajectories HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
      "Content-Length: 13\r\n\r\n");
  EXPECT_THAT(wire.ReadUntil("\r\n\r\n"), HasSubstr("100 Continue"));
  wire.Send(R"({"label":"x"})");
  EXPECT_THAT(wire.ReadUntil("HTTP/1.1 201"), HasSubstr("HTTP/1.1 201"));
}

TEST_F(SocketTest, EventsTellWhatChangedWithoutWords) {
  auto server = Start();
  Wire wire(socket);
  wire.Send("GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(wire.ReadUntil(": open\n\n"), HasSubstr("text/event-stream"));
  const std::string id = Opened();
  const std::string events = wire.ReadUntil("event: outcome");
  EXPECT_THAT(events, HasSubstr("event: record"));
  EXPECT_THAT(wire.ReadUntil(id, 2), HasSubstr("\"trajectory\":\"" + id + "\""));
  EXPECT_EQ(events.find("Sam"), std::string::npos);
}

TEST_F(SocketTest, EventsOfOneTrajectoryLeaveOutTheOthers) {
  auto server = Start();
  const std::string mine = Opened();
  const std::string other = Opened();
  Wire wire(socket);
  wire.Send("GET /v1/events?trajectory=" + mine + " HTTP/1.1\r\nHost: x\r\n\r\n");
  wire.ReadUntil(": open\n\n");
  wissel.Post("/v1/trajectories/" + other + "/notes", {{"title", "t"}, {"text", "x"}, {"categories", {"goals"}}});
  wissel.Post("/v1/trajectories/" + mine + "/notes", {{"title", "t"}, {"text", "x"}, {"categories", {"goals"}}});
  const std::string events = wire.ReadUntil(mine);
  EXPECT_EQ(events.find(other), std::string::npos);
}

TEST_F(SocketTest, WhoSendsTooMuchStillReadsWhy) {
  auto server = Start();
  Wire wire(socket);
  wire.Send(
      "POST /v1/trajectories HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2000000\r\n\r\n");
  for (int i = 0; i < 20; ++i) wire.Send(std::string(100'000, ' '));
  EXPECT_THAT(wire.ReadUntil("never"), HasSubstr("HTTP/1.1 413"));
}

TEST_F(SocketTest, WhoIsIdleMakesRoomForWhoAsks) {
  auto server = Start();
  std::vector<std::unique_ptr<Wire>> idle;
  for (int i = 0; i < 400; ++i) idle.push_back(std::make_unique<Wire>(socket));
  for (int i = 0; i < 5; ++i) {
    Wire wire(socket);
    wire.Send("GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(wire.ReadUntil("never"), HasSubstr("HTTP/1.1 200"));
  }
}

TEST_F(SocketTest, ASecondServerDoesNotPushOutTheFirst) {
  auto server = Start();
  EXPECT_EQ(StartApi(leuven.youth_care, {socket, kProfiles}).error().rule, "api.socket");
  Wire wire(socket);
  EXPECT_TRUE(wire.connected());
}

TEST_F(SocketTest, ADeadServersSocketIsReplaced) {
  {
    const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket.string().copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(dead, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::close(dead);
  }
  EXPECT_NE(Start(), nullptr);
}

TEST_F(SocketTest, WhatIsNoSocketStays) {
  const auto file = folder / "file";
  ASSERT_TRUE(std::filesystem::create_directory(file));
  EXPECT_EQ(StartApi(leuven.youth_care, {file, kProfiles}).error().rule, "api.socket");
  EXPECT_TRUE(std::filesystem::exists(file));
}

TEST_F(SocketTest, StoppingWithOpenConnectionsAndStreamsIsClean) {
  auto server = Start();
  Wire idle(socket);
  Wire half(socket);
  half.Send("GET /v1/st");
  Wire stream(socket);
  stream.Send("GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n");
  stream.ReadUntil(": open\n\n");
  server.reset();
  EXPECT_EQ(idle.ReadUntil("x"), "");
}

}  // namespace
}  // namespace schakel
