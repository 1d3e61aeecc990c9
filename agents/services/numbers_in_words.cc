#include "numbers_in_words.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace schakel {
namespace {

constexpr unsigned kDayMax = 31;

struct DutchNumbers {
  std::map<std::string, unsigned, std::less<>> counting;  // "tien", up to 99.
  std::map<std::string, unsigned, std::less<>> days;      // "tiende" and "tien", up to 31.
};

const DutchNumbers& Numbers() {
  static const DutchNumbers numbers = [] {
    constexpr std::string_view kSmall[] = {
        "een", "twee",   "drie",    "vier",     "vijf",     "zes",     "zeven",     "acht",     "negen",    "tien",
        "elf", "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien"};
    constexpr std::string_view kTens[] = {"twintig", "dertig",   "veertig", "vijftig",
                                          "zestig",  "zeventig", "tachtig", "negentig"};
    DutchNumbers all;
    for (unsigned i = 0; i < std::size(kSmall); ++i) {
      const std::string word(kSmall[i]);
      const unsigned value = i + 1;
      all.counting.emplace(word, value);
      // Eight and what follows nineteen take "ste".
      all.days.emplace(value == 1 ? "eerste" : value == 3 ? "derde" : word + (value == 8 ? "ste" : "de"), value);
    }
    for (unsigned ten = 0; ten < std::size(kTens); ++ten) {
      const std::string word(kTens[ten]);
      const unsigned value = (ten + 2) * 10;
      all.counting.emplace(word, value);
      for (unsigned one = 0; one < 9; ++one) {
        all.counting.emplace(std::string(kSmall[one]) + "en" + word, value + one + 1);
      }
    }
    for (const auto& [word, value] : all.counting) {
      if (value >= 20 && value <= kDayMax) all.days.emplace(word + "ste", value);
      if (value > 1 && value <= kDayMax) all.days.emplace(word, value);
    }
    return all;
  }();
  return numbers;
}

std::optional<unsigned> ValueIn(const std::map<std::string, unsigned, std::less<>>& numbers, std::string_view word) {
  const auto found = numbers.find(word);
  return found == numbers.end() ? std::nullopt : std::optional(found->second);
}

struct SaidYear {
  unsigned year = 0;
  std::size_t tokens = 1;  // That it takes.
};

// "tweeduizendtien", "tweeduizend en tien", "negentienhonderd negenennegentig".
std::optional<SaidYear> YearAt(const std::vector<TextSpan>& tokens, std::size_t at) {
  constexpr std::pair<std::string_view, unsigned> kCenturies[] = {{"tweeduizend", 2000}, {"negentienhonderd", 1900}};
  for (const auto& [word, century] : kCenturies) {
    if (!tokens[at].text.starts_with(word)) continue;
    std::string_view rest = std::string_view(tokens[at].text).substr(word.size());
    if (rest.empty()) {
      const auto is_close = [&](std::size_t i) { return i < tokens.size() && tokens[i].at - tokens[i - 1].end() <= 2; };
      std::size_t next = at + 1;
      if (is_close(next) && tokens[next].text == "en") ++next;
      const auto few = is_close(next) ? ValueIn(Numbers().counting, tokens[next].text) : std::nullopt;
      return few ? SaidYear{century + *few, next - at + 1} : SaidYear{century, 1};
    }
    if (rest.starts_with("en") && !ValueIn(Numbers().counting, rest)) rest.remove_prefix(2);
    if (const auto few = ValueIn(Numbers().counting, rest)) return SaidYear{century + *few, 1};
  }
  return std::nullopt;
}

}  // namespace

std::vector<TextSpan> WithNumbersOfWords(std::vector<TextSpan> tokens) {
  std::vector<TextSpan> all;
  for (std::size_t i = 0; i < tokens.size();) {
    if (const auto year = YearAt(tokens, i)) {
      const std::size_t end = tokens[i + year->tokens - 1].end();
      all.push_back({tokens[i].at, end - tokens[i].at, std::to_string(year->year)});
      i += year->tokens;
      continue;
    }
    if (const auto day = ValueIn(Numbers().days, tokens[i].text)) tokens[i].text = std::to_string(*day);
    all.push_back(std::move(tokens[i]));
    ++i;
  }
  return all;
}

}  // namespace schakel
