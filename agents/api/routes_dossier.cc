// What organisations write together: referrals, commitments, goals, criteria, actions.
#include <set>

#include "dossier_views.h"
#include "router.h"

namespace schakel::dossier_routes {
namespace {

RecordId IdOf(const CaseReferral& one) { return one.id; }
template <typename T>
RecordId IdOf(const T& one) {
  return one.text.id();
}

// With their words, so each is a view of the records that it shows.
template <typename T>
Result<Reply> Listed(Call& call, std::vector<T> all, const char* name) {
  SCHAKEL_ASSIGN(const auto page, call.PageOf(std::move(all), [](const T& one) { return ToText(IdOf(one)); }));
  std::set<RecordId> ids;
  for (const T& one : page.items) {
    for (const RecordId& record : ReadFor(one)) ids.insert(record);
  }
  SCHAKEL_ASSIGN(auto shown, call.desk.reading.Show({ids.begin(), ids.end()}, call.caller));
  if (auto turned_away = TurnedAway(shown)) return std::unexpected(std::move(*turned_away));
  const ReadRecords read(std::move(shown));
  const JsonViews views = call.Views();
  const Timestamp now = call.desk.clock.Now();
  Json rows = Json::array();
  for (const T& one : page.items) rows.push_back(ViewOf(one, views, read, now));
  Json json = {{"next", page.next}};
  json[name] = std::move(rows);
  return Reply{.json = std::move(json)};
}

template <typename T>
Result<Reply> ListOf(Call& call, std::vector<T> CaseDossier::* list, const char* name) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(CaseTrajectory trajectory, call.desk.cases.Trajectory(id));
  return Listed(call, std::move(trajectory.dossier.*list), name);
}

// By the day on which they are to be done, as far as who asks may see it: no other is found by it.
Status KeepThoseDue(const Call& call, const Period& period, std::vector<CaseAction>& all) {
  Sieve sieve(call.desk.engine, call.caller, call.desk.clock.Now());
  std::vector<CaseAction> due;
  for (CaseAction& one : all) {
    const bool outside =
        !one.due_at || (period.from && *one.due_at < *period.from) || (period.to && *one.due_at >= *period.to);
    if (outside) continue;
    SCHAKEL_ASSIGN(const HeldRecord held, call.desk.engine.Find(one.text.current().record));
    SCHAKEL_ASSIGN(const bool lets, sieve.Lets(held));
    if (lets) due.push_back(std::move(one));
  }
  all = std::move(due);
  return {};
}

Result<Reply> Referrals(Call& call) { return ListOf(call, &CaseDossier::referrals, "referrals"); }
Result<Reply> Commitments(Call& call) { return ListOf(call, &CaseDossier::commitments, "commitments"); }
Result<Reply> Goals(Call& call) { return ListOf(call, &CaseDossier::goals, "goals"); }
Result<Reply> Criteria(Call& call) { return ListOf(call, &CaseDossier::criteria, "criteria"); }
Result<Reply> Actions(Call& call) {
  SCHAKEL_ASSIGN(const Period period, call.AskedPeriod());
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(CaseTrajectory trajectory, call.desk.cases.Trajectory(id));
  std::vector<CaseAction>& actions = trajectory.dossier.actions;
  if (period.IsAsked()) SCHAKEL_TRY(KeepThoseDue(call, period, actions));
  return Listed(call, std::move(actions), "actions");
}

// ---- Referrals ----

Result<Reply> Refer(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  ReferralBody body;
  body.to = input.Organisation("organisation").value();
  body.module = input.Word("module", Module::kUnspecified, &ParseModule);
  body.question = input.RequiredText("question");
  body.expires_at = input.Time("expires_at");
  const CategorySet categories = input.Set<Category>("categories", &ParseCategory);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.referrals.Ask(id, std::move(body), categories, audience));
  return call.Sending(sent);
}

Result<Reply> AnswerReferral(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("referral"));
  Input input(call.body);
  ReferralAnswerBody body;
  body.answer = input.RequiredWord("answer", ReferralAnswer::kAccepted, &ParseReferralAnswer);
  body.why = input.Text("why");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.referrals.Answer(id, body, audience));
  return call.Sending(sent);
}

Result<Reply> WithdrawReferral(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("referral"));
  Input input(call.body);
  const ReferralWithdrawalBody body{input.Text("why")};
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.referrals.Withdraw(id, body, audience));
  return call.Sending(sent);
}

// ---- Commitments ----

std::vector<std::string> NamesOf(const std::vector<OrgId>& organisations) {
  std::vector<std::string> names;
  for (const OrgId& one : organisations) names.push_back(one.value());
  return names;
}

CommitmentBody ReadCommitment(Input& input) {
  CommitmentBody body;
  body.text = input.RequiredText("text");
  body.parties = NamesOf(input.Organisations("parties"));
  body.persons = input.Words<Speaker>("persons", &ParseSpeaker);
  std::ranges::sort(body.persons);
  body.other = input.Text("other");
  body.goals = input.Texts("goals");
  body.criteria = input.Texts("criteria");
  return body;
}

// By whole ids: what is signed is one version, and no abbreviation of it.
Status NameWhole(const Call& call, std::vector<std::string>& named, const char* field) {
  for (std::string& one : named) {
    SCHAKEL_ASSIGN(const RecordId id, InField(call.desk.cases.FindRecord(one), field));
    one = ToText(id);
  }
  return {};
}
Status NameWhole(const Call& call, CommitmentBody& body) {
  SCHAKEL_TRY(NameWhole(call, body.goals, "goals"));
  return NameWhole(call, body.criteria, "criteria");
}

// Taken down by whoever of ours saw it signed.
Result<Reply> SignOnPaper(Call& call, const RecordId& id, SignatureBody body, Input& input) {
  body.how = input.Word("how", SignedHow::kOrganisation, &ParseSignedHow);
  body.who = input.RequiredWord("who", Speaker::kYoungPerson, &ParseSpeaker);
  body.name = input.Text("name");
  body.declined = input.Flag("declined", false);
  body.signed_at = input.Time("signed_at");
  body.witness = call.caller.person.name;
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  if (body.how != SignedHow::kPaper) {
    return Fail(Code::kInvalid, "commitment.how", "how", "say paper: by a link the person signs themselves");
  }
  if (body.signed_at && *body.signed_at > call.desk.clock.Now()) {
    return Fail(Code::kInvalid, "commitment.signed_later", "signed_at", "give the day on which it was signed");
  }
  SCHAKEL_ASSIGN(const Sent sent, call.desk.dossier.SignFor(id, body, {}, audience));
  return call.Sending(sent);
}

Result<Reply> Commit(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  CommitmentBody body = ReadCommitment(input);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_TRY(NameWhole(call, body));
  SCHAKEL_ASSIGN(const Sent sent, call.desk.dossier.Commit(id, std::move(body), audience));
  return call.Sending(sent);
}

Result<Reply> EditCommitment(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("commitment"));
  Input input(call.body);
  CommitmentBody body = ReadCommitment(input);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_TRY(NameWhole(call, body));
  SCHAKEL_ASSIGN(const Sent sent, call.desk.dossier.EditCommitment(id, std::move(body), audience));
  return call.Sending(sent);
}

Result<Reply> Sign(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("commitment"));
  Input input(call.body);
  SignatureBody body;
  body.remark = input.Text("remark");
  const char* of_person[] = {"who", "how", "name", "declined", "signed_at"};
  if (std::ranges::any_of(of_person, [&](const char* field) { return call.body.contains(field); })) {
    return SignOnPaper(call, id, std::move(body), input);
  }
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.dossier.Sign(id, body, audience));
  return call.Sending(sent);
}

// What is to be done by then is still to come; what stood there before may stay.
Status CheckToCome(const Call& call, const std::optional<Timestamp>& at, const std::optional<Timestamp>& before,
                   const char* rule, const char* field) {
  if (!at || *at > call.desk.clock.Now() || at == before) return {};
  return Fail(Code::kInvalid, rule, field, "choose a moment that is still to come");
}

// Of the trajectory that `id` is of; empty where it is of none.
CaseDossier DossierWith(const Call& call, const RecordId& id) {
  const auto held = call.desk.engine.Find(id);
  if (!held) return {};
  const auto trajectory = call.desk.cases.Trajectory(held->header.trajectory);
  return trajectory ? trajectory->dossier : CaseDossier{};
}

// ---- Goals ----

GoalBody ReadGoal(Input& input, Timestamp now) {
  GoalBody body;
  body.text = input.RequiredText("text");
  body.owners = NamesOf(input.Organisations("owners"));
  body.with = input.Text("with");
  body.begins_at = input.Time("begins_at").value_or(now);
  body.ends_at = input.Time("ends_at");
  // A goal of half a year, unless it is said otherwise.
  if (!body.ends_at) body.ends_at = SixMonthsAfter(*body.begins_at);
  return body;
}

Result<Reply> SetGoal(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  GoalBody body = ReadGoal(input, call.desk.clock.Now());
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_TRY(CheckToCome(call, body.ends_at, {}, "goal.past", "ends_at"));
  SCHAKEL_ASSIGN(const Sent sent, call.desk.dossier.SetGoal(id, std::move(body), audience));
  return call.Sending(sent);
}

Result<Reply> EditGoal(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("goal"));
  Input input(call.body);
  GoalBody body = ReadGoal(input, call.desk.clock.Now());
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  const CaseDossier dossier = DossierWith(call, id);
  const CaseGoal* before = dossier.FindGoal(id);
  SCHAKEL_TRY(
      CheckToCome(call, body.ends_at, before == nullptr ? std::nullopt : before->ends_at, "goal.past", "ends_at"));
  SCHAKEL_ASSIGN(const Sent sent, call.desk.dossier.EditGoal(id, std::move(body), audience));
  return call.Sending(sent);
}

// The last commitment of ours that this person signed and that cites the goal as it stands. kConflict
// ("progress.signatory").
Result<RecordId> SignedBy(const CaseDossier& dossier, const OrgId& self, Speaker who, const RecordId& goal) {
  for (auto one = dossier.commitments.rbegin(); one != dossier.commitments.rend(); ++one) {
    const auto said = one->words.find(who);
    const bool signs = said != one->words.end() && !said->second.declined;
    const bool cites = std::ranges::find(one->goals, goal, &CaseCited::version) != one->goals.end();
    if (signs && cites && one->Binds(self)) return one->text.current().record;
  }
  return Fail(Code::kConflict, "progress.signatory", "who", "let this person sign a commitment that cites the goal");
}

// Of a person who signed, taken down by whoever of ours heard it.
Result<Reply> SayProgressOnPaper(Call& call, const RecordId& id, ProgressBody body, Input& input) {
  body.how = input.Word("how", SignedHow::kPaper, &ParseSignedHow);
  body.who = input.RequiredWord("who", Speaker::kYoungPerson, &ParseSpeaker);
  body.name = input.Text("name");
  body.said_at = input.Time("said_at");
  body.witness = call.caller.person.name;
  const std::string commitment = input.Text("commitment");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  if (body.how != SignedHow::kPaper) {
    return Fail(Code::kInvalid, "commitment.how", "how", "say paper: by a link the person says it themselves");
  }
  if (body.said_at && *body.said_at > call.desk.clock.Now()) {
    return Fail(Code::kInvalid, "progress.said_later", "said_at", "give the day on which it was said");
  }
  const CaseDossier dossier = DossierWith(call, id);
  const CaseGoal* goal = dossier.FindGoal(id);
  if (goal == nullptr) return Fail(Code::kNotFound, "id.unknown", "goal", "check the id");
  const RecordId& version = goal->text.current().record;
  RecordId about;
  if (commitment.empty()) {
    SCHAKEL_ASSIGN(about, SignedBy(dossier, call.desk.engine.Self(), body.who, version));
  } else {
    SCHAKEL_ASSIGN(const RecordId named, InField(call.desk.cases.FindRecord(commitment), "commitment"));
    const CaseCommitment* found = dossier.FindCommitment(named);
    if (found == nullptr) return Fail(Code::kNotFound, "id.unknown", "commitment", "check the id");
    about = found->text.current().record;
  }
  SCHAKEL_ASSIGN(const Sent sent, call.desk.dossier.SayProgressFor(about, version, body, {}, audience));
  return call.Sending(sent);
}

Result<Reply> SayProgress(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("goal"));
  Input input(call.body);
  ProgressBody body;
  body.progress = input.RequiredWord("progress", GoalProgress::kOnTrack, &ParseGoalProgress);
  body.text = input.Text("text");
  const char* of_person[] = {"who", "how", "name", "said_at", "commitment"};
  if (std::ranges::any_of(of_person, [&](const char* field) { return call.body.contains(field); })) {
    return SayProgressOnPaper(call, id, std::move(body), input);
  }
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.dossier.SayProgress(id, body, audience));
  return call.Sending(sent);
}

Result<Reply> ReviewGoal(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("goal"));
  Input input(call.body);
  GoalReviewBody body;
  body.found = input.RequiredWord("found", GoalFound::kContinued, &ParseGoalFound);
  body.text = input.RequiredText("text");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.dossier.Review(id, body, audience));
  return call.Sending(sent);
}

// ---- Criteria ----

CriterionBody ReadCriterion(Input& input) {
  CriterionBody body;
  body.whose = input.RequiredWord("whose", CriterionOf::kOther, &ParseCriterionOf);
  body.text = input.RequiredText("text");
  return body;
}

Result<Reply> SetCriterion(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const CriterionBody body = ReadCriterion(input);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.dossier.SetCriterion(id, body, audience));
  return call.Sending(sent);
}

Result<Reply> EditCriterion(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("criterion"));
  Input input(call.body);
  const CriterionBody body = ReadCriterion(input);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.dossier.EditCriterion(id, body, audience));
  return call.Sending(sent);
}

Result<Reply> Judge(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("criterion"));
  Input input(call.body);
  const JudgementBody body{input.Flag("met", true), input.Text("why")};
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.dossier.Judge(id, body, audience));
  return call.Sending(sent);
}

// ---- Actions ----

Result<Reply> AddAction(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const ActionBody body = ReadAction(input);
  const std::string table = input.Text("table");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_TRY(CheckToCome(call, body.due_at, {}, "action.past", "due_at"));
  RecordId meeting;
  if (!table.empty()) {
    SCHAKEL_ASSIGN(meeting, call.desk.cases.FindRecord(table));
  }
  SCHAKEL_ASSIGN(const Sent sent, call.desk.dossier.AddAction(id, body, audience, meeting));
  return call.Sending(sent);
}

Result<Reply> EditAction(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("action"));
  Input input(call.body);
  const ActionBody body = ReadAction(input);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  const CaseDossier dossier = DossierWith(call, id);
  const CaseAction* before = dossier.FindAction(id);
  SCHAKEL_TRY(
      CheckToCome(call, body.due_at, before == nullptr ? std::nullopt : before->due_at, "action.past", "due_at"));
  SCHAKEL_ASSIGN(const Sent sent, call.desk.dossier.EditAction(id, body, audience));
  return call.Sending(sent);
}

Result<Reply> Done(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("action"));
  Input input(call.body);
  const ActionDoneBody body{input.Flag("done", true), input.Text("remark")};
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.dossier.Done(id, body, audience));
  return call.Sending(sent);
}

const Route kRoutes[] = {
    {"GET", "/v1/trajectories/{trajectory}/referrals", &Referrals, {"limit", "cursor"}},
    {"POST", "/v1/trajectories/{trajectory}/referrals", &Refer},
    {"POST", "/v1/referrals/{referral}/answer", &AnswerReferral},
    {"POST", "/v1/referrals/{referral}/withdrawal", &WithdrawReferral},
    {"GET", "/v1/trajectories/{trajectory}/commitments", &Commitments, {"limit", "cursor"}},
    {"POST", "/v1/trajectories/{trajectory}/commitments", &Commit},
    {"POST", "/v1/commitments/{commitment}/edit", &EditCommitment},
    {"POST", "/v1/commitments/{commitment}/signature", &Sign},
    {"GET", "/v1/trajectories/{trajectory}/goals", &Goals, {"limit", "cursor"}},
    {"POST", "/v1/trajectories/{trajectory}/goals", &SetGoal},
    {"POST", "/v1/goals/{goal}/edit", &EditGoal},
    {"POST", "/v1/goals/{goal}/progress", &SayProgress},
    {"POST", "/v1/goals/{goal}/review", &ReviewGoal},
    {"GET", "/v1/trajectories/{trajectory}/criteria", &Criteria, {"limit", "cursor"}},
    {"POST", "/v1/trajectories/{trajectory}/criteria", &SetCriterion},
    {"POST", "/v1/criteria/{criterion}/edit", &EditCriterion},
    {"POST", "/v1/criteria/{criterion}/judgement", &Judge},
    {"GET", "/v1/trajectories/{trajectory}/actions", &Actions, {"from", "to", "limit", "cursor"}},
    {"POST", "/v1/trajectories/{trajectory}/actions", &AddAction},
    {"POST", "/v1/actions/{action}/edit", &EditAction},
    {"POST", "/v1/actions/{action}/done", &Done},
};

}  // namespace
}  // namespace schakel::dossier_routes

namespace schakel {

ActionBody ReadAction(Input& input) {
  using namespace dossier_routes;
  ActionBody body;
  body.text = input.RequiredText("text");
  body.owner = input.Organisation("owner").value();
  body.with = input.Text("with");
  body.due_at = input.Time("due_at");
  return body;
}

std::span<const Route> DossierRoutes() { return dossier_routes::kRoutes; }

}  // namespace schakel
