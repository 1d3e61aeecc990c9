// The folder of a store and how it is opened, the same for a log and a vault:
//
//   lock        held while open; one process at a time
//   keys        the key ring (key_ring.h); `keys.new` while the store is being made: its renaming is the last step
//   identity    of a log: whose it is (identity_file.h)
//   head        how far the store had come (head_file.h)
//   quarantine  there if the log must not be written any more (quarantine_file.h)
//   accepted    of a log: that history was lost, and that its operator knows (sealed_files.h)
//   snapshot    of a log: the sealed snapshot of its projection (snapshot_file.h)
//   ballast     room set aside; given back when the disk is full at open, so that the database can be mended
//   db/         RocksDB
//
// Errors: as OpenRocksLog.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "data_keys.h"
#include "disk_files.h"
#include "head_file.h"
#include "key_ring.h"
#include "sealed_db.h"
#include "sealing.h"

namespace schakel {

struct StoreFolderOptions {
  StoreKind kind = StoreKind::kLog;
  std::filesystem::path directory;
  MasterKeySource master_key;
  IfAbsent if_absent = IfAbsent::kRefuse;
  std::optional<LogIdentity> identity;
  std::size_t ballast_bytes = 0;
  SealedDbOptions database;  // `path` and `create` are filled in.
  const char* head_rule = "";
};

// Holds the lock until it goes. Members stand in the order in which they need each other.
struct StoreFolder {
  std::filesystem::path directory;
  FileDescriptor lock;
  KeyRing ring;
  Sealing sealing;
  std::unique_ptr<SealedDb> db;
  HeadFile head;
  HeadFile::State head_state = HeadFile::State::kFound;
  // Of the database as it opened: what FinishMoving adds is no proof of what was there.
  std::uint64_t position_found = 0;
  DataKeys keys;
  DataKey common;              // Of kCommonScope.
  bool ballast_spent = false;  // The disk is full: the ballast was given back and there is no room for another.

  StoreFolder(std::filesystem::path folder, FileDescriptor held, KeyRing keys_of_store, Random& random,
              std::unique_ptr<SealedDb> database, const char* head_rule);
  StoreFolder(const StoreFolder&) = delete;
  StoreFolder& operator=(const StoreFolder&) = delete;

  bool LostSome() const { return head.ShowsLoss(position_found); }
  bool MayHaveLostSome() const { return head.MayHideLoss(position_found); }
  // That one slot of the head does not hold, where that hides nothing; none once it was written anew.
  std::optional<Error> BrokenSlot(const char* rule) const;

  std::filesystem::path File(const char* name) const { return directory / name; }
};

// As far as that can be told without opening the database; see InspectRocksLog.
Status InspectStoreFolder(const StoreFolderOptions& options);
Result<std::unique_ptr<StoreFolder>> OpenStoreFolder(const StoreFolderOptions& options, Random& random);

}  // namespace schakel
