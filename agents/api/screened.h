// What leaves without a trajectory is read first: the answer says what was found, whether it was sent or not.
#pragma once

#include "router.h"

namespace schakel {

// What was refused, with what was found in it.
Reply RefusedWith(Call& call, const Error& error, const std::vector<Finding>& findings);

Result<Reply> Screened(Call& call, const Result<Sent>& sent, const Screening& screening);

}  // namespace schakel
