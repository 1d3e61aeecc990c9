// What a stopped hub's log holds, read with its own keys and counted by record.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "protocol/entry.h"

namespace schakel::testing {

struct HubLog {
  std::map<RecordId, std::vector<Sequence>> records;                         // Where each stands: once, if all is well.
  std::map<std::pair<std::string, RecordId>, std::vector<Sequence>> handed;  // To whom, with content.
  std::map<std::pair<std::string, RecordId>, std::vector<Sequence>> withheld;
  std::map<std::string, int> refused;  // Session events of refusals, by organisation.
  std::uint64_t entries = 0;
};
// `hub`: the folder that schakel-hub init made.
HubLog ReadHubLog(const std::filesystem::path& hub);

}  // namespace schakel::testing
