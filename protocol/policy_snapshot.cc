// The encoded form of a PolicyState, for snapshots: trajectories, members and whom they may know of by growing id, so
// that equal states encode equally. Another order is refused.
#include <algorithm>
#include <optional>

#include "protocol/codec.h"
#include "protocol/policy.h"

namespace schakel {
namespace {

constexpr std::uint64_t kPolicyVersion = 1;
constexpr CodecLimits kSnapshotLimits{
    .bytes_max = 1U << 30, .depth_max = 8, .array_max = 1U << 26, .items_max = 1U << 28};
constexpr std::size_t kMany = 1U << 26;

void EncodeMember(const OrgId& id, const Member& member, Encoder& to) {
  to.Array(5).Id(id).Enum(member.status).Id(member.invite).Time(member.invite_expires_at).Array(member.shown.size());
  for (const OrgId& shown : member.shown) to.Id(shown);
}

void EncodeGrant(const Grant& grant, Encoder& to) {
  to.Array(7).Id(grant.id).Id(grant.author);
  EncodeControl(grant.terms, to);
  to.Uint(grant.purposes.bits()).Uint(grant.categories.bits()).Time(grant.ends_at).Bool(grant.withdrawn);
}

// Notes the id just read; refuses it unless it comes after the one before.
template <typename Id>
void CheckOrder(std::optional<Id>& last, const Id& id, const char* field, Decoder& from) {
  if (last && !(*last < id)) from.FailWith(Code::kInvalid, "policy.order", field);
  last = id;
}

Grant DecodeGrant(Decoder& from) {
  Grant grant;
  from.Array(7, "grant");
  grant.id = from.ReadId<RecordId>("grant.id");
  grant.author = from.ReadOrgId("grant.author");
  Control terms = DecodeControl(Kind::kGrantGive, from);
  if (auto* give = std::get_if<GrantGive>(&terms)) grant.terms = *give;
  grant.purposes = PurposeSet(from.Uint("grant.purposes"));
  grant.categories = CategorySet(from.Uint("grant.categories"));
  grant.ends_at = from.Time("grant.ends_at");
  grant.withdrawn = from.Bool("grant.withdrawn");
  return grant;
}

Trajectory DecodeTrajectory(Decoder& from) {
  Trajectory trajectory;
  trajectory.lead = from.ReadOrgId("trajectory.lead");
  trajectory.closed = from.Bool("trajectory.closed");
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
  const std::size_t grants = from.ArrayBetween(0, kMany, "trajectory.grants");
  for (std::size_t i = 0; i < grants && from.ok(); ++i) trajectory.grants.push_back(DecodeGrant(from));
  return trajectory;
}

}  // namespace

Bytes PolicyState::Encode() const {
  std::vector<const std::pair<const TrajectoryId, Trajectory>*> sorted;
  sorted.reserve(trajectories_.size());
  for (const auto& item : trajectories_) sorted.push_back(&item);
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->first < b->first; });

  Encoder to;
  to.Array(2).Uint(kPolicyVersion).Array(sorted.size());
  for (const auto* item : sorted) {
    const Trajectory& trajectory = item->second;
    to.Array(5).Id(item->first).Id(trajectory.lead).Bool(trajectory.closed).Array(trajectory.members.size());
    for (const auto& [id, member] : trajectory.members) EncodeMember(id, member, to);
    to.Array(trajectory.grants.size());
    for (const Grant& grant : trajectory.grants) EncodeGrant(grant, to);
  }
  return to.Take();
}

Result<PolicyState> PolicyState::Decode(ByteView bytes) {
  Decoder from(bytes, kSnapshotLimits);
  PolicyState state;
  from.Array(2, "policy");
  const std::uint64_t version = from.Uint("policy.version");
  if (version > kPolicyVersion) {
    return Fail(Code::kVersion, "policy.version", "policy.version", "update this program to read it");
  }
  if (version == 0) from.FailWith(Code::kInvalid, "codec.type", "policy.version");
  const std::size_t count = from.ArrayBetween(0, kMany, "policy.trajectories");
  std::optional<TrajectoryId> last;
  for (std::size_t i = 0; i < count && from.ok(); ++i) {
    from.Array(5, "trajectory");
    const auto id = from.ReadId<TrajectoryId>("trajectory.id");
    CheckOrder(last, id, "trajectory.id", from);
    state.trajectories_.emplace(id, DecodeTrajectory(from));
  }
  SCHAKEL_TRY(from.Finish());
  return state;
}

}  // namespace schakel
