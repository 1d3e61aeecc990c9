#include "config_table.h"

#include <algorithm>

namespace schakel {

void ConfigTable::Refuse(const char* rule, const std::string& key, std::string next) {
  refused_.insert(key);
  faults_.push_back({Code::kInvalid, rule, name_ + key, std::move(next)});
}

bool ConfigTable::Held(std::initializer_list<const char*> keys) const {
  return std::ranges::none_of(keys, [this](const char* key) { return refused_.contains(key); });
}

void ConfigTable::RefuseOthersThan(std::initializer_list<const char*> keys) {
  for (const auto& [key, value] : table_) {
    const bool known = std::ranges::any_of(keys, [&](const char* one) { return key.str() == one; });
    if (!known) Refuse("config.unknown", std::string(key.str()), "remove it, or correct its name");
  }
}

std::string ConfigTable::Text(const std::string& key) {
  const toml::node* node = table_.get(key);
  if (!node) return {};
  auto text = node->value_exact<std::string>();
  if (text && !text->empty()) return std::move(*text);
  Refuse("config.type", key, "give a text between quotes");
  return {};
}

std::string ConfigTable::RequiredText(const std::string& key) {
  if (!table_.contains(key)) Refuse("config.missing", key, "add it; deploy/agent.toml explains every key");
  return Text(key);
}

bool ConfigTable::Flag(const std::string& key, bool otherwise) {
  const toml::node* node = table_.get(key);
  if (!node) return otherwise;
  const auto flag = node->value_exact<bool>();
  if (!flag) Refuse("config.type", key, "give true or false");
  return flag.value_or(otherwise);
}

std::uint64_t ConfigTable::Number(const std::string& key, std::uint64_t otherwise, std::uint64_t least,
                                  std::uint64_t most) {
  const toml::node* node = table_.get(key);
  if (!node) return otherwise;
  const auto number = node->value_exact<std::int64_t>();
  const auto value = static_cast<std::uint64_t>(number.value_or(0));
  if (!number) {
    Refuse("config.type", key, "give a whole number");
  } else if (*number < 0 || value < least || value > most) {
    Refuse("config.range", key, "choose a number from " + std::to_string(least) + " to " + std::to_string(most));
  } else {
    return value;
  }
  return otherwise;
}

std::chrono::hours ConfigTable::Days(const std::string& key, std::chrono::hours otherwise) {
  const auto day = std::chrono::hours(24);
  return static_cast<std::int64_t>(Number(key, static_cast<std::uint64_t>(otherwise / day), 1, 365)) * day;
}

std::vector<std::string> ConfigTable::Texts(const std::string& key) {
  const toml::node* node = table_.get(key);
  if (!node) return {};
  std::vector<std::string> texts;
  bool good = node->is_array();
  for (std::size_t i = 0; good && i < node->as_array()->size(); ++i) {
    auto text = node->as_array()->get(i)->value_exact<std::string>();
    good = text && !text->empty();
    if (good) texts.push_back(std::move(*text));
  }
  if (good) return texts;
  Refuse("config.type", key, "give a list of texts");
  return {};
}

const toml::table* ConfigTable::Table(const std::string& key) {
  const toml::node* node = table_.get(key);
  if (node && !node->is_table()) Refuse("config.type", key, "make it a table: [" + key + "]");
  return node ? node->as_table() : nullptr;
}

}  // namespace schakel
