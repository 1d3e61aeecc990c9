#include <algorithm>

#include "agents/erased.h"
#include "agents/services.h"
#include "short_id.h"

namespace schakel {
namespace {

// After these, received content may have been sealed, or opened again.
bool ChangesAccess(Kind kind) {
  switch (kind) {
    case Kind::kGrantGive:
    case Kind::kGrantNarrow:
    case Kind::kGrantWithdraw:
    case Kind::kEmergencyReview:
    case Kind::kMemberLeave:
    case Kind::kMemberRemove:
    case Kind::kTrajectoryClose:
    case Kind::kSubjectStage:
    case Kind::kCaseFrame:
    case Kind::kLeadAccept:
    case Kind::kLeadPassed:
      return true;
    default:
      return false;
  }
}

}  // namespace

// Filled from the engine's thread, emptied by whoever next looks.
struct Cases::Pending {
  std::mutex mutex;
  std::set<RecordId> records;
  std::set<TrajectoryId> erased;
  bool withheld = false;
};

Cases::Cases(Engine& engine) : engine_(engine), file_(engine.Self()), pending_(std::make_shared<Pending>()) {
  subscription_ = engine.OnChange([pending = pending_](const Engine::Change& change) {
    std::lock_guard lock(pending->mutex);
    if (change.what == Engine::Change::What::kWithheld) pending->withheld = true;
    if (change.what == Engine::Change::What::kErased) pending->erased.insert(change.trajectory);
    if (!IsNone(change.record)) pending->records.insert(change.record);
  });
  std::set<TrajectoryId> trajectories;
  engine.RecordsToOpen([&](const HeldRecord& held, const Engine::BodyOpener& open) {
    Load(held, open);
    trajectories.insert(held.header.trajectory);
    return true;
  });
  for (const TrajectoryId& id : trajectories) LoadRules(id);
  file_.SetWithheld(engine.Withheld());
}

Cases::~Cases() { subscription_.reset(); }

void Cases::Load(const HeldRecord& held) {
  Load(held, [&] { return engine_.Open(held.header.id); });
}

void Cases::Load(const HeldRecord& held, const Engine::BodyOpener& open) {
  // Pieces of files are found through their attachment alone: they would fill the memory and stand in every list.
  if (held.header.kind == Kind::kAttachmentChunk) return;
  CaseRecord record{held, std::nullopt};
  if (auto body = open()) {
    if (auto typed = DecodeBody(*body)) record.body = Unmarked(std::move(*typed));
  }
  if (follower_ != nullptr) follower_->Took(record);
  file_.Put(std::move(record));
}

void Cases::LoadRules(const TrajectoryId& id) {
  if (IsNone(id)) return;
  auto rules = engine_.FindTrajectory(id);
  if (!rules) return;
  file_.SetTold(id, engine_.ToldOf(id));
  file_.SetRules(id, std::move(*rules));
}

void Cases::CatchUp() {
  std::set<RecordId> records;
  std::set<TrajectoryId> erased;
  bool withheld = false;
  {
    std::lock_guard lock(pending_->mutex);
    records.swap(pending_->records);
    erased.swap(pending_->erased);
    std::swap(withheld, pending_->withheld);
  }
  std::set<TrajectoryId> ruled;
  std::set<TrajectoryId> reopened;
  for (const RecordId& id : records) {
    auto held = engine_.Find(id);
    if (!held) continue;  // Erased since: its trajectory is among the erased.
    Load(*held);
    if (!IsContent(held->header.kind)) ruled.insert(held->header.trajectory);
    if (ChangesAccess(held->header.kind)) reopened.insert(held->header.trajectory);
  }
  for (const TrajectoryId& id : erased) {
    LetGoOf(id);
    file_.Erase(id);
    ruled.insert(id);
  }
  withheld = withheld || !erased.empty();
  for (const TrajectoryId& id : ruled) LoadRules(id);
  for (const TrajectoryId& id : reopened) {
    std::vector<HeldRecord> again;
    for (const CaseRecord* record : file_.RecordsOf(id)) {
      if (record->held.state == RecordState::kReceived) again.push_back(record->held);  // Our own stay ours.
    }
    for (const HeldRecord& held : again) Load(held);
  }
  if (withheld) file_.SetWithheld(engine_.Withheld());
  if (follower_ != nullptr && (!records.empty() || !erased.empty())) follower_->CaughtUp();
}

// Of an erased trajectory only what was said of its erasure stays.
void Cases::LetGoOf(const TrajectoryId& id) {
  if (follower_ == nullptr) return;
  for (const CaseRecord* record : file_.RecordsOf(id)) {
    if (!IsOfErasure(record->held.header.kind)) follower_->LetGo(record->held.header.id);
  }
}

Result<CaseTrajectory> Cases::Trajectory(const TrajectoryId& id) {
  return With([&](CaseFile& file) -> Result<CaseTrajectory> {
    const CaseTrajectory* found = file.Find(id);
    if (found == nullptr) return Fail(Code::kNotFound, "id.unknown", "trajectory", "check the id");
    return *found;
  });
}

Result<TrajectoryId> Cases::FindTrajectory(std::string_view text) {
  SCHAKEL_ASSIGN(const std::string prefix, HexPrefix(text));
  return OnlyOne(With([&](CaseFile& file) { return file.TrajectoriesLike(prefix); }));
}

// The day on which a record was erased that we had, with all of its trajectory.
Result<std::optional<std::string>> Cases::ErasedLike(std::string_view prefix) {
  const auto erasures = With([](CaseFile& file) {
    std::vector<std::pair<TrajectoryId, Timestamp>> all;
    for (const CaseTrajectory* one : file.Trajectories()) {
      if (one->erasure && one->erasure->confirmed_at) all.emplace_back(one->id, *one->erasure->confirmed_at);
    }
    return all;
  });
  constexpr std::size_t kDay = 10;
  for (const auto& [id, at] : erasures) {
    SCHAKEL_ASSIGN(const auto fact, engine_.GetFact(ErasedFact(id)));
    if (!fact) continue;
    SCHAKEL_ASSIGN(const auto records, DecodeErased(*fact));
    const bool there =
        std::ranges::any_of(records, [&](const RecordId& one) { return ToText(one).starts_with(prefix); });
    if (there) return ToText(at).substr(0, kDay);
  }
  return std::nullopt;
}

Result<RecordId> Cases::FindRecord(std::string_view text) {
  SCHAKEL_ASSIGN(const std::string prefix, HexPrefix(text));
  auto found = OnlyOne(With([&](CaseFile& file) { return file.RecordsLike(prefix); }));
  if (found || found.error().rule != "id.unknown") return found;
  // The inbox shows what was withheld, so who asks for it is told why it is not here.
  for (const WithheldMark& mark : engine_.Withheld()) {
    if (!ToText(mark.record).starts_with(prefix)) continue;
    return Fail(Code::kDenied, "withheld." + std::string(Slug(mark.reason)), "record", "it was never handed over");
  }
  SCHAKEL_ASSIGN(const auto erased, ErasedLike(prefix));
  if (erased) return Fail(Code::kNotFound, "record.erased", *erased, "there is nothing left of it");
  return found;
}

}  // namespace schakel
