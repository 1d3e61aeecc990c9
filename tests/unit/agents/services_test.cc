#include "agents/services.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "agents/keeping.h"
#include "agents/meetings.h"
#include "support/fake_engine.h"

namespace schakel {
namespace {

using schakel::test::FakeEngine;
using schakel::test::FakeRegion;
using schakel::test::Leuven;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const CategorySet kMental{Category::kMentalHealth};
const CategorySet kGoals{Category::kGoals};

// Everything that one organisation's people call on.
struct Office {
  Office(FakeRegion& region, FakeEngine& engine_in, std::string person)
      : engine(engine_in),
        cases(engine),
        trajectories(engine, cases, region.clock, region.random),
        grants(engine, cases, region.clock, region.random),
        consultations(engine, cases, region.clock),
        content(engine, cases),
        meetings(engine, cases, region.clock),
        reading(engine, region.clock),
        audit(engine),
        inbox(engine, cases, region.clock),
        caller{{std::move(person), StaffRole::kWorker}, ViewReason::kTask} {}

  OrgId id() const { return engine.Self(); }

  FakeEngine& engine;
  Cases cases;
  TrajectoryService trajectories;
  GrantService grants;
  ConsultationService consultations;
  ContentService content;
  MeetingService meetings;
  Reading reading;
  AuditService audit;
  InboxService inbox;
  Caller caller;
};

class ServicesTest : public ::testing::Test {
 protected:
  Leuven leuven;
  Office wissel{leuven.region, leuven.youth_care, "Nora Peeters"};
  Office upc{leuven.region, leuven.psychiatry, "dokter Claes"};
  Office clb{leuven.region, leuven.school, "Jef"};
  Office police{leuven.region, leuven.police, "inspecteur Maes"};
  const TrajectoryId trajectory = Opened();

  TrajectoryId Opened() {
    return wissel.trajectories.Open({"Sam (2010)", Module::kMobile, "aanmelding"}, Stage::kCapable, {})
        .value()
        .trajectory;
  }
  void Join(Office& office) {
    ASSERT_TRUE(wissel.trajectories.Invite(trajectory, office.id(), {"", "welkom"}, std::nullopt, {}));
    ASSERT_TRUE(office.trajectories.Join(trajectory, {"we doen mee"}, {}));
  }
  RecordId Grant(const Office& office, PurposeSet purposes, CategorySet categories,
                 std::chrono::hours length = std::chrono::hours(24 * 90)) {
    auto sent = wissel.grants.Give(Request(office, purposes, categories, length), wissel.caller, {});
    EXPECT_TRUE(sent) << ToText(sent.error());
    return sent ? sent->record : RecordId{};
  }
  GrantRequest Request(const Office& office, PurposeSet purposes, CategorySet categories,
                       std::chrono::hours length = std::chrono::hours(24 * 90)) {
    GrantRequest request;
    request.trajectory = trajectory;
    request.recipient = office.id();
    request.purposes = purposes;
    request.categories = categories;
    request.ends_at = leuven.region.clock.Now() + length;
    request.consented_by = "Sam";
    request.how = "ondertekend";
    return request;
  }
  std::string Label(Office& office) {
    Glance glance;
    const CaseTrajectory seen = Seen(office);
    glance.Want(seen);
    EXPECT_TRUE(glance.Read(office.reading, office.caller));
    return glance.LabelOf(seen);
  }
  // Everybody's file, as `office` sees it.
  CaseTrajectory Seen(Office& office) { return office.cases.Trajectory(trajectory).value(); }
};

TEST_F(ServicesTest, AnInvitedOrganisationJoinsAndTheLeadSeesIt) {
  Join(upc);
  const CaseTrajectory lead = Seen(wissel);
  EXPECT_EQ(lead.Find(upc.id())->status, MemberStatus::kJoined);
  EXPECT_FALSE(IsNone(lead.Find(upc.id())->commitment));
  EXPECT_EQ(Seen(upc).lead, wissel.id());
}

TEST_F(ServicesTest, TheLeadsOwnLabelStaysAtHome) {
  ASSERT_TRUE(wissel.trajectories.Invite(trajectory, upc.id(), {"", "welkom"}, std::nullopt, {}));
  ASSERT_TRUE(wissel.trajectories.Invite(trajectory, clb.id(), {"Traject 12", "welkom"}, std::nullopt, {}));
  EXPECT_EQ(Label(wissel), "Sam (2010)");
  EXPECT_EQ(Label(upc), NeutralLabel(trajectory)) << "an invitation goes before any grant for identity";
  EXPECT_EQ(Label(clb), "Traject 12");
}

TEST_F(ServicesTest, AnInvitationsWordsAreSealedWhenWhatTheyWereNeededForEnds) {
  const auto invited = [&](Office& office) {
    EXPECT_TRUE(wissel.trajectories.Invite(trajectory, office.id(), {"Traject 12", ""}, std::nullopt, {}));
    EXPECT_TRUE(office.trajectories.Join(trajectory, {}, {}));
  };
  invited(upc);
  EXPECT_EQ(Label(upc), "Traject 12");
  const RecordId first = Grant(upc, {Purpose::kCareCoordination}, kGoals);
  const RecordId second = Grant(upc, {Purpose::kCareCoordination}, kMental);
  ASSERT_TRUE(wissel.grants.Withdraw(first, {}, {}));
  EXPECT_EQ(Label(upc), "Traject 12") << "there still is a grant";
  ASSERT_TRUE(wissel.grants.Withdraw(second, {}, {}));
  EXPECT_EQ(Label(upc), NeutralLabel(trajectory));
  const RecordId invitation = Seen(upc).label_record;
  EXPECT_EQ(upc.reading.Show({invitation}, upc.caller).value()[0].sealed->rule, "view.withdrawn");
  EXPECT_EQ(Label(wissel), "Sam (2010)");

  invited(clb);
  const RecordId kept = Grant(clb, {Purpose::kCareCoordination}, kGoals);
  const RecordId note =
      wissel.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}).value().record;
  ASSERT_TRUE(clb.trajectories.Leave(trajectory, {}, {}));
  EXPECT_EQ(Label(clb), NeutralLabel(trajectory));
  EXPECT_EQ(clb.reading.Show({note}, clb.caller).value()[0].sealed->rule, "view.left")
      << "nobody withdrew anything: the organisation left";
  EXPECT_TRUE(IsNone(clb.grants.Find(kept).value().grant.withdrawal));

  ASSERT_TRUE(wissel.trajectories.Invite(trajectory, police.id(), {"Traject 12", ""}, std::nullopt, {}));
  EXPECT_EQ(Label(police), "Traject 12");
  leuven.region.clock.Advance(TrajectoryService::kInvitationLasts);
  EXPECT_EQ(Label(police), NeutralLabel(trajectory)) << "the invitation lapsed";
}

TEST_F(ServicesTest, AGlanceIsLoggedBeforeAnythingOfItIsShown) {
  const CaseTrajectory seen = Seen(wissel);
  Glance glance;
  glance.Want(seen);
  glance.Want(RecordId{});
  EXPECT_EQ(glance.LabelOf(seen), NeutralLabel(trajectory)) << "nothing was read yet";
  ASSERT_TRUE(glance.Read(wissel.reading, wissel.caller));
  EXPECT_EQ(glance.LabelOf(seen), "Sam (2010)");
  EXPECT_EQ(glance.ModuleOf(seen), Module::kMobile);
  ASSERT_EQ(leuven.youth_care.views().size(), 1U);
  EXPECT_EQ(leuven.youth_care.views()[0].record, seen.opening);
}

TEST_F(ServicesTest, JoiningWithoutAnInvitationSaysWhomToAsk) {
  EXPECT_EQ(upc.trajectories.Join(trajectory, {}, {}).error().rule, "id.unknown");
  Join(upc);
  EXPECT_EQ(upc.trajectories.Join(trajectory, {}, {}).error().rule, "trajectory.invitation");
}

TEST_F(ServicesTest, WithoutAGrantANoteReachesNobodyAndSaysSo) {
  Join(upc);
  const Sent sent = wissel.content.Note(trajectory, {"Huisbezoek", ""}, Purpose::kCareCoordination, kGoals, {}).value();
  EXPECT_EQ(sent.outcome, Sent::Outcome::kSent);
  EXPECT_THAT(sent.reaches, IsEmpty());
  EXPECT_THAT(sent.unreached, ElementsAre(Unreached{upc.id(), Denial::kNoGrant}));
}

TEST_F(ServicesTest, ByDefaultARecordGoesToWhomAGrantCovers) {
  Join(upc);
  Join(clb);
  Grant(upc, {Purpose::kCareCoordination}, kGoals);
  const Sent sent =
      wissel.content.Note(trajectory, {"Huisbezoek", "rustig"}, Purpose::kCareCoordination, kGoals, {}).value();
  EXPECT_THAT(sent.reaches, ElementsAre(upc.id()));
  EXPECT_THAT(sent.unreached, ElementsAre(Unreached{clb.id(), Denial::kNoGrant}));
  EXPECT_EQ(Seen(upc).items.size(), 1U);
  EXPECT_EQ(Seen(clb).items.size(), 0U);
}

TEST_F(ServicesTest, NamingSomebodyWhoWouldNotBeReachedHoldsTheRecordBack) {
  Join(upc);
  Join(clb);
  Grant(upc, {Purpose::kCareCoordination}, kGoals);
  Audience both{{upc.id(), clb.id()}, false, false, {}};
  const NoteBody note{"Huisbezoek", ""};
  const Sent held = wissel.content.Note(trajectory, note, Purpose::kCareCoordination, kGoals, both).value();
  EXPECT_EQ(held.outcome, Sent::Outcome::kHeldBack);
  EXPECT_TRUE(IsNone(held.record));
  EXPECT_EQ(Seen(upc).items.size(), 0U);
  both.accept_unreached = true;
  const Sent sent = wissel.content.Note(trajectory, note, Purpose::kCareCoordination, kGoals, both).value();
  EXPECT_EQ(sent.outcome, Sent::Outcome::kSent);
  EXPECT_EQ(Seen(upc).items.size(), 1U);
}

TEST_F(ServicesTest, APreviewSendsNothing) {
  Join(upc);
  Grant(upc, {Purpose::kCareCoordination}, kGoals);
  const Sent sent =
      wissel.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {{}, false, true, {}}).value();
  EXPECT_EQ(sent.outcome, Sent::Outcome::kPreview);
  EXPECT_THAT(sent.reaches, ElementsAre(upc.id()));
  EXPECT_EQ(Seen(wissel).items.size(), 0U);
}

TEST_F(ServicesTest, APartnerWhoCannotSeeTheGrantsLeavesTheDecisionToTheHub) {
  Join(upc);
  const Sent refused = upc.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}).value();
  EXPECT_THAT(refused.reaches, IsEmpty());
  EXPECT_THAT(refused.unreached, ElementsAre(Unreached{wissel.id(), std::nullopt})) << "why is for the lead to know";
  Grant(wissel, {Purpose::kCareCoordination}, kGoals);
  const Sent sent = upc.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}).value();
  EXPECT_THAT(sent.reaches, ElementsAre(wissel.id()));
  EXPECT_EQ(Seen(wissel).items.size(), 1U);
}

TEST_F(ServicesTest, APartnerIsToldOfWhomItIsUnsureAndThenWhomItMissed) {
  Join(upc);
  Audience named{{wissel.id()}, false, true, {}};
  const auto note = [&] { return upc.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, named); };
  EXPECT_THAT(note().value().unsure, ElementsAre(wissel.id())) << "said before anything leaves";
  named.preview = false;
  upc.engine.GoOffline();
  EXPECT_THAT(note().value().unsure, ElementsAre(wissel.id())) << "the hub has not decided yet";
  EXPECT_FALSE(note().value().missed);
  upc.engine.GoOnline();
  const Sent missed = note().value();
  EXPECT_TRUE(missed.missed);
  EXPECT_THAT(missed.unsure, IsEmpty());
  EXPECT_THAT(missed.unreached, ElementsAre(Unreached{wissel.id(), std::nullopt}));
  named.accept_unreached = true;
  EXPECT_FALSE(note().value().missed);
  named.accept_unreached = false;
  Grant(wissel, {Purpose::kCareCoordination}, kGoals);
  EXPECT_FALSE(note().value().missed);
  named.named = {upc.id()};
  const Audience from_lead{{upc.id()}, false, true, {}};
  EXPECT_THAT(wissel.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, from_lead).value().unsure,
              IsEmpty())
      << "the lead knows";
}

TEST_F(ServicesTest, PartnersReachEachOtherOnlyOnceIntroduced) {
  Join(upc);
  Join(clb);
  Grant(clb, {Purpose::kCareCoordination}, kGoals);
  const auto write = [&] {
    return upc.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}).value().reaches;
  };
  EXPECT_THAT(write(), IsEmpty());
  EXPECT_EQ(Seen(upc).Find(clb.id()), nullptr);
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, clb.id(), upc.id(), {}));
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, upc.id(), clb.id(), {}));
  EXPECT_NE(Seen(upc).Find(clb.id()), nullptr);
  EXPECT_THAT(write(), ElementsAre(clb.id()));
}

TEST_F(ServicesTest, AConsultationIsAskedAnsweredAndConcluded) {
  Join(upc);
  const PurposeSet consultation{Purpose::kConsultation};
  Grant(upc, consultation, kMental);
  Grant(wissel, consultation, kMental);
  const QuestionBody question{"Slapen", "Hoe pakken we dit aan?", Urgency::kSoon, std::nullopt};
  const RecordId id =
      wissel.consultations.Ask(trajectory, question, kMental, Purpose::kConsultation, {}).value().record;
  const auto tasks = upc.inbox.Show("dokter Claes").value().items;
  EXPECT_EQ(tasks.front().what, InboxItem::What::kAnswer);

  const Sent answer = upc.consultations.Answer(id, {"Begin met een dagritme."}, {}).value();
  EXPECT_THAT(answer.reaches, ElementsAre(wissel.id()));
  EXPECT_EQ(wissel.consultations.Find(id).value().state, Consultation::State::kAnswered);
  EXPECT_EQ(upc.consultations.Conclude(id, {}, {}).error().rule, "consultation.asker");
  ASSERT_TRUE(wissel.consultations.Conclude(answer.record, {AdviceTaken::kYes, "werkt"}, {})) << "by any record of it";
  EXPECT_EQ(upc.consultations.Find(id).value().state, Consultation::State::kConcluded);
  EXPECT_EQ(wissel.consultations.Conclude(id, {AdviceTaken::kNo, "toch niet"}, {}).error().rule,
            "consultation.concluded");
  EXPECT_EQ(upc.consultations.Answer(id, {"En nog iets."}, {}).error().rule, "consultation.concluded");
  const QuestionBody late{"", "Hoe?", Urgency::kSoon, leuven.region.clock.Now()};
  EXPECT_EQ(wissel.consultations.Ask(trajectory, late, kMental, Purpose::kConsultation, {}).error().rule,
            "consultation.answer_by");
}

TEST_F(ServicesTest, AFollowUpGoesToWhomWasAsked) {
  Join(upc);
  Grant(upc, {Purpose::kConsultation}, kMental);
  Grant(wissel, {Purpose::kConsultation}, kMental);
  const RecordId id =
      wissel.consultations.Ask(trajectory, {"", "Hoe?"}, kMental, Purpose::kConsultation, {}).value().record;
  ASSERT_TRUE(upc.consultations.Answer(id, {"Begin met een dagritme."}, {}));
  const Sent more = wissel.consultations.Answer(id, {"En in het weekend?"}, {}).value();
  EXPECT_THAT(more.reaches, ElementsAre(upc.id()));
  EXPECT_THAT(wissel.consultations.Find(id).value().outstanding, ElementsAre(upc.id()));
  EXPECT_EQ(upc.inbox.Show("dokter Claes").value().items.front().what, InboxItem::What::kAnswer);
  ASSERT_TRUE(upc.consultations.Answer(id, {"Ook dan."}, {}));
  EXPECT_EQ(wissel.consultations.Find(id).value().state, Consultation::State::kAnswered);
}

TEST_F(ServicesTest, AnAnonymousQuestionThatIsNotAnsweredInTimeIsATaskOfWhoAsked) {
  Screening screening;
  const QuestionBody question{"", "Slaapt niet. Hoe?", Urgency::kNormal,
                              leuven.region.clock.Now() + std::chrono::hours(2)};
  ASSERT_TRUE(wissel.consultations.AskAnonymously(question, kMental, {{upc.id()}, false, false, {}}, screening));
  const auto late = [&] {
    const auto items = wissel.inbox.Show("Nora Peeters").value().items;
    return std::ranges::count(items, InboxItem::What::kAnswerLate, &InboxItem::what);
  };
  EXPECT_EQ(late(), 0);
  leuven.region.clock.Advance(std::chrono::hours(2));
  EXPECT_EQ(late(), 1);
}

TEST_F(ServicesTest, AnAnonymousQuestionThatTellsWhoItIsAboutStays) {
  Screening screening;
  const Audience to{{upc.id()}, false, false, {}};
  const auto ask = [&](const char* question, bool overruled) {
    screening = {overruled, false, {}};
    return wissel.consultations.AskAnonymously({"", question}, kMental, to, screening);
  };
  EXPECT_EQ(ask("Sam slaapt niet.", false).error().rule, "consultation.identifying");
  EXPECT_THAT(screening.findings, ElementsAre(Finding{Identifying::kName, 0, 3}));
  EXPECT_TRUE(ask("Sam slaapt niet.", true)) << "a person may overrule a name";
  EXPECT_FALSE(ask("Nummer 85.07.30-033.28 slaapt niet.", true)) << "but not a national number";
  EXPECT_TRUE(ask("Een vijftienjarige slaapt niet.", false));
  EXPECT_EQ(Seen(wissel).consultations.size(), 0U) << "it belongs to no trajectory";
  EXPECT_EQ(upc.cases.With([](CaseFile& file) { return file.AnonymousConsultations().size(); }), 2U);
}

TEST_F(ServicesTest, WhatWhoAskedAddsToAnAnonymousQuestionIsScreenedAsTheQuestionWas) {
  Screening screening;
  const Audience to{{upc.id()}, false, false, {}};
  const RecordId id = wissel.consultations.AskAnonymously({"", "Slaapt niet. Hoe?"}, kMental, to, screening)->record;
  const std::size_t before = wissel.engine.records();
  screening = {};
  EXPECT_EQ(wissel.consultations.Answer(id, {"Het gaat over Sam."}, to, screening).error().rule,
            "consultation.identifying");
  EXPECT_THAT(screening.findings, ElementsAre(Finding{Identifying::kName, 14, 3}));
  screening = {};
  EXPECT_EQ(wissel.consultations.Conclude(id, {AdviceTaken::kYes, "bel 0472 12 34 56"}, to, screening).error().rule,
            "consultation.identifying");
  screening = {true, false, {}};
  EXPECT_FALSE(wissel.consultations.Answer(id, {"Nummer 85.07.30-033.28."}, to, screening)) << "no overruling that";
  EXPECT_EQ(wissel.engine.records(), before) << "nothing left";
  screening = {true, false, {}};
  EXPECT_TRUE(wissel.consultations.Answer(id, {"Bel het CLB, 016 22 33 44."}, to, screening)) << "overruled";
  screening = {};
  EXPECT_TRUE(upc.consultations.Answer(id, {"Bel ons op 016 22 33 44."}, {}, screening)) << "who answers knows nobody";
  EXPECT_FALSE(screening.read);
}

TEST_F(ServicesTest, WhatStandsInTheCaseFileIsFoundInAnAnonymousQuestionAndMayBeOverruled) {
  ASSERT_TRUE(wissel.content.Note(trajectory,
                                  {"Huisbezoek",
                                   "De zus Adetokunbo was er. Het dossiernummer bij VAPH is 88-4711, zij woont op de "
                                   "Kapelleberg 14. Er zijn zorgen over het slapen."},
                                  Purpose::kCareCoordination, kGoals, {}));
  const Audience to{{upc.id()}, false, false, {}};
  Screening screening;
  const auto found = [&](const char* question) {
    screening = {};
    const auto sent = wissel.consultations.AskAnonymously({"", question}, kMental, to, screening);
    std::vector<std::string> words;
    for (const Finding& one : screening.findings) words.push_back(std::string(question).substr(one.at, one.length));
    EXPECT_EQ(sent.has_value(), words.empty());
    return words;
  };
  EXPECT_THAT(found("Adetokunbo maakt zich zorgen."), ElementsAre("Adetokunbo"));
  EXPECT_THAT(found("zorgen van adetokunbo"), ElementsAre("adetokunbo"));
  EXPECT_THAT(found("Wat doet VAPH 88-4711?"), ElementsAre("88-4711"));
  EXPECT_THAT(found("dossier 884711"), ElementsAre("884711"));
  EXPECT_THAT(found("op de kapelleberg 14"), ElementsAre("kapelleberg"));
  EXPECT_THAT(found("zus is A.d.e.t.o.k.u.n.b.o"), ElementsAre("A.d.e.t.o.k.u.n.b.o")) << "letter by letter";
  EXPECT_THAT(found("a d e t o k u n b o slaapt"), ElementsAre("a d e t o k u n b o"));
  EXPECT_THAT(found("Zorgen over slapen. Er is weinig rust."), IsEmpty()) << "ordinary words";
  screening = {true, false, {}};
  EXPECT_TRUE(wissel.consultations.AskAnonymously({"", "VAPH 88-4711 en Adetokunbo"}, kMental, to, screening));
}

TEST_F(ServicesTest, WhatSomebodyIsToTheYoungPersonIsNoNameInAnAnonymousQuestion) {
  Join(upc);
  GrantRequest request;
  request.trajectory = trajectory;
  request.recipient = upc.id();
  request.purposes = {Purpose::kConsultation};
  request.categories = kMental;
  request.ends_at = leuven.region.clock.Now() + std::chrono::days(30);
  request.how = "ondertekend";
  for (const char* by : {"de jongere", "The young person", "Moeder en vader", "de minderjarige, Ben"}) {
    request.consented_by = by;
    ASSERT_TRUE(wissel.grants.Give(request, wissel.caller, {})) << by;
  }
  const Audience to{{upc.id()}, false, false, {}};
  const auto findings = [&](const char* question) {
    Screening screening;
    const auto sent = wissel.consultations.AskAnonymously({"", question}, kMental, to, screening);
    EXPECT_EQ(sent.has_value(), screening.findings.empty()) << question;
    return screening.findings.size();
  };
  EXPECT_EQ(findings("een jongere van 15 slaapt niet, wat doen we?"), 0U);
  EXPECT_EQ(findings("Jongere van 15 slaapt niet. Moeder en vader ook niet. Minderjarigen?"), 0U);
  EXPECT_EQ(findings("a young person does not sleep"), 0U);
  EXPECT_EQ(findings("de jongere ben slaapt niet"), 1U) << "beside such a word a name still is one";
}

TEST_F(ServicesTest, ALabelIsFoundAsAWholeInAnAnonymousQuestion) {
  for (const char* label : {"M. (2010)", "De jongere"}) {
    ASSERT_TRUE(wissel.trajectories.Open({label, Module::kMobile, ""}, Stage::kCapable, {}));
  }
  const Audience to{{upc.id()}, false, false, {}};
  const auto found = [&](const std::string& question) {
    Screening screening;
    const auto sent = wissel.consultations.AskAnonymously({"", question}, kMental, to, screening);
    EXPECT_EQ(sent.has_value(), screening.findings.empty()) << question;
    std::vector<std::string> words;
    for (const Finding& one : screening.findings) words.push_back(question.substr(one.at, one.length));
    return words;
  };
  EXPECT_THAT(found("M. (2010) slaapt niet"), ElementsAre("M. (2010"));
  EXPECT_THAT(found("wat helpt m 2010?"), ElementsAre("m 2010"));
  EXPECT_THAT(found("Wat helpt M.-2010?"), ElementsAre("M.-2010"));
  EXPECT_THAT(found("M. slaapt niet"), IsEmpty()) << "an initial alone";
  EXPECT_THAT(found("slaapt niet sinds 2010"), IsEmpty()) << "a year alone";
  EXPECT_THAT(found("M. slaapt niet sinds 2010"), IsEmpty()) << "far apart";
  EXPECT_THAT(found("M. (2011) slaapt niet"), IsEmpty()) << "another year";
  EXPECT_THAT(found("De jongere slaapt niet"), IsEmpty()) << "a label that tells of nobody";
}

TEST_F(ServicesTest, WhatWasAskedWithoutATrajectoryPlantsNothing) {
  const Audience to{{upc.id()}, false, false, {}};
  Screening screening;
  const RecordId id =
      wissel.consultations.AskAnonymously({"", "Hoe helpt Melatonine?"}, kMental, to, screening).value().record;
  EXPECT_TRUE(wissel.consultations.Answer(id, {"En hoelang Melatonine?"}, to));
}

TEST_F(ServicesTest, WhatIsAddedToAQuestionOnATrajectoryIsNotScreened) {
  Join(upc);
  Grant(upc, {Purpose::kConsultation}, kMental);
  const RecordId id =
      wissel.consultations.Ask(trajectory, {"", "Hoe?"}, kMental, Purpose::kConsultation, {}).value().record;
  EXPECT_TRUE(wissel.consultations.Answer(id, {"Sam slaapt nu beter."}, {{upc.id()}, false, false, {}}));
}

TEST_F(ServicesTest, WhomAnAnonymousQuestionIsAboutIsSaidToWhomIsNamedIfAGrantCoversIt) {
  Join(upc);
  Join(clb);
  const CategorySet living{Category::kLiving};
  Screening screening;
  const RecordId id =
      wissel.consultations
          .AskAnonymously({"", "Slaapt niet. Hoe?"}, living, {{upc.id(), clb.id()}, false, false, {}}, screening)
          .value()
          .record;
  const Audience to{{upc.id()}, false, false, {}};
  EXPECT_EQ(wissel.consultations.Reveal(id, trajectory, "", to)->outcome, Sent::Outcome::kHeldBack) << "no grant";
  Grant(upc, {Purpose::kConsultation}, living);
  Grant(clb, {Purpose::kConsultation}, living);
  EXPECT_EQ(wissel.consultations.Reveal(id, trajectory, "", {}).error().rule, "consultation.reveal_to");
  EXPECT_EQ(wissel.consultations.Reveal(id, trajectory, "", {{police.id()}, true, false, {}}).error().rule,
            "consultation.not_asked");
  EXPECT_EQ(upc.consultations.Reveal(id, trajectory, "", to).error().rule, "consultation.revealer");

  const Sent sent = wissel.consultations.Reveal(id, trajectory, "met Sam besproken", to).value();
  EXPECT_THAT(sent.reaches, ElementsAre(upc.id()));
  const auto revealed = [&](Office& office) { return office.consultations.Find(id).value().revealed; };
  ASSERT_EQ(revealed(upc).size(), 1U);
  EXPECT_EQ(revealed(upc)[0].trajectory, trajectory);
  EXPECT_EQ(revealed(wissel)[0].to, std::set<OrgId>{upc.id()});
  EXPECT_THAT(revealed(clb), IsEmpty()) << "it was not named";
  EXPECT_EQ(std::ranges::count(Seen(upc).items, Kind::kReveal, &CaseItem::kind), 1);
  EXPECT_EQ(std::ranges::count(Seen(clb).items, Kind::kReveal, &CaseItem::kind), 0);
  EXPECT_THAT(wissel.engine.Find(sent.record).value().header.references, IsEmpty()) << "the hub does not learn which";
}

TEST_F(ServicesTest, WhatWasRevealedIsSealedWithItsGrant) {
  Join(upc);
  Screening screening;
  const Audience to{{upc.id()}, false, false, {}};
  const RecordId id =
      wissel.consultations.AskAnonymously({"", "Slaapt niet. Hoe?"}, kMental, to, screening).value().record;
  const RecordId grant = Grant(upc, {Purpose::kConsultation}, kMental);
  ASSERT_TRUE(wissel.consultations.Reveal(id, trajectory, "", to));
  ASSERT_EQ(upc.consultations.Find(id).value().revealed.size(), 1U);
  ASSERT_TRUE(wissel.grants.Withdraw(grant, {"op vraag van Sam"}, {}));
  EXPECT_THAT(upc.consultations.Find(id).value().revealed, IsEmpty());
  EXPECT_EQ(wissel.consultations.Find(id).value().revealed.size(), 1U) << "we know what we said";
}

TEST_F(ServicesTest, AQuestionOnATrajectoryHasNothingToReveal) {
  Join(upc);
  Grant(upc, {Purpose::kConsultation}, kMental);
  const RecordId id =
      wissel.consultations.Ask(trajectory, {"", "Hoe?"}, kMental, Purpose::kConsultation, {}).value().record;
  EXPECT_EQ(wissel.consultations.Reveal(id, trajectory, "", {{upc.id()}, false, false, {}}).error().rule,
            "consultation.not_anonymous");
}

TEST_F(ServicesTest, ASectorStandsForItsMembersAndWithoutATrajectoryForAllOfIt) {
  FakeEngine& other = leuven.region.Enrol("karus-gent", "Karus", "psychiatry");
  FakeEngine& suspended = leuven.region.Enrol("oud-gent", "Oud", "psychiatry");
  leuven.region.Suspend(suspended.Self());
  Profile psychiatry;
  psychiatry.name = {"Kinder- en jeugdpsychiatrie", "Child and adolescent psychiatry"};
  const std::map<Sector, Profile> profiles = {{Sector("psychiatry"), psychiatry}};
  const auto named = [&](const TrajectoryId& id, const std::vector<std::string>& to) {
    return wissel.consultations.Addressees(id, to, profiles);
  };
  EXPECT_EQ(named(trajectory, {"psychiatry"}).error().rule, "consultation.sector") << "nobody takes part";
  Join(upc);
  EXPECT_THAT(named(trajectory, {"psychiatry"}).value(), ElementsAre(upc.id()));
  EXPECT_THAT(named(trajectory, {"kinder- en Jeugdpsychiatrie", "upc-leuven"}).value(), ElementsAre(upc.id()));
  EXPECT_THAT(named({}, {"Child and adolescent psychiatry", "clb-leuven"}).value(),
              ElementsAre(other.Self(), upc.id(), clb.id()));
  EXPECT_THAT(named({}, {"nergens"}).value(), ElementsAre(OrgId("nergens"))) << "refused where it is sent";
  EXPECT_EQ(named({}, {"Geen sector"}).error().rule, "id.organisation");
  EXPECT_EQ(named({}, {"youth-care"}).error().rule, "consultation.sector") << "only ourselves";
}

TEST_F(ServicesTest, AnAnonymousQuestionNamesWhomItAsks) {
  Screening screening;
  EXPECT_EQ(wissel.consultations.AskAnonymously({"", "Hoe?"}, kMental, {}, screening).error().rule, "consultation.to");
}

TEST_F(ServicesTest, AWithdrawalSealsWhatThatGrantCovered) {
  Join(upc);
  const RecordId grant = Grant(upc, {Purpose::kCareCoordination}, kGoals);
  const RecordId note =
      wissel.content.Note(trajectory, {"t", "woorden"}, Purpose::kCareCoordination, kGoals, {}).value().record;
  EXPECT_TRUE(upc.reading.Show({note}, upc.caller).value()[0].body);
  ASSERT_TRUE(wissel.grants.Withdraw(grant, {"op vraag van Sam"}, {}));
  const auto sealed = upc.reading.Show({note}, upc.caller).value();
  EXPECT_FALSE(sealed[0].body);
  EXPECT_EQ(sealed[0].sealed->rule, "view.withdrawn");
  EXPECT_FALSE(upc.cases.With([&](CaseFile& file) { return file.Record(note)->body.has_value(); }))
      << "nor does the case file keep the words";
}

TEST_F(ServicesTest, WhoHasNotAnsweredForAWithdrawalIsNamedUntilItDoes) {
  Join(upc);
  Join(clb);
  const RecordId grant = Grant(upc, {Purpose::kCareCoordination}, kGoals);
  const RecordId note =
      wissel.content.Note(trajectory, {"t", "woorden"}, Purpose::kCareCoordination, kGoals, {}).value().record;
  const RecordId withdrawal = wissel.grants.Withdraw(grant, {"op vraag van Sam"}, {}).value().record;
  const auto outstanding = [&](Office& office) {
    std::vector<OrgId> named;
    const InboxService::Inbox inbox = office.inbox.Show("Nora").value();
    for (const InboxItem& item : inbox.items) {
      if (item.what == InboxItem::What::kOutstanding) named.push_back(item.from);
    }
    return named;
  };
  CaseTakenBack taken = wissel.grants.Find(grant).value().grant.taken_back.at(0);
  EXPECT_EQ(taken.record, withdrawal);
  EXPECT_FALSE(taken.sealed_at);
  EXPECT_THAT(outstanding(wissel), ElementsAre(upc.id()));
  EXPECT_THAT(outstanding(upc), IsEmpty()) << "it is no task of the other side";
  EXPECT_THAT(outstanding(clb), IsEmpty());
  ASSERT_TRUE(wissel.trajectories.Close(trajectory, {"", "op papier", CopyTaken::kTaken, ""}, std::nullopt, {}));
  EXPECT_THAT(outstanding(wissel), ElementsAre(upc.id())) << "also once it is closed";
  upc.engine.AnswerForWhatWasTakenBack();
  EXPECT_THAT(outstanding(wissel), IsEmpty());
  taken = wissel.grants.Find(grant).value().grant.taken_back.at(0);
  EXPECT_TRUE(taken.sealed_at);
  EXPECT_FALSE(taken.destroyed_at);
  EXPECT_EQ(upc.reading.Show({note}, upc.caller).value()[0].sealed->rule, "view.withdrawn");
}

TEST_F(ServicesTest, LeavingIsAnsweredForToo) {
  Join(upc);
  const RecordId grant = Grant(upc, {Purpose::kCareCoordination}, kGoals);
  const RecordId left = upc.trajectories.Leave(trajectory, {}, {}).value().record;
  const CaseTakenBack taken = wissel.grants.Find(grant).value().grant.taken_back.at(0);
  EXPECT_EQ(taken.record, left);
  EXPECT_EQ(taken.kind, Kind::kMemberLeave);
  EXPECT_EQ(taken.author, upc.id());
  upc.engine.AnswerForWhatWasTakenBack();
  EXPECT_TRUE(wissel.grants.Find(grant).value().grant.taken_back.at(0).sealed_at);
}

TEST_F(ServicesTest, AGrantIsNarrowedToWhatIsLeftOfIt) {
  Join(upc);
  const RecordId grant = Grant(upc, {Purpose::kCareCoordination, Purpose::kSafety}, kGoals);
  ASSERT_TRUE(wissel.grants.Narrow(grant, {Purpose::kSafety}, {}, std::nullopt, {"alleen nog veiligheid"}, {}));
  const CaseGrant narrowed = wissel.grants.Find(grant).value().grant;
  EXPECT_EQ(narrowed.grant.purposes, PurposeSet{Purpose::kSafety});
  EXPECT_EQ(narrowed.grant.categories, kGoals) << "what is not named stays";
  EXPECT_EQ(wissel.grants.Narrow(grant, {}, {}, std::nullopt, {"niets"}, {}).error().rule, "grant.nothing");
  EXPECT_EQ(upc.grants.Withdraw(grant, {}, {}).error().rule, "grant.giver") << "it sees the grant, and may not end it";
  EXPECT_EQ(wissel.grants.Narrow(grant, {Purpose::kCrisis}, {}, std::nullopt, {}, {}).error().rule, "grant.narrow");
}

TEST_F(ServicesTest, EachBasisAsksForItsEvidence) {
  Join(police);
  struct Case {
    const char* name;
    std::function<void(GrantRequest&)> change;
    const char* rule;  // Empty: allowed.
  };
  const auto hours = [&](int count) { return leuven.region.clock.Now() + std::chrono::hours(count); };
  const Case cases[] = {
      {"consent, written", [](GrantRequest&) {}, ""},
      {"nobody consented", [](GrantRequest& r) { r.consented_by = " "; }, "grant.consented_by"},
      {"nobody says how", [](GrantRequest& r) { r.how = " "; }, "grant.how"},
      {"a year", [&](GrantRequest& r) { r.ends_at = hours(24 * 366); }, ""},
      {"more than a year", [&](GrantRequest& r) { r.ends_at = hours(24 * 366) + std::chrono::milliseconds(1); },
       "grant.long"},
      {"oral without a witness", [](GrantRequest& r) { r.oral = true; }, "grant.witness"},
      {"witness is the recorder",
       [](GrantRequest& r) {
         r.oral = true;
         r.witness = "Nora Peeters";
       },
       "grant.witness"},
      {"witness is the recorder in another spelling",
       [](GrantRequest& r) {
         r.oral = true;
         r.witness = "nora  peeters ";
       },
       "grant.witness"},
      {"witness is nobody to be seen",
       [](GrantRequest& r) {
         r.oral = true;
         r.witness = "\u200B";
       },
       "grant.witness"},
      {"witness is who consents",
       [](GrantRequest& r) {
         r.oral = true;
         r.witness = " sam";
         r.consented_by = "Sam";
       },
       "grant.witness"},
      {"oral with a witness",
       [](GrantRequest& r) {
         r.oral = true;
         r.witness = "Jan";
       },
       ""},
      {"emergency without a reason", [](GrantRequest& r) { r.basis = Basis::kEmergency; }, "grant.reason"},
      {"emergency of 72 hours",
       [&](GrantRequest& r) {
         r.basis = Basis::kEmergency;
         r.reason = "weg";
         r.ends_at = hours(72);
       },
       ""},
      {"emergency of 73 hours",
       [&](GrantRequest& r) {
         r.basis = Basis::kEmergency;
         r.reason = "weg";
         r.ends_at = hours(73);
       },
       "grant.emergency"},
      {"never health to the police", [](GrantRequest& r) { r.categories = {Category::kHealth}; }, "grant.ceiling"},
      {"no purpose", [](GrantRequest& r) { r.purposes = {}; }, "grant.empty"},
      {"ends as it begins", [&](GrantRequest& r) { r.ends_at = hours(0); }, "grant.period"},
      {"a court cannot consent", [](GrantRequest& r) { r.grantor = Grantor::kCourt; }, "grant.grantor"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    GrantRequest request = Request(police, {Purpose::kSafety}, {Category::kSafety});
    c.change(request);
    const auto sent = wissel.grants.Give(request, wissel.caller, {});
    EXPECT_EQ(sent ? "" : sent.error().rule, c.rule);
  }
}

TEST_F(ServicesTest, EachBasisSaysWhatItMisses) {
  Join(upc);
  Join(clb);
  const auto hours = [&](int n) { return leuven.region.clock.Now() + std::chrono::hours(n); };
  const auto said = [&](auto&& change) {
    GrantRequest request = Request(upc, {Purpose::kSafety}, kGoals);
    request.reason = "nodig";
    change(request);
    const auto sent = wissel.grants.Give(request, wissel.caller, {});
    return sent ? std::string() : sent.error().rule;
  };
  using R = GrantRequest;
  const auto secrecy = [](R& r) {
    r.basis = Basis::kSharedSecrecy;
    r.sought = Sought::kNotAsked;
    r.necessary = r.in_client_interest = true;
  };
  EXPECT_EQ(said(secrecy), "");
  EXPECT_EQ(said([](R& r) { r.basis = Basis::kSharedSecrecy; }), "grant.sought");
  EXPECT_EQ(said([&](R& r) { secrecy(r), r.necessary = false; }), "grant.necessary");
  EXPECT_EQ(said([&](R& r) { secrecy(r), r.in_client_interest = false; }), "grant.interest");
  EXPECT_EQ(said([&](R& r) { secrecy(r), r.reason = ""; }), "grant.reason");
  EXPECT_EQ(said([](R& r) { r.sought = Sought::kAgreed; }), "grant.not_of_basis");
  EXPECT_EQ(said([](R& r) { r.basis = Basis::kCaseConsultation; }), "grant.frame");

  FrameRequest frame{.trajectory = trajectory,
                     .document = "artikel 7 van het decreet",
                     .chair = upc.id(),
                     .participants = {wissel.id(), clb.id()},
                     .purposes = {Purpose::kSafety},
                     .ends_at = hours(48)};
  EXPECT_EQ(wissel.grants.Fix(frame, wissel.caller, {}).error().rule, "frame.introduced");
  frame.participants = {wissel.id()};
  FrameRequest afterwards = frame;
  afterwards.begins_at = leuven.region.clock.Now() - std::chrono::minutes(16);
  EXPECT_EQ(wissel.grants.Fix(afterwards, wissel.caller, {}).error().rule, "frame.beforehand");
  FrameRequest no_document = frame;
  no_document.document = " ";
  EXPECT_EQ(wissel.grants.Fix(no_document, wissel.caller, {}).error().rule, "frame.document");
  const auto fixed = wissel.grants.Fix(frame, wissel.caller, {});
  ASSERT_TRUE(fixed) << ToText(fixed.error());
  const auto framed = [&](R& r) {
    r.basis = Basis::kCaseConsultation;
    r.frame = fixed->record;
    r.ends_at = hours(24);
  };
  EXPECT_EQ(said(framed), "");
  EXPECT_EQ(said([&](R& r) { framed(r), r.ends_at = hours(49); }), "grant.frame_period");
  EXPECT_EQ(said([&](R& r) { framed(r), r.recipient = clb.id(); }), "grant.frame_recipient");
}

TEST_F(ServicesTest, AParentsConsentLapsesWhenTheYoungPersonComesOfAge) {
  Join(upc);
  const auto give = [&](Grantor grantor) {
    GrantRequest request = Request(upc, {Purpose::kSafety}, kGoals);
    request.grantor = grantor;
    return wissel.grants.Give(request, wissel.caller, {});
  };
  const auto standing = [&](const RecordId& id) {
    const Trajectory rules = leuven.youth_care.FindTrajectory(trajectory).value();
    const Timestamp now = leuven.region.clock.Now();
    return StandingOf(rules, RegionRules(), CourtWall::kNone, *rules.FindGrant(id), now);
  };
  const RecordId parent = give(Grantor::kFirstParent).value().record;
  EXPECT_EQ(standing(parent), Standing::kWaitsForYoungPerson);
  GrantRequest danger = Request(upc, {Purpose::kSafety}, kGoals, std::chrono::hours(24));
  danger.basis = Basis::kEmergency;
  danger.reason = "weggelopen";
  const RecordId emergency = wissel.grants.Give(danger, wissel.caller, {}).value().record;
  EXPECT_EQ(standing(emergency), Standing::kCounts);
  EXPECT_EQ(standing(parent), Standing::kWaitsForYoungPerson) << "an emergency is no consent";
  const RecordId own = give(Grantor::kYoungPerson).value().record;
  EXPECT_EQ(standing(own), Standing::kCounts);
  EXPECT_EQ(standing(parent), Standing::kNotNeeded) << "what counts is the young person's own";
  const RecordId taken_back = give(Grantor::kSecondParent).value().record;
  ASSERT_TRUE(wissel.grants.Withdraw(taken_back, {"toch niet"}, {}));
  EXPECT_EQ(standing(taken_back), Standing::kNotInForce);
  EXPECT_EQ(wissel.trajectories.SayStage(trajectory, Stage::kCapable, upc.id(), {}).error().rule,
            "trajectory.receiver");
  for (const OrgId& refused : {clb.id(), OrgId("nergens")}) {
    for (const bool preview : {true, false}) {
      const auto said = wissel.trajectories.SayStage(trajectory, Stage::kAdult, refused, {.preview = preview});
      ASSERT_FALSE(said);
      EXPECT_EQ(said.error().rule, "admit.receiver");
    }
    EXPECT_EQ(wissel.cases.Trajectory(trajectory).value().stage, Stage::kCapable) << "a refused receiver says no stage";
  }
  const auto asked = [&](Office& office) {
    const auto inbox = office.inbox.Show("Nora").value();
    return std::ranges::count(inbox.items, InboxItem::What::kReceiver, &InboxItem::what);
  };
  EXPECT_EQ(asked(wissel), 0);
  ASSERT_TRUE(wissel.trajectories.SayStage(trajectory, Stage::kAdult, std::nullopt, {}));
  EXPECT_EQ(asked(wissel), 1);
  EXPECT_EQ(asked(upc), 0) << "it is the lead's to do";
  const ClosingBody closing{"", "op papier", CopyTaken::kTaken, ""};
  EXPECT_EQ(wissel.trajectories.Close(trajectory, closing, std::nullopt, {}).error().rule, "closing.receiver");
  const auto with_reason =
      wissel.trajectories.Close(trajectory, closing, std::nullopt, {.preview = true}, "verhuisd naar Nederland");
  EXPECT_TRUE(with_reason) << ToText(with_reason.error());
  ASSERT_TRUE(wissel.trajectories.SayStage(trajectory, Stage::kAdult, upc.id(), {}));
  EXPECT_EQ(asked(wissel), 0);
  EXPECT_TRUE(wissel.trajectories.Close(trajectory, closing, std::nullopt, {.preview = true}));
  EXPECT_EQ(give(Grantor::kFirstParent).error().rule, "grant.adult");
  EXPECT_EQ(standing(own), Standing::kCounts);
  EXPECT_EQ(standing(parent), Standing::kLapsed);
  const CaseTrajectory seen = upc.cases.Trajectory(trajectory).value();
  EXPECT_EQ(seen.stage, Stage::kAdult) << "every member is told";
  EXPECT_EQ(seen.receiver, upc.id());
  EXPECT_TRUE(seen.receiver_accepted);
}

TEST_F(ServicesTest, AMemberGivesAnEmergencyAndReviewsIt) {
  Join(upc);
  GrantRequest request = Request(wissel, {Purpose::kSafety}, kGoals);
  request.basis = Basis::kEmergency;
  request.reason = "weggelopen, levensgevaar";
  request.ends_at = leuven.region.clock.Now() + std::chrono::hours(24);
  const auto sent = upc.grants.Give(request, upc.caller, {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_TRUE(wissel.grants.Find(sent->record)) << "the lead is told at once";
  EXPECT_EQ(upc.grants.Review(sent->record, ReviewOutcome::kJustified, {" "}, {}).error().rule, "grant.findings");
  ASSERT_TRUE(upc.grants.Review(sent->record, ReviewOutcome::kJustified, {"gevonden, veilig thuis"}, {}));
  EXPECT_EQ(wissel.grants.Find(sent->record).value().grant.grant.review, ReviewOutcome::kJustified);
}

TEST_F(ServicesTest, AnEmergencyAsksForItsReviewOnceItHasEnded) {
  Join(upc);
  Join(clb);
  GrantRequest request = Request(wissel, {Purpose::kSafety}, kGoals);
  request.basis = Basis::kEmergency;
  request.reason = "weggelopen, levensgevaar";
  request.ends_at = leuven.region.clock.Now() + std::chrono::hours(24);
  const auto sent = upc.grants.Give(request, upc.caller, {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  const auto asked = [&](Office& office) {
    std::vector<InboxItem> asks;
    const InboxService::Inbox inbox = office.inbox.Show("Nora").value();
    for (const InboxItem& item : inbox.items) {
      if (item.what == InboxItem::What::kEmergencyReview) asks.push_back(item);
    }
    return asks;
  };
  leuven.region.clock.Advance(std::chrono::hours(24) - std::chrono::milliseconds(1));
  EXPECT_THAT(asked(wissel), IsEmpty()) << "it runs";
  leuven.region.clock.Advance(std::chrono::milliseconds(1));
  for (Office* office : {&wissel, &upc}) {
    ASSERT_EQ(asked(*office).size(), 1U) << office->id().value();
    EXPECT_EQ(asked(*office)[0].record, sent->record);
    EXPECT_EQ(asked(*office)[0].from, upc.id());
    EXPECT_EQ(asked(*office)[0].due, request.ends_at + std::chrono::hours(72));
  }
  EXPECT_THAT(asked(clb), IsEmpty());
  ASSERT_TRUE(wissel.grants.Review(sent->record, ReviewOutcome::kJustified, {"gevonden"}, {}));
  EXPECT_THAT(asked(wissel), IsEmpty());
  EXPECT_THAT(asked(upc), IsEmpty());
}

TEST_F(ServicesTest, AnEmergencyFoundUnjustifiedStandsNoMoreForAnybodyWhoWasToldOfIt) {
  Join(upc);
  Join(clb);
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, upc.id(), clb.id(), {}));
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, clb.id(), upc.id(), {}));
  GrantRequest request = Request(wissel, {Purpose::kSafety}, kGoals);
  request.basis = Basis::kEmergency;
  request.reason = "weggelopen, levensgevaar";
  request.ends_at = leuven.region.clock.Now() + std::chrono::hours(24);
  const auto sent = upc.grants.Give(request, upc.caller, {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  ASSERT_TRUE(wissel.grants.Review(sent->record, ReviewOutcome::kUnjustified, {"geen gevaar"}, {}));
  for (Office* office : {&wissel, &upc, &clb}) {
    const auto found = office->grants.Find(sent->record);
    ASSERT_TRUE(found) << office->id().value();
    EXPECT_EQ(found->grant.grant.review, ReviewOutcome::kUnjustified) << office->id().value();
    EXPECT_TRUE(found->grant.grant.withdrawn) << office->id().value();
    ASSERT_EQ(found->grant.taken_back.size(), 1U);
    EXPECT_EQ(found->grant.taken_back[0].kind, Kind::kEmergencyReview);
  }
}

TEST_F(ServicesTest, TheGrantCommitsToItsEvidence) {
  Join(upc);
  const RecordId grant = Grant(upc, {Purpose::kSafety}, kGoals);
  const Body body = upc.engine.Open(grant).value();
  const auto terms = std::get<GrantGive>(upc.engine.Find(grant).value().header.control);
  EXPECT_EQ(terms.evidence, EvidenceHash(body));
  const auto evidence = std::get<GrantEvidenceBody>(DecodeBody(body).value());
  EXPECT_EQ(evidence.consented_by, "Sam");
  EXPECT_EQ(evidence.recorded_by, "Nora Peeters");
  EXPECT_EQ(leuven.youth_care.NameOf(terms.recorded_by), "Nora Peeters");
}

TEST_F(ServicesTest, ARoundTableFindsItsDate) {
  Join(upc);
  Join(clb);
  for (Office* office : {&wissel, &upc, &clb}) Grant(*office, {Purpose::kRoundTable}, {Category::kMeeting});
  const Timestamp day = leuven.region.clock.Now() + std::chrono::days(10);
  const MeetingSlot first{day, day + std::chrono::hours(1)};
  const MeetingSlot second{day + std::chrono::days(1), day + std::chrono::hours(25)};
  const ProposalBody proposal{.title = "Ronde tafel", .place = "Leuven", .slots = {first, second}};
  const RecordId id = wissel.meetings.Propose(trajectory, proposal, {}).value().record;
  const MeetingSlot past{leuven.region.clock.Now() - std::chrono::hours(1), first.begins_at};
  EXPECT_EQ(wissel.meetings.Propose(trajectory, {.title = "t", .slots = {first, past}}, {}).error().rule,
            "meeting.past");
  using enum VoteChoice;
  EXPECT_EQ(upc.meetings.Vote(id, {{kYes}, ""}, {}).error().rule, "meeting.votes");
  ASSERT_TRUE(upc.meetings.Vote(id, {{kNo, kYes}, ""}, {}));
  EXPECT_THAT(wissel.meetings.Find(id).value().outstanding, ElementsAre(clb.id()));
  ASSERT_TRUE(clb.meetings.Vote(id, {{kMaybe, kYes}, ""}, {}));
  EXPECT_THAT(wissel.meetings.Find(id).value().tallies, ElementsAre(Meeting::Tally{0, 1, 1}, Meeting::Tally{2, 0, 0}));
  EXPECT_EQ(clb.meetings.Fix(id, {second, ""}, {}).error().rule, "meeting.convener");
  ASSERT_TRUE(wissel.meetings.Fix(id, {second, ""}, {}));
  EXPECT_EQ(clb.meetings.Find(id).value().slot, second);
  ASSERT_TRUE(wissel.meetings.Report(id, {"Goed gesprek", {"terug naar school"}, {{"Sam", true}}}, {}, {}));
  EXPECT_FALSE(IsNone(upc.meetings.Find(id).value().report));
}

TEST_F(ServicesTest, WhatIsSharedAgainKeepsItsFirstHeader) {
  Join(upc);
  const RecordId note =
      wissel.content.Note(trajectory, {"van vroeger", "woorden"}, Purpose::kCareCoordination, kGoals, {})
          .value()
          .record;
  Grant(upc, {Purpose::kCareCoordination}, kGoals);
  EXPECT_EQ(wissel.content.ShareAgain(note, {}).error().rule, "share.to");
  const Audience to{{upc.id()}, false, false, {}};
  const RecordId shared = wissel.content.ShareAgain(note, to).value().record;
  const auto body = std::get<SharedAgainBody>(*upc.reading.Show({shared}, upc.caller).value()[0].body);
  EXPECT_EQ(DecodeHeader(body.header).value().id, note);
  EXPECT_EQ(DecodeBody({body.type, body.version, body.content}).value(), TypedBody(NoteBody{"van vroeger", "woorden"}));
  const RecordId again = wissel.content.ShareAgain(shared, to).value().record;
  EXPECT_EQ(std::get<SharedAgainBody>(*upc.reading.Show({again}, upc.caller).value()[0].body).type, NoteBody::kType);
}

TEST_F(ServicesTest, WhatIsSharedAgainTellsNobodyOfAPartnerThatItMayNotKnow) {
  for (Office* office : {&upc, &clb}) Join(*office);
  const OrgId upc_id = upc.id();
  const OrgId clb_id = clb.id();
  for (const Office* office : {&wissel, &upc, &clb}) Grant(*office, {Purpose::kCareCoordination}, kGoals);
  const auto note = [&](Office& from, const OrgId& to) {
    return from.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {{to}, false, false, {}})
        .value()
        .record;
  };
  const Audience to_clb{{clb_id}, false, false, {}};
  const RecordId of_upc = note(upc, wissel.id());
  const std::size_t before = leuven.school.records();
  const auto refused = wissel.content.ShareAgain(of_upc, to_clb);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().rule, "share.hidden");
  EXPECT_EQ(refused.error().field, clb_id.value());
  Audience preview = to_clb;
  preview.preview = true;
  EXPECT_EQ(wissel.content.ShareAgain(of_upc, preview).error().rule, "share.hidden");
  EXPECT_EQ(leuven.school.records(), before);
  EXPECT_TRUE(wissel.content.ShareAgain(of_upc, {{upc_id}, false, false, {}})) << "who wrote it knows of itself";
  EXPECT_TRUE(wissel.content.ShareAgain(note(wissel, upc_id), to_clb)) << "its own";
  const RecordId of_wissel = note(wissel, upc_id);
  const auto on = upc.content.ShareAgain(of_wissel, to_clb);
  EXPECT_TRUE(on || on.error().rule != "share.hidden") << "everybody knows the lead";
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, upc_id, clb_id, {}));
  EXPECT_TRUE(wissel.content.ShareAgain(of_upc, to_clb));
}

TEST_F(ServicesTest, WhatIsSharedAgainNamesNobodyWhomItsReaderMayNotKnow) {
  for (Office* office : {&upc, &clb}) Join(*office);
  for (const Office* office : {&wissel, &clb}) Grant(*office, {Purpose::kCareCoordination}, kGoals);
  Draft draft;
  draft.kind = Kind::kGoal;
  draft.trajectory = trajectory;
  draft.categories = kGoals;
  draft.body = EncodeBody(GoalBody{"fietsen",
                                   {upc.id().value()},
                                   "",
                                   leuven.region.clock.Now(),
                                   leuven.region.clock.Now() + std::chrono::days(30)})
                   .value();
  const RecordId goal = wissel.engine.Say(draft).value();
  EXPECT_EQ(wissel.content.ShareAgain(goal, {{clb.id()}, false, false, {}}).error().rule, "share.hidden");
}

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

TEST_F(ServicesTest, EveryLookIsLogged) {
  const RecordId note =
      wissel.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}).value().record;
  EXPECT_TRUE(wissel.reading.Show({note, note}, wissel.caller));
  EXPECT_EQ(leuven.youth_care.views().size(), 1U) << "named twice, shown once";
  EXPECT_TRUE(wissel.reading.Show({note}, wissel.caller));
  EXPECT_EQ(leuven.youth_care.views().size(), 2U);
}

TEST_F(ServicesTest, ManyRecordsAreReadInOneWrite) {
  std::vector<RecordId> ids;
  for (int i = 0; i < 10; ++i) {
    ids.push_back(wissel.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}).value().record);
  }
  ASSERT_TRUE(wissel.reading.Show(ids, wissel.caller));
  EXPECT_EQ(leuven.youth_care.reads(), 1U);
  EXPECT_EQ(leuven.youth_care.views().size(), 10U);
}

TEST_F(ServicesTest, TheAuditNamesOwnPeopleAndTheRolesOfOthers) {
  Join(upc);
  Grant(upc, {Purpose::kCareCoordination}, kGoals);
  const RecordId note =
      wissel.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}).value().record;
  ASSERT_TRUE(upc.reading.Show({note}, upc.caller));
  ASSERT_TRUE(wissel.reading.Show({note}, wissel.caller));
  const auto rows = wissel.audit.Access(trajectory, note, wissel.caller, std::chrono::seconds(1)).value().rows;
  std::vector<AccessRow::What> whats;
  for (const AccessRow& row : rows) whats.push_back(row.what);
  using enum AccessRow::What;
  EXPECT_THAT(whats, ElementsAre(kSent, kHandedOver, kSaw, kSaw, kAsked));
  EXPECT_EQ(rows[2].organisation, upc.id());
  EXPECT_EQ(rows[2].person, std::nullopt) << "a partner's people are roles";
  EXPECT_EQ(rows[2].role, StaffRole::kWorker);
  EXPECT_EQ(rows[3].person, "Nora Peeters");
  EXPECT_TRUE(rows[1].grant);
}

TEST_F(ServicesTest, TheAuditTellsWhoDidNotGetItAndWhy) {
  Join(clb);
  const Audience to{{clb.id()}, true, false, {}};
  wissel.engine.GoOffline();
  const RecordId note =
      wissel.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, to).value().record;
  wissel.engine.GoOnline();
  const auto rows = wissel.audit.Access(trajectory, note, wissel.caller, std::chrono::seconds(1)).value().rows;
  for (const AccessRow& row : rows) EXPECT_NE(row.what, AccessRow::What::kHandedOver);
  wissel.engine.GoOffline();
  EXPECT_EQ(wissel.audit.Access(trajectory, note, wissel.caller, std::chrono::seconds(1)).error().rule, "hub.offline");
}

TEST_F(ServicesTest, TheExportedEvidenceHoldsWithTheHubsPublicKeyAlone) {
  const auto report = wissel.audit.Access(trajectory, RecordId{}, wissel.caller, std::chrono::seconds(1)).value();
  const Evidence evidence = DecodeEvidence(EncodeEvidence(report.evidence)).value();
  const auto checked = CheckEvidence(evidence, leuven.region.verifier);
  ASSERT_TRUE(checked) << ToText(checked.error());
  EXPECT_EQ(checked->entries.size(), report.evidence.entries.size());
  Evidence forged = evidence;
  forged.entries.front().entry.back() ^= 1;
  EXPECT_FALSE(CheckEvidence(forged, leuven.region.verifier));
}

TEST_F(ServicesTest, WhoOfOursAskedStandsInTheAudit) {
  const auto ask = [&](const char* person, ViewReason reason) {
    const Caller caller{{person, StaffRole::kAuditor}, reason};
    return wissel.audit.Access(trajectory, RecordId{}, caller, std::chrono::seconds(1)).value().rows;
  };
  ask("Zoë", ViewReason::kAudit);
  wissel.engine.GoOffline();
  const Caller offline{{"Niemand", StaffRole::kAuditor}, ViewReason::kAudit};
  EXPECT_FALSE(wissel.audit.Access(trajectory, RecordId{}, offline, std::chrono::seconds(1)));
  wissel.engine.GoOnline();
  const auto rows = ask("Jan", ViewReason::kSubjectRequest);
  std::vector<std::string> people;
  for (const AccessRow& row : rows) {
    if (row.what == AccessRow::What::kAsked) people.push_back(row.person.value_or("?"));
  }
  EXPECT_THAT(people, ElementsAre("Zoë", "Jan"));
  EXPECT_EQ(rows.back().role, StaffRole::kAuditor);
  EXPECT_EQ(rows.back().reason, ViewReason::kSubjectRequest);
}

TEST_F(ServicesTest, ARecordThatIsNotHeldHereCanBeAskedAbout) {
  Join(upc);
  ASSERT_TRUE(upc.reading.Show({Seen(upc).label_record}, upc.caller));
  const auto all = wissel.audit.Access(trajectory, RecordId{}, wissel.caller, std::chrono::seconds(1)).value().rows;
  const auto saw = std::ranges::find(all, AccessRow::What::kSaw, &AccessRow::what);
  ASSERT_NE(saw, all.end());
  const std::string id = ToText(saw->record);
  const auto like = [&](const std::string& prefix) {
    return wissel.audit.AccessLike(trajectory, prefix, wissel.caller, std::chrono::seconds(1));
  };
  const auto rows = like(id.substr(0, 8)).value().rows;
  for (const AccessRow& row : rows) {
    EXPECT_TRUE(row.record == saw->record || (row.what == AccessRow::What::kAsked && IsNone(row.record)));
  }
  EXPECT_EQ(std::ranges::count(rows, AccessRow::What::kSaw, &AccessRow::what), 1);
  EXPECT_EQ(like("ffffffff").error().rule, "id.unknown");
}

TEST_F(ServicesTest, WhatTheLeadsFileMustHoldIsMissed) {
  Join(upc);
  Grant(upc, {Purpose::kCareCoordination}, kGoals);
  ASSERT_TRUE(wissel.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}));
  const auto report = wissel.audit.Access(trajectory, RecordId{}, wissel.caller, std::chrono::seconds(1)).value();
  std::vector<Entry> entries = CheckEvidence(report.evidence, leuven.region.verifier).value().entries;
  EXPECT_TRUE(CheckWhole(entries));
  const auto spans = FeedSpans(entries);
  ASSERT_EQ(spans.size(), 2U) << "theirs, and ours: their joining";
  EXPECT_EQ(spans[1].organisation, upc.id());
  for (const FeedSpan& span : spans) EXPECT_EQ(span.present, span.last.value() - span.first.value() + 1);
  // Of whom numbers prove that nothing is missing, only what came after that can be doubted.
  const Sequence last = entries.back().sequence;
  EXPECT_EQ(FeedSpans(entries, {{upc.id(), 3, Next(last)}}), std::vector<FeedSpan>{spans[0]});
  EXPECT_EQ(FeedSpans(entries, {{upc.id(), 0, Sequence(1)}}), spans);
  std::erase_if(entries, [](const Entry& entry) {
    const auto* record = std::get_if<RecordEntry>(&entry.body);
    return record != nullptr && DecodeHeader(record->header).value().kind == Kind::kNote;
  });
  EXPECT_EQ(CheckWhole(entries).error().rule, "evidence.gap");
}

TEST(AuditTimes, AClockThatWasSetBackIsNoticed) {
  const auto at = [](std::uint64_t sequence, std::int64_t seconds) {
    Entry entry;
    entry.sequence = Sequence(sequence);
    entry.at = FromMillis(seconds * 1000);
    return entry;
  };
  EXPECT_TRUE(ClockLeaps({}).empty());
  EXPECT_TRUE(ClockLeaps({at(1, 1000), at(2, 941), at(5, 941)}).empty()) << "less than a minute";
  const std::vector<ClockLeap> leap = {{Sequence(7), FromMillis(1'000'000), FromMillis(940'000)}};
  EXPECT_EQ(ClockLeaps({at(1, 10), at(2, 1000), at(7, 940), at(8, 2000)}), leap);
}

TEST_F(ServicesTest, WhatWasWrittenOfflineWaitsAndIsSentByItself) {
  Join(upc);
  Grant(upc, {Purpose::kCareCoordination}, kGoals);
  wissel.engine.GoOffline();
  const Sent sent = wissel.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}).value();
  EXPECT_EQ(sent.state, RecordState::kWaiting);
  EXPECT_EQ(Seen(upc).items.size(), 0U);
  wissel.engine.GoOnline();
  EXPECT_EQ(Seen(upc).items.size(), 1U);
  EXPECT_EQ(Seen(wissel).items[0].state, RecordState::kAccepted);
}

TEST_F(ServicesTest, TheInboxRemembersPerPersonAndNeverGoesBack) {
  Join(upc);
  Grant(upc, {Purpose::kCareCoordination}, kGoals);
  ASSERT_TRUE(wissel.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}));
  const auto fresh = [&](const char* person) {
    const auto items = upc.inbox.Show(person).value().items;
    return std::ranges::count(items, InboxItem::What::kNew, &InboxItem::what);
  };
  const FeedPosition last = upc.inbox.Show("Claes").value().last;
  EXPECT_GT(fresh("Claes"), 0);
  ASSERT_TRUE(upc.inbox.MarkSeen("Claes", last));
  EXPECT_EQ(fresh("Claes"), 0);
  EXPECT_GT(fresh("Wouters"), 0);
  ASSERT_TRUE(upc.inbox.MarkSeen("Claes", FeedPosition(1)));
  EXPECT_EQ(fresh("Claes"), 0);
  ASSERT_TRUE(upc.inbox.MarkSeen("Claes", FeedPosition(1'000'000)));
  EXPECT_EQ(upc.inbox.Show("Claes").value().seen, last) << "nobody has seen what is not there yet";
}

TEST_F(ServicesTest, ANewOfficeFindsWhatTheVaultHolds) {
  Join(upc);
  Grant(upc, {Purpose::kCareCoordination}, kGoals);
  ASSERT_TRUE(wissel.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}));
  Office fresh(leuven.region, leuven.psychiatry, "dokter Claes");
  EXPECT_EQ(Seen(fresh), Seen(upc));
}

TEST_F(ServicesTest, AbbreviationsMustBeLongEnoughAndNameOneThing) {
  const std::string id = ToText(trajectory);
  EXPECT_EQ(wissel.cases.FindTrajectory(id.substr(0, 4)).value(), trajectory);
  EXPECT_EQ(wissel.cases.FindTrajectory(id.substr(0, 3)).error().rule, "id.short");
  EXPECT_EQ(wissel.cases.FindTrajectory("zzzz").error().rule, "id.short");
  EXPECT_EQ(wissel.cases.FindTrajectory(id + "0").error().rule, "id.short");
  EXPECT_EQ(upc.cases.FindTrajectory(id).error().rule, "id.unknown");
}

TEST(Identifying, WhereItStandsIsWhereItStoodInTheText) {
  const std::string text = "bij S\u00E1\u200Bm thuis";
  const auto findings = FindIdentifying(text, {"Sam"}, ParseTimestamp("2026-11-23").value());
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(text.substr(findings[0].at, findings[0].length), "S\u00E1\u200Bm");
}

TEST(Identifying, EveryKindIsFoundOnBothSidesOfItsRule) {
  const Timestamp now = ParseTimestamp("2026-11-23").value();
  const std::vector<std::string> names = {"Sam Janssens", "Zoë", "S. (2010)"};
  struct Case {
    const char* name;
    const char* text;
    std::vector<Identifying> want;
  };
  using enum Identifying;
  const Case cases[] = {
      {"national number", "rijksregister 85.07.30-033.28", {kNationalNumber}},
      {"without separators", "85073003328", {kNationalNumber}},
      {"wrong check digits", "dossier 85.07.30-033.29", {kLikeNationalNumber}},
      {"born after 2000", "09.11.23-001.89", {kNationalNumber}},
      {"the same, wrong check", "09.11.23-001.88", {kLikeNationalNumber}},
      {"no month", "dossier 85.57.30-033.29", {}},
      {"the right form, mistyped", "rijksregisternummer 09.01.01-123.45", {kLikeNationalNumber}},
      {"account", "rekening BE68 5390 0754 7034", {kAccount}},
      {"account, mistyped", "BE68539007547035", {kAccount}},
      {"foreign account", "NL91 ABNA 0417 1643 00 of contant", {kAccount}},
      {"letters and a number", "de 5390 0754", {}},
      {"mail", "mail naar sofie.v@school.be", {kEmail}},
      {"at sign alone", "kom @ 3 uur", {}},
      {"mobile", "bel 0472/12.34.56", {kPhone}},
      {"land line", "bel 016 22 33 44", {kPhone}},
      {"foreign form", "+32 472 12 34 56", {kPhone}},
      {"a year and a number", "in 2010 waren het er 45", {}},
      {"date of birth", "geboren 3/4/2010", {kBirthDate}},
      {"written out", "3 april 2010", {kBirthDate}},
      {"year first", "2010-04-03", {kBirthDate}},
      {"this year's event", "gesprek op 3/11/2026", {}},
      {"last year's event", "gesprek op 3/11/2025", {}},
      {"date and time", "op 03/12/2026 14.00", {}},
      {"name", "sam slaapt niet", {kName}},
      {"accented name", "ZOË slaapt niet", {kName}},
      {"within another word", "samen slapen", {}},
      {"initial alone", "S. slaapt niet", {}},
      {"within a pair", "Sam Janssens slaapt niet", {kName, kName}},
      {"genitive", "Janssenss moeder", {kName}},
      {"dots between", "S.a.m slaapt niet", {kName}},
      {"spaces between", "j a n s s e n s slaapt niet", {kName}},
      {"in two pieces", "Jans-sens slaapt niet", {kName}},
      {"invisible between", "Sa\u200Bm slaapt niet", {kName}},
      {"soft hyphen", "Jans\u00ADsens", {kName}},
      {"combining mark", "Za\u0300m Sa\u0301m", {kName}},
      {"accents left out", "Zoe slaapt niet", {kName}},
      {"full width", "\uFF33\uFF41\uFF4D", {kName}},
      {"look-alikes", "S\u0430m", {kName}},
      {"two short words that make one", "sa m", {}},
      {"words with other letters between", "s was am", {}},
      {"somebody's name", "vraag het aan Jan Peeters", {kPersonName}},
      {"with a particle", "met Piet van den Berg", {kPersonName}},
      {"at the beginning", "Jan Peeters woont alleen", {kPersonName}},
      {"one capital", "De jongere slaapt niet", {}},
      {"the beginning of two sentences", "Dat werkt. Hoe verder?", {}},
      {"abbreviations", "via CLB Gent of GI", {}},
      {"street and number", "in de Kerkstraat 12", {kAddress}},
      {"written small", "kerkstraat 12", {kAddress}},
      {"street as a name", "in de Kerkstraat", {kAddress}},
      {"a street", "op straat, 2 keer", {}},
      {"under way", "onderweg 2 keer gestopt", {}},
      {"causeway", "Gentsesteenweg nr. 5", {kAddress}},
      {"French", "rue de la Loi 16", {kAddress}},
      {"postcode", "9000 Gent", {kAddress}},
      {"a year", "in mei 2010 Was het rustig", {}},
      {"born lately", "geboren op 3/4/2026", {kBirthDate}},
      {"short year", "geb. 3/4/09", {kBirthDate}},
      {"a birthday", "verjaart op 3 april", {kBirthDate}},
      {"area in brackets", "bel (0470) 12 34 56", {kPhone}},
      {"blanks and hyphens", "0470 - 12 - 34 - 56", {kPhone}},
      {"underscores", "0470_12_34_56", {kPhone}},
      {"commas", "0470,123,456", {kPhone}},
      {"commas, and a number behind", "0470,123,456, 3 keer gebeld", {kPhone}},
      {"a list of dates", "op 03/11/2026, 10/11/2026 en 17/11/2026", {}},
      {"a list of ages", "9, 11, 12, 14, 15 en 17 jaar", {}},
      {"national number, any separator", "85.07.30_033.28", {kNationalNumber}},
      {"born on an ordinal", "geboren op 3de mei 2010", {kBirthDate}},
      {"born on an ordinal, in English", "born on the 3rd of May 2010", {kBirthDate}},
      {"the word behind the date", "op 3 april geboren", {kBirthDate}},
      {"a date without separators", "03052010 geboren", {kBirthDate}},
      {"eight digits alone", "ticket 03052010", {}},
      {"a house", "Kapelleberg 14", {kAddress}},
      {"a house and a place", "Naamsepoort 3, Heverlee", {kAddress}},
      {"a house in a sentence", "woont op de Hoek 7 en slaapt niet", {kAddress}},
      {"the beginning of a sentence and a number", "Slaapt 3 weken niet. Drinkt 2 keer.", {}},
      {"a numbered thing", "volgens Artikel 12 van het decreet", {}},
      {"name in capitals", "JAN JANSSENS slaapt niet", {kName}},
      {"name in capitals, a rare one", "met AZUBUIKE OKONKWO", {kPersonName}},
      {"name in small letters", "met jan peeters", {kPersonName}},
      {"given name alone", "Mohamed maakt zich zorgen", {kPersonName}},
      {"given name in small letters", "volgens fatoumata", {kPersonName}},
      {"given name letter by letter", "volgens F.a.t.o.u.m.a.t.a", {kPersonName}},
      {"surname letter by letter", "bij p e e t e r s thuis", {kPersonName}},
      {"letters that make no name", "optie a b c d e", {}},
      {"a month and no name", "sinds jan 2026", {}},
      {"words that are names, too", "ik ben bang, de toon is hard", {}},
      {"the same as a name", "volgens Toon is het hard", {kPersonName}},
      {"all at once",
       "Jan Peeters woont in de Kerkstraat 12 in 9000 Gent, 09.01.01-123.45, jan@example.be",
       {kPersonName, kAddress, kAddress, kLikeNationalNumber, kEmail}},
      {"nothing", "een vijftienjarige slaapt al 3 weken niet", {}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    std::vector<Identifying> got;
    for (const Finding& finding : FindIdentifying(c.text, names, now)) {
      got.push_back(finding.what);
      EXPECT_LE(finding.at + finding.length, std::string(c.text).size());
    }
    EXPECT_EQ(got, c.want);
  }
}

}  // namespace
}  // namespace schakel
