// Erases a trajectory here once its lead has confirmed that, and says so with a receipt.
//
//   the confirmation is settled | marked, what waits to leave is dropped | the keys are destroyed | marked, the receipt
//   queued
//
// Each is a commit; a crash in between is made up for at the next start.
//
// Threads: one object, one thread.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <vector>

#include "agents/knowledge.h"
#include "agents/vault.h"
#include "protocol/seams.h"
#include "step.h"

namespace schakel {

class Eraser {
 public:
  Eraser(Vault& vault, Step& step, Knowledge& knowledge, const Clock& clock)
      : vault_(vault), step_(step), knowledge_(knowledge), clock_(clock) {}

  Status Load();
  // A statement that is settled: the log has it.
  void Note(const Header& header);

  // ---- Between two steps ----
  // True: the step has something to commit, and then Destroy() is to be called.
  Result<bool> Pump();
  // True: the step has something to commit once more.
  Result<bool> Destroy();

  // Everybody else lets go of the trajectory, and of these records of it.
  std::function<void(const TrajectoryId&, const std::set<std::uint64_t>& numbers)> forget;
  // Queues a record of ours, as part of this step.
  std::function<Result<RecordId>(const Draft&)> say;

 private:
  struct Going {
    std::set<std::uint64_t> numbers;
    std::vector<RecordId> ids;
  };
  Result<Going> GoingOf(const TrajectoryId& trajectory) const;
  bool Answer(Erasure& erasure);

  Vault& vault_;
  Step& step_;
  Knowledge& knowledge_;
  const Clock& clock_;
  std::map<TrajectoryId, Erasure> open_;  // Not answered yet.
  std::set<RecordId> known_;              // Confirmations that were seen.
  std::chrono::steady_clock::time_point not_before_{};
};

}  // namespace schakel
