// The fold of family group conferences and of messages with supporters of one trajectory: see family_view.h. Pure.
#pragma once

#include <functional>
#include <vector>

#include "agents/case_file.h"

namespace schakel {

bool IsOfFamily(Kind kind);
// No phase, but a personal link that was made late: behind the phase it refers to the guest.
bool TellsOfALink(const Header& header);

// `records`: those kinds, in the log's order, without refused ones. `led`: whether that organisation led then.
CaseFamily FoldFamily(const std::vector<const CaseRecord*>& records,
                      const std::function<bool(const OrgId&, Timestamp)>& led);

// What waits in the inbox: a supporter for an answer, the family for who leads.
void AddFamilyTasks(const OrgId& self, const CaseTrajectory& view, Timestamp now, std::vector<InboxItem>& to);

}  // namespace schakel
