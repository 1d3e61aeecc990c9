#include "sealed_db.h"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <algorithm>

namespace schakel {
namespace {

// RocksDB's own log names files, families and the machine. It goes nowhere: what matters comes back as an error.
class NoInfoLog final : public rocksdb::Logger {
 public:
  NoInfoLog() : rocksdb::Logger(rocksdb::InfoLogLevel::NUM_INFO_LOG_LEVELS) {}
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

std::string NameOf(Family family) {
  if (family == Family::kMarker) return rocksdb::kDefaultColumnFamilyName;
  return "c" + std::to_string(static_cast<int>(family));
}

// Keys that are looked up one by one, most of them in vain: record ids never seen, scopes never met.
bool IsLookedUpByKey(Family family) {
  return family == Family::kRows || family == Family::kDataKeys || family == Family::kNamed;
}

std::size_t MemtableBytes(Family family, std::size_t largest) {
  constexpr std::size_t kLeast = 256U << 10;
  switch (family) {
    case Family::kPayloads:
      return largest;
    case Family::kEntries:
    case Family::kRows:
    case Family::kNamed:
    case Family::kNumbered:
      return std::max(largest / 2, kLeast);
    case Family::kLists:
      return std::max(largest / 4, kLeast);
    default:
      return std::max(largest / 16, kLeast);
  }
}

rocksdb::DBOptions DatabaseOptions(const SealedDbOptions& options, rocksdb::Env* env) {
  rocksdb::DBOptions db;
  db.env = env;
  db.create_if_missing = options.create;
  db.create_missing_column_families = options.create;

  // Nothing readable: no info log, no host name.
  db.info_log = std::make_shared<NoInfoLog>();
  db.info_log_level = rocksdb::InfoLogLevel::NUM_INFO_LOG_LEVELS;
  db.db_host_id = "";
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;

  // Refuse rather than mend in silence. The default recovery mode drops synced writes behind a flipped bit; this one
  // allows for a torn tail only, and a tail lost on a record boundary is caught by the head file.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  db.paranoid_checks = true;
  db.track_and_verify_wals_in_manifest = true;
  db.best_efforts_recovery = false;
  db.max_bgerror_resume_count = 0;
  // A WAL file written over an older one would keep pieces of it behind its end.
  db.recycle_log_file_num = 0;
  db.enable_pipelined_write = false;
  db.unordered_write = false;
  db.manual_wal_flush = false;

  // Little memory, a quick start: replaying the WAL is most of it.
  db.max_open_files = 512;
  db.db_write_buffer_size = UnflushedBytesMax(options);
  db.max_total_wal_size = 4 * options.memtable_bytes;
  db.max_background_jobs = 2;
  db.manifest_preallocation_size = 64U << 10;
  db.bytes_per_sync = 1U << 20;  // Spreads the writing of table files, so that no sync of the WAL waits behind one.
  return db;
}

rocksdb::ColumnFamilyOptions FamilyOptions(Family family, const SealedDbOptions& options,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.format_version = 5;
  table.checksum = rocksdb::kXXH3;
  table.detect_filter_construct_corruption = true;
  table.cache_index_and_filter_blocks = true;
  table.pin_top_level_index_and_filter = true;
  table.block_size = IsLookedUpByKey(family) ? 4U << 10 : 32U << 10;

  rocksdb::ColumnFamilyOptions out;
  out.compression = rocksdb::kNoCompression;  // What is sealed does not shrink.
  out.bottommost_compression = rocksdb::kDisableCompressionOption;
  out.paranoid_file_checks = true;
  out.memtable_protection_bytes_per_key = 8;
  out.write_buffer_size = MemtableBytes(family, options.memtable_bytes);
  out.max_write_buffer_number = 3;
  out.level_compaction_dynamic_level_bytes = true;
  out.ttl = 0;  // Nothing here grows old: no rewriting for its own sake.
  out.periodic_compaction_seconds = 0;
  // Keys without order: each would be written anew on every level below.
  if (family == Family::kRows) out.compaction_style = rocksdb::kCompactionStyleUniversal;
  if (IsLookedUpByKey(family)) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.whole_key_filtering = true;
    table.partition_filters = true;
    table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
    out.memtable_whole_key_filtering = true;
    out.memtable_prefix_bloom_size_ratio = 0.05;
  }
  out.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return out;
}

std::unexpected<Error> OpenError(const rocksdb::Status& status, const std::filesystem::path& path) {
  if (status.IsNoSpace()) {
    return Fail(Code::kUnavailable, "store.disk_full", path.string(), "make room on this disk, then start again");
  }
  if (status.IsIOError() && !status.IsPathNotFound()) {
    return Fail(Code::kUnavailable, "store.directory", path.string(), status.ToString());
  }
  return Fail(Code::kCorrupt, "store.database", path.string(),
              "keep a copy of the folder as it is, then restore the last backup (" + status.ToString() + ")");
}

// RocksDB leaves the draft of its options behind at every opening: none of it is ever read.
void RemoveDrafts(rocksdb::Env& env, const std::string& path) {
  std::vector<std::string> names;
  if (!env.GetChildren(path, &names).ok()) return;
  for (const std::string& name : names) {
    if (name.ends_with(".dbtmp")) env.DeleteFile(path + "/" + name).PermitUncheckedError();
  }
}

}  // namespace

std::uint64_t UnflushedBytesMax(const SealedDbOptions& options) { return 3 * options.memtable_bytes; }

void Put(rocksdb::WriteBatch& batch, rocksdb::ColumnFamilyHandle* family, ByteView key, ByteView value) {
  SCHAKEL_ASSERT(batch.Put(family, AsSlice(key), AsSlice(value)).ok());
}

void Put(rocksdb::WriteBatch& batch, rocksdb::ColumnFamilyHandle* family, ByteView key, ByteView value_head,
         ByteView value_body) {
  const rocksdb::Slice key_slice = AsSlice(key);
  const rocksdb::Slice value_slices[] = {AsSlice(value_head), AsSlice(value_body)};
  SCHAKEL_ASSERT(batch.Put(family, rocksdb::SliceParts(&key_slice, 1), rocksdb::SliceParts(value_slices, 2)).ok());
}

Result<std::unique_ptr<SealedDb>> SealedDb::Open(const SealedDbOptions& options) {
  std::unique_ptr<SealedDb> out(new SealedDb);
  out->path_ = options.path;
  out->sync_rule_ = options.sync_rule;
  out->disk_full_rule_ = options.disk_full_rule;
  out->read_rule_ = options.read_rule;
  if (options.environment != nullptr) out->env_ = options.environment->env;

  rocksdb::Env* env = out->env_ != nullptr ? out->env_.get() : rocksdb::Env::Default();
  std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(options.block_cache_bytes, 2);
  std::vector<Family> families{Family::kMarker};
  families.insert(families.end(), options.families.begin(), options.families.end());
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (Family family : families) descriptors.emplace_back(NameOf(family), FamilyOptions(family, options, cache));

  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(DatabaseOptions(options, env), options.path.string(), descriptors, &handles, &db);
  if (!status.ok()) return OpenError(status, options.path);
  out->db_.reset(db);
  RemoveDrafts(*env, options.path.string());
  for (std::size_t i = 0; i < families.size(); ++i) out->handles_[families[i]] = handles[i];
  return out;
}

SealedDb::~SealedDb() {
  if (db_ == nullptr) return;
  for (auto& [family, handle] : handles_) db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  db_->Close().PermitUncheckedError();
}

Status SealedDb::Write(rocksdb::WriteBatch& batch) {
  if (failed_.load(std::memory_order_acquire)) {
    return Fail(Code::kUnavailable, sync_rule_, path_.string(), "an earlier write failed: start again");
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  const rocksdb::Status status = db_->Write(options, &batch);
  if (status.ok()) return {};
  failed_.store(true, std::memory_order_release);
  if (status.IsNoSpace()) {
    return Fail(Code::kUnavailable, disk_full_rule_, path_.string(), "make room on this disk, then start again");
  }
  return Fail(Code::kUnavailable, sync_rule_, path_.string(),
              "look after the disk, then start again (" + status.ToString() + ")");
}

Result<bool> SealedDb::Get(Family family, ByteView key, rocksdb::PinnableSlice& value, const char* corrupt_rule) const {
  const rocksdb::Status status = db_->Get({}, handle(family), AsSlice(key), &value);
  if (status.IsNotFound()) return false;
  if (!status.ok()) return std::unexpected(ReadError(status, corrupt_rule).error());
  return true;
}

std::unique_ptr<rocksdb::Iterator> SealedDb::Iterate(Family family) const {
  return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator({}, handle(family)));
}

Status SealedDb::Ended(const rocksdb::Iterator& iterator, const char* corrupt_rule) const {
  if (iterator.status().ok()) return {};
  return ReadError(iterator.status(), corrupt_rule);
}

Status SealedDb::VerifyFiles() const {
  const rocksdb::Status status = db_->VerifyChecksum({});
  if (status.ok()) return {};
  return ReadError(status, "store.database");
}

Status SealedDb::ReadError(const rocksdb::Status& status, const char* corrupt_rule) const {
  if (status.IsCorruption()) {
    return Fail(Code::kCorrupt, corrupt_rule, path_.string(),
                "keep a copy of the folder as it is, then restore the last backup");
  }
  return Fail(Code::kUnavailable, read_rule_, path_.string(),
              "look after the disk, then start again (" + status.ToString() + ")");
}

}  // namespace schakel
