#include "ballast.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk_files.h"

namespace schakel {
namespace {

std::uint64_t RoomBeside(const std::filesystem::path& path) {
  std::error_code error;
  const auto space = std::filesystem::space(path.parent_path(), error);
  return error ? 0 : space.available;
}

bool IsWhole(const std::filesystem::path& path, std::size_t bytes) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && info.st_size == static_cast<off_t>(bytes) &&
         static_cast<std::uint64_t>(info.st_blocks) * 512 >= bytes;
}

}  // namespace

std::uint64_t Ballast::Room() const { return room_bytes_ ? room_bytes_() : RoomBeside(path_); }

bool Ballast::Release() { return ::unlink(path_.c_str()) == 0; }

void Ballast::ReleaseIfBelow(std::uint64_t room_bytes) {
  if (bytes_ > 0 && Room() < room_bytes) Release();
}

bool Ballast::Restore() {
  if (bytes_ == 0 || IsWhole(path_, bytes_)) return true;
  Release();  // Of another size, or half made.
  if (Room() < room_wanted()) return false;
  FileDescriptor file(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.open()) return false;
  if (::posix_fallocate(file.get(), 0, static_cast<off_t>(bytes_)) == 0) return true;
  Release();
  return false;
}

}  // namespace schakel
