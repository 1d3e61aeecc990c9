// verify, of an archive: record by record, what is proven of it and what is not.
#include <algorithm>
#include <set>

#include "agents/body.h"
#include "commands.h"
#include "local_time.h"
#include "output.h"
#include "protocol/archive.h"
#include "protocol/verdict.h"
#include "verify_keys.h"

namespace schakel {
namespace {

struct Verdict {
  std::string log;
  std::string subject;
  CheckedArchive archive;
  std::optional<Parties> parties;  // With the registrars' keys.
  std::size_t opened = 0;
};

Result<Verdict> Judge(const VerifyArguments& arguments, ByteView bytes) {
  SCHAKEL_ASSIGN(const NoteVerifier verifier, HubKey(arguments.hub_key));
  SCHAKEL_ASSIGN(const auto registrars, RegistrarKeys(arguments));
  auto archive = DecodeArchive(bytes);
  if (!archive) {
    if (archive.error().code == Code::kVersion) return std::unexpected(archive.error());
    return Fail(Code::kInvalid, "archive.file", arguments.file, "check that it is the right file");
  }
  Verdict verdict{verifier.name, archive->evidence.subject, {}, {}, 0};
  SCHAKEL_ASSIGN(verdict.archive, CheckArchive(*archive, verifier));
  if (verdict.archive.records.empty()) {
    return Fail(Code::kInvalid, "evidence.empty", arguments.file, "make the archive again");
  }
  verdict.opened = static_cast<std::size_t>(
      std::ranges::count_if(verdict.archive.records, [](const ArchivedRecord& one) { return one.body.has_value(); }));
  if (!registrars || !verdict.archive.doubts.empty()) return verdict;
  auto parties = CheckParties(archive->evidence, verdict.archive.evidence, verifier.name, *registrars);
  if (!parties) {
    verdict.archive.doubts.push_back(SignedBy(parties.error(), archive->evidence, *registrars));
    return verdict;
  }
  // With the registrars' keys, an author of whom the file does not say who it is leaves a doubt.
  for (const ArchivedRecord& one : verdict.archive.records) {
    if (!one.header || std::ranges::find(parties->unknown, one.header->author) == parties->unknown.end()) continue;
    verdict.archive.doubts.push_back(
        {Code::kUnauthenticated, "archive.author", one.header->author.value(), "make the archive again"});
    break;
  }
  verdict.parties = std::move(*parties);
  return verdict;
}

// "proved", "bare" (in the log, and its words are not in the file) or "altered".
std::string StateOf(const ArchivedRecord& one) {
  if (one.doubt) return "altered";
  return one.body ? "proved" : "bare";
}

Json RecordOf(Session& session, const ArchivedRecord& one, bool with_words) {
  Json view = {{"state", StateOf(one)}};
  if (one.entry) {
    view["sequence"] = one.entry->sequence.value();
    view["at"] = ToText(one.entry->at);
  }
  if (one.header) {
    view["record"] = ToText(one.header->id);
    view["kind"] = Slug(one.header->kind);
    view["author"] = one.header->author.value();
  }
  if (one.doubt) view["doubt"] = Explain(*one.doubt, session.language()).what;
  if (!with_words || !one.body) return view;
  const auto typed = DecodeBody(*one.body);
  view["body"] = typed ? BodyView(Unmarked(*typed)) : Json(nullptr);
  return view;
}

std::string ProvenText(Session& session, const Verdict& verdict) {
  std::string text = session.T("cli.archive.proven", {{"count", std::to_string(verdict.archive.records.size())},
                                                      {"opened", std::to_string(verdict.opened)},
                                                      {"log", verdict.log},
                                                      {"size", std::to_string(verdict.archive.evidence.head.size)}});
  if (verdict.parties) text += " " + session.T("cli.archive.signed");
  return text;
}
std::string NotProvenText(Session& session, const Verdict& verdict) {
  std::string text = session.T("cli.archive.not.whole");
  if (!verdict.parties) text += "; " + session.T("cli.archive.not.signed");
  return session.T("cli.verify.limit", {{"what", text + "; " + session.T("cli.verify.not.time")}});
}

Json ViewOf(Session& session, const Verdict& verdict, bool with_words) {
  Json records = Json::array();
  for (const ArchivedRecord& one : verdict.archive.records) records.push_back(RecordOf(session, one, with_words));
  Json doubts = Json::array();
  for (const Error& doubt : verdict.archive.doubts) doubts.push_back(Explain(doubt, session.language()).what);
  const bool proven = verdict.archive.doubts.empty();
  return {{"proven", proven},
          {"log", verdict.log},
          {"subject", verdict.subject},
          {"size", verdict.archive.evidence.head.size},
          {"records", std::move(records)},
          {"signatures_checked", verdict.parties.has_value()},
          {"doubts", std::move(doubts)},
          {"sentence", proven ? Json(ProvenText(session, verdict)) : Json(nullptr)},
          {"not_proven", NotProvenText(session, verdict)}};
}

void PrintRecords(Session& session, const Verdict& verdict, bool with_words) {
  Table table({session.T("cli.col.at"), session.T("cli.col.record"), session.T("cli.col.kind"),
               session.T("cli.archive.author"), session.T("cli.col.state")});
  for (const ArchivedRecord& one : verdict.archive.records) {
    table.Add({one.entry ? LocalExactText(one.entry->at, session.language()) : "",
               one.header ? Short(ToText(one.header->id)) : "",
               one.header ? session.KindWord(Json(Slug(one.header->kind))) : "",
               one.header ? one.header->author.value() : "", session.T("cli.archive.state." + StateOf(one))});
  }
  table.PrintWhole(session.out());
  if (!with_words) return;
  for (const ArchivedRecord& one : verdict.archive.records) {
    if (!one.body) continue;
    session.out() << '\n' << Short(ToText(one.header->id)) << '\n';
    if (const auto typed = DecodeBody(*one.body)) session.PrintBody(BodyView(Unmarked(*typed)), "  ");
  }
}

}  // namespace

int VerifyArchive(Session& session, const VerifyArguments& arguments, ByteView bytes) {
  const auto verdict = Judge(arguments, bytes);
  if (!verdict) {
    session.Say(verdict.error());
    session.world().err << session.T("cli.verify.failed", {{"file", arguments.file}}) << '\n';
    return 1;
  }
  const bool proven = verdict->archive.doubts.empty();
  if (session.PrintedJson(ViewOf(session, *verdict, arguments.rows && proven))) return proven ? 0 : 1;
  // Words of which there is any doubt are nobody's.
  PrintRecords(session, *verdict, arguments.rows && proven);
  session.out() << '\n';
  if (!proven) {
    for (const Error& doubt : verdict->archive.doubts) session.Say(doubt);
    session.world().err << session.T("cli.archive.doubted", {{"file", arguments.file}}) << '\n';
    return 1;
  }
  session.out() << ProvenText(session, *verdict) << '\n' << NotProvenText(session, *verdict) << '\n';
  return 0;
}

}  // namespace schakel
