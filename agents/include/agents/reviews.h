// Which evolution reviews a trajectory asks for: three and six months after the help began, and before the youth court
// sits. Nothing of it is kept: it follows from when help began, the hearings and the tables, so it moves with them.
//
// Threads: pure.
#pragma once

#include <optional>
#include <vector>

#include "agents/case_file.h"

namespace schakel {

// When help began, and the record that says so (none: the file was opened then, and it says no form of help).
struct StartOfHelp {
  Timestamp at;
  RecordId record;
  friend bool operator==(const StartOfHelp&, const StartOfHelp&) = default;
};
// None: it was allocated, and has yet to begin.
std::optional<StartOfHelp> StartOfHelpIn(const CaseTrajectory& trajectory);

struct ReviewDue {
  enum class State : std::uint8_t {
    kToPlan = 1,  // No table does it yet.
    kProposed,
    kPlanned,  // There is a date.
    kHeld,
    kPassed,  // None did it, and its time is over.
  };
  MeetingKind kind = MeetingKind::kReview3Months;
  Timestamp due_at;      // By when.
  Timestamp because_at;  // When help began, or the court sits.
  RecordId because;      // The record that says that; none: see StartOfHelp.
  RecordId thread;       // Of a hearing: the first record of it.
  RecordId meeting;      // That does it; none: there is none.
  State state = State::kToPlan;
  friend bool operator==(const ReviewDue&, const ReviewDue&) = default;
};
std::string_view Slug(ReviewDue::State value);

// So long before the court sits its review is due: what comes of it has to reach the court.
inline constexpr std::chrono::days kBeforeHearing{7};
// A review table within this time before or after it is due is the one.
inline constexpr std::chrono::weeks kReviewWindow{6};

// The one that is due first comes first. A table counts if it is of a kind of evolution review, was not called off, and
// is or may be held within the window. One of the very kind counts also later, except before a hearing.
std::vector<ReviewDue> ReviewsOf(const CaseTrajectory& trajectory, Timestamp now);

}  // namespace schakel
