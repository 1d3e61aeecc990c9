// What people see on a terminal: calm tables, and words from others that cannot move the cursor.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace schakel {

// Without control characters (but for line ends): what a partner wrote may not command our terminal.
std::string Clean(std::string_view text);
// In columns, as a terminal shows it.
std::size_t Columns(std::string_view utf8);
// The first hex digits of an id, which are enough to name it.
std::string Short(std::string_view id);
// One line; what does not fit in `columns` ends in "…".
std::string Fitted(std::string_view text, std::size_t columns);

class Table {
 public:
  explicit Table(std::vector<std::string> head) { rows_.push_back(std::move(head)); }
  void Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.size() == 1; }
  void Print(std::ostream& out) const;
  // Nothing is cut off, however wide it becomes: for what somebody signs.
  void PrintWhole(std::ostream& out) const;

 private:
  void Print(std::ostream& out, std::size_t cell_max, std::size_t last_max) const;

  std::vector<std::vector<std::string>> rows_;
};

// "Naam:   waarde", with the values under one another.
class Sheet {
 public:
  void Add(std::string name, std::string value) { rows_.emplace_back(std::move(name), std::move(value)); }
  void Print(std::ostream& out) const;

 private:
  std::vector<std::pair<std::string, std::string>> rows_;
};

// Each line of `text` behind `indent`.
void PrintText(std::ostream& out, std::string_view text, std::string_view indent);

}  // namespace schakel
