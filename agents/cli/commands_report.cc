// report: the access report of the young person or the confidant, into a new directory.
#include <filesystem>

#include "commands.h"
#include "files.h"

namespace schakel::report_commands {
namespace {

struct Arguments {
  std::string trajectory;
  std::string edition;
  std::string output;
};

int Report(Session& session, const Arguments& arguments) {
  // Before it is made: that is logged.
  std::error_code error;
  if (std::filesystem::exists(arguments.output, error)) {
    return session.Say({Code::kExists, "file.exists", arguments.output, "choose another name"});
  }
  std::string target = "/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/report";
  if (!arguments.edition.empty()) target += "?for=" + PercentEncoded(arguments.edition);
  const auto answer = session.Get(target);
  if (!answer) return 1;
  std::filesystem::create_directories(arguments.output, error);
  std::filesystem::permissions(arguments.output, std::filesystem::perms::owner_all, error);
  for (const Json& file : answer->at("files")) {
    // Names are of our own making; of another agent's, only the last part counts.
    const auto name = std::filesystem::path(file.at("name").get<std::string>()).filename();
    const auto bytes = FromBase64(file.at("content").get<std::string>());
    const std::string path = (std::filesystem::path(arguments.output) / name).string();
    if (!bytes) return session.Say({Code::kCorrupt, "agent.answer", name.string(), "ask again"});
    if (auto written = WriteNew(path, *bytes, FileMode::kOwnerOnly); !written) return session.Say(written.error());
    if (!session.options().json) session.out() << path << '\n';
  }
  const Json made = {{"directory", arguments.output}};
  session.PrintedJson(made);
  session.world().err << "hint: " << session.T("cli.report.next") << '\n';
  return 0;
}

}  // namespace
}  // namespace schakel::report_commands

namespace schakel {

void AddReportCommands(CommandTree& tree) {
  using namespace report_commands;
  auto a = std::make_shared<Arguments>();
  tree.Add("report")
      .Positional(a->trajectory, "trajectory")
      .Choice(a->edition, "--for", "edition")
      .Option(a->output, "--output", Leaf::Must::kMust)
      .Does([a](Session& session) { return Report(session, *a); });
}

}  // namespace schakel
