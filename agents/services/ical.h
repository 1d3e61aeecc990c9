// iCalendar (RFC 5545) as scheduling messages (RFC 5546): written for calendar programs, and taken back as foreign
// bytes.
//
// Limits: kICalBytesMax, kICalLinesMax and kICalDepthMax are held before anything is parsed. Zones of others are not
// expanded: times are UTC, or Belgian.
// Threads: pure; any. The one door to libical is ical.cc.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/body.h"

namespace schakel {

inline constexpr std::size_t kICalBytesMax = 64U << 10;
inline constexpr std::size_t kICalLinesMax = 2000;
inline constexpr std::size_t kICalDepthMax = 4;
inline constexpr std::size_t kICalAddressBytesMax = 120;
inline constexpr std::chrono::days kICalLongest{7};

enum class ICalMethod : std::uint8_t { kRequest = 1, kReply, kCounter, kCancel };

struct ICalAttendee {
  std::string name;     // Empty: not said.
  std::string address;  // As "mailto:..", without that.
  std::optional<Attending> attending;
  friend bool operator==(const ICalAttendee&, const ICalAttendee&) = default;
};
struct ICalEvent {
  std::string uid;
  std::uint32_t sequence = 0;
  Timestamp stamp;                  // To the second, as all times here.
  std::optional<MeetingSlot> slot;  // A reply may leave it out.
  std::uint32_t every_weeks = 0;    // A series, as FixedBody.
  std::uint32_t times = 0;
  std::vector<Timestamp> without;       // Of the series: those that do not take place.
  std::optional<Timestamp> recurrence;  // One of the series: when it would have begun.
  bool cancelled = false;
  std::string summary;
  std::string description;
  std::string comment;
  std::optional<ICalAttendee> organizer;
  std::vector<ICalAttendee> attendees;
  friend bool operator==(const ICalEvent&, const ICalEvent&) = default;
};
struct ICalMessage {
  ICalMethod method = ICalMethod::kRequest;
  std::vector<ICalEvent> events;  // One; of a series also those that moved.
  friend bool operator==(const ICalMessage&, const ICalMessage&) = default;
};

// Lines end in CRLF and are folded; times are Belgian with their VTIMEZONE, but those that this cannot say (the second
// of an hour that occurs twice) are UTC.
std::string WriteICal(const ICalMessage& message);

// What others wrote: REPLY, COUNTER and CANCEL about one event. Of it, what an answer needs: uid, sequence, stamp,
// slot, recurrence, comment, organizer and attendees without names. kLimit ("calendar.large"); kInvalid
// ("calendar.broken"): no iCalendar, or not in UTF-8; ("calendar.method");
// ("calendar.events"): none or several; ("calendar.uid"); ("calendar.attendee"): none, several or without an address;
// ("calendar.partstat"): no answer that we know; ("calendar.time"): none that makes sense; ("calendar.zone"): of a zone
// that is not ours.
Result<ICalMessage> ReadICal(std::string_view bytes);

// "name@host" that can stand in a calendar. kInvalid ("calendar.address").
Status CheckICalAddress(std::string_view address, const char* field);

}  // namespace schakel
