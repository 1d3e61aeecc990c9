// Messages between agent and hub: one ZeroMQ frame each, DEALER to ROUTER, CURVE.
//
// A message is [version, type, request id, payload..]. A reply carries the request id of what it answers. Formats with
// a worked byte example each: docs/protocol.md. Threads: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/codec.h"
#include "protocol/evidence.h"
#include "protocol/ids.h"
#include "protocol/record.h"
#include "protocol/registry.h"
#include "protocol/result.h"

namespace schakel {

inline constexpr std::uint64_t kWireVersion = 1;

// What a hub allows; told in Welcome.
struct WireLimits {
  std::uint64_t message_bytes_max = 1U << 20;
  std::uint64_t batch_records_max = 64;
  std::uint64_t credit_max = 4096;     // Feed items outstanding.
  std::uint64_t in_flight_max = 4096;  // Records submitted and not yet acknowledged, per organisation.
  friend bool operator==(const WireLimits&, const WireLimits&) = default;
};

// ---- agent to hub ----
struct Hello {             // First on every connection.
  std::string software;    // "schakel-agent 0.1.0", at most 64 bytes.
  TreeHead seen;           // The highest head verified so far; size 0: none.
  std::string checkpoint;  // The signed note of that head: proves to a hub that was put back that it once was ahead.
};
struct Submit {
  SignedBatch batch;
};
// Pull: hand over what comes after `after`, up to position `after` + `credit`. Says at the same time that all up to
// `after` is durable at the agent. A later Feed replaces an earlier one: on the same connection what was sent already
// is not sent again, unless `after` is lower than that of the Feed before (a cursor that goes back). One connection of
// an organisation has the feed: the one that asked last. Once all there is was sent, one empty FeedItems says so.
struct Feed {
  FeedPosition after;
  std::uint64_t credit = 0;
};
struct ProveInclusion {
  Sequence sequence;
  std::uint64_t size = 0;
};
struct ProveConsistency {
  std::uint64_t first_size = 0;
  std::uint64_t second_size = 0;  // 0: the newest head, signed in the reply.
};
// Who saw what. The lead asks about a whole trajectory; others see what concerns themselves.
struct AccessQuery {
  TrajectoryId trajectory;
  RecordId record;            // None: all records of the trajectory.
  Sequence after;             // Pages: entries with a higher sequence.
  std::uint64_t limit = 256;  // 1 to 1024.
};
// What the asker itself wrote after this entry: for an agent whose vault was put back to an older copy.
struct OwnRecordsQuery {
  Sequence after;
};
struct DirectoryQuery {
  std::uint64_t after = 0;  // Statements already held.
};
struct Heartbeat {};
// On a connection whose key was derived from a one-time token (token.h).
struct EnrolRequest {
  OrgKeys keys;
  Signature proof_record{};  // By the record key over the request: the keys belong together and are held.
  Signature proof_cosign{};
};
struct EnrolStatusQuery {};
// A head of this log that the sender has verified and cosigned: the hub keeps the latest of each organisation, hands it
// out beside who-saw-what answers, and to the others.
struct Cosign {
  std::string note;
};
// New keys for an organisation that is enrolled. The registrars put them into force.
struct RotateRequest {
  OrgKeys keys;
  Signature proof_record{};   // By the new record key, over organisation and keys.
  Signature proof_cosign{};   // By the new cosign key.
  Signature proof_current{};  // By the record key in force.
};
// What an organisation itself says in the directory: its next HPKE key. Answered by HeartbeatReply once it is durable.
struct Announce {
  SignedStatement statement;
};

// ---- hub to agent ----
struct Welcome {
  std::string origin;
  std::string checkpoint;           // Signed, at least as new as `Hello.seen`.
  std::vector<Hash32> consistency;  // From Hello.seen to it.
  FeedPosition feed_last;           // The last position of this agent's feed so far.
  std::uint64_t statements = 0;     // In the directory.
  Timestamp hub_time;
  WireLimits limits;
  Sequence own_last;  // Of the last record of the asker that is durable here; 0: none.
};
struct RoutingRefusal {
  OrgId recipient;
  Denial reason = Denial::kNoGrant;
  friend bool operator==(const RoutingRefusal&, const RoutingRefusal&) = default;
};
struct Outcome {                        // Of one record, in the order submitted.
  Sequence sequence;                    // Durable at the hub; also for a repeated record, with its first sequence.
  Timestamp at;                         // The time in its entry.
  std::vector<RoutingRefusal> refused;  // Recipients it will not reach.
  std::optional<Error> error;           // Set: not taken, nothing stored.
};
struct SubmitAck {
  std::vector<Outcome> outcomes;
};
struct FeedItem {
  Bytes delivery;  // Encoded delivery entry.
  Hash32 delivery_salt{};
  struct Content {
    Bytes entry;  // Encoded record entry.
    Hash32 salt{};
    StanzaProof stanza;
    Bytes ciphertext;
  };
  std::optional<Content> content;  // None: withheld.
  // In place of all these: the delivery was erased with its trajectory. What is left is its place in the feed.
  struct Erased {
    FeedPosition position;
    Sequence sequence;  // Of the delivery entry.
    Hash32 hash{};      // FeedHash of it: the next delivery builds on it.
    friend bool operator==(const Erased&, const Erased&) = default;
  };
  std::optional<Erased> erased = std::nullopt;
  // The delivery stands in a slot there, and `delivery_salt` is that of its slot. None: it is a leaf of its own.
  std::optional<SlotPlace> place = std::nullopt;
};
struct FeedItems {
  std::vector<FeedItem> items;
  FeedPosition last;  // The last position of the feed at this moment.
};
struct ProofReply {
  std::string checkpoint;  // For the newest head; empty otherwise.
  std::vector<Hash32> hashes;
  // Of an inclusion proof whose entry the asker is party to (it wrote the record, or was handed it): the entry and its
  // salt. An author cannot rebuild its own entry: which batch signature it bears depends on what reached the hub first.
  Bytes entry;
  Hash32 salt{};
};
struct AccessReply {
  Evidence evidence;  // Under the newest checkpoint; sequences growing.
  bool more = false;
};
struct OwnRecordsReply {
  std::string checkpoint;
  std::vector<ProvenEntry> entries;  // Records of the asker alone, sequences growing; proven under the checkpoint.
  Sequence upto;  // All up to here were looked through: ask on from here while it is less than `own_last`.
};
struct DirectoryReply {
  std::vector<SignedStatement> statements;
  bool more = false;
};
struct HeartbeatReply {
  Timestamp hub_time;
  std::uint64_t statements = 0;  // In the directory: ask for the rest if there are more than held.
};
enum class EnrolState : std::uint8_t { kUnknown = 1, kPending, kApproved, kRefused };
struct EnrolStatus {
  EnrolState state = EnrolState::kUnknown;
  OrgId organisation;
  std::string fingerprint;
};

struct CosignAck {
  std::string other;  // What another organisation cosigned, in turn; empty: nothing yet.
};

using MessagePayload = std::variant<Hello, Submit, Feed, ProveInclusion, ProveConsistency, AccessQuery, DirectoryQuery,
                                    Heartbeat, EnrolRequest, EnrolStatusQuery, Welcome, SubmitAck, FeedItems,
                                    ProofReply, AccessReply, DirectoryReply, HeartbeatReply, EnrolStatus, Error, Cosign,
                                    CosignAck, OwnRecordsQuery, OwnRecordsReply, RotateRequest, Announce>;
struct Message {
  std::uint64_t request = 0;
  MessagePayload payload;
};
Bytes EncodeMessage(const Message& message);
// kInvalid, kLimit with the codec's rules; kVersion ("wire.version"); kInvalid ("wire.type").
Result<Message> DecodeMessage(ByteView bytes, const CodecLimits& limits = {});

// The bytes that an EnrolRequest's proofs sign (domain "schakel/enrol/v1").
Bytes EnrolProofBytes(const OrgId& organisation, const OrgKeys& keys);

// Signs with all three keys. Domain "schakel/rotate/v1", over the bytes of EnrolProofBytes.
RotateRequest ProveRotation(const OrgId& organisation, const OrgKeys& keys, const SigningKey& record,
                            const SigningKey& cosign, const SigningKey& current);
// kUnauthenticated ("rotate.proof").
Status CheckRotation(const OrgId& organisation, const RotateRequest& request, const SigningPublicKey& current);

}  // namespace schakel
