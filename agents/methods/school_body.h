// What the bodies of school support must hold as a whole, besides what each field asks. Pure.
#pragma once

#include "agents/body.h"

namespace schakel {

Status CheckWhole(const SchoolStepBody& body);  // kInvalid ("school.where", "body.required", "id.short").
// kInvalid ("board.small"): a number that could point at somebody, or numbers where there are to be none.
Status CheckWhole(const SchoolBoardBody& body);

}  // namespace schakel
