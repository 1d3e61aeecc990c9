#include "agents/court.h"
#include "sending.h"

namespace schakel {
namespace {

Status CheckComes(const HearingBody& body, Timestamp now) {
  SCHAKEL_TRY(CheckBody(body));
  if (body.cancelled || *body.at > now) return {};
  return Fail(Code::kInvalid, "hearing.past", "body.at", "choose a moment that is still to come");
}

}  // namespace

Result<Sent> HearingService::Plan(const TrajectoryId& id, const HearingBody& body, Purpose purpose,
                                  const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  SCHAKEL_TRY(CheckComes(body, clock_.Now()));
  if (purpose != Purpose::kCareCoordination && purpose != Purpose::kCourtReport) {
    return Fail(Code::kInvalid, "hearing.purpose", "purpose",
                "choose the coordination of care, or the report to the youth court");
  }
  Draft draft;
  draft.kind = Kind::kHearing;
  draft.trajectory = id;
  draft.purpose = purpose;
  draft.categories = {Category::kJustice};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return Send(engine_, std::move(draft), OthersIn(trajectory, engine_.Self()), audience);
}

void HearingService::Keep(const CaseVersion& current, Kept kept, HearingBody& body) const {
  const auto words = engine_.Open(current.record);
  const auto typed = words ? DecodeBody(*words) : std::unexpected(words.error());
  // What can be read here no more is not said again.
  const auto* before = typed ? std::get_if<HearingBody>(&*typed) : nullptr;
  if (before == nullptr) return;
  if (kept.court) body.court = before->court;
  if (kept.text && current.author == engine_.Self()) body.text = before->text;
}

Result<Sent> HearingService::Change(const RecordId& id, HearingBody body, const Audience& audience, Kept kept) {
  SCHAKEL_TRY(CheckComes(body, clock_.Now()));
  SCHAKEL_ASSIGN(const HeldRecord held, engine_.Find(id));
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(held.header.trajectory));
  const CaseHearing* found = trajectory.court.FindHearing(id);
  if (found == nullptr) return Fail(Code::kNotFound, "id.unknown", "hearing", "check the id");
  if (found->cancelled && body.cancelled) {
    return Fail(Code::kConflict, "hearing.cancelled", "hearing", "there is nothing to do: it was cancelled");
  }
  Draft draft;
  draft.kind = Kind::kHearing;
  draft.trajectory = trajectory.id;
  draft.thread = found->text.id();
  // As it began, so that the same grants cover it.
  draft.purpose = held.header.purpose;
  draft.categories = held.header.categories;
  draft.references = {found->text.current().record};
  if (kept.court || kept.text) Keep(found->text.current(), kept, body);
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return Send(engine_, std::move(draft), OthersIn(trajectory, engine_.Self()), audience);
}

}  // namespace schakel
