#include "agents/config.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <sstream>

#include "agents/i18n.h"
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

TEST(AgentConfigTest, AllThatIsWrongIsToldAtOnce) {
  TemporaryFolder folder;
  const auto file = folder.path() / "agent.toml";
  WriteFile(file, std::string("vault = 3\nmaster_file = 'k'\nprofiles = 'p'\nhpke_days = 0\nvalt = 'x'\n") +
                      "[people]\nsession_hours = 0\n[edge]\nlisten = 'localhost:1'\npublic_url = 'ftp://x'\n");
  std::vector<std::string> told;
  for (const Error& fault : ReadAgentConfig(file).faults) told.push_back(fault.rule + " " + fault.field);
  EXPECT_EQ(told,
            (std::vector<std::string>{"config.unknown agent.toml: valt", "config.type agent.toml: vault",
                                      "config.missing agent.toml: socket", "config.range agent.toml: hpke_days",
                                      "edge.listen agent.toml: localhost:1", "edge.public_url agent.toml: ftp://x",
                                      "config.range agent.toml: people.session_hours"}));
  EXPECT_EQ(LoadAgentConfig(file).error().rule, "config.unknown");
}

TEST(AgentConfigTest, TheSampleIsGood) {
  auto config = LoadAgentConfig(SourceDir() / "deploy/agent.toml");
  ASSERT_TRUE(config) << ToText(config.error());
  EXPECT_EQ(config->vault, "/var/lib/schakel/vault");
}

// What the sample only shows, switched on.
TEST(AgentConfigTest, EveryKeyThatTheSampleExplainsIsKnown) {
  std::istringstream sample(ReadFile(SourceDir() / "deploy/agent.toml"));
  std::string text;
  bool optional = false;
  for (std::string line; std::getline(sample, line);) {
    optional = optional || line == "# [edge]";
    const bool key = line.starts_with("# [") || (line.find(" = ") != std::string::npos && line.starts_with("# "));
    text += (optional && key ? line.substr(2) : line) + "\n";
  }
  const auto config = ParseAgentConfig(text, "/etc/schakel");
  ASSERT_TRUE(config) << ToText(config.error());
  AgentConfig bare;
  ASSERT_TRUE(config->edge && config->oidc);
  EXPECT_EQ(config->edge->listen, "0.0.0.0:8443");
  EXPECT_EQ(config->edge->connections_max, EdgeOptions().connections_max) << "the sample shows the defaults";
  EXPECT_EQ(config->people, bare.people) << "the sample shows the defaults";
  EXPECT_EQ(config->oidc->login_claim, OidcOptions().login_claim);
  EXPECT_EQ(config->oidc->provision, SetOf<StaffRole>{StaffRole::kWorker});
  EXPECT_EQ(config->house, bare.house) << "likewise";
  ASSERT_TRUE(config->mail && config->webhooks);
  EXPECT_EQ(config->mail->password_file, "/etc/schakel/mail.password");
  EXPECT_EQ(config->webhooks->private_targets, std::vector<std::string>{"epd.intern:8443"});
}

TEST(AgentConfigTest, TheEdgeIsServedSafelyOrNotAtAll) {
  struct Case {
    const char* name;
    std::string text;
    const char* rule;  // Empty: good.
  };
  const std::string tls = "[edge]\nlisten = '0.0.0.0:8443'\ncertificate = 'c'\nkey = 'k'\n";
  const std::string url = tls + "public_url = 'https://schakel.example'\n";
  const std::string oidc = "[oidc]\nissuer = 'https://login.example'\nclient_id = 'x'\n";
  const Case cases[] = {
      {"TLS", tls, ""},
      {"plain on loopback", "[edge]\nlisten = '127.0.0.1:8080'\nplain = true\n", ""},
      {"plain on IPv6 loopback", "[edge]\nlisten = '[::1]:8080'\nplain = true\n", ""},
      {"plain elsewhere", "[edge]\nlisten = '0.0.0.0:8080'\nplain = true\n", "edge.plain"},
      {"neither", "[edge]\nlisten = '127.0.0.1:8080'\n", "edge.plain"},
      {"no address", "[edge]\nplain = true\n", "config.missing"},
      {"a name", "[edge]\nlisten = 'localhost:8080'\nplain = true\n", "edge.listen"},
      {"no table", "edge = 'x'\n", "config.type"},
      {"unknown key", tls + "tls = true\n", "config.unknown"},
      {"no number", tls + "connections_max = 'x'\n", "config.type"},
      {"too many", tls + "connections_max = 60001\n", "config.range"},
      {"none", tls + "connections_max = 0\n", "config.range"},
      {"negative", tls + "connections_max = -1\n", "config.range"},
      {"sessions without end", "[people]\nsession_hours = 169\n", "config.range"},
      {"sessions", "[people]\nsession_hours = 168\nsession_idle_minutes = 1\n", ""},
      {"a provider", url + oidc, ""},
      {"a provider without an address of ours", tls + oidc, "config.missing"},
      {"a provider without TLS", url + "[oidc]\nissuer = 'http://login.example'\nclient_id = 'x'\n", "config.range"},
      {"another algorithm", url + oidc + "algorithm = 'HS256'\n", "config.range"},
      {"another role", url + oidc + "provision_roles = ['boss']\n", "config.range"},
      {"mail over TLS", "[mail]\nserver = 'smtps://mail.example:465'\nfrom = 'a@b.example'\n", ""},
      {"mail with STARTTLS", "[mail]\nserver = 'smtp://mail.example'\nfrom = 'a@b.example'\n", ""},
      {"mail without TLS here", "[mail]\nserver = 'smtp://127.0.0.1:25'\nfrom = 'a@b.example'\nplain = true\n", ""},
      {"mail without TLS elsewhere", "[mail]\nserver = 'smtp://mail.example'\nfrom = 'a@b.example'\nplain = true\n",
       "config.range"},
      {"mail over the web", "[mail]\nserver = 'https://mail.example'\nfrom = 'a@b.example'\n", "config.range"},
      {"mail with a path", "[mail]\nserver = 'smtps://mail.example/x'\nfrom = 'a@b.example'\n", "config.range"},
      {"mail from nobody", "[mail]\nserver = 'smtps://mail.example'\nfrom = 'schakel'\n", "config.range"},
      {"a user without a password", "[mail]\nserver = 'smtps://mail.example'\nfrom = 'a@b.example'\nuser = 'x'\n",
       "config.missing"},
      {"a password in the clear",
       "[mail]\nserver = 'smtp://127.0.0.1'\nfrom = 'a@b.example'\nplain = true\nuser = 'x'\npassword_file = 'p'\n",
       "config.range"},
      {"webhooks", "[webhooks]\n", ""},
      {"a higher smallest cell", "[house]\nsmallest_cell = 10\n", ""},
      {"a lower smallest cell", "[house]\nsmallest_cell = 4\n", "config.range"},
      {"attendees kept for ever", "[house]\nattendees_months = 121\n", "config.range"},
      {"a visit that escalates at once", "[house]\nvisit_escalates_minutes = 0\n", "config.range"},
      {"a school report that goes up at once", "[house]\nschool_escalates_days = 0\n", "config.range"},
      {"who came kept for ever", "[house]\nenrolment_days = 367\n", "config.range"},
      {"a month for each", "[house]\nschool_escalates_days = 30\nenrolment_days = 30\n", ""},
      {"a private target", "[webhooks]\nprivate_targets = ['10.0.0.5:8080', '[::1]:80']\n", ""},
      {"a private target without a port", "[webhooks]\nprivate_targets = ['10.0.0.5']\n", "config.range"},
      {"a private target as a URL", "[webhooks]\nprivate_targets = ['http://10.0.0.5:80']\n", "config.range"},
      {"roles as a text", url + oidc + "provision_roles = 'worker'\n", "config.type"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto config = ParseAgentConfig(std::string(kGood) + c.text, "/etc/schakel");
    EXPECT_EQ(config ? "" : config.error().rule, c.rule);
  }
}

TEST(AgentConfigTest, WhatToDoIsSaidOfTheKeyThatIsWrong) {
  const std::string url =
      "[edge]\nlisten = '0.0.0.0:8443'\ncertificate = 'c'\nkey = 'k'\npublic_url = 'https://schakel.example'\n";
  const std::string oidc = url + "[oidc]\nclient_id = 'x'\n";
  struct Case {
    std::string text;
    const char* english;
    const char* dutch;
  };
  const Case cases[] = {
      {"hpke_days = 0\n", "from 1 to 365", "van 1 tot 365"},
      {"log_level = 'loud'\n", "debug, info, warn or error", "debug, info, warn of error"},
      {"[people]\nsession_hours = 0\n", "from 1 to 168", "van 1 tot 168"},
      {"[people]\nsession_idle_minutes = 1441\n", "from 1 to 1440", "van 1 tot 1440"},
      {oidc + "issuer = 'http://x'\n", "https address", "https-adres"},
      {oidc + "issuer = 'https://x.example'\nalgorithm = 'none'\n", "RS256", "RS256"},
      {oidc + "issuer = 'https://x.example'\ndisplay_name = '" + std::string(81, 'x') + "'\n", "80 bytes", "80 bytes"},
      {oidc + "issuer = 'https://x.example'\nprovision_roles = ['boss']\n", "auditor and", "auditor en"},
      {"[mail]\nserver = 'https://x'\nfrom = 'a@b.example'\n", "STARTTLS", "STARTTLS"},
      {"[mail]\nserver = 'smtps://mail.example'\nfrom = 'schakel'\n", "name@example.org", "naam@voorbeeld.org"},
      {"[webhooks]\nprivate_targets = ['x']\n", "in lower case", "in kleine letters"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    const auto config = ParseAgentConfig(std::string(kGood) + c.text, "/etc/schakel");
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().rule, "config.range");
    const std::string english = Explain(config.error(), Language::kEnglish).next;
    const std::string dutch = Explain(config.error(), Language::kDutch).next;
    EXPECT_NE(english.find(c.english), std::string::npos) << english;
    EXPECT_NE(dutch.find(c.dutch), std::string::npos) << dutch;
    EXPECT_NE(english, dutch);
    for (const Case& other : cases) {
      if (std::string(other.english) == c.english) continue;
      EXPECT_EQ(english.find(other.english), std::string::npos) << "that is of another key: " << english;
    }
  }
}

TEST(AgentConfigTest, AFileThatIsNotThereIsSaidSo) {
  EXPECT_EQ(LoadAgentConfig("/nowhere/agent.toml").error().rule, "config.file");
  EXPECT_EQ(LoadAgentConfig("/dev/null").error().field, "/dev/null: vault");
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
