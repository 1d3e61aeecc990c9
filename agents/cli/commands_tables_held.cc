// A meeting as it stands, and what is said once it has a date.
#include "commands.h"
#include "output.h"

namespace schakel::tables_held_commands {
namespace {

struct Arguments {
  std::string table;
  std::string attending;
  std::string comment;
  std::string rather;
  std::string occurrence;
  std::string guest;
  std::string why;
  ToWhom whom;
};
using Shared = std::shared_ptr<Arguments>;

std::string PathTo(const Arguments& arguments, const std::string& part) {
  return "/v1/tables/" + PercentEncoded(arguments.table) + part;
}

bool PutOccurrence(Session& session, const Arguments& arguments, Json& body) {
  return arguments.occurrence.empty() || PutTime(session, arguments.occurrence, "--occurrence", "occurrence", body);
}

int Answer(Session& session, const Arguments& arguments) {
  Json body = {{"attending", arguments.attending}};
  if (!arguments.comment.empty()) body["comment"] = arguments.comment;
  if (!arguments.rather.empty() && !PutSlot(session, arguments.rather, "--rather", body["counter"])) return 1;
  if (!PutOccurrence(session, arguments, body)) return 1;
  const bool for_guest = !arguments.guest.empty();
  if (!for_guest) PutToWhom(arguments.whom, body);
  const std::string part = for_guest ? "/guests/" + PercentEncoded(arguments.guest) + "/answers" : "/answers";
  const auto sent = session.Post(PathTo(arguments, part), body);
  return sent ? session.PrintSent(*sent, "meeting-answer") : 1;
}

int Cancel(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  if (!arguments.why.empty()) body["why"] = arguments.why;
  if (!PutOccurrence(session, arguments, body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post(PathTo(arguments, "/cancellation"), body);
  return sent ? session.PrintSent(*sent, "meeting-cancelled") : 1;
}

void PrintPoll(Session& session, const Json& one) {
  Table poll({"", session.T("cli.col.date"), session.T("word.choices.yes"), session.T("word.choices.maybe"),
              session.T("word.choices.no"), ""});
  std::size_t number = 0;
  for (const Json& date : one.at("poll")) {
    const bool open = date.at("open") == true;
    const bool found = date.at("found") == true;
    poll.Add({std::to_string(++number), session.Slot(date.at("slot")), date.at("yes").dump(), date.at("maybe").dump(),
              date.at("no").dump(),
              found  ? session.T("cli.table.found")
              : open ? ""
                     : session.T("cli.table.closed")});
  }
  if (poll.empty()) return;
  session.out() << '\n';
  poll.Print(session.out());
}

void PrintGuests(Session& session, const Json& one) {
  Table guests({session.T("cli.table.guests"), session.T("field.who"), session.T("cli.col.id"), ""});
  for (const Json& guest : one.at("guests")) {
    guests.Add({Clean(guest.at("name").get<std::string>()), session.Word("who", guest.at("who")),
                Short(guest.at("id").get<std::string>()),
                guest.at("outstanding") == true ? session.T("cli.table.no_answer") : ""});
  }
  if (guests.empty()) return;
  session.out() << '\n';
  guests.Print(session.out());
}

void PrintRequired(Session& session, const Json& one) {
  for (const Json& voice : one.at("required")) {
    const std::string who =
        voice.at("client").is_null() ? session.Name(voice.at("organisation")) : session.Word("who", voice.at("client"));
    const char* how = voice.at("refuses") == true ? "cli.table.cannot"
                      : voice.at("heard") == true ? "cli.table.heard"
                                                  : "cli.table.no_answer";
    session.out() << session.T("cli.table.required", {{"who", Clean(who)}, {"how", session.T(how)}}) << '\n';
  }
}

void PrintOccurrences(Session& session, const Json& one) {
  if (one.at("series").is_null()) return;
  Table series({session.T("cli.table.series"), ""});
  for (const Json& row : one.at("occurrences")) {
    const bool off = row.at("slot").is_null();
    const bool changed = row.at("changed") == true;
    series.Add({off ? session.When(row.at("occurrence")) : session.Slot(row.at("slot")),
                off       ? session.T("word.table.cancelled")
                : changed ? session.T("cli.table.moved")
                          : ""});
  }
  session.out() << '\n';
  series.Print(session.out());
}

void PrintActions(Session& session, const Json& one) {
  Table actions({session.T("cli.table.actions"), session.T("field.owner"), session.T("field.due_at"),
                 session.T("cli.col.id"), ""});
  for (const Json& action : one.at("actions")) {
    const Json& record = action.at("record");
    if (record.is_null() || record.at("body").is_null()) continue;
    const Json& body = record.at("body");
    const std::string with = body.at("with").get<std::string>();
    actions.Add({Fitted(Clean(body.at("text").get<std::string>()), 60),
                 session.Name(action.at("owner")) + (with.empty() ? "" : " (" + Clean(with) + ")"),
                 session.Day(action.at("due_at")), Short(action.at("id").get<std::string>()),
                 action.at("done") == true ? session.T("cli.action.done") : ""});
  }
  if (actions.empty()) return;
  session.out() << '\n';
  actions.Print(session.out());
}

// The poll, the guests and the actions stand above; what else was said follows word for word.
int Show(Session& session, const Arguments& arguments) {
  const auto one = session.Get(PathTo(arguments, ""));
  if (!one) return 1;
  if (session.PrintedJson(*one)) return 0;
  Sheet sheet;
  sheet.Add(session.T("cli.table"), one->at("id"));
  sheet.Add(session.T("cli.col.trajectory"), session.TrajectoryWord(one->at("trajectory")));
  sheet.Add(session.T("cli.col.convener"), session.Name(one->at("convener")));
  sheet.Add(session.T("cli.col.state"), session.Word("table", one->at("state")));
  sheet.Add(session.T("cli.col.date"), session.Slot(one->at("date")));
  if (one->at("state") == "voting") {
    sheet.Add(session.T("cli.col.waits_for"), session.Names(one->at("outstanding")));
  }
  sheet.Print(session.out());
  PrintRequired(session, *one);
  PrintPoll(session, *one);
  PrintOccurrences(session, *one);
  PrintGuests(session, *one);
  PrintActions(session, *one);
  for (const Json& record : one->at("thread")) {
    session.out() << '\n';
    session.PrintRecord(record);
  }
  return 0;
}

}  // namespace
}  // namespace schakel::tables_held_commands

namespace schakel {

void AddHeldTableCommands(CommandTree& tree) {
  using namespace tables_held_commands;
  const auto with = [](const Shared& arguments, auto function) {
    return [arguments, function](Session& session) { return function(session, *arguments); };
  };
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("tables answer");
    leaf.Positional(a->table, "table")
        .Choice(a->attending, "--attending", "attending", kMust)
        .Option(a->rather, "--rather")
        .Option(a->occurrence, "--occurrence")
        .Option(a->comment, "--comment")
        .Option(a->guest, "--guest");
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &Answer));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("tables cancel");
    leaf.Positional(a->table, "table").Option(a->why, "--why").Option(a->occurrence, "--occurrence");
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &Cancel));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("tables show").Positional(a->table, "table").Does(with(a, &Show));
  }
}

}  // namespace schakel
