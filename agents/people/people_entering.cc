// How a person gets in: by an invitation, by password and code, or because an OIDC provider vouches for them.
#include "people/people.h"
#include "people/proving.h"
#include "protocol/crypto.h"

namespace schakel {

Status People::Pace(const std::string& key, const std::string& address) {
  auto wait = by_address_.Try(AddressKey(address));
  if (!wait && !key.empty()) wait = by_account_.Try(key);
  if (!wait) return {};
  return Fail(Code::kLimit, "login.wait", std::to_string(wait->count()), "wait that many seconds, then try again");
}

void People::Passed(const std::string& key, const std::string& address) {
  by_address_.Succeeded(AddressKey(address), Lockout::Forget::kThatOne);
  if (!key.empty()) by_account_.Succeeded(key, Lockout::Forget::kAll);
}

Result<Account> People::ByInvitation(std::string_view secret) const {
  const Hash32 hash = SecretHash(secret);
  const Timestamp now = clock_.Now();
  std::lock_guard lock(mutex_);
  for (const auto& [id, account] : accounts_) {
    if (account.invitation && account.invitation->secret == hash && now < account.invitation->expires_at) {
      return account;
    }
  }
  return people::InvitationUsed();
}

Result<People::Setup> People::Look(std::string_view secret, const std::string& address) {
  SCHAKEL_TRY(Pace({}, address));
  SCHAKEL_ASSIGN(const Account account, ByInvitation(secret));
  Passed({}, address);
  return Setup{account.login, account.name, ToBase32(account.totp),
               OtpauthUri(people::IssuerName(engine_), account.login, account.totp), account.invitation->expires_at};
}

Result<People::Entered> People::Accept(std::string_view secret, const std::string& password, const std::string& code,
                                       const std::string& address, const std::string& label) {
  SCHAKEL_TRY(Pace({}, address));
  SCHAKEL_ASSIGN(const Account invited, ByInvitation(secret));
  Passed({}, address);
  SCHAKEL_TRY(CheckPassword(password, AtHand(invited)));
  SCHAKEL_ASSIGN(const std::string hash, hasher_.Hash(password));
  Entered entered;
  {
    std::lock_guard lock(mutex_);
    auto found = accounts_.find(invited.id);
    // It may have been used, reset or deactivated meanwhile.
    if (found == accounts_.end() || found->second.invitation != invited.invitation) return people::InvitationUsed();
    Account account = found->second;
    const auto step = AcceptTotp(account.totp, people::PlainCode(code), clock_.Now(), account.totp_last);
    if (!step) {
      return Fail(Code::kInvalid, "login.code", "code", "give the code that the app shows now; check its clock");
    }
    account.totp_last = *step;
    account.password = hash;
    account.state = AccountState::kActive;
    account.invitation.reset();
    ++account.version;
    entered.recovery_codes = DrawRecoveryCodes(account);
    SCHAKEL_TRY(Keep(account));
    entered.account = account;
  }
  SCHAKEL_ASSIGN(entered.session, passes_.BeginSession(entered.account.id, label));
  return entered;
}

bool People::Spend(Account& account, const std::string& code) const {
  const std::string plain = people::PlainCode(code);
  if (const auto step = AcceptTotp(account.totp, plain, clock_.Now(), account.totp_last)) {
    account.totp_last = *step;
    return true;
  }
  return std::erase(account.recovery, people::RecoveryHash(account.id, plain)) > 0;
}

Result<People::Entered> People::Login(const std::string& login, const std::string& password, const std::string& code,
                                      const std::string& address, const std::string& label) {
  const auto parsed = ParseLogin(login);
  const std::string key = people::LoginKey(parsed ? *parsed : login);
  SCHAKEL_TRY(Pace(key, address));
  std::optional<Account> named;
  {
    std::lock_guard lock(mutex_);
    if (parsed) named = Named(*parsed);
  }
  const bool may = named && named->state == AccountState::kActive;
  const std::string hash = may ? named->password : std::string();
  if (!hasher_.Matches(hash, password)) return people::Refused();
  std::string renewed;
  if (hasher_.IsOutdated(hash)) {
    SCHAKEL_ASSIGN(renewed, hasher_.Hash(password));
  }
  Entered entered;
  {
    std::lock_guard lock(mutex_);
    auto found = accounts_.find(named->id);
    if (found == accounts_.end()) return people::Refused();
    Account account = found->second;
    // It may have been reset, changed or deactivated while we hashed.
    if (account.state != AccountState::kActive || account.password != hash) return people::Refused();
    if (!Spend(account, code)) return people::Refused();
    if (!renewed.empty()) account.password = renewed;
    // Before anybody is in: that code shall not work again.
    SCHAKEL_TRY(Keep(account));
    entered.account = account;
  }
  Passed(key, address);
  SCHAKEL_ASSIGN(entered.session, passes_.BeginSession(entered.account.id, label));
  // Deactivated or reset between the two: then nothing that began now may stay.
  const auto after = Find(entered.account.id);
  if (!after || after->state != AccountState::kActive || after->password != entered.account.password) {
    SCHAKEL_TRY(passes_.EndAll(entered.account.id));
    return people::Refused();
  }
  return entered;
}

Result<People::Entered> People::EnterAs(const std::string& subject, const std::string& label) {
  Entered entered;
  {
    std::lock_guard lock(mutex_);
    const auto found = std::ranges::find_if(accounts_, [&](const auto& entry) {
      return !subject.empty() && entry.second.subject == subject && entry.second.state == AccountState::kActive;
    });
    if (found == accounts_.end()) {
      return Fail(Code::kUnauthenticated, "oidc.nobody", {}, "ask an administrator for an account");
    }
    entered.account = found->second;
  }
  SCHAKEL_ASSIGN(entered.session, passes_.BeginSession(entered.account.id, label));
  const auto after = Find(entered.account.id);
  if (!after || after->state != AccountState::kActive) {
    SCHAKEL_TRY(passes_.EndAll(entered.account.id));
    return people::Refused();
  }
  return entered;
}

Result<Account> People::Tie(const std::string& subject, const std::string& login,
                            const std::optional<Provision>& provision) {
  SCHAKEL_ASSIGN(const std::string plain, ParseLogin(login));
  std::lock_guard lock(mutex_);
  Account account;
  if (const auto named = Named(plain)) {
    account = *named;
    // An account that is tied stays with whom it was tied to, whatever the provider says of its login later.
    if (!account.subject.empty() && account.subject != subject) {
      return Fail(Code::kUnauthenticated, "oidc.nobody", {}, "ask an administrator for an account");
    }
    if (account.state == AccountState::kDeactivated) {
      return Fail(Code::kUnauthenticated, "oidc.nobody", {}, "ask an administrator for an account");
    }
    account.invitation.reset();
  } else if (provision) {
    SCHAKEL_ASSIGN(account.name, ParsePersonName(provision->name));
    SCHAKEL_TRY(CheckName(account));
    if (accounts_.size() >= kAccountsMax) return Fail(Code::kLimit, "people.many", {}, "run an agent for each part");
    account.id = random_.Draw<AccountId>();
    account.login = plain;
    account.roles = provision->roles;
    account.created_at = clock_.Now();
  } else {
    return Fail(Code::kUnauthenticated, "oidc.nobody", {}, "ask an administrator for an account");
  }
  account.subject = subject;
  account.state = AccountState::kActive;
  ++account.version;
  SCHAKEL_TRY(Keep(account));
  return account;
}

}  // namespace schakel
