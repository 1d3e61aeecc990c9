// Guests of a meeting, and their personal links.
#include "commands.h"
#include "output.h"

namespace schakel::guests_commands {
namespace {

struct Arguments {
  std::string table;
  std::string guest;
  std::string name;
  std::string who;
  std::string address;
  std::string until;
  std::string why;
};
using Shared = std::shared_ptr<Arguments>;

std::string GuestsOf(const Arguments& arguments) { return "/v1/tables/" + PercentEncoded(arguments.table) + "/guests"; }
std::string GuestOf(const Arguments& arguments, const std::string& part) {
  return GuestsOf(arguments) + "/" + PercentEncoded(arguments.guest) + part;
}

int Invite(Session& session, const Arguments& arguments) {
  Json body = {{"name", arguments.name}, {"who", arguments.who}};
  if (!arguments.address.empty()) body["address"] = arguments.address;
  const auto sent = session.Post(GuestsOf(arguments), body);
  return sent ? session.PrintSent(*sent, "meeting-guest") : 1;
}

int TakeOff(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  if (!arguments.why.empty()) body["why"] = arguments.why;
  const auto sent = session.Post(GuestOf(arguments, "/removal"), body);
  return sent ? session.PrintSent(*sent, "meeting-guest") : 1;
}

// The link goes to standard output alone, so that it can be passed on without what surrounds it.
int MakeLink(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  if (!arguments.until.empty() && !PutUntil(session, arguments.until, "--until", "expires_at", body)) return 1;
  if (!arguments.why.empty()) body["why"] = arguments.why;
  const auto made = session.Post(GuestOf(arguments, "/link"), body);
  if (!made) return 1;
  if (session.PrintedJson(*made)) return 0;
  const std::string link = made->at("link").get<std::string>();
  session.world().err << session.T("cli.guest.made", {{"until", session.When(made->at("expires_at"))}}) << '\n';
  session.out() << link << '\n';
  session.world().err << "hint: " << session.T("cli.guest.made_hint") << '\n';
  if (made->at("said") == true) session.world().err << session.T("cli.guest.said") << '\n';
  if (link.starts_with('/')) session.world().err << "hint: " << session.T("cli.guest.no_origin") << '\n';
  return 0;
}

int Revoke(Session& session, const Arguments& arguments) {
  const auto answer = session.Delete(GuestOf(arguments, "/link"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  session.out() << session.T("cli.guest.revoked") << '\n';
  return 0;
}

int List(Session& session, const Arguments& arguments) {
  const auto answer = session.Get(GuestsOf(arguments));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  Table table({session.T("cli.table.guests"), session.T("field.who"), session.T("cli.col.id"),
               session.T("cli.guest.link"), session.T("cli.people.expires"), session.T("cli.people.used")});
  const auto when = [&](const Json& time) { return time.is_null() ? std::string() : session.When(time); };
  for (const Json& guest : answer->at("guests")) {
    table.Add({Clean(guest.at("name").get<std::string>()), session.Word("who", guest.at("who")),
               Short(guest.at("id").get<std::string>()), session.Word("guestlink", guest.at("link")),
               when(guest.at("expires_at")), when(guest.at("used_at"))});
  }
  if (table.empty()) {
    session.out() << session.T("cli.guest.none") << '\n';
  } else {
    table.Print(session.out());
  }
  return 0;
}

}  // namespace
}  // namespace schakel::guests_commands

namespace schakel {

void AddGuestCommands(CommandTree& tree) {
  using namespace guests_commands;
  const auto with = [](const Shared& arguments, auto function) {
    return [arguments, function](Session& session) { return function(session, *arguments); };
  };
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("tables guests").Positional(a->table, "table").Does(with(a, &List));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("tables guest-invite")
        .Positional(a->table, "table")
        .Option(a->name, "--name", kMust)
        .Choice(a->who, "--who", "who", kMust)
        .Option(a->address, "--address")
        .Does(with(a, &Invite));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("tables guest-remove")
        .Positional(a->table, "table")
        .Positional(a->guest, "guest")
        .Option(a->why, "--why")
        .Does(with(a, &TakeOff));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("tables guest-link")
        .Positional(a->table, "table")
        .Positional(a->guest, "guest")
        .Option(a->until, "--until")
        .Option(a->why, "--why")
        .Does(with(a, &MakeLink));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("tables guest-revoke").Positional(a->table, "table").Positional(a->guest, "guest").Does(with(a, &Revoke));
  }
}

}  // namespace schakel
