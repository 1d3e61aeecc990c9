// What the bodies of places must hold as a whole, besides what each field asks. Pure.
#pragma once

#include "agents/body.h"

namespace schakel {

Status CheckWhole(const PlaceOfferBody& body);  // kInvalid ("place.ages"), here and below.
Status CheckWhole(const PlaceAskBody& body);

}  // namespace schakel
