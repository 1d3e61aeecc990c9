// Signed heads of the log: C2SP tlog-checkpoint in a C2SP signed-note, Ed25519 (signature type 0x01).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/keys.h"
#include "protocol/result.h"

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

}  // namespace schakel
