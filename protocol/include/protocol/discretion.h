// What an organisation may hear of the grants of others: nothing. Whoever does not lead a trajectory learns that its
// record did not reach a member, never which grant was missing or came close; else a few notes would map them all.
// Pure; any thread.
#pragma once

#include "protocol/policy.h"

namespace schakel {

// Reasons that follow from the recipient's grants.
inline bool TellsOfGrants(Denial denial) {
  switch (denial) {
    case Denial::kNoGrant:
    case Denial::kPurpose:
    case Denial::kCategory:
    case Denial::kPeriod:
    case Denial::kWithdrawn:
    case Denial::kGrantor:
      return true;
    default:
      return false;
  }
}

// As the author of a record may hear it.
inline Denial AsToldTo(const OrgId& author, const Trajectory* trajectory, Denial denial) {
  const bool leads = trajectory && trajectory->lead == author;
  return !leads && TellsOfGrants(denial) ? Denial::kNoGrant : denial;
}

}  // namespace schakel
