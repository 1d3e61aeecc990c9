// The fold of the network, family and life of one young person: see network_view.h. Pure.
#pragma once

#include <vector>

#include "agents/case_file.h"

namespace schakel {

bool IsOfNetwork(Kind kind);

// `records`: those of network kinds, in the log's order, without refused ones.
CaseNetwork FoldNetwork(const std::vector<const CaseRecord*>& records);

}  // namespace schakel
