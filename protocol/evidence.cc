#include "protocol/evidence.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "protocol/codec.h"
#include "protocol/evidence_page.h"
#include "protocol/merkle.h"

namespace schakel {
namespace {

constexpr std::uint64_t kEvidenceVersionFirst = 1;
constexpr std::uint64_t kEvidenceVersionSecond = 2;
constexpr std::uint64_t kEvidenceVersion = 3;
constexpr std::size_t kSubjectBytesMax = 200;
constexpr std::size_t kEntriesMax = 1U << 20;

// What an answer is about. It is not signed: so every entry must bear it out.
struct Subject {
  TrajectoryId trajectory;
  RecordId record;
};

Result<Subject> ParseSubject(std::string_view text) {
  constexpr std::string_view kTrajectory = "trajectory ";
  constexpr std::string_view kRecord = "record ";
  Subject subject;
  if (text.starts_with(kTrajectory)) {
    if (auto id = ParseId<TrajectoryId>(text.substr(kTrajectory.size()))) subject.trajectory = *id;
  } else if (text.starts_with(kRecord)) {
    if (auto id = ParseId<RecordId>(text.substr(kRecord.size()))) subject.record = *id;
  }
  if (IsNone(subject.trajectory) && IsNone(subject.record)) {
    return Fail(Code::kInvalid, "evidence.subject", "evidence.subject", "ask for the evidence again");
  }
  return subject;
}

// What an entry says it is about. Nothing: what it says cannot be read, or it is about no trajectory at all.
struct About {
  TrajectoryId trajectory;
  RecordId record;
  std::vector<RecordId> viewed;
  std::optional<RecordId> repeats = {};  // What it shares again.
  bool question = false;                 // Who saw what; without a record it is about all of them.
};
std::optional<About> AboutOf(const Entry& entry) {
  if (const auto* record = std::get_if<RecordEntry>(&entry.body)) {
    const auto header = DecodeHeader(record->header);
    if (!header) return std::nullopt;
    About about{header->trajectory, header->id, {}, RepeatedBy(*header)};
    if (const auto* views = std::get_if<Views>(&header->control)) {
      for (const View& view : views->views) about.viewed.push_back(view.record);
    }
    return about;
  }
  if (const auto* delivery = std::get_if<DeliveryEntry>(&entry.body)) {
    return About{delivery->trajectory, delivery->record, {}};
  }
  if (const auto* denial = std::get_if<DenialEntry>(&entry.body)) {
    return About{denial->trajectory, denial->record, {}};
  }
  if (const auto* session = std::get_if<SessionEntry>(&entry.body)) {
    return About{session->trajectory, session->record, {}, {}, true};
  }
  if (const auto* answer = std::get_if<AnswerEntry>(&entry.body)) {
    return About{answer->trajectory, answer->record, {}, {}, true};
  }
  return std::nullopt;
}

// `repeats`: what shares the subject again, as the entries so far say.
bool Fits(const Entry& entry, const Subject& subject, std::optional<TrajectoryId>& trajectory,
          std::set<RecordId>& repeats) {
  const auto about = AboutOf(entry);
  if (!about) return false;
  if (!IsNone(subject.trajectory)) return about->trajectory == subject.trajectory;
  // All about one record is about the one trajectory that it belongs to, or about none.
  if (!trajectory) trajectory = about->trajectory;
  if (*trajectory != about->trajectory) return false;
  const auto is_it = [&](const RecordId& one) { return one == subject.record || repeats.contains(one); };
  if (about->repeats && is_it(*about->repeats)) repeats.insert(about->record);
  return is_it(about->record) || (about->question && IsNone(about->record)) ||
         std::ranges::any_of(about->viewed, is_it);
}

// Each feed in the file: its positions grow, and neighbours are chained by the running hash.
class Feeds {
 public:
  bool Take(const Entry& entry, ByteView bytes) {
    const auto* delivery = std::get_if<DeliveryEntry>(&entry.body);
    if (delivery == nullptr || delivery->closed) return true;
    auto [last, first] = last_.try_emplace(delivery->recipient);
    const std::uint64_t position = delivery->position.value();
    const std::uint64_t before = last->second.position;
    const bool fits =
        first || (position > before && (position != before + 1 || delivery->previous == last->second.hash));
    last->second = {position, FeedHash(bytes)};
    return fits;
  }

 private:
  struct Last {
    std::uint64_t position = 0;
    Hash32 hash{};
  };
  std::map<OrgId, Last> last_;
};

}  // namespace

namespace {

// Each file has one version in which it is written, so that what decodes re-encodes to the same bytes.
std::uint64_t VersionOf(const Evidence& evidence) {
  const bool slotted =
      std::ranges::any_of(evidence.entries, [](const ProvenEntry& proven) { return proven.place.has_value(); });
  if (slotted) return kEvidenceVersion;
  const bool opened =
      std::ranges::any_of(evidence.entries, [](const ProvenEntry& proven) { return proven.opening.has_value(); });
  const bool more = opened || !evidence.witnesses.empty() || !evidence.statements.empty();
  return more ? kEvidenceVersionSecond : kEvidenceVersionFirst;
}

void EncodeHashes(const std::vector<Hash32>& hashes, Encoder& to) {
  to.Array(hashes.size());
  for (const Hash32& hash : hashes) to.Binary(hash);
}
std::vector<Hash32> DecodeHashes(Decoder& from, const char* field) {
  std::vector<Hash32> hashes;
  const std::size_t count = from.ArrayBetween(0, kProofHashesMax, field);
  for (std::size_t i = 0; i < count && from.ok(); ++i) hashes.push_back(from.Fixed<32>(field));
  return hashes;
}

std::optional<NumberOpening> DecodeOpening(Decoder& from) {
  if (from.Nil()) return std::nullopt;
  NumberOpening opening;
  from.Array(2, "evidence.opening");
  opening.number = from.Uint("evidence.number");
  opening.blind = from.Fixed<32>("evidence.blind");
  return opening;
}

ProvenEntry DecodeProven(Decoder& from, std::uint64_t version) {
  ProvenEntry proven;
  from.Array(version + 2, "evidence.entry");
  proven.entry = ToBytes(from.Binary("evidence.entry", 256U << 10));
  proven.salt = from.Fixed<32>("evidence.salt");
  proven.proof = DecodeHashes(from, "evidence.proof");
  if (version >= kEvidenceVersionSecond) proven.opening = DecodeOpening(from);
  if (version >= kEvidenceVersion && !from.Nil()) proven.place = DecodeSlotPlace(from);
  return proven;
}

void DecodeWitnesses(Decoder& from, Evidence& to) {
  const std::size_t count = from.ArrayBetween(0, kEvidenceWitnessesMax, "evidence.witnesses");
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    WitnessedHead witnessed;
    from.Array(2, "evidence.witness");
    witnessed.note = std::string(from.Text("evidence.witness", kNoteBytesMax));
    witnessed.consistency = DecodeHashes(from, "evidence.consistency");
    to.witnesses.push_back(std::move(witnessed));
  }
}

void DecodeStatements(Decoder& from, Evidence& to) {
  const std::size_t count = from.ArrayBetween(0, kEvidenceStatementsMax, "evidence.statements");
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    auto statement = DecodeSignedStatement(from.Binary("evidence.statement", 128U << 10));
    if (!statement) return from.FailWith(statement.error().code, "evidence.statement", "evidence.statement");
    to.statements.push_back(std::move(*statement));
  }
}

}  // namespace

// Version 1: [version, checkpoint, subject, [[entry, salt, [hash, ..]], ..]]
// Version 2: [version, checkpoint, subject, [[entry, salt, [hash, ..], nil or [number, blind]], ..],
//             [[note, [hash, ..]], ..], [statement, ..]]
// Version 3: as 2, but each entry [entry, salt, [hash, ..], nil or [number, blind], nil or [routing, salt, slot, path]]
Bytes EncodeEvidence(const Evidence& evidence) {
  const std::uint64_t version = VersionOf(evidence);
  const bool more = version != kEvidenceVersionFirst;
  Encoder to(1024 + evidence.entries.size() * 1024);
  to.Array(more ? 6 : 4).Uint(version).Text(evidence.checkpoint).Text(evidence.subject).Array(evidence.entries.size());
  for (const ProvenEntry& proven : evidence.entries) {
    to.Array(version + 2).Binary(proven.entry).Binary(proven.salt);
    EncodeHashes(proven.proof, to);
    if (!more) continue;
    if (proven.opening) {
      to.Array(2).Uint(proven.opening->number).Binary(proven.opening->blind);
    } else {
      to.Nil();
    }
    if (version < kEvidenceVersion) continue;
    proven.place ? EncodeSlotPlace(*proven.place, to) : static_cast<void>(to.Nil());
  }
  if (!more) return to.Take();
  to.Array(evidence.witnesses.size());
  for (const WitnessedHead& witnessed : evidence.witnesses) {
    to.Array(2).Text(witnessed.note);
    EncodeHashes(witnessed.consistency, to);
  }
  to.Array(evidence.statements.size());
  for (const SignedStatement& statement : evidence.statements) to.Binary(EncodeSignedStatement(statement));
  return to.Take();
}

Result<Evidence> DecodeEvidence(ByteView bytes) {
  Decoder from(bytes, {.bytes_max = kEvidenceBytesMax,
                       .depth_max = 5,
                       .array_max = kEntriesMax,
                       .items_max = 16U << 20,
                       .binary_bytes_max = 256U << 10});
  Evidence evidence;
  const std::size_t items = from.ArrayBetween(4, 64, "evidence");
  const std::uint64_t version = from.Uint("evidence.version");
  if (version > kEvidenceVersion) {
    return Fail(Code::kVersion, "evidence.version", "evidence.version", "update this program to read it");
  }
  if (version == 0) from.FailWith(Code::kInvalid, "codec.type", "evidence.version");
  if (items != (version == kEvidenceVersionFirst ? 4 : 6)) from.FailWith(Code::kInvalid, "codec.type", "evidence");
  evidence.checkpoint = std::string(from.Text("evidence.checkpoint", kNoteBytesMax));
  evidence.subject = std::string(from.Text("evidence.subject", kSubjectBytesMax));
  const std::size_t count = from.ArrayBetween(0, kEntriesMax, "evidence.entries");
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    evidence.entries.push_back(DecodeProven(from, version));
  }
  if (version != kEvidenceVersionFirst) {
    DecodeWitnesses(from, evidence);
    DecodeStatements(from, evidence);
    if (from.ok() && VersionOf(evidence) != version) from.FailWith(Code::kInvalid, "codec.type", "evidence.version");
  }
  SCHAKEL_TRY(from.Finish());
  return evidence;
}

namespace {

// An opening belongs to a delivery, and to this one.
bool OpeningHolds(const ProvenEntry& proven, const Entry& entry) {
  if (!proven.opening) return true;
  const auto* delivery = std::get_if<DeliveryEntry>(&entry.body);
  return delivery != nullptr && delivery->number && Opens(*proven.opening, *delivery->number);
}

// Sequences grow; entries in slots of one routing, by growing slot, share its sequence, and no recipient has two.
class Order {
 public:
  bool Take(const Entry& entry, const std::optional<SlotPlace>& place) {
    const OrgId recipient = RecipientOf(entry);
    if (entry.sequence > last_) {
      recipients_.clear();
    } else if (entry.sequence < last_ || !slot_ || !place || place->slot <= *slot_ || recipients_.contains(recipient)) {
      return false;
    }
    last_ = entry.sequence;
    slot_ = place ? std::optional(place->slot) : std::nullopt;
    recipients_.insert(recipient);
    return true;
  }

 private:
  static OrgId RecipientOf(const Entry& entry) {
    if (const auto* delivery = std::get_if<DeliveryEntry>(&entry.body)) return delivery->recipient;
    if (const auto* denial = std::get_if<DenialEntry>(&entry.body)) return denial->recipient;
    return {};
  }

  Sequence last_;
  std::optional<std::uint8_t> slot_;
  std::set<OrgId> recipients_;  // At that sequence.
};

bool IsOneHistory(const TreeHead& a, const TreeHead& b, const std::vector<Hash32>& proof) {
  const auto& [first, second] = a.size <= b.size ? std::tie(a, b) : std::tie(b, a);
  return first.size > 0 && VerifyConsistency(first.size, first.root, second.size, second.root, proof);
}

Result<std::vector<TreeHead>> CheckWitnesses(const Evidence& evidence, const TreeHead& head,
                                             const NoteVerifier& verifier) {
  std::vector<TreeHead> heads;
  for (const WitnessedHead& witnessed : evidence.witnesses) {
    const std::string field = "witness " + std::to_string(heads.size() + 1);
    auto seen = VerifyCheckpoint(witnessed.note, verifier);
    // Nothing may be said of the hub by what it did not sign; and a head is of the same history as itself.
    const bool same = seen && *seen == head;
    if (!seen || (same && !witnessed.consistency.empty())) {
      return Fail(Code::kTampered, "evidence.witness_damaged", field, "get it again from who made it");
    }
    if (!IsOneHistory(*seen, head, witnessed.consistency)) {
      // Two of one size are two histories. Two of other sizes are joined by a proof, in which a byte may have flipped.
      const char* rule = seen->size == head.size ? "evidence.witness" : "evidence.witness_link";
      return Fail(Code::kTampered, rule, field, "keep the file, and get it again from who made it");
    }
    heads.push_back(*seen);
  }
  return heads;
}

}  // namespace

bool IsAboutTrajectory(const Evidence& evidence) {
  const auto subject = ParseSubject(evidence.subject);
  return subject && !IsNone(subject->trajectory);
}

Result<CheckedEvidence> CheckEvidence(const Evidence& evidence, const NoteVerifier& verifier) {
  std::set<RecordId> repeats;
  return CheckEvidencePage(evidence, verifier, repeats);
}

Result<CheckedEvidence> CheckEvidencePage(const Evidence& evidence, const NoteVerifier& verifier,
                                          std::set<RecordId>& repeats) {
  CheckedEvidence checked;
  SCHAKEL_ASSIGN(checked.head, VerifyCheckpoint(evidence.checkpoint, verifier));
  SCHAKEL_ASSIGN(const Subject subject, ParseSubject(evidence.subject));
  std::optional<TrajectoryId> trajectory;
  Feeds feeds;
  Order order;
  for (std::size_t i = 0; i < evidence.entries.size(); ++i) {
    const ProvenEntry& proven = evidence.entries[i];
    const std::string field = "entry " + std::to_string(i + 1);
    auto entry = DecodeEntry(proven.entry);
    if (!entry) {
      return Fail(entry.error().code, entry.error().rule, field + ": " + entry.error().field, entry.error().next);
    }
    const std::uint64_t sequence = entry->sequence.value();
    if (sequence == 0 || sequence > checked.head.size) {
      return Fail(Code::kTampered, "merkle.inclusion", field, "ask for the evidence again, and report this");
    }
    if (proven.place && !CheckSlot(*entry, proven.entry, proven.salt, *proven.place)) {
      return Fail(Code::kTampered, "evidence.slot", field, "ask for the evidence again, and report this");
    }
    const Hash32 leaf = LeafOf(proven.entry, proven.salt, proven.place);
    auto included = VerifyInclusion(leaf, sequence - 1, checked.head.size, proven.proof, checked.head.root);
    if (!included) {
      return Fail(Code::kTampered, "merkle.inclusion", field, "ask for the evidence again, and report this");
    }
    if (!order.Take(*entry, proven.place)) {
      return Fail(Code::kInvalid, "evidence.order", field, "ask for the evidence again");
    }
    if (!OpeningHolds(proven, *entry)) {
      return Fail(Code::kTampered, "evidence.number", field, "ask for the evidence again, and report this");
    }
    if (!Fits(*entry, subject, trajectory, repeats)) {
      return Fail(Code::kInvalid, "evidence.about", field, "do not trust what this file says it is about");
    }
    if (!feeds.Take(*entry, proven.entry)) {
      return Fail(Code::kTampered, "evidence.feed", field, "ask for the evidence again, and report this");
    }
    checked.entries.push_back(std::move(*entry));
  }
  SCHAKEL_ASSIGN(checked.witnessed, CheckWitnesses(evidence, checked.head, verifier));
  return checked;
}

}  // namespace schakel
