// The one ordered, append-only history; everything else is a projection of it.
//
// Every entry is a leaf of a salted RFC 9162 Merkle tree, sealed at rest under the data key of its scope.
// Beside an entry may lie a payload (ciphertext and stanzas), sealed likewise; the tree does not cover it, since the
// entry holds its hashes.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/checkpoint.h"
#include "protocol/ids.h"
#include "protocol/result.h"
#include "protocol/seams.h"
#include "store/master_key.h"

namespace schakel {

// Whose data key seals an entry: a trajectory's id, or all zero for what belongs to none.
using DataScope = StrongId<struct DataScopeTag, Id128>;

// Views: the caller keeps the bytes alive until Append returns.
struct NewEntry {
  DataScope scope;
  ByteView entry;    // Encoded (protocol/entry.h); its own sequence inside must be the one it gets.
  Hash32 salt;       // Random; lies only inside the sealed entry.
  ByteView payload;  // May be empty.
};

// An index row: found again by (table, key). Keys and values are hidden: rows lie under keyed hashes, values are
// sealed. Put in the same batch as the entries they point to. A later row of the same key replaces the earlier one.
struct IndexRow {
  std::uint8_t table;
  Bytes key;
  Bytes value;
};

// One row of a list that grows by appending: all rows under (table, key), in the order of `position`.
// Positions of one list must grow; `value` is sealed.
struct ListRow {
  std::uint8_t table;
  Bytes key;
  std::uint64_t position;
  Bytes value;
};

struct StoredEntry {
  Sequence sequence;
  DataScope scope;
  Bytes entry;
  Hash32 salt;
};

struct LogBatch {
  std::vector<NewEntry> entries;
  std::vector<IndexRow> rows;
  std::vector<ListRow> list_rows;
};

// That what the log once had beyond `head` is lost, and that the operator knows: see AcceptLogHead.
struct AcceptedHead {
  std::uint64_t number = 0;  // Of this acceptance: from 1.
  TreeHead head;
  Timestamp at;
  friend bool operator==(const AcceptedHead&, const AcceptedHead&) = default;
};

// Ownership:  an entry shown to `visit` is gone when it returns.
// Threads:    one thread appends and syncs; any thread may read meanwhile. Reads see what was synced.
// Durability: an entry survives a power cut once a later Sync() has succeeded.
// Errors:     come back as Result; nothing here throws.
class Log {
 public:
  using Visitor = std::function<bool(const StoredEntry&)>;

  virtual ~Log() = default;

  // Stages `batch` whole or not at all, after what is staged already. Sequences start at 1 and have no gaps; yields
  // that of the last entry. A batch without entries (rows only) is fine.
  // kConflict ("log.fence"): the log, with what is staged, does not end at `expected_last`.
  // kUnavailable ("log.read_only"): a failed sync or a failed check at start. kLimit ("log.batch_bytes"): too much
  // before one sync. kInvalid ("log.list_order"): rows of a list that do not grow.
  virtual Result<Sequence> Append(const LogBatch& batch, Sequence expected_last) = 0;

  // Writes what is staged, with its tree nodes, index rows and head, as one batch with one sync.
  // kUnavailable ("log.sync", "log.disk_full"): the disk refused. The log then stays read-only until reopened: after a
  // failed sync we cannot know which bytes arrived.
  virtual Status Sync() = 0;

  virtual Sequence Last() const = 0;  // Synced.
  virtual TreeHead Head() const = 0;  // Of what is synced.

  // Visits entries from `first` on, oldest first, until `visit` returns false. Erased ones are passed over.
  // kCorrupt ("log.entry"): an entry does not open or does not match its leaf; all before it were visited.
  virtual Status Read(Sequence first, const Visitor& visit) const = 0;
  // kNotFound: beyond the end ("log.range"), or erased ("log.erased").
  virtual Result<StoredEntry> Get(Sequence sequence) const = 0;
  // Empty if it has none. kCorrupt ("log.payload"); kNotFound ("log.erased").
  virtual Result<Bytes> Payload(Sequence sequence) const = 0;

  virtual Result<std::optional<Bytes>> FindRow(std::uint8_t table, ByteView key) const = 0;
  // Many at once; one element a key.
  virtual Result<std::vector<std::optional<Bytes>>> FindRows(std::uint8_t table, std::span<const Bytes> keys) const = 0;
  // Rows of a list with position >= `from`, in order, until `visit` returns false.
  virtual Status ReadList(std::uint8_t table, ByteView key, std::uint64_t from,
                          const std::function<bool(std::uint64_t position, ByteView value)>& visit) const = 0;
  // The last row of a list with position <= `at`, if any.
  virtual Result<std::optional<std::pair<std::uint64_t, Bytes>>> FindListRow(std::uint8_t table, ByteView key,
                                                                             std::uint64_t at) const = 0;

  // Tree of the first `size` entries. kInvalid ("log.range"): beyond the end.
  virtual Result<Hash32> RootAt(std::uint64_t size) const = 0;
  virtual Result<std::vector<Hash32>> InclusionProof(Sequence sequence, std::uint64_t size) const = 0;
  virtual Result<std::vector<Hash32>> ConsistencyProof(std::uint64_t first_size, std::uint64_t second_size) const = 0;

  // Re-reads entries (first..last], recomputes each leaf from the sealed bytes on disk and compares with the tree:
  // to be called before a head is signed. kCorrupt ("log.entry").
  virtual Status Recheck(Sequence after, Sequence last) const = 0;
  // Reads everything: every entry, payload, row and tree node. kCorrupt names the first that fails.
  struct Verified {
    std::uint64_t entries = 0, payloads = 0, rows = 0;
    std::uint64_t erased = 0;  // Entries of which the leaf alone is left.
  };
  virtual Result<Verified> VerifyAll() const = 0;

  // ---- keys; by the thread that appends, with nothing staged ----
  // Destroys the keys of these scopes: their entries and payloads never open again, from here or from a copy of the
  // database whenever it was made; the tree stays whole. Durable when it returns; asked for again, it goes on where it
  // stopped. Nothing can be appended to an erased scope: kNotFound ("store.erased"). Takes some 10 us a scope that is
  // left. kUnavailable ("store.keys", "log.sync"), kLimit ("store.generations").
  virtual Status Erase(std::span<const DataScope> scopes) = 0;
  // From now on the store opens with this master key alone. Durable when it returns; unchanged on an error.
  // What master_key.h names; kUnavailable ("store.keys").
  virtual Status ChangeMasterKey(const MasterKeySource& source) = 0;

  // A sealed blob that replaces the one before it: the snapshot of a projection as of `at`. Its own synced write, from
  // any thread. It opens only on the history that it was made from.
  // kCorrupt ("log.snapshot"): damaged, of another history, or ahead of the log; the log itself has all that it held.
  virtual Status SaveSnapshot(Sequence at, ByteView snapshot) = 0;
  virtual Result<std::optional<std::pair<Sequence, Bytes>>> LoadSnapshot() const = 0;

  // The highest head known outside (an agent's, signed by us) is ahead of ours or contradicts it: from here on the
  // log is read-only, also after reopening, until the operator decides (docs/operations).
  virtual void Quarantine(const Error& why) = 0;
  virtual std::optional<Error> read_only() const = 0;
  // The last acceptance, if there ever was one.
  virtual std::optional<AcceptedHead> accepted() const { return std::nullopt; }
  // kCorrupt ("log.head_slot"): when the log opened, one slot of the head file did not hold, and nothing was lost by
  // it.
  virtual std::optional<Error> broken_slot() const { return std::nullopt; }
};

struct StoreEnvironment;  // Where tests make the disk fail; products leave it null.

// Whose log this is, in the public: kept beside it from the day that it was made, so that nobody goes on with it under
// another name or with other keys by mistake.
struct LogIdentity {
  std::string origin;
  SigningPublicKey log_key;
  TransportPublicKey transport_key;
  friend bool operator==(const LogIdentity&, const LogIdentity&) = default;
};

struct RocksLogOptions {
  std::filesystem::path directory;  // Mode 0700; its parent must exist.
  MasterKeySource master_key;
  IfAbsent if_absent = IfAbsent::kRefuse;
  std::optional<LogIdentity> identity =
      std::nullopt;                         // Kept when the log is made, compared when it is opened; none: neither.
  std::size_t batch_bytes_max = 64U << 20;  // Staged at once.
  std::size_t memtable_bytes = 16U << 20;
  std::size_t block_cache_bytes = 16U << 20;
  // Set aside so that a full disk can still be mended; 0: none. Without room for it and as much again when it opens,
  // the log is read-only.
  std::size_t ballast_bytes = 64U << 20;
  std::shared_ptr<StoreEnvironment> environment;
};

// Opens the log, or makes it if the options say so. At start the log must reach the head file that lies beside the
// database (written after every sync, under a MAC): a log cut off, even on a record boundary, opens read-only and says
// so. Such a log still opens, for reading: Log::read_only() then holds kTampered ("log.shorter_than_head",
// "log.root_mismatch", "log.quarantined", "log.head_missing", "log.head_file": the head file is gone or does not hold,
// or one slot of it does not and the log does not go beyond the other: whether it lost its end cannot be known), or
// kUnavailable ("log.disk_full"): no room for the ballast. kNotFound ("log.absent"): there is none; kConflict
// ("log.identity"): it is of another hub, named in the field; kCorrupt ("log.identity"): the record of whose it is is
// gone or does not hold. kWrongKey ("store.master_key"); kCorrupt ("store.keys", "store.database"); kTampered
// ("store.swapped": files of another store); kUnavailable ("store.locked"): another process has it open;
// ("store.directory"): cannot be written;
// ("store.disk_full"): not even after the ballast was given back; kInvalid ("store.kind"): a vault; and what
// master_key.h names.
// Sets the umask of the process to 077: RocksDB has no say over the mode of its files.
Result<std::unique_ptr<Log>> OpenRocksLog(const RocksLogOptions& options, Random& random = SystemRandom());

// What can be said of a log without opening it, also while another process has it open: that it is there, that the
// master key is its own, and whose it is. Changes nothing. Errors as OpenRocksLog.
Status InspectRocksLog(const RocksLogOptions& options);

// The operator's explicit act on a log that opens read-only: from now on it stands at `accepted`, whatever it had
// reached before. Ends a quarantine too, and drops the snapshot. If history was lost, that is remembered: see
// Log::accepted(). The log must not be open.
// kConflict ("log.accept"): the log does not stand at that head; else as OpenRocksLog.
Status AcceptLogHead(const RocksLogOptions& options, const TreeHead& accepted, const Clock& clock = SystemClock());

}  // namespace schakel
