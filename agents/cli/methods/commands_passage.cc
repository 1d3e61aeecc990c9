// aftercare, adulthood, subjects.
#include "cli/choices.h"
#include "cli/commands.h"
#include "cli/output.h"

namespace schakel::passage_commands {
namespace {

struct Arguments {
  std::string trajectory;
  std::string record;  // The contact, the plan, or the tie.
  std::string other;
  std::string relation;
  std::string label;
  std::string why;
  std::string organisation;
  std::string who;
  std::string how;
  std::string at;
  std::string until;
  std::string grant;
  std::string text;
  std::string others;
  std::string of_age;
  std::string receiver;
  std::vector<std::string> domains;
  std::vector<std::string> people;
  unsigned every_weeks = 0;
  unsigned minutes = 0;
  bool not_seen = false;
  bool preview = false;
  ToWhom whom;
};
using Shared = std::shared_ptr<Arguments>;

std::string On(const Arguments& arguments, const char* what) {
  return "/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/" + what;
}

void PutIfSaid(Json& body, std::initializer_list<std::pair<const char*, const std::string&>> fields) {
  for (const auto& [field, value] : fields) {
    if (!value.empty()) body[field] = value;
  }
}

// ---- Aftercare ----

int Begin(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  PutIfSaid(body, {{"label", arguments.label}, {"reason", arguments.why}});
  if (arguments.preview) body["preview"] = true;
  const auto sent = session.Post(On(arguments, "aftercare"), body);
  if (!sent) return 1;
  const int code = session.PrintSent(*sent, "trajectory-open");
  // Of a preview there is none to go on with.
  if (session.options().json || !sent->at("trajectory").is_string()) return code;
  session.out() << session.T("cli.aftercare.next", {{"id", Short(sent->at("trajectory").get<std::string>())}}) << '\n';
  return code;
}

// Who leads and keeps it not itself, hears of it under a consent of its own alone.
void WarnOfUnheard(Session& session, const Json& sent) {
  if (session.options().json || !sent.at("record").is_string() || !sent.at("trajectory").is_string()) return;
  const auto answer = session.Get("/v1/trajectories/" + sent.at("trajectory").get<std::string>() + "/aftercare");
  if (!answer) return;
  for (const Json& one : answer->at("contacts")) {
    if (one.at("id") != sent.at("record") || one.at("unheard") != true) continue;
    session.world().err << session.T("cli.aftercare.unheard", {{"id", Short(sent.at("trajectory").get<std::string>())},
                                                               {"names", Clean(session.Name(one.at("organisation")))}})
                        << '\n';
  }
}

int SendContact(Session& session, const Arguments& arguments, const std::string& target) {
  Json body = Json::object();
  PutIfSaid(body, {{"organisation", arguments.organisation},
                   {"who", arguments.who},
                   {"how", arguments.how},
                   {"grant", arguments.grant}});
  if (!PutTime(session, arguments.at, "--at", "at", body)) return 1;
  if (!PutUntil(session, arguments.until, "--until", "until", body)) return 1;
  if (arguments.every_weeks > 0) body["every_weeks"] = arguments.every_weeks;
  if (!PutText(session, arguments.text, "text", body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post(target, body);
  if (!sent) return 1;
  const int exit_code = session.PrintSent(*sent, "aftercare-contact");
  WarnOfUnheard(session, *sent);
  return exit_code;
}
int Agree(Session& session, const Arguments& arguments) {
  return SendContact(session, arguments, On(arguments, "aftercare/contacts"));
}
int EditContact(Session& session, const Arguments& arguments) {
  return SendContact(session, arguments, "/v1/aftercare/" + PercentEncoded(arguments.record) + "/edit");
}

// As it was agreed, but that it stops.
int Stop(Session& session, const Arguments& arguments) {
  const auto record = session.Get("/v1/records/" + PercentEncoded(arguments.record));
  if (!record) return 1;
  // What it is now stands with the others of its trajectory, under the record that it began with.
  const Json& first = record->at("thread").is_string() ? record->at("thread") : record->at("id");
  const std::string trajectory =
      record->at("trajectory").is_string() ? record->at("trajectory").get<std::string>() : std::string();
  const auto answer = session.Get("/v1/trajectories/" + trajectory + "/aftercare");
  if (!answer) return 1;
  for (const Json& one : answer->at("contacts")) {
    const std::string id = one.at("id");
    if (id != first || one.at("who").is_null()) continue;
    Json body = {{"ended", true},
                 {"organisation", one.at("organisation").at("id")},
                 {"who", one.at("who")},
                 {"how", one.at("how")},
                 {"at", one.at("first_at")},
                 {"every_weeks", one.at("every_weeks")},
                 {"until", one.at("until")},
                 {"grant", one.at("grant")}};
    if (!PutText(session, arguments.text, "text", body)) return 1;
    PutToWhom(arguments.whom, body);
    const auto sent = session.Post("/v1/aftercare/" + id + "/edit", body);
    return sent ? session.PrintSent(*sent, "aftercare-contact") : 1;
  }
  return session.SayMisuse(session.T("cli.aftercare.unknown"), session.T("help.aftercare.show"));
}

int Done(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  PutIfSaid(body, {{"how", arguments.how}, {"others", arguments.others}});
  if (arguments.not_seen) body["face_to_face"] = false;
  if (!PutTime(session, arguments.at, "--at", "at", body)) return 1;
  if (arguments.minutes > 0) body["minutes"] = arguments.minutes;
  if (!arguments.people.empty()) body["with"] = arguments.people;
  if (!PutText(session, arguments.text, "text", body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post("/v1/aftercare/" + PercentEncoded(arguments.record) + "/done", body);
  if (!sent) return 1;
  const int exit_code = session.PrintSent(*sent, "contact-moment");
  Json missed = Json::array();
  for (const Json& one : sent->at("unreached")) missed.push_back(one.at("organisation"));
  if (!missed.empty() && !session.options().json) {
    session.world().err << session.T("cli.aftercare.call", {{"names", Clean(session.Names(missed))}}) << '\n';
  }
  return exit_code;
}

std::string StandingText(Session& session, const Json& one) {
  std::string text = session.Word("aftercare-standing", one.at("standing"));
  if (!one.at("ended_at").is_null()) text += " (" + session.Day(one.at("ended_at")) + ")";
  return text;
}

int ShowAftercare(Session& session, const Arguments& arguments) {
  const auto answer = session.Get(On(arguments, "aftercare"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  for (const auto& [field, text] :
       {std::pair("follows", "cli.aftercare.follows"), std::pair("followed_by", "cli.aftercare.followed_by")}) {
    const Json& other = answer->at(field);
    if (other.is_null()) continue;
    session.out() << session.T(text, {{"label", Clean(other.at("label").get<std::string>())},
                                      {"id", Short(other.at("id").get<std::string>())}})
                  << '\n';
  }
  Table table({session.T("cli.col.id"), session.T("cli.col.who"), session.T("cli.col.organisation"),
               session.T("cli.col.state"), session.T("cli.col.next_at"), session.T("cli.col.consent_until")});
  for (const Json& one : answer->at("contacts")) {
    const bool words = one.at("who").is_string();
    table.Add({Short(one.at("id").get<std::string>()), words ? Clean(one.at("who").get<std::string>()) : "",
               words ? session.Name(one.at("organisation")) : "", StandingText(session, one),
               session.When(one.at("next_at")), session.LastDay(one.at("consent_until"))});
  }
  if (table.empty()) {
    session.out() << session.T("cli.aftercare.none") << '\n';
  } else {
    table.Print(session.out());
  }
  return 0;
}

// ---- Adulthood ----

std::vector<std::string> PartsOf(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', begin)) {
    parts.push_back(text.substr(begin, at - begin));
    begin = at + 1;
  }
  parts.push_back(text.substr(begin));
  for (std::string& one : parts) {
    const auto first = one.find_first_not_of(' ');
    one = first == std::string::npos ? "" : one.substr(first, one.find_last_not_of(' ') - first + 1);
  }
  return parts;
}

// "housing | afgesproken | Studio via het CAW | Lies | 01/04/2027": the last ones may be left out. A title of one's own
// stands between quotes.
bool PutDomain(Session& session, const std::string& text, Json& list) {
  const std::vector<std::string> parts = PartsOf(text);
  const auto state = parts.size() < 2 ? std::nullopt : SlugOfChoice("domain-state", parts[1]);
  if (parts.size() > 5 || parts[0].empty() || !state) {
    const std::string states = ChoicesText("domain-state", session.language());
    session.SayMisuse(session.T("cli.adulthood.domain", {{"text", Clean(text)}, {"states", states}}),
                      session.T("help.adulthood.write"));
    return false;
  }
  Json one = {{"state", *state}};
  const std::string& name = parts[0];
  const bool own = name.size() > 2 && name.front() == '"' && name.back() == '"';
  one[own ? "title" : "key"] = own ? name.substr(1, name.size() - 2) : name;
  if (parts.size() > 2) one["agreed"] = parts[2];
  if (parts.size() > 3) one["who"] = parts[3];
  if (parts.size() > 4 && !PutTime(session, parts[4], "--domain", "by", one)) return false;
  list.push_back(std::move(one));
  return true;
}

int SendPlan(Session& session, const Arguments& arguments, const std::string& target) {
  Json body = Json::object();
  if (!PutTime(session, arguments.of_age, "--of-age", "of_age_at", body)) return 1;
  PutIfSaid(body, {{"receiver", arguments.receiver}});
  Json domains = Json::array();
  for (const std::string& one : arguments.domains) {
    if (!PutDomain(session, one, domains)) return 1;
  }
  if (!domains.empty()) body["domains"] = std::move(domains);
  if (!PutText(session, arguments.text, "text", body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post(target, body);
  return sent ? session.PrintSent(*sent, "adulthood-plan") : 1;
}
int WritePlan(Session& session, const Arguments& arguments) {
  return SendPlan(session, arguments, On(arguments, "adulthood"));
}
int EditPlan(Session& session, const Arguments& arguments) {
  return SendPlan(session, arguments, "/v1/adulthood/" + PercentEncoded(arguments.record) + "/edit");
}

int ShowPlan(Session& session, const Arguments& arguments) {
  const auto answer = session.Get(On(arguments, "adulthood"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("plans").empty()) session.out() << session.T("cli.adulthood.none") << '\n';
  for (const Json& one : answer->at("plans")) {
    if (one.at("record").is_object()) session.PrintRecord(one.at("record"));
  }
  for (const Json& one : answer->at("questions")) {
    const auto& missing = answer->at("missing");
    const bool open = std::ranges::find(missing, one.at("key")) != missing.end();
    session.out() << (open ? "  - " : "  + ") << Clean(one.at("title").get<std::string>()) << " ("
                  << one.at("key").get<std::string>() << ")\n";
  }
  const Json& accepted = answer->at("accepted");
  session.out() << (accepted.is_null()
                        ? session.T("cli.adulthood.nobody")
                        : session.T("cli.adulthood.accepted", {{"name", session.Name(accepted.at("organisation"))}}))
                << '\n';
  for (const Json& one : answer->at("asked")) session.out() << "! " << session.Word("adulthood-ask", one) << '\n';
  for (const Json& one : answer->at("parents")) {
    session.out() << session.T(one.at("lapsed") == true ? "cli.adulthood.lapsed" : "cli.adulthood.lapses",
                               {{"grant", Short(one.at("grant").get<std::string>())},
                                {"name", session.Name(one.at("recipient"))}})
                  << '\n';
  }
  return 0;
}

// ---- Subjects ----

int TieSubjects(Session& session, const Arguments& arguments) {
  const Json body = {{"other", arguments.other}, {"relation", arguments.relation}};
  const auto tied = session.Post(On(arguments, "subjects"), body);
  if (!tied) return 1;
  if (session.PrintedJson(*tied)) return 0;
  session.out() << session.T("cli.subjects.tied", {{"id", Short(tied->at("id").get<std::string>())}}) << '\n';
  return 0;
}

int ListSubjects(Session& session, const Arguments& arguments) {
  const auto answer = session.Get(On(arguments, "subjects"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  Table table({session.T("cli.col.id"), session.T("cli.col.relation"), session.T("cli.col.trajectory"),
               session.T("cli.col.label")});
  for (const Json& one : answer->at("subjects")) {
    const Json& other = one.at("trajectory");
    table.Add({Short(one.at("id").get<std::string>()), session.Word("subject-relation", one.at("relation")),
               Short(other.at("id").get<std::string>()), Clean(other.at("label").get<std::string>())});
  }
  if (table.empty()) {
    session.out() << session.T("cli.subjects.none") << '\n';
  } else {
    table.Print(session.out());
  }
  return 0;
}

int Untie(Session& session, const Arguments& arguments) {
  const auto answer = session.Delete("/v1/subjects/" + PercentEncoded(arguments.record));
  if (!answer) return 1;
  if (!session.PrintedJson(*answer)) session.out() << session.T("cli.subjects.untied") << '\n';
  return 0;
}

Action With(const Shared& arguments, int (*function)(Session&, const Arguments&)) {
  return [arguments, function](Session& session) { return function(session, *arguments); };
}

void AddContactOptions(Leaf& leaf, const Shared& a) {
  using enum Leaf::Must;
  leaf.Option(a->organisation, "--organisation")
      .Option(a->who, "--who", kMust)
      .Choice(a->how, "--how", "contact-how", kMust)
      .Option(a->at, "--at", kMust)
      .Number(a->every_weeks, "--every-weeks")
      .Option(a->until, "--until")
      .Option(a->grant, "--grant", kMust)
      .Option(a->text, "--text");
  AddToWhom(leaf, a->whom);
}

void AddAftercareCommands(CommandTree& tree) {
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("aftercare begin")
        .Positional(a->trajectory, "trajectory")
        .Option(a->label, "--label")
        .Option(a->why, "--why")
        .Flag(a->preview, "--dry-run")
        .Does(With(a, &Begin));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("aftercare agree");
    leaf.Positional(a->trajectory, "trajectory");
    AddContactOptions(leaf, a);
    leaf.Does(With(a, &Agree));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("aftercare edit");
    leaf.Positional(a->record, "record");
    AddContactOptions(leaf, a);
    leaf.Does(With(a, &EditContact));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("aftercare stop");
    leaf.Positional(a->record, "record").Option(a->text, "--text");
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, &Stop));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("aftercare done");
    leaf.Positional(a->record, "record")
        .Choice(a->how, "--how", "contact-how")
        .Option(a->at, "--at")
        .Number(a->minutes, "--minutes")
        .Choices(a->people, "--with", "who")
        .Option(a->others, "--others")
        .Flag(a->not_seen, "--not-seen")
        .Option(a->text, "--text");
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, &Done));
  }
  auto a = std::make_shared<Arguments>();
  tree.Add("aftercare show").Positional(a->trajectory, "trajectory").Does(With(a, &ShowAftercare));
}

void AddPlanOptions(Leaf& leaf, const Shared& a) {
  leaf.Option(a->of_age, "--of-age", Leaf::Must::kMust)
      .Option(a->receiver, "--receiver")
      .Repeated(a->domains, "--domain")
      .Option(a->text, "--text");
  AddToWhom(leaf, a->whom);
}

void AddAdulthoodCommands(CommandTree& tree) {
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("adulthood write");
    leaf.Positional(a->trajectory, "trajectory");
    AddPlanOptions(leaf, a);
    leaf.Does(With(a, &WritePlan));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("adulthood edit");
    leaf.Positional(a->record, "record");
    AddPlanOptions(leaf, a);
    leaf.Does(With(a, &EditPlan));
  }
  auto a = std::make_shared<Arguments>();
  tree.Add("adulthood show").Positional(a->trajectory, "trajectory").Does(With(a, &ShowPlan));
}

void AddSubjectCommands(CommandTree& tree) {
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("subjects tie")
        .Positional(a->trajectory, "trajectory")
        .Positional(a->other, "other")
        .Choice(a->relation, "--relation", "subject-relation", Leaf::Must::kMust)
        .Does(With(a, &TieSubjects));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("subjects list").Positional(a->trajectory, "trajectory").Does(With(a, &ListSubjects));
  }
  auto a = std::make_shared<Arguments>();
  tree.Add("subjects untie").Positional(a->record, "record").Does(With(a, &Untie));
}

}  // namespace
}  // namespace schakel::passage_commands

namespace schakel {

void AddPassageCommands(CommandTree& tree) {
  using namespace passage_commands;
  AddAftercareCommands(tree);
  AddAdulthoodCommands(tree);
  AddSubjectCommands(tree);
}

}  // namespace schakel
