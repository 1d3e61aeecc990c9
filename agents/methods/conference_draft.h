// What is said of a family conference: others are told that it is held, how far it is, and of links made late.
#pragma once

#include "agents/engine.h"

namespace schakel {

Draft ConferenceDraft(const TrajectoryId& id);

}  // namespace schakel
