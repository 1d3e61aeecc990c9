// A record, the unit of everything: header, recipients, body, signature (DESIGN section 4).
//
// The order has no circle: header, content key, stanzas, recipients root, body, signature.
// Formats, with worked byte examples: docs/protocol.md. Threads: all functions are pure and safe from any thread.
#pragma once

#include <optional>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/checkpoint.h"
#include "protocol/control.h"
#include "protocol/crypto.h"
#include "protocol/ids.h"
#include "protocol/keys.h"
#include "protocol/result.h"
#include "protocol/seams.h"
#include "protocol/vocabulary.h"

namespace schakel {

inline constexpr std::uint64_t kRecordVersion = 1;
inline constexpr std::size_t kHeaderBytesMax = 16U << 10;
inline constexpr std::size_t kReferencesMax = 16;

// What the hub reads. Never a name, a birth date or free text.
struct Header {
  Kind kind = Kind::kNote;
  RecordId id;
  OrgId author;
  KeyId signer;             // The author's record key.
  TrajectoryId trajectory;  // None: an anonymous consultation.
  RecordId thread;          // The record that a conversation started with; its own id if it starts one.
  Purpose purpose = Purpose::kCareCoordination;
  CategorySet categories;      // Content: at least one. Statements: none.
  std::optional<Basis> basis;  // The basis it claims, for people to read; decide() looks at the grants.
  Timestamp created_at;
  std::vector<RecordId> references;
  TreeHead seen;    // The highest head that the author has verified: carries witness of the log along.
  Control control;  // Of a statement; monostate for content.

  friend bool operator==(const Header&, const Header&) = default;
};
Bytes EncodeHeader(const Header& header);
// kInvalid with the codec's rules or "record.header"; kVersion ("record.version"): newer than this reader.
Result<Header> DecodeHeader(ByteView bytes);
Hash32 HeaderHash(ByteView header);  // SHA-256("schakel/header/v1" ‖ header).

// ---- Recipients ----
// One slot of a salted tree of fixed depth: whoever is handed one stanza with its path learns neither who nor how many
// the others are, since unused subtrees are random-looking too and stanzas lie in random slots.
inline constexpr unsigned kRecipientDepth = 5;
inline constexpr std::size_t kRecipientsMax = 1U << kRecipientDepth;
using RecipientPath = std::array<Hash32, kRecipientDepth>;  // Siblings, from the leaf up.

struct Stanza {
  OrgId recipient;
  KeyId key;                               // Of the recipient's HPKE key.
  std::array<std::uint8_t, 32> enc{};      // HPKE encapsulation.
  std::array<std::uint8_t, 48> wrapped{};  // The content key, sealed.
  friend bool operator==(const Stanza&, const Stanza&) = default;
};
struct Recipients {
  struct Slotted {
    std::uint8_t slot = 0;  // Distinct, below kRecipientsMax, growing.
    Stanza stanza;
    friend bool operator==(const Slotted&, const Slotted&) = default;
  };
  Hash32 seed{};  // Salts and fillers follow from it; only author and hub know it.
  std::vector<Slotted> stanzas;
  friend bool operator==(const Recipients&, const Recipients&) = default;
};
Hash32 RecipientsRoot(const Recipients& recipients);
// What recipient number `index` of `stanzas` is handed.
struct StanzaProof {
  std::uint8_t slot = 0;
  Hash32 salt{};
  Stanza stanza;
  RecipientPath path{};
  friend bool operator==(const StanzaProof&, const StanzaProof&) = default;
};
StanzaProof ProveStanza(const Recipients& recipients, std::size_t index);
Hash32 RootOf(const StanzaProof& proof);  // Compare with the signed root.

// ---- Body ----
// Inside the ciphertext. `content` is encoded per type (agents/ knows the types); a reader that meets a newer version
// keeps it whole.
struct Body {
  std::uint32_t type = 0;
  std::uint32_t version = 1;
  Bytes content;
  friend bool operator==(const Body&, const Body&) = default;
};
inline constexpr std::size_t kBodyContentBytesMax = 200U << 10;
// Lengths of the padded plaintext: 768, 2 Ki, 6 Ki, 16 Ki, 48 Ki, 128 Ki, 256 Ki. A ciphertext is 72 bytes longer.
std::size_t SizeClass(std::size_t plain_bytes);
bool IsCiphertextSize(std::size_t bytes);  // Of one of the classes.
inline constexpr std::size_t kCiphertextBytesMax = (256U << 10) + 72;

// What travels from author to hub, without the signature (which a batch shares).
struct SealedRecord {
  Bytes header;
  Recipients recipients;
  Bytes ciphertext;  // commitment(32) ‖ nonce(24) ‖ sealed padded body ‖ tag(16)
};

// What a recipient is given of a record: all of it, or not the key to its body. Then its stanza wraps 32 zero bytes,
// which no content key is (IsNone): the hub cannot tell the two apart, nor can another recipient.
enum class Given : std::uint8_t { kWhole, kWithoutBody };

// A recipient as the directory knows it.
struct RecipientKey {
  OrgId organisation;
  AgreementPublicKey key;
  Given given = Given::kWhole;
};

// Seals `body` for `recipients` (no more than kRecipientsMax, each once). Yields the content key as well: the author
// keeps it in its vault, there is no stanza for the author itself. `hub` is the log's origin, bound into HPKE's info.
// kLimit ("record.recipients", "record.body"): too many, too large. kInvalid ("record.recipients"): one twice.
struct Sealed {
  SealedRecord record;
  ContentKey key;
};
Result<Sealed> SealRecord(const Header& header, const Body& body, std::span<const RecipientKey> recipients,
                          std::string_view hub, Random& random);

// kUnauthenticated ("record.stanza"): not for this key. Yields the content key; none, if the body is not for us to
// read.
Result<ContentKey> UnwrapKey(const Stanza& stanza, const AgreementKey& key, ByteView header, std::string_view hub);
// Checks commitment, author, header hash and recipients root inside. kUnauthenticated ("record.commitment",
// "record.body", "record.author"): a body that belongs to another record, or another key.
Result<Body> OpenBody(ByteView ciphertext, const ContentKey& key, ByteView header, const OrgId& author,
                      const Hash32& recipients_root);

// ---- Signature ----
// Records submitted together share one signature over the root of a small tree; each carries its path, so that it
// stands on its own as evidence. One record alone is a tree of one.
//   leaf = SHA-256(0x10 ‖ u32 length of header ‖ header ‖ SHA-256(ciphertext) ‖ recipients root)
//   node = SHA-256(0x11 ‖ left ‖ right), an odd one out moves up; signed: "schakel/rec/v1", u32 count ‖ root
inline constexpr std::size_t kSignatureBatchMax = 64;
struct SignatureEvidence {
  Signature signature{};
  std::uint16_t count = 1;
  std::uint16_t index = 0;
  std::vector<Hash32> path;
  friend bool operator==(const SignatureEvidence&, const SignatureEvidence&) = default;
};
Hash32 RecordLeaf(ByteView header, const Hash32& ciphertext_hash, const Hash32& recipients_root);
Signature SignLeaves(const SigningKey& key, std::span<const Hash32> leaves);
bool VerifyLeaves(const SigningPublicKey& key, std::span<const Hash32> leaves, const Signature& signature);
// The evidence of every leaf of a batch whose signature holds.
std::vector<SignatureEvidence> ProveLeaves(std::span<const Hash32> leaves, const Signature& signature);
// kUnauthenticated ("record.signature").
Status VerifyEvidence(const SigningPublicKey& key, const Hash32& leaf, const SignatureEvidence& evidence);

// Records of one author under one signature: what a submit message carries.
struct SignedBatch {
  std::vector<SealedRecord> records;  // 1 to kSignatureBatchMax.
  Signature signature{};
};
SignedBatch SignBatch(std::vector<SealedRecord> records, const SigningKey& key);

// As kept beside a record's log entry, and handed out in parts.
Bytes EncodePayload(const Recipients& recipients, ByteView ciphertext);
struct Payload {
  Recipients recipients;
  Bytes ciphertext;
};
Result<Payload> DecodePayload(ByteView bytes);
// Within an array that a message holds: [header, seed, [[slot, recipient, key, enc, wrapped], ..], ciphertext].
void EncodeSealedRecord(const SealedRecord& record, class Encoder& to);
SealedRecord DecodeSealedRecord(class Decoder& from);
void EncodeStanzaProof(const StanzaProof& proof, class Encoder& to);
StanzaProof DecodeStanzaProof(class Decoder& from);

}  // namespace schakel
