#include "agents/lead.h"

#include "sending.h"

namespace schakel {

Result<Sent> LeadService::Say(const TrajectoryId& id, Kind kind, Control control, const MessageBody& words,
                              const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  Draft draft;
  draft.kind = kind;
  draft.trajectory = id;
  draft.control = std::move(control);
  SCHAKEL_ASSIGN(draft.body, EncodeBody(words));
  // All who take part, invited or joined: each sees by itself that the lead agreed.
  std::vector<OrgId> table;
  for (const Participant& one : trajectory.participants) {
    if (one.organisation != engine_.Self() && one.status != MemberStatus::kLeft) table.push_back(one.organisation);
  }
  return SendStatement(engine_, std::move(draft), table, audience);
}

Result<RecordId> LeadService::OpenOffer(const TrajectoryId& id) const {
  const auto rules = engine_.FindTrajectory(id);
  if (rules && rules->IsOffered(clock_.Now())) return rules->offer->id;
  return Fail(Code::kNotFound, "lead.offer", "offer", "the lead of this trajectory is not on offer now");
}

Result<Sent> LeadService::Offer(const TrajectoryId& id, const OrgId& to, const MessageBody& message,
                                std::optional<Timestamp> expires_at, const Audience& audience) {
  const Timestamp now = clock_.Now();
  if (expires_at && *expires_at > now + kOfferLongest) {
    return Fail(Code::kInvalid, "lead.offer_long", "expires_at", "let it end within 90 days");
  }
  return Say(id, Kind::kLeadOffer, LeadOffer{to, expires_at.value_or(now + kOfferLasts)}, message, audience);
}

Result<Sent> LeadService::Accept(const TrajectoryId& id, const MessageBody& message, const Audience& audience) {
  SCHAKEL_ASSIGN(const RecordId offer, OpenOffer(id));
  return Say(id, Kind::kLeadAccept, LeadAccept{offer}, message, audience);
}

Result<Sent> LeadService::Refuse(const TrajectoryId& id, const MessageBody& why, const Audience& audience) {
  if (why.text.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Fail(Code::kInvalid, "lead.why", "why", "say in words why you do not take the lead");
  }
  SCHAKEL_ASSIGN(const RecordId offer, OpenOffer(id));
  return Say(id, Kind::kLeadRefuse, LeadRefuse{offer}, why, audience);
}

Result<Sent> LeadService::Withdraw(const TrajectoryId& id, const MessageBody& why, const Audience& audience) {
  SCHAKEL_ASSIGN(const RecordId offer, OpenOffer(id));
  return Say(id, Kind::kLeadWithdraw, LeadWithdraw{offer}, why, audience);
}

}  // namespace schakel
