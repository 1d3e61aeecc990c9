// /metrics, /healthz and /readyz over plain HTTP, for the machine itself.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "protocol/result.h"

namespace schakel {

struct MonitoringPages {
  std::function<std::string(std::uint64_t refused)> metrics;  // How many requests here were for no page.
  std::function<bool()> ready;
  std::function<void()> on_refused = nullptr;  // Each such request, from the thread of the pages; may be empty.
};

// One thread of its own, a few connections at a time, each with a deadline. Stops when destroyed.
class Monitoring {
 public:
  virtual ~Monitoring() = default;
  virtual std::string address() const = 0;  // With the real port.
};
// `listen`: "address:port". kUnavailable ("metrics.listen").
Result<std::unique_ptr<Monitoring>> StartMonitoring(const std::string& listen, MonitoringPages pages);

}  // namespace schakel
