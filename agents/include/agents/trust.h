// What the operator of an agent can decide about a hub that was caught, while the agent is stopped.
#pragma once

#include "agents/vault.h"
#include "protocol/seams.h"

namespace schakel {

// kKeep: a hub that still lies is caught again at once. kForget: whatever the hub shows next is taken for the truth, as
// at the first connection; what was acknowledged but never proven is sent again.
enum class SeenBefore : std::uint8_t { kKeep, kForget };

// Ends the distrust and notes that it was ended. Without distrust: does nothing. Durable when it returns.
Status TrustAgain(Vault& vault, const Clock& clock, SeenBefore seen);

}  // namespace schakel
