// Text as a reader sees it. Whoever hides a name behind look-alikes, accents or invisible characters still wrote it.
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace schakel {

struct Folded {
  std::string text;
  std::vector<std::size_t> from;  // Of each byte of `text`: where its character stands in the original.
  std::vector<std::size_t> to;    // And where that ends.
  std::vector<bool> upper;        // Whether it was a capital.
};

// Lower case; Latin letters without their accents; full-width, mathematical and look-alike letters as the Latin ones;
// what shows nothing is gone.
Folded Fold(std::string_view text);

}  // namespace schakel
