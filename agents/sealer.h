// What a grant that was taken back had covered: sealed here durably, answered for with a receipt, and destroyed once
// the law no longer asks that it be kept.
//
// Content that came under a grant lies under a data key of its own, so that destroying it is destroying that key; what
// is still to be kept moves to another one first.
//
// Threads: one object, one thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "agents/knowledge.h"
#include "agents/profiles.h"
#include "agents/vault.h"
#include "protocol/seams.h"
#include "step.h"

namespace schakel {

// Whether something is kept by the region's rule, not by the law of the sector.
bool IsOfRegion(const Words& reason);

class Sealer {
 public:
  Sealer(Vault& vault, Step& step, const Knowledge& knowledge, const Clock& clock, Random& random)
      : vault_(vault), step_(step), knowledge_(knowledge), clock_(clock), random_(random) {}

  // Of this organisation's sector; none: the region's rule.
  void SetRetention(std::optional<Retention> retention) { retention_ = std::move(retention); }

  // ---- What there is ----
  Status Load();
  // A record that the vault holds, or will once this step is committed.
  void Add(std::uint64_t number, const StoredRecord& record, const Header& header);
  // A statement that is settled: the log has it.
  void Note(const Header& header);
  void Forget(const TrajectoryId& trajectory);
  // Of what lies under a key of its own (who comes to a place): that key goes once this step is committed.
  void DestroyWords(std::uint64_t number, const Header& header);
  // Under which data key the content of this record goes.
  DataScope ScopeFor(const Header& header, const std::optional<RecordId>& grant);
  // Likewise, of one of ours: what it repeats of another's words lies with those.
  Result<DataScope> ScopeForOwn(const StoredRecord& record, const Header& header);

  // ---- Between two steps: it reads what was committed ----
  // True: the step has something to commit.
  Result<bool> Pump();
  // After that commit: keys that are of no more use.
  Status DestroyKeys();

  // Queues a record of ours, as part of this step.
  std::function<Result<RecordId>(const Draft&)> say;

 private:
  using Taken = std::pair<RecordId, RecordId>;  // Grant and change.
  using Group = std::pair<TrajectoryId, RecordId>;

  Status Seal(const TrajectoryId& trajectory);
  Status SealRecord(std::uint64_t number, const std::vector<GrantTakenBack>& pending);
  Status SealRepeats(const TrajectoryId& trajectory);
  void PutSealed(std::uint64_t number, SealedItem sealed, const Header& header);
  // Under which its words came.
  Result<std::optional<RecordId>> GrantOf(const StoredRecord& record, const Header& header) const;
  bool AnswerFor(const TrajectoryId& trajectory, const std::vector<GrantTakenBack>& pending);
  bool AnswerDestroyed(const TrajectoryId& trajectory);
  bool Answer(const TrajectoryId& trajectory, const Taken& taken, Kept kept);
  Status DestroyDue(Timestamp now);
  Status Destroy(const Group& group, Timestamp now);
  Status DestroyOrMove(std::uint64_t number, const Group& group, Timestamp now);
  void Schedule();

  Vault& vault_;
  Step& step_;
  const Knowledge& knowledge_;
  const Clock& clock_;
  Random& random_;
  std::optional<Retention> retention_;

  // Content, by number in the vault: what was received, and what ours may repeat of it.
  std::unordered_map<TrajectoryId, std::vector<std::uint64_t>, IdHash> received_;
  std::unordered_map<TrajectoryId, std::set<std::uint64_t>, IdHash> repeats_;
  std::map<std::uint64_t, SealedItem> sealed_;
  std::set<std::tuple<RecordId, RecordId, Kept>> answered_;
  std::set<TrajectoryId> dirty_;
  std::map<Group, DataScope> scopes_;
  std::vector<DataScope> to_destroy_;
  std::optional<Timestamp> next_due_;
  std::chrono::steady_clock::time_point not_before_{};
};

}  // namespace schakel
