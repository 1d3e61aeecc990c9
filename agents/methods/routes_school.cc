// Reports of school trouble, and what the desk does with each.
#include <algorithm>

#include "agents/school.h"
#include "api/dossier_views.h"
#include "api/router.h"

namespace schakel::school_routes {
namespace {

// What is read for a list of reports: their words, and what their trajectories are called.
class SchoolViews {
 public:
  enum class Of : std::uint8_t { kReports, kSteps };

  explicit SchoolViews(Call& call) : call_(call), views_(call.Views()) {}

  Status Read(const std::vector<SchoolReport>& reports, Of of, Reading::IfNoTask if_no_task) {
    std::vector<RecordId> ids;
    for (const SchoolReport& one : reports) {
      ids.push_back(one.id);
      if (of == Of::kSteps) {
        for (const SchoolReport::Step& step : one.steps) ids.push_back(step.record);
      }
      if (trajectories_.contains(one.trajectory)) continue;
      auto trajectory = call_.desk.cases.Trajectory(one.trajectory);
      if (!trajectory) continue;
      if (!IsNone(trajectory->label_record)) ids.push_back(trajectory->label_record);
      trajectories_.emplace(one.trajectory, std::move(*trajectory));
    }
    SCHAKEL_ASSIGN(auto shown, call_.desk.reading.Show(ids, call_.caller, if_no_task));
    if (if_no_task == Reading::IfNoTask::kNoted) {
      if (auto turned_away = TurnedAway(shown)) return std::unexpected(std::move(*turned_away));
    }
    read_ = ReadRecords(std::move(shown));
    read_.GiveTo(glance_);
    return {};
  }

  Json View(const SchoolReport& one) const {
    const auto trajectory = trajectories_.find(one.trajectory);
    const SchoolService& school = call_.desk.school;
    const auto days = std::chrono::floor<std::chrono::days>(call_.desk.clock.Now() - one.at).count();
    const bool words = read_.Has(one.id) && !one.sealed;
    const auto expected = one.IsExpected();
    Json steps = Json::array();
    for (const SchoolReport::Step& step : one.steps) {
      steps.push_back({{"record", ToText(step.record)},
                       {"step", Slug(step.move)},
                       {"at", ToText(step.at)},
                       {"author", views_.Organisation(step.author)},
                       {"place", IdView(step.place)},
                       {"shown", read_.View(step.record, views_)}});
    }
    return {{"id", ToText(one.id)},
            {"trajectory",
             views_.TrajectoryView(trajectory == trajectories_.end() ? nullptr : &trajectory->second, glance_)},
            {"reporter", views_.Organisation(one.reporter)},
            {"desk", views_.Organisation(one.desk)},
            {"ours", one.desk == call_.desk.engine.Self()},
            {"at", ToText(one.at)},
            {"age_days", std::max<std::int64_t>(days, 0)},
            {"state", Slug(one.state)},
            {"ended_at", TimeView(one.ended_at)},
            {"expected", expected ? Json(Slug(*expected)) : Json(nullptr)},
            {"goes_up_at", one.ended_at ? Json(nullptr) : Json(ToText(school.GoesUpAt(one)))},
            {"late", school.IsLate(one)},
            {"cut_off", one.cut_off ? Json(Slug(*one.cut_off)) : Json(nullptr)},
            {"same_as", IdView(one.same_as)},
            {"trouble", words ? Json(Slug(one.trouble)) : Json(nullptr)},
            {"level", words ? Json(Slug(one.level)) : Json(nullptr)},
            {"record", read_.View(one.id, views_)},
            {"steps", std::move(steps)}};
  }

 private:
  Call& call_;
  const JsonViews views_;
  ReadRecords read_{{}};
  Glance glance_;
  std::map<TrajectoryId, CaseTrajectory> trajectories_;
};

Result<Reply> ListOn(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(const std::vector<SchoolReport> reports, call.desk.school.On(id));
  SCHAKEL_ASSIGN(const std::vector<OrgId> desks, call.desk.school.Desks(id));
  SchoolViews views(call);
  SCHAKEL_TRY(views.Read(reports, SchoolViews::Of::kSteps, Reading::IfNoTask::kNoted));
  Json list = Json::array();
  for (const SchoolReport& one : reports) list.push_back(views.View(one));
  return Reply{.json = {{"reports", std::move(list)}, {"desks", call.Views().Organisations(desks)}}};
}

Result<Reply> Report(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  SchoolReportBody body;
  body.desk = input.Organisation("desk");
  body.trouble = input.RequiredWord("trouble", SchoolTrouble::kOther, &ParseSchoolTrouble);
  body.level = input.Word("level", SchoolLevel::kUnsaid, &ParseSchoolLevel);
  body.text = input.RequiredText("text");
  body.tried = input.Text("tried");
  body.since = input.Text("since");
  body.municipality = input.Text("municipality");
  const bool another = input.Flag("another", false);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.school.Report(id, body, another, audience));
  return call.Sending(sent);
}

// What was reported is read, each of those that somebody with a task there may look at.
Result<Reply> Queue(Call& call) {
  const std::string state = call.Asked("state");
  if (!state.empty() && state != "open" && state != "ended" && state != "all") {
    return Fail(Code::kInvalid, "school.state", "state", "choose one of: open, ended, all");
  }
  std::vector<SchoolReport> all = call.desk.school.Queue();
  if (state != "all") {
    const bool ended = state == "ended";
    std::erase_if(all, [&](const SchoolReport& one) { return one.ended_at.has_value() != ended; });
  }
  SCHAKEL_TRY(call.KeepOwn(all, [](const SchoolReport& one) { return one.trajectory; }));
  SCHAKEL_ASSIGN(const auto page, call.PageOf(std::move(all), [](const SchoolReport& one) { return ToText(one.id); }));
  SchoolViews views(call);
  SCHAKEL_TRY(views.Read(page.items, SchoolViews::Of::kReports, Reading::IfNoTask::kQuiet));
  Json list = Json::array();
  for (const SchoolReport& one : page.items) list.push_back(views.View(one));
  return Reply{.json = {{"reports", std::move(list)},
                        {"escalates_days", call.desk.school.escalates().count()},
                        {"next", page.next}}};
}

Result<Reply> Show(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("report"));
  SCHAKEL_ASSIGN(const SchoolReport report, call.desk.school.Show(id));
  SchoolViews views(call);
  SCHAKEL_TRY(views.Read({report}, SchoolViews::Of::kSteps, Reading::IfNoTask::kNoted));
  return Reply{.json = views.View(report)};
}

Result<Reply> Step(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("report"));
  Input input(call.body);
  SchoolStepBody body;
  body.step = input.RequiredWord("step", SchoolMove::kTakenUp, &ParseSchoolMove);
  const std::string place = input.Text("place");
  body.coach = input.Text("coach");
  body.who = input.Text("who");
  body.text = input.Text("text");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  if (!place.empty()) {
    SCHAKEL_ASSIGN(const RecordId offer, InField(call.desk.cases.FindRecord(place), "place"));
    body.place = ToText(offer);
  }
  SCHAKEL_ASSIGN(const Sent sent, call.desk.school.TakeStep(id, body, audience));
  return call.Sending(sent);
}

const Route kRoutes[] = {
    {"GET", "/v1/trajectories/{trajectory}/school-reports", &ListOn},
    {"POST", "/v1/trajectories/{trajectory}/school-reports", &Report},
    {"GET", "/v1/school/queue", &Queue, {"state", "limit", "cursor"}},
    {"GET", "/v1/school-reports/{report}", &Show},
    {"POST", "/v1/school-reports/{report}/steps", &Step},
};

}  // namespace
}  // namespace schakel::school_routes

namespace schakel {

std::span<const Route> SchoolRoutes() { return school_routes::kRoutes; }

}  // namespace schakel
