// The secret keys of one organisation. Made at enrolment by the agent itself; they live sealed in its vault and never
// leave it.
//
// Threads: one object, one thread; const calls from any.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/ids.h"
#include "protocol/keys.h"
#include "protocol/registry.h"
#include "protocol/result.h"

namespace schakel {

struct AgentKeys {
  SigningKey record;
  SigningKey cosign;
  TransportKey transport;
  std::vector<AgreementKey> hpke;  // All generations whose records may still come in, oldest first; never empty.
  // Replaced ones: what waits in the outbox, and what is offered again after a hub lost history, bears their names.
  std::vector<SigningKey> old_record = {};

  static AgentKeys Generate();
  OrgKeys Public() const;  // Of the newest generation.
  const AgreementKey* FindHpke(const KeyId& key) const;
  const SigningKey* FindRecord(const KeyId& key) const;  // Also among the old ones.
};

// When an organisation changes its HPKE key by itself, and how long it still opens what was sealed to the one before.
struct KeyPolicy {
  std::chrono::hours hpke_period{24 * 30};
  std::chrono::hours hpke_overlap{24 * 30};
  friend bool operator==(const KeyPolicy&, const KeyPolicy&) = default;
};

// How things stand with the own keys, for people.
struct KeyReport {
  OrgKeys keys;
  Timestamp hpke_since;              // Of the HPKE key that the directory names.
  std::size_t hpke_held = 0;         // Private ones, old ones included.
  std::optional<std::string> asked;  // The fingerprint of new keys that are not in force yet.
  bool heard = false;                // The hub has the request for them.
  std::optional<Error> refused;      // Why it did not take it.
};

// Secret bytes, for the vault alone: wipe them after use.
Bytes EncodeKeys(const AgentKeys& keys);
// kInvalid with the codec's rules.
Result<AgentKeys> DecodeKeys(ByteView bytes);

// Overwrites in a way that the compiler keeps.
void Wipe(Bytes& secret);

}  // namespace schakel
