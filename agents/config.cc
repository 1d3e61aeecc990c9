#include "agents/config.h"

#include <sys/stat.h>

#include <toml++/toml.h>
#include <fstream>
#include <set>
#include <sstream>

namespace schakel {
namespace {

constexpr std::size_t kConfigBytesMax = 64U << 10;
constexpr std::size_t kSocketBytesMax = 100;
constexpr std::int64_t kDaysMax = 365;

std::unexpected<Error> Bad(const char* rule, const std::string& key, std::string next) {
  return Fail(Code::kInvalid, rule, key, std::move(next));
}

// Reads texts from one table and remembers which keys it knows.
class Texts {
 public:
  explicit Texts(const toml::table& table) : table_(table) {}

  void Know(const std::string& key) { known_.insert(key); }
  // Empty if it is absent.
  Result<std::string> Optional(const std::string& key) {
    const toml::node* node = table_.get(key);
    if (!node) return std::string();
    auto text = node->value_exact<std::string>();
    if (!text || text->empty()) return Bad("config.type", key, "give a text between quotes");
    return *text;
  }
  Result<std::string> Required(const std::string& key) {
    SCHAKEL_ASSIGN(std::string text, Optional(key));
    if (text.empty()) return Bad("config.missing", key, "add it; deploy/agent.toml explains every key");
    return text;
  }
  // `fallback` if it is absent.
  Result<std::chrono::hours> Days(const std::string& key, std::chrono::hours fallback) {
    const toml::node* node = table_.get(key);
    if (!node) return fallback;
    const auto days = node->value_exact<std::int64_t>();
    if (!days) return Bad("config.type", key, "give a whole number of days");
    if (*days < 1 || *days > kDaysMax) return Bad("config.range", key, "choose 1 to 365 days");
    return std::chrono::hours(24 * *days);
  }
  Status NoOthers() const {
    for (const auto& [key, value] : table_) {
      if (!known_.contains(std::string(key.str()))) {
        return Bad("config.unknown", std::string(key.str()), "remove it, or correct its name");
      }
    }
    return {};
  }

 private:
  const toml::table& table_;
  std::set<std::string> known_;
};

Result<AgentConfig> FromTable(const toml::table& table, const std::filesystem::path& folder) {
  Texts texts(table);
  AgentConfig config;
  const auto path = [&](const std::string& text) {
    return text.empty() ? std::filesystem::path() : (folder / text).lexically_normal();
  };
  // A name that was misspelt is missing under its right one; the slip itself says more.
  for (const char* key :
       {"vault", "master_file", "passphrase_file", "socket", "profiles", "log_level", "hpke_days", "hpke_overlap_days"})
    texts.Know(key);
  SCHAKEL_TRY(texts.NoOthers());
  SCHAKEL_ASSIGN(const std::string vault, texts.Required("vault"));
  SCHAKEL_ASSIGN(const std::string master, texts.Optional("master_file"));
  SCHAKEL_ASSIGN(const std::string passphrase, texts.Optional("passphrase_file"));
  SCHAKEL_ASSIGN(const std::string socket, texts.Required("socket"));
  SCHAKEL_ASSIGN(const std::string profiles, texts.Required("profiles"));
  SCHAKEL_ASSIGN(const std::string level, texts.Optional("log_level"));
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
  return ParseAgentConfig(text.str(), std::filesystem::absolute(file).parent_path(), file.filename().string());
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
