// Round tables to and from people's own calendars.
#include "commands.h"
#include "output.h"

namespace schakel::calendar_commands {
namespace {

struct Arguments {
  std::string table;
  std::string file;
  std::string receiver;
  std::string guest;
  std::string occurrence;
  std::string organizer;
  std::string attendee;
  bool answer = false;
  ToWhom whom;
};
using Shared = std::shared_ptr<Arguments>;

int Export(Session& session, const Arguments& arguments) {
  std::string target = "/v1/tables/" + PercentEncoded(arguments.table) + "/calendar";
  char before = '?';
  const auto ask = [&](const char* name, const std::string& value) {
    if (value.empty()) return;
    target += before + std::string(name) + "=" + PercentEncoded(value);
    before = '&';
  };
  Json time = Json::object();
  if (!arguments.occurrence.empty() && !PutTime(session, arguments.occurrence, "--occurrence", "at", time)) return 1;
  ask("occurrence", time.value("at", std::string()));
  ask("answer", arguments.answer ? "true" : "");
  ask("for", arguments.receiver);
  ask("guest", arguments.guest);
  ask("organizer", arguments.organizer);
  ask("attendee", arguments.attendee);
  const auto bytes = session.GetBytes(target);
  if (!bytes) return 1;
  if (!session.PrintedJson({{"calendar", *bytes}})) session.out() << *bytes;
  return 0;
}

int Take(Session& session, const Arguments& arguments) {
  const auto text = session.TextOf(arguments.file == "-" ? arguments.file : "@" + arguments.file);
  if (!text) return 1;
  Json body = {{"calendar", *text}};
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post("/v1/calendar", body);
  return sent ? session.PrintSent(*sent, "meeting-answer") : 1;
}

}  // namespace
}  // namespace schakel::calendar_commands

namespace schakel {

void AddCalendarCommands(CommandTree& tree) {
  using namespace calendar_commands;
  const auto with = [](const Shared& arguments, auto function) {
    return [arguments, function](Session& session) { return function(session, *arguments); };
  };
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("tables calendar")
        .Positional(a->table, "table")
        .Flag(a->answer, "--answer")
        .Option(a->receiver, "--for")
        .Option(a->guest, "--guest")
        .Option(a->occurrence, "--occurrence")
        .Option(a->organizer, "--organizer")
        .Option(a->attendee, "--attendee")
        .Does(with(a, &Export));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("tables take");
    leaf.Positional(a->file, "file");
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &Take));
  }
}

}  // namespace schakel
