// import: people and trajectories out of a table, with a report line by line.
#include "commands.h"
#include "files.h"
#include "output.h"

namespace schakel::imports_commands {
namespace {

constexpr std::size_t kTableBytesMax = 2U << 20;

struct Arguments {
  std::string file;
  bool dry_run = false;
  bool skip_bad = false;
};

int PrintReport(Session& session, int status, const Json& report) {
  // A problem of the file itself has no report.
  if (!report.contains("rows")) return session.SayProblem(report);
  const int exit_code = report.at("wrong").get<std::size_t>() > 0 || status != 200 ? 1 : 0;
  if (session.PrintedJson(report)) return exit_code;
  for (const Json& row : report.at("rows")) {
    std::string text = session.T("cli.import.line", {{"line", row.at("line").dump()},
                                                     {"outcome", session.Word("import", row.at("outcome"))},
                                                     {"key", Clean(row.value("key", std::string()))}});
    if (row.contains("problem")) {
      const Json& problem = row.at("problem");
      text += " " + Clean(problem.value("title", std::string())) + " " + Clean(problem.value("next", std::string()));
    }
    if (row.contains("invitation")) {
      const Json& link = row.at("link");
      text += " " + (link.is_null() ? row.at("invitation") : link).get<std::string>();
    }
    session.out() << text << '\n';
  }
  session.world().err << session.T("cli.import.counts", {{"made", report.at("made").dump()},
                                                         {"unchanged", report.at("unchanged").dump()},
                                                         {"wrong", report.at("wrong").dump()}})
                      << '\n';
  if (report.at("dry_run").get<bool>()) session.world().err << "hint: " << session.T("cli.import.dry") << '\n';
  if (report.at("refused").get<bool>()) session.world().err << "hint: " << session.T("cli.import.refused") << '\n';
  return exit_code;
}

int Import(Session& session, const Arguments& arguments, const char* target) {
  const auto bytes = ReadWhole(arguments.file, kTableBytesMax);
  if (!bytes) return session.Say(bytes.error());
  // JSON cannot carry other bytes, so that is told here.
  if (!IsUtf8(AsText(*bytes))) {
    return session.Say({Code::kInvalid, "csv.encoding", arguments.file, "save it as CSV UTF-8"});
  }
  const auto answer = session.PostWhatever(
      target, {{"csv", std::string(AsText(*bytes))}, {"dry_run", arguments.dry_run}, {"skip_bad", arguments.skip_bad}});
  return answer ? PrintReport(session, answer->first, answer->second) : 1;
}

}  // namespace
}  // namespace schakel::imports_commands

namespace schakel {

void AddImportCommands(CommandTree& tree) {
  using namespace imports_commands;
  for (const auto& [command, target] :
       {std::pair("import people", "/v1/import/people"), std::pair("import trajectories", "/v1/import/trajectories")}) {
    auto a = std::make_shared<Arguments>();
    tree.Add(command)
        .Positional(a->file, "file")
        .Flag(a->dry_run, "--dry-run")
        .Flag(a->skip_bad, "--skip-bad")
        .Does([a, target = target](Session& session) { return Import(session, *a, target); });
  }
}

}  // namespace schakel
