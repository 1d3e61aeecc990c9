// What is taken along of a trajectory, and that it is logged first.
#include "agents/exporting.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "agents/attachments.h"
#include "agents/dossier.h"
#include "api/exports.h"
#include "protocol/archive.h"
#include "protocol/crypto.h"
#include "protocol/verdict.h"
#include "services/journal.h"
#include "support/fhir_check.h"
#include "support/office.h"

namespace schakel {
namespace {

using schakel::test::FakeEngine;
using schakel::test::Leuven;
using std::chrono::hours;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct Bureau : test::Office {
  Bureau(Leuven& leuven, FakeEngine& engine_in)
      : Office(leuven.region, engine_in, "Nora"), exports(engine, cases, reading, leuven.region.clock) {}
  ExportService exports;
};

class ExportingTest : public ::testing::Test {
 protected:
  Leuven leuven;
  Bureau wissel{leuven, leuven.youth_care};
  Bureau upc{leuven, leuven.psychiatry};
  const Caller nora{{"Nora <b>Peeters</b>", StaffRole::kWorker}, ViewReason::kTask};
  const TrajectoryId trajectory = Opened();

  TrajectoryId Opened() {
    const auto id = wissel.trajectories.Open({"Sam <i>2010</i>", Module::kMobile, "aanmelding"}, Stage::kCapable, {})
                        .value()
                        .trajectory;
    EXPECT_TRUE(wissel.trajectories.Invite(id, upc.engine.Self(), {"", "welkom"}, std::nullopt, {}));
    EXPECT_TRUE(upc.trajectories.Join(id, {"we doen mee"}, {}));
    for (Bureau* bureau : {&wissel, &upc}) {
      GrantRequest request;
      request.trajectory = id;
      request.recipient = bureau->engine.Self();
      request.purposes = {Purpose::kCareCoordination, Purpose::kSafety};
      request.categories = {Category::kGoals, Category::kOwnVoice, Category::kAgreements};
      request.ends_at = leuven.region.clock.Now() + hours(24 * 90);
      request.consented_by = "Sam";
      request.how = "ondertekend";
      EXPECT_TRUE(wissel.grants.Give(request, nora, {}));
    }
    return id;
  }
  RecordId Note(Bureau& bureau, const std::string& title) {
    auto sent = bureau.content.Note(trajectory, {title, "woorden"}, Purpose::kCareCoordination, {Category::kGoals}, {});
    EXPECT_TRUE(sent) << ToText(sent.error());
    return sent ? sent->record : RecordId{};
  }
  CheckedArchive Checked(const Bytes& bytes) {
    const auto archive = DecodeArchive(bytes);
    EXPECT_TRUE(archive.has_value());
    auto checked = CheckArchive(*archive, leuven.region.verifier);
    EXPECT_TRUE(checked.has_value());
    return *checked;
  }
  static std::vector<std::string> TitlesIn(const CheckedArchive& checked) {
    std::vector<std::string> titles;
    for (const ArchivedRecord& one : checked.records) {
      if (!one.body) continue;
      const auto typed = DecodeBody(*one.body);
      const auto* note = typed ? std::get_if<NoteBody>(&*typed) : nullptr;
      if (note != nullptr) titles.push_back(note->title);
    }
    return titles;
  }
};

constexpr std::chrono::seconds kPatience{1};

TEST_F(ExportingTest, AnArchiveHoldsOwnAndReceivedRecordsAndWhatOpensThem) {
  const RecordId ours = Note(wissel, "van De Wissel");
  const RecordId theirs = Note(upc, "van het UPC");
  for (Bureau* bureau : {&wissel, &upc}) {
    const auto made = bureau->exports.MakeArchive(trajectory, nora, kPatience);
    ASSERT_TRUE(made) << ToText(made.error());
    const CheckedArchive checked = Checked(*made);
    EXPECT_TRUE(checked.doubts.empty());
    EXPECT_THAT(TitlesIn(checked), ::testing::ElementsAre("van De Wissel", "van het UPC"));
    for (const ArchivedRecord& one : checked.records) {
      ASSERT_TRUE(one.header.has_value());
      EXPECT_NE(one.header->kind, Kind::kViews);
      EXPECT_EQ(one.header->trajectory, trajectory);
    }
    // Who signed shows with the statements in it, and nobody else's are unknown.
    const auto archive = DecodeArchive(*made);
    EXPECT_FALSE(archive->evidence.statements.empty());
  }
  // Each look is logged, and so is that it was taken along.
  for (const RecordId& id : {ours, theirs}) {
    const auto& views = leuven.youth_care.views();
    EXPECT_NE(std::ranges::find(views, id, &View::record), views.end());
  }
  const auto acts = ActsOf(wissel.engine).value();
  ASSERT_FALSE(acts.empty());
  EXPECT_EQ(acts.back().what, Act::What::kExported);
  EXPECT_EQ(acts.back().about, "archive");
  EXPECT_EQ(acts.back().trajectory, trajectory);
}

TEST_F(ExportingTest, WhatIsSealedIsProvenWithoutItsWords) {
  Note(wissel, "nog even");
  const auto grants = wissel.cases.Trajectory(trajectory).value().grants;
  const auto to_upc = std::ranges::find_if(
      grants, [&](const CaseGrant& grant) { return grant.grant.terms.recipient == upc.engine.Self(); });
  ASSERT_TRUE(wissel.grants.Withdraw(to_upc->grant.id, {"Sam wil dit niet meer"}, {}));
  const auto made = upc.exports.MakeArchive(trajectory, nora, kPatience);
  ASSERT_TRUE(made) << ToText(made.error());
  const CheckedArchive checked = Checked(*made);
  EXPECT_TRUE(checked.doubts.empty());
  EXPECT_TRUE(TitlesIn(checked).empty());
  EXPECT_TRUE(std::ranges::any_of(checked.records, [](const ArchivedRecord& one) {
    return one.header && one.header->kind == Kind::kNote && !one.body;
  }));
  EXPECT_THAT(std::string(AsText(*made)), Not(HasSubstr("nog even")));
}

TEST_F(ExportingTest, WhoHasNoTaskThereTakesNothingAlong) {
  Note(wissel, "t");
  TaskService tasks(wissel.engine, leuven.region.clock);
  ASSERT_TRUE(tasks.Assign(trajectory, "Wim", {}, {"Karim", StaffRole::kCoordinator}));
  const std::size_t looks = leuven.youth_care.views().size();
  const auto made = wissel.exports.MakeArchive(trajectory, nora, kPatience);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().rule, "view.no_task");
  // Also where there is not a goal, an action or a referral to be seen.
  EXPECT_EQ(wissel.exports.MakePlan(trajectory, nora).error().rule, "view.no_task");
  EXPECT_EQ(wissel.exports.MakePaper(trajectory, nora).error().rule, "view.no_task");
  // Each attempt is one line, and none says that anything was taken along.
  const auto acts = ActsOf(wissel.engine).value();
  ASSERT_EQ(acts.size(), 3U);
  for (const Act& act : acts) {
    EXPECT_EQ(act.what, Act::What::kTurnedAway);
    EXPECT_EQ(act.trajectory, trajectory);
  }
  EXPECT_EQ(leuven.youth_care.views().size(), looks);
}

TEST_F(ExportingTest, WithoutTheHubNothingIsShownAndNothingLogged) {
  Note(wissel, "t");
  const std::size_t looks = leuven.youth_care.views().size();
  leuven.youth_care.GoOffline();
  const auto made = wissel.exports.MakeArchive(trajectory, nora, kPatience);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().rule, "hub.offline");
  EXPECT_EQ(leuven.youth_care.views().size(), looks);
  EXPECT_TRUE(ActsOf(wissel.engine).value().empty());
}

TEST_F(ExportingTest, OfAFileItsNameAndHashAreTakenAlongAndNotItsPieces) {
  AttachmentService attachments(wissel.engine, wissel.cases, wissel.reading, leuven.region.clock, leuven.region.random);
  const std::string bytes(3 * AttachmentService::kPieceBytes, 'x');
  UploadRequest request;
  request.trajectory = trajectory;
  request.name = "verslag.txt";
  request.size = bytes.size();
  request.categories = {Category::kGoals};
  const auto upload = attachments.Begin(request, nora.person.name);
  ASSERT_TRUE(upload) << ToText(upload.error());
  ASSERT_TRUE(attachments.Put(upload->id, nora.person.name, 0, AsBytes(bytes)));
  AttachmentService::Finishing finishing;
  finishing.sha256 = Sha256(AsBytes(bytes));
  const auto sent = attachments.Finish(upload->id, nora.person.name, finishing);
  ASSERT_TRUE(sent) << ToText(sent.error());
  for (Bureau* bureau : {&wissel, &upc}) {
    const auto made = bureau->exports.MakeArchive(trajectory, nora, kPatience);
    ASSERT_TRUE(made) << ToText(made.error());
    EXPECT_LT(made->size(), AttachmentService::kPieceBytes);
    const CheckedArchive checked = Checked(*made);
    EXPECT_TRUE(checked.doubts.empty());
    std::size_t files = 0;
    for (const ArchivedRecord& one : checked.records) {
      ASSERT_TRUE(one.header.has_value());
      EXPECT_NE(one.header->kind, Kind::kAttachmentChunk);
      if (one.header->kind != Kind::kAttachment) continue;
      ASSERT_TRUE(one.body.has_value());
      const auto typed = DecodeBody(*one.body).value();
      const auto* file = std::get_if<AttachmentBody>(&typed);
      ASSERT_NE(file, nullptr);
      EXPECT_EQ(file->name, "verslag.txt");
      EXPECT_TRUE(std::ranges::equal(file->sha256, finishing.sha256));
      ++files;
    }
    EXPECT_EQ(files, 1U);
  }
}

TEST_F(ExportingTest, OfWhatTheHubHasNotYetNoArchiveIsMade) {
  leuven.youth_care.GoOffline();
  const auto id = wissel.trajectories.Open({"Jef", Module::kMobile, "x"}, Stage::kCapable, {}).value().trajectory;
  const auto made = wissel.exports.MakeArchive(id, nora, kPatience);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().rule, "archive.empty");
  EXPECT_FALSE(made.error().next.empty());
  EXPECT_TRUE(ActsOf(wissel.engine).value().empty()) << "nothing was taken along";
}

// ---- On paper ----

TEST_F(ExportingTest, ThePaperHoldsTheWordsAndWhoWroteThem) {
  Note(wissel, "Slapen <script>alert(1)</script>");
  ASSERT_TRUE(wissel.content.AskForHelp(trajectory, {Speaker::kYoungPerson, "Sam", "Ik wil rust & \"ruimte\""}, {}));
  ASSERT_TRUE(upc.content.Agree(trajectory, {AgreementTopic::kRunningAway, "we bellen eerst", "016 00"}, {}));
  DossierService dossier(wissel.engine, wissel.cases);
  GoalBody goal;
  goal.text = "elke dag naar school";
  goal.owners = {wissel.engine.Self().value()};
  goal.begins_at = leuven.region.clock.Now();
  goal.ends_at = leuven.region.clock.Now() + hours(24 * 180);
  const auto set = dossier.SetGoal(trajectory, goal, {});
  ASSERT_TRUE(set) << ToText(set.error());
  ASSERT_TRUE(dossier.SayProgress(set->record, {GoalProgress::kStuck, "drie dagen gemist"}, {}));
  const auto paper = wissel.exports.MakePaper(trajectory, nora);
  ASSERT_TRUE(paper) << ToText(paper.error());
  const std::string html = RenderPaper(*paper, Language::kDutch);
  EXPECT_THAT(html, AllOf(HasSubstr("Slapen &lt;script&gt;"), HasSubstr("Ik wil rust &amp; &quot;ruimte&quot;"),
                          HasSubstr("we bellen eerst"), HasSubstr("UPC Leuven"), HasSubstr("elke dag naar school"),
                          HasSubstr("drie dagen gemist"), HasSubstr("zit vast"), HasSubstr("we doen mee")));
  EXPECT_THAT(html, AllOf(HasSubstr("Nora &lt;b&gt;Peeters&lt;/b&gt;"), HasSubstr(ToHex(paper->head.root)),
                          HasSubstr("schakel.test/leuven"), HasSubstr("@page { size: A4"), HasSubstr("@media print"),
                          HasSubstr("default-src 'none'"), HasSubstr("lang=\"nl\"")));
  for (const Language language : kLanguages) {
    const std::string page = RenderPaper(*paper, language);
    for (const char* part :
         {"<script", "src=", "href=", "url(", "@import", "<b>Peeters", "<i>2010", "paper.", "word.", "{who}", "{at}"}) {
      EXPECT_THAT(page, Not(HasSubstr(part))) << part;
    }
  }
}

TEST_F(ExportingTest, WhatIsPrintedWasLoggedAsALook) {
  const RecordId note = Note(upc, "van het UPC");
  ASSERT_TRUE(wissel.exports.MakePaper(trajectory, nora));
  const auto& views = leuven.youth_care.views();
  EXPECT_NE(std::ranges::find(views, note, &View::record), views.end());
  const auto acts = ActsOf(wissel.engine).value();
  EXPECT_EQ(acts.back().what, Act::What::kExported);
  EXPECT_EQ(acts.back().about, "dossier");
  TaskService tasks(wissel.engine, leuven.region.clock);
  ASSERT_TRUE(tasks.Assign(trajectory, "Wim", {}, {"Karim", StaffRole::kCoordinator}));
  EXPECT_EQ(wissel.exports.MakePaper(trajectory, nora).error().rule, "view.no_task");
}

TEST_F(ExportingTest, WhoHasNoTaskTakesAlongNoPlanAlsoWhereThereIsNothingInIt) {
  TaskService tasks(wissel.engine, leuven.region.clock);
  ASSERT_TRUE(wissel.exports.MakePlan(trajectory, nora));
  ASSERT_TRUE(tasks.Assign(trajectory, "Wim", {}, {"Karim", StaffRole::kCoordinator}));
  EXPECT_EQ(wissel.exports.MakePlan(trajectory, nora).error().rule, "view.no_task");
  EXPECT_EQ(ActsOf(wissel.engine).value().back().what, Act::What::kTurnedAway);
}

TEST_F(ExportingTest, WhatWasTakenBackIsNamedWithoutItsWords) {
  Note(wissel, "nog even");
  const auto grants = wissel.cases.Trajectory(trajectory).value().grants;
  const auto to_upc = std::ranges::find_if(
      grants, [&](const CaseGrant& grant) { return grant.grant.terms.recipient == upc.engine.Self(); });
  ASSERT_TRUE(wissel.grants.Withdraw(to_upc->grant.id, {"Sam wil dit niet meer"}, {}));
  const auto paper = upc.exports.MakePaper(trajectory, nora);
  ASSERT_TRUE(paper) << ToText(paper.error());
  const std::string html = RenderPaper(*paper, Language::kDutch);
  EXPECT_THAT(html, Not(HasSubstr("nog even")));
  EXPECT_THAT(html, Not(HasSubstr("Sam wil dit niet meer")));
  EXPECT_THAT(html, HasSubstr("Notitie van De Wissel"));
}

// ---- For another program ----

TEST_F(ExportingTest, TheBundleIsWhatFhirSaysAndItsReferencesResolve) {
  DossierService dossier(wissel.engine, wissel.cases);
  const Timestamp now = leuven.region.clock.Now();
  const auto set = [&](const std::string& text, Timestamp begins_at) {
    GoalBody goal{text, {"de-wissel", "upc-leuven"}, "", begins_at, begins_at + hours(24 * 180)};
    const auto sent = dossier.SetGoal(trajectory, goal, {});
    EXPECT_TRUE(sent) << ToText(sent.error());
    return sent->record;
  };
  ASSERT_TRUE(dossier.SayProgress(set("rustiger slapen", now), {GoalProgress::kStuck, "nog niet"}, {}));
  ASSERT_TRUE(dossier.Review(set("terug naar school", now), {GoalFound::kReached, "gelukt"}, {}));
  set("later", now + hours(24 * 30));
  const auto act = [&](const char* owner) {
    const auto sent = dossier.AddAction(trajectory, {"belt de school", owner, "Nora", now + hours(72)}, {});
    EXPECT_TRUE(sent) << ToText(sent.error());
    return sent->record;
  };
  ASSERT_TRUE(dossier.Done(act("de-wissel"), {true, "gebeld"}, {}));
  act("upc-leuven");
  Note(wissel, "GEHEIM");
  const auto paper = wissel.exports.MakePlan(trajectory, nora);
  ASSERT_TRUE(paper) << ToText(paper.error());
  const nlohmann::json bundle =
      nlohmann::json::parse(PlanBundle(*paper, ExportNames(wissel.engine, Language::kDutch), now).dump());
  EXPECT_THAT(schakel::test::CheckFhirBundle(bundle), ::testing::IsEmpty());
  EXPECT_THAT(bundle.dump(), AllOf(Not(HasSubstr("GEHEIM")), Not(HasSubstr("2010")), Not(HasSubstr("Nora"))));
  std::map<std::string, std::vector<nlohmann::json>> by_type;
  for (const auto& entry : bundle["entry"]) {
    by_type[entry["resource"]["resourceType"].get<std::string>()].push_back(entry["resource"]);
  }
  EXPECT_EQ(by_type["Patient"].size(), 1U);
  EXPECT_EQ(by_type["Organization"].size(), 2U);
  ASSERT_EQ(by_type["CareTeam"].size(), 1U);
  EXPECT_EQ(by_type["CareTeam"][0]["participant"][0]["role"][0]["coding"][0]["code"], "lead");
  EXPECT_EQ(by_type["CareTeam"][0]["participant"][1]["member"]["display"], "UPC Leuven");
  ASSERT_EQ(by_type["Goal"].size(), 3U);
  EXPECT_EQ(by_type["Goal"][0]["lifecycleStatus"], "active");
  EXPECT_EQ(by_type["Goal"][0]["achievementStatus"]["coding"][0]["code"], "no-change");
  EXPECT_EQ(by_type["Goal"][0]["extension"].size(), 2U);
  EXPECT_EQ(by_type["Goal"][1]["lifecycleStatus"], "completed");
  EXPECT_EQ(by_type["Goal"][1]["achievementStatus"]["coding"][0]["code"], "achieved");
  EXPECT_EQ(by_type["Goal"][2]["lifecycleStatus"], "accepted");
  ASSERT_EQ(by_type["Task"].size(), 2U);
  EXPECT_EQ(by_type["Task"][0]["status"], "completed");
  EXPECT_EQ(by_type["Task"][1]["status"], "requested");
  EXPECT_EQ(by_type["Task"][1]["restriction"]["period"]["end"], ToText(now + hours(72)));
  EXPECT_EQ(ActsOf(wissel.engine).value().back().about, "fhir");
}

}  // namespace
}  // namespace schakel
