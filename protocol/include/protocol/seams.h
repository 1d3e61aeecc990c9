// The narrow seams through which time and randomness enter. Product code calls no other clock or generator;
// only key generation asks the operating system.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>

#include "protocol/bytes.h"
#include "protocol/ids.h"

namespace schakel {

// Milliseconds since 1970-01-01T00:00:00Z.
using Timestamp = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;
inline std::uint64_t ToMillis(Timestamp time) { return static_cast<std::uint64_t>(time.time_since_epoch().count()); }
inline Timestamp FromMillis(std::uint64_t millis) {
  return Timestamp(std::chrono::milliseconds(static_cast<std::int64_t>(millis)));
}
// "2026-11-23T20:15:00.123Z" (RFC 3339 section 5.6, UTC). Times outside 1970 to 9999 come out as the nearest end.
std::string ToText(Timestamp time);
// Also accepts a bare date ("2026-11-23": its first instant) and second precision. kInvalid ("time.rfc3339"): another
// form, or before 1970.
Result<Timestamp> ParseTimestamp(std::string_view text);

// Threads: any.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp Now() const = 0;                                 // Wall time; may jump.
  virtual std::chrono::steady_clock::time_point Steady() const = 0;  // Never goes back; for time-outs.
};
// Threads: one object a thread, unless it says otherwise.
class Random {
 public:
  virtual ~Random() = default;
  virtual void Fill(std::span<std::uint8_t> out) = 0;

  template <typename Id = Id128>
  Id Draw() {
    if constexpr (Id128Type<Id>) {
      return Id(Draw<Id128>());
    } else {
      Id out;
      Fill(out);
      return out;
    }
  }
};
template <>
inline Id128 Random::Draw<Id128>() {
  Id128 out;
  Fill(out);
  return out;
}

Clock& SystemClock();
// The operating system's generator, drawn in blocks so that small draws cost little; safe from any thread.
Random& SystemRandom();

}  // namespace schakel
