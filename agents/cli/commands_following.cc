// follow, unfollow, changes: what is new where one works.
#include "commands.h"
#include "output.h"

namespace schakel::following_commands {
namespace {

struct Arguments {
  std::string trajectory;
  std::vector<std::string> kinds;
  bool seen = false;
};

std::string Path(const Arguments& arguments, const char* rest) {
  return "/v1/trajectories/" + PercentEncoded(arguments.trajectory) + rest;
}

int Follow(Session& session, const Arguments& arguments) {
  const auto answer = session.Post(Path(arguments, "/follow"), {{"kinds", arguments.kinds}});
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  session.out() << session.T("cli.follow.begun") << '\n';
  return 0;
}

int Unfollow(Session& session, const Arguments& arguments) {
  const auto answer = session.Post(Path(arguments, "/unfollow"), Json::object());
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  session.out() << session.T("cli.follow.ended") << '\n';
  return 0;
}

std::string KindWords(Session& session, const Json& kinds) {
  std::string text;
  for (const Json& kind : kinds) text += (text.empty() ? "" : ", ") + session.KindWord(kind);
  return text.empty() ? session.T("cli.follow.all_kinds") : text;
}

int Followed(Session& session) {
  const auto answer = session.Get("/v1/follows");
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  Table table({session.T("cli.col.trajectory"), session.T("cli.col.id"), session.T("cli.follow.new"),
               session.T("cli.col.last"), session.T("cli.col.kind")});
  for (const Json& one : answer->at("follows")) {
    table.Add({session.TrajectoryWord(one.at("trajectory")), Short(one.at("trajectory").at("id").get<std::string>()),
               one.at("changes").dump(), session.When(one.at("at")), KindWords(session, one.at("kinds"))});
  }
  if (table.empty()) {
    session.out() << session.T("cli.follow.none") << '\n';
  } else {
    table.Print(session.out());
  }
  return 0;
}

void PrintChanges(Session& session, const Json& changes) {
  Table table(
      {session.T("cli.col.kind"), session.T("cli.col.from"), session.T("cli.col.at"), session.T("cli.col.record")});
  for (const Json& one : changes) {
    const std::string what =
        one.contains("denial")
            ? session.T("cli.inbox.withheld", {{"why", one.at("denial").at("label").get<std::string>()}})
            : session.KindWord(one.at("kind"));
    table.Add(
        {what, session.Name(one.at("author")), session.When(one.at("at")), Short(one.at("record").get<std::string>())});
  }
  if (table.empty()) {
    session.out() << session.T("cli.follow.nothing_new") << '\n';
  } else {
    table.Print(session.out());
  }
}

int Changes(Session& session, const Arguments& arguments) {
  if (arguments.trajectory.empty()) {
    if (!arguments.seen) return Followed(session);
    return session.SayMisuse(session.T("cli.follow.seen_which"), session.T("cli.follow.seen_which_hint"));
  }
  const auto answer = session.Get(Path(arguments, "/changes"));
  if (!answer) return 1;
  if (!session.PrintedJson(*answer)) PrintChanges(session, answer->at("changes"));
  if (!arguments.seen) return 0;
  return session.Post(Path(arguments, "/changes/seen"), {{"up_to", answer->at("last")}}) ? 0 : 1;
}

}  // namespace
}  // namespace schakel::following_commands

namespace schakel {

void AddFollowingCommands(CommandTree& tree) {
  using namespace following_commands;
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("follow")
        .Positional(a->trajectory, "trajectory")
        .Choices(a->kinds, "--kind", "record")
        .Does([a](Session& session) { return Follow(session, *a); });
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("unfollow").Positional(a->trajectory, "trajectory").Does([a](Session& session) {
      return Unfollow(session, *a);
    });
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("changes")
        .Positional(a->trajectory, "trajectory", Leaf::Must::kMay)
        .Flag(a->seen, "--seen")
        .Does([a](Session& session) { return Changes(session, *a); });
  }
}

}  // namespace schakel
