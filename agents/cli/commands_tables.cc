// Round tables, evolution reviews, intakes.
#include <algorithm>

#include "commands.h"
#include "output.h"

namespace schakel::tables_commands {
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
  std::string why;
  std::string answer_by;
  std::string guest;
  std::string occurrence;
  std::string from;
  std::string until;
  unsigned quorum = 0;
  unsigned every_weeks = 0;
  unsigned times = 0;
  bool together = false;
  bool from_network = false;
  std::vector<std::string> without;
  std::vector<std::string> required;
  std::vector<std::string> required_clients;
  std::vector<std::string> actions;
  std::vector<std::string> dates;
  std::vector<std::string> choices;
  std::vector<std::string> decisions;
  std::vector<std::string> present;
  std::vector<std::string> absent;
  std::vector<std::string> categories;
  ToWhom whom;
};
using Shared = std::shared_ptr<Arguments>;

void PutTerms(const Arguments& arguments, Json& body) {
  if (arguments.quorum != 0) body["quorum"] = arguments.quorum;
  if (!arguments.required.empty()) body["required"] = arguments.required;
  if (!arguments.required_clients.empty()) body["required_clients"] = arguments.required_clients;
}

// The key figures that are at no intake meeting yet: their organisations are asked as if they were named, the others
// are invited as guests.
bool PutFromNetwork(Session& session, const Arguments& arguments, Json& body) {
  const auto intake = session.Get("/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/intake");
  if (!intake) return false;
  const Json& draft = intake->at("joint").at("draft");
  if (arguments.kind.empty()) body["kind"] = draft.at("kind");
  std::vector<std::string> to = arguments.whom.to;
  for (const Json& one : draft.at("to")) {
    if (std::ranges::find(to, one.get<std::string>()) == to.end()) to.push_back(one.get<std::string>());
  }
  body["to"] = to;
  // Never everybody: whoever was left out of the network is not asked by leaving out --to.
  const auto self = session.Get("/v1/status");
  if (!self) return false;
  if (to == std::vector{self->at("organisation").at("id").get<std::string>()}) {
    session.world().err << session.T("cli.table.from_network_nobody") << '\n';
  }
  body["guests"] = draft.at("guests");
  for (const Json& one : draft.at("guests")) {
    session.world().err << session.T("cli.table.from_network", {{"name", Clean(one.at("name").get<std::string>())}})
                        << '\n';
  }
  return true;
}

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
  if (!arguments.without.empty()) body["left_out"] = arguments.without;
  if (!arguments.why.empty()) body["why_not"] = arguments.why;
  if (arguments.together) body["family_first"] = false;
  if (!PutDeadline(session, arguments.answer_by, "--answer-by", "answer_by", body)) return 1;
  PutTerms(arguments, body);
  PutToWhom(arguments.whom, body);
  if (arguments.from_network && !PutFromNetwork(session, arguments, body)) return 1;
  const auto sent = session.Post("/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/tables", body);
  return sent ? session.PrintSent(*sent, "meeting-proposal") : 1;
}

int SetTerms(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  PutTerms(arguments, body);
  const auto sent = session.Post("/v1/tables/" + PercentEncoded(arguments.table) + "/terms", body);
  return sent ? session.PrintSent(*sent, "meeting-terms") : 1;
}

int PassOn(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  if (!arguments.choices.empty()) body["choices"] = arguments.choices;
  if (!arguments.comment.empty()) body["comment"] = arguments.comment;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post("/v1/tables/" + PercentEncoded(arguments.table) + "/family", body);
  return sent ? session.PrintSent(*sent, "meeting-family") : 1;
}

// What a guest said at home, on the phone or on paper.
int VoteFor(Session& session, const Arguments& arguments, const Json& body) {
  const auto sent = session.Post(
      "/v1/tables/" + PercentEncoded(arguments.table) + "/guests/" + PercentEncoded(arguments.guest) + "/votes", body);
  return sent ? session.PrintSent(*sent, "meeting-vote") : 1;
}

int Vote(Session& session, const Arguments& arguments) {
  Json body = {{"choices", arguments.choices}};
  if (!arguments.comment.empty()) body["comment"] = arguments.comment;
  if (!arguments.guest.empty()) return VoteFor(session, arguments, body);
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
  if (arguments.every_weeks != 0) body["every_weeks"] = arguments.every_weeks;
  if (arguments.times != 0) body["times"] = arguments.times;
  if (!arguments.occurrence.empty() && !PutTime(session, arguments.occurrence, "--occurrence", "occurrence", body)) {
    return 1;
  }
  if (!arguments.why.empty()) body["reason"] = arguments.why;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post("/v1/tables/" + PercentEncoded(arguments.table) + "/date", body);
  return sent ? session.PrintSent(*sent, "meeting-fixed") : 1;
}

// "ORG | what | by when".
bool PutAction(Session& session, const std::string& text, Json& to) {
  std::vector<std::string> parts = {{}};
  for (char c : text) {
    if (c == '|') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  for (std::string& part : parts) {
    part.erase(0, part.find_first_not_of(' '));
    part.erase(part.find_last_not_of(' ') + 1);
  }
  if (parts.size() != 3) {
    session.Say({Code::kInvalid, "cli.action", "--action", "write it as: ORG | what | by when"});
    return false;
  }
  Json action = {{"owner", parts[0]}, {"text", parts[1]}};
  if (!PutDeadline(session, parts[2], "--action", "due_at", action)) return false;
  to.push_back(std::move(action));
  return true;
}

int Report(Session& session, const Arguments& arguments) {
  Json body = {{"decisions", arguments.decisions}, {"attendance", Json::array()}};
  for (const std::string& name : arguments.present) body["attendance"].push_back({{"name", name}, {"present", true}});
  for (const std::string& name : arguments.absent) body["attendance"].push_back({{"name", name}, {"present", false}});
  if (!PutText(session, arguments.text, "text", body)) return 1;
  if (!arguments.actions.empty()) body["actions"] = Json::array();
  for (const std::string& action : arguments.actions) {
    if (!PutAction(session, action, body["actions"])) return 1;
  }
  if (!arguments.categories.empty()) body["categories"] = arguments.categories;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post("/v1/tables/" + PercentEncoded(arguments.table) + "/report", body);
  return sent ? session.PrintSent(*sent, "meeting-report") : 1;
}

int List(Session& session, const Arguments& arguments) {
  Json asked = Json::object();
  if (!arguments.trajectory.empty()) asked["trajectory"] = arguments.trajectory;
  if (!PutTime(session, arguments.from, "--from", "from", asked)) return 1;
  if (!PutUntil(session, arguments.until, "--until", "to", asked)) return 1;
  std::string target = "/v1/tables";
  for (const auto& [name, value] : asked.items()) {
    target += (target.contains('?') ? "&" : "?") + name + "=" + PercentEncoded(value.get<std::string>());
  }
  const auto answer = session.Get(target);
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

void AddTerms(Leaf& leaf, Arguments& arguments) {
  leaf.Number(arguments.quorum, "--quorum")
      .List(arguments.required, "--require")
      .Choices(arguments.required_clients, "--require-clients", "who");
}

}  // namespace
}  // namespace schakel::tables_commands

namespace schakel {

void AddTableCommands(CommandTree& tree) {
  using namespace tables_commands;
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
        .Option(a->without_clients, "--without-clients", kSaid)
        .Choices(a->without, "--without", "who")
        .Option(a->why, "--why")
        .Flag(a->together, "--together")
        .Flag(a->from_network, "--from-network")
        .Option(a->answer_by, "--answer-by");
    AddTerms(leaf, *a);
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &Propose));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("tables vote");
    leaf.Positional(a->table, "table")
        .Choices(a->choices, "--choices", "choices", kMust)
        .Option(a->comment, "--comment")
        .Option(a->guest, "--guest");
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &Vote));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("tables terms");
    leaf.Positional(a->table, "table");
    AddTerms(leaf, *a);
    leaf.Does(with(a, &SetTerms));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("tables family");
    leaf.Positional(a->table, "table").Choices(a->choices, "--choices", "choices").Option(a->comment, "--comment");
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &PassOn));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("tables fix");
    leaf.Positional(a->table, "table")
        .Option(a->date, "--date", kMust)
        .Option(a->place, "--place")
        .Number(a->every_weeks, "--every-weeks")
        .Number(a->times, "--times")
        .Option(a->occurrence, "--occurrence")
        .Option(a->why, "--why");
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &Fix));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("tables report");
    leaf.Positional(a->table, "table")
        .Option(a->text, "--text", kMust)
        .Repeated(a->decisions, "--decision")
        .Repeated(a->actions, "--action")
        .Repeated(a->present, "--present")
        .Repeated(a->absent, "--absent")
        .Choices(a->categories, "--category", "category");
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &Report));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("tables list")
        .Positional(a->trajectory, "trajectory", kMay)
        .Option(a->from, "--from")
        .Option(a->until, "--until")
        .Does(with(a, &List));
  }
}

}  // namespace schakel
