// notices: how I am told that something waits. webhooks: how programs of the organisation are.
#include "commands.h"
#include "output.h"

namespace schakel::notices_commands {
namespace {

struct Arguments {
  std::string mail;
  std::string address;
  std::string digest_at;
  std::string quiet;
  std::string url;
  std::vector<std::string> kinds;
  std::string webhook;
};

void PrintSettings(Session& session, const Json& settings) {
  Sheet sheet;
  const std::string address = settings.at("address").get<std::string>();
  const bool none = settings.at("mail") == "none";
  sheet.Add(session.T("cli.notices.mail"), session.Word("mail", settings.at("mail")));
  if (!none) sheet.Add(session.T("cli.notices.address"), Clean(address));
  if (settings.at("mail") == "digest") sheet.Add(session.T("cli.notices.digest_at"), settings.at("digest_at"));
  if (!none && !settings.at("quiet").is_null()) sheet.Add(session.T("cli.notices.quiet"), settings.at("quiet"));
  sheet.Print(session.out());
  if (settings.at("possible") == false) session.world().err << session.T("cli.notices.impossible") << '\n';
}

int Show(Session& session, const Arguments&) {
  const auto settings = session.Get("/v1/notices");
  if (!settings) return 1;
  if (!session.PrintedJson(*settings)) PrintSettings(session, *settings);
  return 0;
}

int Choose(Session& session, const Arguments& arguments) {
  Json body = {{"mail", arguments.mail}};
  if (!arguments.address.empty()) body["address"] = arguments.address;
  if (!arguments.digest_at.empty()) body["digest_at"] = arguments.digest_at;
  if (!arguments.quiet.empty()) body["quiet"] = arguments.quiet;
  const auto settings = session.Post("/v1/notices", body);
  if (!settings) return 1;
  if (!session.PrintedJson(*settings)) PrintSettings(session, *settings);
  return 0;
}

int List(Session& session, const Arguments&) {
  const auto answer = session.Get("/v1/webhooks");
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  Table table({session.T("cli.col.id"), session.T("cli.webhooks.url"), session.T("cli.col.state"),
               session.T("cli.webhooks.waiting"), session.T("cli.col.kind")});
  for (const Json& one : answer->at("webhooks")) {
    std::string kinds;
    for (const Json& kind : one.at("kinds")) kinds += (kinds.empty() ? "" : ", ") + session.KindWord(kind);
    table.Add({Short(one.at("id").get<std::string>()), one.at("url"), session.Word("webhook", one.at("state")),
               one.at("waiting").dump(), kinds.empty() ? session.T("cli.follow.all_kinds") : kinds});
  }
  if (table.empty()) {
    session.out() << session.T("cli.webhooks.none") << '\n';
  } else {
    table.Print(session.out());
  }
  return 0;
}

// The secret goes to standard output alone, so that it can be passed on without what surrounds it.
int Add(Session& session, const Arguments& arguments) {
  const auto answer = session.Post("/v1/webhooks", {{"url", arguments.url}, {"kinds", arguments.kinds}});
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  session.out() << answer->at("secret").get<std::string>() << '\n';
  session.world().err << "hint: " << session.T("cli.webhooks.added_hint") << '\n';
  return 0;
}

int Remove(Session& session, const Arguments& arguments) {
  const auto answer = session.Post("/v1/webhooks/" + PercentEncoded(arguments.webhook) + "/removal", Json::object());
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  session.out() << session.T("cli.webhooks.removed") << '\n';
  return 0;
}

}  // namespace
}  // namespace schakel::notices_commands

namespace schakel {

void AddNoticeCommands(CommandTree& tree) {
  using namespace notices_commands;
  const auto add = [&](const char* command, auto shape, int (*act)(Session&, const Arguments&)) {
    auto arguments = std::make_shared<Arguments>();
    Leaf leaf = tree.Add(command);
    shape(leaf, *arguments);
    leaf.Does([arguments, act](Session& session) { return act(session, *arguments); });
  };
  constexpr auto kMust = Leaf::Must::kMust;
  add("notices show", [](Leaf&, Arguments&) {}, &Show);
  add(
      "notices choose",
      [](Leaf& leaf, Arguments& to) {
        leaf.Choice(to.mail, "--mail", "mail", kMust).Option(to.address, "--address");
        leaf.Option(to.digest_at, "--digest-at").Option(to.quiet, "--quiet");
      },
      &Choose);
  add("webhooks list", [](Leaf&, Arguments&) {}, &List);
  add(
      "webhooks add",
      [](Leaf& leaf, Arguments& to) { leaf.Positional(to.url, "url").Choices(to.kinds, "--kind", "record"); }, &Add);
  add("webhooks remove", [](Leaf& leaf, Arguments& to) { leaf.Positional(to.webhook, "webhook"); }, &Remove);
}

}  // namespace schakel
