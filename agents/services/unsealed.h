// Which looks were at what had been sealed: an auditor opened it.
#pragma once

#include <map>
#include <vector>

#include "agents/services.h"

namespace schakel {

// Of our own people: as the vault says, with the words in which they said why.
void MarkOwnUnsealed(const Engine& engine, std::vector<AccessRow>& rows);

// Of an erased trajectory, as the hub tells of it: what was said before is gone, so whoever looked did at what the law
// obliges to keep.
void MarkKept(std::vector<AccessRow>& rows);

// Of other organisations: they looked for an audit, after they answered that they had sealed it. Pure. `headers`: of
// the records that the rows speak of.
void MarkUnsealed(const CaseTrajectory& trajectory, const std::map<RecordId, Header>& headers,
                  std::vector<AccessRow>& rows);

}  // namespace schakel
