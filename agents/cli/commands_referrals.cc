// referrals ask, list, accept, refuse, withdraw.
#include "commands.h"
#include "output.h"

namespace schakel::referrals_commands {
namespace {

struct Arguments {
  std::string trajectory;
  std::string organisation;
  std::string referral;
  std::string question;
  std::string module;
  std::string until;
  std::string why;
  std::vector<std::string> categories;
  bool preview = false;
};
using Shared = std::shared_ptr<Arguments>;

Json Body(const Arguments& arguments) {
  Json body = Json::object();
  if (arguments.preview) body["preview"] = true;
  return body;
}

int Ask(Session& session, const Arguments& arguments) {
  Json body = Body(arguments);
  body["organisation"] = arguments.organisation;
  body["categories"] = arguments.categories;
  if (!arguments.module.empty()) body["module"] = arguments.module;
  if (!PutText(session, arguments.question, "question", body)) return 1;
  if (!PutDeadline(session, arguments.until, "--until", "expires_at", body)) return 1;
  const auto sent = session.Post("/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/referrals", body);
  return sent ? session.PrintSent(*sent, "referral") : 1;
}

int Answer(Session& session, const Arguments& arguments, const char* answer) {
  Json body = Body(arguments);
  body["answer"] = answer;
  if (!PutText(session, arguments.why, "why", body)) return 1;
  const auto sent = session.Post("/v1/referrals/" + PercentEncoded(arguments.referral) + "/answer", body);
  return sent ? session.PrintSent(*sent, "referral-answer") : 1;
}

int Withdraw(Session& session, const Arguments& arguments) {
  Json body = Body(arguments);
  if (!PutText(session, arguments.why, "why", body)) return 1;
  const auto sent = session.Post("/v1/referrals/" + PercentEncoded(arguments.referral) + "/withdrawal", body);
  return sent ? session.PrintSent(*sent, "referral-withdrawal") : 1;
}

int List(Session& session, const Arguments& arguments) {
  const auto answer = session.Get("/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/referrals");
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("referrals").empty()) session.out() << session.T("cli.records.none") << '\n';
  for (const Json& one : answer->at("referrals")) {
    session.PrintRecord(one.at("record"));
    if (!one.at("state").is_null()) {
      session.out() << "  " << session.T("cli.col.state") << ": " << session.Word("referral", one.at("state")) << '\n';
    }
    for (const char* reply : {"answer", "withdrawal"}) {
      if (!one.at(reply).is_null()) session.PrintRecord(one.at(reply));
    }
  }
  return 0;
}

}  // namespace
}  // namespace schakel::referrals_commands

namespace schakel {

void AddReferralCommands(CommandTree& tree) {
  using namespace referrals_commands;
  const auto with = [](const Shared& arguments, auto function) {
    return [arguments, function](Session& session) { return function(session, *arguments); };
  };
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("referrals ask")
        .Positional(a->trajectory, "trajectory")
        .Positional(a->organisation, "organisation")
        .Option(a->question, "--question", kMust)
        .Choices(a->categories, "--category", "category", kMust)
        .Choice(a->module, "--module", "module")
        .Option(a->until, "--until")
        .Flag(a->preview, "--dry-run")
        .Does(with(a, &Ask));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("referrals list").Positional(a->trajectory, "trajectory").Does(with(a, &List));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("referrals accept")
        .Positional(a->referral, "referral")
        .Option(a->why, "--why")
        .Flag(a->preview, "--dry-run")
        .Does([a](Session& session) { return Answer(session, *a, "accepted"); });
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("referrals refuse")
        .Positional(a->referral, "referral")
        .Option(a->why, "--why", kMust)
        .Flag(a->preview, "--dry-run")
        .Does([a](Session& session) { return Answer(session, *a, "refused"); });
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("referrals withdraw")
        .Positional(a->referral, "referral")
        .Option(a->why, "--why")
        .Flag(a->preview, "--dry-run")
        .Does(with(a, &Withdraw));
  }
}

}  // namespace schakel
