#include "protocol/nearest.h"

#include <algorithm>

namespace schakel {
namespace {

constexpr std::size_t kWordMax = 40;
constexpr std::size_t kSlipsMax = 3;

std::size_t Slips(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> slips(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        slips[i][j] = i + j;
        continue;
      }
      const std::size_t other = a[i - 1] == b[j - 1] ? 0 : 1;
      slips[i][j] = std::min({slips[i - 1][j] + 1, slips[i][j - 1] + 1, slips[i - 1][j - 1] + other});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) slips[i][j] = std::min(slips[i][j], slips[i - 2][j - 2] + 1);
    }
  }
  return slips[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> NearestTo(std::string_view word, const std::vector<std::string>& known) {
  if (word.empty() || word.size() > kWordMax) return std::nullopt;
  std::size_t fewest = std::min(kSlipsMax, std::max<std::size_t>(1, word.size() / 3)) + 1;
  std::optional<std::string> nearest;
  for (const std::string& one : known) {
    if (one.size() > kWordMax) continue;
    const std::size_t slips = Slips(word, one);
    if (slips >= fewest) continue;
    fewest = slips;
    nearest = one;
  }
  return nearest;
}

}  // namespace schakel
