#include "people/passes.h"

#include <algorithm>

#include "protocol/codec.h"
#include "protocol/crypto.h"

namespace schakel {
namespace {

constexpr std::uint64_t kPassRowVersion = 1;
constexpr std::chrono::minutes kUsedKeptEvery{1};

Bytes EncodePass(const Pass& pass) {
  Encoder to;
  to.Array(11).Uint(kPassRowVersion).Id(pass.id).Enum(pass.kind).Id(pass.account).Binary(pass.secret).Text(pass.label);
  to.Uint(pass.roles.bits()).Bool(pass.reads_only).Time(pass.issued_at).Time(pass.used_at).Time(pass.expires_at);
  return to.Take();
}

Result<Pass> DecodePass(ByteView bytes) {
  Decoder from(bytes);
  Pass pass;
  from.Array(11, "pass");
  if (from.Uint("pass") != kPassRowVersion) from.FailWith(Code::kVersion, "vault.row", "pass");
  pass.id = from.ReadId<PassId>("pass.id");
  pass.kind = from.Enum("pass.kind", Pass::Kind::kSession, Pass::Kind::kToken);
  pass.account = from.ReadId<AccountId>("pass.account");
  pass.secret = from.Fixed<32>("pass.secret");
  pass.label = from.Text("pass.label", 256);
  pass.roles = RoleSet(from.Uint("pass.roles", kAllRoles.bits()));
  pass.reads_only = from.Bool("pass.reads_only");
  pass.issued_at = from.Time("pass.issued_at");
  pass.used_at = from.Time("pass.used_at");
  pass.expires_at = from.Time("pass.expires_at");
  if (Status done = from.Finish(); !done) {
    const Code code = done.error().code == Code::kVersion ? Code::kVersion : Code::kCorrupt;
    return Fail(code, "vault.row", "pass", "check the vault with: schakel-agent check");
  }
  return pass;
}

Engine::KeptRow RowOf(const Pass& pass) { return {Passes::kSet, ToText(pass.id), EncodePass(pass)}; }

}  // namespace

std::string DrawSecret(Random& random) {
  std::array<std::uint8_t, 32> bytes{};
  random.Fill(bytes);
  std::string text = ToBase64(bytes);
  while (text.ends_with('=')) text.pop_back();
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

// 256 random bits need no slow hash.
Hash32 SecretHash(std::string_view secret) { return Sha256({AsBytes("schakel/pass/v1"), AsBytes(secret)}); }

Status Passes::Load() {
  SCHAKEL_ASSIGN(const auto rows, engine_.Kept(kSet));
  std::lock_guard lock(mutex_);
  for (const auto& [key, value] : rows) {
    SCHAKEL_ASSIGN(Pass pass, DecodePass(value));
    by_secret_[pass.secret] = pass.id;
    kept_used_at_[pass.id] = pass.used_at;
    passes_.emplace(pass.id, std::move(pass));
  }
  return {};
}

bool Passes::HoldsAt(const Pass& pass, Timestamp now) const {
  if (now >= pass.expires_at) return false;
  return pass.kind == Pass::Kind::kToken || now < pass.used_at + rules_.session_idle;
}

std::vector<PassId> Passes::Expired(Timestamp now) const {
  std::vector<PassId> ids;
  for (const auto& [id, pass] : passes_) {
    if (!HoldsAt(pass, now)) ids.push_back(id);
  }
  return ids;
}

Result<Passes::Issued> Passes::Issue(Pass pass) {
  Issued issued{std::move(pass), DrawSecret(random_)};
  issued.pass.id = random_.Draw<PassId>();
  issued.pass.secret = SecretHash(issued.secret);
  SCHAKEL_TRY(engine_.Keep({RowOf(issued.pass)}));
  std::lock_guard lock(mutex_);
  by_secret_[issued.pass.secret] = issued.pass.id;
  kept_used_at_[issued.pass.id] = issued.pass.used_at;
  passes_[issued.pass.id] = issued.pass;
  return issued;
}

Result<Passes::Issued> Passes::BeginSession(const AccountId& account, const std::string& label) {
  const Timestamp now = clock_.Now();
  std::vector<PassId> gone;
  {
    std::lock_guard lock(mutex_);
    gone = Expired(now);
    std::vector<const Pass*> sessions;
    for (const auto& [id, pass] : passes_) {
      if (pass.account == account && pass.kind == Pass::Kind::kSession && HoldsAt(pass, now)) sessions.push_back(&pass);
    }
    std::ranges::sort(sessions, {}, [](const Pass* pass) { return pass->used_at; });
    for (std::size_t i = 0; i + rules_.sessions_max <= sessions.size(); ++i) gone.push_back(sessions[i]->id);
  }
  SCHAKEL_TRY(Drop(gone));
  Pass pass;
  pass.account = account;
  pass.label = label.substr(0, 200);
  while (!IsUtf8(pass.label)) pass.label.pop_back();
  pass.roles = kAllRoles;
  pass.issued_at = pass.used_at = now;
  pass.expires_at = now + rules_.session_longest;
  return Issue(std::move(pass));
}

Result<Passes::Issued> Passes::IssueToken(const AccountId& account, const std::string& label, RoleSet roles,
                                          bool reads_only, Timestamp expires_at) {
  const Timestamp now = clock_.Now();
  if (expires_at <= now || expires_at > now + rules_.token_longest) {
    return Fail(Code::kInvalid, "token.period", "expires_at", "choose a moment within the next 366 days");
  }
  const auto mine = Of(account);
  const auto tokens = std::ranges::count_if(mine, [](const Pass& one) { return one.kind == Pass::Kind::kToken; });
  if (static_cast<std::size_t>(tokens) >= rules_.tokens_max) {
    return Fail(Code::kLimit, "token.many", {}, "revoke one that is no longer needed");
  }
  Pass pass;
  pass.kind = Pass::Kind::kToken;
  pass.account = account;
  pass.label = label;
  pass.roles = roles;
  pass.reads_only = reads_only;
  pass.issued_at = pass.used_at = now;
  pass.expires_at = expires_at;
  return Issue(std::move(pass));
}

std::optional<Pass> Passes::Use(Pass::Kind kind, std::string_view secret) {
  const Timestamp now = clock_.Now();
  std::optional<Pass> to_keep;
  std::optional<Pass> found;
  {
    std::lock_guard lock(mutex_);
    auto id = by_secret_.find(SecretHash(secret));
    if (id == by_secret_.end()) return std::nullopt;
    Pass& pass = passes_.at(id->second);
    if (pass.kind != kind || !HoldsAt(pass, now)) return std::nullopt;
    pass.used_at = std::max(pass.used_at, now);
    Timestamp& kept = kept_used_at_[pass.id];
    if (pass.used_at - kept >= kUsedKeptEvery) {
      kept = pass.used_at;
      to_keep = pass;
    }
    found = pass;
  }
  // If the disk refuses, the next thing that is asked says so; being idle for longer than it seems is the worst of it.
  if (to_keep) {
    std::lock_guard rows(rows_mutex_);
    if (Holds(to_keep->id)) static_cast<void>(engine_.Keep({RowOf(*to_keep)}));
  }
  return found;
}

bool Passes::Holds(const PassId& id) const {
  std::lock_guard lock(mutex_);
  auto found = passes_.find(id);
  return found != passes_.end() && HoldsAt(found->second, clock_.Now());
}

std::vector<Pass> Passes::Of(const AccountId& account) const {
  const Timestamp now = clock_.Now();
  std::vector<Pass> all;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [id, pass] : passes_) {
      if (pass.account == account && HoldsAt(pass, now)) all.push_back(pass);
    }
  }
  std::ranges::sort(all, {}, [](const Pass& pass) { return std::pair(pass.issued_at, pass.id); });
  return all;
}

std::optional<Pass> Passes::Find(const PassId& id) const {
  std::lock_guard lock(mutex_);
  auto found = passes_.find(id);
  if (found == passes_.end() || !HoldsAt(found->second, clock_.Now())) return std::nullopt;
  return found->second;
}

Status Passes::Drop(const std::vector<PassId>& ids) {
  if (ids.empty()) return {};
  std::vector<Engine::KeptRow> rows;
  std::function<void(const std::vector<PassId>&)> ended;
  {
    // Out of memory first: whatever the disk says, nobody gets in with them any more.
    std::lock_guard lock(mutex_);
    for (const PassId& id : ids) {
      auto found = passes_.find(id);
      if (found == passes_.end()) continue;
      by_secret_.erase(found->second.secret);
      kept_used_at_.erase(id);
      passes_.erase(found);
      rows.push_back({kSet, ToText(id), std::nullopt});
    }
    ended = ended_;
  }
  if (ended) ended(ids);
  std::lock_guard lock(rows_mutex_);
  return engine_.Keep(rows);
}

Status Passes::End(const PassId& id) {
  if (!Find(id)) return Fail(Code::kNotFound, "pass.unknown", "id", "list those that there are");
  return Drop({id});
}

Status Passes::EndAll(const AccountId& account, std::optional<PassId> except) {
  std::vector<PassId> ids;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [id, pass] : passes_) {
      if (pass.account == account && (!except || id != *except)) ids.push_back(id);
    }
  }
  return Drop(ids);
}

void Passes::OnEnded(std::function<void(const std::vector<PassId>&)> ended) {
  std::lock_guard lock(mutex_);
  ended_ = std::move(ended);
}

}  // namespace schakel
