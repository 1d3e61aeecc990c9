// What is said inside learning cases (docs/methods.md). Part of body.h, whose rules hold here too.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/ids.h"

namespace schakel {

inline constexpr std::size_t kThemesMax = 20;

// A case from which others may learn, that points at nobody.
// Worked example: "Rust" with text "t" and the theme "time-out": type 150, version 1, content
//   94 a4 52 75 73 74 a1 74 a0 91 a8 74 69 6d 65 2d 6f 75 74
// What somebody says under it is a MessageBody: its record begins a thread of its own and refers to the case.
struct LearningCaseBody {
  static constexpr std::uint32_t kType = 150;
  static constexpr std::uint32_t kVersions = 2;
  std::string title;
  std::string text;
  std::string learned;
  std::vector<std::string> themes;  // At most kThemesMax.
  // Since version 2: to whom it went, so that who says something under it can say it to all of them.
  std::vector<OrgId> to = {};
  friend bool operator==(const LearningCaseBody&, const LearningCaseBody&) = default;
};
// Its author takes it back.
// Worked example: "vergist": type 151, version 1, content 91 a7 76 65 72 67 69 73 74
struct LearningWithdrawalBody {
  static constexpr std::uint32_t kType = 151;
  std::string why;
  friend bool operator==(const LearningWithdrawalBody&, const LearningWithdrawalBody&) = default;
};

}  // namespace schakel
