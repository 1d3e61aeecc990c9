// Answers to questions, kept for a while so that their pages are pages of one answer: nothing is asked, or logged, anew
// for the next page, and nothing moves between two of them.
//
// Threads: any. In memory alone; at most kAnswersMax, for kKept, each for who asked it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "agents/engine.h"
#include "agents/services.h"
#include "protocol/seams.h"

namespace schakel {

class AnswerShelf {
 public:
  using Rows = std::shared_ptr<const std::vector<AccessRow>>;

  AnswerShelf(Random& random, const Clock& clock) : random_(random), clock_(clock) {}

  // Where to go on: "<answer>.<rows shown>". Nobody can guess one.
  std::string Put(Rows rows, const Person& asker, std::size_t shown);
  struct Place {
    Rows rows;
    std::string answer;
    std::size_t shown = 0;
  };
  // kNotFound ("audit.cursor"): no such answer, not for `asker`, or no longer.
  Result<Place> Find(const std::string& cursor, const Person& asker);

  static std::string CursorOf(const std::string& answer, std::size_t shown) {
    return answer + "." + std::to_string(shown);
  }
  static constexpr std::size_t kAnswersMax = 32;
  static constexpr std::chrono::minutes kKept{15};

 private:
  struct Answer {
    Rows rows;
    Person asker;
    Timestamp at;
  };
  void DropOld();

  Random& random_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Answer> answers_;
};

}  // namespace schakel
