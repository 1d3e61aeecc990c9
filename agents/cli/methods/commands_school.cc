// school: reports of school trouble, the desk's queue, the board in numbers, open days.
#include <filesystem>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/output.h"

namespace schakel::school_commands {
namespace {

struct Arguments {
  std::string trajectory;
  std::string record;
  std::string desk;
  std::string trouble;
  std::string level;
  std::string text;
  std::string tried;
  std::string since;
  std::string municipality;
  std::string state;
  std::string step;
  std::string place;
  std::string coach;
  std::string who;
  std::string year;
  std::string file;
  std::string day;
  std::string hours;
  std::string organiser;
  unsigned threshold = 0;
  unsigned published = 0;  // The school year of a board.
  bool same = false;
  bool another = false;
  bool force = false;
  ToWhom whom;
};
using Shared = std::shared_ptr<Arguments>;

std::string OfReport(const Arguments& a, const char* then = "") {
  return "/v1/school-reports/" + PercentEncoded(a.record) + then;
}

void Put(const std::string& value, const char* field, Json& body) {
  if (!value.empty()) body[field] = value;
}

int Report(Session& session, const Arguments& a) {
  Json body = {{"desk", a.desk}, {"trouble", a.trouble}};
  Put(a.level, "level", body);
  Put(a.since, "since", body);
  Put(a.municipality, "municipality", body);
  if (a.another) body["another"] = true;
  if (!PutText(session, a.text, "text", body) || !PutText(session, a.tried, "tried", body)) return 1;
  PutToWhom(a.whom, body);
  const auto sent = session.Post("/v1/trajectories/" + PercentEncoded(a.trajectory) + "/school-reports", body);
  return sent ? session.PrintSent(*sent, "school-report") : 1;
}

// "opgenomen · wordt verwacht: doorverwijzen · 12 dagen"; what went up or cannot end any more says so.
std::string Standing(Session& session, const Json& one) {
  std::string text = session.Word("school-state", one.at("state"));
  if (!one.at("cut_off").is_null()) return text + " · " + session.Word("school-cut-off", one.at("cut_off"));
  if (one.at("late") == true) text += " · " + session.T("cli.school.late");
  return text;
}

std::string Expected(Session& session, const Json& one) {
  return one.at("expected").is_null() ? "" : session.Word("school-expected", one.at("expected"));
}

void PrintReports(Session& session, const Json& reports) {
  Table table({session.T("cli.col.id"), session.T("cli.col.trajectory"), session.T("cli.col.from"),
               session.T("cli.school.trouble"), session.T("cli.school.age"), session.T("cli.col.state"),
               session.T("cli.school.next")});
  for (const Json& one : reports) {
    table.Add({Short(one.at("id").get<std::string>()), session.TrajectoryWord(one.at("trajectory")),
               session.Name(one.at("reporter")),
               one.at("trouble").is_null() ? "" : session.Word("school-trouble", one.at("trouble")),
               session.T("cli.school.days", {{"days", one.at("age_days").dump()}}), Standing(session, one),
               Expected(session, one)});
  }
  if (table.empty()) {
    session.out() << session.T("cli.school.none") << '\n';
  } else {
    table.Print(session.out());
  }
}

int Queue(Session& session, const Arguments& a) {
  const auto answer = session.Get("/v1/school/queue" + (a.state.empty() ? "" : "?state=" + PercentEncoded(a.state)));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  PrintReports(session, answer->at("reports"));
  return 0;
}

int Reports(Session& session, const Arguments& a) {
  const auto answer = session.Get("/v1/trajectories/" + PercentEncoded(a.trajectory) + "/school-reports");
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  PrintReports(session, answer->at("reports"));
  const std::string desks = session.Names(answer->at("desks"));
  session.out() << (desks.empty() ? session.T("cli.school.no_desk") : session.T("cli.school.desks", {{"who", desks}}))
                << '\n';
  return 0;
}

int Show(Session& session, const Arguments& a) {
  const auto one = session.Get(OfReport(a));
  if (!one) return 1;
  if (session.PrintedJson(*one)) return 0;
  session.out() << Standing(session, *one) << '\n';
  if (!one->at("same_as").is_null()) {
    session.out() << session.T("cli.school.same", {{"id", Short(one->at("same_as").get<std::string>())}}) << '\n';
  }
  if (one->at("record").is_object()) session.PrintRecord(one->at("record"));
  for (const Json& step : one->at("steps")) {
    if (step.at("shown").is_object()) session.PrintRecord(step.at("shown"));
  }
  return 0;
}

int Step(Session& session, const Arguments& a) {
  Json body = {{"step", a.step}};
  Put(a.place, "place", body);
  Put(a.coach, "coach", body);
  Put(a.who, "who", body);
  if (!PutText(session, a.text, "text", body)) return 1;
  PutToWhom(a.whom, body);
  const auto sent = session.Post(OfReport(a, "/steps"), body);
  return sent ? session.PrintSent(*sent, "school-step") : 1;
}

// ---- The board ----

std::string BoardQuery(const Arguments& a) {
  std::string query;
  if (!a.year.empty()) query += "?year=" + PercentEncoded(a.year);
  if (a.threshold > 0) query += (query.empty() ? "?" : "&") + ("threshold=" + std::to_string(a.threshold));
  return query;
}

int WriteBoard(Session& session, const Arguments& a) {
  std::error_code ignored;
  if (!a.force && std::filesystem::exists(a.file, ignored)) {
    return session.Say({Code::kExists, "file.exists", a.file, "choose another name, or give --force"});
  }
  const auto bytes = session.GetBytes("/v1/school/board.csv" + BoardQuery(a));
  if (!bytes) return 1;
  const Status written =
      a.force ? WriteAnew(a.file, AsBytes(*bytes)) : WriteNew(a.file, AsBytes(*bytes), FileMode::kOwnerOnly);
  if (!written) return session.Say(written.error());
  session.world().err << session.T("cli.export.written", {{"file", a.file}}) << '\n';
  return 0;
}

// Months and municipalities are their own words.
std::string CellWord(Session& session, const std::string& table, const Json& cell) {
  if (table == "outcome") return session.Word("school-outcome", cell);
  if (table == "municipality" && cell != "unsaid") return Clean(cell.get<std::string>());
  return table == "month" ? cell.get<std::string>() : session.Word("school-" + table, cell);
}

int Board(Session& session, const Arguments& a) {
  if (!a.file.empty()) return WriteBoard(session, a);
  const auto answer = session.Get("/v1/school/board" + BoardQuery(a));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  const std::string threshold = answer->at("threshold").dump();
  if (answer->at("reports").is_null()) {
    session.out() << session.T("cli.school.few", {{"threshold", threshold}}) << '\n';
    return 0;
  }
  Table table({session.T("cli.effects.table"), session.T("cli.effects.cell"), session.T("cli.school.count")});
  table.Add({session.T("cli.school.all"), "", answer->at("reports").dump()});
  for (const Json& one : answer->at("tables")) {
    const std::string slug = one.at("table");
    const std::string name = session.Word("school-table", one.at("table"));
    for (const Json& cell : one.at("cells")) {
      table.Add({name, CellWord(session, slug, cell.at("cell")), cell.at("count").dump()});
    }
    if (const std::size_t rest = one.at("rest"); rest > 0) {
      table.Add({name, session.T("cli.effects.rest"), std::to_string(rest)});
    }
  }
  table.Print(session.out());
  session.out() << session.T("cli.school.hidden", {{"threshold", threshold}}) << '\n';
  return 0;
}

// ---- Open days ----

void PrintWhen(Session& session, const Json& one) {
  session.out() << Clean(one.at("day").get<std::string>());
  for (const char* field : {"hours", "place", "organiser", "text"}) {
    const std::string text = Clean(one.at(field).get<std::string>());
    if (!text.empty()) session.out() << " · " << text;
  }
  session.out() << '\n';
}

void PrintDay(Session& session, const Json& one) {
  session.out() << Short(one.at("id").get<std::string>()) << "  ";
  PrintWhen(session, one);
}

int Days(Session& session, const Arguments&) {
  const auto answer = session.Get("/v1/school/open-days");
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("open_days").empty()) session.out() << session.T("cli.records.none") << '\n';
  for (const Json& one : answer->at("open_days")) PrintDay(session, one);
  return 0;
}

int WriteDay(Session& session, const Arguments& a) {
  Json body = {{"day", DayOf(a.day)}, {"place", a.place}, {"organiser", a.organiser}};
  Put(a.hours, "hours", body);
  if (!PutText(session, a.text, "text", body)) return 1;
  const std::string target =
      a.record.empty() ? "/v1/school/open-days" : "/v1/school/open-days/" + PercentEncoded(a.record) + "/edit";
  const auto answer = session.Post(target, body);
  if (!answer) return 1;
  if (!session.PrintedJson(*answer)) PrintDay(session, *answer);
  return 0;
}

int DropDay(Session& session, const Arguments& a) {
  const auto answer = session.Delete("/v1/school/open-days/" + PercentEncoded(a.record));
  if (!answer) return 1;
  if (!session.PrintedJson(*answer)) session.out() << session.T("cli.dropped") << '\n';
  return 0;
}

// ---- What desks published ----

int PublishBoard(Session& session, const Arguments& a) {
  Json body = Json::object();
  if (a.published > 0) body["year"] = a.published;
  if (a.threshold > 0) body["threshold"] = a.threshold;
  if (a.same) body["same_numbers"] = true;
  PutToWhom(a.whom, body);
  const auto sent = session.Post("/v1/school/boards", body);
  return sent ? session.PrintSent(*sent, "school-board") : 1;
}

void PrintBoard(Session& session, const Json& one) {
  session.out() << Short(one.at("id").get<std::string>()) << "  " << Clean(session.Name(one.at("author"))) << "  "
                << one.at("year").dump() << "  " << session.When(one.at("at")) << '\n';
  const Json body = one.at("record").is_object() ? one.at("record").value("body", Json::object()) : Json::object();
  Table table({session.T("cli.effects.table"), session.T("cli.effects.cell"), session.T("cli.school.count")});
  for (const Json& one_cell : body.value("cells", Json::array())) {
    const std::string slug = one_cell.at("table");
    const Json& cell = one_cell.at("cell");
    table.Add({session.Word("school-table", one_cell.at("table")),
               cell == "rest" ? session.T("cli.effects.rest") : CellWord(session, slug, cell),
               one_cell.at("count").dump()});
  }
  if (!table.empty()) table.Print(session.out());
  for (const Json& day : body.value("days", Json::array())) PrintWhen(session, day);
}

int Boards(Session& session, const Arguments&) {
  const auto answer = session.Get("/v1/school/boards");
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("boards").empty()) session.out() << session.T("cli.records.none") << '\n';
  for (const Json& one : answer->at("boards")) PrintBoard(session, one);
  return 0;
}

Action With(const Shared& arguments, int (*function)(Session&, const Arguments&)) {
  return [arguments, function](Session& session) { return function(session, *arguments); };
}

void AddDeskCommands(CommandTree& tree) {
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("school report");
    leaf.Positional(a->trajectory, "trajectory")
        .Option(a->desk, "--desk", kMust)
        .Choice(a->trouble, "--trouble", "school-trouble", kMust)
        .Choice(a->level, "--level", "school-level")
        .Option(a->text, "--text", kMust)
        .Option(a->tried, "--tried")
        .Option(a->since, "--since")
        .Option(a->municipality, "--municipality")
        .Flag(a->another, "--another");
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, &Report));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("school reports").Positional(a->trajectory, "trajectory").Does(With(a, &Reports));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("school queue").Choice(a->state, "--state", "school-queue").Does(With(a, &Queue));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("school show").Positional(a->record, "record").Does(With(a, &Show));
  }
  auto a = std::make_shared<Arguments>();
  Leaf leaf = tree.Add("school step");
  leaf.Positional(a->record, "record")
      .Choice(a->step, "--step", "school-step", kMust)
      .Option(a->place, "--place")
      .Option(a->coach, "--coach")
      .Option(a->who, "--who")
      .Option(a->text, "--text");
  AddToWhom(leaf, a->whom);
  leaf.Does(With(a, &Step));
}

void AddDayCommands(CommandTree& tree) {
  using enum Leaf::Must;
  tree.Add("school open-days").Does(With(std::make_shared<Arguments>(), &Days));
  for (const bool edits : {false, true}) {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add(edits ? "school open-day-edit" : "school open-day-add");
    if (edits) leaf.Positional(a->record, "record");
    leaf.Option(a->day, "--day", kMust)
        .Option(a->hours, "--hours")
        .Option(a->place, "--place", kMust)
        .Option(a->organiser, "--organiser", kMust)
        .Option(a->text, "--text")
        .Does(With(a, &WriteDay));
  }
  auto a = std::make_shared<Arguments>();
  tree.Add("school open-day-drop").Positional(a->record, "record").Does(With(a, &DropDay));
}

}  // namespace
}  // namespace schakel::school_commands

namespace schakel {

void AddSchoolCommands(CommandTree& tree) {
  using namespace school_commands;
  AddDeskCommands(tree);
  auto a = std::make_shared<Arguments>();
  tree.Add("school board")
      .Option(a->year, "--year")
      .Number(a->threshold, "--threshold")
      .Option(a->file, "--out")
      .Flag(a->force, "--force")
      .Does(With(a, &Board));
  {
    auto p = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("school board-publish");
    leaf.Number(p->published, "--year").Number(p->threshold, "--threshold").Flag(p->same, "--same-numbers");
    AddToWhom(leaf, p->whom);
    leaf.Does(With(p, &PublishBoard));
  }
  tree.Add("school boards").Does(With(std::make_shared<Arguments>(), &Boards));
  AddDayCommands(tree);
}

}  // namespace schakel
