// Stands between a program and its disk (LD_PRELOAD): makes one folder fill up, turn read-only or lose its power.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "control.h"

namespace {

using schakel::testing::DiskControl;
using schakel::testing::DiskMode;

DiskControl* control = nullptr;
const char* folder = nullptr;

__attribute__((constructor)) void Start() {
  const char* path = std::getenv(schakel::testing::kDiskControlVariable);
  folder = std::getenv(schakel::testing::kDiskFolderVariable);
  if (path == nullptr || folder == nullptr) return;
  const int file = static_cast<int>(syscall(257 /* openat */, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0));
  void* mapped = mmap(nullptr, sizeof(DiskControl), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (mapped != MAP_FAILED) control = static_cast<DiskControl*>(mapped);
}

template <typename F>
F* Real(const char* name) {
  return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}

bool Concerns(const char* path) {
  return control != nullptr && path != nullptr && std::strncmp(path, folder, std::strlen(folder)) == 0;
}
bool Concerns(int fd) {
  if (control == nullptr) return false;
  char link[64];
  char path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t size = readlink(link, path, sizeof path - 1);
  if (size <= 0) return false;
  path[size] = '\0';
  return Concerns(path);
}
DiskMode Mode() { return control->mode.load(); }

int Refuse(int error) {
  control->refused.fetch_add(1);
  errno = error;
  return -1;
}

// How much of a write may go on; -1: refused. Ends the process in the midst of one that is torn.
template <typename Write>
ssize_t Writes(int fd, std::size_t size, Write write) {
  if (!Concerns(fd)) return write(size);
  control->written.fetch_add(size);
  const auto wanted = static_cast<std::int64_t>(size);
  switch (Mode()) {
    case DiskMode::kFine:
      break;
    case DiskMode::kReadOnly:
      return Refuse(EROFS);
    case DiskMode::kFull: {
      const std::int64_t left = control->bytes_left.fetch_sub(wanted);
      if (left >= wanted) break;
      control->bytes_left.store(0);
      if (left <= 0) return Refuse(ENOSPC);
      return write(static_cast<std::size_t>(left));
    }
    case DiskMode::kTorn:
      if (control->bytes_left.fetch_sub(wanted) >= wanted) break;
      write(size / 2);
      control->torn.fetch_add(1);
      kill(getpid(), SIGKILL);
      pause();
  }
  return write(size);
}

// For calls that change something but write no bytes of their own.
bool Refused(bool concerns, std::int64_t needs = 0) {
  if (!concerns) return false;
  if (Mode() == DiskMode::kReadOnly) return Refuse(EROFS) != 0;
  if (Mode() == DiskMode::kFull && needs > 0 && control->bytes_left.load() < needs) return Refuse(ENOSPC) != 0;
  return false;
}

bool Changes(int flags) { return (flags & (O_CREAT | O_TRUNC | O_WRONLY | O_RDWR)) != 0; }

// A file that did not exist needs a block.
bool OpenRefused(const char* path, int flags) {
  if (!Concerns(path) || !Changes(flags)) return false;
  return Refused(true, (flags & O_CREAT) != 0 && access(path, F_OK) != 0 ? 4096 : 0);
}

std::size_t Total(const iovec* parts, int count) {
  std::size_t size = 0;
  for (int i = 0; i < count; ++i) size += parts[i].iov_len;
  return size;
}

}  // namespace

extern "C" {

#define OPEN_LIKE(name)                                                   \
  int name(const char* path, int flags, ...) {                            \
    va_list rest;                                                         \
    va_start(rest, flags);                                                \
    const mode_t mode = va_arg(rest, mode_t);                             \
    va_end(rest);                                                         \
    if (OpenRefused(path, flags)) return -1;                              \
    return Real<int(const char*, int, mode_t)>(#name)(path, flags, mode); \
  }
OPEN_LIKE(open)
OPEN_LIKE(open64)

#define OPEN_2_LIKE(name)                                   \
  int name(const char* path, int flags) {                   \
    if (OpenRefused(path, flags)) return -1;                \
    return Real<int(const char*, int)>(#name)(path, flags); \
  }
OPEN_2_LIKE(__open_2)
OPEN_2_LIKE(__open64_2)

ssize_t write(int fd, const void* bytes, size_t size) {
  static auto* real = Real<ssize_t(int, const void*, size_t)>("write");
  return Writes(fd, size, [&](std::size_t count) { return real(fd, bytes, count); });
}

#define PWRITE_LIKE(name)                                                                   \
  ssize_t name(int fd, const void* bytes, size_t size, off_t at) {                          \
    static auto* real = Real<ssize_t(int, const void*, size_t, off_t)>(#name);              \
    return Writes(fd, size, [&](std::size_t count) { return real(fd, bytes, count, at); }); \
  }
PWRITE_LIKE(pwrite)
PWRITE_LIKE(pwrite64)

ssize_t writev(int fd, const iovec* parts, int count) {
  static auto* real = Real<ssize_t(int, const iovec*, int)>("writev");
  const std::size_t size = Total(parts, count);
  return Writes(fd, size, [&](std::size_t may) -> ssize_t {
    if (may == size) return real(fd, parts, count);
    return Real<ssize_t(int, const void*, size_t)>("write")(fd, parts[0].iov_base,
                                                            may < parts[0].iov_len ? may : parts[0].iov_len);
  });
}

#define SYNC_LIKE(name)                   \
  int name(int fd) {                      \
    if (Refused(Concerns(fd))) return -1; \
    return Real<int(int)>(#name)(fd);     \
  }
SYNC_LIKE(fsync)
SYNC_LIKE(fdatasync)

#define TRUNCATE_LIKE(name)                        \
  int name(int fd, off_t size) {                   \
    if (Refused(Concerns(fd))) return -1;          \
    return Real<int(int, off_t)>(#name)(fd, size); \
  }
TRUNCATE_LIKE(ftruncate)
TRUNCATE_LIKE(ftruncate64)

#define FALLOCATE_LIKE(name)                                            \
  int name(int fd, int how, off_t at, off_t size) {                     \
    if (Refused(Concerns(fd), size)) return -1;                         \
    return Real<int(int, int, off_t, off_t)>(#name)(fd, how, at, size); \
  }
FALLOCATE_LIKE(fallocate)
FALLOCATE_LIKE(fallocate64)

#define POSIX_FALLOCATE_LIKE(name)                            \
  int name(int fd, off_t at, off_t size) {                    \
    if (Refused(Concerns(fd), size)) return errno;            \
    return Real<int(int, off_t, off_t)>(#name)(fd, at, size); \
  }
POSIX_FALLOCATE_LIKE(posix_fallocate)
POSIX_FALLOCATE_LIKE(posix_fallocate64)

int rename(const char* from, const char* to) {
  if (Refused(Concerns(to))) return -1;
  return Real<int(const char*, const char*)>("rename")(from, to);
}
int mkdir(const char* path, mode_t mode) {
  if (Concerns(path) && access(path, F_OK) != 0 && Refused(true, 4096)) return -1;
  return Real<int(const char*, mode_t)>("mkdir")(path, mode);
}
int chmod(const char* path, mode_t mode) {
  if (Refused(Concerns(path))) return -1;
  return Real<int(const char*, mode_t)>("chmod")(path, mode);
}
int unlink(const char* path) {
  if (Refused(Concerns(path))) return -1;
  struct stat info{};
  const bool freed = Concerns(path) && stat(path, &info) == 0;
  const int done = Real<int(const char*)>("unlink")(path);
  if (done == 0 && freed) control->bytes_left.fetch_add(info.st_blocks * 512);
  return done;
}

// The room that is left, for those who ask first.
#define STATVFS_LIKE(name, type)                                                                      \
  int name(const char* path, struct type* info) {                                                     \
    const int done = Real<int(const char*, struct type*)>(#name)(path, info);                         \
    if (done == 0 && Concerns(path) && Mode() == DiskMode::kFull) {                                   \
      const std::int64_t left = control->bytes_left.load();                                           \
      info->f_bavail = info->f_bfree = static_cast<fsblkcnt_t>(left > 0 ? left : 0) / info->f_frsize; \
    }                                                                                                 \
    return done;                                                                                      \
  }
STATVFS_LIKE(statvfs, statvfs)
STATVFS_LIKE(statvfs64, statvfs64)

}  // extern "C"
