// Which records of a trajectory are under a legal exception, as far as their bodies are here. Threads: pure, on what
// the engine holds.
#pragma once

#include <map>

#include "agents/body.h"
#include "agents/engine.h"

namespace schakel {

// One for each record whose body can be opened here; kNone: no exception.
//
// An author marks its own records: inside, when it writes them, or by a mark later, of which the last one counts. What
// was shared again bears the exception of what it repeats, besides its own.
std::map<RecordId, Exception> ExceptionsOf(const Engine& engine, const TrajectoryId& id);

}  // namespace schakel
