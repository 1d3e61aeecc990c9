#include "agents/modules.h"

#include <algorithm>

#include "sending.h"

namespace schakel {
namespace {

constexpr std::chrono::days kModuleBeforeOpening{366};
// Older is a mistyped year: nobody in youth care was born then.
constexpr std::chrono::days kContactAgoMax{25 * 366};

// Two weeks is what people plan; what lasts longer than a month is no same-day stay any more, but a form of help.
constexpr std::chrono::days kTimeOutMax{31};

Draft DraftOf(Kind kind, const TrajectoryId& id, Purpose purpose, CategorySet categories) {
  Draft draft;
  draft.kind = kind;
  draft.trajectory = id;
  draft.purpose = purpose;
  draft.categories = categories;
  return draft;
}

Status CheckBegin(const ModuleSwitchBody& body, const CaseTrajectory& trajectory, Timestamp now) {
  if (*body.begins_at > now) {
    return Fail(Code::kInvalid, "module.future", "body.begins_at", "say it when it begins; plan it as an action");
  }
  // Help may run before the file is opened here, though not for years: a year that was mistyped moves every review.
  if (*body.begins_at < trajectory.opened_at - kModuleBeforeOpening) {
    return Fail(Code::kInvalid, "module.early", "body.begins_at", "choose a day at most a year before the file opened");
  }
  return {};
}

// In whole days: people say the last day, which ends at midnight.
Status CheckLength(const ModuleSwitchBody& body) {
  if (body.module != Module::kTimeOut || !body.ends_at) return {};
  if (std::chrono::floor<std::chrono::days>(*body.ends_at - *body.begins_at) <= kTimeOutMax) return {};
  return Fail(Code::kInvalid, "module.long", "body.ends_at",
              "let it end within 31 days, and agree on it again then; or choose another form of help");
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
  SCHAKEL_TRY(CheckBegin(body, trajectory, now));
  if (body.ends_at && *body.ends_at <= now) {
    return Fail(Code::kInvalid, "module.past", "body.ends_at", "choose an end that is still to come");
  }
  SCHAKEL_TRY(CheckLength(body));
  SCHAKEL_TRY(CheckAgreed(body, trajectory.stage));
  SCHAKEL_TRY(CheckStart(trajectory));
  Draft draft = DraftOf(Kind::kModuleSwitch, id, Purpose::kCareCoordination, {Category::kLiving});
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return Send(engine_, std::move(draft), OthersIn(trajectory, engine_.Self()), audience);
}

Result<ModuleService::Said> ModuleService::FindSwitch(const RecordId& id) {
  SCHAKEL_ASSIGN(const HeldRecord held, engine_.Find(id));
  SCHAKEL_ASSIGN(CaseTrajectory trajectory, cases_.Trajectory(held.header.trajectory));
  const CaseSwitch* found = trajectory.help.FindSwitch(held.header.thread);
  if (found == nullptr)
    return Fail(Code::kNotFound, "id.unknown", "switch", "see which there are: schakel modules list");
  CaseSwitch one = *found;
  return Said{std::move(trajectory), std::move(one)};
}

Result<ModuleSwitchBody> ModuleService::WordsOf(const RecordId& id) {
  SCHAKEL_ASSIGN(const Said said, FindSwitch(id));
  SCHAKEL_ASSIGN(const Body sealed, engine_.Open(said.last.record));
  SCHAKEL_ASSIGN(const TypedBody typed, DecodeBody(sealed));
  const auto* body = std::get_if<ModuleSwitchBody>(&typed);
  if (body == nullptr)
    return Fail(Code::kNotFound, "id.unknown", "switch", "see which there are: schakel modules list");
  return *body;
}

Result<Sent> ModuleService::Correct(const RecordId& id, const ModuleSwitchBody& body, const Audience& audience) {
  SCHAKEL_ASSIGN(const Said said, FindSwitch(id));
  SCHAKEL_TRY(CheckBody(body));
  if (said.trajectory.lead != engine_.Self()) {
    return Fail(Code::kDenied, "module.lead", "trajectory", "ask the lead to switch; or take over the lead first");
  }
  SCHAKEL_TRY(CheckBegin(body, said.trajectory, clock_.Now()));
  SCHAKEL_TRY(CheckLength(body));
  SCHAKEL_TRY(CheckAgreed(body, said.trajectory.stage));
  SCHAKEL_TRY(CheckStart(said.trajectory));
  Draft draft = DraftOf(Kind::kModuleSwitch, said.trajectory.id, Purpose::kCareCoordination, {Category::kLiving});
  draft.thread = said.last.id;
  draft.references = {said.last.record};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return Send(engine_, std::move(draft), OthersIn(said.trajectory, engine_.Self()), audience);
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
  if (*body.at < now - kContactAgoMax) {
    return Fail(Code::kInvalid, "contact.long_ago", "body.at", "check the year");
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

// What stands there goes under the agreement on a name: a sentence would carry what nobody agreed on.
Status CheckAlertName(const std::string& name) {
  constexpr std::size_t kWordsMax = 6;
  constexpr std::size_t kCharactersMax = 60;
  constexpr std::size_t kShortMax = 2;  // "J.", "V.d.", "Mr.": what a full stop may follow.
  std::size_t words = 0;
  std::size_t characters = 0;
  std::size_t length = 0;  // Of the word so far.
  bool fits = true;
  for (const char c : name) {
    const bool continues = (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
    if (!continues) ++characters;
    if (c == ' ' || c == '-' || c == '\'' || c == '.') {
      if (c == '.' && (length == 0 || length > kShortMax)) fits = false;
      length = 0;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = byte >= 0x80 || (byte | 0x20U) - 'a' < 26U;
    fits = fits && letter;
    if (!continues && length++ == 0) ++words;
  }
  if (fits && words <= kWordsMax && characters <= kCharactersMax) return {};
  return Fail(Code::kInvalid, "alert.name", "body.name",
              "give the name alone: at most 6 words, no numbers or sentences");
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
  SCHAKEL_TRY(CheckAlertName(body.name));
  if (body.last_seen_at && *body.last_seen_at > clock_.Now()) {
    return Fail(Code::kInvalid, "alert.seen_future", "body.last_seen_at", "say when somebody saw them last");
  }
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
  // People write minutes.
  if (*body.at < std::chrono::floor<std::chrono::minutes>(found->at)) {
    return Fail(Code::kInvalid, "alert.before", "body.at", "say since when after the alert it is over");
  }
  const std::vector<OrgId> untold = found->Untold();
  if (!found->stands() && untold.empty()) {
    return Fail(Code::kConflict, "alert.over", "alert", "there is nothing to do: it was withdrawn");
  }
  SCHAKEL_ASSIGN(const HeldRecord held, engine_.Find(found->id));
  Draft draft = DraftOf(Kind::kAlertWithdrawn, trajectory.id, held.header.purpose, held.header.categories);
  draft.thread = found->id;
  draft.references = {found->id};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  Audience to = audience;
  to.named = untold;
  if (found->stands()) to.named = {found->to.begin(), found->to.end()};
  // Whom a grant no longer covers hears no more of it, and that is no reason to let the alert stand.
  to.accept_unreached = true;
  if (!found->stands()) {
    // Said again, for whom it did not reach: once it can.
    Audience first_look = to;
    first_look.preview = true;
    SCHAKEL_ASSIGN(const Sent foreseen, Send(engine_, draft, {}, first_look));
    if (foreseen.reaches.empty()) {
      return Fail(Code::kConflict, "alert.untold", untold.front().value(),
                  "call them; once a grant covers it again, withdraw it again");
    }
  }
  return Send(engine_, std::move(draft), {}, to);
}

}  // namespace schakel
