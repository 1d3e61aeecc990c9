// lead offer, accept, refuse, withdraw.
#include "commands.h"
#include "output.h"

namespace schakel::lead_commands {
namespace {

struct Arguments {
  std::string trajectory;
  std::string to;
  std::string message;
  std::string why;
  std::string until;
  bool preview = false;
};
using Shared = std::shared_ptr<Arguments>;

std::string Path(const Arguments& arguments, const char* what) {
  return "/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/lead/" + what;
}
Json Body(const Arguments& arguments) {
  Json body = Json::object();
  if (arguments.preview) body["preview"] = true;
  return body;
}

int Offer(Session& session, const Arguments& arguments) {
  Json body = Body(arguments);
  body["to"] = arguments.to;
  if (!PutText(session, arguments.message, "message", body)) return 1;
  if (!PutDeadline(session, arguments.until, "--until", "expires_at", body)) return 1;
  const auto sent = session.Post(Path(arguments, "offer"), body);
  return sent ? session.PrintSent(*sent, "lead-offer") : 1;
}

int Accept(Session& session, const Arguments& arguments) {
  Json body = Body(arguments);
  if (!PutText(session, arguments.message, "message", body)) return 1;
  const auto sent = session.Post(Path(arguments, "acceptance"), body);
  return sent ? session.PrintSent(*sent, "lead-accept") : 1;
}

int Refuse(Session& session, const Arguments& arguments) {
  Json body = Body(arguments);
  if (!PutText(session, arguments.why, "why", body)) return 1;
  const auto sent = session.Post(Path(arguments, "refusal"), body);
  return sent ? session.PrintSent(*sent, "lead-refuse") : 1;
}

int Withdraw(Session& session, const Arguments& arguments) {
  Json body = Body(arguments);
  if (!PutText(session, arguments.why, "why", body)) return 1;
  const auto sent = session.Post(Path(arguments, "withdrawal"), body);
  return sent ? session.PrintSent(*sent, "lead-withdraw") : 1;
}

}  // namespace
}  // namespace schakel::lead_commands

namespace schakel {

void AddLeadCommands(CommandTree& tree) {
  using namespace lead_commands;
  const auto with = [](const Shared& arguments, auto function) {
    return [arguments, function](Session& session) { return function(session, *arguments); };
  };
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("lead offer")
        .Positional(a->trajectory, "trajectory")
        .Option(a->to, "--to", kMust)
        .Option(a->until, "--until")
        .Option(a->message, "--message")
        .Flag(a->preview, "--dry-run")
        .Does(with(a, &Offer));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("lead accept")
        .Positional(a->trajectory, "trajectory")
        .Option(a->message, "--message")
        .Flag(a->preview, "--dry-run")
        .Does(with(a, &Accept));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("lead refuse")
        .Positional(a->trajectory, "trajectory")
        .Option(a->why, "--why", kMust)
        .Flag(a->preview, "--dry-run")
        .Does(with(a, &Refuse));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("lead withdraw")
        .Positional(a->trajectory, "trajectory")
        .Option(a->why, "--why")
        .Flag(a->preview, "--dry-run")
        .Does(with(a, &Withdraw));
  }
}

}  // namespace schakel
