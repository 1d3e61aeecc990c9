// Files that commands read and write. Threads: any.
#pragma once

#include <string>

#include "protocol/bytes.h"
#include "protocol/result.h"

namespace schakel {

// kNotFound ("file.read"), kLimit ("file.large").
Result<Bytes> ReadWhole(const std::string& path, std::size_t bytes_max);

enum class FileMode : std::uint8_t { kOwnerOnly, kReadable };
// A new file, synced. kExists ("file.exists"): nothing is ever overwritten; kUnavailable ("file.write").
Status WriteNew(const std::string& path, ByteView bytes, FileMode mode);

}  // namespace schakel
