// Whom a word about places goes to, so that whoever says it knows.
#pragma once

#include <optional>

#include "protocol/policy.h"

namespace schakel {

// The one organisation that it is for: of a hold and its release the owner of the place, of an answer the holder.
// Nothing: its author chooses (an offer, and its end), or the offer is not known.
std::optional<OrgId> AddresseeOfPlace(const PolicyState& state, const Header& header);

}  // namespace schakel
