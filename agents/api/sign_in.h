// A browser on its way to the organisation's login provider and back is shown the page, and not JSON.
//
// Threads: pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agents/api.h"

namespace schakel {

// Whether whoever sends this Accept shows pages to a person. A script asks for anything, or for JSON.
bool WantsPage(std::string_view accept);
// Where such a browser goes on instead of being told `error`: the page where people log in, which is told the rule and
// nothing more. Nothing: it is told.
std::optional<std::string> PageInsteadOf(const ApiRequest& request, const Error& error);

}  // namespace schakel
