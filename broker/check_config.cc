#include "check_config.h"

#include <algorithm>

#include "admin_folder.h"
#include "broker/config.h"
#include "run_hub.h"
#include "store/log.h"
#include "store/quarantine.h"

namespace schakel {
namespace {

// Once: what is wrong with a key shows again where it is used.
void Note(std::vector<Error>& faults, const Error& fault) {
  const bool known =
      std::ranges::any_of(faults, [&](const Error& one) { return one.rule == fault.rule && one.field == fault.field; });
  if (!known) faults.push_back(fault);
}

template <typename T>
void NoteIfWrong(std::vector<Error>& faults, const Result<T>& result) {
  if (!result) Note(faults, result.error());
}

bool IsNamed(const std::variant<MasterKeyFile, MasterPassphraseFile>& master) {
  return std::visit([](const auto& file) { return !file.path.empty(); }, master);
}

}  // namespace

HubConfigCheck CheckHubConfig(const std::filesystem::path& file) {
  ConfigReading reading = CheckConfigFile(file);
  const HubConfig& config = reading.config;
  HubConfigCheck check{std::move(reading.faults), {}, false};
  // Of a place that the file does not name, that is told already.
  if (!config.admin_socket.empty()) {
    NoteIfWrong(check.faults, ReadyAdminFolder(config.admin_socket, IfNoFolder::kLeave));
  }
  for (const auto& key : {config.transport_key_file, config.log_key_file}) {
    if (!key.empty()) NoteIfWrong(check.faults, ReadSecretFile(key));
  }
  if (!IsNamed(config.master)) return check;
  if (const auto* master = std::get_if<MasterKeyFile>(&config.master)) {
    NoteIfWrong(check.faults, ReadMasterKeyFile(*master));
  } else {
    NoteIfWrong(check.faults, ReadMasterKey(config));
  }
  if (!check.faults.empty()) return check;
  const auto keys = ReadHubKeys(config);
  NoteIfWrong(check.faults, keys);
  if (!keys) return check;
  const auto log = LogOptionsOf(config, *keys);
  NoteIfWrong(check.faults, log);
  if (!log) return check;
  NoteIfWrong(check.faults, InspectRocksLog(*log));
  check.log = NoteVerifier{config.origin, keys->log.public_key};
  check.quarantined = IsQuarantined(*log);
  return check;
}

}  // namespace schakel
