// Whether a log stands in quarantine, without opening it. Threads: any.
#pragma once

#include "store/log.h"

namespace schakel {

// Whether the log of these options lies in quarantine (Log::Quarantine), and so would open for reading alone. Only
// looks; also while another process has it open. False also where there is no log.
bool IsQuarantined(const RocksLogOptions& options);

}  // namespace schakel
