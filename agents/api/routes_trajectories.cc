#include "router.h"

namespace schakel {
namespace {

// By their labels, which are words: so each label shown is a view of the record that says it.
Result<Reply> List(Call& call) {
  using Page = std::pair<std::vector<CaseTrajectory>, Json>;
  std::size_t closed = 0;
  const auto asked = call.desk.cases.With([&](CaseFile& file) -> Result<Page> {
    std::vector<const CaseTrajectory*> shown;
    for (const CaseTrajectory* trajectory : file.Trajectories()) {
      closed += trajectory->closed ? 1 : 0;
      if (!trajectory->closed || call.Asks("closed", "true")) shown.push_back(trajectory);
    }
    SCHAKEL_ASSIGN(const auto part,
                   call.PageOf(std::move(shown), [](const CaseTrajectory* one) { return ToText(one->id); }));
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
  for (const CaseTrajectory& trajectory : trajectories) list.push_back(views.Overview(trajectory, glance, self));
  return Reply{.json = {{"trajectories", std::move(list)}, {"closed", closed}, {"next", next}}};
}

Result<Reply> Open(Call& call) {
  Input input(call.body);
  OpeningBody opening;
  opening.label = input.RequiredText("label");
  opening.module = input.Word("module", Module::kUnspecified, &ParseModule);
  opening.reason = input.Text("reason");
  const Stage stage = input.Word("stage", Stage::kCapable, &ParseStage);
  const Audience audience{{}, false, input.Flag("preview", false), call.patience};
  SCHAKEL_TRY(input.Finish());
  SCHAKEL_ASSIGN(const Sent sent, call.desk.trajectories.Open(opening, stage, audience));
  return call.Sending(sent);
}

Result<Reply> Show(Call& call) {
  SCHAKEL_ASSIGN(const TrajectoryId id, call.Trajectory());
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, call.desk.cases.Trajectory(id));
  Glance glance;
  glance.Want(trajectory);
  SCHAKEL_TRY(glance.Read(call.desk.reading, call.caller));
  return Reply{.json = call.Views().Whole(trajectory, glance, call.desk.engine.Self(), call.desk.clock.Now())};
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
    {"GET", "/v1/trajectories", &List, {"closed", "limit", "cursor"}},
    {"POST", "/v1/trajectories", &Open},
    {"GET", "/v1/trajectories/{trajectory}", &Show},
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

std::span<const Route> TrajectoryRoutes() { return kRoutes; }

}  // namespace schakel
