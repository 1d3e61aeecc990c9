// What is said inside the records of a family group conference, and between a supporter and the worker. Part of body.h,
// whose rules hold here too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/result.h"
#include "protocol/seams.h"

namespace schakel {

enum class Speaker : std::uint8_t;

// The three parts of a family group conference (Eigen Kracht-conferentie), in their order.
enum class FamilyPhase : std::uint8_t {
  kInformation = 1,  // Everybody tells the family what it has to know.
  kPrivate,          // The family is among itself.
  kPlan,             // It tells what it decided, if it wants to.
};
inline constexpr FamilyPhase kFamilyPhaseLast = FamilyPhase::kPlan;
enum class FamilyPlanSaid : std::uint8_t {
  kPlan = 1,  // The family: its plan.
  kAccepted,  // Who leads: we go along with it.
  kAsked,     // Who leads: the family is asked for more.
};
inline constexpr FamilyPlanSaid kFamilyPlanSaidLast = FamilyPlanSaid::kAsked;

// A conference begins, or goes on to its next phase. The first refers to the meeting by whose links the family comes; a
// later one, of the same thread, to the one before it.
// Worked example: in the information phase, by "Ria", about "Waar woont Sam?", no day, nothing else said, is type 115,
// version 1, content
//   95 01 a3 52 69 61 ae 57 61 61 72 20 77 6f 6f 6e 74 20 53 61 6d 3f c0 a0
struct FamilyConferenceBody {
  static constexpr std::uint32_t kType = 115;
  FamilyPhase phase = FamilyPhase::kInformation;
  std::string coordinator;      // Who it is, by name.
  std::string question;         // That the family makes a plan for.
  std::optional<Timestamp> at;  // When it is held, if that was said.
  std::string text;
  friend bool operator==(const FamilyConferenceBody&, const FamilyConferenceBody&) = default;
};
// The plan of the family in its own words, or, in the thread of one, what who leads says to it. The plan refers to the
// conference, and to the guest who handed it over.
// Worked example: "Sam gaat naar oma", handed over by the mother, "Els", by her link, is type 116, version 1, content
//   95 01 b1 53 61 6d 20 .. 6d 61 02 a3 45 6c 73 c3
struct FamilyPlanBody {
  static constexpr std::uint32_t kType = 116;
  FamilyPlanSaid said = FamilyPlanSaid::kPlan;
  std::string text;
  Speaker who{1};        // Of a plan: who handed it over,
  std::string name;      // by name,
  bool by_link = false;  // and with the personal link.
  friend bool operator==(const FamilyPlanBody&, const FamilyPlanBody&) = default;
};
// Between one supporter and the worker: of nobody else, unless who wrote first had others of the team read it. It
// refers to the supporter, a guest of a meeting. Worked example: "Tante Mia" writes "Sam was hier" by her link: type
// 118, version 1, content
//   94 ac 53 61 6d 20 77 61 73 20 68 69 65 72 a9 54 61 6e 74 65 20 4d 69 61 a0 c3
struct SupporterMessageBody {
  static constexpr std::uint32_t kType = 118;
  std::string text;
  std::string supporter;  // By name.
  std::string by;         // Who of the team wrote it; empty: the supporter.
  bool by_link = false;   // The supporter, with the personal link.
  friend bool operator==(const SupporterMessageBody&, const SupporterMessageBody&) = default;
};

std::string_view Slug(FamilyPhase value);
std::string_view Slug(FamilyPlanSaid value);
Result<FamilyPhase> ParseFamilyPhase(std::string_view slug);
Result<FamilyPlanSaid> ParseFamilyPlanSaid(std::string_view slug);

}  // namespace schakel
