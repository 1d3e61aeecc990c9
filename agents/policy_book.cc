#include "agents/policy_book.h"

#include <algorithm>
#include <set>

namespace schakel {
namespace {

// What is said of places, which is of no trajectory, stands on one path of its own.
bool Counts(const Header& header) {
  if (IsOfPlace(header.kind)) return true;
  return !IsContent(header.kind) && header.kind != Kind::kViews && !IsNone(header.trajectory);
}

}  // namespace

bool PolicyBook::Before(const Known& a, const Known& b) {
  const bool a_waits = a.sequence == Sequence{};
  const bool b_waits = b.sequence == Sequence{};
  if (a_waits != b_waits) return b_waits;
  return a_waits ? a.number < b.number : a.sequence < b.sequence;
}

void PolicyBook::Insert(Known known) {
  Path& path = paths_[known.header.trajectory];
  auto place = std::ranges::upper_bound(path.statements, known, Before);
  const bool last = place == path.statements.end();
  auto inserted = path.statements.insert(place, std::move(known));
  if (!last) return Replay(path);
  path.state.Apply(inserted->header);
  if (all_) all_->Apply(inserted->header);
}

void PolicyBook::Replay(Path& path) {
  all_.reset();
  path.state = PolicyState();
  for (const Known& known : path.statements) path.state.Apply(known.header);
}

void PolicyBook::AddWaiting(const Header& header, std::uint64_t number) {
  if (Counts(header)) Insert({header, Sequence{}, number});
}

void PolicyBook::AddKnown(const Header& header, std::uint64_t number, Sequence sequence) {
  if (Counts(header)) Insert({header, sequence, number});
}

void PolicyBook::Accept(const Header& header, Sequence sequence) {
  if (!Counts(header)) return;
  std::vector<Known>& statements = paths_[header.trajectory].statements;
  auto found = std::ranges::find(statements, header.id, [](const Known& known) { return known.header.id; });
  if (found == statements.end()) return;
  found->sequence = sequence;
  // Usually it is the first of those that wait, and its place stays.
  const bool in_place = (found == statements.begin() || Before(*std::prev(found), *found)) &&
                        (std::next(found) == statements.end() || Before(*found, *std::next(found)));
  if (in_place) return;
  std::ranges::stable_sort(statements, Before);
  Replay(paths_[header.trajectory]);
}

void PolicyBook::Drop(const Header& header) {
  if (!Counts(header)) return;
  Path& path = paths_[header.trajectory];
  if (std::erase_if(path.statements, [&](const Known& known) { return known.header.id == header.id; }) > 0) {
    Replay(path);
  }
}

void PolicyBook::AddTold(const TrajectoryId& trajectory, std::vector<Told> told) {
  Path& path = paths_[trajectory];
  std::set<RecordId> known;
  for (const Known& one : path.statements) known.insert(one.header.id);
  for (Told& one : told) {
    if (!Counts(one.header) || !known.insert(one.header.id).second) continue;
    path.statements.push_back({.header = std::move(one.header), .sequence = one.sequence, .told = true});
  }
  std::ranges::stable_sort(path.statements, Before);
  Replay(path);
}

std::vector<Header> PolicyBook::ToldOf(const TrajectoryId& trajectory) const {
  std::vector<Header> told;
  const auto found = paths_.find(trajectory);
  if (found == paths_.end()) return told;
  for (const Known& known : found->second.statements) {
    if (known.told) told.push_back(known.header);
  }
  return told;
}

void PolicyBook::Erase(const TrajectoryId& trajectory) {
  auto found = paths_.find(trajectory);
  if (found == paths_.end()) return;
  std::erase_if(found->second.statements, [](const Known& known) { return !IsOfErasure(known.header.kind); });
  Replay(found->second);
}

const PolicyState& PolicyBook::StateOf(const TrajectoryId& trajectory) const {
  static const PolicyState kNothing;
  auto found = paths_.find(trajectory);
  return found == paths_.end() ? kNothing : found->second.state;
}

std::vector<PolicyBook::Told> PolicyBook::ToldBefore(const TrajectoryId& trajectory, Sequence before) const {
  std::vector<Told> told;
  auto found = paths_.find(trajectory);
  if (found == paths_.end()) return told;
  for (const Known& known : found->second.statements) {
    if (known.sequence == Sequence{} || known.sequence >= before) break;
    told.push_back({known.header, known.sequence});
  }
  return told;
}

Sequence PolicyBook::SequenceOf(const TrajectoryId& trajectory, const RecordId& id) const {
  auto found = paths_.find(trajectory);
  if (found == paths_.end()) return {};
  const auto& statements = found->second.statements;
  const auto known = std::ranges::find(statements, id, [](const Known& one) { return one.header.id; });
  return known == statements.end() ? Sequence{} : known->sequence;
}

bool PolicyBook::Waits(const TrajectoryId& trajectory, const RecordId& id) const {
  auto found = paths_.find(trajectory);
  if (found == paths_.end()) return false;
  return std::ranges::any_of(found->second.statements,
                             [&](const Known& known) { return known.header.id == id && known.sequence == Sequence{}; });
}

PolicyState PolicyBook::All() const {
  if (!all_) {
    all_.emplace();
    for (const auto& [id, path] : paths_) {
      for (const Known& known : path.statements) all_->Apply(known.header);
    }
  }
  return *all_;
}

PolicyState PolicyBook::StateAtEarlierStage(const TrajectoryId& trajectory, Sequence since) const {
  PolicyState state;
  auto found = paths_.find(trajectory);
  if (found == paths_.end()) return state;
  for (const Known& known : found->second.statements) {
    const bool later = known.sequence == Sequence{} || known.sequence >= since;
    if (!later || known.header.kind != Kind::kSubjectStage) state.Apply(known.header);
  }
  return state;
}

std::vector<PolicyState> PolicyBook::StatesBefore(const TrajectoryId& trajectory, Sequence before) const {
  auto found = paths_.find(trajectory);
  if (found == paths_.end()) return {PolicyState()};
  const std::vector<Known>& statements = found->second.statements;
  const bool settled = std::ranges::all_of(
      statements, [&](const Known& known) { return known.sequence != Sequence{} && known.sequence < before; });
  if (settled) return {found->second.state};
  PolicyState state;
  for (const Known& known : statements) {
    if (known.sequence != Sequence{} && known.sequence < before) state.Apply(known.header);
  }
  // Of what waits here, the hub may have had the first few before it: their outcomes are still on their way.
  std::vector<PolicyState> states = {state};
  for (const Known& known : statements) {
    if (known.sequence != Sequence{}) continue;
    state.Apply(known.header);
    states.push_back(state);
  }
  return states;
}

}  // namespace schakel
