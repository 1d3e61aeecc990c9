// What is said inside the records around the youth court: hearings, what was asked in each ring around the young
// person, and the plan that the court is given. Part of body.h, whose rules hold here too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.h"
#include "protocol/seams.h"

namespace schakel {

enum class Speaker : std::uint8_t;

// Where connecting work asks its questions: with oneself, with the family, with those further around, and with the
// court that imposes the help.
enum class AskingRing : std::uint8_t { kIndividual = 1, kFamily, kContext, kForcedFrame };
inline constexpr AskingRing kAskingRingLast = AskingRing::kForcedFrame;

// The youth court sits. A later one of the same thread takes its place.
// Worked example: on a day, in "Leuven", with nothing else said, is type 74, version 1, content
//   94 c2 cf .. a6 4c 65 75 76 65 6e a0
struct HearingBody {
  static constexpr std::uint32_t kType = 74;
  bool cancelled = false;
  std::optional<Timestamp> at;  // Always said, unless it is cancelled.
  std::string court;
  std::string text;
  friend bool operator==(const HearingBody&, const HearingBody&) = default;
};
// What somebody answered to a question of a ring.
// Worked example: question "future" of the first ring, "Hoe?", answered "goed" by the young person: type 75, version 1,
// content
//   96 01 a6 66 75 74 75 72 65 a4 48 6f 65 3f a4 67 6f 65 64 01 a0
struct RingAnswerBody {
  static constexpr std::uint32_t kType = 75;
  AskingRing ring = AskingRing::kIndividual;
  std::string key;       // Of the question in the profile of the sector; empty: a question of their own.
  std::string question;  // As it was asked.
  std::string words;     // The answer,
  Speaker who{1};        // and whose it is.
  std::string name;      // Optional; "other": who that is.
  friend bool operator==(const RingAnswerBody&, const RingAnswerBody&) = default;
};
// The plan that was made together, for the court. What it rests on the header refers to, behind the version that it
// takes the place of.
// Worked example: "ons plan", with the family not yet asked, is type 76, version 1, content
//   93 a8 6f 6e 73 20 70 6c 61 6e 91 a6 66 61 6d 69 6c 79 a0
struct CourtPlanBody {
  static constexpr std::uint32_t kType = 76;
  std::string text;
  std::vector<std::string> unanswered;  // Rings in which nobody answered by then: slugs, in their order.
  std::string why;                      // Why not, if they say so.
  friend bool operator==(const CourtPlanBody&, const CourtPlanBody&) = default;
};

std::string_view Slug(AskingRing value);
Result<AskingRing> ParseAskingRing(std::string_view slug);

}  // namespace schakel
