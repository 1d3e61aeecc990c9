// Each organisation's feed: dense positions with a running hash, what waits to get in, and who reads it.
//
// What is handed over was decided when it was routed, is decided again when it gets its position, and again when its
// content leaves. A position whose content may no longer leave stays, without content; if it cannot have left before,
// the log is told (broker/withheld_late.h).
//
// Threads: one, the core's.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "broker/group.h"
#include "broker/transport.h"
#include "broker/withheld_late.h"
#include "protocol/policy.h"
#include "protocol/registry.h"
#include "store/log.h"

namespace schakel {

// What decides at this moment. The epoch grows with every change of the rules.
struct Rules {
  const PolicyState& policy;
  const Directory& directory;
  std::uint64_t epoch;
};

// The end of a feed, as the log says it: what a snapshot keeps.
struct FeedEnd {
  FeedPosition last;
  Hash32 hash{};    // FeedHash of the entry at `last`.
  Sequence record;  // Of the record there: all that was routed before it has its position.
  friend bool operator==(const FeedEnd&, const FeedEnd&) = default;
};

// Content that was handed to the transport, and that the reader has not confirmed.
struct UnderWay {
  FeedPosition position;
  Sequence record;
  TrajectoryId trajectory;
};

class OrganisationFeed {
 public:
  explicit OrganisationFeed(OrgId whose) : organisation(std::move(whose)) {}

  struct ReaderState {
    ConnectionId connection;
    std::uint64_t request = 0;
    FeedPosition acknowledged;
    FeedPosition limit;
    FeedPosition sent;
    bool blocked = false;  // The connection had no room: try again at `retry_at`.
    std::chrono::steady_clock::time_point retry_at;
    std::chrono::milliseconds retry_delay{0};
    bool unanswered = true;  // It was not told yet, since it asked, that this is all.
    // Oldest first; at most as many as it gave credit for, some 48 bytes each.
    std::deque<UnderWay> under_way;
  };

  const OrgId organisation;
  FeedEnd end;  // Staged ones included.
  FeedPosition durable_last;
  // What lies after it was never offered to anybody. What stood in the log at the start may have been.
  FeedPosition offered;
  std::optional<ReaderState> reader;
  // How many positions each trajectory has in this feed: the number of its last one. Some 56 bytes each.
  std::unordered_map<TrajectoryId, std::uint64_t, IdHash> numbers;

  // Routed records without a position. Only the head of the queue is in memory.
  bool pending_known = false;  // Whether `pending_last` was read from the log since the start.
  Sequence pending_last;
  std::deque<Sequence> pending;
  bool HasPending() const { return pending_last > end.record; }

  bool queued = false;  // For Pump().
};

struct FeedLimits {
  std::uint64_t credit_max = 4096;
  std::size_t message_bytes = 512U << 10;  // Of one FeedItems, before its last item.
  std::size_t message_items = 256;
  std::size_t staged_ahead_max = 512;    // Positions staged or durable, but not yet sent.
  std::size_t pending_in_memory = 1024;  // Per organisation.
  std::size_t recall_judged_max = 256;   // Records of one trajectory that are judged before a connection is cut.
};

class Feeds {
 public:
  // `number_key`: see protocol/number.h.
  Feeds(FeedLimits limits, const Hash32& number_key, const Log& log, Transport& transport, const Clock& clock)
      : limits_(limits), number_key_(number_key), log_(log), transport_(transport), clock_(clock) {}

  // ---- routing ----
  // A record that may go to `recipient`: into the feed at once if somebody reads it and has credit, else it waits.
  // At once: its delivery, as it is to stand in a slot of the next entry, the record's routing. The caller then keeps
  // recipients and ciphertext in the group.
  struct Routed {
    OrganisationFeed* feed;
    FeedPosition position;
    Bytes delivery;
  };
  std::optional<Routed> Route(const OrgId& recipient, const Header& header, Sequence record, const Permit& permit,
                              Timestamp now, Staging& staging);

  // ---- readers ----
  // One connection of an organisation has its feed: the one that asked last. Yields the pull that it took over from, if
  // another had it. kTampered ("feed.after"): the reader has more than there ever was.
  struct Pull {
    ConnectionId connection;
    std::uint64_t request = 0;
  };
  Result<std::optional<Pull>> Read(const OrgId& organisation, ConnectionId connection, std::uint64_t request,
                                   const Feed& feed);
  void Leave(ConnectionId connection);

  // Sends what is durable and stages what waits, as far as credit, room and `staging_bytes_max` allow. A slice at a
  // time, in turn; true: there is more to do at once.
  bool Pump(const Rules& rules, Timestamp now, Staging& staging, std::size_t staging_bytes_max);
  // Hands over what became durable with `group`.
  void Committed(const Group& group, const Rules& rules, Timestamp now);
  // Nothing that was handed to the transport before, and may go there no more, leaves. Who has none of that under way
  // keeps its connection.
  void Recall(const Curtailed& curtailed, const Rules& rules, Timestamp now);
  // Of the earliest blocked reader that wants another try.
  std::optional<std::chrono::steady_clock::time_point> NextRetry() const;

  FeedPosition DurableLast(const OrgId& organisation) const;
  FeedEnd EndOf(const OrgId& organisation) const;  // Staged positions included.
  // Positions about `trajectory` in the feed of `organisation`, staged ones included.
  std::uint64_t NumberOf(const OrgId& organisation, const TrajectoryId& trajectory) const;

  // ---- the projection ----
  void Replay(const DeliveryEntry& delivery, ByteView entry);
  void Replay(const ErasureEntry& erasure);
  std::map<OrgId, FeedEnd> Ends() const;
  void Restore(const OrgId& organisation, const FeedEnd& end);
  void ForEachNumber(const std::function<void(const OrgId&, const TrajectoryId&, std::uint64_t)>& visit) const;
  std::size_t number_count() const;
  void RestoreNumber(const OrgId& organisation, const TrajectoryId& trajectory, std::uint64_t number);

  struct Counts {
    std::uint64_t delivered = 0;      // Items sent with content.
    std::uint64_t withheld = 0;       // Positions given without content.
    std::uint64_t withheld_late = 0;  // Content dropped when it was about to leave.
    std::uint64_t unreadable = 0;     // Content that the log no longer opens (erased).
  };
  const Counts& counts() const { return counts_; }

 private:
  OrganisationFeed& Of(const OrgId& organisation);
  void Queue(OrganisationFeed& feed);
  bool SendDurable(OrganisationFeed& feed, const Rules& rules, Timestamp now);
  bool StagePending(OrganisationFeed& feed, const Rules& rules, Timestamp now, Staging& staging,
                    std::size_t staging_bytes_max);
  void LoadPending(OrganisationFeed& feed);
  enum class Step : std::uint8_t { kStaged, kStarved };
  Step StageNext(OrganisationFeed& feed, const Rules& rules, Timestamp now, Staging& staging);
  Bytes Place(OrganisationFeed& feed, DeliveryEntry delivery, Timestamp now, Staging& staging);
  // `scope`: whose key seals it; see HubCore::ScopeOf.
  void StageDelivery(OrganisationFeed& feed, DeliveryEntry delivery, const TrajectoryId& scope, Timestamp now,
                     Staging& staging);
  bool StageErased(OrganisationFeed& feed, Sequence record, Timestamp now, Staging& staging);
  // One message to a reader.
  struct Parcel {
    FeedItems items;
    std::vector<UnderWay> content;   // Of those that have it.
    std::vector<WithheldLate> late;  // Of those that do not, although their delivery promised it.
    std::size_t bytes = 0;
    void Add(FeedItem item);
  };
  Status PutItem(Sequence sequence, FeedPosition position, const OrgId& recipient, const Rules& rules, Timestamp now,
                 Parcel& parcel);
  bool MayStillLeave(const UnderWay& content, const OrgId& recipient, const Rules& rules, Timestamp now) const;
  // None: `late` says why, if the rules do.
  std::optional<FeedItem::Content> ContentFor(const DeliveryEntry& delivery, const Rules& rules, Timestamp now,
                                              std::optional<WithheldLate>& late);
  Result<std::vector<Sequence>> SequencesFrom(const OrgId& organisation, FeedPosition from, std::size_t count) const;
  bool Offer(OrganisationFeed& feed, Parcel parcel);

  FeedLimits limits_;
  const Hash32 number_key_;
  const Log& log_;
  Transport& transport_;
  const Clock& clock_;
  std::map<OrgId, std::unique_ptr<OrganisationFeed>> feeds_;
  std::deque<OrganisationFeed*> queue_;
  std::vector<OrganisationFeed*> blocked_;
  std::vector<OrganisationFeed*> starved_;  // Could stage more after the next commit.
  std::vector<WithheldLate> late_;          // To be staged.
  Counts counts_;
};

}  // namespace schakel
