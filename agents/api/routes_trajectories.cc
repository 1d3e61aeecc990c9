#include <algorithm>

#include "agents/trajectory_filter.h"
#include "router.h"

namespace schakel::trajectories_routes {
namespace {

Result<TrajectoryFilter> FilterOf(const Call& call) {
  TrajectoryFilter filter;
  filter.at = call.desk.clock.Now();
  filter.words = call.Asked("words");
  if (const std::string lead = call.Asked("lead"); !lead.empty()) {
    SCHAKEL_ASSIGN(filter.lead, InField(ParseOrgId(lead), "lead"));
  }
  if (const std::string module = call.Asked("module"); !module.empty()) {
    SCHAKEL_ASSIGN(filter.module, InField(ParseModule(module), "module"));
  }
  if (call.Asks("closed", "true")) filter.which = TrajectoryFilter::Which::kAll;
  if (const std::string state = call.Asked("state"); !state.empty()) {
    if (state != "open" && state != "closed") {
      return Fail(Code::kInvalid, "request.value", "state", "choose one of open, closed");
    }
    filter.which = state == "open" ? TrajectoryFilter::Which::kOpen : TrajectoryFilter::Which::kClosed;
  }
  return filter;
}

// By their labels, which are words: so each label shown is a view of the record that says it.
Result<Reply> List(Call& call) {
  using Page = std::pair<std::vector<CaseTrajectory>, Json>;
  std::size_t closed = 0;
  SCHAKEL_ASSIGN(const TrajectoryFilter filter, FilterOf(call));
  Sieve sieve(call.desk.engine, call.caller, call.desk.clock.Now());
  const auto asked = call.desk.cases.With([&](CaseFile& file) -> Result<Page> {
    SCHAKEL_ASSIGN(TrajectoriesFound found, FindTrajectories(file, sieve, filter));
    closed = found.closed;
    SCHAKEL_ASSIGN(const auto part,
                   call.PageOf(std::move(found.shown), [](const CaseTrajectory* one) { return ToText(one->id); }));
    Page copies{{}, part.next};
    for (const CaseTrajectory* trajectory : part.items) copies.first.push_back(*trajectory);
    return copies;
  });
  SCHAKEL_TRY(asked);
  const auto& [trajectories, next] = *asked;
  Glance glance;
  for (const CaseTrajectory& trajectory : trajectories) glance.Want(trajectory);
  SCHAKEL_TRY(glance.Read(call.desk.reading, call.caller));
  const JsonViews views = call.Views();
  Json list = Json::array();
  const OrgId self = call.desk.engine.Self();
  const Timestamp now = call.desk.clock.Now();
  for (const CaseTrajectory& one : trajectories) list.push_back(views.Overview(one, glance, self, now));
  return Reply{.json = {{"trajectories", std::move(list)}, {"closed", closed}, {"next", next}}};
}

Result<Reply> Open(Call& call) {
  Input input(call.body);
  OpeningBody opening;
  opening.label = input.RequiredText("label");
  opening.module = input.Word("module", Module::kUnspecified, &ParseModule);
  opening.reason = input.Text("reason");
  opening.allocated = input.Flag("allocated", false);
  const Stage stage = input.Word("stage", Stage::kCapable, &ParseStage);
  const Audience audience{{}, false, input.Flag("preview", false), call.patience};
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.trajectories.Open(opening, stage, audience));
  return call.Sending(sent);
}

// "note,agreement"; none: of every kind.
Result<std::set<Kind>> KindsOf(std::string_view text) {
  std::set<Kind> kinds;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    SCHAKEL_ASSIGN(const Kind kind, ParseKind(text.substr(0, end)));
    kinds.insert(kind);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return kinds;
}

// What happened, the newest first: at most `limit` of the kinds asked for, from just before `before` on.
struct StoryPart {
  std::vector<CaseItem> items;
  std::size_t total = 0;  // Of those kinds.
  Json next;              // To go on with as `before`; null: there is no more.
};
Result<StoryPart> StoryPartOf(const Call& call, const std::vector<CaseItem>& items) {
  SCHAKEL_ASSIGN(const auto kinds, KindsOf(call.Asked("kind")));
  SCHAKEL_ASSIGN(const std::size_t limit, call.PageLimit());
  RecordId before;
  if (const std::string text = call.Asked("before"); !text.empty()) {
    SCHAKEL_ASSIGN(before, call.desk.cases.FindRecord(text));
  }
  StoryPart part;
  bool there = IsNone(before);
  for (auto item = items.rbegin(); item != items.rend(); ++item) {
    const bool counts = kinds.empty() || kinds.contains(item->kind);
    if (counts) ++part.total;
    if (counts && there) {
      if (part.items.size() < limit) {
        part.items.push_back(*item);
      } else {
        part.next = ToText(part.items.back().id);
      }
    }
    // Also one of a kind that is not asked for: the place counts.
    if (!there) there = item->id == before;
  }
  if (!there) return Fail(Code::kConflict, "page.cursor", "before", "begin again without a cursor");
  return part;
}

// What was taken back and sealed must not look as if it could be read.
void MarkSealed(const Call& call, const TrajectoryId& id, Json& trajectory) {
  std::map<std::string, Json> sealed;
  const JsonViews views = call.Views();
  for (const SealedService::Row& row : call.desk.sealed.List(id)) {
    sealed.emplace(ToText(row.sealed.record), views.SealedView(row.sealed));
  }
  if (sealed.empty()) return;
  for (const char* list : {"items", "consultations", "tables"}) {
    for (Json& one : trajectory.at(list)) {
      const auto found = sealed.find(one.at("id").get<std::string>());
      if (found != sealed.end()) one["sealed"] = found->second;
    }
  }
}

Result<Reply> Show(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(CaseTrajectory trajectory, call.desk.cases.Trajectory(id));
  const bool in_parts = std::ranges::any_of(std::initializer_list<const char*>{"limit", "before", "kind"},
                                            [&](const char* name) { return call.query.contains(name); });
  StoryPart part;
  if (in_parts) {
    SCHAKEL_ASSIGN(part, StoryPartOf(call, trajectory.items));
    trajectory.items = std::move(part.items);
  }
  Glance glance;
  glance.Want(trajectory);
  SCHAKEL_TRY(glance.Read(call.desk.reading, call.caller));
  Json json = call.Views().Whole(trajectory, glance, call.desk.engine.Self(), call.desk.clock.Now());
  MarkSealed(call, id, json);
  if (in_parts) {
    json["items_total"] = part.total;
    json["items_next"] = part.next;
  }
  return Reply{.json = std::move(json)};
}

Result<Reply> Invite(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const OrgId organisation = input.Organisation("organisation");
  InvitationBody invitation;
  invitation.label = input.Text("label");
  invitation.message = input.Text("message");
  const auto expires_at = input.Time("expires_at");
  const Audience audience{{}, false, input.Flag("preview", false), call.patience};
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.trajectories.Invite(id, organisation, invitation, expires_at, audience));
  return call.Sending(sent);
}

// Invitations to us that are open. Their words are shown, so they are read.
Result<Reply> Invitations(Call& call) {
  struct Open {
    TrajectoryId trajectory;
    Participant self;
    OrgId lead;
  };
  std::vector<Open> open;
  std::vector<RecordId> ids;
  const Timestamp now = call.desk.clock.Now();
  call.desk.cases.With([&](CaseFile& file) {
    for (const CaseTrajectory* trajectory : file.Trajectories()) {
      const Participant* self = trajectory->Find(call.desk.engine.Self());
      if (self == nullptr || self->status != MemberStatus::kInvited || now >= self->invite_expires_at) continue;
      if (file.Record(self->invite) == nullptr) continue;
      open.push_back({trajectory->id, *self, trajectory->lead});
      ids.push_back(self->invite);
    }
  });
  SCHAKEL_ASSIGN(const auto shown, call.desk.reading.Show(ids, call.caller));
  const JsonViews views = call.Views();
  Json list = Json::array();
  for (std::size_t i = 0; i < open.size(); ++i) {
    Json row = {{"trajectory", ToText(open[i].trajectory)},
                {"lead", views.Organisation(open[i].lead)},
                {"expires_at", ToText(open[i].self.invite_expires_at)},
                {"record", views.ShownView(shown[i])}};
    list.push_back(std::move(row));
  }
  return Reply{.json = {{"invitations", std::move(list)}}};
}

Result<Reply> SayStage(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const Stage stage = input.RequiredWord("stage", Stage::kCapable, &ParseStage);
  std::optional<OrgId> receiver;
  if (call.body.contains("receiver")) receiver = input.Organisation("receiver");
  const Audience audience{{}, false, input.Flag("preview", false), call.patience};
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.trajectories.SayStage(id, stage, receiver, audience));
  return call.Sending(sent);
}

// Statements with a word: {"message": ".."}.
struct Word {
  TrajectoryId id;
  MessageBody message;
  Audience audience;
};
Result<Word> ReadWord(Call& call) {
  Word word;
  SCHAKEL_ASSIGN(word.id, call.Trajectory());
  Input input(call.body);
  word.message.text = input.Text("message");
  word.audience = {{}, false, input.Flag("preview", false), call.patience};
  SCHAKEL_TRY(input.Finish());
  return word;
}

Result<Reply> Join(Call& call) {
  SCHAKEL_ASSIGN(const Word word, ReadWord(call));
  SCHAKEL_ASSIGN(const Sent sent, call.desk.trajectories.Join(word.id, word.message, word.audience));
  return call.Sending(sent);
}

Result<Reply> Leave(Call& call) {
  SCHAKEL_ASSIGN(const Word word, ReadWord(call));
  SCHAKEL_ASSIGN(const Sent sent, call.desk.trajectories.Leave(word.id, word.message, word.audience));
  return call.Sending(sent);
}

Result<Reply> Close(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  ClosingBody closing;
  closing.message = input.Text("message");
  closing.copy_offered = input.RequiredText("copy_offered");
  closing.copy = input.RequiredWord("copy", CopyTaken::kTaken, &ParseCopyTaken);
  closing.retain_why = input.Text("retain_why");
  const auto retain_until = input.Time("retain_until");
  const std::string unmet_why = input.Text("unmet_why");
  const Audience audience{{}, false, input.Flag("preview", false), call.patience};
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.trajectories.Close(id, closing, retain_until, audience, unmet_why));
  return call.Sending(sent);
}

Result<Reply> Remove(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const OrgId organisation = input.Organisation("organisation");
  const MessageBody message{input.Text("message")};
  const Audience audience{{}, false, input.Flag("preview", false), call.patience};
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.trajectories.Remove(id, organisation, message, audience));
  return call.Sending(sent);
}

Result<Reply> Introduce(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  Input input(call.body);
  const OrgId member = input.Organisation("member");
  const OrgId to = input.Organisation("to");
  const bool both = input.Flag("both", false);
  const Audience audience{{}, false, input.Flag("preview", false), call.patience};
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent first, call.desk.trajectories.Introduce(id, member, to, audience));
  Reply reply = call.Sending(first);
  if (both) {
    SCHAKEL_ASSIGN(const Sent second, call.desk.trajectories.Introduce(id, to, member, audience));
    reply.json["back"] = call.Views().SentView(second);
  }
  return reply;
}

const Route kRoutes[] = {
    {"GET", "/v1/trajectories", &List, {"closed", "words", "lead", "module", "state", "limit", "cursor"}},
    {"POST", "/v1/trajectories", &Open},
    {"GET", "/v1/trajectories/{trajectory}", &Show, {"limit", "before", "kind"}},
    {"GET", "/v1/invitations", &Invitations},
    {"POST", "/v1/trajectories/{trajectory}/invitations", &Invite},
    {"POST", "/v1/trajectories/{trajectory}/join", &Join},
    {"POST", "/v1/trajectories/{trajectory}/leave", &Leave},
    {"POST", "/v1/trajectories/{trajectory}/removals", &Remove},
    {"POST", "/v1/trajectories/{trajectory}/introductions", &Introduce},
    {"POST", "/v1/trajectories/{trajectory}/close", &Close},
    {"POST", "/v1/trajectories/{trajectory}/stage", &SayStage},
};

}  // namespace
}  // namespace schakel::trajectories_routes

namespace schakel {

std::span<const Route> TrajectoryRoutes() { return trajectories_routes::kRoutes; }

}  // namespace schakel
