// Closed lists of words: values and their slugs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "protocol/result.h"

namespace schakel {

template <typename E>
using Word = std::pair<E, std::string_view>;

template <typename E, std::size_t count>
std::string_view SlugIn(const Word<E> (&words)[count], E value) {
  for (const auto& [one, slug] : words) {
    if (one == value) return slug;
  }
  return "unknown";
}

// kInvalid (`rule`): no such word.
template <typename E, std::size_t count>
Result<E> ParseIn(const Word<E> (&words)[count], std::string_view slug, const char* rule) {
  std::string allowed;
  for (const auto& [value, word] : words) {
    if (word == slug) return value;
    if (!allowed.empty()) allowed += ", ";
    allowed += word;
  }
  return Fail(Code::kInvalid, rule, {}, "choose one of: " + allowed);
}

}  // namespace schakel
