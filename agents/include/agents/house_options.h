// What an operator may set of what the organisation keeps for itself (deploy/agent.toml, [house]).
#pragma once

#include <chrono>
#include <cstddef>

namespace schakel {

struct HouseOptions {
  std::chrono::months attendees_kept{12};     // Of a session of a parents' group; then its attendees are forgotten.
  std::chrono::minutes visit_escalates{30};   // After a missed check-out: then the coordinators are told as well.
  std::size_t smallest_cell = kSmallestCell;  // Of aggregates: what is fewer is not shown. Never less than it is here.
  std::chrono::days school_escalates{14};  // After a report of school trouble: then the coordinators are told as well.
  std::chrono::days enrolment_kept{30};    // After a stay: then who came is forgotten.
  static constexpr std::size_t kSmallestCell = 5;
  friend bool operator==(const HouseOptions&, const HouseOptions&) = default;
};

}  // namespace schakel
