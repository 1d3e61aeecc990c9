#include "agents/dossier.h"

#include <algorithm>

#include "acquaintance.h"
#include "sending.h"

namespace schakel {
namespace {

// What goes with agreements, and what with goals: by which a grant covers it.
CategorySet CategoriesOf(Kind kind) {
  const bool agreement = kind == Kind::kCommitment || kind == Kind::kCommitmentSignature;
  return agreement ? CategorySet{Category::kAgreements} : CategorySet{Category::kGoals};
}

Draft DraftOf(Kind kind, const TrajectoryId& id) {
  Draft draft;
  draft.kind = kind;
  draft.trajectory = id;
  draft.purpose = Purpose::kCareCoordination;
  draft.categories = CategoriesOf(kind);
  return draft;
}

// Each once, by name: so the same parties are the same bytes.
void Sort(std::vector<std::string>& names) {
  std::ranges::sort(names);
  const auto twice = std::ranges::unique(names);
  names.erase(twice.begin(), twice.end());
}

Audience ToParties(const Audience& audience, const std::vector<OrgId>& parties, const OrgId& self) {
  Audience to = audience;
  if (!to.named.empty()) return to;
  for (const OrgId& party : parties) {
    if (party != self) to.named.push_back(party);
  }
  return to;
}

// Where one organisation signs with persons alone, it goes to nobody else unless somebody is named.
std::vector<OrgId> UsualOf(const Audience& to, std::vector<OrgId> others) {
  return to.named.empty() ? std::vector<OrgId>() : std::move(others);
}

std::vector<OrgId> Organisations(const std::vector<std::string>& names) {
  std::vector<OrgId> all;
  for (const std::string& name : names) all.emplace_back(name);
  return all;
}

// Its parties, and those of `others` that were one by the version before: who goes out hears who took over, since only
// then it is free to go. Signing never waits for those.
std::vector<OrgId> WhoHearsOfSigning(Engine& engine, Cases& cases, const TrajectoryId& id, const CaseCommitment& one,
                                     const std::vector<OrgId>& others) {
  std::vector<OrgId> all = one.parties;
  if (one.text.all.size() < 2) return all;
  const auto rules = engine.FindTrajectory(id);
  const bool sure = rules && rules->LeadsWhole(engine.Self());
  cases.With([&](CaseFile& file) {
    const CaseRecord* before = file.Record(one.text.all[one.text.all.size() - 2].record);
    if (before == nullptr || !before->body) return;
    const auto* body = std::get_if<CommitmentBody>(&before->body.value());
    for (const OrgId& party : body == nullptr ? std::vector<OrgId>() : Organisations(body->parties)) {
      const bool stays = std::ranges::find(all, party) != all.end();
      if (stays || std::ranges::find(others, party) == others.end()) continue;
      const Decision decision = engine.Foresee(DraftOf(Kind::kCommitmentSignature, id), party);
      if (!sure || std::holds_alternative<Permit>(decision)) all.push_back(party);
    }
  });
  return all;
}

bool IsOver(const CaseGoal& goal) { return goal.begins_at && !goal.review_due; }

Status CheckNotOver(const CaseGoal& goal) {
  if (!IsOver(goal)) return {};
  return Fail(Code::kConflict, "goal.over", "goal", "set a new goal: this one was reached, or stopped");
}

}  // namespace

template <typename T>
struct DossierService::Found {
  TrajectoryId trajectory;
  T item;
};

template <typename T>
Result<DossierService::Found<T>> DossierService::Find(const RecordId& id,
                                                      const T* (CaseDossier::*find)(const RecordId&) const) {
  return cases_.With([&](CaseFile& file) -> Result<Found<T>> {
    const CaseRecord* record = file.Record(id);
    const CaseTrajectory* trajectory = record == nullptr ? nullptr : file.Find(record->held.header.trajectory);
    const T* found = trajectory == nullptr ? nullptr : (trajectory->dossier.*find)(id);
    if (found == nullptr) return Fail(Code::kNotFound, "id.unknown", "record", "check the id");
    return Found<T>{trajectory->id, *found};
  });
}

std::vector<OrgId> DossierService::Others(const TrajectoryId& id) {
  return cases_.With([&](CaseFile& file) {
    const CaseTrajectory* trajectory = file.Find(id);
    return trajectory == nullptr ? std::vector<OrgId>() : OthersIn(*trajectory, engine_.Self());
  });
}

Result<Sent> DossierService::Begin(const std::vector<OrgId>& usual, const TrajectoryId& id, Kind kind,
                                   const TypedBody& body, const Audience& audience) {
  Draft draft = DraftOf(kind, id);
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return Send(engine_, std::move(draft), usual, audience);
}

Result<Sent> DossierService::GoOn(const TrajectoryId& id, Kind kind, const CaseVersions& versions,
                                  const TypedBody& body, const Audience& audience) {
  return GoOnTo(Others(id), id, kind, versions, body, audience);
}

Result<Sent> DossierService::GoOnTo(const std::vector<OrgId>& usual, const TrajectoryId& id, Kind kind,
                                    const CaseVersions& versions, const TypedBody& body, const Audience& audience) {
  Draft draft = OnVersion(id, kind, versions);
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return Send(engine_, std::move(draft), usual, audience);
}

Draft DossierService::OnVersion(const TrajectoryId& id, Kind kind, const CaseVersions& versions) {
  Draft draft = DraftOf(kind, id);
  draft.thread = versions.id();
  draft.references = {versions.current().record};
  // As it began, so that the same grants cover it.
  cases_.With([&](CaseFile& file) {
    const CaseRecord* first = file.Record(versions.id());
    if (first == nullptr) return;
    draft.purpose = first->held.header.purpose;
    draft.categories = first->held.header.categories;
  });
  return draft;
}

Result<Acquaintance> DossierService::Acquainted(const TrajectoryId& id, const std::vector<OrgId>& together) const {
  SCHAKEL_ASSIGN(Trajectory rules, engine_.FindTrajectory(id));
  return Acquaintance(std::move(rules), engine_.Self(), together);
}

// A record that names organisations tells of them to everybody whom it goes to.
Status DossierService::CheckNamed(const TrajectoryId& id, const std::vector<OrgId>& named,
                                  const Acquaintance& acquaintance, const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  for (const OrgId& one : named) {
    // Of whom we may not know, and who takes no part, say the same.
    const Participant* known = trajectory.Find(one);
    if (known != nullptr && known->status == MemberStatus::kJoined) continue;
    return Fail(Code::kDenied, "dossier.member", "organisations", "name only organisations that take part");
  }
  if (const auto strangers = acquaintance.StrangersIn(named)) {
    return Fail(Code::kDenied, "dossier.introduced", strangers->first.value() + ", " + strangers->second.value(),
                "introduce them first: schakel trajectories introduce --both; or ask the lead to");
  }
  if (const auto left_out = acquaintance.LeftOut(named)) {
    return Fail(Code::kDenied, "dossier.left_out", left_out->value(),
                "leave it out by a change of its own first; then write a new one with the other");
  }
  const auto may_know = [&](const OrgId& one) { return acquaintance.MayKnowAll(one, named); };
  if (std::ranges::all_of(audience.named, may_know)) return {};
  return Fail(Code::kDenied, "dossier.hidden", "to", "introduce them to each other first, or leave them out");
}

// Whether `organisation` was sent that record of `author`. Nothing: another wrote it, so that is not ours to know.
std::optional<bool> DossierService::WasSent(const RecordId& record, const OrgId& author,
                                            const OrgId& organisation) const {
  if (organisation == engine_.Self() || organisation == author) return true;
  const auto held = engine_.Find(record);
  if (!held || held->header.author != engine_.Self()) return std::nullopt;
  return std::ranges::find(held->recipients, organisation) != held->recipients.end() &&
         std::ranges::find(held->refused, organisation, &RoutingRefusal::recipient) == held->refused.end();
}

// Of the first version: without it, it sees none of the later ones.
std::optional<bool> DossierService::HadFirst(const CaseVersions& text, const OrgId& organisation) const {
  return WasSent(text.id(), text.author(), organisation);
}

// `if_unknown`: what is taken of whom we cannot know whether it had the first version.
Status DossierService::CheckComesIn(const CaseVersions& text, const std::vector<OrgId>& named,
                                    const std::vector<OrgId>& before, bool if_unknown) const {
  for (const OrgId& one : named) {
    const bool stays = std::ranges::find(before, one) != before.end();
    if (stays || HadFirst(text, one).value_or(if_unknown)) continue;
    return Fail(Code::kConflict, "dossier.newcomer", one.value(), "write a new one with it");
  }
  return {};
}

// ---- Commitments ----

// What others were sent by others is not ours to know: whoever cannot read it does not sign it.
Status DossierService::CheckSentTo(const CaseVersions& text, const std::vector<OrgId>& parties) const {
  for (const OrgId& party : parties) {
    const CaseVersion& current = text.current();
    const bool had =
        HadFirst(text, party).value_or(true) && WasSent(current.record, current.author, party).value_or(true);
    if (had) continue;
    return Fail(Code::kDenied, "commitment.cites_unread", party.value(),
                "leave it out, or have it written anew so that this party is sent it");
  }
  return {};
}

Status DossierService::CheckCited(const TrajectoryId& id, const CommitmentBody& body) {
  if (body.goals.empty() && body.criteria.empty()) return {};
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  const std::vector<OrgId> parties = Organisations(body.parties);
  const auto check = [&](const std::string& named, const CaseVersions* text, const char* field) -> Status {
    if (text == nullptr) {
      return Fail(Code::kInvalid, "commitment.cites", field, "name goals and criteria of this trajectory");
    }
    if (ToText(text->current().record) != named) {
      return Fail(Code::kConflict, "commitment.cites_old", field,
                  "read it again, and name the version that counts now");
    }
    return CheckSentTo(*text, parties);
  };
  const auto missing = [](const char* field) {
    return Fail(Code::kDenied, "commitment.cites_missing", field, "leave it out: its words are not yours to read");
  };
  for (const std::string& named : body.goals) {
    SCHAKEL_ASSIGN(const RecordId version, ParseId<RecordId>(named));
    const CaseGoal* goal = trajectory.dossier.FindGoal(version);
    SCHAKEL_TRY(check(named, goal == nullptr ? nullptr : &goal->text, "goals"));
    if (!goal->begins_at) return missing("goals");
    if (IsOver(*goal)) {
      return Fail(Code::kConflict, "commitment.cites_over", "goals", "leave it out: it was reached, or stopped");
    }
  }
  for (const std::string& named : body.criteria) {
    SCHAKEL_ASSIGN(const RecordId version, ParseId<RecordId>(named));
    const CaseCriterion* criterion = trajectory.dossier.FindCriterion(version);
    SCHAKEL_TRY(check(named, criterion == nullptr ? nullptr : &criterion->text, "criteria"));
    if (!criterion->whose) return missing("criteria");
  }
  return {};
}

// Nobody signs what it cannot read, or what does not count any more.
Status DossierService::CheckStands(const CaseCommitment& one) {
  const auto is_unread = [](const CaseCited& cited) { return cited.state == CaseCited::State::kUnread; };
  if (std::ranges::any_of(one.goals, is_unread) || std::ranges::any_of(one.criteria, is_unread)) {
    return Fail(Code::kDenied, "commitment.cites_missing", "commitment",
                "ask who wrote it to leave out what your organisation was not sent, or to have it written anew");
  }
  if (one.StandsAsSigned()) return {};
  return Fail(Code::kConflict, "commitment.cites_changed", "commitment",
              "write the commitment anew, so that everybody signs what counts now");
}

Result<Sent> DossierService::Commit(const TrajectoryId& id, CommitmentBody body, const Audience& audience) {
  for (auto* names : {&body.parties, &body.goals, &body.criteria}) Sort(*names);
  SCHAKEL_TRY(CheckBody(body));
  const std::vector<OrgId> parties = Organisations(body.parties);
  SCHAKEL_ASSIGN(const Acquaintance acquaintance, Acquainted(id, {}));
  SCHAKEL_TRY(CheckNamed(id, parties, acquaintance, audience));
  SCHAKEL_TRY(CheckCited(id, body));
  const Audience to = ToParties(audience, parties, engine_.Self());
  return Begin(UsualOf(to, Others(id)), id, Kind::kCommitment, body, to);
}

Result<Sent> DossierService::EditCommitment(const RecordId& id, CommitmentBody body, const Audience& audience) {
  for (auto* names : {&body.parties, &body.goals, &body.criteria}) Sort(*names);
  SCHAKEL_TRY(CheckBody(body));
  SCHAKEL_ASSIGN(const auto found, Find(id, &CaseDossier::FindCommitment));
  if (!found.item.Binds(engine_.Self())) {
    return Fail(Code::kDenied, "commitment.party", "commitment", "ask one of the parties to change it");
  }
  std::vector<OrgId> all = Organisations(body.parties);
  SCHAKEL_ASSIGN(const Acquaintance acquaintance, Acquainted(found.trajectory, found.item.parties));
  SCHAKEL_TRY(CheckNamed(found.trajectory, all, acquaintance, audience));
  SCHAKEL_TRY(CheckComesIn(found.item.text, all, found.item.parties, false));  // It goes to parties alone.
  SCHAKEL_TRY(CheckCited(found.trajectory, body));
  // Whoever was a party, and still takes part, hears that it is none any more.
  const std::vector<OrgId> others = Others(found.trajectory);
  for (const OrgId& before : found.item.parties) {
    const bool there = before == engine_.Self() || std::ranges::find(others, before) != others.end();
    if (there && std::ranges::find(all, before) == all.end()) all.push_back(before);
  }
  const Audience to = ToParties(audience, all, engine_.Self());
  return GoOnTo(UsualOf(to, others), found.trajectory, Kind::kCommitment, found.item.text, body, to);
}

Result<Sent> DossierService::Sign(const RecordId& version, const SignatureBody& body, const Audience& audience) {
  SCHAKEL_ASSIGN(const auto found, Find(version, &CaseDossier::FindCommitment));
  const CaseCommitment& one = found.item;
  if (version != one.text.current().record) {
    return Fail(Code::kConflict, "commitment.changed", "commitment", "read it again: its text was changed since");
  }
  if (one.signatures.contains(engine_.Self())) {
    return Fail(Code::kConflict, "commitment.signed", "commitment", "there is nothing to do: it was signed here");
  }
  if (std::ranges::find(one.parties, engine_.Self()) == one.parties.end()) {
    return Fail(Code::kDenied, "commitment.party", "commitment", "only its parties sign it");
  }
  SCHAKEL_TRY(CheckNotDeclined(one));
  SCHAKEL_TRY(CheckStands(one));
  const std::vector<OrgId> hear = WhoHearsOfSigning(engine_, cases_, found.trajectory, one, Others(found.trajectory));
  const Audience to = ToParties(audience, hear, engine_.Self());
  return GoOnTo(UsualOf(to, Others(found.trajectory)), found.trajectory, Kind::kCommitmentSignature, one.text, body,
                to);
}

Result<Sent> DossierService::SignFor(const RecordId& version, const SignatureBody& body, const RecordId& guest,
                                     const Audience& audience) {
  SCHAKEL_ASSIGN(const auto found, Find(version, &CaseDossier::FindCommitment));
  const CaseCommitment& one = found.item;
  SCHAKEL_TRY(CheckTakenDown(one, version, body));
  const std::vector<OrgId> hear = WhoHearsOfSigning(engine_, cases_, found.trajectory, one, Others(found.trajectory));
  const Audience to = ToParties(audience, hear, engine_.Self());
  Draft draft = OnVersion(found.trajectory, Kind::kCommitmentSignature, one.text);
  if (!IsNone(guest)) draft.references.push_back(guest);
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return Send(engine_, std::move(draft), UsualOf(to, Others(found.trajectory)), to);
}

Status DossierService::CheckNotDeclined(const CaseCommitment& one) {
  if (!one.Declined()) return {};
  return Fail(Code::kConflict, "commitment.declined", "commitment",
              "talk about it, and change the text: everybody is asked again then");
}

// In the order in which a worker can do something about it.
Status DossierService::CheckTakenDown(const CaseCommitment& one, const RecordId& version,
                                      const SignatureBody& body) const {
  if (version != one.text.current().record) {
    return Fail(Code::kConflict, "commitment.changed", "commitment", "read it again: its text was changed since");
  }
  if (!one.Binds(engine_.Self())) {
    return Fail(Code::kDenied, "commitment.party", "commitment", "leave it to one of its parties");
  }
  if (std::ranges::find(one.persons, body.who) == one.persons.end()) {
    return Fail(Code::kInvalid, "commitment.person", "who", "name somebody who signs it besides the organisations");
  }
  SCHAKEL_TRY(CheckNotDeclined(one));
  const bool takes_back = body.declined && body.how == SignedHow::kLink;
  if (one.words.contains(body.who) && !takes_back) {
    return Fail(Code::kConflict, "commitment.signed", "commitment", "there is nothing to do: it was signed here");
  }
  // To take back what was signed is free, whatever became of what it cites.
  if (!body.declined) SCHAKEL_TRY(CheckStands(one));
  if (std::ranges::find(one.outstanding, engine_.Self()) == one.outstanding.end()) return {};
  return Fail(Code::kConflict, "commitment.own_first", "commitment", "sign it for your organisation first");
}

Result<Sent> DossierService::SayProgressFor(const RecordId& commitment, const RecordId& goal, const ProgressBody& body,
                                            const RecordId& guest, const Audience& audience) {
  SCHAKEL_ASSIGN(const auto found, Find(commitment, &CaseDossier::FindCommitment));
  const CaseCommitment& one = found.item;
  if (commitment != one.text.current().record) {
    return Fail(Code::kConflict, "commitment.changed", "commitment", "read it again: its text was changed since");
  }
  if (!one.Binds(engine_.Self())) {
    return Fail(Code::kDenied, "commitment.party", "commitment", "leave it to one of its parties");
  }
  if (std::ranges::find(one.outstanding, engine_.Self()) != one.outstanding.end()) {
    return Fail(Code::kConflict, "commitment.own_first", "commitment", "sign it for your organisation first");
  }
  if (std::ranges::find(one.persons, body.who) == one.persons.end()) {
    return Fail(Code::kInvalid, "commitment.person", "who", "name somebody who signs it besides the organisations");
  }
  const auto said = one.words.find(body.who);
  if (said == one.words.end() || said->second.declined) {
    return Fail(Code::kConflict, "progress.signatory", "who", "let this person sign it first");
  }
  if (std::ranges::find(one.goals, goal, &CaseCited::version) == one.goals.end()) {
    return Fail(Code::kInvalid, "progress.goal", "goal", "name a goal that the commitment cites");
  }
  SCHAKEL_TRY(CheckStands(one));
  SCHAKEL_ASSIGN(const auto about, Find(goal, &CaseDossier::FindGoal));
  SCHAKEL_TRY(CheckNotOver(about.item));
  const Audience to = ToParties(audience, one.parties, engine_.Self());
  Draft draft = OnVersion(found.trajectory, Kind::kGoalProgress, about.item.text);
  draft.references.push_back(commitment);
  if (!IsNone(guest)) draft.references.push_back(guest);
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return Send(engine_, std::move(draft), UsualOf(to, Others(found.trajectory)), to);
}

// ---- Goals ----

// Of the others, who may know of all owners.
std::vector<OrgId> DossierService::WhoMayKnow(const TrajectoryId& id, const std::vector<OrgId>& owners,
                                              const Acquaintance& acquaintance) {
  std::vector<OrgId> others = Others(id);
  std::erase_if(others, [&](const OrgId& one) { return !acquaintance.MayKnowAll(one, owners); });
  return others;
}

Result<Sent> DossierService::SetGoal(const TrajectoryId& id, GoalBody body, const Audience& audience) {
  Sort(body.owners);
  SCHAKEL_TRY(CheckBody(body));
  const std::vector<OrgId> owners = Organisations(body.owners);
  SCHAKEL_ASSIGN(const Acquaintance acquaintance, Acquainted(id, {}));
  SCHAKEL_TRY(CheckNamed(id, owners, acquaintance, audience));
  return Begin(WhoMayKnow(id, owners, acquaintance), id, Kind::kGoal, body, audience);
}

Result<Sent> DossierService::EditGoal(const RecordId& id, GoalBody body, const Audience& audience) {
  Sort(body.owners);
  SCHAKEL_TRY(CheckBody(body));
  SCHAKEL_ASSIGN(const auto found, Find(id, &CaseDossier::FindGoal));
  if (!found.item.Carries(engine_.Self())) {
    return Fail(Code::kDenied, "goal.owner", "goal", "ask one of its owners to change it");
  }
  SCHAKEL_TRY(CheckNotOver(found.item));
  const TrajectoryId& where = found.trajectory;
  const std::vector<OrgId> owners = Organisations(body.owners);
  SCHAKEL_ASSIGN(const Acquaintance acquaintance, Acquainted(where, found.item.owners));
  SCHAKEL_TRY(CheckNamed(where, owners, acquaintance, audience));
  SCHAKEL_TRY(CheckComesIn(found.item.text, owners, found.item.owners, true));
  return GoOnTo(WhoMayKnow(where, owners, acquaintance), where, Kind::kGoal, found.item.text, body, audience);
}

Result<Sent> DossierService::SayProgress(const RecordId& id, const ProgressBody& body, const Audience& audience) {
  SCHAKEL_ASSIGN(const auto found, Find(id, &CaseDossier::FindGoal));
  SCHAKEL_TRY(CheckNotOver(found.item));
  return GoOn(found.trajectory, Kind::kGoalProgress, found.item.text, body, audience);
}

Result<Sent> DossierService::Review(const RecordId& id, const GoalReviewBody& body, const Audience& audience) {
  SCHAKEL_ASSIGN(const auto found, Find(id, &CaseDossier::FindGoal));
  if (!found.item.Carries(engine_.Self())) {
    return Fail(Code::kDenied, "goal.owner", "goal", "ask one of its owners to review it");
  }
  SCHAKEL_TRY(CheckNotOver(found.item));
  return GoOn(found.trajectory, Kind::kGoalReview, found.item.text, body, audience);
}

// ---- "Good enough" ----

Result<Sent> DossierService::SetCriterion(const TrajectoryId& id, const CriterionBody& body, const Audience& audience) {
  return Begin(Others(id), id, Kind::kCriterion, body, audience);
}

Result<Sent> DossierService::EditCriterion(const RecordId& id, const CriterionBody& body, const Audience& audience) {
  SCHAKEL_ASSIGN(const auto found, Find(id, &CaseDossier::FindCriterion));
  if (found.item.text.author() != engine_.Self()) {
    return Fail(Code::kDenied, "criterion.author", "criterion", "ask who set it to change it");
  }
  return GoOn(found.trajectory, Kind::kCriterion, found.item.text, body, audience);
}

Result<Sent> DossierService::Judge(const RecordId& id, const JudgementBody& body, const Audience& audience) {
  SCHAKEL_ASSIGN(const auto found, Find(id, &CaseDossier::FindCriterion));
  if (found.item.text.author() != engine_.Self()) {
    return Fail(Code::kDenied, "criterion.author", "criterion", "ask who set it whether it is met");
  }
  return GoOn(found.trajectory, Kind::kCriterionJudgement, found.item.text, body, audience);
}

// ---- Actions ----

struct DossierService::Plan {
  Draft draft;
  std::vector<OrgId> usual;
};

// That somebody owns an action tells that they take part. Whoever gets a record of ours may know of us.
Status DossierService::KeepWhoMayKnow(const TrajectoryId& id, const OrgId& owner, const Audience& audience,
                                      std::vector<OrgId>& usual) const {
  SCHAKEL_ASSIGN(const Acquaintance acquaintance, Acquainted(id, {}));
  const auto may_know = [&](const OrgId& one) { return owner == engine_.Self() || acquaintance.MayKnow(one, owner); };
  if (!std::ranges::all_of(audience.named, may_know)) {
    return Fail(Code::kDenied, "action.owner_hidden", "to", "introduce them to each other first, or leave them out");
  }
  std::erase_if(usual, [&](const OrgId& one) { return !may_know(one); });
  return {};
}

Status DossierService::CheckOwner(const CaseTrajectory& trajectory, const OrgId& owner) const {
  const Participant* known = owner == engine_.Self() ? nullptr : trajectory.Find(owner);
  if (owner == engine_.Self() || (known != nullptr && known->status == MemberStatus::kJoined)) return {};
  return Fail(Code::kDenied, "dossier.member", "owner", "name only organisations that take part");
}

Result<DossierService::Plan> DossierService::PlanAction(const TrajectoryId& id, const ActionBody& body,
                                                        const Audience& audience, const RecordId& meeting) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  const OrgId owner(body.owner);
  Plan plan{DraftOf(Kind::kAction, id), OthersIn(trajectory, engine_.Self())};
  SCHAKEL_ASSIGN(plan.draft.body, EncodeBody(body));
  if (!IsNone(meeting)) {
    const auto table = std::ranges::find(trajectory.meetings, meeting, &Meeting::id);
    if (table == trajectory.meetings.end()) return Fail(Code::kNotFound, "id.unknown", "meeting", "check the id");
    if (table->convener != engine_.Self()) {
      return Fail(Code::kDenied, "meeting.convener", "meeting", "leave this to who convened the meeting");
    }
    if (owner != engine_.Self() && !table->invited.contains(owner)) {
      return Fail(Code::kInvalid, "meeting.owner", "owner", "name an organisation that is invited, or your own");
    }
    plan.draft.purpose = table->purpose;
    plan.draft.categories = table->categories;
    plan.draft.references = {meeting};
    plan.usual = {table->invited.begin(), table->invited.end()};
  }
  SCHAKEL_TRY(CheckOwner(trajectory, owner));
  SCHAKEL_TRY(KeepWhoMayKnow(id, owner, audience, plan.usual));
  return plan;
}

std::vector<OrgId> DossierService::UsualFor(const TrajectoryId& id, const CaseAction& action) {
  if (IsNone(action.meeting)) return Others(id);
  if (action.text.author() != engine_.Self()) return {action.text.author()};
  return cases_.With([&](CaseFile& file) {
    const Meeting* table = file.FindMeeting(action.meeting);
    return table == nullptr ? std::vector<OrgId>() : std::vector<OrgId>(table->invited.begin(), table->invited.end());
  });
}

Result<Sent> DossierService::AddAction(const TrajectoryId& id, const ActionBody& body, const Audience& audience,
                                       const RecordId& meeting) {
  SCHAKEL_ASSIGN(Plan plan, PlanAction(id, body, audience, meeting));
  return Send(engine_, std::move(plan.draft), plan.usual, audience);
}

Status DossierService::CheckAction(const TrajectoryId& id, const ActionBody& body, const Audience& audience,
                                   const RecordId& meeting) {
  SCHAKEL_TRY(PlanAction(id, body, audience, meeting));
  return {};
}

Result<Sent> DossierService::EditAction(const RecordId& id, const ActionBody& body, const Audience& audience) {
  SCHAKEL_ASSIGN(const auto found, Find(id, &CaseDossier::FindAction));
  const CaseAction& action = found.item;
  if (!action.Carries(engine_.Self())) {
    return Fail(Code::kDenied, "action.carrier", "action", "ask its owner, or who set it, to change it");
  }
  SCHAKEL_TRY(CheckNotTakenBack(action));
  const OrgId owner(body.owner);
  if (owner != action.owner) {
    SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(found.trajectory));
    SCHAKEL_TRY(CheckOwner(trajectory, owner));
  }
  const std::vector<OrgId> had = UsualFor(found.trajectory, action);
  std::vector<OrgId> usual = had;
  SCHAKEL_TRY(KeepWhoMayKnow(found.trajectory, owner, audience, usual));
  // One of those whom it went to from the beginning; otherwise it does not see what an edit changes.
  const bool follows = owner == engine_.Self() ||
                       (std::ranges::find(had, owner) != had.end() && HadFirst(action.text, owner).value_or(false));
  if (owner == action.owner || (usual == had && follows)) {
    return GoOnTo(usual, found.trajectory, Kind::kAction, action.text, body, audience);
  }
  return MoveAction(found.trajectory, action, body, std::move(usual), audience);
}

Status DossierService::CheckNotTakenBack(const CaseAction& action) {
  if (!action.taken_back) return {};
  return Fail(Code::kConflict, "action.taken_back", "action", "set a new one: nobody does this one any more");
}

// To an owner of whom not everybody may know who had the action, or who never had it: a new action to those who may
// know of it, and to who had the old one that nobody does that any more. So nobody learns whose it is.
Result<Sent> DossierService::MoveAction(const TrajectoryId& id, const CaseAction& action, const ActionBody& body,
                                        std::vector<OrgId> usual, const Audience& audience) {
  const OrgId owner(body.owner);
  if (owner != engine_.Self() && std::ranges::find(usual, owner) == usual.end()) usual.push_back(owner);
  Draft draft = DraftOf(Kind::kAction, id);
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  if (const auto first = engine_.Find(action.text.id())) {
    draft.purpose = first->header.purpose;
    draft.categories = first->header.categories;
  }
  // Only who convened a meeting says what was decided there.
  if (action.text.author() == engine_.Self() && !IsNone(action.meeting)) draft.references = {action.meeting};
  SCHAKEL_ASSIGN(const Sent sent, Send(engine_, std::move(draft), usual, audience));
  if (sent.outcome != Sent::Outcome::kSent) return sent;
  std::vector<OrgId> had = UsualFor(id, action);
  had.push_back(action.owner);
  had.push_back(action.text.author());
  const Audience all{.patience = audience.patience};
  SCHAKEL_TRY(KeepWhoMayKnow(id, action.owner, all, had));
  SCHAKEL_TRY(GoOnTo(had, id, Kind::kActionDone, action.text, ActionTakenBackBody{}, all));
  return sent;
}

Result<Sent> DossierService::Done(const RecordId& id, const ActionDoneBody& body, const Audience& audience) {
  SCHAKEL_ASSIGN(const auto found, Find(id, &CaseDossier::FindAction));
  if (found.item.owner != engine_.Self()) {
    return Fail(Code::kDenied, "action.owner", "action", "ask its owner whether it is done");
  }
  SCHAKEL_TRY(CheckNotTakenBack(found.item));
  const std::vector<OrgId> usual = UsualFor(found.trajectory, found.item);
  return GoOnTo(usual, found.trajectory, Kind::kActionDone, found.item.text, body, audience);
}

}  // namespace schakel
