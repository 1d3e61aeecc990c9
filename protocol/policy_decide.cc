// May this organisation receive this record, now?
#include <algorithm>

#include "policy_places.h"
#include "protocol/policy.h"

namespace schakel {
namespace {

Decision DecideContent(const Trajectory& trajectory, const RegionRules& rules, const CeilingStatement::Row* ceiling,
                       const Header& header, const OrgId& recipient, Timestamp now) {
  // Membership comes first: an outsider must not learn which grants exist. A member that the author may not know of,
  // or that may not know of the author, is to be told from an outsider by nobody.
  if (!trajectory.IsMember(recipient) || !trajectory.MayKnow(recipient, header.author) ||
      !trajectory.MayKnow(header.author, recipient)) {
    return Denial::kNotMember;
  }
  // The ceiling binds whatever was consented to, so no grant can outvote it.
  if (!ceiling || !Covers(ceiling->categories, header)) return Denial::kSectorCeiling;
  const CourtWall wall = ceiling->court_wall ? CourtWall::kBefore : CourtWall::kNone;
  return Compose(trajectory, rules, wall, header, recipient, now);
}

// Everybody whom it may be told, at once. Nobody hears so of a member that it may not know.
bool HearsOfEmergency(const Trajectory& trajectory, const OrgId& giver, const GrantGive& grant, const OrgId& viewer) {
  if (viewer == grant.recipient || viewer == trajectory.lead) return true;
  return trajectory.IsMember(viewer) && trajectory.MayKnow(viewer, grant.recipient) &&
         trajectory.MayKnow(viewer, giver) && trajectory.MayKnow(giver, viewer);
}

// Whoever knows that an organisation takes part hears that it does no more.
bool HearsThatItEnds(const Trajectory& trajectory, const OrgId& leaver, const OrgId& viewer) {
  return viewer != leaver && trajectory.TakesPart(viewer) && trajectory.MayKnow(viewer, leaver);
}

bool ConcernsGrant(const Trajectory& trajectory, const RecordId& id, const OrgId& recipient) {
  const Grant* grant = trajectory.FindGrant(id);
  return grant && (recipient == grant->terms.recipient || recipient == grant->author || recipient == trajectory.lead);
}

// What a review found is told to whom the emergency was told.
bool ConcernsReview(const Trajectory& trajectory, const RecordId& id, const OrgId& recipient) {
  if (ConcernsGrant(trajectory, id, recipient)) return true;
  const Grant* grant = trajectory.FindGrant(id);
  return grant && grant->terms.basis == Basis::kEmergency &&
         HearsOfEmergency(trajectory, grant->author, grant->terms, recipient);
}

}  // namespace

// Statements go to whom they concern, and to nobody else.
bool IsAddressed(const Trajectory& trajectory, const Header& header, const OrgId& recipient) {
  if (const auto* invite = std::get_if<MemberInvite>(&header.control)) return recipient == invite->organisation;
  if (const auto* remove = std::get_if<MemberRemove>(&header.control)) {
    return recipient == remove->organisation || HearsThatItEnds(trajectory, remove->organisation, recipient);
  }
  if (header.kind == Kind::kMemberLeave) {
    return recipient == trajectory.lead || HearsThatItEnds(trajectory, header.author, recipient);
  }
  if (const auto* show = std::get_if<MemberShow>(&header.control)) return recipient == show->to;
  if (const auto* give = std::get_if<GrantGive>(&header.control)) {
    if (give->basis == Basis::kEmergency) return HearsOfEmergency(trajectory, header.author, *give, recipient);
    return recipient == give->recipient;
  }
  if (const auto* narrow = std::get_if<GrantNarrow>(&header.control)) {
    return ConcernsGrant(trajectory, narrow->grant, recipient);
  }
  if (const auto* withdraw = std::get_if<GrantWithdraw>(&header.control)) {
    return ConcernsGrant(trajectory, withdraw->grant, recipient);
  }
  if (const auto* review = std::get_if<EmergencyReview>(&header.control)) {
    return ConcernsReview(trajectory, review->grant, recipient);
  }
  if (const auto* receipt = std::get_if<GrantReceipt>(&header.control)) {
    const GrantTakenBack* taken = trajectory.FindTakenBack(receipt->grant, receipt->change);
    return recipient == trajectory.lead || (taken && recipient == taken->author);
  }
  if (const auto* stage = std::get_if<SubjectStage>(&header.control)) {
    if (!trajectory.TakesPart(recipient)) return false;
    return !stage->receiver || trajectory.MayKnow(recipient, *stage->receiver);
  }
  if (const auto* frame = std::get_if<CaseFrame>(&header.control)) {
    return trajectory.TakesPart(recipient) && std::ranges::binary_search(frame->participants, recipient);
  }
  if (const auto* passed = std::get_if<LeadPassed>(&header.control)) {
    return recipient == passed->lead || (trajectory.EverTookPart(recipient) && !trajectory.TakesPart(recipient));
  }
  // Also whoever has left by the time it is handed over: what came after is from the new lead.
  if (header.kind == Kind::kLeadOffer || header.kind == Kind::kLeadAccept) return trajectory.EverTookPart(recipient);
  if (header.kind == Kind::kLeadRefuse || header.kind == Kind::kLeadWithdraw) return trajectory.TakesPart(recipient);
  if (header.kind == Kind::kMemberJoin) return recipient == trajectory.lead;
  if (header.kind == Kind::kTrajectoryClose || header.kind == Kind::kErasePropose)
    return trajectory.IsMember(recipient);
  if (header.kind == Kind::kEraseSecond || header.kind == Kind::kEraseReceipt) return recipient == trajectory.lead;
  if (header.kind == Kind::kEraseConfirm) return trajectory.EverTookPart(recipient);
  return false;
}

Decision Decide(const PolicyState& state, const Directory& directory, const Header& header, const OrgId& recipient,
                Timestamp now) {
  const auto* organisation = directory.Find(recipient);
  if (!organisation) return Denial::kNotEnrolled;
  if (organisation->statement.status != OrgStatus::kActive) return Denial::kSuspended;
  if (recipient == header.author) return Permit{};
  const auto* ceiling = directory.FindCeiling(organisation->statement.sector);
  if (IsNone(header.trajectory)) {
    if (IsOfPlace(header.kind)) {
      return IsAddressedOfPlace(state, header, recipient) ? Decision(Permit{}) : Decision(Denial::kNotAddressed);
    }
    if (!IsContent(header.kind)) return Denial::kNotAddressed;
    if (header.kind == Kind::kPlaceEnrolment) {
      if (const auto denial = WhyNoEnrolment(state, header, recipient, now)) return *denial;
    }
    if (!ceiling || !Covers(ceiling->categories, header)) return Denial::kSectorCeiling;
    return ceiling->court_wall ? Decision(Denial::kCourtWall) : Decision(Permit{});
  }
  const Trajectory* trajectory = state.Find(header.trajectory);
  if (!trajectory) return Denial::kNotMember;
  if (trajectory->erased() && !IsOfErasure(header.kind)) return Denial::kErased;
  if (IsContent(header.kind)) return DecideContent(*trajectory, directory.rules(), ceiling, header, recipient, now);
  return IsAddressed(*trajectory, header, recipient) ? Decision(Permit{}) : Decision(Denial::kNotAddressed);
}

}  // namespace schakel
