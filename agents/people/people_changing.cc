// What a person who is in changes of what proves who they are.
#include <fmt/format.h>

#include "people/people.h"
#include "people/proving.h"
#include "protocol/crypto.h"

namespace schakel {
namespace {

constexpr std::size_t kRecoveryCodes = 10;
constexpr std::chrono::minutes kTotpWaits{10};

}  // namespace

Status People::ChangePassword(const AccountId& id, const PassId& session, const std::string& current,
                              const std::string& next) {
  SCHAKEL_ASSIGN(const Account before, Find(id));
  const std::string key = ToText(id);
  SCHAKEL_TRY(Pace(key, "account " + key));
  if (!hasher_.Matches(before.password, current)) return people::Refused("current");
  Passed(key, "account " + key);
  SCHAKEL_TRY(CheckPassword(next, AtHand(before)));
  SCHAKEL_ASSIGN(const std::string hash, hasher_.Hash(next));
  {
    std::lock_guard lock(mutex_);
    auto found = accounts_.find(id);
    if (found == accounts_.end()) return people::Unknown();
    Account account = found->second;
    if (account.password != before.password) return people::Refused("current");
    account.password = hash;
    SCHAKEL_TRY(Keep(account));
  }
  return passes_.EndAll(id, session);
}

Result<Account> People::ProveAgain(const AccountId& id, const std::string& password) {
  SCHAKEL_ASSIGN(const Account before, Find(id));
  const std::string key = ToText(id);
  SCHAKEL_TRY(Pace(key, "account " + key));
  if (!hasher_.Matches(before.password, password)) return people::Refused("password");
  return before;
}

Result<Account> People::WithSpent(const Account& proven, const std::string& code) {
  const std::string key = ToText(proven.id);
  const auto found = accounts_.find(proven.id);
  if (found == accounts_.end()) return people::Unknown();
  Account account = found->second;
  if (account.password != proven.password || !Spend(account, code)) return people::Refused("password");
  Passed(key, "account " + key);
  return account;
}

Result<std::vector<std::string>> People::RenewRecoveryCodes(const AccountId& id, const std::string& password,
                                                            const std::string& code) {
  SCHAKEL_ASSIGN(const Account proven, ProveAgain(id, password));
  std::lock_guard lock(mutex_);
  SCHAKEL_ASSIGN(Account account, WithSpent(proven, code));
  std::vector<std::string> codes = DrawRecoveryCodes(account);
  SCHAKEL_TRY(Keep(account));
  return codes;
}

Result<People::NewTotp> People::BeginTotp(const AccountId& id, const std::string& password, const std::string& code) {
  SCHAKEL_ASSIGN(const Account proven, ProveAgain(id, password));
  std::lock_guard lock(mutex_);
  SCHAKEL_ASSIGN(Account account, WithSpent(proven, code));
  SCHAKEL_TRY(Keep(account));
  BegunTotp begun{{}, account.totp, clock_.Steady() + kTotpWaits};
  random_.Fill(begun.secret);
  begun_totp_[id] = begun;
  return NewTotp{ToBase32(begun.secret), OtpauthUri(people::IssuerName(engine_), account.login, begun.secret),
                 clock_.Now() + kTotpWaits};
}

Status People::ConfirmTotp(const AccountId& id, const PassId& session, const std::string& code) {
  const std::string key = ToText(id);
  SCHAKEL_TRY(Pace(key, "account " + key));
  {
    std::lock_guard lock(mutex_);
    auto found = accounts_.find(id);
    const auto begun = begun_totp_.find(id);
    // Reset meanwhile, or set up anew: then it was begun from what is no longer there.
    const bool holds = found != accounts_.end() && begun != begun_totp_.end() &&
                       clock_.Steady() < begun->second.until && begun->second.instead_of == found->second.totp;
    if (!holds) {
      return Fail(Code::kConflict, "totp.none", {}, "begin again: give your password and a code of the old app");
    }
    const auto step = AcceptTotp(begun->second.secret, people::PlainCode(code), clock_.Now(), 0);
    if (!step) {
      return Fail(Code::kInvalid, "login.code", "code", "give the code that the new app shows now; check its clock");
    }
    Account account = found->second;
    account.totp = begun->second.secret;
    account.totp_last = *step;
    SCHAKEL_TRY(Keep(account));
    begun_totp_.erase(begun);
  }
  Passed(key, "account " + key);
  return passes_.EndAll(id, session);
}

std::vector<std::string> People::DrawRecoveryCodes(Account& account) {
  std::vector<std::string> codes;
  account.recovery.clear();
  for (std::size_t i = 0; i < kRecoveryCodes; ++i) {
    std::array<std::uint8_t, 10> bytes{};
    random_.Fill(bytes);
    const std::string code = people::PlainCode(ToBase32(bytes));
    account.recovery.push_back(people::RecoveryHash(account.id, code));
    codes.push_back(
        fmt::format("{}-{}-{}-{}", code.substr(0, 4), code.substr(4, 4), code.substr(8, 4), code.substr(12, 4)));
  }
  return codes;
}

}  // namespace schakel
