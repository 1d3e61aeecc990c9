// Statements: what a record says to the hub in the clear, inside its signed header. No names, no free text.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "protocol/ids.h"
#include "protocol/result.h"
#include "protocol/seams.h"
#include "protocol/vocabulary.h"

namespace schakel {

// The author takes the lead of a new trajectory.
struct TrajectoryOpen {
  friend bool operator==(const TrajectoryOpen&, const TrajectoryOpen&) = default;
};
struct TrajectoryClose {
  friend bool operator==(const TrajectoryClose&, const TrajectoryClose&) = default;
};
// The lead invites; the organisation joins by its own statement before `expires_at`.
struct MemberInvite {
  OrgId organisation;
  Timestamp expires_at;
  friend bool operator==(const MemberInvite&, const MemberInvite&) = default;
};
struct MemberJoin {
  RecordId invite;
  friend bool operator==(const MemberJoin&, const MemberJoin&) = default;
};
struct MemberLeave {
  friend bool operator==(const MemberLeave&, const MemberLeave&) = default;
};
struct MemberRemove {
  OrgId organisation;
  friend bool operator==(const MemberRemove&, const MemberRemove&) = default;
};
// The lead lets `to` know that `member` takes part. Until then nothing of one reaches the other: whoever is not shown
// does not exist. One way; show both for both.
struct MemberShow {
  OrgId member;
  OrgId to;
  friend bool operator==(const MemberShow&, const MemberShow&) = default;
};
// The record's id is the grant's. Evidence and people stand as hashes and pseudonyms; who they are is in the body.
struct GrantGive {
  OrgId recipient;
  PurposeSet purposes;
  CategorySet categories;
  Timestamp begins_at;
  Timestamp ends_at;  // Already outside, so that back-to-back grants never overlap.
  Basis basis = Basis::kConsent;
  Grantor grantor = Grantor::kYoungPerson;
  Hash32 evidence{};                  // SHA-256 of the evidence as the author keeps it (with a salt).
  Id128 recorded_by{};                // Pseudonym of the person who recorded it.
  std::optional<Id128> witnessed_by;  // Oral consent: another person. Written: none.
  bool oral = false;
  friend bool operator==(const GrantGive&, const GrantGive&) = default;
};
// From now on only this much. Each part must lie within what the grant covers.
struct GrantNarrow {
  RecordId grant;
  PurposeSet purposes;
  CategorySet categories;
  Timestamp ends_at;
  friend bool operator==(const GrantNarrow&, const GrantNarrow&) = default;
};
struct GrantWithdraw {
  RecordId grant;
  friend bool operator==(const GrantWithdraw&, const GrantWithdraw&) = default;
};
// Persons of the author's organisation saw records. Pseudonyms that only that organisation can resolve.
struct View {
  RecordId record;
  Id128 person{};
  StaffRole role = StaffRole::kWorker;
  ViewReason reason = ViewReason::kTask;
  Timestamp at;
  friend bool operator==(const View&, const View&) = default;
};
struct Views {
  std::vector<View> views;  // 1 to kViewsMax, of one trajectory.
  friend bool operator==(const Views&, const Views&) = default;
};
inline constexpr std::size_t kViewsMax = 64;

using Control = std::variant<std::monostate, TrajectoryOpen, TrajectoryClose, MemberInvite, MemberJoin, MemberLeave,
                             MemberRemove, MemberShow, GrantGive, GrantNarrow, GrantWithdraw, Views>;

// The kind that a statement belongs to; nothing for content.
std::optional<Kind> KindOf(const Control& control);

// As it stands in a header: nil for content, else an array per kind.
void EncodeControl(const Control& control, class Encoder& to);
Control DecodeControl(Kind kind, class Decoder& from);

}  // namespace schakel
