// audit: who saw what. verify: the same, offline, with the hub's public key alone.
#include <algorithm>
#include <filesystem>

#include "agents/services.h"
#include "commands.h"
#include "files.h"
#include "local_time.h"
#include "output.h"
#include "protocol/evidence.h"

namespace schakel {
namespace {

struct Arguments {
  std::string trajectory;
  std::string record;
  std::string export_file;
  std::string file;
  std::string hub_key;
  bool rows = false;
};
using Shared = std::shared_ptr<Arguments>;

std::string Query(const Arguments& arguments) {
  return arguments.record.empty() ? "" : "?record=" + PercentEncoded(arguments.record);
}

// Why, or by what right.
std::string Because(Session& session, const Json& row) {
  if (row.contains("denial")) return row.at("denial").at("label");
  if (row.contains("grant")) return session.T("cli.audit.grant", {{"id", Short(row.at("grant").get<std::string>())}});
  if (row.contains("reason")) {
    auto reason = ParseViewReason(row.at("reason").get<std::string>());
    if (reason) return std::string(Label(*reason, session.language()));
  }
  return row.contains("kind") ? session.KindWord(row.at("kind")) : std::string();
}

std::string Who(Session& session, const Json& row) {
  std::string who = session.Name(row.at("organisation"));
  if (row.contains("person")) {
    who += ": " + row.at("person").get<std::string>();
  } else if (row.contains("role")) {
    auto role = ParseStaffRole(row.at("role").get<std::string>());
    if (role) who += ": " + std::string(Label(*role, session.language()));
  }
  return who;
}

// Printed whole: whoever saw something is named in full.
Table AccessTable(Session& session) {
  return Table({session.T("cli.col.at"), session.T("cli.col.who"), session.T("cli.col.what"),
                session.T("cli.col.record"), session.T("cli.col.because")});
}

int Audit(Session& session, const Arguments& arguments) {
  const bool exporting = !arguments.export_file.empty();
  std::string target = "/v1/trajectories/" + PercentEncoded(arguments.trajectory) + "/accesses" + Query(arguments);
  // Before anything is asked: each question is logged.
  std::error_code ignored;
  if (exporting && std::filesystem::exists(arguments.export_file, ignored)) {
    return session.Say({Code::kExists, "file.exists", arguments.export_file, "choose another name"});
  }
  // The file and the rows are one answer to one question.
  if (exporting) target += std::string(arguments.record.empty() ? "?" : "&") + "evidence=true";
  auto answer = session.Get(target);
  if (!answer) return 1;
  if (exporting) {
    const auto bytes = FromBase64(answer->at("evidence").get<std::string>());
    answer->erase("evidence");
    if (auto written = WriteNew(arguments.export_file, bytes.value(), FileMode::kOwnerOnly); !written) {
      return session.Say(written.error());
    }
  }
  if (!session.PrintedJson(*answer)) {
    Table table = AccessTable(session);
    for (const Json& row : answer->at("rows")) {
      const Json& record = row.at("record");
      table.Add({session.Exactly(row.contains("seen_at") ? row.at("seen_at") : row.at("at")), Who(session, row),
                 session.Word("access", row.at("what")), record.is_null() ? "" : Short(record.get<std::string>()),
                 Because(session, row)});
    }
    if (table.empty()) {
      session.out() << session.T("cli.audit.none") << '\n';
    } else {
      table.PrintWhole(session.out());
    }
  }
  if (exporting) {
    session.world().err << session.T("cli.audit.exported", {{"file", arguments.export_file}}) << '\n'
                        << "hint: " << session.T("cli.audit.exported_next", {{"file", arguments.export_file}}) << '\n';
  }
  return 0;
}

Result<NoteVerifier> HubKey(const std::string& argument) {
  std::string text = argument;
  if (argument.starts_with('@')) {
    SCHAKEL_ASSIGN(const Bytes bytes, ReadWhole(argument.substr(1), 4096));
    text = std::string(AsText(bytes));
  }
  text.erase(text.find_last_not_of(" \r\n\t") + 1);
  return ParseNoteVerifier(text);
}

struct Verified {
  std::string log;
  std::string subject;  // Every entry bears it out.
  CheckedEvidence evidence;
};

Result<Verified> Check(const Arguments& arguments) {
  SCHAKEL_ASSIGN(const NoteVerifier verifier, HubKey(arguments.hub_key));
  SCHAKEL_ASSIGN(const Bytes bytes, ReadWhole(arguments.file, kEvidenceBytesMax));
  auto evidence = DecodeEvidence(bytes);
  if (!evidence) {
    // Which field of which version it broke on helps nobody who took the wrong file.
    if (evidence.error().code == Code::kVersion) return std::unexpected(evidence.error());
    return Fail(Code::kInvalid, "evidence.file", arguments.file, "check that it is the right file");
  }
  Verified verified{verifier.name, evidence->subject, {}};
  SCHAKEL_ASSIGN(verified.evidence, CheckEvidence(*evidence, verifier));
  if (verified.evidence.entries.empty()) {
    return Fail(Code::kInvalid, "evidence.empty", arguments.file, "ask for the evidence again");
  }
  SCHAKEL_TRY(CheckWhole(verified.evidence.entries));
  return verified;
}

Json RowView(const AccessRow& row) {
  Json view = {{"sequence", row.sequence.value()},
               {"at", ToText(row.at)},
               {"what", Slug(row.what)},
               {"organisation", row.organisation.value()},
               {"record", IsNone(row.record) ? Json(nullptr) : Json(ToText(row.record))}};
  if (row.what == AccessRow::What::kSent) view["kind"] = Slug(row.kind);
  if (row.role) view["role"] = Slug(*row.role);
  if (row.reason) view["reason"] = Slug(*row.reason);
  if (row.seen_at) view["seen_at"] = ToText(*row.seen_at);
  if (row.grant) view["grant"] = ToText(*row.grant);
  if (row.denial) view["denial"] = Slug(*row.denial);
  return view;
}

Json VerifiedView(Session& session, const Verified& verified, const std::vector<AccessRow>& rows, bool with_rows) {
  const auto& entries = verified.evidence.entries;
  Json feeds = Json::array();
  for (const FeedSpan& span : FeedSpans(entries)) {
    feeds.push_back({{"organisation", span.organisation.value()},
                     {"first", span.first.value()},
                     {"last", span.last.value()},
                     {"present", span.present}});
  }
  Json json = {{"proven", true},
               {"log", verified.log},
               {"subject", verified.subject},
               {"from", ToText(entries.front().at)},
               {"until", ToText(entries.back().at)},
               {"entries", entries.size()},
               {"size", verified.evidence.head.size},
               {"root", ToHex(verified.evidence.head.root)},
               {"feeds", std::move(feeds)},
               {"not_proven", session.T("cli.verify.limit")}};
  if (with_rows) {
    json["rows"] = Json::array();
    for (const AccessRow& row : rows) json["rows"].push_back(RowView(row));
  }
  return json;
}

void PrintRows(Session& session, const std::vector<AccessRow>& rows) {
  Table table = AccessTable(session);
  for (const AccessRow& row : rows) {
    std::string who = row.organisation.value();
    if (row.role) who += ": " + std::string(Label(*row.role, session.language()));
    std::string because;
    if (row.denial) because = Label(*row.denial, session.language());
    if (row.reason) because = Label(*row.reason, session.language());
    if (row.grant) because = session.T("cli.audit.grant", {{"id", Short(ToText(*row.grant))}});
    table.Add({LocalExactText(row.at, session.language()), who, session.Word("access", Json(Slug(row.what))),
               IsNone(row.record) ? "" : Short(ToText(row.record)), because});
  }
  table.PrintWhole(session.out());
}

// "Traject 7c01…": what the file is about, in the reader's words.
std::string SubjectText(Session& session, const std::string& subject) {
  const std::size_t space = subject.find(' ');
  const std::string id = space == std::string::npos ? std::string() : subject.substr(space + 1);
  return session.T(subject.starts_with("record") ? "cli.col.record" : "cli.col.trajectory") + " " + id;
}

int Verify(Session& session, const Arguments& arguments) {
  const auto verified = Check(arguments);
  if (!verified) {
    session.Say(verified.error());
    session.world().err << session.T("cli.verify.failed", {{"file", arguments.file}}) << '\n';
    return 1;
  }
  const auto& entries = verified->evidence.entries;
  const auto rows = RowsOf(entries, RecordId{}, [](const Id128&) { return std::nullopt; });
  if (session.PrintedJson(VerifiedView(session, *verified, rows, arguments.rows))) return 0;
  if (arguments.rows) {
    PrintRows(session, rows);
    session.out() << '\n';
  }
  session.out() << SubjectText(session, verified->subject) << '\n'
                << session.T("cli.verify.period", {{"from", LocalExactText(entries.front().at, session.language())},
                                                   {"until", LocalExactText(entries.back().at, session.language())}})
                << '\n'
                << session.T("cli.verify.proven", {{"count", std::to_string(entries.size())},
                                                   {"log", verified->log},
                                                   {"size", std::to_string(verified->evidence.head.size)}})
                << '\n';
  for (const FeedSpan& span : FeedSpans(entries)) {
    const std::uint64_t positions = span.last.value() - span.first.value() + 1;
    if (span.present == positions) continue;
    session.out() << session.T("cli.verify.gaps", {{"organisation", span.organisation.value()},
                                                   {"first", std::to_string(span.first.value())},
                                                   {"last", std::to_string(span.last.value())},
                                                   {"count", std::to_string(positions - span.present)}})
                  << '\n';
  }
  session.out() << session.T("cli.verify.limit") << '\n';
  return 0;
}

}  // namespace

void AddAuditCommands(CommandTree& tree) {
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("audit")
        .Positional(a->trajectory, "trajectory")
        .Option(a->record, "--record")
        .Option(a->export_file, "--export")
        .Does([a](Session& session) { return Audit(session, *a); });
  }
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("verify")
        .Positional(a->file, "file")
        .Option(a->hub_key, "--hub-key", kMust)
        .Flag(a->rows, "--rows")
        .Does([a](Session& session) { return Verify(session, *a); });
  }
}

}  // namespace schakel
