// What we write is read by libraries that we did not write (python3-icalendar, dateutil and zoneinfo), and what those
// write is taken back in. Instants are compared in UTC, across the change to summer time on 28 March 2027.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "services/ical.h"
#include "support/paths.h"
#include "support/process.h"

namespace schakel::testing {
namespace {

using ::testing::ElementsAre;

// The library is Debian's, so the interpreter is too.
std::vector<std::string> AnotherProgram(const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {"/usr/bin/python3", SourceDir() / "tests/interop/ical/another_program.py"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

std::vector<std::string> ReadElsewhere(const ICalMessage& message) {
  const Finished read = schakel::testing::Run(AnotherProgram({"read"}), WriteICal(message));
  EXPECT_EQ(read.exit_code, 0) << read.err;
  std::vector<std::string> lines;
  std::istringstream from(read.out);
  for (std::string line; std::getline(from, line);) lines.push_back(line);
  return lines;
}

ICalMessage WrittenElsewhere(const std::string& method) {
  const Finished written = schakel::testing::Run(AnotherProgram({"write", method}));
  EXPECT_EQ(written.exit_code, 0) << written.err;
  const auto read = ReadICal(written.out);
  EXPECT_TRUE(read) << ToText(read.error());
  return read.value_or(ICalMessage{});
}

Timestamp Instant(const char* text) { return ParseTimestamp(text).value(); }

// Mondays at two in the afternoon by the clock of Brussels, before and after the change.
ICalEvent Mondays() {
  ICalEvent event;
  event.uid = "00ff@schakel.invalid";
  event.sequence = 2;
  event.stamp = Instant("2027-03-01T08:00:00Z");
  event.slot = MeetingSlot{Instant("2027-03-15T13:00:00Z"), Instant("2027-03-15T14:30:00Z")};
  event.every_weeks = 1;
  event.times = 4;
  event.without = {Instant("2027-03-22T13:00:00Z")};
  event.summary = "Ronde tafel, met koffie; ook voor de grootouders en wie zij nog graag aan tafel willen zien";
  event.organizer = ICalAttendee{"De Wissel", "de-wissel@schakel.invalid", {}};
  event.attendees = {{"UPC, Leuven: team 3", "upc-leuven@schakel.invalid", {}}};
  return event;
}
// The one of 29 March is on the day of the change instead, in the morning.
ICalEvent Moved() {
  ICalEvent event = Mondays();
  event.every_weeks = 0;
  event.times = 0;
  event.without.clear();
  event.attendees.clear();
  event.recurrence = Instant("2027-03-29T12:00:00Z");
  event.slot = MeetingSlot{Instant("2027-03-28T08:00:00Z"), Instant("2027-03-28T09:30:00Z")};
  return event;
}

TEST(CalendarInterop, ASeriesWithOneThatMovedIsTheSameMomentsElsewhere) {
  const std::string head = "event 00ff@schakel.invalid 2 CONFIRMED " + Mondays().summary;
  EXPECT_THAT(
      ReadElsewhere({ICalMethod::kRequest, {Mondays(), Moved()}}),
      ElementsAre("method REQUEST", "zone Europe/Brussels 2027-03-27 3600", "zone Europe/Brussels 2027-03-29 7200",
                  head, "at 2027-03-15T13:00:00Z 2027-03-15T14:30:00Z", "organizer mailto:de-wissel@schakel.invalid",
                  "attendee mailto:upc-leuven@schakel.invalid UPC, Leuven: team 3", head,
                  "at 2027-03-28T08:00:00Z 2027-03-28T09:30:00Z", "instead-of 2027-03-29T12:00:00Z",
                  "organizer mailto:de-wissel@schakel.invalid", "occurs 2027-03-15T13:00:00Z 2027-03-15T14:30:00Z",
                  "occurs 2027-03-28T08:00:00Z 2027-03-28T09:30:00Z",
                  "occurs 2027-04-05T12:00:00Z 2027-04-05T13:30:00Z"));
}

TEST(CalendarInterop, ACancellationIsOfTheSameMomentElsewhere) {
  ICalEvent event = Moved();
  event.cancelled = true;
  event.sequence = 4;
  event.summary = "Ronde tafel";
  EXPECT_THAT(
      ReadElsewhere({ICalMethod::kCancel, {event}}),
      ElementsAre("method CANCEL", "zone Europe/Brussels 2027-03-27 3600", "zone Europe/Brussels 2027-03-29 7200",
                  "event 00ff@schakel.invalid 4 CANCELLED Ronde tafel", "at 2027-03-28T08:00:00Z 2027-03-28T09:30:00Z",
                  "instead-of 2027-03-29T12:00:00Z", "organizer mailto:de-wissel@schakel.invalid"));
}

TEST(CalendarInterop, WhatAnotherProgramAnswersIsTakenBackIn) {
  struct Case {
    const char* method;
    ICalMethod read_as;
    Attending attending;
    MeetingSlot slot;
  };
  const Case cases[] = {
      {"REPLY",
       ICalMethod::kReply,
       Attending::kDeclined,
       {Instant("2027-03-29T12:00:00Z"), Instant("2027-03-29T13:00:00Z")}},
      {"COUNTER",
       ICalMethod::kCounter,
       Attending::kTentative,
       {Instant("2027-03-28T08:00:00Z"), Instant("2027-03-28T09:00:00Z")}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.method);
    const ICalMessage message = WrittenElsewhere(c.method);
    EXPECT_EQ(message.method, c.read_as);
    ASSERT_EQ(message.events.size(), 1U);
    const ICalEvent& event = message.events[0];
    EXPECT_EQ(event.uid, "00ff@schakel.invalid");
    EXPECT_EQ(event.sequence, 3U);
    EXPECT_EQ(event.stamp, Instant("2027-03-20T09:00:00Z"));
    EXPECT_EQ(event.recurrence, Instant("2027-03-29T12:00:00Z"));
    EXPECT_EQ(event.slot, c.slot);
    EXPECT_THAT(event.attendees, ElementsAre(ICalAttendee{"", "nora@upc.example", c.attending}));
    EXPECT_EQ(event.comment,
              "liever zondag; of, als het moet, later: we zien wel hoe het loopt in de eerste week na de vakantie");
  }
}

}  // namespace
}  // namespace schakel::testing
