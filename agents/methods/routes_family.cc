// Family group conferences: what staff says and sees of them, and what the family does.
#include <map>
#include <set>

#include "api/doorkeeper.h"
#include "api/read_all.h"
#include "api/router.h"

namespace schakel::family_routes {
namespace {

// ---- Staff: never a private note, but how many there are ----

Json AnswerView(const CaseFamilyPlan& plan, const JsonViews& views, const ReadRecords& read) {
  if (!plan.answer) return nullptr;
  return {{"said", Slug(plan.answer->said)},
          {"at", ToText(plan.answer->at)},
          {"record", read.View(plan.answer->record, views)}};
}

using NewLinks = std::vector<ConferenceLink>;

Json LinkView(const ConferenceLink& one, const JsonViews& views) {
  return {{"at", ToText(one.at)}, {"by", views.Organisation(one.by)}};
}

// With what each link was made for; whose it is, is not for everybody who knows of the conference.
Json LinksView(const NewLinks& links, const JsonViews& views, const ReadRecords& read) {
  Json list = Json::array();
  for (const ConferenceLink& one : links) {
    Json link = LinkView(one, views);
    link["record"] = read.View(one.record, views);
    list.push_back(std::move(link));
  }
  return list;
}

// Null: a link from before the family was among itself.
Result<Json> NewLinkOf(const Call& call, const NewLinks& links, const RecordId& plan) {
  SCHAKEL_ASSIGN(const HeldRecord held, call.desk.engine.Find(plan));
  const ConferenceLink* link = LinkOfPlan(links, held.header);
  return link == nullptr ? Json(nullptr) : LinkView(*link, call.Views());
}

Result<Json> PlansView(const Call& call, const CaseFamily& family, const RecordId& conference, const NewLinks& links,
                       const ReadRecords& read) {
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (const CaseFamilyPlan& one : family.plans) {
    if (one.conference != conference) continue;
    SCHAKEL_ASSIGN(Json link, NewLinkOf(call, links, one.id));
    list.push_back({{"id", ToText(one.id)},
                    {"at", ToText(one.at)},
                    {"author", views.Organisation(one.author)},
                    {"new_link", std::move(link)},
                    {"record", read.View(one.id, views)},
                    {"answer", AnswerView(one, views, read)}});
  }
  return list;
}

Json MovesView(const CaseConference& conference, const JsonViews& views, const ReadRecords& read) {
  Json list = Json::array();
  for (const CaseConference::Move& one : conference.moves) {
    list.push_back({{"phase", Slug(one.phase)}, {"at", ToText(one.at)}, {"record", read.View(one.record, views)}});
  }
  return list;
}

std::set<RecordId> ReadFor(const CaseFamily& family, const std::map<RecordId, NewLinks>& links) {
  std::set<RecordId> ids;
  for (const auto& [conference, all] : links) {
    for (const ConferenceLink& one : all) ids.insert(one.record);
  }
  for (const CaseConference& one : family.conferences) {
    for (const CaseConference::Move& move : one.moves) ids.insert(move.record);
  }
  for (const CaseFamilyPlan& one : family.plans) {
    ids.insert(one.id);
    if (one.answer) ids.insert(one.answer->record);
  }
  return ids;
}

Result<Reply> List(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, call.desk.cases.Trajectory(id));
  std::map<RecordId, NewLinks> links;
  for (const CaseConference& one : trajectory.family.conferences) {
    SCHAKEL_ASSIGN(links[one.id], call.desk.conferences.NewLinks(id, one.id));
  }
  SCHAKEL_ASSIGN(const ReadRecords read, ReadAll(call, ReadFor(trajectory.family, links)));
  const JsonViews views = call.Views();
  const OrgId self = call.desk.engine.Self();
  Json list = Json::array();
  std::set<RecordId> known;
  for (const CaseConference& one : trajectory.family.conferences) {
    known.insert(one.id);
    Json notes = nullptr;
    if (one.coordinator == self) {
      SCHAKEL_ASSIGN(notes, call.desk.family_notes.CountOf(one.id));
    }
    SCHAKEL_ASSIGN(Json plans, PlansView(call, trajectory.family, one.id, links[one.id], read));
    list.push_back({{"id", ToText(one.id)},
                    {"coordinator", views.Organisation(one.coordinator)},
                    {"independent", one.coordinator != trajectory.lead},
                    {"table", IdView(one.table)},
                    {"phase", Slug(one.phase())},
                    {"moves", MovesView(one, views, read)},
                    {"private_notes", std::move(notes)},
                    {"new_links", LinksView(links[one.id], views, read)},
                    {"plans", std::move(plans)}});
  }
  // A plan may reach whom the conference itself did not.
  for (const CaseFamilyPlan& plan : trajectory.family.plans) {
    if (!known.insert(plan.conference).second) continue;
    SCHAKEL_ASSIGN(Json plans, PlansView(call, trajectory.family, plan.conference, {}, read));
    list.push_back({{"id", ToText(plan.conference)},
                    {"coordinator", views.Organisation(plan.author)},
                    {"independent", plan.author != trajectory.lead},
                    {"table", nullptr},
                    {"phase", Slug(FamilyPhase::kPlan)},
                    {"moves", Json::array()},
                    {"private_notes", nullptr},
                    {"new_links", Json::array()},
                    {"plans", std::move(plans)}});
  }
  return Reply{.json = {{"conferences", std::move(list)}}};
}

Result<Reply> Begin(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const std::string table = input.RequiredText("table");
  FamilyConferenceBody body;
  body.coordinator = input.RequiredText("coordinator");
  body.question = input.RequiredText("question");
  body.at = input.Time("at");
  body.text = input.Text("text");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  if (body.at && *body.at + std::chrono::days(1) < call.desk.clock.Now()) {
    return Fail(Code::kInvalid, "conference.past", "at", "give the day of the meeting, today or later");
  }
  SCHAKEL_ASSIGN(const RecordId meeting, InField(call.desk.cases.FindRecord(table), "table"));
  SCHAKEL_ASSIGN(const Sent sent, call.desk.conferences.Begin(id, meeting, std::move(body), audience));
  return call.Sending(sent);
}

Result<Reply> Move(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("conference"));
  Input input(call.body);
  const FamilyPhase phase = input.RequiredWord("phase", FamilyPhase::kInformation, &ParseFamilyPhase);
  const std::string text = input.Text("text");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.conferences.Move(id, phase, text, audience));
  return call.Sending(sent);
}

Result<Reply> AnswerPlan(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("plan"));
  Input input(call.body);
  FamilyPlanBody body;
  body.said = input.RequiredWord("said", FamilyPlanSaid::kPlan, &ParseFamilyPlanSaid);
  body.text = input.Text("text");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.conferences.Answer(id, body, audience));
  return call.Sending(sent);
}

// ---- The family ----

Result<GuestService::Visit> Own(const Call& call) {
  if (call.visitor.guest) return *call.visitor.guest;
  return Fail(Code::kUnauthenticated, "guest.session", {}, "open your link again");
}

Json NoteView(const FamilyNote& one, const RecordId& guest) {
  return {{"id", ToHex(one.id)},           {"author", ToText(one.author)}, {"own", one.author == guest},
          {"at", ToText(one.at)},          {"words", one.words},           {"nonce", ToBase64(one.nonce)},
          {"sealed", ToBase64(one.sealed)}};
}

// The page asks this of every guest: that there is no conference is an answer.
Result<Reply> Look(Call& call) {
  SCHAKEL_ASSIGN(const auto visit, Own(call));
  const auto conference = call.desk.conferences.Of(visit);
  if (!conference && conference.error().rule == "conference.none") return Reply{.json = {{"conference", nullptr}}};
  SCHAKEL_ASSIGN(const auto view, call.desk.conferences.Look(visit));
  Json notes = Json::array();
  if (view.conference.phase() != FamilyPhase::kInformation) {
    SCHAKEL_ASSIGN(const auto all, call.desk.family_notes.Read(visit));
    for (const FamilyNote& one : all) notes.push_back(NoteView(one, visit.guest));
  }
  Json links = Json::array();
  for (const ConferenceLink& one : view.new_links) links.push_back(LinkView(one, call.Views()));
  Json plan = nullptr;
  if (view.plan) {
    plan = {{"text", view.plan->text}, {"name", view.plan->name}, {"answer", nullptr}};
    if (view.answer) plan["answer"] = {{"said", Slug(view.answer->said)}, {"text", view.answer->text}};
  }
  return Reply{.json = {{"conference",
                         {{"id", ToText(view.conference.id)},
                          {"guest", ToText(visit.guest)},
                          {"coordinator", view.body.coordinator},
                          {"question", view.body.question},
                          {"at", TimeView(view.body.at)},
                          {"phase", Slug(view.conference.phase())},
                          {"notes", std::move(notes)},
                          {"new_links", std::move(links)},
                          {"plan", std::move(plan)}}}}};
}

Result<Reply> WriteNote(Call& call) {
  Input input(call.body);
  const std::string nonce = input.RequiredText("nonce");
  const std::string sealed = input.RequiredText("sealed");
  FamilyNote note;
  note.words = input.Flag("words", false);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const auto visit, Own(call));
  const auto nonce_bytes = FromBase64(nonce);
  auto sealed_bytes = FromBase64(sealed);
  if (!nonce_bytes || nonce_bytes->size() != note.nonce.size() || !sealed_bytes) {
    return Fail(Code::kInvalid, "family_note.sealed", "sealed", "let the page encrypt it");
  }
  std::ranges::copy(*nonce_bytes, note.nonce.begin());
  note.sealed = std::move(*sealed_bytes);
  SCHAKEL_ASSIGN(const FamilyNote written, call.desk.family_notes.Write(visit, std::move(note)));
  return Reply{.status = 201, .json = NoteView(written, visit.guest)};
}

Result<Reply> WipeNote(Call& call) {
  SCHAKEL_ASSIGN(const auto visit, Own(call));
  SCHAKEL_TRY(call.desk.family_notes.Wipe(visit, call.path.at("note")));
  return Reply{.json = Json::object()};
}

Result<Reply> WipeNotes(Call& call) {
  SCHAKEL_ASSIGN(const auto visit, Own(call));
  SCHAKEL_TRY(call.desk.family_notes.WipeAll(visit));
  return Reply{.json = Json::object()};
}

// Of the record, and whom it went to, a guest hears nothing.
Result<Reply> HandOver(Call& call) {
  Input input(call.body);
  const std::string text = input.RequiredText("text");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const auto visit, Own(call));
  SCHAKEL_TRY(call.desk.conferences.HandOver(visit, text, call.patience));
  return Reply{.status = 201, .json = Json::object()};
}

const Route kRoutes[] = {
    {"GET", "/v1/trajectories/{trajectory}/conferences", &List},
    {"POST", "/v1/trajectories/{trajectory}/conferences", &Begin},
    {"POST", "/v1/conferences/{conference}/phase", &Move},
    {"POST", "/v1/family-plans/{plan}/answer", &AnswerPlan},
    {"GET", "/v1/guest/conference", &Look},
    {"POST", "/v1/guest/conference/notes", &WriteNote},
    {"DELETE", "/v1/guest/conference/notes", &WipeNotes},
    {"DELETE", "/v1/guest/conference/notes/{note}", &WipeNote},
    {"POST", "/v1/guest/conference/plan", &HandOver},
};

}  // namespace
}  // namespace schakel::family_routes

namespace schakel {

std::span<const Route> FamilyRoutes() { return family_routes::kRoutes; }

}  // namespace schakel
