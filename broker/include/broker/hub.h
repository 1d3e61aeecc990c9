// The running hub: its threads around the one core.
//
//   hub thread   receives, examines, decides, and sends; with little to do it appends and syncs as well, so that one
//                submission alone is never handed from thread to thread
//   helpers      examine submissions when several wait
//   writer       appends and syncs a group while the hub thread gathers the next
//   reader       rechecks, signs heads, proves, searches
//
// Every queue is bounded; when the groups are full the hub stops reading its socket, and the senders wait.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "broker/hub_core.h"
#include "broker/transport.h"
#include "protocol/keys.h"
#include "store/log.h"

namespace schakel {

struct HubOptions {
  HubCoreOptions core;
  std::size_t helpers = 1;
  bool threads = true;  // False: all on the thread that calls Step(), for simulations.
};

// One commit, for measuring.
struct CommitReport {
  std::size_t entries = 0;
  std::size_t records = 0;
  std::size_t bytes = 0;
  std::chrono::nanoseconds took{0};
};

// A moment of the hub, for people and metrics.
struct HubReport {
  HubCounts counts;
  Feeds::Counts feeds;
  TransportStats transport;
  std::uint64_t log_size = 0;
  std::uint64_t rechecked = 0;
  std::uint64_t sessions = 0;
  std::uint64_t organisations = 0;
  std::uint64_t trajectories = 0;
  bool ready = false;  // Takes submissions.
  std::optional<Error> read_only;
};

class Hub {
 public:
  // Keeps references, all of which must outlive it. Errors as HubCore::Restore.
  static Result<std::unique_ptr<Hub>> Open(HubOptions options, Log& log, Transport& transport,
                                           const SigningKey& log_key, const Clock& clock, Random& random,
                                           HubObserver& observer);
  virtual ~Hub() = default;

  // Until Stop(); then what was received is committed and a snapshot is saved.
  // kUnavailable ("log.sync", "log.disk_full"), kConflict ("log.fence"): the log refused. Nothing that was not durable
  // was answered; the process must end.
  virtual Status Run() = 0;
  // Any thread; also from a signal handler.
  virtual void Stop() = 0;

  // One round without waiting, for options.threads == false. False: there was nothing to do.
  virtual Result<bool> Step() = 0;
  // Commits, saves a snapshot. As the end of Run().
  virtual Status Close() = 0;

  // Any thread; at most a fifth of a second old.
  virtual HubReport Report() const = 0;
  // Called after each commit, from the thread that made it. Set before Run().
  virtual void OnCommit(std::function<void(const CommitReport&)> call) = 0;

  virtual HubCore& core() = 0;  // The hub's thread only.
};

}  // namespace schakel
