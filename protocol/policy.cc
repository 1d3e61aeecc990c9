#include "protocol/policy.h"

#include <algorithm>
#include <chrono>
#include <tuple>

#include "policy_lead.h"

namespace schakel {

const Grant* Trajectory::FindGrant(const RecordId& id) const {
  for (const Grant& grant : grants) {
    if (grant.id == id) return &grant;
  }
  return nullptr;
}

std::span<const Grant> Trajectory::GrantsTo(const OrgId& recipient) const {
  const auto first = std::ranges::lower_bound(grants, recipient, {},
                                              [](const Grant& grant) -> const OrgId& { return grant.terms.recipient; });
  const auto last = std::find_if(first, grants.end(), [&](const Grant& g) { return g.terms.recipient != recipient; });
  return {first, last};
}

const Frame* Trajectory::FindFrame(const RecordId& id) const {
  const auto found = std::ranges::lower_bound(frames, id, {}, &Frame::id);
  return found == frames.end() || found->id != id ? nullptr : &*found;
}

const GrantTakenBack* Trajectory::FindTakenBack(const RecordId& grant, const RecordId& change) const {
  const auto found = std::ranges::find_if(
      taken_back, [&](const GrantTakenBack& one) { return one.grant == grant && one.change == change; });
  return found == taken_back.end() ? nullptr : &*found;
}

bool Trajectory::EverTookPart(const OrgId& organisation) const {
  return organisation == lead || members.contains(organisation);
}

bool Trajectory::TakesPart(const OrgId& organisation) const {
  if (organisation == lead) return true;
  auto member = members.find(organisation);
  return member != members.end() && member->second.status != MemberStatus::kLeft;
}

bool Trajectory::IsMember(const OrgId& organisation) const {
  if (organisation == lead) return true;
  auto member = members.find(organisation);
  return member != members.end() && member->second.status == MemberStatus::kJoined;
}

bool Trajectory::MayKnow(const OrgId& viewer, const OrgId& other) const {
  if (viewer == other || viewer == lead || other == lead) return true;
  auto member = members.find(viewer);
  return member != members.end() && member->second.shown.contains(other);
}

const Trajectory* PolicyState::Find(const TrajectoryId& id) const {
  auto found = trajectories_.find(id);
  return found == trajectories_.end() ? nullptr : &found->second;
}

// ---- Apply ----

namespace {

void TakeBack(Trajectory& trajectory, const RecordId& grant, const Header& header) {
  GrantTakenBack taken{grant, header.id, header.author};
  const auto place = std::ranges::lower_bound(trajectory.taken_back, taken);
  if (place == trajectory.taken_back.end() || *place != taken) trajectory.taken_back.insert(place, std::move(taken));
}

// Whoever leaves takes its grants along: a later invitation must not revive them in silence.
void EndMembership(Trajectory& trajectory, const OrgId& organisation, const Header& header) {
  auto member = trajectory.members.find(organisation);
  if (member == trajectory.members.end()) return;
  member->second.status = MemberStatus::kLeft;
  member->second.shown.clear();
  if (trajectory.offer && trajectory.offer->to == organisation) trajectory.offer.reset();
  for (Grant& grant : trajectory.grants) {
    if (grant.terms.recipient != organisation || grant.withdrawn) continue;
    grant.withdrawn = true;
    TakeBack(trajectory, grant.id, header);
  }
}

void Merge(Grant& grant, const GrantChange& change) {
  grant.purposes = grant.purposes.And(change.purposes);
  grant.categories = grant.categories.And(change.categories);
  if (change.ends_at) grant.ends_at = std::min(grant.ends_at, *change.ends_at);
  grant.withdrawn = grant.withdrawn || change.withdrawn;
  grant.taken_back = grant.taken_back || change.withdrawn;
  grant.review = std::max(grant.review, change.review);
}
void Merge(GrantChange& kept, const GrantChange& change) {
  kept.purposes = kept.purposes.And(change.purposes);
  kept.categories = kept.categories.And(change.categories);
  if (change.ends_at) kept.ends_at = std::min(kept.ends_at.value_or(*change.ends_at), *change.ends_at);
  kept.withdrawn = kept.withdrawn || change.withdrawn;
  kept.review = std::max(kept.review, change.review);
}

// Each change takes something away, and none can be undone: so they merge in any order, the grant itself among them.
void Change(Trajectory& trajectory, const GrantChange& change) {
  const auto grant = std::ranges::find(trajectory.grants, change.grant, &Grant::id);
  if (grant != trajectory.grants.end()) return Merge(*grant, change);
  auto kept = std::ranges::lower_bound(trajectory.changes, change.grant, {}, &GrantChange::grant);
  if (kept == trajectory.changes.end() || kept->grant != change.grant) {
    kept = trajectory.changes.insert(kept, GrantChange{.grant = change.grant});
  }
  Merge(*kept, change);
}

void Give(Trajectory& trajectory, const Header& header, const GrantGive& terms) {
  Grant grant{.id = header.id,
              .author = header.author,
              .terms = terms,
              .purposes = terms.purposes,
              .categories = terms.categories,
              .ends_at = terms.ends_at};
  grant.own_only = header.author != trajectory.lead;
  const bool of_piece = terms.basis == Basis::kConsent && header.references.size() == 1;
  if (of_piece) grant.piece = header.references.front();
  const auto kept = std::ranges::lower_bound(trajectory.changes, header.id, {}, &GrantChange::grant);
  if (kept != trajectory.changes.end() && kept->grant == header.id) {
    Merge(grant, *kept);
    trajectory.changes.erase(kept);
  }
  const auto key = [](const Grant& one) { return std::tie(one.terms.recipient, one.id); };
  trajectory.grants.insert(std::ranges::upper_bound(trajectory.grants, key(grant), {}, key), std::move(grant));
}

void Say(Trajectory& trajectory, const Header& header, const SubjectStage& said) {
  trajectory.said_stage = std::max(trajectory.said_stage, std::optional(said.stage));
  if (!said.receiver) return;
  trajectory.receiver = std::max(trajectory.receiver, std::optional(Receiver{*said.receiver, header.created_at}),
                                 [](const auto& a, const auto& b) {
                                   if (!a || !b) return !a && b;
                                   return std::tie(a->said_at, a->organisation) < std::tie(b->said_at, b->organisation);
                                 });
}

void Fix(Trajectory& trajectory, const RecordId& id, const CaseFrame& terms) {
  const auto place = std::ranges::lower_bound(trajectory.frames, id, {}, &Frame::id);
  if (place == trajectory.frames.end() || place->id != id) trajectory.frames.insert(place, {id, terms});
}

// All that is left is who led it and who ever took part: they are asked to erase it, and answer.
void Erase(Trajectory& trajectory, const RecordId& by) {
  Trajectory left;
  left.lead = std::move(trajectory.lead);
  left.closed = true;
  left.erased_by = by;
  for (const auto& [organisation, member] : trajectory.members) {
    left.members[organisation].status = MemberStatus::kLeft;
  }
  trajectory = std::move(left);
}

void ApplyOfErasure(Trajectory& trajectory, const Header& header) {
  if (const auto* propose = std::get_if<ErasePropose>(&header.control)) {
    trajectory.proposal = {header.id, propose->reason, propose->person, false};
  } else if (const auto* second = std::get_if<EraseSecond>(&header.control)) {
    const bool of_it = trajectory.proposal && trajectory.proposal->id == second->proposal;
    if (of_it) trajectory.proposal->seconded = true;
  } else if (std::holds_alternative<EraseConfirm>(header.control)) {
    trajectory.lead = header.author;  // Where all before it is gone, the proposal may be of who led before.
    Erase(trajectory, header.id);
  }
}

void ApplyStatement(Trajectory& trajectory, const Header& header) {
  if (trajectory.erased()) return;
  if (const auto* open = std::get_if<TrajectoryOpen>(&header.control)) {
    trajectory.said_stage = std::max(trajectory.said_stage, std::optional(open->stage));
  } else if (const auto* invite = std::get_if<MemberInvite>(&header.control)) {
    trajectory.said_stage = std::max(trajectory.said_stage, std::optional(invite->stage));
    // Whoever comes back may have missed that the lead passed.
    trajectory.members.erase(header.author);
    trajectory.lead = header.author;
    trajectory.members[invite->organisation] = {MemberStatus::kInvited, header.id, invite->expires_at, {}};
  } else if (std::holds_alternative<MemberJoin>(header.control)) {
    trajectory.members[header.author].status = MemberStatus::kJoined;
  } else if (std::holds_alternative<MemberLeave>(header.control)) {
    EndMembership(trajectory, header.author, header);
  } else if (const auto* remove = std::get_if<MemberRemove>(&header.control)) {
    EndMembership(trajectory, remove->organisation, header);
  } else if (const auto* show = std::get_if<MemberShow>(&header.control)) {
    trajectory.members[show->to].shown.insert(show->member);
    // The member shown is new to an agent that knows only its own part, or came back.
    Member& shown =
        trajectory.members.try_emplace(show->member, Member{MemberStatus::kJoined, {}, {}, {}}).first->second;
    if (shown.status == MemberStatus::kLeft) shown.status = MemberStatus::kJoined;
  } else if (const auto* give = std::get_if<GrantGive>(&header.control)) {
    Give(trajectory, header, *give);
  } else if (const auto* narrow = std::get_if<GrantNarrow>(&header.control)) {
    TakeBack(trajectory, narrow->grant, header);
    Change(trajectory, {.grant = narrow->grant,
                        .purposes = narrow->purposes,
                        .categories = narrow->categories,
                        .ends_at = narrow->ends_at});
  } else if (const auto* withdraw = std::get_if<GrantWithdraw>(&header.control)) {
    TakeBack(trajectory, withdraw->grant, header);
    Change(trajectory, {.grant = withdraw->grant, .withdrawn = true});
  } else if (const auto* review = std::get_if<EmergencyReview>(&header.control)) {
    // What was not justified never stood: what came of it is answered for as after a withdrawal.
    const bool ends = review->outcome == ReviewOutcome::kUnjustified;
    if (ends) TakeBack(trajectory, review->grant, header);
    Change(trajectory, {.grant = review->grant, .withdrawn = ends, .review = review->outcome});
  } else if (const auto* stage = std::get_if<SubjectStage>(&header.control)) {
    Say(trajectory, header, *stage);
  } else if (const auto* frame = std::get_if<CaseFrame>(&header.control)) {
    Fix(trajectory, header.id, *frame);
  } else if (const auto* close = std::get_if<TrajectoryClose>(&header.control)) {
    trajectory.closed = true;
    // The latest end counts, whoever would say another.
    trajectory.retain_until = std::max(trajectory.retain_until, close->retain_until);
    trajectory.offer.reset();
  } else if (IsOfLead(header.kind)) {
    ApplyOfLead(trajectory, header);
  } else if (IsOfErasure(header.kind)) {
    ApplyOfErasure(trajectory, header);
  }
}

// Only the lead says these, so an agent that meets one first learns from it who leads.
bool SaidByLead(const Header& header) {
  if (const auto* give = std::get_if<GrantGive>(&header.control)) return give->basis != Basis::kEmergency;
  const Kind kind = header.kind;
  return kind == Kind::kTrajectoryOpen || kind == Kind::kMemberInvite || kind == Kind::kMemberShow ||
         kind == Kind::kSubjectStage || kind == Kind::kCaseFrame || kind == Kind::kErasePropose ||
         kind == Kind::kEraseConfirm || kind == Kind::kLeadOffer || kind == Kind::kLeadWithdraw;
}

}  // namespace

void PolicyState::Apply(const Header& header) {
  if (IsOfPlace(header.kind)) return ApplyOfPlace(header);
  if (IsContent(header.kind) || header.kind == Kind::kViews || IsNone(header.trajectory)) return;
  auto found = trajectories_.find(header.trajectory);
  if (found == trajectories_.end()) {
    if (!SaidByLead(header)) return;
    found = trajectories_.emplace(header.trajectory, Trajectory{.lead = header.author}).first;
  }
  ApplyStatement(found->second, header);
  if (found->second.erased()) return ForgetEmergencies(header.trajectory);
  const bool about_emergency = header.kind == Kind::kGrantGive || header.kind == Kind::kEmergencyReview;
  if (!about_emergency) return;
  const auto* review = std::get_if<EmergencyReview>(&header.control);
  const Grant* grant = found->second.FindGrant(review ? review->grant : header.id);
  if (grant) NoteEmergency(header.trajectory, *grant);
}

void PolicyState::Bury(const Remains& remains) {
  Trajectory& trajectory = trajectories_[remains.trajectory];
  trajectory = Trajectory{.lead = remains.lead, .closed = true, .erased_by = remains.erased_by};
  for (const OrgId& organisation : remains.members) trajectory.members[organisation].status = MemberStatus::kLeft;
  ForgetEmergencies(remains.trajectory);
}

void PolicyState::ForgetEmergencies(const TrajectoryId& trajectory) {
  for (auto& [author, grants] : unreviewed_) {
    std::erase_if(grants, [&](const auto& one) { return one.first == trajectory; });
  }
  std::erase_if(unreviewed_, [](const auto& one) { return one.second.empty(); });
}

void PolicyState::NoteEmergency(const TrajectoryId& trajectory, const Grant& grant) {
  if (grant.terms.basis != Basis::kEmergency) return;
  const std::pair key(trajectory, grant.id);
  if (!grant.review) {
    unreviewed_[grant.author].insert(key);
    return;
  }
  auto found = unreviewed_.find(grant.author);
  if (found == unreviewed_.end()) return;
  found->second.erase(key);
  if (found->second.empty()) unreviewed_.erase(found);
}

std::optional<RecordId> PolicyState::OverdueReview(const OrgId& author, const RegionRules& rules, Timestamp now) const {
  const auto found = unreviewed_.find(author);
  if (found == unreviewed_.end()) return std::nullopt;
  const std::chrono::hours allowed(rules.emergency_review_hours);
  for (const auto& [trajectory, id] : found->second) {
    const Trajectory* known = Find(trajectory);
    const Grant* grant = known ? known->FindGrant(id) : nullptr;
    if (grant && now >= grant->ends_at + allowed) return id;
  }
  return std::nullopt;
}

}  // namespace schakel
