// Which alarms an agent that starts tells of once more.
#include <gtest/gtest.h>

#include "agents/services.h"
#include "agents/trust.h"
#include "support/fake_engine.h"

namespace schakel {
namespace {

Alarm Of(std::uint64_t number, Alarm::Fault fault, const char* rule) {
  Alarm alarm;
  alarm.number = number;
  alarm.fault = fault;
  alarm.what = {Code::kTampered, rule, {}, {}};
  return alarm;
}

TEST(Alarms, AtTheStartWhatIsOpenAndUnseenIsTold) {
  using enum Alarm::Fault;
  const Alarm caught = Of(1, kHub, "feed.entry");
  const Alarm bad_body = Of(2, kAuthor, "record.body");
  const Alarm keys = Of(3, kNotice, "directory.keys_changed");
  const Alarm lost = Of(4, kHub, "hello.seen");
  const Alarm welcome = Of(5, kNotice, "hub.welcome_again");
  struct Case {
    const char* name;
    std::vector<Alarm> alarms;
    bool distrusted;
    std::uint64_t seen;
    std::vector<std::uint64_t> told;
  };
  const Case cases[] = {
      {"nothing", {}, false, 0, {}},
      {"a hub that is trusted again", {caught}, false, 0, {}},
      {"a hub that is not", {caught}, true, 0, {1}},
      {"seen", {caught}, true, 1, {}},
      {"what an author did stays done", {caught, bad_body}, false, 0, {2}},
      {"until somebody saw it", {caught, bad_body}, false, 2, {}},
      {"a notice", {bad_body, keys}, false, 2, {3}},
      {"history that is lost", {keys, lost}, false, 3, {4}},
      {"and was shown again", {lost, welcome}, false, 0, {5}},
      {"of all that, what is newer", {caught, bad_body, keys, lost}, true, 2, {3, 4}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    std::vector<std::uint64_t> told;
    for (const Alarm& alarm : OpenAndUnseen(c.alarms, c.distrusted, c.seen)) told.push_back(alarm.number);
    EXPECT_EQ(told, c.told);
  }
}

TEST(Alarms, WhoeverSawThemHasSeenThemForTheLog) {
  test::Leuven leuven;
  test::FakeEngine& engine = leuven.youth_care;
  Cases cases(engine);
  InboxService inbox(engine, cases, leuven.region.clock);
  ASSERT_TRUE(engine.Alert({Code::kConflict, "clock.off", {}, {}}));
  ASSERT_TRUE(engine.Alert({Code::kConflict, "directory.keys_changed", {}, {}}));
  const std::vector<Alarm> alarms = engine.Alarms();
  ASSERT_EQ(alarms.size(), 2U);
  EXPECT_EQ(InboxService::AlarmsSeenByAnybody(engine).value(), 0U);
  ASSERT_TRUE(inbox.MarkAlarmsSeen("Nora", alarms[1].number));
  EXPECT_EQ(InboxService::AlarmsSeenByAnybody(engine).value(), alarms[1].number);
  ASSERT_TRUE(inbox.MarkAlarmsSeen("Wim", alarms[0].number));
  EXPECT_EQ(InboxService::AlarmsSeenByAnybody(engine).value(), alarms[1].number) << "it never goes back";
  EXPECT_EQ(inbox.AlarmsSeen("Wim").value(), alarms[0].number) << "and each has seen what they saw";
}

}  // namespace
}  // namespace schakel
