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
  const auto answer = session.Post(a.group.empty() ? "/v1/parents-groups" : OfGroup(a, "edit"), body);
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
Json AttendeeOf(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  const std::string count = equals == std::string::npos ? "" : text.substr(equals + 1);
  const bool counted = !count.empty() && count.size() < 4 && count.find_first_not_of("0123456789") == std::string::npos;
  return {{"name", counted ? text.substr(0, equals) : text}, {"count", counted ? std::stoi(count) : 1}};
}

int WriteSession(Session& session, const Arguments& a) {
  Json body = {{"day", DayOf(a.day)}, {"theme", a.theme}, {"attendees", Json::array()}};
  for (const std::string& text : a.attendees) body["attendees"].push_back(AttendeeOf(text));
  const auto answer = session.Post(a.session.empty() ? OfGroup(a, "sessions") : OfSession(a) + "/edit", body);
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
