#include "eraser.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "agents/erased.h"
#include "protocol/auditors_look.h"
#include "sealer.h"

namespace schakel {
namespace {

constexpr auto kAgain = std::chrono::minutes(10);

bool IsOver(const SealedItem& sealed, Timestamp now) { return sealed.destroyed_at || now >= sealed.keep_until; }

}  // namespace

Status Eraser::Load() {
  SCHAKEL_ASSIGN(const std::vector<Erasure> erasures, vault_.Erasures());
  std::vector<DataScope> gone;
  for (const Erasure& one : erasures) {
    known_.insert(one.confirm);
    if (one.state != Erasure::State::kAsked) gone.push_back(DataScope(one.trajectory.value()));
    if (one.state != Erasure::State::kAnswered) open_.insert_or_assign(one.trajectory, one);
    if (one.state != Erasure::State::kAsked && !IsNone(one.kept)) keeping_.insert_or_assign(one.trajectory, one);
  }
  vault_.ForgetScopes(gone);
  return Schedule();
}

void Eraser::Note(const Header& header) {
  if (header.kind != Kind::kEraseConfirm || !known_.insert(header.id).second) return;
  open_.insert_or_assign(header.trajectory, Erasure{header.trajectory, header.id, Erasure::State::kAsked});
  not_before_ = {};
}

Result<bool> Eraser::Pump() {
  const Timestamp now = clock_.Now();
  const bool due = next_due_ && now >= *next_due_;
  if (due) SCHAKEL_TRY(DropDue(now));
  if (open_.empty() || clock_.Steady() < not_before_) return due;
  for (auto& [trajectory, erasure] : open_) {
    if (erasure.state == Erasure::State::kAsked) SCHAKEL_TRY(Begin(erasure));
    step_.writes().PutErasure(erasure);
  }
  return true;
}

Status Eraser::Begin(Erasure& erasure) {
  SCHAKEL_ASSIGN(const Going going, GoingOf(erasure.trajectory));
  for (const std::uint64_t number : going.numbers) step_.writes().DropOutbox(number);
  // After a crash they may be gone already, and were written down before.
  if (!going.ids.empty()) step_.writes().PutFact(ErasedFact(erasure.trajectory), EncodeErased(going.ids));
  for (const auto& [number, id] : going.looks) step_.writes().DropRecord(number, id);
  SCHAKEL_TRY(KeepLooks(erasure.trajectory));
  SCHAKEL_ASSIGN(const bool lets_go, LetsGo(erasure));
  if (!lets_go && IsNone(erasure.kept)) {  // Else it has moved already, before a crash.
    SCHAKEL_ASSIGN(Items items, SealedOf(erasure.trajectory));
    std::erase_if(items, [now = clock_.Now()](const auto& one) { return IsOver(one.second, now); });
    SCHAKEL_TRY(Keep(erasure, items));
  }
  forget(erasure.trajectory, going.numbers);
  return {};
}

// Two persons cannot erase who looked. Looks of before this rule lie under the key that goes, and those of auditors at
// what was sealed stood only with their words.
Status Eraser::KeepLooks(const TrajectoryId& trajectory) {
  SCHAKEL_ASSIGN(const auto looks, vault_.ViewsOf(trajectory));
  std::set<std::tuple<RecordId, Id128, Timestamp>> known;
  for (const auto& [number, look] : looks) {
    step_.writes().PutView(number, look);
    known.emplace(look.view.record, look.view.person, look.view.at);
  }
  SCHAKEL_ASSIGN(const auto unsealings, vault_.UnsealingsByNumber());
  for (const auto& [number, one] : unsealings) {
    if (one.trajectory != trajectory || known.contains({one.record, one.person, one.at})) continue;
    keep_look({trajectory, {one.record, one.person, StaffRole::kAuditor, ViewReason::kAudit, one.at}});
  }
  return {};
}

// What is said of the erasure itself stays.
Result<Eraser::Going> Eraser::GoingOf(const TrajectoryId& trajectory) const {
  Going going;
  std::optional<Error> failed;
  SCHAKEL_TRY(vault_.ScanRecords([&](std::uint64_t number, const StoredRecord& record) {
    const auto header = DecodeHeader(record.header);
    if (!header) failed = header.error();
    if (header && header->trajectory == trajectory && !IsOfErasure(header->kind)) {
      going.numbers.insert(number);
      going.ids.push_back(header->id);
      if (IsLookOfAuditors(*header)) going.looks.emplace_back(number, header->id);
    }
    return !failed;
  }));
  if (failed) return std::unexpected(*failed);
  return going;
}

Result<bool> Eraser::Destroy() {
  SCHAKEL_ASSIGN(const std::vector<ContentScope> contents, vault_.ContentScopes());
  const std::vector<DataScope> spent = std::exchange(spent_, {});
  std::vector<DataScope> scopes = spent;
  for (const auto& [trajectory, erasure] : open_) {
    if (erasure.state != Erasure::State::kAsked) continue;
    scopes.push_back(DataScope(trajectory.value()));
    for (const ContentScope& one : contents) {
      if (one.trajectory == trajectory) scopes.push_back(one.scope);
    }
  }
  SCHAKEL_TRY(vault_.Erase(scopes));
  vault_.ForgetScopes(scopes);
  for (const DataScope& scope : spent) step_.writes().DropContentScope(scope);
  if (clock_.Steady() >= not_before_) SCHAKEL_TRY(AnswerAll());
  SCHAKEL_TRY(Schedule());
  return !step_.empty();
}

Status Eraser::AnswerAll() {
  for (auto one = open_.begin(); one != open_.end();) {
    Erasure& erasure = one->second;
    if (erasure.state == Erasure::State::kAsked) {
      knowledge_.Erase(erasure.trajectory);
      step_.Tell({Engine::Change::What::kErased, {}, erasure.trajectory});
      erasure.state = Erasure::State::kErased;
    }
    SCHAKEL_ASSIGN(const bool answered, Answer(erasure));
    step_.writes().PutErasure(erasure);
    if (!answered) not_before_ = clock_.Steady() + kAgain;
    if (!IsNone(erasure.kept)) keeping_.insert_or_assign(one->first, erasure);
    one = answered ? open_.erase(one) : std::next(one);
  }
  return {};
}

// ---- What is kept ----

// Whether we ourselves said that all of it may go.
Result<bool> Eraser::LetsGo(const Erasure& erasure) const {
  std::set<RecordId> agreed;
  RecordId proposal;
  bool confirmed = false;
  std::optional<Error> failed;
  SCHAKEL_TRY(vault_.ScanRecords([&](std::uint64_t, const StoredRecord& record) {
    const auto header = DecodeHeader(record.header);
    if (!header) {
      failed = header.error();
      return false;
    }
    const bool ours = header->author == knowledge_.self() && record.state == RecordState::kAccepted;
    if (const auto* second = std::get_if<EraseSecond>(&header->control); second && ours) {
      agreed.insert(second->proposal);
    }
    if (const auto* confirm = std::get_if<EraseConfirm>(&header->control); confirm && header->id == erasure.confirm) {
      proposal = confirm->proposal;
      confirmed = ours;
    }
    return true;
  }));
  if (failed) return std::unexpected(*failed);
  return confirmed || agreed.contains(proposal);
}

Result<Eraser::Items> Eraser::SealedOf(const TrajectoryId& trajectory) const {
  SCHAKEL_ASSIGN(Items items, vault_.SealedByNumber());
  std::erase_if(items, [&](const auto& one) { return one.second.trajectory != trajectory; });
  return items;
}

// Under a key that nothing else lies under.
Status Eraser::Keep(Erasure& erasure, const Items& items) {
  erasure.kept = {};
  const auto scope = random_.Draw<DataScope>();
  std::set<RecordId> kept;
  for (const auto& [number, sealed] : items) {
    auto record = vault_.Record(number);
    if (!record) record = vault_.KeptRecord(number);
    if (!record) return std::unexpected(record.error());
    const auto content = vault_.Content(number);
    if (!content && content.error().code == Code::kNotFound) continue;  // Lost with a vault that was put back.
    if (!content) return std::unexpected(content.error());
    step_.writes().PutKept(number, *record, *content, sealed, scope);
    erasure.kept = scope;
    kept.insert(sealed.record);
  }
  return KeepUnsealings(erasure, kept);
}

// Why an auditor opened it stays as long as it does.
Status Eraser::KeepUnsealings(const Erasure& erasure, const std::set<RecordId>& kept) {
  SCHAKEL_ASSIGN(const auto unsealings, vault_.UnsealingsByNumber());
  for (const auto& [number, one] : unsealings) {
    if (one.trajectory != erasure.trajectory) continue;
    if (kept.contains(one.record)) {
      step_.writes().PutUnsealing(number, one, erasure.kept);
    } else {
      step_.writes().DropUnsealing(number);
    }
  }
  return {};
}

// What is over goes; the rest moves on to another key, and the one of before is spent.
Status Eraser::DropDue(Timestamp now) {
  for (auto one = keeping_.begin(); one != keeping_.end();) {
    Erasure& erasure = one->second;
    SCHAKEL_ASSIGN(Items left, SealedOf(erasure.trajectory));
    const std::size_t kept = left.size();
    for (const auto& [number, sealed] : left) {
      if (!IsOver(sealed, now)) continue;
      step_.writes().DropKept(number);
      step_.Tell({Engine::Change::What::kSealed, sealed.record, erasure.trajectory});
    }
    std::erase_if(left, [&](const auto& item) { return IsOver(item.second, now); });
    if (left.size() == kept && kept > 0) {
      ++one;
      continue;
    }
    // Of no trajectory: it outlives the key of this one.
    step_.writes().PutContentScope({erasure.kept, {}, {}, true});
    spent_.push_back(erasure.kept);
    SCHAKEL_TRY(Keep(erasure, left));
    const bool gone = IsNone(erasure.kept);
    if (gone) erasure.state = Erasure::State::kErased;  // And that is to be said.
    step_.writes().PutErasure(erasure);
    if (gone) {
      open_.insert_or_assign(one->first, erasure);
      not_before_ = {};
    } else if (const auto owed = open_.find(one->first); owed != open_.end()) {
      owed->second.kept = erasure.kept;
    }
    one = gone ? keeping_.erase(one) : std::next(one);
  }
  return {};
}

Status Eraser::Schedule() {
  next_due_.reset();
  if (keeping_.empty()) return {};
  SCHAKEL_ASSIGN(const Items all, vault_.SealedByNumber());
  for (const auto& [number, sealed] : all) {
    if (!keeping_.contains(sealed.trajectory)) continue;
    next_due_ = std::min(next_due_.value_or(sealed.keep_until), sealed.keep_until);
  }
  return {};
}

// Of several, until the last of them is over.
Result<std::optional<KeptByLaw>> Eraser::KeptOf(const Erasure& erasure) const {
  if (IsNone(erasure.kept)) return std::nullopt;
  SCHAKEL_ASSIGN(const Items items, SealedOf(erasure.trajectory));
  const auto last = std::ranges::max_element(items, {}, [](const auto& one) { return one.second.keep_until; });
  if (last == items.end()) return std::nullopt;
  const SealedItem& sealed = last->second;
  return KeptByLaw{sealed.keep_until, IsOfRegion(sealed.reason) ? KeepReason::kRegion : KeepReason::kSector};
}

// False: it cannot be said now; it is owed.
Result<bool> Eraser::Answer(Erasure& erasure) {
  SCHAKEL_ASSIGN(const std::optional<KeptByLaw> kept, KeptOf(erasure));
  Draft draft;
  draft.kind = Kind::kEraseReceipt;
  draft.trajectory = erasure.trajectory;
  draft.references = {erasure.confirm};
  draft.control = EraseReceipt{erasure.confirm, kept};
  if (auto said = say(draft); !said) {
    step_.RaiseOnce(Alarm::Fault::kNotice, said.error());
    return false;
  }
  erasure.state = Erasure::State::kAnswered;
  return true;
}

}  // namespace schakel
