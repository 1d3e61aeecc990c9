// FHIR R4 of one trajectory: CareTeam, Goal, Task, CarePlan (for adulthood), EpisodeOfCare (forms of help), Encounter
// (hearings), RelatedPerson (the network) and DocumentReference (plans for the court), with the Patient (a number, no
// name) and the Organizations that they refer to. FHIR's Goal has no owner, and a RelatedPerson no tie that is good or
// bad: those are extensions of ours.
#include <algorithm>

#include "agents/exporting.h"
#include "exports.h"
#include "local_time.h"

namespace schakel {
namespace {

// The day on Belgian clocks.
std::string DayOf(Timestamp at) { return ToText(at + BelgianOffset(at)).substr(0, 10); }
// The last day of what ends at that moment, which is already outside.
std::string LastDayOf(Timestamp end) { return DayOf(end - std::chrono::milliseconds(1)); }

Json IdentifierOf(const RecordId& id) {
  return Json::array({{{"system", "urn:schakel:record"}, {"value", ToText(id)}}});
}

class Plan {
 public:
  Plan(const Paper& paper, const ExportNames& names, Timestamp now)
      : paper_(paper), file_(paper.trajectory), names_(names), now_(now) {}

  std::vector<Json> Build() {
    AddPatient();
    AddOrganisations();
    resources_.push_back(CareTeam());
    for (const CaseGoal& one : file_.dossier.goals) AddGoal(one);
    for (const CaseAction& one : file_.dossier.actions) AddAction(one);
    for (const CaseReferral& one : file_.dossier.referrals) AddReferral(one);
    for (const CaseAftercare& one : file_.passage.contacts) AddAftercare(one);
    for (const CaseAdulthoodPlan& one : file_.passage.plans) AddAdulthood(one);
    for (const ModulePeriod& one : ModulesOver(file_.help, file_.opened_at)) AddModule(one);
    for (const CaseHearing& one : file_.court.hearings) AddHearing(one);
    for (const CaseFigure& one : file_.network.figures) AddFigure(one);
    for (const CaseCourtPlan& one : file_.court.plans) AddCourtPlan(one);
    return std::move(resources_);
  }

 private:
  template <typename B>
  const B* Body(const RecordId& id) const {
    auto found = paper_.shown.find(id);
    return found == paper_.shown.end() || !found->second.body ? nullptr : std::get_if<B>(&*found->second.body);
  }
  // Adds it; its address in the bundle.
  std::string Put(Json resource) {
    std::string urn = fhir::Urn(resource, resources_.size());
    resources_.push_back(std::move(resource));
    return urn;
  }
  Json Subject() const { return {{"reference", patient_}}; }
  Json Organisation(const OrgId& organisation) const {
    auto found = organisations_.find(organisation);
    // Whose words are sealed, or that left before we came.
    if (found == organisations_.end()) return fhir::OrganisationOf(organisation, names_);
    return {{"reference", found->second}, {"display", names_.NameOf(organisation)}};
  }

  void AddPatient() {
    patient_ =
        Put({{"resourceType", "Patient"},
             {"identifier", Json::array({{{"system", "urn:schakel:trajectory"}, {"value", ToText(file_.id)}}})}});
  }
  void AddOrganisations() {
    std::set<OrgId> all = {file_.lead};
    for (const Participant& one : file_.participants) all.insert(one.organisation);
    for (const CaseGoal& one : file_.dossier.goals) all.insert(one.owners.begin(), one.owners.end());
    for (const CaseAction& one : file_.dossier.actions) all.insert({one.text.author(), one.owner});
    for (const CaseReferral& one : file_.dossier.referrals) all.insert({one.author, one.to});
    for (const CaseAftercare& one : file_.passage.contacts) all.insert({one.text.author(), one.organisation});
    for (const CaseAdulthoodPlan& one : file_.passage.plans) all.insert(one.text.author());
    for (const CaseSwitch& one : file_.help.switches) all.insert(one.author);
    for (const CaseCourtPlan& one : file_.court.plans) all.insert(one.text.author());
    all.erase(OrgId());
    for (const OrgId& one : all) {
      organisations_[one] =
          Put({{"resourceType", "Organization"},
               {"identifier", Json::array({{{"system", "urn:schakel:organisation"}, {"value", one.value()}}})},
               {"name", names_.NameOf(one)}});
    }
  }

  Json CareTeam() const {
    Json team = {{"resourceType", "CareTeam"},
                 {"identifier", IdentifierOf(file_.opening)},
                 {"status", file_.closed ? "inactive" : "active"},
                 {"subject", Subject()},
                 {"period", {{"start", ToText(file_.opened_at)}}},
                 {"participant", Json::array()}};
    for (const Participant& one : file_.participants) {
      if (one.status != MemberStatus::kJoined) continue;
      const char* role = one.lead ? "lead" : "member";
      team["participant"].push_back(
          {{"role", Json::array({fhir::Concept(fhir::Coding("urn:schakel:member-role", role, role))})},
           {"member", Organisation(one.organisation)}});
    }
    if (team["participant"].empty()) team.erase("participant");
    if (!file_.lead.value().empty()) team["managingOrganization"] = Json::array({Organisation(file_.lead)});
    return team;
  }

  // FHIR's goal-status, and its achievement where something was said of it.
  static const char* LifecycleOf(const CaseGoal& one, Timestamp now) {
    if (!one.reviews.empty() && one.reviews.back().found == GoalFound::kReached) return "completed";
    if (!one.reviews.empty() && one.reviews.back().found == GoalFound::kStopped) return "cancelled";
    return one.begins_at && now < *one.begins_at ? "accepted" : "active";
  }
  static std::pair<const char*, const char*> AchievementOf(const CaseGoal& one) {
    if (!one.reviews.empty() && one.reviews.back().found == GoalFound::kReached) return {"achieved", "Achieved"};
    if (!one.reviews.empty() && one.reviews.back().found == GoalFound::kStopped)
      return {"not-achieved", "Not Achieved"};
    const auto last = std::ranges::max_element(one.progress, {}, [](const auto& each) { return each.second.at; });
    if (last == one.progress.end()) return {"in-progress", "In Progress"};
    switch (last->second.progress) {
      case GoalProgress::kNotStarted:
        return {"no-progress", "No Progress"};
      case GoalProgress::kStuck:
        return {"no-change", "No Change"};
      case GoalProgress::kReached:
        return {"achieved", "Achieved"};
      case GoalProgress::kOnTrack:
        break;
    }
    return {"in-progress", "In Progress"};
  }
  void AddGoal(const CaseGoal& one) {
    const auto* body = Body<GoalBody>(one.text.current().record);
    if (body == nullptr) return;  // A Goal says what it is.
    const auto [code, display] = AchievementOf(one);
    Json goal = {{"resourceType", "Goal"},
                 {"identifier", IdentifierOf(one.text.id())},
                 {"lifecycleStatus", LifecycleOf(one, now_)},
                 {"achievementStatus",
                  fhir::Concept(fhir::Coding("http://terminology.hl7.org/CodeSystem/goal-achievement", code, display))},
                 {"description", {{"text", body->text}}},
                 {"subject", Subject()}};
    if (one.begins_at) goal["startDate"] = DayOf(*one.begins_at);
    if (one.ends_at) goal["target"] = Json::array({{{"dueDate", LastDayOf(*one.ends_at)}}});
    for (const OrgId& owner : one.owners) {
      goal["extension"].push_back({{"url", "urn:schakel:goal-owner"}, {"valueReference", Organisation(owner)}});
    }
    resources_.push_back(std::move(goal));
  }

  Json Task(const RecordId& id, const char* status, const char* intent, const char* code, const OrgId& requester,
            const OrgId& owner, Timestamp at, const std::optional<Timestamp>& due, const std::string& text) const {
    Json task = {{"resourceType", "Task"},
                 {"identifier", IdentifierOf(id)},
                 {"status", status},
                 {"intent", intent},
                 {"code", fhir::Concept(fhir::Coding("urn:schakel:task", code, code))},
                 {"description", text},
                 {"for", Subject()},
                 {"authoredOn", ToText(at)},
                 {"requester", Organisation(requester)},
                 {"owner", Organisation(owner)}};
    if (due) task["restriction"] = {{"period", {{"end", ToText(*due)}}}};
    return task;
  }
  void AddAction(const CaseAction& one) {
    const auto* body = Body<ActionBody>(one.text.current().record);
    if (body == nullptr) return;
    const bool own = one.owner == one.text.author();
    const char* status = one.done && Body<ActionDoneBody>(one.said) != nullptr ? "completed"
                         : own                                                 ? "accepted"
                                                                               : "requested";
    resources_.push_back(Task(one.text.id(), status, "plan", "action", one.text.author(), one.owner,
                              one.text.all.front().at, one.due_at, body->text));
  }
  void AddReferral(const CaseReferral& one) {
    const auto* body = Body<ReferralBody>(one.id);
    if (body == nullptr) return;
    const char* status = "requested";
    switch (one.StateAt(now_)) {
      case CaseReferral::State::kOpen:
        break;
      case CaseReferral::State::kAccepted:
        status = "accepted";
        break;
      case CaseReferral::State::kRefused:
        status = "rejected";
        break;
      case CaseReferral::State::kWithdrawn:
        status = "cancelled";
        break;
      case CaseReferral::State::kExpired:
        status = "failed";
        break;
    }
    resources_.push_back(
        Task(one.id, status, "proposal", "referral", one.author, one.to, one.at, one.expires_at, body->question));
  }

  // A contact that its consent no longer carries is no task any more, whatever was agreed.
  static const char* StatusOf(AftercareStanding standing) {
    switch (standing) {
      case AftercareStanding::kPlanned:
      case AftercareStanding::kDue:
      case AftercareStanding::kLate:
        return "accepted";
      case AftercareStanding::kDone:
        return "completed";
      case AftercareStanding::kStopped:
      case AftercareStanding::kConsentEnded:
      case AftercareStanding::kWithdrawn:
      case AftercareStanding::kNoConsent:
        break;
    }
    return "cancelled";
  }
  void AddAftercare(const CaseAftercare& one) {
    const auto* body = Body<AftercareContactBody>(one.text.current().record);
    if (body == nullptr) return;
    const std::string text = body->text.empty() ? body->who : body->who + ": " + body->text;
    resources_.push_back(Task(one.text.id(), StatusOf(StateOf(file_, one, now_).standing), "plan", "aftercare",
                              one.text.author(), body->organisation, one.text.all.front().at, body->until, text));
  }
  void AddAdulthood(const CaseAdulthoodPlan& one) {
    const auto* body = Body<AdulthoodPlanBody>(one.text.current().record);
    if (body == nullptr) return;
    const bool over = file_.closed || file_.stage == Stage::kAdult;
    Json plan = {{"resourceType", "CarePlan"},
                 {"identifier", IdentifierOf(one.text.id())},
                 {"status", over ? "completed" : "active"},
                 {"intent", "plan"},
                 {"category", Json::array({fhir::Concept(fhir::Coding("urn:schakel:plan", "adulthood", "adulthood"))})},
                 {"subject", Subject()},
                 {"created", ToText(one.text.all.front().at)},
                 {"author", Organisation(one.text.author())},
                 {"period", {{"end", DayOf(*body->of_age_at)}}}};
    for (const AdulthoodDomain& domain : body->domains) {
      const char* status = domain.state == DomainState::kArranged    ? "completed"
                           : domain.state == DomainState::kNotNeeded ? "cancelled"
                           : domain.state == DomainState::kAgreed    ? "scheduled"
                                                                     : "not-started";
      std::string text = domain.title;
      if (!domain.agreed.empty()) text += ": " + domain.agreed;
      if (!domain.who.empty()) text += " (" + domain.who + ")";
      Json detail = {{"status", status}, {"description", text}};
      if (domain.by) detail["scheduledPeriod"] = {{"end", DayOf(*domain.by)}};
      plan["activity"].push_back({{"detail", std::move(detail)}});
    }
    if (!body->text.empty()) plan["description"] = body->text;
    resources_.push_back(std::move(plan));
  }

  // ---- Forms of help, the court, the network ----

  void AddModule(const ModulePeriod& one) {
    const bool read = Body<ModuleSwitchBody>(one.record) != nullptr || Body<OpeningBody>(one.record) != nullptr;
    if (!read || one.module == Module::kUnspecified) return;
    const bool over = file_.closed || (one.ends_at && now_ >= *one.ends_at);
    const auto said = std::ranges::find(file_.help.switches, one.record, &CaseSwitch::record);
    const std::string module(Slug(one.module));
    Json episode = {{"resourceType", "EpisodeOfCare"},
                    {"identifier", IdentifierOf(one.record)},
                    {"status", over                   ? "finished"
                               : now_ < one.begins_at ? "planned"
                                                      : "active"},
                    {"type", Json::array({fhir::Concept(fhir::Coding("urn:schakel:module", module, module))})},
                    {"patient", Subject()},
                    {"period", {{"start", ToText(one.begins_at)}}}};
    if (one.ends_at) episode["period"]["end"] = ToText(*one.ends_at);
    const OrgId& by = said == file_.help.switches.end() ? file_.lead : said->author;
    if (!by.value().empty()) episode["managingOrganization"] = Organisation(by);
    resources_.push_back(std::move(episode));
  }
  // No Appointment: that has an end, and nobody knows when a court is done.
  void AddHearing(const CaseHearing& one) {
    const auto* body = Body<HearingBody>(one.text.current().record);
    if (body == nullptr) return;
    const bool past = body->at && now_ >= *body->at;
    Json type = fhir::Concept(fhir::Coding("urn:schakel:encounter", "hearing", "hearing"));
    if (!body->court.empty()) type["text"] = body->court;
    Json hearing = {{"resourceType", "Encounter"},
                    {"identifier", IdentifierOf(one.text.id())},
                    {"status", body->cancelled ? "cancelled"
                               : past          ? "finished"
                                               : "planned"},
                    {"class", fhir::Coding("urn:schakel:encounter", "hearing", "hearing")},
                    {"type", Json::array({std::move(type)})},
                    {"subject", Subject()}};
    if (body->at) hearing["period"] = {{"start", ToText(*body->at)}};
    resources_.push_back(std::move(hearing));
  }

  static const char* GenderOf(Gender gender) {
    switch (gender) {
      case Gender::kWoman:
        return "female";
      case Gender::kMan:
        return "male";
      case Gender::kOther:
        return "other";
      case Gender::kUnknown:
        break;
    }
    return "unknown";
  }
  // As each who was asked sees the tie of a figure with the young person; what was said of it last.
  Json TiesOf(const RecordId& figure) const {
    Json ties = Json::array();
    for (const CaseTie& one : file_.network.ties) {
      if (one.key.figure != figure || !IsNone(one.key.other) || one.statements.empty()) continue;
      const auto* body = Body<TieBody>(one.statements.back().record);
      if (body == nullptr) continue;
      Json parts = {{{"url", "informant"}, {"valueCode", Slug(body->informant)}},
                    {{"url", "quality"}, {"valueCode", Slug(body->quality)}},
                    {{"url", "since"}, {"valueDate", body->since}}};
      ties.push_back({{"url", "urn:schakel:tie"}, {"extension", std::move(parts)}});
    }
    return ties;
  }
  void AddFigure(const CaseFigure& one) {
    const auto* body = Body<FigureBody>(one.text.current().record);
    if (body == nullptr || body->removed || body->kind != FigureKind::kPerson) return;
    const std::string ring(Slug(body->ring));
    Json relationship = fhir::Concept(fhir::Coding("urn:schakel:ring", ring, ring));
    if (!body->role.empty()) relationship["text"] = body->role;
    Json person = {{"resourceType", "RelatedPerson"},
                   {"identifier", IdentifierOf(one.text.id())},
                   {"active", !body->deceased},
                   {"patient", Subject()},
                   {"relationship", Json::array({std::move(relationship)})},
                   {"name", Json::array({{{"text", body->name}}})},
                   {"gender", GenderOf(body->gender)}};
    if (Json ties = TiesOf(one.text.id()); !ties.empty()) person["extension"] = std::move(ties);
    resources_.push_back(std::move(person));
  }

  void AddCourtPlan(const CaseCourtPlan& one) {
    const CaseVersion& version = one.text.current();
    const auto* body = Body<CourtPlanBody>(version.record);
    if (body == nullptr) return;
    const bool handed = one.was_handed || std::ranges::any_of(one.handed, [&](const CaseCourtPlan::Handed& each) {
                          return each.version == version.record;
                        });
    resources_.push_back(
        {{"resourceType", "DocumentReference"},
         {"identifier", IdentifierOf(one.text.id())},
         {"status", "current"},
         {"docStatus", handed ? "final" : "preliminary"},
         {"type", fhir::Concept(fhir::Coding("urn:schakel:document", "court-plan", "court-plan"))},
         {"subject", Subject()},
         {"date", ToText(version.at)},
         {"author", Json::array({Organisation(one.text.author())})},
         {"content",
          Json::array({{{"attachment", {{"contentType", "text/plain"}, {"data", ToBase64(AsBytes(body->text))}}}}})}});
  }

  const Paper& paper_;
  const CaseTrajectory& file_;
  const ExportNames& names_;
  const Timestamp now_;
  std::vector<Json> resources_;
  std::string patient_;
  std::map<OrgId, std::string> organisations_;
};

}  // namespace

Json PlanBundle(const Paper& paper, const ExportNames& names, Timestamp now) {
  return fhir::Bundle(Plan(paper, names, now).Build(), now);
}

}  // namespace schakel
