#include "passage_fold.h"

#include <algorithm>

#include "aftercare_consent.h"
#include "local_time.h"
#include "services/fold.h"

namespace schakel {
namespace {

template <typename List>
auto FindPassage(List& list, const RecordId& id) {
  return std::ranges::find_if(list, [&](const auto& one) {
    return std::ranges::find(one.text.all, id, &CaseVersion::record) != one.text.all.end();
  });
}
template <typename T>
const T* PassageOrNull(const std::vector<T>& list, const RecordId& id) {
  const auto found = FindPassage(list, id);
  return found == list.end() ? nullptr : &*found;
}

void TakeWords(CaseAftercare& one, const CaseRecord& record) {
  one.grant = OwnConsentOf(record.held.header);
  const auto* body = As<AftercareContactBody>(record);
  if (body == nullptr) {
    one.organisation = OrgId();
    return;
  }
  one.organisation = body->organisation;
  one.first_at = *body->at;
  one.every_weeks = body->every_weeks;
  one.until = *body->until;
  one.ended = body->ended;
}
void TakeWords(CaseAdulthoodPlan& one, const CaseRecord& record) {
  one.settled.clear();
  one.agrees = false;
  const auto* body = As<AdulthoodPlanBody>(record);
  one.of_age_at = body == nullptr ? std::nullopt : body->of_age_at;
  one.receiver = body == nullptr ? OrgId() : OrgId(body->receiver);
  if (body == nullptr) return;
  for (const AdulthoodDomain& domain : body->domains) {
    if (domain.state == DomainState::kOpen) continue;
    one.agrees = true;
    if (!domain.key.empty()) one.settled.push_back(domain.key);
  }
}

class PassageFold {
 public:
  explicit PassageFold(const LedAt& led) : led_(led) {}
  void Begin(const CaseRecord& record) {
    const Header& header = record.held.header;
    const CaseVersions first{{{header.id, {}, header.author, record.held.at, false}}};
    if (header.kind == Kind::kAftercareContact) {
      passage_.contacts.emplace_back().text = first;
      TakeWords(passage_.contacts.back(), record);
    } else if (header.kind == Kind::kAdulthoodPlan) {
      passage_.plans.emplace_back().text = first;
      TakeWords(passage_.plans.back(), record);
      KeepDayOfLead(passage_.plans.back(), record);
    }
  }
  void GoOn(const CaseRecord& record) {
    if (record.held.header.kind == Kind::kAftercareContact) GoOnIn(passage_.contacts, record);
    if (record.held.header.kind != Kind::kAdulthoodPlan) return;
    GoOnIn(passage_.plans, record);
    const auto found = FindPassage(passage_.plans, record.held.header.thread);
    if (found != passage_.plans.end()) KeepDayOfLead(*found, record);
  }
  void Done(const CaseRecord& record) {
    const Header& header = record.held.header;
    const auto* body = As<ContactMomentBody>(record);
    if (body == nullptr || header.references.empty()) return;
    const auto found = FindPassage(passage_.contacts, header.references.front());
    if (found == passage_.contacts.end()) return;
    if (header.author != found->organisation && header.author != found->text.author()) return;
    found->done.push_back({header.id, *body->at});
  }
  CasePassage Finish() {
    for (CaseAftercare& one : passage_.contacts) std::ranges::stable_sort(one.done, {}, &CaseAftercare::Done::at);
    return std::move(passage_);
  }

 private:
  template <typename List>
  static void GoOnIn(List& list, const CaseRecord& record) {
    const Header& header = record.held.header;
    const auto found = FindPassage(list, header.thread);
    if (found == list.end() || found->text.author() != header.author) return;
    const RecordId base = header.references.empty() ? RecordId() : header.references.front();
    const bool crossed = base != found->text.current().record;
    found->text.all.push_back({header.id, base, header.author, record.held.at, crossed});
    TakeWords(*found, record);
  }

  // The day ends what parents consented to: only who leads says it.
  void KeepDayOfLead(CaseAdulthoodPlan& one, const CaseRecord& record) const {
    if (!led_(record.held.header.author, record.held.at)) one.of_age_at.reset();
  }

  const LedAt& led_;
  CasePassage passage_;
};

// Closing ends all consents; of one that was taken back, when.
const CaseGrant* ConsentRow(const CaseTrajectory& trajectory, const RecordId& id) {
  const auto found = std::ranges::find_if(trajectory.grants, [&](const CaseGrant& one) { return one.grant.id == id; });
  return found == trajectory.grants.end() ? nullptr : &*found;
}

// Whose consent counts follows from how far the young person is.
bool IsOfWhoDecides(Grantor grantor, Stage stage) {
  const bool own = grantor == Grantor::kYoungPerson;
  return stage == Stage::kChild ? !own : own;
}

// Whether `to` may be told now what was done.
bool HearsOfAftercare(const CaseTrajectory& trajectory, const OrgId& to, Timestamp now) {
  return std::ranges::any_of(trajectory.grants, [&](const CaseGrant& one) {
    const Grant& grant = one.grant;
    return grant.terms.recipient == to && !grant.withdrawn && now >= grant.terms.begins_at && now < grant.ends_at &&
           grant.purposes.Has(Purpose::kAftercare) && grant.categories.Has(Category::kAgreements);
  });
}

std::optional<Timestamp> NextContact(const CaseAftercare& contact) {
  if (contact.done.empty()) return contact.first_at;
  if (contact.every_weeks == 0) return std::nullopt;
  const Timestamp next = contact.done.back().at + std::chrono::weeks(contact.every_weeks);
  return next < contact.until ? std::optional(next) : std::nullopt;
}

}  // namespace

bool IsOfPassage(Kind kind) {
  return kind == Kind::kAftercareContact || kind == Kind::kAdulthoodPlan || kind == Kind::kContactMoment;
}

CasePassage FoldPassage(const std::vector<const CaseRecord*>& records, const LedAt& led) {
  const auto begins = [](const CaseRecord* record) { return record->held.header.thread == record->held.header.id; };
  PassageFold fold(led);
  // Clocks differ: what waits may stand before what it is about.
  for (const CaseRecord* record : records) {
    if (begins(record)) fold.Begin(*record);
  }
  for (const CaseRecord* record : records) {
    if (!begins(record)) fold.GoOn(*record);
  }
  for (const CaseRecord* record : records) {
    if (record->held.header.kind == Kind::kContactMoment) fold.Done(*record);
  }
  return fold.Finish();
}

const CaseAftercare* CasePassage::FindContact(const RecordId& id) const { return PassageOrNull(contacts, id); }
const CaseAdulthoodPlan* CasePassage::FindPlan(const RecordId& id) const { return PassageOrNull(plans, id); }
const CaseAdulthoodPlan* CasePassage::CurrentPlan() const {
  const CaseAdulthoodPlan* last = nullptr;
  for (const CaseAdulthoodPlan& one : plans) {
    if (!one.of_age_at) continue;
    if (last == nullptr || one.text.current().at >= last->text.current().at) last = &one;
  }
  return last;
}

AftercareState StateOf(const CaseTrajectory& trajectory, const CaseAftercare& contact, Timestamp now) {
  using enum AftercareStanding;
  AftercareState state;
  if (contact.ended) {
    state.standing = kStopped;
    return state;
  }
  const CaseGrant* row = ConsentRow(trajectory, contact.grant);
  if (row == nullptr) return state;
  const Grant& grant = row->grant;
  state.consent_until = grant.ends_at;
  if (grant.withdrawn) {
    state.standing = kWithdrawn;
    if (!row->taken_back.empty()) state.ended_at = row->taken_back.back().at;
    return state;
  }
  if (now >= grant.ends_at) {
    state.standing = kConsentEnded;
    state.ended_at = grant.ends_at;
    return state;
  }
  if (trajectory.closed) {
    state.standing = kConsentEnded;
    return state;
  }
  if (!IsOfWhoDecides(grant.terms.grantor, trajectory.stage)) return state;
  state.unheard = contact.organisation != trajectory.lead && !HearsOfAftercare(trajectory, trajectory.lead, now);
  state.next_at = NextContact(contact);
  if (!state.next_at) {
    state.standing = kDone;
  } else if (now >= EndOfDay(*state.next_at)) {
    state.standing = kLate;
  } else {
    state.standing = now + kAftercareDueSoon >= *state.next_at ? kDue : kPlanned;
  }
  return state;
}

std::optional<AcceptedReceiver> AcceptedIn(const CaseTrajectory& trajectory, Timestamp now) {
  using enum AcceptedReceiver::By;
  RecordId accept;
  for (const CaseHandover& one : trajectory.handovers) {
    if (one.to == trajectory.lead) accept = one.record;
  }
  if (trajectory.receiver_accepted) {
    const bool leads = trajectory.receiver == trajectory.lead && !IsNone(accept);
    return AcceptedReceiver{trajectory.receiver, leads ? kLead : kReceiver, leads ? accept : RecordId{}};
  }
  const CaseAdulthoodPlan* plan = trajectory.passage.CurrentPlan();
  if (plan == nullptr || plan->receiver.value().empty()) return std::nullopt;
  if (trajectory.lead == plan->receiver) return AcceptedReceiver{plan->receiver, kLead, accept};
  for (const CaseReferral& one : trajectory.dossier.referrals) {
    const bool accepted = one.StateAt(now) == CaseReferral::State::kAccepted && !one.gone;
    if (one.to == plan->receiver && accepted) return AcceptedReceiver{plan->receiver, kReferral, one.answer};
  }
  return std::nullopt;
}

std::vector<AdulthoodAsk> AdulthoodAsksOf(const CaseTrajectory& trajectory, Timestamp now) {
  using enum AdulthoodAsk::What;
  std::vector<AdulthoodAsk> asks;
  const CaseAdulthoodPlan* plan = trajectory.passage.CurrentPlan();
  if (plan == nullptr || trajectory.stage == Stage::kAdult) return asks;
  constexpr std::uint64_t kYear = 12;
  constexpr std::uint64_t kHalfYear = 6;
  const Timestamp of_age = *plan->of_age_at;
  if (now >= of_age) asks.push_back({kStage, of_age});
  if (AddMonths(now, kHalfYear) >= of_age && !AcceptedIn(trajectory, now)) asks.push_back({kReceiver, of_age});
  if (AddMonths(now, kYear) >= of_age && !plan->agrees) asks.push_back({kPlan, of_age});
  return asks;
}

std::string_view Slug(AftercareStanding value) {
  switch (value) {
    case AftercareStanding::kPlanned:
      return "planned";
    case AftercareStanding::kDue:
      return "due";
    case AftercareStanding::kLate:
      return "late";
    case AftercareStanding::kDone:
      return "done";
    case AftercareStanding::kStopped:
      return "stopped";
    case AftercareStanding::kConsentEnded:
      return "consent-ended";
    case AftercareStanding::kWithdrawn:
      return "withdrawn";
    case AftercareStanding::kNoConsent:
      return "no-consent";
  }
  return "unknown";
}
std::string_view Slug(AcceptedReceiver::By value) {
  switch (value) {
    case AcceptedReceiver::By::kReceiver:
      return "receiver";
    case AcceptedReceiver::By::kLead:
      return "lead";
    case AcceptedReceiver::By::kReferral:
      return "referral";
  }
  return "unknown";
}
std::string_view Slug(AdulthoodAsk::What value) {
  switch (value) {
    case AdulthoodAsk::What::kPlan:
      return "plan";
    case AdulthoodAsk::What::kReceiver:
      return "receiver";
    case AdulthoodAsk::What::kStage:
      return "stage";
  }
  return "unknown";
}

}  // namespace schakel
