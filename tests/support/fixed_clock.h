// A clock that stands still until a test moves it.
#pragma once

#include "protocol/seams.h"
#include "support/builders.h"

namespace schakel::test {

class FixedClock : public Clock {
 public:
  Timestamp Now() const override { return now_; }
  std::chrono::steady_clock::time_point Steady() const override { return steady_; }
  void Advance(std::chrono::milliseconds by) {
    now_ += by;
    steady_ += by;
  }
  // Wall time alone: somebody set it.
  void Jump(std::chrono::milliseconds by) { now_ += by; }

 private:
  Timestamp now_ = kNow;
  std::chrono::steady_clock::time_point steady_{std::chrono::hours(1)};
};

}  // namespace schakel::test
