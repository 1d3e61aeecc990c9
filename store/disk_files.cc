#include "disk_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace schakel {
namespace {

namespace fs = std::filesystem;

// What to do about it.
std::string_view NextStep(int failure) {
  switch (failure) {
    case EACCES:
    case EPERM:
      return "let the user who runs this read and write it";
    case EROFS:
      return "make this disk writable, then start again";
    case ENOSPC:
    case EDQUOT:
      return "make room on this disk, then start again";
    case ENOENT:
      return "check the path";
    default:
      return "look after the disk, then start again";
  }
}

fs::path FolderOf(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

}  // namespace

void FileDescriptor::Reset(int fd) {
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
}

std::unexpected<Error> DiskFailure(const char* rule, const fs::path& path) {
  const int failure = errno;
  return Fail(Code::kUnavailable, rule, path.string(),
              std::error_code(failure, std::generic_category()).message() + ": " + std::string(NextStep(failure)));
}

Result<Bytes> ReadWholeFile(const fs::path& path, std::size_t bytes_max, const char* rule) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) {
    if (errno == ENOENT || errno == ENOTDIR) return Fail(Code::kNotFound, rule, path.string(), "no such file");
    return DiskFailure(rule, path);
  }
  Bytes out;
  for (;;) {
    const std::size_t step = 64U << 10;
    const std::size_t had = out.size();
    out.resize(had + step);
    ssize_t got = ::read(file.get(), out.data() + had, step);
    if (got < 0 && errno == EINTR)
      got = 0, out.resize(had);
    else if (got < 0)
      return DiskFailure(rule, path);
    else if (got == 0) {
      out.resize(had);
      return out;
    } else
      out.resize(had + static_cast<std::size_t>(got));
    if (out.size() > bytes_max) return Fail(Code::kCorrupt, rule, path.string(), "the file is longer than it can be");
  }
}

Status WriteAll(int fd, ByteView bytes, const fs::path& path, const char* rule) {
  while (!bytes.empty()) {
    ssize_t wrote = ::write(fd, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return DiskFailure(rule, path);
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
  }
  return {};
}

Status SyncFolder(const fs::path& folder, const char* rule) {
  FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.open() || ::fsync(fd.get()) != 0) return DiskFailure(rule, folder);
  return {};
}

Status RenameFile(const fs::path& from, const fs::path& to, const char* rule) {
  if (::rename(from.c_str(), to.c_str()) != 0) return DiskFailure(rule, to);
  return SyncFolder(FolderOf(to), rule);
}

Status RemoveFile(const fs::path& path, const char* rule) {
  if (::unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return {};
    return DiskFailure(rule, path);
  }
  return SyncFolder(FolderOf(path), rule);
}

Status ReplaceFile(const fs::path& path, ByteView bytes, const char* rule) {
  fs::path temporary = path;
  temporary += ".tmp";
  FileDescriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.open()) return DiskFailure(rule, temporary);
  Status written = WriteAll(file.get(), bytes, temporary, rule);
  if (written && ::fsync(file.get()) != 0) written = DiskFailure(rule, temporary);
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  return RenameFile(temporary, path, rule);
}

Status ReplaceSecretFile(const fs::path& path, ByteView bytes, const char* rule) {
  FileDescriptor before(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!before.open() && errno != ENOENT) return DiskFailure(rule, path);
  SCHAKEL_TRY(ReplaceFile(path, bytes, rule));
  if (!before.open()) return {};
  struct stat about{};
  if (::fstat(before.get(), &about) != 0) return DiskFailure(rule, path);
  SCHAKEL_TRY(WriteAll(before.get(), Bytes(static_cast<std::size_t>(about.st_size)), path, rule));
  return ::fsync(before.get()) == 0 ? Status() : DiskFailure(rule, path);
}

}  // namespace schakel
