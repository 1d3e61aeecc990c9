// The slots of a routing entry: a salted tree of fixed depth over what became of one record at each of its recipients.
//
// The tree has 32 slots, whatever is in them. Whoever is shown one slot with its path learns neither how many others
// there are nor anything of them: each slot has its own salt, and where a subtree is empty, one random hash stands in
// its place.
//
//   slot   SHA-256(0x40 ‖ salt ‖ encoded entry), in its closed form where it has one (entry.h)
//   node   SHA-256(0x41 ‖ left ‖ right)
//   salts, and the nodes with nothing under them: taken from one stream that only the hub knows
//
// Threads: pure.
#pragma once

#include <array>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/record.h"
#include "protocol/result.h"

namespace schakel {

// What the hub keeps beside a routing entry, and may erase.
struct Slots {
  struct Used {
    std::uint8_t slot = 0;  // That of the recipient's stanza; distinct, below kRecipientsMax, growing.
    Bytes entry;            // An encoded delivery or denial.
    friend bool operator==(const Used&, const Used&) = default;
  };
  Hash32 seed{};
  std::vector<Used> used;
  friend bool operator==(const Slots&, const Slots&) = default;
};
Bytes EncodeSlots(const Slots& slots);
Result<Slots> DecodeSlots(ByteView bytes);

class SlotTree {
 public:
  explicit SlotTree(const Slots& slots);
  const Hash32& Root() const { return nodes_[1]; }
  // Of number `index` of `used`.
  const Hash32& Salt(std::size_t index) const { return salts_.at(index); }
  RecipientPath Path(std::uint8_t slot) const;

 private:
  std::array<Hash32, 2 * kRecipientsMax> nodes_{};  // 1: the root; those of a level lie side by side, leaves last.
  std::vector<Hash32> salts_;
};
// To which the slot of an entry leads.
Hash32 SlotsRoot(ByteView entry, const Hash32& salt, std::uint8_t slot, const RecipientPath& path);

}  // namespace schakel
