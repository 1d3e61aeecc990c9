// The file `identity` beside a log: whose log it is. Written when the log is made and never changed.
//
// nonce 24 | sealed (version 1 | log key 32 | transport key 32 | origin) | tag 16, under a key derived from the index
// key, with the store id as associated data: it says nothing to who has no key, and belongs to this store alone.
#pragma once

#include <filesystem>

#include "key_ring.h"
#include "store/log.h"

namespace schakel {

Status SaveIdentity(const std::filesystem::path& path, const KeyRing& ring, const LogIdentity& identity);
// kConflict ("log.identity"): another; the field says what differs. kCorrupt ("log.identity"): gone, or does not hold.
Status CheckIdentity(const std::filesystem::path& path, const KeyRing& ring, const LogIdentity& identity);

}  // namespace schakel
