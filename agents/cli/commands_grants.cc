#include <algorithm>

#include "commands.h"
#include "grant_words.h"
#include "output.h"

namespace schakel::grants_commands {
namespace {

struct Arguments {
  std::string trajectory;
  std::string grant;
  std::string to;
  std::vector<std::string> purposes;
  std::vector<std::string> categories;
  std::string from;
  std::string until;
  std::string lasting;
  std::string basis;
  std::string grantor;
  std::string by;
  std::string how;
  std::string witness;
  std::string why;
  std::string sought;
  std::string frame;
  std::string piece;
  std::string ground;
  std::string document;
  std::string chair;
  std::vector<std::string> participants;
  std::string outcome;
  bool necessary = false;
  bool interest = false;
  bool oral = false;
  bool preview = false;
};
using Shared = std::shared_ptr<Arguments>;

int Give(Session& session, const Arguments& arguments) {
  Json body = {{"organisation", arguments.to}, {"purposes", arguments.purposes}, {"categories", arguments.categories}};
  if (!PutTime(session, arguments.from, "--from", "begins_at", body)) return 1;
  if (!PutEnd(session, arguments.until, arguments.lasting, "ends_at", body)) return 1;
  for (const auto& [field, value] : {std::pair("basis", &arguments.basis), std::pair("grantor", &arguments.grantor),
                                     std::pair("consented_by", &arguments.by), std::pair("how", &arguments.how),
                                     std::pair("witness", &arguments.witness), std::pair("sought", &arguments.sought),
                                     std::pair("frame", &arguments.frame), std::pair("piece", &arguments.piece)}) {
    if (!value->empty()) body[field] = *value;
  }
  if (!PutText(session, arguments.why, "reason", body)) return 1;
  if (arguments.oral) body["oral"] = true;
  if (arguments.necessary) body["necessary"] = true;
  if (arguments.interest) body["in_client_interest"] = true;
  if (arguments.preview) body["preview"] = true;
  const auto sent = session.Post("/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/grants", body);
  return sent ? session.PrintSent(*sent, "grant-give") : 1;
}

// Who has not yet answered for a grant that was taken back, by name.
std::string Outstanding(Session& session, const Json& grant) {
  std::string names;
  for (const Json& taken : grant.at("taken_back")) {
    for (const Json& one : taken.at("outstanding")) {
      if (names.find(session.Name(one)) == std::string::npos) names += (names.empty() ? "" : ", ") + session.Name(one);
    }
  }
  return names;
}

void AddTakenBack(Session& session, const Json& grant, Sheet& sheet) {
  const std::string recipient = session.Name(grant.at("recipient"));
  for (const Json& taken : grant.at("taken_back")) {
    const bool known = taken.at("answers_known") == true;
    std::string said =
        session.T(known ? "cli.grant.awaits" : "cli.grant.awaits_elsewhere", {{"organisation", recipient}});
    for (const auto& [field, phrase] :
         {std::pair("sealed_at", "cli.grant.sealed"), std::pair("destroyed_at", "cli.grant.destroyed")}) {
      if (taken.at(field).is_null()) continue;
      said = session.T(phrase, {{"organisation", recipient}, {"at", session.When(taken.at(field))}});
    }
    sheet.Add(session.Word("record", taken.at("kind")), session.When(taken.at("at")) + ": " + said);
  }
}

// What the outcome of a review means for whoever reads it, and what to do now; empty: nothing.
std::string AfterReview(Session& session, const std::string& outcome, const std::string& recipient) {
  if (outcome != "unjustified" && outcome != "too-wide") return {};
  return session.T("cli.grant.after." + outcome, {{"organisation", recipient}});
}

int List(Session& session, const Arguments& arguments) {
  const bool all = arguments.trajectory.empty();
  const auto answer =
      session.Get(all ? "/v1/grants" : "/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/grants");
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  std::vector<std::string> head = {session.T("cli.col.grant"),    session.T("cli.col.for"),
                                   session.T("cli.col.purposes"), session.T("cli.col.categories"),
                                   session.T("cli.col.basis"),    session.T("cli.col.until"),
                                   session.T("cli.col.state")};
  const Json& grants = answer->at("grants");
  const bool awaits = std::ranges::any_of(grants, [&](const Json& one) { return !Outstanding(session, one).empty(); });
  // How it stands is last: that column is not cut off.
  if (awaits) head.insert(head.end() - 1, session.T("cli.col.waits_for"));
  if (all) head.insert(head.begin() + 1, session.T("cli.col.trajectory"));
  Table table(std::move(head));
  for (const Json& one : grants) {
    auto basis = ParseBasis(one.at("basis").get<std::string>());
    std::vector<std::string> row = {Short(one.at("id").get<std::string>()),
                                    session.Name(one.at("recipient")),
                                    session.Purposes(one.at("purposes")),
                                    session.Categories(one.at("categories")),
                                    basis ? std::string(Label(*basis, session.language())) : "",
                                    session.Until(one.at("ends_at")),
                                    GrantState(session, one)};
    if (awaits) row.insert(row.end() - 1, Outstanding(session, one));
    if (all) row.insert(row.begin() + 1, Short(one.at("trajectory").get<std::string>()));
    table.Add(std::move(row));
  }
  if (table.empty()) {
    session.out() << session.T("cli.grant.none") << '\n';
  } else {
    table.Print(session.out());
  }
  return 0;
}

int Show(Session& session, const Arguments& arguments) {
  const auto grant = session.Get("/v1/grants/" + PercentEncoded(arguments.grant));
  if (!grant) return 1;
  if (session.PrintedJson(*grant)) return 0;
  auto basis = ParseBasis(grant->at("basis").get<std::string>());
  auto grantor = ParseGrantor(grant->at("grantor").get<std::string>());
  Sheet sheet;
  sheet.Add(session.T("cli.col.grant"), grant->at("id"));
  sheet.Add(session.T("cli.col.trajectory"), grant->at("trajectory"));
  sheet.Add(session.T("cli.col.for"), session.Name(grant->at("recipient")));
  sheet.Add(session.T("cli.col.purposes"), session.Purposes(grant->at("purposes")));
  sheet.Add(session.T("cli.col.categories"), session.Categories(grant->at("categories")));
  sheet.Add(session.T("cli.col.from_time"), session.When(grant->at("begins_at")));
  sheet.Add(session.T("cli.col.until"), session.Until(grant->at("ends_at")));
  if (basis) sheet.Add(session.T("cli.col.basis"), std::string(Label(*basis, session.language())));
  if (grantor) sheet.Add(session.T("cli.col.grantor"), std::string(Label(*grantor, session.language())));
  if (auto stage = ParseStage(grant->value("stage", std::string()))) {
    sheet.Add(session.T("cli.col.stage"), std::string(Label(*stage, session.language())));
  }
  sheet.Add(session.T("cli.col.state"), session.Word("grant", grant->at("state")));
  const std::string standing = grant->value("standing", std::string("counts"));
  const bool in_force = grant->at("state") == "in-force";
  if (in_force && standing != "counts") sheet.Add(session.T("cli.col.standing"), session.Word("standing", standing));
  if (grant->value("suspended", false)) sheet.Add(session.T("cli.col.standing"), session.T("cli.grant.suspended"));
  if (grant->contains("frame")) sheet.Add(session.T("cli.col.frame"), Short(grant->at("frame").get<std::string>()));
  if (grant->contains("piece")) sheet.Add(session.T("cli.col.piece"), Short(grant->at("piece").get<std::string>()));
  if (grant->contains("review")) {
    const Json& review = grant->at("review");
    const std::string found = review.is_string() ? review.get<std::string>() : "";
    const auto outcome = ParseReviewOutcome(found);
    sheet.Add(session.T("cli.col.review"),
              outcome ? std::string(Label(*outcome, session.language()))
                      : session.T("cli.grant.review_by", {{"at", session.When(grant->at("review_by"))}}));
    const std::string next = AfterReview(session, found, session.Name(grant->at("recipient")));
    if (!next.empty()) sheet.Add(session.T("cli.col.next"), next);
  }
  AddTakenBack(session, *grant, sheet);
  sheet.Print(session.out());
  session.out() << '\n';
  if (grant->at("evidence").is_null()) {
    session.out() << session.T("cli.grant.evidence_elsewhere", {{"author", Clean(session.Name(grant->at("author")))}})
                  << '\n';
  } else {
    session.PrintRecord(grant->at("evidence"));
  }
  for (const Json& narrowing : grant->value("narrowed_by", Json::array())) session.PrintRecord(narrowing);
  if (grant->contains("withdrawn_by")) session.PrintRecord(grant->at("withdrawn_by"));
  return 0;
}

int Narrow(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  if (!arguments.purposes.empty()) body["purposes"] = arguments.purposes;
  if (!arguments.categories.empty()) body["categories"] = arguments.categories;
  if (!PutEnd(session, arguments.until, arguments.lasting, "ends_at", body)) return 1;
  if (!PutText(session, arguments.why, "message", body)) return 1;
  if (arguments.preview) body["preview"] = true;
  const auto sent = session.Post("/v1/grants/" + PercentEncoded(arguments.grant) + "/narrowing", body);
  return sent ? session.PrintSent(*sent, "grant-narrow") : 1;
}

int Withdraw(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  if (!PutText(session, arguments.why, "reason", body)) return 1;
  if (arguments.preview) body["preview"] = true;
  const auto sent = session.Post("/v1/grants/" + PercentEncoded(arguments.grant) + "/withdrawal", body);
  return sent ? session.PrintSent(*sent, "grant-withdraw") : 1;
}

int Fix(Session& session, const Arguments& arguments) {
  Json body = {{"document", arguments.document},
               {"chair", arguments.chair},
               {"participants", arguments.participants},
               {"purposes", arguments.purposes}};
  if (!arguments.ground.empty()) body["ground"] = arguments.ground;
  if (!PutTime(session, arguments.from, "--from", "begins_at", body)) return 1;
  if (!PutEnd(session, arguments.until, arguments.lasting, "ends_at", body)) return 1;
  if (!PutText(session, arguments.why, "purpose", body)) return 1;
  if (arguments.preview) body["preview"] = true;
  const auto sent = session.Post("/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/frames", body);
  return sent ? session.PrintSent(*sent, "case-frame") : 1;
}

int Review(Session& session, const Arguments& arguments) {
  Json body = {{"outcome", arguments.outcome}};
  if (!PutText(session, arguments.why, "message", body)) return 1;
  if (arguments.preview) body["preview"] = true;
  const auto sent = session.Post("/v1/grants/" + PercentEncoded(arguments.grant) + "/review", body);
  if (!sent) return 1;
  const int status = session.PrintSent(*sent, "emergency-review");
  if (status != 0 || session.options().json || arguments.preview) return status;
  const std::string next = AfterReview(session, arguments.outcome, session.T("cli.grant.recipient"));
  if (!next.empty()) session.world().err << "hint: " << next << '\n';
  return status;
}

}  // namespace
}  // namespace schakel::grants_commands

namespace schakel {

void AddGrantCommands(CommandTree& tree) {
  using namespace grants_commands;
  const auto with = [](const Shared& arguments, auto function) {
    return [arguments, function](Session& session) { return function(session, *arguments); };
  };
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("grants give")
        .Positional(a->trajectory, "trajectory")
        .Option(a->to, "--to", kMust)
        .Choices(a->purposes, "--purpose", "purpose", kMust)
        .Choices(a->categories, "--category", "category", kMust)
        .Option(a->from, "--from")
        .Option(a->until, "--until")
        .Option(a->lasting, "--for")
        .Choice(a->basis, "--basis", "basis")
        .Choice(a->grantor, "--grantor", "grantor")
        .Option(a->by, "--by")
        .Option(a->how, "--how")
        .Flag(a->oral, "--oral")
        .Option(a->witness, "--witness")
        .Option(a->why, "--why")
        .Option(a->sought, "--sought")
        .Flag(a->necessary, "--necessary")
        .Flag(a->interest, "--in-client-interest")
        .Option(a->frame, "--frame")
        .Option(a->piece, "--piece")
        .Flag(a->preview, "--dry-run")
        .Does(with(a, &Give));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("grants frame")
        .Positional(a->trajectory, "trajectory")
        .Option(a->ground, "--ground")
        .Option(a->document, "--document", kMust)
        .Option(a->chair, "--chair", kMust)
        .List(a->participants, "--participant", kMust)
        .List(a->purposes, "--purpose", kMust)
        .Option(a->from, "--from")
        .Option(a->until, "--until")
        .Option(a->lasting, "--for")
        .Option(a->why, "--why")
        .Flag(a->preview, "--dry-run")
        .Does(with(a, &Fix));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("grants review")
        .Positional(a->grant, "grant")
        .Option(a->outcome, "--outcome", kMust)
        .Option(a->why, "--why", kMust)
        .Flag(a->preview, "--dry-run")
        .Does(with(a, &Review));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("grants list").Positional(a->trajectory, "trajectory", kMay).Does(with(a, &List));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("grants show").Positional(a->grant, "grant").Does(with(a, &Show));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("grants narrow")
        .Positional(a->grant, "grant")
        .Choices(a->purposes, "--purpose", "purpose")
        .Choices(a->categories, "--category", "category")
        .Option(a->until, "--until")
        .Option(a->lasting, "--for")
        .Option(a->why, "--why")
        .Flag(a->preview, "--dry-run")
        .Does(with(a, &Narrow));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("grants withdraw")
        .Positional(a->grant, "grant")
        .Option(a->why, "--why")
        .Flag(a->preview, "--dry-run")
        .Does(with(a, &Withdraw));
  }
}

}  // namespace schakel
