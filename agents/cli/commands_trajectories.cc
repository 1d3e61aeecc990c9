#include <algorithm>

#include "commands.h"
#include "grant_words.h"
#include "local_time.h"
#include "output.h"

namespace schakel::trajectories_commands {
namespace {

struct Arguments {
  std::string trajectory;
  std::string organisation;
  std::string member;
  std::string to;
  std::string label;
  std::string module;
  bool allocated = false;
  std::string why;
  std::string message;
  std::string expires;
  std::string stage;
  std::string receiver;
  std::string copy_offered;
  std::string copy;
  std::string retain_until;
  std::string retain_why;
  std::string unmet_why;
  std::string before;
  std::vector<std::string> kinds;
  unsigned limit = 0;
  std::string words;
  std::string lead;
  bool closed = false;
  bool only_closed = false;
  bool both = false;
  bool preview = false;
  unsigned count = 0;
};
using Shared = std::shared_ptr<Arguments>;

std::string Path(const Arguments& arguments, const std::string& rest = {}) {
  return "/v1/trajectories/" + PercentEncoded(arguments.trajectory) + rest;
}

Json Body(const Arguments& arguments) {
  Json body = Json::object();
  if (arguments.preview) body["preview"] = true;
  return body;
}

int Open(Session& session, const Arguments& arguments) {
  Json body = Body(arguments);
  body["label"] = arguments.label;
  if (!arguments.module.empty()) body["module"] = arguments.module;
  if (!arguments.stage.empty()) body["stage"] = arguments.stage;
  if (arguments.allocated) body["allocated"] = true;
  if (!PutText(session, arguments.why, "reason", body)) return 1;
  const auto sent = session.Post("/v1/trajectories", body);
  if (!sent) return 1;
  if (session.PrintedJson(*sent)) return 0;
  if (arguments.preview) {
    session.out() << session.T("cli.trajectory.preview", {{"label", arguments.label}}) << '\n';
    return 0;
  }
  const std::string id = Short(sent->at("trajectory").get<std::string>());
  session.out() << session.T("cli.trajectory.opened", {{"label", arguments.label}, {"id", id}}) << '\n';
  session.world().err << "hint: " << session.T("cli.trajectory.opened_next", {{"id", id}}) << '\n';
  return 0;
}

int List(Session& session, const Arguments& arguments) {
  std::string target = arguments.only_closed ? "/v1/trajectories?state=closed"
                       : arguments.closed    ? "/v1/trajectories?closed=true"
                                             : "/v1/trajectories?closed=false";
  for (const auto& [name, value] : {std::pair("words", arguments.words), std::pair("lead", arguments.lead),
                                    std::pair("module", arguments.module)}) {
    if (!value.empty()) target += std::string("&") + name + "=" + PercentEncoded(value);
  }
  const auto answer = session.Get(target);
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  Table table({session.T("cli.col.id"), session.T("cli.col.label"), session.T("cli.col.module"),
               session.T("cli.col.lead"), session.T("cli.col.participants"), session.T("cli.col.last")});
  for (const Json& one : answer->at("trajectories")) {
    std::string label = one.at("label");
    if (one.at("closed") == true) label += " (" + session.T("cli.closed") + ")";
    if (one.value("left", false)) label += " (" + session.T("cli.left") + ")";
    table.Add({Short(one.at("id").get<std::string>()), label, session.Word("module", one.at("module")),
               session.Name(one.at("lead")), one.at("members").dump(), session.When(one.at("last_at"))});
  }
  if (table.empty()) {
    const std::string closed = answer->at("closed").dump();
    session.out() << (closed == "0" ? session.T("cli.trajectory.none")
                                    : session.T("cli.trajectory.all_closed", {{"count", closed}}))
                  << '\n';
  } else {
    table.Print(session.out());
  }
  return 0;
}

void PrintParticipants(Session& session, const Json& trajectory) {
  Table table({session.T("cli.col.participant"), session.T("cli.col.status"), session.T("cli.col.commitment")});
  for (const Json& one : trajectory.at("members")) {
    std::string name = session.Name(one.at("organisation"));
    if (one.at("self") == true) name += " (" + session.T("cli.self") + ")";
    std::string status = one.at("lead") == true ? session.T("cli.lead") : session.Word("member", one.at("status"));
    if (one.at("suspended") == true) {
      const bool takes_part = one.at("lead") != true && one.at("status") == "joined";
      status = takes_part ? session.T("cli.suspended") : status + " (" + session.T("cli.suspended") + ")";
    }
    const Json& commitment = one.at("commitment");
    table.Add({name, status, commitment.is_null() ? "" : Short(commitment.get<std::string>())});
  }
  if (!table.empty()) table.Print(session.out());
}

void PrintGrants(Session& session, const Json& trajectory) {
  Table table({session.T("cli.col.grant"), session.T("cli.col.for"), session.T("cli.col.purposes"),
               session.T("cli.col.categories"), session.T("cli.col.until"), session.T("cli.col.state")});
  for (const Json& one : trajectory.at("grants")) {
    table.Add({Short(one.at("id").get<std::string>()), session.Name(one.at("recipient")),
               session.Purposes(one.at("purposes")), session.Categories(one.at("categories")),
               session.Until(one.at("ends_at")), GrantState(session, one)});
  }
  if (table.empty()) return;
  session.out() << '\n';
  table.Print(session.out());
}

void PrintFrames(Session& session, const Json& trajectory) {
  Table table({session.T("cli.col.frame"), session.T("cli.col.chair"), session.T("cli.col.participants"),
               session.T("cli.col.purposes"), session.T("cli.col.from_time"), session.T("cli.col.until")});
  for (const Json& one : trajectory.at("frames")) {
    std::string names;
    for (const Json& participant : one.at("participants")) {
      names += (names.empty() ? "" : ", ") + session.Name(participant);
    }
    table.Add({Short(one.at("id").get<std::string>()), session.Name(one.at("chair")), names,
               session.Purposes(one.at("purposes")), session.When(one.at("begins_at")),
               session.When(one.at("ends_at"))});
  }
  if (table.empty()) return;
  table.Print(session.out());
  session.out() << '\n';
}

// After what it was: that it cannot be read any more, since when, and by what.
std::string SealedWords(Session& session, const Json& one) {
  if (!one.contains("sealed")) return {};
  const Json& sealed = one.at("sealed");
  const bool destroyed = !sealed.at("destroyed_at").is_null();
  const std::string at = session.Day(sealed.at(destroyed ? "destroyed_at" : "sealed_at"));
  const Json& by = sealed.at("change_kind");
  const std::string why = by.is_null() ? session.T("cli.history.taken_back") : session.KindWord(by);
  return session.T(destroyed ? "cli.history.destroyed" : "cli.history.sealed", {{"at", at}, {"why", why}});
}

// All of it, or as much of what happened as was asked for.
void PrintHistory(Session& session, const Json& trajectory) {
  const bool part = trajectory.contains("items_next");
  Table table({session.T("cli.col.at"), session.T("cli.col.what"), session.T("cli.col.from"),
               session.T("cli.col.categories"), session.T("cli.col.record")});
  std::map<std::string, std::vector<std::string>> rows;  // By time.
  const auto add = [&](const Json& at, std::string what, const Json& from, const Json& categories, const Json& id) {
    rows.insert_or_assign(at.get<std::string>() + id.get<std::string>(),
                          std::vector<std::string>{session.When(at), std::move(what), session.Name(from),
                                                   session.Categories(categories), Short(id.get<std::string>())});
  };
  for (const Json& one : trajectory.at("items")) {
    add(one.at("at"), session.KindWord(one.at("kind")) + SealedWords(session, one), one.at("author"),
        one.at("categories"), one.at("id"));
  }
  const Json none = Json::array();
  for (const Json& one : part ? none : trajectory.at("consultations")) {
    add(one.at("asked_at"),
        session.T("cli.consultation") + ": " + session.Word("consultation", one.at("state")) +
            SealedWords(session, one),
        one.at("asker"), one.at("categories"), one.at("id"));
  }
  for (const Json& one : part ? none : trajectory.at("tables")) {
    add(one.at("proposed_at"),
        session.T("cli.table") + ": " + session.Word("table", one.at("state")) + SealedWords(session, one),
        one.at("convener"), Json::array(), one.at("id"));
  }
  for (auto& [at, row] : rows) table.Add(std::move(row));
  for (const Json& one : part ? none : trajectory.at("withheld")) {
    table.Add({session.When(one.at("at")),
               session.T("cli.inbox.withheld", {{"why", one.at("label").get<std::string>()}}), "", "", ""});
  }
  if (table.empty()) return;
  session.out() << '\n';
  table.Print(session.out());
  if (!part || trajectory.at("items_next").is_null()) return;
  session.world().err << "hint: "
                      << session.T("cli.trajectory.more",
                                   {{"shown", std::to_string(trajectory.at("items").size())},
                                    {"total", trajectory.at("items_total").dump()},
                                    {"before", Short(trajectory.at("items_next").get<std::string>())}})
                      << '\n';
}

// What of the story was asked for; empty: all of it.
std::string StoryQuery(const Arguments& arguments) {
  std::string query;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) query += (query.empty() ? "?" : "&") + std::string(name) + "=" + PercentEncoded(value);
  };
  std::string kinds;
  for (const std::string& kind : arguments.kinds) kinds += (kinds.empty() ? "" : ",") + kind;
  add("limit", arguments.limit == 0 ? std::string() : std::to_string(arguments.limit));
  add("before", arguments.before);
  add("kind", kinds);
  return query;
}

int Show(Session& session, const Arguments& arguments) {
  const auto trajectory = session.Get(Path(arguments) + StoryQuery(arguments));
  if (!trajectory) return 1;
  if (session.PrintedJson(*trajectory)) return 0;
  Sheet sheet;
  sheet.Add(session.T("cli.col.label"), trajectory->at("label"));
  sheet.Add(session.T("cli.col.id"), trajectory->at("id"));
  sheet.Add(session.T("cli.col.lead"), session.Name(trajectory->at("lead")));
  if (const Json& offer = trajectory->at("lead_offer"); !offer.is_null()) {
    const bool open = offer.at("open") == true;
    sheet.Add(session.T("cli.col.lead_offer"),
              session.T(open ? "cli.lead.offered" : "cli.lead.unanswered",
                        {{"to", session.Name(offer.at("to"))}, {"until", session.When(offer.at("expires_at"))}}));
  }
  for (const Json& one : trajectory->at("handovers")) {
    sheet.Add(session.T("cli.col.led_before"),
              session.T("cli.lead.until", {{"who", session.Name(one.at("from"))}, {"at", session.When(one.at("at"))}}));
  }
  sheet.Add(session.T("cli.col.module"), session.Word("module", trajectory->at("module")));
  if (!trajectory->at("opened_at").is_null()) {
    sheet.Add(session.T("cli.col.opened"), session.When(trajectory->at("opened_at")));
  }
  const auto stage = ParseStage(trajectory->at("stage").get<std::string>());
  if (stage) sheet.Add(session.T("cli.col.stage"), std::string(Label(*stage, session.language())));
  if (!trajectory->at("receiver").is_null()) {
    sheet.Add(
        session.T("cli.col.receiver"),
        session.T(trajectory->at("receiver_accepted") == true ? "cli.receiver.takes_part" : "cli.receiver.not_there",
                  {{"organisation", session.Name(trajectory->at("receiver"))}}));
  }
  if (trajectory->at("closed") == true) sheet.Add(session.T("cli.col.state"), session.T("cli.closed"));
  if (!trajectory->at("retain_until").is_null()) {
    sheet.Add(session.T("cli.col.retain_until"), session.When(trajectory->at("retain_until")));
  }
  if (!trajectory->at("erasure").is_null()) {
    sheet.Add(session.T("cli.col.erasure"), ErasureText(session, trajectory->at("erasure")));
  }
  sheet.Print(session.out());
  session.out() << '\n';
  const bool alone = stage && *stage == Stage::kAdult && trajectory->at("receiver_accepted") == false;
  // For the lead alone to mend: another member may not know of the receiver that there is.
  const Json& members = trajectory->at("members");
  const bool leads =
      std::ranges::any_of(members, [](const Json& one) { return one.at("self") == true && one.at("lead") == true; });
  if (alone && leads) session.out() << session.T("cli.trajectory.no_receiver") << "\n\n";
  PrintFrames(session, *trajectory);
  PrintParticipants(session, *trajectory);
  PrintGrants(session, *trajectory);
  PrintHistory(session, *trajectory);
  return 0;
}

int Invite(Session& session, const Arguments& arguments) {
  Json body = Body(arguments);
  body["organisation"] = arguments.organisation;
  if (!arguments.label.empty()) body["label"] = arguments.label;
  if (!PutText(session, arguments.message, "message", body)) return 1;
  if (!PutEnd(session, arguments.expires, {}, "expires_at", body)) return 1;
  const auto sent = session.Post(Path(arguments, "/invitations"), body);
  if (!sent) return 1;
  const int exit_code = session.PrintSent(*sent, "member-invite");
  if (arguments.label.empty()) {
    const std::string id = Short(sent->at("trajectory").get<std::string>());
    session.world().err << "hint: " << session.T("cli.invitation.number", {{"id", id}}) << '\n';
  }
  return exit_code;
}

int Invitations(Session& session) {
  const auto answer = session.Get("/v1/invitations");
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  if (answer->at("invitations").empty()) session.out() << session.T("cli.invitation.none") << '\n';
  for (const Json& one : answer->at("invitations")) {
    session.out() << session.T("cli.invitation.line", {{"lead", Clean(session.Name(one.at("lead")))},
                                                       {"id", Short(one.at("trajectory").get<std::string>())},
                                                       {"until", session.When(one.at("expires_at"))}})
                  << '\n';
    const Json& record = one.at("record");
    if (record.contains("body")) session.PrintBody(record.at("body"), "  ");
    session.out() << "  schakel trajectories join " << Short(one.at("trajectory").get<std::string>()) << '\n';
  }
  return 0;
}

int Word(Session& session, const Arguments& arguments, const char* path, const char* what) {
  Json body = Body(arguments);
  if (!PutText(session, arguments.message, "message", body)) return 1;
  const auto sent = session.Post(Path(arguments, path), body);
  return sent ? session.PrintSent(*sent, what) : 1;
}

int Close(Session& session, const Arguments& arguments) {
  Json body = Body(arguments);
  body["copy_offered"] = arguments.copy_offered;
  body["copy"] = arguments.copy;
  if (!arguments.retain_why.empty()) body["retain_why"] = arguments.retain_why;
  if (!PutText(session, arguments.unmet_why, "unmet_why", body)) return 1;
  if (!PutTime(session, arguments.retain_until, "--retain-until", "retain_until", body)) return 1;
  if (!PutText(session, arguments.message, "message", body)) return 1;
  const auto sent = session.Post(Path(arguments, "/close"), body);
  return sent ? session.PrintSent(*sent, "trajectory-close") : 1;
}

int Remove(Session& session, const Arguments& arguments) {
  Json body = Body(arguments);
  body["organisation"] = arguments.organisation;
  if (!PutText(session, arguments.message, "message", body)) return 1;
  const auto sent = session.Post(Path(arguments, "/removals"), body);
  return sent ? session.PrintSent(*sent, "member-remove") : 1;
}

int Introduce(Session& session, const Arguments& arguments) {
  Json body = Body(arguments);
  body["member"] = arguments.member;
  body["to"] = arguments.to;
  if (arguments.both) body["both"] = true;
  const auto sent = session.Post(Path(arguments, "/introductions"), body);
  return sent ? session.PrintSent(*sent, "member-show") : 1;
}

int SayStage(Session& session, const Arguments& arguments) {
  Json body = Body(arguments);
  body["stage"] = arguments.stage;
  if (!arguments.receiver.empty()) body["receiver"] = arguments.receiver;
  const auto sent = session.Post(Path(arguments, "/stage"), body);
  return sent ? session.PrintSent(*sent, "subject-stage") : 1;
}

int Follow(Session& session, const Arguments& arguments) {
  // Whether there is such a trajectory: of all that could be asked, this shows no words.
  if (!session.Get(Path(arguments, "/grants"))) return 1;
  unsigned seen = 0;
  const auto status = session.client().Follow(
      "/v1/events?trajectory=" + PercentEncoded(arguments.trajectory),
      [&](const std::string& event, const std::string& data) {
        if (session.options().json) {
          session.out() << data << std::endl;
        } else {
          const Json json = Json::parse(data, nullptr, false);
          const Json record = json.is_object() ? json.value("record", Json(nullptr)) : Json(nullptr);
          session.out() << LocalText(session.world().clock.Now(), session.language()) << "  "
                        << session.T("cli.event." + event) << (record.is_string() ? "  " : "")
                        << (record.is_string() ? Short(record.get<std::string>()) : "") << std::endl;
        }
        return arguments.count == 0 || ++seen < arguments.count;
      });
  return status ? 0 : session.Say(status.error());
}

}  // namespace
}  // namespace schakel::trajectories_commands

namespace schakel {

void AddTrajectoryCommands(CommandTree& tree) {
  using namespace trajectories_commands;
  const auto with = [](const Shared& arguments, auto function) {
    return [arguments, function](Session& session) { return function(session, *arguments); };
  };
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("trajectories open")
        .Option(a->label, "--label", kMust)
        .Choice(a->module, "--module", "module")
        .Option(a->stage, "--stage")
        .Option(a->why, "--why")
        .Flag(a->allocated, "--allocated")
        .Flag(a->preview, "--dry-run")
        .Does(with(a, &Open));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("trajectories list")
        .Flag(a->closed, "--closed")
        .Flag(a->only_closed, "--only-closed")
        .Option(a->words, "--words")
        .Option(a->lead, "--lead")
        .Choice(a->module, "--module", "module")
        .Does(with(a, &List));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("trajectories show")
        .Positional(a->trajectory, "trajectory")
        .Number(a->limit, "--limit")
        .Option(a->before, "--before")
        .Choices(a->kinds, "--kind", "record")
        .Does(with(a, &Show));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("trajectories invite")
        .Positional(a->trajectory, "trajectory")
        .Positional(a->organisation, "organisation")
        .Option(a->message, "--message")
        .Option(a->label, "--label")
        .Option(a->expires, "--until")
        .Flag(a->preview, "--dry-run")
        .Does(with(a, &Invite));
  }
  tree.Add("trajectories invitations").Does(&Invitations);
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("trajectories close")
        .Positional(a->trajectory, "trajectory")
        .Option(a->copy_offered, "--copy-offered", kMust)
        .Choice(a->copy, "--copy", "copy", kMust)
        .Option(a->retain_until, "--retain-until")
        .Option(a->retain_why, "--retain-why")
        .Option(a->unmet_why, "--unmet-why")
        .Option(a->message, "--message")
        .Flag(a->preview, "--dry-run")
        .Does(with(a, &Close));
  }
  for (const auto& [name, path, what] :
       {std::tuple("join", "/join", "member-join"), std::tuple("leave", "/leave", "member-leave")}) {
    auto a = std::make_shared<Arguments>();
    tree.Add(std::string("trajectories ") + name)
        .Positional(a->trajectory, "trajectory")
        .Option(a->message, "--message")
        .Flag(a->preview, "--dry-run")
        .Does([a, path = path, what = what](Session& session) { return Word(session, *a, path, what); });
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("trajectories remove")
        .Positional(a->trajectory, "trajectory")
        .Positional(a->organisation, "organisation")
        .Option(a->message, "--message")
        .Flag(a->preview, "--dry-run")
        .Does(with(a, &Remove));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("trajectories introduce")
        .Positional(a->trajectory, "trajectory")
        .Option(a->member, "--member", kMust)
        .Option(a->to, "--to", kMust)
        .Flag(a->both, "--both")
        .Flag(a->preview, "--dry-run")
        .Does(with(a, &Introduce));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("trajectories stage")
        .Positional(a->trajectory, "trajectory")
        .Option(a->stage, "--stage", kMust)
        .Option(a->receiver, "--receiver")
        .Flag(a->preview, "--dry-run")
        .Does(with(a, &SayStage));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("trajectories follow")
        .Positional(a->trajectory, "trajectory")
        .Number(a->count, "--count")
        .Does(with(a, &Follow));
  }
}

}  // namespace schakel
