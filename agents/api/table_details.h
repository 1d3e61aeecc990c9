// All that is known of one meeting, from its records that were read.
#pragma once

#include "json.h"

namespace schakel {

// Every record of which TableDetails shows words. The proposal comes first.
std::vector<RecordId> RecordsOf(const Meeting& meeting);

// Fields to add to MeetingView: poll, terms, required, guests, answers, series, occurrences. Of what stands in a body
// that was not read there is nothing.
Json TableDetails(const Meeting& meeting, const JsonViews& views, const Glance& glance);

}  // namespace schakel
