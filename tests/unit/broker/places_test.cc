// Places that partners may ask for, at a hub: who asks first by the order of the log has the place.
#include <gtest/gtest.h>

#include "support/hub_world.h"

namespace schakel::test {
namespace {

constexpr std::uint64_t kOffer = 0x900;

class HubPlaces : public ::testing::Test {
 protected:
  void SetUp() override {
    for (TestAgent* agent : {&owner, &psychiatry, &school}) agent->Greet();
    const Outcome offered = owner.Say(OfPlace(kYouthCare, PlaceOffer{1, 60, world.clock.Now() + 30 * kDay}, kOffer),
                                      {kPsychiatry, kSchool});
    ASSERT_FALSE(offered.error) << ToText(*offered.error);
    EXPECT_TRUE(offered.refused.empty());
  }
  static Header OfPlace(const OrgId& author, const Control& control, std::uint64_t number) {
    return Says(author, control, number, TrajectoryId());
  }
  Header Asks(const OrgId& author, std::uint64_t number) {
    const Timestamp now = world.clock.Now();
    return OfPlace(author, PlaceHold{RecordNo(kOffer), now + kHour, now + 7 * kDay}, number);
  }
  std::size_t HandedTo(const OrgId& recipient) const {
    std::size_t count = 0;
    for (const DeliveryEntry& one : world.All<DeliveryEntry>()) count += one.recipient == recipient ? 1 : 0;
    return count;
  }
  static std::string Said(const Outcome& outcome) { return outcome.error ? outcome.error->rule : "ok"; }

  HubWorld world;
  TestAgent owner{world, kYouthCare};
  TestAgent psychiatry{world, kPsychiatry};
  TestAgent school{world, kSchool};
};

TEST_F(HubPlaces, OfTwoThatAskInOneGroupOneHasIt) {
  const std::uint64_t first = psychiatry.Submit({psychiatry.Seal(Asks(kPsychiatry, 0x901), {kYouthCare})});
  const std::uint64_t second = school.Submit({school.Seal(Asks(kSchool, 0x902), {kYouthCare})});
  world.Settle();  // Both stood in what was then committed.
  EXPECT_EQ(Said(psychiatry.Ack(first).outcomes.at(0)), "ok");
  EXPECT_EQ(Said(school.Ack(second).outcomes.at(0)), "place.taken");
  EXPECT_EQ(world.core->policy().FindPlaces(RecordNo(kOffer))->holds.size(), 1U);
}

TEST_F(HubPlaces, OfTwoThatAskOneAfterTheOtherTheFirstHasItAlsoAfterARestart) {
  const Header asks = Asks(kPsychiatry, 0x901);
  const SealedRecord record = psychiatry.Seal(asks, {kYouthCare});
  const std::uint64_t first = psychiatry.Submit({record});
  world.Settle();
  EXPECT_EQ(Said(psychiatry.Ack(first).outcomes.at(0)), "ok");
  EXPECT_EQ(Said(school.Say(Asks(kSchool, 0x902), {kYouthCare})), "place.taken");
  world.Reopen();
  for (TestAgent* agent : {&owner, &psychiatry, &school}) agent->Greet();
  EXPECT_EQ(Said(school.Say(Asks(kSchool, 0x903), {kYouthCare})), "place.taken") << "told again from the log";
  const std::uint64_t again = psychiatry.Submit({record});
  world.Settle();
  EXPECT_EQ(Said(psychiatry.Ack(again).outcomes.at(0)), "ok") << "what was sent twice happened once";
  world.Operate(TakeSnapshot{});
  world.Reopen();
  for (TestAgent* agent : {&owner, &psychiatry, &school}) agent->Greet();
  EXPECT_EQ(Said(school.Say(Asks(kSchool, 0x904), {kYouthCare})), "place.taken") << "from a snapshot";
  world.clock.Advance(kHour);
  EXPECT_EQ(Said(school.Say(Asks(kSchool, 0x905), {kYouthCare})), "ok") << "nobody answered in time";
}

TEST_F(HubPlaces, WordsAboutAPlaceGoToItsOwnerAndItsHolderAlone) {
  const std::size_t to_owner = HandedTo(kYouthCare);
  const std::size_t to_school = HandedTo(kSchool);
  owner.Send(Feed{FeedPosition(0), 64});
  psychiatry.Send(Feed{FeedPosition(0), 64});
  school.Send(Feed{FeedPosition(0), 64});
  world.Settle();
  const Outcome asked = psychiatry.Say(Asks(kPsychiatry, 0x901), {kYouthCare, kSchool});
  ASSERT_FALSE(asked.error);
  ASSERT_EQ(asked.refused.size(), 1U);
  EXPECT_EQ(asked.refused[0].recipient, kSchool);
  EXPECT_EQ(asked.refused[0].reason, Denial::kNotAddressed);
  const Header agrees = OfPlace(kYouthCare, PlaceAnswer{RecordNo(kOffer), RecordNo(0x901), kPsychiatry, true}, 0x906);
  EXPECT_EQ(Said(owner.Say(agrees, {kPsychiatry, kSchool})), "ok");
  EXPECT_EQ(Said(owner.Say(OfPlace(kYouthCare, PlaceRelease{RecordNo(kOffer), RecordNo(0x901)}, 0x907))), "place.hold")
      << "its owner does not end a stay";
  EXPECT_EQ(HandedTo(kYouthCare), to_owner + 1);
  EXPECT_EQ(HandedTo(kSchool), to_school + 1) << "the offer alone";
  for (const DeliveryEntry& one : world.All<DeliveryEntry>()) EXPECT_FALSE(one.number) << "they are of no trajectory";
  EXPECT_EQ(
      Said(psychiatry.Say(OfPlace(kPsychiatry, PlaceRelease{RecordNo(kOffer), RecordNo(0x901)}, 0x908), {kYouthCare})),
      "ok");
  EXPECT_EQ(Said(school.Say(Asks(kSchool, 0x909), {kYouthCare})), "ok");
}

}  // namespace
}  // namespace schakel::test
