// commitments, goals, criteria, actions.
#include "commands.h"
#include "output.h"

namespace schakel::dossier_commands {
namespace {

struct Arguments {
  std::string trajectory;
  std::string record;  // Any version of it.
  std::string text;
  std::vector<std::string> organisations;
  std::string owner;
  std::string with;
  std::string from;
  std::string until;
  std::string due;
  std::string table;
  std::string progress;
  std::string found;
  std::string whose;
  std::string word;
  std::vector<std::string> persons;
  std::vector<std::string> goals;
  std::vector<std::string> criteria;
  std::string commitment;
  std::string other;
  std::string who;
  std::string at;
  std::string name;
  std::string court;
  bool paper = false;
  bool declined = false;
  bool preview = false;
  ToWhom whom;
};
using Shared = std::shared_ptr<Arguments>;

int SendTo(Session& session, const Arguments& arguments, const std::string& path, Json body, const char* kind) {
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post(path, body);
  return sent ? session.PrintSent(*sent, kind) : 1;
}
// "/v1/trajectories/ID/goals" for a new one; "/v1/goals/ID/edit" for one that is there.
std::string PathOf(const Arguments& arguments, const std::string& list) {
  return arguments.record.empty() ? "/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/" + list
                                  : "/v1/" + list + "/" + PercentEncoded(arguments.record) + "/edit";
}
std::string On(const Arguments& arguments, const char* list, const char* what) {
  return std::string("/v1/") + list + "/" + PercentEncoded(arguments.record) + "/" + what;
}

int WriteCommitment(Session& session, const Arguments& arguments) {
  Json body = {{"parties", arguments.organisations}};
  if (!PutText(session, arguments.text, "text", body)) return 1;
  if (!arguments.persons.empty()) body["persons"] = arguments.persons;
  if (!arguments.other.empty()) body["other"] = arguments.other;
  if (!arguments.goals.empty()) body["goals"] = arguments.goals;
  if (!arguments.criteria.empty()) body["criteria"] = arguments.criteria;
  return SendTo(session, arguments, PathOf(arguments, "commitments"), std::move(body), "commitment");
}
int Sign(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  if (!PutText(session, arguments.word, "remark", body)) return 1;
  // Of a person: the agent says which of these lacks.
  if (!arguments.who.empty()) body["who"] = arguments.who;
  if (arguments.paper) body["how"] = "paper";
  if (!PutTime(session, arguments.at, "--at", "signed_at", body)) return 1;
  if (!arguments.name.empty()) body["name"] = arguments.name;
  if (arguments.declined) body["declined"] = true;
  return SendTo(session, arguments, On(arguments, "commitments", "signature"), std::move(body), "commitment-signature");
}
int CopyForCourt(Session& session, const Arguments& arguments) {
  return SendTo(session, arguments, On(arguments, "commitments", "court-copy"), Json::object(), "court-plan");
}
int HandCommitmentOver(Session& session, const Arguments& arguments) {
  Json body = {{"court", arguments.court}};
  if (arguments.preview) body["preview"] = true;
  const auto sent = session.Post(On(arguments, "commitments", "handover"), body);
  return sent ? session.PrintSent(*sent, "share-again") : 1;
}

int WriteGoal(Session& session, const Arguments& arguments) {
  Json body = {{"owners", arguments.organisations}};
  if (!PutText(session, arguments.text, "text", body)) return 1;
  if (!arguments.with.empty()) body["with"] = arguments.with;
  if (!PutTime(session, arguments.from, "--from", "begins_at", body)) return 1;
  if (!PutUntil(session, arguments.until, "--until", "ends_at", body)) return 1;
  return SendTo(session, arguments, PathOf(arguments, "goals"), std::move(body), "goal");
}
int SayProgress(Session& session, const Arguments& arguments) {
  Json body = {{"progress", arguments.progress}};
  if (!PutText(session, arguments.text, "text", body)) return 1;
  // Of a person: the agent says which of these lacks.
  if (!arguments.who.empty()) body["who"] = arguments.who;
  if (arguments.paper) body["how"] = "paper";
  if (!PutTime(session, arguments.at, "--at", "said_at", body)) return 1;
  if (!arguments.name.empty()) body["name"] = arguments.name;
  if (!arguments.commitment.empty()) body["commitment"] = arguments.commitment;
  return SendTo(session, arguments, On(arguments, "goals", "progress"), std::move(body), "goal-progress");
}
int Review(Session& session, const Arguments& arguments) {
  Json body = {{"found", arguments.found}};
  if (!PutText(session, arguments.text, "text", body)) return 1;
  return SendTo(session, arguments, On(arguments, "goals", "review"), std::move(body), "goal-review");
}

int WriteCriterion(Session& session, const Arguments& arguments) {
  Json body = {{"whose", arguments.whose}};
  if (!PutText(session, arguments.text, "text", body)) return 1;
  return SendTo(session, arguments, PathOf(arguments, "criteria"), std::move(body), "criterion");
}
int Judge(Session& session, const Arguments& arguments, bool met) {
  Json body = {{"met", met}};
  if (!PutText(session, arguments.word, "why", body)) return 1;
  return SendTo(session, arguments, On(arguments, "criteria", "judgement"), std::move(body), "criterion-judgement");
}

int WriteAction(Session& session, const Arguments& arguments) {
  Json body = {{"owner", arguments.owner}};
  if (!PutText(session, arguments.text, "text", body)) return 1;
  if (!arguments.with.empty()) body["with"] = arguments.with;
  if (!PutDeadline(session, arguments.due, "--due", "due_at", body)) return 1;
  if (!arguments.table.empty()) body["table"] = arguments.table;
  return SendTo(session, arguments, PathOf(arguments, "actions"), std::move(body), "action");
}
int Done(Session& session, const Arguments& arguments, bool done) {
  Json body = {{"done", done}};
  if (!PutText(session, arguments.word, "remark", body)) return 1;
  return SendTo(session, arguments, On(arguments, "actions", "done"), std::move(body), "action-done");
}

// ---- Lists ----

void Line(Session& session, const std::string& name, const std::string& value) {
  if (!value.empty()) session.out() << "  " << name << ": " << Clean(value) << '\n';
}

// The words of a version that is cited, and what became of it since.
std::string CitedWords(Session& session, const Json& cited) {
  const Json& record = cited.at("record");
  const bool read = record.is_object() && record.contains("body") && record.at("body").contains("text");
  std::string words = read ? record.at("body").at("text").get<std::string>() : session.T("engagement.cited_sealed");
  if (cited.at("state") == "as-signed") return words;
  return words + " (" + session.T("engagement.cited_" + cited.at("state").get<std::string>()) + ")";
}
void PrintCited(Session& session, const Json& one) {
  for (const Json& goal : one.at("goals")) {
    Line(session, session.T("cli.commitment.goal"), CitedWords(session, goal));
    for (const Json& said : goal.at("progress")) {
      const std::string organisation = session.Name(said.at("organisation"));
      const bool person = !said.at("who").is_null();
      Line(session, person ? "  " + session.Word("who", said.at("who")) : "  " + organisation,
           session.Word("progress", said.at("progress")) + " (" + session.Day(said.at("at")) +
               (person ? "; " + session.Word("signed-how", said.at("how")) + ", " + organisation : "") + ")");
    }
  }
  for (const Json& criterion : one.at("criteria")) {
    const Json& whose = criterion.at("whose");
    Line(session, session.T("cli.commitment.criterion"),
         (whose.is_null() ? "" : session.Word("whose", whose) + ": ") + CitedWords(session, criterion));
  }
  if (one.at("changed") == true) session.out() << "  " << session.T("engagement.changed") << '\n';
  if (one.at("renew_by").is_null()) return;
  session.out() << "  "
                << session.T(one.at("renewal_due") == true ? "engagement.renew_since" : "engagement.renew_by",
                             {{"day", session.Day(one.at("renew_by"))}})
                << '\n';
}

void PrintCommitment(Session& session, const Json& one) {
  const Json& since = one.at("active_since");
  std::string names = session.Names(one.at("outstanding"));
  for (const Json& who : one.at("persons_outstanding")) {
    if (!names.empty()) names += ", ";
    names += session.Word("who", who);
  }
  // Signed by everybody, and yet not in force: what it cites was changed, as said below.
  if (!since.is_null() || !names.empty()) {
    Line(session, session.T("cli.col.state"),
         since.is_null() ? session.T("cli.commitment.waits", {{"names", names}})
                         : session.T("cli.commitment.active", {{"at", session.When(since)}}));
  }
  for (const Json& person : one.at("persons")) {
    const Json& state = person.at("state");
    const std::string taker = person.at("taken_down_by").is_null() ? "" : session.Name(person.at("taken_down_by"));
    const std::string how = person.at("how").is_null() ? "" : session.Word("signed-how", person.at("how"));
    const std::string said = session.Word("signed", state);
    Line(session, session.Word("who", person.at("who")),
         taker.empty()
             ? said
             : session.T(
                   "cli.commitment.person",
                   {{"state", said}, {"how", how}, {"organisation", taker}, {"at", session.When(person.at("at"))}}));
  }
  PrintCited(session, one);
}
void PrintGoal(Session& session, const Json& one) {
  for (const Json& said : one.at("progress")) {
    Line(session, session.Name(said.at("organisation")),
         session.Word("progress", said.at("progress")) + " (" + session.Day(said.at("at")) + ")");
  }
  for (const Json& said : one.at("reviews")) {
    Line(session, session.T("cli.goal.reviewed", {{"at", session.Day(said.at("at"))}}),
         session.Word("found", said.at("found")));
  }
  Line(session, session.T("cli.goal.review_due"), session.Day(one.at("review_due")));
}
void PrintCriterion(Session& session, const Json& one) {
  Line(session, session.T("cli.col.state"),
       session.T(one.at("met") == true ? "cli.criterion.met" : "cli.criterion.unmet"));
}
void PrintAction(Session& session, const Json& one) {
  const char* state = one.at("taken_back") == true ? "cli.action.taken_back"
                      : one.at("done") == true     ? "cli.action.done"
                      : one.at("overdue") == true  ? "cli.action.overdue"
                                                   : "cli.action.open";
  Line(session, session.T("cli.col.state"), session.T(state));
}

// The record of `one`, whose body names organisations by their short names: as people call them.
Json WithNames(const Session& session, const Json& one) {
  Json record = one.at("record");
  if (!record.contains("body")) return record;
  Json& body = record["body"];
  if (body.contains("owner") && one.at("owner").is_object()) body["owner"] = session.Name(one.at("owner"));
  // Shown with their words below it.
  if (record["kind"] == "commitment") {
    for (const char* cited : {"goals", "criteria"}) body.erase(cited);
  }
  for (const char* field : {"owners", "parties"}) {
    if (!body.contains(field) || one.at(field).empty()) continue;
    Json names = Json::array();
    for (const Json& organisation : one.at(field)) names.push_back(session.Name(organisation));
    body[field] = std::move(names);
  }
  return record;
}

int List(Session& session, const Arguments& arguments, const std::string& list, void (*print)(Session&, const Json&)) {
  const auto answer = session.Get("/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/" + list);
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at(list).empty()) session.out() << session.T("cli.records.none") << '\n';
  for (const Json& one : answer->at(list)) {
    session.PrintRecord(WithNames(session, one));
    print(session, one);
    if (one.at("concurrent") == true) session.out() << "  " << session.T("cli.concurrent") << '\n';
  }
  return 0;
}

Action With(const Shared& arguments, int (*function)(Session&, const Arguments&)) {
  return [arguments, function](Session& session) { return function(session, *arguments); };
}

// `list add`-like and `list edit`: the same options on a trajectory, and on what is there.
template <typename Options>
void AddWriting(CommandTree& tree, const std::string& list, const char* first, Options options,
                int (*function)(Session&, const Arguments&)) {
  for (const bool edits : {false, true}) {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add(list + " " + (edits ? "edit" : first));
    if (edits) {
      leaf.Positional(a->record, "record");
    } else {
      leaf.Positional(a->trajectory, "trajectory");
    }
    options(leaf, *a, edits);
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, function));
  }
}

void AddCommitmentCommands(CommandTree& tree) {
  using enum Leaf::Must;
  AddWriting(
      tree, "commitments", "propose",
      [](Leaf& leaf, Arguments& a, bool) {
        leaf.Option(a.text, "--text", kMust)
            .List(a.organisations, "--party", kMust)
            .Choices(a.persons, "--person", "who")
            .Option(a.other, "--other")
            .List(a.goals, "--goal")
            .List(a.criteria, "--criterion");
      },
      &WriteCommitment);
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("commitments sign");
    leaf.Positional(a->record, "record")
        .Choice(a->who, "--for", "who")
        .Flag(a->paper, "--paper")
        .Option(a->at, "--at")
        .Option(a->name, "--name")
        .Flag(a->declined, "--declines")
        .Option(a->word, "--remark");
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, &Sign));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("commitments court-copy");
    leaf.Positional(a->record, "record");
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, &CopyForCourt));
  }
  auto a = std::make_shared<Arguments>();
  tree.Add("commitments hand-over")
      .Positional(a->record, "record")
      .Option(a->court, "--to", kMust)
      .Flag(a->preview, "--dry-run")
      .Does(With(a, &HandCommitmentOver));
}

void AddGoalCommands(CommandTree& tree) {
  using enum Leaf::Must;
  AddWriting(
      tree, "goals", "set",
      [](Leaf& leaf, Arguments& a, bool) {
        leaf.Option(a.text, "--text", kMust)
            .List(a.organisations, "--owner", kMust)
            .Option(a.with, "--with")
            .Option(a.from, "--from")
            .Option(a.until, "--until");
      },
      &WriteGoal);
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("goals progress");
    leaf.Positional(a->record, "record")
        .Choice(a->progress, "--progress", "progress", kMust)
        .Option(a->text, "--text")
        .Choice(a->who, "--for", "who")
        .Flag(a->paper, "--paper")
        .Option(a->at, "--at")
        .Option(a->name, "--name")
        .Option(a->commitment, "--commitment");
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, &SayProgress));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("goals review");
    leaf.Positional(a->record, "record").Choice(a->found, "--found", "found", kMust).Option(a->text, "--text", kMust);
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, &Review));
  }
}

void AddCriterionCommands(CommandTree& tree) {
  using enum Leaf::Must;
  AddWriting(
      tree, "criteria", "set",
      [](Leaf& leaf, Arguments& a, bool) {
        leaf.Choice(a.whose, "--whose", "whose", kMust).Option(a.text, "--text", kMust);
      },
      &WriteCriterion);
  for (const auto& [name, met] : {std::pair("met", true), std::pair("unmet", false)}) {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add(std::string("criteria ") + name);
    leaf.Positional(a->record, "record").Option(a->word, "--why");
    AddToWhom(leaf, a->whom);
    leaf.Does([a, met = met](Session& session) { return Judge(session, *a, met); });
  }
}

void AddActionCommands(CommandTree& tree) {
  using enum Leaf::Must;
  AddWriting(
      tree, "actions", "add",
      [](Leaf& leaf, Arguments& a, bool edits) {
        leaf.Option(a.text, "--text", kMust)
            .Option(a.owner, "--owner", kMust)
            .Option(a.due, "--due", kMust)
            .Option(a.with, "--with");
        if (!edits) leaf.Option(a.table, "--table");
      },
      &WriteAction);
  for (const auto& [name, done] : {std::pair("done", true), std::pair("undone", false)}) {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add(std::string("actions ") + name);
    leaf.Positional(a->record, "record").Option(a->word, "--remark");
    AddToWhom(leaf, a->whom);
    leaf.Does([a, done = done](Session& session) { return Done(session, *a, done); });
  }
}

}  // namespace
}  // namespace schakel::dossier_commands

namespace schakel {

void AddDossierCommands(CommandTree& tree) {
  using namespace dossier_commands;
  AddCommitmentCommands(tree);
  AddGoalCommands(tree);
  AddCriterionCommands(tree);
  AddActionCommands(tree);
  const std::pair<const char*, void (*)(Session&, const Json&)> lists[] = {{"commitments", &PrintCommitment},
                                                                           {"goals", &PrintGoal},
                                                                           {"criteria", &PrintCriterion},
                                                                           {"actions", &PrintAction}};
  for (const auto& [list, print] : lists) {
    auto a = std::make_shared<Arguments>();
    tree.Add(std::string(list) + " list")
        .Positional(a->trajectory, "trajectory")
        .Does([a, list = list, print = print](Session& session) { return List(session, *a, list, print); });
  }
}

}  // namespace schakel
