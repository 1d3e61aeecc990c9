// School trouble in numbers, over the reports to this desk (Themagroep Schooluitval), and the open days on which
// partners may come and look. No words, no ids, and no number that is small enough to point at somebody: as effects.h.
// Threads, durability, errors: as services.h. Nobody reads a record for it: nothing of one is shown.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "agents/effects.h"
#include "agents/school.h"

namespace schakel {

struct SchoolBoard {
  int year = 0;  // In which the school year begins, on 1 September.
  std::size_t threshold = 0;
  std::optional<std::size_t> reports;  // None: fewer than may be shown; then there are no tables either.
  std::vector<EffectTable> tables;     // "month", "trouble", "outcome", "level", "municipality".
  friend bool operator==(const SchoolBoard&, const SchoolBoard&) = default;
};

class SchoolBoardService {
 public:
  SchoolBoardService(SchoolService& school, const Clock& clock, std::size_t threshold)
      : school_(school), clock_(clock), threshold_(threshold) {}

  // `year` none: the school year that runs. kDenied ("board.role"): coordinators and auditors alone. kInvalid
  // ("board.threshold"): lower than is configured here; ("board.year"): still to come.
  Result<SchoolBoard> Of(std::optional<int> year, std::optional<std::size_t> threshold, StaffRole role);
  std::size_t threshold() const { return threshold_; }

 private:
  SchoolService& school_;
  const Clock& clock_;
  const std::size_t threshold_;
};
// RFC 4180: school year, table, cell, count. What is not shown is not in it. A municipality that a program of tables
// would take for a formula is written as text.
std::string SchoolBoardCsv(const SchoolBoard& board);

// A day on which partners may come and look. Kept at home, as it is told; goes to nobody by itself.
struct OpenDay {
  Id128 id{};
  std::string day;  // A whole one.
  std::string hours;
  std::string place;
  std::string organiser;
  std::string text;
  friend bool operator==(const OpenDay&, const OpenDay&) = default;
};
Bytes EncodeOpenDay(const OpenDay& one);
Result<OpenDay> DecodeOpenDay(ByteView bytes);  // kCorrupt, kVersion ("vault.row").

class OpenDayService {
 public:
  static constexpr std::size_t kDaysMax = 400;

  OpenDayService(Engine& engine, const Clock& clock, Random& random)
      : engine_(engine), clock_(clock), random_(random) {}

  Result<std::vector<OpenDay>> All() const;  // Those to come first, by day; then those that were, the newest first.
  // kInvalid ("body.required", "body.long", "body.whole_day"). kLimit ("open_day.many").
  Result<OpenDay> Add(OpenDay one);
  Result<OpenDay> Edit(const std::string& id, OpenDay one);  // kNotFound ("open_day.unknown"), also of Drop.
  Status Drop(const std::string& id);

 private:
  Engine& engine_;
  const Clock& clock_;
  Random& random_;
};

// A board and the open days to come, as a desk published them to partners.
struct PublishedBoard {
  RecordId id;
  OrgId author;
  Timestamp at;
  std::set<OrgId> to;  // Whom it reached, if it is ours; else ourselves.
  int year = 0;
  friend bool operator==(const PublishedBoard&, const PublishedBoard&) = default;
};

// Published as cases to learn from are (learning.h), of no trajectory, and taken back in the same way.
class BoardPublications {
 public:
  BoardPublications(Engine& engine, Cases& cases, Clock& clock, SchoolBoardService& board, OpenDayService& open_days)
      : engine_(engine), cases_(cases), clock_(clock), board_(board), open_days_(open_days) {}

  struct Request {
    std::optional<int> year;
    std::optional<std::size_t> threshold;
    bool same_numbers = false;  // Those that were published last, with the open days as they are now.
  };
  // To whom the audience names; nobody named: every organisation that is active. kDenied ("board.publisher"):
  // coordinators alone. kConflict ("board.nothing": neither numbers nor days; "board.too_soon": since it was published,
  // a number changed by so few that who compares the two sees them).
  Result<Sent> Publish(const Request& request, const Audience& audience, StaffRole role);
  // Of each desk and school year the last one that it did not take back; the newest first.
  std::vector<PublishedBoard> All();
  Result<PublishedBoard> Show(const RecordId& id);  // kNotFound ("id.unknown").

 private:
  Result<SchoolBoardBody> Numbers(const Request& request, StaffRole role);
  std::vector<SchoolBoardBody> OfOurs(int year);  // All that we ever published, the oldest first.

  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
  SchoolBoardService& board_;
  OpenDayService& open_days_;
};

}  // namespace schakel
