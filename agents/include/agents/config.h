// The configuration of an agent: a small TOML file. What belongs to the hub (its address and keys) comes with the
// invitation and lies in the vault.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/edge_options.h"
#include "agents/house_options.h"
#include "agents/keys.h"
#include "agents/notice_options.h"
#include "agents/oidc_options.h"
#include "agents/people_options.h"
#include "protocol/result.h"
#include "store/master_key.h"

namespace schakel {

struct AgentConfig {
  std::filesystem::path vault;             // Folder of the vault.
  std::filesystem::path master_file;       // Exactly one of these two.
  std::filesystem::path passphrase_file;   // Its first line.
  std::filesystem::path socket;            // Of the local API; at most 100 bytes.
  std::filesystem::path profiles;          // Folder with the sector profiles.
  std::string log_level = "info";          // debug, info, warn, error.
  KeyPolicy key_policy;                    // hpke_days, hpke_overlap_days: 1 to 365.
  std::optional<EdgeOptions> edge;         // [edge]; none: the socket alone.
  PeopleOptions people;                    // [people]
  std::optional<OidcOptions> oidc;         // [oidc]; none: passwords and codes alone.
  std::optional<MailOptions> mail;         // [mail]; none: nobody is told by mail.
  std::optional<WebhookOptions> webhooks;  // [webhooks]; none: no program is told.
  HouseOptions house;                      // [house]
  friend bool operator==(const AgentConfig&, const AgentConfig&) = default;
};

// Pure. Relative paths are taken from `folder`. Unknown keys are errors.
// kInvalid ("config.syntax", "config.unknown", "config.type", "config.missing", "config.range", "config.master_key",
// "edge.listen", "edge.plain", "edge.public_url"), with the field "<name>: <key>".
Result<AgentConfig> ParseAgentConfig(std::string_view toml, const std::filesystem::path& folder,
                                     const std::string& name = "agent.toml");
// kNotFound ("config.file").
Result<AgentConfig> LoadAgentConfig(const std::filesystem::path& file);
// All that is wrong with it at once, the error of LoadAgentConfig first, and what could be read of it.
struct AgentConfigReading {
  AgentConfig config;
  std::vector<Error> faults;
};
AgentConfigReading ReadAgentConfig(const std::filesystem::path& file);
// Reads the passphrase if that is where the key comes from. kUnavailable ("key.file"): not there, or others can read
// it.
Result<MasterKeySource> MasterKeyOf(const AgentConfig& config);

}  // namespace schakel
