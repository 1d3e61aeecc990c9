// National numbers, phone numbers and number plates in folded text, however their digits are grouped. Pure.
#pragma once

#include <vector>

#include "agents/services.h"
#include "plain_text.h"
#include "text_pieces.h"

namespace schakel {

// Belgian ones: "1-ABC-234", and those of before 2010, "ABC-123" and "123-ABC". Their text is without what stands
// between: "1abc234".
std::vector<TextSpan> PlatesIn(const Folded& folded);
// A plate counts as kLikeNationalNumber: a number that belongs to somebody, by its form alone.
void FindNumbers(const Folded& folded, const std::vector<TextSpan>& tokens, std::vector<Finding>& to);

}  // namespace schakel
