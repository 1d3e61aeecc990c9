#include "protocol/policy.h"

#include <algorithm>
#include <chrono>

#include "protocol/codec.h"

namespace schakel {

const Grant* Trajectory::FindGrant(const RecordId& id) const {
  for (const Grant& grant : grants) {
    if (grant.id == id) return &grant;
  }
  return nullptr;
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

// Whoever leaves takes its grants along: a later invitation must not revive them in silence.
void EndMembership(Trajectory& trajectory, const OrgId& organisation) {
  auto member = trajectory.members.find(organisation);
  if (member == trajectory.members.end()) return;
  member->second.status = MemberStatus::kLeft;
  member->second.shown.clear();
  for (Grant& grant : trajectory.grants) {
    if (grant.terms.recipient == organisation) grant.withdrawn = true;
  }
}

Grant* FindGrant(Trajectory& trajectory, const RecordId& id) {
  return const_cast<Grant*>(std::as_const(trajectory).FindGrant(id));
}

void ApplyStatement(Trajectory& trajectory, const Header& header) {
  if (const auto* invite = std::get_if<MemberInvite>(&header.control)) {
    trajectory.members[invite->organisation] = {MemberStatus::kInvited, header.id, invite->expires_at, {}};
  } else if (std::holds_alternative<MemberJoin>(header.control)) {
    trajectory.members[header.author].status = MemberStatus::kJoined;
  } else if (std::holds_alternative<MemberLeave>(header.control)) {
    EndMembership(trajectory, header.author);
  } else if (const auto* remove = std::get_if<MemberRemove>(&header.control)) {
    EndMembership(trajectory, remove->organisation);
  } else if (const auto* show = std::get_if<MemberShow>(&header.control)) {
    trajectory.members[show->to].shown.insert(show->member);
    // The member shown is new to an agent that knows only its own part.
    trajectory.members.try_emplace(show->member, Member{MemberStatus::kJoined, {}, {}, {}});
  } else if (const auto* give = std::get_if<GrantGive>(&header.control)) {
    trajectory.grants.push_back(
        {header.id, header.author, *give, give->purposes, give->categories, give->ends_at, false});
  } else if (const auto* narrow = std::get_if<GrantNarrow>(&header.control)) {
    if (Grant* grant = FindGrant(trajectory, narrow->grant)) {
      grant->purposes = narrow->purposes;
      grant->categories = narrow->categories;
      grant->ends_at = narrow->ends_at;
    }
  } else if (const auto* withdraw = std::get_if<GrantWithdraw>(&header.control)) {
    if (Grant* grant = FindGrant(trajectory, withdraw->grant)) grant->withdrawn = true;
  } else if (std::holds_alternative<TrajectoryClose>(header.control)) {
    trajectory.closed = true;
  }
}

// Only the lead says these, so an agent that meets one first learns from it who leads.
bool SaidByLead(Kind kind) {
  return kind == Kind::kTrajectoryOpen || kind == Kind::kMemberInvite || kind == Kind::kGrantGive ||
         kind == Kind::kMemberShow;
}

}  // namespace

void PolicyState::Apply(const Header& header) {
  if (IsContent(header.kind) || header.kind == Kind::kViews || IsNone(header.trajectory)) return;
  auto found = trajectories_.find(header.trajectory);
  if (found == trajectories_.end()) {
    if (!SaidByLead(header.kind)) return;
    found = trajectories_.emplace(header.trajectory, Trajectory{.lead = header.author}).first;
  }
  ApplyStatement(found->second, header);
}

// ---- Admit ----

namespace {

constexpr auto kEmergencyMax = std::chrono::hours(72);

std::unexpected<Error> Deny(const char* rule, const char* field, const char* next) {
  return Fail(Code::kDenied, rule, field, next);
}

bool GrantorFits(Basis basis, Grantor grantor) {
  switch (basis) {
    case Basis::kConsent:
      return grantor != Grantor::kProfessional && grantor != Grantor::kCourt;
    case Basis::kCourtMandate:
      return grantor == Grantor::kCourt;
    case Basis::kSharedSecrecy:
    case Basis::kEmergency:
      return grantor == Grantor::kProfessional;
    case Basis::kCaseConsultation:
      return grantor == Grantor::kProfessional || grantor == Grantor::kCourt;
  }
  return false;
}

Status AdmitTerms(const GrantGive& grant, const CeilingStatement::Row* ceiling, Timestamp now) {
  if (grant.purposes.empty()) return Deny("grant.purposes", "purposes", "name at least one purpose");
  if (grant.categories.empty()) return Deny("grant.categories", "categories", "name at least one category");
  if (grant.ends_at <= grant.begins_at || grant.ends_at <= now) {
    return Deny("grant.period", "ends_at", "let it end after it begins, and in the future");
  }
  if (!GrantorFits(grant.basis, grant.grantor)) {
    return Deny("grant.grantor", "grantor",
                "name who can give this basis: consent comes from the young person, a "
                "parent or the guardian; a mandate from the court; the others from a professional");
  }
  if (grant.basis == Basis::kEmergency && grant.ends_at - grant.begins_at > kEmergencyMax) {
    return Deny("grant.emergency", "ends_at", "let an emergency last at most 72 hours");
  }
  if (grant.oral && (!grant.witnessed_by || *grant.witnessed_by == grant.recorded_by)) {
    return Deny("grant.witness", "witnessed_by", "name a witness other than the person who records oral consent");
  }
  if (!ceiling || !ceiling->categories.Covers(grant.categories)) {
    return Deny("grant.ceiling", "categories", "leave out what the region never shares with this sector");
  }
  return {};
}

Status AdmitGrant(const Trajectory& trajectory, const Directory& directory, const GrantGive& grant, Timestamp now) {
  const auto* recipient = directory.Find(grant.recipient);
  auto member = trajectory.members.find(grant.recipient);
  const bool takes_part = grant.recipient == trajectory.lead ||
                          (member != trajectory.members.end() && member->second.status != MemberStatus::kLeft);
  if (!recipient || !takes_part) {
    return Deny("grant.recipient", "recipient", "invite the organisation to the trajectory first");
  }
  return AdmitTerms(grant, directory.FindCeiling(recipient->statement.sector), now);
}

Status AdmitChange(const Trajectory& trajectory, const OrgId& author, const RecordId& id, const GrantNarrow* narrow) {
  const Grant* grant = trajectory.FindGrant(id);
  // A grant that the author has no part in looks like none.
  if (!grant || (author != trajectory.lead && author != grant->author)) {
    return Fail(Code::kNotFound, "admit.grant", "grant", "look the grant up again");
  }
  if (grant->withdrawn) return Deny("grant.withdrawn", "grant", "it was withdrawn already; give a new one if agreed");
  if (narrow && (!grant->purposes.Covers(narrow->purposes) || !grant->categories.Covers(narrow->categories) ||
                 narrow->purposes.empty() || narrow->categories.empty() || narrow->ends_at > grant->ends_at)) {
    return Deny("grant.narrow", "grant", "a grant can only be made narrower; to widen it, record a new one");
  }
  return {};
}

Status AdmitInvite(const Trajectory& trajectory, const Directory& directory, const MemberInvite& invite,
                   Timestamp now) {
  const auto* organisation = directory.Find(invite.organisation);
  if (!organisation) {
    return Fail(Code::kNotFound, "directory.organisation", "organisation", "choose one from the directory");
  }
  if (organisation->statement.status != OrgStatus::kActive) {
    return Deny("admit.suspended", "organisation", "this organisation is suspended; ask the operator");
  }
  if (trajectory.IsMember(invite.organisation)) {
    return Fail(Code::kConflict, "admit.member", "organisation", "it takes part already");
  }
  if (invite.expires_at <= now) return Deny("admit.expiry", "expires_at", "let the invitation end in the future");
  return {};
}

Status AdmitJoin(const Trajectory& trajectory, const OrgId& author, const MemberJoin& join, Timestamp now) {
  auto member = trajectory.members.find(author);
  if (member == trajectory.members.end() || member->second.status != MemberStatus::kInvited ||
      member->second.invite != join.invite) {
    return Deny("admit.invite", "invite", "ask the lead for a new invitation");
  }
  if (now >= member->second.invite_expires_at) {
    return Deny("admit.invite_expired", "invite", "ask the lead for a new invitation");
  }
  return {};
}

Status AdmitShow(const Trajectory& trajectory, const MemberShow& show) {
  const auto takes_part = [&](const OrgId& organisation) {
    auto member = trajectory.members.find(organisation);
    return member != trajectory.members.end() && member->second.status != MemberStatus::kLeft;
  };
  if (show.member == show.to || !takes_part(show.member) || !takes_part(show.to)) {
    return Deny("admit.show", "member", "name two different members; everyone knows the lead already");
  }
  return {};
}

Status AdmitFromLead(const Trajectory& trajectory, const Directory& directory, const Header& header, Timestamp now) {
  if (header.author != trajectory.lead) {
    return Deny("admit.lead", "author", "ask the organisation that holds the lead to do this");
  }
  if (const auto* invite = std::get_if<MemberInvite>(&header.control)) {
    return AdmitInvite(trajectory, directory, *invite, now);
  }
  if (const auto* grant = std::get_if<GrantGive>(&header.control)) {
    return AdmitGrant(trajectory, directory, *grant, now);
  }
  if (const auto* show = std::get_if<MemberShow>(&header.control)) return AdmitShow(trajectory, *show);
  if (const auto* remove = std::get_if<MemberRemove>(&header.control)) {
    auto member = trajectory.members.find(remove->organisation);
    if (member == trajectory.members.end() || member->second.status == MemberStatus::kLeft) {
      return Deny("admit.not_member", "organisation", "it takes no part; there is nothing to end");
    }
  }
  return {};
}

Status AdmitOnTrajectory(const Trajectory& trajectory, const Directory& directory, const Header& header,
                         Timestamp now) {
  if (trajectory.closed && header.kind != Kind::kGrantWithdraw) {
    return Deny("admit.closed", "trajectory", "the trajectory is closed; open a new one if help starts again");
  }
  switch (header.kind) {
    case Kind::kMemberInvite:
    case Kind::kMemberRemove:
    case Kind::kMemberShow:
    case Kind::kGrantGive:
    case Kind::kTrajectoryClose:
      return AdmitFromLead(trajectory, directory, header, now);
    case Kind::kMemberJoin:
      return AdmitJoin(trajectory, header.author, std::get<MemberJoin>(header.control), now);
    case Kind::kMemberLeave:
      if (header.author == trajectory.lead) {
        return Deny("admit.lead_leaves", "author", "the lead cannot leave; close the trajectory or hand it over first");
      }
      return {};
    case Kind::kGrantNarrow: {
      const auto& narrow = std::get<GrantNarrow>(header.control);
      return AdmitChange(trajectory, header.author, narrow.grant, &narrow);
    }
    case Kind::kGrantWithdraw:
      return AdmitChange(trajectory, header.author, std::get<GrantWithdraw>(header.control).grant, nullptr);
    default:
      return {};
  }
}

}  // namespace

Status Admit(const PolicyState& state, const Directory& directory, const Header& header, Timestamp now) {
  const auto* author = directory.Find(header.author);
  if (!author) return Deny("admit.enrolled", "author", "enrol the organisation first");
  if (author->statement.status != OrgStatus::kActive) {
    return Deny("admit.suspended", "author", "the organisation is suspended; ask the hub's operator");
  }
  if (IsNone(header.trajectory)) return {};  // DecodeHeader let only consultations and their views through.
  const Trajectory* trajectory = state.Find(header.trajectory);
  if (header.kind == Kind::kTrajectoryOpen) {
    if (trajectory) return Fail(Code::kConflict, "admit.trajectory_exists", "trajectory", "draw a new random id");
    return {};
  }
  // One answer for "does not exist" and "not yours": which of the two it is must not show.
  const auto unknown = [] {
    return Fail(Code::kNotFound, "admit.trajectory", "trajectory", "check the id, or ask the lead for an invitation");
  };
  if (!trajectory) return unknown();
  auto member = trajectory->members.find(header.author);
  const bool ever_took_part = header.author == trajectory->lead || member != trajectory->members.end();
  // Whoever once took part still reports who looked at what it has.
  if (header.kind == Kind::kViews) return ever_took_part ? Status() : unknown();
  const bool invited = member != trajectory->members.end() && member->second.status == MemberStatus::kInvited;
  if (!trajectory->IsMember(header.author) && !(header.kind == Kind::kMemberJoin && invited)) return unknown();
  return AdmitOnTrajectory(*trajectory, directory, header, now);
}

// ---- Decide ----

namespace {

// An empty set is covered by everything: content about nothing would pass every grant and every ceiling.
bool Covers(CategorySet allowed, const Header& header) {
  return !header.categories.empty() && allowed.Covers(header.categories);
}

// How far a grant came before it fell short; the one that came closest gives the reason.
enum class Shortfall : std::uint8_t { kNoGrant, kWithdrawn, kPeriod, kPurpose, kCategory, kNone };

Shortfall Weigh(const Grant& grant, const Header& header, Timestamp now) {
  if (grant.withdrawn) return Shortfall::kWithdrawn;
  if (now < grant.terms.begins_at || now >= grant.ends_at) return Shortfall::kPeriod;
  if (!grant.purposes.Has(header.purpose)) return Shortfall::kPurpose;
  if (!Covers(grant.categories, header)) return Shortfall::kCategory;
  return Shortfall::kNone;
}

Denial ReasonOf(Shortfall shortfall) {
  switch (shortfall) {
    case Shortfall::kWithdrawn:
      return Denial::kWithdrawn;
    case Shortfall::kPeriod:
      return Denial::kPeriod;
    case Shortfall::kPurpose:
      return Denial::kPurpose;
    case Shortfall::kCategory:
      return Denial::kCategory;
    default:
      return Denial::kNoGrant;
  }
}

template <typename Accept>
Decision DecideByGrants(const Trajectory& trajectory, const Header& header, const OrgId& recipient, Timestamp now,
                        const Accept& accept) {
  Shortfall closest = Shortfall::kNoGrant;
  for (const Grant& grant : trajectory.grants) {
    if (grant.terms.recipient != recipient || !accept(grant.terms)) continue;
    const Shortfall shortfall = Weigh(grant, header, now);
    if (shortfall == Shortfall::kNone) return Permit{grant.id};
    closest = std::max(closest, shortfall);
  }
  return ReasonOf(closest);
}

// Articles 75 and 75/1: only what the capable minor and the parents agreed to hand over, for that purpose.
Decision DecideAtCourtWall(const Trajectory& trajectory, const Header& header, const OrgId& recipient, Timestamp now) {
  if (header.purpose != Purpose::kCourtReport) return Denial::kCourtWall;
  const auto consent_of = [&](auto... grantors) {
    return DecideByGrants(trajectory, header, recipient, now, [&](const GrantGive& terms) {
      return terms.basis == Basis::kConsent && ((terms.grantor == grantors) || ...);
    });
  };
  const Decision minor = consent_of(Grantor::kYoungPerson);
  const Decision parents = consent_of(Grantor::kFirstParent, Grantor::kSecondParent, Grantor::kGuardian);
  if (std::holds_alternative<Denial>(minor) || std::holds_alternative<Denial>(parents)) return Denial::kCourtWall;
  return minor;
}

Decision DecideContent(const Trajectory& trajectory, const CeilingStatement::Row* ceiling, const Header& header,
                       const OrgId& recipient, Timestamp now) {
  // Membership comes first: an outsider must not learn which grants exist. A member that the author may not know of,
  // or that may not know of the author, is to be told from an outsider by nobody.
  if (!trajectory.IsMember(recipient) || !trajectory.MayKnow(recipient, header.author) ||
      !trajectory.MayKnow(header.author, recipient)) {
    return Denial::kNotMember;
  }
  // The ceiling binds whatever was consented to, so no grant can outvote it.
  if (!ceiling || !Covers(ceiling->categories, header)) return Denial::kSectorCeiling;
  if (ceiling->court_wall) return DecideAtCourtWall(trajectory, header, recipient, now);
  return DecideByGrants(trajectory, header, recipient, now, [](const GrantGive&) { return true; });
}

// Statements go to whom they concern, and to nobody else.
bool IsAddressed(const Trajectory& trajectory, const Header& header, const OrgId& recipient) {
  if (const auto* invite = std::get_if<MemberInvite>(&header.control)) return recipient == invite->organisation;
  if (const auto* remove = std::get_if<MemberRemove>(&header.control)) return recipient == remove->organisation;
  if (const auto* show = std::get_if<MemberShow>(&header.control)) return recipient == show->to;
  if (const auto* give = std::get_if<GrantGive>(&header.control)) return recipient == give->recipient;
  const auto concerns = [&](const RecordId& id) {
    const Grant* grant = trajectory.FindGrant(id);
    return grant && grant->terms.recipient == recipient;
  };
  if (const auto* narrow = std::get_if<GrantNarrow>(&header.control)) return concerns(narrow->grant);
  if (const auto* withdraw = std::get_if<GrantWithdraw>(&header.control)) return concerns(withdraw->grant);
  if (header.kind == Kind::kMemberJoin || header.kind == Kind::kMemberLeave) return recipient == trajectory.lead;
  if (header.kind == Kind::kTrajectoryClose) return trajectory.IsMember(recipient);
  return false;
}

}  // namespace

Decision Decide(const PolicyState& state, const Directory& directory, const Header& header, const OrgId& recipient,
                Timestamp now) {
  const auto* organisation = directory.Find(recipient);
  if (!organisation) return Denial::kNotEnrolled;
  if (organisation->statement.status != OrgStatus::kActive) return Denial::kSuspended;
  if (recipient == header.author) return Permit{};
  const auto* ceiling = directory.FindCeiling(organisation->statement.sector);
  if (IsNone(header.trajectory)) {
    if (!IsContent(header.kind)) return Denial::kNotAddressed;
    if (!ceiling || !Covers(ceiling->categories, header)) return Denial::kSectorCeiling;
    return ceiling->court_wall ? Decision(Denial::kCourtWall) : Decision(Permit{});
  }
  const Trajectory* trajectory = state.Find(header.trajectory);
  if (!trajectory) return Denial::kNotMember;
  if (IsContent(header.kind)) return DecideContent(*trajectory, ceiling, header, recipient, now);
  return IsAddressed(*trajectory, header, recipient) ? Decision(Permit{}) : Decision(Denial::kNotAddressed);
}

}  // namespace schakel
