#include "csv.h"

#include <algorithm>

#include "protocol/bytes.h"

namespace schakel {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string LineField(std::size_t line) { return "line " + std::to_string(line); }

// The one that stands more often in the first line, outside quotes.
char SeparatorOf(std::string_view text) {
  bool quoted = false;
  std::size_t commas = 0;
  std::size_t semicolons = 0;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    commas += c == ',' ? 1 : 0;
    semicolons += c == ';' ? 1 : 0;
  }
  return semicolons > commas ? ';' : ',';
}

// One character at a time.
class CsvReader {
 public:
  explicit CsvReader(char separator) : separator_(separator) {}

  Status Take(char c) {
    switch (state_) {
      case State::kStart:
        if (c == '"') {
          state_ = State::kQuoted;
          return {};
        }
        state_ = State::kPlain;
        return Plain(c);
      case State::kPlain:
        return Plain(c);
      case State::kQuoted:
        if (c == '"') {
          state_ = State::kQuote;
        } else {
          if (c == '\n') ++line_;
          cell_ += c;
        }
        return {};
      case State::kQuote:
        if (c == '"') {
          cell_ += c;
          state_ = State::kQuoted;
          return {};
        }
        if (c != separator_ && c != '\n' && c != '\r') return Misquoted();
        return Plain(c);
    }
    return {};
  }
  Result<std::vector<CsvRow>> Finish() {
    if (state_ == State::kQuoted) return std::unexpected(Misquoted().error());
    const bool begun = state_ != State::kStart || !cells_.empty();
    if (begun) SCHAKEL_TRY(EndRow());
    return std::move(rows_);
  }

 private:
  enum class State : std::uint8_t { kStart, kPlain, kQuoted, kQuote };

  Status Misquoted() const {
    return Fail(Code::kInvalid, "csv.quote", LineField(line_),
                "put quotes around the whole cell, and write \"\" in it");
  }
  Status Plain(char c) {
    if (c == separator_) return EndCell();
    if (c == '\n') {
      SCHAKEL_TRY(EndRow());
      begins_ = ++line_;
      return {};
    }
    if (c == '\r') return {};  // Of the end of a line.
    if (c == '"') return Misquoted();
    cell_ += c;
    return {};
  }
  Status EndCell() {
    cells_.push_back(std::move(cell_));
    cell_.clear();
    state_ = State::kStart;
    if (cells_.size() > kCsvCellsMax) {
      return Fail(Code::kLimit, "csv.cells", LineField(line_), "leave out columns that are not needed");
    }
    return {};
  }
  Status EndRow() {
    SCHAKEL_TRY(EndCell());
    const bool empty = std::ranges::all_of(
        cells_, [](const std::string& cell) { return cell.find_first_not_of(" \t") == std::string::npos; });
    if (!empty) rows_.push_back({begins_, std::move(cells_)});
    cells_.clear();
    // The head is one of them.
    if (rows_.size() <= kCsvRowsMax + 1) return {};
    return Fail(Code::kLimit, "csv.rows", LineField(line_), "split the file");
  }

  const char separator_;
  State state_ = State::kStart;
  std::size_t line_ = 1;
  std::size_t begins_ = 1;
  std::string cell_;
  std::vector<std::string> cells_;
  std::vector<CsvRow> rows_;
};

}  // namespace

Result<std::vector<CsvRow>> ReadCsv(std::string_view text) {
  if (text.size() > kCsvBytesMax) return Fail(Code::kLimit, "csv.large", "csv", "split the file");
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    return Fail(Code::kInvalid, "csv.utf16", "csv", "save it as CSV UTF-8");
  }
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (!IsUtf8(text)) return Fail(Code::kInvalid, "csv.encoding", "csv", "save it as CSV UTF-8");
  CsvReader reader(SeparatorOf(text));
  for (const char c : text) SCHAKEL_TRY(reader.Take(c));
  SCHAKEL_ASSIGN(auto rows, reader.Finish());
  if (rows.size() < 2) return Fail(Code::kInvalid, "csv.empty", "csv", "give a first line with names, and lines");
  return rows;
}

std::string CsvCell(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \xC2\xA0");
  const bool formula = first != std::string_view::npos && std::string_view("=+-@\t\r\n|%").contains(text[first]);
  std::string cell = formula ? "\"'" : "\"";
  for (const char c : text) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell + '"';
}

}  // namespace schakel
