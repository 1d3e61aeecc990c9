#include "broker/erasing.h"

#include <utility>

#include "broker/routed.h"
#include "protocol/codec.h"

namespace schakel {
namespace {

constexpr std::size_t kEntriesAtOnce = 512;

DataScope ScopeOf(const TrajectoryId& trajectory) { return DataScope(trajectory.value()); }

bool IsErased(const Error& error) { return error.code == Code::kNotFound; }

Bytes EncodeFirst(Sequence first) {
  Encoder to(16);
  to.Uint(first.value());
  return to.Take();
}
Result<Sequence> DecodeFirst(ByteView bytes) {
  Decoder from(bytes);
  const Sequence first(from.Uint("erasure.first"));
  SCHAKEL_TRY(from.Finish());
  return first;
}

// For whoever reads its feed later.
void LeavePlace(const DeliveryEntry& delivery, Sequence sequence, ByteView entry, Staging& staging) {
  staging.AddRow(Table::kErased, ErasedDeliveryKey(delivery.recipient, delivery.position),
                 EncodeErasedDelivery({delivery.position, sequence, FeedHash(entry)}));
}

}  // namespace

Status Erasing::Load(const PolicyState& policy) {
  for (const auto& [id, trajectory] : policy.trajectories()) {
    if (!trajectory.erased()) continue;
    SCHAKEL_ASSIGN(const auto row, log_.FindRow(static_cast<std::uint8_t>(Table::kErasure), id.value()));
    if (!row) {
      Add(id, log_.Last());
      continue;
    }
    SCHAKEL_ASSIGN(const Sequence first, DecodeFirst(*row));
    if (first == Sequence{}) continue;
    const auto readable = log_.Get(first);
    if (readable) to_destroy_.push_back(ScopeOf(id));
    if (!readable && !IsErased(readable.error())) return std::unexpected(readable.error());
  }
  return {};
}

bool Erasing::Pump(const PolicyState& policy, const Feeds& feeds, const std::map<OrgId, Sequence>& own_last,
                   Timestamp now, Staging& staging) {
  auto& erase = staging.group().erase;
  for (const DataScope& scope : std::exchange(to_destroy_, {})) erase.push_back(scope);
  if (waiting_.empty()) return false;
  Job& job = waiting_.front();
  if (log_.Last() < job.confirm) return false;  // With the next commit.
  const auto done = Collect(job, staging);
  if (!done || !*done) return done.has_value();
  Conclude(job, policy, feeds, own_last, now, staging);
  waiting_.pop_front();
  return !waiting_.empty();
}

Result<bool> Erasing::Collect(Job& job, Staging& staging) {
  const Bytes key = AccessKey(job.trajectory, RecordId());
  std::vector<Sequence> found;
  Status decoded;
  bool all = true;
  SCHAKEL_TRY(
      log_.ReadList(static_cast<std::uint8_t>(Table::kAccess), key, job.next, [&](std::uint64_t at, ByteView value) {
        if (found.size() >= kEntriesAtOnce) {
          all = false;
          return false;
        }
        auto items = DecodeAccessRow(value);
        if (!items) {
          decoded = std::unexpected(items.error());
          return false;
        }
        for (const AccessItem& item : *items) found.push_back(item.sequence);
        job.next = at + 1;
        return true;
      }));
  SCHAKEL_TRY(decoded);
  for (const Sequence sequence : found) SCHAKEL_TRY(CollectEntry(job, sequence, staging));
  return all;
}

Status Erasing::CollectEntry(Job& job, Sequence sequence, Staging& staging) {
  auto stored = log_.Get(sequence);
  if (!stored && IsErased(stored.error())) return {};
  if (!stored) return std::unexpected(stored.error());
  if (stored->scope != ScopeOf(job.trajectory)) return {};  // It outlives the erasure.
  job.first = std::min(job.first.value_or(sequence), sequence);
  SCHAKEL_ASSIGN(const Entry entry, DecodeEntry(stored->entry));
  if (const auto* record = std::get_if<RecordEntry>(&entry.body)) {
    SCHAKEL_ASSIGN(const Header header, DecodeHeader(record->header));
    staging.AddRow(Table::kErased, ErasedRecordKey(sequence), EncodeErasedRecord({header.id, job.trajectory}));
  } else if (const auto* delivery = std::get_if<DeliveryEntry>(&entry.body)) {
    LeavePlace(*delivery, sequence, stored->entry, staging);
  } else if (std::holds_alternative<RoutingEntry>(entry.body)) {
    SCHAKEL_ASSIGN(const auto routed, ReadRoutedEntries(log_, sequence));
    for (const auto& [one, bytes] : routed) {
      if (const auto* handed = std::get_if<DeliveryEntry>(&one.body)) LeavePlace(*handed, sequence, bytes, staging);
    }
  }
  return {};
}

void Erasing::Conclude(const Job& job, const PolicyState& policy, const Feeds& feeds,
                       const std::map<OrgId, Sequence>& own_last, Timestamp now, Staging& staging) {
  const Trajectory* trajectory = policy.Find(job.trajectory);
  SCHAKEL_ASSERT(trajectory && trajectory->erased());
  std::set<OrgId> parties{trajectory->lead};
  for (const auto& [organisation, member] : trajectory->members) parties.insert(organisation);
  ErasureEntry entry{job.trajectory, trajectory->erased_by, trajectory->lead, {}};
  for (const OrgId& organisation : parties) {
    if (entry.parties.size() >= kErasurePartiesMax) break;
    const FeedEnd end = feeds.EndOf(organisation);
    const auto own = own_last.find(organisation);
    entry.parties.push_back({organisation, feeds.NumberOf(organisation, job.trajectory), end.last, end.hash, end.record,
                             own == own_last.end() ? Sequence() : own->second});
  }
  staging.Add(now, std::move(entry), TrajectoryId());
  staging.AddRow(Table::kErasure, job.trajectory.value(), EncodeFirst(job.first.value_or(Sequence())));
  staging.group().erase.push_back(ScopeOf(job.trajectory));
}

}  // namespace schakel
