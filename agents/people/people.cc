#include "people/people.h"

#include <fmt/format.h>

#include <algorithm>

#include "agents/person_name.h"
#include "protocol/crypto.h"

namespace schakel {
namespace {

constexpr std::size_t kAccountsMax = 5000;
constexpr std::size_t kRecoveryCodes = 10;

std::unexpected<Error> Refused() {
  return Fail(Code::kUnauthenticated, "login.refused", {}, "check login, password and code, then try again");
}
std::unexpected<Error> InvitationUsed() {
  return Fail(Code::kUnauthenticated, "invitation.used", {}, "ask an administrator for a new one");
}
std::unexpected<Error> Unknown() {
  return Fail(Code::kNotFound, "people.unknown", "person", "list the people that there are");
}

Hash32 RecoveryHash(const AccountId& account, std::string_view code) {
  return Sha256({AsBytes("schakel/recovery/v1"), account.value(), AsBytes(code)});
}

// As typed: "abcd-efgh ijkl mnop".
std::string Plain(std::string_view code) {
  std::string plain;
  for (const char c : code) {
    if (c == ' ' || c == '-') continue;
    plain += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 0x20 : c);
  }
  return plain;
}

// As it is called now: a new agent learns its own name only from the hub.
std::string IssuerName(const Engine& engine) {
  const std::string name = engine.Report().name;
  return name.empty() ? "Schakel" : "Schakel " + name;
}

constexpr LockoutRule kByAccount{};
// Behind one address there may be a whole office.
constexpr LockoutRule kByAddress{.free = 30};

}  // namespace

People::People(Engine& engine, const PeopleOptions& options, const Clock& clock, Random& random)
    : engine_(engine),
      options_(options),
      clock_(clock),
      random_(random),
      hasher_({options.hash_passes, options.hash_memory_bytes}),
      by_account_(kByAccount, clock),
      by_address_(kByAddress, clock),
      passes_(engine, clock, random,
              {.session_idle = options.session_idle, .session_longest = options.session_longest}) {}

Result<std::unique_ptr<People>> People::Open(Engine& engine, const PeopleOptions& options, const Clock& clock,
                                             Random& random) {
  std::unique_ptr<People> people(new People(engine, options, clock, random));
  SCHAKEL_TRY(people->Load());
  return people;
}

Status People::Load() {
  SCHAKEL_ASSIGN(const auto rows, engine_.Kept(kSet));
  for (const auto& [key, value] : rows) {
    SCHAKEL_ASSIGN(Account account, DecodeAccount(value));
    accounts_.emplace(account.id, std::move(account));
  }
  SCHAKEL_ASSIGN(former_, FormerNames::Of(engine_));
  return passes_.Load();
}

Status People::Keep(const Account& account, std::vector<Engine::KeptRow> with) {
  with.push_back({kSet, ToText(account.id), EncodeAccount(account)});
  SCHAKEL_TRY(engine_.Keep(with));
  accounts_[account.id] = account;
  return {};
}

std::optional<Account> People::Named(std::string_view login) const {
  for (const auto& [id, account] : accounts_) {
    if (account.login == login) return account;
  }
  return std::nullopt;
}

std::vector<std::string> People::AtHand(const Account& account) const {
  std::vector<std::string> words = {account.login, account.login.substr(0, account.login.find('@')), account.name,
                                    engine_.Report().name, "schakel"};
  for (std::size_t at = 0; at < account.name.size();) {
    const std::size_t end = std::min(account.name.find(' ', at), account.name.size());
    words.push_back(account.name.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

// ---- What administrators do ----

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
    if (found == accounts_.end()) return Unknown();
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
    if (found == accounts_.end()) return Unknown();
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

std::vector<Account> People::All() const {
  std::vector<Account> all;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [id, account] : accounts_) all.push_back(account);
  }
  std::ranges::sort(all, {}, &Account::login);
  return all;
}

Result<Account> People::Find(const AccountId& id) const {
  std::lock_guard lock(mutex_);
  auto found = accounts_.find(id);
  if (found == accounts_.end()) return Unknown();
  return found->second;
}

Result<Account> People::FindLogin(std::string_view login) const {
  std::lock_guard lock(mutex_);
  auto found = Named(login);
  if (!found) return Unknown();
  return *found;
}

// ---- What a person does ----

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
  return InvitationUsed();
}

Result<People::Setup> People::Look(std::string_view secret, const std::string& address) {
  SCHAKEL_TRY(Pace({}, address));
  SCHAKEL_ASSIGN(const Account account, ByInvitation(secret));
  Passed({}, address);
  return Setup{account.login, account.name, ToBase32(account.totp),
               OtpauthUri(IssuerName(engine_), account.login, account.totp), account.invitation->expires_at};
}

std::vector<std::string> People::DrawRecoveryCodes(Account& account) {
  std::vector<std::string> codes;
  account.recovery.clear();
  for (std::size_t i = 0; i < kRecoveryCodes; ++i) {
    std::array<std::uint8_t, 10> bytes{};
    random_.Fill(bytes);
    const std::string code = Plain(ToBase32(bytes));
    account.recovery.push_back(RecoveryHash(account.id, code));
    codes.push_back(
        fmt::format("{}-{}-{}-{}", code.substr(0, 4), code.substr(4, 4), code.substr(8, 4), code.substr(12, 4)));
  }
  return codes;
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
    if (found == accounts_.end() || found->second.invitation != invited.invitation) return InvitationUsed();
    Account account = found->second;
    const auto step = AcceptTotp(account.totp, Plain(code), clock_.Now(), account.totp_last);
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
  const std::string plain = Plain(code);
  if (const auto step = AcceptTotp(account.totp, plain, clock_.Now(), account.totp_last)) {
    account.totp_last = *step;
    return true;
  }
  return std::erase(account.recovery, RecoveryHash(account.id, plain)) > 0;
}

Result<People::Entered> People::Login(const std::string& login, const std::string& password, const std::string& code,
                                      const std::string& address, const std::string& label) {
  const auto parsed = ParseLogin(login);
  const std::string key = ToHex(Sha256(AsBytes(parsed ? *parsed : login)));
  SCHAKEL_TRY(Pace(key, address));
  std::optional<Account> named;
  {
    std::lock_guard lock(mutex_);
    if (parsed) named = Named(*parsed);
  }
  const bool may = named && named->state == AccountState::kActive;
  const std::string hash = may ? named->password : std::string();
  if (!hasher_.Matches(hash, password)) return Refused();
  std::string renewed;
  if (hasher_.IsOutdated(hash)) {
    SCHAKEL_ASSIGN(renewed, hasher_.Hash(password));
  }
  Entered entered;
  {
    std::lock_guard lock(mutex_);
    auto found = accounts_.find(named->id);
    if (found == accounts_.end()) return Refused();
    Account account = found->second;
    // It may have been reset, changed or deactivated while we hashed.
    if (account.state != AccountState::kActive || account.password != hash) return Refused();
    if (!Spend(account, code)) return Refused();
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
    return Refused();
  }
  return entered;
}

Status People::ChangePassword(const AccountId& id, const PassId& session, const std::string& current,
                              const std::string& next) {
  SCHAKEL_ASSIGN(const Account before, Find(id));
  const std::string key = ToText(id);
  SCHAKEL_TRY(Pace(key, "account " + key));
  if (!hasher_.Matches(before.password, current)) return Refused();
  Passed(key, "account " + key);
  SCHAKEL_TRY(CheckPassword(next, AtHand(before)));
  SCHAKEL_ASSIGN(const std::string hash, hasher_.Hash(next));
  {
    std::lock_guard lock(mutex_);
    auto found = accounts_.find(id);
    if (found == accounts_.end()) return Unknown();
    Account account = found->second;
    if (account.password != before.password) return Refused();
    account.password = hash;
    SCHAKEL_TRY(Keep(account));
  }
  return passes_.EndAll(id, session);
}

Result<std::vector<std::string>> People::RenewRecoveryCodes(const AccountId& id, const std::string& password,
                                                            const std::string& code) {
  SCHAKEL_ASSIGN(const Account before, Find(id));
  const std::string key = ToText(id);
  SCHAKEL_TRY(Pace(key, "account " + key));
  if (!hasher_.Matches(before.password, password)) return Refused();
  std::lock_guard lock(mutex_);
  auto found = accounts_.find(id);
  if (found == accounts_.end()) return Unknown();
  Account account = found->second;
  if (account.password != before.password || !Spend(account, code)) return Refused();
  Passed(key, "account " + key);
  std::vector<std::string> codes = DrawRecoveryCodes(account);
  SCHAKEL_TRY(Keep(account));
  return codes;
}

// ---- Whom an OIDC provider vouches for ----

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
    return Refused();
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

// ---- Who is there ----

std::optional<People::Visit> People::Enter(Pass::Kind kind, std::string_view secret) {
  auto pass = passes_.Use(kind, secret);
  if (!pass) return std::nullopt;
  std::lock_guard lock(mutex_);
  auto found = accounts_.find(pass->account);
  if (found == accounts_.end() || found->second.state != AccountState::kActive) return std::nullopt;
  const RoleSet roles = found->second.roles.And(pass->roles);
  return Visit{found->second, std::move(*pass), roles};
}

std::optional<RoleSet> People::RolesOf(const PassId& id) const {
  const auto pass = passes_.Find(id);
  if (!pass) return std::nullopt;
  std::lock_guard lock(mutex_);
  auto found = accounts_.find(pass->account);
  if (found == accounts_.end() || found->second.state != AccountState::kActive) return std::nullopt;
  return found->second.roles.And(pass->roles);
}

}  // namespace schakel
