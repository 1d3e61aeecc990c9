#include "acquaintance.h"

#include <algorithm>

namespace schakel {
namespace {

bool IsAmong(const std::vector<OrgId>& organisations, const OrgId& one) {
  return std::ranges::find(organisations, one) != organisations.end();
}

}  // namespace

bool Acquaintance::MayKnow(const OrgId& viewer, const OrgId& other) const {
  if (rules_.MayKnow(viewer, other)) return true;
  if (rules_.lead == self_) return false;
  return (other == self_ && rules_.MayKnow(self_, viewer)) || (IsAmong(together_, viewer) && IsAmong(together_, other));
}

bool Acquaintance::MayKnowAll(const OrgId& viewer, const std::vector<OrgId>& others) const {
  return std::ranges::all_of(others, [&](const OrgId& other) { return MayKnow(viewer, other); });
}

std::optional<std::pair<OrgId, OrgId>> Acquaintance::StrangersIn(const std::vector<OrgId>& organisations) const {
  for (const OrgId& one : organisations) {
    for (const OrgId& other : organisations) {
      if (!MayKnow(one, other)) return std::pair(one, other);
    }
  }
  return std::nullopt;
}

std::optional<OrgId> Acquaintance::LeftOut(const std::vector<OrgId>& organisations) const {
  std::vector<OrgId> fresh = organisations;
  std::erase_if(fresh, [&](const OrgId& one) { return IsAmong(together_, one); });
  for (const OrgId& one : together_) {
    if (rules_.TakesPart(one) && !IsAmong(organisations, one) && !MayKnowAll(one, fresh)) return one;
  }
  return std::nullopt;
}

}  // namespace schakel
