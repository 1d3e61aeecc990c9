#include "api/event_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/builders.h"

namespace schakel {
namespace {

using What = Engine::Change::What;

TEST(EventLog, ALookIsToldWithoutIdsAndIsNoNewsOfItsTrajectory) {
  EventLog log("run");
  const TrajectoryId trajectory(Id128{7});
  const Engine::Change look{What::kLook, RecordId(Id128{9}), trajectory};
  EXPECT_EQ(log.Add(look).bytes,
            "id: run-1\nevent: look\ndata: {\"what\":\"look\",\"record\":null,\"trajectory\":null}\n\n");
  EXPECT_TRUE(EventLog::Concerns({}, look)) << "how many wait for the hub changes by it";
  EXPECT_FALSE(EventLog::Concerns({.work = false}, look));
  EXPECT_FALSE(EventLog::Concerns({.trajectory = trajectory}, look));
  EXPECT_TRUE(EventLog::Concerns({.trajectory = trajectory}, {What::kRecord, RecordId(Id128{9}), trajectory}));
}

}  // namespace
}  // namespace schakel
