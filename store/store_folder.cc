#include "store_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "ballast.h"
#include "identity_file.h"
#include "key_rotation.h"
#include "protocol/crypto.h"
#include "protocol/merkle.h"
#include "store_environment.h"
#include "wire.h"

namespace schakel {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDirectoryRule = "store.directory";
constexpr std::size_t kRingFileBytesMax = 64U << 10;
constexpr std::uint8_t kMarkerKey[] = {0};
constexpr std::uint8_t kMarkerVersion = 1;

std::unexpected<Error> Swapped(const fs::path& path) {
  return Fail(Code::kTampered, "store.swapped", path.string(),
              "this belongs to another store: put the files of one store together again");
}

std::unexpected<Error> Absent(const StoreFolderOptions& options) {
  const std::string path = options.directory.string();
  if (options.kind == StoreKind::kVault) {
    return Fail(Code::kNotFound, "vault.absent", path,
                "the vault is not there: mount its volume, or restore it; `schakel-agent enrol --invitation FILE` "
                "makes a new one, for an agent that never had one");
  }
  return Fail(Code::kNotFound, "log.absent", path,
              "the log is not there: mount its volume, or restore it; `schakel-hub init` makes a new one, and only in "
              "an empty place");
}

Status PrepareDirectory(const fs::path& directory) {
  // RocksDB has no say over the mode of its files; ours are for nobody else.
  ::umask(077);
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return DiskFailure(kDirectoryRule, directory);
  struct stat info{};
  if (::stat(directory.c_str(), &info) != 0) return DiskFailure(kDirectoryRule, directory);
  if ((info.st_mode & 0777) != 0700 && ::chmod(directory.c_str(), 0700) != 0) {
    return DiskFailure(kDirectoryRule, directory);
  }
  return {};
}

Result<FileDescriptor> TakeLock(const fs::path& path) {
  FileDescriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock.open()) return DiskFailure(kDirectoryRule, path);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return DiskFailure(kDirectoryRule, path);
  return Fail(Code::kUnavailable, "store.locked", path.string(),
              "another process has this store open: stop it, or choose another folder");
}

struct Keys {
  KeyRing ring;
  bool creating;  // `keys.new` is there, `keys` is not yet.
};

bool HasFile(const StoreFolderOptions& options, const char* name) {
  std::error_code ignored;
  return fs::exists(options.directory / name, ignored);
}
std::unexpected<Error> KeysGone(const fs::path& path) {
  return Fail(Code::kCorrupt, "store.keys", path.string(),
              "the key file is gone: put it back from its safe copy; without it nothing here can be read");
}

// Before anything is touched: a place without a store must stay as it is.
Status CheckPresent(const StoreFolderOptions& options) {
  if (options.if_absent == IfAbsent::kCreate || HasFile(options, "keys")) return {};
  const bool making = HasFile(options, "keys.new");
  if (!making && (HasFile(options, "db") || HasFile(options, "head"))) return KeysGone(options.directory / "keys");
  return Absent(options);
}

Result<Keys> LoadKeys(const StoreFolderOptions& options, Random& random) {
  const fs::path path = options.directory / "keys";
  const fs::path new_path = options.directory / "keys.new";
  auto file = ReadWholeFile(path, kRingFileBytesMax, "store.keys");
  if (file) {
    SCHAKEL_ASSIGN(KeyRing ring, KeyRing::Parse(*file, options.kind, options.master_key, path));
    return Keys{std::move(ring), false};
  }
  if (file.error().code != Code::kNotFound) return std::unexpected(file.error());

  // A store whose making was cut short is made further: nothing was ever written to it.
  file = ReadWholeFile(new_path, kRingFileBytesMax, "store.keys");
  if (file) {
    SCHAKEL_ASSIGN(KeyRing ring, KeyRing::Parse(*file, options.kind, options.master_key, new_path));
    return Keys{std::move(ring), true};
  }
  if (file.error().code != Code::kNotFound) return std::unexpected(file.error());

  if (HasFile(options, "db") || HasFile(options, "head")) return KeysGone(path);
  SCHAKEL_ASSIGN(KeyRing ring, KeyRing::Create(options.kind, options.master_key, random));
  SCHAKEL_TRY(ReplaceFile(new_path, ring.Encode(), kDirectoryRule));
  return Keys{std::move(ring), true};
}

Result<std::unique_ptr<SealedDb>> OpenDatabase(const StoreFolderOptions& options, bool create, Ballast& ballast) {
  SealedDbOptions database = options.database;
  database.path = options.directory / "db";
  database.create = create;
  std::error_code ignored;
  if (!create && !fs::exists(database.path / "CURRENT", ignored)) {
    return Fail(Code::kCorrupt, "store.database", database.path.string(),
                "the database is gone: restore the last backup");
  }
  constexpr std::uint64_t kMargin = 8U << 20;
  ballast.ReleaseIfBelow(UnflushedBytesMax(database) + kMargin);
  auto db = SealedDb::Open(database);
  if (!db && db.error().rule == "store.disk_full" && ballast.Release()) db = SealedDb::Open(database);
  return db;
}

Bytes MarkerOf(const KeyRing& ring) {
  Bytes marker;
  PutU8(marker, kMarkerVersion);
  Append(marker, ring.store_id());
  Append(marker, HmacSha256(ring.Derive("marker").bytes, {marker}));
  return marker;
}

// The database must be this ring's own.
Status CheckMarker(const StoreFolder& folder, bool creating) {
  const fs::path path = folder.File("db");
  rocksdb::PinnableSlice row;
  SCHAKEL_ASSIGN(const bool found, folder.db->Get(Family::kMarker, kMarkerKey, row, "store.database"));
  if (!found && creating) return {};
  if (!found || row.size() != 1 + 16 + 32) {
    return Fail(Code::kCorrupt, "store.database", path.string(),
                "this database was not made by a store: restore the last backup");
  }
  if (!Equal(BytesOf(row).subspan(1, 16), folder.ring.store_id())) return Swapped(path);
  if (Equal(BytesOf(row), MarkerOf(folder.ring))) return {};
  return Fail(Code::kCorrupt, "store.database", path.string(), "restore the last backup");
}

// Both for a fresh store and for one whose making was cut short anywhere.
Status FinishCreating(StoreFolder& folder, const StoreFolderOptions& options) {
  rocksdb::WriteBatch batch;
  Put(batch, folder.db->handle(Family::kMarker), kMarkerKey, MarkerOf(folder.ring));
  SCHAKEL_ASSIGN(folder.common, folder.keys.FindOrStage(kCommonScope, batch));
  SCHAKEL_TRY(folder.db->Write(batch));
  folder.keys.Settle();
  SCHAKEL_TRY(folder.head.Create({folder.db->Position(), {0, EmptyRoot()}}));
  if (options.identity) SCHAKEL_TRY(SaveIdentity(folder.File("identity"), folder.ring, *options.identity));
  return RenameFile(folder.File("keys.new"), folder.File("keys"), kDirectoryRule);
}

}  // namespace

StoreFolder::StoreFolder(fs::path folder, FileDescriptor held, KeyRing keys_of_store, Random& random,
                         std::unique_ptr<SealedDb> database, const char* head_rule)
    : directory(std::move(folder)),
      lock(std::move(held)),
      ring(std::move(keys_of_store)),
      sealing(ring.store_id()),
      db(std::move(database)),
      head(directory / "head", ring, head_rule),
      keys(ring, sealing, *db, random) {}

std::optional<Error> StoreFolder::BrokenSlot(const char* rule) const {
  if (head_state != HeadFile::State::kFound || !head.slot_broken()) return std::nullopt;
  if (LostSome() || MayHaveLostSome()) return std::nullopt;  // Then worse is said.
  return Error{
      Code::kCorrupt, rule, File("head").string(),
      "one of its two slots is damaged or was torn; what it told of is there, and the next write makes it good: "
      "look after the disk if this comes back"};
}

Status InspectStoreFolder(const StoreFolderOptions& options) {
  InitCrypto();
  const fs::path path = options.directory / "keys";
  const auto file = ReadWholeFile(path, kRingFileBytesMax, "store.keys");
  if (!file && file.error().code == Code::kNotFound) {
    return HasFile(options, "db") || HasFile(options, "head") ? Status(KeysGone(path)) : Status(Absent(options));
  }
  if (!file) return std::unexpected(file.error());
  SCHAKEL_ASSIGN(const KeyRing ring, KeyRing::Parse(*file, options.kind, options.master_key, path));
  if (::access(options.directory.c_str(), R_OK | W_OK | X_OK) != 0) {
    return DiskFailure(kDirectoryRule, options.directory);
  }
  if (!options.identity) return {};
  return CheckIdentity(options.directory / "identity", ring, *options.identity);
}

Result<std::unique_ptr<StoreFolder>> OpenStoreFolder(const StoreFolderOptions& options, Random& random) {
  InitCrypto();
  SCHAKEL_TRY(CheckPresent(options));
  SCHAKEL_TRY(PrepareDirectory(options.directory));
  SCHAKEL_ASSIGN(FileDescriptor lock, TakeLock(options.directory / "lock"));
  SCHAKEL_ASSIGN(Keys keys, LoadKeys(options, random));
  if (options.identity && !keys.creating) {
    SCHAKEL_TRY(CheckIdentity(options.directory / "identity", keys.ring, *options.identity));
  }
  const auto& environment = options.database.environment;
  Ballast ballast(options.directory / "ballast", options.ballast_bytes,
                  environment ? environment->room_bytes : nullptr);
  SCHAKEL_ASSIGN(std::unique_ptr<SealedDb> db, OpenDatabase(options, keys.creating, ballast));
  auto folder = std::make_unique<StoreFolder>(options.directory, std::move(lock), std::move(keys.ring), random,
                                              std::move(db), options.head_rule);
  SCHAKEL_TRY(CheckMarker(*folder, keys.creating));
  if (keys.creating) {
    SCHAKEL_TRY(FinishCreating(*folder, options));
    folder->position_found = folder->db->Position();
  } else {
    SCHAKEL_ASSIGN(folder->common, folder->keys.Find(kCommonScope, kFirstDataKeyGeneration, "store.database"));
    SCHAKEL_ASSIGN(folder->head_state, folder->head.Load());
    if (folder->head_state == HeadFile::State::kSwapped) return Swapped(folder->File("head"));
    folder->position_found = folder->db->Position();
    // Otherwise it would write, and so pass the mark that it is measured by.
    if (!folder->LostSome() && !folder->MayHaveLostSome()) SCHAKEL_TRY(FinishMoving(*folder));
  }
  folder->ballast_spent = !ballast.Restore();
  return folder;
}

}  // namespace schakel
