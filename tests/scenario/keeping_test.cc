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

  std::string grant;
  const Json grants = lead_.MustGet(path + "/grants")["grants"];
  for (const Json& one : grants) {
    if (one["recipient"]["id"] == "bewaar-helpt") grant = one["id"];
  }
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

  region_.Stop();
  region_.hub().Verify();
  for (RealAgent& agent : region_.agents()) MustRun(agent.Command({"check"}));
}

}  // namespace
}  // namespace schakel::testing
