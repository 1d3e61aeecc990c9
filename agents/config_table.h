// Reads one table of the configuration, and remembers which keys it knows. What is wrong gathers in one list, so that
// all of it is told at once.
//
// Faults: kInvalid ("config.type", "config.missing", "config.range", "config.unknown"), with the key as the field.
#pragma once

#include <toml++/toml.h>

#include <chrono>
#include <filesystem>
#include <initializer_list>
#include <set>
#include <string>
#include <vector>

#include "agents/edge_options.h"
#include "agents/house_options.h"
#include "agents/notice_options.h"
#include "agents/oidc_options.h"
#include "agents/people_options.h"
#include "protocol/result.h"

namespace schakel {

class ConfigTable {
 public:
  // `name` stands before the keys in errors: "edge."; empty for the top. Keeps references.
  ConfigTable(const toml::table& table, std::string name, std::vector<Error>& faults)
      : table_(table), name_(std::move(name)), faults_(faults) {}

  void RefuseOthersThan(std::initializer_list<const char*> keys);

  // What is absent or refused is empty, `otherwise` or null.
  std::string Text(const std::string& key);
  std::string RequiredText(const std::string& key);
  bool Flag(const std::string& key, bool otherwise);
  std::uint64_t Number(const std::string& key, std::uint64_t otherwise, std::uint64_t least, std::uint64_t most);
  std::chrono::hours Days(const std::string& key, std::chrono::hours otherwise);  // 1 to 365.
  std::vector<std::string> Texts(const std::string& key);
  const toml::table* Table(const std::string& key);

  void Refuse(const char* rule, const std::string& key, std::string next);
  // Whether nothing was refused of these: what was, says nothing about the others.
  bool Held(std::initializer_list<const char*> keys) const;

 private:
  const toml::table& table_;
  const std::string name_;
  std::vector<Error>& faults_;
  std::set<std::string> refused_;
};

EdgeOptions ReadEdge(const toml::table& table, const std::filesystem::path& folder, std::vector<Error>& faults);
OidcOptions ReadOidc(const toml::table& table, const std::filesystem::path& folder, std::vector<Error>& faults);
MailOptions ReadMail(const toml::table& table, const std::filesystem::path& folder, std::vector<Error>& faults);
WebhookOptions ReadWebhooks(const toml::table& table, std::vector<Error>& faults);
HouseOptions ReadHouse(const toml::table& table, std::vector<Error>& faults);
PeopleOptions ReadPeople(const toml::table& table, std::vector<Error>& faults);

}  // namespace schakel
