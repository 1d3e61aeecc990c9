// What was taken back is answered for, and erasing takes two persons.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "protocol/policy.h"
#include "support/builders.h"

namespace schakel::test {
namespace {

constexpr std::uint64_t kGrant = 0x50;
constexpr std::uint64_t kOther2 = 0x51;
constexpr std::uint64_t kNew = 0x99;
const Id128 kAn = Filled<16>(0x71);
const Id128 kBert = Filled<16>(0x72);

// kYouthCare leads; psychiatry and school joined, each with a grant, and an emergency of the school's to psychiatry.
std::vector<Header> Granted() {
  std::vector<Header> headers = Membership({kPsychiatry, kSchool});
  headers.push_back(Says(kYouthCare, MemberShow{kSchool, kPsychiatry}, 0x30));
  headers.push_back(Says(kYouthCare, MemberShow{kPsychiatry, kSchool}, 0x31));
  headers.push_back(Says(kYouthCare, GrantTo(kPsychiatry), kGrant));
  headers.push_back(Says(kYouthCare, GrantTo(kSchool), kOther2));
  headers.push_back(Says(kSchool, EmergencyTo(kPsychiatry), 0x52));
  return headers;
}
PolicyState After(std::vector<Header> more) {
  std::vector<Header> headers = Granted();
  headers.insert(headers.end(), more.begin(), more.end());
  return StateAfter(headers);
}
Header Receipt(const OrgId& author, std::uint64_t grant, std::uint64_t change) {
  return Says(author, GrantReceipt{RecordNo(grant), RecordNo(change), Kept::kSealed}, kNew);
}
std::string Asked(const PolicyState& state, const Header& header, Timestamp now = kNow) {
  return Said(Admit(state, DirectoryOfSix(), header, now));
}
std::vector<OrgId> Reached(const PolicyState& state, const Header& header) {
  std::vector<OrgId> reached;
  for (const OrgId& one : {kYouthCare, kPsychiatry, kSchool, kPolice, kWelfare, kCourt}) {
    if (one == header.author) continue;
    if (std::holds_alternative<Permit>(Decide(state, DirectoryOfSix(), header, one, kNow))) reached.push_back(one);
  }
  return reached;
}

// ---- Receipts ----

TEST(KeepingTest, OnlyWhoHadTheGrantAnswersForIt) {
  const Header withdraw = Says(kYouthCare, GrantWithdraw{RecordNo(kGrant)}, 0x60);
  const PolicyState state = After({withdraw});
  struct Case {
    const char* name;
    Header header;
    const char* want;
  };
  const Case cases[] = {
      {"who had it", Receipt(kPsychiatry, kGrant, 0x60), "ok"},
      {"who gave it", Receipt(kYouthCare, kGrant, 0x60), "admit.grant"},
      {"another member", Receipt(kSchool, kGrant, 0x60), "admit.grant"},
      {"of a grant that is none", Receipt(kPsychiatry, 0x77, 0x60), "admit.grant"},
      {"of one that stands", Receipt(kSchool, kOther2, 0x60), "grant.not_taken_back"},
      {"of another change", Receipt(kPsychiatry, kGrant, 0x61), "grant.not_taken_back"},
      {"an outsider", Receipt(kWelfare, kGrant, 0x60), "admit.trajectory"},
  };
  for (const Case& c : cases) EXPECT_EQ(Asked(state, c.header), c.want) << c.name;
  EXPECT_EQ(Asked(After({withdraw, Receipt(kPsychiatry, kGrant, 0x60)}), Receipt(kPsychiatry, kGrant, 0x60)), "ok")
      << "said twice, it is harmless";
}

TEST(KeepingTest, NarrowingLeavingAndRemovalAreAnsweredToo) {
  const GrantNarrow narrow{RecordNo(kGrant), {Purpose::kCareCoordination}, {Category::kGoals}, kNow + kHour};
  const PolicyState narrowed = After({Says(kYouthCare, narrow, 0x60)});
  EXPECT_EQ(Asked(narrowed, Receipt(kPsychiatry, kGrant, 0x60)), "ok");
  const PolicyState left = After({Says(kPsychiatry, MemberLeave{}, 0x60)});
  EXPECT_EQ(Asked(left, Receipt(kPsychiatry, kGrant, 0x60)), "ok") << "also after it left";
  EXPECT_EQ(Asked(left, Receipt(kPsychiatry, 0x52, 0x60)), "ok") << "each of its grants";
  EXPECT_EQ(Asked(left, Receipt(kSchool, kOther2, 0x60)), "grant.not_taken_back") << "and nobody else's";
  const PolicyState removed = After({Says(kYouthCare, MemberRemove{kPsychiatry}, 0x60)});
  EXPECT_EQ(Asked(removed, Receipt(kPsychiatry, kGrant, 0x60)), "ok");
  const PolicyState closed =
      After({Says(kYouthCare, GrantWithdraw{RecordNo(kGrant)}, 0x60), Says(kYouthCare, TrajectoryClose{}, 0x61)});
  EXPECT_EQ(Asked(closed, Receipt(kPsychiatry, kGrant, 0x60)), "ok") << "also on a closed trajectory";
  const PolicyState before =
      After({Says(kYouthCare, GrantWithdraw{RecordNo(kGrant)}, 0x60), Says(kPsychiatry, MemberLeave{}, 0x61)});
  EXPECT_EQ(Asked(before, Receipt(kPsychiatry, kGrant, 0x61)), "grant.not_taken_back")
      << "what was withdrawn before it left did not go with it";
}

TEST(KeepingTest, ReceiptGoesToWhoTookItBackAndTheLead) {
  const PolicyState by_lead = After({Says(kYouthCare, GrantWithdraw{RecordNo(kGrant)}, 0x60)});
  EXPECT_EQ(Reached(by_lead, Receipt(kPsychiatry, kGrant, 0x60)), std::vector<OrgId>{kYouthCare});
  const PolicyState by_member = After({Says(kSchool, GrantWithdraw{RecordNo(0x52)}, 0x60)});
  EXPECT_EQ(Reached(by_member, Receipt(kPsychiatry, 0x52, 0x60)), (std::vector<OrgId>{kYouthCare, kSchool}));
  const PolicyState by_lead_of_members = After({Says(kYouthCare, GrantWithdraw{RecordNo(0x52)}, 0x60)});
  EXPECT_EQ(Reached(by_lead_of_members, Receipt(kPsychiatry, 0x52, 0x60)), std::vector<OrgId>{kYouthCare});
}

TEST(KeepingTest, OrderOfChangesAndGrantsDoesNotMatter) {
  const std::vector<Header> members = Membership({kPsychiatry, kSchool});
  std::vector<Header> said = {
      Says(kYouthCare, GrantTo(kPsychiatry), kGrant),
      Says(kYouthCare, GrantTo(kSchool), kOther2),
      Says(kYouthCare, GrantWithdraw{RecordNo(kGrant)}, 0x60),
      Says(kYouthCare, GrantNarrow{RecordNo(kGrant), {Purpose::kCareCoordination}, {Category::kGoals}, kNow}, 0x61),
      Says(kYouthCare, GrantNarrow{RecordNo(kOther2), {Purpose::kCareCoordination}, {Category::kGoals}, kNow}, 0x62),
      Says(kYouthCare, GrantWithdraw{RecordNo(kOther2)}, 0x63),
      Receipt(kPsychiatry, kGrant, 0x60),
      Receipt(kPsychiatry, kGrant, 0x60)};
  const auto state_of = [&] {
    std::vector<Header> all = members;
    all.insert(all.end(), said.begin(), said.end());
    return StateAfter(all);
  };
  const PolicyState first = state_of();
  EXPECT_EQ(first.Find(kOurs)->taken_back.size(), 4U);
  std::mt19937_64 generator(20261125);
  for (int i = 0; i < 200; ++i) {
    std::ranges::shuffle(said, generator);
    ASSERT_EQ(state_of(), first) << "shuffle " << i;
    ASSERT_EQ(ToHex(state_of().Encode()), ToHex(first.Encode()));
  }
}

// ---- Keeping ----

TEST(KeepingTest, AnEndOfKeepingLiesNoSoonerThanTheRegionKeeps) {
  constexpr std::chrono::days kTen(3650);
  constexpr std::chrono::days kTwo(730);
  RegionRules brief;
  brief.retain_until_age_years = 20;
  RegionRules none;
  none.retain_after_departure_years = 0;
  struct Case {
    const char* name;
    RegionRules rules;
    Stage stage;
    std::optional<Timestamp> until;
    const char* want;
  };
  const Case cases[] = {
      {"without end", {}, Stage::kCapable, {}, "ok"},
      {"ten years", {}, Stage::kCapable, kNow + kTen, "ok"},
      {"just less", {}, Stage::kCapable, kNow + kTen - kTick, "closing.retain_short"},
      {"of a child", {}, Stage::kChild, kNow + kTen - kTick, "closing.retain_short"},
      {"of an adult", {}, Stage::kAdult, kNow + kTen, "ok"},
      {"at once", {}, Stage::kCapable, kNow, "closing.retain_short"},
      {"before it was said", {}, Stage::kCapable, kNow - kTick, "closing.retain_past"},
      {"until an age that comes sooner", brief, Stage::kAdult, kNow + kTwo, "ok"},
      {"just before that age", brief, Stage::kAdult, kNow + kTwo - kTick, "closing.retain_short"},
      {"a region that keeps nothing after departure", none, Stage::kAdult, kNow, "ok"},
      {"also there not in the past", none, Stage::kAdult, kNow - kTick, "closing.retain_past"},
  };
  for (const Case& c : cases) {
    const PolicyState state = StateAfter(Membership({kSchool}, kOurs, c.stage));
    const Header close = Says(kYouthCare, TrajectoryClose{c.until}, kNew);
    EXPECT_EQ(Said(Admit(state, WithRules(DirectoryOfSix(), c.rules), close, kNow)), c.want) << c.name;
  }
}

TEST(KeepingTest, AnEndOfKeepingIsNeverBroughtForward) {
  const Header first = Says(kYouthCare, TrajectoryClose{kNow + 4000 * kDay}, 0x60);
  const Header sooner = Says(kYouthCare, TrajectoryClose{kNow + 3650 * kDay}, 0x61);
  EXPECT_EQ(Asked(After({first}), sooner), "admit.closed");
  EXPECT_EQ(After({first, sooner}).Find(kOurs)->retain_until, kNow + 4000 * kDay);
  EXPECT_EQ(After({sooner, first}).Find(kOurs)->retain_until, kNow + 4000 * kDay);
}

// ---- Erasure ----

Header Propose(EraseReason reason = EraseReason::kSubjectRequest) {
  return Says(kYouthCare, ErasePropose{reason, kAn}, 0x70);
}
Header Confirm(const Id128& person, std::uint64_t proposal = 0x70) {
  return Says(kYouthCare, EraseConfirm{RecordNo(proposal), person}, 0x72);
}

TEST(KeepingTest, RetentionIsKeptButForOtherReasons) {
  const PolicyState open = After({});
  const PolicyState closed = After({Says(kYouthCare, TrajectoryClose{kNow + kHour}, 0x60)});
  const PolicyState never_said = After({Says(kYouthCare, TrajectoryClose{}, 0x60)});
  const Header over = Propose(EraseReason::kRetentionOver);
  EXPECT_EQ(Asked(open, over), "erase.retention");
  EXPECT_EQ(Asked(never_said, over), "erase.retention");
  EXPECT_EQ(Asked(closed, over, kNow + kHour - kTick), "erase.retention");
  EXPECT_EQ(Asked(closed, over, kNow + kHour), "ok");
  for (const EraseReason reason : {EraseReason::kSubjectRequest, EraseReason::kCourtOrder, EraseReason::kMistake}) {
    EXPECT_EQ(Asked(open, Propose(reason)), "ok") << Slug(reason);
    EXPECT_EQ(Asked(closed, Propose(reason)), "ok") << Slug(reason);
  }
  EXPECT_EQ(Asked(open, Says(kYouthCare, ErasePropose{EraseReason::kMistake, {}}, 0x70)), "erase.person");
}

TEST(KeepingTest, TwoPersonsErase) {
  const PolicyState proposed = After({Propose()});
  EXPECT_EQ(Asked(After({}), Confirm(kBert)), "erase.proposal");
  EXPECT_EQ(Asked(proposed, Confirm(kAn)), "erase.two_persons");
  EXPECT_EQ(Asked(proposed, Confirm({})), "erase.person");
  EXPECT_EQ(Asked(proposed, Confirm(kBert)), "ok");
  EXPECT_EQ(Asked(proposed, Confirm(kBert, 0x71)), "erase.proposal");
  EXPECT_EQ(Asked(proposed, Says(kSchool, EraseSecond{RecordNo(0x70)}, kNew)), "ok");
  EXPECT_EQ(Asked(proposed, Says(kYouthCare, EraseSecond{RecordNo(0x70)}, kNew)), "erase.second");
  EXPECT_EQ(Asked(proposed, Says(kSchool, EraseSecond{RecordNo(0x71)}, kNew)), "erase.proposal");
  EXPECT_EQ(Asked(proposed, Says(kSchool, EraseReceipt{RecordNo(0x72)}, kNew)), "erase.not_erased");
  const PolicyState seconded = After({Propose(), Says(kSchool, EraseSecond{RecordNo(0x70)}, 0x71)});
  EXPECT_EQ(Asked(seconded, Confirm(kAn)), "ok") << "another member is the second person";
  const PolicyState anew = After({Propose(), Says(kSchool, EraseSecond{RecordNo(0x70)}, 0x71),
                                  Says(kYouthCare, ErasePropose{EraseReason::kMistake, kAn}, 0x73)});
  EXPECT_EQ(Asked(anew, Confirm(kAn, 0x73)), "erase.two_persons") << "who agreed to one proposal did not to the next";
}

TEST(KeepingTest, OfWhatWasErasedAnAuditorMayStillHaveLooked) {
  const PolicyState state = After({Says(kSchool, MemberLeave{}, 0x60), Propose(), Confirm(kBert)});
  const auto look = [](StaffRole role, ViewReason reason) { return View{RecordNo(0x10), kAn, role, reason, kNow}; };
  const View of_auditor = look(StaffRole::kAuditor, ViewReason::kAudit);
  struct Case {
    const char* name;
    OrgId author;
    std::vector<View> views;
    std::string want;
  };
  const Case cases[] = {
      {"the lead", kYouthCare, {of_auditor}, "ok"},
      {"who left", kSchool, {of_auditor, of_auditor}, "ok"},
      {"an outsider", kWelfare, {of_auditor}, "admit.trajectory"},
      {"another role", kSchool, {look(StaffRole::kCoordinator, ViewReason::kAudit)}, "admit.erased"},
      {"another reason", kSchool, {look(StaffRole::kAuditor, ViewReason::kTask)}, "admit.erased"},
      {"one of two", kSchool, {of_auditor, look(StaffRole::kWorker, ViewReason::kTask)}, "admit.erased"},
  };
  for (const Case& c : cases) EXPECT_EQ(Asked(state, Says(c.author, Views{c.views}, kNew)), c.want) << c.name;
}

TEST(KeepingTest, AfterwardsNothingIsLeftToSayButReceipts) {
  const PolicyState state = After({Says(kSchool, MemberLeave{}, 0x60), Propose(), Confirm(kBert)});
  const Trajectory* left = state.Find(kOurs);
  ASSERT_NE(left, nullptr);
  EXPECT_TRUE(left->erased() && left->closed);
  EXPECT_TRUE(left->grants.empty() && left->taken_back.empty() && left->frames.empty() && !left->proposal);
  EXPECT_EQ(left->members.size(), 2U);
  EXPECT_FALSE(state.OverdueReview(kSchool, DirectoryOfSix().rules(), kNow + 100 * kDay)) << "its emergencies went too";
  const auto receipt = [](const OrgId& author, std::uint64_t confirm = 0x72) {
    return Says(author, EraseReceipt{RecordNo(confirm)}, kNew);
  };
  for (const OrgId& member : {kYouthCare, kPsychiatry, kSchool}) {
    EXPECT_EQ(Asked(state, receipt(member)), "ok") << member.value();
    EXPECT_EQ(Asked(state, receipt(member, 0x70)), "admit.erased") << member.value();
    EXPECT_EQ(Asked(state, NoteBy(member)), "admit.erased") << member.value();
    EXPECT_EQ(Asked(state, Says(member, Views{{View{}}}, kNew)), "admit.erased") << member.value();
  }
  const EraseReceipt keeps{RecordNo(0x72), KeptByLaw{kNow + kDay, KeepReason::kSector}};
  EXPECT_EQ(Asked(state, Says(kSchool, keeps, kNew)), "ok") << "and once more when that is gone";
  EXPECT_EQ(Asked(state, receipt(kWelfare)), "admit.trajectory") << "an outsider learns nothing";
  EXPECT_EQ(Asked(state, Says(kWelfare, TrajectoryOpen{}, kNew)), "admit.trajectory_exists");
  EXPECT_EQ(Reached(state, Confirm(kBert)), (std::vector<OrgId>{kPsychiatry, kSchool})) << "also who left";
  EXPECT_EQ(Reached(state, receipt(kSchool)), std::vector<OrgId>{kYouthCare});
  for (const Header& header : {NoteBy(kYouthCare), Says(kYouthCare, GrantTo(kSchool), kNew)}) {
    EXPECT_EQ(Said(Decide(state, DirectoryOfSix(), header, kPsychiatry, kNow)), "erased");
  }
}

TEST(KeepingTest, WhatTheLogStillSaysMakesTheSameRemains) {
  const PolicyState erased = After({Propose(), Confirm(kBert)});
  PolicyState rebuilt;
  rebuilt.Apply(Propose());
  rebuilt.Apply(Confirm(kBert));
  ASSERT_NE(rebuilt.Find(kOurs), nullptr);
  EXPECT_TRUE(rebuilt.Find(kOurs)->erased());
  rebuilt.Bury({kOurs, RecordNo(0x72), kYouthCare, {kPsychiatry, kSchool}});
  EXPECT_EQ(rebuilt, erased);
  EXPECT_EQ(*PolicyState::Decode(erased.Encode()), erased);
}

}  // namespace
}  // namespace schakel::test
