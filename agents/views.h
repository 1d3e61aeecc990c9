// Who looked at what: durable here before anything is shown, and then told to the hub in signed records, many at once.
// A record tells of looks at what one organisation wrote, or at one record that was shared again: it is shown whole or
// not at all, and each author may know who looked at what is its own, also where another shared it.
//
// Threads: one object, one thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <tuple>
#include <vector>

#include "agents/vault.h"
#include "protocol/seams.h"
#include "step.h"

namespace schakel {

class ViewReporter {
 public:
  ViewReporter(Vault& vault, Step& step, const Clock& clock) : vault_(vault), step_(step), clock_(clock) {}

  Status Load();
  // Counts once the step is committed.
  void Append(const StoredView& view);
  // The hub has heard of it in another way.
  void Keep(const StoredView& view);
  // Puts views that have waited long enough, or are many enough, into the outbox.
  void OnTick();
  std::size_t unreported() const { return count_; }
  // It was erased: nothing can be told of it any more.
  void Forget(const TrajectoryId& trajectory);

  // Queues a record of ours, as part of this step.
  std::function<Result<RecordId>(const Draft&)> say;

 private:
  struct Waiting {
    std::uint64_t number = 0;
    View view;
  };
  struct Group {
    std::chrono::steady_clock::time_point since;
    std::chrono::steady_clock::time_point not_before;
    std::vector<Waiting> views;
  };
  // And who wrote what was looked at; of what repeats another, which record that is.
  using Key = std::tuple<TrajectoryId, OrgId, RecordId>;
  void Add(std::uint64_t number, const StoredView& view);
  Key KeyOf(const StoredView& view) const;
  bool Report(const TrajectoryId& trajectory, Group& group);

  Vault& vault_;
  Step& step_;
  const Clock& clock_;
  std::map<Key, Group> groups_;
  std::size_t count_ = 0;
  std::uint64_t last_ = 0;
};

}  // namespace schakel
