#include "agents/services.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/office.h"

namespace schakel {
namespace {

using schakel::test::FakeEngine;
using schakel::test::kGoals;
using schakel::test::kMental;
using schakel::test::Office;
using schakel::test::ServicesTest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

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

TEST_F(ServicesTest, AnAdviserWhoLeftStillReadsItsOwnAnswer) {
  Join(upc);
  Grant(upc, {Purpose::kConsultation}, kMental);
  Grant(wissel, {Purpose::kConsultation}, kMental);
  const RecordId id =
      wissel.consultations.Ask(trajectory, {"", "Hoe?"}, kMental, Purpose::kConsultation, {}).value().record;
  const RecordId answer = upc.consultations.Answer(id, {"Begin met een dagritme."}, {}).value().record;
  const auto left = upc.trajectories.Leave(trajectory, {"ons deel is gedaan"}, {});
  ASSERT_TRUE(left) << ToText(left.error());
  const auto shown = upc.reading.Show({answer}, upc.caller);
  ASSERT_TRUE(shown) << ToText(shown.error());
  ASSERT_EQ(shown->size(), 1U);
  const auto* words = shown->front().body ? std::get_if<AnswerBody>(&*shown->front().body) : nullptr;
  ASSERT_NE(words, nullptr);
  EXPECT_EQ(words->text, "Begin met een dagritme.");
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

TEST_F(ServicesTest, TheFieldIsNamedInWhichItStandsWhoAnAnonymousQuestionIsAbout) {
  struct Case {
    const char* subject;
    const char* question;
    bool overruled;
    const char* want;
  };
  const Case cases[] = {
      {"Sam", "Slaapt niet.", false, "subject"},
      {"Slapen", "Sam slaapt niet.", false, "question"},
      {"Sam", "Sam slaapt niet.", false, "subject"},
      {"Sam", "Nummer 85.07.30-033.28 slaapt niet.", true, "question"},
  };
  for (const Case& c : cases) {
    Screening screening;
    screening.overruled = c.overruled;
    const auto sent = wissel.consultations.AskAnonymously({c.subject, c.question}, kMental,
                                                          {{upc.id()}, false, false, {}}, screening);
    ASSERT_FALSE(sent) << c.subject << c.question;
    EXPECT_EQ(sent.error().field, c.want) << c.subject << ": " << c.question;
  }
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
  EXPECT_THAT(found("zorgen van adetokunbootje"), ElementsAre("adetokunbootje")) << "a diminutive";
  EXPECT_THAT(found("zorgen van Adetokunboken"), ElementsAre("Adetokunboken"));
  EXPECT_THAT(found("zorgen van adetokunbos"), ElementsAre("adetokunbos"));
  EXPECT_THAT(found("zorgen van ade tokunbo"), ElementsAre("ade tokunbo")) << "in two";
  EXPECT_THAT(found("zorgen van Ade-tokunbo"), ElementsAre("Ade-tokunbo"));
  EXPECT_THAT(found("dossier 88\n4711"), ElementsAre("88\n4711")) << "over two lines";
  EXPECT_THAT(found("dossier 88;4711"), ElementsAre("88;4711"));
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
  EXPECT_THAT(found("M. (2011) slaapt niet"), ElementsAre("M. (2011")) << "whoever it is";
  EXPECT_THAT(found("De jongere slaapt niet"), IsEmpty()) << "a label that tells of nobody";
}

TEST_F(ServicesTest, ALabelThatTellsAStoryMakesNoNamesOfItsWords) {
  ASSERT_TRUE(
      wissel.trajectories.Open({"Hanne (14), wil bij papa gaan wonen", Module::kMobile, ""}, Stage::kCapable, {}));
  const Audience to{{upc.id()}, false, false, {}};
  const auto findings = [&](const char* question) {
    Screening screening;
    static_cast<void>(wissel.consultations.AskAnonymously({"", question}, kMental, to, screening));
    return screening.findings.size();
  };
  EXPECT_EQ(findings("Hoe spreken we slapen aan bij een jongere die niet thuis wil wonen?"), 0U);
  EXPECT_EQ(findings("Hoe spreken we slapen aan bij hanne?"), 1U);
  EXPECT_EQ(findings("Iemand van 14, wil bij papa gaan wonen"), 0U) << "the story alone";
  EXPECT_EQ(findings("hanne 14 wil bij papa gaan wonen"), 1U) << "the label as a whole, which says the name too";
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

TEST_F(ServicesTest, WhomItIsAboutIsSaidToEachOnce) {
  Join(upc);
  Join(clb);
  const CategorySet living{Category::kLiving};
  Screening screening;
  const Audience both{{upc.id(), clb.id()}, false, false, {}};
  const RecordId id =
      wissel.consultations.AskAnonymously({"", "Slaapt niet. Hoe?"}, living, both, screening).value().record;
  Grant(upc, {Purpose::kConsultation}, living);
  Grant(clb, {Purpose::kConsultation}, living);
  const Audience to_upc{{upc.id()}, false, false, {}};
  ASSERT_TRUE(wissel.consultations.Reveal(id, trajectory, "", to_upc));
  const std::size_t before = wissel.engine.records();
  const auto again = wissel.consultations.Reveal(id, trajectory, "", to_upc);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::kConflict);
  EXPECT_EQ(again.error().rule, "consultation.revealed");
  EXPECT_EQ(again.error().field, upc.id().value());
  EXPECT_EQ(wissel.engine.records(), before);
  EXPECT_TRUE(wissel.consultations.Reveal(id, trajectory, "", both)) << "somebody among them does not know it";
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
  psychiatry.name = {"Kinder- en jeugdpsychiatrie", "Child and adolescent psychiatry", "Pédopsychiatrie"};
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

}  // namespace
}  // namespace schakel
