#include "people/people.h"

#include <algorithm>

#include "people/proving.h"

namespace schakel {
namespace {

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
  if (found == accounts_.end()) return people::Unknown();
  return found->second;
}

Result<Account> People::FindLogin(std::string_view login) const {
  std::lock_guard lock(mutex_);
  auto found = Named(login);
  if (!found) return people::Unknown();
  return *found;
}

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
