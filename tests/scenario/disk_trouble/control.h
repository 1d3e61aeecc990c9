// What a test and the library that it preloads into a program share: a small file that both map.
#pragma once

#include <atomic>
#include <cstdint>

namespace schakel::testing {

enum class DiskMode : int {
  kFine = 0,
  kFull,      // "No space left" once `bytes_left` are written; what is removed makes room again.
  kReadOnly,  // Whatever would change something is refused.
  kTorn,      // The write that exceeds `bytes_left` gets half way to the file, then the power is gone (SIGKILL).
};
struct DiskControl {
  std::atomic<DiskMode> mode{DiskMode::kFine};
  std::atomic<std::int64_t> bytes_left{0};
  std::atomic<std::uint64_t> written{0};  // Bytes, in all modes.
  std::atomic<std::uint64_t> refused{0};  // Calls.
  std::atomic<std::uint64_t> torn{0};
};
inline constexpr const char* kDiskControlVariable = "DISK_TROUBLE_CONTROL";
inline constexpr const char* kDiskFolderVariable = "DISK_TROUBLE_FOLDER";

}  // namespace schakel::testing
