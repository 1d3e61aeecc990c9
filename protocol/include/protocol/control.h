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
  Stage stage = Stage::kCapable;  // Of the young person, at the start.
  friend bool operator==(const TrajectoryOpen&, const TrajectoryOpen&) = default;
};
struct TrajectoryClose {
  std::optional<Timestamp> retain_until;  // From when on it may be erased because its time is over. None: not said.
  friend bool operator==(const TrajectoryClose&, const TrajectoryClose&) = default;
};
// The lead invites; the organisation joins by its own statement before `expires_at`.
struct MemberInvite {
  OrgId organisation;
  Timestamp expires_at;
  Stage stage = Stage::kCapable;  // As it is now, so that whoever comes late decides as the others do.
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
// Shared professional secrecy (articles 72 and 74 of the decree on integral youth care): what the giver declares.
struct SharedSecrecy {
  Sought sought = Sought::kAgreed;
  bool necessary = false;           // The data are necessary for the help.
  bool in_client_interest = false;  // Handing them over serves the client.
  friend bool operator==(const SharedSecrecy&, const SharedSecrecy&) = default;
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
  std::optional<SharedSecrecy> secrecy;  // Of that basis alone. None: given before it was asked for; counts no more.
  RecordId frame;                        // Of a case consultation alone: the CaseFrame it stays within. None: likewise.
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
// The lead says how far the young person is. With a receiver: who goes on with an adult, once the stage itself was
// said; apart, since the stage goes to all members and the receiver only to those that may know it.
struct SubjectStage {
  Stage stage = Stage::kCapable;
  std::optional<OrgId> receiver;  // Adult alone.
  friend bool operator==(const SubjectStage&, const SubjectStage&) = default;
};
// A case consultation of article 458ter of the Criminal Code, fixed by the lead before the first record of it, and
// never changed: another one is another frame. The record's id is the frame's.
struct CaseFrame {
  FrameGround ground = FrameGround::kDecree;
  Hash32 document{};  // Of the article of the decree, or of the prosecutor's reasoned permission.
  OrgId chair;
  std::vector<OrgId> participants;  // The closed list, the chair among them: kFrameMin to kFrameMax, by growing id.
  PurposeSet purposes;
  Timestamp begins_at;
  Timestamp ends_at;  // Already outside.
  friend bool operator==(const CaseFrame&, const CaseFrame&) = default;
};
inline constexpr std::size_t kFrameMin = 2;
inline constexpr std::size_t kFrameMax = 32;
// An emergency is looked at afterwards, by who gave it or by the lead.
struct EmergencyReview {
  RecordId grant;
  ReviewOutcome outcome = ReviewOutcome::kJustified;
  friend bool operator==(const EmergencyReview&, const EmergencyReview&) = default;
};
// The recipient of a grant that was withdrawn or narrowed, or that went when it left: all that this grant alone covered
// is shown to nobody here any more.
struct GrantReceipt {
  RecordId grant;
  RecordId change;  // The record that took it back: grant-withdraw, grant-narrow, member-leave or member-remove.
  Kept kept = Kept::kSealed;
  friend bool operator==(const GrantReceipt&, const GrantReceipt&) = default;
};
// ---- Erasure takes two persons ----
// The lead proposes. Why, in words, stands in the body.
struct ErasePropose {
  EraseReason reason = EraseReason::kRetentionOver;
  Id128 person{};  // Pseudonym of who proposes.
  friend bool operator==(const ErasePropose&, const ErasePropose&) = default;
};
// Another member agrees; only the lead hears of it.
struct EraseSecond {
  RecordId proposal;
  friend bool operator==(const EraseSecond&, const EraseSecond&) = default;
};
// The lead erases: said by another person than who proposed, or once another member agreed. From here on nothing is
// left of the trajectory but what is said of its erasure; whoever ever took part is asked to erase it too.
struct EraseConfirm {
  RecordId proposal;
  Id128 person{};
  friend bool operator==(const EraseConfirm&, const EraseConfirm&) = default;
};
// What the law obliges its author to keep of it, sealed, until the last of it is destroyed.
struct KeptByLaw {
  Timestamp until;
  KeepReason reason = KeepReason::kSector;
  friend bool operator==(const KeptByLaw&, const KeptByLaw&) = default;
};
// All of it is gone here, but what is kept; once that is gone too, its author says so again, with nothing kept.
struct EraseReceipt {
  RecordId confirm;
  std::optional<KeptByLaw> kept = std::nullopt;
  friend bool operator==(const EraseReceipt&, const EraseReceipt&) = default;
};
// ---- The lead passes from one organisation to another: offered by the one, accepted by the other ----
// The lead offers it to a member, before `expires_at`. All who take part hear of it, so that each can see by itself
// that the lead agreed: they were all introduced to that member first.
struct LeadOffer {
  OrgId to;
  Timestamp expires_at;  // Already outside.
  friend bool operator==(const LeadOffer&, const LeadOffer&) = default;
};
// From this record on its author leads, and who led is a member as any other.
struct LeadAccept {
  RecordId offer;
  friend bool operator==(const LeadAccept&, const LeadAccept&) = default;
};
// Why, in words, stands in the body.
struct LeadRefuse {
  RecordId offer;
  friend bool operator==(const LeadRefuse&, const LeadRefuse&) = default;
};
// The lead takes its offer back.
struct LeadWithdraw {
  RecordId offer;
  friend bool operator==(const LeadWithdraw&, const LeadWithdraw&) = default;
};
// Who led tells who leads now: to whoever left before, who may still have to answer it; and, with the statements of
// before in its body, to the new lead.
struct LeadPassed {
  RecordId accept;
  OrgId lead;         // Who accepted.
  bool last = false;  // The new lead has been told all.
  friend bool operator==(const LeadPassed&, const LeadPassed&) = default;
};
// ---- Places that partners may ask for, of no trajectory: a time-out, a priority place, a place in an activity ----
// What the place is, and for whom, stands in the body. The record's id is the offer's: whoever was handed it may ask.
struct PlaceOffer {
  std::uint32_t places = 1;        // That can be taken at once: 1 to kPlacesMax.
  std::uint32_t hold_minutes = 0;  // How long a place waits for the answer of its owner: 1 to kHoldMinutesMax.
  Timestamp ends_at;               // From when on nobody can ask; at most a year ahead.
  friend bool operator==(const PlaceOffer&, const PlaceOffer&) = default;
};
inline constexpr std::uint32_t kPlacesMax = 64;
inline constexpr std::uint32_t kHoldMinutesMax = 7 * 24 * 60;
// The author takes one of the free places, and the hub lets nobody else have it until `expires_at`, or once the owner
// agreed until `ends_at`. What there has to be known before that stands in the body; never who it is for.
struct PlaceHold {
  RecordId offer;
  Timestamp expires_at;  // By the offer's hold_minutes at most.
  Timestamp ends_at;     // When the place is given back at the latest; after `expires_at`.
  friend bool operator==(const PlaceHold&, const PlaceHold&) = default;
};
// The owner agrees or refuses, while the place is held.
struct PlaceAnswer {
  RecordId offer;
  RecordId hold;
  OrgId holder;  // Whose hold it is.
  bool agreed = false;
  friend bool operator==(const PlaceAnswer&, const PlaceAnswer&) = default;
};
// Whoever holds it gives it back. During a stay that was agreed to nobody else can end it.
struct PlaceRelease {
  RecordId offer;
  RecordId hold;
  friend bool operator==(const PlaceRelease&, const PlaceRelease&) = default;
};
// The owner lets nobody ask any more; who holds a place keeps it.
struct PlaceClose {
  RecordId offer;
  friend bool operator==(const PlaceClose&, const PlaceClose&) = default;
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

using Control =
    std::variant<std::monostate, TrajectoryOpen, TrajectoryClose, MemberInvite, MemberJoin, MemberLeave, MemberRemove,
                 MemberShow, GrantGive, GrantNarrow, GrantWithdraw, Views, SubjectStage, CaseFrame, EmergencyReview,
                 GrantReceipt, ErasePropose, EraseSecond, EraseConfirm, EraseReceipt, LeadOffer, LeadAccept, LeadRefuse,
                 LeadWithdraw, LeadPassed, PlaceOffer, PlaceHold, PlaceAnswer, PlaceRelease, PlaceClose>;

// The kind that a statement belongs to; nothing for content.
std::optional<Kind> KindOf(const Control& control);

// As it stands in a header: nil for content, else an array per kind.
void EncodeControl(const Control& control, class Encoder& to);
Control DecodeControl(Kind kind, class Decoder& from);

}  // namespace schakel
