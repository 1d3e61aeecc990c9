// Erasing a trajectory: what its entries had added up to is written down first, a slice at a time, and then its key is
// destroyed.
//
//   erase-confirm durable | rows for what still waits in feeds, an erasure entry | that durable: the key is destroyed
//
// A crash in between is made up for at the next start: without an erasure entry all is read again; with one, the key is
// destroyed again.
//
// Threads: one, the core's.
#pragma once

#include <deque>
#include <map>
#include <optional>

#include "broker/feeds.h"
#include "broker/group.h"
#include "protocol/policy.h"
#include "store/log.h"

namespace schakel {

class Erasing {
 public:
  explicit Erasing(const Log& log) : log_(log) {}

  // What a crash left half done. kCorrupt, kUnavailable: the log cannot be read.
  Status Load(const PolicyState& policy);
  // Its erase-confirm was just staged: all entries under its key are at most at `confirm`.
  void Add(const TrajectoryId& trajectory, Sequence confirm) { waiting_.push_back({trajectory, confirm, {}, {}}); }
  bool empty() const { return waiting_.empty() && to_destroy_.empty(); }

  // A slice. True: there is more to do at once.
  bool Pump(const PolicyState& policy, const Feeds& feeds, const std::map<OrgId, Sequence>& own_last, Timestamp now,
            Staging& staging);

 private:
  struct Job {
    TrajectoryId trajectory;
    Sequence confirm;
    std::uint64_t next = 0;         // Of the rows that list its entries.
    std::optional<Sequence> first;  // Of its entries.
  };
  // Rows for what waits, from one row of the list on; true: all of the list was gone through.
  Result<bool> Collect(Job& job, Staging& staging);
  Status CollectEntry(Job& job, Sequence sequence, Staging& staging);
  void Conclude(const Job& job, const PolicyState& policy, const Feeds& feeds,
                const std::map<OrgId, Sequence>& own_last, Timestamp now, Staging& staging);

  const Log& log_;
  std::deque<Job> waiting_;
  std::vector<DataScope> to_destroy_;  // Found at the start.
};

}  // namespace schakel
