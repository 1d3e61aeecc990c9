#include <algorithm>

#include "agents/adulthood.h"
#include "agents/person_name.h"
#include "blank.h"
#include "journal.h"
#include "listed.h"
#include "sending.h"

namespace schakel {
namespace {

Grantor Implied(Basis basis) {
  switch (basis) {
    case Basis::kConsent:
      return Grantor::kYoungPerson;
    case Basis::kCourtMandate:
      return Grantor::kCourt;
    default:
      return Grantor::kProfessional;
  }
}

// A frame is fixed before anything is said in it; typing it takes a while.
constexpr std::chrono::minutes kFrameLateMax{15};

// What the basis asks for on paper, before the rules of the hub are asked.
Status CheckEvidence(const GrantRequest& request, const std::string& recorder) {
  if (request.basis == Basis::kConsent) {
    if (IsBlank(request.consented_by)) {
      return Fail(Code::kInvalid, "grant.consented_by", "grant.consented_by", "say who consented");
    }
    if (request.oral && PersonKey(request.witness).empty()) {
      return Fail(Code::kInvalid, "grant.witness", "grant.witness", "name who witnessed the oral consent");
    }
    if (request.oral && SamePerson(request.witness, recorder)) {
      return Fail(Code::kInvalid, "grant.witness", "grant.witness", "name somebody other than who records it");
    }
    if (request.oral && SamePerson(request.witness, request.consented_by)) {
      return Fail(Code::kInvalid, "grant.witness", "grant.witness", "name somebody other than who consents");
    }
    if (IsBlank(request.how)) {
      return Fail(Code::kInvalid, "grant.how", "grant.how",
                  "say how it was given: on which form, or in which conversation");
    }
    return {};
  }
  if (request.basis == Basis::kSharedSecrecy && !request.sought) {
    return Fail(Code::kInvalid, "grant.sought", "grant.sought", "say whether agreement was asked, and what came of it");
  }
  if (request.basis == Basis::kCaseConsultation && IsNone(request.frame)) {
    return Fail(Code::kInvalid, "grant.frame", "grant.frame", "name the frame of the case consultation");
  }
  if (IsBlank(request.reason)) {
    return Fail(Code::kInvalid, "grant.reason", "grant.reason", "say why: this basis does not stand without a reason");
  }
  return {};
}

// What one basis carries belongs to no other.
Status CheckForeign(const GrantRequest& request) {
  const bool secrecy = request.sought || request.necessary || request.in_client_interest;
  if (secrecy && request.basis != Basis::kSharedSecrecy) {
    return Fail(Code::kInvalid, "grant.not_of_basis", "grant.sought", "leave it out: another basis needs it");
  }
  if (!IsNone(request.frame) && request.basis != Basis::kCaseConsultation) {
    return Fail(Code::kInvalid, "grant.not_of_basis", "grant.frame", "leave it out: another basis needs it");
  }
  return {};
}

Status CheckScope(const GrantRequest& request, Timestamp begins_at, Timestamp now) {
  if (request.purposes.empty() || request.categories.empty()) {
    return Fail(Code::kInvalid, "grant.empty", request.purposes.empty() ? "grant.purposes" : "grant.categories",
                "name at least one");
  }
  if (request.ends_at <= begins_at) {
    return Fail(Code::kInvalid, "grant.period", "grant.ends_at", "let it end after it begins");
  }
  if (request.ends_at - begins_at > GrantService::kLongest) {
    if (begins_at < now) {
      return Fail(Code::kInvalid, "grant.past", "grant.begins_at", "let it begin now, or later");
    }
    return Fail(Code::kInvalid, "grant.long", "grant.ends_at",
                "let it end within a year, and talk about it again then");
  }
  return {};
}

// "agreements, goals"
std::string SlugsOf(CategorySet categories) {
  std::string slugs;
  for (const Category one : AllCategories()) {
    if (categories.Has(one)) slugs += (slugs.empty() ? "" : ", ") + std::string(Slug(one));
  }
  return slugs;
}

// The extract that goes to the youth court is there before anybody agrees to it.
Status CheckPiece(const Engine& engine, const GrantRequest& request) {
  if (IsNone(request.piece)) return {};
  if (WallBefore(engine, request.recipient) == CourtWall::kNone) {
    return Fail(Code::kInvalid, "grant.piece_elsewhere", "grant.piece",
                "leave it out: an agreement names one record only towards the youth court");
  }
  const auto held = engine.Find(request.piece);
  const bool fits = held && held->header.author == engine.Self() && held->header.trajectory == request.trajectory &&
                    IsContent(held->header.kind) && held->header.purpose == Purpose::kCourtReport;
  if (!fits) {
    return Fail(Code::kInvalid, "grant.piece", "grant.piece",
                "name a record of your own on this trajectory, written as a report to the youth court");
  }
  if (request.categories.Covers(held->header.categories)) return {};
  // Which ones, since it is about no fewer; it is ours, so that this tells nobody anything.
  return Fail(Code::kInvalid, "grant.piece_categories", SlugsOf(held->header.categories),
              "consent to all of the categories that the record is about");
}

// What parents consent to ends with the day of coming of age, also where nobody remembers to say that it has come.
Status CheckOfAge(const CaseTrajectory& trajectory, const GrantRequest& request) {
  const CaseAdulthoodPlan* plan = trajectory.passage.CurrentPlan();
  const bool parents = request.basis == Basis::kConsent && request.grantor && IsOfParents(*request.grantor);
  if (plan == nullptr || !parents || request.ends_at <= *plan->of_age_at) return {};
  return Fail(Code::kInvalid, "grant.of_age", "grant.ends_at",
              "let it end on the day of coming of age; from then on ask the young person");
}

// Which of them the sector may never receive; the rules of the hub say that some are, and not which.
std::string BeyondCeiling(const Engine& engine, const OrgId& recipient, CategorySet categories) {
  const auto organisations = engine.Organisations();
  const auto found = std::ranges::find_if(
      organisations, [&](const Directory::Organisation& one) { return one.statement.organisation == recipient; });
  const auto ceilings = engine.Ceilings();
  if (found == organisations.end() || !ceilings) return {};
  const auto row = std::ranges::find(ceilings->rows, found->statement.sector, &CeilingStatement::Row::sector);
  CategorySet beyond;
  for (const Category one : AllCategories()) {
    if (categories.Has(one) && (row == ceilings->rows.end() || !row->categories.Has(one))) beyond.Add(one);
  }
  return SlugsOf(beyond);
}

// An emergency is told to everybody it may be told to, at once; the hub knows who that is.
std::vector<OrgId> Told(const CaseTrajectory& trajectory, Basis basis, const OrgId& recipient) {
  std::vector<OrgId> told = {recipient, trajectory.lead};
  if (basis != Basis::kEmergency) return told;
  for (const Participant& participant : trajectory.participants) {
    if (participant.status == MemberStatus::kJoined) told.push_back(participant.organisation);
  }
  return told;
}

// Whoever may see a grant knows that it is there: so say who may change it.
// Who recorded it, and who leads now.
Status CheckGiver(const Grant& grant, const OrgId& lead, const OrgId& self) {
  if (grant.author == self || lead == self) return {};
  return Fail(Code::kDenied, "grant.giver", grant.author.value(), "ask the organisation that recorded it");
}

// Article 458ter: who tries to bring somebody else into a case consultation, or goes beyond it, stands in the audit.
// What is refused here never reaches the log of the hub.
Status NoteOutOfFrame(Engine& engine, Timestamp now, const GrantRequest& request, const Caller& caller,
                      const Error& why) {
  if (why.code != Code::kDenied || !why.rule.starts_with("grant.frame")) return {};
  return Note(engine, {now, Act::What::kAttempted, request.trajectory, request.frame, caller.person, caller.reason,
                       request.recipient.value(), why.rule});
}

}  // namespace

Result<Sent> GrantService::Give(const GrantRequest& request, const Caller& caller, const Audience& audience) {
  const Timestamp begins_at = request.begins_at.value_or(clock_.Now());
  SCHAKEL_TRY(CheckScope(request, begins_at, clock_.Now()));
  SCHAKEL_TRY(CheckForeign(request));
  SCHAKEL_TRY(CheckEvidence(request, caller.person.name));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(request.trajectory));
  SCHAKEL_TRY(CheckListed(engine_, request.recipient));
  SCHAKEL_TRY(CheckPiece(engine_, request));
  SCHAKEL_TRY(CheckOfAge(trajectory, request));

  GrantEvidenceBody evidence;
  evidence.consented_by = request.consented_by;
  evidence.how = request.how;
  evidence.recorded_by = caller.person.name;
  evidence.witness = request.witness;
  evidence.reason = request.reason;
  evidence.salt = random_.Draw();
  SCHAKEL_ASSIGN(Body body, EncodeBody(evidence));

  GrantGive give;
  give.recipient = request.recipient;
  give.purposes = request.purposes;
  give.categories = request.categories;
  give.begins_at = begins_at;
  give.ends_at = request.ends_at;
  give.basis = request.basis;
  give.grantor = request.grantor.value_or(Implied(request.basis));
  give.evidence = EvidenceHash(body);
  give.recorded_by = engine_.PseudonymOf(caller.person.name);
  if (!PersonKey(request.witness).empty()) give.witnessed_by = engine_.PseudonymFor(request.witness);
  give.oral = request.oral;
  if (request.sought) give.secrecy = SharedSecrecy{*request.sought, request.necessary, request.in_client_interest};
  give.frame = request.frame;

  Draft draft;
  draft.kind = Kind::kGrantGive;
  draft.trajectory = request.trajectory;
  draft.basis = request.basis;
  draft.control = give;
  if (!IsNone(request.piece)) draft.references = {request.piece};
  draft.body = std::move(body);
  auto sent = SendStatement(engine_, std::move(draft), Told(trajectory, request.basis, request.recipient), audience);
  if (!sent && sent.error().rule == "grant.ceiling") {
    const std::string beyond = BeyondCeiling(engine_, request.recipient, request.categories);
    if (!beyond.empty()) sent.error().field = beyond;
  }
  if (!sent && !audience.preview) SCHAKEL_TRY(NoteOutOfFrame(engine_, clock_.Now(), request, caller, sent.error()));
  return sent;
}

Result<Sent> GrantService::Fix(const FrameRequest& request, const Caller& caller, const Audience& audience) {
  if (request.begins_at && *request.begins_at + kFrameLateMax < clock_.Now()) {
    return Fail(Code::kInvalid, "frame.beforehand", "begins_at", "let it begin now, or later");
  }
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(request.trajectory));
  if (IsBlank(request.document)) {
    return Fail(Code::kInvalid, "frame.document", "document",
                "name the article of the decree, or the prosecutor's permission");
  }
  GrantEvidenceBody evidence;
  evidence.how = request.document;
  evidence.reason = request.purpose;
  evidence.recorded_by = caller.person.name;
  evidence.salt = random_.Draw();
  Draft draft;
  draft.kind = Kind::kCaseFrame;
  draft.trajectory = request.trajectory;
  SCHAKEL_ASSIGN(draft.body, EncodeBody(evidence));
  CaseFrame frame;
  frame.ground = request.ground;
  frame.document = EvidenceHash(draft.body);
  frame.chair = request.chair;
  frame.purposes = request.purposes;
  frame.begins_at = request.begins_at.value_or(clock_.Now());
  frame.ends_at = request.ends_at;
  std::set<OrgId> listed(request.participants.begin(), request.participants.end());
  listed.insert(request.chair);
  frame.participants.assign(listed.begin(), listed.end());
  if (frame.participants.size() < kFrameMin || frame.participants.size() > kFrameMax) {
    return Fail(Code::kInvalid, "frame.participants", "participants", "name 2 to 32 participants");
  }
  const std::vector<OrgId> told = frame.participants;
  draft.control = std::move(frame);
  return SendStatement(engine_, std::move(draft), told, audience);
}

Result<Sent> GrantService::Review(const RecordId& id, ReviewOutcome outcome, const MessageBody& findings,
                                  const Audience& audience) {
  SCHAKEL_ASSIGN(const Found found, Find(id));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(found.trajectory));
  if (IsBlank(findings.text)) {
    return Fail(Code::kInvalid, "grant.findings", "message", "say what the review found");
  }
  Draft draft;
  draft.kind = Kind::kEmergencyReview;
  draft.trajectory = found.trajectory;
  draft.control = EmergencyReview{id, outcome};
  draft.references = {id};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(findings));
  const Grant& grant = found.grant.grant;
  std::vector<OrgId> told = Told(trajectory, grant.terms.basis, grant.terms.recipient);
  told.push_back(grant.author);
  return SendStatement(engine_, std::move(draft), told, audience);
}

Result<GrantService::Found> GrantService::Find(const RecordId& grant) {
  return cases_.With([&](CaseFile& file) -> Result<Found> {
    const CaseRecord* record = file.Record(grant);
    // One that an earlier lead gave, we know by its statement alone.
    std::vector<const CaseTrajectory*> where = file.Trajectories();
    if (record != nullptr) where = {file.Find(record->held.header.trajectory)};
    for (const CaseTrajectory* trajectory : where) {
      if (trajectory == nullptr) continue;
      for (const CaseGrant& row : trajectory->grants) {
        if (row.grant.id == grant) return Found{trajectory->id, row, trajectory->lead};
      }
    }
    return Fail(Code::kNotFound, "id.unknown", "grant", "check the id");
  });
}

Result<Sent> GrantService::Narrow(const RecordId& id, PurposeSet purposes, CategorySet categories,
                                  std::optional<Timestamp> ends_at, const MessageBody& why, const Audience& audience) {
  SCHAKEL_ASSIGN(const Found found, Find(id));
  const Grant& grant = found.grant.grant;
  SCHAKEL_TRY(CheckGiver(grant, found.lead, engine_.Self()));
  if (purposes.empty() && categories.empty() && !ends_at) {
    return Fail(Code::kInvalid, "grant.nothing", "grant",
                "name the purposes or categories that stay, or an earlier end");
  }
  Draft draft;
  draft.kind = Kind::kGrantNarrow;
  draft.trajectory = found.trajectory;
  draft.control = GrantNarrow{id, purposes.empty() ? grant.purposes : purposes,
                              categories.empty() ? grant.categories : categories, ends_at.value_or(grant.ends_at)};
  draft.references = {id};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(why));
  return SendStatement(engine_, std::move(draft), {grant.terms.recipient, grant.author, found.lead}, audience);
}

Result<Sent> GrantService::Withdraw(const RecordId& id, const WithdrawalBody& why, const Audience& audience) {
  SCHAKEL_ASSIGN(const Found found, Find(id));
  const Grant& grant = found.grant.grant;
  SCHAKEL_TRY(CheckGiver(grant, found.lead, engine_.Self()));
  Draft draft;
  draft.kind = Kind::kGrantWithdraw;
  draft.trajectory = found.trajectory;
  draft.control = GrantWithdraw{id};
  draft.references = {id};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(why));
  return SendStatement(engine_, std::move(draft), {grant.terms.recipient, grant.author, found.lead}, audience);
}

}  // namespace schakel
