#include "agents/modules.h"

#include <algorithm>

#include "sending.h"

namespace schakel {
namespace {

Draft DraftOf(Kind kind, const TrajectoryId& id, Purpose purpose, CategorySet categories) {
  Draft draft;
  draft.kind = kind;
  draft.trajectory = id;
  draft.purpose = purpose;
  draft.categories = categories;
  return draft;
}

Status CheckStart(const CaseTrajectory& trajectory) {
  switch (StartOf(trajectory.help, trajectory.stage == Stage::kAdult)) {
    case HelpStart::kNotChosen:
      return Fail(Code::kConflict, "module.choice", "trajectory",
                  "write down what the young person and a parent choose: schakel requests add --choice");
    case HelpStart::kDeclined:
      return Fail(Code::kConflict, "module.declined", "trajectory",
                  "talk with who declined; write down what they say then: schakel requests add --choice");
    case HelpStart::kFree:
      break;
  }
  return {};
}

// The same day, without anybody's order first: what it takes is that they agree to it.
Status CheckAgreed(const ModuleSwitchBody& body, Stage stage) {
  if (body.module != Module::kTimeOut || stage == Stage::kAdult) return {};
  const bool parent = std::ranges::any_of(body.agreed, [](Speaker one) { return one != Speaker::kYoungPerson; });
  if (parent) return {};
  return Fail(Code::kInvalid, "module.agreed", "body.agreed", "agree on it with a parent, or who stands for them, too");
}

}  // namespace

Result<Sent> ModuleService::Switch(const TrajectoryId& id, ModuleSwitchBody body, const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  const Timestamp now = clock_.Now();
  if (!body.begins_at) body.begins_at = now;
  SCHAKEL_TRY(CheckBody(body));
  if (trajectory.lead != engine_.Self()) {
    return Fail(Code::kDenied, "module.lead", "trajectory", "ask the lead to switch; or take over the lead first");
  }
  if (*body.begins_at > now) {
    return Fail(Code::kInvalid, "module.future", "body.begins_at", "say it when it begins; plan it as an action");
  }
  if (body.ends_at && *body.ends_at <= now) {
    return Fail(Code::kInvalid, "module.past", "body.ends_at", "choose an end that is still to come");
  }
  SCHAKEL_TRY(CheckAgreed(body, trajectory.stage));
  SCHAKEL_TRY(CheckStart(trajectory));
  Draft draft = DraftOf(Kind::kModuleSwitch, id, Purpose::kCareCoordination, {Category::kLiving});
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return Send(engine_, std::move(draft), OthersIn(trajectory, engine_.Self()), audience);
}

Result<Sent> ModuleService::Contact(const TrajectoryId& id, ContactMomentBody body, std::vector<RecordId> actions,
                                    const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  const Timestamp now = clock_.Now();
  if (!body.at) body.at = now;
  SCHAKEL_TRY(CheckBody(body));
  if (*body.at > now) {
    return Fail(Code::kInvalid, "contact.future", "body.at", "write it down once it took place");
  }
  Draft draft = DraftOf(Kind::kContactMoment, id, Purpose::kCareCoordination, {Category::kFamily});
  if (actions.size() > kContactActionsMax) {
    return Fail(Code::kInvalid, "contact.action", "actions", "name at most 10 actions");
  }
  for (const RecordId& one : actions) {
    const CaseAction* action = trajectory.dossier.FindAction(one);
    if (action == nullptr) {
      return Fail(Code::kInvalid, "contact.action", "actions", "see which there are: schakel actions list");
    }
    const RecordId& first = action->text.id();
    if (std::ranges::find(draft.references, first) == draft.references.end()) draft.references.push_back(first);
  }
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return Send(engine_, std::move(draft), OthersIn(trajectory, engine_.Self()), audience);
}

// ---- Alerts ----

namespace {

// Under which agreement, as its words say.
struct Agreed {
  TrajectoryId trajectory;
  AgreementBody body;
};
Result<Agreed> FindAgreement(Cases& cases, const RecordId& id) {
  return cases.With([&](CaseFile& file) -> Result<Agreed> {
    const CaseRecord* record = file.Record(id);
    if (record == nullptr || record->held.state == RecordState::kRefused) {
      return Fail(Code::kNotFound, "id.unknown", "agreement", "check the id");
    }
    const auto* body = record->body ? std::get_if<AgreementBody>(&*record->body) : nullptr;
    if (body == nullptr || body->partner.empty()) {
      return Fail(Code::kInvalid, "alert.agreement", "agreement",
                  "name an agreement that says whom to alert: schakel agreements add --partner --alert-field");
    }
    return Agreed{record->held.header.trajectory, *body};
  });
}

}  // namespace

CategorySet CategoriesOf(const AlertBody& body) {
  CategorySet categories{Category::kSafety};
  for (const AlertField field : FieldsIn(body)) {
    if (field <= AlertField::kClothing) categories.Add(Category::kIdentity);
  }
  return categories;
}

Result<Sent> AlertService::Alert(const RecordId& agreement, AlertBody body, const Audience& audience) {
  SCHAKEL_ASSIGN(const Agreed agreed, FindAgreement(cases_, agreement));
  body.about = agreed.body.about;
  SCHAKEL_TRY(CheckBody(body));
  for (const AlertField field : FieldsIn(body)) {
    const std::string slug(Slug(field));
    if (std::ranges::find(agreed.body.alert_fields, slug) != agreed.body.alert_fields.end()) continue;
    return Fail(Code::kDenied, "alert.field", slug, "leave it out, or agree on it first");
  }
  const OrgId partner(agreed.body.partner);
  if (partner == engine_.Self()) {
    return Fail(Code::kDenied, "alert.partner", "agreement", "alerts under this agreement come to you");
  }
  Draft draft = DraftOf(Kind::kAlert, agreed.trajectory, Purpose::kSafety, CategoriesOf(body));
  draft.references = {agreement};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  Audience to = audience;
  to.named = {partner};
  to.accept_unreached = false;
  return Send(engine_, std::move(draft), {}, to);
}

Result<Sent> AlertService::Withdraw(const RecordId& alert, AlertWithdrawnBody body, const Audience& audience) {
  const Timestamp now = clock_.Now();
  if (!body.at) body.at = now;
  SCHAKEL_TRY(CheckBody(body));
  if (*body.at > now) return Fail(Code::kInvalid, "alert.future", "body.at", "say it once it is so");
  SCHAKEL_ASSIGN(const HeldRecord first, engine_.Find(alert));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(first.header.trajectory));
  const CaseAlert* found = trajectory.help.FindAlert(first.header.thread);
  if (found == nullptr) return Fail(Code::kNotFound, "id.unknown", "alert", "check the id");
  if (found->author != engine_.Self()) {
    return Fail(Code::kDenied, "alert.author", "alert", "ask who gave the alert to withdraw it");
  }
  if (!found->stands()) return Fail(Code::kConflict, "alert.over", "alert", "there is nothing to do: it was withdrawn");
  SCHAKEL_ASSIGN(const HeldRecord held, engine_.Find(found->id));
  Draft draft = DraftOf(Kind::kAlertWithdrawn, trajectory.id, held.header.purpose, held.header.categories);
  draft.thread = found->id;
  draft.references = {found->id};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  Audience to = audience;
  to.named = {found->to.begin(), found->to.end()};
  // Whom a grant no longer covers hears no more of it, and that is no reason to let the alert stand.
  to.accept_unreached = true;
  return Send(engine_, std::move(draft), {}, to);
}

}  // namespace schakel
