// What the log holds: entries, as both the hub that writes them and whoever verifies them must read them.
//
// An entry is [version, type, sequence, time, ...]; its leaf is LogLeafHash(salt, entry). Version 1 is what there was
// first; a numbered delivery and an answer are of version 2; an erasure and what an operator did of version 3; a
// routing of version 4; a delivery whose place in the feed can be closed of version 5.
//
// Every record has two leaves, its own and its routing's, whoever it is for. What became of it at each recipient lies
// in the slots of the routing: an entry in a slot is encoded like any other, under the sequence of the routing. A
// delivery to somebody who was not there to be handed the record follows later, as a leaf of its own; and so do all
// deliveries and denials of a log from before there were routings.
// Threads: pure.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "protocol/bytes.h"
#include "protocol/ids.h"
#include "protocol/number.h"
#include "protocol/record.h"
#include "protocol/registry.h"
#include "protocol/result.h"
#include "protocol/seams.h"
#include "protocol/slots.h"

namespace schakel {

struct RecordEntry {
  Bytes header;
  Hash32 ciphertext_hash{};
  Hash32 recipients_root{};
  SignatureEvidence evidence;
  friend bool operator==(const RecordEntry&, const RecordEntry&) = default;
};
// Something was handed to an organisation, or withheld from it: one position of its feed.
struct DeliveryEntry {
  OrgId recipient;
  FeedPosition position;
  Hash32 previous{};  // FeedHash of the entry at the position before; zero for the first.
  Sequence record_sequence;
  RecordId record;
  TrajectoryId trajectory;
  std::optional<RecordId> grant;                      // That covered it.
  std::optional<Denial> withheld;                     // Position and reason, no content.
  std::optional<ClosedNumber> number = std::nullopt;  // None: of no trajectory, or from before there were numbers.
  // Position and previous tell how much the recipient got, from anybody: nobody else is shown them. With a blind they
  // can be closed (ClosedForm); of a closed one they are none. Neither: from before.
  std::optional<Hash32> blind = std::nullopt;
  std::optional<Hash32> closed = std::nullopt;  // SHA-256(0x33 ‖ blind ‖ position ‖ previous).
  friend bool operator==(const DeliveryEntry&, const DeliveryEntry&) = default;
};
struct DenialEntry {  // At routing: the recipient has no trace of it.
  OrgId recipient;
  Sequence record_sequence;
  RecordId record;
  TrajectoryId trajectory;
  Denial reason = Denial::kNoGrant;
  friend bool operator==(const DenialEntry&, const DenialEntry&) = default;
};
enum class SessionEvent : std::uint8_t { kConnected = 1, kRefused, kQuery, kDisconnected };
struct SessionEntry {
  OrgId organisation;
  SessionEvent event = SessionEvent::kConnected;
  std::string detail;       // A rule name ("admit.lead"), at most 64 bytes; never content.
  TrajectoryId trajectory;  // None if it is about none.
  RecordId record;          // Likewise.
  friend bool operator==(const SessionEntry&, const SessionEntry&) = default;
};
struct RegistryEntry {
  SignedStatement statement;
  friend bool operator==(const RegistryEntry&, const RegistryEntry&) = default;
};
// Somebody asked who saw what on a trajectory, and how much there was to show at that moment: to each of these, so many
// deliveries before this entry. Only of those whom the asker may see all of: itself; the lead, everybody.
struct AnswerEntry {
  struct Count {
    OrgId recipient;
    std::uint64_t deliveries = 0;
    friend bool operator==(const Count&, const Count&) = default;
  };
  OrgId asker;
  TrajectoryId trajectory;
  RecordId record;            // None: asked about the whole trajectory.
  std::vector<Count> counts;  // Recipients growing, at most kAnswerCountsMax.
  friend bool operator==(const AnswerEntry&, const AnswerEntry&) = default;
};
inline constexpr std::size_t kAnswerCountsMax = 1024;
// A trajectory was erased: what its entries, which nobody opens any more, had added up to.
struct ErasureEntry {
  // Of one organisation, at this entry.
  struct Party {
    OrgId organisation;
    std::uint64_t deliveries = 0;  // Of this trajectory.
    FeedPosition last;             // Of its whole feed, with its running hash and the record there.
    Hash32 hash{};
    Sequence record;
    Sequence own_last;  // Of the last record that it wrote.
    friend bool operator==(const Party&, const Party&) = default;
  };
  TrajectoryId trajectory;
  RecordId confirm;  // The erase-confirm.
  OrgId lead;
  std::vector<Party> parties;  // The lead and whoever ever took part; growing, at most kErasurePartiesMax.
  friend bool operator==(const ErasureEntry&, const ErasureEntry&) = default;
};
inline constexpr std::size_t kErasurePartiesMax = 1024;
// Something that the operator had the hub do: a slug ("master-key-changed").
struct OperatorEntry {
  std::string act;
  friend bool operator==(const OperatorEntry&, const OperatorEntry&) = default;
};
// What became of the record right before it. The same for each record, but for the root.
struct RoutingEntry {
  Sequence record_sequence;
  RecordId record;
  TrajectoryId trajectory;
  Hash32 slots_root{};
  friend bool operator==(const RoutingEntry&, const RoutingEntry&) = default;
};
using EntryBody = std::variant<RecordEntry, DeliveryEntry, DenialEntry, SessionEntry, RegistryEntry, AnswerEntry,
                               ErasureEntry, OperatorEntry, RoutingEntry>;

struct Entry {
  Sequence sequence;
  Timestamp at;  // The hub's time.
  EntryBody body;
  friend bool operator==(const Entry&, const Entry&) = default;
};
Bytes EncodeEntry(const Entry& entry);
Result<Entry> DecodeEntry(ByteView bytes);
// An encoded entry as those are shown it who may not know its place in a feed; and as its leaf, or its slot, is hashed,
// so that both forms prove the same. All but deliveries with a blind are as they are.
Bytes ClosedForm(ByteView entry);
bool CanBeClosed(ByteView entry);  // Else it is its own closed form.
// SHA-256(0x30 ‖ encoded delivery entry, open): the running hash of a feed.
Hash32 FeedHash(ByteView delivery_entry);

// Where an entry stands that is no leaf of its own. The salt beside such an entry is that of its slot.
struct SlotPlace {
  Bytes routing;          // The encoded routing entry: the leaf,
  Hash32 routing_salt{};  // and its salt.
  std::uint8_t slot = 0;
  RecipientPath path{};
  friend bool operator==(const SlotPlace&, const SlotPlace&) = default;
};
// That `entry`, encoded as `bytes`, stands in that slot: it is a delivery or a denial, of the record that is routed
// there, and leads to the routing's root. kTampered ("entry.slot").
Status CheckSlot(const Entry& entry, ByteView bytes, const Hash32& salt, const SlotPlace& place);
// The leaf that proves an entry: its own, or that of the routing in which it has a slot, which CheckSlot checks.
Hash32 LeafOf(ByteView entry, const Hash32& salt, const std::optional<SlotPlace>& place);
// Within an array: [routing, its salt, slot, [hash, ..]].
void EncodeSlotPlace(const SlotPlace& place, class Encoder& to);
SlotPlace DecodeSlotPlace(class Decoder& from);

}  // namespace schakel
