// learning: de-identified cases; places enrol and places who: who comes to a place that was agreed.
#include "cli/commands.h"
#include "cli/output.h"

namespace schakel::learning_commands {
namespace {

struct Arguments {
  std::string record;
  std::string title;
  std::string text;
  std::string learned;
  std::string theme;
  std::string words;
  std::string why;
  std::string name;
  std::string needs;
  std::string agreed_by;
  std::vector<std::string> themes;
  std::vector<std::string> categories;
  std::vector<std::string> to;
  bool all = false;
  bool yes = false;
  bool checked = false;
  bool preview = false;
};
using Shared = std::shared_ptr<Arguments>;

// What was found stands in all texts, as if they were one.
std::string AllTexts(const Json& body) {
  std::string text;
  for (const char* field : {"title", "text", "learned"}) text += body.value(field, std::string());
  if (body.contains("themes")) {
    for (const Json& theme : body["themes"]) text += theme.get<std::string>();
  }
  return text;
}

int Publish(Session& session, const Arguments& a) {
  Json body = {{"title", a.title}};
  if (!PutText(session, a.text, "text", body) || !PutText(session, a.learned, "learned", body)) return 1;
  if (!a.themes.empty()) body["themes"] = a.themes;
  if (!a.categories.empty()) body["categories"] = a.categories;
  if (!a.to.empty()) body["to"] = a.to;
  if (a.yes) body["accept_unreached"] = true;
  if (a.checked) body["accept_findings"] = true;
  if (a.preview) body["preview"] = true;
  return PostScreened(session, "/v1/learning-cases", body, AllTexts(body), "learning-case");
}

int List(Session& session, const Arguments& a) {
  std::string query;
  const auto ask = [&](const char* field, const std::string& value) {
    if (!value.empty()) query += (query.empty() ? "?" : "&") + std::string(field) + "=" + PercentEncoded(value);
  };
  ask("theme", a.theme);
  ask("words", a.words);
  ask("all", a.all ? "true" : "");
  const auto answer = session.Get("/v1/learning-cases" + query);
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  Table table({session.T("cli.col.id"), session.T("cli.col.what"), session.T("cli.col.from"), session.T("cli.col.at"),
               session.T("cli.learning.themes")});
  for (const Json& one : answer->at("cases")) {
    const Json& record = one.at("record");
    const Json body = record.is_object() ? record.value("body", Json::object()) : Json::object();
    std::string themes;
    for (const Json& theme : body.value("themes", Json::array())) {
      themes += (themes.empty() ? "" : ", ") + theme.get<std::string>();
    }
    const bool gone = !one.at("withdrawn_at").is_null();
    table.Add({Short(one.at("id").get<std::string>()),
               gone ? session.T("cli.learning.withdrawn") : Clean(body.value("title", std::string())),
               session.Name(one.at("author")), session.When(one.at("at")), Clean(themes)});
  }
  if (table.empty()) {
    session.out() << session.T("cli.records.none") << '\n';
  } else {
    table.Print(session.out());
  }
  return 0;
}

int Show(Session& session, const Arguments& a) {
  const auto one = session.Get("/v1/learning-cases/" + PercentEncoded(a.record));
  if (!one) return 1;
  if (session.PrintedJson(*one)) return 0;
  if (!one->at("withdrawn_at").is_null()) session.out() << session.T("cli.learning.withdrawn") << '\n';
  for (const char* field : {"record", "withdrawal"}) {
    if (one->at(field).is_object()) session.PrintRecord(one->at(field));
  }
  for (const Json& said : one->at("comments")) {
    Json record = said.at("record");
    record["kind"] = "learning-comment";
    session.PrintRecord(record);
  }
  return 0;
}

int Comment(Session& session, const Arguments& a) {
  Json body = Json::object();
  if (!PutText(session, a.text, "text", body)) return 1;
  if (a.checked) body["accept_findings"] = true;
  if (a.preview) body["preview"] = true;
  return PostScreened(session, "/v1/learning-cases/" + PercentEncoded(a.record) + "/comments", body,
                      body.value("text", std::string()), "learning-comment");
}

int Withdraw(Session& session, const Arguments& a) {
  Json body = Json::object();
  if (!PutText(session, a.why, "why", body)) return 1;
  if (a.checked) body["accept_findings"] = true;
  if (a.preview) body["preview"] = true;
  return PostScreened(session, "/v1/learning-cases/" + PercentEncoded(a.record) + "/withdrawal", body,
                      body.value("why", std::string()), "learning-case");
}

// ---- Who comes to a place ----

std::string OfHold(const Arguments& a) { return "/v1/holds/" + PercentEncoded(a.record) + "/enrolment"; }

int Enrol(Session& session, const Arguments& a) {
  Json body = {{"name", a.name}, {"agreed_by", a.agreed_by}};
  if (!PutText(session, a.needs, "needs", body)) return 1;
  if (a.preview) body["preview"] = true;
  const auto sent = session.Post(OfHold(a), body);
  return sent ? session.PrintSent(*sent, "place-enrolment") : 1;
}

int Who(Session& session, const Arguments& a) {
  const auto one = session.Get(OfHold(a));
  if (!one) return 1;
  if (session.PrintedJson(*one)) return 0;
  if (one->at("record").is_object()) {
    session.PrintRecord(one->at("record"));
    if (!one->at("agreed_by").is_null()) {
      session.out() << "  "
                    << session.T("cli.enrolment.agreed", {{"who", session.Word("agreed-by", one->at("agreed_by"))}})
                    << '\n';
    }
    session.out() << "  " << session.T("cli.enrolment.until", {{"at", session.When(one->at("forgotten_at"))}}) << '\n';
    return 0;
  }
  session.out() << session.T(one->at("forgotten") == true ? "cli.enrolment.forgotten" : "cli.enrolment.none") << '\n';
  return 0;
}

Action With(const Shared& arguments, int (*function)(Session&, const Arguments&)) {
  return [arguments, function](Session& session) { return function(session, *arguments); };
}

}  // namespace
}  // namespace schakel::learning_commands

namespace schakel {

void AddLearningCommands(CommandTree& tree) {
  using namespace learning_commands;
  using enum Leaf::Must;
  auto a = std::make_shared<Arguments>();
  tree.Add("learning publish")
      .Option(a->title, "--title", kMust)
      .Option(a->text, "--text", kMust)
      .Option(a->learned, "--learned")
      .List(a->themes, "--theme")
      .Choices(a->categories, "--category", "category")
      .List(a->to, "--to")
      .Flag(a->yes, "--yes")
      .Flag(a->checked, "--checked")
      .Flag(a->preview, "--dry-run")
      .Does(With(a, &Publish));
  a = std::make_shared<Arguments>();
  tree.Add("learning list")
      .Option(a->theme, "--theme")
      .Option(a->words, "--words")
      .Flag(a->all, "--all")
      .Does(With(a, &List));
  a = std::make_shared<Arguments>();
  tree.Add("learning show").Positional(a->record, "record").Does(With(a, &Show));
  a = std::make_shared<Arguments>();
  tree.Add("learning comment")
      .Positional(a->record, "record")
      .Option(a->text, "--text", kMust)
      .Flag(a->checked, "--checked")
      .Flag(a->preview, "--dry-run")
      .Does(With(a, &Comment));
  a = std::make_shared<Arguments>();
  tree.Add("learning withdraw")
      .Positional(a->record, "record")
      .Option(a->why, "--why")
      .Flag(a->checked, "--checked")
      .Flag(a->preview, "--dry-run")
      .Does(With(a, &Withdraw));
  a = std::make_shared<Arguments>();
  tree.Add("places enrol")
      .Positional(a->record, "record")
      .Option(a->name, "--name", kMust)
      .Option(a->needs, "--needs")
      .Choice(a->agreed_by, "--agreed-by", "agreed-by", kMust)
      .Flag(a->preview, "--dry-run")
      .Does(With(a, &Enrol));
  a = std::make_shared<Arguments>();
  tree.Add("places who").Positional(a->record, "record").Does(With(a, &Who));
}

}  // namespace schakel
