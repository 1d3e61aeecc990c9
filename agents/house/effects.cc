// Needs and outcomes in numbers.
#include "agents/effects.h"

#include <algorithm>

#include "agents/partial_day.h"

namespace schakel {
namespace {

// One trajectory, as a year counts it.
struct Counted {
  Module module = Module::kUnspecified;
  Stage stage = Stage::kCapable;
  std::string closing;
  std::string goals;
  std::vector<LifeDomain> needs;
};

struct YearSpan {
  Timestamp begins_at;
  Timestamp ends_at;  // Already outside; of a year that runs, now.
};

bool Counts(const CaseRecord& record) { return record.held.state != RecordState::kRefused; }

std::optional<Timestamp> ClosedAt(const std::vector<const CaseRecord*>& records) {
  for (const CaseRecord* record : records) {
    if (record->held.header.kind == Kind::kTrajectoryClose && Counts(*record)) return record->held.at;
  }
  return std::nullopt;
}

Stage StageAt(const std::vector<const CaseRecord*>& records, Stage otherwise, Timestamp before) {
  for (auto one = records.rbegin(); one != records.rend(); ++one) {
    const Header& header = (*one)->held.header;
    if (!Counts(**one) || (*one)->held.at >= before) continue;
    if (const auto* said = std::get_if<SubjectStage>(&header.control)) return said->stage;
    if (const auto* opened = std::get_if<TrajectoryOpen>(&header.control)) return opened->stage;
  }
  return otherwise;
}

// There is no list of reasons for which a trajectory closes; what its criteria of "good enough" say is what is known.
std::string ClosingOf(const CaseTrajectory& trajectory, bool closed) {
  if (!closed) return "open";
  const auto& criteria = trajectory.dossier.criteria;
  if (criteria.empty()) return "no-criteria";
  return std::ranges::all_of(criteria, &CaseCriterion::met) ? "good-enough" : "not-met";
}

std::string GoalsOf(const CaseTrajectory& trajectory, const YearSpan& span) {
  bool reviewed = false;
  for (const CaseGoal& goal : trajectory.dossier.goals) {
    for (const CaseGoal::Review& review : goal.reviews) {
      if (review.at < span.begins_at || review.at >= span.ends_at) continue;
      if (review.found == GoalFound::kReached) return "reached";
      reviewed = true;
    }
  }
  return reviewed ? "not-reached" : "not-reviewed";
}

std::vector<LifeDomain> NeedsOf(const CaseTrajectory& trajectory, Timestamp before) {
  std::vector<LifeDomain> needs;
  for (const CaseDomain& domain : trajectory.network.domains) {
    if (!domain.text || !domain.body || domain.body->needs.empty()) continue;
    if (domain.text->all.front().at < before) needs.push_back(domain.domain);
  }
  return needs;
}

std::vector<Counted> CountedIn(CaseFile& file, const OrgId& self, const YearSpan& span) {
  std::vector<Counted> all;
  for (const CaseTrajectory* trajectory : file.Trajectories()) {
    if (trajectory->lead != self || trajectory->opened_at >= span.ends_at) continue;
    const auto records = file.RecordsOf(trajectory->id);
    const auto closed_at = trajectory->closed ? ClosedAt(records) : std::nullopt;
    if (closed_at && *closed_at < span.begins_at) continue;
    const bool closed = closed_at && *closed_at < span.ends_at;
    const Timestamp last = span.ends_at - std::chrono::milliseconds(1);
    Counted one;
    one.module = ModuleAt(ModulesOver(trajectory->help, trajectory->opened_at), last).module;
    one.stage = StageAt(records, trajectory->stage, span.ends_at);
    one.closing = ClosingOf(*trajectory, closed);
    one.goals = GoalsOf(*trajectory, span);
    one.needs = NeedsOf(*trajectory, span.ends_at);
    all.push_back(std::move(one));
  }
  return all;
}

// How many of `all` are in each cell of a list.
template <typename Is>
std::vector<EffectCell> Tally(const std::vector<Counted>& all, const std::vector<std::string>& slugs, Is is) {
  std::vector<EffectCell> cells;
  for (const std::string& slug : slugs) {
    const auto count = std::ranges::count_if(all, [&](const Counted& one) { return is(one, slug); });
    cells.push_back({slug, static_cast<std::size_t>(count)});
  }
  return cells;
}

template <typename E>
std::vector<std::string> SlugsFrom(E first, E last) {
  std::vector<std::string> slugs;
  for (auto value = static_cast<unsigned>(first); value <= static_cast<unsigned>(last); ++value) {
    slugs.emplace_back(Slug(static_cast<E>(value)));
  }
  return slugs;
}

}  // namespace

EffectTable ShowPartition(std::string name, const std::vector<EffectCell>& cells, std::size_t threshold) {
  EffectTable table;
  table.name = std::move(name);
  bool hides = false;
  for (const EffectCell& cell : cells) {
    if (cell.count >= threshold) {
      table.cells.push_back(cell);
    } else if (cell.count > 0) {
      table.rest += cell.count;
      hides = true;
    }
  }
  for (bool joined = false; hides && !table.cells.empty() && (!joined || table.rest < threshold + 2); joined = true) {
    table.rest += table.cells.back().count;
    table.cells.pop_back();
  }
  return table;
}

EffectTable ShowShares(std::string name, const std::vector<EffectCell>& cells, std::size_t total,
                       std::size_t threshold) {
  EffectTable table;
  table.name = std::move(name);
  for (const EffectCell& cell : cells) {
    const std::size_t without = total - cell.count;
    if (cell.count >= threshold && (without == 0 || without >= threshold)) table.cells.push_back(cell);
  }
  return table;
}

Result<Effects> EffectService::Of(int year, std::optional<std::size_t> threshold, StaffRole role) {
  if (role != StaffRole::kCoordinator && role != StaffRole::kAuditor) {
    return Fail(Code::kDenied, "effects.role", "role", "ask a coordinator or an auditor");
  }
  Effects effects;
  effects.year = year;
  effects.threshold = threshold.value_or(threshold_);
  if (effects.threshold < threshold_) {
    return Fail(Code::kInvalid, "effects.threshold", "threshold",
                "at least " + std::to_string(threshold_) + ": fewer could point at somebody");
  }
  const Timestamp now = clock_.Now();
  const auto before = EndOfDay(std::to_string(year - 1) + "-12-31");
  const auto end = EndOfDay(std::to_string(year) + "-12-31");
  if (!before || !end || *before > now) {
    return Fail(Code::kInvalid, "effects.year", "year", "choose a year that has begun");
  }
  const YearSpan span{*before, std::min(*end, now + std::chrono::milliseconds(1))};
  const std::vector<Counted> all = cases_.With([&](CaseFile& file) { return CountedIn(file, engine_.Self(), span); });
  if (all.size() < effects.threshold) return effects;
  effects.trajectories = all.size();
  const auto partition = [&](const char* name, const std::vector<std::string>& slugs, auto slug_of) {
    const auto is = [&](const Counted& one, const std::string& slug) { return slug_of(one) == slug; };
    effects.tables.push_back(ShowPartition(name, Tally(all, slugs, is), effects.threshold));
  };
  partition("module", SlugsFrom(Module::kUnspecified, Module::kTimeOut),
            [](const Counted& one) { return std::string(Slug(one.module)); });
  partition("stage", SlugsFrom(Stage::kChild, kStageLast),
            [](const Counted& one) { return std::string(Slug(one.stage)); });
  partition("closing", {"open", "good-enough", "not-met", "no-criteria"},
            [](const Counted& one) { return one.closing; });
  partition("goals", {"reached", "not-reached", "not-reviewed"}, [](const Counted& one) { return one.goals; });
  const auto needs = [](const Counted& one, const std::string& slug) {
    return std::ranges::any_of(one.needs, [&](LifeDomain domain) { return Slug(domain) == slug; });
  };
  effects.tables.push_back(ShowShares("needs", Tally(all, SlugsFrom(LifeDomain::kLiving, kLifeDomainLast), needs),
                                      all.size(), effects.threshold));
  return effects;
}

std::string EffectsCsv(const Effects& effects) {
  std::string csv = "\"year\",\"table\",\"cell\",\"count\"\r\n";
  const auto line = [&](const std::string& table, const std::string& cell, std::size_t count) {
    csv += "\"" + std::to_string(effects.year) + "\",\"" + table + "\",\"" + cell + "\",\"" + std::to_string(count) +
           "\"\r\n";
  };
  if (effects.trajectories) line("trajectories", "all", *effects.trajectories);
  for (const EffectTable& table : effects.tables) {
    for (const EffectCell& cell : table.cells) line(table.name, cell.slug, cell.count);
    if (table.rest > 0) line(table.name, "rest", table.rest);
  }
  return csv;
}

}  // namespace schakel
