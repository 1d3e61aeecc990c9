// What becomes durable together: the entries, rows and answers of one commit.
//
// Threads: one object, one thread at a time; a Group may be handed to the thread that appends.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "broker/transport.h"
#include "protocol/entry.h"
#include "protocol/policy.h"
#include "protocol/seams.h"
#include "protocol/wire.h"
#include "store/log.h"

namespace schakel {

// The log's index tables. Values are stored: append, never renumber.
enum class Table : std::uint8_t {
  kRecord = 1,     // Row: record id -> where it went, so that what is sent twice happens once.
  kPending = 2,    // List per organisation, by record sequence: routed to it, not yet in its feed.
  kFeed = 3,       // List per organisation, by feed position: the sequences of its deliveries, or of their routings.
  kAccess = 4,     // List per trajectory (or per record of none), by sequence: all entries about it.
  kEnrolment = 5,  // List: what happened to invitations.
  kReturned = 6,   // Row: acceptance of a loss, organisation -> it was welcomed since.
  kErasure = 7,    // Row: trajectory -> one of its entries; its erasure stands in the log.
  kErased = 8,  // Row: an erased record's sequence -> whose it was; feed and position of an erased delivery -> place.
  kWithheldLate = 9,  // Row: a record's sequence, recipient -> why its content did not leave after all.
  kOffered = 10,      // Row: organisation -> how much of its feed was ever offered, while nobody is offered any.
  kRepeats = 11,      // List per record, by sequence: the ids of those by which it was shared again.
};

// Something to read from the log and answer, once the group is durable. Any thread.
struct ReadTask {
  struct SayWelcome {
    Welcome welcome;  // All but checkpoint and consistency.
    TreeHead seen;
  };
  struct ShowAccess {
    OrgId asker;
    AccessQuery query;
    std::optional<Trajectory> trajectory;  // As it was when asked.
    std::vector<std::string> witnesses;    // Signed notes, for the last page.
  };
  struct ShowOwnRecords {
    OrgId asker;
    Sequence after;
  };
  struct ShowInclusion {
    OrgId asker;
    ProveInclusion query;
  };
  struct ShowHead {};  // To the operator.
  ConnectionId to;
  std::uint64_t request = 0;
  OrgId from;  // Empty: the operator.
  std::variant<SayWelcome, ShowInclusion, ProveConsistency, ShowAccess, ShowOwnRecords, ShowHead> what;
  std::uint64_t size_min = 0;  // The signed head must cover this many entries.
};

struct StagedEntry {
  DataScope scope;
  Bytes entry;
  Hash32 salt{};
  Bytes payload;
};
struct StagedReply {
  ConnectionId to;
  Bytes message;
};
class OrganisationFeed;  // feeds.h
// Who may receive less of that trajectory from then on.
struct Curtailed {
  OrgId organisation;
  TrajectoryId trajectory;
};

struct Group {
  Sequence before;  // The log must end here.
  std::vector<StagedEntry> entries;
  std::vector<IndexRow> rows;
  std::vector<ListRow> list_rows;
  std::vector<StagedReply> replies;
  std::vector<ReadTask> tasks;
  std::vector<RecordId> records;                         // New ones.
  std::vector<std::pair<OrgId, std::size_t>> in_flight;  // Records that were submitted, taken or not.
  std::vector<Identity> admissions;                      // Who may connect from then on, or not.
  std::vector<Curtailed> curtailed;
  std::vector<DataScope> erase;  // Whose keys are destroyed once the entries are durable.
  // With which the log opens from then on.
  struct NewMaster {
    ConnectionId asked_by;
    MasterKeySource source;
    std::optional<Error> refused = std::nullopt;  // Set by whoever appends: it stays as it was.
  };
  std::optional<NewMaster> master_key;
  std::size_t bytes = 0;
  std::optional<Bytes> snapshot;  // To be saved once the entries are durable.

  // A record with recipients to whom it is handed as soon as it is durable.
  struct LiveRecord {
    Sequence sequence;  // Its routing is the entry after it.
    Header header;
    Recipients recipients;
    Bytes ciphertext;
  };
  struct LiveDelivery {
    OrganisationFeed* feed;
    FeedPosition position;
    Bytes delivery;  // Its entry, in a slot of the routing.
    Hash32 salt{};
    std::uint8_t slot = 0;
    RecipientPath path{};
    std::size_t live_record = 0;    // In `live_records`.
    std::uint8_t stanza = 0;        // In its recipients.
    std::uint64_t rules_epoch = 0;  // When it was decided.
  };
  std::vector<LiveRecord> live_records;
  std::vector<LiveDelivery> live_deliveries;
  std::vector<std::pair<OrganisationFeed*, FeedPosition>> feed_ends;  // Of each feed that grew.
  std::vector<std::pair<OrganisationFeed*, std::uint64_t>> opened;    // Who may be offered something from then on.

  bool empty() const {
    return entries.empty() && rows.empty() && list_rows.empty() && replies.empty() && tasks.empty() && !snapshot &&
           erase.empty() && !master_key;
  }
  Sequence last() const { return Sequence(before.value() + entries.size()); }
  const StagedEntry& At(Sequence sequence) const { return entries.at(sequence.value() - before.value() - 1); }
  // For Log::Append: takes the rows along; the entries are views into this group.
  LogBatch TakeBatch();
};

// ---- Values of the rows ----

// kRecord
struct RecordRow {
  Sequence sequence;
  Timestamp at;
  Hash32 leaf{};
  std::vector<RoutingRefusal> refused;
};
Bytes EncodeRecordRow(const RecordRow& row);
Result<RecordRow> DecodeRecordRow(ByteView bytes);

// kErased
Bytes ErasedRecordKey(Sequence record);
struct ErasedRecord {
  RecordId record;
  TrajectoryId trajectory;
};
Bytes EncodeErasedRecord(const ErasedRecord& row);
Result<ErasedRecord> DecodeErasedRecord(ByteView bytes);
Bytes ErasedDeliveryKey(const OrgId& recipient, FeedPosition position);
Bytes EncodeErasedDelivery(const FeedItem::Erased& row);
Result<FeedItem::Erased> DecodeErasedDelivery(ByteView bytes);

// kOffered. Nothing, as before the first row: anything that is durable may be offered.
struct OfferedRow {
  FeedPosition last;  // Whatever lies after it never was, to anybody.
  Sequence at;        // The end of the log when that was so.
};
Bytes EncodeOfferedRow(const std::optional<OfferedRow>& row);
Result<std::optional<OfferedRow>> DecodeOfferedRow(ByteView bytes);

// kFeed: the sequence of position p of a row at position r is element p - r.
Bytes EncodeFeedRow(const std::vector<Sequence>& sequences);
Result<std::vector<Sequence>> DecodeFeedRow(ByteView bytes);

// kAccess
struct AccessItem {
  Sequence sequence;
  std::uint64_t record_prefix = 0;  // First 8 bytes of the record's id; 0: look inside the entry.
};
Bytes AccessKey(const TrajectoryId& trajectory, const RecordId& record);
std::uint64_t PrefixOf(const RecordId& record);
Bytes EncodeAccessRow(const std::vector<AccessItem>& items);
Result<std::vector<AccessItem>> DecodeAccessRow(ByteView bytes);

// Builds a group, entry by entry.
class Staging {
 public:
  explicit Staging(Random& random) : random_(random) {}

  void Reset(Sequence last);
  Sequence Next() const { return Sequence(group_.last().value() + 1); }

  // Its sequence is Next() as it was.
  Sequence Add(Timestamp at, EntryBody body, const TrajectoryId& scope, Bytes payload = {});
  // One that was encoded with Next() inside.
  Sequence AddEncoded(Bytes entry, const TrajectoryId& scope, Bytes payload = {});
  // So that access queries about `trajectory` (or, without one, `record`) find the entry.
  void Touch(const TrajectoryId& trajectory, const RecordId& record, Sequence sequence, std::uint64_t prefix);
  void FeedGrew(OrganisationFeed* feed, const OrgId& organisation, FeedPosition position, Sequence sequence);
  void AddRow(Table table, ByteView key, Bytes value);
  void AddListRow(Table table, ByteView key, std::uint64_t position, Bytes value);

  Random& random() { return random_; }
  Group& group() { return group_; }
  const Group& group() const { return group_; }
  // The group with its grouped rows; the next one starts after it.
  Group Take();

 private:
  struct FeedRows {
    OrganisationFeed* feed;
    FeedPosition first;
    std::vector<Sequence> sequences;
  };

  Random& random_;
  Group group_;
  std::map<Bytes, std::vector<AccessItem>> access_;
  std::map<OrgId, FeedRows> feed_rows_;
};

}  // namespace schakel
