// Words and numbers of folded text (plain_text.h), with where they stand. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace schakel {

struct TextSpan {
  std::size_t at = 0;
  std::size_t length = 0;
  std::string text;  // Of a run of digits: the digits alone.
  std::size_t end() const { return at + length; }
};

// Each word and each number, in order.
std::vector<TextSpan> TokensOf(std::string_view folded);
// Runs of digits with at most two separators of `separators` between two of them.
std::vector<TextSpan> DigitRunsOf(std::string_view text, std::string_view separators);
// "F.a.t.o.u": which token ends the longest word that is written letter by letter from `first` on and that `is_word`
// knows; 0: none does. Four letters or more: fewer are an abbreviation.
std::size_t SpelledOut(const std::vector<TextSpan>& tokens, std::size_t first,
                       const std::function<bool(const std::string&)>& is_word);
// "M1lan", "Zwartbl0em": words in which digits stand for letters, as the words that they may be; 1 is an i or an l.
std::vector<TextSpan> DisguisedIn(std::string_view folded);
bool IsNumber(const TextSpan& token);
// Of at most four digits, from `first` to `last`.
std::optional<unsigned> SmallNumberOf(const std::string& token, unsigned first, unsigned last);
// Whether a sentence begins with what stands at `at`.
bool BeginsSentence(std::string_view folded, std::size_t at);

}  // namespace schakel
