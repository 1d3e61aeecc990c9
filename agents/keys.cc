#include "agents/keys.h"

#include <sodium.h>

#include <algorithm>

#include "protocol/codec.h"

namespace schakel {
namespace {

constexpr std::uint64_t kKeysVersion = 1;
constexpr std::size_t kGenerationsMax = 256;

// libsodium's form of a signing key starts with the seed, which is all that needs keeping.
ByteView SeedOf(const SigningKey& key) { return ByteView(key.secret.view()).first(32); }

}  // namespace

AgentKeys AgentKeys::Generate() {
  AgentKeys keys{SigningKey::Generate(), SigningKey::Generate(), TransportKey::Generate(), {}};
  keys.hpke.push_back(AgreementKey::Generate());
  return keys;
}

OrgKeys AgentKeys::Public() const {
  SCHAKEL_ASSERT(!hpke.empty());
  return {record.public_key, cosign.public_key, transport.public_key, hpke.back().public_key};
}

const AgreementKey* AgentKeys::FindHpke(const KeyId& key) const {
  auto found = std::ranges::find_if(hpke, [&](const AgreementKey& own) { return IdOf(own.public_key) == key; });
  return found == hpke.end() ? nullptr : &*found;
}

Bytes EncodeKeys(const AgentKeys& keys) {
  // Reserved whole, so that no growing leaves a copy behind.
  Encoder to(64 + 40 * (4 + keys.hpke.size()));
  to.Array(5).Uint(kKeysVersion).Binary(SeedOf(keys.record)).Binary(SeedOf(keys.cosign));
  to.Binary(keys.transport.secret.view()).Array(keys.hpke.size());
  for (const AgreementKey& key : keys.hpke) to.Binary(key.secret.view());
  return to.Take();
}

Result<AgentKeys> DecodeKeys(ByteView bytes) {
  Decoder from(bytes);
  from.Array(5, "keys");
  if (from.Uint("keys.version") > kKeysVersion) from.FailWith(Code::kVersion, "keys.version", "keys.version");
  ByteView record = from.Binary("keys.record", 32);
  ByteView cosign = from.Binary("keys.cosign", 32);
  ByteView transport = from.Binary("keys.transport", 32);
  std::vector<ByteView> hpke(from.ArrayBetween(1, kGenerationsMax, "keys.hpke"));
  for (ByteView& key : hpke) key = from.Binary("keys.hpke", 32);
  auto all_whole = [&] {
    return record.size() == 32 && cosign.size() == 32 && transport.size() == 32 &&
           std::ranges::all_of(hpke, [](ByteView key) { return key.size() == 32; });
  };
  if (from.ok() && !all_whole()) from.FailWith(Code::kInvalid, "codec.type", "keys");
  SCHAKEL_TRY(from.Finish());
  AgentKeys keys{SigningKey::FromSeed(record), SigningKey::FromSeed(cosign), TransportKey::FromSecret(transport), {}};
  for (ByteView key : hpke) keys.hpke.push_back(AgreementKey::FromSecret(key));
  return keys;
}

void Wipe(Bytes& secret) {
  sodium_memzero(secret.data(), secret.size());
  secret.clear();
}

}  // namespace schakel
