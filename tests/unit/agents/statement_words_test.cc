// The words of a statement go no further than content would; that it was said, all hear as before.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "agents/keeping.h"
#include "agents/search.h"
#include "agents/services.h"
#include "support/office.h"

namespace schakel {
namespace {

using schakel::test::FakeEngine;
using schakel::test::FakeRegion;
using schakel::test::Leuven;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr const char* kNoWords = "view.no_words";

struct Desk : test::Office {
  Desk(FakeRegion& region, FakeEngine& engine_in, std::string person)
      : Office(region, engine_in, std::move(person)), erasure(engine, cases) {
    caller = {{caller.person.name, StaffRole::kCoordinator}, ViewReason::kAudit};
  }

  // "read", or the rule by which the words stay away.
  std::string Reads(const RecordId& record) {
    const auto shown = reading.Show({record}, caller);
    if (!shown) return shown.error().rule;
    const auto& one = shown->front();
    return one.sealed ? one.sealed->rule : "read";
  }

  ErasureService erasure;
};

class StatementWordsTest : public ::testing::Test {
 protected:
  StatementWordsTest() {
    std::vector<CeilingStatement::Row> rows = leuven.region.directory.ceilings()->rows;
    rows.push_back({ParseSector("youth-court").value(), CategorySet(~std::uint64_t{0}), true});
    std::ranges::sort(rows, {}, [](const auto& row) { return row.sector; });
    leuven.region.SetCeilings(rows);
    for (Desk* desk : {&school, &police, &court}) {
      SCHAKEL_ASSERT(lead.trajectories.Invite(trajectory, desk->id(), {"Traject 12", "welkom"}, std::nullopt, {}));
      SCHAKEL_ASSERT(desk->trajectories.Join(trajectory, {"we doen mee"}, {}));
    }
    for (Desk* one : {&school, &police, &court}) {
      for (Desk* other : {&school, &police, &court}) {
        if (one != other) SCHAKEL_ASSERT(lead.trajectories.Introduce(trajectory, one->id(), other->id(), {}));
      }
    }
  }
  Result<Sent> GiveEmergency(const Audience& audience) {
    GrantRequest request;
    request.trajectory = trajectory;
    request.recipient = police.id();
    request.purposes = {Purpose::kSafety};
    request.categories = {Category::kSafety};
    request.ends_at = leuven.region.clock.Now() + std::chrono::hours(24);
    request.basis = Basis::kEmergency;
    request.reason = "vermist; neemt medicatie";
    return lead.grants.Give(request, lead.caller, audience);
  }

  Leuven leuven;
  FakeEngine& court_engine = leuven.region.Enrol("jeugdrechtbank", "Jeugdrechtbank Leuven", "youth-court");
  Desk lead{leuven.region, leuven.youth_care, "Nora Peeters"};
  Desk school{leuven.region, leuven.school, "Jef"};
  Desk police{leuven.region, leuven.police, "inspecteur Maes"};
  Desk court{leuven.region, court_engine, "griffier"};
  const TrajectoryId trajectory =
      lead.trajectories.Open({"Sam (2010)", Module::kMobile, "aanmelding"}, Stage::kCapable, {}).value().trajectory;
};

TEST_F(StatementWordsTest, AnEmergencyIsToldToAllAndReadByWhomItIsFor) {
  Audience preview;
  preview.preview = true;
  const auto foreseen = GiveEmergency(preview);
  ASSERT_TRUE(foreseen) << ToText(foreseen.error());
  EXPECT_THAT(foreseen->reaches, UnorderedElementsAre(police.id(), school.id(), court.id()));
  EXPECT_THAT(foreseen->told_only, UnorderedElementsAre(school.id(), court.id()));

  const auto sent = GiveEmergency({});
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_THAT(sent->told_only, UnorderedElementsAre(school.id(), court.id()));
  EXPECT_EQ(police.Reads(sent->record), "read");
  EXPECT_EQ(school.Reads(sent->record), kNoWords);
  EXPECT_EQ(court.Reads(sent->record), kNoWords);
  EXPECT_TRUE(school.grants.Find(sent->record)) << "that there is one, it knows";
  EXPECT_TRUE(court.grants.Find(sent->record));
  EXPECT_TRUE(school.engine.Alarms().empty());

  const auto review = lead.grants.Review(sent->record, ReviewOutcome::kJustified, {"gevonden; opgenomen"}, {});
  ASSERT_TRUE(review) << ToText(review.error());
  EXPECT_EQ(police.Reads(review->record), "read");
  EXPECT_EQ(school.Reads(review->record), kNoWords);
  EXPECT_EQ(court.Reads(review->record), kNoWords);
  EXPECT_EQ(school.grants.Find(sent->record).value().grant.grant.review, ReviewOutcome::kJustified);
}

TEST_F(StatementWordsTest, WhyAnEmergencyWasGivenIsSealedOnceItIsFoundUnjustified) {
  const auto sent = GiveEmergency({});
  ASSERT_TRUE(sent) << ToText(sent.error());
  ASSERT_EQ(police.Reads(sent->record), "read");
  ASSERT_TRUE(lead.grants.Review(sent->record, ReviewOutcome::kTooWide, {"iets te ruim"}, {}));
  EXPECT_EQ(police.Reads(sent->record), "read");

  const auto second = GiveEmergency({});
  ASSERT_TRUE(second) << ToText(second.error());
  SearchService search{police.engine, police.cases, leuven.region.clock};
  const auto found = [&] { return search.Find({.words = "medicatie"}, police.caller).value().records.size(); };
  EXPECT_EQ(found(), 2U);
  ASSERT_TRUE(lead.grants.Review(second->record, ReviewOutcome::kUnjustified, {"geen gevaar"}, {}));
  EXPECT_EQ(police.Reads(second->record), "view.withdrawn");
  EXPECT_EQ(found(), 1U) << "of the other one alone";
  EXPECT_EQ(lead.Reads(second->record), "read") << "who reviewed it answers for it";
}

TEST_F(StatementWordsTest, TheCourtIsInvitedWithoutWords) {
  const CaseTrajectory seen = court.cases.Trajectory(trajectory).value();
  EXPECT_EQ(court.Reads(seen.label_record), kNoWords);
  EXPECT_EQ(police.Reads(police.cases.Trajectory(trajectory).value().label_record), "read");
}

TEST_F(StatementWordsTest, WhyItIsClosedAndErasedIsReadUnderAGrantAlone) {
  GrantRequest request;
  request.trajectory = trajectory;
  request.recipient = school.id();
  request.purposes = {Purpose::kCareCoordination};
  request.categories = {Category::kAgreements};
  request.ends_at = leuven.region.clock.Now() + std::chrono::days(30);
  request.consented_by = "Sam";
  request.how = "ondertekend";
  ASSERT_TRUE(lead.grants.Give(request, lead.caller, {}));

  const auto closed =
      lead.trajectories.Close(trajectory, {"klaar", "op papier", CopyTaken::kTaken, ""}, std::nullopt, {});
  ASSERT_TRUE(closed) << ToText(closed.error());
  EXPECT_THAT(closed->told_only, UnorderedElementsAre(police.id(), court.id()));
  EXPECT_EQ(school.Reads(closed->record), "read");
  EXPECT_EQ(police.Reads(closed->record), kNoWords);
  EXPECT_EQ(court.Reads(closed->record), kNoWords);
  EXPECT_TRUE(court.cases.Trajectory(trajectory)->closed);

  const auto proposed = lead.erasure.Propose(trajectory, EraseReason::kMistake, {"dubbel geopend"}, lead.caller, {});
  ASSERT_TRUE(proposed) << ToText(proposed.error());
  EXPECT_THAT(proposed->told_only, UnorderedElementsAre(police.id(), court.id()));
  EXPECT_EQ(school.Reads(proposed->record), "read");
  EXPECT_EQ(police.Reads(proposed->record), kNoWords);
  EXPECT_EQ(court.Reads(proposed->record), kNoWords);
}

TEST_F(StatementWordsTest, ToTheCourtGoesTheOneRecordThatWasAgreedTo) {
  ContentService content{lead.engine, lead.cases};
  const auto report = [&](const std::string& title) {
    return content.Note(trajectory, {title, ""}, Purpose::kCourtReport, {Category::kAgreements}, {}).value().record;
  };
  const RecordId agreed = report("verslag");
  const RecordId other = report("nog een");
  GrantRequest request;
  request.trajectory = trajectory;
  request.recipient = court.id();
  request.purposes = {Purpose::kCourtReport};
  request.categories = {Category::kAgreements};
  request.ends_at = leuven.region.clock.Now() + std::chrono::days(30);
  request.consented_by = "Sam";
  request.how = "ondertekend";
  const auto give = [&](Grantor grantor) {
    request.grantor = grantor;
    const auto sent = lead.grants.Give(request, lead.caller, {});
    return sent ? std::string("ok") : sent.error().rule;
  };
  EXPECT_EQ(give(Grantor::kYoungPerson), "grant.court_piece");
  request.piece = content.Note(trajectory, {"dag", ""}, Purpose::kSafety, {Category::kAgreements}, {}).value().record;
  EXPECT_EQ(give(Grantor::kYoungPerson), "grant.piece") << "that is no report to the court";
  request.piece = agreed;
  EXPECT_EQ(give(Grantor::kYoungPerson), "ok");
  EXPECT_EQ(give(Grantor::kFirstParent), "ok");
  Audience to;
  to.named = {court.id()};
  EXPECT_EQ(content.ShareAgain(other, to).value().outcome, Sent::Outcome::kHeldBack);
  const auto shared = content.ShareAgain(agreed, to);
  ASSERT_TRUE(shared) << ToText(shared.error());
  EXPECT_EQ(court.Reads(shared->record), "read");
  request.recipient = school.id();
  request.purposes = {Purpose::kCareCoordination};
  EXPECT_EQ(give(Grantor::kYoungPerson), "grant.piece_elsewhere");
}

TEST_F(StatementWordsTest, WhatHasNoWordsTellsNobodyLess) {
  const auto stage = lead.trajectories.SayStage(trajectory, Stage::kAdult, std::nullopt, {});
  ASSERT_TRUE(stage) << ToText(stage.error());
  EXPECT_THAT(stage->reaches, UnorderedElementsAre(school.id(), police.id(), court.id()));
  EXPECT_THAT(stage->told_only, IsEmpty());
}

}  // namespace
}  // namespace schakel
