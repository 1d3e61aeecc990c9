// The fold of places that partners may ask for. Pure.
#pragma once

#include <vector>

#include "agents/case_file.h"

namespace schakel {

// `records`: of no trajectory, in Earlier()'s order; all but what is said of places is passed over.
std::vector<CasePlaces> FoldPlaces(const OrgId& self, const std::vector<const CaseRecord*>& records);

}  // namespace schakel
