// Signed heads of the log: C2SP tlog-checkpoint in a C2SP signed-note, Ed25519 (signature type 0x01).
//
// Example, by the key of the seed 11 11 .. 11 (32 times): after the root an empty line, then a dash (U+2014), the name,
// and base64 of the key hash 0c 23 cf a1 ‖ signature (one line; broken here). Key hash: the first 4 bytes of
// SHA-256(name ‖ 0x0a ‖ 0x01 ‖ public key).
//   schakel.example/leuven
//   1234
//   SBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=
//
//   — schakel.example/leuven
//     DCPPoXyRgTsUfsStm1PDPDGUazGGjQcdr2cgZFla7+sS7rmR2JBmNp8aEjMB37cGhnPgrEQLopgPMeUAlX1RxzJjDAo=
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/ids.h"
#include "protocol/keys.h"
#include "protocol/result.h"
#include "protocol/seams.h"

namespace schakel {

struct TreeHead {
  std::uint64_t size = 0;
  Hash32 root{};
  friend bool operator==(const TreeHead&, const TreeHead&) = default;
};

// A note verifier key, "name+hash+base64" (C2SP signed-note): how a hub's public key is written down and pinned.
struct NoteVerifier {
  std::string name;  // The log's origin: no '+', no white space. "schakel.example/leuven"
  SigningPublicKey key;
  friend bool operator==(const NoteVerifier&, const NoteVerifier&) = default;
};
std::string ToText(const NoteVerifier& verifier);
// kInvalid ("note.verifier").
Result<NoteVerifier> ParseNoteVerifier(std::string_view text);

struct NoteSignature {
  std::string name;
  std::uint32_t key_hash = 0;
  Bytes signature;  // As it stands after the key hash. Ed25519: 64 bytes; other kinds are kept whole.
};
struct SignedNote {
  std::string text;  // Ends in a newline.
  std::vector<NoteSignature> signatures;
};
inline constexpr std::size_t kNoteBytesMax = 16U << 10;
inline constexpr std::size_t kNoteSignaturesMax = 32;

std::string ToText(const SignedNote& note);
// kInvalid ("note.format", "note.size").
Result<SignedNote> ParseSignedNote(std::string_view text);

// The whole signed note: origin, size, base64 root, no extension lines, one signature.
std::string SignCheckpoint(const std::string& origin, const TreeHead& head, const SigningKey& key);
// kUnauthenticated ("checkpoint.signature"): no signature by this verifier holds; kInvalid ("checkpoint.format",
// "checkpoint.origin"): not a checkpoint, or of another log. Unknown extension lines and further signatures are fine.
Result<TreeHead> VerifyCheckpoint(std::string_view note, const NoteVerifier& verifier);

// ---- Cosignatures ----
// C2SP tlog-cosignature (c2sp.org/tlog-cosignature), Ed25519, signature type 0x04: an organisation states that, at that
// time, this was the largest head of the log that it had seen, and consistent with all it saw before.
//   key hash   first 4 bytes of SHA-256(name ‖ 0x0a ‖ 0x04 ‖ public key)
//   signature  time in seconds since 1970, 8 bytes, highest first ‖ Ed25519 over the lines
//              cosignature/v1
//              time 1795464000
//              and the whole text of the checkpoint
// The name of a witness says who it is: the log's origin, "/witness/", the organisation.
std::string WitnessName(std::string_view origin, const OrgId& organisation);
// The witnesses of the log `origin` that `note` bears a signature of, by name alone; nothing is checked.
std::vector<OrgId> WitnessesNamed(std::string_view note, std::string_view origin);
// The log's own signature and this one; others are left out. `note` must be a signed note.
Result<std::string> CosignCheckpoint(std::string_view note, std::string_view origin, const OrgId& organisation,
                                     const SigningKey& key, Timestamp at);
// When it was cosigned, by the witness's own clock. kUnauthenticated ("cosignature.signature"): no signature of this
// organisation by this key holds. Says nothing about the log's own signature.
Result<Timestamp> VerifyCosignature(std::string_view note, std::string_view origin, const OrgId& organisation,
                                    const SigningPublicKey& key);

}  // namespace schakel
