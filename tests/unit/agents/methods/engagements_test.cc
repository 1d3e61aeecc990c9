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
  std::string Said(const std::string& place, const json& body) {
    const auto sent = Post(path + place, body);
    EXPECT_EQ(sent.status(), 201) << sent.raw.body;
    return sent.body["record"];
  }
  std::string ProposeCiting(const json& persons) {
    return Said("/commitments", {{"text", "elke week samen eten"},
                                 {"parties", {"de-wissel"}},
                                 {"persons", persons},
                                 {"goals", {goal.substr(0, 12)}},
                                 {"criteria", {criterion}}});
  }
  void SetWhatIsCited() {
    goal = Said("/goals", {{"text", "terug naar school"}, {"owners", {"de-wissel"}}});
    criterion = Said("/criteria", {{"whose", "young-person"}, {"text", "vier dagen op vijf"}});
  }
  std::string goal;
  std::string criterion;
  EngagementAnswer SayHowFar(const EngagementBrowser& guest, const std::string& version, const json& body) {
    return Send(guest, "POST", "/v1/guest/commitments/" + version + "/progress", body);
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

TEST_F(EngagementEdgeTest, AGuestSignsTheGoalsAndSaysHowFarTheyAre) {
  SetWhatIsCited();
  const EngagementBrowser sam = In("Sam", "young-person");
  const EngagementBrowser father = In("Jan", "father");
  const std::string one = ProposeCiting({"young-person"});
  const std::size_t views = leuven.youth_care.views().size();
  json asked = Asked(sam)[0];
  EXPECT_EQ(leuven.youth_care.views().size(), views + 3) << "a view of the text, the goal and the criterion";
  EXPECT_EQ(asked["goals"][0]["id"], goal);
  EXPECT_EQ(asked["goals"][0]["text"], "terug naar school");
  EXPECT_EQ(asked["goals"][0]["progress"], json::array());
  EXPECT_EQ(asked["criteria"][0]["text"], "vier dagen op vijf");
  EXPECT_EQ(asked["changed"], false);
  const json stuck = {{"goal", goal}, {"progress", "stuck"}, {"words", "het is saai"}};
  EXPECT_EQ(SayHowFar(sam, one, stuck).rule(), "progress.signatory") << "who signed says so";
  ASSERT_EQ(Say(sam, one).status(), 201);
  EXPECT_EQ(SayHowFar(father, one, stuck).rule(), "commitment.asked");
  EXPECT_EQ(SayHowFar({}, one, stuck).status(), 401);
  EXPECT_EQ(SayHowFar(sam, one, {{"goal", criterion}, {"progress", "stuck"}}).rule(), "progress.goal");
  EXPECT_EQ(SayHowFar(sam, one, {{"goal", goal.substr(0, 8)}, {"progress", "stuck"}}).rule(), "id.hex");
  const auto said = SayHowFar(sam, one, stuck);
  ASSERT_EQ(said.status(), 201) << said.raw.body;
  EXPECT_EQ(said.body, json::object());
  ASSERT_EQ(Post("/v1/goals/" + goal + "/progress", {{"progress", "on-track"}, {"text", "tussen ons"}}).status(), 201);

  const json shown = Shown();
  ASSERT_EQ(shown["goals"][0]["progress"].size(), 2U) << shown["goals"];
  EXPECT_EQ(shown["goals"][0]["progress"][0]["progress"], "on-track");
  EXPECT_TRUE(shown["goals"][0]["progress"][0]["who"].is_null());
  const json& of_sam = shown["goals"][0]["progress"][1];
  EXPECT_EQ(of_sam["who"], "young-person");
  EXPECT_EQ(of_sam["how"], "link");
  EXPECT_EQ(of_sam["organisation"]["id"], "de-wissel");
  EXPECT_EQ(of_sam["record"]["body"]["text"], "het is saai");
  EXPECT_EQ(of_sam["record"]["body"]["name"], "Sam");
  for (const char* part : {"elke week samen eten", "terug naar school", "het is saai", "vier dagen op vijf"}) {
    EXPECT_THAT(shown["written_out"].get<std::string>(), HasSubstr(part));
  }
  asked = Asked(sam)[0];
  EXPECT_EQ(asked["goals"][0]["own"], "stuck");
  EXPECT_EQ(asked["goals"][0]["words"], "het is saai");
  EXPECT_EQ(asked["goals"][0]["progress"].size(), 2U);
  EXPECT_THAT(asked.dump(), ::testing::Not(HasSubstr("tussen ons"))) << "what partners wrote for one another";
  EXPECT_EQ(Ask({"GET", path + "/goals", {{"schakel-person", "Nora"}}, "", "root"}).body["goals"][0]["progress"].size(),
            1U)
      << "a word of a person is not that of the organisation";
}

TEST_F(EngagementEdgeTest, WhatIsCitedIsChangedAndAllIsSignedAnew) {
  SetWhatIsCited();
  const EngagementBrowser sam = In("Sam", "young-person");
  const std::string one = ProposeCiting({"young-person"});
  ASSERT_EQ(Say(sam, one).status(), 201);
  EXPECT_TRUE(Shown()["active_since"].is_string());
  EXPECT_EQ(Shown()["renewal_due"], false);
  const auto edited = Post("/v1/goals/" + goal + "/edit", {{"text", "halve dagen"}, {"owners", {"de-wissel"}}});
  ASSERT_EQ(edited.status(), 201) << edited.raw.body;
  json shown = Shown();
  EXPECT_TRUE(shown["active_since"].is_null());
  EXPECT_EQ(shown["changed"], true);
  EXPECT_EQ(shown["goals"][0]["state"], "changed");
  EXPECT_EQ(shown["goals"][0]["record"]["body"]["text"], "terug naar school") << "what was signed";
  EXPECT_EQ(shown["criteria"][0]["state"], "as-signed");
  EXPECT_EQ(shown["cites_now"]["goals"], json::array({edited.body["record"]}));
  const json asked = Asked(sam)[0];
  EXPECT_EQ(asked["changed"], true);
  EXPECT_EQ(asked["goals"][0]["open"], false);
  EXPECT_EQ(SayHowFar(sam, one, {{"goal", goal}, {"progress", "reached"}}).rule(), "commitment.cites_changed");
  EXPECT_EQ(Post("/v1/commitments/" + one + "/court-copy", json::object()).rule(), "commitment.cites_changed");
  EXPECT_EQ(Post(path + "/court-plans", {{"text", "plan"}, {"rests_on", {one}}}).rule(), "commitment.cites_changed");
  json anew = {{"text", "elke week"}, {"parties", {"de-wissel"}}, {"persons", {"young-person"}}, {"goals", {goal}}};
  EXPECT_EQ(Post("/v1/commitments/" + one + "/edit", anew).rule(), "commitment.cites_old");
  anew["goals"] = shown["cites_now"]["goals"];
  const auto second = Post("/v1/commitments/" + one + "/edit", anew);
  ASSERT_EQ(second.status(), 201) << second.raw.body;
  ASSERT_EQ(Say(sam, second.body["record"]).status(), 201);
  shown = Shown();
  EXPECT_TRUE(shown["active_since"].is_string());
  EXPECT_EQ(shown["changed"], false);
  EXPECT_EQ(shown["criteria"], json::array()) << "what is not named is not cited";
}

TEST_F(EngagementEdgeTest, AWorkerTakesDownHowFarAPersonFindsAGoal) {
  SetWhatIsCited();
  const std::string one = ProposeCiting({"mother"});
  const std::string progress = "/v1/goals/" + goal + "/progress";
  json body = {{"progress", "on-track"}, {"who", "mother"}, {"said_at", "2026-11-20T09:00:00Z"}, {"text", "het lukt"}};
  EXPECT_EQ(Post(progress, body).rule(), "progress.signatory");
  const json paper = {{"who", "mother"}, {"how", "paper"}, {"signed_at", "2026-11-20T09:00:00Z"}};
  ASSERT_EQ(Post("/v1/commitments/" + one + "/signature", paper).status(), 201);
  json wrong = body;
  wrong["how"] = "link";
  EXPECT_EQ(Post(progress, wrong).rule(), "commitment.how");
  wrong = body;
  wrong["said_at"] = "2027-11-20T09:00:00Z";
  EXPECT_EQ(Post(progress, wrong).rule(), "progress.said_later");
  wrong.erase("said_at");
  EXPECT_EQ(Post(progress, wrong).rule(), "body.required");
  wrong = body;
  wrong["who"] = "father";
  EXPECT_EQ(Post(progress, wrong).rule(), "progress.signatory");
  wrong["commitment"] = one;
  EXPECT_EQ(Post(progress, wrong).rule(), "commitment.person");
  body["commitment"] = one.substr(0, 12);
  ASSERT_EQ(Post(progress, body).status(), 201);
  const json of_mother = Shown()["goals"][0]["progress"][0];
  EXPECT_EQ(of_mother["how"], "paper");
  EXPECT_EQ(of_mother["record"]["body"]["witness"], "Nora");
}

TEST_F(EngagementEdgeTest, TheCopyForTheCourtHasTheGoalsAndWhatIsGoodEnough) {
  SetWhatIsCited();
  const EngagementBrowser sam = In("Sam", "young-person");
  const std::string one = ProposeCiting({"young-person"});
  ASSERT_EQ(Say(sam, one).status(), 201);
  ASSERT_EQ(SayHowFar(sam, one, {{"goal", goal}, {"progress", "stuck"}}).status(), 201);
  ASSERT_EQ(Post("/v1/commitments/" + one + "/court-copy", json::object()).status(), 201);
  const json plan = Ask({"GET", path + "/court-plans", {{"schakel-person", "Nora"}}, "", "root"}).body["plans"][0];
  const std::string text = plan["record"]["body"]["text"];
  for (const char* part : {"elke week samen eten", "terug naar school", "vier dagen op vijf", "Sam (de jongere)"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(text, ::testing::Not(HasSubstr("zit vast"))) << "how far it is was not signed";
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
