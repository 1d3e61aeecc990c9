#include "addresses_in_text.h"

#include <algorithm>
#include <optional>

#include "dates_in_text.h"
#include "names_in_text.h"

namespace schakel {
namespace {

using Span = TextSpan;

constexpr std::string_view kStreets[] = {"steenweg", "straat", "laan",   "plein", "dreef", "kaai", "lei",
                                         "weg",      "baan",   "singel", "markt", "vest",  "wijk", "pad"};
// End like a street and are none.
constexpr std::string_view kNoStreets[] = {"onderweg", "halfweg",   "terugweg",     "snelweg",     "allerlei",
                                           "velerlei", "loopbaan",  "omweg",        "uitweg",      "maandag",
                                           "gevest",   "schoolweg", "arbeidsmarkt", "woningmarkt", "middenweg"};

bool IsStreet(std::string_view word) {
  if (std::ranges::find(kNoStreets, word) != std::end(kNoStreets)) return false;
  return std::ranges::any_of(kStreets, [&](std::string_view end) {
    return word.ends_with(end) && (word.size() >= end.size() + 3 || word == "markt");
  });
}
constexpr std::string_view kFrenchStreets[] = {"rue",    "avenue",  "av",     "chaussee", "chee",   "boulevard",
                                               "bd",     "blvd",    "bld",    "allee",    "square", "impasse",
                                               "ruelle", "venelle", "chemin", "sentier"};
// Words of every day as well: with a name behind them and the number of a house.
constexpr std::string_view kAlsoFrenchStreets[] = {"place", "quai",  "clos",      "route",    "cours",     "passage",
                                                   "cite",  "dreve", "esplanade", "faubourg", "residence", "parvis"};
constexpr std::string_view kBeforeStreetNames[] = {"de", "du", "des", "d", "la", "le", "les", "l", "aux", "au"};

bool IsCapital(const Folded& folded, const Span& token) { return folded.upper[token.at]; }

bool IsAmong(const auto& list, const std::string& word) { return std::ranges::find(list, word) != std::end(list); }

// "Kerkstraat 12", "Grote Markt 3 bus 2"; also a street alone, if it is written as a name.
void FindStreets(const Folded& folded, const std::vector<Span>& tokens, std::vector<Finding>& to) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Span& street = tokens[i];
    if (!IsStreet(street.text)) continue;
    std::size_t number = i + 1;
    if (number < tokens.size() && (tokens[number].text == "nr" || tokens[number].text == "nummer")) ++number;
    const bool numbered =
        number < tokens.size() && SmallNumberOf(tokens[number].text, 1, 9999) &&
        tokens[number].at - street.at <= street.length + 12 &&
        folded.text.substr(street.at, tokens[number].at - street.at).find_first_of(".!?\n") == std::string::npos;
    const bool named = IsCapital(folded, street) && street.text != "markt";
    if (!numbered && !named) continue;
    const Span& last = numbered ? tokens[number] : street;
    to.push_back(FoundAt(Identifying::kAddress, folded, street.at, last.end() - street.at));
  }
}

constexpr std::size_t kFrenchStreetWordsMax = 5;  // "rue du Marché aux Herbes".

// The number of a house before a street: "12, rue", "12 bis, rue". None: none stands there.
std::optional<std::size_t> NumberBefore(const Folded& folded, const std::vector<Span>& tokens, std::size_t street) {
  std::size_t at = street;
  if (at > 1 && (tokens[at - 1].text == "bis" || tokens[at - 1].text == "ter")) --at;
  if (at == 0 || !SmallNumberOf(tokens[at - 1].text, 1, 999)) return std::nullopt;
  const std::size_t end = tokens[at - 1].end();
  const std::string_view between = std::string_view(folded.text).substr(end, tokens[street].at - end);
  if (between.size() > 6 || between.find_first_of(".!?\n") != std::string_view::npos) return std::nullopt;
  return at - 1;
}

// "rue de la Loi 16", "12, rue Haute", "avenue Louise"; of words of every day, with a name and a number alone.
void FindFrenchStreets(const Folded& folded, const std::vector<Span>& tokens, std::vector<Finding>& to) {
  const auto stops_between = [&](std::size_t from, std::size_t until) {
    return folded.text.substr(from, until - from).find_first_of(".!?\n") != std::string::npos;
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool also = IsAmong(kAlsoFrenchStreets, tokens[i].text);
    if (!also && !IsAmong(kFrenchStreets, tokens[i].text)) continue;
    const std::size_t abbreviated = tokens[i].end() < folded.text.size() && folded.text[tokens[i].end()] == '.' ? 1 : 0;
    std::size_t name = i + 1;
    while (name < tokens.size() && IsAmong(kBeforeStreetNames, tokens[name].text)) ++name;
    const bool named = name < tokens.size() && !IsNumber(tokens[name]) && IsCapital(folded, tokens[name]) &&
                       !stops_between(tokens[i].end() + abbreviated, tokens[name].at);
    std::size_t number = i + 1;
    while (number < tokens.size() && number - i <= kFrenchStreetWordsMax && !IsNumber(tokens[number])) ++number;
    const bool behind = number > name && number < tokens.size() && !BeginsSentencesOften(tokens[name].text) &&
                        SmallNumberOf(tokens[number].text, 1, also ? 999 : 9999) &&
                        tokens[number].at - tokens[i].end() <= 40 &&
                        !stops_between(tokens[i].end() + abbreviated, tokens[number].at);
    const auto before = NumberBefore(folded, tokens, i);
    if (also ? !named || !(behind || before) : !named && !behind && !before) continue;
    const Span& first = before ? tokens[*before] : tokens[i];
    const Span& last = behind && !before ? tokens[number] : named ? tokens[name] : tokens[i];
    to.push_back(FoundAt(Identifying::kAddress, folded, first.at, last.end() - first.at));
  }
}

// Stand with a capital before a number, and are no street.
constexpr std::string_view kNumberedThings[] = {
    "artikel",  "article",  "module",    "fase",     "phase",     "graad",   "grade",    "stap",    "step",
    "punt",     "point",    "bijlage",   "annex",    "hoofdstuk", "chapter", "niveau",   "level",   "groep",
    "group",    "klas",     "class",     "leerjaar", "week",      "dag",     "day",      "maand",   "month",
    "jaar",     "year",     "versie",    "version",  "pagina",    "page",    "nummer",   "number",  "type",
    "vraag",    "question", "kamer",     "room",     "leefgroep", "deel",    "part",     "optie",   "maandag",
    "dinsdag",  "woensdag", "donderdag", "vrijdag",  "zaterdag",  "zondag",  "monday",   "tuesday", "wednesday",
    "thursday", "friday",   "saturday",  "sunday",   "covid",     "windows", "chapitre", "annexe",  "etape",
    "degre",    "classe",   "groupe",    "semaine",  "jour",      "mois",    "annee",    "numero",  "chambre",
    "lundi",    "mardi",    "mercredi",  "jeudi",    "vendredi",  "samedi",  "dimanche"};

// "Kapelleberg 14", "op de Hoek 7": a word with a capital and the number of a house. At the beginning of a sentence any
// word has one; there it counts if nothing follows the number.
void FindHouses(const Folded& folded, const std::vector<Span>& tokens, std::vector<Finding>& to) {
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const Span& street = tokens[i];
    const Span& number = tokens[i + 1];
    const bool abbreviation = street.length >= 2 && folded.upper[street.at + 1];
    if (IsNumber(street) || street.length < 4 || !IsCapital(folded, street) || abbreviation) continue;
    if (IsStreet(street.text) || AsMonth(street.text)) continue;
    if (std::ranges::find(kNumberedThings, street.text) != std::end(kNumberedThings)) continue;
    if (!SmallNumberOf(number.text, 1, 999) || folded.text.substr(street.end(), number.at - street.end()) != " ")
      continue;
    const std::size_t next = i + 2 < tokens.size() ? tokens[i + 2].at : folded.text.size();
    const std::string_view behind = std::string_view(folded.text).substr(number.end(), next - number.end());
    const bool stops = i + 2 == tokens.size() || behind.find_first_of(".,;!?\n") != std::string_view::npos;
    const bool larger =
        !behind.empty() && (behind[0] == '/' || behind[0] == '-' || behind[0] == ':');  // A date, a time.
    if (larger || (BeginsSentence(folded.text, street.at) && !stops)) continue;
    to.push_back(FoundAt(Identifying::kAddress, folded, street.at, number.end() - street.at));
  }
}

// "9000 Gent". A year stands behind a month, or before a word without a capital.
void FindPostcodes(const Folded& folded, const std::vector<Span>& tokens, std::vector<Finding>& to) {
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const Span& place = tokens[i + 1];
    const bool code = tokens[i].length == 4 && SmallNumberOf(tokens[i].text, 1000, 9999);
    const bool after_month = i > 0 && AsMonth(tokens[i - 1].text);
    const std::size_t end = tokens[i].at + tokens[i].length;
    const bool apart = place.at - end >= 1 && place.at - end <= 2 &&
                       folded.text.substr(end, place.at - end).find_first_of(".!?:;") == std::string::npos;
    if (!code || after_month || !apart || place.length < 2 || !IsCapital(folded, place)) continue;
    to.push_back(FoundAt(Identifying::kAddress, folded, tokens[i].at, place.at + place.length - tokens[i].at));
  }
}

}  // namespace

void FindAddresses(const Folded& folded, const std::vector<TextSpan>& tokens, std::vector<Finding>& to) {
  FindStreets(folded, tokens, to);
  FindFrenchStreets(folded, tokens, to);
  FindHouses(folded, tokens, to);
  FindPostcodes(folded, tokens, to);
}

}  // namespace schakel
