#include "agents/case_file.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>

namespace schakel {
namespace {

const OrgId kUs("de-wissel");
const OrgId kPsychiatry("upc-leuven");
const OrgId kSchool("clb-leuven");
const Timestamp kStart = FromMillis(1'800'000'000'000);
const TrajectoryId kTrajectory(Id128{7});
const MeetingSlot kFirst{kStart + std::chrono::hours(48), kStart + std::chrono::hours(49)};
const MeetingSlot kSecond{kStart + std::chrono::hours(72), kStart + std::chrono::hours(73)};

// Records as the log orders them, one after the other.
class Story {
 public:
  RecordId Add(Kind kind, const OrgId& author, TypedBody body, RecordId thread = {},
               std::vector<OrgId> recipients = {}) {
    CaseRecord record;
    Header& header = record.held.header;
    header.kind = kind;
    header.id = RecordId(Id128{1, static_cast<std::uint8_t>(++count_), static_cast<std::uint8_t>(count_ >> 8)});
    header.author = author;
    header.trajectory = kTrajectory;
    header.thread = IsNone(thread) ? header.id : thread;
    header.categories = {Category::kGoals};
    header.created_at = kStart + std::chrono::minutes(count_);
    record.held.sequence = Sequence(count_);
    record.held.at = header.created_at;
    record.held.state = author == kUs ? RecordState::kAccepted : RecordState::kReceived;
    if (author != kUs) record.held.position = FeedPosition(count_);
    record.held.recipients = std::move(recipients);
    record.body = std::move(body);
    records_.push_back(std::move(record));
    return records_.back().held.header.id;
  }
  CaseRecord& Last() { return records_.back(); }
  const std::vector<CaseRecord>& records() const { return records_; }
  CaseFile File() const {
    CaseFile file(kUs);
    for (const CaseRecord& record : records_) file.Put(record);
    return file;
  }

 private:
  std::uint64_t count_ = 0;
  std::vector<CaseRecord> records_;
};

TEST(CaseFile, AConsultationIsOpenUntilEveryoneWhoWasAskedAnswered) {
  Story story;
  const RecordId question = story.Add(Kind::kQuestion, kUs, QuestionBody{"", "Hoe?"}, {}, {kPsychiatry, kSchool});
  EXPECT_EQ(story.File().Find(kTrajectory)->consultations[0].state, Consultation::State::kOpen);
  story.Add(Kind::kAnswer, kPsychiatry, AnswerBody{"Zo."}, question);
  CaseFile file = story.File();
  EXPECT_EQ(file.Find(kTrajectory)->consultations[0].outstanding, std::vector<OrgId>{kSchool});
  story.Add(Kind::kAnswer, kSchool, AnswerBody{"Of zo."}, question);
  EXPECT_EQ(story.File().Find(kTrajectory)->consultations[0].state, Consultation::State::kAnswered);
  story.Add(Kind::kConclusion, kPsychiatry, ConclusionBody{}, question);
  EXPECT_EQ(story.File().Find(kTrajectory)->consultations[0].state, Consultation::State::kAnswered)
      << "only who asked concludes";
  story.Add(Kind::kConclusion, kUs, ConclusionBody{}, question);
  EXPECT_EQ(story.File().Find(kTrajectory)->consultations[0].state, Consultation::State::kConcluded);
}

TEST(CaseFile, AFollowUpOfTheAskerIsNoAnswerAndIsWaitedFor) {
  Story story;
  const RecordId question = story.Add(Kind::kQuestion, kUs, QuestionBody{"", "Hoe?"}, {}, {kPsychiatry, kSchool});
  story.Add(Kind::kAnswer, kPsychiatry, AnswerBody{"Zo."}, question);
  story.Add(Kind::kAnswer, kSchool, AnswerBody{"Of zo."}, question);
  const RecordId more = story.Add(Kind::kAnswer, kUs, AnswerBody{"En 's nachts?"}, question, {kPsychiatry});
  CaseFile file = story.File();
  const Consultation asked = file.Find(kTrajectory)->consultations[0];
  EXPECT_EQ(asked.answers.size(), 2U);
  ASSERT_EQ(asked.follow_ups.size(), 1U);
  EXPECT_EQ(asked.follow_ups[0].record, more);
  EXPECT_EQ(asked.state, Consultation::State::kOpen);
  EXPECT_EQ(asked.outstanding, std::vector<OrgId>{kPsychiatry}) << "whom it reached";
  EXPECT_EQ(asked.Replies().back().record, more);
  story.Add(Kind::kAnswer, kPsychiatry, AnswerBody{"Wakker laten."}, question);
  EXPECT_EQ(story.File().Find(kTrajectory)->consultations[0].state, Consultation::State::kAnswered);
}

TEST(CaseFile, AFollowUpToUsIsATaskAgainAndAPassedDateIsNotItsOwn) {
  Story story;
  const Timestamp by = kStart + std::chrono::minutes(3);
  const RecordId question = story.Add(Kind::kQuestion, kPsychiatry, QuestionBody{"", "Hoe?", Urgency::kNormal, by});
  story.Add(Kind::kAnswer, kUs, AnswerBody{"Zo."}, question, {kPsychiatry});
  const auto tasks = [&] {
    std::vector<InboxItem> all = story.File().Inbox(FeedPosition(100), kStart);
    std::erase_if(all, [](const InboxItem& one) { return one.what != InboxItem::What::kAnswer; });
    return all;
  };
  EXPECT_TRUE(tasks().empty());
  story.Add(Kind::kAnswer, kPsychiatry, AnswerBody{"En dan?"}, question);  // At the very minute of the date.
  ASSERT_EQ(tasks().size(), 1U);
  EXPECT_EQ(tasks()[0].record, question);
  EXPECT_FALSE(tasks()[0].due);
}

// Who was away at an erasure gets its confirmation, and not the proposal.
TEST(CaseFile, OfAnErasureHeardOfAfterwardsTheReasonIsNotKnown) {
  Story story;
  const RecordId proposal(Id128{9});
  const RecordId confirm = story.Add(Kind::kEraseConfirm, kPsychiatry, {});
  story.Last().held.header.control = EraseConfirm{proposal, Id128{3}};
  const auto erasure = story.File().Find(kTrajectory)->erasure;
  ASSERT_TRUE(erasure);
  EXPECT_EQ(erasure->confirm, confirm);
  EXPECT_EQ(erasure->reason, std::nullopt);
  EXPECT_EQ(erasure->proposed_at, std::nullopt);
  EXPECT_TRUE(erasure->confirmed_at);
}
TEST(CaseFile, OfAnErasureThatWasProposedHereTheReasonIsKept) {
  Story story;
  const RecordId proposal = story.Add(Kind::kErasePropose, kPsychiatry, {});
  story.Last().held.header.control = ErasePropose{EraseReason::kCourtOrder, Id128{3}};
  const Timestamp proposed_at = story.Last().held.at;
  story.Add(Kind::kEraseConfirm, kPsychiatry, {});
  story.Last().held.header.control = EraseConfirm{proposal, Id128{4}};
  const auto erasure = story.File().Find(kTrajectory)->erasure;
  ASSERT_TRUE(erasure);
  EXPECT_EQ(erasure->reason, EraseReason::kCourtOrder);
  EXPECT_EQ(erasure->proposed_at, proposed_at);
}

TEST(CaseFile, WhoAskedIsToldWhenTheDateHasPassedAndOfWhom) {
  Story story;
  const Timestamp by = kStart + std::chrono::hours(5);
  const RecordId question =
      story.Add(Kind::kQuestion, kUs, QuestionBody{"", "Hoe?", Urgency::kNormal, by}, {}, {kPsychiatry, kSchool});
  story.Add(Kind::kAnswer, kPsychiatry, AnswerBody{"Zo."}, question);
  const auto tasks = [&](Timestamp now) { return story.File().Inbox(FeedPosition(100), now); };
  EXPECT_TRUE(tasks(by - std::chrono::milliseconds(1)).empty());
  ASSERT_EQ(tasks(by).size(), 1U);
  const InboxItem late = tasks(by)[0];
  EXPECT_EQ(late.what, InboxItem::What::kAnswerLate);
  EXPECT_EQ(late.record, question);
  EXPECT_EQ(late.from, kSchool);
  EXPECT_EQ(late.due, by);
  EXPECT_EQ(late.due_record, question) << "the date is a word of the question";
  story.Add(Kind::kConclusion, kUs, ConclusionBody{}, question);
  EXPECT_TRUE(tasks(by).empty()) << "nobody waits any more";
}

TEST(CaseFile, WhomTheHubRefusedIsNotWaitedFor) {
  Story story;
  const RecordId question = story.Add(Kind::kQuestion, kUs, QuestionBody{"", "Hoe?"}, {}, {kPsychiatry, kSchool});
  story.Last().held.refused = {{kSchool, Denial::kNoGrant}};
  story.Add(Kind::kAnswer, kPsychiatry, AnswerBody{"Zo."}, question);
  EXPECT_EQ(story.File().Find(kTrajectory)->consultations[0].state, Consultation::State::kAnswered);
}

TEST(CaseFile, TheLastVoteOfEachOrganisationCounts) {
  Story story;
  const RecordId meeting =
      story.Add(Kind::kMeetingProposal, kUs, ProposalBody{.title = "Ronde tafel", .slots = {kFirst, kSecond}}, {},
                {kPsychiatry, kSchool});
  using enum VoteChoice;
  story.Add(Kind::kMeetingVote, kPsychiatry, VoteBody{{kYes, kNo}, ""}, meeting);
  story.Add(Kind::kMeetingVote, kPsychiatry, VoteBody{{kMaybe, kYes}, ""}, meeting);
  story.Add(Kind::kMeetingVote, kSchool, VoteBody{{kYes}, ""}, meeting);  // One date too few: counts for nothing.
  CaseFile file = story.File();
  const Meeting& view = file.Find(kTrajectory)->meetings[0];
  EXPECT_EQ(view.tallies, (std::vector<Meeting::Tally>{{0, 1, 0}, {1, 0, 0}}));
  EXPECT_EQ(view.outstanding, std::vector<OrgId>{kSchool});
}

TEST(CaseFile, OnlyTheConvenerFixesTheDate) {
  Story story;
  const RecordId meeting =
      story.Add(Kind::kMeetingProposal, kPsychiatry, ProposalBody{.title = "Ronde tafel", .slots = {kFirst, kSecond}});
  story.Add(Kind::kMeetingFixed, kSchool, FixedBody{kFirst, ""}, meeting);
  EXPECT_FALSE(story.File().Find(kTrajectory)->meetings[0].slot);
  story.Add(Kind::kMeetingFixed, kPsychiatry, FixedBody{kSecond, ""}, meeting);
  EXPECT_EQ(story.File().Find(kTrajectory)->meetings[0].slot, kSecond);
}

TEST(CaseFile, ReplyBeforeItsQuestionIsNotLost) {
  Story story;
  const RecordId meeting =
      story.Add(Kind::kMeetingProposal, kUs, ProposalBody{.title = "Ronde tafel", .slots = {kFirst}}, {}, {kSchool});
  story.Add(Kind::kMeetingVote, kSchool, VoteBody{{VoteChoice::kYes}, ""}, meeting);
  CaseFile file(kUs);
  file.Put(story.records()[1]);
  EXPECT_TRUE(file.Find(kTrajectory)->meetings.empty());
  file.Put(story.records()[0]);
  EXPECT_EQ(file.Find(kTrajectory)->meetings[0].votes.size(), 1U);
}

TEST(CaseFile, ARefusedRecordIsATaskAndNothingElse) {
  Story story;
  story.Add(Kind::kNote, kUs, NoteBody{"t", ""});
  story.Last().held.state = RecordState::kRefused;
  CaseFile file = story.File();
  EXPECT_TRUE(file.Find(kTrajectory)->items.empty());
  const auto inbox = file.Inbox(FeedPosition(0), kStart);
  ASSERT_EQ(inbox.size(), 1U);
  EXPECT_EQ(inbox[0].what, InboxItem::What::kRefused);
}

TEST(CaseFile, TheInboxTellsWhatIsNewSinceThen) {
  Story story;
  story.Add(Kind::kNote, kPsychiatry, NoteBody{"a", ""});
  story.Add(Kind::kNote, kPsychiatry, NoteBody{"b", ""});
  CaseFile file = story.File();
  EXPECT_EQ(file.Inbox(FeedPosition(0), kStart).size(), 2U);
  EXPECT_EQ(file.Inbox(FeedPosition(1), kStart).size(), 1U);
  EXPECT_EQ(file.Inbox(FeedPosition(2), kStart).size(), 0U);
}

TEST(CaseFile, TheInboxAsksForAVoteThenADateThenAReport) {
  using What = InboxItem::What;
  const auto tasks = [](const Story& story, Timestamp now) {
    CaseFile file = story.File();
    std::vector<What> whats;
    for (const InboxItem& item : file.Inbox(FeedPosition(1'000), now)) whats.push_back(item.what);
    return whats;
  };
  Story theirs;
  theirs.Add(Kind::kMeetingProposal, kSchool, ProposalBody{.title = "t", .slots = {kFirst}});
  EXPECT_EQ(tasks(theirs, kStart), std::vector{What::kVote});

  Story ours;
  const RecordId meeting =
      ours.Add(Kind::kMeetingProposal, kUs, ProposalBody{.title = "t", .slots = {kFirst}}, {}, {kSchool});
  EXPECT_EQ(tasks(ours, kStart), std::vector<What>{});
  ours.Add(Kind::kMeetingVote, kSchool, VoteBody{{VoteChoice::kYes}, ""}, meeting);
  EXPECT_EQ(tasks(ours, kStart), std::vector{What::kFix});
  ours.Add(Kind::kMeetingFixed, kUs, FixedBody{kFirst, ""}, meeting);
  EXPECT_EQ(tasks(ours, kFirst.ends_at - std::chrono::milliseconds(1)), std::vector<What>{});
  EXPECT_EQ(tasks(ours, kFirst.ends_at), std::vector{What::kReport});
  ours.Add(Kind::kMeetingReport, kUs, ReportBody{"verslag", {}, {}}, meeting);
  EXPECT_EQ(tasks(ours, kFirst.ends_at), std::vector<What>{});
}

TEST(CaseFile, AGrantOfOursThatEndsSoonIsATask) {
  const auto inbox_at = [](std::chrono::days left, std::chrono::days length) {
    CaseFile file(kUs);
    Story story;
    const RecordId id = story.Add(Kind::kGrantGive, kUs, GrantEvidenceBody{.recorded_by = "Nora"});
    file.Put(story.Last());
    Trajectory rules{.lead = kUs};
    GrantGive terms;
    terms.recipient = kSchool;
    const Timestamp given = story.Last().held.at;
    rules.grants.push_back({id, kUs, terms, {}, {}, given + length, false});
    file.SetRules(kTrajectory, rules);
    const auto items = file.Inbox(FeedPosition(0), given + length - left);
    return static_cast<std::size_t>(std::ranges::count(items, InboxItem::What::kGrantEnds, &InboxItem::what));
  };
  using std::chrono::days;
  EXPECT_EQ(inbox_at(days(14), days(90)), 1U);
  EXPECT_EQ(inbox_at(days(15), days(90)), 0U);
  EXPECT_EQ(inbox_at(days(0), days(90)), 0U);
  EXPECT_EQ(inbox_at(days(1), days(3)), 0U) << "a short grant was meant to be short";
}

TEST(CaseFile, AMemberThatWeMayNotKnowOfIsNotThere) {
  CaseFile file(kSchool);
  Trajectory rules{.lead = kUs};
  rules.members[kSchool].status = MemberStatus::kJoined;
  rules.members[kPsychiatry].status = MemberStatus::kJoined;
  file.SetRules(kTrajectory, rules);
  const CaseTrajectory* view = file.Find(kTrajectory);
  EXPECT_EQ(view->Find(kPsychiatry), nullptr);
  EXPECT_NE(view->Find(kUs), nullptr);
  rules.members[kSchool].shown.insert(kPsychiatry);
  file.SetRules(kTrajectory, rules);
  EXPECT_NE(file.Find(kTrajectory)->Find(kPsychiatry), nullptr);
}

TEST(CaseFile, AbbreviationsFindWhatBeginsSo) {
  Story story;
  story.Add(Kind::kNote, kUs, NoteBody{"a", ""});
  story.Add(Kind::kNote, kUs, NoteBody{"b", ""});
  const CaseFile file = story.File();
  EXPECT_EQ(file.RecordsLike("01").size(), 2U);
  EXPECT_EQ(file.RecordsLike("0102").size(), 1U);
  EXPECT_EQ(file.RecordsLike("ff").size(), 0U);
  EXPECT_EQ(file.TrajectoriesLike("07").size(), 1U);
}

Story LongStory(std::size_t rounds) {
  Story story;
  story.Add(Kind::kTrajectoryOpen, kUs, OpeningBody{"S. (2010)", Module::kMobile, ""});
  for (std::size_t i = 0; i < rounds; ++i) {
    const RecordId question = story.Add(Kind::kQuestion, kUs, QuestionBody{"", "Hoe?"}, {}, {kPsychiatry, kSchool});
    story.Add(Kind::kAnswer, kPsychiatry, AnswerBody{"Zo."}, question);
    story.Add(Kind::kNote, kSchool, NoteBody{"n", ""});
    const RecordId meeting =
        story.Add(Kind::kMeetingProposal, kSchool, ProposalBody{.title = "t", .slots = {kFirst, kSecond}});
    story.Add(Kind::kMeetingVote, kUs, VoteBody{{VoteChoice::kYes, VoteChoice::kNo}, ""}, meeting);
    story.Add(Kind::kMeetingVote, kPsychiatry, VoteBody{{VoteChoice::kMaybe, VoteChoice::kYes}, ""}, meeting);
    story.Add(Kind::kMeetingFixed, kSchool, FixedBody{kSecond, ""}, meeting);
    story.Add(Kind::kMeetingFixed, kSchool, FixedBody{kFirst, ""}, meeting);
    story.Add(Kind::kConclusion, kUs, ConclusionBody{}, question);
    story.Add(Kind::kAgreement, kPsychiatry, AgreementBody{.text = "bellen"});
  }
  return story;
}

TEST(CaseFile, AnAbbreviationIsComparedDigitByDigit) {
  Story story;
  const RecordId first = story.Add(Kind::kNote, kUs, NoteBody{"t", ""});
  const CaseFile file = story.File();
  const std::string whole = ToText(first);
  struct Case {
    const char* name;
    std::string prefix;
    std::size_t found;
  };
  const Case cases[] = {
      {"nothing", "", 1},
      {"half a byte", "0", 1},
      {"not that half", "1", 0},
      {"a byte and a half", "010", 1},
      {"whole", whole, 1},
      {"whole but for the last digit", whole.substr(0, 31) + "f", 0},
      {"more than whole", whole + "0", 0},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(file.RecordsLike(c.prefix).size(), c.found);
  }
}

TEST(CaseFile, AMarkOfWhatWasWithheldComesAndGoesInItsTrajectoryAlone) {
  Story story;
  story.Add(Kind::kNote, kUs, NoteBody{"t", ""});
  CaseFile file = story.File();
  EXPECT_TRUE(file.Find(kTrajectory)->withheld.empty());
  const WithheldMark here{FeedPosition(4), RecordId(Id128{9}), kTrajectory, Denial::kWithdrawn, kStart};
  WithheldMark elsewhere = here;
  elsewhere.trajectory = TrajectoryId(Id128{8});
  file.SetWithheld({here, elsewhere});
  ASSERT_EQ(file.Find(kTrajectory)->withheld.size(), 1U);
  EXPECT_EQ(file.Find(kTrajectory)->withheld[0].record, here.record);
  file.SetWithheld({elsewhere});
  EXPECT_TRUE(file.Find(kTrajectory)->withheld.empty());
}

TEST(CaseFile, WhatWasSaidAboutAnotherKindOfThreadCountsForNothing) {
  Story story;
  const RecordId goal = story.Add(Kind::kGoal, kUs, GoalBody{"naar school", {"de-wissel"}, "", kStart, kStart});
  const RecordId action = story.Add(Kind::kAction, kUs, ActionBody{"bellen", "de-wissel", "", kStart});
  story.Add(Kind::kActionDone, kUs, ActionDoneBody{true, ""}, goal);
  EXPECT_FALSE(story.File().Find(kTrajectory)->dossier.actions[0].done);
  story.Add(Kind::kActionDone, kUs, ActionDoneBody{true, ""}, action);
  story.Last().held.header.references = {action};
  CaseFile file = story.File();
  EXPECT_TRUE(file.Find(kTrajectory)->dossier.actions[0].done);
}

RC_GTEST_PROP(CaseFile, ArrivalOrderDoesNotShow, (std::uint64_t seed)) {
  const Story story = LongStory(4);
  CaseFile in_order = story.File();
  std::vector<CaseRecord> shuffled = story.records();
  std::ranges::shuffle(shuffled, std::mt19937_64(seed));
  CaseFile out_of_order(kUs);
  for (const CaseRecord& record : shuffled) {
    out_of_order.Put(record);
    if (seed % 3 == 0) out_of_order.Find(kTrajectory);  // Looking in between changes nothing.
  }
  for (const CaseRecord& record : shuffled) out_of_order.Put(record);  // Nor does the same twice.
  RC_ASSERT(*in_order.Find(kTrajectory) == *out_of_order.Find(kTrajectory));
  RC_ASSERT(in_order.Inbox(FeedPosition(5), kStart) == out_of_order.Inbox(FeedPosition(5), kStart));
}

TEST(CaseFile, TenThousandRecordsFoldInATwinkling) {
  const Story story = LongStory(1'000);
  ASSERT_GE(story.records().size(), 10'000U);
  CaseFile file = story.File();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(file.Find(kTrajectory)->consultations.size(), 1'000U);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));  // Sanitizers and a busy machine too.
}

}  // namespace
}  // namespace schakel
