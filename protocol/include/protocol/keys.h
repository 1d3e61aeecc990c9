// Keys as types. Secret keys are move-only, live in guarded memory (libsodium: sodium_malloc), wipe themselves and
// cannot be printed.
#pragma once

#include <array>
#include <memory>
#include <span>

#include "protocol/bytes.h"
#include "protocol/ids.h"
#include "protocol/result.h"

namespace schakel {

// `size` secret bytes. Guarded pages cost 16 KiB each: meant for long-lived keys; SmallSecret is for the many.
template <std::size_t size>
class Secret {
 public:
  Secret();                            // Zeros.
  static Secret From(ByteView bytes);  // Asserts bytes.size() == size.
  static Secret Generate();            // From the operating system.
  Secret(Secret&&) noexcept = default;
  Secret& operator=(Secret&&) noexcept = default;

  std::span<const std::uint8_t, size> view() const { return std::span<const std::uint8_t, size>(bytes_.get(), size); }
  std::span<std::uint8_t, size> mutable_view() { return std::span<std::uint8_t, size>(bytes_.get(), size); }
  Secret Copy() const { return From(view()); }

 private:
  struct Free {
    void operator()(std::uint8_t* bytes) const;
  };
  std::unique_ptr<std::uint8_t[], Free> bytes_;
};
extern template class Secret<32>;
extern template class Secret<64>;

// Ordinary memory, wiped when it goes: for content keys and other short-lived ones.
struct ContentKey {
  std::array<std::uint8_t, 32> bytes{};
  ContentKey() = default;
  ContentKey(const ContentKey&) = default;
  ContentKey& operator=(const ContentKey&) = default;
  ~ContentKey();
};
// All zero: opens nothing.
inline bool IsNone(const ContentKey& key) { return key.bytes == decltype(key.bytes){}; }

using SigningPublicKey = StrongId<struct SigningPublicKeyTag, std::array<std::uint8_t, 32>>;      // Ed25519
using AgreementPublicKey = StrongId<struct AgreementPublicKeyTag, std::array<std::uint8_t, 32>>;  // X25519
using TransportPublicKey = StrongId<struct TransportPublicKeyTag, std::array<std::uint8_t, 32>>;  // CURVE
using Signature = std::array<std::uint8_t, 64>;

struct SigningKey {
  Secret<64> secret;  // libsodium's form: seed ‖ public key.
  SigningPublicKey public_key;
  static SigningKey Generate();
  static SigningKey FromSeed(ByteView seed32);
};
struct AgreementKey {
  Secret<32> secret;
  AgreementPublicKey public_key;
  static AgreementKey Generate();
  static AgreementKey FromSecret(ByteView secret32);
};
struct TransportKey {  // The same curve, another use.
  Secret<32> secret;
  TransportPublicKey public_key;
  static TransportKey Generate();
  static TransportKey FromSecret(ByteView secret32);
};

// First 8 bytes of SHA-256("schakel/key/v1" ‖ public key).
KeyId IdOf(const SigningPublicKey& key);
KeyId IdOf(const AgreementPublicKey& key);

}  // namespace schakel
