// What a start of the hub would stumble over, all at once: for whoever writes the configuration.
#pragma once

#include <filesystem>
#include <vector>

#include "protocol/checkpoint.h"
#include "protocol/result.h"

namespace schakel {

struct HubConfigCheck {
  std::vector<Error> faults;  // In the order of the file, then of the socket, the keys and the log.
  NoteVerifier log;           // Without faults: under which name and key it signs.
  bool quarantined = false;
};
// The configuration, the files that it names, and whether the log opens with its master key. Changes nothing.
HubConfigCheck CheckHubConfig(const std::filesystem::path& file);

}  // namespace schakel
