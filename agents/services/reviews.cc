#include "agents/reviews.h"

#include <algorithm>
#include <tuple>

#include "local_time.h"

namespace schakel {
namespace {

bool IsReview(MeetingKind kind) {
  return kind == MeetingKind::kEvolutionReview || kind == MeetingKind::kReview3Months ||
         kind == MeetingKind::kReview6Months || kind == MeetingKind::kReviewBeforeHearing;
}

// When it is held; while no date holds, when it still may be.
std::vector<Timestamp> DaysOf(const Meeting& meeting, Timestamp now) {
  std::vector<Timestamp> days;
  if (!IsNone(meeting.fixed)) {
    for (const MeetingDate& one : DatesIn(meeting, std::nullopt, std::nullopt)) days.push_back(one.slot.begins_at);
  } else if (meeting.proposal) {
    for (const std::size_t open : OpenSlots(meeting)) {
      const MeetingSlot& slot = meeting.proposal->slots[open];
      // One that was held without a date being fixed has its report.
      if (slot.ends_at > now || !IsNone(meeting.report)) days.push_back(slot.begins_at);
    }
  }
  return days;
}

struct Window {
  Timestamp from;
  Timestamp to;               // Already outside.
  bool of_kind_later = true;  // Also after it, if it is of that very kind.
  Timestamp over{};           // From then on nobody asks for it any more; none: never.
};

ReviewDue::State StateOf(const Meeting& meeting, Timestamp day, Timestamp now) {
  if (!IsNone(meeting.report) || (!IsNone(meeting.fixed) && day <= now)) return ReviewDue::State::kHeld;
  return IsNone(meeting.fixed) ? ReviewDue::State::kProposed : ReviewDue::State::kPlanned;
}

// The table that is furthest on its way.
void FindTable(const CaseTrajectory& trajectory, const Window& window, Timestamp now, ReviewDue& review) {
  review.state = window.over != Timestamp{} && now >= window.over ? ReviewDue::State::kPassed : review.state;
  bool found = false;
  for (const Meeting& meeting : trajectory.meetings) {
    const bool counts = meeting.proposal && IsNone(meeting.cancelled) && IsReview(meeting.proposal->kind);
    if (!counts) continue;
    const bool later = window.of_kind_later && meeting.proposal->kind == review.kind;
    for (const Timestamp day : DaysOf(meeting, now)) {
      if (day < window.from || (day >= window.to && !later)) continue;
      const ReviewDue::State state = StateOf(meeting, day, now);
      if (found && state <= review.state) continue;
      found = true;
      review.state = state;
      review.meeting = meeting.id;
    }
  }
}

}  // namespace

std::string_view Slug(ReviewDue::State value) {
  switch (value) {
    case ReviewDue::State::kToPlan:
      return "to-plan";
    case ReviewDue::State::kProposed:
      return "proposed";
    case ReviewDue::State::kPlanned:
      return "planned";
    case ReviewDue::State::kHeld:
      return "held";
    case ReviewDue::State::kPassed:
      return "passed";
  }
  return "unknown";
}

std::optional<StartOfHelp> StartOfHelpIn(const CaseTrajectory& trajectory) {
  for (const ModulePeriod& one : ModulesOver(trajectory.help, trajectory.opened_at)) {
    if (one.module != Module::kUnspecified) return StartOfHelp{one.begins_at, one.record};
  }
  if (trajectory.help.allocated) return std::nullopt;
  return StartOfHelp{trajectory.opened_at, {}};
}

std::vector<ReviewDue> ReviewsOf(const CaseTrajectory& trajectory, Timestamp now) {
  std::vector<ReviewDue> reviews;
  if (const auto start = StartOfHelpIn(trajectory)) {
    const Timestamp six = AddMonths(start->at, 6);
    const auto after_start = [&](MeetingKind kind, Timestamp due, Timestamp over) {
      ReviewDue one{kind, due, start->at, start->record, {}, {}, ReviewDue::State::kToPlan};
      FindTable(trajectory, {due - kReviewWindow, due + kReviewWindow, true, over}, now, one);
      reviews.push_back(one);
    };
    // The one at three months gives way to the one at six.
    after_start(MeetingKind::kReview3Months, AddMonths(start->at, 3), six - kReviewWindow);
    after_start(MeetingKind::kReview6Months, six, {});
  }
  for (const CaseHearing& hearing : trajectory.court.hearings) {
    if (!hearing.at) continue;
    ReviewDue one{MeetingKind::kReviewBeforeHearing,
                  *hearing.at - kBeforeHearing,
                  *hearing.at,
                  hearing.text.current().record,
                  hearing.text.id(),
                  {},
                  ReviewDue::State::kToPlan};
    FindTable(trajectory, {one.due_at - kReviewWindow, *hearing.at, false, *hearing.at}, now, one);
    reviews.push_back(one);
  }
  std::ranges::sort(reviews, {}, [](const ReviewDue& one) { return std::tuple(one.due_at, one.kind, one.thread); });
  return reviews;
}

}  // namespace schakel
