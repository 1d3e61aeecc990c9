// National numbers and phone numbers in folded text, however their digits are grouped. Pure.
#pragma once

#include <vector>

#include "agents/services.h"
#include "plain_text.h"
#include "text_pieces.h"

namespace schakel {

void FindNumbers(const Folded& folded, const std::vector<TextSpan>& tokens, std::vector<Finding>& to);

}  // namespace schakel
