// The network, the family and the life of a young person as tables on paper: what the pictures draw. Pure.
#pragma once

#include "agents/exporting.h"

namespace schakel {

// What was read for it, and nothing else; empty: nothing of it was.
std::string NetworkOnPaper(const Paper& paper, Language language);
// The records whose words stand there: of each tie the last that was said.
std::vector<RecordId> RecordsOfNetwork(const CaseNetwork& network);

}  // namespace schakel
