#include <algorithm>

#include "acquaintance.h"
#include "sending.h"

namespace schakel {
namespace {

void AddNamed(const std::vector<std::string>& names, std::vector<OrgId>& to) {
  for (const std::string& name : names) to.emplace_back(name);
}

// Whom it names in fields that name organisations: whoever reads it learns of them.
std::vector<OrgId> NamedIn(const TypedBody& body) {
  std::vector<OrgId> named;
  if (const auto* one = std::get_if<CommitmentBody>(&body)) AddNamed(one->parties, named);
  if (const auto* one = std::get_if<GoalBody>(&body)) AddNamed(one->owners, named);
  if (const auto* one = std::get_if<ActionBody>(&body)) AddNamed({one->owner}, named);
  if (const auto* one = std::get_if<ReferralBody>(&body)) AddNamed({one->to}, named);
  if (const auto* one = std::get_if<FigureBody>(&body); one && !one->organisation.empty()) {
    AddNamed({one->organisation}, named);
  }
  if (const auto* one = std::get_if<TermsBody>(&body)) named = one->required;
  if (const auto* one = std::get_if<AgreementBody>(&body); one && !one->partner.empty())
    AddNamed({one->partner}, named);
  return named;
}

// What is shared again says who wrote it first: only who may know of its author, and of whom it names, can have it.
Status CheckReaders(const Engine& engine, const TrajectoryId& id, const SharedAgainBody& shared,
                    const std::vector<OrgId>& recipients) {
  SCHAKEL_ASSIGN(const Header first, DecodeHeader(shared.header));
  SCHAKEL_ASSIGN(TypedBody typed, DecodeBody({shared.type, shared.version, shared.content}));
  const TypedBody inner = Unmarked(std::move(typed));
  if (std::holds_alternative<UnknownBody>(inner)) {
    return Fail(Code::kVersion, "share.version", "record", "update this program first");
  }
  std::vector<OrgId> named = NamedIn(inner);
  named.push_back(first.author);
  return CheckMayKnow(engine, id, std::move(named), recipients);
}

Result<Sent> SendContent(Engine& engine, Cases& cases, const TrajectoryId& id, Kind kind, Purpose purpose,
                         CategorySet categories, const TypedBody& body, const Marking& marking,
                         const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases.Trajectory(id));
  Draft draft;
  draft.kind = kind;
  draft.trajectory = id;
  draft.purpose = purpose;
  draft.categories = categories;
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  if (marking.exception != Exception::kNone) {
    SCHAKEL_ASSIGN(draft.body, Marked(std::move(draft.body), marking.exception, marking.why));
  }
  return Send(engine, std::move(draft), OthersIn(trajectory, engine.Self()), audience);
}

// It names whom alerts go to: only who may know of that organisation can have it.
Result<Sent> AgreeToAlert(Engine& engine, Cases& cases, const TrajectoryId& id, const AgreementBody& agreement,
                          const Marking& marking, const Audience& audience) {
  SCHAKEL_TRY(CheckBody(agreement));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases.Trajectory(id));
  const OrgId partner(agreement.partner);
  const Participant* found = trajectory.Find(partner);
  if (found == nullptr || found->status != MemberStatus::kJoined) {
    return Fail(Code::kDenied, "agreement.member", "partner", "name an organisation that takes part");
  }
  SCHAKEL_ASSIGN(Trajectory rules, engine.FindTrajectory(id));
  const Acquaintance acquaintance(std::move(rules), engine.Self(), {});
  const auto may_know = [&](const OrgId& one) {
    return partner == engine.Self() || acquaintance.MayKnow(one, partner);
  };
  if (!std::ranges::all_of(audience.named, may_know)) {
    return Fail(Code::kDenied, "agreement.hidden", "to", "introduce them to each other first, or leave them out");
  }
  Draft draft;
  draft.kind = Kind::kAgreement;
  draft.trajectory = id;
  draft.purpose = Purpose::kSafety;
  draft.categories = {Category::kAgreements};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(agreement));
  if (marking.exception != Exception::kNone) {
    SCHAKEL_ASSIGN(draft.body, Marked(std::move(draft.body), marking.exception, marking.why));
  }
  std::vector<OrgId> usual = OthersIn(trajectory, engine.Self());
  std::erase_if(usual, [&](const OrgId& one) { return !may_know(one); });
  return Send(engine, std::move(draft), usual, audience);
}

}  // namespace

Result<Sent> ContentService::Note(const TrajectoryId& id, const NoteBody& note, Purpose purpose, CategorySet categories,
                                  const Audience& audience, const Marking& marking) {
  return SendContent(engine_, cases_, id, Kind::kNote, purpose, categories, note, marking, audience);
}

Result<Sent> ContentService::Agree(const TrajectoryId& id, const AgreementBody& agreement, const Audience& audience,
                                   const Marking& marking) {
  if (!agreement.partner.empty()) return AgreeToAlert(engine_, cases_, id, agreement, marking, audience);
  return SendContent(engine_, cases_, id, Kind::kAgreement, Purpose::kSafety, {Category::kAgreements}, agreement,
                     marking, audience);
}

Result<Sent> ContentService::AskForHelp(const TrajectoryId& id, const RequestBody& request, const Audience& audience) {
  return SendContent(engine_, cases_, id, Kind::kRequestForHelp, Purpose::kCareCoordination, {Category::kOwnVoice},
                     request, {}, audience);
}

Result<Sent> ContentService::Mark(const RecordId& id, const Marking& marking, const Audience& audience) {
  SCHAKEL_ASSIGN(const HeldRecord held, engine_.Find(id));
  const Header& header = held.header;
  if (!IsContent(header.kind) || header.kind == Kind::kExceptionMark || IsNone(header.trajectory)) {
    return Fail(Code::kInvalid, "mark.kind", "record", "mark notes, answers, reports and the like of a trajectory");
  }
  if (header.author != engine_.Self()) return Fail(Code::kDenied, "mark.author", "record", "ask who wrote it");
  Draft draft;
  draft.kind = Kind::kExceptionMark;
  draft.trajectory = header.trajectory;
  draft.thread = header.thread;
  draft.purpose = header.purpose;
  draft.categories = header.categories;
  draft.references = {id};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(MarkedBody{marking.exception, marking.why, EmptyBody::kType, 1, {}}));
  return Send(engine_, std::move(draft), held.recipients, audience);
}

Result<Sent> ContentService::ShareAgain(const RecordId& id, const Audience& audience) {
  SCHAKEL_ASSIGN(const HeldRecord held, engine_.Find(id));
  if (!IsContent(held.header.kind) || IsNone(held.header.trajectory)) {
    return Fail(Code::kInvalid, "share.kind", "record", "share notes, answers, reports and the like of a trajectory");
  }
  if (held.header.kind == Kind::kAttachment || held.header.kind == Kind::kAttachmentChunk) {
    return Fail(Code::kInvalid, "share.attachment", "record", "share it as a file: its pieces go with it");
  }
  if (audience.named.empty()) {
    return Fail(Code::kInvalid, "share.to", "to", "name whom you share it with");
  }
  SCHAKEL_ASSIGN(Body original, engine_.Open(id));
  SharedAgainBody shared;
  if (original.type == SharedAgainBody::kType) {
    // Shared on: the first header stays, so that it never wraps twice.
    SCHAKEL_ASSIGN(TypedBody typed, DecodeBody(original));
    auto* again = std::get_if<SharedAgainBody>(&typed);
    if (again == nullptr) return Fail(Code::kVersion, "share.version", "record", "update this program first");
    shared = std::move(*again);
  } else {
    shared = {EncodeHeader(held.header), original.type, original.version, std::move(original.content)};
  }
  SCHAKEL_TRY(CheckReaders(engine_, held.header.trajectory, shared, audience.named));
  Draft draft;
  draft.kind = Kind::kShareAgain;
  draft.trajectory = held.header.trajectory;
  draft.purpose = held.header.purpose;
  draft.categories = held.header.categories;
  draft.references = {id};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(shared));
  return Send(engine_, std::move(draft), {}, audience);
}

}  // namespace schakel
