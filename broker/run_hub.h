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
Result<HubKeys> ReadHubKeys(const HubConfig& config);
Result<MasterKeySource> ReadMasterKey(const HubConfig& config);
Result<std::unique_ptr<Log>> OpenHubLog(const HubConfig& config);

// Until SIGTERM or SIGINT.
Status RunHub(const HubConfig& config);

}  // namespace schakel
