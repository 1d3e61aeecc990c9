// What the bodies of family group conferences and of supporters must hold as a whole, besides what each field asks.
// Pure.
#pragma once

#include "agents/body.h"

namespace schakel {

// kInvalid ("body.required"): a conference begins without a coordinator or a question; a plan, or a question to the
// family about it, without words; a message that neither side wrote.
Status CheckWhole(const FamilyConferenceBody& body);
Status CheckWhole(const FamilyPlanBody& body);
Status CheckWhole(const SupporterMessageBody& body);

}  // namespace schakel
