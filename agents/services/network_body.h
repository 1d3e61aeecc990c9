// What the bodies of a network must hold as a whole, besides what each field asks. Pure.
#pragma once

#include "agents/body.h"

namespace schakel {

// kInvalid ("body.required", "body.day", "body.whole_day", "body.period", "body.organisation", "body.strength",
// "body.how", "body.deceased", "body.same").
Status CheckWhole(const FigureBody& body);
Status CheckWhole(const TieBody& body);
Status CheckWhole(const KinshipBody& body);
Status CheckWhole(const LifeEventBody& body);
Status CheckWhole(const CircularQuestionBody& body);
Status CheckWhole(const TieRepairBody& body);

}  // namespace schakel
