// All that somebody wrote in a body, field by field. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "agents/body.h"

namespace schakel {

// Of what was shared again: what is inside. The views point into `body`, or into `inner`, which the caller keeps.
std::vector<std::string_view> TextsOf(const TypedBody& body, TypedBody& inner);

}  // namespace schakel
