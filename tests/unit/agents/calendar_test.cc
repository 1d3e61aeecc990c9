// Round tables in people's own calendars: what stands there, who finds whom in it, and what is taken back.
#include "agents/calendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/ical.h"
#include "support/meeting_world.h"

namespace schakel {
namespace {

using schakel::test::MeetingOffice;
using ::testing::HasSubstr;
using ::testing::Not;

class CalendarTest : public schakel::test::MeetingsTest {
 protected:
  const Language language = Language::kDutch;

  RecordId Fixed(const ProposalBody& proposal) {
    const RecordId id = Propose(proposal);
    EXPECT_TRUE(wissel.meetings.Fix(id, {first, ""}, {}));
    return id;
  }
  std::string Invitation(MeetingOffice& office, const RecordId& id, const CalendarRequest& request = {}) {
    auto text = office.calendar.Invitation(id, request, language);
    EXPECT_TRUE(text) << ToText(text.error());
    return text ? Unfolded(*text) : std::string();
  }
  static std::string Unfolded(std::string text) {
    for (std::size_t at = text.find("\r\n "); at != std::string::npos; at = text.find("\r\n ")) text.erase(at, 3);
    return text;
  }
  static std::string LineOf(const std::string& text, const std::string& start) {
    const std::size_t at = text.find("\n" + start);
    return at == std::string::npos ? "" : text.substr(at + 1, text.find('\r', at + 1) - at - 1);
  }
  // What a calendar program makes of an invitation, as that program's answer.
  static std::string Answered(std::string invitation, const std::string& address, const std::string& partstat,
                              const std::string& method = "REPLY", const std::string& more = {}) {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:" + method + "\r\nBEGIN:VEVENT\r\n" +
           LineOf(invitation, "UID:") + "\r\n" + LineOf(invitation, "SEQUENCE:") +
           "\r\nDTSTAMP:20261124T090000Z\r\nATTENDEE;PARTSTAT=" + partstat + ":mailto:" + address + "\r\n" + more +
           "END:VEVENT\r\nEND:VCALENDAR\r\n";
  }
};

TEST_F(CalendarTest, NoWordOfTheCaseAndNobodyHiddenStandsThere) {
  ProposalBody proposal = Dates();
  proposal.title = "Sam en de aanhouding";
  proposal.place = "bij mama thuis";
  proposal.agenda = "drugs";
  const RecordId id = Fixed(proposal);
  const RecordId sam = Guest(id, Speaker::kYoungPerson, "Sam Janssens");
  const std::string ours = Invitation(wissel, id);
  const std::string theirs = Invitation(upc, id);
  const std::string for_them = Invitation(wissel, id, {.receiver = upc.id()});
  const std::string for_sam = Invitation(wissel, id, {.guest = sam});
  for (const std::string& text : {ours, theirs, for_them, for_sam}) {
    for (const char* word : {"Sam", "mama", "drugs", "aanhouding", "Janssens"}) EXPECT_THAT(text, Not(HasSubstr(word)));
    EXPECT_THAT(text, Not(HasSubstr(ToText(id)))) << "nor which record it is";
    EXPECT_THAT(text, HasSubstr("ORGANIZER;CN=De Wissel"));
    EXPECT_EQ(LineOf(text, "UID:"), LineOf(ours, "UID:")) << "one meeting everywhere";
  }
  EXPECT_THAT(ours, HasSubstr("CLB Leuven"));
  EXPECT_THAT(theirs, Not(HasSubstr("CLB")));
  EXPECT_THAT(for_them, Not(HasSubstr("CLB")));
  EXPECT_THAT(for_sam, Not(HasSubstr("Leuven")));
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, clb.id(), upc.id(), {}));
  EXPECT_THAT(Invitation(wissel, id, {.receiver = upc.id()}), Not(HasSubstr("CLB"))) << "though it knows of it now";
  EXPECT_THAT(Invitation(upc, id), Not(HasSubstr("CLB")));
  EXPECT_EQ(upc.calendar.Invitation(id, {.receiver = clb.id()}, language).error().rule, "meeting.convener");
  EXPECT_EQ(wissel.calendar.Invitation(id, {.receiver = leuven.police.Self()}, language).error().rule,
            "calendar.receiver");
  EXPECT_EQ(wissel.calendar.Invitation(id, {.organizer = "x"}, language).error().rule, "calendar.address");
}

TEST_F(CalendarTest, TheSequenceFollowsTheDateAndACancellationEndsIt) {
  const RecordId undated = Propose(Dates());
  EXPECT_EQ(upc.calendar.Invitation(undated, {}, language).error().rule, "meeting.no_date");
  const RecordId id = Fixed(Dates());
  const std::string before = Invitation(upc, id);
  EXPECT_THAT(before, HasSubstr("SEQUENCE:0\r\n"));
  ASSERT_TRUE(wissel.meetings.Fix(id, {second, ""}, {}));
  const std::string after = Invitation(upc, id);
  EXPECT_THAT(after, HasSubstr("SEQUENCE:1\r\n"));
  EXPECT_EQ(LineOf(after, "UID:"), LineOf(before, "UID:"));
  ASSERT_TRUE(wissel.meetings.Cancel(id, {"Sam is ziek", {}}, {}));
  const std::string cancelled = Invitation(upc, id);
  for (const char* line : {"METHOD:CANCEL\r\n", "STATUS:CANCELLED\r\n", "SEQUENCE:2\r\n"}) {
    EXPECT_THAT(cancelled, HasSubstr(line));
  }
  EXPECT_THAT(cancelled, Not(HasSubstr("ziek")));
}

TEST_F(CalendarTest, AnAnswerFromACalendarIsOurOwnSignedAnswer) {
  const RecordId id = Fixed(Dates());
  const std::string invitation = Invitation(upc, id, {.attendee = "nora@upc.example"});
  EXPECT_THAT(invitation, HasSubstr("mailto:nora@upc.example"));
  EXPECT_EQ(RuleOf(upc.calendar.Take(Answered(invitation, "nora@upc.example", "DECLINED"), {})), "");
  ASSERT_EQ(Seen(wissel, id).answers.size(), 1U);
  EXPECT_EQ(Seen(wissel, id).answers[0].organisation, upc.id());
  EXPECT_EQ(Seen(wissel, id).answers[0].attending, Attending::kDeclined);
  EXPECT_THAT(Unfolded(upc.calendar.Answer(id, {}, language).value()), HasSubstr("PARTSTAT=DECLINED"));
  EXPECT_EQ(clb.calendar.Answer(id, {}, language).error().rule, "calendar.no_answer");

  EXPECT_EQ(RuleOf(upc.calendar.Take(Answered(invitation, "clb-leuven@schakel.invalid", "ACCEPTED"), {})),
            "calendar.attendee_other");
  EXPECT_EQ(RuleOf(wissel.calendar.Take(Answered(invitation, "upc-leuven@schakel.invalid", "ACCEPTED"), {})),
            "calendar.attendee_partner")
      << "another organisation signs its own";
  const auto again = wissel.calendar.Take(Answered(invitation, "UPC-Leuven@schakel.invalid", "DECLINED"), {});
  ASSERT_TRUE(again) << "that is what it signed";
  EXPECT_EQ(again->record, Seen(wissel, id).answers[0].record);
  EXPECT_EQ(Seen(wissel, id).answers.size(), 1U);
  EXPECT_EQ(wissel.calendar.MeetingIn(Answered(invitation, "x@y.example", "DECLINED"))->id, id);
  EXPECT_EQ(RuleOf(wissel.calendar.Take(Answered(invitation, "nora@upc.example", "ACCEPTED"), {})),
            "calendar.attendee_other");
  ASSERT_TRUE(wissel.meetings.Fix(id, {second, ""}, {}));
  EXPECT_EQ(RuleOf(upc.calendar.Take(Answered(invitation, "nora@upc.example", "ACCEPTED"), {})), "meeting.changed");
  EXPECT_EQ(RuleOf(upc.calendar.Take(Answered("\nUID:x\r\nSEQUENCE:0\r\n", "a@b.example", "ACCEPTED"), {})),
            "calendar.unknown");
}

// The file that the convener cannot take is the one that the partner takes, and then the convener can.
TEST_F(CalendarTest, APartnersAnswerThatWasMailedToTheConvenerCountsOnceThePartnerTookIt) {
  const RecordId id = Fixed(Dates());
  const std::string invitation = Invitation(wissel, id, {.receiver = upc.id(), .organizer = "agenda@dewissel.example"});
  const std::string mailed = Answered(invitation, "upc-leuven@schakel.invalid", "ACCEPTED");
  EXPECT_EQ(RuleOf(wissel.calendar.Take(mailed, {})), "calendar.attendee_partner");
  EXPECT_TRUE(Seen(wissel, id).answers.empty()) << "nobody answers in a partner's name";
  ASSERT_TRUE(upc.calendar.Take(mailed, {}));
  ASSERT_EQ(Seen(wissel, id).answers.size(), 1U);
  EXPECT_EQ(Seen(wissel, id).answers[0].organisation, upc.id());
  EXPECT_EQ(Seen(wissel, id).answers[0].attending, Attending::kAccepted);
  ASSERT_TRUE(wissel.calendar.Take(mailed, {}));
  EXPECT_EQ(Seen(wissel, id).answers.size(), 1U);
}

TEST_F(CalendarTest, ACounterAsksForAnotherTime) {
  const RecordId id = Fixed(Dates());
  const std::string more = "DTSTART;TZID=Europe/Brussels:20261205T100000\r\nDURATION:PT1H30M\r\nCOMMENT:na school\r\n";
  const std::string counter = Answered(Invitation(upc, id), "upc-leuven@schakel.invalid", "TENTATIVE", "COUNTER", more);
  ASSERT_TRUE(upc.calendar.Take(counter, {}));
  const MeetingSlot asked{ParseTimestamp("2026-12-05T09:00:00Z").value(),
                          ParseTimestamp("2026-12-05T10:30:00Z").value()};
  EXPECT_EQ(Seen(wissel, id).answers[0].counter, asked);
  const std::string back = upc.calendar.Answer(id, {}, language).value();
  EXPECT_THAT(back, HasSubstr("METHOD:COUNTER\r\n"));
  EXPECT_THAT(back, HasSubstr("DTSTART;TZID=Europe/Brussels:20261205T100000\r\n"));
  EXPECT_THAT(back, Not(HasSubstr("school"))) << "a word of the case";
}

TEST_F(CalendarTest, AGuestIsKnownByTheirAddress) {
  const RecordId id = Fixed(Dates());
  const RecordId sam = Guest(id, Speaker::kYoungPerson);
  const RecordId mother =
      wissel.meetings.Invite(id, {"mama", Speaker::kMother, "Mama@post.example"}, {}).value().record;
  EXPECT_EQ(RuleOf(wissel.meetings.Invite(id, {"x", Speaker::kOther, "geen adres"}, {})), "calendar.address");
  const std::string invitation = Invitation(wissel, id, {.guest = sam});
  const std::string address = "gast-" + ToText(sam).substr(0, 8) + "@schakel.invalid";
  EXPECT_THAT(invitation, HasSubstr(address));
  ASSERT_TRUE(wissel.calendar.Take(Answered(invitation, address, "ACCEPTED"), {}));
  ASSERT_TRUE(wissel.calendar.Take(Answered(invitation, "mama@post.example", "DECLINED"), {}));
  const auto answers = Seen(wissel, id).answers;
  ASSERT_EQ(answers.size(), 2U);
  for (const Meeting::Answer& one : answers) {
    EXPECT_EQ(one.attending, one.guest == mother ? Attending::kDeclined : Attending::kAccepted);
  }
  EXPECT_EQ(RuleOf(upc.calendar.Take(Answered(invitation, address, "ACCEPTED"), {})), "calendar.attendee_other");
}

TEST_F(CalendarTest, OneOfASeriesMovesIsCalledOffAndIsAnswered) {
  const MeetingSlot begin{first.begins_at + std::chrono::milliseconds(7), first.ends_at};
  ProposalBody proposal = Dates();
  proposal.slots[0] = begin;
  const RecordId id = Propose(proposal);
  ASSERT_TRUE(wissel.meetings.Fix(id, {.slot = begin, .every_weeks = 1, .times = 3}, {}));
  const auto all = OccurrencesOf(Seen(upc, id));
  ASSERT_TRUE(wissel.meetings.Fix(id, {.slot = second, .occurrence = all[1].begins_at}, {}));
  ASSERT_TRUE(wissel.meetings.Cancel(id, {"", all[2].begins_at}, {}));
  const std::string whole = Invitation(upc, id);
  for (const char* line : {"RRULE:FREQ=WEEKLY;COUNT=3\r\n", "EXDATE;TZID=Europe/Brussels:20261217T090000\r\n",
                           "RECURRENCE-ID;TZID=Europe/Brussels:20261210T090000\r\n"}) {
    EXPECT_THAT(whole, HasSubstr(line));
  }
  const std::string off = Invitation(upc, id, {.occurrence = all[2].begins_at});
  EXPECT_THAT(off, HasSubstr("METHOD:CANCEL\r\n"));
  EXPECT_EQ(upc.calendar.Invitation(id, {.occurrence = start}, language).error().rule, "meeting.occurrence");
  const std::string of_one = "RECURRENCE-ID;TZID=Europe/Brussels:20261210T090000\r\n";
  ASSERT_TRUE(upc.calendar.Take(Answered(whole, "upc-leuven@schakel.invalid", "DECLINED", "REPLY", of_one), {}));
  EXPECT_EQ(Seen(wissel, id).answers[0].occurrence, all[1].begins_at);
  const std::string never = "RECURRENCE-ID:20261211T080000Z\r\n";
  EXPECT_EQ(RuleOf(upc.calendar.Take(Answered(whole, "upc-leuven@schakel.invalid", "DECLINED", "REPLY", never), {})),
            "meeting.occurrence");
}

TEST_F(CalendarTest, OnlyTheConvenerCallsOffFromACalendar) {
  const RecordId id = Fixed(Dates());
  const std::string cancel = Answered(Invitation(wissel, id), "x@y.example", "DECLINED", "CANCEL", "COMMENT:ziek\r\n");
  EXPECT_EQ(RuleOf(upc.calendar.Take(cancel, {})), "calendar.cancel");
  EXPECT_TRUE(IsNone(Seen(upc, id).cancelled));
  EXPECT_EQ(RuleOf(wissel.calendar.Take(cancel, {})), "");
  EXPECT_FALSE(IsNone(Seen(upc, id).cancelled));
}

}  // namespace
}  // namespace schakel
