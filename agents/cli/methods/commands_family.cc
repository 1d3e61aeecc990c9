// conferences, supporters.
#include "cli/commands.h"
#include "cli/output.h"

namespace schakel::family_commands {
namespace {

struct Arguments {
  std::string trajectory;
  std::string record;  // The conference, or the plan.
  std::string table;
  std::string coordinator;
  std::string question;
  std::string at;
  std::string phase;
  std::string said;
  std::string text;
  std::vector<std::string> supporters;
  ToWhom whom;
};
using Shared = std::shared_ptr<Arguments>;

std::string On(const Arguments& arguments, const char* what) {
  return "/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/" + what;
}

// ---- Conferences ----

int BeginConference(Session& session, const Arguments& arguments) {
  Json body = {{"table", arguments.table}, {"coordinator", arguments.coordinator}};
  if (!PutText(session, arguments.question, "question", body)) return 1;
  if (!PutText(session, arguments.text, "text", body)) return 1;
  if (!arguments.at.empty() && !PutTime(session, arguments.at, "--at", "at", body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post(On(arguments, "conferences"), body);
  return sent ? session.PrintSent(*sent, "family-conference") : 1;
}

int MoveConference(Session& session, const Arguments& arguments) {
  Json body = {{"phase", arguments.phase}};
  if (!PutText(session, arguments.text, "text", body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post("/v1/conferences/" + PercentEncoded(arguments.record) + "/phase", body);
  return sent ? session.PrintSent(*sent, "family-conference") : 1;
}

int AnswerPlan(Session& session, const Arguments& arguments) {
  Json body = {{"said", arguments.said}};
  if (!PutText(session, arguments.text, "text", body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post("/v1/family-plans/" + PercentEncoded(arguments.record) + "/answer", body);
  return sent ? session.PrintSent(*sent, "family-plan") : 1;
}

std::string LinkText(Session& session, const char* key, const Json& link) {
  return session.T(key, {{"when", session.When(link.at("at"))}, {"who", Clean(session.Name(link.at("by")))}});
}

void PrintConference(Session& session, const Json& one) {
  session.out() << Short(one.at("id").get<std::string>()) << "  " << session.Name(one.at("coordinator")) << "  "
                << session.Word("family-phase", one.at("phase")) << '\n';
  for (const Json& move : one.at("moves")) {
    if (!move.at("record").is_null()) session.PrintRecord(move.at("record"));
  }
  const Json& notes = one.at("private_notes");
  if (!notes.is_null()) {
    session.out() << "  " << session.T("cli.conference.notes", {{"count", std::to_string(notes.get<std::uint64_t>())}})
                  << '\n';
  }
  for (const Json& link : one.at("new_links")) {
    session.out() << "  " << LinkText(session, "cli.conference.new_link", link) << '\n';
    if (!link.at("record").is_null()) session.PrintRecord(link.at("record"));
  }
  for (const Json& plan : one.at("plans")) {
    if (!plan.at("record").is_null()) session.PrintRecord(plan.at("record"));
    const Json& new_link = plan.at("new_link");
    if (!new_link.is_null()) session.out() << "  " << LinkText(session, "cli.conference.plan_link", new_link) << '\n';
    const Json& answer = plan.at("answer");
    if (!answer.is_null() && !answer.at("record").is_null()) session.PrintRecord(answer.at("record"));
  }
}

int ListConferences(Session& session, const Arguments& arguments) {
  const auto answer = session.Get(On(arguments, "conferences"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("conferences").empty()) session.out() << session.T("cli.conference.none") << '\n';
  for (const Json& one : answer->at("conferences")) PrintConference(session, one);
  return 0;
}

// ---- Supporters ----

int ListSupporters(Session& session, const Arguments& arguments) {
  const auto answer = session.Get(On(arguments, "supporters"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("supporters").empty()) session.out() << session.T("cli.supporter.none") << '\n';
  for (const Json& one : answer->at("supporters")) {
    session.out() << Short(one.at("guest").get<std::string>()) << "  " << Clean(one.at("name").get<std::string>())
                  << "  " << session.Word("guestlink", one.at("link"))
                  << (one.at("waits") == true ? "  " + session.T("cli.supporter.waits") : std::string()) << '\n';
    for (const Json& message : one.at("messages")) {
      if (!message.at("record").is_null()) session.PrintRecord(message.at("record"));
    }
  }
  return 0;
}

int WriteSupporters(Session& session, const Arguments& arguments) {
  Json body = {{"supporters", arguments.supporters}};
  if (!PutText(session, arguments.text, "text", body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post(On(arguments, "supporters/messages"), body);
  if (!sent) return 1;
  const int code = session.PrintSent(*sent, "supporter-message");
  // To each their own: the first stands there already.
  const Json& records = sent->at("records");
  if (session.options().json || records.size() < 2) return code;
  std::string ids;
  for (const Json& one : records) ids += (ids.empty() ? "" : ", ") + Short(one.get<std::string>());
  session.out() << session.T("cli.supporter.messages", {{"count", std::to_string(records.size())}, {"ids", ids}})
                << '\n';
  return code;
}

Action With(const Shared& arguments, int (*function)(Session&, const Arguments&)) {
  return [arguments, function](Session& session) { return function(session, *arguments); };
}

}  // namespace
}  // namespace schakel::family_commands

namespace schakel {

void AddFamilyCommands(CommandTree& tree) {
  using namespace family_commands;
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("conferences begin");
    leaf.Positional(a->trajectory, "trajectory")
        .Option(a->table, "--table", kMust)
        .Option(a->coordinator, "--coordinator", kMust)
        .Option(a->question, "--question", kMust)
        .Option(a->at, "--at")
        .Option(a->text, "--text");
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, &BeginConference));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("conferences phase");
    leaf.Positional(a->record, "record").Choice(a->phase, "--phase", "family-phase", kMust).Option(a->text, "--text");
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, &MoveConference));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("conferences list").Positional(a->trajectory, "trajectory").Does(With(a, &ListConferences));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("conferences answer");
    leaf.Positional(a->record, "record")
        .Choice(a->said, "--said", "family-plan-answer", kMust)
        .Option(a->text, "--text");
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, &AnswerPlan));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("supporters list").Positional(a->trajectory, "trajectory").Does(With(a, &ListSupporters));
  }
  auto a = std::make_shared<Arguments>();
  Leaf leaf = tree.Add("supporters write");
  leaf.Positional(a->trajectory, "trajectory")
      .List(a->supporters, "--supporter", kMust)
      .Option(a->text, "--text", kMust);
  AddToWhom(leaf, a->whom);
  leaf.Does(With(a, &WriteSupporters));
}

}  // namespace schakel
