// Consent is withdrawn while the partner is away: it is outstanding by name; back again, the partner seals what it had
// and answers; its auditor opens it, and nobody else.
#include <gtest/gtest.h>

#include "support/real_region.h"

namespace schakel::testing {
namespace {

class KeepingStory : public ::testing::Test {
 protected:
  KeepingStory() : region_({"bewaar-leidt", "bewaar-helpt"}) {}

  // Of the partner's grant, as the lead's people see it.
  Json TakenBack(const std::string& grant) { return lead_.MustGet("/v1/grants/" + grant)["taken_back"]; }

  std::string GrantOf(const std::string& path, const std::string& recipient) {
    const Json grants = lead_.MustGet(path + "/grants")["grants"];
    for (const Json& one : grants) {
      if (one["recipient"]["id"] == recipient) return one["id"];
    }
    return {};
  }
  std::string Schakel(std::size_t agent, std::vector<std::string> words) {
    std::vector<std::string> command = {Program("schakel"), "--socket", region_.agent(agent).socket(), "--as",
                                        "Els Auditor"};
    command.insert(command.end(), words.begin(), words.end());
    return MustRun(command);
  }
  void Finish() {
    region_.Stop();
    region_.hub().Verify();
    for (RealAgent& agent : region_.agents()) MustRun(agent.Command({"check"}));
  }

  RealRegion region_;
  ApiClient lead_ = region_.agent(0).Client();
  ApiClient partner_ = region_.agent(1).Client("Karim Daems");
  ApiClient auditor_ = region_.agent(1).Client("Els Auditor");
};

TEST_F(KeepingStory, WhatWasTakenBackIsSealedAndAnsweredFor) {
  const std::string trajectory = region_.ShareCase();
  const std::string path = "/v1/trajectories/" + trajectory;
  const std::string note =
      lead_.MustPost(path + "/notes", LivingNote("Kamer", "hij slaapt bij zijn oom"), 10)["record"];
  ASSERT_TRUE(WaitUntil([&] { return partner_.Get("/v1/records/" + note).ok(); }));
  EXPECT_EQ(partner_.MustGet("/v1/records/" + note)["body"]["text"], "hij slaapt bij zijn oom");
  const std::string own = partner_.MustPost(path + "/notes", LivingNote("Van ons", "wij bellen hem"), 10)["record"];

  const std::string grant = GrantOf(path, "bewaar-helpt");
  RealAgent& away = region_.agent(1);
  ASSERT_EQ(away.process().Terminate(), 0);
  lead_.MustPost("/v1/grants/" + grant + "/withdrawal", {{"reason", "Milan wil dit niet meer"}}, 10);

  Json taken = TakenBack(grant);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0]["outstanding"][0]["id"], "bewaar-helpt");
  const Json inbox = lead_.MustGet("/v1/inbox")["items"];
  const auto waits = [](const Json& item) { return item["what"] == "outstanding"; };
  ASSERT_EQ(std::count_if(inbox.begin(), inbox.end(), waits), 1);
  EXPECT_EQ((*std::find_if(inbox.begin(), inbox.end(), waits))["from"]["id"], "bewaar-helpt");

  away.Start();
  ASSERT_TRUE(WaitUntil([&] { return TakenBack(grant)[0]["outstanding"].empty(); })) << "no receipt came";
  EXPECT_TRUE(TakenBack(grant)[0]["sealed_at"].is_string());
  const Json shown = partner_.MustGet("/v1/records/" + note);
  EXPECT_FALSE(shown.contains("body"));
  EXPECT_EQ(shown["sealed"]["rule"], "view.withdrawn");
  EXPECT_EQ(partner_.MustGet("/v1/records/" + own)["body"]["text"], "wij bellen hem") << "its own stays";
  for (const char* target : {"", "/notes?show=full", "/grants"}) {
    const Reply reply = partner_.Get(path + target);
    ASSERT_TRUE(reply.ok()) << target;
    EXPECT_EQ(reply.json.dump().find("zijn oom"), std::string::npos) << target;
  }

  const Json sealed = partner_.MustGet("/v1/sealed")["sealed"];
  ASSERT_EQ(sealed.size(), 1U);
  EXPECT_EQ(sealed[0]["record"], note);
  EXPECT_FALSE(sealed[0]["reason"].get<std::string>().empty());
  const std::string unseal = "/v1/records/" + note + "/unsealing";
  const Reply refused = partner_.Post(unseal, {{"why", "nieuwsgierig"}});
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.json["rule"], "seal.auditor");
  auditor_.TakeRole("auditor");
  const Json opened = auditor_.MustPost(unseal, {{"why", "klacht van de ouders"}}, 10);
  EXPECT_EQ(opened["body"]["text"], "hij slaapt bij zijn oom");
  // And the lead sees in the log that an auditor looked, and why.
  const Json rows = lead_.MustGet(path + "/accesses")["rows"];
  EXPECT_TRUE(std::any_of(rows.begin(), rows.end(), [&](const Json& row) {
    return row["what"] == "saw" && row["record"] == note && row["role"] == "auditor" && row["reason"] == "audit";
  }));

  Finish();
}

// The trajectory is erased by an order of the court; what the partner has to keep by law stays, sealed, until its day,
// and its auditor opens it as before: the hub hears of it first, and who may ask sees it afterwards.
TEST_F(KeepingStory, OfAnErasedTrajectoryWhatTheLawKeepsIsOpenedByALoggedActAlone) {
  const std::string trajectory = region_.ShareCase();
  const std::string path = "/v1/trajectories/" + trajectory;
  const std::string note =
      lead_.MustPost(path + "/notes", LivingNote("Kamer", "hij slaapt bij zijn oom"), 10)["record"];
  ASSERT_TRUE(WaitUntil([&] { return partner_.Get("/v1/records/" + note).ok(); }));
  const std::string words = "Hij logeert daar tot de zomer.\n";
  WriteFile(region_.folder() / "verslag.txt", words);
  const std::string attached =
      Json::parse(Schakel(0, {"--json", "attach", trajectory, (region_.folder() / "verslag.txt").string(), "--category",
                              "living"}))["record"];
  ASSERT_TRUE(WaitUntil([&] {
    const Json files = partner_.MustGet(path + "/attachments")["attachments"];
    return files.size() == 1 && files[0]["missing"] == 0;
  })) << partner_.MustGet(path + "/attachments").dump();
  const std::string grant = GrantOf(path, "bewaar-helpt");
  lead_.MustPost("/v1/grants/" + grant + "/withdrawal", {{"reason", "Milan wil dit niet meer"}}, 10);
  ASSERT_TRUE(WaitUntil([&] { return TakenBack(grant)[0]["outstanding"].empty(); })) << "no receipt came";
  auditor_.TakeRole("auditor");
  const std::string unseal = "/v1/records/" + note + "/unsealing";
  auditor_.MustPost(unseal, {{"why", "klacht van de ouders"}}, 10);

  lead_.MustPost(path + "/erasure", {{"reason", "court-order"}, {"why", "vonnis"}}, 10);
  region_.agent(0).Client("Nadia Peeters").MustPost(path + "/erasure/confirmation", Json::object(), 10);
  const auto erasure = [&] { return lead_.MustGet("/v1/erasures")["erasures"][0]; };
  ASSERT_TRUE(WaitUntil([&] { return erasure()["outstanding"].empty(); })) << erasure().dump();
  ASSERT_EQ(erasure()["kept"].size(), 1U) << "with its end date and reason";
  EXPECT_EQ(erasure()["kept"][0]["organisation"]["id"], "bewaar-helpt");

  EXPECT_EQ(partner_.Get("/v1/records/" + note).json["rule"], "record.erased");
  const Json sealed = partner_.MustGet("/v1/sealed")["sealed"];
  ASSERT_EQ(sealed.size(), 2U) << sealed.dump();
  EXPECT_EQ(sealed[0]["record"], note);
  EXPECT_EQ(sealed[0]["opened"][0]["why"], "klacht van de ouders") << "why stays as long as it does";
  EXPECT_EQ(partner_.Post(unseal, {{"why", "nieuwsgierig"}}).json["rule"], "seal.auditor");
  EXPECT_EQ(auditor_.Post(unseal, Json::object()).json["rule"], "request.required");
  EXPECT_EQ(auditor_.Get(path + "/archive").json["rule"], "trajectory.erased_kept");
  EXPECT_EQ(auditor_.Get(path + "/dossier.html").json["rule"], "trajectory.erased_kept");
  EXPECT_EQ(lead_.Get(path + "/archive").json["rule"], "trajectory.erased") << "who keeps nothing";
  const Json opened = auditor_.MustPost(unseal, {{"why", "navraag van de rechter"}}, 10);
  EXPECT_EQ(opened["body"]["text"], "hij slaapt bij zijn oom");
  const std::string by_digits = "/v1/records/" + note.substr(0, 8) + "/unsealing";
  EXPECT_EQ(auditor_.MustPost(by_digits, {{"why", "en nog eens"}}, 10)["body"]["text"], "hij slaapt bij zijn oom");

  // Of a file, the file itself: by that act, and not without it.
  const std::string content = "/v1/records/" + attached + "/unsealed-content";
  EXPECT_EQ(auditor_.Get(content).json["rule"], "seal.unopened");
  const auto kept_file = region_.folder() / "bewaard.txt";
  Schakel(1, {"records", "unseal", attached, "--role", "auditor", "--why", "navraag", "--to", kept_file.string()});
  EXPECT_EQ(ReadFile(kept_file), words);

  // Both know of it, with proof; the auditor's words stay there.
  const auto looks = [&](ApiClient client) {
    client.TakeRole("auditor");
    const Json rows = client.MustGet("/v1/audit?question=all&trajectory=" + trajectory)["rows"];
    return std::ranges::count_if(rows, [&](const Json& row) {
      return row["what"] == "saw" && row["record"] == note && row["role"] == "auditor" && row["reason"] == "audit" &&
             row["organisation"]["id"] == "bewaar-helpt" && row["sequence"].is_number() && row["was_sealed"] == true;
    });
  };
  EXPECT_EQ(looks(region_.agent(0).Client()), 2);
  EXPECT_EQ(looks(region_.agent(1).Client()), 2);
  const Json own = auditor_.MustGet("/v1/audit?question=person&person=Els%20Auditor")["rows"];
  EXPECT_EQ(std::ranges::count_if(own, [&](const Json& row) { return row["what"] == "saw" && row["record"] == note; }),
            3)
      << "also the one of before: " << own.dump();

  // Away from the hub nothing opens.
  ASSERT_EQ(region_.hub().process().Terminate(), 0);
  ASSERT_TRUE(WaitUntil([&] { return region_.agent(1).Status()["connected"] == false; }));
  const Reply away = auditor_.Post(unseal, {{"why", "ook nu"}});
  EXPECT_EQ(away.json["rule"], "seal.unreported") << away.json.dump();
  region_.hub().Start();
  ASSERT_TRUE(WaitUntil([&] { return region_.agent(0).Synced() && region_.agent(1).Synced(); }));
  EXPECT_EQ(looks(region_.agent(1).Client()), 2);
  Finish();
}

}  // namespace
}  // namespace schakel::testing
