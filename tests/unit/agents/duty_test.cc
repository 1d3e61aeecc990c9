// Crisis questions: answered the same day, or else they go up; and who is on duty.
#include "agents/duty.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/office.h"

namespace schakel {
namespace {

using schakel::test::Office;
using schakel::test::ServicesTest;
using std::chrono::days;
using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const Person kCoordinator{"Ilse", StaffRole::kCoordinator};

class DutyTest : public ServicesTest {
 protected:
  DutyService duty{upc.engine, upc.cases, leuven.region.clock, leuven.region.random};
  DutyService of_wissel{wissel.engine, wissel.cases, leuven.region.clock, leuven.region.random};

  Timestamp Now() { return leuven.region.clock.Now(); }
  // On Monday 23 November at 09:00 in Brussels; its day ends at 23:00 UTC.
  const Timestamp midnight = ParseTimestamp("2026-11-23T23:00:00Z").value();
  void Share() {
    Join(upc);
    Join(clb);
    for (const Office* office : {&upc, &clb, &wissel}) Grant(*office, {Purpose::kConsultation}, {Category::kGoals});
  }
  Result<Sent> Ask(std::optional<Timestamp> by = {}, Urgency urgency = Urgency::kCrisis) {
    return wissel.consultations.Ask(trajectory, {"", "help", urgency, by}, {Category::kGoals}, Purpose::kConsultation,
                                    {.named = {upc.id()}});
  }
  std::vector<InboxItem::What> Tasks(Office& office, StaffRole role) {
    std::vector<InboxItem::What> all;
    const auto inbox = office.inbox.Show(office.caller.person.name, role).value();
    for (const InboxItem& item : inbox.items) {
      if (item.what != InboxItem::What::kNew) all.push_back(item.what);
    }
    return all;
  }
};

TEST_F(DutyTest, ACrisisIsDueTheSameDay) {
  Share();
  const auto tomorrow = Ask(midnight + hours(1));
  ASSERT_FALSE(tomorrow);
  EXPECT_EQ(tomorrow.error().rule, "consultation.crisis_day");
  const auto sent = Ask();
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_EQ(Seen(upc).consultations.at(0).DueBy(), midnight) << "without it being said";
  ASSERT_TRUE(Ask(Now() + hours(2)));
  EXPECT_EQ(Seen(upc).consultations.at(1).DueBy(), Now() + hours(2));
  const auto queue = duty.Queue().to_us;
  ASSERT_EQ(queue.size(), 2U);
  EXPECT_EQ(queue[1].id, sent->record) << "the one that is due first comes first";
  ASSERT_TRUE(Ask({}, Urgency::kToday));
  EXPECT_THAT(duty.Queue().to_us, SizeIs(2)) << "an urgent question is no crisis";
}

TEST_F(DutyTest, WhatNobodyAnsweredByTheNextDayGoesUp) {
  using enum InboxItem::What;
  Share();
  const RecordId question = Ask()->record;
  leuven.region.clock.Advance(midnight - Now() - hours(1));
  EXPECT_FALSE(duty.Queue().to_us.at(0).escalated);
  EXPECT_THAT(Tasks(upc, StaffRole::kCoordinator), ElementsAre(kCrisis));
  EXPECT_THAT(Tasks(wissel, StaffRole::kWorker), IsEmpty());
  leuven.region.clock.Advance(hours(1));
  EXPECT_TRUE(duty.Queue().to_us.at(0).escalated);
  EXPECT_THAT(Tasks(upc, StaffRole::kWorker), ElementsAre(kCrisis));
  EXPECT_THAT(Tasks(upc, StaffRole::kCoordinator), UnorderedElementsAre(kCrisis, kCrisisLate));
  EXPECT_THAT(Tasks(wissel, StaffRole::kWorker), ElementsAre(kCrisisUnanswered));
  const CrisisQuestion asked = of_wissel.Queue().ours.at(0);
  EXPECT_TRUE(asked.escalated);
  EXPECT_THAT(asked.silent, ElementsAre(upc.id()));
  EXPECT_EQ(of_wissel.NextFor(asked, upc.id()), clb.id()) << "who takes part and was not asked";

  ASSERT_TRUE(upc.consultations.Answer(question, {"kom maar"}, {}));
  EXPECT_THAT(duty.Queue().to_us, IsEmpty());
  EXPECT_THAT(of_wissel.Queue().ours, IsEmpty());
  // Asked on, it is a crisis of that day.
  ASSERT_TRUE(wissel.consultations.Answer(question, {"en nu?"}, {}));
  EXPECT_EQ(duty.Queue().to_us.at(0).due_at, midnight + days(1));
  EXPECT_FALSE(duty.Queue().to_us.at(0).escalated);
}

TEST_F(DutyTest, AnAnonymousCrisisStandsInTheQueueToo) {
  Screening screening;
  ASSERT_TRUE(wissel.consultations.AskAnonymously({"", "iemand loopt weg", Urgency::kCrisis, {}},
                                                  {Category::kMentalHealth}, {.named = {upc.id()}}, screening));
  ASSERT_THAT(duty.Queue().to_us, SizeIs(1));
  EXPECT_TRUE(IsNone(duty.Queue().to_us[0].trajectory));
  leuven.region.clock.Advance(days(1));
  EXPECT_TRUE(of_wissel.NextFor(of_wissel.Queue().ours.at(0), upc.id()));
}

TEST_F(DutyTest, TheNextPartnerIsOfTheSameSectorFirst) {
  const OrgId silent("a-one");
  const std::map<OrgId, Sector> sectors = {{silent, Sector("psychiatry")},
                                           {OrgId("b-school"), Sector("school-support")},
                                           {OrgId("c-two"), Sector("psychiatry")},
                                           {OrgId("d-three"), Sector("psychiatry")}};
  CrisisQuestion question;
  question.asked = {silent};
  const std::vector<OrgId> all = {OrgId("b-school"), OrgId("d-three"), OrgId("c-two"), silent};
  EXPECT_EQ(NextPartner(question, silent, all, sectors), OrgId("c-two"));
  question.asked.emplace_back("c-two");
  EXPECT_EQ(NextPartner(question, silent, all, sectors), OrgId("d-three"));
  question.asked.emplace_back("d-three");
  EXPECT_EQ(NextPartner(question, silent, all, sectors), OrgId("b-school"));
  question.asked.emplace_back("b-school");
  EXPECT_EQ(NextPartner(question, silent, all, sectors), std::nullopt);
}

TEST_F(DutyTest, CoordinatorsSayWhoIsOnDuty) {
  const auto add = [&](const std::string& person, Timestamp from, Timestamp until, const Person& by) {
    const auto turn = duty.Add({{}, person, from, until, ""}, by);
    return turn ? "ok" : turn.error().rule;
  };
  EXPECT_EQ(add("Jef", Now(), Now() + hours(8), {"Jef", StaffRole::kWorker}), "duty.role");
  EXPECT_EQ(add("", Now(), Now() + hours(8), kCoordinator), "task.person");
  EXPECT_EQ(add("Jef", Now() - hours(2), Now(), kCoordinator), "duty.period") << "it is over";
  EXPECT_EQ(add("Jef", Now() + hours(2), Now() + hours(2), kCoordinator), "duty.period");
  EXPECT_EQ(add("Jef", Now(), Now() + days(31) + hours(1), kCoordinator), "duty.period");
  EXPECT_EQ(add("Nora", Now() + hours(8), Now() + hours(16), kCoordinator), "ok");
  EXPECT_EQ(add("Jef", Now(), Now() + hours(8), kCoordinator), "ok");
  const auto roster = duty.Roster().value();
  ASSERT_EQ(roster.size(), 2U);
  EXPECT_EQ(roster[0].person, "Jef");
  EXPECT_EQ(roster[0].by, "Ilse");
  EXPECT_TRUE(roster[0].Holds(Now()));
  EXPECT_FALSE(roster[0].Holds(roster[0].until)) << "its end is already outside";
  EXPECT_FALSE(roster[1].Holds(Now()));
  const std::string id = ToHex(roster[1].id);
  EXPECT_EQ(duty.Remove(id, {"Jef", StaffRole::kWorker}).error().rule, "duty.role");
  EXPECT_EQ(duty.Remove("ffff", kCoordinator).error().rule, "duty.turn");
  EXPECT_EQ(duty.Remove("", kCoordinator).error().rule, "duty.turn");
  ASSERT_TRUE(duty.Remove(id.substr(0, 8), kCoordinator));
  EXPECT_THAT(duty.Roster().value(), SizeIs(1));
  leuven.region.clock.Advance(hours(8));
  EXPECT_THAT(duty.Roster().value(), IsEmpty()) << "what is over is not shown";
}

TEST(DutyRows, AreReadBackAndCutOnesAreRefused) {
  const DutyTurn turn{Id128{7}, "Nora", Timestamp(hours(1)), Timestamp(hours(2)), "Ilse"};
  const Bytes bytes = EncodeDutyTurn(turn);
  EXPECT_EQ(DecodeDutyTurn(bytes).value(), turn);
  for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(DecodeDutyTurn(ByteView(bytes).first(size)));
}

}  // namespace
}  // namespace schakel
