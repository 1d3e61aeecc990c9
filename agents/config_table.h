// Reads one table of the configuration, and remembers which keys it knows.
//
// Errors: kInvalid ("config.type", "config.missing", "config.range", "config.unknown"), with the key as the field.
#pragma once

#include <toml++/toml.h>

#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "agents/edge_options.h"
#include "agents/notice_options.h"
#include "agents/oidc_options.h"
#include "agents/people_options.h"
#include "protocol/result.h"

namespace schakel {

inline std::unexpected<Error> Bad(const char* rule, const std::string& key, std::string next) {
  return Fail(Code::kInvalid, rule, key, std::move(next));
}

class ConfigTable {
 public:
  // `name` stands before the keys in errors: "edge."; empty for the top.
  ConfigTable(const toml::table& table, std::string name) : table_(table), name_(std::move(name)) {}

  void Know(const std::string& key) { known_.insert(key); }
  Status NoOthers() const;

  Result<std::string> Text(const std::string& key) const;  // Empty if it is absent.
  Result<std::string> RequiredText(const std::string& key) const;
  Result<bool> Flag(const std::string& key, bool otherwise) const;
  Result<std::uint64_t> Number(const std::string& key, std::uint64_t otherwise, std::uint64_t least,
                               std::uint64_t most) const;
  Result<std::chrono::hours> Days(const std::string& key, std::chrono::hours otherwise) const;  // 1 to 365.
  Result<std::vector<std::string>> Texts(const std::string& key) const;  // Empty if it is absent.
  Result<const toml::table*> Table(const std::string& key) const;        // Null if it is absent.

 private:
  const toml::table& table_;
  const std::string name_;
  std::set<std::string> known_;
};

Result<EdgeOptions> ReadEdge(const toml::table& table, const std::filesystem::path& folder);
Result<OidcOptions> ReadOidc(const toml::table& table, const std::filesystem::path& folder);
Result<MailOptions> ReadMail(const toml::table& table, const std::filesystem::path& folder);
Result<WebhookOptions> ReadWebhooks(const toml::table& table);
Result<PeopleOptions> ReadPeople(const toml::table& table);

}  // namespace schakel
