// Every stretch of docs/protocol.md that follows from the code: examples, values on the way, and tables.
#pragma once

#include <string>
#include <vector>

#include "support/annotate.h"
#include "unit/protocol/samples.h"

namespace schakel::test {

struct SpecStretch {
  std::string language;  // "hex", "text", "values", "table"; see spec_document.h.
  std::string name;
  std::string text;
};
std::vector<SpecStretch> SpecContent();

}  // namespace schakel::test
