// The whole hub process: keys, log, transport, monitoring, signals.
#pragma once

#include "broker/config.h"
#include "protocol/checkpoint.h"
#include "store/log.h"

namespace schakel {

struct HubKeys {
  TransportKey transport;
  SigningKey log;
};
// kConflict ("keys.same"): one key for two roles.
Result<HubKeys> ReadHubKeys(const HubConfig& config);
Result<MasterKeySource> ReadMasterKey(const HubConfig& config);
// For a log that is there already, and must be this hub's.
Result<RocksLogOptions> LogOptionsOf(const HubConfig& config, const HubKeys& keys);
Result<std::unique_ptr<Log>> OpenHubLog(const HubConfig& config, const HubKeys& keys);

// Until SIGTERM or SIGINT.
Status RunHub(const HubConfig& config);

}  // namespace schakel
