// Needs and outcomes in numbers: what is counted, and that no small number can be had.
#include "agents/effects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "agents/network.h"
#include "support/api_world.h"
#include "support/cli_world.h"
#include "support/office.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::ApiTest;
using schakel::test::CliTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<EffectCell> CellsOf(const std::vector<std::size_t>& counts) {
  std::vector<EffectCell> cells;
  for (std::size_t i = 0; i < counts.size(); ++i)
    cells.push_back({std::string(1, static_cast<char>('a' + i)), counts[i]});
  return cells;
}
std::string ShownText(const EffectTable& table) {
  std::string text;
  for (const EffectCell& cell : table.cells) text += cell.slug + std::to_string(cell.count) + " ";
  return text + "+" + std::to_string(table.rest);
}

TEST(EffectSuppression, ShowsNoSmallCellAndNoneThatFollows) {
  struct Case {
    const char* name;
    std::vector<std::size_t> counts;
    const char* want;
  };
  const Case cases[] = {
      {"all large enough", {5, 6, 7}, "a5 b6 c7 +0"},
      {"nobody in one", {5, 0, 7}, "a5 c7 +0"},
      {"one too small takes another along", {9, 4, 7}, "a9 +11"},
      {"two too small take one along as well", {9, 4, 4, 7}, "a9 +15"},
      {"one of a single person", {9, 5, 1}, "+15"},
      {"the one along is just enough", {9, 6, 1}, "a9 +7"},
      {"only small ones", {4, 4, 4}, "+12"},
      {"all in one", {0, 12, 0}, "b12 +0"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(ShownText(ShowPartition("x", CellsOf(c.counts), 5)), c.want);
  }
}

// Whoever knows how this works, and all that is shown, does not know a small cell for sure: another table shows the
// same and has another number there.
TEST(EffectSuppression, NoSmallCellCanBeWorkedOut) {
  constexpr std::size_t kThreshold = 3;
  constexpr std::size_t kTotalMax = 18;
  std::map<std::string, std::vector<std::vector<std::size_t>>> by_shown;
  std::vector<std::size_t> counts(4, 0);
  for (counts[0] = 0; counts[0] <= kTotalMax; ++counts[0]) {
    for (counts[1] = 0; counts[0] + counts[1] <= kTotalMax; ++counts[1]) {
      for (counts[2] = 0; counts[0] + counts[1] + counts[2] <= kTotalMax; ++counts[2]) {
        for (counts[3] = 0; counts[0] + counts[1] + counts[2] + counts[3] <= kTotalMax; ++counts[3]) {
          const std::size_t total = counts[0] + counts[1] + counts[2] + counts[3];
          if (total < kThreshold) continue;
          const EffectTable shown = ShowPartition("x", CellsOf(counts), kThreshold);
          for (const EffectCell& cell : shown.cells) ASSERT_GE(cell.count, kThreshold);
          ASSERT_TRUE(shown.rest == 0 || shown.rest >= kThreshold);
          by_shown[ShownText(shown)].push_back(counts);
        }
      }
    }
  }
  std::size_t small = 0;
  for (const auto& [shown, tables] : by_shown) {
    for (std::size_t i = 0; i < counts.size(); ++i) {
      std::set<std::size_t> could_be;
      for (const auto& table : tables) could_be.insert(table[i]);
      for (const auto& table : tables) {
        if (table[i] == 0 || table[i] >= kThreshold) continue;
        ++small;
        ASSERT_GT(could_be.size(), 1U) << shown << ": cell " << i << " is " << table[i];
      }
    }
  }
  EXPECT_GT(small, 1000U);
}

TEST(EffectSuppression, OfSharesNeitherThoseWhoHaveItNorThoseWhoDoNotAreFew) {
  const auto shown = [](std::size_t count, std::size_t total) {
    return ShownText(ShowShares("x", CellsOf({count}), total, 5));
  };
  EXPECT_EQ(shown(5, 10), "a5 +0");
  EXPECT_EQ(shown(4, 10), "+0");
  EXPECT_EQ(shown(6, 10), "+0") << "four have it not";
  EXPECT_EQ(shown(10, 10), "a10 +0") << "nobody has it not";
  EXPECT_EQ(shown(0, 10), "+0");
}

class EffectsTest : public test::ServicesTest {
 protected:
  EffectService effects{wissel.engine, wissel.cases, leuven.region.clock, 5};
  DossierService dossier{wissel.engine, wissel.cases};
  NetworkService network{wissel.engine, wissel.cases, dossier, leuven.region.clock};

  // `trajectory` is one of them already: mobile, of a capable young person.
  std::vector<TrajectoryId> Open(std::size_t count, Module module, Stage stage = Stage::kCapable) {
    std::vector<TrajectoryId> all;
    for (std::size_t i = 0; i < count; ++i) {
      all.push_back(wissel.trajectories.Open({"Sam", module, ""}, stage, {}).value().trajectory);
    }
    return all;
  }
  EffectTable Table(const std::string& name, int year = 2026) {
    const auto all = effects.Of(year, std::nullopt, StaffRole::kCoordinator);
    EXPECT_TRUE(all) << ToText(all.error());
    for (const EffectTable& table : all->tables) {
      if (table.name == name) return table;
    }
    return {};
  }
};

TEST_F(EffectsTest, CountsModulesStagesNeedsAndHowItEnded) {
  const auto mobile = Open(5, Module::kMobile);
  const auto residential = Open(6, Module::kResidential, Stage::kChild);
  LifeDomainBody needs;
  needs.domain = LifeDomain::kLiving;
  needs.needs = {"een kamer"};
  for (const TrajectoryId& id : residential) ASSERT_TRUE(network.WriteDomain(id, needs, {}));
  needs.domain = LifeDomain::kHealth;
  ASSERT_TRUE(network.WriteDomain(mobile[0], needs, {}));
  leuven.region.clock.Advance(std::chrono::minutes(1));
  for (const TrajectoryId& id : residential) {
    ASSERT_TRUE(wissel.trajectories.Close(id, {"klaar", "aangeboden", CopyTaken::kTaken, ""}, std::nullopt, {}));
  }
  EXPECT_EQ(effects.Of(2026, std::nullopt, StaffRole::kAuditor)->trajectories, 12U);
  EXPECT_EQ(ShownText(Table("module")), "mobile6 residential6 +0");
  EXPECT_EQ(ShownText(Table("stage")), "child6 capable6 +0");
  EXPECT_EQ(ShownText(Table("closing")), "open6 no-criteria6 +0");
  EXPECT_EQ(ShownText(Table("goals")), "not-reviewed12 +0");
  EXPECT_EQ(ShownText(Table("needs")), "living6 +0") << "one with a need in health is nobody's business";
}

TEST_F(EffectsTest, OfFewTrajectoriesThereIsNothing) {
  Open(3, Module::kMobile);
  const auto few = effects.Of(2026, std::nullopt, StaffRole::kCoordinator).value();
  EXPECT_EQ(few.trajectories, std::nullopt);
  EXPECT_THAT(few.tables, IsEmpty());
  EXPECT_THAT(EffectsCsv(few), Not(HasSubstr("4")));
  Open(1, Module::kMobile);
  EXPECT_EQ(effects.Of(2026, std::nullopt, StaffRole::kCoordinator)->trajectories, 5U);
  EXPECT_EQ(effects.Of(2026, 6, StaffRole::kCoordinator)->trajectories, std::nullopt) << "a higher threshold";
}

TEST_F(EffectsTest, AYearHasWhatRanInIt) {
  const auto all = Open(5, Module::kMobile);
  leuven.region.clock.Advance(std::chrono::days(10));
  ASSERT_TRUE(wissel.trajectories.Close(all[0], {"klaar", "aangeboden", CopyTaken::kTaken, ""}, std::nullopt, {}));
  leuven.region.clock.Advance(std::chrono::days(60));
  EXPECT_EQ(effects.Of(2026, std::nullopt, StaffRole::kCoordinator)->trajectories, 6U);
  EXPECT_EQ(effects.Of(2027, std::nullopt, StaffRole::kCoordinator)->trajectories, 5U) << "one closed before it";
  EXPECT_EQ(effects.Of(2025, std::nullopt, StaffRole::kCoordinator)->trajectories, std::nullopt);
  EXPECT_EQ(ShownText(Table("closing")), "+6") << "one that closed would show";
  EXPECT_EQ(effects.Of(2028, std::nullopt, StaffRole::kCoordinator).error().rule, "effects.year");
}

TEST_F(EffectsTest, WhatAnotherLeadsIsTheirs) {
  Open(4, Module::kMobile);
  Join(upc);
  EffectService theirs(upc.engine, upc.cases, leuven.region.clock, 1);
  EXPECT_EQ(theirs.Of(2026, std::nullopt, StaffRole::kCoordinator)->trajectories, std::nullopt);
}

TEST_F(EffectsTest, IsForCoordinatorsAndAuditorsAndTheThresholdGoesUpAlone) {
  EXPECT_EQ(effects.Of(2026, std::nullopt, StaffRole::kWorker).error().rule, "effects.role");
  EXPECT_EQ(effects.Of(2026, std::nullopt, StaffRole::kAdministrator).error().rule, "effects.role");
  EXPECT_EQ(effects.Of(2026, 4, StaffRole::kAuditor).error().rule, "effects.threshold");
  EXPECT_TRUE(effects.Of(2026, 5, StaffRole::kAuditor));
}

TEST_F(ApiTest, EffectsAsJsonAndCsv) {
  for (int i = 0; i < 5; ++i) Opened();
  const auto as = [&](const char* role, const std::string& target) {
    return wissel.Send("GET", target, "", {{"schakel-role", role}});
  };
  EXPECT_EQ(as("worker", "/v1/effects").body["rule"], "effects.role");
  const json all = as("auditor", "/v1/effects").body;
  EXPECT_EQ(all["trajectories"], 5);
  EXPECT_EQ(all["tables"][0]["table"], "module");
  ASSERT_EQ(all["tables"][0]["cells"].size(), 1U);
  EXPECT_EQ(all["tables"][0]["cells"][0]["cell"], "mobile");
  EXPECT_EQ(all["tables"][0]["cells"][0]["count"], 5);
  const auto csv = as("coordinator", "/v1/effects.csv?year=2026");
  EXPECT_EQ(csv.raw.headers.at("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_THAT(csv.raw.body, HasSubstr("\"2026\",\"module\",\"mobile\",\"5\"\r\n"));
  EXPECT_EQ(as("auditor", "/v1/effects?threshold=2").body["rule"], "effects.threshold");
  EXPECT_EQ(as("auditor", "/v1/effects?threshold=twee").body["rule"], "effects.threshold");
  EXPECT_EQ(as("auditor", "/v1/effects?year=2026-01").body["rule"], "request.year");
  EXPECT_TRUE(as("auditor", "/v1/effects?threshold=6").body["trajectories"].is_null());
}

TEST_F(CliTest, EffectsFromTheCommandLine) {
  EXPECT_THAT(As("de-wissel", {"effects", "--role", "coordinator"}).out, HasSubstr("Minder dan 5 trajecten"));
  for (int i = 0; i < 5; ++i) Json("de-wissel", {"trajectories", "open", "--label", "Sam", "--module", "mobile"});
  EXPECT_THAT(As("de-wissel", {"effects", "--role", "coordinator"}).out, HasSubstr("mobiel"));
  EXPECT_THAT(As("de-wissel", {"effects"}).err, HasSubstr("--role coordinator"));
  const std::string file = folder / "2026.csv";
  EXPECT_EQ(As("de-wissel", {"effects", "--role", "auditor", "--out", file}).exit_code, 0);
  EXPECT_THAT(test::ReadText(file), HasSubstr("\"mobile\",\"5\""));
  EXPECT_EQ(As("de-wissel", {"effects", "--role", "auditor", "--out", file}).exit_code, 1) << "it is there";
}

}  // namespace
}  // namespace schakel
