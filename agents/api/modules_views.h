// Modules, contacts and alerts as JSON. What stands in bodies shows only as far as those were read.
#pragma once

#include "dossier_views.h"

namespace schakel {

Json ViewOf(const ModulePeriod& period, const JsonViews& views, const ReadRecords& read, Timestamp now);
Json ViewOf(const CaseContact& one, const JsonViews& views, const ReadRecords& read);
// As `self` has it at that time.
Json ViewOf(const CaseAlert& one, const CaseTrajectory& trajectory, const OrgId& self, Timestamp now,
            const JsonViews& views, const ReadRecords& read);
Json ViewOf(const ContactWeek& week);

}  // namespace schakel
