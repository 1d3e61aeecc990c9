#include <algorithm>

#include "agents/school.h"
#include "blank.h"
#include "local_time.h"
#include "sending.h"

namespace schakel {
namespace {

Draft DraftOf(Kind kind, const TrajectoryId& id, Control control, Body body = {}) {
  Draft draft;
  draft.kind = kind;
  draft.trajectory = id;
  draft.control = std::move(control);
  draft.body = std::move(body);
  return draft;
}

// As the hub will judge the receiver, once it has the stage.
Status MayReceive(const Engine& engine, const TrajectoryId& id, const OrgId& receiver) {
  SCHAKEL_ASSIGN(const Trajectory rules, engine.FindTrajectory(id));
  if (rules.IsMember(receiver)) return {};
  return Fail(Code::kDenied, "admit.receiver", "receiver", "invite the receiver, and wait until it has joined");
}

}  // namespace

Result<Sent> TrajectoryService::Open(const OpeningBody& opening, Stage stage, const Audience& audience,
                                     const TrajectoryId& id) {
  SCHAKEL_ASSIGN(Body body, EncodeBody(opening));
  const TrajectoryId opened = IsNone(id) ? random_.Draw<TrajectoryId>() : id;
  return SendStatement(engine_, DraftOf(Kind::kTrajectoryOpen, opened, TrajectoryOpen{stage}, std::move(body)), {},
                       audience);
}

Result<Sent> TrajectoryService::Invite(const TrajectoryId& id, const OrgId& organisation,
                                       const InvitationBody& invitation, std::optional<Timestamp> expires_at,
                                       const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  // Without a label for it, the partner sees a number: ours may name the young person, and an invitation needs no
  // grant.
  SCHAKEL_ASSIGN(Body body, EncodeBody(invitation));
  if (expires_at && *expires_at > clock_.Now() + kInvitationLongest) {
    return Fail(Code::kInvalid, "trajectory.invitation_long", "expires_at", "let it end within a year");
  }
  const MemberInvite invite{organisation, expires_at.value_or(clock_.Now() + kInvitationLasts), trajectory.stage};
  return SendStatement(engine_, DraftOf(Kind::kMemberInvite, id, invite, std::move(body)), {organisation}, audience);
}

Result<Sent> TrajectoryService::Join(const TrajectoryId& id, const MessageBody& commitment, const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  const Participant* self = trajectory.Find(engine_.Self());
  if (self == nullptr || self->status != MemberStatus::kInvited) {
    return Fail(Code::kNotFound, "trajectory.invitation", "trajectory", "ask the lead to invite you");
  }
  SCHAKEL_ASSIGN(Body body, EncodeBody(commitment));
  return SendStatement(engine_, DraftOf(Kind::kMemberJoin, id, MemberJoin{self->invite}, std::move(body)),
                       {trajectory.lead}, audience);
}

Result<Sent> TrajectoryService::Leave(const TrajectoryId& id, const MessageBody& why, const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  // A desk ends what was reported to it first: it can always pass it on, as escalated.
  SCHAKEL_TRY(CheckNoOpenReports(cases_, id, engine_.Self(), engine_.Self(), "school.open_reports",
                                 "end it first: placed, coached, or escalated to who goes on with it"));
  SCHAKEL_ASSIGN(Body body, EncodeBody(why));
  return SendStatement(engine_, DraftOf(Kind::kMemberLeave, id, MemberLeave{}, std::move(body)),
                       OthersIn(trajectory, engine_.Self()), audience);
}

Result<Sent> TrajectoryService::Remove(const TrajectoryId& id, const OrgId& organisation, const MessageBody& why,
                                       const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  SCHAKEL_ASSIGN(Body body, EncodeBody(why));
  std::vector<OrgId> concerned = OthersIn(trajectory, engine_.Self());
  if (std::ranges::find(concerned, organisation) == concerned.end()) concerned.push_back(organisation);
  return SendStatement(engine_, DraftOf(Kind::kMemberRemove, id, MemberRemove{organisation}, std::move(body)),
                       concerned, audience);
}

Result<Sent> TrajectoryService::Introduce(const TrajectoryId& id, const OrgId& member, const OrgId& to,
                                          const Audience& audience) {
  return SendStatement(engine_, DraftOf(Kind::kMemberShow, id, MemberShow{member, to}), {to}, audience);
}

Result<Sent> TrajectoryService::SayStage(const TrajectoryId& id, Stage stage, const std::optional<OrgId>& receiver,
                                         const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  if (receiver && stage != Stage::kAdult) {
    return Fail(Code::kInvalid, "trajectory.receiver", "receiver", "name a receiver only for who is of age");
  }
  // Before either is sent: what the hub would refuse of the second must not leave the first standing alone.
  if (receiver) SCHAKEL_TRY(MayReceive(engine_, id, *receiver));
  std::vector<OrgId> all = {trajectory.lead};
  for (const Participant& participant : trajectory.participants) {
    if (participant.status != MemberStatus::kLeft) all.push_back(participant.organisation);
  }
  // The stage goes to all; the receiver only to those that may know of it.
  Sent sent;
  if (!receiver || trajectory.stage != stage) {
    SCHAKEL_ASSIGN(sent,
                   SendStatement(engine_, DraftOf(Kind::kSubjectStage, id, SubjectStage{stage, {}}), all, audience));
  }
  if (!receiver || audience.preview) return sent;
  return SendStatement(engine_, DraftOf(Kind::kSubjectStage, id, SubjectStage{stage, receiver}), all, audience);
}

namespace {

std::vector<RecordId> UnmetIn(const CaseDossier& dossier) {
  std::vector<RecordId> unmet;
  for (const CaseCriterion& one : dossier.criteria) {
    if (!one.met()) unmet.push_back(one.text.current().record);
  }
  return unmet;
}

// By their ids: what they say are words, which no error holds.
std::string Named(const std::vector<RecordId>& unmet) {
  std::string names;
  for (const RecordId& id : unmet) names += (names.empty() ? "" : ", ") + ToText(id).substr(0, 8);
  return names;
}

// Why it is closed though these are not met, or without a receiver, for everybody who may read goals; kept also if
// nobody may.
Result<Sent> WriteWhyKept(Engine& engine, const CaseTrajectory& trajectory, std::vector<RecordId> unmet,
                          const std::string& why, const Audience& audience) {
  Draft draft = DraftOf(Kind::kClosingReason, trajectory.id, std::monostate());
  draft.purpose = Purpose::kCareCoordination;
  draft.categories = {Category::kGoals};
  unmet.resize(std::min(unmet.size(), kReferencesMax));
  draft.references = std::move(unmet);
  SCHAKEL_ASSIGN(draft.body, EncodeBody(ClosingReasonBody{why}));
  return Send(engine, std::move(draft), OthersIn(trajectory, engine.Self()), audience);
}

// Of age, or within half a year, and nobody accepted to go on.
bool LacksReceiverSoon(const CaseTrajectory& trajectory, Timestamp now) {
  return trajectory.LacksReceiver() ||
         std::ranges::count(AdulthoodAsksOf(trajectory, now), AdulthoodAsk::What::kReceiver, &AdulthoodAsk::what) > 0;
}

}  // namespace

Timestamp EndOfKeeping(const RegionRules& rules, Stage stage, Timestamp closed_at) {
  const std::uint64_t age = stage == Stage::kAdult     ? rules.adult_age_years
                            : stage == Stage::kCapable ? rules.consent_age_years
                                                       : 0;
  const std::uint64_t years = rules.retain_until_age_years > age ? rules.retain_until_age_years - age : 0;
  return AddYears(closed_at, years);
}

Result<Sent> TrajectoryService::Close(const TrajectoryId& id, const ClosingBody& closing,
                                      std::optional<Timestamp> retain_until, const Audience& audience,
                                      const std::string& unmet_why) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  if (retain_until && IsBlank(closing.retain_why)) {
    return Fail(Code::kInvalid, "closing.retain_why", "retain_why",
                "say why it is kept until another day than the rules of the region give");
  }
  // What has passed would be erased at once as if it had been kept.
  if (retain_until && *retain_until <= clock_.Now()) {
    return Fail(Code::kInvalid, "closing.retain_past", "retain_until", "choose a day to come");
  }
  SCHAKEL_ASSIGN(Body body, EncodeBody(closing));
  const Timestamp until = retain_until.value_or(EndOfKeeping(engine_.Rules(), trajectory.stage, clock_.Now()));
  const Draft draft = DraftOf(Kind::kTrajectoryClose, id, TrajectoryClose{until}, std::move(body));
  const std::vector<OrgId> others = OthersIn(trajectory, engine_.Self());
  const std::vector<RecordId> unmet = UnmetIn(trajectory.dossier);
  const bool lacks_receiver = LacksReceiverSoon(trajectory, clock_.Now());
  if (lacks_receiver && IsBlank(unmet_why)) {
    return Fail(Code::kConflict, "closing.receiver", "receiver", "invite the receiver, or say why none is needed");
  }
  const Status reports = CheckNoOpenReports(cases_, id, engine_.Self(), std::nullopt, "closing.school_reports",
                                            "have the desk end it first, or say why it is closed all the same");
  if (!reports && IsBlank(unmet_why)) return std::unexpected(reports.error());
  if (!unmet.empty() && IsBlank(unmet_why)) {
    return Fail(Code::kConflict, "closing.criteria", Named(unmet), "say that they are met, or why it is closed so");
  }
  if ((!unmet.empty() || lacks_receiver || !reports) && !audience.preview) {
    // First whether it may be closed at all: the reason would stand there for nothing.
    Audience preview = audience;
    preview.preview = true;
    SCHAKEL_TRY(SendStatement(engine_, draft, others, preview));
    SCHAKEL_TRY(WriteWhyKept(engine_, trajectory, unmet, unmet_why, audience));
  }
  return SendStatement(engine_, draft, others, audience);
}

}  // namespace schakel
