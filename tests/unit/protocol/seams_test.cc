#include "protocol/seams.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mutex>
#include <set>
#include <thread>

namespace schakel {
namespace {

constexpr std::uint64_t kLastMillis = 253402300799999;

TEST(Timestamp, TextAndNumberAgree) {
  const struct {
    const char* name;
    std::uint64_t millis;
    const char* text;
  } rows[] = {{"first", 0, "1970-01-01T00:00:00.000Z"},
              {"one millisecond", 1, "1970-01-01T00:00:00.001Z"},
              {"end of the first day", 86399999, "1970-01-01T23:59:59.999Z"},
              {"leap day", 951782400000, "2000-02-29T00:00:00.000Z"},
              {"usual", 1795464900123, "2026-11-23T20:15:00.123Z"},
              {"last", kLastMillis, "9999-12-31T23:59:59.999Z"}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(ToText(FromMillis(row.millis)), row.text);
    const auto parsed = ParseTimestamp(row.text);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(ToMillis(*parsed), row.millis);
  }
}

TEST(Timestamp, TextStaysWithinFourDigitYears) {
  EXPECT_EQ(ToText(FromMillis(kLastMillis + 1)), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(ToText(Timestamp::max()), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(ToText(Timestamp::min()), "1970-01-01T00:00:00.000Z");
}

TEST(Timestamp, AcceptsADateAndSecondPrecision) {
  EXPECT_EQ(ToText(ParseTimestamp("2026-11-23").value()), "2026-11-23T00:00:00.000Z");
  EXPECT_EQ(ToText(ParseTimestamp("2026-11-23T20:15:01Z").value()), "2026-11-23T20:15:01.000Z");
  EXPECT_EQ(ToMillis(ParseTimestamp("1970-01-01").value()), 0U);
}

TEST(Timestamp, RefusesEveryOtherForm) {
  for (const char* text : {"",
                           "2026",
                           "2026-11",
                           "2026-1-23",
                           "2026-11-23T",
                           "2026-11-23T20:15Z",
                           "2026-11-23T20:15:00",
                           "2026-11-23T20:15:00.Z",
                           "2026-11-23T20:15:00.1Z",
                           "2026-11-23T20:15:00.1234Z",
                           "2026-11-23T20:15:00,123Z",
                           "2026-11-23T20:15:00.123z",
                           "2026-11-23t20:15:00.123Z",
                           "2026-11-23 20:15:00.123Z",
                           "2026-11-23T20:15:00.123+00:00",
                           "2026-11-23T20:15:00.123Z ",
                           " 2026-11-23",
                           "2026-11-23Z",
                           "2026-00-23",
                           "2026-13-23",
                           "2026-11-00",
                           "2026-11-31",
                           "2026-02-29",
                           "2100-02-29",
                           "2026-11-23T24:00:00Z",
                           "2026-11-23T23:60:00Z",
                           "2026-11-23T23:59:60Z",
                           "-026-11-23",
                           "20260-1-23",
                           "2026-11-2x",
                           "2026-11-+3",
                           "1969-12-31T23:59:59.999Z",
                           "0000-01-01"}) {
    const auto parsed = ParseTimestamp(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().rule, "time.rfc3339");
  }
}

RC_GTEST_PROP(Timestamp, RoundTripsThroughText, ()) {
  const auto millis = *rc::gen::inRange<std::uint64_t>(0, kLastMillis + 1);
  RC_ASSERT(ToMillis(ParseTimestamp(ToText(FromMillis(millis))).value()) == millis);
}

TEST(SystemClock, IsBetweenTwoReadingsOfTheStandardOne) {
  const auto before = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const Timestamp now = SystemClock().Now();
  EXPECT_LE(before, now);
  EXPECT_LE(now, std::chrono::system_clock::now());
  const auto steady = SystemClock().Steady();
  EXPECT_LE(steady, SystemClock().Steady());
}

TEST(SystemRandom, NeverRepeatsWithinAndAcrossBlocks) {
  std::set<Id128> seen;
  for (int i = 0; i < 2000; ++i) EXPECT_TRUE(seen.insert(SystemRandom().Draw()).second);
}

TEST(SystemRandom, FillsEveryByteAtEverySize) {
  for (const std::size_t size : {1U, 7U, 1023U, 1024U, 1025U, 4096U, 10000U}) {
    // Each byte is zero in all of 8 draws with a chance of 2^-64.
    Bytes any(size, 0);
    for (int i = 0; i < 8; ++i) {
      Bytes drawn(size, 0);
      SystemRandom().Fill(drawn);
      for (std::size_t k = 0; k < size; ++k) any[k] |= drawn[k];
    }
    for (std::size_t k = 0; k < size; ++k) EXPECT_NE(any[k], 0) << size << " at " << k;
  }
  SystemRandom().Fill({});
}

TEST(SystemRandom, ThreadsDrawApart) {
  std::mutex mutex;
  std::set<Id128> seen;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) {
          const Id128 id = SystemRandom().Draw();
          const std::lock_guard lock(mutex);
          seen.insert(id);
        }
      });
    }
  }
  EXPECT_EQ(seen.size(), 2000U);
}

TEST(SystemRandom, AForkedChildDrawsAnother) {
  static_cast<void>(SystemRandom().Draw());  // So that there is a block that both could go on with.
  std::array<int, 2> ends;
  ASSERT_EQ(pipe(ends.data()), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const Id128 drawn = SystemRandom().Draw();
    _exit(write(ends[1], drawn.data(), drawn.size()) == static_cast<ssize_t>(drawn.size()) ? 0 : 1);
  }
  const Id128 ours = SystemRandom().Draw();
  Id128 theirs{};
  EXPECT_EQ(read(ends[0], theirs.data(), theirs.size()), static_cast<ssize_t>(theirs.size()));
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_NE(ours, theirs);
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace schakel
