// Bounds what one TCP connection can make libzmq hold.
//
// libzmq keeps all parts of a message until its last part is there, without a bound: one authenticated peer could fill
// the memory. So the guard compares the bytes that the kernel took in for a connection with those of the complete
// messages that came out of the library, and cuts a connection whose surplus grows beyond a bound. It also cuts
// connections that never say anything, and bounds their number.
//
// A descriptor number is used again by the next connection; the socket cookie tells them apart.
// Threads: Delivered() and open() any; the rest one thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace schakel {

struct GuardLimits {
  std::uint64_t surplus_bytes_max = 32U << 20;
  std::uint64_t surplus_total_bytes_max = 512U << 20;  // Of all connections: beyond it the largest goes.
  std::chrono::seconds silence_max{10};                // From accepting it to its first message.
  std::size_t connections_max = 4096;
};

class ConnectionGuard {
 public:
  enum class Cut : std::uint8_t { kSurplus, kSilent, kCrowd };
  struct Report {
    Cut why;
    int fd;
    std::string peer;  // Address and port.
    std::uint64_t surplus = 0;
  };

  ConnectionGuard(GuardLimits limits, std::function<void(const Report&)> report);

  void Accepted(int fd, std::chrono::steady_clock::time_point now);
  // True: it ended by itself, and never said anything.
  bool Gone(int fd);
  // A complete message came out of the connection that has this descriptor and cookie. It may do so before
  // Accepted() was called for it.
  void Delivered(int fd, std::uint64_t cookie, std::size_t message_bytes, std::size_t frames);
  void Check(std::chrono::steady_clock::time_point now);

  std::size_t open() const { return open_.load(std::memory_order_relaxed); }

 private:
  struct Slot {
    // Under the mutex: of the connection that the descriptor belongs to now.
    std::uint64_t cookie = 0;
    std::uint64_t delivered = 0;
    // The guard's thread only.
    bool open = false;
    bool cut = false;
    std::chrono::steady_clock::time_point accepted_at;
  };
  Slot* SlotOf(int fd);
  std::uint64_t DeliveredBy(const Slot& slot) const;
  void CutOff(int fd, Slot& slot, Cut why, std::uint64_t surplus);
  std::uint64_t SurplusOf(int fd, const Slot& slot, std::chrono::steady_clock::time_point now) const;

  const GuardLimits limits_;
  const std::function<void(const Report&)> report_;
  const std::size_t slots_count_;
  const std::unique_ptr<Slot[]> slots_;  // By descriptor.
  mutable std::mutex mutex_;
  std::vector<int> fds_;  // Open ones.
  std::atomic<std::size_t> open_{0};
};

// Of the socket that `fd` is now; 0: none.
std::uint64_t SocketCookie(int fd);
// Ends the connection on `fd` if it still is the one with `cookie`.
void ShutDown(int fd, std::uint64_t cookie);
// Likewise, and what the kernel still held to be sent is never sent.
void Abort(int fd, std::uint64_t cookie);
// Whether the kernel holds bytes that the other end has not confirmed.
bool HasUnsent(int fd);

}  // namespace schakel
