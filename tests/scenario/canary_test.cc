// A story with a marker in every field that people fill in, told to real processes; then every byte that they leave is
// searched for them: while they run, after kill -9, and after a clean stop.
#include <gtest/gtest.h>

#include <fstream>

#include "protocol/token.h"
#include "support/canary.h"
#include "support/real_region.h"

namespace schakel::testing {
namespace {

class CanaryStory : public ::testing::Test {
 protected:
  CanaryStory() : region_({"kanarie-leidt", "kanarie-helpt"}) {}

  // A word that is to be found nowhere, with what encodings turn differently.
  std::string Mark(const std::string& name) {
    const std::string word = "KANARIE " + name + " zx9Q+é";
    words_.push_back(ToBytes(AsBytes(word)));
    return word;
  }
  void Tell() {
    ApiClient lead = region_.agent(0).Client(Mark("persoon"));
    ApiClient helper = region_.agent(1).Client(Mark("collega"));
    const auto post = [](ApiClient& who, const std::string& path, Json body) {
      return who.MustPost(path, body, 10)["record"].get<std::string>();
    };
    const std::string trajectory = lead.MustPost(
        "/v1/trajectories", {{"label", Mark("etiket")}, {"reason", Mark("aanleiding")}}, 10)["trajectory"];
    const std::string path = "/v1/trajectories/" + trajectory;
    ids_.push_back(FromHex(trajectory).value());
    post(lead, path + "/invitations", {{"organisation", "kanarie-helpt"}, {"message", Mark("uitnodiging")}});
    ASSERT_TRUE(WaitUntil([&] { return helper.Get(path).ok(); }));
    post(helper, path + "/join", {{"message", Mark("engagement")}});
    ASSERT_TRUE(WaitUntil([&] { return lead.MustGet(path)["members"][1]["status"] == "joined"; }));
    std::string grant;
    for (const char* organisation : {"kanarie-leidt", "kanarie-helpt"}) {
      Json give = LivingGrant(organisation);
      give["purposes"] = {"care-coordination", "round-table", "consultation", "safety"};
      give["categories"] = {"living", "goals", "agreements", "safety", "own-voice", "meeting"};
      give["consented_by"] = Mark("jongere");
      give["how"] = Mark("hoe");
      give["witness"] = Mark("getuige");
      give["reason"] = Mark("reden");
      grant = post(lead, path + "/grants", give);
    }
    const auto note = post(lead, path + "/notes", LivingNote(Mark("titel"), Mark("tekst")));
    post(lead, path + "/agreements",
         {{"about", "running-away"},
          {"text", Mark("afspraak")},
          {"contact", Mark("telefoon")},
          {"accept_unreached", true}});
    post(lead, path + "/requests",
         {{"who", "other"}, {"name", Mark("oma")}, {"words", Mark("hulpvraag")}, {"accept_unreached", true}});
    const auto question = post(lead, "/v1/consultations",
                               {{"trajectory", trajectory},
                                {"question", Mark("vraag")},
                                {"categories", {"living"}},
                                {"purpose", "consultation"}});
    ASSERT_TRUE(WaitUntil([&] { return helper.Get("/v1/records/" + question).ok(); }));
    post(helper, "/v1/consultations/" + question + "/answers", {{"text", Mark("antwoord")}});
    const auto table =
        post(lead, path + "/tables",
             {{"title", Mark("tafel")},
              {"place", Mark("plaats")},
              {"agenda", Mark("agenda")},
              {"to", {"kanarie-helpt"}},
              {"family_first", false},
              {"slots", {{{"begins_at", "2027-01-12T10:00:00Z"}, {"ends_at", "2027-01-12T11:00:00Z"}}}}});
    ASSERT_TRUE(WaitUntil([&] { return helper.Get("/v1/tables/" + table).ok(); }));
    post(helper, "/v1/tables/" + table + "/votes", {{"choices", {"yes"}}, {"comment", Mark("opmerking")}});
    // It is read, and it is there in plain for who may read it.
    ASSERT_TRUE(WaitUntil([&] { return helper.Get("/v1/records/" + note).ok(); }));
    EXPECT_NE(helper.MustGet("/v1/records/" + note).dump().find("KANARIE tekst"), std::string::npos);
    post(lead, "/v1/grants/" + grant + "/withdrawal", {{"reason", Mark("intrekking")}});
    lead.MustGet(path + "/accesses");
    // Refused input is not told to the log either.
    EXPECT_FALSE(lead.Post(path + "/notes", {{"title", Mark("geweigerd")}, {"categories", Mark("categorie")}}).ok());
    EXPECT_FALSE(lead.Get("/v1/trajectories?" + PercentEncoded(Mark("parameter"))).ok());
    for (RealAgent& agent : region_.agents()) {
      const std::string text = ReadFile(region_.folder() / (agent.id() + ".invitation"));
      tokens_.push_back(ToBytes(ParseInvitation(text.substr(0, text.find('\n'))).value().token.view()));
      ids_.push_back(ToBytes(AsBytes(agent.id())));
    }
  }
  void ExpectNothing(const char* when) {
    SCOPED_TRACE(when);
    std::vector<Bytes> all = words_;
    all.insert(all.end(), ids_.begin(), ids_.end());
    all.insert(all.end(), tokens_.begin(), tokens_.end());
    CanarySearch everywhere(all);
    EXPECT_EQ(everywhere.FindBelow(region_.hub().folder()), std::vector<std::string>{});
    for (RealAgent& agent : region_.agents()) {
      EXPECT_EQ(everywhere.FindBelow(agent.folder()), std::vector<std::string>{}) << agent.id();
    }
    EXPECT_GT(everywhere.bytes, 1'000'000U);
    // What the processes print names organisations, but nobody's words, people, secrets or cases.
    std::vector<Bytes> secret = words_;
    secret.insert(secret.end(), tokens_.begin(), tokens_.end());
    for (const auto& [folder, key] : {std::pair(region_.hub().folder() / "keys", "master.key"),
                                      {region_.hub().folder() / "keys", "log.key"},
                                      {region_.agent(0).folder(), "master.key"}}) {
      const auto bytes = FromHex(ReadFile(folder / key).substr(0, 64));
      ASSERT_TRUE(bytes);
      secret.push_back(*bytes);
    }
    CanarySearch printed(secret);
    EXPECT_EQ(printed.FindIn(region_.hub().Log()), std::vector<std::string>{});
    for (RealAgent& agent : region_.agents()) {
      EXPECT_FALSE(agent.Log().empty());
      EXPECT_EQ(printed.FindIn(agent.Log()), std::vector<std::string>{}) << agent.id();
    }
  }

  RealRegion region_;
  std::vector<Bytes> words_, ids_, tokens_;
};

TEST_F(CanaryStory, LeavesNothingReadable) {
  Tell();
  ASSERT_GE(words_.size(), 28U);
  ASSERT_EQ(tokens_.size(), 2U);
  // The search itself: it finds each word in each shape, amid other bytes.
  TemporaryFolder control;
  for (const Bytes& word : words_) {
    for (const std::string& shape : ShapesOf(word)) {
      EXPECT_FALSE(CanarySearch(words_).FindIn("xyz" + shape + "xyz").empty()) << shape;
    }
  }
  WriteFile(control.path() / "leak", "noise" + std::string(AsText(words_[0])) + "noise");
  EXPECT_FALSE(CanarySearch(words_).FindBelow(control.path()).empty());

  ExpectNothing("running");
  region_.hub().process().Kill();
  for (RealAgent& agent : region_.agents()) agent.process().Kill();
  ExpectNothing("killed");
  region_.hub().Start();
  for (RealAgent& agent : region_.agents()) agent.Start();
  for (RealAgent& agent : region_.agents()) EXPECT_TRUE(WaitUntil([&] { return agent.Synced(); }));
  ExpectNothing("running again");
  region_.Stop();
  ExpectNothing("stopped");
  region_.hub().Verify();
}

}  // namespace
}  // namespace schakel::testing
