// Round tables, evolution reviews, intakes.
#include "commands.h"
#include "output.h"

namespace schakel {
namespace {

struct Arguments {
  std::string trajectory;
  std::string table;
  std::string title;
  std::string kind;
  std::string place;
  std::string agenda;
  std::string date;
  std::string text;
  std::string comment;
  std::string without_clients;
  std::vector<std::string> dates;
  std::vector<std::string> choices;
  std::vector<std::string> decisions;
  std::vector<std::string> present;
  std::vector<std::string> absent;
  std::vector<std::string> categories;
  ToWhom whom;
};
using Shared = std::shared_ptr<Arguments>;

int Propose(Session& session, const Arguments& arguments) {
  Json body = {{"title", arguments.title}, {"slots", Json::array()}};
  for (const std::string& date : arguments.dates) {
    Json slot;
    if (!PutSlot(session, date, "--date", slot)) return 1;
    body["slots"].push_back(std::move(slot));
  }
  if (!arguments.kind.empty()) body["kind"] = arguments.kind;
  if (!arguments.place.empty()) body["place"] = arguments.place;
  if (!PutText(session, arguments.agenda, "agenda", body)) return 1;
  if (!arguments.without_clients.empty()) {
    body["clients_invited"] = false;
    body["why_not"] = arguments.without_clients;
  }
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post("/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/tables", body);
  return sent ? session.PrintSent(*sent, "meeting-proposal") : 1;
}

int Vote(Session& session, const Arguments& arguments) {
  Json body = {{"choices", arguments.choices}};
  if (!arguments.comment.empty()) body["comment"] = arguments.comment;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post("/v1/tables/" + PercentEncoded(arguments.table) + "/votes", body);
  return sent ? session.PrintSent(*sent, "meeting-vote") : 1;
}

// "--date 2": the second date of the proposal; else a date written out.
bool PutChosen(Session& session, const Arguments& arguments, Json& body) {
  const bool number = !arguments.date.empty() && arguments.date.size() <= 2 &&
                      arguments.date.find_first_not_of("0123456789") == std::string::npos;
  if (!number) return PutSlot(session, arguments.date, "--date", body["slot"]);
  const auto table = session.Get("/v1/tables/" + PercentEncoded(arguments.table));
  if (!table) return false;
  const std::size_t index = static_cast<std::size_t>(std::stoul(arguments.date));
  const Json slots = table->at("thread").at(0).value("body", Json::object()).value("slots", Json::array());
  if (index < 1 || index > slots.size()) {
    session.Say({Code::kInvalid, "cli.date", arguments.date, "choose one of the dates of the proposal"});
    return false;
  }
  body["slot"] = slots.at(index - 1);
  return true;
}

int Fix(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  if (!PutChosen(session, arguments, body)) return 1;
  if (!arguments.place.empty()) body["place"] = arguments.place;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post("/v1/tables/" + PercentEncoded(arguments.table) + "/date", body);
  return sent ? session.PrintSent(*sent, "meeting-fixed") : 1;
}

int Report(Session& session, const Arguments& arguments) {
  Json body = {{"decisions", arguments.decisions}, {"attendance", Json::array()}};
  for (const std::string& name : arguments.present) body["attendance"].push_back({{"name", name}, {"present", true}});
  for (const std::string& name : arguments.absent) body["attendance"].push_back({{"name", name}, {"present", false}});
  if (!PutText(session, arguments.text, "text", body)) return 1;
  if (!arguments.categories.empty()) body["categories"] = arguments.categories;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post("/v1/tables/" + PercentEncoded(arguments.table) + "/report", body);
  return sent ? session.PrintSent(*sent, "meeting-report") : 1;
}

int List(Session& session, const Arguments& arguments) {
  const auto answer = session.Get(
      arguments.trajectory.empty() ? "/v1/tables" : "/v1/tables?trajectory=" + PercentEncoded(arguments.trajectory));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  Table table({session.T("cli.col.id"), session.T("cli.col.trajectory"), session.T("cli.col.convener"),
               session.T("cli.col.state"), session.T("cli.col.date"), session.T("cli.col.waits_for")});
  for (const Json& one : answer->at("tables")) {
    table.Add({Short(one.at("id").get<std::string>()), session.TrajectoryWord(one.at("trajectory")),
               session.Name(one.at("convener")), session.Word("table", one.at("state")), session.Slot(one.at("date")),
               one.at("state") == "voting" ? session.Names(one.at("outstanding")) : ""});
  }
  if (table.empty()) {
    session.out() << session.T("cli.table.none") << '\n';
  } else {
    table.Print(session.out());
  }
  return 0;
}

void PrintPoll(Session& session, const Json& one) {
  const Json slots = one.at("thread").at(0).value("body", Json::object()).value("slots", Json::array());
  Table poll({"", session.T("cli.col.date"), session.T("word.choices.yes"), session.T("word.choices.maybe"),
              session.T("word.choices.no")});
  for (std::size_t i = 0; i < slots.size() && i < one.at("tallies").size(); ++i) {
    const Json& tally = one.at("tallies").at(i);
    poll.Add({std::to_string(i + 1), session.Slot(slots.at(i)), tally.at("yes").dump(), tally.at("maybe").dump(),
              tally.at("no").dump()});
  }
  if (poll.empty()) return;
  session.out() << '\n';
  poll.Print(session.out());
}

int Show(Session& session, const Arguments& arguments) {
  const auto one = session.Get("/v1/tables/" + PercentEncoded(arguments.table));
  if (!one) return 1;
  if (session.PrintedJson(*one)) return 0;
  Sheet sheet;
  sheet.Add(session.T("cli.table"), one->at("id"));
  sheet.Add(session.T("cli.col.trajectory"), session.TrajectoryWord(one->at("trajectory")));
  sheet.Add(session.T("cli.col.convener"), session.Name(one->at("convener")));
  sheet.Add(session.T("cli.col.state"), session.Word("table", one->at("state")));
  sheet.Add(session.T("cli.col.date"), session.Slot(one->at("date")));
  if (one->at("state") == "voting") {
    sheet.Add(session.T("cli.col.waits_for"), session.Names(one->at("outstanding")));
  }
  sheet.Print(session.out());
  PrintPoll(session, *one);
  for (const Json& record : one->at("thread")) {
    session.out() << '\n';
    session.PrintRecord(record);
  }
  return 0;
}

}  // namespace

void AddTableCommands(CommandTree& tree) {
  const auto with = [](const Shared& arguments, auto function) {
    return [arguments, function](Session& session) { return function(session, *arguments); };
  };
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("tables propose");
    leaf.Positional(a->trajectory, "trajectory")
        .Option(a->title, "--title", kMust)
        .Repeated(a->dates, "--date", kMust)
        .Choice(a->kind, "--kind", "kind")
        .Option(a->place, "--place")
        .Option(a->agenda, "--agenda")
        .Option(a->without_clients, "--without-clients");
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &Propose));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("tables vote");
    leaf.Positional(a->table, "table")
        .Choices(a->choices, "--choices", "choices", kMust)
        .Option(a->comment, "--comment");
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &Vote));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("tables fix");
    leaf.Positional(a->table, "table").Option(a->date, "--date", kMust).Option(a->place, "--place");
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &Fix));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("tables report");
    leaf.Positional(a->table, "table")
        .Option(a->text, "--text", kMust)
        .Repeated(a->decisions, "--decision")
        .Repeated(a->present, "--present")
        .Repeated(a->absent, "--absent")
        .Choices(a->categories, "--category", "category");
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &Report));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("tables list").Positional(a->trajectory, "trajectory", kMay).Does(with(a, &List));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("tables show").Positional(a->table, "table").Does(with(a, &Show));
  }
}

}  // namespace schakel
