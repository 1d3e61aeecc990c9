// How every service sends: foresee, say whom it will not reach, and only then say it.
#pragma once

#include <vector>

#include "agents/services.h"

namespace schakel {

// Sends `draft` to `audience.named`, or else to those of `usual` whom it may reach.
Result<Sent> Send(Engine& engine, Draft draft, const std::vector<OrgId>& usual, const Audience& audience);

// A statement goes to whom it concerns, and nobody chooses that.
Result<Sent> SendStatement(Engine& engine, Draft draft, const std::vector<OrgId>& concerned, const Audience& audience);

// What is shared again tells of `named`, who wrote it first among them: only who may know of them all can have it.
// kDenied ("share.hidden"), field: who may not. Of who takes no part, sending says so.
Status CheckMayKnow(const Engine& engine, const TrajectoryId& id, std::vector<OrgId> named,
                    const std::vector<OrgId>& recipients);

// The others who take part and whom we may know of.
std::vector<OrgId> OthersIn(const CaseTrajectory& trajectory, const OrgId& self);

}  // namespace schakel
