// What is said inside the records of places that partners may ask for (docs/places.md). Part of body.h, whose rules
// hold here too. Never who it is for: that is said, if at all, once the place was agreed to, on a trajectory and under
// a grant, or to its owner alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/result.h"
#include "protocol/seams.h"

namespace schakel {

enum class Urgency : std::uint8_t;

enum class PlaceKind : std::uint8_t {
  kTimeOut = 1,        // Between facilities (T.O.O.L.).
  kPriority,           // A priority place in a community institution.
  kCrisisBed,          // Tonight.
  kDayActivity,        // Dagbesteding.
  kSchoolAlternative,  // For who cannot be at school.
  kSharedActivity,     // Together with others: ervaringsleren.
  kMediator,           // Somebody from outside to mediate. From here on: since version 2 of the offer.
  kLeisure,            // Vrije tijd: what there is to do in the neighbourhood.
};
inline constexpr PlaceKind kPlaceKindLast = PlaceKind::kLeisure;

// What the place is, and for whom. How many, until when and how long one waits stands in the header.
// Worked example: a time-out called "De Pas" from 14 to 17 years is type 72, version 1, content
//   98                                array of its eight fields
//      01                             time-out
//      a6 44 65 20 50 61 73           the title
//      a0 0e 11 90 a0 a0              text, from, to, no words, place, contact
// Worked example of version 2: a mediator called "Ria": content 98 07 a3 52 69 61 a0 00 00 90 a0 a0
struct PlaceOfferBody {
  static constexpr std::uint32_t kType = 72;
  static constexpr std::uint32_t kVersions = 2;
  PlaceKind kind = PlaceKind::kTimeOut;
  std::string title;
  std::string text;
  std::uint32_t age_from = 0;
  std::uint32_t age_to = 0;        // 0: no end. At most kPlaceAgeMax; not below `age_from`.
  std::vector<std::string> words;  // By which it is found: "paarden", "autisme".
  std::string place;
  std::string contact;  // Of who offers it.
  friend bool operator==(const PlaceOfferBody&, const PlaceOfferBody&) = default;
};
// What its owner must know to answer, and no more.
// Worked example: for somebody of 15 or 16, needs "rust", urgent today, is type 73, version 1, content
//   95 0f 10 a4 72 75 73 74 c0 03
struct PlaceAskBody {
  static constexpr std::uint32_t kType = 73;
  std::uint32_t age_from = 0;
  std::uint32_t age_to = 0;  // As above.
  std::string needs;
  std::optional<Timestamp> begins_at;  // None: as soon as may be.
  Urgency urgency{1};
  friend bool operator==(const PlaceAskBody&, const PlaceAskBody&) = default;
};
// What its owner tells whoever has the offer, so that nobody asks for nothing: whether all places are taken. Not by
// whom, nor how many. Who may have a place, the hub decides all the same.
// Worked example: full: type 78, version 1, content 91 c3
struct PlaceStandingBody {
  static constexpr std::uint32_t kType = 78;
  bool full = false;
  friend bool operator==(const PlaceStandingBody&, const PlaceStandingBody&) = default;
};
// Who comes, once it was agreed: a name and what must be known to let them take part, and nothing else. For the owner
// alone (kind place-enrolment).
// Worked example: "Sam", "geen noten", is type 140, version 1, content
//   92 a3 53 61 6d aa 67 65 65 6e 20 6e 6f 74 65 6e
struct PlaceEnrolmentBody {
  static constexpr std::uint32_t kType = 140;
  std::string name;
  std::string needs;
  friend bool operator==(const PlaceEnrolmentBody&, const PlaceEnrolmentBody&) = default;
};
inline constexpr std::uint32_t kPlaceAgeMax = 30;

// Whether somebody of that age may come. Ages that were not said shut nobody out.
bool TakesAge(const PlaceOfferBody& body, std::uint32_t age);

std::string_view Slug(PlaceKind value);
Result<PlaceKind> ParsePlaceKind(std::string_view slug);  // kInvalid ("vocabulary.place").

}  // namespace schakel
