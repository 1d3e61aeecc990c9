// A family conference and supporters over the network: what each is handed, and what nobody is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agents/api.h"
#include "support/api_document.h"
#include "support/authenticator.h"
#include "support/fake_engine.h"
#include "support/paths.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::Leuven;
using schakel::testing::Authenticator;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kFamilySite = "https://schakel.upcleuven.example";
// What a browser of the family would never send: it stands for whatever they wrote.
constexpr const char* kFamilySecret = "Sam blijft bij tante Mia";

struct FamilyAnswer {
  ApiResponse raw;
  json body;
  int status() const { return raw.status; }
  std::string rule() const { return body.is_object() ? body.value("rule", "") : ""; }
};
struct FamilyBrowser {
  std::string cookies;
  std::string csrf;
};

// De Wissel leads; psychiatry coordinates, and has the door by which the family comes.
class FamilyEdgeTest : public ::testing::Test {
 protected:
  Leuven leuven;
  ApiOptions options{.socket = {},
                     .profiles = SourceDir() / "agents/profiles",
                     .edge = EdgeOptions{.listen = "0.0.0.0:8443", .public_url = kFamilySite},
                     .people = {.hash_passes = 1, .hash_memory_bytes = 8192}};
  std::unique_ptr<Api> api = Api::Open(leuven.psychiatry, options, leuven.region.clock, leuven.region.random).value();
  ApiOptions of_lead{.socket = {}, .profiles = SourceDir() / "agents/profiles"};
  std::unique_ptr<Api> lead = Api::Open(leuven.youth_care, of_lead, leuven.region.clock, leuven.region.random).value();
  const std::string trajectory = Shared();
  const std::string path = "/v1/trajectories/" + trajectory;
  const std::string table =
      Post(*api, path + "/tables",
           {{"title", "Eigen Kracht"},
            {"slots", {{{"begins_at", "2026-12-03T13:00:00Z"}, {"ends_at", "2026-12-03T17:00:00Z"}}}}})
          .body["record"];

  static FamilyAnswer Ask(Api& to, ApiRequest request) {
    if (request.method == "POST") request.headers.emplace("content-type", "application/json");
    FamilyAnswer answer{to.Handle(request), {}};
    test::ExpectDocumented(request.method, request.target, answer.raw);
    answer.body = json::parse(answer.raw.body, nullptr, false);
    return answer;
  }
  static FamilyAnswer Post(Api& to, const std::string& target, const json& body) {
    return Ask(to, {"POST", target, {{"schakel-person", "Nora"}}, body.dump(), "root"});
  }
  static FamilyAnswer Get(Api& from, const std::string& target) {
    return Ask(from, {"GET", target, {{"schakel-person", "Nora"}}, "", "root"});
  }
  std::string Shared() {
    const std::string id = Post(*lead, "/v1/trajectories", {{"label", "Sam"}}).body["trajectory"];
    const std::string at = "/v1/trajectories/" + id;
    EXPECT_EQ(Post(*lead, at + "/invitations", {{"organisation", "upc-leuven"}}).status(), 201);
    EXPECT_EQ(Post(*api, at + "/join", {{"message", "we doen mee"}}).status(), 201);
    for (const char* who : {"upc-leuven", "de-wissel"}) {
      EXPECT_EQ(Post(*lead, at + "/grants",
                     {{"organisation", who},
                      {"purposes", {"round-table", "care-coordination"}},
                      {"categories", {"meeting", "own-voice"}},
                      {"ends_at", "2027-03-01T00:00:00Z"},
                      {"consented_by", "Sam"},
                      {"how", "ondertekend"}})
                    .status(),
                201);
    }
    return id;
  }
  FamilyAnswer Send(const FamilyBrowser& browser, const std::string& method, const std::string& target,
                    const json& body = json::object()) {
    std::map<std::string, std::string> headers = {{"host", "schakel.upcleuven.example"}};
    if (!browser.cookies.empty()) headers["cookie"] = browser.cookies;
    if (!browser.csrf.empty()) headers["schakel-csrf"] = browser.csrf;
    return Ask(*api, {method, target, headers, method == "POST" ? body.dump() : "", "192.0.2.7", ApiDoor::kTls});
  }
  static std::string CookieOf(const FamilyAnswer& answer) {
    const std::string set = answer.raw.headers.at("Set-Cookie");
    return set.substr(0, set.find(';'));
  }
  std::string Invite(const char* name, const char* who) {
    return Post(*api, "/v1/tables/" + table + "/guests", {{"name", name}, {"who", who}}).body["record"];
  }
  FamilyBrowser In(const std::string& guest) {
    const FamilyAnswer made = Post(*api, "/v1/tables/" + table + "/guests/" + guest + "/link", json::object());
    const std::string link = made.body["link"];
    const FamilyAnswer entered = Send({}, "POST", "/v1/guest/session", {{"token", link.substr(link.rfind('/') + 1)}});
    EXPECT_EQ(entered.status(), 201) << entered.raw.body;
    return {CookieOf(entered), entered.body["csrf"]};
  }
  FamilyBrowser Staff(const json& roles) {
    const FamilyAnswer invited = Post(*api, "/v1/people", {{"login", "nora"}, {"name", "Nora"}, {"roles", roles}});
    const json invitation = invited.body["invitation"];
    const FamilyAnswer look = Send({}, "POST", "/v1/setup/look", {{"invitation", invitation}});
    const Authenticator app(look.body["totp_secret"]);
    const FamilyAnswer entered = Send({}, "POST", "/v1/setup",
                                      {{"invitation", invitation},
                                       {"password", "vier gewone woorden na elkaar"},
                                       {"code", app.Code(leuven.region.clock.Now())}});
    EXPECT_EQ(entered.status(), 200) << entered.raw.body;
    return {CookieOf(entered), entered.body["csrf"]};
  }
  std::string Begin() {
    const FamilyAnswer begun =
        Post(*api, path + "/conferences", {{"table", table}, {"coordinator", "Ria"}, {"question", "Waar woont Sam?"}});
    EXPECT_EQ(begun.status(), 201) << begun.raw.body;
    return begun.body["record"];
  }
  void Move(const std::string& conference, const char* phase) {
    EXPECT_EQ(Post(*api, "/v1/conferences/" + conference + "/phase", {{"phase", phase}}).status(), 201);
  }
  std::string ConferenceOf(const FamilyBrowser& guest) {
    return Send(guest, "GET", "/v1/guest/conference").body["conference"]["id"];
  }
  // As a browser would: bytes that say nothing.
  static json Sealed(bool words = false) {
    return {{"nonce", ToBase64(Bytes(12, 3))}, {"sealed", ToBase64(Bytes(512 + 16, 0xb4))}, {"words", words}};
  }
};

TEST_F(FamilyEdgeTest, AConferenceGoesFromInformationToThePlanThatWhoLeadsAccepts) {
  const FamilyBrowser sam = In(Invite("Sam", "young-person"));
  EXPECT_EQ(Send(sam, "GET", "/v1/guest/conference").body["conference"], nullptr);
  const std::string id = Begin();
  json seen = Send(sam, "GET", "/v1/guest/conference").body["conference"];
  EXPECT_EQ(seen["phase"], "information");
  EXPECT_EQ(seen["coordinator"], "Ria");
  EXPECT_EQ(seen["question"], "Waar woont Sam?");
  EXPECT_EQ(Send(sam, "POST", "/v1/guest/conference/notes", Sealed(true)).rule(), "family_note.not_yet");
  Move(id, "private");
  ASSERT_EQ(Send(sam, "POST", "/v1/guest/conference/notes", Sealed(true)).status(), 201);
  const FamilyAnswer note = Send(sam, "POST", "/v1/guest/conference/notes", Sealed());
  ASSERT_EQ(note.status(), 201) << note.raw.body;
  EXPECT_EQ(note.body["own"], true);
  seen = Send(sam, "GET", "/v1/guest/conference").body["conference"];
  ASSERT_EQ(seen["notes"].size(), 2U);
  EXPECT_EQ(seen["notes"][0]["words"], true) << "the words come first";
  EXPECT_EQ(seen["notes"][1]["sealed"], Sealed()["sealed"]);
  EXPECT_EQ(Send(sam, "POST", "/v1/guest/conference/plan", {{"text", "naar tante"}}).rule(), "conference.not_yet");
  Move(id, "plan");
  EXPECT_EQ(Send(sam, "POST", "/v1/guest/conference/notes", Sealed()).rule(), "family_note.over");
  const std::string own = note.body["id"];
  EXPECT_EQ(Send(sam, "DELETE", "/v1/guest/conference/notes/" + own).status(), 200);
  EXPECT_EQ(Send(sam, "DELETE", "/v1/guest/conference/notes/" + own).status(), 404);
  const FamilyAnswer handed = Send(sam, "POST", "/v1/guest/conference/plan", {{"text", "naar tante"}});
  ASSERT_EQ(handed.status(), 201) << handed.raw.body;
  EXPECT_EQ(handed.body, json::object());

  EXPECT_EQ(Get(*lead, "/v1/inbox").body["items"][0]["what"], "family-plan");
  const json at_lead = Get(*lead, path + "/conferences").body["conferences"][0];
  EXPECT_EQ(at_lead["private_notes"], nullptr) << "of another";
  const json plan = at_lead["plans"][0];
  EXPECT_EQ(plan["record"]["body"]["text"], "naar tante");
  EXPECT_EQ(plan["record"]["body"]["name"], "Sam");
  EXPECT_EQ(plan["record"]["body"]["by_link"], true);
  const std::string answer = "/v1/family-plans/" + plan["id"].get<std::string>() + "/answer";
  EXPECT_EQ(Post(*api, answer, {{"said", "accepted"}}).rule(), "family_plan.lead");
  ASSERT_EQ(Post(*lead, answer, {{"said", "accepted"}, {"text", "we gaan ermee aan de slag"}}).status(), 201);
  EXPECT_EQ(Send(sam, "GET", "/v1/guest/conference").body["conference"]["plan"]["answer"]["said"], "accepted");
  EXPECT_EQ(Send(sam, "DELETE", "/v1/guest/conference/notes").status(), 200);
  EXPECT_EQ(Send(sam, "GET", "/v1/guest/conference").body["conference"]["notes"].size(), 0U);
}

TEST_F(FamilyEdgeTest, ANewLinkInTheMeantimeIsSaidToWhoLeadsAndToTheFamily) {
  const std::string guest = Invite("Sam", "young-person");
  const FamilyBrowser mother = In(Invite("Els", "mother"));
  const std::string id = Begin();
  Move(id, "private");
  const std::string link = "/v1/tables/" + table + "/guests/" + guest + "/link";
  EXPECT_EQ(Post(*api, link, json::object()).rule(), "conference.link_why");
  const FamilyAnswer made = Post(*api, link, {{"why", "toestel kwijt"}});
  ASSERT_EQ(made.status(), 201) << made.raw.body;
  EXPECT_EQ(made.body["said"], true);
  const json conference = Get(*lead, path + "/conferences").body["conferences"][0];
  ASSERT_EQ(conference["new_links"].size(), 1U);
  EXPECT_EQ(conference["new_links"][0]["by"]["id"], "upc-leuven");
  EXPECT_THAT(conference["new_links"][0]["record"]["body"]["text"].get<std::string>(), HasSubstr("toestel kwijt"));
  const json seen = Send(mother, "GET", "/v1/guest/conference").body["conference"];
  ASSERT_EQ(seen["new_links"].size(), 1U);
  EXPECT_EQ(seen["new_links"][0]["by"]["id"], "upc-leuven");
  EXPECT_THAT(seen.dump(), Not(HasSubstr(guest))) << "nor whose it is";
  Move(id, "plan");
  const std::string secret = made.body["link"];
  const FamilyAnswer entered = Send({}, "POST", "/v1/guest/session", {{"token", secret.substr(secret.rfind('/') + 1)}});
  const FamilyBrowser sam = {CookieOf(entered), entered.body["csrf"]};
  ASSERT_EQ(Send(mother, "POST", "/v1/guest/conference/plan", {{"text", "naar oma"}}).status(), 201);
  ASSERT_EQ(Send(sam, "POST", "/v1/guest/conference/plan", {{"text", "naar tante"}}).status(), 201);
  const json plans = Get(*lead, path + "/conferences").body["conferences"][0]["plans"];
  ASSERT_EQ(plans.size(), 2U);
  EXPECT_TRUE(plans[0]["new_link"].is_null());
  EXPECT_EQ(plans[1]["new_link"]["by"]["id"], "upc-leuven");
}

TEST_F(FamilyEdgeTest, NobodyOfTheStaffIsHandedAPrivateNote) {
  const FamilyBrowser sam = In(Invite("Sam", "young-person"));
  const std::string id = Begin();
  Move(id, "private");
  ASSERT_EQ(Send(sam, "POST", "/v1/guest/conference/notes", Sealed(true)).status(), 201);
  const std::string note = Send(sam, "POST", "/v1/guest/conference/notes", Sealed()).body["id"];
  const std::string ciphertext = Sealed()["sealed"];
  const FamilyAnswer listed = Get(*api, path + "/conferences");
  EXPECT_EQ(listed.body["conferences"][0]["private_notes"], 1);
  const FamilyBrowser everything = Staff({"worker", "coordinator", "auditor", "administrator"});
  EXPECT_EQ(Send(everything, "GET", "/v1/guest/conference").status(), 401);
  for (const std::string& target :
       {path + "/conferences", path, path + "/changes", std::string("/v1/inbox"), "/v1/records/" + id,
        "/v1/records/" + note, "/v1/audit?trajectory=" + trajectory, path + "/dossier", std::string("/v1/tables")}) {
    SCOPED_TRACE(target);
    EXPECT_THAT(Get(*api, target).raw.body, Not(HasSubstr(ciphertext.substr(0, 40))));
  }
  EXPECT_EQ(Get(*api, "/v1/records/" + note).status(), 404);
  EXPECT_EQ(Ask(*api, {"GET", "/v1/guest/conference", {{"schakel-person", "Nora"}}, "", "root"}).status(), 401)
      << "nor the user of the socket";
}

TEST_F(FamilyEdgeTest, ClearTextIsNeitherKeptNorAnswered) {
  const FamilyBrowser sam = In(Invite("Sam", "young-person"));
  Move(Begin(), "private");
  ASSERT_EQ(Send(sam, "POST", "/v1/guest/conference/notes", Sealed(true)).status(), 201);
  for (const json& clear :
       {json{{"nonce", ToBase64(Bytes(12, 3))}, {"sealed", kFamilySecret}},
        json{{"nonce", ToBase64(Bytes(12, 3))}, {"sealed", ToBase64(AsBytes(kFamilySecret))}},
        json{{"nonce", ToBase64(Bytes(8, 3))}, {"sealed", Sealed()["sealed"]}}, json{{"text", kFamilySecret}}}) {
    const FamilyAnswer refused = Send(sam, "POST", "/v1/guest/conference/notes", clear);
    EXPECT_EQ(refused.status(), 400) << refused.raw.body;
    EXPECT_THAT(refused.raw.body, Not(HasSubstr(kFamilySecret)));
  }
  const auto rows = leuven.psychiatry.Kept("family.notes." + ConferenceOf(sam)).value();
  EXPECT_EQ(rows.size(), 1U);
  for (const auto& [key, row] : rows) {
    EXPECT_THAT(std::string(row.begin(), row.end()), Not(HasSubstr(kFamilySecret)));
  }
}

TEST_F(FamilyEdgeTest, SupportersWriteWithTheTeamAndSeeOnlyTheirOwn) {
  const std::string mia = Invite("Tante Mia", "other");
  const std::string jan = Invite("Nonkel Jan", "other");
  const FamilyBrowser of_mia = In(mia);
  const FamilyBrowser of_jan = In(jan);
  const FamilyAnswer sent =
      Post(*api, path + "/supporters/messages", {{"supporters", {mia, jan}}, {"text", "Kunt u zaterdag?"}});
  ASSERT_EQ(sent.status(), 201) << sent.raw.body;
  EXPECT_EQ(sent.body["records"].size(), 2U);
  ASSERT_EQ(Send(of_mia, "POST", "/v1/guest/messages", {{"text", "Ja, geheim van Mia"}}).status(), 201);
  EXPECT_EQ(Get(*api, "/v1/inbox").body["items"][0]["what"], "supporter");
  const FamilyAnswer at_mia = Send(of_mia, "GET", "/v1/guest/messages");
  ASSERT_EQ(at_mia.body["messages"].size(), 2U) << at_mia.raw.body;
  EXPECT_EQ(at_mia.body["messages"][0]["by"], "Nora");
  EXPECT_EQ(at_mia.body["messages"][1]["own"], true);
  const FamilyAnswer at_jan = Send(of_jan, "GET", "/v1/guest/messages");
  EXPECT_EQ(at_jan.body["messages"].size(), 1U);
  for (const std::string& hidden : {std::string("Mia"), mia, std::string("geheim")}) {
    EXPECT_THAT(at_jan.raw.body, Not(HasSubstr(hidden)));
  }
  const std::size_t views = leuven.psychiatry.views().size();
  const json list = Get(*api, path + "/supporters").body["supporters"];
  EXPECT_GT(leuven.psychiatry.views().size(), views) << "a view of each";
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0]["name"], "Tante Mia");
  EXPECT_EQ(list[0]["waits"], true);
  EXPECT_EQ(list[0]["link"], "holds");
  EXPECT_EQ(list[0]["messages"][1]["record"]["body"]["text"], "Ja, geheim van Mia");
  EXPECT_EQ(Get(*lead, path + "/supporters").body["supporters"].size(), 0U) << "of nobody else";
  ASSERT_EQ(
      Ask(*api,
          {"DELETE", "/v1/tables/" + table + "/guests/" + mia + "/link", {{"schakel-person", "Nora"}}, "", "root"})
          .status(),
      200);
  EXPECT_EQ(Send(of_mia, "GET", "/v1/guest/messages").status(), 401);
  EXPECT_EQ(Send(of_mia, "POST", "/v1/guest/messages", {{"text", "nog"}}).status(), 401);
  const FamilyBrowser sam = In(Invite("Sam", "young-person"));
  EXPECT_EQ(Send(sam, "GET", "/v1/guest/messages").rule(), "supporter.none");
}

TEST_F(FamilyEdgeTest, AGuestSeesWhatThereIsToDoAndNothingOfACase) {
  const FamilyBrowser mia = In(Invite("Tante Mia", "other"));
  EXPECT_EQ(Send(mia, "GET", "/v1/guest/offers").body["offers"].size(), 0U);
  const auto offer = [](Api& at, const char* kind, const char* title) {
    const FamilyAnswer made = Post(at, "/v1/places",
                                   {{"kind", kind},
                                    {"title", title},
                                    {"place", "Gent"},
                                    {"contact", "016 00 00 00"},
                                    {"ends_at", "2026-12-31T00:00:00Z"}});
    EXPECT_EQ(made.status(), 201) << made.raw.body;
  };
  offer(*lead, "leisure", "Voetbal op woensdag");
  offer(*api, "shared-activity", "Kano");
  offer(*lead, "time-out", "De Pas");
  const FamilyAnswer seen = Send(mia, "GET", "/v1/guest/offers");
  ASSERT_EQ(seen.body["offers"].size(), 2U) << seen.raw.body;
  EXPECT_EQ(seen.body["offers"][0]["title"], "Voetbal op woensdag");
  EXPECT_EQ(seen.body["offers"][0]["contact"], "016 00 00 00");
  EXPECT_EQ(seen.body["offers"][1]["title"], "Kano") << "of who invited too";
  EXPECT_THAT(seen.raw.body, Not(HasSubstr("De Pas")));
  EXPECT_THAT(seen.raw.body, Not(HasSubstr("Mia")));
  EXPECT_EQ(Send(In(Invite("Sam", "young-person")), "GET", "/v1/guest/offers").body["offers"].size(), 2U);
  EXPECT_EQ(Send(In(Invite("Els", "mother")), "GET", "/v1/guest/offers").body["offers"].size(), 2U);
}

}  // namespace
}  // namespace schakel
