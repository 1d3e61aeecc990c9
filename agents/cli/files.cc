#include "files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

namespace schakel {

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
  if (!written) return Fail(Code::kUnavailable, "file.write", path, "check that the directory exists and has room");
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
