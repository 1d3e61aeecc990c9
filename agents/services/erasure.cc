#include "agents/keeping.h"
#include "sending.h"

namespace schakel {

Result<Sent> ErasureService::Propose(const TrajectoryId& id, EraseReason reason, const MessageBody& why,
                                     const Caller& caller, const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  if (why.text.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Fail(Code::kInvalid, "erase.why", "why", "say in words why it is to be erased");
  }
  Draft draft;
  draft.kind = Kind::kErasePropose;
  draft.trajectory = id;
  draft.control = ErasePropose{reason, engine_.PseudonymOf(caller.person.name)};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(why));
  return SendStatement(engine_, std::move(draft), OthersIn(trajectory, engine_.Self()), audience);
}

Result<RecordId> ErasureService::Proposal(const TrajectoryId& id) const {
  auto rules = engine_.FindTrajectory(id);
  if (rules && rules->proposal) return rules->proposal->id;
  return Fail(Code::kNotFound, "erase.proposal", "proposal", "nobody proposes to erase it: the lead may");
}

Result<Sent> ErasureService::Agree(const TrajectoryId& id, const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  SCHAKEL_ASSIGN(const RecordId proposal, Proposal(id));
  Draft draft;
  draft.kind = Kind::kEraseSecond;
  draft.trajectory = id;
  draft.references = {proposal};
  draft.control = EraseSecond{proposal};
  return SendStatement(engine_, std::move(draft), {trajectory.lead}, audience);
}

Result<Sent> ErasureService::Confirm(const TrajectoryId& id, const Caller& caller, const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  SCHAKEL_ASSIGN(const RecordId proposal, Proposal(id));
  Draft draft;
  draft.kind = Kind::kEraseConfirm;
  draft.trajectory = id;
  draft.references = {proposal};
  draft.control = EraseConfirm{proposal, engine_.PseudonymOf(caller.person.name)};
  std::vector<OrgId> all;
  for (const Participant& one : trajectory.participants) {
    if (one.organisation != engine_.Self()) all.push_back(one.organisation);
  }
  return SendStatement(engine_, std::move(draft), all, audience);
}

}  // namespace schakel
