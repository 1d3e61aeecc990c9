// How people get in: what an operator may set (deploy/agent.toml, [people]).
#pragma once

#include <chrono>
#include <cstddef>

namespace schakel {

struct PeopleOptions {
  std::chrono::minutes session_idle{30};          // A session ends when nothing was asked for this long,
  std::chrono::minutes session_longest{12 * 60};  // and after this, whatever happens.
  std::chrono::hours invitation_lasts{72};
  // What a password costs to try (Argon2id). Others than these are for tests.
  unsigned long long hash_passes = 3;
  std::size_t hash_memory_bytes = 64U << 20;
  friend bool operator==(const PeopleOptions&, const PeopleOptions&) = default;
};

}  // namespace schakel
