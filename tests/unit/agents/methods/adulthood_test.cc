// The plan for adulthood, and what happens across the day of coming of age.
#include "agents/adulthood.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/dossier.h"
#include "agents/lead.h"
#include "support/guest_world.h"
#include "support/office.h"
#include "support/paths.h"

namespace schakel {
namespace {

using schakel::test::GuestsTest;
using schakel::test::Office;
using schakel::test::ServicesTest;
using std::chrono::days;
using std::chrono::hours;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using What = AdulthoodAsk::What;

std::string RuleOf(const Result<Sent>& sent) { return sent ? "ok" : sent.error().rule; }

class AdulthoodTest : public ServicesTest {
 protected:
  Office caw{leuven.region, leuven.welfare, "Lies"};
  const Profile profile = LoadProfiles(SourceDir() / "agents/profiles").value().at(Sector("youth-care"));
  AdulthoodService plans{wissel.engine, wissel.cases, leuven.region.clock};
  AdulthoodService of_caw{caw.engine, caw.cases, leuven.region.clock};
  ReferralService referrals{wissel.engine, wissel.cases, leuven.region.clock};
  ReferralService referrals_of_caw{caw.engine, caw.cases, leuven.region.clock};
  LeadService leading{wissel.engine, wissel.cases, leuven.region.clock};
  LeadService leading_of_caw{caw.engine, caw.cases, leuven.region.clock};
  const Timestamp of_age = Now() + days(400);

  Timestamp Now() { return leuven.region.clock.Now(); }
  void Until(Timestamp at) { leuven.region.clock.Advance(at - Now()); }
  Result<Sent> Write(AdulthoodPlanBody body) { return plans.Write(trajectory, std::move(body), profile, kNl, {}); }
  static constexpr Language kNl = Language::kDutch;
  static AdulthoodDomain Housing() {
    return {"housing", "", "Studio via het CAW", "Lies", std::nullopt, DomainState::kAgreed};
  }
  std::vector<What> Asks() {
    std::vector<What> asks;
    for (const AdulthoodAsk& one : AdulthoodAsksOf(Seen(wissel), Now())) asks.push_back(one.what);
    return asks;
  }
  std::vector<InboxItem::What> Asked(Office& office) {
    std::vector<InboxItem::What> asked;
    const InboxService::Inbox inbox = office.inbox.Show("Nora").value();
    for (const InboxItem& one : inbox.items) asked.push_back(one.what);
    return asked;
  }
  void CawJoins() {
    Join(caw);
    Grant(caw, {Purpose::kAdulthood},
          {Category::kIdentity, Category::kLiving, Category::kIncome, Category::kAgreements}, hours(24 * 366));
    Grant(wissel, {Purpose::kAdulthood},
          {Category::kIdentity, Category::kLiving, Category::kIncome, Category::kAgreements}, hours(24 * 366));
  }
  RecordId OfMother(Timestamp ends_at) {
    GrantRequest request = Request(upc, {Purpose::kCareCoordination}, {Category::kGoals});
    request.grantor = Grantor::kFirstParent;
    request.ends_at = ends_at;
    const auto sent = wissel.grants.Give(request, wissel.caller, {});
    EXPECT_TRUE(sent) << ToText(sent.error());
    return sent.value().record;
  }
};

TEST_F(AdulthoodTest, DomainsAreDataOfTheSector) {
  ASSERT_FALSE(profile.adulthood.empty());
  EXPECT_EQ(RuleOf(Write({})), "body.required") << "on no day";
  EXPECT_EQ(RuleOf(Write({of_age, "", {{"moon", "", "", "", {}, DomainState::kOpen}}, ""})), "adulthood.key");
  EXPECT_EQ(RuleOf(Write({of_age, "", {{"", " ", "", "", {}, DomainState::kOpen}}, ""})), "adulthood.title");
  EXPECT_EQ(RuleOf(Write({of_age, "", {{"housing", "", " ", "", {}, DomainState::kAgreed}}, ""})), "adulthood.agreed");
  EXPECT_EQ(RuleOf(Write({of_age, "", {Housing(), Housing()}, ""})), "body.twice");
  EXPECT_EQ(RuleOf(Write({Now() + days(366 * 19), "", {}, ""})), "adulthood.day");
  EXPECT_EQ(RuleOf(Write({Now() - days(400), "", {}, ""})), "adulthood.past");
  EXPECT_EQ(RuleOf(Write({of_age, "nobody-here", {}, ""})), "directory.organisation");
  const auto sent = Write({of_age, "caw-leuven", {Housing(), {"", "Rijbewijs", "", "", {}, DomainState::kOpen}}, ""});
  ASSERT_TRUE(sent) << ToText(sent.error());
  const auto missing = MissingIn(Seen(wissel).passage, profile);
  EXPECT_THAT(missing, Not(Contains("housing")));
  EXPECT_EQ(missing.size(), profile.adulthood.size() - 1);
  EXPECT_EQ(MissingIn({}, profile).size(), profile.adulthood.size());
}

TEST_F(AdulthoodTest, ItReachesTheReceiverInVersionsOfItsAuthor) {
  CawJoins();
  const auto first = Write({of_age, "caw-leuven", {}, ""});
  ASSERT_TRUE(first) << ToText(first.error());
  EXPECT_THAT(first->reaches, ElementsAre(caw.id()));
  EXPECT_EQ(RuleOf(of_caw.Edit(first->record, {of_age, "", {}, ""}, profile, kNl, {})), "adulthood.author");
  ASSERT_TRUE(plans.Edit(first->record, {of_age, "caw-leuven", {Housing()}, ""}, profile, kNl, {}));
  for (Office* office : {&wissel, &caw}) {
    const CasePassage passage = Seen(*office).passage;
    ASSERT_EQ(passage.plans.size(), 1U);
    EXPECT_EQ(passage.plans[0].text.all.size(), 2U);
    EXPECT_TRUE(passage.plans[0].agrees);
  }
  EXPECT_TRUE(of_caw.Write(trajectory, {of_age, "caw-leuven", {}, "van ons"}, profile, kNl, {})) << "one of its own";
  EXPECT_EQ(Seen(wissel).passage.plans.size(), 2U);
  EXPECT_TRUE(of_caw.Write(trajectory, {Now(), "", {}, "vandaag"}, profile, kNl, {}));
  EXPECT_EQ(Seen(wissel).passage.CurrentPlan()->of_age_at, of_age) << "the day is said by who leads";
}

TEST_F(AdulthoodTest, FromSeventeenOnTheInboxAsksAndTurnsUrgent) {
  const auto plan = Write({of_age, "caw-leuven", {}, ""});
  ASSERT_TRUE(plan) << ToText(plan.error());
  EXPECT_THAT(Asks(), IsEmpty()) << "sixteen";
  Until(of_age - days(364));
  EXPECT_THAT(Asks(), ElementsAre(What::kPlan));
  EXPECT_THAT(Asked(wissel), Contains(InboxItem::What::kAdulthoodPlan));
  ASSERT_TRUE(plans.Edit(plan->record, {of_age, "caw-leuven", {Housing()}, ""}, profile, kNl, {}));
  EXPECT_THAT(Asks(), IsEmpty());
  Until(of_age - days(180));
  EXPECT_THAT(Asks(), ElementsAre(What::kReceiver));
  const auto items = wissel.inbox.Show("Nora").value().items;
  const auto urgent = std::ranges::find(items, InboxItem::What::kAdulthoodReceiver, &InboxItem::what);
  ASSERT_NE(urgent, items.end());
  EXPECT_EQ(urgent->due, of_age);
  CawJoins();
  const auto asked = referrals.Ask(trajectory, {"caw-leuven", Module::kUnspecified, "gaan jullie verder?", {}},
                                   {Category::kAgreements}, {});
  EXPECT_EQ(RuleOf(asked), "ok");
  EXPECT_FALSE(AcceptedIn(Seen(wissel), Now())) << "asked is not accepted";
}

TEST_F(AdulthoodTest, AnAcceptedHandoverBeforeEighteenLeavesNoGap) {
  CawJoins();
  Join(upc);
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, upc.id(), caw.id(), {}));
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, caw.id(), upc.id(), {}));
  ASSERT_TRUE(Write({of_age, "caw-leuven", {Housing()}, ""}));
  Until(of_age - days(30));
  const RecordId of_mother = OfMother(of_age);
  EXPECT_THAT(Asks(), ElementsAre(What::kReceiver));
  ASSERT_TRUE(leading.Offer(trajectory, caw.id(), {"overname"}, std::nullopt, {}));
  EXPECT_THAT(Asks(), ElementsAre(What::kReceiver)) << "offered is not accepted";
  EXPECT_EQ(Seen(wissel).lead, wissel.id()) << "until then who led leads";
  ASSERT_TRUE(leading_of_caw.Accept(trajectory, {"ja"}, {}));
  for (Office* office : {&wissel, &caw}) {
    EXPECT_EQ(Seen(*office).lead, caw.id());
    const auto accepted = AcceptedIn(Seen(*office), Now());
    ASSERT_TRUE(accepted);
    EXPECT_EQ(accepted->organisation, caw.id());
    EXPECT_EQ(accepted->by, AcceptedReceiver::By::kLead);
    EXPECT_FALSE(IsNone(accepted->record));
  }
  EXPECT_THAT(Asks(), IsEmpty());

  const auto standing = [&] {
    const Trajectory rules = wissel.engine.FindTrajectory(trajectory).value();
    return StandingOf(rules, wissel.engine.Rules(), CourtWall::kNone, *rules.FindGrant(of_mother), Now());
  };
  Until(of_age + hours(1));
  EXPECT_EQ(standing(), Standing::kNotInForce) << "the mother's consent ended on the day";
  for (Office* office : {&wissel, &caw}) EXPECT_THAT(OfParents(Seen(*office), Now()), IsEmpty());
  ASSERT_TRUE(caw.trajectories.SayStage(trajectory, Stage::kAdult, caw.id(), {}));
  for (Office* office : {&wissel, &caw}) {
    EXPECT_EQ(Seen(*office).lead, caw.id());
    EXPECT_FALSE(Seen(*office).LacksReceiver());
    EXPECT_THAT(AdulthoodAsksOf(Seen(*office), Now()), IsEmpty()) << "nothing is asked any more";
  }
  EXPECT_THAT(Asked(caw), Not(Contains(InboxItem::What::kReceiver)));
}

TEST_F(AdulthoodTest, WhoTakesOverTheLeadOfSomebodyOfAgeGoesOnWithThem) {
  Until(of_age);
  ASSERT_TRUE(wissel.trajectories.SayStage(trajectory, Stage::kAdult, std::nullopt, {}));
  leuven.region.clock.Advance(days(1));
  CawJoins();
  EXPECT_TRUE(Seen(wissel).LacksReceiver());
  EXPECT_THAT(Asked(wissel), Contains(InboxItem::What::kReceiver));
  ASSERT_TRUE(leading.Offer(trajectory, caw.id(), {"overname"}, std::nullopt, {}));
  EXPECT_TRUE(Seen(wissel).LacksReceiver()) << "offered is not accepted";
  ASSERT_TRUE(leading_of_caw.Accept(trajectory, {"ja"}, {}));
  for (Office* office : {&wissel, &caw}) {
    EXPECT_FALSE(Seen(*office).LacksReceiver());
    const auto accepted = AcceptedIn(Seen(*office), Now());
    ASSERT_TRUE(accepted);
    EXPECT_EQ(accepted->organisation, caw.id());
    EXPECT_EQ(accepted->by, AcceptedReceiver::By::kLead);
  }
  EXPECT_THAT(Asked(caw), Not(Contains(InboxItem::What::kReceiver)));
  EXPECT_EQ(RuleOf(caw.trajectories.Close(trajectory, {"", "aangeboden", CopyTaken::kTaken, ""}, std::nullopt, {})),
            "ok");
}

TEST_F(AdulthoodTest, WhoTookOverTheLeadBeforeIsAskedForAReceiverUnlessThePlanNamesIt) {
  CawJoins();
  ASSERT_TRUE(leading.Offer(trajectory, caw.id(), {"overname"}, std::nullopt, {}));
  ASSERT_TRUE(leading_of_caw.Accept(trajectory, {"ja"}, {}));
  Until(of_age);
  ASSERT_TRUE(caw.trajectories.SayStage(trajectory, Stage::kAdult, std::nullopt, {}));
  EXPECT_TRUE(Seen(caw).LacksReceiver()) << "it led already, and said nothing of going on";
  ASSERT_TRUE(of_caw.Write(trajectory, {of_age, "caw-leuven", {}, ""}, profile, kNl, {}));
  EXPECT_FALSE(Seen(caw).LacksReceiver());
}

TEST_F(AdulthoodTest, AReferralThatTheReceiverAcceptedLeavesNoGapEither) {
  CawJoins();
  for (Office* office : {&caw, &wissel}) Grant(*office, {Purpose::kCareCoordination}, {Category::kAgreements});
  ASSERT_TRUE(Write({of_age, "caw-leuven", {Housing()}, ""}));
  const auto ask = [&] {
    const auto sent = referrals.Ask(trajectory, {"caw-leuven", Module::kUnspecified, "gaan jullie verder?", {}},
                                    {Category::kAgreements}, {});
    EXPECT_THAT(sent.value().reaches, ElementsAre(caw.id()));
    return sent.value().record;
  };
  const RecordId refused = ask();
  EXPECT_FALSE(AcceptedIn(Seen(wissel), Now())) << "asked";
  ASSERT_TRUE(referrals_of_caw.Answer(refused, {ReferralAnswer::kRefused, "geen plaats"}, {}));
  EXPECT_FALSE(AcceptedIn(Seen(wissel), Now())) << "refused";
  const RecordId asked = ask();
  const auto answer = referrals_of_caw.Answer(asked, {ReferralAnswer::kAccepted, "ja"}, {});
  ASSERT_TRUE(answer) << ToText(answer.error());
  for (Office* office : {&wissel, &caw}) {
    const auto accepted = AcceptedIn(Seen(*office), Now());
    ASSERT_TRUE(accepted);
    EXPECT_EQ(accepted->organisation, caw.id());
    EXPECT_EQ(accepted->by, AcceptedReceiver::By::kReferral);
    EXPECT_EQ(accepted->record, answer->record);
  }
  EXPECT_EQ(Seen(wissel).lead, wissel.id()) << "the lead is not handed over with it";
  Until(of_age - days(30));
  EXPECT_THAT(Asks(), IsEmpty());
  ASSERT_TRUE(Write({of_age, "upc-leuven", {Housing()}, ""}));
  EXPECT_FALSE(AcceptedIn(Seen(wissel), Now())) << "another receiver has to accept by itself";
}

TEST_F(AdulthoodTest, WhatParentsConsentedToLapsesAcrossTheDay) {
  Join(upc);
  ASSERT_TRUE(Write({of_age, "caw-leuven", {Housing()}, ""}));
  Until(of_age - days(100));
  GrantRequest request = Request(upc, {Purpose::kCareCoordination}, {Category::kGoals});
  request.grantor = Grantor::kFirstParent;
  request.ends_at = of_age + days(1);
  EXPECT_EQ(RuleOf(wissel.grants.Give(request, wissel.caller, {})), "grant.of_age");
  request.grantor = Grantor::kYoungPerson;
  EXPECT_EQ(RuleOf(wissel.grants.Give(request, wissel.caller, {})), "ok") << "their own goes on";
  const RecordId of_mother = OfMother(of_age);
  const auto standing = [&] {
    const Trajectory rules = wissel.engine.FindTrajectory(trajectory).value();
    return StandingOf(rules, wissel.engine.Rules(), CourtWall::kNone, *rules.FindGrant(of_mother), Now());
  };
  EXPECT_EQ(standing(), Standing::kNotNeeded);
  EXPECT_EQ(OfParents(Seen(wissel), Now()).size(), 1U);
  Until(of_age - hours(1));
  EXPECT_EQ(standing(), Standing::kNotNeeded);
  EXPECT_THAT(Asks(), Not(Contains(What::kStage)));
  Until(of_age);
  EXPECT_EQ(standing(), Standing::kNotInForce) << "also while nobody has said the stage";
  EXPECT_THAT(OfParents(Seen(wissel), Now()), IsEmpty());
  EXPECT_THAT(Asks(), Contains(What::kStage));
  EXPECT_THAT(Asked(wissel), Contains(InboxItem::What::kAdulthoodStage));
  ASSERT_TRUE(wissel.trajectories.SayStage(trajectory, Stage::kAdult, std::nullopt, {}));
  EXPECT_THAT(Asks(), IsEmpty()) << "from here on the receiver is what is asked for";
  EXPECT_THAT(Asked(wissel), Contains(InboxItem::What::kReceiver));
  EXPECT_EQ(Seen(wissel).lead, wissel.id());
}

// A child's file, where the parents' consent is what carries everything.
TEST_F(AdulthoodTest, AParentsConsentThatWasGivenBeforeLapsesWithTheStage) {
  const TrajectoryId id = wissel.trajectories.Open({"Lou", Module::kMobile, ""}, Stage::kChild, {}).value().trajectory;
  ASSERT_TRUE(wissel.trajectories.Invite(id, upc.id(), {"", ""}, std::nullopt, {}));
  ASSERT_TRUE(upc.trajectories.Join(id, {"ja"}, {}));
  GrantRequest request = Request(upc, {Purpose::kCareCoordination}, {Category::kGoals});
  request.trajectory = id;
  request.grantor = Grantor::kGuardian;
  ASSERT_TRUE(wissel.grants.Give(request, wissel.caller, {}));
  const auto reaches = [&] {
    return wissel.content.Note(id, {"t", ""}, Purpose::kCareCoordination, {Category::kGoals}, {}).value().reaches;
  };
  EXPECT_THAT(reaches(), ElementsAre(upc.id()));
  ASSERT_TRUE(wissel.trajectories.SayStage(id, Stage::kAdult, std::nullopt, {}));
  EXPECT_THAT(reaches(), IsEmpty());
}

TEST_F(AdulthoodTest, AParentsConsentFromBeforeThePlanEndsByItselfOnTheDay) {
  Join(upc);
  ASSERT_EQ(Seen(wissel).stage, Stage::kCapable);
  Until(of_age - days(100));
  const RecordId of_mother = OfMother(of_age + days(200));
  const auto ends_at = [&](Office& office) {
    for (const CaseGrant& one : Seen(office).grants) {
      if (one.grant.id == of_mother) return one.grant.ends_at;
    }
    return Timestamp();
  };
  ASSERT_TRUE(Write({of_age, "caw-leuven", {Housing()}, ""}));
  Until(of_age - hours(1));
  ASSERT_TRUE(plans.EndOnTheDay());
  EXPECT_EQ(ends_at(wissel), of_age + days(200)) << "the day before";
  Until(of_age + hours(1));
  AdulthoodService of_upc{upc.engine, upc.cases, leuven.region.clock};
  ASSERT_TRUE(of_upc.EndOnTheDay());
  EXPECT_EQ(ends_at(wissel), of_age + days(200)) << "who leads does it";
  ASSERT_TRUE(plans.EndOnTheDay());
  EXPECT_EQ(ends_at(wissel), Now());
  EXPECT_EQ(ends_at(upc), Now()) << "and who it was given to knows";
  EXPECT_THAT(OfParents(Seen(wissel), Now()), IsEmpty());
  const std::size_t records = wissel.engine.records();
  ASSERT_TRUE(plans.EndOnTheDay());
  EXPECT_EQ(wissel.engine.records(), records) << "once";
}

TEST_F(GuestsTest, ALinkOfAParentEndsWhenTheYoungPersonComesOfAge) {
  const std::string of_mother = Link(mother);
  const std::string of_sam = Link(sam);
  EXPECT_EQ(RuleOfEntering(of_mother), "");
  const std::string session = guests.Enter(of_mother, test::kGuestAddress).value().session;
  AdulthoodService plans(wissel.engine, wissel.cases, leuven.region.clock);
  const Timestamp of_age = start + days(2);
  ASSERT_TRUE(plans.Write(trajectory, {of_age, "", {}, ""}, {}, Language::kDutch, {}));
  EXPECT_TRUE(guests.Who(session));
  Advance(days(2));
  EXPECT_FALSE(guests.Who(session));
  EXPECT_EQ(RuleOfEntering(of_mother), "guest.link");
  EXPECT_EQ(RuleOfEntering(of_sam), "") << "their own goes on";
  EXPECT_EQ(RuleOfEntering(Link(mother)), "") << "whom they invite from then on comes in";
}

TEST_F(GuestsTest, SayingThatTheYoungPersonIsOfAgeEndsALinkOfAParentAtOnce) {
  const std::string of_mother = Link(mother);
  Advance(hours(1));
  ASSERT_TRUE(wissel.trajectories.SayStage(trajectory, Stage::kAdult, std::nullopt, {}));
  EXPECT_EQ(RuleOfEntering(of_mother), "guest.link");
  EXPECT_EQ(RuleOfEntering(Link(mother)), "");
}

}  // namespace
}  // namespace schakel
