// The words of closed lists as people write them on the line: "geestelijke-gezondheid" beside "mental-health".
//
// A list is named as in the catalogue: category, purpose, basis, grantor, role, reason, module, urgency, taken, kind,
// choices, attending, about, who, format, consent-format, exception, edition. Threads: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/vocabulary.h"

namespace schakel {

struct Choice {
  std::string slug;  // As the API takes it.
  std::string word;  // As the reader writes it.
};
std::vector<Choice> ChoicesOf(std::string_view list, Language language);

// In any language of ours, in capitals or not. Nothing: no such choice.
std::optional<std::string> SlugOfChoice(std::string_view list, std::string_view text);

// "ja|yes, misschien|maybe, nee|no".
std::string ChoicesText(std::string_view list, Language language);

}  // namespace schakel
