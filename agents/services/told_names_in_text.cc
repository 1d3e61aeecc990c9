#include "told_names_in_text.h"

#include <algorithm>
#include <optional>

#include "names_in_text.h"

namespace schakel {
namespace {

// Each list folded and in order.
constexpr std::string_view kTitles[] = {"dhr",    "familie",  "famille",  "family",   "fam",          "gezin",
                                        "heer",   "juf",      "juffrouw", "madame",   "mademoiselle", "meester",
                                        "meneer", "mevr",     "mevrouw",  "mijnheer", "miss",         "mlle",
                                        "mme",    "monsieur", "mr",       "mrs",      "ms",           "mw"};
// Whom people call by a name behind it: "oma Griselda". What is as often before something else ("school", "partner",
// "rechter") is left out.
constexpr std::string_view kRelatives[] = {
    "broer",  "broertje", "brother",     "cousin",        "daughter",   "dochter",       "dochtertje",  "father",
    "frere",  "grandma",  "grandpa",     "grootmoeder",   "grootvader", "halfbroer",     "halfzus",     "jongen",
    "mama",   "meisje",   "meme",        "mere",          "moeder",     "mother",        "neef",        "neefje",
    "nicht",  "nichtje",  "nonkel",      "oma",           "oncle",      "oom",           "opa",         "papa",
    "pepe",   "pere",     "pleegmoeder", "pleegvader",    "plusmama",   "plusmoeder",    "pluspapa",    "plusvader",
    "sister", "soeur",    "stiefmoeder", "stiefvader",    "tante",      "tweelingbroer", "tweelingzus", "vader",
    "vriend", "vriendin", "vriendje",    "vriendinnetje", "zoon",       "zoontje",       "zus",         "zusje",
    "zuster"};
constexpr std::string_view kCalled[] = {"called", "genaamd", "named", "prenomme", "prenommee"};
constexpr std::string_view kNameWords[] = {"achternaam", "familienaam", "naam",    "name",    "nom",
                                           "prenom",     "roepnaam",    "surname", "voornaam"};
// Who may be called: a course or a house may not.
constexpr std::string_view kPronouns[] = {"die", "hij", "ik", "je", "jij", "ze", "zij"};
constexpr std::string_view kBetweenNames[] = {"de", "den", "der", "du", "el", "la", "le", "ten", "ter", "van", "von"};

bool IsAmong(const auto& list, const std::string& word) { return std::ranges::find(list, word) != std::end(list); }

struct Text {
  const Folded& folded;
  const std::vector<TextSpan>& tokens;

  std::string_view Between(std::size_t before) const {
    return std::string_view(folded.text).substr(tokens[before].end(), tokens[before + 1].at - tokens[before].end());
  }
  bool Is(std::size_t at, const auto& list) const { return at < tokens.size() && IsAmong(list, tokens[at].text); }
  bool FollowsClosely(std::size_t at) const { return at > 0 && at < tokens.size() && Between(at - 1) == " "; }

  // The name that stands at `at`, with the particles before it: where it ends. None: there is none.
  std::optional<std::size_t> NameAt(std::size_t at) const {
    while (Is(at, kBetweenNames) && FollowsClosely(at + 1)) ++at;
    if (at >= tokens.size()) return std::nullopt;
    const TextSpan& token = tokens[at];
    constexpr std::size_t kNameMin = 3;
    if (IsNumber(token) || token.length < kNameMin || !folded.upper[token.at]) return std::nullopt;
    if (BeginsSentencesOften(token.text) || IsPersonWord(token.text) || IsAbbreviation(folded, token)) {
      return std::nullopt;
    }
    return at;
  }

  // Where a name begins that `at` tells of.
  std::optional<std::size_t> ToldBy(std::size_t at) const {
    const std::size_t next = at + 1;
    if (next >= tokens.size()) return std::nullopt;
    const bool close = Between(at) == " ";
    if (Is(at, kTitles)) return close || Between(at) == ". " ? std::optional(next) : std::nullopt;
    if (Is(at, kRelatives) || Is(at, kCalled)) return close ? std::optional(next) : std::nullopt;
    if (tokens[at].text == "heet" || tokens[at].text == "heette") {
      if (Is(next, kPronouns)) return close && FollowsClosely(next + 1) ? std::optional(next + 1) : std::nullopt;
      const bool somebody = FollowsClosely(at) && (Is(at - 1, kPronouns) || IsPersonWord(tokens[at - 1].text));
      return somebody && close ? std::optional(next) : std::nullopt;
    }
    if (tokens[at].text == "appelle") return close ? std::optional(next) : std::nullopt;
    if (Is(at, kNameWords)) {
      if (close && (tokens[next].text == "is" || tokens[next].text == "est")) {
        return FollowsClosely(next + 1) ? std::optional(next + 1) : std::nullopt;
      }
      const std::string_view between = Between(at);
      return close || between == ": " || between == ":" || between == " : " ? std::optional(next) : std::nullopt;
    }
    return std::nullopt;
  }
};

}  // namespace

void FindToldNames(const Folded& folded, const std::vector<TextSpan>& tokens, std::vector<Finding>& to) {
  const std::vector<Finding> before = to;
  const Text text{folded, tokens};
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto first = text.ToldBy(i);
    const auto last = first ? text.NameAt(*first) : std::nullopt;
    if (!last) continue;
    const Finding found =
        FoundAt(Identifying::kPersonName, folded, tokens[*first].at, tokens[*last].end() - tokens[*first].at);
    const auto touches = [&](const Finding& one) {
      return found.at < one.at + one.length && one.at < found.at + found.length;
    };
    if (std::ranges::none_of(before, touches)) to.push_back(found);
    i = *last;
  }
}

}  // namespace schakel
