// A shared dossier between agents that know only what they were handed: referrals, commitments, goals, criteria,
// actions.
#include "agents/dossier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "agents/lead.h"
#include "support/office.h"

namespace schakel {
namespace {

using schakel::test::FakeEngine;
using schakel::test::FakeRegion;
using schakel::test::Leuven;
using std::chrono::days;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Office : test::Office {
  Office(FakeRegion& region, FakeEngine& engine_in)
      : test::Office(region, engine_in, "Nora"),
        lead(engine, cases, region.clock),
        referrals(engine, cases, region.clock),
        dossier(engine, cases) {}

  LeadService lead;
  ReferralService referrals;
  DossierService dossier;
};

std::string Rule(const Result<Sent>& sent) { return sent ? "ok" : sent.error().rule; }

// Youth care leads; psychiatry and school take part and know of each other; all may receive goals and agreements.
class DossierTest : public ::testing::Test {
 protected:
  Leuven leuven;
  Office wissel{leuven.region, leuven.youth_care};
  Office upc{leuven.region, leuven.psychiatry};
  Office clb{leuven.region, leuven.school};
  TrajectoryId trajectory;
  RecordId to_psychiatry;

  void SetUp() override {
    trajectory = wissel.trajectories.Open({"Sam", Module::kMobile, ""}, Stage::kCapable, {}).value().trajectory;
    for (Office* office : {&upc, &clb}) {
      ASSERT_TRUE(wissel.trajectories.Invite(trajectory, office->id(), {}, std::nullopt, {}));
      ASSERT_TRUE(office->trajectories.Join(trajectory, {}, {}));
    }
    ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, upc.id(), clb.id(), {}));
    ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, clb.id(), upc.id(), {}));
    for (Office* office : {&wissel, &clb, &upc}) to_psychiatry = Grant(*office);
  }
  RecordId Grant(const Office& office) {
    GrantRequest request;
    request.trajectory = trajectory;
    request.recipient = office.id();
    request.purposes = {Purpose::kCareCoordination};
    request.categories = {Category::kGoals, Category::kAgreements};
    request.ends_at = leuven.region.clock.Now() + days(300);
    request.consented_by = "Sam";
    request.how = "ondertekend";
    auto sent = wissel.grants.Give(request, {{"Nora", StaffRole::kWorker}, ViewReason::kTask}, {});
    EXPECT_TRUE(sent) << ToText(sent.error());
    return sent ? sent->record : RecordId();
  }
  CaseDossier Seen(Office& office) { return office.cases.Trajectory(trajectory).value().dossier; }
  GoalBody Goal(std::vector<std::string> owners = {"clb-leuven"}) {
    const Timestamp now = leuven.region.clock.Now();
    return {"terug naar school", std::move(owners), "", now, SixMonthsAfter(now)};
  }
  ClosingBody Closing() { return {"", "op papier", CopyTaken::kTaken, ""}; }
  // What the reason for which it was closed refers to.
  static std::vector<RecordId> ClosedOver(Office& office) {
    std::vector<RecordId> about;
    office.engine.Records([&](const HeldRecord& held) {
      if (held.header.kind == Kind::kClosingReason) about = held.header.references;
      return true;
    });
    return about;
  }
  RecordId Signed(const std::vector<std::string>& parties) {
    const auto sent = wissel.dossier.Commit(trajectory, {"elke week samen", parties}, {});
    EXPECT_TRUE(sent) << ToText(sent.error());
    for (Office* office : {&upc, &clb}) {
      if (std::ranges::find(parties, office->id().value()) == parties.end()) continue;
      EXPECT_EQ(Rule(office->dossier.Sign(sent->record, {}, {})), "ok");
    }
    EXPECT_TRUE(Seen(wissel).commitments.back().active_since);
    return sent->record;
  }
  std::string Leaving(Office& office) {
    return Rule(office.trajectories.Leave(trajectory, {"geen tijd"}, {.preview = true}));
  }
  bool TakesPart(const Office& office) {
    const Participant* found = nullptr;
    const CaseTrajectory seen = wissel.cases.Trajectory(trajectory).value();
    found = seen.Find(office.id());
    return found != nullptr && found->status == MemberStatus::kJoined;
  }
};

TEST_F(DossierTest, ACommitmentGoesToItsPartiesAndHoldsOnceAllSigned) {
  const CommitmentBody both{"elke week samen", {"upc-leuven", "de-wissel", "upc-leuven"}};
  const auto sent = wissel.dossier.Commit(trajectory, both, {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_THAT(sent->reaches, ElementsAre(upc.id())) << "the school is no party";
  EXPECT_THAT(Seen(clb).commitments, IsEmpty());
  EXPECT_EQ(Rule(wissel.dossier.Sign(sent->record, {}, {})), "commitment.signed") << "who proposes signs by that";
  EXPECT_EQ(Rule(clb.dossier.Sign(sent->record, {}, {})), "id.unknown");
  ASSERT_TRUE(upc.dossier.Sign(sent->record, {"besproken"}, {}));
  for (Office* office : {&wissel, &upc}) EXPECT_TRUE(Seen(*office).commitments.at(0).active_since);
  EXPECT_EQ(Seen(wissel), Seen(upc));

  const auto edited = upc.dossier.EditCommitment(sent->record, {"om de twee weken", {"de-wissel", "upc-leuven"}}, {});
  ASSERT_TRUE(edited) << ToText(edited.error());
  EXPECT_FALSE(Seen(wissel).commitments.at(0).active_since);
  EXPECT_EQ(Rule(wissel.dossier.Sign(sent->record, {}, {})), "commitment.changed") << "that is not what it reads now";
  EXPECT_EQ(Rule(wissel.dossier.Sign(edited->record, {}, {})), "ok");
  EXPECT_TRUE(Seen(upc).commitments.at(0).active_since);
}

TEST_F(DossierTest, ACommitmentIsBetweenThoseWhoTakePart) {
  EXPECT_EQ(Rule(wissel.dossier.Commit(trajectory, {"t", {"caw-leuven", "de-wissel"}}, {})), "dossier.member");
  EXPECT_EQ(Rule(wissel.dossier.Commit(trajectory, {"t", {"de-wissel"}}, {})), "body.few");
  const auto sent = wissel.dossier.Commit(trajectory, {"t", {"clb-leuven", "de-wissel", "upc-leuven"}}, {});
  ASSERT_TRUE(sent);
  ASSERT_TRUE(wissel.dossier.EditCommitment(sent->record, {"t", {"de-wissel", "upc-leuven"}}, {}));
  EXPECT_EQ(Seen(clb).commitments.at(0).parties.size(), 2U) << "who is a party no more hears so";
  EXPECT_EQ(Rule(clb.dossier.EditCommitment(sent->record, {"t", {"clb-leuven", "upc-leuven"}}, {})),
            "commitment.party");
  EXPECT_EQ(Rule(clb.dossier.Sign(Seen(clb).commitments.at(0).text.current().record, {}, {})), "commitment.party");
}

// No breaking off: only who is taken over from goes.
TEST_F(DossierTest, NobodyGoesOutOfACommitmentByItself) {
  const auto sent = wissel.dossier.Commit(trajectory, {"elke week", {"clb-leuven", "de-wissel", "upc-leuven"}}, {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  ASSERT_TRUE(clb.dossier.Sign(sent->record, {}, {}));
  EXPECT_EQ(Leaving(upc), "ok") << "it does not hold yet";
  ASSERT_TRUE(upc.dossier.Sign(sent->record, {}, {}));
  const auto refused = upc.trajectories.Leave(trajectory, {"geen tijd"}, {});
  EXPECT_EQ(Rule(refused), "leaving.commitments");
  EXPECT_EQ(refused.error().field, ToText(sent->record).substr(0, 8)) << "which, and none of its words";
  EXPECT_TRUE(TakesPart(upc));
  EXPECT_TRUE(Seen(wissel).commitments.at(0).active_since) << "who refused changed nothing";

  const auto without = upc.dossier.EditCommitment(sent->record, {"elke week", {"clb-leuven", "de-wissel"}}, {});
  ASSERT_TRUE(without) << ToText(without.error());
  EXPECT_EQ(Leaving(upc), "leaving.commitments") << "nobody accepted that";
  ASSERT_TRUE(wissel.dossier.Sign(without->record, {}, {}));
  EXPECT_EQ(Leaving(upc), "leaving.commitments") << "the school has not signed";
  ASSERT_TRUE(clb.dossier.Sign(without->record, {}, {}));
  EXPECT_EQ(Rule(upc.trajectories.Leave(trajectory, {"overgenomen"}, {})), "ok") << "it heard who took over";
  EXPECT_FALSE(TakesPart(upc));
  EXPECT_EQ(Leaving(clb), "leaving.commitments");
}

TEST_F(DossierTest, ACommitmentCitesWhatItsPartiesWereSent) {
  const auto citing = [](std::vector<std::string> parties, const RecordId& goal) {
    return CommitmentBody{"samen", std::move(parties), {}, "", {ToText(goal)}};
  };
  const std::vector<std::string> with_upc = {"de-wissel", "upc-leuven"};
  const RecordId goal = wissel.dossier.SetGoal(trajectory, Goal(), {}).value().record;
  const RecordId narrow =
      wissel.dossier.SetGoal(trajectory, Goal({"de-wissel"}), {{upc.id()}, false, false, {}}).value().record;
  const RecordId criterion =
      wissel.dossier.SetCriterion(trajectory, {CriterionOf::kParents, "rust thuis"}, {}).value().record;
  const auto unread = wissel.dossier.Commit(trajectory, citing({"clb-leuven", "de-wissel"}, narrow), {});
  EXPECT_EQ(Rule(unread), "commitment.cites_unread");
  EXPECT_EQ(unread.error().field, "clb-leuven");
  EXPECT_EQ(Rule(wissel.dossier.Commit(trajectory, citing(with_upc, narrow), {})), "ok");
  const auto of_upc = upc.dossier.Commit(trajectory, citing({"clb-leuven", "upc-leuven"}, narrow), {});
  ASSERT_TRUE(of_upc) << "whom another sent its goal is not its to know: " << ToText(of_upc.error());
  EXPECT_EQ(Rule(clb.dossier.Sign(of_upc->record, {}, {})), "commitment.cites_missing") << "but nobody signs unread";

  EXPECT_EQ(Rule(wissel.dossier.Commit(trajectory, citing(with_upc, criterion), {})), "commitment.cites");
  EXPECT_EQ(Rule(wissel.dossier.Commit(trajectory, citing(with_upc, RecordId(Id128{9})), {})), "commitment.cites");
  CommitmentBody by_criterion{"samen", with_upc, {}, "", {}, {ToText(criterion)}};
  EXPECT_EQ(Rule(wissel.dossier.Commit(trajectory, by_criterion, {})), "ok");
  const RecordId newer = wissel.dossier.EditGoal(goal, Goal(), {}).value().record;
  EXPECT_EQ(Rule(wissel.dossier.Commit(trajectory, citing(with_upc, goal), {})), "commitment.cites_old");
  EXPECT_EQ(Rule(wissel.dossier.Commit(trajectory, citing(with_upc, newer), {})), "ok");
  ASSERT_TRUE(wissel.dossier.Review(newer, {GoalFound::kReached, "gelukt"}, {}));
  EXPECT_EQ(Rule(wissel.dossier.Commit(trajectory, citing(with_upc, newer), {})), "commitment.cites_over");
}

TEST_F(DossierTest, AnEditOfWhatIsCitedVoidsTheCommitmentAndFreesNobody) {
  const auto citing = [](const RecordId& goal) {
    return CommitmentBody{"samen", {"de-wissel", "upc-leuven"}, {}, "", {ToText(goal)}};
  };
  const RecordId goal = wissel.dossier.SetGoal(trajectory, Goal({"upc-leuven"}), {}).value().record;
  const RecordId one = wissel.dossier.Commit(trajectory, citing(goal), {}).value().record;
  ASSERT_EQ(Rule(upc.dossier.Sign(one, {}, {})), "ok");
  EXPECT_TRUE(Seen(wissel).commitments.at(0).active_since);
  const RecordId newer = upc.dossier.EditGoal(goal, Goal({"upc-leuven"}), {}).value().record;
  for (Office* office : {&wissel, &upc}) EXPECT_FALSE(Seen(*office).commitments.at(0).active_since);
  EXPECT_EQ(Leaving(upc), "leaving.commitments") << "else whoever wants to go edits a goal";
  EXPECT_EQ(Rule(wissel.trajectories.Close(trajectory, Closing(), std::nullopt, {})), "closing.commitments");
  EXPECT_EQ(Rule(wissel.dossier.EditCommitment(one, citing(goal), {})), "commitment.cites_old");
  const RecordId anew = wissel.dossier.EditCommitment(one, citing(newer), {}).value().record;
  EXPECT_EQ(Rule(upc.dossier.Sign(anew, {}, {})), "ok");
  EXPECT_TRUE(Seen(upc).commitments.at(0).active_since);
  const RecordId other = wissel.dossier.Commit(trajectory, citing(newer), {}).value().record;
  ASSERT_TRUE(wissel.dossier.EditGoal(goal, Goal({"upc-leuven"}), {}));
  EXPECT_EQ(Rule(upc.dossier.Sign(other, {}, {})), "commitment.cites_changed");
}

TEST_F(DossierTest, WhoIsLetGoOrHandedOverIsFree) {
  const RecordId first = Signed({"clb-leuven", "de-wissel", "upc-leuven"});
  EXPECT_EQ(Leaving(upc), "leaving.commitments");
  ASSERT_TRUE(wissel.dossier.EditCommitment(first, {"elke week", {"clb-leuven", "de-wissel"}}, {}));
  EXPECT_EQ(Leaving(upc), "ok") << "another wrote it so";
  EXPECT_EQ(Leaving(clb), "leaving.commitments") << "what it signed binds until the new text does";

  leuven.region.clock.Advance(days(1));
  ASSERT_TRUE(wissel.lead.Offer(trajectory, upc.id(), {"zoals besproken"}, std::nullopt, {}));
  ASSERT_TRUE(upc.lead.Accept(trajectory, {}, {}));
  EXPECT_EQ(Leaving(wissel), "ok") << "who accepted the lead goes on with it";
  leuven.region.clock.Advance(days(1));
  Signed({"de-wissel", "upc-leuven"});
  EXPECT_EQ(Leaving(wissel), "leaving.commitments") << "that it signed after it";
}

TEST_F(DossierTest, RemovingOrClosingOverACommitmentTakesAReason) {
  const RecordId commitment = Signed({"de-wissel", "upc-leuven"});
  const auto refused = wissel.trajectories.Remove(trajectory, upc.id(), {" "}, {});
  EXPECT_EQ(Rule(refused), "removal.commitments");
  EXPECT_EQ(refused.error().field, ToText(commitment).substr(0, 8));
  EXPECT_TRUE(TakesPart(upc));
  EXPECT_EQ(Rule(wissel.trajectories.Remove(trajectory, clb.id(), {}, {.preview = true})), "ok") << "is no party";
  EXPECT_EQ(Rule(wissel.trajectories.Remove(trajectory, upc.id(), {"UPC stopt"}, {.preview = true})), "ok");

  EXPECT_EQ(Rule(wissel.trajectories.Close(trajectory, Closing(), std::nullopt, {})), "closing.commitments");
  EXPECT_FALSE(wissel.cases.Trajectory(trajectory)->closed);
  EXPECT_THAT(ClosedOver(upc), IsEmpty());
  ASSERT_TRUE(wissel.trajectories.Close(trajectory, Closing(), std::nullopt, {}, "zo afgesproken met UPC"));
  EXPECT_THAT(ClosedOver(upc), ElementsAre(commitment));
}

TEST_F(DossierTest, GoalsAreCarriedFollowedAndReviewed) {
  const RecordId goal = wissel.dossier.SetGoal(trajectory, Goal(), {}).value().record;
  EXPECT_EQ(Rule(wissel.dossier.SetGoal(trajectory, Goal({}), {})), "body.few");
  EXPECT_EQ(Rule(upc.dossier.EditGoal(goal, Goal(), {})), "goal.owner");
  EXPECT_EQ(Rule(upc.dossier.Review(goal, {GoalFound::kReached, "t"}, {})), "goal.owner");
  ASSERT_TRUE(clb.dossier.EditGoal(goal, Goal({"upc-leuven", "clb-leuven"}), {}));
  ASSERT_TRUE(upc.dossier.SayProgress(goal, {GoalProgress::kStuck, "slaapt slecht"}, {}));
  ASSERT_TRUE(clb.dossier.SayProgress(goal, {GoalProgress::kOnTrack, ""}, {}));
  const CaseGoal seen = Seen(wissel).goals.at(0);
  EXPECT_EQ(seen.progress.at(upc.id()).progress, GoalProgress::kStuck);
  EXPECT_EQ(seen.owners.size(), 2U);
  EXPECT_EQ(Seen(upc), Seen(clb));
  const auto due = [&] {
    const auto items = upc.inbox.Show("dokter Claes").value().items;
    return std::ranges::count(items, InboxItem::What::kGoalReview, &InboxItem::what);
  };
  const Timestamp begun = leuven.region.clock.Now();
  ASSERT_EQ(seen.review_due, SixMonthsAfter(*seen.begins_at));
  leuven.region.clock.Advance(*seen.review_due - kReviewDueSoon - std::chrono::milliseconds(1) - begun);
  EXPECT_EQ(due(), 0) << "more than two weeks before";
  leuven.region.clock.Advance(std::chrono::milliseconds(1));
  EXPECT_EQ(due(), 1);
  leuven.region.clock.Advance(begun + days(183) - leuven.region.clock.Now());
  EXPECT_EQ(due(), 1);
  EXPECT_LE(*seen.review_due, leuven.region.clock.Now()) << "day 183";
  ASSERT_TRUE(clb.dossier.Review(goal, {GoalFound::kContinued, "nog een half jaar"}, {}));
  EXPECT_EQ(due(), 0);
  ASSERT_TRUE(upc.dossier.Review(goal, {GoalFound::kReached, "gelukt"}, {}));
  EXPECT_EQ(Rule(clb.dossier.Review(goal, {GoalFound::kContinued, "t"}, {})), "goal.over");
}

TEST_F(DossierTest, ClosingWaitsForWhatIsGoodEnoughOrKeepsTheReason) {
  const RecordId judge = wissel.dossier.SetCriterion(trajectory, {CriterionOf::kYouthJudge, "een adres"}, {})->record;
  const RecordId parents = upc.dossier.SetCriterion(trajectory, {CriterionOf::kParents, "rust thuis"}, {})->record;
  const auto refused = wissel.trajectories.Close(trajectory, Closing(), std::nullopt, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().rule, "closing.criteria");
  EXPECT_EQ(refused.error().field, ToText(judge).substr(0, 8) + ", " + ToText(parents).substr(0, 8))
      << "which, and none of their words";
  EXPECT_EQ(Rule(wissel.dossier.Judge(parents, {true, ""}, {})), "criterion.author");
  EXPECT_EQ(Rule(wissel.dossier.EditCriterion(parents, {CriterionOf::kOther, "t"}, {})), "criterion.author");
  ASSERT_TRUE(wissel.dossier.Judge(judge, {true, "woont bij oma"}, {}));
  EXPECT_EQ(wissel.trajectories.Close(trajectory, Closing(), std::nullopt, {}).error().field,
            ToText(parents).substr(0, 8));
  EXPECT_EQ(Rule(upc.trajectories.Close(trajectory, Closing(), std::nullopt, {}, "verhuisd")), "admit.lead");
  EXPECT_THAT(ClosedOver(upc), IsEmpty()) << "no reason stands there for nothing";
  ASSERT_TRUE(wissel.trajectories.Close(trajectory, Closing(), std::nullopt, {}, "Sam verhuist"));
  EXPECT_THAT(ClosedOver(upc), ElementsAre(parents));
  EXPECT_TRUE(wissel.cases.Trajectory(trajectory)->closed);
}

TEST_F(DossierTest, WhatIsMetClosesWithoutAReason) {
  const RecordId judge = wissel.dossier.SetCriterion(trajectory, {CriterionOf::kYouthJudge, "een adres"}, {})->record;
  ASSERT_TRUE(wissel.dossier.Judge(judge, {true, ""}, {}));
  ASSERT_TRUE(wissel.dossier.EditCriterion(judge, {CriterionOf::kYouthJudge, "een vast adres"}, {}));
  EXPECT_EQ(Rule(wissel.trajectories.Close(trajectory, Closing(), std::nullopt, {})), "closing.criteria")
      << "it was another criterion that was met";
  ASSERT_TRUE(wissel.dossier.Judge(judge, {true, ""}, {}));
  EXPECT_EQ(Rule(wissel.trajectories.Close(trajectory, Closing(), std::nullopt, {})), "ok");
}

TEST_F(DossierTest, ActionsAreDoneByTheirOwner) {
  const ActionBody action{"belt de school", "clb-leuven", "Jef", leuven.region.clock.Now() + days(3)};
  const RecordId id = wissel.dossier.AddAction(trajectory, action, {}).value().record;
  EXPECT_EQ(Rule(upc.dossier.EditAction(id, action, {})), "action.carrier");
  EXPECT_EQ(Rule(wissel.dossier.Done(id, {true, ""}, {})), "action.owner");
  const auto tasks = [&](Office& office) {
    const auto items = office.inbox.Show("iemand").value().items;
    return std::ranges::count(items, InboxItem::What::kAction, &InboxItem::what);
  };
  EXPECT_EQ(tasks(clb), 1);
  EXPECT_EQ(tasks(wissel), 0);
  ASSERT_TRUE(clb.dossier.Done(id, {true, "maandag"}, {}));
  EXPECT_EQ(tasks(clb), 0);
  for (Office* office : {&wissel, &upc, &clb}) EXPECT_TRUE(Seen(*office).actions.at(0).done);
  ASSERT_TRUE(clb.dossier.Done(id, {false, "toch niet"}, {}));
  EXPECT_EQ(tasks(clb), 1);
}

TEST_F(DossierTest, AReferralReachesWhomItAsksAndOnlyUnderAGrant) {
  const CategorySet goals{Category::kGoals};
  const ReferralBody body{"upc-leuven", Module::kAmbulant, "Is er plaats?", std::nullopt};
  EXPECT_EQ(Rule(wissel.referrals.Ask(trajectory, body, {}, {})), "referral.categories");
  EXPECT_EQ(Rule(wissel.referrals.Ask(trajectory, {"caw-leuven", Module::kMobile, "q", {}}, goals, {})),
            "referral.member");
  EXPECT_EQ(Rule(wissel.referrals.Ask(trajectory, {"de-wissel", Module::kMobile, "q", {}}, goals, {})),
            "referral.self");
  EXPECT_EQ(Rule(wissel.referrals.Ask(trajectory, {"upc-leuven", Module::kMobile, "q", leuven.region.clock.Now()},
                                      goals, {})),
            "referral.past");
  const auto held_back = wissel.referrals.Ask(trajectory, body, {Category::kHealth}, {});
  ASSERT_TRUE(held_back);
  EXPECT_EQ(held_back->outcome, Sent::Outcome::kHeldBack) << "no grant covers that";
  EXPECT_THAT(Seen(upc).referrals, IsEmpty());

  const RecordId id = wissel.referrals.Ask(trajectory, body, goals, {}).value().record;
  EXPECT_THAT(Seen(clb).referrals, IsEmpty());
  EXPECT_EQ(Rule(wissel.referrals.Answer(id, {ReferralAnswer::kAccepted, ""}, {})), "referral.asked");
  EXPECT_EQ(Rule(upc.referrals.Withdraw(id, {}, {})), "referral.author");
  EXPECT_EQ(Rule(upc.referrals.Answer(id, {ReferralAnswer::kRefused, ""}, {})), "body.required");
  EXPECT_EQ(Rule(upc.referrals.Answer(id, {ReferralAnswer::kAccepted, ""}, {})), "ok");
  EXPECT_EQ(Rule(upc.referrals.Answer(id, {ReferralAnswer::kRefused, "toch niet"}, {})), "referral.over");
  EXPECT_EQ(Rule(wissel.referrals.Withdraw(id, {}, {})), "referral.over");
  EXPECT_EQ(Seen(wissel).referrals.at(0).StateAt(leuven.region.clock.Now()), CaseReferral::State::kAccepted);
}

TEST_F(DossierTest, AnActionIsOfSomebodyWhoTakesPart) {
  const Timestamp due = leuven.region.clock.Now() + days(3);
  const auto rule = [&](const std::string& owner) {
    return Rule(wissel.dossier.AddAction(trajectory, {"bellen", owner, "", due}, {}));
  };
  EXPECT_EQ(rule("clb-leuven"), "ok");
  EXPECT_EQ(rule("de-wissel"), "ok") << "our own";
  EXPECT_EQ(rule(leuven.police.Self().value()), "dossier.member");
  EXPECT_EQ(rule("bestaat-niet"), "dossier.member");
  const auto sent = wissel.dossier.AddAction(trajectory, {"bellen", "clb-leuven", "", due}, {});
  EXPECT_EQ(Rule(wissel.dossier.EditAction(sent->record, {"bellen", "bestaat-niet", "", due}, {})), "dossier.member");
}

TEST_F(DossierTest, AGoalThatIsOverTakesNoMoreProgressAndNoOtherWords) {
  const auto goal = wissel.dossier.SetGoal(trajectory, Goal({"de-wissel"}), {});
  ASSERT_TRUE(goal) << ToText(goal.error());
  leuven.region.clock.Advance(days(184));
  ASSERT_EQ(Rule(wissel.dossier.Review(goal->record, {GoalFound::kReached, "gelukt"}, {})), "ok");
  EXPECT_EQ(Rule(wissel.dossier.SayProgress(goal->record, {GoalProgress::kOnTrack, ""}, {})), "goal.over");
  EXPECT_EQ(Rule(wissel.dossier.EditGoal(goal->record, Goal({"de-wissel"}), {})), "goal.over");
}

TEST_F(DossierTest, WhoeverKnewOfAMemberHearsThatItIsGone) {
  const auto status = [&](Office& office, const OrgId& one) {
    const CaseTrajectory seen = office.cases.Trajectory(trajectory).value();
    const Participant* found = seen.Find(one);
    return found == nullptr ? "none" : found->status == MemberStatus::kLeft ? "left" : "there";
  };
  ASSERT_STREQ(status(upc, clb.id()), "there");
  ASSERT_TRUE(wissel.trajectories.Remove(trajectory, clb.id(), {}, {}));
  EXPECT_STREQ(status(wissel, clb.id()), "left");
  EXPECT_STREQ(status(upc, clb.id()), "left");
  EXPECT_EQ(Rule(upc.dossier.Commit(trajectory, {"samen", {"upc-leuven", "clb-leuven"}}, {})), "dossier.member");
  ASSERT_TRUE(wissel.trajectories.Remove(trajectory, upc.id(), {}, {}));
  EXPECT_STREQ(status(wissel, upc.id()), "left");
}

TEST_F(DossierTest, AReferralEndsByItself) {
  const RecordId id =
      wissel.referrals.Ask(trajectory, {"upc-leuven", Module::kMobile, "q", {}}, {Category::kGoals}, {})->record;
  leuven.region.clock.Advance(ReferralService::kLasts);
  EXPECT_EQ(Rule(upc.referrals.Answer(id, {ReferralAnswer::kAccepted, ""}, {})), "referral.over");
  const auto items = wissel.inbox.Show("Nora").value().items;
  EXPECT_EQ(std::ranges::count(items, InboxItem::What::kReferralLapsed, &InboxItem::what), 1);
}

TEST_F(DossierTest, WhatWasWrittenTogetherOutlivesTheHandover) {
  const RecordId goal = wissel.dossier.SetGoal(trajectory, Goal({"de-wissel"}), {}).value().record;
  ASSERT_TRUE(wissel.lead.Offer(trajectory, upc.id(), {"zoals besproken"}, std::nullopt, {}));
  ASSERT_TRUE(upc.lead.Accept(trajectory, {}, {}));
  for (Office* office : {&wissel, &upc, &clb}) {
    const CaseTrajectory seen = office->cases.Trajectory(trajectory).value();
    EXPECT_EQ(seen.lead, upc.id());
    ASSERT_THAT(seen.handovers, SizeIs(1));
    EXPECT_EQ(seen.handovers[0].from, wissel.id());
    EXPECT_EQ(seen.dossier, Seen(wissel));
  }
  EXPECT_EQ(Rule(wissel.dossier.EditGoal(goal, Goal({"clb-leuven"}), {})), "ok") << "who set it still may";
  EXPECT_EQ(Seen(clb).goals.at(0).owners, std::vector<OrgId>{clb.id()}) << "the grants stayed";
  EXPECT_EQ(Rule(wissel.trajectories.Leave(trajectory, {}, {})), "ok");
}

// The receipts of before went to who led then; they come with what it tells.
TEST_F(DossierTest, WhatWasAnsweredToWhoLedIsNotAskedForAgain) {
  const RecordId grant = Grant(clb);
  const RecordId withdrawal = wissel.grants.Withdraw(grant, {"op vraag van Sam"}, {}).value().record;
  const Timestamp answered = leuven.region.clock.Now();
  clb.engine.AnswerForWhatWasTakenBack();
  leuven.region.clock.Advance(days(1));
  ASSERT_TRUE(wissel.lead.Offer(trajectory, upc.id(), {}, std::nullopt, {}));
  const RecordId accept = upc.lead.Accept(trajectory, {}, {}).value().record;
  std::vector<Header> grants;
  std::vector<Header> all;
  wissel.engine.Records([&](const HeldRecord& held) {
    const Kind kind = held.header.kind;
    const bool new_to_upc = !upc.engine.Find(held.header.id).has_value();
    const bool of_grants = kind == Kind::kGrantGive || kind == Kind::kGrantWithdraw;
    if (new_to_upc && of_grants) grants.push_back(held.header);
    if (new_to_upc && (of_grants || kind == Kind::kGrantReceipt)) all.push_back(held.header);
    return true;
  });
  const auto hears = [&](const std::vector<Header>& told, bool last) {
    upc.engine.HearOf(trajectory, told);
    Draft passed;
    passed.kind = Kind::kLeadPassed;
    passed.trajectory = trajectory;
    passed.references = {accept};
    passed.control = LeadPassed{accept, upc.id(), last};
    passed.recipients = {upc.id()};
    EXPECT_TRUE(wissel.engine.Say(passed));
  };
  const auto outstanding = [&] {
    const auto items = upc.inbox.Show("x").value().items;
    return std::ranges::count(items, InboxItem::What::kOutstanding, &InboxItem::what);
  };
  hears(grants, false);
  EXPECT_EQ(outstanding(), 1) << "as long as it was not told";
  hears(all, true);
  EXPECT_EQ(outstanding(), 0);
  const CaseTakenBack taken = upc.grants.Find(grant).value().grant.taken_back.at(0);
  EXPECT_EQ(taken.record, withdrawal);
  EXPECT_EQ(taken.at, answered) << "of the withdrawal, too";
  EXPECT_EQ(taken.sealed_at, answered);
}

TEST_F(DossierTest, TheLeadIsOfferedInTime) {
  EXPECT_EQ(Rule(wissel.lead.Offer(trajectory, upc.id(), {}, leuven.region.clock.Now() + days(91), {})),
            "lead.offer_long");
  EXPECT_EQ(Rule(upc.lead.Accept(trajectory, {}, {})), "lead.offer");
  ASSERT_TRUE(wissel.lead.Offer(trajectory, upc.id(), {}, std::nullopt, {}));
  EXPECT_EQ(Rule(upc.lead.Refuse(trajectory, {" "}, {})), "lead.why");
  EXPECT_EQ(Rule(clb.lead.Refuse(trajectory, {"x"}, {})), "lead.offer");
  leuven.region.clock.Advance(LeadService::kOfferLasts);
  EXPECT_EQ(Rule(upc.lead.Accept(trajectory, {}, {})), "lead.offer") << "it has ended";
  const auto items = wissel.inbox.Show("Nora").value().items;
  EXPECT_EQ(std::ranges::count(items, InboxItem::What::kLeadUnanswered, &InboxItem::what), 1);
  EXPECT_EQ(Rule(wissel.lead.Offer(trajectory, clb.id(), {}, std::nullopt, {})), "ok");
}

// ---- Who may not know of whom ----

// Welfare takes part too, and psychiatry and school may not know of it.
class HiddenPartnerInDossierTest : public DossierTest {
 protected:
  Office caw{leuven.region, leuven.welfare};

  void SetUp() override {
    DossierTest::SetUp();
    ASSERT_TRUE(wissel.trajectories.Invite(trajectory, caw.id(), {}, std::nullopt, {}));
    ASSERT_TRUE(caw.trajectories.Join(trajectory, {}, {}));
    Grant(caw);
  }
  void Introduce(const Office& one, const Office& other) {
    ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, one.id(), other.id(), {}));
    ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, other.id(), one.id(), {}));
  }
  static std::string Field(const Result<Sent>& sent) { return sent ? "" : sent.error().field; }
};

TEST_F(HiddenPartnerInDossierTest, ACommitmentIsBetweenThoseWhoMayKnowOfEachOther) {
  const CommitmentBody three{"samen", {"caw-leuven", "de-wissel", "upc-leuven"}};
  const auto refused = wissel.dossier.Commit(trajectory, three, {});
  EXPECT_EQ(Rule(refused), "dossier.introduced");
  EXPECT_EQ(Field(refused), "caw-leuven, upc-leuven");
  EXPECT_EQ(Rule(upc.dossier.Commit(trajectory, three, {})), "dossier.member") << "as of one who is not there";
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, upc.id(), caw.id(), {}));
  EXPECT_EQ(Rule(wissel.dossier.Commit(trajectory, three, {})), "dossier.introduced") << "one way is not enough";
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, caw.id(), upc.id(), {}));
  EXPECT_EQ(Rule(wissel.dossier.Commit(trajectory, three, {{clb.id()}, false, false, {}})), "dossier.hidden");
  const auto sent = wissel.dossier.Commit(trajectory, three, {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_EQ(Rule(upc.dossier.EditCommitment(sent->record, three, {})), "ok") << "they stand together already";
  EXPECT_EQ(Seen(caw).commitments.at(0).text.all.size(), 2U);
}

TEST_F(HiddenPartnerInDossierTest, WhoComesIntoACommitmentIsNotShownToWhoGoesOut) {
  const auto sent = wissel.dossier.Commit(trajectory, {"t", {"de-wissel", "upc-leuven"}}, {});
  ASSERT_TRUE(sent);
  EXPECT_EQ(Rule(wissel.dossier.EditCommitment(sent->record, {"t", {"caw-leuven", "de-wissel", "upc-leuven"}}, {})),
            "dossier.introduced");
  const auto instead = wissel.dossier.EditCommitment(sent->record, {"t", {"caw-leuven", "de-wissel"}}, {});
  EXPECT_EQ(Rule(instead), "dossier.left_out");
  EXPECT_EQ(Field(instead), "upc-leuven");
  Introduce(upc, caw);
  const CommitmentBody three{"t", {"caw-leuven", "de-wissel", "upc-leuven"}};
  EXPECT_EQ(Rule(wissel.dossier.EditCommitment(sent->record, three, {})), "dossier.newcomer");
  EXPECT_EQ(Rule(upc.dossier.EditCommitment(sent->record, three, {})), "dossier.newcomer");
  EXPECT_EQ(Rule(wissel.dossier.Commit(trajectory, three, {})), "ok");
  EXPECT_EQ(Seen(upc).commitments.at(0).text.all.size(), 1U) << "nothing was sent";
}

TEST_F(HiddenPartnerInDossierTest, AGoalGoesToWhoMayKnowOfAllItsOwners) {
  const auto hidden = wissel.dossier.SetGoal(trajectory, Goal({"caw-leuven"}), {});
  ASSERT_TRUE(hidden) << ToText(hidden.error());
  EXPECT_THAT(hidden->reaches, ElementsAre(caw.id()));
  EXPECT_THAT(Seen(upc).goals, IsEmpty());
  EXPECT_EQ(Rule(wissel.dossier.SetGoal(trajectory, Goal({"caw-leuven"}), {{upc.id()}, false, false, {}})),
            "dossier.hidden");
  const auto both = wissel.dossier.SetGoal(trajectory, Goal({"caw-leuven", "clb-leuven"}), {});
  EXPECT_EQ(Rule(both), "dossier.introduced");
  EXPECT_EQ(Field(both), "caw-leuven, clb-leuven");
  EXPECT_EQ(Rule(upc.dossier.SetGoal(trajectory, Goal({"caw-leuven"}), {})), "dossier.member");
  Introduce(clb, caw);
  const auto sent = wissel.dossier.SetGoal(trajectory, Goal({"caw-leuven", "clb-leuven"}), {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_THAT(Seen(upc).goals, IsEmpty());
  EXPECT_THAT(Seen(clb).goals, SizeIs(1));
  EXPECT_EQ(Rule(clb.dossier.EditGoal(sent->record, Goal({"caw-leuven", "clb-leuven"}), {})), "ok");
  EXPECT_EQ(Seen(caw).goals.at(1).text.all.size(), 2U);
  EXPECT_THAT(Seen(upc).goals, IsEmpty()) << "the school does not know whether psychiatry may know of welfare";
}

TEST_F(HiddenPartnerInDossierTest, AnOwnerThatComesInIsHeldToTheSame) {
  const RecordId goal = wissel.dossier.SetGoal(trajectory, Goal({"upc-leuven"}), {}).value().record;
  EXPECT_EQ(Rule(wissel.dossier.EditGoal(goal, Goal({"caw-leuven", "upc-leuven"}), {})), "dossier.introduced");
  EXPECT_EQ(Rule(wissel.dossier.EditGoal(goal, Goal({"caw-leuven"}), {})), "dossier.left_out");
  ASSERT_TRUE(wissel.dossier.EditGoal(goal, Goal({"de-wissel"}), {}));
  EXPECT_EQ(Seen(upc).goals.at(0).owners, std::vector<OrgId>{wissel.id()});
  const auto newcomer = wissel.dossier.EditGoal(goal, Goal({"caw-leuven"}), {});
  EXPECT_EQ(Rule(newcomer), "dossier.newcomer") << "it has no version to go on from";
  EXPECT_EQ(Field(newcomer), "caw-leuven");
  EXPECT_EQ(Rule(wissel.dossier.EditGoal(goal, Goal({"clb-leuven"}), {})), "ok");
}

TEST_F(HiddenPartnerInDossierTest, WhoOwnedAnActionHearsThatItDoesNotAnyMoreAndNotWhoDoes) {
  const Timestamp due = leuven.region.clock.Now() + days(3);
  const RecordId id = wissel.dossier.AddAction(trajectory, {"bellen", "upc-leuven", "", due}, {}).value().record;
  const auto moved = wissel.dossier.EditAction(id, {"bellen", "caw-leuven", "", due}, {});
  ASSERT_TRUE(moved) << ToText(moved.error());
  EXPECT_THAT(moved->reaches, ElementsAre(caw.id()));
  for (Office* office : {&upc, &clb}) {
    ASSERT_THAT(Seen(*office).actions, SizeIs(1));
    EXPECT_TRUE(Seen(*office).actions[0].taken_back);
    EXPECT_EQ(Seen(*office).actions[0].owner, upc.id());
  }
  ASSERT_THAT(Seen(caw).actions, SizeIs(1)) << "whose it is now has it whole";
  EXPECT_EQ(Seen(caw).actions[0].owner, caw.id());
  EXPECT_FALSE(Seen(caw).actions[0].taken_back);
  EXPECT_EQ(Rule(upc.dossier.Done(id, {true, ""}, {})), "action.taken_back");
  EXPECT_EQ(Rule(wissel.dossier.EditAction(id, {"bellen", "upc-leuven", "", due}, {})), "action.taken_back");
  const auto items = upc.inbox.Show("dokter Claes").value().items;
  EXPECT_EQ(std::ranges::count(items, InboxItem::What::kAction, &InboxItem::what), 0);
  EXPECT_EQ(Rule(caw.dossier.Done(moved->record, {true, ""}, {})), "ok");
  EXPECT_TRUE(Seen(wissel).actions.at(1).done);
}

TEST_F(HiddenPartnerInDossierTest, AnActionThatAllMayFollowMovesAsItIs) {
  const Timestamp due = leuven.region.clock.Now() + days(3);
  const RecordId id =
      wissel.dossier.AddAction(trajectory, {"bellen", "upc-leuven", "", due}, {{upc.id(), clb.id()}, false, false, {}})
          .value()
          .record;
  Introduce(upc, caw);
  Introduce(clb, caw);
  ASSERT_TRUE(wissel.dossier.EditAction(id, {"bellen", "clb-leuven", "", due}, {}));
  for (Office* office : {&wissel, &upc, &clb}) {
    ASSERT_THAT(Seen(*office).actions, SizeIs(1));
    EXPECT_EQ(Seen(*office).actions[0].owner, clb.id());
    EXPECT_FALSE(Seen(*office).actions[0].taken_back);
  }
  ASSERT_TRUE(wissel.dossier.EditAction(id, {"bellen", "caw-leuven", "", due}, {}));
  ASSERT_THAT(Seen(caw).actions, SizeIs(1)) << "it was never sent the one before";
  EXPECT_EQ(Seen(caw).actions[0].owner, caw.id());
  EXPECT_TRUE(Seen(clb).actions.at(0).taken_back);
  EXPECT_EQ(Seen(clb).actions.at(1).owner, caw.id());
}

TEST_F(HiddenPartnerInDossierTest, APreviewOfAMoveTakesNothingBack) {
  const Timestamp due = leuven.region.clock.Now() + days(3);
  const RecordId id = wissel.dossier.AddAction(trajectory, {"bellen", "upc-leuven", "", due}, {}).value().record;
  const auto preview = wissel.dossier.EditAction(id, {"bellen", "caw-leuven", "", due}, {.preview = true});
  ASSERT_TRUE(preview);
  EXPECT_EQ(preview->outcome, Sent::Outcome::kPreview);
  EXPECT_FALSE(Seen(wissel).actions.at(0).taken_back);
  EXPECT_THAT(Seen(caw).actions, IsEmpty());
}

}  // namespace
}  // namespace schakel
