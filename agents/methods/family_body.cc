#include "methods/family_body.h"

#include "services/blank.h"
#include "services/word_lists.h"

namespace schakel {
namespace {

constexpr Word<FamilyPhase> kFamilyPhases[] = {
    {FamilyPhase::kInformation, "information"}, {FamilyPhase::kPrivate, "private"}, {FamilyPhase::kPlan, "plan"}};
constexpr Word<FamilyPlanSaid> kFamilyPlanSaid[] = {
    {FamilyPlanSaid::kPlan, "plan"}, {FamilyPlanSaid::kAccepted, "accepted"}, {FamilyPlanSaid::kAsked, "asked"}};

std::unexpected<Error> FamilyLacks(const char* field) {
  return Fail(Code::kInvalid, "body.required", field, "fill it in");
}

}  // namespace

// What goes on need not say again what it is about.
Status CheckWhole(const FamilyConferenceBody& body) {
  if (body.phase != FamilyPhase::kInformation) return {};
  if (IsBlank(body.coordinator)) return FamilyLacks("body.coordinator");
  if (IsBlank(body.question)) return FamilyLacks("body.question");
  return {};
}

Status CheckWhole(const FamilyPlanBody& body) {
  if (body.said != FamilyPlanSaid::kAccepted && IsBlank(body.text)) return FamilyLacks("body.text");
  if (body.said == FamilyPlanSaid::kPlan && IsBlank(body.name)) return FamilyLacks("body.name");
  return {};
}

Status CheckWhole(const SupporterMessageBody& body) {
  return body.by_link == IsBlank(body.by) ? Status() : FamilyLacks("body.by");
}

std::string_view Slug(FamilyPhase value) { return SlugIn(kFamilyPhases, value); }
std::string_view Slug(FamilyPlanSaid value) { return SlugIn(kFamilyPlanSaid, value); }
Result<FamilyPhase> ParseFamilyPhase(std::string_view slug) {
  return ParseIn(kFamilyPhases, slug, "vocabulary.family_phase");
}
Result<FamilyPlanSaid> ParseFamilyPlanSaid(std::string_view slug) {
  return ParseIn(kFamilyPlanSaid, slug, "vocabulary.family_plan_said");
}

}  // namespace schakel
