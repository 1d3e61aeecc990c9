// What a meeting asks of this organisation, for its inbox. Pure.
#pragma once

#include <vector>

#include "agents/case_file.h"

namespace schakel {

// Before the day on which answers are due, the convener hears who has not answered.
inline constexpr std::chrono::hours kVotesDueSoon{48};

// Added to `to`; of a trajectory that is still open.
void AddMeetingTasks(const OrgId& self, const Meeting& meeting, Timestamp now, std::vector<InboxItem>& to);

}  // namespace schakel
