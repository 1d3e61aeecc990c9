// Hearings, the evolution reviews that are due, the questions of each ring, and the plan for the court.
#include <set>

#include "court_views.h"
#include "handing_over.h"
#include "own_profile.h"
#include "read_all.h"
#include "router.h"

namespace schakel::court_routes {
namespace {

Result<CaseTrajectory> TrajectoryOf(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  return call.desk.cases.Trajectory(id);
}

// ---- Hearings and reviews ----

Result<Reply> Hearings(Call& call) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, TrajectoryOf(call));
  std::set<RecordId> ids;
  for (const CaseHearing& one : trajectory.court.hearings) ids.insert(one.text.current().record);
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, ids));
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (const CaseHearing& one : trajectory.court.hearings) list.push_back(ViewOf(one, views, read));
  return Reply{.json = {{"hearings", std::move(list)}}};
}

Result<Reply> PlanHearing(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  HearingBody body;
  body.at = input.Time("at");
  body.court = input.Text("court");
  body.text = input.Text("text");
  const Purpose purpose = input.Word("purpose", Purpose::kCareCoordination, &ParsePurpose);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.hearings.Plan(id, body, purpose, audience));
  return call.Sending(sent);
}

Result<Reply> ChangeHearing(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("hearing"));
  Input input(call.body);
  HearingBody body;
  body.cancelled = input.Flag("cancelled", false);
  body.at = input.Time("at");
  body.court = input.Text("court");
  body.text = input.Text("text");
  const HearingService::Kept kept{!call.body.contains("court"), !call.body.contains("text")};
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.hearings.Change(id, body, audience, kept));
  return call.Sending(sent);
}

Result<Reply> Reviews(Call& call) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, TrajectoryOf(call));
  const auto reviews = ReviewsOf(trajectory, call.desk.clock.Now());
  std::set<RecordId> ids;
  for (const ReviewDue& one : reviews) {
    if (!IsNone(one.because)) ids.insert(one.because);
    if (!IsNone(one.meeting)) ids.insert(one.meeting);
  }
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, ids));
  Json list = Json::array();
  for (const ReviewDue& one : reviews) list.push_back(ViewOf(one, read));
  return Reply{.json = {{"reviews", std::move(list)}}};
}

// ---- Rings ----

Result<Reply> Rings(Call& call) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, TrajectoryOf(call));
  std::set<RecordId> ids;
  for (const CaseRingAnswer& one : trajectory.court.answers) ids.insert(one.record);
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, ids));
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (const RingOverview& one : RingsOf(trajectory.court, OwnProfile(call.desk))) {
    list.push_back(ViewOf(one, views, read, call.language));
  }
  return Reply{.json = {{"rings", std::move(list)}, {"unanswered", SlugsOf(UnansweredIn(trajectory.court))}}};
}

Result<Reply> AnswerRing(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  RingAnswerBody body;
  body.ring = input.RequiredWord("ring", AskingRing::kIndividual, &ParseAskingRing);
  body.key = input.Text("key");
  body.question = input.Text("question");
  body.words = input.RequiredText("words");
  body.who = input.RequiredWord("who", Speaker::kYoungPerson, &ParseSpeaker);
  body.name = input.Text("name");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent,
                 call.desk.rings.Answer(id, std::move(body), OwnProfile(call.desk), call.language, audience));
  return call.Sending(sent);
}

// ---- The plan ----

// Before which courts it can come, and what a handover lacks.
Result<Json> CourtsView(const Call& call, const CaseTrajectory& trajectory, const CaseCourtPlan& plan) {
  Json list = Json::array();
  if (plan.was_handed || plan.text.author() != call.desk.engine.Self()) return list;
  const RecordId& version = plan.text.current().record;
  const JsonViews views = call.Views();
  for (const OrgId& court : CourtsIn(call.desk.engine, trajectory)) {
    SCHAKEL_ASSIGN(const LackingConsent lacking, call.desk.court_plans.Lacking(version, court));
    const bool handed = std::ranges::any_of(
        plan.handed, [&](const CaseCourtPlan::Handed& one) { return one.to == court && one.version == version; });
    list.push_back({{"organisation", views.Organisation(court)}, {"handed", handed}, {"lacking", ViewOf(lacking)}});
  }
  return list;
}

Result<Reply> Plans(Call& call) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, TrajectoryOf(call));
  std::set<RecordId> ids;
  for (const CaseCourtPlan& one : trajectory.court.plans) ids.insert(one.text.current().record);
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, ids));
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (const CaseCourtPlan& one : trajectory.court.plans) {
    list.push_back(ViewOf(one, views, read));
    SCHAKEL_ASSIGN(list.back()["courts"], CourtsView(call, trajectory, one));
  }
  return Reply{.json = {{"plans", std::move(list)}}};
}

struct Written {
  CourtPlanBody body;
  std::vector<RecordId> rests_on;
  Audience audience;
};
Result<Written> ReadPlan(Call& call) {
  Input input(call.body);
  Written written;
  written.body.text = input.RequiredText("text");
  written.body.why = input.Text("why");
  const std::vector<std::string> named = input.Texts("rests_on");
  written.audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  for (const std::string& one : named) {
    SCHAKEL_ASSIGN(const RecordId id, InField(call.desk.cases.FindRecord(one), "rests_on"));
    written.rests_on.push_back(id);
  }
  return written;
}

// Who writes it sees at once in which rings nobody answered; the plan itself says so too.
Result<Reply> WithUnanswered(Call& call, const Sent& sent) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, call.desk.cases.Trajectory(sent.trajectory));
  Reply reply = call.Sending(sent);
  reply.json["unanswered"] = SlugsOf(UnansweredIn(trajectory.court));
  return reply;
}

Result<Reply> WritePlan(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(Written written, ReadPlan(call));
  SCHAKEL_ASSIGN(const Sent sent,
                 call.desk.court_plans.Write(id, std::move(written.body), written.rests_on, written.audience));
  return WithUnanswered(call, sent);
}

Result<Reply> EditPlan(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("plan"));
  SCHAKEL_ASSIGN(Written written, ReadPlan(call));
  SCHAKEL_ASSIGN(const Sent sent,
                 call.desk.court_plans.Edit(id, std::move(written.body), written.rests_on, written.audience));
  return WithUnanswered(call, sent);
}

Result<Reply> HandOver(Call& call) { return HandingOver(call, "plan", call.desk.court_plans); }

const Route kRoutes[] = {
    {"GET", "/v1/trajectories/{trajectory}/hearings", &Hearings},
    {"POST", "/v1/trajectories/{trajectory}/hearings", &PlanHearing},
    {"POST", "/v1/hearings/{hearing}/edit", &ChangeHearing},
    {"GET", "/v1/trajectories/{trajectory}/reviews", &Reviews},
    {"GET", "/v1/trajectories/{trajectory}/rings", &Rings},
    {"POST", "/v1/trajectories/{trajectory}/rings", &AnswerRing},
    {"GET", "/v1/trajectories/{trajectory}/court-plans", &Plans},
    {"POST", "/v1/trajectories/{trajectory}/court-plans", &WritePlan},
    {"POST", "/v1/court-plans/{plan}/edit", &EditPlan},
    {"POST", "/v1/court-plans/{plan}/handover", &HandOver},
};

}  // namespace
}  // namespace schakel::court_routes

namespace schakel {

std::span<const Route> CourtRoutes() { return court_routes::kRoutes; }

}  // namespace schakel
