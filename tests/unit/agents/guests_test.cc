// Guests who come by a personal link: what opens it, what ends it, and what they see and say.
#include "support/guest_world.h"

#include "agents/keeping.h"
#include "people/guest_links.h"

namespace schakel {
namespace {

using schakel::test::GuestsTest;
using schakel::test::kGuestAddress;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using enum VoteChoice;
using State = GuestService::State;

constexpr milliseconds kTick{1};

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
  const auto unknown = guests.Enter("no such link", kGuestAddress).error();
  for (const std::string& link : {expired, revoked, std::string(), std::string(43, 'A')}) {
    const auto refused = guests.Enter(link, kGuestAddress);
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
  const auto entered = guests.Enter(link, kGuestAddress).value();
  EXPECT_TRUE(guests.Who(entered.session));
  Advance(kTick);
  EXPECT_FALSE(guests.Who(entered.session));
  EXPECT_EQ(RuleOfEntering(link), "guest.link");
}

TEST_F(GuestsTest, ANewLinkRevokesTheOneBeforeAndItsSession) {
  const std::string before = Link(sam);
  const std::string session = guests.Enter(before, kGuestAddress).value().session;
  const std::string after = Link(sam);
  EXPECT_FALSE(guests.Who(session));
  EXPECT_EQ(RuleOfEntering(before), "guest.link");
  EXPECT_EQ(RuleOfEntering(after), "");
  EXPECT_THAT(Events(), ElementsAre("made", "used", "revoked", "made", "used"));
}

TEST_F(GuestsTest, WhatWasRevokedDoesNotComeBackByReplayOrRestart) {
  const std::string link = Link(sam);
  const std::string session = guests.Enter(link, kGuestAddress).value().session;
  ASSERT_TRUE(guests.Revoke(table, sam, nora));
  EXPECT_FALSE(guests.Who(session));
  EXPECT_EQ(RuleOfEntering(link), "guest.link");
  EXPECT_EQ(guests.Revoke(table, sam, nora).error().rule, "guest.no_link");
  GuestService again(wissel.engine, wissel.cases, wissel.meetings, leuven.region.clock, leuven.region.random);
  ASSERT_TRUE(again.Load());
  EXPECT_FALSE(again.Enter(link, kGuestAddress));
}

TEST_F(GuestsTest, ALinkOutlivesARestartAndASessionDoesNot) {
  const std::string link = Link(sam);
  const std::string session = guests.Enter(link, kGuestAddress).value().session;
  GuestService again(wissel.engine, wissel.cases, wissel.meetings, leuven.region.clock, leuven.region.random);
  ASSERT_TRUE(again.Load());
  EXPECT_FALSE(again.Who(session));
  EXPECT_TRUE(again.Enter(link, kGuestAddress));
}

TEST_F(GuestsTest, ASessionIsAlwaysNewAndEndsIdleOrAtWill) {
  const std::string link = Link(sam);
  const std::string earlier = guests.Enter(link, kGuestAddress).value().session;
  const std::string later = guests.Enter(link, kGuestAddress).value().session;
  EXPECT_NE(earlier, later);
  EXPECT_FALSE(guests.Who(earlier)) << "one at a time: who took the link is noticed";
  Advance(hours(2) - kTick);
  EXPECT_TRUE(guests.Who(later));
  Advance(hours(2));
  EXPECT_FALSE(guests.Who(later)) << "idle";
  const std::string third = guests.Enter(link, kGuestAddress).value().session;
  guests.Leave(third);
  EXPECT_FALSE(guests.Who(third));
  EXPECT_FALSE(guests.Who(link)) << "a link is no session";
  EXPECT_EQ(RuleOfEntering(third), "guest.link") << "a session is no link";
}

TEST_F(GuestsTest, ALinkDiesWithTheMeetingTheTrajectoryAndTheGuest) {
  const std::string link = Link(sam);
  const std::string of_mother = Link(mother);
  const std::string session = guests.Enter(link, kGuestAddress).value().session;
  ASSERT_TRUE(wissel.meetings.TakeOff(table, sam, "op eigen vraag", {}));
  EXPECT_FALSE(guests.Who(session));
  EXPECT_EQ(RuleOfEntering(link), "guest.link");
  EXPECT_EQ(RuleOfEntering(of_mother), "");
  EXPECT_EQ(guests.Make(table, sam, {}, nora).error().rule, "meeting.guest");

  const std::string mothers = guests.Enter(of_mother, kGuestAddress).value().session;
  ASSERT_TRUE(wissel.meetings.Cancel(table, {}, {}));
  EXPECT_FALSE(guests.Who(mothers));
  EXPECT_EQ(RuleOfEntering(of_mother), "guest.link");
  EXPECT_EQ(guests.Make(table, mother, {}, nora).error().rule, "meeting.cancelled");
  EXPECT_EQ(StateOf(mother), State::kExpired);
}

TEST_F(GuestsTest, ALinkDiesWhenTheTrajectoryIsClosed) {
  const std::string link = Link(sam);
  const std::string session = guests.Enter(link, kGuestAddress).value().session;
  const auto closed =
      wissel.trajectories.Close(trajectory, {"klaar", "op papier", CopyTaken::kTaken, ""}, std::nullopt, {});
  ASSERT_TRUE(closed) << ToText(closed.error());
  EXPECT_FALSE(guests.Who(session));
  EXPECT_EQ(RuleOfEntering(link), "guest.link");
  EXPECT_EQ(guests.Make(table, sam, {}, nora).error().rule, "guest.closed");
}

TEST_F(GuestsTest, OfAnErasedTrajectoryNoLinkIsLeft) {
  const std::string link = Link(sam);
  const std::string session = guests.Enter(link, kGuestAddress).value().session;
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
  ASSERT_TRUE(wissel.meetings.Fix(table, {first, ""}, {}));
  Advance(days(5));
  ASSERT_TRUE(wissel.meetings.Fix(table, {.slot = late, .reason = "vakantie"}, {}));
  ASSERT_TRUE(guests.Follow(table));
  const auto ends = [&](const RecordId& guest) {
    const auto overview = guests.Show(table).value();
    return *std::ranges::find(overview.guests, guest, &GuestService::Standing::guest)->expires_at;
  };
  EXPECT_EQ(ends(sam), midnight);
  EXPECT_EQ(ends(mother), start + days(30));
  ASSERT_TRUE(wissel.meetings.Fix(
      table, {.slot = {start + days(25), start + days(25) + hours(1)}, .reason = "toch vroeger"}, {}));
  ASSERT_TRUE(guests.Follow(table));
  EXPECT_EQ(ends(sam), midnight) << "never sooner";
  Advance(days(35));
  EXPECT_EQ(RuleOfEntering(follows), "");
  EXPECT_EQ(RuleOfEntering(chosen), "guest.link");
  GuestService again(wissel.engine, wissel.cases, wissel.meetings, leuven.region.clock, leuven.region.random);
  ASSERT_TRUE(again.Load());
  EXPECT_TRUE(again.Enter(follows, kGuestAddress)) << "it stands in the vault";
  ASSERT_TRUE(wissel.meetings.Fix(
      table, {.slot = {start + days(200), start + days(200) + hours(1)}, .reason = "na de opname"}, {}));
  ASSERT_TRUE(guests.Follow(table));
  EXPECT_EQ(ends(sam), start + days(90)) << "no longer than that since it was made";
}

TEST_F(GuestsTest, ALinkThatHadEndedDoesNotComeBackWithADate) {
  const std::string link = Link(sam);
  ASSERT_TRUE(wissel.meetings.Fix(table, {first, ""}, {}));
  Advance(days(30));
  ASSERT_TRUE(
      wissel.meetings.Fix(table, {.slot = {start + days(40), start + days(40) + hours(1)}, .reason = "vakantie"}, {}));
  EXPECT_EQ(RuleOfEntering(link), "guest.link");
  EXPECT_EQ(StateOf(sam), State::kExpired);
}

// Nobody has to ask in between: whoever comes finds that there is a date.
TEST_F(GuestsTest, ALinkFollowsADateThatWasFixedWhileTheAgentWasAway) {
  const std::string link = Link(sam);
  ASSERT_TRUE(wissel.meetings.Fix(table, {first, ""}, {}));
  Advance(days(29));
  ASSERT_TRUE(
      wissel.meetings.Fix(table, {.slot = {start + days(40), start + days(40) + hours(1)}, .reason = "vakantie"}, {}));
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
  EXPECT_TRUE(again.Enter(link, kGuestAddress));
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
