#include "name_forms.h"

#include <string_view>

namespace schakel {
namespace {

struct Ending {
  std::string_view as;
  std::size_t name_min;  // Of a shorter name it makes another word: "janken", "dans".
};
constexpr Ending kDiminutives[] = {{"etje", 3}, {"tje", 3}, {"pje", 3}, {"je", 3},
                                   {"eke", 3},  {"ske", 3}, {"ken", 4}, {"ke", 3}};
constexpr Ending kGenitive = {"s", 4};

std::string Without(const std::string& word, const Ending& ending) {
  if (!word.ends_with(ending.as) || word.size() < ending.name_min + ending.as.size()) return {};
  return word.substr(0, word.size() - ending.as.size());
}

// "jann", "zitaa": as written before an ending.
std::string WithoutDouble(const std::string& stem) {
  const std::size_t size = stem.size();
  return size > 3 && stem[size - 1] == stem[size - 2] ? stem.substr(0, size - 1) : std::string();
}

}  // namespace

std::string NameBehind(const std::string& word, const std::function<bool(const std::string&)>& is_name) {
  if (is_name(word)) return word;
  const std::string alone = Without(word, kGenitive);
  if (!alone.empty() && is_name(alone)) return alone;
  for (const std::string& whole : {word, word.ends_with('s') ? word.substr(0, word.size() - 1) : std::string()}) {
    for (const Ending& ending : kDiminutives) {
      const std::string name = Without(whole, ending);
      if (name.empty()) continue;
      if (is_name(name)) return name;
      const std::string single = WithoutDouble(name);
      if (!single.empty() && is_name(single)) return single;
    }
  }
  return {};
}

}  // namespace schakel
