// School trouble in numbers.
#include "agents/school_board.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "agents/partial_day.h"
#include "plain_text.h"
#include "services/blank.h"
#include "services/csv.h"

namespace schakel {
namespace {

constexpr const char* kUnsaidPlace = "unsaid";

// In which a day lies: a school year begins on the first of September.
int SchoolYearOf(const std::string& day) {
  const auto parsed = ParsePartialDay(day);
  if (!parsed || !parsed->month) return 0;
  const int year = static_cast<int>(parsed->year);
  return *parsed->month >= std::chrono::September ? year : year - 1;
}

std::vector<std::string> MonthsOf(int year) {
  std::vector<std::string> months;
  for (unsigned i = 0; i < 12; ++i) {
    const unsigned month = (8 + i) % 12 + 1;
    months.push_back(fmt::format("{:04}-{:02}", month >= 9 ? year : year + 1, month));
  }
  return months;
}

std::string OutcomeOf(const SchoolReport& one) {
  if (one.cut_off) return "cut-off";
  return one.ended_at ? std::string(Slug(one.state)) : "open";
}

template <typename E>
std::vector<std::string> AllSlugs(E last) {
  std::vector<std::string> slugs;
  for (unsigned value = 1; value <= static_cast<unsigned>(last); ++value) {
    slugs.emplace_back(Slug(static_cast<E>(value)));
  }
  return slugs;
}

// However people wrote it, by name; as it was written first.
class Municipalities {
 public:
  explicit Municipalities(const std::vector<SchoolReport>& all) {
    for (const SchoolReport& one : all) {
      if (!IsBlank(one.municipality)) names_.try_emplace(FoldPlain(one.municipality).text, one.municipality);
    }
  }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& [folded, name] : names_) names.push_back(name);
    names.emplace_back(kUnsaidPlace);
    return names;
  }
  std::string Of(const SchoolReport& one) const {
    const auto found = names_.find(FoldPlain(one.municipality).text);
    return IsBlank(one.municipality) || found == names_.end() ? kUnsaidPlace : found->second;
  }

 private:
  std::map<std::string, std::string> names_;
};

template <typename SlugOf>
EffectTable TableOf(std::string name, const std::vector<SchoolReport>& all, const std::vector<std::string>& slugs,
                    std::size_t threshold, SlugOf slug_of) {
  std::vector<EffectCell> cells;
  for (const std::string& slug : slugs) {
    const auto count = std::ranges::count_if(all, [&](const SchoolReport& one) { return slug_of(one) == slug; });
    cells.push_back({slug, static_cast<std::size_t>(count)});
  }
  return ShowPartition(std::move(name), cells, threshold);
}

}  // namespace

Result<SchoolBoard> SchoolBoardService::Of(std::optional<int> year, std::optional<std::size_t> threshold,
                                           StaffRole role) {
  if (role != StaffRole::kCoordinator && role != StaffRole::kAuditor) {
    return Fail(Code::kDenied, "board.role", "role", "ask a coordinator or an auditor");
  }
  SchoolBoard board;
  const int running = SchoolYearOf(BelgianDay(clock_.Now()));
  board.year = year.value_or(running);
  if (board.year > running) return Fail(Code::kInvalid, "board.year", "year", "choose a school year that has begun");
  board.threshold = threshold.value_or(threshold_);
  if (board.threshold < threshold_) {
    return Fail(Code::kInvalid, "board.threshold", "threshold",
                "at least " + std::to_string(threshold_) + ": fewer could point at somebody");
  }
  std::vector<SchoolReport> all = school_.Queue();
  std::erase_if(all,
                [&](const SchoolReport& one) { return one.sealed || SchoolYearOf(BelgianDay(one.at)) != board.year; });
  if (all.size() < board.threshold) return board;
  board.reports = all.size();
  const auto add = [&](const char* name, const std::vector<std::string>& slugs, auto slug_of) {
    board.tables.push_back(TableOf(name, all, slugs, board.threshold, slug_of));
  };
  add("month", MonthsOf(board.year), [](const SchoolReport& one) { return BelgianDay(one.at).substr(0, 7); });
  add("trouble", AllSlugs(kSchoolTroubleLast), [](const SchoolReport& one) { return std::string(Slug(one.trouble)); });
  add("outcome", {"open", "placed", "coached", "escalated", "cut-off"}, &OutcomeOf);
  add("level", AllSlugs(kSchoolLevelLast), [](const SchoolReport& one) { return std::string(Slug(one.level)); });
  const Municipalities municipalities(all);
  add("municipality", municipalities.Names(), [&](const SchoolReport& one) { return municipalities.Of(one); });
  return board;
}

std::string SchoolBoardCsv(const SchoolBoard& board) {
  std::string csv = "\"school_year\",\"table\",\"cell\",\"count\"\r\n";
  const std::string year = fmt::format("{}-{}", board.year, board.year + 1);
  const auto line = [&](const std::string& table, const std::string& cell, std::size_t count) {
    csv += CsvCell(year) + "," + CsvCell(table) + "," + CsvCell(cell) + "," + CsvCell(std::to_string(count)) + "\r\n";
  };
  if (board.reports) line("reports", "all", *board.reports);
  for (const EffectTable& table : board.tables) {
    for (const EffectCell& cell : table.cells) line(table.name, cell.slug, cell.count);
    if (table.rest > 0) line(table.name, "rest", table.rest);
  }
  return csv;
}

}  // namespace schakel
