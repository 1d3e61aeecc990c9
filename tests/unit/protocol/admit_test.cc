// Who may say what, and when: both sides of every boundary.
#include <gtest/gtest.h>

#include "protocol/policy.h"
#include "support/builders.h"

namespace schakel::test {
namespace {

constexpr std::uint64_t kWelfareInvite = 0x20;
constexpr std::uint64_t kGrant = 0x50;
constexpr std::uint64_t kWithdrawn = 0x51;
constexpr std::uint64_t kNew = 0x99;  // The statement under test.

// kYouthCare leads; psychiatry, school and police joined; welfare is invited until tomorrow; the court has left.
// Psychiatry has a grant, and one that was withdrawn.
std::vector<Header> Statements() {
  std::vector<Header> headers = Membership({kPsychiatry, kSchool, kPolice, kCourt});
  headers.push_back(Says(kYouthCare, MemberInvite{kWelfare, kNow + kDay}, kWelfareInvite));
  headers.push_back(Says(kCourt, MemberLeave{}, 0x21));
  headers.push_back(Says(kYouthCare, GrantTo(kPsychiatry), kGrant));
  headers.push_back(Says(kYouthCare, GrantTo(kPsychiatry), kWithdrawn));
  headers.push_back(Says(kYouthCare, GrantWithdraw{RecordNo(kWithdrawn)}, 0x52));
  return headers;
}
PolicyState OpenTrajectory() { return StateAfter(Statements()); }
PolicyState ClosedTrajectory() {
  PolicyState state = OpenTrajectory();
  state.Apply(Says(kYouthCare, TrajectoryClose{}, 0x60));
  return state;
}

struct Case {
  const char* name;
  Header header;
  const char* want;  // "ok", or the rule.
};

template <std::size_t size>
void Check(const PolicyState& state, const Directory& directory, const Case (&cases)[size], Timestamp now = kNow) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const Status status = Admit(state, directory, c.header, now);
    EXPECT_EQ(Said(status), c.want);
    if (!status) {
      EXPECT_FALSE(status.error().next.empty()) << "say what to do";
      EXPECT_FALSE(status.error().field.empty()) << "say where";
    }
  }
}

Header Lead(Control control) { return Says(kYouthCare, std::move(control), kNew); }
Header By(const OrgId& author, Control control) { return Says(author, std::move(control), kNew); }

TEST(AdmitTest, OnlyWhoTakesPartSpeaks) {
  Header question = NoteBy(kWelfare, TrajectoryId());
  question.kind = Kind::kQuestion;
  Header strange_question = question;
  strange_question.author = kStranger;
  const Views views{{{RecordNo(1), Filled<16>(1), StaffRole::kWorker, ViewReason::kTask, kNow}}};
  const Case cases[] = {
      {"the lead", NoteBy(kYouthCare), "ok"},
      {"a member", NoteBy(kSchool), "ok"},
      {"invited, not joined", NoteBy(kWelfare), "admit.trajectory"},
      {"one that left", NoteBy(kCourt), "admit.trajectory"},
      {"a trajectory that is none", NoteBy(kYouthCare, kOther), "admit.trajectory"},
      {"not enrolled", NoteBy(kStranger), "admit.enrolled"},
      {"anonymous question", question, "ok"},
      {"anonymous question, not enrolled", strange_question, "admit.enrolled"},
      {"views of the lead", By(kYouthCare, views), "ok"},
      {"views of a member", By(kSchool, views), "ok"},
      {"views of one that left", By(kCourt, views), "ok"},
      {"views of one that is invited", By(kWelfare, views), "ok"},
      {"views on a trajectory that is none", Says(kWelfare, views, kNew, kOther), "admit.trajectory"},
      {"opens another", Says(kWelfare, TrajectoryOpen{}, kNew, kOther), "ok"},
      {"opens another, behind the court wall", Says(kCourt, TrajectoryOpen{}, kNew, kOther), "lead.court"},
      {"opens ours again", Lead(TrajectoryOpen{}), "admit.trajectory_exists"},
      {"opens ours as a member", By(kSchool, TrajectoryOpen{}), "admit.trajectory_exists"},
  };
  Check(OpenTrajectory(), DirectoryOfSix(), cases);
}

TEST(AdmitTest, SuspendedSaysNothing) {
  const Directory directory = WithSuspended(DirectoryOfSix(), kSchool);
  const Case cases[] = {
      {"content", NoteBy(kSchool), "admit.suspended"},
      {"opens", Says(kSchool, TrajectoryOpen{}, kNew, kOther), "admit.suspended"},
      {"leaves", By(kSchool, MemberLeave{}), "admit.suspended"},
      {"another speaks", NoteBy(kPsychiatry), "ok"},
  };
  Check(OpenTrajectory(), directory, cases);
}

// Which of the two it is, nobody can tell from the answer.
TEST(AdmitTest, TrajectoryOfOthersLooksLikeNone) {
  std::vector<Header> headers = Membership({kPsychiatry, kSchool, kCourt});
  headers.push_back(Says(kCourt, MemberLeave{}, 0x21));
  headers.push_back(Says(kYouthCare, GrantTo(kPsychiatry), kGrant));
  const PolicyState state = StateAfter(headers);
  const std::vector<Control> controls = {Control(),
                                         TrajectoryClose{},
                                         MemberInvite{kSchool, kNow + kDay},
                                         MemberJoin{RecordNo(0x11)},
                                         MemberLeave{},
                                         MemberRemove{kSchool},
                                         MemberShow{kSchool, kPsychiatry},
                                         GrantTo(kSchool),
                                         GrantNarrow{RecordNo(kGrant), {}, {}, kNow},
                                         GrantWithdraw{RecordNo(kGrant)},
                                         SubjectStage{Stage::kAdult, kSchool},
                                         FrameOf({kYouthCare, kSchool}),
                                         EmergencyReview{RecordNo(kGrant), ReviewOutcome::kJustified},
                                         EmergencyTo(kSchool),
                                         GrantReceipt{RecordNo(kGrant), RecordNo(kNew), Kept::kSealed},
                                         ErasePropose{EraseReason::kMistake, Filled<16>(1)},
                                         EraseSecond{RecordNo(kNew)},
                                         EraseConfirm{RecordNo(kNew), Filled<16>(1)},
                                         EraseReceipt{RecordNo(kNew)},
                                         LeadOffer{kSchool, kNow + kDay},
                                         LeadAccept{RecordNo(kNew)},
                                         LeadRefuse{RecordNo(kNew)},
                                         LeadWithdraw{RecordNo(kNew)},
                                         LeadPassed{RecordNo(kNew), kSchool, true},
                                         Views{{View{}}}};
  // One that left, and one that was never there; the first goes on to report views.
  for (const OrgId& outsider : {kCourt, kWelfare}) {
    for (const Control& control : controls) {
      const auto said_on = [&](const TrajectoryId& trajectory) {
        Header header = KindOf(control) ? Says(outsider, control, kNew, trajectory) : NoteBy(outsider, trajectory);
        const Status status = Admit(state, DirectoryOfSix(), header, kNow);
        return status ? Error{} : status.error();
      };
      if (std::holds_alternative<Views>(control) && outsider == kCourt) continue;
      if (std::holds_alternative<GrantReceipt>(control) && outsider == kCourt) continue;  // See KeepingTest.
      EXPECT_EQ(said_on(kOurs), said_on(kOther)) << outsider.value() << ", control " << control.index();
      EXPECT_EQ(said_on(kOurs).code, Code::kNotFound) << outsider.value() << ", control " << control.index();
    }
  }
}

TEST(AdmitTest, ClosedTrajectoryIsQuiet) {
  const Case cases[] = {
      {"content of the lead", NoteBy(kYouthCare), "admit.closed"},
      {"content of a member", NoteBy(kSchool), "admit.closed"},
      {"closed again", Lead(TrajectoryClose{}), "admit.closed"},
      {"invites", Lead(MemberInvite{kCourt, kNow + kDay}), "admit.closed"},
      {"joins", By(kWelfare, MemberJoin{RecordNo(kWelfareInvite)}), "admit.closed"},
      {"leaves", By(kSchool, MemberLeave{}), "admit.closed"},
      {"grants", Lead(GrantTo(kSchool)), "admit.closed"},
      {"narrows", Lead(GrantNarrow{RecordNo(kGrant), {Purpose::kCareCoordination}, {Category::kGoals}, kNow}),
       "admit.closed"},
      {"withdraws", Lead(GrantWithdraw{RecordNo(kGrant)}), "ok"},
      {"says a stage", Lead(SubjectStage{Stage::kAdult, {}}), "admit.closed"},
      {"fixes a frame", Lead(FrameOf({kYouthCare, kSchool})), "admit.closed"},
      {"reviews", Lead(EmergencyReview{RecordNo(kGrant), ReviewOutcome::kJustified}), "grant.not_emergency"},
      {"views", By(kSchool, Views{{View{}}}), "ok"},
      {"opened again", Lead(TrajectoryOpen{}), "admit.trajectory_exists"},
      {"an outsider", NoteBy(kCourt), "admit.trajectory"},
  };
  Check(ClosedTrajectory(), DirectoryOfSix(), cases);
}

TEST(AdmitTest, OnlyTheLeadConvenes) {
  const Case cases[] = {
      {"lead closes", Lead(TrajectoryClose{}), "ok"},
      {"member closes", By(kSchool, TrajectoryClose{}), "admit.lead"},
      {"member invites", By(kSchool, MemberInvite{kCourt, kNow + kDay}), "admit.lead"},
      {"member removes", By(kSchool, MemberRemove{kPsychiatry}), "admit.lead"},
      {"member shows", By(kSchool, MemberShow{kPsychiatry, kSchool}), "admit.lead"},
      {"member grants", By(kSchool, GrantTo(kSchool)), "admit.lead"},
      {"member says a stage", By(kSchool, SubjectStage{Stage::kAdult, {}}), "admit.lead"},
      {"member fixes a frame", By(kSchool, FrameOf({kYouthCare, kSchool})), "admit.lead"},
      {"member shares under secrecy", By(kSchool, SecrecyTo(kYouthCare)), "admit.lead"},
      {"member has an emergency", By(kSchool, EmergencyTo(kYouthCare)), "ok"},
      {"member proposes to erase", By(kSchool, ErasePropose{EraseReason::kMistake, Filled<16>(1)}), "admit.lead"},
      {"member erases", By(kSchool, EraseConfirm{RecordNo(1), Filled<16>(1)}), "admit.lead"},
      {"member leaves", By(kSchool, MemberLeave{}), "ok"},
      {"lead leaves", Lead(MemberLeave{}), "admit.lead_leaves"},
      {"invited leaves", By(kWelfare, MemberLeave{}), "admit.trajectory"},
  };
  Check(OpenTrajectory(), DirectoryOfSix(), cases);
}

TEST(AdmitTest, Invitations) {
  const Directory directory = WithSuspended(DirectoryOfSix(), kWelfare);
  const Case cases[] = {
      {"one that left", Lead(MemberInvite{kCourt, kNow + kDay}), "ok"},
      {"ends in a moment", Lead(MemberInvite{kCourt, kNow + kTick}), "ok"},
      {"ends now", Lead(MemberInvite{kCourt, kNow}), "admit.expiry"},
      {"a member", Lead(MemberInvite{kSchool, kNow + kDay}), "admit.member"},
      {"the lead itself", Lead(MemberInvite{kYouthCare, kNow + kDay}), "admit.member"},
      {"not enrolled", Lead(MemberInvite{kStranger, kNow + kDay}), "directory.organisation"},
      {"suspended", Lead(MemberInvite{kWelfare, kNow + kDay}), "admit.suspended"},
  };
  Check(OpenTrajectory(), directory, cases);
  const Case again[] = {{"invited already", Lead(MemberInvite{kWelfare, kNow + kDay}), "ok"}};
  Check(OpenTrajectory(), DirectoryOfSix(), again);
}

TEST(AdmitTest, Joining) {
  const Case open_until_tomorrow[] = {
      {"by its invitation", By(kWelfare, MemberJoin{RecordNo(kWelfareInvite)}), "ok"},
      {"by another's invitation", By(kWelfare, MemberJoin{RecordNo(0x11)}), "admit.invite"},
      {"by none", By(kWelfare, MemberJoin{RecordNo(0x77)}), "admit.invite"},
      {"a second time", By(kPsychiatry, MemberJoin{RecordNo(0x11)}), "admit.invite"},
      {"after it left", By(kCourt, MemberJoin{RecordNo(0x17)}), "admit.trajectory"},
      {"the lead", Lead(MemberJoin{RecordNo(kWelfareInvite)}), "admit.invite"},
  };
  Check(OpenTrajectory(), DirectoryOfSix(), open_until_tomorrow);
  const Case last[] = {{"last instant", By(kWelfare, MemberJoin{RecordNo(kWelfareInvite)}), "ok"}};
  Check(OpenTrajectory(), DirectoryOfSix(), last, kNow + kDay - kTick);
  const Case late[] = {{"at its end", By(kWelfare, MemberJoin{RecordNo(kWelfareInvite)}), "admit.invite_expired"}};
  Check(OpenTrajectory(), DirectoryOfSix(), late, kNow + kDay);

  PolicyState invited_again = OpenTrajectory();
  invited_again.Apply(Says(kYouthCare, MemberInvite{kWelfare, kNow + kDay}, 0x70));
  const Case replaced[] = {
      {"by the newer invitation", By(kWelfare, MemberJoin{RecordNo(0x70)}), "ok"},
      {"by the one it replaced", By(kWelfare, MemberJoin{RecordNo(kWelfareInvite)}), "admit.invite"},
  };
  Check(invited_again, DirectoryOfSix(), replaced);
}

TEST(AdmitTest, RemovingAndShowing) {
  const Case cases[] = {
      {"removes a member", Lead(MemberRemove{kSchool}), "ok"},
      {"removes one that is invited", Lead(MemberRemove{kWelfare}), "ok"},
      {"removes one that left", Lead(MemberRemove{kCourt}), "admit.not_member"},
      {"removes an outsider", Lead(MemberRemove{kStranger}), "admit.not_member"},
      {"removes itself", Lead(MemberRemove{kYouthCare}), "admit.not_member"},
      {"shows two members", Lead(MemberShow{kSchool, kPsychiatry}), "ok"},
      {"shows one that is invited", Lead(MemberShow{kWelfare, kPsychiatry}), "ok"},
      {"shows to one that is invited", Lead(MemberShow{kPsychiatry, kWelfare}), "ok"},
      {"shows one to itself", Lead(MemberShow{kSchool, kSchool}), "admit.show"},
      {"shows one that left", Lead(MemberShow{kCourt, kSchool}), "admit.show"},
      {"shows to one that left", Lead(MemberShow{kSchool, kCourt}), "admit.show"},
      {"shows an outsider", Lead(MemberShow{kStranger, kSchool}), "admit.show"},
      {"shows the lead", Lead(MemberShow{kYouthCare, kSchool}), "admit.show"},
      {"shows to the lead", Lead(MemberShow{kSchool, kYouthCare}), "admit.show"},
  };
  Check(OpenTrajectory(), DirectoryOfSix(), cases);
}

Header Grant(const OrgId& recipient, void (*change)(GrantGive&) = [](GrantGive&) {}) {
  GrantGive grant = GrantTo(recipient);
  change(grant);
  return Lead(grant);
}

TEST(AdmitTest, Grants) {
  using G = GrantGive;
  const auto emergency = [](G& g) {
    g.basis = Basis::kEmergency;
    g.grantor = Grantor::kProfessional;
    g.begins_at = kNow - kHour;
    g.ends_at = g.begins_at + 72 * kHour;
  };
  GrantGive too_long = GrantTo(kSchool);
  emergency(too_long);
  too_long.ends_at += kTick;
  GrantGive longest = GrantTo(kSchool);
  emergency(longest);
  const Case cases[] = {
      {"to a member", Grant(kPsychiatry), "ok"},
      {"to one that is invited", Grant(kWelfare), "ok"},
      {"to the lead", Grant(kYouthCare), "ok"},
      {"to one that left", Grant(kCourt), "grant.recipient"},
      {"to an outsider", Grant(kStranger), "grant.recipient"},
      {"for nothing", Grant(kSchool, [](G& g) { g.purposes = {}; }), "grant.purposes"},
      {"of nothing", Grant(kSchool, [](G& g) { g.categories = {}; }), "grant.categories"},
      {"ends where it begins", Grant(kSchool, [](G& g) { g.begins_at = g.ends_at; }), "grant.period"},
      {"an instant long", Grant(kSchool, [](G& g) { g.begins_at = g.ends_at - kTick; }), "ok"},
      {"ends now", Grant(kSchool, [](G& g) { g.ends_at = kNow; }), "grant.period"},
      {"ends in a moment", Grant(kSchool, [](G& g) { g.ends_at = kNow + kTick; }), "ok"},
      {"consent for a year", Grant(kSchool, [](G& g) { g.ends_at = kNow + 365 * kDay; }), "ok"},
      {"begins later", Grant(kSchool, [](G& g) { g.begins_at = kNow + kHour; }), "ok"},
      {"emergency of 72 hours", Lead(longest), "ok"},
      {"emergency of a moment more", Lead(too_long), "grant.emergency"},
      {"written, no witness", Grant(kSchool, [](G& g) { g.oral = false; }), "ok"},
      {"oral, no witness", Grant(kSchool, [](G& g) { g.oral = true; }), "grant.witness"},
      {"oral, the recorder as witness",
       Grant(kSchool,
             [](G& g) {
               g.oral = true;
               g.witnessed_by = g.recorded_by;
             }),
       "grant.witness"},
      {"oral, another as witness",
       Grant(kSchool,
             [](G& g) {
               g.oral = true;
               g.witnessed_by = Filled<16>(0x99);
             }),
       "ok"},
      {"police: agreements", Grant(kPolice, [](G& g) { g.categories = {Category::kAgreements}; }), "ok"},
      {"police: health", Grant(kPolice, [](G& g) { g.categories = {Category::kHealth}; }), "grant.ceiling"},
      {"police: agreements and health",
       Grant(kPolice, [](G& g) { g.categories = {Category::kAgreements, Category::kHealth}; }), "grant.ceiling"},
      {"a category nobody knows yet",
       Grant(kPsychiatry, [](G& g) { g.categories = CategorySet(std::uint64_t{1} << 40); }), "grant.ceiling"},
  };
  Check(OpenTrajectory(), DirectoryOfSix(), cases);
}

TEST(AdmitTest, SectorWithoutCeilingGetsNoGrant) {
  Directory directory = DirectoryOfSix();
  CeilingStatement fewer = *directory.ceilings();
  fewer.serial = 2;
  std::erase_if(fewer.rows, [](const auto& row) { return row.sector == Sector("school-support"); });
  ASSERT_TRUE(directory.Apply(SignedBy(fewer, {1, 2})).has_value());
  const Case cases[] = {{"school", Grant(kSchool), "grant.ceiling"}, {"psychiatry", Grant(kPsychiatry), "ok"}};
  Check(OpenTrajectory(), directory, cases);
}

TEST(AdmitTest, EveryBasisHasItsGrantors) {
  //                             young  parent parent guard. profes court
  const bool fits[5][6] = {/**/ {true, true, true, true, false, false},      // consent
                           /**/ {false, false, false, false, true, false},   // shared secrecy
                           /**/ {false, false, false, false, true, true},    // case consultation
                           /**/ {false, false, false, false, false, true},   // court mandate
                           /**/ {false, false, false, false, true, false}};  // emergency
  for (std::uint8_t basis = 1; basis <= 5; ++basis) {
    for (std::uint8_t grantor = 1; grantor <= 6; ++grantor) {
      GrantGive grant = GrantTo(kSchool);
      grant.basis = static_cast<Basis>(basis);
      grant.grantor = static_cast<Grantor>(grantor);
      if (grant.basis == Basis::kSharedSecrecy) grant.secrecy = SecrecyTo(kSchool).secrecy;
      if (grant.basis == Basis::kCaseConsultation) grant.frame = RecordNo(0x40);
      if (grant.basis == Basis::kEmergency) grant.begins_at = kNow;
      PolicyState state = OpenTrajectory();
      state.Apply(Says(kYouthCare, FrameOf({kYouthCare, kSchool}), 0x40));
      const Status status = Admit(state, DirectoryOfSix(), Lead(grant), kNow);
      EXPECT_EQ(Said(status), fits[basis - 1][grantor - 1] ? "ok" : "grant.grantor")
          << Slug(grant.basis) << " by " << Slug(grant.grantor);
    }
  }
}

Header Narrow(void (*change)(GrantNarrow&), const OrgId& author = kYouthCare) {
  const GrantGive given = GrantTo(kPsychiatry);
  GrantNarrow narrow{RecordNo(kGrant), given.purposes, given.categories, given.ends_at};
  change(narrow);
  return By(author, narrow);
}

TEST(AdmitTest, GrantsOnlyGetNarrower) {
  using N = GrantNarrow;
  const Case cases[] = {
      {"the same", Narrow([](N&) {}), "ok"},
      {"a category less", Narrow([](N& n) { n.categories = {Category::kGoals}; }), "ok"},
      {"a category more", Narrow([](N& n) { n.categories.Add(Category::kHealth); }), "grant.narrow"},
      {"another category", Narrow([](N& n) { n.categories = {Category::kHealth}; }), "grant.narrow"},
      {"no category", Narrow([](N& n) { n.categories = {}; }), "grant.narrow"},
      {"a purpose more", Narrow([](N& n) { n.purposes.Add(Purpose::kCrisis); }), "grant.narrow"},
      {"another purpose", Narrow([](N& n) { n.purposes = {Purpose::kCrisis}; }), "grant.narrow"},
      {"no purpose", Narrow([](N& n) { n.purposes = {}; }), "grant.narrow"},
      {"ends earlier", Narrow([](N& n) { n.ends_at -= kTick; }), "ok"},
      {"ends in the past", Narrow([](N& n) { n.ends_at = kNow - kDay; }), "ok"},
      {"ends later", Narrow([](N& n) { n.ends_at += kTick; }), "grant.narrow"},
      {"a grant that is none", Narrow([](N& n) { n.grant = RecordNo(0x77); }), "admit.grant"},
      {"a withdrawn grant", Narrow([](N& n) { n.grant = RecordNo(kWithdrawn); }), "grant.withdrawn"},
      {"by its recipient", Narrow([](N&) {}, kPsychiatry), "admit.grant"},
      {"by another member", Narrow([](N&) {}, kSchool), "admit.grant"},
      {"withdrawn", Lead(GrantWithdraw{RecordNo(kGrant)}), "ok"},
      {"withdrawn by its recipient", By(kPsychiatry, GrantWithdraw{RecordNo(kGrant)}), "admit.grant"},
      {"withdrawn twice", Lead(GrantWithdraw{RecordNo(kWithdrawn)}), "grant.withdrawn"},
      {"withdrawn, and is none", Lead(GrantWithdraw{RecordNo(0x77)}), "admit.grant"},
  };
  Check(OpenTrajectory(), DirectoryOfSix(), cases);
}

TEST(AdmitTest, NarrowedGrantCannotBeWidenedBack) {
  using N = GrantNarrow;
  PolicyState state = OpenTrajectory();
  state.Apply(Narrow([](N& n) {
    n.categories = {Category::kGoals};
    n.ends_at = kNow + kHour;
  }));
  const Case cases[] = {
      {"as it is now", Narrow([](N& n) {
         n.categories = {Category::kGoals};
         n.ends_at = kNow + kHour;
       }),
       "ok"},
      {"the category back", Narrow([](N& n) { n.ends_at = kNow + kHour; }), "grant.narrow"},
      {"the end back", Narrow([](N& n) { n.categories = {Category::kGoals}; }), "grant.narrow"},
  };
  Check(state, DirectoryOfSix(), cases);
}

// Somebody else's grant, and one that is none, get the same answer.
TEST(AdmitTest, GrantOfAnotherLooksLikeNone) {
  const PolicyState state = OpenTrajectory();
  const auto error_of = [&](std::uint64_t grant) {
    return Admit(state, DirectoryOfSix(), By(kSchool, GrantWithdraw{RecordNo(grant)}), kNow).error();
  };
  EXPECT_EQ(error_of(kGrant), error_of(0x77));
  EXPECT_EQ(error_of(kWithdrawn), error_of(0x77));
  EXPECT_EQ(error_of(kGrant).code, Code::kNotFound);
}

}  // namespace
}  // namespace schakel::test
