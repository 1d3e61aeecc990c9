// The part of the policy that is about places that partners may ask for (docs/places.md). Pure.
#pragma once

#include "protocol/policy.h"

namespace schakel {

// `header` is of a place (IsOfPlace), here and below; its author is enrolled and active.
Status AdmitOfPlace(const PolicyState& state, const Directory& directory, const Header& header, Timestamp now);

// Whether it concerns `recipient`. An offer, and its end, whomever its owner chose; all else its owner and its holder.
bool IsAddressedOfPlace(const PolicyState& state, const Header& header, const OrgId& recipient);

// Who comes to a place: content that the holder says to the owner alone, once it was agreed and for as long as the stay
// lasts. `header` is a place-enrolment: its thread is the offer, its one reference the hold.
Status AdmitEnrolment(const PolicyState& state, const Header& header, Timestamp now);
// None: as far as the hold goes, `recipient` may have it.
std::optional<Denial> WhyNoEnrolment(const PolicyState& state, const Header& header, const OrgId& recipient,
                                     Timestamp now);

}  // namespace schakel
