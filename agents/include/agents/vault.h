// The agent's vault: what an organisation keeps, typed, over the sealed rows of a VaultStore.
//
// Records are numbered in the order in which they came to be here: own ones when said, received ones when taken in.
// A record lies in two rows: a head, small and updated with its state, and its content, written once.
//
// Threads:    reads from any thread; a VaultBatch belongs to one thread until it is committed.
// Durability: a batch is whole and synced when Commit returns. Each step of the protocol is one batch, so that a crash
//             between any two leaves a state from which the agent carries on.
// Errors:     those of VaultStore; kCorrupt ("vault.row") also for a row that does not decode.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "agents/engine.h"
#include "agents/keys.h"
#include "protocol/record.h"
#include "protocol/registry.h"
#include "protocol/wire.h"
#include "store/vault_store.h"

namespace schakel {

// What the invitation pinned, and how far enrolment got.
struct Membership {
  OrgId organisation;
  Sector sector;
  std::string endpoint;
  TransportPublicKey hub_transport;
  NoteVerifier hub_log;
  Registrars registrars;
  EnrolState state = EnrolState::kPending;
};

struct FeedCursor {
  FeedPosition position;
  Hash32 hash{};      // FeedHash of the entry at `position`; zero before the first.
  Sequence sequence;  // Of that entry in the log.
  friend bool operator==(const FeedCursor&, const FeedCursor&) = default;
};

struct SeenHead {
  TreeHead head;
  std::string note;  // The signed note that said so.
  friend bool operator==(const SeenHead&, const SeenHead&) = default;
};

// The head row of a record.
struct StoredRecord {
  Bytes header;  // As signed.
  RecordState state = RecordState::kWaiting;
  Sequence sequence;
  FeedPosition position;
  Timestamp at;
  std::optional<RecordId> grant;        // Received ones: that covered the delivery, as the hub says.
  std::vector<OrgId> recipients;        // Own ones.
  std::vector<RoutingRefusal> refused;  // Own ones.
  std::optional<Error> error;
};
// Its content row.
struct StoredContent {
  Hash32 recipients_root{};
  ContentKey key;
  Bytes ciphertext;
  std::optional<Recipients> recipients;  // Own ones: as submitted.
  struct Origin {
    Bytes entry;
    Hash32 salt{};
    Bytes delivery;
    Hash32 delivery_salt{};
    std::optional<SlotPlace> place = std::nullopt;  // Of a delivery that stands in a slot.
  };
  std::optional<Origin> origin;  // Received ones: the evidence.
};

enum class OutboxState : std::uint8_t { kWaiting = 1, kAcknowledged };

using StoredView = LoggedView;

// A feed item that failed its checks: kept whole, for whoever looks into it.
struct HiddenItem {
  FeedPosition position;
  Alarm::Fault fault = Alarm::Fault::kHub;
  Error why;
  Bytes delivery;
  Hash32 delivery_salt{};
  Bytes entry;
  Bytes ciphertext;
  std::optional<SlotPlace> place = std::nullopt;  // Of a delivery that stands in a slot.
};

// Content that came under one grant lies under this data key.
struct ContentScope {
  DataScope scope;
  TrajectoryId trajectory;
  RecordId grant;
  bool spent = false;  // To be destroyed: nothing that is needed lies under it any more.
  friend bool operator==(const ContentScope&, const ContentScope&) = default;
};

// A trajectory that its lead had erased.
struct Erasure {
  enum class State : std::uint8_t { kAsked = 1, kErased, kAnswered };
  TrajectoryId trajectory;
  RecordId confirm;
  State state = State::kAsked;
  DataScope kept = {};  // Under which lies what the law obliges to keep; none: nothing does.
  friend bool operator==(const Erasure&, const Erasure&) = default;
};

// The writes of one step.
class VaultBatch {
 public:
  bool empty() const { return writes_.empty() && meta_.empty(); }

  void PutKeys(const AgentKeys& keys);
  void PutNextKeys(const AgentKeys& keys);  // Asked for, and not in force yet.
  void DropNextKeys();
  void PutPseudonymKey(const Secret<32>& key);
  void PutMembership(const Membership& membership);
  void PutToken(const Secret<32>& token);
  void DropToken();
  void PutCursor(const FeedCursor& cursor);
  void PutSeen(const SeenHead& seen);
  void PutDistrust(const Error& why);
  void ClearDistrust();
  void PutStatement(std::uint64_t number, const SignedStatement& statement);  // From 1, dense.
  void DropStatement(std::uint64_t number);

  // `header` is that of `record`: names its id and trajectory. Also enters it in the index by id.
  void PutRecord(std::uint64_t number, const StoredRecord& record, const Header& header);
  void DropRecord(std::uint64_t number, const RecordId& id);  // Its content too.
  void PutContent(std::uint64_t number, const StoredContent& content, const Header& header);
  void PutContent(std::uint64_t number, const StoredContent& content, const DataScope& scope);
  void DropContent(std::uint64_t number);
  void PutContentScope(const ContentScope& scope);
  void DropContentScope(const DataScope& scope);
  void PutSealed(std::uint64_t number, const SealedItem& sealed);  // Of the record with that number.
  // The words of it go with what was opened: without a scope with the trajectory, else with what is kept of it.
  void PutUnsealing(std::uint64_t number, const Unsealing& unsealing);
  void PutUnsealing(std::uint64_t number, const Unsealing& unsealing, const DataScope& scope);
  void DropUnsealing(std::uint64_t number);
  void PutErasure(const Erasure& erasure);
  // What of an erased trajectory is kept by law: its head, apart from the records that there are; its content; why.
  void PutKept(std::uint64_t number, const StoredRecord& record, const StoredContent& content, const SealedItem& sealed,
               const DataScope& scope);
  void DropKept(std::uint64_t number);
  void PutOutbox(std::uint64_t number, OutboxState state);
  void DropOutbox(std::uint64_t number);

  void PutWithheld(const WithheldMark& mark);
  void PutHidden(const HiddenItem& item, const TrajectoryId& trajectory);
  void PutAlarm(const Alarm& alarm);
  // Who looked outlives what was looked at: it lies under no trajectory's key.
  void PutView(std::uint64_t number, const StoredView& view);
  void PutUnreported(std::uint64_t number);  // Of a view.
  void DropUnreported(std::uint64_t number);
  void PutName(const Id128& pseudonym, std::string_view name);
  void PutFact(std::string_view name, ByteView value);
  void DropFact(std::string_view name);
  void Keep(const Engine::KeptRow& row);

 private:
  friend class Vault;
  void PutMeta(std::string_view name, Bytes value);

  std::vector<VaultWrite> writes_;
  std::map<std::string, Bytes, std::less<>> meta_;  // The last value counts; empty: gone.
};

class Vault {
 public:
  explicit Vault(VaultStore& store) : store_(store) {}

  // Empties `batch`, also when it fails: the store then refuses all further writes anyway.
  Status Commit(VaultBatch& batch);

  Result<std::optional<AgentKeys>> Keys() const;
  Result<std::optional<AgentKeys>> NextKeys() const;
  Result<std::optional<Secret<32>>> PseudonymKey() const;
  Result<std::optional<Membership>> LoadMembership() const;
  Result<std::optional<Secret<32>>> Token() const;
  Result<FeedCursor> Cursor() const;
  Result<SeenHead> Seen() const;
  Result<std::optional<Error>> Distrust() const;
  Result<std::vector<SignedStatement>> Statements() const;

  // kNotFound ("vault.record"): none of that id, or of that number.
  Result<std::uint64_t> NumberOf(const RecordId& id) const;
  Result<StoredRecord> Record(std::uint64_t number) const;
  Result<StoredContent> Content(std::uint64_t number) const;
  Status ScanRecords(const std::function<bool(std::uint64_t number, const StoredRecord&)>& visit) const;
  Result<std::uint64_t> LastRecord() const;  // 0: none. Also of what is kept of erased trajectories.
  Result<std::map<std::uint64_t, OutboxState>> Outbox() const;

  Result<std::vector<ContentScope>> ContentScopes() const;
  Result<std::map<std::uint64_t, SealedItem>> SealedByNumber() const;
  Result<std::optional<SealedItem>> Sealed(std::uint64_t number) const;
  Result<std::map<std::uint64_t, Unsealing>> UnsealingsByNumber() const;
  Result<std::uint64_t> LastUnsealing() const;
  Result<std::vector<Erasure>> Erasures() const;
  Result<StoredRecord> KeptRecord(std::uint64_t number) const;  // Of an erased trajectory. kNotFound ("vault.record").
  // From now on what a batch would put under these data keys is left out: they are gone, or about to be.
  void ForgetScopes(std::span<const DataScope> scopes);
  // Destroys the data keys of these scopes: see VaultStore::Erase.
  Status Erase(std::span<const DataScope> scopes) { return store_.Erase(scopes); }

  Result<std::vector<WithheldMark>> Withheld() const;
  Result<std::vector<HiddenItem>> Hidden() const;
  Result<std::vector<Alarm>> Alarms() const;
  Result<std::uint64_t> LastAlarm() const;
  Result<std::uint64_t> LastView() const;
  Result<StoredView> FindView(std::uint64_t number) const;
  Status ScanViews(const std::function<bool(const StoredView&)>& visit) const;
  Result<std::map<std::uint64_t, StoredView>> ViewsOf(const TrajectoryId& trajectory) const;
  Result<std::vector<std::uint64_t>> Unreported() const;  // In order.
  Result<std::optional<std::string>> Name(const Id128& pseudonym) const;
  Result<std::optional<Bytes>> Fact(std::string_view name) const;
  Result<std::map<std::string, Bytes>> Kept(std::string_view set) const;
  // Once, before Keep and Kept: rows of sets as earlier versions kept them are put where Kept finds them. Each is in
  // one of the two places, also after a crash in between.
  Status SortKept();

 private:
  Result<std::optional<Bytes>> Meta(std::string_view name) const;
  Result<std::optional<AgentKeys>> KeysAt(std::string_view name) const;
  Result<std::uint64_t> Last(std::uint8_t table) const;

  VaultStore& store_;
  std::mutex mutex_;
  std::set<DataScope> forgotten_;
};

// As the interface of the engine shows it.
Result<HeldRecord> ToHeld(const StoredRecord& stored);

}  // namespace schakel
