#include "agents/case_file.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "agents/reviews.h"
#include "fold.h"
#include "local_time.h"
#include "meeting_tasks.h"
#include "methods/family_fold.h"
#include "names_in_text.h"

namespace schakel {
namespace {

constexpr std::size_t kWholeId = 2 * sizeof(Id128);

// Without making a text of it: ids are looked for among all that there are.
bool BeginsWith(const Id128& id, std::string_view hex_prefix) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (hex_prefix.size() > kWholeId) return false;
  for (std::size_t i = 0; i < hex_prefix.size(); ++i) {
    const std::uint8_t byte = id[i / 2];
    if (kDigits[i % 2 == 0 ? byte >> 4 : byte & 15] != hex_prefix[i]) return false;
  }
  return true;
}

// Of each trajectory, where something was withheld.
std::map<TrajectoryId, std::vector<FeedPosition>> PlacesOf(const std::vector<WithheldMark>& marks) {
  std::map<TrajectoryId, std::vector<FeedPosition>> places;
  for (const WithheldMark& mark : marks) places[mark.trajectory].push_back(mark.position);
  return places;
}
std::vector<FeedPosition> PlacesIn(const std::map<TrajectoryId, std::vector<FeedPosition>>& all,
                                   const TrajectoryId& id) {
  const auto found = all.find(id);
  return found == all.end() ? std::vector<FeedPosition>() : found->second;
}

// Tasks that one trajectory, as seen by `self`, asks for.
class Tasks {
 public:
  Tasks(const OrgId& self, const CaseTrajectory& view, const RegionRules& rules, Timestamp now,
        std::vector<InboxItem>& to)
      : self_(self), view_(view), rules_(rules), now_(now), to_(to) {}

  void Collect() {
    for (const Consultation& consultation : view_.consultations) Take(consultation);
    for (const CasePlaces& places : view_.places) Take(places);
    for (const CaseGrant& grant : view_.grants) {
      AwaitAnswers(grant);
      AwaitReview(grant);
    }
    if (view_.erasure) Take(*view_.erasure);
    if (view_.closed || HasLeft()) return;
    if (view_.lead == self_ && view_.LacksReceiver()) {
      Add(What::kReceiver, view_.opening, self_, Kind::kSubjectStage, view_.opened_at, std::nullopt);
    }
    if (view_.lead_offer) Take(*view_.lead_offer);
    for (const Participant& participant : view_.participants) Take(participant);
    for (const Meeting& meeting : view_.meetings) AddMeetingTasks(self_, meeting, now_, to_);
    for (const CaseGrant& grant : view_.grants) Take(grant);
    TakeDossier(view_.dossier);
    for (const CaseTie& one : view_.network.ties) Take(one);
    TakeHelp(view_.help);
    AddFamilyTasks(self_, view_, now_, to_);
    for (const CaseAftercare& one : view_.passage.contacts) Take(one);
    if (view_.lead == self_) {
      TakeReviews();
      TakeAdulthood();
    }
  }

 private:
  using What = InboxItem::What;

  bool HasLeft() const {
    const Participant* own = view_.Find(self_);
    return own != nullptr && own->status == MemberStatus::kLeft;
  }
  void Take(const Participant& participant) {
    const bool waits = participant.organisation == self_ && participant.status == MemberStatus::kInvited;
    if (waits && now_ < participant.invite_expires_at) {
      Add(What::kInvitation, participant.invite, view_.lead, Kind::kMemberInvite, view_.opened_at,
          participant.invite_expires_at);
    }
  }
  void Take(const CaseLeadOffer& offer) {
    const bool open = now_ < offer.expires_at;
    if (open && offer.to == self_) {
      Add(What::kLeadOffered, offer.record, view_.lead, Kind::kLeadOffer, offer.at, offer.expires_at);
    } else if (!open && view_.lead == self_) {
      Add(What::kLeadUnanswered, offer.record, offer.to, Kind::kLeadOffer, offer.at, std::nullopt);
    }
  }
  void Take(const Consultation& consultation) {
    using enum Consultation::State;
    if (HasLeft()) return;  // Whoever asked is answered by who stayed.
    const bool mine = consultation.asker == self_;
    const bool open = consultation.state == kOpen && !view_.closed;
    if (open && consultation.urgency == Urgency::kCrisis) return TakeCrisis(consultation);
    if (!mine && consultation.state == kOpen && !view_.closed) {
      const Timestamp at = consultation.follow_ups.empty() ? consultation.asked_at : consultation.follow_ups.back().at;
      const auto due = consultation.DueBy();
      Add(What::kAnswer, consultation.id, consultation.asker, Kind::kQuestion, at, due,
          due ? consultation.id : RecordId{});
    } else if (mine && consultation.state == kOpen && !view_.closed) {
      const auto due = consultation.DueBy();
      if (!due || now_ < *due) return;
      for (const OrgId& late : consultation.outstanding) {
        Add(What::kAnswerLate, consultation.id, late, Kind::kQuestion, consultation.asked_at, due, consultation.id);
      }
    } else if (mine && consultation.state == kAnswered) {
      Add(What::kConclude, consultation.id, consultation.answers.back().author, Kind::kAnswer,
          consultation.answers.back().at, std::nullopt);
    }
  }
  void TakeCrisis(const Consultation& consultation) {
    const Timestamp due = *consultation.DueBy();
    const auto add = [&](What what, const OrgId& from) {
      Add(what, consultation.id, from, Kind::kQuestion, consultation.LastAskedAt(), due, consultation.id);
    };
    if (consultation.asker != self_) {
      add(What::kCrisis, consultation.asker);
      if (now_ >= due) add(What::kCrisisLate, consultation.asker);
    } else if (now_ >= due) {
      for (const OrgId& late : consultation.outstanding) add(What::kCrisisUnanswered, late);
    }
  }
  void Take(const CaseGrant& row) {
    const Grant& grant = row.grant;
    const bool soon = now_ < grant.ends_at && grant.ends_at - now_ <= kGrantEndsSoon;
    // A grant that was made short, as in an emergency, is no news while it has just begun.
    const bool was_longer = grant.ends_at - row.given_at > kGrantEndsSoon;
    if (grant.author == self_ && !grant.withdrawn && soon && was_longer) {
      Add(What::kGrantEnds, grant.id, grant.terms.recipient, Kind::kGrantGive, row.given_at, grant.ends_at);
    }
  }
  void Take(const CaseErasure& erasure) {
    if (IsNone(erasure.confirm)) {
      Add(What::kErase, erasure.proposal, view_.lead, Kind::kErasePropose, erasure.proposed_at.value_or(Timestamp{}),
          std::nullopt);
      return;
    }
    if (view_.lead != self_) return;
    for (const CaseErasure::Party& party : erasure.parties) {
      if (party.answered_at || party.organisation == self_) continue;
      Add(What::kEraseOutstanding, erasure.confirm, party.organisation, Kind::kEraseConfirm,
          erasure.confirmed_at.value_or(Timestamp{}), std::nullopt);
    }
  }
  // Days and parties are words of the version that says them: `due` is shown with a view of it.
  void TakeDossier(const CaseDossier& dossier) {
    for (const CaseReferral& one : dossier.referrals) Take(one);
    for (const CaseCommitment& one : dossier.commitments) {
      const CaseVersion& version = one.text.current();
      const bool waits = std::ranges::find(one.outstanding, self_) != one.outstanding.end();
      if (waits && !IsOutdated(one))
        Add(What::kSign, version.record, version.author, Kind::kCommitment, version.at, std::nullopt);
      if (version.author == self_) TakeOwn(one, version);
    }
    for (const CaseGoal& one : dossier.goals) {
      const CaseVersion& version = one.text.current();
      const bool due = one.review_due && now_ + kReviewDueSoon >= *one.review_due;
      if (!due || !one.Carries(self_)) continue;
      Add(What::kGoalReview, one.text.id(), version.author, Kind::kGoal, version.at, one.review_due, version.record);
    }
    for (const CaseAction& one : dossier.actions) {
      const CaseVersion& version = one.text.current();
      if (one.done || one.taken_back || !one.due_at) continue;
      if (one.owner == self_ && now_ + kActionDueSoon >= *one.due_at) {
        Add(What::kAction, one.text.id(), version.author, Kind::kAction, version.at, one.due_at, version.record);
      } else if (one.owner != self_ && one.text.author() == self_ && now_ >= *one.due_at) {
        Add(What::kActionLate, one.text.id(), one.owner, Kind::kAction, version.at, one.due_at, version.record);
      }
    }
  }
  // Nobody can sign it any more: what it cites is another by now.
  static bool IsOutdated(const CaseCommitment& one) {
    const auto is_other = [](const CaseCited& cited) {
      return cited.state == CaseCited::State::kChanged || cited.state == CaseCited::State::kStopped;
    };
    return std::ranges::any_of(one.goals, is_other) || std::ranges::any_of(one.criteria, is_other);
  }
  // Who wrote it sees to it that it is signed, and written anew once it does not hold any more.
  void TakeOwn(const CaseCommitment& one, const CaseVersion& version) {
    const bool late = one.signed_since && one.renew_by && now_ >= *one.renew_by;
    if (one.Declined() || !one.StandsAsSigned() || late) {
      Add(What::kSignAnew, version.record, version.author, Kind::kCommitment, version.at, std::nullopt);
    } else if (one.outstanding.empty() && !one.PersonsOutstanding().empty()) {
      Add(What::kSignPersons, version.record, version.author, Kind::kCommitment, version.at, std::nullopt);
    }
  }
  void TakeHelp(const CaseHelp& help) {
    // A stay that runs, or ran out while nothing was said of what came after it.
    const CaseSwitch* last = nullptr;
    for (const CaseSwitch& one : help.switches) {
      if (last == nullptr || one.begins_at >= last->begins_at) last = &one;
    }
    if (view_.lead == self_ && last != nullptr && last->ends_at && now_ + kStayEndsSoon >= *last->ends_at) {
      Add(What::kStayEnds, last->record, last->author, Kind::kModuleSwitch, last->at, last->ends_at, last->record);
    }
    for (const CaseAlert& one : help.alerts) {
      if (!StandsFor(self_, view_, one, now_)) continue;
      const What what = one.author == self_ ? What::kAlertOpen : What::kAlertStands;
      Add(what, one.id, one.author, Kind::kAlert, one.at, std::nullopt);
    }
  }
  void Take(const CasePlaces& places) {
    const bool ours = places.owner == self_;
    const CaseHold* last = nullptr;
    for (const CaseHold& one : places.holds) {
      const auto state = one.StateAt(now_);
      if (ours && state == CaseHold::State::kWaiting) {
        Add(What::kPlaceAsked, one.id, one.holder, Kind::kPlaceHold, one.at, one.expires_at);
      }
      if (ours || one.holder != self_) continue;
      last = &one;
      const bool soon = state == CaseHold::State::kAgreed && now_ + kStayEndsSoon >= one.ends_at;
      if (soon) Add(What::kPlaceEnds, one.id, places.owner, Kind::kPlaceHold, one.at, one.ends_at);
    }
    const bool lapsed = last != nullptr && last->StateAt(now_) == CaseHold::State::kExpired;
    if (lapsed && now_ < last->expires_at + kPlaceLapsedFor) {
      Add(What::kPlaceLapsed, last->id, places.owner, Kind::kPlaceHold, last->at, std::nullopt);
    }
  }
  void TakeReviews() {
    const auto what = [](MeetingKind kind) {
      if (kind == MeetingKind::kReview3Months) return What::kReview3Months;
      return kind == MeetingKind::kReview6Months ? What::kReview6Months : What::kReviewHearing;
    };
    for (const ReviewDue& one : ReviewsOf(view_, now_)) {
      if (one.state != ReviewDue::State::kToPlan || now_ + kEvolutionReviewSoon < one.due_at) continue;
      const CaseHearing* hearing = view_.court.FindHearing(one.because);
      const Timestamp at = hearing == nullptr ? view_.opened_at : hearing->text.current().at;
      const RecordId record = IsNone(one.because) ? view_.opening : one.because;
      Add(what(one.kind), record, self_, Kind::kMeetingProposal, at, one.due_at, one.because);
    }
  }
  // Days are words of the version that says them.
  void Take(const CaseAftercare& one) {
    const AftercareState state = StateOf(view_, one, now_);
    if (state.standing != AftercareStanding::kDue && state.standing != AftercareStanding::kLate) return;
    const CaseVersion& version = one.text.current();
    if (one.organisation == self_) {
      Add(What::kAftercareDue, one.text.id(), version.author, Kind::kAftercareContact, version.at, state.next_at,
          version.record);
    } else if (version.author == self_ && state.standing == AftercareStanding::kLate) {
      Add(What::kAftercareLate, one.text.id(), one.organisation, Kind::kAftercareContact, version.at, state.next_at,
          version.record);
    }
  }
  void TakeAdulthood() {
    const auto what = [](AdulthoodAsk::What ask) {
      if (ask == AdulthoodAsk::What::kPlan) return What::kAdulthoodPlan;
      return ask == AdulthoodAsk::What::kReceiver ? What::kAdulthoodReceiver : What::kAdulthoodStage;
    };
    for (const AdulthoodAsk& one : AdulthoodAsksOf(view_, now_)) {
      const CaseVersion& version = view_.passage.CurrentPlan()->text.current();
      Add(what(one.what), version.record, self_, Kind::kAdulthoodPlan, version.at, one.due, version.record);
    }
  }
  // Until something newer is said of the tie.
  void Take(const CaseTie& one) {
    const auto last = one.LastSaid();
    for (const CaseTie::Repair& repair : one.repairs) {
      const CaseAction* action = view_.dossier.FindAction(repair.action);
      if (action == nullptr || !action->done_at || (last && *last >= *action->done_at)) continue;
      Add(What::kRecolour, action->text.id(), action->owner, Kind::kNetworkTie, *action->done_at, std::nullopt);
    }
  }
  void Take(const CaseReferral& one) {
    const CaseReferral::State state = one.StateAt(now_);
    if (state == CaseReferral::State::kOpen && one.to == self_) {
      Add(What::kReferral, one.id, one.author, Kind::kReferral, one.at, one.expires_at, one.id);
    } else if (state == CaseReferral::State::kExpired && one.author == self_) {
      Add(What::kReferralLapsed, one.id, one.to, Kind::kReferral, one.at, std::nullopt);
    }
  }
  // Until its recipient says that it sealed what the grant covered, by name.
  void AwaitAnswers(const CaseGrant& row) {
    const OrgId& recipient = row.grant.terms.recipient;
    if (recipient == self_) return;
    for (const CaseTakenBack& taken : row.taken_back) {
      const bool ours = taken.author == self_ || view_.lead == self_;
      if (ours && !taken.sealed_at) {
        Add(What::kOutstanding, taken.record, recipient, taken.kind, taken.at, std::nullopt);
      }
    }
  }
  // From its end on, by who gave it or the lead; also on a closed trajectory.
  void AwaitReview(const CaseGrant& row) {
    const Grant& grant = row.grant;
    if (grant.terms.basis != Basis::kEmergency || grant.review) return;
    if (grant.author != self_ && view_.lead != self_) return;
    if (now_ < grant.ends_at && !grant.withdrawn) return;
    Add(What::kEmergencyReview, grant.id, grant.author, Kind::kGrantGive, row.given_at,
        grant.ends_at + std::chrono::hours(rules_.emergency_review_hours));
  }
  void Add(What what, const RecordId& record, const OrgId& from, Kind kind, Timestamp at, std::optional<Timestamp> due,
           const RecordId& due_record = {}) {
    to_.push_back({what, record, view_.id, from, kind, at, due, due_record, std::nullopt});
  }

  const OrgId& self_;
  const CaseTrajectory& view_;
  const RegionRules& rules_;
  const Timestamp now_;
  std::vector<InboxItem>& to_;
};

bool MoreUrgent(const InboxItem& a, const InboxItem& b) {
  const auto key = [](const InboxItem& item) {
    return std::tuple(!item.due.has_value(), item.due.value_or(item.at), item.at, item.record);
  };
  return key(a) < key(b);
}
bool Newer(const InboxItem& a, const InboxItem& b) { return std::tie(a.at, a.record) > std::tie(b.at, b.record); }

// What came, and how a place was answered.
InboxItem::What NewsOf(const Header& header) {
  const auto* answer = std::get_if<PlaceAnswer>(&header.control);
  if (answer == nullptr) return InboxItem::What::kNew;
  return answer->agreed ? InboxItem::What::kPlaceAgreed : InboxItem::What::kPlaceRefused;
}

void AddWords(const std::string& text, std::vector<std::string>& to) {
  if (!text.empty()) to.push_back(text);
}

// Shows at the place itself.
bool TellsStanding(const CaseRecord& record) {
  return record.body && std::holds_alternative<PlaceStandingBody>(*record.body);
}

}  // namespace

bool IsTold(Kind kind) {
  switch (kind) {
    case Kind::kViews:
    case Kind::kGrantReceipt:
    case Kind::kEraseReceipt:
    case Kind::kLeadPassed:
    case Kind::kAttachmentChunk:  // The attachment itself is told.
      return false;
    default:
      return true;
  }
}

const Participant* CaseTrajectory::Find(const OrgId& organisation) const {
  auto found = std::ranges::find(participants, organisation, &Participant::organisation);
  return found == participants.end() ? nullptr : &*found;
}

std::vector<Consultation::Reply> Consultation::Replies() const {
  std::vector<Reply> all;
  std::ranges::merge(answers, follow_ups, std::back_inserter(all), {}, &Reply::at, &Reply::at);
  return all;
}

Timestamp Consultation::LastAskedAt() const { return follow_ups.empty() ? asked_at : follow_ups.back().at; }

std::optional<Timestamp> Consultation::DueBy() const {
  if (urgency == Urgency::kCrisis) {
    const Timestamp end = EndOfDay(LastAskedAt());
    return follow_ups.empty() && answer_by ? std::min(*answer_by, end) : end;
  }
  const bool later = answer_by && !follow_ups.empty() && follow_ups.back().at >= *answer_by;
  return later ? std::nullopt : answer_by;
}

void CaseFile::Put(CaseRecord record) {
  const RecordId id = record.held.header.id;
  Shelf& shelf = shelves_[record.held.header.trajectory];
  shelf.stale = true;
  shelf.in_order = false;
  if (record.held.header.kind == Kind::kReveal) {
    reveals_.insert(id);
    shelves_[TrajectoryId{}].stale = true;
  }
  const auto [place, fresh] = records_.insert_or_assign(id, std::move(record));
  if (fresh) shelf.records.push_back(&place->second);
}

void CaseFile::SetRules(const TrajectoryId& id, Trajectory rules) {
  Shelf& shelf = shelves_[id];
  shelf.rules = std::move(rules);
  shelf.stale = true;
}

void CaseFile::SetTold(const TrajectoryId& id, std::vector<Header> told) {
  Shelf& shelf = shelves_[id];
  shelf.told = std::move(told);
  shelf.stale = true;
}

void CaseFile::Erase(const TrajectoryId& id) {
  auto shelf = shelves_.find(id);
  if (shelf == shelves_.end()) return;
  shelf->second.told.clear();
  std::erase_if(shelf->second.records, [&](const CaseRecord* record) {
    if (IsOfErasure(record->held.header.kind)) return false;
    const RecordId gone = record->held.header.id;
    if (reveals_.erase(gone) > 0) shelves_[TrajectoryId{}].stale = true;
    records_.erase(gone);
    return true;
  });
  shelf->second.stale = true;
}

void CaseFile::SetWithheld(std::vector<WithheldMark> marks) {
  const auto before = PlacesOf(withheld_);
  withheld_ = std::move(marks);
  const auto after = PlacesOf(withheld_);
  for (auto& [id, shelf] : shelves_) shelf.stale = shelf.stale || PlacesIn(before, id) != PlacesIn(after, id);
}

const CaseRecord* CaseFile::Record(const RecordId& id) const {
  auto found = records_.find(id);
  return found == records_.end() ? nullptr : &found->second;
}

void CaseFile::Visit(const std::function<void(const CaseRecord&)>& visit) const {
  for (const auto& [id, record] : records_) visit(record);
}

std::vector<RecordId> CaseFile::RecordsLike(std::string_view hex_prefix) const {
  if (hex_prefix.size() == kWholeId) {
    const auto whole = ParseId<RecordId>(hex_prefix);
    if (whole && records_.contains(*whole)) return {*whole};
  }
  std::vector<RecordId> like;
  for (const auto& [id, record] : records_) {
    if (BeginsWith(id.value(), hex_prefix)) like.push_back(id);
  }
  // Grants that an earlier lead gave to others are known by what it told alone.
  for (const auto& [trajectory, shelf] : shelves_) {
    if (!shelf.rules || shelf.rules->former.empty()) continue;
    for (const Grant& grant : shelf.rules->grants) {
      if (BeginsWith(grant.id.value(), hex_prefix) && !records_.contains(grant.id)) like.push_back(grant.id);
    }
  }
  return like;
}

std::vector<TrajectoryId> CaseFile::TrajectoriesLike(std::string_view hex_prefix) const {
  std::vector<TrajectoryId> like;
  for (const auto& [id, shelf] : shelves_) {
    if (!IsNone(id) && BeginsWith(id.value(), hex_prefix)) like.push_back(id);
  }
  return like;
}

std::vector<const CaseRecord*> CaseFile::RecordsOf(const TrajectoryId& id) {
  auto found = shelves_.find(id);
  if (found == shelves_.end()) return {};
  Shelf& shelf = found->second;
  const auto earlier = [](const CaseRecord* a, const CaseRecord* b) { return Earlier(a->held, b->held); };
  // They come in the log's order nearly always, and then there is nothing to sort.
  if (!shelf.in_order && !std::ranges::is_sorted(shelf.records, earlier)) std::ranges::sort(shelf.records, earlier);
  shelf.in_order = true;
  return shelf.records;
}

CaseTrajectory& CaseFile::Fresh(const TrajectoryId& id, Shelf& shelf) {
  if (shelf.stale) {
    shelf.view = FoldTrajectory(self_, id, RecordsOf(id), shelf.rules ? &*shelf.rules : nullptr, shelf.told);
    for (const WithheldMark& mark : withheld_) {
      if (mark.trajectory == id) shelf.view.withheld.push_back(mark);
    }
    if (IsNone(id)) AddReveals(shelf.view.consultations);
    shelf.stale = false;
  }
  return shelf.view;
}

// Who asked says whom the question is about, and nobody else.
void CaseFile::AddReveals(std::vector<Consultation>& anonymous) const {
  for (const RecordId& id : reveals_) {
    const CaseRecord& record = records_.at(id);
    const auto* body = As<RevealBody>(record);
    if (body == nullptr || record.held.state == RecordState::kRefused) continue;
    const Header& header = record.held.header;
    auto found = std::ranges::find(anonymous, RecordId(body->question), &Consultation::id);
    if (found == anonymous.end() || found->asker != header.author) continue;
    found->revealed.push_back({id, header.trajectory, Reached(self_, record.held), record.held.at});
  }
  for (Consultation& one : anonymous) std::ranges::sort(one.revealed, {}, &Consultation::Revealed::at);
}

const CaseTrajectory* CaseFile::Find(const TrajectoryId& id) {
  auto shelf = shelves_.find(id);
  if (IsNone(id) || shelf == shelves_.end()) return nullptr;
  return &Fresh(id, shelf->second);
}

std::vector<const CaseTrajectory*> CaseFile::Trajectories() {
  std::vector<const CaseTrajectory*> all;
  for (auto& [id, shelf] : shelves_) {
    if (!IsNone(id)) all.push_back(&Fresh(id, shelf));
  }
  std::ranges::stable_sort(all, [](const auto* a, const auto* b) { return a->last_at > b->last_at; });
  return all;
}

const std::vector<Consultation>& CaseFile::AnonymousConsultations() {
  return Fresh(TrajectoryId{}, shelves_[TrajectoryId{}]).consultations;
}

const Consultation* CaseFile::FindConsultation(const RecordId& id) {
  const CaseRecord* record = Record(id);
  if (record == nullptr) return nullptr;
  const Header& header = record->held.header;
  const auto& all = Fresh(header.trajectory, shelves_[header.trajectory]).consultations;
  auto found = std::ranges::find(all, header.kind == Kind::kQuestion ? header.id : header.thread, &Consultation::id);
  return found == all.end() ? nullptr : &*found;
}

const std::vector<CasePlaces>& CaseFile::Places() { return Fresh(TrajectoryId{}, shelves_[TrajectoryId{}]).places; }

const CasePlaces* CaseFile::FindPlaces(const RecordId& id) {
  const CaseRecord* record = Record(id);
  if (record == nullptr || !IsOfPlace(record->held.header.kind)) return nullptr;
  const auto& all = Places();
  const auto found = std::ranges::find_if(
      all, [&](const CasePlaces& one) { return one.id == id || one.id == record->held.header.thread; });
  return found == all.end() ? nullptr : &*found;
}

const Meeting* CaseFile::FindMeeting(const RecordId& id) {
  const CaseRecord* record = Record(id);
  if (record == nullptr) return nullptr;
  const Header& header = record->held.header;
  const auto& all = Fresh(header.trajectory, shelves_[header.trajectory]).meetings;
  auto found = std::ranges::find(all, header.kind == Kind::kMeetingProposal ? header.id : header.thread, &Meeting::id);
  return found == all.end() ? nullptr : &*found;
}

bool CaseFile::IsReplaced(const Header& header) const {
  if (header.kind != Kind::kMemberInvite) return false;
  auto shelf = shelves_.find(header.trajectory);
  if (shelf == shelves_.end() || !shelf->second.rules) return false;
  auto member = shelf->second.rules->members.find(self_);
  return member != shelf->second.rules->members.end() && !IsNone(member->second.invite) &&
         member->second.invite != header.id;
}

std::vector<InboxItem> CaseFile::Inbox(FeedPosition seen, Timestamp now, const RegionRules& rules) {
  std::vector<InboxItem> tasks;
  std::vector<InboxItem> fresh;
  for (auto& [id, shelf] : shelves_) Tasks(self_, Fresh(id, shelf), rules, now, tasks).Collect();
  for (const auto& [id, record] : records_) {
    const HeldRecord& held = record.held;
    const Header& header = held.header;
    if (!IsTold(header.kind) || TellsStanding(record)) continue;  // Nobody waits for those.
    if (held.state == RecordState::kRefused) {
      tasks.push_back({InboxItem::What::kRefused, id, header.trajectory, self_, header.kind, held.at, {}, {}, {}});
    } else if (held.state == RecordState::kReceived && held.position > seen && !IsReplaced(header)) {
      fresh.push_back({NewsOf(header), id, header.trajectory, header.author, header.kind, held.at, {}, {}, {}});
    }
  }
  for (const WithheldMark& mark : withheld_) {
    if (mark.position <= seen) continue;
    fresh.push_back(
        {InboxItem::What::kWithheld, mark.record, mark.trajectory, {}, Kind::kNote, mark.at, {}, {}, mark.reason});
  }
  std::ranges::sort(tasks, MoreUrgent);
  std::ranges::sort(fresh, Newer);
  tasks.insert(tasks.end(), fresh.begin(), fresh.end());
  return tasks;
}

std::vector<std::string> CaseFile::Names() const {
  std::vector<std::string> names;
  for (const auto& [id, record] : records_) {
    if (!record.body) continue;
    if (const auto* opening = std::get_if<OpeningBody>(&*record.body)) {
      AddWords(NamesInLabel(opening->label), names);
    } else if (const auto* invitation = std::get_if<InvitationBody>(&*record.body)) {
      AddWords(NamesInLabel(invitation->label), names);
    } else if (const auto* evidence = std::get_if<GrantEvidenceBody>(&*record.body)) {
      AddWords(evidence->consented_by, names);
      AddWords(evidence->witness, names);
    } else if (const auto* request = std::get_if<RequestBody>(&*record.body)) {
      AddWords(request->name, names);
    } else if (const auto* signature = std::get_if<SignatureBody>(&*record.body)) {
      AddWords(signature->name, names);
    } else if (const auto* progress = std::get_if<ProgressBody>(&*record.body)) {
      AddWords(progress->name, names);
    } else if (const auto* commitment = std::get_if<CommitmentBody>(&*record.body)) {
      AddWords(commitment->other, names);
    } else if (const auto* contact = std::get_if<AftercareContactBody>(&*record.body)) {
      AddWords(NamesInLabel(contact->who), names);
    } else if (const auto* answer = std::get_if<RingAnswerBody>(&*record.body)) {
      AddWords(answer->name, names);
    } else if (const auto* guest = std::get_if<GuestBody>(&*record.body)) {
      AddWords(guest->name, names);
    } else if (const auto* alert = std::get_if<AlertBody>(&*record.body)) {
      AddWords(NamesInLabel(alert->name), names);  // Of older ones: a sentence.
    } else if (const auto* plan = std::get_if<FamilyPlanBody>(&*record.body)) {
      AddWords(plan->name, names);
    } else if (const auto* message = std::get_if<SupporterMessageBody>(&*record.body)) {
      AddWords(message->supporter, names);
    } else if (const auto* enrolment = std::get_if<PlaceEnrolmentBody>(&*record.body)) {
      AddWords(enrolment->name, names);
    }
  }
  return names;
}

}  // namespace schakel
