#include "agents/meetings.h"

#include <algorithm>

#include "sending.h"

namespace schakel {
namespace {

Draft ReplyTo(const Meeting& meeting, Kind kind, Body body) {
  Draft draft;
  draft.kind = kind;
  draft.trajectory = meeting.trajectory;
  draft.thread = meeting.id;
  draft.purpose = meeting.purpose;
  draft.categories = meeting.categories;
  draft.references = {meeting.id};
  draft.body = std::move(body);
  return draft;
}

Status OnlyConvener(const Meeting& meeting, const OrgId& self) {
  if (meeting.convener == self) return {};
  return Fail(Code::kDenied, "meeting.convener", "meeting", "leave this to who convened the meeting");
}

std::vector<OrgId> Listed(const std::set<OrgId>& organisations) { return {organisations.begin(), organisations.end()}; }

}  // namespace

Result<Sent> MeetingService::Propose(const TrajectoryId& id, const ProposalBody& proposal, const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  for (const MeetingSlot& slot : proposal.slots) {
    if (slot.begins_at < clock_.Now()) {
      return Fail(Code::kInvalid, "meeting.past", "slots", "propose dates that are still to come");
    }
  }
  for (auto slot = proposal.slots.begin(); slot != proposal.slots.end(); ++slot) {
    if (std::find(proposal.slots.begin(), slot, *slot) != slot) {
      return Fail(Code::kInvalid, "meeting.twice", "slots", "propose each date once");
    }
  }
  Draft draft;
  draft.kind = Kind::kMeetingProposal;
  draft.trajectory = id;
  draft.purpose = proposal.kind == MeetingKind::kEvolutionReview ? Purpose::kEvaluation : Purpose::kRoundTable;
  draft.categories = {Category::kMeeting};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(proposal));
  return Send(engine_, std::move(draft), OthersIn(trajectory, engine_.Self()), audience);
}

Result<Meeting> MeetingService::Find(const RecordId& id) {
  return cases_.With([&](CaseFile& file) -> Result<Meeting> {
    const Meeting* found = file.FindMeeting(id);
    if (found == nullptr) return Fail(Code::kNotFound, "id.unknown", "meeting", "check the id");
    return *found;
  });
}

Result<Sent> MeetingService::Vote(const RecordId& id, const VoteBody& vote, const Audience& audience) {
  SCHAKEL_ASSIGN(const Meeting meeting, Find(id));
  SCHAKEL_ASSIGN(Body body, EncodeBody(vote));
  if (!meeting.proposal || vote.choices.size() != meeting.proposal->slots.size()) {
    return Fail(Code::kInvalid, "meeting.votes", "choices",
                "give one choice for each date: " +
                    std::to_string(meeting.proposal ? meeting.proposal->slots.size() : std::size_t{0}));
  }
  return Send(engine_, ReplyTo(meeting, Kind::kMeetingVote, std::move(body)), {meeting.convener}, audience);
}

Result<Sent> MeetingService::Fix(const RecordId& id, FixedBody fixed, const Audience& audience) {
  SCHAKEL_ASSIGN(const Meeting meeting, Find(id));
  SCHAKEL_TRY(OnlyConvener(meeting, engine_.Self()));
  if (fixed.place.empty() && meeting.proposal) fixed.place = meeting.proposal->place;
  SCHAKEL_ASSIGN(Body body, EncodeBody(fixed));
  return Send(engine_, ReplyTo(meeting, Kind::kMeetingFixed, std::move(body)), Listed(meeting.invited), audience);
}

Result<Sent> MeetingService::Report(const RecordId& id, const ReportBody& report, CategorySet also,
                                    const Audience& audience) {
  SCHAKEL_ASSIGN(const Meeting meeting, Find(id));
  SCHAKEL_TRY(OnlyConvener(meeting, engine_.Self()));
  SCHAKEL_ASSIGN(Body body, EncodeBody(report));
  Draft draft = ReplyTo(meeting, Kind::kMeetingReport, std::move(body));
  draft.categories = CategorySet(draft.categories.bits() | also.bits());
  return Send(engine_, std::move(draft), Listed(meeting.invited), audience);
}

}  // namespace schakel
