// Addresses of mail in folded text, also as people write them to hide them from machines: "lien (at) gmail.com". Pure.
#pragma once

#include <vector>

#include "agents/services.h"
#include "plain_text.h"

namespace schakel {

void FindMail(const Folded& folded, std::vector<Finding>& to);

}  // namespace schakel
