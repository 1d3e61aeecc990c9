#include "agents/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/api_world.h"
#include "support/fhir_check.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::Leuven;
using Answer = schakel::test::ApiAnswer;
using Desk = schakel::test::ApiDesk;
using schakel::test::ApiTest;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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
  const json why = upc.Get(path).body["items"][0]["sealed"];
  EXPECT_EQ(why["change_kind"], "grant-withdraw");
  EXPECT_EQ(why["sealed_at"], sealed[0]["sealed_at"]);
  EXPECT_FALSE(wissel.Get(path).body["items"][0].contains("sealed")) << "its author keeps it";
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
    return std::ranges::count_if(rows, [&](const json& row) {
      return row["what"] == "turned-away" && row["record"] == note && row["barred"] == "sealed";
    });
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

TEST_F(ApiTest, NothingOfAnErasedTrajectoryIsTakenAlong) {
  const std::string id = Shared();
  const std::string path = "/v1/trajectories/" + id;
  wissel.Post(path + "/notes", {{"title", "t"}, {"text", "woorden"}, {"categories", {"goals"}}});
  for (const json& grant : wissel.Get(path + "/grants").body["grants"]) {
    if (grant["recipient"]["id"] != "upc-leuven") continue;
    const std::string withdrawal = "/v1/grants/" + grant["id"].get<std::string>() + "/withdrawal";
    ASSERT_EQ(wissel.Post(withdrawal, {{"reason", "op vraag"}}).status, 201);
  }
  leuven.psychiatry.AnswerForWhatWasTakenBack();
  ASSERT_EQ(wissel.Post(path + "/erasure", {{"reason", "court-order"}, {"why", "vonnis"}}).status, 201);
  ASSERT_EQ(upc.Post(path + "/erasure/agreement", json::object()).status, 201);
  const Answer erased = wissel.Send("POST", path + "/erasure/confirmation", "{}", {{"schakel-person", "Karim Haddad"}});
  ASSERT_EQ(erased.status, 201) << erased.raw.body;
  for (const std::string& target : {path + "/archive", path + "/dossier.html", path + "/fhir", "/v1/consents/" + id}) {
    EXPECT_EQ(wissel.Get(target).body["rule"], "trajectory.erased") << target;
  }
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

  for (const std::string& target : {path + "/archive", path + "/dossier.html", path + "/fhir", "/v1/consents/" + id}) {
    const Answer taken = wissel.Get(target);
    EXPECT_EQ(taken.status, 404) << target;
    EXPECT_EQ(taken.body["rule"], "trajectory.erased") << target;
    EXPECT_EQ(taken.body["field"], "trajectory");
    EXPECT_EQ(taken.body["value"], ToText(leuven.region.clock.Now()).substr(0, 10)) << "on which day";
  }
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
  EXPECT_EQ(given.body["field"], "ends_at") << "so that a form can mark it";
  EXPECT_THAT(given.body["title"].get<std::string>(), HasSubstr("72 uur"));
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

TEST_F(ApiTest, EvidenceOfAnAnswerThatIsCutDownIsAskedForByName) {
  const std::string target = "/v1/audit?trajectory=" + Shared();
  struct Case {
    const char* asked;
    const char* field;
    const char* rule;
  };
  const Case refused[] = {
      {"&question=denied", "question", "audit.evidence_whole"},
      {"&question=organisation&organisation=upc-leuven", "question", "audit.evidence_whole"},
      {"&from=2026-11-01T00:00:00Z", "from", "audit.evidence_whole"},
      {"&until=2027-11-01T00:00:00Z", "until", "audit.evidence_whole"},
      {"&format=csv", "evidence", "audit.evidence_file"},
  };
  for (const Case& c : refused) {
    const Answer answer = wissel.Get(target + c.asked + "&evidence=true");
    EXPECT_EQ(answer.status, 400) << c.asked;
    EXPECT_EQ(answer.body["rule"], c.rule) << c.asked;
    EXPECT_EQ(answer.body["field"], c.field) << c.asked;
  }
  EXPECT_EQ(wissel.Get(target + "&evidence=all").body["rule"], "request.value");
  EXPECT_EQ(wissel.Get(target + "&evidence=true").body["evidence"].size(), 1U);
  const Answer whole = wissel.Get(target + "&question=denied&evidence=whole");
  ASSERT_EQ(whole.status, 200) << whole.raw.body;
  EXPECT_EQ(whole.body.at("evidence").size(), 1U);
  EXPECT_FALSE(wissel.Get(target + "&question=denied&evidence=false").body.contains("evidence"));
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

}  // namespace
}  // namespace schakel
