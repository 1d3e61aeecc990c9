// The API as people over the network meet it: who gets in, who may do what, and what happens once. Without sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "agents/api.h"
#include "support/api_document.h"
#include "support/authenticator.h"
#include "support/fake_engine.h"
#include "support/paths.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::FakeEngine;
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

// A browser, or a script, of somebody.
struct Client {
  std::string cookie;
  std::string csrf;
  std::string token;
  Authenticator app;
  std::string id;
};

// Let in: there is only no such alarm.
constexpr const char* kThrough = "alarm.unknown";

class EdgeTest : public ::testing::Test {
 protected:
  Leuven leuven;
  ApiOptions options{.socket = {},
                     .profiles = SourceDir() / "agents/profiles",
                     .edge = EdgeOptions{.listen = "0.0.0.0:0", .public_url = kSite},
                     .people = {.hash_passes = 1, .hash_memory_bytes = 8192}};
  std::unique_ptr<Api> api = Open();

  std::unique_ptr<Api> Open() {
    return Api::Open(leuven.youth_care, options, leuven.region.clock, leuven.region.random).value();
  }
  Answer Ask(ApiRequest request) {
    if (request.method == "POST") request.headers.emplace("content-type", "application/json");
    Answer answer{api->Handle(request), {}};
    test::ExpectDocumented(request.method, request.target, answer.raw);
    answer.body = json::parse(answer.raw.body, nullptr, false);
    return answer;
  }
  // Over the network, from a page of ours.
  Answer Send(const Client& client, const std::string& method, const std::string& target, const std::string& body,
              const Headers& more = {}) {
    Headers headers = {{"host", "schakel.dewissel.example"}, {"accept-language", "en"}};
    if (!client.cookie.empty()) headers["cookie"] = "a=b; __Host-schakel=" + client.cookie;
    if (!client.csrf.empty()) headers["schakel-csrf"] = client.csrf;
    if (!client.token.empty()) headers["authorization"] = "Bearer " + client.token;
    for (const auto& [name, value] : more) headers[name] = value;
    return Ask({method, target, headers, body, "192.0.2.7", ApiDoor::kTls});
  }
  Answer Get(const Client& client, const std::string& target, const Headers& more = {}) {
    return Send(client, "GET", target, {}, more);
  }
  Answer Post(const Client& client, const std::string& target, const json& body, const Headers& more = {}) {
    return Send(client, "POST", target, body.dump(), more);
  }
  // The user of the socket.
  Answer Local(const std::string& method, const std::string& target, const json& body = {}) {
    return Ask({method, target, {{"schakel-person", "systeem"}}, method == "POST" ? body.dump() : "", "root"});
  }
  static std::string CookieOf(const Answer& answer) {
    const std::string set = answer.raw.headers.at("Set-Cookie");
    const std::size_t begin = set.find('=') + 1;
    return set.substr(begin, set.find(';') - begin);
  }
  Answer LogIn(Client& client, const std::string& login) {
    leuven.region.clock.Advance(std::chrono::seconds(30));
    const Answer answer =
        Post({}, "/v1/login",
             {{"login", login}, {"password", kPassword}, {"code", client.app.Code(leuven.region.clock.Now())}});
    if (answer.status() == 200) {
      client.cookie = CookieOf(answer);
      client.csrf = answer.body["csrf"];
    }
    return answer;
  }
  // Invited on the socket, set up and logged in over the network.
  Client Person(const std::string& login, const json& roles) {
    Client client;
    const Answer invited = Local("POST", "/v1/people", {{"login", login}, {"name", "Mens " + login}, {"roles", roles}});
    EXPECT_EQ(invited.status(), 201) << invited.raw.body;
    client.id = invited.body["person"]["id"];
    const std::string invitation = invited.body["invitation"];
    EXPECT_EQ(invited.body["link"], std::string(kSite) + "/#/setup/" + invitation);
    const Answer setup = Post({}, "/v1/setup/look", {{"invitation", invitation}});
    client.app = Authenticator(setup.body["totp_secret"]);
    const Answer entered = Post(
        {}, "/v1/setup",
        {{"invitation", invitation}, {"password", kPassword}, {"code", client.app.Code(leuven.region.clock.Now())}});
    EXPECT_EQ(entered.status(), 200) << entered.raw.body;
    client.cookie = CookieOf(entered);
    client.csrf = entered.body["csrf"];
    return client;
  }
  static bool HeldOff(const Answer& answer) {
    return answer.rule() == "session.none" || answer.rule() == "guest.session" || answer.rule().starts_with("access.");
  }
};

// ---- Getting in ----
TEST_F(EdgeTest, TheCookieIsForThisHostAloneAndNoScriptReadsIt) {
  Client nora = Person("nora", {"worker"});
  const Answer entered = LogIn(nora, "nora");
  ASSERT_EQ(entered.status(), 200) << entered.raw.body;
  const std::string cookie = entered.raw.headers.at("Set-Cookie");
  EXPECT_TRUE(cookie.starts_with("__Host-schakel="));
  for (const char* part : {"; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"}) {
    EXPECT_THAT(cookie, HasSubstr(part));
  }
  EXPECT_THAT(entered.raw.body, Not(HasSubstr(nora.cookie)));
  EXPECT_EQ(Get(nora, "/v1/status").body["person"], "Mens nora");
}

TEST_F(EdgeTest, WhoDidNotLogInGetsNothing) {
  const Answer answer = Get({}, "/v1/status");
  EXPECT_EQ(answer.status(), 401);
  EXPECT_EQ(answer.rule(), "session.none");
  EXPECT_TRUE(answer.raw.headers.contains("WWW-Authenticate"));
  Client forged;
  forged.cookie = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  EXPECT_EQ(Get(forged, "/v1/status").status(), 401);
  forged.token = forged.cookie;
  EXPECT_EQ(Get(forged, "/v1/status").status(), 401);
}

TEST_F(EdgeTest, PersonAndRoleAreNeverWhatAHeaderSays) {
  const Client nora = Person("nora", {"worker", "auditor"});
  EXPECT_EQ(Get(nora, "/v1/status", {{"schakel-person", "Iemand Anders"}}).rule(), "caller.from_session");
  EXPECT_EQ(Get(nora, "/v1/status", {{"schakel-role", "administrator"}}).rule(), "access.role_not_held");
  EXPECT_EQ(Get(nora, "/v1/status", {{"schakel-role", "auditor"}}).status(), 200);
  EXPECT_EQ(Get(nora, "/v1/inbox", {{"schakel-role", "auditor"}}).rule(), "access.role") << "not in that role";
}

TEST_F(EdgeTest, AViewIsLoggedInTheLeastRoleThatMay) {
  const Client nora = Person("nora", {"worker", "coordinator", "auditor"});
  const Answer opened = Post(nora, "/v1/trajectories", {{"label", "Sam"}});
  ASSERT_EQ(opened.status(), 201) << opened.raw.body;
  const auto read = [&](const Headers& headers) {
    EXPECT_EQ(Get(nora, "/v1/trajectories", headers).status(), 200);
    return leuven.youth_care.views().back();
  };
  EXPECT_EQ(read({}).role, StaffRole::kWorker);
  EXPECT_EQ(read({{"schakel-role", "auditor"}}).role, StaffRole::kAuditor);
  EXPECT_EQ(leuven.youth_care.NameOf(read({}).person), "Mens nora");
}

TEST_F(EdgeTest, ARequestThatAnotherSiteCausedIsRefused) {
  const Client nora = Person("nora", {"worker"});
  struct Case {
    const char* name;
    Headers headers;
    const char* rule;  // Empty: it goes through.
  };
  Client without = nora;
  without.csrf.clear();
  const Case cases[] = {
      {"from our page", {{"origin", kSite}, {"sec-fetch-site", "same-origin"}}, ""},
      {"no browser", {}, ""},
      {"typed", {{"sec-fetch-site", "none"}}, ""},
      {"another site", {{"sec-fetch-site", "cross-site"}}, "edge.cross_site"},
      {"a sister site", {{"sec-fetch-site", "same-site"}}, "edge.cross_site"},
      {"another origin", {{"origin", "https://evil.example"}}, "edge.cross_site"},
      {"our name as a part", {{"origin", "https://schakel.dewissel.example.evil.example"}}, "edge.cross_site"},
      {"an opaque origin", {{"origin", "null"}}, "edge.cross_site"},
      {"the same name without TLS", {{"origin", "http://schakel.dewissel.example"}}, "edge.cross_site"},
      {"another host", {{"host", "rebound.example"}}, "edge.host"},
      {"no host", {{"host", ""}}, "edge.host"},
      {"the port of TLS", {{"host", "schakel.dewissel.example:443"}}, ""},
      {"this machine", {{"host", "localhost:8443"}, {"origin", "https://localhost:8443"}}, ""},
      {"a name of this machine", {{"host", "lotte.localhost:8443"}, {"origin", "https://lotte.localhost:8443"}}, ""},
      {"another name of this machine",
       {{"host", "lotte.localhost"}, {"origin", "https://an.localhost"}},
       "edge.cross_site"},
      {"ends like this machine", {{"host", "evillocalhost:8443"}}, "edge.host"},
      {"looks like this machine", {{"host", "localhost.evil.example"}}, "edge.host"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const std::string through = *c.rule == '\0' ? kThrough : c.rule;
    EXPECT_EQ(Post(nora, "/v1/alarms/seen", {{"number", 0}}, c.headers).rule(), through);
    EXPECT_EQ(Get(nora, "/v1/status", c.headers).rule(), c.rule);
  }
  EXPECT_EQ(Get(nora, "/v1/status", {{"host", "rebound.example"}}).status(), 421);
}

TEST_F(EdgeTest, APostNeedsTheValueThatIsBoundToTheSession) {
  Client nora = Person("nora", {"worker"});
  const Client jan = Person("jan", {"worker"});
  const auto rule = [&](const std::string& csrf) {
    Client client = nora;
    client.csrf = csrf;
    return Post(client, "/v1/alarms/seen", {{"number", 0}}).rule();
  };
  EXPECT_EQ(rule(""), "session.csrf");
  EXPECT_EQ(rule(jan.csrf), "session.csrf") << "somebody else's";
  EXPECT_EQ(rule(std::string(64, '0')), "session.csrf");
  EXPECT_EQ(rule(Get(nora, "/v1/session").body["csrf"]), kThrough);
  const std::string before = nora.csrf;
  LogIn(nora, "nora");
  EXPECT_EQ(rule(before), "session.csrf") << "of an earlier session";
}

TEST_F(EdgeTest, ACookieThatStandsThereTwiceIsNone) {
  const Client nora = Person("nora", {"worker"});
  const Headers twice = {{"cookie", "__Host-schakel=x; __Host-schakel=" + nora.cookie}};
  EXPECT_EQ(Get({}, "/v1/status", twice).status(), 401);
}

TEST_F(EdgeTest, LoggingOutEndsTheSession) {
  const Client nora = Person("nora", {"worker"});
  const Answer out = Post(nora, "/v1/logout", json::object());
  EXPECT_EQ(out.status(), 200);
  EXPECT_THAT(out.raw.headers.at("Set-Cookie"), HasSubstr("Max-Age=0"));
  EXPECT_EQ(Get(nora, "/v1/status").status(), 401);
}

TEST_F(EdgeTest, GuessingIsHeldOffAndSaysHowLong) {
  Client nora = Person("nora", {"worker"});
  for (int i = 0; i < 6; ++i) {
    const Answer answer = Post({}, "/v1/login", {{"login", "nora"}, {"password", "x"}, {"code", "1"}});
    EXPECT_EQ(answer.status(), 401);
    EXPECT_EQ(answer.rule(), "login.refused");
  }
  const Answer held = Post({}, "/v1/login", {{"login", "nora"}, {"password", kPassword}, {"code", "1"}});
  EXPECT_EQ(held.status(), 429);
  EXPECT_EQ(held.raw.headers.at("Retry-After"), "30");
  EXPECT_EQ(LogIn(nora, "nora").status(), 200) << "half a minute later";
}

TEST_F(EdgeTest, WhoIsNotInYetLearnsHowToGetInAndNothingElse) {
  EXPECT_EQ(Get({}, "/v1/signin").body, (json{{"password", true}, {"oidc", nullptr}}));
  options.oidc = OidcOptions{.issuer = "https://login.dewissel.example/realm", .client = "schakel"};
  api = Open();
  EXPECT_EQ(Get({}, "/v1/signin").body, (json{{"password", true}, {"oidc", {{"name", "login.dewissel.example"}}}}));
  options.oidc->display_name = "Aanmelden bij De Wissel";
  api = Open();
  EXPECT_EQ(Get({}, "/v1/signin").body, (json{{"password", true}, {"oidc", {{"name", "Aanmelden bij De Wissel"}}}}));
  EXPECT_EQ(Get({}, "/v1/signin?all=true").rule(), "request.unknown");
  EXPECT_EQ(Local("GET", "/v1/signin").rule(), "login.local");
}

TEST_F(EdgeTest, ABrowserThatComesBackInVainIsShownThePageAndAScriptTheProblem) {
  const Headers browser = {{"accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}};
  const Answer off = Get({}, "/v1/oidc/callback?state=x&code=y", browser);
  EXPECT_EQ(off.status(), 303);
  EXPECT_EQ(off.raw.headers.at("Location"), "/#/signin?problem=oidc.off");
  options.oidc = OidcOptions{.issuer = "https://login.dewissel.example", .client = "schakel"};
  api = Open();
  const Answer shown = Get({}, "/v1/oidc/callback?state=secret-state&code=secret-code", browser);
  EXPECT_EQ(shown.status(), 303);
  EXPECT_EQ(shown.raw.headers.at("Location"), "/#/signin?problem=oidc.flow");
  EXPECT_EQ(shown.raw.headers.at("Cache-Control"), "no-store");
  EXPECT_FALSE(shown.raw.headers.contains("Set-Cookie"));
  EXPECT_EQ(shown.raw.body, "") << "no details";
  for (const char* accept : {"", "*/*", "application/json"}) {
    const Answer told = Get({}, "/v1/oidc/callback?state=x&code=y", {{"accept", accept}});
    EXPECT_EQ(told.status(), 401) << accept;
    EXPECT_EQ(told.rule(), "oidc.flow") << accept;
  }
  Headers elsewhere = browser;
  elsewhere["host"] = "rebound.example";
  EXPECT_EQ(Get({}, "/v1/oidc/callback?state=x&code=y", elsewhere).status(), 421) << "not our page under another name";
  EXPECT_EQ(Get({}, "/v1/session", browser).status(), 401) << "nowhere else";
}

// ---- Who may do what ----
// W(orker) C(oordinator) A(uditor) S(ystem administrator); "G": a guest; "*": anybody. Apart from the product's own
// table: when that one changes, somebody has to say so here too.
const std::map<std::string, std::string>& Expected() {
  static const std::map<std::string, std::string> kExpected = {
      {"DELETE /v1/guest/session", "G"},
      {"DELETE /v1/tables/{table}/guests/{guest}/link", "WC"},
      {"DELETE /v1/uploads/{upload}", "WC"},
      {"GET /v1/account/passes", "WCAS"},
      {"GET /v1/guest/consents", "G"},
      {"GET /v1/guest/meeting", "G"},
      {"GET /v1/guest/meeting.ics", "G"},
      {"GET /v1/guest/report", "G"},
      {"GET /v1/tables/{table}/guests", "WC"},
      {"POST /v1/guest/answer", "G"},
      {"POST /v1/guest/consents/{grant}/withdrawal", "G"},
      {"POST /v1/guest/session", "*"},
      {"POST /v1/guest/votes", "G"},
      {"POST /v1/tables/{table}/guests", "WC"},
      {"POST /v1/tables/{table}/guests/{guest}/link", "WC"},
      {"POST /v1/tables/{table}/guests/{guest}/removal", "WC"},
      {"GET /v1/alarms", "WCAS"},
      {"GET /v1/attachments/{attachment}/content", "WC"},
      {"GET /v1/audit", "WCA"},
      {"GET /v1/consents/{id}", "WCA"},
      {"GET /v1/consultations", "WC"},
      {"GET /v1/consultations/{consultation}", "WC"},
      {"GET /v1/consultations/{consultation}/receipts", "WC"},
      {"GET /v1/erasures", "WCAS"},
      {"GET /v1/events", "WCAS"},
      {"GET /v1/follows", "WC"},
      {"GET /v1/grants", "WCA"},
      {"GET /v1/grants/{grant}", "WCA"},
      {"GET /v1/inbox", "WC"},
      {"GET /v1/invitations", "WC"},
      {"GET /v1/keys", "S"},
      {"GET /v1/notices", "WC"},
      {"GET /v1/trajectories/{trajectory}/hearings", "WC"},
      {"POST /v1/trajectories/{trajectory}/hearings", "WC"},
      {"POST /v1/hearings/{hearing}/edit", "WC"},
      {"GET /v1/trajectories/{trajectory}/conferences", "WC"},
      {"POST /v1/trajectories/{trajectory}/conferences", "WC"},
      {"POST /v1/conferences/{conference}/phase", "WC"},
      {"POST /v1/family-plans/{plan}/answer", "WC"},
      {"GET /v1/trajectories/{trajectory}/supporters", "WC"},
      {"POST /v1/trajectories/{trajectory}/supporters/messages", "WC"},
      {"GET /v1/guest/conference", "G"},
      {"POST /v1/guest/conference/notes", "G"},
      {"DELETE /v1/guest/conference/notes", "G"},
      {"DELETE /v1/guest/conference/notes/{note}", "G"},
      {"POST /v1/guest/conference/plan", "G"},
      {"GET /v1/guest/commitments", "G"},
      {"POST /v1/guest/commitments/{commitment}/progress", "G"},
      {"POST /v1/guest/commitments/{commitment}/signature", "G"},
      {"GET /v1/guest/messages", "G"},
      {"GET /v1/guest/offers", "G"},
      {"POST /v1/guest/messages", "G"},
      {"GET /v1/trajectories/{trajectory}/reviews", "WC"},
      {"GET /v1/trajectories/{trajectory}/rings", "WC"},
      {"POST /v1/trajectories/{trajectory}/rings", "WC"},
      {"GET /v1/trajectories/{trajectory}/court-plans", "WC"},
      {"POST /v1/trajectories/{trajectory}/court-plans", "WC"},
      {"POST /v1/court-plans/{plan}/edit", "WC"},
      {"POST /v1/court-plans/{plan}/handover", "WC"},
      {"GET /v1/trajectories/{trajectory}/aftercare", "WC"},
      {"POST /v1/trajectories/{trajectory}/aftercare", "WC"},
      {"POST /v1/trajectories/{trajectory}/aftercare/contacts", "WC"},
      {"POST /v1/aftercare/{contact}/edit", "WC"},
      {"POST /v1/aftercare/{contact}/done", "WC"},
      {"GET /v1/trajectories/{trajectory}/adulthood", "WC"},
      {"POST /v1/trajectories/{trajectory}/adulthood", "WC"},
      {"POST /v1/adulthood/{plan}/edit", "WC"},
      {"GET /v1/trajectories/{trajectory}/subjects", "WC"},
      {"POST /v1/trajectories/{trajectory}/subjects", "WC"},
      {"DELETE /v1/subjects/{tie}", "WC"},
      {"GET /v1/duty", "WC"},
      {"POST /v1/duty/turns", "C"},
      {"DELETE /v1/duty/turns/{turn}", "C"},
      {"GET /v1/oidc/callback", "*"},
      {"GET /v1/oidc/start", "*"},
      {"GET /v1/openapi.json", "*"},
      {"GET /v1/organisations", "WCAS"},
      {"GET /v1/people", "S"},
      {"GET /v1/people/{person}", "S"},
      {"GET /v1/people/{person}/lock", "S"},
      {"GET /v1/people/{person}/passes", "S"},
      {"GET /v1/profiles", "WCAS"},
      {"GET /v1/ceilings", "WCAS"},
      {"GET /v1/records/{record}", "WC"},
      {"GET /v1/records/{record}/unsealed-content", "A"},
      {"GET /v1/retention", "WCAS"},
      {"GET /v1/sealed", "WCA"},
      {"GET /v1/session", "WCAS"},
      {"GET /v1/signin", "*"},
      {"GET /v1/status", "WCAS"},
      {"GET /v1/tables", "WC"},
      {"GET /v1/tables/{table}", "WC"},
      {"GET /v1/tables/{table}/calendar", "WC"},
      {"GET /v1/trajectories", "WCA"},
      {"GET /v1/trajectories/{trajectory}", "WCA"},
      {"GET /v1/trajectories/{trajectory}/accesses", "WCA"},
      {"GET /v1/trajectories/{trajectory}/agreements", "WC"},
      {"GET /v1/trajectories/{trajectory}/archive", "WC"},
      {"GET /v1/trajectories/{trajectory}/dossier.html", "WC"},
      {"GET /v1/trajectories/{trajectory}/fhir", "WC"},
      {"GET /v1/trajectories/{trajectory}/changes", "WC"},
      {"GET /v1/trajectories/{trajectory}/evidence", "WCA"},
      {"GET /v1/trajectories/{trajectory}/grants", "WCA"},
      {"GET /v1/trajectories/{trajectory}/notes", "WC"},
      {"GET /v1/trajectories/{trajectory}/report", "WCA"},
      {"GET /v1/trajectories/{trajectory}/requests", "WC"},
      {"GET /v1/trajectories/{trajectory}/tasks", "WCA"},
      {"GET /v1/trajectories/{trajectory}/attachments", "WC"},
      {"GET /v1/uploads", "WC"},
      {"GET /v1/uploads/{upload}", "WC"},
      {"GET /v1/vocabulary", "WCAS"},
      {"GET /v1/webhooks", "S"},
      {"POST /v1/account/passes/{pass}/revoke", "WCAS"},
      {"POST /v1/account/password", "WCAS"},
      {"POST /v1/account/recovery-codes", "WCAS"},
      {"POST /v1/account/tokens", "WCAS"},
      {"POST /v1/account/totp", "WCAS"},
      {"POST /v1/account/totp/confirmation", "WCAS"},
      {"POST /v1/alarms/seen", "WCAS"},
      {"POST /v1/calendar", "WC"},
      {"POST /v1/consultations", "WC"},
      {"POST /v1/consultations/{consultation}/answers", "WC"},
      {"POST /v1/consultations/{consultation}/conclusion", "WC"},
      {"POST /v1/consultations/{consultation}/reveals", "WC"},
      {"POST /v1/consultations/{consultation}/uploads", "WC"},
      {"POST /v1/grants/{grant}/narrowing", "WC"},
      {"POST /v1/grants/{grant}/review", "WC"},
      {"POST /v1/grants/{grant}/withdrawal", "WC"},
      {"POST /v1/inbox/seen", "WC"},
      {"POST /v1/keys/rotate", "S"},
      {"POST /v1/import/people", "S"},
      {"POST /v1/import/trajectories", "C"},
      {"POST /v1/login", "*"},
      {"POST /v1/logout", "WCAS"},
      {"POST /v1/notices", "WC"},
      {"POST /v1/people", "S"},
      {"POST /v1/people/{person}", "S"},
      {"POST /v1/people/{person}/passes/revoke", "S"},
      {"POST /v1/people/{person}/passes/{pass}/revoke", "S"},
      {"POST /v1/people/{person}/reset", "S"},
      {"POST /v1/people/{person}/tokens", ""},
      {"POST /v1/people/{person}/unlock", "S"},
      {"POST /v1/records/{record}/exception", "WC"},
      {"POST /v1/records/{record}/shares", "WC"},
      {"POST /v1/records/{record}/unsealing", "A"},
      {"POST /v1/search", "WC"},
      {"POST /v1/setup", "*"},
      {"POST /v1/setup/look", "*"},
      {"POST /v1/tables/{table}/answers", "WC"},
      {"POST /v1/tables/{table}/cancellation", "WC"},
      {"POST /v1/tables/{table}/date", "WC"},
      {"POST /v1/tables/{table}/family", "WC"},
      {"POST /v1/tables/{table}/guests/{guest}/answers", "WC"},
      {"POST /v1/tables/{table}/guests/{guest}/votes", "WC"},
      {"POST /v1/tables/{table}/report", "WC"},
      {"POST /v1/tables/{table}/terms", "WC"},
      {"POST /v1/tables/{table}/votes", "WC"},
      {"POST /v1/trajectories", "WC"},
      {"POST /v1/trajectories/{trajectory}/agreements", "WC"},
      {"POST /v1/trajectories/{trajectory}/close", "C"},
      {"GET /v1/trajectories/{trajectory}/referrals", "WC"},
      {"POST /v1/trajectories/{trajectory}/referrals", "WC"},
      {"POST /v1/referrals/{referral}/answer", "WC"},
      {"POST /v1/referrals/{referral}/withdrawal", "WC"},
      {"GET /v1/trajectories/{trajectory}/commitments", "WC"},
      {"POST /v1/trajectories/{trajectory}/commitments", "WC"},
      {"POST /v1/commitments/{commitment}/edit", "WC"},
      {"POST /v1/commitments/{commitment}/signature", "WC"},
      {"POST /v1/commitments/{commitment}/court-copy", "WC"},
      {"POST /v1/commitments/{commitment}/handover", "WC"},
      {"GET /v1/trajectories/{trajectory}/goals", "WC"},
      {"POST /v1/trajectories/{trajectory}/goals", "WC"},
      {"POST /v1/goals/{goal}/edit", "WC"},
      {"POST /v1/goals/{goal}/progress", "WC"},
      {"POST /v1/goals/{goal}/review", "WC"},
      {"GET /v1/trajectories/{trajectory}/criteria", "WC"},
      {"POST /v1/trajectories/{trajectory}/criteria", "WC"},
      {"POST /v1/criteria/{criterion}/edit", "WC"},
      {"POST /v1/criteria/{criterion}/judgement", "WC"},
      {"GET /v1/trajectories/{trajectory}/actions", "WC"},
      {"POST /v1/trajectories/{trajectory}/actions", "WC"},
      {"POST /v1/actions/{action}/edit", "WC"},
      {"POST /v1/actions/{action}/done", "WC"},
      {"POST /v1/trajectories/{trajectory}/erasure", "C"},
      {"POST /v1/trajectories/{trajectory}/lead/offer", "C"},
      {"POST /v1/trajectories/{trajectory}/lead/acceptance", "C"},
      {"POST /v1/trajectories/{trajectory}/lead/refusal", "C"},
      {"POST /v1/trajectories/{trajectory}/lead/withdrawal", "C"},
      {"POST /v1/trajectories/{trajectory}/erasure/agreement", "C"},
      {"POST /v1/trajectories/{trajectory}/erasure/confirmation", "C"},
      {"POST /v1/trajectories/{trajectory}/changes/seen", "WC"},
      {"POST /v1/trajectories/{trajectory}/follow", "WC"},
      {"POST /v1/trajectories/{trajectory}/frames", "WC"},
      {"POST /v1/trajectories/{trajectory}/grants", "WC"},
      {"POST /v1/trajectories/{trajectory}/introductions", "WC"},
      {"POST /v1/trajectories/{trajectory}/invitations", "WC"},
      {"POST /v1/trajectories/{trajectory}/join", "WC"},
      {"POST /v1/trajectories/{trajectory}/leave", "C"},
      {"POST /v1/trajectories/{trajectory}/notes", "WC"},
      {"POST /v1/trajectories/{trajectory}/removals", "C"},
      {"POST /v1/trajectories/{trajectory}/requests", "WC"},
      {"POST /v1/trajectories/{trajectory}/stage", "WC"},
      {"POST /v1/trajectories/{trajectory}/tables", "WC"},
      {"POST /v1/trajectories/{trajectory}/tasks", "C"},
      {"POST /v1/trajectories/{trajectory}/tasks/ended", "C"},
      {"POST /v1/trajectories/{trajectory}/unfollow", "WC"},
      {"POST /v1/trajectories/{trajectory}/uploads", "WC"},
      {"POST /v1/uploads/{upload}/finish", "WC"},
      {"POST /v1/webhooks", "S"},
      {"POST /v1/webhooks/{webhook}/removal", "S"},
      {"PUT /v1/uploads/{upload}", "WC"},
      {"GET /v1/trajectories/{trajectory}/network", "WC"},
      {"POST /v1/trajectories/{trajectory}/figures", "WC"},
      {"POST /v1/figures/{figure}/edit", "WC"},
      {"POST /v1/trajectories/{trajectory}/ties", "WC"},
      {"GET /v1/trajectories/{trajectory}/genogram", "WC"},
      {"POST /v1/trajectories/{trajectory}/kinships", "WC"},
      {"POST /v1/kinships/{kinship}/edit", "WC"},
      {"POST /v1/trajectories/{trajectory}/genogram/import", "WC"},
      {"GET /v1/trajectories/{trajectory}/lifeline", "WC"},
      {"POST /v1/trajectories/{trajectory}/lifeline", "WC"},
      {"POST /v1/life-events/{event}/edit", "WC"},
      {"GET /v1/trajectories/{trajectory}/intake", "WC"},
      {"POST /v1/trajectories/{trajectory}/intake", "WC"},
      {"GET /v1/trajectories/{trajectory}/circular", "WC"},
      {"POST /v1/trajectories/{trajectory}/circular", "WC"},
      {"POST /v1/circular-questions/{question}/answer", "WC"},
      {"GET /v1/trajectories/{trajectory}/network/overlay", "WC"},
      {"POST /v1/trajectories/{trajectory}/network/repairs", "WC"},
      {"GET /v1/trajectories/{trajectory}/network.json", "WC"},
      {"GET /v1/trajectories/{trajectory}/genogram.ged", "WC"},
      {"GET /v1/trajectories/{trajectory}/ecogram.svg", "WC"},
      {"GET /v1/trajectories/{trajectory}/genogram.svg", "WC"},
      {"GET /v1/trajectories/{trajectory}/lifeline.svg", "WC"},
      {"GET /v1/partnerships", "WC"},
      {"POST /v1/partnerships", "WC"},
      {"POST /v1/partnerships/{partnership}/edit", "WC"},
      {"DELETE /v1/partnerships/{partnership}", "WC"},
      {"GET /v1/partnerships/agreements", "WC"},
      {"POST /v1/partnerships/{partnership}/agreements", "C"},
      {"POST /v1/partnerships/{partnership}/end", "C"},
      {"GET /v1/structural-consultations", "WC"},
      {"POST /v1/structural-consultations", "WC"},
      {"POST /v1/structural-consultations/{meeting}/edit", "WC"},
      {"DELETE /v1/structural-consultations/{meeting}", "WC"},
      {"GET /v1/parents-groups", "WC"},
      {"POST /v1/parents-groups", "WC"},
      {"POST /v1/parents-groups/{group}/edit", "WC"},
      {"GET /v1/parents-groups/{group}/sessions", "WC"},
      {"POST /v1/parents-groups/{group}/sessions", "WC"},
      {"POST /v1/parents-sessions/{session}/edit", "WC"},
      {"DELETE /v1/parents-sessions/{session}", "WC"},
      {"GET /v1/visits", "WC"},
      {"POST /v1/visits", "WC"},
      {"POST /v1/visits/{visit}/extension", "WC"},
      {"POST /v1/visits/{visit}/checkout", "WC"},
      {"GET /v1/effects", "CA"},
      {"GET /v1/effects.csv", "CA"},
      {"GET /v1/trajectories/{trajectory}/modules", "WC"},
      {"POST /v1/trajectories/{trajectory}/modules", "WC"},
      {"POST /v1/modules/{switch}/edit", "WC"},
      {"GET /v1/trajectories/{trajectory}/contacts", "WC"},
      {"POST /v1/trajectories/{trajectory}/contacts", "WC"},
      {"GET /v1/trajectories/{trajectory}/contacts/weeks", "WC"},
      {"GET /v1/trajectories/{trajectory}/alerts", "WC"},
      {"GET /v1/places", "WC"},
      {"POST /v1/places", "WC"},
      {"GET /v1/places/{place}", "WC"},
      {"POST /v1/places/{place}/holds", "WC"},
      {"POST /v1/places/{place}/closing", "WC"},
      {"POST /v1/holds/{hold}/answer", "WC"},
      {"POST /v1/holds/{hold}/release", "WC"},
      {"GET /v1/holds/{hold}/enrolment", "WC"},
      {"POST /v1/holds/{hold}/enrolment", "WC"},
      {"GET /v1/trajectories/{trajectory}/school-reports", "WC"},
      {"POST /v1/trajectories/{trajectory}/school-reports", "WC"},
      {"GET /v1/school/queue", "WC"},
      {"GET /v1/school-reports/{report}", "WC"},
      {"POST /v1/school-reports/{report}/steps", "WC"},
      {"GET /v1/school/board", "CA"},
      {"GET /v1/school/board.csv", "CA"},
      {"GET /v1/school/open-days", "WC"},
      {"POST /v1/school/open-days", "WC"},
      {"POST /v1/school/open-days/{day}/edit", "WC"},
      {"DELETE /v1/school/open-days/{day}", "WC"},
      {"GET /v1/school/boards", "WC"},
      {"POST /v1/school/boards", "C"},
      {"GET /v1/school/boards/{board}", "WC"},
      {"GET /v1/learning-cases", "WC"},
      {"POST /v1/learning-cases", "WC"},
      {"GET /v1/learning-cases/{case}", "WC"},
      {"POST /v1/learning-cases/{case}/comments", "WC"},
      {"POST /v1/learning-cases/{case}/withdrawal", "WC"},
      {"POST /v1/agreements/{agreement}/alerts", "WC"},
      {"POST /v1/alerts/{alert}/withdrawal", "WC"},
  };
  return kExpected;
}
// What a stolen token must not be able to do.
bool ForSessionsAlone(const std::string& route) {
  return route.find("/v1/people") != std::string::npos || route.find("/v1/account") != std::string::npos ||
         route.find("/v1/keys") != std::string::npos || route.find("/v1/webhooks") != std::string::npos ||
         route == "POST /v1/notices" || route == "POST /v1/logout" ||
         route == "POST /v1/tables/{table}/guests/{guest}/link" || route == "POST /v1/import/people";
}

TEST_F(EdgeTest, EveryRouteIsForWhomItIsForAndForNobodyElse) {
  struct Role {
    char letter;
    const char* slug;
    Client session, token, reader;
  };
  Role roles[] = {{'W', "worker", {}, {}, {}},
                  {'C', "coordinator", {}, {}, {}},
                  {'A', "auditor", {}, {}, {}},
                  {'S', "administrator", {}, {}, {}}};
  for (Role& role : roles) {
    role.session = Person(role.slug, {role.slug});
    for (const bool reads_only : {false, true}) {
      const Answer issued = Post(
          role.session, "/v1/account/tokens",
          {{"label", "x"}, {"roles", {role.slug}}, {"reads_only", reads_only}, {"expires_at", "2026-12-01T00:00:00Z"}});
      ASSERT_EQ(issued.status(), 201) << issued.raw.body;
      (reads_only ? role.reader : role.token).token = issued.body["token"];
    }
  }
  for (const std::string& route : ApiRoutes()) {
    SCOPED_TRACE(route);
    const auto expected = Expected().find(route);
    ASSERT_NE(expected, Expected().end()) << "say here and in agents/api/permissions.cc who may use it";
    EXPECT_EQ(ApiAccess(route), expected->second);
    const std::size_t space = route.find(' ');
    const std::string method = route.substr(0, space);
    std::string target = route.substr(space + 1);
    for (std::size_t open = target.find('{'); open != std::string::npos; open = target.find('{')) {
      target.replace(open, target.find('}') - open + 1, std::string(32, 'f'));
    }
    // A body that no route takes: whoever is let through is told that, and nothing is done.
    const json nonsense = {{"no_such_field", 1}};
    const bool open = expected->second == "*";
    EXPECT_EQ(HeldOff(Send({}, method, target, nonsense.dump())), !open) << "nobody";
    for (const Role& role : roles) {
      SCOPED_TRACE(role.slug);
      const bool may = open || expected->second.find(role.letter) != std::string::npos;
      EXPECT_EQ(HeldOff(Send(role.session, method, target, nonsense.dump())), !may) << "session";
      const bool token_may = may && !ForSessionsAlone(route);
      EXPECT_EQ(HeldOff(Send(role.token, method, target, nonsense.dump())), !token_may) << "token";
      const bool reader_may = token_may && (method == "GET" || route == "POST /v1/search" || open);
      EXPECT_EQ(HeldOff(Send(role.reader, method, target, nonsense.dump())), !reader_may) << "reading token";
      // A session that ended with the request itself, or by it, would hide the next one.
      ASSERT_EQ(Get(role.session, "/v1/session").status(), 200);
    }
  }
}

TEST_F(EdgeTest, ASessionIsKnownByItsBrowser) {
  Client nora = Person("nora", {"worker"});
  const auto label = [&](const std::string& program) -> std::string {
    leuven.region.clock.Advance(std::chrono::seconds(30));
    const json login = {{"login", "nora"}, {"password", kPassword}, {"code", nora.app.Code(leuven.region.clock.Now())}};
    const Answer entered = Post({}, "/v1/login", login, {{"user-agent", program}});
    EXPECT_EQ(entered.status(), 200) << entered.raw.body;
    nora.cookie = CookieOf(entered);
    const json passes = Get(nora, "/v1/account/passes").body["passes"];
    return *std::ranges::find_if(passes, [](const json& one) { return one["current"] == true; })->find("label");
  };
  EXPECT_EQ(label("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"),
            "192.0.2.7 · Firefox, Windows");
  EXPECT_EQ(label("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 "
                  "Safari/537.36 Edg/126.0"),
            "192.0.2.7 · Edge, Windows");
  EXPECT_EQ(
      label("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1"),
      "192.0.2.7 · Safari, iPhone");
  EXPECT_EQ(label("curl/8.5"), "192.0.2.7 · curl/8.5");
  EXPECT_EQ(label(""), "192.0.2.7");
}

TEST_F(EdgeTest, AnAdministratorWhoLetsItselfInIsSeen) {
  const Client admin = Person("jan", {"administrator"});
  const auto take = [&](const json& roles) {
    const std::string tag = Get(admin, "/v1/people/jan").raw.headers.at("ETag");
    return Post(admin, "/v1/people/jan", {{"roles", roles}}, {{"if-match", tag}}).status();
  };
  const auto alarms = [&] { return Get(admin, "/v1/alarms").raw.body; };
  Person("nora", {"worker"});
  EXPECT_EQ(take({"administrator"}), 200);
  EXPECT_THAT(alarms(), Not(HasSubstr("people.own_roles"))) << "nothing that opens a file";
  EXPECT_EQ(take({"administrator", "worker"}), 200);
  EXPECT_THAT(alarms(), HasSubstr("people.own_roles"));
  EXPECT_THAT(alarms(), Not(HasSubstr("Mens jan"))) << "and names nobody";
}

TEST_F(EdgeTest, ARefusalSaysRuleAndNextStepInTheReadersLanguage) {
  const Client nora = Person("nora", {"worker"});
  for (const char* language : {"nl", "en"}) {
    const Answer answer = Get(nora, "/v1/people", {{"accept-language", language}});
    EXPECT_EQ(answer.status(), 403);
    EXPECT_EQ(answer.raw.headers.at("Content-Type"), "application/problem+json");
    EXPECT_EQ(answer.raw.headers.at("Content-Language"), language);
    EXPECT_EQ(answer.body["type"], "urn:schakel:rule:access.role");
    EXPECT_THAT(answer.body["next"].get<std::string>(),
                HasSubstr(std::string(language) == "nl" ? "beheerder" : "administrator"));
  }
}

TEST_F(EdgeTest, EveryAnswerCarriesTheHeadersThatBrowsersHeed) {
  const Client nora = Person("nora", {"worker"});
  for (const Answer& answer : {Get(nora, "/v1/status"), Get({}, "/v1/status"), Get(nora, "/v1/nothing")}) {
    const Headers& headers = answer.raw.headers;
    EXPECT_THAT(headers.at("Content-Security-Policy"), HasSubstr("default-src 'none'"));
    EXPECT_EQ(headers.at("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(headers.at("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(headers.at("Cache-Control"), "no-store");
    EXPECT_THAT(headers.at("Strict-Transport-Security"), HasSubstr("max-age="));
  }
  const std::string broken = AnswerBytes(*api, "\x16\x03\x01 hello\r\n\r\n", "192.0.2.7", ApiDoor::kTls);
  EXPECT_THAT(broken, HasSubstr("Content-Security-Policy: default-src 'none'"));
  EXPECT_THAT(Local("GET", "/v1/status").raw.headers,
              Not(::testing::Contains(::testing::Key("Strict-Transport-Security"))));
}

// ---- Accounts ----
TEST_F(EdgeTest, AnAdministratorManagesAccountsAndSeesNoWork) {
  const Client admin = Person("it", {"administrator"});
  Client nora = Person("nora", {"worker"});
  EXPECT_EQ(Get(admin, "/v1/inbox").rule(), "access.role");
  const Answer list = Get(admin, "/v1/people");
  ASSERT_EQ(list.body["people"].size(), 2U);
  EXPECT_EQ(list.body["people"][1]["login"], "nora");
  const Answer shown = Get(admin, "/v1/people/nora");
  const std::string tag = shown.raw.headers.at("ETag");
  const json coordinator = {{"roles", {"coordinator"}}};
  EXPECT_EQ(Post(admin, "/v1/people/nora", coordinator).status(), 428) << "without saying what it saw";
  EXPECT_EQ(Post(admin, "/v1/people/nora", coordinator, {{"if-match", "\"x\""}}).status(), 412);
  EXPECT_EQ(Post(admin, "/v1/people/nora", coordinator, {{"if-match", tag}}).status(), 200);
  EXPECT_EQ(Post(admin, "/v1/people/nora", coordinator, {{"if-match", tag}}).status(), 412) << "it has changed";
  EXPECT_EQ(Get(nora, "/v1/session").body["roles"], json({"coordinator"})) << "from the next request on";
  EXPECT_EQ(Get(nora, "/v1/session").body["pass"]["roles"], json({"coordinator"})) << "no more than the account has";
  const std::string fresh = Get(admin, "/v1/people/nora").raw.headers.at("ETag");
  EXPECT_EQ(Post(admin, "/v1/people/nora", {{"state", "deactivated"}}, {{"if-match", fresh}}).status(), 200);
  EXPECT_EQ(Get(nora, "/v1/session").status(), 401);
  EXPECT_EQ(LogIn(nora, "nora").rule(), "login.refused");
}

TEST_F(EdgeTest, PassesAreListedAndRevokedByTheirOwnerAndAnAdministrator) {
  const Client admin = Person("it", {"administrator"});
  Client nora = Person("nora", {"worker"});
  const Client before = nora;
  LogIn(nora, "nora");
  const Answer mine = Get(nora, "/v1/account/passes");
  ASSERT_EQ(mine.body["passes"].size(), 2U);
  const std::string first = mine.body["passes"][0]["id"];
  EXPECT_EQ(mine.body["passes"][1]["current"], true);
  const Answer others = Get(admin, "/v1/people/it/passes");
  const std::string admins = others.body["passes"][0]["id"];
  EXPECT_EQ(Post(nora, "/v1/account/passes/" + admins + "/revoke", json::object()).status(), 404) << "not one's own";
  EXPECT_EQ(Post(nora, "/v1/account/passes/" + first + "/revoke", json::object()).status(), 200);
  EXPECT_EQ(Get(before, "/v1/session").status(), 401);
  EXPECT_EQ(Post(admin, "/v1/people/nora/passes/revoke", json::object()).status(), 200);
  EXPECT_EQ(Get(nora, "/v1/session").status(), 401);
}

TEST_F(EdgeTest, APersonTakesANewSecondFactor) {
  Client nora = Person("nora", {"worker"});
  leuven.region.clock.Advance(std::chrono::minutes(1));
  const auto now = [&] { return leuven.region.clock.Now(); };
  const json proof = {{"password", kPassword}, {"code", nora.app.Code(now())}};
  EXPECT_EQ(Post(nora, "/v1/account/totp/confirmation", {{"code", "123456"}}).rule(), "totp.none");
  const Answer begun = Post(nora, "/v1/account/totp", proof);
  ASSERT_EQ(begun.status(), 200) << begun.raw.body;
  const Authenticator next(begun.body["totp_secret"]);
  EXPECT_THAT(begun.body["totp_uri"].get<std::string>(), HasSubstr("otpauth://totp/"));
  EXPECT_EQ(Post(nora, "/v1/account/totp", proof).rule(), "login.refused") << "a code works once";
  ASSERT_EQ(Post(nora, "/v1/account/totp/confirmation", {{"code", next.Code(now())}}).status(), 200);
  EXPECT_EQ(LogIn(nora, "nora").rule(), "login.refused") << "with the old app";
  nora.app = next;
  EXPECT_EQ(LogIn(nora, "nora").status(), 200);
  EXPECT_EQ(Local("POST", "/v1/account/totp", proof).rule(), "login.local");
}

TEST_F(EdgeTest, AnAdministratorSeesThatSomebodyIsLockedOutAndLetsThemTryAgain) {
  const Client admin = Person("it", {"administrator"});
  Client nora = Person("nora", {"worker"});
  EXPECT_EQ(Get(admin, "/v1/people/nora/lock").body, (json{{"failures", 0}, {"wait_seconds", nullptr}}));
  for (int i = 0; i < 7; ++i) Post({}, "/v1/login", {{"login", "nora"}, {"password", "x"}, {"code", "1"}});
  const json locked = {{"failures", 6}, {"wait_seconds", 30}};
  EXPECT_EQ(Get(admin, "/v1/people/nora/lock").body, locked);
  EXPECT_EQ(Post(admin, "/v1/people/nora/unlock", json::object()).body, locked) << "as it was";
  EXPECT_EQ(Get(admin, "/v1/people/nora/lock").body["failures"], 0);
  EXPECT_EQ(Post({}, "/v1/login", {{"login", "nora"}, {"password", "x"}, {"code", "1"}}).rule(), "login.refused");
  EXPECT_EQ(Post(admin, "/v1/people/niemand/unlock", json::object()).rule(), "people.unknown");
}

TEST_F(EdgeTest, TheSocketNeedsNoLoginAndManagesPeople) {
  EXPECT_EQ(Local("GET", "/v1/session").body["person"]["name"], "systeem");
  EXPECT_EQ(Local("POST", "/v1/login", {{"login", "x"}, {"password", "x"}, {"code", "1"}}).rule(), "login.local");
  Person("nora", {"worker"});
  EXPECT_EQ(Local("POST", "/v1/people/nora", {{"roles", {"auditor"}}}).body["roles"], json({"auditor"}));
  Client script;
  const Answer issued = Local("POST", "/v1/people/nora/tokens",
                              {{"label", "x"}, {"roles", {"auditor"}}, {"expires_at", "2026-12-01T00:00:00Z"}});
  script.token = issued.body["token"];
  EXPECT_EQ(Get(script, "/v1/status").body["person"], "Mens nora");
  EXPECT_EQ(Local("POST", "/v1/people/nora/tokens",
                  {{"label", "x"}, {"roles", {"worker"}}, {"expires_at", "2026-12-01T00:00:00Z"}})
                .rule(),
            "token.roles");
}

TEST_F(EdgeTest, WhoGetsAnotherNameFollowsStillAndHasLooked) {
  const Client nora = Person("nora", {"worker"});
  const Answer opened = Post(nora, "/v1/trajectories", {{"label", "S."}});
  ASSERT_EQ(opened.status(), 201) << opened.raw.body;
  const std::string path = "/v1/trajectories/" + opened.body["trajectory"].get<std::string>();
  ASSERT_EQ(Post(nora, path + "/follow", {{"kinds", json::array()}}).status(), 200);
  EXPECT_GT(Get(nora, "/v1/follows").body["follows"][0]["changes"].get<int>(), 0);
  const Answer changes = Get(nora, path + "/changes");
  ASSERT_EQ(Post(nora, path + "/changes/seen", {{"up_to", changes.body["last"]}}).status(), 200);
  const json note = {{"title", "t"}, {"text", "x"}, {"categories", {"goals"}}};
  leuven.region.clock.Advance(std::chrono::minutes(1));
  ASSERT_EQ(Post(nora, path + "/notes", note).status(), 201);
  ASSERT_EQ(Local("POST", "/v1/people/nora", {{"name", "Mens Peeters"}}).status(), 200);
  EXPECT_EQ(Get(nora, "/v1/session").body["person"]["name"], "Mens Peeters");
  const Answer follows = Get(nora, "/v1/follows");
  ASSERT_EQ(follows.body["follows"].size(), 1U) << follows.raw.body;
  EXPECT_EQ(follows.body["follows"][0]["changes"], 0) << "of what she wrote herself nothing";
  leuven.region.clock.Advance(std::chrono::minutes(1));
  ASSERT_EQ(Post(Person("wim", {"worker"}), path + "/notes", note).status(), 201);
  EXPECT_EQ(Get(nora, "/v1/follows").body["follows"][0]["changes"], 1) << "a colleague's is news";
  ASSERT_EQ(Post(nora, path + "/unfollow", json::object()).status(), 200);
  EXPECT_TRUE(Get(nora, "/v1/follows").body["follows"].empty());
}

// ---- Manners ----
TEST_F(EdgeTest, WhatIsSentUnderAKeyHappensOnce) {
  const Client nora = Person("nora", {"worker"});
  const Client jan = Person("jan", {"worker"});
  const json body = {{"label", "Sam"}};
  const Headers key = {{"idempotency-key", "3f9a21bc"}};
  const Answer first = Post(nora, "/v1/trajectories", body, key);
  ASSERT_EQ(first.status(), 201) << first.raw.body;
  const std::size_t records = leuven.youth_care.records();
  const Answer again = Post(nora, "/v1/trajectories", body, key);
  EXPECT_EQ(again.status(), 201);
  EXPECT_EQ(again.raw.body, first.raw.body);
  EXPECT_EQ(again.raw.headers.at("Idempotency-Replayed"), "true");
  EXPECT_EQ(leuven.youth_care.records(), records);
  const Answer other = Post(nora, "/v1/trajectories", {{"label", "Lou"}}, key);
  EXPECT_EQ(other.status(), 422);
  EXPECT_EQ(other.rule(), "idempotency.other_body");
  EXPECT_EQ(Post(jan, "/v1/trajectories", body, key).status(), 201) << "somebody else's key is another";
  const std::size_t both = leuven.youth_care.records();
  api = Open();
  EXPECT_EQ(Post(nora, "/v1/trajectories", body, key).raw.body, first.raw.body) << "also after a restart";
  EXPECT_EQ(leuven.youth_care.records(), both);
  leuven.region.clock.Advance(std::chrono::minutes(29));
  Get(nora, "/v1/status");
  EXPECT_EQ(Post(nora, "/v1/trajectories", {{"label", "Lou"}}, {{"idempotency-key", ""}}).status(), 201) << "no key";
}

TEST_F(EdgeTest, AKeyIsForgottenAfterADay) {
  const auto open = [&](const char* label) {
    return Ask({"POST",
                "/v1/trajectories",
                {{"schakel-person", "systeem"}, {"idempotency-key", "k"}},
                json{{"label", label}}.dump(),
                "root"});
  };
  EXPECT_EQ(open("Sam").status(), 201);
  leuven.region.clock.Advance(std::chrono::hours(24) - std::chrono::milliseconds(1));
  EXPECT_EQ(open("Lou").status(), 422);
  leuven.region.clock.Advance(std::chrono::milliseconds(1));
  EXPECT_EQ(open("Lou").status(), 201);
}

TEST_F(EdgeTest, WhatWasRefusedUnderAKeyMayBeAskedAgain) {
  const auto open = [&](const json& body, const std::string& key) {
    return Ask({"POST", "/v1/trajectories", {{"schakel-person", "x"}, {"idempotency-key", key}}, body.dump(), "root"});
  };
  EXPECT_EQ(open({{"lable", "Sam"}}, "k").rule(), "request.required");
  EXPECT_EQ(open({{"label", "Sam"}}, "k").status(), 201);
  EXPECT_EQ(open({{"label", "Sam"}}, std::string(129, 'k')).rule(), "idempotency.key");
  EXPECT_EQ(open({{"label", "Sam"}}, "a b").rule(), "idempotency.key");
  EXPECT_EQ(Ask({"POST", "/v1/inbox/seen", {{"schakel-person", "x"}, {"idempotency-key", "k"}}, "{}", "root"}).rule(),
            "idempotency.not_here");
}

TEST_F(EdgeTest, WhatWasBegunBeforeACrashIsNotDoneAgainUnseen) {
  const auto open = [&] {
    return Ask({"POST",
                "/v1/trajectories",
                {{"schakel-person", "x"}, {"idempotency-key", "k"}},
                json{{"label", "Sam"}}.dump(),
                "root"});
  };
  ASSERT_EQ(open().status(), 201);
  // As the vault was when the agent stopped halfway: begun, without an answer.
  auto rows = leuven.youth_care.Kept("api.idempotency").value();
  ASSERT_EQ(rows.size(), 1U);
  Bytes begun = rows.begin()->second;
  constexpr std::array<std::uint8_t, 2> kDone = {0xCC, 201};  // The status, as MessagePack has it.
  const auto at = std::ranges::search(begun, kDone).begin();
  ASSERT_NE(at, begun.end());
  begun.erase(at, at + 2);
  begun.insert(begun.begin() + (at - begun.begin()), 0);
  ASSERT_TRUE(leuven.youth_care.Keep({{"api.idempotency", rows.begin()->first, begun}}));
  const std::size_t records = leuven.youth_care.records();
  api = Open();
  EXPECT_EQ(open().rule(), "idempotency.unknown");
  EXPECT_EQ(leuven.youth_care.records(), records);
}

TEST_F(EdgeTest, WhatIsHeldAlreadyIsNotSentAgain) {
  const Client nora = Person("nora", {"worker"});
  const Answer first = Get(nora, "/v1/vocabulary");
  const std::string tag = first.raw.headers.at("ETag");
  const Answer again = Get(nora, "/v1/vocabulary", {{"if-none-match", "\"x\", W/" + tag}});
  EXPECT_EQ(again.status(), 304);
  EXPECT_TRUE(again.raw.body.empty());
  EXPECT_EQ(again.raw.headers.at("ETag"), tag);
  EXPECT_EQ(Get(nora, "/v1/vocabulary", {{"if-none-match", "\"x\""}}).status(), 200);
  EXPECT_EQ(Get(nora, "/v1/vocabulary", {{"if-none-match", tag}, {"accept-language", "nl"}}).status(), 200);
}

TEST_F(EdgeTest, AListComesInPagesThatMeetWithoutGapOrDouble) {
  const Client nora = Person("nora", {"worker"});
  std::set<std::string> made;
  for (int i = 0; i < 7; ++i) {
    made.insert(Post(nora, "/v1/trajectories", {{"label", "T" + std::to_string(i)}}).body["trajectory"]);
  }
  for (const std::size_t limit : {1U, 3U, 7U, 200U}) {
    std::vector<std::string> seen;
    std::string cursor;
    std::size_t pages = 0;
    do {
      const std::size_t before = leuven.youth_care.views().size();
      const Answer page = Get(nora, "/v1/trajectories?limit=" + std::to_string(limit) + cursor);
      ASSERT_EQ(page.status(), 200) << page.raw.body;
      EXPECT_LE(page.body["trajectories"].size(), limit);
      EXPECT_EQ(leuven.youth_care.views().size() - before, page.body["trajectories"].size())
          << "no view of what is not shown";
      for (const json& one : page.body["trajectories"]) seen.push_back(one["id"]);
      cursor = page.body["next"].is_null() ? "" : "&cursor=" + page.body["next"].get<std::string>();
      ++pages;
    } while (!cursor.empty());
    EXPECT_EQ(seen.size(), 7U);
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()), made);
    EXPECT_EQ(pages, (7 + limit - 1) / limit);
  }
  for (const char* limit : {"0", "201", "-1", "x", "1x", ""}) {
    EXPECT_EQ(Get(nora, std::string("/v1/trajectories?limit=") + limit).rule(), "page.limit") << limit;
  }
  EXPECT_EQ(Get(nora, "/v1/trajectories?cursor=" + std::string(32, 'f')).rule(), "page.cursor");
}

TEST_F(EdgeTest, AListenerHearsWhatItsRolesAreFor) {
  const Client nora = Person("nora", {"worker", "administrator"});
  const Client admin = Person("it", {"administrator"});
  EXPECT_TRUE(Get(nora, "/v1/events").raw.events->work);
  const Answer listening = Get(admin, "/v1/events", {{"last-event-id", "abc-7"}});
  EXPECT_FALSE(listening.raw.events->work);
  EXPECT_EQ(listening.raw.events->after, "abc-7");
  const Id128 pass = listening.raw.events->pass;
  EXPECT_TRUE(api->MayListen(pass));
  Post(admin, "/v1/logout", json::object());
  EXPECT_FALSE(api->MayListen(pass));
}

TEST_F(EdgeTest, OnDutyIsSomebodyWhoWorksHere) {
  const Client nora = Person("nora", {"coordinator"});
  const auto add = [&](const char* person) {
    return Post(nora, "/v1/duty/turns", {{"person", person}, {"until", "2026-11-24T08:00:00Z"}});
  };
  EXPECT_EQ(add("Niemand Bestaat").rule(), "task.colleague");
  EXPECT_EQ(add("mens NORA").status(), 201);
  EXPECT_EQ(Get(nora, "/v1/duty").body["roster"][0]["person"], "Mens nora");
}

}  // namespace
}  // namespace schakel
