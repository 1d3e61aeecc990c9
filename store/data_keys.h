// The data keys of a store: one a scope, drawn at first use, wrapped by the current key-encryption key.
//
// A row of the family kDataKeys lies under Hide(kDataKey, scope 16 | generation 4) and holds
//   key-encryption key generation 4 | sealed (data key 32 | scope 16), with the row's key as its place.
// Moving to the next generation rewrites this family and nothing else.
//
// Threads: Find from any; FindOrStage, Settle and Forget from the one that writes.
#pragma once

#include <shared_mutex>
#include <unordered_map>

#include "key_ring.h"
#include "sealed_db.h"
#include "sealing.h"

namespace schakel {

class DataKeys {
 public:
  DataKeys(const KeyRing& ring, const Sealing& sealing, const SealedDb& db, Random& random)
      : ring_(ring), sealing_(sealing), db_(db), random_(random) {}

  // kCorrupt (`corrupt_rule`): no such key, or it does not open.
  Result<DataKey> Find(const DataScope& scope, std::uint32_t generation, const char* corrupt_rule) const;

  // The key to seal with: the scope's, or a fresh one whose row is put into `batch`. A fresh key stays staged, known to
  // this call only, until Settle() says that `batch` is on disk, or Forget() that it is not.
  Result<DataKey> FindOrStage(const DataScope& scope, rocksdb::WriteBatch& batch);
  void Settle();
  void Forget() { staged_.clear(); }

  // Opens every row; their number. kCorrupt ("store.data_key").
  Result<std::uint64_t> VerifyAll() const;

 private:
  using Keys = std::unordered_map<DataScope, DataKey, IdHash>;

  Result<std::optional<DataKey>> Load(const DataScope& scope, std::uint32_t generation) const;
  Result<std::pair<DataScope, DataKey>> OpenRow(ByteView row_key, ByteView row) const;
  HiddenKey RowKey(const DataScope& scope, std::uint32_t generation) const;
  std::optional<DataKey> Cached(const DataScope& scope) const;
  void Remember(const DataScope& scope, const DataKey& key) const;

  const KeyRing& ring_;
  const Sealing& sealing_;
  const SealedDb& db_;
  Random& random_;
  Keys staged_;

  // Two halves: when the young one is full it becomes the old one, and what was not used since goes, wiped.
  static constexpr std::size_t kHalfMax = 8192;
  mutable std::shared_mutex mutex_;
  mutable Keys young_;
  mutable Keys old_;
};

}  // namespace schakel
