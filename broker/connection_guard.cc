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
  slot->cookie = SocketCookie(fd);
  slot->delivered_before = slot->delivered.load(std::memory_order_relaxed);
  slot->accepted_at = now;
  fds_.push_back(fd);
  open_.store(fds_.size(), std::memory_order_relaxed);
  if (fds_.size() <= limits_.connections_max) return;
  // Too many: the oldest that never said anything goes, else the newest.
  for (int other : fds_) {
    Slot& candidate = *SlotOf(other);
    if (candidate.cut || candidate.delivered.load(std::memory_order_relaxed) != candidate.delivered_before) continue;
    return CutOff(other, candidate, Cut::kCrowd, 0);
  }
  CutOff(fd, *slot, Cut::kCrowd, 0);
}

std::uint64_t ConnectionGuard::Gone(int fd) {
  Slot* slot = SlotOf(fd);
  if (!slot || !slot->open) return 0;
  slot->open = false;
  std::erase(fds_, fd);
  open_.store(fds_.size(), std::memory_order_relaxed);
  return slot->cookie;
}

void ConnectionGuard::Delivered(int fd, std::size_t frame_bytes) {
  if (Slot* slot = SlotOf(fd)) {
    slot->delivered.fetch_add(frame_bytes + kFrameOverhead, std::memory_order_relaxed);
  }
}

void ConnectionGuard::CutOff(int fd, Slot& slot, Cut why, std::uint64_t surplus) {
  slot.cut = true;
  report_({why, fd, PeerOf(fd), surplus});
  ShutDown(fd, slot.cookie);
}

void ConnectionGuard::Check(std::chrono::steady_clock::time_point now) {
  for (int fd : fds_) {
    Slot& slot = *SlotOf(fd);
    if (slot.cut) continue;
    const std::uint64_t delivered = slot.delivered.load(std::memory_order_relaxed) - slot.delivered_before;
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(now - slot.accepted_at);
    const std::uint64_t taken_in = ReadFrom(fd);
    const std::uint64_t accounted = delivered + kQuietBytesPerSecond * static_cast<std::uint64_t>(age.count());
    if (taken_in > accounted && taken_in - accounted > limits_.surplus_bytes_max) {
      CutOff(fd, slot, Cut::kSurplus, taken_in - accounted);
    } else if (delivered == 0 && age >= limits_.silence_max) {
      CutOff(fd, slot, Cut::kSilent, taken_in);
    }
  }
}

}  // namespace schakel
