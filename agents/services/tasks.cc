#include "agents/tasks.h"

#include <algorithm>
#include <map>

#include "agents/former_names.h"
#include "agents/person_name.h"
#include "protocol/codec.h"

namespace schakel {
namespace {

constexpr std::uint64_t kVersion = 1;

std::string ListOf(const TrajectoryId& id) { return "tasks." + ToText(id); }

Bytes Encode(const TaskChange& change) {
  Encoder to;
  to.Array(7).Uint(kVersion).Time(change.at).Enum(change.what).Text(change.person);
  if (change.until) {
    to.Time(*change.until);
  } else {
    to.Nil();
  }
  to.Text(change.by.name).Enum(change.by.role);
  return to.Take();
}

Result<TaskChange> Decode(ByteView bytes) {
  Decoder from(bytes);
  from.Array(7, "task");
  if (from.Uint("task.version") != kVersion) return Fail(Code::kVersion, "vault.row", "task");
  TaskChange change;
  change.at = from.Time("task.at");
  change.what = from.Enum("task.what", TaskChange::What::kAssigned, TaskChange::What::kEnded);
  change.person = from.Text("task.person", TaskService::kPersonBytesMax);
  if (!from.Nil()) change.until = from.Time("task.until");
  change.by.name = from.Text("task.by", TaskService::kPersonBytesMax);
  change.by.role = from.Enum("task.by", StaffRole::kWorker, kStaffRoleLast);
  if (!from.Finish()) return Fail(Code::kCorrupt, "vault.row", "task");
  return change;
}

Status CheckMaySay(const Person& by) {
  if (by.role == StaffRole::kCoordinator || by.role == StaffRole::kAdministrator) return {};
  return Fail(Code::kDenied, "task.role", "role", "ask the coordinator");
}

}  // namespace

Status CheckTaskPerson(const std::string& person) {
  const bool printable = std::ranges::none_of(person, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  if (printable && !PersonKey(person).empty() && person.size() <= TaskService::kPersonBytesMax) return {};
  return Fail(Code::kInvalid, "task.person", "person", "name the person as in --as, in 1 to 120 bytes");
}

std::string_view Slug(TaskStanding value) {
  switch (value) {
    case TaskStanding::kHasTask:
      return "has-task";
    case TaskStanding::kNoTask:
      return "no-task";
    case TaskStanding::kNobodyAssigned:
      return "nobody-assigned";
    case TaskStanding::kAssignedAfter:
      return "assigned-after";
  }
  return "unknown";
}

std::vector<Task> TasksAt(const std::vector<TaskChange>& changes, Timestamp at) {
  std::map<std::string, Task> tasks;  // Under the key of the person.
  for (const TaskChange& change : changes) {
    if (change.at > at) continue;
    if (change.what == TaskChange::What::kEnded) {
      tasks.erase(PersonKey(change.person));
      continue;
    }
    auto [task, fresh] = tasks.try_emplace(PersonKey(change.person), Task{change.person, change.at, {}, {}});
    // What had run out by then begins anew.
    if (!fresh && task->second.until && *task->second.until <= change.at) task->second.since = change.at;
    task->second.until = change.until;
    task->second.by = change.by.name;
  }
  std::vector<Task> in_force;
  for (auto& [key, task] : tasks) {
    if (!task.until || at < *task.until) in_force.push_back(std::move(task));
  }
  return in_force;
}

TaskStanding StandingAt(const std::vector<TaskChange>& changes, const std::string& person, Timestamp at) {
  const bool list = std::ranges::any_of(changes, [&](const TaskChange& change) { return change.at <= at; });
  if (!list) return TaskStanding::kNobodyAssigned;
  const auto tasks = TasksAt(changes, at);
  const bool has = std::ranges::any_of(tasks, [&](const Task& task) { return SamePerson(task.person, person); });
  return has ? TaskStanding::kHasTask : TaskStanding::kNoTask;
}

TaskStanding StandingInHindsight(const std::vector<TaskChange>& changes, const std::string& person, Timestamp at) {
  const TaskStanding standing = StandingAt(changes, person, at);
  if (standing != TaskStanding::kNobodyAssigned) return standing;
  const bool soon = std::ranges::any_of(changes, [&](const TaskChange& change) {
    return change.what == TaskChange::What::kAssigned && change.at <= at + kAssignedWithin &&
           SamePerson(change.person, person);
  });
  return soon ? TaskStanding::kAssignedAfter : standing;
}

Result<std::vector<TaskChange>> TaskChangesOf(const Engine& engine, const TrajectoryId& id) {
  std::vector<TaskChange> changes;
  SCHAKEL_ASSIGN(const FormerNames names, FormerNames::Of(engine));
  Status decoded;
  SCHAKEL_TRY(engine.VisitFacts(ListOf(id), [&](ByteView row) {
    auto change = Decode(row);
    if (!change) {
      decoded = std::unexpected(change.error());
      return false;
    }
    change->person = names.Now(change->person);
    changes.push_back(std::move(*change));
    return true;
  }));
  SCHAKEL_TRY(decoded);
  return changes;
}

Status TaskService::Assign(const TrajectoryId& id, const std::string& person, std::optional<Timestamp> until,
                           const Person& by) {
  SCHAKEL_TRY(CheckMaySay(by));
  SCHAKEL_TRY(CheckTaskPerson(person));
  const Timestamp now = clock_.Now();
  if (until && *until <= now) return Fail(Code::kInvalid, "task.period", "until", "let it end later than now");
  SCHAKEL_ASSIGN(const FormerNames names, FormerNames::Of(engine_));
  return engine_.AppendFact(ListOf(id), Encode({now, TaskChange::What::kAssigned, names.Now(person), until, by}));
}

Status TaskService::End(const TrajectoryId& id, const std::string& person, const Person& by) {
  SCHAKEL_TRY(CheckMaySay(by));
  SCHAKEL_TRY(CheckTaskPerson(person));
  const Timestamp now = clock_.Now();
  SCHAKEL_ASSIGN(const auto changes, TaskChangesOf(engine_, id));
  SCHAKEL_ASSIGN(const FormerNames names, FormerNames::Of(engine_));
  const std::string called = names.Now(person);
  if (StandingAt(changes, called, now) != TaskStanding::kHasTask) {
    return Fail(Code::kNotFound, "task.none", "person", "see who has: trajectories assigned");
  }
  return engine_.AppendFact(ListOf(id), Encode({now, TaskChange::What::kEnded, called, {}, by}));
}

}  // namespace schakel
