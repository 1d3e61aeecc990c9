// Needs and outcomes in numbers, over the trajectories that this organisation leads: no words, no ids, and no number
// that is small enough to point at somebody. docs/methods.md says what is counted.
//
// Threads, errors: as services.h. Nobody reads a record for it: nothing of one is shown.
#pragma once

#include <string>
#include <vector>

#include "agents/services.h"
#include "protocol/seams.h"

namespace schakel {

struct EffectCell {
  std::string slug;
  std::size_t count = 0;
  friend bool operator==(const EffectCell&, const EffectCell&) = default;
};
struct EffectTable {
  std::string name;               // "module", "stage", "closing", "goals", "needs".
  std::vector<EffectCell> cells;  // That may be shown, in the order of their list.
  std::size_t rest = 0;           // Of a table in which each counts once: how many are in no cell that is shown.
  friend bool operator==(const EffectTable&, const EffectTable&) = default;
};
struct Effects {
  int year = 0;
  std::size_t threshold = 0;
  std::optional<std::size_t> trajectories;  // None: fewer than may be shown; then there are no tables either.
  std::vector<EffectTable> tables;
  friend bool operator==(const Effects&, const Effects&) = default;
};

// What may be shown of cells in which each trajectory counts once. No cell below `threshold`; nor does one follow from
// the total and the others: with those that are too small another one goes into the rest, and more until that is large
// enough. Always the last of the list, for a choice by size would tell of the sizes. Those that nobody is in are left
// out. Pure.
EffectTable ShowPartition(std::string name, const std::vector<EffectCell>& cells, std::size_t threshold);
// Likewise of cells that each stand alone: how many of `total` have something. Nor may those who have it not be few.
EffectTable ShowShares(std::string name, const std::vector<EffectCell>& cells, std::size_t total,
                       std::size_t threshold);

class EffectService {
 public:
  EffectService(Engine& engine, Cases& cases, const Clock& clock, std::size_t threshold)
      : engine_(engine), cases_(cases), clock_(clock), threshold_(threshold) {}

  // Of a calendar year, at its end or now. kDenied ("effects.role"): coordinators and auditors alone. kInvalid
  // ("effects.threshold"): lower than is configured here; ("effects.year"): still to come.
  Result<Effects> Of(int year, std::optional<std::size_t> threshold, StaffRole role);
  std::size_t threshold() const { return threshold_; }

 private:
  Engine& engine_;
  Cases& cases_;
  const Clock& clock_;
  const std::size_t threshold_;
};

// RFC 4180: year, table, cell, count. What is not shown is not in it.
std::string EffectsCsv(const Effects& effects);

}  // namespace schakel
