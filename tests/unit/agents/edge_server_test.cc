// The API over the network as bytes on real sockets: TLS, limits, deadlines, hostile input, streams that end.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "agents/api.h"
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
using schakel::testing::HttpAnswer;
using schakel::testing::HttpHeaders;
using schakel::testing::HttpRequest;
using schakel::testing::Stream;
using schakel::testing::TemporaryFolder;
using schakel::testing::TlsStream;
using ::testing::HasSubstr;

constexpr const char* kPassword = "vier gewone woorden na elkaar";

class EdgeServerTest : public ::testing::Test {
 protected:
  TemporaryFolder folder;
  Leuven leuven;
  ApiOptions options{.socket = folder.path() / "api.sock",
                     .profiles = SourceDir() / "agents/profiles",
                     .edge = EdgeOptions{.listen = "127.0.0.1:0",
                                         .certificate = folder.path() / "edge.crt",
                                         .key = folder.path() / "edge.key"},
                     .people = {.hash_passes = 1, .hash_memory_bytes = 8192}};

  EdgeServerTest() { schakel::testing::WriteCertificate(options.edge->certificate, options.edge->key); }

  Result<std::unique_ptr<ApiServer>> TryStart() {
    return StartApi(leuven.youth_care, options, leuven.region.clock, leuven.region.random);
  }
  std::unique_ptr<ApiServer> Start() {
    auto server = TryStart();
    EXPECT_TRUE(server) << ToText(server.error());
    return server ? std::move(*server) : nullptr;
  }
  void WithoutTls() {
    options.edge->plain = true;
    options.edge->certificate.clear();
    options.edge->key.clear();
  }
  json Local(const std::string& target, const json& body) {
    Stream stream = Stream::ToSocket(options.socket);
    stream.Send(HttpRequest("POST", target, body.dump(), {{"Schakel-Person", "systeem"}}));
    return json::parse(schakel::testing::ReadHttpAnswer(stream).body);
  }
  // Headers of somebody who logged in.
  HttpHeaders Person(int port, const std::string& login, const json& roles) {
    const json invited = Local("/v1/people", {{"login", login}, {"name", login}, {"roles", roles}});
    TlsStream tls(port);
    const auto post = [&](const char* target, const json& body) { return tls.Ask("POST", target, body.dump(), {}); };
    const json setup = json::parse(post("/v1/setup/look", {{"invitation", invited["invitation"]}}).body);
    const Authenticator app(setup["totp_secret"]);
    const HttpAnswer entered = post("/v1/setup", {{"invitation", invited["invitation"]},
                                                  {"password", kPassword},
                                                  {"code", app.Code(leuven.region.clock.Now())}});
    EXPECT_EQ(entered.status, 200) << entered.body;
    const std::size_t at = entered.head.find("__Host-schakel=");
    return {{"Cookie", entered.head.substr(at, entered.head.find(';', at) - at)},
            {"Schakel-CSRF", json::parse(entered.body)["csrf"]}};
  }
};

// ---- Listening ----
TEST_F(EdgeServerTest, WhatCannotBeServedSafelyIsNotServed) {
  struct Case {
    const char* name;
    std::function<void(EdgeOptions&)> change;
    const char* rule;
  };
  const auto other_key = folder.path() / "other.key";
  schakel::testing::WriteCertificate(folder.path() / "other.crt", other_key);
  const auto open_key = folder.path() / "open.key";
  std::filesystem::copy_file(options.edge->key, open_key);
  std::filesystem::permissions(open_key, std::filesystem::perms(0644));
  const Case cases[] = {
      {"plain on all addresses", [](EdgeOptions& e) { e = {.listen = "0.0.0.0:0", .plain = true}; }, "edge.plain"},
      {"plain with a certificate", [](EdgeOptions& e) { e.plain = true; }, "edge.plain"},
      {"neither", [](EdgeOptions& e) { e = {.listen = "127.0.0.1:0"}; }, "edge.plain"},
      {"no port", [](EdgeOptions& e) { e.listen = "127.0.0.1"; }, "edge.listen"},
      {"a name", [](EdgeOptions& e) { e.listen = "localhost:1"; }, "edge.listen"},
      {"a port too large", [](EdgeOptions& e) { e.listen = "127.0.0.1:65536"; }, "edge.listen"},
      {"not ours", [](EdgeOptions& e) { e.listen = "192.0.2.1:0"; }, "edge.listen"},
      {"no certificate", [](EdgeOptions& e) { e.certificate = "/nowhere"; }, "edge.certificate"},
      {"no key", [](EdgeOptions& e) { e.key = "/nowhere"; }, "edge.certificate"},
      {"another key", [&](EdgeOptions& e) { e.key = other_key; }, "edge.certificate"},
      {"a key for all", [&](EdgeOptions& e) { e.key = open_key; }, "edge.certificate"},
      {"an address with a path", [](EdgeOptions& e) { e.public_url = "https://x.example/y"; }, "edge.public_url"},
      {"an address without TLS", [](EdgeOptions& e) { e.public_url = "http://x.example"; }, "edge.public_url"},
  };
  const EdgeOptions good = *options.edge;
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    options.edge = good;
    c.change(*options.edge);
    const auto server = TryStart();
    ASSERT_FALSE(server);
    EXPECT_EQ(server.error().rule, c.rule) << ToText(server.error());
    EXPECT_FALSE(std::filesystem::exists(options.socket)) << "nothing stays behind";
  }
  options.edge = good;
  EXPECT_TRUE(Start());
}

TEST_F(EdgeServerTest, AtLeastTls12WithForwardSecrecy) {
  auto server = Start();
  EXPECT_EQ(TlsStream(server->port()).version(), "TLSv1.3");
  TlsStream older(server->port(), TLS1_2_VERSION);
  EXPECT_EQ(older.version(), "TLSv1.2");
  EXPECT_TRUE(older.cipher().starts_with("ECDHE-")) << older.cipher();
  EXPECT_FALSE(TlsStream(server->port(), TLS1_1_VERSION).open());
  EXPECT_FALSE(TlsStream(server->port(), TLS1_VERSION).open());
}

TEST_F(EdgeServerTest, ANewCertificateIsTakenWithoutCuttingWhoIsIn) {
  auto server = Start();
  TlsStream before(server->port());
  schakel::testing::WriteCertificate(options.edge->certificate, options.edge->key);
  EXPECT_TRUE(server->ReloadCertificate());
  EXPECT_EQ(before.Ask("GET", "/v1/openapi.json", {}, {}).status, 200);
  EXPECT_TRUE(TlsStream(server->port()).open());
  std::filesystem::remove(options.edge->key);
  EXPECT_EQ(server->ReloadCertificate().error().rule, "edge.certificate");
  EXPECT_TRUE(TlsStream(server->port()).open()) << "the one before stays";
}

TEST_F(EdgeServerTest, TheSocketOfTheOwnerStaysAsItWas) {
  auto server = Start();
  Stream stream = Stream::ToSocket(options.socket);
  stream.Send(HttpRequest("GET", "/v1/status", {}, {{"Schakel-Person", "systeem"}}));
  EXPECT_EQ(schakel::testing::ReadHttpAnswer(stream).status, 200);
}

TEST_F(EdgeServerTest, WithoutTlsOnThisMachineSessionsWorkAllTheSame) {
  WithoutTls();
  auto server = Start();
  Stream stream = Stream::ToPort(server->port());
  stream.Send(HttpRequest("GET", "/v1/status", {}, {}));
  const HttpAnswer answer = schakel::testing::ReadHttpAnswer(stream);
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.head.find("Strict-Transport-Security"), std::string::npos);
}

// ---- Hostile input ----
TEST_F(EdgeServerTest, HostileBytesGetAnAnswerOrTheDoor) {
  auto server = Start();
  const std::string get = "GET /v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n";
  struct Case {
    const char* name;
    std::string bytes;
    const char* begins;
  };
  const Case cases[] = {
      {"noise", "\x01\x02\x03 hello\r\n\r\n", "HTTP/1.1 400 "},
      {"endless header", get + "X: " + std::string(200'000, 'x'), "HTTP/1.1 431 "},
      {"header without end", std::string(2'000'000, 'x'), "HTTP/1.1 4"},
      {"body too large", "POST /v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n",
       "HTTP/1.1 413 "},
      {"two lengths", "POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "HTTP/1.1 400 "},
      {"length and chunks", "POST / HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
       "HTTP/1.1 400 "},
      {"deep JSON",
       "POST /v1/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
       "Content-Length: 100000\r\n\r\n" +
           std::string(100'000, '['),
       "HTTP/1.1 400 "},
      {"whole", get + "Connection: close\r\n\r\n", "HTTP/1.1 200 "},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    TlsStream tls(server->port());
    tls.Send(c.bytes);
    EXPECT_EQ(tls.ReadUntil("\r\n\r\n").substr(0, std::string(c.begins).size()), c.begins);
  }
  // Not TLS at all.
  Stream stream = Stream::ToPort(server->port());
  stream.Send(get + "\r\n");
  EXPECT_TRUE(stream.AwaitEnd(std::chrono::seconds(30)));
}

TEST_F(EdgeServerTest, WhoSaysNothingIsShownTheDoor) {
  options.edge->handshake_deadline = options.edge->request_deadline = std::chrono::seconds(1);
  auto server = Start();
  Stream silent = Stream::ToPort(server->port());
  EXPECT_TRUE(silent.AwaitEnd(std::chrono::seconds(60))) << "no handshake";
  TlsStream half(server->port());
  half.Send("GET /v1/sta");
  EXPECT_EQ(half.ReadUntil("x"), "") << "a request that does not come to an end";
}

TEST_F(EdgeServerTest, OneAddressCannotTakeAllTheRoom) {
  WithoutTls();
  options.edge->connections_per_address_max = 8;
  auto server = Start();
  std::vector<Stream> streams;
  for (int i = 0; i < 8; ++i) {
    streams.push_back(Stream::ToPort(server->port()));
    streams.back().Send(HttpRequest("GET", "/v1/openapi.json", {}, {}));
    EXPECT_EQ(schakel::testing::ReadHttpAnswer(streams.back()).status, 200);
  }
  Stream ninth = Stream::ToPort(server->port());
  EXPECT_TRUE(ninth.AwaitEnd(std::chrono::seconds(30)));
  Stream local = Stream::ToSocket(options.socket);
  local.Send(HttpRequest("GET", "/v1/status", {}, {}));
  EXPECT_EQ(schakel::testing::ReadHttpAnswer(local).status, 200) << "the socket has room of its own";
  streams.front().Close();
  EXPECT_TRUE(schakel::testing::WaitUntil([&] {
    Stream again = Stream::ToPort(server->port());
    again.Send(HttpRequest("GET", "/v1/openapi.json", {}, {}));
    return schakel::testing::ReadHttpAnswer(again).status == 200;
  })) << "room again";
}

TEST_F(EdgeServerTest, WhoIsIdleMakesRoomForWhoAsks) {
  WithoutTls();
  options.edge->connections_max = 4;
  auto server = Start();
  std::vector<Stream> idle;
  for (int i = 0; i < 4; ++i) {
    idle.push_back(Stream::ToPort(server->port()));
    idle.back().Send(HttpRequest("GET", "/v1/openapi.json", {}, {}));
    EXPECT_EQ(schakel::testing::ReadHttpAnswer(idle.back()).status, 200);
  }
  Stream fresh = Stream::ToPort(server->port());
  fresh.Send(HttpRequest("GET", "/v1/openapi.json", {}, {}));
  EXPECT_EQ(schakel::testing::ReadHttpAnswer(fresh).status, 200);
  EXPECT_TRUE(idle.front().AwaitEnd(std::chrono::seconds(30))) << "the one that was silent longest";
}

// ---- Streams ----
TEST_F(EdgeServerTest, ARevokedSessionsStreamEndsAtOnce) {
  auto server = Start();
  const HttpHeaders nora = Person(server->port(), "nora", {"worker"});
  const HttpHeaders jan = Person(server->port(), "jan", {"worker"});
  TlsStream hers(server->port());
  hers.Send(HttpRequest("GET", "/v1/events", {}, nora));
  hers.ReadUntil(": open\n\n");
  TlsStream his(server->port());
  his.Send(HttpRequest("GET", "/v1/events", {}, jan));
  his.ReadUntil(": open\n\n");
  Local("/v1/people/nora/passes/revoke", json::object());
  // It ends long before the heartbeat would come, which "never" would otherwise wait for.
  EXPECT_EQ(hers.ReadUntil(": here").find(": here"), std::string::npos);
  Local("/v1/trajectories", {{"label", "Sam"}});
  EXPECT_THAT(his.ReadUntil("event: record"), HasSubstr("event: record")) << "the other one goes on";
}

TEST_F(EdgeServerTest, WhoComesBackHearsWhatWasMissed) {
  auto server = Start();
  const HttpHeaders nora = Person(server->port(), "nora", {"worker"});
  std::string last;
  {
    TlsStream tls(server->port());
    tls.Send(HttpRequest("GET", "/v1/events", {}, nora));
    tls.ReadUntil(": open\n\n");
    Local("/v1/trajectories", {{"label", "Sam"}});
    const std::string events = tls.ReadUntil("event: outcome");
    const std::size_t at = events.rfind("id: ", events.find("event: record")) + 4;
    last = events.substr(at, events.find('\n', at) - at);
  }
  const std::string missed = Local("/v1/trajectories", {{"label", "Lou"}})["trajectory"];
  const auto listen = [&](const std::string& after) {
    HttpHeaders headers = nora;
    headers["Last-Event-ID"] = after;
    auto tls = std::make_unique<TlsStream>(server->port());
    tls->Send(HttpRequest("GET", "/v1/events", {}, headers));
    return tls;
  };
  EXPECT_THAT(listen(last)->ReadUntil(missed), HasSubstr(missed));
  EXPECT_THAT(listen("00000000-3")->ReadUntil("event: lost"), HasSubstr("event: lost")) << "of another run";
  EXPECT_THAT(listen(last + "999")->ReadUntil("event: lost"), HasSubstr("event: lost")) << "never was";
}

TEST_F(EdgeServerTest, ARoleWithoutWorkHearsOfTheAgentAlone) {
  auto server = Start();
  const HttpHeaders admin = Person(server->port(), "it", {"administrator"});
  TlsStream tls(server->port());
  tls.Send(HttpRequest("GET", "/v1/events", {}, admin));
  tls.ReadUntil(": open\n\n");
  Local("/v1/trajectories", {{"label", "Sam"}});
  leuven.youth_care.Raise({.what = {Code::kInternal, "api.internal", {}, {}}});
  const std::string events = tls.ReadUntil("event: alarm");
  EXPECT_THAT(events, HasSubstr("event: alarm"));
  EXPECT_EQ(events.find("event: record"), std::string::npos);
}

TEST_F(EdgeServerTest, StoppingWithOpenConnectionsAndStreamsIsClean) {
  auto server = Start();
  const HttpHeaders nora = Person(server->port(), "nora", {"worker"});
  TlsStream idle(server->port());
  Stream halfway = Stream::ToPort(server->port());
  halfway.Send("\x16\x03\x01");
  TlsStream stream(server->port());
  stream.Send(HttpRequest("GET", "/v1/events", {}, nora));
  stream.ReadUntil(": open\n\n");
  server.reset();
  EXPECT_EQ(idle.ReadUntil("x"), "");
}

}  // namespace
}  // namespace schakel
