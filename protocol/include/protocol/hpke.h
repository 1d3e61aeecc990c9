// HPKE, RFC 9180, base mode, one shot: DHKEM(X25519, HKDF-SHA256) 0x0020, HKDF-SHA256 0x0001, ChaCha20-Poly1305 0x0003.
// Checked with the vectors of RFC 9180 appendix A.2.1.
//
// Threads: any.
#pragma once

#include "protocol/bytes.h"
#include "protocol/keys.h"
#include "protocol/result.h"

namespace schakel {

struct HpkeSealed {
  std::array<std::uint8_t, 32> enc{};  // The ephemeral public key.
  Bytes ciphertext;                    // Plaintext length + 16.
};

// kInvalid ("crypto.x25519"): `recipient` is not a usable public key.
Result<HpkeSealed> HpkeSeal(const AgreementPublicKey& recipient, ByteView info, ByteView associated, ByteView plain);
// With the ephemeral key given: for the RFC's vectors only.
Result<HpkeSealed> HpkeSealWith(const AgreementKey& ephemeral, const AgreementPublicKey& recipient, ByteView info,
                                ByteView associated, ByteView plain);
// kUnauthenticated ("hpke.open"): not for this key, other info or associated data, or changed.
Result<Bytes> HpkeOpen(const AgreementKey& key, ByteView enc32, ByteView info, ByteView associated,
                       ByteView ciphertext);

}  // namespace schakel
