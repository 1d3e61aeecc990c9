#include <algorithm>

#include "agents/dossier.h"
#include "sending.h"

namespace schakel {

struct ReferralService::Found {
  TrajectoryId trajectory;
  Purpose purpose = Purpose::kCareCoordination;
  CategorySet categories;
  CaseReferral referral;
  CaseReferral::State state = CaseReferral::State::kOpen;

  // kConflict ("referral.over").
  Status CheckOpen() const {
    if (state == CaseReferral::State::kOpen) return {};
    return Fail(Code::kConflict, "referral.over", "referral", "look at it again: it was answered, withdrawn, or ended");
  }
  Draft Follow(Kind kind) const {
    Draft draft;
    draft.kind = kind;
    draft.trajectory = trajectory;
    draft.thread = referral.id;
    draft.references = {referral.id};
    draft.purpose = purpose;
    draft.categories = categories;
    return draft;
  }
};

Result<ReferralService::Found> ReferralService::Find(const RecordId& id) {
  return cases_.With([&](CaseFile& file) -> Result<Found> {
    const CaseRecord* record = file.Record(id);
    const CaseTrajectory* trajectory = record == nullptr ? nullptr : file.Find(record->held.header.trajectory);
    const CaseReferral* referral = trajectory == nullptr ? nullptr : trajectory->dossier.FindReferral(id);
    if (referral == nullptr) return Fail(Code::kNotFound, "id.unknown", "referral", "check the id");
    const Header& header = record->held.header;
    return Found{header.trajectory, header.purpose, header.categories, *referral, referral->StateAt(clock_.Now())};
  });
}

Result<Sent> ReferralService::Ask(const TrajectoryId& id, ReferralBody body, CategorySet categories,
                                  const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  const Timestamp now = clock_.Now();
  if (!body.expires_at) body.expires_at = now + kLasts;
  if (*body.expires_at <= now) {
    return Fail(Code::kInvalid, "referral.past", "expires_at", "let it end in the future");
  }
  if (categories.empty()) {
    return Fail(Code::kInvalid, "referral.categories", "categories",
                "say what it is about, so that a grant can cover it");
  }
  SCHAKEL_TRY(CheckBody(body));
  const OrgId to(body.to);
  if (to == engine_.Self()) return Fail(Code::kInvalid, "referral.self", "organisation", "name another organisation");
  const Participant* asked = trajectory.Find(to);
  if (asked == nullptr || asked->status != MemberStatus::kJoined) {
    return Fail(Code::kDenied, "referral.member", "organisation",
                "invite that organisation first, and wait until it has joined");
  }
  Draft draft;
  draft.kind = Kind::kReferral;
  draft.trajectory = id;
  draft.purpose = Purpose::kCareCoordination;
  draft.categories = categories;
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  Audience to_it = audience;
  to_it.named = {to};
  return Send(engine_, std::move(draft), {to}, to_it);
}

Result<Sent> ReferralService::Answer(const RecordId& id, const ReferralAnswerBody& body, const Audience& audience) {
  SCHAKEL_ASSIGN(const Found found, Find(id));
  if (found.referral.to != engine_.Self()) {
    return Fail(Code::kDenied, "referral.asked", "referral", "only whom it was asked of answers");
  }
  SCHAKEL_TRY(found.CheckOpen());
  Draft draft = found.Follow(Kind::kReferralAnswer);
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  Audience to_asker = audience;
  to_asker.named = {found.referral.author};
  return Send(engine_, std::move(draft), {found.referral.author}, to_asker);
}

Result<Sent> ReferralService::Withdraw(const RecordId& id, const ReferralWithdrawalBody& body,
                                       const Audience& audience) {
  SCHAKEL_ASSIGN(const Found found, Find(id));
  if (found.referral.author != engine_.Self()) {
    return Fail(Code::kDenied, "referral.author", "referral", "only who asked withdraws it");
  }
  SCHAKEL_TRY(found.CheckOpen());
  Draft draft = found.Follow(Kind::kReferralWithdrawal);
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  // Whom it asked hears of it as far as a grant still covers that.
  return Send(engine_, std::move(draft), {found.referral.to}, audience);
}

}  // namespace schakel
