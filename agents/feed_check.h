// What must hold for an item of our feed before anything of it counts. Pure: the same item, the same answer.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>

#include "agents/engine.h"
#include "agents/vault.h"
#include "protocol/entry.h"
#include "protocol/record.h"
#include "protocol/wire.h"

namespace schakel {

// The place of an item: the entry decodes, is for `self`, and continues the chain. kTampered names what broke:
// "feed.delivery", "feed.recipient", "feed.replayed", "feed.gap", "feed.forked", "feed.order", "feed.slot" (it does not
// stand in that slot of that routing).
struct PlacedItem {
  Sequence sequence;
  Timestamp at;
  DeliveryEntry delivery;
  std::optional<std::uint8_t> slot = std::nullopt;  // In which it stands.
};
Result<PlacedItem> CheckPlace(const FeedItem& item, const FeedCursor& cursor, const OrgId& self);

// Why an item is kept out of sight.
struct Flaw {
  Alarm::Fault fault = Alarm::Fault::kHub;
  Error what;
};

// The author's key, from the directory and never from the message.
using FindSigner = std::function<std::optional<SigningPublicKey>(const OrgId& author, const KeyId& key)>;

// An own HPKE key; null if it is not here. One that is asked for and not in force here may be in force for others.
using FindAgreement = std::function<const AgreementKey*(const KeyId& key)>;

struct OpenedItem {
  Header header;
  Timestamp accepted_at;  // The time of its record entry.
  RecordEntry entry;
  ContentKey key;
};
// Rules of the flaws: hub: "feed.entry", "feed.other_record", "feed.own_record", "feed.ciphertext", "feed.stanza",
// "feed.slot" (not that of its stanza), "feed.stanza_recipient", "record.signer" (unknown here: perhaps the directory
// is behind), "record.signature". Author: "record.header", "record.stanza_key", "record.stanza", "record.commitment",
// "record.body", "record.author". Notice: "record.version" (made by a newer version).
std::expected<OpenedItem, Flaw> CheckContent(const PlacedItem& placed, const FeedItem::Content& content,
                                             const OrgId& self, std::string_view hub, const FindSigner& find_signer,
                                             const FindAgreement& find_agreement);

}  // namespace schakel
