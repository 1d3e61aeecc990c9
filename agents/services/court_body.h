// What the bodies of hearings and plans for the court must hold as a whole, besides what each field asks. Pure.
#pragma once

#include "agents/body.h"

namespace schakel {

// kInvalid ("body.required": a hearing on no day; "plan.rings": other words than those of rings, in their order).
Status CheckWhole(const HearingBody& body);
Status CheckWhole(const CourtPlanBody& body);

}  // namespace schakel
