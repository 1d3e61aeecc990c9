// What is said inside the records of school support (docs/methods.md). Part of body.h, whose rules hold here too.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/ids.h"
#include "protocol/result.h"

namespace schakel {

enum class SchoolTrouble : std::uint8_t {
  kTruancy = 1,          // Spijbelen.
  kRefusal,              // Schoolweigering: does not get there, or dares not.
  kThreatenedExclusion,  // Dreigende uitsluiting.
  kExcluded,             // Suspended or sent away.
  kStuck,                // At school, and nothing moves any more.
  kDropOut,              // Enrolled nowhere.
  kOther,
};
inline constexpr SchoolTrouble kSchoolTroubleLast = SchoolTrouble::kOther;
enum class SchoolLevel : std::uint8_t {
  kUnsaid = 1,
  kPrimary,
  kFirstStage,  // Of secondary school, here and below.
  kSecondStage,
  kThirdStage,
  kPartTime,  // Leren en werken.
  kSpecial,   // Buitengewoon onderwijs.
};
inline constexpr SchoolLevel kSchoolLevelLast = SchoolLevel::kSpecial;
enum class SchoolMove : std::uint8_t {
  kTakenUp = 1,
  kDispatched,  // To a place of the catalogue, or to a coach.
  kPlaced,      // From here on: the report has ended.
  kCoached,
  kEscalated,
};
inline constexpr SchoolMove kSchoolMoveLast = SchoolMove::kEscalated;

// School trouble of the young person of a trajectory, told to a reporting desk.
// Worked example: refusal in the second stage, "komt niet", told to "clb": type 130, version 1, content
//   97                                array of its seven fields
//      a3 63 6c 62 02 04              desk, trouble, level
//      a9 6b 6f 6d .. a0 a0 a0        text; tried, since, municipality
struct SchoolReportBody {
  static constexpr std::uint32_t kType = 130;
  OrgId desk;
  SchoolTrouble trouble = SchoolTrouble::kOther;
  SchoolLevel level = SchoolLevel::kUnsaid;
  std::string text;
  std::string tried;
  std::string since;         // As people say it.
  std::string municipality;  // Of the school: counted on the board.
  friend bool operator==(const SchoolReportBody&, const SchoolReportBody&) = default;
};
// What the desk did with it. Which place it is stands here, not among the references: the hub need not learn it.
// Worked example: dispatched to a coach, "Jef": type 131, version 1, content 95 02 a0 a3 4a 65 66 a0 a0
struct SchoolStepBody {
  static constexpr std::uint32_t kType = 131;
  SchoolMove step = SchoolMove::kTakenUp;
  std::string place;  // The offer, as 32 hex digits; empty: none.
  std::string coach;
  std::string who;  // To whom it went up.
  std::string text;
  friend bool operator==(const SchoolStepBody&, const SchoolStepBody&) = default;
};

// School trouble in numbers and the open days, as a desk publishes them to partners: see school_board.h. Nothing in it
// that is small enough to point at somebody.
struct BoardCell {
  std::string table;
  std::string cell;  // "rest": those who are in no cell that is shown.
  std::uint32_t count = 0;
  friend bool operator==(const BoardCell&, const BoardCell&) = default;
};
struct BoardDay {
  std::string day;  // As in OpenDay, here and below.
  std::string hours;
  std::string place;
  std::string organiser;
  std::string text;
  friend bool operator==(const BoardDay&, const BoardDay&) = default;
};
inline constexpr std::size_t kBoardCellsMax = 400;
inline constexpr std::size_t kBoardDaysMax = 100;
// Worked example: of 2026-2027 six reports, at least five in each cell, all of them truancy: type 152, version 1,
// content
//   95                                array of its five fields
//      cd 07 ea 05 06                 year, threshold, reports
//      91 93 a7 74 72 .. 65           one cell: table "trouble", cell "truancy",
//         a7 74 72 .. 79 06           and how many
//      90                             no open days
struct SchoolBoardBody {
  static constexpr std::uint32_t kType = 152;
  std::uint32_t year = 0;
  std::uint32_t threshold = 0;
  std::uint32_t reports = 0;     // 0: fewer than may be shown, and then there are no cells.
  std::vector<BoardCell> cells;  // None is below the threshold; at most kBoardCellsMax.
  std::vector<BoardDay> days;    // To come, at most kBoardDaysMax.
  friend bool operator==(const SchoolBoardBody&, const SchoolBoardBody&) = default;
};

inline bool EndsReport(SchoolMove move) { return move >= SchoolMove::kPlaced; }

std::string_view Slug(SchoolTrouble value);
std::string_view Slug(SchoolLevel value);
std::string_view Slug(SchoolMove value);
// kInvalid ("vocabulary.school_trouble", "vocabulary.school_level", "vocabulary.school_step").
Result<SchoolTrouble> ParseSchoolTrouble(std::string_view slug);
Result<SchoolLevel> ParseSchoolLevel(std::string_view slug);
Result<SchoolMove> ParseSchoolMove(std::string_view slug);

}  // namespace schakel
