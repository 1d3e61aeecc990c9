#include "agents/i18n.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

namespace schakel {

namespace embedded {
extern const std::string_view nl_json;
extern const std::string_view en_json;
extern const std::string_view fr_json;
}  // namespace embedded

namespace {

using Catalogue = std::map<std::string, std::string, std::less<>>;

// Keys may be nested for the eye; here they are one dotted name.
void Flatten(const nlohmann::json& node, const std::string& path, Catalogue& to) {
  if (node.is_string()) {
    to[path] = node.get<std::string>();
    return;
  }
  for (const auto& [key, value] : node.items()) {
    std::string below = path;
    if (!below.empty()) below += '.';
    Flatten(value, below.append(key), to);
  }
}

Catalogue Load(std::string_view text) {
  Catalogue catalogue;
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  SCHAKEL_ASSERT(json.is_object());  // Part of the program: a test parses all.
  Flatten(json, "", catalogue);
  return catalogue;
}

const Catalogue& In(Language language) {
  static const InLanguages<Catalogue> catalogues = {Load(embedded::nl_json), Load(embedded::en_json),
                                                    Load(embedded::fr_json)};
  return catalogues.In(language);
}

void Replace(std::string& text, std::string_view name, std::string_view value) {
  const std::string hole = "{" + std::string(name) + "}";
  for (std::size_t at = text.find(hole); at != std::string::npos; at = text.find(hole, at + value.size())) {
    text.replace(at, hole.size(), value);
  }
}

// "next.admit.lead", else "next.admit.*".
std::optional<std::string> OfRule(const Catalogue& catalogue, const std::string& prefix, std::string_view rule) {
  if (auto found = catalogue.find(prefix + std::string(rule)); found != catalogue.end()) return found->second;
  const std::string family = prefix + std::string(rule.substr(0, rule.find('.'))) + ".*";
  if (auto found = catalogue.find(family); found != catalogue.end()) return found->second;
  return std::nullopt;
}

// "choose one of a, b, c": the slugs need no translation.
std::string_view ChoicesIn(std::string_view next) {
  constexpr std::string_view kMark = "one of";
  const std::size_t at = next.find(kMark);
  if (at == std::string_view::npos) return next;
  next.remove_prefix(at + kMark.size());
  while (!next.empty() && (next.front() == ':' || next.front() == ' ')) next.remove_prefix(1);
  return next;
}

// "let it last at most 72 hours": so does a number.
std::optional<std::string> MostIn(std::string_view next) {
  constexpr std::string_view kMark = "at most ";
  const std::size_t at = next.find(kMark);
  if (at == std::string_view::npos) return std::nullopt;
  next.remove_prefix(at + kMark.size());
  const std::size_t digits = std::min(next.find_first_not_of("0123456789"), next.size());
  return digits == 0 ? std::nullopt : std::optional(std::string(next.substr(0, digits)));
}

// "name at least 2": likewise; one, if no number stands there.
std::string LeastIn(std::string_view next) {
  constexpr std::string_view kMark = "at least ";
  const std::size_t at = next.find(kMark);
  if (at == std::string_view::npos) return "1";
  next.remove_prefix(at + kMark.size());
  const std::size_t digits = std::min(next.find_first_not_of("0123456789"), next.size());
  return digits == 0 ? "1" : std::string(next.substr(0, digits));
}

// "choose a number from 1 to 168": likewise.
struct Bounds {
  std::string least;
  std::string most;
};
std::optional<Bounds> BoundsIn(std::string_view next) {
  constexpr std::string_view kMark = "choose a number from ";
  constexpr std::string_view kTo = " to ";
  const std::size_t to = next.find(kTo);
  if (!next.starts_with(kMark) || to == std::string_view::npos) return std::nullopt;
  return Bounds{std::string(next.substr(kMark.size(), to - kMark.size())), std::string(next.substr(to + kTo.size()))};
}

// Of a value in a configuration, by the key that it stands under: "agent.toml: oidc.issuer".
std::optional<std::string> NextOfKey(const Catalogue& catalogue, const Error& error) {
  if (error.rule != "config.range") return std::nullopt;
  const std::string of_rule = "next." + error.rule + ".";
  if (const auto bounds = BoundsIn(error.next)) {
    const auto found = catalogue.find(of_rule + "number");
    if (found == catalogue.end()) return std::nullopt;
    std::string text = found->second;
    Replace(text, "least", bounds->least);
    Replace(text, "most", bounds->most);
    return text;
  }
  const std::size_t colon = error.field.rfind(": ");
  const std::string key = colon == std::string::npos ? error.field : error.field.substr(colon + 2);
  const auto found = catalogue.find(of_rule + key);
  return found == catalogue.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::string Phrase(Language language, std::string_view key, Values values) {
  const Catalogue& catalogue = In(language);
  auto found = catalogue.find(key);
  std::string text = found == catalogue.end() ? std::string(key) : found->second;
  for (const auto& [name, value] : values) Replace(text, name, value);
  return text;
}

bool HasText(Language language, std::string_view key) { return In(language).contains(key); }

std::vector<std::string> CatalogueKeys(Language language) {
  std::vector<std::string> keys;
  for (const auto& [key, text] : In(language)) keys.push_back(key);
  return keys;
}

std::string FieldInWords(const Error& error, Language language) {
  constexpr std::string_view kEntry = "entry ";
  const std::string& field = error.field;
  if (field.starts_with(kEntry)) {
    const std::string number = field.substr(kEntry.size(), field.find(':') - kEntry.size());
    return Phrase(language, "cli.entry", {{"number", number}});
  }
  // These name parts of formats.
  for (std::string_view family : {"codec.", "header.", "record."}) {
    if (error.rule.starts_with(family)) return {};
  }
  const bool dotted = field.find('.') != std::string::npos && field.find_first_of("/ \"") == std::string::npos;
  return dotted && HasText(language, "error." + field) ? std::string() : field;
}

Explanation Explain(const Error& error, Language language) {
  const Catalogue& catalogue = In(language);
  Explanation explanation;
  // A rule that we do not know comes from a newer hub: then what kind of failure it is still tells something.
  explanation.what =
      OfRule(catalogue, "error.", error.rule)
          .value_or(Phrase(language, "code." + std::string(CodeName(error.code))) + " (" + error.rule + ")");
  explanation.next = NextOfKey(catalogue, error).value_or(OfRule(catalogue, "next.", error.rule).value_or(error.next));
  const std::string field = FieldInWords(error, language);
  // What an id is of; whoever knows what was typed says that instead.
  const std::string named = "id_of." + error.field;
  const bool of_id = error.rule.starts_with("id.") && HasText(language, named);
  for (std::string* text : {&explanation.what, &explanation.next}) {
    constexpr std::string_view kAside = " ({field})";
    if (const std::size_t at = text->find(kAside); at != std::string::npos && field.empty()) {
      text->erase(at, kAside.size());
    }
    Replace(*text, "field", of_id ? Phrase(language, named) : error.field.starts_with("entry ") ? field : error.field);
    Replace(*text, "choices", ChoicesIn(error.next));
    Replace(*text, "least", LeastIn(error.next));
    // What was refused before carries the number as its field.
    Replace(*text, "most", MostIn(error.next).value_or(error.field));
    Replace(*text, "next", error.next);
  }
  return explanation;
}

bool CanExplain(std::string_view rule, Language language) {
  return OfRule(In(language), "error.", rule) && OfRule(In(language), "next.", rule);
}

}  // namespace schakel
