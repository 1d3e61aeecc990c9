// partnerships agree, end, drop, agreements: the register of agreements with partners.
#include "commands.h"
#include "output.h"

namespace schakel::partners_commands {
namespace {

struct Arguments {
  std::string record;
  std::vector<std::string> uses;
  std::string use;
  std::string from;
  std::string until;
  std::string contact;
  std::string agreement;
  std::string why;
  unsigned turn = 0;
};

std::string PathOf(const Arguments& a) { return "/v1/partnerships/" + PercentEncoded(a.record); }

void PrintAgreements(Session& session, const Json& agreements) {
  if (agreements.empty()) session.out() << session.T("cli.records.none") << '\n';
  for (const Json& one : agreements) {
    std::string uses;
    for (const Json& use : one.at("uses")) uses += (uses.empty() ? "" : ", ") + session.Word("agreement-use", use);
    std::string period = one.at("from").get<std::string>() + " -";
    if (const std::string until = one.at("until"); !until.empty()) period += " " + until;
    session.out() << Short(one.at("id").get<std::string>()) << "  " << Clean(one.value("name", std::string())) << ": "
                  << uses << ", " << period << ", " << session.Word("agreement-standing", one.at("standing"));
    if (const std::string contact = one.at("contact"); !contact.empty()) session.out() << ", " << Clean(contact);
    session.out() << '\n';
  }
}

int Agreements(Session& session, const Arguments& a) {
  const auto answer = session.Get("/v1/partnerships/agreements" + (a.use.empty() ? "" : "?use=" + a.use));
  if (!answer) return 1;
  if (!session.PrintedJson(*answer)) PrintAgreements(session, answer->at("agreements"));
  return 0;
}

int Agree(Session& session, const Arguments& a) {
  Json body = {
      {"uses", a.uses}, {"contact", a.contact}, {"from", DayOf(a.from)}, {"until", DayOf(a.until)}, {"turn", a.turn}};
  const auto answer = session.Post(PathOf(a) + "/agreements", body);
  if (!answer) return 1;
  if (!session.PrintedJson(*answer)) PrintAgreements(session, Json::array({*answer}));
  return 0;
}

int End(Session& session, const Arguments& a) {
  const auto answer = session.Post(PathOf(a) + "/end", {{"agreement", a.agreement}, {"why", a.why}});
  if (!answer) return 1;
  if (!session.PrintedJson(*answer)) PrintAgreements(session, answer->at("agreements"));
  return 0;
}

int Drop(Session& session, const Arguments& a) {
  const auto answer = session.Delete(PathOf(a));
  if (!answer) return 1;
  if (!session.PrintedJson(*answer)) session.out() << session.T("cli.partnerships.dropped") << '\n';
  return 0;
}

Leaf Add(CommandTree& tree, const char* name, const std::shared_ptr<Arguments>& a,
         int (*function)(Session&, const Arguments&)) {
  Leaf leaf = tree.Add(name);
  leaf.Does([a, function](Session& session) { return function(session, *a); });
  return leaf;
}

}  // namespace
}  // namespace schakel::partners_commands

namespace schakel {

void AddPartnerCommands(CommandTree& tree) {
  using namespace partners_commands;
  using enum Leaf::Must;
  auto a = std::make_shared<Arguments>();
  Add(tree, "partnerships agreements", a, &Agreements).Choice(a->use, "--use", "agreement-use");
  a = std::make_shared<Arguments>();
  Add(tree, "partnerships agree", a, &Agree)
      .Positional(a->record, "record")
      .Choices(a->uses, "--use", "agreement-use", kMust)
      .Option(a->from, "--from")
      .Option(a->until, "--until")
      .Option(a->contact, "--contact")
      .Number(a->turn, "--turn");
  a = std::make_shared<Arguments>();
  Add(tree, "partnerships end", a, &End)
      .Positional(a->record, "record")
      .Option(a->agreement, "--agreement")
      .Option(a->why, "--why");
  a = std::make_shared<Arguments>();
  Add(tree, "partnerships drop", a, &Drop).Positional(a->record, "record");
}

}  // namespace schakel
