// Commitments that persons sign: what a guest is asked and says, and what of it goes to the youth court.
#include <set>

#include "api/handing_over.h"
#include "api/read_all.h"
#include "api/router.h"
#include "local_time.h"
#include "methods/cited_view.h"

namespace schakel::engagement_routes {
namespace {

// ---- The guest ----

Result<GuestService::Visit> Own(const Call& call) {
  if (call.visitor.guest) return *call.visitor.guest;
  return Fail(Code::kUnauthenticated, "guest.session", {}, "open your link again");
}

// What a person said, as themselves: "signed", "declined", or not yet.
const char* StandingOf(const CaseCommitment& one, Speaker who) {
  const auto said = one.words.find(who);
  if (said == one.words.end()) return "outstanding";
  return said->second.declined ? "declined" : "signed";
}

// How far each who signed finds it: who, how far, when and how. Words are shown of the guest alone.
Json AskedGoalView(const JsonViews& views, const EngagementService::AskedGoal& goal, Speaker guest) {
  Json progress = Json::array();
  const auto add = [&](const OrgId& by, Json who, SignedHow how, Timestamp at, GoalProgress found) {
    progress.push_back({{"organisation", views.Organisation(by)["name"]},
                        {"who", std::move(who)},
                        {"how", Slug(how)},
                        {"at", ToText(at)},
                        {"progress", Slug(found)}});
  };
  for (const auto& [party, said] : goal.cited.progress) {
    add(party, nullptr, SignedHow::kOrganisation, said.at, said.progress);
  }
  for (const auto& [who, said] : goal.cited.persons) {
    add(said.taken_down_by, Slug(who), said.how, said.at, said.progress);
  }
  const auto own = goal.cited.persons.find(guest);
  return {{"id", ToText(goal.cited.version)},
          {"text", goal.body ? Json(goal.body->text) : Json(nullptr)},
          {"state", Slug(goal.cited.state)},
          {"progress", std::move(progress)},
          {"own", own == goal.cited.persons.end() ? Json(nullptr) : Json(Slug(own->second.progress))},
          {"words", goal.own ? Json(goal.own->text) : Json(nullptr)},
          {"open", goal.cited.state == CaseCited::State::kAsSigned && goal.cited.review_due.has_value()}};
}

Json AskedCriterionView(const EngagementService::AskedCriterion& criterion) {
  return {{"id", ToText(criterion.cited.version)},
          {"whose", criterion.body ? Json(Slug(criterion.body->whose)) : Json(nullptr)},
          {"text", criterion.body ? Json(criterion.body->text) : Json(nullptr)},
          {"state", Slug(criterion.cited.state)},
          {"met", criterion.cited.met}};
}

Json AskedView(const Call& call, const EngagementService::Asked& asked) {
  const JsonViews views = call.Views();
  const CaseCommitment& one = asked.commitment;
  Json parties = Json::array();
  for (const OrgId& party : one.parties) parties.push_back(views.Organisation(party)["name"]);
  Json persons = Json::array();
  for (const Speaker person : one.persons) persons.push_back(Slug(person));
  const auto said = one.words.find(asked.who);
  Json goals = Json::array();
  for (const auto& goal : asked.goals) goals.push_back(AskedGoalView(views, goal, asked.who));
  Json criteria = Json::array();
  for (const auto& criterion : asked.criteria) criteria.push_back(AskedCriterionView(criterion));
  return {{"id", ToText(one.text.current().record)},
          {"at", ToText(one.text.current().at)},
          {"text", asked.body.text},
          {"parties", std::move(parties)},
          {"persons", std::move(persons)},
          {"state", StandingOf(one, asked.who)},
          {"said_at", said == one.words.end() ? Json(nullptr) : Json(ToText(said->second.at))},
          {"words", asked.said ? Json(asked.said->remark) : Json(nullptr)},
          {"open", asked.open},
          {"active_since", TimeView(one.active_since)},
          {"goals", std::move(goals)},
          {"criteria", std::move(criteria)},
          {"changed", !one.StandsAsSigned()},
          {"renewal_due", one.renew_by && call.desk.clock.Now() >= *one.renew_by}};
}

Result<Reply> List(Call& call) {
  SCHAKEL_ASSIGN(const auto visit, Own(call));
  SCHAKEL_ASSIGN(const auto asked, call.desk.engagements.AskedOf(visit));
  Json list = Json::array();
  for (const auto& one : asked) list.push_back(AskedView(call, one));
  return Reply{.json = {{"commitments", std::move(list)}}};
}

// Of the record, and whom it went to, a guest hears nothing.
Result<Reply> Say(Call& call) {
  Input input(call.body);
  const bool declined = input.Flag("declined", false);
  const std::string words = input.Text("words");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const auto visit, Own(call));
  SCHAKEL_TRY(call.desk.engagements.Say(visit, call.path.at("commitment"), declined, words, call.patience));
  return Reply{.status = 201, .json = Json::object()};
}

Result<Reply> SayProgress(Call& call) {
  Input input(call.body);
  const std::string goal = input.RequiredText("goal");
  ProgressBody body;
  body.progress = input.RequiredWord("progress", GoalProgress::kOnTrack, &ParseGoalProgress);
  body.text = input.Text("words");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_TRY(InField(ParseId<RecordId>(goal), "goal"));
  SCHAKEL_ASSIGN(const auto visit, Own(call));
  SCHAKEL_TRY(call.desk.engagements.SayProgress(visit, call.path.at("commitment"), goal, body, call.patience));
  return Reply{.status = 201, .json = Json::object()};
}

// ---- To the youth court ----

// "- Mama Els (moeder), op papier bij De Wissel, ma 23/11/2026"
std::string PersonLine(const Call& call, const SignatureBody& body, const CaseCommitment::Word& said) {
  const std::string role = Phrase(call.language, "word.who." + std::string(Slug(body.who)));
  const std::string taker = call.Views().Organisation(said.taken_down_by)["name"];
  const std::string day = LocalDate(body.signed_at.value_or(said.at), call.language);
  const char* key = body.how == SignedHow::kPaper ? "engagement.on_paper" : "engagement.by_link";
  return "- " + Phrase(call.language, key,
                       {{"who", body.name.empty() ? role : body.name + " (" + role + ")"},
                        {"organisation", taker},
                        {"day", day}});
}

// The text with everybody who signed it, as the court reads it. A view of each record that it is made of.
Result<std::string> WrittenOut(const Call& call, const CaseCommitment& one) {
  std::set<RecordId> ids = {one.text.current().record};
  for (const auto& [who, said] : one.words) ids.insert(said.record);
  for (const CaseCited& goal : one.goals) ids.insert(goal.version);
  for (const CaseCited& criterion : one.criteria) ids.insert(criterion.version);
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, ids));
  const TypedBody* typed = read.Find(one.text.current().record);
  const auto* body = typed == nullptr ? nullptr : std::get_if<CommitmentBody>(typed);
  if (body == nullptr) return Fail(Code::kNotFound, "id.unknown", "commitment", "check the id");
  std::string signatures;
  for (const auto& [organisation, record] : one.signatures) {
    SCHAKEL_ASSIGN(const HeldRecord held, call.desk.engine.Find(record));
    const std::string name = call.Views().Organisation(organisation)["name"];
    signatures += "\n- " + Phrase(call.language, "engagement.by_organisation",
                                  {{"organisation", name}, {"day", LocalDate(held.at, call.language)}});
  }
  for (const auto& [who, said] : one.words) {
    const TypedBody* word = read.Find(said.record);
    const auto* signature = word == nullptr ? nullptr : std::get_if<SignatureBody>(word);
    if (signature != nullptr) signatures += "\n" + PersonLine(call, *signature, said);
  }
  const std::string since = one.active_since ? LocalDate(*one.active_since, call.language) : std::string();
  const std::string text = body->text + CitedText(one, call.Views(), read, CitedProgress::kNone);
  return Phrase(call.language, "engagement.copy", {{"at", since}, {"text", text}, {"signatures", signatures}});
}

Result<Reply> Copy(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("commitment"));
  Input input(call.body);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const CaseCommitment one, call.desk.engagements.Find(id));
  std::string text;
  if (one.active_since) {
    SCHAKEL_ASSIGN(text, WrittenOut(call, one));
  }
  SCHAKEL_ASSIGN(const Sent sent, call.desk.engagements.CopyForCourt(one.text.current().record, text, audience));
  return call.Sending(sent);
}

Result<Reply> HandOver(Call& call) { return HandingOver(call, "commitment", call.desk.engagements); }

const Route kRoutes[] = {
    {"GET", "/v1/guest/commitments", &List},
    {"POST", "/v1/guest/commitments/{commitment}/signature", &Say},
    {"POST", "/v1/guest/commitments/{commitment}/progress", &SayProgress},
    {"POST", "/v1/commitments/{commitment}/court-copy", &Copy},
    {"POST", "/v1/commitments/{commitment}/handover", &HandOver},
};

}  // namespace
}  // namespace schakel::engagement_routes

namespace schakel {

std::span<const Route> EngagementRoutes() { return engagement_routes::kRoutes; }

}  // namespace schakel
