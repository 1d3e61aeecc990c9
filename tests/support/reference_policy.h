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
    if (!IsOfErasure(header.kind) && Erased(header.trajectory)) return Denial::kErased;
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
  std::optional<OrgId> LeadOf(const TrajectoryId& trajectory) const { return LeadAt(statements_.size(), trajectory); }
  // Who led before statement number `end`: the last one that accepted, else who opened.
  std::optional<OrgId> LeadAt(std::size_t end, const TrajectoryId& trajectory) const {
    for (std::size_t i = end; i-- > 0;) {
      if (At<LeadAccept>(i, trajectory) || At<TrajectoryOpen>(i, trajectory)) return statements_[i].author;
    }
    return std::nullopt;
  }
  // Statement number `i` took the lead from `organisation`: it stays on as a member.
  bool StaysOn(std::size_t i, const TrajectoryId& trajectory, const OrgId& organisation) const {
    return At<LeadAccept>(i, trajectory) && LeadAt(i, trajectory) == organisation;
  }
  bool EverInvitedBefore(std::size_t end, const TrajectoryId& trajectory, const OrgId& organisation) const {
    for (std::size_t i = 0; i < end; ++i) {
      if (Invites(i, trajectory, organisation) || StaysOn(i, trajectory, organisation)) return true;
    }
    return LeadAt(end, trajectory) == organisation;
  }
  bool Erased(const TrajectoryId& trajectory) const {
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      if (At<EraseConfirm>(i, trajectory)) return true;
    }
    return false;
  }
  bool EverInvited(const TrajectoryId& trajectory, const OrgId& organisation) const {
    return EverInvitedBefore(statements_.size(), trajectory, organisation);
  }
  // Who took it back by that very record, if that record did.
  std::optional<OrgId> TakerOf(const TrajectoryId& trajectory, const GrantReceipt& receipt) const {
    const OrgId* had = nullptr;
    bool stands = true;
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      const auto* give = At<GrantGive>(i, trajectory);
      if (give && statements_[i].id == receipt.grant) had = &give->recipient;
      const auto* narrow = At<GrantNarrow>(i, trajectory);
      const auto* withdraw = At<GrantWithdraw>(i, trajectory);
      const auto* review = At<EmergencyReview>(i, trajectory);
      const bool undone = review && review->grant == receipt.grant && review->outcome == ReviewOutcome::kUnjustified;
      const bool named =
          undone || (narrow && narrow->grant == receipt.grant) || (withdraw && withdraw->grant == receipt.grant);
      const bool went = had != nullptr && stands && Ends(i, trajectory, *had);
      if (statements_[i].id == receipt.change && (named || went)) return statements_[i].author;
      if (went || undone || (named && withdraw)) stands = false;
    }
    return std::nullopt;
  }
  // The last word about it is that it joined.
  bool TakesPart(const TrajectoryId& trajectory, const OrgId& organisation) const {
    if (LeadOf(trajectory) == organisation) return true;
    for (std::size_t i = statements_.size(); i-- > 0;) {
      if (At<MemberJoin>(i, trajectory) && statements_[i].author == organisation) return true;
      if (StaysOn(i, trajectory, organisation)) return true;
      if (Ends(i, trajectory, organisation) || Invites(i, trajectory, organisation)) return false;
    }
    return false;
  }
  // The last word about it is not that it ended.
  bool InvitedOrIn(const TrajectoryId& trajectory, const OrgId& organisation) const {
    if (LeadOf(trajectory) == organisation) return true;
    for (std::size_t i = statements_.size(); i-- > 0;) {
      if (Ends(i, trajectory, organisation)) return false;
      if (Invites(i, trajectory, organisation) || StaysOn(i, trajectory, organisation)) return true;
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
      // Everybody knew who led, and it knew everybody that was ever there.
      const bool led = StaysOn(i, trajectory, viewer) || StaysOn(i, trajectory, other);
      if (led && EverInvitedBefore(i, trajectory, viewer) && EverInvitedBefore(i, trajectory, other)) return true;
      if (Ends(i, trajectory, viewer) || Invites(i, trajectory, viewer)) return false;
    }
    return false;
  }

  struct Weighed {
    RecordId id;
    const GrantGive* terms;
    OrgId author;
    bool stands, in_period, for_purpose, of_categories;
    Timestamp ends_at;
    std::optional<RecordId> piece;
    bool objects;  // Its giver took back what as given touched the record.
    bool WouldHold() const { return in_period && for_purpose && of_categories; }
    bool Holds() const { return stands && WouldHold(); }
  };
  Weighed Weigh(std::size_t given, const GrantGive& terms, const Header& header, Timestamp now) const {
    const TrajectoryId& trajectory = header.trajectory;
    const RecordId& id = statements_[given].id;
    GrantNarrow now_covers{id, terms.purposes, terms.categories, terms.ends_at};
    bool stands = true;
    bool taken_back = false;
    for (std::size_t i = given + 1; i < statements_.size(); ++i) {
      const auto* narrow = At<GrantNarrow>(i, trajectory);
      if (narrow && narrow->grant == id) now_covers = *narrow;
      const auto* withdraw = At<GrantWithdraw>(i, trajectory);
      if (withdraw && withdraw->grant == id) stands = false, taken_back = true;
      const auto* review = At<EmergencyReview>(i, trajectory);
      const bool undone = review && review->grant == id && review->outcome == ReviewOutcome::kUnjustified;
      if (undone) stands = false, taken_back = true;
      if (Ends(i, trajectory, terms.recipient)) stands = false;
    }
    const std::uint64_t missing = header.categories.bits() & ~now_covers.categories.bits();
    const std::uint64_t part = header.categories.bits() & terms.categories.bits();
    const bool touched = part != 0 && terms.purposes.Has(header.purpose);
    const bool cut = !now_covers.purposes.Has(header.purpose) || (part & ~now_covers.categories.bits()) != 0 ||
                     (now_covers.ends_at != terms.ends_at && now_covers.ends_at <= now);
    return {.id = id,
            .terms = &terms,
            .author = statements_[given].author,
            .stands = stands,
            .in_period = terms.begins_at <= now && now < now_covers.ends_at,
            .for_purpose = now_covers.purposes.Has(header.purpose),
            .of_categories = missing == 0 && header.categories.bits() != 0,
            .ends_at = now_covers.ends_at,
            .piece = statements_[given].references.size() == 1 ? std::optional(statements_[given].references[0])
                                                               : std::nullopt,
            .objects = touched && (taken_back || cut)};
  }
  bool IsReviewed(std::size_t given, const TrajectoryId& trajectory) const {
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      const auto* review = At<EmergencyReview>(i, trajectory);
      if (review && review->grant == statements_[given].id) return true;
    }
    return false;
  }
  // Whether `author` gave this recipient an emergency that should have been reviewed by now.
  bool OwesReview(const OrgId& author, const OrgId& recipient, const RegionRules& rules, const Header& header,
                  Timestamp now) const {
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      const auto* give = At<GrantGive>(i, header.trajectory);
      if (!give || give->basis != Basis::kEmergency || give->recipient != recipient) continue;
      if (statements_[i].author != author || IsReviewed(i, header.trajectory)) continue;
      const Timestamp ended = Weigh(i, *give, header, now).ends_at;
      if (ended + std::chrono::hours(rules.emergency_review_hours) <= now) return true;
    }
    return false;
  }
  std::vector<Weighed> GrantsTo(const OrgId& recipient, const RegionRules& rules, const Header& header,
                                Timestamp now) const {
    std::vector<Weighed> grants;
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      const auto* give = At<GrantGive>(i, header.trajectory);
      if (give && give->recipient == recipient && Counts(i, *give, header, now)) {
        grants.push_back(Weigh(i, *give, header, now));
        const bool emergency = give->basis == Basis::kEmergency;
        if (emergency && OwesReview(statements_[i].author, recipient, rules, header, now)) {
          grants.back().in_period = false;
        }
      }
    }
    std::sort(grants.begin(), grants.end(), [](const Weighed& a, const Weighed& b) { return a.id < b.id; });
    return grants;
  }
  // Whether it could ever count for this record: a member's emergency for what that member wrote; shared secrecy with
  // its declaration; a case consultation between those on its list.
  bool Counts(std::size_t given, const GrantGive& terms, const Header& header, Timestamp) const {
    if (LeadAt(given, header.trajectory) != statements_[given].author && statements_[given].author != header.author) {
      return false;
    }
    if (terms.basis == Basis::kSharedSecrecy) return terms.secrecy.has_value();
    if (terms.basis != Basis::kCaseConsultation) return true;
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      const auto* frame = At<CaseFrame>(i, header.trajectory);
      if (!frame || statements_[i].id != terms.frame) continue;
      const auto on_list = [&](const OrgId& who) {
        return std::find(frame->participants.begin(), frame->participants.end(), who) != frame->participants.end();
      };
      return on_list(terms.recipient) && on_list(header.author);
    }
    return false;
  }
  Stage StageOf(const TrajectoryId& trajectory) const {
    for (std::size_t i = statements_.size(); i-- > 0;) {
      if (const auto* said = At<SubjectStage>(i, trajectory)) return said->stage;
      if (const auto* open = At<TrajectoryOpen>(i, trajectory)) return open->stage;
    }
    return Stage::kCapable;
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
    auto grants = GrantsTo(recipient, directory.rules(), header, now);
    // Behind the wall a consent is for the record that it names, of who recorded it, shared by it or not.
    if (row->court_wall) {
      std::erase_if(grants, [&](const Weighed& one) {
        if (one.terms->basis != Basis::kConsent || !one.piece) return false;
        const bool shares = header.kind == Kind::kShareAgain && header.references.size() > 0;
        const bool same = header.id == *one.piece || (shares && header.references[0] == *one.piece);
        return !same || one.author != header.author;
      });
    }
    const Stage stage = StageOf(header.trajectory);
    const ParentsRule rule = directory.rules().parents;
    return row->court_wall ? AtCourtWall(grants, header, stage, rule) : ByGrants(grants, stage, rule);
  }

  static const Weighed* ConsentOf(const std::vector<Weighed>& grants, Grantor grantor) {
    for (const Weighed& grant : grants) {
      if (grant.Holds() && grant.terms->basis == Basis::kConsent && grant.terms->grantor == grantor) return &grant;
    }
    return nullptr;
  }
  static bool Refuses(const std::vector<Weighed>& grants, Grantor grantor) {
    return !ConsentOf(grants, grantor) && std::any_of(grants.begin(), grants.end(), [&](const Weighed& grant) {
      return grant.objects && grant.terms->basis == Basis::kConsent && grant.terms->grantor == grantor;
    });
  }
  static const Weighed* ParentsOrGuardian(const std::vector<Weighed>& grants, ParentsRule rule) {
    std::vector<const Weighed*> parents;
    bool refused = false;
    for (const Grantor parent : {Grantor::kFirstParent, Grantor::kSecondParent}) {
      if (const Weighed* one = ConsentOf(grants, parent)) parents.push_back(one);
      refused = refused || Refuses(grants, parent);
    }
    const std::size_t needed = rule == ParentsRule::kBoth ? 2 : 1;
    const bool enough = parents.size() >= needed && !(rule == ParentsRule::kEitherUntilWithdrawn && refused);
    return enough ? parents.front() : ConsentOf(grants, Grantor::kGuardian);
  }

  static Decision AtCourtWall(const std::vector<Weighed>& grants, const Header& header, Stage stage, ParentsRule rule) {
    if (header.purpose != Purpose::kCourtReport) return Denial::kCourtWall;
    const Weighed* minor = ConsentOf(grants, Grantor::kYoungPerson);
    if (stage == Stage::kChild) minor = nullptr;
    if (minor && (stage == Stage::kAdult || ParentsOrGuardian(grants, rule))) return Permit{minor->id};
    const CategorySet basic{Category::kIdentity, Category::kContact};
    for (const Weighed& grant : grants) {
      const bool request = grant.terms->basis == Basis::kCourtMandate && grant.terms->evidence != Hash32{};
      if (grant.Holds() && request && basic.Covers(header.categories)) return Permit{grant.id};
    }
    return Denial::kCourtWall;
  }

  static Decision ByGrants(const std::vector<Weighed>& grants, Stage stage, ParentsRule rule) {
    const Weighed* agreed =
        stage == Stage::kChild ? ParentsOrGuardian(grants, rule) : ConsentOf(grants, Grantor::kYoungPerson);
    if (agreed) return Permit{agreed->id};
    for (const Weighed& grant : grants) {
      if (grant.Holds() && grant.terms->basis != Basis::kConsent) return Permit{grant.id};
    }
    const auto any = [&](auto&& holds) { return std::any_of(grants.begin(), grants.end(), holds); };
    if (any([](const Weighed& g) { return g.Holds(); })) return Denial::kGrantor;
    if (any([](const Weighed& g) { return g.stands && g.in_period && g.for_purpose; })) return Denial::kCategory;
    if (any([](const Weighed& g) { return g.stands && g.in_period; })) return Denial::kPurpose;
    // What was taken back, and would cover it if it stood, came closer than what ran out.
    if (any([](const Weighed& g) { return !g.stands && g.WouldHold(); })) return Denial::kWithdrawn;
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
    const auto has_part_in = [&](const RecordId& id) {
      for (std::size_t i = 0; i < statements_.size(); ++i) {
        const auto* give = At<GrantGive>(i, header.trajectory);
        if (give && statements_[i].id == id) {
          return recipient == give->recipient || recipient == statements_[i].author || recipient == lead;
        }
      }
      return false;
    };
    const auto knows = [&](const OrgId& a, const OrgId& b) { return a == b || Knows(header.trajectory, a, b); };
    const auto was_told_of = [&](const RecordId& id) {
      for (std::size_t i = 0; i < statements_.size(); ++i) {
        const auto* give = At<GrantGive>(i, header.trajectory);
        if (!give || statements_[i].id != id || give->basis != Basis::kEmergency) continue;
        const OrgId& giver = statements_[i].author;
        return TakesPart(header.trajectory, recipient) && knows(recipient, give->recipient) &&
               knows(recipient, giver) && knows(giver, recipient);
      }
      return false;
    };
    switch (header.kind) {
      case Kind::kMemberInvite:
        return std::get<MemberInvite>(header.control).organisation == recipient;
      case Kind::kMemberRemove: {
        const OrgId& gone = std::get<MemberRemove>(header.control).organisation;
        return gone == recipient || (TakesPart(header.trajectory, recipient) && knows(recipient, gone));
      }
      case Kind::kMemberShow:
        return std::get<MemberShow>(header.control).to == recipient;
      case Kind::kMemberJoin:
        return lead == recipient;
      case Kind::kMemberLeave:
        return lead == recipient || (recipient != header.author && TakesPart(header.trajectory, recipient) &&
                                     knows(recipient, header.author));
      case Kind::kLeadOffer:
      case Kind::kLeadAccept:
        return EverInvited(header.trajectory, recipient);
      case Kind::kLeadRefuse:
      case Kind::kLeadWithdraw:
        return InvitedOrIn(header.trajectory, recipient);
      case Kind::kLeadPassed:
        return std::get<LeadPassed>(header.control).lead == recipient ||
               (EverInvited(header.trajectory, recipient) && !InvitedOrIn(header.trajectory, recipient));
      case Kind::kGrantGive:
        if (const auto& give = std::get<GrantGive>(header.control); give.recipient == recipient) {
          return true;
        } else if (give.basis == Basis::kEmergency) {
          return recipient == lead || (TakesPart(header.trajectory, recipient) && knows(recipient, give.recipient) &&
                                       knows(recipient, header.author) && knows(header.author, recipient));
        }
        return false;
      case Kind::kGrantNarrow:
        return has_part_in(std::get<GrantNarrow>(header.control).grant);
      case Kind::kGrantWithdraw:
        return has_part_in(std::get<GrantWithdraw>(header.control).grant);
      case Kind::kEmergencyReview:
        return has_part_in(std::get<EmergencyReview>(header.control).grant) ||
               was_told_of(std::get<EmergencyReview>(header.control).grant);
      case Kind::kGrantReceipt:
        return recipient == lead || TakerOf(header.trajectory, std::get<GrantReceipt>(header.control)) == recipient;
      case Kind::kErasePropose:
        return TakesPart(header.trajectory, recipient);
      case Kind::kEraseSecond:
      case Kind::kEraseReceipt:
        return recipient == lead;
      case Kind::kEraseConfirm:
        return EverInvited(header.trajectory, recipient);
      case Kind::kSubjectStage: {
        const auto& said = std::get<SubjectStage>(header.control);
        if (!InvitedOrIn(header.trajectory, recipient)) return false;
        return !said.receiver || knows(recipient, *said.receiver);
      }
      case Kind::kCaseFrame: {
        const auto& listed = std::get<CaseFrame>(header.control).participants;
        return InvitedOrIn(header.trajectory, recipient) &&
               std::find(listed.begin(), listed.end(), recipient) != listed.end();
      }
      case Kind::kTrajectoryClose:
        return TakesPart(header.trajectory, recipient);
      default:
        return false;
    }
  }

  const std::vector<Header>& statements_;
};

}  // namespace schakel::test
