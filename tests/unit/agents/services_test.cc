#include "agents/services.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/office.h"

namespace schakel {
namespace {

using schakel::test::kGoals;
using schakel::test::kMental;
using schakel::test::Leuven;
using schakel::test::Office;
using schakel::test::ServicesTest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(ServicesTest, AnInvitedOrganisationJoinsAndTheLeadSeesIt) {
  Join(upc);
  const CaseTrajectory lead = Seen(wissel);
  EXPECT_EQ(lead.Find(upc.id())->status, MemberStatus::kJoined);
  EXPECT_FALSE(IsNone(lead.Find(upc.id())->commitment));
  EXPECT_EQ(Seen(upc).lead, wissel.id());
}

TEST_F(ServicesTest, TheLeadsOwnLabelStaysAtHome) {
  ASSERT_TRUE(wissel.trajectories.Invite(trajectory, upc.id(), {"", "welkom"}, std::nullopt, {}));
  ASSERT_TRUE(wissel.trajectories.Invite(trajectory, clb.id(), {"Traject 12", "welkom"}, std::nullopt, {}));
  EXPECT_EQ(Label(wissel), "Sam (2010)");
  EXPECT_EQ(Label(upc), NeutralLabel(trajectory)) << "an invitation goes before any grant for identity";
  EXPECT_EQ(Label(clb), "Traject 12");
}

TEST_F(ServicesTest, AnInvitationsWordsAreSealedWhenWhatTheyWereNeededForEnds) {
  const auto invited = [&](Office& office) {
    EXPECT_TRUE(wissel.trajectories.Invite(trajectory, office.id(), {"Traject 12", ""}, std::nullopt, {}));
    EXPECT_TRUE(office.trajectories.Join(trajectory, {}, {}));
  };
  invited(upc);
  EXPECT_EQ(Label(upc), "Traject 12");
  const RecordId first = Grant(upc, {Purpose::kCareCoordination}, kGoals);
  const RecordId second = Grant(upc, {Purpose::kCareCoordination}, kMental);
  ASSERT_TRUE(wissel.grants.Withdraw(first, {}, {}));
  EXPECT_EQ(Label(upc), "Traject 12") << "there still is a grant";
  ASSERT_TRUE(wissel.grants.Withdraw(second, {}, {}));
  EXPECT_EQ(Label(upc), NeutralLabel(trajectory));
  const RecordId invitation = Seen(upc).label_record;
  EXPECT_EQ(upc.reading.Show({invitation}, upc.caller).value()[0].sealed->rule, "view.withdrawn");
  EXPECT_EQ(Label(wissel), "Sam (2010)");

  invited(clb);
  const RecordId kept = Grant(clb, {Purpose::kCareCoordination}, kGoals);
  const RecordId note =
      wissel.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}).value().record;
  ASSERT_TRUE(clb.trajectories.Leave(trajectory, {}, {}));
  EXPECT_EQ(Label(clb), NeutralLabel(trajectory));
  EXPECT_EQ(clb.reading.Show({note}, clb.caller).value()[0].sealed->rule, "view.left")
      << "nobody withdrew anything: the organisation left";
  EXPECT_TRUE(IsNone(clb.grants.Find(kept).value().grant.withdrawal));

  ASSERT_TRUE(wissel.trajectories.Invite(trajectory, police.id(), {"Traject 12", ""}, std::nullopt, {}));
  EXPECT_EQ(Label(police), "Traject 12");
  leuven.region.clock.Advance(TrajectoryService::kInvitationLasts);
  EXPECT_EQ(Label(police), NeutralLabel(trajectory)) << "the invitation lapsed";
}

TEST_F(ServicesTest, AGlanceIsLoggedBeforeAnythingOfItIsShown) {
  const CaseTrajectory seen = Seen(wissel);
  Glance glance;
  glance.Want(seen);
  glance.Want(RecordId{});
  EXPECT_EQ(glance.LabelOf(seen), NeutralLabel(trajectory)) << "nothing was read yet";
  ASSERT_TRUE(glance.Read(wissel.reading, wissel.caller));
  EXPECT_EQ(glance.LabelOf(seen), "Sam (2010)");
  EXPECT_EQ(glance.ModuleOf(seen, leuven.region.clock.Now()), Module::kMobile);
  ASSERT_EQ(leuven.youth_care.views().size(), 1U);
  EXPECT_EQ(leuven.youth_care.views()[0].record, seen.opening);
}

TEST_F(ServicesTest, JoiningWithoutAnInvitationSaysWhomToAsk) {
  EXPECT_EQ(upc.trajectories.Join(trajectory, {}, {}).error().rule, "id.unknown");
  Join(upc);
  EXPECT_EQ(upc.trajectories.Join(trajectory, {}, {}).error().rule, "trajectory.invitation");
}

TEST_F(ServicesTest, WithoutAGrantANoteReachesNobodyAndSaysSo) {
  Join(upc);
  const Sent sent = wissel.content.Note(trajectory, {"Huisbezoek", ""}, Purpose::kCareCoordination, kGoals, {}).value();
  EXPECT_EQ(sent.outcome, Sent::Outcome::kSent);
  EXPECT_THAT(sent.reaches, IsEmpty());
  EXPECT_THAT(sent.unreached, ElementsAre(Unreached{upc.id(), Denial::kNoGrant}));
}

TEST_F(ServicesTest, ByDefaultARecordGoesToWhomAGrantCovers) {
  Join(upc);
  Join(clb);
  Grant(upc, {Purpose::kCareCoordination}, kGoals);
  const Sent sent =
      wissel.content.Note(trajectory, {"Huisbezoek", "rustig"}, Purpose::kCareCoordination, kGoals, {}).value();
  EXPECT_THAT(sent.reaches, ElementsAre(upc.id()));
  EXPECT_THAT(sent.unreached, ElementsAre(Unreached{clb.id(), Denial::kNoGrant}));
  EXPECT_EQ(Seen(upc).items.size(), 1U);
  EXPECT_EQ(Seen(clb).items.size(), 0U);
}

TEST_F(ServicesTest, NamingSomebodyWhoWouldNotBeReachedHoldsTheRecordBack) {
  Join(upc);
  Join(clb);
  Grant(upc, {Purpose::kCareCoordination}, kGoals);
  Audience both{{upc.id(), clb.id()}, false, false, {}};
  const NoteBody note{"Huisbezoek", ""};
  const Sent held = wissel.content.Note(trajectory, note, Purpose::kCareCoordination, kGoals, both).value();
  EXPECT_EQ(held.outcome, Sent::Outcome::kHeldBack);
  EXPECT_TRUE(IsNone(held.record));
  EXPECT_EQ(Seen(upc).items.size(), 0U);
  both.accept_unreached = true;
  const Sent sent = wissel.content.Note(trajectory, note, Purpose::kCareCoordination, kGoals, both).value();
  EXPECT_EQ(sent.outcome, Sent::Outcome::kSent);
  EXPECT_EQ(Seen(upc).items.size(), 1U);
}

TEST_F(ServicesTest, APreviewSendsNothing) {
  Join(upc);
  Grant(upc, {Purpose::kCareCoordination}, kGoals);
  const Sent sent =
      wissel.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {{}, false, true, {}}).value();
  EXPECT_EQ(sent.outcome, Sent::Outcome::kPreview);
  EXPECT_THAT(sent.reaches, ElementsAre(upc.id()));
  EXPECT_EQ(Seen(wissel).items.size(), 0U);
}

TEST_F(ServicesTest, APartnerWhoCannotSeeTheGrantsLeavesTheDecisionToTheHub) {
  Join(upc);
  const Sent refused = upc.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}).value();
  EXPECT_THAT(refused.reaches, IsEmpty());
  EXPECT_THAT(refused.unreached, ElementsAre(Unreached{wissel.id(), std::nullopt})) << "why is for the lead to know";
  Grant(wissel, {Purpose::kCareCoordination}, kGoals);
  const Sent sent = upc.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}).value();
  EXPECT_THAT(sent.reaches, ElementsAre(wissel.id()));
  EXPECT_EQ(Seen(wissel).items.size(), 1U);
}

TEST_F(ServicesTest, APartnerIsToldOfWhomItIsUnsureAndThenWhomItMissed) {
  Join(upc);
  Audience named{{wissel.id()}, false, true, {}};
  const auto note = [&] { return upc.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, named); };
  EXPECT_THAT(note().value().unsure, ElementsAre(wissel.id())) << "said before anything leaves";
  named.preview = false;
  upc.engine.GoOffline();
  EXPECT_THAT(note().value().unsure, ElementsAre(wissel.id())) << "the hub has not decided yet";
  EXPECT_FALSE(note().value().missed);
  upc.engine.GoOnline();
  const Sent missed = note().value();
  EXPECT_TRUE(missed.missed);
  EXPECT_THAT(missed.unsure, IsEmpty());
  EXPECT_THAT(missed.unreached, ElementsAre(Unreached{wissel.id(), std::nullopt}));
  named.accept_unreached = true;
  EXPECT_FALSE(note().value().missed);
  named.accept_unreached = false;
  Grant(wissel, {Purpose::kCareCoordination}, kGoals);
  EXPECT_FALSE(note().value().missed);
  named.named = {upc.id()};
  const Audience from_lead{{upc.id()}, false, true, {}};
  EXPECT_THAT(wissel.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, from_lead).value().unsure,
              IsEmpty())
      << "the lead knows";
}

TEST_F(ServicesTest, PartnersReachEachOtherOnlyOnceIntroduced) {
  Join(upc);
  Join(clb);
  Grant(clb, {Purpose::kCareCoordination}, kGoals);
  const auto write = [&] {
    return upc.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}).value().reaches;
  };
  EXPECT_THAT(write(), IsEmpty());
  EXPECT_EQ(Seen(upc).Find(clb.id()), nullptr);
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, clb.id(), upc.id(), {}));
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, upc.id(), clb.id(), {}));
  EXPECT_NE(Seen(upc).Find(clb.id()), nullptr);
  EXPECT_THAT(write(), ElementsAre(clb.id()));
}

TEST_F(ServicesTest, ARoundTableFindsItsDate) {
  Join(upc);
  Join(clb);
  for (Office* office : {&wissel, &upc, &clb}) Grant(*office, {Purpose::kRoundTable}, {Category::kMeeting});
  const Timestamp day = leuven.region.clock.Now() + std::chrono::days(10);
  const MeetingSlot first{day, day + std::chrono::hours(1)};
  const MeetingSlot second{day + std::chrono::days(1), day + std::chrono::hours(25)};
  const ProposalBody proposal{.title = "Ronde tafel", .place = "Leuven", .slots = {first, second}};
  const RecordId id = wissel.meetings.Propose(trajectory, proposal, {}).value().record;
  const MeetingSlot past{leuven.region.clock.Now() - std::chrono::hours(1), first.begins_at};
  EXPECT_EQ(wissel.meetings.Propose(trajectory, {.title = "t", .slots = {first, past}}, {}).error().rule,
            "meeting.past");
  using enum VoteChoice;
  EXPECT_EQ(upc.meetings.Vote(id, {{kYes}, ""}, {}).error().rule, "meeting.votes");
  ASSERT_TRUE(upc.meetings.Vote(id, {{kNo, kYes}, ""}, {}));
  EXPECT_THAT(wissel.meetings.Find(id).value().outstanding, ElementsAre(clb.id()));
  ASSERT_TRUE(clb.meetings.Vote(id, {{kMaybe, kYes}, ""}, {}));
  EXPECT_THAT(wissel.meetings.Find(id).value().tallies, ElementsAre(Meeting::Tally{0, 1, 1}, Meeting::Tally{2, 0, 0}));
  EXPECT_EQ(clb.meetings.Fix(id, {second, ""}, {}).error().rule, "meeting.convener");
  ASSERT_TRUE(wissel.meetings.Fix(id, {second, ""}, {}));
  EXPECT_EQ(clb.meetings.Find(id).value().slot, second);
  ASSERT_TRUE(wissel.meetings.Report(id, {"Goed gesprek", {"terug naar school"}, {{"Sam", true}}}, {}, {}));
  EXPECT_FALSE(IsNone(upc.meetings.Find(id).value().report));
}

TEST_F(ServicesTest, WhatIsSharedAgainKeepsItsFirstHeader) {
  Join(upc);
  const RecordId note =
      wissel.content.Note(trajectory, {"van vroeger", "woorden"}, Purpose::kCareCoordination, kGoals, {})
          .value()
          .record;
  Grant(upc, {Purpose::kCareCoordination}, kGoals);
  EXPECT_EQ(wissel.content.ShareAgain(note, {}).error().rule, "share.to");
  const Audience to{{upc.id()}, false, false, {}};
  const RecordId shared = wissel.content.ShareAgain(note, to).value().record;
  const auto body = std::get<SharedAgainBody>(*upc.reading.Show({shared}, upc.caller).value()[0].body);
  EXPECT_EQ(DecodeHeader(body.header).value().id, note);
  EXPECT_EQ(DecodeBody({body.type, body.version, body.content}).value(), TypedBody(NoteBody{"van vroeger", "woorden"}));
  const RecordId again = wissel.content.ShareAgain(shared, to).value().record;
  EXPECT_EQ(std::get<SharedAgainBody>(*upc.reading.Show({again}, upc.caller).value()[0].body).type, NoteBody::kType);
}

TEST_F(ServicesTest, WhatIsSharedAgainTellsNobodyOfAPartnerThatItMayNotKnow) {
  for (Office* office : {&upc, &clb}) Join(*office);
  const OrgId upc_id = upc.id();
  const OrgId clb_id = clb.id();
  for (const Office* office : {&wissel, &upc, &clb}) Grant(*office, {Purpose::kCareCoordination}, kGoals);
  const auto note = [&](Office& from, const OrgId& to) {
    return from.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {{to}, false, false, {}})
        .value()
        .record;
  };
  const Audience to_clb{{clb_id}, false, false, {}};
  const RecordId of_upc = note(upc, wissel.id());
  const std::size_t before = leuven.school.records();
  const auto refused = wissel.content.ShareAgain(of_upc, to_clb);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().rule, "share.hidden");
  EXPECT_EQ(refused.error().field, clb_id.value());
  Audience preview = to_clb;
  preview.preview = true;
  EXPECT_EQ(wissel.content.ShareAgain(of_upc, preview).error().rule, "share.hidden");
  EXPECT_EQ(leuven.school.records(), before);
  EXPECT_TRUE(wissel.content.ShareAgain(of_upc, {{upc_id}, false, false, {}})) << "who wrote it knows of itself";
  EXPECT_TRUE(wissel.content.ShareAgain(note(wissel, upc_id), to_clb)) << "its own";
  const RecordId of_wissel = note(wissel, upc_id);
  const auto on = upc.content.ShareAgain(of_wissel, to_clb);
  EXPECT_TRUE(on || on.error().rule != "share.hidden") << "everybody knows the lead";
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, upc_id, clb_id, {}));
  EXPECT_TRUE(wissel.content.ShareAgain(of_upc, to_clb));
}

TEST_F(ServicesTest, WhatIsSharedAgainNamesNobodyWhomItsReaderMayNotKnow) {
  for (Office* office : {&upc, &clb}) Join(*office);
  for (const Office* office : {&wissel, &clb}) Grant(*office, {Purpose::kCareCoordination}, kGoals);
  Draft draft;
  draft.kind = Kind::kGoal;
  draft.trajectory = trajectory;
  draft.categories = kGoals;
  draft.body = EncodeBody(GoalBody{"fietsen",
                                   {upc.id().value()},
                                   "",
                                   leuven.region.clock.Now(),
                                   leuven.region.clock.Now() + std::chrono::days(30)})
                   .value();
  const RecordId goal = wissel.engine.Say(draft).value();
  EXPECT_EQ(wissel.content.ShareAgain(goal, {{clb.id()}, false, false, {}}).error().rule, "share.hidden");
}

TEST_F(ServicesTest, WhatWasWrittenOfflineWaitsAndIsSentByItself) {
  Join(upc);
  Grant(upc, {Purpose::kCareCoordination}, kGoals);
  wissel.engine.GoOffline();
  const Sent sent = wissel.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}).value();
  EXPECT_EQ(sent.state, RecordState::kWaiting);
  EXPECT_EQ(Seen(upc).items.size(), 0U);
  wissel.engine.GoOnline();
  EXPECT_EQ(Seen(upc).items.size(), 1U);
  EXPECT_EQ(Seen(wissel).items[0].state, RecordState::kAccepted);
}

TEST_F(ServicesTest, TheInboxRemembersPerPersonAndNeverGoesBack) {
  Join(upc);
  Grant(upc, {Purpose::kCareCoordination}, kGoals);
  ASSERT_TRUE(wissel.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}));
  const auto fresh = [&](const char* person) {
    const auto items = upc.inbox.Show(person).value().items;
    return std::ranges::count(items, InboxItem::What::kNew, &InboxItem::what);
  };
  const FeedPosition last = upc.inbox.Show("Claes").value().last;
  EXPECT_GT(fresh("Claes"), 0);
  ASSERT_TRUE(upc.inbox.MarkSeen("Claes", last));
  EXPECT_EQ(fresh("Claes"), 0);
  EXPECT_GT(fresh("Wouters"), 0);
  ASSERT_TRUE(upc.inbox.MarkSeen("Claes", FeedPosition(1)));
  EXPECT_EQ(fresh("Claes"), 0);
  ASSERT_TRUE(upc.inbox.MarkSeen("Claes", FeedPosition(1'000'000)));
  EXPECT_EQ(upc.inbox.Show("Claes").value().seen, last) << "nobody has seen what is not there yet";
}

TEST_F(ServicesTest, ANewOfficeFindsWhatTheVaultHolds) {
  Join(upc);
  Grant(upc, {Purpose::kCareCoordination}, kGoals);
  ASSERT_TRUE(wissel.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}));
  Office fresh(leuven.region, leuven.psychiatry, "dokter Claes");
  EXPECT_EQ(Seen(fresh), Seen(upc));
}

TEST_F(ServicesTest, AbbreviationsMustBeLongEnoughAndNameOneThing) {
  const std::string id = ToText(trajectory);
  EXPECT_EQ(wissel.cases.FindTrajectory(id.substr(0, 4)).value(), trajectory);
  EXPECT_EQ(wissel.cases.FindTrajectory(id.substr(0, 3)).error().rule, "id.short");
  EXPECT_EQ(wissel.cases.FindTrajectory("zzzz").error().rule, "id.short");
  EXPECT_EQ(wissel.cases.FindTrajectory(id + "0").error().rule, "id.short");
  EXPECT_EQ(upc.cases.FindTrajectory(id).error().rule, "id.unknown");
}

}  // namespace
}  // namespace schakel
