#include "places_body.h"

#include "word_lists.h"

namespace schakel {
namespace {

constexpr Word<PlaceKind> kPlaceKinds[] = {{PlaceKind::kTimeOut, "time-out"},
                                           {PlaceKind::kPriority, "priority"},
                                           {PlaceKind::kCrisisBed, "crisis-bed"},
                                           {PlaceKind::kDayActivity, "day-activity"},
                                           {PlaceKind::kSchoolAlternative, "school-alternative"},
                                           {PlaceKind::kSharedActivity, "shared-activity"},
                                           {PlaceKind::kMediator, "mediator"},
                                           {PlaceKind::kLeisure, "leisure"}};

Status CheckAges(std::uint32_t from, std::uint32_t to) {
  const bool fit = from <= kPlaceAgeMax && to <= kPlaceAgeMax && (to == 0 || from <= to);
  return fit ? Status() : Fail(Code::kInvalid, "place.ages", "body.age_to", "give ages up to 30, the lower one first");
}

}  // namespace

Status CheckWhole(const PlaceOfferBody& body) { return CheckAges(body.age_from, body.age_to); }
Status CheckWhole(const PlaceAskBody& body) { return CheckAges(body.age_from, body.age_to); }

bool TakesAge(const PlaceOfferBody& body, std::uint32_t age) {
  return body.age_from <= age && (body.age_to == 0 || age <= body.age_to);
}

std::string_view Slug(PlaceKind value) { return SlugIn(kPlaceKinds, value); }
Result<PlaceKind> ParsePlaceKind(std::string_view slug) { return ParseIn(kPlaceKinds, slug, "vocabulary.place"); }

}  // namespace schakel
