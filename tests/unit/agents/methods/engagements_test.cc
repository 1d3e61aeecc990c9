// Commitments that persons sign: what a guest is handed over the network and says, and what of it reaches the court.
#include "agents/engagements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agents/api.h"
#include "support/api_document.h"
#include "support/fake_engine.h"
#include "support/office.h"
#include "support/paths.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::Leuven;
using schakel::test::Office;
using schakel::test::ServicesTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kEngagementSite = "https://schakel.dewissel.example";

struct EngagementAnswer {
  ApiResponse raw;
  json body;
  int status() const { return raw.status; }
  std::string rule() const { return body.is_object() ? body.value("rule", "") : ""; }
};
struct EngagementBrowser {
  std::string cookies;
  std::string csrf;
};

// De Wissel leads, and has the door by which guests come.
class EngagementEdgeTest : public ::testing::Test {
 protected:
  Leuven leuven;
  ApiOptions options{.socket = {},
                     .profiles = SourceDir() / "agents/profiles",
                     .edge = EdgeOptions{.listen = "0.0.0.0:8443", .public_url = kEngagementSite},
                     .people = {.hash_passes = 1, .hash_memory_bytes = 8192}};
  std::unique_ptr<Api> api = Api::Open(leuven.youth_care, options, leuven.region.clock, leuven.region.random).value();
  const std::string trajectory = Post("/v1/trajectories", {{"label", "Sam"}}).body["trajectory"];
  const std::string path = "/v1/trajectories/" + trajectory;
  const std::string table =
      Post(path + "/tables",
           {{"title", "Samen"},
            {"slots", {{{"begins_at", "2026-12-03T13:00:00Z"}, {"ends_at", "2026-12-03T17:00:00Z"}}}}})
          .body["record"];

  EngagementAnswer Ask(ApiRequest request) {
    if (request.method == "POST") request.headers.emplace("content-type", "application/json");
    EngagementAnswer answer{api->Handle(request), {}};
    test::ExpectDocumented(request.method, request.target, answer.raw);
    answer.body = json::parse(answer.raw.body, nullptr, false);
    return answer;
  }
  EngagementAnswer Post(const std::string& target, const json& body) {
    return Ask({"POST", target, {{"schakel-person", "Nora"}}, body.dump(), "root"});
  }
  json Shown() {
    return Ask({"GET", path + "/commitments", {{"schakel-person", "Nora"}}, "", "root"}).body["commitments"][0];
  }
  EngagementAnswer Send(const EngagementBrowser& browser, const std::string& method, const std::string& target,
                        const json& body = json::object()) {
    std::map<std::string, std::string> headers = {{"host", "schakel.dewissel.example"}};
    if (!browser.cookies.empty()) headers["cookie"] = browser.cookies;
    if (!browser.csrf.empty()) headers["schakel-csrf"] = browser.csrf;
    return Ask({method, target, headers, method == "POST" ? body.dump() : "", "192.0.2.7", ApiDoor::kTls});
  }
  EngagementBrowser In(const char* name, const char* who) {
    const std::string guests = "/v1/tables/" + table + "/guests";
    const std::string guest = Post(guests, {{"name", name}, {"who", who}}).body["record"];
    const std::string link = Post(guests + "/" + guest + "/link", json::object()).body["link"];
    const auto entered = Send({}, "POST", "/v1/guest/session", {{"token", link.substr(link.rfind('/') + 1)}});
    EXPECT_EQ(entered.status(), 201) << entered.raw.body;
    const std::string set = entered.raw.headers.at("Set-Cookie");
    return {set.substr(0, set.find(';')), entered.body["csrf"]};
  }
  std::string Propose(const json& persons, const std::string& other = {}) {
    json body = {{"text", "elke week samen eten"}, {"parties", {"de-wissel"}}, {"persons", persons}};
    if (!other.empty()) body["other"] = other;
    const auto sent = Post(path + "/commitments", body);
    EXPECT_EQ(sent.status(), 201) << sent.raw.body;
    return sent.body["record"];
  }
  EngagementAnswer Say(const EngagementBrowser& guest, const std::string& version, const json& body = json::object()) {
    return Send(guest, "POST", "/v1/guest/commitments/" + version + "/signature", body);
  }
  json Asked(const EngagementBrowser& guest) { return Send(guest, "GET", "/v1/guest/commitments").body["commitments"]; }
};

TEST_F(EngagementEdgeTest, TheYoungPersonSignsByTheirLinkAndAnEditAsksAgain) {
  const EngagementBrowser sam = In("Sam", "young-person");
  EXPECT_EQ(Asked(sam), json::array());
  const std::string first = Propose({"young-person"});
  EXPECT_TRUE(Shown()["active_since"].is_null());
  EXPECT_EQ(Shown()["persons_outstanding"], json({"young-person"}));
  const std::size_t views = leuven.youth_care.views().size();
  const json asked = Asked(sam);
  EXPECT_GT(leuven.youth_care.views().size(), views) << "a view in the name of the guest";
  ASSERT_EQ(asked.size(), 1U) << asked;
  EXPECT_EQ(asked[0]["text"], "elke week samen eten");
  EXPECT_EQ(asked[0]["parties"], json({"De Wissel"}));
  EXPECT_EQ(asked[0]["state"], "outstanding");
  EXPECT_EQ(asked[0]["open"], true);
  const auto said = Say(sam, first, {{"words", "ik doe mee"}});
  ASSERT_EQ(said.status(), 201) << said.raw.body;
  EXPECT_EQ(said.body, json::object());
  json shown = Shown();
  EXPECT_TRUE(shown["active_since"].is_string());
  EXPECT_EQ(shown["persons"][0]["state"], "signed");
  EXPECT_EQ(shown["persons"][0]["how"], "link");
  EXPECT_EQ(shown["persons"][0]["taken_down_by"]["id"], "de-wissel");
  EXPECT_EQ(shown["persons"][0]["record"]["body"]["remark"], "ik doe mee");
  EXPECT_EQ(Say(sam, first).rule(), "commitment.signed");
  const auto edited = Post("/v1/commitments/" + first + "/edit",
                           {{"text", "elke dag"}, {"parties", {"de-wissel"}}, {"persons", {"young-person"}}});
  ASSERT_EQ(edited.status(), 201) << edited.raw.body;
  EXPECT_TRUE(Shown()["active_since"].is_null());
  EXPECT_EQ(Say(sam, first).rule(), "commitment.changed");
  EXPECT_EQ(Asked(sam)[0]["state"], "outstanding");
  EXPECT_EQ(Say(sam, edited.body["record"]).status(), 201);
  EXPECT_TRUE(Shown()["active_since"].is_string());
}

TEST_F(EngagementEdgeTest, WhoDeclinesIsNotSignedOver) {
  const EngagementBrowser sam = In("Sam", "young-person");
  const std::string first = Propose({"young-person", "mother"});
  ASSERT_EQ(Say(sam, first, {{"declined", true}, {"words", "elke week is te veel"}}).status(), 201);
  const json shown = Shown();
  EXPECT_EQ(shown["declined"], true);
  EXPECT_EQ(shown["persons"][0]["state"], "declined");
  EXPECT_EQ(shown["persons"][0]["record"]["body"]["remark"], "elke week is te veel");
  const json on_paper = {{"who", "young-person"}, {"how", "paper"}, {"signed_at", "2026-11-20T09:00:00Z"}};
  const std::string sign = "/v1/commitments/" + first + "/signature";
  const auto refused = Post(sign, on_paper);
  EXPECT_EQ(refused.rule(), "commitment.declined");
  EXPECT_FALSE(refused.body["next"].get<std::string>().empty());
  json of_mother = on_paper;
  of_mother["who"] = "mother";
  EXPECT_EQ(Post(sign, of_mother).rule(), "commitment.declined");
  EXPECT_EQ(Say(sam, first).rule(), "commitment.declined");
  EXPECT_EQ(Asked(sam)[0]["open"], false);
  EXPECT_TRUE(Shown()["active_since"].is_null());
}

TEST_F(EngagementEdgeTest, OnPaperItSaysWhoSawItAndWhen) {
  const std::string sign = "/v1/commitments/" + Propose({"mother"}) + "/signature";
  EXPECT_EQ(Post(sign, {{"who", "mother"}}).rule(), "commitment.how");
  EXPECT_EQ(Post(sign, {{"who", "mother"}, {"how", "link"}}).rule(), "commitment.how");
  EXPECT_EQ(Post(sign, {{"who", "mother"}, {"how", "paper"}}).rule(), "body.required");
  json body = {{"who", "mother"}, {"how", "paper"}, {"signed_at", "2027-11-20T09:00:00Z"}};
  EXPECT_EQ(Post(sign, body).rule(), "commitment.signed_later");
  body["signed_at"] = "2026-11-20T09:00:00Z";
  body["who"] = "father";
  EXPECT_EQ(Post(sign, body).rule(), "commitment.person");
  body["who"] = "mother";
  ASSERT_EQ(Post(sign, body).status(), 201);
  const json person = Shown()["persons"][0];
  EXPECT_EQ(person["how"], "paper");
  EXPECT_EQ(person["record"]["body"]["witness"], "Nora");
  EXPECT_EQ(person["record"]["body"]["signed_at"], "2026-11-20T09:00:00.000Z");
}

TEST_F(EngagementEdgeTest, NobodyElseIsAskedOrSigns) {
  const EngagementBrowser mother = In("Els", "mother");
  const EngagementBrowser jan = In("Nonkel Jan", "other");
  const EngagementBrowser mia = In("Tante Mia", "other");
  const std::string one = Propose({"other"}, "Tante  Mia");
  for (const EngagementBrowser& guest : {mother, jan}) {
    EXPECT_EQ(Asked(guest), json::array());
    EXPECT_EQ(Say(guest, one).rule(), "commitment.asked");
  }
  EXPECT_EQ(Send({}, "GET", "/v1/guest/commitments").status(), 401);
  EXPECT_EQ(Asked(mia).size(), 1U);
  EXPECT_EQ(Say(mia, one.substr(0, 8)).rule(), "commitment.asked") << "the whole id";
  EXPECT_EQ(Say(mia, one).status(), 201);
}

TEST_F(EngagementEdgeTest, TheCopyForTheCourtSaysWhoSignedAndHow) {
  const EngagementBrowser sam = In("Sam", "young-person");
  const std::string one = Propose({"young-person"});
  const std::string copy = "/v1/commitments/" + one + "/court-copy";
  const auto early = Post(copy, json::object());
  EXPECT_EQ(early.status(), 409);
  EXPECT_EQ(early.rule(), "commitment.inactive");
  EXPECT_EQ(early.body["field"], "commitment");
  EXPECT_FALSE(early.body["next"].get<std::string>().empty());
  EXPECT_EQ(Post(path + "/court-plans", {{"text", "plan"}, {"rests_on", {one}}}).rule(), "commitment.inactive");
  ASSERT_EQ(Say(sam, one).status(), 201);
  const auto written = Post(copy, json::object());
  ASSERT_EQ(written.status(), 201) << written.raw.body;
  const json plan = Ask({"GET", path + "/court-plans", {{"schakel-person", "Nora"}}, "", "root"}).body["plans"][0];
  const std::string text = plan["record"]["body"]["text"];
  for (const char* part : {"elke week samen eten", "De Wissel", "Sam (de jongere)", "link"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_EQ(plan["rests_on"], json({one}));
  EXPECT_EQ(Post(path + "/court-plans", {{"text", "plan"}, {"rests_on", {one}}}).status(), 201);
}

// Through the wall it goes as a plan does: by consent to that very copy.
class EngagementCourtTest : public ServicesTest {
 protected:
  EngagementCourtTest() {
    const CategorySet all(~std::uint64_t{0});
    leuven.region.SetCeilings({{Sector("youth-care"), all, false},
                               {Sector("youth-court"),
                                {Category::kIdentity, Category::kAgreements, Category::kGoals, Category::kJustice},
                                true}});
  }
  test::FakeEngine& court_engine = leuven.region.Enrol("rechtbank-leuven", "Jeugdrechtbank Leuven", "youth-court");
  Office court{leuven.region, court_engine, "rechter Smet"};
  GuestService guests{wissel.engine, wissel.cases, wissel.meetings, leuven.region.clock, leuven.region.random};
  DossierService dossier{wissel.engine, wissel.cases};
  CourtPlanService plans{wissel.engine, wissel.cases, wissel.content, leuven.region.clock};
  EngagementService engagements{wissel.engine, wissel.cases, guests, dossier, plans};

  Result<Sent> Consent(Grantor grantor, const RecordId& piece) {
    GrantRequest request =
        Request(court, {Purpose::kCourtReport}, {Category::kAgreements, Category::kGoals, Category::kJustice});
    request.grantor = grantor;
    request.piece = piece;
    return wissel.grants.Give(request, wissel.caller, {});
  }
  RecordId Signed() {
    const CommitmentBody body{"elke week", {"de-wissel"}, {Speaker::kYoungPerson}};
    const RecordId one = dossier.Commit(trajectory, body, {}).value().record;
    Sign(one);
    return one;
  }
  void Sign(const RecordId& version) {
    SignatureBody paper;
    paper.how = SignedHow::kPaper;
    paper.witness = "Nora";
    paper.signed_at = leuven.region.clock.Now();
    ASSERT_TRUE(dossier.SignFor(version, paper, {}, {}));
  }
  static std::string RuleOf(const Result<Sent>& sent) { return sent ? "ok" : sent.error().rule; }
};

TEST_F(EngagementCourtTest, ASignedCommitmentReachesTheCourtByConsentToItsCopy) {
  Join(court);
  const RecordId one = Signed();
  EXPECT_EQ(RuleOf(engagements.HandOver(one, court.id(), {})), "commitment.no_copy");
  const auto copy = engagements.CopyForCourt(one, "elke week; getekend: Sam", {});
  ASSERT_TRUE(copy) << ToText(copy.error());
  EXPECT_TRUE(copy->reaches.empty());
  EXPECT_EQ(RuleOf(engagements.HandOver(one, court.id(), {})), "plan.consent");
  ASSERT_TRUE(Consent(Grantor::kYoungPerson, copy->record));
  EXPECT_EQ(RuleOf(engagements.HandOver(one, court.id(), {})), "plan.consent_parents");
  ASSERT_TRUE(Consent(Grantor::kFirstParent, copy->record));
  const auto sent = engagements.HandOver(one, court.id(), {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_THAT(sent->reaches, ElementsAre(court.id()));
  EXPECT_EQ(Seen(court).court.plans.size(), 1U);
  EXPECT_TRUE(Seen(court).dossier.commitments.empty()) << "the copy, and nothing else";
  EXPECT_EQ(RuleOf(engagements.HandOver(one, court.id(), {})), "plan.handed");
}

TEST_F(EngagementCourtTest, WhatWasEditedSinceStaysHomeAlsoAsAPlan) {
  Join(court);
  const RecordId one = Signed();
  const RecordId copy = engagements.CopyForCourt(one, "elke week", {}).value().record;
  ASSERT_TRUE(Consent(Grantor::kYoungPerson, copy));
  ASSERT_TRUE(Consent(Grantor::kFirstParent, copy));
  const CommitmentBody edit{"elke dag", {"de-wissel"}, {Speaker::kYoungPerson}};
  const RecordId second = dossier.EditCommitment(one, edit, {}).value().record;
  EXPECT_EQ(RuleOf(engagements.HandOver(one, court.id(), {})), "commitment.inactive");
  EXPECT_EQ(RuleOf(plans.HandOver(copy, court.id(), {})), "commitment.inactive");
  Sign(second);
  EXPECT_EQ(RuleOf(engagements.HandOver(one, court.id(), {})), "commitment.no_copy");
  EXPECT_EQ(RuleOf(plans.HandOver(copy, court.id(), {})), "commitment.changed");
  EXPECT_TRUE(Seen(court).court.plans.empty());
}

}  // namespace
}  // namespace schakel
