// search: in the words of all that one may see.
#include "commands.h"
#include "output.h"

namespace schakel::search_commands {
namespace {

struct Arguments {
  std::string words;
  std::vector<std::string> kinds;
  std::string trajectory;
  std::string from;
  std::string until;
  unsigned limit = 0;
};

std::string ExcerptText(const Json& parts) {
  std::string text;
  for (const Json& part : parts) text += part.at("text").get<std::string>();
  return Clean(text);
}

int Search(Session& session, const Arguments& arguments) {
  Json body = {{"words", arguments.words}};
  if (!arguments.kinds.empty()) body["kinds"] = arguments.kinds;
  if (!arguments.trajectory.empty()) body["trajectory"] = arguments.trajectory;
  if (!PutTime(session, arguments.from, "--from", "from", body)) return 1;
  if (!PutEnd(session, arguments.until, {}, "until", body)) return 1;
  const std::string limit = arguments.limit == 0 ? std::string() : "?limit=" + std::to_string(arguments.limit);
  const auto answer = session.Post("/v1/search" + limit, body);
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  const Json& results = answer->at("results");
  for (const Json& one : results) {
    session.out() << Short(one.at("id").get<std::string>()) << "  " << session.When(one.at("at")) << "  "
                  << session.KindWord(one.at("kind")) << " · " << Clean(session.Name(one.at("author"))) << " · "
                  << Clean(session.TrajectoryWord(one.at("about"))) << '\n';
    PrintText(session.out(), ExcerptText(one.at("excerpt")), "  ");
  }
  if (results.empty()) session.out() << session.T("cli.search.none") << '\n';
  if (!answer->at("next").is_null()) {
    session.world().err << session.T("cli.search.more",
                                     {{"shown", std::to_string(results.size())}, {"total", answer->at("total").dump()}})
                        << '\n';
  }
  if (!answer->at("since").is_null()) {
    session.world().err << session.T("cli.search.since", {{"since", session.When(answer->at("since"))}}) << '\n';
  }
  return 0;
}

}  // namespace
}  // namespace schakel::search_commands

namespace schakel {

void AddSearchCommands(CommandTree& tree) {
  using namespace search_commands;
  auto arguments = std::make_shared<Arguments>();
  tree.Add("search")
      .Positional(arguments->words, "words")
      .Choices(arguments->kinds, "--kind", "record")
      .Option(arguments->trajectory, "--trajectory")
      .Option(arguments->from, "--from")
      .Option(arguments->until, "--until")
      .Number(arguments->limit, "--limit")
      .Does([arguments](Session& session) { return Search(session, *arguments); });
}

}  // namespace schakel
