// The fold of what is written together on one trajectory: see dossier_view.h. Pure.
#pragma once

#include <vector>

#include "agents/case_file.h"

namespace schakel {

bool IsOfDossier(Kind kind);

// `records`: those of dossier kinds, in the log's order, without refused ones.
CaseDossier FoldDossier(const std::vector<const CaseRecord*>& records);

}  // namespace schakel
