#include "eraser.h"

#include "agents/erased.h"

namespace schakel {
namespace {

constexpr auto kAgain = std::chrono::minutes(10);

}  // namespace

Status Eraser::Load() {
  SCHAKEL_ASSIGN(const std::vector<Erasure> erasures, vault_.Erasures());
  std::vector<DataScope> gone;
  for (const Erasure& one : erasures) {
    known_.insert(one.confirm);
    if (one.state != Erasure::State::kAsked) gone.push_back(DataScope(one.trajectory.value()));
    if (one.state != Erasure::State::kAnswered) open_.insert_or_assign(one.trajectory, one);
  }
  vault_.ForgetScopes(gone);
  return {};
}

void Eraser::Note(const Header& header) {
  if (header.kind != Kind::kEraseConfirm || !known_.insert(header.id).second) return;
  open_.insert_or_assign(header.trajectory, Erasure{header.trajectory, header.id, Erasure::State::kAsked});
  not_before_ = {};
}

Result<bool> Eraser::Pump() {
  if (open_.empty() || clock_.Steady() < not_before_) return false;
  for (auto& [trajectory, erasure] : open_) {
    step_.writes().PutErasure(erasure);
    if (erasure.state != Erasure::State::kAsked) continue;
    SCHAKEL_ASSIGN(const Going going, GoingOf(trajectory));
    for (const std::uint64_t number : going.numbers) step_.writes().DropOutbox(number);
    // After a crash they may be gone already, and were written down before.
    if (!going.ids.empty()) step_.writes().PutFact(ErasedFact(trajectory), EncodeErased(going.ids));
    // Looks of before this rule lie under the key that goes: under no such key, two persons cannot erase who looked.
    SCHAKEL_ASSIGN(const auto looks, vault_.ViewsOf(trajectory));
    for (const auto& [number, look] : looks) step_.writes().PutView(number, look);
    forget(trajectory, going.numbers);
  }
  return true;
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
    }
    return !failed;
  }));
  if (failed) return std::unexpected(*failed);
  return going;
}

Result<bool> Eraser::Destroy() {
  SCHAKEL_ASSIGN(const std::vector<ContentScope> contents, vault_.ContentScopes());
  std::vector<DataScope> scopes;
  for (const auto& [trajectory, erasure] : open_) {
    if (erasure.state != Erasure::State::kAsked) continue;
    scopes.push_back(DataScope(trajectory.value()));
    for (const ContentScope& one : contents) {
      if (one.trajectory == trajectory) scopes.push_back(one.scope);
    }
  }
  SCHAKEL_TRY(vault_.Erase(scopes));
  vault_.ForgetScopes(scopes);
  for (auto one = open_.begin(); one != open_.end();) {
    Erasure& erasure = one->second;
    if (erasure.state == Erasure::State::kAsked) {
      knowledge_.Erase(erasure.trajectory);
      step_.Tell({Engine::Change::What::kErased, {}, erasure.trajectory});
      erasure.state = Erasure::State::kErased;
    }
    const bool answered = Answer(erasure);
    step_.writes().PutErasure(erasure);
    if (!answered) not_before_ = clock_.Steady() + kAgain;
    one = answered ? open_.erase(one) : std::next(one);
  }
  return !step_.empty();
}

// False: it cannot be said now; it is owed.
bool Eraser::Answer(Erasure& erasure) {
  Draft draft;
  draft.kind = Kind::kEraseReceipt;
  draft.trajectory = erasure.trajectory;
  draft.references = {erasure.confirm};
  draft.control = EraseReceipt{erasure.confirm};
  if (auto said = say(draft); !said) {
    step_.RaiseOnce(Alarm::Fault::kNotice, said.error());
    return false;
  }
  erasure.state = Erasure::State::kAnswered;
  return true;
}

}  // namespace schakel
