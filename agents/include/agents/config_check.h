// What a start of the agent would stumble over, all at once: for whoever writes the configuration.
#pragma once

#include <filesystem>
#include <vector>

#include "agents/config.h"

namespace schakel {

// A vault that is no folder, a socket that can lie nowhere: kInvalid ("config.vault"), kNotFound ("config.socket":
// the folder of the socket is not there), kUnavailable ("config.socket": nothing can be made in it). The field is the
// key and the path.
std::vector<Error> FindPlaceFaults(const AgentConfig& config);

struct AgentConfigCheck {
  std::vector<Error> faults;  // In the order of the file, then of the places, the master key and the other files.
  bool has_vault = false;     // It is there, and the master key opens it. None yet is no fault.
  std::size_t profiles = 0;
};
// The configuration, the places and files that it names, and whether the master key opens the vault. Changes nothing.
AgentConfigCheck CheckAgentConfig(const std::filesystem::path& file);

}  // namespace schakel
