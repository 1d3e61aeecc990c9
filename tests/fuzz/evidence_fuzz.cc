#include "reencode_fuzz.h"

namespace {

// Of the seeds; see SampleEvidence().
schakel::NoteVerifier Verifier() {
  const schakel::Hash32 seed = schakel::Sha256(schakel::AsBytes("schakel/test/hub-log/schakel.example/gent"));
  return {"schakel.example/gent", schakel::SigningKey::FromSeed(seed).public_key};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace schakel;
  static const NoteVerifier verifier = Verifier();
  const ByteView input(data, size);
  if (!test::CheckReencodes(input, {&test::ReencodeEvidence})) return 0;
  const auto evidence = DecodeEvidence(input);
  if (const auto checked = CheckEvidence(*evidence, verifier)) {
    // What holds is what was logged: entries of the seed, under its head.
    SCHAKEL_ASSERT(checked->head.size == 6);
    SCHAKEL_ASSERT(checked->entries.size() == evidence->entries.size());
    for (const Entry& entry : checked->entries) {
      SCHAKEL_ASSERT(entry.sequence == Sequence(3) || entry.sequence == Sequence(4));
    }
  }
  return 0;
}
