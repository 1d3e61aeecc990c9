// A round table, evolution review or intake, as the case file folds it from its records.
//
// Threads: pure.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "agents/body.h"

namespace schakel {

struct Meeting {
  struct Tally {
    std::uint32_t yes = 0;
    std::uint32_t maybe = 0;
    std::uint32_t no = 0;
    friend bool operator==(const Tally&, const Tally&) = default;
  };
  struct Vote {
    RecordId record;
    std::vector<VoteChoice> choices;
    friend bool operator==(const Vote&, const Vote&) = default;
  };
  // Somebody of no organisation. Known to the convener alone.
  struct Guest {
    RecordId id;  // The record that holds their name.
    Speaker who = Speaker::kYoungPerson;
    std::optional<Vote> vote;
    friend bool operator==(const Guest&, const Guest&) = default;
  };
  // Whether somebody comes: the last word of each about the whole, and about each occurrence.
  struct Answer {
    OrgId organisation;  // Empty: a guest.
    RecordId guest;
    std::optional<Timestamp> occurrence;
    RecordId record;
    Timestamp at;
    Attending attending = Attending::kAccepted;
    std::uint32_t revision = 0;
    std::optional<MeetingSlot> counter;
    friend bool operator==(const Answer&, const Answer&) = default;
  };
  // What became of one occurrence of a series.
  struct Change {
    RecordId record;
    std::optional<MeetingSlot> slot;  // None: it does not take place.
    std::uint32_t revision = 0;
    friend bool operator==(const Change&, const Change&) = default;
  };

  RecordId id;
  TrajectoryId trajectory;
  OrgId convener;
  Timestamp proposed_at;
  Purpose purpose = Purpose::kRoundTable;
  CategorySet categories;
  std::optional<ProposalBody> proposal;  // None: sealed.
  std::set<OrgId> invited;               // As Consultation::asked.
  std::vector<Guest> guests;
  RecordId terms_record;  // The convener's last; none: no terms, or they are not ours to know.
  TermsBody terms;
  std::map<OrgId, Vote> votes;  // Each organisation's last one that fits the proposal.
  RecordId family;              // The convener's last word on what suits the family; none: not said.
  std::vector<VoteChoice> family_choices;
  std::vector<Tally> tallies;      // One for each slot; organisations and guests.
  std::vector<OrgId> outstanding;  // Invited, free to answer, and no vote yet.
  std::vector<RecordId> outstanding_guests;
  RecordId fixed;  // The convener's last one; none: no date yet.
  std::optional<MeetingSlot> slot;
  std::uint32_t every_weeks = 0;  // A series, as FixedBody.
  std::uint32_t times = 0;
  std::map<Timestamp, Change> changes;  // By when each occurrence would have begun.
  std::uint32_t revision = 0;           // How often the convener changed when or whether it takes place.
  Timestamp changed_at;                 // The last time.
  std::vector<Answer> answers;
  RecordId cancelled;
  RecordId report;
  friend bool operator==(const Meeting&, const Meeting&) = default;
};

// ---- What follows from it. Pure. ----

// Nobody but the family may answer yet.
bool WaitsForFamily(const Meeting& meeting);
// Whether the family left this date open.
bool IsOpen(const Meeting& meeting, std::size_t slot);
std::vector<std::size_t> OpenSlots(const Meeting& meeting);

// Where somebody is whose presence the terms require.
struct RequiredVoice {
  OrgId organisation;  // Empty: `client`.
  Speaker client = Speaker::kYoungPerson;
  RecordId record;            // Their vote or answer; none: nothing was heard.
  bool refuses = false;       // Can on no open date, or does not come on the date that was fixed.
  std::set<std::size_t> can;  // The open dates to which they said yes.
  friend bool operator==(const RequiredVoice&, const RequiredVoice&) = default;
};
std::vector<RequiredVoice> RequiredVoices(const Meeting& meeting);

// The open dates that meet the terms: enough said yes, and all who are required did. None without terms.
std::vector<std::size_t> FoundDates(const Meeting& meeting);

// What a date of the proposal lacks, by what the family and the votes say, whatever was fixed since.
struct Lacking {
  bool family = false;                  // It has yet to choose.
  std::vector<RequiredVoice> required;  // Has to be there, and did not say yes to that date.
  bool quorum = false;                  // Too few said yes.
  bool none() const { return !family && required.empty() && !quorum; }
};
Lacking LackingOf(const Meeting& meeting, std::size_t slot);

// What suits all of the family that answered: no if one of them says so, else maybe if one does.
std::vector<VoteChoice> FamilyChoices(const Meeting& meeting);

// An answer to a date that the convener changed since says nothing any more.
bool IsStale(const Meeting& meeting, const Meeting::Answer& answer);

// When the occurrences of a series begin and end, on the clock of the region; of a single meeting its date. Changes
// are not in it.
std::vector<MeetingSlot> OccurrencesOf(const Meeting& meeting);

// When it takes place, each with the record that says so; changes are in it. It overlaps with the time from `from`
// until `to` (already outside); none: without end on that side.
struct MeetingDate {
  MeetingSlot slot;
  RecordId record;
  friend bool operator==(const MeetingDate&, const MeetingDate&) = default;
};
std::vector<MeetingDate> DatesIn(const Meeting& meeting, std::optional<Timestamp> from, std::optional<Timestamp> to);

}  // namespace schakel
