#include "support/documented.h"

#include <algorithm>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string_view>

namespace schakel::test {
namespace {

using Json = nlohmann::json;
using Complaints = std::vector<std::string>;

// The part of JSON Schema that the document uses; fields that no schema names are complaints wherever one names any.
class SchemaCheck {
 public:
  explicit SchemaCheck(const Json& document) : document_(document) {}

  Complaints Check(const Json& schema, const Json& value, const std::string& at) const {
    Complaints complaints;
    CheckInto(schema, value, at, Fields::kNamedOnly, complaints);
    return complaints;
  }
  const Json& Resolved(const Json& node) const {
    const Json* at = &node;
    while (at->is_object() && at->contains("$ref")) {
      at = &document_.at(Json::json_pointer((*at)["$ref"].get<std::string>().substr(1)));
    }
    return *at;
  }

 private:
  enum class Fields { kNamedOnly, kAny };  // Of a part of a schema: the whole names the fields.

  static bool IsOfType(const std::string& type, const Json& value) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "boolean") return value.is_boolean();
    return type == "null" && value.is_null();
  }
  static bool HasAllowedType(const Json& schema, const Json& value) {
    const auto type = schema.find("type");
    if (type == schema.end()) return true;
    if (type->is_string()) return IsOfType(*type, value);
    return std::ranges::any_of(*type, [&](const Json& one) { return IsOfType(one, value); });
  }
  static bool Matches(const std::string& pattern, const std::string& text) {
    static std::map<std::string, std::regex> known;  // Tests ask from one thread.
    const auto found = known.try_emplace(pattern, pattern).first;
    return std::regex_search(text, found->second);
  }

  // The fields that `schema` names for an object, in whatever part of it; none: any may stand in it.
  std::optional<std::set<std::string>> Named(const Json& part) const {
    const Json& schema = Resolved(part);
    if (schema.contains("additionalProperties") && schema["additionalProperties"] != false) return std::nullopt;
    std::set<std::string> names;
    bool names_some = false;
    if (const auto properties = schema.find("properties"); properties != schema.end()) {
      names_some = true;
      for (const auto& [name, type] : properties->items()) names.insert(name);
    }
    for (const char* parts : {"allOf", "oneOf", "anyOf"}) {
      if (!schema.contains(parts)) continue;
      for (const Json& one : schema[parts]) {
        const Json& resolved = Resolved(one);
        if (resolved.contains("type") && resolved["type"] != "object") continue;
        const auto more = Named(resolved);
        if (!more) return std::nullopt;
        names_some = true;
        names.insert(more->begin(), more->end());
      }
    }
    return names_some ? std::optional(names) : std::nullopt;
  }

  void CheckInto(const Json& part, const Json& value, const std::string& at, Fields fields, Complaints& to) const {
    const Json& schema = Resolved(part);
    if (schema.is_boolean()) return;
    if (!HasAllowedType(schema, value)) {
      to.push_back(at + ": is " + value.type_name() + ", not " + schema["type"].dump());
      return;
    }
    CheckScalar(schema, value, at, to);
    if (value.is_array() && schema.contains("items")) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        CheckInto(schema["items"], value[i], at + "/" + std::to_string(i), Fields::kNamedOnly, to);
      }
    }
    if (value.is_object()) CheckObject(schema, value, at, fields, to);
    if (schema.contains("allOf")) {
      for (const Json& one : schema["allOf"]) CheckInto(one, value, at, Fields::kAny, to);
    }
    // Where the whole names fields of its own, its branches do not name them all.
    const bool whole_names = schema.contains("properties") || schema.contains("allOf");
    for (const char* choice : {"oneOf", "anyOf"}) {
      if (schema.contains(choice)) CheckChoice(schema[choice], value, at, whole_names ? Fields::kAny : fields, to);
    }
  }
  static void CheckScalar(const Json& schema, const Json& value, const std::string& at, Complaints& to) {
    if (schema.contains("enum") && std::ranges::find(schema["enum"], value) == schema["enum"].end()) {
      to.push_back(at + ": " + value.dump() + " is none of " + schema["enum"].dump());
    }
    if (schema.contains("const") && schema["const"] != value) to.push_back(at + ": is not " + schema["const"].dump());
    if (schema.contains("pattern") && value.is_string() && !Matches(schema["pattern"], value)) {
      to.push_back(at + ": " + value.dump() + " does not match " + schema["pattern"].dump());
    }
    if (schema.contains("minimum") && value.is_number() && value < schema["minimum"]) {
      to.push_back(at + ": " + value.dump() + " is below the minimum");
    }
  }
  void CheckObject(const Json& schema, const Json& value, const std::string& at, Fields fields, Complaints& to) const {
    for (const Json& name : schema.value("required", Json::array())) {
      if (!value.contains(name.get<std::string>())) to.push_back(at + ": lacks " + name.get<std::string>());
    }
    const Json properties = schema.value("properties", Json::object());
    const auto others = schema.find("additionalProperties");
    for (const auto& [name, field] : value.items()) {
      if (properties.contains(name)) {
        CheckInto(properties[name], field, at + "/" + name, Fields::kNamedOnly, to);
      } else if (others != schema.end() && others->is_object()) {
        CheckInto(*others, field, at + "/" + name, Fields::kNamedOnly, to);
      }
    }
    const auto named = Named(schema);
    if (fields == Fields::kAny || !named) return;
    for (const auto& [name, field] : value.items()) {
      if (!named->contains(name)) to.push_back(at + ": has " + name + ", which is not in the document");
    }
  }
  // As one of them; if it is none, what is amiss with the one that comes nearest.
  void CheckChoice(const Json& choices, const Json& value, const std::string& at, Fields fields, Complaints& to) const {
    std::optional<Complaints> nearest;
    for (const Json& one : choices) {
      Complaints amiss;
      CheckInto(one, value, at, fields, amiss);
      const bool other_kind = !HasAllowedType(Resolved(one), value);
      if (amiss.empty()) return;
      if (!nearest || (!other_kind && amiss.size() < nearest->size())) nearest = amiss;
    }
    if (nearest) to.insert(to.end(), nearest->begin(), nearest->end());
  }

  const Json& document_;
};

std::vector<std::string> PartsOf(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at + 1), path.size());
    parts.push_back(path.substr(at, end - at));
    at = end;
  }
  return parts;
}

// Null: the document has no such address, or not with that method. One that names all its parts goes before one that
// does not.
const Json* OperationOf(const Json& document, const GivenAnswer& answer) {
  const auto parts = PartsOf(answer.target.substr(0, answer.target.find('?')));
  std::string method = answer.method;
  std::ranges::transform(method, method.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const Json* best = nullptr;
  std::size_t best_open = parts.size() + 1;
  for (const auto& [path, item] : document["paths"].items()) {
    const auto wanted = PartsOf(path);
    if (wanted.size() != parts.size() || !item.contains(method)) continue;
    std::size_t open = 0;
    bool matches = true;
    for (std::size_t i = 0; i < parts.size() && matches; ++i) {
      const bool is_open = wanted[i].starts_with("/{");
      open += is_open ? 1 : 0;
      matches = is_open || wanted[i] == parts[i];
    }
    if (matches && open < best_open) {
      best = &item[method];
      best_open = open;
    }
  }
  return best;
}

}  // namespace

std::vector<std::string> Undocumented(const Json& document, const GivenAnswer& answer) {
  const Json* operation = OperationOf(document, answer);
  if (operation == nullptr) return {};
  const std::string at =
      answer.method + " " + answer.target.substr(0, answer.target.find('?')) + " " + std::to_string(answer.status);
  const Json& responses = operation->at("responses");
  const auto found = responses.find(std::to_string(answer.status));
  if (found == responses.end() && answer.status < 400) return {at + ": has no such status in the document"};
  const SchemaCheck check(document);
  const Json& response = check.Resolved(found == responses.end() ? responses.at("default") : *found);
  if (answer.body.empty()) return {};
  const std::string type = answer.type.substr(0, answer.type.find(';'));
  if (response.contains("content") && response["content"].contains("*/*")) return {};  // A file, of whatever kind.
  if (!response.contains("content") || !response["content"].contains(type)) {
    return {at + ": has no " + type + " in the document"};
  }
  const Json& media = response["content"][type];
  if (!type.ends_with("json") || !media.contains("schema")) return {};
  const Json body = Json::parse(answer.body, nullptr, false);
  if (body.is_discarded()) return {at + ": is no JSON"};
  return check.Check(media["schema"], body, at);
}

}  // namespace schakel::test
