// parents: groups of parents, detached from every dossier.
#include "commands.h"
#include "output.h"

namespace schakel::parents_commands {
namespace {

struct Arguments {
  std::string group;
  std::string session;
  std::string name;
  std::string day;
  std::string theme;
  std::vector<std::string> leaders;
  std::vector<std::string> attendees;
  bool ended = false;
};

std::string OfGroup(const Arguments& a, const char* what) {
  return "/v1/parents-groups/" + PercentEncoded(a.group) + "/" + what;
}
std::string OfSession(const Arguments& a) { return "/v1/parents-sessions/" + PercentEncoded(a.session); }

void PrintGroup(Session& session, const Json& one) {
  session.out() << Short(one.at("id").get<std::string>()) << "  " << Clean(one.at("name").get<std::string>());
  std::string leaders;
  for (const Json& leader : one.at("leaders")) leaders += (leaders.empty() ? "" : ", ") + leader.get<std::string>();
  session.out() << " (" << Clean(leaders) << ")";
  if (one.at("ended") == true) session.out() << ", " << session.T("cli.parents.ended");
  session.out() << '\n';
}

void PrintSession(Session& session, const Json& one) {
  session.out() << Short(one.at("id").get<std::string>()) << "  " << one.at("day").get<std::string>() << "  "
                << Clean(one.at("theme").get<std::string>()) << ", "
                << session.T("cli.parents.came", {{"count", std::to_string(one.at("total").get<int>())}}) << '\n';
  for (const Json& attendee : one.at("attendees")) {
    const int count = attendee.at("count");
    session.out() << "    " << Clean(attendee.at("name").get<std::string>())
                  << (count > 1 ? " x" + std::to_string(count) : "") << '\n';
  }
  if (one.at("forgotten") == true) session.out() << "    " << session.T("cli.parents.forgotten") << '\n';
}

// What could point at a file is shown in the words as they were typed; the agent names places alone.
std::optional<Json> PostDetached(Session& session, const std::string& target, const Json& body) {
  auto reply = session.PostWhatever(target, body);
  if (!reply) return std::nullopt;
  if (reply->first < 400) return std::move(reply->second);
  session.SayProblem(reply->second);
  const std::string field = reply->second.value("field", std::string());
  std::string text;
  if (field == "attendees" && body.contains(field)) {
    for (const Json& one : body.at(field)) text += one.at("name").get<std::string>();
  } else if (body.contains(field) && body.at(field).is_string()) {
    text = body.at(field).get<std::string>();
  }
  PrintFindings(session, reply->second, text);
  return std::nullopt;
}

int Groups(Session& session, const Arguments&) {
  const auto answer = session.Get("/v1/parents-groups");
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("groups").empty()) session.out() << session.T("cli.records.none") << '\n';
  for (const Json& one : answer->at("groups")) PrintGroup(session, one);
  return 0;
}

int WriteGroup(Session& session, const Arguments& a) {
  const Json body = {{"name", a.name}, {"leaders", a.leaders}, {"ended", a.ended}};
  const auto answer = PostDetached(session, a.group.empty() ? "/v1/parents-groups" : OfGroup(a, "edit"), body);
  if (!answer) return 1;
  if (!session.PrintedJson(*answer)) PrintGroup(session, *answer);
  return 0;
}

int Sessions(Session& session, const Arguments& a) {
  const auto answer = session.Get(OfGroup(a, "sessions"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("sessions").empty()) session.out() << session.T("cli.records.none") << '\n';
  for (const Json& one : answer->at("sessions")) PrintSession(session, one);
  return 0;
}

// "mama van N=2": a name of their choice, and how many came under it.
std::optional<Json> AttendeeOf(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  const std::string count = equals == std::string::npos ? "" : text.substr(equals + 1);
  if (equals == std::string::npos) return Json{{"name", text}, {"count", 1}};
  const bool counts = !count.empty() && count.size() < 4 && count.find_first_not_of("0123456789") == std::string::npos;
  if (!counts || std::stoi(count) < 1) return std::nullopt;
  return Json{{"name", text.substr(0, equals)}, {"count", std::stoi(count)}};
}

int WriteSession(Session& session, const Arguments& a) {
  Json body = {{"day", DayOf(a.day)}, {"theme", a.theme}, {"attendees", Json::array()}};
  for (const std::string& text : a.attendees) {
    auto attendee = AttendeeOf(text);
    if (!attendee)
      return session.Say({Code::kInvalid, "cli.attendee", "--attendee \"" + text + "\"", "write how many as NAME=2"});
    body["attendees"].push_back(std::move(*attendee));
  }
  const auto answer = PostDetached(session, a.session.empty() ? OfGroup(a, "sessions") : OfSession(a) + "/edit", body);
  if (!answer) return 1;
  if (!session.PrintedJson(*answer)) PrintSession(session, *answer);
  return 0;
}

int DropSession(Session& session, const Arguments& a) {
  const auto answer = session.Delete(OfSession(a));
  if (!answer) return 1;
  if (!session.PrintedJson(*answer)) session.out() << session.T("cli.dropped") << '\n';
  return 0;
}

}  // namespace
}  // namespace schakel::parents_commands

namespace schakel {

void AddParentsCommands(CommandTree& tree) {
  using namespace parents_commands;
  using enum Leaf::Must;
  const auto doing = [](std::shared_ptr<Arguments> a, int (*function)(Session&, const Arguments&)) {
    return [a = std::move(a), function](Session& session) { return function(session, *a); };
  };
  auto a = std::make_shared<Arguments>();
  tree.Add("parents groups").Does(doing(a, &Groups));
  for (const bool edits : {false, true}) {
    a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add(edits ? "parents edit" : "parents add");
    if (edits) leaf.Positional(a->group, "group").Flag(a->ended, "--ended");
    leaf.Option(a->name, "--name", kMust).List(a->leaders, "--leader").Does(doing(a, &WriteGroup));
  }
  a = std::make_shared<Arguments>();
  tree.Add("parents sessions").Positional(a->group, "group").Does(doing(a, &Sessions));
  for (const bool edits : {false, true}) {
    a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add(edits ? "parents session-edit" : "parents session");
    leaf.Positional(edits ? a->session : a->group, edits ? "session" : "group")
        .Option(a->day, "--day", kMust)
        .Option(a->theme, "--theme", kMust)
        .Repeated(a->attendees, "--attendee")
        .Does(doing(a, &WriteSession));
  }
  a = std::make_shared<Arguments>();
  tree.Add("parents session-drop").Positional(a->session, "session").Does(doing(a, &DropSession));
}

}  // namespace schakel
