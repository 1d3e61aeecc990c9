#include "data_keys.h"

#include <strings.h>

#include <mutex>

#include "wire.h"

namespace schakel {
namespace {

constexpr const char* kRule = "store.data_key";

std::array<std::uint8_t, 4> GenerationBytes(std::uint32_t generation) {
  return {static_cast<std::uint8_t>(generation >> 24), static_cast<std::uint8_t>(generation >> 16),
          static_cast<std::uint8_t>(generation >> 8), static_cast<std::uint8_t>(generation)};
}

std::unexpected<Error> Corrupt(const char* rule) {
  return Fail(Code::kCorrupt, rule, "data key", "keep a copy of the folder as it is, then restore the last backup");
}

}  // namespace

HiddenKey DataKeys::RowKey(const DataScope& scope, std::uint32_t generation) const {
  return ring_.Hide(HiddenDomain::kDataKey, {scope.value(), GenerationBytes(generation)});
}

std::optional<DataKey> DataKeys::Cached(const DataScope& scope) const {
  {
    std::shared_lock lock(mutex_);
    if (auto found = young_.find(scope); found != young_.end()) return found->second;
    if (!old_.contains(scope)) return std::nullopt;
  }
  std::unique_lock lock(mutex_);
  auto found = old_.find(scope);
  if (found == old_.end()) return std::nullopt;  // Another thread was quicker; the row is there still.
  DataKey key = found->second;
  lock.unlock();
  Remember(scope, key);
  return key;
}

void DataKeys::Remember(const DataScope& scope, const DataKey& key) const {
  std::unique_lock lock(mutex_);
  if (young_.size() >= kHalfMax) {
    old_ = std::move(young_);
    young_.clear();
  }
  young_.insert_or_assign(scope, key);
}

Result<std::pair<DataScope, DataKey>> DataKeys::OpenRow(ByteView row_key, ByteView row) const {
  ByteReader reader(row);
  const std::uint32_t kek_generation = reader.U32();
  auto kek_bytes = ring_.GenerationKey(kek_generation);
  if (!reader.ok() || !kek_bytes) return Corrupt(kRule);
  DataKey kek{kek_generation, {}};
  std::memcpy(kek.key.bytes.data(), kek_bytes->data(), kek.key.bytes.size());
  auto plain = sealing_.Open(kek, SealedKind::kDataKey, row_key, reader.Rest());
  if (!plain || plain->size() != 32 + 16) return Corrupt(kRule);

  std::pair<DataScope, DataKey> out;
  out.second.generation = kFirstDataKeyGeneration;
  std::memcpy(out.second.key.bytes.data(), plain->data(), 32);
  Id128 scope;
  std::memcpy(scope.data(), plain->data() + 32, scope.size());
  out.first = DataScope(scope);
  explicit_bzero(plain->data(), plain->size());
  return out;
}

Result<std::optional<DataKey>> DataKeys::Load(const DataScope& scope, std::uint32_t generation) const {
  const HiddenKey row_key = RowKey(scope, generation);
  rocksdb::PinnableSlice row;
  SCHAKEL_ASSIGN(const bool found, db_.Get(Family::kDataKeys, row_key, row, kRule));
  if (!found) return std::nullopt;
  SCHAKEL_ASSIGN(auto opened, OpenRow(row_key, BytesOf(row)));
  if (opened.first != scope) return Corrupt(kRule);
  opened.second.generation = generation;
  return opened.second;
}

Result<DataKey> DataKeys::Find(const DataScope& scope, std::uint32_t generation, const char* corrupt_rule) const {
  if (auto cached = Cached(scope); cached && cached->generation == generation) return *cached;
  SCHAKEL_ASSIGN(std::optional<DataKey> loaded, Load(scope, generation));
  if (!loaded) return Corrupt(corrupt_rule);
  Remember(scope, *loaded);
  return *loaded;
}

Result<DataKey> DataKeys::FindOrStage(const DataScope& scope, rocksdb::WriteBatch& batch) {
  if (auto cached = Cached(scope)) return *cached;
  if (auto found = staged_.find(scope); found != staged_.end()) return found->second;
  SCHAKEL_ASSIGN(std::optional<DataKey> loaded, Load(scope, kFirstDataKeyGeneration));
  if (loaded) {
    Remember(scope, *loaded);
    return *loaded;
  }

  DataKey fresh{kFirstDataKeyGeneration, {}};
  random_.Fill(fresh.key.bytes);
  DataKey kek{ring_.current_generation(), {}};
  SCHAKEL_ASSIGN(const ByteView kek_bytes, ring_.GenerationKey(kek.generation));
  std::memcpy(kek.key.bytes.data(), kek_bytes.data(), kek.key.bytes.size());
  const HiddenKey row_key = RowKey(scope, fresh.generation);
  std::array<std::uint8_t, 48> plain;
  std::memcpy(plain.data(), fresh.key.bytes.data(), 32);
  std::memcpy(plain.data() + 32, scope.value().data(), 16);
  Bytes row;
  PutU32(row, kek.generation);
  sealing_.Seal(kek, SealedKind::kDataKey, row_key, plain, row);
  explicit_bzero(plain.data(), plain.size());
  Put(batch, db_.handle(Family::kDataKeys), row_key, row);
  staged_.emplace(scope, fresh);
  return fresh;
}

void DataKeys::Settle() {
  for (const auto& [scope, key] : staged_) Remember(scope, key);
  staged_.clear();
}

Result<std::uint64_t> DataKeys::VerifyAll() const {
  std::uint64_t count = 0;
  auto rows = db_.Iterate(Family::kDataKeys);
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    SCHAKEL_ASSIGN(auto opened, OpenRow(BytesOf(rows->key()), BytesOf(rows->value())));
    const HiddenKey expected = RowKey(opened.first, kFirstDataKeyGeneration);
    if (!Equal(expected, BytesOf(rows->key()))) return Corrupt(kRule);
    ++count;
  }
  SCHAKEL_TRY(db_.Ended(*rows, kRule));
  return count;
}

}  // namespace schakel
