// Guests over the network: in by their link, to their one meeting, and nowhere else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "agents/api.h"
#include "support/api_document.h"
#include "support/authenticator.h"
#include "support/fake_engine.h"
#include "support/loopback.h"
#include "support/paths.h"
#include "support/process.h"
#include "support/tls.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::Leuven;
using schakel::testing::Authenticator;
using ::testing::HasSubstr;
using ::testing::Not;
using Headers = std::map<std::string, std::string>;

constexpr const char* kPassword = "vier gewone woorden na elkaar";
constexpr const char* kSite = "https://schakel.dewissel.example";

struct Answer {
  ApiResponse raw;
  json body;
  int status() const { return raw.status; }
  std::string rule() const { return body.is_object() ? body.value("rule", "") : ""; }
};
// A browser: what it sends along.
struct Browser {
  std::string cookies;
  std::string csrf;
};

class GuestEdgeTest : public ::testing::Test {
 protected:
  Leuven leuven;
  ApiOptions options{.socket = {},
                     .profiles = SourceDir() / "agents/profiles",
                     .edge = EdgeOptions{.listen = "0.0.0.0:8443", .public_url = kSite},
                     .people = {.hash_passes = 1, .hash_memory_bytes = 8192}};
  std::unique_ptr<Api> api = Api::Open(leuven.youth_care, options, leuven.region.clock, leuven.region.random).value();
  std::string trajectory = Local("POST", "/v1/trajectories", {{"label", "Sam"}}).body["trajectory"];
  std::string table = Propose("Ronde tafel");
  std::string guest = Invite(table, "Sam");

  Answer Ask(ApiRequest request) {
    if (request.method == "POST") request.headers.emplace("content-type", "application/json");
    Answer answer{api->Handle(request), {}};
    test::ExpectDocumented(request.method, request.target, answer.raw);
    answer.body = json::parse(answer.raw.body, nullptr, false);
    return answer;
  }
  Answer Local(const std::string& method, const std::string& target, const json& body = {}) {
    return Ask({method, target, {{"schakel-person", "Nora"}}, method == "POST" ? body.dump() : "", "root"});
  }
  Answer Send(const Browser& browser, const std::string& method, const std::string& target,
              const json& body = json::object(), const Headers& more = {}) {
    Headers headers = {{"host", "schakel.dewissel.example"}, {"accept-language", "en"}};
    if (!browser.cookies.empty()) headers["cookie"] = browser.cookies;
    if (!browser.csrf.empty()) headers["schakel-csrf"] = browser.csrf;
    for (const auto& [name, value] : more) headers[name] = value;
    return Ask({method, target, headers, method == "POST" ? body.dump() : "", "192.0.2.7", ApiDoor::kTls});
  }
  std::string Propose(const std::string& title) {
    const Answer sent = Local("POST", "/v1/trajectories/" + trajectory + "/tables",
                              {{"title", title},
                               {"agenda", "hoe gaat het"},
                               {"family_first", false},
                               {"slots",
                                {{{"begins_at", "2026-12-03T13:00:00Z"}, {"ends_at", "2026-12-03T14:00:00Z"}},
                                 {{"begins_at", "2026-12-04T13:00:00Z"}, {"ends_at", "2026-12-04T14:00:00Z"}}}}});
    EXPECT_EQ(sent.status(), 201) << sent.raw.body;
    return sent.body["record"];
  }
  std::string Invite(const std::string& to, const std::string& name) {
    const Answer sent = Local("POST", "/v1/tables/" + to + "/guests", {{"name", name}, {"who", "young-person"}});
    EXPECT_EQ(sent.status(), 201) << sent.raw.body;
    return sent.body["record"];
  }
  std::string PathOfLink() const { return "/v1/tables/" + table + "/guests/" + guest + "/link"; }
  // What stands behind the "#".
  std::string Token() {
    const Answer made = Local("POST", PathOfLink(), json::object());
    EXPECT_EQ(made.status(), 201) << made.raw.body;
    const std::string link = made.body["link"];
    const std::string before = std::string(kSite) + "/#/guest/";
    EXPECT_TRUE(link.starts_with(before)) << link;
    return link.substr(before.size());
  }
  static std::string CookieOf(const Answer& answer) {
    const std::string set = answer.raw.headers.at("Set-Cookie");
    return set.substr(0, set.find(';'));
  }
  Browser In(const std::string& token, const Browser& before = {}) {
    const Answer entered = Send(before, "POST", "/v1/guest/session", {{"token", token}});
    EXPECT_EQ(entered.status(), 201) << entered.raw.body;
    return {CookieOf(entered), entered.body["csrf"]};
  }
  Browser Staff(const std::string& login, const json& roles) {
    const Answer invited = Local("POST", "/v1/people", {{"login", login}, {"name", login}, {"roles", roles}});
    const json invitation = invited.body["invitation"];
    const Authenticator app(Send({}, "POST", "/v1/setup/look", {{"invitation", invitation}}).body["totp_secret"]);
    const Answer entered =
        Send({}, "POST", "/v1/setup",
             {{"invitation", invitation}, {"password", kPassword}, {"code", app.Code(leuven.region.clock.Now())}});
    EXPECT_EQ(entered.status(), 200) << entered.raw.body;
    return {CookieOf(entered), entered.body["csrf"]};
  }
  static std::string TargetOf(const std::string& route) {
    std::string target = route.substr(route.find(' ') + 1);
    for (std::size_t open = target.find('{'); open != std::string::npos; open = target.find('{')) {
      target.replace(open, target.find('}') - open + 1, std::string(32, 'f'));
    }
    return target;
  }
};

TEST_F(GuestEdgeTest, AGuestComesInSeesItsMeetingAndAnswers) {
  const Browser sam = In(Token());
  const Answer meeting = Send(sam, "GET", "/v1/guest/meeting");
  ASSERT_EQ(meeting.status(), 200) << meeting.raw.body;
  EXPECT_EQ(meeting.body["title"], "Ronde tafel");
  EXPECT_EQ(meeting.body["invited_by"], "De Wissel");
  EXPECT_EQ(meeting.body["guest"]["name"], "Sam");
  EXPECT_EQ(meeting.body["dates"].size(), 2U);
  EXPECT_EQ(meeting.body["dates"][0]["choice"], nullptr);
  EXPECT_EQ(Send(sam, "POST", "/v1/guest/votes", {{"choices", {"no", "yes"}}}).status(), 201);
  EXPECT_EQ(Send(sam, "GET", "/v1/guest/meeting").body["dates"][1]["choice"], "yes");
  const json at_convener = Local("GET", "/v1/tables/" + table).body;
  EXPECT_TRUE(std::ranges::any_of(at_convener["thread"], [&](const json& said) {
    return said["kind"] == "meeting-vote" && said["id"] == at_convener["guests"][0]["vote"];
  })) << "whose choice it is, though the convener wrote it down";
  EXPECT_EQ(Local("POST", "/v1/tables/" + table + "/date",
                  {{"slot", {{"begins_at", "2026-12-04T13:00:00Z"}, {"ends_at", "2026-12-04T14:00:00Z"}}}})
                .status(),
            201);
  const json revision = Send(sam, "GET", "/v1/guest/meeting").body["revision"];
  EXPECT_EQ(Send(sam, "POST", "/v1/guest/answer", {{"attending", "accepted"}, {"revision", revision}}).status(), 201);
  EXPECT_EQ(Send(sam, "GET", "/v1/guest/meeting").body["answer"]["attending"], "accepted");
  const Answer calendar = Send(sam, "GET", "/v1/guest/meeting.ics");
  EXPECT_THAT(calendar.raw.headers.at("Content-Type"), HasSubstr("text/calendar"));
  EXPECT_THAT(calendar.raw.body, HasSubstr("BEGIN:VEVENT"));
  EXPECT_EQ(Send(sam, "DELETE", "/v1/guest/session").status(), 200);
  EXPECT_EQ(Send(sam, "GET", "/v1/guest/meeting").rule(), "guest.session");
}

TEST_F(GuestEdgeTest, WhatAGuestIsShownSpeaksOfNobodyElse) {
  Invite(table, "Els Verborgen");
  const std::string other = Propose("Eerder overleg");
  const Browser sam = In(Token());
  const std::string text = Send(sam, "GET", "/v1/guest/meeting").raw.body;
  for (const std::string& hidden : {std::string("Els Verborgen"), std::string("Eerder overleg"), other, trajectory}) {
    EXPECT_THAT(text, Not(HasSubstr(hidden)));
  }
}

TEST_F(GuestEdgeTest, TheSessionOfAGuestReachesNoRouteOfStaffAndNoneOfStaffReachesAGuests) {
  const Browser sam = In(Token());
  Browser everything = Staff("nora", {"worker", "coordinator", "auditor", "administrator"});
  // Whatever name the secret is put under.
  const std::string secret = sam.cookies.substr(sam.cookies.find('=') + 1);
  const Browser disguised{"__Host-schakel=" + secret, sam.csrf};
  const std::string staff_secret = everything.cookies.substr(everything.cookies.find('=') + 1);
  const Browser staff_disguised{"__Host-schakel-guest=" + staff_secret, everything.csrf};
  std::size_t of_guests = 0;
  for (const std::string& route : ApiRoutes()) {
    SCOPED_TRACE(route);
    const std::string access = ApiAccess(route);
    if (access == "*") continue;  // For whoever asks.
    const std::string method = route.substr(0, route.find(' '));
    const std::string target = TargetOf(route);
    const json nonsense = {{"no_such_field", 1}};
    if (access == "G") {
      ++of_guests;
      EXPECT_EQ(Send(everything, method, target, nonsense).rule(), "guest.session");
      EXPECT_EQ(Send(staff_disguised, method, target, nonsense).rule(), "guest.session");
      EXPECT_EQ(Send({}, method, target, nonsense).rule(), "guest.session");
    } else {
      EXPECT_EQ(Send(sam, method, target, nonsense).rule(), "session.none");
      EXPECT_EQ(Send(disguised, method, target, nonsense).rule(), "session.none");
      EXPECT_EQ(Send({{}, sam.csrf}, method, target, nonsense, {{"authorization", "Bearer " + secret}}).rule(),
                "session.none");
    }
    ASSERT_EQ(Send(sam, "GET", "/v1/guest/meeting").status(), 200) << "still in";
  }
  EXPECT_EQ(of_guests, 19U);
  EXPECT_EQ(Local("GET", "/v1/guest/meeting").rule(), "guest.session") << "nor is the user of the socket a guest";
  EXPECT_EQ(Local("DELETE", "/v1/guest/session").rule(), "guest.session");
  EXPECT_EQ(Local("POST", "/v1/guest/votes", {{"choices", {"yes", "no"}}}).rule(), "guest.session");
  EXPECT_EQ(Local("POST", "/v1/guest/answer", {{"attending", "accepted"}}).rule(), "guest.session");
}

TEST_F(GuestEdgeTest, TheYoungPersonSeesWhoSawThemAndTakesBackTheirConsent) {
  const Answer given = Local("POST", "/v1/trajectories/" + trajectory + "/grants",
                             {{"organisation", "de-wissel"},
                              {"purposes", {"care-coordination"}},
                              {"categories", {"goals"}},
                              {"ends_at", "2027-03-01T00:00:00Z"},
                              {"consented_by", "Sam"},
                              {"how", "ondertekend"}});
  ASSERT_EQ(given.status(), 201) << given.raw.body;
  const Browser sam = In(Token());
  const Answer report = Send(sam, "GET", "/v1/guest/report");
  ASSERT_EQ(report.status(), 200) << report.raw.body;
  ASSERT_EQ(report.body["files"].size(), 4U);
  EXPECT_EQ(report.body["files"][0]["name"], "wie-zag-mij.html");
  const json consents = Send(sam, "GET", "/v1/guest/consents").body["consents"];
  ASSERT_EQ(consents.size(), 1U);
  EXPECT_EQ(consents[0]["to"], "De Wissel");
  EXPECT_EQ(consents[0]["categories"], json::array({"goals"}));
  EXPECT_EQ(consents[0]["withdrawable"], true);
  const std::string grant = consents[0]["id"];
  EXPECT_EQ(grant, given.body["record"]);
  const std::string path = "/v1/guest/consents/" + grant + "/withdrawal";
  EXPECT_EQ(Send({sam.cookies, ""}, "POST", path).rule(), "session.csrf");
  EXPECT_EQ(Send(sam, "POST", "/v1/guest/consents/" + grant.substr(0, 8) + "/withdrawal").rule(), "guest.consent");
  // Sent twice by a telephone that lost its connection, it happens once.
  const Headers once = {{"idempotency-key", "0123456789abcdef"}};
  const Answer taken = Send(sam, "POST", path, {{"reason", "ik wil het niet meer"}}, once);
  ASSERT_EQ(taken.status(), 201) << taken.raw.body;
  EXPECT_EQ(taken.body, json::object()) << "of the record, and whom it went to, a guest hears nothing";
  EXPECT_EQ(Send(sam, "POST", path, {{"reason", "ik wil het niet meer"}}, once).status(), 201);
  EXPECT_EQ(Send(sam, "POST", path).rule(), "guest.consent");
  EXPECT_EQ(Send(sam, "GET", "/v1/guest/consents").body["consents"].size(), 0U);
  const json rows = Local("GET", "/v1/audit?trajectory=" + trajectory).body["rows"];
  std::set<std::string> by_guest;
  for (const json& row : rows) {
    if (row.contains("guest")) by_guest.insert(row["what"].get<std::string>() + " " + row["guest"].get<std::string>());
  }
  EXPECT_EQ(by_guest, (std::set<std::string>{"asked young-person", "link-opened young-person", "reported young-person",
                                             "saw young-person", "took-back young-person"}));
}

TEST_F(GuestEdgeTest, OneOfASeriesIsAnsweredByItsOwnTime) {
  ASSERT_EQ(Local("POST", "/v1/tables/" + table + "/date",
                  {{"slot", {{"begins_at", "2026-12-04T13:00:00Z"}, {"ends_at", "2026-12-04T14:00:00Z"}}},
                   {"every_weeks", 1},
                   {"times", 2}})
                .status(),
            201);
  const Browser sam = In(Token());
  const json answer = {{"attending", "declined"}, {"occurrence", "2026-12-11T13:00:00Z"}};
  ASSERT_EQ(Send(sam, "POST", "/v1/guest/answer", answer).status(), 201);
  const json meeting = Send(sam, "GET", "/v1/guest/meeting").body;
  ASSERT_EQ(meeting["occurrences"].size(), 2U);
  EXPECT_EQ(meeting["occurrences"][0]["answer"], nullptr);
  EXPECT_EQ(meeting["occurrences"][1]["answer"]["attending"], "declined");
  EXPECT_EQ(meeting["answer"], nullptr);
}

TEST_F(GuestEdgeTest, TheCookieIsForThisHostAloneAndNeverTheOneThatCameAlong) {
  const std::string token = Token();
  const Browser planted{"__Host-schakel-guest=" + std::string(43, 'A'), ""};
  const Answer entered = Send(planted, "POST", "/v1/guest/session", {{"token", token}});
  ASSERT_EQ(entered.status(), 201);
  const std::string cookie = entered.raw.headers.at("Set-Cookie");
  for (const char* part : {"__Host-schakel-guest=", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"}) {
    EXPECT_THAT(cookie, HasSubstr(part));
  }
  EXPECT_NE(CookieOf(entered), planted.cookies);
  EXPECT_EQ(Send(planted, "GET", "/v1/guest/meeting").rule(), "guest.session") << "fixed beforehand";
  EXPECT_THAT(entered.raw.body, Not(HasSubstr(CookieOf(entered).substr(21))));
  const Browser in{CookieOf(entered), entered.body["csrf"]};
  EXPECT_EQ(Send({in.cookies, ""}, "POST", "/v1/guest/votes", {{"choices", {"yes", "no"}}}).rule(), "session.csrf");
  EXPECT_EQ(
      Send(in, "POST", "/v1/guest/votes", {{"choices", {"yes", "no"}}}, {{"origin", "https://evil.example"}}).rule(),
      "edge.cross_site");
  EXPECT_EQ(Send({in.cookies, ""}, "DELETE", "/v1/guest/session").rule(), "session.csrf");
  EXPECT_EQ(Send(in, "GET", "/v1/guest/meeting", {}, {{"cookie", in.cookies + "; " + in.cookies}}).status(), 401);
}

TEST_F(GuestEdgeTest, LinksThatDoNotHoldAreAnsweredAlikeToTheByte) {
  const std::string revoked = Token();
  EXPECT_EQ(Local("DELETE", PathOfLink()).status(), 200);
  const Answer of_revoked = Send({}, "POST", "/v1/guest/session", {{"token", revoked}});
  const Answer of_unknown = Send({}, "POST", "/v1/guest/session", {{"token", std::string(43, 'A')}});
  const std::string expired = Token();
  leuven.region.clock.Advance(std::chrono::days(30));
  const Answer of_expired = Send({}, "POST", "/v1/guest/session", {{"token", expired}});
  EXPECT_EQ(of_revoked.status(), 401);
  EXPECT_EQ(of_revoked.raw.body, of_unknown.raw.body);
  EXPECT_EQ(of_expired.raw.body, of_unknown.raw.body);
  EXPECT_EQ(of_revoked.raw.headers, of_unknown.raw.headers);
  EXPECT_THAT(of_unknown.body["next"].get<std::string>(), HasSubstr("Call the one who invited you"));
  const Answer dutch = Send({}, "POST", "/v1/guest/session", {{"token", expired}}, {{"accept-language", "nl"}});
  EXPECT_THAT(dutch.body["next"].get<std::string>(), HasSubstr("Bel wie u uitnodigde"));
}

TEST_F(GuestEdgeTest, GuessingLinksIsHeldOffAndSaysHowLong) {
  Answer answer;
  for (int i = 0; i < 32; ++i) answer = Send({}, "POST", "/v1/guest/session", {{"token", std::to_string(i)}});
  EXPECT_EQ(answer.status(), 429);
  EXPECT_EQ(answer.raw.headers.at("Retry-After"), "30");
}

TEST_F(GuestEdgeTest, ALinkOfOneMeetingNamesNoOther) {
  const std::string other = Propose("Andere");
  const Answer crossed = Local("POST", "/v1/tables/" + other + "/guests/" + guest + "/link", json::object());
  EXPECT_EQ(crossed.rule(), "meeting.guest");
  const Browser sam = In(Token());
  EXPECT_EQ(Send(sam, "GET", "/v1/guest/meeting?table=" + other).rule(), "request.unknown");
  EXPECT_EQ(Send(sam, "POST", "/v1/guest/votes", {{"choices", {"yes", "no"}}, {"table", other}}).rule(),
            "request.unknown");
}

TEST_F(GuestEdgeTest, ThatAGuestWasTakenOffCountsFromTheNextRequestOn) {
  const Browser sam = In(Token());
  EXPECT_EQ(Local("POST", "/v1/tables/" + table + "/guests/" + guest + "/removal", {{"why", "x"}}).status(), 201);
  EXPECT_EQ(Send(sam, "POST", "/v1/guest/votes", {{"choices", {"yes", "no"}}}).rule(), "guest.session");
  EXPECT_EQ(Local("GET", "/v1/tables/" + table + "/guests").body["guests"].size(), 0U);
}

TEST_F(GuestEdgeTest, TheConvenerSeesHowLinksStandAndNeverTheLinks) {
  const std::string token = Token();
  In(token);
  const Answer list = Local("GET", "/v1/tables/" + table + "/guests");
  ASSERT_EQ(list.body["guests"].size(), 1U);
  EXPECT_EQ(list.body["guests"][0]["link"], "holds");
  EXPECT_NE(list.body["guests"][0]["used_at"], nullptr);
  EXPECT_EQ(list.body["events"].size(), 2U);
  EXPECT_EQ(list.body["events"][0]["by"], "Nora");
  EXPECT_THAT(list.raw.body, Not(HasSubstr(token)));
}

TEST_F(GuestEdgeTest, WithoutAPublicAddressTheLinkNamesWhereTheEdgeListens) {
  options.edge->public_url.clear();
  api = Api::Open(leuven.youth_care, options, leuven.region.clock, leuven.region.random).value();
  const std::string link = Local("POST", PathOfLink(), json::object()).body["link"];
  EXPECT_TRUE(link.starts_with("https://0.0.0.0:8443/#/guest/")) << link;
}

// As bytes, over TLS.
TEST_F(GuestEdgeTest, OverTlsAGuestComesInWithTheTokenInTheBody) {
  schakel::testing::TemporaryFolder folder;
  options.socket = folder.path() / "api.sock";
  options.edge = EdgeOptions{
      .listen = "127.0.0.1:0", .certificate = folder.path() / "edge.crt", .key = folder.path() / "edge.key"};
  schakel::testing::WriteCertificate(options.edge->certificate, options.edge->key);
  const std::string token = Token();
  api.reset();
  auto server = StartApi(leuven.youth_care, options, leuven.region.clock, leuven.region.random);
  ASSERT_TRUE(server) << ToText(server.error());
  schakel::testing::TlsStream tls((*server)->port());
  const auto entered = tls.Ask("POST", "/v1/guest/session", json{{"token", token}}.dump(), {});
  ASSERT_EQ(entered.status, 201) << entered.body;
  const std::size_t at = entered.head.find("__Host-schakel-guest=");
  const std::string cookie = entered.head.substr(at, entered.head.find(';', at) - at);
  EXPECT_EQ(tls.Ask("GET", "/v1/guest/meeting", {}, {{"Cookie", cookie}}).status, 200);
  EXPECT_EQ(tls.Ask("GET", "/v1/status", {}, {{"Cookie", cookie}}).status, 401);
}

}  // namespace
}  // namespace schakel
