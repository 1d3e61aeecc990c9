// Who of our own people has a task on a trajectory.
#include "colleague.h"
#include "router.h"

namespace schakel::tasks_routes {
namespace {

Json TaskViews(const std::vector<Task>& tasks) {
  Json list = Json::array();
  for (const Task& task : tasks) {
    list.push_back({{"person", task.person},
                    {"since", ToText(task.since)},
                    {"until", task.until ? Json(ToText(*task.until)) : Json(nullptr)},
                    {"by", task.by}});
  }
  return list;
}

Json ChangeViews(const std::vector<TaskChange>& changes) {
  Json list = Json::array();
  for (const TaskChange& change : changes) {
    list.push_back({{"at", ToText(change.at)},
                    {"what", change.what == TaskChange::What::kAssigned ? "assigned" : "ended"},
                    {"person", change.person},
                    {"until", change.until ? Json(ToText(*change.until)) : Json(nullptr)},
                    {"by", change.by.name},
                    {"role", Slug(change.by.role)}});
  }
  return list;
}

Result<Reply> Answered(const Call& call, const TrajectoryId& id, int status) {
  SCHAKEL_ASSIGN(const auto changes, TaskChangesOf(call.desk.engine, id));
  return Reply{.status = status,
               .json = {{"trajectory", ToText(id)},
                        {"tasks", TaskViews(TasksAt(changes, call.desk.clock.Now()))},
                        {"changes", ChangeViews(changes)}}};
}

Result<Reply> List(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  return Answered(call, id, 200);
}

Result<Reply> Assign(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const std::string person = input.RequiredText("person");
  const auto until = input.Time("until");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const std::string colleague, ColleagueOf(call.desk, person, "task.colleague", "person"));
  SCHAKEL_TRY(call.desk.tasks.Assign(id, colleague, until, call.caller.person));
  return Answered(call, id, 201);
}

Result<Reply> End(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const std::string person = input.RequiredText("person");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_TRY(call.desk.tasks.End(id, person, call.caller.person));
  return Answered(call, id, 200);
}

const Route kRoutes[] = {
    {"GET", "/v1/trajectories/{trajectory}/tasks", &List},
    {"POST", "/v1/trajectories/{trajectory}/tasks", &Assign},
    {"POST", "/v1/trajectories/{trajectory}/tasks/ended", &End},
};

}  // namespace
}  // namespace schakel::tasks_routes

namespace schakel {

std::span<const Route> TaskRoutes() { return tasks_routes::kRoutes; }

}  // namespace schakel
