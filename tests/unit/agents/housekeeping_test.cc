#include "api/housekeeping.h"

#include <gtest/gtest.h>

#include <future>

#include "agents/api.h"
#include "agents/attachments.h"
#include "support/fake_engine.h"
#include "support/paths.h"

namespace schakel {
namespace {

using schakel::test::Leuven;

TEST(Housekeeping, WorksAtOnceAndAgain) {
  std::promise<void> twice;
  int times = 0;
  Housekeeping housekeeping(
      [&] {
        if (++times == 2) twice.set_value();
      },
      std::chrono::milliseconds(1));
  EXPECT_EQ(twice.get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready);
}

TEST(Housekeeping, EndsWithoutWaitingForItsTime) {
  std::promise<void> once;
  {
    Housekeeping housekeeping([&] { once.set_value(); }, std::chrono::hours(24 * 365));
    EXPECT_EQ(once.get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready);
  }
}

TEST(Housekeeping, AnAgentThatStartsDropsUploadsThatAreTooOld) {
  Leuven leuven;
  Cases cases(leuven.youth_care);
  Reading reading(leuven.youth_care, leuven.region.clock);
  TrajectoryService trajectories(leuven.youth_care, cases, leuven.region.clock, leuven.region.random);
  AttachmentService attachments(leuven.youth_care, cases, reading, leuven.region.clock, leuven.region.random);
  UploadRequest request;
  request.trajectory =
      trajectories.Open({"Sam (2010)", Module::kMobile, "aanmelding"}, Stage::kCapable, {}).value().trajectory;
  request.name = "a.txt";
  request.size = 5;
  request.categories = {Category::kGoals};
  const auto begun = attachments.Begin(request, "Nora Peeters");
  ASSERT_TRUE(begun) << ToText(begun.error());
  ASSERT_TRUE(attachments.Put(begun->id, "Nora Peeters", 0, AsBytes("hallo")));
  ASSERT_EQ(leuven.youth_care.Kept("uploads").value().size(), 1U);
  leuven.region.clock.Advance(AttachmentService::kUploadLasts);
  const auto api =
      Api::Open(leuven.youth_care, SourceDir() / "agents/profiles", leuven.region.clock, leuven.region.random);
  ASSERT_TRUE(api) << ToText(api.error());
  EXPECT_TRUE(leuven.youth_care.Kept("uploads").value().empty());
}

}  // namespace
}  // namespace schakel
