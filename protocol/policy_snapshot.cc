// The encoded form of a PolicyState, for snapshots: trajectories, members, whom they may know of, grants, frames by
// growing id, so that equal states encode equally. Another order is refused.
#include <algorithm>
#include <optional>
#include <tuple>

#include "protocol/codec.h"
#include "protocol/policy.h"

namespace schakel {
namespace {

constexpr std::uint64_t kPolicyVersionFirst = 3;    // Older ones are made anew from the log.
constexpr std::uint64_t kPolicyVersionOfLead = 4;   // Written where the lead of a trajectory was offered or passed.
constexpr std::uint64_t kPolicyVersionOfPiece = 5;  // Written where a consent names the one record that it is for.
constexpr std::uint64_t kPolicyVersion = 6;         // Written where places are offered: they follow the trajectories.
constexpr std::size_t kFields = 13;                 // Of a trajectory; two more where its lead was offered or passed.
constexpr std::size_t kGrantFields = 10;            // One more where it names a record.
constexpr CodecLimits kSnapshotLimits{
    .bytes_max = 1U << 30, .depth_max = 8, .array_max = 1U << 26, .items_max = 1U << 28};
constexpr std::size_t kMany = 1U << 26;

void EncodeMember(const OrgId& id, const Member& member, Encoder& to) {
  to.Array(5).Id(id).Enum(member.status).Id(member.invite).Time(member.invite_expires_at).Array(member.shown.size());
  for (const OrgId& shown : member.shown) to.Id(shown);
}

void EncodeOutcome(const std::optional<ReviewOutcome>& outcome, Encoder& to) {
  if (outcome) {
    to.Enum(*outcome);
  } else {
    to.Nil();
  }
}

void EncodeGrant(const Grant& grant, Encoder& to) {
  const bool of_piece = !IsNone(grant.piece);
  to.Array(of_piece ? kGrantFields + 1 : kGrantFields).Id(grant.id).Id(grant.author);
  EncodeControl(grant.terms, to);
  to.Uint(grant.purposes.bits()).Uint(grant.categories.bits()).Time(grant.ends_at);
  to.Bool(grant.withdrawn).Bool(grant.taken_back).Bool(grant.own_only);
  EncodeOutcome(grant.review, to);
  if (of_piece) to.Id(grant.piece);
}

bool NamesPiece(const Trajectory& trajectory) {
  return std::ranges::any_of(trajectory.grants, [](const Grant& grant) { return !IsNone(grant.piece); });
}

void EncodeFrame(const Frame& frame, Encoder& to) {
  to.Array(2).Id(frame.id);
  EncodeControl(frame.terms, to);
}

void EncodeChange(const GrantChange& change, Encoder& to) {
  to.Array(6).Id(change.grant).Uint(change.purposes.bits()).Uint(change.categories.bits());
  if (change.ends_at) {
    to.Time(*change.ends_at);
  } else {
    to.Nil();
  }
  to.Bool(change.withdrawn);
  EncodeOutcome(change.review, to);
}

void EncodeTakenBack(const GrantTakenBack& taken, Encoder& to) {
  to.Array(3).Id(taken.grant).Id(taken.change).Id(taken.author);
}

// What was said of its end.
void EncodeEnding(const Trajectory& trajectory, Encoder& to) {
  if (trajectory.retain_until) {
    to.Time(*trajectory.retain_until);
  } else {
    to.Nil();
  }
  if (trajectory.proposal) {
    const EraseProposal& proposal = *trajectory.proposal;
    to.Array(4).Id(proposal.id).Enum(proposal.reason).Binary(proposal.person).Bool(proposal.seconded);
  } else {
    to.Nil();
  }
  to.Id(trajectory.erased_by);
}

void EncodeStage(const Trajectory& trajectory, Encoder& to) {
  if (trajectory.said_stage) {
    to.Enum(*trajectory.said_stage);
  } else {
    to.Nil();
  }
  if (trajectory.receiver) {
    to.Array(2).Id(trajectory.receiver->organisation).Time(trajectory.receiver->said_at);
  } else {
    to.Nil();
  }
}

bool SaysOfLead(const Trajectory& trajectory) { return trajectory.offer || !trajectory.former.empty(); }

// The lowest that can say it.
std::uint64_t VersionFor(const Trajectory& trajectory) {
  if (NamesPiece(trajectory)) return kPolicyVersionOfPiece;
  return SaysOfLead(trajectory) ? kPolicyVersionOfLead : kPolicyVersionFirst;
}

void EncodeLead(const Trajectory& trajectory, Encoder& to) {
  if (trajectory.offer) {
    to.Array(3).Id(trajectory.offer->id).Id(trajectory.offer->to).Time(trajectory.offer->expires_at);
  } else {
    to.Nil();
  }
  to.Array(trajectory.former.size());
  for (const FormerLead& one : trajectory.former) to.Array(3).Id(one.organisation).Id(one.accept).Bool(one.told);
}

void EncodePool(const RecordId& id, const PlacePool& pool, Encoder& to) {
  to.Array(5).Id(id).Id(pool.owner);
  EncodeControl(pool.terms, to);
  to.Bool(pool.closed).Array(pool.holds.size());
  for (const HeldPlace& hold : pool.holds) {
    to.Array(5).Id(hold.id).Id(hold.holder).Time(hold.expires_at).Time(hold.ends_at).Bool(hold.agreed);
  }
}

// Notes the id just read; refuses it unless it comes after the one before.
template <typename Id>
void CheckOrder(std::optional<Id>& last, const Id& id, const char* field, Decoder& from) {
  if (last && !(*last < id)) from.FailWith(Code::kInvalid, "policy.order", field);
  last = id;
}

std::optional<ReviewOutcome> DecodeOutcome(Decoder& from) {
  if (from.Nil()) return std::nullopt;
  return from.Enum("grant.review", ReviewOutcome::kJustified, kReviewOutcomeLast);
}

Grant DecodeGrant(Decoder& from) {
  Grant grant;
  const std::size_t fields = from.ArrayBetween(kGrantFields, kGrantFields + 1, "grant");
  grant.id = from.ReadId<RecordId>("grant.id");
  grant.author = from.ReadOrgId("grant.author");
  Control terms = DecodeControl(Kind::kGrantGive, from);
  if (auto* give = std::get_if<GrantGive>(&terms)) grant.terms = *give;
  grant.purposes = PurposeSet(from.Uint("grant.purposes"));
  grant.categories = CategorySet(from.Uint("grant.categories"));
  grant.ends_at = from.Time("grant.ends_at");
  grant.withdrawn = from.Bool("grant.withdrawn");
  grant.taken_back = from.Bool("grant.taken_back");
  grant.own_only = from.Bool("grant.own_only");
  grant.review = DecodeOutcome(from);
  if (fields == kGrantFields) return grant;
  grant.piece = from.ReadId<RecordId>("grant.piece");
  if (IsNone(grant.piece)) from.FailWith(Code::kInvalid, "codec.canonical", "grant.piece");
  return grant;
}

Frame DecodeFrame(Decoder& from) {
  Frame frame;
  from.Array(2, "frame");
  frame.id = from.ReadId<RecordId>("frame.id");
  Control terms = DecodeControl(Kind::kCaseFrame, from);
  if (auto* fixed = std::get_if<CaseFrame>(&terms)) frame.terms = *fixed;
  return frame;
}

GrantChange DecodeChange(Decoder& from) {
  GrantChange change;
  from.Array(6, "change");
  change.grant = from.ReadId<RecordId>("change.grant");
  change.purposes = PurposeSet(from.Uint("change.purposes"));
  change.categories = CategorySet(from.Uint("change.categories"));
  if (!from.Nil()) change.ends_at = from.Time("change.ends_at");
  change.withdrawn = from.Bool("change.withdrawn");
  change.review = DecodeOutcome(from);
  return change;
}

GrantTakenBack DecodeTakenBack(Decoder& from) {
  GrantTakenBack taken;
  from.Array(3, "taken_back");
  taken.grant = from.ReadId<RecordId>("taken_back.grant");
  taken.change = from.ReadId<RecordId>("taken_back.change");
  taken.author = from.ReadOrgId("taken_back.author");
  return taken;
}

void DecodeEnding(Trajectory& trajectory, Decoder& from) {
  if (!from.Nil()) trajectory.retain_until = from.Time("trajectory.retain_until");
  if (!from.Nil()) {
    EraseProposal proposal;
    from.Array(4, "proposal");
    proposal.id = from.ReadId<RecordId>("proposal.id");
    proposal.reason = from.Enum("proposal.reason", EraseReason::kRetentionOver, kEraseReasonLast);
    proposal.person = from.Fixed<16>("proposal.person");
    proposal.seconded = from.Bool("proposal.seconded");
    trajectory.proposal = proposal;
  }
  trajectory.erased_by = from.ReadId<RecordId>("trajectory.erased_by");
}

void DecodeStage(Trajectory& trajectory, Decoder& from) {
  if (!from.Nil()) trajectory.said_stage = from.Enum("trajectory.stage", Stage::kChild, kStageLast);
  if (from.Nil()) return;
  Receiver receiver;
  from.Array(2, "receiver");
  receiver.organisation = from.ReadOrgId("receiver.organisation");
  receiver.said_at = from.Time("receiver.said_at");
  trajectory.receiver = receiver;
}

void DecodeLead(Trajectory& trajectory, Decoder& from) {
  if (!from.Nil()) {
    OfferedLead offer;
    from.Array(3, "offer");
    offer.id = from.ReadId<RecordId>("offer.id");
    offer.to = from.ReadOrgId("offer.to");
    offer.expires_at = from.Time("offer.expires_at");
    trajectory.offer = offer;
  }
  const std::size_t former = from.ArrayBetween(0, kMany, "trajectory.former");
  for (std::size_t i = 0; i < former && from.ok(); ++i) {
    FormerLead one;
    from.Array(3, "former");
    one.organisation = from.ReadOrgId("former.organisation");
    one.accept = from.ReadId<RecordId>("former.accept");
    one.told = from.Bool("former.told");
    trajectory.former.push_back(std::move(one));
  }
  // Nothing to say has one form: not said.
  if (!SaysOfLead(trajectory)) from.FailWith(Code::kInvalid, "codec.canonical", "trajectory.former");
}

PlacePool DecodePool(Decoder& from) {
  PlacePool pool;
  pool.owner = from.ReadOrgId("places.owner");
  Control terms = DecodeControl(Kind::kPlaceOffer, from);
  if (auto* offer = std::get_if<PlaceOffer>(&terms)) pool.terms = *offer;
  pool.closed = from.Bool("places.closed");
  const std::size_t holds = from.ArrayBetween(0, kPlacesMax, "places.holds");
  if (holds > pool.terms.places) from.FailWith(Code::kInvalid, "policy.places", "places.holds");
  for (std::size_t i = 0; i < holds && from.ok(); ++i) {
    HeldPlace hold;
    from.Array(5, "hold");
    hold.id = from.ReadId<RecordId>("hold.id");
    hold.holder = from.ReadOrgId("hold.holder");
    hold.expires_at = from.Time("hold.expires_at");
    hold.ends_at = from.Time("hold.ends_at");
    hold.agreed = from.Bool("hold.agreed");
    pool.holds.push_back(std::move(hold));
  }
  return pool;
}

// An array by growing key, each item read by `read`.
template <typename T, typename Read, typename Key>
std::vector<T> DecodeSorted(Decoder& from, const char* field, Read read, Key key) {
  std::vector<T> items;
  const std::size_t count = from.ArrayBetween(0, kMany, field);
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    T item = read(from);
    if (!items.empty() && !(key(items.back()) < key(item))) from.FailWith(Code::kInvalid, "policy.order", field);
    items.push_back(std::move(item));
  }
  return items;
}

Trajectory DecodeTrajectory(Decoder& from) {
  Trajectory trajectory;
  trajectory.lead = from.ReadOrgId("trajectory.lead");
  trajectory.closed = from.Bool("trajectory.closed");
  DecodeStage(trajectory, from);
  const std::size_t members = from.ArrayBetween(0, kMany, "trajectory.members");
  std::optional<OrgId> last_member;
  for (std::size_t i = 0; i < members && from.ok(); ++i) {
    Member member;
    from.Array(5, "member");
    const OrgId id = from.ReadOrgId("member.organisation");
    CheckOrder(last_member, id, "member.organisation", from);
    member.status = from.Enum("member.status", MemberStatus::kInvited, MemberStatus::kLeft);
    member.invite = from.ReadId<RecordId>("member.invite");
    member.invite_expires_at = from.Time("member.expires_at");
    const std::size_t shown = from.ArrayBetween(0, kMany, "member.shown");
    std::optional<OrgId> last_shown;
    for (std::size_t j = 0; j < shown && from.ok(); ++j) {
      const OrgId other = from.ReadOrgId("member.shown");
      CheckOrder(last_shown, other, "member.shown", from);
      member.shown.insert(other);
    }
    trajectory.members.emplace(id, std::move(member));
  }
  trajectory.grants = DecodeSorted<Grant>(from, "trajectory.grants", &DecodeGrant,
                                          [](const Grant& g) { return std::tie(g.terms.recipient, g.id); });
  trajectory.frames = DecodeSorted<Frame>(from, "trajectory.frames", &DecodeFrame, [](const Frame& f) { return f.id; });
  trajectory.changes = DecodeSorted<GrantChange>(from, "trajectory.changes", &DecodeChange,
                                                 [](const GrantChange& c) { return c.grant; });
  trajectory.taken_back = DecodeSorted<GrantTakenBack>(from, "trajectory.taken_back", &DecodeTakenBack,
                                                       [](const GrantTakenBack& t) { return t; });
  DecodeEnding(trajectory, from);
  return trajectory;
}

}  // namespace

Bytes PolicyState::Encode() const {
  std::vector<const std::pair<const TrajectoryId, Trajectory>*> sorted;
  sorted.reserve(trajectories_.size());
  for (const auto& item : trajectories_) sorted.push_back(&item);
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->first < b->first; });

  std::uint64_t version = kPolicyVersionFirst;
  for (const auto& [id, trajectory] : trajectories_) version = std::max(version, VersionFor(trajectory));
  if (!places_.empty()) version = kPolicyVersion;
  Encoder to;
  to.Array(places_.empty() ? 2 : 3).Uint(version).Array(sorted.size());
  for (const auto* item : sorted) {
    const Trajectory& trajectory = item->second;
    to.Array(SaysOfLead(trajectory) ? kFields + 2 : kFields)
        .Id(item->first)
        .Id(trajectory.lead)
        .Bool(trajectory.closed);
    EncodeStage(trajectory, to);
    to.Array(trajectory.members.size());
    for (const auto& [id, member] : trajectory.members) EncodeMember(id, member, to);
    to.Array(trajectory.grants.size());
    for (const Grant& grant : trajectory.grants) EncodeGrant(grant, to);
    to.Array(trajectory.frames.size());
    for (const Frame& frame : trajectory.frames) EncodeFrame(frame, to);
    to.Array(trajectory.changes.size());
    for (const GrantChange& change : trajectory.changes) EncodeChange(change, to);
    to.Array(trajectory.taken_back.size());
    for (const GrantTakenBack& taken : trajectory.taken_back) EncodeTakenBack(taken, to);
    EncodeEnding(trajectory, to);
    if (SaysOfLead(trajectory)) EncodeLead(trajectory, to);
  }
  if (places_.empty()) return to.Take();
  to.Array(places_.size());
  for (const auto& [id, pool] : places_) EncodePool(id, pool, to);
  return to.Take();
}

Result<PolicyState> PolicyState::Decode(ByteView bytes) {
  Decoder from(bytes, kSnapshotLimits);
  PolicyState state;
  const std::size_t parts = from.ArrayBetween(2, 3, "policy");
  const std::uint64_t version = from.Uint("policy.version");
  if (version > kPolicyVersion) {
    return Fail(Code::kVersion, "policy.version", "policy.version", "update this program to read it");
  }
  if (version < kPolicyVersionFirst) from.FailWith(Code::kInvalid, "policy.version", "policy.version");
  const std::size_t count = from.ArrayBetween(0, kMany, "policy.trajectories");
  std::optional<TrajectoryId> last;
  std::uint64_t needed = kPolicyVersionFirst;
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    const std::size_t fields = from.ArrayBetween(kFields, kFields + 2, "trajectory");
    if (fields == kFields + 1) from.FailWith(Code::kInvalid, "codec.type", "trajectory");
    const auto id = from.ReadId<TrajectoryId>("trajectory.id");
    CheckOrder(last, id, "trajectory.id", from);
    const auto [placed, fresh] = state.trajectories_.emplace(id, DecodeTrajectory(from));
    if (fields > kFields) DecodeLead(placed->second, from);
    needed = std::max(needed, VersionFor(placed->second));
    for (const Grant& grant : placed->second.grants) state.NoteEmergency(id, grant);
  }
  if (parts == 3) {
    const std::size_t pools = from.ArrayBetween(1, kMany, "policy.places");
    std::optional<RecordId> last_pool;
    for (std::size_t i = 0; i < pools && from.ok(); ++i) {
      from.Array(5, "places");
      const auto id = from.ReadId<RecordId>("places.id");
      CheckOrder(last_pool, id, "places.id", from);
      state.places_.emplace(id, DecodePool(from));
    }
    needed = kPolicyVersion;
  }
  // Written in the lowest version that can say it.
  if (needed != version) from.FailWith(Code::kInvalid, "codec.canonical", "policy.version");
  SCHAKEL_TRY(from.Finish());
  return state;
}

}  // namespace schakel
