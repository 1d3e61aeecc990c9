// Round tables in people's own calendars.
#include "router.h"
#include "writing.h"

namespace schakel::calendar_routes {
namespace {

// An address on the wire: "a@b" or, where nobody gave one, nothing.
Result<CalendarRequest> ReadRequest(const Call& call) {
  CalendarRequest request;
  if (const std::string receiver = call.Asked("for"); !receiver.empty()) {
    SCHAKEL_ASSIGN(request.receiver, ParseOrgId(receiver));
  }
  if (const std::string guest = call.Asked("guest"); !guest.empty()) {
    SCHAKEL_ASSIGN(request.guest, call.desk.cases.FindRecord(guest));
  }
  if (const std::string occurrence = call.Asked("occurrence"); !occurrence.empty()) {
    SCHAKEL_ASSIGN(request.occurrence, ParseTimestamp(occurrence));
  }
  request.organizer = call.Asked("organizer");
  request.attendee = call.Asked("attendee");
  return request;
}

// When it takes place, and who said to come: those are words of records, and are read.
Result<Reply> Export(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("table"));
  SCHAKEL_ASSIGN(const CalendarRequest request, ReadRequest(call));
  SCHAKEL_ASSIGN(const Meeting meeting, call.desk.meetings.Find(id));
  SCHAKEL_ASSIGN(std::string text, call.Asks("answer", "true")
                                       ? call.desk.calendar.Answer(id, request, call.language)
                                       : call.desk.calendar.Invitation(id, request, call.language));
  SCHAKEL_ASSIGN(const Thread thread, call.ReadThread(CalendarService::RecordsIn(meeting), nullptr));
  if (!thread.glance.Has(meeting.fixed)) {
    return Fail(Code::kDenied, "view.withdrawn", "record", "respect the withdrawal");
  }
  return Reply{.type = "text/calendar; charset=utf-8", .raw = std::move(text)};
}

Result<Reply> Take(Call& call) {
  Input input(call.body);
  const std::string text = input.RequiredText("calendar");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Meeting meeting, call.desk.calendar.MeetingIn(text));
  SCHAKEL_TRY(CheckMayWriteOn(call, meeting.trajectory, meeting.id));
  SCHAKEL_ASSIGN(const Sent sent, call.desk.calendar.Take(text, audience));
  return call.Sending(sent);
}

const Route kRoutes[] = {
    {"GET", "/v1/tables/{table}/calendar", &Export, {"answer", "for", "guest", "occurrence", "organizer", "attendee"}},
    {"POST", "/v1/calendar", &Take},
};

}  // namespace
}  // namespace schakel::calendar_routes

namespace schakel {

std::span<const Route> CalendarRoutes() { return calendar_routes::kRoutes; }

}  // namespace schakel
