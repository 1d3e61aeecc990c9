// audit: who saw what. verify: the same, offline, with the hub's public key alone.
#include <algorithm>

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

int Audit(Session& session, const Arguments& arguments) {
  const std::string path = "/v1/trajectories/" + PercentEncoded(arguments.trajectory);
  if (!arguments.export_file.empty()) {
    const auto bytes = session.GetBytes(path + "/evidence" + Query(arguments));
    if (!bytes) return 1;
    if (auto written = WriteNew(arguments.export_file, AsBytes(*bytes), FileMode::kOwnerOnly); !written) {
      return session.Say(written.error());
    }
  }
  const auto answer = session.Get(path + "/accesses" + Query(arguments));
  if (!answer) return 1;
  if (!session.PrintedJson(*answer)) {
    Table table({session.T("cli.col.at"), session.T("cli.col.who"), session.T("cli.col.what"),
                 session.T("cli.col.record"), session.T("cli.col.because")});
    for (const Json& row : answer->at("rows")) {
      const Json& record = row.at("record");
      table.Add({session.When(row.contains("seen_at") ? row.at("seen_at") : row.at("at")), Who(session, row),
                 session.Word("access", row.at("what")), record.is_null() ? "" : Short(record.get<std::string>()),
                 Because(session, row)});
    }
    if (table.empty()) {
      session.out() << session.T("cli.audit.none") << '\n';
    } else {
      table.Print(session.out());
    }
  }
  if (!arguments.export_file.empty()) {
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

Result<CheckedEvidence> Check(const Arguments& arguments, std::string& origin) {
  SCHAKEL_ASSIGN(const NoteVerifier verifier, HubKey(arguments.hub_key));
  origin = verifier.name;
  SCHAKEL_ASSIGN(const Bytes bytes, ReadWhole(arguments.file, kEvidenceBytesMax));
  SCHAKEL_ASSIGN(const Evidence evidence, DecodeEvidence(bytes));
  return CheckEvidence(evidence, verifier);
}

void PrintRows(Session& session, const std::vector<AccessRow>& rows) {
  Table table({session.T("cli.col.at"), session.T("cli.col.who"), session.T("cli.col.what"),
               session.T("cli.col.record"), session.T("cli.col.because")});
  for (const AccessRow& row : rows) {
    std::string who = row.organisation.value();
    if (row.role) who += ": " + std::string(Label(*row.role, session.language()));
    std::string because;
    if (row.denial) because = Label(*row.denial, session.language());
    if (row.reason) because = Label(*row.reason, session.language());
    if (row.grant) because = session.T("cli.audit.grant", {{"id", Short(ToText(*row.grant))}});
    table.Add({LocalText(row.at, session.language()), who, session.Word("access", Json(Slug(row.what))),
               IsNone(row.record) ? "" : Short(ToText(row.record)), because});
  }
  table.Print(session.out());
}

int Verify(Session& session, const Arguments& arguments) {
  std::string origin;
  const auto checked = Check(arguments, origin);
  if (!checked) {
    session.Say(checked.error());
    session.world().err << session.T("cli.verify.failed", {{"file", arguments.file}}) << '\n';
    return 1;
  }
  const auto rows = RowsOf(checked->entries, RecordId{}, [](const Id128&) { return std::nullopt; });
  const Json json = {{"proven", true},
                     {"log", origin},
                     {"entries", checked->entries.size()},
                     {"size", checked->head.size},
                     {"root", ToHex(checked->head.root)}};
  if (session.PrintedJson(json)) return 0;
  if (arguments.rows) PrintRows(session, rows);
  session.out() << session.T("cli.verify.proven", {{"count", std::to_string(checked->entries.size())},
                                                   {"log", origin},
                                                   {"size", std::to_string(checked->head.size)}})
                << '\n';
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
