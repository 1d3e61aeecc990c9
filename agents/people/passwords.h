// Passwords: which are good enough, and how they are kept (Argon2id through libsodium).
//
// Threads: any. Hashing takes 64 MiB and some 0.1 s of a core: at most `at_once` run together, others wait their turn.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.h"

namespace schakel {

// As NIST SP 800-63B says: length, and none of those that everybody tries first; no rules about which characters.
inline constexpr std::size_t kPasswordCharactersMin = 12;
inline constexpr std::size_t kPasswordBytesMax = 256;

// `about`: words that lie at hand (the person's login, the name of the organisation).
// kInvalid ("password.short", "password.long", "password.text", "password.common").
Status CheckPassword(std::string_view password, const std::vector<std::string>& about);

struct PasswordCost {
  unsigned long long passes = 3;
  std::size_t memory_bytes = 64U << 20;
};

class PasswordHasher {
 public:
  explicit PasswordHasher(PasswordCost cost = {}, std::size_t at_once = 2) : cost_(cost), free_(at_once) {}

  // kUnavailable ("password.memory").
  Result<std::string> Hash(std::string_view password);
  // Takes as long for an empty `hash` (nobody) as for any other.
  bool Matches(const std::string& hash, std::string_view password);
  // Made with another cost than today's: hash it again at the next login.
  bool IsOutdated(const std::string& hash) const;

 private:
  class Turn;

  const PasswordCost cost_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::size_t free_;
  std::string nobody_;  // A hash that no password fits; made when it is first needed.
};

}  // namespace schakel
