// Who may say what, and who may receive what: the one place, pure, used by the hub and by the agents.
//
// Threads: one object, one thread.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
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
  bool withdrawn = false;   // Stands no more: taken back, or gone with its recipient.
  bool taken_back = false;  // By a withdrawal: somebody said so.
  bool own_only = false;    // Of a member that does not lead: covers what that member itself wrote, nothing else.
  std::optional<ReviewOutcome> review;
  RecordId piece;  // Consent: the one record that its header refers to. Behind the court wall it covers nothing else.
  friend bool operator==(const Grant&, const Grant&) = default;
};
// All that was said of a grant which itself has not been seen yet, merged: the order of arrival does not matter.
struct GrantChange {
  RecordId grant;
  PurposeSet purposes{~std::uint64_t{0}};
  CategorySet categories{~std::uint64_t{0}};
  std::optional<Timestamp> ends_at;
  bool withdrawn = false;
  std::optional<ReviewOutcome> review;
  friend bool operator==(const GrantChange&, const GrantChange&) = default;
};
// A grant was taken back by this record: a withdrawal, a narrowing, or its recipient's leaving or removal.
struct GrantTakenBack {
  RecordId grant;
  RecordId change;
  OrgId author;  // Of the change.
  friend auto operator<=>(const GrantTakenBack&, const GrantTakenBack&) = default;
};
struct Frame {
  RecordId id;
  CaseFrame terms;
  friend bool operator==(const Frame&, const Frame&) = default;
};

enum class MemberStatus : std::uint8_t { kInvited = 1, kJoined, kLeft };
struct Member {
  MemberStatus status = MemberStatus::kInvited;
  RecordId invite;
  Timestamp invite_expires_at;
  std::set<OrgId> shown;  // Whom this member may know of, besides the lead.
  friend bool operator==(const Member&, const Member&) = default;
};

// Who goes on with a young person who came of age. The last word by the lead's clock counts.
struct Receiver {
  OrgId organisation;
  Timestamp said_at;
  friend auto operator<=>(const Receiver&, const Receiver&) = default;
};

// What the lead wants erased, until somebody else agrees.
struct EraseProposal {
  RecordId id;
  EraseReason reason = EraseReason::kRetentionOver;
  Id128 person{};
  bool seconded = false;  // Another member agreed.
  friend bool operator==(const EraseProposal&, const EraseProposal&) = default;
};

// The lead was offered to a member that has not answered. Once it has ended it is as good as none.
struct OfferedLead {
  RecordId id;
  OrgId to;
  Timestamp expires_at;
  friend bool operator==(const OfferedLead&, const OfferedLead&) = default;
};
// Led until that record.
struct FormerLead {
  OrgId organisation;
  RecordId accept;
  bool told = false;  // It told the new lead all that was said before.
  friend bool operator==(const FormerLead&, const FormerLead&) = default;
};

struct Trajectory {
  OrgId lead;
  bool closed = false;
  std::optional<Stage> said_stage;  // None: nobody said so here.
  std::optional<Receiver> receiver;
  std::map<OrgId, Member> members;   // Without the lead.
  std::vector<Grant> grants;         // By recipient, then by id.
  std::vector<Frame> frames;         // By id.
  std::vector<GrantChange> changes;  // By id; to grants not seen yet. The hub admits none, so it keeps none; an agent
                                     // keeps at most one for each grant that it was told of.
  std::vector<GrantTakenBack> taken_back;  // By grant, then by change.
  std::optional<Timestamp> retain_until;   // Said when it was closed.
  std::optional<EraseProposal> proposal;   // The last one.
  std::optional<OfferedLead> offer;
  std::vector<FormerLead> former;  // The first one first.
  RecordId erased_by;              // The erase-confirm. Then nothing is left but the lead and who ever took part.
  friend bool operator==(const Trajectory&, const Trajectory&) = default;

  Stage stage() const { return said_stage.value_or(Stage::kCapable); }
  const Grant* FindGrant(const RecordId& id) const;
  std::span<const Grant> GrantsTo(const OrgId& recipient) const;
  const Frame* FindFrame(const RecordId& id) const;
  const GrantTakenBack* FindTakenBack(const RecordId& grant, const RecordId& change) const;
  bool IsOffered(Timestamp now) const { return offer && now < offer->expires_at; }
  bool IsOfferedTo(const OrgId& organisation, const RecordId& by, Timestamp now) const;
  const FormerLead* FindFormer(const RecordId& accept) const;
  // Who led next after `former`, one of ours.
  const OrgId& SuccessorOf(const FormerLead& former) const;
  // Whether `organisation` leads and was told all that was said before it did.
  bool LeadsWhole(const OrgId& organisation) const;
  bool erased() const { return !IsNone(erased_by); }
  bool EverTookPart(const OrgId& organisation) const;  // The lead, or ever invited.
  bool IsMember(const OrgId& organisation) const;      // The lead, or joined.
  bool TakesPart(const OrgId& organisation) const;     // The lead, invited or joined.
  // Whether `viewer` may know that `other` takes part: itself, the lead, shown, or the viewer is the lead.
  bool MayKnow(const OrgId& viewer, const OrgId& other) const;
};

// One of the places of an offer, taken.
struct HeldPlace {
  RecordId id;  // The hold.
  OrgId holder;
  Timestamp expires_at;  // Unless the owner agreed before.
  Timestamp ends_at;
  bool agreed = false;
  friend bool operator==(const HeldPlace&, const HeldPlace&) = default;

  // From when on the place is free by itself.
  Timestamp free_at() const { return agreed ? ends_at : expires_at; }
};
// Places that partners may ask for, of no trajectory. Each is held by one at a time: there are never more holds that
// stand than places.
struct PlacePool {
  OrgId owner;
  PlaceOffer terms;
  bool closed = false;           // By its owner, before its end.
  std::vector<HeldPlace> holds;  // In the order of the log, those that have ended among them; no more than places.
  friend bool operator==(const PlacePool&, const PlacePool&) = default;

  bool IsOpen(Timestamp now) const { return !closed && now < terms.ends_at; }
  std::size_t Taken(Timestamp now) const;
  const HeldPlace* FindHold(const RecordId& id) const;
};

// All trajectories, and the places that partners may ask for. A projection of the log: Apply() its record entries in
// order.
class PolicyState {
 public:
  const Trajectory* Find(const TrajectoryId& id) const;
  const std::unordered_map<TrajectoryId, Trajectory, IdHash>& trajectories() const { return trajectories_; }

  const PlacePool* FindPlaces(const RecordId& offer) const;
  const std::map<RecordId, PlacePool>& places() const { return places_; }

  // Takes in a statement that Admit() allowed, or that the log holds. Content changes nothing.
  // Tolerates what it does not know of (an agent sees only its part of the statements). Of one trajectory, statements
  // about grants, frames and stages may come in any order: the same ones make the same state.
  void Apply(const Header& header);

  // What the log still says of a trajectory whose statements were erased.
  struct Remains {
    TrajectoryId trajectory;
    RecordId erased_by;
    OrgId lead;
    std::vector<OrgId> members;  // Who ever took part, without the lead.
  };
  void Bury(const Remains& remains);

  // An emergency that `author` gave, anywhere here, whose review is overdue.
  std::optional<RecordId> OverdueReview(const OrgId& author, const RegionRules& rules, Timestamp now) const;

  // Of the whole state, canonical: equal states encode equally.
  Bytes Encode() const;
  static Result<PolicyState> Decode(ByteView bytes);
  friend bool operator==(const PolicyState&, const PolicyState&) = default;

 private:
  void NoteEmergency(const TrajectoryId& trajectory, const Grant& grant);
  void ForgetEmergencies(const TrajectoryId& trajectory);

  void ApplyOfPlace(const Header& header);

  std::unordered_map<TrajectoryId, Trajectory, IdHash> trajectories_;
  std::map<RecordId, PlacePool> places_;  // By the offer. What its owner offered that is long over is forgotten.
  // Follows from the trajectories: by who gave them, the emergencies that nobody has reviewed.
  std::map<OrgId, std::set<std::pair<TrajectoryId, RecordId>>> unreviewed_;
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

// What a court may be told on written request.
inline constexpr CategorySet kBasicData{Category::kIdentity, Category::kContact};
// An empty set is covered by everything: content about nothing would pass every grant and every ceiling.
inline bool Covers(CategorySet allowed, const Header& header) {
  return !header.categories.empty() && allowed.Covers(header.categories);
}

// The composition rule (docs/consent.md): whether the grants to `recipient` together cover content, given the stage of
// the young person and the rules of the region. Membership and ceilings are not looked at. Pure, and allocates nothing.
enum class CourtWall : std::uint8_t { kNone, kBefore };
Decision Compose(const Trajectory& trajectory, const RegionRules& rules, CourtWall wall, const Header& header,
                 const OrgId& recipient, Timestamp now);

// Whether a statement concerns `recipient`, so that it goes there.
bool IsAddressed(const Trajectory& trajectory, const Header& header, const OrgId& recipient);

// May `recipient` receive this record, now? When several grants fall short, the reason of the one that came closest.
Decision Decide(const PolicyState& state, const Directory& directory, const Header& header, const OrgId& recipient,
                Timestamp now);

// ---- The words of a statement ----
// The statement itself goes to all whom it concerns. Its words, in the body, are given to whom it is said
// (whom it names, whose grant it is, the lead), and besides only to whom Decide() would hand content about the same:
// what the grant is about, identity for an invitation, agreements for all others. Never to one behind the court wall,
// and to nobody above the ceiling of its sector. What carries no words is read by everybody. As `state` was before the
// statement.
bool MayReadWords(const PolicyState& state, const Directory& directory, const Header& header, const OrgId& recipient,
                  Timestamp now);
// The part that no grant and no naming outvotes, the wall and the ceiling: a reader holds its own agent to it, whatever
// the author gave.
bool AreWordsBarred(const PolicyState& state, const Directory& directory, const Header& header, const OrgId& recipient);

}  // namespace schakel
