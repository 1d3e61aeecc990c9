#include <algorithm>
#include <map>
#include <set>

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

// ---- What organisations signed up to ----

// The parties of the last version that all of them signed. What was edited since binds as it stood, until the parties
// of another version signed that: else whoever wants to go edits itself out. Empty: none ever held, or its words are
// sealed.
std::vector<OrgId> BoundBy(CaseFile& file, const TrajectoryId& id, const CaseCommitment& one) {
  if (one.signed_since) return one.parties;  // Whatever became of what it cites: an edit of that frees nobody.
  std::map<RecordId, std::set<OrgId>> signers;
  for (const CaseRecord* record : file.RecordsOf(id)) {
    const Header& header = record->held.header;
    const bool signs = header.kind == Kind::kCommitmentSignature && header.thread == one.text.id();
    if (signs && !header.references.empty()) signers[header.references.front()].insert(header.author);
  }
  for (auto version = one.text.all.rbegin(); version != one.text.all.rend(); ++version) {
    const CaseRecord* record = file.Record(version->record);
    const auto* body =
        record == nullptr || !record->body ? nullptr : std::get_if<CommitmentBody>(&record->body.value());
    if (body == nullptr || version->record == one.text.current().record) continue;
    std::set<OrgId>& signed_by = signers[version->record];
    signed_by.insert(version->author);
    const auto has_signed = [&](const std::string& party) { return signed_by.contains(OrgId(party)); };
    if (std::ranges::all_of(body->parties, has_signed)) return {body->parties.begin(), body->parties.end()};
  }
  return {};
}

// The others let it go: one of them wrote the version that goes on without it.
bool WasLetGo(const CaseCommitment& one, const OrgId& organisation) {
  const bool left_out = !one.parties.empty() && std::ranges::find(one.parties, organisation) == one.parties.end();
  return left_out && one.text.current().author != organisation;
}

// Whoever accepted the lead of `organisation` took over what it had signed up to until then.
bool WasTakenOver(const CaseTrajectory& trajectory, const CaseCommitment& one, const OrgId& organisation) {
  return std::ranges::any_of(trajectory.handovers, [&](const CaseHandover& passed) {
    return passed.from == organisation && passed.at && one.text.current().at <= *passed.at;
  });
}

// The commitments that hold `organisation` here: nobody goes out of one by itself.
std::vector<RecordId> CommitmentsOf(Cases& cases, const TrajectoryId& id, const OrgId& organisation) {
  return cases.With([&](CaseFile& file) {
    std::vector<RecordId> held;
    const CaseTrajectory* trajectory = file.Find(id);
    if (trajectory == nullptr) return held;
    const CaseTrajectory seen = *trajectory;
    for (const CaseCommitment& one : seen.dossier.commitments) {
      const std::vector<OrgId> parties = BoundBy(file, id, one);
      if (std::ranges::find(parties, organisation) == parties.end()) continue;
      if (!WasLetGo(one, organisation) && !WasTakenOver(seen, one, organisation))
        held.push_back(one.text.current().record);
    }
    return held;
  });
}

// By their ids: what they say are words, which no error holds.
std::string Named(const std::vector<RecordId>& records) {
  std::string names;
  for (const RecordId& id : records) names += (names.empty() ? "" : ", ") + ToText(id).substr(0, 8);
  return names;
}

}  // namespace

Result<Sent> TrajectoryService::Open(const OpeningBody& opening, Stage stage, const Audience& audience,
                                     const TrajectoryId& id) {
  // A form of help that stands in the opening runs from that moment on: before anybody could choose it.
  if (opening.allocated && opening.module != Module::kUnspecified) {
    return Fail(Code::kInvalid, "module.allocated", "module",
                "open it without a form of help; once it was chosen: schakel modules switch");
  }
  SCHAKEL_ASSIGN(Body body, EncodeBody(opening));
  const TrajectoryId opened = IsNone(id) ? random_.Draw<TrajectoryId>() : id;
  SCHAKEL_ASSIGN(Sent sent,
                 SendStatement(engine_, DraftOf(Kind::kTrajectoryOpen, opened, TrajectoryOpen{stage}, std::move(body)),
                               {}, audience));
  // There is none yet: what is opened in earnest is another.
  if (sent.outcome == Sent::Outcome::kPreview) sent.trajectory = {};
  return sent;
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
  // Of who leads the hub says what it has to do first: hand over.
  const std::vector<RecordId> held =
      trajectory.lead == engine_.Self() ? std::vector<RecordId>() : CommitmentsOf(cases_, id, engine_.Self());
  if (!held.empty()) {
    return Fail(Code::kConflict, "leaving.commitments", Named(held),
                "edit the commitment so that another takes it over, and have it signed; or ask the lead to remove you");
  }
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
  const Draft draft = DraftOf(Kind::kMemberRemove, id, MemberRemove{organisation}, std::move(body));
  const Status reports = CheckNoOpenReports(cases_, id, engine_.Self(), organisation, "removal.school_reports",
                                            "have the desk end it first, or say why it goes all the same");
  if (!reports && IsBlank(why.text)) return std::unexpected(reports.error());
  const std::vector<RecordId> held = CommitmentsOf(cases_, id, organisation);
  if (!held.empty() && IsBlank(why.text)) {
    return Fail(Code::kConflict, "removal.commitments", Named(held),
                "have another take the commitment over first, or say why it goes all the same");
  }
  if (!reports && !audience.preview) {
    // First whether it may be removed at all.
    Audience preview = audience;
    preview.preview = true;
    SCHAKEL_TRY(SendStatement(engine_, draft, concerned, preview));
    SCHAKEL_TRY(TakeOverOpenReports(engine_, cases_, trajectory, organisation, why.text, audience.patience));
  }
  return SendStatement(engine_, draft, concerned, audience);
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

// Commitments that hold now and have a party besides `self` that takes part: closing ends them for all.
std::vector<RecordId> StandingIn(const CaseTrajectory& trajectory, const OrgId& self) {
  std::vector<RecordId> standing;
  for (const CaseCommitment& one : trajectory.dossier.commitments) {
    const bool of_others = std::ranges::any_of(one.parties, [&](const OrgId& party) {
      const Participant* found = trajectory.Find(party);
      return party != self && found != nullptr && found->status == MemberStatus::kJoined;
    });
    if (one.signed_since && of_others) standing.push_back(one.text.current().record);
  }
  return standing;
}

// Why it is closed though these criteria are not met and these commitments stand, or without a receiver, for everybody
// who may read goals; kept also if nobody may.
Result<Sent> WriteWhyKept(Engine& engine, const CaseTrajectory& trajectory, std::vector<RecordId> about,
                          const std::string& why, const Audience& audience) {
  Draft draft = DraftOf(Kind::kClosingReason, trajectory.id, std::monostate());
  draft.purpose = Purpose::kCareCoordination;
  draft.categories = {Category::kGoals};
  about.resize(std::min(about.size(), kReferencesMax));
  draft.references = std::move(about);
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
  const std::vector<RecordId> standing = StandingIn(trajectory, engine_.Self());
  if (!standing.empty() && IsBlank(unmet_why)) {
    return Fail(Code::kConflict, "closing.commitments", Named(standing),
                "agree with its parties that it ends, and say so as the reason");
  }
  if ((!unmet.empty() || !standing.empty() || lacks_receiver || !reports) && !audience.preview) {
    // First whether it may be closed at all: the reason would stand there for nothing.
    Audience preview = audience;
    preview.preview = true;
    SCHAKEL_TRY(SendStatement(engine_, draft, others, preview));
    std::vector<RecordId> about = unmet;
    about.insert(about.end(), standing.begin(), standing.end());
    SCHAKEL_TRY(WriteWhyKept(engine_, trajectory, std::move(about), unmet_why, audience));
    SCHAKEL_TRY(TakeOverOpenReports(engine_, cases_, trajectory, std::nullopt, unmet_why, audience.patience));
  }
  return SendStatement(engine_, draft, others, audience);
}

}  // namespace schakel
