// What somebody meant who typed a word that is none. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace schakel {

// The one of `known` that takes the fewest slips (a letter too many, too few, another, two swapped) to come from
// `word`: at most one in every three letters, and at most three. Nothing: none comes near.
std::optional<std::string> NearestTo(std::string_view word, const std::vector<std::string>& known);

}  // namespace schakel
