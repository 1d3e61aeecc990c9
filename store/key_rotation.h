// Moving a store to other keys while it is open.
//
//   erase   tombstones for the scopes | `keys` with a fresh generation beside the old | every data key wrapped anew |
//           `keys` without the old generation, the file before it overwritten in place
//   master  `keys` wrapped by another master key, the file before it overwritten in place
//
// A crash in between loses nothing: the next open finds two generations and moves on from there; scopes without a
// tombstone yet are as they were.
//
// Threads: the one that writes to the store; others may read meanwhile.
// Errors:  kUnavailable ("store.keys" and the database's own); kCorrupt ("store.data_key"); kLimit
// ("store.generations").
#pragma once

#include <span>

#include "store_folder.h"

namespace schakel {

// After this nothing sealed under those keys opens again: not here, and not from a copy of the database, whenever made.
// An older copy of `keys` would still open an older copy of the database: both must be destroyed together.
Status EraseScopes(StoreFolder& folder, std::span<const DataScope> scopes);
// What a crash left half done.
Status FinishMoving(StoreFolder& folder);
Status ChangeMasterKey(StoreFolder& folder, const MasterKeySource& source, Random& random);

}  // namespace schakel
