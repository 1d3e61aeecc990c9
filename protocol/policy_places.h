// The part of the policy that is about places that partners may ask for (docs/places.md). Pure.
#pragma once

#include "protocol/policy.h"

namespace schakel {

// `header` is of a place (IsOfPlace), here and below; its author is enrolled and active.
Status AdmitOfPlace(const PolicyState& state, const Directory& directory, const Header& header, Timestamp now);

// Whether it concerns `recipient`. An offer, and its end, whomever its owner chose; all else its owner and its holder.
bool IsAddressedOfPlace(const PolicyState& state, const Header& header, const OrgId& recipient);

}  // namespace schakel
