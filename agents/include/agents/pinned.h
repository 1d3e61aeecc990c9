// What an agent was given to believe when it was enrolled: whatever a hub shows later is held against it.
//
// Threads: any. It never changes while the agent runs.
#pragma once

#include "protocol/checkpoint.h"
#include "protocol/registry.h"

namespace schakel {

struct Pins {
  NoteVerifier hub_log;
  Registrars registrars;  // Of the invitation: who signed until a statement said otherwise.
};

}  // namespace schakel
