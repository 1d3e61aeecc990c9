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
  // Whoever leads goes along with a plan, or asks the family for more. kDenied ("family_plan.lead"); kInvalid
  // ("family_plan.said"): that is no answer.
  Result<Sent> Answer(const RecordId& plan, const FamilyPlanBody& body, const Audience& audience);
  // A guest hands over the plan of the family, in its name: to everybody whose grant covers the family's own voice.
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
  };
  Result<View> Look(const GuestService::Visit& visit);

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
  // One of their own. kNotFound ("family_note.unknown").
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
