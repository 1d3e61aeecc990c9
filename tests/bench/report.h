// What the benches share: a clock, percentiles, and a TSV report (name, parameters, median, unit, lowest, highest).
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace schakel::bench {

inline std::uint64_t NowNs() {
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

class Latencies {
 public:
  void Add(std::uint64_t nanoseconds) { samples_.push_back(nanoseconds); }
  // In microseconds; 0 without samples.
  double Percentile(double percent) {
    if (samples_.empty()) return 0;
    const auto rank =
        std::min(samples_.size() - 1, static_cast<std::size_t>(percent / 100.0 * static_cast<double>(samples_.size())));
    std::nth_element(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(rank), samples_.end());
    return static_cast<double>(samples_[rank]) / 1000.0;
  }
  std::size_t count() const { return samples_.size(); }

 private:
  std::vector<std::uint64_t> samples_;
};

// Collects one value a run; prints the medians, in the order first added, when it goes.
class Report {
 public:
  void Add(const std::string& name, const std::string& parameters, const std::string& unit, double value) {
    const std::string key = name + "\t" + parameters + "\t" + unit;
    if (!rows_.contains(key)) order_.push_back(key);
    rows_[key].push_back(value);
    std::fprintf(stderr, "# %s %s: %.6g %s\n", name.c_str(), parameters.c_str(), value, unit.c_str());
  }
  void Print() {
    for (const std::string& key : order_) {
      std::vector<double>& values = rows_[key];
      std::sort(values.begin(), values.end());
      const std::size_t first = key.find('\t');
      const std::size_t last = key.rfind('\t');
      std::printf("%s\t%s\t%.6g\t%s\t%.6g\t%.6g\n", key.substr(0, first).c_str(),
                  key.substr(first + 1, last - first - 1).c_str(), values[values.size() / 2],
                  key.substr(last + 1).c_str(), values.front(), values.back());
    }
    std::fflush(stdout);
    order_.clear();
    rows_.clear();
  }
  // The median so far; 0 if there is none.
  double Median(const std::string& name, const std::string& parameters, const std::string& unit) {
    auto found = rows_.find(name + "\t" + parameters + "\t" + unit);
    if (found == rows_.end()) return 0;
    std::vector<double> values = found->second;
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  }

 private:
  std::map<std::string, std::vector<double>> rows_;
  std::vector<std::string> order_;
};

}  // namespace schakel::bench
