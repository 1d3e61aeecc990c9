// Which registrars signed a statement of the directory: whose signatures counted at that moment, and which of them
// hold.
//
// Threads: pure.
#pragma once

#include <span>
#include <vector>

#include "protocol/registry.h"

namespace schakel {

struct Signers {
  Registrars registrars;                    // Whose signatures counted.
  std::vector<SigningPublicKey> signed_by;  // Those of them that signed it, in that order.
  friend bool operator==(const Signers&, const Signers&) = default;
};

// Of each statement in turn. `pinned`: who signed until a statement said otherwise; `statements`: of a directory, in
// the order in which it took them in.
std::vector<Signers> SignersOf(const Registrars& pinned, std::span<const SignedStatement> statements);

}  // namespace schakel
