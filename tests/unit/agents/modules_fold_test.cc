// What counts of modules, contacts and alerts (docs/methods.md).
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "agents/case_file.h"

namespace schakel {
namespace {

using std::chrono::days;
using std::chrono::hours;

const OrgId kCare("de-wissel");
const OrgId kPartner("upc-leuven");
const TrajectoryId kCase(Id128{8});
const Timestamp kOpened = ParseTimestamp("2026-09-01T09:00:00Z").value();

// Records in the log's order, an hour apart; youth care leads.
class HelpLog {
 public:
  HelpLog() { Add(Kind::kTrajectoryOpen, kCare, OpeningBody{"Sam", Module::kMobile, ""}); }
  explicit HelpLog(OpeningBody opening) { Add(Kind::kTrajectoryOpen, kCare, std::move(opening)); }
  RecordId Add(Kind kind, const OrgId& author, TypedBody body, const RecordId& thread = {}) {
    CaseRecord record;
    Header& header = record.held.header;
    header.kind = kind;
    header.id = RecordId(Id128{2, static_cast<std::uint8_t>(records_.size() + 1)});
    header.author = author;
    header.trajectory = kCase;
    header.thread = IsNone(thread) ? header.id : thread;
    record.held.sequence = Sequence(records_.size() + 1);
    record.held.at = kOpened + hours(records_.size());
    record.held.state = author == kCare ? RecordState::kAccepted : RecordState::kReceived;
    if (author != kCare) record.held.position = FeedPosition(records_.size() + 1);
    record.body = std::move(body);
    records_.push_back(record);
    return header.id;
  }
  RecordId Switch(Module module, Timestamp from, std::optional<Timestamp> until = {}, const OrgId& author = kCare) {
    return Add(Kind::kModuleSwitch, author, ModuleSwitchBody{module, from, until, "", {Speaker::kYoungPerson}, ""});
  }
  CaseTrajectory Seen(std::uint64_t seed = 0) const {
    std::vector<CaseRecord> held = records_;
    if (seed != 0) std::ranges::shuffle(held, std::mt19937_64(seed));
    CaseFile file(kCare);
    Trajectory rules;
    rules.lead = kCare;
    file.SetRules(kCase, rules);
    for (CaseRecord& record : held) file.Put(std::move(record));
    return *file.Find(kCase);
  }
  std::vector<ModulePeriod> Modules() const {
    const CaseTrajectory seen = Seen();
    return ModulesOver(seen.help, seen.opened_at);
  }

 private:
  std::vector<CaseRecord> records_;
};

TEST(ModulesFold, TheFirstIsThatOfTheOpening) {
  const auto periods = HelpLog().Modules();
  ASSERT_EQ(periods.size(), 1U);
  EXPECT_EQ(periods[0].module, Module::kMobile);
  EXPECT_EQ(periods[0].begins_at, kOpened);
  EXPECT_FALSE(periods[0].ends_at);
}

TEST(ModulesFold, WhatRunsOutGivesWayToTheLastWithoutAnEnd) {
  HelpLog log;
  log.Switch(Module::kTimeOut, kOpened + days(10), kOpened + days(24));
  const auto periods = log.Modules();
  ASSERT_EQ(periods.size(), 3U);
  struct Case {
    const char* name;
    Timestamp at;
    Module want;
  };
  const Case cases[] = {
      {"before it was opened", kOpened - days(1), Module::kMobile},
      {"just before", kOpened + days(10) - hours(1), Module::kMobile},
      {"as it begins", kOpened + days(10), Module::kTimeOut},
      {"just before its end", kOpened + days(24) - hours(1), Module::kTimeOut},
      {"at its end", kOpened + days(24), Module::kMobile},
  };
  for (const Case& c : cases) EXPECT_EQ(ModuleAt(periods, c.at).module, c.want) << c.name;
}

// Two weeks were planned; after a few days he goes to his grandparents.
TEST(ModulesFold, ATimeOutEndsEarlyWithTheNextSwitch) {
  HelpLog log;
  const RecordId stay = log.Switch(Module::kTimeOut, kOpened + days(10), kOpened + days(24));
  const RecordId back = log.Switch(Module::kMobile, kOpened + days(14));
  const auto periods = log.Modules();
  ASSERT_EQ(periods.size(), 3U);
  EXPECT_EQ(periods[1].record, stay);
  EXPECT_EQ(periods[1].ends_at, kOpened + days(14));
  EXPECT_EQ(periods[2].record, back);
  EXPECT_FALSE(periods[2].ends_at);
}

TEST(ModulesFold, OfTwoThatBeginAtOnceTheLaterWordCounts) {
  HelpLog log;
  log.Switch(Module::kResidential, kOpened + days(3));
  log.Switch(Module::kSemiResidential, kOpened + days(3));
  const auto periods = log.Modules();
  ASSERT_EQ(periods.size(), 2U);
  EXPECT_EQ(periods[1].module, Module::kSemiResidential);
}

TEST(ModulesFold, OnlyTheLeadSwitches) {
  HelpLog log;
  log.Switch(Module::kResidential, kOpened + days(3), {}, kPartner);
  EXPECT_EQ(log.Modules().size(), 1U);
}

TEST(ModulesFold, AnAlertStandsUntilItsAuthorWithdrawsIt) {
  HelpLog log;
  AlertBody alert;
  alert.name = "Sam";
  const RecordId id = log.Add(Kind::kAlert, kCare, alert);
  const AlertWithdrawnBody over{AlertEnd::kReturned, kOpened + days(1)};
  log.Add(Kind::kAlertWithdrawn, kPartner, over, id);
  EXPECT_TRUE(log.Seen().help.FindAlert(id)->stands()) << "another cannot";
  log.Add(Kind::kAlertWithdrawn, kCare, over, id);
  EXPECT_FALSE(log.Seen().help.FindAlert(id)->stands());
}

TEST(ModulesFold, ACorrectionTakesThePlaceOfItsSwitch) {
  HelpLog log;
  const RecordId wrong = log.Switch(Module::kResidential, kOpened + days(30));
  log.Switch(Module::kAmbulant, kOpened + days(60));
  const ModuleSwitchBody right{Module::kResidential, kOpened + days(40), {}, "", {Speaker::kYoungPerson}, ""};
  log.Add(Kind::kModuleSwitch, kPartner, right, wrong);
  EXPECT_EQ(log.Modules()[1].begins_at, kOpened + days(30)) << "only the lead corrects";
  const RecordId said = log.Add(Kind::kModuleSwitch, kCare, right, wrong);
  ASSERT_EQ(log.Modules().size(), 3U);
  EXPECT_EQ(log.Modules()[1].begins_at, kOpened + days(40));
  EXPECT_EQ(log.Modules()[1].record, said);
  EXPECT_EQ(log.Modules()[2].module, Module::kAmbulant);
}

TEST(ModulesFold, HelpThatWasAllocatedRunsFromNoOpeningOn) {
  HelpLog log(OpeningBody{"Sam", Module::kResidential, "", true});
  ASSERT_EQ(log.Modules().size(), 1U);
  EXPECT_EQ(log.Modules()[0].module, Module::kUnspecified) << "nobody chose it yet";
  log.Switch(Module::kMobile, kOpened + days(3));
  EXPECT_EQ(log.Modules().back().module, Module::kMobile);
}

TEST(ModulesFold, HelpThatWasAllocatedBeginsOnceItIsChosen) {
  const auto start = [](std::vector<RequestBody> words, bool allocated, bool adult) {
    HelpLog log(OpeningBody{"Sam", Module::kUnspecified, "", allocated});
    for (RequestBody& one : words) log.Add(Kind::kRequestForHelp, kCare, std::move(one));
    return StartOf(log.Seen().help, adult);
  };
  const RequestBody sam{Speaker::kYoungPerson, "", "goed", HelpChoice::kChosen};
  const RequestBody mother{Speaker::kMother, "", "goed", HelpChoice::kChosen};
  const RequestBody not_sam{Speaker::kYoungPerson, "", "nee", HelpChoice::kDeclined};
  const RequestBody unsaid{Speaker::kMother, "", "rust"};
  EXPECT_EQ(start({}, false, false), HelpStart::kFree);
  EXPECT_EQ(start({}, true, false), HelpStart::kNotChosen);
  EXPECT_EQ(start({sam}, true, false), HelpStart::kNotChosen);
  EXPECT_EQ(start({sam, unsaid}, true, false), HelpStart::kNotChosen);
  EXPECT_EQ(start({mother}, true, false), HelpStart::kNotChosen);
  EXPECT_EQ(start({sam, mother}, true, false), HelpStart::kFree);
  EXPECT_EQ(start({sam}, true, true), HelpStart::kFree);
  EXPECT_EQ(start({sam, mother, not_sam}, true, false), HelpStart::kDeclined);
  EXPECT_EQ(start({not_sam, sam, mother}, true, false), HelpStart::kFree) << "the last word of each";
}

TEST(ContactWeeks, RunFromMondayToMondayOnTheClockOfTheRegion) {
  const auto at = [](const char* text) { return ParseTimestamp(text).value(); };
  const auto contact = [](Timestamp when, bool seen) {
    CaseContact one;
    one.at = when;
    one.face_to_face = seen;
    return one;
  };
  // In winter midnight in Brussels is 23:00 UTC.
  const std::vector<CaseContact> contacts = {
      contact(at("2026-12-27T22:59:59Z"), true), contact(at("2026-12-27T23:00:00Z"), true),
      contact(at("2026-12-30T10:00:00Z"), false), contact(at("2027-01-03T22:00:00Z"), true)};
  const Timestamp now = at("2027-01-05T10:00:00Z");
  const auto weeks = ContactWeeks(contacts, at("2026-12-25T00:00:00Z"), now, now);
  ASSERT_EQ(weeks.size(), 3U);
  EXPECT_EQ(WeekText(weeks[0]), "2026-W52");
  EXPECT_EQ(WeekText(weeks[1]), "2026-W53");
  EXPECT_EQ(WeekText(weeks[2]), "2027-W01");
  EXPECT_EQ(weeks[0].face_to_face, 1U);
  EXPECT_TRUE(weeks[0].IsShort());
  EXPECT_EQ(weeks[1].contacts, 3U);
  EXPECT_EQ(weeks[1].face_to_face, 2U);
  EXPECT_FALSE(weeks[1].IsShort());
  EXPECT_EQ(weeks[2].face_to_face, 0U);
  EXPECT_FALSE(weeks[2].IsShort()) << "it still runs";
  EXPECT_TRUE(ContactWeeks(contacts, now, now, now).empty());
}

RC_GTEST_PROP(ModulesFold, NeitherTheOrderOfArrivalNorGapsMatter, (std::vector<std::uint8_t> steps)) {
  HelpLog log;
  std::vector<RecordId> alerts;
  std::size_t count = 0;
  for (const std::uint8_t step : steps) {
    if (++count > 100) break;
    const Timestamp from = kOpened + hours(step);
    const OrgId& author = step % 5 == 0 ? kPartner : kCare;
    if (step % 4 == 0) {
      const Module module = static_cast<Module>(2 + step % 6);
      log.Switch(module, from, module == Module::kTimeOut ? std::optional(from + days(1 + step % 3)) : std::nullopt,
                 author);
    } else if (step % 4 == 1) {
      log.Add(Kind::kContactMoment, author, ContactMomentBody{.at = from});
    } else if (step % 4 == 2) {
      AlertBody alert;
      alert.name = "Sam";
      alerts.push_back(log.Add(Kind::kAlert, author, alert));
    } else if (!alerts.empty()) {
      log.Add(Kind::kAlertWithdrawn, author, AlertWithdrawnBody{AlertEnd::kOver, from}, alerts[step % alerts.size()]);
    }
  }
  const CaseTrajectory seen = log.Seen();
  const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
  RC_ASSERT(log.Seen(seed).help == seen.help);
  const auto periods = ModulesOver(seen.help, seen.opened_at);
  RC_ASSERT(!periods.empty());
  for (std::size_t i = 0; i + 1 < periods.size(); ++i) {
    RC_ASSERT(periods[i].ends_at == std::optional(periods[i + 1].begins_at));
    RC_ASSERT(periods[i].begins_at < periods[i + 1].begins_at);
  }
  RC_ASSERT(!periods.back().ends_at);
}

}  // namespace
}  // namespace schakel
