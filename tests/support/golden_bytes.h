// Bytes that were written once, in tests/golden: lines of hex.
#pragma once

#include <fstream>
#include <string>

#include "protocol/bytes.h"
#include "support/paths.h"

namespace schakel::test {

// `name`: "protocol-v1/body-reveal". Empty: there is no such file, or no hex in it.
inline Bytes GoldenBytes(const std::string& name) {
  std::ifstream file(SourceDir() / "tests/golden" / (name + ".hex"));
  std::string hex;
  for (std::string line; std::getline(file, line);) hex += line;
  return FromHex(hex).value_or(Bytes());
}

}  // namespace schakel::test
