#include "initials_in_text.h"

#include <algorithm>
#include <optional>

#include "names_in_text.h"

namespace schakel {
namespace {

constexpr std::size_t kInitialsMax = 4;
constexpr std::size_t kBareInitialsMax = 3;  // "SDV".
constexpr std::size_t kNameWordsMax = 6;     // A longer one is a sentence.

// Royal and ministerial decrees and where they are published: a year stands behind them.
constexpr std::string_view kOfLaw[] = {"bs", "kb", "mb"};
constexpr std::string_view kBorn[] = {"geb", "geboren", "in", "born", "ne", "nee", "en", "\xC2\xB0"};
constexpr std::string_view kYears[] = {"j", "jr", "jaar", "jarige", "y", "yr", "yrs", "year", "years", "an", "ans"};
constexpr std::string_view kParticles[] = {"van", "de", "der", "den", "het", "ten", "ter", "te",
                                           "el",  "al", "von", "di",  "da",  "la",  "le",  "du"};

bool IsOneOf(const auto& list, std::string_view word) { return std::ranges::find(list, word) != std::end(list); }

// Where an age or a year of birth ends that stands behind `end`, before token `next`.
struct Behind {
  std::size_t end = 0;
  bool bracket = false;
  bool said = false;  // "geboren in 2010", "16 jaar".
};
std::optional<Behind> AgeBehind(const Folded& folded, const std::vector<TextSpan>& tokens, std::size_t end,
                                std::size_t next) {
  constexpr std::size_t kBetweenMax = 4;  // "., (".
  constexpr std::size_t kBornWordsMax = 3;
  Behind behind;
  bool comma = false;
  for (std::size_t words = 0; next < tokens.size() && words <= kBornWordsMax; ++next, ++words) {
    const std::string_view between = std::string_view(folded.text).substr(end, tokens[next].at - end);
    if (between.size() > kBetweenMax || between.find_first_not_of(" .,-(:[") != std::string_view::npos) break;
    behind.bracket = behind.bracket || between.find_first_of("([") != std::string_view::npos;
    comma = comma || between.contains(',');
    end = tokens[next].end();
    if (!IsNumber(tokens[next])) {
      if (!IsOneOf(kBorn, tokens[next].text)) break;
      behind.said = true;
      continue;
    }
    const char after = end < folded.text.size() ? folded.text[end] : '.';
    const bool closes = after == ')' || after == ']' || after == ',' || after == '.' || after == ';';
    behind.end = end;
    if (tokens[next].text.size() == 4) {
      const bool year = SmallNumberOf(tokens[next].text, 1900, 2099).has_value();
      return year ? std::optional(behind) : std::nullopt;
    }
    if (!SmallNumberOf(tokens[next].text, 1, 99)) break;
    const bool unit =
        next + 1 < tokens.size() && tokens[next + 1].at - end <= 1 && IsOneOf(kYears, tokens[next + 1].text);
    if (unit) behind.end = tokens[next + 1].end();
    behind.said = unit;
    const bool aside = closes && (behind.bracket || comma);
    return unit || aside ? std::optional(behind) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Initials> InitialsIn(const Folded& folded, const std::vector<TextSpan>& tokens) {
  const std::string& text = folded.text;
  const auto is_letter = [&](std::size_t i) {
    return i < tokens.size() && tokens[i].length == 1 && !IsNumber(tokens[i]) && folded.upper[tokens[i].at];
  };
  const auto is_free = [&](std::size_t at) {  // Not of "3B" or "foto's".
    return at == 0 || !(IsDigit(text[at - 1]) || IsWordByte(text[at - 1]) || text[at - 1] == '\'');
  };
  std::vector<Initials> all;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const TextSpan& token = tokens[i];
    if (IsNumber(token) || !is_free(token.at)) continue;
    Initials one;
    std::size_t last = i;
    if (is_letter(i)) {
      one.span.text = token.text;
      const auto follows = [&](std::size_t next) {
        if (!is_letter(next)) return false;
        const std::string_view between =
            std::string_view(text).substr(tokens[next - 1].end(), tokens[next].at - tokens[next - 1].end());
        return between == "." || between == ". " || between == ".-" || between == "-";
      };
      while (follows(last + 1)) one.span.text += tokens[++last].text;
      one.dotted = last > i || (token.end() < text.size() && text[token.end()] == '.');
    } else if (token.length <= kBareInitialsMax && IsAbbreviation(folded, token)) {
      one.span.text = token.text;
    } else {
      continue;
    }
    if (one.span.text.size() > kInitialsMax) {
      i = last;
      continue;
    }
    std::size_t end = tokens[last].end();
    if (one.dotted && end < text.size() && text[end] == '.') ++end;
    const auto behind = AgeBehind(folded, tokens, end, last + 1);
    one.aged = behind && (behind->bracket || (one.dotted && (one.span.text.size() > 1 || behind->said)));
    one.span.at = token.at;
    one.span.length = (one.aged ? behind->end : end) - token.at;
    if (one.aged || (one.dotted && one.span.text.size() > 1)) all.push_back(std::move(one));
    i = last;
  }
  return all;
}

std::vector<std::string> InitialsOf(std::string_view name) {
  std::string every;
  std::string without;
  std::size_t words = 0;
  const std::string folded = FoldPlain(name).text;
  for (const TextSpan& token : TokensOf(std::string_view(folded).substr(0, folded.find_first_of(",(")))) {
    if (IsNumber(token)) break;
    ++words;
    every += token.text[0];
    if (!IsOneOf(kParticles, token.text)) without += token.text[0];
  }
  if (words < 2 || words > kNameWordsMax) return {};
  std::vector<std::string> all = {every};
  const auto add = [&](const std::string& one) {
    if (one.size() > 1 && std::ranges::find(all, one) == all.end()) all.push_back(one);
  };
  add(without);
  add({every.front(), every.back()});
  add(every.substr(0, 2));
  return all;
}

void FindInitials(const Folded& folded, const std::vector<TextSpan>& tokens, std::vector<Finding>& to) {
  for (const Initials& one : InitialsIn(folded, tokens)) {
    const bool tells = one.aged && (one.dotted || one.span.text.size() == 1) && !IsOneOf(kOfLaw, one.span.text);
    if (tells) to.push_back(FoundAt(Identifying::kPersonName, folded, one.span.at, one.span.length));
  }
}

}  // namespace schakel
