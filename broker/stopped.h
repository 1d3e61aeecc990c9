// What to do about a log that takes nothing any more: it follows from the rule that stopped it.
#pragma once

#include <string>
#include <string_view>

#include "protocol/result.h"

namespace schakel {

// For the operator, who has docs/operations.md at hand. Pure.
std::string_view StepWhenStopped(std::string_view rule);

// The same in lines of at most 110 characters, each after the first indented as `hint: ` is.
std::string HintWhenStopped(std::string_view rule);

// What an agent is told. "This disk" would be its own, and where the log lies is not its business.
Error AsToldToAgents(const Error& why);

}  // namespace schakel
