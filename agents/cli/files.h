// Files that commands read and write. Threads: any.
#pragma once

#include <string>

#include "protocol/bytes.h"
#include "protocol/result.h"

namespace schakel {

// kNotFound ("file.read"), kLimit ("file.large").
Result<Bytes> ReadWhole(const std::string& path, std::size_t bytes_max);

// A file that is read or written part by part. Threads: one object, one thread.
class PartFile {
 public:
  PartFile() = default;
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  // kNotFound ("file.read"), kInvalid ("file.directory").
  Status OpenToRead(const std::string& path);
  // What is in it stays, and is added to; for the owner alone if it is new. kUnavailable ("file.write").
  Status OpenToAppend(const std::string& path);
  std::uint64_t size() const;
  // Up to `bytes_max` from `offset`; fewer at the end alone. kNotFound ("file.read").
  Result<Bytes> ReadAt(std::uint64_t offset, std::size_t bytes_max) const;
  Result<Hash32> Hash() const;  // SHA-256 of all of it. Likewise.
  Status Add(ByteView bytes);   // kUnavailable ("file.write"), also of these.
  Status Shorten(std::uint64_t to);
  Status Sync();

 private:
  int file_ = -1;
  std::string path_;
};

enum class FileMode : std::uint8_t { kOwnerOnly, kReadable };
// A new file, synced. kExists ("file.exists"): nothing is ever overwritten; kUnavailable ("file.write").
Status WriteNew(const std::string& path, ByteView bytes, FileMode mode);
// In the place of whatever is there, for its owner alone: the old file or the new one is there, and nothing between.
Status WriteAnew(const std::string& path, ByteView bytes);

}  // namespace schakel
