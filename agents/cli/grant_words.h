// How a grant stands, in words.
#pragma once

#include "session.h"

namespace schakel {

// Of a table's column: what is in force and does not count is not called in force, and an emergency says what its
// review found.
std::string GrantState(const Session& session, const Json& grant);

}  // namespace schakel
