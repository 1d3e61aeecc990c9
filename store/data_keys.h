// The data keys of a store: one a scope, drawn at first use, wrapped by the current key-encryption key.
//
// A row of the family kDataKeys lies under Hide(kDataKey, scope 16 | generation 4) and holds
//   key-encryption key generation 4 | sealed (data key 32 | scope 16), with the row's key as its place.
// Moving to the next generation rewrites this family and nothing else. Of an erased scope the row stays, with the scope
// alone inside (a tombstone): what was sealed under its key is known to be erased, not lost.
//
// Threads: Find from any; all that changes something from the one that writes.
#pragma once

#include <shared_mutex>
#include <span>
#include <unordered_map>
#include <unordered_set>

#include "key_ring.h"
#include "sealed_db.h"
#include "sealing.h"

namespace schakel {

class DataKeys {
 public:
  DataKeys(const KeyRing& ring, const Sealing& sealing, SealedDb& db, Random& random)
      : ring_(ring), sealing_(sealing), db_(db), random_(random) {}

  // kCorrupt (`corrupt_rule`): no such key, or it does not open. kNotFound ("store.erased"): it was destroyed.
  Result<DataKey> Find(const DataScope& scope, std::uint32_t generation, const char* corrupt_rule) const;

  // The key to seal with: the scope's, or a fresh one whose row is put into `batch`. A fresh key stays staged, known to
  // this call only, until Settle() says that `batch` is on disk, or Forget() that it is not.
  // kNotFound ("store.erased"): nothing is ever sealed for this scope again.
  Result<DataKey> FindOrStage(const DataScope& scope, rocksdb::WriteBatch& batch);
  void Settle();
  void Forget() { staged_.clear(); }

  // Destroys the keys of these scopes, here and, once the generations before the current one are gone, on disk.
  // Scopes without a key get their tombstone too.
  Status Bury(std::span<const DataScope> scopes);
  // Wraps every row under the current generation that is not yet.
  Status Rewrap();

  // Opens every row; their number. kCorrupt ("store.data_key").
  Result<std::uint64_t> VerifyAll() const;

 private:
  using Keys = std::unordered_map<DataScope, DataKey, IdHash>;

  struct OpenedRow {
    DataScope scope;
    std::uint32_t wrapped_by = 0;  // The generation of the key-encryption key.
    std::optional<DataKey> key;    // None: erased.
  };
  Result<std::optional<OpenedRow>> Load(const DataScope& scope, std::uint32_t generation) const;
  Result<OpenedRow> OpenRow(ByteView row_key, ByteView row) const;
  // Of a row that may have been wrapped anew since it was read.
  Result<OpenedRow> OpenRowAsItStands(ByteView row_key, ByteView row) const;
  Status PutRow(rocksdb::WriteBatch& batch, ByteView row_key, const DataScope& scope, const DataKey* key) const;
  HiddenKey RowKey(const DataScope& scope, std::uint32_t generation) const;
  std::optional<DataKey> Cached(const DataScope& scope) const;
  void Remember(const DataScope& scope, const DataKey& key) const;

  const KeyRing& ring_;
  const Sealing& sealing_;
  SealedDb& db_;
  Random& random_;
  Keys staged_;

  // Two halves: when the young one is full it becomes the old one, and what was not used since goes, wiped.
  static constexpr std::size_t kHalfMax = 8192;
  mutable std::shared_mutex mutex_;
  mutable Keys young_;
  mutable Keys old_;
  std::unordered_set<DataScope, IdHash> buried_;  // By this process: a reader may have loaded a key just before.
};

}  // namespace schakel
