// Aftercare, the plan for adulthood and tied subjects as JSON. What stands in bodies shows only as far as those were
// read.
#pragma once

#include "agents/adulthood.h"
#include "agents/subject_ties.h"
#include "api/dossier_views.h"

namespace schakel {

Json ViewOf(const CaseAftercare& one, const AftercareState& state, const JsonViews& views, const ReadRecords& read);
Json ViewOf(const CaseAdulthoodPlan& one, const JsonViews& views, const ReadRecords& read);
Json ViewOf(const AcceptedReceiver& one, const JsonViews& views);

}  // namespace schakel
