// What lets somebody in without proving again who they are: sessions (a browser's cookie) and tokens (for scripts).
//
// Of the secret only a hash is kept; the secret itself is random, 256 bits, and shown once.
// Threads: any. Durability: begun and ended passes are in the vault when the call returns; when one was last used, to
// the minute.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "agents/engine.h"
#include "people/account.h"

namespace schakel {

using PassId = StrongId<struct PassIdTag, Id128>;

struct Pass {
  enum class Kind : std::uint8_t { kSession = 1, kToken };
  PassId id;
  Kind kind = Kind::kSession;
  AccountId account;
  Hash32 secret{};    // Its hash.
  std::string label;  // Of a token: what it is for. Of a session: the program and address it was begun from.
  RoleSet roles;      // At most these, of those that the account has.
  bool reads_only = false;
  Timestamp issued_at;
  Timestamp used_at;
  Timestamp expires_at;  // Whatever happens.
};

struct PassRules {
  std::chrono::minutes session_idle{30};
  std::chrono::minutes session_longest{12 * 60};
  std::chrono::days token_longest{366};
  std::size_t sessions_max = 10;  // Of one account: the one that was used longest ago makes room.
  std::size_t tokens_max = 20;    // Of one account: then one has to be revoked.
};

class Passes {
 public:
  static constexpr const char* kSet = "people.passes";

  Passes(Engine& engine, const Clock& clock, Random& random, PassRules rules)
      : engine_(engine), clock_(clock), random_(random), rules_(rules) {}
  Status Load();  // Once, before all else.

  struct Issued {
    Pass pass;
    std::string secret;  // base64url.
  };
  Result<Issued> BeginSession(const AccountId& account, const std::string& label);
  // kInvalid ("token.period"): longer than a token may last; kLimit ("token.many").
  Result<Issued> IssueToken(const AccountId& account, const std::string& label, RoleSet roles, bool reads_only,
                            Timestamp expires_at);

  // The pass that `secret` is of, and now it was used. Nothing: there is none, or no longer.
  std::optional<Pass> Use(Pass::Kind kind, std::string_view secret);
  // Whether it still lets in; not a use.
  bool Holds(const PassId& id) const;

  std::vector<Pass> Of(const AccountId& account) const;  // Those that hold, oldest first.
  std::optional<Pass> Find(const PassId& id) const;
  Status End(const PassId& id);  // kNotFound ("pass.unknown").
  // All of `account`, but for `except` if that is one of them.
  Status EndAll(const AccountId& account, std::optional<PassId> except = {});

  // Called when passes have ended before their time, from the thread that ended them, with nothing locked.
  void OnEnded(std::function<void(const std::vector<PassId>&)> ended);

 private:
  bool HoldsAt(const Pass& pass, Timestamp now) const;
  Result<Issued> Issue(Pass pass);
  Status Drop(const std::vector<PassId>& ids);
  // Those that ended by themselves; with the lock held by the caller, whose rows they become.
  std::vector<PassId> Expired(Timestamp now) const;

  Engine& engine_;
  const Clock& clock_;
  Random& random_;
  const PassRules rules_;
  std::mutex rows_mutex_;  // So that the row of a pass that ended is not written again. Taken before the other.
  mutable std::mutex mutex_;
  std::map<PassId, Pass> passes_;
  std::map<Hash32, PassId> by_secret_;
  std::map<PassId, Timestamp> kept_used_at_;  // As the vault has it.
  std::function<void(const std::vector<PassId>&)> ended_;
};

// base64url without padding (RFC 4648 section 5), of 32 random bytes.
std::string DrawSecret(Random& random);
Hash32 SecretHash(std::string_view secret);

}  // namespace schakel
