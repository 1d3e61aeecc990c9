// Time and chance for several organisations in one process: any thread may ask.
#pragma once

#include <mutex>
#include <random>

#include "protocol/seams.h"

namespace schakel::test {

class FakeClock : public Clock {
 public:
  explicit FakeClock(Timestamp now) : now_(now) {}
  Timestamp Now() const override {
    std::lock_guard lock(mutex_);
    return now_;
  }
  std::chrono::steady_clock::time_point Steady() const override {
    return std::chrono::steady_clock::time_point(Now().time_since_epoch());
  }
  void Advance(std::chrono::milliseconds by) {
    std::lock_guard lock(mutex_);
    now_ += by;
  }

 private:
  mutable std::mutex mutex_;
  Timestamp now_;
};

class FakeRandom : public Random {
 public:
  explicit FakeRandom(std::uint64_t seed) : generator_(seed) {}
  void Fill(std::span<std::uint8_t> out) override {
    std::lock_guard lock(mutex_);
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(generator_());
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 generator_;
};

}  // namespace schakel::test
