#include <algorithm>

#include "agents/keeping.h"
#include "sending.h"

namespace schakel {
namespace {

bool WentToAnybody(const HeldRecord& held) {
  return std::ranges::any_of(held.recipients, [&](const OrgId& one) {
    return std::ranges::find(held.refused, one, &RoutingRefusal::recipient) == held.refused.end();
  });
}

// Whether somebody else got something of it, or we of them, as far as is known here.
bool WasShared(const Engine& engine, const TrajectoryId& id) {
  bool shared = false;
  engine.Records([&](const HeldRecord& held) {
    const bool counts =
        held.header.trajectory == id && IsContent(held.header.kind) && held.state != RecordState::kRefused;
    shared = counts && (held.state == RecordState::kReceived || WentToAnybody(held));
    return !shared;
  });
  return shared;
}

// What should never have been here, nobody else has; what others got, they may have to keep.
Status CheckReason(const Engine& engine, const TrajectoryId& id, EraseReason reason) {
  if (reason != EraseReason::kMistake || !WasShared(engine, id)) return {};
  return Fail(Code::kDenied, "erase.mistake", "reason", "give the reason that it is asked for, or close it");
}

// Those who take part and said that they sealed something, and not that it is gone; and we ourselves.
std::set<OrgId> KeptBy(const Engine& engine, const CaseTrajectory& trajectory) {
  std::set<OrgId> keepers;
  for (const CaseGrant& grant : trajectory.grants) {
    const Participant* one = trajectory.Find(grant.grant.terms.recipient);
    if (one == nullptr || one->status != MemberStatus::kJoined) continue;
    const auto keeps = [](const CaseTakenBack& taken) { return taken.sealed_at && !taken.destroyed_at; };
    if (std::ranges::any_of(grant.taken_back, keeps)) keepers.insert(one->organisation);
  }
  keepers.erase(engine.Self());  // Of ourselves we know.
  for (const SealedItem& sealed : engine.Sealed()) {
    if (sealed.trajectory == trajectory.id && !sealed.destroyed_at) keepers.insert(engine.Self());
  }
  return keepers;
}

}  // namespace

Result<Sent> ErasureService::Propose(const TrajectoryId& id, EraseReason reason, const MessageBody& why,
                                     const Caller& caller, const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  if (why.text.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Fail(Code::kInvalid, "erase.why", "why", "say in words why it is to be erased");
  }
  if (trajectory.lead == engine_.Self()) SCHAKEL_TRY(CheckReason(engine_, id, reason));
  Draft draft;
  draft.kind = Kind::kErasePropose;
  draft.trajectory = id;
  draft.control = ErasePropose{reason, engine_.PseudonymOf(caller.person.name)};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(why));
  return SendStatement(engine_, std::move(draft), OthersIn(trajectory, engine_.Self()), audience);
}

Result<EraseProposal> ErasureService::Proposal(const TrajectoryId& id) const {
  auto rules = engine_.FindTrajectory(id);
  if (rules && rules->proposal) return *rules->proposal;
  return Fail(Code::kNotFound, "erase.proposal", "proposal", "nobody proposes to erase it: the lead may");
}

// The hub takes an erasure whoever keeps what: so the lead asks those whom it knows to keep something.
Status ErasureService::CheckDuties(const CaseTrajectory& trajectory, const EraseProposal& proposal) {
  if (trajectory.lead != engine_.Self() || proposal.reason == EraseReason::kCourtOrder) return {};
  SCHAKEL_TRY(CheckReason(engine_, trajectory.id, proposal.reason));
  std::set<OrgId> keepers = KeptBy(engine_, trajectory);
  cases_.With([&](CaseFile& file) {
    for (const CaseRecord* record : file.RecordsOf(trajectory.id)) {
      const auto* second = std::get_if<EraseSecond>(&record->held.header.control);
      if (second != nullptr && second->proposal == proposal.id) keepers.erase(record->held.header.author);
    }
  });
  if (keepers.empty()) return {};
  std::string names;
  for (const OrgId& one : keepers) names += (names.empty() ? "" : ", ") + one.value();
  return Fail(Code::kDenied, "erase.kept", names, "ask them to agree, or wait until they need not keep it any more");
}

Result<Sent> ErasureService::Agree(const TrajectoryId& id, const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  SCHAKEL_ASSIGN(const EraseProposal proposal, Proposal(id));
  Draft draft;
  draft.kind = Kind::kEraseSecond;
  draft.trajectory = id;
  draft.references = {proposal.id};
  draft.control = EraseSecond{proposal.id};
  return SendStatement(engine_, std::move(draft), {trajectory.lead}, audience);
}

Result<Sent> ErasureService::Confirm(const TrajectoryId& id, const Caller& caller, const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  SCHAKEL_ASSIGN(const EraseProposal proposal, Proposal(id));
  SCHAKEL_TRY(CheckDuties(trajectory, proposal));
  Draft draft;
  draft.kind = Kind::kEraseConfirm;
  draft.trajectory = id;
  draft.references = {proposal.id};
  draft.control = EraseConfirm{proposal.id, engine_.PseudonymOf(caller.person.name)};
  std::vector<OrgId> all;
  for (const Participant& one : trajectory.participants) {
    if (one.organisation != engine_.Self()) all.push_back(one.organisation);
  }
  return SendStatement(engine_, std::move(draft), all, audience);
}

}  // namespace schakel
