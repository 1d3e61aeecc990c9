#include "agents/keys.h"

#include <sodium.h>

#include <algorithm>

#include "protocol/codec.h"

namespace schakel {
namespace {

constexpr std::uint64_t kKeysVersionFirst = 1;
constexpr std::uint64_t kKeysVersion = 2;
constexpr std::size_t kGenerationsMax = 256;

// libsodium's form of a signing key starts with the seed, which is all that needs keeping.
ByteView SeedOf(const SigningKey& key) { return ByteView(key.secret.view()).first(32); }

}  // namespace

AgentKeys AgentKeys::Generate() {
  AgentKeys keys{SigningKey::Generate(), SigningKey::Generate(), TransportKey::Generate(), {}, {}};
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

const SigningKey* AgentKeys::FindRecord(const KeyId& key) const {
  if (IdOf(record.public_key) == key) return &record;
  auto found = std::ranges::find_if(old_record, [&](const SigningKey& own) { return IdOf(own.public_key) == key; });
  return found == old_record.end() ? nullptr : &*found;
}

// Version 1: [version, record, cosign, transport, [hpke, ..]]; version 2: and [old record key, ..], not empty.
Bytes EncodeKeys(const AgentKeys& keys) {
  // Reserved whole, so that no growing leaves a copy behind.
  Encoder to(64 + 40 * (4 + keys.hpke.size() + keys.old_record.size()));
  const bool first = keys.old_record.empty();
  to.Array(first ? 5 : 6)
      .Uint(first ? kKeysVersionFirst : kKeysVersion)
      .Binary(SeedOf(keys.record))
      .Binary(SeedOf(keys.cosign));
  to.Binary(keys.transport.secret.view()).Array(keys.hpke.size());
  for (const AgreementKey& key : keys.hpke) to.Binary(key.secret.view());
  if (!first) to.Array(keys.old_record.size());
  for (const SigningKey& key : keys.old_record) to.Binary(SeedOf(key));
  return to.Take();
}

Result<AgentKeys> DecodeKeys(ByteView bytes) {
  Decoder from(bytes);
  const std::size_t items = from.ArrayBetween(5, 64, "keys");
  const std::uint64_t version = from.Uint("keys.version");
  if (version > kKeysVersion) from.FailWith(Code::kVersion, "keys.version", "keys.version");
  const bool first = version <= kKeysVersionFirst;
  if (from.ok() && items != (first ? 5 : 6)) from.FailWith(Code::kInvalid, "codec.type", "keys");
  ByteView record = from.Binary("keys.record", 32);
  ByteView cosign = from.Binary("keys.cosign", 32);
  ByteView transport = from.Binary("keys.transport", 32);
  std::vector<ByteView> hpke(from.ArrayBetween(1, kGenerationsMax, "keys.hpke"));
  for (ByteView& key : hpke) key = from.Binary("keys.hpke", 32);
  std::vector<ByteView> old(first ? 0 : from.ArrayBetween(1, kGenerationsMax, "keys.old_record"));
  for (ByteView& key : old) key = from.Binary("keys.old_record", 32);
  auto all_whole = [&] {
    return record.size() == 32 && cosign.size() == 32 && transport.size() == 32 &&
           std::ranges::all_of(hpke, [](ByteView key) { return key.size() == 32; }) &&
           std::ranges::all_of(old, [](ByteView key) { return key.size() == 32; });
  };
  if (from.ok() && !all_whole()) from.FailWith(Code::kInvalid, "codec.type", "keys");
  SCHAKEL_TRY(from.Finish());
  AgentKeys keys{
      SigningKey::FromSeed(record), SigningKey::FromSeed(cosign), TransportKey::FromSecret(transport), {}, {}};
  for (ByteView key : hpke) keys.hpke.push_back(AgreementKey::FromSecret(key));
  for (ByteView key : old) keys.old_record.push_back(SigningKey::FromSeed(key));
  return keys;
}

void Wipe(Bytes& secret) {
  sodium_memzero(secret.data(), secret.size());
  secret.clear();
}

}  // namespace schakel
