// What people read, in their language: one catalogue each (agents/i18n/nl.json, en.json, fr.json), with the
// same keys.
//
// Keys: "error.<rule>" says what is wrong, "next.<rule>" what to do about it ({field}, {choices} and
// {next} stand for what the error says); a
// rule without its own entry takes that of its family ("codec.*"). "module.mobile", "cli.inbox.title" and so on: words.
// Threads: any.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/result.h"
#include "protocol/vocabulary.h"

namespace schakel {

using Values = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// The text of `key`, with each {name} replaced. The key itself if there is none: visible, and a test forbids it.
std::string Phrase(Language language, std::string_view key, Values values = {});
bool HasText(Language language, std::string_view key);
std::vector<std::string> CatalogueKeys(Language language);  // Sorted.

struct Explanation {
  std::string what;  // "Er is geen toestemming die dit dekt."
  std::string next;  // "Leg eerst vast wie toestemming gaf."
};
// What a person understands of an error's field: "vermelding 36" for "entry 36: entry.at"; empty for a name that only a
// programmer knows. Anything else (a path, an organisation, an option) as it is.
std::string FieldInWords(const Error& error, Language language);
Explanation Explain(const Error& error, Language language);
// Whether Explain() has words of its own for `rule`.
bool CanExplain(std::string_view rule, Language language);

}  // namespace schakel
