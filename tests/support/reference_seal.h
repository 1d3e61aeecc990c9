// Sealing as docs/protocol.md tells it, written a second time with every random value given: for golden bytes, and to
// hold against the real one.
#pragma once

#include <sodium.h>

#include <vector>

#include "protocol/codec.h"
#include "protocol/hpke.h"
#include "protocol/record.h"
#include "support/builders.h"

namespace schakel::test {

struct Draws {
  Hash32 content_key{};
  Hash32 tree_seed{};
  std::array<std::uint8_t, 24> nonce{};
  struct Recipient {
    RecipientKey to;
    std::uint8_t slot = 0;
    Hash32 ephemeral_secret{};
  };
  std::vector<Recipient> recipients;  // By growing slot.
};

inline Bytes Joined(std::initializer_list<ByteView> parts) {
  Bytes out;
  for (ByteView part : parts) Append(out, part);
  return out;
}

inline Bytes EncodeBody(const Body& body, const OrgId& author, const Hash32& header_hash, const Hash32& root) {
  Encoder to;
  to.Array(6).Uint(body.type).Uint(body.version).Id(author).Binary(header_hash).Binary(root).Binary(body.content);
  return to.Take();
}

inline SealedRecord ReferenceSeal(const Header& header, const Body& body, const Draws& draws) {
  SealedRecord record;
  record.header = EncodeHeader(header);
  const Hash32 header_hash = Sha256(Joined({AsBytes("schakel/header/v1"), record.header}));

  record.recipients.seed = draws.tree_seed;
  for (const Draws::Recipient& recipient : draws.recipients) {
    const KeyId key_id = IdOf(recipient.to.key);
    const Bytes info = Joined({AsBytes("schakel/hpke/v1"), AsBytes(kHub), key_id.value()});
    const auto ephemeral = AgreementKey::FromSecret(recipient.ephemeral_secret);
    const auto sealed = *HpkeSealWith(ephemeral, recipient.to.key, info, header_hash, draws.content_key);
    Stanza stanza{.recipient = recipient.to.organisation, .key = key_id, .enc = sealed.enc};
    std::copy(sealed.ciphertext.begin(), sealed.ciphertext.end(), stanza.wrapped.begin());
    record.recipients.stanzas.push_back({recipient.slot, stanza});
  }

  Bytes plain = EncodeBody(body, header.author, header_hash, RecipientsRoot(record.recipients));
  plain.push_back(0x80);
  for (const std::size_t size : {768, 2048, 6144, 16384, 49152, 131072, 262144}) {
    if (plain.size() <= size) {
      plain.resize(size);
      break;
    }
  }
  const Hash32 commitment = HmacSha256(draws.content_key, {AsBytes("schakel/commit/v1"), header_hash});
  const Hash32 body_key = HmacSha256(draws.content_key, {AsBytes("schakel/body/v1"), header_hash});
  Bytes sealed(plain.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data(), nullptr, plain.data(), plain.size(), header_hash.data(),
                                             header_hash.size(), nullptr, draws.nonce.data(), body_key.data());
  record.ciphertext = Joined({commitment, draws.nonce, sealed});
  return record;
}

}  // namespace schakel::test
