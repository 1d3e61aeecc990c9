// When people want to be left alone, and when they want to hear of it: by the clock in Belgium. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/result.h"
#include "protocol/seams.h"

namespace schakel {

// From one minute of the day until another, over midnight where that is earlier.
struct QuietHours {
  std::chrono::minutes from{};
  std::chrono::minutes until{};  // Already outside.
  friend bool operator==(const QuietHours&, const QuietHours&) = default;
};
bool IsQuiet(const QuietHours& quiet, Timestamp at);
Timestamp AfterQuiet(const std::optional<QuietHours>& quiet, Timestamp at);  // `at` itself, where it is not quiet.
// "20:00-07:30". kInvalid ("notices.quiet"), also where both are the same.
Result<QuietHours> ParseQuietHours(std::string_view text);
std::string ToText(const QuietHours& quiet);

}  // namespace schakel
