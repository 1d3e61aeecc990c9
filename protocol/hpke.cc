#include "protocol/hpke.h"

#include <sodium.h>

#include <cstring>

#include "protocol/crypto.h"

namespace schakel {
namespace {

constexpr std::string_view kVersion = "HPKE-v1";
// "KEM" ‖ 0x0020, and "HPKE" ‖ 0x0020 ‖ 0x0001 ‖ 0x0003.
constexpr std::array<std::uint8_t, 5> kKemSuite{'K', 'E', 'M', 0x00, 0x20};
constexpr std::array<std::uint8_t, 10> kSuite{'H', 'P', 'K', 'E', 0x00, 0x20, 0x00, 0x01, 0x00, 0x03};
constexpr std::size_t kAeadNonceBytes = crypto_aead_chacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kAeadTagBytes = crypto_aead_chacha20poly1305_ietf_ABYTES;

// RFC 9180 section 4.
Hash32 LabeledExtract(ByteView suite, ByteView salt, std::string_view label, ByteView input) {
  return HmacSha256(salt, {AsBytes(kVersion), suite, AsBytes(label), input});
}

// At most one block of output: all that this suite needs.
void LabeledExpand(ByteView suite, ByteView key, std::string_view label, std::initializer_list<ByteView> info,
                   std::span<std::uint8_t> out) {
  SCHAKEL_ASSERT(out.size() <= sizeof(Hash32) && info.size() <= 3);
  const std::array<std::uint8_t, 2> length{0, static_cast<std::uint8_t>(out.size())};
  const std::uint8_t first_block = 1;
  std::array<ByteView, 3> parts{};
  std::copy(info.begin(), info.end(), parts.begin());
  Hash32 block = HmacSha256(
      key, {length, AsBytes(kVersion), suite, AsBytes(label), parts[0], parts[1], parts[2], ByteView(&first_block, 1)});
  std::memcpy(out.data(), block.data(), out.size());
  sodium_memzero(block.data(), block.size());
}

// The key and the nonce of the one message; wiped when it goes.
struct Schedule {
  std::array<std::uint8_t, 32> key{};
  std::array<std::uint8_t, kAeadNonceBytes> nonce{};

  Schedule() = default;
  Schedule(const Schedule&) = default;
  Schedule& operator=(const Schedule&) = default;
  ~Schedule() {
    sodium_memzero(key.data(), key.size());
    sodium_memzero(nonce.data(), nonce.size());
  }
};

// RFC 9180 sections 4.1 and 5.1, base mode. `shared` is the Diffie-Hellman result.
Schedule ScheduleOf(const Hash32& shared, ByteView enc, ByteView recipient, ByteView info) {
  Hash32 extracted = LabeledExtract(kKemSuite, {}, "eae_prk", shared);
  Hash32 shared_secret;
  LabeledExpand(kKemSuite, extracted, "shared_secret", {enc, recipient}, shared_secret);

  static const Hash32 kNoPskHash = LabeledExtract(kSuite, {}, "psk_id_hash", {});
  const std::uint8_t base_mode = 0;
  const ByteView mode(&base_mode, 1);
  const Hash32 info_hash = LabeledExtract(kSuite, {}, "info_hash", info);
  Hash32 secret = LabeledExtract(kSuite, shared_secret, "secret", {});
  Schedule schedule;
  LabeledExpand(kSuite, secret, "key", {mode, kNoPskHash, info_hash}, schedule.key);
  LabeledExpand(kSuite, secret, "base_nonce", {mode, kNoPskHash, info_hash}, schedule.nonce);
  for (Hash32* hash : {&extracted, &shared_secret, &secret}) sodium_memzero(hash->data(), hash->size());
  return schedule;
}

Result<HpkeSealed> Seal(ByteView ephemeral_secret, ByteView ephemeral_public, const AgreementPublicKey& recipient,
                        ByteView info, ByteView associated, ByteView plain) {
  SCHAKEL_ASSIGN(Hash32 shared, X25519(ephemeral_secret, recipient.value()));
  HpkeSealed sealed;
  std::memcpy(sealed.enc.data(), ephemeral_public.data(), sealed.enc.size());
  const Schedule schedule = ScheduleOf(shared, sealed.enc, recipient.value(), info);
  sodium_memzero(shared.data(), shared.size());
  sealed.ciphertext.resize(plain.size() + kAeadTagBytes);
  SCHAKEL_ASSERT(crypto_aead_chacha20poly1305_ietf_encrypt(sealed.ciphertext.data(), nullptr, plain.data(),
                                                           plain.size(), associated.data(), associated.size(), nullptr,
                                                           schedule.nonce.data(), schedule.key.data()) == 0);
  return sealed;
}

}  // namespace

Result<HpkeSealed> HpkeSeal(const AgreementPublicKey& recipient, ByteView info, ByteView associated, ByteView plain) {
  // Not an AgreementKey: guarded pages would cost more than all the rest, for a key that lives microseconds.
  std::array<std::uint8_t, 32> secret;
  std::array<std::uint8_t, 32> public_key;
  randombytes_buf(secret.data(), secret.size());
  SCHAKEL_ASSERT(crypto_scalarmult_base(public_key.data(), secret.data()) == 0);
  auto sealed = Seal(secret, public_key, recipient, info, associated, plain);
  sodium_memzero(secret.data(), secret.size());
  return sealed;
}

Result<HpkeSealed> HpkeSealWith(const AgreementKey& ephemeral, const AgreementPublicKey& recipient, ByteView info,
                                ByteView associated, ByteView plain) {
  return Seal(ephemeral.secret.view(), ephemeral.public_key.value(), recipient, info, associated, plain);
}

Result<Bytes> HpkeOpen(const AgreementKey& key, ByteView enc32, ByteView info, ByteView associated,
                       ByteView ciphertext) {
  const auto refuse = [] {
    return Fail(Code::kUnauthenticated, "hpke.open", {}, "ask the author to seal it again for your present key");
  };
  if (enc32.size() != 32 || ciphertext.size() < kAeadTagBytes) return refuse();
  auto shared = X25519(key.secret.view(), enc32);
  if (!shared) return refuse();
  const Schedule schedule = ScheduleOf(*shared, enc32, key.public_key.value(), info);
  sodium_memzero(shared->data(), shared->size());
  Bytes plain(ciphertext.size() - kAeadTagBytes);
  if (crypto_aead_chacha20poly1305_ietf_decrypt(plain.data(), nullptr, nullptr, ciphertext.data(), ciphertext.size(),
                                                associated.data(), associated.size(), schedule.nonce.data(),
                                                schedule.key.data()) != 0) {
    return refuse();
  }
  return plain;
}

}  // namespace schakel
