// What the people who run the hub see of it: log lines and metrics. Never content, keys, or names of people.
#pragma once

#include <memory>
#include <string>

#include "broker/hub.h"

namespace schakel {

// JSON lines to standard error. Threads: any.
class HubLogger : public HubObserver {
 public:
  explicit HubLogger(const std::string& level);
  ~HubLogger() override;
  void Report(Level level, std::string_view event, const OrgId& organisation, std::string_view detail) override;
  void Cut(std::string_view why, const OrgId& organisation, std::string_view peer);

 private:
  struct Sink;
  std::unique_ptr<Sink> sink_;
};

// Metrics in Prometheus' text format. Threads: any.
class Telemetry {
 public:
  Telemetry();
  ~Telemetry();
  void Committed(const CommitReport& report);
  std::string Text(const HubReport& report, std::uint64_t monitoring_refused = 0);

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace schakel
