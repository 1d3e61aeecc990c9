// The secret keys of one organisation. Made at enrolment by the agent itself; they live sealed in its vault and never
// leave it.
//
// Threads: one object, one thread; const calls from any.
#pragma once

#include <vector>

#include "protocol/bytes.h"
#include "protocol/keys.h"
#include "protocol/registry.h"
#include "protocol/result.h"

namespace schakel {

struct AgentKeys {
  SigningKey record;
  SigningKey cosign;
  TransportKey transport;
  std::vector<AgreementKey> hpke;  // All generations whose records may still come in, oldest first; never empty.

  static AgentKeys Generate();
  OrgKeys Public() const;  // Of the newest generation.
  const AgreementKey* FindHpke(const KeyId& key) const;
};

// Secret bytes, for the vault alone: wipe them after use.
Bytes EncodeKeys(const AgentKeys& keys);
// kInvalid with the codec's rules.
Result<AgentKeys> DecodeKeys(ByteView bytes);

// Overwrites in a way that the compiler keeps.
void Wipe(Bytes& secret);

}  // namespace schakel
