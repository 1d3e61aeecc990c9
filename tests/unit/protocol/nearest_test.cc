#include "protocol/nearest.h"

#include <gtest/gtest.h>

namespace schakel {
namespace {

TEST(Nearest, WhatComesNearIsMeant) {
  const std::vector<std::string> known = {"trajectories", "tables", "grants", "read", "--title", "--text"};
  struct Case {
    const char* word;
    const char* want;
  };
  const Case cases[] = {
      {"trajectoires", "trajectories"},
      {"trajectores", "trajectories"},
      {"grant", "grants"},
      {"raed", "read"},
      {"--titel", "--title"},
      {"--txt", "--text"},
      {"zzzz", ""},
      {"r", ""},
      {"", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(NearestTo(c.word, known).value_or(""), c.want) << c.word;
  EXPECT_FALSE(NearestTo(std::string(1000, 'a'), known));
  EXPECT_FALSE(NearestTo("read", {}));
}

}  // namespace
}  // namespace schakel
