// Who of our own people answers crisis questions at a moment, for whoever tells people of them.
#pragma once

#include <string>
#include <vector>

#include "agents/engine.h"

namespace schakel {

// As they are called now; each once.
Result<std::vector<std::string>> OnDutyAt(const Engine& engine, Timestamp at);

}  // namespace schakel
