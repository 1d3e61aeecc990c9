// The protocol with the hub, as a state machine: messages and ticks in, messages and changes out. No sockets, no
// threads and no clock of its own, so that it can be driven step by step.
//
// Whoever drives it calls the inputs, and then Finish(): that commits what the inputs wanted written, as one batch, and
// only then yields what may leave. Several inputs may go before one Finish(); what a crash takes then is whole too.
//
// A hub that is caught lying is not talked to any more: see Report().distrusted. How the hub may be caught, by the rule
// of the error:
//   checkpoint.signature, checkpoint.origin, checkpoint.format   a head that the pinned key did not sign
//   hub.origin               another log than the pinned one
//   hub.went_back            a head older than one seen before
//   hub.forked               a head that does not contain one seen before
//   hub.split_view           a head that another organisation saw, or cosigned, is not of the log that we see
//   hub.cosigned             a head that it hands out as another's was not signed by its own log
//   hub.head_refused         no proof between its own heads
//   hub.acknowledgement      outcomes that do not fit what was submitted
//   hub.acknowledged_not_included, hub.not_included, hub.inclusion_refused
//   directory.went_back, directory.incomplete, registry.*   the directory shrank, has less than was told, or holds a
//                            statement that the registrars did not sign
//   feed.delivery, feed.recipient, feed.replayed, feed.gap, feed.forked, feed.order, feed.went_back, feed.credit
//   hub.access               evidence that does not check
//   hub.message              bytes that are no message, or one that an agent never gets
// Faults of a single item keep it out of sight and raise an alarm: see feed_check.h.
//
// Threads: one object, one thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "agents/engine.h"
#include "agents/keys.h"
#include "agents/vault.h"
#include "protocol/seams.h"

namespace schakel {

class Knowledge;

struct SyncReport {
  bool connected = false;  // Welcomed.
  std::optional<Error> distrusted;
  std::optional<Error> last_error;
  std::size_t outbox = 0;
  std::size_t looks_waiting = 0;  // Of these, the records that only tell who looked.
  std::size_t unproven = 0;
  std::size_t views_unreported = 0;  // The hub has not heard of them yet, also when a record that tells of them waits.
  FeedPosition feed;
  TreeHead seen;
  KeyReport keys;
  bool up_to_date = false;  // The outbox has left, and the feed is here as far as the last pull told.
};

class Sync {
 public:
  // Keeps references; `membership` must be enrolled or pending.
  // `keys` change when the registrars put others into force; those of the vault, if it has any, go before them.
  Sync(const Membership& membership, AgentKeys& keys, Vault& vault, Knowledge& knowledge, const Clock& clock,
       Random& random, KeyPolicy key_policy = {});
  ~Sync();
  Sync(const Sync&) = delete;
  Sync& operator=(const Sync&) = delete;

  // Before Load. None: the region's rule.
  void SetRetention(std::optional<Retention> retention);
  // Reads the vault, once, before anything else; fills `knowledge`.
  Status Load();

  // ---- inputs ----
  void OnConnected();
  void OnDisconnected(const Error& why);
  void OnMessage(ByteView message);
  void OnTick();  // Some ten times a second.

  // Errors as Engine::Say. Counts once Finish() has succeeded.
  Result<RecordId> Say(const Draft& draft);
  Result<std::vector<RecordId>> SayAll(const std::vector<Draft>& drafts);  // All or none.
  void AppendView(const StoredView& view);
  Status Forget(const RecordId& id);  // As Engine::Forget.
  // A view of a sealed record, told to the hub at once: yields the record that tells it.
  // Tells the hub of a look at what was sealed, at once.
  Result<RecordId> SayUnsealing(const StoredView& view);
  // It has heard of it: `said` is that record.
  Status AppendUnsealing(const StoredView& view, const std::string& why, const RecordId& said);
  void PutName(const Id128& pseudonym, std::string_view name);
  // `done` is called from some later input, once.
  void Access(const AccessQuery& query, std::move_only_function<void(Result<Evidence>)> done);
  void Prove(const TrajectoryId& trajectory, const std::vector<RecordId>& records,
             std::move_only_function<void(Result<Evidence>)> done);
  void RotateKeys();  // All of them: see KeyKeeper.
  Status RotateHpke();
  void Alert(const Error& what);  // A notice of our own; not again while it is the last.
  void PullFeed();                // So that up_to_date tells how things stand from now on.

  // ---- the end of a step ----
  struct Finished {
    std::vector<Bytes> to_send;
    std::vector<Engine::Change> changes;
    bool disconnect = false;    // Give this connection up.
    bool keys_changed = false;  // Connect with those of TransportKeys() from now on.
  };
  // An error is the disk's, and final: reopen the vault.
  Result<Finished> Finish();

  SyncReport Report() const;
  // By which the hub may let us in, the one to try first in front.
  std::vector<TransportKey> TransportKeys() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace schakel
