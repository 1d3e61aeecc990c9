// The small files that lie beside the database, and what must be said to the kernel so that they survive a power cut.
//
// Threads: all functions from any thread; two calls on one path must not overlap.
// Errors:  kUnavailable with the caller's rule; the field is the path, `next` holds the system's own words.
#pragma once

#include <filesystem>
#include <string>

#include "protocol/bytes.h"
#include "protocol/result.h"

namespace schakel {

// Closes when it goes; -1: none.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.Release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    if (this != &other) Reset(other.Release());
    return *this;
  }
  ~FileDescriptor() { Reset(-1); }

  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }

 private:
  int Release() {
    int fd = fd_;
    fd_ = -1;
    return fd;
  }
  void Reset(int fd);
  int fd_ = -1;
};

// The failure of the last system call (errno) on `path`.
std::unexpected<Error> DiskFailure(const char* rule, const std::filesystem::path& path);

// kNotFound: no such file; kCorrupt: longer than `bytes_max`.
Result<Bytes> ReadWholeFile(const std::filesystem::path& path, std::size_t bytes_max, const char* rule);

// Temporary file, fsync, rename, fsync of the folder: after a crash either the old bytes or the new, whole. Mode 0600.
Status ReplaceFile(const std::filesystem::path& path, ByteView bytes, const char* rule);
// Likewise; the bytes that were there are overwritten where they lay, and synced, before this returns. A disk that
// writes elsewhere (flash, a snapshot) may keep a copy.
Status ReplaceSecretFile(const std::filesystem::path& path, ByteView bytes, const char* rule);
Status RenameFile(const std::filesystem::path& from, const std::filesystem::path& to, const char* rule);
// No such file is fine.
Status RemoveFile(const std::filesystem::path& path, const char* rule);
Status SyncFolder(const std::filesystem::path& folder, const char* rule);
Status WriteAll(int fd, ByteView bytes, const std::filesystem::path& path, const char* rule);

}  // namespace schakel
