// What a commitment cites: goals and what is good enough, with how far each who signed finds them. As JSON, and written
// out for whoever signs it and for the youth court.
#pragma once

#include <string>
#include <vector>

#include "api/dossier_views.h"

namespace schakel {

// The records whose words these show; what cannot be read here is not among them.
std::vector<RecordId> ReadForCited(const CaseCommitment& one);

// "goals", "criteria", "changed", "renew_by", "renewal_due", "cites_now" and "written_out".
void AddCited(const CaseCommitment& one, const JsonViews& views, const ReadRecords& read, Timestamp now, Json& view);

// The goals and criteria as text, each on a line of its own; empty where none is cited. kNone: without who finds what.
enum class CitedProgress : std::uint8_t { kNone = 1, kShown };
std::string CitedText(const CaseCommitment& one, const JsonViews& views, const ReadRecords& read,
                      CitedProgress progress);

}  // namespace schakel
