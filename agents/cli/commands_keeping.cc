// records: what was sealed here, and opening it. trajectories erase, erase-agree, erase-confirm, erased, kept.
#include <algorithm>

#include "commands.h"
#include "output.h"

namespace schakel::keeping_commands {
namespace {

struct Arguments {
  std::string trajectory;
  std::string record;
  std::string why;
  std::string because;
  std::string state;
  std::string to_file;
  bool force = false;
  bool due = false;
  bool preview = false;
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
  if (!arguments.to_file.empty()) {
    const std::string target = "/v1/records/" + PercentEncoded(arguments.record) + "/unsealed-content";
    return FetchFile(session, target, arguments.to_file, arguments.force);
  }
  if (!session.PrintedJson(*record)) session.PrintRecord(*record);
  return 0;
}

Json Body(const Arguments& arguments) {
  Json body = Json::object();
  if (arguments.preview) body["preview"] = true;
  return body;
}
std::string Path(const Arguments& arguments, const char* step) {
  return "/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/erasure" + step;
}

int Propose(Session& session, const Arguments& arguments) {
  Json body = Body(arguments);
  body["reason"] = arguments.because;
  if (!PutText(session, arguments.why, "why", body)) return 1;
  const auto sent = session.Post(Path(arguments, ""), body);
  return sent ? session.PrintSent(*sent, "erase-propose") : 1;
}
// What the law obliges to keep does not go with it, however long it has been sealed.
void HintAtSealed(Session& session, const Arguments& arguments) {
  const auto answer = session.Get("/v1/sealed?trajectory=" + PercentEncoded(arguments.trajectory));
  if (!answer) return;
  std::size_t count = 0;
  std::string since;
  std::string until;
  for (const Json& one : answer->at("sealed")) {
    if (!one.at("destroyed_at").is_null()) continue;
    const std::string sealed_at = one.at("sealed_at");
    if (count++ == 0 || sealed_at < since) since = sealed_at;
    until = std::max(until, one.at("keep_until").get<std::string>());
  }
  if (count == 0) return;
  session.world().err << "hint: "
                      << session.T("cli.erasure.stays_sealed", {{"count", std::to_string(count)},
                                                                {"since", session.When(since)},
                                                                {"until", session.When(until)}})
                      << '\n';
}

int Agree(Session& session, const Arguments& arguments) {
  const auto sent = session.Post(Path(arguments, "/agreement"), Body(arguments));
  if (!sent) return 1;
  const int status = session.PrintSent(*sent, "erase-second");
  if (status == 0 && !session.options().json) HintAtSealed(session, arguments);
  return status;
}
int Confirm(Session& session, const Arguments& arguments) {
  const auto sent = session.Post(Path(arguments, "/confirmation"), Body(arguments));
  return sent ? session.PrintSent(*sent, "erase-confirm") : 1;
}

// Which its proposal says, and who was away at the erasure never got that.
std::string ReasonText(Session& session, const Json& erasure) {
  if (erasure.at("reason").is_null()) return session.T("cli.erasure.reason_unknown");
  const auto reason = ParseEraseReason(erasure.at("reason").get<std::string>());
  return reason ? std::string(Label(*reason, session.language())) : "";
}

int ListErased(Session& session, const Arguments& arguments) {
  const auto answer =
      session.Get(arguments.state.empty() ? "/v1/erasures" : "/v1/erasures?state=" + PercentEncoded(arguments.state));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  Table table({session.T("cli.col.trajectory"), session.T("cli.col.lead"), session.T("cli.col.because"),
               session.T("cli.col.state")});
  for (const Json& one : answer->at("erasures")) {
    table.Add({Short(one.at("trajectory").get<std::string>()), session.Name(one.at("lead")), ReasonText(session, one),
               ErasureText(session, one)});
  }
  if (table.empty()) {
    session.out() << session.T("cli.erasure.none") << '\n';
  } else {
    table.PrintWhole(session.out());
  }
  return 0;
}

std::string SealedText(Session& session, const Json& sealed) {
  const std::string reason = sealed.at("reason");
  if (!sealed.at("until_age").is_null()) {
    return session.T("cli.kept.age", {{"reason", reason}, {"age", sealed.at("until_age").dump()}});
  }
  return session.T("cli.kept.years", {{"reason", reason}, {"years", sealed.at("years").dump()}});
}

int ListKept(Session& session, const Arguments& arguments) {
  const auto answer = session.Get(arguments.due ? "/v1/retention?due=true" : "/v1/retention");
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  Sheet rules;
  rules.Add(session.T("cli.rules.retain"), answer->at("region").at("retain_until_age_years").dump());
  rules.Add(session.T("cli.kept.sealed"), SealedText(session, answer->at("sealed")));
  rules.Print(session.out());
  Table table({session.T("cli.col.trajectory"), session.T("cli.col.lead"), session.T("cli.col.retain_until"),
               session.T("cli.col.state")});
  for (const Json& one : answer->at("trajectories")) {
    const Json& until = one.at("retain_until");
    std::string state = one.at("due") == true ? session.T("cli.kept.due") : std::string();
    if (!one.at("erasure").is_null()) state = ErasureText(session, one.at("erasure"));
    table.Add({Short(one.at("trajectory").get<std::string>()), session.Name(one.at("lead")),
               until.is_null() ? session.T("cli.kept.without_end") : session.When(until), state});
  }
  session.out() << '\n';
  if (table.empty()) {
    session.out() << session.T(arguments.due ? "cli.kept.none_due" : "cli.kept.none") << '\n';
  } else {
    table.Print(session.out());
  }
  return 0;
}

// Who keeps a part of it by law: until when, and why.
std::string KeptText(Session& session, const Json& erasure) {
  std::string text;
  for (const Json& one : erasure.at("kept")) {
    const auto reason = ParseKeepReason(one.at("reason").get<std::string>());
    text += "; " +
            session.T("cli.erasure.kept", {{"organisation", session.Name(one.at("organisation"))},
                                           {"until", session.When(one.at("until"))},
                                           {"reason", reason ? std::string(Label(*reason, session.language())) : ""}});
  }
  return text;
}

}  // namespace
}  // namespace schakel::keeping_commands

namespace schakel {

std::string ErasureText(Session& session, const Json& erasure) {
  using namespace keeping_commands;
  if (erasure.at("confirm").is_null()) {
    return session.T(erasure.at("seconded") == true ? "cli.erasure.seconded" : "cli.erasure.proposed",
                     {{"at", session.When(erasure.at("proposed_at"))}});
  }
  std::string names;
  for (const Json& one : erasure.at("outstanding")) names += (names.empty() ? "" : ", ") + session.Name(one);
  const std::string at = session.When(erasure.at("confirmed_at"));
  const std::string kept = KeptText(session, erasure);
  if (erasure.at("answers_known") == false) return session.T("cli.erasure.here", {{"at", at}}) + kept;
  if (names.empty()) return session.T("cli.erasure.done", {{"at", at}}) + kept;
  return session.T("cli.erasure.awaits", {{"at", at}, {"organisations", names}}) + kept;
}

void AddKeepingCommands(CommandTree& tree) {
  using namespace keeping_commands;
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
        .Option(a->to_file, "--to")
        .Flag(a->force, "--force")
        .Does(with(a, &Unseal));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("trajectories erase")
        .Positional(a->trajectory, "trajectory")
        .Choice(a->because, "--because", "because", kMust)
        .Option(a->why, "--why", kMust)
        .Flag(a->preview, "--dry-run")
        .Does(with(a, &Propose));
  }
  for (const auto& [name, does] : {std::pair("erase-agree", &Agree), std::pair("erase-confirm", &Confirm)}) {
    auto a = std::make_shared<Arguments>();
    tree.Add(std::string("trajectories ") + name)
        .Positional(a->trajectory, "trajectory")
        .Flag(a->preview, "--dry-run")
        .Does(with(a, does));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("trajectories erased").Option(a->state, "--state").Does(with(a, &ListErased));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("trajectories kept").Flag(a->due, "--due").Does(with(a, &ListKept));
  }
}

}  // namespace schakel
