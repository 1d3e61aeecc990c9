#include "agents/policy_book.h"

#include <gtest/gtest.h>

#include "support/manual_clock.h"

namespace schakel::testing {
namespace {

const TrajectoryId kTrajectory(Id128{1});
const OrgId kLead("lead-org");
const OrgId kPartner("partner-org");

Header Statement(std::uint8_t id, Control control) {
  Header header;
  header.kind = *KindOf(control);
  header.id = RecordId(Id128{id});
  header.author = kLead;
  header.trajectory = kTrajectory;
  header.control = std::move(control);
  return header;
}
const Header kOpen = Statement(1, TrajectoryOpen{});
const Header kInvite = Statement(2, MemberInvite{kPartner, FromMillis(1)});
const Header kRemove = Statement(3, MemberRemove{kPartner});
const Header kInviteAgain = Statement(4, MemberInvite{kPartner, FromMillis(2)});

MemberStatus StatusOf(const PolicyState& state) { return state.Find(kTrajectory)->members.at(kPartner).status; }

TEST(PolicyBookTest, TheOrderOfTheLogCountsNotThatOfArrival) {
  PolicyBook book(kLead);
  book.AddKnown(kOpen, 1, Sequence(10));
  book.AddKnown(kRemove, 2, Sequence(30));
  book.AddKnown(kInvite, 3, Sequence(20));
  EXPECT_EQ(StatusOf(book.StateOf(kTrajectory)), MemberStatus::kLeft);
  book.AddKnown(kInviteAgain, 4, Sequence(40));
  EXPECT_EQ(StatusOf(book.StateOf(kTrajectory)), MemberStatus::kInvited);
  EXPECT_EQ(book.All(), book.StateOf(kTrajectory));
}

TEST(PolicyBookTest, WhatWaitsCountsAfterAllThatIsKnown) {
  PolicyBook book(kLead);
  book.AddKnown(kOpen, 1, Sequence(10));
  book.AddWaiting(kRemove, 2);
  book.AddKnown(kInvite, 3, Sequence(20));
  EXPECT_EQ(StatusOf(book.StateOf(kTrajectory)), MemberStatus::kLeft);
  book.Drop(kRemove);
  EXPECT_EQ(StatusOf(book.StateOf(kTrajectory)), MemberStatus::kInvited);
  EXPECT_EQ(book.All(), book.StateOf(kTrajectory));
}

TEST(PolicyBookTest, WhatIsAcceptedTakesItsPlace) {
  PolicyBook book(kLead);
  book.AddKnown(kOpen, 1, Sequence(10));
  book.AddWaiting(kRemove, 2);
  book.AddKnown(kInviteAgain, 3, Sequence(40));
  EXPECT_EQ(StatusOf(book.StateOf(kTrajectory)), MemberStatus::kLeft);
  book.Accept(kRemove, Sequence(30));
  EXPECT_EQ(StatusOf(book.StateOf(kTrajectory)), MemberStatus::kInvited);
}

TEST(PolicyBookTest, ThePastIsJudgedByWhatWasKnownThenOrMayHaveBeen) {
  PolicyBook book(kLead);
  book.AddKnown(kOpen, 1, Sequence(10));
  book.AddKnown(kInvite, 2, Sequence(20));
  EXPECT_EQ(book.StatesBefore(kTrajectory, Sequence(21)).size(), 1U);
  book.AddKnown(kRemove, 3, Sequence(30));
  ASSERT_EQ(book.StatesBefore(kTrajectory, Sequence(30)).size(), 1U);
  EXPECT_EQ(StatusOf(book.StatesBefore(kTrajectory, Sequence(30))[0]), MemberStatus::kInvited);
  EXPECT_EQ(StatusOf(book.StatesBefore(kTrajectory, Sequence(31))[0]), MemberStatus::kLeft);
  book.AddWaiting(kInviteAgain, 4);
  const auto states = book.StatesBefore(kTrajectory, Sequence(31));
  ASSERT_EQ(states.size(), 2U);
  EXPECT_EQ(StatusOf(states[0]), MemberStatus::kLeft);
  EXPECT_EQ(StatusOf(states[1]), MemberStatus::kInvited);
}

TEST(PolicyBookTest, WhatIsUnknownIsEmpty) {
  PolicyBook book(kLead);
  EXPECT_EQ(book.StateOf(kTrajectory).Find(kTrajectory), nullptr);
  EXPECT_EQ(book.StatesBefore(kTrajectory, Sequence(5)).size(), 1U);
  book.Drop(kRemove);
  book.Accept(kRemove, Sequence(3));
  EXPECT_EQ(book.All(), PolicyState());
}

TEST(PolicyBookTest, WhatWasToldTakesItsPlaceInTheLog) {
  PolicyBook book(kPartner);
  book.AddKnown(kInvite, 3, Sequence(20));
  std::vector<PolicyBook::Told> told = {{kInvite, Sequence(99)}, {kOpen, Sequence(10)}};
  book.AddTold(kTrajectory, told);
  const auto before = book.ToldBefore(kTrajectory, Sequence(21));
  ASSERT_EQ(before.size(), 2U) << "what we have ourselves stays as it is";
  EXPECT_EQ(before[0].sequence, Sequence(10));
  EXPECT_EQ(before[1].sequence, Sequence(20));
  EXPECT_EQ(book.ToldBefore(kTrajectory, Sequence(20)).size(), 1U);
  EXPECT_EQ(book.SequenceOf(kTrajectory, kInvite.id), Sequence(20));
  EXPECT_EQ(book.SequenceOf(kTrajectory, RecordId()), Sequence());
}

}  // namespace
}  // namespace schakel::testing
