#include "sealer.h"

#include <algorithm>

#include "aftercare_consent.h"
#include "local_time.h"
#include "protocol/auditors_look.h"
#include "repeated.h"

namespace schakel {
namespace {

constexpr auto kSealAgain = std::chrono::minutes(10);

bool MayTakeBack(Kind kind) {
  switch (kind) {
    case Kind::kGrantGive:  // Whose withdrawal may have come before it.
    case Kind::kGrantNarrow:
    case Kind::kGrantWithdraw:
    case Kind::kEmergencyReview:
    case Kind::kMemberLeave:
    case Kind::kMemberRemove:
      return true;
    default:
      return false;
  }
}

// What may be sealed: content, and the reason of an emergency.
bool MayBeSealed(const Header& header) {
  const auto* give = std::get_if<GrantGive>(&header.control);
  return IsContent(header.kind) || (give && give->basis == Basis::kEmergency);
}

// Whoever is younger is kept longer: the birth date is never known, so the stage's youngest age stands for it.
std::uint64_t YearsToKeep(const Retention& retention, const RegionRules& rules, Stage stage) {
  if (!retention.until_age) return retention.years;
  const std::uint64_t age = stage == Stage::kAdult     ? rules.adult_age_years
                            : stage == Stage::kCapable ? rules.consent_age_years
                                                       : 0;
  return *retention.until_age > age ? *retention.until_age - age : 0;
}

}  // namespace

Retention RetentionOfRegion(const RegionRules& rules) {
  return {{"bewaarplicht van de regio", "the region's rule of keeping", "règle de conservation de la région"},
          rules.retain_after_departure_years,
          {}};
}

// What was kept before there was a language has no words in it.
bool IsOfRegion(const Words& reason) { return reason.dutch == RetentionOfRegion({}).reason.dutch; }

Status Sealer::Load() {
  SCHAKEL_ASSIGN(sealed_, vault_.SealedByNumber());
  // What is kept of an erased trajectory is the eraser's.
  std::erase_if(sealed_, [&](const auto& one) { return vault_.KeptRecord(one.first).has_value(); });
  SCHAKEL_ASSIGN(const std::vector<ContentScope> scopes, vault_.ContentScopes());
  for (const ContentScope& one : scopes) {
    if (one.spent) {
      to_destroy_.push_back(one.scope);
    } else {
      scopes_.insert_or_assign(Group(one.trajectory, one.grant), one.scope);
    }
  }
  for (const auto& [number, sealed] : sealed_) dirty_.insert(sealed.trajectory);
  Schedule();
  return DestroyKeys();
}

void Sealer::Add(std::uint64_t number, const StoredRecord& record, const Header& header) {
  if (MayRepeat(record, header)) repeats_[header.trajectory].insert(number);
  if (record.state == RecordState::kRefused) return;
  if (const auto* receipt = std::get_if<GrantReceipt>(&header.control)) {
    if (header.author == knowledge_.self()) answered_.emplace(receipt->grant, receipt->change, receipt->kept);
    return;
  }
  if (record.state == RecordState::kReceived && MayBeSealed(header) && !IsNone(header.trajectory)) {
    std::vector<std::uint64_t>& numbers = received_[header.trajectory];
    const auto place = std::ranges::lower_bound(numbers, number);
    if (place == numbers.end() || *place != number) numbers.insert(place, number);  // Read anew, it comes twice.
  }
  if (record.state != RecordState::kWaiting) Note(header);
}

void Sealer::Note(const Header& header) {
  // What was shared while the grant was taken back is sealed once it has left.
  if (MayTakeBack(header.kind) || RepeatedBy(header)) dirty_.insert(header.trajectory);
}

DataScope Sealer::ScopeFor(const Header& header, const std::optional<RecordId>& grant) {
  // Outlives the trajectory.
  if ((IsOfErasure(header.kind) && header.kind != Kind::kErasePropose) || IsLookOfAuditors(header)) return {};
  // Forgotten by itself, one by one.
  const bool alone = header.kind == Kind::kPlaceEnrolment || header.kind == Kind::kLearningCase;
  if (!alone && (!grant || IsNone(header.trajectory))) return DataScope(header.trajectory.value());
  const RecordId under = alone ? header.id : *grant;
  auto [found, fresh] = scopes_.try_emplace(Group(header.trajectory, under));
  if (fresh) {
    found->second = random_.Draw<DataScope>();
    step_.writes().PutContentScope({found->second, header.trajectory, under, false});
  }
  return found->second;
}

Result<std::optional<RecordId>> Sealer::GrantOf(const StoredRecord& record, const Header& header) const {
  if (!MayRepeat(record, header)) return record.grant;
  SCHAKEL_ASSIGN(const auto repeated, FindRepeated(vault_, record, header));
  return repeated ? repeated->record.grant : std::nullopt;
}

Result<DataScope> Sealer::ScopeForOwn(const StoredRecord& record, const Header& header) {
  SCHAKEL_ASSIGN(const auto grant, GrantOf(record, header));
  return ScopeFor(header, grant);
}

void Sealer::Forget(const TrajectoryId& trajectory) {
  received_.erase(trajectory);
  repeats_.erase(trajectory);
  dirty_.erase(trajectory);
  std::erase_if(sealed_, [&](const auto& one) { return one.second.trajectory == trajectory; });
  std::erase_if(scopes_, [&](const auto& one) { return one.first.first == trajectory; });
  Schedule();
}

Result<bool> Sealer::Pump() {
  if (!dirty_.empty() && clock_.Steady() >= not_before_) {
    for (const TrajectoryId& trajectory : std::exchange(dirty_, {})) SCHAKEL_TRY(Seal(trajectory));
  }
  const Timestamp now = clock_.Now();
  if (next_due_ && now >= *next_due_) SCHAKEL_TRY(DestroyDue(now));
  return !step_.empty();
}

// ---- Sealing ----

Status Sealer::Seal(const TrajectoryId& trajectory) {
  std::vector<GrantTakenBack> pending = knowledge_.TakenFromUs(trajectory);
  std::erase_if(pending,
                [&](const GrantTakenBack& one) { return answered_.contains({one.grant, one.change, Kept::kSealed}); });
  if (!pending.empty()) {
    for (const std::uint64_t number : received_[trajectory]) SCHAKEL_TRY(SealRecord(number, pending));
  }
  SCHAKEL_TRY(SealRepeats(trajectory));
  Schedule();
  // What cannot be said now, for we are suspended or so, is owed.
  if (!AnswerFor(trajectory, pending) || !AnswerDestroyed(trajectory)) {
    dirty_.insert(trajectory);
    not_before_ = clock_.Steady() + kSealAgain;
  }
  return {};
}

Status Sealer::SealRecord(std::uint64_t number, const std::vector<GrantTakenBack>& pending) {
  if (sealed_.contains(number)) return {};
  SCHAKEL_ASSIGN(const StoredRecord record, vault_.Record(number));
  SCHAKEL_ASSIGN(const Header header, DecodeHeader(record.header));
  if (knowledge_.StillCovered(header, record.sequence, record.at)) return {};
  // The reason of an emergency is that of its own grant.
  const RecordId consent = OwnConsentOf(header);
  const RecordId grant = IsNone(consent) ? record.grant.value_or(header.id) : consent;
  const auto of_its_grant = std::ranges::find(pending, grant, &GrantTakenBack::grant);
  const GrantTakenBack& taken = of_its_grant == pending.end() ? pending.back() : *of_its_grant;
  const RegionRules rules = knowledge_.Rules();
  const Retention retention = retention_.value_or(RetentionOfRegion(rules));
  const auto trajectory = knowledge_.FindTrajectory(header.trajectory);
  const Stage stage = trajectory ? trajectory->stage() : Stage::kChild;
  const Timestamp now = clock_.Now();
  SealedItem sealed{header.id, header.trajectory, taken.grant, taken.change, now, now, retention.reason, std::nullopt};
  sealed.keep_until = AddYears(now, YearsToKeep(retention, rules, stage));
  PutSealed(number, std::move(sealed), header);
  return {};
}

void Sealer::PutSealed(std::uint64_t number, SealedItem sealed, const Header& header) {
  step_.writes().PutSealed(number, sealed);
  step_.TellOf(Engine::Change::What::kSealed, header);
  sealed_.emplace(number, std::move(sealed));
}

// Ours that repeat what is sealed: for the same change, kept as long.
Status Sealer::SealRepeats(const TrajectoryId& trajectory) {
  const auto numbers = repeats_.find(trajectory);
  if (numbers == repeats_.end()) return {};
  for (const std::uint64_t number : numbers->second) {
    if (sealed_.contains(number)) continue;
    SCHAKEL_ASSIGN(const StoredRecord record, vault_.Record(number));
    if (record.state == RecordState::kWaiting) continue;  // The outbox needs it yet.
    SCHAKEL_ASSIGN(const Header header, DecodeHeader(record.header));
    SCHAKEL_ASSIGN(const auto repeated, FindRepeated(vault_, record, header));
    const auto original = repeated ? sealed_.find(repeated->number) : sealed_.end();
    if (original == sealed_.end()) continue;
    SealedItem sealed = original->second;
    sealed.record = header.id;
    sealed.sealed_at = clock_.Now();
    sealed.destroyed_at.reset();
    PutSealed(number, std::move(sealed), header);
  }
  return {};
}

bool Sealer::Answer(const TrajectoryId& trajectory, const Taken& taken, Kept kept) {
  if (answered_.contains({taken.first, taken.second, kept})) return true;
  Draft draft;
  draft.kind = Kind::kGrantReceipt;
  draft.trajectory = trajectory;
  draft.references = {taken.first, taken.second};
  draft.control = GrantReceipt{taken.first, taken.second, kept};
  if (auto said = say(draft); !said) {
    step_.RaiseOnce(Alarm::Fault::kNotice, said.error());
    return false;
  }
  answered_.emplace(taken.first, taken.second, kept);
  return true;
}

bool Sealer::AnswerFor(const TrajectoryId& trajectory, const std::vector<GrantTakenBack>& pending) {
  return std::ranges::all_of(
      pending, [&](const GrantTakenBack& one) { return Answer(trajectory, {one.grant, one.change}, Kept::kSealed); });
}

// ---- Destroying ----

bool Sealer::AnswerDestroyed(const TrajectoryId& trajectory) {
  std::map<Taken, bool> all_gone;
  for (const auto& [number, sealed] : sealed_) {
    if (sealed.trajectory != trajectory) continue;
    bool& gone = all_gone.try_emplace({sealed.grant, sealed.change}, true).first->second;
    gone = gone && sealed.destroyed_at.has_value();
  }
  return std::ranges::all_of(
      all_gone, [&](const auto& one) { return !one.second || Answer(trajectory, one.first, Kept::kDestroyed); });
}

void Sealer::Schedule() {
  next_due_.reset();
  for (const auto& [number, sealed] : sealed_) {
    if (sealed.destroyed_at) continue;
    next_due_ = std::min(next_due_.value_or(sealed.keep_until), sealed.keep_until);
  }
}

Status Sealer::DestroyDue(Timestamp now) {
  std::set<Group> due;
  for (const auto& [number, sealed] : sealed_) {
    if (sealed.destroyed_at || now < sealed.keep_until) continue;
    SCHAKEL_ASSIGN(const StoredRecord record, vault_.Record(number));
    SCHAKEL_ASSIGN(const Header header, DecodeHeader(record.header));
    SCHAKEL_ASSIGN(const auto grant, GrantOf(record, header));
    due.emplace(sealed.trajectory, grant.value_or(RecordId{}));
    dirty_.insert(sealed.trajectory);
  }
  for (const Group& group : due) SCHAKEL_TRY(Destroy(group, now));
  Schedule();
  return {};
}

// What came under one grant: what is due goes; what is not goes under another key, and the key itself is spent.
Status Sealer::Destroy(const Group& group, Timestamp now) {
  const auto& [trajectory, grant] = group;
  const auto scope = scopes_.extract(group);
  if (scope) {
    step_.writes().PutContentScope({scope.mapped(), trajectory, grant, true});
    to_destroy_.push_back(scope.mapped());
  }
  for (const std::uint64_t number : received_[trajectory]) SCHAKEL_TRY(DestroyOrMove(number, group, now));
  for (const std::uint64_t number : repeats_[trajectory]) SCHAKEL_TRY(DestroyOrMove(number, group, now));
  return {};
}

Status Sealer::DestroyOrMove(std::uint64_t number, const Group& group, Timestamp now) {
  SCHAKEL_ASSIGN(const StoredRecord record, vault_.Record(number));
  SCHAKEL_ASSIGN(const Header header, DecodeHeader(record.header));
  SCHAKEL_ASSIGN(const auto grant, GrantOf(record, header));
  if (grant.value_or(RecordId{}) != group.second) return {};
  auto sealed = sealed_.find(number);
  if (sealed == sealed_.end() || now < sealed->second.keep_until) {
    auto content = vault_.Content(number);
    if (content) step_.writes().PutContent(number, *content, ScopeFor(header, grant));
    return {};
  }
  if (sealed->second.destroyed_at) return {};
  sealed->second.destroyed_at = now;
  step_.writes().PutSealed(number, sealed->second);
  step_.writes().DropContent(number);
  step_.Tell({Engine::Change::What::kSealed, sealed->second.record, group.first});
  return {};
}

void Sealer::DestroyWords(std::uint64_t number, const Header& header) {
  const auto scope = scopes_.extract(Group(header.trajectory, header.id));
  if (!scope) return;
  step_.writes().PutContentScope({scope.mapped(), header.trajectory, header.id, true});
  to_destroy_.push_back(scope.mapped());
  step_.writes().DropContent(number);
  step_.TellOf(Engine::Change::What::kSealed, header);
}

Status Sealer::DestroyKeys() {
  if (to_destroy_.empty()) return {};
  const std::vector<DataScope> scopes = std::exchange(to_destroy_, {});
  SCHAKEL_TRY(vault_.Erase(scopes));
  VaultBatch done;
  for (const DataScope& scope : scopes) done.DropContentScope(scope);
  return vault_.Commit(done);
}

}  // namespace schakel
