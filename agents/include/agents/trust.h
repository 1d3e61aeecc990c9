// What the operator of an agent can decide about a hub that was caught, while the agent is stopped.
#pragma once

#include "agents/vault.h"
#include "protocol/seams.h"

namespace schakel {

// kKeep: a hub that still lies is caught again at once. kForget: whatever the hub shows next is taken for the truth, as
// at the first connection. All that this organisation ever said is offered again (what the hub still has, it takes
// once), and the feed is read again from its beginning: together the agents give a hub that lost history back what they
// hold of it.
enum class SeenBefore : std::uint8_t { kKeep, kForget };

// Ends the distrust, if there is any, and notes that it was ended. kKeep without distrust does nothing; kForget works
// in any state. Durable when it returns.
// What forgetting leaves behind for Sync: records up to this number were here then (0: it never was forgotten), and
// whether what others had said is still on its way back: their statements without a position in the feed.
struct Forgotten {
  std::uint64_t up_to = 0;
  bool recovering = false;
};
Result<Forgotten> LoadForgotten(const Vault& vault);
void EndRecovery(VaultBatch& writes);

Status TrustAgain(Vault& vault, const Clock& clock, SeenBefore seen);

// The hub said itself that it lost history. Such an alarm is open until the hub is welcome or trusted again.
bool TellsLostHistory(const Alarm& alarm);
bool EndsLostHistory(const Alarm& alarm);
// Of all alarms, in their order.
std::vector<Alarm> OpenRefusals(const std::vector<Alarm>& alarms);
// What the hub is caught at ends when its operator is believed, or when it shows again what it had lost; what an
// author's agent did stays done, and what is to be noticed stays so. `refusals`: the open ones.
bool IsOver(const Alarm& alarm, bool distrusted, const std::vector<Alarm>& refusals);
// Of all alarms: those that are not over, and newer than the last one that somebody here has seen.
std::vector<Alarm> OpenAndUnseen(const std::vector<Alarm>& alarms, bool distrusted, std::uint64_t seen);

}  // namespace schakel
