// Every key is replaced while everybody works: registrars', an organisation's four, the HPKE key by itself. What was
// acknowledged is there, once; evidence from before still holds; keys that nobody vouched for are refused and seen.
#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <set>

#include "bystander.h"
#include "hub_log.h"
#include "support/real_region.h"

namespace schakel::testing {
namespace {

class RealRotationTest : public ::testing::Test {
 protected:
  RealRotationTest() : region_({"lead", "partner"}) { path_ = "/v1/trajectories/" + region_.ShareCase(); }

  RealHub& hub() { return region_.hub(); }
  static Json Keys(const RealAgent& agent) { return agent.Client().MustGet("/v1/keys"); }
  static bool Uses(const RealAgent& agent, const std::string& fingerprint) {
    const Reply keys = agent.Client().Get("/v1/keys");
    return keys.ok() && keys.json["fingerprint"] == fingerprint && keys.json["asked"].is_null() && agent.Synced();
  }
  // Asks for new keys; the fingerprint of what it asked for, once the hub has it.
  static std::string Ask(const RealAgent& agent) {
    agent.Client().MustPost("/v1/keys/rotate", {{"which", "all"}});
    EXPECT_TRUE(WaitUntil([&] { return Keys(agent)["heard"] == true; })) << Keys(agent).dump();
    return Keys(agent)["asked"];
  }
  bool Sees(const RealAgent& agent, const std::string& rule) {
    return WaitUntil([&] {
      const Json alarms = agent.Client().MustGet("/v1/alarms")["alarms"];
      return std::ranges::any_of(alarms, [&](const Json& one) { return one["what"]["rule"] == rule; });
    });
  }
  std::filesystem::path Export(RealAgent& agent, const char* name) {
    const auto file = region_.folder() / name;
    const Reply reply = agent.Client().Get(path_ + "/accesses?evidence=true");
    EXPECT_TRUE(reply.ok()) << reply.json.dump();
    WriteFile(file, std::string(AsText(*FromBase64(reply.json["evidence"].get<std::string>()))));
    return file;
  }
  // With the root alone, as anybody would who pinned it years ago.
  std::string Verify(const std::filesystem::path& file) {
    const Json status = region_.agent(0).Status();
    static_cast<void>(status);
    const std::string log_key = MustRun(hub().Command({"run", "--check-config"})).substr(3);
    const auto key_file = region_.folder() / "hub-log.pub";
    WriteFile(key_file, log_key);
    return MustRun({Program("schakel"), "verify", file, "--hub-key", "@" + key_file.string(), "--registrar",
                    ToHex(hub().root_registrar().value())});
  }

  // Of the partner, with that rule, as the audit of an agent answers.
  std::ptrdiff_t AttemptsOfPartner(const RealAgent& agent, const std::string& rule) const {
    const std::string trajectory = path_.substr(path_.rfind('/') + 1);
    const Json rows = agent.Client().MustGet("/v1/audit?question=denied&trajectory=" + trajectory)["rows"];
    return std::ranges::count_if(rows, [&](const Json& row) {
      return row["what"] == "attempted" && row["organisation"]["id"] == "partner" && row["refusal"]["rule"] == rule;
    });
  }

  RealRegion region_;
  std::string path_;
};

TEST_F(RealRotationTest, EverythingIsReplacedUnderLoadAndNothingIsLost) {
  const auto before = Export(region_.agent(0), "evidence-before");
  std::list<Bystander> writers;
  for (RealAgent& agent : region_.agents()) writers.emplace_back(agent, path_);
  for (Bystander& writer : writers) writer.ExpectServedNow();

  hub().RotateRegistrar();
  for (RealAgent& agent : region_.agents()) {
    EXPECT_TRUE(Sees(agent, "directory.registrars_changed")) << agent.id();
    const std::string old_print = Keys(agent)["fingerprint"];
    const std::string asked = Ask(agent);
    EXPECT_NE(asked, old_print);
    region_.PutKeysIntoForce(agent);
    EXPECT_TRUE(WaitUntil([&] { return Uses(agent, asked); })) << Keys(agent).dump() << agent.Log();
  }
  EXPECT_TRUE(Sees(region_.agent(0), "directory.keys_changed"));
  for (Bystander& writer : writers) writer.ExpectServedNow();
  for (RealAgent& agent : region_.agents()) {
    const std::string hpke = Keys(agent)["hpke"];
    const Json since = Keys(agent)["hpke_since"];
    agent.Client().MustPost("/v1/keys/rotate", {{"which", "hpke"}});
    EXPECT_TRUE(WaitUntil([&] { return Keys(agent)["hpke_since"] != since; })) << Keys(agent).dump();
    EXPECT_NE(Keys(agent)["hpke"], hpke);
  }
  for (Bystander& writer : writers) writer.ExpectServedNow();
  hub().RotateRegistrar();
  // Everything was acknowledged, at every moment.
  std::size_t written = 0;
  for (Bystander& writer : writers) {
    writer.ExpectServed(5);
    written += static_cast<std::size_t>(writer.served);
  }
  std::vector<std::set<std::string>> held;
  const bool converged = WaitUntil([&] {
    held.clear();
    for (RealAgent& agent : region_.agents()) {
      std::set<std::string> ids;
      const Json notes = agent.Client().MustList(path_ + "/notes", "records");
      for (const Json& note : notes) EXPECT_TRUE(ids.insert(note["id"]).second) << "a note twice";
      held.push_back(std::move(ids));
    }
    return held[0] == held[1] && held[0].size() >= written;
  });
  EXPECT_TRUE(converged) << written << " written, " << held[0].size() << " and " << held[1].size() << " held";
  EXPECT_EQ(held[0].size(), written);

  // Evidence of before, and of after with records of both keys in it, holds from the root.
  const auto after = Export(region_.agent(0), "evidence-after");
  const std::string said_before = Verify(before);
  const std::string said_after = Verify(after);
  EXPECT_FALSE(said_before.empty());
  EXPECT_FALSE(said_after.empty());
  for (RealAgent& agent : region_.agents()) EXPECT_EQ(agent.Status()["distrusted"], nullptr);

  region_.Stop();
  hub().Verify();
  for (RealAgent& agent : region_.agents()) MustRun(agent.Command({"check"}));
  const HubLog log = ReadHubLog(hub().folder());
  for (const auto& [record, where] : log.records) EXPECT_EQ(where.size(), 1U) << ToText(record) << " twice in the log";
  for (const std::string& note : held[0]) EXPECT_TRUE(log.records.contains(ParseId<RecordId>(note).value()));
  // And once more from the disk: the hub restores the chain of registrars, the agents their new keys.
  hub().Start();
  for (RealAgent& agent : region_.agents()) {
    agent.Start();
    EXPECT_TRUE(WaitUntil([&] { return agent.Synced(); })) << agent.Log();
  }
}

TEST_F(RealRotationTest, AnAgentKilledAtAnyMomentChangesOverByItself) {
  RealAgent& partner = region_.agent(1);
  RealAgent& lead = region_.agent(0);
  partner.Client().MustPost("/v1/keys/rotate", {{"which", "all"}});
  partner.process().Kill();  // Before or after the hub heard of it.
  partner.Start();
  ASSERT_TRUE(WaitUntil([&] { return Keys(partner)["heard"] == true; })) << partner.Log();
  const std::string asked = Keys(partner)["asked"];
  partner.process().Kill();
  region_.PutKeysIntoForce(partner);  // While it is away.
  partner.Launch();
  partner.process().Kill();
  partner.Start();
  EXPECT_TRUE(WaitUntil([&] { return Uses(partner, asked); })) << partner.Log();
  const Json note = partner.Client().MustPost(path_ + "/notes", LivingNote("na de wissel", "gewoon werk"), 10);
  EXPECT_EQ(note["state"], "accepted");
  EXPECT_TRUE(WaitUntil([&] {
    const Json notes = lead.Client().MustGet(path_ + "/notes")["records"];
    return std::ranges::any_of(notes, [&](const Json& one) { return one["id"] == note["record"]; });
  }));
}

// The road back: suspended, enrolled anew with an invitation, lifted with other keys.
TEST_F(RealRotationTest, AfterATheftTheOldKeysAreDeadAndTheOrganisationComesBackWithNewOnes) {
  RealAgent& partner = region_.agent(1);
  const auto file = [&](const char* name) { return (region_.folder() / name).string(); };
  MustRun(hub().Command({"suspend", "--org", "partner", "--output", file("suspend")}));
  hub().Apply(std::vector<Bytes>{ToBytes(AsBytes(ReadFile(file("suspend"))))});
  ASSERT_TRUE(WaitUntil([&] { return partner.Status()["connected"] == false; }));
  // Its agent goes on trying; the lead may ask, and finds it.
  EXPECT_TRUE(WaitUntil([&] { return AttemptsOfPartner(region_.agent(0), "session.suspended") == 1; })) << hub().Log();
  EXPECT_EQ(partner.process().Terminate(), 0);
  const auto thief = region_.folder() / "thief";
  std::filesystem::copy(partner.folder(), thief, std::filesystem::copy_options::recursive);

  MustRun(hub().Command({"token", "--org", "partner", "--sector", "youth-care", "--output", file("partner.again")}));
  MustRun(partner.Command({"enrol", "--new-keys", "--invitation", file("partner.again")}));
  region_.PutKeysIntoForce(partner);
  MustRun(partner.Command({"enrol", "--wait"}));
  partner.Start();
  EXPECT_TRUE(WaitUntil([&] { return partner.Synced() && Keys(partner)["asked"].is_null(); })) << partner.Log();
  const Json note = partner.Client().MustPost(path_ + "/notes", LivingNote("terug", "gewoon werk"), 10);
  EXPECT_EQ(note["state"], "accepted");

  // Whoever has a copy of the vault of before, master key and all, is not let in any more.
  Process copy({Program("schakel-agent"), "run", "--config", thief / "agent.toml"}, file("thief.log"));
  const ApiClient at_thief(thief / "agent.sock");
  EXPECT_TRUE(WaitUntil([&] {
    const Reply status = ApiClient(thief / "agent.sock").Get("/v1/status");
    return status.ok() && !status.json["last_error"].is_null() &&
           status.json["last_error"]["rule"] == "connection.refused";
  })) << ReadFile(file("thief.log"));
  copy.Kill();
  // Whose key it was is named: to the operator, the lead and the organisation itself. The stranger is told what any is.
  const std::string refusal = R"("event":"transport.refused","kind":"replaced","organisation":"partner")";
  EXPECT_TRUE(WaitUntil([&] { return hub().Log().contains(refusal); })) << hub().Log();
  for (RealAgent& agent : region_.agents()) {
    EXPECT_TRUE(WaitUntil([&] { return AttemptsOfPartner(agent, "session.old_key") == 1; })) << agent.id();
    EXPECT_EQ(AttemptsOfPartner(agent, "session.suspended"), 1) << agent.id();
  }
  const auto evidence = Export(region_.agent(0), "evidence-of-attempts");
  EXPECT_FALSE(Verify(evidence).empty());
}

TEST_F(RealRotationTest, KeysThatNobodyVouchedForAreRefusedAndThoseThatAreSwappedAreSeen) {
  // An operator who serves another key without the registrars' signatures.
  OrgStatement swapped;
  swapped.organisation = OrgId("partner");
  swapped.serial = 2;
  swapped.name = "partner";
  swapped.sector = Sector("youth-care");
  swapped.keys = RawMember("partner", "youth-care").Statement().keys;
  swapped.issued_at = SystemClock().Now();
  const SigningKey stranger = SigningKey::Generate();
  SignedStatement forged{EncodeStatement(swapped), {}};
  forged.signatures = {SignStatement(forged.statement, stranger)};
  const Finished refused = hub().TryApply(forged);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.err.find("registry.signatures"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("hint: "), std::string::npos);
  const HpkeStatement hpke{OrgId("partner"), 1, swapped.keys.hpke, SystemClock().Now()};
  const Finished refused_hpke = hub().TryApply(SignHpkeStatement(hpke, stranger));
  EXPECT_NE(refused_hpke.err.find("registry.own_signature"), std::string::npos) << refused_hpke.err;

  // And with them: everybody sees it, whose keys they were first of all.
  hub().Apply(std::vector<Statement>{swapped});
  EXPECT_TRUE(Sees(region_.agent(0), "directory.keys_changed"));
  EXPECT_FALSE(region_.agent(0).Client().MustGet("/v1/alarms")["alarms"][0]["what"]["next"].get<std::string>().empty());
}

}  // namespace
}  // namespace schakel::testing
