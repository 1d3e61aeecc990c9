// What stands in a body, as lines on paper: of kinds whose page gives them no layout of their own. Pure.
#pragma once

#include <string>
#include <vector>

#include "agents/body.h"
#include "agents/i18n.h"

namespace schakel {

struct PaperLine {
  std::string label;
  std::string words;
};
// Its fields in their order, as far as something stands in them. Of a body that is kept whole: none.
std::vector<PaperLine> LinesOf(const TypedBody& body, Language language);

}  // namespace schakel
