// export: one trajectory, to take along.
#include <filesystem>

#include "commands.h"
#include "files.h"

namespace schakel::exports_commands {
namespace {

struct Arguments {
  std::string trajectory;
  std::string to;
  bool force = false;
};
using Shared = std::shared_ptr<Arguments>;

std::string PathOf(const Arguments& arguments, const char* what) {
  return "/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/" + what;
}

// What the agent yields, to the file; before it is asked, since each is logged as a look, that it may be written.
int Take(Session& session, const Arguments& arguments, const std::string& target, const char* next) {
  std::error_code ignored;
  if (!arguments.force && std::filesystem::exists(arguments.to, ignored)) {
    return session.Say({Code::kExists, "file.exists", arguments.to, "choose another name, or give --force"});
  }
  const auto bytes = session.GetBytes(target);
  if (!bytes) return 1;
  const Status written = arguments.force ? WriteAnew(arguments.to, AsBytes(*bytes))
                                         : WriteNew(arguments.to, AsBytes(*bytes), FileMode::kOwnerOnly);
  if (!written) return session.Say(written.error());
  if (session.PrintedJson({{"file", arguments.to}, {"bytes", bytes->size()}})) return 0;
  session.world().err << session.T("cli.export.written", {{"file", arguments.to}}) << '\n'
                      << "hint: " << session.T(next, {{"file", arguments.to}}) << '\n';
  return 0;
}

}  // namespace
}  // namespace schakel::exports_commands

namespace schakel {

void AddExportCommands(CommandTree& tree) {
  using namespace exports_commands;
  const auto add = [&](const char* command, Action (*action)(Shared)) {
    auto a = std::make_shared<Arguments>();
    tree.Add(command)
        .Positional(a->trajectory, "trajectory")
        .Option(a->to, "--to", Leaf::Must::kMust)
        .Flag(a->force, "--force")
        .Does(action(a));
  };
  add("export dossier", [](Shared a) -> Action {
    return [a](Session& session) { return Take(session, *a, PathOf(*a, "dossier.html"), "cli.export.dossier_next"); };
  });
  add("export fhir", [](Shared a) -> Action {
    return [a](Session& session) { return Take(session, *a, PathOf(*a, "fhir"), "cli.export.fhir_next"); };
  });
  add("export archive", [](Shared a) -> Action {
    return [a](Session& session) { return Take(session, *a, PathOf(*a, "archive"), "cli.export.archive_next"); };
  });
}

}  // namespace schakel
