#include "agents/config.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/paths.h"
#include "support/process.h"

namespace schakel::testing {
namespace {

constexpr const char* kGood =
    "vault = 'vault'\nmaster_file = 'master.key'\nsocket = 'agent.sock'\nprofiles = '/usr/share/profiles'\n";

TEST(AgentConfigTest, ReadsWhatIsThereAndTakesPathsFromTheFolder) {
  auto config = ParseAgentConfig(std::string(kGood) + "log_level = 'debug'\n", "/etc/schakel");
  ASSERT_TRUE(config) << ToText(config.error());
  EXPECT_EQ(config->vault, "/etc/schakel/vault");
  EXPECT_EQ(config->master_file, "/etc/schakel/master.key");
  EXPECT_EQ(config->socket, "/etc/schakel/agent.sock");
  EXPECT_EQ(config->profiles, "/usr/share/profiles");
  EXPECT_TRUE(config->passphrase_file.empty());
  EXPECT_EQ(config->log_level, "debug");
  EXPECT_EQ(ParseAgentConfig(kGood, "/x")->log_level, "info");
  EXPECT_EQ(ParseAgentConfig(kGood, "/x")->key_policy, KeyPolicy());
  const auto other = ParseAgentConfig(std::string(kGood) + "hpke_days = 1\nhpke_overlap_days = 365\n", "/x");
  ASSERT_TRUE(other) << ToText(other.error());
  EXPECT_EQ(other->key_policy.hpke_period, std::chrono::hours(24));
  EXPECT_EQ(other->key_policy.hpke_overlap, std::chrono::hours(24 * 365));
}

TEST(AgentConfigTest, ASlipOfThePenIsToldBeforeWhatItMakesMissing) {
  std::string text = kGood;
  text.replace(text.find("vault = "), 8, "valt = ");
  const Error error = ParseAgentConfig(text, "/x", "gent.toml").error();
  EXPECT_EQ(error.rule, "config.unknown");
  EXPECT_EQ(error.field, "gent.toml: valt");
}

TEST(AgentConfigTest, NamesWhatIsWrong) {
  struct Case {
    const char* name;
    std::string text;
    const char* rule;
    const char* field;
  };
  const std::string good = kGood;
  const auto without = [&](const std::string& line) {
    std::string text = good;
    const auto begin = text.find(line);
    return text.erase(begin, text.find('\n', begin) + 1 - begin);
  };
  const Case cases[] = {
      {"not TOML", "vault = ", "config.syntax", "agent.toml: line 1"},
      {"unknown key", good + "valt = 'x'\n", "config.unknown", "agent.toml: valt"},
      {"unknown table", good + "[api]\nsocket = 'x'\n", "config.unknown", "agent.toml: api"},
      {"wrong type", without("socket") + "socket = 3\n", "config.type", "agent.toml: socket"},
      {"empty text", without("socket") + "socket = ''\n", "config.type", "agent.toml: socket"},
      {"no vault", without("vault"), "config.missing", "agent.toml: vault"},
      {"no socket", without("socket"), "config.missing", "agent.toml: socket"},
      {"no profiles", without("profiles"), "config.missing", "agent.toml: profiles"},
      {"no key", without("master_file"), "config.master_key", "agent.toml: master_file"},
      {"two keys", good + "passphrase_file = 'p'\n", "config.master_key", "agent.toml: master_file"},
      {"unknown level", good + "log_level = 'loud'\n", "config.range", "agent.toml: log_level"},
      {"long socket", without("socket") + "socket = '/" + std::string(100, 's') + "'\n", "config.range",
       "agent.toml: socket"},
      {"days that are none", good + "hpke_days = '30'\n", "config.type", "agent.toml: hpke_days"},
      {"every day and night", good + "hpke_days = 0\n", "config.range", "agent.toml: hpke_days"},
      {"years", good + "hpke_overlap_days = 366\n", "config.range", "agent.toml: hpke_overlap_days"},
      {"too large", good + "# " + std::string(70'000, 'x'), "config.syntax", "agent.toml: file"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    auto config = ParseAgentConfig(c.text, "/etc/schakel");
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().code, Code::kInvalid);
    EXPECT_EQ(config.error().rule, c.rule);
    EXPECT_EQ(config.error().field, c.field);
  }
}

TEST(AgentConfigTest, TheSampleIsGood) {
  auto config = LoadAgentConfig(SourceDir() / "deploy/agent.toml");
  ASSERT_TRUE(config) << ToText(config.error());
  EXPECT_EQ(config->vault, "/var/lib/schakel/vault");
}

TEST(AgentConfigTest, AFileThatIsNotThereIsSaidSo) {
  EXPECT_EQ(LoadAgentConfig("/nowhere/agent.toml").error().rule, "config.file");
}

TEST(AgentConfigTest, APassphraseFileMustBeForUsAlone) {
  TemporaryFolder folder;
  AgentConfig config;
  config.passphrase_file = folder.path() / "passphrase";
  EXPECT_EQ(MasterKeyOf(config).error().rule, "key.file");
  WriteFile(config.passphrase_file, "correct horse\nsecond line\n");
  ASSERT_EQ(chmod(config.passphrase_file.c_str(), 0644), 0);
  EXPECT_EQ(MasterKeyOf(config).error().rule, "key.file");
  ASSERT_EQ(chmod(config.passphrase_file.c_str(), 0600), 0);
  EXPECT_EQ(std::get<MasterPassphrase>(MasterKeyOf(config).value()).text, "correct horse");
  WriteFile(config.passphrase_file, "\n");
  EXPECT_EQ(MasterKeyOf(config).error().rule, "key.file");
}

}  // namespace
}  // namespace schakel::testing
