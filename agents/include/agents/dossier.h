// What organisations write together on a trajectory: referrals, commitments, goals, criteria, actions. docs/dossier.md
// says how it goes, and what counts when edits cross.
//
// Each is content: it reaches whom a grant covers, and nobody else. Who writes on one that is there names any version
// of it; what is said is about the current one. kNotFound ("id.unknown"): none such here. Threads, durability, errors:
// as services.h.
#pragma once

#include "agents/services.h"

namespace schakel {

class Acquaintance;

class ReferralService {
 public:
  ReferralService(Engine& engine, Cases& cases, Clock& clock) : engine_(engine), cases_(cases), clock_(clock) {}

  // Goes to `body.to` alone. `body.expires_at` none: in kLasts. kInvalid ("referral.categories"): without one;
  // ("referral.past"): it would have ended; ("referral.self"). kDenied ("referral.member"): whom it asks takes no part.
  Result<Sent> Ask(const TrajectoryId& id, ReferralBody body, CategorySet categories, const Audience& audience);
  // kDenied ("referral.asked"): somebody else was asked; kConflict ("referral.over"): answered, withdrawn or ended.
  Result<Sent> Answer(const RecordId& referral, const ReferralAnswerBody& body, const Audience& audience);
  // kDenied ("referral.author"); kConflict ("referral.over").
  Result<Sent> Withdraw(const RecordId& referral, const ReferralWithdrawalBody& body, const Audience& audience);

  static constexpr std::chrono::days kLasts{30};

 private:
  struct Found;
  Result<Found> Find(const RecordId& referral);

  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
};

class DossierService {
 public:
  DossierService(Engine& engine, Cases& cases) : engine_(engine), cases_(cases) {}

  // ---- Commitments ----
  // To all parties, unless the audience says otherwise; who proposes signs by that, if it is one. kDenied
  // ("dossier.member"): a party takes no part, as far as we may know; ("dossier.introduced"): two parties may not know
  // of each other; ("dossier.hidden"): somebody named may not know of all parties. Of what it cites: kInvalid
  // ("commitment.cites"): no goal or criterion of this trajectory; kConflict ("commitment.cites_old"): not the current
  // version; ("commitment.cites_over"): reached or stopped; kDenied ("commitment.cites_missing"): sealed here;
  // ("commitment.cites_unread"): a party was not sent it, as far as we can know.
  Result<Sent> Commit(const TrajectoryId& id, CommitmentBody body, const Audience& audience);
  // Voids the signatures. kDenied ("commitment.party"): only parties and who proposed it; as Commit, and
  // ("dossier.left_out"): who is no party any more may not know of one that comes in. kConflict
  // ("dossier.newcomer"): who comes in was never sent the first version, so it would not see this one.
  Result<Sent> EditCommitment(const RecordId& commitment, CommitmentBody body, const Audience& audience);
  // The version that was read: kConflict ("commitment.changed") if another one is current by now;
  // ("commitment.signed"): we did already; ("commitment.declined"): a person refused; ("commitment.cites_changed"):
  // what it cites was changed or stopped since. kDenied ("commitment.party"); ("commitment.cites_missing"): we cannot
  // read what it cites.
  Result<Sent> Sign(const RecordId& version, const SignatureBody& body, const Audience& audience);
  // Taken down for a person: what `body` says, of `guest` (none: on paper). As Sign, and kInvalid
  // ("commitment.person"): not asked to sign; kConflict ("commitment.own_first"): our organisation did not sign yet.
  Result<Sent> SignFor(const RecordId& version, const SignatureBody& body, const RecordId& guest,
                       const Audience& audience);

  // How far a person who signed finds a goal that the commitment cites, taken down as SignFor; it goes to the parties.
  // Both by the versions that were read. As SignFor, and kConflict ("progress.signatory"): they did not sign it;
  // ("goal.over"). kInvalid ("progress.goal"): not cited there.
  Result<Sent> SayProgressFor(const RecordId& commitment, const RecordId& goal, const ProgressBody& body,
                              const RecordId& guest, const Audience& audience);

  // ---- Goals ----
  // It goes to whom may know of all owners. kDenied as commitments, of its owners.
  Result<Sent> SetGoal(const TrajectoryId& id, GoalBody body, const Audience& audience);
  // kDenied ("goal.owner"), also of Review: only owners and who set it; as commitments.
  Result<Sent> EditGoal(const RecordId& goal, GoalBody body, const Audience& audience);
  Result<Sent> SayProgress(const RecordId& goal, const ProgressBody& body, const Audience& audience);
  // kConflict ("goal.over"): it was reached or stopped.
  Result<Sent> Review(const RecordId& goal, const GoalReviewBody& body, const Audience& audience);

  // ---- "Good enough" ----
  Result<Sent> SetCriterion(const TrajectoryId& id, const CriterionBody& body, const Audience& audience);
  // kDenied ("criterion.author"), also of Judge: only who set it.
  Result<Sent> EditCriterion(const RecordId& criterion, const CriterionBody& body, const Audience& audience);
  Result<Sent> Judge(const RecordId& criterion, const JudgementBody& body, const Audience& audience);

  // ---- Actions ----
  // It goes to whom may know of its owner: that somebody owns it tells that they take part. `meeting`: the one of ours
  // that decided it, to whose guests it then goes, under the same grants; none: all may know of it. kDenied
  // ("action.owner_hidden"): somebody named may not know of the owner; ("meeting.convener"). kInvalid
  // ("meeting.owner"): who is not at that table owns nothing.
  Result<Sent> AddAction(const TrajectoryId& id, const ActionBody& body, const Audience& audience,
                         const RecordId& meeting = {});
  // Whether AddAction would take it.
  Status CheckAction(const TrajectoryId& id, const ActionBody& body, const Audience& audience,
                     const RecordId& meeting = {});
  // kDenied ("action.carrier"): only its owner and who set it; ("action.owner_hidden"). kConflict
  // ("action.taken_back"). Where its new owner is not everybody's to know, or did not have it, a new action is begun,
  // and who had this one hears that nobody does it any more.
  Result<Sent> EditAction(const RecordId& action, const ActionBody& body, const Audience& audience);
  // kDenied ("action.owner"): only its owner. kConflict ("action.taken_back").
  Result<Sent> Done(const RecordId& action, const ActionDoneBody& body, const Audience& audience);

 private:
  template <typename T>
  struct Found;
  template <typename T>
  Result<Found<T>> Find(const RecordId& id, const T* (CaseDossier::*find)(const RecordId&) const);
  Result<Sent> Begin(const std::vector<OrgId>& usual, const TrajectoryId& id, Kind kind, const TypedBody& body,
                     const Audience& audience);
  // On `versions`, about its current one, to others than `usual` only if the audience names them.
  Result<Sent> GoOn(const TrajectoryId& id, Kind kind, const CaseVersions& versions, const TypedBody& body,
                    const Audience& audience);
  Result<Sent> GoOnTo(const std::vector<OrgId>& usual, const TrajectoryId& id, Kind kind, const CaseVersions& versions,
                      const TypedBody& body, const Audience& audience);
  // A new action before it is sent, and whom it usually goes to.
  struct Plan;
  Result<Plan> PlanAction(const TrajectoryId& id, const ActionBody& body, const Audience& audience,
                          const RecordId& meeting);
  // Of what is said of an action that is there.
  std::vector<OrgId> UsualFor(const TrajectoryId& id, const CaseAction& action);
  Status KeepWhoMayKnow(const TrajectoryId& id, const OrgId& owner, const Audience& audience,
                        std::vector<OrgId>& usual) const;
  std::vector<OrgId> Others(const TrajectoryId& id);
  Result<Acquaintance> Acquainted(const TrajectoryId& id, const std::vector<OrgId>& together) const;
  Status CheckOwner(const CaseTrajectory& trajectory, const OrgId& owner) const;
  Status CheckNamed(const TrajectoryId& id, const std::vector<OrgId>& named, const Acquaintance& acquaintance,
                    const Audience& audience);
  std::vector<OrgId> WhoMayKnow(const TrajectoryId& id, const std::vector<OrgId>& owners,
                                const Acquaintance& acquaintance);
  Draft OnVersion(const TrajectoryId& id, Kind kind, const CaseVersions& versions);
  static Status CheckNotDeclined(const CaseCommitment& one);
  Status CheckTakenDown(const CaseCommitment& one, const RecordId& version, const SignatureBody& body) const;
  static Status CheckNotTakenBack(const CaseAction& action);
  Status CheckCited(const TrajectoryId& id, const CommitmentBody& body);
  Status CheckSentTo(const CaseVersions& text, const std::vector<OrgId>& parties) const;
  static Status CheckStands(const CaseCommitment& one);
  std::optional<bool> WasSent(const RecordId& record, const OrgId& author, const OrgId& organisation) const;
  std::optional<bool> HadFirst(const CaseVersions& text, const OrgId& organisation) const;
  Status CheckComesIn(const CaseVersions& text, const std::vector<OrgId>& named, const std::vector<OrgId>& before,
                      bool if_unknown) const;
  Result<Sent> MoveAction(const TrajectoryId& id, const CaseAction& action, const ActionBody& body,
                          std::vector<OrgId> usual, const Audience& audience);

  Engine& engine_;
  Cases& cases_;
};

}  // namespace schakel
