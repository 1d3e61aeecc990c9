// Answers that stand on their own: log entries with their proofs under one signed checkpoint, in a file that needs
// nothing but public keys to check.
//
// Version 1 is checkpoint, subject and entries. Version 2 adds the openings of numbers, what others cosigned, and the
// statements of the directory that say whose keys these are; version 3 entries that stand in a slot of a routing entry:
// they are proven in two steps, by their path in its slots and by its place in the log. Threads: pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/checkpoint.h"
#include "protocol/entry.h"
#include "protocol/registry.h"
#include "protocol/result.h"

namespace schakel {

struct ProvenEntry {
  Bytes entry;
  Hash32 salt{};
  std::vector<Hash32> proof;                            // To the checkpoint's root.
  std::optional<NumberOpening> opening = std::nullopt;  // Of a delivery whose number the asker may know.
  std::optional<SlotPlace> place = std::nullopt;        // It stands in a slot there; then `proof` is of that routing.
  friend bool operator==(const ProvenEntry&, const ProvenEntry&) = default;
};
// A head that others cosigned, and the proof that it is of the same history as the checkpoint: whichever is smaller
// lies within the other.
struct WitnessedHead {
  std::string note;
  std::vector<Hash32> consistency;
  friend bool operator==(const WitnessedHead&, const WitnessedHead&) = default;
};
struct Evidence {
  std::string checkpoint;  // A signed note.
  std::vector<ProvenEntry> entries;
  std::string subject;  // What was asked, for people: "trajectory 3f…". Not proven.
  std::vector<WitnessedHead> witnesses = {};
  std::vector<SignedStatement> statements = {};  // About those named in the file, all, in the order they came.
  friend bool operator==(const Evidence&, const Evidence&) = default;
};
inline constexpr std::size_t kEvidenceBytesMax = 64U << 20;
inline constexpr std::size_t kEvidenceWitnessesMax = 64;
inline constexpr std::size_t kEvidenceStatementsMax = 16U << 10;

Bytes EncodeEvidence(const Evidence& evidence);
Result<Evidence> DecodeEvidence(ByteView bytes);

// Checks the log's signature under the checkpoint, every entry's inclusion, every opening, and that every witnessed
// head is signed by the log and of the same history; yields the head and the decoded entries, in order.
// kTampered ("merkle.inclusion", "evidence.slot", "evidence.number", "evidence.feed", field "entry N";
// "evidence.witness": the log signed two heads of one size, field "witness N"; "evidence.witness_link": the file does
// not join that head to its own, so it was changed, or there are two histories; "evidence.witness_damaged": the log did
// not sign it, so it tells nothing of the log), kUnauthenticated ("checkpoint.signature"), kInvalid.
struct CheckedEvidence {
  TreeHead head;
  std::vector<Entry> entries;
  std::vector<TreeHead> witnessed = {};  // Of `witnesses`, in order. Who cosigned is not checked here: see verdict.h.
};
Result<CheckedEvidence> CheckEvidence(const Evidence& evidence, const NoteVerifier& verifier);

// Whether `subject` names a trajectory: only then can an answer be complete.
bool IsAboutTrajectory(const Evidence& evidence);

}  // namespace schakel
