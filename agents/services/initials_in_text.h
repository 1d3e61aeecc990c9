// Initials of people in folded text (plain_text.h): "S.D. (2010)", "M., 17 jaar". Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agents/services.h"
#include "plain_text.h"
#include "text_pieces.h"

namespace schakel {

struct Initials {
  TextSpan span;        // Its text: the letters alone, small.
  bool dotted = false;  // "S.D.", not "SD".
  bool aged = false;    // An age or a year of birth stands behind them; the span has that, too.
};
// One to four capitals. "SD" and "M" only beside an age or a year in brackets: alone they are an abbreviation.
std::vector<Initials> InitialsIn(const Folded& folded, const std::vector<TextSpan>& tokens);

// What somebody of this name may be called: "sd" of "Sam Dewulf", "jvdb", "jb" and "jv" of "Jan van den Berg". None of
// a name of one word.
std::vector<std::string> InitialsOf(std::string_view name);

// Dotted ones, and single letters, with an age or a year of birth.
void FindInitials(const Folded& folded, const std::vector<TextSpan>& tokens, std::vector<Finding>& to);

}  // namespace schakel
