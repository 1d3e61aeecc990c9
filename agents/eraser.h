// Erases a trajectory here once its lead has confirmed that, and says so with a receipt.
//
//   the confirmation is settled | marked, what waits to leave is dropped | the keys are destroyed | marked, the receipt
//   queued
//
// What the law obliges to keep, because it was sealed when its grant was taken back, moves to a key of its own with the
// first of these commits, and the receipt says until when, and why. It is destroyed when its time is over, and then a
// second receipt says that nothing is left. Only who keeps it lets go of it sooner: by agreeing to the proposal, or by
// confirming it as the lead.
//
// Each is a commit; a crash in between is made up for at the next start.
//
// Threads: one object, one thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "agents/knowledge.h"
#include "agents/vault.h"
#include "protocol/seams.h"
#include "step.h"

namespace schakel {

class Eraser {
 public:
  Eraser(Vault& vault, Step& step, Knowledge& knowledge, const Clock& clock, Random& random)
      : vault_(vault), step_(step), knowledge_(knowledge), clock_(clock), random_(random) {}

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
  // Keeps who looked, without a word of why, as part of this step.
  std::function<void(const StoredView&)> keep_look;
  // Queues a record of ours, as part of this step.
  std::function<Result<RecordId>(const Draft&)> say;

 private:
  struct Going {
    std::set<std::uint64_t> numbers;
    std::vector<RecordId> ids;
    std::vector<std::pair<std::uint64_t, RecordId>> looks;  // Of auditors: no key that goes takes them along.
  };
  using Items = std::map<std::uint64_t, SealedItem>;  // By number in the vault.

  Result<Going> GoingOf(const TrajectoryId& trajectory) const;
  Status Begin(Erasure& erasure);
  Status KeepLooks(const TrajectoryId& trajectory);
  Status AnswerAll();
  // ---- What is kept ----
  Result<bool> LetsGo(const Erasure& erasure) const;
  Result<Items> SealedOf(const TrajectoryId& trajectory) const;
  Status Keep(Erasure& erasure, const Items& items);
  Status KeepUnsealings(const Erasure& erasure, const std::set<RecordId>& kept);
  Status DropDue(Timestamp now);
  Status Schedule();
  Result<std::optional<KeptByLaw>> KeptOf(const Erasure& erasure) const;

  Result<bool> Answer(Erasure& erasure);

  Vault& vault_;
  Step& step_;
  Knowledge& knowledge_;
  const Clock& clock_;
  Random& random_;
  std::map<TrajectoryId, Erasure> open_;     // Not answered yet.
  std::map<TrajectoryId, Erasure> keeping_;  // Erased, with something kept; answered or not.
  std::vector<DataScope> spent_;             // Of what was kept: to be destroyed after the commit.
  std::optional<Timestamp> next_due_;        // Of what is kept.
  std::set<RecordId> known_;                 // Confirmations that were seen.
  std::chrono::steady_clock::time_point not_before_{};
};

}  // namespace schakel
