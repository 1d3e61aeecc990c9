#include "protocol/entry.h"

#include "protocol/codec.h"
#include "protocol/crypto.h"
#include "protocol/merkle.h"

namespace schakel {
namespace {

constexpr std::uint64_t kEntryVersionFirst = 1;
constexpr std::uint64_t kEntryVersionSecond = 2;
constexpr std::uint64_t kEntryVersionThird = 3;
constexpr std::uint64_t kEntryVersionFourth = 4;
constexpr std::uint64_t kEntryVersion = 5;
constexpr std::size_t kDetailBytesMax = 64;
enum class EntryType : std::uint8_t {
  kRecord = 1,
  kDelivery,
  kDenial,
  kSession,
  kRegistry,
  kAnswer,
  kErasure,
  kOperator,
  kRouting
};

void EncodeBody(const RecordEntry& record, Encoder& to) {
  const SignatureEvidence& evidence = record.evidence;
  to.Binary(record.header).Binary(record.ciphertext_hash).Binary(record.recipients_root);
  to.Array(4).Binary(evidence.signature).Uint(evidence.count).Uint(evidence.index).Array(evidence.path.size());
  for (const Hash32& hash : evidence.path) to.Binary(hash);
}
RecordEntry DecodeRecord(Decoder& from) {
  RecordEntry record;
  record.header = ToBytes(from.Binary("entry.header", kHeaderBytesMax));
  record.ciphertext_hash = from.Fixed<32>("entry.ciphertext_hash");
  record.recipients_root = from.Fixed<32>("entry.recipients_root");
  from.Array(4, "entry.evidence");
  record.evidence.signature = from.Fixed<64>("entry.signature");
  record.evidence.count = static_cast<std::uint16_t>(from.Uint("entry.count", kSignatureBatchMax));
  record.evidence.index = static_cast<std::uint16_t>(from.Uint("entry.index", kSignatureBatchMax));
  const std::size_t path = from.ArrayBetween(0, 8, "entry.path");
  for (std::size_t i = 0; i < path && from.ok(); ++i) record.evidence.path.push_back(from.Fixed<32>("entry.path"));
  return record;
}

bool IsPlaced(const DeliveryEntry& delivery) { return delivery.blind || delivery.closed; }

void EncodeBody(const DeliveryEntry& delivery, Encoder& to) {
  to.Id(delivery.recipient);
  if (delivery.closed) {
    to.Binary(*delivery.closed);
  } else {
    to.Uint(delivery.position.value()).Binary(delivery.previous);
  }
  to.Uint(delivery.record_sequence.value()).Id(delivery.record).Id(delivery.trajectory);
  delivery.grant ? to.Id(*delivery.grant) : to.Nil();
  delivery.withheld ? to.Enum(*delivery.withheld) : to.Nil();
  if (delivery.number) {
    to.Binary(delivery.number->masked).Binary(delivery.number->commitment);
  } else if (IsPlaced(delivery)) {
    to.Nil().Nil();
  }
  if (delivery.blind) to.Binary(*delivery.blind);
}

// Items of a delivery of version 5, with those that every entry has.
constexpr std::size_t kOpenItems = 15;
constexpr std::size_t kClosedItems = 13;

DeliveryEntry DecodeDelivery(Decoder& from, std::uint64_t version, std::size_t items) {
  DeliveryEntry delivery;
  delivery.recipient = from.ReadOrgId("entry.recipient");
  const bool placed = version == kEntryVersion;
  if (placed && items == kClosedItems) {
    delivery.closed = from.Fixed<32>("entry.place");
  } else {
    delivery.position = FeedPosition(from.Uint("entry.position"));
    delivery.previous = from.Fixed<32>("entry.previous");
  }
  delivery.record_sequence = Sequence(from.Uint("entry.record_sequence"));
  delivery.record = from.ReadId<RecordId>("entry.record");
  delivery.trajectory = from.ReadId<TrajectoryId>("entry.trajectory");
  if (!from.Nil()) delivery.grant = from.ReadId<RecordId>("entry.grant");
  if (!from.Nil()) delivery.withheld = from.Enum("entry.withheld", Denial::kNotEnrolled, kDenialLast);
  if (version == kEntryVersionFirst) return delivery;
  if (!placed || !from.Nil()) {
    ClosedNumber number;
    number.masked = from.Fixed<8>("entry.number");
    number.commitment = from.Fixed<32>("entry.number");
    delivery.number = number;
  } else if (!from.Nil()) {
    from.FailWith(Code::kInvalid, "codec.type", "entry.number");
  }
  if (placed && !delivery.closed) delivery.blind = from.Fixed<32>("entry.blind");
  return delivery;
}

void EncodeBody(const DenialEntry& denial, Encoder& to) {
  to.Id(denial.recipient).Uint(denial.record_sequence.value()).Id(denial.record).Id(denial.trajectory);
  to.Enum(denial.reason);
}
DenialEntry DecodeDenial(Decoder& from) {
  DenialEntry denial;
  denial.recipient = from.ReadOrgId("entry.recipient");
  denial.record_sequence = Sequence(from.Uint("entry.record_sequence"));
  denial.record = from.ReadId<RecordId>("entry.record");
  denial.trajectory = from.ReadId<TrajectoryId>("entry.trajectory");
  denial.reason = from.Enum("entry.reason", Denial::kNotEnrolled, kDenialLast);
  return denial;
}

void EncodeBody(const SessionEntry& session, Encoder& to) {
  to.Id(session.organisation).Enum(session.event).Text(session.detail).Id(session.trajectory).Id(session.record);
}
SessionEntry DecodeSession(Decoder& from) {
  SessionEntry session;
  session.organisation = from.ReadOrgId("entry.organisation");
  session.event = from.Enum("entry.event", SessionEvent::kConnected, SessionEvent::kDisconnected);
  session.detail = std::string(from.Text("entry.detail", kDetailBytesMax));
  session.trajectory = from.ReadId<TrajectoryId>("entry.trajectory");
  session.record = from.ReadId<RecordId>("entry.record");
  return session;
}

void EncodeBody(const RegistryEntry& registry, Encoder& to) { to.Binary(EncodeSignedStatement(registry.statement)); }
RegistryEntry DecodeRegistry(Decoder& from) {
  auto statement = DecodeSignedStatement(from.Binary("entry.statement", 128U << 10));
  if (!statement) {
    from.FailWith(statement.error().code, "entry.statement", "entry.statement");
    return {};
  }
  return {std::move(*statement)};
}

void EncodeBody(const AnswerEntry& answer, Encoder& to) {
  to.Id(answer.asker).Id(answer.trajectory).Id(answer.record).Array(answer.counts.size());
  for (const AnswerEntry::Count& count : answer.counts) to.Array(2).Id(count.recipient).Uint(count.deliveries);
}
AnswerEntry DecodeAnswer(Decoder& from) {
  AnswerEntry answer;
  answer.asker = from.ReadOrgId("entry.asker");
  answer.trajectory = from.ReadId<TrajectoryId>("entry.trajectory");
  answer.record = from.ReadId<RecordId>("entry.record");
  const std::size_t counts = from.ArrayBetween(0, kAnswerCountsMax, "entry.counts");
  for (std::size_t i = 0; i < counts && from.ok(); ++i) {
    from.Array(2, "entry.counts");
    AnswerEntry::Count count;
    count.recipient = from.ReadOrgId("entry.recipient");
    count.deliveries = from.Uint("entry.deliveries");
    if (!answer.counts.empty() && answer.counts.back().recipient >= count.recipient) {
      from.FailWith(Code::kInvalid, "codec.type", "entry.counts");
    }
    answer.counts.push_back(std::move(count));
  }
  return answer;
}

void EncodeBody(const ErasureEntry& erasure, Encoder& to) {
  to.Id(erasure.trajectory).Id(erasure.confirm).Id(erasure.lead).Array(erasure.parties.size());
  for (const ErasureEntry::Party& party : erasure.parties) {
    to.Array(6).Id(party.organisation).Uint(party.deliveries).Uint(party.last.value()).Binary(party.hash);
    to.Uint(party.record.value()).Uint(party.own_last.value());
  }
}
ErasureEntry DecodeErasure(Decoder& from) {
  ErasureEntry erasure;
  erasure.trajectory = from.ReadId<TrajectoryId>("entry.trajectory");
  erasure.confirm = from.ReadId<RecordId>("entry.confirm");
  erasure.lead = from.ReadOrgId("entry.lead");
  const std::size_t parties = from.ArrayBetween(0, kErasurePartiesMax, "entry.parties");
  for (std::size_t i = 0; i < parties && from.ok(); ++i) {
    from.Array(6, "entry.party");
    ErasureEntry::Party party;
    party.organisation = from.ReadOrgId("entry.organisation");
    party.deliveries = from.Uint("entry.deliveries");
    party.last = FeedPosition(from.Uint("entry.position"));
    party.hash = from.Fixed<32>("entry.hash");
    party.record = Sequence(from.Uint("entry.record_sequence"));
    party.own_last = Sequence(from.Uint("entry.own_last"));
    if (!erasure.parties.empty() && erasure.parties.back().organisation >= party.organisation) {
      from.FailWith(Code::kInvalid, "codec.type", "entry.parties");
    }
    erasure.parties.push_back(std::move(party));
  }
  return erasure;
}

void EncodeBody(const OperatorEntry& act, Encoder& to) { to.Text(act.act); }
OperatorEntry DecodeOperator(Decoder& from) { return {std::string(from.Text("entry.act", kDetailBytesMax))}; }

void EncodeBody(const RoutingEntry& routing, Encoder& to) {
  to.Uint(routing.record_sequence.value()).Id(routing.record).Id(routing.trajectory).Binary(routing.slots_root);
}
RoutingEntry DecodeRouting(Decoder& from) {
  RoutingEntry routing;
  routing.record_sequence = Sequence(from.Uint("entry.record_sequence"));
  routing.record = from.ReadId<RecordId>("entry.record");
  routing.trajectory = from.ReadId<TrajectoryId>("entry.trajectory");
  routing.slots_root = from.Fixed<32>("entry.slots_root");
  return routing;
}

// Version, type, sequence, time, and the fields of the body.
constexpr std::size_t kItems[] = {0, 8, 12, 9, 9, 5, 8, 8, 5, 8};
constexpr std::size_t kNumberItems = 2;  // More of a numbered delivery.

// Each body has one version in which it is written, so that what decodes re-encodes to the same bytes.
std::uint64_t VersionOf(const EntryBody& body) {
  if (std::holds_alternative<RoutingEntry>(body)) return kEntryVersionFourth;
  if (std::holds_alternative<ErasureEntry>(body) || std::holds_alternative<OperatorEntry>(body)) {
    return kEntryVersionThird;
  }
  if (std::holds_alternative<AnswerEntry>(body)) return kEntryVersionSecond;
  const auto* delivery = std::get_if<DeliveryEntry>(&body);
  if (delivery != nullptr && IsPlaced(*delivery)) return kEntryVersion;
  return delivery != nullptr && delivery->number ? kEntryVersionSecond : kEntryVersionFirst;
}
bool Exists(EntryType type, std::uint64_t version) {
  if (type == EntryType::kDelivery) return version <= kEntryVersionSecond || version == kEntryVersion;
  if (type == EntryType::kRouting) return version == kEntryVersionFourth;
  if (type >= EntryType::kErasure) return version == kEntryVersionThird;
  return version == (type == EntryType::kAnswer ? kEntryVersionSecond : kEntryVersionFirst);
}
std::size_t ItemsOf(EntryType type, std::uint64_t version) {
  const bool numbered = type == EntryType::kDelivery && version == kEntryVersionSecond;
  return kItems[static_cast<std::size_t>(type)] + (numbered ? kNumberItems : 0);
}
bool HasItems(EntryType type, std::uint64_t version, std::size_t items) {
  if (type == EntryType::kDelivery && version == kEntryVersion) return items == kOpenItems || items == kClosedItems;
  return items == ItemsOf(type, version);
}
std::size_t ItemsIn(const EntryBody& body, EntryType type, std::uint64_t version) {
  const auto* delivery = std::get_if<DeliveryEntry>(&body);
  if (delivery == nullptr || !IsPlaced(*delivery)) return ItemsOf(type, version);
  return delivery->closed ? kClosedItems : kOpenItems;
}

Hash32 ClosedPlace(const DeliveryEntry& delivery) {
  constexpr std::uint8_t kPlacePrefix = 0x33;
  std::array<std::uint8_t, 8> position;
  for (std::size_t i = 0; i < position.size(); ++i) {
    position[i] = static_cast<std::uint8_t>(delivery.position.value() >> (56 - 8 * i));
  }
  return Sha256({{&kPlacePrefix, 1}, *delivery.blind, position, delivery.previous});
}

}  // namespace

Bytes EncodeEntry(const Entry& entry) {
  const auto type = static_cast<EntryType>(entry.body.index() + 1);
  const std::uint64_t version = VersionOf(entry.body);
  Encoder to(512);
  to.Array(ItemsIn(entry.body, type, version)).Uint(version).Enum(type).Uint(entry.sequence.value()).Time(entry.at);
  std::visit([&](const auto& body) { EncodeBody(body, to); }, entry.body);
  return to.Take();
}

Result<Entry> DecodeEntry(ByteView bytes) {
  // 1024 parties of an erasure are 7 values each.
  Decoder from(bytes, {.bytes_max = 256U << 10, .depth_max = 4, .items_max = 8192, .binary_bytes_max = 128U << 10});
  Entry entry;
  const std::size_t items = from.ArrayBetween(5, 64, "entry");
  const std::uint64_t version = from.Uint("entry.version");
  if (version > kEntryVersion) {
    return Fail(Code::kVersion, "entry.version", "entry.version", "update this program to read it");
  }
  if (version == 0) from.FailWith(Code::kInvalid, "codec.type", "entry.version");
  const auto type = from.Enum("entry.type", EntryType::kRecord, EntryType::kRouting);
  if (!Exists(type, version) || !HasItems(type, version, items)) from.FailWith(Code::kInvalid, "codec.type", "entry");
  entry.sequence = Sequence(from.Uint("entry.sequence"));
  entry.at = from.Time("entry.at");
  switch (type) {
    case EntryType::kRecord:
      entry.body = DecodeRecord(from);
      break;
    case EntryType::kDelivery:
      entry.body = DecodeDelivery(from, version, items);
      break;
    case EntryType::kDenial:
      entry.body = DecodeDenial(from);
      break;
    case EntryType::kSession:
      entry.body = DecodeSession(from);
      break;
    case EntryType::kRegistry:
      entry.body = DecodeRegistry(from);
      break;
    case EntryType::kAnswer:
      entry.body = DecodeAnswer(from);
      break;
    case EntryType::kErasure:
      entry.body = DecodeErasure(from);
      break;
    case EntryType::kOperator:
      entry.body = DecodeOperator(from);
      break;
    case EntryType::kRouting:
      entry.body = DecodeRouting(from);
      break;
  }
  SCHAKEL_TRY(from.Finish());
  return entry;
}

// Every encoding is the shortest, so these bytes tell: 15 items, version 5, a delivery.
bool CanBeClosed(ByteView entry) {
  constexpr std::uint8_t kArrayOf15 = 0x9f;
  return entry.size() > 2 && entry[0] == kArrayOf15 && entry[1] == kEntryVersion &&
         entry[2] == static_cast<std::uint8_t>(EntryType::kDelivery);
}

Bytes ClosedForm(ByteView bytes) {
  auto entry = CanBeClosed(bytes) ? DecodeEntry(bytes) : Result<Entry>(Fail(Code::kInvalid, "entry.closed"));
  auto* delivery = entry ? std::get_if<DeliveryEntry>(&entry->body) : nullptr;
  if (delivery == nullptr || !delivery->blind) return ToBytes(bytes);
  delivery->closed = ClosedPlace(*delivery);
  delivery->position = {};
  delivery->previous = {};
  delivery->blind.reset();
  return EncodeEntry(*entry);
}

Hash32 FeedHash(ByteView delivery_entry) {
  constexpr std::uint8_t kFeedPrefix = 0x30;
  return Sha256({{&kFeedPrefix, 1}, delivery_entry});
}

namespace {

// What an entry in a slot says of where it stands must be what the routing says.
template <typename Body>
bool IsRoutedBy(const RoutingEntry& routing, const Body& body) {
  return body.record_sequence == routing.record_sequence && body.record == routing.record &&
         body.trajectory == routing.trajectory;
}

}  // namespace

Status CheckSlot(const Entry& entry, ByteView bytes, const Hash32& salt, const SlotPlace& place) {
  const auto decoded = DecodeEntry(place.routing);
  const auto* routing = decoded ? std::get_if<RoutingEntry>(&decoded->body) : nullptr;
  const auto* delivery = std::get_if<DeliveryEntry>(&entry.body);
  const auto* denial = std::get_if<DenialEntry>(&entry.body);
  const bool fits = routing != nullptr && decoded->sequence == entry.sequence && decoded->at == entry.at &&
                    routing->record_sequence.value() + 1 == entry.sequence.value() &&
                    ((delivery != nullptr && IsRoutedBy(*routing, *delivery)) ||
                     (denial != nullptr && IsRoutedBy(*routing, *denial))) &&
                    SlotsRoot(bytes, salt, place.slot, place.path) == routing->slots_root;
  if (fits) return {};
  return Fail(Code::kTampered, "entry.slot", {}, "report this to the hub's operator");
}

Hash32 LeafOf(ByteView entry, const Hash32& salt, const std::optional<SlotPlace>& place) {
  return place ? LogLeafHash(place->routing_salt, place->routing) : LogLeafHash(salt, entry);
}

void EncodeSlotPlace(const SlotPlace& place, Encoder& to) {
  to.Array(4).Binary(place.routing).Binary(place.routing_salt).Uint(place.slot).Array(place.path.size());
  for (const Hash32& hash : place.path) to.Binary(hash);
}

SlotPlace DecodeSlotPlace(Decoder& from) {
  constexpr std::size_t kRoutingBytesMax = 256;
  SlotPlace place;
  from.Array(4, "slot");
  place.routing = ToBytes(from.Binary("slot.routing", kRoutingBytesMax));
  place.routing_salt = from.Fixed<32>("slot.routing_salt");
  place.slot = static_cast<std::uint8_t>(from.Uint("slot.slot", kRecipientsMax - 1));
  from.Array(kRecipientDepth, "slot.path");
  for (Hash32& hash : place.path) hash = from.Fixed<32>("slot.path");
  return place;
}

}  // namespace schakel
