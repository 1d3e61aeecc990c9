// What stands in the slots of a routing entry, read back from the log.
//
// Threads: any.
#pragma once

#include <vector>

#include "protocol/entry.h"
#include "store/log.h"

namespace schakel {

// A delivery or denial in its slot.
struct RoutedEntry {
  Entry entry;
  Bytes bytes;
  Hash32 salt{};
  SlotPlace place;
};
// All of one routing, by growing slot. kCorrupt ("entry.slots"): what lies beside the entry is not what it says;
// and what Log::Payload names.
Result<std::vector<RoutedEntry>> ReadRouted(const Log& log, const StoredEntry& routing);
// Without the places, which take a tree to compute.
Result<std::vector<std::pair<Entry, Bytes>>> ReadRoutedEntries(const Log& log, Sequence routing);

}  // namespace schakel
