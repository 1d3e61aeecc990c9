// Answers that stand on their own: log entries with their proofs under one signed checkpoint, in a file that needs
// nothing but the hub's public key to check. Threads: pure.
#pragma once

#include <string>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/checkpoint.h"
#include "protocol/entry.h"
#include "protocol/result.h"

namespace schakel {

struct ProvenEntry {
  Bytes entry;
  Hash32 salt{};
  std::vector<Hash32> proof;  // To the checkpoint's root.
  friend bool operator==(const ProvenEntry&, const ProvenEntry&) = default;
};
struct Evidence {
  std::string checkpoint;  // A signed note.
  std::vector<ProvenEntry> entries;
  std::string subject;  // What was asked, for people: "trajectory 3f…". Not proven.
  friend bool operator==(const Evidence&, const Evidence&) = default;
};
inline constexpr std::size_t kEvidenceBytesMax = 64U << 20;

Bytes EncodeEvidence(const Evidence& evidence);
Result<Evidence> DecodeEvidence(ByteView bytes);

// Checks the checkpoint's signature and every entry's inclusion; yields the head and the decoded entries, in order.
// kTampered ("merkle.inclusion", field "entry N"), kUnauthenticated ("checkpoint.signature"), kInvalid.
struct CheckedEvidence {
  TreeHead head;
  std::vector<Entry> entries;
};
Result<CheckedEvidence> CheckEvidence(const Evidence& evidence, const NoteVerifier& verifier);

}  // namespace schakel
