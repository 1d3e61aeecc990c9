#include "agents/services.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "agents/lead.h"
#include "support/office.h"

namespace schakel {
namespace {

using schakel::test::kGoals;
using schakel::test::ServicesTest;
using ::testing::ElementsAre;

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

// It keeps its own opening, and is told of deliveries whose records it is not shown.
TEST_F(ServicesTest, TheFileOfWhoLedBeforeLacksNothing) {
  Join(upc);
  Grant(upc, {Purpose::kCareCoordination}, kGoals);
  ASSERT_TRUE(upc.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}));
  LeadService offering(wissel.engine, wissel.cases, leuven.region.clock);
  LeadService accepting(upc.engine, upc.cases, leuven.region.clock);
  ASSERT_TRUE(offering.Offer(trajectory, upc.id(), {}, std::nullopt, {}));
  ASSERT_TRUE(accepting.Accept(trajectory, {}, {}));
  ASSERT_TRUE(upc.content.Note(trajectory, {"t", ""}, Purpose::kCareCoordination, kGoals, {}));
  // The hub says who asked, and what there is to answer with.
  const auto file = [&](auto& office) {
    const auto report = office.audit.Access(trajectory, RecordId{}, office.caller, std::chrono::seconds(1)).value();
    auto entries = CheckEvidence(report.evidence, leuven.region.verifier).value().entries;
    AnswerEntry answer;
    answer.asker = office.id();
    answer.trajectory = trajectory;
    entries.push_back({.sequence = Next(entries.back().sequence), .body = answer});
    return entries;
  };
  const auto without = [](std::vector<Entry> entries, Kind kind) {
    std::erase_if(entries, [&](const Entry& entry) {
      const auto* record = std::get_if<RecordEntry>(&entry.body);
      return record != nullptr && DecodeHeader(record->header).value().kind == kind;
    });
    return entries;
  };
  const auto before = file(wissel);
  const auto lacks = [](const std::vector<Entry>& entries, const Entry& entry) {
    const auto* delivery = std::get_if<DeliveryEntry>(&entry.body);
    return delivery != nullptr &&
           std::ranges::find(entries, delivery->record_sequence, &Entry::sequence) == entries.end();
  };
  EXPECT_TRUE(std::ranges::any_of(before, [&](const Entry& entry) { return lacks(before, entry); }))
      << "what it received, whose record stands elsewhere";
  EXPECT_TRUE(CheckWhole(before));
  const auto now = file(upc);
  EXPECT_TRUE(CheckWhole(now));
  EXPECT_EQ(CheckWhole(without(now, Kind::kNote)).error().rule, "evidence.gap") << "who leads is shown everything";
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

}  // namespace
}  // namespace schakel
