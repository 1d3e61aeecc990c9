#include "dates_in_text.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "names_in_text.h"
#include "numbers_in_words.h"

namespace schakel {
namespace {

using Span = TextSpan;

constexpr std::array<std::array<std::string_view, 6>, 12> kMonths = {{
    {"januari", "january", "jan", "janvier", "janv"},
    {"februari", "february", "feb", "fevrier", "fevr", "fev"},
    {"maart", "march", "mrt", "mars", "mar"},
    {"april", "apr", "avril", "avr"},
    {"mei", "may", "mai"},
    {"juni", "june", "jun", "juin"},
    {"juli", "july", "jul", "juillet", "juil"},
    {"augustus", "august", "aug", "aout"},
    {"september", "sep", "sept", "septembre"},
    {"oktober", "october", "okt", "oct", "octobre"},
    {"november", "nov", "novembre"},
    {"december", "dec", "decembre"},
}};

constexpr std::string_view kBirthWords[] = {"geboren", "geb",      "geboortedatum", "verjaart",  "verjaardag",  "born",
                                            "dob",     "birthday", "birthdate",     "naissance", "anniversaire"};
// Before "le 3 avril" they say so; alone, without the accent that folding takes off, they are "not" and "no".
constexpr std::string_view kBornInFrench[] = {"ne", "nee", "nes", "nees"};

// "12-III-2009": between a day and a year.
constexpr std::array<std::string_view, 12> kRomanMonths = {"i",   "ii",   "iii", "iv", "v",  "vi",
                                                           "vii", "viii", "ix",  "x",  "xi", "xii"};

// "3de mei", "3rd of May", "1er mai": the number alone.
std::vector<Span> WithoutOrdinals(std::vector<Span> tokens) {
  constexpr std::string_view kOrdinals[] = {"de", "ste", "e", "st", "nd", "rd", "th", "er"};
  std::vector<Span> kept;
  for (Span& token : tokens) {
    const bool behind = !kept.empty() && IsNumber(kept.back()) && kept.back().end() == token.at;
    const bool ordinal = behind && std::ranges::find(kOrdinals, token.text) != std::end(kOrdinals);
    if (!ordinal && token.text != "of") kept.push_back(std::move(token));
  }
  return kept;
}

bool IsBornInFrench(const Folded& folded, const std::vector<Span>& tokens, std::size_t at) {
  const Span& word = tokens[at];
  if (std::ranges::find(kBornInFrench, word.text) == std::end(kBornInFrench)) return false;
  const bool accented = folded.to[word.end() - 1] - folded.from[word.at] > word.length;
  const bool before_date = at + 2 < tokens.size() && tokens[at + 1].text == "le" && IsNumber(tokens[at + 2]);
  return accented || before_date;
}

// A word that says so stands shortly before `first` or behind `last`.
bool IsNearBirth(const Folded& folded, const std::vector<Span>& tokens, std::size_t first, std::size_t last) {
  constexpr std::size_t kBefore = 4;  // "geboren te Gent in maart 2009".
  const std::size_t end = std::min(tokens.size(), last + 3);
  for (std::size_t i = first - std::min(first, kBefore); i < end; ++i) {
    if (std::ranges::find(kBirthWords, tokens[i].text) != std::end(kBirthWords)) return true;
    if (i < first && IsBornInFrench(folded, tokens, i)) return true;
  }
  return false;
}

// "03052010", "20100503", "030510", beside such a word.
void FindCompactBirthDates(const Folded& folded, const std::vector<Span>& tokens, unsigned this_year,
                           std::vector<Finding>& to) {
  const auto is_date = [&](unsigned day, unsigned month, unsigned year) {
    return day >= 1 && day <= 31 && month >= 1 && month <= 12 && year + 100 >= this_year && year <= this_year;
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string& digits = tokens[i].text;
    if (!IsNumber(tokens[i]) || (digits.size() != 8 && digits.size() != 6) || !IsNearBirth(folded, tokens, i, i))
      continue;
    const auto at = [&](std::size_t from, std::size_t count) { return NumberAt(digits, from, count); };
    const bool date = digits.size() == 8
                          ? is_date(at(0, 2), at(2, 2), at(4, 4)) || is_date(at(6, 2), at(4, 2), at(0, 4))
                          : is_date(at(0, 2), at(2, 2), this_year) || is_date(at(4, 2), at(2, 2), this_year);
    if (date) to.push_back(FoundAt(Identifying::kBirthDate, folded, tokens[i].at, tokens[i].length));
  }
}

}  // namespace

unsigned NumberAt(const std::string& digits, std::size_t at, std::size_t count) {
  unsigned value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value * 10 + static_cast<unsigned>(digits[at + i] - '0');
  return value;
}

std::optional<unsigned> AsMonth(const std::string& token) {
  if (auto number = SmallNumberOf(token, 1, 12)) return number;
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    if (std::ranges::find(kMonths[i], token) != kMonths[i].end()) return i + 1;
  }
  return std::nullopt;
}

void FindBirthDates(const Folded& folded, Timestamp now, std::vector<Finding>& to) {
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
  const unsigned this_year = static_cast<unsigned>(static_cast<int>(today.year()));
  const std::vector<Span> tokens = WithNumbersOfWords(WithoutOrdinals(TokensOf(folded.text)));
  FindCompactBirthDates(folded, tokens, this_year, to);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    bool born = i > 0 && folded.text.substr(tokens[i - 1].at, tokens[i].at - tokens[i - 1].at).find("\xC2\xB0") !=
                             std::string::npos;
    born = born || IsNearBirth(folded, tokens, i, i + 2);
    const auto is_day = [&](const Span& token) { return SmallNumberOf(token.text, 1, 31).has_value(); };
    const auto is_day_digits = [&](const Span& token) { return !IsInWords(token) && is_day(token); };
    // "geboren als tweede, drie jaar later": what is in words is no month.
    const auto is_month = [&](const Span& token) { return !IsInWords(token) && AsMonth(token.text).has_value(); };
    const auto is_named_month = [&](const Span& token) { return !IsNumber(token) && is_month(token); };
    const auto is_roman = [&](const Span& token) {
      return std::ranges::find(kRomanMonths, token.text) != kRomanMonths.end();
    };
    const auto is_year = [&](const Span& token) {
      if (born && token.length == 2 && SmallNumberOf(token.text, 0, 99)) return true;
      return token.text.size() == 4 &&
             SmallNumberOf(token.text, this_year - 100, born ? this_year : this_year - 2).has_value();
    };
    const auto length_to = [&](const Span& last) { return last.at + last.length - tokens[i].at; };
    // Words are longer than the digits that they stand for.
    const auto fits = [&](std::size_t last, std::size_t bytes) {
      for (std::size_t j = i; j <= last; ++j) bytes += IsInWords(tokens[j]) ? tokens[j].length : 0;
      return length_to(tokens[last]) <= bytes;
    };
    const auto says_month = [&](const Span& number, const Span& month) {
      return IsInWords(number) ? is_named_month(month) : is_month(month);
    };
    const bool three = i + 2 < tokens.size() && fits(i + 2, 24);
    const bool day_first = three && is_day(tokens[i]) &&
                           (says_month(tokens[i], tokens[i + 1]) || is_roman(tokens[i + 1])) && is_year(tokens[i + 2]);
    const bool month_first = three && is_month(tokens[i]) && is_day_digits(tokens[i + 1]) && is_year(tokens[i + 2]);
    const bool year_first = three && is_year(tokens[i]) && is_month(tokens[i + 1]) && is_day(tokens[i + 2]);
    const bool whole = day_first || month_first || year_first;
    // A month and a year alone are of a beginning or an end as often: "sinds maart 2009 in begeleiding".
    const bool part =
        born && fits(i + 1, 16) &&
        ((is_day(tokens[i]) && says_month(tokens[i], tokens[i + 1])) ||
         (says_month(tokens[i + 1], tokens[i]) && (is_year(tokens[i + 1]) || is_day_digits(tokens[i + 1]))));
    if (whole || part) {
      const std::size_t last = whole ? i + 2 : i + 1;
      to.push_back(FoundAt(Identifying::kBirthDate, folded, tokens[i].at, length_to(tokens[last])));
      i = last;
    }
  }
}

}  // namespace schakel
