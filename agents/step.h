// One step of the protocol: what it writes, and what it tells once that is durable.
//
// Threads: one object, one thread.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "agents/vault.h"
#include "protocol/seams.h"

namespace schakel {

class Step {
 public:
  Step(Vault& vault, const Clock& clock) : vault_(vault), clock_(clock) {}

  // Reads what was numbered and distrusted before.
  Status Load();

  VaultBatch& writes() { return writes_; }
  void Tell(Engine::Change change) { changes_.push_back(change); }
  // Of a record; of a piece of a file its attachment tells. What tells of a look is no news of its trajectory: whoever
  // shows that anew would look again, and so on without end.
  void TellOf(Engine::Change::What what, const Header& header) {
    if (header.kind == Kind::kAttachmentChunk) return;
    Tell({header.kind == Kind::kViews ? Engine::Change::What::kLook : what, header.id, header.trajectory});
  }
  void Raise(Alarm::Fault fault, Error what, OrgId organisation = {}, RecordId record = {}, FeedPosition position = {});
  // Not again while it is the last thing that was raised: for what an attempt repeats.
  void RaiseOnce(Alarm::Fault fault, const Error& what);
  // The hub itself refused, for history that it lost, and was not welcome or trusted since.
  const std::optional<Error>& refused() const { return refused_; }
  // The hub was caught: durable, and the end of all talk with it. The first reason stays.
  void Distrust(Error why);
  const std::optional<Error>& distrusted() const { return distrusted_; }
  // The operator decided so.
  void TrustAgain();

  // Commits; yields the changes to tell. The disk's refusal is final: see VaultStore.
  Result<std::vector<Engine::Change>> Commit();
  bool empty() const { return writes_.empty() && changes_.empty(); }

 private:
  Vault& vault_;
  const Clock& clock_;
  VaultBatch writes_;
  std::vector<Engine::Change> changes_;
  std::optional<Error> distrusted_;
  std::uint64_t last_alarm_ = 0;
  std::optional<Error> last_raised_;
  std::optional<Error> refused_;
};

}  // namespace schakel
