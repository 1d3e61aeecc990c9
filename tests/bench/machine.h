// The machine's own limits, measured in the same run as the hub, so that results compare as ratios.
#pragma once

#include <filesystem>

#include "report.h"

namespace schakel::bench {

// Disk sync rate, RocksDB synced batches, CURVE round trips, Ed25519 and sealing speed. `directory` lies on the disk
// that the hub uses.
void MeasureLimits(const std::filesystem::path& directory, double seconds, Report& report);

}  // namespace schakel::bench
