#include "agents/inquiry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "agents/keeping.h"
#include "protocol/codec.h"
#include "services/journal.h"
#include "support/office.h"

namespace schakel {
namespace {

using schakel::test::FakeEngine;
using schakel::test::Leuven;
using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using What = AccessRow::What;

// ---- The rules ----

TEST(AuditRules, WhoMayAskWhat) {
  using enum Question;
  using enum StaffRole;
  using enum TaskStanding;
  struct Case {
    const char* name;
    Asking asking;
    const char* rule;  // Empty: may.
  };
  const Case cases[] = {
      {"worker with a task", {kAll, kWorker, false, false, kHasTask}, ""},
      {"worker, nobody assigned", {kAll, kWorker, false, false, kNobodyAssigned}, ""},
      {"worker without a task", {kAll, kWorker, false, false, kNoTask}, "audit.task"},
      {"worker about a record", {kRecord, kWorker, false, false, kHasTask}, ""},
      {"worker about a record, no task", {kRecord, kWorker, false, false, kNoTask}, "audit.task"},
      {"worker about an organisation", {kOrganisation, kWorker, false, false, kHasTask}, ""},
      {"worker about denials", {kDenied, kWorker, false, false, kHasTask}, ""},
      {"worker about a colleague", {kPerson, kWorker, false, false, kHasTask}, "audit.person"},
      {"worker about themselves", {kPerson, kWorker, false, true, kNoTask}, ""},
      {"worker about themselves, everywhere", {kPerson, kWorker, true, true, kNobodyAssigned}, ""},
      {"worker about looks without a task", {kWithoutTask, kWorker, false, false, kHasTask}, "audit.without_task"},
      {"worker everywhere", {kAll, kWorker, true, false, kNobodyAssigned}, "audit.everywhere"},
      {"coordinator without a task", {kAll, kCoordinator, false, false, kNoTask}, ""},
      {"coordinator about looks without a task", {kWithoutTask, kCoordinator, false, false, kNoTask}, ""},
      {"coordinator about a colleague", {kPerson, kCoordinator, false, false, kHasTask}, "audit.person"},
      {"coordinator everywhere", {kWithoutTask, kCoordinator, true, false, kNoTask}, "audit.everywhere"},
      {"auditor everywhere", {kAll, kAuditor, true, false, kNoTask}, ""},
      {"auditor about a person, everywhere", {kPerson, kAuditor, true, false, kNoTask}, ""},
      {"auditor about looks without a task", {kWithoutTask, kAuditor, true, false, kNoTask}, ""},
      {"administrator", {kAll, kAdministrator, false, false, kHasTask}, "audit.administrator"},
      {"administrator about a colleague", {kPerson, kAdministrator, false, false, kHasTask}, "audit.administrator"},
      {"administrator about themselves", {kPerson, kAdministrator, true, true, kNoTask}, ""},
      {"own name, another question", {kAll, kWorker, false, true, kNoTask}, "audit.task"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const Status may = MayAsk(c.asking);
    EXPECT_EQ(may ? "" : may.error().rule, c.rule);
    if (!may) {
      EXPECT_FALSE(may.error().next.empty());
    }
  }
}

TEST(AuditRows, WhatTheHubRefusedIsAnAttemptWithItsRule) {
  const auto said = [](SessionEvent event, const char* detail, const RecordId& record) {
    SessionEntry entry;
    entry.organisation = OrgId("partner");
    entry.event = event;
    entry.detail = detail;
    entry.record = record;
    return Entry{Sequence(7), FromMillis(1'000'000), entry};
  };
  const std::vector<Entry> entries = {said(SessionEvent::kRefused, "session.old_key 2026-11-26", {}),
                                      said(SessionEvent::kRefused, "admit.member", RecordId(Id128{3})),
                                      said(SessionEvent::kConnected, "", {})};
  const auto nobody = [](const Id128&) { return std::optional<std::string>(); };
  const auto rows = RowsOf(entries, RecordId(), nobody);
  ASSERT_THAT(rows, SizeIs(2));
  for (const AccessRow& row : rows) EXPECT_EQ(row.what, What::kAttempted);
  EXPECT_EQ(rows[0].refusal->rule, "session.old_key");
  EXPECT_EQ(rows[0].refusal->field, "2026-11-26");
  EXPECT_EQ(rows[1].refusal->rule, "admit.member");
  EXPECT_EQ(rows[1].record, RecordId(Id128{3}));
  EXPECT_THAT(RowsOf(entries, RecordId(Id128{3}), nobody), SizeIs(1)) << "of one record, what was tried with it";
}

const OrgId kLead("lead");
const OrgId kAuthor("author");
const OrgId kKnown("known");
const OrgId kHidden("hidden");
const OrgId kHiddenToo("hidden-too");
const RecordId kRecordOfAuthor(Id128{1});
const RecordId kRecordOfLead(Id128{2});

AccessRow RowOf(What what, const OrgId& organisation, const RecordId& record, std::uint64_t sequence) {
  AccessRow row;
  row.sequence = Sequence(sequence);
  row.at = FromMillis(1'000'000 + static_cast<std::int64_t>(sequence));
  row.what = what;
  row.organisation = organisation;
  row.record = record;
  row.grant = RecordId(Id128{9});
  row.role = StaffRole::kWorker;
  return row;
}
Onlooker Looking(const OrgId& self, bool lead) {
  return {self, lead, [self](const OrgId& other) { return other == self || other == kLead || other == kKnown; }};
}

TEST(AuditRules, WhoIsShownWhat) {
  struct Case {
    const char* name;
    Onlooker onlooker;
    AccessRow row;
    const char* shown;  // "whole", "nameless", "nothing"
  };
  const AccessRow to_known = RowOf(What::kHandedOver, kKnown, kRecordOfAuthor, 5);
  const AccessRow to_hidden = RowOf(What::kHandedOver, kHidden, kRecordOfAuthor, 6);
  const AccessRow of_lead = RowOf(What::kHandedOver, kKnown, kRecordOfLead, 7);
  const Case cases[] = {
      {"the author of a record", Looking(kAuthor, false), to_known, "whole"},
      {"the author, a hidden partner", Looking(kAuthor, false), to_hidden, "nameless"},
      {"the author of another record", Looking(kAuthor, false), of_lead, "nothing"},
      {"whom it concerns", Looking(kKnown, false), of_lead, "whole"},
      {"a partner", Looking(OrgId("partner"), false), to_known, "nothing"},
      {"the lead", Looking(kLead, true), to_known, "whole"},
      {"the lead, whom it may not know of", Looking(kLead, true), to_hidden, "nameless"},
      {"who led before", Looking(kLead, false), to_known, "nothing"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto shown = Curated({RowOf(What::kSent, kAuthor, kRecordOfAuthor, 1), c.row}, c.onlooker);
    const auto found = std::ranges::find_if(shown, [&](const AccessRow& row) { return row.what == c.row.what; });
    const std::string got =
        found == shown.end() ? "nothing" : (found->organisation.value().empty() ? "nameless" : "whole");
    EXPECT_EQ(got, c.shown);
    if (got == "nameless") {
      EXPECT_EQ(found->sequence, Sequence());
      EXPECT_FALSE(found->grant || found->role || found->person || found->denial || found->seen_at);
    }
  }
}

TEST(AuditRules, WhatRepeatsARecordIsShownToItsAuthorAsThatRecordIs) {
  const RecordId repeat(Id128{3});
  const RecordId of_lead(Id128{4});
  const auto repeating = [](AccessRow row, const RecordId& original) {
    row.repeats = original;
    return row;
  };
  const std::vector<AccessRow> rows = {
      RowOf(What::kSent, kAuthor, kRecordOfAuthor, 1),
      RowOf(What::kSent, kLead, kRecordOfLead, 2),
      repeating(RowOf(What::kSent, kKnown, repeat, 3), kRecordOfAuthor),
      repeating(RowOf(What::kSent, kKnown, of_lead, 4), kRecordOfLead),
      repeating(RowOf(What::kSaw, kKnown, repeat, 5), kRecordOfAuthor),
      repeating(RowOf(What::kSaw, kKnown, of_lead, 6), kRecordOfLead),
      repeating(RowOf(What::kSaw, kHidden, repeat, 7), kRecordOfAuthor),
  };
  std::vector<std::pair<std::uint64_t, std::string>> shown;
  for (const AccessRow& row : Curated(rows, Looking(kAuthor, false))) {
    shown.emplace_back(row.sequence.value(), row.organisation.value());
  }
  const std::vector<std::pair<std::uint64_t, std::string>> expected = {
      {1, kAuthor.value()}, {3, kKnown.value()}, {5, kKnown.value()}, {0, ""}};
  EXPECT_EQ(shown, expected);
}

// Whether one hidden partner or several, and however often each: the answer is the same but for the time.
RC_GTEST_PROP(AuditRules, HiddenPartnersCannotBeCounted, ()) {
  const auto rows = [](const std::vector<int>& who) {
    std::vector<AccessRow> all = {RowOf(What::kSent, kAuthor, kRecordOfAuthor, 1)};
    std::uint64_t sequence = 1;
    for (const int one : who) {
      all.push_back(RowOf(What::kHandedOver, one % 2 == 0 ? kHidden : kHiddenToo, kRecordOfAuthor, ++sequence));
    }
    return all;
  };
  const auto who = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 9)));
  const auto many = Curated(rows(who), Looking(kAuthor, false));
  const auto one = Curated(rows({0}), Looking(kAuthor, false));
  RC_ASSERT(many.size() == one.size());
  for (std::size_t i = 0; i < many.size(); ++i) {
    RC_ASSERT(many[i].organisation == one[i].organisation);
    RC_ASSERT(many[i].what == one[i].what);
    RC_ASSERT(many[i].record == one[i].record);
    RC_ASSERT(many[i].sequence == one[i].sequence);
  }
}

TEST(AuditRules, EvidenceDoesNotSpeakOfWhoIsHidden) {
  Evidence evidence;
  const auto add = [&](EntryBody body) {
    ProvenEntry proven;
    proven.entry = EncodeEntry({Sequence(evidence.entries.size() + 1), FromMillis(1), std::move(body)});
    evidence.entries.push_back(std::move(proven));
  };
  const TrajectoryId trajectory(Id128{4});
  DeliveryEntry delivery;
  delivery.recipient = kKnown;
  delivery.position = FeedPosition(1);
  delivery.record_sequence = Sequence(1);
  delivery.record = kRecordOfAuthor;
  delivery.trajectory = trajectory;
  add(delivery);
  delivery.recipient = kHidden;
  add(delivery);
  add(DenialEntry{kHidden, Sequence(1), kRecordOfAuthor, trajectory, Denial::kNoGrant});
  add(SessionEntry{kHidden, SessionEvent::kQuery, "access", trajectory, {}});
  add(AnswerEntry{kAuthor, trajectory, {}, {{kHidden, 3}}});
  add(AnswerEntry{kAuthor, trajectory, {}, {{kAuthor, 3}}});
  const Evidence curated = Curated(evidence, Looking(kAuthor, false));
  EXPECT_THAT(curated.entries, SizeIs(2));
  for (const ProvenEntry& proven : curated.entries) {
    EXPECT_THAT(std::string(AsText(proven.entry)), Not(::testing::HasSubstr("hidden")));
  }
}

// The delivery was written while the content might still go; the denial, when it was to leave and did not.
TEST(AuditRows, ADenialAfterADeliverySaysThatNothingWasHandedOver) {
  const TrajectoryId trajectory(Id128{4});
  const RecordId grant(Id128{9});
  DeliveryEntry delivery;
  delivery.recipient = kKnown;
  delivery.position = FeedPosition(1);
  delivery.record_sequence = Sequence(1);
  delivery.record = kRecordOfAuthor;
  delivery.trajectory = trajectory;
  delivery.grant = grant;
  const auto rows = [&](std::vector<EntryBody> bodies) {
    std::vector<Entry> entries;
    for (EntryBody& body : bodies) {
      entries.push_back({Sequence(entries.size() + 2), FromMillis(1), std::move(body)});
    }
    return RowsOf(entries, RecordId{}, [](const Id128&) { return std::nullopt; });
  };
  const auto late = rows({delivery, DenialEntry{kKnown, Sequence(1), kRecordOfAuthor, trajectory, Denial::kWithdrawn}});
  ASSERT_THAT(late, SizeIs(1));
  EXPECT_EQ(late[0].what, What::kWithheld);
  EXPECT_EQ(late[0].organisation, kKnown);
  EXPECT_EQ(late[0].grant, grant);
  EXPECT_EQ(late[0].denial, Denial::kWithdrawn);
  // Of another recipient, or of another record, it says nothing.
  for (const auto& [recipient, record] : {std::pair(kAuthor, Sequence(1)), std::pair(kKnown, Sequence(5))}) {
    const auto both = rows({delivery, DenialEntry{recipient, record, kRecordOfAuthor, trajectory, Denial::kWithdrawn}});
    ASSERT_THAT(both, SizeIs(2));
    EXPECT_EQ(both[0].what, What::kHandedOver);
    EXPECT_EQ(both[1].what, What::kRefused);
  }
}

// ---- The answers ----

class InquiryTest : public ::testing::Test {
 protected:
  struct Office : test::Office {
    Office(Leuven& leuven, FakeEngine& engine_in)
        : test::Office(leuven.region, engine_in, "Nora"),
          tasks(engine, leuven.region.clock),
          inquiry(engine, cases, audit, leuven.region.clock) {}
    TaskService tasks;
    InquiryService inquiry;
  };

  Leuven leuven;
  Office wissel{leuven, leuven.youth_care};
  Office upc{leuven, leuven.psychiatry};
  const TrajectoryId trajectory = Opened();
  const RecordId note = Noted("Slapen");
  const Caller auditor{{"Zoë", StaffRole::kAuditor}, ViewReason::kAudit};
  const Person coordinator{"Karim", StaffRole::kCoordinator};

  TrajectoryId Opened() {
    const auto id =
        wissel.trajectories.Open({"Sam (2010)", Module::kMobile, "aanmelding"}, Stage::kCapable, {}).value().trajectory;
    EXPECT_TRUE(wissel.trajectories.Invite(id, upc.engine.Self(), {"", "welkom"}, std::nullopt, {}));
    EXPECT_TRUE(upc.trajectories.Join(id, {"ja"}, {}));
    GrantRequest request;
    request.trajectory = id;
    request.recipient = upc.engine.Self();
    request.purposes = {Purpose::kCareCoordination};
    request.categories = {Category::kGoals};
    request.ends_at = leuven.region.clock.Now() + hours(24 * 90);
    request.consented_by = "Sam";
    request.how = "ondertekend";
    EXPECT_TRUE(wissel.grants.Give(request, {{"Nora", StaffRole::kWorker}, ViewReason::kTask}, {}));
    return id;
  }
  RecordId Noted(const std::string& title) {
    return wissel.content.Note(trajectory, {title, ""}, Purpose::kCareCoordination, {Category::kGoals}, {})
        .value()
        .record;
  }
  void Look(Office& office, const std::string& person, ViewReason reason = ViewReason::kTask) {
    leuven.region.clock.Advance(std::chrono::seconds(1));
    EXPECT_TRUE(office.reading.Show({note}, {{person, StaffRole::kWorker}, reason}));
  }
  Inquiry About(Question question) {
    Inquiry inquiry;
    inquiry.question = question;
    inquiry.trajectory = trajectory;
    return inquiry;
  }
  std::vector<AccessRow> Rows(Office& office, const Inquiry& inquiry, const Caller& caller) {
    auto account = office.inquiry.Ask(inquiry, caller, std::chrono::seconds(1));
    EXPECT_TRUE(account) << ToText(account.error());
    return account ? account->rows : std::vector<AccessRow>{};
  }
  static std::vector<std::string> People(const std::vector<AccessRow>& rows, What what) {
    std::vector<std::string> people;
    for (const AccessRow& row : rows) {
      if (row.what == what) people.push_back(row.person.value_or("?"));
    }
    return people;
  }
};

TEST_F(InquiryTest, WhatAPersonSawComesWithItsPlaceInTheLog) {
  Look(wissel, "Nora");
  Look(wissel, "Wim");
  Inquiry inquiry = About(Question::kPerson);
  inquiry.person = "Nora";
  const auto rows = Rows(wissel, inquiry, auditor);
  ASSERT_THAT(People(rows, What::kSaw), ElementsAre("Nora"));
  const auto saw = std::ranges::find(rows, What::kSaw, &AccessRow::what);
  EXPECT_GT(saw->sequence.value(), 0U);
  EXPECT_EQ(saw->record, note);
}

TEST_F(InquiryTest, RowsStandInTheOrderOfTheLogAlsoWhereItsClockWasSetBack) {
  leuven.region.clock.Advance(hours(24));
  Look(wissel, "Nora");
  leuven.region.clock.Advance(-hours(24));
  Look(wissel, "Wim");
  const auto rows = Rows(wissel, About(Question::kAll), auditor);
  EXPECT_THAT(People(rows, What::kSaw), ElementsAre("Nora", "Wim"));
  Sequence before;
  for (const AccessRow& row : rows) {
    if (row.sequence == Sequence()) continue;
    EXPECT_GE(row.sequence, before);
    before = row.sequence;
  }
}

TEST_F(InquiryTest, WhoLookedIsStillAnsweredOnceItWasErased) {
  ASSERT_TRUE(wissel.tasks.Assign(trajectory, "Wim", {}, coordinator));
  Look(wissel, "Nora", ViewReason::kOther);
  ErasureService erasure(wissel.engine, wissel.cases);
  const Caller one{{"An", StaffRole::kCoordinator}, ViewReason::kTask};
  const Caller other{{"Karim", StaffRole::kCoordinator}, ViewReason::kTask};
  ASSERT_TRUE(erasure.Propose(trajectory, EraseReason::kSubjectRequest, {"Sam vroeg het"}, one, {}));
  ASSERT_TRUE(erasure.Confirm(trajectory, other, {}));
  const auto account = wissel.inquiry.Ask(About(Question::kWithoutTask), auditor, std::chrono::seconds(1));
  ASSERT_TRUE(account) << ToText(account.error());
  EXPECT_THAT(People(account->rows, What::kSaw), ::testing::Contains("Nora"));
  EXPECT_THAT(account->unasked, ElementsAre(trajectory)) << "without proof: the hub has none either";
}

TEST_F(InquiryTest, OfflineTheVaultAnswersAndSaysSo) {
  Look(wissel, "Nora");
  wissel.engine.GoOffline();
  Look(wissel, "Nora");
  Inquiry inquiry = About(Question::kPerson);
  inquiry.person = "Nora";
  const auto account = wissel.inquiry.Ask(inquiry, auditor, std::chrono::seconds(1)).value();
  EXPECT_THAT(People(account.rows, What::kSaw), SizeIs(2));
  EXPECT_THAT(account.unasked, ElementsAre(trajectory));
  EXPECT_THAT(account.files, IsEmpty());
  EXPECT_EQ(wissel.inquiry.Ask(About(Question::kAll), auditor, std::chrono::seconds(1)).error().rule, "hub.offline");
}

TEST_F(InquiryTest, AQuestionAboutSomebodysLooksIsKeptAlsoWhenItIsNotAnswered) {
  wissel.engine.GoOffline();
  Inquiry inquiry = About(Question::kPerson);
  inquiry.person = "Nora";
  ASSERT_TRUE(wissel.inquiry.Ask(inquiry, auditor, std::chrono::seconds(1)));
  wissel.engine.GoOnline();
  const auto rows = Rows(wissel, About(Question::kAll), auditor);
  const auto asked = std::ranges::find_if(rows, [](const AccessRow& row) { return row.about == "Nora"; });
  ASSERT_NE(asked, rows.end());
  EXPECT_EQ(asked->person, "Zoë");
  EXPECT_EQ(asked->what, What::kAsked);
}

TEST_F(InquiryTest, WhatWasAskedIsKeptWithWhoAskedIt) {
  Inquiry of_organisation = About(Question::kOrganisation);
  of_organisation.organisation = upc.engine.Self();
  Rows(wissel, of_organisation, auditor);
  Inquiry of_person = About(Question::kPerson);
  of_person.person = "Zoë";
  Rows(wissel, of_person, auditor);
  std::set<std::string> questions;
  for (const AccessRow& row : Rows(wissel, About(Question::kDenied), auditor)) EXPECT_NE(row.what, What::kAsked);
  for (const AccessRow& row : Rows(wissel, About(Question::kAll), auditor)) {
    if (row.what != What::kAsked) continue;
    questions.insert(row.question.value_or("?"));
    if (row.about) {
      EXPECT_EQ(row.question, "question=person");
    }
  }
  EXPECT_THAT(questions, ::testing::IsSupersetOf({std::string("question=organisation&organisation=upc-leuven"),
                                                  std::string("question=person"), std::string("question=denied")}));
  EXPECT_FALSE(questions.contains("?"));
}

// What older programs kept had no place for the question.
TEST_F(InquiryTest, WhatWasKeptBeforeIsStillRead) {
  const Timestamp then = leuven.region.clock.Now();
  Encoder act;
  act.Array(9).Uint(1).Time(then).Enum(Act::What::kAsked).Id(trajectory).Id(RecordId{});
  act.Text("Zoë").Enum(StaffRole::kAuditor).Enum(ViewReason::kAudit).Text("Nora");
  ASSERT_TRUE(wissel.engine.AppendFact("journal", act.bytes()));
  Encoder asked;
  asked.Array(1).Array(5).Uint(0).Uint(1'000'000).Text("Wim").Enum(StaffRole::kAuditor).Enum(ViewReason::kAudit);
  ASSERT_TRUE(upc.engine.PutFact("audit.asked." + ToText(trajectory), asked.bytes()));
  const auto rows = Rows(wissel, About(Question::kAll), auditor);
  const auto old = std::ranges::find_if(rows, [](const AccessRow& row) { return row.about == "Nora"; });
  ASSERT_NE(old, rows.end());
  EXPECT_FALSE(old->question);
  EXPECT_TRUE(upc.audit.Access(trajectory, RecordId{}, auditor, std::chrono::seconds(1)));

  Encoder second;
  second.Array(10).Uint(2).Time(then).Enum(Act::What::kTurnedAway).Id(trajectory).Id(RecordId{});
  second.Text("Zoë").Enum(StaffRole::kAuditor).Enum(ViewReason::kAudit).Text("").Text("");
  ASSERT_TRUE(wissel.engine.AppendFact("journal", second.bytes()));
  EXPECT_FALSE(ActsOf(wissel.engine).value().back().barred) << "nor for why somebody was turned away";

  Encoder newer;
  newer.Array(10).Uint(1).Time(then).Enum(Act::What::kAsked).Id(trajectory).Id(RecordId{});
  newer.Text("Zoë").Enum(StaffRole::kAuditor).Enum(ViewReason::kAudit).Text("Nora").Text("question=all");
  ASSERT_TRUE(upc.engine.AppendFact("journal", newer.bytes()));
  EXPECT_EQ(ActsOf(upc.engine).error().rule, "vault.row") << "as long as its version says";
}

TEST_F(InquiryTest, ARefusedQuestionShowsNothing) {
  Inquiry inquiry = About(Question::kPerson);
  inquiry.person = "Nora";
  const Caller worker{{"Wim", StaffRole::kWorker}, ViewReason::kTask};
  EXPECT_EQ(wissel.inquiry.Ask(inquiry, worker, std::chrono::seconds(1)).error().rule, "audit.person");
  ASSERT_TRUE(wissel.tasks.Assign(trajectory, "Nora", {}, coordinator));
  EXPECT_EQ(wissel.inquiry.Ask(About(Question::kAll), worker, std::chrono::seconds(1)).error().rule, "audit.task");
  ASSERT_TRUE(wissel.tasks.Assign(trajectory, "Wim", {}, coordinator));
  EXPECT_TRUE(wissel.inquiry.Ask(About(Question::kAll), worker, std::chrono::seconds(1)));
}

TEST_F(InquiryTest, WhoLookedWithoutATaskShowsAlsoWhereNobodyWasAssigned) {
  Look(wissel, "Wim");
  leuven.region.clock.Advance(std::chrono::seconds(1));
  ASSERT_TRUE(wissel.tasks.Assign(trajectory, "Nora", {}, coordinator));
  Look(wissel, "Nora");
  Look(wissel, "Wim", ViewReason::kOnDuty);
  const auto rows = Rows(wissel, About(Question::kWithoutTask), auditor);
  std::vector<TaskStanding> standings;
  for (const AccessRow& row : rows) {
    EXPECT_EQ(row.person, "Wim");
    standings.push_back(row.task.value());
  }
  EXPECT_THAT(standings, ElementsAre(TaskStanding::kNobodyAssigned, TaskStanding::kNoTask));
}

TEST_F(InquiryTest, WhoIsGivenTheTaskWithinTheHourOfOpeningDidNotLookWithoutOne) {
  Look(wissel, "Nora");
  Look(wissel, "Wim");
  leuven.region.clock.Advance(kAssignedWithin);
  ASSERT_TRUE(wissel.tasks.Assign(trajectory, "Wim", {}, coordinator));
  EXPECT_THAT(People(Rows(wissel, About(Question::kWithoutTask), auditor), What::kSaw), ElementsAre("Nora"));
  leuven.region.clock.Advance(std::chrono::seconds(1));
  ASSERT_TRUE(wissel.tasks.Assign(trajectory, "Nora", {}, coordinator));
  EXPECT_THAT(People(Rows(wissel, About(Question::kWithoutTask), auditor), What::kSaw), ElementsAre("Nora"))
      << "more than an hour after its look";
  Inquiry about_wim = About(Question::kPerson);
  about_wim.person = "Wim";
  const auto rows = Rows(wissel, about_wim, auditor);
  const auto saw = std::ranges::find(rows, What::kSaw, &AccessRow::what);
  ASSERT_NE(saw, rows.end());
  EXPECT_EQ(saw->task, TaskStanding::kAssignedAfter) << "what it was stays to be seen";
}

std::vector<std::optional<AccessRow::Barred>> BarredIn(const std::vector<AccessRow>& rows) {
  std::vector<std::optional<AccessRow::Barred>> barred;
  for (const AccessRow& row : rows) {
    if (row.what == What::kTurnedAway) barred.push_back(row.barred);
  }
  return barred;
}

TEST_F(InquiryTest, WhatWasDeniedIsWhatDidNotArriveAndWhatWasNotShown) {
  // What services foresee as refused is not addressed at all; the hub refuses what is.
  ASSERT_TRUE(wissel.tasks.Assign(trajectory, "Nora", {}, coordinator));
  ASSERT_TRUE(wissel.reading.Show({note}, {{"Wim", StaffRole::kWorker}, ViewReason::kTask}));
  Draft draft;
  draft.kind = Kind::kNote;
  draft.trajectory = trajectory;
  draft.categories = {Category::kMentalHealth};
  draft.recipients = {upc.engine.Self()};
  ASSERT_TRUE(wissel.engine.Say(draft));
  const auto rows = Rows(wissel, About(Question::kDenied), auditor);
  EXPECT_THAT(People(rows, What::kTurnedAway), ElementsAre("Wim"));
  EXPECT_THAT(BarredIn(rows), ElementsAre(AccessRow::Barred::kNoTask));
  EXPECT_EQ(std::ranges::count(rows, What::kRefused, &AccessRow::what), 1);
  EXPECT_THAT(rows, SizeIs(2));
}

// Article 458ter: a closed list. Who is not on it is refused, and that is told: what the hub refused, and what was
// never sent.
TEST_F(InquiryTest, WhoIsNotOnTheListOfACaseConsultationStandsInTheAudit) {
  Office clb{leuven, leuven.school};
  ASSERT_TRUE(wissel.trajectories.Invite(trajectory, clb.id(), {"", "welkom"}, std::nullopt, {}));
  ASSERT_TRUE(clb.trajectories.Join(trajectory, {"ja"}, {}));
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, clb.id(), upc.id(), {}));
  ASSERT_TRUE(wissel.trajectories.Introduce(trajectory, upc.id(), clb.id(), {}));
  const Timestamp ends_at = leuven.region.clock.Now() + hours(48);
  FrameRequest frame;
  frame.trajectory = trajectory;
  frame.document = "artikel 7 van het decreet";
  frame.chair = upc.id();
  frame.participants = {wissel.id()};
  frame.purposes = {Purpose::kSafety};
  frame.ends_at = ends_at;
  const auto fixed = wissel.grants.Fix(frame, wissel.caller, {});
  ASSERT_TRUE(fixed) << ToText(fixed.error());
  GrantRequest request;
  request.trajectory = trajectory;
  request.basis = Basis::kCaseConsultation;
  request.frame = fixed->record;
  request.reason = "veiligheid van het gezin";
  request.purposes = {Purpose::kSafety};
  request.categories = {Category::kSafety};
  request.ends_at = ends_at;
  request.recipient = upc.id();
  ASSERT_TRUE(wissel.grants.Give(request, wissel.caller, {}));
  const auto said = [&](Office& office) {
    return office.content.Note(trajectory, {"t", ""}, Purpose::kSafety, {Category::kSafety}, {.named = {upc.id()}});
  };
  EXPECT_THAT(said(wissel)->reaches, ElementsAre(upc.id())) << "between those on the list";
  EXPECT_THAT(Rows(wissel, About(Question::kDenied), auditor), IsEmpty());

  const auto theirs = said(clb);
  ASSERT_TRUE(theirs) << ToText(theirs.error());
  EXPECT_THAT(theirs->reaches, IsEmpty());
  auto rows = Rows(wissel, About(Question::kDenied), auditor);
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].what, What::kRefused);
  EXPECT_EQ(rows[0].record, theirs->record);

  request.recipient = clb.id();
  EXPECT_EQ(wissel.grants.Give(request, wissel.caller, {.preview = true}).error().rule, "grant.frame_recipient");
  EXPECT_THAT(Rows(wissel, About(Question::kDenied), auditor), SizeIs(1)) << "who only looks ahead did not try";
  EXPECT_EQ(wissel.grants.Give(request, wissel.caller, {}).error().rule, "grant.frame_recipient");
  rows = Rows(wissel, About(Question::kDenied), auditor);
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_THAT(People(rows, What::kAttempted), ElementsAre("Nora"));
  EXPECT_EQ(rows[1].refusal->rule, "grant.frame_recipient");
  EXPECT_EQ(rows[1].about, "clb-leuven");
  EXPECT_EQ(rows[1].record, fixed->record);
}

TEST_F(InquiryTest, WhoAsksWhatIsNotForThemStandsInTheAudit) {
  ASSERT_TRUE(wissel.tasks.Assign(trajectory, "Nora", {}, coordinator));
  const Caller wim{{"Wim", StaffRole::kWorker}, ViewReason::kTask};
  Inquiry about_nora = About(Question::kPerson);
  about_nora.person = "Nora";
  EXPECT_EQ(wissel.inquiry.Ask(About(Question::kAll), wim, {}).error().rule, "audit.task");
  EXPECT_EQ(wissel.inquiry.Ask(about_nora, wim, {}).error().rule, "audit.person");
  about_nora.trajectory.reset();
  EXPECT_EQ(wissel.inquiry.Ask(about_nora, wim, {}).error().rule, "audit.person") << "of all trajectories";
  const auto rows = Rows(wissel, About(Question::kDenied), auditor);
  EXPECT_THAT(People(rows, What::kTurnedAway), ElementsAre("Wim", "Wim", "Wim"));
  using enum AccessRow::Barred;
  EXPECT_THAT(BarredIn(rows), ElementsAre(kNoTask, kNotTheirs, kNotTheirs));
}

TEST_F(InquiryTest, WhatAnOrganisationGotAndSawNamesItsGrantAndNoPersonOfTheirs) {
  Look(upc, "dokter Claes");
  Inquiry inquiry = About(Question::kOrganisation);
  inquiry.organisation = upc.engine.Self();
  const auto rows = Rows(wissel, inquiry, auditor);
  const auto got = std::ranges::find_if(
      rows, [&](const AccessRow& row) { return row.what == What::kHandedOver && row.record == note; });
  ASSERT_NE(got, rows.end());
  EXPECT_TRUE(got->grant);
  const auto saw = std::ranges::find(rows, What::kSaw, &AccessRow::what);
  ASSERT_NE(saw, rows.end());
  EXPECT_FALSE(saw->person);
  EXPECT_EQ(saw->role, StaffRole::kWorker);
  EXPECT_EQ(got->kind, Kind::kNote);
  EXPECT_EQ(saw->kind, Kind::kNote);
}

TEST_F(InquiryTest, ARowNamesTheKindOfWhatIsHeldHere) {
  Look(upc, "dokter Claes");
  const auto kind_of = [&](const Caller& asks, What what) -> std::optional<Kind> {
    const auto rows = Rows(upc, About(Question::kAll), asks);
    const auto row = std::ranges::find_if(rows, [&](const AccessRow& r) { return r.what == what && r.record == note; });
    EXPECT_NE(row, rows.end());
    return row == rows.end() ? std::nullopt : row->kind;
  };
  const Caller claes{{"dokter Claes", StaffRole::kWorker}, ViewReason::kTask};
  EXPECT_EQ(kind_of(claes, What::kHandedOver), Kind::kNote);
  EXPECT_EQ(kind_of(claes, What::kSaw), Kind::kNote);
  const auto grants = upc.cases.Trajectory(trajectory).value().grants;
  ASSERT_THAT(grants, SizeIs(1));
  ASSERT_TRUE(wissel.grants.Withdraw(grants[0].grant.id, {"Sam wil het niet meer"}, {}));
  EXPECT_EQ(kind_of(claes, What::kHandedOver), Kind::kNote) << "that it was there stays known";
}

TEST_F(InquiryTest, AnAuditorIsAnsweredOverAllTrajectories) {
  Look(wissel, "Nora");
  const auto other = wissel.trajectories.Open({"Ali", Module::kMobile, "aanmelding"}, Stage::kCapable, {}).value();
  leuven.region.clock.Advance(hours(1));
  ASSERT_TRUE(wissel.reading.Show({wissel.cases.Trajectory(other.trajectory).value().label_record},
                                  {{"Nora", StaffRole::kWorker}, ViewReason::kTask}));
  Inquiry inquiry;
  inquiry.question = Question::kPerson;
  inquiry.person = "Nora";
  std::set<TrajectoryId> seen;
  for (const AccessRow& row : Rows(wissel, inquiry, auditor)) {
    if (row.what == What::kSaw) seen.insert(row.trajectory);
  }
  EXPECT_THAT(seen, SizeIs(2));
  const Caller herself{{"Nora", StaffRole::kWorker}, ViewReason::kTask};
  EXPECT_TRUE(wissel.inquiry.Ask(inquiry, herself, std::chrono::seconds(1)));
}

TEST_F(InquiryTest, NobodyOfThatNameIsNotAnAnswerOfNothing) {
  Look(wissel, "Nora");
  ASSERT_TRUE(wissel.tasks.Assign(trajectory, "Wim", {}, coordinator));
  Inquiry inquiry = About(Question::kPerson);
  const auto rule = [&](const std::string& person) {
    inquiry.person = person;
    const auto asked = wissel.inquiry.Ask(inquiry, auditor, std::chrono::seconds(1));
    return asked ? std::string() : asked.error().rule;
  };
  EXPECT_EQ(rule("Nora"), "");
  EXPECT_EQ(rule(" nora"), "") << "in another spelling";
  EXPECT_EQ(rule("Wim"), "") << "has a task, and never looked";
  EXPECT_EQ(rule("Zoë"), "") << "asked";
  EXPECT_EQ(rule("Norra"), "audit.person_unknown");
}

TEST_F(InquiryTest, APeriodEndsWhereTheNextBegins) {
  Look(wissel, "Nora");
  const Timestamp between = leuven.region.clock.Now() + hours(1);
  leuven.region.clock.Advance(hours(1) - std::chrono::seconds(1));
  Look(wissel, "Nora");  // At `between` exactly.
  Inquiry before = About(Question::kPerson);
  before.person = "Nora";
  before.until = between;
  Inquiry after = before;
  after.until = {};
  after.from = between;
  EXPECT_THAT(People(Rows(wissel, before, auditor), What::kSaw), SizeIs(1));
  EXPECT_THAT(People(Rows(wissel, after, auditor), What::kSaw), SizeIs(1));
}

TEST_F(InquiryTest, ARecordSaysItselfWhichTrajectoryItIsOf) {
  Inquiry inquiry;
  inquiry.question = Question::kRecord;
  inquiry.record = ToText(note).substr(0, 8);
  const auto findings = wissel.inquiry.Ask(inquiry, auditor, std::chrono::seconds(1));
  ASSERT_TRUE(findings) << ToText(findings.error());
  EXPECT_EQ(findings->files.front().trajectory, trajectory);
  EXPECT_FALSE(findings->rows.empty());
}

TEST_F(InquiryTest, OfAnAnonymousQuestionItsAskerIsToldWhoGotAndSawIt) {
  ConsultationService asking(wissel.engine, wissel.cases, leuven.region.clock);
  Screening screening;
  const RecordId id = asking
                          .AskAnonymously({"", "Slaapt niet. Hoe?"}, {Category::kMentalHealth},
                                          {{upc.engine.Self()}, false, false, {}}, screening)
                          .value()
                          .record;
  ASSERT_TRUE(upc.reading.Show({id}, {{"dokter Claes", StaffRole::kWorker}, ViewReason::kTask}));
  Inquiry inquiry;
  inquiry.question = Question::kRecord;
  inquiry.record = ToText(id);
  const Caller nora{{"Nora", StaffRole::kWorker}, ViewReason::kTask};
  const auto findings = wissel.inquiry.Ask(inquiry, nora, std::chrono::seconds(1));
  ASSERT_TRUE(findings) << ToText(findings.error());
  const auto did = [&](What what) {
    return std::ranges::any_of(findings->rows, [&](const AccessRow& row) {
      return row.what == what && row.organisation == upc.engine.Self() && row.record == id;
    });
  };
  EXPECT_TRUE(did(What::kHandedOver));
  EXPECT_TRUE(did(What::kSaw));
}

TEST_F(InquiryTest, AQuestionMustSayWhatItIsAbout) {
  const auto rule = [&](Question question) {
    return wissel.inquiry.Ask(About(question), auditor, std::chrono::seconds(1)).error().rule;
  };
  EXPECT_EQ(rule(Question::kRecord), "audit.record");
  EXPECT_EQ(rule(Question::kOrganisation), "audit.organisation");
  EXPECT_EQ(rule(Question::kPerson), "audit.person_name");
  Inquiry inquiry = About(Question::kOrganisation);
  const auto asked = [&] { return wissel.inquiry.Ask(inquiry, auditor, std::chrono::seconds(1)); };
  inquiry.organisation = OrgId("nergens");
  EXPECT_EQ(asked().error().rule, "directory.organisation");
  inquiry.organisation = upc.engine.Self();
  EXPECT_TRUE(asked());
  inquiry.from = leuven.region.clock.Now();
  inquiry.until = *inquiry.from;
  EXPECT_EQ(asked().error().rule, "audit.period");
  inquiry.until = *inquiry.from + std::chrono::milliseconds(1);
  EXPECT_TRUE(asked());
  EXPECT_EQ(ParseQuestion("who").error().rule, "vocabulary.question");
  for (unsigned value = 1; value <= static_cast<unsigned>(kQuestionLast); ++value) {
    EXPECT_EQ(ParseQuestion(Slug(static_cast<Question>(value))), static_cast<Question>(value));
  }
}

}  // namespace
}  // namespace schakel
