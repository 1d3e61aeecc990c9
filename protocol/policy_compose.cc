// How grants compose; docs/consent.md says the same in words. One pass over the grants to one recipient, whose order
// tells nothing: of those that would do, the lowest id is named.
#include <algorithm>
#include <array>
#include <chrono>

#include "protocol/policy.h"

namespace schakel {
namespace {

// How far a grant came before it fell short; the one that came closest gives the reason.
// What was taken back and would have covered came closer than what ran out by itself.
enum class Shortfall : std::uint8_t { kNoGrant, kWithdrawn, kPeriod, kTakenBack, kPurpose, kCategory, kGrantor };

// As if it had not been withdrawn. None: it covers the record.
std::optional<Shortfall> WeighStanding(const Grant& grant, const Header& header, Timestamp now) {
  if (now < grant.terms.begins_at || now >= grant.ends_at) return Shortfall::kPeriod;
  if (!grant.purposes.Has(header.purpose)) return Shortfall::kPurpose;
  if (!Covers(grant.categories, header)) return Shortfall::kCategory;
  return std::nullopt;
}

// None: it covers the record.
std::optional<Shortfall> Weigh(const Grant& grant, const Header& header, Timestamp now) {
  const auto standing = WeighStanding(grant, header, now);
  if (!grant.withdrawn) return standing;
  return standing ? Shortfall::kWithdrawn : Shortfall::kTakenBack;
}

// Whether the giver took back something that as given covered part of the record. It stands until that giver says
// otherwise in a new grant: what has ended by itself since is not agreed to either.
bool TookBack(const Grant& grant, const Header& header, Timestamp now) {
  const CategorySet part = grant.terms.categories.And(header.categories);
  if (!grant.terms.purposes.Has(header.purpose) || part.empty()) return false;
  if (grant.taken_back) return true;
  const bool cut_short = grant.ends_at < grant.terms.ends_at && now >= grant.ends_at;
  return cut_short || !grant.purposes.Has(header.purpose) || !grant.categories.Covers(part);
}

Denial ReasonOf(Shortfall shortfall) {
  switch (shortfall) {
    case Shortfall::kNoGrant:
      return Denial::kNoGrant;
    case Shortfall::kWithdrawn:
    case Shortfall::kTakenBack:
      return Denial::kWithdrawn;
    case Shortfall::kPeriod:
      return Denial::kPeriod;
    case Shortfall::kPurpose:
      return Denial::kPurpose;
    case Shortfall::kCategory:
      return Denial::kCategory;
    case Shortfall::kGrantor:
      return Denial::kGrantor;
  }
  return Denial::kNoGrant;
}

// All grants to one recipient, weighed against one record.
class Weighing {
 public:
  Weighing(const Trajectory& trajectory, const RegionRules& rules, CourtWall wall, const Header& header,
           const OrgId& recipient, Timestamp now)
      : trajectory_(trajectory), rules_(rules), wall_(wall), header_(header), recipient_(recipient), now_(now) {
    for (const Grant& grant : trajectory.GrantsTo(recipient)) Take(grant);
  }

  Decision Decide(ParentsRule rule) const {
    if (const Grant* decides = trajectory_.stage() == Stage::kChild ? Guardians(rule) : Of(Grantor::kYoungPerson)) {
      return Permit{decides->id};
    }
    if (direct_) return Permit{direct_->id};
    return ReasonOf(closest_);
  }

  // Articles 75 and 75/1: for that extract, the capable minor and the parents; of age, the young person alone. Who is
  // not capable cannot agree, so nothing goes. Basic data go on written request.
  Decision DecideBeforeCourt(ParentsRule rule) const {
    if (header_.purpose != Purpose::kCourtReport) return Denial::kCourtWall;
    const Stage stage = trajectory_.stage();
    const Grant* own = Of(Grantor::kYoungPerson);
    const bool agreed = own && (stage == Stage::kAdult || (stage == Stage::kCapable && Guardians(rule)));
    if (agreed) return Permit{own->id};
    if (request_ && kBasicData.Covers(header_.categories)) return Permit{request_->id};
    return Denial::kCourtWall;
  }

 private:
  void Take(const Grant& grant) {
    if (grant.own_only && grant.author != header_.author) return;
    switch (grant.terms.basis) {
      case Basis::kConsent:
        return TakeConsent(grant);
      case Basis::kSharedSecrecy:
        if (grant.terms.secrecy) TakeDirect(grant, Weigh(grant, header_, now_));
        return;
      case Basis::kCaseConsultation:
        return TakeFramed(grant);
      case Basis::kCourtMandate:
        return TakeDirect(grant, Weigh(grant, header_, now_));
      case Basis::kEmergency:
        return TakeEmergency(grant);
    }
  }

  // While the review of an earlier one by the same author is overdue, a later one is as good as ended. Of those to this
  // recipient alone, so that the recipient, who is told of each and of its review, sees it likewise.
  void TakeEmergency(const Grant& grant) {
    auto shortfall = Weigh(grant, header_, now_);
    const std::chrono::hours allowed(rules_.emergency_review_hours);
    const bool overdue = std::ranges::any_of(trajectory_.GrantsTo(recipient_), [&](const Grant& other) {
      return other.terms.basis == Basis::kEmergency && other.author == grant.author && !other.review &&
             now_ >= other.ends_at + allowed;
    });
    if (overdue) shortfall = grant.withdrawn ? Shortfall::kWithdrawn : Shortfall::kPeriod;
    TakeDirect(grant, shortfall);
  }

  // Behind the wall, for that extract: the record that was agreed to, by who recorded the agreement, or that record as
  // it shares it. One that names none is from before that was asked.
  bool IsForOther(const Grant& grant) const {
    if (wall_ == CourtWall::kNone || IsNone(grant.piece)) return false;
    const bool shared =
        header_.kind == Kind::kShareAgain && !header_.references.empty() && header_.references.front() == grant.piece;
    return grant.author != header_.author || (header_.id != grant.piece && !shared);
  }

  void TakeConsent(const Grant& grant) {
    if (IsForOther(grant)) return;
    const auto giver = static_cast<std::size_t>(grant.terms.grantor);
    if (giver >= covering_.size()) return;
    took_back_[giver] = took_back_[giver] || TookBack(grant, header_, now_);
    const auto shortfall = Weigh(grant, header_, now_);
    // Whoever agreed, alone it may not be enough.
    closest_ = std::max(closest_, shortfall.value_or(Shortfall::kGrantor));
    if (!shortfall && !covering_[giver]) covering_[giver] = &grant;
  }

  // Within its frame, between those on the closed list: who writes is bound by it as well as who reads.
  void TakeFramed(const Grant& grant) {
    const Frame* frame = trajectory_.FindFrame(grant.terms.frame);
    if (!frame) return;
    const CaseFrame& terms = frame->terms;
    const auto listed = [&](const OrgId& who) { return std::ranges::binary_search(terms.participants, who); };
    if (!listed(recipient_) || !listed(header_.author)) return;
    auto shortfall = Weigh(grant, header_, now_);
    const bool in_period = now_ >= terms.begins_at && now_ < terms.ends_at;
    const bool for_purpose = terms.purposes.Has(header_.purpose);
    if (!shortfall && !in_period) shortfall = Shortfall::kPeriod;
    if (!shortfall && !for_purpose) shortfall = Shortfall::kPurpose;
    if (shortfall == Shortfall::kTakenBack && !(in_period && for_purpose)) shortfall = Shortfall::kWithdrawn;
    TakeDirect(grant, shortfall);
  }

  void TakeDirect(const Grant& grant, std::optional<Shortfall> shortfall) {
    if (shortfall) {
      closest_ = std::max(closest_, *shortfall);
      return;
    }
    if (!direct_) direct_ = &grant;
    const bool request = grant.terms.basis == Basis::kCourtMandate && grant.terms.evidence != Hash32{};
    if (request && !request_) request_ = &grant;
  }

  const Grant* Of(Grantor grantor) const { return covering_[static_cast<std::size_t>(grantor)]; }
  bool Objects(Grantor parent) const { return !Of(parent) && took_back_[static_cast<std::size_t>(parent)]; }

  // The grant that decides for the parents, or the guardian's.
  const Grant* Guardians(ParentsRule rule) const {
    const Grant* first = Of(Grantor::kFirstParent);
    const Grant* second = Of(Grantor::kSecondParent);
    const Grant* one = first ? first : second;
    const Grant* parents = nullptr;
    switch (rule) {
      case ParentsRule::kEither:
        parents = one;
        break;
      case ParentsRule::kBoth:
        parents = second ? first : nullptr;
        break;
      case ParentsRule::kEitherUntilWithdrawn:
        parents = Objects(Grantor::kFirstParent) || Objects(Grantor::kSecondParent) ? nullptr : one;
        break;
    }
    return parents ? parents : Of(Grantor::kGuardian);
  }

  const Trajectory& trajectory_;
  const RegionRules& rules_;
  const CourtWall wall_;
  const Header& header_;
  const OrgId& recipient_;
  const Timestamp now_;
  std::array<const Grant*, static_cast<std::size_t>(Grantor::kGuardian) + 1> covering_{};  // By who consented.
  std::array<bool, static_cast<std::size_t>(Grantor::kGuardian) + 1> took_back_{};
  const Grant* direct_ = nullptr;   // On another basis than consent.
  const Grant* request_ = nullptr;  // Of the court.
  Shortfall closest_ = Shortfall::kNoGrant;
};

}  // namespace

Decision Compose(const Trajectory& trajectory, const RegionRules& rules, CourtWall wall, const Header& header,
                 const OrgId& recipient, Timestamp now) {
  const Weighing weighing(trajectory, rules, wall, header, recipient, now);
  return wall == CourtWall::kBefore ? weighing.DecideBeforeCourt(rules.parents) : weighing.Decide(rules.parents);
}

}  // namespace schakel
