// Who may say what, and who may receive what: the one place, pure, used by the hub and by the agents.
//
// Threads: one object, one thread.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <variant>
#include <vector>

#include "protocol/control.h"
#include "protocol/record.h"
#include "protocol/registry.h"
#include "protocol/result.h"

namespace schakel {

struct Grant {
  RecordId id;
  OrgId author;
  GrantGive terms;      // As given.
  PurposeSet purposes;  // As narrowed since.
  CategorySet categories;
  Timestamp ends_at;
  bool withdrawn = false;
  friend bool operator==(const Grant&, const Grant&) = default;
};

enum class MemberStatus : std::uint8_t { kInvited = 1, kJoined, kLeft };
struct Member {
  MemberStatus status = MemberStatus::kInvited;
  RecordId invite;
  Timestamp invite_expires_at;
  std::set<OrgId> shown;  // Whom this member may know of, besides the lead.
  friend bool operator==(const Member&, const Member&) = default;
};

struct Trajectory {
  OrgId lead;
  bool closed = false;
  std::map<OrgId, Member> members;  // Without the lead.
  std::vector<Grant> grants;        // In the order given.
  friend bool operator==(const Trajectory&, const Trajectory&) = default;

  const Grant* FindGrant(const RecordId& id) const;
  bool IsMember(const OrgId& organisation) const;  // The lead, or joined.
  // Whether `viewer` may know that `other` takes part: itself, the lead, shown, or the viewer is the lead.
  bool MayKnow(const OrgId& viewer, const OrgId& other) const;
};

// All trajectories. A projection of the log: Apply() its record entries in order.
class PolicyState {
 public:
  const Trajectory* Find(const TrajectoryId& id) const;
  const std::unordered_map<TrajectoryId, Trajectory, IdHash>& trajectories() const { return trajectories_; }

  // Takes in a statement that Admit() allowed, or that the log holds. Content changes nothing.
  // Tolerates what it does not know of (an agent sees only its part of the statements).
  void Apply(const Header& header);

  // Of the whole state, canonical: equal states encode equally.
  Bytes Encode() const;
  static Result<PolicyState> Decode(ByteView bytes);
  friend bool operator==(const PolicyState&, const PolicyState&) = default;

 private:
  std::unordered_map<TrajectoryId, Trajectory, IdHash> trajectories_;
};

// May `header.author` say this, now? kDenied with rule "admit.<what>" and the next step; kNotFound
// ("admit.trajectory"): no such trajectory, or none that the author takes part in: the two look the same.
Status Admit(const PolicyState& state, const Directory& directory, const Header& header, Timestamp now);

// The grant that covers the delivery; nothing where none is needed (a statement to whom it concerns, an anonymous
// consultation).
struct Permit {
  std::optional<RecordId> grant;
  friend bool operator==(const Permit&, const Permit&) = default;
};
using Decision = std::variant<Permit, Denial>;

// May `recipient` receive this record, now? When several grants fall short, the reason of the one that came closest.
Decision Decide(const PolicyState& state, const Directory& directory, const Header& header, const OrgId& recipient,
                Timestamp now);

}  // namespace schakel
