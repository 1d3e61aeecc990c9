#include "agents/engagements.h"

#include <algorithm>

#include "agents/person_name.h"

namespace schakel {
namespace {

bool IsAsked(const CommitmentBody& body, const GuestBody& guest) {
  if (std::ranges::find(body.persons, guest.who) == body.persons.end()) return false;
  return guest.who != Speaker::kOther || SamePerson(body.other, guest.name);
}

Status CheckAllSigned(const CaseCommitment& one) {
  if (one.active_since) return {};
  if (one.signed_since) {
    return Fail(Code::kConflict, "commitment.cites_changed", "commitment",
                "write the commitment anew, so that everybody signs what counts now");
  }
  return Fail(Code::kConflict, "commitment.inactive", "commitment",
              "wait until everybody signed it: schakel commitments list");
}

}  // namespace

Result<GuestBody> EngagementService::GuestOf(const RecordId& guest) const {
  SCHAKEL_ASSIGN(const Body sealed, engine_.Open(guest));
  SCHAKEL_ASSIGN(const TypedBody typed, DecodeBody(sealed));
  const auto* body = std::get_if<GuestBody>(&typed);
  if (body == nullptr) return Fail(Code::kUnauthenticated, "guest.session", {}, "open your link again");
  return *body;
}

Result<std::vector<EngagementService::Asked>> EngagementService::AskedOf(const GuestService::Visit& visit) {
  SCHAKEL_TRY(guests_.Live(visit));
  SCHAKEL_ASSIGN(const GuestBody guest, GuestOf(visit.guest));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(visit.trajectory));
  std::vector<Asked> asked;
  std::vector<RecordId> ids;
  for (const CaseCommitment& one : trajectory.dossier.commitments) {
    if (std::ranges::find(one.persons, guest.who) == one.persons.end() || !one.Binds(engine_.Self())) continue;
    const RecordId& version = one.text.current().record;
    SCHAKEL_ASSIGN(const Body sealed, engine_.Open(version));
    SCHAKEL_ASSIGN(const TypedBody typed, DecodeBody(sealed));
    const auto* body = std::get_if<CommitmentBody>(&typed);
    if (body == nullptr || !IsAsked(*body, guest)) continue;
    const bool ours = std::ranges::find(one.outstanding, engine_.Self()) == one.outstanding.end();
    asked.push_back({one, *body, guest.who, std::nullopt, ours && !one.Declined(), {}, {}});
    ids.push_back(version);
    if (const auto said = one.words.find(guest.who); said != one.words.end()) ids.push_back(said->second.record);
    AddReadable(one, ids);
  }
  if (asked.empty()) return asked;
  SCHAKEL_ASSIGN(const Glance glance, guests_.Read(visit, ids));
  for (Asked& one : asked) {
    for (const CaseCited& goal : one.commitment.goals) one.goals.push_back(GoalIn(glance, goal, guest.who));
    for (const CaseCited& criterion : one.commitment.criteria) {
      const auto* words = glance.Find<CriterionBody>(criterion.version);
      one.criteria.push_back({criterion, words == nullptr ? std::nullopt : std::optional(*words)});
    }
    const auto said = one.commitment.words.find(guest.who);
    if (said == one.commitment.words.end()) continue;
    if (const auto* body = glance.Find<SignatureBody>(said->second.record)) one.said = *body;
  }
  return asked;
}

// What is cited, and how far who signed finds it: as far as it came here. What was sealed is left out, for a guest is
// shown all of what is named or nothing.
void EngagementService::AddReadable(const CaseCommitment& one, std::vector<RecordId>& ids) const {
  const auto add = [&](const RecordId& id) {
    if (!IsNone(id) && engine_.Open(id)) ids.push_back(id);
  };
  for (const CaseCited& goal : one.goals) {
    add(goal.version);
    for (const auto& [party, said] : goal.progress) add(said.record);
    for (const auto& [who, said] : goal.persons) add(said.record);
  }
  for (const CaseCited& criterion : one.criteria) {
    add(criterion.version);
    add(criterion.judgement);
  }
}

EngagementService::AskedGoal EngagementService::GoalIn(const Glance& glance, const CaseCited& cited, Speaker who) {
  AskedGoal goal;
  goal.cited = cited;
  if (const auto* words = glance.Find<GoalBody>(cited.version)) goal.body = *words;
  // Partners wrote their words for one another; of the guest there are their own alone.
  const auto own = cited.persons.find(who);
  if (own == cited.persons.end()) return goal;
  if (const auto* said = glance.Find<ProgressBody>(own->second.record)) goal.own = *said;
  return goal;
}

Result<Sent> EngagementService::SayProgress(const GuestService::Visit& visit, std::string_view version,
                                            std::string_view goal, ProgressBody body,
                                            std::chrono::milliseconds patience) {
  SCHAKEL_ASSIGN(const auto asked, AskedOf(visit));
  SCHAKEL_ASSIGN(const GuestBody guest, GuestOf(visit.guest));
  for (const Asked& one : asked) {
    const RecordId& current = one.commitment.text.current().record;
    if (ToText(current) != version) continue;
    const auto cited =
        std::ranges::find_if(one.commitment.goals, [&](const CaseCited& each) { return ToText(each.version) == goal; });
    if (cited == one.commitment.goals.end()) {
      return Fail(Code::kInvalid, "progress.goal", "goal", "name a goal that the commitment cites");
    }
    body.how = SignedHow::kLink;
    body.who = guest.who;
    body.name = guest.name;
    return dossier_.SayProgressFor(current, cited->version, body, visit.guest,
                                   {.accept_unreached = true, .patience = patience});
  }
  return Fail(Code::kNotFound, "commitment.asked", "commitment", "look again what you are asked to sign");
}

Result<Sent> EngagementService::Say(const GuestService::Visit& visit, std::string_view version, bool declined,
                                    const std::string& words, std::chrono::milliseconds patience) {
  SCHAKEL_ASSIGN(const auto asked, AskedOf(visit));
  SCHAKEL_ASSIGN(const GuestBody guest, GuestOf(visit.guest));
  for (const Asked& one : asked) {
    const auto& all = one.commitment.text.all;
    const auto found =
        std::ranges::find_if(all, [&](const CaseVersion& each) { return ToText(each.record) == version; });
    if (found == all.end()) continue;
    SignatureBody body;
    body.remark = words;
    body.how = SignedHow::kLink;
    body.who = guest.who;
    body.name = guest.name;
    body.declined = declined;
    return dossier_.SignFor(found->record, body, visit.guest, {.accept_unreached = true, .patience = patience});
  }
  return Fail(Code::kNotFound, "commitment.asked", "commitment", "look again what you are asked to sign");
}

Result<CaseCommitment> EngagementService::Find(const RecordId& id) {
  SCHAKEL_ASSIGN(const HeldRecord held, engine_.Find(id));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(held.header.trajectory));
  const CaseCommitment* found = trajectory.dossier.FindCommitment(id);
  if (found == nullptr) return Fail(Code::kNotFound, "id.unknown", "commitment", "check the id");
  return *found;
}

Result<Sent> EngagementService::CopyForCourt(const RecordId& version, const std::string& text,
                                             const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseCommitment one, Find(version));
  SCHAKEL_ASSIGN(const HeldRecord held, engine_.Find(version));
  if (!one.Binds(engine_.Self())) {
    return Fail(Code::kDenied, "commitment.party", "commitment", "leave it to one of its parties");
  }
  SCHAKEL_TRY(CheckAllSigned(one));
  if (one.text.current().record != version) {
    return Fail(Code::kConflict, "commitment.changed", "commitment", "read it again: its text was changed since");
  }
  CourtPlanBody body;
  body.text = text;
  return plans_.WriteFor(held.header.trajectory, std::move(body), {version}, audience);
}

Result<Sent> EngagementService::HandOver(const RecordId& id, const OrgId& court, const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseCommitment one, Find(id));
  SCHAKEL_ASSIGN(const HeldRecord held, engine_.Find(id));
  SCHAKEL_TRY(CheckAllSigned(one));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(held.header.trajectory));
  const std::vector<RecordId> rests_on = {one.text.current().record};
  const auto& plans = trajectory.court.plans;
  const auto copy = std::ranges::find_if(plans.rbegin(), plans.rend(), [&](const CaseCourtPlan& plan) {
    return plan.rests_on == rests_on && !plan.was_handed && plan.text.author() == engine_.Self();
  });
  if (copy == plans.rend()) {
    return Fail(Code::kConflict, "commitment.no_copy", "commitment",
                "write the copy for the court first: schakel commitments court-copy");
  }
  return plans_.HandOver(copy->text.current().record, court, audience);
}

}  // namespace schakel
