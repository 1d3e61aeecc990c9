// What an organisation holds of a trajectory, in one file that can be checked anywhere: evidence that its records stand
// in the log, and what opens the body of each: its ciphertext and the key of that ciphertext alone.
//
// A record's entry in the log holds its header, the hash of its ciphertext and its author's signature over both, so a
// body that opens from that ciphertext, by a key to which the ciphertext is committed, is what the author signed. The
// content key opens one body and nothing else: keys of organisations stay where they are. The digest at the end tells
// that the file is whole; against who changes it on purpose stand the proofs.
// Format: docs/protocol.md, 11.1. Threads: pure.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "protocol/evidence.h"
#include "protocol/record.h"

namespace schakel {

struct ArchivedContent {
  std::uint64_t entry = 0;  // Of the evidence, from 0; growing.
  std::array<std::uint8_t, 32> key{};
  Bytes ciphertext;
  friend bool operator==(const ArchivedContent&, const ArchivedContent&) = default;
};
struct Archive {
  Evidence evidence;
  std::vector<ArchivedContent> contents;
  bool intact = true;  // As it was read: the digest fits the bytes before it.
  friend bool operator==(const Archive&, const Archive&) = default;
};
inline constexpr std::size_t kArchiveBytesMax = 64U << 20;
inline constexpr std::size_t kArchiveRecordsMax = 16U << 10;

Bytes EncodeArchive(const Archive& archive);  // With the digest that fits.
// Whether it says of itself that it is an archive, of whatever version.
bool IsArchive(ByteView bytes);
// A file with another digest is read too, and said to be not intact: which of its records hold is worth knowing.
// kVersion ("archive.version"); kInvalid and kLimit with the codec's rules, or ("archive.content"): a content of no
// entry, or out of order.
Result<Archive> DecodeArchive(ByteView bytes);

// One entry of the archive.
struct ArchivedRecord {
  std::optional<Entry> entry;    // None: it does not decode.
  std::optional<Header> header;  // Of a record.
  std::optional<Body> body;      // None: the archive does not hold it, or there is doubt.
  std::optional<Error> doubt;    // Set: nothing of this record can be relied on.
};
struct CheckedArchive {
  CheckedEvidence evidence;  // Empty if there is any doubt.
  std::vector<ArchivedRecord> records;
  std::vector<Error> doubts;  // About the file as a whole. Also set if there is one about any record.
};
// Each entry by itself, and the file as a whole. kUnauthenticated ("checkpoint.signature"), kInvalid: not even the
// checkpoint is one, so nothing can be said. Doubts: the rules of CheckEvidence; "archive.ciphertext" (it is not that
// of the entry), those of OpenBody; "archive.digest".
Result<CheckedArchive> CheckArchive(const Archive& archive, const NoteVerifier& verifier);

}  // namespace schakel
