// How an organisation comes to a hub: with a one-time token, keys that it makes itself, and a fingerprint that two
// people compare.
//
// Resumable: keys and membership lie in the vault before anything leaves, so that asking again asks for the same keys.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "agents/connection.h"
#include "agents/vault.h"
#include "protocol/seams.h"
#include "protocol/token.h"

namespace schakel {

// Makes the keys, unless this vault has them already, and keeps what the invitation pins.
// kConflict ("enrol.other"): the vault belongs to another organisation or another hub, and that hub did not refuse it.
// With kNew an organisation that is enrolled makes new ones beside those that it has, and asks for them: after a theft.
enum class EnrolKeys : std::uint8_t { kKeep, kNew };
Status PrepareEnrolment(Vault& vault, const Invitation& invitation, EnrolKeys which = EnrolKeys::kKeep);

// The fingerprint of the keys in the vault; of those that an invitation is to bring, while it does. kNotFound
// ("agent.enrolment").
Result<std::string> OwnFingerprint(const Vault& vault);

// Connects with the token, or with the organisation's own key once it may be enrolled. For tests another one.
using ConnectAs = std::function<Result<std::unique_ptr<HubConnection>>(const Membership&, TransportKey key)>;

// Asks to be enrolled. With `patience` 0: until the hub has the request; else until it was approved, asking on.
// Durable: the state that it returns is in the vault. Threads: waits on the caller's.
// kUnavailable ("hub.offline"): no answer in time; the request goes on when this is called again; kDenied
// ("enrol.refused", "enrol.invitation": the hub does not let it in any more) and what the hub says: ask for a new
// invitation.
Result<EnrolState> Enrol(Vault& vault, std::chrono::milliseconds patience, const ConnectAs& connect = nullptr);

}  // namespace schakel
