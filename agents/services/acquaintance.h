// Who may know of whom on one trajectory, as far as is known here. Pure.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "protocol/policy.h"

namespace schakel {

// Only the lead knows who was shown to whom. Of the others each knows what it was shown itself, and takes it that
// whoever it knows knows it. Of two others it knows nothing, which is no, unless one record named both to each already:
// those stand `together`.
class Acquaintance {
 public:
  Acquaintance(Trajectory rules, OrgId self, std::vector<OrgId> together)
      : rules_(std::move(rules)), self_(std::move(self)), together_(std::move(together)) {}

  bool MayKnow(const OrgId& viewer, const OrgId& other) const;
  bool MayKnowAll(const OrgId& viewer, const std::vector<OrgId>& others) const;
  // Two of `organisations`, the first of whom may not know of the second.
  std::optional<std::pair<OrgId, OrgId>> StrangersIn(const std::vector<OrgId>& organisations) const;
  // One who stood together with others, is not among `organisations`, and may not know of one that comes in.
  std::optional<OrgId> LeftOut(const std::vector<OrgId>& organisations) const;

 private:
  const Trajectory rules_;
  const OrgId self_;
  const std::vector<OrgId> together_;
};

}  // namespace schakel
