// Small files of the operator's: read whole, written new.
#pragma once

#include <filesystem>
#include <string_view>

#include "protocol/bytes.h"
#include "protocol/result.h"

namespace schakel {

// kNotFound ("file.read"), kLimit ("file.size").
Result<Bytes> ReadWholeFile(const std::filesystem::path& path, std::size_t bytes_max);
// Never overwrites. Synced, with its folder. kExists ("file.exists"), kUnavailable ("file.write").
Status WriteNewFile(const std::filesystem::path& path, ByteView content, unsigned mode);
inline constexpr unsigned kPrivateMode = 0600;
inline constexpr unsigned kPublicMode = 0644;

}  // namespace schakel
