#include "broker/config.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "support/paths.h"

namespace schakel {
namespace {

constexpr const char* kKeyA = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
constexpr const char* kKeyB = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

// A whole configuration, by its sections, so that a test replaces one and keeps the others.
struct Sections {
  std::string top = R"(origin = "schakel.example/leuven"
listen = "tcp://192.0.2.1:7400"
data_directory = "data"
)";
  std::string keys = R"(transport_file = "transport.key"
log_file = "log.key"
master_file = "master.key"
)";
  std::string registrars = std::string("threshold = 1\nkeys = [\"") + kKeyA + "\"]\n";
  std::string rest;
  std::string Text() const { return top + "[keys]\n" + keys + "[registrars]\n" + registrars + rest; }
};

Sections Top(const std::string& key, const std::string& line) {
  Sections sections;
  const std::size_t begin = sections.top.find(key + " = ");
  const std::size_t end = begin == std::string::npos ? begin : sections.top.find('\n', begin) + 1;
  if (begin == std::string::npos) {
    sections.top += line + "\n";
  } else {
    sections.top.replace(begin, end - begin, line.empty() ? "" : line + "\n");
  }
  return sections;
}
Sections Keys(const std::string& keys) {
  Sections sections;
  sections.keys = keys;
  return sections;
}
Sections TheRegistrars(const std::string& registrars) {
  Sections sections;
  sections.registrars = registrars;
  return sections;
}
Sections Rest(const std::string& rest) {
  Sections sections;
  sections.rest = rest;
  return sections;
}
std::string Quoted(const std::string& text) { return "\"" + text + "\""; }
std::string List(const std::string& threshold, const std::vector<std::string>& keys) {
  std::string text = "threshold = " + threshold + "\nkeys = [";
  for (const std::string& key : keys) text += Quoted(key) + ", ";
  return text + "]\n";
}

Result<HubConfig> Parse(const Sections& sections) { return ParseConfig(sections.Text(), "/etc/schakel"); }

std::vector<std::string> ManyKeys(std::size_t count) {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < count; ++i) {
    std::string key = kKeyA;
    key[0] = "0123456789abcdef"[i % 16];
    key[1] = "0123456789abcdef"[i / 16];
    keys.push_back(key);
  }
  return keys;
}

TEST(Config, TheSampleFileIsValid) {
  ::setenv("CREDENTIALS_DIRECTORY", "/run/credentials/schakel-hub", 1);
  const std::filesystem::path file = SourceDir() / "deploy/hub.toml";
  const auto config = LoadConfig(file);
  ASSERT_TRUE(config) << ToText(config.error());
  EXPECT_EQ(config->origin, "schakel.example/leuven");
  EXPECT_EQ(config->advertise, "tcp://hub.schakel.example:7400");
  EXPECT_EQ(config->data_directory, "/var/lib/schakel-hub/data");
  EXPECT_EQ(config->transport_key_file, file.parent_path() / "keys/transport.key");
  EXPECT_EQ(std::get<MasterKeyFile>(config->master).path, "/run/credentials/schakel-hub/master.key");
  EXPECT_EQ(config->registrars.threshold, 2U);
  EXPECT_EQ(config->registrars.keys.size(), 3U);
  EXPECT_TRUE(CheckConfigFile(file).faults.empty());
}

// What the sample says of the defaults is read by the parser as well: uncommented, it means the same.
TEST(Config, TheSampleFileShowsTheDefaults) {
  std::ifstream in(SourceDir() / "deploy/hub.toml");
  std::string commented, uncommented;
  std::size_t shown_keys = 0;
  for (std::string line; std::getline(in, line); commented += "\n", uncommented += "\n") {
    commented += line;
    const bool is_key =
        line.starts_with("# ") && line.find(' ', 2) != std::string::npos && line.find(' ', 2) == line.find(" = ");
    shown_keys += is_key ? 1 : 0;
    uncommented += is_key ? line.substr(2) : line;
  }
  EXPECT_EQ(shown_keys, 24U);
  const auto defaults = ParseConfig(commented, "/etc/schakel", "/run/credentials/hub");
  const auto shown = ParseConfig(uncommented, "/etc/schakel", "/run/credentials/hub");
  ASSERT_TRUE(defaults && shown) << (shown ? "" : ToText(shown.error()));
  EXPECT_EQ(defaults->limits, HubLimits{});
  EXPECT_EQ(shown->limits, defaults->limits);
  EXPECT_EQ(shown->admin_socket, defaults->admin_socket);
  EXPECT_EQ(shown->workers, defaults->workers);
  EXPECT_EQ(shown->metrics_listen, defaults->metrics_listen);
  EXPECT_EQ(shown->log_level, defaults->log_level);
}

TEST(Config, EveryValueArrivesWhereItBelongs) {
  Sections sections = Rest(R"([limits]
message_bytes = 1_000_101
batch_records = 16
credit = 102
in_flight_records = 103
connections = 104
connections_per_organisation = 105
records_per_second = 106
requests_per_second = 107
handshake_ms = 108
first_message_seconds = 109
silence_seconds = 110
surplus_mib = 111
surplus_total_mib = 112
outgoing_mib = 113
pending_records = 114
group_mib = 15
group_entries = 116
snapshot_entries = 1_017
pending_attempts = 118
[metrics]
listen = "[::1]:9000"
[admin]
socket = "/run/hub/admin.sock"
)");
  sections.top += "advertise = \"tcp://hub.example:7400\"\nworkers = 3\nlog_level = \"warn\"\n";
  sections.registrars = List("2", {kKeyA, kKeyB});
  const auto config = Parse(sections);
  ASSERT_TRUE(config) << ToText(config.error());
  EXPECT_EQ(config->listen, "tcp://192.0.2.1:7400");
  EXPECT_EQ(config->advertise, "tcp://hub.example:7400");
  EXPECT_EQ(config->data_directory, "/etc/schakel/data");
  EXPECT_EQ(config->admin_socket, "/run/hub/admin.sock");
  EXPECT_EQ(config->transport_key_file, "/etc/schakel/transport.key");
  EXPECT_EQ(config->log_key_file, "/etc/schakel/log.key");
  EXPECT_EQ(std::get<MasterKeyFile>(config->master).path, "/etc/schakel/master.key");
  EXPECT_EQ(config->registrars.threshold, 2U);
  EXPECT_EQ(config->registrars.keys.at(1).value()[0], 0x3d);
  const HubLimits wanted = {.wire = {1'000'101, 16, 102, 103},
                            .connections = 104,
                            .connections_per_organisation = 105,
                            .records_per_second = 106,
                            .requests_per_second = 107,
                            .handshake_ms = 108,
                            .first_message_seconds = 109,
                            .silence_seconds = 110,
                            .surplus_mib = 111,
                            .surplus_total_mib = 112,
                            .outgoing_mib = 113,
                            .pending_records = 114,
                            .group_mib = 15,
                            .group_entries = 116,
                            .snapshot_entries = 1'017,
                            .pending_attempts = 118};
  EXPECT_EQ(config->limits, wanted);
  EXPECT_EQ(config->workers, 3U);
  EXPECT_EQ(config->metrics_listen, "[::1]:9000");
  EXPECT_EQ(config->log_level, "warn");
}

TEST(Config, WhatIsNotSaidFollowsFromWhatIs) {
  const auto config = Parse({});
  ASSERT_TRUE(config);
  EXPECT_EQ(config->admin_socket, "/etc/schakel/admin/hub.sock");
  EXPECT_EQ(config->advertise, "tcp://192.0.2.1:7400");
}

TEST(Config, WhatBreaksARuleIsRefusedWithItsKey) {
  const std::string limits = "[limits]\n";
  const std::string metrics = "[metrics]\n";
  const std::string files = "transport_file = 't'\nlog_file = 'l'\n";
  // A hub that listens on port 7400 of `host`, and its page for machines.
  const auto beside = [&](const std::string& host, const std::string& page) {
    Sections sections = Top("listen", "listen = 'tcp://" + host + ":7400'\nadvertise = 'tcp://hub:7400'");
    sections.rest = metrics + "listen = '" + page + "'\nallow_remote = true\n";
    return sections;
  };
  struct Case {
    const char* name;
    Sections sections;
    const char* rule;  // Empty: it is fine.
    const char* key;
  };
  const Case cases[] = {
      {"whole", {}, "", ""},
      {"no origin", Top("origin", ""), "config.missing", "origin"},
      {"empty origin", Top("origin", "origin = ''"), "config.format", "origin"},
      {"origin with plus", Top("origin", "origin = 'a+b'"), "config.format", "origin"},
      {"origin with space", Top("origin", "origin = 'a b'"), "config.format", "origin"},
      {"longest origin", Top("origin", "origin = '" + std::string(200, 'a') + "'"), "", ""},
      {"origin too long", Top("origin", "origin = '" + std::string(201, 'a') + "'"), "config.format", "origin"},
      {"origin is a number", Top("origin", "origin = 3"), "config.type", "origin"},
      {"no listen", Top("listen", ""), "config.missing", "listen"},
      {"any port", Top("listen", "listen = 'tcp://127.0.0.1:0'"), "", ""},
      {"any port, as a star", Top("listen", "listen = 'tcp://127.0.0.1:*'"), "", ""},
      {"IPv6", Top("listen", "listen = 'tcp://[::1]:7400'"), "", ""},
      {"IPv6 without brackets", Top("listen", "listen = 'tcp://::1:7400'"), "config.format", "listen"},
      {"no port", Top("listen", "listen = 'tcp://127.0.0.1'"), "config.format", "listen"},
      {"highest port", Top("listen", "listen = 'tcp://127.0.0.1:65535'"), "", ""},
      {"port too high", Top("listen", "listen = 'tcp://127.0.0.1:65536'"), "config.format", "listen"},
      {"other transport", Top("listen", "listen = 'ipc://hub'"), "config.format", "listen"},
      {"a name, though it would resolve", Top("listen", "listen = 'tcp://localhost:7400'"), "config.format", "listen"},
      {"a name that resolves nowhere", Top("listen", "listen = 'tcp://hub.invalid:7400'"), "config.format", "listen"},
      {"an interface", Top("listen", "listen = 'tcp://eth0:7400'"), "config.format", "listen"},
      {"two addresses", Top("listen", "listen = 'tcp://a;b:7400'"), "config.format", "listen"},
      {"all addresses, nothing to advertise", Top("listen", "listen = 'tcp://*:7400'"), "config.missing", "advertise"},
      {"all IPv4 addresses", Top("listen", "listen = 'tcp://0.0.0.0:7400'"), "config.missing", "advertise"},
      {"all addresses and one to tell", Top("listen", "listen = 'tcp://*:7400'\nadvertise = 'tcp://hub:7400'"), "", ""},
      {"advertise all", Top("advertise", "advertise = 'tcp://*:7400'"), "config.format", "advertise"},
      {"advertise any port", Top("advertise", "advertise = 'tcp://hub:0'"), "config.format", "advertise"},
      {"no data", Top("data_directory", ""), "config.missing", "data_directory"},
      {"empty data", Top("data_directory", "data_directory = ''"), "config.format", "data_directory"},
      {"longest socket", Rest("[admin]\nsocket = '/" + std::string(106, 'a') + "'"), "", ""},
      {"socket too long", Rest("[admin]\nsocket = '/" + std::string(107, 'a') + "'"), "config.format", "admin.socket"},
      {"unknown key", Top("orign", "orign = 'x'"), "config.unknown", "orign"},
      {"unknown table", Rest("[metric]\n"), "config.unknown", "metric"},
      {"unknown key in a table", Rest(metrics + "listen_on = ''\n"), "config.unknown", "metrics.listen_on"},
      {"dotted name in quotes", Top("x", "'limits.credit' = 5"), "config.unknown", "limits.credit"},
      {"value for a table", Top("x", "metrics = 5"), "config.type", "metrics"},
      {"list of tables", Rest("[[limits]]\ncredit = 5\n"), "config.type", "limits"},

      {"no transport key", Keys("log_file = 'l'\nmaster_file = 'm'\n"), "config.missing", "keys.transport_file"},
      {"no log key", Keys("transport_file = 't'\nmaster_file = 'm'\n"), "config.missing", "keys.log_file"},
      {"passphrase", Keys(files + "master_passphrase_file = 'p'\n"), "", ""},
      {"no master", Keys(files), "config.conflict", "keys.master_file"},
      {"two masters", Keys(files + "master_file = 'm'\nmaster_passphrase_file = 'p'\n"), "config.conflict",
       "keys.master_file"},
      {"credential without a service", Keys(files + "master_file = '$CREDENTIALS_DIRECTORY/m'\n"), "config.format",
       "keys.master_file"},

      {"no threshold", TheRegistrars("keys = ['" + std::string(kKeyA) + "']\n"), "config.missing",
       "registrars.threshold"},
      {"no registrars", TheRegistrars("threshold = 1\n"), "config.missing", "registrars.keys"},
      {"empty list", TheRegistrars(List("1", {})), "config.range", "registrars.keys"},
      {"threshold 0", TheRegistrars(List("0", {kKeyA})), "config.range", "registrars.threshold"},
      {"all must sign", TheRegistrars(List("2", {kKeyA, kKeyB})), "", ""},
      {"more than there are", TheRegistrars(List("3", {kKeyA, kKeyB})), "config.conflict", "registrars.threshold"},
      {"one counts twice", TheRegistrars(List("2", {kKeyA, kKeyA})), "config.conflict", "registrars.keys"},
      {"key too short", TheRegistrars(List("1", {"d75a"})), "config.format", "registrars.keys"},
      {"not hex", TheRegistrars(List("1", {std::string(64, '-')})), "config.format", "registrars.keys"},
      {"number for a key", TheRegistrars("threshold = 1\nkeys = [1]\n"), "config.type", "registrars.keys"},
      {"most registrars", TheRegistrars(List("1", ManyKeys(16))), "", ""},
      {"too many registrars", TheRegistrars(List("1", ManyKeys(17))), "config.range", "registrars.keys"},

      {"smallest message", Rest(limits + "message_bytes = 524_288\n"), "", ""},
      {"message too small", Rest(limits + "message_bytes = 524_287\n"), "config.range", "limits.message_bytes"},
      {"negative", Rest(limits + "credit = -1\n"), "config.range", "limits.credit"},
      {"text for a number", Rest(limits + "credit = '5'\n"), "config.type", "limits.credit"},
      {"fraction", Rest(limits + "credit = 5.5\n"), "config.type", "limits.credit"},
      {"largest batch", Rest(limits + "batch_records = 64\n"), "", ""},
      {"batch too large", Rest(limits + "batch_records = 65\n"), "config.range", "limits.batch_records"},
      {"what is under way fits", Rest(limits + "surplus_mib = 20\n"), "", ""},
      {"surplus below what is under way", Rest(limits + "surplus_mib = 19\n"), "config.conflict", "limits.surplus_mib"},
      {"all may hold what one may", Rest(limits + "surplus_total_mib = 32\n"), "", ""},
      {"all may hold less than one", Rest(limits + "surplus_total_mib = 31\n"), "config.conflict",
       "limits.surplus_total_mib"},

      {"no page", Rest(metrics + "listen = ''\n"), "", ""},
      {"other loopback address", Rest(metrics + "listen = '127.9.9.9:1'\n"), "", ""},
      {"loopback in name only", Rest(metrics + "listen = '127.evil.example:1'\n"), "config.format", "metrics.listen"},
      {"page for all", Rest(metrics + "listen = '0.0.0.0:9464'\n"), "config.conflict", "metrics.listen"},
      {"page for all, meant", Rest(metrics + "listen = '0.0.0.0:9464'\nallow_remote = true\n"), "", ""},
      {"page where the hub listens", beside("192.0.2.1", "192.0.2.1:7400"), "config.conflict", "metrics.listen"},
      {"page on its other address", beside("192.0.2.1", "192.0.2.2:7400"), "", ""},
      {"page on its other port", beside("192.0.2.1", "192.0.2.1:7401"), "", ""},
      {"page where the hub has all", beside("0.0.0.0", "127.0.0.1:7400"), "config.conflict", "metrics.listen"},
      {"page on all but the hub's", beside("192.0.2.1", "0.0.0.0:7400"), "config.conflict", "metrics.listen"},
      {"hub on all, of either kind", beside("*", "[::1]:7400"), "config.conflict", "metrics.listen"},
      {"hub on all of the other kind", beside("0.0.0.0", "[::1]:7400"), "", ""},
      {"meant with a text", Rest(metrics + "allow_remote = 'yes'\n"), "config.type", "metrics.allow_remote"},
      {"unknown level", Top("log_level", "log_level = 'loud'"), "config.format", "log_level"},
      {"most talkative", Top("log_level", "log_level = 'debug'"), "", ""},
      {"quietest", Top("log_level", "log_level = 'error'"), "", ""},
      {"most workers", Top("workers", "workers = 64"), "", ""},
      {"too many workers", Top("workers", "workers = 65"), "config.range", "workers"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto config = Parse(c.sections);
    ASSERT_EQ(config.has_value(), *c.rule == '\0') << (config ? "" : ToText(config.error()));
    if (config) continue;
    EXPECT_EQ(config.error().code, Code::kInvalid);
    EXPECT_EQ(config.error().rule, c.rule);
    EXPECT_EQ(config.error().field, std::string("hub.toml: ") + c.key);
    EXPECT_FALSE(config.error().next.empty());
  }
}

TEST(Config, AllFaultsAreToldAtOnce) {
  Sections sections = Top("listen", "listen = 7400");
  sections.rest = "[limits]\ncredit = 0\nspeed = 5\n";
  const auto faults = FindConfigFaults(sections.Text(), "");
  ASSERT_EQ(faults.size(), 3U);
  EXPECT_EQ(faults[0].field, "hub.toml: listen");
  EXPECT_EQ(faults[1].field, "hub.toml: limits.credit");
  EXPECT_EQ(faults[2].field, "hub.toml: limits.speed");
  EXPECT_EQ(ParseConfig(sections.Text(), "").error(), faults[0]);
}

TEST(Config, ASlipOfThePenIsToldBeforeWhatItMakesMissing) {
  std::string text = Sections{}.Text();
  text.replace(text.find("data_directory"), 14, "data_dri");
  const auto config = ParseConfig(text, "");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().rule, "config.unknown");
  EXPECT_EQ(config.error().field, "hub.toml: data_dri");
}

TEST(Config, KeysAndLogLieApart) {
  const auto with = [](const std::string& data, const std::string& log_key) {
    Sections sections;
    std::string text = sections.Text();
    const auto set = [&](const std::string& key, const std::string& value) {
      const auto at = text.find(key + " = ");
      text.replace(at, text.find('\n', at) - at, key + " = '" + value + "'");
    };
    set("data_directory", data);
    set("transport_file", "keys/transport.key");
    set("log_file", log_key);
    const auto config = ParseConfig(text, "/etc/schakel");
    return config ? std::string("ok") : config.error().rule + " " + config.error().field;
  };
  EXPECT_EQ(with("log", "keys/log.key"), "ok");
  EXPECT_EQ(with("/srv/log", "keys/log.key"), "ok");
  EXPECT_EQ(with("keys/log", "keys/log.key"), "config.conflict hub.toml: data_directory");
  EXPECT_EQ(with("keys", "keys/log.key"), "config.conflict hub.toml: data_directory");
  EXPECT_EQ(with("log", "log/log.key"), "config.conflict hub.toml: data_directory");
  EXPECT_TRUE(with("log", "keys/transport.key").starts_with("config.conflict hub.toml: keys."));
}

TEST(Config, WhatIsNoTomlIsRefusedWithItsPlaceAndNothingElse) {
  for (const char* text : {"origin = ", "origin = 'a'\norigin = 'b'", "[keys", "\xff\xfe", "a = 1 b"}) {
    SCOPED_TRACE(text);
    const auto faults = FindConfigFaults(text, "");
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0].rule, "config.syntax");
    EXPECT_TRUE(faults[0].field.starts_with("hub.toml: line ")) << faults[0].field;
    EXPECT_TRUE(faults[0].next.contains("sample hub.toml")) << faults[0].next;
  }
}

TEST(Config, AThresholdOutOfRangeIsToldAsANumberOfSigners) {
  const auto config = Parse(TheRegistrars(List("0", {kKeyA})));
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().next, "give 1 to 16 as the number of registrars that must sign");
}

TEST(Config, AFileThatIsTooLargeIsNotParsed) {
  const std::string whole = Sections{}.Text();
  const std::string padded = whole + "#" + std::string((256U << 10) - whole.size() - 1, ' ');
  EXPECT_TRUE(ParseConfig(padded, ""));
  EXPECT_EQ(ParseConfig(padded + " ", "").error().rule, "config.size");
}

TEST(Config, AFileThatCannotBeReadSaysSo) {
  const auto missing = LoadConfig("/nonexistent/hub.toml");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::kNotFound);
  EXPECT_EQ(missing.error().field, "/nonexistent/hub.toml");
  const auto folder = LoadConfig("/");
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().rule, "config.file");
  EXPECT_EQ(LoadConfig("/dev/null").error().field, "/dev/null: origin");
}

TEST(Ceilings, AProfileThatSaysLessOrOtherThanItShouldIsRefused) {
  EXPECT_EQ(ReadCeilings(SourceDir() / "agents/profiles").value().size(), 8U);
  constexpr const char* kName = "name = { nl = \"a\", en = \"b\", fr = \"c\" }\n";
  constexpr const char* kRest = "sector = \"x-ray\"\nceiling = [\"safety\"]\n";
  struct Case {
    const char* name;
    std::string text;
    const char* field;  // Empty: good.
    const char* next;
  };
  const Case cases[] = {
      {"good", std::string(kName) + kRest + "court_wall = true\n", "", ""},
      {"a misspelt wall", std::string(kName) + kRest + "courtwall = true\n", "x.toml: courtwall",
       "no such key; did you mean court_wall?"},
      {"no wall", std::string(kName) + kRest, "x.toml: court_wall",
       "say true or false: whether it stands behind the court wall"},
      {"no name", std::string(kRest) + "court_wall = true\n", "x.toml: name.nl",
       "say what the sector is called, in nl, en and fr"},
      {"another key", std::string(kName) + kRest + "court_wall = true\nzzz = 1\n", "x.toml: zzz",
       "no such key; check its spelling"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    char folder[] = "/tmp/schakel-ceilings-XXXXXX";
    ASSERT_NE(mkdtemp(folder), nullptr);
    std::ofstream(std::filesystem::path(folder) / "x.toml") << c.text;
    const auto rows = ReadCeilings(folder);
    EXPECT_EQ(rows ? "" : rows.error().field, c.field);
    EXPECT_EQ(rows ? "" : rows.error().next, c.next);
    std::filesystem::remove_all(folder);
  }
}

}  // namespace
}  // namespace schakel
