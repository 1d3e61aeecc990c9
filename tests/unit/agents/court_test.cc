// Hearings, rings and the plan for the court between agents that know only what they were handed.
#include "agents/court.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/dossier.h"
#include "support/office.h"
#include "support/paths.h"

namespace schakel {
namespace {

using schakel::test::Office;
using schakel::test::ServicesTest;
using std::chrono::days;
using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string RuleOf(const Result<Sent>& sent) { return sent ? "ok" : sent.error().rule; }

class CourtTest : public ServicesTest {
 protected:
  CourtTest() {
    const CategorySet all(~std::uint64_t{0});
    leuven.region.SetCeilings(
        {{Sector("youth-care"), all, false},
         {Sector("psychiatry"), all, false},
         {Sector("youth-court"),
          {Category::kIdentity, Category::kAgreements, Category::kGoals, Category::kJustice, Category::kMeeting},
          true}});
  }
  test::FakeEngine& court_engine = leuven.region.Enrol("rechtbank-leuven", "Jeugdrechtbank Leuven", "youth-court");
  Office court{leuven.region, court_engine, "rechter Smet"};
  const Profile profile = LoadProfiles(SourceDir() / "agents/profiles").value().at(Sector("youth-care"));
  DossierService dossier{wissel.engine, wissel.cases};
  HearingService hearings{wissel.engine, wissel.cases, leuven.region.clock};
  HearingService of_psychiatry{upc.engine, upc.cases, leuven.region.clock};
  RingService rings{wissel.engine, wissel.cases};
  CourtPlanService plans{wissel.engine, wissel.cases, wissel.content, leuven.region.clock};
  CourtPlanService of_court{court.engine, court.cases, court.content, leuven.region.clock};

  Timestamp Now() { return leuven.region.clock.Now(); }
  Result<Sent> Answer(AskingRing ring, std::string key, std::string question = {}) {
    return rings.Answer(trajectory, {ring, std::move(key), std::move(question), "goed", Speaker::kYoungPerson, ""},
                        profile, Language::kDutch, {});
  }
  Result<Sent> Consent(Grantor grantor, const RecordId& piece) {
    GrantRequest request =
        Request(court, {Purpose::kCourtReport}, {Category::kAgreements, Category::kGoals, Category::kJustice});
    request.grantor = grantor;
    request.piece = piece;
    return wissel.grants.Give(request, wissel.caller, {});
  }
};

TEST_F(CourtTest, AHearingIsSaidMovedAndCancelled) {
  Join(upc);
  Grant(upc, {Purpose::kCareCoordination}, {Category::kJustice});
  Grant(wissel, {Purpose::kCareCoordination}, {Category::kJustice});
  const HearingBody body{false, Now() + days(30), "Leuven", ""};
  EXPECT_EQ(RuleOf(hearings.Plan(trajectory, {false, Now(), "", ""}, Purpose::kCareCoordination, {})), "hearing.past");
  EXPECT_EQ(RuleOf(hearings.Plan(trajectory, {}, Purpose::kCareCoordination, {})), "body.required");
  EXPECT_EQ(RuleOf(hearings.Plan(trajectory, body, Purpose::kSafety, {})), "hearing.purpose");
  const auto sent = hearings.Plan(trajectory, body, Purpose::kCareCoordination, {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_THAT(sent->reaches, ElementsAre(upc.id()));
  HearingBody later = body;
  later.at = Now() + days(60);
  ASSERT_TRUE(of_psychiatry.Change(sent->record, later, {})) << "any member that has it";
  for (Office* office : {&wissel, &upc}) {
    const CaseTrajectory seen = Seen(*office);
    ASSERT_EQ(seen.court.hearings.size(), 1U);
    EXPECT_EQ(seen.court.hearings[0].at, later.at);
  }
  const auto over = hearings.Change(sent->record, {true, {}, "", "uitgesteld"}, {});
  ASSERT_TRUE(over) << ToText(over.error());
  EXPECT_TRUE(Seen(upc).court.hearings[0].cancelled);
  EXPECT_EQ(RuleOf(hearings.Change(sent->record, {true, {}, "", ""}, {})), "hearing.cancelled");
  EXPECT_TRUE(hearings.Change(over->record, later, {})) << "it takes place after all";
  EXPECT_EQ(Seen(wissel).court.hearings[0].at, later.at);
}

TEST_F(CourtTest, AHearingThatMovesKeepsWhatIsNotSaidAnew) {
  Join(upc);
  Grant(upc, {Purpose::kCareCoordination}, {Category::kJustice});
  Grant(wissel, {Purpose::kCareCoordination}, {Category::kJustice});
  const auto now_said = [&](Office& office) {
    const RecordId current = Seen(office).court.hearings.at(0).text.current().record;
    return std::get<HearingBody>(DecodeBody(office.engine.Open(current).value()).value());
  };
  const HearingBody body{false, Now() + days(30), "Leuven", "zaal 2"};
  const RecordId id = hearings.Plan(trajectory, body, Purpose::kCareCoordination, {}).value().record;
  const Timestamp later = Now() + days(60);
  ASSERT_TRUE(hearings.Change(id, {false, later, "", ""}, {}, {.court = true, .text = true}));
  EXPECT_EQ(now_said(wissel), (HearingBody{false, later, "Leuven", "zaal 2"}));
  ASSERT_TRUE(hearings.Change(id, {false, later, "", ""}, {}, {.court = true}));
  EXPECT_EQ(now_said(wissel), (HearingBody{false, later, "Leuven", ""})) << "that it has no text any more, was said";
  ASSERT_TRUE(hearings.Change(id, {false, later, "", "zaal 3"}, {}, {.court = true}));
  ASSERT_TRUE(of_psychiatry.Change(id, {false, later + days(1), "", ""}, {}, {.court = true, .text = true}));
  EXPECT_EQ(now_said(wissel), (HearingBody{false, later + days(1), "Leuven", ""})) << "words of another stay its own";
}

TEST_F(CourtTest, RingsAskTheQuestionsOfTheProfileAndOnesOwn) {
  EXPECT_EQ(RuleOf(Answer(AskingRing::kIndividual, "")), "ring.question");
  EXPECT_EQ(RuleOf(Answer(AskingRing::kIndividual, "future", "En nu?")), "ring.question");
  EXPECT_EQ(RuleOf(Answer(AskingRing::kFamily, "future")), "ring.key") << "that is asked in another ring";
  const auto future = Answer(AskingRing::kIndividual, "future");
  ASSERT_TRUE(future) << ToText(future.error());
  ASSERT_TRUE(Answer(AskingRing::kContext, "", "Wat zegt de buurman?"));
  const CaseCourt seen = Seen(wissel).court;
  EXPECT_THAT(UnansweredIn(seen), ElementsAre(AskingRing::kFamily, AskingRing::kForcedFrame));
  const auto overview = RingsOf(seen, profile);
  ASSERT_EQ(overview.size(), 4U);
  EXPECT_TRUE(overview[0].answered);
  EXPECT_FALSE(overview[1].answered);
  const auto asked = std::ranges::find(overview[0].questions, "future", &AskedInRing::key);
  ASSERT_NE(asked, overview[0].questions.end());
  EXPECT_EQ(asked->words->In(Language::kDutch), "Hoe zie je de toekomst?");
  ASSERT_EQ(asked->answers.size(), 1U);
  EXPECT_EQ(asked->answers[0].record, future->record);
  EXPECT_TRUE(overview[0].questions[0].answers.empty()) << "another question of that ring has none";
  EXPECT_FALSE(overview[2].questions.back().words) << "one's own";
  EXPECT_EQ(RingsOf({}, {})[0].questions.size(), 0U) << "a profile without questions has none";
}

TEST_F(CourtTest, WhatARingIsAboutFollowsFromTheRing) {
  Join(upc);
  Grant(upc, {Purpose::kCareCoordination}, {Category::kFamily});
  EXPECT_THAT(Answer(AskingRing::kIndividual, "future")->reaches, IsEmpty());
  EXPECT_THAT(Answer(AskingRing::kFamily, "support")->reaches, ElementsAre(upc.id()));
  EXPECT_THAT(Answer(AskingRing::kForcedFrame, "judge")->reaches, IsEmpty());
}

TEST_F(CourtTest, ThePlanSaysItselfInWhichRingsNobodyAnswered) {
  ASSERT_TRUE(Answer(AskingRing::kIndividual, "future"));
  const auto sent = plans.Write(trajectory, {"ons plan", {"context"}, ""}, {}, {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_THAT(Seen(wissel).court.plans.at(0).unanswered,
              ElementsAre(AskingRing::kFamily, AskingRing::kContext, AskingRing::kForcedFrame));
  ASSERT_TRUE(Answer(AskingRing::kFamily, "support"));
  EXPECT_EQ(Seen(wissel).court.plans[0].unanswered.size(), 3U) << "what was written stays as it was";
  ASSERT_TRUE(plans.Edit(sent->record, {"ons plan, samen", {}, ""}, {}, {}));
  const CaseCourtPlan plan = Seen(wissel).court.plans[0];
  EXPECT_EQ(plan.text.all.size(), 2U);
  EXPECT_THAT(plan.unanswered, ElementsAre(AskingRing::kContext, AskingRing::kForcedFrame));
}

TEST_F(CourtTest, ThePlanRestsOnAnswersGoalsAndAgreements) {
  const RecordId answer = Answer(AskingRing::kIndividual, "future")->record;
  const RecordId goal =
      dossier.SetGoal(trajectory, {"school", {"de-wissel"}, "", Now(), Now() + days(180)}, {}).value().record;
  const RecordId agreement =
      wissel.content.Agree(trajectory, {AgreementTopic::kDrugs, "we bellen", ""}, {}).value().record;
  const RecordId note =
      wissel.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, {Category::kGoals}, {}).value().record;
  EXPECT_EQ(RuleOf(plans.Write(trajectory, {"plan", {}, ""}, {note}, {})), "plan.rests_on");
  EXPECT_EQ(RuleOf(plans.Write(trajectory, {"plan", {}, ""}, std::vector<RecordId>(16, answer), {})), "plan.many");
  const auto sent = plans.Write(trajectory, {"plan", {}, ""}, {answer, goal, agreement, goal}, {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_THAT(Seen(wissel).court.plans.at(0).rests_on, ElementsAre(answer, goal, agreement));
  ASSERT_TRUE(plans.Edit(sent->record, {"plan", {}, ""}, {goal}, {}));
  EXPECT_THAT(Seen(wissel).court.plans.at(0).rests_on, ElementsAre(goal)) << "without the version before it";
}

// Articles 75 and 75/1: before the young person and the parents agreed to that very piece nothing leaves, and after it
// that alone.
TEST_F(CourtTest, ThePlanReachesTheCourtByConsentToThatVeryPiece) {
  Join(court);
  ASSERT_TRUE(Answer(AskingRing::kForcedFrame, "judge"));
  const auto plan = plans.Write(trajectory, {"ons plan", {}, ""}, {}, {});
  ASSERT_TRUE(plan);
  EXPECT_THAT(plan->reaches, IsEmpty());
  EXPECT_EQ(RuleOf(plans.HandOver(plan->record, upc.id(), {})), "plan.court");
  const std::size_t before = Seen(court).items.size();
  ASSERT_TRUE(dossier.SetCriterion(trajectory, {CriterionOf::kYouthJudge, "een vast adres"}, {}));
  ASSERT_TRUE(dossier.SetGoal(trajectory, {"school", {"de-wissel"}, "", Now(), Now() + days(180)}, {}));

  EXPECT_EQ(plans.Lacking(plan->record, court.id()), (LackingConsent{true, true, false}));
  EXPECT_EQ(RuleOf(plans.HandOver(plan->record, court.id(), {})), "plan.consent");
  GrantRequest narrow = Request(court, {Purpose::kCourtReport}, {Category::kAgreements});
  narrow.piece = plan->record;
  const auto too_narrow = wissel.grants.Give(narrow, wissel.caller, {});
  EXPECT_EQ(RuleOf(too_narrow), "grant.piece_categories");
  EXPECT_EQ(too_narrow.error().field, "agreements, goals, justice") << "what the record is about";
  ASSERT_TRUE(Consent(Grantor::kYoungPerson, plan->record));
  EXPECT_EQ(plans.Lacking(plan->record, court.id()), (LackingConsent{false, true, false}));
  const auto refused = plans.HandOver(plan->record, court.id(), {});
  EXPECT_EQ(RuleOf(refused), "plan.consent_parents");
  EXPECT_FALSE(refused.error().next.empty());
  EXPECT_EQ(Seen(court).items.size(), before);
  EXPECT_THAT(Seen(court).court.plans, IsEmpty());
  ASSERT_TRUE(Consent(Grantor::kFirstParent, plan->record));
  EXPECT_TRUE(plans.Lacking(plan->record, court.id())->none());
  const auto sent = plans.HandOver(plan->record, court.id(), {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_THAT(sent->reaches, ElementsAre(court.id()));

  const CaseTrajectory at_court = Seen(court);
  ASSERT_EQ(at_court.court.plans.size(), 1U);
  EXPECT_TRUE(at_court.court.plans[0].was_handed);
  EXPECT_EQ(at_court.court.plans[0].unanswered.size(), 3U);
  EXPECT_EQ(at_court.items.size(), before + 1) << "the plan, and nothing else";
  EXPECT_THAT(at_court.court.answers, IsEmpty());
  EXPECT_THAT(at_court.dossier.criteria, IsEmpty()) << "also when it is the judge's own";
  EXPECT_THAT(at_court.dossier.goals, IsEmpty());
  EXPECT_EQ(RuleOf(of_court.HandOver(at_court.court.plans[0].text.id(), court.id(), {})), "plan.author");
  EXPECT_EQ(Seen(wissel).court.plans[0].handed.at(0).to, court.id());
  EXPECT_EQ(RuleOf(plans.HandOver(plan->record, court.id(), {})), "plan.handed");
}

TEST_F(CourtTest, AnotherVersionTakesAnotherConsent) {
  Join(court);
  const RecordId first = plans.Write(trajectory, {"ons plan", {}, ""}, {}, {}).value().record;
  ASSERT_TRUE(Consent(Grantor::kYoungPerson, first));
  ASSERT_TRUE(Consent(Grantor::kFirstParent, first));
  const RecordId second = plans.Edit(first, {"een ander plan", {}, ""}, {}, {}).value().record;
  EXPECT_EQ(RuleOf(plans.HandOver(first, court.id(), {})), "plan.changed");
  EXPECT_EQ(RuleOf(plans.HandOver(second, court.id(), {})), "plan.consent");
  ASSERT_TRUE(Consent(Grantor::kFirstParent, second));
  EXPECT_EQ(RuleOf(plans.HandOver(second, court.id(), {})), "plan.consent_young_person");
  EXPECT_THAT(Seen(court).court.plans, IsEmpty());
}

TEST_F(CourtTest, WhoseConsentIsLackingFollowsTheStage) {
  Join(court);
  const RecordId plan = plans.Write(trajectory, {"ons plan", {}, ""}, {}, {}).value().record;
  ASSERT_TRUE(wissel.trajectories.SayStage(trajectory, Stage::kAdult, std::nullopt, {}));
  EXPECT_EQ(plans.Lacking(plan, court.id()), (LackingConsent{true, false, false}));
  ASSERT_TRUE(Consent(Grantor::kYoungPerson, plan));
  EXPECT_TRUE(plans.HandOver(plan, court.id(), {}));

  const TrajectoryId child =
      wissel.trajectories.Open({"Lou", Module::kMobile, ""}, Stage::kChild, {}).value().trajectory;
  ASSERT_TRUE(wissel.trajectories.Invite(child, court.id(), {"", "welkom"}, std::nullopt, {}));
  ASSERT_TRUE(court.trajectories.Join(child, {"ja"}, {}));
  const RecordId of_child = plans.Write(child, {"ons plan", {}, ""}, {}, {}).value().record;
  EXPECT_EQ(RuleOf(plans.HandOver(of_child, court.id(), {})), "plan.child");
}

}  // namespace
}  // namespace schakel
