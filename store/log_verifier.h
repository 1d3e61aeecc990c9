// Reads all of a log and recomputes all that can be.
#pragma once

#include "log_reader.h"
#include "log_tree.h"

namespace schakel {

// Entries first..last: each opens, matches its leaf, and that is the tree's. kCorrupt ("log.entry").
Status RecheckEntries(const LogReader& reader, const LogTree& tree, std::uint64_t first, std::uint64_t last);

// Every entry, payload, tile and row, and the database's own files. kCorrupt names the first that fails.
Result<Log::Verified> VerifyLog(const StoreFolder& folder, const LogReader& reader, const TreeHead& head);

}  // namespace schakel
