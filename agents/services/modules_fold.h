// The fold of modules, contacts and alerts of one trajectory: see modules_view.h. Pure.
#pragma once

#include <functional>
#include <vector>

#include "agents/case_file.h"

namespace schakel {

// `records`: all of one trajectory, in the log's order, without refused ones. `led`: whether somebody led at that time,
// as far as is known.
CaseHelp FoldHelp(const OrgId& self, const std::vector<const CaseRecord*>& records,
                  const std::function<bool(const OrgId&, Timestamp)>& led);
bool IsOfHelp(Kind kind);

}  // namespace schakel
