// visits: somebody goes to a home, and a colleague is told when they do not check out.
#include "commands.h"
#include "local_time.h"
#include "output.h"

namespace schakel::visits_commands {
namespace {

struct Arguments {
  std::string visit;
  std::string where;
  std::string colleague;
  std::string until;
  unsigned minutes = 0;
};

void PrintVisit(Session& session, const Json& one) {
  session.out() << Short(one.at("id").get<std::string>()) << "  " << Clean(one.at("worker").get<std::string>()) << ", "
                << Clean(one.at("where").get<std::string>()) << ", "
                << session.T("cli.visits.until", {{"at", session.When(one.at("until"))},
                                                  {"colleague", Clean(one.at("colleague").get<std::string>())}})
                << ": " << session.Word("visit", one.at("standing")) << '\n';
}

int List(Session& session, const Arguments&) {
  const auto answer = session.Get("/v1/visits");
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("visits").empty()) session.out() << session.T("cli.records.none") << '\n';
  for (const Json& one : answer->at("visits")) PrintVisit(session, one);
  return 0;
}

constexpr std::chrono::hours kBareTimeMax{12};  // Further ahead, the time most likely passed today.

// "15:30" is the next time that clocks show that, if it is near; the alarm hangs on it.
bool PutVisitEnd(Session& session, const Arguments& a, Json& body) {
  const Timestamp now = session.world().clock.Now();
  if (a.minutes > 0 && !a.until.empty()) {
    session.Say({Code::kInvalid, "cli.end_twice", "--minutes, --until", "give one of the two"});
    return false;
  }
  if (a.minutes > 0) {
    body["until"] = ToText(now + std::chrono::minutes(a.minutes));
    return true;
  }
  if (const auto minute = ParseLocalMinute(a.until); minute && !a.until.empty()) {
    const Timestamp until = NextLocal(now, *minute);
    if (until - now > kBareTimeMax) {
      session.Say({Code::kInvalid, "cli.time_passed", "--until \"" + a.until + "\"", "say the day as well"});
      return false;
    }
    body["until"] = ToText(until);
    return true;
  }
  return PutTime(session, a.until, "--until", "until", body);
}

int Begin(Session& session, const Arguments& a) {
  Json body = {{"where", a.where}, {"colleague", a.colleague}};
  if (!PutVisitEnd(session, a, body)) return 1;
  const auto answer = session.Post("/v1/visits", body);
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  PrintVisit(session, *answer);
  if (answer->at("told_by_mail") == false) session.out() << session.T("cli.visits.no_mail") << '\n';
  return 0;
}

int Extend(Session& session, const Arguments& a) {
  Json body = Json::object();
  if (!PutVisitEnd(session, a, body)) return 1;
  const auto answer = session.Post("/v1/visits/" + PercentEncoded(a.visit) + "/extension", body);
  if (!answer) return 1;
  if (!session.PrintedJson(*answer)) PrintVisit(session, *answer);
  return 0;
}

int CheckOut(Session& session, const Arguments& a) {
  const auto answer = session.Post("/v1/visits/" + PercentEncoded(a.visit) + "/checkout", Json::object());
  if (!answer) return 1;
  if (!session.PrintedJson(*answer)) PrintVisit(session, *answer);
  return 0;
}

}  // namespace
}  // namespace schakel::visits_commands

namespace schakel {

void AddVisitCommands(CommandTree& tree) {
  using namespace visits_commands;
  using enum Leaf::Must;
  const auto doing = [](std::shared_ptr<Arguments> a, int (*function)(Session&, const Arguments&)) {
    return [a = std::move(a), function](Session& session) { return function(session, *a); };
  };
  auto a = std::make_shared<Arguments>();
  tree.Add("visits list").Does(doing(a, &List));
  a = std::make_shared<Arguments>();
  tree.Add("visits begin")
      .Option(a->where, "--where", kMust)
      .Option(a->colleague, "--colleague", kMust)
      .Option(a->until, "--until")
      .Number(a->minutes, "--minutes")
      .Does(doing(a, &Begin));
  a = std::make_shared<Arguments>();
  tree.Add("visits extend")
      .Positional(a->visit, "visit")
      .Option(a->until, "--until")
      .Number(a->minutes, "--minutes")
      .Does(doing(a, &Extend));
  a = std::make_shared<Arguments>();
  tree.Add("visits out").Positional(a->visit, "visit").Does(doing(a, &CheckOut));
}

}  // namespace schakel
