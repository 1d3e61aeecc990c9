// The recipients tree of a record, and how records and stanzas stand in messages and beside the log.
#include "protocol/codec.h"
#include "protocol/record.h"

namespace schakel {
namespace {

constexpr std::uint8_t kStanzaPrefix = 0x20;
constexpr std::uint8_t kRecipientNodePrefix = 0x21;
constexpr std::uint8_t kFillerPrefix = 0x22;
constexpr std::uint8_t kSaltPrefix = 0x23;

Hash32 SlotSalt(const Hash32& seed, std::uint8_t slot) { return Sha256({{&kSaltPrefix, 1}, seed, {&slot, 1}}); }

void EncodeStanza(const Stanza& stanza, Encoder& to) {
  to.Array(4).Id(stanza.recipient).Id(stanza.key).Binary(stanza.enc).Binary(stanza.wrapped);
}
Stanza DecodeStanza(Decoder& from) {
  Stanza stanza;
  from.Array(4, "stanza");
  stanza.recipient = from.ReadOrgId("stanza.recipient");
  stanza.key = from.ReadKeyId("stanza.key");
  stanza.enc = from.Fixed<32>("stanza.enc");
  stanza.wrapped = from.Fixed<48>("stanza.wrapped");
  return stanza;
}

Hash32 StanzaLeaf(const Hash32& salt, const Stanza& stanza) {
  Encoder to(160);
  EncodeStanza(stanza, to);
  return Sha256({{&kStanzaPrefix, 1}, salt, to.bytes()});
}

Hash32 RecipientNode(const Hash32& left, const Hash32& right) {
  return Sha256({{&kRecipientNodePrefix, 1}, left, right});
}

using SlottedSpan = std::span<const Recipients::Slotted>;

// The node of `level` (0: leaves) with `index`, given the stanzas that lie under it.
Hash32 NodeAt(const Hash32& seed, unsigned level, unsigned index, SlottedSpan under) {
  if (under.empty()) {
    const std::array<std::uint8_t, 2> place = {static_cast<std::uint8_t>(level), static_cast<std::uint8_t>(index)};
    return Sha256({{&kFillerPrefix, 1}, seed, place});
  }
  if (level == 0) return StanzaLeaf(SlotSalt(seed, under.front().slot), under.front().stanza);
  const unsigned middle = (2 * index + 1) << (level - 1);
  std::size_t left = 0;
  while (left < under.size() && under[left].slot < middle) ++left;
  return RecipientNode(NodeAt(seed, level - 1, 2 * index, under.first(left)),
                       NodeAt(seed, level - 1, 2 * index + 1, under.subspan(left)));
}

SlottedSpan Under(const Recipients& recipients, unsigned level, unsigned index) {
  const unsigned begin = index << level;
  const unsigned end = (index + 1) << level;
  std::size_t first = 0;
  while (first < recipients.stanzas.size() && recipients.stanzas[first].slot < begin) ++first;
  std::size_t last = first;
  while (last < recipients.stanzas.size() && recipients.stanzas[last].slot < end) ++last;
  return SlottedSpan(recipients.stanzas).subspan(first, last - first);
}

void EncodeSlotted(const Recipients& recipients, Encoder& to) {
  to.Array(recipients.stanzas.size());
  for (const auto& [slot, stanza] : recipients.stanzas) {
    to.Array(2).Uint(slot);
    EncodeStanza(stanza, to);
  }
}

std::vector<Recipients::Slotted> DecodeSlotted(Decoder& from) {
  std::vector<Recipients::Slotted> stanzas;
  const std::size_t count = from.ArrayBetween(0, kRecipientsMax, "record.recipients");
  stanzas.reserve(count);
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    from.Array(2, "record.recipients");
    const auto slot = static_cast<std::uint8_t>(from.Uint("record.slot", kRecipientsMax - 1));
    if (!stanzas.empty() && slot <= stanzas.back().slot) {
      from.FailWith(Code::kInvalid, "record.recipients", "record.slot");
    }
    Stanza stanza = DecodeStanza(from);
    for (const auto& other : stanzas) {
      if (other.stanza.recipient == stanza.recipient) {
        from.FailWith(Code::kInvalid, "record.recipients", "stanza.recipient");
      }
    }
    stanzas.push_back({slot, std::move(stanza)});
  }
  return stanzas;
}

Bytes DecodeCiphertext(Decoder& from) {
  ByteView ciphertext = from.Binary("record.ciphertext", kCiphertextBytesMax);
  if (!IsCiphertextSize(ciphertext.size())) from.FailWith(Code::kInvalid, "record.size_class", "record.ciphertext");
  return ToBytes(ciphertext);
}

}  // namespace

Hash32 RecipientsRoot(const Recipients& recipients) {
  return NodeAt(recipients.seed, kRecipientDepth, 0, recipients.stanzas);
}

StanzaProof ProveStanza(const Recipients& recipients, std::size_t index) {
  const auto& [slot, stanza] = recipients.stanzas.at(index);
  StanzaProof proof{.slot = slot, .salt = SlotSalt(recipients.seed, slot), .stanza = stanza};
  for (unsigned level = 0; level < kRecipientDepth; ++level) {
    const unsigned sibling = (slot >> level) ^ 1U;
    proof.path[level] = NodeAt(recipients.seed, level, sibling, Under(recipients, level, sibling));
  }
  return proof;
}

Hash32 RootOf(const StanzaProof& proof) {
  Hash32 hash = StanzaLeaf(proof.salt, proof.stanza);
  for (unsigned level = 0; level < kRecipientDepth; ++level) {
    const bool right = ((proof.slot >> level) & 1U) != 0;
    hash = right ? RecipientNode(proof.path[level], hash) : RecipientNode(hash, proof.path[level]);
  }
  return hash;
}

Bytes EncodePayload(const Recipients& recipients, ByteView ciphertext) {
  Encoder to(ciphertext.size() + 64 + recipients.stanzas.size() * 160);
  to.Array(3).Binary(recipients.seed);
  EncodeSlotted(recipients, to);
  to.Binary(ciphertext);
  return to.Take();
}

Result<Payload> DecodePayload(ByteView bytes) {
  Decoder from(bytes);
  Payload payload;
  from.Array(3, "payload");
  payload.recipients.seed = from.Fixed<32>("payload.seed");
  payload.recipients.stanzas = DecodeSlotted(from);
  payload.ciphertext = DecodeCiphertext(from);
  SCHAKEL_TRY(from.Finish());
  return payload;
}

void EncodeSealedRecord(const SealedRecord& record, Encoder& to) {
  to.Array(4).Binary(record.header).Binary(record.recipients.seed);
  EncodeSlotted(record.recipients, to);
  to.Binary(record.ciphertext);
}

SealedRecord DecodeSealedRecord(Decoder& from) {
  SealedRecord record;
  from.Array(4, "record");
  record.header = ToBytes(from.Binary("record.header", kHeaderBytesMax));
  record.recipients.seed = from.Fixed<32>("record.seed");
  record.recipients.stanzas = DecodeSlotted(from);
  record.ciphertext = DecodeCiphertext(from);
  return record;
}

void EncodeStanzaProof(const StanzaProof& proof, Encoder& to) {
  to.Array(4).Uint(proof.slot).Binary(proof.salt);
  EncodeStanza(proof.stanza, to);
  to.Array(kRecipientDepth);
  for (const Hash32& hash : proof.path) to.Binary(hash);
}

StanzaProof DecodeStanzaProof(Decoder& from) {
  StanzaProof proof;
  from.Array(4, "stanza_proof");
  proof.slot = static_cast<std::uint8_t>(from.Uint("stanza_proof.slot", kRecipientsMax - 1));
  proof.salt = from.Fixed<32>("stanza_proof.salt");
  proof.stanza = DecodeStanza(from);
  from.Array(kRecipientDepth, "stanza_proof.path");
  for (Hash32& hash : proof.path) hash = from.Fixed<32>("stanza_proof.path");
  return proof;
}

}  // namespace schakel
