#include "key_ring.h"

#include <strings.h>

#include <limits>
#include <mutex>

#include "master_key_source.h"
#include "protocol/crypto.h"
#include "wire.h"

namespace schakel {
namespace {

constexpr std::uint8_t kRingVersion = 1;
constexpr std::size_t kWrappedBytes = kNonceBytes + 32 + kTagBytes;
constexpr std::size_t kGenerationsMax = 64;
constexpr std::string_view kIndexKey = "index";
constexpr std::string_view kEncryptionKey = "kek";

std::uint8_t SourceKind(const MasterKeySource& source) { return static_cast<std::uint8_t>(source.index() + 1); }

std::unexpected<Error> Corrupt(const std::filesystem::path& name) {
  return Fail(Code::kCorrupt, "store.keys", name.string(), "put the key file of this store back from its safe copy");
}
std::unexpected<Error> WrongKey(const std::filesystem::path& name, const char* next) {
  return Fail(Code::kWrongKey, "store.master_key", name.string(), next);
}

}  // namespace

Result<KeyRing> KeyRing::Create(StoreKind kind, const MasterKeySource& source, Random& random) {
  const Id128 store_id = random.Draw<Id128>();
  const Id128 salt = random.Draw<Id128>();
  SCHAKEL_ASSIGN(Secret<32> master, LoadMasterKey(source, salt));
  KeyRing ring(kind, SourceKind(source), store_id, salt, std::move(master));
  ring.index_key_ = Secret<32>::Generate();
  ring.generations_->list.push_back({1, Secret<32>::Generate()});
  return ring;
}

Bytes KeyRing::Encode() const {
  Bytes out;
  PutU8(out, kRingVersion);
  PutU8(out, static_cast<std::uint8_t>(kind_));
  PutU8(out, source_kind_);
  Append(out, store_id_);
  Append(out, salt_);
  Append(out, KeyCheck());
  PutWrapped(out, index_key_, kIndexKey, 0);
  std::shared_lock lock(generations_->mutex);
  PutU32(out, static_cast<std::uint32_t>(generations_->list.size()));
  for (const Generation& generation : generations_->list) {
    PutU32(out, generation.number);
    PutWrapped(out, generation.key, kEncryptionKey, generation.number);
  }
  Append(out, HmacSha256(FromMaster("mac").bytes, {out}));
  Append(out, Sha256(out));
  return out;
}

Result<KeyRing> KeyRing::Parse(ByteView file, StoreKind kind, const MasterKeySource& source,
                               const std::filesystem::path& name) {
  constexpr std::size_t kTrailerBytes = 32 + 32;
  if (file.size() < kTrailerBytes) return Corrupt(name);
  const ByteView hashed = file.first(file.size() - 32);
  if (!Equal(Sha256(hashed), file.last(32))) return Corrupt(name);
  const ByteView body = file.first(file.size() - kTrailerBytes);

  ByteReader reader(body);
  if (reader.U8() != kRingVersion) {
    return Fail(Code::kVersion, "store.version", name.string(), "use the version of Schakel that made this store");
  }
  if (reader.U8() != static_cast<std::uint8_t>(kind)) {
    return Fail(Code::kInvalid, "store.kind", name.string(),
                "this folder holds the other kind of store: a hub keeps a log, an agent a vault");
  }
  const std::uint8_t source_kind = reader.U8();
  const Id128 store_id = reader.Fixed<16>();
  const Id128 salt = reader.Fixed<16>();
  const Hash32 key_check = reader.Fixed<32>();
  const ByteView wrapped_index = reader.Take(kWrappedBytes);
  const std::uint32_t count = reader.U32();
  if (!reader.ok() || count == 0 || count > kGenerationsMax) return Corrupt(name);
  if (source_kind != SourceKind(source)) {
    return WrongKey(
        name,
        source_kind == 1
            ? "the key given is another kind: this store was made with a key file; name that file in the configuration"
            : "the key given is another kind: this store was made with a passphrase; name its file in the "
              "configuration");
  }

  SCHAKEL_ASSIGN(Secret<32> master, LoadMasterKey(source, salt));
  KeyRing ring(kind, source_kind, store_id, salt, std::move(master));
  if (!ConstantTimeEqual(ring.KeyCheck(), key_check)) {
    return WrongKey(name,
                    "this is the key of another store, or an older one: put the master key that this store was last "
                    "given back from "
                    "its safe copy, and see that the configuration names it");
  }
  if (!ConstantTimeEqual(HmacSha256(ring.FromMaster("mac").bytes, {body}), hashed.last(32))) return Corrupt(name);

  auto index_key = ring.Unwrap(wrapped_index, kIndexKey, 0);
  if (!index_key) return Corrupt(name);
  ring.index_key_ = std::move(*index_key);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t number = reader.U32();
    auto key = ring.Unwrap(reader.Take(kWrappedBytes), kEncryptionKey, number);
    std::vector<Generation>& list = ring.generations_->list;
    const bool grows = list.empty() || number > list.back().number;
    if (!reader.ok() || !key || !grows) return Corrupt(name);
    list.push_back({number, std::move(*key)});
  }
  if (!reader.AtEnd()) return Corrupt(name);
  return ring;
}

HiddenKey KeyRing::Hide(HiddenDomain domain, std::initializer_list<ByteView> parts) const {
  // One short buffer: the keyed hash is computed for every row, and most keys are ids.
  std::array<std::uint8_t, 128> joined;
  std::size_t size = 1;
  for (const ByteView part : parts) size += part.size();
  Bytes large;
  if (size > joined.size()) large.resize(size);
  std::uint8_t* to = large.empty() ? joined.data() : large.data();
  const ByteView message(to, size);
  *to++ = static_cast<std::uint8_t>(domain);
  for (const ByteView part : parts) {
    if (!part.empty()) std::memcpy(to, part.data(), part.size());
    to += part.size();
  }
  const Hash32 mac = HmacSha256(index_key_.view(), {message});
  HiddenKey hidden;
  std::memcpy(hidden.data(), mac.data(), hidden.size());
  return hidden;
}

ContentKey KeyRing::Derive(std::string_view purpose) const {
  ContentKey key;
  key.bytes = Hkdf32(index_key_.view(), store_id_, "schakel/store/" + std::string(purpose) + "/v1");
  return key;
}

std::uint32_t KeyRing::current_generation() const {
  std::shared_lock lock(generations_->mutex);
  return generations_->list.back().number;
}

std::size_t KeyRing::generation_count() const {
  std::shared_lock lock(generations_->mutex);
  return generations_->list.size();
}

Result<ContentKey> KeyRing::GenerationKey(std::uint32_t generation) const {
  std::shared_lock lock(generations_->mutex);
  for (const Generation& one : generations_->list) {
    if (one.number != generation) continue;
    ContentKey key;
    std::memcpy(key.bytes.data(), one.key.view().data(), key.bytes.size());
    return key;
  }
  return Fail(Code::kNotFound, "store.data_key", {}, "the key of this generation was destroyed");
}

Status KeyRing::AddGeneration() {
  std::unique_lock lock(generations_->mutex);
  const std::uint32_t current = generations_->list.back().number;
  if (generations_->list.size() >= kGenerationsMax || current == std::numeric_limits<std::uint32_t>::max()) {
    return Fail(Code::kLimit, "store.generations", std::to_string(current), "open the store again, then try once more");
  }
  generations_->list.push_back({current + 1, Secret<32>::Generate()});
  return {};
}

void KeyRing::DropNewestGeneration() {
  std::unique_lock lock(generations_->mutex);
  SCHAKEL_ASSERT(generations_->list.size() > 1);
  generations_->list.pop_back();
}

void KeyRing::DropOldGenerations() {
  std::unique_lock lock(generations_->mutex);
  generations_->list.erase(generations_->list.begin(), std::prev(generations_->list.end()));
}

Status KeyRing::ChangeMaster(const MasterKeySource& source, Random& random) {
  // Whoever changes it because somebody has the old one must not be told that all is well.
  if (SourceKind(source) == source_kind_) {
    SCHAKEL_ASSIGN(const Secret<32> named, LoadMasterKey(source, salt_));
    const bool same = ConstantTimeEqual(named.view(), master_.view());
    if (same) return Fail(Code::kConflict, "master_key.same", {}, "name another key: this one opens it already");
  }
  const Id128 salt = random.Draw<Id128>();
  SCHAKEL_ASSIGN(Secret<32> master, LoadMasterKey(source, salt));
  master_ = std::move(master);
  salt_ = salt;
  source_kind_ = SourceKind(source);
  return {};
}

ContentKey KeyRing::FromMaster(std::string_view purpose) const {
  ContentKey key;
  key.bytes = Hkdf32(master_.view(), store_id_, "schakel/store/master-" + std::string(purpose) + "/v1");
  return key;
}

void KeyRing::PutWrapped(Bytes& to, const Secret<32>& key, std::string_view what, std::uint32_t generation) const {
  Bytes associated = ToBytes(store_id_);
  Append(associated, AsBytes(what));
  PutU32(associated, generation);
  SealXChaChaTo(FromMaster("wrap").bytes, key.view(), associated, to);
}

Result<Secret<32>> KeyRing::Unwrap(ByteView wrapped, std::string_view what, std::uint32_t generation) const {
  Bytes associated = ToBytes(store_id_);
  Append(associated, AsBytes(what));
  PutU32(associated, generation);
  SCHAKEL_ASSIGN(Bytes plain, OpenXChaCha(FromMaster("wrap").bytes, wrapped, associated));
  if (plain.size() != 32) return Fail(Code::kCorrupt, "store.keys");
  ContentKey wiped;
  std::memcpy(wiped.bytes.data(), plain.data(), 32);
  explicit_bzero(plain.data(), plain.size());
  return Secret<32>::From(wiped.bytes);
}

Hash32 KeyRing::KeyCheck() const { return HmacSha256(FromMaster("check").bytes, {store_id_, salt_}); }

}  // namespace schakel
