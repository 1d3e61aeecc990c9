// The field of a request that an error is about. Inside, some errors keep in its place the value that it held, for the
// text that names it ("{field}"): outside, each stands where a program looks for it.
#pragma once

#include <string>

#include "protocol/result.h"

namespace schakel {

struct ProblemField {
  std::string name;   // Empty: it is about none.
  std::string value;  // Empty: the error holds none.
};
ProblemField ProblemFieldOf(const Error& error);

}  // namespace schakel
