#include <algorithm>

#include "agents/court.h"
#include "sending.h"

namespace schakel {
namespace {

// What the plan is about: by which the grants of a handover cover it, and no more than a court may receive.
constexpr CategorySet kPlanCategories{Category::kAgreements, Category::kGoals, Category::kJustice};

bool MayRestOn(const CaseTrajectory& trajectory, const RecordId& id) {
  if (trajectory.court.HasAnswer(id) || trajectory.dossier.FindGoal(id) != nullptr) return true;
  if (trajectory.dossier.FindCommitment(id) != nullptr) return true;
  const auto item = std::ranges::find(trajectory.items, id, &CaseItem::id);
  return item != trajectory.items.end() && item->kind == Kind::kAgreement;
}

// What a young person did not sign yet is nothing to lay before a court.
Status CheckSigned(const CaseDossier& dossier, const RecordId& id) {
  const CaseCommitment* found = dossier.FindCommitment(id);
  if (found == nullptr || found->active_since) return {};
  if (found->signed_since) {
    return Fail(Code::kConflict, "commitment.cites_changed", "commitment",
                "write the commitment anew, so that everybody signs what counts now");
  }
  if (found->persons.empty()) return {};
  return Fail(Code::kConflict, "commitment.inactive", "commitment",
              "wait until everybody signed it: schakel commitments list");
}

// It is that version which everybody signed.
RecordId AsSigned(const CaseDossier& dossier, const RecordId& id) {
  const CaseCommitment* found = dossier.FindCommitment(id);
  return found == nullptr || found->persons.empty() ? id : found->text.current().record;
}

// It rests on that version of the commitment alone: then it is a copy of it, and names its parties.
const CaseCommitment* CopiedIn(const CaseDossier& dossier, const CaseCourtPlan& plan) {
  if (plan.rests_on.size() != 1) return nullptr;
  const CaseCommitment* found = dossier.FindCommitment(plan.rests_on.front());
  return found == nullptr || found->persons.empty() ? nullptr : found;
}

// As it leaves for the court: that record, shared by its author.
Header AsShared(const Header& record, const OrgId& author) {
  Header shared;
  shared.kind = Kind::kShareAgain;
  shared.author = author;
  shared.trajectory = record.trajectory;
  shared.purpose = record.purpose;
  shared.categories = record.categories;
  shared.references = {record.id};
  return shared;
}

// With a consent to that very record which was not given: what is still lacking then is another's.
Trajectory WithConsentOf(Trajectory rules, Grantor grantor, const Header& record, const OrgId& author,
                         const OrgId& court, Timestamp now) {
  Grant grant;
  grant.author = author;
  grant.terms.recipient = court;
  grant.terms.purposes = {record.purpose};
  grant.terms.categories = record.categories;
  grant.terms.begins_at = now;
  grant.terms.ends_at = now + std::chrono::hours(1);
  grant.terms.grantor = grantor;
  grant.purposes = grant.terms.purposes;
  grant.categories = grant.terms.categories;
  grant.ends_at = grant.terms.ends_at;
  grant.piece = record.id;
  const auto place = std::ranges::lower_bound(rules.grants, court, {},
                                              [](const Grant& one) -> const OrgId& { return one.terms.recipient; });
  rules.grants.insert(place, std::move(grant));
  return rules;
}

Status CheckConsent(const LackingConsent& lacking) {
  if (lacking.none()) return {};
  if (lacking.child) {
    return Fail(Code::kDenied, "plan.child", "plan",
                "wait: before the young person is capable of agreeing, nothing is handed to the court");
  }
  const char* next =
      "read the plan together, and record what each agrees to: schakel grants give --to COURT --purpose court-report "
      "--category agreements,goals,justice --piece PLAN";
  if (!lacking.parents) return Fail(Code::kDenied, "plan.consent_young_person", "plan", next);
  if (!lacking.young_person) return Fail(Code::kDenied, "plan.consent_parents", "plan", next);
  return Fail(Code::kDenied, "plan.consent", "plan", next);
}

}  // namespace

LackingConsent LackingBeforeCourt(const Trajectory& rules, const RegionRules& region, const Header& record,
                                  const OrgId& author, const OrgId& court, Timestamp now) {
  if (rules.stage() == Stage::kChild) return {.child = true};
  const Header shared = AsShared(record, author);
  const auto is_enough = [&](const Trajectory& given) {
    return std::holds_alternative<Permit>(Compose(given, region, CourtWall::kBefore, shared, court, now));
  };
  if (is_enough(rules)) return {};
  LackingConsent lacking;
  lacking.parents = !is_enough(WithConsentOf(rules, Grantor::kYoungPerson, record, author, court, now));
  lacking.young_person = !is_enough(WithConsentOf(rules, Grantor::kGuardian, record, author, court, now));
  return lacking;
}

std::vector<OrgId> CourtsIn(const Engine& engine, const CaseTrajectory& trajectory) {
  std::vector<OrgId> courts = OthersIn(trajectory, engine.Self());
  std::erase_if(courts, [&](const OrgId& one) { return WallBefore(engine, one) == CourtWall::kNone; });
  return courts;
}

Result<CourtPlanService::Found> CourtPlanService::Find(const RecordId& id) {
  return cases_.With([&](CaseFile& file) -> Result<Found> {
    const CaseRecord* record = file.Record(id);
    const CaseTrajectory* trajectory = record == nullptr ? nullptr : file.Find(record->held.header.trajectory);
    const CaseCourtPlan* found = trajectory == nullptr ? nullptr : trajectory->court.FindPlan(id);
    if (found == nullptr) return Fail(Code::kNotFound, "id.unknown", "plan", "check the id");
    if (found->was_handed || found->text.author() != engine_.Self()) {
      return Fail(Code::kDenied, "plan.author", "plan", "ask who wrote the plan");
    }
    return Found{trajectory->id, *found};
  });
}

// The plan says itself in which rings nobody was heard: whoever reads it sees what it does not rest on.
Result<Draft> CourtPlanService::DraftOf(const TrajectoryId& id, CourtPlanBody body,
                                        const std::vector<RecordId>& rests_on) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  if (rests_on.size() > kRestsOnMax) {
    return Fail(Code::kInvalid, "plan.many", "rests_on", "name at most 15");
  }
  body.unanswered.clear();
  for (const AskingRing ring : UnansweredIn(trajectory.court)) body.unanswered.emplace_back(Slug(ring));
  Draft draft;
  draft.kind = Kind::kCourtPlan;
  draft.trajectory = id;
  draft.purpose = Purpose::kCourtReport;
  draft.categories = kPlanCategories;
  for (const RecordId& named : rests_on) {
    const RecordId one = AsSigned(trajectory.dossier, named);
    if (!MayRestOn(trajectory, one)) {
      return Fail(Code::kInvalid, "plan.rests_on", "rests_on", "name answers, goals and agreements of this trajectory");
    }
    SCHAKEL_TRY(CheckSigned(trajectory.dossier, one));
    if (std::ranges::find(draft.references, one) == draft.references.end()) draft.references.push_back(one);
  }
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return draft;
}

Result<Sent> CourtPlanService::Write(const TrajectoryId& id, CourtPlanBody body, const std::vector<RecordId>& rests_on,
                                     const Audience& audience) {
  SCHAKEL_ASSIGN(Draft draft, DraftOf(id, std::move(body), rests_on));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  return Send(engine_, std::move(draft), OthersIn(trajectory, engine_.Self()), audience);
}

Result<Sent> CourtPlanService::WriteFor(const TrajectoryId& id, CourtPlanBody body,
                                        const std::vector<RecordId>& rests_on, const Audience& audience) {
  SCHAKEL_ASSIGN(Draft draft, DraftOf(id, std::move(body), rests_on));
  return Send(engine_, std::move(draft), {}, audience);
}

Result<Sent> CourtPlanService::Edit(const RecordId& plan, CourtPlanBody body, const std::vector<RecordId>& rests_on,
                                    const Audience& audience) {
  SCHAKEL_ASSIGN(const Found found, Find(plan));
  SCHAKEL_ASSIGN(Draft draft, DraftOf(found.trajectory, std::move(body), rests_on));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(found.trajectory));
  draft.thread = found.plan.text.id();
  draft.references.insert(draft.references.begin(), found.plan.text.current().record);
  return Send(engine_, std::move(draft), OthersIn(trajectory, engine_.Self()), audience);
}

Result<LackingConsent> CourtPlanService::Lacking(const RecordId& plan, const OrgId& court) {
  SCHAKEL_ASSIGN(const Found found, Find(plan));
  SCHAKEL_ASSIGN(const HeldRecord held, engine_.Find(found.plan.text.current().record));
  SCHAKEL_ASSIGN(const Trajectory rules, engine_.FindTrajectory(found.trajectory));
  return LackingBeforeCourt(rules, engine_.Rules(), held.header, engine_.Self(), court, clock_.Now());
}

Status CourtPlanService::CheckRestsOn(const Found& found, const OrgId& court) const {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(found.trajectory));
  for (const RecordId& one : found.plan.rests_on) SCHAKEL_TRY(CheckSigned(trajectory.dossier, one));
  const CaseCommitment* copied = CopiedIn(trajectory.dossier, found.plan);
  if (copied == nullptr) return {};
  if (copied->text.current().record != found.plan.rests_on.front()) {
    return Fail(Code::kConflict, "commitment.changed", "commitment", "read it again: its text was changed since");
  }
  return CheckMayKnow(engine_, found.trajectory, copied->parties, {court});
}

Result<Sent> CourtPlanService::HandOver(const RecordId& version, const OrgId& court, const Audience& audience) {
  SCHAKEL_ASSIGN(const Found found, Find(version));
  // What was read together is that version, and no other.
  if (version != found.plan.text.current().record) {
    return Fail(Code::kConflict, "plan.changed", "plan", "read it again: its text was changed since");
  }
  if (WallBefore(engine_, court) == CourtWall::kNone) {
    return Fail(Code::kInvalid, "plan.court", court.value(), "name the youth court, or its social service");
  }
  const bool handed = std::ranges::any_of(
      found.plan.handed, [&](const CaseCourtPlan::Handed& one) { return one.to == court && one.version == version; });
  if (handed) return Fail(Code::kConflict, "plan.handed", "plan", "there is nothing to do: the court has it");
  SCHAKEL_TRY(CheckRestsOn(found, court));
  SCHAKEL_ASSIGN(const LackingConsent lacking, Lacking(version, court));
  SCHAKEL_TRY(CheckConsent(lacking));
  Audience to = audience;
  to.named = {court};
  to.accept_unreached = false;
  return content_.ShareAgain(version, to);
}

}  // namespace schakel
