#include "agents/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "agents/i18n.h"
#include "protocol/crypto.h"
#include "services/exceptions.h"
#include "services/journal.h"
#include "support/office.h"

namespace schakel {
namespace {

using schakel::test::FakeEngine;
using schakel::test::Leuven;
using std::chrono::hours;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

TEST(Report, WhoIsToldWhatOfARecord) {
  struct Case {
    const char* name;
    Exception exception;
    bool here;
    Shown young_person;
    Shown confidant;
  };
  const Case cases[] = {
      {"none", Exception::kNone, true, Shown::kWhole, Shown::kWhole},
      {"confidential", Exception::kConfidential, true, Shown::kHeld, Shown::kHeld},
      {"third party", Exception::kThirdParty, true, Shown::kHeld, Shown::kHeld},
      {"court", Exception::kCourt, true, Shown::kHeld, Shown::kHeld},
      {"agogic", Exception::kAgogic, true, Shown::kHeld, Shown::kWhole},
      {"not here", Exception::kNone, false, Shown::kUnknown, Shown::kUnknown},
      {"not here, agogic", Exception::kAgogic, false, Shown::kUnknown, Shown::kUnknown},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(ShownTo(Edition::kYoungPerson, c.here, c.exception), c.young_person);
    EXPECT_EQ(ShownTo(Edition::kConfidant, c.here, c.exception), c.confidant);
  }
}

struct Office : test::Office {
  Office(Leuven& leuven, FakeEngine& engine_in)
      : test::Office(leuven.region, engine_in, "Nora"), report(engine, cases, audit, reading, leuven.region.clock) {}
  ReportService report;
};

class ReportTest : public ::testing::Test {
 protected:
  Leuven leuven;
  Office wissel{leuven, leuven.youth_care};
  Office upc{leuven, leuven.psychiatry};
  const Caller nora{{"Nora <b>Peeters</b>", StaffRole::kWorker}, ViewReason::kTask};
  const TrajectoryId trajectory = Opened();

  TrajectoryId Opened() {
    const auto id =
        wissel.trajectories.Open({"Sam (2010)", Module::kMobile, "aanmelding"}, Stage::kCapable, {}).value().trajectory;
    EXPECT_TRUE(wissel.trajectories.Invite(id, upc.engine.Self(), {"", "welkom"}, std::nullopt, {}));
    EXPECT_TRUE(upc.trajectories.Join(id, {"ja"}, {}));
    for (Office* office : {&wissel, &upc}) {
      GrantRequest request;
      request.trajectory = id;
      request.recipient = office->engine.Self();
      request.purposes = {Purpose::kCareCoordination};
      request.categories = {Category::kGoals, Category::kHealth, Category::kFamily};
      request.ends_at = leuven.region.clock.Now() + hours(24 * 90);
      request.consented_by = "Sam";
      request.how = "ondertekend";
      EXPECT_TRUE(wissel.grants.Give(request, nora, {}));
    }
    return id;
  }
  RecordId Note(Office& office, const std::string& title, Category category, const Marking& marking = {}) {
    auto sent = office.content.Note(trajectory, {title, ""}, Purpose::kCareCoordination, {category}, {}, marking);
    EXPECT_TRUE(sent) << ToText(sent.error());
    return sent ? sent->record : RecordId{};
  }
  static Marking Mark(Exception exception) { return {exception, "na overleg met het team"}; }
  std::vector<ReportFile> Made(Office& office, Edition edition) {
    auto files = office.report.Make(trajectory, edition, nora, std::chrono::seconds(1));
    EXPECT_TRUE(files) << ToText(files.error());
    return files ? *files : std::vector<ReportFile>(3);
  }
  // What happened, without the agreements, which name all that may be shared.
  static std::string DaysOf(const std::string& html) {
    const std::size_t first = html.find("Dag na dag");
    return html.substr(first, html.find("<h2>De afspraken") - first);
  }
  Exception Of(Office& office, const RecordId& id) {
    const auto all = ExceptionsOf(office.engine, trajectory);
    auto found = all.find(id);
    EXPECT_NE(found, all.end());
    return found == all.end() ? Exception::kNone : found->second;
  }
};

// ---- Marks ----

TEST_F(ReportTest, ARecordIsMarkedWhenItIsWrittenAndReadsAsAnyOther) {
  const RecordId note = Note(wissel, "Slapen", Category::kGoals, Mark(Exception::kAgogic));
  for (Office* office : {&wissel, &upc}) {
    EXPECT_EQ(Of(*office, note), Exception::kAgogic);
    const auto shown = office->reading.Show({note}, nora).value().front();
    ASSERT_TRUE(shown.body);
    EXPECT_EQ(std::get<NoteBody>(*shown.body).title, "Slapen");
    EXPECT_EQ(shown.exception, Exception::kAgogic);
  }
}

TEST_F(ReportTest, ALaterMarkCountsAndTheLastOneMost) {
  const RecordId note = Note(wissel, "Slapen", Category::kGoals);
  EXPECT_EQ(Of(upc, note), Exception::kNone);
  ASSERT_TRUE(wissel.content.Mark(note, Mark(Exception::kThirdParty), {}));
  EXPECT_EQ(Of(upc, note), Exception::kThirdParty);
  ASSERT_TRUE(wissel.content.Mark(note, Mark(Exception::kNone), {}));
  EXPECT_EQ(Of(upc, note), Exception::kNone);
  const RecordId marked = Note(wissel, "Thuis", Category::kGoals, Mark(Exception::kCourt));
  ASSERT_TRUE(wissel.content.Mark(marked, Mark(Exception::kNone), {}));
  EXPECT_EQ(Of(wissel, marked), Exception::kNone);
}

TEST_F(ReportTest, OnlyTheAuthorsMarkCounts) {
  const RecordId note = Note(wissel, "Slapen", Category::kGoals, Mark(Exception::kConfidential));
  EXPECT_EQ(upc.content.Mark(note, Mark(Exception::kNone), {}).error().rule, "mark.author");
  // Said all the same, by a program that is not ours.
  Draft draft;
  draft.kind = Kind::kExceptionMark;
  draft.trajectory = trajectory;
  draft.categories = {Category::kGoals};
  draft.references = {note};
  draft.body = EncodeBody(MarkedBody{Exception::kNone, "toch", 0, 1, {}}).value();
  draft.recipients = {wissel.engine.Self()};
  ASSERT_TRUE(upc.engine.Say(draft));
  EXPECT_EQ(Of(wissel, note), Exception::kConfidential);
}

TEST_F(ReportTest, WhatIsSharedAgainKeepsItsException) {
  Audience to_upc;
  to_upc.named = {upc.engine.Self()};
  const RecordId inside = Note(wissel, "Slapen", Category::kGoals, Mark(Exception::kAgogic));
  EXPECT_EQ(Of(upc, wissel.content.ShareAgain(inside, to_upc).value().record), Exception::kAgogic);
  const RecordId later = Note(wissel, "Thuis", Category::kGoals);
  const RecordId again = wissel.content.ShareAgain(later, to_upc).value().record;
  ASSERT_TRUE(wissel.content.Mark(later, Mark(Exception::kCourt), {}));
  EXPECT_EQ(Of(wissel, again), Exception::kCourt);
}

TEST_F(ReportTest, AMarkSaysWhyAndIsOfContent) {
  const RecordId note = Note(wissel, "Slapen", Category::kGoals);
  EXPECT_EQ(wissel.content.Mark(note, {Exception::kAgogic, " "}, {}).error().rule, "body.required");
  const RecordId opening = wissel.cases.Trajectory(trajectory).value().opening;
  EXPECT_EQ(wissel.content.Mark(opening, Mark(Exception::kAgogic), {}).error().rule, "mark.kind");
}

TEST_F(ReportTest, ABodyThatIsNewerThanThisProgramIsHeldBack) {
  Draft draft;
  draft.kind = Kind::kNote;
  draft.trajectory = trajectory;
  draft.categories = {Category::kGoals};
  draft.body = {MarkedBody::kType, 2, {1, 2, 3}};
  const RecordId id = wissel.engine.Say(draft).value();
  EXPECT_FALSE(ExceptionsOf(wissel.engine, trajectory).contains(id));
}

// ---- The report ----

TEST_F(ReportTest, TheYoungPersonSeesThatSomethingIsHeldBackAndNotItsKind) {
  Note(wissel, "OPENLIJK", Category::kGoals);
  // A category of its own, so that it shows if a kind or what it is about slips through.
  Note(wissel, "VERTROUWD", Category::kHealth, Mark(Exception::kConfidential));
  Note(wissel, "DERDE", Category::kHealth, Mark(Exception::kThirdParty));
  Note(wissel, "GERECHT", Category::kHealth, Mark(Exception::kCourt));
  Note(wissel, "AGOGISCH", Category::kHealth, Mark(Exception::kAgogic));
  const std::string html = Made(wissel, Edition::kYoungPerson)[0].bytes;
  const std::string days = DaysOf(html);
  EXPECT_THAT(days, HasSubstr("een notitie (over doelen"));
  EXPECT_THAT(days, Not(HasSubstr("lichamelijke gezondheid")));
  for (const char* slug : {"confidential", "third-party", "court", "agogic"}) {
    EXPECT_THAT(days, HasSubstr(Phrase(Language::kDutch, std::string("report.held.") + slug).substr(0, 30))) << slug;
  }
  for (const char* words : {"OPENLIJK", "VERTROUWD", "DERDE", "GERECHT", "AGOGISCH", "Sam (2010)", "ondertekend"}) {
    EXPECT_THAT(html, Not(HasSubstr(words)));
  }
}

TEST_F(ReportTest, TheConfidantSeesTheAgogicOneAndNotTheOtherThree) {
  Note(wissel, "a", Category::kHealth, Mark(Exception::kAgogic));
  for (const Exception one : {Exception::kConfidential, Exception::kThirdParty, Exception::kCourt}) {
    Note(wissel, "x", Category::kFamily, Mark(one));
  }
  const std::string days = DaysOf(Made(wissel, Edition::kConfidant)[0].bytes);
  EXPECT_THAT(days, AllOf(HasSubstr("een notitie (over lichamelijke gezondheid"), HasSubstr("Agogische exceptie")));
  EXPECT_THAT(days, Not(HasSubstr("gezin en netwerk")));
}

TEST_F(ReportTest, TheFileBesideItVerifiesAndTellsNoMoreThanThePaper) {
  const RecordId open = Note(wissel, "a", Category::kGoals);
  const RecordId held = Note(wissel, "b", Category::kHealth, Mark(Exception::kCourt));
  const auto files = Made(wissel, Edition::kYoungPerson);
  ASSERT_THAT(files, SizeIs(4));
  const Evidence evidence = DecodeEvidence(AsBytes(files[3].bytes)).value();
  const auto checked = CheckEvidence(evidence, leuven.region.verifier);
  ASSERT_TRUE(checked) << ToText(checked.error());
  EXPECT_TRUE(CheckWhole(checked->entries));
  std::set<RecordId> headers;
  std::size_t handed_over = 0;
  for (const Entry& entry : checked->entries) {
    if (const auto* record = std::get_if<RecordEntry>(&entry.body)) {
      headers.insert(DecodeHeader(record->header).value().id);
    }
    if (const auto* delivery = std::get_if<DeliveryEntry>(&entry.body)) handed_over += delivery->record == held ? 1 : 0;
  }
  EXPECT_TRUE(headers.contains(open));
  EXPECT_FALSE(headers.contains(held)) << "its header says what kind it is";
  EXPECT_EQ(handed_over, 1U) << "that it was handed over is proven";
  EXPECT_THAT(files[0].bytes, HasSubstr(ToHex(Sha256(AsBytes(files[3].bytes)))));
}

TEST_F(ReportTest, ItIsOnePageWithAllItNeedsInside) {
  Note(wissel, "a", Category::kGoals);
  ASSERT_TRUE(wissel.reading.Show({Note(wissel, "b", Category::kGoals)}, nora));
  const auto files = Made(wissel, Edition::kYoungPerson);
  for (const ReportFile& file : {files[0], files[1]}) {
    for (const char* part : {"<script", "src=", "href=", "url(", "@import", "<b>Peeters"}) {
      EXPECT_THAT(file.bytes, Not(HasSubstr(part))) << file.name;
    }
    EXPECT_THAT(file.bytes, AllOf(HasSubstr("@page { size: A4"), HasSubstr("Nora &lt;b&gt;Peeters&lt;/b&gt;")));
    EXPECT_THAT(file.bytes, Not(HasSubstr("report."))) << "a text is missing";
    EXPECT_THAT(file.bytes, Not(HasSubstr("{who}")));
  }
  EXPECT_THAT(files[0].bytes, AllOf(HasSubstr("lang=\"nl\""), HasSubstr("Wie zag mij?")));
  EXPECT_THAT(files[1].bytes, AllOf(HasSubstr("lang=\"en\""), HasSubstr("Who saw me?")));
}

TEST_F(ReportTest, WhereTheRegionSaysSoRolesStandForNames) {
  ASSERT_TRUE(wissel.reading.Show({Note(wissel, "a", Category::kGoals)}, nora));
  EXPECT_THAT(Made(wissel, Edition::kYoungPerson)[0].bytes, HasSubstr("Nora"));
  RulesStatement rules;
  rules.rules.names_by_role = true;
  rules.issued_at = leuven.region.clock.Now();
  leuven.region.Apply(rules);
  const std::string html = Made(wissel, Edition::kYoungPerson)[0].bytes;
  EXPECT_THAT(html, Not(HasSubstr("Nora")));
  EXPECT_THAT(html, HasSubstr("Iemand van De Wissel"));
}

TEST_F(ReportTest, MakingItIsItselfLogged) {
  const std::size_t before = leuven.youth_care.views().size();
  Made(wissel, Edition::kConfidant);
  ASSERT_GT(leuven.youth_care.views().size(), before);
  EXPECT_EQ(leuven.youth_care.views().back().reason, ViewReason::kSubjectRequest);
  const auto acts = ActsOf(wissel.engine).value();
  const auto made = std::ranges::find(acts, Act::What::kReported, &Act::what);
  ASSERT_NE(made, acts.end());
  EXPECT_EQ(made->about, "confidant");
  EXPECT_EQ(made->person.name, nora.person.name);
  EXPECT_THAT(Made(wissel, Edition::kYoungPerson)[0].bytes, HasSubstr("u (of uw vertrouwenspersoon) dit blad vroeg"));
}

TEST_F(ReportTest, WhoMayNotAskMakesNone) {
  TaskService tasks(wissel.engine, leuven.region.clock);
  ASSERT_TRUE(tasks.Assign(trajectory, "Wim", {}, {"Karim", StaffRole::kCoordinator}));
  const auto made = wissel.report.Make(trajectory, Edition::kYoungPerson, nora, std::chrono::seconds(1));
  EXPECT_EQ(made.error().rule, "audit.task");
}

TEST_F(ReportTest, APartnersPaperSaysThatItIsNotAll) {
  Note(wissel, "a", Category::kGoals);
  EXPECT_THAT(Made(upc, Edition::kYoungPerson)[0].bytes, HasSubstr("Vraag het volledige blad aan De Wissel"));
  EXPECT_THAT(Made(wissel, Edition::kYoungPerson)[0].bytes, Not(HasSubstr("Vraag het volledige blad")));
}

// What it does not know is not said to be nothing.
TEST_F(ReportTest, APartnersPaperStatesNoFactsOfWhatOthersGot) {
  const auto brief = [&](Office& office, Edition edition, std::size_t file, const char* days) {
    const std::string html = Made(office, edition)[file].bytes;
    return html.substr(0, html.find(days));
  };
  const char* const absolute[] = {"Geen enkele andere organisatie", "Er werd 0 keer", "Er moest niets worden"};
  const auto says_one = [&](const std::string& html) {
    return std::ranges::any_of(absolute, [&](const char* fact) { return html.contains(fact); });
  };
  EXPECT_TRUE(says_one(brief(wissel, Edition::kYoungPerson, 0, "Dag na dag"))) << "who leads knows";
  for (const Edition edition : {Edition::kYoungPerson, Edition::kConfidant}) {
    const std::string html = brief(upc, edition, 0, "Dag na dag");
    EXPECT_FALSE(says_one(html)) << html;
    EXPECT_THAT(html, HasSubstr("alleen wat UPC Leuven zelf weet"));
    EXPECT_THAT(html, HasSubstr("UPC Leuven weet niet of andere organisaties stukken over"));
    EXPECT_THAT(html, HasSubstr("UPC Leuven weet van niets dat volgens de regels geweigerd werd."));
  }
  Note(wissel, "a", Category::kGoals);
  EXPECT_THAT(brief(upc, Edition::kYoungPerson, 0, "Dag na dag"),
              AllOf(HasSubstr("Eén organisatie kreeg stukken over u: UPC Leuven."),
                    HasSubstr("UPC Leuven weet niet of nog andere organisaties iets kregen.")));
  EXPECT_THAT(brief(upc, Edition::kYoungPerson, 1, "Day by day"),
              HasSubstr("UPC Leuven does not know whether yet other organisations got something."));
}

TEST_F(ReportTest, APartnersPaperNamesWhatItGotAndFromWhom) {
  Note(wissel, "a", Category::kGoals);
  const RecordId held = Note(wissel, "b", Category::kHealth, Mark(Exception::kCourt));
  const auto files = Made(upc, Edition::kYoungPerson);
  const std::string days = DaysOf(files[0].bytes);
  EXPECT_THAT(days, HasSubstr("<strong>UPC Leuven</strong> kreeg van De Wissel een notitie (over doelen"));
  EXPECT_THAT(days, HasSubstr("<strong>UPC Leuven</strong> kreeg van De Wissel een uitnodiging om mee te werken."));
  EXPECT_THAT(days, HasSubstr("<strong>UPC Leuven</strong> kreeg van De Wissel iets wat we hier niet tonen."));
  EXPECT_THAT(days, Not(HasSubstr("lichamelijke gezondheid"))) << ToText(held);
  EXPECT_THAT(files[0].bytes, HasSubstr("Eén organisatie kreeg stukken over u: UPC Leuven."));
  for (const ReportFile& file : {files[0], files[1]}) {
    EXPECT_THAT(file.bytes, AllOf(Not(HasSubstr(" van .")), Not(HasSubstr(" from .")))) << file.name;
    EXPECT_THAT(file.bytes, AllOf(Not(HasSubstr("kreeg het dossier")), Not(HasSubstr("got the file")))) << file.name;
  }
}

TEST_F(ReportTest, WhatIsNotHereIsToldWithoutWhoWroteIt) {
  ReportModel model;
  model.maker = upc.engine.Self();
  ReportModel::Line line;
  line.what = AccessRow::What::kHandedOver;
  line.who = {upc.engine.Self()};
  line.item = ReportModel::Item{};
  model.lines = {line};
  line.what = AccessRow::What::kWithheld;
  model.lines.push_back(line);
  const std::string days = DaysOf(RenderReport(model, Language::kDutch));
  EXPECT_THAT(days, HasSubstr("kreeg iets waarvan wij niet weten wat het is."));
  EXPECT_THAT(days, HasSubstr("kreeg iets waarvan wij niet weten wat het is niet."));
}

TEST_F(ReportTest, BasicDataOnWrittenRequestIsNoDecisionOfAJudge) {
  ReportModel model;
  model.maker = upc.engine.Self();
  ReportModel::Line line;
  line.what = AccessRow::What::kHandedOver;
  line.who = {upc.engine.Self()};
  line.item = ReportModel::Item{};
  line.item->kind = Kind::kGrantGive;
  line.item->shown = Shown::kWhole;
  line.item->basis = Basis::kCourtMandate;
  model.lines = {line};
  EXPECT_THAT(DaysOf(RenderReport(model, Language::kDutch)), HasSubstr("de rechter besliste"));
  model.lines[0].item->on_written_request = true;
  EXPECT_THAT(DaysOf(RenderReport(model, Language::kDutch)),
              AllOf(HasSubstr("op haar schriftelijke vraag"), Not(HasSubstr("de rechter besliste"))));
}

TEST_F(ReportTest, AnAgreementThatDoesNotCountIsNotSaidToLast) {
  GrantRequest request;
  request.trajectory = trajectory;
  request.recipient = upc.engine.Self();
  request.purposes = {Purpose::kSafety};
  request.categories = {Category::kGoals};
  request.ends_at = leuven.region.clock.Now() + hours(24);
  request.grantor = Grantor::kFirstParent;
  request.consented_by = "moeder";
  request.how = "ondertekend";
  ASSERT_TRUE(wissel.grants.Give(request, nora, {}));
  request.grantor.reset();
  request.basis = Basis::kEmergency;
  request.reason = "weggelopen";
  const auto emergency = wissel.grants.Give(request, nora, {});
  ASSERT_TRUE(emergency) << ToText(emergency.error());
  ASSERT_TRUE(wissel.grants.Review(emergency->record, ReviewOutcome::kUnjustified, {"geen gevaar"}, {}));
  const std::string html = Made(wissel, Edition::kYoungPerson)[0].bytes;
  EXPECT_THAT(html, AllOf(HasSubstr("telt nu niet (wacht op de jongere zelf)"),
                          HasSubstr("achteraf niet verantwoord gevonden, en vervallen")));
}

TEST_F(ReportTest, WhatHoldsWithoutConsentIsSaidToDoSo) {
  GrantRequest request;
  request.trajectory = trajectory;
  request.recipient = upc.engine.Self();
  request.purposes = {Purpose::kSafety};
  request.categories = {Category::kSafety};
  request.ends_at = leuven.region.clock.Now() + hours(24);
  request.basis = Basis::kEmergency;
  request.reason = "weggelopen";
  ASSERT_TRUE(wissel.grants.Give(request, nora, {}));
  const auto sent = wissel.content.Note(trajectory, {"t", ""}, Purpose::kSafety, {Category::kSafety}, {});
  ASSERT_TRUE(sent) << ToText(sent.error());
  const std::string html = Made(wissel, Edition::kYoungPerson)[0].bytes;
  const std::string days = DaysOf(html);
  EXPECT_THAT(days, HasSubstr("kreeg van De Wissel het bericht dat er in een noodtoestand gegevens over u gedeeld "
                              "mochten worden, zonder uw toestemming."));
  EXPECT_THAT(days, HasSubstr("kreeg van De Wissel een toestemming.")) << "the other is one";
  EXPECT_THAT(days, HasSubstr("Zonder uw toestemming. Bij de afspraken"));
  const std::size_t note = days.find("(over veiligheid");
  ASSERT_NE(note, std::string::npos);
  EXPECT_THAT(days.substr(note), HasSubstr("Zonder uw toestemming."));
}

TEST_F(ReportTest, WhoGotOnlyMessagesIsNotSaidToHaveGotNothing) {
  const std::string html = Made(wissel, Edition::kYoungPerson)[0].bytes;
  EXPECT_THAT(html, AllOf(HasSubstr("Geen enkele andere organisatie kreeg een stuk uit uw dossier."),
                          HasSubstr("kregen ook berichten: UPC Leuven. Ook daarin kunnen woorden over u staan")));
}

TEST_F(ReportTest, WhoReadsNoWordsIsNotSaidToHaveGotAny) {
  const CategorySet goals = {Category::kGoals};
  leuven.region.SetCeilings(
      {{ParseSector("youth-care").value(), goals, false}, {ParseSector("psychiatry").value(), goals, true}});
  const auto files = Made(wissel, Edition::kYoungPerson);
  EXPECT_THAT(files[0].bytes,
              AllOf(HasSubstr("zonder de woorden, hoorden: UPC Leuven."), Not(HasSubstr("kregen ook berichten"))));
  EXPECT_THAT(files[1].bytes, HasSubstr("without their words, was told to: UPC Leuven."));
}

TEST_F(ReportTest, WhatIsSharedAgainIsCalledWhatItWas) {
  Audience to_upc;
  to_upc.named = {upc.engine.Self()};
  const RecordId note = Note(wissel, "Thuis", Category::kGoals);
  ASSERT_TRUE(wissel.content.ShareAgain(note, to_upc));
  EXPECT_THAT(DaysOf(Made(wissel, Edition::kYoungPerson)[0].bytes),
              HasSubstr("een stuk van vroeger, namelijk een notitie (over doelen)"));
}

TEST_F(ReportTest, TheConfidantIsNotSpokenToAsTheYoungPerson) {
  Note(wissel, "a", Category::kGoals);
  ASSERT_TRUE(wissel.reading.Show({Note(wissel, "b", Category::kGoals, Mark(Exception::kCourt))}, nora));
  const auto files = Made(wissel, Edition::kConfidant);
  for (const char* words : {" jou", " je ", "Je ", "jij ", " over u ", " rond u ", " uw "})
    EXPECT_THAT(files[0].bytes, Not(HasSubstr(words))) << words;
  EXPECT_THAT(files[0].bytes,
              AllOf(HasSubstr("kreeg stukken over de jongere"), HasSubstr("<h2>Wat dit blad niet toont</h2>")));
  EXPECT_THAT(files[1].bytes, Not(ContainsRegex("about you[^a-z]")));
}

TEST_F(ReportTest, AClockThatRunsAheadPutsNoLookUnderTomorrow) {
  const RecordId note = Note(wissel, "a", Category::kGoals);
  Draft draft;
  draft.kind = Kind::kViews;
  draft.trajectory = trajectory;
  const Timestamp ahead = leuven.region.clock.Now() + hours(24);
  draft.control = Views{{{note, upc.engine.PseudonymOf("dokter Claes"), StaffRole::kWorker, ViewReason::kTask, ahead}}};
  ASSERT_TRUE(upc.engine.Say(draft));
  const std::string days = DaysOf(Made(wissel, Edition::kYoungPerson)[0].bytes);
  EXPECT_THAT(days, HasSubstr("bekeek een notitie"));
  EXPECT_THAT(days, AllOf(HasSubstr("23/11/2026"), Not(HasSubstr("24/11/2026"))));
}

TEST_F(ReportTest, ThatSomethingHadBeenLockedIsTold) {
  const RecordId note = Note(wissel, "a", Category::kGoals);
  const auto grants = wissel.cases.Trajectory(trajectory).value().grants;
  const auto to_upc = std::ranges::find_if(
      grants, [&](const CaseGrant& grant) { return grant.grant.terms.recipient == upc.engine.Self(); });
  ASSERT_NE(to_upc, grants.end());
  const Person auditor{"Els", StaffRole::kAuditor};
  ASSERT_TRUE(upc.reading.Show({note}, {auditor, ViewReason::kAudit}));
  leuven.region.clock.Advance(std::chrono::minutes(1));
  ASSERT_TRUE(wissel.grants.Withdraw(to_upc->grant.id, {"Sam wil dit niet meer"}, {}));
  leuven.psychiatry.AnswerForWhatWasTakenBack();
  leuven.region.clock.Advance(std::chrono::minutes(1));
  ASSERT_TRUE(upc.engine.Unseal(note, auditor, "klacht van de ouders", std::chrono::seconds(1)));
  const std::string at_lead = DaysOf(Made(wissel, Edition::kYoungPerson)[0].bytes);
  EXPECT_THAT(at_lead, AllOf(HasSubstr("bekeek een notitie"), HasSubstr("opende een notitie (over doelen"),
                             HasSubstr("Dat lag op slot.")))
      << "before and after";
  const std::string at_upc = DaysOf(Made(upc, Edition::kYoungPerson)[0].bytes);
  EXPECT_THAT(at_upc, HasSubstr("Dat lag op slot."));
  EXPECT_THAT(at_upc, Not(HasSubstr("klacht van de ouders"))) << "it holds no words";
}

TEST_F(ReportTest, AReceiptIsToldAsWhatItIs) {
  ReportModel model;
  ReportModel::Line line;
  line.what = AccessRow::What::kHandedOver;
  line.who = {wissel.engine.Self()};
  line.item = ReportModel::Item{};
  line.item->author = upc.engine.Self();
  line.item->shown = Shown::kWhole;
  for (const Kind kind : {Kind::kGrantReceipt, Kind::kEraseReceipt}) {
    line.item->kind = kind;
    model.lines.push_back(line);
  }
  const std::string days = DaysOf(RenderReport(model, Language::kDutch));
  EXPECT_THAT(days, HasSubstr("upc-leuven meldde aan <strong>de-wissel</strong> wat er gebeurde"));
  EXPECT_THAT(days, HasSubstr("upc-leuven meldde aan <strong>de-wissel</strong> dat ze dit dossier vernietigd heeft"));
  EXPECT_THAT(days, Not(HasSubstr("een bericht")));
}

TEST_F(ReportTest, WhatOneDidSeveralTimesOnOneDayIsOneLine) {
  const RecordId goals = Note(wissel, "a", Category::kGoals);
  const RecordId health = Note(wissel, "b", Category::kHealth);
  const RecordId held = Note(wissel, "c", Category::kFamily, Mark(Exception::kCourt));
  const auto look = [&](const RecordId& note, const std::string& person) {
    leuven.region.clock.Advance(hours(1));
    ASSERT_TRUE(wissel.reading.Show({note}, {{person, StaffRole::kWorker}, ViewReason::kTask}));
  };
  for (const RecordId& note : {goals, health, held, goals}) look(note, "Wim");
  look(goals, "Els");
  leuven.region.clock.Advance(hours(24));
  look(goals, "Wim");
  const std::string days = DaysOf(Made(wissel, Edition::kYoungPerson)[0].bytes);
  const auto count = [&](std::string_view words) {
    std::size_t found = 0;
    for (std::size_t at = days.find(words); at != std::string::npos; at = days.find(words, at + 1)) ++found;
    return found;
  };
  EXPECT_EQ(count("<strong>De Wissel (Wim)</strong> bekeek een notitie"), 2U) << "one a day";
  EXPECT_EQ(count("<strong>De Wissel (Wim)</strong> bekeek iets wat we hier niet tonen"), 1U);
  EXPECT_EQ(count("<strong>De Wissel (Els)</strong> bekeek een notitie (over doelen"), 1U) << "another person";
  EXPECT_THAT(days, AllOf(HasSubstr("<td class=\"time\">10:00–13:00</td>"), HasSubstr("(3 keer)"),
                          HasSubstr("Elke keer apart staat in het bestand bij dit blad.")));
  EXPECT_THAT(days, ContainsRegex("Wim.</strong> bekeek een notitie .over [^)]*doelen[^)]*lichamelijke gezondheid|"
                                  "Wim.</strong> bekeek een notitie .over [^)]*lichamelijke gezondheid[^)]*doelen"));
}

TEST_F(ReportTest, WhatIsJoinedIsOfOneDayOneKindAndOneReason) {
  ReportModel::Line look;
  look.at = leuven.region.clock.Now();
  look.what = AccessRow::What::kSaw;
  look.who = {wissel.engine.Self()};
  look.role = StaffRole::kWorker;
  look.reason = ViewReason::kTask;
  look.item = ReportModel::Item{};
  look.item->shown = Shown::kWhole;
  const auto with = [&](auto change) {
    ReportModel::Line other = look;
    other.at += std::chrono::minutes(5);
    change(other);
    return Grouped({look, other}).size();
  };
  using L = ReportModel::Line;
  EXPECT_EQ(with([](L&) {}), 1U);
  EXPECT_EQ(with([](L& l) { l.item->categories = {Category::kHealth}; }), 1U);
  EXPECT_EQ(with([](L& l) { l.item->kind = Kind::kAgreement; }), 2U);
  EXPECT_EQ(with([](L& l) { l.item->author = OrgId("x"); }), 2U);
  EXPECT_EQ(with([](L& l) { l.role = StaffRole::kCoordinator; }), 2U);
  EXPECT_EQ(with([](L& l) { l.reason = ViewReason::kOnDuty; }), 2U);
  EXPECT_EQ(with([](L& l) { l.was_sealed = true; }), 2U);
  EXPECT_EQ(with([](L& l) { l.item.reset(); }), 2U);
  EXPECT_EQ(with([](L& l) { l.agreements = {1}; }), 2U) << "which may be without consent";
  EXPECT_EQ(with([](L& l) { l.at += hours(24); }), 2U);
  ReportModel::Line refused = look;
  refused.what = AccessRow::What::kRefused;
  refused.denial = Denial::kPeriod;
  ReportModel::Line withdrawn = refused;
  withdrawn.denial = Denial::kWithdrawn;
  EXPECT_THAT(Grouped({refused, withdrawn}), SizeIs(2));
  ReportModel model;
  model.whole = true;
  model.lines = Grouped({refused, refused, refused});
  EXPECT_THAT(RenderReport(model, Language::kDutch), HasSubstr("3 keer mocht een organisatie iets niet krijgen."));
}

TEST_F(ReportTest, AWithdrawalAndWhatWasRefusedAreTold) {
  const auto grants = wissel.cases.Trajectory(trajectory).value().grants;
  const auto to_upc = std::ranges::find_if(
      grants, [&](const CaseGrant& grant) { return grant.grant.terms.recipient == upc.engine.Self(); });
  ASSERT_NE(to_upc, grants.end());
  ASSERT_TRUE(wissel.grants.Withdraw(to_upc->grant.id, {"Sam wil dit niet meer"}, {}));
  Draft draft;
  draft.kind = Kind::kNote;
  draft.trajectory = trajectory;
  draft.categories = {Category::kGoals};
  draft.body = EncodeBody(NoteBody{"t", ""}).value();
  draft.recipients = {upc.engine.Self()};
  ASSERT_TRUE(wissel.engine.Say(draft));
  const std::string html = Made(wissel, Edition::kYoungPerson)[0].bytes;
  EXPECT_THAT(DaysOf(html),
              AllOf(HasSubstr("Niet toegelaten: <strong>UPC Leuven</strong> kreeg van De Wissel niet: een notitie"),
                    HasSubstr("De toestemming was ingetrokken.")));
  EXPECT_THAT(html, HasSubstr("ingetrokken op ma 23/11/2026"));
  EXPECT_THAT(html, Not(HasSubstr("Sam wil dit niet meer")));
}

}  // namespace
}  // namespace schakel
