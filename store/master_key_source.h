#pragma once

#include "protocol/bytes.h"
#include "protocol/keys.h"
#include "protocol/result.h"
#include "store/master_key.h"

namespace schakel {

// `salt16` serves a passphrase only.
// kUnavailable ("master_key.file"), kInvalid ("master_key.mode", "master_key.format", "master_key.empty").
Result<Secret<32>> LoadMasterKey(const MasterKeySource& source, ByteView salt16);

}  // namespace schakel
