#include <algorithm>
#include <set>

#include "json.h"

namespace schakel {
namespace {

// The parser has no limit of its own, and what it built from a deep document could not be torn down again.
bool TooDeep(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kJsonDepthMax) return true;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

}  // namespace

Result<Json> ParseJson(std::string_view text) {
  if (TooDeep(text)) return Fail(Code::kInvalid, "request.depth", "body", "send a flatter document");
  // Of a key that stands twice, every reader would take another one.
  std::vector<std::set<std::string>> keys;
  std::string twice;
  const auto look = [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end && !keys.empty()) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.empty()) {
      std::string key = parsed.get<std::string>();
      if (!keys.back().insert(key).second && twice.empty()) twice = key.substr(0, 40);
    }
    return true;
  };
  Json json = Json::parse(text, look, false);
  if (!json.is_discarded() && !twice.empty()) {
    return Fail(Code::kInvalid, "request.twice", twice, "name each field once");
  }
  if (json.is_discarded()) return Fail(Code::kInvalid, "request.json", "body", "send valid JSON in UTF-8");
  return json;
}

const Json* Input::Find(const std::string& field) {
  known_.push_back(field);
  auto found = object_.find(field);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

void Input::Refuse(Error error, const std::string& field) {
  if (!status_) return;
  error.field = field;
  status_ = std::unexpected(std::move(error));
}

void Input::RefuseIn(Error error, const std::string& field, std::size_t index) {
  std::string place = field + "[" + std::to_string(index) + "]." + error.field;
  Refuse(std::move(error), place);
}

void Input::Refuse(const char* rule, const std::string& field, std::string next) {
  Refuse(Error{Code::kInvalid, rule, field, std::move(next)}, field);
}

std::string Input::Text(const std::string& field) {
  const Json* value = Find(field);
  if (value == nullptr) return {};
  if (!value->is_string()) {
    Refuse("request.type", field, "give a text");
    return {};
  }
  return value->get<std::string>();
}

std::string Input::RequiredText(const std::string& field) {
  std::string text = Text(field);
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) Refuse("request.required", field, "fill it in");
  return text;
}

std::vector<std::string> Input::Texts(const std::string& field) {
  const Json* value = Find(field);
  std::vector<std::string> texts;
  if (value == nullptr) return texts;
  if (!value->is_array()) {
    Refuse("request.type", field, "give a list of texts");
    return texts;
  }
  for (const Json& one : *value) {
    if (one.is_string()) {
      texts.push_back(one.get<std::string>());
    } else {
      Refuse("request.type", field, "give a list of texts");
    }
  }
  return texts;
}

bool Input::Flag(const std::string& field, bool otherwise) {
  const Json* value = Find(field);
  if (value == nullptr) return otherwise;
  if (!value->is_boolean()) Refuse("request.type", field, "give true or false");
  return value->is_boolean() ? value->get<bool>() : otherwise;
}

std::optional<std::uint64_t> Input::Number(const std::string& field) {
  const Json* value = Find(field);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number_unsigned()) {
    Refuse("request.type", field, "give a whole number of 0 or more");
    return std::nullopt;
  }
  return value->get<std::uint64_t>();
}

std::optional<Timestamp> Input::Time(const std::string& field) {
  const std::string text = Text(field);
  if (text.empty()) return std::nullopt;
  auto time = ParseTimestamp(text);
  if (!time) {
    Refuse(time.error(), field);
    return std::nullopt;
  }
  return *time;
}

OrgId Input::Organisation(const std::string& field) { return Parsed(field, ParseOrgId(RequiredText(field)), OrgId{}); }

std::vector<OrgId> Input::Organisations(const std::string& field) { return Words<OrgId>(field, &ParseOrgId); }

void Input::MustNameSomebody(const std::string& field) {
  const auto found = object_.find(field);
  if (found == object_.end() || !found->is_array() || !found->empty()) return;
  Refuse("sending.nobody", field, "name at least one, or leave the field out: it then goes to all whom it may reach");
}

std::vector<OrgId> Input::Recipients(const std::string& field) {
  std::vector<OrgId> all = Organisations(field);
  MustNameSomebody(field);
  return all;
}

MeetingSlot Input::Slot(const std::string& field) {
  const Json* value = Find(field);
  if (value == nullptr || !value->is_object()) {
    Refuse("request.slot", field, "give begins_at and ends_at");
    return {};
  }
  Input inner(*value);
  const auto begins_at = inner.Time("begins_at");
  const auto ends_at = inner.Time("ends_at");
  if (auto status = inner.Finish(); !status) Refuse(status.error(), field);
  if (!begins_at || !ends_at) Refuse("request.slot", field, "give begins_at and ends_at");
  return {begins_at.value_or(Timestamp{}), ends_at.value_or(Timestamp{})};
}

std::optional<MeetingSlot> Input::OptionalSlot(const std::string& field) {
  if (Find(field) == nullptr) return std::nullopt;
  return Slot(field);
}

std::vector<Json> Input::Objects(const std::string& field) {
  const Json* value = Find(field);
  std::vector<Json> objects;
  if (value == nullptr) return objects;
  const bool all = value->is_array() && std::ranges::all_of(*value, [](const Json& one) { return one.is_object(); });
  if (!all) {
    Refuse("request.type", field, "give a list of objects");
    return objects;
  }
  objects.assign(value->begin(), value->end());
  return objects;
}

std::vector<MeetingSlot> Input::Slots(const std::string& field) {
  const Json* value = Find(field);
  std::vector<MeetingSlot> slots;
  if (value == nullptr) return slots;
  if (!value->is_array()) {
    Refuse("request.slot", field, "give a list of begins_at and ends_at");
    return slots;
  }
  for (const Json& one : *value) {
    const Json wrapped = {{"slot", one}};
    Input inner(wrapped);
    slots.push_back(inner.Slot("slot"));
    if (auto status = inner.Finish(); !status) Refuse(status.error(), field);
  }
  return slots;
}

std::vector<Attendance> Input::Attendances(const std::string& field) {
  const Json* value = Find(field);
  std::vector<Attendance> all;
  if (value == nullptr) return all;
  if (!value->is_array()) {
    Refuse("request.type", field, "give a list of name and present");
    return all;
  }
  for (const Json& one : *value) {
    if (!one.is_object()) {
      Refuse("request.type", field, "give a list of name and present");
      continue;
    }
    Input inner(one);
    Attendance attendance{inner.RequiredText("name"), inner.Flag("present", true)};
    if (auto status = inner.Finish(); !status) RefuseIn(status.error(), field, all.size());
    all.push_back(std::move(attendance));
  }
  return all;
}

Status Input::Finish() {
  for (const auto& [key, value] : object_.items()) {
    if (std::ranges::find(known_, key) != known_.end()) continue;
    // The name of a field is no payload, but it comes from outside: keep it short.
    Refuse("request.unknown", key.substr(0, 40), "check the spelling of the field");
  }
  return status_;
}

}  // namespace schakel
