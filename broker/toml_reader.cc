#include "toml_reader.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace schakel {
namespace {

constexpr std::size_t kFaultsMax = 100;
constexpr std::size_t kKeyShownMax = 80;

std::string_view TableOf(std::string_view key) {
  const std::size_t dot = key.find('.');
  return dot == std::string_view::npos ? std::string_view() : key.substr(0, dot);
}
std::string_view NameOf(std::string_view key) {
  const std::size_t dot = key.find('.');
  return dot == std::string_view::npos ? key : key.substr(dot + 1);
}

}  // namespace

struct TomlReader::Document {
  toml::table root;

  const toml::node* Find(std::string_view key) const {
    const std::string_view table = TableOf(key);
    if (table.empty()) return root.get(key);
    const toml::table* inner = root[table].as_table();
    return inner == nullptr ? nullptr : inner->get(NameOf(key));
  }
};

TomlReader::TomlReader(std::string_view text) {
  try {
    document_ = std::make_unique<Document>(Document{toml::parse(text)});
  } catch (const toml::parse_error& error) {
    const auto where = error.source().begin;
    Refuse("config.syntax", fmt::format("line {}, column {}", where.line, where.column),
           std::string(error.description()) + ": mend it there; the sample hub.toml shows how each key is written");
  } catch (const std::exception&) {
    Refuse("config.syntax", "",
           "this cannot be read as TOML: start again from what schakel-hub init makes, or from the sample hub.toml");
  }
}

TomlReader::~TomlReader() = default;

bool TomlReader::parsed() const { return document_ != nullptr; }

void TomlReader::Refuse(std::string rule, std::string_view key, std::string next) {
  if (faults_.size() >= kFaultsMax) return;
  faults_.push_back({Code::kInvalid, std::move(rule), std::string(key.substr(0, kKeyShownMax)), std::move(next)});
}

void TomlReader::RefuseType(std::string_view key, std::string_view wanted) {
  Refuse("config.type", key, fmt::format("give {}", wanted));
}

bool TomlReader::Asked(std::string_view key) const { return std::ranges::find(asked_, key) != asked_.end(); }

std::optional<std::string> TomlReader::Text(std::string_view key, Presence presence) {
  asked_.emplace_back(key);
  if (!document_) return std::nullopt;
  const toml::node* node = document_->Find(key);
  if (node == nullptr) {
    if (presence == Presence::kRequired) Refuse("config.missing", key, "give it: it has no default");
    return std::nullopt;
  }
  auto value = node->value_exact<std::string>();
  if (!value) RefuseType(key, "a text in quotes");
  return value;
}

std::optional<bool> TomlReader::Flag(std::string_view key, Presence presence) {
  asked_.emplace_back(key);
  if (!document_) return std::nullopt;
  const toml::node* node = document_->Find(key);
  if (node == nullptr) {
    if (presence == Presence::kRequired) Refuse("config.missing", key, "give it: it has no default");
    return std::nullopt;
  }
  auto value = node->value_exact<bool>();
  if (!value) RefuseType(key, "true or false, without quotes");
  return value;
}

std::optional<std::uint64_t> TomlReader::Integer(std::string_view key, Presence presence, const Bounds& bounds) {
  asked_.emplace_back(key);
  if (!document_) return std::nullopt;
  const toml::node* node = document_->Find(key);
  if (node == nullptr) {
    if (presence == Presence::kRequired) Refuse("config.missing", key, "give it: it has no default");
    return std::nullopt;
  }
  const auto value = node->value_exact<std::int64_t>();
  if (!value) {
    RefuseType(key, "a whole number, without quotes");
    return std::nullopt;
  }
  if (*value < 0 || std::cmp_less(*value, bounds.min) || std::cmp_greater(*value, bounds.max)) {
    Refuse("config.range", key,
           fmt::format("give {} to {}{}{}", bounds.min, bounds.max, bounds.unit.empty() ? "" : " ", bounds.unit));
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(*value);
}

std::optional<std::vector<std::string>> TomlReader::Texts(std::string_view key, Presence presence) {
  asked_.emplace_back(key);
  if (!document_) return std::nullopt;
  const toml::node* node = document_->Find(key);
  if (node == nullptr) {
    if (presence == Presence::kRequired) Refuse("config.missing", key, "give it: it has no default");
    return std::nullopt;
  }
  const toml::array* array = node->as_array();
  std::vector<std::string> texts;
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    auto text = array->get(i)->value_exact<std::string>();
    if (text) texts.push_back(std::move(*text));
  }
  if (array == nullptr || texts.size() != array->size()) {
    RefuseType(key, "a list of texts in quotes");
    return std::nullopt;
  }
  return texts;
}

void TomlReader::RefuseOthers() {
  if (!document_) return;
  // A dot within a key, quoted, must not pass for one between table and key.
  const auto refuse_unknown = [this](const std::string& path) {
    Refuse("config.unknown", path, "no such key: check its spelling and its table");
  };
  for (const auto& [key, node] : document_->root) {
    const std::string name(key.str());
    const bool dotted = name.contains('.');
    const bool is_table = !dotted && std::ranges::any_of(asked_, [&](const auto& a) { return TableOf(a) == name; });
    if (is_table && !node.is_table()) {
      RefuseType(name, "a table: [" + name + "]");
    } else if (is_table) {
      for (const auto& [inner_key, unused] : *node.as_table()) {
        const std::string inner(inner_key.str());
        const std::string full = std::string(name).append(".").append(inner);
        if (inner.contains('.') || !Asked(full)) refuse_unknown(full);
      }
    } else if (dotted || !Asked(name)) {
      refuse_unknown(name);
    }
  }
}

}  // namespace schakel
