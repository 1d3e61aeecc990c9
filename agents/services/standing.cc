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
  }
  return "unknown";
}

Standing StandingOf(const Trajectory& trajectory, const RegionRules& rules, CourtWall wall, const Grant& grant,
                    Timestamp now) {
  if (grant.withdrawn || now < grant.terms.begins_at || now >= grant.ends_at) return Standing::kCounts;
  for (const Purpose purpose : AllPurposes()) {
    if (!grant.purposes.Has(purpose)) continue;
    const Decision decision = Compose(trajectory, rules, wall, WholeScope(grant, purpose), grant.terms.recipient, now);
    if (std::holds_alternative<Permit>(decision)) return Standing::kCounts;
  }
  if (grant.terms.basis != Basis::kConsent) return wall == CourtWall::kBefore ? Standing::kWall : Standing::kIncomplete;
  const Grantor giver = grant.terms.grantor;
  if (trajectory.stage() == Stage::kAdult && giver != Grantor::kYoungPerson) return Standing::kLapsed;
  if (wall == CourtWall::kBefore && giver == Grantor::kYoungPerson) return Standing::kWaitsForParents;
  if (trajectory.stage() == Stage::kChild && IsParent(giver)) {
    return wall == CourtWall::kBefore ? Standing::kWall : Standing::kWaitsForOtherParent;
  }
  return Standing::kWaitsForYoungPerson;
}

}  // namespace schakel
