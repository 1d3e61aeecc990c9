// Names that no list knows, by what stands before them: "mevrouw Vanderstichelen", "zij heet Zebedeus". Pure.
#pragma once

#include <vector>

#include "agents/services.h"
#include "plain_text.h"
#include "text_pieces.h"

namespace schakel {

// Where nothing was found yet. Only words that are written as names: "hij heet iedereen welkom" tells of nobody.
void FindToldNames(const Folded& folded, const std::vector<TextSpan>& tokens, std::vector<Finding>& to);

}  // namespace schakel
