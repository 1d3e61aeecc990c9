// modules, contacts, alerts.
#include "commands.h"
#include "output.h"

namespace schakel::modules_commands {
namespace {

struct Arguments {
  std::string trajectory;
  std::string record;  // The agreement, or the alert.
  std::string module;
  std::string how;
  std::string from;
  std::string until;
  std::string lasting;
  std::string at;
  std::string place;
  std::string others;
  std::string text;
  std::string why;
  std::string name;
  std::string age;
  std::string description;
  std::string clothing;
  std::string seen_at;
  std::string seen_place;
  std::string places;
  std::string companions;
  std::string incident;
  std::string risk;
  std::string contact;
  std::vector<std::string> people;
  std::vector<std::string> actions;
  unsigned minutes = 0;
  bool not_seen = false;
  bool preview = false;
  ToWhom whom;
};
using Shared = std::shared_ptr<Arguments>;

std::string On(const Arguments& arguments, const char* what) {
  return "/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/" + what;
}

void PutAll(Json& body, std::initializer_list<std::pair<const char*, const std::string&>> fields) {
  for (const auto& [field, value] : fields) {
    if (!value.empty()) body[field] = value;
  }
}

// ---- Modules ----

int Switch(Session& session, const Arguments& arguments) {
  Json body = {{"module", arguments.module}};
  PutAll(body, {{"place", arguments.place}});
  if (!arguments.people.empty()) body["agreed"] = arguments.people;
  if (!PutTime(session, arguments.from, "--from", "begins_at", body)) return 1;
  const bool ends = !arguments.until.empty() || !arguments.lasting.empty();
  if (ends && !PutEnd(session, arguments.until, arguments.lasting, "ends_at", body)) return 1;
  if (!PutText(session, arguments.why, "why", body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post(On(arguments, "modules"), body);
  return sent ? session.PrintSent(*sent, "module-switch") : 1;
}

int Correct(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  PutAll(body, {{"module", arguments.module}, {"place", arguments.place}});
  if (!arguments.people.empty()) body["agreed"] = arguments.people;
  if (!PutTime(session, arguments.from, "--from", "begins_at", body)) return 1;
  if (!arguments.until.empty() && !PutEnd(session, arguments.until, "", "ends_at", body)) return 1;
  if (!PutText(session, arguments.why, "why", body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post("/v1/modules/" + PercentEncoded(arguments.record) + "/edit", body);
  return sent ? session.PrintSent(*sent, "module-switch") : 1;
}

int ListModules(Session& session, const Arguments& arguments) {
  const auto answer = session.Get(On(arguments, "modules"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  Table table({session.T("cli.col.module"), session.T("cli.col.from_time"), session.T("cli.col.until"),
               session.T("cli.col.place"), session.T("cli.col.record")});
  for (const Json& one : answer->at("modules")) {
    const Json& record = one.at("record");
    const bool words = record.is_object() && record.contains("body");
    const std::string now = one.at("current") == true ? " *" : "";
    table.Add({session.Word("module", one.at("module")) + now, session.When(one.at("begins_at")),
               session.When(one.at("ends_at")), words ? Clean(record["body"].value("place", std::string())) : "",
               record.is_object() ? Short(record.at("id").get<std::string>()) : ""});
  }
  table.Print(session.out());
  session.out() << session.T("cli.modules.current") << '\n';
  return 0;
}

// ---- Contacts ----

int AddContact(Session& session, const Arguments& arguments) {
  Json body = {{"how", arguments.how}};
  if (arguments.not_seen) body["face_to_face"] = false;
  if (!PutTime(session, arguments.at, "--at", "at", body)) return 1;
  if (arguments.minutes > 0) body["minutes"] = arguments.minutes;
  if (!arguments.people.empty()) body["with"] = arguments.people;
  PutAll(body, {{"others", arguments.others}});
  if (!arguments.actions.empty()) body["actions"] = arguments.actions;
  if (!PutText(session, arguments.text, "text", body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post(On(arguments, "contacts"), body);
  return sent ? session.PrintSent(*sent, "contact-moment") : 1;
}

int ListContacts(Session& session, const Arguments& arguments) {
  const auto answer = session.Get(On(arguments, "contacts"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("contacts").empty()) session.out() << session.T("cli.records.none") << '\n';
  for (const Json& one : answer->at("contacts")) session.PrintRecord(one.at("record"));
  return 0;
}

int Weeks(Session& session, const Arguments& arguments) {
  Json period = Json::object();
  if (!PutTime(session, arguments.from, "--from", "from", period)) return 1;
  if (!PutUntil(session, arguments.until, "--until", "to", period)) return 1;
  std::string query;
  for (const auto& [field, value] : period.items()) {
    query += (query.empty() ? "?" : "&") + field + "=" + PercentEncoded(value.get<std::string>());
  }
  const auto answer = session.Get(On(arguments, "contacts/weeks") + query);
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  Table table({session.T("cli.col.week"), session.T("cli.col.from_time"), session.T("cli.col.contacts"),
               session.T("cli.col.face_to_face"), session.T("cli.col.state")});
  for (const Json& week : answer->at("weeks")) {
    const char* state = week.at("short") == true  ? "cli.week.short"
                        : week.at("over") == true ? "cli.week.enough"
                                                  : "cli.week.runs";
    table.Add({week.at("week"), session.Day(week.at("begins_at")), week.at("contacts").dump(),
               week.at("face_to_face").dump(), session.T(state)});
  }
  table.Print(session.out());
  session.out() << session.T("cli.weeks.short",
                             {{"count", answer->at("short").dump()}, {"least", answer->at("least").dump()}})
                << '\n';
  return 0;
}

// ---- Alerts ----

int GiveAlert(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  PutAll(body, {{"name", arguments.name},
                {"age", arguments.age},
                {"last_seen_place", arguments.seen_place},
                {"companions", arguments.companions},
                {"contact", arguments.contact}});
  if (!PutTime(session, arguments.seen_at, "--last-seen-at", "last_seen_at", body)) return 1;
  for (const auto& [field, text] : {std::pair("description", &arguments.description),
                                    std::pair("clothing", &arguments.clothing), std::pair("places", &arguments.places),
                                    std::pair("incident", &arguments.incident), std::pair("risk", &arguments.risk)}) {
    if (!PutText(session, *text, field, body)) return 1;
  }
  if (arguments.preview) body["preview"] = true;
  const auto sent = session.Post("/v1/agreements/" + PercentEncoded(arguments.record) + "/alerts", body);
  return sent ? session.PrintSent(*sent, "alert") : 1;
}

int WithdrawAlert(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  PutAll(body, {{"how", arguments.how}});
  if (!PutTime(session, arguments.at, "--at", "at", body)) return 1;
  if (arguments.preview) body["preview"] = true;
  const auto sent = session.Post("/v1/alerts/" + PercentEncoded(arguments.record) + "/withdrawal", body);
  if (!sent) return 1;
  const int exit_code = session.PrintSent(*sent, "alert-withdrawn");
  Json missed = Json::array();
  for (const Json& one : sent->at("unreached")) missed.push_back(one.at("organisation"));
  if (!missed.empty() && !session.options().json) {
    session.world().err << session.T("cli.alert.call", {{"names", Clean(session.Names(missed))}}) << '\n';
  }
  return exit_code;
}

std::string AlertStanding(const Session& session, const Json& alert) {
  if (alert.at("stands") == true) return session.T("cli.alert.stands", {{"names", session.Names(alert.at("to"))}});
  const bool cut_off = !alert.at("cut_off_at").is_null();
  if (cut_off) return session.T("cli.alert.cut_off", {{"at", session.When(alert.at("cut_off_at"))}});
  return session.T("cli.alert.withdrawn", {{"at", session.When(alert.at("withdrawn_at"))}});
}

int ListAlerts(Session& session, const Arguments& arguments) {
  const auto answer = session.Get(On(arguments, "alerts"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("alerts").empty()) session.out() << session.T("cli.records.none") << '\n';
  for (const Json& one : answer->at("alerts")) {
    session.PrintRecord(one.at("record"));
    session.out() << "  " << session.T("cli.col.state") << ": " << Clean(AlertStanding(session, one)) << '\n';
    if (!one.at("untold").empty()) {
      session.out() << "  " << session.T("cli.alert.untold", {{"names", Clean(session.Names(one.at("untold")))}})
                    << '\n';
    }
  }
  return 0;
}

Action With(const Shared& arguments, int (*function)(Session&, const Arguments&)) {
  return [arguments, function](Session& session) { return function(session, *arguments); };
}

void AddContactCommands(CommandTree& tree) {
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("contacts add");
    leaf.Positional(a->trajectory, "trajectory")
        .Choice(a->how, "--how", "contact-how", kMust)
        .Option(a->at, "--at")
        .Number(a->minutes, "--minutes")
        .Choices(a->people, "--with", "who")
        .Option(a->others, "--others")
        .Flag(a->not_seen, "--not-seen")
        .List(a->actions, "--action")
        .Option(a->text, "--text");
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, &AddContact));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("contacts list").Positional(a->trajectory, "trajectory").Does(With(a, &ListContacts));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("contacts weeks")
        .Positional(a->trajectory, "trajectory")
        .Option(a->from, "--from")
        .Option(a->until, "--until")
        .Does(With(a, &Weeks));
  }
}

void AddAlertCommands(CommandTree& tree) {
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("alerts give")
        .Positional(a->record, "record")
        .Option(a->name, "--name")
        .Option(a->age, "--age")
        .Option(a->description, "--description")
        .Option(a->clothing, "--clothing")
        .Option(a->seen_at, "--last-seen-at")
        .Option(a->seen_place, "--last-seen-place")
        .Option(a->places, "--places")
        .Option(a->companions, "--companions")
        .Option(a->incident, "--incident")
        .Option(a->risk, "--risk")
        .Option(a->contact, "--contact")
        .Flag(a->preview, "--dry-run")
        .Does(With(a, &GiveAlert));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("alerts withdraw")
        .Positional(a->record, "record")
        .Choice(a->how, "--how", "alert-end")
        .Option(a->at, "--at")
        .Flag(a->preview, "--dry-run")
        .Does(With(a, &WithdrawAlert));
  }
  auto a = std::make_shared<Arguments>();
  tree.Add("alerts list").Positional(a->trajectory, "trajectory").Does(With(a, &ListAlerts));
}

}  // namespace
}  // namespace schakel::modules_commands

namespace schakel {

void AddModuleCommands(CommandTree& tree) {
  using namespace modules_commands;
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("modules switch");
    leaf.Positional(a->trajectory, "trajectory")
        .Choice(a->module, "--module", "module", kMust)
        .Option(a->from, "--from")
        .Option(a->until, "--until")
        .Option(a->lasting, "--for")
        .Option(a->place, "--place")
        .Choices(a->people, "--agreed", "who")
        .Option(a->why, "--why");
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, &Switch));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("modules correct");
    leaf.Positional(a->record, "record")
        .Choice(a->module, "--module", "module")
        .Option(a->from, "--from")
        .Option(a->until, "--until")
        .Option(a->place, "--place")
        .Choices(a->people, "--agreed", "who")
        .Option(a->why, "--why");
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, &Correct));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("modules list").Positional(a->trajectory, "trajectory").Does(With(a, &ListModules));
  }
  AddContactCommands(tree);
  AddAlertCommands(tree);
}

}  // namespace schakel
