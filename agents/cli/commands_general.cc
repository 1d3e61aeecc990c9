// status, organisations, inbox.
#include <algorithm>
#include <charconv>

#include "commands.h"
#include "output.h"

namespace schakel::general_commands {
namespace {

// What people wrote; records of who looked go by themselves, and the line below this one counts the looks.
std::string Waiting(Session& session, const Json& status) {
  const auto all = status.at("outbox").get<std::uint64_t>();
  const auto looks = std::min(all, status.value("looks_waiting", std::uint64_t{0}));
  if (all == looks) return session.T(looks == 0 ? "cli.status.outbox_none" : "cli.status.outbox_looks");
  return session.T(all - looks == 1 ? "cli.status.outbox_one" : "cli.status.outbox_many",
                   {{"count", std::to_string(all - looks)}});
}

int ShowStatus(Session& session) {
  const auto status = session.Get("/v1/status");
  if (!status) return 1;
  if (session.PrintedJson(*status)) return 0;
  Sheet sheet;
  const auto add = [&](const char* key, std::string value) { sheet.Add(session.T(key), std::move(value)); };
  add("cli.status.organisation",
      session.Name(status->at("organisation")) + " (" + status->at("organisation").at("id").get<std::string>() + ")");
  add("cli.status.person", status->at("person").get<std::string>());
  add("cli.status.hub", status->at("hub").get<std::string>());
  add("cli.status.connection",
      session.T(status->at("connected") == true ? "cli.status.connected" : "cli.status.offline"));
  add("cli.status.outbox", Waiting(session, *status));
  add("cli.status.views", status->at("views_unreported").dump());
  add("cli.status.log", session.T("cli.status.entries", {{"count", status->at("seen").at("size").dump()}}));
  if (!status->at("last_error").is_null()) {
    add("cli.status.last_error", status->at("last_error").at("title").get<std::string>());
  }
  if (!status->at("distrusted").is_null()) {
    add("cli.status.distrusted", status->at("distrusted").at("title").get<std::string>());
  }
  if (!status->at("refused").is_null()) {
    add("cli.status.distrusted", status->at("refused").at("title").get<std::string>());
  }
  if (status->at("alarms") != 0)
    add("cli.status.alarms", session.T("cli.status.alarms_see", {{"count", status->at("alarms").dump()}}));
  sheet.Print(session.out());
  return status->at("distrusted").is_null() ? 0 : 1;
}

// What somebody should look at: the hub, a partner's agent, or a key that changed.
struct AlarmArguments {
  std::string seen;
};

int MarkAlarms(Session& session, const Json& alarms, const std::string& seen) {
  std::uint64_t number = 0;
  if (seen == "all") {
    for (const Json& one : alarms) number = std::max(number, one.at("number").get<std::uint64_t>());
    if (number == 0) return 0;
  } else {
    const auto parsed = std::from_chars(seen.data(), seen.data() + seen.size(), number);
    if (parsed.ec != std::errc{} || parsed.ptr != seen.data() + seen.size()) {
      return session.SayMisuse(session.T("cli.alarm.number_bad"), session.T("cli.alarm.number_hint"));
    }
  }
  if (!session.Post("/v1/alarms/seen", {{"number", number}})) return 1;
  session.world().err << session.T("cli.alarm.seen_done", {{"number", std::to_string(number)}}) << '\n';
  return 0;
}

int ShowAlarms(Session& session, const AlarmArguments& arguments) {
  const auto answer = session.Get("/v1/alarms");
  if (!answer) return 1;
  if (!arguments.seen.empty()) return MarkAlarms(session, answer->at("alarms"), arguments.seen);
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("alarms").empty()) session.out() << session.T("cli.alarm.none") << '\n';
  for (const Json& one : answer->at("alarms")) {
    session.out() << one.at("number").dump() << "  " << session.When(one.at("at")) << "  "
                  << session.Word("fault", one.at("fault"));
    const std::string who = session.Name(one.at("organisation"));
    if (!who.empty()) session.out() << " · " << Clean(who);
    if (one.at("ended") == true) session.out() << " · " << session.T("cli.alarm.ended");
    if (one.at("seen") == true) session.out() << " · " << session.T("cli.alarm.seen");
    session.out() << '\n';
    PrintText(session.out(), one.at("what").at("title").get<std::string>(), "  ");
    PrintText(session.out(), one.at("what").at("next").get<std::string>(), "  ");
  }
  return 0;
}

int ShowOrganisations(Session& session) {
  const auto answer = session.Get("/v1/organisations");
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  const Json& organisations = answer->at("organisations");
  // In a column of its own: behind a long name it would be cut off.
  const bool suspended = std::ranges::any_of(organisations, [](const Json& one) { return one.at("active") == false; });
  std::vector<std::string> head = {session.T("cli.col.id"), session.T("cli.col.name"), session.T("cli.col.sector"),
                                   session.T("cli.col.fingerprint")};
  if (suspended) head.insert(head.begin() + 1, session.T("cli.col.state"));
  Table table(std::move(head));
  for (const Json& one : organisations) {
    std::string name = one.at("name").get<std::string>();
    if (one.at("self") == true) name += " (" + session.T("cli.self") + ")";
    std::vector<std::string> row = {one.at("id"), name, one.at("sector_name"), one.at("fingerprint")};
    if (suspended) row.insert(row.begin() + 1, one.at("active") == false ? session.T("cli.suspended") : std::string());
    table.Add(std::move(row));
  }
  table.Print(session.out());
  const Json& rules = answer->at("rules");
  const auto parents = ParseParentsRule(rules.at("parents").get<std::string>());
  const auto text = [&](const char* field) { return rules.at(field).dump(); };
  session.out() << '\n'
                << session.T("cli.rules", {{"consent", text("consent_age_years")},
                                           {"adult", text("adult_age_years")},
                                           {"parents", parents ? std::string(Label(*parents, session.language())) : ""},
                                           {"hours", text("emergency_hours_max")},
                                           {"review", text("emergency_review_hours")},
                                           {"age", text("retain_until_age_years")},
                                           {"years", text("retain_after_departure_years")}})
                << '\n';
  return 0;
}

// Who signed it: enough of the registrars, by key as the operator knows them.
void PrintSigners(Session& session, const Json& signed_by) {
  const Json& keys = signed_by.at("keys");
  session.out() << session.T("cli.ceilings.signed", {{"count", std::to_string(keys.size())},
                                                     {"of", signed_by.at("registrars").dump()},
                                                     {"threshold", signed_by.at("threshold").dump()}})
                << '\n';
  for (const Json& one : keys) {
    session.out() << "  " << one.at("id").get<std::string>() << "  " << one.at("key").get<std::string>() << '\n';
  }
}

int ShowCeilings(Session& session) {
  const auto answer = session.Get("/v1/ceilings");
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("serial").is_null()) {
    session.out() << session.T("cli.ceilings.none") << '\n';
    return 0;
  }
  session.out() << session.T("cli.registrar.ceilings",
                             {{"serial", answer->at("serial").dump()}, {"at", session.When(answer->at("issued_at"))}})
                << '\n';
  PrintSigners(session, answer->at("signed_by"));
  session.out() << '\n';
  Table table({session.T("cli.col.sector"), session.T("cli.col.wall"), session.T("cli.col.may_receive")});
  for (const Json& row : answer->at("rows")) {
    table.Add({row.at("sector_name"), session.T(row.at("court_wall") == true ? "cli.yes" : "cli.no"),
               session.Categories(row.at("categories"))});
  }
  table.PrintWhole(session.out());
  session.out() << '\n' << session.T("cli.ceilings.unlisted") << '\n';
  for (const Json& one : answer->at("earlier")) {
    session.out() << session.T("cli.ceilings.earlier",
                               {{"serial", one.at("serial").dump()}, {"at", session.When(one.at("issued_at"))}})
                  << '\n';
    PrintSigners(session, one.at("signed_by"));
  }
  return 0;
}

struct InboxArguments {
  bool seen = false;
};

// What waits that is of no trajectory. Yields whether there was anything.
bool PrintHouse(Session& session, const Json& house) {
  for (const Json& item : house) {
    const std::string what = item.at("what");
    if (const Json& visit = item.at("visit"); !visit.is_null()) {
      session.out() << session.T("cli.inbox.house." + what, {{"who", Clean(visit.at("worker").get<std::string>())},
                                                             {"where", Clean(visit.at("where").get<std::string>())},
                                                             {"at", session.When(visit.at("until"))},
                                                             {"id", Short(visit.at("id").get<std::string>())}});
    } else if (const Json& report = item.at("report"); !report.is_null()) {
      const Json& expected = report.at("expected");
      session.out() << session.T("cli.inbox.house." + what,
                                 {{"days", report.at("age_days").dump()},
                                  {"next", expected.is_null() ? "" : session.Word("school-expected", expected)},
                                  {"at", session.When(item.at("due"))},
                                  {"id", Short(report.at("id").get<std::string>())}});
    } else {
      session.out() << session.T("cli.inbox.house." + what, {{"level", session.Word("level", item.at("level"))},
                                                             {"year", std::to_string(item.at("year").get<int>())},
                                                             {"due", item.at("due").get<std::string>()}});
    }
    session.out() << '\n';
  }
  return !house.empty();
}

void PrintInbox(Session& session, const Json& inbox) {
  const bool house = PrintHouse(session, inbox.at("house"));
  Table tasks({session.T("cli.inbox.tasks"), session.T("cli.col.trajectory"), session.T("cli.col.from"),
               session.T("cli.col.due"), session.T("cli.col.record")});
  Table fresh({session.T("cli.inbox.new"), session.T("cli.col.trajectory"), session.T("cli.col.from"),
               session.T("cli.col.at"), session.T("cli.col.record")});
  for (const Json& item : inbox.at("items")) {
    const std::string what = item.at("what");
    const std::string record =
        item.at("record").is_null() ? std::string() : Short(item.at("record").get<std::string>());
    const std::string trajectory = session.TrajectoryWord(item.at("trajectory"));
    if (what == "new") {
      fresh.Add({session.KindWord(item.at("kind")), trajectory, session.Name(item.at("from")),
                 session.When(item.at("at")), record});
    } else if (what == "withheld") {
      fresh.Add({session.T("cli.inbox.withheld", {{"why", item.at("denial").at("label").get<std::string>()}}),
                 trajectory, "", session.When(item.at("at")), record});
    } else {
      const std::string due = session.When(item.at("due"));
      tasks.Add({session.T("cli.inbox.task." + what), trajectory, session.Name(item.at("from")),
                 due.empty() ? "-" : due, record});
    }
  }
  if (tasks.empty() && fresh.empty() && !house) session.out() << session.T("cli.inbox.empty") << '\n';
  if (!tasks.empty()) tasks.Print(session.out());
  if (!tasks.empty() && !fresh.empty()) session.out() << '\n';
  if (!fresh.empty()) fresh.Print(session.out());
}

int ShowInbox(Session& session, const InboxArguments& arguments) {
  const auto inbox = session.Get("/v1/inbox");
  if (!inbox) return 1;
  if (!session.PrintedJson(*inbox)) PrintInbox(session, *inbox);
  if (!arguments.seen) return 0;
  return session.Post("/v1/inbox/seen", {{"position", inbox->at("last")}}) ? 0 : 1;
}

}  // namespace
}  // namespace schakel::general_commands

namespace schakel {

void AddGeneralCommands(CommandTree& tree) {
  using namespace general_commands;
  tree.Add("status").Does(&ShowStatus);
  auto alarms = std::make_shared<AlarmArguments>();
  tree.Add("alarms").Option(alarms->seen, "--seen").Does([alarms](Session& session) {
    return ShowAlarms(session, *alarms);
  });
  tree.Add("organisations").Does(&ShowOrganisations);
  tree.Add("ceilings").Does(&ShowCeilings);
  auto arguments = std::make_shared<InboxArguments>();
  tree.Add("inbox").Flag(arguments->seen, "--seen").Does([arguments](Session& session) {
    return ShowInbox(session, *arguments);
  });
}

}  // namespace schakel
