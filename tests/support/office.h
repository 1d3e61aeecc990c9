// Organisations around one young person, each with all the services that its people call on.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "agents/keeping.h"
#include "agents/meetings.h"
#include "agents/services.h"
#include "support/fake_engine.h"

namespace schakel::test {

inline const CategorySet kMental{Category::kMentalHealth};
inline const CategorySet kGoals{Category::kGoals};

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

}  // namespace schakel::test
