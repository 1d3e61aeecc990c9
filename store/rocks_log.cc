#include <mutex>

#include "ballast.h"
#include "key_rotation.h"
#include "log_reader.h"
#include "log_staging.h"
#include "log_tree.h"
#include "log_verifier.h"
#include "sealed_files.h"
#include "store/log.h"
#include "store/quarantine.h"
#include "store_environment.h"
#include "store_folder.h"

namespace schakel {
namespace {

constexpr Family kLogFamilies[] = {Family::kEntries, Family::kPayloads, Family::kRows,
                                   Family::kLists,   Family::kTiles,    Family::kDataKeys};
constexpr const char* kSeeLogGuide =
    "keep a copy of the folder, then see docs/operations.md, \"A hub that stopped writing\"";

class RocksLog final : public Log {
 public:
  RocksLog(std::unique_ptr<StoreFolder> folder, const RocksLogOptions& options, Random& random)
      : folder_(std::move(folder)),
        random_(random),
        ballast_(folder_->File("ballast"), options.ballast_bytes,
                 options.environment ? options.environment->room_bytes : nullptr),
        reader_(*folder_),
        tree_([this](TilePlace place) { return reader_.Tile(place); }),
        staging_(*folder_, options.batch_bytes_max) {}

  Status Load();

  Result<Sequence> Append(const LogBatch& batch, Sequence expected_last) override;
  Status Sync() override;
  // One truth, with the tree: a head that is seen is one whose entries can be read.
  Sequence Last() const override { return Sequence(tree_.head().size); }
  TreeHead Head() const override { return tree_.head(); }

  Status Read(Sequence first, const Visitor& visit) const override;
  Result<StoredEntry> Get(Sequence sequence) const override;
  Result<Bytes> Payload(Sequence sequence) const override;
  Result<std::optional<Bytes>> FindRow(std::uint8_t table, ByteView key) const override {
    return reader_.FindRow(table, key);
  }
  Result<std::vector<std::optional<Bytes>>> FindRows(std::uint8_t table, std::span<const Bytes> keys) const override {
    return reader_.FindRows(table, keys);
  }
  Status ReadList(std::uint8_t table, ByteView key, std::uint64_t from,
                  const std::function<bool(std::uint64_t, ByteView)>& visit) const override {
    return reader_.ReadList(table, key, from, visit);
  }
  Result<std::optional<std::pair<std::uint64_t, Bytes>>> FindListRow(std::uint8_t table, ByteView key,
                                                                     std::uint64_t at) const override {
    return reader_.FindListRow(table, key, at);
  }

  Result<Hash32> RootAt(std::uint64_t size) const override { return tree_.RootAt(size); }
  Result<std::vector<Hash32>> InclusionProof(Sequence sequence, std::uint64_t size) const override;
  Result<std::vector<Hash32>> ConsistencyProof(std::uint64_t first_size, std::uint64_t second_size) const override {
    return tree_.Consistency(first_size, second_size);
  }
  Status Recheck(Sequence after, Sequence last) const override;
  Result<Verified> VerifyAll() const override { return VerifyLog(*folder_, reader_, tree_.head()); }

  Status Erase(std::span<const DataScope> scopes) override;
  Status ChangeMasterKey(const MasterKeySource& source) override;

  Status SaveSnapshot(Sequence at, ByteView snapshot) override;
  Result<std::optional<std::pair<Sequence, Bytes>>> LoadSnapshot() const override;

  void Quarantine(const Error& why) override;
  std::optional<Error> read_only() const override {
    std::lock_guard lock(mutex_);
    LookForRoom();
    return read_only_;
  }

  std::optional<AcceptedHead> accepted() const override { return accepted_; }
  std::optional<Error> broken_slot() const override { return broken_slot_; }

  Status Accept(const TreeHead& accepted, Timestamp now);

 private:
  std::optional<Error> CheckHead() const;
  Status CheckWritable() const;
  Status CheckReached(Sequence sequence) const;
  void LookForRoom() const;  // Holding `mutex_`.
  void RefuseWrites(const Error& why);
  std::unexpected<Error> Abandon(Error why);

  std::unique_ptr<StoreFolder> folder_;
  Random& random_;
  mutable Ballast ballast_;
  LogReader reader_;
  LogTree tree_;
  LogStaging staging_;  // The writer's own.
  mutable std::mutex mutex_;
  mutable std::optional<Error> read_only_;  // Unset by LookForRoom alone.
  mutable bool wants_room_ = false;         // It is read-only for want of ballast: nothing was lost or left half done.
  std::optional<AcceptedHead> accepted_;    // As of the opening.
  std::optional<Error> broken_slot_;        // As of the opening.
  mutable std::mutex snapshot_mutex_;
  std::mutex quarantine_mutex_;
};

Status RocksLog::Load() {
  SCHAKEL_ASSIGN(const std::uint64_t size, reader_.LastSequence());
  SCHAKEL_TRY(
      tree_.Rebuild(size, [this](std::uint64_t begin, std::uint64_t end) { return reader_.Leaves(begin, end); }));
  accepted_ = LoadAccepted(folder_->File("accepted"), folder_->sealing, folder_->common);
  broken_slot_ = folder_->BrokenSlot("log.head_slot");
  if (auto why = LoadQuarantine(folder_->File("quarantine"), folder_->sealing, folder_->common)) {
    RefuseWrites({Code::kTampered, "log.quarantined", why->rule, why->next});
  } else if (auto fault = CheckHead()) {
    RefuseWrites(*fault);
  } else if (folder_->ballast_spent) {
    const auto mib = [](std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; };
    RefuseWrites({Code::kUnavailable, "log.disk_full",
                  folder_->directory.string() + ": " + mib(ballast_.Room()) + " free, " + mib(ballast_.room_wanted()) +
                      " wanted",
                  "make room on the disk of this folder: the log looks again whenever it is asked"});
    wants_room_ = true;
  }
  return {};
}

// A log that lost what it had acknowledged must not go on as if nothing were the matter.
std::optional<Error> RocksLog::CheckHead() const {
  const auto tampered = [&](const char* rule, std::string next) {
    return Error{Code::kTampered, rule, folder_->File("head").string(), std::move(next)};
  };
  if (folder_->head_state == HeadFile::State::kMissing) return tampered("log.head_missing", kSeeLogGuide);
  if (folder_->head_state == HeadFile::State::kDamaged) return tampered("log.head_file", kSeeLogGuide);
  const HeadRecord& known = folder_->head.record();
  const TreeHead head = tree_.head();
  if (head.size < known.head.size || folder_->LostSome()) {
    return tampered("log.shorter_than_head", "the log ends at " + std::to_string(head.size) + " and had reached " +
                                                 std::to_string(known.head.size) + ": " + kSeeLogGuide);
  }
  const auto root = tree_.RootAt(known.head.size);
  if (!root || *root != known.head.root) return tampered("log.root_mismatch", kSeeLogGuide);
  if (folder_->MayHaveLostSome()) return tampered("log.head_file", kSeeLogGuide);
  return std::nullopt;
}

void RocksLog::RefuseWrites(const Error& why) {
  std::lock_guard lock(mutex_);
  // A better reason than that there is no room, and one that room does not mend.
  if (std::exchange(wants_room_, false)) read_only_.reset();
  if (!read_only_) read_only_ = why;
}

void RocksLog::LookForRoom() const {
  if (!wants_room_ || !ballast_.Restore()) return;
  wants_room_ = false;
  read_only_.reset();
}

Status RocksLog::CheckWritable() const {
  std::lock_guard lock(mutex_);
  if (!read_only_) return {};
  return Fail(Code::kUnavailable, "log.read_only", read_only_->rule, read_only_->next);
}

Result<Sequence> RocksLog::Append(const LogBatch& batch, Sequence expected_last) {
  SCHAKEL_TRY(CheckWritable());
  const std::uint64_t end = Last().value() + staging_.leaves().size();
  if (end != expected_last.value()) {
    return Fail(Code::kConflict, "log.fence", {}, "another hub has taken over: read on from " + std::to_string(end));
  }
  SCHAKEL_TRY(staging_.Add(batch, end + 1));
  return Sequence(end + batch.entries.size());
}

// What was staged is gone; what of it reached the disk shows at the next open.
std::unexpected<Error> RocksLog::Abandon(Error why) {
  RefuseWrites(why);
  staging_.Clear();
  folder_->keys.Forget();
  return std::unexpected(std::move(why));
}

Status RocksLog::Sync() {
  SCHAKEL_TRY(CheckWritable());
  if (staging_.empty()) return {};
  LogTree::Growth growth = tree_.Plan(staging_.leaves());
  rocksdb::WriteBatch& batch = staging_.Close(growth.tiles);
  if (batch.Count() == 0) {
    staging_.Clear();
    return {};
  }
  if (Status written = folder_->db->Write(batch); !written) return Abandon(written.error());
  const TreeHead head = growth.head;
  tree_.Apply(std::move(growth));
  folder_->keys.Settle();
  staging_.Clear();
  // The entries are safe, but a log that loses its tail unseen is not what was promised.
  if (Status noted = folder_->head.Write({folder_->db->Position(), head}); !noted) return Abandon(noted.error());
  return {};
}

Status RocksLog::CheckReached(Sequence sequence) const {
  if (sequence.value() >= 1 && sequence <= Last()) return {};
  return Fail(Code::kNotFound, "log.range", std::to_string(sequence.value()), "the log ends before that");
}

Status RocksLog::Read(Sequence first, const Visitor& visit) const {
  const std::uint64_t begin = std::max<std::uint64_t>(first.value(), 1);
  return reader_.ReadEntries(begin, Last().value(), [&](const LogReader::OpenedEntry& entry) -> Result<bool> {
    return entry.erased || visit(entry.entry);
  });
}

Result<StoredEntry> RocksLog::Get(Sequence sequence) const {
  SCHAKEL_TRY(CheckReached(sequence));
  SCHAKEL_ASSIGN(LogReader::OpenedEntry entry, reader_.Entry(sequence.value()));
  return std::move(entry.entry);
}

Result<Bytes> RocksLog::Payload(Sequence sequence) const {
  SCHAKEL_TRY(CheckReached(sequence));
  return reader_.Payload(sequence.value());
}

Result<std::vector<Hash32>> RocksLog::InclusionProof(Sequence sequence, std::uint64_t size) const {
  if (sequence.value() == 0) return Fail(Code::kInvalid, "log.range", {}, "sequences start at 1");
  return tree_.Inclusion(sequence.value() - 1, size);
}

Status RocksLog::Recheck(Sequence after, Sequence last) const {
  if (last > Last()) return Fail(Code::kInvalid, "log.range", {}, "ask for entries that the log has reached");
  return RecheckEntries(reader_, tree_, after.value() + 1, last.value());
}

Status RocksLog::Erase(std::span<const DataScope> scopes) {
  SCHAKEL_TRY(CheckWritable());
  SCHAKEL_ASSERT(staging_.empty());
  if (scopes.empty()) return {};
  SCHAKEL_TRY(EraseScopes(*folder_, scopes));
  return folder_->head.Write({folder_->db->Position(), Head()});
}

Status RocksLog::ChangeMasterKey(const MasterKeySource& source) {
  SCHAKEL_TRY(CheckWritable());
  return schakel::ChangeMasterKey(*folder_, source, random_);
}

Status RocksLog::SaveSnapshot(Sequence at, ByteView snapshot) {
  SCHAKEL_TRY(CheckWritable());
  SCHAKEL_ASSIGN(const Hash32 root, tree_.RootAt(at.value()));
  std::lock_guard lock(snapshot_mutex_);
  return SnapshotFile::Save(folder_->File("snapshot"), folder_->sealing, folder_->common, {at.value(), root}, snapshot);
}

Result<std::optional<std::pair<Sequence, Bytes>>> RocksLog::LoadSnapshot() const {
  std::lock_guard lock(snapshot_mutex_);
  const auto path = folder_->File("snapshot");
  SCHAKEL_ASSIGN(const std::optional<std::uint64_t> size, SnapshotFile::SizeOf(path));
  if (!size) return std::nullopt;
  auto root = tree_.RootAt(*size);
  if (!root) {
    return Fail(Code::kCorrupt, "log.snapshot", path.string(),
                "it is ahead of the log: the log was cut, or an older copy of it put back");
  }
  SCHAKEL_ASSIGN(Bytes snapshot, SnapshotFile::Load(path, folder_->sealing, folder_->common, {*size, *root}));
  return std::pair(Sequence(*size), std::move(snapshot));
}

void RocksLog::Quarantine(const Error& why) {
  RefuseWrites({Code::kTampered, "log.quarantined", why.rule, why.next});
  std::lock_guard lock(quarantine_mutex_);
  const auto saved = [&] {
    return SaveQuarantine(folder_->File("quarantine"), folder_->sealing, folder_->common, why).has_value();
  };
  // This must outlive a restart, so room is made for it if there is none. If even that fails, what is left is that
  // this process refuses to write, and that the head outside will not have changed by the next start.
  if (!saved() && ballast_.Release()) static_cast<void>(saved());
}

Status RocksLog::Accept(const TreeHead& accepted, Timestamp now) {
  if (Head() != accepted) {
    return Fail(Code::kConflict, "log.accept", std::to_string(Head().size),
                "the log does not stand at the head given: read its head again");
  }
  // First: whoever was shown what is lost must not stop the log again.
  if (const auto why = read_only(); why && why->code == Code::kTampered) {
    const std::uint64_t number = accepted_ ? accepted_->number + 1 : 1;
    SCHAKEL_TRY(SaveAccepted(folder_->File("accepted"), folder_->sealing, folder_->common, {number, accepted, now}));
  }
  SCHAKEL_TRY(folder_->head.Create({folder_->db->Position(), accepted}));
  // It may stand for what is lost; it is made again from the log.
  SCHAKEL_TRY(RemoveFile(folder_->File("snapshot"), "log.snapshot"));
  return RemoveFile(folder_->File("quarantine"), "log.quarantined");
}

Result<std::unique_ptr<RocksLog>> OpenLog(const RocksLogOptions& options, Random& random) {
  StoreFolderOptions folder_options{.kind = StoreKind::kLog,
                                    .directory = options.directory,
                                    .master_key = options.master_key,
                                    .if_absent = options.if_absent,
                                    .identity = options.identity,
                                    .ballast_bytes = options.ballast_bytes,
                                    .database = {},
                                    .head_rule = "log.head_file"};
  folder_options.database.families = kLogFamilies;
  folder_options.database.memtable_bytes = options.memtable_bytes;
  folder_options.database.block_cache_bytes = options.block_cache_bytes;
  folder_options.database.environment = options.environment;
  folder_options.database.sync_rule = "log.sync";
  folder_options.database.disk_full_rule = "log.disk_full";
  folder_options.database.read_rule = "log.disk";
  SCHAKEL_ASSIGN(std::unique_ptr<StoreFolder> folder, OpenStoreFolder(folder_options, random));
  auto log = std::make_unique<RocksLog>(std::move(folder), options, random);
  SCHAKEL_TRY(log->Load());
  return log;
}

}  // namespace

Result<std::unique_ptr<Log>> OpenRocksLog(const RocksLogOptions& options, Random& random) {
  SCHAKEL_ASSIGN(std::unique_ptr<Log> log, OpenLog(options, random));
  return log;
}

Status InspectRocksLog(const RocksLogOptions& options) {
  StoreFolderOptions folder{.kind = StoreKind::kLog,
                            .directory = options.directory,
                            .master_key = options.master_key,
                            .identity = options.identity,
                            .database = {}};
  return InspectStoreFolder(folder);
}

bool IsQuarantined(const RocksLogOptions& options) {
  std::error_code ignored;
  return std::filesystem::exists(options.directory / "quarantine", ignored);
}

Status AcceptLogHead(const RocksLogOptions& options, const TreeHead& accepted, const Clock& clock) {
  SCHAKEL_ASSIGN(std::unique_ptr<RocksLog> log, OpenLog(options, SystemRandom()));
  return log->Accept(accepted, clock.Now());
}

}  // namespace schakel
