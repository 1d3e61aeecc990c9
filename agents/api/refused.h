// What comes in bursts and is logged: for each reason at most one line a second, and what was left out is told by the
// next line or, when nothing follows, as soon as that second is over.
//
// Threads: one.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace schakel {

class Refused {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Counts = std::vector<std::pair<std::string, std::uint64_t>>;
  static constexpr std::chrono::seconds kInterval{1};

  // One more, for a reason of ours. How many a line is to tell of now; nothing: later.
  std::optional<std::uint64_t> Count(const std::string& reason, Time now);
  // Those whose time has come.
  Counts Due(Time now);
  // All that no line has told of, whatever the time: before the end.
  Counts Left();
  bool waiting() const;

 private:
  struct Last {
    Time at;
    std::uint64_t since = 0;
  };
  std::map<std::string, Last> last_;
};

}  // namespace schakel
