// The people of an organisation: who may get in, how they prove who they are, and what they may do.
//
// Whoever fails to get in learns that and nothing else: an unknown login, a wrong password, a wrong or used code and a
// deactivated account look and last the same.
//
// Threads:    any.
// Durability: what changed is in the vault when a call returns.
// Errors:     kUnauthenticated ("login.refused"); kLimit ("login.wait": the seconds are in the field); kNotFound
//             ("people.unknown"); the disk's.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "agents/former_names.h"
#include "agents/people_options.h"
#include "people/account.h"
#include "people/lockout.h"
#include "people/passes.h"
#include "people/passwords.h"

namespace schakel {

class People {
 public:
  static constexpr const char* kSet = "people.accounts";
  static constexpr std::size_t kAccountsMax = 5000;

  static Result<std::unique_ptr<People>> Open(Engine& engine, const PeopleOptions& options, const Clock& clock,
                                              Random& random);

  // ---- What administrators do ----
  struct Invited {
    Account account;
    std::string secret;  // For the link, once. Whoever has it becomes this person.
  };
  // kExists ("people.login_taken", "people.name_taken": also what somebody was called before); kInvalid
  // ("people.roles"): none; kLimit ("people.many").
  Result<Invited> Invite(const std::string& login, const std::string& name, RoleSet roles);
  // Whether Invite would take it.
  Status MayInvite(const std::string& login, const std::string& name, RoleSet roles) const;
  // The password and second factor are gone at once, and so is whoever was in; a new link lets the person set them.
  Result<Invited> Reset(const AccountId& id);
  struct Change {
    std::optional<std::string> name;
    std::optional<RoleSet> roles;
    std::optional<AccountState> state;  // kActive or kDeactivated.
  };
  // Counts from the next request on; deactivating ends all sessions and tokens at once.
  // kConflict ("people.changed"): it is no longer at `version`; ("people.last_administrator"): nobody would be left;
  // ("people.invited"): it has never been active, send a new invitation instead.
  Result<Account> Amend(const AccountId& id, std::uint64_t version, const Change& change);
  // Whether failed attempts make this account wait, at the login or when it proves who it is again.
  Result<Lockout::Standing> LockOf(const AccountId& id) const;
  // It may try again at once. What waits because of the address it comes from goes on waiting.
  Result<Lockout::Standing> Unlock(const AccountId& id);  // As it was.
  std::vector<Account> All() const;                       // By login.
  Result<Account> Find(const AccountId& id) const;
  Result<Account> FindLogin(std::string_view login) const;

  // ---- What a person does ----
  struct Setup {  // What an invitation shows.
    std::string login;
    std::string name;
    std::string totp_secret;  // In base 32.
    std::string totp_uri;
    Timestamp expires_at;
  };
  // kUnauthenticated ("invitation.used"): used, expired, replaced, or never given. `address` is held to lockouts, too.
  Result<Setup> Look(std::string_view secret, const std::string& address);
  struct Entered {
    Account account;
    Passes::Issued session;
    std::vector<std::string> recovery_codes;  // New ones: shown once.
  };
  // Sets the password and, by the first code of it, the second factor. kInvalid ("login.code"): not the code of now.
  Result<Entered> Accept(std::string_view secret, const std::string& password, const std::string& code,
                         const std::string& address, const std::string& label);
  // `code`: of the authenticator app, or one of the recovery codes, which is then spent.
  Result<Entered> Login(const std::string& login, const std::string& password, const std::string& code,
                        const std::string& address, const std::string& label);
  // Ends all other sessions of the person. kUnauthenticated ("login.refused"): `current` is wrong.
  Status ChangePassword(const AccountId& id, const PassId& session, const std::string& current,
                        const std::string& next);
  Result<std::vector<std::string>> RenewRecoveryCodes(const AccountId& id, const std::string& password,
                                                      const std::string& code);
  // A new second factor, in two steps: a secret, and a code of it. `code`: of the old app, or a recovery code, which is
  // spent. What was begun before is dropped; it waits ten minutes, in memory alone, and the old one holds meanwhile.
  struct NewTotp {
    std::string secret;  // In base 32.
    std::string uri;
    Timestamp expires_at;
  };
  Result<NewTotp> BeginTotp(const AccountId& id, const std::string& password, const std::string& code);
  // Ends all other sessions of the person. kConflict ("totp.none"): nothing was begun, or too long ago, or what it
  // began from has changed; kInvalid ("login.code"): not the code of now.
  Status ConfirmTotp(const AccountId& id, const PassId& session, const std::string& code);
  // Somebody whom the OIDC provider vouches for. kUnauthenticated ("oidc.nobody"): no active account has that subject.
  Result<Entered> EnterAs(const std::string& subject, const std::string& label);
  // Ties `subject` to the account of that login, or makes an account where `provision` gives roles and a name.
  struct Provision {
    std::string name;
    RoleSet roles;
  };
  Result<Account> Tie(const std::string& subject, const std::string& login, const std::optional<Provision>& provision);

  // ---- Who is there ----
  struct Visit {
    Account account;
    Pass pass;
    RoleSet roles;  // Of the account, as far as the pass goes.
  };
  std::optional<Visit> Enter(Pass::Kind kind, std::string_view secret);
  std::optional<RoleSet> RolesOf(const PassId& id) const;  // Nothing: it no longer lets in.
  Passes& passes() { return passes_; }

 private:
  Status CheckInvitable(const Account& account) const;  // The lock is held.
  Status CheckName(const Account& account) const;       // Likewise.
  People(Engine& engine, const PeopleOptions& options, const Clock& clock, Random& random);
  Status Load();
  // The lock is held: rows are written in the order of what they say.
  Status Keep(const Account& account, std::vector<Engine::KeptRow> with = {});
  std::optional<Account> Named(std::string_view login) const;
  // Of a person who is in and proves it again: which account it is then. The lock is not held.
  Result<Account> ProveAgain(const AccountId& id, const std::string& password);
  // The lock is held. The account that proved it so, as it is now, with `code` spent.
  Result<Account> WithSpent(const Account& proven, const std::string& code);
  Result<Account> ByInvitation(std::string_view secret) const;
  Status Pace(const std::string& key, const std::string& address);
  void Passed(const std::string& key, const std::string& address);
  bool Spend(Account& account, const std::string& code) const;
  std::vector<std::string> DrawRecoveryCodes(Account& account);
  std::vector<std::string> AtHand(const Account& account) const;
  void Invitable(Account& account, const std::string& secret);
  bool LastAdministrator(const Account& account) const;

  Engine& engine_;
  const PeopleOptions options_;
  const Clock& clock_;
  Random& random_;
  PasswordHasher hasher_;
  Lockout by_account_;
  Lockout by_address_;
  Passes passes_;
  mutable std::mutex mutex_;  // Over the accounts; never held while hashing.
  std::map<AccountId, Account> accounts_;
  FormerNames former_;
  struct BegunTotp {
    TotpSecret secret{};
    TotpSecret instead_of{};
    std::chrono::steady_clock::time_point until;
  };
  std::map<AccountId, BegunTotp> begun_totp_;  // One an account.
};

}  // namespace schakel
