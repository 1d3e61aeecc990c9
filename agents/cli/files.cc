#include "files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "protocol/crypto.h"

namespace schakel {
namespace {

std::unexpected<Error> CannotWrite(const std::string& path) {
  return Fail(Code::kUnavailable, "file.write", path, "check that the directory exists and has room");
}

}  // namespace

Result<Bytes> ReadWhole(const std::string& path, std::size_t bytes_max) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return Fail(Code::kInvalid, "file.directory", path, "name a file in it");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return Fail(Code::kNotFound, "file.read", path, "check the name of the file");
  Bytes bytes;
  char chunk[65536];
  while (file.read(chunk, sizeof chunk) || file.gcount() > 0) {
    Append(bytes, AsBytes(std::string_view(chunk, static_cast<std::size_t>(file.gcount()))));
    if (bytes.size() > bytes_max) {
      return Fail(Code::kLimit, "file.large", path, std::to_string(bytes_max >> 10) + " KiB");
    }
  }
  return bytes;
}

PartFile::~PartFile() {
  if (file_ >= 0) ::close(file_);
}

Status PartFile::OpenToRead(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return Fail(Code::kInvalid, "file.directory", path, "name a file in it");
  }
  path_ = path;
  file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ < 0) return Fail(Code::kNotFound, "file.read", path, "check the name of the file");
  return {};
}

Status PartFile::OpenToAppend(const std::string& path) {
  path_ = path;
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
  return file_ >= 0 ? Status() : CannotWrite(path);
}

std::uint64_t PartFile::size() const {
  struct stat status{};
  return ::fstat(file_, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

Result<Bytes> PartFile::ReadAt(std::uint64_t offset, std::size_t bytes_max) const {
  Bytes bytes(bytes_max);
  std::size_t read = 0;
  while (read < bytes_max) {
    const ssize_t size = ::pread(file_, bytes.data() + read, bytes_max - read, static_cast<off_t>(offset + read));
    if (size < 0) return Fail(Code::kNotFound, "file.read", path_, "check the name of the file");
    if (size == 0) break;
    read += static_cast<std::size_t>(size);
  }
  bytes.resize(read);
  return bytes;
}

Result<Hash32> PartFile::Hash() const {
  Sha256Stream hash;
  for (std::uint64_t at = 0;;) {
    SCHAKEL_ASSIGN(const Bytes part, ReadAt(at, std::size_t{1} << 20));
    if (part.empty()) return hash.Finish();
    hash.Add(part);
    at += part.size();
  }
}

Status PartFile::Add(ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::write(file_, bytes.data(), bytes.size());
    if (size <= 0) return CannotWrite(path_);
    bytes = bytes.subspan(static_cast<std::size_t>(size));
  }
  return {};
}

Status PartFile::Shorten(std::uint64_t to) {
  return ::ftruncate(file_, static_cast<off_t>(to)) == 0 ? Status() : CannotWrite(path_);
}
Status PartFile::Sync() { return ::fsync(file_) == 0 ? Status() : CannotWrite(path_); }

Status WriteNew(const std::string& path, ByteView bytes, FileMode mode) {
  const int file =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode == FileMode::kOwnerOnly ? 0600 : 0644);
  if (file < 0 && errno == EEXIST) {
    return Fail(Code::kExists, "file.exists", path, "choose another name, or move the old file away");
  }
  bool written = file >= 0;
  while (written && !bytes.empty()) {
    const ssize_t size = ::write(file, bytes.data(), bytes.size());
    written = size > 0;
    if (written) bytes = bytes.subspan(static_cast<std::size_t>(size));
  }
  written = written && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!written) return CannotWrite(path);
  return {};
}

Status WriteAnew(const std::string& path, ByteView bytes) {
  const std::string beside = path + ".new";
  SCHAKEL_TRY(WriteNew(beside, bytes, FileMode::kOwnerOnly));
  std::error_code failed;
  std::filesystem::rename(beside, path, failed);
  if (!failed) return {};
  std::error_code ignored;
  std::filesystem::remove(beside, ignored);
  return Fail(Code::kUnavailable, "file.write", path, "check that the directory exists and has room");
}

}  // namespace schakel
