// Transport keys that organisations had before: whoever still comes with one is not let in, and the hub knows whose it
// was.
//
// Threads: pure.
#pragma once

#include <vector>

#include "protocol/registry.h"

namespace schakel {

struct ReplacedKey {
  OrgId organisation;
  TransportPublicKey key;
  Timestamp since;  // When the statement was issued that put another in its place.
};

// Of all organisations, oldest first; none that is in force, of whomever.
std::vector<ReplacedKey> ReplacedKeys(const Directory& directory);

}  // namespace schakel
