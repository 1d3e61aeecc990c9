// Crisis questions that wait, and who of our own people is on duty.
#include <algorithm>

#include "colleague.h"
#include "router.h"

namespace schakel::duty_routes {
namespace {

Json TurnView(const DutyTurn& one, Timestamp now) {
  return {{"id", ToHex(one.id)},        {"person", one.person}, {"from", ToText(one.from)},
          {"until", ToText(one.until)}, {"by", one.by},         {"now", one.Holds(now)}};
}

// That it is a crisis, and by when, stands in the question: the queue is a view of each.
class QueueViews {
 public:
  explicit QueueViews(Call& call) : call_(call), views_(call.Views()) {}

  Status Read(const CrisisQueue& queue) {
    for (const auto* list : {&queue.to_us, &queue.ours}) {
      for (const CrisisQuestion& one : *list) {
        glance_.Want(one.id);
        auto trajectory = call_.desk.cases.Trajectory(one.trajectory);
        if (!trajectory) continue;
        glance_.Want(*trajectory);
        trajectories_.emplace(one.trajectory, std::move(*trajectory));
      }
    }
    return glance_.Read(call_.desk.reading, call_.caller);
  }
  Json ListOf(const std::vector<CrisisQuestion>& questions) {
    Json list = Json::array();
    for (const CrisisQuestion& one : questions) list.push_back(View(one));
    return list;
  }

 private:
  Json View(const CrisisQuestion& one) {
    const auto trajectory = trajectories_.find(one.trajectory);
    Json silent = Json::array();
    for (const OrgId& who : one.silent) {
      const auto next = one.escalated ? call_.desk.duty.NextFor(one, who) : std::nullopt;
      silent.push_back(
          {{"organisation", views_.Organisation(who)}, {"next", views_.Organisation(next.value_or(OrgId()))}});
    }
    return {{"id", ToText(one.id)},
            {"trajectory",
             views_.TrajectoryView(trajectory == trajectories_.end() ? nullptr : &trajectory->second, glance_)},
            {"asker", views_.Organisation(one.asker)},
            {"asked_at", ToText(one.asked_at)},
            {"due_at", glance_.Has(one.id) ? Json(ToText(one.due_at)) : Json(nullptr)},
            {"escalated", one.escalated},
            {"silent", std::move(silent)}};
  }

  Call& call_;
  const JsonViews views_;
  Glance glance_;
  std::map<TrajectoryId, CaseTrajectory> trajectories_;
};

Result<Reply> Show(Call& call) {
  const CrisisQueue queue = call.desk.duty.Queue();
  QueueViews views(call);
  SCHAKEL_TRY(views.Read(queue));
  SCHAKEL_ASSIGN(const std::vector<DutyTurn> roster, call.desk.duty.Roster());
  const Timestamp now = call.desk.clock.Now();
  Json turns = Json::array();
  for (const DutyTurn& one : roster) turns.push_back(TurnView(one, now));
  return Reply{
      .json = {{"to_us", views.ListOf(queue.to_us)}, {"ours", views.ListOf(queue.ours)}, {"roster", std::move(turns)}}};
}

Result<Reply> Add(Call& call) {
  Input input(call.body);
  DutyTurn turn;
  turn.person = input.RequiredText("person");
  const Timestamp now = call.desk.clock.Now();
  turn.from = input.Time("from").value_or(now);
  const auto until = input.Time("until");
  if (!until) input.Refuse({Code::kInvalid, "request.required", {}, "fill it in"}, "until");
  SCHAKEL_TRY(input.Finish());
  turn.until = *until;
  // Whoever is on duty is told: nobody would be told of a name that is misspelt.
  SCHAKEL_ASSIGN(turn.person, ColleagueOf(call.desk, turn.person, "task.colleague", "person"));
  SCHAKEL_ASSIGN(const DutyTurn added, call.desk.duty.Add(std::move(turn), call.caller.person));
  return Reply{.status = 201, .json = TurnView(added, now)};
}

Result<Reply> Remove(Call& call) {
  SCHAKEL_TRY(call.desk.duty.Remove(call.path.at("turn"), call.caller.person));
  return Reply{.json = Json::object()};
}

const Route kRoutes[] = {
    {"GET", "/v1/duty", &Show},
    {"POST", "/v1/duty/turns", &Add},
    {"DELETE", "/v1/duty/turns/{turn}", &Remove},
};

}  // namespace
}  // namespace schakel::duty_routes

namespace schakel {

std::span<const Route> DutyRoutes() { return duty_routes::kRoutes; }

}  // namespace schakel
