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
// In the place of whatever is there, for its owner alone: the old file or the new one is there, and nothing between.
Status WriteAnew(const std::string& path, ByteView bytes);

}  // namespace schakel
