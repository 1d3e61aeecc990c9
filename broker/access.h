// Which log entries answer a question about who saw what, and for whom.
//
// The lead of a trajectory sees everything about it. Others see what concerns themselves: their own deliveries, views
// and questions, and what became of the records they wrote, also where another shared them again, as far as they may
// know of who received, viewed or shared them.
// Whatever else there is leaves no trace, neither in counts nor in pages.
#pragma once

#include <optional>
#include <vector>

#include "broker/group.h"
#include "protocol/evidence.h"
#include "store/log.h"

namespace schakel {

struct AccessPage {
  struct Shown {
    Sequence sequence;  // Of its leaf.
    Bytes entry;
    Hash32 salt{};
    std::optional<SlotPlace> place;
  };
  std::vector<Shown> entries;  // Sequences growing; those in slots of one routing by growing slot.
  bool more = false;
};

// Of the first `size` entries of `log`. `bytes_max` bounds what is collected. What stands in the slots of one routing
// comes on one page, and counts as one entry of its limit.
Result<AccessPage> ReadAccess(const Log& log, const ReadTask::ShowAccess& task, std::uint64_t size,
                              std::size_t bytes_max);

}  // namespace schakel
