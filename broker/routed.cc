#include "broker/routed.h"

namespace schakel {
namespace {

std::unexpected<Error> Corrupt(Sequence routing) {
  return Fail(Code::kCorrupt, "entry.slots", "entry " + std::to_string(routing.value()), "verify the log");
}

Result<Slots> ReadSlots(const Log& log, Sequence routing) {
  SCHAKEL_ASSIGN(const Bytes payload, log.Payload(routing));
  if (payload.empty()) return Slots{};  // The record was for nobody, or nobody was there.
  auto slots = DecodeSlots(payload);
  if (!slots) return Corrupt(routing);
  return slots;
}

}  // namespace

Result<std::vector<RoutedEntry>> ReadRouted(const Log& log, const StoredEntry& routing) {
  SCHAKEL_ASSIGN(Slots slots, ReadSlots(log, routing.sequence));
  std::vector<RoutedEntry> routed;
  if (slots.used.empty()) return routed;
  const SlotTree tree(slots);
  routed.reserve(slots.used.size());
  for (std::size_t i = 0; i < slots.used.size(); ++i) {
    auto& [slot, bytes] = slots.used[i];
    auto entry = DecodeEntry(bytes);
    if (!entry) return Corrupt(routing.sequence);
    SlotPlace place{routing.entry, routing.salt, slot, tree.Path(slot)};
    if (!CheckSlot(*entry, bytes, tree.Salt(i), place)) return Corrupt(routing.sequence);
    routed.push_back({std::move(*entry), std::move(bytes), tree.Salt(i), std::move(place)});
  }
  return routed;
}

Result<std::vector<std::pair<Entry, Bytes>>> ReadRoutedEntries(const Log& log, Sequence routing) {
  SCHAKEL_ASSIGN(Slots slots, ReadSlots(log, routing));
  std::vector<std::pair<Entry, Bytes>> entries;
  entries.reserve(slots.used.size());
  for (auto& [slot, bytes] : slots.used) {
    auto entry = DecodeEntry(bytes);
    if (!entry) return Corrupt(routing);
    entries.emplace_back(std::move(*entry), std::move(bytes));
  }
  return entries;
}

}  // namespace schakel
