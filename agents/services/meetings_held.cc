// Once there is a date: who comes, what was said, and who does what.
#include <algorithm>

#include "agents/meetings.h"
#include "meeting_drafts.h"
#include "sending.h"

namespace schakel {

Result<Sent> MeetingService::Cancel(const RecordId& id, const CancelBody& cancel, const Audience& audience) {
  SCHAKEL_ASSIGN(const Meeting meeting, Own(id));
  SCHAKEL_TRY(CheckHolds(meeting));
  SCHAKEL_TRY(CheckOccurrence(meeting, cancel.occurrence));
  SCHAKEL_ASSIGN(Body body, EncodeBody(cancel));
  return Send(engine_, ReplyTo(meeting, Kind::kMeetingCancelled, std::move(body)), InvitedTo(meeting), audience);
}

Result<Sent> MeetingService::Answer(const RecordId& id, AttendBody answer, std::optional<std::uint32_t> revision,
                                    const Audience& audience) {
  SCHAKEL_ASSIGN(const Meeting meeting, Find(id));
  return SayAnswer(meeting, std::move(answer), revision, {}, audience);
}

Result<Sent> MeetingService::AnswerFor(const RecordId& id, const RecordId& guest, AttendBody answer,
                                       std::optional<std::uint32_t> revision, const Audience& audience) {
  SCHAKEL_ASSIGN(const Meeting meeting, Own(id));
  if (std::ranges::find(meeting.guests, guest, &Meeting::Guest::id) == meeting.guests.end()) {
    return Fail(Code::kNotFound, "meeting.guest", "guest", "see who is invited: tables show");
  }
  return SayAnswer(meeting, std::move(answer), revision, guest, ToNobody(audience));
}

Result<Sent> MeetingService::SayAnswer(const Meeting& meeting, AttendBody answer, std::optional<std::uint32_t> revision,
                                       const RecordId& guest, const Audience& audience) {
  SCHAKEL_TRY(CheckHolds(meeting));
  if (!meeting.slot) {
    return Fail(Code::kConflict, "meeting.no_date", "meeting", "vote on the dates first; it has none yet");
  }
  SCHAKEL_TRY(CheckOccurrence(meeting, answer.occurrence));
  answer.revision = revision.value_or(meeting.revision);
  if (answer.revision != meeting.revision) {
    return Fail(Code::kConflict, "meeting.changed", "meeting", "look at the date as it is now, and answer to that");
  }
  SCHAKEL_ASSIGN(Body body, EncodeBody(answer));
  Draft draft = ReplyTo(meeting, Kind::kMeetingAnswer, std::move(body));
  if (IsNone(guest)) return Send(engine_, std::move(draft), {meeting.convener}, audience);
  draft.references.push_back(guest);
  return Send(engine_, std::move(draft), {}, audience);
}

Result<Sent> MeetingService::Report(const RecordId& id, const ReportBody& report, CategorySet also,
                                    const Audience& audience, const std::vector<TableActionBody>& actions) {
  SCHAKEL_ASSIGN(const Meeting meeting, Own(id));
  SCHAKEL_ASSIGN(Body body, EncodeBody(report));
  const Audience whom = {.named = {}, .accept_unreached = true, .preview = false, .patience = {}};
  for (const TableActionBody& action : actions) {
    SCHAKEL_TRY(CheckBody(action));
    SCHAKEL_TRY(AudienceOf(meeting, action, whom));
  }
  Draft draft = ReplyTo(meeting, Kind::kMeetingReport, std::move(body));
  draft.categories = CategorySet(draft.categories.bits() | also.bits());
  SCHAKEL_ASSIGN(const Sent sent, Send(engine_, std::move(draft), InvitedTo(meeting), audience));
  if (sent.outcome != Sent::Outcome::kSent) return sent;
  for (const TableActionBody& action : actions) SCHAKEL_TRY(Act(id, action, whom));
  return sent;
}

// That somebody owns an action tells that they are at the table.
Result<std::vector<OrgId>> MeetingService::AudienceOf(const Meeting& meeting, const TableActionBody& action,
                                                      const Audience& audience) const {
  if (action.owner != engine_.Self() && !meeting.invited.contains(action.owner)) {
    return Fail(Code::kInvalid, "meeting.owner", "owner", "name an organisation that is invited, or your own");
  }
  SCHAKEL_ASSIGN(const Trajectory rules, engine_.FindTrajectory(meeting.trajectory));
  const auto may_know = [&](const OrgId& one) {
    return action.owner == engine_.Self() || rules.MayKnow(one, action.owner);
  };
  if (!std::ranges::all_of(audience.named, may_know)) {
    return Fail(Code::kDenied, "meeting.owner_hidden", "to", "introduce them to each other first, or leave them out");
  }
  std::vector<OrgId> usual = InvitedTo(meeting);
  std::erase_if(usual, [&](const OrgId& one) { return !may_know(one); });
  return usual;
}

Result<Sent> MeetingService::Act(const RecordId& id, const TableActionBody& action, const Audience& audience) {
  SCHAKEL_ASSIGN(const Meeting meeting, Own(id));
  SCHAKEL_ASSIGN(Body body, EncodeBody(action));
  SCHAKEL_ASSIGN(const std::vector<OrgId> usual, AudienceOf(meeting, action, audience));
  return Send(engine_, ReplyTo(meeting, Kind::kMeetingAction, std::move(body)), usual, audience);
}

Result<Sent> MeetingService::Done(const RecordId& id, const MessageBody& word, const Audience& audience) {
  SCHAKEL_ASSIGN(const Meeting meeting, Find(id));
  const auto action = std::ranges::find(meeting.actions, id, &Meeting::Action::record);
  if (action == meeting.actions.end()) return Fail(Code::kNotFound, "id.unknown", "action", "check the id");
  const OrgId self = engine_.Self();
  if (action->owner != self && meeting.convener != self) {
    return Fail(Code::kDenied, "meeting.owner_only", "action", "leave it to its owner, or to who convened the meeting");
  }
  if (!IsNone(action->done)) return Fail(Code::kConflict, "meeting.done", "action", "it was done already");
  SCHAKEL_ASSIGN(Body body, EncodeBody(word));
  Draft draft = ReplyTo(meeting, Kind::kMeetingActionDone, std::move(body));
  draft.references.push_back(id);
  const OrgId& other = meeting.convener == self ? action->owner : meeting.convener;
  return Send(engine_, std::move(draft), {other}, audience);
}

}  // namespace schakel
