// Notes, agreements, requests for help, and any record by itself.
#include <algorithm>
#include <set>

#include "router.h"

namespace schakel::records_routes {
namespace {

// Overviews name no words; ?show=full reads them, and that is a view of each.
Result<Reply> ListOf(Call& call, Kind kind) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, call.desk.cases.Trajectory(id));
  std::vector<CaseItem> items;
  std::ranges::copy_if(trajectory.items, std::back_inserter(items), [&](const CaseItem& item) {
    return item.kind == kind || (kind == Kind::kNote && item.kind == Kind::kShareAgain);
  });
  SCHAKEL_ASSIGN(const auto page, call.PageOf(std::move(items), [](const CaseItem& one) { return ToText(one.id); }));
  const JsonViews views = call.Views();
  Json list = Json::array();
  if (!call.Asks("show", "full")) {
    for (const CaseItem& item : page.items) list.push_back(views.ItemView(item));
    return Reply{.json = {{"records", std::move(list)}, {"next", page.next}}};
  }
  std::vector<RecordId> ids;
  ids.reserve(page.items.size());
  for (const CaseItem& item : page.items) ids.push_back(item.id);
  SCHAKEL_ASSIGN(const auto shown, call.desk.reading.Show(ids, call.caller));
  if (auto turned_away = TurnedAway(shown)) return std::unexpected(std::move(*turned_away));
  for (const Reading::Shown& one : shown) list.push_back(views.ShownView(one));
  return Reply{.json = {{"records", std::move(list)}, {"next", page.next}}};
}

Result<Reply> Notes(Call& call) { return ListOf(call, Kind::kNote); }
Result<Reply> Agreements(Call& call) { return ListOf(call, Kind::kAgreement); }
Result<Reply> Requests(Call& call) { return ListOf(call, Kind::kRequestForHelp); }

Marking ReadMarking(Input& input) {
  return {input.Word("exception", Exception::kNone, &ParseException), input.Text("exception_why")};
}

Result<Reply> AddNote(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const NoteBody note{input.RequiredText("title"), input.RequiredText("text")};
  const CategorySet categories = input.Set<Category>("categories", &ParseCategory);
  const Purpose purpose = input.Word("purpose", Purpose::kCareCoordination, &ParsePurpose);
  const Marking marking = ReadMarking(input);
  const Audience audience = call.ReadAudience(input);
  if (categories.empty()) input.Refuse({Code::kInvalid, "request.required", {}, "fill it in"}, "categories");
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.content.Note(id, note, purpose, categories, audience, marking));
  return call.Sending(sent);
}

// In their order, each once: so the same fields are the same bytes.
std::vector<std::string> ReadAlertFields(Input& input) {
  std::set<AlertField> fields;
  for (const AlertField one : input.Words<AlertField>("alert_fields", &ParseAlertField)) fields.insert(one);
  std::vector<std::string> slugs;
  for (const AlertField one : fields) slugs.emplace_back(Slug(one));
  return slugs;
}

Result<Reply> AddAgreement(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  AgreementBody agreement;
  agreement.about = input.Word("about", AgreementTopic::kOther, &ParseAgreementTopic);
  agreement.text = input.RequiredText("text");
  agreement.contact = input.Text("contact");
  agreement.partner = input.Text("partner");
  agreement.alert_fields = ReadAlertFields(input);
  const Marking marking = ReadMarking(input);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.content.Agree(id, agreement, audience, marking));
  return call.Sending(sent);
}

Result<Reply> AddRequest(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  RequestBody request;
  input.RequiredText("who");
  request.who = input.Word("who", Speaker::kYoungPerson, &ParseSpeaker);
  request.name = input.Text("name");
  request.words = input.RequiredText("words");
  request.choice = input.Word("choice", HelpChoice::kUnsaid, &ParseHelpChoice);
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.content.AskForHelp(id, request, audience));
  return call.Sending(sent);
}

Result<Reply> Read(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("record"));
  // The files that go with it are shown beside it, and logged as seen with it.
  const std::vector<CaseAttachment> files = call.desk.attachments.About(id);
  std::vector<RecordId> ids = {id};
  for (const CaseAttachment& file : files) ids.push_back(file.item.id);
  SCHAKEL_ASSIGN(const auto shown, call.desk.reading.Show(ids, call.caller));
  if (auto turned_away = TurnedAway(shown)) return std::unexpected(std::move(*turned_away));
  const JsonViews views = call.Views();
  Json json = views.ShownView(shown.front());
  if (shown.front().held.header.kind == Kind::kAttachment) return Reply{.json = std::move(json)};
  json["attachments"] = Json::array();
  for (std::size_t i = 0; i < files.size(); ++i) {
    json["attachments"].push_back(AttachmentView(views.ShownView(shown[i + 1]), files[i]));
  }
  return Reply{.json = std::move(json)};
}

Result<Reply> Share(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("record"));
  SCHAKEL_ASSIGN(const HeldRecord held, call.desk.engine.Find(id));
  Input input(call.body);
  const std::string about = input.Text("about");
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  if (held.header.kind == Kind::kAttachment) {
    AttachmentService::Sharing sharing{id, {}, audience};
    if (!about.empty()) {
      SCHAKEL_ASSIGN(sharing.about, call.desk.cases.FindRecord(about));
    }
    SCHAKEL_ASSIGN(const Sent sent, call.desk.attachments.ShareAgain(sharing, call.caller.person.name));
    return call.Sending(sent);
  }
  if (!about.empty()) {
    return Fail(Code::kInvalid, "share.about", "about", "leave it out: only a file is put beside a record");
  }
  SCHAKEL_ASSIGN(const Sent sent, call.desk.content.ShareAgain(id, audience));
  return call.Sending(sent);
}

Result<Reply> Mark(Call& call) {
  SCHAKEL_ASSIGN(const RecordId id, call.Record("record"));
  Input input(call.body);
  const Marking marking{input.RequiredWord("exception", Exception::kNone, &ParseException), input.RequiredText("why")};
  const Audience audience = call.ReadAudience(input);
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.content.Mark(id, marking, audience));
  return call.Sending(sent);
}

const Route kRoutes[] = {
    {"GET", "/v1/trajectories/{trajectory}/notes", &Notes, {"show", "limit", "cursor"}},
    {"POST", "/v1/trajectories/{trajectory}/notes", &AddNote},
    {"GET", "/v1/trajectories/{trajectory}/agreements", &Agreements, {"show", "limit", "cursor"}},
    {"POST", "/v1/trajectories/{trajectory}/agreements", &AddAgreement},
    {"GET", "/v1/trajectories/{trajectory}/requests", &Requests, {"show", "limit", "cursor"}},
    {"POST", "/v1/trajectories/{trajectory}/requests", &AddRequest},
    {"GET", "/v1/records/{record}", &Read},
    {"POST", "/v1/records/{record}/shares", &Share},
    {"POST", "/v1/records/{record}/exception", &Mark},
};

}  // namespace
}  // namespace schakel::records_routes

namespace schakel {

std::span<const Route> RecordRoutes() { return records_routes::kRoutes; }

}  // namespace schakel
