// Which evolution reviews are due (docs/methods.md): they move with the start of help and with the hearings.
#include "agents/reviews.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace schakel {
namespace {

using std::chrono::days;
using std::chrono::hours;
using State = ReviewDue::State;

const OrgId kCare("de-wissel");
const OrgId kPartner("upc-leuven");
const TrajectoryId kCase(Id128{8});
const Timestamp kOpened = ParseTimestamp("2026-09-01T09:00:00Z").value();
Timestamp Day(const char* text) { return ParseTimestamp(std::string(text) + "T09:00:00Z").value(); }

// Records in the log's order, an hour apart; youth care leads.
class ReviewLog {
 public:
  explicit ReviewLog(OpeningBody opening = {"Sam", Module::kMobile, ""}) {
    Add(Kind::kTrajectoryOpen, kCare, std::move(opening));
  }
  RecordId Add(Kind kind, const OrgId& author, TypedBody body, const RecordId& thread = {}) {
    CaseRecord record;
    Header& header = record.held.header;
    header.kind = kind;
    header.id = RecordId(Id128{2, static_cast<std::uint8_t>(records_.size() + 1)});
    header.author = author;
    header.trajectory = kCase;
    header.thread = IsNone(thread) ? header.id : thread;
    if (!IsNone(thread)) header.references = {thread};
    record.held.sequence = Sequence(records_.size() + 1);
    record.held.at = kOpened + hours(records_.size());
    record.held.state = author == kCare ? RecordState::kAccepted : RecordState::kReceived;
    if (author != kCare) record.held.position = FeedPosition(records_.size() + 1);
    record.body = std::move(body);
    records_.push_back(record);
    return header.id;
  }
  RecordId Hearing(Timestamp at, const RecordId& thread = {}, const OrgId& author = kCare) {
    return Add(Kind::kHearing, author, HearingBody{false, at, "Leuven", ""}, thread);
  }
  RecordId Propose(MeetingKind kind, std::vector<Timestamp> begins) {
    ProposalBody body;
    body.title = "evolutie";
    body.kind = kind;
    for (const Timestamp at : begins) body.slots.push_back({at, at + hours(1)});
    return Add(Kind::kMeetingProposal, kCare, body);
  }
  void Fix(const RecordId& meeting, Timestamp at) {
    FixedBody body;
    body.slot = {at, at + hours(1)};
    Add(Kind::kMeetingFixed, kCare, body, meeting);
  }
  CaseFile File() const {
    CaseFile file(kCare);
    Trajectory rules;
    rules.lead = kCare;
    file.SetRules(kCase, rules);
    for (const CaseRecord& record : records_) file.Put(record);
    return file;
  }
  std::vector<ReviewDue> Reviews(Timestamp now = kOpened) const {
    CaseFile file = File();
    return ReviewsOf(*file.Find(kCase), now);
  }
  ReviewDue Review(MeetingKind kind, Timestamp now = kOpened) const {
    const auto reviews = Reviews(now);
    const auto found = std::ranges::find(reviews, kind, &ReviewDue::kind);
    EXPECT_NE(found, reviews.end());
    return found == reviews.end() ? ReviewDue{} : *found;
  }
  std::size_t Asked(InboxItem::What what, Timestamp now) const {
    CaseFile file = File();
    const auto items = file.Inbox(FeedPosition(1000), now);
    return static_cast<std::size_t>(std::ranges::count(items, what, &InboxItem::what));
  }

 private:
  std::vector<CaseRecord> records_;
};

TEST(Reviews, AreDueThreeAndSixMonthsAfterHelpBegan) {
  const auto reviews = ReviewLog().Reviews();
  ASSERT_EQ(reviews.size(), 2U);
  EXPECT_EQ(reviews[0].kind, MeetingKind::kReview3Months);
  EXPECT_EQ(ToText(reviews[0].due_at), "2026-12-01T10:00:00.000Z") << "the same hour on the clock of the region";
  EXPECT_EQ(reviews[1].kind, MeetingKind::kReview6Months);
  EXPECT_EQ(ToText(reviews[1].due_at), "2027-03-01T10:00:00.000Z");
  for (const ReviewDue& one : reviews) EXPECT_EQ(one.because_at, kOpened);
}

TEST(Reviews, MoveWithTheStartOfHelp) {
  ReviewLog log(OpeningBody{"Sam", Module::kUnspecified, ""});
  EXPECT_EQ(log.Review(MeetingKind::kReview3Months).because_at, kOpened);
  const Timestamp began = kOpened + days(40);
  const RecordId first = log.Add(Kind::kModuleSwitch, kCare, ModuleSwitchBody{Module::kMobile, began, {}, "", {}, ""});
  const ReviewDue review = log.Review(MeetingKind::kReview3Months);
  EXPECT_EQ(review.because_at, began);
  EXPECT_EQ(review.because, first);
  EXPECT_EQ(ToText(review.due_at), "2027-01-11T10:00:00.000Z");
  // A later switch is no start.
  log.Add(Kind::kModuleSwitch, kCare, ModuleSwitchBody{Module::kResidential, began + days(9), {}, "", {}, ""});
  EXPECT_EQ(log.Review(MeetingKind::kReview3Months).because, first);
  // One that began before it is.
  log.Add(Kind::kModuleSwitch, kCare, ModuleSwitchBody{Module::kAmbulant, began - days(9), {}, "", {}, ""});
  EXPECT_EQ(log.Review(MeetingKind::kReview3Months).because_at, began - days(9));
}

TEST(Reviews, OfAllocatedHelpWaitUntilItBegins) {
  ReviewLog log(OpeningBody{"Sam", Module::kUnspecified, "", true});
  EXPECT_TRUE(log.Reviews().empty());
  log.Add(Kind::kModuleSwitch, kCare, ModuleSwitchBody{Module::kMobile, kOpened + days(3), {}, "", {}, ""});
  EXPECT_EQ(log.Reviews().size(), 2U);
}

TEST(Reviews, MoveWithTheHearingAndGoWithIt) {
  ReviewLog log;
  const RecordId hearing = log.Hearing(Day("2026-11-20"));
  ReviewDue review = log.Review(MeetingKind::kReviewBeforeHearing);
  EXPECT_EQ(review.due_at, Day("2026-11-13"));
  EXPECT_EQ(review.because_at, Day("2026-11-20"));
  EXPECT_EQ(review.because, hearing);
  const RecordId moved = log.Hearing(Day("2026-12-18"), hearing, kPartner);
  review = log.Review(MeetingKind::kReviewBeforeHearing);
  EXPECT_EQ(review.due_at, Day("2026-12-11")) << "the last word counts, whoever says it";
  EXPECT_EQ(review.because, moved);
  EXPECT_EQ(review.thread, hearing);
  log.Add(Kind::kHearing, kCare, HearingBody{true, {}, "", "uitgesteld"}, hearing);
  EXPECT_EQ(log.Reviews().size(), 2U) << "cancelled: only those of the start are left";
}

TEST(Reviews, ATableWithinTheWindowIsTheOne) {
  const Timestamp due = ReviewLog().Review(MeetingKind::kReview3Months).due_at;
  struct Case {
    const char* name;
    MeetingKind kind;
    Timestamp at;
    State want;
  };
  const Case cases[] = {
      {"that day", MeetingKind::kEvolutionReview, due, State::kPlanned},
      {"first of the window", MeetingKind::kEvolutionReview, due - kReviewWindow, State::kPlanned},
      {"just before it", MeetingKind::kEvolutionReview, due - kReviewWindow - hours(1), State::kToPlan},
      {"of that very kind, before it", MeetingKind::kReview3Months, due - kReviewWindow - hours(1), State::kToPlan},
      {"just within", MeetingKind::kEvolutionReview, due + kReviewWindow - hours(1), State::kPlanned},
      {"just behind", MeetingKind::kEvolutionReview, due + kReviewWindow, State::kToPlan},
      {"of that very kind, behind it", MeetingKind::kReview3Months, due + kReviewWindow + hours(1), State::kPlanned},
      {"no review", MeetingKind::kRoundTable, due, State::kToPlan},
      {"an intake", MeetingKind::kIntake, due, State::kToPlan},
  };
  for (const Case& c : cases) {
    ReviewLog log;
    log.Fix(log.Propose(c.kind, {c.at}), c.at);
    EXPECT_EQ(log.Review(MeetingKind::kReview3Months).state, c.want) << c.name;
  }
}

TEST(Reviews, AreProposedPlannedAndHeld) {
  ReviewLog log;
  const Timestamp due = log.Review(MeetingKind::kReview3Months).due_at;
  const RecordId table = log.Propose(MeetingKind::kReview3Months, {due, due + days(1)});
  EXPECT_EQ(log.Review(MeetingKind::kReview3Months).state, State::kProposed);
  EXPECT_EQ(log.Review(MeetingKind::kReview3Months).meeting, table);
  EXPECT_EQ(log.Review(MeetingKind::kReview3Months, due + days(2)).state, State::kToPlan)
      << "its dates went by without one being chosen";
  log.Fix(table, due + days(1));
  EXPECT_EQ(log.Review(MeetingKind::kReview3Months).state, State::kPlanned);
  EXPECT_EQ(log.Review(MeetingKind::kReview3Months, due + days(2)).state, State::kHeld);
  log.Add(Kind::kMeetingCancelled, kCare, CancelBody{"ziek", {}}, table);
  EXPECT_EQ(log.Review(MeetingKind::kReview3Months).state, State::kToPlan);
}

// The table that was planned before the hearing moved no longer stands in its window.
TEST(Reviews, AHearingThatMovesAsksAnew) {
  ReviewLog log;
  const RecordId hearing = log.Hearing(Day("2026-11-20"));
  log.Fix(log.Propose(MeetingKind::kReviewBeforeHearing, {Day("2026-11-10")}), Day("2026-11-10"));
  EXPECT_EQ(log.Review(MeetingKind::kReviewBeforeHearing).state, State::kPlanned);
  log.Hearing(Day("2027-02-20"), hearing);
  EXPECT_EQ(log.Review(MeetingKind::kReviewBeforeHearing).state, State::kToPlan);
}

TEST(Reviews, TheLeadIsAskedFourWeeksAhead) {
  using enum InboxItem::What;
  ReviewLog log;
  const Timestamp due = log.Review(MeetingKind::kReview3Months).due_at;
  EXPECT_EQ(log.Asked(kReview3Months, due - kEvolutionReviewSoon - hours(1)), 0U);
  EXPECT_EQ(log.Asked(kReview3Months, due - kEvolutionReviewSoon), 1U);
  EXPECT_EQ(log.Asked(kReview3Months, due + days(20)), 1U) << "also late";
  const Timestamp six = log.Review(MeetingKind::kReview6Months).due_at;
  EXPECT_EQ(log.Asked(kReview3Months, six - kReviewWindow), 0U) << "it gives way to the next one";
  EXPECT_EQ(log.Asked(kReview6Months, six), 1U);
  log.Propose(MeetingKind::kEvolutionReview, {due});
  EXPECT_EQ(log.Asked(kReview3Months, due - days(3)), 0U);
  log.Hearing(Day("2026-11-20"));
  EXPECT_EQ(log.Asked(kReviewHearing, Day("2026-11-01")), 1U);
  EXPECT_EQ(log.Asked(kReviewHearing, Day("2026-11-21")), 0U) << "the court has sat";
}

}  // namespace
}  // namespace schakel
