// Streets, houses and postcodes in folded text, in Dutch and French. Pure.
#pragma once

#include <vector>

#include "agents/services.h"
#include "plain_text.h"
#include "text_pieces.h"

namespace schakel {

void FindAddresses(const Folded& folded, const std::vector<TextSpan>& tokens, std::vector<Finding>& to);

}  // namespace schakel
