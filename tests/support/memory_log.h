// A log in memory: entries, their salted leaves, heads and proofs.
#pragma once

#include <bit>
#include <map>
#include <string>
#include <vector>

#include "protocol/checkpoint.h"
#include "protocol/crypto.h"
#include "protocol/evidence.h"
#include "protocol/merkle.h"
#include "support/builders.h"

namespace schakel::test {

class MemoryLog {
 public:
  // The entry gets the next sequence; its salt follows from it.
  void Append(EntryBody body, Timestamp at = kNow) {
    const Sequence sequence(entries_.size() + 1);
    entries_.push_back(EncodeEntry({sequence, at, std::move(body)}));
    salts_.push_back(SeedOf("salt", std::to_string(sequence.value())));
    leaves_.push_back(LogLeafHash(salts_.back(), entries_.back()));
  }
  // The routing of `record`, the entry before it, with these in its slots; its seed follows from its sequence.
  struct InSlot {
    std::uint8_t slot;
    EntryBody body;
  };
  void AppendRouting(const RecordId& record, const TrajectoryId& trajectory, const std::vector<InSlot>& routed,
                     Timestamp at = kNow) {
    const Sequence sequence(entries_.size() + 1);
    Slots slots{SeedOf("slots", std::to_string(sequence.value())), {}};
    for (const auto& [slot, body] : routed) slots.used.push_back({slot, EncodeEntry({sequence, at, body})});
    Append(RoutingEntry{Sequence(entries_.size()), record, trajectory, SlotTree(slots).Root()}, at);
    slots_[sequence.value()] = std::move(slots);
  }
  const Slots& SlotsAt(std::uint64_t sequence) const { return slots_.at(sequence); }
  SlotPlace PlaceAt(std::uint64_t sequence, std::size_t index) const {
    const Slots& slots = SlotsAt(sequence);
    const std::uint8_t slot = slots.used.at(index).slot;
    return {EntryAt(sequence), SaltAt(sequence), slot, SlotTree(slots).Path(slot)};
  }
  // What stands in a slot there.
  ProvenEntry ProveSlot(std::uint64_t sequence, std::uint64_t size, std::size_t index) const {
    ProvenEntry proven = Prove(sequence, size);
    proven.entry = SlotsAt(sequence).used.at(index).entry;
    proven.salt = SlotTree(SlotsAt(sequence)).Salt(index);
    proven.place = PlaceAt(sequence, index);
    return proven;
  }
  std::uint64_t size() const { return entries_.size(); }
  const Bytes& EntryAt(std::uint64_t sequence) const { return entries_.at(sequence - 1); }
  const Hash32& SaltAt(std::uint64_t sequence) const { return salts_.at(sequence - 1); }

  TreeHead Head(std::uint64_t size) const { return {size, *RootAt(size, Subtrees())}; }
  std::string Checkpoint(std::uint64_t size) const {
    return SignCheckpoint(std::string(kHub), Head(size), HubLogKey());
  }
  ProvenEntry Prove(std::uint64_t sequence, std::uint64_t size) const {
    return {EntryAt(sequence), SaltAt(sequence), *InclusionProof(sequence - 1, size, Subtrees())};
  }
  std::vector<Hash32> ProveGrowth(std::uint64_t first, std::uint64_t second) const {
    return *ConsistencyProof(first, second, Subtrees());
  }

 private:
  SubtreeHash Subtrees() const {
    return [this](unsigned level, std::uint64_t index) { return Result<Hash32>(Subtree(level, index)); };
  }
  Hash32 Subtree(unsigned level, std::uint64_t index) const {
    if (level == 0) return leaves_.at(index);
    return NodeHash(Subtree(level - 1, 2 * index), Subtree(level - 1, 2 * index + 1));
  }

  std::vector<Bytes> entries_;
  std::vector<Hash32> salts_;
  std::vector<Hash32> leaves_;
  std::map<std::uint64_t, Slots> slots_;  // Of routings, by sequence.
};

}  // namespace schakel::test
