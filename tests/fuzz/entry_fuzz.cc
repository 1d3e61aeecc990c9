#include "protocol/keys.h"
#include "reencode_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace schakel;
  const ByteView input(data, size);
  if (!test::CheckReencodes(input, {&test::ReencodeEntry, &test::ReencodeSlots})) return 0;
  if (const auto slots = DecodeSlots(input)) {
    const SlotTree tree(*slots);
    for (std::size_t i = 0; i < slots->used.size(); ++i) {
      const auto& [slot, bytes] = slots->used[i];
      SCHAKEL_ASSERT(SlotsRoot(bytes, tree.Salt(i), slot, tree.Path(slot)) == tree.Root());
    }
    return 0;
  }
  // Evidence of a peer's making must be refused, not trusted, and harm nothing.
  const auto entry = DecodeEntry(input);
  if (const auto* record = std::get_if<RecordEntry>(&entry->body)) {
    const Hash32 leaf = RecordLeaf(record->header, record->ciphertext_hash, record->recipients_root);
    SCHAKEL_ASSERT(!VerifyEvidence(SigningPublicKey(), leaf, record->evidence).has_value());
  }
  return 0;
}
