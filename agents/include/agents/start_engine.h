// How an engine comes to life.
#pragma once

#include <map>
#include <memory>

#include "agents/connection.h"
#include "agents/engine.h"
#include "protocol/seams.h"
#include "store/vault_store.h"

namespace schakel {

struct EngineParts {
  std::unique_ptr<VaultStore> store;           // Of an agent that has enrolled, or has asked to.
  std::unique_ptr<HubConnection> connection;   // None: ZeroMQ, as the vault's membership says.
  std::map<Sector, Retention> retention = {};  // By sector: how long what was taken back is kept.
  KeyPolicy key_policy = {};
  Clock* clock = &SystemClock();  // Must outlive the engine, as `random`; safe from any thread.
  Random* random = &SystemRandom();
};

// Starts the engine's thread and the connection; both end with the engine.
// kNotFound ("agent.enrolment"): the vault belongs to no organisation yet; those of the vault and the connection.
Result<std::unique_ptr<Engine>> StartEngine(EngineParts parts);

}  // namespace schakel
