#include "protocol/codec.h"
#include "reencode_fuzz.h"

// Headers, payloads and stanza proofs; and what is computed from those that a peer made.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace schakel;
  using namespace schakel::test;
  const ByteView input(data, size);
  if (!CheckReencodes(input, {&ReencodeHeader, &ReencodePayload, &ReencodeStanzaProof})) return 0;

  if (const auto payload = DecodePayload(input)) {
    const Hash32 root = RecipientsRoot(payload->recipients);
    for (std::size_t i = 0; i < payload->recipients.stanzas.size(); ++i) {
      SCHAKEL_ASSERT(RootOf(ProveStanza(payload->recipients, i)) == root);
    }
    const auto body = OpenBody(payload->ciphertext, ContentKey(), input, OrgId("aa"), root);
    SCHAKEL_ASSERT(!body.has_value());
  }
  return 0;
}
