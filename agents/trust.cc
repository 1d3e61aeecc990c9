#include "agents/trust.h"

#include <algorithm>

#include "step.h"

namespace schakel {
namespace {

constexpr std::string_view kForgottenFact = "sync.forgotten_up_to";
constexpr std::string_view kRecoveringFact = "sync.recovering";
constexpr std::string_view kYes = "yes";
constexpr std::string_view kNo = "no";

// Whatever the hub had may be lost with the history that it no longer has: it is sent again. Its id makes that happen
// once. What was never proven counts as waiting again; what was, keeps its place until the hub says otherwise.
Status SendAgain(const Vault& vault, VaultBatch& writes) {
  SCHAKEL_ASSIGN(const auto outbox, vault.Outbox());
  for (const auto& [number, state] : outbox) {
    if (state != OutboxState::kAcknowledged) continue;
    SCHAKEL_ASSIGN(StoredRecord record, vault.Record(number));
    SCHAKEL_ASSIGN(const Header header, DecodeHeader(record.header));
    record.state = RecordState::kWaiting;
    record.sequence = Sequence();
    record.refused.clear();
    writes.PutRecord(number, record, header);
    writes.PutOutbox(number, OutboxState::kWaiting);
  }
  return vault.ScanRecords([&](std::uint64_t number, const StoredRecord& record) {
    // Of those that came back from the hub after this vault was put back, there is nothing to send.
    const bool whole = record.state == RecordState::kAccepted && vault.Content(number);
    if (whole && !outbox.contains(number)) {
      writes.PutOutbox(number, OutboxState::kWaiting);
    }
    return true;
  });
}

// Statements of others have no place in the feed until it shows them again.
Status AwaitStatements(const Vault& vault, VaultBatch& writes) {
  return vault.ScanRecords([&](std::uint64_t number, const StoredRecord& record) {
    auto header = DecodeHeader(record.header);
    if (record.state != RecordState::kReceived || !header || IsContent(header->kind)) return true;
    StoredRecord awaited = record;
    awaited.position = {};
    writes.PutRecord(number, awaited, *header);
    return true;
  });
}

Status Forget(const Vault& vault, VaultBatch& writes) {
  writes.PutSeen({});
  writes.PutCursor({});
  SCHAKEL_ASSIGN(const std::uint64_t last, vault.LastRecord());
  writes.PutFact(kForgottenFact, AsBytes(std::to_string(last)));
  writes.PutFact(kRecoveringFact, AsBytes(kYes));
  // The directory too is taken as the hub shows it, from the pinned registrars on: what an organisation itself said of
  // its keys may be lost, and is said again.
  SCHAKEL_ASSIGN(const auto statements, vault.Statements());
  for (std::uint64_t number = 1; number <= statements.size(); ++number) writes.DropStatement(number);
  SCHAKEL_TRY(AwaitStatements(vault, writes));
  return SendAgain(vault, writes);
}

}  // namespace

Result<Forgotten> LoadForgotten(const Vault& vault) {
  Forgotten forgotten;
  SCHAKEL_ASSIGN(const auto up_to, vault.Fact(kForgottenFact));
  if (!up_to) return forgotten;
  for (const std::uint8_t digit : *up_to) forgotten.up_to = forgotten.up_to * 10 + (digit - '0');
  SCHAKEL_ASSIGN(const auto recovering, vault.Fact(kRecoveringFact));
  forgotten.recovering = recovering && *recovering == ToBytes(AsBytes(kYes));
  return forgotten;
}

void EndRecovery(VaultBatch& writes) { writes.PutFact(kRecoveringFact, AsBytes(kNo)); }

bool TellsLostHistory(const Alarm& alarm) {
  const std::string& rule = alarm.what.rule;
  return alarm.fault == Alarm::Fault::kHub && (rule.starts_with("hello.") || rule.starts_with("log."));
}

bool EndsLostHistory(const Alarm& alarm) {
  return alarm.what.rule == "hub.welcome_again" || alarm.what.rule == "hub.trusted_again";
}

std::vector<Alarm> OpenRefusals(const std::vector<Alarm>& alarms) {
  std::vector<Alarm> open;
  for (const Alarm& alarm : alarms) {
    if (EndsLostHistory(alarm)) open.clear();
    if (TellsLostHistory(alarm)) open.push_back(alarm);
  }
  return open;
}

bool IsOver(const Alarm& alarm, bool distrusted, const std::vector<Alarm>& refusals) {
  if (std::ranges::find(refusals, alarm.number, &Alarm::number) != refusals.end()) return false;
  return alarm.fault == Alarm::Fault::kHub && !distrusted;
}

std::vector<Alarm> OpenAndUnseen(const std::vector<Alarm>& alarms, bool distrusted, std::uint64_t seen) {
  const std::vector<Alarm> refusals = OpenRefusals(alarms);
  std::vector<Alarm> open;
  for (const Alarm& alarm : alarms) {
    if (alarm.number > seen && !IsOver(alarm, distrusted, refusals)) open.push_back(alarm);
  }
  return open;
}

Status TrustAgain(Vault& vault, const Clock& clock, SeenBefore seen) {
  Step step(vault, clock);
  SCHAKEL_TRY(step.Load());
  if (!step.distrusted() && seen == SeenBefore::kKeep) return {};
  if (!step.distrusted()) step.Raise(Alarm::Fault::kNotice, {Code::kConflict, "hub.trusted_again", "head", {}});
  step.TrustAgain();
  if (seen == SeenBefore::kForget) SCHAKEL_TRY(Forget(vault, step.writes()));
  auto done = step.Commit();
  if (!done) return std::unexpected(done.error());
  return {};
}

}  // namespace schakel
