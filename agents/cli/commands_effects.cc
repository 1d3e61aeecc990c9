// effects: needs and outcomes in numbers.
#include <filesystem>

#include "commands.h"
#include "files.h"
#include "output.h"

namespace schakel::effects_commands {
namespace {

struct Arguments {
  std::string year;
  std::string file;
  unsigned threshold = 0;
  bool force = false;
};

std::string Query(const Arguments& a) {
  std::string query;
  if (!a.year.empty()) query += "?year=" + PercentEncoded(a.year);
  if (a.threshold > 0) query += (query.empty() ? "?" : "&") + ("threshold=" + std::to_string(a.threshold));
  return query;
}

int WriteCsv(Session& session, const Arguments& a) {
  std::error_code ignored;
  if (!a.force && std::filesystem::exists(a.file, ignored)) {
    return session.Say({Code::kExists, "file.exists", a.file, "choose another name, or give --force"});
  }
  const auto bytes = session.GetBytes("/v1/effects.csv" + Query(a));
  if (!bytes) return 1;
  const Status written =
      a.force ? WriteAnew(a.file, AsBytes(*bytes)) : WriteNew(a.file, AsBytes(*bytes), FileMode::kOwnerOnly);
  if (!written) return session.Say(written.error());
  session.world().err << session.T("cli.export.written", {{"file", a.file}}) << '\n';
  return 0;
}

int Show(Session& session, const Arguments& a) {
  if (!a.file.empty()) return WriteCsv(session, a);
  const auto answer = session.Get("/v1/effects" + Query(a));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  const std::string threshold = std::to_string(answer->at("threshold").get<std::size_t>());
  if (answer->at("trajectories").is_null()) {
    session.out() << session.T("cli.effects.few", {{"threshold", threshold}}) << '\n';
    return 0;
  }
  Table table({session.T("cli.effects.table"), session.T("cli.effects.cell"), session.T("cli.effects.count")});
  table.Add({session.T("cli.effects.trajectories"), "", std::to_string(answer->at("trajectories").get<std::size_t>())});
  for (const Json& one : answer->at("tables")) {
    const std::string name = session.Word("effect", one.at("table"));
    for (const Json& cell : one.at("cells")) {
      table.Add({name, session.Word("effect-" + one.at("table").get<std::string>(), cell.at("cell")),
                 std::to_string(cell.at("count").get<std::size_t>())});
    }
    if (const std::size_t rest = one.at("rest"); rest > 0) {
      table.Add({name, session.T("cli.effects.rest"), std::to_string(rest)});
    }
  }
  table.Print(session.out());
  session.out() << session.T("cli.effects.hidden", {{"threshold", threshold}}) << '\n';
  return 0;
}

}  // namespace
}  // namespace schakel::effects_commands

namespace schakel {

void AddEffectCommands(CommandTree& tree) {
  using namespace effects_commands;
  auto a = std::make_shared<Arguments>();
  tree.Add("effects")
      .Option(a->year, "--year")
      .Number(a->threshold, "--threshold")
      .Option(a->file, "--out")
      .Flag(a->force, "--force")
      .Does([a](Session& session) { return Show(session, *a); });
}

}  // namespace schakel
