#include "files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace schakel {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

Result<Bytes> ReadWholeFile(const std::filesystem::path& path, std::size_t bytes_max) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const auto unreadable = [&] {
    return Fail(Code::kNotFound, "file.read", path.string(),
                "check the path, and that you may read it (" + std::generic_category().message(errno) + ")");
  };
  if (file.get() < 0) return unreadable();
  Bytes content;
  std::uint8_t block[16384];
  while (true) {
    const ssize_t size = read(file.get(), block, sizeof block);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return unreadable();
    if (size == 0) return content;
    Append(content, {block, static_cast<std::size_t>(size)});
    if (content.size() > bytes_max) return Fail(Code::kLimit, "file.size", path.string(), "it is too large for this");
  }
}

Status WriteNewFile(const std::filesystem::path& path, ByteView content, unsigned mode) {
  const auto failed = [&] {
    return Fail(
        Code::kUnavailable, "file.write", path.string(),
        "see that its folder is there, is yours, and has room (" + std::generic_category().message(errno) + ")");
  };
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (file.get() < 0) {
    if (errno == EEXIST) return Fail(Code::kExists, "file.exists", path.string(), "choose another name, or remove it");
    return failed();
  }
  while (!content.empty()) {
    const ssize_t size = write(file.get(), content.data(), content.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return failed();
    content = content.subspan(static_cast<std::size_t>(size));
  }
  if (fsync(file.get()) != 0) return failed();
  const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const Descriptor folder(open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || fsync(folder.get()) != 0) return failed();
  return {};
}

}  // namespace schakel
