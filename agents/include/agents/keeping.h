// What is kept of what was taken back, until when, and who may still open it.
//
// Threads: every call from any thread.
#pragma once

#include <string>
#include <vector>

#include "agents/services.h"

namespace schakel {

// Erasing takes two persons: see docs/consent.md.
class ErasureService {
 public:
  ErasureService(Engine& engine, Cases& cases) : engine_(engine), cases_(cases) {}

  // By the lead. kInvalid ("erase.why"): say why in words; kDenied ("erase.mistake"): others got something of it.
  Result<Sent> Propose(const TrajectoryId& id, EraseReason reason, const MessageBody& why, const Caller& caller,
                       const Audience& audience);
  // By another member. kNotFound ("erase.proposal"), also of Confirm: nobody proposes it now.
  Result<Sent> Agree(const TrajectoryId& id, const Audience& audience);
  // By the lead: another person than proposed it, or once another member agreed. Nothing is left of the trajectory here
  // once the hub has it, but who looked.
  // kDenied ("erase.kept"): those who take part and keep something sealed, by law, have not agreed; nor are they asked
  // where a court ordered it.
  Result<Sent> Confirm(const TrajectoryId& id, const Caller& caller, const Audience& audience);

 private:
  Result<EraseProposal> Proposal(const TrajectoryId& id) const;
  Status CheckDuties(const CaseTrajectory& trajectory, const EraseProposal& proposal);

  Engine& engine_;
  Cases& cases_;
};

class SealedService {
 public:
  SealedService(Engine& engine, Clock& clock) : engine_(engine), clock_(clock) {}

  struct Row {
    SealedItem sealed;
    std::vector<Unsealing> opened;  // Oldest first.
  };
  // Of one trajectory, or all.
  std::vector<Row> List(const std::optional<TrajectoryId>& trajectory) const;
  // By the first hex digits of its id; also of an erased trajectory. kNotFound ("id.unknown"); kConflict
  // ("id.ambiguous").
  Result<RecordId> Find(std::string_view digits) const;
  // Errors as Engine::Unseal. Who may not open it, and tried, is noted.
  Result<Reading::Shown> Open(const RecordId& record, const Caller& caller, const std::string& why,
                              std::chrono::milliseconds patience);

 private:
  Engine& engine_;
  Clock& clock_;
};

}  // namespace schakel
