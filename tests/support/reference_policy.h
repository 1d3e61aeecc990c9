// Decide, written a second time and differently: not from a state that statements change, but from the whole list of
// statements, asked anew for each fact. Slow, and meant to be plainly right. docs/protocol.md is its model.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "protocol/policy.h"

namespace schakel::test {

class ReferencePolicy {
 public:
  // `statements`: those admitted, in order. The caller keeps them.
  explicit ReferencePolicy(const std::vector<Header>& statements) : statements_(statements) {}

  Decision Decide(const Directory& directory, const Header& header, const OrgId& recipient, Timestamp now) const {
    if (directory.Find(recipient) == nullptr) return Denial::kNotEnrolled;
    if (directory.Find(recipient)->statement.status == OrgStatus::kSuspended) return Denial::kSuspended;
    if (header.author == recipient) return Permit{};
    return IsContent(header.kind) ? DecideContent(directory, header, recipient, now)
                                  : DecideStatement(header, recipient);
  }

 private:
  // Whether statement number `i` is one of `trajectory`, and its control if it is of type C.
  template <typename C>
  const C* At(std::size_t i, const TrajectoryId& trajectory) const {
    return statements_[i].trajectory == trajectory ? std::get_if<C>(&statements_[i].control) : nullptr;
  }
  bool Ends(std::size_t i, const TrajectoryId& trajectory, const OrgId& organisation) const {
    const auto* removed = At<MemberRemove>(i, trajectory);
    return (removed && removed->organisation == organisation) ||
           (At<MemberLeave>(i, trajectory) && statements_[i].author == organisation);
  }
  bool Invites(std::size_t i, const TrajectoryId& trajectory, const OrgId& organisation) const {
    const auto* invite = At<MemberInvite>(i, trajectory);
    return invite && invite->organisation == organisation;
  }
  std::optional<OrgId> LeadOf(const TrajectoryId& trajectory) const {
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      if (At<TrajectoryOpen>(i, trajectory)) return statements_[i].author;
    }
    return std::nullopt;
  }
  // The last word about it is that it joined.
  bool TakesPart(const TrajectoryId& trajectory, const OrgId& organisation) const {
    if (LeadOf(trajectory) == organisation) return true;
    for (std::size_t i = statements_.size(); i-- > 0;) {
      if (At<MemberJoin>(i, trajectory) && statements_[i].author == organisation) return true;
      if (Ends(i, trajectory, organisation) || Invites(i, trajectory, organisation)) return false;
    }
    return false;
  }
  // Shown since it was last invited or left.
  bool Knows(const TrajectoryId& trajectory, const OrgId& viewer, const OrgId& other) const {
    const auto lead = LeadOf(trajectory);
    if (lead == viewer || lead == other) return true;
    for (std::size_t i = statements_.size(); i-- > 0;) {
      const auto* show = At<MemberShow>(i, trajectory);
      if (show && show->to == viewer && show->member == other) return true;
      if (Ends(i, trajectory, viewer) || Invites(i, trajectory, viewer)) return false;
    }
    return false;
  }

  struct Weighed {
    RecordId id;
    const GrantGive* terms;
    bool stands, in_period, for_purpose, of_categories;
    bool Holds() const { return stands && in_period && for_purpose && of_categories; }
  };
  Weighed Weigh(std::size_t given, const GrantGive& terms, const Header& header, Timestamp now) const {
    const TrajectoryId& trajectory = header.trajectory;
    const RecordId& id = statements_[given].id;
    GrantNarrow now_covers{id, terms.purposes, terms.categories, terms.ends_at};
    bool stands = true;
    for (std::size_t i = given + 1; i < statements_.size(); ++i) {
      const auto* narrow = At<GrantNarrow>(i, trajectory);
      if (narrow && narrow->grant == id) now_covers = *narrow;
      const auto* withdraw = At<GrantWithdraw>(i, trajectory);
      if (withdraw && withdraw->grant == id) stands = false;
      if (Ends(i, trajectory, terms.recipient)) stands = false;
    }
    const std::uint64_t missing = header.categories.bits() & ~now_covers.categories.bits();
    return {.id = id,
            .terms = &terms,
            .stands = stands,
            .in_period = terms.begins_at <= now && now < now_covers.ends_at,
            .for_purpose = now_covers.purposes.Has(header.purpose),
            .of_categories = missing == 0 && header.categories.bits() != 0};
  }
  std::vector<Weighed> GrantsTo(const OrgId& recipient, const Header& header, Timestamp now) const {
    std::vector<Weighed> grants;
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      const auto* give = At<GrantGive>(i, header.trajectory);
      if (give && give->recipient == recipient) grants.push_back(Weigh(i, *give, header, now));
    }
    return grants;
  }

  Decision DecideContent(const Directory& directory, const Header& header, const OrgId& recipient,
                         Timestamp now) const {
    const auto* row = directory.FindCeiling(directory.Find(recipient)->statement.sector);
    const std::uint64_t allowed = row ? row->categories.bits() : 0;
    const bool under_ceiling = header.categories.bits() != 0 && (header.categories.bits() & ~allowed) == 0;
    if (IsNone(header.trajectory)) {
      if (!under_ceiling) return Denial::kSectorCeiling;
      if (row->court_wall) return Denial::kCourtWall;
      return Permit{};
    }
    if (!LeadOf(header.trajectory) || !TakesPart(header.trajectory, recipient) ||
        !Knows(header.trajectory, recipient, header.author) || !Knows(header.trajectory, header.author, recipient)) {
      return Denial::kNotMember;
    }
    if (!under_ceiling) return Denial::kSectorCeiling;
    const auto grants = GrantsTo(recipient, header, now);
    return row->court_wall ? AtCourtWall(grants, header) : ByGrants(grants);
  }

  static Decision AtCourtWall(const std::vector<Weighed>& grants, const Header& header) {
    const auto first_consent = [&](std::initializer_list<Grantor> grantors) {
      return std::find_if(grants.begin(), grants.end(), [&](const Weighed& grant) {
        return grant.Holds() && grant.terms->basis == Basis::kConsent &&
               std::find(grantors.begin(), grantors.end(), grant.terms->grantor) != grantors.end();
      });
    };
    const auto minor = first_consent({Grantor::kYoungPerson});
    const auto parent = first_consent({Grantor::kFirstParent, Grantor::kSecondParent, Grantor::kGuardian});
    if (header.purpose != Purpose::kCourtReport || minor == grants.end() || parent == grants.end()) {
      return Denial::kCourtWall;
    }
    return Permit{minor->id};
  }

  static Decision ByGrants(const std::vector<Weighed>& grants) {
    const auto any = [&](auto&& holds) { return std::any_of(grants.begin(), grants.end(), holds); };
    for (const Weighed& grant : grants) {
      if (grant.Holds()) return Permit{grant.id};
    }
    if (any([](const Weighed& g) { return g.stands && g.in_period && g.for_purpose; })) return Denial::kCategory;
    if (any([](const Weighed& g) { return g.stands && g.in_period; })) return Denial::kPurpose;
    if (any([](const Weighed& g) { return g.stands; })) return Denial::kPeriod;
    return grants.empty() ? Denial::kNoGrant : Denial::kWithdrawn;
  }

  Decision DecideStatement(const Header& header, const OrgId& recipient) const {
    if (IsNone(header.trajectory)) return Denial::kNotAddressed;
    const auto lead = LeadOf(header.trajectory);
    if (!lead) return Denial::kNotMember;
    const bool addressed = AddresseesOf(header, *lead, recipient);
    return addressed ? Decision(Permit{}) : Decision(Denial::kNotAddressed);
  }
  bool AddresseesOf(const Header& header, const OrgId& lead, const OrgId& recipient) const {
    const auto recipient_of = [&](const RecordId& id) -> std::optional<OrgId> {
      for (std::size_t i = 0; i < statements_.size(); ++i) {
        const auto* give = At<GrantGive>(i, header.trajectory);
        if (give && statements_[i].id == id) return give->recipient;
      }
      return std::nullopt;
    };
    switch (header.kind) {
      case Kind::kMemberInvite:
        return std::get<MemberInvite>(header.control).organisation == recipient;
      case Kind::kMemberRemove:
        return std::get<MemberRemove>(header.control).organisation == recipient;
      case Kind::kMemberShow:
        return std::get<MemberShow>(header.control).to == recipient;
      case Kind::kMemberJoin:
      case Kind::kMemberLeave:
        return lead == recipient;
      case Kind::kGrantGive:
        return std::get<GrantGive>(header.control).recipient == recipient;
      case Kind::kGrantNarrow:
        return recipient_of(std::get<GrantNarrow>(header.control).grant) == recipient;
      case Kind::kGrantWithdraw:
        return recipient_of(std::get<GrantWithdraw>(header.control).grant) == recipient;
      case Kind::kTrajectoryClose:
        return TakesPart(header.trajectory, recipient);
      default:
        return false;
    }
  }

  const std::vector<Header>& statements_;
};

}  // namespace schakel::test
