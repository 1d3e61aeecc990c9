#include "refused.h"

#include <algorithm>

namespace schakel {

std::optional<std::uint64_t> Refused::Count(const std::string& reason, Time now) {
  const auto [found, first] = last_.try_emplace(reason);
  Last& last = found->second;
  ++last.since;
  if (!first && now - last.at < kInterval) return std::nullopt;
  last.at = now;
  return std::exchange(last.since, 0);
}

Refused::Counts Refused::Due(Time now) {
  Counts due;
  for (auto& [reason, last] : last_) {
    if (last.since == 0 || now - last.at < kInterval) continue;
    last.at = now;
    due.emplace_back(reason, std::exchange(last.since, 0));
  }
  return due;
}

Refused::Counts Refused::Left() { return Due(Time::max()); }

bool Refused::waiting() const {
  return std::ranges::any_of(last_, [](const auto& one) { return one.second.since > 0; });
}

}  // namespace schakel
