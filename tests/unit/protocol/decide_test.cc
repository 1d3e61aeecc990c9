// Who may receive what, and when: both sides of every boundary, and every denial.
#include <gtest/gtest.h>

#include <algorithm>

#include "protocol/policy.h"
#include "support/builders.h"

namespace schakel::test {
namespace {

const RecordId kToPsychiatry = RecordNo(0x50);
const RecordId kToLead = RecordNo(0x51);
const RecordId kToPolice = RecordNo(0x52);
const RecordId kToSchool = RecordNo(0x53);
const RecordId kToWelfare = RecordNo(0x54);
const RecordId kToWhoLeft = RecordNo(0x55);

// kYouthCare leads; psychiatry, school and police joined; welfare is invited; the court came and left. All have a
// grant for goals and agreements, from yesterday until tomorrow. Psychiatry and school know of each other; school knows
// of police, which does not know of school.
PolicyState GrantedToAll() {
  std::vector<Header> headers = Membership({kPsychiatry, kSchool, kPolice, kCourt});
  headers.push_back(Says(kYouthCare, MemberInvite{kWelfare, kNow + kDay}, 0x20));
  headers.push_back(Says(kYouthCare, MemberShow{kPsychiatry, kSchool}, 0x30));
  headers.push_back(Says(kYouthCare, MemberShow{kSchool, kPsychiatry}, 0x31));
  headers.push_back(Says(kYouthCare, MemberShow{kPolice, kSchool}, 0x32));
  headers.push_back(Says(kYouthCare, GrantTo(kPsychiatry), 0x50));
  headers.push_back(Says(kYouthCare, GrantTo(kYouthCare), 0x51));
  headers.push_back(Says(kYouthCare, GrantTo(kPolice), 0x52));
  headers.push_back(Says(kYouthCare, GrantTo(kSchool), 0x53));
  headers.push_back(Says(kYouthCare, GrantTo(kWelfare), 0x54));
  headers.push_back(Says(kYouthCare, GrantTo(kCourt), 0x55));
  headers.push_back(Says(kCourt, MemberLeave{}, 0x21));
  return StateAfter(headers);
}

// Content of `author` about `categories`, for `purpose`.
Header About(CategorySet categories, Purpose purpose = Purpose::kCareCoordination, const OrgId& author = kYouthCare) {
  Header header = NoteBy(author);
  header.categories = categories;
  header.purpose = purpose;
  return header;
}
constexpr CategorySet kGoals{Category::kGoals};
constexpr CategorySet kBoth{Category::kGoals, Category::kAgreements};
constexpr CategorySet kOneMore{Category::kGoals, Category::kAgreements, Category::kLiving};
constexpr Purpose kCare = Purpose::kCareCoordination;

struct Case {
  const char* name;
  Header header;
  OrgId recipient;
  Timestamp now;
  Decision want;
};

template <std::size_t size>
void Check(const PolicyState& state, const Directory& directory, const Case (&cases)[size]) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Said(Decide(state, directory, c.header, c.recipient, c.now)), Said(c.want));
  }
}

TEST(DecideTest, ContentNeedsAGrant) {
  const Timestamp begin = kNow - kDay;
  const Timestamp end = kNow + kDay;
  Header elsewhere = About(kGoals);
  elsewhere.trajectory = kOther;
  const Case cases[] = {
      {"first instant", About(kGoals), kPsychiatry, begin, Permit{kToPsychiatry}},
      {"just before it", About(kGoals), kPsychiatry, begin - kTick, Denial::kPeriod},
      {"last instant", About(kGoals), kPsychiatry, end - kTick, Permit{kToPsychiatry}},
      {"at the end", About(kGoals), kPsychiatry, end, Denial::kPeriod},
      {"all that it covers", About(kBoth), kPsychiatry, kNow, Permit{kToPsychiatry}},
      {"a category more", About(kOneMore), kPsychiatry, kNow, Denial::kCategory},
      {"another category", About({Category::kHealth}), kPsychiatry, kNow, Denial::kCategory},
      {"another purpose", About(kGoals, Purpose::kCrisis), kPsychiatry, kNow, Denial::kPurpose},
      {"another trajectory", elsewhere, kPsychiatry, kNow, Denial::kNotMember},
      {"to the lead", About(kGoals, kCare, kPsychiatry), kYouthCare, kNow, Permit{kToLead}},
      {"to the author itself", About(kOneMore, kCare, kPsychiatry), kPsychiatry, kNow, Permit{}},
      {"invited, with a grant", About(kGoals), kWelfare, kNow, Denial::kNotMember},
      {"left, with a grant", About(kGoals), kCourt, kNow, Denial::kNotMember},
      {"not enrolled", About(kGoals), kStranger, kNow, Denial::kNotEnrolled},
      {"nobody", About(kGoals), OrgId(), kNow, Denial::kNotEnrolled},
      {"police: within the ceiling", About({Category::kAgreements}), kPolice, kNow, Permit{kToPolice}},
      {"police: ceiling outvotes grant", About(kGoals), kPolice, kNow, Denial::kSectorCeiling},
      {"police: one category above it", About(kBoth), kPolice, kNow, Denial::kSectorCeiling},
  };
  Check(GrantedToAll(), DirectoryOfSix(), cases);
}

TEST(DecideTest, OneThatIsNotShownIsNoMember) {
  const auto by = [](const OrgId& author) { return About({Category::kAgreements}, kCare, author); };
  const Case cases[] = {
      {"shown both ways", by(kPsychiatry), kSchool, kNow, Permit{kToSchool}},
      {"shown both ways, back", by(kSchool), kPsychiatry, kNow, Permit{kToPsychiatry}},
      {"author may not know of the recipient", by(kPolice), kSchool, kNow, Denial::kNotMember},
      {"recipient may not know of the author", by(kSchool), kPolice, kNow, Denial::kNotMember},
      {"neither knows", by(kPsychiatry), kPolice, kNow, Denial::kNotMember},
      {"looks like one that is none", by(kPsychiatry), kWelfare, kNow, Denial::kNotMember},
      {"everyone knows the lead", by(kPolice), kYouthCare, kNow, Permit{kToLead}},
      {"the lead knows everyone", by(kYouthCare), kPolice, kNow, Permit{kToPolice}},
  };
  Check(GrantedToAll(), DirectoryOfSix(), cases);
}

TEST(DecideTest, OneThatComesBackIsShownAnew) {
  PolicyState state = GrantedToAll();
  state.Apply(Says(kSchool, MemberLeave{}, 0x70));
  state.Apply(Says(kYouthCare, MemberInvite{kSchool, kNow + kDay}, 0x71));
  state.Apply(Says(kSchool, MemberJoin{RecordNo(0x71)}, 0x72));
  const Header by_psychiatry = About(kGoals, kCare, kPsychiatry);
  const Case cases[] = {
      {"its grant went with it", About(kGoals), kSchool, kNow, Denial::kWithdrawn},
      {"not shown again", by_psychiatry, kSchool, kNow, Denial::kNotMember},
  };
  Check(state, DirectoryOfSix(), cases);
  state.Apply(Says(kYouthCare, GrantTo(kSchool), 0x73));
  state.Apply(Says(kYouthCare, MemberShow{kPsychiatry, kSchool}, 0x74));
  const Case again[] = {
      {"granted again", About(kGoals), kSchool, kNow, Permit{RecordNo(0x73)}},
      {"shown again", by_psychiatry, kSchool, kNow, Permit{RecordNo(0x73)}},
  };
  Check(state, DirectoryOfSix(), again);
}

TEST(DecideTest, OneThatLeftIsKnownToTheLeadAlone) {
  PolicyState state = GrantedToAll();
  state.Apply(Says(kPsychiatry, MemberLeave{}, 0x70));
  const Header said_before = About(kGoals, kCare, kPsychiatry);
  const Case cases[] = {
      {"what it said before, to the lead", said_before, kYouthCare, kNow, Permit{kToLead}},
      {"what it said before, to one it was shown", said_before, kSchool, kNow, Denial::kNotMember},
  };
  Check(state, DirectoryOfSix(), cases);
}

TEST(DecideTest, ContentAboutNothingIsCoveredByNothing) {
  PolicyState state = GrantedToAll();
  GrantGive of_nothing = GrantTo(kPsychiatry);
  of_nothing.categories = {};
  state.Apply(Says(kYouthCare, of_nothing, 0x70));
  Header anonymous = About({});
  anonymous.kind = Kind::kQuestion;
  anonymous.trajectory = {};
  const Case cases[] = {
      {"content without a category", About({}), kPsychiatry, kNow, Denial::kSectorCeiling},
      {"anonymous, without a category", anonymous, kPsychiatry, kNow, Denial::kSectorCeiling},
  };
  Check(state, DirectoryOfSix(), cases);
}

TEST(DecideTest, CategoryOfANewerVersionIsAboveEveryCeiling) {
  PolicyState state = GrantedToAll();
  const CategorySet newer(std::uint64_t{1} << 40);
  GrantGive wide = GrantTo(kPsychiatry);
  wide.categories = newer;
  state.Apply(Says(kYouthCare, wide, 0x70));
  const Case cases[] = {{"newer category", About(newer), kPsychiatry, kNow, Denial::kSectorCeiling}};
  Check(state, DirectoryOfSix(), cases);
}

TEST(DecideTest, SuspendedReceivesNothing) {
  const Directory directory = WithSuspended(DirectoryOfSix(), kPsychiatry);
  const Case cases[] = {
      {"with a grant", About(kGoals), kPsychiatry, kNow, Denial::kSuspended},
      {"its own", About(kGoals, kCare, kPsychiatry), kPsychiatry, kNow, Denial::kSuspended},
      {"a statement to it", Says(kYouthCare, MemberRemove{kPsychiatry}, 0x70), kPsychiatry, kNow, Denial::kSuspended},
      {"another", About({Category::kAgreements}), kPolice, kNow, Permit{kToPolice}},
  };
  Check(GrantedToAll(), directory, cases);
}

TEST(DecideTest, SectorThatIsNotListedReceivesNothing) {
  Directory directory = DirectoryOfSix();
  CeilingStatement fewer = *directory.ceilings();
  fewer.serial = 2;
  std::erase_if(fewer.rows, [](const auto& row) { return row.sector == Sector("psychiatry"); });
  ASSERT_TRUE(directory.Apply(SignedBy(fewer, {1, 2})).has_value());
  Header anonymous = About(kGoals);
  anonymous.kind = Kind::kQuestion;
  anonymous.trajectory = {};
  const Case cases[] = {
      {"with a grant", About(kGoals), kPsychiatry, kNow, Denial::kSectorCeiling},
      {"anonymous", anonymous, kPsychiatry, kNow, Denial::kSectorCeiling},
      {"another sector", About(kGoals), kSchool, kNow, Permit{kToSchool}},
  };
  Check(GrantedToAll(), directory, cases);
}

TEST(DecideTest, NothingIsReceivedBeforeThereAreCeilings) {
  Directory directory(RegistrarsOf(1, 1));
  ASSERT_TRUE(directory.Apply(SignedBy(StatementOf(kPsychiatry, "psychiatry"), {1})).has_value());
  const Case cases[] = {{"with a grant", About(kGoals), kPsychiatry, kNow, Denial::kSectorCeiling}};
  Check(GrantedToAll(), directory, cases);
}

// ---- Which of several grants, and which reason ----

enum class Flaw : std::uint8_t {
  kNone,
  kCategory,
  kPurpose,
  kPeriod,
  kWithdrawn,
  kWithdrawnElsewhere,
  kOtherRecipient
};

// Psychiatry's grants, one a flaw, as records 0x80, 0x81, ..
PolicyState WithGrants(const std::vector<Flaw>& flaws) {
  std::vector<Header> headers = Membership({kPsychiatry, kSchool});
  std::uint64_t number = 0x80;
  for (Flaw flaw : flaws) {
    GrantGive grant = GrantTo(flaw == Flaw::kOtherRecipient ? kSchool : kPsychiatry);
    if (flaw == Flaw::kCategory) grant.categories = {Category::kHealth};
    const bool withdrawn = flaw == Flaw::kWithdrawn || flaw == Flaw::kWithdrawnElsewhere;
    if (flaw == Flaw::kPurpose || flaw == Flaw::kWithdrawnElsewhere) grant.purposes = {Purpose::kCrisis};
    if (flaw == Flaw::kPeriod) grant.ends_at = kNow;
    headers.push_back(Says(kYouthCare, grant, number));
    if (withdrawn) {
      headers.push_back(Says(kYouthCare, GrantWithdraw{RecordNo(number)}, number + 0x1000));
    }
    ++number;
  }
  return StateAfter(headers);
}

TEST(DecideTest, GrantThatCameClosestGivesTheReason) {
  using enum Flaw;
  struct Row {
    const char* name;
    std::vector<Flaw> flaws;
    Decision want;
  };
  const Row rows[] = {
      {"none at all", {}, Denial::kNoGrant},
      {"only another's", {kOtherRecipient}, Denial::kNoGrant},
      {"withdrawn", {kWithdrawn}, Denial::kWithdrawn},
      {"withdrawn, and would have covered it, before period", {kPeriod, kWithdrawn}, Denial::kWithdrawn},
      {"likewise in the other order", {kWithdrawn, kPeriod}, Denial::kWithdrawn},
      {"period before withdrawn that would not have", {kPeriod, kWithdrawnElsewhere}, Denial::kPeriod},
      {"likewise in the other order", {kWithdrawnElsewhere, kPeriod}, Denial::kPeriod},
      {"withdrawn that would not have covered it", {kWithdrawnElsewhere}, Denial::kWithdrawn},
      {"purpose before period", {kPeriod, kPurpose, kWithdrawn}, Denial::kPurpose},
      {"category before purpose", {kCategory, kPurpose, kPeriod}, Denial::kCategory},
      {"category before purpose, in the other order", {kPeriod, kPurpose, kCategory}, Denial::kCategory},
      {"one that holds", {kCategory, kNone, kPurpose}, Permit{RecordNo(0x81)}},
      {"the first that holds", {kWithdrawn, kPeriod, kNone, kNone}, Permit{RecordNo(0x82)}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(Said(Decide(WithGrants(row.flaws), DirectoryOfSix(), About(kGoals), kPsychiatry, kNow)), Said(row.want));
  }
}

TEST(DecideTest, TwoGrantsDoNotAddUp) {
  std::vector<Header> headers = Membership({kPsychiatry});
  GrantGive goals = GrantTo(kPsychiatry);
  goals.categories = {Category::kGoals};
  GrantGive living = GrantTo(kPsychiatry);
  living.categories = {Category::kLiving};
  headers.push_back(Says(kYouthCare, goals, 0x80));
  headers.push_back(Says(kYouthCare, living, 0x81));
  const Case cases[] = {
      {"goals", About({Category::kGoals}), kPsychiatry, kNow, Permit{RecordNo(0x80)}},
      {"living", About({Category::kLiving}), kPsychiatry, kNow, Permit{RecordNo(0x81)}},
      {"both at once", About({Category::kGoals, Category::kLiving}), kPsychiatry, kNow, Denial::kCategory},
  };
  Check(StateAfter(headers), DirectoryOfSix(), cases);
}

TEST(DecideTest, NarrowedGrantCoversLess) {
  PolicyState state = GrantedToAll();
  state.Apply(Says(kYouthCare, GrantNarrow{kToPsychiatry, {kCare}, {Category::kGoals}, kNow + kHour}, 0x70));
  const Case cases[] = {
      {"what it still covers", About(kGoals), kPsychiatry, kNow, Permit{kToPsychiatry}},
      {"what it covered", About(kBoth), kPsychiatry, kNow, Denial::kCategory},
      {"last instant", About(kGoals), kPsychiatry, kNow + kHour - kTick, Permit{kToPsychiatry}},
      {"at the new end", About(kGoals), kPsychiatry, kNow + kHour, Denial::kPeriod},
      {"another's grant", About(kBoth), kSchool, kNow, Permit{kToSchool}},
  };
  Check(state, DirectoryOfSix(), cases);
}

// What was said before the trajectory closed still arrives.
TEST(DecideTest, ClosingWithholdsNothing) {
  PolicyState state = GrantedToAll();
  state.Apply(Says(kYouthCare, TrajectoryClose{}, 0x70));
  const Case cases[] = {{"with a grant", About(kGoals), kPsychiatry, kNow, Permit{kToPsychiatry}}};
  Check(state, DirectoryOfSix(), cases);
}

// ---- The court wall ----

constexpr Purpose kReport = Purpose::kCourtReport;

GrantGive ToCourt(Basis basis, Grantor grantor, Timestamp ends_at = kNow + kDay) {
  GrantGive grant = GrantTo(kCourt);
  grant.purposes = {Purpose::kCourtReport, Purpose::kCareCoordination};
  grant.basis = basis;
  grant.grantor = grantor;
  grant.ends_at = ends_at;
  return grant;
}

TEST(DecideTest, CourtWallNeedsMinorAndParents) {
  const GrantGive minor = ToCourt(Basis::kConsent, Grantor::kYoungPerson);
  const GrantGive first = ToCourt(Basis::kConsent, Grantor::kFirstParent);
  const GrantGive second = ToCourt(Basis::kConsent, Grantor::kSecondParent);
  const GrantGive guardian = ToCourt(Basis::kConsent, Grantor::kGuardian);
  const GrantGive mandate = ToCourt(Basis::kCourtMandate, Grantor::kCourt);
  const GrantGive secrecy = ToCourt(Basis::kSharedSecrecy, Grantor::kProfessional);
  const GrantGive no_consent = ToCourt(Basis::kSharedSecrecy, Grantor::kFirstParent);
  const GrantGive ended = ToCourt(Basis::kConsent, Grantor::kFirstParent, kNow);
  struct Row {
    const char* name;
    std::vector<GrantGive> grants;
    Header header;
    Decision want;
  };
  const Decision by_minor = Permit{RecordNo(0x80)};
  const Row rows[] = {
      {"minor and first parent", {minor, first}, About(kGoals, kReport), by_minor},
      {"minor and second parent", {minor, second}, About(kGoals, kReport), by_minor},
      {"minor and guardian", {minor, guardian}, About(kGoals, kReport), by_minor},
      {"minor alone", {minor}, About(kGoals, kReport), Denial::kCourtWall},
      {"parents alone", {first, second, guardian}, About(kGoals, kReport), Denial::kCourtWall},
      {"minor and a mandate", {minor, mandate}, About(kGoals, kReport), Denial::kCourtWall},
      {"minor and shared secrecy", {minor, secrecy}, About(kGoals, kReport), Denial::kCourtWall},
      {"minor, and a parent without consent", {minor, no_consent}, About(kGoals, kReport), Denial::kCourtWall},
      {"a mandate alone", {mandate}, About(kGoals, kReport), Denial::kCourtWall},
      {"nobody", {}, About(kGoals, kReport), Denial::kCourtWall},
      {"the parents' consent has ended", {minor, ended}, About(kGoals, kReport), Denial::kCourtWall},
      {"for another purpose", {minor, first}, About(kGoals), Denial::kCourtWall},
      {"a category more", {minor, first}, About(kOneMore, kReport), Denial::kCourtWall},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    std::vector<Header> headers = Membership({kCourt});
    std::uint64_t number = 0x80;
    for (const GrantGive& grant : row.grants) headers.push_back(Says(kYouthCare, grant, number++));
    EXPECT_EQ(Said(Decide(StateAfter(headers), DirectoryOfSix(), row.header, kCourt, kNow)), Said(row.want));
  }
}

TEST(DecideTest, CourtWallComesAfterMembership) {
  const Case cases[] = {{"left", About(kGoals, kReport), kCourt, kNow, Denial::kNotMember}};
  Check(GrantedToAll(), DirectoryOfSix(), cases);
}

// ---- Anonymous consultations and statements ----

TEST(DecideTest, AnonymousConsultationNeedsNoGrant) {
  Header question = About({Category::kHealth});
  question.kind = Kind::kQuestion;
  question.trajectory = {};
  Header for_police = question;
  for_police.categories = {Category::kSafety};
  Header views = Says(kYouthCare, Views{{View{}}}, 0x70, TrajectoryId());
  const Case cases[] = {
      {"to a partner", question, kPsychiatry, kNow, Permit{}},
      {"to the author", question, kYouthCare, kNow, Permit{}},
      {"above the ceiling", question, kPolice, kNow, Denial::kSectorCeiling},
      {"within the ceiling", for_police, kPolice, kNow, Permit{}},
      {"to the court", question, kCourt, kNow, Denial::kCourtWall},
      {"not enrolled", question, kStranger, kNow, Denial::kNotEnrolled},
      {"views go to nobody", views, kPsychiatry, kNow, Denial::kNotAddressed},
  };
  Check(PolicyState(), DirectoryOfSix(), cases);
}

TEST(DecideTest, StatementsGoToWhomTheyConcern) {
  const auto says = [](const OrgId& author, Control control) { return Says(author, std::move(control), 0x90); };
  struct Row {
    const char* name;
    Header header;
    std::vector<OrgId> reaches;  // Besides the author.
  };
  const Row rows[] = {
      {"open", says(kYouthCare, TrajectoryOpen{}), {}},
      {"close", says(kYouthCare, TrajectoryClose{}), {kPsychiatry, kSchool, kPolice}},
      {"invite", says(kYouthCare, MemberInvite{kWelfare, kNow + kDay}), {kWelfare}},
      {"join", says(kWelfare, MemberJoin{RecordNo(0x20)}), {kYouthCare}},
      {"leave", says(kSchool, MemberLeave{}), {kYouthCare, kPsychiatry}},
      {"remove", says(kYouthCare, MemberRemove{kSchool}), {kSchool, kPsychiatry}},
      {"show", says(kYouthCare, MemberShow{kPolice, kPsychiatry}), {kPsychiatry}},
      {"grant", says(kYouthCare, GrantTo(kWelfare)), {kWelfare}},
      {"narrow", says(kYouthCare, GrantNarrow{kToPolice, {}, {}, kNow}), {kPolice}},
      {"withdraw", says(kYouthCare, GrantWithdraw{kToSchool}), {kSchool}},
      {"withdraw what is none", says(kYouthCare, GrantWithdraw{RecordNo(0x77)}), {}},
      {"views", says(kSchool, Views{{View{}}}), {}},
      {"stage", says(kYouthCare, SubjectStage{Stage::kAdult, {}}), {kPsychiatry, kSchool, kPolice, kWelfare}},
      {"receiver that all may know",
       says(kYouthCare, SubjectStage{Stage::kAdult, kYouthCare}),
       {kPsychiatry, kSchool, kPolice, kWelfare}},
      {"receiver", says(kYouthCare, SubjectStage{Stage::kAdult, kPsychiatry}), {kPsychiatry, kSchool}},
      {"frame", says(kYouthCare, FrameOf({kPsychiatry, kSchool, kWelfare, kCourt})), {kPsychiatry, kSchool, kWelfare}},
      {"emergency of the lead", says(kYouthCare, EmergencyTo(kPolice)), {kPolice, kSchool}},
      {"emergency of a member", says(kPsychiatry, EmergencyTo(kYouthCare)), {kYouthCare, kSchool}},
      {"emergency, known to nobody else", says(kPolice, EmergencyTo(kYouthCare)), {kYouthCare}},
      {"review", says(kYouthCare, EmergencyReview{kToSchool, ReviewOutcome::kJustified}), {kSchool}},
      {"receipt", says(kSchool, GrantReceipt{kToSchool, RecordNo(0x77), Kept::kSealed}), {kYouthCare}},
      {"proposal to erase",
       says(kYouthCare, ErasePropose{EraseReason::kMistake, Filled<16>(1)}),
       {kPsychiatry, kSchool, kPolice}},
      {"agreement to erase", says(kSchool, EraseSecond{RecordNo(0x77)}), {kYouthCare}},
      {"erasure",
       says(kYouthCare, EraseConfirm{RecordNo(0x77), Filled<16>(1)}),
       {kPsychiatry, kSchool, kPolice, kWelfare, kCourt}},
      {"receipt of erasure", says(kSchool, EraseReceipt{RecordNo(0x77)}), {kYouthCare}},
      {"offer of the lead",
       says(kYouthCare, LeadOffer{kSchool, kNow + kDay}),
       {kPsychiatry, kSchool, kPolice, kWelfare, kCourt}},
      {"lead taken over",
       says(kSchool, LeadAccept{RecordNo(0x77)}),
       {kYouthCare, kPsychiatry, kPolice, kWelfare, kCourt}},
      {"lead refused", says(kSchool, LeadRefuse{RecordNo(0x77)}), {kYouthCare, kPsychiatry, kPolice, kWelfare}},
      {"offer withdrawn", says(kYouthCare, LeadWithdraw{RecordNo(0x77)}), {kPsychiatry, kSchool, kPolice, kWelfare}},
      {"lead passed", says(kYouthCare, LeadPassed{RecordNo(0x77), kSchool, true}), {kSchool, kCourt}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    for (const OrgId& recipient : {kYouthCare, kPsychiatry, kSchool, kPolice, kWelfare, kCourt}) {
      const bool reached =
          recipient == row.header.author || std::ranges::find(row.reaches, recipient) != row.reaches.end();
      EXPECT_EQ(Said(Decide(GrantedToAll(), DirectoryOfSix(), row.header, recipient, kNow)),
                reached ? "permit" : "not-addressed")
          << recipient.value();
    }
  }
}

TEST(DecideTest, StatementOnATrajectoryThatIsNoneGoesNowhere) {
  const Case cases[] = {
      {"close", Says(kYouthCare, TrajectoryClose{}, 0x70, kOther), kSchool, kNow, Denial::kNotMember}};
  Check(GrantedToAll(), DirectoryOfSix(), cases);
}

// ---- The agent's part of the state ----

// An agent sees only what is addressed to it, and decides the same about itself as the hub.
TEST(DecideTest, AgentThatSawOnlyItsPartAgreesAboutItself) {
  PolicyState hub;
  PolicyState agent;
  std::vector<Header> headers = Membership({kPsychiatry, kSchool});
  headers.push_back(Says(kYouthCare, MemberShow{kSchool, kPsychiatry}, 0x30));
  headers.push_back(Says(kYouthCare, GrantTo(kPsychiatry), 0x50));
  headers.push_back(Says(kYouthCare, GrantTo(kSchool), 0x51));
  headers.push_back(Says(kYouthCare, GrantNarrow{RecordNo(0x50), {kCare}, {Category::kGoals}, kNow + kHour}, 0x52));
  for (const Header& header : headers) {
    hub.Apply(header);
    const Decision decision = Decide(hub, DirectoryOfSix(), header, kPsychiatry, kNow);
    if (std::holds_alternative<Permit>(decision)) agent.Apply(header);
    for (const Header& content : {About(kGoals), About(kBoth), About(kGoals, Purpose::kCrisis)}) {
      const Decision of_hub = Decide(hub, DirectoryOfSix(), content, kPsychiatry, kNow);
      const Decision of_agent = Decide(agent, DirectoryOfSix(), content, kPsychiatry, kNow);
      EXPECT_EQ(Said(of_agent), Said(of_hub)) << "after record " << ToText(header.id);
    }
  }
  ASSERT_NE(agent.Find(kOurs), nullptr);
  EXPECT_EQ(agent.Find(kOurs)->lead, kYouthCare) << "learned from the first statement of the lead";
  EXPECT_EQ(agent.Find(kOurs)->FindGrant(RecordNo(0x51)), nullptr) << "another's grant is not seen";
}

TEST(DecideTest, AgentLearnsTheLeadFromWhatOnlyTheLeadSays) {
  for (const Control& control :
       {Control(TrajectoryOpen{}), Control(MemberInvite{kSchool, kNow}), Control(MemberShow{kPolice, kSchool}),
        Control(GrantTo(kSchool)), Control(SubjectStage{}), Control(FrameOf({kYouthCare, kSchool})),
        Control(ErasePropose{}), Control(EraseConfirm{})}) {
    const PolicyState state = StateAfter({Says(kYouthCare, control, 0x70)});
    ASSERT_NE(state.Find(kOurs), nullptr) << control.index();
    EXPECT_EQ(state.Find(kOurs)->lead, kYouthCare) << control.index();
  }
}

TEST(DecideTest, StateToleratesWhatItDoesNotKnow) {
  PolicyState state;
  for (const Control& control :
       {Control(TrajectoryClose{}), Control(MemberJoin{}), Control(MemberLeave{}), Control(MemberRemove{kSchool}),
        Control(GrantNarrow{}), Control(GrantWithdraw{}), Control(EmergencyReview{}), Control(Views{{View{}}}),
        Control(EmergencyTo(kSchool)), Control(GrantReceipt{}), Control(EraseSecond{}), Control(EraseReceipt{}),
        Control(LeadAccept{}), Control(LeadRefuse{}), Control(LeadPassed{})}) {
    state.Apply(Says(kYouthCare, control, 0x70));
  }
  state.Apply(NoteBy(kYouthCare));
  EXPECT_EQ(state, PolicyState()) << "what follows on nothing makes nothing";
  state.Apply(Says(kYouthCare, TrajectoryOpen{}, 0x71));
  state.Apply(Says(kYouthCare, MemberRemove{kSchool}, 0x74));
  EXPECT_EQ(state, StateAfter({Says(kYouthCare, TrajectoryOpen{}, 0x71)}));
  state.Apply(Says(kYouthCare, GrantNarrow{RecordNo(1), {}, {}, kNow}, 0x72));
  state.Apply(Says(kYouthCare, GrantWithdraw{RecordNo(1)}, 0x73));
  ASSERT_EQ(state.Find(kOurs)->changes.size(), 1U) << "kept for when the grant comes, merged";
  EXPECT_TRUE(state.Find(kOurs)->changes[0].withdrawn);
  EXPECT_TRUE(state.Find(kOurs)->grants.empty());
}

}  // namespace
}  // namespace schakel::test
