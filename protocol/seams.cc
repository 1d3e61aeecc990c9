#include "protocol/seams.h"

#include <pthread.h>
#include <sodium.h>

#include <algorithm>
#include <atomic>

#include "protocol/crypto.h"

namespace schakel {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;

// 9999-12-31T23:59:59.999Z: the last that four digits can say.
constexpr Timestamp kLastInstant{milliseconds(253402300799999)};

class RealClock final : public Clock {
 public:
  Timestamp Now() const override {
    return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
  }
  std::chrono::steady_clock::time_point Steady() const override { return std::chrono::steady_clock::now(); }
};

// Counts the forks behind us: a child must not hand out the block that its parent goes on using.
std::atomic<std::uint64_t> fork_count{1};
void OnFork() { fork_count.fetch_add(1, std::memory_order_relaxed); }

constexpr std::size_t kRandomBlockBytes = 4096;

class RandomBlock {
 public:
  RandomBlock() = default;
  RandomBlock(const RandomBlock&) = delete;
  RandomBlock& operator=(const RandomBlock&) = delete;
  ~RandomBlock() { sodium_memzero(bytes_.data(), bytes_.size()); }

  void Fill(std::span<std::uint8_t> out) {
    const std::uint64_t forks = fork_count.load(std::memory_order_relaxed);
    if (forks != forks_ || out.size() > bytes_.size() - used_) {
      randombytes_buf(bytes_.data(), bytes_.size());
      forks_ = forks;
      used_ = 0;
    }
    std::memcpy(out.data(), bytes_.data() + used_, out.size());
    // What was handed out may become a key: no copy of it stays here.
    sodium_memzero(bytes_.data() + used_, out.size());
    used_ += out.size();
  }

 private:
  std::array<std::uint8_t, kRandomBlockBytes> bytes_;
  std::size_t used_ = kRandomBlockBytes;
  std::uint64_t forks_ = 0;
};

class OperatingSystemRandom final : public Random {
 public:
  OperatingSystemRandom() {
    InitCrypto();
    SCHAKEL_ASSERT(pthread_atfork(nullptr, nullptr, &OnFork) == 0);
  }

  void Fill(std::span<std::uint8_t> out) override {
    if (out.empty()) return;
    if (out.size() > kRandomBlockBytes / 4) {
      randombytes_buf(out.data(), out.size());
      return;
    }
    thread_local RandomBlock block;
    block.Fill(out);
  }
};

void AppendDigits(std::string& text, unsigned value, int width) {
  std::array<char, 10> digits;
  for (int i = width - 1; i >= 0; --i) {
    digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  text.append(digits.data(), static_cast<std::size_t>(width));
}

// Reads fixed-width fields; after the first mismatch all is false.
class FieldReader {
 public:
  explicit FieldReader(std::string_view text) : text_(text) {}

  int Digits(std::size_t width) {
    int value = 0;
    if (text_.size() < width) ok_ = false;
    for (std::size_t i = 0; ok_ && i < width; ++i) {
      const char c = text_[i];
      if (c < '0' || c > '9') ok_ = false;
      value = value * 10 + (c - '0');
    }
    if (ok_) text_.remove_prefix(width);
    return ok_ ? value : 0;
  }
  bool Take(char c) {
    if (!ok_ || !text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  void Expect(char c) { ok_ = Take(c); }
  bool AtEnd() const { return ok_ && text_.empty(); }

 private:
  std::string_view text_;
  bool ok_ = true;
};

}  // namespace

std::string ToText(Timestamp time) {
  time = std::clamp(time, Timestamp{}, kLastInstant);
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::string text;
  text.reserve(24);
  AppendDigits(text, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  text += '-';
  AppendDigits(text, static_cast<unsigned>(date.month()), 2);
  text += '-';
  AppendDigits(text, static_cast<unsigned>(date.day()), 2);
  text += 'T';
  AppendDigits(text, static_cast<unsigned>(clock.hours().count()), 2);
  text += ':';
  AppendDigits(text, static_cast<unsigned>(clock.minutes().count()), 2);
  text += ':';
  AppendDigits(text, static_cast<unsigned>(clock.seconds().count()), 2);
  text += '.';
  AppendDigits(text, static_cast<unsigned>(clock.subseconds().count()), 3);
  text += 'Z';
  return text;
}

Result<Timestamp> ParseTimestamp(std::string_view text) {
  const auto refuse = [] {
    return Fail(Code::kInvalid, "time.rfc3339", {}, "write it as 2026-11-23T20:15:00Z or as 2026-11-23, from 1970 on");
  };
  FieldReader reader(text);
  const int year = reader.Digits(4);
  reader.Expect('-');
  const int month = reader.Digits(2);
  reader.Expect('-');
  const int day = reader.Digits(2);
  int hour = 0;
  int minute = 0;
  int second = 0;
  int millis = 0;
  if (reader.Take('T')) {
    hour = reader.Digits(2);
    reader.Expect(':');
    minute = reader.Digits(2);
    reader.Expect(':');
    second = reader.Digits(2);
    if (reader.Take('.')) millis = reader.Digits(3);
    reader.Expect('Z');
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!reader.AtEnd() || !date.ok() || hour > 23 || minute > 59 || second > 59) return refuse();
  if (year < 1970) return refuse();  // A Timestamp counts up from there.
  return Timestamp(std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(hour) +
                   std::chrono::minutes(minute) + std::chrono::seconds(second) + milliseconds(millis));
}

Clock& SystemClock() {
  static RealClock clock;
  return clock;
}

Random& SystemRandom() {
  static OperatingSystemRandom random;
  return random;
}

}  // namespace schakel
