// The one place that knows how RocksDB must be set up for this store: what it may leave readable on disk (nothing),
// what it must refuse rather than mend in silence, and how little memory it gets.
//
// Values come in sealed and keys hidden: nothing here encrypts.
// Threads: Write from one thread at a time or from many (RocksDB orders them); reads from any thread meanwhile.
// Errors:  kUnavailable with the rules given at opening; kCorrupt with the caller's rule.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/result.h"
#include "store_environment.h"

namespace schakel {

// Column families. Their names on disk (c0 ...) say nothing; the order here is the name: never renumber.
enum class Family : std::uint8_t {
  kEntries = 0,  // First sequence -> chunk of entries.
  kPayloads,     // First sequence -> chunk of payloads.
  kRows,         // Hidden key -> sealed index row.
  kLists,        // Hidden key | first position -> sealed list rows.
  kTiles,        // Level | index -> 256 hashes.
  kDataKeys,     // Hidden key -> wrapped data key.
  kNamed,        // Hidden table | hidden key -> sealed row.
  kNumbered,     // Hidden table | number -> sealed row.
  kMarker,       // The family that RocksDB calls "default": what store this database belongs to.
};

inline rocksdb::Slice AsSlice(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
inline ByteView BytesOf(const rocksdb::Slice& slice) {
  return {reinterpret_cast<const std::uint8_t*>(slice.data()), slice.size()};
}

struct SealedDbOptions {
  std::filesystem::path path;
  bool create = false;
  std::span<const Family> families;  // Besides kMarker.
  std::size_t memtable_bytes = 0;    // Of the largest family; the others take less.
  std::size_t block_cache_bytes = 0;
  std::shared_ptr<StoreEnvironment> environment;  // Null: the real disk.
  // Rules of errors.
  const char* sync_rule = "";
  const char* disk_full_rule = "";
  const char* read_rule = "";
};

// How much may wait in memory, and in the WAL, to be written into tables: what a recovery may have to write.
std::uint64_t UnflushedBytesMax(const SealedDbOptions& options);

// Puts a row into `batch`; cannot fail.
void Put(rocksdb::WriteBatch& batch, rocksdb::ColumnFamilyHandle* family, ByteView key, ByteView value);
void Put(rocksdb::WriteBatch& batch, rocksdb::ColumnFamilyHandle* family, ByteView key, ByteView value_head,
         ByteView value_body);

class SealedDb {
 public:
  // kCorrupt ("store.database"), kUnavailable ("store.directory", "store.disk_full", "store.locked").
  static Result<std::unique_ptr<SealedDb>> Open(const SealedDbOptions& options);
  ~SealedDb();
  SealedDb(const SealedDb&) = delete;
  SealedDb& operator=(const SealedDb&) = delete;

  // One synced write. After the first failure every later one fails at once: whether a failed sync reached the disk
  // cannot be known, and asking again yields a lie.
  Status Write(rocksdb::WriteBatch& batch);
  // Grows with every write, and is what a database that lost its tail falls back in.
  std::uint64_t Position() const { return db_->GetLatestSequenceNumber(); }

  rocksdb::ColumnFamilyHandle* handle(Family family) const { return handles_.at(family); }
  // False: no such row.
  Result<bool> Get(Family family, ByteView key, rocksdb::PinnableSlice& value, const char* corrupt_rule) const;
  std::unique_ptr<rocksdb::Iterator> Iterate(Family family) const;
  // Checks where an iterator ended: at the end, or at an error.
  Status Ended(const rocksdb::Iterator& iterator, const char* corrupt_rule) const;
  // Of the database's own files: every block against its checksum.
  Status VerifyFiles() const;
  rocksdb::DB& db() const { return *db_; }
  Status ReadError(const rocksdb::Status& status, const char* corrupt_rule) const;

 private:
  SealedDb() = default;

  std::shared_ptr<rocksdb::Env> env_;  // Outlives the database.
  std::unique_ptr<rocksdb::DB> db_;
  std::map<Family, rocksdb::ColumnFamilyHandle*> handles_;
  std::filesystem::path path_;
  const char* sync_rule_ = "";
  const char* disk_full_rule_ = "";
  const char* read_rule_ = "";
  std::atomic<bool> failed_ = false;
};

}  // namespace schakel
