// What the bodies of aftercare and of the plan for adulthood must hold as a whole, besides what each field asks. Pure.
#pragma once

#include "agents/body.h"

namespace schakel {

// kInvalid ("body.required": a moment that is always said; "body.period": it ends before it begins; "body.twice": a
// domain of the profile twice; "aftercare.weeks"; "adulthood.agreed": a domain is agreed, and nothing says on what).
Status CheckWhole(const AftercareContactBody& body);
Status CheckWhole(const AdulthoodPlanBody& body);

}  // namespace schakel
