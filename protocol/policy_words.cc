// Who may read the words of a statement. What it says to the machines goes to all whom it concerns; its words are about
// a person, so they go no further than content would.
#include <algorithm>
#include <optional>

#include "protocol/policy.h"

namespace schakel {
namespace {

// What the words are about. Nothing: the statement carries none, or machines alone read what it carries.
struct Scope {
  PurposeSet purposes;
  CategorySet categories;
};

std::optional<Scope> ScopeOfGrant(const Trajectory* trajectory, const RecordId& id) {
  const Grant* grant = trajectory ? trajectory->FindGrant(id) : nullptr;
  if (!grant) return Scope();  // Of what is not known: about nothing, which no grant covers.
  return Scope{grant->terms.purposes, grant->terms.categories};
}

std::optional<Scope> ScopeOfWords(const Trajectory* trajectory, const Header& header) {
  if (const auto* give = std::get_if<GrantGive>(&header.control)) return Scope{give->purposes, give->categories};
  if (const auto* narrow = std::get_if<GrantNarrow>(&header.control)) return ScopeOfGrant(trajectory, narrow->grant);
  if (const auto* taken = std::get_if<GrantWithdraw>(&header.control)) return ScopeOfGrant(trajectory, taken->grant);
  if (const auto* review = std::get_if<EmergencyReview>(&header.control)) {
    return ScopeOfGrant(trajectory, review->grant);
  }
  switch (header.kind) {
    case Kind::kMemberInvite:
      return Scope{{Purpose::kCareCoordination}, {Category::kIdentity}};
    case Kind::kTrajectoryOpen:
    case Kind::kTrajectoryClose:
    case Kind::kMemberJoin:
    case Kind::kMemberLeave:
    case Kind::kMemberRemove:
    case Kind::kCaseFrame:
    case Kind::kErasePropose:
    case Kind::kLeadOffer:
    case Kind::kLeadAccept:
    case Kind::kLeadRefuse:
    case Kind::kLeadWithdraw:
      return Scope{{Purpose::kCareCoordination}, {Category::kAgreements}};
    default:
      return std::nullopt;
  }
}

const CeilingStatement::Row* CeilingOf(const Directory& directory, const OrgId& organisation) {
  const auto* found = directory.Find(organisation);
  return found ? directory.FindCeiling(found->statement.sector) : nullptr;
}

bool IsOfGrant(const Trajectory& trajectory, const RecordId& id, const OrgId& recipient) {
  const Grant* grant = trajectory.FindGrant(id);
  return grant && (grant->terms.recipient == recipient || grant->author == recipient);
}

// To whom it is said, rather than told as well: whom it names, whose grant it is, and the lead.
bool IsSaidTo(const Trajectory* trajectory, const Header& header, const OrgId& recipient) {
  if (const auto* invite = std::get_if<MemberInvite>(&header.control)) return recipient == invite->organisation;
  if (const auto* give = std::get_if<GrantGive>(&header.control); give && recipient == give->recipient) return true;
  if (!trajectory) return false;
  if (recipient == trajectory->lead) return true;
  if (const auto* remove = std::get_if<MemberRemove>(&header.control)) return recipient == remove->organisation;
  if (const auto* frame = std::get_if<CaseFrame>(&header.control)) {
    return std::ranges::binary_search(frame->participants, recipient);
  }
  if (const auto* narrow = std::get_if<GrantNarrow>(&header.control)) {
    return IsOfGrant(*trajectory, narrow->grant, recipient);
  }
  if (const auto* taken = std::get_if<GrantWithdraw>(&header.control)) {
    return IsOfGrant(*trajectory, taken->grant, recipient);
  }
  if (const auto* review = std::get_if<EmergencyReview>(&header.control)) {
    return IsOfGrant(*trajectory, review->grant, recipient);
  }
  if (const auto* offer = std::get_if<LeadOffer>(&header.control)) return recipient == offer->to;
  return header.kind == Kind::kLeadWithdraw && trajectory->offer && recipient == trajectory->offer->to;
}

}  // namespace

bool AreWordsBarred(const PolicyState& state, const Directory& directory, const Header& header,
                    const OrgId& recipient) {
  const auto scope = ScopeOfWords(state.Find(header.trajectory), header);
  if (!scope || recipient == header.author) return false;
  const auto* ceiling = CeilingOf(directory, recipient);
  return !ceiling || ceiling->court_wall || !ceiling->categories.Covers(scope->categories);
}

bool MayReadWords(const PolicyState& state, const Directory& directory, const Header& header, const OrgId& recipient,
                  Timestamp now) {
  const Trajectory* trajectory = state.Find(header.trajectory);
  const auto scope = ScopeOfWords(trajectory, header);
  if (!scope || recipient == header.author) return true;
  if (AreWordsBarred(state, directory, header, recipient)) return false;
  if (IsSaidTo(trajectory, header, recipient)) return true;
  Header content = header;
  content.kind = Kind::kNote;
  content.control = std::monostate();
  content.categories = scope->categories;
  return std::ranges::any_of(AllPurposes(), [&](Purpose purpose) {
    content.purpose = purpose;
    return scope->purposes.Has(purpose) &&
           std::holds_alternative<Permit>(Decide(state, directory, content, recipient, now));
  });
}

}  // namespace schakel
