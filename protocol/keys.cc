#include "protocol/keys.h"

#include <sodium.h>

#include <cstring>

#include "protocol/crypto.h"

namespace schakel {
namespace {

constexpr std::string_view kKeyIdDomain = "schakel/key/v1";

KeyId IdOfBytes(ByteView public_key) {
  const Hash32 hash = Sha256({AsBytes(kKeyIdDomain), public_key});
  std::array<std::uint8_t, 8> id;
  std::memcpy(id.data(), hash.data(), id.size());
  return KeyId(id);
}

template <typename Public>
Public PublicOf(const Secret<32>& secret) {
  std::array<std::uint8_t, 32> out;
  // Fails only for an all-zero result, which clamping rules out.
  SCHAKEL_ASSERT(crypto_scalarmult_base(out.data(), secret.view().data()) == 0);
  return Public(out);
}

template <typename Key, typename Public>
Key CurveKeyOf(Secret<32> secret) {
  auto public_key = PublicOf<Public>(secret);
  return Key{std::move(secret), public_key};
}

}  // namespace

template <std::size_t size>
Secret<size>::Secret() {
  InitCrypto();  // Sets up the guarded heap.
  bytes_.reset(static_cast<std::uint8_t*>(sodium_malloc(size)));
  SCHAKEL_ASSERT(bytes_ != nullptr);
  std::memset(bytes_.get(), 0, size);
}

template <std::size_t size>
Secret<size> Secret<size>::From(ByteView bytes) {
  SCHAKEL_ASSERT(bytes.size() == size);
  Secret secret;
  std::memcpy(secret.bytes_.get(), bytes.data(), size);
  return secret;
}

template <std::size_t size>
Secret<size> Secret<size>::Generate() {
  Secret secret;
  randombytes_buf(secret.bytes_.get(), size);
  return secret;
}

template <std::size_t size>
void Secret<size>::Free::operator()(std::uint8_t* bytes) const {
  sodium_free(bytes);  // Wipes first.
}

template class Secret<32>;
template class Secret<64>;

ContentKey::~ContentKey() { sodium_memzero(bytes.data(), bytes.size()); }

SigningKey SigningKey::Generate() { return FromSeed(Secret<32>::Generate().view()); }

SigningKey SigningKey::FromSeed(ByteView seed32) {
  SCHAKEL_ASSERT(seed32.size() == crypto_sign_SEEDBYTES);
  Secret<64> secret;
  std::array<std::uint8_t, 32> public_key;
  SCHAKEL_ASSERT(crypto_sign_seed_keypair(public_key.data(), secret.mutable_view().data(), seed32.data()) == 0);
  return {std::move(secret), SigningPublicKey(public_key)};
}

AgreementKey AgreementKey::Generate() { return CurveKeyOf<AgreementKey, AgreementPublicKey>(Secret<32>::Generate()); }
AgreementKey AgreementKey::FromSecret(ByteView secret32) {
  return CurveKeyOf<AgreementKey, AgreementPublicKey>(Secret<32>::From(secret32));
}
TransportKey TransportKey::Generate() { return CurveKeyOf<TransportKey, TransportPublicKey>(Secret<32>::Generate()); }
TransportKey TransportKey::FromSecret(ByteView secret32) {
  return CurveKeyOf<TransportKey, TransportPublicKey>(Secret<32>::From(secret32));
}

KeyId IdOf(const SigningPublicKey& key) { return IdOfBytes(key.value()); }
KeyId IdOf(const AgreementPublicKey& key) { return IdOfBytes(key.value()); }

}  // namespace schakel
