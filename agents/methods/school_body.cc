#include "methods/school_body.h"

#include "services/blank.h"
#include "services/word_lists.h"

namespace schakel {
namespace {

constexpr Word<SchoolTrouble> kTroubles[] = {{SchoolTrouble::kTruancy, "truancy"},
                                             {SchoolTrouble::kRefusal, "refusal"},
                                             {SchoolTrouble::kThreatenedExclusion, "threatened-exclusion"},
                                             {SchoolTrouble::kExcluded, "excluded"},
                                             {SchoolTrouble::kStuck, "stuck"},
                                             {SchoolTrouble::kDropOut, "drop-out"},
                                             {SchoolTrouble::kOther, "other"}};
constexpr Word<SchoolLevel> kSchoolLevels[] = {
    {SchoolLevel::kUnsaid, "unsaid"},          {SchoolLevel::kPrimary, "primary"},
    {SchoolLevel::kFirstStage, "first-stage"}, {SchoolLevel::kSecondStage, "second-stage"},
    {SchoolLevel::kThirdStage, "third-stage"}, {SchoolLevel::kPartTime, "part-time"},
    {SchoolLevel::kSpecial, "special"}};
constexpr Word<SchoolMove> kMoves[] = {{SchoolMove::kTakenUp, "taken-up"},
                                       {SchoolMove::kDispatched, "dispatched"},
                                       {SchoolMove::kPlaced, "placed"},
                                       {SchoolMove::kCoached, "coached"},
                                       {SchoolMove::kEscalated, "escalated"}};

Status Needs(const std::string& text, const char* field) {
  return IsBlank(text) ? Status(Fail(Code::kInvalid, "body.required", field, "fill it in")) : Status();
}

}  // namespace

// An outcome that says nothing of where somebody went is none.
Status CheckWhole(const SchoolStepBody& body) {
  if (!body.place.empty() && !ParseId<RecordId>(body.place)) {
    return Fail(Code::kInvalid, "school.where", "body.place", "name a place of the catalogue");
  }
  switch (body.step) {
    case SchoolMove::kTakenUp:
      return {};
    case SchoolMove::kDispatched:
      if (!body.place.empty() || !IsBlank(body.coach)) return {};
      return Fail(Code::kInvalid, "school.where", "body.place", "name a place of the catalogue, or who coaches");
    case SchoolMove::kPlaced:
      if (!body.place.empty() || !IsBlank(body.text)) return {};
      return Fail(Code::kInvalid, "school.where", "body.place", "name a place of the catalogue, or say where");
    case SchoolMove::kCoached:
      return Needs(body.coach, "body.coach");
    case SchoolMove::kEscalated:
      SCHAKEL_TRY(Needs(body.who, "body.who"));
      return Needs(body.text, "body.text");
  }
  return {};
}

std::string_view Slug(SchoolTrouble value) { return SlugIn(kTroubles, value); }
std::string_view Slug(SchoolLevel value) { return SlugIn(kSchoolLevels, value); }
std::string_view Slug(SchoolMove value) { return SlugIn(kMoves, value); }
Result<SchoolTrouble> ParseSchoolTrouble(std::string_view slug) {
  return ParseIn(kTroubles, slug, "vocabulary.school_trouble");
}
Result<SchoolLevel> ParseSchoolLevel(std::string_view slug) {
  return ParseIn(kSchoolLevels, slug, "vocabulary.school_level");
}
Result<SchoolMove> ParseSchoolMove(std::string_view slug) { return ParseIn(kMoves, slug, "vocabulary.school_step"); }

}  // namespace schakel
