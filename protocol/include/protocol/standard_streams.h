// What every program does with the streams that it was started with.
#pragma once

#include <ostream>

#include "protocol/result.h"

namespace schakel {

// Call first in main(). A standard stream that was closed is taken by something that cannot be used, so that no socket
// or file gets its number: what is printed would go there.
void HoldStandardStreams();

// Hands on what `out` still holds. kUnavailable ("output.write"): not all that was printed arrived.
Status FinishOutput(std::ostream& out);

}  // namespace schakel
