// The page for machines that watch, and the lines for people who do.
#include "monitoring.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>

#include "stopped.h"
#include "support/builders.h"
#include "telemetry.h"

namespace schakel::test {
namespace {

// What comes back for these bytes.
std::string Exchange(const std::string& address, const std::string& request) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{10, 0};
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  std::string answer;
  if (connect(connection, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0 &&
      send(connection, request.data(), request.size(), MSG_NOSIGNAL) >= 0) {
    char block[4096];
    for (ssize_t size; (size = recv(connection, block, sizeof block, 0)) > 0;) {
      answer.append(block, static_cast<std::size_t>(size));
    }
  }
  close(connection);
  return answer;
}
std::string StatusOf(const std::string& answer) { return answer.substr(0, answer.find('\r')); }

class MonitoringTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto metrics = [](std::uint64_t refused) {
      return "hub_records_total 7, refused " + std::to_string(refused);
    };
    auto started = StartMonitoring("127.0.0.1:0", {metrics, [this] { return ready; }, [this] { ++told; }});
    ASSERT_TRUE(started) << ToText(started.error());
    monitoring = std::move(*started);
  }
  std::string Get(const std::string& target) {
    return Exchange(monitoring->address(), "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  bool ready = true;
  std::atomic<int> told = 0;  // Of a refusal.
  std::unique_ptr<Monitoring> monitoring;
};

TEST_F(MonitoringTest, ServesItsThreePages) {
  EXPECT_EQ(StatusOf(Get("/metrics")), "HTTP/1.1 200 OK");
  EXPECT_NE(Get("/metrics").find("hub_records_total 7"), std::string::npos);
  EXPECT_EQ(StatusOf(Get("/healthz")), "HTTP/1.1 200 OK");
  EXPECT_EQ(StatusOf(Get("/readyz")), "HTTP/1.1 200 OK");
  ready = false;
  EXPECT_EQ(StatusOf(Get("/readyz")), "HTTP/1.1 503 Service Unavailable");
  EXPECT_EQ(StatusOf(Get("/healthz")), "HTTP/1.1 200 OK");
  EXPECT_EQ(StatusOf(Get("/")), "HTTP/1.1 404 Not Found");
}

TEST_F(MonitoringTest, RefusesWhatItDoesNotNeed) {
  EXPECT_EQ(StatusOf(Exchange(monitoring->address(), "DELETE /metrics HTTP/1.1\r\nHost: x\r\n\r\n")),
            "HTTP/1.1 405 Method Not Allowed");
  // Headers without end, a body, nonsense: refused with a reason and counted, and the next one is served.
  EXPECT_EQ(StatusOf(Exchange(monitoring->address(), "GET / HTTP/1.1\r\nX: " + std::string(20'000, 'a'))),
            "HTTP/1.1 431 Request Header Fields Too Large");
  EXPECT_EQ(StatusOf(Exchange(monitoring->address(), "POST /metrics HTTP/1.1\r\nContent-Length: 9\r\n\r\n123456789")),
            "HTTP/1.1 413 Payload Too Large");
  EXPECT_EQ(StatusOf(Exchange(monitoring->address(), std::string(100, '\0'))), "HTTP/1.1 400 Bad Request");
  EXPECT_EQ(StatusOf(Get("/healthz")), "HTTP/1.1 200 OK");
  EXPECT_NE(Get("/metrics").find("refused 4"), std::string::npos);
  EXPECT_EQ(told, 4) << "each could be logged";
}

TEST(Monitoring, AnAddressThatCannotBeIsAnError) {
  for (const char* address : {"nowhere", "127.0.0.1:99999", "256.0.0.1:80"}) {
    const auto started = StartMonitoring(address, {});
    ASSERT_FALSE(started) << address;
    EXPECT_EQ(started.error().rule, "metrics.listen");
  }
}

TEST(TelemetryTest, TellsCountsAndTimes) {
  Telemetry telemetry;
  telemetry.Committed({.entries = 5, .records = 2, .bytes = 100, .took = std::chrono::milliseconds(3)});
  HubReport report;
  report.counts.records = 42;
  report.ready = true;
  const std::string text = telemetry.Text(report);
  for (const char* line : {"hub_records_total 42", "hub_ready 1", "hub_read_only 0", "hub_commit_seconds_count 1",
                           "hub_commit_entries_sum 5", "hub_build_info{version="}) {
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
}

TEST(HubLoggerTest, ALineStaysALineWhateverIsInIt) {
  ::testing::internal::CaptureStderr();
  {
    HubLogger logger("info");
    logger.Report(HubObserver::Level::kAlarm, "some.event", kSchool, "a\"b\\c\nd\xc3\xa9");
    logger.Cut("surplus", OrgId(), "127.0.0.1:1");
  }
  const std::string out = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 2);
  EXPECT_NE(out.find(R"("event":"some.event","organisation":"clb-gent","detail":"a\"b\\c\u000ad\u00c3\u00a9")"),
            std::string::npos)
      << out;
}

TEST(HubLoggerTest, WhatNeedsAPersonSaysWhereToLook) {
  ::testing::internal::CaptureStderr();
  {
    HubLogger logger("info");
    logger.Report(HubObserver::Level::kAlarm, "hub.read_only", OrgId(), "log.quarantined (hello.seen)");
    logger.Report(HubObserver::Level::kAlarm, "hub.read_only", OrgId(), "log.disk_full (/srv/log)");
    logger.Report(HubObserver::Level::kInfo, "hub.stopped", OrgId(), {});
  }
  const std::string out = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(out.find(R"x("detail":"log.quarantined (hello.seen)","next":"stop the hub and keep a copy)x"),
            std::string::npos)
      << out;
  EXPECT_NE(out.find("A hub that stopped writing"), std::string::npos) << out;
  EXPECT_NE(out.find(R"x("detail":"log.disk_full (/srv/log)","next":"make room)x"), std::string::npos) << out;
  EXPECT_EQ(out.find("next", out.find("hub.stopped")), std::string::npos);
}

// A full disk is no lost history: whoever puts an old copy back for it loses what was acknowledged.
TEST(Stopped, TheStepFollowsFromTheRule) {
  struct Case {
    const char* rule;
    const char* step;
    bool accepts;
  };
  const Case cases[] = {
      {"log.disk_full", "make room", false},       {"log.sync", "replace it", false},
      {"log.disk", "look after the disk", false},  {"log.shorter_than_head", "keep a copy", true},
      {"log.root_mismatch", "keep a copy", true},  {"log.head_missing", "keep a copy", true},
      {"log.quarantined", "keep a copy", true},    {"hello.seen", "keep a copy", true},
      {"some.rule_of_later", "keep a copy", true},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.rule);
    const std::string_view step = StepWhenStopped(c.rule);
    EXPECT_NE(step.find(c.step), std::string_view::npos) << step;
    EXPECT_EQ(step.find("accept the loss") != std::string_view::npos, c.accepts) << step;
    std::string hint = HintWhenStopped(c.rule);
    for (std::size_t at = hint.find("\n      "); at != std::string::npos; at = hint.find("\n      ")) {
      EXPECT_LE(at, 104U);
      hint.replace(0, at + 7, "");
    }
    EXPECT_LE(hint.size(), 104U);
  }
}

TEST(HubLoggerTest, KeepsQuietBelowItsLevel) {
  ::testing::internal::CaptureStderr();
  {
    HubLogger logger("error");
    logger.Report(HubObserver::Level::kInfo, "quiet", OrgId(), {});
    logger.Report(HubObserver::Level::kWarning, "quiet", OrgId(), {});
    logger.Report(HubObserver::Level::kAlarm, "loud", OrgId(), {});
  }
  const std::string out = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(out.find("quiet"), std::string::npos);
  EXPECT_NE(out.find("loud"), std::string::npos);
}

TEST(OncePerSecondTest, EachKindIsToldOnceASecondWithWhatWasLeftOut) {
  OncePerSecond pace;
  const std::chrono::steady_clock::time_point start(std::chrono::hours(1));
  EXPECT_EQ(pace.Take("key", start), 1U);
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(pace.Take("key", start + std::chrono::milliseconds(i)));
  EXPECT_EQ(pace.Take("handshake", start), 1U) << "another kind";
  EXPECT_EQ(pace.Take("key", start + std::chrono::seconds(1)), 1001U);
}

}  // namespace
}  // namespace schakel::test
