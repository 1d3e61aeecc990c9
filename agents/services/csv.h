// Reads tables that people made in a spreadsheet, and writes cells that stay text in one: RFC 4180, with "," or ";"
// between cells, UTF-8 with or without a mark of byte order. Threads: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.h"

namespace schakel {

struct CsvRow {
  std::size_t line = 0;  // On which it begins, from 1; a cell in quotes may hold ends of lines.
  std::vector<std::string> cells;
  friend bool operator==(const CsvRow&, const CsvRow&) = default;
};
inline constexpr std::size_t kCsvBytesMax = 384U << 10;
inline constexpr std::size_t kCsvRowsMax = 5000;
inline constexpr std::size_t kCsvCellsMax = 64;

// All rows, the head as the first; rows of empty cells are left out. Which separator it is shows in the head.
// kLimit ("csv.large", "csv.rows", "csv.cells"); kInvalid ("csv.encoding": not UTF-8; "csv.utf16"; "csv.quote": a quote
// where none belongs, or one that is not closed; "csv.empty"), field "line N".
Result<std::vector<CsvRow>> ReadCsv(std::string_view text);

// One cell, in quotes. What begins as a formula does not stay one (OWASP, "CSV Injection"): also behind spaces, which a
// spreadsheet skips.
std::string CsvCell(std::string_view text);

}  // namespace schakel
