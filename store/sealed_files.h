// Two sealed files beside the database: why a log is quarantined, and the snapshot of its projection.
//
// Threads: one call at a time on one path.
#pragma once

#include <filesystem>
#include <optional>

#include "protocol/checkpoint.h"
#include "sealing.h"

namespace schakel {

// `quarantine`: store id 16 | sealed error, under the common key. Replaced whole, synced.
Status SaveQuarantine(const std::filesystem::path& path, const Sealing& sealing, const DataKey& common,
                      const Error& why);
// Nothing: there is no such file. A file that does not open quarantines too: yields a general error then.
std::optional<Error> LoadQuarantine(const std::filesystem::path& path, const Sealing& sealing, const DataKey& common);

// `accepted`: store id 16 | sealed (number 8 | size 8 | root 32 | milliseconds since 1970 8), under the common key.
Status SaveAccepted(const std::filesystem::path& path, const Sealing& sealing, const DataKey& common,
                    const AcceptedHead& accepted);
// Nothing: there is no such file, or it does not open: then nothing was accepted.
std::optional<AcceptedHead> LoadAccepted(const std::filesystem::path& path, const Sealing& sealing,
                                         const DataKey& common);

// `snapshot`: version 1 | size of the log 8 | sealed parts of up to 1 MiB, each behind its size 4. The place that a
// part is sealed to: size 8 | root of the log at that size, first 8 bytes | part number 4 | 1 if it is the last. So a
// snapshot opens only on the history that it was made from.
struct SnapshotFile {
  static Status Save(const std::filesystem::path& path, const Sealing& sealing, const DataKey& common,
                     const TreeHead& at, ByteView snapshot);
  // The size of the log that it stands for; nothing if there is none. kCorrupt ("log.snapshot").
  static Result<std::optional<std::uint64_t>> SizeOf(const std::filesystem::path& path);
  // kCorrupt ("log.snapshot"): damaged, or of another history.
  static Result<Bytes> Load(const std::filesystem::path& path, const Sealing& sealing, const DataKey& common,
                            const TreeHead& at);
};

}  // namespace schakel
