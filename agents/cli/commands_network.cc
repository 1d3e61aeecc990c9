// network, partnerships.
#include <filesystem>

#include "commands.h"
#include "files.h"
#include "output.h"

namespace schakel::network_commands {
namespace {

struct Arguments {
  std::string trajectory;
  std::string record;
  std::string figure;
  std::string other;
  std::string name;
  std::string informant;
  std::string informant_name;
  std::string word;  // Of the closed list that matters most.
  std::string ring;
  std::string role;
  std::string gender;
  std::string born;
  std::string died;
  std::string organisation;
  std::string domain;
  std::string quality;
  std::string direction;
  std::string since;
  std::string until;
  std::string text;
  std::string guess;
  std::string place;
  std::string remark;
  std::string at;
  std::string known;
  std::string partner;
  std::string owner;
  std::string due;
  std::string format;
  std::string file;
  std::vector<std::string> many;
  std::vector<std::string> more;
  unsigned strength = 0;
  bool flag = false;  // Deceased, discreet, "do it".
  bool key = false;
  bool removed = false;
  bool force = false;
  ToWhom whom;
};
using Shared = std::shared_ptr<Arguments>;

Action With(const Shared& arguments, int (*function)(Session&, const Arguments&)) {
  return [arguments, function](Session& session) { return function(session, *arguments); };
}
std::string On(const Arguments& a, const char* what) {
  return "/v1/trajectories/" + PercentEncoded(a.trajectory) + "/" + what;
}
void Put(Json& body, const char* field, const std::string& value) {
  if (!value.empty()) body[field] = value;
}
int SendTo(Session& session, const Arguments& a, const std::string& path, Json body, const char* kind) {
  PutToWhom(a.whom, body);
  const auto sent = session.Post(path, body);
  return sent ? session.PrintSent(*sent, kind) : 1;
}
std::string Text(const Json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }

// ---- Figures and ties ----

int WriteFigure(Session& session, const Arguments& a) {
  Json body = {{"name", a.name}, {"kind", a.word}, {"ring", a.ring}, {"key", a.key}};
  Put(body, "role", a.role);
  Put(body, "gender", a.gender);
  Put(body, "born", a.born);
  Put(body, "died", a.died);
  Put(body, "organisation", a.organisation);
  Put(body, "domain", a.domain);
  Put(body, "remark", a.remark);
  if (a.flag || !a.died.empty()) body["deceased"] = true;
  if (a.removed) body["removed"] = true;
  const std::string path = a.record.empty() ? On(a, "figures") : "/v1/figures/" + PercentEncoded(a.record) + "/edit";
  return SendTo(session, a, path, std::move(body), "network-figure");
}

int SayTie(Session& session, const Arguments& a) {
  Json body = {{"figure", a.figure}, {"informant", a.informant}, {"quality", a.quality}};
  Put(body, "other", a.other);
  Put(body, "informant_name", a.informant_name);
  Put(body, "direction", a.direction);
  Put(body, "since", a.since);
  Put(body, "remark", a.remark);
  if (a.strength != 0) body["strength"] = a.strength;
  return SendTo(session, a, On(a, "ties"), std::move(body), "network-tie");
}

// Names of figures by id.
std::map<std::string, std::string> NamesIn(const Json& figures, const std::string& label) {
  std::map<std::string, std::string> names = {{"young-person", label}};
  for (const Json& one : figures) names[one.at("id")] = Text(one.at("name"));
  return names;
}
std::string NameIn(const std::map<std::string, std::string>& names, const Json& id) {
  const auto found = id.is_string() ? names.find(id.get<std::string>()) : names.end();
  return found == names.end() ? "?" : found->second;
}
std::string Asking(const Arguments& a) {
  std::string query;
  if (!a.at.empty()) query += "at=" + PercentEncoded(a.at);
  if (!a.known.empty()) query += (query.empty() ? "" : "&") + std::string("known=") + PercentEncoded(a.known);
  return query.empty() ? query : "?" + query;
}

int Show(Session& session, const Arguments& a) {
  const auto answer = session.Get(On(a, "network") + Asking(a));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  const auto names = NamesIn(answer->at("figures"), Text(answer->at("label")));
  Table figures({"", session.T("network.col.figure"), session.T("network.col.kind"), session.T("network.col.ring"),
                 session.T("network.col.role")});
  for (const Json& one : answer->at("figures")) {
    if (one.at("name").is_null() || one.at("removed") == true) continue;
    figures.Add({Short(Text(one.at("id"))), Text(one.at("name")), session.Word("figure", one.at("kind")),
                 session.Word("ring", one.at("ring")), Text(one.at("role"))});
  }
  if (figures.empty()) {
    session.out() << session.T("cli.records.none") << '\n';
    return 0;
  }
  figures.Print(session.out());
  Table ties({session.T("network.col.tie"), session.T("network.col.informant"), session.T("network.col.quality"),
              session.T("network.col.strength"), session.T("network.col.since"), session.T("network.col.author")});
  for (const Json& one : answer->at("ties")) {
    const Json& drawn = one.at("drawn");
    if (drawn.is_null()) continue;
    const std::string name = Text(one.at("informant_name"));
    ties.Add({NameIn(names, one.at("other")) + " - " + NameIn(names, one.at("figure")),
              name.empty() ? session.Word("informant", one.at("informant")) : name,
              session.Word("quality", drawn.at("quality")), std::to_string(drawn.at("strength").get<unsigned>()),
              Text(drawn.at("since")), session.Name(drawn.at("author"))});
  }
  if (ties.empty()) return 0;
  session.out() << '\n';
  ties.Print(session.out());
  return 0;
}

// ---- Family ----

int Relate(Session& session, const Arguments& a) {
  Json body = {{"how", a.word}};
  Put(body, "began", a.since);
  Put(body, "ended", a.until);
  if (!a.record.empty()) {
    if (a.removed) body["removed"] = true;
    return SendTo(session, a, "/v1/kinships/" + PercentEncoded(a.record) + "/edit", std::move(body), "kinship");
  }
  body["relation"] = a.role;
  body["a"] = a.figure;
  body["b"] = a.other;
  return SendTo(session, a, On(a, "kinships"), std::move(body), "kinship");
}

int Genogram(Session& session, const Arguments& a) {
  const auto answer = session.Get(On(a, "genogram"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  const auto names = NamesIn(answer->at("people"), Text(answer->at("label")));
  Table rows({"", session.T("network.col.relation"), session.T("network.col.kind"), session.T("network.col.since")});
  for (const Json& one : answer->at("kinships")) {
    if (one.at("how").is_null() || one.at("removed") == true) continue;
    std::string how = session.Word("how", one.at("how"));
    if (!one.at("ignored").is_null()) how += " (" + session.T("network.ignored") + ")";
    rows.Add({Short(Text(one.at("id"))),
              NameIn(names, one.at("a")) + " - " + NameIn(names, one.at("b")) + ": " +
                  session.Word("relation", one.at("relation")),
              how, Text(one.at("began")) + (Text(one.at("ended")).empty() ? "" : " - " + Text(one.at("ended")))});
  }
  if (rows.empty()) {
    session.out() << session.T("cli.records.none") << '\n';
  } else {
    rows.Print(session.out());
  }
  return 0;
}

int Import(Session& session, const Arguments& a) {
  Json body = {{"dry_run", !a.flag}};
  if (!PutText(session, "@" + a.file, "gedcom", body)) return 1;
  Put(body, "young_person", a.name);
  PutToWhom(a.whom, body);
  const auto answer = session.Post(On(a, "genogram/import"), body);
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  for (const Json& one : answer->at("people")) {
    session.out() << Clean(Text(one.at("name"))) << ' ' << Text(one.at("born")) << ": "
                  << session.T(one.at("found") == true ? "network.import.found" : "network.import.fresh") << '\n';
  }
  session.out() << session.T(a.flag ? "network.import.done" : "network.import.would",
                             {{"count", std::to_string(answer->at("kinships").get<unsigned>())}})
                << '\n';
  for (const Json& one : answer->at("left_out")) {
    session.out() << session.T("network.import.left_out", {{"what", Clean(Text(one))}}) << '\n';
  }
  return 0;
}

// ---- Life ----

int WriteEvent(Session& session, const Arguments& a) {
  Json body = {{"lane", a.word}, {"title", a.name}, {"begins", a.since}};
  Put(body, "ends", a.until);
  Put(body, "place", a.place);
  Put(body, "remark", a.remark);
  if (a.removed) body["removed"] = true;
  const std::string path =
      a.record.empty() ? On(a, "lifeline") : "/v1/life-events/" + PercentEncoded(a.record) + "/edit";
  return SendTo(session, a, path, std::move(body), "life-event");
}

int Lifeline(Session& session, const Arguments& a) {
  const auto answer = session.Get(On(a, "lifeline"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  Table rows({"", session.T("network.col.lane"), session.T("network.col.title"), session.T("network.col.since")});
  for (const Json& one : answer->at("events")) {
    if (one.at("title").is_null() || one.at("removed") == true) continue;
    rows.Add({Short(Text(one.at("id"))), session.Word("lane", one.at("lane")), Text(one.at("title")),
              Text(one.at("begins")) + " - " + Text(one.at("ends"))});
  }
  if (rows.empty()) {
    session.out() << session.T("cli.records.none") << '\n';
  } else {
    rows.Print(session.out());
  }
  for (const Json& gap : answer->at("gaps")) {
    session.out() << session.T("network.gap") << ": " << session.Word("lane", gap.at("lane")) << ", "
                  << Text(gap.at("from")) << " - " << Text(gap.at("to")) << '\n';
  }
  for (const Json& one : answer->at("overlaps")) {
    session.out() << session.T("network.overlap") << ": " << session.Word("lane", one.at("lane")) << ", "
                  << Short(Text(one.at("a"))) << ", " << Short(Text(one.at("b"))) << '\n';
  }
  return 0;
}

int WriteDomain(Session& session, const Arguments& a) {
  Json body = {{"domain", a.word}, {"strengths", a.many}, {"needs", a.more}};
  Put(body, "remark", a.remark);
  return SendTo(session, a, On(a, "intake"), std::move(body), "life-domain");
}

int Intake(Session& session, const Arguments& a) {
  const auto answer = session.Get(On(a, "intake"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  for (const Json& one : answer->at("domains")) {
    session.out() << session.Word("domain", one.at("domain")) << '\n';
    for (const Json& said : one.at("strengths")) session.out() << "  + " << Clean(Text(said)) << '\n';
    for (const Json& said : one.at("needs")) session.out() << "  - " << Clean(Text(said)) << '\n';
    if (one.at("checked") == false) session.out() << "  " << session.T("network.domain.empty") << '\n';
  }
  const bool complete = answer->at("complete") == true;
  session.out() << session.T(complete ? "network.intake.complete" : "network.intake.open") << '\n';
  for (const Json& one : answer->at("joint").at("key_figures")) {
    session.out() << Clean(Text(one.at("name"))) << ": "
                  << session.T(one.at("invited") == true ? "network.key.invited" : "network.key.uninvited") << '\n';
  }
  return 0;
}

// ---- Circular questions ----

int Guess(Session& session, const Arguments& a) {
  Json body = {{"asked", a.informant}, {"figure", a.figure}, {"question", a.text}, {"guess", a.guess}};
  Put(body, "asked_name", a.informant_name);
  return SendTo(session, a, On(a, "circular"), std::move(body), "circular-question");
}
int Answer(Session& session, const Arguments& a) {
  return SendTo(session, a, "/v1/circular-questions/" + PercentEncoded(a.record) + "/answer", {{"answer", a.text}},
                "circular-answer");
}
int Circular(Session& session, const Arguments& a) {
  const auto answer = session.Get(On(a, "circular"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("questions").empty()) session.out() << session.T("cli.records.none") << '\n';
  for (const Json& one : answer->at("questions")) {
    if (one.at("question").is_null()) continue;
    session.out() << Short(Text(one.at("id"))) << "  " << Clean(Text(one.at("question"))) << '\n';
    session.out() << "  " << session.T("network.guess") << ": " << Clean(Text(one.at("guess"))) << '\n';
    if (one.at("answer").is_null()) continue;
    session.out() << "  " << session.T("network.answer") << ": " << Clean(Text(one.at("answer").at("answer"))) << '\n';
  }
  return 0;
}

// ---- The own network ----

int WritePartnership(Session& session, const Arguments& a) {
  Json body = {{"name", a.name}, {"kind", a.word}, {"quality", a.quality}, {"domains", a.many}, {"discreet", a.flag}};
  Put(body, "organisation", a.organisation);
  Put(body, "since", a.since);
  Put(body, "contact", a.text);
  if (a.strength != 0) body["strength"] = a.strength;
  const std::string path =
      a.record.empty() ? "/v1/partnerships" : "/v1/partnerships/" + PercentEncoded(a.record) + "/edit";
  const auto answer = session.Post(path, body);
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  session.out() << Text(answer->at("id")) << "  " << Clean(Text(answer->at("name"))) << '\n';
  return 0;
}
int Partnerships(Session& session, const Arguments&) {
  const auto answer = session.Get("/v1/partnerships");
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("partnerships").empty()) session.out() << session.T("cli.records.none") << '\n';
  for (const Json& one : answer->at("partnerships")) {
    session.out() << Text(one.at("id")) << "  " << Clean(Text(one.at("name"))) << ", "
                  << session.Word("partnership", one.at("kind")) << ", " << session.Word("quality", one.at("quality"))
                  << '\n';
  }
  return 0;
}
int Overlay(Session& session, const Arguments& a) {
  const auto answer = session.Get(On(a, "network/overlay"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("broken").empty()) session.out() << session.T("network.overlay.none") << '\n';
  for (const Json& one : answer->at("broken")) {
    const Json& tie = one.at("tie");
    session.out() << Short(Text(one.at("figure").at("id"))) << "  " << Clean(Text(one.at("figure").at("name"))) << ": "
                  << session.Word("quality", tie.at("drawn").at("quality")) << " ("
                  << session.Word("informant", tie.at("informant")) << ")\n";
    for (const Json& partner : one.at("partners")) {
      session.out() << "  " << Text(partner.at("id")) << "  " << Clean(Text(partner.at("name"))) << '\n';
    }
    for (const Json& action : one.at("actions")) {
      session.out() << "  " << Short(Text(action.at("action"))) << "  "
                    << session.T(action.at("recolour") == true ? "network.recolour"
                                 : action.at("done") == true   ? "cli.action.done"
                                                               : "cli.action.open")
                    << '\n';
    }
  }
  return 0;
}
int Repair(Session& session, const Arguments& a) {
  Json body = {{"figure", a.figure}, {"informant", a.informant}};
  if (!PutText(session, a.text, "text", body)) return 1;
  if (!PutDeadline(session, a.due, "--due", "due_at", body)) return 1;
  Put(body, "informant_name", a.informant_name);
  Put(body, "partnership", a.partner);
  Put(body, "owner", a.owner);
  return SendTo(session, a, On(a, "network/repairs"), std::move(body), "action");
}

// ---- Files ----

// Before it is asked, since each is logged as a look: that it may be written.
int Export(Session& session, const Arguments& a) {
  std::error_code ignored;
  if (!a.force && std::filesystem::exists(a.file, ignored)) {
    return session.Say({Code::kExists, "file.exists", a.file, "choose another name, or give --force"});
  }
  std::string path = a.format == "gedcom" ? "genogram.ged" : a.format == "json" ? "network.json" : a.format + ".svg";
  if (a.format == "gedcom7") path = "genogram.ged?version=7";
  if (a.format == "ecogram" || a.format == "json") path += Asking(a);
  const auto bytes = session.GetBytes(On(a, path.c_str()));
  if (!bytes) return 1;
  const Status written =
      a.force ? WriteAnew(a.file, AsBytes(*bytes)) : WriteNew(a.file, AsBytes(*bytes), FileMode::kOwnerOnly);
  if (!written) return session.Say(written.error());
  if (session.PrintedJson({{"file", a.file}, {"bytes", bytes->size()}})) return 0;
  session.world().err << session.T("cli.export.written", {{"file", a.file}}) << '\n';
  return 0;
}

// ---- The tree ----

void Writing(CommandTree& tree, const std::string& first, const std::string& edit,
             void (*options)(Leaf&, Arguments&, bool), int (*function)(Session&, const Arguments&)) {
  for (const bool edits : {false, true}) {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("network " + (edits ? edit : first));
    if (edits) {
      leaf.Positional(a->record, "record").Flag(a->removed, "--removed");
    } else {
      leaf.Positional(a->trajectory, "trajectory");
    }
    options(leaf, *a, edits);
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, function));
  }
}

void AddWriting(CommandTree& tree) {
  using enum Leaf::Must;
  Writing(
      tree, "add", "edit",
      [](Leaf& leaf, Arguments& a, bool) {
        leaf.Option(a.name, "--name", kMust)
            .Choice(a.word, "--kind", "figure", kMust)
            .Choice(a.ring, "--ring", "ring", kMust)
            .Option(a.role, "--role")
            .Choice(a.gender, "--gender", "gender")
            .Option(a.born, "--born")
            .Option(a.died, "--died")
            .Flag(a.flag, "--deceased")
            .Option(a.organisation, "--organisation")
            .Choice(a.domain, "--domain", "domain")
            .Flag(a.key, "--key")
            .Option(a.remark, "--remark");
      },
      &WriteFigure);
  Writing(
      tree, "relate", "unrelate",
      [](Leaf& leaf, Arguments& a, bool edits) {
        if (!edits) {
          leaf.Choice(a.role, "--relation", "relation", kMust)
              .Option(a.figure, "--a", kMust)
              .Option(a.other, "--b", kMust);
        }
        leaf.Choice(a.word, "--how", "how", kMust).Option(a.since, "--began").Option(a.until, "--ended");
      },
      &Relate);
  Writing(
      tree, "event", "event-edit",
      [](Leaf& leaf, Arguments& a, bool) {
        leaf.Choice(a.word, "--lane", "lane", kMust)
            .Option(a.name, "--title", kMust)
            .Option(a.since, "--begins", kMust)
            .Option(a.until, "--ends")
            .Option(a.place, "--place")
            .Option(a.remark, "--remark");
      },
      &WriteEvent);
}

// A command on a trajectory that sends something.
template <typename Options>
void Sending(CommandTree& tree, const char* name, Options options, int (*function)(Session&, const Arguments&)) {
  auto a = std::make_shared<Arguments>();
  Leaf leaf = tree.Add(name);
  options(leaf, *a);
  AddToWhom(leaf, a->whom);
  leaf.Does(With(a, function));
}

void AddSaying(CommandTree& tree) {
  using enum Leaf::Must;
  Sending(
      tree, "network tie",
      [](Leaf& leaf, Arguments& a) {
        leaf.Positional(a.trajectory, "trajectory")
            .Option(a.figure, "--figure", kMust)
            .Choice(a.informant, "--informant", "informant", kMust)
            .Choice(a.quality, "--quality", "quality", kMust)
            .Number(a.strength, "--strength")
            .Choice(a.direction, "--direction", "direction")
            .Option(a.since, "--since")
            .Option(a.other, "--other")
            .Option(a.informant_name, "--informant-name")
            .Option(a.remark, "--remark");
      },
      &SayTie);
  Sending(
      tree, "network domain",
      [](Leaf& leaf, Arguments& a) {
        leaf.Positional(a.trajectory, "trajectory")
            .Choice(a.word, "--domain", "domain", kMust)
            .Repeated(a.many, "--strength")
            .Repeated(a.more, "--need")
            .Option(a.remark, "--remark");
      },
      &WriteDomain);
  Sending(
      tree, "network guess",
      [](Leaf& leaf, Arguments& a) {
        leaf.Positional(a.trajectory, "trajectory")
            .Choice(a.informant, "--asked", "informant", kMust)
            .Option(a.figure, "--figure", kMust)
            .Option(a.text, "--question", kMust)
            .Option(a.guess, "--guess", kMust)
            .Option(a.informant_name, "--informant-name");
      },
      &Guess);
  Sending(
      tree, "network answer",
      [](Leaf& leaf, Arguments& a) { leaf.Positional(a.record, "record").Option(a.text, "--text", kMust); }, &Answer);
  Sending(
      tree, "network repair",
      [](Leaf& leaf, Arguments& a) {
        leaf.Positional(a.trajectory, "trajectory")
            .Option(a.figure, "--figure", kMust)
            .Choice(a.informant, "--informant", "informant", kMust)
            .Option(a.text, "--text", kMust)
            .Option(a.due, "--due", kMust)
            .Option(a.partner, "--partner")
            .Option(a.owner, "--owner")
            .Option(a.informant_name, "--informant-name");
      },
      &Repair);
  Sending(
      tree, "network import",
      [](Leaf& leaf, Arguments& a) {
        leaf.Positional(a.trajectory, "trajectory")
            .Positional(a.file, "file")
            .Option(a.name, "--young-person")
            .Flag(a.flag, "--apply");
      },
      &Import);
}

void AddPartnerships(CommandTree& tree) {
  using enum Leaf::Must;
  tree.Add("partnerships list").Does(With(std::make_shared<Arguments>(), &Partnerships));
  for (const bool edits : {false, true}) {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add(edits ? "partnerships edit" : "partnerships add");
    if (edits) leaf.Positional(a->record, "record");
    leaf.Option(a->name, "--name", kMust)
        .Choice(a->word, "--kind", "partnership", kMust)
        .Choice(a->quality, "--quality", "quality", kMust)
        .Number(a->strength, "--strength")
        .Option(a->organisation, "--organisation")
        .Choices(a->many, "--domain", "domain")
        .Option(a->since, "--since")
        .Option(a->text, "--contact")
        .Flag(a->flag, "--discreet");
    leaf.Does(With(a, &WritePartnership));
  }
}

}  // namespace
}  // namespace schakel::network_commands

namespace schakel {

void AddNetworkCommands(CommandTree& tree) {
  using namespace network_commands;
  AddWriting(tree);
  AddSaying(tree);
  AddPartnerships(tree);
  for (const auto& [name, show] : {std::pair("network show", &Show), std::pair("network genogram", &Genogram),
                                   std::pair("network lifeline", &Lifeline), std::pair("network intake", &Intake),
                                   std::pair("network circular", &Circular), std::pair("network overlay", &Overlay)}) {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add(name);
    leaf.Positional(a->trajectory, "trajectory");
    if (std::string_view(name) == "network show") leaf.Option(a->at, "--at").Option(a->known, "--known");
    leaf.Does(With(a, show));
  }
  auto a = std::make_shared<Arguments>();
  tree.Add("network export")
      .Positional(a->trajectory, "trajectory")
      .Choice(a->format, "--format", "network-format", Leaf::Must::kMust)
      .Option(a->file, "--out", Leaf::Must::kMust)
      .Option(a->at, "--at")
      .Option(a->known, "--known")
      .Flag(a->force, "--force")
      .Does(With(a, &Export));
}

}  // namespace schakel
