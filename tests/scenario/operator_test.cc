// What an operator may do wrong with real programs, and how the way back goes: a volume that is not mounted, other
// keys, a snapshot that broke, and an old copy of the log put back.
#include <gtest/gtest.h>

#include "protocol/crypto.h"
#include "support/real_region.h"

namespace schakel::testing {
namespace {

namespace fs = std::filesystem;

struct HubFolder {
  HubFolder() { InitCrypto(); }
  Finished Do(std::vector<std::string> words) { return schakel::testing::Run(hub.Command(std::move(words))); }
  // All commands that would use the log refuse, and say this.
  void ExpectRefused(const std::string& rule) {
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"run"}, {"run", "--check-config"}, {"verify"}, {"head"}}) {
      SCOPED_TRACE(words.back());
      const Finished finished = Do(words);
      EXPECT_EQ(finished.exit_code, 1);
      EXPECT_NE(finished.err.find(rule), std::string::npos) << finished.err;
      EXPECT_NE(finished.err.find("hint: "), std::string::npos) << finished.err;
    }
  }
  fs::path Key(const char* name) const { return hub.folder() / "keys" / name; }

  TemporaryFolder folder;
  RealHub hub{folder.path() / "hub"};
};

TEST(OperatorTest, ALogThatIsNotThereIsNotReplacedByAnEmptyOne) {
  HubFolder world;
  fs::rename(world.hub.data(), world.folder.path() / "elsewhere");
  world.ExpectRefused("log.absent");
  fs::create_directory(world.hub.data());
  world.ExpectRefused("log.absent");
  EXPECT_TRUE(fs::is_empty(world.hub.data()));
  fs::remove(world.hub.data());
  fs::rename(world.folder.path() / "elsewhere", world.hub.data());
  EXPECT_EQ(world.Do({"run", "--check-config"}).exit_code, 0);
  // Nor is one that is there replaced.
  fs::remove(world.hub.folder() / "hub.toml");
  const Finished again = schakel::testing::Run({Program("schakel-hub"), "init", "--directory", world.hub.folder(),
                                                "--origin", "a/b", "--listen", "tcp://127.0.0.1:1"});
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_NE(again.err.find("log.exists"), std::string::npos) << again.err;
}

TEST(OperatorTest, AHubDoesNotStartWithWhatIsNotItsOwn) {
  const auto fresh = [] { return ToHex(Secret<32>::Generate().view()) + "\n"; };
  struct Case {
    const char* name;
    std::function<void(HubFolder&)> harm;
    const char* rule;
  };
  const Case cases[] = {
      {"log key", [&](HubFolder& w) { WriteFile(w.Key("log.key"), fresh()); }, "log.identity (log key"},
      {"transport key", [&](HubFolder& w) { WriteFile(w.Key("transport.key"), fresh()); },
       "log.identity (transport key"},
      {"master key", [&](HubFolder& w) { WriteFile(w.Key("master.key"), fresh()); }, "store.master_key"},
      {"one key twice", [&](HubFolder& w) { WriteFile(w.Key("log.key"), ReadFile(w.Key("master.key"))); }, "keys.same"},
      {"origin",
       [&](HubFolder& w) {
         const fs::path file = w.hub.folder() / "hub.toml";
         std::string text = ReadFile(file);
         text.replace(text.find("schakel.example/scenario"), 24, "schakel.example/another!");
         WriteFile(file, text);
       },
       "log.identity (origin"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    HubFolder world;
    c.harm(world);
    world.ExpectRefused(c.rule);
  }
}

TEST(OperatorTest, AnInitThatLacksAnAddressNamesTheOption) {
  TemporaryFolder folder;
  const Finished finished = schakel::testing::Run({Program("schakel-hub"), "init", "--directory", folder.path() / "hub",
                                                   "--origin", "a/b", "--listen", "tcp://0.0.0.0:7443"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_NE(finished.err.find("(--advertise)"), std::string::npos) << finished.err;
  EXPECT_FALSE(fs::exists(folder.path() / "hub"));
}

TEST(OperatorTest, AVaultThatIsNotThereIsNotReplacedByAnEmptyOne) {
  RealRegion region({"alfa"});
  RealAgent& agent = region.agent(0);
  region.Stop();
  fs::rename(agent.vault(), region.folder() / "elsewhere");
  for (const char* word : {"run", "check", "fingerprint", "trust", "enrol"}) {
    SCOPED_TRACE(word);
    const Finished finished = schakel::testing::Run(agent.Command({word}));
    EXPECT_EQ(finished.exit_code, 1);
    EXPECT_NE(finished.err.find("vault.absent"), std::string::npos) << finished.err;
  }
  EXPECT_FALSE(fs::exists(agent.vault()));
}

TEST(OperatorTest, CheckingAnAgentsConfigurationReadsItsMasterKey) {
  TemporaryFolder folder;
  const fs::path data = folder.path() / "agent";
  MustRun({Program("schakel-agent"), "init", "--data", data});
  const auto check = [&] {
    return schakel::testing::Run({Program("schakel-agent"), "run", "--check-config", "--config", data / "agent.toml"});
  };
  const Finished fresh = check();
  EXPECT_EQ(fresh.exit_code, 0) << fresh.err;
  EXPECT_NE(fresh.err.find("the vault, which is not there"), std::string::npos) << fresh.err;
  const fs::path key = data / "master.key";
  const std::string good = ReadFile(key);
  struct Case {
    const char* name;
    std::function<void()> harm;
    const char* rule;
  };
  const Case cases[] = {
      {"gone", [&] { fs::remove(key); }, "master_key.file"},
      {"cut short", [&] { WriteFile(key, good.substr(0, 10)); }, "master_key.format"},
      {"for everybody to read",
       [&] {
         fs::permissions(
             key, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_all | fs::perms::others_read);
       },
       "master_key.mode"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    c.harm();
    const Finished refused = check();
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.err.find(c.rule), std::string::npos) << refused.err;
    fs::remove(key);
    WriteFile(key, good);
    fs::permissions(key, fs::perms::owner_read | fs::perms::owner_write);
  }
}

TEST(OperatorTest, CheckingAConfigurationTellsAllThatIsWrongAtOnce) {
  HubFolder hub;
  fs::path file = hub.hub.folder() / "hub.toml";
  WriteFile(file, ReadFile(file) + "\n[limits]\ncredit = 0\nspeed = 5\n");
  std::string text = ReadFile(file);
  const auto socket = text.find("admin/hub.sock");
  ASSERT_NE(socket, std::string::npos);
  text.replace(socket, 14, "rnu/schakel/hub.sock");
  WriteFile(file, text);
  fs::remove(hub.Key("log.key"));
  fs::remove(hub.Key("master.key"));
  const Finished checked = hub.Do({"run", "--check-config"});
  EXPECT_EQ(checked.exit_code, 1);
  for (const char* told : {"limits.credit", "limits.speed", "admin.socket: ", "key.file", "master_key.file"}) {
    EXPECT_NE(checked.err.find(told), std::string::npos) << told << " is not in: " << checked.err;
  }

  TemporaryFolder folder;
  const fs::path data = folder.path() / "agent";
  MustRun({Program("schakel-agent"), "init", "--data", data});
  file = data / "agent.toml";
  text = ReadFile(file);
  text.replace(text.find("agent.sock"), 10, "rnu/agent.sock");
  WriteFile(file, "hpke_days = 0\nvalt = 1\n" + text + "[people]\nsession_hours = 0\n");
  fs::remove(data / "master.key");
  const Finished agent =
      schakel::testing::Run({Program("schakel-agent"), "run", "--check-config", "--config", file, "--lang", "en"});
  EXPECT_EQ(agent.exit_code, 1);
  for (const char* told : {"hpke_days", "valt", "people.session_hours", "config.socket", "master_key.file"}) {
    EXPECT_NE(agent.err.find(told), std::string::npos) << told << " is not in: " << agent.err;
  }
}

TEST(OperatorTest, CheckingAnAgentsConfigurationTriesItsMasterKeyOnTheVault) {
  RealRegion region({"alfa"});
  RealAgent& agent = region.agent(0);
  const Finished whole = schakel::testing::Run(agent.Command({"run", "--check-config"}));
  EXPECT_EQ(whole.exit_code, 0) << whole.err;
  EXPECT_NE(whole.err.find("is that of the vault"), std::string::npos) << whole.err;
  region.Stop();
  WriteFile(agent.folder() / "master.key", ToHex(Secret<32>::Generate().view()) + "\n");
  const Finished other = schakel::testing::Run(agent.Command({"run", "--check-config"}));
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_NE(other.err.find("store.master_key"), std::string::npos) << other.err;
}

std::size_t CountOf(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

bool Holds(const RealAgent& agent, const std::string& path, const std::string& record) {
  return agent.Client().Get(path).json.dump().find(record) != std::string::npos;
}

// How many are told of in lines of that event, of whatever reason.
std::size_t ToldOf(const std::string& log, const std::string& event) {
  std::size_t told = 0;
  for (auto at = log.find("\"event\":\"" + event + '"'); at != std::string::npos;
       at = log.find("\"event\":\"" + event + '"', at + 1)) {
    const std::string line = log.substr(at, log.find('\n', at) - at);
    const auto count = line.find("\"count\":");
    told += count == std::string::npos ? 1 : std::stoul(line.substr(count + 8));
  }
  return told;
}

TEST(OperatorTest, ABurstAtAnAgentsDoorIsToldWhole) {
  RealRegion region({"alfa"});
  RealAgent& agent = region.agent(0);
  for (int i = 0; i < 20; ++i) {
    Stream stream = Stream::ToSocket(agent.socket());
    ASSERT_TRUE(stream.Send("\x01 this is no request\r\n\r\n"));
    EXPECT_EQ(ReadHttpAnswer(stream).status, 400);
  }
  EXPECT_TRUE(WaitUntil([&] { return ToldOf(agent.Log(), "api.refused") == 20; })) << agent.Log();
  EXPECT_LT(CountOf(agent.Log(), "api.refused"), 20U) << "and not one by one";
  // What is a request, but none that any program of ours sends, is told of as well.
  const std::string deep = "{\"label\":" + std::string(200'000, '[') + std::string(200'000, ']') + "}";
  for (int i = 0; i < 10; ++i) {
    for (const auto& [bytes, status] : {std::pair{HttpRequest("POST", "/v1/trajectories", deep), 400},
                                        {HttpRequest("POST", "/v1/trajectories", "{label"), 400},
                                        {HttpRequest("GET", "/v1/nowhere"), 404},
                                        {HttpRequest("PATCH", "/v1/trajectories"), 405}}) {
      Stream stream = Stream::ToSocket(agent.socket());
      ASSERT_TRUE(stream.Send(bytes));
      EXPECT_EQ(ReadHttpAnswer(stream).status, status);
    }
  }
  EXPECT_TRUE(WaitUntil([&] { return ToldOf(agent.Log(), "api.refused") == 60; })) << agent.Log();
  for (const char* rule : {"request.depth", "request.json", "request.path", "request.method"}) {
    EXPECT_NE(agent.Log().find(rule), std::string::npos) << rule;
  }
}

// The operator puts an old copy back, for want of a newer one, and accepts that the rest is lost.
TEST(OperatorTest, AfterAnAcceptedLossTheRegionWorksAgain) {
  RealRegion region({"alfa", "beta"});
  const std::string path = "/v1/trajectories/" + region.ShareCase();
  RealAgent& author = region.agent(0);
  RealAgent& partner = region.agent(1);
  const auto write = [&](const std::string& title) -> std::string {
    return author.Client().MustPost(path + "/notes", LivingNote(title, title))["record"];
  };
  const auto arrives = [&](const std::string& record) {
    return WaitUntil([&] { return Holds(partner, path + "/notes?show=full", record); }, std::chrono::seconds(60));
  };
  const std::string kept = write("voor de kopie");
  ASSERT_TRUE(arrives(kept));
  ASSERT_EQ(region.hub().process().Terminate(), 0);
  fs::copy(region.hub().data(), region.folder() / "copy", fs::copy_options::recursive);
  region.hub().Start();
  const std::string lost = write("na de kopie");
  ASSERT_TRUE(arrives(lost));
  ASSERT_TRUE(WaitUntil([&] { return author.Status()["unproven"] == 0; }, std::chrono::seconds(60)));

  ASSERT_EQ(region.hub().process().Terminate(), 0);
  fs::remove_all(region.hub().data());
  fs::rename(region.folder() / "copy", region.hub().data());
  region.hub().Launch();
  ASSERT_TRUE(WaitUntil([&] { return CountOf(region.hub().Log(), "hello.proven") > 0; }, std::chrono::seconds(60)));
  const std::string waiting = write("in de outbox");
  region.hub().process().Terminate();
  const Finished verified = schakel::testing::Run(region.hub().Command({"verify"}));
  EXPECT_EQ(verified.exit_code, 1);
  EXPECT_NE(verified.err.find("A hub that stopped writing"), std::string::npos) << verified.err;
  const Finished checked = schakel::testing::Run(region.hub().Command({"run", "--check-config"}));
  EXPECT_EQ(checked.exit_code, 0);
  EXPECT_NE(checked.err.find("warning: log.quarantined"), std::string::npos) << checked.err;
  const auto at = verified.out.find("head      ") + 10;
  MustRun(region.hub().Command({"accept", "--head", verified.out.substr(at, verified.out.find('\n', at) - at)}));

  // Agents that have not forgotten are refused, and stop nothing.
  region.hub().Start();
  ASSERT_TRUE(WaitUntil([&] { return CountOf(region.hub().Log(), "hello.lost") > 0; }, std::chrono::seconds(60)));
  EXPECT_EQ(CountOf(region.hub().Log(), "hello.proven"), 1U);
  EXPECT_TRUE(region.hub().Ready());

  for (RealAgent& agent : region.agents()) {
    ASSERT_EQ(agent.process().Terminate(), 0);
    EXPECT_LE(CountOf(agent.Log(), "\"event\":\"alarm\""), 4U) << agent.Log();
    MustRun(agent.Command({"trust", "--forget-head"}));
    agent.Start();
  }
  for (const std::string& record : {kept, lost, waiting}) EXPECT_TRUE(arrives(record)) << record;
  for (RealAgent& agent : region.agents()) {
    EXPECT_TRUE(WaitUntil([&] { return agent.Synced(); }, std::chrono::seconds(60))) << agent.Log();
  }
  EXPECT_TRUE(arrives(write("en verder")));
  region.Stop();
  region.hub().Verify();
}

TEST(OperatorTest, AnInvitationThatCannotBeWrittenEndsNoOther) {
  RealRegion region({"alfa"});
  const std::string file = (region.folder() / "gamma.invitation").string();
  const auto invite = region.hub().Command({"token", "--org", "gamma", "--sector", "youth-care", "--output", file});
  MustRun(invite);
  const std::string before = MustRun(region.hub().Command({"enrolments"}));
  const Finished again = schakel::testing::Run(invite);
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_NE(again.err.find("file.exists"), std::string::npos) << again.err;
  EXPECT_EQ(MustRun(region.hub().Command({"enrolments"})), before);
}

TEST(OperatorTest, ASnapshotThatBrokeKeepsNobodyFromStarting) {
  HubFolder world;
  world.hub.Start();
  MustRun(world.hub.Command({"snapshot"}));
  ASSERT_EQ(world.hub.process().Terminate(), 0);
  fs::resize_file(world.hub.data() / "snapshot", 20);
  const Finished verified = world.Do({"verify"});
  EXPECT_EQ(verified.exit_code, 0);
  EXPECT_NE(verified.err.find("log.snapshot"), std::string::npos) << verified.err;
  world.hub.Start();
  EXPECT_NE(world.hub.Log().find("log.snapshot"), std::string::npos);
  ASSERT_EQ(world.hub.process().Terminate(), 0);
  EXPECT_EQ(world.Do({"verify"}).err.find("log.snapshot"), std::string::npos) << "it was made anew";
}

}  // namespace
}  // namespace schakel::testing
