// Visits that are overdue, as what has to be told at once: to the colleague, and later to the coordinators.
#pragma once

#include "agents/visits.h"
#include "notices/notices.h"

namespace schakel {

class VisitAlarms final : public UrgentSource {
 public:
  // Both outlive it.
  VisitAlarms(VisitService& visits, std::function<std::vector<std::string>()> coordinators)
      : visits_(visits), coordinators_(std::move(coordinators)) {}

  Status Tell(const Keep& keep) override;
  std::optional<Timestamp> NextAt() const override { return visits_.NextAlarm(); }

 private:
  VisitService& visits_;
  const std::function<std::vector<std::string>()> coordinators_;
};

}  // namespace schakel
