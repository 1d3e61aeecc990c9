// What leaves without a trajectory is read first: the answer says what was found, whether it was sent or not.
#pragma once

#include "router.h"

namespace schakel {

Result<Reply> Screened(Call& call, const Result<Sent>& sent, const Screening& screening);

}  // namespace schakel
