#include "protocol/checkpoint.h"
#include "protocol/result.h"

namespace schakel {
namespace {

// The key that signed the seeds; see Checkpoint.BytesAreFrozen.
const NoteVerifier& Verifier() {
  static const NoteVerifier verifier = [] {
    const SigningKey key = SigningKey::FromSeed(Bytes(32, 0x11));
    return NoteVerifier{"schakel.example/leuven", key.public_key};
  }();
  return verifier;
}

void CheckNote(std::string_view input) {
  const auto note = ParseSignedNote(input);
  if (note) SCHAKEL_ASSERT(ToText(*note) == input);
  const auto head = VerifyCheckpoint(input, Verifier());
  if (!head) return;
  SCHAKEL_ASSERT(note.has_value());
  const std::string start = Verifier().name + "\n" + std::to_string(head->size) + "\n" + ToBase64(head->root) + "\n";
  SCHAKEL_ASSERT(note->text.starts_with(start));
}

}  // namespace
}  // namespace schakel

// What parses is written again the same, as a note and as a verifier key.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = schakel::AsText({data, size});
  schakel::CheckNote(input);
  const auto verifier = schakel::ParseNoteVerifier(input);
  if (verifier) SCHAKEL_ASSERT(schakel::ToText(*verifier) == input);
  return 0;
}
