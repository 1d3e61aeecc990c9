#include "protocol/verdict.h"
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
    // What holds is what was logged: entries of a seed, under its head.
    const std::uint64_t last = checked->head.size;
    SCHAKEL_ASSERT(last == 6 || last == 8 || last == 12);
    SCHAKEL_ASSERT(checked->entries.size() == evidence->entries.size());
    for (const Entry& entry : checked->entries) {
      const std::uint64_t at = entry.sequence.value();
      SCHAKEL_ASSERT(last == 12 ? at >= 11 : at == 4 || (last == 8 ? at >= 6 && at <= 8 : at == 3));
    }
    if (const auto complete = CheckComplete(*evidence, *checked)) {
      for (const Completeness& all : *complete) SCHAKEL_ASSERT(all.before.value() <= checked->head.size);
    }
  }
  return 0;
}
