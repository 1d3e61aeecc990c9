// duty: crisis questions that wait, and who answers them.
#include "commands.h"
#include "output.h"

namespace schakel::duty_commands {
namespace {

struct Arguments {
  std::string turn;
  std::string person;
  std::string from;
  std::string until;
  std::string lasting;
};
using Shared = std::shared_ptr<Arguments>;

void PrintQuestions(Session& session, const Json& questions, const char* head) {
  Table table({session.T(head), session.T("cli.col.trajectory"), session.T("cli.col.from"), session.T("cli.col.due"),
               session.T("cli.col.state"), session.T("cli.duty.next")});
  for (const Json& one : questions) {
    std::string next;
    for (const Json& silent : one.at("silent")) {
      if (!next.empty()) next += ", ";
      next += session.Name(silent.at("organisation"));
      if (!silent.at("next").is_null()) next += " → " + session.Name(silent.at("next"));
    }
    table.Add({Short(one.at("id").get<std::string>()), session.TrajectoryWord(one.at("trajectory")),
               session.Name(one.at("asker")), session.When(one.at("due_at")),
               session.T(one.at("escalated") == true ? "cli.duty.escalated" : "cli.duty.waits"), next});
  }
  if (!table.empty()) table.Print(session.out());
}

int List(Session& session, const Arguments&) {
  const auto answer = session.Get("/v1/duty");
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("to_us").empty() && answer->at("ours").empty()) session.out() << session.T("cli.duty.quiet") << '\n';
  PrintQuestions(session, answer->at("to_us"), "cli.duty.to_us");
  PrintQuestions(session, answer->at("ours"), "cli.duty.ours");
  session.out() << '\n';
  Table roster({session.T("cli.duty.roster"), session.T("cli.col.from_time"), session.T("cli.col.until"),
                session.T("cli.col.id")});
  for (const Json& turn : answer->at("roster")) {
    const std::string now = turn.at("now") == true ? " *" : "";
    roster.Add({turn.at("person").get<std::string>() + now, session.When(turn.at("from")),
                session.When(turn.at("until")), Short(turn.at("id").get<std::string>())});
  }
  if (roster.empty()) {
    session.out() << session.T("cli.duty.nobody") << '\n';
  } else {
    roster.Print(session.out());
    session.out() << session.T("cli.duty.now") << '\n';
  }
  return 0;
}

int Add(Session& session, const Arguments& arguments) {
  Json body = {{"person", arguments.person}};
  if (!PutTime(session, arguments.from, "--from", "from", body)) return 1;
  // What it lasts, it lasts from there.
  Json period = body.contains("from") ? Json{{"begins_at", body["from"]}} : Json::object();
  if (!PutEnd(session, arguments.until, arguments.lasting, "until", period)) return 1;
  if (period.contains("until")) body["until"] = period["until"];
  const auto answer = session.Post("/v1/duty/turns", body);
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  session.out() << session.T("cli.duty.added", {{"person", Clean(arguments.person)},
                                                {"from", session.When(answer->at("from"))},
                                                {"until", session.When(answer->at("until"))}})
                << '\n';
  return 0;
}

int Remove(Session& session, const Arguments& arguments) {
  const auto answer = session.Delete("/v1/duty/turns/" + PercentEncoded(arguments.turn));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  session.out() << session.T("cli.duty.removed") << '\n';
  return 0;
}

Action With(const Shared& arguments, int (*function)(Session&, const Arguments&)) {
  return [arguments, function](Session& session) { return function(session, *arguments); };
}

}  // namespace
}  // namespace schakel::duty_commands

namespace schakel {

void AddDutyCommands(CommandTree& tree) {
  using namespace duty_commands;
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("duty list").Does(With(a, &List));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("duty add")
        .Option(a->person, "--person", kMust)
        .Option(a->from, "--from")
        .Option(a->until, "--until")
        .Option(a->lasting, "--for")
        .Does(With(a, &Add));
  }
  auto a = std::make_shared<Arguments>();
  tree.Add("duty remove").Positional(a->turn, "turn").Does(With(a, &Remove));
}

}  // namespace schakel
