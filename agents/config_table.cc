#include "config_table.h"

namespace schakel {

Status ConfigTable::NoOthers() const {
  for (const auto& [key, value] : table_) {
    if (!known_.contains(std::string(key.str()))) {
      return Bad("config.unknown", name_ + std::string(key.str()), "remove it, or correct its name");
    }
  }
  return {};
}

Result<std::string> ConfigTable::Text(const std::string& key) const {
  const toml::node* node = table_.get(key);
  if (!node) return std::string();
  auto text = node->value_exact<std::string>();
  if (!text || text->empty()) return Bad("config.type", name_ + key, "give a text between quotes");
  return *text;
}

Result<std::string> ConfigTable::RequiredText(const std::string& key) const {
  SCHAKEL_ASSIGN(std::string text, Text(key));
  if (text.empty()) return Bad("config.missing", name_ + key, "add it; deploy/agent.toml explains every key");
  return text;
}

Result<bool> ConfigTable::Flag(const std::string& key, bool otherwise) const {
  const toml::node* node = table_.get(key);
  if (!node) return otherwise;
  const auto flag = node->value_exact<bool>();
  if (!flag) return Bad("config.type", name_ + key, "give true or false");
  return *flag;
}

Result<std::uint64_t> ConfigTable::Number(const std::string& key, std::uint64_t otherwise, std::uint64_t least,
                                          std::uint64_t most) const {
  const toml::node* node = table_.get(key);
  if (!node) return otherwise;
  const auto number = node->value_exact<std::int64_t>();
  if (!number) return Bad("config.type", name_ + key, "give a whole number");
  const auto value = static_cast<std::uint64_t>(*number);
  if (*number < 0 || value < least || value > most) {
    return Bad("config.range", name_ + key,
               "choose a number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return value;
}

Result<std::chrono::hours> ConfigTable::Days(const std::string& key, std::chrono::hours otherwise) const {
  const auto day = std::chrono::hours(24);
  SCHAKEL_ASSIGN(const std::uint64_t days, Number(key, static_cast<std::uint64_t>(otherwise / day), 1, 365));
  return static_cast<std::int64_t>(days) * day;
}

Result<std::vector<std::string>> ConfigTable::Texts(const std::string& key) const {
  std::vector<std::string> texts;
  const toml::node* node = table_.get(key);
  if (!node) return texts;
  const auto bad = [&] { return Bad("config.type", name_ + key, "give a list of texts"); };
  if (!node->is_array()) return bad();
  for (const toml::node& one : *node->as_array()) {
    auto text = one.value_exact<std::string>();
    if (!text || text->empty()) return bad();
    texts.push_back(std::move(*text));
  }
  return texts;
}

Result<const toml::table*> ConfigTable::Table(const std::string& key) const {
  const toml::node* node = table_.get(key);
  if (!node) return nullptr;
  if (!node->is_table()) return Bad("config.type", name_ + key, "make it a table: [" + key + "]");
  return node->as_table();
}

}  // namespace schakel
