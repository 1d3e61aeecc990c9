#include "agents/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agents/following.h"
#include "support/api_world.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::Leuven;
using Answer = schakel::test::ApiAnswer;
using schakel::test::ApiTest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(ApiTest, AWholeConsultationGoesThroughJson) {
  const std::string id = Shared();
  const Answer asked = wissel.Post("/v1/consultations", {{"trajectory", id.substr(0, 8)},
                                                         {"question", "Hoe pakken we slapen aan?"},
                                                         {"categories", {"mental-health"}},
                                                         {"urgency", "today"}});
  ASSERT_EQ(asked.status, 201) << asked.raw.body;
  EXPECT_EQ(asked.body["reaches"][0]["name"], "UPC Leuven");
  const std::string question = asked.body["record"];
  const Answer inbox = upc.Get("/v1/inbox");
  EXPECT_EQ(inbox.body["items"][0]["what"], "answer");
  EXPECT_EQ(inbox.body["items"][0]["trajectory"]["label"], "Traject 12");
  ASSERT_EQ(upc.Post("/v1/consultations/" + question + "/answers", {{"text", "Begin met een dagritme."}}).status, 201);
  const Answer shown = wissel.Get("/v1/consultations/" + question);
  EXPECT_EQ(shown.body["state"], "answered");
  EXPECT_EQ(shown.body["thread"][1]["body"]["text"], "Begin met een dagritme.");
  const Answer more = wissel.Post("/v1/consultations/" + question + "/answers", {{"text", "En dan?"}});
  ASSERT_EQ(more.status, 201) << more.raw.body;
  EXPECT_EQ(more.body["follow_up"], true);
  EXPECT_EQ(more.body["reaches"][0]["name"], "UPC Leuven");
  const Answer again = upc.Get("/v1/consultations/" + question);
  EXPECT_EQ(again.body["state"], "open");
  EXPECT_EQ(again.body["follow_ups"][0]["record"], more.body["record"]);
  EXPECT_EQ(again.body["answers"].size(), 1U);
  EXPECT_EQ(wissel.Post("/v1/consultations/" + question + "/conclusion", {{"taken", "yes"}}).status, 201);
  EXPECT_EQ(upc.Get("/v1/consultations").body["consultations"][0]["state"], "concluded");
}

TEST_F(ApiTest, WhomAnAnonymousQuestionIsAboutIsAStepOfItsOwn) {
  const std::string id = Shared();
  const Answer asked = wissel.Post("/v1/consultations",
                                   {{"question", "Hoe?"}, {"categories", {"mental-health"}}, {"to", {"upc-leuven"}}});
  ASSERT_EQ(asked.status, 201) << asked.raw.body;
  const std::string path = "/v1/consultations/" + asked.body["record"].get<std::string>();
  EXPECT_TRUE(upc.Get(path).body["revealed"].empty());
  const Answer said =
      wissel.Post(path + "/reveals", {{"trajectory", id}, {"to", {"upc-leuven"}}, {"text", "zie daar"}});
  ASSERT_EQ(said.status, 201) << said.raw.body;
  const Answer shown = upc.Get(path);
  EXPECT_EQ(shown.body["revealed"][0]["trajectory"], id);
  EXPECT_TRUE(shown.body["trajectory"].is_null()) << "the question itself stays as it was asked";
  const Answer record = upc.Get("/v1/records/" + said.body["record"].get<std::string>());
  EXPECT_EQ(record.body["body"]["type"], "reveal");
  EXPECT_EQ(record.body["body"]["question"], asked.body["record"]);
  EXPECT_EQ(record.body["body"]["text"], "zie daar");
  ASSERT_EQ(wissel
                .Send("POST", "/v1/trajectories/" + id + "/tasks", json{{"person", "Wim"}}.dump(),
                      {{"schakel-role", "coordinator"}})
                .status,
            201);
  const std::string again = json{{"trajectory", id}, {"to", {"upc-leuven"}}}.dump();
  EXPECT_EQ(wissel.Send("POST", path + "/reveals", again, {{"schakel-person", "Bea"}}).body["rule"], "write.no_task");
}

TEST_F(ApiTest, ASectorIsAskedAndThePreviewNamesItsMembers) {
  json body = {{"trajectory", Shared()},
               {"question", "Wie ziet ruimte?"},
               {"categories", {"mental-health"}},
               {"to", {"Kinder- en jeugdpsychiatrie"}},
               {"preview", true}};
  const Answer preview = wissel.Post("/v1/consultations", body);
  ASSERT_EQ(preview.status, 200) << preview.raw.body;
  EXPECT_EQ(preview.body["reaches"][0]["name"], "UPC Leuven");
  body["to"] = json::array({"police-liaison"});
  EXPECT_EQ(wissel.Post("/v1/consultations", body).body["rule"], "consultation.sector");
}

TEST_F(ApiTest, WhoAsksAnonymouslyWithADayIsToldWhenItPasses) {
  Cases cases(leuven.youth_care);
  FollowService following(leuven.youth_care, cases, leuven.region.clock);
  const Timestamp before = leuven.region.clock.Now();
  const auto told = [&] { return following.LateBetween(before, before + std::chrono::hours(24 * 30)).value().people; };
  json body = {{"question", "Hoe?"}, {"categories", {"mental-health"}}, {"to", {"upc-leuven"}}};
  ASSERT_EQ(wissel.Post("/v1/consultations", body).status, 201);
  EXPECT_THAT(told(), IsEmpty()) << "it has no day";
  body["answer_by"] = "2026-12-01T08:00:00Z";
  body["preview"] = true;
  ASSERT_EQ(wissel.Post("/v1/consultations", body).status, 200);
  EXPECT_THAT(leuven.youth_care.Kept(FollowService::kAskerSet).value(), IsEmpty()) << "nothing was asked";
  body["preview"] = false;
  ASSERT_EQ(wissel.Post("/v1/consultations", body).status, 201);
  EXPECT_THAT(told(), ElementsAre("Nora Peeters"));
}

TEST_F(ApiTest, WhoAskedSeesHowFarTheQuestionCame) {
  for (const bool anonymous : {true, false}) {
    json body = {{"question", "Hoe?"}, {"categories", {"mental-health"}}, {"to", {"upc-leuven"}}};
    if (!anonymous) body["trajectory"] = Shared();
    const Answer asked = wissel.Post("/v1/consultations", body);
    ASSERT_EQ(asked.status, 201) << asked.raw.body;
    const std::string path = "/v1/consultations/" + asked.body["record"].get<std::string>();
    const json before = wissel.Get(path).body["receipts"];
    ASSERT_EQ(before.size(), 1U);
    EXPECT_TRUE(before[0]["stored_at"].is_null()) << "the hub was not asked";
    const Answer stored = wissel.Get(path + "/receipts");
    ASSERT_EQ(stored.status, 200) << stored.raw.body;
    EXPECT_EQ(stored.body["asked"], true);
    EXPECT_FALSE(stored.body["receipts"][0]["stored_at"].is_null());
    EXPECT_TRUE(stored.body["receipts"][0]["opened_at"].is_null());
    ASSERT_EQ(upc.Get(path).status, 200);
    ASSERT_EQ(upc.Post(path + "/answers", {{"text", "Zo."}}).status, 201);
    EXPECT_FALSE(wissel.Get(path + "/receipts").body["receipts"][0]["opened_at"].is_null());
    const json kept = wissel.Get(path).body["receipts"][0];
    EXPECT_FALSE(kept["opened_at"].is_null()) << "what the hub said is kept";
    EXPECT_FALSE(kept["answered_at"].is_null());
    EXPECT_EQ(upc.Get(path + "/receipts").body["rule"], "consultation.receipts");
    EXPECT_TRUE(upc.Get(path).body["receipts"].empty());
  }
}

TEST_F(ApiTest, AnIdentifyingQuestionComesBackWithPlacesAndNoWords) {
  Shared();
  const Answer answer =
      wissel.Post("/v1/consultations",
                  {{"question", "Sam slaapt niet"}, {"categories", {"mental-health"}}, {"to", {"upc-leuven"}}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body["findings"], json::parse(R"([{"what":"name","at":0,"length":3,"certain":false}])"));
  EXPECT_EQ(answer.raw.body.find("Sam"), std::string::npos);
}

}  // namespace
}  // namespace schakel
