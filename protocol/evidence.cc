#include "protocol/evidence.h"

#include "protocol/codec.h"
#include "protocol/merkle.h"

namespace schakel {
namespace {

constexpr std::uint64_t kEvidenceVersion = 1;
constexpr std::size_t kSubjectBytesMax = 200;
constexpr std::size_t kEntriesMax = 1U << 20;

}  // namespace

// [version, checkpoint, subject, [[entry, salt, [hash, ..]], ..]]
Bytes EncodeEvidence(const Evidence& evidence) {
  Encoder to(1024 + evidence.entries.size() * 1024);
  to.Array(4).Uint(kEvidenceVersion).Text(evidence.checkpoint).Text(evidence.subject).Array(evidence.entries.size());
  for (const ProvenEntry& proven : evidence.entries) {
    to.Array(3).Binary(proven.entry).Binary(proven.salt).Array(proven.proof.size());
    for (const Hash32& hash : proven.proof) to.Binary(hash);
  }
  return to.Take();
}

Result<Evidence> DecodeEvidence(ByteView bytes) {
  Decoder from(bytes, {.bytes_max = kEvidenceBytesMax,
                       .depth_max = 4,
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
  if (items != 4) from.FailWith(Code::kInvalid, "codec.type", "evidence");
  evidence.checkpoint = std::string(from.Text("evidence.checkpoint", kNoteBytesMax));
  evidence.subject = std::string(from.Text("evidence.subject", kSubjectBytesMax));
  const std::size_t count = from.ArrayBetween(0, kEntriesMax, "evidence.entries");
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    ProvenEntry proven;
    from.Array(3, "evidence.entry");
    proven.entry = ToBytes(from.Binary("evidence.entry", 256U << 10));
    proven.salt = from.Fixed<32>("evidence.salt");
    const std::size_t hashes = from.ArrayBetween(0, kProofHashesMax, "evidence.proof");
    for (std::size_t j = 0; j < hashes && from.ok(); ++j) proven.proof.push_back(from.Fixed<32>("evidence.proof"));
    evidence.entries.push_back(std::move(proven));
  }
  SCHAKEL_TRY(from.Finish());
  return evidence;
}

Result<CheckedEvidence> CheckEvidence(const Evidence& evidence, const NoteVerifier& verifier) {
  CheckedEvidence checked;
  SCHAKEL_ASSIGN(checked.head, VerifyCheckpoint(evidence.checkpoint, verifier));
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
    auto included = VerifyInclusion(LogLeafHash(proven.salt, proven.entry), sequence - 1, checked.head.size,
                                    proven.proof, checked.head.root);
    if (!included) {
      return Fail(Code::kTampered, "merkle.inclusion", field, "ask for the evidence again, and report this");
    }
    if (!checked.entries.empty() && checked.entries.back().sequence >= entry->sequence) {
      return Fail(Code::kInvalid, "evidence.order", field, "ask for the evidence again");
    }
    checked.entries.push_back(std::move(*entry));
  }
  return checked;
}

}  // namespace schakel
