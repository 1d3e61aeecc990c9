// The lead passes from one organisation to another, by offer and acceptance: no gap, no double.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "protocol/policy.h"
#include "support/builders.h"

namespace schakel::test {
namespace {

constexpr std::uint64_t kOffer = 0x40;
constexpr std::uint64_t kAccept = 0x41;
constexpr std::uint64_t kNew = 0x99;

// kYouthCare leads; psychiatry and school joined and know of each other.
std::vector<Header> Table() {
  std::vector<Header> headers = Membership({kPsychiatry, kSchool});
  headers.push_back(Says(kYouthCare, MemberShow{kSchool, kPsychiatry}, 0x30));
  headers.push_back(Says(kYouthCare, MemberShow{kPsychiatry, kSchool}, 0x31));
  return headers;
}
PolicyState After(std::vector<Header> more) {
  std::vector<Header> headers = Table();
  headers.insert(headers.end(), more.begin(), more.end());
  return StateAfter(headers);
}
Header Offer(const OrgId& to = kPsychiatry) { return Says(kYouthCare, LeadOffer{to, kNow + kHour}, kOffer); }
Header Accept(const OrgId& by = kPsychiatry) { return Says(by, LeadAccept{RecordNo(kOffer)}, kAccept); }
PolicyState Passed(std::vector<Header> more = {}) {
  std::vector<Header> all = {Offer(), Accept()};
  all.insert(all.end(), more.begin(), more.end());
  return After(all);
}
std::string Asked(const PolicyState& state, const OrgId& author, const Control& control, Timestamp now = kNow,
                  const Directory& directory = DirectoryOfSix()) {
  return Said(Admit(state, directory, Says(author, control, kNew), now));
}

TEST(LeadTest, OnlyTheLeadOffersAndOnlyToAMemberThatEverybodyKnows) {
  std::vector<Header> unknown = Membership({kPsychiatry, kSchool});
  const PolicyState strangers = StateAfter(unknown);
  unknown.push_back(Says(kYouthCare, MemberShow{kSchool, kPsychiatry}, 0x30));
  const PolicyState one_way = StateAfter(unknown);
  std::vector<Header> invited = Table();
  invited.push_back(Says(kYouthCare, MemberInvite{kPolice, kNow + kDay}, 0x32));
  const PolicyState with_invited = StateAfter(invited);
  std::vector<Header> court = Membership({kCourt});
  const PolicyState table = After({});
  struct Case {
    const char* name;
    const PolicyState& state;
    OrgId author;
    LeadOffer offer;
    const char* want;
  };
  const PolicyState at_court = StateAfter(court);
  const LeadOffer to_psychiatry{kPsychiatry, kNow + kHour};
  const Case cases[] = {
      {"the lead", table, kYouthCare, to_psychiatry, "ok"},
      {"a member", table, kSchool, to_psychiatry, "admit.lead"},
      {"to itself", table, kYouthCare, {kYouthCare, kNow + kHour}, "lead.member"},
      {"to an outsider", table, kYouthCare, {kWelfare, kNow + kHour}, "lead.member"},
      {"to one that is not enrolled", table, kYouthCare, {kStranger, kNow + kHour}, "lead.member"},
      {"to one that was only invited", with_invited, kYouthCare, {kPolice, kNow + kHour}, "lead.member"},
      {"to the youth court", at_court, kYouthCare, {kCourt, kNow + kHour}, "lead.court"},
      {"ends now", table, kYouthCare, {kPsychiatry, kNow}, "lead.expiry"},
      {"ends in a moment", table, kYouthCare, {kPsychiatry, kNow + kTick}, "ok"},
      {"nobody was introduced", strangers, kYouthCare, to_psychiatry, "lead.introduced"},
      {"introduced one way", one_way, kYouthCare, to_psychiatry, "lead.introduced"},
      {"one that was invited has not answered", with_invited, kYouthCare, to_psychiatry, "lead.invited"},
  };
  for (const Case& c : cases) EXPECT_EQ(Asked(c.state, c.author, c.offer), c.want) << c.name;
  EXPECT_EQ(Asked(table, kYouthCare, to_psychiatry, kNow, WithSuspended(DirectoryOfSix(), kSchool)), "lead.suspended");
  EXPECT_EQ(Asked(with_invited, kYouthCare, LeadOffer{kPsychiatry, kNow + 2 * kDay}, kNow + kDay), "lead.introduced")
      << "an invitation that ended waits for nobody, but it is there";
}

TEST(LeadTest, OneOfferAtATimeAndNobodyComesInWhileItIsOpen) {
  const PolicyState offered = After({Offer()});
  EXPECT_EQ(Asked(offered, kYouthCare, LeadOffer{kSchool, kNow + kDay}), "lead.offer_open");
  EXPECT_EQ(Asked(offered, kYouthCare, MemberInvite{kPolice, kNow + kDay}), "admit.lead_offered");
  EXPECT_EQ(Asked(offered, kYouthCare, LeadOffer{kSchool, kNow + kDay}, kNow + kHour), "ok") << "it has ended";
  EXPECT_EQ(Asked(offered, kYouthCare, MemberInvite{kPolice, kNow + kDay}, kNow + kHour), "ok");
}

TEST(LeadTest, OnlyWhomItWasOfferedToAnswers) {
  const PolicyState offered = After({Offer()});
  struct Case {
    const char* name;
    OrgId author;
    Control control;
    Timestamp now;
    const char* want;
  };
  const RecordId offer = RecordNo(kOffer);
  const Case cases[] = {
      {"accepts", kPsychiatry, LeadAccept{offer}, kNow, "ok"},
      {"accepts at the last moment", kPsychiatry, LeadAccept{offer}, kNow + kHour - kTick, "ok"},
      {"accepts when it has ended", kPsychiatry, LeadAccept{offer}, kNow + kHour, "lead.offer"},
      {"accepts another", kPsychiatry, LeadAccept{RecordNo(0x77)}, kNow, "lead.offer"},
      {"another accepts", kSchool, LeadAccept{offer}, kNow, "lead.offer"},
      {"the lead accepts", kYouthCare, LeadAccept{offer}, kNow, "lead.offer"},
      {"refuses", kPsychiatry, LeadRefuse{offer}, kNow, "ok"},
      {"another refuses", kSchool, LeadRefuse{offer}, kNow, "lead.offer"},
      {"refuses when it has ended", kPsychiatry, LeadRefuse{offer}, kNow + kHour, "lead.offer"},
      {"the lead withdraws", kYouthCare, LeadWithdraw{offer}, kNow, "ok"},
      {"another withdraws", kPsychiatry, LeadWithdraw{offer}, kNow, "admit.lead"},
      {"withdraws another", kYouthCare, LeadWithdraw{RecordNo(0x77)}, kNow, "lead.offer"},
      {"an outsider", kWelfare, LeadAccept{offer}, kNow, "admit.trajectory"},
  };
  for (const Case& c : cases) EXPECT_EQ(Asked(offered, c.author, c.control, c.now), c.want) << c.name;
  EXPECT_EQ(Asked(offered, kPsychiatry, LeadAccept{offer}, kNow, WithSuspended(DirectoryOfSix(), kSchool)),
            "lead.suspended");
}

TEST(LeadTest, AnOfferEndsWithItsAnswerItsMemberOrTheTrajectory) {
  const RecordId offer = RecordNo(kOffer);
  const std::pair<const char*, Header> ends[] = {
      {"refused", Says(kPsychiatry, LeadRefuse{offer}, 0x42)},
      {"withdrawn", Says(kYouthCare, LeadWithdraw{offer}, 0x42)},
      {"who left", Says(kPsychiatry, MemberLeave{}, 0x42)},
      {"who was removed", Says(kYouthCare, MemberRemove{kPsychiatry}, 0x42)},
      {"closed", Says(kYouthCare, TrajectoryClose{}, 0x42)},
      {"accepted", Accept()},
  };
  for (const auto& [name, end] : ends) {
    const PolicyState state = After({Offer(), end});
    EXPECT_FALSE(state.Find(kOurs)->offer) << name;
    EXPECT_NE(Asked(state, kPsychiatry, LeadAccept{offer}), "ok") << name;
  }
  EXPECT_TRUE(After({Offer(), Says(kSchool, MemberLeave{}, 0x42)}).Find(kOurs)->offer) << "another leaves";
  EXPECT_TRUE(After({Offer(), Says(kSchool, LeadAccept{RecordNo(0x77)}, 0x42)}).Find(kOurs)->offer);
}

TEST(LeadTest, WhoAcceptsLeadsAndWhoLedIsAMember) {
  const PolicyState state = Passed();
  const Trajectory& trajectory = *state.Find(kOurs);
  EXPECT_EQ(trajectory.lead, kPsychiatry);
  EXPECT_FALSE(trajectory.members.contains(kPsychiatry));
  EXPECT_TRUE(trajectory.IsMember(kYouthCare));
  EXPECT_TRUE(trajectory.MayKnow(kYouthCare, kSchool)) << "what it knew it knows";
  EXPECT_TRUE(trajectory.MayKnow(kSchool, kYouthCare));
  ASSERT_EQ(trajectory.former.size(), 1U);
  EXPECT_EQ(trajectory.former[0], (FormerLead{kYouthCare, RecordNo(kAccept), false}));
  EXPECT_EQ(trajectory.SuccessorOf(trajectory.former[0]), kPsychiatry);
  EXPECT_FALSE(trajectory.LeadsWhole(kPsychiatry)) << "it was not told yet";
  EXPECT_EQ(Asked(state, kPsychiatry, MemberInvite{kPolice, kNow + kDay}), "ok");
  EXPECT_EQ(Asked(state, kYouthCare, MemberInvite{kPolice, kNow + kDay}), "admit.lead");
  EXPECT_EQ(Asked(state, kYouthCare, TrajectoryClose{}), "admit.lead");
  EXPECT_EQ(Asked(state, kYouthCare, MemberLeave{}), "ok");
  EXPECT_EQ(Asked(state, kPsychiatry, MemberLeave{}), "admit.lead_leaves");
  EXPECT_EQ(Asked(state, kPsychiatry, MemberRemove{kYouthCare}), "ok");
}

TEST(LeadTest, GrantsStayAsTheyWereGiven) {
  const PolicyState state = After(
      {Says(kYouthCare, GrantTo(kSchool), 0x50), Offer(), Accept(), Says(kYouthCare, EmergencyTo(kSchool), 0x51)});
  const Trajectory& trajectory = *state.Find(kOurs);
  EXPECT_FALSE(trajectory.FindGrant(RecordNo(0x50))->own_only) << "given by the lead of then";
  EXPECT_TRUE(trajectory.FindGrant(RecordNo(0x51))->own_only) << "given by a member";
  EXPECT_EQ(Said(Decide(state, DirectoryOfSix(), NoteBy(kPsychiatry), kSchool, kNow)),
            "grant " + ToText(RecordNo(0x50)));
  const GrantWithdraw withdraw{RecordNo(0x50)};
  EXPECT_EQ(Asked(state, kYouthCare, withdraw), "ok") << "its author";
  EXPECT_EQ(Asked(state, kPsychiatry, withdraw), "ok") << "the lead";
  EXPECT_EQ(Asked(state, kSchool, withdraw), "admit.grant");
}

TEST(LeadTest, OnlyWhoLedTellsOfItOnceAndAlsoAfterItLeft) {
  const LeadPassed passed{RecordNo(kAccept), kPsychiatry, true};
  EXPECT_EQ(Asked(Passed(), kYouthCare, passed), "ok");
  EXPECT_EQ(Asked(Passed(), kSchool, passed), "lead.accept");
  EXPECT_EQ(Asked(Passed(), kYouthCare, LeadPassed{RecordNo(kAccept), kSchool, true}), "lead.accept");
  EXPECT_EQ(Asked(Passed(), kYouthCare, LeadPassed{RecordNo(0x77), kPsychiatry, true}), "lead.accept");
  EXPECT_EQ(Asked(Passed({Says(kYouthCare, MemberLeave{}, 0x42)}), kYouthCare, passed), "ok");
  EXPECT_EQ(Asked(Passed({Says(kPsychiatry, TrajectoryClose{}, 0x42)}), kYouthCare, passed), "ok");
  const Header part = Says(kYouthCare, LeadPassed{RecordNo(kAccept), kPsychiatry, false}, 0x42);
  EXPECT_EQ(Asked(Passed({part}), kYouthCare, passed), "ok") << "in parts";
  const PolicyState told = Passed({Says(kYouthCare, passed, 0x42)});
  EXPECT_EQ(Asked(told, kYouthCare, passed), "lead.told");
  EXPECT_TRUE(told.Find(kOurs)->LeadsWhole(kPsychiatry));
}

// An agent that had left when the lead passed hears of it from who led then, and from nobody else.
TEST(LeadTest, WhoeverHadLeftLearnsWhoLeadsNow) {
  const std::vector<Header> seen = {Says(kYouthCare, MemberInvite{kSchool, kNow + kDay}, 0x11),
                                    Says(kSchool, MemberJoin{RecordNo(0x11)}, 0x12),
                                    Says(kSchool, MemberLeave{}, 0x13)};
  PolicyState state = StateAfter(seen);
  state.Apply(Says(kWelfare, LeadPassed{RecordNo(kAccept), kWelfare, false}, 0x42));
  EXPECT_EQ(state.Find(kOurs)->lead, kYouthCare);
  state.Apply(Says(kYouthCare, LeadPassed{RecordNo(kAccept), kPsychiatry, false}, 0x43));
  EXPECT_EQ(state.Find(kOurs)->lead, kPsychiatry);
  EXPECT_FALSE(state.Find(kOurs)->IsMember(kSchool));
  state.Apply(Says(kPsychiatry, MemberInvite{kSchool, kNow + kDay}, 0x44));
  EXPECT_EQ(state.Find(kOurs)->lead, kPsychiatry);
}

TEST(LeadTest, ComesBackToWhoLedBefore) {
  const Header back = Says(kPsychiatry, LeadOffer{kYouthCare, kNow + kHour}, 0x45);
  const PolicyState state = Passed({back, Says(kYouthCare, LeadAccept{RecordNo(0x45)}, 0x46)});
  const Trajectory& trajectory = *state.Find(kOurs);
  EXPECT_EQ(trajectory.lead, kYouthCare);
  EXPECT_TRUE(trajectory.IsMember(kPsychiatry));
  EXPECT_EQ(trajectory.SuccessorOf(trajectory.former[0]), kPsychiatry);
  EXPECT_EQ(trajectory.SuccessorOf(trajectory.former[1]), kYouthCare);
}

// Whatever is said by whom, in any order that the hub may meet it: one lead, that takes part, and is no member besides.
TEST(LeadTest, AnyInterleavingLeavesOneLead) {
  const RecordId offer = RecordNo(kOffer);
  const std::vector<Header> said = {
      Offer(),
      Accept(),
      Says(kPsychiatry, LeadRefuse{offer}, 0x42),
      Says(kYouthCare, LeadWithdraw{offer}, 0x43),
      Says(kPsychiatry, MemberLeave{}, 0x44),
      Says(kYouthCare, MemberRemove{kPsychiatry}, 0x45),
      Says(kYouthCare, TrajectoryClose{}, 0x46),
      Says(kYouthCare, LeadOffer{kSchool, kNow + kDay}, 0x47),
      Says(kSchool, LeadAccept{RecordNo(0x47)}, 0x48),
      Says(kSchool, LeadOffer{kYouthCare, kNow + kDay}, 0x49),
      Says(kYouthCare, LeadAccept{RecordNo(0x49)}, 0x4a),
      Says(kYouthCare, LeadPassed{RecordNo(0x48), kSchool, true}, 0x4b),
  };
  std::mt19937 generator(20261126);
  std::set<OrgId> led;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<Header> order = said;
    std::shuffle(order.begin(), order.end(), generator);
    PolicyState state = After({});
    for (const Header& header : order) {
      const OrgId before = state.Find(kOurs)->lead;
      const bool admitted = Admit(state, DirectoryOfSix(), header, kNow).has_value();
      if (admitted) state.Apply(header);
      const Trajectory& trajectory = *state.Find(kOurs);
      ASSERT_TRUE(trajectory.IsMember(trajectory.lead));
      ASSERT_FALSE(trajectory.members.contains(trajectory.lead));
      const bool accepted = admitted && header.kind == Kind::kLeadAccept;
      ASSERT_EQ(trajectory.lead, accepted ? header.author : before);
      led.insert(trajectory.lead);
    }
    ASSERT_EQ(PolicyState::Decode(state.Encode()).value(), state);
  }
  EXPECT_EQ(led, (std::set<OrgId>{kYouthCare, kPsychiatry, kSchool}));
}

}  // namespace
}  // namespace schakel::test
