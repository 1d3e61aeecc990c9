#include "feed_check.h"

#include "protocol/crypto.h"

namespace schakel {
namespace {

std::unexpected<Flaw> ByHub(const char* rule, const char* field = "") {
  return std::unexpected(Flaw{Alarm::Fault::kHub, {Code::kTampered, rule, field, "report this to the hub's operator"}});
}
std::unexpected<Flaw> ByAuthor(Error error) {
  error.next = "ask the author to send it again";
  return std::unexpected(Flaw{Alarm::Fault::kAuthor, std::move(error)});
}

}  // namespace

Result<PlacedItem> CheckPlace(const FeedItem& item, const FeedCursor& cursor, const OrgId& self) {
  const auto broken = [&](const char* rule) {
    return Fail(Code::kTampered, rule, "position " + std::to_string(cursor.position.value() + 1));
  };
  auto entry = DecodeEntry(item.delivery);
  if (!entry) return broken("feed.delivery");
  auto* delivery = std::get_if<DeliveryEntry>(&entry->body);
  if (!delivery) return broken("feed.delivery");
  if (delivery->recipient != self) return broken("feed.recipient");
  if (delivery->position <= cursor.position) return broken("feed.replayed");
  if (delivery->position != Next(cursor.position)) return broken("feed.gap");
  if (delivery->previous != cursor.hash) return broken("feed.forked");
  if (entry->sequence <= cursor.sequence || delivery->record_sequence >= entry->sequence) return broken("feed.order");
  if (item.place && !CheckSlot(*entry, item.delivery, item.delivery_salt, *item.place)) return broken("feed.slot");
  const auto slot = item.place ? std::optional(item.place->slot) : std::nullopt;
  return PlacedItem{entry->sequence, entry->at, std::move(*delivery), slot};
}

namespace {

// The entry is of the record that the delivery names, and the header says the same.
std::expected<OpenedItem, Flaw> CheckEntry(const PlacedItem& placed, const FeedItem::Content& content,
                                           const OrgId& self) {
  auto entry = DecodeEntry(content.entry);
  if (!entry) return ByHub("feed.entry");
  auto* record = std::get_if<RecordEntry>(&entry->body);
  if (!record || entry->sequence != placed.delivery.record_sequence) return ByHub("feed.entry", "sequence");
  auto header = DecodeHeader(record->header);
  if (!header && header.error().code == Code::kVersion) {
    return std::unexpected(Flaw{Alarm::Fault::kNotice, header.error()});
  }
  if (!header) return ByHub("feed.entry", "header");
  if (header->id != placed.delivery.record) return ByHub("feed.other_record", "record");
  if (header->trajectory != placed.delivery.trajectory) return ByHub("feed.other_record", "trajectory");
  if (header->author == self) return ByHub("feed.own_record");
  return OpenedItem{std::move(*header), entry->at, std::move(*record), {}};
}

// What was signed is what lies here, and the author signed it.
std::optional<Flaw> CheckSignature(const OpenedItem& opened, const PlacedItem& placed, const FeedItem::Content& content,
                                   const OrgId& self, const FindSigner& find_signer) {
  const RecordEntry& entry = opened.entry;
  if (Sha256(content.ciphertext) != entry.ciphertext_hash) return ByHub("feed.ciphertext").error();
  if (RootOf(content.stanza) != entry.recipients_root) return ByHub("feed.stanza").error();
  if (placed.slot.value_or(content.stanza.slot) != content.stanza.slot) return ByHub("feed.slot").error();
  if (content.stanza.stanza.recipient != self) return ByHub("feed.stanza_recipient").error();
  auto signer = find_signer(opened.header.author, opened.header.signer);
  if (!signer) return ByHub("record.signer", opened.header.author.value().c_str()).error();
  const Hash32 leaf = RecordLeaf(entry.header, entry.ciphertext_hash, entry.recipients_root);
  if (!VerifyEvidence(*signer, leaf, entry.evidence)) return ByHub("record.signature").error();
  return {};
}

}  // namespace

std::expected<OpenedItem, Flaw> CheckContent(const PlacedItem& placed, const FeedItem::Content& content,
                                             const OrgId& self, std::string_view hub, const FindSigner& find_signer,
                                             const FindAgreement& find_agreement) {
  auto opened = CheckEntry(placed, content, self);
  if (!opened) return opened;
  if (auto flaw = CheckSignature(*opened, placed, content, self, find_signer)) return std::unexpected(std::move(*flaw));
  const Stanza& stanza = content.stanza.stanza;
  const AgreementKey* own = find_agreement(stanza.key);
  if (!own) return ByAuthor({Code::kUnauthenticated, "record.stanza_key", {}, {}});
  auto key = UnwrapKey(stanza, *own, opened->entry.header, hub);
  if (!key) return ByAuthor(key.error());
  opened->key = *key;
  // A statement whose words are not for us; content is nothing without its body.
  if (IsNone(*key) && !IsContent(opened->header.kind)) return opened;
  auto body =
      OpenBody(content.ciphertext, *key, opened->entry.header, opened->header.author, opened->entry.recipients_root);
  if (!body) return ByAuthor(body.error());
  return opened;
}

}  // namespace schakel
