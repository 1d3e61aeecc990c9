// structural: consultation with partners at three levels, three times a year.
#include "commands.h"
#include "output.h"

namespace schakel::structural_commands {
namespace {

struct Arguments {
  std::string record;
  std::string partner;
  std::string level;
  std::string day;
  std::string state;
  std::string notes;
  std::string year;
  std::vector<std::string> who;
};

void PrintMeeting(Session& session, const Json& one) {
  session.out() << Short(one.at("id").get<std::string>()) << "  " << one.at("day").get<std::string>() << "  "
                << session.Word("level", one.at("level")) << ", " << Clean(one.at("partner").get<std::string>()) << ", "
                << session.Word("structural-state", one.at("state"));
  std::string who;
  for (const Json& name : one.at("who")) who += (who.empty() ? "" : ", ") + Clean(name.get<std::string>());
  if (!who.empty()) session.out() << " (" << who << ")";
  session.out() << '\n';
  PrintText(session.out(), Clean(one.at("notes").get<std::string>()), "    ");
}

int List(Session& session, const Arguments& a) {
  const auto answer = session.Get("/v1/structural-consultations" + (a.year.empty() ? "" : "?year=" + a.year));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  Table table({session.T("cli.col.level"), session.T("cli.col.held"), session.T("cli.col.planned"),
               session.T("cli.col.due"), session.T("cli.col.cadence")});
  for (const Json& one : answer->at("levels")) {
    table.Add({session.Word("level", one.at("level")),
               std::to_string(one.at("held").get<int>()) + "/" + std::to_string(one.at("needed").get<int>()),
               std::to_string(one.at("planned").get<int>()), one.at("due").get<std::string>(),
               session.Word("cadence", one.at("standing"))});
  }
  table.Print(session.out());
  for (const Json& one : answer->at("meetings")) PrintMeeting(session, one);
  return 0;
}

int Write(Session& session, const Arguments& a) {
  Json body = {{"level", a.level}, {"day", DayOf(a.day)}, {"who", a.who}};
  if (!a.state.empty()) body["state"] = a.state;
  if (!PutText(session, a.notes, "notes", body)) return 1;
  std::string path = "/v1/structural-consultations";
  if (a.record.empty()) {
    body["partnership"] = a.partner;
  } else {
    path += "/" + PercentEncoded(a.record) + "/edit";
  }
  const auto answer = session.Post(path, body);
  if (!answer) return 1;
  if (!session.PrintedJson(*answer)) PrintMeeting(session, *answer);
  return 0;
}

int Drop(Session& session, const Arguments& a) {
  const auto answer = session.Delete("/v1/structural-consultations/" + PercentEncoded(a.record));
  if (!answer) return 1;
  if (!session.PrintedJson(*answer)) session.out() << session.T("cli.dropped") << '\n';
  return 0;
}

}  // namespace
}  // namespace schakel::structural_commands

namespace schakel {

void AddStructuralCommands(CommandTree& tree) {
  using namespace structural_commands;
  using enum Leaf::Must;
  const auto doing = [](std::shared_ptr<Arguments> a, int (*function)(Session&, const Arguments&)) {
    return [a = std::move(a), function](Session& session) { return function(session, *a); };
  };
  auto a = std::make_shared<Arguments>();
  tree.Add("structural list").Option(a->year, "--year").Does(doing(a, &List));
  for (const bool edits : {false, true}) {
    a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add(edits ? "structural edit" : "structural add");
    if (edits) leaf.Positional(a->record, "record");
    if (!edits) leaf.Option(a->partner, "--partner", kMust);
    leaf.Choice(a->level, "--level", "level", kMust)
        .Option(a->day, "--day", kMust)
        .Choice(a->state, "--state", "structural-state")
        .List(a->who, "--who")
        .Option(a->notes, "--notes")
        .Does(doing(a, &Write));
  }
  a = std::make_shared<Arguments>();
  tree.Add("structural drop").Positional(a->record, "record").Does(doing(a, &Drop));
}

}  // namespace schakel
