// Three organisations around one trajectory that meet.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agents/calendar.h"
#include "support/fake_engine.h"

namespace schakel::test {

struct MeetingOffice {
  MeetingOffice(Leuven& leuven, FakeEngine& engine_in)
      : engine(engine_in),
        cases(engine),
        trajectories(engine, cases, leuven.region.clock, leuven.region.random),
        grants(engine, cases, leuven.region.clock, leuven.region.random),
        meetings(engine, cases, leuven.region.clock),
        dossier(engine, cases),
        calendar(engine, cases, meetings),
        inbox(engine, cases, leuven.region.clock) {}
  OrgId id() const { return engine.Self(); }

  FakeEngine& engine;
  Cases cases;
  TrajectoryService trajectories;
  GrantService grants;
  MeetingService meetings;
  DossierService dossier;
  CalendarService calendar;
  InboxService inbox;
};

// De Wissel leads; psychiatry and school take part, may receive what round tables need, and do not know each other.
class MeetingsTest : public ::testing::Test {
 protected:
  Leuven leuven;
  MeetingOffice wissel{leuven, leuven.youth_care};
  MeetingOffice upc{leuven, leuven.psychiatry};
  MeetingOffice clb{leuven, leuven.school};
  const Timestamp start = leuven.region.clock.Now();
  const MeetingSlot first{start + std::chrono::days(10), start + std::chrono::days(10) + std::chrono::hours(1)};
  const MeetingSlot second{start + std::chrono::days(11), start + std::chrono::days(11) + std::chrono::hours(1)};
  const TrajectoryId trajectory = Shared();

  TrajectoryId Shared() {
    const TrajectoryId id =
        wissel.trajectories.Open({"Sam", Module::kMobile, ""}, Stage::kCapable, {}).value().trajectory;
    for (MeetingOffice* office : {&upc, &clb}) {
      EXPECT_TRUE(wissel.trajectories.Invite(id, office->id(), {}, std::nullopt, {}));
      EXPECT_TRUE(office->trajectories.Join(id, {}, {}));
    }
    for (MeetingOffice* office : {&wissel, &upc, &clb}) {
      GrantRequest request;
      request.trajectory = id;
      request.recipient = office->id();
      request.purposes = {Purpose::kRoundTable, Purpose::kEvaluation};
      request.categories = {Category::kMeeting};
      request.ends_at = start + std::chrono::days(300);
      request.consented_by = "Sam";
      request.how = "ondertekend";
      EXPECT_TRUE(wissel.grants.Give(request, {{"Nora", StaffRole::kWorker}, ViewReason::kTask}, {}));
    }
    return id;
  }
  ProposalBody Dates() const { return {.title = "Ronde tafel", .slots = {first, second}}; }
  RecordId Propose(const ProposalBody& proposal, const TermsBody& terms = {}) {
    const auto sent = wissel.meetings.Propose(trajectory, proposal, {}, terms);
    EXPECT_TRUE(sent) << ToText(sent.error());
    return sent ? sent->record : RecordId{};
  }
  RecordId Guest(const RecordId& meeting, Speaker who, const std::string& name = "Sam") {
    return wissel.meetings.Invite(meeting, {name, who, ""}, {}).value().record;
  }
  Meeting Seen(MeetingOffice& office, const RecordId& meeting) { return office.meetings.Find(meeting).value(); }
  // What was decided there and somebody does.
  std::vector<CaseAction> Decided(MeetingOffice& office, const RecordId& meeting) {
    const Meeting table = Seen(office, meeting);
    std::vector<CaseAction> actions = office.cases.Trajectory(trajectory).value().dossier.actions;
    std::erase_if(actions, [&](const CaseAction& one) { return !one.IsOf(table); });
    return actions;
  }
  // What waits there because of meetings.
  std::vector<InboxItem::What> Tasks(MeetingOffice& office) {
    std::vector<InboxItem::What> whats;
    const InboxService::Inbox inbox = office.inbox.Show("x").value();
    for (const InboxItem& item : inbox.items) {
      if (item.what != InboxItem::What::kNew) whats.push_back(item.what);
    }
    return whats;
  }
  static std::string RuleOf(const Result<Sent>& sent) { return sent ? "" : sent.error().rule; }
};

}  // namespace schakel::test
