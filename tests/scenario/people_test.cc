// People over the network: real processes, real TLS, accounts as an administrator makes them.
#include <gtest/gtest.h>

#include <fstream>

#include "support/authenticator.h"
#include "support/loopback.h"
#include "support/real_region.h"
#include "support/tls.h"

namespace schakel::testing {
namespace {

constexpr const char* kPassword = "vier gewone woorden na elkaar";

// Somebody with a browser: a connection, a cookie, a phone.
class Browser {
 public:
  explicit Browser(int port) : port_(port) {}

  Reply Ask(const std::string& method, const std::string& target, const Json& body = {}) {
    HttpHeaders headers{{"Accept-Language", "en"}, {"Origin", "https://localhost"}, {"Sec-Fetch-Site", "same-origin"}};
    if (!cookie_.empty()) headers["Cookie"] = cookie_;
    if (!csrf.empty()) headers["Schakel-CSRF"] = csrf;
    TlsStream tls(port_);
    const HttpAnswer answer = tls.Ask(method, target, method == "POST" ? body.dump() : "", headers);
    const std::size_t at = answer.head.find("__Host-schakel=");
    if (at != std::string::npos) cookie_ = answer.head.substr(at, answer.head.find(';', at) - at);
    Reply reply{answer.status, Json::parse(answer.body, nullptr, false)};
    if (reply.ok() && reply.json.contains("csrf")) csrf = reply.json["csrf"];
    return reply;
  }
  std::string Rule(const std::string& method, const std::string& target, const Json& body = {}) {
    const Reply reply = Ask(method, target, body);
    if (!reply.json.is_object()) return "no answer";
    return reply.ok() ? "" : reply.json.value("rule", "no rule");
  }
  Reply LogIn(const std::string& login, const std::string& password, const std::string& code) {
    cookie_.clear();
    csrf.clear();
    return Ask("POST", "/v1/login", {{"login", login}, {"password", password}, {"code", code}});
  }
  // The code of the next step of 30 seconds: the server takes it early, and it is not the one that was used last.
  std::string NextCode() const { return app.Code(SystemClock().Now() + std::chrono::seconds(30)); }
  std::string Code() const { return app.Code(SystemClock().Now()); }
  std::unique_ptr<TlsStream> Listen() const {
    auto tls = std::make_unique<TlsStream>(port_);
    tls->Send(HttpRequest("GET", "/v1/events", {}, {{"Cookie", cookie_}}));
    tls->ReadUntil(": open\n\n");
    return tls;
  }

  Authenticator app;
  std::vector<std::string> recovery_codes;
  std::string csrf;

 private:
  int port_;
  std::string cookie_;
};

class PeopleScenario : public ::testing::Test {
 protected:
  RealRegion region{{"gent"}};
  RealAgent& agent = region.agent(0);
  const int port = FreePort();

  PeopleScenario() {
    WriteCertificate(agent.folder() / "edge.crt", agent.folder() / "edge.key");
    EXPECT_EQ(agent.process().Terminate(), 0);
    std::ofstream config(agent.folder() / "agent.toml", std::ios::app);
    config << "[edge]\nlisten = \"127.0.0.1:" << port
           << "\"\ncertificate = \"edge.crt\"\nkey = \"edge.key\"\npublic_url = \"https://localhost:" << port << "\"\n";
    config.close();
    agent.Start();
  }

  // As the administrator types it.
  std::string Schakel(std::vector<std::string> words) {
    std::vector<std::string> command = {Program("schakel"), "--socket", agent.socket(), "--as", "systeem"};
    command.insert(command.end(), words.begin(), words.end());
    const Finished finished = schakel::testing::Run(command);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    return finished.out;
  }
  Browser Invited(const std::string& login, const std::string& name, const std::string& roles) {
    const std::string link = Schakel({"people", "invite", login, "--name", name, "--roles", roles});
    const std::string before = "https://localhost:" + std::to_string(port) + "/#/setup/";
    EXPECT_TRUE(link.starts_with(before)) << link;
    const std::string invitation = link.substr(before.size(), link.find('\n') - before.size());
    Browser browser(port);
    const Reply setup = browser.Ask("POST", "/v1/setup/look", {{"invitation", invitation}});
    EXPECT_TRUE(setup.ok()) << setup.json;
    browser.app = Authenticator(setup.json["totp_secret"]);
    const Reply entered = browser.Ask("POST", "/v1/setup",
                                      {{"invitation", invitation}, {"password", kPassword}, {"code", browser.Code()}});
    EXPECT_TRUE(entered.ok()) << entered.json;
    for (const Json& code : entered.json["recovery_codes"]) browser.recovery_codes.push_back(code);
    EXPECT_EQ(Browser(port).Rule("POST", "/v1/setup",
                                 {{"invitation", invitation}, {"password", kPassword}, {"code", browser.NextCode()}}),
              "invitation.used");
    return browser;
  }
};

TEST_F(PeopleScenario, ADayOfPeople) {
  Browser nora = Invited("nora", "Nora Peeters", "worker");
  Browser jan = Invited("jan", "Jan De Smet", "administrator,auditor");

  // In with password and code; a code that was used, a wrong one and a wrong password all look the same.
  const std::string code = nora.NextCode();
  EXPECT_EQ(Browser(port).LogIn("nora", kPassword, "000000").json["rule"], "login.refused");
  ASSERT_TRUE(nora.LogIn("nora", kPassword, code).ok());
  EXPECT_EQ(Browser(port).LogIn("nora", kPassword, code).json["rule"], "login.refused");
  EXPECT_EQ(Browser(port).LogIn("niemand", kPassword, code).json["rule"], "login.refused");

  // The view is logged under the account's name, whatever stands in a header.
  EXPECT_EQ(nora.Ask("GET", "/v1/status").json["person"], "Nora Peeters");

  // Role x route, of a few that matter; every route stands in the unit tests.
  EXPECT_EQ(nora.Rule("POST", "/v1/trajectories", {{"label", "Sam"}}), "");
  EXPECT_EQ(nora.Rule("GET", "/v1/people"), "access.role");
  EXPECT_EQ(jan.Rule("GET", "/v1/people"), "");
  EXPECT_EQ(jan.Rule("GET", "/v1/trajectories"), "");
  EXPECT_EQ(jan.Rule("GET", "/v1/inbox"), "access.role");
  EXPECT_EQ(jan.Rule("POST", "/v1/trajectories", {{"label", "Lou"}}), "access.role");

  // Without the value that is bound to the session nothing is changed.
  const std::string csrf = nora.csrf;
  nora.csrf = jan.csrf;
  EXPECT_EQ(nora.Rule("POST", "/v1/trajectories", {{"label", "Lou"}}), "session.csrf");
  nora.csrf = csrf;

  // An administrator ends the session: the stream ends with it, at once.
  const auto stream = nora.Listen();
  EXPECT_EQ(jan.Rule("POST", "/v1/people/nora/passes/revoke", Json::object()), "");
  EXPECT_EQ(stream->ReadUntil(": here").find(": here"), std::string::npos);
  EXPECT_EQ(nora.Rule("GET", "/v1/status"), "session.none");

  // A restart forgets no session, no used code and no account.
  ASSERT_TRUE(nora.LogIn("nora", kPassword, nora.recovery_codes[0]).ok());
  EXPECT_EQ(agent.process().Terminate(), 0);
  agent.Start();
  // Its own socket answers a little before the door to the network does.
  EXPECT_TRUE(WaitUntil([&] { return nora.Rule("GET", "/v1/status").empty(); }));
  EXPECT_EQ(Browser(port).LogIn("nora", kPassword, nora.recovery_codes[0]).json["rule"], "login.refused");

  // Guessing: the account waits, also with the right password.
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(Browser(port).LogIn("nora", "geraden wachtwoord", "1").json["rule"], "login.refused");
  const Reply held = Browser(port).LogIn("nora", kPassword, nora.recovery_codes[1]);
  EXPECT_EQ(held.status, 429);
  EXPECT_EQ(held.json["rule"], "login.wait");
  EXPECT_EQ(nora.Rule("GET", "/v1/status"), "") << "who is in stays in";

  // Gone at once.
  Schakel({"people", "deactivate", "nora"});
  EXPECT_EQ(nora.Rule("GET", "/v1/status"), "session.none");

  // The log says what was refused, and no name, login or secret.
  const std::string log = agent.Log();
  for (const char* rule : {"login.refused", "login.wait", "access.role", "session.csrf", "session.none"}) {
    EXPECT_NE(log.find(std::string("\"rule\":\"") + rule), std::string::npos) << rule;
  }
  for (const std::string& secret : {std::string("Nora"), std::string("nora"), std::string("Smet"),
                                    std::string(kPassword), nora.csrf, nora.recovery_codes[2]}) {
    EXPECT_EQ(log.find(secret), std::string::npos) << secret;
  }
  region.Stop();
}

TEST_F(PeopleScenario, ATokenIsForScriptsAndEndsWhenItIsRevoked) {
  Invited("nora", "Nora Peeters", "worker,coordinator");
  const std::string token =
      Schakel({"people", "token", "nora", "--label", "overzicht", "--roles", "worker", "--reads-only", "--for", "1d"});
  const HttpHeaders headers = {{"Authorization", "Bearer " + token.substr(0, token.find('\n'))}};
  TlsStream tls(port);
  EXPECT_EQ(tls.Ask("GET", "/v1/inbox", {}, headers).status, 200);
  EXPECT_EQ(tls.Ask("POST", "/v1/trajectories", R"({"label":"Sam"})", headers).status, 403) << "it only reads";
  Schakel({"people", "revoke", "nora", "--all"});
  EXPECT_EQ(tls.Ask("GET", "/v1/inbox", {}, headers).status, 401);
  region.Stop();
}

}  // namespace
}  // namespace schakel::testing
