// Search over the words of all that a person may see: by Dutch word forms, without regard for capitals and accents.
//
// What is sealed, withdrawn, erased or outside the person's tasks is no part of an answer, nor of its total. The words
// lie in memory alone (search/index.h): read from the vault at the first search, kept up with the case file from then
// on; what is sealed or erased leaves with it. Who shows words of what was found reads them first (services.h:
// Reading). Threads: any.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agents/services.h"

namespace schakel {

// The slugs of record kinds. kInvalid ("vocabulary.record").
Result<Kind> ParseKind(std::string_view slug);
std::vector<Kind> AllKinds();  // That people write or read; not what agents tell one another.

struct SearchQuestion {
  std::string words = {};     // All of them; those between double quotes next to one another.
  std::set<Kind> kinds = {};  // None: of every kind.
  std::optional<TrajectoryId> trajectory = {};
  std::optional<Timestamp> from = {};
  std::optional<Timestamp> until = {};  // Already outside.
};

class SearchService {
 public:
  SearchService(Engine& engine, Cases& cases, Clock& clock);  // These outlive it.
  ~SearchService();
  SearchService(const SearchService&) = delete;
  SearchService& operator=(const SearchService&) = delete;

  struct Found {
    std::vector<RecordId> records;   // The newest first: all that `caller` may see.
    std::optional<Timestamp> since;  // Set: not everything of before was searched.
  };
  // kInvalid ("search.words": there is no word in it; "search.long", "search.many", "search.period").
  Result<Found> Find(const SearchQuestion& question, const Caller& caller);

  // Words of a body around what was looked for.
  struct Part {
    std::string text;
    bool wanted = false;
    friend bool operator==(const Part&, const Part&) = default;
  };
  std::vector<Part> Excerpt(const TypedBody& body, const std::string& words);

  static constexpr std::size_t kBytesMax = 400;
  static constexpr std::size_t kWordsMax = 16;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace schakel
