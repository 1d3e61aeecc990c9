// The hub's state and its rules: what comes in, what goes into the log, what may leave once it is there.
//
// One deterministic machine. It takes examined messages, builds the next group of log entries, and once told that a
// group is durable, lets go what that group was to answer and hand over. Appending and syncing happen outside; while
// one group is being synced the next is built upon it.
//
// Threads:    one. Directories it gives out are immutable and may be used by any.
// Durability: nothing leaves through Transport that was not durable when it was handed over, but for answers that say
//             nothing (heartbeats, errors, the directory).
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "broker/admin.h"
#include "broker/enrolment.h"
#include "broker/erasing.h"
#include "broker/feeds.h"
#include "broker/group.h"
#include "broker/intake.h"
#include "broker/rotation.h"
#include "broker/transport.h"
#include "broker/witnesses.h"
#include "protocol/checkpoint.h"
#include "protocol/policy.h"
#include "protocol/registry.h"
#include "protocol/seams.h"
#include "store/log.h"

namespace schakel {

// What the hub is, for its answers.
struct HubFace {
  std::string software = "schakel-hub " SCHAKEL_VERSION;
  std::string origin;
  std::string endpoint;  // As invitations give it.
  NoteVerifier verifier;
  TransportPublicKey transport;
};

struct HubCoreOptions {
  HubFace face;
  Registrars registrars;
  Hash32 number_key{};  // See protocol/number.h.
  WireLimits wire;
  FeedLimits feed;
  std::size_t group_bytes_max = 8U << 20;
  std::size_t group_entries_max = 8192;
  std::uint64_t snapshot_entries = 50'000;     // Between two snapshots.
  std::size_t connections_max = 8;             // Per organisation; more: the oldest goes.
  std::uint64_t records_per_second = 200'000;  // Per organisation; bursts of one second.
  std::uint64_t requests_per_second = 2'000;   // Likewise, of all other messages.
  std::size_t questions_max = 64;              // Per organisation, waiting for an answer from the log.
  std::chrono::seconds silence_max{180};       // Then a connection is closed.
  std::size_t attempts_max = 10'000;           // To be said on trajectories; of more, the hub's own log alone tells.
};

// Told at once, for the people who run the hub. Never content.
class HubObserver {
 public:
  enum class Level : std::uint8_t { kInfo, kWarning, kAlarm };
  virtual ~HubObserver() = default;
  virtual void Report(Level level, std::string_view event, const OrgId& organisation, std::string_view detail) = 0;
};

struct HubCounts {
  std::uint64_t records = 0;   // Taken.
  std::uint64_t repeated = 0;  // Sent again, answered again.
  std::uint64_t refused = 0;   // Not taken.
  std::uint64_t denials = 0;   // Recipients that a record does not reach.
  std::uint64_t batches = 0;
  std::uint64_t hellos = 0;
  std::uint64_t hellos_refused = 0;
  std::uint64_t unreadable = 0;  // Messages that could not be decoded.
  std::uint64_t limited = 0;     // Refused for a rate or a bound.
  std::uint64_t queries = 0;
  std::uint64_t cosigns_refused = 0;   // Cosignatures that did not hold, or could not be read.
  std::uint64_t attempts_dropped = 0;  // Of who was turned away: not said on a trajectory, for too many waited.
};

class HubCore {
 public:
  // Reads the snapshot and replays what came after it. Keeps references; `log` is only read.
  // kCorrupt, kVersion: what the log holds cannot be read; kUnauthenticated: the registrars of the configuration are
  // not those who signed the directory.
  static Result<std::unique_ptr<HubCore>> Restore(HubCoreOptions options, const Log& log, Transport& transport,
                                                  const Clock& clock, Random& random, HubObserver& observer);

  // ---- in ----
  // From an organisation or a token; an operator's messages go to TakeFromOperator.
  void Take(ConnectionId connection, const IdentityPtr& from, Examined examined);
  void TakeFromOperator(ConnectionId connection, ByteView message);
  void Closed(ConnectionId connection);
  void TurnedAway(const Identity& who);  // It is not let in, and tried to connect.
  // Expiries. Call it now and then, at least once a second.
  void Tick();
  // Moves feeds on, a slice each. True: there is more to do at once.
  bool Pump();
  // Nobody is handed anything any more. With the next group the log knows what never was.
  void EndFeeds();

  // ---- groups ----
  bool HasGroup() const { return !frozen_ && (!staging_.group().empty() || snapshot_wanted_); }
  bool GroupFull() const;
  std::size_t GroupEntries() const { return staging_.group().entries.size(); }
  Group TakeGroup();
  // In the order taken, after each was appended and synced.
  void Committed(Group group);
  // To be answered now, in order.
  std::vector<ReadTask> TakeTasks() { return std::exchange(tasks_, {}); }
  // One of them was.
  void Answered(const OrgId& from);
  // Set once: the log must be quarantined, for this reason, by whoever appends.
  std::optional<Error> TakeQuarantine() { return std::exchange(quarantine_, std::nullopt); }
  // Nothing is taken any more, for this reason; until there is room again, if a full disk is the reason.
  void Freeze(const Error& why);
  const std::optional<Error>& frozen() const { return frozen_; }
  // With the next group, whether or not it is time.
  void WantSnapshot() { snapshot_wanted_ = true; }

  // ---- looking in ----
  std::shared_ptr<const Directory> directory() const { return directory_; }
  const PolicyState& policy() const { return policy_; }
  const Feeds& feeds() const { return feeds_; }
  const HubCounts& counts() const { return counts_; }
  std::size_t sessions() const { return sessions_.size(); }
  const WireLimits& wire() const { return options_.wire; }
  std::optional<std::chrono::steady_clock::time_point> NextRetry() const { return feeds_.NextRetry(); }
  // How far heads were checked before they were signed; kept in snapshots.
  void NoteRechecked(Sequence sequence) { rechecked_ = sequence; }
  Sequence rechecked() const { return rechecked_; }

 private:
  struct Session {
    IdentityPtr from;
    bool welcome = false;
    std::chrono::steady_clock::time_point heard_at;
    std::uint64_t opened = 0;  // Counts up: the lowest is the oldest.
    bool lost_feed = false;    // To another connection of the same organisation.
  };
  // Allows `per_second`, at most one second's worth at once.
  struct Meter {
    double left = 0;
    std::chrono::steady_clock::time_point at;
    bool Take(double amount, std::uint64_t per_second, std::chrono::steady_clock::time_point now) {
      const auto limit = static_cast<double>(per_second);
      return Take(amount, limit, limit, now);
    }
    bool Take(double amount, double per_second, double at_once, std::chrono::steady_clock::time_point now);
  };
  // Of attempts of one kind to connect, that were refused.
  struct AttemptMeters {
    Meter logged, on_trajectories;
  };
  struct Meters {
    Meter records, requests, refusals, unreadable, told, elsewhere, cosigned, keys;
    AttemptMeters suspended, replaced;
    std::uint64_t in_flight = 0;
    std::size_t questions = 0;
  };

  HubCore(HubCoreOptions options, const Log& log, Transport& transport, const Clock& clock, Random& random,
          HubObserver& observer);

  // hub_core.cc
  Session& SessionOf(ConnectionId connection, const IdentityPtr& from);
  void Forget(ConnectionId connection);
  void ThawIfRoom();
  void TakeFromOrganisation(ConnectionId connection, Session& session, std::uint64_t request, MessagePayload& payload);
  void TakeFeed(ConnectionId connection, Session& session, std::uint64_t request, const Feed& feed);
  void TakeFromToken(ConnectionId connection, const Identity& from, std::uint64_t request,
                     const MessagePayload& payload);
  void TakeHello(ConnectionId connection, Session& session, std::uint64_t request, const Hello& hello);
  bool IsOurs(const TreeHead& head);
  Status CheckSeen(const OrgId& organisation, const Hello& hello);
  bool HasReturned(const OrgId& organisation);
  void NoteReturned(const OrgId& organisation);
  void TakeAccessQuery(ConnectionId connection, const OrgId& asker, std::uint64_t request, const AccessQuery& query);
  void TakeCosign(ConnectionId connection, const OrgId& organisation, std::uint64_t request, const Cosign& cosign);
  bool IsNextPage(const OrgId& asker, const AccessQuery& query) const;
  void StageAnswer(const OrgId& asker, const Trajectory& trajectory, const AccessQuery& query);
  void TakeDirectoryQuery(ConnectionId connection, std::uint64_t request, const DirectoryQuery& query);
  void BoundConnections(const OrgId& organisation);
  void Now(ConnectionId connection, std::uint64_t request,
           MessagePayload payload);  // Says nothing that was not public.
  void Later(ConnectionId connection, std::uint64_t request, MessagePayload payload);  // With the group.
  void Queue(ReadTask task);
  void NoteSession(HubObserver::Level level, std::string_view event, const OrgId& organisation,
                   std::string_view detail);
  void NoteUnreadable(const OrgId& from, const Error& error);  // No organisation: the operator's socket.
  void CloseWhere(const std::function<bool(const Identity&)>& which);
  // Under whose key an entry about `trajectory` lies: none for what outlives its erasure.
  TrajectoryId ScopeOf(const TrajectoryId& trajectory, Kind kind) const;
  Rules RulesNow() const { return {policy_, *directory_, rules_epoch_}; }

  // submissions.cc
  void TakeBatch(ConnectionId connection, const Identity& from, std::uint64_t request, ExaminedBatch batch);
  Outcome TakeRecord(const Identity& from, ExaminedRecord& record, const std::optional<RecordRow>& earlier,
                     Timestamp now);
  Result<std::vector<std::optional<RecordRow>>> FindEarlier(const ExaminedBatch& batch) const;
  std::vector<OrgId> CurtailedBy(const Header& header) const;
  void RouteRecord(const ExaminedRecord& record, Sequence sequence, Timestamp now, RecordRow& row);
  void StageRouting(const Header& header, Sequence sequence, const Slots& slots, std::size_t live_before,
                    Timestamp now);
  void NoteRefusals(const Identity& from, const ExaminedBatch& batch, const std::vector<Outcome>& outcomes,
                    Timestamp now);
  void StageSession(const OrgId& organisation, SessionEvent event, std::string_view detail,
                    const TrajectoryId& trajectory, const RecordId& record, Timestamp now);

  // keys.cc
  void TakeRotateRequest(ConnectionId connection, const OrgId& organisation, std::uint64_t request,
                         const RotateRequest& rotate);
  void TakeAnnounce(ConnectionId connection, const OrgId& organisation, std::uint64_t request,
                    const Announce& announce);
  bool MayChangeKeys(const OrgId& organisation);
  void NoteRefusal(const OrgId& organisation, const Error& why);
  std::string WhyTurnedAway(const Identity& who) const;
  bool StageAttempts();
  void Retire(const OrgId& organisation, const TransportPublicKey& key);
  void PutIntoForce(std::shared_ptr<const Directory> directory, const SignedStatement& statement,
                    const OrgId& organisation);
  void ReplaceKeys(const OrgStatement& before, const OrgStatement& now);
  void EndOverlap(const OrgId& organisation);
  void EndOverlaps();

  // operator.cc
  const OrgKeys* FindAskedKeys(const OrgId& organisation) const;
  Result<AdminReply> Do(const CreateToken& request);
  Result<AdminReply> Do(const WithdrawToken& request);
  Result<AdminReply> Do(const ListEnrolments& request);
  Result<AdminReply> Do(const ExportOrganisation& request);
  Result<AdminReply> Do(const ExportCeilings& request);
  Result<AdminReply> Do(const ApplyStatement& request);
  Result<AdminReply> Do(const AskStatus& request);
  Result<AdminReply> Do(const TakeSnapshot& request);
  Result<AdminReply> Do(const ChangeMaster& request);
  void AnswerNewMaster(const Group::NewMaster& asked);
  void Suspend(const OrgId& organisation);
  void AdmitAll();

  // restore.cc
  Bytes EncodeSnapshot() const;
  Status DecodeSnapshot(ByteView bytes);
  void DecodeNumbers(Decoder& from);
  void DecodeWitnesses(Decoder& from);
  void DecodeOwnLast(Decoder& from);
  Status Replay(const StoredEntry& stored);
  void ReplayErasure(const ErasureEntry& erasure);

  const HubCoreOptions options_;
  const Log& log_;
  Transport& transport_;
  const Clock& clock_;
  HubObserver& observer_;

  PolicyState policy_;
  std::shared_ptr<const Directory> directory_;
  std::uint64_t rules_epoch_ = 1;
  Feeds feeds_;
  Enrolments enrolments_;
  Rotations rotations_;
  Erasing erasing_;
  Witnesses witnesses_;
  std::map<OrgId, Sequence> own_last_;  // Of the last record of each author, staged ones included.

  Staging staging_;
  std::unordered_map<RecordId, RecordRow, IdHash> recent_;  // Not durable yet.
  std::map<std::uint64_t, Hash32> known_roots_;             // Of heads that were asked about, by size.
  std::set<OrgId> returned_;                     // Welcomed since the last acceptance of a loss, as far as looked up.
  std::map<OrgId, std::string> refused_hellos_;  // The reason that stands in the log, until they are welcomed.
  std::vector<ReadTask> tasks_;
  std::unordered_map<std::uint64_t, Session> sessions_;
  std::map<OrgId, Meters> meters_;
  struct Asked {
    TrajectoryId trajectory;
    RecordId record;
    Sequence answer;
  };
  // Of who tried to connect and was not let in: still to be said on this trajectory of theirs.
  struct Attempt {
    OrgId organisation;
    TrajectoryId trajectory;
    std::string why;
  };
  std::deque<Attempt> attempts_;
  std::map<OrgId, Asked> asked_;  // What each asked last of who saw what, and where that stands.
  std::uint64_t sessions_opened_ = 0;
  Sequence snapshot_at_;
  bool snapshot_wanted_ = false;
  Sequence rechecked_;
  std::optional<Error> frozen_;
  std::chrono::steady_clock::time_point looked_for_room_at_;
  std::optional<Error> quarantine_;
  HubCounts counts_;
};

}  // namespace schakel
