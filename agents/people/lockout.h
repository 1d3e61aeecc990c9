// Counts failures by key (an account, an address), and makes whoever goes on wait ever longer.
//
// A key is any text: it is counted whether or not such an account exists, so that waiting tells nothing.
// Threads: any. Memory: `keys_max` keys; then the one that failed longest ago is forgotten.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "protocol/seams.h"

namespace schakel {

struct LockoutRule {
  unsigned free = 5;                          // So many failures cost nothing.
  std::chrono::seconds first{30};             // The next one costs this; each further one twice as much,
  std::chrono::seconds longest{3600};         // up to this.
  std::chrono::seconds forget_after{86'400};  // Since the last failure.
  std::size_t keys_max = 10'000;
};

class Lockout {
 public:
  Lockout(LockoutRule rule, const Clock& clock) : rule_(rule), clock_(clock) {}

  // How long `key` has to wait; nothing: it may try now, and counts as failed until Succeeded() says otherwise, so that
  // many who try at the same moment are counted.
  std::optional<std::chrono::seconds> Try(const std::string& key);
  // The last try of `key` was right. kAll: so all is well; kThatOne: only that try is taken back, since behind an
  // address there may be another who fails.
  enum class Forget : std::uint8_t { kAll, kThatOne };
  void Succeeded(const std::string& key, Forget forget);

  struct Standing {
    unsigned failures = 0;
    std::optional<std::chrono::seconds> wait;  // Nothing: it may try now.
  };
  Standing Of(const std::string& key) const;  // Counts nothing.

 private:
  using Steady = std::chrono::steady_clock::time_point;
  struct Failures {
    unsigned count = 0;
    Steady last;
    Steady not_before;
  };
  void MakeRoom();

  const LockoutRule rule_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Failures> failures_;
};

// An IPv6 address counts by its network of 64 bits: one household, one key. Others as they are.
std::string AddressKey(const std::string& address);

}  // namespace schakel
