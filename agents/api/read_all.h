// Records that are shown together: a view of each, in one write; an answer of nothing where they may not be looked at.
#pragma once

#include <set>

#include "dossier_views.h"
#include "router.h"

namespace schakel {

inline Result<ReadRecords> ReadAll(const Call& call, const std::set<RecordId>& ids) {
  SCHAKEL_ASSIGN(auto shown, call.desk.reading.Show({ids.begin(), ids.end()}, call.caller));
  if (auto turned_away = TurnedAway(shown)) return std::unexpected(std::move(*turned_away));
  return ReadRecords(std::move(shown));
}

}  // namespace schakel
