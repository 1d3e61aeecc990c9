#include "connection_guard.h"

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>

namespace schakel {
namespace {

// What CURVE and ZMTP add to a frame: header, command name, nonce, tag, flags.
constexpr std::size_t kFrameOverhead = 42;
// Heartbeats of the protocol below us make no messages: allow for them.
constexpr std::uint64_t kQuietBytesPerSecond = 64;
constexpr std::size_t kDescriptorsMax = 1U << 16;

std::size_t DescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kDescriptorsMax;
  return std::min<std::size_t>(limit.rlim_cur, kDescriptorsMax);
}

std::string PeerOf(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return "unknown";
  char text[INET6_ADDRSTRLEN] = {};
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    return std::string(text) + ":" + std::to_string(ntohs(v4.sin_port));
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
  inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
  return "[" + std::string(text) + "]:" + std::to_string(ntohs(v6.sin6_port));
}

// Read from the connection by this process. Nothing: not a TCP connection any more.
std::uint64_t ReadFrom(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  int unread = 0;
  if (ioctl(fd, SIOCINQ, &unread) != 0) unread = 0;
  const auto waiting = static_cast<std::uint64_t>(std::max(unread, 0));
  return info.tcpi_bytes_received > waiting ? info.tcpi_bytes_received - waiting : 0;
}

}  // namespace

std::uint64_t SocketCookie(int fd) {
  std::uint64_t cookie = 0;
  socklen_t size = sizeof cookie;
  if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size) != 0) return 0;
  return cookie;
}

void ShutDown(int fd, std::uint64_t cookie) {
  if (cookie != 0 && SocketCookie(fd) == cookie) shutdown(fd, SHUT_RDWR);
}

void Abort(int fd, std::uint64_t cookie) {
  if (cookie == 0 || SocketCookie(fd) != cookie) return;
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;  // Linux: dissolves the connection with a reset and empties its send buffer.
  if (connect(fd, &nobody, sizeof nobody) != 0) shutdown(fd, SHUT_RDWR);
}

bool HasUnsent(int fd) {
  int unsent = 0;
  return ioctl(fd, SIOCOUTQ, &unsent) != 0 || unsent > 0;
}

ConnectionGuard::ConnectionGuard(GuardLimits limits, std::function<void(const Report&)> report)
    : limits_(limits),
      report_(std::move(report)),
      slots_count_(DescriptorLimit()),
      slots_(std::make_unique<Slot[]>(slots_count_)) {}

ConnectionGuard::Slot* ConnectionGuard::SlotOf(int fd) {
  if (fd < 0 || static_cast<std::size_t>(fd) >= slots_count_) return nullptr;
  return &slots_[static_cast<std::size_t>(fd)];
}

void ConnectionGuard::Accepted(int fd, std::chrono::steady_clock::time_point now) {
  Slot* slot = SlotOf(fd);
  if (!slot) return;
  if (slot->open) Gone(fd);
  slot->open = true;
  slot->cut = false;
  slot->accepted_at = now;
  {
    std::scoped_lock lock(mutex_);
    const std::uint64_t cookie = SocketCookie(fd);
    if (slot->cookie != cookie) slot->delivered = 0;
    slot->cookie = cookie;
  }
  fds_.push_back(fd);
  open_.store(fds_.size(), std::memory_order_relaxed);
  if (fds_.size() <= limits_.connections_max) return;
  // Too many: the oldest that never said anything goes, else the newest.
  for (int other : fds_) {
    Slot& candidate = *SlotOf(other);
    if (candidate.cut || DeliveredBy(candidate) > 0) continue;
    return CutOff(other, candidate, Cut::kCrowd, 0);
  }
  CutOff(fd, *slot, Cut::kCrowd, 0);
}

bool ConnectionGuard::Gone(int fd) {
  Slot* slot = SlotOf(fd);
  if (!slot || !slot->open) return false;
  slot->open = false;
  std::erase(fds_, fd);
  open_.store(fds_.size(), std::memory_order_relaxed);
  return !slot->cut && DeliveredBy(*slot) == 0;
}

void ConnectionGuard::Delivered(int fd, std::uint64_t cookie, std::size_t message_bytes, std::size_t frames) {
  Slot* slot = SlotOf(fd);
  if (!slot || cookie == 0) return;
  std::scoped_lock lock(mutex_);
  if (slot->cookie != cookie) slot->delivered = 0;
  slot->cookie = cookie;
  slot->delivered += message_bytes + frames * kFrameOverhead;
}

std::uint64_t ConnectionGuard::DeliveredBy(const Slot& slot) const {
  std::scoped_lock lock(mutex_);
  return slot.delivered;
}

void ConnectionGuard::CutOff(int fd, Slot& slot, Cut why, std::uint64_t surplus) {
  slot.cut = true;
  report_({why, fd, PeerOf(fd), surplus});
  ShutDown(fd, slot.cookie);
}

std::uint64_t ConnectionGuard::SurplusOf(int fd, const Slot& slot, std::chrono::steady_clock::time_point now) const {
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(now - slot.accepted_at);
  const std::uint64_t accounted = DeliveredBy(slot) + kQuietBytesPerSecond * static_cast<std::uint64_t>(age.count());
  const std::uint64_t taken_in = ReadFrom(fd);
  return taken_in > accounted ? taken_in - accounted : 0;
}

void ConnectionGuard::Check(std::chrono::steady_clock::time_point now) {
  std::uint64_t total = 0;
  std::uint64_t largest = 0;
  int largest_fd = -1;
  for (int fd : fds_) {
    Slot& slot = *SlotOf(fd);
    if (slot.cut) continue;
    const std::uint64_t surplus = SurplusOf(fd, slot, now);
    const bool spoke = DeliveredBy(slot) > 0;
    if (surplus > limits_.surplus_bytes_max) {
      CutOff(fd, slot, Cut::kSurplus, surplus);
    } else if (!spoke && now - slot.accepted_at >= limits_.silence_max) {
      CutOff(fd, slot, Cut::kSilent, surplus);
    } else {
      total += surplus;
      if (surplus > largest) {
        largest = surplus;
        largest_fd = fd;
      }
    }
  }
  if (total > limits_.surplus_total_bytes_max) CutOff(largest_fd, *SlotOf(largest_fd), Cut::kSurplus, largest);
}

}  // namespace schakel
