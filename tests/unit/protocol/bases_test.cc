// What each basis of a grant must carry, and who may say stages, frames and reviews: both sides of every boundary.
#include <gtest/gtest.h>

#include "protocol/policy.h"
#include "support/builders.h"

namespace schakel::test {
namespace {

constexpr std::uint64_t kFrame = 0x40;
constexpr std::uint64_t kNew = 0x99;

// kYouthCare leads; all others joined; psychiatry and school know of each other. One frame, of the lead, psychiatry and
// school.
std::vector<Header> Statements(Stage stage = Stage::kCapable) {
  std::vector<Header> headers = Membership({kPsychiatry, kSchool, kPolice, kWelfare, kCourt}, kOurs, stage);
  headers.push_back(Says(kYouthCare, MemberShow{kPsychiatry, kSchool}, 0x30));
  headers.push_back(Says(kYouthCare, MemberShow{kSchool, kPsychiatry}, 0x31));
  headers.push_back(Says(kYouthCare, FrameOf({kYouthCare, kPsychiatry, kSchool}), kFrame));
  return headers;
}
PolicyState At(Stage stage) {
  std::vector<Header> headers = Statements(stage);
  return StateAfter(headers);
}

std::string SaidOf(const PolicyState& state, const OrgId& author, Control control, Timestamp now = kNow,
                   const Directory& directory = DirectoryOfSix()) {
  const Status status = Admit(state, directory, Says(author, std::move(control), kNew), now);
  if (!status) {
    EXPECT_FALSE(status.error().next.empty()) << "say what to do";
    EXPECT_FALSE(status.error().field.empty()) << "say where";
  }
  return Said(status);
}

using G = GrantGive;
GrantGive Changed(GrantGive grant, void (*change)(G&)) {
  change(grant);
  return grant;
}

TEST(BasesTest, EachCarriesWhatItNeeds) {
  const GrantGive secrecy = SecrecyTo(kPsychiatry);
  const GrantGive framed = FramedTo(kPsychiatry, RecordNo(kFrame));
  GrantGive mandate = GrantTo(kPsychiatry);
  mandate.basis = Basis::kCourtMandate;
  mandate.grantor = Grantor::kCourt;
  const GrantGive emergency = EmergencyTo(kPsychiatry);
  struct Case {
    const char* name;
    GrantGive grant;
    const char* want;
  };
  const Case cases[] = {
      {"mandate", mandate, "ok"},
      {"mandate without the decision", Changed(mandate, [](G& g) { g.evidence = {}; }), "grant.evidence"},
      {"mandate by word of mouth", Changed(mandate, [](G& g) { g.oral = true; }), "grant.oral"},
      {"secrecy, refused", secrecy, "ok"},
      {"secrecy, agreed", Changed(secrecy, [](G& g) { g.secrecy->sought = Sought::kAgreed; }), "ok"},
      {"secrecy, not asked", Changed(secrecy, [](G& g) { g.secrecy->sought = Sought::kNotAsked; }), "ok"},
      {"secrecy without its declaration", Changed(secrecy, [](G& g) { g.secrecy.reset(); }), "grant.sought"},
      {"secrecy that is not needed", Changed(secrecy, [](G& g) { g.secrecy->necessary = false; }), "grant.necessary"},
      {"secrecy against the client", Changed(secrecy, [](G& g) { g.secrecy->in_client_interest = false; }),
       "grant.interest"},
      {"secrecy without a reason", Changed(secrecy, [](G& g) { g.evidence = {}; }), "grant.evidence"},
      {"framed", framed, "ok"},
      {"no frame", Changed(framed, [](G& g) { g.frame = {}; }), "grant.frame"},
      {"a frame that is none", Changed(framed, [](G& g) { g.frame = RecordNo(0x77); }), "grant.frame"},
      {"off the list", Changed(framed, [](G& g) { g.recipient = kWelfare; }), "grant.frame_recipient"},
      {"another purpose", Changed(framed, [](G& g) { g.purposes.Add(Purpose::kSafety); }), "grant.frame_purposes"},
      {"begins before it", Changed(framed, [](G& g) { g.begins_at -= kTick; }), "grant.frame_period"},
      {"ends after it", Changed(framed, [](G& g) { g.ends_at += kTick; }), "grant.frame_period"},
      {"emergency", emergency, "ok"},
      {"emergency without a reason", Changed(emergency, [](G& g) { g.evidence = {}; }), "grant.evidence"},
      {"emergency of 72 hours", Changed(emergency, [](G& g) { g.ends_at = g.begins_at + 72 * kHour; }), "ok"},
      {"a moment longer", Changed(emergency, [](G& g) { g.ends_at = g.begins_at + 72 * kHour + kTick; }),
       "grant.emergency"},
      {"consent, no evidence kept", Changed(GrantTo(kPsychiatry), [](G& g) { g.evidence = {}; }), "ok"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(SaidOf(At(Stage::kCapable), kYouthCare, c.grant), c.want);
  }
}

TEST(BasesTest, TheRegionMayMakeEmergenciesShorter) {
  RegionRules rules;
  rules.emergency_hours_max = 24;
  const Directory strict = WithRules(DirectoryOfSix(), rules);
  GrantGive day = EmergencyTo(kPsychiatry);
  day.ends_at = day.begins_at + 24 * kHour;
  EXPECT_EQ(SaidOf(At(Stage::kCapable), kYouthCare, day, kNow, strict), "ok");
  day.ends_at += kTick;
  EXPECT_EQ(SaidOf(At(Stage::kCapable), kYouthCare, day, kNow, strict), "grant.emergency");
}

TEST(BasesTest, NobodyWritesAnEmergencyInAdvance) {
  const auto from = [](Timestamp begins_at) {
    GrantGive grant = EmergencyTo(kPsychiatry);
    grant.begins_at = begins_at;
    grant.ends_at = begins_at + 72 * kHour;
    return grant;
  };
  using std::chrono::minutes;
  EXPECT_EQ(SaidOf(At(Stage::kCapable), kYouthCare, from(kNow + minutes(15))), "ok") << "clocks differ";
  EXPECT_EQ(SaidOf(At(Stage::kCapable), kYouthCare, from(kNow + minutes(15) + kTick)), "grant.emergency_ahead");
  EXPECT_EQ(SaidOf(At(Stage::kCapable), kPsychiatry, EmergencyTo(kSchool), kNow - kDay), "grant.emergency_ahead");
  EXPECT_EQ(SaidOf(At(Stage::kCapable), kYouthCare, from(kNow - kDay)), "ok") << "it waited in an outbox";
  GrantGive consent = from(kNow + kDay);
  consent.basis = Basis::kConsent;
  consent.grantor = Grantor::kYoungPerson;
  EXPECT_EQ(SaidOf(At(Stage::kCapable), kYouthCare, consent), "ok") << "consent may begin later";
}

TEST(BasesTest, TheStageSaysWhoseConsentThereIs) {
  //                                        young  parent parent guardian
  const char* const want[3][4] = {/*child*/ {"grant.child", "ok", "ok", "ok"},
                                  /*capable*/ {"ok", "ok", "ok", "ok"},
                                  /*adult*/ {"ok", "grant.adult", "grant.adult", "grant.adult"}};
  for (std::uint8_t stage = 1; stage <= 3; ++stage) {
    for (std::uint8_t grantor = 1; grantor <= 4; ++grantor) {
      GrantGive grant = GrantTo(kPsychiatry);
      grant.grantor = static_cast<Grantor>(grantor);
      EXPECT_EQ(SaidOf(At(static_cast<Stage>(stage)), kYouthCare, grant), want[stage - 1][grantor - 1])
          << Slug(static_cast<Stage>(stage)) << ", " << Slug(grant.grantor);
    }
  }
}

TEST(BasesTest, NothingButAnExtractOrBasicDataIsEvenWrittenDownForTheCourt) {
  GrantGive extract = GrantTo(kCourt);
  extract.purposes = {Purpose::kCourtReport};
  GrantGive wider = extract;
  wider.purposes.Add(Purpose::kCareCoordination);
  GrantGive request = extract;
  request.basis = Basis::kCourtMandate;
  request.grantor = Grantor::kCourt;
  request.categories = {Category::kIdentity, Category::kContact};
  GrantGive more = request;
  more.categories.Add(Category::kFamily);
  GrantGive secrecy = SecrecyTo(kCourt);
  secrecy.purposes = {Purpose::kCourtReport};
  GrantGive emergency = EmergencyTo(kCourt);
  emergency.purposes = {Purpose::kCourtReport};
  PolicyState state = At(Stage::kCapable);
  state.Apply(Says(kYouthCare, FrameOf({kYouthCare, kCourt}), 0x41));
  const GrantGive framed = FramedTo(kCourt, RecordNo(0x41));
  EXPECT_EQ(SaidOf(state, kYouthCare, extract), "grant.court_piece");
  Header of_piece = Says(kYouthCare, extract, kNew);
  of_piece.references = {RecordNo(0x100)};
  EXPECT_EQ(Said(Admit(state, DirectoryOfSix(), of_piece, kNow)), "ok");
  of_piece.references.push_back(RecordNo(0x101));
  EXPECT_EQ(Said(Admit(state, DirectoryOfSix(), of_piece, kNow)), "grant.court_piece") << "not for two";
  EXPECT_EQ(SaidOf(state, kYouthCare, wider), "grant.court_extract");
  EXPECT_EQ(SaidOf(state, kYouthCare, request), "ok");
  EXPECT_EQ(SaidOf(state, kYouthCare, more), "grant.court_wall");
  EXPECT_EQ(SaidOf(state, kYouthCare, secrecy), "grant.court_wall");
  EXPECT_EQ(SaidOf(state, kYouthCare, emergency), "grant.court_wall");
  EXPECT_EQ(SaidOf(state, kYouthCare, framed), "grant.court_wall");
}

TEST(BasesTest, AStageOnlyGoesForward) {
  using enum Stage;
  const SubjectStage capable{kCapable, {}};
  const SubjectStage adult{kAdult, {}};
  EXPECT_EQ(SaidOf(At(kChild), kYouthCare, SubjectStage{kChild, {}}), "admit.stage");
  EXPECT_EQ(SaidOf(At(kChild), kYouthCare, capable), "ok");
  EXPECT_EQ(SaidOf(At(kChild), kYouthCare, adult), "ok");
  EXPECT_EQ(SaidOf(At(kCapable), kYouthCare, SubjectStage{kChild, {}}), "admit.stage");
  EXPECT_EQ(SaidOf(At(kCapable), kYouthCare, capable), "admit.stage");
  EXPECT_EQ(SaidOf(At(kAdult), kYouthCare, capable), "admit.stage");
  EXPECT_EQ(SaidOf(At(kAdult), kYouthCare, adult), "admit.stage");
}

TEST(BasesTest, TheReceiverHasJoined) {
  using enum Stage;
  PolicyState state = At(kAdult);
  state.Apply(Says(kWelfare, MemberLeave{}, 0x60));
  EXPECT_EQ(SaidOf(state, kYouthCare, SubjectStage{kAdult, kPsychiatry}), "ok");
  EXPECT_EQ(SaidOf(state, kYouthCare, SubjectStage{kAdult, kYouthCare}), "ok") << "the lead goes on";
  EXPECT_EQ(SaidOf(state, kYouthCare, SubjectStage{kAdult, kWelfare}), "admit.receiver") << "it has left";
  EXPECT_EQ(SaidOf(state, kYouthCare, SubjectStage{kAdult, kStranger}), "admit.receiver");
  state.Apply(Says(kYouthCare, MemberInvite{kWelfare, kNow + kDay, kAdult}, 0x61));
  EXPECT_EQ(SaidOf(state, kYouthCare, SubjectStage{kAdult, kWelfare}), "admit.receiver") << "invited alone";
  EXPECT_EQ(SaidOf(At(kCapable), kYouthCare, SubjectStage{kAdult, kPsychiatry}), "admit.receiver_early");
  EXPECT_EQ(SaidOf(At(kAdult), kYouthCare, SubjectStage{kCapable, kPsychiatry}), "admit.receiver_early");
}

TEST(BasesTest, AnInvitationSaysTheStageAsItIs) {
  PolicyState state = At(Stage::kChild);
  state.Apply(Says(kSchool, MemberLeave{}, 0x60));
  const Timestamp later = kNow + kDay;
  EXPECT_EQ(SaidOf(state, kYouthCare, MemberInvite{kSchool, later, Stage::kChild}), "ok");
  EXPECT_EQ(SaidOf(state, kYouthCare, MemberInvite{kSchool, later}), "admit.invite_stage");
  EXPECT_EQ(SaidOf(state, kYouthCare, MemberInvite{kSchool, later, Stage::kAdult}), "admit.invite_stage");
}

TEST(BasesTest, AFrameIsFixedWholeOrNotAtAll) {
  using F = CaseFrame;
  const auto changed = [](void (*change)(F&)) {
    CaseFrame frame = FrameOf({kYouthCare, kPsychiatry, kSchool});
    change(frame);
    return frame;
  };
  struct Case {
    const char* name;
    CaseFrame frame;
    const char* want;
  };
  const Case cases[] = {
      {"as it should be", changed([](F&) {}), "ok"},
      {"without the document", changed([](F& f) { f.document = {}; }), "frame.document"},
      {"a chair that is not on the list", changed([](F& f) { f.chair = kWelfare; }), "frame.chair"},
      {"one that takes no part", FrameOf({kYouthCare, kStranger}), "frame.participants"},
      {"two that may not know of each other", FrameOf({kPolice, kSchool}), "frame.introduced"},
      {"the lead and one other", FrameOf({kYouthCare, kPolice}), "ok"},
      {"for nothing", changed([](F& f) { f.purposes = {}; }), "frame.purposes"},
      {"ends as it begins", changed([](F& f) { f.begins_at = f.ends_at; }), "frame.period"},
      {"ended", changed([](F& f) { f.ends_at = kNow; }), "frame.period"},
      {"ends in a moment", changed([](F& f) { f.ends_at = kNow + kTick; }), "ok"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(SaidOf(At(Stage::kCapable), kYouthCare, c.frame), c.want);
  }
}

// ---- Emergencies ----

TEST(BasesTest, AMemberSeesOnlyWhomItMayKnow) {
  const PolicyState state = At(Stage::kCapable);
  EXPECT_EQ(SaidOf(state, kPsychiatry, EmergencyTo(kSchool)), "ok");
  EXPECT_EQ(SaidOf(state, kPsychiatry, EmergencyTo(kYouthCare)), "ok");
  const auto error_of = [&](const OrgId& recipient) {
    return Admit(state, DirectoryOfSix(), Says(kPsychiatry, EmergencyTo(recipient), kNew), kNow).error();
  };
  EXPECT_EQ(error_of(kPolice).rule, "grant.recipient");
  EXPECT_EQ(error_of(kPolice), error_of(kStranger)) << "one that is hidden looks like one that takes no part";
}

TEST(BasesTest, WhoDoesNotReviewGetsNoNewEmergencyAnywhere) {
  PolicyState state = At(Stage::kCapable);
  for (const Header& header : Membership({kPsychiatry}, kOther)) state.Apply(header);
  const GrantGive first = EmergencyTo(kYouthCare);
  state.Apply(Says(kPsychiatry, first, 0x70));
  const Timestamp due = first.ends_at + 72 * kHour;
  const auto tries = [&](const OrgId& author, const TrajectoryId& trajectory, Timestamp now) {
    GrantGive again = EmergencyTo(author == kYouthCare ? kPsychiatry : kYouthCare);
    again.begins_at = now;
    again.ends_at = now + kHour;
    return Admit(state, DirectoryOfSix(), Says(author, again, kNew, trajectory), now);
  };
  EXPECT_EQ(Said(tries(kPsychiatry, kOurs, due - kTick)), "ok");
  EXPECT_EQ(Said(tries(kPsychiatry, kOurs, due)), "admit.review_overdue");
  EXPECT_EQ(Said(tries(kPsychiatry, kOther, due)), "admit.review_overdue") << "on another trajectory";
  EXPECT_EQ(tries(kPsychiatry, kOther, due).error().field, ToText(RecordNo(0x70))) << "say which to review";
  EXPECT_EQ(Said(tries(kYouthCare, kOurs, due)), "ok") << "another organisation";
  GrantGive no_emergency = GrantTo(kPsychiatry);
  no_emergency.ends_at = due + kDay;
  EXPECT_EQ(SaidOf(state, kYouthCare, no_emergency, due), "ok");

  const auto restored = PolicyState::Decode(state.Encode());
  ASSERT_TRUE(restored.has_value());
  EXPECT_EQ(*restored, state);
  EXPECT_EQ(restored->OverdueReview(kPsychiatry, RegionRules(), due), RecordNo(0x70));

  state.Apply(Says(kPsychiatry, GrantWithdraw{RecordNo(0x70)}, 0x71));
  EXPECT_EQ(Said(tries(kPsychiatry, kOurs, due)), "admit.review_overdue") << "taking it back is no review";
  state.Apply(Says(kPsychiatry, EmergencyReview{RecordNo(0x70), ReviewOutcome::kTooWide}, 0x72));
  EXPECT_EQ(Said(tries(kPsychiatry, kOther, due)), "ok");
}

TEST(BasesTest, AnEmergencyFoundUnjustifiedIsTakenBack) {
  const auto found = [](ReviewOutcome outcome) {
    PolicyState state = At(Stage::kCapable);
    state.Apply(Says(kPsychiatry, EmergencyTo(kSchool), 0x70));
    state.Apply(Says(kYouthCare, EmergencyReview{RecordNo(0x70), outcome}, 0x71));
    return state;
  };
  const Header by_it = NoteBy(kPsychiatry);
  const auto decided = [&](const PolicyState& state) {
    return Said(Decide(state, DirectoryOfSix(), by_it, kSchool, kNow));
  };
  PolicyState before = At(Stage::kCapable);
  before.Apply(Says(kPsychiatry, EmergencyTo(kSchool), 0x70));
  ASSERT_EQ(decided(before), Said(Permit{RecordNo(0x70)}));
  EXPECT_EQ(decided(found(ReviewOutcome::kJustified)), decided(before));
  EXPECT_EQ(decided(found(ReviewOutcome::kTooWide)), decided(before)) << "that is for who gave it to narrow";
  const PolicyState undone = found(ReviewOutcome::kUnjustified);
  EXPECT_EQ(decided(undone), "withdrawn");
  EXPECT_TRUE(undone.Find(kOurs)->FindTakenBack(RecordNo(0x70), RecordNo(0x71)));
  EXPECT_EQ(SaidOf(undone, kSchool, GrantReceipt{RecordNo(0x70), RecordNo(0x71), Kept::kSealed}), "ok");
  EXPECT_EQ(
      SaidOf(found(ReviewOutcome::kTooWide), kSchool, GrantReceipt{RecordNo(0x70), RecordNo(0x71), Kept::kSealed}),
      "grant.not_taken_back");
  // Met before the grant itself.
  PolicyState early = At(Stage::kCapable);
  early.Apply(Says(kYouthCare, EmergencyReview{RecordNo(0x70), ReviewOutcome::kUnjustified}, 0x71));
  early.Apply(Says(kPsychiatry, EmergencyTo(kSchool), 0x70));
  EXPECT_EQ(early, undone);
}

TEST(BasesTest, WhatAReviewFoundGoesToWhomTheEmergencyWasTold) {
  for (const auto& [giver, recipient] : {std::pair(kYouthCare, kSchool), std::pair(kYouthCare, kPolice),
                                         std::pair(kPsychiatry, kSchool), std::pair(kPolice, kYouthCare)}) {
    PolicyState state = At(Stage::kCapable);
    const Header give = Says(giver, EmergencyTo(recipient), 0x70);
    state.Apply(give);
    const Header review = Says(giver, EmergencyReview{RecordNo(0x70), ReviewOutcome::kUnjustified}, 0x71);
    state.Apply(review);
    for (const OrgId& one : {kYouthCare, kPsychiatry, kSchool, kPolice, kWelfare, kCourt}) {
      EXPECT_EQ(Said(Decide(state, DirectoryOfSix(), review, one, kNow)),
                Said(Decide(state, DirectoryOfSix(), give, one, kNow)))
          << giver.value() << " to " << recipient.value() << ": " << one.value();
    }
  }
  PolicyState state = At(Stage::kCapable);
  state.Apply(Says(kYouthCare, EmergencyTo(kSchool), 0x70));
  const Header review = Says(kYouthCare, EmergencyReview{RecordNo(0x70), ReviewOutcome::kJustified}, 0x71);
  EXPECT_EQ(Said(Decide(state, DirectoryOfSix(), review, kPsychiatry, kNow)), "permit")
      << "though it has no part in it";
  EXPECT_EQ(Said(Decide(state, DirectoryOfSix(), review, kPolice, kNow)), "not-addressed");
}

TEST(BasesTest, ReviewsAreOfEmergenciesOnce) {
  PolicyState state = At(Stage::kCapable);
  state.Apply(Says(kPsychiatry, EmergencyTo(kSchool), 0x70));
  state.Apply(Says(kYouthCare, GrantTo(kSchool), 0x71));
  const auto review = [](std::uint64_t grant) { return EmergencyReview{RecordNo(grant), ReviewOutcome::kJustified}; };
  EXPECT_EQ(SaidOf(state, kPsychiatry, review(0x70)), "ok") << "who gave it";
  EXPECT_EQ(SaidOf(state, kYouthCare, review(0x70)), "ok") << "the lead";
  EXPECT_EQ(SaidOf(state, kSchool, review(0x70)), "admit.grant") << "not its recipient";
  EXPECT_EQ(SaidOf(state, kYouthCare, review(0x77)), "admit.grant");
  EXPECT_EQ(SaidOf(state, kYouthCare, review(0x71)), "grant.not_emergency");
  state.Apply(Says(kYouthCare, review(0x70), 0x72));
  EXPECT_EQ(SaidOf(state, kPsychiatry, review(0x70)), "grant.reviewed");
}

}  // namespace
}  // namespace schakel::test
