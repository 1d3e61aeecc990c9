#include "agents/trust.h"

#include "step.h"

namespace schakel {
namespace {

// What was acknowledged but never proven may be lost with the history that the hub no longer has: it is sent again. Its
// id makes that happen once.
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
  return {};
}

}  // namespace

Status TrustAgain(Vault& vault, const Clock& clock, SeenBefore seen) {
  Step step(vault, clock);
  SCHAKEL_TRY(step.Load());
  if (!step.distrusted()) return {};
  step.TrustAgain();
  if (seen == SeenBefore::kForget) {
    step.writes().PutSeen({});
    SCHAKEL_TRY(SendAgain(vault, step.writes()));
  }
  auto done = step.Commit();
  if (!done) return std::unexpected(done.error());
  return {};
}

}  // namespace schakel
