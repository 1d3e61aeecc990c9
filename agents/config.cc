#include "agents/config.h"

#include <sys/stat.h>

#include <fstream>
#include <set>
#include <sstream>

#include "config_table.h"

namespace schakel {
namespace {

constexpr std::size_t kConfigBytesMax = 64U << 10;
constexpr std::size_t kSocketBytesMax = 100;

AgentConfig FromTable(const toml::table& table, const std::filesystem::path& folder, std::vector<Error>& faults) {
  ConfigTable texts(table, {}, faults);
  AgentConfig config;
  const auto path = [&](const std::string& text) {
    return text.empty() ? std::filesystem::path() : (folder / text).lexically_normal();
  };
  // A name that was misspelt is missing under its right one; the slip itself says more.
  texts.RefuseOthersThan({"vault", "master_file", "passphrase_file", "socket", "profiles", "log_level", "hpke_days",
                          "hpke_overlap_days", "edge", "people", "oidc", "mail", "webhooks", "house"});
  config.vault = path(texts.RequiredText("vault"));
  config.master_file = path(texts.Text("master_file"));
  config.passphrase_file = path(texts.Text("passphrase_file"));
  config.socket = path(texts.RequiredText("socket"));
  config.profiles = path(texts.RequiredText("profiles"));
  if (std::string level = texts.Text("log_level"); !level.empty()) config.log_level = std::move(level);
  config.key_policy.hpke_period = texts.Days("hpke_days", config.key_policy.hpke_period);
  config.key_policy.hpke_overlap = texts.Days("hpke_overlap_days", config.key_policy.hpke_overlap);
  const bool has_one_key = config.master_file.empty() != config.passphrase_file.empty();
  if (texts.Held({"master_file", "passphrase_file"}) && !has_one_key) {
    texts.Refuse("config.master_key", "master_file", "give either master_file or passphrase_file");
  }
  if (config.socket.string().size() > kSocketBytesMax) {
    texts.Refuse("config.range", "socket", "choose a path of at most 100 bytes");
  }
  static const std::set<std::string> kLevels = {"debug", "info", "warn", "error"};
  if (!kLevels.contains(config.log_level)) {
    texts.Refuse("config.range", "log_level", "choose debug, info, warn or error");
  }
  if (const toml::table* edge = texts.Table("edge")) config.edge = ReadEdge(*edge, folder, faults);
  if (const toml::table* people = texts.Table("people")) config.people = ReadPeople(*people, faults);
  if (const toml::table* mail = texts.Table("mail")) config.mail = ReadMail(*mail, folder, faults);
  if (const toml::table* house = texts.Table("house")) config.house = ReadHouse(*house, faults);
  if (const toml::table* webhooks = texts.Table("webhooks")) config.webhooks = ReadWebhooks(*webhooks, faults);
  if (const toml::table* oidc = texts.Table("oidc")) {
    config.oidc = ReadOidc(*oidc, folder, faults);
    if (texts.Held({"edge"}) && (!config.edge || config.edge->public_url.empty())) {
      texts.Refuse("config.missing", "edge.public_url", "add it; the login provider sends people back there");
    }
  }
  return config;
}

AgentConfigReading Parse(std::string_view toml_text, const std::filesystem::path& folder) {
  AgentConfigReading reading;
  const auto refuse = [&](const std::string& place, std::string next) {
    reading.faults.push_back({Code::kInvalid, "config.syntax", place, std::move(next)});
  };
  if (toml_text.size() > kConfigBytesMax) {
    refuse("file", "it is larger than a configuration can be");
    return reading;
  }
  try {
    reading.config = FromTable(toml::parse(toml_text), folder, reading.faults);
  } catch (const toml::parse_error& error) {
    refuse("line " + std::to_string(error.source().begin.line), std::string(error.description()));
  } catch (const std::exception& error) {
    refuse("file", error.what());
  }
  return reading;
}

AgentConfigReading ParseNamed(std::string_view toml_text, const std::filesystem::path& folder,
                              const std::string& name) {
  AgentConfigReading reading = Parse(toml_text, folder);
  for (Error& fault : reading.faults) fault.field = name + ": " + fault.field;
  return reading;
}

Result<AgentConfig> ConfigOrFirstFault(AgentConfigReading reading) {
  if (!reading.faults.empty()) return std::unexpected(std::move(reading.faults.front()));
  return std::move(reading.config);
}

}  // namespace

Result<AgentConfig> ParseAgentConfig(std::string_view toml_text, const std::filesystem::path& folder,
                                     const std::string& name) {
  return ConfigOrFirstFault(ParseNamed(toml_text, folder, name));
}

AgentConfigReading ReadAgentConfig(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) {
    return {{}, {{Code::kNotFound, "config.file", file.string(), "check the path; schakel-agent init makes one"}}};
  }
  // What is no file of settings by its name (/dev/null) is named whole.
  const std::filesystem::path name = file.has_extension() ? file.filename() : file;
  return ParseNamed(text.str(), std::filesystem::absolute(file).parent_path(), name.string());
}

Result<AgentConfig> LoadAgentConfig(const std::filesystem::path& file) {
  return ConfigOrFirstFault(ReadAgentConfig(file));
}

Result<MasterKeySource> MasterKeyOf(const AgentConfig& config) {
  if (!config.master_file.empty()) return MasterKeyFile{config.master_file};
  struct stat status{};
  const bool there = stat(config.passphrase_file.c_str(), &status) == 0;
  if (there && (status.st_mode & 077) != 0) {
    return Fail(Code::kUnavailable, "key.file", config.passphrase_file.string(), "let nobody else read it: chmod 600");
  }
  std::ifstream stream(config.passphrase_file);
  MasterPassphrase passphrase;
  if (!std::getline(stream, passphrase.text) || passphrase.text.empty()) {
    return Fail(Code::kUnavailable, "key.file", config.passphrase_file.string(),
                "put the passphrase on its first line");
  }
  return passphrase;
}

}  // namespace schakel
