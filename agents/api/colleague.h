// Whom of our own people a name or a login means.
#pragma once

#include <string>

#include "protocol/result.h"

namespace schakel {

struct Desk;

// Whose account that is, by login or by name, also by one of before. A task of nobody would shut out everybody else;
// only where there are no accounts, and people are who they say they are on the socket, does a name stand as it is, and
// an empty one everywhere. kNotFound (`rule`, `field`).
Result<std::string> ColleagueOf(const Desk& desk, const std::string& text, const char* rule, const char* field);

}  // namespace schakel
