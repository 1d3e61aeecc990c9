// After the help, the passage to adulthood, and subjects that belong together.
#include <set>

#include "api/own_profile.h"
#include "api/read_all.h"
#include "api/router.h"
#include "passage_views.h"

namespace schakel::passage_routes {
namespace {

Result<CaseTrajectory> TrajectoryOf(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  return call.desk.cases.Trajectory(id);
}

// What the others of `ties` are called: a view of each.
Result<Glance> LabelsOf(Call& call, const std::vector<SubjectTie>& ties) {
  Glance glance;
  for (const SubjectTie& one : ties) {
    SCHAKEL_ASSIGN(const CaseTrajectory other, call.desk.cases.Trajectory(one.to));
    glance.Want(other);
  }
  SCHAKEL_TRY(glance.Read(call.desk.reading, call.caller));
  return glance;
}
Result<Json> OtherView(Call& call, const SubjectTie& one, const Glance& glance) {
  SCHAKEL_ASSIGN(const CaseTrajectory other, call.desk.cases.Trajectory(one.to));
  return call.Views().TrajectoryView(&other, glance);
}

// ---- Aftercare ----

Result<Reply> Aftercare(Call& call) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, TrajectoryOf(call));
  std::set<RecordId> ids;
  for (const CaseAftercare& one : trajectory.passage.contacts) ids.insert(one.text.current().record);
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, ids));
  SCHAKEL_ASSIGN(const auto ties, call.desk.subject_ties.Of(trajectory.id, call.caller));
  SCHAKEL_ASSIGN(const Glance glance, LabelsOf(call, ties));
  Json view = {{"follows", nullptr}, {"followed_by", nullptr}, {"contacts", Json::array()}};
  for (const SubjectTie& one : ties) {
    const bool before = one.relation == SubjectRelation::kPrecedes;
    if (!before && one.relation != SubjectRelation::kFollows) continue;
    SCHAKEL_ASSIGN(view[before ? "follows" : "followed_by"], OtherView(call, one, glance));
  }
  const JsonViews views = call.Views();
  const Timestamp now = call.desk.clock.Now();
  for (const CaseAftercare& one : trajectory.passage.contacts) {
    const AftercareState state = StateOf(trajectory, one, now);
    view["contacts"].push_back(ViewOf(one, state, views, read));
    // Which grants the lead has is known there alone.
    view["contacts"].back()["unheard"] = state.unheard && trajectory.lead == call.desk.engine.Self();
  }
  return Reply{.json = std::move(view)};
}

Result<Reply> Begin(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  OpeningBody opening;
  opening.label = input.Text("label");
  opening.reason = input.Text("reason");
  opening.module = Module::kUnspecified;
  Audience audience;
  audience.preview = input.Flag("preview", false);
  audience.patience = call.patience;
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.aftercare.Begin(id, std::move(opening), audience));
  return call.Sending(sent);
}

struct Agreed {
  AftercareContactBody body;
  RecordId grant;
  Audience audience;
};
Result<Agreed> ReadContact(Call& call, bool anew) {
  Input input(call.body);
  Agreed agreed;
  AftercareContactBody& body = agreed.body;
  if (anew) body.ended = input.Flag("ended", false);
  if (call.body.contains("organisation")) body.organisation = input.Organisation("organisation");
  body.who = input.RequiredText("who");
  body.how = input.RequiredWord("how", ContactHow::kPhone, &ParseContactHow);
  body.at = input.Time("at");
  // Far too much is refused as any other, whatever is left of it in 32 bits.
  const std::uint64_t weeks = input.Number("every_weeks").value_or(0);
  body.every_weeks = static_cast<std::uint32_t>(std::min<std::uint64_t>(weeks, kAftercareWeeksMax + 1));
  body.until = input.Time("until");
  body.text = input.Text("text");
  const std::string grant = input.RequiredText("grant");
  agreed.audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(agreed.grant, InField(call.desk.cases.FindRecord(grant), "grant"));
  return agreed;
}

Result<Reply> Agree(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(Agreed agreed, ReadContact(call, false));
  SCHAKEL_ASSIGN(const Sent sent, call.desk.aftercare.Agree(id, std::move(agreed.body), agreed.grant, agreed.audience));
  return call.Sending(sent);
}

Result<Reply> EditContact(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("contact"));
  SCHAKEL_ASSIGN(Agreed agreed, ReadContact(call, true));
  SCHAKEL_ASSIGN(const Sent sent, call.desk.aftercare.Edit(id, std::move(agreed.body), agreed.grant, agreed.audience));
  return call.Sending(sent);
}

// How it was to be, where nothing else is said.
Result<ContactHow> AgreedHow(Call& call, const RecordId& contact) {
  SCHAKEL_ASSIGN(const auto found, call.desk.aftercare.Find(contact));
  return call.desk.cases.With([&](CaseFile& file) {
    const CaseRecord* record = file.Record(found.contact.text.current().record);
    const auto* body = record && record->body ? std::get_if<AftercareContactBody>(&*record->body) : nullptr;
    return body == nullptr ? ContactHow::kOther : body->how;
  });
}

Result<Reply> Done(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("contact"));
  SCHAKEL_ASSIGN(const ContactHow how, AgreedHow(call, id));
  Input input(call.body);
  ContactMomentBody body;
  body.how = input.Word("how", how, &ParseContactHow);
  body.face_to_face = input.Flag("face_to_face", IsUsuallyFaceToFace(body.how));
  body.at = input.Time("at");
  body.minutes =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(input.Number("minutes").value_or(0), kContactMinutesMax + 1));
  std::set<Speaker> with;
  for (const Speaker one : input.Words<Speaker>("with", &ParseSpeaker)) with.insert(one);
  body.with = {with.begin(), with.end()};
  body.others = input.Text("others");
  body.text = input.Text("text");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.aftercare.Done(id, std::move(body), audience));
  return call.Sending(sent);
}

// ---- Adulthood ----

Json ParentsView(const CaseTrajectory& trajectory, const JsonViews& views, Timestamp now) {
  Json list = Json::array();
  for (const CaseGrant& one : OfParents(trajectory, now)) {
    const Grant& grant = one.grant;
    list.push_back({{"grant", ToText(grant.id)},
                    {"grantor", Slug(grant.terms.grantor)},
                    {"recipient", views.Organisation(grant.terms.recipient)},
                    {"ends_at", ToText(grant.ends_at)},
                    {"lapsed", trajectory.stage == Stage::kAdult}});
  }
  return list;
}

Result<Reply> Adulthood(Call& call) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, TrajectoryOf(call));
  std::set<RecordId> ids;
  for (const CaseAdulthoodPlan& one : trajectory.passage.plans) ids.insert(one.text.current().record);
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, ids));
  const JsonViews views = call.Views();
  const Timestamp now = call.desk.clock.Now();
  const Profile profile = OwnProfile(call.desk);
  Json plans = Json::array();
  for (const CaseAdulthoodPlan& one : trajectory.passage.plans) plans.push_back(ViewOf(one, views, read));
  Json questions = Json::array();
  for (const RingQuestion& one : profile.adulthood) {
    questions.push_back({{"key", one.key}, {"title", one.words.In(call.language)}});
  }
  Json asked = Json::array();
  for (const AdulthoodAsk& one : AdulthoodAsksOf(trajectory, now)) asked.push_back(Slug(one.what));
  const CaseAdulthoodPlan* plan = trajectory.passage.CurrentPlan();
  const bool shown = plan != nullptr && read.Has(plan->text.current().record);
  const auto accepted = AcceptedIn(trajectory, now);
  return Reply{.json = {{"plans", std::move(plans)},
                        {"questions", std::move(questions)},
                        {"missing", MissingIn(trajectory.passage, profile)},
                        {"of_age_at", shown ? TimeView(plan->of_age_at) : Json(nullptr)},
                        {"of_age", trajectory.stage == Stage::kAdult},
                        {"accepted", accepted ? ViewOf(*accepted, views) : Json(nullptr)},
                        {"asked", std::move(asked)},
                        {"parents", ParentsView(trajectory, views, now)}}};
}

struct Written {
  AdulthoodPlanBody body;
  Audience audience;
};
Result<Written> ReadPlan(Call& call) {
  Input input(call.body);
  Written written;
  written.body.of_age_at = input.Time("of_age_at");
  written.body.receiver = input.Text("receiver");
  for (const Json& object : input.Objects("domains")) {
    Input domain(object);
    AdulthoodDomain one;
    one.key = domain.Text("key");
    one.title = domain.Text("title");
    one.agreed = domain.Text("agreed");
    one.who = domain.Text("who");
    one.by = domain.Time("by");
    one.state = domain.Word("state", DomainState::kOpen, &ParseDomainState);
    SCHAKEL_TRY(domain.Finish());
    written.body.domains.push_back(std::move(one));
  }
  written.body.text = input.Text("text");
  written.audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  return written;
}

Result<Reply> WritePlan(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(Written written, ReadPlan(call));
  SCHAKEL_ASSIGN(const Sent sent, call.desk.adulthood.Write(id, std::move(written.body), OwnProfile(call.desk),
                                                            call.language, written.audience));
  return call.Sending(sent);
}

Result<Reply> EditPlan(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("plan"));
  SCHAKEL_ASSIGN(Written written, ReadPlan(call));
  SCHAKEL_ASSIGN(const Sent sent, call.desk.adulthood.Edit(id, std::move(written.body), OwnProfile(call.desk),
                                                           call.language, written.audience));
  return call.Sending(sent);
}

// ---- Subjects that belong together ----

Result<Json> TieView(Call& call, const SubjectTie& one, const Glance& glance) {
  SCHAKEL_ASSIGN(Json other, OtherView(call, one, glance));
  return Json{{"id", ToHex(one.id)},
              {"trajectory", std::move(other)},
              {"relation", Slug(one.relation)},
              {"since", ToText(one.at)}};
}

Result<Reply> Subjects(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(auto ties, call.desk.subject_ties.Of(id, call.caller));
  std::erase_if(ties, [](const SubjectTie& one) { return one.relation >= SubjectRelation::kFollows; });
  SCHAKEL_ASSIGN(const Glance glance, LabelsOf(call, ties));
  Json list = Json::array();
  for (const SubjectTie& one : ties) {
    SCHAKEL_ASSIGN(Json view, TieView(call, one, glance));
    list.push_back(std::move(view));
  }
  return Reply{.json = {{"subjects", std::move(list)}}};
}

Result<Reply> TieSubjects(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const std::string named = input.RequiredText("other");
  const SubjectRelation relation = input.RequiredWord("relation", SubjectRelation::kSibling, &ParseSubjectRelation);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const TrajectoryId other, InField(call.desk.cases.FindTrajectory(named), "other"));
  SCHAKEL_ASSIGN(const SubjectTie one, call.desk.subject_ties.Tie(id, other, relation, call.caller));
  SCHAKEL_ASSIGN(const Glance glance, LabelsOf(call, {one}));
  SCHAKEL_ASSIGN(Json view, TieView(call, one, glance));
  return Reply{.status = 201, .json = std::move(view)};
}

Result<Reply> Untie(Call& call) {
  SCHAKEL_TRY(call.desk.subject_ties.Untie(call.path.at("tie"), call.caller));
  return Reply{.json = Json::object()};
}

const Route kRoutes[] = {
    {"GET", "/v1/trajectories/{trajectory}/aftercare", &Aftercare},
    {"POST", "/v1/trajectories/{trajectory}/aftercare", &Begin},
    {"POST", "/v1/trajectories/{trajectory}/aftercare/contacts", &Agree},
    {"POST", "/v1/aftercare/{contact}/edit", &EditContact},
    {"POST", "/v1/aftercare/{contact}/done", &Done},
    {"GET", "/v1/trajectories/{trajectory}/adulthood", &Adulthood},
    {"POST", "/v1/trajectories/{trajectory}/adulthood", &WritePlan},
    {"POST", "/v1/adulthood/{plan}/edit", &EditPlan},
    {"GET", "/v1/trajectories/{trajectory}/subjects", &Subjects},
    {"POST", "/v1/trajectories/{trajectory}/subjects", &TieSubjects},
    {"DELETE", "/v1/subjects/{tie}", &Untie},
};

}  // namespace
}  // namespace schakel::passage_routes

namespace schakel {

std::span<const Route> PassageRoutes() { return passage_routes::kRoutes; }

}  // namespace schakel
