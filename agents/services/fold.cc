#include "fold.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "court_fold.h"
#include "dossier_fold.h"
#include "fold_meetings.h"
#include "methods/family_fold.h"
#include "methods/passage_fold.h"
#include "modules_fold.h"
#include "network_fold.h"
#include "places_fold.h"

namespace schakel {
namespace {

class TrajectoryFold {
 public:
  TrajectoryFold(const OrgId& self, const TrajectoryId& id) : self_(self), meetings_(self) { view_.id = id; }

  void Take(const CaseRecord& record) {
    const HeldRecord& held = record.held;
    if (held.state == RecordState::kRefused) return;
    if (held.header.kind != Kind::kViews) view_.last_at = std::max(view_.last_at, held.at);
    if (IsOfHelp(held.header.kind)) help_.push_back(&record);
    if (IsOfCourt(held.header.kind)) court_.push_back(&record);
    if (IsOfFamily(held.header.kind)) family_.push_back(&record);
    if (IsOfPassage(held.header.kind)) passage_.push_back(&record);
    switch (held.header.kind) {
      case Kind::kTrajectoryOpen:
        return Opened(record);
      case Kind::kMemberInvite:
        return Invited(record);
      case Kind::kMemberJoin:
        commitments_[held.header.author] = held.header.id;
        return;
      case Kind::kGrantGive:
        given_at_[held.header.id] = held.at;
        return;
      case Kind::kGrantWithdraw:
        if (const auto* withdraw = std::get_if<GrantWithdraw>(&held.header.control)) {
          withdrawals_[withdraw->grant] = held.header.id;
        }
        said_[held.header.id] = {held.header.kind, held.at};
        return;
      case Kind::kGrantNarrow:
      case Kind::kEmergencyReview:
      case Kind::kMemberLeave:
      case Kind::kMemberRemove:
        said_[held.header.id] = {held.header.kind, held.at};
        return;
      case Kind::kSubjectStage:
        return Staged(held.header, held.at);
      case Kind::kLeadOffer:
      case Kind::kLeadAccept:
        said_[held.header.id] = {held.header.kind, held.at};
        return;
      case Kind::kGrantReceipt:
        return Answered(held.header, held.at);
      case Kind::kErasePropose:
      case Kind::kEraseSecond:
      case Kind::kEraseConfirm:
      case Kind::kEraseReceipt:
        return OfErasure(held);
      case Kind::kQuestion:
        return Asked(record);
      case Kind::kMeetingProposal:
        return meetings_.Propose(record);
      case Kind::kAnswer:
      case Kind::kConclusion:
      case Kind::kMeetingVote:
      case Kind::kMeetingFixed:
      case Kind::kMeetingReport:
      case Kind::kMeetingFamily:
      case Kind::kMeetingTerms:
      case Kind::kMeetingGuest:
      case Kind::kMeetingAnswer:
      case Kind::kMeetingCancelled:
        replies_.push_back(&record);  // Clocks differ: a reply may stand before what it answers.
        return;
      default:
        if (IsOfDossier(held.header.kind)) {
          dossier_.push_back(&record);
        } else if (IsOfNetwork(held.header.kind)) {
          network_.push_back(&record);
        } else if (IsContent(held.header.kind)) {
          view_.items.push_back({held.header.id, held.header.kind, held.header.author, held.at, held.header.purpose,
                                 held.header.categories, held.state});
        }
    }
  }

  // Of these there is no time of the log: that of their author is the nearest there is.
  void TakeTold(const Header& header) {
    if (header.kind == Kind::kGrantReceipt) return Answered(header, header.created_at);
    if (header.kind == Kind::kSubjectStage) return Staged(header, header.created_at);
    said_.try_emplace(header.id, header.kind, header.created_at);
  }

  CaseTrajectory Finish(const Trajectory* rules) {
    for (const CaseRecord* reply : replies_) Reply(*reply);
    // Nobody waits for who takes no part any more.
    const auto gone = [&](const OrgId& one) {
      if (rules == nullptr || one == rules->lead) return false;
      const auto member = rules->members.find(one);
      return member != rules->members.end() && member->second.status == MemberStatus::kLeft;
    };
    for (Consultation& consultation : view_.consultations) {
      std::erase_if(pending_[consultation.id], gone);
      Settle(consultation);
    }
    view_.dossier = FoldDossier(dossier_);
    for (CaseReferral& referral : view_.dossier.referrals) referral.gone = gone(referral.to);
    view_.network = FoldNetwork(network_);
    view_.court = FoldCourt(self_, court_);
    view_.meetings = meetings_.Finish();
    for (Meeting& meeting : view_.meetings) std::erase_if(meeting.outstanding, gone);
    if (rules != nullptr) TakeRules(*rules);
    const auto led = [&](const OrgId& who, Timestamp at) { return rules == nullptr || Led(who, at); };
    view_.help = FoldHelp(self_, help_, led);
    view_.family = FoldFamily(family_, led);
    view_.passage = FoldPassage(passage_, led);
    CountNewLead();
    if (view_.erasure) SettleErasure(*view_.erasure);
    return std::move(view_);
  }

 private:
  void Opened(const CaseRecord& record) {
    view_.opening = record.held.header.id;
    view_.opened_at = record.held.at;
    view_.label_record = record.held.header.id;
  }
  void Staged(const Header& header, Timestamp at) {
    const auto* said = std::get_if<SubjectStage>(&header.control);
    if (said == nullptr || said->stage != Stage::kAdult) return;
    adult_since_ = adult_since_ ? std::min(*adult_since_, at) : at;
  }
  // Who took over the lead of somebody of age goes on with them, and so does a lead that the plan names as the
  // receiver. Where nobody said the stage while we took part, it was said before.
  void CountNewLead() {
    if (view_.stage != Stage::kAdult || view_.receiver_accepted) return;
    const auto took_over = [&](const CaseHandover& one) {
      return one.to == view_.lead && (!adult_since_ || (one.at && *one.at >= *adult_since_));
    };
    const CaseAdulthoodPlan* plan = view_.passage.CurrentPlan();
    const bool named = plan != nullptr && plan->receiver == view_.lead;
    if (!named && std::ranges::none_of(view_.handovers, took_over)) return;
    view_.receiver = view_.lead;
    view_.receiver_accepted = true;
  }
  void Invited(const CaseRecord& record) {
    // Our own label stays; a partner's is all we have.
    const auto* body = As<InvitationBody>(record);
    const bool says = body != nullptr && !body->label.empty();
    if (record.held.header.author != self_ && (says || IsNone(view_.label_record))) {
      view_.label_record = record.held.header.id;
    }
    if (view_.opened_at == Timestamp{}) view_.opened_at = record.held.at;
  }
  void Answered(const Header& header, Timestamp at) {
    const auto* receipt = std::get_if<GrantReceipt>(&header.control);
    if (receipt == nullptr) return;
    receipts_.try_emplace({receipt->grant, receipt->change, receipt->kept, header.author}, at);
  }
  void OfErasure(const HeldRecord& held) {
    if (!view_.erasure) view_.erasure.emplace();
    CaseErasure& erasure = *view_.erasure;
    const Header& header = held.header;
    if (const auto* propose = std::get_if<ErasePropose>(&header.control)) {
      erasure = CaseErasure{header.id, propose->reason, held.at, false, {}, {}, {}};
    } else if (const auto* second = std::get_if<EraseSecond>(&header.control)) {
      erasure.seconded = erasure.seconded || second->proposal == erasure.proposal;
    } else if (const auto* confirm = std::get_if<EraseConfirm>(&header.control)) {
      erasure.proposal = confirm->proposal;
      erasure.confirm = header.id;
      erasure.confirmed_at = held.at;
      if (header.author != self_) return;
      // Also whom the hub could not reach is asked.
      for (const OrgId& asked : held.recipients) erasure.parties.push_back({asked, std::nullopt, std::nullopt});
    } else if (const auto* receipt = std::get_if<EraseReceipt>(&header.control)) {
      erased_at_.try_emplace(header.author, held.at);
      // In whatever order they came: who said that nothing is left keeps nothing.
      if (receipt->kept) {
        kept_.try_emplace(header.author, *receipt->kept);
      } else {
        all_gone_.insert(header.author);
      }
    }
  }
  void SettleErasure(CaseErasure& erasure) const {
    if (IsNone(erasure.confirm)) return;
    erasure.parties.push_back({self_, std::nullopt, std::nullopt});
    for (CaseErasure::Party& party : erasure.parties) {
      if (auto found = erased_at_.find(party.organisation); found != erased_at_.end()) {
        party.answered_at = found->second;
      }
      const auto kept = kept_.find(party.organisation);
      if (kept != kept_.end() && !all_gone_.contains(party.organisation)) party.kept = kept->second;
    }
    std::ranges::sort(erasure.parties, {}, &CaseErasure::Party::organisation);
  }
  // Only the answer of who had the grant counts.
  std::optional<Timestamp> AnswerOf(const Grant& grant, const RecordId& change, Kept kept) const {
    auto found = receipts_.find({grant.id, change, kept, grant.terms.recipient});
    return found == receipts_.end() ? std::nullopt : std::optional(found->second);
  }
  void TakeBack(const Trajectory& rules, CaseGrant& row) const {
    for (const GrantTakenBack& taken : rules.taken_back) {
      if (taken.grant != row.grant.id) continue;
      CaseTakenBack one{taken.change, Kind::kGrantWithdraw, taken.author, row.given_at, {}, {}};
      if (auto found = said_.find(taken.change); found != said_.end()) std::tie(one.kind, one.at) = found->second;
      one.sealed_at = AnswerOf(row.grant, taken.change, Kept::kSealed);
      one.destroyed_at = AnswerOf(row.grant, taken.change, Kept::kDestroyed);
      row.taken_back.push_back(one);
    }
    std::ranges::stable_sort(row.taken_back, {}, &CaseTakenBack::at);
  }
  void Asked(const CaseRecord& record) {
    const Header& header = record.held.header;
    Consultation consultation;
    consultation.id = header.id;
    consultation.trajectory = header.trajectory;
    consultation.asker = header.author;
    consultation.asked_at = record.held.at;
    consultation.purpose = header.purpose;
    consultation.categories = header.categories;
    consultation.asked = Reached(self_, record.held);
    if (const auto* body = As<QuestionBody>(record)) {
      consultation.urgency = body->urgency;
      consultation.answer_by = body->answer_by;
    }
    pending_[header.id] = consultation.asked;
    consultations_[header.id] = view_.consultations.size();
    view_.consultations.push_back(std::move(consultation));
  }
  void Reply(const CaseRecord& record) {
    const Header& header = record.held.header;
    if (auto found = consultations_.find(header.thread); found != consultations_.end()) {
      ReplyTo(view_.consultations[found->second], record);
    } else {
      meetings_.Reply(record);
    }
  }
  void ReplyTo(Consultation& consultation, const CaseRecord& record) {
    const Header& header = record.held.header;
    const Consultation::Reply reply{header.id, header.author, record.held.at};
    std::set<OrgId>& pending = pending_[consultation.id];
    if (header.kind == Kind::kAnswer && header.author == consultation.asker) {
      consultation.follow_ups.push_back(reply);
      for (const OrgId& one : Reached(self_, record.held)) {
        if (consultation.asked.contains(one)) pending.insert(one);
      }
    } else if (header.kind == Kind::kAnswer) {
      consultation.answers.push_back(reply);
      pending.erase(header.author);
    } else if (header.kind == Kind::kConclusion && header.author == consultation.asker) {
      consultation.conclusion = header.id;  // Only who asked concludes; the last word counts.
    }
  }

  void Settle(Consultation& consultation) {
    const std::set<OrgId>& open = pending_[consultation.id];
    consultation.outstanding.assign(open.begin(), open.end());
    using enum Consultation::State;
    const bool answered = open.empty() && !consultation.answers.empty();
    consultation.state = !IsNone(consultation.conclusion) ? kConcluded : answered ? kAnswered : kOpen;
  }

  // Whether that organisation led then, by the handovers that are known.
  bool Led(const OrgId& who, Timestamp at) const {
    for (const CaseHandover& one : view_.handovers) {
      if (one.at && at < *one.at) return who == one.from;
    }
    return who == view_.lead;
  }
  void TakeLead(const Trajectory& rules) {
    const auto at = [&](const RecordId& record) {
      auto found = said_.find(record);
      return found == said_.end() ? std::nullopt : std::optional(found->second.second);
    };
    view_.lead = rules.lead;
    if (rules.offer) {
      const OfferedLead& offer = *rules.offer;
      view_.lead_offer = {offer.id, offer.to, at(offer.id).value_or(Timestamp{}), offer.expires_at};
    }
    for (const FormerLead& former : rules.former) {
      view_.handovers.push_back(
          {former.accept, former.organisation, rules.SuccessorOf(former), at(former.accept), former.told});
    }
  }
  void TakeRules(const Trajectory& rules) {
    TakeLead(rules);
    view_.closed = rules.closed;
    view_.retain_until = rules.retain_until;
    view_.stage = rules.stage();
    view_.frames = rules.frames;
    if (rules.receiver && rules.MayKnow(self_, rules.receiver->organisation)) {
      view_.receiver = rules.receiver->organisation;
      view_.receiver_accepted = rules.IsMember(view_.receiver);
    }
    if (!rules.lead.value().empty()) {
      Participant lead;
      lead.organisation = rules.lead;
      lead.lead = true;
      view_.participants.push_back(std::move(lead));
    }
    for (const auto& [organisation, member] : rules.members) {
      if (!rules.MayKnow(self_, organisation)) continue;
      Participant participant;
      participant.organisation = organisation;
      participant.status = member.status;
      participant.invite = member.invite;
      participant.invite_expires_at = member.invite_expires_at;
      if (auto found = commitments_.find(organisation); found != commitments_.end()) {
        participant.commitment = found->second;
      }
      view_.participants.push_back(std::move(participant));
    }
    for (const Grant& grant : rules.grants) {
      CaseGrant row{grant, grant.terms.begins_at, {}, {}};
      if (auto found = given_at_.find(grant.id); found != given_at_.end()) row.given_at = found->second;
      if (auto found = withdrawals_.find(grant.id); found != withdrawals_.end()) row.withdrawal = found->second;
      TakeBack(rules, row);
      view_.grants.push_back(std::move(row));
    }
    std::ranges::stable_sort(view_.grants, {}, &CaseGrant::given_at);
  }

  const OrgId& self_;
  CaseTrajectory view_;
  std::vector<const CaseRecord*> replies_;
  std::vector<const CaseRecord*> dossier_;
  std::vector<const CaseRecord*> network_;
  std::vector<const CaseRecord*> help_;
  std::vector<const CaseRecord*> court_;
  std::vector<const CaseRecord*> family_;
  std::vector<const CaseRecord*> passage_;
  std::unordered_map<RecordId, std::size_t, IdHash> consultations_;  // Where in the view.
  std::unordered_map<RecordId, std::set<OrgId>, IdHash> pending_;    // Whose answer to each is waited for.
  MeetingFold meetings_;
  std::map<OrgId, RecordId> commitments_;
  std::optional<Timestamp> adult_since_;  // None: not said while we took part.
  std::map<RecordId, Timestamp> given_at_;
  std::map<RecordId, RecordId> withdrawals_;
  std::map<RecordId, std::pair<Kind, Timestamp>> said_;
  std::map<OrgId, Timestamp> erased_at_;
  std::map<OrgId, KeptByLaw> kept_;  // Of an erasure.
  std::set<OrgId> all_gone_;
  std::map<std::tuple<RecordId, RecordId, Kept, OrgId>, Timestamp> receipts_;
};

}  // namespace

std::set<OrgId> Reached(const OrgId& self, const HeldRecord& held) {
  if (held.header.author != self) return {self};
  std::set<OrgId> reached(held.recipients.begin(), held.recipients.end());
  for (const RoutingRefusal& refusal : held.refused) reached.erase(refusal.recipient);
  return reached;
}

bool Earlier(const HeldRecord& a, const HeldRecord& b) {
  const auto place = [](const HeldRecord& held) {
    return held.sequence == Sequence{} ? ~std::uint64_t{0} : held.sequence.value();
  };
  if (place(a) != place(b)) return place(a) < place(b);
  return std::tie(a.header.created_at, a.header.id) < std::tie(b.header.created_at, b.header.id);
}

CaseTrajectory FoldTrajectory(const OrgId& self, const TrajectoryId& id, const std::vector<const CaseRecord*>& records,
                              const Trajectory* rules, const std::vector<Header>& told) {
  TrajectoryFold fold(self, id);
  for (const Header& header : told) fold.TakeTold(header);
  for (const CaseRecord* record : records) fold.Take(*record);
  CaseTrajectory view = fold.Finish(rules);
  if (IsNone(id)) view.places = FoldPlaces(self, records);
  return view;
}

}  // namespace schakel
