// places: that partners may ask for.
#include "commands.h"
#include "output.h"

namespace schakel::places_commands {
namespace {

struct Arguments {
  std::string record;  // The offer, or the hold.
  std::string kind;
  std::string title;
  std::string text;
  std::string place;
  std::string contact;
  std::string needs;
  std::string words;
  std::string urgency;
  std::string from;
  std::string until;
  std::string lasting;
  std::string wait;
  std::string then;
  std::vector<std::string> tags;
  unsigned age = 0;
  unsigned age_from = 0;
  unsigned age_to = 0;
  unsigned count = 1;
  unsigned wait_minutes = 0;
  bool all = false;
  bool checked = false;
  bool preview = false;
  ToWhom whom;
};
using Shared = std::shared_ptr<Arguments>;

std::string On(const char* what, const Arguments& arguments, const char* then = "") {
  return std::string("/v1/") + what + "/" + PercentEncoded(arguments.record) + then;
}

void PutAges(const Arguments& arguments, Json& body) {
  if (arguments.age_from > 0) body["age_from"] = arguments.age_from;
  if (arguments.age_to > 0) body["age_to"] = arguments.age_to;
}

int Offer(Session& session, const Arguments& arguments) {
  Json body = {{"kind", arguments.kind}, {"title", arguments.title}, {"places", arguments.count}};
  PutAges(arguments, body);
  if (!arguments.tags.empty()) body["words"] = arguments.tags;
  if (!arguments.place.empty()) body["place"] = arguments.place;
  if (!arguments.contact.empty()) body["contact"] = arguments.contact;
  if (arguments.wait_minutes > 0) body["hold_minutes"] = arguments.wait_minutes;
  if (!PutEnd(session, arguments.until, arguments.lasting, "ends_at", body)) return 1;
  if (!PutText(session, arguments.text, "text", body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post("/v1/places", body);
  return sent ? session.PrintSent(*sent, "place-offer") : 1;
}

int Ask(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  PutAges(arguments, body);
  if (!PutTime(session, arguments.from, "--from", "begins_at", body)) return 1;
  if (!PutEnd(session, arguments.until, arguments.lasting, "ends_at", body)) return 1;
  if (!PutTime(session, arguments.wait, "--wait-until", "wait_until", body)) return 1;
  if (!arguments.urgency.empty()) body["urgency"] = arguments.urgency;
  if (!PutText(session, arguments.needs, "needs", body)) return 1;
  if (arguments.checked) body["accept_findings"] = true;
  if (arguments.preview) body["preview"] = true;
  return PostScreened(session, On("places", arguments, "/holds"), body, body.value("needs", std::string()),
                      "place-hold");
}

int Answer(Session& session, const Arguments& arguments, bool agreed) {
  Json body = {{"agreed", agreed}};
  if (!PutText(session, arguments.text, "text", body)) return 1;
  if (arguments.preview) body["preview"] = true;
  const auto sent = session.Post(On("holds", arguments, "/answer"), body);
  return sent ? session.PrintSent(*sent, "place-answer") : 1;
}
int Agree(Session& session, const Arguments& arguments) { return Answer(session, arguments, true); }
int Refuse(Session& session, const Arguments& arguments) { return Answer(session, arguments, false); }

int Release(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  if (!PutText(session, arguments.text, "text", body)) return 1;
  if (arguments.checked) body["accept_findings"] = true;
  if (arguments.preview) body["preview"] = true;
  return PostScreened(session, On("holds", arguments, "/release"), body, body.value("text", std::string()),
                      "place-release");
}

int Close(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  if (!PutText(session, arguments.text, "text", body)) return 1;
  if (arguments.preview) body["preview"] = true;
  const auto sent = session.Post(On("places", arguments, "/closing"), body);
  return sent ? session.PrintSent(*sent, "place-close") : 1;
}

// "14-17"; "14+"; nothing where nobody is shut out.
std::string Ages(const Json& body) {
  const unsigned from = body.value("age_from", 0U);
  const unsigned to = body.value("age_to", 0U);
  if (from == 0 && to == 0) return {};
  return std::to_string(from) + (to == 0 ? "+" : "-" + std::to_string(to));
}

// Of ours how many are free; of another's, what we have of it.
std::string Standing(Session& session, const Json& one) {
  if (one.at("open") == false) return session.T("cli.places.over");
  if (one.at("ours") == true) {
    return session.T("cli.places.free", {{"free", one.at("free").dump()}, {"places", one.at("places").dump()}});
  }
  if (!one.at("holds").empty()) return session.Word("hold", one.at("holds").back().at("state"));
  if (one.at("agreement_ended") == true) return session.T("cli.places.agreement_ended");
  if (one.at("full") == true) return session.T("cli.places.full", {{"places", one.at("places").dump()}});
  if (!one.at("taken_at").is_null()) return session.T("cli.places.taken");
  return session.T("cli.places.capacity", {{"places", one.at("places").dump()}});
}

int List(Session& session, const Arguments& arguments) {
  Json asked = Json::object();
  if (!PutTime(session, arguments.then, "--free-at", "free_at", asked)) return 1;
  if (!arguments.kind.empty()) asked["kind"] = arguments.kind;
  if (arguments.age > 0) asked["age"] = std::to_string(arguments.age);
  if (!arguments.words.empty()) asked["words"] = arguments.words;
  if (arguments.all) asked["all"] = "true";
  std::string query;
  for (const auto& [field, value] : asked.items()) {
    query += (query.empty() ? "?" : "&") + field + "=" + PercentEncoded(value.get<std::string>());
  }
  const auto answer = session.Get("/v1/places" + query);
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  Table table({session.T("cli.col.id"), session.T("cli.col.kind"), session.T("cli.col.what"), session.T("cli.col.from"),
               session.T("cli.col.age"), session.T("cli.col.until"), session.T("cli.col.state")});
  for (const Json& one : answer->at("places")) {
    const Json& record = one.at("record");
    const Json body = record.is_object() ? record.value("body", Json::object()) : Json::object();
    table.Add({Short(one.at("id").get<std::string>()),
               body.contains("kind") ? session.Word("place-kind", body["kind"]) : "",
               Clean(body.value("title", std::string())), session.Name(one.at("owner")), Ages(body),
               session.When(one.at("ends_at")), Standing(session, one)});
  }
  if (table.empty()) {
    session.out() << session.T("cli.places.none") << '\n';
  } else {
    table.Print(session.out());
  }
  return 0;
}

int Show(Session& session, const Arguments& arguments) {
  const auto one = session.Get(On("places", arguments));
  if (!one) return 1;
  if (session.PrintedJson(*one)) return 0;
  session.PrintRecord(one->at("record"));
  for (const Json& hold : one->at("holds")) {
    session.out() << '\n'
                  << session.T("cli.places.hold", {{"id", Short(hold.at("id").get<std::string>())},
                                                   {"who", Clean(session.Name(hold.at("holder")))},
                                                   {"state", session.Word("hold", hold.at("state"))},
                                                   {"wait", session.When(hold.at("expires_at"))},
                                                   {"until", session.When(hold.at("ends_at"))}})
                  << '\n';
    for (const char* words : {"record", "answer", "release"}) {
      if (hold.at(words).is_object()) session.PrintRecord(hold.at(words));
    }
  }
  return 0;
}

Action With(const Shared& arguments, int (*function)(Session&, const Arguments&)) {
  return [arguments, function](Session& session) { return function(session, *arguments); };
}

void AddAnswers(CommandTree& tree) {
  for (const auto& [name, function] : {std::pair("places agree", &Agree), std::pair("places refuse", &Refuse)}) {
    auto a = std::make_shared<Arguments>();
    tree.Add(name)
        .Positional(a->record, "record")
        .Option(a->text, "--text")
        .Flag(a->preview, "--dry-run")
        .Does(With(a, function));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("places release")
        .Positional(a->record, "record")
        .Option(a->text, "--text")
        .Flag(a->checked, "--checked")
        .Flag(a->preview, "--dry-run")
        .Does(With(a, &Release));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("places close")
        .Positional(a->record, "record")
        .Option(a->text, "--text")
        .Flag(a->preview, "--dry-run")
        .Does(With(a, &Close));
  }
}

}  // namespace
}  // namespace schakel::places_commands

namespace schakel {

void AddPlaceCommands(CommandTree& tree) {
  using namespace places_commands;
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("places list")
        .Choice(a->kind, "--kind", "place-kind")
        .Number(a->age, "--age")
        .Option(a->words, "--words")
        .Option(a->then, "--free-at")
        .Flag(a->all, "--all")
        .Does(With(a, &List));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("places show").Positional(a->record, "record").Does(With(a, &Show));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("places offer");
    leaf.Choice(a->kind, "--kind", "place-kind", kMust)
        .Option(a->title, "--title", kMust)
        .Number(a->count, "--count")
        .Number(a->age_from, "--age-from")
        .Number(a->age_to, "--age-to")
        .List(a->tags, "--words")
        .Option(a->place, "--place")
        .Option(a->contact, "--contact")
        .Number(a->wait_minutes, "--wait-minutes")
        .Option(a->until, "--until")
        .Option(a->lasting, "--for")
        .Option(a->text, "--text");
    AddToWhom(leaf, a->whom);
    leaf.Does(With(a, &Offer));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("places ask")
        .Positional(a->record, "record")
        .Option(a->needs, "--needs", kMust)
        .Number(a->age_from, "--age-from")
        .Number(a->age_to, "--age-to")
        .Option(a->from, "--from")
        .Option(a->until, "--until")
        .Option(a->lasting, "--for")
        .Choice(a->urgency, "--urgency", "urgency")
        .Option(a->wait, "--wait-until")
        .Flag(a->checked, "--checked")
        .Flag(a->preview, "--dry-run")
        .Does(With(a, &Ask));
  }
  AddAnswers(tree);
}

}  // namespace schakel
