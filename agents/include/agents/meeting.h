// A round table, evolution review or intake, as the case file folds it from its records.
//
// Threads: pure.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "agents/body.h"

namespace schakel {

struct Meeting {
  struct Tally {
    std::uint32_t yes = 0;
    std::uint32_t maybe = 0;
    std::uint32_t no = 0;
    friend bool operator==(const Tally&, const Tally&) = default;
  };
  struct Vote {
    RecordId record;
    std::vector<VoteChoice> choices;
    friend bool operator==(const Vote&, const Vote&) = default;
  };
  RecordId id;
  TrajectoryId trajectory;
  OrgId convener;
  Timestamp proposed_at;
  Purpose purpose = Purpose::kRoundTable;
  CategorySet categories;
  std::optional<ProposalBody> proposal;  // None: sealed.
  std::set<OrgId> invited;               // As Consultation::asked.
  std::map<OrgId, Vote> votes;           // Each organisation's last one that fits the proposal.
  std::vector<Tally> tallies;            // One for each slot.
  std::vector<OrgId> outstanding;        // Invited, and no vote yet.
  RecordId fixed;                        // The convener's last one; none: no date yet.
  std::optional<MeetingSlot> slot;
  RecordId report;
  friend bool operator==(const Meeting&, const Meeting&) = default;
};

}  // namespace schakel
