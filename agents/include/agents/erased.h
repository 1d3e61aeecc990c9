// Which records an erased trajectory had here: their ids alone, so that whoever asks for one hears that it was erased
// and not that there never was one. Ids are random, and stand in the log of the hub for good.
#pragma once

#include <string>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/ids.h"
#include "protocol/result.h"

namespace schakel {

// The fact of the vault under which they stand.
std::string ErasedFact(const TrajectoryId& trajectory);
// 16 bytes each, one after the other.
Bytes EncodeErased(const std::vector<RecordId>& records);
// kCorrupt ("vault.row").
Result<std::vector<RecordId>> DecodeErased(ByteView bytes);

}  // namespace schakel
