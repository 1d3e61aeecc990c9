// Who may read the words of a statement: to whom it is said, and besides nobody whom content would not reach.
#include <gtest/gtest.h>

#include "protocol/policy.h"
#include "support/builders.h"

namespace schakel::test {
namespace {

constexpr unsigned kGiven = 0x50;
constexpr unsigned kEmergency = 0x60;

// kYouthCare leads; all others joined, and all know each other but the police, which knows only the lead. Psychiatry
// has a grant for goals and agreements; welfare gave an emergency about safety to the police.
PolicyState Table() {
  std::vector<Header> headers = Membership({kPsychiatry, kSchool, kPolice, kWelfare, kCourt});
  headers.push_back(Says(kYouthCare, GrantTo(kPsychiatry), kGiven));
  GrantGive emergency = EmergencyTo(kPolice);
  emergency.purposes = {Purpose::kSafety};
  emergency.categories = {Category::kSafety};
  headers.push_back(Says(kWelfare, emergency, kEmergency));
  return StateAfter(headers);
}

GrantGive To(const OrgId& recipient, CategorySet categories) {
  GrantGive grant = EmergencyTo(recipient);
  grant.categories = categories;
  return grant;
}

struct Case {
  const char* name;
  OrgId author;
  Control control;
  OrgId reader;
  bool reads;
};

template <std::size_t size>
void Check(const PolicyState& state, const Case (&cases)[size]) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const Header header = Says(c.author, c.control, 0x90);
    EXPECT_EQ(MayReadWords(state, DirectoryOfSix(), header, c.reader, kNow), c.reads);
    if (c.reads) {
      EXPECT_FALSE(AreWordsBarred(state, DirectoryOfSix(), header, c.reader));
    }
  }
}

TEST(WordsTest, BehindTheCourtWallNobodyReadsAny) {
  const RecordId given = RecordNo(kGiven);
  const Case cases[] = {
      {"invited itself", kYouthCare, MemberInvite{kCourt, kNow + kDay}, kCourt, false},
      {"removed itself", kYouthCare, MemberRemove{kCourt}, kCourt, false},
      {"given consent", kYouthCare, GrantTo(kCourt), kCourt, false},
      {"told of an emergency", kYouthCare, EmergencyTo(kSchool), kCourt, false},
      {"withdrawn", kYouthCare, GrantWithdraw{given}, kCourt, false},
      {"reviewed", kYouthCare, EmergencyReview{RecordNo(kEmergency)}, kCourt, false},
      {"closed", kYouthCare, TrajectoryClose{}, kCourt, false},
      {"to be erased", kYouthCare, ErasePropose{}, kCourt, false},
      {"offered the lead", kYouthCare, LeadOffer{kCourt, kNow + kDay}, kCourt, false},
      {"what it said itself", kCourt, MemberLeave{}, kCourt, true},
      {"what has no words", kYouthCare, SubjectStage{Stage::kAdult, {}}, kCourt, true},
      {"what machines read", kYouthCare, LeadPassed{given, kCourt, true}, kCourt, true},
  };
  Check(Table(), cases);
}

TEST(WordsTest, TheCeilingOfTheSectorBindsThem) {
  const Case cases[] = {
      {"about safety", kYouthCare, To(kPolice, {Category::kSafety}), kPolice, true},
      {"about health", kYouthCare, To(kPolice, {Category::kHealth}), kPolice, false},
      {"about both", kYouthCare, To(kPolice, {Category::kSafety, Category::kHealth}), kPolice, false},
      {"invited itself: identity", kYouthCare, MemberInvite{kPolice, kNow + kDay}, kPolice, true},
      {"one not enrolled", kYouthCare, MemberInvite{kStranger, kNow + kDay}, kStranger, false},
  };
  Check(Table(), cases);
}

TEST(WordsTest, ToWhomItIsSaidReadsThem) {
  const RecordId emergency = RecordNo(kEmergency);
  const Case cases[] = {
      {"the lead, of who joins", kSchool, MemberJoin{RecordNo(0x13)}, kYouthCare, true},
      {"the lead, of an emergency", kSchool, To(kPolice, {Category::kSafety}), kYouthCare, true},
      {"who had the grant", kYouthCare, GrantWithdraw{RecordNo(kGiven)}, kPsychiatry, true},
      {"another, of a withdrawal", kYouthCare, GrantWithdraw{RecordNo(kGiven)}, kSchool, false},
      {"whose emergency is reviewed", kYouthCare, EmergencyReview{emergency}, kWelfare, true},
      {"to whom it was given", kYouthCare, EmergencyReview{emergency}, kPolice, true},
      {"another, of a review", kYouthCare, EmergencyReview{emergency}, kSchool, false},
      {"of a grant nobody knows", kYouthCare, EmergencyReview{RecordNo(0x77)}, kPsychiatry, false},
      {"offered the lead", kYouthCare, LeadOffer{kSchool, kNow + kDay}, kSchool, true},
      {"on the closed list", kYouthCare, FrameOf({kSchool, kPsychiatry}), kSchool, true},
      {"not on it", kYouthCare, FrameOf({kSchool, kPsychiatry}), kWelfare, false},
  };
  Check(Table(), cases);
}

TEST(WordsTest, WhoeverElseIsToldReadsOnlyWhatAGrantCovers) {
  PolicyState state = Table();
  const Case before[] = {
      {"closed, covered", kYouthCare, TrajectoryClose{}, kPsychiatry, true},
      {"closed, without a grant", kYouthCare, TrajectoryClose{}, kSchool, false},
      {"closed, another purpose covered", kYouthCare, TrajectoryClose{}, kPolice, false},
      {"to be erased, covered", kYouthCare, ErasePropose{}, kPsychiatry, true},
      {"to be erased, without a grant", kYouthCare, ErasePropose{}, kSchool, false},
      {"emergency about what is covered", kYouthCare, To(kSchool, {Category::kGoals}), kPsychiatry, true},
      {"emergency about something else", kYouthCare, To(kSchool, {Category::kHealth}), kPsychiatry, false},
      {"by one that it may not know", kPolice, To(kSchool, {Category::kGoals}), kPsychiatry, false},
  };
  Check(state, before);
  state.Apply(Says(kYouthCare, GrantWithdraw{RecordNo(kGiven)}, 0x91));
  const Case after[] = {{"no longer covered", kYouthCare, TrajectoryClose{}, kPsychiatry, false}};
  Check(state, after);
}

}  // namespace
}  // namespace schakel::test
