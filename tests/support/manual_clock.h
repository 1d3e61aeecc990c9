// A clock that goes where a test sends it.
#pragma once

#include <atomic>
#include <random>

#include "protocol/seams.h"

namespace schakel::testing {

class ManualClock : public Clock {
 public:
  explicit ManualClock(Timestamp start = FromMillis(1'790'000'000'000)) : now_(ToMillis(start)), start_(now_) {}

  Timestamp Now() const override { return FromMillis(now_); }
  std::chrono::steady_clock::time_point Steady() const override {
    return std::chrono::steady_clock::time_point(std::chrono::hours(1) + std::chrono::milliseconds(now_ - start_));
  }
  void Advance(std::chrono::milliseconds by) { now_ += static_cast<std::uint64_t>(by.count()); }

 private:
  std::atomic<std::uint64_t> now_;
  std::uint64_t start_;
};

// The same numbers for the same seed.
class SeededRandom : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}

  void Fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }
  std::uint64_t Below(std::uint64_t bound) { return engine_() % bound; }
  bool OneIn(std::uint64_t n) { return Below(n) == 0; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace schakel::testing
