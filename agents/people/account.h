// An account: one person of the organisation, what proves that it is them, and what they may do.
//
// Kept in the vault, sealed, one row each. Threads: pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "people/totp.h"
#include "protocol/ids.h"
#include "protocol/seams.h"
#include "protocol/vocabulary.h"

namespace schakel {

using AccountId = StrongId<struct AccountIdTag, Id128>;
using RoleSet = SetOf<StaffRole>;
inline constexpr RoleSet kAllRoles = {StaffRole::kWorker, StaffRole::kCoordinator, StaffRole::kAuditor,
                                      StaffRole::kAdministrator};

enum class AccountState : std::uint8_t {
  kInvited = 1,  // Has no password and second factor (any more); a link lets the person set them.
  kActive,
  kDeactivated,  // Kept for its name in what was done before; nobody gets in.
};
inline constexpr AccountState kAccountStateLast = AccountState::kDeactivated;
std::string_view Slug(AccountState value);

struct Account {
  AccountId id;
  std::string login;  // Lower case; unique.
  std::string name;   // As others see it and the logs of views keep it; unique.
  RoleSet roles;
  AccountState state = AccountState::kInvited;
  std::string password;  // Its hash; empty: none.
  TotpSecret totp{};
  std::uint64_t totp_last = 0;   // The step of the last code that was used.
  std::vector<Hash32> recovery;  // Hashes of the codes that are left.
  struct Invitation {
    Hash32 secret{};  // Its hash.
    Timestamp expires_at;
    friend bool operator==(const Invitation&, const Invitation&) = default;
  };
  std::optional<Invitation> invitation;
  std::string subject;  // At the OIDC provider, with its issuer; empty: none.
  Timestamp created_at;
  std::uint64_t version = 1;  // Grows with every change of what an administrator sees.
  friend bool operator==(const Account&, const Account&) = default;
};

// kInvalid ("people.login"): 2 to 64 of a-z, 0-9 and .-_@+, lower case.
Result<std::string> ParseLogin(std::string_view text);
// kInvalid ("people.name"): 1 to 120 bytes, nothing invisible.
Result<std::string> ParsePersonName(std::string_view text);

Bytes EncodeAccount(const Account& account);
Result<Account> DecodeAccount(ByteView bytes);  // kCorrupt or kVersion ("vault.row").

}  // namespace schakel
