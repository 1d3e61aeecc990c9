// An answer about accesses that comes in pages: each is checked as it comes.
//
// Threads: pure.
#pragma once

#include <set>

#include "protocol/evidence.h"

namespace schakel {

// CheckEvidence() of one page. `repeats`: records that share the subject again, as earlier pages said; those of this
// page are added. What is told of them belongs to an answer about the record (docs/protocol.md, section 11).
Result<CheckedEvidence> CheckEvidencePage(const Evidence& page, const NoteVerifier& verifier,
                                          std::set<RecordId>& repeats);

}  // namespace schakel
