// School trouble in numbers.
#include "agents/school_board.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "agents/partial_day.h"
#include "plain_text.h"
#include "services/blank.h"
#include "services/csv.h"
#include "services/fold.h"
#include "services/sending.h"

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
  if (one.ended_at) return std::string(Slug(one.state));
  return one.cut_off ? "cut-off" : "open";
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

SchoolBoardBody BodyOfBoard(const SchoolBoard& board) {
  SchoolBoardBody body;
  body.year = static_cast<std::uint32_t>(board.year);
  body.threshold = static_cast<std::uint32_t>(board.threshold);
  body.reports = static_cast<std::uint32_t>(board.reports.value_or(0));
  for (const EffectTable& table : board.tables) {
    for (const EffectCell& cell : table.cells) {
      body.cells.push_back({table.name, cell.slug, static_cast<std::uint32_t>(cell.count)});
    }
    if (table.rest > 0) body.cells.push_back({table.name, "rest", static_cast<std::uint32_t>(table.rest)});
  }
  return body;
}

// Whether two boards of a year, laid side by side, show so few that they could point at somebody.
bool TellTogether(const SchoolBoardBody& before, const SchoolBoardBody& now) {
  const auto few = [&](std::uint32_t a, std::uint32_t b) {
    const std::uint32_t apart = a > b ? a - b : b - a;
    return apart > 0 && apart < now.threshold;
  };
  if (few(before.reports, now.reports)) return before.reports != 0 && now.reports != 0;
  return std::ranges::any_of(now.cells, [&](const BoardCell& one) {
    return std::ranges::any_of(before.cells, [&](const BoardCell& was) {
      return was.table == one.table && was.cell == one.cell && few(was.count, one.count);
    });
  });
}

// In the log's order; what was taken back last.
struct BoardRecords {
  std::vector<PublishedBoard> all;
  std::set<RecordId> withdrawn;
};
BoardRecords BoardRecordsIn(CaseFile& file, const OrgId& self) {
  BoardRecords found;
  for (const CaseRecord* record : file.RecordsOf(TrajectoryId{})) {
    const HeldRecord& held = record->held;
    const Header& header = held.header;
    if (header.kind != Kind::kLearningCase || held.state == RecordState::kRefused) continue;
    if (const auto* body = As<SchoolBoardBody>(*record); body != nullptr && header.thread == header.id) {
      found.all.push_back({header.id, header.author, held.at, Reached(self, held), static_cast<int>(body->year)});
      continue;
    }
    const auto of = std::ranges::find(found.all, header.thread, &PublishedBoard::id);
    const bool takes_back = As<LearningWithdrawalBody>(*record) != nullptr;
    if (takes_back && of != found.all.end() && of->author == header.author) found.withdrawn.insert(of->id);
  }
  return found;
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

std::vector<SchoolBoardBody> BoardPublications::OfOurs(int year) {
  const OrgId self = engine_.Self();
  return cases_.With([&](CaseFile& file) {
    std::vector<SchoolBoardBody> all;
    for (const PublishedBoard& one : BoardRecordsIn(file, self).all) {
      if (one.author == self && one.year == year) all.push_back(*As<SchoolBoardBody>(*file.Record(one.id)));
    }
    return all;
  });
}

Result<SchoolBoardBody> BoardPublications::Numbers(const Request& request, StaffRole role) {
  SCHAKEL_ASSIGN(const SchoolBoard board, board_.Of(request.year, request.threshold, role));
  std::vector<SchoolBoardBody> before = OfOurs(board.year);
  SchoolBoardBody body = BodyOfBoard(board);
  if (request.same_numbers && !before.empty()) {
    body = std::move(before.back());
    body.days.clear();
    return body;
  }
  // What was read stays read, also of what was taken back.
  if (std::ranges::none_of(before, [&](const SchoolBoardBody& was) { return TellTogether(was, body); })) return body;
  return Fail(Code::kConflict, "board.too_soon", "year",
              "wait until more changed, or publish the open days with the same numbers");
}

Result<Sent> BoardPublications::Publish(const Request& request, const Audience& audience, StaffRole role) {
  if (role != StaffRole::kCoordinator) return Fail(Code::kDenied, "board.publisher", "role", "ask a coordinator");
  SCHAKEL_ASSIGN(SchoolBoardBody body, Numbers(request, role));
  SCHAKEL_ASSIGN(const auto days, open_days_.All());
  const std::string today = BelgianDay(clock_.Now());
  for (const OpenDay& one : days) {
    if (one.day < today || body.days.size() == kBoardDaysMax) break;  // Those to come stand first.
    body.days.push_back({one.day, one.hours, one.place, one.organiser, one.text});
  }
  if (body.reports == 0 && body.days.empty()) {
    return Fail(Code::kConflict, "board.nothing", "year", "wait for more reports, or add open days first");
  }
  Draft draft;
  draft.kind = Kind::kLearningCase;
  draft.purpose = Purpose::kConsultation;
  draft.categories = {Category::kAgreements};
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  std::vector<OrgId> everybody;
  for (const Directory::Organisation& one : engine_.Organisations()) {
    if (one.statement.status == OrgStatus::kActive) everybody.push_back(one.statement.organisation);
  }
  return Send(engine_, std::move(draft), everybody, audience);
}

std::vector<PublishedBoard> BoardPublications::All() {
  const OrgId self = engine_.Self();
  BoardRecords found = cases_.With([&](CaseFile& file) { return BoardRecordsIn(file, self); });
  std::vector<PublishedBoard> last;
  for (auto one = found.all.rbegin(); one != found.all.rend(); ++one) {
    const bool later = std::ranges::any_of(
        last, [&](const PublishedBoard& other) { return other.author == one->author && other.year == one->year; });
    if (!later && !found.withdrawn.contains(one->id)) last.push_back(std::move(*one));
  }
  return last;
}

Result<PublishedBoard> BoardPublications::Show(const RecordId& id) {
  for (PublishedBoard& one : All()) {
    if (one.id == id) return std::move(one);
  }
  return Fail(Code::kNotFound, "id.unknown", "board", "check the id");
}

}  // namespace schakel
