// Which log entries answer a question about who saw what, and for whom.
//
// The lead of a trajectory sees everything about it. Others see what concerns themselves: their own deliveries, views
// and questions, and what became of the records they wrote, as far as they may know of who received or viewed them.
// Whatever else there is leaves no trace, neither in counts nor in pages.
#pragma once

#include <optional>
#include <vector>

#include "broker/group.h"
#include "protocol/evidence.h"
#include "store/log.h"

namespace schakel {

struct AccessPage {
  std::vector<StoredEntry> entries;  // Sequences growing.
  bool more = false;
};

// Of the first `size` entries of `log`. `bytes_max` bounds what is collected.
Result<AccessPage> ReadAccess(const Log& log, const ReadTask::ShowAccess& task, std::uint64_t size,
                              std::size_t bytes_max);

}  // namespace schakel
