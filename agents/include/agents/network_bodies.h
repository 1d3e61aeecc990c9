// What is said inside the records of a young person's network and life: docs/network.md. Part of body.h, whose rules
// hold here too. Days are texts, known in part (partial_day.h); a figure is named by the record that began it, and the
// young person by none (all zero).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/ids.h"
#include "protocol/result.h"

namespace schakel {

enum class FigureKind : std::uint8_t { kPerson = 1, kGroup, kInstitution };
// From near to far.
enum class Ring : std::uint8_t { kHousehold = 1, kFamily, kFriends, kNeighbourhood, kSchoolWork, kServices };
enum class Gender : std::uint8_t { kUnknown = 1, kWoman, kMan, kOther };
enum class Informant : std::uint8_t { kYoungPerson = 1, kMother, kFather, kOther, kWorker };
enum class TieQuality : std::uint8_t {
  kPositive = 1,
  kNegative,
  kAmbivalent,
  kBroken,
  kNone,  // From that day on there is no tie to draw.
};
enum class TieDirection : std::uint8_t { kTo = 1, kFrom, kBoth };  // As seen from the other end: to the figure.
enum class Relation : std::uint8_t { kParent = 1, kPartners };
enum class KinshipHow : std::uint8_t {
  kBiological = 1,  // Of a parent.
  kAdoptive,
  kFoster,
  kStep,
  kMarried,  // Of partners, from here on.
  kCohabiting,
  kRelationship,
  kSeparated,
  kDivorced,
};
enum class LifeLane : std::uint8_t { kStay = 1, kSchool, kHelp, kFamily, kOther };
enum class LifeDomain : std::uint8_t {
  kNone = 0,  // Of a figure: none in particular.
  kLiving = 1,
  kFamily,
  kNetwork,
  kSchoolWork,
  kLeisure,
  kHealth,
  kMoney,
  kSafety,
  kFuture,
};
inline constexpr LifeDomain kLifeDomainLast = LifeDomain::kFuture;
inline constexpr std::uint32_t kTieStrengthMax = 3;
inline constexpr std::size_t kStrengthsMax = 30;

struct FigureBody {
  static constexpr std::uint32_t kType = 100;
  std::string name;
  FigureKind kind = FigureKind::kPerson;
  Ring ring = Ring::kFamily;
  std::string role;  // "grandmother", "trainer".
  Gender gender = Gender::kUnknown;
  std::string born;                       // A partial day, or nothing.
  bool deceased = false;                  // Always said with `died`.
  std::string died;                       // Likewise.
  std::string organisation;               // That an institution stands for, by its short name; or nothing.
  LifeDomain domain = LifeDomain::kNone;  // In which an institution matters.
  bool key = false;                       // Belongs at the joint intake.
  std::string remark;
  bool removed = false;  // Out of the pictures.
  friend bool operator==(const FigureBody&, const FigureBody&) = default;
};
// Worked example: how the young person sees figure 01 .. 01 since 1 March 2026, positive, strength 2, both ways, is
// type 101, version 1, content
//   99                                array of its nine fields
//      c4 10 01 .. 01                 the figure
//      c4 10 00 .. 00                 the other end: the young person
//      01 a0                          the informant, and its name
//      01 02 03                       quality, strength, direction
//      aa 32 30 .. 31                 since when
//      a0                             the remark
struct TieBody {
  static constexpr std::uint32_t kType = 101;
  Id128 figure{};
  Id128 other{};
  Informant informant = Informant::kYoungPerson;
  std::string informant_name;  // Required of kOther.
  TieQuality quality = TieQuality::kPositive;
  std::uint32_t strength = 2;  // 1 to kTieStrengthMax.
  TieDirection direction = TieDirection::kBoth;
  std::string since;  // A whole day.
  std::string remark;
  friend bool operator==(const TieBody&, const TieBody&) = default;
};
struct KinshipBody {
  static constexpr std::uint32_t kType = 102;
  Relation relation = Relation::kParent;
  Id128 a{};  // The parent, or one partner.
  Id128 b{};  // The child, or the other.
  KinshipHow how = KinshipHow::kBiological;
  std::string began;
  std::string ended;
  bool removed = false;
  friend bool operator==(const KinshipBody&, const KinshipBody&) = default;
};
struct LifeEventBody {
  static constexpr std::uint32_t kType = 103;
  LifeLane lane = LifeLane::kStay;
  std::string title;
  std::string begins;
  std::string ends;  // Or nothing: it goes on, or is a moment.
  std::string place;
  std::string remark;
  bool removed = false;
  friend bool operator==(const LifeEventBody&, const LifeEventBody&) = default;
};
struct LifeDomainBody {
  static constexpr std::uint32_t kType = 104;
  LifeDomain domain = LifeDomain::kLiving;
  std::vector<std::string> strengths;
  std::vector<std::string> needs;
  std::string remark;
  friend bool operator==(const LifeDomainBody&, const LifeDomainBody&) = default;
};
struct CircularQuestionBody {
  static constexpr std::uint32_t kType = 105;
  Informant asked = Informant::kYoungPerson;  // Who guesses,
  std::string asked_name;                     // by name, required of kOther.
  Id128 figure{};                             // What this one would say.
  std::string question;
  std::string guess;
  friend bool operator==(const CircularQuestionBody&, const CircularQuestionBody&) = default;
};
struct CircularAnswerBody {
  static constexpr std::uint32_t kType = 106;
  std::string answer;
  friend bool operator==(const CircularAnswerBody&, const CircularAnswerBody&) = default;
};
// Which action is to mend a tie. It goes to nobody.
struct TieRepairBody {
  static constexpr std::uint32_t kType = 107;
  Id128 figure{};
  Id128 other{};
  Informant informant = Informant::kYoungPerson;
  std::string informant_name;
  Id128 action{};       // The record that began it. Never none.
  std::string partner;  // Of our own network, by name; or nothing.
  friend bool operator==(const TieRepairBody&, const TieRepairBody&) = default;
};

std::string_view Slug(FigureKind value);
std::string_view Slug(Ring value);
std::string_view Slug(Gender value);
std::string_view Slug(Informant value);
std::string_view Slug(TieQuality value);
std::string_view Slug(TieDirection value);
std::string_view Slug(Relation value);
std::string_view Slug(KinshipHow value);
std::string_view Slug(LifeLane value);
std::string_view Slug(LifeDomain value);
Result<FigureKind> ParseFigureKind(std::string_view slug);
Result<Ring> ParseRing(std::string_view slug);
Result<Gender> ParseGender(std::string_view slug);
Result<Informant> ParseInformant(std::string_view slug);
Result<TieQuality> ParseTieQuality(std::string_view slug);
Result<TieDirection> ParseTieDirection(std::string_view slug);
Result<Relation> ParseRelation(std::string_view slug);
Result<KinshipHow> ParseKinshipHow(std::string_view slug);
Result<LifeLane> ParseLifeLane(std::string_view slug);
Result<LifeDomain> ParseLifeDomain(std::string_view slug);

}  // namespace schakel
