// The protocol with an honest hub: what comes across, exactly once, whatever is cut or crashes.
#include "agents/sync.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/small_world.h"

namespace schakel::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SyncTest, ARecordReachesItsRecipientAndTheLogProvesIt) {
  SmallWorld world;
  world.ConnectAll();
  world.OpenTrajectory();
  const RecordId note = world.lead().Note(world.trajectory, {world.partner_id}, "hello").value();
  world.Exchange();
  world.Pass(seconds(2));

  auto sent = world.lead().Find(note);
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->state, RecordState::kAccepted);
  EXPECT_GT(sent->sequence.value(), 0U);
  auto received = world.partner().Find(note);
  ASSERT_TRUE(received);
  EXPECT_EQ(received->state, RecordState::kReceived);
  EXPECT_EQ(received->sequence, sent->sequence);
  EXPECT_FALSE(world.third().Find(note));
  EXPECT_EQ(world.lead().sync().Report().unproven, 0U);
  EXPECT_THAT(world.lead().vault().Outbox().value(), IsEmpty());
  for (auto& [id, agent] : world.agents) EXPECT_THAT(agent->Alarms(), IsEmpty()) << id.value();
}

}  // namespace
}  // namespace schakel::testing
