#include <mutex>

#include "key_rotation.h"
#include "log_reader.h"
#include "store/vault_store.h"
#include "store_folder.h"
#include "wire.h"

namespace schakel {
namespace {

constexpr Family kVaultFamilies[] = {Family::kDataKeys, Family::kNamed, Family::kNumbered};
constexpr const char* kVaultRowRule = "vault.row";
constexpr std::uint8_t kFirstNumberedTable = 128;
constexpr std::size_t kMemtableBytes = 4U << 20;
constexpr std::size_t kBlockCacheBytes = 4U << 20;
constexpr std::size_t kTagPartBytes = 8;  // Of a hidden table, before the row's own part.
constexpr std::size_t kNamedKeyBytes = kTagPartBytes + sizeof(HiddenKey);
constexpr std::size_t kNumberedKeyBytes = kTagPartBytes + 8;
constexpr std::size_t kScopeBytes = kNonceBytes + 16 + 4 + kTagBytes;
constexpr const char* kSeeVaultGuide = "find out why, then accept the vault as it stands (see the operations guide)";

std::unexpected<Error> CorruptRow(std::uint8_t table) {
  return Fail(Code::kCorrupt, kVaultRowRule, "table " + std::to_string(table),
              "keep a copy of the folder as it is, then restore the last backup");
}

// Rows:
//   by name    Hide(kNamedTable, table | set)[0:8] | Hide(kNamedRow, table | key) 16
//   by number  Hide(kNumberedTable, table)[0:8] | number 8
// each holding  sealed (scope 16 | data key generation 4) under the common key | sealed row under the scope's key,
// both with the row's key as their place. The row by name begins with its own key: size 4 | key | value. The set is the
// begin of the key, or nothing: what can be seen of a set is how many rows it has.
class RocksVaultStore final : public VaultStore {
 public:
  RocksVaultStore(std::unique_ptr<StoreFolder> folder, Random& random)
      : folder_(std::move(folder)), random_(random), broken_slot_(folder_->BrokenSlot("vault.head_slot")) {}

  Status CheckHead() const;
  Status Accept() { return folder_->head.Create({folder_->db->Position(), {}}); }

  Status Commit(const std::vector<VaultWrite>& writes) override;
  Result<std::optional<Bytes>> Get(std::uint8_t table, ByteView key) const override;
  Result<std::optional<Bytes>> Get(std::uint8_t table, std::uint64_t number) const override;
  Status Scan(std::uint8_t table, const std::function<bool(ByteView, ByteView)>& visit) const override;
  Status Scan(std::uint8_t table, ByteView set, const std::function<bool(ByteView, ByteView)>& visit) const override;
  Status Scan(std::uint8_t table, std::uint64_t from,
              const std::function<bool(std::uint64_t, ByteView)>& visit) const override;
  Result<std::optional<std::uint64_t>> LastNumber(std::uint8_t table) const override;
  Status Erase(std::span<const DataScope> scopes) override;
  Status ChangeMasterKey(const MasterKeySource& source) override;
  Result<std::uint64_t> VerifyAll() const override;
  std::optional<Error> broken_slot() const override { return broken_slot_; }

 private:
  Bytes TablePrefix(std::uint8_t table, ByteView set = {}) const;
  Bytes NamedKey(std::uint8_t table, ByteView key, std::size_t set_bytes = 0) const;
  Bytes NumberedKey(std::uint8_t table, std::uint64_t number) const;
  Result<DataKey> KeyFor(const DataScope& scope);
  Status NotePosition();
  Status Stage(const VaultWrite& write, rocksdb::WriteBatch& batch);
  // Nothing: erased.
  Result<std::optional<Bytes>> OpenRow(SealedKind kind, ByteView row_key, ByteView row, std::uint8_t table) const;
  Result<std::optional<Bytes>> Find(Family family, SealedKind kind, const Bytes& row_key, std::uint8_t table) const;
  Result<std::uint64_t> VerifyFamily(Family family, SealedKind kind) const;

  std::unique_ptr<StoreFolder> folder_;
  Random& random_;
  std::optional<Error> broken_slot_;  // As of the opening.
  std::mutex keys_mutex_;
  std::mutex head_mutex_;
};

struct NamedRow {
  ByteView key;
  ByteView value;
};
std::optional<NamedRow> ParseNamedRow(ByteView plain) {
  ByteReader reader(plain);
  NamedRow row;
  row.key = reader.Take(reader.U32());
  row.value = reader.Rest();
  if (!reader.ok()) return std::nullopt;
  return row;
}

Status CheckTable(std::uint8_t table, bool numbered) {
  if ((table >= kFirstNumberedTable) == numbered) return {};
  return Fail(Code::kInvalid, "vault.table", std::to_string(table),
              "tables below 128 are keyed by name, those from 128 on by number");
}

// What was committed must be there; the database itself cannot know that its tail is gone.
Status RocksVaultStore::CheckHead() const {
  const auto tampered = [&](const char* rule) {
    return Fail(Code::kTampered, rule, folder_->File("head").string(), kSeeVaultGuide);
  };
  if (folder_->head_state == HeadFile::State::kMissing) return tampered("vault.head_missing");
  if (folder_->head_state == HeadFile::State::kDamaged) return tampered("vault.head_file");
  if (folder_->LostSome()) return tampered("vault.shorter_than_head");
  if (folder_->MayHaveLostSome()) return tampered("vault.head_file");
  return {};
}

Bytes RocksVaultStore::TablePrefix(std::uint8_t table, ByteView set) const {
  const auto domain = table < kFirstNumberedTable ? HiddenDomain::kNamedTable : HiddenDomain::kNumberedTable;
  const HiddenKey hidden = folder_->ring.Hide(domain, {{&table, 1}, set});
  return {hidden.begin(), hidden.begin() + kTagPartBytes};
}

Bytes RocksVaultStore::NamedKey(std::uint8_t table, ByteView key, std::size_t set_bytes) const {
  SCHAKEL_ASSERT(set_bytes <= key.size());
  Bytes out = TablePrefix(table, key.first(set_bytes));
  Append(out, folder_->ring.Hide(HiddenDomain::kNamedRow, {{&table, 1}, key}));
  return out;
}

Bytes RocksVaultStore::NumberedKey(std::uint8_t table, std::uint64_t number) const {
  Bytes out = TablePrefix(table);
  PutU64(out, number);
  return out;
}

// After every batch: were there two between two notes, a broken slot could hide that the second is gone.
Status RocksVaultStore::NotePosition() {
  // Taken under the lock, so that the position only grows; all that counts in it is synced.
  std::lock_guard lock(head_mutex_);
  return folder_->head.Write({folder_->db->Position(), {}});
}

// A fresh key is made durable before anything is sealed with it: commits of other threads may use it at once.
Result<DataKey> RocksVaultStore::KeyFor(const DataScope& scope) {
  std::lock_guard lock(keys_mutex_);
  rocksdb::WriteBatch batch;
  SCHAKEL_ASSIGN(DataKey key, folder_->keys.FindOrStage(scope, batch));
  if (batch.Count() == 0) return key;
  if (Status written = folder_->db->Write(batch); !written) {
    folder_->keys.Forget();
    return std::unexpected(written.error());
  }
  folder_->keys.Settle();
  SCHAKEL_TRY(NotePosition());
  return key;
}

Status RocksVaultStore::Stage(const VaultWrite& write, rocksdb::WriteBatch& batch) {
  const bool numbered = write.table >= kFirstNumberedTable;
  const Family family = numbered ? Family::kNumbered : Family::kNamed;
  const Bytes row_key =
      numbered ? NumberedKey(write.table, write.number) : NamedKey(write.table, write.key, write.set_bytes);
  if (write.kind == VaultWrite::Kind::kDelete) {
    SCHAKEL_ASSERT(batch.Delete(folder_->db->handle(family), AsSlice(row_key)).ok());
    return {};
  }
  SCHAKEL_ASSIGN(const DataKey key, KeyFor(write.scope));
  Bytes scope = ToBytes(write.scope.value());
  PutU32(scope, key.generation);
  Bytes row;
  folder_->sealing.Seal(folder_->common, SealedKind::kRowScope, row_key, scope, row);
  if (numbered) {
    folder_->sealing.Seal(key, SealedKind::kNumberedRow, row_key, write.value, row);
  } else {
    Bytes plain;
    PutU32(plain, static_cast<std::uint32_t>(write.key.size()));
    Append(plain, write.key);
    Append(plain, write.value);
    folder_->sealing.Seal(key, SealedKind::kNamedRow, row_key, plain, row);
  }
  Put(batch, folder_->db->handle(family), row_key, row);
  return {};
}

Status RocksVaultStore::Commit(const std::vector<VaultWrite>& writes) {
  if (writes.empty()) return {};
  rocksdb::WriteBatch batch(0, 0, 8, 0);
  for (const VaultWrite& write : writes) SCHAKEL_TRY(Stage(write, batch));
  SCHAKEL_TRY(folder_->db->Write(batch));
  return NotePosition();
}

Result<std::optional<Bytes>> RocksVaultStore::OpenRow(SealedKind kind, ByteView row_key, ByteView row,
                                                      std::uint8_t table) const {
  if (row.size() < kScopeBytes) return CorruptRow(table);
  auto scope_bytes = folder_->sealing.Open(folder_->common, SealedKind::kRowScope, row_key, row.first(kScopeBytes));
  if (!scope_bytes) return CorruptRow(table);
  ByteReader reader(*scope_bytes);
  const DataScope scope(reader.Fixed<16>());
  const std::uint32_t generation = reader.U32();
  if (!reader.AtEnd()) return CorruptRow(table);
  const auto key = folder_->keys.Find(scope, generation, kVaultRowRule);
  if (!key && key.error().code == Code::kNotFound) return std::nullopt;
  if (!key) return std::unexpected(key.error());
  auto plain = folder_->sealing.Open(*key, kind, row_key, row.subspan(kScopeBytes));
  if (!plain) return CorruptRow(table);
  return std::move(*plain);
}

Result<std::optional<Bytes>> RocksVaultStore::Find(Family family, SealedKind kind, const Bytes& row_key,
                                                   std::uint8_t table) const {
  rocksdb::PinnableSlice row;
  SCHAKEL_ASSIGN(const bool found, folder_->db->Get(family, row_key, row, kVaultRowRule));
  if (!found) return std::nullopt;
  return OpenRow(kind, row_key, BytesOf(row), table);
}

Result<std::optional<Bytes>> RocksVaultStore::Get(std::uint8_t table, ByteView key) const {
  SCHAKEL_TRY(CheckTable(table, false));
  SCHAKEL_ASSIGN(std::optional<Bytes> plain, Find(Family::kNamed, SealedKind::kNamedRow, NamedKey(table, key), table));
  if (!plain) return std::nullopt;
  const auto row = ParseNamedRow(*plain);
  if (!row || !Equal(row->key, key)) return CorruptRow(table);
  return ToBytes(row->value);
}

Result<std::optional<Bytes>> RocksVaultStore::Get(std::uint8_t table, std::uint64_t number) const {
  SCHAKEL_TRY(CheckTable(table, true));
  return Find(Family::kNumbered, SealedKind::kNumberedRow, NumberedKey(table, number), table);
}

Status RocksVaultStore::Scan(std::uint8_t table, const std::function<bool(ByteView, ByteView)>& visit) const {
  return Scan(table, ByteView(), visit);
}

Status RocksVaultStore::Scan(std::uint8_t table, ByteView set,
                             const std::function<bool(ByteView, ByteView)>& visit) const {
  SCHAKEL_TRY(CheckTable(table, false));
  const Bytes prefix = TablePrefix(table, set);
  auto rows = folder_->db->Iterate(Family::kNamed);
  for (rows->Seek(AsSlice(prefix)); rows->Valid() && rows->key().starts_with(AsSlice(prefix)); rows->Next()) {
    SCHAKEL_ASSIGN(const auto plain,
                   OpenRow(SealedKind::kNamedRow, BytesOf(rows->key()), BytesOf(rows->value()), table));
    if (!plain) continue;
    const auto row = ParseNamedRow(*plain);
    const bool of_set = row && row->key.size() >= set.size() && Equal(row->key.first(set.size()), set);
    if (!of_set || !Equal(NamedKey(table, row->key, set.size()), BytesOf(rows->key()))) return CorruptRow(table);
    if (!visit(row->key, row->value)) return {};
  }
  return folder_->db->Ended(*rows, kVaultRowRule);
}

Status RocksVaultStore::Scan(std::uint8_t table, std::uint64_t from,
                             const std::function<bool(std::uint64_t, ByteView)>& visit) const {
  SCHAKEL_TRY(CheckTable(table, true));
  const Bytes prefix = TablePrefix(table);
  auto rows = folder_->db->Iterate(Family::kNumbered);
  rows->Seek(AsSlice(NumberedKey(table, from)));
  for (; rows->Valid() && rows->key().starts_with(AsSlice(prefix)); rows->Next()) {
    const ByteView row_key = BytesOf(rows->key());
    if (row_key.size() != kNumberedKeyBytes) return CorruptRow(table);
    SCHAKEL_ASSIGN(const auto plain, OpenRow(SealedKind::kNumberedRow, row_key, BytesOf(rows->value()), table));
    if (plain && !visit(LoadU64(row_key.data() + kTagPartBytes), *plain)) return {};
  }
  return folder_->db->Ended(*rows, kVaultRowRule);
}

Result<std::optional<std::uint64_t>> RocksVaultStore::LastNumber(std::uint8_t table) const {
  SCHAKEL_TRY(CheckTable(table, true));
  const Bytes prefix = TablePrefix(table);
  auto rows = folder_->db->Iterate(Family::kNumbered);
  rows->SeekForPrev(AsSlice(NumberedKey(table, ~std::uint64_t{0})));
  SCHAKEL_TRY(folder_->db->Ended(*rows, kVaultRowRule));
  if (!rows->Valid() || !rows->key().starts_with(AsSlice(prefix))) return std::nullopt;
  if (rows->key().size() != kNumberedKeyBytes) return CorruptRow(table);
  return LoadU64(BytesOf(rows->key()).data() + kTagPartBytes);
}

Result<std::uint64_t> RocksVaultStore::VerifyFamily(Family family, SealedKind kind) const {
  std::uint64_t count = 0;
  auto rows = folder_->db->Iterate(family);
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    SCHAKEL_ASSIGN(const auto plain, OpenRow(kind, BytesOf(rows->key()), BytesOf(rows->value()), 0));
    if (!plain) continue;
    if (kind == SealedKind::kNamedRow && (!ParseNamedRow(*plain) || rows->key().size() != kNamedKeyBytes)) {
      return CorruptRow(0);
    }
    ++count;
  }
  SCHAKEL_TRY(folder_->db->Ended(*rows, kVaultRowRule));
  return count;
}

Status RocksVaultStore::Erase(std::span<const DataScope> scopes) {
  if (scopes.empty()) return {};
  {
    std::lock_guard lock(keys_mutex_);
    SCHAKEL_TRY(EraseScopes(*folder_, scopes));
  }
  return NotePosition();
}

Status RocksVaultStore::ChangeMasterKey(const MasterKeySource& source) {
  std::lock_guard lock(keys_mutex_);
  return schakel::ChangeMasterKey(*folder_, source, random_);
}

Result<std::uint64_t> RocksVaultStore::VerifyAll() const {
  SCHAKEL_TRY(folder_->keys.VerifyAll());
  SCHAKEL_ASSIGN(const std::uint64_t named, VerifyFamily(Family::kNamed, SealedKind::kNamedRow));
  SCHAKEL_ASSIGN(const std::uint64_t numbered, VerifyFamily(Family::kNumbered, SealedKind::kNumberedRow));
  SCHAKEL_TRY(folder_->db->VerifyFiles());
  return named + numbered;
}

Result<std::unique_ptr<RocksVaultStore>> OpenVault(const VaultStoreOptions& options, Random& random) {
  StoreFolderOptions folder_options{.kind = StoreKind::kVault,
                                    .directory = options.directory,
                                    .master_key = options.master_key,
                                    .if_absent = options.if_absent,
                                    .identity = std::nullopt,
                                    .ballast_bytes = 0,
                                    .database = {},
                                    .head_rule = "vault.disk"};
  folder_options.database.families = kVaultFamilies;
  folder_options.database.memtable_bytes = kMemtableBytes;
  folder_options.database.block_cache_bytes = kBlockCacheBytes;
  folder_options.database.environment = options.environment;
  folder_options.database.sync_rule = "vault.disk";
  folder_options.database.disk_full_rule = "vault.disk_full";
  folder_options.database.read_rule = "vault.disk";
  SCHAKEL_ASSIGN(std::unique_ptr<StoreFolder> folder, OpenStoreFolder(folder_options, random));
  return std::make_unique<RocksVaultStore>(std::move(folder), random);
}

}  // namespace

Result<std::unique_ptr<VaultStore>> OpenVaultStore(const VaultStoreOptions& options, Random& random) {
  SCHAKEL_ASSIGN(std::unique_ptr<RocksVaultStore> vault, OpenVault(options, random));
  SCHAKEL_TRY(vault->CheckHead());
  return std::unique_ptr<VaultStore>(std::move(vault));
}

Status InspectVaultStore(const VaultStoreOptions& options) {
  return InspectStoreFolder({.kind = StoreKind::kVault,
                             .directory = options.directory,
                             .master_key = options.master_key,
                             .identity = std::nullopt,
                             .database = {}});
}

Status AcceptVault(const VaultStoreOptions& options) {
  SCHAKEL_ASSIGN(std::unique_ptr<RocksVaultStore> vault, OpenVault(options, SystemRandom()));
  return vault->Accept();
}

}  // namespace schakel
