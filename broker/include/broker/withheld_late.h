// Content that did not leave after all: its delivery was written when it might still go, and the rules changed before
// it went. The log then says so with a denial, an entry of its own after that delivery.
//
// Only of content that cannot have left: whatever was offered to a connection once counts as handed over.
#pragma once

#include <optional>

#include "broker/group.h"
#include "protocol/policy.h"
#include "store/log.h"

namespace schakel {

struct WithheldLate {
  OrgId recipient;
  FeedPosition position;
  Sequence record_sequence;
  RecordId record;
  TrajectoryId trajectory;
  Denial reason = Denial::kWithdrawn;
};
// Nothing, once the trajectory is being erased: its deliveries go with it.
void StageWithheldLate(const WithheldLate& late, const PolicyState& policy, Timestamp now, Staging& staging);

// Why the delivery of that record to `recipient` never left; none: nothing of the kind is in the log.
Result<std::optional<Denial>> FindWithheldLate(const Log& log, Sequence record, const OrgId& recipient);

}  // namespace schakel
