// people: the accounts of the organisation; tokens for scripts.
#include "commands.h"
#include "local_time.h"
#include "output.h"

namespace schakel::people_commands {
namespace {

struct Arguments {
  std::string login;
  std::string name;
  std::vector<std::string> roles;
  std::string pass;
  std::string label;
  std::string until;
  std::string lasting;
  bool all = false;
  bool reads_only = false;
};

std::string Path(const Arguments& arguments, const char* rest = "") {
  return "/v1/people/" + PercentEncoded(arguments.login) + rest;
}

std::string Roles(Session& session, const Json& slugs) {
  std::string text;
  for (const Json& slug : slugs) {
    const auto role = ParseStaffRole(slug.get<std::string>());
    text += (text.empty() ? "" : ", ") + (role ? std::string(Label(*role, session.language())) : std::string(slug));
  }
  return text;
}

// The secret goes to standard output alone, so that it can be passed on without what surrounds it.
int PrintInvited(Session& session, const Json& invited) {
  if (session.PrintedJson(invited)) return 0;
  const Json& person = invited.at("person");
  session.world().err << session.T("cli.people.invited", {{"name", Clean(person.at("name").get<std::string>())},
                                                          {"until", session.When(person.at("invitation_expires_at"))}})
                      << '\n';
  const Json& link = invited.at("link");
  session.out() << (link.is_null() ? invited.at("invitation") : link).get<std::string>() << '\n';
  session.world().err << "hint: " << session.T("cli.people.invited_hint") << '\n';
  if (!link.is_null()) return 0;
  const std::string login = Clean(person.at("login").get<std::string>());
  session.world().err << "hint: " << session.T("cli.people.invited_no_link", {{"login", login}}) << '\n';
  return 0;
}

int List(Session& session) {
  const auto answer = session.Get("/v1/people");
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("people").empty()) {
    session.out() << session.T("cli.people.none") << '\n';
    return 0;
  }
  Table table(
      {session.T("cli.col.login"), session.T("cli.col.name"), session.T("cli.col.roles"), session.T("cli.col.state")});
  for (const Json& one : answer->at("people")) {
    table.Add(
        {one.at("login"), one.at("name"), Roles(session, one.at("roles")), session.Word("account", one.at("state"))});
  }
  table.Print(session.out());
  return 0;
}

int Show(Session& session, const Arguments& arguments) {
  const auto person = session.Get(Path(arguments));
  if (!person) return 1;
  if (session.PrintedJson(*person)) return 0;
  Sheet sheet;
  sheet.Add(session.T("cli.col.login"), person->at("login"));
  sheet.Add(session.T("cli.col.name"), person->at("name"));
  sheet.Add(session.T("cli.col.roles"), Roles(session, person->at("roles")));
  sheet.Add(session.T("cli.col.state"), session.Word("account", person->at("state")));
  sheet.Add(session.T("cli.people.second_factor"), session.Word("factor", person->at("second_factor")));
  sheet.Add(session.T("cli.people.recovery_codes"), person->at("recovery_codes").dump());
  if (!person->at("invitation_expires_at").is_null()) {
    sheet.Add(session.T("cli.people.invitation"), session.When(person->at("invitation_expires_at")));
  }
  const auto lock = session.Get(Path(arguments, "/lock"));
  if (!lock) return 1;
  const std::string failures = lock->at("failures").dump();
  const Json& wait = lock->at("wait_seconds");
  sheet.Add(
      session.T("cli.people.lock"),
      wait.is_null() ? failures : session.T("cli.people.lock_waits", {{"count", failures}, {"seconds", wait.dump()}}));
  sheet.Print(session.out());
  return 0;
}

int Unlock(Session& session, const Arguments& arguments) {
  const auto before = session.Post(Path(arguments, "/unlock"), Json::object());
  if (!before) return 1;
  if (session.PrintedJson(*before)) return 0;
  const bool waited = !before->at("wait_seconds").is_null();
  session.world().err << session.T(waited ? "cli.people.unlocked" : "cli.people.not_locked",
                                   {{"login", Clean(arguments.login)}})
                      << '\n';
  return 0;
}

int Invite(Session& session, const Arguments& arguments) {
  const auto invited =
      session.Post("/v1/people", {{"login", arguments.login}, {"name", arguments.name}, {"roles", arguments.roles}});
  return invited ? PrintInvited(session, *invited) : 1;
}

int Reset(Session& session, const Arguments& arguments) {
  const auto invited = session.Post(Path(arguments, "/reset"), Json::object());
  return invited ? PrintInvited(session, *invited) : 1;
}

int Amend(Session& session, const Arguments& arguments, const char* done, Json body) {
  const auto person = session.Post(Path(arguments), body);
  if (!person) return 1;
  if (session.PrintedJson(*person)) return 0;
  session.world().err << session.T(done, {{"name", Clean(person->at("name").get<std::string>())},
                                          {"roles", Roles(session, person->at("roles"))}})
                      << '\n';
  return 0;
}

int Change(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  if (!arguments.name.empty()) body["name"] = arguments.name;
  if (!arguments.roles.empty()) body["roles"] = arguments.roles;
  if (body.empty()) return session.SayMisuse(session.T("cli.people.nothing"), session.T("cli.people.nothing_hint"));
  return Amend(session, arguments, "cli.people.changed", std::move(body));
}

int PrintPasses(Session& session, const Arguments& arguments) {
  const auto answer = session.Get(Path(arguments, "/passes"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("passes").empty()) {
    session.out() << session.T("cli.people.no_passes") << '\n';
    return 0;
  }
  Table table({session.T("cli.col.id"), session.T("cli.col.kind"), session.T("cli.people.label"),
               session.T("cli.people.used"), session.T("cli.people.expires")});
  for (const Json& one : answer->at("passes")) {
    table.Add({one.at("id"), session.Word("pass", one.at("kind")), one.at("label"), session.When(one.at("used_at")),
               session.When(one.at("expires_at"))});
  }
  table.Print(session.out());
  return 0;
}

int Revoke(Session& session, const Arguments& arguments) {
  if (arguments.all == !arguments.pass.empty()) {
    return session.SayMisuse(session.T("cli.people.revoke_which"), session.T("cli.people.revoke_hint"));
  }
  const std::string path = arguments.all ? Path(arguments, "/passes/revoke")
                                         : Path(arguments, "/passes/") + PercentEncoded(arguments.pass) + "/revoke";
  if (!session.Post(path, Json::object())) return 1;
  session.world().err << session.T("cli.people.revoked") << '\n';
  return 0;
}

int IssueToken(Session& session, const Arguments& arguments) {
  Json body = {{"label", arguments.label}, {"roles", arguments.roles}, {"reads_only", arguments.reads_only}};
  if (!PutEnd(session, arguments.until, arguments.lasting, "expires_at", body)) return 2;
  const auto issued = session.Post(Path(arguments, "/tokens"), body);
  if (!issued) return 1;
  if (session.PrintedJson(*issued)) return 0;
  session.out() << issued->at("token").get<std::string>() << '\n';
  session.world().err << "hint: " << session.T("cli.people.token_hint") << '\n';
  return 0;
}

}  // namespace
}  // namespace schakel::people_commands

namespace schakel {

void AddPeopleCommands(CommandTree& tree) {
  using namespace people_commands;
  const auto add = [&](const char* command, auto shape, int (*act)(Session&, const Arguments&)) {
    auto arguments = std::make_shared<Arguments>();
    Leaf leaf = tree.Add(command);
    leaf.Positional(arguments->login, "login");
    shape(leaf, *arguments);
    leaf.Does([arguments, act](Session& session) { return act(session, *arguments); });
  };
  constexpr auto kMust = Leaf::Must::kMust;
  tree.Add("people list").Does(&List);
  add("people show", [](Leaf&, Arguments&) {}, &Show);
  add(
      "people invite",
      [](Leaf& leaf, Arguments& to) {
        leaf.Option(to.name, "--name", kMust).Choices(to.roles, "--roles", "role", kMust);
      },
      &Invite);
  add(
      "people change",
      [](Leaf& leaf, Arguments& to) { leaf.Option(to.name, "--name").Choices(to.roles, "--roles", "role"); }, &Change);
  add("people reset", [](Leaf&, Arguments&) {}, &Reset);
  add("people unlock", [](Leaf&, Arguments&) {}, &Unlock);
  add(
      "people deactivate", [](Leaf&, Arguments&) {},
      [](Session& session, const Arguments& arguments) {
        return Amend(session, arguments, "cli.people.deactivated", {{"state", "deactivated"}});
      });
  add(
      "people activate", [](Leaf&, Arguments&) {},
      [](Session& session, const Arguments& arguments) {
        return Amend(session, arguments, "cli.people.activated", {{"state", "active"}});
      });
  add("people sessions", [](Leaf&, Arguments&) {}, &PrintPasses);
  add(
      "people revoke",
      [](Leaf& leaf, Arguments& to) { leaf.Positional(to.pass, "pass", Leaf::Must::kMay).Flag(to.all, "--all"); },
      &Revoke);
  add(
      "people token",
      [](Leaf& leaf, Arguments& to) {
        leaf.Option(to.label, "--label", kMust)
            .Choices(to.roles, "--roles", "role", kMust)
            .Flag(to.reads_only, "--reads-only")
            .Option(to.until, "--until")
            .Option(to.lasting, "--for");
      },
      &IssueToken);
}

}  // namespace schakel
