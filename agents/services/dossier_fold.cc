#include "dossier_fold.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <ranges>
#include <tuple>
#include <unordered_map>

#include "fold.h"
#include "local_time.h"

namespace schakel {
namespace {

// The version that it is about, or that it edits; of a new action, the meeting that decided it.
RecordId About(const Header& header) { return header.references.empty() ? RecordId() : header.references.front(); }

std::vector<OrgId> OrganisationsIn(const std::vector<std::string>& names) {
  std::vector<OrgId> all;
  for (const std::string& name : names) all.emplace_back(name);
  return all;
}

std::vector<CaseCited> CitedIn(const std::vector<std::string>& ids) {
  std::vector<CaseCited> all;
  for (const std::string& id : ids) {
    if (const auto version = ParseId<RecordId>(id)) all.push_back({.version = *version, .current = {}});
  }
  return all;
}

bool Lists(const std::vector<OrgId>& list, const OrgId& organisation) {
  return std::ranges::find(list, organisation) != list.end();
}

template <typename T>
bool HasVersion(const T& item, const RecordId& id) {
  return std::ranges::find(item.text.all, id, &CaseVersion::record) != item.text.all.end();
}

template <typename T>
const T* FindIn(const std::vector<T>& list, const RecordId& id) {
  const auto found = std::ranges::find_if(list, [&](const T& one) { return HasVersion(one, id); });
  return found == list.end() ? nullptr : &*found;
}

class DossierFold {
 public:
  void Begin(const CaseRecord& record) {
    const Header& header = record.held.header;
    const CaseVersions first{{{header.id, {}, header.author, record.held.at, false}}};
    switch (header.kind) {
      case Kind::kReferral:
        places_[header.id] = dossier_.referrals.size();
        return Refer(record);
      case Kind::kCommitment:
        places_[header.id] = dossier_.commitments.size();
        dossier_.commitments.push_back({first, {}, {}, {}, {}, {}, {}});
        return Take(dossier_.commitments.back(), record);
      case Kind::kGoal:
        places_[header.id] = dossier_.goals.size();
        dossier_.goals.push_back({first, {}, {}, {}, {}, {}, {}});
        return Take(dossier_.goals.back(), record);
      case Kind::kCriterion:
        places_[header.id] = dossier_.criteria.size();
        dossier_.criteria.push_back({first, {}, {}});
        return Take(dossier_.criteria.back(), record);
      case Kind::kAction:
        places_[header.id] = dossier_.actions.size();
        dossier_.actions.push_back({first, About(header), {}, {}, {}, false, {}, false});
        return Take(dossier_.actions.back(), record);
      default:
        return;
    }
  }

  void Go(const CaseRecord& record) {
    switch (record.held.header.kind) {
      case Kind::kReferralAnswer:
      case Kind::kReferralWithdrawal:
        return Answer(record);
      case Kind::kCommitment:
      case Kind::kCommitmentSignature:
        return GoOn(dossier_.commitments, record);
      case Kind::kGoalProgress:
        if (const auto* body = As<ProgressBody>(record); body && body->how != SignedHow::kOrganisation) {
          return HearFound(record, *body);
        }
        return GoOn(dossier_.goals, record);
      case Kind::kGoal:
      case Kind::kGoalReview:
        return GoOn(dossier_.goals, record);
      case Kind::kCriterion:
      case Kind::kCriterionJudgement:
        return GoOn(dossier_.criteria, record);
      case Kind::kAction:
      case Kind::kActionDone:
        return GoOn(dossier_.actions, record);
      default:
        return;
    }
  }

  CaseDossier Finish() {
    for (CaseGoal& goal : dossier_.goals) goal.review_due = ReviewDue(goal);
    for (CaseCommitment& one : dossier_.commitments) Settle(one);
    return std::move(dossier_);
  }

 private:
  // Null: that thread did not begin one of these.
  template <typename T, typename IdOf>
  T* InThread(std::vector<T>& list, const RecordId& thread, IdOf id_of) {
    const auto place = places_.find(thread);
    if (place == places_.end() || place->second >= list.size()) return nullptr;
    T& one = list[place->second];
    return id_of(one) == thread ? &one : nullptr;
  }

  template <typename T>
  void GoOn(std::vector<T>& list, const CaseRecord& record) {
    const Header& header = record.held.header;
    T* found = InThread(list, header.thread, [](const T& one) { return one.text.id(); });
    if (found == nullptr) return;
    if (header.kind != FirstKindOf(*found)) return Hear(*found, record);
    if (!MayEdit(*found, header.author)) return;
    const bool concurrent = About(header) != found->text.current().record;
    found->text.all.push_back({header.id, About(header), header.author, record.held.at, concurrent});
    Take(*found, record);
  }

  static Kind FirstKindOf(const CaseCommitment&) { return Kind::kCommitment; }
  static Kind FirstKindOf(const CaseGoal&) { return Kind::kGoal; }
  static Kind FirstKindOf(const CaseCriterion&) { return Kind::kCriterion; }
  static Kind FirstKindOf(const CaseAction&) { return Kind::kAction; }
  static bool MayEdit(const CaseCommitment& one, const OrgId& who) { return one.Binds(who); }
  static bool MayEdit(const CaseGoal& one, const OrgId& who) { return one.Carries(who); }
  static bool MayEdit(const CaseCriterion& one, const OrgId& who) { return who == one.text.author(); }
  static bool MayEdit(const CaseAction& one, const OrgId& who) { return one.Carries(who); }

  // ---- A version becomes the current one ----
  static void Take(CaseCommitment& one, const CaseRecord& record) {
    one.signatures.clear();
    one.signed_since.reset();
    const auto* body = As<CommitmentBody>(record);
    one.parties = body == nullptr ? std::vector<OrgId>() : OrganisationsIn(body->parties);
    one.outstanding = one.parties;
    one.persons = body == nullptr ? std::vector<Speaker>() : body->persons;
    one.goals = body == nullptr ? std::vector<CaseCited>() : CitedIn(body->goals);
    one.criteria = body == nullptr ? std::vector<CaseCited>() : CitedIn(body->criteria);
    one.words.clear();
    Sign(one, record);
  }
  static void Take(CaseGoal& one, const CaseRecord& record) {
    const auto* body = As<GoalBody>(record);
    one.owners = body == nullptr ? std::vector<OrgId>() : OrganisationsIn(body->owners);
    one.begins_at = body == nullptr ? std::nullopt : body->begins_at;
    one.ends_at = body == nullptr ? std::nullopt : body->ends_at;
  }
  static void Take(CaseCriterion& one, const CaseRecord& record) {
    one.judgement.reset();
    const auto* body = As<CriterionBody>(record);
    one.whose = body == nullptr ? std::nullopt : std::optional(body->whose);
  }
  static void Take(CaseAction& one, const CaseRecord& record) {
    one.said = {};
    one.done = false;
    one.done_at.reset();
    one.taken_back = false;
    const auto* body = As<ActionBody>(record);
    one.owner = body == nullptr ? OrgId() : OrgId(body->owner);
    one.due_at = body == nullptr ? std::nullopt : body->due_at;
  }

  // ---- Something is said about it ----
  static void Hear(CaseCommitment& one, const CaseRecord& record) {
    if (About(record.held.header) != one.text.current().record) return;
    const auto* body = As<SignatureBody>(record);
    if (body != nullptr && body->how != SignedHow::kOrganisation) return HearPerson(one, record, *body);
    Sign(one, record);
  }
  static void Hear(CaseGoal& one, const CaseRecord& record) {
    const Header& header = record.held.header;
    if (const auto* progress = As<ProgressBody>(record); progress && header.kind == Kind::kGoalProgress) {
      one.progress[header.author] = {header.id, record.held.at, progress->progress};
    }
    if (const auto* review = As<GoalReviewBody>(record); review && header.kind == Kind::kGoalReview) {
      if (one.Carries(header.author)) one.reviews.push_back({header.id, header.author, record.held.at, review->found});
    }
  }
  static void Hear(CaseCriterion& one, const CaseRecord& record) {
    const Header& header = record.held.header;
    const auto* body = As<JudgementBody>(record);
    const bool counts = header.author == one.text.author() && About(header) == one.text.current().record;
    if (body != nullptr && counts) one.judgement = {header.id, record.held.at, body->met};
  }
  static void Hear(CaseAction& one, const CaseRecord& record) {
    const Header& header = record.held.header;
    if (one.taken_back || About(header) != one.text.current().record) return;
    if (As<ActionTakenBackBody>(record) != nullptr && one.Carries(header.author)) {
      one.said = header.id;
      one.done = false;
      one.done_at.reset();
      one.taken_back = true;
      return;
    }
    const auto* body = As<ActionDoneBody>(record);
    if (body == nullptr || header.author != one.owner) return;
    one.said = header.id;
    one.done = body->done;
    one.done_at = body->done ? std::optional(record.held.at) : std::nullopt;
  }

  static void Sign(CaseCommitment& one, const CaseRecord& record) {
    const Header& header = record.held.header;
    if (!Lists(one.outstanding, header.author)) return;
    one.signatures.emplace(header.author, header.id);
    std::erase(one.outstanding, header.author);
    HoldsOnceAllSigned(one, record.held.at);
  }
  // Only an organisation that is bound, and signed first, takes it down: so a word that is sealed, or that an older
  // program cannot read, is never taken for its own signature. Only the person themselves takes back, by their link.
  static void HearPerson(CaseCommitment& one, const CaseRecord& record, const SignatureBody& body) {
    const Header& header = record.held.header;
    if (std::ranges::find(one.persons, body.who) == one.persons.end()) return;
    if (!one.Binds(header.author) || Lists(one.outstanding, header.author)) return;
    const auto before = one.words.find(body.who);
    const bool takes_back = body.declined && body.how == SignedHow::kLink;
    if (before != one.words.end() && (before->second.declined || !takes_back)) return;
    one.words[body.who] = {header.id, header.author, record.held.at, body.how, body.declined};
    if (body.declined) one.signed_since.reset();
    HoldsOnceAllSigned(one, record.held.at);
  }
  static void HoldsOnceAllSigned(CaseCommitment& one, Timestamp at) {
    if (one.outstanding.empty() && one.PersonsOutstanding().empty()) one.signed_since = at;
  }

  // ---- What commitments cite ----
  // How far a person finds a goal: taken down by who is bound and signed, of who signed a version that cites it.
  void HearFound(const CaseRecord& record, const ProgressBody& body) {
    const Header& header = record.held.header;
    if (header.references.size() < 2) return;
    const CaseCommitment* one = FindIn(dossier_.commitments, header.references[1]);
    if (one == nullptr || one->text.current().record != header.references[1]) return;
    if (!one->Binds(header.author) || Lists(one->outstanding, header.author)) return;
    const auto said = one->words.find(body.who);
    if (said == one->words.end() || said->second.declined) return;
    if (std::ranges::find(one->goals, About(header), &CaseCited::version) == one->goals.end()) return;
    found_[KeyOf(About(header), body.who, *one)] = {header.id, header.author, record.held.at, body.how, body.progress};
  }
  // Mother is mother in each commitment; who is "other" is known by one alone.
  using FoundKey = std::tuple<RecordId, Speaker, RecordId>;
  static FoundKey KeyOf(const RecordId& goal, Speaker who, const CaseCommitment& one) {
    return {goal, who, who == Speaker::kOther ? one.text.current().record : RecordId()};
  }

  void Settle(CaseCommitment& one) const {
    for (CaseCited& cited : one.goals) SettleGoal(one, cited);
    for (CaseCited& cited : one.criteria) SettleCriterion(cited);
    one.active_since = one.StandsAsSigned() ? one.signed_since : std::nullopt;
    if (one.goals.empty() && one.criteria.empty()) return;
    if (one.goals.empty() && one.signed_since) one.renew_by = SixMonthsAfter(*one.signed_since);
    for (const CaseCited& cited : one.goals) {
      if (cited.state != CaseCited::State::kAsSigned || !cited.review_due) continue;
      one.renew_by = std::min(one.renew_by.value_or(*cited.review_due), *cited.review_due);
    }
  }
  void SettleGoal(const CaseCommitment& one, CaseCited& cited) const {
    const CaseGoal* goal = dossier_.FindGoal(cited.version);
    if (goal == nullptr) return;
    cited.current = goal->text.current().record;
    cited.state = StateOf(cited, goal->begins_at.has_value());
    cited.review_due = goal->review_due;
    if (cited.state != CaseCited::State::kAsSigned) return;
    if (!goal->reviews.empty() && goal->reviews.back().found == GoalFound::kStopped) {
      cited.state = CaseCited::State::kStopped;
    }
    for (const auto& [party, progress] : goal->progress) {
      if (one.signatures.contains(party)) cited.progress[party] = progress;
    }
    for (const auto& [who, said] : one.words) {
      const auto found = found_.find(KeyOf(cited.version, who, one));
      if (!said.declined && found != found_.end()) cited.persons[who] = found->second;
    }
  }
  void SettleCriterion(CaseCited& cited) const {
    const CaseCriterion* criterion = dossier_.FindCriterion(cited.version);
    if (criterion == nullptr) return;
    cited.current = criterion->text.current().record;
    cited.state = StateOf(cited, criterion->whose.has_value());
    if (cited.state != CaseCited::State::kAsSigned) return;
    cited.whose = criterion->whose;
    cited.met = criterion->met();
    if (criterion->judgement) cited.judgement = criterion->judgement->record;
  }
  static CaseCited::State StateOf(const CaseCited& cited, bool is_read) {
    if (cited.current != cited.version) return CaseCited::State::kChanged;
    return is_read ? CaseCited::State::kAsSigned : CaseCited::State::kUnread;
  }

  // ---- Referrals ----
  void Refer(const CaseRecord& record) {
    CaseReferral referral;
    referral.id = record.held.header.id;
    referral.author = record.held.header.author;
    referral.at = record.held.at;
    if (const auto* body = As<ReferralBody>(record)) {
      referral.to = OrgId(body->to);
      referral.expires_at = body->expires_at;
    }
    dossier_.referrals.push_back(std::move(referral));
  }
  // The first that counts ends it: an answer in time of whom it was asked, or the withdrawal of who asked.
  void Answer(const CaseRecord& record) {
    const Header& header = record.held.header;
    CaseReferral* found = InThread(dossier_.referrals, header.thread, [](const CaseReferral& one) { return one.id; });
    if (found == nullptr || !IsNone(found->answer) || !IsNone(found->withdrawal)) return;
    const auto* body = As<ReferralAnswerBody>(record);
    const bool in_time = found->expires_at && record.held.at < *found->expires_at;
    if (header.kind == Kind::kReferralWithdrawal && header.author == found->author) {
      found->withdrawal = header.id;
    } else if (body != nullptr && header.kind == Kind::kReferralAnswer && header.author == found->to && in_time) {
      found->answer = header.id;
      found->answered = body->answer;
    }
  }

  static std::optional<Timestamp> ReviewDue(const CaseGoal& goal) {
    if (!goal.begins_at) return std::nullopt;
    if (goal.reviews.empty()) return SixMonthsAfter(*goal.begins_at);
    const CaseGoal::Review& last = goal.reviews.back();
    if (last.found == GoalFound::kReached || last.found == GoalFound::kStopped) return std::nullopt;
    return SixMonthsAfter(std::max(last.at, *goal.begins_at));
  }

  CaseDossier dossier_;
  std::map<FoundKey, CaseCited::Found> found_;
  std::unordered_map<RecordId, std::size_t, IdHash> places_;  // Of what a record began, in its list.
};

}  // namespace

bool IsOfDossier(Kind kind) { return kind >= Kind::kReferral && kind <= Kind::kClosingReason; }

CaseDossier FoldDossier(const std::vector<const CaseRecord*>& records) {
  const auto begins = [](const CaseRecord* record) { return record->held.header.thread == record->held.header.id; };
  DossierFold fold;
  // Clocks differ: what waits may stand before what it is about.
  for (const CaseRecord* record : records) {
    if (begins(record)) fold.Begin(*record);
  }
  for (const CaseRecord* record : records) {
    if (!begins(record)) fold.Go(*record);
  }
  return fold.Finish();
}

std::string_view Slug(CaseReferral::State value) {
  using enum CaseReferral::State;
  switch (value) {
    case kOpen:
      return "open";
    case kAccepted:
      return "accepted";
    case kRefused:
      return "refused";
    case kWithdrawn:
      return "withdrawn";
    case kExpired:
      return "expired";
  }
  return "unknown";
}

std::string_view Slug(CaseCited::State value) {
  using enum CaseCited::State;
  switch (value) {
    case kAsSigned:
      return "as-signed";
    case kChanged:
      return "changed";
    case kStopped:
      return "stopped";
    case kUnread:
      return "unread";
  }
  return "unknown";
}

CaseReferral::State CaseReferral::StateAt(Timestamp now) const {
  if (!IsNone(withdrawal)) return State::kWithdrawn;
  if (answered) return *answered == ReferralAnswer::kAccepted ? State::kAccepted : State::kRefused;
  return gone || (expires_at && now >= *expires_at) ? State::kExpired : State::kOpen;
}

std::vector<Speaker> CaseCommitment::PersonsOutstanding() const {
  std::vector<Speaker> left;
  for (const Speaker one : persons) {
    const auto said = words.find(one);
    if (said == words.end() || said->second.declined) left.push_back(one);
  }
  return left;
}

bool CaseCommitment::StandsAsSigned() const {
  const auto stands = [](const CaseCited& one) { return one.state == CaseCited::State::kAsSigned; };
  return std::ranges::all_of(goals, stands) && std::ranges::all_of(criteria, stands);
}

bool CaseCommitment::Declined() const {
  return std::ranges::any_of(words, [](const auto& one) { return one.second.declined; });
}

bool CaseCommitment::Binds(const OrgId& organisation) const {
  return organisation == text.author() || Lists(parties, organisation);
}

bool CaseGoal::Carries(const OrgId& organisation) const {
  return organisation == text.author() || Lists(owners, organisation);
}

const CaseReferral* CaseDossier::FindReferral(const RecordId& id) const {
  const auto found = std::ranges::find(referrals, id, &CaseReferral::id);
  return found == referrals.end() ? nullptr : &*found;
}
const CaseCommitment* CaseDossier::FindCommitment(const RecordId& id) const { return FindIn(commitments, id); }
const CaseGoal* CaseDossier::FindGoal(const RecordId& id) const { return FindIn(goals, id); }
const CaseCriterion* CaseDossier::FindCriterion(const RecordId& id) const { return FindIn(criteria, id); }
const CaseAction* CaseDossier::FindAction(const RecordId& id) const { return FindIn(actions, id); }

// At the same hour on the clock, also behind a change to or from summer time.
Timestamp SixMonthsAfter(Timestamp at) {
  using namespace std::chrono;
  const Timestamp local = at + BelgianOffset(at);
  const auto day = floor<days>(local);
  year_month_day date = year_month_day(sys_days(day.time_since_epoch())) + months(6);
  if (!date.ok()) date = date.year() / date.month() / last;
  return FromBelgian(Timestamp(sys_days(date).time_since_epoch() + (local - day)));
}

}  // namespace schakel
