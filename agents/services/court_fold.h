// The fold of hearings, rings and plans for the court of one trajectory: see court_view.h. Pure.
#pragma once

#include <vector>

#include "agents/case_file.h"

namespace schakel {

bool IsOfCourt(Kind kind);

// `records`: those kinds, and what is shared again, in the log's order, without refused ones.
CaseCourt FoldCourt(const OrgId& self, const std::vector<const CaseRecord*>& records);

}  // namespace schakel
