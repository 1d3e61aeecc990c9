// What lines of imported tables made, as it is kept in the vault: a row by the key of a line. Pure.
#pragma once

#include "protocol/bytes.h"
#include "protocol/ids.h"
#include "protocol/result.h"

namespace schakel {

inline constexpr const char* kImportedSet = "import.trajectories";

// The trajectory that a line made; or that it is to make, until all that the line says was done.
struct Imported {
  TrajectoryId trajectory;
  bool done = false;
};
Bytes EncodeImported(const Imported& one);
Result<Imported> DecodeImported(ByteView bytes);

}  // namespace schakel
