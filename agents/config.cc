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

Result<AgentConfig> FromTable(const toml::table& table, const std::filesystem::path& folder) {
  ConfigTable texts(table, {});
  AgentConfig config;
  const auto path = [&](const std::string& text) {
    return text.empty() ? std::filesystem::path() : (folder / text).lexically_normal();
  };
  // A name that was misspelt is missing under its right one; the slip itself says more.
  for (const char* key : {"vault", "master_file", "passphrase_file", "socket", "profiles", "log_level", "hpke_days",
                          "hpke_overlap_days", "edge", "people", "oidc", "mail", "webhooks"}) {
    texts.Know(key);
  }
  SCHAKEL_TRY(texts.NoOthers());
  SCHAKEL_ASSIGN(const std::string vault, texts.RequiredText("vault"));
  SCHAKEL_ASSIGN(const std::string master, texts.Text("master_file"));
  SCHAKEL_ASSIGN(const std::string passphrase, texts.Text("passphrase_file"));
  SCHAKEL_ASSIGN(const std::string socket, texts.RequiredText("socket"));
  SCHAKEL_ASSIGN(const std::string profiles, texts.RequiredText("profiles"));
  SCHAKEL_ASSIGN(const std::string level, texts.Text("log_level"));
  SCHAKEL_ASSIGN(config.key_policy.hpke_period, texts.Days("hpke_days", config.key_policy.hpke_period));
  SCHAKEL_ASSIGN(config.key_policy.hpke_overlap, texts.Days("hpke_overlap_days", config.key_policy.hpke_overlap));
  config.vault = path(vault);
  config.master_file = path(master);
  config.passphrase_file = path(passphrase);
  config.socket = path(socket);
  config.profiles = path(profiles);
  if (!level.empty()) config.log_level = level;
  if (config.master_file.empty() == config.passphrase_file.empty()) {
    return Bad("config.master_key", "master_file", "give either master_file or passphrase_file");
  }
  if (config.socket.string().size() > kSocketBytesMax) {
    return Bad("config.range", "socket", "choose a path of at most 100 bytes");
  }
  static const std::set<std::string> kLevels = {"debug", "info", "warn", "error"};
  if (!kLevels.contains(config.log_level)) {
    return Bad("config.range", "log_level", "choose debug, info, warn or error");
  }
  SCHAKEL_ASSIGN(const toml::table* edge, texts.Table("edge"));
  if (edge != nullptr) {
    SCHAKEL_ASSIGN(config.edge, ReadEdge(*edge, folder));
  }
  SCHAKEL_ASSIGN(const toml::table* people, texts.Table("people"));
  if (people != nullptr) {
    SCHAKEL_ASSIGN(config.people, ReadPeople(*people));
  }
  SCHAKEL_ASSIGN(const toml::table* mail, texts.Table("mail"));
  if (mail != nullptr) {
    SCHAKEL_ASSIGN(config.mail, ReadMail(*mail, folder));
  }
  SCHAKEL_ASSIGN(const toml::table* webhooks, texts.Table("webhooks"));
  if (webhooks != nullptr) {
    SCHAKEL_ASSIGN(config.webhooks, ReadWebhooks(*webhooks));
  }
  SCHAKEL_ASSIGN(const toml::table* oidc, texts.Table("oidc"));
  if (oidc != nullptr) {
    SCHAKEL_ASSIGN(config.oidc, ReadOidc(*oidc, folder));
    if (!config.edge || config.edge->public_url.empty()) {
      return Bad("config.missing", "edge.public_url", "add it; the login provider sends people back there");
    }
  }
  return config;
}

}  // namespace

namespace {

Result<AgentConfig> Parse(std::string_view toml_text, const std::filesystem::path& folder) {
  if (toml_text.size() > kConfigBytesMax) {
    return Bad("config.syntax", "file", "it is larger than a configuration can be");
  }
  try {
    return FromTable(toml::parse(toml_text), folder);
  } catch (const toml::parse_error& error) {
    return Bad("config.syntax", "line " + std::to_string(error.source().begin.line), std::string(error.description()));
  } catch (const std::exception& error) {
    return Bad("config.syntax", "file", error.what());
  }
}

}  // namespace

Result<AgentConfig> ParseAgentConfig(std::string_view toml_text, const std::filesystem::path& folder,
                                     const std::string& name) {
  auto config = Parse(toml_text, folder);
  if (!config) config.error().field = name + ": " + config.error().field;
  return config;
}

Result<AgentConfig> LoadAgentConfig(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) {
    return Fail(Code::kNotFound, "config.file", file.string(), "check the path; schakel-agent init makes one");
  }
  // What is no file of settings by its name (/dev/null) is named whole.
  const std::filesystem::path name = file.has_extension() ? file.filename() : file;
  return ParseAgentConfig(text.str(), std::filesystem::absolute(file).parent_path(), name.string());
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
