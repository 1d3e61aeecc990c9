#include "agents/person_name.h"

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

}  // namespace schakel
