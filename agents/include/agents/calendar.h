// Round tables in people's own calendars: written as iCalendar, and what calendar programs answer taken back.
//
// A calendar is read by whoever looks over a shoulder, and copied to phones and providers: no word of a case stands in
// it, no title, no place, no name of a client. A partner finds the convener and itself in it, the convener all whom it
// invited.
// Threads: any. Errors: as services.h, and those of ical.h for foreign bytes.
#pragma once

#include "agents/meetings.h"

namespace schakel {

struct CalendarRequest {
  std::optional<OrgId> receiver;        // Convener: for which of those invited; none: ourselves.
  RecordId guest;                       // Or for which guest.
  std::optional<Timestamp> occurrence;  // One of the series; none: all of it.
  std::string organizer;                // Where calendar programs mail their answers; empty: nowhere.
  std::string attendee;                 // As whom the receiver's program knows itself; empty: a name of ours.
};

class CalendarService {
 public:
  CalendarService(Engine& engine, Cases& cases, MeetingService& meetings)
      : engine_(engine), cases_(cases), meetings_(meetings) {}

  // REQUEST, or CANCEL once it was called off. kConflict ("meeting.no_date"); kDenied ("meeting.convener"): only the
  // convener writes it for another; kInvalid ("calendar.receiver"): who is not invited; ("calendar.address").
  Result<std::string> Invitation(const RecordId& meeting, const CalendarRequest& request, Language language);
  // REPLY, or COUNTER where another time was asked for. kNotFound ("calendar.no_answer"): nothing was answered yet.
  Result<std::string> Answer(const RecordId& meeting, const CalendarRequest& request, Language language);

  // What a calendar program wrote, as an answer of ours or of the guest with that address, or as calling off what we
  // convened. kNotFound ("calendar.unknown"): of no meeting here; kDenied ("calendar.attendee_other"): somebody else's
  // answer; ("calendar.attendee_partner"): a partner's, that its own agent did not say. What it said is taken as said;
  // ("calendar.cancel"): only the convener calls off.
  Result<Sent> Take(std::string_view bytes, const Audience& audience);

  // Of which meeting such bytes are. Errors as Take.
  Result<Meeting> MeetingIn(std::string_view bytes);

  // The records whose words stand in it: who exports it sees them.
  static std::vector<RecordId> RecordsIn(const Meeting& meeting);

 private:
  Result<Meeting> FindByUid(std::string_view uid);

  Engine& engine_;
  Cases& cases_;
  MeetingService& meetings_;
};

}  // namespace schakel
