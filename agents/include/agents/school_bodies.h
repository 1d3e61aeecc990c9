// What is said inside the records of school support (docs/methods.md). Part of body.h, whose rules hold here too.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

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

inline bool EndsReport(SchoolMove move) { return move >= SchoolMove::kPlaced; }

std::string_view Slug(SchoolTrouble value);
std::string_view Slug(SchoolLevel value);
std::string_view Slug(SchoolMove value);
// kInvalid ("vocabulary.school_trouble", "vocabulary.school_level", "vocabulary.school_step").
Result<SchoolTrouble> ParseSchoolTrouble(std::string_view slug);
Result<SchoolLevel> ParseSchoolLevel(std::string_view slug);
Result<SchoolMove> ParseSchoolMove(std::string_view slug);

}  // namespace schakel
