#include "agents/adulthood.h"

#include <algorithm>

#include "local_time.h"
#include "services/blank.h"
#include "services/listed.h"
#include "services/sending.h"

namespace schakel {
namespace {

// The domains of life that a young person stands in on the day of coming of age.
constexpr CategorySet kAdulthoodCategories{Category::kIdentity, Category::kLiving, Category::kIncome,
                                           Category::kAgreements};

// Help that goes on may do so until 25.
constexpr std::uint64_t kHelpAfterwardsYears = 8;

Status NameDomains(AdulthoodPlanBody& body, const Profile& profile, Language language) {
  for (AdulthoodDomain& one : body.domains) {
    if (one.key.empty()) {
      if (!IsBlank(one.title)) continue;
      return Fail(Code::kInvalid, "adulthood.title", "domains", "name a domain of the list, or one of your own");
    }
    const auto found = std::ranges::find(profile.adulthood, one.key, &RingQuestion::key);
    if (found == profile.adulthood.end()) {
      return Fail(Code::kInvalid, "adulthood.key", one.key, "see which there are: schakel adulthood show");
    }
    one.title = found->words.In(language);
  }
  return {};
}

}  // namespace

Result<AdulthoodService::Found> AdulthoodService::Find(const RecordId& plan) {
  SCHAKEL_ASSIGN(const HeldRecord held, engine_.Find(plan));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(held.header.trajectory));
  const CaseAdulthoodPlan* found = trajectory.passage.FindPlan(plan);
  if (found == nullptr) return Fail(Code::kNotFound, "id.unknown", "plan", "check the id");
  return Found{trajectory.id, *found};
}

Result<Draft> AdulthoodService::DraftOf(const TrajectoryId& id, AdulthoodPlanBody body, const Profile& profile,
                                        Language language) {
  SCHAKEL_TRY(NameDomains(body, profile, language));
  const std::uint64_t adult = engine_.Rules().adult_age_years;
  if (body.of_age_at && *body.of_age_at > AddYears(clock_.Now(), adult)) {
    return Fail(Code::kInvalid, "adulthood.day", "body.of_age_at", "give the day of coming of age");
  }
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  const std::uint64_t since = trajectory.stage == Stage::kAdult ? kHelpAfterwardsYears : 1;
  if (body.of_age_at && AddYears(*body.of_age_at, since) < clock_.Now()) {
    return Fail(Code::kInvalid, "adulthood.past", "body.of_age_at", "give the day of coming of age");
  }
  if (!body.receiver.empty()) {
    const auto receiver = ParseOrgId(body.receiver);
    if (!receiver) return Fail(Code::kInvalid, receiver.error().rule, "body.receiver", receiver.error().next);
    SCHAKEL_TRY(CheckListed(engine_, *receiver, "body.receiver"));
  }
  Draft draft;
  draft.kind = Kind::kAdulthoodPlan;
  draft.trajectory = id;
  draft.purpose = Purpose::kAdulthood;
  draft.categories = kAdulthoodCategories;
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return draft;
}

Result<Sent> AdulthoodService::Write(const TrajectoryId& id, AdulthoodPlanBody body, const Profile& profile,
                                     Language language, const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  SCHAKEL_ASSIGN(Draft draft, DraftOf(id, std::move(body), profile, language));
  return Send(engine_, std::move(draft), OthersIn(trajectory, engine_.Self()), audience);
}

Result<Sent> AdulthoodService::Edit(const RecordId& plan, AdulthoodPlanBody body, const Profile& profile,
                                    Language language, const Audience& audience) {
  SCHAKEL_ASSIGN(const Found found, Find(plan));
  if (found.plan.text.author() != engine_.Self()) {
    return Fail(Code::kDenied, "adulthood.author", "plan", "ask who wrote it, or write one of your own");
  }
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(found.trajectory));
  SCHAKEL_ASSIGN(Draft draft, DraftOf(found.trajectory, std::move(body), profile, language));
  draft.thread = found.plan.text.id();
  draft.references = {found.plan.text.current().record};
  return Send(engine_, std::move(draft), OthersIn(trajectory, engine_.Self()), audience);
}

Status AdulthoodService::EndOnTheDay() {
  const Timestamp now = clock_.Now();
  struct Due {
    TrajectoryId trajectory;
    Grant grant;
  };
  const std::vector<Due> due = cases_.With([&](CaseFile& file) {
    std::vector<Due> found;
    for (const CaseTrajectory* one : file.Trajectories()) {
      const CaseAdulthoodPlan* plan = one->passage.CurrentPlan();
      if (one->closed || one->lead != engine_.Self() || plan == nullptr || now < *plan->of_age_at) continue;
      for (CaseGrant& grant : OfParents(*one, now)) found.push_back({one->id, std::move(grant.grant)});
    }
    return found;
  });
  Status all;
  for (const Due& one : due) {
    Draft draft;
    draft.kind = Kind::kGrantNarrow;
    draft.trajectory = one.trajectory;
    draft.control = GrantNarrow{one.grant.id, one.grant.purposes, one.grant.categories, now};
    draft.references = {one.grant.id};
    SCHAKEL_ASSIGN(draft.body, EncodeBody(MessageBody{}));
    // One that cannot be said now keeps no other from ending.
    const auto sent = SendStatement(engine_, std::move(draft), {one.grant.terms.recipient, one.grant.author}, {});
    if (!sent) all = std::unexpected(sent.error());
  }
  return all;
}

std::vector<std::string> MissingIn(const CasePassage& passage, const Profile& profile) {
  const CaseAdulthoodPlan* plan = passage.CurrentPlan();
  std::vector<std::string> missing;
  for (const RingQuestion& one : profile.adulthood) {
    const bool settled = plan != nullptr && std::ranges::find(plan->settled, one.key) != plan->settled.end();
    if (!settled) missing.push_back(one.key);
  }
  return missing;
}

std::optional<Timestamp> OfAgeSince(Cases& cases, const TrajectoryId& id, Timestamp now) {
  return cases.With([&](CaseFile& file) -> std::optional<Timestamp> {
    const CaseTrajectory* trajectory = file.Find(id);
    if (trajectory == nullptr) return std::nullopt;
    std::optional<Timestamp> since;
    const CaseAdulthoodPlan* plan = trajectory->passage.CurrentPlan();
    if (plan != nullptr && *plan->of_age_at <= now) since = plan->of_age_at;
    if (trajectory->stage != Stage::kAdult) return since;
    for (const CaseRecord* record : file.RecordsOf(id)) {
      const auto* stage = std::get_if<SubjectStage>(&record->held.header.control);
      const bool said =
          stage != nullptr && stage->stage == Stage::kAdult && record->held.state != RecordState::kRefused;
      if (said) since = since ? std::min(*since, record->held.at) : record->held.at;
    }
    // It was of age from the opening on.
    return since ? since : std::optional(trajectory->opened_at);
  });
}

bool IsOfParents(Grantor grantor) {
  return grantor == Grantor::kFirstParent || grantor == Grantor::kSecondParent || grantor == Grantor::kGuardian;
}

std::vector<CaseGrant> OfParents(const CaseTrajectory& trajectory, Timestamp now) {
  std::vector<CaseGrant> found;
  for (const CaseGrant& one : trajectory.grants) {
    const Grant& grant = one.grant;
    if (grant.terms.basis != Basis::kConsent || grant.withdrawn || now >= grant.ends_at) continue;
    if (IsOfParents(grant.terms.grantor)) found.push_back(one);
  }
  return found;
}

}  // namespace schakel
