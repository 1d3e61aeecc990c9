// Guests who come by a personal link: what opens it, what ends it, and what they see and say.
#include "agents/guests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "agents/inquiry.h"
#include "agents/keeping.h"
#include "agents/report.h"
#include "people/guest_links.h"
#include "protocol/evidence.h"
#include "support/meeting_world.h"

namespace schakel {
namespace {

using schakel::test::MeetingsTest;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using enum VoteChoice;
using State = GuestService::State;

constexpr const char* kAddress = "192.0.2.7";
constexpr milliseconds kTick{1};

class GuestsTest : public MeetingsTest {
 protected:
  GuestService guests{wissel.engine, wissel.cases, wissel.meetings, leuven.region.clock, leuven.region.random};
  AuditService audit{wissel.engine};
  Reading reading{wissel.engine, leuven.region.clock};
  InquiryService inquiry{wissel.engine, wissel.cases, audit, leuven.region.clock};
  ReportService report{wissel.engine, wissel.cases, audit, reading, leuven.region.clock};
  const Caller nora{{"Nora", StaffRole::kWorker}, ViewReason::kTask};
  const Caller auditor{{"Zoë", StaffRole::kAuditor}, ViewReason::kAudit};
  const RecordId table = Propose(Dates());
  const RecordId sam = Guest(table, Speaker::kYoungPerson);
  const RecordId mother = Guest(table, Speaker::kMother, "Mama Els");

  std::string Link(const RecordId& guest) { return guests.Make(table, guest, {}, nora).value().secret; }
  GuestService::Visit In(const std::string& link) {
    return guests.Who(guests.Enter(link, kAddress).value().session).value();
  }
  std::string RuleOfEntering(const std::string& link) {
    const auto entered = guests.Enter(link, kAddress);
    return entered ? "" : entered.error().rule;
  }
  std::vector<std::string> Events() {
    std::vector<std::string> whats;
    const auto overview = guests.Show(table).value();
    for (const auto& event : overview.events) whats.emplace_back(event.what);
    return whats;
  }
  State StateOf(const RecordId& guest) {
    const auto overview = guests.Show(table).value();
    return std::ranges::find(overview.guests, guest, &GuestService::Standing::guest)->state;
  }
  void Advance(milliseconds by) { leuven.region.clock.Advance(by); }
  std::vector<AccessRow> Audited(Question question, const std::string& person = {}) {
    Inquiry asked;
    asked.question = question;
    asked.trajectory = trajectory;
    asked.person = person;
    auto findings = inquiry.Ask(asked, auditor, std::chrono::seconds(1));
    EXPECT_TRUE(findings) << ToText(findings.error());
    return findings ? findings->rows : std::vector<AccessRow>{};
  }
  // "link-opened young-person Sam (gast ..)", of links and of what guests did; each once.
  static std::set<std::string> OfGuests(const std::vector<AccessRow>& rows) {
    std::set<std::string> told;
    for (const AccessRow& row : rows) {
      const std::string what(Slug(row.what));
      if (!row.guest && !what.starts_with("link-")) continue;
      EXPECT_FALSE(row.guest && row.role) << "not in the role of a worker";
      EXPECT_FALSE(row.task && row.guest);
      told.insert(what + (row.guest ? " " + std::string(Slug(*row.guest)) : "") + " " + row.person.value_or("?"));
    }
    return told;
  }
  void NameByRole() {
    RulesStatement rules;
    rules.rules.names_by_role = true;
    rules.issued_at = leuven.region.clock.Now();
    leuven.region.Apply(rules);
  }
};

TEST_F(GuestsTest, ALinkOpensOneMeetingForOneGuest) {
  const auto visit = In(Link(sam));
  EXPECT_EQ(visit.meeting, table);
  EXPECT_EQ(visit.guest, sam);
  EXPECT_EQ(StateOf(sam), State::kHolds);
  EXPECT_EQ(StateOf(mother), State::kNone);
  EXPECT_THAT(Events(), ElementsAre("made", "used"));
  EXPECT_EQ(guests.Show(table).value().events[0].by, "Nora");
}

TEST_F(GuestsTest, OfALinkTheVaultHoldsAHashAlone) {
  const std::string link = Link(sam);
  EXPECT_EQ(link.size(), 43U) << "32 bytes as base64url";
  const auto rows = wissel.engine.Kept(GuestLinks::kSet).value();
  ASSERT_EQ(rows.size(), 1U);
  const std::string row(rows.begin()->second.begin(), rows.begin()->second.end());
  EXPECT_THAT(row, Not(HasSubstr(link)));
}

TEST_F(GuestsTest, UnknownExpiredAndRevokedLinksAreAnsweredAlike) {
  const std::string expired = guests.Make(table, sam, start + hours(1), nora).value().secret;
  const std::string revoked = Link(mother);
  ASSERT_TRUE(guests.Revoke(table, mother, nora));
  Advance(hours(1));
  const auto unknown = guests.Enter("no such link", kAddress).error();
  for (const std::string& link : {expired, revoked, std::string(), std::string(43, 'A')}) {
    const auto refused = guests.Enter(link, kAddress);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::kUnauthenticated);
    EXPECT_EQ(refused.error().rule, "guest.link");
    EXPECT_EQ(refused.error().field, unknown.field);
    EXPECT_EQ(refused.error().next, unknown.next);
  }
  EXPECT_EQ(StateOf(sam), State::kExpired);
  EXPECT_EQ(StateOf(mother), State::kRevoked);
  EXPECT_THAT(Events(), ElementsAre("made", "made", "revoked", "refused", "refused"));
  EXPECT_EQ(RuleOfEntering(expired), "guest.link");
  EXPECT_EQ(Events().size(), 5U) << "the same again is not noted each time";
}

TEST_F(GuestsTest, ALinkHoldsUntilTheInstantItExpiresAndItsSessionsNoLonger) {
  const std::string link = guests.Make(table, sam, start + hours(1), nora).value().secret;
  Advance(hours(1) - kTick);
  const auto entered = guests.Enter(link, kAddress).value();
  EXPECT_TRUE(guests.Who(entered.session));
  Advance(kTick);
  EXPECT_FALSE(guests.Who(entered.session));
  EXPECT_EQ(RuleOfEntering(link), "guest.link");
}

TEST_F(GuestsTest, ANewLinkRevokesTheOneBeforeAndItsSession) {
  const std::string before = Link(sam);
  const std::string session = guests.Enter(before, kAddress).value().session;
  const std::string after = Link(sam);
  EXPECT_FALSE(guests.Who(session));
  EXPECT_EQ(RuleOfEntering(before), "guest.link");
  EXPECT_EQ(RuleOfEntering(after), "");
  EXPECT_THAT(Events(), ElementsAre("made", "used", "revoked", "made", "used"));
}

TEST_F(GuestsTest, WhatWasRevokedDoesNotComeBackByReplayOrRestart) {
  const std::string link = Link(sam);
  const std::string session = guests.Enter(link, kAddress).value().session;
  ASSERT_TRUE(guests.Revoke(table, sam, nora));
  EXPECT_FALSE(guests.Who(session));
  EXPECT_EQ(RuleOfEntering(link), "guest.link");
  EXPECT_EQ(guests.Revoke(table, sam, nora).error().rule, "guest.no_link");
  GuestService again(wissel.engine, wissel.cases, wissel.meetings, leuven.region.clock, leuven.region.random);
  ASSERT_TRUE(again.Load());
  EXPECT_FALSE(again.Enter(link, kAddress));
}

TEST_F(GuestsTest, ALinkOutlivesARestartAndASessionDoesNot) {
  const std::string link = Link(sam);
  const std::string session = guests.Enter(link, kAddress).value().session;
  GuestService again(wissel.engine, wissel.cases, wissel.meetings, leuven.region.clock, leuven.region.random);
  ASSERT_TRUE(again.Load());
  EXPECT_FALSE(again.Who(session));
  EXPECT_TRUE(again.Enter(link, kAddress));
}

TEST_F(GuestsTest, ASessionIsAlwaysNewAndEndsIdleOrAtWill) {
  const std::string link = Link(sam);
  const std::string earlier = guests.Enter(link, kAddress).value().session;
  const std::string later = guests.Enter(link, kAddress).value().session;
  EXPECT_NE(earlier, later);
  EXPECT_FALSE(guests.Who(earlier)) << "one at a time: who took the link is noticed";
  Advance(hours(2) - kTick);
  EXPECT_TRUE(guests.Who(later));
  Advance(hours(2));
  EXPECT_FALSE(guests.Who(later)) << "idle";
  const std::string third = guests.Enter(link, kAddress).value().session;
  guests.Leave(third);
  EXPECT_FALSE(guests.Who(third));
  EXPECT_FALSE(guests.Who(link)) << "a link is no session";
  EXPECT_EQ(RuleOfEntering(third), "guest.link") << "a session is no link";
}

TEST_F(GuestsTest, ALinkDiesWithTheMeetingTheTrajectoryAndTheGuest) {
  const std::string link = Link(sam);
  const std::string of_mother = Link(mother);
  const std::string session = guests.Enter(link, kAddress).value().session;
  ASSERT_TRUE(wissel.meetings.TakeOff(table, sam, "op eigen vraag", {}));
  EXPECT_FALSE(guests.Who(session));
  EXPECT_EQ(RuleOfEntering(link), "guest.link");
  EXPECT_EQ(RuleOfEntering(of_mother), "");
  EXPECT_EQ(guests.Make(table, sam, {}, nora).error().rule, "meeting.guest");

  const std::string mothers = guests.Enter(of_mother, kAddress).value().session;
  ASSERT_TRUE(wissel.meetings.Cancel(table, {}, {}));
  EXPECT_FALSE(guests.Who(mothers));
  EXPECT_EQ(RuleOfEntering(of_mother), "guest.link");
  EXPECT_EQ(guests.Make(table, mother, {}, nora).error().rule, "meeting.cancelled");
  EXPECT_EQ(StateOf(mother), State::kExpired);
}

TEST_F(GuestsTest, ALinkDiesWhenTheTrajectoryIsClosed) {
  const std::string link = Link(sam);
  const std::string session = guests.Enter(link, kAddress).value().session;
  const auto closed =
      wissel.trajectories.Close(trajectory, {"klaar", "op papier", CopyTaken::kTaken, ""}, std::nullopt, {});
  ASSERT_TRUE(closed) << ToText(closed.error());
  EXPECT_FALSE(guests.Who(session));
  EXPECT_EQ(RuleOfEntering(link), "guest.link");
  EXPECT_EQ(guests.Make(table, sam, {}, nora).error().rule, "guest.closed");
}

TEST_F(GuestsTest, OfAnErasedTrajectoryNoLinkIsLeft) {
  const std::string link = Link(sam);
  const std::string session = guests.Enter(link, kAddress).value().session;
  ErasureService erasure(wissel.engine, wissel.cases);
  ASSERT_TRUE(erasure.Propose(trajectory, EraseReason::kSubjectRequest, {"Sam vroeg het"}, nora, {}));
  ASSERT_TRUE(erasure.Confirm(trajectory, {{"Karim", StaffRole::kCoordinator}, ViewReason::kTask}, {}));
  EXPECT_FALSE(guests.Who(session));
  EXPECT_EQ(RuleOfEntering(link), "guest.link");
  EXPECT_THAT(wissel.engine.Kept(GuestLinks::kSet).value(), IsEmpty());
}

TEST_F(GuestsTest, ItHoldsUntilTheEndOfTheDayOfTheMeetingAndNeverLongerThan90Days) {
  EXPECT_EQ(guests.Make(table, sam, {}, nora).value().expires_at, start + days(30)) << "no date yet";
  EXPECT_EQ(guests.Make(table, sam, start + days(90), nora).value().expires_at, start + days(90));
  EXPECT_EQ(guests.Make(table, sam, start + days(90) + kTick, nora).error().rule, "guest.period");
  EXPECT_EQ(guests.Make(table, sam, start, nora).error().rule, "guest.period");
  ASSERT_TRUE(wissel.meetings.Fix(table, {first, ""}, {}));
  EXPECT_EQ(guests.Make(table, sam, {}, nora).value().expires_at, ParseTimestamp("2026-12-03T23:00:00Z").value())
      << "midnight in Brussels";
  Advance(days(11));
  EXPECT_EQ(guests.Make(table, sam, {}, nora).error().rule, "guest.period") << "that day is over";
}

TEST_F(GuestsTest, ALinkWhoseEndNobodyChoseHoldsUntilALaterDate) {
  const MeetingSlot late{start + days(40), start + days(40) + hours(1)};
  const Timestamp midnight = ParseTimestamp("2027-01-02T23:00:00Z").value();
  const std::string follows = Link(sam);
  const std::string chosen = guests.Make(table, mother, start + days(30), nora).value().secret;
  Advance(days(20));
  ASSERT_TRUE(wissel.meetings.Fix(table, {late, ""}, {}));
  ASSERT_TRUE(guests.Follow(table));
  const auto ends = [&](const RecordId& guest) {
    const auto overview = guests.Show(table).value();
    return *std::ranges::find(overview.guests, guest, &GuestService::Standing::guest)->expires_at;
  };
  EXPECT_EQ(ends(sam), midnight);
  EXPECT_EQ(ends(mother), start + days(30));
  ASSERT_TRUE(wissel.meetings.Fix(table, {{start + days(25), start + days(25) + hours(1)}, ""}, {}));
  ASSERT_TRUE(guests.Follow(table));
  EXPECT_EQ(ends(sam), midnight) << "never sooner";
  Advance(days(20));
  EXPECT_EQ(RuleOfEntering(follows), "");
  EXPECT_EQ(RuleOfEntering(chosen), "guest.link");
  GuestService again(wissel.engine, wissel.cases, wissel.meetings, leuven.region.clock, leuven.region.random);
  ASSERT_TRUE(again.Load());
  EXPECT_TRUE(again.Enter(follows, kAddress)) << "it stands in the vault";
  ASSERT_TRUE(wissel.meetings.Fix(table, {{start + days(200), start + days(200) + hours(1)}, ""}, {}));
  ASSERT_TRUE(guests.Follow(table));
  EXPECT_EQ(ends(sam), start + days(90)) << "no longer than that since it was made";
}

TEST_F(GuestsTest, ALinkThatHadEndedDoesNotComeBackWithADate) {
  const std::string link = Link(sam);
  Advance(days(30));
  ASSERT_TRUE(wissel.meetings.Fix(table, {{start + days(40), start + days(40) + hours(1)}, ""}, {}));
  EXPECT_EQ(RuleOfEntering(link), "guest.link");
  EXPECT_EQ(StateOf(sam), State::kExpired);
}

// Nobody has to ask in between: whoever comes finds that there is a date.
TEST_F(GuestsTest, ALinkFollowsADateThatWasFixedWhileTheAgentWasAway) {
  const std::string link = Link(sam);
  Advance(days(29));
  ASSERT_TRUE(wissel.meetings.Fix(table, {{start + days(40), start + days(40) + hours(1)}, ""}, {}));
  Advance(days(5));
  EXPECT_EQ(RuleOfEntering(link), "");
}

TEST_F(GuestsTest, LinksOfBeforeTheirEndWasWrittenDownAreStillRead) {
  const std::string link = Link(sam);
  const auto rows = wissel.engine.Kept(GuestLinks::kSet).value();
  ASSERT_EQ(rows.size(), 1U);
  // An array of 11, version 2, .., the end; as version 1 had it: of 10, without the end.
  Bytes row = rows.begin()->second;
  ASSERT_EQ(row[0], 0x9B);
  ASSERT_EQ(row[1], 2);
  row[0] = 0x9A;
  row[1] = 1;
  row.pop_back();
  ASSERT_TRUE(wissel.engine.Keep({{GuestLinks::kSet, rows.begin()->first, row}}));
  GuestService again(wissel.engine, wissel.cases, wissel.meetings, leuven.region.clock, leuven.region.random);
  ASSERT_TRUE(again.Load());
  EXPECT_TRUE(again.Enter(link, kAddress));
}

TEST_F(GuestsTest, OneOfASeriesIsAnsweredByItself) {
  FixedBody series{first, ""};
  series.every_weeks = 1;
  series.times = 3;
  ASSERT_TRUE(wissel.meetings.Fix(table, series, {}));
  const Timestamp second_of_them = first.begins_at + days(7);
  const Timestamp third_of_them = first.begins_at + days(14);
  ASSERT_TRUE(wissel.meetings.Cancel(table, {"feestdag", third_of_them}, {}));
  const auto visit = In(Link(sam));
  AttendBody declines;
  declines.attending = Attending::kDeclined;
  declines.occurrence = second_of_them;
  const auto revision = guests.Look(visit).value().revision;
  ASSERT_TRUE(guests.Answer(visit, declines, revision, {}));
  ASSERT_TRUE(guests.Answer(visit, {}, revision, {})) << "to all the others yes";
  const auto view = guests.Look(visit).value();
  ASSERT_EQ(view.occurrences.size(), 2U) << "one does not take place";
  EXPECT_FALSE(view.occurrences[0].answer);
  EXPECT_EQ(view.occurrences[1].occurrence, second_of_them);
  EXPECT_EQ(view.occurrences[1].answer->attending, Attending::kDeclined);
  EXPECT_EQ(view.answer->attending, Attending::kAccepted);
  declines.occurrence = third_of_them;
  EXPECT_EQ(RuleOf(guests.Answer(visit, declines, revision, {})), "meeting.cancelled");
  declines.occurrence = first.begins_at + hours(1);
  EXPECT_EQ(RuleOf(guests.Answer(visit, declines, revision, {})), "meeting.occurrence");
}

TEST_F(GuestsTest, OnlyTheConvenerAndWhoHasTheTaskMakesLinks) {
  GuestService theirs(upc.engine, upc.cases, upc.meetings, leuven.region.clock, leuven.region.random);
  EXPECT_EQ(theirs.Make(table, sam, {}, nora).error().rule, "meeting.convener");
  EXPECT_EQ(theirs.Show(table).error().rule, "meeting.convener");
  TaskService tasks(wissel.engine, leuven.region.clock);
  const Caller karim{{"Karim", StaffRole::kCoordinator}, ViewReason::kTask};
  ASSERT_TRUE(tasks.Assign(trajectory, "Lotte", std::nullopt, karim.person));
  EXPECT_EQ(guests.Make(table, sam, {}, nora).error().rule, "guest.task");
  EXPECT_TRUE(guests.Make(table, sam, {}, {{"Lotte", StaffRole::kWorker}, ViewReason::kTask}));
  EXPECT_TRUE(guests.Make(table, sam, {}, karim));
  EXPECT_TRUE(guests.Revoke(table, sam, nora)) << "taking it back is for every colleague";
  EXPECT_EQ(guests.Make(table, table, {}, nora).error().rule, "meeting.guest");
}

TEST_F(GuestsTest, AGuestSeesThatMeetingAndItsOwnAnswersAlone) {
  ProposalBody proposal = Dates();
  proposal.agenda = "hoe gaat het op school";
  proposal.why_not = "vader zit in het buitenland";
  proposal.left_out = {Speaker::kFather};
  const RecordId id = Propose(proposal);
  const RecordId lou = Guest(id, Speaker::kYoungPerson, "Lou");
  const RecordId els = Guest(id, Speaker::kMother, "Els");
  ASSERT_TRUE(wissel.meetings.VoteFor(id, els, {{kNo, kYes}, "ik werk"}, {}));
  ASSERT_TRUE(upc.meetings.Vote(id, {{kYes, kYes}, ""}, {}));
  const auto visit = In(guests.Make(id, lou, {}, nora).value().secret);
  const std::size_t before = wissel.engine.views().size();
  const auto view = guests.Look(visit).value();
  EXPECT_EQ(view.proposal.agenda, "hoe gaat het op school");
  EXPECT_EQ(view.guest.name, "Lou");
  EXPECT_EQ(view.convener, "De Wissel");
  EXPECT_THAT(view.choices, IsEmpty());
  // Logged in the guest's name: the proposal and its own name, nothing of others.
  std::vector<RecordId> seen;
  for (std::size_t i = before; i < wissel.engine.views().size(); ++i) {
    const ::schakel::View& one = wissel.engine.views()[i];
    seen.push_back(one.record);
    EXPECT_EQ(wissel.engine.NameOf(one.person), GuestPersonName("Lou", lou));
    EXPECT_EQ(one.reason, ViewReason::kRoundTable);
  }
  EXPECT_THAT(seen, ::testing::UnorderedElementsAre(id, lou));
}

TEST_F(GuestsTest, WhatAGuestSaysLandsAsTheRecordThatTheConvenerKeeps) {
  const auto visit = In(Link(sam));
  EXPECT_EQ(RuleOf(guests.Vote(visit, {{kYes}, ""}, {})), "meeting.votes");
  EXPECT_EQ(RuleOf(guests.Answer(visit, {}, {}, {})), "meeting.no_date");
  ASSERT_TRUE(guests.Vote(visit, {{kNo, kYes}, "na school"}, {}));
  const Meeting voted = Seen(wissel, table);
  ASSERT_TRUE(voted.guests[0].vote);
  EXPECT_EQ(voted.guests[0].vote->choices, (std::vector{kNo, kYes}));
  const auto record = wissel.engine.Open(voted.guests[0].vote->record).value();
  EXPECT_TRUE(std::get<VoteBody>(DecodeBody(record).value()).by_link);
  EXPECT_FALSE(upc.engine.Find(voted.guests[0].vote->record)) << "it reaches nobody else";
  EXPECT_EQ(guests.Look(visit).value().choices, (std::vector{kNo, kYes}));

  ASSERT_TRUE(wissel.meetings.Fix(table, {second, "Leuven"}, {}));
  EXPECT_EQ(RuleOf(guests.Vote(visit, {{kYes, kYes}, ""}, {})), "guest.fixed");
  const auto view = guests.Look(visit).value();
  EXPECT_EQ(view.fixed->place, "Leuven");
  ASSERT_TRUE(wissel.meetings.Fix(table, {first, ""}, {}));
  AttendBody comes;
  EXPECT_EQ(RuleOf(guests.Answer(visit, comes, view.revision, {})), "meeting.changed") << "it answers what it saw";
  comes.attending = Attending::kDeclined;
  comes.counter = second;
  ASSERT_TRUE(guests.Answer(visit, comes, guests.Look(visit).value().revision, {}));
  const Meeting answered = Seen(wissel, table);
  ASSERT_EQ(answered.answers.size(), 1U);
  EXPECT_EQ(answered.answers[0].guest, sam);
  EXPECT_EQ(answered.answers[0].counter, second);
  EXPECT_TRUE(guests.Look(visit).value().answer->by_link);
}

TEST_F(GuestsTest, WhatAGuestDidAndWhatBecameOfTheLinkIsInTheAudit) {
  const std::string link = Link(sam);
  const auto visit = In(link);
  ASSERT_TRUE(guests.Look(visit));
  ASSERT_TRUE(guests.Vote(visit, {{kNo, kYes}, ""}, {}));
  ASSERT_TRUE(wissel.meetings.VoteFor(table, mother, {{kYes, kYes}, ""}, {})) << "written down by a worker";
  ASSERT_TRUE(guests.Revoke(table, sam, nora));
  EXPECT_EQ(RuleOfEntering(link), "guest.link");
  const std::string name = " young-person " + GuestPersonName("Sam", sam);
  const std::set<std::string> all = {"link-made Nora", "link-opened" + name, "saw" + name,
                                     "sent" + name,    "link-revoked Nora",  "link-refused" + name};
  EXPECT_EQ(OfGuests(Audited(Question::kAll)), all);
  EXPECT_EQ(OfGuests(Audited(Question::kDenied)), std::set{"link-refused" + name});
  EXPECT_EQ(OfGuests(Audited(Question::kPerson, "Nora")),
            (std::set<std::string>{"link-made Nora", "link-revoked Nora"}));
  // Whoever was taken off since did what it did all the same.
  ASSERT_TRUE(wissel.meetings.TakeOff(table, sam, "", {}));
  EXPECT_EQ(OfGuests(Audited(Question::kAll)), all);
}

TEST_F(GuestsTest, AGuestHasNoTaskAndNeedsNone) {
  ASSERT_TRUE(guests.Look(In(Link(sam))));
  TaskService tasks(wissel.engine, leuven.region.clock);
  ASSERT_TRUE(tasks.Assign(trajectory, "Lotte", std::nullopt, {"Karim", StaffRole::kCoordinator}));
  Advance(days(1));
  ASSERT_TRUE(reading.Show({table}, {{"Wim", StaffRole::kWorker}, ViewReason::kOther}));
  const auto rows = Audited(Question::kWithoutTask);
  ASSERT_FALSE(rows.empty());
  for (const AccessRow& row : rows) EXPECT_EQ(row.person, "Wim");
}

TEST_F(GuestsTest, WhereTheRegionSaysSoGuestsStandByRoleAlone) {
  ASSERT_TRUE(guests.Look(In(Link(sam))));
  NameByRole();
  const std::set<std::string> all = {"link-made Nora", "link-opened young-person ?", "saw young-person ?"};
  EXPECT_EQ(OfGuests(Audited(Question::kAll)), all);
  EXPECT_THAT(OfGuests(Audited(Question::kPerson, GuestPersonName("Sam", sam))), IsEmpty());
  for (const AccessRow& row : Audited(Question::kAll)) {
    EXPECT_THAT(row.person.value_or(""), Not(HasSubstr("Sam")));
    EXPECT_THAT(row.about.value_or(""), Not(HasSubstr("Sam"))) << "nor as somebody who was asked about";
  }
}

TEST_F(GuestsTest, TheYoungPersonAsksWhoSawThemAndOthersDoNot) {
  const auto visit = In(Link(sam));
  ASSERT_TRUE(guests.Look(visit));
  const auto files = guests.Report(visit, report, std::chrono::seconds(1));
  ASSERT_TRUE(files) << ToText(files.error());
  ASSERT_EQ(files->size(), 3U);
  EXPECT_THAT(files->at(0).bytes, HasSubstr("De jongere zelf, met een link van De Wissel"));
  EXPECT_THAT(files->at(0).bytes, Not(HasSubstr("Vraag het volledige blad"))) << "all of it";
  EXPECT_THAT(files->at(0).bytes, Not(HasSubstr(GuestPersonName("Sam", sam))));
  EXPECT_TRUE(DecodeEvidence(AsBytes(files->at(2).bytes)));
  EXPECT_TRUE(OfGuests(Audited(Question::kAll)).contains("reported young-person " + GuestPersonName("Sam", sam)));
  EXPECT_EQ(wissel.engine.views().back().reason, ViewReason::kSubjectRequest);
  const auto of_mother = guests.Report(In(Link(mother)), report, std::chrono::seconds(1));
  EXPECT_EQ(of_mother.error().rule, "guest.young_person");
}

TEST_F(GuestsTest, AskingForItAgainAndAgainWaits) {
  const auto visit = In(Link(sam));
  std::size_t made = 0;
  while (guests.Report(visit, report, std::chrono::seconds(1))) ASSERT_LT(++made, 100U);
  EXPECT_EQ(made, 11U);
  EXPECT_EQ(guests.Report(visit, report, std::chrono::seconds(1)).error().rule, "login.wait");
}

TEST_F(GuestsTest, TheYoungPersonTakesBackTheirOwnConsent) {
  GrantRequest request;
  request.trajectory = trajectory;
  request.recipient = upc.id();
  request.purposes = {Purpose::kConsultation};
  request.categories = {Category::kMeeting};
  request.ends_at = start + days(100);
  request.grantor = Grantor::kFirstParent;
  request.consented_by = "Els";
  request.how = "ondertekend";
  const auto of_parent = wissel.grants.Give(request, nora, {});
  ASSERT_TRUE(of_parent) << ToText(of_parent.error());
  const auto visit = In(Link(sam));
  const auto consents = guests.Consents(visit).value();
  ASSERT_EQ(consents.size(), 3U) << "their own alone";
  const auto to_upc = std::ranges::find(consents, std::string("UPC Leuven"), &GuestService::Consent::recipient);
  ASSERT_NE(to_upc, consents.end());
  EXPECT_TRUE(to_upc->ours_to_withdraw);
  EXPECT_EQ(to_upc->author, "De Wissel");
  const std::string id = ToText(to_upc->grant.id);
  const auto withdraw = [&](const GuestService::Visit& by, const std::string& grant) {
    return RuleOf(guests.Withdraw(by, grant, "ik wil het niet meer", wissel.grants, {}));
  };
  EXPECT_EQ(withdraw(In(Link(mother)), id), "guest.young_person");
  EXPECT_EQ(guests.Consents(In(Link(mother))).error().rule, "guest.young_person");
  EXPECT_EQ(withdraw(visit, id.substr(0, 8)), "guest.consent") << "an id is named whole";
  EXPECT_EQ(withdraw(visit, ToText(of_parent->record)), "guest.consent") << "what another consented to";
  EXPECT_EQ(withdraw(visit, id), "");
  EXPECT_TRUE(wissel.grants.Find(to_upc->grant.id).value().grant.grant.withdrawn);
  EXPECT_TRUE(upc.grants.Find(to_upc->grant.id).value().grant.grant.withdrawn) << "at once";
  EXPECT_EQ(guests.Consents(visit).value().size(), 2U);
  EXPECT_EQ(withdraw(visit, id), "guest.consent");
  EXPECT_TRUE(OfGuests(Audited(Question::kAll)).contains("took-back young-person " + GuestPersonName("Sam", sam)));
}

TEST_F(GuestsTest, WhoDoesNotLeadSaysWhomToCallAboutAConsent) {
  const auto proposed = upc.meetings.Propose(trajectory, Dates(), {}, {});
  ASSERT_TRUE(proposed) << ToText(proposed.error());
  const RecordId guest = upc.meetings.Invite(proposed->record, {"Sam", Speaker::kYoungPerson, ""}, {}).value().record;
  GuestService theirs(upc.engine, upc.cases, upc.meetings, leuven.region.clock, leuven.region.random);
  const std::string link = theirs.Make(proposed->record, guest, {}, nora).value().secret;
  const auto visit = theirs.Who(theirs.Enter(link, kAddress).value().session).value();
  const auto consents = theirs.Consents(visit).value();
  ASSERT_EQ(consents.size(), 1U) << "its own is all it knows of";
  EXPECT_FALSE(consents[0].ours_to_withdraw);
  EXPECT_EQ(consents[0].author, "De Wissel");
  EXPECT_EQ(RuleOf(theirs.Withdraw(visit, ToText(consents[0].grant.id), "", upc.grants, {})), "grant.giver");
}

TEST_F(GuestsTest, OfAGuestWhoWasTakenOffNothingCounts) {
  ASSERT_TRUE(wissel.meetings.VoteFor(table, sam, {{kYes, kYes}, ""}, {}));
  ASSERT_TRUE(wissel.meetings.Fix(table, {first, ""}, {}));
  ASSERT_TRUE(wissel.meetings.AnswerFor(table, sam, {}, {}, {}));
  ASSERT_TRUE(wissel.meetings.TakeOff(table, sam, "", {}));
  const Meeting seen = Seen(wissel, table);
  ASSERT_EQ(seen.guests.size(), 1U);
  EXPECT_EQ(seen.guests[0].id, mother);
  EXPECT_THAT(seen.answers, IsEmpty());
  EXPECT_EQ(seen.tallies[0].yes, 0U);
  EXPECT_EQ(RuleOf(wissel.meetings.TakeOff(table, sam, "", {})), "meeting.guest");
  EXPECT_EQ(RuleOf(upc.meetings.TakeOff(table, mother, "", {})), "meeting.convener");
}

TEST_F(GuestsTest, TheCalendarFileHoldsThatMeetingAndTheGuestAlone) {
  const auto visit = In(Link(sam));
  EXPECT_EQ(guests.Calendar(visit, wissel.calendar, Language::kDutch).error().rule, "meeting.no_date");
  ASSERT_TRUE(wissel.meetings.Fix(table, {first, ""}, {}));
  const std::size_t before = wissel.engine.views().size();
  const std::string text = guests.Calendar(visit, wissel.calendar, Language::kDutch).value();
  EXPECT_THAT(text, HasSubstr("METHOD:REQUEST"));
  EXPECT_THAT(text, Not(HasSubstr("UPC")));
  EXPECT_THAT(text, Not(HasSubstr("Mama")));
  EXPECT_GT(wissel.engine.views().size(), before);
}

TEST_F(GuestsTest, GuessingIsHeldOffByAddress) {
  const std::string link = Link(sam);
  std::size_t tries = 0;
  while (RuleOfEntering("x" + std::to_string(tries)) == "guest.link") ASSERT_LT(++tries, 100U);
  EXPECT_EQ(tries, 31U);
  EXPECT_EQ(RuleOfEntering(link), "login.wait") << "whatever is tried";
  EXPECT_TRUE(guests.Enter(link, "198.51.100.1")) << "from elsewhere";
  Advance(std::chrono::seconds(30));
  EXPECT_EQ(RuleOfEntering(link), "");
}

}  // namespace
}  // namespace schakel
