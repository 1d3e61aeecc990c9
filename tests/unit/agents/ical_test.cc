// iCalendar as bytes: what is written can be read by the rules, and what others write is taken within limits.
#include "services/ical.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace schakel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Timestamp At(const char* text) { return ParseTimestamp(text).value(); }

ICalEvent Event() {
  ICalEvent event;
  event.uid = "00ff@schakel.invalid";
  event.sequence = 2;
  event.stamp = At("2026-11-23T08:00:00Z");
  event.slot = MeetingSlot{At("2026-12-03T13:00:00Z"), At("2026-12-03T14:30:00Z")};
  event.summary = "Overleg";
  event.organizer = ICalAttendee{"De Wissel", "de-wissel@schakel.invalid", {}};
  event.attendees = {{"UPC Leuven", "upc-leuven@schakel.invalid", {}}};
  return event;
}
std::string Reply(const std::string& lines, const std::string& method = "REPLY") {
  return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:" + method +
         "\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261124T090000Z\r\n" + lines + "END:VEVENT\r\nEND:VCALENDAR\r\n";
}
const std::string kYes = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:nora@upc.example\r\n";

TEST(ICal, AnInvitationIsInBelgianTimeWithItsZone) {
  const std::string text = WriteICal({ICalMethod::kRequest, {Event()}});
  for (const char* line :
       {"METHOD:REQUEST\r\n", "UID:00ff@schakel.invalid\r\n", "SEQUENCE:2\r\n", "DTSTAMP:20261123T080000Z\r\n",
        "DTSTART;TZID=Europe/Brussels:20261203T140000\r\n", "DTEND;TZID=Europe/Brussels:20261203T153000\r\n",
        "BEGIN:VTIMEZONE\r\nTZID:Europe/Brussels\r\n", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n", "CLASS:PRIVATE\r\n", "RSVP=TRUE"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(ICal, SummerTimeIsTheClocksAndTheSecondOfAnHourThatComesTwiceIsUtc) {
  ICalEvent event = Event();
  event.slot = MeetingSlot{At("2026-07-03T12:00:00Z"), At("2026-07-03T13:00:00Z")};
  EXPECT_THAT(WriteICal({ICalMethod::kRequest, {event}}), HasSubstr("DTSTART;TZID=Europe/Brussels:20260703T140000"));
  event.slot = MeetingSlot{At("2026-10-25T00:30:00Z"), At("2026-10-25T01:30:00Z")};
  const std::string night = WriteICal({ICalMethod::kRequest, {event}});
  EXPECT_THAT(night, HasSubstr("DTSTART;TZID=Europe/Brussels:20261025T023000\r\n")) << "the first of the two";
  EXPECT_THAT(night, HasSubstr("DTEND:20261025T013000Z\r\n")) << "the second";
}

TEST(ICal, ASeriesSaysWhichDoNotTakePlaceAndOneOfItWhichItIs) {
  ICalEvent event = Event();
  event.every_weeks = 2;
  event.times = 6;
  event.without = {At("2026-12-17T13:00:00Z")};
  const std::string series = WriteICal({ICalMethod::kRequest, {event}});
  EXPECT_THAT(series, HasSubstr("RRULE:FREQ=WEEKLY;COUNT=6;INTERVAL=2\r\n"));
  EXPECT_THAT(series, HasSubstr("EXDATE;TZID=Europe/Brussels:20261217T140000\r\n"));
  event = Event();
  event.recurrence = At("2026-12-03T09:00:00Z");
  event.cancelled = true;
  const std::string one = WriteICal({ICalMethod::kCancel, {event}});
  EXPECT_THAT(one, HasSubstr("RECURRENCE-ID;TZID=Europe/Brussels:20261203T100000\r\n"));
  EXPECT_THAT(one, HasSubstr("METHOD:CANCEL\r\n"));
  EXPECT_THAT(one, HasSubstr("STATUS:CANCELLED\r\n"));
}

TEST(ICal, NamesCannotBreakOutOfTheirLine) {
  ICalEvent event = Event();
  event.attendees[0].name = "UPC\r\nATTENDEE:mailto:evil@x.example\";X=1";
  event.summary = "a\r\nDESCRIPTION:b";
  const std::string text = WriteICal({ICalMethod::kRequest, {event}});
  EXPECT_THAT(text, Not(HasSubstr("\r\nATTENDEE:mailto:evil")));
  EXPECT_THAT(text, Not(HasSubstr("\r\nDESCRIPTION")));
  EXPECT_THAT(text, Not(HasSubstr("\";X=1\"")));
}

TEST(ICal, AnAnswerComesBackAsItWent) {
  ICalEvent event = Event();
  event.summary.clear();
  event.organizer->name.clear();
  event.attendees = {{"", "nora@upc.example", Attending::kTentative}};
  event.recurrence = At("2026-12-03T13:00:00Z");
  event.comment = "liever, later;\nof niet \\n";
  for (const ICalMethod method : {ICalMethod::kReply, ICalMethod::kCounter}) {
    const ICalMessage message{method, {event}};
    EXPECT_EQ(ReadICal(WriteICal(message)).value(), message);
  }
}

TEST(ICal, WhatOtherProgramsCallTheZoneIsUnderstood) {
  for (const char* zone : {"Europe/Brussels", "\"Romance Standard Time\"", "/mozilla.org/20050126_1/Europe/Brussels"}) {
    const auto read = ReadICal(Reply(kYes + "DTSTART;TZID=" + zone + ":20260703T140000\r\nDURATION:PT1H\r\n"));
    ASSERT_TRUE(read) << zone;
    EXPECT_EQ(read->events[0].slot, (MeetingSlot{At("2026-07-03T12:00:00Z"), At("2026-07-03T13:00:00Z")}));
  }
}

TEST(ICal, ForeignBytesAreHeldToTheirLimitsAndSayWhatIsWrong) {
  struct Case {
    const char* name;
    std::string bytes;
    const char* rule;
  };
  const std::string start = "DTSTART:20261203T130000Z\r\n";
  std::string many = Reply(kYes);
  for (std::size_t i = 0; i < kICalLinesMax; ++i) many += "X:1\r\n";
  const Case cases[] = {
      {"nothing", "", "calendar.broken"},
      {"noise", "hallo", "calendar.broken"},
      {"no UTF-8", Reply(kYes + "COMMENT:\xff\r\n"), "calendar.broken"},
      {"a zero byte", Reply(kYes + std::string("COMMENT:a\0b\r\n", 13)), "calendar.broken"},
      {"an end of nothing", "END:VCALENDAR\r\n" + Reply(kYes), "calendar.broken"},
      {"too deep", "BEGIN:VCALENDAR\r\nBEGIN:A\r\nBEGIN:A\r\nBEGIN:A\r\nBEGIN:A\r\n" + Reply(kYes), "calendar.broken"},
      {"too large", std::string(kICalBytesMax + 1, 'a'), "calendar.large"},
      {"too many lines", many, "calendar.large"},
      {"an invitation", Reply(start, "REQUEST"), "calendar.method"},
      {"no method", Reply(kYes, "X-OWN"), "calendar.method"},
      {"two events", Reply(kYes + "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\n" + kYes), "calendar.events"},
      {"two people", Reply(kYes + kYes), "calendar.attendee"},
      {"nobody", Reply(""), "calendar.attendee"},
      {"no address", Reply("ATTENDEE;PARTSTAT=ACCEPTED:tel:016\r\n"), "calendar.attendee"},
      {"no answer", Reply("ATTENDEE:mailto:a@b.example\r\n"), "calendar.partstat"},
      {"delegated", Reply("ATTENDEE;PARTSTAT=DELEGATED:mailto:a@b.example\r\n"), "calendar.partstat"},
      {"a counter without a time", Reply(kYes, "COUNTER"), "calendar.time"},
      {"all day", Reply(kYes + "DTSTART;VALUE=DATE:20261203\r\n", "COUNTER"), "calendar.time"},
      {"ends as it begins", Reply(kYes + start + "DTEND:20261203T130000Z\r\n"), "calendar.time"},
      {"longer than a week", Reply(kYes + start + "DURATION:P7DT1S\r\n"), "calendar.time"},
      {"floating", Reply(kYes + "DTSTART:20261203T130000\r\nDURATION:PT1H\r\n"), "calendar.zone"},
      {"another zone", Reply(kYes + "DTSTART;TZID=Asia/Tokyo:20261203T130000\r\nDURATION:PT1H\r\n"), "calendar.zone"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto read = ReadICal(c.bytes);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().rule, c.rule);
    EXPECT_FALSE(read.error().next.empty());
  }
  EXPECT_TRUE(ReadICal(Reply(kYes + start + "DURATION:P7D\r\n")));
  EXPECT_TRUE(ReadICal(Reply(kYes + start + "DURATION:PT1H\r\n", "COUNTER")));
}

TEST(ICal, AnAddressIsOneThatCanStandInACalendar) {
  const std::string host = "@b.example";
  for (const std::string& good : {"a" + host, "a.b+c" + host, std::string(kICalAddressBytesMax - 2, 'a') + "@b"}) {
    EXPECT_TRUE(CheckICalAddress(good, "x")) << good;
  }
  for (const std::string& bad :
       {std::string(), std::string("a"), host, std::string("a@"), "a@b" + host, "a b" + host, "a\r\nX" + host,
        "a:b" + host, "a\"" + host, "é" + host, std::string(kICalAddressBytesMax - 1, 'a') + "@b"}) {
    EXPECT_EQ(CheckICalAddress(bad, "x").error().rule, "calendar.address") << bad;
  }
}

}  // namespace
}  // namespace schakel
