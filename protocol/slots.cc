#include "protocol/slots.h"

#include "protocol/codec.h"
#include "protocol/crypto.h"
#include "protocol/entry.h"

namespace schakel {
namespace {

constexpr std::uint8_t kSlotPrefix = 0x40;
constexpr std::uint8_t kNodePrefix = 0x41;
constexpr std::size_t kSlotBytesMax = 4096;

Hash32 SlotHash(const Hash32& salt, ByteView entry) {
  if (CanBeClosed(entry)) return Sha256({{&kSlotPrefix, 1}, salt, ClosedForm(entry)});
  return Sha256({{&kSlotPrefix, 1}, salt, entry});
}
Hash32 NodeOf(const Hash32& left, const Hash32& right) { return Sha256({{&kNodePrefix, 1}, left, right}); }

// Which nodes have something under them, by the numbers that they have in the tree: 1 is the root, those below node n
// are 2n and 2n + 1.
using Occupied = std::array<bool, 2 * kRecipientsMax>;
Occupied OccupiedBy(const Slots& slots) {
  Occupied occupied{};
  for (const Slots::Used& used : slots.used) {
    for (std::size_t node = kRecipientsMax + used.slot; node > 0; node /= 2) occupied[node] = true;
  }
  return occupied;
}

}  // namespace

Bytes EncodeSlots(const Slots& slots) {
  Encoder to(64 + slots.used.size() * 256);
  to.Array(2).Binary(slots.seed).Array(slots.used.size());
  for (const auto& [slot, entry] : slots.used) to.Array(2).Uint(slot).Binary(entry);
  return to.Take();
}

Result<Slots> DecodeSlots(ByteView bytes) {
  Decoder from(bytes);
  Slots slots;
  from.Array(2, "slots");
  slots.seed = from.Fixed<32>("slots.seed");
  const std::size_t count = from.ArrayBetween(0, kRecipientsMax, "slots.used");
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    from.Array(2, "slots.used");
    const auto slot = static_cast<std::uint8_t>(from.Uint("slots.slot", kRecipientsMax - 1));
    if (!slots.used.empty() && slot <= slots.used.back().slot) {
      from.FailWith(Code::kInvalid, "codec.type", "slots.slot");
    }
    slots.used.push_back({slot, ToBytes(from.Binary("slots.entry", kSlotBytesMax))});
  }
  SCHAKEL_TRY(from.Finish());
  return slots;
}

// The stream gives first the salts of the slots that are used, in their order; then the nodes with nothing under them
// beside one that has, from the leaves up and from the left; of a tree with nothing in it, the root.
SlotTree::SlotTree(const Slots& slots) : salts_(slots.used.size()) {
  const Occupied occupied = OccupiedBy(slots);
  std::vector<std::size_t> fillers;
  for (std::size_t node = kRecipientsMax; !slots.used.empty() && node > 1; node /= 2) {
    for (std::size_t i = node; i < 2 * node; ++i) {
      if (!occupied[i] && occupied[i / 2]) fillers.push_back(i);
    }
  }
  if (slots.used.empty()) fillers.push_back(1);
  std::vector<Hash32> stream(salts_.size() + fillers.size());
  ExpandSeed(slots.seed, {stream.front().data(), stream.size() * stream.front().size()});
  for (std::size_t i = 0; i < salts_.size(); ++i) {
    const auto& [slot, entry] = slots.used[i];
    salts_[i] = stream[i];
    nodes_[kRecipientsMax + slot] = SlotHash(salts_[i], entry);
  }
  for (std::size_t i = 0; i < fillers.size(); ++i) nodes_[fillers[i]] = stream[salts_.size() + i];
  for (std::size_t node = kRecipientsMax - 1; node > 0; --node) {
    if (occupied[node]) nodes_[node] = NodeOf(nodes_[2 * node], nodes_[2 * node + 1]);
  }
}

RecipientPath SlotTree::Path(std::uint8_t slot) const {
  RecipientPath path;
  std::size_t node = kRecipientsMax + slot;
  for (Hash32& sibling : path) {
    sibling = nodes_[node ^ 1U];
    node /= 2;
  }
  return path;
}

Hash32 SlotsRoot(ByteView entry, const Hash32& salt, std::uint8_t slot, const RecipientPath& path) {
  Hash32 hash = SlotHash(salt, entry);
  for (unsigned level = 0; level < kRecipientDepth; ++level) {
    const bool right = ((slot >> level) & 1U) != 0;
    hash = right ? NodeOf(path[level], hash) : NodeOf(hash, path[level]);
  }
  return hash;
}

}  // namespace schakel
