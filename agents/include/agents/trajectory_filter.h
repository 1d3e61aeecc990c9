// Which trajectories somebody looks for, by what they would be shown of them and by nothing else: a label that is
// sealed for them is never found by its words, and is not counted.
//
// Threads: pure but for the Sieve; with the case file locked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/services.h"

namespace schakel {

struct TrajectoryFilter {
  enum class Which : std::uint8_t { kOpen, kClosed, kAll };
  std::string words = {};  // Each of them begins a word of the label, without regard for capitals and accents.
  std::optional<OrgId> lead = {};
  std::optional<Module> module = {};  // At the time of asking:
  Timestamp at{};
  Which which = Which::kOpen;
};

struct TrajectoriesFound {
  std::vector<const CaseTrajectory*> shown;  // The one touched last comes first.
  std::size_t closed = 0;                    // Of all that the rest of the filter lets through.
};
// kInvalid ("search.words": there is no word in it; "search.long").
Result<TrajectoriesFound> FindTrajectories(CaseFile& file, Sieve& sieve, const TrajectoryFilter& filter);

}  // namespace schakel
