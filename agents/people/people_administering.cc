// What administrators do with accounts.
#include <algorithm>

#include "agents/person_name.h"
#include "people/people.h"
#include "people/proving.h"
#include "protocol/crypto.h"

namespace schakel {

void People::Invitable(Account& account, const std::string& secret) {
  account.state = AccountState::kInvited;
  account.password.clear();
  account.recovery.clear();
  account.totp_last = 0;
  random_.Fill(account.totp);
  account.invitation = Account::Invitation{SecretHash(secret), clock_.Now() + options_.invitation_lasts};
}

namespace {

Result<Account> AccountFor(const std::string& login, const std::string& name, RoleSet roles) {
  Account account;
  SCHAKEL_ASSIGN(account.login, ParseLogin(login));
  SCHAKEL_ASSIGN(account.name, ParsePersonName(name));
  if (roles.empty()) {
    return Fail(Code::kInvalid, "people.roles", "roles",
                "give one or more of worker, coordinator, auditor, "
                "administrator");
  }
  account.roles = roles;
  return account;
}

}  // namespace

// Views are logged under a pseudonym of the name, and tasks under the name: two people of one name would be one, also
// where the other is called otherwise now.
Status People::CheckName(const Account& account) const {
  const bool taken = std::ranges::any_of(accounts_, [&](const auto& other) {
    return other.first != account.id && SamePerson(other.second.name, account.name);
  });
  if (!taken && !former_.IsOfAnother(account.name, account.id.value())) return {};
  return Fail(Code::kExists, "people.name_taken", "name", "add what tells the two apart");
}

Status People::CheckInvitable(const Account& account) const {
  if (accounts_.size() >= kAccountsMax) return Fail(Code::kLimit, "people.many", {}, "run an agent for each part");
  for (const auto& [id, other] : accounts_) {
    if (other.login == account.login) {
      return Fail(Code::kExists, "people.login_taken", "login", "choose another login");
    }
  }
  return CheckName(account);
}

Status People::MayInvite(const std::string& login, const std::string& name, RoleSet roles) const {
  SCHAKEL_ASSIGN(const Account account, AccountFor(login, name, roles));
  std::lock_guard lock(mutex_);
  return CheckInvitable(account);
}

Result<People::Invited> People::Invite(const std::string& login, const std::string& name, RoleSet roles) {
  Invited invited;
  SCHAKEL_ASSIGN(invited.account, AccountFor(login, name, roles));
  std::lock_guard lock(mutex_);
  SCHAKEL_TRY(CheckInvitable(invited.account));
  invited.account.id = random_.Draw<AccountId>();
  invited.account.created_at = clock_.Now();
  invited.secret = DrawSecret(random_);
  Invitable(invited.account, invited.secret);
  SCHAKEL_TRY(Keep(invited.account));
  return invited;
}

Result<People::Invited> People::Reset(const AccountId& id) {
  Invited invited;
  invited.secret = DrawSecret(random_);
  {
    std::lock_guard lock(mutex_);
    auto found = accounts_.find(id);
    if (found == accounts_.end()) return people::Unknown();
    invited.account = found->second;
    ++invited.account.version;
    Invitable(invited.account, invited.secret);
    SCHAKEL_TRY(Keep(invited.account));
  }
  SCHAKEL_TRY(passes_.EndAll(id));
  return invited;
}

bool People::LastAdministrator(const Account& account) const {
  const auto counts = [](const Account& one) {
    return one.state == AccountState::kActive && one.roles.Has(StaffRole::kAdministrator);
  };
  return counts(account) && std::ranges::none_of(accounts_, [&](const auto& entry) {
           return entry.first != account.id && counts(entry.second);
         });
}

Result<Account> People::Amend(const AccountId& id, std::uint64_t version, const Change& change) {
  Account account;
  {
    std::lock_guard lock(mutex_);
    auto found = accounts_.find(id);
    if (found == accounts_.end()) return people::Unknown();
    account = found->second;
    if (account.version != version) {
      return Fail(Code::kConflict, "people.changed", "person", "look at it again, then decide");
    }
    if (change.name) {
      SCHAKEL_ASSIGN(account.name, ParsePersonName(*change.name));
      SCHAKEL_TRY(CheckName(account));
    }
    if (change.roles) {
      if (change.roles->empty()) {
        return Fail(Code::kInvalid, "people.roles", "roles", "give one or more; or deactivate the account");
      }
      account.roles = *change.roles;
    }
    if (change.state) {
      const bool never = account.password.empty() && account.subject.empty();
      if (*change.state == AccountState::kActive && never) {
        return Fail(Code::kConflict, "people.invited", "person", "reset it: that gives a new invitation");
      }
      account.state = *change.state;
      if (account.state != AccountState::kActive) account.invitation.reset();
    }
    const bool goes = account.state != AccountState::kActive || !account.roles.Has(StaffRole::kAdministrator);
    if (goes && LastAdministrator(found->second)) {
      return Fail(Code::kConflict, "people.last_administrator", "person", "make somebody else administrator first");
    }
    ++account.version;
    const std::string before = found->second.name;
    if (before == account.name) {
      SCHAKEL_TRY(Keep(account));
    } else {
      SCHAKEL_TRY(Keep(account, former_.RowsFor(id.value(), before, account.name)));
      former_.Add(id.value(), before, account.name);
    }
  }
  if (account.state == AccountState::kDeactivated) SCHAKEL_TRY(passes_.EndAll(id));
  return account;
}

Result<Lockout::Standing> People::LockOf(const AccountId& id) const {
  SCHAKEL_ASSIGN(const Account account, Find(id));
  const Lockout::Standing login = by_account_.Of(people::LoginKey(account.login));
  const Lockout::Standing inside = by_account_.Of(ToText(id));
  return Lockout::Standing{login.failures + inside.failures, std::max(login.wait, inside.wait)};
}

Result<Lockout::Standing> People::Unlock(const AccountId& id) {
  SCHAKEL_ASSIGN(const Account account, Find(id));
  SCHAKEL_ASSIGN(const Lockout::Standing before, LockOf(id));
  by_account_.Succeeded(people::LoginKey(account.login), Lockout::Forget::kAll);
  by_account_.Succeeded(ToText(id), Lockout::Forget::kAll);
  return before;
}

}  // namespace schakel
