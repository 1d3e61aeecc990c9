// A sealed key-value store: what an agent's vault is built on. Nothing of a key or value is readable on disk.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/result.h"
#include "protocol/seams.h"
#include "store/log.h"
#include "store/master_key.h"

namespace schakel {

// A table is either keyed by name (rows lie under keyed hashes, in no order) or by number (rows lie in that order).
// The numbers below 128 are for tables by name, those from 128 on for tables by number.
struct VaultWrite {
  enum class Kind : std::uint8_t { kPut, kDelete };
  Kind kind = Kind::kPut;
  std::uint8_t table = 0;
  Bytes key;                 // By name.
  std::uint64_t number = 0;  // By number.
  Bytes value;
  DataScope scope;  // Whose data key seals it; see Log.
  // By name: that many first bytes of the key name the set that the row is of, and rows of one set lie together. 0: of
  // none. A row is replaced and deleted under the set with which it was put.
  std::size_t set_bytes = 0;
};

// Threads:    all calls from any thread.
// Durability: a batch is whole and synced when Commit returns.
// Errors:     kUnavailable ("vault.disk", "vault.disk_full"): after a failed sync all writes are refused until
// reopened;
//             kCorrupt ("vault.row"): a value does not open; kInvalid ("vault.table"): a table of the other kind.
class VaultStore {
 public:
  virtual ~VaultStore() = default;

  virtual Status Commit(const std::vector<VaultWrite>& writes) = 0;
  virtual Result<std::optional<Bytes>> Get(std::uint8_t table, ByteView key) const = 0;
  virtual Result<std::optional<Bytes>> Get(std::uint8_t table, std::uint64_t number) const = 0;
  // All rows of a table by name that are of no set, in no order, with their keys.
  virtual Status Scan(std::uint8_t table, const std::function<bool(ByteView key, ByteView value)>& visit) const = 0;
  // The rows of one set, likewise, with their whole keys; others are not read.
  virtual Status Scan(std::uint8_t table, ByteView set,
                      const std::function<bool(ByteView key, ByteView value)>& visit) const = 0;
  // Rows of a table by number from `from` on, in order.
  virtual Status Scan(std::uint8_t table, std::uint64_t from,
                      const std::function<bool(std::uint64_t number, ByteView value)>& visit) const = 0;
  virtual Result<std::optional<std::uint64_t>> LastNumber(std::uint8_t table) const = 0;
  // As Log::Erase: rows of these scopes are as if they had never been, and none can be written again.
  virtual Status Erase(std::span<const DataScope> scopes) = 0;
  virtual Status ChangeMasterKey(const MasterKeySource& source) = 0;

  // Reads every row. kCorrupt names the first that does not open.
  virtual Result<std::uint64_t> VerifyAll() const = 0;
  // As Log::broken_slot ("vault.head_slot").
  virtual std::optional<Error> broken_slot() const { return std::nullopt; }
};

struct VaultStoreOptions {
  std::filesystem::path directory;  // Its parent must exist.
  MasterKeySource master_key;
  IfAbsent if_absent = IfAbsent::kRefuse;
  std::shared_ptr<StoreEnvironment> environment;  // Tests only.
};
// Errors as OpenRocksLog, with kNotFound ("vault.absent"); and kTampered ("vault.shorter_than_head"): what had been
// committed is not all there, as after a disk that acknowledged what it lost; ("vault.head_missing",
// "vault.head_file"): whether it is cannot be known.
Result<std::unique_ptr<VaultStore>> OpenVaultStore(const VaultStoreOptions& options, Random& random = SystemRandom());

// What can be said of a vault without opening it, also while another process has it open: that it is there, and that
// the master key is its own. Changes nothing. Errors as OpenVaultStore.
Status InspectVaultStore(const VaultStoreOptions& options);

// The user's explicit act on a vault that is refused for its head: from now on it counts as whole as it stands.
// The vault must not be open. Errors as OpenVaultStore.
Status AcceptVault(const VaultStoreOptions& options);

}  // namespace schakel
