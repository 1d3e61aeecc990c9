#include "search/word_forms.h"

#include <array>
#include <map>
#include <string_view>

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

const Forms& StrongVerbs() {
  static const Forms kForms = {
      {"sliep", "slapen"},
      {"sliepen", "slapen"},
      {"geslapen", "slapen"},
      {"liep", "lopen"},
      {"liepen", "lopen"},
      {"gelopen", "lopen"},
      {"ging", "gaan"},
      {"gingen", "gaan"},
      {"gaat", "gaan"},
      {"gegaan", "gaan"},
      {"kwam", "komen"},
      {"kwamen", "komen"},
      {"gekomen", "komen"},
      {"bleef", "blijven"},
      {"bleven", "blijven"},
      {"gebleven", "blijven"},
      {"schreef", "schrijven"},
      {"schreven", "schrijven"},
      {"geschreven", "schrijven"},
      {"sprak", "spreken"},
      {"gesproken", "spreken"},
      {"nam", "nemen"},
      {"genomen", "nemen"},
      {"gaf", "geven"},
      {"gaven", "geven"},
      {"gegeven", "geven"},
      {"at", "eten"},
      {"aten", "eten"},
      {"gegeten", "eten"},
      {"dronk", "drinken"},
      {"dronken", "drinken"},
      {"gedronken", "drinken"},
      {"vochten", "vechten"},
      {"gevochten", "vechten"},
      {"sloeg", "slaan"},
      {"sloegen", "slaan"},
      {"slaat", "slaan"},
      {"geslagen", "slaan"},
      {"riep", "roepen"},
      {"riepen", "roepen"},
      {"geroepen", "roepen"},
      {"hielp", "helpen"},
      {"hielpen", "helpen"},
      {"geholpen", "helpen"},
      {"vond", "vinden"},
      {"vonden", "vinden"},
      {"gevonden", "vinden"},
      {"zocht", "zoeken"},
      {"zochten", "zoeken"},
      {"gezocht", "zoeken"},
      {"bezocht", "bezoeken"},
      {"bezochten", "bezoeken"},
      {"bracht", "brengen"},
      {"brachten", "brengen"},
      {"gebracht", "brengen"},
      {"dacht", "denken"},
      {"dachten", "denken"},
      {"gedacht", "denken"},
      {"gestolen", "stelen"},
      {"loog", "liegen"},
      {"logen", "liegen"},
      {"gelogen", "liegen"},
      {"sneed", "snijden"},
      {"sneden", "snijden"},
      {"gesneden", "snijden"},
      {"verdween", "verdwijnen"},
      {"verdwenen", "verdwijnen"},
      {"vertrok", "vertrekken"},
      {"vertrokken", "vertrekken"},
      {"zag", "zien"},
      {"ziet", "zien"},
      {"gezien", "zien"},
      {"deed", "doen"},
      {"deden", "doen"},
      {"doet", "doen"},
      {"gedaan", "doen"},
      {"kreeg", "krijgen"},
      {"kregen", "krijgen"},
      {"gekregen", "krijgen"},
      {"beloofd", "beloven"},
      {"beloofde", "beloven"},
  };
  return kForms;
}

// Before a verb, and before "ge" in its past: "opgenomen".
constexpr std::array<std::string_view, 17> kBefore = {"aan",   "af",  "binnen", "buiten", "door", "in",
                                                      "mee",   "na",  "om",     "op",     "over", "terug",
                                                      "thuis", "toe", "uit",    "voor",   "weg"};

bool IsVowel(char c) { return std::string_view("aeiouy").find(c) != std::string_view::npos; }

}  // namespace

std::string DictionaryForm(std::string word) {
  if (const auto found = Plurals().find(word); found != Plurals().end()) return std::string(found->second);
  const Forms& verbs = StrongVerbs();
  if (const auto found = verbs.find(word); found != verbs.end()) return std::string(found->second);
  for (const std::string_view before : kBefore) {
    if (!word.starts_with(before)) continue;
    const auto found = verbs.find(std::string_view(word).substr(before.size()));
    if (found != verbs.end()) return std::string(before) + std::string(found->second);
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
