// A registrar's public key as people give it on the command line. Threads: any.
#pragma once

#include <string>

#include "protocol/keys.h"
#include "protocol/result.h"

namespace schakel {

// 64 hex digits or base64, or @FILE that begins with it, as `schakel registrar public` prints it.
// kInvalid ("registrar.public_key"), and those of ReadWhole.
Result<SigningPublicKey> ReadRegistrarKey(const std::string& argument);

}  // namespace schakel
