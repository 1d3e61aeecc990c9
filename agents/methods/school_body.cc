#include "methods/school_body.h"

#include <map>

#include "agents/house_options.h"
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

// Who receives it does not take it from anybody that small numbers were left out.
Status CheckWhole(const SchoolBoardBody& body) {
  bool fits = body.threshold >= HouseOptions::kSmallestCell && (body.reports == 0 || body.reports >= body.threshold);
  std::map<std::string, std::uint64_t> counted;
  for (const BoardCell& one : body.cells) {
    fits = fits && one.count >= body.threshold;
    counted[one.table] += one.count;
  }
  // Of a table in which not everybody counts, how many are left follows from the others.
  for (const auto& [table, count] : counted) fits = fits && count == body.reports;
  if (fits) return {};
  return Fail(Code::kInvalid, "board.small", "body.cells", "leave out what could point at somebody");
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
