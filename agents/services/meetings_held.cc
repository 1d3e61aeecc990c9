// Once there is a date: who comes, what was said, and who does what.
#include <algorithm>

#include "agents/meetings.h"
#include "meeting_drafts.h"
#include "sending.h"

namespace schakel {
namespace {

// One of a series may have been called off alone.
Status CheckTakesPlace(const Meeting& meeting, const std::optional<Timestamp>& occurrence) {
  if (!occurrence) return {};
  const auto change = meeting.changes.find(*occurrence);
  if (change == meeting.changes.end() || change->second.slot) return {};
  return Fail(Code::kConflict, "meeting.cancelled", "occurrence", "that one was called off: choose another");
}

}  // namespace

Result<Sent> MeetingService::Cancel(const RecordId& id, const CancelBody& cancel, const Audience& audience) {
  SCHAKEL_ASSIGN(const Meeting meeting, Own(id));
  SCHAKEL_TRY(CheckAhead(meeting));
  SCHAKEL_TRY(CheckOccurrence(meeting, cancel.occurrence));
  SCHAKEL_TRY(CheckTakesPlace(meeting, cancel.occurrence));
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
  SCHAKEL_TRY(CheckAhead(meeting));
  if (!meeting.slot) {
    return Fail(Code::kConflict, "meeting.no_date", "meeting", "vote on the dates first; it has none yet");
  }
  SCHAKEL_TRY(CheckOccurrence(meeting, answer.occurrence));
  SCHAKEL_TRY(CheckTakesPlace(meeting, answer.occurrence));
  if (answer.counter && answer.counter->begins_at <= clock_.Now()) {
    return Fail(Code::kInvalid, "meeting.past", "counter", "propose a date that is still to come");
  }
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
                                    const Audience& audience, const std::vector<ActionBody>& actions) {
  SCHAKEL_ASSIGN(const Meeting meeting, Own(id));
  SCHAKEL_TRY(CheckHolds(meeting));
  SCHAKEL_ASSIGN(Body body, EncodeBody(report));
  const Audience whom = {.named = {}, .accept_unreached = true, .preview = false, .patience = {}};
  for (const ActionBody& action : actions) {
    SCHAKEL_TRY(dossier_.CheckAction(meeting.trajectory, action, whom, meeting.id));
  }
  Draft draft = ReplyTo(meeting, Kind::kMeetingReport, std::move(body));
  draft.categories = CategorySet(draft.categories.bits() | also.bits());
  SCHAKEL_ASSIGN(const Sent sent, Send(engine_, std::move(draft), InvitedTo(meeting), audience));
  if (sent.outcome != Sent::Outcome::kSent) return sent;
  for (const ActionBody& action : actions) {
    SCHAKEL_TRY(dossier_.AddAction(meeting.trajectory, action, whom, meeting.id));
  }
  return sent;
}

}  // namespace schakel
