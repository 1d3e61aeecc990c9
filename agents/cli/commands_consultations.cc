#include <algorithm>
#include <set>

#include "commands.h"
#include "output.h"

namespace schakel::consultations_commands {
namespace {

struct Arguments {
  std::string trajectory;
  std::string consultation;
  std::string subject;
  std::string question;
  std::string text;
  std::string urgency;
  std::string answer_by;
  std::string purpose;
  std::string taken;
  std::string why;
  std::vector<std::string> categories;
  bool checked = false;
  bool anonymous = false;
  ToWhom whom;
};
using Shared = std::shared_ptr<Arguments>;

int Ask(Session& session, const Arguments& arguments) {
  if (arguments.trajectory.empty() != arguments.anonymous) {
    return session.SayMisuse(session.T("cli.consultation.which"), session.T("cli.consultation.which_hint"));
  }
  Json body = {{"categories", arguments.categories}};
  if (!arguments.trajectory.empty()) body["trajectory"] = arguments.trajectory;
  if (!arguments.subject.empty()) body["subject"] = arguments.subject;
  if (!PutText(session, arguments.question, "question", body)) return 1;
  if (!arguments.urgency.empty()) body["urgency"] = arguments.urgency;
  if (!arguments.purpose.empty()) body["purpose"] = arguments.purpose;
  if (arguments.purpose.empty()) session.AssumePurpose("consultation");
  if (!PutDeadline(session, arguments.answer_by, "--answer-by", "answer_by", body)) return 1;
  if (arguments.checked) body["accept_findings"] = true;
  PutToWhom(arguments.whom, body);
  return PostScreened(session, "/v1/consultations", body,
                      body.value("subject", std::string()) + body.value("question", std::string()), "question");
}

// "2/1/0 (3)": stored at two of the three who were asked, opened at one, answered by none.
std::string ReceiptCounts(const Json& receipts) {
  if (receipts.empty()) return {};
  std::string text;
  for (const char* field : {"stored_at", "opened_at", "answered_at"}) {
    const auto count = std::ranges::count_if(receipts, [&](const Json& one) { return !one.at(field).is_null(); });
    text += (text.empty() ? "" : "/") + std::to_string(count);
  }
  return text + " (" + std::to_string(receipts.size()) + ")";
}

bool IsAllOpened(const Json& receipts) {
  return std::ranges::all_of(receipts, [](const Json& one) { return !one.at("opened_at").is_null(); });
}

void PrintReceipts(Session& session, const Json& receipts) {
  Table table({session.T("cli.consultation.asked"), session.T("cli.consultation.stored"),
               session.T("cli.consultation.opened"), session.T("cli.consultation.answered")});
  for (const Json& one : receipts) {
    table.Add({session.Name(one.at("organisation")), session.When(one.at("stored_at")),
               session.When(one.at("opened_at")), session.When(one.at("answered_at"))});
  }
  session.out() << '\n';
  table.Print(session.out());
}

int List(Session& session, const Arguments& arguments) {
  const auto answer = session.Get(arguments.trajectory.empty()
                                      ? "/v1/consultations"
                                      : "/v1/consultations?trajectory=" + PercentEncoded(arguments.trajectory));
  if (!answer) return 1;
  if (session.PrintedJson(*answer)) return 0;
  Table table({session.T("cli.col.id"), session.T("cli.col.trajectory"), session.T("cli.col.from"),
               session.T("cli.col.about"), session.T("cli.col.state"), session.T("cli.col.due"),
               session.T("cli.consultation.receipts"), session.T("cli.col.waits_for")});
  for (const Json& one : answer->at("consultations")) {
    table.Add({Short(one.at("id").get<std::string>()), session.TrajectoryWord(one.at("trajectory")),
               session.Name(one.at("asker")), session.Categories(one.at("categories")),
               session.Word("consultation", one.at("state")), session.When(one.at("answer_by")),
               ReceiptCounts(one.at("receipts")),
               one.at("state") == "concluded" ? "" : session.Names(one.at("outstanding"))});
  }
  if (table.empty()) {
    session.out() << session.T("cli.consultation.none") << '\n';
  } else {
    table.Print(session.out());
  }
  return 0;
}

int Show(Session& session, const Arguments& arguments) {
  const std::string target = "/v1/consultations/" + PercentEncoded(arguments.consultation);
  auto one = session.Get(target);
  if (!one) return 1;
  // The hub logs that it is asked: not again once all is known.
  if (!IsAllOpened(one->at("receipts"))) {
    const auto receipts = session.Get(target + "/receipts");
    if (!receipts) return 1;
    (*one)["receipts"] = receipts->at("receipts");
  }
  if (session.PrintedJson(*one)) return 0;
  Sheet sheet;
  sheet.Add(session.T("cli.consultation"), one->at("id"));
  sheet.Add(session.T("cli.col.trajectory"), session.TrajectoryWord(one->at("trajectory")));
  sheet.Add(session.T("cli.col.state"), session.Word("consultation", one->at("state")));
  if (one->at("state") != "concluded") {
    sheet.Add(session.T("cli.col.waits_for"), session.Names(one->at("outstanding")));
  }
  for (const Json& reveal : one->at("revealed")) {
    sheet.Add(session.T("cli.consultation.revealed"),
              session.T("cli.consultation.revealed_to", {{"id", Short(reveal.at("trajectory").get<std::string>())},
                                                         {"to", session.Names(reveal.at("to"))},
                                                         {"at", session.When(reveal.at("at"))}}));
  }
  sheet.Print(session.out());
  if (!one->at("receipts").empty()) PrintReceipts(session, one->at("receipts"));
  std::set<std::string> follow_ups;
  for (const Json& reply : one->at("follow_ups")) follow_ups.insert(reply.at("record").get<std::string>());
  for (Json record : one->at("thread")) {
    if (follow_ups.contains(record.at("id").get<std::string>())) record["kind"] = "follow-up";
    session.out() << '\n';
    session.PrintRecord(record);
  }
  session.PrintAttachments(one->at("attachments"));
  return 0;
}

int Answer(Session& session, const Arguments& arguments) {
  Json body = Json::object();
  if (!PutText(session, arguments.text, "text", body)) return 1;
  if (arguments.checked) body["accept_findings"] = true;
  PutToWhom(arguments.whom, body);
  return PostScreened(session, "/v1/consultations/" + PercentEncoded(arguments.consultation) + "/answers", body,
                      body.value("text", std::string()), "answer");
}

int Conclude(Session& session, const Arguments& arguments) {
  Json body = {{"taken", arguments.taken}};
  if (!PutText(session, arguments.why, "why", body)) return 1;
  if (arguments.checked) body["accept_findings"] = true;
  PutToWhom(arguments.whom, body);
  return PostScreened(session, "/v1/consultations/" + PercentEncoded(arguments.consultation) + "/conclusion", body,
                      body.value("why", std::string()), "conclusion");
}

int Reveal(Session& session, const Arguments& arguments) {
  Json body = {{"trajectory", arguments.trajectory}};
  if (!arguments.text.empty() && !PutText(session, arguments.text, "text", body)) return 1;
  PutToWhom(arguments.whom, body);
  const auto sent = session.Post("/v1/consultations/" + PercentEncoded(arguments.consultation) + "/reveals", body);
  return sent ? session.PrintSent(*sent, "reveal") : 1;
}

}  // namespace
}  // namespace schakel::consultations_commands

namespace schakel {

void AddConsultationCommands(CommandTree& tree) {
  using namespace consultations_commands;
  const auto with = [](const Shared& arguments, auto function) {
    return [arguments, function](Session& session) { return function(session, *arguments); };
  };
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("consultations ask");
    leaf.Positional(a->trajectory, "trajectory", kMay)
        .Flag(a->anonymous, "--anonymous")
        .Option(a->question, "--question", kMust)
        .Option(a->subject, "--subject")
        .Choices(a->categories, "--category", "category", kMust)
        .Choice(a->purpose, "--purpose", "purpose")
        .Choice(a->urgency, "--urgency", "urgency")
        .Option(a->answer_by, "--answer-by")
        .Flag(a->checked, "--checked");
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &Ask));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("consultations reveal");
    leaf.Positional(a->consultation, "consultation").Positional(a->trajectory, "trajectory").Option(a->text, "--text");
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &Reveal));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("consultations list").Positional(a->trajectory, "trajectory", kMay).Does(with(a, &List));
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("consultations show").Positional(a->consultation, "consultation").Does(with(a, &Show));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("consultations answer");
    leaf.Positional(a->consultation, "consultation").Option(a->text, "--text", kMust).Flag(a->checked, "--checked");
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &Answer));
  }
  {
    auto a = std::make_shared<Arguments>();
    Leaf leaf = tree.Add("consultations conclude");
    leaf.Positional(a->consultation, "consultation")
        .Choice(a->taken, "--taken", "taken", kMust)
        .Option(a->why, "--why")
        .Flag(a->checked, "--checked");
    AddToWhom(leaf, a->whom);
    leaf.Does(with(a, &Conclude));
  }
}

}  // namespace schakel
