#include "protocol/wire.h"

#include "protocol/crypto.h"
#include "protocol/merkle.h"

namespace schakel {
namespace {

// What stands second in a message. Replies from 128 on. Append, never renumber.
enum class Type : std::uint8_t {
  kHello = 1,
  kSubmit = 2,
  kFeed = 3,
  kProveInclusion = 4,
  kProveConsistency = 5,
  kAccessQuery = 6,
  kDirectoryQuery = 7,
  kHeartbeat = 8,
  kEnrolRequest = 9,
  kEnrolStatusQuery = 10,
  kCosign = 11,
  kOwnRecordsQuery = 12,
  kRotateRequest = 13,
  kAnnounce = 14,
  kWelcome = 129,
  kSubmitAck = 130,
  kFeedItems = 131,
  kProofReply = 132,
  kAccessReply = 134,
  kDirectoryReply = 135,
  kHeartbeatReply = 136,
  kEnrolStatus = 137,
  kCosignAck = 138,
  kOwnRecordsReply = 139,
  kError = 255,
};

constexpr std::string_view kRotateDomain = "schakel/rotate/v1";
constexpr std::size_t kBatchMax = 1024;  // Elements of one list in a message; the configured limits are lower.
constexpr std::size_t kEntryBytesMax = 256U << 10;

void EncodeHashes(const std::vector<Hash32>& hashes, Encoder& to) {
  to.Array(hashes.size());
  for (const Hash32& hash : hashes) to.Binary(hash);
}
std::vector<Hash32> DecodeHashes(Decoder& from, const char* field) {
  std::vector<Hash32> hashes;
  const std::size_t count = from.ArrayBetween(0, kProofHashesMax, field);
  hashes.reserve(count);
  for (std::size_t i = 0; i < count && from.ok(); ++i) hashes.push_back(from.Fixed<32>(field));
  return hashes;
}

void EncodeError(const Error& error, Encoder& to) {
  to.Array(4).Enum(error.code).Text(error.rule).Text(error.field).Text(error.next);
}
Error DecodeError(Decoder& from) {
  Error error;
  from.Array(4, "error");
  error.code = from.Enum("error.code", Code::kInvalid, Code::kInternal);
  error.rule = std::string(from.Text("error.rule", 128));
  error.field = std::string(from.Text("error.field", 256));
  error.next = std::string(from.Text("error.next", 1024));
  return error;
}

// One struct a message: its type, how many values it has, and how they are written and read.
template <typename M>
struct Format;

template <>
struct Format<Hello> {
  static constexpr Type kType = Type::kHello;
  static constexpr std::size_t kItems = 4;
  static void Write(const Hello& m, Encoder& to) {
    to.Text(m.software).Uint(m.seen.size).Binary(m.seen.root).Text(m.checkpoint);
  }
  static Hello Read(Decoder& from) {
    Hello m;
    m.software = std::string(from.Text("hello.software", 64));
    m.seen.size = from.Uint("hello.seen.size");
    m.seen.root = from.Fixed<32>("hello.seen.root");
    m.checkpoint = std::string(from.Text("hello.checkpoint", kNoteBytesMax));
    return m;
  }
};

template <>
struct Format<Submit> {
  static constexpr Type kType = Type::kSubmit;
  static constexpr std::size_t kItems = 2;
  static void Write(const Submit& m, Encoder& to) {
    to.Array(m.batch.records.size());
    for (const SealedRecord& record : m.batch.records) EncodeSealedRecord(record, to);
    to.Binary(m.batch.signature);
  }
  static Submit Read(Decoder& from) {
    Submit m;
    const std::size_t count = from.ArrayBetween(1, kSignatureBatchMax, "submit.records");
    m.batch.records.reserve(count);
    for (std::size_t i = 0; i < count && from.ok(); ++i) m.batch.records.push_back(DecodeSealedRecord(from));
    m.batch.signature = from.Fixed<64>("submit.signature");
    return m;
  }
};

template <>
struct Format<Feed> {
  static constexpr Type kType = Type::kFeed;
  static constexpr std::size_t kItems = 2;
  static void Write(const Feed& m, Encoder& to) { to.Uint(m.after.value()).Uint(m.credit); }
  static Feed Read(Decoder& from) {
    Feed m;
    m.after = FeedPosition(from.Uint("feed.after"));
    m.credit = from.Uint("feed.credit");
    return m;
  }
};

template <>
struct Format<ProveInclusion> {
  static constexpr Type kType = Type::kProveInclusion;
  static constexpr std::size_t kItems = 2;
  static void Write(const ProveInclusion& m, Encoder& to) { to.Uint(m.sequence.value()).Uint(m.size); }
  static ProveInclusion Read(Decoder& from) {
    ProveInclusion m;
    m.sequence = Sequence(from.Uint("proof.sequence"));
    m.size = from.Uint("proof.size");
    return m;
  }
};

template <>
struct Format<ProveConsistency> {
  static constexpr Type kType = Type::kProveConsistency;
  static constexpr std::size_t kItems = 2;
  static void Write(const ProveConsistency& m, Encoder& to) { to.Uint(m.first_size).Uint(m.second_size); }
  static ProveConsistency Read(Decoder& from) {
    ProveConsistency m;
    m.first_size = from.Uint("proof.first_size");
    m.second_size = from.Uint("proof.second_size");
    return m;
  }
};

template <>
struct Format<AccessQuery> {
  static constexpr Type kType = Type::kAccessQuery;
  static constexpr std::size_t kItems = 4;
  static void Write(const AccessQuery& m, Encoder& to) {
    to.Id(m.trajectory).Id(m.record).Uint(m.after.value()).Uint(m.limit);
  }
  static AccessQuery Read(Decoder& from) {
    AccessQuery m;
    m.trajectory = from.ReadId<TrajectoryId>("access.trajectory");
    m.record = from.ReadId<RecordId>("access.record");
    m.after = Sequence(from.Uint("access.after"));
    m.limit = from.Uint("access.limit", 1024);
    if (m.limit == 0) from.FailWith(Code::kInvalid, "codec.type", "access.limit");
    return m;
  }
};

template <>
struct Format<DirectoryQuery> {
  static constexpr Type kType = Type::kDirectoryQuery;
  static constexpr std::size_t kItems = 1;
  static void Write(const DirectoryQuery& m, Encoder& to) { to.Uint(m.after); }
  static DirectoryQuery Read(Decoder& from) { return {from.Uint("directory.after")}; }
};

template <>
struct Format<Heartbeat> {
  static constexpr Type kType = Type::kHeartbeat;
  static constexpr std::size_t kItems = 0;
  static void Write(const Heartbeat&, Encoder&) {}
  static Heartbeat Read(Decoder&) { return {}; }
};

void EncodeOrgKeys(const OrgKeys& keys, Encoder& to) {
  to.Binary(keys.record.value()).Binary(keys.cosign.value());
  to.Binary(keys.transport.value()).Binary(keys.hpke.value());
}
OrgKeys DecodeOrgKeys(Decoder& from) {
  OrgKeys keys;
  keys.record = SigningPublicKey(from.Fixed<32>("enrol.record"));
  keys.cosign = SigningPublicKey(from.Fixed<32>("enrol.cosign"));
  keys.transport = TransportPublicKey(from.Fixed<32>("enrol.transport"));
  keys.hpke = AgreementPublicKey(from.Fixed<32>("enrol.hpke"));
  return keys;
}

template <>
struct Format<EnrolRequest> {
  static constexpr Type kType = Type::kEnrolRequest;
  static constexpr std::size_t kItems = 6;
  static void Write(const EnrolRequest& m, Encoder& to) {
    EncodeOrgKeys(m.keys, to);
    to.Binary(m.proof_record).Binary(m.proof_cosign);
  }
  static EnrolRequest Read(Decoder& from) {
    EnrolRequest m;
    m.keys = DecodeOrgKeys(from);
    m.proof_record = from.Fixed<64>("enrol.proof_record");
    m.proof_cosign = from.Fixed<64>("enrol.proof_cosign");
    return m;
  }
};

template <>
struct Format<EnrolStatusQuery> {
  static constexpr Type kType = Type::kEnrolStatusQuery;
  static constexpr std::size_t kItems = 0;
  static void Write(const EnrolStatusQuery&, Encoder&) {}
  static EnrolStatusQuery Read(Decoder&) { return {}; }
};

template <>
struct Format<Welcome> {
  static constexpr Type kType = Type::kWelcome;
  static constexpr std::size_t kItems = 8;
  static void Write(const Welcome& m, Encoder& to) {
    to.Text(m.origin).Text(m.checkpoint);
    EncodeHashes(m.consistency, to);
    to.Uint(m.feed_last.value()).Uint(m.statements).Time(m.hub_time);
    to.Array(4).Uint(m.limits.message_bytes_max).Uint(m.limits.batch_records_max);
    to.Uint(m.limits.credit_max).Uint(m.limits.in_flight_max);
    to.Uint(m.own_last.value());
  }
  static Welcome Read(Decoder& from) {
    Welcome m;
    m.origin = std::string(from.Text("welcome.origin", 256));
    m.checkpoint = std::string(from.Text("welcome.checkpoint", kNoteBytesMax));
    m.consistency = DecodeHashes(from, "welcome.consistency");
    m.feed_last = FeedPosition(from.Uint("welcome.feed_last"));
    m.statements = from.Uint("welcome.statements");
    m.hub_time = from.Time("welcome.hub_time");
    from.Array(4, "welcome.limits");
    m.limits.message_bytes_max = from.Uint("limits.message_bytes_max");
    m.limits.batch_records_max = from.Uint("limits.batch_records_max");
    m.limits.credit_max = from.Uint("limits.credit_max");
    m.limits.in_flight_max = from.Uint("limits.in_flight_max");
    m.own_last = Sequence(from.Uint("welcome.own_last"));
    return m;
  }
};

void WriteOutcome(const Outcome& outcome, Encoder& to) {
  to.Array(4).Uint(outcome.sequence.value()).Time(outcome.at).Array(outcome.refused.size());
  for (const RoutingRefusal& refusal : outcome.refused) to.Array(2).Id(refusal.recipient).Enum(refusal.reason);
  if (outcome.error) {
    EncodeError(*outcome.error, to);
  } else {
    to.Nil();
  }
}
Outcome ReadOutcome(Decoder& from) {
  Outcome outcome;
  from.Array(4, "outcome");
  outcome.sequence = Sequence(from.Uint("outcome.sequence"));
  outcome.at = from.Time("outcome.at");
  const std::size_t refused = from.ArrayBetween(0, kRecipientsMax, "outcome.refused");
  for (std::size_t i = 0; i < refused && from.ok(); ++i) {
    RoutingRefusal refusal;
    from.Array(2, "outcome.refused");
    refusal.recipient = from.ReadOrgId("outcome.recipient");
    refusal.reason = from.Enum("outcome.reason", Denial::kNotEnrolled, kDenialLast);
    outcome.refused.push_back(std::move(refusal));
  }
  if (!from.Nil()) outcome.error = DecodeError(from);
  return outcome;
}

template <>
struct Format<SubmitAck> {
  static constexpr Type kType = Type::kSubmitAck;
  static constexpr std::size_t kItems = 1;
  static void Write(const SubmitAck& m, Encoder& to) {
    to.Array(m.outcomes.size());
    for (const Outcome& outcome : m.outcomes) WriteOutcome(outcome, to);
  }
  static SubmitAck Read(Decoder& from) {
    SubmitAck m;
    const std::size_t count = from.ArrayBetween(1, kSignatureBatchMax, "ack.outcomes");
    m.outcomes.reserve(count);
    for (std::size_t i = 0; i < count && from.ok(); ++i) m.outcomes.push_back(ReadOutcome(from));
    return m;
  }
};

void WriteContent(const FeedItem::Content& content, Encoder& to) {
  to.Array(4).Binary(content.entry).Binary(content.salt);
  EncodeStanzaProof(content.stanza, to);
  to.Binary(content.ciphertext);
}
FeedItem::Content ReadContent(Decoder& from) {
  FeedItem::Content content;
  from.Array(4, "item.content");
  content.entry = ToBytes(from.Binary("item.entry", kEntryBytesMax));
  content.salt = from.Fixed<32>("item.salt");
  content.stanza = DecodeStanzaProof(from);
  content.ciphertext = ToBytes(from.Binary("item.ciphertext", kCiphertextBytesMax));
  return content;
}

// [delivery, salt, content or nil], and of one in a slot [.., place]; of an erased one [nil, [position, sequence,
// hash]].
void WriteItem(const FeedItem& item, Encoder& to) {
  if (item.erased) {
    to.Array(2).Nil().Array(3).Uint(item.erased->position.value()).Uint(item.erased->sequence.value());
    to.Binary(item.erased->hash);
    return;
  }
  to.Array(item.place ? 4 : 3).Binary(item.delivery).Binary(item.delivery_salt);
  item.content ? WriteContent(*item.content, to) : static_cast<void>(to.Nil());
  if (item.place) EncodeSlotPlace(*item.place, to);
}
FeedItem ReadItem(Decoder& from) {
  FeedItem item;
  const std::size_t parts = from.ArrayBetween(2, 4, "item");
  if (parts == 2) {
    if (!from.Nil()) from.FailWith(Code::kInvalid, "codec.type", "item.erased");
    from.Array(3, "item.erased");
    FeedItem::Erased erased;
    erased.position = FeedPosition(from.Uint("item.position"));
    erased.sequence = Sequence(from.Uint("item.sequence"));
    erased.hash = from.Fixed<32>("item.hash");
    item.erased = erased;
    return item;
  }
  item.delivery = ToBytes(from.Binary("item.delivery", kEntryBytesMax));
  item.delivery_salt = from.Fixed<32>("item.delivery_salt");
  if (!from.Nil()) item.content = ReadContent(from);
  if (parts == 4) item.place = DecodeSlotPlace(from);
  return item;
}

template <>
struct Format<FeedItems> {
  static constexpr Type kType = Type::kFeedItems;
  static constexpr std::size_t kItems = 2;
  static void Write(const FeedItems& m, Encoder& to) {
    to.Array(m.items.size());
    for (const FeedItem& item : m.items) WriteItem(item, to);
    to.Uint(m.last.value());
  }
  static FeedItems Read(Decoder& from) {
    FeedItems m;
    const std::size_t count = from.ArrayBetween(0, kBatchMax, "feed.items");
    m.items.reserve(count);
    for (std::size_t i = 0; i < count && from.ok(); ++i) m.items.push_back(ReadItem(from));
    m.last = FeedPosition(from.Uint("feed.last"));
    return m;
  }
};

template <>
struct Format<ProofReply> {
  static constexpr Type kType = Type::kProofReply;
  static constexpr std::size_t kItems = 4;
  static void Write(const ProofReply& m, Encoder& to) {
    to.Text(m.checkpoint);
    EncodeHashes(m.hashes, to);
    to.Binary(m.entry).Binary(m.salt);
  }
  static ProofReply Read(Decoder& from) {
    ProofReply m;
    m.checkpoint = std::string(from.Text("proof.checkpoint", kNoteBytesMax));
    m.hashes = DecodeHashes(from, "proof.hashes");
    m.entry = ToBytes(from.Binary("proof.entry", kEntryBytesMax));
    m.salt = from.Fixed<32>("proof.salt");
    return m;
  }
};

template <>
struct Format<AccessReply> {
  static constexpr Type kType = Type::kAccessReply;
  static constexpr std::size_t kItems = 2;
  static void Write(const AccessReply& m, Encoder& to) { to.Binary(EncodeEvidence(m.evidence)).Bool(m.more); }
  static AccessReply Read(Decoder& from) {
    AccessReply m;
    auto evidence = DecodeEvidence(from.Binary("access.evidence", 1U << 20));
    if (evidence) {
      m.evidence = std::move(*evidence);
    } else {
      from.FailWith(evidence.error().code, "access.evidence", "access.evidence");
    }
    m.more = from.Bool("access.more");
    return m;
  }
};

template <>
struct Format<DirectoryReply> {
  static constexpr Type kType = Type::kDirectoryReply;
  static constexpr std::size_t kItems = 2;
  static void Write(const DirectoryReply& m, Encoder& to) {
    to.Array(m.statements.size());
    for (const SignedStatement& statement : m.statements) to.Binary(EncodeSignedStatement(statement));
    to.Bool(m.more);
  }
  static DirectoryReply Read(Decoder& from) {
    DirectoryReply m;
    const std::size_t count = from.ArrayBetween(0, kBatchMax, "directory.statements");
    for (std::size_t i = 0; i < count && from.ok(); ++i) {
      auto statement = DecodeSignedStatement(from.Binary("directory.statement", 128U << 10));
      if (!statement) {
        from.FailWith(statement.error().code, "directory.statement", "directory.statement");
        break;
      }
      m.statements.push_back(std::move(*statement));
    }
    m.more = from.Bool("directory.more");
    return m;
  }
};

template <>
struct Format<HeartbeatReply> {
  static constexpr Type kType = Type::kHeartbeatReply;
  static constexpr std::size_t kItems = 2;
  static void Write(const HeartbeatReply& m, Encoder& to) { to.Time(m.hub_time).Uint(m.statements); }
  static HeartbeatReply Read(Decoder& from) {
    HeartbeatReply m;
    m.hub_time = from.Time("heartbeat.hub_time");
    m.statements = from.Uint("heartbeat.statements");
    return m;
  }
};

template <>
struct Format<EnrolStatus> {
  static constexpr Type kType = Type::kEnrolStatus;
  static constexpr std::size_t kItems = 3;
  static void Write(const EnrolStatus& m, Encoder& to) { to.Enum(m.state).Id(m.organisation).Text(m.fingerprint); }
  static EnrolStatus Read(Decoder& from) {
    EnrolStatus m;
    m.state = from.Enum("enrol.state", EnrolState::kUnknown, EnrolState::kRefused);
    m.organisation = from.ReadOrgId("enrol.organisation");
    m.fingerprint = std::string(from.Text("enrol.fingerprint", 64));
    return m;
  }
};

template <>
struct Format<Error> {
  static constexpr Type kType = Type::kError;
  static constexpr std::size_t kItems = 1;
  static void Write(const Error& m, Encoder& to) { EncodeError(m, to); }
  static Error Read(Decoder& from) { return DecodeError(from); }
};

template <>
struct Format<Cosign> {
  static constexpr Type kType = Type::kCosign;
  static constexpr std::size_t kItems = 1;
  static void Write(const Cosign& m, Encoder& to) { to.Text(m.note); }
  static Cosign Read(Decoder& from) { return {std::string(from.Text("cosign.note", kNoteBytesMax))}; }
};

template <>
struct Format<CosignAck> {
  static constexpr Type kType = Type::kCosignAck;
  static constexpr std::size_t kItems = 1;
  static void Write(const CosignAck& m, Encoder& to) { to.Text(m.other); }
  static CosignAck Read(Decoder& from) { return {std::string(from.Text("cosign.other", kNoteBytesMax))}; }
};

template <>
struct Format<OwnRecordsQuery> {
  static constexpr Type kType = Type::kOwnRecordsQuery;
  static constexpr std::size_t kItems = 1;
  static void Write(const OwnRecordsQuery& m, Encoder& to) { to.Uint(m.after.value()); }
  static OwnRecordsQuery Read(Decoder& from) { return {Sequence(from.Uint("own_records.after"))}; }
};

template <>
struct Format<OwnRecordsReply> {
  static constexpr Type kType = Type::kOwnRecordsReply;
  static constexpr std::size_t kItems = 3;
  static void Write(const OwnRecordsReply& m, Encoder& to) {
    to.Text(m.checkpoint).Array(m.entries.size());
    for (const ProvenEntry& proven : m.entries) {
      to.Array(3).Binary(proven.entry).Binary(proven.salt);
      EncodeHashes(proven.proof, to);
    }
    to.Uint(m.upto.value());
  }
  static OwnRecordsReply Read(Decoder& from) {
    OwnRecordsReply m;
    m.checkpoint = std::string(from.Text("own_records.checkpoint", kNoteBytesMax));
    const std::size_t count = from.ArrayBetween(0, kBatchMax, "own_records.entries");
    for (std::size_t i = 0; i < count && from.ok(); ++i) {
      ProvenEntry proven;
      from.Array(3, "own_records.entry");
      proven.entry = ToBytes(from.Binary("own_records.entry", kEntryBytesMax));
      proven.salt = from.Fixed<32>("own_records.salt");
      proven.proof = DecodeHashes(from, "own_records.proof");
      m.entries.push_back(std::move(proven));
    }
    m.upto = Sequence(from.Uint("own_records.upto"));
    return m;
  }
};

template <>
struct Format<RotateRequest> {
  static constexpr Type kType = Type::kRotateRequest;
  static constexpr std::size_t kItems = 7;
  static void Write(const RotateRequest& m, Encoder& to) {
    EncodeOrgKeys(m.keys, to);
    to.Binary(m.proof_record).Binary(m.proof_cosign).Binary(m.proof_current);
  }
  static RotateRequest Read(Decoder& from) {
    RotateRequest m;
    m.keys = DecodeOrgKeys(from);
    m.proof_record = from.Fixed<64>("rotate.proof_record");
    m.proof_cosign = from.Fixed<64>("rotate.proof_cosign");
    m.proof_current = from.Fixed<64>("rotate.proof_current");
    return m;
  }
};

template <>
struct Format<Announce> {
  static constexpr Type kType = Type::kAnnounce;
  static constexpr std::size_t kItems = 1;
  static void Write(const Announce& m, Encoder& to) { to.Binary(EncodeSignedStatement(m.statement)); }
  static Announce Read(Decoder& from) {
    auto statement = DecodeSignedStatement(from.Binary("announce.statement", 1024));
    if (statement) return {std::move(*statement)};
    from.FailWith(statement.error().code, "directory.statement", "announce.statement");
    return {};
  }
};

constexpr std::size_t kEnvelopeItems = 3;  // Version, type, request id.

// Reads the payload whose type is `type`; nothing if no alternative from `index` on has it.
template <std::size_t index = 0>
std::optional<MessagePayload> ReadPayload(Type type, std::size_t items, Decoder& from) {
  if constexpr (index == std::variant_size_v<MessagePayload>) {
    return std::nullopt;
  } else {
    using F = Format<std::variant_alternative_t<index, MessagePayload>>;
    if (F::kType != type) return ReadPayload<index + 1>(type, items, from);
    if (items != kEnvelopeItems + F::kItems) from.FailWith(Code::kInvalid, "codec.type", "message");
    return F::Read(from);
  }
}

}  // namespace

Bytes EncodeMessage(const Message& message) {
  Encoder to(256);
  std::visit(
      [&]<typename M>(const M& payload) {
        to.Array(kEnvelopeItems + Format<M>::kItems).Uint(kWireVersion).Enum(Format<M>::kType).Uint(message.request);
        Format<M>::Write(payload, to);
      },
      message.payload);
  return to.Take();
}

Result<Message> DecodeMessage(ByteView bytes, const CodecLimits& limits) {
  Decoder from(bytes, limits);
  const std::size_t items = from.ArrayBetween(kEnvelopeItems, 64, "message");
  const std::uint64_t version = from.Uint("message.version");
  if (from.ok() && version != kWireVersion) {
    return Fail(Code::kVersion, "wire.version", "message.version", "use the same protocol version on both sides");
  }
  const std::uint64_t type = from.Uint("message.type", 255);
  Message message;
  message.request = from.Uint("message.request");
  auto payload = ReadPayload(static_cast<Type>(type), items, from);
  if (!payload && from.ok()) return Fail(Code::kInvalid, "wire.type", "message.type", "see docs/protocol.md");
  SCHAKEL_TRY(from.Finish());
  message.payload = std::move(*payload);
  return message;
}

Bytes EnrolProofBytes(const OrgId& organisation, const OrgKeys& keys) {
  Encoder to(200);
  to.Array(5).Id(organisation).Binary(keys.record.value()).Binary(keys.cosign.value());
  to.Binary(keys.transport.value()).Binary(keys.hpke.value());
  return to.Take();
}

RotateRequest ProveRotation(const OrgId& organisation, const OrgKeys& keys, const SigningKey& record,
                            const SigningKey& cosign, const SigningKey& current) {
  const Bytes bytes = EnrolProofBytes(organisation, keys);
  return {keys, Sign(record, kRotateDomain, bytes), Sign(cosign, kRotateDomain, bytes),
          Sign(current, kRotateDomain, bytes)};
}

Status CheckRotation(const OrgId& organisation, const RotateRequest& request, const SigningPublicKey& current) {
  const Bytes bytes = EnrolProofBytes(organisation, request.keys);
  if (Verify(request.keys.record, kRotateDomain, bytes, request.proof_record) &&
      Verify(request.keys.cosign, kRotateDomain, bytes, request.proof_cosign) &&
      Verify(current, kRotateDomain, bytes, request.proof_current)) {
    return {};
  }
  return Fail(Code::kUnauthenticated, "rotate.proof", "proof",
              "sign the request with both new keys and with the record key in force");
}

}  // namespace schakel
