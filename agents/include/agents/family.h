// Family group conferences (Eigen Kracht-conferentie). docs/methods.md says how they go.
//
// Who coordinates it is independent: of the organisation that does not lead the trajectory. It convenes a meeting, and
// the family and its supporters come by the personal links of that meeting. What they write while they are among
// themselves is encrypted in their browsers, under words that never leave the room: here lies ciphertext alone, which
// no route of staff hands out. Nobody can open it without the words, and nobody can make others for it.
// Threads, durability, errors: as services.h.
#pragma once

#include <array>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "agents/guests.h"
#include "protocol/seams.h"

namespace schakel {

// A personal link to a conference that was made once the family was (or had been) among itself. Whoever made it had it
// in hand, so it is said on the trajectory before it is made, and counts for less.
struct ConferenceLink {
  RecordId record;  // That says so.
  RecordId guest;
  OrgId by;
  Timestamp at;
  friend bool operator==(const ConferenceLink&, const ConferenceLink&) = default;
};
// Of that conference, in the order of the log. Pure.
std::vector<ConferenceLink> NewLinksOf(CaseFile& file, const CaseTrajectory& trajectory,
                                       const CaseConference& conference);
// By which of `links` a plan came, as its record refers to it. Null: by one from before.
const ConferenceLink* LinkOfPlan(const std::vector<ConferenceLink>& links, const Header& plan);

class ConferenceService {
 public:
  ConferenceService(Engine& engine, Cases& cases, MeetingService& meetings, GuestService& guests)
      : engine_(engine), cases_(cases), meetings_(meetings), guests_(guests) {}

  // `body.at` none: the date of the meeting, if it has one. kDenied ("conference.independent"): we lead;
  // ("meeting.convener"). kInvalid ("conference.table"): a meeting of another trajectory. kConflict
  // ("meeting.cancelled"; "conference.begun": there is one by that meeting).
  Result<Sent> Begin(const TrajectoryId& id, const RecordId& table, FamilyConferenceBody body,
                     const Audience& audience);
  // To the next phase, and no other. kDenied ("conference.coordinator"); kConflict ("conference.phase").
  Result<Sent> Move(const RecordId& conference, FamilyPhase to, const std::string& text, const Audience& audience);
  // Before a personal link of a guest of that meeting is made: once the family of a conference there is among itself,
  // that is said on the trajectory, in `words` (the caller's, with why). False: there is nothing to say. kInvalid
  // ("conference.link_why"): it has to be said why.
  Result<bool> SayNewLink(const RecordId& table, const RecordId& guest, const std::string& why,
                          const std::string& words, std::chrono::milliseconds patience);
  Result<std::vector<ConferenceLink>> NewLinks(const TrajectoryId& id, const RecordId& conference);
  // Whoever leads goes along with a plan, or asks the family for more: to the coordinator and to who has conference and
  // plan, unless others are named. kDenied ("family_plan.lead"); kInvalid
  // ("family_plan.said"): that is no answer.
  Result<Sent> Answer(const RecordId& plan, const FamilyPlanBody& body, const Audience& audience);
  // A guest hands over the plan of the family, in its name: to everybody whose grant covers the family's own voice. It
  // refers to what says that the link is a new one, if it is.
  // kConflict ("conference.not_yet"): the family is still among itself; kNotFound ("conference.none").
  Result<Sent> HandOver(const GuestService::Visit& visit, const std::string& text, std::chrono::milliseconds patience);

  // That the guest came to. kNotFound ("conference.none").
  Result<CaseConference> Of(const GuestService::Visit& visit);
  // With the last plan that was handed over there, by anybody of the family. The view is logged first.
  struct View {
    CaseConference conference;
    FamilyConferenceBody body;
    std::optional<FamilyPlanBody> plan;
    std::optional<FamilyPlanBody> answer;
    std::vector<ConferenceLink> new_links;  // The family sees that there are, not whose.
  };
  Result<View> Look(const GuestService::Visit& visit);
  // The link by which that guest comes.
  Result<Timestamp> LinkMadeAt(const GuestService::Visit& visit);

 private:
  Engine& engine_;
  Cases& cases_;
  MeetingService& meetings_;
  GuestService& guests_;
};

// One private note of a family, as it lies in the vault: what is inside no program here can tell.
struct FamilyNote {
  Id128 id{};
  RecordId author;  // The guest.
  Timestamp at;
  bool words = false;  // Not a note: what shows that somebody has the right words.
  std::array<std::uint8_t, 12> nonce{};
  Bytes sealed;  // With its tag.
  friend bool operator==(const FamilyNote&, const FamilyNote&) = default;
};
Bytes EncodeFamilyNote(const FamilyNote& one);
Result<FamilyNote> DecodeFamilyNote(ByteView bytes);  // kCorrupt, kVersion ("vault.row").

// The private notes of all conferences of ours.
class FamilyNotes {
 public:
  FamilyNotes(Engine& engine, ConferenceService& conferences, Clock& clock, Random& random)
      : engine_(engine), conferences_(conferences), clock_(clock), random_(random) {}

  // Whoever comes by a link of that conference, from the private phase on. kConflict ("family_note.not_yet"), also of
  // all that follows.
  Result<std::vector<FamilyNote>> Read(const GuestService::Visit& visit) const;
  // `note.words`: only as long as there are none (kConflict "family_note.words"); a note only when there are
  // (kConflict "family_note.no_words"), in the private phase (kConflict "family_note.over"). kInvalid
  // ("family_note.sealed"): nothing that the page could have sealed. kLimit ("family_note.many").
  Result<FamilyNote> Write(const GuestService::Visit& visit, FamilyNote note);
  // One of their own. kNotFound ("family_note.unknown"). kDenied ("family_note.older"), also of WipeAll: it was there
  // before the link was made, and who made the link is not one of the family.
  Status Wipe(const GuestService::Visit& visit, std::string_view note);
  // All of the conference, and what shows the right words: anybody of the family may. Nothing of it comes back.
  Status WipeAll(const GuestService::Visit& visit);
  // All that staff is told.
  Result<std::size_t> CountOf(const RecordId& conference) const;
  // Of trajectories that were closed or erased nothing stays: no link leads there any more.
  Status ForgetGone(Cases& cases);

  static constexpr std::size_t kNotesMax = 200;        // Of a conference.
  static constexpr std::size_t kPaddedTo = 512;        // The length tells little.
  static constexpr std::size_t kSealedMax = 16 << 10;  // Without the tag.
  static constexpr std::size_t kTagBytes = 16;

 private:
  Result<CaseConference> Open(const GuestService::Visit& visit) const;
  Result<std::vector<FamilyNote>> NotesOf(const RecordId& conference) const;
  Status Drop(const RecordId& conference);

  Engine& engine_;
  ConferenceService& conferences_;
  Clock& clock_;
  Random& random_;
  std::mutex mutex_;  // Of two that come at once, one makes the words.
};

}  // namespace schakel
