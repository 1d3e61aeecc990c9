#include "data_keys.h"

#include <strings.h>

#include <mutex>

#include "wire.h"

namespace schakel {
namespace {

constexpr const char* kDataKeyRule = "store.data_key";

std::array<std::uint8_t, 4> GenerationBytes(std::uint32_t generation) {
  return {static_cast<std::uint8_t>(generation >> 24), static_cast<std::uint8_t>(generation >> 16),
          static_cast<std::uint8_t>(generation >> 8), static_cast<std::uint8_t>(generation)};
}

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kScopeBytes = 16;

std::unexpected<Error> Erased() {
  return Fail(Code::kNotFound, "store.erased", "data key", "its key was destroyed on purpose: it cannot come back");
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
  if (buried_.contains(scope)) return;
  if (young_.size() >= kHalfMax) {
    old_ = std::move(young_);
    young_.clear();
  }
  young_.insert_or_assign(scope, key);
}

Result<DataKeys::OpenedRow> DataKeys::OpenRow(ByteView row_key, ByteView row) const {
  ByteReader reader(row);
  OpenedRow out;
  out.wrapped_by = reader.U32();
  auto kek = ring_.GenerationKey(out.wrapped_by);
  if (!reader.ok() || !kek) return Corrupt(kDataKeyRule);
  auto plain = sealing_.Open({out.wrapped_by, *kek}, SealedKind::kDataKey, row_key, reader.Rest());
  if (!plain || (plain->size() != kKeyBytes + kScopeBytes && plain->size() != kScopeBytes))
    return Corrupt(kDataKeyRule);

  Id128 scope;
  std::memcpy(scope.data(), plain->data() + plain->size() - kScopeBytes, scope.size());
  out.scope = DataScope(scope);
  if (plain->size() > kScopeBytes) {
    out.key.emplace(DataKey{kFirstDataKeyGeneration, {}});
    std::memcpy(out.key->key.bytes.data(), plain->data(), kKeyBytes);
  }
  explicit_bzero(plain->data(), plain->size());
  return out;
}

Result<DataKeys::OpenedRow> DataKeys::OpenRowAsItStands(ByteView row_key, ByteView row) const {
  auto opened = OpenRow(row_key, row);
  // Each erasure wraps all rows anew and then destroys what wrapped them before: one that was read before may not open
  // any more, and a next erasure may come in between again. What stands there still and does not open is damaged.
  for (Bytes tried(row.begin(), row.end()); !opened;) {
    rocksdb::PinnableSlice again;
    SCHAKEL_ASSIGN(const bool found, db_.Get(Family::kDataKeys, row_key, again, kDataKeyRule));
    if (!found || Equal(BytesOf(again), tried)) break;
    tried.assign(BytesOf(again).begin(), BytesOf(again).end());
    opened = OpenRow(row_key, tried);
  }
  return opened;
}

Result<std::optional<DataKeys::OpenedRow>> DataKeys::Load(const DataScope& scope, std::uint32_t generation) const {
  const HiddenKey row_key = RowKey(scope, generation);
  rocksdb::PinnableSlice row;
  SCHAKEL_ASSIGN(const bool found, db_.Get(Family::kDataKeys, row_key, row, kDataKeyRule));
  if (!found) return std::nullopt;
  SCHAKEL_ASSIGN(OpenedRow opened, OpenRowAsItStands(row_key, BytesOf(row)));
  if (opened.scope != scope) return Corrupt(kDataKeyRule);
  if (opened.key) opened.key->generation = generation;
  return opened;
}

Result<DataKey> DataKeys::Find(const DataScope& scope, std::uint32_t generation, const char* corrupt_rule) const {
  if (auto cached = Cached(scope); cached && cached->generation == generation) return *cached;
  SCHAKEL_ASSIGN(const std::optional<OpenedRow> loaded, Load(scope, generation));
  if (!loaded) return Corrupt(corrupt_rule);
  if (!loaded->key) return Erased();
  Remember(scope, *loaded->key);
  return *loaded->key;
}

Status DataKeys::PutRow(rocksdb::WriteBatch& batch, ByteView row_key, const DataScope& scope,
                        const DataKey* key) const {
  DataKey kek{ring_.current_generation(), {}};
  SCHAKEL_ASSIGN(kek.key, ring_.GenerationKey(kek.generation));
  std::array<std::uint8_t, kKeyBytes + kScopeBytes> plain;
  if (key != nullptr) std::memcpy(plain.data(), key->key.bytes.data(), kKeyBytes);
  std::memcpy(plain.data() + kKeyBytes, scope.value().data(), kScopeBytes);
  Bytes row;
  PutU32(row, kek.generation);
  const ByteView sealed = ByteView(plain).subspan(key != nullptr ? 0 : kKeyBytes);
  sealing_.Seal(kek, SealedKind::kDataKey, row_key, sealed, row);
  explicit_bzero(plain.data(), plain.size());
  Put(batch, db_.handle(Family::kDataKeys), row_key, row);
  return {};
}

Result<DataKey> DataKeys::FindOrStage(const DataScope& scope, rocksdb::WriteBatch& batch) {
  if (auto cached = Cached(scope)) return *cached;
  if (auto found = staged_.find(scope); found != staged_.end()) return found->second;
  SCHAKEL_ASSIGN(const std::optional<OpenedRow> loaded, Load(scope, kFirstDataKeyGeneration));
  if (loaded && !loaded->key) return Erased();
  if (loaded) {
    Remember(scope, *loaded->key);
    return *loaded->key;
  }
  DataKey fresh{kFirstDataKeyGeneration, {}};
  random_.Fill(fresh.key.bytes);
  SCHAKEL_TRY(PutRow(batch, RowKey(scope, fresh.generation), scope, &fresh));
  staged_.emplace(scope, fresh);
  return fresh;
}

Status DataKeys::Bury(std::span<const DataScope> scopes) {
  rocksdb::WriteBatch batch;
  for (const DataScope& scope : scopes) {
    SCHAKEL_TRY(PutRow(batch, RowKey(scope, kFirstDataKeyGeneration), scope, nullptr));
  }
  SCHAKEL_TRY(db_.Write(batch));
  std::unique_lock lock(mutex_);
  for (const DataScope& scope : scopes) {
    young_.erase(scope);
    old_.erase(scope);
    buried_.insert(scope);
  }
  return {};
}

Status DataKeys::Rewrap() {
  constexpr int kRowsPerWrite = 4096;
  const std::uint32_t current = ring_.current_generation();
  rocksdb::WriteBatch batch;
  auto rows = db_.Iterate(Family::kDataKeys);
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    SCHAKEL_ASSIGN(const OpenedRow opened, OpenRow(BytesOf(rows->key()), BytesOf(rows->value())));
    if (opened.wrapped_by == current) continue;
    SCHAKEL_TRY(PutRow(batch, BytesOf(rows->key()), opened.scope, opened.key ? &*opened.key : nullptr));
    if (batch.Count() < kRowsPerWrite) continue;
    SCHAKEL_TRY(db_.Write(batch));
    batch.Clear();
  }
  SCHAKEL_TRY(db_.Ended(*rows, kDataKeyRule));
  return batch.Count() == 0 ? Status() : db_.Write(batch);
}

void DataKeys::Settle() {
  for (const auto& [scope, key] : staged_) Remember(scope, key);
  staged_.clear();
}

Result<std::uint64_t> DataKeys::VerifyAll() const {
  std::uint64_t count = 0;
  auto rows = db_.Iterate(Family::kDataKeys);
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    SCHAKEL_ASSIGN(const OpenedRow opened, OpenRowAsItStands(BytesOf(rows->key()), BytesOf(rows->value())));
    const HiddenKey expected = RowKey(opened.scope, kFirstDataKeyGeneration);
    if (!Equal(expected, BytesOf(rows->key()))) return Corrupt(kDataKeyRule);
    ++count;
  }
  SCHAKEL_TRY(db_.Ended(*rows, kDataKeyRule));
  return count;
}

}  // namespace schakel
