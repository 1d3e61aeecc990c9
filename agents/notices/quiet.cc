#include "notices/quiet.h"

#include "local_time.h"

namespace schakel {

bool IsQuiet(const QuietHours& quiet, Timestamp at) {
  const std::chrono::minutes now = LocalMinute(at);
  if (quiet.from < quiet.until) return quiet.from <= now && now < quiet.until;
  return quiet.from <= now || now < quiet.until;
}

Timestamp AfterQuiet(const std::optional<QuietHours>& quiet, Timestamp at) {
  return quiet && IsQuiet(*quiet, at) ? NextLocal(at, quiet->until) : at;
}

Result<QuietHours> ParseQuietHours(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash != std::string_view::npos) {
    const auto from = ParseLocalMinute(text.substr(0, dash));
    const auto until = ParseLocalMinute(text.substr(dash + 1));
    if (from && until && *from != *until) return QuietHours{*from, *until};
  }
  return Fail(Code::kInvalid, "notices.quiet", "quiet", "write 20:00-07:30");
}

std::string ToText(const QuietHours& quiet) { return LocalMinuteText(quiet.from) + "-" + LocalMinuteText(quiet.until); }

}  // namespace schakel
