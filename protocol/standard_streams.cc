#include "protocol/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

namespace schakel {

void HoldStandardStreams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) != -1) continue;
    // Open for the other direction: each use of it fails, as it would on a closed one.
    (void)!open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

Status FinishOutput(std::ostream& out) {
  out.flush();
  if (out) return {};
  return Fail(Code::kUnavailable, "output.write", {},
              "what was asked has been done, and views are logged; make room, or choose another place for the output");
}

}  // namespace schakel
