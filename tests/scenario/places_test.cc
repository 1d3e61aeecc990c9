// The last time-out place of the region, with real processes: two organisations ask for it at once, and one has it.
#include <gtest/gtest.h>

#include <thread>

#include "protocol/seams.h"
#include "support/real_region.h"

namespace schakel::testing {
namespace {

std::string In(std::chrono::milliseconds from_now) { return ToText(SystemClock().Now() + from_now); }

class PlacesStory : public ::testing::Test {
 protected:
  PlacesStory() : region_({"biedt-aan", "vraagt-een", "vraagt-twee"}) {}

  static constexpr std::chrono::hours kDay{24};

  std::string Offered() {
    const std::string id = owner_.MustPost(
        "/v1/places",
        {{"kind", "time-out"}, {"title", "De Pas"}, {"age_from", 14}, {"hold_minutes", 60}, {"ends_at", In(30 * kDay)}},
        10)["record"];
    for (ApiClient* one : {&first_, &second_}) {
      EXPECT_TRUE(WaitUntil([&] { return one->MustGet("/v1/places?age=15")["places"].size() == 1; }));
    }
    return id;
  }
  Json Ask(const std::string& needs, const std::string& wait_until = {}) {
    Json ask = {{"needs", needs}, {"age_from", 15}, {"urgency", "today"}, {"ends_at", In(14 * kDay)}};
    if (!wait_until.empty()) ask["wait_until"] = wait_until;
    return ask;
  }
  void Finish() {
    region_.Stop();
    region_.hub().Verify();
    for (RealAgent& agent : region_.agents()) MustRun(agent.Command({"check"}));
  }

  RealRegion region_;
  ApiClient owner_ = region_.agent(0).Client();
  ApiClient first_ = region_.agent(1).Client("Karim Daems");
  ApiClient second_ = region_.agent(2).Client("Els Peeters");
};

TEST_F(PlacesStory, OfTwoThatAskAtOnceOneHasItAndNobodyEndsItsStay) {
  const std::string id = Offered();
  const std::string holds = "/v1/places/" + id + "/holds";
  Reply answers[2];
  {
    std::jthread one([&] { answers[0] = first_.Post(holds, Ask("rust, liefst op de boerderij"), 10); });
    std::jthread two([&] { answers[1] = second_.Post(holds, Ask("even weg van de groep"), 10); });
  }
  ASSERT_NE(answers[0].ok(), answers[1].ok()) << answers[0].json << answers[1].json;
  const bool first_won = answers[0].ok();
  ApiClient& winner = first_won ? first_ : second_;
  ApiClient& loser = first_won ? second_ : first_;
  const Reply& lost = answers[first_won ? 1 : 0];
  EXPECT_EQ(lost.status, 409);
  EXPECT_EQ(lost.json["rule"], "place.taken");
  EXPECT_FALSE(lost.json["next"].get<std::string>().empty()) << "and what to do now";
  const std::string hold = answers[first_won ? 0 : 1].json["record"];
  ASSERT_TRUE(WaitUntil([&] { return owner_.MustGet("/v1/places/" + id)["holds"].size() == 1; }));
  EXPECT_EQ(owner_.MustGet("/v1/inbox")["items"][0]["what"], "place-asked");

  // Who did not get it learns nothing of who did.
  const std::string seen = loser.MustGet("/v1/places/" + id).dump() + loser.MustGet("/v1/inbox").dump();
  EXPECT_EQ(seen.find(first_won ? "vraagt-een" : "vraagt-twee"), std::string::npos) << seen;
  EXPECT_EQ(seen.find(first_won ? "boerderij" : "de groep"), std::string::npos) << seen;

  owner_.MustPost("/v1/holds/" + hold + "/answer", {{"agreed", true}, {"text", "vanaf 17 uur"}}, 10);
  const auto state = [&] { return winner.MustGet("/v1/places/" + id)["holds"][0]["state"]; };
  ASSERT_TRUE(WaitUntil([&] { return state() == "agreed"; }));
  EXPECT_EQ(owner_.Post("/v1/holds/" + hold + "/answer", {{"agreed", false}}, 10).json["rule"], "place.answered");
  EXPECT_EQ(owner_.Post("/v1/holds/" + hold + "/release", Json::object(), 10).json["rule"], "place.holder");
  owner_.MustPost("/v1/places/" + id + "/closing", Json::object(), 10);
  ASSERT_TRUE(WaitUntil([&] { return winner.MustGet("/v1/places/" + id)["open"] == false; }));
  EXPECT_EQ(state(), "agreed") << "closing the offer ends no stay";
  winner.MustPost("/v1/holds/" + hold + "/release", {{"text", "terug naar huis"}}, 10);
  EXPECT_TRUE(WaitUntil([&] { return owner_.MustGet("/v1/places/" + id)["free"] == 1; }));
  Finish();
}

TEST_F(PlacesStory, APlaceThatNobodyAnsweredForIsFreeAgainAlsoAfterTheHubStartedAnew) {
  const std::string id = Offered();
  const std::string holds = "/v1/places/" + id + "/holds";
  const std::string hold = first_.MustPost(holds, Ask("rust", In(std::chrono::seconds(3))), 10)["record"];
  EXPECT_EQ(second_.Post(holds, Ask("rust"), 10).json["rule"], "place.taken");
  ASSERT_EQ(region_.hub().process().Terminate(), 0);
  region_.hub().Start();
  std::string next;
  ASSERT_TRUE(WaitUntil([&] {
    const Reply asked = second_.Post(holds, Ask("rust"), 10);
    if (asked.ok()) next = asked.json["record"];
    return asked.ok();
  }));
  EXPECT_EQ(first_.MustGet("/v1/places/" + id)["holds"][0]["state"], "expired");
  ASSERT_TRUE(WaitUntil([&] { return owner_.MustGet("/v1/places/" + id)["holds"].size() == 2; }));
  EXPECT_EQ(owner_.Post("/v1/holds/" + hold + "/answer", {{"agreed", true}}, 10).json["rule"], "place.hold")
      << "another has that place by now";
  owner_.MustPost("/v1/holds/" + next + "/answer", {{"agreed", false}, {"text", "te jong"}}, 10);
  ASSERT_TRUE(WaitUntil([&] {
    const Json own = second_.MustGet("/v1/places/" + id)["holds"];
    return std::ranges::any_of(own, [](const Json& one) { return one.at("state") == "refused"; });
  }));
  Finish();
}

TEST_F(PlacesStory, WhoItIsForIsNotSaid) {
  const std::string id = Offered();
  const Reply named = first_.Post("/v1/places/" + id + "/holds", Ask("Voor een jongere, mail milan@example.be"), 10);
  EXPECT_EQ(named.status, 400);
  EXPECT_EQ(named.json["rule"], "place.identifying");
  EXPECT_EQ(named.json["findings"].size(), 1U);
  EXPECT_EQ(owner_.MustGet("/v1/places/" + id)["holds"].size(), 0U) << "nothing left";
  Finish();
}

}  // namespace
}  // namespace schakel::testing
