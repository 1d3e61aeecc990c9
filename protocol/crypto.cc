#include "protocol/crypto.h"

// SHA-256's plain functions: deprecated since 3.0 in favour of EVP, and there for as long as 3 is.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sodium.h>

#include <cstring>
#include <memory>

#include "protocol/seams.h"

namespace schakel {
namespace {

constexpr std::size_t kBlockBytes = 64;  // Of SHA-256.

// One running SHA-256. By the plain functions, not EVP: a record takes some forty digests of less than 100 bytes, and
// EVP frees and makes its state anew for each (232 ns for 65 bytes, 121 without).
class Digest {
 public:
  Digest() { SCHAKEL_ASSERT(SHA256_Init(&context_) == 1); }
  void Add(ByteView bytes) {
    if (!bytes.empty()) SCHAKEL_ASSERT(SHA256_Update(&context_, bytes.data(), bytes.size()) == 1);
  }
  void Add(std::initializer_list<ByteView> parts) {
    for (const ByteView part : parts) Add(part);
  }
  Hash32 Finish() {
    Hash32 hash;
    SCHAKEL_ASSERT(SHA256_Final(hash.data(), &context_) == 1);
    return hash;
  }

 private:
  SHA256_CTX context_;
};

// Bytes on the stack if they are few: the signed ones are, and every record pays for it.
class Joined {
 public:
  Joined(ByteView head, ByteView domain, ByteView message) : size_(head.size() + domain.size() + message.size()) {
    if (size_ > small_.size()) large_.resize(size_);
    std::uint8_t* to = size_ > small_.size() ? large_.data() : small_.data();
    for (const ByteView part : {head, domain, message}) {
      if (!part.empty()) std::memcpy(to, part.data(), part.size());
      to += part.size();
    }
  }
  ByteView view() const { return {size_ > small_.size() ? large_.data() : small_.data(), size_}; }

 private:
  std::size_t size_;
  std::array<std::uint8_t, 1024> small_;
  Bytes large_;
};

Joined SignedBytes(std::string_view domain, ByteView message) {
  SCHAKEL_ASSERT(domain.size() <= 255);
  const std::array<std::uint8_t, 1> length{static_cast<std::uint8_t>(domain.size())};
  return {length, AsBytes(domain), message};
}

}  // namespace

void InitCrypto() {
  static const bool usable = sodium_init() >= 0;
  SCHAKEL_ASSERT(usable);
}

Sha256Stream::Sha256Stream() : context_(EVP_MD_CTX_new()) {
  SCHAKEL_ASSERT(context_ != nullptr);
  SCHAKEL_ASSERT(EVP_DigestInit_ex2(static_cast<EVP_MD_CTX*>(context_), EVP_sha256(), nullptr) == 1);
}
Sha256Stream::~Sha256Stream() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }
void Sha256Stream::Add(ByteView part) {
  if (part.empty()) return;
  SCHAKEL_ASSERT(EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), part.data(), part.size()) == 1);
}
Hash32 Sha256Stream::Finish() {
  Hash32 hash;
  SCHAKEL_ASSERT(EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_), hash.data(), nullptr) == 1);
  return hash;
}

Hash32 Sha256(std::initializer_list<ByteView> parts) {
  Digest digest;
  digest.Add(parts);
  return digest.Finish();
}

Hash32 HmacSha256(ByteView key, std::initializer_list<ByteView> parts) {
  std::array<std::uint8_t, kBlockBytes> pad{};
  if (key.size() > pad.size()) {
    const Hash32 hashed = Sha256(key);
    std::memcpy(pad.data(), hashed.data(), hashed.size());
  } else if (!key.empty()) {
    std::memcpy(pad.data(), key.data(), key.size());
  }
  for (std::uint8_t& byte : pad) byte ^= 0x36;
  Digest inner;
  inner.Add(pad);
  inner.Add(parts);
  const Hash32 inner_hash = inner.Finish();
  for (std::uint8_t& byte : pad) byte ^= 0x36 ^ 0x5c;
  const Hash32 mac = Sha256({pad, inner_hash});
  sodium_memzero(pad.data(), pad.size());
  return mac;
}

Hash32 Hkdf32(ByteView key, ByteView salt, std::string_view info) {
  const std::uint8_t first_block = 1;
  // An empty salt means 32 zeros, which HMAC pads to the same block.
  Hash32 extracted = HmacSha256(salt, {key});
  const Hash32 expanded = HmacSha256(extracted, {AsBytes(info), {&first_block, 1}});
  sodium_memzero(extracted.data(), extracted.size());
  return expanded;
}

void ExpandSeed(const Hash32& seed, std::span<std::uint8_t> out) {
  static_assert(randombytes_SEEDBYTES == std::tuple_size_v<Hash32>);
  randombytes_buf_deterministic(out.data(), out.size(), seed.data());
}

bool ConstantTimeEqual(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0);
}

Signature Sign(const SigningKey& key, std::string_view domain, ByteView message) {
  return SignRaw(key, SignedBytes(domain, message).view());
}

bool Verify(const SigningPublicKey& key, std::string_view domain, ByteView message, const Signature& signature) {
  return VerifyRaw(key, SignedBytes(domain, message).view(), signature);
}

Signature SignRaw(const SigningKey& key, ByteView message) {
  Signature signature;
  SCHAKEL_ASSERT(
      crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(), key.secret.view().data()) == 0);
  return signature;
}

bool VerifyRaw(const SigningPublicKey& key, ByteView message, const Signature& signature) {
  return crypto_sign_verify_detached(signature.data(), message.data(), message.size(), key.value().data()) == 0;
}

Bytes SealXChaCha(ByteView key32, ByteView plain, ByteView associated) {
  Bytes out;
  SealXChaChaTo(key32, plain, associated, out);
  return out;
}

void SealXChaChaTo(ByteView key32, ByteView plain, ByteView associated, Bytes& out) {
  SCHAKEL_ASSERT(key32.size() == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
  const std::size_t begin = out.size();
  out.resize(begin + kNonceBytes + plain.size() + kTagBytes);
  const std::span<std::uint8_t> nonce(out.data() + begin, kNonceBytes);
  SystemRandom().Fill(nonce);
  SCHAKEL_ASSERT(crypto_aead_xchacha20poly1305_ietf_encrypt(nonce.data() + kNonceBytes, nullptr, plain.data(),
                                                            plain.size(), associated.data(), associated.size(), nullptr,
                                                            nonce.data(), key32.data()) == 0);
}

Result<Bytes> OpenXChaCha(ByteView key32, ByteView sealed, ByteView associated) {
  SCHAKEL_ASSERT(key32.size() == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
  const auto refuse = [] { return Fail(Code::kCorrupt, "crypto.aead", {}, "check the key, or fetch the bytes again"); };
  if (sealed.size() < kNonceBytes + kTagBytes) return refuse();
  const ByteView ciphertext = sealed.subspan(kNonceBytes);
  Bytes plain(ciphertext.size() - kTagBytes);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain.data(), nullptr, nullptr, ciphertext.data(), ciphertext.size(),
                                                 associated.data(), associated.size(), sealed.data(),
                                                 key32.data()) != 0) {
    return refuse();
  }
  return plain;
}

Result<Hash32> X25519(ByteView secret32, ByteView public32) {
  SCHAKEL_ASSERT(secret32.size() == 32 && public32.size() == 32);
  Hash32 shared;
  if (crypto_scalarmult(shared.data(), secret32.data(), public32.data()) != 0) {
    return Fail(Code::kInvalid, "crypto.x25519", {}, "ask the other side for its real public key");
  }
  return shared;
}

Result<Secret<32>> DeriveFromPassphrase(std::string_view passphrase, ByteView salt16) {
  constexpr unsigned long long kPasses = 3;
  constexpr std::size_t kMemoryBytes = 64U << 20;
  SCHAKEL_ASSERT(salt16.size() == crypto_pwhash_SALTBYTES);
  Secret<32> key;
  if (crypto_pwhash(key.mutable_view().data(), key.view().size(), passphrase.data(), passphrase.size(), salt16.data(),
                    kPasses, kMemoryBytes, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return Fail(Code::kUnavailable, "crypto.memory", {}, "free 64 MiB of memory and try again");
  }
  return key;
}

}  // namespace schakel
