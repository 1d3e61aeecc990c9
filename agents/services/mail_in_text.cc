#include "mail_in_text.h"

#include <algorithm>
#include <span>

#include "names_in_text.h"

namespace schakel {
namespace {

// How people write a sign of an address otherwise.
struct Written {
  std::string_view as;
  char sign;
};
constexpr Written kInSigns[] = {
    {"[at]", '@'},  {"(at)", '@'},   {"{at}", '@'},           {"<at>", '@'},         {"[@]", '@'},
    {"(@)", '@'},   {" @ ", '@'},    {" apenstaartje ", '@'}, {" apenstaart ", '@'}, {"[dot]", '.'},
    {"(dot)", '.'}, {"[punt]", '.'}, {"(punt)", '.'},         {"[.]", '.'},          {"(.)", '.'},
    {" . ", '.'},   {" punt ", '.'}, {" dot ", '.'},
};
// "at" is a word of every day: it counts where the dots are words, too.
constexpr Written kInWords[] = {{" at ", '@'}, {" dot ", '.'}, {" punt ", '.'}, {" point ", '.'}, {".", '_'}};

// Behind such signs an ordinary sentence could look like a domain: only the ends that are used here count.
constexpr std::string_view kDomainEnds[] = {"be", "com", "net", "org", "eu", "nl",   "fr",   "de",         "lu",
                                            "uk", "edu", "gov", "io",  "me", "info", "live", "vlaanderen", "brussels"};

bool IsPart(char c) {
  return IsWordByte(c) || IsDigit(c) || std::string_view("._%+-").find(c) != std::string_view::npos;
}

// `folded` with the signs themselves, and no blanks around them.
Folded WithSigns(const Folded& folded, std::span<const Written> forms) {
  Folded plain;
  const auto put = [&](char sign, std::size_t first, std::size_t last, bool upper) {
    plain.text += sign;
    plain.from.push_back(folded.from[first]);
    plain.to.push_back(folded.to[last]);
    plain.upper.push_back(upper);
  };
  const std::string_view text = folded.text;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t blank = text[at] == ' ' ? 1 : 0;  // "lien (at)": one blank goes with the bracket.
    const auto stands = [&](std::size_t from, const Written& form) { return text.substr(from).starts_with(form.as); };
    const auto form = std::ranges::find_if(forms, [&](const Written& one) {
      return stands(at, one) || (blank == 1 && one.as.front() != ' ' && one.as.size() > 1 && stands(at + 1, one));
    });
    if (form == forms.end()) {
      put(text[at], at, at, folded.upper[at]);
      ++at;
      continue;
    }
    std::size_t end = at + form->as.size() + (stands(at, *form) ? 0 : 1);
    put(form->sign, at, end - 1, false);
    if (form->as.size() > 1 && end < text.size() && text[end] == ' ') ++end;
    at = end;
  }
  return plain;
}

enum class Domain : std::uint8_t { kAny, kUsedHere };

void FindSigns(const Folded& folded, Domain ends, std::vector<Finding>& to) {
  const std::string_view text = folded.text;
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t begin = at;
    while (begin > 0 && IsPart(text[begin - 1])) --begin;
    std::size_t end = at + 1;
    while (end < text.size() && IsPart(text[end])) ++end;
    const std::string_view domain = text.substr(at + 1, end - at - 1);
    const std::size_t dot = domain.find('.');
    if (begin == at || dot == std::string_view::npos || dot == 0) continue;
    std::string_view used = domain;
    while (used.ends_with('.')) used.remove_suffix(1);
    used = used.substr(used.rfind('.') + 1);
    if (ends == Domain::kUsedHere && std::ranges::find(kDomainEnds, used) == std::end(kDomainEnds)) continue;
    const Finding found = FoundAt(Identifying::kEmail, folded, begin, end - begin);
    const auto touches = [&](const Finding& one) {
      return one.what == found.what && found.at < one.at + one.length && one.at < found.at + found.length;
    };
    if (std::ranges::none_of(to, touches)) to.push_back(found);
  }
}

}  // namespace

void FindMail(const Folded& folded, std::vector<Finding>& to) {
  FindSigns(folded, Domain::kAny, to);
  FindSigns(WithSigns(folded, kInSigns), Domain::kUsedHere, to);
  FindSigns(WithSigns(folded, kInWords), Domain::kUsedHere, to);
}

}  // namespace schakel
