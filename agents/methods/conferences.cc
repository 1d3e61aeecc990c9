#include <algorithm>

#include "agents/family.h"
#include "methods/conference_draft.h"
#include "services/sending.h"

namespace schakel {
namespace {

constexpr std::ptrdiff_t kPlansMax = 20;  // Of one conference.

std::unexpected<Error> NoConference() {
  return Fail(Code::kNotFound, "conference.none", {}, "ask who invited you whether there is a family conference");
}

Draft PlanDraft(const TrajectoryId& id) {
  Draft draft;
  draft.kind = Kind::kFamilyPlan;
  draft.trajectory = id;
  draft.purpose = Purpose::kCareCoordination;
  draft.categories = {Category::kOwnVoice};
  return draft;
}

// Whether a grant to it covered at that time what is for this purpose, about this.
bool WasCovered(const CaseTrajectory& trajectory, const OrgId& to, Purpose purpose, Category category, Timestamp at) {
  return std::ranges::any_of(trajectory.grants, [&](const CaseGrant& one) {
    const GrantGive& terms = one.grant.terms;
    return terms.recipient == to && one.given_at <= at && terms.purposes.Has(purpose) && terms.categories.Has(category);
  });
}

// Who has the conference and the plan, as far as the lead can tell: the coordinator, and those that may know of it and
// were covered when each was said. To anybody else an answer is about nothing.
std::vector<OrgId> HoldersOf(const CaseTrajectory& trajectory, const Trajectory& rules, const CaseFamilyPlan& plan,
                             const OrgId& self) {
  std::vector<OrgId> holders = OthersIn(trajectory, self);
  const CaseConference* conference = trajectory.family.FindConference(plan.conference);
  std::erase_if(holders, [&](const OrgId& one) {
    if (one == plan.author) return false;
    if (conference == nullptr || !rules.MayKnow(one, plan.author)) return true;
    return !WasCovered(trajectory, one, Purpose::kRoundTable, Category::kMeeting, conference->moves.front().at) ||
           !WasCovered(trajectory, one, Purpose::kCareCoordination, Category::kOwnVoice, plan.at);
  });
  return holders;
}

}  // namespace

Draft ConferenceDraft(const TrajectoryId& id) {
  Draft draft;
  draft.kind = Kind::kFamilyConference;
  draft.trajectory = id;
  draft.purpose = Purpose::kRoundTable;
  draft.categories = {Category::kMeeting};
  return draft;
}

Result<Sent> ConferenceService::Begin(const TrajectoryId& id, const RecordId& table, FamilyConferenceBody body,
                                      const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  // Whoever leads has a stake in what the family decides.
  if (trajectory.lead == engine_.Self()) {
    return Fail(Code::kDenied, "conference.independent", {}, "let an organisation coordinate it that does not lead");
  }
  const auto found = meetings_.Find(table);
  if (!found && found.error().rule == "id.unknown") {
    return Fail(Code::kNotFound, "id.unknown", "table", "check the id: it is none of a meeting");
  }
  SCHAKEL_ASSIGN(const Meeting meeting, found);
  if (meeting.trajectory != id) {
    return Fail(Code::kInvalid, "conference.table", "table", "name a meeting of this trajectory");
  }
  if (meeting.convener != engine_.Self()) {
    return Fail(Code::kDenied, "meeting.convener", "table", "convene a meeting of your own for it");
  }
  if (!IsNone(meeting.cancelled)) {
    return Fail(Code::kConflict, "meeting.cancelled", "table", "name a meeting that takes place");
  }
  if (trajectory.family.ConferenceAt(meeting.id) != nullptr) {
    return Fail(Code::kConflict, "conference.begun", "table", "there is nothing to do: go on with that conference");
  }
  body.phase = FamilyPhase::kInformation;
  if (!body.at && meeting.slot) body.at = meeting.slot->begins_at;
  Draft draft = ConferenceDraft(id);
  draft.references = {meeting.id};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return Send(engine_, std::move(draft), OthersIn(trajectory, engine_.Self()), audience);
}

Result<Sent> ConferenceService::Move(const RecordId& id, FamilyPhase to, const std::string& text,
                                     const Audience& audience) {
  SCHAKEL_ASSIGN(const HeldRecord held, engine_.Find(id));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(held.header.trajectory));
  const CaseConference* found = trajectory.family.FindConference(id);
  if (found == nullptr) return Fail(Code::kNotFound, "id.unknown", "conference", "check the id");
  if (found->coordinator != engine_.Self()) {
    return Fail(Code::kDenied, "conference.coordinator", "conference", "ask who coordinates the conference");
  }
  if (static_cast<unsigned>(to) != static_cast<unsigned>(found->phase()) + 1) {
    return Fail(Code::kConflict, "conference.phase", "phase",
                "it goes from information to private to plan, and never back");
  }
  Draft draft = ConferenceDraft(trajectory.id);
  draft.thread = found->id;
  draft.references = {found->moves.back().record};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(FamilyConferenceBody{to, {}, {}, {}, text}));
  return Send(engine_, std::move(draft), OthersIn(trajectory, engine_.Self()), audience);
}

Result<Sent> ConferenceService::Answer(const RecordId& id, const FamilyPlanBody& body, const Audience& audience) {
  SCHAKEL_ASSIGN(const HeldRecord held, engine_.Find(id));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(held.header.trajectory));
  const CaseFamilyPlan* found = trajectory.family.FindPlan(id);
  if (found == nullptr) return Fail(Code::kNotFound, "id.unknown", "plan", "check the id");
  if (trajectory.lead != engine_.Self()) {
    return Fail(Code::kDenied, "family_plan.lead", "plan", "leave this to who leads the trajectory");
  }
  if (body.said == FamilyPlanSaid::kPlan) {
    return Fail(Code::kInvalid, "family_plan.said", "said", "choose accepted or asked");
  }
  if (trajectory.family.LastPlanOf(found->conference)->id != found->id) {
    return Fail(Code::kConflict, "family_plan.newer", "plan", "answer the plan that the family handed over last");
  }
  Draft draft = PlanDraft(trajectory.id);
  draft.thread = found->id;
  draft.references = {found->id};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  SCHAKEL_ASSIGN(const Trajectory rules, engine_.FindTrajectory(trajectory.id));
  return Send(engine_, std::move(draft), HoldersOf(trajectory, rules, *found, engine_.Self()), audience);
}

Result<CaseConference> ConferenceService::Of(const GuestService::Visit& visit) {
  SCHAKEL_TRY(guests_.Live(visit));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(visit.trajectory));
  const CaseConference* found = trajectory.family.ConferenceAt(visit.meeting);
  if (found == nullptr || found->coordinator != engine_.Self()) return NoConference();
  return *found;
}

Result<Sent> ConferenceService::HandOver(const GuestService::Visit& visit, const std::string& text,
                                         std::chrono::milliseconds patience) {
  SCHAKEL_ASSIGN(const CaseConference conference, Of(visit));
  if (conference.phase() != FamilyPhase::kPlan) {
    return Fail(Code::kConflict, "conference.not_yet", "text", "wait until the private part of the conference is over");
  }
  SCHAKEL_ASSIGN(const Body sealed, engine_.Open(visit.guest));
  SCHAKEL_ASSIGN(const TypedBody typed, DecodeBody(sealed));
  const auto* guest = std::get_if<GuestBody>(&typed);
  if (guest == nullptr) return NoConference();
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(visit.trajectory));
  if (std::ranges::count(trajectory.family.plans, conference.id, &CaseFamilyPlan::conference) >= kPlansMax) {
    return Fail(Code::kLimit, "family_plan.many", "text", "talk with who coordinates the conference first");
  }
  Draft draft = PlanDraft(visit.trajectory);
  draft.references = {conference.id, visit.guest};
  SCHAKEL_ASSIGN(const Timestamp made_at, LinkMadeAt(visit));
  SCHAKEL_ASSIGN(const auto links, NewLinks(visit.trajectory, conference.id));
  // Of several for one guest, the last: those before it are revoked. It may not have been made in the end.
  const auto own = std::ranges::find(links.rbegin(), links.rend(), visit.guest, &ConferenceLink::guest);
  if (own != links.rend()) {
    SCHAKEL_ASSIGN(const HeldRecord said, engine_.Find(own->record));
    if (said.header.created_at <= made_at) draft.references.push_back(own->record);
  }
  SCHAKEL_ASSIGN(draft.body, EncodeBody(FamilyPlanBody{FamilyPlanSaid::kPlan, text, guest->who, guest->name, true}));
  return Send(engine_, std::move(draft), OthersIn(trajectory, engine_.Self()), {.patience = patience});
}

Result<ConferenceService::View> ConferenceService::Look(const GuestService::Visit& visit) {
  SCHAKEL_ASSIGN(CaseConference conference, Of(visit));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(visit.trajectory));
  std::vector<RecordId> ids = {conference.id};
  const CaseFamilyPlan* plan = trajectory.family.LastPlanOf(conference.id);
  if (plan != nullptr) ids.push_back(plan->id);
  if (plan != nullptr && plan->answer) ids.push_back(plan->answer->record);
  SCHAKEL_ASSIGN(const Glance glance, guests_.Read(visit, ids));
  View view;
  if (const auto* body = glance.Find<FamilyConferenceBody>(conference.id)) view.body = *body;
  if (plan != nullptr) {
    if (const auto* body = glance.Find<FamilyPlanBody>(plan->id)) view.plan = *body;
  }
  if (plan != nullptr && plan->answer) {
    if (const auto* body = glance.Find<FamilyPlanBody>(plan->answer->record)) view.answer = *body;
  }
  SCHAKEL_ASSIGN(view.new_links, NewLinks(visit.trajectory, conference.id));
  view.conference = std::move(conference);
  return view;
}

}  // namespace schakel
