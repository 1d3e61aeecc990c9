#include "agents/exporting.h"

#include <algorithm>
#include <map>

#include "journal.h"
#include "methods/paper_network.h"
#include "protocol/archive.h"

namespace schakel {
namespace {

constexpr std::size_t kBytesAroundContent = 256;

Result<Bytes> TooLarge() {
  return Fail(Code::kLimit, "archive.large", "trajectory", "take along the printable dossier and the evidence instead");
}

// Which nobody could verify.
Result<Bytes> Empty() {
  return Fail(Code::kConflict, "archive.empty", "trajectory", "wait until the hub has taken in what you wrote");
}

// The records whose words stand on paper, each once.
std::vector<RecordId> RecordsOnPaper(const CaseTrajectory& trajectory) {
  std::vector<RecordId> ids;
  const auto add = [&](const RecordId& id) {
    if (!IsNone(id) && std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
  };
  add(trajectory.label_record);
  for (const Participant& one : trajectory.participants) add(one.commitment);
  for (const CaseItem& one : trajectory.items) add(one.id);
  for (const CaseReferral& one : trajectory.dossier.referrals) {
    for (const RecordId& id : {one.id, one.answer, one.withdrawal}) add(id);
  }
  for (const CaseCommitment& one : trajectory.dossier.commitments) {
    add(one.text.current().record);
    for (const CaseCited& goal : one.goals) {
      if (goal.state != CaseCited::State::kUnread) add(goal.version);
      for (const auto& [who, said] : goal.persons) add(said.record);
    }
    for (const CaseCited& criterion : one.criteria) {
      if (criterion.state != CaseCited::State::kUnread) add(criterion.version);
    }
  }
  for (const CaseGoal& one : trajectory.dossier.goals) {
    add(one.text.current().record);
    for (const auto& [organisation, progress] : one.progress) add(progress.record);
    for (const CaseGoal::Review& review : one.reviews) add(review.record);
  }
  for (const CaseCriterion& one : trajectory.dossier.criteria) {
    add(one.text.current().record);
    if (one.judgement) add(one.judgement->record);
  }
  for (const CaseAction& one : trajectory.dossier.actions) {
    add(one.text.current().record);
    add(one.said);
  }
  for (const Meeting& one : trajectory.meetings) {
    for (const RecordId& id : {one.id, one.fixed, one.cancelled, one.report}) add(id);
  }
  for (const Consultation& one : trajectory.consultations) {
    add(one.id);
    for (const Consultation::Reply& reply : one.Replies()) add(reply.record);
    add(one.conclusion);
  }
  for (const RecordId& id : RecordsOfNetwork(trajectory.network)) add(id);
  return ids;
}

std::vector<RecordId> RecordsOfPlan(const CaseTrajectory& trajectory) {
  std::vector<RecordId> ids;
  for (const CaseGoal& one : trajectory.dossier.goals) ids.push_back(one.text.current().record);
  for (const CaseAction& one : trajectory.dossier.actions) {
    ids.push_back(one.text.current().record);
    if (!IsNone(one.said)) ids.push_back(one.said);
  }
  for (const CaseReferral& one : trajectory.dossier.referrals) ids.push_back(one.id);
  for (const CaseAftercare& one : trajectory.passage.contacts) ids.push_back(one.text.current().record);
  for (const CaseAdulthoodPlan& one : trajectory.passage.plans) ids.push_back(one.text.current().record);
  for (const CaseHearing& one : trajectory.court.hearings) ids.push_back(one.text.current().record);
  for (const CaseCourtPlan& one : trajectory.court.plans) ids.push_back(one.text.current().record);
  for (const CaseFigure& one : trajectory.network.figures) ids.push_back(one.text.current().record);
  for (const CaseTie& one : trajectory.network.ties) {
    if (!one.statements.empty()) ids.push_back(one.statements.back().record);
  }
  // A form of help goes on by itself after another one: its record stands there twice.
  for (const ModulePeriod& one : ModulesOver(trajectory.help, trajectory.opened_at)) {
    if (!IsNone(one.record) && std::ranges::find(ids, one.record) == ids.end()) ids.push_back(one.record);
  }
  return ids;
}

}  // namespace

Status CheckMayTakeAlong(Engine& engine, const TrajectoryId& id, const Caller& caller, Timestamp now) {
  SCHAKEL_ASSIGN(const bool lets, Sieve(engine, caller, now).LetsInto(id));
  if (lets) return {};
  SCHAKEL_TRY(Note(
      engine,
      {now, Act::What::kTurnedAway, id, RecordId{}, caller.person, caller.reason, {}, {}, AccessRow::Barred::kNoTask}));
  return Fail(Code::kDenied, "view.no_task", "reason",
              "say why you look with another reason than task, or ask the coordinator for the task");
}

Status CheckNotErased(const Engine& engine, Cases& cases, const TrajectoryId& id) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases.Trajectory(id));
  const auto& erasure = trajectory.erasure;
  if (!erasure || !erasure->confirmed_at) return {};
  constexpr std::size_t kDay = 10;
  const std::string day = ToText(*erasure->confirmed_at).substr(0, kDay);
  const auto is_kept = [&](const SealedItem& one) { return one.trajectory == id && !one.destroyed_at; };
  if (std::ranges::any_of(engine.Sealed(), is_kept)) {
    return Fail(Code::kNotFound, "trajectory.erased_kept", day,
                "what the law obliges to keep of it is sealed: an auditor opens it, record by record");
  }
  return Fail(Code::kNotFound, "trajectory.erased", day, "there is nothing left of it to take along");
}

std::vector<RecordId> RecordsToTake(const Engine& engine, const TrajectoryId& id) {
  std::vector<std::pair<Sequence, RecordId>> found;
  engine.Records([&](const HeldRecord& held) {
    const bool in_log = held.state == RecordState::kAccepted || held.state == RecordState::kReceived;
    const bool left_out = held.header.kind == Kind::kViews || held.header.kind == Kind::kAttachmentChunk;
    if (held.header.trajectory == id && in_log && !left_out) {
      found.emplace_back(held.sequence, held.header.id);
    }
    return true;
  });
  std::ranges::sort(found);
  std::vector<RecordId> records;
  records.reserve(found.size());
  for (const auto& [sequence, record] : found) records.push_back(record);
  return records;
}

Result<Paper> ExportService::MakePaper(const TrajectoryId& id, const Caller& caller) {
  return Take(id, caller, "dossier", &RecordsOnPaper);
}
Result<Paper> ExportService::MakePlan(const TrajectoryId& id, const Caller& caller) {
  return Take(id, caller, "fhir", &RecordsOfPlan);
}

Result<Paper> ExportService::Take(const TrajectoryId& id, const Caller& caller, const char* as,
                                  std::vector<RecordId> (*records_of)(const CaseTrajectory&)) {
  Paper paper;
  SCHAKEL_ASSIGN(paper.trajectory, cases_.Trajectory(id));
  paper.printed_at = clock_.Now();
  SCHAKEL_TRY(CheckMayTakeAlong(engine_, id, caller, paper.printed_at));
  SCHAKEL_TRY(CheckNotErased(engine_, cases_, id));
  const std::vector<RecordId> records = records_of(paper.trajectory);
  if (records.size() > kPaperRecordsMax) {
    return Fail(Code::kLimit, "paper.large", "trajectory", "print the parts that are needed from the screen");
  }
  SCHAKEL_TRY(
      Note(engine_, {paper.printed_at, Act::What::kExported, id, RecordId{}, caller.person, caller.reason, as}));
  SCHAKEL_ASSIGN(auto shown, reading_.Show(records, caller));
  if (auto turned = TurnedAway(shown)) return std::unexpected(std::move(*turned));
  for (Reading::Shown& one : shown) paper.shown.emplace(one.held.header.id, std::move(one));
  paper.maker = engine_.Self();
  paper.printed_by = caller.person;
  const EngineStatus status = engine_.Report();
  paper.log = status.hub;
  paper.head = status.seen;
  for (const Directory::Organisation& one : engine_.Organisations()) {
    paper.names[one.statement.organisation] = one.statement.name;
  }
  return paper;
}

Result<Bytes> ExportService::MakeArchive(const TrajectoryId& id, const Caller& caller,
                                         std::chrono::milliseconds patience) {
  SCHAKEL_TRY(cases_.Trajectory(id));
  SCHAKEL_TRY(CheckMayTakeAlong(engine_, id, caller, clock_.Now()));
  SCHAKEL_TRY(CheckNotErased(engine_, cases_, id));
  const std::vector<RecordId> records = RecordsToTake(engine_, id);
  if (records.empty()) return Empty();
  if (records.size() > kArchiveRecordsMax) return TooLarge();
  // First what may fail and shows nothing.
  Archive archive;
  SCHAKEL_ASSIGN(archive.evidence, engine_.Prove(id, records, patience));
  if (archive.evidence.entries.empty()) return Empty();
  SCHAKEL_TRY(
      Note(engine_, {clock_.Now(), Act::What::kExported, id, RecordId{}, caller.person, caller.reason, "archive"}));
  SCHAKEL_ASSIGN(const auto shown, reading_.Show(records, caller));
  if (auto turned = TurnedAway(shown)) return std::unexpected(std::move(*turned));
  std::map<RecordId, bool> opens;
  for (const Reading::Shown& one : shown) opens[one.held.header.id] = !one.sealed;
  std::size_t bytes = EncodeEvidence(archive.evidence).size();
  for (std::size_t i = 0; i < archive.evidence.entries.size(); ++i) {
    SCHAKEL_ASSIGN(const Entry entry, DecodeEntry(archive.evidence.entries[i].entry));
    const auto* record = std::get_if<RecordEntry>(&entry.body);
    if (record == nullptr) continue;
    SCHAKEL_ASSIGN(const Header header, DecodeHeader(record->header));
    if (!opens[header.id]) continue;
    SCHAKEL_ASSIGN(Engine::Content content, engine_.ContentOf(header.id));
    bytes += content.ciphertext.size() + kBytesAroundContent;
    if (bytes > kArchiveBytesMax) return TooLarge();
    archive.contents.push_back({i, content.key.bytes, std::move(content.ciphertext)});
  }
  return EncodeArchive(archive);
}

}  // namespace schakel
