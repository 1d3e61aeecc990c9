// When the lead passed: who led tells the new lead what was said on the trajectory before, and whoever had left who
// leads now; and the new lead takes that in.
//
// What is still to be told follows from the statements themselves (FormerLead::told), so a crash loses nothing: the
// next start looks again. What was told is hearsay: it says whom and what there is, and never weighs against the hub.
//
// Threads: one object, one thread.
#pragma once

#include <functional>
#include <set>
#include <vector>

#include "agents/knowledge.h"
#include "agents/vault.h"
#include "protocol/seams.h"
#include "step.h"

namespace schakel {

// The body of a lead-passed to the new lead: statements with their places in the log.
//   type 40, version 1, content: an array of [sequence, header], each header as it was signed
// Worked example: one statement, of 3 bytes, that is entry 7: 91 92 07 c4 03 aa bb cc
inline constexpr std::uint32_t kOverviewType = 40;
inline constexpr std::size_t kOverviewBytesMax = 150U << 10;
// As many of `told`, from `first` on, as fit; `first` then is the next one.
Body EncodeOverview(const std::vector<PolicyBook::Told>& told, std::size_t& first);
// kInvalid: not one of ours. kVersion: a newer one.
Result<std::vector<PolicyBook::Told>> DecodeOverview(const Body& body);

class LeadTeller {
 public:
  LeadTeller(Vault& vault, Step& step, Knowledge& knowledge, const Clock& clock)
      : vault_(vault), step_(step), knowledge_(knowledge), clock_(clock) {}

  // A statement that is settled: the log has it.
  void Note(const Header& header);
  // Between two steps. True: the step has something to commit.
  Result<bool> Pump();

  // Queues a record of ours, as part of this step.
  std::function<Result<RecordId>(const Draft&)> say;

 private:
  Status TakeIn(const RecordId& record);
  Status TellAll(const TrajectoryId& id, const Trajectory& trajectory, const FormerLead& former);
  Status Tell(const TrajectoryId& id, const LeadPassed& passed, const OrgId& to, Body body);

  Vault& vault_;
  Step& step_;
  Knowledge& knowledge_;
  const Clock& clock_;
  std::set<TrajectoryId> passed_;  // To look at.
  std::set<RecordId> overviews_;   // To take in.
  std::chrono::steady_clock::time_point not_before_{};
};

}  // namespace schakel
