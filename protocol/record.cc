#include "protocol/record.h"

#include <sodium.h>

#include <algorithm>

#include "protocol/codec.h"
#include "protocol/hpke.h"

namespace schakel {
namespace {

constexpr std::size_t kHeaderItems = 14;
constexpr CodecLimits kHeaderLimits{.bytes_max = kHeaderBytesMax, .depth_max = 4, .items_max = 1024};

// Never of a trajectory: places and who comes to them, and what is learned from.
bool IsOfNone(Kind kind) { return IsOfPlace(kind) || kind == Kind::kPlaceEnrolment || kind == Kind::kLearningCase; }

// Else a statement is about a trajectory. Consultations, and the views of all of these, may be of none.
bool MayBeAnonymous(Kind kind) {
  if (IsOfNone(kind)) return true;
  switch (kind) {
    case Kind::kQuestion:
    case Kind::kAnswer:
    case Kind::kConclusion:
    case Kind::kAttachment:
    case Kind::kAttachmentChunk:
    case Kind::kViews:
      return true;
    default:
      return false;
  }
}

void CheckHeader(const Header& header, Decoder& from) {
  if (static_cast<std::uint16_t>(header.kind) > kKindMax) from.FailWith(Code::kInvalid, "record.header", "header.kind");
  if (IsNone(header.id)) from.FailWith(Code::kInvalid, "record.header", "header.id");
  if (IsNone(header.thread)) from.FailWith(Code::kInvalid, "record.header", "header.thread");
  if (IsNone(header.trajectory) ? !MayBeAnonymous(header.kind) : IsOfNone(header.kind)) {
    from.FailWith(Code::kInvalid, "record.header", "header.trajectory");
  }
  if (header.categories.empty() == IsContent(header.kind)) {
    from.FailWith(Code::kInvalid, "record.header", "header.categories");
  }
}

}  // namespace

Bytes EncodeHeader(const Header& header) {
  Encoder to(320);
  to.Array(kHeaderItems)
      .Uint(kRecordVersion)
      .Enum(header.kind)
      .Id(header.id)
      .Id(header.author)
      .Id(header.signer)
      .Id(header.trajectory)
      .Id(header.thread)
      .Enum(header.purpose)
      .Uint(header.categories.bits());
  if (header.basis) {
    to.Enum(*header.basis);
  } else {
    to.Nil();
  }
  to.Time(header.created_at).Array(header.references.size());
  for (const RecordId& reference : header.references) to.Id(reference);
  to.Array(2).Uint(header.seen.size).Binary(header.seen.root);
  EncodeControl(header.control, to);
  return to.Take();
}

Result<Header> DecodeHeader(ByteView bytes) {
  Decoder from(bytes, kHeaderLimits);
  Header header;
  const std::size_t items = from.ArrayBetween(kHeaderItems, 64, "header");
  const std::uint64_t version = from.Uint("header.version");
  if (version > kRecordVersion) {
    return Fail(Code::kVersion, "record.version", "header.version", "update this program to read it");
  }
  if (version == 0) from.FailWith(Code::kInvalid, "codec.type", "header.version");
  if (items != kHeaderItems) from.FailWith(Code::kInvalid, "codec.type", "header");
  header.kind = static_cast<Kind>(from.Uint("header.kind", kKindMax));
  header.id = from.ReadId<RecordId>("header.id");
  header.author = from.ReadOrgId("header.author");
  header.signer = from.ReadKeyId("header.signer");
  header.trajectory = from.ReadId<TrajectoryId>("header.trajectory");
  header.thread = from.ReadId<RecordId>("header.thread");
  header.purpose = from.Enum("header.purpose", Purpose::kCareCoordination, kPurposeLast);
  header.categories = CategorySet(from.Uint("header.categories"));
  if (!from.Nil()) header.basis = from.Enum("header.basis", Basis::kConsent, kBasisLast);
  header.created_at = from.Time("header.created_at");
  const std::size_t references = from.ArrayBetween(0, kReferencesMax, "header.references");
  for (std::size_t i = 0; i < references && from.ok(); ++i) {
    header.references.push_back(from.ReadId<RecordId>("header.references"));
  }
  from.Array(2, "header.seen");
  header.seen.size = from.Uint("header.seen.size");
  header.seen.root = from.Fixed<32>("header.seen.root");
  if (from.ok()) header.control = DecodeControl(header.kind, from);
  if (from.ok()) CheckHeader(header, from);
  SCHAKEL_TRY(from.Finish());
  return header;
}

std::optional<RecordId> RepeatedBy(const Header& header) {
  const bool of_file = header.kind == Kind::kAttachment || header.kind == Kind::kAttachmentChunk;
  if (!of_file && header.kind != Kind::kShareAgain) return std::nullopt;
  const std::size_t at = of_file ? 1 : 0;
  return header.references.size() > at ? std::optional(header.references[at]) : std::nullopt;
}

RecordId AttachedTo(const Header& header) {
  if (header.references.empty()) return {};
  const bool alone = header.references.size() > 1 && header.references[0] == header.references[1];
  return alone ? RecordId() : header.references.front();
}

Hash32 HeaderHash(ByteView header) { return Sha256({AsBytes("schakel/header/v1"), header}); }

// ---- Body ----

namespace {

constexpr std::size_t kSizeClasses[] = {768, 2U << 10, 6U << 10, 16U << 10, 48U << 10, 128U << 10, 256U << 10};
constexpr std::size_t kCommitmentBytes = 32;
constexpr std::size_t kCiphertextOverhead = kCommitmentBytes + kNonceBytes + kTagBytes;
static_assert(kCiphertextOverhead == 72);
constexpr std::uint8_t kPadMark = 0x80;

Hash32 Commitment(const ContentKey& key, const Hash32& header_hash) {
  return HmacSha256(key.bytes, {AsBytes("schakel/commit/v1"), header_hash});
}

ContentKey BodyKey(const ContentKey& key, const Hash32& header_hash) {
  ContentKey body_key;
  body_key.bytes = HmacSha256(key.bytes, {AsBytes("schakel/body/v1"), header_hash});
  return body_key;
}

Bytes HpkeInfo(std::string_view hub, const KeyId& recipient_key) {
  Bytes info = ToBytes(AsBytes("schakel/hpke/v1"));
  Append(info, AsBytes(hub));
  Append(info, recipient_key.value());
  return info;
}

// [type, version, author, header hash, recipients root, content] ‖ 0x80 ‖ zeros to the size class.
Bytes PaddedBody(const Body& body, const OrgId& author, const Hash32& header_hash, const Hash32& root) {
  Encoder to(body.content.size() + 160);
  to.Array(6).Uint(body.type).Uint(body.version).Id(author).Binary(header_hash).Binary(root).Binary(body.content);
  Bytes plain = to.Take();
  plain.push_back(kPadMark);
  plain.resize(SizeClass(plain.size()));
  return plain;
}

Result<ByteView> WithoutPadding(ByteView plain) {
  std::size_t size = plain.size();
  while (size > 0 && plain[size - 1] == 0) --size;
  if (size == 0 || plain[size - 1] != kPadMark) {
    return Fail(Code::kUnauthenticated, "record.body", "body.padding", "ask the author to send it again");
  }
  return plain.first(size - 1);
}

}  // namespace

std::size_t SizeClass(std::size_t plain_bytes) {
  for (std::size_t size : kSizeClasses) {
    if (plain_bytes <= size) return size;
  }
  AssertFailed("a body within kBodyContentBytesMax", __FILE__, __LINE__);
}

bool IsCiphertextSize(std::size_t bytes) {
  return std::any_of(std::begin(kSizeClasses), std::end(kSizeClasses),
                     [bytes](std::size_t size) { return bytes == size + kCiphertextOverhead; });
}

Result<Sealed> SealRecord(const Header& header, const Body& body, std::span<const RecipientKey> recipients,
                          std::string_view hub, Random& random) {
  if (recipients.size() > kRecipientsMax) {
    return Fail(Code::kLimit, "record.recipients", "recipients", "send it to at most 32 organisations at once");
  }
  if (body.content.size() > kBodyContentBytesMax) {
    return Fail(Code::kLimit, "record.body", "body.content", "make it shorter than 200 KiB, or send it in parts");
  }
  Sealed sealed;
  SealedRecord& record = sealed.record;
  record.header = EncodeHeader(header);
  const Hash32 header_hash = HeaderHash(record.header);
  random.Fill(sealed.key.bytes);
  random.Fill(record.recipients.seed);

  std::array<std::uint8_t, kRecipientsMax> slots;
  for (std::size_t i = 0; i < slots.size(); ++i) slots[i] = static_cast<std::uint8_t>(i);
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    // 32 divides 256: one byte draws without bias from the slots that are left only if their number does too, so
    // draw again when it falls in the incomplete tail.
    const std::size_t left = slots.size() - i;
    std::array<std::uint8_t, 1> draw;
    do {
      random.Fill(draw);
    } while (draw[0] >= 256 - 256 % left);
    std::swap(slots[i], slots[i + draw[0] % left]);

    const RecipientKey& recipient = recipients[i];
    for (std::size_t j = 0; j < i; ++j) {
      if (recipients[j].organisation == recipient.organisation) {
        return Fail(Code::kInvalid, "record.recipients", "recipients", "name each organisation once");
      }
    }
    Stanza stanza{.recipient = recipient.organisation, .key = IdOf(recipient.key)};
    SCHAKEL_ASSIGN(HpkeSealed wrapped,
                   HpkeSeal(recipient.key, HpkeInfo(hub, stanza.key), header_hash,
                            recipient.given == Given::kWhole ? sealed.key.bytes : ContentKey().bytes));
    stanza.enc = wrapped.enc;
    SCHAKEL_ASSERT(wrapped.ciphertext.size() == stanza.wrapped.size());
    std::copy(wrapped.ciphertext.begin(), wrapped.ciphertext.end(), stanza.wrapped.begin());
    record.recipients.stanzas.push_back({slots[i], std::move(stanza)});
  }
  std::sort(record.recipients.stanzas.begin(), record.recipients.stanzas.end(),
            [](const auto& a, const auto& b) { return a.slot < b.slot; });

  const Hash32 root = RecipientsRoot(record.recipients);
  const Bytes plain = PaddedBody(body, header.author, header_hash, root);
  record.ciphertext.reserve(plain.size() + kCiphertextOverhead);
  Append(record.ciphertext, Commitment(sealed.key, header_hash));
  SealXChaChaTo(BodyKey(sealed.key, header_hash).bytes, plain, header_hash, record.ciphertext);
  return sealed;
}

Result<ContentKey> UnwrapKey(const Stanza& stanza, const AgreementKey& key, ByteView header, std::string_view hub) {
  auto plain = HpkeOpen(key, stanza.enc, HpkeInfo(hub, stanza.key), HeaderHash(header), stanza.wrapped);
  if (!plain || plain->size() != 32) {
    return Fail(Code::kUnauthenticated, "record.stanza", "stanza", "ask the author to share it again");
  }
  ContentKey content_key;
  std::copy(plain->begin(), plain->end(), content_key.bytes.begin());
  sodium_memzero(plain->data(), plain->size());
  return content_key;
}

Result<Body> OpenBody(ByteView ciphertext, const ContentKey& key, ByteView header, const OrgId& author,
                      const Hash32& recipients_root) {
  constexpr const char* kAgain = "ask the author to send it again";
  const Hash32 header_hash = HeaderHash(header);
  if (!IsCiphertextSize(ciphertext.size()) ||
      !ConstantTimeEqual(ciphertext.first(kCommitmentBytes), Commitment(key, header_hash))) {
    return Fail(Code::kUnauthenticated, "record.commitment", "body", kAgain);
  }
  auto plain = OpenXChaCha(BodyKey(key, header_hash).bytes, ciphertext.subspan(kCommitmentBytes), header_hash);
  if (!plain) return Fail(Code::kUnauthenticated, "record.body", "body", kAgain);
  SCHAKEL_ASSIGN(ByteView encoded, WithoutPadding(*plain));

  Decoder from(encoded, {.bytes_max = 256U << 10, .depth_max = 1, .binary_bytes_max = kBodyContentBytesMax});
  from.Array(6, "body");
  Body body;
  body.type = static_cast<std::uint32_t>(from.Uint("body.type", 0xFFFFFFFF));
  body.version = static_cast<std::uint32_t>(from.Uint("body.version", 0xFFFFFFFF));
  const OrgId inner_author = from.ReadOrgId("body.author");
  const Hash32 inner_header = from.Fixed<32>("body.header");
  const Hash32 inner_root = from.Fixed<32>("body.recipients");
  body.content = ToBytes(from.Binary("body.content", kBodyContentBytesMax));
  SCHAKEL_TRY(from.Finish());
  // Repeated inside, so that nobody can strip the signature and pass the body off as another's.
  if (inner_author != author || inner_header != header_hash || inner_root != recipients_root) {
    return Fail(Code::kUnauthenticated, "record.author", "body", kAgain);
  }
  return body;
}

// ---- Signature ----

namespace {

constexpr std::string_view kRecordDomain = "schakel/rec/v1";
constexpr std::uint8_t kBatchLeafPrefix = 0x10;
constexpr std::uint8_t kBatchNodePrefix = 0x11;

std::array<std::uint8_t, 4> BigEndian(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16),
          static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

Hash32 BatchNode(const Hash32& left, const Hash32& right) { return Sha256({{&kBatchNodePrefix, 1}, left, right}); }

// One level up; an odd one out moves up as it is.
std::vector<Hash32> LevelUp(const std::vector<Hash32>& level) {
  std::vector<Hash32> up;
  up.reserve((level.size() + 1) / 2);
  for (std::size_t i = 0; i + 1 < level.size(); i += 2) up.push_back(BatchNode(level[i], level[i + 1]));
  if (level.size() % 2 == 1) up.push_back(level.back());
  return up;
}

Hash32 BatchRoot(std::span<const Hash32> leaves) {
  std::vector<Hash32> level(leaves.begin(), leaves.end());
  while (level.size() > 1) level = LevelUp(level);
  return level.front();
}

Bytes SignedBytes(std::size_t count, const Hash32& root) {
  Bytes message;
  message.reserve(36);
  Append(message, BigEndian(static_cast<std::uint32_t>(count)));
  Append(message, root);
  return message;
}

}  // namespace

Hash32 RecordLeaf(ByteView header, const Hash32& ciphertext_hash, const Hash32& recipients_root) {
  return Sha256({{&kBatchLeafPrefix, 1},
                 BigEndian(static_cast<std::uint32_t>(header.size())),
                 header,
                 ciphertext_hash,
                 recipients_root});
}

Signature SignLeaves(const SigningKey& key, std::span<const Hash32> leaves) {
  SCHAKEL_ASSERT(!leaves.empty() && leaves.size() <= kSignatureBatchMax);
  return Sign(key, kRecordDomain, SignedBytes(leaves.size(), BatchRoot(leaves)));
}

bool VerifyLeaves(const SigningPublicKey& key, std::span<const Hash32> leaves, const Signature& signature) {
  if (leaves.empty() || leaves.size() > kSignatureBatchMax) return false;
  return Verify(key, kRecordDomain, SignedBytes(leaves.size(), BatchRoot(leaves)), signature);
}

std::vector<SignatureEvidence> ProveLeaves(std::span<const Hash32> leaves, const Signature& signature) {
  std::vector<SignatureEvidence> evidence(leaves.size());
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    evidence[i].signature = signature;
    evidence[i].count = static_cast<std::uint16_t>(leaves.size());
    evidence[i].index = static_cast<std::uint16_t>(i);
  }
  std::vector<Hash32> level(leaves.begin(), leaves.end());
  for (unsigned height = 0; level.size() > 1; ++height) {
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      const std::size_t sibling = (i >> height) ^ 1U;
      if (sibling < level.size()) evidence[i].path.push_back(level[sibling]);
    }
    level = LevelUp(level);
  }
  return evidence;
}

Status VerifyEvidence(const SigningPublicKey& key, const Hash32& leaf, const SignatureEvidence& evidence) {
  const auto fail = [] {
    return Fail(Code::kUnauthenticated, "record.signature", "record", "do not trust it; ask its author");
  };
  if (evidence.count == 0 || evidence.count > kSignatureBatchMax || evidence.index >= evidence.count) return fail();
  Hash32 hash = leaf;
  std::size_t used = 0;
  std::size_t index = evidence.index;
  for (std::size_t width = evidence.count; width > 1; width = (width + 1) / 2, index >>= 1U) {
    const std::size_t sibling = index ^ 1U;
    if (sibling >= width) continue;  // The odd one out.
    if (used == evidence.path.size()) return fail();
    const Hash32& other = evidence.path[used++];
    hash = sibling > index ? BatchNode(hash, other) : BatchNode(other, hash);
  }
  if (used != evidence.path.size()) return fail();
  if (!Verify(key, kRecordDomain, SignedBytes(evidence.count, hash), evidence.signature)) return fail();
  return {};
}

SignedBatch SignBatch(std::vector<SealedRecord> records, const SigningKey& key) {
  std::vector<Hash32> leaves;
  leaves.reserve(records.size());
  for (const SealedRecord& record : records) {
    leaves.push_back(RecordLeaf(record.header, Sha256(record.ciphertext), RecipientsRoot(record.recipients)));
  }
  SignedBatch batch;
  batch.signature = SignLeaves(key, leaves);
  batch.records = std::move(records);
  return batch;
}

}  // namespace schakel
