#include "names_in_text.h"

#include <algorithm>
#include <set>

#include "common_names.h"
#include "name_forms.h"
#include "person_words.h"
#include "text_pieces.h"

namespace schakel {
namespace {

// Words that begin sentences and titles with a capital, and are no names.
constexpr std::string_view kSentenceWords[] = {
    "aan",   "als",   "alle",    "beste",   "bij",      "dag",     "dan",    "dat",     "de",    "deze",   "die",
    "dit",   "door",  "een",     "en",      "er",       "geachte", "graag",  "haar",    "hallo", "heeft",  "het",
    "hier",  "hij",   "hoe",     "hun",     "ik",       "in",      "is",     "jullie",  "kan",   "kunnen", "maar",
    "met",   "moet",  "na",      "naar",    "niet",     "nu",      "of",     "om",      "omdat", "ons",    "onze",
    "op",    "over",  "sinds",   "soms",    "te",       "toen",    "tot",    "uit",     "vaak",  "van",    "volgens",
    "voor",  "waar",  "waarom",  "wanneer", "want",     "wat",     "we",     "welke",   "werkt", "wie",    "wij",
    "wil",   "wordt", "ze",      "zij",     "zijn",     "zo",      "zou",    "a",       "an",    "and",    "are",
    "at",    "can",   "could",   "do",      "does",     "for",     "from",   "has",     "have",  "he",     "how",
    "i",     "if",    "it",      "my",      "our",      "she",     "should", "since",   "that",  "the",    "their",
    "they",  "this",  "what",    "when",    "where",    "who",     "why",    "with",    "would", "you",    "apres",
    "avant", "avec",  "bonjour", "ce",      "ces",      "cette",   "chez",   "comment", "dans",  "depuis", "elle",
    "elles", "est",   "et",      "il",      "ils",      "je",      "les",    "leur",    "mais",  "mon",    "nous",
    "notre", "ou",    "parfois", "pour",    "pourquoi", "quand",   "que",    "quelle",  "qui",   "sa",     "selon",
    "ses",   "si",    "son",     "souvent", "un",       "une",     "vous"};
constexpr std::string_view kBetweenNames[] = {"van", "de",  "der", "den", "het", "ten", "ter", "te", "el",
                                              "al",  "ben", "von", "di",  "da",  "la",  "le",  "du"};

constexpr std::size_t kNameBytesMin = 3;  // "de", "el" and initials are in every text.

constexpr std::size_t kPiecesMax = 12;

template <typename List>
bool IsInNames(const List& list, const std::string& word) {
  return std::ranges::binary_search(list, std::string_view(word));
}

bool IsInCapitals(const Folded& folded, const TextSpan& token) {
  for (std::size_t i = 0; i < token.length; ++i) {
    if (!folded.upper[token.at + i]) return false;
  }
  return true;
}

// "JAN JANSSENS": all of it in capitals.
bool IsShouted(const Folded& folded, const TextSpan& token) {
  return !IsNumber(token) && token.length >= 3 && IsInCapitals(folded, token);
}

}  // namespace

Finding FoundAt(Identifying what, const Folded& folded, std::size_t at, std::size_t length) {
  const std::size_t from = folded.from[at];
  return {what, from, folded.to[at + length - 1] - from};
}

bool BeginsSentencesOften(const std::string& word) {
  return std::ranges::find(kSentenceWords, word) != std::end(kSentenceWords);
}

bool IsPersonWord(const std::string& word) { return IsInNames(kPersonWords, word); }

bool IsCommonName(const std::string& word) {
  return (IsInNames(kGivenNames, word) && !IsInNames(kAlsoWords, word)) || IsInNames(kSurnames, word);
}
bool IsGivenName(const std::string& word) { return IsInNames(kGivenNames, word); }

bool IsAbbreviation(const Folded& folded, const TextSpan& token) {
  constexpr std::size_t kAbbreviationMax = 5;
  return token.length <= kAbbreviationMax && IsInCapitals(folded, token);
}

std::string NamesInLabel(std::string_view label) {
  constexpr std::size_t kWordsOfANameMax = 2;
  const Folded folded = FoldPlain(label);
  const std::vector<TextSpan> all = TokensOf(folded.text);
  const auto is_capital = [&](const TextSpan& token) { return !IsNumber(token) && folded.upper[token.at]; };
  if (std::ranges::none_of(all, is_capital)) return std::string(label);
  std::string names;
  for (std::size_t first = 0, end = 0; first < all.size(); first = end) {
    const auto parts = [&](std::size_t at) {  // Something other than a blank or a hyphen stands before it.
      return folded.text.substr(all[at - 1].end(), all[at].at - all[at - 1].end()).find_first_not_of(" .-'") !=
             std::string::npos;
    };
    for (end = first + 1; end < all.size() && !parts(end);) ++end;
    const std::vector<TextSpan> part(all.begin() + static_cast<std::ptrdiff_t>(first),
                                     all.begin() + static_cast<std::ptrdiff_t>(end));
    const bool name = part.size() <= kWordsOfANameMax && std::ranges::any_of(part, is_capital);
    for (const TextSpan& token : part) {
      if (name || (is_capital(token) && !BeginsSentencesOften(token.text))) names += token.text + ' ';
    }
  }
  return names;
}

// "Jan Janssens", "Nadia El Amrani", "Piet van den Berg": two words or more that are written as names.
void FindNamePairs(const Folded& folded, const std::vector<TextSpan>& tokens, std::vector<Finding>& to) {
  const auto is_name = [&](const TextSpan& token) {
    if (IsNumber(token) || token.length < 2 || !folded.upper[token.at]) return false;
    for (std::size_t i = 1; i < token.length; ++i) {
      if (folded.upper[token.at + i]) return false;  // "GI", "CLB": an abbreviation.
    }
    return true;
  };
  const auto is_in = [](const auto& list, const std::string& word) {
    return std::ranges::find(list, word) != std::end(list);
  };
  const auto follows = [&](const TextSpan& before, const TextSpan& after) {
    const std::string between = folded.text.substr(before.at + before.length, after.at - before.at - before.length);
    return between == " " || between == "-" || between == "'" || between == "  ";
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!is_name(tokens[i]) || is_in(kSentenceWords, tokens[i].text)) continue;
    std::size_t last = i;
    std::size_t names = 1;
    for (std::size_t j = i + 1; j < tokens.size() && follows(tokens[j - 1], tokens[j]); ++j) {
      if (is_name(tokens[j])) {
        last = j;
        ++names;
      } else if (!is_in(kBetweenNames, tokens[j].text)) {
        break;
      }
    }
    if (names >= 2) {
      const TextSpan& end = tokens[last];
      to.push_back(FoundAt(Identifying::kPersonName, folded, tokens[i].at, end.at + end.length - tokens[i].at));
    }
    i = last;
  }
}

// The words of `names`; also written apart ("M.i.l.a.n", "Mi lan") or in a form of theirs.
void FindNames(const Folded& folded, const std::vector<TextSpan>& tokens, const std::vector<std::string>& names,
               std::vector<Finding>& to) {
  std::set<std::string> words;
  for (const std::string& name : names) {
    for (const TextSpan& token : TokensOf(FoldPlain(name).text)) {
      if (token.length >= kNameBytesMin && !IsDigit(token.text[0])) words.insert(token.text);
    }
  }
  for (const std::string_view common : {"van", "der", "den", "het", "een", "the", "and", "voor", "met"}) {
    words.erase(std::string(common));
  }
  std::erase_if(words, &IsPersonWord);
  const auto is_name = [&](const std::string& word) {
    return !NameBehind(word, [&](const std::string& one) { return words.contains(one); }).empty();
  };
  for (const TextSpan& one : DisguisedIn(folded.text)) {
    if (is_name(one.text)) to.push_back(FoundAt(Identifying::kName, folded, one.at, one.length));
  }
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (is_name(tokens[i].text)) {
      to.push_back(FoundAt(Identifying::kName, folded, tokens[i].at, tokens[i].length));
      continue;
    }
    std::string joined = tokens[i].text;
    bool letters = tokens[i].length == 1;
    for (std::size_t j = i + 1; j < tokens.size() && j - i < kPiecesMax; ++j) {
      if (tokens[j].at - tokens[j - 1].at - tokens[j - 1].length > 3) break;
      joined += tokens[j].text;
      letters = letters && tokens[j].length == 1;
      // Two whole words that happen to make a short name are no name.
      if (!is_name(joined) || (!letters && joined.size() < 5)) continue;
      to.push_back(FoundAt(Identifying::kName, folded, tokens[i].at, tokens[j].at + tokens[j].length - tokens[i].at));
      i = j;
      break;
    }
  }
}

void FindCommonNames(const Folded& folded, const std::vector<TextSpan>& tokens, std::vector<Finding>& to) {
  const std::vector<Finding> before = to;
  const auto add = [&](const TextSpan& first, const TextSpan& last) {
    const Finding found = FoundAt(Identifying::kPersonName, folded, first.at, last.end() - first.at);
    const auto touches = [&](const Finding& one) {
      return found.at < one.at + one.length && one.at < found.at + found.length;
    };
    if (std::ranges::none_of(before, touches)) to.push_back(found);
  };
  for (const TextSpan& one : DisguisedIn(folded.text)) {
    if (IsCommonName(one.text)) add(one, one);
  }
  const auto is_surname = [](const TextSpan& token) { return IsInNames(kSurnames, token.text); };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const TextSpan& token = tokens[i];
    if (const std::size_t last = SpelledOut(tokens, i, [](const std::string& word) {
          return IsInNames(kSurnames, word) || IsInNames(kGivenNames, word);
        })) {
      add(token, tokens[last]);
      i = last;
      continue;
    }
    const bool followed = i + 1 < tokens.size() && tokens[i + 1].at == token.end() + 1;
    const bool shouted = IsShouted(folded, token);
    if (shouted && followed && IsShouted(folded, tokens[i + 1]) && std::max(token.length, tokens[i + 1].length) >= 5) {
      add(token, tokens[i + 1]);
      ++i;
      continue;
    }
    if (is_surname(token)) {
      add(token, token);
      continue;
    }
    if (!IsInNames(kGivenNames, token.text)) continue;
    if (followed && is_surname(tokens[i + 1])) {
      add(token, tokens[i + 1]);
      ++i;
      continue;
    }
    const bool named = folded.upper[token.at] && !shouted && !BeginsSentence(folded.text, token.at);
    if (!IsInNames(kAlsoWords, token.text) || named) add(token, token);
  }
}

}  // namespace schakel
