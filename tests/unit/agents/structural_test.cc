// Structural consultation: what was held, and what turns red.
#include "agents/structural.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/api_world.h"
#include "support/cli_world.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::CliTest;
using ::testing::HasSubstr;

StructuralMeeting MeetingOn(const char* day, StructuralState state = StructuralState::kHeld,
                            ConsultationLevel level = ConsultationLevel::kStaff) {
  StructuralMeeting one;
  one.day = day;
  one.state = state;
  one.level = level;
  return one;
}

TEST(StructuralCadence, TurnsWithTheDayInTheYear) {
  using enum CadenceStanding;
  constexpr auto kHeld = StructuralState::kHeld;
  constexpr auto kPlanned = StructuralState::kPlanned;
  constexpr auto kCancelled = StructuralState::kCancelled;
  struct Case {
    const char* name;
    std::vector<StructuralMeeting> meetings;
    const char* today;
    CadenceStanding want;
    const char* due;
  };
  const Case cases[] = {
      {"the year begins", {}, "2026-01-01", kOnTrack, "2026-04-30"},
      {"sixty-one days before", {}, "2026-02-28", kOnTrack, "2026-04-30"},
      {"sixty days before", {}, "2026-03-01", kToPlan, "2026-04-30"},
      {"one is planned", {MeetingOn("2026-04-30", kPlanned)}, "2026-03-01", kOnTrack, "2026-04-30"},
      {"planned too late", {MeetingOn("2026-05-01", kPlanned)}, "2026-03-01", kToPlan, "2026-04-30"},
      {"planned, and cancelled", {MeetingOn("2026-04-30", kCancelled)}, "2026-03-01", kToPlan, "2026-04-30"},
      {"on its last day", {}, "2026-04-30", kToPlan, "2026-04-30"},
      {"the day after", {}, "2026-05-01", kAtRisk, "2026-04-30"},
      {"planned, and not held", {MeetingOn("2026-04-20", kPlanned)}, "2026-05-01", kAtRisk, "2026-04-30"},
      {"one was held", {MeetingOn("2026-04-20")}, "2026-05-01", kOnTrack, "2026-08-31"},
      {"two were", {MeetingOn("2026-04-20"), MeetingOn("2026-05-20")}, "2026-09-01", kOnTrack, "2026-12-31"},
      {"three were",
       {MeetingOn("2026-01-20"), MeetingOn("2026-02-20"), MeetingOn("2026-03-20")},
       "2026-04-01",
       kMet,
       ""},
      {"two by the last day", {MeetingOn("2026-04-20"), MeetingOn("2026-05-20")}, "2026-12-31", kToPlan, "2026-12-31"},
      {"two, and the year is over",
       {MeetingOn("2026-04-20"), MeetingOn("2026-05-20")},
       "2027-01-01",
       kMissed,
       "2026-12-31"},
      {"three, and the year is over",
       {MeetingOn("2026-01-20"), MeetingOn("2026-02-20"), MeetingOn("2026-12-31")},
       "2027-01-01",
       kMet,
       ""},
      {"of another level",
       {MeetingOn("2026-01-20", kHeld, ConsultationLevel::kWorkers), MeetingOn("2026-02-20"), MeetingOn("2026-12-31")},
       "2027-01-01",
       kMissed,
       "2026-12-31"},
      {"of another year", {MeetingOn("2025-12-31")}, "2026-05-01", kAtRisk, "2026-04-30"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const Cadence staff = CadencesOf(c.meetings, 2026, c.today)[1];
    EXPECT_EQ(staff.level, ConsultationLevel::kStaff);
    EXPECT_EQ(Slug(staff.standing), Slug(c.want));
    EXPECT_EQ(staff.due, c.due);
  }
}

class StructuralApiTest : public test::ApiTest {
 protected:
  std::string Partner(bool discreet = false) {
    const json body = {{"name", "CGG"}, {"kind", "agreement"}, {"quality", "positive"}, {"discreet", discreet}};
    return AsBoss("POST", "/v1/partnerships", body).body["id"];
  }
  test::ApiAnswer AsBoss(const std::string& method, const std::string& target, const json& body = json::object()) {
    return wissel.Send(method, target, body.dump(), {{"schakel-role", "coordinator"}});
  }
  json Level(int index, const std::string& year = "2026") {
    return wissel.Get("/v1/structural-consultations?year=" + year).body["levels"][index];
  }
  json House() { return AsBoss("GET", "/v1/inbox").body["house"]; }
};

TEST_F(StructuralApiTest, MeetingsAreNotedChangedAndCounted) {
  const std::string partner = Partner();
  EXPECT_TRUE(House().empty()) << "who never noted one is not asked for it";
  const std::string path = "/v1/structural-consultations";
  const json planned = {{"partnership", partner}, {"level", "direction"}, {"day", "2026-12-03"}, {"who", {"Bea"}}};
  const auto noted = wissel.Post(path, planned);
  ASSERT_EQ(noted.status, 201) << noted.raw.body;
  EXPECT_EQ(noted.body["partner"], "CGG");
  EXPECT_EQ(Level(0)["planned"], 1);
  json held = planned;
  held.erase("partnership");
  held["state"] = "held";
  const std::string one = path + "/" + noted.body["id"].get<std::string>();
  EXPECT_EQ(wissel.Post(one + "/edit", held).body["rule"], "structural.future");
  held["day"] = "2026-11-23";
  EXPECT_EQ(wissel.Post(one + "/edit", held).body["state"], "held");
  EXPECT_EQ(Level(0)["held"], 1);
  EXPECT_EQ(Level(0)["standing"], "at-risk") << "two were due by the end of August";
  EXPECT_EQ(Level(1)["standing"], "at-risk");
  json house = House();
  ASSERT_EQ(house.size(), 3U) << house;
  EXPECT_EQ(house[0]["what"], "consultation-at-risk");
  EXPECT_EQ(house[0]["level"], "direction");
  EXPECT_EQ(house[0]["due"], "2026-08-31");
  EXPECT_TRUE(wissel.Get("/v1/inbox").body["house"].empty()) << "a worker";
  EXPECT_EQ(wissel.Post(path, planned).status, 201);
  EXPECT_EQ(House().size(), 2U) << "the next one is planned";
  EXPECT_EQ(wissel.Send("DELETE", one, "").status, 200);
  EXPECT_EQ(wissel.Send("DELETE", one, "").body["rule"], "structural.unknown");
  json past = planned;
  past["day"] = "2026-11-22";
  EXPECT_EQ(wissel.Post(path, past).body["rule"], "structural.past");
  EXPECT_EQ(wissel.Post(path, past).body["field"], "day");
  past["state"] = "held";
  EXPECT_EQ(wissel.Post(path, past).status, 201);
  EXPECT_EQ(wissel.Get(path + "?year=nu").body["rule"], "request.year");
  EXPECT_EQ(wissel.Post(path, {{"partnership", partner}, {"level", "direction"}, {"day", "2026-12"}}).body["rule"],
            "body.whole_day");
}

TEST_F(StructuralApiTest, WhatWasPlannedAndWentByIsStillPutRight) {
  json one = {{"partnership", Partner()}, {"level", "staff"}, {"day", "2026-11-24"}};
  const std::string path =
      "/v1/structural-consultations/" + wissel.Post("/v1/structural-consultations", one).body["id"].get<std::string>();
  one.erase("partnership");
  leuven.region.clock.Advance(std::chrono::days(10));
  one["notes"] = "verplaatst";
  EXPECT_EQ(wissel.Post(path + "/edit", one).status, 200);
  one["day"] = "2026-11-25";
  EXPECT_EQ(wissel.Post(path + "/edit", one).body["rule"], "structural.past") << "to a day that is over";
}

TEST_F(StructuralApiTest, AYearThatWasMissedIsRedAndStandsInTheInboxForAWhile) {
  const auto noted =
      wissel.Post("/v1/structural-consultations",
                  {{"partnership", Partner()}, {"level", "staff"}, {"day", "2026-11-20"}, {"state", "held"}});
  ASSERT_EQ(noted.status, 201) << noted.raw.body;
  leuven.region.clock.Advance(std::chrono::days(39));  // 1 January.
  EXPECT_EQ(Level(1)["standing"], "missed");
  EXPECT_EQ(Level(1)["held"], 1);
  EXPECT_EQ(Level(1, "2027")["standing"], "on-track");
  ASSERT_EQ(House().size(), 3U);
  EXPECT_EQ(House()[1]["what"], "consultation-missed");
  EXPECT_EQ(House()[1]["year"], 2026);
  leuven.region.clock.Advance(std::chrono::days(90));  // 1 April.
  for (const json& item : House()) EXPECT_EQ(item["what"], "consultation-to-plan") << item;
}

TEST_F(StructuralApiTest, ThatWithADiscreetPartnerDoesNotShowToAWorkerNorInACount) {
  ASSERT_EQ(AsBoss("POST", "/v1/structural-consultations",
                   {{"partnership", Partner(true)}, {"level", "staff"}, {"day", "2026-11-20"}, {"state", "held"}})
                .status,
            201);
  EXPECT_EQ(AsBoss("GET", "/v1/structural-consultations").body["levels"][1]["held"], 1);
  const json seen = wissel.Get("/v1/structural-consultations").body;
  EXPECT_EQ(seen["levels"][1]["held"], 0);
  EXPECT_TRUE(seen["meetings"].empty());
}

TEST_F(CliTest, StructuralConsultationFromTheCommandLine) {
  const std::string partner =
      Json("de-wissel", {"partnerships", "add", "--name", "CGG", "--kind", "agreement", "--quality", "positive"})["id"];
  const auto added =
      As("de-wissel", {"structural", "add", "--partner", partner, "--level", "begeleiders", "--day", "2026-11-20",
                       "--state", "gehouden", "--who", "Nora,An", "--notes", "over crisis"});
  EXPECT_EQ(added.exit_code, 0) << added.err;
  EXPECT_THAT(As("de-wissel", {"structural", "list"}).out,
              ::testing::AllOf(HasSubstr("achter op schema"), HasSubstr("over crisis"), HasSubstr("1/3")));
  EXPECT_THAT(As("de-wissel", {"inbox", "--role", "coordinator"}).out, HasSubstr("Structureel overleg loopt achter"));
}

}  // namespace
}  // namespace schakel
