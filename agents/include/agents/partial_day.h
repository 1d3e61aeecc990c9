// A day of a life, known in part: "2009", "2009-03", "2009-03-14". Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/seams.h"

namespace schakel {

struct PartialDay {
  std::chrono::year year{};
  std::optional<std::chrono::month> month;
  std::optional<std::chrono::day> day;  // Only with a month.

  std::chrono::sys_days First() const;  // The first and the last day that it may be.
  std::chrono::sys_days Last() const;
  bool IsWhole() const { return day.has_value(); }
  friend bool operator==(const PartialDay&, const PartialDay&) = default;
};
// Nothing: no such day, or outside of the years 1800 to 2199.
std::optional<PartialDay> ParsePartialDay(std::string_view text);
std::string ToText(const PartialDay& day);
std::string DayText(std::chrono::sys_days day);           // "2009-03-14"
std::string BelgianDay(Timestamp at);                     // The same, of the day that it is in Belgium.
std::optional<Timestamp> EndOfDay(std::string_view day);  // In Belgium; already outside. Nothing: no whole day.

}  // namespace schakel
