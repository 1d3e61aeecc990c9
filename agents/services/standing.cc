#include <algorithm>

#include "agents/services.h"

namespace schakel {
namespace {

bool IsParent(Grantor grantor) { return grantor == Grantor::kFirstParent || grantor == Grantor::kSecondParent; }

// All that the grant covers by itself, as one record.
Header WholeScope(const Grant& grant, Purpose purpose) {
  Header header;
  header.kind = Kind::kNote;
  header.id = grant.piece;
  header.author = grant.author;
  header.purpose = purpose;
  header.categories = grant.categories;
  return header;
}

}  // namespace

CourtWall WallBefore(const Engine& engine, const OrgId& recipient) {
  const auto organisations = engine.Organisations();
  const auto found = std::ranges::find_if(
      organisations, [&](const Directory::Organisation& one) { return one.statement.organisation == recipient; });
  const auto ceilings = engine.Ceilings();
  if (found == organisations.end() || !ceilings) return CourtWall::kNone;
  const bool before = std::ranges::any_of(ceilings->rows, [&](const CeilingStatement::Row& row) {
    return row.sector == found->statement.sector && row.court_wall;
  });
  return before ? CourtWall::kBefore : CourtWall::kNone;
}

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
    const auto* permit = std::get_if<Permit>(&decision);
    if (permit == nullptr || grant.terms.basis != Basis::kConsent) return permit != nullptr;
    // Consent comes before any other basis: where another one covers it, consent did not.
    const Grant* by = permit->grant ? trajectory.FindGrant(*permit->grant) : nullptr;
    return by != nullptr && by->terms.basis == Basis::kConsent;
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
