// Who looked at what: durable here before anything is shown, and then told to the hub in signed records, many at once.
//
// Threads: one object, one thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>
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
  void Add(std::uint64_t number, const StoredView& view);
  bool Report(const TrajectoryId& trajectory, Group& group);

  Vault& vault_;
  Step& step_;
  const Clock& clock_;
  std::map<TrajectoryId, Group> groups_;
  std::size_t count_ = 0;
  std::uint64_t last_ = 0;
};

}  // namespace schakel
