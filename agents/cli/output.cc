#include "output.h"

#include <algorithm>
#include <limits>

namespace schakel {
namespace {

constexpr std::size_t kShortDigits = 8;
constexpr std::size_t kCellColumnsMax = 48;
constexpr std::size_t kLastColumnsMax = 200;

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

}  // namespace

std::string Clean(std::string_view text) {
  std::string clean;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    const auto third = i + 2 < text.size() ? static_cast<unsigned char>(text[i + 2]) : 0U;
    if (byte == 0xC2 && next >= 0x80 && next < 0xA0) {  // C1 controls.
      ++i;
    } else if (byte == 0xE2 && ((next == 0x80 && third >= 0xAA && third <= 0xAE) ||
                                (next == 0x81 && third >= 0xA6 && third <= 0xA9))) {  // Turns the direction of text.
      i += 2;
    } else if (byte == '\t') {
      clean += ' ';
    } else if (byte == '\n' || (byte >= 0x20 && byte != 0x7F)) {
      clean += text[i];
    }
  }
  return clean;
}

std::size_t Columns(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return !IsContinuation(c); }));
}

std::string Short(std::string_view id) { return std::string(id.substr(0, kShortDigits)); }

std::string Fitted(std::string_view text, std::size_t columns) {
  std::string line = Clean(text);
  std::ranges::replace(line, '\n', ' ');
  if (Columns(line) <= columns) return line;
  std::size_t end = 0;
  for (std::size_t shown = 0; end < line.size(); ++end) {
    if (!IsContinuation(line[end]) && ++shown == columns) break;
  }
  return line.substr(0, end) + "…";
}

void Table::Print(std::ostream& out) const { Print(out, kCellColumnsMax, kLastColumnsMax); }

void Table::PrintWhole(std::ostream& out) const {
  constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
  Print(out, kAll, kAll);
}

void Table::Print(std::ostream& out, std::size_t cell_max, std::size_t last_max) const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  std::vector<std::vector<std::string>> cells;
  for (const auto& row : rows_) {
    auto& fitted = cells.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      // The last column has the rest of the line to itself.
      fitted.push_back(Fitted(row[i], i + 1 == row.size() ? last_max : cell_max));
      widths[i] = std::max(widths[i], Columns(fitted.back()));
    }
  }
  for (const auto& row : cells) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - Columns(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

void Sheet::Print(std::ostream& out) const {
  std::size_t width = 0;
  for (const auto& [name, value] : rows_) width = std::max(width, Columns(name));
  for (const auto& [name, value] : rows_) {
    if (value.empty()) continue;
    const std::string clean = Clean(value);
    out << name << ':' << std::string(width - Columns(name) + 2, ' ');
    std::string_view rest = clean;
    for (bool first = true;; first = false) {
      const std::size_t end = rest.find('\n');
      if (!first) out << std::string(width + 3, ' ');
      out << rest.substr(0, end) << '\n';
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 1);
    }
  }
}

void PrintText(std::ostream& out, std::string_view text, std::string_view indent) {
  const std::string clean = Clean(text);
  std::string_view rest = clean;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    out << indent << rest.substr(0, end) << '\n';
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
}

}  // namespace schakel
