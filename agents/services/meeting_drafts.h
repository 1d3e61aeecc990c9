// What the records of a meeting have in common.
#pragma once

#include "agents/meetings.h"

namespace schakel {

// A record of its thread: the same trajectory, purpose and categories, so that the same grants cover it.
inline Draft ReplyTo(const Meeting& meeting, Kind kind, Body body) {
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

// For nobody but ourselves.
inline Audience ToNobody(const Audience& audience) {
  return {.named = {}, .accept_unreached = false, .preview = audience.preview, .patience = audience.patience};
}

inline std::vector<OrgId> InvitedTo(const Meeting& meeting) { return {meeting.invited.begin(), meeting.invited.end()}; }

inline Status CheckHolds(const Meeting& meeting) {
  if (IsNone(meeting.cancelled)) return {};
  return Fail(Code::kConflict, "meeting.cancelled", "meeting", "it was called off: propose another");
}

// Of one that was held there is only its report left to say, and to correct. A series goes on after a report.
inline Status CheckAhead(const Meeting& meeting) {
  SCHAKEL_TRY(CheckHolds(meeting));
  if (IsNone(meeting.report) || meeting.times > 1) return {};
  return Fail(Code::kConflict, "meeting.reported", "meeting", "it was held: correct the report, or propose another");
}

// Of a series; none: the whole.
Status CheckOccurrence(const Meeting& meeting, const std::optional<Timestamp>& occurrence);

}  // namespace schakel
