// The agent's engine: keeps the vault, speaks with the hub, and is all that services and the API build on.
//
// It seals and queues what the organisation says, sends it when the hub is there, takes in the feed, checks every
// signature, chain and proof, and stops trusting a hub that lies.
//
// Threads:    every call from any thread; none waits for the network unless it says so.
// Durability: what Say, Read and RecordView return is in the vault, synced.
// Errors:     kUnavailable ("hub.offline") from calls that need the hub now; kTampered ("hub.distrusted") from calls
// that
//             would rely on a hub that was caught.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/keys.h"
#include "agents/pinned.h"
#include "agents/profiles.h"
#include "protocol/evidence.h"
#include "protocol/policy.h"
#include "protocol/record.h"
#include "protocol/registry.h"
#include "protocol/wire.h"

namespace schakel {

// Who is at the keyboard. Names stay in the vault; the hub gets a keyed pseudonym and the role.
struct Person {
  std::string name;
  StaffRole role = StaffRole::kWorker;
};

// What a service wants said. The engine adds id, author, signer, time and the seen head.
struct Draft {
  Kind kind = Kind::kNote;
  TrajectoryId trajectory;
  RecordId thread;  // None: starts one.
  Purpose purpose = Purpose::kCareCoordination;
  CategorySet categories;
  std::optional<Basis> basis;
  std::vector<RecordId> references;
  Control control;
  Body body;
  std::vector<OrgId> recipients;
};

enum class RecordState : std::uint8_t {
  kWaiting = 1,  // In the outbox.
  kAccepted,     // Durable at the hub; its sequence is known.
  kRefused,      // The hub said no: see `error`. It counts for nothing.
  kReceived,     // From another organisation.
};
// A record as the vault holds it. The body is not in here: see Read.
struct HeldRecord {
  Header header;
  RecordState state = RecordState::kReceived;
  Sequence sequence;                    // 0 while it waits.
  FeedPosition position;                // Received ones.
  Timestamp at;                         // The hub's time when accepted or delivered; else created_at.
  std::vector<OrgId> recipients;        // Own ones.
  std::vector<RoutingRefusal> refused;  // Own ones: whom it did not reach.
  std::optional<Error> error;
  std::optional<RecordId> grant = std::nullopt;  // Received ones: that covered the delivery, as the hub says.
};
// A mark in the feed where something could not be handed over any more.
struct WithheldMark {
  FeedPosition position;
  RecordId record;
  TrajectoryId trajectory;
  Denial reason = Denial::kWithdrawn;
  Timestamp at;
};

// Received content whose grant was taken back: kept, and shown to nobody but an auditor who says why.
struct SealedItem {
  RecordId record;
  TrajectoryId trajectory;
  RecordId grant;
  RecordId change;  // That took it back.
  Timestamp sealed_at;
  Timestamp keep_until;  // Then it is destroyed.
  Words reason;          // Why it is kept until then.
  std::optional<Timestamp> destroyed_at;
  friend bool operator==(const SealedItem&, const SealedItem&) = default;
};
// An auditor opened one.
struct Unsealing {
  RecordId record;
  TrajectoryId trajectory;
  Id128 person{};
  std::string why;
  Timestamp at;
  RecordId views;  // The record by which the hub heard of it.
  friend bool operator==(const Unsealing&, const Unsealing&) = default;
};

// Something that somebody should look at. Kept in the vault, in order.
struct Alarm {
  enum class Fault : std::uint8_t {
    kHub = 1,  // An honest hub does not do this.
    kAuthor,   // The author's agent made it so, and the hub cannot see it.
    kNotice,   // Nobody's fault, but not to pass unseen: keys that changed.
  };
  std::uint64_t number = 0;
  Timestamp at;
  Fault fault = Fault::kNotice;
  Error what;
  OrgId organisation;     // The author's, or whom a notice is about; empty: none.
  RecordId record;        // Kept out of sight, if any.
  FeedPosition position;  // Likewise.
  friend bool operator==(const Alarm&, const Alarm&) = default;
};

// Somebody of ours looked at a record, as the vault holds it: also what the hub has not been told yet.
struct LoggedView {
  TrajectoryId trajectory;  // None: an anonymous consultation.
  View view;
};

struct EngineStatus {
  OrgId organisation;
  std::string name;
  std::string hub;  // The log's origin.
  bool connected = false;
  std::optional<Error> distrusted;   // Why the hub is no longer trusted; it stays so until the operator decides.
  std::size_t outbox = 0;            // Records waiting to leave.
  std::size_t looks_waiting = 0;     // Of these, the ones that only tell who looked: nobody wrote them.
  std::size_t unproven = 0;          // Accepted, and kept until the log is proven to include them.
  std::size_t views_unreported = 0;  // The hub has not taken them in yet.
  FeedPosition feed;                 // Durable here.
  TreeHead seen;                     // The highest head verified.
  std::optional<Error> last_error;   // Of the connection.
  // The vault takes nothing any more, so nothing is taken from anybody, until the agent is started again.
  std::optional<Error> stopped;
};

class Engine {
 public:
  virtual ~Engine() = default;

  virtual EngineStatus Report() const = 0;
  virtual OrgId Self() const = 0;
  virtual std::vector<Directory::Organisation> Organisations() const = 0;
  virtual std::optional<CeilingStatement> Ceilings() const = 0;
  virtual Pins PinnedHere() const = 0;
  virtual RegionRules Rules() const = 0;  // The law's, unless the registrars said otherwise.
  virtual std::vector<SignedStatement> Statements() const = 0;

  // Checks as the hub will (Admit and, where this organisation knows the grants, Decide for each recipient), seals,
  // and queues. Own statements count here at once.
  // kDenied: the rule and the next step; nothing is queued. kNotFound ("directory.organisation"): unknown recipient.
  virtual Result<RecordId> Say(const Draft& draft) = 0;

  // Several at once, in this order, in one synced write: all or none. Errors as Say.
  virtual Result<std::vector<RecordId>> SayAll(const std::vector<Draft>& drafts) = 0;

  // What Say would refuse, without saying it.
  virtual Status MaySay(const Draft& draft) const = 0;

  // What can be said here about handing such content to `recipient`; for showing before sending. Where this
  // organisation does not lead it does not know the grants of others: then only what is denied for sure is a denial.
  virtual Decision Foresee(const Draft& draft, const OrgId& recipient) const = 0;

  // Whether `recipient` is given the words of such a statement, or hears only that it was said.
  virtual bool GivesWords(const Draft& draft, const OrgId& recipient) const = 0;

  virtual PolicyState Policy() const = 0;  // As this organisation knows it. A copy.
  virtual Result<Trajectory> FindTrajectory(const TrajectoryId& id) const = 0;
  // Statements that no record here says, told by who led before us: hearsay, in the order of the log.
  virtual std::vector<Header> ToldOf(const TrajectoryId& id) const = 0;

  // All held records, oldest first, until `visit` returns false. Headers only.
  virtual void Records(const std::function<bool(const HeldRecord&)>& visit) const = 0;
  // Likewise, each with what opens its body as Open does: for whoever reads the whole vault, where looking up each by
  // its id again would be most of the work. `open` is gone when `visit` returns.
  using BodyOpener = std::function<Result<Body>()>;
  virtual void RecordsToOpen(const std::function<bool(const HeldRecord&, const BodyOpener& open)>& visit) const {
    Records([&](const HeldRecord& held) { return visit(held, [&] { return Open(held.header.id); }); });
  }
  virtual Result<HeldRecord> Find(const RecordId& id) const = 0;
  virtual std::vector<WithheldMark> Withheld() const = 0;
  virtual std::vector<Alarm> Alarms() const { return {}; }  // Oldest first.

  // Opens a record's body for the machine's own work (projections, search); nobody sees it. Content whose grant is
  // gone stays readable only as far as the law allows: kDenied ("view.withdrawn") for received content whose grant was
  // withdrawn, ("view.no_words") for a statement whose words were not for us.
  virtual Result<Body> Open(const RecordId& id) const = 0;

  // What opens the body of one record, and of no other. Refused as Open refuses; whoever takes it along reads it first.
  struct Content {
    ContentKey key;
    Bytes ciphertext;
  };
  virtual Result<Content> ContentOf(const RecordId& id) const = 0;

  // Opens a record's body for a person: the view is durable before this returns, and goes to the hub as a signed
  // record. Several at once in one synced write; `reason` says why.
  virtual Result<std::vector<Body>> Read(const std::vector<RecordId>& ids, const Person& person, ViewReason reason) = 0;

  // Destroys the words of who comes to a place (place-enrolment) or of a case to learn from (learning-case), ours or
  // received, with the key that they lie under; that it was said stays. Again: nothing more happens. kDenied
  // ("forget.kind"): another kind; kConflict
  // ("record.waiting"): it has yet to leave.
  virtual Status Forget(const RecordId& id) = 0;

  // ---- What was sealed ----
  virtual std::vector<SealedItem> Sealed() const { return {}; }     // In the order in which the records came.
  virtual std::vector<Unsealing> Unsealings() const { return {}; }  // Oldest first.
  // What is said of one, also of an erased trajectory, where Find() knows of nothing any more.
  virtual Result<HeldRecord> FindSealed(const RecordId& id) const { return Find(id); }
  // Opens one for an auditor. The view, for the reason audit, is durable and the hub has it before a byte is yielded;
  // the hub is waited for, at most `patience`. kDenied ("seal.auditor"): another role; kInvalid ("seal.why"): no reason
  // in words; kConflict ("seal.not_sealed"): it can be read; kNotFound ("seal.destroyed"); kUnavailable
  // ("seal.unreported"): the hub did not hear of it in time; ("seal.old_hub"): it takes no looks on an erased
  // trajectory.
  virtual Result<Body> Unseal(const RecordId& id, const Person& person, const std::string& why,
                              std::chrono::milliseconds patience) = 0;
  // What that person opened with Unseal() not longer ago than kUnsealedFor, or a piece of a file that was: that act is
  // in the log. kDenied ("seal.unopened"): nobody of that name did.
  static constexpr std::chrono::minutes kUnsealedFor{15};
  virtual Result<Body> OpenUnsealed(const RecordId& opened, const RecordId& record, const Person& person) const = 0;

  // The name behind a pseudonym of our own, if it is ours.
  virtual std::optional<std::string> NameOf(const Id128& pseudonym) const = 0;
  virtual Id128 PseudonymOf(const std::string& name) = 0;         // Remembers the name, durably.
  virtual Id128 PseudonymFor(const std::string& name) const = 0;  // Does not: of somebody who is no colleague.

  // Small facts that services keep: sealed, synced, never leave the agent.
  virtual Status PutFact(std::string_view name, ByteView value) = 0;
  virtual Result<std::optional<Bytes>> GetFact(std::string_view name) const = 0;
  // Several at once: all of them or none. Those without a value go.
  struct FactChange {
    std::string name;
    std::optional<Bytes> value;
  };
  virtual Status ChangeFacts(const std::vector<FactChange>& changes) = 0;
  // The same in a row, under the name of the list: what is in it stays. Visited oldest first, until `visit` returns
  // false.
  virtual Status AppendFact(std::string_view list, ByteView value) = 0;
  virtual Status VisitFacts(std::string_view list, const std::function<bool(ByteView)>& visit) const = 0;

  // All that persons of ours looked at, oldest first, until `visit` returns false.
  virtual Status Looks(const std::function<bool(const LoggedView&)>& visit) const = 0;

  // ---- the own keys ----
  virtual KeyReport Keys() const = 0;
  // Makes all keys anew, durably, and asks the hub for them: the registrars put them into force, and the agent changes
  // over by itself. Those that were asked for already are asked for again.
  virtual Result<KeyReport> RotateKeys() = 0;
  // The HPKE key alone, which needs no registrar; by itself this happens now and again. kConflict
  // ("keys.not_in_force").
  virtual Result<KeyReport> RotateHpke() = 0;
  // Likewise rows, in sets that can be listed: all of a batch or nothing. A row without a value goes.
  struct KeptRow {
    std::string set;  // Without a zero byte.
    std::string key;
    std::optional<Bytes> value;
  };
  virtual Status Keep(const std::vector<KeptRow>& rows) = 0;
  virtual Result<std::map<std::string, Bytes>> Kept(std::string_view set) const = 0;

  // ---- these ask the hub and wait, at most `patience` ----
  // Waits until `id` is no longer waiting (accepted or refused); its state then.
  virtual Result<HeldRecord> WaitFor(const RecordId& id, std::chrono::milliseconds patience) = 0;
  // Until all that is in the outbox has left, and the feed is up to date.
  virtual Status Settle(std::chrono::milliseconds patience) = 0;
  // All pages, every proof checked against the pinned key and the seen head.
  virtual Result<Evidence> Access(const AccessQuery& query, std::chrono::milliseconds patience) = 0;

  // Where these records, all of that trajectory, stand in the log: the entry of each, proven under one head. kConflict
  // ("record.waiting"): the hub does not have one of them; kNotFound ("hub.entry_missing").
  virtual Result<Evidence> Prove(const TrajectoryId& trajectory, const std::vector<RecordId>& records,
                                 std::chrono::milliseconds patience) = 0;

  // Called after something changed (a record came, an outcome, the connection), from the engine's thread: return
  // quickly and do not call back into the engine from inside. The handle ends it.
  struct Change {
    enum class What : std::uint8_t {
      kRecord,
      kOutcome,
      kWithheld,
      kConnection,  // Also that the vault takes nothing any more.
      kDistrust,
      kAlarm,
      kSealed,  // The record may be shown no more, or was destroyed: drop what is open of it.
      kErased,  // Likewise, all of the trajectory.
      kLook,    // A record that says who looked: it changes nothing of what anybody is shown.
    };
    What what = What::kRecord;
    RecordId record;
    TrajectoryId trajectory;
  };
  using Subscription = std::shared_ptr<void>;
  // Called on the engine's thread, before who made the change is answered. A call that runs may outlive the handle: let
  // it own what it touches.
  virtual Subscription OnChange(std::function<void(const Change&)> changed) = 0;

  // Raises an alarm of our own, as a notice, durably; not again while it is the last that was raised.
  virtual Status Alert(const Error& what) = 0;
};

}  // namespace schakel
