// notes, agreements, requests, read, share, mark.
#include "commands.h"
#include "output.h"

namespace schakel::records_commands {
namespace {

struct Arguments {
  std::string trajectory;
  std::string record;
  std::string title;
  std::string text;
  std::string purpose;
  std::string about;
  std::string contact;
  std::string who;
  std::string name;
  std::string words;
  std::vector<std::string> categories;
  std::string exception;
  std::string why;
  std::string partner;
  std::string choice;
  std::vector<std::string> alert_fields;
  bool full = false;
  ToWhom whom;
};
using Shared = std::shared_ptr<Arguments>;

std::string Path(const Arguments& arguments, const char* list) {
  return "/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/" + list;
}

bool PutMarking(Session& session, const Arguments& arguments, Json& body) {
  if (!arguments.exception.empty()) body["exception"] = arguments.exception;
  return PutText(session, arguments.why, "exception_why", body);
}

int AddNote(Session& session, const Arguments& arguments) {
  Json body = {{"title", arguments.title}, {"categories", arguments.categories}};
  if (!PutText(session, arguments.text, "text", body)) return 1;
  if (!arguments.purpose.empty()) body["purpose"] = arguments.purpose;
  if (arguments.purpose.empty()) session.AssumePurpose("care-coordination");
  if (!PutMarking(session, arguments, body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post(Path(arguments, "notes"), body);
  return sent ? session.PrintSent(*sent, "note") : 1;
}

int AddAgreement(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  if (!arguments.about.empty()) body["about"] = arguments.about;
  if (!PutText(session, arguments.text, "text", body)) return 1;
  if (!arguments.contact.empty()) body["contact"] = arguments.contact;
  if (!arguments.partner.empty()) body["partner"] = arguments.partner;
  if (!arguments.alert_fields.empty()) body["alert_fields"] = arguments.alert_fields;
  if (!PutMarking(session, arguments, body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post(Path(arguments, "agreements"), body);
  return sent ? session.PrintSent(*sent, "agreement") : 1;
}

int AddRequest(Session& session, const Arguments& arguments) {
  Json body = {{"who", arguments.who}};
  if (!arguments.name.empty()) body["name"] = arguments.name;
  if (!arguments.choice.empty()) body["choice"] = arguments.choice;
  if (!PutText(session, arguments.words, "words", body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post(Path(arguments, "requests"), body);
  return sent ? session.PrintSent(*sent, "request-for-help") : 1;
}

int List(Session& session, const Arguments& arguments, const char* list) {
  const auto answer = session.Get(Path(arguments, list) + (arguments.full ? "?show=full" : ""));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  const Json& records = answer->at("records");
  if (records.empty()) {
    session.out() << session.T("cli.records.none") << '\n';
  } else if (arguments.full) {
    for (const Json& record : records) session.PrintRecord(record);
  } else {
    Table table({session.T("cli.col.record"), session.T("cli.col.at"), session.T("cli.col.from"),
                 session.T("cli.col.categories"), session.T("cli.col.state")});
    for (const Json& one : records) {
      table.Add({Short(one.at("id").get<std::string>()), session.When(one.at("at")), session.Name(one.at("author")),
                 session.Categories(one.at("categories")), session.Word("state", one.at("state"))});
    }
    table.Print(session.out());
    session.world().err << "hint: " << session.T("cli.records.full") << '\n';
  }
  return 0;
}

int Read(Session& session, const Arguments& arguments) {
  const auto record = session.Get("/v1/records/" + PercentEncoded(arguments.record));
  if (!record) return 1;
  if (!session.PrintedJson(*record)) session.PrintRecord(*record);
  if (!record->contains("sealed")) return 0;
  const Json& sealed = record->at("sealed");
  session.world().err << "schakel: " << session.T("cli.error") << ": " << Clean(sealed.value("title", std::string()))
                      << "\nhint: " << Clean(sealed.value("next", std::string())) << '\n';
  return 1;
}

int Share(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  if (!arguments.about.empty()) body["about"] = arguments.about;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post("/v1/records/" + PercentEncoded(arguments.record) + "/shares", body);
  return sent ? session.PrintSent(*sent, "share-again") : 1;
}

int Mark(Session& session, const Arguments& arguments) {
  Json body = {{"exception", arguments.exception}};
  if (!PutText(session, arguments.why, "why", body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post("/v1/records/" + PercentEncoded(arguments.record) + "/exception", body);
  return sent ? session.PrintSent(*sent, "exception-mark") : 1;
}

}  // namespace
}  // namespace schakel::records_commands

namespace schakel {

void AddRecordCommands(CommandTree& tree) {
  using namespace records_commands;
  const auto with = [](const Shared& arguments, auto function) {
    return [arguments, function](Session& session) { return function(session, *arguments); };
  };
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("notes add");
    leaf.Positional(a->trajectory, "trajectory")
        .Option(a->title, "--title", kMust)
        .Option(a->text, "--text", kMust)
        .Choices(a->categories, "--category", "category", kMust)
        .Choice(a->purpose, "--purpose", "purpose")
        .Choice(a->exception, "--exception", "exception")
        .Option(a->why, "--exception-why");
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &AddNote));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("agreements add");
    leaf.Positional(a->trajectory, "trajectory")
        .Choice(a->about, "--about", "about", kMust)
        .Option(a->text, "--text", kMust)
        .Option(a->contact, "--contact")
        .Option(a->partner, "--partner")
        .Choices(a->alert_fields, "--alert-field", "alert-field")
        .Choice(a->exception, "--exception", "exception")
        .Option(a->why, "--exception-why");
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &AddAgreement));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("requests add");
    leaf.Positional(a->trajectory, "trajectory")
        .Choice(a->who, "--who", "who", kMust)
        .Option(a->name, "--name")
        .Option(a->words, "--words", kMust)
        .Choice(a->choice, "--choice", "help-choice");
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &AddRequest));
  }
  for (const char* list : {"notes", "agreements", "requests"}) {
    auto a = std::make_shared<Arguments>();
    tree.Add(std::string(list) + " list")
        .Positional(a->trajectory, "trajectory")
        .Flag(a->full, "--full")
        .Does([a, list](Session& session) { return List(session, *a, list); });
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("read").Positional(a->record, "record").Does(with(a, &Read));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("share");
    leaf.Positional(a->record, "record").Option(a->about, "--about");
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &Share));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("mark");
    leaf.Positional(a->record, "record")
        .Choice(a->exception, "--exception", "exception", kMust)
        .Option(a->why, "--why", kMust);
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &Mark));
  }
}

}  // namespace schakel
