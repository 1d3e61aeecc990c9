#include "agents/config_check.h"

#include <unistd.h>

#include "agents/notice_options.h"
#include "agents/profiles.h"
#include "store/vault_store.h"

namespace schakel {
namespace {

// Whether there is a vault that the master key opens; none yet is no error.
Result<bool> OpensVault(const AgentConfig& config) {
  SCHAKEL_ASSIGN(MasterKeySource master, MasterKeyOf(config));
  if (const auto* file = std::get_if<MasterKeyFile>(&master)) SCHAKEL_TRY(ReadMasterKeyFile(*file));
  const Status opens =
      InspectVaultStore({.directory = config.vault, .master_key = std::move(master), .environment = {}});
  if (!opens && opens.error().rule == "vault.absent") return false;
  SCHAKEL_TRY(opens);
  return true;
}

}  // namespace

std::vector<Error> FindPlaceFaults(const AgentConfig& config) {
  std::vector<Error> faults;
  std::error_code ignored;
  if (std::filesystem::exists(config.vault, ignored) && !std::filesystem::is_directory(config.vault, ignored)) {
    faults.push_back(
        {Code::kInvalid, "config.vault", "vault: " + config.vault.string(), "vault = names a folder, not a file"});
  }
  if (config.socket.empty()) return faults;
  const auto folder = std::filesystem::absolute(config.socket).parent_path();
  const std::string field = "socket: " + folder.string();
  if (!std::filesystem::is_directory(folder, ignored)) {
    faults.push_back({Code::kNotFound, "config.socket", field, "make that folder, or choose another for socket ="});
  } else if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    faults.push_back({Code::kUnavailable, "config.socket", field,
                      "let the user who runs the agent write in that folder, or choose another for socket ="});
  }
  return faults;
}

AgentConfigCheck CheckAgentConfig(const std::filesystem::path& file) {
  AgentConfigReading reading = ReadAgentConfig(file);
  const AgentConfig& config = reading.config;
  AgentConfigCheck check{std::move(reading.faults), false, 0};
  for (Error& fault : FindPlaceFaults(config)) check.faults.push_back(std::move(fault));
  // What the file does not say, or not well, is told already.
  if (!config.vault.empty() && config.master_file.empty() != config.passphrase_file.empty()) {
    const auto opens = OpensVault(config);
    check.has_vault = opens.value_or(false);
    if (!opens) check.faults.push_back(opens.error());
  }
  if (!config.profiles.empty()) {
    const auto profiles = LoadProfiles(config.profiles);
    if (profiles) check.profiles = profiles->size();
    if (!profiles) check.faults.push_back(profiles.error());
  }
  if (config.mail && !config.mail->password_file.empty()) {
    if (const auto password = MailPassword(*config.mail); !password) check.faults.push_back(password.error());
  }
  return check;
}

}  // namespace schakel
