// The web page as the edge serves it: files for everybody, beside the API. Without sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "agents/api.h"
#include "support/fake_engine.h"
#include "support/paths.h"

namespace schakel {
namespace {

using schakel::test::Leuven;
using ::testing::HasSubstr;
using ::testing::Not;
using Headers = std::map<std::string, std::string>;

constexpr const char* kOwnHost = "schakel.dewissel.example";
constexpr std::array<WebFile, 4> kFiles = {{
    {"assets/index-4Fz1.js", "text/javascript; charset=utf-8", "let traject = 1; // and more", "gzipped", "brotli"},
    {"icon.svg", "image/svg+xml", "<svg/>", {}},
    {"index.html", "text/html; charset=utf-8", "<!doctype html><title>Schakel</title>", "gzipped page"},
    {"v1/status", "text/plain", "never: that is the API's", {}},
}};

class PagesTest : public ::testing::Test {
 protected:
  Leuven leuven;
  ApiOptions options{.socket = {},
                     .profiles = SourceDir() / "agents/profiles",
                     .edge = EdgeOptions{.listen = "0.0.0.0:0", .public_url = std::string("https://") + kOwnHost},
                     .web = kFiles};
  std::unique_ptr<Api> api = Api::Open(leuven.youth_care, options, leuven.region.clock, leuven.region.random).value();

  ApiResponse Ask(const std::string& method, const std::string& target, const Headers& more = {},
                  ApiDoor door = ApiDoor::kTls) {
    Headers headers = {{"host", kOwnHost}};
    for (const auto& [name, value] : more) headers[name] = value;
    return api->Handle({method, target, headers, {}, "192.0.2.7", door});
  }
  ApiResponse Get(const std::string& target, const Headers& more = {}) { return Ask("GET", target, more); }
  static std::string RuleOf(const ApiResponse& response) {
    return nlohmann::json::parse(response.body).value("rule", "");
  }
};

TEST_F(PagesTest, WhoeverComesGetsThePage) {
  for (const char* target : {"/", "/index.html", "/?from=mail"}) {
    const ApiResponse page = Get(target);
    EXPECT_EQ(page.status, 200) << target;
    EXPECT_EQ(page.body, kFiles[2].bytes);
    EXPECT_EQ(page.headers.at("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(page.headers.at("Cache-Control"), "no-cache");
  }
  // Also from a link in a mail: there is nothing in it that is anybody's.
  EXPECT_EQ(Get("/", {{"sec-fetch-site", "cross-site"}}).status, 200);
}

TEST_F(PagesTest, WhatHasItsHashInItsNameIsKeptForEver) {
  const ApiResponse script = Get("/assets/index-4Fz1.js");
  EXPECT_EQ(script.status, 200);
  EXPECT_EQ(script.headers.at("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(Get("/icon.svg").headers.at("Cache-Control"), "no-cache");
}

TEST_F(PagesTest, ThePolicyLetsInNothingButOurOwnFiles) {
  const ApiResponse page = Get("/");
  const std::string policy = page.headers.at("Content-Security-Policy");
  for (const char* part : {"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'",
                           "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"}) {
    EXPECT_THAT(policy, HasSubstr(part));
  }
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
  EXPECT_EQ(page.headers.at("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(page.headers.at("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(page.headers.at("X-Frame-Options"), "DENY");
  EXPECT_EQ(page.headers.at("Cross-Origin-Opener-Policy"), "same-origin");
  EXPECT_EQ(page.headers.at("Cross-Origin-Resource-Policy"), "same-origin");
  EXPECT_THAT(page.headers.at("Permissions-Policy"), HasSubstr("camera=()"));
  EXPECT_THAT(page.headers.at("Strict-Transport-Security"), HasSubstr("max-age="));
  EXPECT_EQ(Ask("GET", "/", {}, ApiDoor::kPlain).headers.count("Strict-Transport-Security"), 0U);
}

TEST_F(PagesTest, CompressedForWhomThatIsFor) {
  struct Case {
    const char* accepts;
    bool compressed;
  };
  for (const Case& c : {Case{"gzip", true}, Case{"br, gzip;q=0.5", true}, Case{"deflate, gzip ;q=1", true},
                        Case{"gzip;q=0", false}, Case{"gzip;q=0.0", false}, Case{"br", false}, Case{"", false}}) {
    SCOPED_TRACE(c.accepts);
    const ApiResponse page = Get("/", {{"accept-encoding", c.accepts}});
    EXPECT_EQ(page.body, c.compressed ? kFiles[2].gzip : kFiles[2].bytes);
    EXPECT_EQ(page.headers.count("Content-Encoding"), c.compressed ? 1U : 0U);
    EXPECT_EQ(page.headers.at("Vary"), "Accept-Encoding");
  }
  // The smaller one, where there is one and it is taken.
  const std::string script = "/" + std::string(kFiles[0].path);
  const ApiResponse smallest = Get(script, {{"accept-encoding", "gzip, deflate, br"}});
  EXPECT_EQ(smallest.body, kFiles[0].brotli);
  EXPECT_EQ(smallest.headers.at("Content-Encoding"), "br");
  EXPECT_EQ(Get(script, {{"accept-encoding", "gzip, br;q=0"}}).body, kFiles[0].gzip);
  // Where compressing does not help there is nothing to choose.
  EXPECT_EQ(Get("/icon.svg", {{"accept-encoding", "gzip"}}).body, kFiles[1].bytes);
}

TEST_F(PagesTest, WhoHasItAlreadyIsToldSo) {
  const std::string tag = Get("/").headers.at("ETag");
  const std::string other = Get("/", {{"accept-encoding", "gzip"}}).headers.at("ETag");
  EXPECT_NE(tag, other);
  EXPECT_NE(tag, Get("/icon.svg").headers.at("ETag"));
  const ApiResponse same = Get("/", {{"if-none-match", tag}});
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.body, "");
  EXPECT_EQ(same.headers.at("ETag"), tag);
  EXPECT_EQ(Get("/", {{"if-none-match", tag}, {"accept-encoding", "gzip"}}).status, 200);
  EXPECT_EQ(Get("/", {{"if-none-match", other}, {"accept-encoding", "gzip"}}).status, 304);
}

TEST_F(PagesTest, UnderAnotherNameThereIsNoPage) {
  const ApiResponse elsewhere = Get("/", {{"host", "elders.example"}});
  EXPECT_EQ(elsewhere.status, 421);
  EXPECT_EQ(RuleOf(elsewhere), "edge.host");
  EXPECT_EQ(Get("/", {{"host", "localhost:8443"}}).status, 200);
}

TEST_F(PagesTest, WhatIsNotThereIsNotThere) {
  for (const char* target : {"/assets/", "/assets/../index.html", "/index.html/", "//", "/ICON.svg", "/assets/x.js"}) {
    EXPECT_EQ(Get(target).status, 404) << target;
  }
  const ApiResponse post = Ask("POST", "/");
  EXPECT_EQ(post.status, 405);
  EXPECT_EQ(post.headers.at("Allow"), "GET");
  EXPECT_EQ(Ask("HEAD", "/icon.svg").status, 405);
}

TEST_F(PagesTest, TheApiIsWhatItWas) {
  EXPECT_EQ(RuleOf(Get("/v1/status")), "session.none");
  EXPECT_THAT(Get("/v1/openapi.json").headers.at("Content-Security-Policy"), Not(HasSubstr("script-src")));
  // Over the socket there is no page: that is for programs.
  EXPECT_EQ(Ask("GET", "/", {}, ApiDoor::kSocket).status, 404);
}

TEST_F(PagesTest, BuiltWithoutAPageThereIsNone) {
  options.web = {};
  api = Api::Open(leuven.youth_care, options, leuven.region.clock, leuven.region.random).value();
  EXPECT_EQ(Get("/").status, 404);
}

}  // namespace
}  // namespace schakel
