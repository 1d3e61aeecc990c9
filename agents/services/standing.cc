#include <algorithm>

#include "agents/services.h"

namespace schakel {
namespace {

bool IsParent(Grantor grantor) { return grantor == Grantor::kFirstParent || grantor == Grantor::kSecondParent; }

// All that the grant covers by itself, as one record.
Header WholeScope(const Grant& grant, Purpose purpose) {
  Header header;
  header.kind = Kind::kNote;
  header.author = grant.author;
  header.purpose = purpose;
  header.categories = grant.categories;
  return header;
}

}  // namespace

std::string_view Slug(Standing value) {
  switch (value) {
    case Standing::kCounts:
      return "counts";
    case Standing::kWaitsForYoungPerson:
      return "waits-young-person";
    case Standing::kWaitsForParents:
      return "waits-parents";
    case Standing::kWaitsForOtherParent:
      return "waits-other-parent";
    case Standing::kLapsed:
      return "lapsed";
    case Standing::kIncomplete:
      return "incomplete";
    case Standing::kWall:
      return "wall";
    case Standing::kNotInForce:
      return "not-in-force";
    case Standing::kNotNeeded:
      return "not-needed";
  }
  return "unknown";
}

Standing StandingOf(const Trajectory& trajectory, const RegionRules& rules, CourtWall wall, const Grant& grant,
                    Timestamp now) {
  if (grant.withdrawn || now < grant.terms.begins_at || now >= grant.ends_at) return Standing::kNotInForce;
  const bool covered = std::ranges::any_of(AllPurposes(), [&](Purpose purpose) {
    if (!grant.purposes.Has(purpose)) return false;
    const Decision decision = Compose(trajectory, rules, wall, WholeScope(grant, purpose), grant.terms.recipient, now);
    return std::holds_alternative<Permit>(decision);
  });
  const Grantor giver = grant.terms.grantor;
  const bool by_others = grant.terms.basis == Basis::kConsent && giver != Grantor::kYoungPerson;
  if (by_others && trajectory.stage() == Stage::kAdult) return Standing::kLapsed;
  // Another grant may be what covers it.
  const bool alone = by_others && trajectory.stage() == Stage::kCapable && wall == CourtWall::kNone;
  if (covered) return alone ? Standing::kNotNeeded : Standing::kCounts;
  if (grant.terms.basis != Basis::kConsent) return wall == CourtWall::kBefore ? Standing::kWall : Standing::kIncomplete;
  if (wall == CourtWall::kBefore && giver == Grantor::kYoungPerson) return Standing::kWaitsForParents;
  if (trajectory.stage() == Stage::kChild && IsParent(giver)) {
    return wall == CourtWall::kBefore ? Standing::kWall : Standing::kWaitsForOtherParent;
  }
  return Standing::kWaitsForYoungPerson;
}

}  // namespace schakel
