// Who may do what over the network: every route, in one table. A route that is not in it is for nobody.
//
// Threads: pure.
#pragma once

#include <span>
#include <string_view>

#include "people/account.h"

namespace schakel {

struct Permission {
  enum class Needs : std::uint8_t {
    kNothing,  // Whoever can reach it.
    kPass,     // A session or a token.
    kSession,  // A session: what a stolen token must not be able to do.
    kGuest,    // The session of a guest of a meeting, and no other.
  };
  std::string_view route;  // "GET /v1/status"
  RoleSet roles;           // One of these has to be held.
  Needs needs = Needs::kPass;
  bool sends = false;  // Something leaves or is made: takes an Idempotency-Key.
};
std::span<const Permission> AllPermissions();
// Null: for nobody.
const Permission* PermissionFor(std::string_view method, std::string_view pattern);

}  // namespace schakel
