// What waits for somebody that is of no trajectory: visits that are overdue, and structural consultation to plan.
#pragma once

#include "router.h"

namespace schakel {

Result<Json> HouseInbox(const Call& call);

}  // namespace schakel
