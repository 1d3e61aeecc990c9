#include "ical.h"

#include <fmt/format.h>
#include <libical/ical.h>

#include <algorithm>
#include <memory>

#include "local_time.h"

namespace schakel {
namespace {

using namespace std::chrono;

constexpr const char* kZone = "Europe/Brussels";
// What programs call the same zone.
constexpr std::string_view kSameZones[] = {"Europe/Brussels", "Romance Standard Time",
                                           "Brussels, Copenhagen, Madrid, Paris",
                                           "(UTC+01:00) Brussels, Copenhagen, Madrid, Paris"};
constexpr std::string_view kMailto = "mailto:";

struct Free {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, Free>;

// ---- Writing ----

icaltimetype TimeOf(Timestamp shown, bool utc) {
  const auto day = floor<days>(shown);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(shown) - day);
  return icaltime_from_string(fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}{}", static_cast<int>(date.year()),
                                          static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                          clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                                          utc ? "Z" : "")
                                  .c_str());
}

// A property that holds a time, in Belgian time where that says which instant it is.
template <typename Make>
void AddTime(icalcomponent* to, Make make, Timestamp time) {
  const Timestamp local = time + BelgianOffset(time);
  if (FromBelgian(local) != time) {
    icalcomponent_add_property(to, make(TimeOf(time, true)));
    return;
  }
  icalproperty* property = make(TimeOf(local, false));
  icalproperty_add_parameter(property, icalparameter_new_tzid(kZone));
  icalcomponent_add_property(to, property);
}

icalcomponent* SeasonOf(icalcomponent* season, const char* from, const char* rule, int offset_from, int offset_to,
                        const char* name) {
  icalcomponent_add_property(season, icalproperty_new_dtstart(icaltime_from_string(from)));
  icalcomponent_add_property(season, icalproperty_new_rrule(icalrecurrencetype_from_string(rule)));
  icalcomponent_add_property(season, icalproperty_new_tzoffsetfrom(offset_from));
  icalcomponent_add_property(season, icalproperty_new_tzoffsetto(offset_to));
  icalcomponent_add_property(season, icalproperty_new_tzname(name));
  return season;
}

// As it is since 1996 (Directive 2000/84/EC): who plans does not plan before.
icalcomponent* BelgianZone() {
  icalcomponent* zone = icalcomponent_new_vtimezone();
  icalcomponent_add_property(zone, icalproperty_new_tzid(kZone));
  icalcomponent_add_component(zone, SeasonOf(icalcomponent_new_xdaylight(), "19960331T020000",
                                             "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", 3600, 7200, "CEST"));
  icalcomponent_add_component(zone, SeasonOf(icalcomponent_new_xstandard(), "19961027T030000",
                                             "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", 7200, 3600, "CET"));
  return zone;
}

icalparameter_partstat PartstatOf(const std::optional<Attending>& attending) {
  if (!attending) return ICAL_PARTSTAT_NEEDSACTION;
  switch (*attending) {
    case Attending::kAccepted:
      return ICAL_PARTSTAT_ACCEPTED;
    case Attending::kTentative:
      return ICAL_PARTSTAT_TENTATIVE;
    case Attending::kDeclined:
      break;
  }
  return ICAL_PARTSTAT_DECLINED;
}

// A parameter can hold no quotation marks and no control characters.
void AddName(icalproperty* property, std::string name) {
  std::erase_if(name, [](unsigned char c) { return c < 0x20 || c == 0x7F || c == '"'; });
  if (!name.empty()) icalproperty_add_parameter(property, icalparameter_new_cn(name.c_str()));
}

void AddAttendee(icalcomponent* event, const ICalAttendee& attendee, ICalMethod method) {
  icalproperty* property = icalproperty_new_attendee((std::string(kMailto) + attendee.address).c_str());
  AddName(property, attendee.name);
  icalproperty_add_parameter(property, icalparameter_new_partstat(PartstatOf(attendee.attending)));
  if (method == ICalMethod::kRequest) icalproperty_add_parameter(property, icalparameter_new_rsvp(ICAL_RSVP_TRUE));
  icalcomponent_add_property(event, property);
}

void AddSeries(icalcomponent* to, const ICalEvent& event) {
  const std::string rule = fmt::format("FREQ=WEEKLY;COUNT={};INTERVAL={}", event.times, event.every_weeks);
  icalcomponent_add_property(to, icalproperty_new_rrule(icalrecurrencetype_from_string(rule.c_str())));
  for (const Timestamp& one : event.without) AddTime(to, &icalproperty_new_exdate, one);
}

icalcomponent* EventOf(const ICalEvent& event, ICalMethod method) {
  icalcomponent* to = icalcomponent_new_vevent();
  icalcomponent_add_property(to, icalproperty_new_uid(event.uid.c_str()));
  icalcomponent_add_property(to, icalproperty_new_dtstamp(TimeOf(event.stamp, true)));
  icalcomponent_add_property(to, icalproperty_new_sequence(static_cast<int>(event.sequence)));
  if (event.recurrence) AddTime(to, &icalproperty_new_recurrenceid, *event.recurrence);
  if (event.slot) {
    AddTime(to, &icalproperty_new_dtstart, event.slot->begins_at);
    AddTime(to, &icalproperty_new_dtend, event.slot->ends_at);
  }
  if (event.times > 1) AddSeries(to, event);
  if (!event.summary.empty()) icalcomponent_add_property(to, icalproperty_new_summary(event.summary.c_str()));
  if (!event.description.empty()) {
    icalcomponent_add_property(to, icalproperty_new_description(event.description.c_str()));
  }
  if (!event.comment.empty()) icalcomponent_add_property(to, icalproperty_new_comment(event.comment.c_str()));
  if (method == ICalMethod::kRequest) {
    icalcomponent_add_property(to, icalproperty_new_class(ICAL_CLASS_PRIVATE));
    icalcomponent_add_property(to, icalproperty_new_status(ICAL_STATUS_CONFIRMED));
  }
  if (event.cancelled) icalcomponent_add_property(to, icalproperty_new_status(ICAL_STATUS_CANCELLED));
  if (event.organizer) {
    icalproperty* organizer = icalproperty_new_organizer((std::string(kMailto) + event.organizer->address).c_str());
    AddName(organizer, event.organizer->name);
    icalcomponent_add_property(to, organizer);
  }
  for (const ICalAttendee& one : event.attendees) AddAttendee(to, one, method);
  return to;
}

icalproperty_method MethodOf(ICalMethod method) {
  switch (method) {
    case ICalMethod::kReply:
      return ICAL_METHOD_REPLY;
    case ICalMethod::kCounter:
      return ICAL_METHOD_COUNTER;
    case ICalMethod::kCancel:
      return ICAL_METHOD_CANCEL;
    case ICalMethod::kRequest:
      break;
  }
  return ICAL_METHOD_REQUEST;
}

// ---- Reading ----

std::unexpected<Error> Broken() {
  return Fail(Code::kInvalid, "calendar.broken", "calendar", "send the .ics file as the calendar program made it");
}
std::unexpected<Error> BadTime() {
  return Fail(Code::kInvalid, "calendar.time", "calendar", "let it begin at a time of the day and end within a week");
}

// Held before the parser sees a byte.
Status CheckBounds(std::string_view bytes) {
  const auto too_large = [] {
    return Fail(Code::kLimit, "calendar.large", "calendar", "send one answer, without attachments");
  };
  if (bytes.size() > kICalBytesMax) return too_large();
  if (!IsUtf8(bytes)) return Broken();
  std::size_t lines = 0;
  std::size_t depth = 0;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    std::string_view line = bytes.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (++lines > kICalLinesMax) return too_large();
    const auto strange = [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; };
    if (std::ranges::any_of(line, strange)) return Broken();
    constexpr std::size_t kWord = 6;
    std::string word(line.substr(0, kWord));
    std::ranges::transform(word, word.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (word == "BEGIN:" && ++depth > kICalDepthMax) return Broken();
    if (word.starts_with("END:") && depth-- == 0) return Broken();
    if (end == std::string_view::npos) break;
    bytes.remove_prefix(end + 1);
  }
  return {};
}

// The one property of that kind; null: none, or several.
icalproperty* OnlyOne(icalcomponent* event, icalproperty_kind kind) {
  icalproperty* first = icalcomponent_get_first_property(event, kind);
  return first != nullptr && icalcomponent_get_next_property(event, kind) == nullptr ? first : nullptr;
}
bool Has(icalcomponent* event, icalproperty_kind kind) {
  return icalcomponent_get_first_property(event, kind) != nullptr;
}

Result<Timestamp> InstantOf(icalproperty* property) {
  const icalvalue* value = property == nullptr ? nullptr : icalproperty_get_value(property);
  if (value == nullptr || icalvalue_isa(value) != ICAL_DATETIME_VALUE) return BadTime();
  const icaltimetype time = icalvalue_get_datetime(value);
  constexpr int kFirstYear = 1970;
  constexpr int kLastYear = 2199;
  const year_month_day date(year(time.year), month(static_cast<unsigned>(time.month)),
                            day(static_cast<unsigned>(time.day)));
  const bool fits = time.is_date == 0 && time.year >= kFirstYear && time.year <= kLastYear && date.ok() &&
                    time.hour >= 0 && time.hour < 24 && time.minute >= 0 && time.minute < 60 && time.second >= 0 &&
                    time.second < 60;
  if (!fits) return BadTime();
  const Timestamp shown = Timestamp(sys_days(date)) + hours(time.hour) + minutes(time.minute) + seconds(time.second);
  if (icaltime_is_utc(time) != 0) return shown;
  icalparameter* parameter = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
  const char* zone = parameter == nullptr ? nullptr : icalparameter_get_tzid(parameter);
  // Programs put their own prefix before the name of the zone.
  const bool ours =
      zone != nullptr && std::ranges::any_of(kSameZones, [&](std::string_view name) {
        return std::string_view(zone) == name || std::string_view(zone).ends_with("/" + std::string(name));
      });
  if (ours) return FromBelgian(shown);
  return Fail(Code::kInvalid, "calendar.zone", "calendar", "answer in Belgian time (Europe/Brussels) or in UTC");
}

Result<std::optional<MeetingSlot>> SlotOf(icalcomponent* event) {
  if (!Has(event, ICAL_DTSTART_PROPERTY)) return std::optional<MeetingSlot>();
  SCHAKEL_ASSIGN(const Timestamp begins_at, InstantOf(OnlyOne(event, ICAL_DTSTART_PROPERTY)));
  if (Has(event, ICAL_DTEND_PROPERTY)) {
    SCHAKEL_ASSIGN(const Timestamp ends_at, InstantOf(OnlyOne(event, ICAL_DTEND_PROPERTY)));
    if (ends_at <= begins_at || ends_at - begins_at > kICalLongest) return BadTime();
    return MeetingSlot{begins_at, ends_at};
  }
  icalproperty* lasting = OnlyOne(event, ICAL_DURATION_PROPERTY);
  if (lasting == nullptr) return std::optional<MeetingSlot>();
  const icaldurationtype duration = icalproperty_get_duration(lasting);
  constexpr unsigned kUnitMax = 1'000'000;
  const bool sane = duration.is_neg == 0 && duration.weeks <= kUnitMax && duration.days <= kUnitMax &&
                    duration.hours <= kUnitMax && duration.minutes <= kUnitMax && duration.seconds <= kUnitMax;
  if (!sane) return BadTime();
  const seconds length = weeks(duration.weeks) + days(duration.days) + hours(duration.hours) +
                         minutes(duration.minutes) + seconds(duration.seconds);
  if (length <= seconds(0) || length > kICalLongest) return BadTime();
  return MeetingSlot{begins_at, begins_at + length};
}

std::optional<std::string> AddressOf(const char* value) {
  std::string_view address = value == nullptr ? std::string_view{} : std::string_view(value);
  std::string scheme(address.substr(0, kMailto.size()));
  std::ranges::transform(scheme, scheme.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (scheme != kMailto) return std::nullopt;
  address.remove_prefix(kMailto.size());
  if (!CheckICalAddress(address, "calendar")) return std::nullopt;
  return std::string(address);
}

Result<std::optional<Attending>> AttendingOf(icalproperty* attendee) {
  icalparameter* parameter = icalproperty_get_first_parameter(attendee, ICAL_PARTSTAT_PARAMETER);
  if (parameter == nullptr) return std::optional<Attending>();
  switch (icalparameter_get_partstat(parameter)) {
    case ICAL_PARTSTAT_ACCEPTED:
      return std::optional(Attending::kAccepted);
    case ICAL_PARTSTAT_TENTATIVE:
      return std::optional(Attending::kTentative);
    case ICAL_PARTSTAT_DECLINED:
      return std::optional(Attending::kDeclined);
    case ICAL_PARTSTAT_NEEDSACTION:
      return std::optional<Attending>();
    default:
      return Fail(Code::kInvalid, "calendar.partstat", "calendar", "answer yes, perhaps or no");
  }
}

// Behind a backslash the parser takes control characters too; of those only line ends are text.
std::string TextOf(icalcomponent* event, icalproperty_kind kind) {
  icalproperty* property = OnlyOne(event, kind);
  const icalvalue* value = property == nullptr ? nullptr : icalproperty_get_value(property);
  const char* text = value == nullptr || icalvalue_isa(value) != ICAL_TEXT_VALUE ? nullptr : icalvalue_get_text(value);
  std::string words = text == nullptr ? std::string() : std::string(text);
  std::erase_if(words, [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7F; });
  const std::size_t first = words.find_first_not_of(" \n");
  if (first == std::string::npos) return {};
  return words.substr(first, words.find_last_not_of(" \n") - first + 1);
}

Result<ICalMethod> MethodOf(icalcomponent* calendar) {
  icalproperty* property = OnlyOne(calendar, ICAL_METHOD_PROPERTY);
  switch (property == nullptr ? ICAL_METHOD_NONE : icalproperty_get_method(property)) {
    case ICAL_METHOD_REPLY:
      return ICalMethod::kReply;
    case ICAL_METHOD_COUNTER:
      return ICalMethod::kCounter;
    case ICAL_METHOD_CANCEL:
      return ICalMethod::kCancel;
    default:
      return Fail(Code::kInvalid, "calendar.method", "calendar", "send an answer (REPLY, COUNTER) or a CANCEL");
  }
}

Status ReadAttendees(icalcomponent* from, ICalMethod method, ICalEvent& event) {
  const auto bad = [] {
    return Fail(Code::kInvalid, "calendar.attendee", "calendar",
                "send the answer of one person, with an e-mail address");
  };
  if (method == ICalMethod::kCancel) return {};
  icalproperty* attendee = OnlyOne(from, ICAL_ATTENDEE_PROPERTY);
  if (attendee == nullptr) return bad();
  const auto address = AddressOf(icalproperty_get_attendee(attendee));
  if (!address) return bad();
  SCHAKEL_ASSIGN(const auto attending, AttendingOf(attendee));
  if (!attending && method == ICalMethod::kReply) {
    return Fail(Code::kInvalid, "calendar.partstat", "calendar", "answer yes, perhaps or no");
  }
  event.attendees.push_back({{}, *address, attending});
  return {};
}

Result<ICalEvent> ReadEvent(icalcomponent* from, ICalMethod method) {
  ICalEvent event;
  event.uid = TextOf(from, ICAL_UID_PROPERTY);
  constexpr std::size_t kUidBytesMax = 255;
  if (event.uid.empty() || event.uid.size() > kUidBytesMax) {
    return Fail(Code::kInvalid, "calendar.uid", "calendar", "send the answer to an invitation of Schakel");
  }
  if (icalproperty* sequence = OnlyOne(from, ICAL_SEQUENCE_PROPERTY)) {
    event.sequence = static_cast<std::uint32_t>(std::max(0, icalproperty_get_sequence(sequence)));
  }
  if (icalproperty* stamp = OnlyOne(from, ICAL_DTSTAMP_PROPERTY)) {
    SCHAKEL_ASSIGN(event.stamp, InstantOf(stamp));
  }
  if (Has(from, ICAL_RECURRENCEID_PROPERTY)) {
    SCHAKEL_ASSIGN(event.recurrence, InstantOf(OnlyOne(from, ICAL_RECURRENCEID_PROPERTY)));
  }
  SCHAKEL_ASSIGN(event.slot, SlotOf(from));
  if (method == ICalMethod::kCounter && !event.slot) return BadTime();
  event.comment = TextOf(from, ICAL_COMMENT_PROPERTY);
  event.cancelled = method == ICalMethod::kCancel;
  if (icalproperty* organizer = OnlyOne(from, ICAL_ORGANIZER_PROPERTY)) {
    if (auto address = AddressOf(icalproperty_get_organizer(organizer))) event.organizer = {{}, *address, {}};
  }
  SCHAKEL_TRY(ReadAttendees(from, method, event));
  return event;
}

}  // namespace

Status CheckICalAddress(std::string_view address, const char* field) {
  const std::size_t at = address.find('@');
  const auto plain = [](unsigned char c) {
    return c > 0x20 && c < 0x7F &&
           std::string_view("\"<>()[]\\,;:").find(static_cast<char>(c)) == std::string_view::npos;
  };
  const bool ok = address.size() <= kICalAddressBytesMax && at != std::string_view::npos && at > 0 &&
                  at + 1 < address.size() && address.find('@', at + 1) == std::string_view::npos &&
                  std::ranges::all_of(address, plain);
  if (ok) return {};
  return Fail(Code::kInvalid, "calendar.address", field, "write an e-mail address: name@host");
}

std::string WriteICal(const ICalMessage& message) {
  const Component calendar(icalcomponent_new_vcalendar());
  icalcomponent_add_property(calendar.get(), icalproperty_new_prodid("-//Schakel//Schakel//NL"));
  icalcomponent_add_property(calendar.get(), icalproperty_new_version("2.0"));
  icalcomponent_add_property(calendar.get(), icalproperty_new_method(MethodOf(message.method)));
  icalcomponent_add_component(calendar.get(), BelgianZone());
  for (const ICalEvent& event : message.events) {
    icalcomponent_add_component(calendar.get(), EventOf(event, message.method));
  }
  char* text = icalcomponent_as_ical_string_r(calendar.get());
  std::string bytes = text == nullptr ? std::string() : std::string(text);
  icalmemory_free_buffer(text);
  return bytes;
}

Result<ICalMessage> ReadICal(std::string_view bytes) {
  SCHAKEL_TRY(CheckBounds(bytes));
  const std::string text(bytes);
  const Component root(icalparser_parse_string(text.c_str()));
  if (!root || icalcomponent_isa(root.get()) != ICAL_VCALENDAR_COMPONENT) return Broken();
  ICalMessage message;
  SCHAKEL_ASSIGN(message.method, MethodOf(root.get()));
  icalcomponent* event = icalcomponent_get_first_component(root.get(), ICAL_VEVENT_COMPONENT);
  if (event == nullptr || icalcomponent_get_next_component(root.get(), ICAL_VEVENT_COMPONENT) != nullptr) {
    return Fail(Code::kInvalid, "calendar.events", "calendar", "send the answer to one meeting at a time");
  }
  SCHAKEL_ASSIGN(ICalEvent read, ReadEvent(event, message.method));
  message.events.push_back(std::move(read));
  return message;
}

}  // namespace schakel
