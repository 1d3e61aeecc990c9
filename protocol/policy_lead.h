// The part of the policy that is about who leads. Pure.
#pragma once

#include "protocol/policy.h"

namespace schakel {

// `header` is of lead (IsOfLead), here and below.
void ApplyOfLead(Trajectory& trajectory, const Header& header);

// The author takes part, or once did; only lead-passed may come from whoever left. That lead-offer and lead-withdraw
// are the lead's to say was looked at before.
Status AdmitOfLead(const Trajectory& trajectory, const Directory& directory, const Header& header, Timestamp now);

}  // namespace schakel
