// verify: who saw what, offline, with public keys alone.
#include <algorithm>
#include <map>

#include "access_table.h"
#include "agents/services.h"
#include "commands.h"
#include "files.h"
#include "local_time.h"
#include "output.h"
#include "protocol/archive.h"
#include "protocol/evidence.h"
#include "protocol/verdict.h"
#include "verify_keys.h"

namespace schakel::verify_commands {
namespace {

using Arguments = VerifyArguments;

struct Verified {
  std::string log;
  std::string subject;  // Every entry bears it out.
  CheckedEvidence evidence;
  std::vector<Completeness> complete;
  std::optional<Parties> parties;  // With the registrars' keys.
  std::size_t witnesses = 0;       // Heads in the file that are said to be cosigned.
};

Result<Verified> Check(const Arguments& arguments, ByteView bytes) {
  SCHAKEL_ASSIGN(const NoteVerifier verifier, HubKey(arguments.hub_key));
  auto evidence = DecodeEvidence(bytes);
  if (!evidence) {
    // Which field of which version it broke on helps nobody who took the wrong file.
    if (evidence.error().code == Code::kVersion) return std::unexpected(evidence.error());
    return Fail(Code::kInvalid, "evidence.file", arguments.file, "check that it is the right file");
  }
  SCHAKEL_ASSIGN(const auto registrars, RegistrarKeys(arguments));
  Verified verified{verifier.name, evidence->subject, {}, {}, {}, evidence->witnesses.size()};
  SCHAKEL_ASSIGN(verified.evidence, CheckEvidence(*evidence, verifier));
  if (verified.evidence.entries.empty()) {
    return Fail(Code::kInvalid, "evidence.empty", arguments.file, "ask for the evidence again");
  }
  SCHAKEL_TRY(CheckWhole(verified.evidence.entries));
  SCHAKEL_ASSIGN(verified.complete, CheckComplete(*evidence, verified.evidence));
  if (registrars) {
    auto parties = CheckParties(*evidence, verified.evidence, verifier.name, *registrars);
    if (!parties) return std::unexpected(SignedBy(parties.error(), *evidence, *registrars));
    verified.parties = std::move(*parties);
  }
  return verified;
}

Json RowView(const AccessRow& row) {
  Json view = {{"sequence", row.sequence.value()},
               {"at", ToText(row.at)},
               {"what", Slug(row.what)},
               {"organisation", row.organisation.value()},
               {"record", IsNone(row.record) ? Json(nullptr) : Json(ToText(row.record))}};
  if (row.kind) view["kind"] = Slug(*row.kind);
  if (row.role) view["role"] = Slug(*row.role);
  if (row.reason) view["reason"] = Slug(*row.reason);
  if (row.seen_at) view["seen_at"] = ToText(*row.seen_at);
  if (row.grant) view["grant"] = ToText(*row.grant);
  if (row.denial) view["denial"] = Slug(*row.denial);
  if (row.refusal) view["rule"] = row.refusal->rule;
  return view;
}

std::string Joined(const std::vector<std::string>& parts, const std::string& between) {
  std::string all;
  for (const std::string& part : parts) all += (all.empty() ? "" : between) + part;
  return all;
}
std::string Names(const std::vector<OrgId>& organisations) {
  std::vector<std::string> names;
  for (const OrgId& organisation : organisations) names.push_back(organisation.value());
  return Joined(names, ", ");
}

// What is proven, in one sentence.
std::string ProvenSentence(Session& session, const Verified& verified) {
  std::string more;
  std::map<Sequence, std::vector<OrgId>> complete;
  for (const Completeness& one : verified.complete) complete[one.before].push_back(one.recipient);
  for (const auto& [before, recipients] : complete) {
    more += session.T("cli.verify.complete",
                      {{"organisations", Names(recipients)}, {"sequence", std::to_string(before.value())}});
  }
  if (verified.parties && !verified.parties->authors.empty()) {
    more += session.T("cli.verify.authors", {{"organisations", Names(verified.parties->authors)}});
  }
  std::vector<std::string> witnesses;
  if (verified.parties) {
    for (const Witness& witness : verified.parties->witnesses) {
      witnesses.push_back(session.T("cli.verify.witness", {{"organisation", witness.organisation.value()},
                                                           {"size", std::to_string(witness.head.size)}}));
    }
  }
  if (!witnesses.empty()) more += session.T("cli.verify.witnessed", {{"witnesses", Joined(witnesses, ", ")}});
  return session.T("cli.verify.proven", {{"count", std::to_string(verified.evidence.entries.size())},
                                         {"log", verified.log},
                                         {"size", std::to_string(verified.evidence.head.size)},
                                         {"more", more}});
}

// And what is not.
std::string NotProvenSentence(Session& session, const Verified& verified) {
  std::vector<std::string> not_proven = {
      session.T(verified.complete.empty() ? "cli.verify.not.complete" : "cli.verify.not.rest")};
  if (!verified.parties) {
    not_proven.push_back(session.T("cli.verify.not.parties"));
  } else {
    if (!verified.parties->unknown.empty()) {
      not_proven.push_back(session.T("cli.verify.not.known", {{"organisations", Names(verified.parties->unknown)}}));
    }
    if (verified.parties->unchecked > 0) {
      not_proven.push_back(
          session.T("cli.verify.not.cosignatures", {{"count", std::to_string(verified.parties->unchecked)}}));
    }
    if (verified.parties->witnesses.empty()) not_proven.push_back(session.T("cli.verify.not.witnessed"));
  }
  not_proven.push_back(session.T("cli.verify.not.time"));
  return session.T("cli.verify.limit", {{"what", Joined(not_proven, "; ")}});
}

Json CompleteView(const Verified& verified) {
  Json complete = Json::array();
  for (const Completeness& one : verified.complete) {
    complete.push_back(
        {{"organisation", one.recipient.value()}, {"deliveries", one.deliveries}, {"before", one.before.value()}});
  }
  return complete;
}

Json PartiesView(const Verified& verified) {
  if (!verified.parties) return nullptr;
  Json view = {{"authors", Json::array()},
               {"unknown", Json::array()},
               {"witnesses", Json::array()},
               {"unchecked_cosignatures", verified.parties->unchecked}};
  for (const OrgId& author : verified.parties->authors) view["authors"].push_back(author.value());
  for (const OrgId& one : verified.parties->unknown) view["unknown"].push_back(one.value());
  for (const Witness& witness : verified.parties->witnesses) {
    view["witnesses"].push_back({{"organisation", witness.organisation.value()},
                                 {"size", witness.head.size},
                                 {"root", ToHex(witness.head.root)},
                                 {"at", ToText(witness.at)}});
  }
  return view;
}

// By the hub's clock, which may have been set back meanwhile.
std::pair<Timestamp, Timestamp> PeriodOf(const std::vector<Entry>& entries) {
  const auto [first, last] = std::ranges::minmax(entries, {}, &Entry::at);
  return {first.at, last.at};
}

Json LeapsView(const std::vector<Entry>& entries) {
  Json leaps = Json::array();
  for (const ClockLeap& leap : ClockLeaps(entries)) {
    leaps.push_back({{"sequence", leap.at.value()}, {"from", ToText(leap.from)}, {"to", ToText(leap.to)}});
  }
  return leaps;
}

void PrintLeaps(Session& session, const std::vector<Entry>& entries) {
  for (const ClockLeap& leap : ClockLeaps(entries)) {
    session.out() << session.T("cli.verify.leap", {{"sequence", std::to_string(leap.at.value())},
                                                   {"from", LocalExactText(leap.from, session.language())},
                                                   {"to", LocalExactText(leap.to, session.language())}})
                  << '\n';
  }
}

Json VerifiedView(Session& session, const Verified& verified, const std::vector<AccessRow>& rows, bool with_rows) {
  const auto& entries = verified.evidence.entries;
  const auto [from, until] = PeriodOf(entries);
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
               {"from", ToText(from)},
               {"until", ToText(until)},
               {"clock_set_back", LeapsView(entries)},
               {"entries", entries.size()},
               {"size", verified.evidence.head.size},
               {"root", ToHex(verified.evidence.head.root)},
               {"feeds", std::move(feeds)},
               {"complete", CompleteView(verified)},
               {"parties", PartiesView(verified)},
               {"witnessed_heads", verified.witnesses},
               {"sentence", ProvenSentence(session, verified)},
               {"not_proven", NotProvenSentence(session, verified)}};
  if (with_rows) {
    json["rows"] = Json::array();
    for (const AccessRow& row : rows) json["rows"].push_back(RowView(row));
  }
  return json;
}

void PrintRows(Session& session, const std::vector<AccessRow>& rows) {
  Table table = AccessTable(session);
  std::map<RecordId, Kind> kinds;  // As the file itself tells.
  for (const AccessRow& row : rows) {
    if (row.kind) kinds.emplace(row.record, *row.kind);
  }
  for (const AccessRow& row : rows) {
    const auto kind = kinds.find(row.record);
    std::string who = row.organisation.value();
    if (row.role) who += ": " + std::string(Label(*row.role, session.language()));
    std::string because;
    if (row.denial) because = Label(*row.denial, session.language());
    if (row.refusal) because = Explain(*row.refusal, session.language()).what;
    if (row.reason) because = Label(*row.reason, session.language());
    if (row.seen_at && LocalText(*row.seen_at, session.language()) != LocalText(row.at, session.language())) {
      because += session.T("cli.audit.seen_at", {{"at", LocalExactText(*row.seen_at, session.language())}});
    }
    if (row.grant) because = session.T("cli.audit.grant", {{"id", Short(ToText(*row.grant))}});
    table.Add({LocalExactText(row.at, session.language()), who, session.Word("access", Json(Slug(row.what))),
               AccessRecord(session, IsNone(row.record) ? Json(nullptr) : Json(ToText(row.record)),
                            kind == kinds.end() ? Json(nullptr) : Json(Slug(kind->second))),
               because});
  }
  table.PrintWhole(session.out());
}

// "Traject 7c01…": what the file is about, in the reader's words.
std::string SubjectText(Session& session, const std::string& subject) {
  const std::size_t space = subject.find(' ');
  const std::string id = space == std::string::npos ? std::string() : subject.substr(space + 1);
  return session.T(subject.starts_with("record") ? "cli.col.record" : "cli.col.trajectory") + " " + id;
}

// Without keys, or a file to read, nothing can be said about what it shows.
int SayUnlooked(Session& session, const Arguments& arguments, const Error& why) {
  session.Say(why);
  session.world().err << session.T("cli.verify.unlooked", {{"file", arguments.file}}) << '\n';
  return 1;
}

int Verify(Session& session, const Arguments& arguments) {
  if (arguments.threshold == 0) {
    return session.SayMisuse(session.T("cli.verify.threshold_none"), session.T("cli.verify.threshold_none_next"));
  }
  if (arguments.threshold != Arguments::kAll && arguments.registrars.empty()) {
    return session.SayMisuse(session.T("cli.verify.threshold_alone"), session.T("cli.verify.threshold_alone_next"));
  }
  if (const auto key = HubKey(arguments.hub_key); !key) return SayUnlooked(session, arguments, key.error());
  if (const auto keys = RegistrarKeys(arguments); !keys) return SayUnlooked(session, arguments, keys.error());
  const auto bytes = ReadWhole(arguments.file, kEvidenceBytesMax);
  if (!bytes) return SayUnlooked(session, arguments, bytes.error());
  if (IsArchive(*bytes)) return VerifyArchive(session, arguments, *bytes);
  const auto verified = Check(arguments, *bytes);
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
  const auto [from, until] = PeriodOf(entries);
  session.out() << SubjectText(session, verified->subject) << '\n'
                << session.T("cli.verify.period", {{"from", LocalExactText(from, session.language())},
                                                   {"until", LocalExactText(until, session.language())}})
                << '\n';
  PrintLeaps(session, entries);
  session.out() << ProvenSentence(session, *verified) << '\n';
  for (const FeedSpan& span : FeedSpans(entries, verified->complete)) {
    const std::uint64_t positions = span.last.value() - span.first.value() + 1;
    if (span.present == positions) continue;
    session.out() << session.T("cli.verify.gaps", {{"organisation", span.organisation.value()},
                                                   {"first", std::to_string(span.first.value())},
                                                   {"last", std::to_string(span.last.value())},
                                                   {"count", std::to_string(positions - span.present)}})
                  << '\n';
  }
  session.out() << NotProvenSentence(session, *verified) << '\n';
  return 0;
}

}  // namespace
}  // namespace schakel::verify_commands

namespace schakel {

void AddVerifyCommands(CommandTree& tree) {
  using namespace verify_commands;
  using enum Leaf::Must;
  {
    auto a = std::make_shared<Arguments>();
    tree.Add("verify")
        .Positional(a->file, "file")
        .Option(a->hub_key, "--hub-key", kMust)
        .List(a->registrars, "--registrar")
        .Number(a->threshold, "--threshold")
        .Flag(a->rows, "--rows")
        .Does([a](Session& session) { return Verify(session, *a); });
  }
}

}  // namespace schakel
