#include "shelf.h"

#include <algorithm>
#include <charconv>

namespace schakel {

void AnswerShelf::DropOld() {
  const Timestamp now = clock_.Now();
  std::erase_if(answers_, [&](const auto& one) { return now - one.second.at >= kKept; });
  while (answers_.size() >= kAnswersMax) {
    answers_.erase(std::ranges::min_element(answers_, {}, [](const auto& one) { return one.second.at; }));
  }
}

std::string AnswerShelf::Put(Rows rows, const Person& asker, std::size_t shown) {
  std::lock_guard lock(mutex_);
  DropOld();
  Id128 id;
  random_.Fill(id);
  std::string name = ToHex(id);
  answers_[name] = {std::move(rows), asker, clock_.Now()};
  return CursorOf(name, shown);
}

Result<AnswerShelf::Place> AnswerShelf::Find(const std::string& cursor, const Person& asker) {
  const Error unknown{Code::kNotFound, "audit.cursor", "cursor", "ask the question again"};
  const std::size_t dot = cursor.find('.');
  if (dot == std::string::npos) return std::unexpected(unknown);
  std::size_t shown = 0;
  const auto parsed = std::from_chars(cursor.data() + dot + 1, cursor.data() + cursor.size(), shown);
  if (parsed.ec != std::errc{} || parsed.ptr != cursor.data() + cursor.size()) return std::unexpected(unknown);
  std::lock_guard lock(mutex_);
  auto found = answers_.find(cursor.substr(0, dot));
  if (found == answers_.end() || clock_.Now() - found->second.at >= kKept) return std::unexpected(unknown);
  const Answer& answer = found->second;
  const bool same = answer.asker.name == asker.name && answer.asker.role == asker.role;
  if (!same || shown > answer.rows->size()) return std::unexpected(unknown);
  return Place{answer.rows, found->first, shown};
}

}  // namespace schakel
