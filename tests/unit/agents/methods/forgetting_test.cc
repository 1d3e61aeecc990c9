// Who comes to a place lies under a key of its own, which can be destroyed alone, and is when it is forgotten.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/small_world.h"

namespace schakel::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class ForgettingTest : public ::testing::Test {
 protected:
  ForgettingTest() {
    world.ConnectAll();
    const Timestamp now = world.clock.Now();
    offer_ = Place(world.lead(), Kind::kPlaceOffer, {}, PlaceOffer{1, 60, now + std::chrono::hours(240)},
                   {world.partner_id});
    hold_ = Place(world.partner(), Kind::kPlaceHold, {offer_},
                  PlaceHold{offer_, now + std::chrono::minutes(30), now + std::chrono::hours(120)}, {world.lead_id});
  }
  RecordId Place(TestAgent& who, Kind kind, std::vector<RecordId> references, Control control,
                 std::vector<OrgId> recipients) {
    Draft draft;
    draft.kind = kind;
    draft.thread = references.empty() ? RecordId() : offer_;
    draft.references = std::move(references);
    draft.control = std::move(control);
    draft.recipients = std::move(recipients);
    const auto said = who.sync().Say(draft);
    EXPECT_TRUE(said) << ToText(said.error());
    world.Exchange();
    return said.value_or(RecordId());
  }
  void Agree() {
    Place(world.lead(), Kind::kPlaceAnswer, {hold_}, PlaceAnswer{offer_, hold_, world.partner_id, true},
          {world.partner_id});
  }
  Result<RecordId> Enrol(std::vector<OrgId> recipients) {
    Draft draft;
    draft.kind = Kind::kPlaceEnrolment;
    draft.thread = offer_;
    draft.references = {hold_};
    draft.categories = {Category::kLiving};
    draft.body = {1, 1, ToBytes(AsBytes("Sam"))};
    draft.recipients = std::move(recipients);
    return world.partner().sync().Say(draft);
  }
  static bool HasContent(TestAgent& agent, const RecordId& id) {
    const auto number = agent.vault().NumberOf(id);
    return number && agent.vault().Content(*number).has_value();
  }
  static std::string Rule(const Status& status) { return status ? "ok" : status.error().rule; }

  SmallWorld world;
  RecordId offer_;
  RecordId hold_;
};

TEST_F(ForgettingTest, WhoComesReachesTheOwnerOnceItWasAgreedAndNobodyElse) {
  EXPECT_EQ(Enrol({world.lead_id}).error().rule, "place.not_agreed");
  Agree();
  const RecordId record = Enrol({world.lead_id}).value();
  world.Exchange();
  EXPECT_TRUE(HasContent(world.lead(), record));
  EXPECT_FALSE(world.third().vault().NumberOf(record));
  for (TestAgent* one : {&world.lead(), &world.partner(), &world.third()}) EXPECT_THAT(one->Alarms(), IsEmpty());
}

TEST_F(ForgettingTest, IsDestroyedWithItsKeyAndNothingElseIs) {
  Agree();
  const RecordId record = Enrol({world.lead_id}).value();
  EXPECT_EQ(Rule(world.partner().sync().Forget(record)), "vault.record") << "not committed yet";
  world.Exchange();
  const RecordId other = Enrol({world.lead_id}).value();
  world.Exchange();
  EXPECT_EQ(Rule(world.lead().sync().Forget(hold_)), "forget.kind");
  for (TestAgent* one : {&world.lead(), &world.partner()}) {
    EXPECT_THAT(one->vault().ContentScopes().value(), SizeIs(2));
    ASSERT_EQ(Rule(one->sync().Forget(record)), "ok");
    world.Exchange();
    ASSERT_EQ(Rule(one->sync().Forget(record)), "ok") << "again";
    world.Exchange();
    for (const bool restarted : {false, true}) {
      if (restarted) one->Restart();
      EXPECT_FALSE(HasContent(*one, record));
      EXPECT_TRUE(one->vault().NumberOf(record)) << "that it was said stays";
      EXPECT_TRUE(HasContent(*one, other));
      EXPECT_THAT(one->vault().ContentScopes().value(), SizeIs(1)) << "its key is gone";
    }
  }
}

TEST_F(ForgettingTest, WhatHasYetToLeaveIsKept) {
  Agree();
  world.Disconnect(world.partner());
  const RecordId record = Enrol({world.lead_id}).value();
  world.Exchange();
  EXPECT_EQ(Rule(world.partner().sync().Forget(record)), "record.waiting");
  world.Connect(world.partner());
  EXPECT_TRUE(HasContent(world.lead(), record));
}

}  // namespace
}  // namespace schakel::testing
