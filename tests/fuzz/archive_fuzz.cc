#include "reencode_fuzz.h"

namespace {

// Of the seeds; see SampleArchive().
schakel::NoteVerifier Verifier() {
  const schakel::Hash32 seed = schakel::Sha256(schakel::AsBytes("schakel/test/hub-log/schakel.example/gent"));
  return {"schakel.example/gent", schakel::SigningKey::FromSeed(seed).public_key};
}

}  // namespace

// What decodes is checked whether or not it is whole: a body that opens is that of a seed, and nothing else.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace schakel;
  static const NoteVerifier verifier = Verifier();
  const ByteView input(data, size);
  const auto archive = DecodeArchive(input);
  if (!archive) return 0;
  SCHAKEL_ASSERT(IsArchive(input));
  if (archive->intact) SCHAKEL_ASSERT(test::CheckReencodes(input, {&test::ReencodeArchive}));
  const auto checked = CheckArchive(*archive, verifier);
  if (!checked) return 0;
  SCHAKEL_ASSERT(checked->records.size() == archive->evidence.entries.size());
  SCHAKEL_ASSERT(archive->intact || !checked->doubts.empty());
  for (const ArchivedRecord& record : checked->records) {
    if (!record.body) continue;
    SCHAKEL_ASSERT(!record.doubt && AsText(record.body->content) == "vrijdag samen naar het CLB");
  }
  return 0;
}
