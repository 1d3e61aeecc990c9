#include "views.h"

namespace schakel {
namespace {

constexpr auto kDelay = std::chrono::seconds(2);
constexpr auto kRefusedDelay = std::chrono::minutes(10);

}  // namespace

Status ViewReporter::Load() {
  SCHAKEL_ASSIGN(last_, vault_.LastView());
  SCHAKEL_ASSIGN(std::vector<std::uint64_t> numbers, vault_.Unreported());
  for (std::uint64_t number : numbers) {
    auto view = vault_.FindView(number);
    if (!view && view.error().code == Code::kNotFound) continue;  // Erased.
    if (!view) return std::unexpected(view.error());
    Add(number, *view);
  }
  return {};
}

void ViewReporter::Add(std::uint64_t number, const StoredView& view) {
  auto [group, fresh] = groups_.try_emplace(KeyOf(view), Group{clock_.Steady(), {}, {}});
  group->second.views.push_back({number, view.view});
  ++count_;
}

// Those of what is not here any more are told of together.
ViewReporter::Key ViewReporter::KeyOf(const StoredView& view) const {
  const auto number = vault_.NumberOf(view.view.record);
  const auto stored = number ? vault_.Record(*number) : std::unexpected(number.error());
  const auto header = stored ? DecodeHeader(stored->header) : std::unexpected(stored.error());
  if (!header) return {view.trajectory, OrgId(), RecordId()};
  // Of a file the attachment tells, whoever looks at its pieces.
  const bool repeats = header->kind != Kind::kAttachmentChunk && RepeatedBy(*header).has_value();
  return {view.trajectory, header->author, repeats ? header->id : RecordId()};
}

void ViewReporter::Append(const StoredView& view) {
  Keep(view);
  step_.writes().PutUnreported(last_);
  Add(last_, view);
}
void ViewReporter::Keep(const StoredView& view) { step_.writes().PutView(++last_, view); }

void ViewReporter::Forget(const TrajectoryId& trajectory) {
  for (auto group = groups_.begin(); group != groups_.end();) {
    if (std::get<TrajectoryId>(group->first) != trajectory) {
      ++group;
      continue;
    }
    for (const Waiting& waiting : group->second.views) step_.writes().DropUnreported(waiting.number);
    count_ -= group->second.views.size();
    group = groups_.erase(group);
  }
}

void ViewReporter::OnTick() {
  const auto now = clock_.Steady();
  for (auto group = groups_.begin(); group != groups_.end();) {
    bool reported = now >= group->second.not_before;
    while (reported && !group->second.views.empty() &&
           (group->second.views.size() >= kViewsMax || now - group->second.since >= kDelay)) {
      reported = Report(std::get<TrajectoryId>(group->first), group->second);
    }
    group = group->second.views.empty() ? groups_.erase(group) : std::next(group);
  }
}

// One record. False: it cannot be said now.
bool ViewReporter::Report(const TrajectoryId& trajectory, Group& group) {
  const std::size_t count = std::min(group.views.size(), kViewsMax);
  Views views;
  for (std::size_t i = 0; i < count; ++i) views.views.push_back(group.views[i].view);
  Draft draft;
  draft.kind = Kind::kViews;
  draft.trajectory = trajectory;
  draft.control = std::move(views);
  if (auto said = say(draft); !said) {
    // They stay in the vault and are tried again; the hub may yet learn of us, or we of it.
    step_.Raise(Alarm::Fault::kNotice, said.error());
    group.not_before = clock_.Steady() + kRefusedDelay;
    return false;
  }
  for (std::size_t i = 0; i < count; ++i) step_.writes().DropUnreported(group.views[i].number);
  group.views.erase(group.views.begin(), group.views.begin() + static_cast<std::ptrdiff_t>(count));
  count_ -= count;
  return true;
}

}  // namespace schakel
