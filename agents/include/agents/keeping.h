// What is kept of what was taken back, until when, and who may still open it.
//
// Threads: every call from any thread.
#pragma once

#include <string>
#include <vector>

#include "agents/services.h"

namespace schakel {

class SealedService {
 public:
  explicit SealedService(Engine& engine) : engine_(engine) {}

  struct Row {
    SealedItem sealed;
    std::vector<Unsealing> opened;  // Oldest first.
  };
  // Of one trajectory, or all.
  std::vector<Row> List(const std::optional<TrajectoryId>& trajectory) const;
  // Errors as Engine::Unseal.
  Result<Reading::Shown> Open(const RecordId& record, const Caller& caller, const std::string& why,
                              std::chrono::milliseconds patience);

 private:
  Engine& engine_;
};

}  // namespace schakel
