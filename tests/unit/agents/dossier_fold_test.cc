// What counts when several organisations write on one dossier at the same time (docs/dossier.md).
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "agents/case_file.h"
#include "services/dossier_fold.h"

namespace schakel {
namespace {

using std::chrono::days;
using std::chrono::hours;

const OrgId kYouthCare("de-wissel");
const OrgId kPsychiatry("upc-leuven");
const OrgId kSchool("clb-leuven");
const TrajectoryId kTrajectory(Id128{7});
const Timestamp kStart = ParseTimestamp("2026-08-31T09:00:00Z").value();

// Records in the log's order, an hour apart, as everybody has them.
class Log {
 public:
  RecordId Add(Kind kind, const OrgId& author, TypedBody body, const RecordId& thread = {}, const RecordId& about = {},
               const RecordId& also = {}) {
    ++count_;
    Header header;
    header.kind = kind;
    header.id = RecordId(Id128{1, static_cast<std::uint8_t>(count_ >> 8), static_cast<std::uint8_t>(count_)});
    header.author = author;
    header.trajectory = kTrajectory;
    header.thread = IsNone(thread) ? header.id : thread;
    if (!IsNone(about)) header.references = {about};
    if (!IsNone(also)) header.references.push_back(also);
    header.categories = {Category::kGoals};
    header.created_at = kStart - hours(count_);  // Clocks lie; the log's order counts.
    records_.push_back({header, std::move(body), kStart + hours(count_)});
    return header.id;
  }
  // As `self` holds them, arrived in the order of `seed`; 0: that of the log.
  CaseFile FileOf(const OrgId& self, std::uint64_t seed = 0) const {
    std::vector<CaseRecord> held;
    for (std::size_t i = 0; i < records_.size(); ++i) {
      CaseRecord record;
      record.held.header = records_[i].header;
      record.held.sequence = Sequence(i + 1);
      record.held.at = records_[i].at;
      const bool own = record.held.header.author == self;
      record.held.state = own ? RecordState::kAccepted : RecordState::kReceived;
      if (!own) record.held.position = FeedPosition(i + 1);
      record.body = records_[i].body;
      held.push_back(std::move(record));
    }
    if (seed != 0) std::ranges::shuffle(held, std::mt19937_64(seed));
    CaseFile file(self);
    for (CaseRecord& record : held) file.Put(std::move(record));
    return file;
  }
  CaseDossier Dossier() const { return FileOf(kYouthCare).Find(kTrajectory)->dossier; }
  void Seal(const RecordId& id) {
    for (Record& record : records_) {
      if (record.header.id == id) record.body.reset();
    }
  }

 private:
  struct Record {
    Header header;
    std::optional<TypedBody> body;
    Timestamp at;
  };
  std::vector<Record> records_;
  std::uint64_t count_ = 0;
};

CommitmentBody Between(std::vector<std::string> parties) { return {"elke week", std::move(parties)}; }
const std::vector<std::string> kBoth = {"de-wissel", "upc-leuven"};

// ---- Commitments ----

TEST(DossierFold, ACommitmentHoldsFromTheLastSignatureOn) {
  Log log;
  const RecordId first = log.Add(Kind::kCommitment, kYouthCare, Between({"clb-leuven", "de-wissel", "upc-leuven"}));
  CaseCommitment one = log.Dossier().commitments.at(0);
  EXPECT_EQ(one.signatures.size(), 1U) << "who proposes it signs it by that";
  EXPECT_EQ(one.outstanding, (std::vector<OrgId>{kSchool, kPsychiatry}));
  EXPECT_FALSE(one.active_since);
  log.Add(Kind::kCommitmentSignature, kSchool, SignatureBody{}, first, first);
  EXPECT_FALSE(log.Dossier().commitments.at(0).active_since);
  log.Add(Kind::kCommitmentSignature, kPsychiatry, SignatureBody{}, first, first);
  one = log.Dossier().commitments.at(0);
  EXPECT_TRUE(one.outstanding.empty());
  EXPECT_EQ(one.active_since, kStart + hours(3));
}

TEST(DossierFold, AnEditVoidsTheSignatures) {
  Log log;
  const RecordId first = log.Add(Kind::kCommitment, kYouthCare, Between(kBoth));
  log.Add(Kind::kCommitmentSignature, kPsychiatry, SignatureBody{}, first, first);
  ASSERT_TRUE(log.Dossier().commitments.at(0).active_since);
  const RecordId second = log.Add(Kind::kCommitment, kPsychiatry, Between(kBoth), first, first);
  CaseCommitment one = log.Dossier().commitments.at(0);
  EXPECT_FALSE(one.active_since);
  EXPECT_EQ(one.outstanding, std::vector<OrgId>{kYouthCare});
  log.Add(Kind::kCommitmentSignature, kYouthCare, SignatureBody{}, first, first);
  EXPECT_FALSE(log.Dossier().commitments.at(0).active_since) << "that was the version before";
  log.Add(Kind::kCommitmentSignature, kYouthCare, SignatureBody{}, first, second);
  EXPECT_TRUE(log.Dossier().commitments.at(0).active_since);
  EXPECT_EQ(log.Dossier().commitments.size(), 1U);
}

TEST(DossierFold, WhoIsNoPartyNeitherSignsNorEdits) {
  Log log;
  const RecordId first = log.Add(Kind::kCommitment, kYouthCare, Between(kBoth));
  log.Add(Kind::kCommitmentSignature, kSchool, SignatureBody{}, first, first);
  log.Add(Kind::kCommitment, kSchool, Between({"clb-leuven", "de-wissel"}), first, first);
  const CaseCommitment one = log.Dossier().commitments.at(0);
  EXPECT_EQ(one.text.all.size(), 1U);
  EXPECT_EQ(one.outstanding, std::vector<OrgId>{kPsychiatry});
}

// ---- Persons who sign besides ----

CommitmentBody WithSam(std::vector<std::string> parties) {
  return {"elke week", std::move(parties), {Speaker::kYoungPerson}};
}
SignatureBody OfSam(SignedHow how, bool declined = false) {
  SignatureBody body;
  body.how = how;
  body.declined = declined;
  if (how == SignedHow::kPaper) {
    body.witness = "Nora";
    body.signed_at = kStart;
  }
  return body;
}

TEST(DossierFold, ACommitmentWaitsForTheYoungPersonToo) {
  Log log;
  const RecordId first = log.Add(Kind::kCommitment, kYouthCare, WithSam({"de-wissel"}));
  CaseCommitment one = log.Dossier().commitments.at(0);
  EXPECT_TRUE(one.outstanding.empty());
  EXPECT_FALSE(one.active_since) << "the organisations alone are not enough";
  EXPECT_EQ(one.PersonsOutstanding(), std::vector<Speaker>{Speaker::kYoungPerson});
  log.Add(Kind::kCommitmentSignature, kYouthCare, OfSam(SignedHow::kLink), first, first);
  one = log.Dossier().commitments.at(0);
  EXPECT_EQ(one.active_since, kStart + hours(2));
  EXPECT_EQ(one.words.at(Speaker::kYoungPerson).taken_down_by, kYouthCare);
  const RecordId second = log.Add(Kind::kCommitment, kYouthCare, WithSam({"de-wissel"}), first, first);
  one = log.Dossier().commitments.at(0);
  EXPECT_FALSE(one.active_since) << "an edit voids the signatures of persons";
  EXPECT_TRUE(one.words.empty());
  log.Add(Kind::kCommitmentSignature, kYouthCare, OfSam(SignedHow::kPaper), first, first);
  EXPECT_FALSE(log.Dossier().commitments.at(0).active_since) << "that was the version before";
  log.Add(Kind::kCommitmentSignature, kYouthCare, OfSam(SignedHow::kPaper), first, second);
  EXPECT_TRUE(log.Dossier().commitments.at(0).active_since);
}

TEST(DossierFold, ARefusalStandsAndNobodySignsOverIt) {
  Log log;
  const RecordId first = log.Add(Kind::kCommitment, kYouthCare, WithSam({"de-wissel"}));
  log.Add(Kind::kCommitmentSignature, kYouthCare, OfSam(SignedHow::kPaper, true), first, first);
  log.Add(Kind::kCommitmentSignature, kYouthCare, OfSam(SignedHow::kPaper), first, first);
  log.Add(Kind::kCommitmentSignature, kYouthCare, OfSam(SignedHow::kLink), first, first);
  const CaseCommitment one = log.Dossier().commitments.at(0);
  EXPECT_TRUE(one.Declined());
  EXPECT_FALSE(one.active_since);
}

TEST(DossierFold, OnlyThePersonTakesASignatureBack) {
  Log log;
  const RecordId first = log.Add(Kind::kCommitment, kYouthCare, WithSam({"de-wissel"}));
  log.Add(Kind::kCommitmentSignature, kYouthCare, OfSam(SignedHow::kPaper), first, first);
  log.Add(Kind::kCommitmentSignature, kYouthCare, OfSam(SignedHow::kPaper, true), first, first);
  EXPECT_TRUE(log.Dossier().commitments.at(0).active_since) << "a worker does not";
  log.Add(Kind::kCommitmentSignature, kYouthCare, OfSam(SignedHow::kLink, true), first, first);
  EXPECT_FALSE(log.Dossier().commitments.at(0).active_since);
}

TEST(DossierFold, AWordOfAPersonIsNeverTakenForTheSignatureOfWhoWroteItDown) {
  Log log;
  const RecordId first = log.Add(Kind::kCommitment, kYouthCare, WithSam(kBoth));
  const RecordId word = log.Add(Kind::kCommitmentSignature, kYouthCare, OfSam(SignedHow::kLink), first, first);
  log.Add(Kind::kCommitmentSignature, kPsychiatry, OfSam(SignedHow::kPaper), first, first);
  log.Add(Kind::kCommitmentSignature, kSchool, OfSam(SignedHow::kLink, true), first, first);
  CaseCommitment one = log.Dossier().commitments.at(0);
  EXPECT_EQ(one.outstanding, std::vector<OrgId>{kPsychiatry});
  EXPECT_EQ(one.words.at(Speaker::kYoungPerson).record, word) << "nor of who is no party, or did not sign yet";
  log.Seal(word);
  one = log.Dossier().commitments.at(0);
  EXPECT_EQ(one.outstanding, std::vector<OrgId>{kPsychiatry});
  EXPECT_EQ(one.PersonsOutstanding().size(), 1U);
}

TEST(DossierFold, AVersionThatIsSealedHoldsForNobody) {
  Log log;
  const RecordId first = log.Add(Kind::kCommitment, kYouthCare, Between(kBoth));
  log.Add(Kind::kCommitmentSignature, kPsychiatry, SignatureBody{}, first, first);
  log.Seal(log.Add(Kind::kCommitment, kPsychiatry, Between(kBoth), first, first));
  const CaseCommitment one = log.Dossier().commitments.at(0);
  EXPECT_EQ(one.text.all.size(), 2U) << "that there is another version is known";
  EXPECT_FALSE(one.active_since);
  EXPECT_TRUE(one.parties.empty());
}

// ---- What a commitment cites ----

GoalBody GoalOfSchool() { return {"t", {"clb-leuven"}, "", kStart, kStart + days(180)}; }
CommitmentBody Citing(const std::vector<RecordId>& goals, const std::vector<RecordId>& criteria,
                      std::vector<Speaker> persons = {Speaker::kYoungPerson}) {
  CommitmentBody body{"elke week", {"de-wissel"}, std::move(persons)};
  for (const RecordId& one : goals) body.goals.push_back(ToText(one));
  for (const RecordId& one : criteria) body.criteria.push_back(ToText(one));
  return body;
}
ProgressBody FoundBy(Speaker who, GoalProgress progress) {
  ProgressBody body{progress, ""};
  body.how = SignedHow::kLink;
  body.who = who;
  return body;
}

TEST(DossierFold, WhatIsCitedIsSignedAndAnEditOfItVoidsThat) {
  Log log;
  const RecordId goal = log.Add(Kind::kGoal, kSchool, GoalOfSchool());
  const RecordId criterion = log.Add(Kind::kCriterion, kYouthCare, CriterionBody{CriterionOf::kYouthJudge, "t"});
  const RecordId first = log.Add(Kind::kCommitment, kYouthCare, Citing({goal}, {criterion}));
  log.Add(Kind::kCommitmentSignature, kYouthCare, OfSam(SignedHow::kLink), first, first);
  CaseCommitment one = log.Dossier().commitments.at(0);
  EXPECT_EQ(one.active_since, kStart + hours(4));
  EXPECT_EQ(one.renew_by, SixMonthsAfter(kStart)) << "the half year of the goal";
  log.Add(Kind::kGoalReview, kSchool, GoalReviewBody{GoalFound::kContinued, "x"}, goal, goal);
  one = log.Dossier().commitments.at(0);
  EXPECT_TRUE(one.active_since);
  EXPECT_EQ(one.renew_by, SixMonthsAfter(kStart + hours(5))) << "a review counts as one";
  const RecordId newer = log.Add(Kind::kGoal, kSchool, GoalOfSchool(), goal, goal);
  one = log.Dossier().commitments.at(0);
  EXPECT_FALSE(one.active_since);
  EXPECT_EQ(one.signed_since, kStart + hours(4)) << "its parties are bound all the same";
  EXPECT_EQ(one.goals.at(0).state, CaseCited::State::kChanged);
  EXPECT_EQ(one.goals.at(0).current, newer);
  EXPECT_EQ(one.criteria.at(0).state, CaseCited::State::kAsSigned);
  const RecordId second = log.Add(Kind::kCommitment, kYouthCare, Citing({newer}, {criterion}), first, first);
  log.Add(Kind::kCommitmentSignature, kYouthCare, OfSam(SignedHow::kLink), first, second);
  EXPECT_TRUE(log.Dossier().commitments.at(0).active_since);
  log.Add(Kind::kCriterion, kYouthCare, CriterionBody{CriterionOf::kYouthJudge, "u"}, criterion, criterion);
  EXPECT_FALSE(log.Dossier().commitments.at(0).active_since);
}

TEST(DossierFold, AGoalThatIsReachedStandsAndOneThatIsStoppedDoesNot) {
  for (const auto& [found, stands] : {std::pair(GoalFound::kReached, true), std::pair(GoalFound::kStopped, false)}) {
    Log log;
    const RecordId goal = log.Add(Kind::kGoal, kSchool, GoalOfSchool());
    const RecordId first = log.Add(Kind::kCommitment, kYouthCare, Citing({goal}, {}));
    log.Add(Kind::kCommitmentSignature, kYouthCare, OfSam(SignedHow::kLink), first, first);
    log.Add(Kind::kGoalReview, kSchool, GoalReviewBody{found, "x"}, goal, goal);
    const CaseCommitment one = log.Dossier().commitments.at(0);
    EXPECT_EQ(one.active_since.has_value(), stands);
    EXPECT_FALSE(one.renew_by);
  }
}

TEST(DossierFold, WhatCannotBeReadHoldsNobody) {
  Log log;
  const RecordId goal = log.Add(Kind::kGoal, kSchool, GoalOfSchool());
  const RecordId first = log.Add(Kind::kCommitment, kYouthCare, Citing({goal}, {}));
  log.Add(Kind::kCommitmentSignature, kYouthCare, OfSam(SignedHow::kLink), first, first);
  log.Seal(goal);
  EXPECT_EQ(log.Dossier().commitments.at(0).goals.at(0).state, CaseCited::State::kUnread);
  EXPECT_FALSE(log.Dossier().commitments.at(0).active_since);
  Log other;
  other.Add(Kind::kCommitment, kYouthCare, Citing({RecordId(Id128{9})}, {}));
  EXPECT_EQ(other.Dossier().commitments.at(0).goals.at(0).state, CaseCited::State::kUnread) << "never sent";
}

TEST(DossierFold, CriteriaAloneAreRenewedHalfAYearAfterTheLastSignature) {
  Log log;
  const RecordId criterion = log.Add(Kind::kCriterion, kYouthCare, CriterionBody{CriterionOf::kParents, "t"});
  const RecordId first = log.Add(Kind::kCommitment, kYouthCare, Citing({}, {criterion}));
  EXPECT_FALSE(log.Dossier().commitments.at(0).renew_by);
  log.Add(Kind::kCommitmentSignature, kYouthCare, OfSam(SignedHow::kLink), first, first);
  EXPECT_EQ(log.Dossier().commitments.at(0).renew_by, SixMonthsAfter(kStart + hours(3)));
}

TEST(DossierFold, HowFarAGoalIsSaysOnlyWhoSigned) {
  Log log;
  const RecordId goal = log.Add(Kind::kGoal, kSchool, GoalOfSchool());
  const RecordId first =
      log.Add(Kind::kCommitment, kYouthCare, Citing({goal}, {}, {Speaker::kYoungPerson, Speaker::kMother}));
  const auto says = [&](const OrgId& by, Speaker who, GoalProgress progress, const RecordId& commitment) {
    return log.Add(Kind::kGoalProgress, by, FoundBy(who, progress), goal, goal, commitment);
  };
  const auto cited = [&] { return log.Dossier().commitments.at(0).goals.at(0); };
  says(kYouthCare, Speaker::kYoungPerson, GoalProgress::kStuck, first);
  log.Add(Kind::kGoalProgress, kYouthCare, ProgressBody{GoalProgress::kOnTrack, ""}, goal, goal);
  log.Add(Kind::kGoalProgress, kPsychiatry, ProgressBody{GoalProgress::kReached, ""}, goal, goal);
  EXPECT_TRUE(cited().persons.empty()) << "not signed yet";
  EXPECT_EQ(cited().progress.size(), 1U) << "and psychiatry is no party";
  EXPECT_EQ(log.Dossier().goals.at(0).progress.at(kYouthCare).progress, GoalProgress::kOnTrack)
      << "a word of a person is never that of who wrote it down";
  log.Add(Kind::kCommitmentSignature, kYouthCare, OfSam(SignedHow::kLink), first, first);
  const RecordId said = says(kYouthCare, Speaker::kYoungPerson, GoalProgress::kOnTrack, first);
  says(kSchool, Speaker::kYoungPerson, GoalProgress::kStuck, first);
  says(kYouthCare, Speaker::kMother, GoalProgress::kStuck, first);
  ASSERT_EQ(cited().persons.size(), 1U);
  EXPECT_EQ(cited().persons.at(Speaker::kYoungPerson).record, said) << "who is no party takes nothing down";
  EXPECT_EQ(cited().persons.at(Speaker::kYoungPerson).how, SignedHow::kLink);
  EXPECT_EQ(log.Dossier().goals.at(0).progress.at(kYouthCare).progress, GoalProgress::kOnTrack);
  says(kYouthCare, Speaker::kYoungPerson, GoalProgress::kReached, first);
  EXPECT_EQ(cited().persons.at(Speaker::kYoungPerson).progress, GoalProgress::kReached) << "the last word counts";
  const RecordId second = log.Add(Kind::kCommitment, kYouthCare, Citing({goal}, {}), first, first);
  EXPECT_TRUE(cited().persons.empty()) << "to be signed anew";
  log.Add(Kind::kCommitmentSignature, kYouthCare, OfSam(SignedHow::kLink), first, second);
  EXPECT_EQ(cited().persons.at(Speaker::kYoungPerson).progress, GoalProgress::kReached) << "of the same goal";
}

// ---- Edits that cross ----

TEST(DossierFold, OfTwoEditsThatCrossedTheLastInTheLogCountsAndSaysSo) {
  Log log;
  const GoalBody goal{"t", {"clb-leuven", "de-wissel"}, "", kStart, kStart + days(180)};
  const RecordId first = log.Add(Kind::kGoal, kYouthCare, goal);
  const RecordId ours = log.Add(Kind::kGoal, kYouthCare, goal, first, first);
  const RecordId theirs = log.Add(Kind::kGoal, kSchool, goal, first, first);
  CaseGoal one = log.Dossier().goals.at(0);
  EXPECT_EQ(one.text.current().record, theirs);
  EXPECT_TRUE(one.text.current().concurrent);
  EXPECT_FALSE(one.text.all.at(1).concurrent);
  EXPECT_EQ(one.text.all.at(1).record, ours);
  log.Add(Kind::kGoal, kYouthCare, goal, first, theirs);
  EXPECT_FALSE(log.Dossier().goals.at(0).text.current().concurrent) << "it saw both";
  EXPECT_EQ(log.Dossier().FindGoal(ours)->text.id(), first) << "found by any version";
  EXPECT_EQ(log.Dossier().FindGoal(RecordId(Id128{9})), nullptr);
}

// ---- Goals ----

TEST(DossierFold, AGoalIsReviewedSixMonthsOnUntilItIsOver) {
  Log log;
  const GoalBody goal{"t", {"clb-leuven"}, "", kStart, kStart + days(180)};
  const RecordId first = log.Add(Kind::kGoal, kYouthCare, goal);
  EXPECT_EQ(ToText(*log.Dossier().goals.at(0).review_due), "2027-02-28T10:00:00.000Z")
      << "31 August, and no 31 February";
  log.Add(Kind::kGoalReview, kPsychiatry, GoalReviewBody{GoalFound::kStopped, "x"}, first, first);
  EXPECT_TRUE(log.Dossier().goals.at(0).reviews.empty()) << "it neither carries nor set it";
  log.Add(Kind::kGoalReview, kSchool, GoalReviewBody{GoalFound::kContinued, "x"}, first, first);
  const CaseGoal one = log.Dossier().goals.at(0);
  EXPECT_EQ(one.review_due, SixMonthsAfter(one.reviews.at(0).at));
  log.Add(Kind::kGoalReview, kYouthCare, GoalReviewBody{GoalFound::kReached, "x"}, first, first);
  EXPECT_FALSE(log.Dossier().goals.at(0).review_due);
}

TEST(DossierFold, OfProgressTheLastWordOfEachCounts) {
  Log log;
  const RecordId first =
      log.Add(Kind::kGoal, kYouthCare, GoalBody{"t", {"clb-leuven"}, "", kStart, kStart + days(180)});
  log.Add(Kind::kGoalProgress, kSchool, ProgressBody{GoalProgress::kStuck, ""}, first, first);
  log.Add(Kind::kGoalProgress, kPsychiatry, ProgressBody{GoalProgress::kOnTrack, ""}, first, first);
  log.Add(Kind::kGoalProgress, kSchool, ProgressBody{GoalProgress::kReached, ""}, first, first);
  const auto progress = log.Dossier().goals.at(0).progress;
  EXPECT_EQ(progress.at(kSchool).progress, GoalProgress::kReached);
  EXPECT_EQ(progress.at(kPsychiatry).progress, GoalProgress::kOnTrack);
}

TEST(DossierFold, SixMonthsAreCalendarMonths) {
  const auto after = [](const char* at) { return ToText(SixMonthsAfter(ParseTimestamp(at).value())); };
  EXPECT_EQ(after("2026-01-15T08:30:00Z"), "2026-07-15T07:30:00.000Z") << "half past nine, in summer too";
  EXPECT_EQ(after("2026-12-31T00:00:00Z"), "2027-06-29T23:00:00.000Z") << "one o'clock at night on the last of June";
  EXPECT_EQ(after("2027-08-31T21:59:59Z"), "2028-02-29T22:59:59.000Z") << "a second before midnight";
  EXPECT_EQ(after("2026-04-20T08:30:00.007Z"), "2026-10-20T08:30:00.007Z");
}

// ---- Criteria and actions ----

TEST(DossierFold, OnlyWhoSetACriterionJudgesItAndAnEditVoidsThat) {
  Log log;
  const RecordId first = log.Add(Kind::kCriterion, kYouthCare, CriterionBody{CriterionOf::kYouthJudge, "t"});
  log.Add(Kind::kCriterionJudgement, kSchool, JudgementBody{true, ""}, first, first);
  EXPECT_FALSE(log.Dossier().criteria.at(0).met());
  log.Add(Kind::kCriterionJudgement, kYouthCare, JudgementBody{true, ""}, first, first);
  EXPECT_TRUE(log.Dossier().criteria.at(0).met());
  log.Add(Kind::kCriterionJudgement, kYouthCare, JudgementBody{false, ""}, first, first);
  EXPECT_FALSE(log.Dossier().criteria.at(0).met()) << "the last word counts";
  log.Add(Kind::kCriterionJudgement, kYouthCare, JudgementBody{true, ""}, first, first);
  log.Add(Kind::kCriterion, kSchool, CriterionBody{CriterionOf::kOther, "u"}, first, first);
  EXPECT_TRUE(log.Dossier().criteria.at(0).met()) << "another one's edit counts for nothing";
  log.Add(Kind::kCriterion, kYouthCare, CriterionBody{CriterionOf::kParents, "u"}, first, first);
  EXPECT_FALSE(log.Dossier().criteria.at(0).met());
}

TEST(DossierFold, OnlyItsOwnerSaysThatAnActionIsDone) {
  Log log;
  const ActionBody action{"belt", "clb-leuven", "Jef", kStart + days(7)};
  const RecordId first = log.Add(Kind::kAction, kYouthCare, action);
  log.Add(Kind::kActionDone, kYouthCare, ActionDoneBody{true, ""}, first, first);
  EXPECT_FALSE(log.Dossier().actions.at(0).done);
  log.Add(Kind::kActionDone, kSchool, ActionDoneBody{true, ""}, first, first);
  EXPECT_TRUE(log.Dossier().actions.at(0).done);
  EXPECT_EQ(log.Dossier().actions.at(0).done_at, kStart + hours(3));
  log.Add(Kind::kActionDone, kSchool, ActionDoneBody{false, ""}, first, first);
  EXPECT_FALSE(log.Dossier().actions.at(0).done);
  log.Add(Kind::kActionDone, kSchool, ActionDoneBody{true, ""}, first, first);
  log.Add(Kind::kAction, kYouthCare, action, first, first);
  EXPECT_FALSE(log.Dossier().actions.at(0).done) << "it was another one that was done";
}

TEST(DossierFold, AnActionThatWasTakenBackIsNobodysUntilItIsWrittenAnew) {
  Log log;
  const ActionBody action{"belt", "clb-leuven", "Jef", kStart + days(7)};
  const RecordId first = log.Add(Kind::kAction, kYouthCare, action);
  log.Add(Kind::kActionDone, kPsychiatry, ActionTakenBackBody{}, first, first);
  EXPECT_FALSE(log.Dossier().actions.at(0).taken_back) << "it neither does nor set it";
  log.Add(Kind::kActionDone, kSchool, ActionDoneBody{true, ""}, first, first);
  const RecordId back = log.Add(Kind::kActionDone, kYouthCare, ActionTakenBackBody{}, first, first);
  log.Add(Kind::kActionDone, kSchool, ActionDoneBody{true, ""}, first, first);
  const CaseAction one = log.Dossier().actions.at(0);
  EXPECT_TRUE(one.taken_back);
  EXPECT_FALSE(one.done) << "before or after: nothing else counts about that version";
  EXPECT_EQ(one.said, back);
  EXPECT_EQ(one.owner, kSchool) << "whose it was";
  EXPECT_TRUE(log.FileOf(kSchool).Inbox(FeedPosition(99), kStart + days(30)).empty());
  const RecordId second = log.Add(Kind::kAction, kSchool, action, first, first);
  EXPECT_FALSE(log.Dossier().actions.at(0).taken_back) << "that was about the version before";
  log.Add(Kind::kActionDone, kYouthCare, ActionTakenBackBody{}, first, first);
  EXPECT_FALSE(log.Dossier().actions.at(0).taken_back);
  log.Add(Kind::kActionDone, kSchool, ActionTakenBackBody{}, first, second);
  EXPECT_TRUE(log.Dossier().actions.at(0).taken_back) << "who does it may give it back";
}

// ---- Referrals ----

TEST(DossierFold, AReferralEndsWithTheFirstWordThatCounts) {
  using State = CaseReferral::State;
  const auto asked = [](Log& log) {
    return log.Add(Kind::kReferral, kYouthCare, ReferralBody{"upc-leuven", Module::kMobile, "q", kStart + hours(10)});
  };
  const auto state = [](const Log& log, Timestamp now) { return log.Dossier().referrals.at(0).StateAt(now); };
  Log log;
  const RecordId first = asked(log);
  EXPECT_EQ(state(log, kStart + hours(9)), State::kOpen);
  EXPECT_EQ(state(log, kStart + hours(10)), State::kExpired);
  log.Add(Kind::kReferralAnswer, kSchool, ReferralAnswerBody{ReferralAnswer::kAccepted, ""}, first, first);
  log.Add(Kind::kReferralWithdrawal, kPsychiatry, ReferralWithdrawalBody{}, first, first);
  EXPECT_EQ(state(log, kStart + hours(9)), State::kOpen) << "neither was theirs to say";
  log.Add(Kind::kReferralAnswer, kPsychiatry, ReferralAnswerBody{ReferralAnswer::kRefused, "vol"}, first, first);
  log.Add(Kind::kReferralAnswer, kPsychiatry, ReferralAnswerBody{ReferralAnswer::kAccepted, ""}, first, first);
  log.Add(Kind::kReferralWithdrawal, kYouthCare, ReferralWithdrawalBody{}, first, first);
  EXPECT_EQ(state(log, kStart + hours(99)), State::kRefused) << "the first that counts";

  Log withdrawn;
  const RecordId second = asked(withdrawn);
  withdrawn.Add(Kind::kReferralWithdrawal, kYouthCare, ReferralWithdrawalBody{}, second, second);
  withdrawn.Add(Kind::kReferralAnswer, kPsychiatry, ReferralAnswerBody{ReferralAnswer::kAccepted, ""}, second, second);
  EXPECT_EQ(state(withdrawn, kStart), State::kWithdrawn);

  Log late;
  const RecordId third = asked(late);
  for (int i = 0; i < 8; ++i) late.Add(Kind::kNote, kSchool, NoteBody{"t", ""});
  late.Add(Kind::kReferralAnswer, kPsychiatry, ReferralAnswerBody{ReferralAnswer::kAccepted, ""}, third, third);
  EXPECT_EQ(state(late, kStart + hours(99)), State::kExpired) << "at the end is too late";
}

// ---- The inbox ----

TEST(DossierFold, TheInboxAsksWhatIsDueOfWhoHasToDoIt) {
  Log log;
  log.Add(Kind::kCommitment, kYouthCare, Between(kBoth));
  log.Add(Kind::kGoal, kYouthCare, GoalBody{"t", {"clb-leuven"}, "", kStart, kStart + days(180)});
  log.Add(Kind::kAction, kYouthCare, ActionBody{"belt", "clb-leuven", "", kStart + days(30)});
  log.Add(Kind::kReferral, kYouthCare, ReferralBody{"upc-leuven", Module::kMobile, "q", kStart + days(30)});
  using What = InboxItem::What;
  const auto tasks = [&](const OrgId& self, Timestamp now) {
    std::vector<What> found;
    for (const InboxItem& item : log.FileOf(self).Inbox(FeedPosition(99), now)) found.push_back(item.what);
    std::ranges::sort(found);
    return found;
  };
  EXPECT_EQ(tasks(kPsychiatry, kStart + days(1)), (std::vector<What>{What::kReferral, What::kSign}));
  EXPECT_EQ(tasks(kSchool, kStart + days(22)), std::vector<What>{});
  EXPECT_EQ(tasks(kSchool, kStart + days(23)), std::vector<What>{What::kAction}) << "a week before";
  EXPECT_EQ(tasks(kSchool, kStart + days(300)), (std::vector<What>{What::kGoalReview, What::kAction}));
  EXPECT_EQ(tasks(kYouthCare, kStart + days(31)), (std::vector<What>{What::kReferralLapsed, What::kActionLate}));
  const auto items = log.FileOf(kSchool).Inbox(FeedPosition(99), kStart + days(300));
  for (const InboxItem& item : items) EXPECT_FALSE(IsNone(item.due_record)) << "the day is a word of the record";
}

TEST(DossierFold, TheInboxTellsWhoWroteACommitmentWhomItWaitsForAndWhenItIsToBeWrittenAnew) {
  using What = InboxItem::What;
  const auto tasks = [](const Log& log, const OrgId& self, Timestamp now) {
    std::vector<What> found;
    for (const InboxItem& item : log.FileOf(self).Inbox(FeedPosition(99), now)) {
      if (item.kind == Kind::kCommitment) found.push_back(item.what);
    }
    return found;
  };
  const Timestamp soon = kStart + days(1);
  Log log;
  const RecordId goal = log.Add(Kind::kGoal, kSchool, GoalOfSchool());
  CommitmentBody both = Citing({goal}, {});
  both.parties = kBoth;
  const RecordId first = log.Add(Kind::kCommitment, kYouthCare, both);
  EXPECT_EQ(tasks(log, kYouthCare, soon), std::vector<What>{}) << "psychiatry signs first";
  EXPECT_EQ(tasks(log, kPsychiatry, soon), std::vector<What>{What::kSign});
  Log changed = log;
  changed.Add(Kind::kGoal, kSchool, GoalOfSchool(), goal, goal);
  EXPECT_EQ(tasks(changed, kPsychiatry, soon), std::vector<What>{}) << "nobody signs that";
  log.Add(Kind::kCommitmentSignature, kPsychiatry, SignatureBody{}, first, first);
  EXPECT_EQ(tasks(log, kYouthCare, soon), std::vector<What>{What::kSignPersons});
  EXPECT_EQ(tasks(log, kPsychiatry, soon), std::vector<What>{});
  Log refused = log;
  refused.Add(Kind::kCommitmentSignature, kYouthCare, OfSam(SignedHow::kLink, true), first, first);
  EXPECT_EQ(tasks(refused, kYouthCare, soon), std::vector<What>{What::kSignAnew});
  log.Add(Kind::kCommitmentSignature, kYouthCare, OfSam(SignedHow::kLink), first, first);
  EXPECT_EQ(tasks(log, kYouthCare, soon), std::vector<What>{});
  const Timestamp renew = *log.Dossier().commitments.at(0).renew_by;
  EXPECT_EQ(tasks(log, kYouthCare, renew - hours(1)), std::vector<What>{});
  EXPECT_EQ(tasks(log, kYouthCare, renew), std::vector<What>{What::kSignAnew});
  log.Add(Kind::kGoal, kSchool, GoalOfSchool(), goal, goal);
  EXPECT_EQ(tasks(log, kYouthCare, soon), std::vector<What>{What::kSignAnew});
}

// ---- Any order, anybody ----

// Everybody writes on everything, about any version that there is, whether it may or not.
Log RandomLog(std::mt19937_64& random) {
  const OrgId authors[] = {kYouthCare, kPsychiatry, kSchool};
  const std::vector<std::string> names = {"clb-leuven", "de-wissel", "upc-leuven"};
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  Log log;
  std::map<Kind, std::vector<RecordId>> firsts;
  std::map<RecordId, std::vector<RecordId>> versions;
  const std::pair<Kind, Kind> pairs[] = {{Kind::kCommitment, Kind::kCommitmentSignature},
                                         {Kind::kGoal, Kind::kGoalProgress},
                                         {Kind::kGoal, Kind::kGoalReview},
                                         {Kind::kCriterion, Kind::kCriterionJudgement},
                                         {Kind::kAction, Kind::kActionDone},
                                         {Kind::kReferral, Kind::kReferralAnswer},
                                         {Kind::kReferral, Kind::kReferralWithdrawal}};
  const auto body = [&](Kind kind) -> TypedBody {
    switch (kind) {
      case Kind::kCommitment: {
        std::vector<std::string> parties = names;
        if (below(2) == 0) parties.erase(parties.begin() + static_cast<std::ptrdiff_t>(below(3)));
        CommitmentBody commitment{"t", parties};
        const std::vector<RecordId>& goals = firsts[Kind::kGoal];
        if (!goals.empty() && below(2) == 0) {
          commitment.goals = {ToText(versions[goals[below(goals.size())]].back())};
        }
        return commitment;
      }
      case Kind::kGoal:
        return GoalBody{"t", {names[below(3)]}, "", kStart, kStart + days(100)};
      case Kind::kGoalProgress:
        return ProgressBody{static_cast<GoalProgress>(1 + below(4)), ""};
      case Kind::kGoalReview:
        return GoalReviewBody{static_cast<GoalFound>(1 + below(4)), "t"};
      case Kind::kCriterion:
        return CriterionBody{static_cast<CriterionOf>(1 + below(6)), "t"};
      case Kind::kCriterionJudgement:
        return JudgementBody{below(2) == 0, ""};
      case Kind::kAction:
        return ActionBody{"t", names[below(3)], "", kStart + days(below(60))};
      case Kind::kActionDone:
        if (below(4) == 0) return ActionTakenBackBody{};
        return ActionDoneBody{below(2) == 0, ""};
      case Kind::kReferral:
        return ReferralBody{names[below(3)], Module::kMobile, "q", kStart + hours(1 + below(60))};
      case Kind::kReferralAnswer:
        return ReferralAnswerBody{ReferralAnswer::kAccepted, ""};
      case Kind::kReferralWithdrawal:
        return ReferralWithdrawalBody{};
      default:
        return SignatureBody{};
    }
  };
  for (int i = 0; i < 60; ++i) {
    const auto& [first_kind, reply_kind] = pairs[below(std::size(pairs))];
    const OrgId& author = authors[below(3)];
    std::vector<RecordId>& begun = firsts[first_kind];
    if (begun.empty() || below(6) == 0) {
      begun.push_back(log.Add(first_kind, author, body(first_kind)));
      versions[begun.back()] = {begun.back()};
      continue;
    }
    const RecordId thread = begun[below(begun.size())];
    std::vector<RecordId>& known = versions[thread];
    const RecordId about = below(3) == 0 ? known[below(known.size())] : known.back();
    const bool edits = first_kind != Kind::kReferral && below(3) == 0;
    const RecordId said =
        log.Add(edits ? first_kind : reply_kind, author, body(edits ? first_kind : reply_kind), thread, about);
    if (edits) known.push_back(said);
  }
  return log;
}

RC_GTEST_PROP(DossierFold, AnyOrderOfArrivalGivesTheSameDossierAtEveryMember, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  const Log log = RandomLog(random);
  const CaseDossier wanted = log.Dossier();
  for (const OrgId& member : {kYouthCare, kPsychiatry, kSchool}) {
    RC_ASSERT(log.FileOf(member).Find(kTrajectory)->dossier == wanted);
    RC_ASSERT(log.FileOf(member, random() | 1).Find(kTrajectory)->dossier == wanted);
  }
  for (const CaseAction& one : wanted.actions) RC_ASSERT(!one.taken_back || (!one.done && !one.done_at));
  for (const CaseCommitment& one : wanted.commitments) {
    RC_ASSERT(one.signed_since.has_value() == (!one.parties.empty() && one.outstanding.empty()));
    RC_ASSERT(one.active_since == (one.StandsAsSigned() ? one.signed_since : std::nullopt));
    RC_ASSERT(one.signatures.size() + one.outstanding.size() == one.parties.size());
    for (const auto& [organisation, record] : one.signatures) {
      RC_ASSERT(std::ranges::find(one.parties, organisation) != one.parties.end());
    }
  }
}

}  // namespace
}  // namespace schakel
