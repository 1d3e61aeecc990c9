// Who of our own people has a task on which trajectory, since when, until when. It stays in the vault: neither the hub
// nor a partner hears of it.
//
// Every change is kept, with who made it; what holds at a moment is a fold of them. Where nobody was ever assigned,
// anybody may say "task" as the reason of a look, and reports call that "nobody assigned".
// Threads: any. Durability: a change is synced when the call returns.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/engine.h"
#include "protocol/seams.h"

namespace schakel {

struct TaskChange {
  enum class What : std::uint8_t { kAssigned = 1, kEnded };
  Timestamp at;
  What what = What::kAssigned;
  std::string person;              // As in Person::name.
  std::optional<Timestamp> until;  // Of kAssigned: already outside; none: until it is ended.
  Person by;
  friend bool operator==(const TaskChange& a, const TaskChange& b) {
    return a.at == b.at && a.what == b.what && a.person == b.person && a.until == b.until && a.by.name == b.by.name &&
           a.by.role == b.by.role;
  }
};
struct Task {
  std::string person;
  Timestamp since;
  std::optional<Timestamp> until;
  std::string by;
  friend bool operator==(const Task&, const Task&) = default;
};
enum class TaskStanding : std::uint8_t {
  kHasTask = 1,
  kNoTask,
  kNobodyAssigned,
  kAssignedAfter,  // Nobody was yet; in hindsight, that person was within kAssignedWithin.
};
// So long it takes at most to say who works on what was just opened, or joined.
inline constexpr std::chrono::hours kAssignedWithin{1};
std::string_view Slug(TaskStanding value);
// kInvalid ("task.person"): no name of a person.
Status CheckTaskPerson(const std::string& person);

// Pure, on changes in the order in which they were made.
std::vector<Task> TasksAt(const std::vector<TaskChange>& changes, Timestamp at);  // By person.
TaskStanding StandingAt(const std::vector<TaskChange>& changes, const std::string& person, Timestamp at);
// As StandingAt, of a look in the past. Where somebody had a task there already, no later assignment mends a look.
TaskStanding StandingInHindsight(const std::vector<TaskChange>& changes, const std::string& person, Timestamp at);

// Of one trajectory, oldest first. A person who is called otherwise since is named as now (former_names.h): a task is
// an account's, whatever it was called when it got it.
Result<std::vector<TaskChange>> TaskChangesOf(const Engine& engine, const TrajectoryId& id);

class TaskService {
 public:
  TaskService(Engine& engine, Clock& clock) : engine_(engine), clock_(clock) {}

  // kDenied ("task.role"): coordinators and administrators say who works on what; kInvalid ("task.person",
  // "task.period"). Assigned anew: the later period counts.
  Status Assign(const TrajectoryId& id, const std::string& person, std::optional<Timestamp> until, const Person& by);
  // kNotFound ("task.none"): that person has no task there now.
  Status End(const TrajectoryId& id, const std::string& person, const Person& by);

  static constexpr std::size_t kPersonBytesMax = 120;

 private:
  Engine& engine_;
  Clock& clock_;
};

}  // namespace schakel
