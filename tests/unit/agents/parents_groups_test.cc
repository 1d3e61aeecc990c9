// Parents' groups: nothing in them tells of a case, and who came is forgotten.
#include "agents/parents_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/api_world.h"
#include "support/cli_world.h"
#include "support/office.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::ApiTest;
using schakel::test::CliTest;
using ::testing::HasSubstr;
using ::testing::Not;

class ParentsGroupsTest : public test::ServicesTest {
 protected:
  ParentsGroupService groups{wissel.engine, wissel.cases, leuven.region.clock, leuven.region.random,
                             std::chrono::months(12)};
  const Person leader{"An Maes", StaffRole::kWorker};
  const Person boss{"Bea Coene", StaffRole::kCoordinator};
  const Person other{"Jef Claes", StaffRole::kWorker};
  const std::string group = Begun();

  std::string Begun() { return ToHex(groups.Add({{}, "Ouders dinsdag", {}, false}, leader).value().id); }
  Result<ParentsSession> Came(const std::string& who, const char* theme = "Grenzen stellen",
                              const char* day = "2026-11-20") {
    return groups.AddSession(group, {{}, {}, day, theme, {{who, 2}}, 0, false}, leader);
  }
};

TEST_F(ParentsGroupsTest, WhatNamesATrajectoryIsRefused) {
  ASSERT_TRUE(wissel.content.Note(trajectory, {"Slapen", "Het dossier is VAPH 88-4711, zegt Adetokunbo."},
                                  Purpose::kCareCoordination, test::kGoals, {}));
  struct Case {
    const char* name;
    std::string who;
    std::string theme;
    const char* field;  // Empty: good.
  };
  const std::string id = ToText(trajectory);
  const Case cases[] = {
      {"a name of choice", "Roos", "Grenzen stellen", ""},
      {"a whole name", "Roos Vandervelde", "Grenzen stellen", ""},
      {"the young person", "mama van Sam", "Grenzen stellen", "attendees"},
      {"the label", "Roos", "over Sam (2010)", "theme"},
      {"a word of a record", "Adetokunbo", "Grenzen stellen", "attendees"},
      {"a number of a record", "gezin 88-4711", "Grenzen stellen", "attendees"},
      {"the id", "traject " + id, "Grenzen stellen", "attendees"},
      {"its first digits", "traject " + id.substr(0, 6), "Grenzen stellen", "attendees"},
      {"digits of none", "ffffff", "Grenzen stellen", ""},
      {"a year", "Roos 2010", "Puberteit", ""},
      {"a national number", "Roos 10.05.14-123.45", "Grenzen stellen", "attendees"},
      {"an address of mail", "roos@example.org", "Grenzen stellen", "attendees"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto came = Came(c.who, c.theme.c_str());
    EXPECT_EQ(came ? "" : came.error().rule + " " + came.error().field,
              *c.field == '\0' ? "" : "parents_group.names_a_case " + std::string(c.field));
  }
  EXPECT_EQ(groups.Add({{}, "Ouders van Sam", {}, false}, leader).error().field, "name");
}

TEST_F(ParentsGroupsTest, NothingThatIsKeptRefersToATrajectory) {
  ASSERT_TRUE(Came("Roos"));
  for (const char* set : {"parents-groups", "parents-sessions"}) {
    const auto rows = wissel.engine.Kept(set).value();
    ASSERT_EQ(rows.size(), 1U) << set;
    EXPECT_THAT(ToHex(rows.begin()->second), Not(HasSubstr(ToText(trajectory)))) << set;
  }
}

TEST_F(ParentsGroupsTest, WhoLeadsItNeedsNoTaskAndWhoDoesNotSeesNoNames) {
  TaskService tasks(wissel.engine, leuven.region.clock);
  ASSERT_TRUE(tasks.Assign(trajectory, "Nora Peeters", std::nullopt, boss));
  ASSERT_TRUE(Came("Roos")) << "somebody else has the task there";
  const auto listed = groups.Sessions(group, leader).value();
  ASSERT_EQ(listed.sessions.size(), 1U);
  EXPECT_EQ(listed.sessions[0].attendees[0].name, "Roos");
  EXPECT_EQ(groups.Sessions(group, boss).value().sessions[0].attendees.size(), 1U);
  const auto others = groups.Sessions(group, other).value();
  EXPECT_FALSE(others.with_names);
  EXPECT_TRUE(others.sessions[0].attendees.empty());
  EXPECT_EQ(others.sessions[0].total, 2U);
  const std::string session = ToHex(listed.sessions[0].id);
  const ParentsSession edited{{}, {}, "2026-11-20", "Slapen", {{"Roos", 1}}, 0, false};
  EXPECT_EQ(groups.EditSession(session, edited, other).error().rule, "parents_group.leader");
  EXPECT_EQ(groups.DropSession(session, other).error().rule, "parents_group.leader");
  EXPECT_EQ(groups.EditSession(session, edited, leader).value().total, 1U);
  ASSERT_TRUE(groups.DropSession(session.substr(0, 6), boss));
  EXPECT_EQ(groups.DropSession(session, boss).error().rule, "parents_group.no_session");
}

TEST_F(ParentsGroupsTest, WhoCameIsForgottenAndHowManyIsNot) {
  ASSERT_TRUE(Came("Roos", "Grenzen stellen", "2025-11-24"));
  EXPECT_EQ(groups.Sessions(group, leader).value().sessions[0].attendees.size(), 1U) << "the last day";
  ASSERT_TRUE(groups.ForgetOld());
  EXPECT_EQ(groups.Sessions(group, leader).value().sessions[0].attendees.size(), 1U);
  leuven.region.clock.Advance(std::chrono::days(1));
  EXPECT_TRUE(groups.Sessions(group, leader).value().sessions[0].attendees.empty()) << "before it is forgotten";
  EXPECT_THAT(ToHex(wissel.engine.Kept("parents-sessions").value().begin()->second), HasSubstr(ToHex(AsBytes("Roos"))));
  ASSERT_TRUE(groups.ForgetOld());
  EXPECT_THAT(ToHex(wissel.engine.Kept("parents-sessions").value().begin()->second),
              Not(HasSubstr(ToHex(AsBytes("Roos")))));
  const auto session = groups.Sessions(group, leader).value().sessions[0];
  EXPECT_TRUE(session.forgotten);
  EXPECT_EQ(session.total, 2U);
  const ParentsSession again{{}, {}, "2025-11-24", "Slapen", {{"Roos", 1}}, 0, false};
  EXPECT_EQ(groups.EditSession(ToHex(session.id), again, leader).error().rule, "parents_group.forgotten");
  ParentsSession without = again;
  without.attendees.clear();
  EXPECT_EQ(groups.EditSession(ToHex(session.id), without, leader).value().total, 2U);
  EXPECT_EQ(Came("Roos", "Slapen", "2024-01-01").error().rule, "parents_group.forgotten");
}

TEST(ParentsGroupsRetention, CountsInCalendarMonths) {
  using std::chrono::months;
  EXPECT_EQ(ForgottenFrom("2025-11-24", months(12)), "2026-11-24");
  EXPECT_EQ(ForgottenFrom("2024-02-29", months(12)), "2025-02-28");
  EXPECT_EQ(ForgottenFrom("2025-12-31", months(2)), "2026-02-28");
}

TEST_F(ApiTest, AParentsGroupOverTheApi) {
  Opened();
  const auto group = wissel.Post("/v1/parents-groups", {{"name", "Ouders dinsdag"}});
  ASSERT_EQ(group.status, 201) << group.raw.body;
  EXPECT_EQ(group.body["leaders"], json::array({"Nora Peeters"}));
  const std::string id = group.body["id"];
  const std::string sessions = "/v1/parents-groups/" + id + "/sessions";
  const json came = {
      {"day", "2026-11-20"}, {"theme", "Grenzen"}, {"attendees", json::array({{{"name", "Roos"}, {"count", 3}}})}};
  const auto noted = wissel.Post(sessions, came);
  ASSERT_EQ(noted.status, 201) << noted.raw.body;
  EXPECT_EQ(noted.body["total"], 3);
  const json named = {
      {"day", "2026-11-20"}, {"theme", "Grenzen"}, {"attendees", json::array({{{"name", "mama van Sam"}}})}};
  const auto refused = wissel.Post(sessions, named);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body["rule"], "parents_group.names_a_case");
  EXPECT_EQ(refused.body["field"], "attendees");
  EXPECT_EQ(refused.body["findings"], json::array({{{"what", "name"}, {"at", 9}, {"length", 3}, {"certain", false}}}));
  EXPECT_EQ(wissel.Get(sessions).body["sessions"].size(), 1U);
  EXPECT_EQ(wissel.Get("/v1/parents-groups").body["groups"][0]["name"], "Ouders dinsdag");
  const json hidden = wissel.Send("GET", sessions, "", {{"schakel-person", "Jef"}}).body;
  EXPECT_FALSE(hidden["with_names"].get<bool>());
  EXPECT_TRUE(hidden["sessions"][0]["attendees"].empty());
  EXPECT_EQ(wissel.Post("/v1/parents-groups/" + id + "/edit", {{"name", "Ouders"}, {"ended", true}}).body["ended"],
            true);
  EXPECT_EQ(wissel.Post(sessions, came).body["rule"], "parents_group.ended");
}

TEST_F(CliTest, AParentsGroupFromTheCommandLine) {
  const std::string id = Json("de-wissel", {"parents", "add", "--name", "Ouders dinsdag"})["id"];
  const auto session = As("de-wissel", {"parents", "session", id, "--day", "2026-11-20", "--theme", "Grenzen",
                                        "--attendee", "Fa=2", "--attendee", "Roos"});
  EXPECT_EQ(session.exit_code, 0) << session.err;
  EXPECT_THAT(As("de-wissel", {"parents", "sessions", id.substr(0, 8)}).out,
              ::testing::AllOf(HasSubstr("Fa x2"), HasSubstr("3 aanwezig")));
  EXPECT_THAT(As("de-wissel", {"parents", "groups"}).out, HasSubstr("Ouders dinsdag (Nora Peeters)"));
  const auto with = [&](const char* attendee) {
    return As("de-wissel", {"parents", "session", id, "--day", "2026-11-20", "--theme", "Grenzen", "--attendee", "Roos",
                            "--attendee", attendee});
  };
  EXPECT_THAT(with("mail fa@example.org").err, HasSubstr("fa@example.org"));
  for (const char* odd : {"Fa=-3", "Fa=0", "Fa=", "Fa=veel"}) EXPECT_EQ(with(odd).exit_code, 1) << odd;
}

}  // namespace
}  // namespace schakel
