// What an agent that does not lead can judge of statements between others.
#include "agents/knowledge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/builders.h"

namespace schakel::test {
namespace {

using ::testing::UnorderedElementsAre;

const Sequence kDelivered(100);

// As `self` knows the trajectory of kYouthCare: its own membership, and that it may know of `other`.
class KnownTo {
 public:
  KnownTo(const OrgId& self, const OrgId& other) : knowledge_(self, RegistrarsOf(2, 3)) {
    for (const auto& [organisation, sector] :
         {std::pair(kYouthCare, "youth-care"), std::pair(kPsychiatry, "psychiatry"),
          std::pair(kSchool, "school-support"), std::pair(kPolice, "police")}) {
      SCHAKEL_ASSERT(knowledge_.AddStatement(SignedBy(StatementOf(organisation, sector), {1, 3})).has_value());
    }
    Knows(Says(kYouthCare, MemberInvite{self, kNow + kDay}, 0x11));
    Knows(Says(self, MemberJoin{RecordNo(0x11)}, 0x12));
    Knows(Says(kYouthCare, MemberShow{other, self}, 0x13));
  }
  void Knows(const Header& header) {
    ++number_;
    knowledge_.AddKnown(header, number_, Sequence(number_));
  }
  void KnowsOfCourt() {
    SCHAKEL_ASSERT(knowledge_.AddStatement(SignedBy(StatementOf(kCourt, "youth-court"), {1, 3})).has_value());
    SCHAKEL_ASSERT(knowledge_.AddStatement(SignedBy(Ceilings(), {2, 3})).has_value());
  }
  const Knowledge& knowledge() const { return knowledge_; }

 private:
  Knowledge knowledge_;
  std::uint64_t number_ = 0;
};

Header ReviewBy(const OrgId& author) {
  return Says(author, EmergencyReview{RecordNo(0x70), ReviewOutcome::kUnjustified}, 0x71);
}

TEST(KnowledgeTest, WhatAReviewFoundIsForWhomTheEmergencyWasTold) {
  for (const OrgId& reviewer : {kYouthCare, kPsychiatry}) {
    KnownTo school(kSchool, kPsychiatry);
    school.Knows(Says(kPsychiatry, EmergencyTo(kYouthCare), 0x70));
    EXPECT_FALSE(school.knowledge().WhyNotOurs(ReviewBy(reviewer), kDelivered, kNow)) << reviewer.value();
  }
}

TEST(KnowledgeTest, TheReviewOfAnEmergencyFromBeforeItTookPartIsNoFault) {
  const KnownTo school(kSchool, kPsychiatry);
  EXPECT_FALSE(school.knowledge().WhyNotOurs(ReviewBy(kYouthCare), kDelivered, kNow));
}

TEST(KnowledgeTest, TheReviewOfWhatItMayNotKnowIs) {
  KnownTo school(kSchool, kPsychiatry);
  school.Knows(Says(kYouthCare, EmergencyTo(kPolice), 0x70));
  EXPECT_EQ(school.knowledge().WhyNotOurs(ReviewBy(kYouthCare), kDelivered, kNow), Denial::kNotAddressed);
}

TEST(KnowledgeTest, WhoGaveAnEmergencyAddressesItsReviewToAllWhomItKnows) {
  KnownTo psychiatry(kPsychiatry, kSchool);
  psychiatry.Knows(Says(kPsychiatry, EmergencyTo(kYouthCare), 0x70));
  EXPECT_THAT(psychiatry.knowledge().Concerned(ReviewBy(kPsychiatry)), UnorderedElementsAre(kYouthCare, kSchool));
  EXPECT_FALSE(psychiatry.knowledge().SureDenial(ReviewBy(kPsychiatry), kSchool, kNow))
      << "who knows whom, the hub knows";
}

TEST(KnowledgeTest, AnInvitationOfTheYouthCourtComesFromNoLead) {
  KnownTo school(kSchool, kPsychiatry);
  school.KnowsOfCourt();
  const auto by = [&](const OrgId& lead, const TrajectoryId& trajectory) {
    const Header invite = Says(lead, MemberInvite{kSchool, kNow + kDay}, 0x80, trajectory);
    return Said(school.knowledge().CheckStatement(invite, kDelivered, kNow));
  };
  EXPECT_EQ(by(kCourt, kOther), "lead.court");
  EXPECT_EQ(by(kPsychiatry, kOther), "ok");
  school.Knows(Says(kCourt, MemberInvite{kSchool, kNow + kDay}, 0x81, kOther));
  EXPECT_EQ(by(kCourt, kOther), "ok") << "it led from before that was so";
}

}  // namespace
}  // namespace schakel::test
