#include "text_pieces.h"

#include <algorithm>

#include "plain_text.h"

namespace schakel {

std::vector<TextSpan> TokensOf(std::string_view folded) {
  std::vector<TextSpan> tokens;
  for (std::size_t i = 0; i < folded.size();) {
    const auto same = [&](char c) { return IsDigit(folded[i]) ? IsDigit(c) : IsWordByte(c); };
    std::size_t end = i;
    if (IsDigit(folded[i]) || IsWordByte(folded[i])) {
      while (end < folded.size() && same(folded[end])) ++end;
      tokens.push_back({i, end - i, std::string(folded.substr(i, end - i))});
    }
    i = std::max(end, i + 1);
  }
  return tokens;
}

std::vector<TextSpan> DigitRunsOf(std::string_view text, std::string_view separators) {
  std::vector<TextSpan> runs;
  for (std::size_t i = 0; i < text.size();) {
    if (!IsDigit(text[i])) {
      ++i;
      continue;
    }
    TextSpan run{i, 0, {}};
    std::size_t end = i;
    for (std::size_t j = i, gap = 0; j < text.size() && gap <= 2; ++j) {
      if (IsDigit(text[j])) {
        run.text += text[j];
        end = j + 1;
        gap = 0;
      } else if (separators.find(text[j]) != std::string_view::npos) {
        ++gap;
      } else {
        break;
      }
    }
    run.length = end - i;
    runs.push_back(std::move(run));
    i = end;
  }
  return runs;
}

std::size_t SpelledOut(const std::vector<TextSpan>& tokens, std::size_t first,
                       const std::function<bool(const std::string&)>& is_word) {
  constexpr std::size_t kLettersMin = 4;
  constexpr std::size_t kLettersMax = 24;
  constexpr std::size_t kBetweenMax = 3;
  std::string word;
  std::size_t last = 0;
  for (std::size_t i = first; i < tokens.size() && i - first < kLettersMax; ++i) {
    const bool apart = i > first && tokens[i].at - tokens[i - 1].end() > kBetweenMax;
    if (tokens[i].length != 1 || IsNumber(tokens[i]) || apart) break;
    word += tokens[i].text;
    if (word.size() >= kLettersMin && is_word(word)) last = i;
  }
  return last;
}

std::vector<TextSpan> DisguisedIn(std::string_view folded) {
  constexpr std::size_t kLettersMin = 2;
  constexpr std::string_view kAsLetters = "o?zeasgtbg";  // By digit; of 1 there are two.
  std::vector<TextSpan> found;
  for (std::size_t at = 0; at < folded.size();) {
    std::size_t end = at;
    std::size_t letters = 0;
    while (end < folded.size() && (IsWordByte(folded[end]) || IsDigit(folded[end]))) {
      if (!IsDigit(folded[end++])) ++letters;
    }
    const std::string_view word = folded.substr(at, end - at);
    if (letters >= kLettersMin && letters < word.size()) {
      for (const char one : {'i', 'l'}) {
        std::string read(word);
        for (char& c : read) {
          if (IsDigit(c)) c = c == '1' ? one : kAsLetters[static_cast<std::size_t>(c - '0')];
        }
        found.push_back({at, word.size(), std::move(read)});
        if (!word.contains('1')) break;
      }
    }
    at = std::max(end, at + 1);
  }
  return found;
}

bool IsNumber(const TextSpan& token) { return !token.text.empty() && IsDigit(token.text[0]); }

std::optional<unsigned> SmallNumberOf(const std::string& token, unsigned first, unsigned last) {
  if (token.empty() || token.size() > 4 || !IsDigit(token[0])) return std::nullopt;
  unsigned value = 0;
  for (char c : token) value = value * 10 + static_cast<unsigned>(c - '0');
  return value >= first && value <= last ? std::optional(value) : std::nullopt;
}

bool BeginsSentence(std::string_view folded, std::size_t at) {
  while (at > 0) {
    const char before = folded[--at];
    if (IsWordByte(before) || IsDigit(before) || before == ',' || before == ';') return false;
    if (before == '.' || before == '!' || before == '?' || before == '\n' || before == ':') return true;
  }
  return true;
}

}  // namespace schakel
