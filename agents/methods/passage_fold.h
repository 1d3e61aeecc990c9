// The fold of aftercare and of plans for adulthood of one trajectory: see passage_view.h. Pure.
#pragma once

#include <vector>

#include "agents/case_file.h"

namespace schakel {

// Also contacts: those that were agreed on are done by them.
bool IsOfPassage(Kind kind);

// `records`: those kinds, in the log's order, without refused ones.
// Whether an organisation led when the log took a record.
using LedAt = std::function<bool(const OrgId&, Timestamp)>;
CasePassage FoldPassage(const std::vector<const CaseRecord*>& records, const LedAt& led);

}  // namespace schakel
