// School support: a report ends placed, coached or escalated, and in no other way.
#include "agents/school.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agents/learning.h"
#include "agents/partnership_agreements.h"
#include "agents/places.h"
#include "agents/school_board.h"
#include "support/api_world.h"
#include "support/cli_world.h"
#include "support/office.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::ApiAnswer;
using schakel::test::ApiDesk;
using schakel::test::ApiTest;
using schakel::test::CliTest;
using schakel::test::Office;
using schakel::test::ServicesTest;
using std::chrono::days;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using State = SchoolReport::State;
using Expected = SchoolReport::Expected;
using CutOff = SchoolReport::CutOff;
using What = SchoolService::Waiting::What;

const PurposeSet kSchooling{Purpose::kEducation};
const CategorySet kAboutSchool{Category::kSchool};

class SchoolTest : public ServicesTest {
 protected:
  static std::map<Sector, Profile> Profiles() { return LoadProfiles(SourceDir() / "agents/profiles").value(); }

  const std::map<Sector, Profile> profiles = Profiles();
  SchoolService of_wissel{wissel.engine, wissel.cases, leuven.region.clock, profiles, days(14)};
  SchoolService of_upc{upc.engine, upc.cases, leuven.region.clock, profiles, days(14)};
  SchoolService of_clb{clb.engine, clb.cases, leuven.region.clock, profiles, days(14)};

  void SetUp() override {
    Join(clb);
    Join(upc);
    for (Office* one : {&clb, &wissel, &upc}) Grant(*one, kSchooling, kAboutSchool);
    for (const auto& [member, to] : {std::pair(&upc, &clb), {&clb, &upc}}) {
      ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, member->id(), to->id(), {}));
    }
  }
  void Pass(days time) { leuven.region.clock.Advance(time); }
  SchoolReportBody Body(SchoolTrouble trouble = SchoolTrouble::kRefusal) {
    return {clb.id(), trouble, SchoolLevel::kSecondStage, "komt niet", "gebeld", "september", "Leuven"};
  }
  static std::string Rule(const Result<Sent>& sent) { return sent ? "ok" : sent.error().rule; }
  RecordId Reported(SchoolTrouble trouble = SchoolTrouble::kRefusal) {
    const auto sent = of_wissel.Report(trajectory, Body(trouble), false, {});
    EXPECT_TRUE(sent) << ToText(sent.error());
    return sent ? sent->record : RecordId();
  }
  Result<Sent> Step(const RecordId& report, SchoolStepBody body) {
    return of_clb.TakeStep(report, std::move(body), {});
  }
  std::vector<What> Waiting(StaffRole role) {
    std::vector<What> all;
    for (const auto& one : of_clb.WaitsFor(role)) all.push_back(one.what);
    return all;
  }
};

TEST_F(SchoolTest, AReportReachesTheDeskAndTheLeadAndNobodyElse) {
  EXPECT_THAT(of_upc.Desks(trajectory).value(), ElementsAre(clb.id()));
  const auto sent = of_upc.Report(trajectory, Body(), false, {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_THAT(sent->reaches, ::testing::UnorderedElementsAre(clb.id(), wissel.id()));
  EXPECT_THAT(of_clb.Queue(), SizeIs(1));
  EXPECT_THAT(of_wissel.Queue(), IsEmpty()) << "it is not the desk";
  EXPECT_EQ(of_wissel.Show(sent->record)->reporter, upc.id());
  SchoolReportBody elsewhere = Body();
  elsewhere.desk = upc.id();
  EXPECT_EQ(Rule(of_wissel.Report(trajectory, elsewhere, false, {})), "school.desk") << "no desk";
  elsewhere.desk = police.id();
  EXPECT_EQ(Rule(of_wissel.Report(trajectory, elsewhere, false, {})), "school.desk") << "takes no part";
}

TEST_F(SchoolTest, WithoutAGrantOfSchoolNothingLeaves) {
  const TrajectoryId other = Opened();
  ASSERT_TRUE(wissel.trajectories.Invite(other, clb.id(), {"", "welkom"}, std::nullopt, {}));
  ASSERT_TRUE(clb.trajectories.Join(other, {"ja"}, {}));
  const auto held = of_wissel.Report(other, Body(), false, {});
  ASSERT_TRUE(held) << ToText(held.error());
  EXPECT_EQ(held->outcome, Sent::Outcome::kHeldBack);
  ASSERT_THAT(held->unreached, SizeIs(1));
  EXPECT_EQ(held->unreached[0].organisation, clb.id());
  EXPECT_THAT(of_clb.Queue(), IsEmpty());
}

TEST_F(SchoolTest, TheSameReportTwiceIsTold) {
  const RecordId first = Reported();
  const auto again = of_wissel.Report(trajectory, Body(), false, {});
  EXPECT_EQ(Rule(again), "school.twice");
  EXPECT_EQ(again.error().field, ToText(first));
  EXPECT_EQ(Rule(of_wissel.Report(trajectory, Body(SchoolTrouble::kTruancy), false, {})), "ok") << "another trouble";
  // Who does not know of the first reports it too: the desk sees that they are the same.
  const auto theirs = of_upc.Report(trajectory, Body(), false, {});
  ASSERT_TRUE(theirs) << ToText(theirs.error());
  EXPECT_EQ(of_clb.Show(theirs->record)->same_as, first);
  EXPECT_EQ(of_clb.Show(first)->same_as, RecordId());
  ASSERT_TRUE(Step(first, {SchoolMove::kCoached, "", "Jef", "", ""}));
  ASSERT_TRUE(Step(theirs->record, {SchoolMove::kCoached, "", "Jef", "", ""}));
  EXPECT_EQ(Rule(of_wissel.Report(trajectory, Body(), false, {})), "ok") << "it goes wrong again";
}

TEST_F(SchoolTest, EveryReportEndsPlacedCoachedOrEscalated) {
  const RecordId report = Reported();
  const auto shown = [&] { return of_clb.Show(report).value(); };
  EXPECT_EQ(shown().state, State::kNew);
  EXPECT_EQ(shown().IsExpected(), Expected::kTakeUp);
  EXPECT_EQ(Rule(of_wissel.TakeStep(report, {SchoolMove::kTakenUp, "", "", "", ""}, {})), "school.not_desk");
  ASSERT_TRUE(Step(report, {SchoolMove::kTakenUp, "", "", "", ""}));
  EXPECT_EQ(Rule(Step(report, {SchoolMove::kTakenUp, "", "", "", ""})), "school.taken_up");
  EXPECT_EQ(shown().IsExpected(), Expected::kDispatch);
  EXPECT_EQ(Rule(Step(report, {SchoolMove::kDispatched, "", "", "", ""})), "school.where") << "to nowhere";
  EXPECT_EQ(Rule(Step(report, {SchoolMove::kPlaced, "", "", "", ""})), "school.where");
  EXPECT_EQ(Rule(Step(report, {SchoolMove::kCoached, "", " ", "", ""})), "body.required");
  EXPECT_EQ(Rule(Step(report, {SchoolMove::kEscalated, "", "", "stuurgroep", ""})), "body.required") << "why?";
  EXPECT_EQ(Rule(Step(report, {SchoolMove::kEscalated, "", "", "", "nergens plaats"})), "body.required") << "to whom?";
  EXPECT_TRUE(shown().IsOpen()) << "none of these ended it";
  ASSERT_TRUE(Step(report, {SchoolMove::kDispatched, "", "Jef", "", ""}));
  EXPECT_EQ(shown().IsExpected(), Expected::kOutcome);
  Pass(days(1));
  ASSERT_TRUE(Step(report, {SchoolMove::kEscalated, "", "", "stuurgroep", "nergens plaats"}));
  EXPECT_EQ(shown().state, State::kEscalated);
  EXPECT_EQ(shown().ended_at, leuven.region.clock.Now());
  EXPECT_EQ(shown().IsExpected(), std::nullopt);
  EXPECT_EQ(Rule(Step(report, {SchoolMove::kPlaced, "", "", "", "bij Koïnoor"})), "school.ended");
  EXPECT_THAT(shown().steps, SizeIs(3));
  EXPECT_EQ(of_wissel.Show(report)->state, State::kEscalated) << "who leads sees it";
  EXPECT_THAT(Waiting(StaffRole::kCoordinator), IsEmpty());
}

TEST_F(SchoolTest, DispatchIsToAPlaceThatIsOpen) {
  const RecordId report = Reported();
  PlaceService offers{wissel.engine, wissel.cases, leuven.region.clock};
  PlaceService of_desk{clb.engine, clb.cases, leuven.region.clock};
  const Timestamp end = leuven.region.clock.Now() + days(10);
  const RecordId offer =
      offers.Offer({PlaceKind::kSchoolAlternative, "Koïnoor", "", 0, 0, {}, "", ""}, {1, 60, end}, {}).value().record;
  EXPECT_EQ(Rule(Step(report, {SchoolMove::kDispatched, std::string(32, 'f'), "", "", ""})), "school.place");
  EXPECT_EQ(Rule(Step(report, {SchoolMove::kDispatched, "daar", "", "", ""})), "school.where");
  EXPECT_EQ(Rule(Step(report, {SchoolMove::kDispatched, ToText(offer), "", "", ""})), "ok");
  EXPECT_EQ(of_clb.Show(report)->steps.back().place, offer);
  PlaceService of_other{upc.engine, upc.cases, leuven.region.clock};
  Screening screening;
  ASSERT_TRUE(of_other.Hold({offer, {0, 0, "rust", {}, Urgency::kNormal}, {}, end}, {}, screening));
  EXPECT_FALSE(of_desk.Hold({offer, {0, 0, "rust", {}, Urgency::kNormal}, {}, end}, {}, screening));
  EXPECT_EQ(Rule(Step(report, {SchoolMove::kPlaced, ToText(offer), "", "", ""})), "school.no_place") << "just now full";
  Pass(days(10));
  EXPECT_EQ(Rule(Step(report, {SchoolMove::kPlaced, ToText(offer), "", "", ""})), "school.no_place") << "over";
  EXPECT_TRUE(of_clb.Show(report)->IsOpen());
}

TEST_F(SchoolTest, NobodyIsSentOnToAPartnerWhoseAgreementEnded) {
  PartnershipService partnerships{clb.engine, leuven.region.random};
  AgreementRegister agreements{clb.engine, partnerships, leuven.region.clock, leuven.region.random};
  const Person boss{"Bea Coene", StaffRole::kCoordinator};
  Partnership partner;
  partner.name = "UPC";
  partner.organisation = upc.id().value();
  const std::string with = ToHex(partnerships.Add(partner, StaffRole::kWorker).value().id);
  const auto agree = [&](AgreementUse use, const char* until) {
    PartnershipAgreement one;
    one.uses = {use};
    one.from = "2026-01-01";
    one.until = until;
    ASSERT_TRUE(agreements.Note(with, one, boss));
  };
  const Timestamp end = leuven.region.clock.Now() + days(10);
  const auto offered = [&](Office& by, PlaceKind kind) {
    PlaceService offers{by.engine, by.cases, leuven.region.clock};
    return offers.Offer({kind, "Koïnoor", "", 0, 0, {}, "", ""}, {2, 60, end}, {}).value().record;
  };
  const RecordId place = offered(upc, PlaceKind::kSchoolAlternative);
  const RecordId other = offered(upc, PlaceKind::kSchoolAlternative);
  const RecordId wissels = offered(wissel, PlaceKind::kSchoolAlternative);
  const RecordId report = Reported();
  const auto step = [&](SchoolMove move, const RecordId& to, bool preview = false) {
    const auto sent = of_clb.TakeStep(report, {move, ToText(to), "", "", ""}, {.preview = preview});
    return sent ? "ok" : sent.error().rule + " " + sent.error().field;
  };
  const std::string ended = "partnership.ended upc-leuven";
  EXPECT_EQ(step(SchoolMove::kDispatched, place), "ok") << "nothing is registered";
  agree(AgreementUse::kPlaces, "2026-11-22");
  EXPECT_EQ(step(SchoolMove::kDispatched, place), "ok") << "one for other places ended";
  agree(AgreementUse::kSchool, "2026-11-23");
  EXPECT_EQ(step(SchoolMove::kDispatched, place), "ok") << "its last day";
  const std::size_t said = clb.engine.records();
  Pass(days(1));
  for (const bool preview : {true, false}) {
    EXPECT_EQ(step(SchoolMove::kDispatched, place, preview), ended) << preview;
    EXPECT_EQ(step(SchoolMove::kPlaced, other, preview), ended) << "that is sending on, too";
  }
  EXPECT_EQ(clb.engine.records(), said) << "nothing left";
  EXPECT_EQ(step(SchoolMove::kDispatched, wissels), "ok") << "of another partner";
  PlaceService of_desk{clb.engine, clb.cases, leuven.region.clock};
  Screening screening;
  EXPECT_FALSE(of_desk.Hold({other, {0, 0, "rust", {}, Urgency::kNormal}, {}, end}, {}, screening));
  agree(AgreementUse::kSchool, "");
  ASSERT_TRUE(of_desk.Hold({other, {0, 0, "rust", {}, Urgency::kNormal}, {}, end}, {}, screening)) << "agreed anew";
  EXPECT_EQ(step(SchoolMove::kDispatched, place), "ok");
  ASSERT_TRUE(agreements.End(with, "", "niet verlengd", boss));
  EXPECT_EQ(step(SchoolMove::kDispatched, place), ended) << "at once";
  EXPECT_EQ(step(SchoolMove::kDispatched, other), "ok") << "a place is held there";
  EXPECT_EQ(step(SchoolMove::kPlaced, place), "ok") << "who was sent there before is there";
}

TEST_F(SchoolTest, WhatHasNoOutcomeGoesUp) {
  const RecordId report = Reported();
  EXPECT_THAT(Waiting(StaffRole::kWorker), ElementsAre(What::kReport));
  EXPECT_THAT(Waiting(StaffRole::kCoordinator), ElementsAre(What::kReport));
  Pass(days(13));
  EXPECT_FALSE(of_clb.IsLate(of_clb.Show(report).value()));
  Pass(days(1));
  EXPECT_TRUE(of_clb.IsLate(of_clb.Show(report).value()));
  EXPECT_THAT(Waiting(StaffRole::kWorker), ElementsAre(What::kReport));
  EXPECT_THAT(Waiting(StaffRole::kCoordinator), ElementsAre(What::kLate));
  ASSERT_TRUE(Step(report, {SchoolMove::kCoached, "", "Jef", "", ""}));
  EXPECT_THAT(Waiting(StaffRole::kCoordinator), IsEmpty());
  EXPECT_FALSE(of_clb.IsLate(of_clb.Show(report).value()));
}

TEST_F(SchoolTest, NobodyLeavesAnOpenReportBehindUnseen) {
  const RecordId report = Reported();
  EXPECT_EQ(Rule(clb.trajectories.Leave(trajectory, {"weg"}, {})), "school.open_reports");
  EXPECT_EQ(Rule(upc.trajectories.Leave(trajectory, {"weg"}, {})), "ok") << "the desk is another";
  const ClosingBody closing{"klaar", "aangeboden", CopyTaken::kTaken, ""};
  EXPECT_EQ(Rule(wissel.trajectories.Close(trajectory, closing, std::nullopt, {})), "closing.school_reports");
  EXPECT_FALSE(Seen(clb).closed);
  ASSERT_TRUE(wissel.trajectories.Close(trajectory, closing, std::nullopt, {}, "Sam verhuisde"));
  EXPECT_EQ(of_clb.Show(report)->state, State::kEscalated) << "to who closed it, and the desk is told";
  EXPECT_EQ(of_clb.Show(report)->cut_off, std::nullopt);
  EXPECT_THAT(Waiting(StaffRole::kCoordinator), IsEmpty());
  EXPECT_EQ(Rule(Step(report, {SchoolMove::kCoached, "", "Jef", "", ""})), "school.ended");
}

TEST_F(SchoolTest, ADeskIsRemovedWithAReasonAndWhoLeadsGoesOnWithItsReport) {
  const RecordId report = Reported();
  const auto refused = wissel.trajectories.Remove(trajectory, clb.id(), {" "}, {});
  EXPECT_EQ(Rule(refused), "removal.school_reports");
  EXPECT_EQ(refused.error().field, ToText(report));
  EXPECT_EQ(Rule(wissel.trajectories.Remove(trajectory, upc.id(), {""}, {})), "ok") << "the desk is another";
  ASSERT_TRUE(wissel.trajectories.Remove(trajectory, clb.id(), {"een ander meldpunt"}, {.preview = true}));
  EXPECT_TRUE(of_wissel.Show(report)->IsOpen()) << "nothing was said yet";
  ASSERT_TRUE(wissel.trajectories.Remove(trajectory, clb.id(), {"een ander meldpunt"}, {}));
  for (SchoolService* one : {&of_wissel, &of_clb}) {
    const SchoolReport shown = one->Show(report).value();
    EXPECT_EQ(shown.state, State::kEscalated);
    EXPECT_EQ(shown.cut_off, std::nullopt);
    ASSERT_THAT(shown.steps, SizeIs(1));
    EXPECT_EQ(shown.steps[0].author, wissel.id());
  }
  EXPECT_TRUE(of_clb.Show(report)->sealed) << "its words went with the grant";
}

// Of these who leads was never handed one: it has no grant.
class UnheardReportTest : public SchoolTest {
 protected:
  const TrajectoryId other = Opened();
  RecordId theirs;

  void SetUp() override {
    SchoolTest::SetUp();
    ASSERT_TRUE(wissel.trajectories.Invite(other, clb.id(), {"", "welkom"}, std::nullopt, {}));
    ASSERT_TRUE(clb.trajectories.Join(other, {"ja"}, {}));
    GrantRequest request = Request(clb, kSchooling, kAboutSchool);
    request.trajectory = other;
    ASSERT_TRUE(wissel.grants.Give(request, wissel.caller, {}));
    const auto sent = of_clb.Report(other, Body(), false, {});
    ASSERT_TRUE(sent) << ToText(sent.error());
    theirs = sent->record;
    Pass(days(1));
  }
  // As the desk sees it: ended by who led, and somebody has to tell them.
  void ExpectPassedOn(CutOff why) {
    const SchoolReport shown = of_clb.Show(theirs).value();
    EXPECT_EQ(shown.state, State::kEscalated);
    EXPECT_EQ(shown.ended_at, leuven.region.clock.Now());
    EXPECT_FALSE(shown.IsOpen());
    EXPECT_EQ(shown.cut_off, why);
    ASSERT_THAT(shown.steps, SizeIs(1));
    EXPECT_EQ(shown.steps[0].author, wissel.id());
    EXPECT_EQ(shown.steps[0].move, SchoolMove::kEscalated);
    EXPECT_TRUE(clb.engine.Find(shown.steps[0].record)) << "what it says can be read";
    EXPECT_THAT(Waiting(StaffRole::kCoordinator), ElementsAre(What::kCutOff));
    EXPECT_THAT(Waiting(StaffRole::kWorker), IsEmpty());
    EXPECT_EQ(Rule(Step(theirs, {SchoolMove::kCoached, "", "Jef", "", ""})), "school.cut_off");
    Pass(days(30));
    EXPECT_THAT(Waiting(StaffRole::kCoordinator), IsEmpty()) << "told for a month";
    EXPECT_THAT(of_clb.Queue(), SizeIs(1)) << "and it stays in the queue";
  }
};

TEST_F(UnheardReportTest, EndsAsEscalatedWhenTheTrajectoryCloses) {
  ASSERT_TRUE(wissel.trajectories.Close(other, {"klaar", "aangeboden", CopyTaken::kTaken, ""}, std::nullopt, {}));
  ExpectPassedOn(CutOff::kClosed);
}

TEST_F(UnheardReportTest, EndsAsEscalatedWhenItsDeskIsRemoved) {
  EXPECT_EQ(Rule(clb.trajectories.Leave(other, {"weg"}, {})), "school.open_reports") << "the desk itself knows of it";
  ASSERT_TRUE(wissel.trajectories.Remove(other, clb.id(), {"een ander meldpunt"}, {}));
  ExpectPassedOn(CutOff::kLeft);
}

TEST_F(UnheardReportTest, TheOneThatEndedBeforeIsLeftAlone) {
  ASSERT_TRUE(Step(theirs, {SchoolMove::kCoached, "", "Jef", "", ""}));
  ASSERT_TRUE(wissel.trajectories.Close(other, {"klaar", "aangeboden", CopyTaken::kTaken, ""}, std::nullopt, {}));
  EXPECT_EQ(of_clb.Show(theirs)->state, State::kCoached);
  EXPECT_EQ(of_clb.Show(theirs)->cut_off, std::nullopt);
  EXPECT_THAT(Waiting(StaffRole::kCoordinator), IsEmpty());
}

TEST_F(SchoolTest, OnlyWhoLedTakesAReportFromTheDesk) {
  const RecordId report = Reported();
  Draft draft;
  draft.kind = Kind::kSchoolStep;
  draft.trajectory = trajectory;
  draft.purpose = Purpose::kEducation;
  draft.categories = kAboutSchool;
  draft.thread = report;
  draft.references = {report};
  draft.body = EncodeBody(SchoolStepBody{SchoolMove::kEscalated, "", "", "ons", "wij doen het"}).value();
  draft.recipients = {clb.id()};
  ASSERT_TRUE(upc.engine.Say(draft));
  EXPECT_TRUE(of_clb.Show(report)->IsOpen()) << "by another member";
  draft.body = EncodeBody(SchoolStepBody{SchoolMove::kCoached, "", "Jef", "", ""}).value();
  ASSERT_TRUE(wissel.engine.Say(draft));
  EXPECT_TRUE(of_clb.Show(report)->IsOpen()) << "who leads escalates, and says no other outcome";
}

// ---- The board ----

class SchoolBoardTest : public SchoolTest {
 protected:
  SchoolBoardService board{of_clb, leuven.region.clock, 5};

  void Report(SchoolTrouble trouble, std::size_t times, const std::string& municipality = "Leuven") {
    for (std::size_t i = 0; i < times; ++i) {
      SchoolReportBody body = Body(trouble);
      body.municipality = municipality;
      leuven.region.clock.Advance(std::chrono::seconds(1));
      ASSERT_TRUE(of_wissel.Report(trajectory, body, true, {}));
    }
  }
  std::string Shown(const std::string& name) {
    const SchoolBoard all = board.Of(std::nullopt, std::nullopt, StaffRole::kCoordinator).value();
    std::string text;
    for (const EffectTable& table : all.tables) {
      if (table.name != name) continue;
      for (const EffectCell& cell : table.cells) text += cell.slug + " " + std::to_string(cell.count) + ", ";
      text += "+" + std::to_string(table.rest);
    }
    return text;
  }
};

TEST_F(SchoolBoardTest, ShowsNoCellBelowTheThreshold) {
  Report(SchoolTrouble::kTruancy, 4);
  EXPECT_EQ(board.Of(2026, std::nullopt, StaffRole::kAuditor)->reports, std::nullopt) << "four in all";
  Report(SchoolTrouble::kTruancy, 2, "leuven");
  Report(SchoolTrouble::kRefusal, 7, "");
  EXPECT_EQ(Shown("trouble"), "truancy 6, refusal 7, +0");
  EXPECT_EQ(Shown("municipality"), "Leuven 6, unsaid 7, +0") << "however it is written";
  EXPECT_EQ(Shown("month"), "2026-11 13, +0");
  EXPECT_EQ(Shown("level"), "second-stage 13, +0");
  // One more trouble, of one report: it goes into the rest, and another cell with it.
  Report(SchoolTrouble::kExcluded, 1, "Tienen");
  EXPECT_EQ(Shown("trouble"), "truancy 6, +8");
  EXPECT_EQ(Shown("municipality"), "Leuven 6, +8");
  for (const SchoolReport& one : of_clb.Queue()) {
    if (one.trouble != SchoolTrouble::kTruancy) continue;
    ASSERT_TRUE(Step(one.id, {SchoolMove::kCoached, "", "Jef", "", ""}));
  }
  EXPECT_EQ(Shown("outcome"), "open 8, coached 6, +0");
  const std::string csv = SchoolBoardCsv(board.Of(2026, std::nullopt, StaffRole::kAuditor).value());
  EXPECT_THAT(csv, AllOf(HasSubstr("\"2026-2027\",\"trouble\",\"truancy\",\"6\"\r\n"), Not(HasSubstr("Tienen")),
                         Not(HasSubstr("excluded"))));
}

TEST_F(SchoolBoardTest, CountsASchoolYearAndIsForCoordinatorsAndAuditors) {
  Report(SchoolTrouble::kTruancy, 5);
  EXPECT_EQ(board.Of(std::nullopt, std::nullopt, StaffRole::kCoordinator)->year, 2026);
  Pass(days(300));  // September 2027.
  EXPECT_EQ(board.Of(std::nullopt, std::nullopt, StaffRole::kCoordinator)->reports, std::nullopt);
  EXPECT_EQ(board.Of(2026, std::nullopt, StaffRole::kCoordinator)->reports, 5U);
  EXPECT_EQ(board.Of(2028, std::nullopt, StaffRole::kCoordinator).error().rule, "board.year");
  EXPECT_EQ(board.Of(2026, 4, StaffRole::kCoordinator).error().rule, "board.threshold");
  EXPECT_EQ(board.Of(2026, 6, StaffRole::kCoordinator)->reports, std::nullopt);
  EXPECT_EQ(board.Of(2026, std::nullopt, StaffRole::kWorker).error().rule, "board.role");
}

class BoardPublicationTest : public SchoolBoardTest {
 protected:
  using Request = BoardPublications::Request;
  OpenDayService open_days{clb.engine, leuven.region.clock, leuven.region.random};
  BoardPublications of_desk{clb.engine, clb.cases, leuven.region.clock, board, open_days};
  SchoolBoardService upc_board{of_upc, leuven.region.clock, 5};
  OpenDayService upc_days{upc.engine, leuven.region.clock, leuven.region.random};
  BoardPublications at_upc{upc.engine, upc.cases, leuven.region.clock, upc_board, upc_days};

  std::string Published(const Request& request = {}, const Audience& audience = {}) {
    const auto sent = of_desk.Publish(request, audience, StaffRole::kCoordinator);
    return sent ? "ok" : sent.error().rule;
  }
  // As they arrived at a partner.
  SchoolBoardBody Arrived(const RecordId& id) {
    return std::get<SchoolBoardBody>(DecodeBody(upc.engine.Open(id).value()).value());
  }
};

TEST_F(BoardPublicationTest, WhatArrivesIsSuppressed) {
  EXPECT_EQ(Published(), "board.nothing");
  EXPECT_EQ(of_desk.Publish({}, {}, StaffRole::kAuditor).error().rule, "board.publisher");
  Report(SchoolTrouble::kTruancy, 6, "Leuven");
  Report(SchoolTrouble::kRefusal, 7, "");
  Report(SchoolTrouble::kExcluded, 1, "Tienen");
  ASSERT_TRUE(open_days.Add({{}, "2027-03-12", "13-16 u.", "Koïnoor", "Netwerk Leerrecht", ""}));
  ASSERT_EQ(Published(), "ok");
  const auto boards = at_upc.All();
  ASSERT_THAT(boards, SizeIs(1));
  EXPECT_EQ(boards[0].author, clb.id());
  EXPECT_EQ(boards[0].year, 2026);
  EXPECT_EQ(at_upc.Show(boards[0].id)->id, boards[0].id);
  const SchoolBoardBody body = Arrived(boards[0].id);
  EXPECT_EQ(body.reports, 14U);
  EXPECT_THAT(body.days, ElementsAre(BoardDay{"2027-03-12", "13-16 u.", "Koïnoor", "Netwerk Leerrecht", ""}));
  std::map<std::string, std::uint32_t> sums;
  for (const BoardCell& cell : body.cells) {
    EXPECT_GE(cell.count, 5U) << cell.table << " " << cell.cell;
    EXPECT_NE(cell.cell, "excluded");
    EXPECT_NE(cell.cell, "Tienen");
    sums[cell.table] += cell.count;
  }
  // The one that is hidden is hidden with another: what is left of the total is no small number either.
  EXPECT_THAT(body.cells, Contains(BoardCell{"trouble", "truancy", 6}));
  EXPECT_THAT(body.cells, Contains(BoardCell{"trouble", "rest", 8}));
  EXPECT_THAT(sums, SizeIs(5));
  for (const auto& [table, sum] : sums) EXPECT_EQ(sum, body.reports) << table;
}

TEST_F(BoardPublicationTest, TwoBoardsOfAYearTellNoMoreThanEach) {
  Report(SchoolTrouble::kTruancy, 10);
  ASSERT_EQ(Published(), "ok");
  Report(SchoolTrouble::kTruancy, 1);
  EXPECT_EQ(Published(), "board.too_soon") << "who laid them side by side would see one report";
  ASSERT_TRUE(open_days.Add({{}, "2027-03-12", "", "Koïnoor", "CLB", ""}));
  ASSERT_EQ(Published({.year = {}, .threshold = {}, .same_numbers = true}), "ok");
  ASSERT_THAT(at_upc.All(), SizeIs(1)) << "the last of a year";
  EXPECT_EQ(Arrived(at_upc.All()[0].id).reports, 10U);
  EXPECT_THAT(Arrived(at_upc.All()[0].id).days, SizeIs(1));
  Report(SchoolTrouble::kTruancy, 4);
  ASSERT_EQ(Published(), "ok") << "five more";
  EXPECT_EQ(Arrived(at_upc.All()[0].id).reports, 15U);
}

TEST_F(BoardPublicationTest, ABoardGoesToWhomItNamesAndIsTakenBackAsACaseIs) {
  Report(SchoolTrouble::kTruancy, 6);
  ASSERT_EQ(Published({}, {.named = {wissel.id()}}), "ok");
  EXPECT_THAT(at_upc.All(), IsEmpty());
  ASSERT_EQ(Published({}, {.named = {upc.id()}}), "ok");
  const auto boards = at_upc.All();
  ASSERT_THAT(boards, SizeIs(1));
  LearningService learning{clb.engine, clb.cases, leuven.region.clock};
  LearningService learning_at_upc{upc.engine, upc.cases, leuven.region.clock};
  EXPECT_THAT(learning_at_upc.Find({}).cases, IsEmpty()) << "it is no case";
  Screening screening;
  ASSERT_TRUE(learning.Withdraw(boards[0].id, {"fout"}, {}, screening));
  EXPECT_THAT(at_upc.All(), IsEmpty());
  ASSERT_TRUE(learning_at_upc.ForgetWithdrawn());
  EXPECT_FALSE(upc.engine.Open(boards[0].id)) << "its words are gone there";
}

TEST_F(SchoolTest, OpenDaysAreKeptAtHome) {
  OpenDayService open_days{clb.engine, leuven.region.clock, leuven.region.random};
  const std::size_t records = clb.engine.records();
  const OpenDay was = open_days.Add({{}, "2026-11-23", "", "De Roulot", "CLB", ""}).value();
  leuven.region.clock.Advance(days(1));
  const OpenDay comes = open_days.Add({{}, "2027-03-12", "13-16 u.", "Koïnoor", "Netwerk Leerrecht", ""}).value();
  EXPECT_THAT(open_days.All().value(), ElementsAre(comes, was)) << "those to come first";
  EXPECT_EQ(open_days.Add({{}, "maart", "", "Koïnoor", "CLB", ""}).error().rule, "body.whole_day");
  EXPECT_EQ(open_days.Add({{}, "2027-03-12", "", " ", "CLB", ""}).error().field, "body.place");
  const OpenDay moved = open_days.Edit(ToHex(comes.id), {{}, "2027-03-13", "", "Koïnoor", "CLB", ""}).value();
  EXPECT_EQ(moved.id, comes.id);
  const auto past = open_days.Add({{}, "2026-11-23", "", "Koïnoor", "CLB", ""});
  EXPECT_EQ(past.error().rule, "open_day.past");
  EXPECT_EQ(past.error().field, "body.day");
  EXPECT_EQ(open_days.Edit(ToHex(comes.id), {{}, "2026-11-23", "", "Koïnoor", "CLB", ""}).error().rule,
            "open_day.past");
  ASSERT_TRUE(open_days.Edit(ToHex(was.id), {{}, "2026-11-23", "13 u.", "De Roulot", "CLB", ""})) << "put right";
  ASSERT_TRUE(open_days.Drop(ToHex(was.id)));
  EXPECT_THAT(open_days.All().value(), ElementsAre(moved));
  EXPECT_EQ(open_days.Drop(ToHex(was.id)).error().rule, "open_day.unknown");
  EXPECT_EQ(DecodeOpenDay(EncodeOpenDay(moved)).value(), moved);
  EXPECT_EQ(clb.engine.records(), records) << "nothing leaves";
}

// ---- At the edges ----

TEST_F(ApiTest, ASchoolReportFromTheReportToItsOutcome) {
  const std::string id = Opened();
  const std::string path = "/v1/trajectories/" + id;
  ApiDesk clb{leuven, leuven.school, "Jef"};
  const json invitation = {{"organisation", "clb-leuven"}, {"message", "welkom"}};
  ASSERT_EQ(wissel.Post(path + "/invitations", invitation).status, 201);
  ASSERT_EQ(clb.Post(path + "/join", {{"message", "ja"}}).status, 201);
  const json report = {{"desk", "clb-leuven"}, {"trouble", "refusal"}, {"text", "komt niet"}, {"level", "special"}};
  const ApiAnswer held = wissel.Post(path + "/school-reports", report);
  EXPECT_EQ(held.status, 409) << "without a grant";
  EXPECT_EQ(held.body["unreached"][0]["organisation"]["id"], "clb-leuven");
  for (const char* organisation : {"clb-leuven", "de-wissel"}) {
    ASSERT_EQ(wissel
                  .Post(path + "/grants", {{"organisation", organisation},
                                           {"purposes", {"education"}},
                                           {"categories", {"school"}},
                                           {"ends_at", "2027-03-01T00:00:00Z"},
                                           {"consented_by", "Sam"},
                                           {"how", "ondertekend"}})
                  .status,
              201);
  }
  const ApiAnswer sent = wissel.Post(path + "/school-reports", report);
  ASSERT_EQ(sent.status, 201) << sent.raw.body;
  const std::string record = sent.body["record"];
  const ApiAnswer twice = wissel.Post(path + "/school-reports", report);
  EXPECT_EQ(twice.status, 409);
  EXPECT_EQ(twice.body["rule"], "school.twice");
  const json listed = wissel.Get(path + "/school-reports").body;
  EXPECT_EQ(listed["desks"][0]["id"], "clb-leuven");
  EXPECT_EQ(listed["reports"][0]["ours"], false);

  const std::size_t views = leuven.school.views().size();
  const json queue = clb.Get("/v1/school/queue").body;
  ASSERT_EQ(queue["reports"].size(), 1U) << queue;
  EXPECT_GT(leuven.school.views().size(), views) << "what was reported is shown: a view";
  EXPECT_EQ(queue["escalates_days"], 14);
  EXPECT_EQ(queue["reports"][0]["trouble"], "refusal");
  EXPECT_EQ(queue["reports"][0]["expected"], "take-up");
  EXPECT_EQ(clb.Get("/v1/school/queue?state=ended").body["reports"].size(), 0U);
  EXPECT_EQ(clb.Get("/v1/school/queue?state=oud").body["rule"], "school.state");
  const auto house = [&](const char* role) {
    return clb.Send("GET", "/v1/inbox", "", {{"schakel-role", role}}).body["house"];
  };
  EXPECT_EQ(house("worker")[0]["what"], "school-report");
  EXPECT_EQ(house("worker")[0]["report"]["id"], record);
  leuven.region.clock.Advance(days(14));
  EXPECT_EQ(house("worker")[0]["what"], "school-report");
  EXPECT_EQ(house("coordinator")[0]["what"], "school-late");
  EXPECT_EQ(clb.Get("/v1/school/queue").body["reports"][0]["late"], true);

  const std::string steps = "/v1/school-reports/" + record + "/steps";
  EXPECT_EQ(wissel.Post(steps, {{"step", "taken-up"}}).body["rule"], "school.not_desk");
  EXPECT_EQ(clb.Post(steps, {{"step", "weg"}}).body["rule"], "vocabulary.school_step");
  EXPECT_EQ(clb.Post(steps, {{"step", "placed"}}).body["field"], "place");
  ASSERT_EQ(clb.Post(steps, {{"step", "taken-up"}}).status, 201);
  ASSERT_EQ(clb.Post(steps, {{"step", "placed"}, {"text", "bij Koïnoor"}}).status, 201);
  EXPECT_EQ(clb.Post(steps, {{"step", "coached"}, {"coach", "Jef"}}).status, 409);
  const json shown = wissel.Get("/v1/school-reports/" + record).body;
  EXPECT_EQ(shown["state"], "placed");
  EXPECT_EQ(shown["expected"], nullptr);
  ASSERT_EQ(shown["steps"].size(), 2U);
  EXPECT_EQ(shown["steps"][1]["shown"]["body"]["text"], "bij Koïnoor");
  EXPECT_EQ(house("coordinator").size(), 0U);
  EXPECT_EQ(clb.Get("/v1/school/queue?state=all").body["reports"].size(), 1U);

  EXPECT_EQ(clb.Get("/v1/school/board").body["rule"], "board.role");
  const auto as = [&](const std::string& target) { return clb.Send("GET", target, "", {{"schakel-role", "auditor"}}); };
  EXPECT_EQ(as("/v1/school/board").body["reports"], nullptr);
  EXPECT_EQ(as("/v1/school/board?year=2026-01").body["rule"], "request.year");
  EXPECT_EQ(as("/v1/school/board?threshold=x").body["rule"], "board.threshold");
  EXPECT_EQ(as("/v1/school/board.csv").raw.headers.at("Content-Type"), "text/csv; charset=utf-8");

  const json day = {{"day", "2027-03-12"}, {"place", "Koïnoor"}, {"organiser", "CLB"}};
  const ApiAnswer added = clb.Post("/v1/school/open-days", day);
  ASSERT_EQ(added.status, 201) << added.raw.body;
  const std::string open_day = "/v1/school/open-days/" + added.body["id"].get<std::string>();
  EXPECT_EQ(clb.Post(open_day + "/edit", day).status, 200);
  EXPECT_EQ(clb.Get("/v1/school/open-days").body["open_days"].size(), 1U);
  EXPECT_EQ(clb.Post("/v1/school/boards", json::object()).body["rule"], "board.publisher");
  const ApiAnswer published =
      clb.Send("POST", "/v1/school/boards", R"({"to":["upc-leuven"]})", {{"schakel-role", "coordinator"}});
  ASSERT_EQ(published.status, 201) << published.raw.body;
  const json boards = upc.Get("/v1/school/boards").body["boards"];
  ASSERT_EQ(boards.size(), 1U);
  EXPECT_EQ(boards[0]["author"]["id"], "clb-leuven");
  EXPECT_EQ(boards[0]["record"]["body"]["reports"], 0U) << "one report is too few to tell of";
  EXPECT_EQ(boards[0]["record"]["body"]["days"][0]["place"], "Koïnoor");
  EXPECT_EQ(upc.Get("/v1/school/boards/" + boards[0]["id"].get<std::string>()).body["year"], 2026);
  EXPECT_EQ(wissel.Get("/v1/school/boards").body["boards"].size(), 0U);
  EXPECT_EQ(clb.Send("DELETE", open_day, "", {}).status, 200);
  EXPECT_EQ(clb.Get("/v1/school/open-days").body["open_days"].size(), 0U);
}

TEST_F(CliTest, ASchoolReportFromTheCommandLine) {
  const std::string id = Shared();
  for (const char* organisation : {"clb-leuven", "de-wissel"}) {
    ASSERT_EQ(As("de-wissel", {"grants", "give", id, "--to", organisation, "--purpose", "education", "--category",
                               "school", "--for", "3m", "--by", "Sam", "--how", "ondertekend"})
                  .exit_code,
              0);
  }
  EXPECT_THAT(As("de-wissel", {"school", "reports", id}).out, HasSubstr("CLB Leuven"));
  const std::vector<std::string> report = {"school",    "report",          id,       "--desk",   "clb-leuven",
                                           "--trouble", "schoolweigering", "--text", "komt niet"};
  const std::string record = Json("de-wissel", report)["record"];
  EXPECT_THAT(As("de-wissel", report).err,
              AllOf(HasSubstr("al gemeld"), HasSubstr(record), HasSubstr("zet er dan --another bij")));
  const auto nowhere =
      As("de-wissel", {"school", "report", id, "--desk", "nergens", "--trouble", "refusal", "--text", "komt niet"});
  EXPECT_THAT(nowhere.err, AllOf(HasSubstr("niet gekend: nergens."), HasSubstr("schakel organisations")));
  EXPECT_THAT(As("de-wissel", {"trajectories", "close", id, "--copy", "taken", "--copy-offered", "meegegeven"}).err,
              AllOf(HasSubstr(record), HasSubstr("--unmet-why")));
  EXPECT_THAT(As("clb-leuven", {"school", "queue"}).out, AllOf(HasSubstr("schoolweigering"), HasSubstr("opnemen")));
  EXPECT_THAT(As("clb-leuven", {"inbox"}).out, HasSubstr("Schoolmelding"));
  EXPECT_EQ(As("clb-leuven", {"school", "step", record, "--step", "opgenomen"}).exit_code, 0);
  EXPECT_THAT(As("clb-leuven", {"school", "step", record, "--step", "doorverwezen"}).err, HasSubstr("naartoe"));
  leuven.region.clock.Advance(days(15));
  EXPECT_THAT(As("clb-leuven", {"inbox", "--role", "coordinator"}).out, HasSubstr("TE LANG OPEN"));
  const auto ended = As("clb-leuven", {"school", "step", record, "--step", "gecoacht", "--coach", "Jef"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(As("de-wissel", {"school", "show", record}).out, AllOf(HasSubstr("gecoacht"), HasSubstr("Jef")));
  EXPECT_THAT(As("clb-leuven", {"school", "queue"}).out, HasSubstr("geen schoolmelding"));
  EXPECT_THAT(As("clb-leuven", {"school", "board", "--role", "coordinator"}).out, HasSubstr("Minder dan 5"));
  const auto open_day = [&](const std::string& day) {
    return As("clb-leuven",
              {"school", "open-day-add", "--day", day, "--place", "Koïnoor", "--organiser", "Netwerk Leerrecht"});
  };
  EXPECT_EQ(open_day("2027-03-12").exit_code, 0);
  EXPECT_EQ(open_day("13/03/2027").exit_code, 0);
  EXPECT_THAT(As("clb-leuven", {"school", "open-days"}).out,
              AllOf(HasSubstr("2027-03-12 · Koïnoor"), HasSubstr("2027-03-13 · Koïnoor")));
  EXPECT_THAT(open_day("12/03/2020").err, AllOf(HasSubstr("al voorbij: --day"), HasSubstr("hint: Kies vandaag")));
  EXPECT_THAT(open_day("31/02/2027").err, AllOf(HasSubstr("--day"), HasSubstr("hint: Geef een dag: 14/03/2026.")));
  const auto day =
      As("clb-leuven", {"school", "open-day-add", "--day", "12/03/2027", "--place", "Koïnoor", "--organiser", "CLB"});
  EXPECT_EQ(day.exit_code, 0) << day.err;
  const auto published = As("clb-leuven", {"school", "board-publish", "--role", "coordinator"});
  EXPECT_EQ(published.exit_code, 0) << published.err;
  EXPECT_THAT(As("upc-leuven", {"school", "boards"}).out,
              AllOf(HasSubstr("CLB Leuven"), HasSubstr("2027-03-12 · Koïnoor")));
}

}  // namespace
}  // namespace schakel
