// Round tables from the proposal to the last action: what the convener, who is asked and who may not be known each see.
#include "agents/meetings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/meeting_world.h"

namespace schakel {
namespace {

using schakel::test::MeetingsTest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using What = InboxItem::What;
using enum VoteChoice;

TEST_F(MeetingsTest, AProposalThatAsksTheImpossibleIsRefused) {
  const auto rule = [&](ProposalBody proposal, TermsBody terms = {}) {
    return RuleOf(wissel.meetings.Propose(trajectory, std::move(proposal), {}, std::move(terms)));
  };
  ProposalBody without = Dates();
  without.why_not = "op vraag van Sam";
  without.left_out = {Speaker::kFather, Speaker::kMother};
  without.family_first = true;
  EXPECT_EQ(rule(without), "") << "Sam is invited";
  without.left_out.push_back(Speaker::kYoungPerson);
  EXPECT_EQ(rule(without), "meeting.family_first");
  without.family_first = false;
  EXPECT_EQ(rule(without), "");
  without.why_not = " ";
  EXPECT_EQ(rule(without), "body.clients") << "who is left out is left out for a reason";
  ProposalBody late = Dates();
  late.answer_by = start;
  EXPECT_EQ(rule(late), "meeting.answer_by");
  late.answer_by = start + std::chrono::milliseconds(1);
  EXPECT_EQ(rule(late), "");
  EXPECT_EQ(rule(Dates(), {.required = {leuven.police.Self()}}), "meeting.required") << "who is not asked";
  EXPECT_EQ(rule(Dates(), {.quorum = 101}), "body.many");
}

TEST_F(MeetingsTest, AReviewIsForEvaluationAndSaysWhichOne) {
  ProposalBody review = Dates();
  review.kind = MeetingKind::kReviewBeforeHearing;
  const RecordId id = Propose(review);
  EXPECT_EQ(Seen(upc, id).purpose, Purpose::kEvaluation);
  EXPECT_EQ(Seen(upc, id).proposal->kind, MeetingKind::kReviewBeforeHearing);
}

TEST_F(MeetingsTest, TheFamilyChoosesFirstAndThatIsAllThatIsLeftToAnswer) {
  ProposalBody proposal = Dates();
  proposal.family_first = true;
  const RecordId id = Propose(proposal);
  EXPECT_EQ(RuleOf(upc.meetings.Vote(id, {{kYes, kYes}, ""}, {})), "meeting.family_first");
  EXPECT_THAT(Tasks(upc), IsEmpty());
  EXPECT_THAT(Seen(wissel, id).outstanding, IsEmpty()) << "nobody may answer yet";
  EXPECT_EQ(RuleOf(wissel.meetings.PassOn(id, {}, {})), "meeting.family_unheard");

  const RecordId sam = Guest(id, Speaker::kYoungPerson);
  const RecordId mother = Guest(id, Speaker::kMother, "mama");
  EXPECT_THAT(Seen(wissel, id).outstanding_guests, ElementsAre(sam, mother));
  ASSERT_TRUE(wissel.meetings.VoteFor(id, sam, {{kYes, kMaybe}, ""}, {}));
  EXPECT_THAT(Tasks(wissel), IsEmpty());
  ASSERT_TRUE(wissel.meetings.VoteFor(id, mother, {{kNo, kNo}, ""}, {}));
  EXPECT_THAT(Tasks(wissel), ElementsAre(What::kFamily));
  EXPECT_EQ(RuleOf(wissel.meetings.PassOn(id, {}, {})), "meeting.family_none");
  ASSERT_TRUE(wissel.meetings.VoteFor(id, mother, {{kNo, kYes}, ""}, {}));
  ASSERT_TRUE(wissel.meetings.PassOn(id, {}, {}));

  EXPECT_EQ(Seen(upc, id).family_choices, (std::vector{kNo, kMaybe}));
  EXPECT_THAT(OpenSlots(Seen(upc, id)), ElementsAre(1U));
  EXPECT_THAT(Tasks(upc), ElementsAre(What::kVote));
  EXPECT_EQ(RuleOf(upc.meetings.Vote(id, {{kYes, kYes}, ""}, {})), "meeting.closed_date");
  ASSERT_TRUE(upc.meetings.Vote(id, {{kYes}, ""}, {})) << "one date is left";
  ASSERT_TRUE(clb.meetings.Vote(id, {{kNo, kMaybe}, ""}, {})) << "or one answer for each, with no where it is closed";
  EXPECT_EQ(Seen(wissel, id).votes.at(upc.id()).choices, (std::vector{kNo, kYes}));
  EXPECT_EQ(RuleOf(wissel.meetings.Fix(id, {first, ""}, {})), "meeting.closed_date");
  EXPECT_EQ(RuleOf(wissel.meetings.Fix(id, {second, ""}, {})), "");
}

TEST_F(MeetingsTest, ADateIsFixedOnceTheFamilyChoseOrForAReasonThatStandsInTheRecord) {
  ProposalBody proposal = Dates();
  proposal.family_first = true;
  proposal.left_out = {Speaker::kFather};
  proposal.why_not = "contactverbod";
  const RecordId id = Propose(proposal);
  const auto open = [&] {
    const auto fixed = wissel.meetings.Fix(id, {first, ""}, {});
    return fixed ? "" : fixed.error().rule + ": " + fixed.error().field;
  };
  EXPECT_EQ(open(), "meeting.family_open: young-person, mother") << "who is invited of the family";
  const RecordId sam = Guest(id, Speaker::kYoungPerson);
  Guest(id, Speaker::kMother, "mama");
  ASSERT_TRUE(wissel.meetings.VoteFor(id, sam, {{kYes, kYes}, ""}, {}));
  EXPECT_EQ(open(), "meeting.family_open: mother") << "who was not heard, and no name";
  const std::size_t before = wissel.engine.records();
  EXPECT_EQ(RuleOf(wissel.meetings.Fix(id, {.slot = first, .reason = " "}, {})), "meeting.family_open");
  EXPECT_EQ(wissel.engine.records(), before) << "nothing was sent";

  const auto sent = wissel.meetings.Fix(id, {.slot = first, .reason = "de zitting is vrijdag"}, {});
  ASSERT_TRUE(sent);
  for (test::MeetingOffice* office : {&wissel, &upc}) {
    const auto body = DecodeBody(office->engine.Open(sent->record).value()).value();
    EXPECT_EQ(std::get<FixedBody>(body).reason, "de zitting is vrijdag") << "for all who are invited";
  }
  EXPECT_EQ(RuleOf(upc.meetings.Vote(id, {{kYes, kYes}, ""}, {})), "meeting.family_first") << "that stays closed";
  EXPECT_EQ(RuleOf(wissel.meetings.Fix(id, {first, "CLB Leuven"}, {})), "") << "the place alone, of a date that stands";
  EXPECT_EQ(RuleOf(wissel.meetings.Fix(id, {second, ""}, {})), "meeting.family_open") << "another is fixed anew";
  ASSERT_TRUE(wissel.meetings.PassOn(id, {{kYes, kYes}, ""}, {}));
  EXPECT_EQ(RuleOf(wissel.meetings.Fix(id, {second, ""}, {})), "");
}

TEST_F(MeetingsTest, ADateIsFixedOnTheTermsOrForAReason) {
  const RecordId id = Propose(Dates(), {.quorum = 2, .required = {clb.id()}, .required_clients = {Speaker::kMother}});
  const auto open = [&](const MeetingSlot& slot) {
    const auto fixed = wissel.meetings.Fix(id, {slot, ""}, {.preview = true});
    return fixed ? "" : fixed.error().rule + ": " + fixed.error().field;
  };
  EXPECT_EQ(open(first), "meeting.required_open: mother, clb-leuven");
  ASSERT_TRUE(clb.meetings.Vote(id, {{kYes, kMaybe}, ""}, {}));
  EXPECT_EQ(open(first), "meeting.required_open: mother");
  EXPECT_EQ(open(second), "meeting.required_open: mother, clb-leuven") << "perhaps is no yes";
  ASSERT_TRUE(wissel.meetings.SetTerms(id, {.quorum = 2, .required = {clb.id()}}, {}));
  EXPECT_EQ(open(first), "meeting.quorum: 1/2: upc-leuven");
  Guest(id, Speaker::kFather, "papa");
  EXPECT_EQ(open(first), "meeting.quorum: 1/2: upc-leuven, father");
  ASSERT_TRUE(upc.meetings.Vote(id, {{kYes, kYes}, ""}, {}));
  EXPECT_EQ(open(first), "");
  EXPECT_EQ(open(second), "meeting.required_open: clb-leuven");
  ASSERT_TRUE(wissel.meetings.Fix(id, {first, ""}, {}));
  EXPECT_EQ(open(second), "meeting.required_open: clb-leuven") << "moving is fixing";
  EXPECT_EQ(RuleOf(wissel.meetings.Fix(id, {.slot = second, .reason = "school sluit"}, {})), "");
}

TEST_F(MeetingsTest, ADateIsOneOfTheProposalAndStillToCome) {
  const RecordId id = Propose(Dates());
  const MeetingSlot other{second.begins_at + std::chrono::days(1), second.ends_at + std::chrono::days(1)};
  EXPECT_EQ(RuleOf(wissel.meetings.Fix(id, {other, ""}, {})), "meeting.not_proposed");
  EXPECT_EQ(RuleOf(wissel.meetings.Fix(id, {.slot = other, .reason = "x"}, {})), "meeting.not_proposed")
      << "a reason is no proposal";
  ASSERT_TRUE(wissel.meetings.Fix(id, {first, ""}, {}));
  EXPECT_EQ(RuleOf(wissel.meetings.Fix(id, {other, ""}, {})), "meeting.moved");
  ASSERT_TRUE(upc.meetings.Answer(id, {.attending = Attending::kTentative, .counter = other}, {}, {}));
  EXPECT_EQ(RuleOf(wissel.meetings.Fix(id, {other, ""}, {.preview = true})), "") << "it was asked for";
  const MeetingSlot last{other.begins_at + std::chrono::days(1), other.ends_at + std::chrono::days(1)};
  EXPECT_EQ(RuleOf(wissel.meetings.Fix(id, {.slot = last, .reason = "opname"}, {.preview = true})), "");
  leuven.region.clock.Advance(first.ends_at - start - std::chrono::milliseconds(1));
  EXPECT_EQ(RuleOf(wissel.meetings.Fix(id, {first, "CLB"}, {.preview = true})), "") << "not over yet";
  leuven.region.clock.Advance(std::chrono::milliseconds(1));
  EXPECT_EQ(RuleOf(wissel.meetings.Fix(id, {first, "CLB"}, {})), "meeting.over");
  EXPECT_EQ(RuleOf(wissel.meetings.Fix(id, {.slot = first, .reason = "x"}, {})), "meeting.over");
}

TEST_F(MeetingsTest, WhatWasHeldWithoutADateTakesItsReport) {
  const RecordId id = Propose(Dates());
  leuven.region.clock.Advance(std::chrono::days(30));
  EXPECT_EQ(RuleOf(wissel.meetings.Fix(id, {first, ""}, {})), "meeting.over");
  ASSERT_TRUE(wissel.meetings.Report(id, {"Goed gesprek", {}, {{"Sam", true}}}, {}, {}));
  EXPECT_FALSE(IsNone(Seen(upc, id).report));
}

TEST_F(MeetingsTest, WhoIsRequiredIsReachedAndNothingIsSentBeforeAllTermsHold) {
  const auto refused = [&](const Audience& audience, TermsBody terms, ProposalBody proposal) {
    return RuleOf(wissel.meetings.Propose(trajectory, std::move(proposal), audience, std::move(terms)));
  };
  const Audience psychiatry{{upc.id()}, false, false, {}};
  EXPECT_EQ(refused(psychiatry, {.required = {clb.id()}}, Dates()), "meeting.required");
  EXPECT_EQ(refused({}, {.quorum = 101}, Dates()), "body.many");
  ProposalBody without = Dates();
  without.left_out = {Speaker::kMother};
  without.why_not = "contactverbod";
  EXPECT_EQ(refused({}, {.required_clients = {Speaker::kMother}}, without), "meeting.required") << "she is left out";
  const TrajectoryId bare =
      wissel.trajectories.Open({"Lo", Module::kMobile, ""}, Stage::kCapable, {}).value().trajectory;
  ASSERT_TRUE(wissel.trajectories.Invite(bare, clb.id(), {}, std::nullopt, {}));
  ASSERT_TRUE(clb.trajectories.Join(bare, {}, {}));
  const std::size_t joined = wissel.engine.records();
  EXPECT_EQ(RuleOf(wissel.meetings.Propose(bare, Dates(), {}, {.required = {clb.id()}})), "meeting.required_unreached")
      << "no grant for meetings";
  EXPECT_EQ(wissel.engine.records(), joined) << "not the proposal either";
  EXPECT_EQ(RuleOf(wissel.meetings.Propose(bare, Dates(), {}, {.quorum = 1})), "") << "nobody is required";
}

TEST_F(MeetingsTest, WhatTheConvenerAloneNeedsReachesNobody) {
  const RecordId id = Propose(Dates(), {.quorum = 2, .required = {clb.id()}});
  const RecordId sam = Guest(id, Speaker::kYoungPerson);
  ASSERT_TRUE(wissel.meetings.VoteFor(id, sam, {{kYes, kNo}, "na school"}, {}));
  EXPECT_EQ(Seen(wissel, id).terms.quorum, 2U);
  const Meeting seen = Seen(upc, id);
  EXPECT_TRUE(IsNone(seen.terms_record));
  EXPECT_THAT(seen.guests, IsEmpty());
  EXPECT_THAT(seen.invited, ElementsAre(upc.id()));
  EXPECT_THAT(seen.outstanding, ElementsAre(upc.id()));
  for (const RecordId& record : {sam, Seen(wissel, id).guests[0].vote->record, Seen(wissel, id).terms_record}) {
    EXPECT_FALSE(upc.engine.Find(record));
    EXPECT_TRUE(wissel.engine.Find(record));
  }
}

TEST_F(MeetingsTest, OnlyTheConvenerDoesWhatIsTheConveners) {
  const RecordId id = Propose(Dates());
  const RecordId sam = Guest(id, Speaker::kYoungPerson);
  EXPECT_EQ(RuleOf(upc.meetings.SetTerms(id, {.quorum = 1}, {})), "meeting.convener");
  EXPECT_EQ(RuleOf(upc.meetings.Invite(id, {"x", Speaker::kOther, ""}, {})), "meeting.convener");
  EXPECT_EQ(RuleOf(upc.meetings.VoteFor(id, sam, {{kYes, kYes}, ""}, {})), "meeting.convener");
  EXPECT_EQ(RuleOf(upc.meetings.PassOn(id, {{kYes, kYes}, ""}, {})), "meeting.convener");
  EXPECT_EQ(RuleOf(upc.meetings.Cancel(id, {}, {})), "meeting.convener");
  EXPECT_EQ(RuleOf(upc.meetings.AnswerFor(id, sam, {}, {}, {})), "meeting.convener");
  EXPECT_EQ(RuleOf(wissel.meetings.VoteFor(id, id, {{kYes, kYes}, ""}, {})), "meeting.guest");
  EXPECT_EQ(RuleOf(wissel.meetings.VoteFor(id, sam, {{kYes}, ""}, {})), "meeting.votes");
}

TEST_F(MeetingsTest, TheOrganiserHearsWhenADateIsFoundThoughNotAllVoted) {
  const RecordId id = Propose(Dates(), {.quorum = 2, .required_clients = {Speaker::kYoungPerson}});
  ASSERT_TRUE(upc.meetings.Vote(id, {{kYes, kYes}, ""}, {}));
  EXPECT_THAT(FoundDates(Seen(wissel, id)), IsEmpty());
  const RecordId sam = Guest(id, Speaker::kYoungPerson);
  ASSERT_TRUE(wissel.meetings.VoteFor(id, sam, {{kMaybe, kYes}, ""}, {}));
  EXPECT_THAT(FoundDates(Seen(wissel, id)), ElementsAre(1U)) << "two can, and Sam is one of them";
  EXPECT_THAT(Tasks(wissel), ElementsAre(What::kQuorum));
  ASSERT_TRUE(wissel.meetings.SetTerms(id, {.quorum = 3}, {}));
  EXPECT_THAT(Tasks(wissel), IsEmpty());
  ASSERT_TRUE(clb.meetings.Vote(id, {{kNo, kNo}, ""}, {}));
  EXPECT_THAT(Tasks(wissel), ElementsAre(What::kFix)) << "nobody is waited for any more";
}

TEST_F(MeetingsTest, TheOrganiserHearsWhenSomebodyRequiredCannot) {
  const RecordId id = Propose(Dates(), {.required = {clb.id()}, .required_clients = {Speaker::kMother}});
  ASSERT_TRUE(clb.meetings.Vote(id, {{kNo, kMaybe}, ""}, {}));
  EXPECT_THAT(Tasks(wissel), IsEmpty()) << "on one of them perhaps";
  ASSERT_TRUE(clb.meetings.Vote(id, {{kNo, kNo}, ""}, {}));
  EXPECT_THAT(Tasks(wissel), ElementsAre(What::kRequiredNo));
  const RecordId mother = Guest(id, Speaker::kMother);
  const RecordId step = Guest(id, Speaker::kMother, "stiefmama");
  ASSERT_TRUE(wissel.meetings.VoteFor(id, mother, {{kNo, kNo}, ""}, {}));
  EXPECT_THAT(Tasks(wissel), ElementsAre(What::kRequiredNo, What::kRequiredNo));
  ASSERT_TRUE(wissel.meetings.VoteFor(id, step, {{kNo, kYes}, ""}, {}));
  EXPECT_THAT(Tasks(wissel), ElementsAre(What::kRequiredNo)) << "one of the two is enough";

  EXPECT_EQ(RuleOf(wissel.meetings.Fix(id, {second, ""}, {})), "meeting.required_open") << "school cannot";
  ASSERT_TRUE(wissel.meetings.Fix(id, {.slot = second, .reason = "de zitting is vrijdag"}, {}));
  EXPECT_THAT(Tasks(wissel), IsEmpty()) << "it is about the date now";
  ASSERT_TRUE(clb.meetings.Answer(id, {.attending = Attending::kDeclined}, {}, {}));
  EXPECT_THAT(Tasks(wissel), ElementsAre(What::kRequiredNo));
  ASSERT_TRUE(wissel.meetings.Fix(id, {.slot = first, .reason = "de zitting is vrijdag"}, {}));
  EXPECT_THAT(Tasks(wissel), IsEmpty()) << "that answer was to another date";
}

TEST_F(MeetingsTest, TheOrganiserHearsWhoIsOutstandingWhenTheDayIsNear) {
  ProposalBody proposal = Dates();
  proposal.answer_by = start + std::chrono::days(5);
  const RecordId id = Propose(proposal);
  EXPECT_THAT(Tasks(wissel), IsEmpty());
  EXPECT_EQ(upc.inbox.Show("x").value().items[0].due, proposal.answer_by);
  leuven.region.clock.Advance(std::chrono::days(3) - std::chrono::milliseconds(1));
  EXPECT_THAT(Tasks(wissel), IsEmpty());
  leuven.region.clock.Advance(std::chrono::milliseconds(1));
  EXPECT_THAT(Tasks(wissel), ElementsAre(What::kVotesLate));
  ASSERT_TRUE(upc.meetings.Vote(id, {{kYes, kYes}, ""}, {}));
  EXPECT_THAT(Tasks(wissel), ElementsAre(What::kVotesLate));
  EXPECT_THAT(Seen(wissel, id).outstanding, ElementsAre(clb.id()));
  ASSERT_TRUE(clb.meetings.Vote(id, {{kYes, kYes}, ""}, {}));
  EXPECT_THAT(Tasks(wissel), ElementsAre(What::kFix));
}

TEST_F(MeetingsTest, WhoComesIsSaidToTheDateAsItStands) {
  const RecordId id = Propose(Dates());
  EXPECT_EQ(RuleOf(upc.meetings.Answer(id, {}, {}, {})), "meeting.no_date");
  ASSERT_TRUE(wissel.meetings.Fix(id, {first, ""}, {}));
  EXPECT_EQ(Seen(upc, id).revision, 0U);
  ASSERT_TRUE(upc.meetings.Answer(id, {.attending = Attending::kTentative, .counter = second}, 0, {}));
  EXPECT_THAT(Tasks(wissel), ElementsAre(What::kCounter));
  ASSERT_TRUE(wissel.meetings.Fix(id, {second, ""}, {}));
  EXPECT_THAT(Tasks(wissel), IsEmpty()) << "it was followed";
  EXPECT_EQ(Seen(upc, id).revision, 1U);
  EXPECT_EQ(RuleOf(upc.meetings.Answer(id, {}, 0, {})), "meeting.changed");
  ASSERT_TRUE(upc.meetings.Answer(id, {.attending = Attending::kDeclined}, 1, {}));
  ASSERT_TRUE(upc.meetings.Answer(id, {}, {}, {}));
  ASSERT_EQ(Seen(wissel, id).answers.size(), 1U) << "the last word of each";
  EXPECT_EQ(Seen(wissel, id).answers[0].attending, Attending::kAccepted);
  EXPECT_THAT(Seen(clb, id).answers, IsEmpty()) << "it is said to the convener";
}

TEST_F(MeetingsTest, OneOfASeriesMovesAndAnotherIsCalledOff) {
  const RecordId id = Propose(Dates());
  ASSERT_TRUE(wissel.meetings.Fix(id, {.slot = first, .every_weeks = 2, .times = 3}, {}));
  const auto all = OccurrencesOf(Seen(upc, id));
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[1].begins_at, first.begins_at + std::chrono::weeks(2));
  const MeetingSlot later{all[1].begins_at + std::chrono::hours(3), all[1].ends_at + std::chrono::hours(3)};
  EXPECT_EQ(RuleOf(wissel.meetings.Fix(id, {.slot = later, .occurrence = later.begins_at}, {})), "meeting.occurrence");
  ASSERT_TRUE(wissel.meetings.Fix(id, {.slot = later, .occurrence = all[1].begins_at}, {}));
  ASSERT_TRUE(wissel.meetings.Cancel(id, {"vakantie", all[2].begins_at}, {}));
  const Meeting seen = Seen(upc, id);
  EXPECT_EQ(seen.slot, first) << "the series stands";
  EXPECT_EQ(seen.changes.at(all[1].begins_at).slot, later);
  EXPECT_EQ(seen.changes.at(all[2].begins_at).slot, std::nullopt);
  EXPECT_EQ(RuleOf(upc.meetings.Answer(id, {.occurrence = all[2].begins_at}, {}, {})), "meeting.cancelled");
  EXPECT_EQ(seen.revision, 2U);
  EXPECT_TRUE(IsNone(seen.cancelled));
  EXPECT_EQ(RuleOf(upc.meetings.Answer(id, {.occurrence = first.begins_at}, {}, {})), "");
  ASSERT_TRUE(wissel.meetings.Fix(id, {first, ""}, {}));
  EXPECT_THAT(Seen(upc, id).changes, IsEmpty()) << "a new date is a new beginning";
  EXPECT_EQ(RuleOf(upc.meetings.Answer(id, {.occurrence = first.begins_at}, {}, {})), "meeting.occurrence");
}

TEST_F(MeetingsTest, WhatWasCalledOffAsksNothingMore) {
  const RecordId id = Propose(Dates());
  ASSERT_TRUE(wissel.meetings.Cancel(id, {"te weinig volk", {}}, {}));
  EXPECT_THAT(Tasks(upc), IsEmpty());
  EXPECT_EQ(RuleOf(upc.meetings.Vote(id, {{kYes, kYes}, ""}, {})), "meeting.cancelled");
  EXPECT_EQ(RuleOf(wissel.meetings.Cancel(id, {}, {})), "meeting.cancelled");
  ASSERT_TRUE(wissel.meetings.Fix(id, {first, ""}, {})) << "a date brings it back";
  EXPECT_TRUE(IsNone(Seen(upc, id).cancelled));
  EXPECT_EQ(Seen(upc, id).revision, 1U);
}

TEST_F(MeetingsTest, OfWhatWasCalledOffNothingIsReported) {
  const RecordId id = Propose(Dates());
  ASSERT_TRUE(wissel.meetings.Fix(id, {first, ""}, {}));
  ASSERT_TRUE(wissel.meetings.Cancel(id, {"te weinig volk", {}}, {}));
  EXPECT_EQ(RuleOf(wissel.meetings.Report(id, {"Goed gesprek", {}, {}}, {}, {}, {})), "meeting.cancelled");
}

TEST_F(MeetingsTest, WhatWasHeldIsNotFixedCalledOffOrAnsweredAgain) {
  const RecordId id = Propose(Dates());
  ASSERT_TRUE(wissel.meetings.Fix(id, {first, ""}, {}));
  ASSERT_TRUE(wissel.meetings.Report(id, {"Goed gesprek", {}, {}}, {}, {}, {}));
  EXPECT_EQ(RuleOf(wissel.meetings.Fix(id, {second, ""}, {})), "meeting.reported");
  EXPECT_EQ(RuleOf(wissel.meetings.Cancel(id, {}, {})), "meeting.reported");
  EXPECT_EQ(RuleOf(upc.meetings.Vote(id, {{kYes, kYes}, ""}, {})), "meeting.reported");
  EXPECT_EQ(RuleOf(upc.meetings.Answer(id, {}, {}, {})), "meeting.reported");
  EXPECT_EQ(RuleOf(wissel.meetings.Report(id, {"Verbeterd", {}, {}}, {}, {}, {})), "") << "a report is corrected";
}

TEST_F(MeetingsTest, TheSameDateOnceMoreLeavesTheAnswersAsTheyAre) {
  const RecordId id = Propose(Dates());
  ASSERT_TRUE(wissel.meetings.Fix(id, {first, ""}, {}));
  ASSERT_TRUE(upc.meetings.Answer(id, {}, {}, {}));
  ASSERT_TRUE(wissel.meetings.Fix(id, {first, "CLB Leuven"}, {}));
  const Meeting seen = Seen(wissel, id);
  ASSERT_EQ(seen.answers.size(), 1U);
  EXPECT_FALSE(IsStale(seen, seen.answers.front()));
  ASSERT_TRUE(wissel.meetings.Fix(id, {second, ""}, {}));
  EXPECT_TRUE(IsStale(Seen(wissel, id), seen.answers.front())) << "of another date they say nothing";
}

TEST_F(MeetingsTest, NobodyProposesADateThatIsOver) {
  const RecordId id = Propose(Dates());
  ASSERT_TRUE(wissel.meetings.Fix(id, {first, ""}, {}));
  AttendBody answer{.attending = Attending::kDeclined};
  answer.counter = MeetingSlot{start - std::chrono::hours(2), start - std::chrono::hours(1)};
  EXPECT_EQ(RuleOf(upc.meetings.Answer(id, answer, {}, {})), "meeting.past");
}

TEST_F(MeetingsTest, WhatWasDecidedIsDoneByWhoOwnsIt) {
  const RecordId id = Propose(Dates());
  ASSERT_TRUE(wissel.meetings.Fix(id, {first, ""}, {}));
  const Timestamp due = start + std::chrono::days(20);
  const std::vector<ActionBody> actions = {{"school bellen", "clb-leuven", "Jef", due},
                                           {"huisbezoek", "de-wissel", "", due + std::chrono::days(20)}};
  const auto elsewhere = wissel.meetings.Report(id, {"Goed gesprek", {}, {}}, {}, {},
                                                {{"mee overleggen", leuven.police.Self().value(), "", due}});
  EXPECT_EQ(RuleOf(elsewhere), "meeting.owner");
  const auto any_time =
      wissel.meetings.Report(id, {"Goed gesprek", {}, {}}, {}, {}, {{"school bellen", "clb-leuven", "", {}}});
  EXPECT_EQ(RuleOf(any_time), "body.required");
  EXPECT_TRUE(IsNone(Seen(wissel, id).report)) << "nothing was sent";
  ASSERT_TRUE(wissel.meetings.Report(id, {"Goed gesprek", {"school belt"}, {{"Sam", true}}}, {}, {}, actions));

  ASSERT_EQ(Decided(clb, id).size(), 2U);
  ASSERT_EQ(Decided(upc, id).size(), 1U) << "psychiatry may not know that school is there";
  EXPECT_EQ(Decided(upc, id)[0].owner, wissel.id());
  const RecordId call = Decided(clb, id)[0].text.id();
  EXPECT_EQ(RuleOf(upc.dossier.Done(Decided(upc, id)[0].text.id(), {}, {})), "action.owner");
  EXPECT_EQ(RuleOf(wissel.dossier.Done(call, {}, {})), "action.owner") << "who convened follows up, and asks";
  EXPECT_THAT(Tasks(clb), IsEmpty());
  leuven.region.clock.Advance(std::chrono::days(13));
  EXPECT_THAT(Tasks(clb), ElementsAre(What::kAction)) << "a week before";
  EXPECT_THAT(Tasks(upc), IsEmpty());
  const auto count_late = [&] { return std::ranges::count(Tasks(wissel), What::kActionLate); };
  leuven.region.clock.Advance(std::chrono::days(7) - std::chrono::milliseconds(1));
  EXPECT_EQ(count_late(), 0);
  leuven.region.clock.Advance(std::chrono::milliseconds(1));
  EXPECT_EQ(count_late(), 1);
  ASSERT_TRUE(clb.dossier.Done(call, {true, "gebeld"}, {}));
  EXPECT_TRUE(Decided(wissel, id)[0].done) << "under the grants of the meeting";
  EXPECT_EQ(count_late(), 0);
  EXPECT_THAT(Tasks(clb), IsEmpty());
}

TEST_F(MeetingsTest, NobodyWhoMayNotKnowTheOwnerIsNamedForAnAction) {
  const RecordId id = Propose(Dates());
  const Audience to{{upc.id()}, false, false, {}};
  const ActionBody action{"bellen", "clb-leuven", "", start + std::chrono::days(20)};
  EXPECT_EQ(RuleOf(clb.dossier.AddAction(trajectory, action, {}, id)), "meeting.convener");
  EXPECT_EQ(RuleOf(wissel.dossier.AddAction(trajectory, action, to, id)), "action.owner_hidden");
  EXPECT_EQ(RuleOf(wissel.dossier.AddAction(trajectory, action, to)), "action.owner_hidden") << "whoever decided it";
  const RecordId own =
      wissel.dossier.AddAction(trajectory, {"huisbezoek", "de-wissel", "", action.due_at}, to, id).value().record;
  EXPECT_EQ(RuleOf(wissel.dossier.EditAction(own, action, to)), "action.owner_hidden");
  ASSERT_TRUE(wissel.dossier.EditAction(own, action, {}));
  EXPECT_EQ(Decided(upc, id)[0].owner, wissel.id()) << "who took it over is not psychiatry's to know";
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, clb.id(), upc.id(), {}));
  EXPECT_EQ(RuleOf(wissel.dossier.AddAction(trajectory, action, to, id)), "");
}

TEST_F(MeetingsTest, OnlyWhoConvenedSaysWhatWasDecided) {
  const RecordId id = Propose(Dates());
  Draft draft;
  draft.kind = Kind::kAction;
  draft.trajectory = trajectory;
  draft.purpose = Purpose::kRoundTable;
  draft.categories = {Category::kMeeting};
  draft.references = {id};
  draft.recipients = {wissel.id()};
  draft.body = EncodeBody(ActionBody{"bellen", "de-wissel", "", start}).value();
  ASSERT_TRUE(upc.engine.Say(draft));
  EXPECT_THAT(Decided(wissel, id), IsEmpty());
}

TEST_F(MeetingsTest, AGuestsNameMayNotStandInAnAnonymousQuestion) {
  const RecordId id = Propose(Dates());
  Guest(id, Speaker::kOther, "Tante Roos");
  const auto names = wissel.cases.With([](CaseFile& file) { return file.Names(); });
  EXPECT_NE(std::ranges::find(names, "Tante Roos"), names.end());
}

TEST_F(MeetingsTest, ThePeriodHoldsWhatTakesPlaceInItAsItStands) {
  const RecordId id = Propose(Dates());
  EXPECT_THAT(DatesIn(Seen(upc, id), {}, {}), IsEmpty()) << "no date yet";
  ASSERT_TRUE(wissel.meetings.Fix(id, {.slot = first, .every_weeks = 2, .times = 3}, {}));
  const auto all = OccurrencesOf(Seen(upc, id));
  const MeetingSlot later{all[1].begins_at + std::chrono::weeks(3), all[1].ends_at + std::chrono::weeks(3)};
  ASSERT_TRUE(wissel.meetings.Fix(id, {.slot = later, .occurrence = all[1].begins_at}, {}));
  ASSERT_TRUE(wissel.meetings.Cancel(id, {"vakantie", all[2].begins_at}, {}));
  const Meeting seen = Seen(upc, id);
  const RecordId moved = seen.changes.at(all[1].begins_at).record;
  const MeetingDate whole[] = {{first, seen.fixed}, {later, moved}};
  EXPECT_THAT(DatesIn(seen, {}, {}), ::testing::ElementsAreArray(whole)) << "what was called off is not there";
  const auto tick = std::chrono::milliseconds(1);
  EXPECT_EQ(DatesIn(seen, first.ends_at - tick, first.ends_at).size(), 1U) << "it is still going on";
  EXPECT_THAT(DatesIn(seen, first.ends_at, later.begins_at), IsEmpty()) << "both ends are outside";
  EXPECT_EQ(DatesIn(seen, {}, first.begins_at + tick).size(), 1U);
  EXPECT_THAT(DatesIn(seen, {}, first.begins_at), IsEmpty());
  EXPECT_EQ(DatesIn(seen, first.ends_at, {}), std::vector<MeetingDate>({{later, moved}}));
}

TEST(Occurrences, ASeriesKeepsTheClockOfTheRegionThroughSummerTime) {
  Meeting meeting;
  const auto at = [](const char* text) { return ParseTimestamp(text).value(); };
  meeting.slot = MeetingSlot{at("2026-10-12T12:00:00Z"), at("2026-10-12T13:30:00Z")};
  meeting.every_weeks = 1;
  meeting.times = 4;
  const auto all = OccurrencesOf(meeting);
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[1].begins_at, at("2026-10-19T12:00:00Z"));
  EXPECT_EQ(all[2].begins_at, at("2026-10-26T13:00:00Z")) << "14:00 in winter";
  EXPECT_EQ(all[3].ends_at, at("2026-11-02T14:30:00Z"));
  // Half past two, on the night on which that does not come.
  meeting.slot = MeetingSlot{at("2027-03-21T01:30:00Z"), at("2027-03-21T02:00:00Z")};
  EXPECT_EQ(OccurrencesOf(meeting)[1].begins_at, at("2027-03-28T01:30:00Z"));
  EXPECT_EQ(OccurrencesOf(meeting)[2].begins_at, at("2027-04-04T00:30:00Z"));
}

}  // namespace
}  // namespace schakel
