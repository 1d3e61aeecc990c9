// What the people who run the hub see of it: log lines and metrics. Never content, keys, or names of people.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "broker/hub.h"

namespace schakel {

// Lets one a second of each kind through. Threads: any.
class OncePerSecond {
 public:
  // How many there were since the last one that was let through, this one included; nothing: not now.
  std::optional<std::uint64_t> Take(std::string_view kind, std::chrono::steady_clock::time_point now);

 private:
  struct Last {
    std::chrono::steady_clock::time_point at;
    std::uint64_t since = 0;
  };
  std::mutex mutex_;
  std::map<std::string, Last, std::less<>> last_;  // Kinds are ours, and few.
};

// JSON lines to standard error. Threads: any.
class HubLogger : public HubObserver {
 public:
  explicit HubLogger(const std::string& level);
  ~HubLogger() override;
  void Report(Level level, std::string_view event, const OrgId& organisation, std::string_view detail) override;
  // At most one line a second of each kind; what was left out in between is counted in the next.
  void Refused(std::string_view kind, const OrgId& organisation, std::string_view peer);
  void Cut(std::string_view why, const OrgId& organisation, std::string_view peer);

 private:
  OncePerSecond refused_;
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
