// keys show, keys rotate: an organisation's own keys.
#include "commands.h"
#include "output.h"

namespace schakel::keys_commands {
namespace {

void PrintKeys(Session& session, const Json& keys) {
  Sheet sheet;
  sheet.Add(session.T("cli.col.fingerprint"), keys.at("fingerprint").get<std::string>());
  sheet.Add(session.T("cli.keys.hpke_since"), session.When(keys.at("hpke_since")));
  sheet.Add(session.T("cli.keys.hpke_held"), keys.at("hpke_held").dump());
  if (!keys.at("asked").is_null()) {
    sheet.Add(session.T("cli.keys.asked"), keys.at("asked").get<std::string>());
    sheet.Add(session.T("cli.col.status"),
              session.T(keys.at("heard") == true ? "cli.keys.heard" : "cli.keys.not_heard"));
  }
  if (!keys.at("refused").is_null()) {
    sheet.Add(session.T("cli.keys.refused"), keys.at("refused").at("title").get<std::string>());
  }
  sheet.Print(session.out());
}

int ShowKeys(Session& session) {
  const auto keys = session.Get("/v1/keys");
  if (!keys) return 1;
  if (!session.PrintedJson(*keys)) PrintKeys(session, *keys);
  return 0;
}

int RotateKeys(Session& session, bool hpke) {
  const auto keys = session.Post("/v1/keys/rotate", {{"which", hpke ? "hpke" : "all"}});
  if (!keys) return 1;
  if (session.PrintedJson(*keys)) return 0;
  PrintKeys(session, *keys);
  session.world().err << session.T(hpke ? "cli.keys.hpke_next" : "cli.keys.next") << '\n';
  return 0;
}

}  // namespace
}  // namespace schakel::keys_commands

namespace schakel {

void AddKeyCommands(CommandTree& tree) {
  using namespace keys_commands;
  tree.Add("keys show").Does(&ShowKeys);
  auto hpke = std::make_shared<bool>(false);
  tree.Add("keys rotate").Flag(*hpke, "--hpke").Does([hpke](Session& session) { return RotateKeys(session, *hpke); });
}

}  // namespace schakel
