// The primitives, each from libsodium or OpenSSL; none is our own. Call InitCrypto() once before anything else.
//
// Threads: all are safe from any thread.
#pragma once

#include <initializer_list>
#include <span>

#include "protocol/bytes.h"
#include "protocol/keys.h"
#include "protocol/result.h"

namespace schakel {

// Asserts that libsodium and OpenSSL are usable. Idempotent.
void InitCrypto();

// SHA-256 of the concatenation (FIPS 180-4).
Hash32 Sha256(std::initializer_list<ByteView> parts);
inline Hash32 Sha256(ByteView bytes) { return Sha256({bytes}); }
// The same of what comes in parts. Threads: one object, one thread.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;
  void Add(ByteView part);
  Hash32 Finish();  // Once, and the last.

 private:
  void* context_;  // EVP_MD_CTX.
};
inline constexpr std::uint8_t ByteOf(std::uint8_t byte) { return byte; }

// RFC 2104, RFC 5869.
Hash32 HmacSha256(ByteView key, std::initializer_list<ByteView> parts);
// Extract-and-expand to 32 bytes.
Hash32 Hkdf32(ByteView key, ByteView salt, std::string_view info);
bool ConstantTimeEqual(ByteView a, ByteView b);
// As many bytes as wanted that follow from a secret seed and look random to whoever does not have it: the stream of
// ChaCha20 (RFC 8439) under it, with the nonce "LibsodiumDRG" (libsodium's randombytes_buf_deterministic).
void ExpandSeed(const Hash32& seed, std::span<std::uint8_t> out);

// Ed25519 (RFC 8032) with libsodium's strict verification: the one verifier everywhere.
// `domain` is prefixed with its length, so that no signature can be taken for another kind:
// signed bytes = byte(length of domain) ‖ domain ‖ message.
Signature Sign(const SigningKey& key, std::string_view domain, ByteView message);
bool Verify(const SigningPublicKey& key, std::string_view domain, ByteView message, const Signature& signature);
// Without a domain: for formats defined elsewhere (signed notes).
Signature SignRaw(const SigningKey& key, ByteView message);
bool VerifyRaw(const SigningPublicKey& key, ByteView message, const Signature& signature);

inline constexpr std::size_t kNonceBytes = 24;
inline constexpr std::size_t kTagBytes = 16;
// XChaCha20-Poly1305. The output is nonce ‖ ciphertext ‖ tag; the nonce is drawn from the operating system.
Bytes SealXChaCha(ByteView key32, ByteView plain, ByteView associated);
// Appends to `out` instead.
void SealXChaChaTo(ByteView key32, ByteView plain, ByteView associated, Bytes& out);
// kCorrupt ("crypto.aead"): wrong key, or any byte changed.
Result<Bytes> OpenXChaCha(ByteView key32, ByteView sealed, ByteView associated);

// X25519 (RFC 7748). kInvalid ("crypto.x25519"): the shared secret would be all zero.
Result<Hash32> X25519(ByteView secret32, ByteView public32);

// Argon2id, RFC 9106: memory 64 MiB, 3 passes. kUnavailable: not enough memory.
Result<Secret<32>> DeriveFromPassphrase(std::string_view passphrase, ByteView salt16);

}  // namespace schakel
