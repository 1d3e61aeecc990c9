// Entity tags (RFC 9110 section 8.8.3): which version of something a caller has seen.
//
// Threads: pure.
#pragma once

#include <string>
#include <string_view>

#include "json.h"

namespace schakel {

// Calls `take` with each part of a comma-separated list.
template <typename Take>
void ForEachPart(std::string_view list, Take take) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view part = list.substr(0, comma);
    while (!part.empty() && (part.front() == ' ' || part.front() == '\t')) part.remove_prefix(1);
    while (!part.empty() && (part.back() == ' ' || part.back() == '\t')) part.remove_suffix(1);
    take(part);
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
}

// As answers carry it.
inline std::string Dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string EntityTag(std::string_view body);  // With its quotes.
// `header` is "*" or lists `tag`; weak ones count as strong ones.
bool NamesEntityTag(std::string_view header, std::string_view tag);

}  // namespace schakel
