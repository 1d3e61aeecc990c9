// An id as people give it: its first digits, as long as they name one thing.
#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "agents/services.h"

namespace schakel {

// kInvalid ("id.short"): these are no digits of an id, or too few.
inline Result<std::string> HexPrefix(std::string_view text) {
  std::string prefix;
  for (char c : text) prefix += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const bool hex = std::ranges::all_of(prefix, [](unsigned char c) { return std::isxdigit(c) != 0; });
  if (!hex || prefix.size() < Cases::kAbbreviationMin || prefix.size() > 32) {
    return Fail(Code::kInvalid, "id.short", "id", "give the id, or its first 4 hex digits or more");
  }
  return prefix;
}

// Of those that begin so. kNotFound ("id.unknown"); kConflict ("id.ambiguous").
template <typename Id>
Result<Id> OnlyOne(const std::vector<Id>& like) {
  if (like.empty()) {
    return Fail(Code::kNotFound, "id.unknown", "id", "check the id; it may be of another organisation");
  }
  if (like.size() > 1) return Fail(Code::kConflict, "id.ambiguous", "id", "give more digits of the id");
  return like.front();
}

}  // namespace schakel
