// The statements that this organisation knows of, in the order of the log, and what follows from them.
//
// Own statements count at once, before the hub has them: they stand after all others, in the order they were said, and
// move to their place (or go) once the hub has answered. A trajectory whose order changed is replayed.
//
// Threads: one object, one thread.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "protocol/policy.h"

namespace schakel {

class PolicyBook {
 public:
  explicit PolicyBook(OrgId self) : self_(std::move(self)) {}

  // Only statements matter; content passes without trace. `number` is the record's in the vault.
  void AddWaiting(const Header& header, std::uint64_t number);
  void AddKnown(const Header& header, std::uint64_t number, Sequence sequence);
  void Accept(const Header& header, Sequence sequence);  // It was waiting.
  void Drop(const Header& header);                       // It was waiting, and was refused.
  // Statements that somebody else told us of, in any order; those that we have ourselves stay as they are.
  struct Told {
    Header header;
    Sequence sequence;
  };
  void AddTold(const TrajectoryId& trajectory, std::vector<Told> told);
  std::vector<Header> ToldOf(const TrajectoryId& trajectory) const;  // Those alone, in the order of the log.
  void Erase(const TrajectoryId& trajectory);                        // All but what was said of its erasure.

  // With all that is known, waiting included. Never null: empty for what is unknown.
  const PolicyState& StateOf(const TrajectoryId& trajectory) const;
  PolicyState All() const;

  // What the log had before `before`, in its order.
  std::vector<Told> ToldBefore(const TrajectoryId& trajectory, Sequence before) const;
  // None: it is not known, or waits.
  Sequence SequenceOf(const TrajectoryId& trajectory, const RecordId& id) const;

  // Whether it is a statement of ours that the hub may not have yet.
  bool Waits(const TrajectoryId& trajectory, const RecordId& id) const;

  // With all that is known, but for what was said of the stage from `since` on.
  PolicyState StateAtEarlierStage(const TrajectoryId& trajectory, Sequence since) const;

  // As the hub will have judged it at `before`. What of our own still waits may or may not have been in force by then,
  // so there are two such states; if nothing waits, one.
  std::vector<PolicyState> StatesBefore(const TrajectoryId& trajectory, Sequence before) const;

 private:
  struct Known {
    Header header;
    Sequence sequence;  // 0: waiting.
    std::uint64_t number = 0;
    bool told = false;  // By somebody else: no record here says it.
  };
  struct Path {
    std::vector<Known> statements;  // In order.
    PolicyState state;
  };
  static bool Before(const Known& a, const Known& b);
  void Insert(Known known);
  void Replay(Path& path);

  OrgId self_;
  std::unordered_map<TrajectoryId, Path, IdHash> paths_;
  mutable std::optional<PolicyState> all_;  // Kept while it is right.
};

}  // namespace schakel
