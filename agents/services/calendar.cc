#include "agents/calendar.h"

#include <algorithm>

#include "agents/i18n.h"
#include "ical.h"
#include "protocol/crypto.h"

namespace schakel {
namespace {

using std::chrono::floor;
using std::chrono::seconds;

// No mail ever reaches it (RFC 2606).
constexpr std::string_view kNowhere = "@schakel.invalid";
constexpr std::size_t kUidDigits = 32;
constexpr std::size_t kGuestDigits = 8;

// Stable, and it tells nobody which record it is.
std::string UidOf(const RecordId& meeting) {
  const Hash32 hash = Sha256({AsBytes("schakel/ical/uid/v1"), meeting.value()});
  return ToHex(hash).substr(0, kUidDigits) + std::string(kNowhere);
}
std::string AddressOf(const OrgId& organisation) { return organisation.value() + std::string(kNowhere); }
std::string AddressOf(const RecordId& guest) {
  return "gast-" + ToText(guest).substr(0, kGuestDigits) + std::string(kNowhere);
}

Timestamp ToSecond(Timestamp time) { return floor<seconds>(time); }
MeetingSlot ToSecond(const MeetingSlot& slot) { return {ToSecond(slot.begins_at), ToSecond(slot.ends_at)}; }

bool SameAddress(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

class Names {
 public:
  explicit Names(const Engine& engine) {
    for (const auto& one : engine.Organisations()) names_[one.statement.organisation] = one.statement.name;
  }
  std::string Of(const OrgId& id) const {
    auto found = names_.find(id);
    return found == names_.end() ? id.value() : found->second;
  }

 private:
  std::map<OrgId, std::string> names_;
};

std::optional<Attending> AttendingOf(const Meeting& meeting, const OrgId& organisation, const RecordId& guest,
                                     const std::optional<Timestamp>& occurrence) {
  for (const Meeting::Answer& one : meeting.answers) {
    const bool theirs = one.organisation == organisation && one.guest == guest && one.occurrence == occurrence;
    if (theirs && !IsStale(meeting, one)) return one.attending;
  }
  return std::nullopt;
}

// Whom the receiver finds in it: itself; the convener, in its own, all who are invited. Who else is asked is the
// convener's to know, also where a partner may know that they take part. Guests find themselves alone.
std::vector<ICalAttendee> AttendeesFor(const Engine& engine, const Meeting& meeting, const CalendarRequest& request,
                                       const Names& names) {
  const auto own = [&](std::string otherwise) { return request.attendee.empty() ? otherwise : request.attendee; };
  if (!IsNone(request.guest)) {
    return {{{}, own(AddressOf(request.guest)), AttendingOf(meeting, {}, request.guest, request.occurrence)}};
  }
  const OrgId receiver = request.receiver.value_or(engine.Self());
  std::vector<ICalAttendee> attendees;
  attendees.push_back(
      {names.Of(receiver), own(AddressOf(receiver)), AttendingOf(meeting, receiver, {}, request.occurrence)});
  if (receiver != meeting.convener) return attendees;
  for (const OrgId& one : meeting.invited) {
    if (one == receiver) continue;
    attendees.push_back({names.Of(one), AddressOf(one), AttendingOf(meeting, one, {}, request.occurrence)});
  }
  return attendees;
}

Status CheckRequest(const Meeting& meeting, const OrgId& self, const CalendarRequest& request) {
  if (!request.organizer.empty()) SCHAKEL_TRY(CheckICalAddress(request.organizer, "organizer"));
  if (!request.attendee.empty()) SCHAKEL_TRY(CheckICalAddress(request.attendee, "attendee"));
  const bool for_another = !IsNone(request.guest) || (request.receiver && *request.receiver != self);
  if (!for_another) return {};
  if (meeting.convener != self) {
    return Fail(Code::kDenied, "meeting.convener", "for", "leave this to who convened the meeting");
  }
  const bool invited = IsNone(request.guest) ? meeting.invited.contains(*request.receiver)
                                             : std::ranges::find(meeting.guests, request.guest, &Meeting::Guest::id) !=
                                                   meeting.guests.end();
  if (invited) return {};
  return Fail(Code::kInvalid, "calendar.receiver", "for", "name somebody who is invited");
}

// What every event of the meeting says alike.
ICalEvent Neutral(const Meeting& meeting, const CalendarRequest& request, const Names& names, Language language) {
  ICalEvent event;
  event.uid = UidOf(meeting.id);
  event.sequence = meeting.revision;
  event.stamp = ToSecond(meeting.changed_at);
  event.summary = Phrase(language, "calendar.summary");
  event.description = Phrase(language, "calendar.description");
  event.organizer =
      ICalAttendee{names.Of(meeting.convener),
                   request.organizer.empty() ? AddressOf(meeting.convener) : request.organizer, std::nullopt};
  return event;
}

// The occurrence as it is now; kInvalid ("meeting.occurrence").
Result<ICalEvent> OccurrenceOf(const Meeting& meeting, Timestamp occurrence, ICalEvent event) {
  const auto all = OccurrencesOf(meeting);
  const auto found = std::ranges::find(all, occurrence, &MeetingSlot::begins_at);
  if (found == all.end() || meeting.times < 2) {
    return Fail(Code::kInvalid, "meeting.occurrence", "occurrence", "name when one of the series would begin");
  }
  event.recurrence = ToSecond(occurrence);
  event.slot = ToSecond(*found);
  const auto change = meeting.changes.find(occurrence);
  if (change == meeting.changes.end()) return event;
  if (change->second.slot) {
    event.slot = ToSecond(*change->second.slot);
  } else {
    event.cancelled = true;
  }
  return event;
}

// The meeting, and behind it those of its series that moved.
std::vector<ICalEvent> AllOf(const Meeting& meeting, const ICalEvent& neutral) {
  std::vector<ICalEvent> events = {neutral};
  ICalEvent& whole = events.front();
  whole.slot = ToSecond(*meeting.slot);
  whole.every_weeks = meeting.every_weeks;
  whole.times = meeting.times;
  whole.cancelled = !IsNone(meeting.cancelled);
  std::vector<ICalEvent> moved;
  for (const auto& [begins_at, change] : meeting.changes) {
    if (!change.slot) {
      whole.without.push_back(ToSecond(begins_at));
    } else if (auto one = OccurrenceOf(meeting, begins_at, neutral)) {
      moved.push_back(std::move(*one));
    }
  }
  events.insert(events.end(), moved.begin(), moved.end());
  return events;
}

}  // namespace

std::vector<RecordId> CalendarService::RecordsIn(const Meeting& meeting) {
  std::vector<RecordId> ids;
  const auto add = [&](const RecordId& id) {
    if (!IsNone(id)) ids.push_back(id);
  };
  add(meeting.fixed);
  for (const auto& [begins_at, change] : meeting.changes) add(change.record);
  for (const Meeting::Answer& answer : meeting.answers) add(answer.record);
  add(meeting.cancelled);
  return ids;
}

Result<std::string> CalendarService::Invitation(const RecordId& id, const CalendarRequest& request, Language language) {
  SCHAKEL_ASSIGN(const Meeting meeting, meetings_.Find(id));
  SCHAKEL_TRY(CheckRequest(meeting, engine_.Self(), request));
  if (!meeting.slot) {
    return Fail(Code::kConflict, "meeting.no_date", "meeting", "vote on the dates first; it has none yet");
  }
  const Names names(engine_);
  ICalEvent neutral = Neutral(meeting, request, names, language);
  neutral.attendees = AttendeesFor(engine_, meeting, request, names);
  ICalMessage message;
  if (request.occurrence) {
    SCHAKEL_ASSIGN(ICalEvent one, OccurrenceOf(meeting, *request.occurrence, neutral));
    one.cancelled = one.cancelled || !IsNone(meeting.cancelled);
    message.events.push_back(std::move(one));
  } else {
    message.events = AllOf(meeting, neutral);
  }
  const bool cancelled = message.events.front().cancelled;
  message.method = cancelled ? ICalMethod::kCancel : ICalMethod::kRequest;
  if (cancelled) message.events.resize(1);
  return WriteICal(message);
}

Result<std::string> CalendarService::Answer(const RecordId& id, const CalendarRequest& request, Language language) {
  SCHAKEL_ASSIGN(const Meeting meeting, meetings_.Find(id));
  CalendarRequest own = request;
  own.receiver.reset();  // Nobody answers for another organisation.
  SCHAKEL_TRY(CheckRequest(meeting, engine_.Self(), own));
  const OrgId organisation = IsNone(own.guest) ? engine_.Self() : OrgId{};
  const auto found = std::ranges::find_if(meeting.answers, [&](const Meeting::Answer& one) {
    return one.organisation == organisation && one.guest == own.guest && one.occurrence == own.occurrence;
  });
  if (found == meeting.answers.end() || !meeting.slot) {
    return Fail(Code::kNotFound, "calendar.no_answer", "meeting", "answer first: tables answer");
  }
  const Names names(engine_);
  ICalEvent event = Neutral(meeting, own, names, language);
  event.sequence = found->revision;
  event.stamp = ToSecond(found->at);
  event.slot = ToSecond(found->counter.value_or(*meeting.slot));
  if (own.occurrence) event.recurrence = ToSecond(*own.occurrence);
  const std::string otherwise = IsNone(own.guest) ? AddressOf(engine_.Self()) : AddressOf(own.guest);
  const std::string name = IsNone(own.guest) ? names.Of(engine_.Self()) : std::string();
  event.attendees = {{name, own.attendee.empty() ? otherwise : own.attendee, found->attending}};
  return WriteICal({found->counter ? ICalMethod::kCounter : ICalMethod::kReply, {event}});
}

Result<Meeting> CalendarService::FindByUid(std::string_view uid) {
  return cases_.With([&](CaseFile& file) -> Result<Meeting> {
    for (const CaseTrajectory* trajectory : file.Trajectories()) {
      for (const Meeting& meeting : trajectory->meetings) {
        if (SameAddress(UidOf(meeting.id), uid)) return meeting;
      }
    }
    return Fail(Code::kNotFound, "calendar.unknown", "calendar", "send the answer to an invitation of Schakel");
  });
}

namespace {

// Of which guest the address is; none: of no guest.
RecordId GuestWith(const Engine& engine, const Meeting& meeting, const std::string& address) {
  for (const Meeting::Guest& guest : meeting.guests) {
    if (SameAddress(address, AddressOf(guest.id))) return guest.id;
    const auto body = engine.Open(guest.id);
    const auto typed = body ? DecodeBody(*body) : Result<TypedBody>(EmptyBody{});
    const auto* known = typed ? std::get_if<GuestBody>(&*typed) : nullptr;
    if (known != nullptr && !known->address.empty() && SameAddress(address, known->address)) return guest.id;
  }
  return {};
}

// An answer of a partner that its own agent has signed already, and that a calendar program mails as well. Null: it
// said no such thing.
const Meeting::Answer* SaidBy(const Meeting& meeting, const OrgId& partner, const AttendBody& answer) {
  const auto found = std::ranges::find_if(meeting.answers, [&](const Meeting::Answer& one) {
    return one.organisation == partner && one.occurrence == answer.occurrence && one.attending == answer.attending &&
           !IsStale(meeting, one);
  });
  if (found == meeting.answers.end()) return nullptr;
  const bool same = found->counter.has_value() == answer.counter.has_value() &&
                    (!found->counter || ToSecond(*found->counter) == ToSecond(*answer.counter));
  return same ? &*found : nullptr;
}

// A mail proves nothing of who sent it: what a partner answers is what its own agent says.
Result<Sent> OfPartner(const Engine& engine, const Meeting& meeting, const OrgId& partner, const AttendBody& answer,
                       const Audience& audience) {
  const Meeting::Answer* said = SaidBy(meeting, partner, answer);
  if (said == nullptr) {
    return Fail(Code::kDenied, "calendar.attendee_partner", "calendar",
                "pass it on to them: they take it in at their own agent, with tables take");
  }
  SCHAKEL_ASSIGN(const HeldRecord held, engine.Find(said->record));
  Sent sent;
  sent.trajectory = meeting.trajectory;
  if (audience.preview) {
    sent.outcome = Sent::Outcome::kPreview;
    return sent;
  }
  sent.record = said->record;
  sent.state = held.state;
  return sent;
}

// To the second, as calendars say it.
std::optional<Timestamp> OccurrenceAt(const Meeting& meeting, const std::optional<Timestamp>& recurrence) {
  if (!recurrence) return std::nullopt;
  for (const MeetingSlot& one : OccurrencesOf(meeting)) {
    if (ToSecond(one.begins_at) == *recurrence) return one.begins_at;
  }
  return recurrence;
}

}  // namespace

Result<Meeting> CalendarService::MeetingIn(std::string_view bytes) {
  SCHAKEL_ASSIGN(const ICalMessage message, ReadICal(bytes));
  return FindByUid(message.events.front().uid);
}

Result<Sent> CalendarService::Take(std::string_view bytes, const Audience& audience) {
  SCHAKEL_ASSIGN(const ICalMessage message, ReadICal(bytes));
  const ICalEvent& event = message.events.front();
  SCHAKEL_ASSIGN(const Meeting meeting, FindByUid(event.uid));
  const auto occurrence = OccurrenceAt(meeting, event.recurrence);
  const bool convener = meeting.convener == engine_.Self();
  if (message.method == ICalMethod::kCancel) {
    if (convener) return meetings_.Cancel(meeting.id, {event.comment, occurrence}, audience);
    return Fail(Code::kDenied, "calendar.cancel", "calendar", "leave it to who convened the meeting, or answer no");
  }
  AttendBody answer;
  const ICalAttendee& who = event.attendees.front();
  answer.attending = who.attending.value_or(Attending::kTentative);
  answer.comment = event.comment;
  answer.occurrence = occurrence;
  if (message.method == ICalMethod::kCounter) answer.counter = event.slot;
  const RecordId guest = convener ? GuestWith(engine_, meeting, who.address) : RecordId{};
  if (!IsNone(guest)) return meetings_.AnswerFor(meeting.id, guest, std::move(answer), event.sequence, audience);
  // Our own address, or one that a person of ours has elsewhere. Of the convener everybody is a guest or answers
  // through an agent of their own.
  const bool ours = SameAddress(who.address, AddressOf(engine_.Self()));
  const bool elsewhere = !convener && !std::string_view(who.address).ends_with(kNowhere);
  if (ours || elsewhere) return meetings_.Answer(meeting.id, std::move(answer), event.sequence, audience);
  for (const OrgId& partner : meeting.invited) {
    const bool theirs = convener && SameAddress(who.address, AddressOf(partner));
    if (theirs) return OfPartner(engine_, meeting, partner, answer, audience);
  }
  return Fail(Code::kDenied, "calendar.attendee_other", "calendar",
              "let them answer through their own agent, or write it down as the answer of a guest");
}

}  // namespace schakel
