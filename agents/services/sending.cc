#include "sending.h"

#include <algorithm>

namespace schakel {
namespace {

void Foresee(const Engine& engine, const Draft& draft, const std::vector<OrgId>& candidates, Sent& sent) {
  std::set<OrgId> once;
  for (const OrgId& organisation : candidates) {
    if (organisation == engine.Self() || !once.insert(organisation).second) continue;
    const Decision decision = engine.Foresee(draft, organisation);
    if (const Denial* denial = std::get_if<Denial>(&decision)) {
      sent.unreached.push_back({organisation, *denial});
    } else {
      sent.reaches.push_back(organisation);
    }
  }
}

// The hub decides last: it may know of a withdrawal that we have yet to hear of.
Status TakeOutcome(Engine& engine, std::chrono::milliseconds patience, Sent& sent) {
  auto held = patience.count() > 0 ? engine.WaitFor(sent.record, patience) : engine.Find(sent.record);
  if (!held) return {};  // Offline: it waits in the outbox, which is no failure.
  sent.state = held->state;
  if (held->state == RecordState::kRefused) {
    return std::unexpected(held->error.value_or(Error{Code::kInternal, "hub.refused", {}, "ask the hub's operator"}));
  }
  for (const RoutingRefusal& refusal : held->refused) {
    std::erase(sent.reaches, refusal.recipient);
    sent.unreached.push_back({refusal.recipient, refusal.reason});
  }
  return {};
}

Result<Sent> Say(Engine& engine, Draft draft, const Audience& audience, Sent sent) {
  draft.recipients = sent.reaches;
  SCHAKEL_ASSIGN(sent.record, engine.Say(draft));
  SCHAKEL_TRY(TakeOutcome(engine, audience.patience, sent));
  return sent;
}

}  // namespace

Result<Sent> Send(Engine& engine, Draft draft, const std::vector<OrgId>& usual, const Audience& audience) {
  Sent sent;
  sent.trajectory = draft.trajectory;
  Foresee(engine, draft, audience.named.empty() ? usual : audience.named, sent);
  if (audience.preview) {
    sent.outcome = Sent::Outcome::kPreview;
    return sent;
  }
  if (!audience.named.empty() && !sent.unreached.empty() && !audience.accept_unreached) {
    sent.outcome = Sent::Outcome::kHeldBack;
    return sent;
  }
  return Say(engine, std::move(draft), audience, std::move(sent));
}

Result<Sent> SendStatement(Engine& engine, Draft draft, const std::vector<OrgId>& concerned, const Audience& audience) {
  Sent sent;
  sent.trajectory = draft.trajectory;
  Foresee(engine, draft, concerned, sent);
  sent.unreached.clear();  // It concerns fewer than might be asked: that is no failure.
  if (audience.preview) {
    sent.outcome = Sent::Outcome::kPreview;
    return sent;
  }
  return Say(engine, std::move(draft), audience, std::move(sent));
}

std::vector<OrgId> OthersIn(const CaseTrajectory& trajectory, const OrgId& self) {
  std::vector<OrgId> others;
  for (const Participant& participant : trajectory.participants) {
    if (participant.organisation == self || participant.status != MemberStatus::kJoined) continue;
    others.push_back(participant.organisation);
  }
  return others;
}

}  // namespace schakel
