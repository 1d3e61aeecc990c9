// hearings, reviews, rings, plans.
#include "commands.h"
#include "output.h"

namespace schakel::court_commands {
namespace {

struct Arguments {
  std::string trajectory;
  std::string record;  // The hearing, or the plan.
  std::string at;
  std::string court;
  std::string text;
  std::string purpose;
  std::string ring;
  std::string key;
  std::string question;
  std::string words;
  std::string who;
  std::string name;
  std::string why;
  std::vector<std::string> rests_on;
  bool preview = false;
  ToWhom whom;
};
using Shared = std::shared_ptr<Arguments>;

std::string On(const Arguments& arguments, const char* what) {
  return "/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/" + what;
}

// ---- Hearings and reviews ----

int PlanHearing(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  if (!PutTime(session, arguments.at, "--at", "at", body)) return 1;
  if (!arguments.court.empty()) body["court"] = arguments.court;
  if (!arguments.purpose.empty()) body["purpose"] = arguments.purpose;
  if (!PutText(session, arguments.text, "text", body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post(On(arguments, "hearings"), body);
  return sent ? session.PrintSent(*sent, "hearing") : 1;
}

int ChangeHearing(Session& session, const Arguments& arguments, Json body) {
  if (!arguments.court.empty()) body["court"] = arguments.court;
  if (!PutText(session, arguments.text, "text", body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post("/v1/hearings/" + PercentEncoded(arguments.record) + "/edit", body);
  return sent ? session.PrintSent(*sent, "hearing") : 1;
}

int MoveHearing(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  if (!PutTime(session, arguments.at, "--at", "at", body)) return 1;
  return ChangeHearing(session, arguments, std::move(body));
}

int CancelHearing(Session& session, const Arguments& arguments) {
  return ChangeHearing(session, arguments, {{"cancelled", true}});
}

int ListHearings(Session& session, const Arguments& arguments) {
  const auto answer = session.Get(On(arguments, "hearings"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  Table table(
      {session.T("cli.col.id"), session.T("cli.col.date"), session.T("cli.col.place"), session.T("cli.col.from")});
  for (const Json& one : answer->at("hearings")) {
    const Json& record = one.at("record");
    const bool words = record.is_object() && record.contains("body");
    table.Add({Short(one.at("id").get<std::string>()),
               one.at("cancelled") == true ? session.T("cli.hearing.cancelled") : session.When(one.at("hearing_at")),
               words ? Clean(record["body"].value("court", std::string())) : "", session.Name(one.at("author"))});
  }
  if (table.empty()) {
    session.out() << session.T("cli.hearing.none") << '\n';
  } else {
    table.Print(session.out());
  }
  return 0;
}

int Reviews(Session& session, const Arguments& arguments) {
  const auto answer = session.Get(On(arguments, "reviews"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  Table table({session.T("cli.review"), session.T("cli.col.due"), session.T("cli.col.because"),
               session.T("cli.col.state"), session.T("cli.col.record")});
  for (const Json& one : answer->at("reviews")) {
    const char* because = one.at("hearing").is_null() ? "cli.review.start" : "cli.review.hearing";
    const Json& record = one.at("table");
    table.Add({session.Word("kind", one.at("kind")), session.Day(one.at("due_at")),
               session.T(because, {{"day", session.Day(one.at("because_at"))}}),
               session.Word("review-state", one.at("state")),
               record.is_null() ? "" : Short(record.get<std::string>())});
  }
  if (table.empty()) {
    session.out() << session.T("cli.review.none") << '\n';
    return 0;
  }
  table.Print(session.out());
  session.out() << session.T("cli.review.plan") << '\n';
  return 0;
}

// ---- Rings ----

std::string RingWords(Session& session, const Json& slugs) {
  std::string words;
  for (const Json& slug : slugs) {
    if (!words.empty()) words += ", ";
    words += session.Word("asking-ring", slug);
  }
  return words;
}

int ShowRings(Session& session, const Arguments& arguments) {
  const auto answer = session.Get(On(arguments, "rings"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  for (const Json& ring : answer->at("rings")) {
    session.out() << session.Word("asking-ring", ring.at("ring"))
                  << (ring.at("answered") == true ? "" : " · " + session.T("cli.ring.unanswered")) << '\n';
    for (const Json& question : ring.at("questions")) {
      const bool own = question.at("question").is_null();
      const std::string words = own ? session.T("cli.ring.own") : Clean(question.at("question").get<std::string>());
      const std::string key = question.at("key").is_null() ? "" : " (" + question.at("key").get<std::string>() + ")";
      session.out() << "  " << (question.at("answers").empty() ? "- " : "+ ") << words << key << '\n';
      for (const Json& record : question.at("answers")) {
        if (!record.is_null()) session.PrintRecord(record);
      }
    }
  }
  return 0;
}

int AnswerRing(Session& session, const Arguments& arguments) {
  Json body = {{"ring", arguments.ring}, {"who", arguments.who}};
  if (!arguments.key.empty()) body["key"] = arguments.key;
  if (!arguments.name.empty()) body["name"] = arguments.name;
  if (!PutText(session, arguments.question, "question", body)) return 1;
  if (!PutText(session, arguments.words, "words", body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post(On(arguments, "rings"), body);
  return sent ? session.PrintSent(*sent, "ring-answer") : 1;
}

// ---- The plan ----

int SendPlan(Session& session, const Arguments& arguments, const std::string& target) {
  Json body = Json::object();
  if (!PutText(session, arguments.text, "text", body)) return 1;
  if (!PutText(session, arguments.why, "why", body)) return 1;
  if (!arguments.rests_on.empty()) body["rests_on"] = arguments.rests_on;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post(target, body);
  if (!sent) return 1;
  const int code = session.PrintSent(*sent, "court-plan");
  if (!session.options().json && !sent->at("unanswered").empty()) {
    session.out() << session.T("cli.plan.unanswered", {{"rings", RingWords(session, sent->at("unanswered"))}}) << '\n';
  }
  return code;
}

int WritePlan(Session& session, const Arguments& arguments) {
  return SendPlan(session, arguments, On(arguments, "court-plans"));
}
int EditPlan(Session& session, const Arguments& arguments) {
  return SendPlan(session, arguments, "/v1/court-plans/" + PercentEncoded(arguments.record) + "/edit");
}

// What a handover to a court still takes.
void PrintCourt(Session& session, const Json& court) {
  const std::string name = session.Name(court.at("organisation"));
  if (court.at("handed") == true) {
    session.out() << "  " << session.T("cli.plan.handed", {{"court", name}}) << '\n';
    return;
  }
  std::string who;
  for (const Json& slug : court.at("lacking")) {
    if (!who.empty()) who += ", ";
    who += session.Word("lacking", slug);
  }
  const char* text = who.empty() ? "cli.plan.ready" : "cli.plan.lacks";
  session.out() << "  " << session.T(text, {{"court", name}, {"who", who}}) << '\n';
}

int ListPlans(Session& session, const Arguments& arguments) {
  const auto answer = session.Get(On(arguments, "court-plans"));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("plans").empty()) session.out() << session.T("cli.records.none") << '\n';
  for (const Json& one : answer->at("plans")) {
    session.PrintRecord(one.at("record"));
    if (!one.at("unanswered").empty()) {
      session.out() << "  " << session.T("cli.plan.unanswered", {{"rings", RingWords(session, one.at("unanswered"))}})
                    << '\n';
    }
    for (const Json& court : one.at("courts")) PrintCourt(session, court);
  }
  return 0;
}

int HandOver(Session& session, const Arguments& arguments) {
  Json body = {{"court", arguments.court}};
  if (arguments.preview) body["preview"] = true;
  const auto sent = session.Post("/v1/court-plans/" + PercentEncoded(arguments.record) + "/handover", body);
  return sent ? session.PrintSent(*sent, "share-again") : 1;
}

Action With(const Shared& arguments, int (*function)(Session&, const Arguments&)) {
  return [arguments, function](Session& session) { return function(session, *arguments); };
}

void AddHearingCommands(CommandTree& tree) {
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("hearings plan");
    leaf.Positional(a->trajectory, "trajectory")
        .Option(a->at, "--at", kMust)
        .Option(a->court, "--court")
        .Option(a->text, "--text")
        .Choice(a->purpose, "--purpose", "purpose");
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, &PlanHearing));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("hearings move");
    leaf.Positional(a->record, "record")
        .Option(a->at, "--at", kMust)
        .Option(a->court, "--court")
        .Option(a->text, "--text");
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, &MoveHearing));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("hearings cancel");
    leaf.Positional(a->record, "record").Option(a->text, "--text");
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, &CancelHearing));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("hearings list").Positional(a->trajectory, "trajectory").Does(With(a, &ListHearings));
  }
  auto a = std::make_shared<Arguments>();
  tree.Add("reviews").Positional(a->trajectory, "trajectory").Does(With(a, &Reviews));
}

void AddRingCommands(CommandTree& tree) {
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("rings show").Positional(a->trajectory, "trajectory").Does(With(a, &ShowRings));
  }
  auto a = std::make_shared<Arguments>();
  Leaf leaf = tree.Add("rings answer");
  leaf.Positional(a->trajectory, "trajectory")
      .Choice(a->ring, "--ring", "asking-ring", kMust)
      .Option(a->key, "--key")
      .Option(a->question, "--question")
      .Option(a->words, "--words", kMust)
      .Choice(a->who, "--who", "who", kMust)
      .Option(a->name, "--name");
  AddToWhom(leaf, a->whom);
  leaf.Does(With(a, &AnswerRing));
}

void AddPlanCommands(CommandTree& tree) {
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("plans write");
    leaf.Positional(a->trajectory, "trajectory")
        .Option(a->text, "--text", kMust)
        .List(a->rests_on, "--rests-on")
        .Option(a->why, "--why");
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, &WritePlan));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("plans edit");
    leaf.Positional(a->record, "record")
        .Option(a->text, "--text", kMust)
        .List(a->rests_on, "--rests-on")
        .Option(a->why, "--why");
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, &EditPlan));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("plans list").Positional(a->trajectory, "trajectory").Does(With(a, &ListPlans));
  }
  auto a = std::make_shared<Arguments>();
  tree.Add("plans hand-over")
      .Positional(a->record, "record")
      .Option(a->court, "--to", kMust)
      .Flag(a->preview, "--dry-run")
      .Does(With(a, &HandOver));
}

}  // namespace
}  // namespace schakel::court_commands

namespace schakel {

void AddCourtCommands(CommandTree& tree) {
  using namespace court_commands;
  AddHearingCommands(tree);
  AddRingCommands(tree);
  AddPlanCommands(tree);
}

}  // namespace schakel
