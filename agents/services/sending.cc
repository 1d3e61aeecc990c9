#include "sending.h"

#include <algorithm>

#include "acquaintance.h"
#include "protocol/discretion.h"

namespace schakel {
namespace {

// Only the lead knows all grants and who was shown to whom. Of what the others foresee, that alone is sure which they
// can see; the rest the hub decides, and says in its outcome.
bool IsSure(Denial denial, const Draft& draft, const Trajectory* trajectory, const OrgId& self,
            const OrgId& recipient) {
  if (trajectory == nullptr || trajectory->LeadsWhole(self) || !IsContent(draft.kind)) return true;
  switch (denial) {
    case Denial::kNotEnrolled:
    case Denial::kSuspended:
    case Denial::kSectorCeiling:
    case Denial::kClosed:
      return true;
    case Denial::kNotMember:
      return !trajectory->IsMember(recipient) || !trajectory->MayKnow(self, recipient);
    case Denial::kCourtWall:
      return draft.purpose != Purpose::kCourtReport;
    default:
      return false;
  }
}

void Foresee(const Engine& engine, const Draft& draft, const std::vector<OrgId>& candidates, Sent& sent) {
  const OrgId self = engine.Self();
  const auto trajectory = engine.FindTrajectory(draft.trajectory);
  std::set<OrgId> once;
  for (const OrgId& organisation : candidates) {
    if (organisation == self || !once.insert(organisation).second) continue;
    const Decision decision = engine.Foresee(draft, organisation);
    const Denial* denial = std::get_if<Denial>(&decision);
    if (denial != nullptr && IsSure(*denial, draft, trajectory ? &*trajectory : nullptr, self, organisation)) {
      sent.unreached.push_back({organisation, *denial});
    } else {
      sent.reaches.push_back(organisation);
      if (!IsContent(draft.kind) && !engine.GivesWords(draft, organisation)) sent.told_only.push_back(organisation);
      const bool ours = trajectory && !trajectory->LeadsWhole(self) && IsContent(draft.kind);
      if (ours) sent.unsure.push_back(organisation);
    }
  }
}

// Who led when the log took entry number `at`: that is to whom the hub then said all.
OrgId LeadAt(const Engine& engine, const Trajectory& trajectory, Sequence at) {
  for (const FormerLead& former : trajectory.former) {
    const auto accepted = engine.Find(former.accept);
    if (accepted && at < accepted->sequence) return former.organisation;
  }
  return trajectory.lead;
}

// The hub decides last: it may know of a withdrawal that we have yet to hear of.
Status TakeOutcome(Engine& engine, const Audience& audience, Sent& sent) {
  const auto patience = audience.patience;
  auto held = patience.count() > 0 ? engine.WaitFor(sent.record, patience) : engine.Find(sent.record);
  if (!held) return {};  // Offline: it waits in the outbox, which is no failure.
  sent.state = held->state;
  if (held->state == RecordState::kRefused) {
    return std::unexpected(held->error.value_or(Error{Code::kInternal, "hub.refused", {}, "ask the hub's operator"}));
  }
  if (held->state == RecordState::kWaiting) return {};
  for (const Unreached& one : UnreachedBy(engine, *held)) {
    std::erase(sent.reaches, one.organisation);
    std::erase(sent.told_only, one.organisation);
    const bool named = std::ranges::find(audience.named, one.organisation) != audience.named.end();
    sent.missed = sent.missed || (named && !audience.accept_unreached);
    sent.unreached.push_back(one);
  }
  sent.unsure.clear();
  return {};
}

// A preview says what the real thing would say, its refusal included.
Result<Sent> Previewed(const Engine& engine, Draft draft, Sent sent) {
  draft.recipients = sent.reaches;
  SCHAKEL_TRY(engine.MaySay(draft));
  sent.outcome = Sent::Outcome::kPreview;
  return sent;
}

Result<Sent> Say(Engine& engine, Draft draft, const Audience& audience, Sent sent) {
  draft.recipients = sent.reaches;
  SCHAKEL_ASSIGN(sent.record, engine.Say(draft));
  SCHAKEL_TRY(TakeOutcome(engine, audience, sent));
  return sent;
}

}  // namespace

std::vector<Unreached> UnreachedBy(const Engine& engine, const HeldRecord& held) {
  const auto trajectory = engine.FindTrajectory(held.header.trajectory);
  const bool knows_grants = !trajectory || LeadAt(engine, *trajectory, held.sequence) == held.header.author;
  std::vector<Unreached> unreached;
  for (const RoutingRefusal& refusal : held.refused) {
    const bool told = knows_grants || !TellsOfGrants(refusal.reason);
    unreached.push_back({refusal.recipient, told ? std::optional(refusal.reason) : std::optional<Denial>()});
  }
  return unreached;
}

Result<Sent> Send(Engine& engine, Draft draft, const std::vector<OrgId>& usual, const Audience& audience) {
  Sent sent;
  sent.trajectory = draft.trajectory;
  Foresee(engine, draft, audience.named.empty() ? usual : audience.named, sent);
  if (audience.preview) return Previewed(engine, std::move(draft), std::move(sent));
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
  if (audience.preview) return Previewed(engine, std::move(draft), std::move(sent));
  return Say(engine, std::move(draft), audience, std::move(sent));
}

Status CheckMayKnow(const Engine& engine, const TrajectoryId& id, std::vector<OrgId> named,
                    const std::vector<OrgId>& recipients) {
  const OrgId self = engine.Self();
  std::erase(named, self);  // Whoever gets a record of ours may know of us.
  SCHAKEL_ASSIGN(Trajectory rules, engine.FindTrajectory(id));
  std::vector<OrgId> inside = recipients;
  // Of who takes no part, the lead knows that: such a one is turned away as from any record.
  if (rules.lead == self) std::erase_if(inside, [&](const OrgId& one) { return !rules.TakesPart(one); });
  const Acquaintance acquaintance(std::move(rules), self, {});
  for (const OrgId& one : inside) {
    if (acquaintance.MayKnowAll(one, named)) continue;
    return Fail(Code::kDenied, "share.hidden", one.value(), "introduce them first, or have the lead share it");
  }
  return {};
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
