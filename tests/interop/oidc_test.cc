// Logging in at an OpenID provider that we did not write: npm's oidc-provider, certified, started here.
// A browser is curl with a jar of cookies.
#include <gtest/gtest.h>

#include <fstream>

#include "support/loopback.h"
#include "support/paths.h"
#include "support/real_region.h"
#include "support/tls.h"

namespace schakel::testing {
namespace {

class OidcInterop : public ::testing::Test {
 protected:
  const int provider_port = FreePort();
  const int port = FreePort();
  RealRegion region{{"gent"}};
  RealAgent& agent = region.agent(0);
  Process provider;
  std::string agent_toml;

  OidcInterop() {
    const auto source = SourceDir() / "tests/interop/oidc";
    const auto folder = region.folder() / "provider";
    std::filesystem::create_directory(folder);
    for (const char* file : {"package.json", "package-lock.json", ".npmrc", "provider.mjs"}) {
      std::filesystem::copy_file(source / file, folder / file);
    }
    const Finished installed =
        schakel::testing::Run({"npm", "ci", "--ignore-scripts", "--prefix", folder}, {}, std::chrono::seconds(240));
    EXPECT_EQ(installed.exit_code, 0) << installed.err;
    provider = Process({"node", folder / "provider.mjs", std::to_string(provider_port),
                        "https://localhost:" + std::to_string(port) + "/v1/oidc/callback"},
                       folder / "log");
    EXPECT_TRUE(
        WaitUntil([&] { return FetchFromPort(provider_port, "/jwks").status == 200; }, std::chrono::seconds(60)))
        << ReadFile(folder / "log");
    WriteCertificate(agent.folder() / "edge.crt", agent.folder() / "edge.key");
    WriteFile(agent.folder() / "secret", "a secret with a % and a space\n");
    std::filesystem::permissions(agent.folder() / "secret", std::filesystem::perms(0600));
    agent_toml =
        ReadFile(agent.folder() / "agent.toml") + "[edge]\nlisten = \"127.0.0.1:" + std::to_string(port) +
        "\"\ncertificate = \"edge.crt\"\nkey = \"edge.key\"\npublic_url = \"https://localhost:" + std::to_string(port) +
        "\"\n[oidc]\nissuer = \"http://127.0.0.1:" + std::to_string(provider_port) + "\"\n";
  }

  void Configure(const std::string& oidc) {
    EXPECT_EQ(agent.process().Terminate(), 0);
    WriteFile(agent.folder() / "agent.toml", agent_toml + oidc);
    agent.Start();
  }
  std::string Here(const std::string& path) const { return "https://localhost:" + std::to_string(port) + path; }

  std::string accept = "*/*";  // Of what asks: a browser asks for pages.
  struct Page {
    std::string url;  // Where the redirects ended.
    int status = 0;
    std::string body;
  };
  Page Curl(const std::string& jar, std::vector<std::string> words) {
    const std::string file = (region.folder() / jar).string();
    std::vector<std::string> command = {"curl", "-s",
                                        "-k",   "-L",
                                        "-b",   file,
                                        "-c",   file,
                                        "-H",   "Accept-Language: en",
                                        "-H",   "Accept: " + accept,
                                        "-w",   "\n%{http_code} %{url_effective}"};
    command.insert(command.end(), words.begin(), words.end());
    const std::string out = schakel::testing::Run(command).out;
    const std::size_t line = out.rfind('\n');
    Page page{out.substr(line + 5), std::atoi(out.c_str() + line + 1), out.substr(0, line)};
    return page;
  }
  // As somebody types it at the provider; yields the page where it ends.
  Page LogIn(const std::string& jar, const std::string& who) {
    const Page login = Curl(jar, {Here("/v1/oidc/start")});
    EXPECT_NE(login.url.find("/interaction/"), std::string::npos) << login.url << login.body;
    Page page = Curl(jar, {"-d", "prompt=login&login=" + who + "&password=x", login.url});
    if (page.url.find("/interaction/") != std::string::npos) page = Curl(jar, {"-d", "prompt=consent", page.url});
    return page;
  }
  Json Session(const std::string& jar) { return Json::parse(Curl(jar, {Here("/v1/session")}).body); }
};

TEST_F(OidcInterop, WhomTheProviderVouchesForIsIn) {
  Configure("client_id = \"rs\"\nprovision_roles = [\"worker\"]\n");
  const Page page = LogIn("nora", "nora");
  EXPECT_EQ(page.status, 200) << page.body;
  EXPECT_TRUE(page.url.starts_with(Here("/v1/oidc/callback"))) << page.url;
  const Json session = Session("nora");
  EXPECT_EQ(session["person"]["login"], "nora");
  EXPECT_EQ(session["person"]["name"], "Mens nora");
  EXPECT_EQ(session["roles"], Json({"worker"}));
  EXPECT_EQ(Json::parse(page.body)["person"]["login"], "nora") << "whoever asks for no page is told";
  // The same answer again, in the same browser or another: it was used.
  for (const char* jar : {"nora", "other"}) {
    const Page again = Curl(jar, {page.url});
    EXPECT_EQ(again.status, 401);
    EXPECT_EQ(Json::parse(again.body)["rule"], "oidc.flow");
  }
  EXPECT_EQ(Session("other")["rule"], "session.none");

  // A browser is sent on, and is in; in vain, it is shown the page where people log in.
  accept = "text/html,*/*;q=0.8";
  EXPECT_EQ(LogIn("browser", "nora").url, Here("/"));
  EXPECT_EQ(Session("browser")["person"]["login"], "nora");
  EXPECT_TRUE(Curl("other", {page.url}).url.starts_with(Here("/"))) << "in vain";
  EXPECT_FALSE(Curl("other", {page.url}).url.contains("/v1/"));
  accept = "*/*";

  // Deactivated here: what the provider says does not help.
  agent.Client().MustPost("/v1/people/nora", {{"state", "deactivated"}});
  EXPECT_EQ(Session("nora")["rule"], "session.none");
  const Page refused = LogIn("again", "nora");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(Json::parse(refused.body)["rule"], "oidc.nobody");
  region.Stop();
}

TEST_F(OidcInterop, AnAccountThatIsThereIsTiedAndNoneIsMadeUnasked) {
  Configure("client_id = \"es\"\nclient_secret_file = \"secret\"\nalgorithm = \"ES256\"\n");
  agent.Client().MustPost("/v1/people", {{"login", "nora"}, {"name", "Nora Peeters"}, {"roles", {"auditor"}}});
  EXPECT_EQ(LogIn("nora", "nora").status, 200);
  EXPECT_EQ(Session("nora")["person"]["name"], "Nora Peeters");
  EXPECT_EQ(Session("nora")["roles"], Json({"auditor"}));
  const Page nobody = LogIn("jan", "jan");
  EXPECT_EQ(nobody.status, 401);
  EXPECT_EQ(Json::parse(nobody.body)["rule"], "oidc.nobody");
  region.Stop();
}

TEST_F(OidcInterop, WhatIsSignedOrProvenOtherwiseIsRefused) {
  // The client of RS256, while this agent takes ES256 alone.
  Configure("client_id = \"rs\"\nalgorithm = \"ES256\"\nprovision_roles = [\"worker\"]\n");
  const Page wrong = LogIn("nora", "nora");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(Json::parse(wrong.body)["rule"], "oidc.token");
  EXPECT_EQ(Json::parse(wrong.body)["field"], "alg");
  EXPECT_EQ(Session("nora")["rule"], "session.none");
  // A second factor is asked for, and the provider does not say that there was one.
  Configure("client_id = \"rs\"\nrequire_amr = [\"mfa\"]\nprovision_roles = [\"worker\"]\n");
  EXPECT_EQ(Json::parse(LogIn("jan", "jan").body)["field"], "amr");
  // By an address that the provider did not check nobody becomes anybody.
  Configure("client_id = \"rs\"\nlogin_claim = \"email\"\nprovision_roles = [\"worker\"]\n");
  EXPECT_EQ(Json::parse(LogIn("vals", "vals").body)["rule"], "oidc.nobody");
  EXPECT_EQ(LogIn("lies", "lies").status, 200);
  EXPECT_EQ(Session("lies")["person"]["login"], "lies@example.org");
  // The provider is gone: said as such, and password and code still work.
  provider.Kill();
  Configure("client_id = \"rs\"\n");
  const Page gone = Curl("gone", {Here("/v1/oidc/start")});
  EXPECT_EQ(gone.status, 503);
  EXPECT_EQ(Json::parse(gone.body)["rule"], "oidc.unreachable");
  region.Stop();
}

}  // namespace
}  // namespace schakel::testing
