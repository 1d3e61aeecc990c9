// What the bodies of a network must hold as a whole, and the slugs of their lists.
#include "network_body.h"

#include "agents/partial_day.h"
#include "blank.h"
#include "word_lists.h"

namespace schakel {
namespace {

constexpr Word<FigureKind> kFigureKinds[] = {
    {FigureKind::kPerson, "person"}, {FigureKind::kGroup, "group"}, {FigureKind::kInstitution, "institution"}};
constexpr Word<Ring> kRings[] = {{Ring::kHousehold, "household"},    {Ring::kFamily, "family"},
                                 {Ring::kFriends, "friends"},        {Ring::kNeighbourhood, "neighbourhood"},
                                 {Ring::kSchoolWork, "school-work"}, {Ring::kServices, "services"}};
constexpr Word<Gender> kGenders[] = {
    {Gender::kUnknown, "unknown"}, {Gender::kWoman, "woman"}, {Gender::kMan, "man"}, {Gender::kOther, "other"}};
constexpr Word<Informant> kInformants[] = {{Informant::kYoungPerson, "young-person"},
                                           {Informant::kMother, "mother"},
                                           {Informant::kFather, "father"},
                                           {Informant::kOther, "other"},
                                           {Informant::kWorker, "worker"}};
constexpr Word<TieQuality> kQualities[] = {{TieQuality::kPositive, "positive"},
                                           {TieQuality::kNegative, "negative"},
                                           {TieQuality::kAmbivalent, "ambivalent"},
                                           {TieQuality::kBroken, "broken"},
                                           {TieQuality::kNone, "none"}};
constexpr Word<TieDirection> kDirections[] = {
    {TieDirection::kTo, "to"}, {TieDirection::kFrom, "from"}, {TieDirection::kBoth, "both"}};
constexpr Word<Relation> kRelations[] = {{Relation::kParent, "parent"}, {Relation::kPartners, "partners"}};
constexpr Word<KinshipHow> kKinshipHows[] = {{KinshipHow::kBiological, "biological"},
                                             {KinshipHow::kAdoptive, "adoptive"},
                                             {KinshipHow::kFoster, "foster"},
                                             {KinshipHow::kStep, "step"},
                                             {KinshipHow::kMarried, "married"},
                                             {KinshipHow::kCohabiting, "cohabiting"},
                                             {KinshipHow::kRelationship, "relationship"},
                                             {KinshipHow::kSeparated, "separated"},
                                             {KinshipHow::kDivorced, "divorced"}};
constexpr Word<LifeLane> kLanes[] = {{LifeLane::kStay, "stay"},
                                     {LifeLane::kSchool, "school"},
                                     {LifeLane::kHelp, "help"},
                                     {LifeLane::kFamily, "family"},
                                     {LifeLane::kOther, "other"}};
constexpr Word<LifeDomain> kDomains[] = {{LifeDomain::kLiving, "living"},   {LifeDomain::kFamily, "family"},
                                         {LifeDomain::kNetwork, "network"}, {LifeDomain::kSchoolWork, "school-work"},
                                         {LifeDomain::kLeisure, "leisure"}, {LifeDomain::kHealth, "health"},
                                         {LifeDomain::kMoney, "money"},     {LifeDomain::kSafety, "safety"},
                                         {LifeDomain::kFuture, "future"}};

Status CheckDay(const std::string& day, const char* field) {
  if (day.empty() || ParsePartialDay(day)) return {};
  return Fail(Code::kInvalid, "body.day", field, "give a year, a month or a day: 2009, 2009-03, 2009-03-14");
}

// What certainly ends before it begins.
Status CheckOrder(const std::string& from, const std::string& to, const char* field) {
  SCHAKEL_TRY(CheckDay(to, field));
  const auto first = ParsePartialDay(from);
  const auto last = ParsePartialDay(to);
  if (!first || !last || last->Last() >= first->First()) return {};
  return Fail(Code::kInvalid, "body.period", field, "let it end after it begins");
}

Status CheckInformant(Informant informant, const std::string& name, const char* field) {
  if (informant != Informant::kOther || !IsBlank(name)) return {};
  return Fail(Code::kInvalid, "body.required", field, "say who");
}

}  // namespace

Status CheckWhole(const FigureBody& body) {
  SCHAKEL_TRY(CheckDay(body.born, "body.born"));
  SCHAKEL_TRY(CheckOrder(body.born, body.died, "body.died"));
  if (!body.died.empty() && !body.deceased) {
    return Fail(Code::kInvalid, "body.deceased", "body.deceased", "say that they died, or leave out when");
  }
  if (body.organisation.empty()) return {};
  if (body.kind == FigureKind::kInstitution && ParseOrgId(body.organisation)) return {};
  return Fail(Code::kInvalid, "body.organisation", "body.organisation", "name it by its short name, of an institution");
}

Status CheckWhole(const TieBody& body) {
  SCHAKEL_TRY(CheckInformant(body.informant, body.informant_name, "body.informant_name"));
  if (body.figure == body.other) {
    return Fail(Code::kInvalid, "body.same", "body.figure", "name two different ends");
  }
  if (body.strength < 1 || body.strength > kTieStrengthMax) {
    return Fail(Code::kInvalid, "body.strength", "body.strength", "choose 1, 2 or 3");
  }
  const auto since = ParsePartialDay(body.since);
  if (since && since->IsWhole()) return {};
  return Fail(Code::kInvalid, "body.whole_day", "body.since", "give a whole day: 2026-03-14");
}

Status CheckWhole(const KinshipBody& body) {
  const bool of_parent = body.how <= KinshipHow::kStep;
  if (of_parent != (body.relation == Relation::kParent)) {
    return Fail(Code::kInvalid, "body.how", "body.how",
                of_parent ? "of partners: married, cohabiting, relationship, separated, divorced"
                          : "of a parent: biological, adoptive, foster, step");
  }
  SCHAKEL_TRY(CheckDay(body.began, "body.began"));
  return CheckOrder(body.began, body.ended, "body.ended");
}

Status CheckWhole(const LifeEventBody& body) {
  SCHAKEL_TRY(CheckDay(body.begins, "body.begins"));
  return CheckOrder(body.begins, body.ends, "body.ends");
}

Status CheckWhole(const CircularQuestionBody& body) {
  return CheckInformant(body.asked, body.asked_name, "body.asked_name");
}

Status CheckWhole(const TieRepairBody& body) {
  if (body.action != Id128{}) return {};
  return Fail(Code::kInvalid, "body.required", "body.action", "name the action");
}

std::string_view Slug(FigureKind value) { return SlugIn(kFigureKinds, value); }
std::string_view Slug(Ring value) { return SlugIn(kRings, value); }
std::string_view Slug(Gender value) { return SlugIn(kGenders, value); }
std::string_view Slug(Informant value) { return SlugIn(kInformants, value); }
std::string_view Slug(TieQuality value) { return SlugIn(kQualities, value); }
std::string_view Slug(TieDirection value) { return SlugIn(kDirections, value); }
std::string_view Slug(Relation value) { return SlugIn(kRelations, value); }
std::string_view Slug(KinshipHow value) { return SlugIn(kKinshipHows, value); }
std::string_view Slug(LifeLane value) { return SlugIn(kLanes, value); }
std::string_view Slug(LifeDomain value) { return value == LifeDomain::kNone ? "" : SlugIn(kDomains, value); }

Result<FigureKind> ParseFigureKind(std::string_view slug) { return ParseIn(kFigureKinds, slug, "vocabulary.figure"); }
Result<Ring> ParseRing(std::string_view slug) { return ParseIn(kRings, slug, "vocabulary.ring"); }
Result<Gender> ParseGender(std::string_view slug) { return ParseIn(kGenders, slug, "vocabulary.gender"); }
Result<Informant> ParseInformant(std::string_view slug) { return ParseIn(kInformants, slug, "vocabulary.informant"); }
Result<TieQuality> ParseTieQuality(std::string_view slug) { return ParseIn(kQualities, slug, "vocabulary.quality"); }
Result<TieDirection> ParseTieDirection(std::string_view slug) {
  return ParseIn(kDirections, slug, "vocabulary.direction");
}
Result<Relation> ParseRelation(std::string_view slug) { return ParseIn(kRelations, slug, "vocabulary.relation"); }
Result<KinshipHow> ParseKinshipHow(std::string_view slug) { return ParseIn(kKinshipHows, slug, "vocabulary.how"); }
Result<LifeLane> ParseLifeLane(std::string_view slug) { return ParseIn(kLanes, slug, "vocabulary.lane"); }
Result<LifeDomain> ParseLifeDomain(std::string_view slug) { return ParseIn(kDomains, slug, "vocabulary.domain"); }

}  // namespace schakel
