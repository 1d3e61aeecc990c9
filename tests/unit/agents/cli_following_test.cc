#include "agents/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "agents/api.h"
#include "support/cli_world.h"
#include "support/paths.h"

namespace schakel {
namespace {

using nlohmann::json;
using schakel::test::CliTest;
using Outcome = schakel::test::CliOutcome;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(CliTest, TheInboxForgetsWhatWasSeen) {
  const std::string id = Shared();
  As("de-wissel", {"notes", "add", id, "--title", "t", "--text", "x", "--category", "goals"});
  EXPECT_THAT(As("clb-leuven", {"inbox", "--seen"}).out, HasSubstr("Notitie"));
  EXPECT_THAT(As("clb-leuven", {"inbox"}).out, HasSubstr("Niets te doen en niets nieuws."));
  EXPECT_THAT(As("clb-leuven", {"inbox", "--as", "Jef"}).out, HasSubstr("Notitie"));
}

TEST_F(CliTest, FollowingShowsWhatHappens) {
  const std::string id = Shared();
  Outcome followed;
  std::thread follower([&] { followed = As("de-wissel", {"trajectories", "follow", id, "--count", "1"}); });
  // Until the follower is listening nothing is said: whether it is shows in what it prints, so say it until it ends.
  std::atomic<bool> ended = false;
  std::thread talker([&] {
    while (!ended) As("de-wissel", {"notes", "add", id, "--title", "t", "--text", "x", "--category", "goals"});
  });
  follower.join();
  ended = true;
  talker.join();
  EXPECT_EQ(followed.exit_code, 0) << followed.err;
  EXPECT_THAT(followed.out, AllOf(HasSubstr("ma 23/11/2026 09:00"), HasSubstr("\n")));
}

TEST_F(CliTest, AReplacedInvitationIsNoNews) {
  const std::string id = Json("de-wissel", {"trajectories", "open", "--label", "S."})["trajectory"];
  As("de-wissel", {"trajectories", "invite", id, "caw-leuven"});
  const std::string second = Json("de-wissel", {"trajectories", "invite", id, "caw-leuven"})["record"];
  const json items = Json("caw-leuven", {"inbox"})["items"];
  EXPECT_EQ(std::ranges::count_if(items, [](const json& one) { return one["what"] == "new"; }), 1);
  for (const json& one : items) EXPECT_EQ(one["record"], second);
}

TEST_F(CliTest, AnAlarmThatWasSeenIsCountedNoMore) {
  leuven.youth_care.Raise({.fault = Alarm::Fault::kHub, .what = {Code::kTampered, "hub.distrusted", {}, {}}});
  leuven.youth_care.Raise({.fault = Alarm::Fault::kNotice, .what = {Code::kConflict, "hub.trusted_again", {}, {}}});
  EXPECT_THAT(As("de-wissel", {"status"}).out, HasSubstr("2 nog niet gezien"));
  EXPECT_THAT(As("de-wissel", {"alarms"}).out, AllOf(HasSubstr("voorbij"), Not(HasSubstr("gezien"))));
  EXPECT_EQ(As("de-wissel", {"alarms", "--seen", "1"}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"status"}).out, HasSubstr("1 nog niet gezien"));
  EXPECT_THAT(As("de-wissel", {"status", "--as", "Jef"}).out, HasSubstr("2 nog niet gezien"));
  EXPECT_EQ(As("de-wissel", {"alarms", "--seen", "all"}).exit_code, 0);
  EXPECT_THAT(As("de-wissel", {"status"}).out, Not(HasSubstr("nog niet gezien")));
  EXPECT_THAT(As("de-wissel", {"alarms"}).out, HasSubstr("gezien"));
  EXPECT_EQ(As("de-wissel", {"alarms", "--seen", "9"}).exit_code, 1);
  EXPECT_EQ(As("de-wissel", {"alarms", "--seen", "x"}).exit_code, 2);
  leuven.youth_care.Distrust(Error{Code::kTampered, "hub.distrusted", {}, {}});
  EXPECT_THAT(As("de-wissel", {"alarms"}).out, Not(HasSubstr("voorbij")));
}

TEST_F(CliTest, AnAlarmOfLostHistoryIsOpenUntilTheHubIsWelcomeAgain) {
  leuven.youth_care.Raise({.fault = Alarm::Fault::kHub, .what = {Code::kTampered, "hello.seen", {}, {}}});
  EXPECT_THAT(As("de-wissel", {"alarms"}).out, Not(HasSubstr("voorbij")));
  EXPECT_EQ(Json("de-wissel", {"status"})["refused"]["rule"], "hello.seen");
  EXPECT_THAT(As("de-wissel", {"status"}).out, HasSubstr("OPGELET"));
  leuven.youth_care.Raise({.fault = Alarm::Fault::kNotice, .what = {Code::kConflict, "hub.welcome_again", {}, {}}});
  EXPECT_THAT(As("de-wissel", {"alarms"}).out, HasSubstr("voorbij"));
  EXPECT_TRUE(Json("de-wissel", {"status"})["refused"].is_null());
}

TEST_F(CliTest, SearchShowsWhereItStandsAndTellsWhatThereIsBesides) {
  const std::string id = Shared();
  for (const char* text : {"Een vaste afspraak over slapen.", "Nog een \x1B[2J afspraak."}) {
    ASSERT_EQ(As("de-wissel", {"notes", "add", id, "--title", "t", "--text", text, "--category", "goals"}).exit_code,
              0);
    leuven.region.clock.Advance(std::chrono::minutes(1));
  }
  const Outcome found = As("de-wissel", {"search", "afspraken"});
  EXPECT_EQ(found.exit_code, 0);
  EXPECT_THAT(found.out, AllOf(HasSubstr("Notitie · De Wissel · Sam (2010)"),
                               HasSubstr("Een vaste afspraak over slapen."), Not(HasSubstr("\x1B"))));
  EXPECT_THAT(As("de-wissel", {"search", "afspraken", "--limit", "1"}).err, HasSubstr("de nieuwste 1 van 2"));
  EXPECT_EQ(Json("de-wissel", {"search", "afspraak slapen", "--kind", "dossiernotitie"})["total"], 1);
  EXPECT_EQ(Json("de-wissel", {"search", "afspraak", "--kind", "agreement"})["total"], 0);
  EXPECT_THAT(As("de-wissel", {"search", "niets"}).out, HasSubstr("Niets gevonden in wat u mag zien."));
  EXPECT_THAT(As("de-wissel", {"search", "!"}).err, HasSubstr("Geef minstens één woord"));
}

TEST_F(CliTest, WhoFollowsSeesWhatIsNewUntilTheyLooked) {
  const std::string id = Shared();
  EXPECT_THAT(As("upc-leuven", {"changes"}).out, HasSubstr("U volgt niets."));
  EXPECT_THAT(As("upc-leuven", {"follow", id.substr(0, 8), "--kind", "dossiernotitie"}).out, HasSubstr("U volgt dit"));
  ASSERT_EQ(As("upc-leuven", {"changes", id, "--seen"}).exit_code, 0);
  EXPECT_THAT(As("upc-leuven", {"changes", id}).out, HasSubstr("Niets nieuws"));
  ASSERT_EQ(As("de-wissel", {"notes", "add", id, "--title", "t", "--text", "x", "--category", "goals"}).exit_code, 0);
  EXPECT_THAT(As("upc-leuven", {"changes", id}).out, AllOf(HasSubstr("Notitie"), HasSubstr("De Wissel")));
  const json followed = Json("upc-leuven", {"changes"})["follows"];
  ASSERT_EQ(followed.size(), 1U);
  EXPECT_EQ(followed[0]["changes"], 1);
  EXPECT_EQ(followed[0]["kinds"], json::array({"note"}));
  EXPECT_THAT(As("upc-leuven", {"changes"}).out, HasSubstr("Notitie"));
  EXPECT_EQ(As("upc-leuven", {"changes", "--seen"}).exit_code, 2);
  EXPECT_EQ(As("upc-leuven", {"unfollow", id}).exit_code, 0);
  EXPECT_THAT(As("upc-leuven", {"unfollow", id}).err, HasSubstr("U volgt dit traject niet."));
}

TEST_F(CliTest, NoticesAndWebhooksAreChosenWhereTheyAreSetUp) {
  EXPECT_THAT(As("de-wissel", {"notices", "show"}).out, HasSubstr("geen"));
  EXPECT_THAT(As("de-wissel", {"notices", "show"}).err, HasSubstr("[mail]"));
  EXPECT_THAT(As("de-wissel", {"notices", "choose", "--mail", "meteen", "--address", "nora@dewissel.example"}).err,
              HasSubstr("Deze agent kan geen mail sturen."));
  EXPECT_THAT(As("de-wissel", {"webhooks", "add", "https://epd.example"}).err, HasSubstr("Webhooks staan niet aan."));
  servers.erase("de-wissel");
  ApiOptions options;
  options.socket = folder / "de-wissel";
  options.profiles = SourceDir() / "agents/profiles";
  options.mail = MailOptions{.server = "smtps://127.0.0.1:1", .from = "schakel@dewissel.example"};
  options.webhooks = WebhookOptions{};
  servers["de-wissel"] = StartApi(leuven.youth_care, options, leuven.region.clock, leuven.region.random).value();
  const Outcome chosen = As("de-wissel", {"notices", "choose", "--mail", "dagelijks", "--address", "n@dewissel.example",
                                          "--digest-at", "7u30", "--quiet", "20:00-07:00"});
  EXPECT_THAT(chosen.out, AllOf(HasSubstr("dagelijks"), HasSubstr("n@dewissel.example"), HasSubstr("07:30"),
                                HasSubstr("20:00-07:00")));
  EXPECT_EQ(Json("de-wissel", {"notices", "show"})["digest_at"], "07:30");
  EXPECT_THAT(As("de-wissel", {"notices", "choose", "--mail", "meteen", "--address", "x"}).err,
              HasSubstr("Dat is geen e-mailadres."));
  EXPECT_THAT(As("de-wissel", {"webhooks", "list"}).out, HasSubstr("Er zijn geen webhooks."));
  const Outcome added = As("de-wissel", {"webhooks", "add", "https://epd.example/x", "--kind", "dossiernotitie"});
  EXPECT_THAT(added.out, StartsWith("whsec_"));
  EXPECT_THAT(added.err, HasSubstr("nooit meer"));
  const Outcome listed = As("de-wissel", {"webhooks", "list"});
  EXPECT_THAT(listed.out, AllOf(HasSubstr("https://epd.example/x"), HasSubstr("in orde"), HasSubstr("Notitie"),
                                Not(HasSubstr("whsec_"))));
  EXPECT_THAT(As("de-wissel", {"webhooks", "add", "https://10.0.0.1/"}).err, HasSubstr("private_targets"));
  const std::string id = Json("de-wissel", {"webhooks", "list"})["webhooks"][0]["id"];
  EXPECT_THAT(As("de-wissel", {"webhooks", "remove", id.substr(0, 6)}).out, HasSubstr("Gestopt."));
  EXPECT_THAT(As("de-wissel", {"webhooks", "remove", id}).err, HasSubstr("Zo'n webhook is er niet."));
}

}  // namespace
}  // namespace schakel
