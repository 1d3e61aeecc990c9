#include "agents/person_name.h"

#include <algorithm>

#include "plain_text.h"

namespace schakel {

std::string TidyPersonName(std::string_view name) {
  std::string tidy;
  for (const char letter : name) {
    const bool blank = letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n';
    if (!blank) {
      tidy += letter;
    } else if (!tidy.empty() && tidy.back() != ' ') {
      tidy += ' ';
    }
  }
  if (tidy.ends_with(' ')) tidy.pop_back();
  return tidy;
}

std::string PersonKey(std::string_view name) { return TidyPersonName(FoldPlain(name).text); }

bool IsGuestName(std::string_view name) {
  constexpr std::string_view kMark = "(gast ";
  constexpr std::size_t kDigits = 8;
  const std::string key = PersonKey(name);
  const std::size_t at = key.rfind(kMark);
  if (at == std::string::npos || key.size() != at + kMark.size() + kDigits + 1 || key.back() != ')') return false;
  const std::string_view digits = std::string_view(key).substr(at + kMark.size(), kDigits);
  return digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace schakel
