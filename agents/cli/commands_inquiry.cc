// audit: who saw what, in all its questions; as a table, a file for other programs, and evidence.
#include <algorithm>
#include <filesystem>
#include <map>

#include "access_table.h"
#include "commands.h"
#include "files.h"
#include "local_time.h"

namespace schakel::inquiry_commands {
namespace {

struct Arguments {
  std::string trajectory;
  std::string record;
  std::string organisation;
  std::string person;
  std::string from;
  std::string until;
  std::string format;
  std::string output;
  std::string export_file;
  std::string id;
  bool denied = false;
  bool without_task = false;
};
using Shared = std::shared_ptr<Arguments>;

// Why, or by what right.
std::string Because(Session& session, const Json& row) {
  std::string because;
  if (row.contains("denial")) return row.at("denial").at("label");
  if (row.contains("refusal")) {
    because = row.at("refusal").at("title");
    if (row.contains("about"))
      because += session.T("cli.audit.about", {{"person", row.at("about").get<std::string>()}});
    return because;
  }
  if (row.contains("grant")) return session.T("cli.audit.grant", {{"id", Short(row.at("grant").get<std::string>())}});
  if (row.contains("reason")) {
    auto reason = ParseViewReason(row.at("reason").get<std::string>());
    if (reason) because = Label(*reason, session.language());
  }
  // Rows from before the reason was kept have none.
  if (row.at("what") == "turned-away") {
    because += (because.empty() ? "" : "; ") + session.Word("barred", row.value("barred", Json("unkept")));
  }
  if (row.contains("about")) because += session.T("cli.audit.about", {{"person", row.at("about").get<std::string>()}});
  if (row.contains("was_sealed")) because += session.T("cli.audit.was_sealed");
  if (row.contains("why")) because += ": " + row.at("why").get<std::string>();
  if (row.contains("task") && row.at("task") != "has-task")
    because += " (" + session.Word("task", row.at("task")) + ")";
  return because;
}

std::string Who(Session& session, const Json& row) {
  if (row.at("organisation").is_null()) return session.T("audit.other_partner");
  std::string who = session.Name(row.at("organisation"));
  if (row.contains("guest")) {
    const std::string guest = session.Word("who", row.at("guest"));
    who += ": " + (row.contains("person") ? row.at("person").get<std::string>() + ", " + guest : guest);
  } else if (row.contains("person")) {
    who += ": " + row.at("person").get<std::string>();
  } else if (row.contains("role")) {
    auto role = ParseStaffRole(row.at("role").get<std::string>());
    if (role) who += ": " + std::string(Label(*role, session.language()));
  }
  return who;
}

// What it means that nothing was found, for that question.
std::string NothingFound(Session& session, const std::string& question) {
  const std::string key = "cli.audit.none." + question;
  return session.T(HasText(session.language(), key) ? std::string_view(key) : std::string_view("cli.audit.none"));
}

// Rows stand in the order of the log. Where the hub's clock was set back, their times do not.
void SayLeaps(Session& session, const Json& rows) {
  std::optional<Timestamp> before;
  for (const Json& row : rows) {
    const auto at = ParseTimestamp(row.at("at").get<std::string>());
    if (row.at("sequence").is_null() || !at) continue;
    if (before && *before - *at >= kClockLeapMin) {
      session.world().err << "hint: "
                          << session.T("cli.verify.leap",
                                       {{"sequence", std::to_string(row.at("sequence").get<std::uint64_t>())},
                                        {"from", session.Exactly(ToText(*before))},
                                        {"to", session.Exactly(row.at("at"))}})
                          << '\n';
    }
    before = *at;
  }
}

void PrintRows(Session& session, const Json& rows, const std::string& question) {
  Table table = AccessTable(session);
  for (const Json& row : rows) {
    // The hub's time, as `verify` shows it, and in that order; what the viewer's agent says is named as such.
    std::string because = Because(session, row);
    if (row.contains("seen_at") && session.When(row.at("seen_at")) != session.When(row.at("at"))) {
      because += session.T("cli.audit.seen_at", {{"at", session.Exactly(row.at("seen_at"))}});
    }
    table.Add({session.Exactly(row.at("at")), Who(session, row), session.Word("access", row.at("what")),
               AccessRecord(session, row.at("record"), row.value("kind", Json())), because});
  }
  if (table.empty()) {
    session.out() << NothingFound(session, question) << '\n';
  } else {
    table.PrintWhole(session.out());
    SayLeaps(session, rows);
  }
}

// Who looked without a task looked at many records at once: one line for each person, trajectory and why.
void PrintLooks(Session& session, const Json& rows, const std::string& question) {
  struct Looks {
    std::size_t count = 0;
    std::string first;
    std::string last;
  };
  std::map<std::vector<std::string>, Looks> looks;
  for (const Json& row : rows) {
    const Json& trajectory = row.value("trajectory", Json());
    const std::string where = trajectory.is_string() ? Short(trajectory.get<std::string>()) : std::string();
    const std::string at = row.at(row.contains("seen_at") ? "seen_at" : "at");
    Looks& one = looks[{Who(session, row), where, Because(session, row)}];
    if (one.count++ == 0 || at < one.first) one.first = at;
    one.last = std::max(one.last, at);
  }
  Table table({session.T("cli.col.who"), session.T("cli.col.trajectory"), session.T("cli.col.looks"),
               session.T("cli.col.first"), session.T("cli.col.last"), session.T("cli.col.because")});
  for (const auto& [key, one] : looks) {
    table.Add(
        {key[0], key[1], std::to_string(one.count), session.Exactly(one.first), session.Exactly(one.last), key[2]});
  }
  if (table.empty()) {
    session.out() << NothingFound(session, question) << '\n';
  } else {
    table.PrintWhole(session.out());
  }
}

// Of the options, which question it is. Nothing: more than one.
std::optional<std::string> QuestionOf(const Arguments& arguments) {
  std::vector<std::string> asked;
  if (!arguments.record.empty()) asked.emplace_back("record");
  if (!arguments.organisation.empty()) asked.emplace_back("organisation");
  if (!arguments.person.empty()) asked.emplace_back("person");
  if (arguments.denied) asked.emplace_back("denied");
  if (arguments.without_task) asked.emplace_back("without-task");
  if (asked.size() > 1) return std::nullopt;
  return asked.empty() ? "all" : asked.front();
}

std::optional<std::string> Target(Session& session, const Arguments& arguments, const std::string& question) {
  Json times = Json::object();
  if (!PutTime(session, arguments.from, "--from", "from", times)) return std::nullopt;
  if (!PutEnd(session, arguments.until, {}, "until", times)) return std::nullopt;
  std::string target = "/v1/audit?question=" + question;
  for (const auto& [name, value] :
       {std::pair("trajectory", arguments.trajectory), std::pair("record", arguments.record),
        std::pair("organisation", arguments.organisation), std::pair("person", arguments.person),
        std::pair("from", times.value("from", std::string())), std::pair("until", times.value("until", std::string())),
        std::pair("format", arguments.format)}) {
    if (!value.empty()) target += std::string("&") + name + "=" + PercentEncoded(value);
  }
  return target;
}

bool IsThere(Session& session, const std::string& file) {
  std::error_code ignored;
  if (file.empty() || !std::filesystem::exists(file, ignored)) return false;
  session.Say({Code::kExists, "file.exists", file, "choose another name"});
  return true;
}

// For another program: to the file, or to standard output.
int PrintedFile(Session& session, const std::string& target, const std::string& output) {
  const auto bytes = session.GetBytes(target);
  if (!bytes) return 1;
  if (output.empty()) {
    session.out() << *bytes;
    return 0;
  }
  if (auto written = WriteNew(output, AsBytes(*bytes), FileMode::kOwnerOnly); !written) {
    return session.Say(written.error());
  }
  session.world().err << session.T("cli.export.written", {{"file", output}}) << '\n';
  return 0;
}

// One file for each trajectory: the one that was named, or FILE, FILE.2, FILE.3, ..
bool WroteEvidence(Session& session, const Json& files, const std::string& name) {
  std::size_t number = 0;
  for (const Json& file : files) {
    const std::string path = ++number == 1 ? name : name + "." + std::to_string(number);
    const auto bytes = FromBase64(file.at("file").get<std::string>());
    if (auto written = WriteNew(path, bytes.value(), FileMode::kOwnerOnly); !written) {
      session.Say(written.error());
      return false;
    }
    session.world().err << session.T("cli.audit.exported", {{"file", path}}) << '\n'
                        << "hint: " << session.T("cli.audit.exported_next", {{"file", path}}) << '\n';
  }
  return true;
}

int Audit(Session& session, const Arguments& arguments) {
  const bool exporting = !arguments.export_file.empty();
  const auto question = QuestionOf(arguments);
  if (!question) {
    return session.SayMisuse(session.T("cli.audit.one_question"), session.T("cli.audit.one_question_next"));
  }
  // The file holds the hub's whole answer, so that nothing can be left out of it unseen.
  const bool narrowed =
      (*question != "all" && *question != "record") || !arguments.from.empty() || !arguments.until.empty();
  if (exporting && narrowed) {
    return session.SayMisuse(session.T("cli.audit.export_whole"), session.T("cli.audit.export_whole_next"));
  }
  auto target = Target(session, arguments, *question);
  if (!target) return 1;
  // Before anything is asked: each question is logged.
  if (IsThere(session, arguments.export_file) || IsThere(session, arguments.output)) return 1;
  if (arguments.format == "csv" || arguments.format == "fhir") {
    return PrintedFile(session, *target, arguments.output);
  }
  // The file and the rows are one answer to one question.
  if (exporting) *target += "&evidence=true";
  auto answer = session.Get(*target);
  if (!answer) return 1;
  answer->erase("next");
  const Json files = answer->value("evidence", Json::array());
  answer->erase("evidence");
  if (!arguments.output.empty()) {
    const std::string text = answer->dump(1) + "\n";
    if (auto written = WriteNew(arguments.output, AsBytes(text), FileMode::kOwnerOnly); !written) {
      return session.Say(written.error());
    }
    session.world().err << session.T("cli.export.written", {{"file", arguments.output}}) << '\n';
  } else if (arguments.format == "json") {
    session.out() << answer->dump(1) << '\n';
  } else if (!session.PrintedJson(*answer)) {
    const auto print = *question == "without-task" ? &PrintLooks : &PrintRows;
    print(session, answer->at("rows"), *question);
    session.world().err << session.T("cli.audit.on_their_way") << '\n';
    for (const Json& id : answer->value("unasked", Json::array())) {
      session.world().err << session.T("cli.audit.unasked", {{"id", Short(id.get<std::string>())}}) << '\n';
    }
  }
  return exporting && !WroteEvidence(session, files, arguments.export_file) ? 1 : 0;
}

int ExportGrants(Session& session, const Arguments& arguments) {
  if (IsThere(session, arguments.output)) return 1;
  return PrintedFile(session, "/v1/consents/" + PercentEncoded(arguments.id), arguments.output);
}

}  // namespace
}  // namespace schakel::inquiry_commands

namespace schakel {

void AddInquiryCommands(CommandTree& tree) {
  using namespace inquiry_commands;
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("audit")
        .Positional(a->trajectory, "trajectory", kMay)
        .Option(a->record, "--record")
        .Option(a->organisation, "--organisation")
        .Option(a->person, "--person")
        .Flag(a->denied, "--denied")
        .Flag(a->without_task, "--without-task")
        .Option(a->from, "--from")
        .Option(a->until, "--until")
        .Choice(a->format, "--format", "format")
        .Option(a->output, "--output")
        .Option(a->export_file, "--export")
        .Does([a](Session& session) { return Audit(session, *a); });
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("grants export")
        .Positional(a->id, "id")
        .Choice(a->format, "--format", "consent-format")
        .Option(a->output, "--output")
        .Does([a](Session& session) { return ExportGrants(session, *a); });
  }
}

}  // namespace schakel
