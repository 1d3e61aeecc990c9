#include "agents/body.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "protocol/codec.h"
#include "protocol/crypto.h"
#include "support/golden_bytes.h"

namespace schakel {
namespace {

const char* const kCited = "07000000000000000000000000000000";  // Of a version that a commitment cites.

const Timestamp kNoon = FromMillis(1'800'000'000'000);
const MeetingSlot kSlot{kNoon, kNoon + std::chrono::minutes(90)};

// One of each, with every field away from its default.
std::vector<TypedBody> Samples() {
  return {
      EmptyBody{},
      OpeningBody{"S. (2010)", Module::kMobile, "uit de gemeenschapsinstelling"},
      InvitationBody{"S.", "graag jullie blik"},
      GrantEvidenceBody{"Sam", "ondertekend", "Nora", "Jan", "nodig voor de veiligheid", {1, 2, 3}},
      WithdrawalBody{"op vraag van Sam"},
      MessageBody{"we denken mee"},
      NoteBody{"Huisbezoek", "Rustig verlopen."},
      QuestionBody{"Slapen", "Waar letten we op?", Urgency::kToday, kNoon},
      AnswerBody{"Begin met een dagritme."},
      ConclusionBody{AdviceTaken::kPartly, "de huisarts volgt op"},
      ProposalBody{"Ronde tafel", MeetingKind::kEvolutionReview, "Leuven", {kSlot}, false, "ziek", "1. doelen"},
      VoteBody{{VoteChoice::kYes, VoteChoice::kNo}, "liever 's ochtends"},
      FixedBody{kSlot, "CLB"},
      ReportBody{"Verslag", {"terug naar school"}, {{"Sam", true}, {"CLB", false}}},
      AgreementBody{AgreementTopic::kRunningAway, "eerst bellen", "permanentie"},
      RequestBody{Speaker::kMother, "mama", "Ik wil rust thuis."},
      SharedAgainBody{{1, 2, 3}, NoteBody::kType, 1, {4, 5}},
      ClosingBody{"Het gaat goed.", "aan tafel, op papier", CopyTaken::kTaken, "op vraag van Sam"},
      MarkedBody{Exception::kAgogic, "nu te zwaar", NoteBody::kType, 1, {4, 5}},
      ReferralBody{"caw-gent", Module::kIndependentLiving, "Is er plaats vanaf januari?", kNoon},
      ReferralAnswerBody{ReferralAnswer::kRefused, "geen plaats"},
      ReferralWithdrawalBody{"elders gevonden"},
      CommitmentBody{"elke week", {"clb-gent", "karus-gent"}},
      SignatureBody{"met de directie besproken"},
      GoalBody{"terug naar school", {"clb-gent"}, "Sam en oma", kNoon, kNoon + std::chrono::days(182)},
      ProgressBody{GoalProgress::kStuck, "twee halve dagen"},
      GoalReviewBody{GoalFound::kAdjusted, "eerst drie halve dagen"},
      CriterionBody{CriterionOf::kYouthJudge, "een vaste verblijfplaats"},
      JudgementBody{true, "woont bij oma"},
      ActionBody{"belt de school", "clb-gent", "Jef", kNoon},
      ActionDoneBody{false, "niemand bereikt"},
      ActionTakenBackBody{},
      ClosingReasonBody{"Sam verhuist naar een andere regio"},
      TermsBody{3, {OrgId("clb-leuven")}, {Speaker::kYoungPerson, Speaker::kFather}},
      CancelBody{"te weinig volk", kNoon},
      AttendBody{Attending::kDeclined, 2, "liever later", kSlot, kNoon},
      GuestBody{"Sam", Speaker::kYoungPerson, "sam@post.example"},
      AttachmentBody{"verslag.pdf", "application/pdf", 5, Bytes(32, 7), 3, Bytes(32, 8), "van de huisarts"},
      AttachmentChunkBody{1, {4, 5}},
      RevealBody{{1, 2}, "met Sam besproken"},
      FigureBody{"oma", FigureKind::kPerson, Ring::kFamily, "grootmoeder", Gender::kWoman, "1950", true, "2021-03", "",
                 LifeDomain::kNone, true, "woonde om de hoek", false},
      TieBody{{1}, {2}, Informant::kOther, "tante", TieQuality::kBroken, 3, TieDirection::kFrom, "2026-03-14", "ruzie"},
      KinshipBody{Relation::kPartners, {1}, {2}, KinshipHow::kDivorced, "1999", "2012-05-02", false},
      LifeEventBody{LifeLane::kSchool, "KTA", "2019-09-01", "2021-06", "Leuven", "fijne klas", true},
      LifeDomainBody{LifeDomain::kMoney, {"spaart"}, {"bankkaart"}, "met de bewindvoerder"},
      CircularQuestionBody{Informant::kMother, "", {}, "Wat zou Sam zeggen?", "dat hij wil blijven"},
      CircularAnswerBody{"dat hij naar oma wil"},
      TieRepairBody{{1}, {}, Informant::kYoungPerson, "", {7}, "VDAB Leuven"},
      ModuleSwitchBody{
          Module::kTimeOut, kNoon, kNoon + std::chrono::days(14), "De Pas", {Speaker::kYoungPerson}, "spanning thuis"},
      ContactMomentBody{ContactHow::kPhone, false, kNoon, 10, {Speaker::kFather}, "oma", "belde zelf"},
      AlertBody{AgreementTopic::kRunningAway, "Sam", "16", "klein", "rode jas", kNoon, "station", "bij oma",
                "een vriend", "liep weg", "zichzelf", "016 00 00 00"},
      AlertWithdrawnBody{AlertEnd::kMistaken, kNoon},
      PlaceOfferBody{PlaceKind::kPriority, "De Pas", "rust", 14, 17, {"paarden"}, "Gent", "09 000 00 00"},
      PlaceAskBody{15, 16, "rust", kNoon, Urgency::kToday},
      PlaceStandingBody{true},
      HearingBody{false, kNoon, "Jeugdrechtbank Leuven", "om 9 uur"},
      RingAnswerBody{AskingRing::kContext, "", "Wat zegt de buurman?", "dat het lukt", Speaker::kOther, "oma"},
      CourtPlanBody{"ons plan", {"family", "forced-frame"}, "de vader wou niet"},
      AftercareContactBody{true, OrgId("caw-leuven"), "Sam", ContactHow::kPhone, kNoon, 4,
                           kNoon + std::chrono::days(90), "belt zelf"},
      AdulthoodPlanBody{
          kNoon, "caw-leuven", {{"housing", "Wonen", "Studio", "Lies", kNoon, DomainState::kAgreed}}, "samen"},
      FamilyConferenceBody{FamilyPhase::kInformation, "Ria", "Waar woont Sam?", kNoon, "in de parochiezaal"},
      FamilyPlanBody{FamilyPlanSaid::kPlan, "Sam gaat naar oma", Speaker::kMother, "Els", true},
      SupporterMessageBody{"Sam was hier", "Tante Mia", "", true},
      SchoolReportBody{OrgId("clb-gent"), SchoolTrouble::kStuck, SchoolLevel::kPrimary, "t", "gebeld", "mei", "Gent"},
      SchoolStepBody{SchoolMove::kEscalated, std::string(32, 'a'), "Jef", "stuurgroep", "nergens plaats"},
      PlaceEnrolmentBody{"Sam", "geen noten"},
      LearningCaseBody{"Rust", "t", "op tijd", {"time-out", "school"}},
      LearningWithdrawalBody{"vergist"},
      SchoolBoardBody{2026,
                      5,
                      11,
                      {{"trouble", "truancy", 6}, {"trouble", "rest", 5}},
                      {{"2027-03-12", "13-16 u.", "Koïnoor", "CLB", ""}}},
  };
}

TEST(Body, EveryTypeComesBackAsItWent) {
  for (const TypedBody& sample : Samples()) {
    SCOPED_TRACE(sample.index());
    const auto encoded = EncodeBody(sample);
    ASSERT_TRUE(encoded) << ToText(encoded.error());
    const auto decoded = DecodeBody(*encoded);
    ASSERT_TRUE(decoded) << ToText(decoded.error());
    EXPECT_EQ(*decoded, sample);
    EXPECT_EQ(EncodeBody(*decoded).value(), *encoded);
  }
}

TEST(Body, OfADossierHoldsAsAWhole) {
  const GoalBody goal{"t", {"clb-gent"}, "", kNoon, kNoon + std::chrono::days(1)};
  GoalBody nobody = goal;
  nobody.owners.clear();
  GoalBody endless = goal;
  endless.ends_at.reset();
  GoalBody backwards = goal;
  backwards.ends_at = kNoon;
  struct Case {
    const char* name;
    TypedBody body;
    const char* rule;
    const char* field;
  };
  const Case cases[] = {
      {"one party", CommitmentBody{"t", {"clb-gent"}}, "body.few", "body.parties"},
      {"nobody is called so", CommitmentBody{"t", {"clb-gent"}, {Speaker::kMother}, "oma"}, "body.persons",
       "body.persons"},
      {"somebody without a name", CommitmentBody{"t", {"clb-gent"}, {Speaker::kOther}}, "body.required", "body.other"},
      {"a goal by half its id", CommitmentBody{"t", {"clb-gent", "karus-gent"}, {}, "", {"0a"}}, "body.cited",
       "body.goals"},
      {"a goal twice", CommitmentBody{"t", {"clb-gent", "karus-gent"}, {}, "", {kCited, kCited}}, "body.cited",
       "body.goals"},
      {"a criterion in capitals",
       CommitmentBody{"t", {"clb-gent", "karus-gent"}, {}, "", {}, {"0A000000000000000000000000000000"}}, "body.cited",
       "body.criteria"},
      {"progress on paper before nobody", ProgressBody{.text = "", .how = SignedHow::kPaper, .said_at = kNoon},
       "body.required", "body.witness"},
      {"progress on paper on no day", ProgressBody{.text = "", .how = SignedHow::kPaper, .witness = "Nora"},
       "body.required", "body.said_at"},
      {"on paper before nobody", SignatureBody{.remark = "", .how = SignedHow::kPaper, .signed_at = kNoon},
       "body.required", "body.witness"},
      {"on paper on no day", SignatureBody{.remark = "", .how = SignedHow::kPaper, .witness = "Nora"}, "body.required",
       "body.signed_at"},
      {"a party twice", CommitmentBody{"t", {"clb-gent", "clb-gent"}}, "body.twice", "body.parties"},
      {"another order", CommitmentBody{"t", {"karus-gent", "clb-gent"}}, "body.twice", "body.parties"},
      {"no organisation", CommitmentBody{"t", {"CLB", "karus-gent"}}, "body.organisation", "body.parties"},
      {"a goal of nobody", nobody, "body.few", "body.owners"},
      {"a goal without an end", endless, "body.required", "body.ends_at"},
      {"a goal that ends as it begins", backwards, "body.period", "body.ends_at"},
      {"refused without a reason", ReferralAnswerBody{ReferralAnswer::kRefused, " "}, "body.required", "body.why"},
      {"asked without an end", ReferralBody{"caw-gent", Module::kMobile, "q", {}}, "body.required", "body.expires_at"},
      {"an action of no organisation", ActionBody{"t", "Jef", "", kNoon}, "body.organisation", "body.owner"},
      {"an action without a day", ActionBody{"t", "clb-gent", "", {}}, "body.required", "body.due_at"},
      {"closed without a reason", ClosingReasonBody{""}, "body.required", "body.why"},
  };
  for (const Case& c : cases) {
    const Status status = CheckBody(c.body);
    ASSERT_FALSE(status) << c.name;
    EXPECT_EQ(status.error().rule, c.rule) << c.name;
    EXPECT_EQ(status.error().field, c.field) << c.name;
  }
  EXPECT_TRUE(CheckBody(goal));
  EXPECT_TRUE(CheckBody(ReferralAnswerBody{ReferralAnswer::kAccepted, ""}));
}

TEST(Body, OfModulesAndAlertsHoldsAsAWhole) {
  const ModuleSwitchBody stay{Module::kTimeOut, kNoon, kNoon + std::chrono::days(1), "", {Speaker::kYoungPerson}, ""};
  ModuleSwitchBody endless = stay;
  endless.ends_at.reset();
  ModuleSwitchBody backwards = stay;
  backwards.ends_at = kNoon;
  ModuleSwitchBody unasked = stay;
  unasked.agreed = {Speaker::kMother};
  ModuleSwitchBody nothing = stay;
  nothing.module = Module::kUnspecified;
  const auto agreement = [](std::string partner, std::vector<std::string> fields) {
    return AgreementBody{AgreementTopic::kDrugs, "t", "", std::move(partner), std::move(fields)};
  };
  struct Case {
    const char* name;
    TypedBody body;
    const char* rule;
  };
  const Case cases[] = {
      {"a time-out without an end", endless, "module.end"},
      {"an end as it begins", backwards, "body.period"},
      {"not agreed with the young person", unasked, "module.agreed"},
      {"no module", nothing, "body.choice"},
      {"a switch without a beginning", ModuleSwitchBody{}, "body.required"},
      {"a contact without a time", ContactMomentBody{}, "body.required"},
      {"a contact of more than a day", ContactMomentBody{.at = kNoon, .minutes = 1441}, "contact.minutes"},
      {"an alert of nothing", AlertBody{}, "alert.empty"},
      {"fields for nobody", agreement("", {"name"}), "agreement.partner"},
      {"a partner without fields", agreement("politie-leuven", {}), "agreement.partner"},
      {"no organisation", agreement("De politie", {"name"}), "body.organisation"},
      {"no such field", agreement("politie-leuven", {"health"}), "agreement.fields"},
      {"a field twice", agreement("politie-leuven", {"name", "name"}), "agreement.fields"},
      {"another order", agreement("politie-leuven", {"risk", "name"}), "agreement.fields"},
  };
  for (const Case& c : cases) {
    const Status status = CheckBody(c.body);
    ASSERT_FALSE(status) << c.name;
    EXPECT_EQ(status.error().rule, c.rule) << c.name;
  }
  EXPECT_TRUE(CheckBody(stay));
  EXPECT_TRUE(CheckBody(ContactMomentBody{.at = kNoon, .minutes = 1440}));
  EXPECT_TRUE(CheckBody(agreement("politie-leuven", {"name", "risk"})));
}

TEST(Body, TheWorkedExamplesOfModulesAndAlertsHold) {
  const auto hex = [](const TypedBody& body) { return ToHex(EncodeBody(body).value().content); };
  const auto time = [](Timestamp at) {
    Encoder to;
    to.Time(at);
    return ToHex(to.bytes());
  };
  const ModuleSwitchBody stay{
      Module::kTimeOut, kNoon, kSlot.ends_at, "De Pas", {Speaker::kYoungPerson, Speaker::kMother}, ""};
  EXPECT_EQ(hex(stay), "9607" + time(kNoon) + time(kSlot.ends_at) + "a6446520506173" + "920102a0");
  const ContactMomentBody call{ContactHow::kPhone, false, kNoon, 10, {Speaker::kFather}, "", ""};
  EXPECT_EQ(hex(call), "9704c2" + time(kNoon) + "0a9103a0a0");
  AlertBody alert;
  alert.about = AgreementTopic::kRunningAway;
  alert.name = "Sam";
  EXPECT_EQ(hex(alert), "9c03a353616da0a0a0c0a0a0a0a0a0a0");
  EXPECT_EQ(hex(AlertWithdrawnBody{AlertEnd::kReturned, kNoon}), "9201" + time(kNoon));
  EXPECT_EQ(hex(AgreementBody{AgreementTopic::kRunningAway, "bel", "", "pz-leuven", {"name"}}),
            "9503a362656ca0a9707a2d6c657576656e91a46e616d65");
}

TEST(Body, TheWorkedExamplesOfPlacesHold) {
  const auto hex = [](const TypedBody& body) { return ToHex(EncodeBody(body).value().content); };
  EXPECT_EQ(hex(PlaceOfferBody{PlaceKind::kTimeOut, "De Pas", "", 14, 17, {}, "", ""}),
            "9801a6446520506173a00e1190a0a0");
  EXPECT_EQ(hex(PlaceAskBody{15, 16, "rust", std::nullopt, Urgency::kToday}), "950f10a472757374c003");
  const auto rule = [](const TypedBody& body) { return EncodeBody(body) ? "" : EncodeBody(body).error().rule; };
  EXPECT_EQ(rule(PlaceOfferBody{PlaceKind::kTimeOut, "De Pas", "", 14, 13, {}, "", ""}), "place.ages");
  EXPECT_EQ(rule(PlaceOfferBody{PlaceKind::kTimeOut, "De Pas", "", 14, 0, {}, "", ""}), "") << "no end";
  EXPECT_EQ(rule(PlaceAskBody{0, 31, "rust", std::nullopt, Urgency::kToday}), "place.ages");
  EXPECT_EQ(rule(PlaceAskBody{0, 0, " ", std::nullopt, Urgency::kToday}), "body.required");
}

TEST(Body, TheWorkedExamplesOfSchoolSupportAndOfLearningHold) {
  const auto encoded = [](const TypedBody& body) {
    const Body made = EncodeBody(body).value();
    return std::to_string(made.type) + " " + ToHex(made.content);
  };
  EXPECT_EQ(encoded(SchoolReportBody{OrgId("clb"), SchoolTrouble::kRefusal, SchoolLevel::kSecondStage, "komt niet", "",
                                     "", ""}),
            "130 97a3636c620204a96b6f6d74206e696574a0a0a0");
  EXPECT_EQ(encoded(SchoolStepBody{SchoolMove::kDispatched, "", "Jef", "", ""}), "131 9502a0a34a6566a0a0");
  EXPECT_EQ(encoded(PlaceEnrolmentBody{"Sam", "geen noten"}), "140 92a353616daa6765656e206e6f74656e");
  EXPECT_EQ(encoded(LearningCaseBody{"Rust", "t", "", {"time-out"}}), "150 94a452757374a174a091a874696d652d6f7574");
  EXPECT_EQ(encoded(LearningCaseBody{"Rust", "t", "", {"time-out"}, {OrgId("upc")}}),
            "150 95a452757374a174a091a874696d652d6f757491a3757063");
  EXPECT_EQ(EncodeBody(LearningCaseBody{"Rust", "t", "", {}}).value().version, 1U) << "an older program reads it";
  EXPECT_EQ(EncodeBody(LearningCaseBody{"Rust", "t", "", {}, {OrgId("upc")}}).value().version, 2U);
  EXPECT_EQ(encoded(LearningWithdrawalBody{"vergist"}), "151 91a776657267697374");
}

TEST(Body, WhetherAPlaceIsFullAndABoardAreAsTheyAreWritten) {
  const auto encoded = [](const TypedBody& body) {
    const Body made = EncodeBody(body).value();
    return std::to_string(made.type) + "." + std::to_string(made.version) + " " + ToHex(made.content);
  };
  EXPECT_EQ(encoded(PlaceStandingBody{true}), "78.1 91c3");
  EXPECT_EQ(encoded(PlaceOfferBody{PlaceKind::kMediator, "Ria", "", 0, 0, {}, "", ""}),
            "72.2 9807a3526961a0000090a0a0");
  EXPECT_EQ(encoded(PlaceOfferBody{PlaceKind::kSharedActivity, "Ria", "", 0, 0, {}, "", ""}),
            "72.1 9806a3526961a0000090a0a0")
      << "an older program reads it";
  EXPECT_EQ(encoded(SchoolBoardBody{2026, 5, 6, {{"trouble", "truancy", 6}}, {}}),
            "152.1 95cd07ea05069193a774726f75626c65a7747275616e63790690");
  const auto rule = [](std::uint32_t threshold, std::uint32_t reports, const std::vector<BoardCell>& cells) {
    const auto checked = CheckBody(SchoolBoardBody{2026, threshold, reports, cells, {}});
    return checked ? "" : checked.error().rule;
  };
  EXPECT_EQ(rule(5, 11, {{"trouble", "truancy", 6}, {"trouble", "rest", 5}}), "");
  EXPECT_EQ(rule(5, 0, {}), "") << "the open days alone";
  EXPECT_EQ(rule(4, 11, {}), "board.small");
  EXPECT_EQ(rule(5, 4, {}), "board.small");
  EXPECT_EQ(rule(5, 11, {{"trouble", "truancy", 7}, {"trouble", "rest", 4}}), "board.small");
  EXPECT_EQ(rule(5, 11, {{"trouble", "truancy", 8}}), "board.small") << "three follow from the total";
}

TEST(Body, AroundTheCourtHoldsAsAWhole) {
  EXPECT_EQ(CheckBody(HearingBody{}).error().rule, "body.required") << "on no day";
  EXPECT_TRUE(CheckBody(HearingBody{true, {}, "", ""})) << "cancelled";
  for (const auto& unanswered : {std::vector<std::string>{"moon"}, {"family", "family"}, {"context", "family"}}) {
    EXPECT_EQ(CheckBody(CourtPlanBody{"t", unanswered, ""}).error().rule, "plan.rings");
  }
}

TEST(Body, TheWorkedExamplesAroundTheCourtHold) {
  const auto encoded = [](const TypedBody& body) { return EncodeBody(body).value(); };
  const auto time = [](Timestamp at) {
    Encoder to;
    to.Time(at);
    return ToHex(to.bytes());
  };
  const Body hearing = encoded(HearingBody{false, kNoon, "Leuven", ""});
  EXPECT_EQ(hearing.type, 74U);
  EXPECT_EQ(ToHex(hearing.content), "94c2" + time(kNoon) + "a64c657576656ea0");
  const Body answer =
      encoded(RingAnswerBody{AskingRing::kIndividual, "future", "Hoe?", "goed", Speaker::kYoungPerson, ""});
  EXPECT_EQ(answer.type, 75U);
  EXPECT_EQ(ToHex(answer.content), "9601a6667574757265a4486f653fa4676f656401a0");
  const Body plan = encoded(CourtPlanBody{"ons plan", {"family"}, ""});
  EXPECT_EQ(plan.type, 76U);
  EXPECT_EQ(ToHex(plan.content), "93a86f6e7320706c616e91a666616d696c79a0");
  const Body crisis = encoded(QuestionBody{"", "help", Urgency::kCrisis, kNoon});
  EXPECT_EQ(crisis.version, 2U);
  EXPECT_EQ(ToHex(crisis.content), "94a0a468656c7004" + time(kNoon));
  EXPECT_EQ(encoded(QuestionBody{"", "help", Urgency::kToday, kNoon}).version, 1U);
}

TEST(Body, TheWorkedExampleOfACommitmentHolds) {
  const Body body = EncodeBody(CommitmentBody{"elke week", {"clb-gent", "karus-gent"}}).value();
  EXPECT_EQ(body.type, 44U);
  EXPECT_EQ(ToHex(body.content), "92a9656c6b65207765656b92a8636c622d67656e74aa6b617275732d67656e74");
  const Body later = EncodeBody(CommitmentBody{"elke week", {"karus-gent"}, {Speaker::kYoungPerson}}).value();
  EXPECT_EQ(ToHex(later.content), "94a9656c6b65207765656b91aa6b617275732d67656e749101a0");
  const SignatureBody of_sam{.remark = "", .how = SignedHow::kLink, .name = "Sam"};
  EXPECT_EQ(ToHex(EncodeBody(of_sam).value().content), "97a00201a353616da0c2c0");
  const CommitmentBody citing{"elke week", {"karus-gent"}, {Speaker::kYoungPerson}, "", {kCited}};
  const Body third = EncodeBody(citing).value();
  EXPECT_EQ(third.version, 3U);
  EXPECT_EQ(DecodeBody(third).value(), TypedBody(citing));
  EXPECT_FALSE(DecodeBody({third.type, 2, third.content})) << "the second version has fewer fields";
  std::string id;
  for (const char digit : std::string_view(kCited)) id += std::string("3") + digit;
  EXPECT_EQ(ToHex(third.content), "96a9656c6b65207765656b91aa6b617275732d67656e749101a091d920" + id + "90");
  const ProgressBody found{GoalProgress::kOnTrack, "", SignedHow::kLink, Speaker::kYoungPerson, "Sam"};
  EXPECT_EQ(ToHex(EncodeBody(found).value().content), "9702a00201a353616da0c0");
}

TEST(Body, SamplesCoverEveryTypeButTheUnknown) { EXPECT_EQ(Samples().size() + 1, std::variant_size_v<TypedBody>); }

TEST(Body, TheWorkedExampleOfTheHeaderHolds) {
  const Body body = EncodeBody(VoteBody{{VoteChoice::kYes, VoteChoice::kNo}, "liever 's ochtends"}).value();
  EXPECT_EQ(body.type, 11U);
  EXPECT_EQ(ToHex(body.content),
            "92920103b26c6965766572202773206f63687465"
            "6e6473");
}

// What the second version of some bodies carries.
std::vector<TypedBody> LaterSamples() {
  return {
      QuestionBody{"", "nu", Urgency::kCrisis, kNoon},
      AttachmentBody{"verslag.pdf", "application/pdf", 5, Bytes(32, 7), 3, Bytes(32, 8), "", {1, 2, 3}},
      ProposalBody{.title = "t", .slots = {kSlot}, .why_not = "ver weg", .left_out = {Speaker::kFather}},
      ProposalBody{.title = "t", .kind = MeetingKind::kReview3Months, .slots = {kSlot}},
      ProposalBody{.title = "t", .slots = {kSlot}, .family_first = true},
      ProposalBody{.title = "t", .slots = {kSlot}, .answer_by = kNoon},
      FixedBody{.slot = kSlot, .every_weeks = 4, .times = 6},
      FixedBody{.slot = kSlot, .occurrence = kNoon},
      VoteBody{{VoteChoice::kNo}, "x", true},
      OpeningBody{"S.", Module::kUnspecified, "", true},
      AgreementBody{AgreementTopic::kDrugs, "bel", "", "politie-leuven", {"name", "risk"}},
      RequestBody{Speaker::kMother, "", "goed", HelpChoice::kDeclined},
      AttendBody{.occurrence = kNoon, .by_link = true},
      PlaceOfferBody{PlaceKind::kLeisure, "Kano", "", 12, 0, {}, "Gent", ""},
      CommitmentBody{"elke week", {"karus-gent"}, {Speaker::kYoungPerson, Speaker::kOther}, "oma"},
      LearningCaseBody{"Rust", "t", "", {}, {OrgId("upc"), OrgId("clb")}},
      SignatureBody{.remark = "", .how = SignedHow::kLink, .who = Speaker::kMother, .declined = true},
      SignatureBody{.remark = "", .how = SignedHow::kPaper, .name = "Sam", .witness = "Nora", .signed_at = kNoon},
      ProgressBody{.text = "", .how = SignedHow::kLink, .who = Speaker::kMother},
      ProgressBody{.text = "", .how = SignedHow::kPaper, .name = "Sam", .witness = "Nora", .said_at = kNoon},
  };
}

TEST(Body, WhatALaterVersionAddedIsWrittenOnlyWhereItIsSaid) {
  for (const TypedBody& sample : LaterSamples()) {
    const Body encoded = EncodeBody(sample).value();
    EXPECT_EQ(encoded.version, 2U);
    EXPECT_EQ(DecodeBody(encoded).value(), sample);
    EXPECT_TRUE(std::holds_alternative<UnknownBody>(DecodeBody({encoded.type, 4, encoded.content}).value()));
    EXPECT_FALSE(DecodeBody({encoded.type, 1, encoded.content})) << "the first version has fewer fields";
  }
  const Body plain = EncodeBody(FixedBody{kSlot, ""}).value();
  EXPECT_EQ(plain.version, 1U);
  Encoder second;
  second.Array(5).Array(2).Time(kSlot.begins_at).Time(kSlot.ends_at).Text("").Uint(0).Uint(0).Nil();
  EXPECT_EQ(DecodeBody({FixedBody::kType, 2, second.Take()}).error().rule, "codec.canonical")
      << "nothing of the second version is said";
  const FixedBody reasoned{.slot = kSlot, .reason = "mama is ziek"};
  const Body third = EncodeBody(reasoned).value();
  EXPECT_EQ(third.version, 3U);
  EXPECT_EQ(DecodeBody(third).value(), TypedBody(reasoned));
  EXPECT_FALSE(DecodeBody({third.type, 2, third.content})) << "the second version has fewer fields";
  Encoder unsaid;
  unsaid.Array(6).Array(2).Time(kSlot.begins_at).Time(kSlot.ends_at).Text("").Uint(0).Uint(0).Nil().Text("");
  EXPECT_EQ(DecodeBody({FixedBody::kType, 3, unsaid.Take()}).error().rule, "codec.canonical")
      << "nothing of the third version is said";
  Body review = EncodeBody(ProposalBody{.title = "t", .slots = {kSlot}}).value();
  review.content[3] = static_cast<std::uint8_t>(MeetingKind::kReview3Months);
  EXPECT_EQ(DecodeBody(review).error().rule, "codec.canonical") << "a kind that the first version did not have";
}

TEST(Body, TheWorkedExamplesOfMeetingsHold) {
  const auto hex = [](const TypedBody& body) { return ToHex(EncodeBody(body).value().content); };
  const auto time = [](Timestamp at) {
    Encoder to;
    to.Time(at);
    return ToHex(to.bytes());
  };
  const std::string slot = "92" + time(kSlot.begins_at) + time(kSlot.ends_at);
  ProposalBody proposal{.title = "t",
                        .kind = MeetingKind::kReview3Months,
                        .slots = {kSlot},
                        .why_not = "ver weg",
                        .left_out = {Speaker::kFather},
                        .family_first = true};
  EXPECT_EQ(hex(proposal), "9aa17404a091" + slot + "c3a7766572207765" + "67a09103c3c0");
  EXPECT_EQ(hex(FixedBody{.slot = kSlot, .occurrence = kNoon}), "95" + slot + "a00000" + time(kNoon));
  EXPECT_EQ(hex(FixedBody{.slot = kSlot, .reason = "ziek"}),
            "9692cf000001a3185c5000cf000001a318aeb5c0a00000c0a47a69656b")
      << "as docs/protocol.md has it";
  const OrgId school("clb-leuven");
  EXPECT_EQ(hex(TermsBody{2, {school}, {Speaker::kYoungPerson}}), "930291aa636c622d6c657576656e9101");
  EXPECT_EQ(hex(CancelBody{"ziek", {}}), "92a47a69656bc0");
  EXPECT_EQ(hex(AttendBody{.attending = Attending::kDeclined, .revision = 1}), "950301a0c0c0");
  EXPECT_EQ(hex(GuestBody{"Sam", Speaker::kYoungPerson, ""}), "93a353616d01a0");
  EXPECT_EQ(hex(VoteBody{{VoteChoice::kYes}, "", true}), "939101a0c3");
  EXPECT_EQ(hex(AttendBody{.attending = Attending::kDeclined, .revision = 1, .by_link = true}), "960301a0c0c0c3");
}

TEST(Body, TheWorkedExamplesOfAttachmentsHold) {
  const std::vector<RecordId> chunks = {RecordId(Id128{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}),
                                        RecordId(Id128{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2})};
  const Hash32 hash = Sha256(AsBytes("hallo"));
  const AttachmentBody head{"a.txt", "text/plain", 5, Bytes(hash.begin(), hash.end()), 3, ChunkIds(chunks), ""};
  const Body encoded = EncodeBody(head).value();
  EXPECT_EQ(encoded.type, 70U);
  EXPECT_EQ(ToHex(encoded.content),
            "97a5612e747874aa746578742f706c61696e05c420"
            "d3751d33f9cd5049c4af2b462735457e4d3baf130bcbb87f389e349fbaeb20b9"
            "03c4200000000000000000000000000000000100000000000000000000000000000002a0");
  EXPECT_EQ(encoded.version, 1U) << "as it always was";
  EXPECT_EQ(ChunksOf(head), chunks);
  AttachmentBody again = head;
  again.first = {1, 2, 3};
  const Body shared = EncodeBody(again).value();
  EXPECT_EQ(shared.version, 2U);
  EXPECT_EQ(ToHex(shared.content), "98" + ToHex(encoded.content).substr(2) + "c403010203");
  const Body chunk = EncodeBody(AttachmentChunkBody{1, {'l', 'o'}}).value();
  EXPECT_EQ(chunk.type, 71U);
  EXPECT_EQ(ToHex(chunk.content), "9201c4026c6f");
}

TEST(Body, TheWorkedExampleOfARevealHolds) {
  Id128 question{};
  question.fill(1);
  const Body body = EncodeBody(RevealBody{question, "Sam"}).value();
  EXPECT_EQ(body.type, 77U);
  EXPECT_EQ(body.version, 1U);
  EXPECT_EQ(ToHex(body.content), "92c41001010101010101010101010101010101a353616d");
  EXPECT_EQ(EncodeBody(RevealBody{}).error().field, "body.question");
  EXPECT_TRUE(ToHex(test::GoldenBytes("protocol-v1/body-reveal")).ends_with(ToHex(body.content)))
      << "as it was written then";
}

TEST(Body, TheLargestAttachmentAndPieceFit) {
  const std::uint32_t size = kAttachmentBytesMax;
  const AttachmentBody most{"a", "b", size, Bytes(32, 1), size / 1024, Bytes(kAttachmentChunksMax * 16, 1), ""};
  EXPECT_LE(EncodeBody(most).value().content.size(), kBodyContentBytesMax);
  AttachmentBody again = most;
  again.first = Bytes(kHeaderBytesMax, 1);
  const Body marked = Marked(EncodeBody(again).value(), Exception::kAgogic, "te zwaar").value();
  EXPECT_LE(marked.content.size(), kBodyContentBytesMax);
  EXPECT_LE(EncodeBody(AttachmentChunkBody{1023, Bytes(kAttachmentChunkBytesMax, 1)}).value().content.size(),
            kBodyContentBytesMax);
}

TEST(Body, TheWorkedExampleOfAMarkHolds) {
  const Body inside = EncodeBody(NoteBody{"t", ""}).value();
  const Body marked = Marked(inside, Exception::kAgogic, "te zwaar").value();
  EXPECT_EQ(marked.type, 18U);
  EXPECT_EQ(ToHex(marked.content),
            "9505a87465207a7761617206"
            "01c40492a174a0");
  const TypedBody typed = DecodeBody(marked).value();
  EXPECT_EQ(std::get<MarkedBody>(typed).exception, Exception::kAgogic);
  EXPECT_EQ(std::get<NoteBody>(Unmarked(typed)).title, "t");
}

TEST(Body, WhatIsInsideAMarkIsOpenedOnceAndKeptWhateverItIs) {
  const TypedBody note = NoteBody{"t", ""};
  EXPECT_EQ(Unmarked(note), note) << "not marked";
  const TypedBody mark = MarkedBody{Exception::kCourt, "w", EmptyBody::kType, 1, {}};
  EXPECT_EQ(Unmarked(mark), mark) << "nothing inside";
  const Body twice =
      Marked(Marked(EncodeBody(note).value(), Exception::kCourt, "w").value(), Exception::kAgogic, "w").value();
  EXPECT_TRUE(std::holds_alternative<UnknownBody>(Unmarked(DecodeBody(twice).value())));
  const Body broken = Marked({NoteBody::kType, 1, {0xFF}}, Exception::kAgogic, "w").value();
  EXPECT_TRUE(std::holds_alternative<UnknownBody>(Unmarked(DecodeBody(broken).value())));
  EXPECT_EQ(Marked({NoteBody::kType, 1, {}}, Exception::kAgogic, " ").error().rule, "body.required");
}

TEST(Body, NewerVersionsAndForeignTypesAreKeptWhole) {
  const Body cases[] = {{NoteBody::kType, 2, {0xC0}}, {999, 1, {0x93}}, {EmptyBody::kType, 7, {}}};
  for (const Body& body : cases) {
    const auto decoded = DecodeBody(body);
    ASSERT_TRUE(decoded);
    ASSERT_TRUE(std::holds_alternative<UnknownBody>(*decoded));
    EXPECT_EQ(EncodeBody(*decoded).value(), body);
  }
}

TEST(Body, WhatAPersonMayPutRightIsNamed) {
  struct Case {
    const char* name;
    TypedBody body;
    const char* rule;
    const char* field;
  };
  const std::string long_text(60'001, 'a');
  const Case cases[] = {
      {"no title", NoteBody{" ", "text"}, "body.required", "body.title"},
      {"text too long", NoteBody{"t", long_text}, "body.long", "body.text"},
      {"no dates", ProposalBody{.title = "t"}, "body.few", "body.slots"},
      {"too many dates", ProposalBody{.title = "t", .slots = std::vector<MeetingSlot>(21, kSlot)}, "body.many",
       "body.slots"},
      {"ends as it begins", ProposalBody{.title = "t", .slots = {{kNoon, kNoon}}}, "body.slot", "body.slots"},
      {"clients left out", ProposalBody{.title = "t", .slots = {kSlot}, .clients_invited = false}, "body.clients",
       "body.why_not"},
      {"no choices", VoteBody{}, "body.few", "body.choices"},
      {"empty decision", ReportBody{"t", {""}, {}}, "body.required", "body.decisions"},
      {"a client left out", ProposalBody{.title = "t", .slots = {kSlot}, .left_out = {Speaker::kMother}},
       "body.clients", "body.why_not"},
      {"left out twice",
       ProposalBody{.title = "t", .slots = {kSlot}, .why_not = "x", .left_out = {Speaker::kMother, Speaker::kMother}},
       "body.twice", "body.left_out"},
      {"a series of one", FixedBody{.slot = kSlot, .every_weeks = 1, .times = 1}, "body.repeat", "body.times"},
      {"a series without an interval", FixedBody{.slot = kSlot, .times = 2}, "body.repeat", "body.times"},
      {"a series too long", FixedBody{.slot = kSlot, .every_weeks = 1, .times = 61}, "body.repeat", "body.times"},
      {"weeks too far apart", FixedBody{.slot = kSlot, .every_weeks = 54, .times = 2}, "body.repeat", "body.times"},
      {"a series inside a series", FixedBody{kSlot, "", 1, 2, kNoon}, "body.repeat", "body.times"},
      {"a quorum of a crowd", TermsBody{.quorum = 101}, "body.many", "body.quorum"},
      {"another time that ends as it begins", AttendBody{.counter = MeetingSlot{kNoon, kNoon}}, "body.slot",
       "body.counter"},
      {"a guest without a name", GuestBody{}, "body.required", "body.name"},
      {"a file of more than may be",
       AttachmentBody{"a", "b", kAttachmentBytesMax + 1, Bytes(32), kAttachmentChunkBytesMax, Bytes(547 * 16), ""},
       "body.attachment", "body.size"},
      {"a file of nothing", AttachmentBody{"a", "b", 0, Bytes(32), 1, {}, ""}, "body.attachment", "body.size"},
      {"a hash cut short", AttachmentBody{"a", "b", 1, Bytes(31), 1, Bytes(16), ""}, "body.attachment", "body.sha256"},
      {"pieces of nothing", AttachmentBody{"a", "b", 1, Bytes(32), 0, Bytes(16), ""}, "body.attachment",
       "body.chunk_bytes"},
      {"a piece too few", AttachmentBody{"a", "b", 5, Bytes(32), 2, Bytes(32), ""}, "body.attachment", "body.chunks"},
      {"a caption with an escape", AttachmentBody{"a", "b", 1, Bytes(32), 1, Bytes(16), "a\x1b[2J"}, "body.line",
       "body.caption"},
      {"a caption with a NUL", AttachmentBody{"a", "b", 1, Bytes(32), 1, Bytes(16), std::string("a\0b", 3)},
       "body.line", "body.caption"},
      {"a caption of two lines", AttachmentBody{"a", "b", 1, Bytes(32), 1, Bytes(16), "a\nb"}, "body.line",
       "body.caption"},
      {"a piece without bytes", AttachmentChunkBody{0, {}}, "body.attachment", "body.bytes"},
      {"nobody's words", RequestBody{Speaker::kFather, "", ""}, "body.required", "body.words"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto encoded = EncodeBody(c.body);
    ASSERT_FALSE(encoded);
    EXPECT_EQ(encoded.error().rule, c.rule);
    EXPECT_EQ(encoded.error().field, c.field);
    EXPECT_FALSE(encoded.error().next.empty());
  }
}

TEST(Body, LimitsAreInclusive) {
  EXPECT_TRUE(EncodeBody(NoteBody{"t", std::string(60'000, 'a')}));
  EXPECT_TRUE(EncodeBody(ProposalBody{.title = "t", .slots = std::vector<MeetingSlot>(20, kSlot)}));
  EXPECT_TRUE(EncodeBody(FixedBody{.slot = kSlot, .every_weeks = 53, .times = 60}));
  EXPECT_TRUE(EncodeBody(FixedBody{.slot = kSlot, .every_weeks = 1, .times = 2}));
  EXPECT_TRUE(EncodeBody(TermsBody{.quorum = 100}));
}

TEST(Body, ForeignBytesThatBreakARuleAreRefused) {
  Encoder blank;
  blank.Array(2).Text("").Text("x");
  EXPECT_EQ(DecodeBody({NoteBody::kType, 1, blank.Take()}).error().rule, "body.required");
  EXPECT_FALSE(DecodeBody({NoteBody::kType, 1, {}}));
  EXPECT_FALSE(DecodeBody({NoteBody::kType, 1, {0x92}}));
}

TEST(Body, TheEvidenceHashDependsOnTheSalt) {
  GrantEvidenceBody evidence{"Sam", "form", "Nora", "", "", {1}};
  const Body first = EncodeBody(evidence).value();
  evidence.salt[15] = 9;
  const Body second = EncodeBody(evidence).value();
  EXPECT_NE(EvidenceHash(first), EvidenceHash(second));
  EXPECT_EQ(EvidenceHash(first), Sha256(first.content));
}

RC_GTEST_PROP(Body, AnyBytesDecodeToWhatEncodesBack, (Bytes content)) {
  const Body body{*rc::gen::inRange<std::uint32_t>(0, 74), *rc::gen::inRange<std::uint32_t>(0, 3), content};
  const auto decoded = DecodeBody(body);
  if (!decoded) return;
  RC_ASSERT(EncodeBody(*decoded).value() == body);
}

template <typename E>
void ExpectSlugsParseBack(E last, Result<E> (*parse)(std::string_view)) {
  for (unsigned value = 1; value <= static_cast<unsigned>(last); ++value) {
    const E one = static_cast<E>(value);
    ASSERT_NE(Slug(one), "unknown") << value;
    EXPECT_EQ(parse(Slug(one)).value(), one);
  }
  EXPECT_EQ(Slug(static_cast<E>(static_cast<unsigned>(last) + 1)), "unknown");
  EXPECT_EQ(parse("nonsense").error().code, Code::kInvalid);
}

TEST(Body, EverySlugParsesBack) {
  ExpectSlugsParseBack(Module::kTimeOut, &ParseModule);
  ExpectSlugsParseBack(kUrgencyLast, &ParseUrgency);
  ExpectSlugsParseBack(AdviceTaken::kNo, &ParseAdviceTaken);
  ExpectSlugsParseBack(MeetingKind::kReviewBeforeHearing, &ParseMeetingKind);
  ExpectSlugsParseBack(Attending::kDeclined, &ParseAttending);
  ExpectSlugsParseBack(VoteChoice::kNo, &ParseVoteChoice);
  ExpectSlugsParseBack(AgreementTopic::kOther, &ParseAgreementTopic);
  ExpectSlugsParseBack(Speaker::kOther, &ParseSpeaker);
  ExpectSlugsParseBack(Exception::kAgogic, &ParseException);
}

}  // namespace
}  // namespace schakel
