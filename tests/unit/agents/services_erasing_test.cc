#include "agents/services.h"

#include <gtest/gtest.h>

#include "support/office.h"

namespace schakel {
namespace {

using schakel::test::kGoals;
using schakel::test::ServicesTest;

class ErasingTest : public ServicesTest {
 protected:
  ErasingTest() {
    Join(upc);
    const RecordId grant = Grant(upc, {Purpose::kCareCoordination}, kGoals);
    EXPECT_TRUE(wissel.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}));
    EXPECT_TRUE(wissel.grants.Withdraw(grant, {}, {}));
    leuven.psychiatry.AnswerForWhatWasTakenBack();
  }
  std::string Proposed(EraseReason reason) {
    return RuleOf(ours.Propose(trajectory, reason, {"x"}, wissel.caller, {}));
  }
  Result<Sent> Confirmed() { return ours.Confirm(trajectory, karim, {}); }
  static std::string RuleOf(const Result<Sent>& sent) { return sent ? "" : sent.error().rule; }

  const Caller karim{{"Karim", StaffRole::kCoordinator}, ViewReason::kTask};
  ErasureService ours{wissel.engine, wissel.cases};
  ErasureService theirs{upc.engine, upc.cases};
};

TEST_F(ErasingTest, WhatAMemberKeepsByLawGoesOnlyWithItsAgreement) {
  ASSERT_EQ(Proposed(EraseReason::kSubjectRequest), "");
  const auto kept = Confirmed();
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().rule, "erase.kept");
  EXPECT_EQ(kept.error().field, upc.id().value());
  ASSERT_TRUE(theirs.Agree(trajectory, {}));
  EXPECT_EQ(RuleOf(Confirmed()), "");
}

TEST_F(ErasingTest, AnAgreementIsToOneProposal) {
  ASSERT_EQ(Proposed(EraseReason::kSubjectRequest), "");
  ASSERT_TRUE(theirs.Agree(trajectory, {}));
  ASSERT_EQ(Proposed(EraseReason::kSubjectRequest), "");
  EXPECT_EQ(RuleOf(Confirmed()), "erase.kept");
}

TEST_F(ErasingTest, ACourtsOrderAsksNobody) {
  ASSERT_EQ(Proposed(EraseReason::kCourtOrder), "");
  EXPECT_EQ(RuleOf(Confirmed()), "");
}

TEST_F(ErasingTest, AMistakeIsWhatNobodyElseGot) {
  EXPECT_EQ(Proposed(EraseReason::kMistake), "erase.mistake");
  const TrajectoryId alone = Opened();
  ASSERT_TRUE(wissel.content.Note(alone, {"t", ""}, Purpose::kCareCoordination, kGoals, {}));
  EXPECT_TRUE(ours.Propose(alone, EraseReason::kMistake, {"dubbel"}, wissel.caller, {}));
  EXPECT_TRUE(ours.Confirm(alone, karim, {}));
}

}  // namespace
}  // namespace schakel
