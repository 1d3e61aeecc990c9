// Which records hold which words: in memory alone, made anew at every start, so that no word lies on disk outside the
// vault.
//
// Bounds:  at most `postings_max` pairs of a word and a record (4 bytes each, and what the vectors keep in reserve).
//          When it is full, the oldest eighth of the records leaves it, and since() says from when on it is whole.
// Threads: one object, one thread at a time.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "protocol/ids.h"
#include "protocol/seams.h"
#include "search/words.h"

namespace schakel {

class SearchIndex {
 public:
  static constexpr std::size_t kPostingsMax = 48U << 20;
  explicit SearchIndex(std::size_t postings_max = kPostingsMax) : postings_max_(postings_max) {}

  // Also in the place of what was there of that record.
  void Put(const RecordId& id, Timestamp at, const std::vector<std::string_view>& texts);
  // Not found from now on. Its words go with the next Tidy().
  void Drop(const RecordId& id);
  // After several were dropped, so that it is done once.
  void Tidy();

  // Those that hold every word, wherever it stands; in no order.
  std::vector<RecordId> Find(const Wanted& wanted) const;
  // What is older is not all in it; none: all of it is.
  std::optional<Timestamp> since() const { return since_; }

  WordReader& reader() { return reader_; }
  std::size_t records() const { return numbers_.size(); }
  std::size_t postings() const { return postings_; }
  std::size_t words() const { return places_.size(); }

 private:
  struct Document {
    RecordId id;
    Timestamp at;
    std::size_t hash = 0;  // Of its texts: the same record comes again when its outcome does.
    bool gone = false;
  };
  void MakeRoom();

  const std::size_t postings_max_;
  WordReader reader_;
  std::vector<Document> documents_;  // By their numbers in `places_`.
  std::unordered_map<RecordId, std::uint32_t, IdHash> numbers_;
  std::unordered_map<std::string, std::vector<std::uint32_t>> places_;  // Ascending.
  std::size_t postings_ = 0;
  std::size_t gone_ = 0;
  std::optional<Timestamp> since_;
};

}  // namespace schakel
