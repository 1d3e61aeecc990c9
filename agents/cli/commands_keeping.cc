// records: what was sealed here, and opening it.
#include "commands.h"
#include "output.h"

namespace schakel {
namespace {

struct Arguments {
  std::string trajectory;
  std::string record;
  std::string why;
};
using Shared = std::shared_ptr<Arguments>;

int ListSealed(Session& session, const Arguments& arguments) {
  const auto answer = session.Get(
      arguments.trajectory.empty() ? "/v1/sealed" : "/v1/sealed?trajectory=" + PercentEncoded(arguments.trajectory));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  const Json& all = answer->at("sealed");
  if (all.empty()) {
    session.out() << session.T("cli.sealed.none") << '\n';
    return 0;
  }
  Table table({session.T("cli.col.record"), session.T("cli.col.trajectory"), session.T("cli.col.sealed_at"),
               session.T("cli.col.until"), session.T("cli.col.because"), session.T("cli.col.opened_by")});
  for (const Json& one : all) {
    std::string opened;
    for (const Json& by : one.at("opened")) {
      opened += (opened.empty() ? "" : "; ") + by.at("person").get<std::string>() + " (" + session.When(by.at("at")) +
                "): " + by.at("why").get<std::string>();
    }
    const std::string until = one.at("destroyed_at").is_null()
                                  ? session.When(one.at("keep_until"))
                                  : session.T("cli.sealed.destroyed", {{"at", session.When(one.at("destroyed_at"))}});
    table.Add({Short(one.at("record").get<std::string>()), Short(one.at("trajectory").get<std::string>()),
               session.When(one.at("sealed_at")), until, one.at("reason").get<std::string>(), opened});
  }
  table.Print(session.out());
  return 0;
}

int Unseal(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  if (!PutText(session, arguments.why, "why", body)) return 1;
  const auto record = session.Post("/v1/records/" + PercentEncoded(arguments.record) + "/unsealing", body);
  if (!record) return 1;
  if (!session.PrintedJson(*record)) session.PrintRecord(*record);
  return 0;
}

}  // namespace

void AddKeepingCommands(CommandTree& tree) {
  const auto with = [](const Shared& arguments, auto function) {
    return [arguments, function](Session& session) { return function(session, *arguments); };
  };
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("records sealed").Positional(a->trajectory, "trajectory", kMay).Does(with(a, &ListSealed));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("records unseal")
        .Positional(a->record, "record")
        .Option(a->why, "--why", kMust)
        .Does(with(a, &Unseal));
  }
}

}  // namespace schakel
