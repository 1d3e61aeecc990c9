#include "search/word_forms.h"

#include <map>
#include <string_view>
#include <utility>

#include "search/verb_forms.h"

namespace schakel {
namespace {

using Forms = std::map<std::string_view, std::string_view>;

// What no rule joins, as far as files of young people speak of it. What is more often another word is left out: "namen"
// are names.
const Forms& Plurals() {
  static const Forms kForms = {
      {"kinderen", "kind"},
      {"kleinkinderen", "kleinkind"},
      {"pleegkinderen", "pleegkind"},
      {"stiefkinderen", "stiefkind"},
      {"eieren", "ei"},
      {"bladeren", "blad"},
      {"liederen", "lied"},
      {"steden", "stad"},
      {"leden", "lid"},
      {"gezinsleden", "gezinslid"},
      {"familieleden", "familielid"},
      {"schepen", "schip"},
  };
  return kForms;
}

// Before a verb, and before "ge" in its past: "opgenomen".
constexpr std::string_view kBefore[] = {"aan",    "achter", "af",    "bij",  "binnen", "buiten", "deel",  "door",
                                        "in",     "mee",    "na",    "neer", "om",     "open",   "op",    "over",
                                        "plaats", "rond",   "samen", "stil", "tegen",  "terug",  "thuis", "toe",
                                        "uit",    "vast",   "voor",  "vrij", "waar",   "weg"};
// By themselves they are the plural of a noun, or another verb: "een geval", "zich gedragen".
constexpr std::pair<std::string_view, std::string_view> kBehindThose[] = {{"gevallen", "vallen"},
                                                                          {"gedragen", "dragen"}};

std::string_view VerbBehind(std::string_view rest) {
  for (const auto& [form, infinitive] : kBehindThose) {
    if (form == rest) return infinitive;
  }
  return VerbOf(rest);
}

bool IsVowel(char c) { return std::string_view("aeiouy").contains(c); }

}  // namespace

std::string DictionaryForm(std::string word) {
  if (const auto found = Plurals().find(word); found != Plurals().end()) return std::string(found->second);
  if (const std::string_view verb = VerbOf(word); !verb.empty()) return std::string(verb);
  for (const std::string_view before : kBefore) {
    if (!word.starts_with(before)) continue;
    const std::string_view verb = VerbBehind(std::string_view(word).substr(before.size()));
    if (!verb.empty()) return std::string(before) + std::string(verb);
  }
  return word;
}

std::string WithoutPluralS(std::string word) {
  constexpr std::size_t kShortest = 5;  // "kies" is no plural.
  if (word.size() >= kShortest && word.ends_with("es") && !word.ends_with("ees")) word.pop_back();
  return word;
}

std::string EndAsWritten(std::string stem) {
  constexpr std::size_t kShortest = 3;
  if (stem.size() < kShortest) return stem;
  const char last = stem.back();
  if (last == stem[stem.size() - 2] && last >= 'a' && last <= 'z' && !IsVowel(last)) {
    stem.pop_back();
  } else if (last == 'z') {
    stem.back() = 's';
  } else if (last == 'v') {
    stem.back() = 'f';
  }
  return stem;
}

}  // namespace schakel
