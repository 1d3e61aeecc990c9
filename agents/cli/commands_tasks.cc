// trajectories assign, unassign, assigned: who of our own people works on what.
#include "commands.h"
#include "output.h"

namespace schakel::tasks_commands {
namespace {

struct Arguments {
  std::string trajectory;
  std::string person;
  std::string until;
  std::string lasting;
};
using Shared = std::shared_ptr<Arguments>;

std::string Path(const Arguments& arguments) {
  return "/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/tasks";
}

int Assign(Session& session, const Arguments& arguments) {
  Json body = {{"person", arguments.person}};
  if (!PutEnd(session, arguments.until, arguments.lasting, "until", body)) return 1;
  const auto answer = session.Post(Path(arguments), body);
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  session.out() << session.T("cli.task.assigned", {{"person", Clean(arguments.person)}}) << '\n';
  return 0;
}

int Unassign(Session& session, const Arguments& arguments) {
  const Json body = {{"person", arguments.person}};
  const auto answer = session.Post(Path(arguments) + "/ended", body);
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  session.out() << session.T("cli.task.ended", {{"person", Clean(arguments.person)}}) << '\n';
  return 0;
}

int Assigned(Session& session, const Arguments& arguments) {
  const auto answer = session.Get(Path(arguments));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  Table table({session.T("cli.col.who"), session.T("cli.col.from_time"), session.T("cli.col.until"),
               session.T("cli.col.assigned_by")});
  for (const Json& task : answer->at("tasks")) {
    table.Add({task.at("person"), session.When(task.at("since")), session.When(task.at("until")), task.at("by")});
  }
  if (table.empty()) {
    session.out() << session.T(answer->at("changes").empty() ? "cli.task.nobody" : "cli.task.none") << '\n';
  } else {
    table.Print(session.out());
  }
  return 0;
}

}  // namespace
}  // namespace schakel::tasks_commands

namespace schakel {

void AddTaskCommands(CommandTree& tree) {
  using namespace tasks_commands;
  const auto with = [](const Shared& arguments, auto function) {
    return [arguments, function](Session& session) { return function(session, *arguments); };
  };
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("trajectories assign")
        .Positional(a->trajectory, "trajectory")
        .Option(a->person, "--person", kMust)
        .Option(a->until, "--until")
        .Option(a->lasting, "--for")
        .Does(with(a, &Assign));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("trajectories unassign")
        .Positional(a->trajectory, "trajectory")
        .Option(a->person, "--person", kMust)
        .Does(with(a, &Unassign));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("trajectories assigned").Positional(a->trajectory, "trajectory").Does(with(a, &Assigned));
  }
}

}  // namespace schakel
