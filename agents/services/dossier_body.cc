// What the bodies of a shared dossier must hold as a whole, and the slugs of their lists.
#include "dossier_body.h"

#include <algorithm>

#include "blank.h"
#include "protocol/ids.h"
#include "word_lists.h"

namespace schakel {
namespace {

constexpr Word<ReferralAnswer> kAnswers[] = {{ReferralAnswer::kAccepted, "accepted"},
                                             {ReferralAnswer::kRefused, "refused"}};
constexpr Word<GoalProgress> kProgress[] = {{GoalProgress::kNotStarted, "not-started"},
                                            {GoalProgress::kOnTrack, "on-track"},
                                            {GoalProgress::kStuck, "stuck"},
                                            {GoalProgress::kReached, "reached"}};
constexpr Word<GoalFound> kFound[] = {{GoalFound::kReached, "reached"},
                                      {GoalFound::kContinued, "continued"},
                                      {GoalFound::kAdjusted, "adjusted"},
                                      {GoalFound::kStopped, "stopped"}};
constexpr Word<CriterionOf> kWhose[] = {{CriterionOf::kYoungPerson, "young-person"},
                                        {CriterionOf::kParents, "parents"},
                                        {CriterionOf::kCourtCounsellor, "court-counsellor"},
                                        {CriterionOf::kYouthJudge, "youth-judge"},
                                        {CriterionOf::kHelpers, "helpers"},
                                        {CriterionOf::kOther, "other"}};

constexpr Word<SignedHow> kSignedHow[] = {
    {SignedHow::kOrganisation, "organisation"}, {SignedHow::kLink, "link"}, {SignedHow::kPaper, "paper"}};

Status CheckOrganisation(const std::string& name, const char* field) {
  if (ParseOrgId(name)) return {};
  return Fail(Code::kInvalid, "body.organisation", field, "name organisations by their short names");
}

// Each once, by growing name: so the same parties are the same bytes.
Status CheckOrganisations(const std::vector<std::string>& names, std::size_t least, const char* field) {
  if (names.size() < least) return Fail(Code::kInvalid, "body.few", field, "name at least " + std::to_string(least));
  for (const std::string& name : names) SCHAKEL_TRY(CheckOrganisation(name, field));
  if (std::ranges::adjacent_find(names, std::ranges::greater_equal()) == names.end()) return {};
  return Fail(Code::kInvalid, "body.twice", field, "name each organisation once, in the order of the alphabet");
}

// Each once, ascending: so what is cited is the same bytes.
Status CheckCited(const std::vector<std::string>& ids, const char* field) {
  const auto is_id = [](const std::string& one) {
    const auto id = ParseId<RecordId>(one);
    return id && ToText(*id) == one;
  };
  const bool ascending = std::ranges::adjacent_find(ids, std::ranges::greater_equal()) == ids.end();
  if (ascending && std::ranges::all_of(ids, is_id)) return {};
  return Fail(Code::kInvalid, "body.cited", field, "name versions by their whole ids, each once, ascending");
}

// Of a person, on paper: who saw it, and when.
Status CheckOnPaper(const std::string& witness, const std::optional<Timestamp>& at, const char* at_field) {
  if (IsBlank(witness)) return Fail(Code::kInvalid, "body.required", "body.witness", "say who saw it");
  if (!at) return Fail(Code::kInvalid, "body.required", at_field, "give the day");
  return {};
}

}  // namespace

Status CheckWhole(const ReferralBody& body) {
  SCHAKEL_TRY(CheckOrganisation(body.to, "body.organisation"));
  if (!body.expires_at) return Fail(Code::kInvalid, "body.required", "body.expires_at", "say until when it is asked");
  return {};
}

Status CheckWhole(const ReferralAnswerBody& body) {
  if (body.answer == ReferralAnswer::kRefused && IsBlank(body.why)) {
    return Fail(Code::kInvalid, "body.required", "body.why", "say why it is refused");
  }
  return {};
}

Status CheckWhole(const CommitmentBody& body) {
  SCHAKEL_TRY(CheckOrganisations(body.parties, body.persons.empty() ? 2 : 1, "body.parties"));
  SCHAKEL_TRY(CheckCited(body.goals, "body.goals"));
  SCHAKEL_TRY(CheckCited(body.criteria, "body.criteria"));
  const bool named = !IsBlank(body.other);
  if (named == (std::ranges::find(body.persons, Speaker::kOther) != body.persons.end())) return {};
  if (named) return Fail(Code::kInvalid, "body.persons", "body.persons", "say that this person signs too");
  return Fail(Code::kInvalid, "body.required", "body.other", "name who signs besides");
}

Status CheckWhole(const SignatureBody& body) {
  return body.how == SignedHow::kPaper ? CheckOnPaper(body.witness, body.signed_at, "body.signed_at") : Status();
}

Status CheckWhole(const ProgressBody& body) {
  return body.how == SignedHow::kPaper ? CheckOnPaper(body.witness, body.said_at, "body.said_at") : Status();
}

Status CheckWhole(const GoalBody& body) {
  SCHAKEL_TRY(CheckOrganisations(body.owners, 1, "body.owners"));
  if (!body.begins_at) return Fail(Code::kInvalid, "body.required", "body.begins_at", "say from when it holds");
  if (!body.ends_at) return Fail(Code::kInvalid, "body.required", "body.ends_at", "say until when it holds");
  if (*body.ends_at <= *body.begins_at) {
    return Fail(Code::kInvalid, "body.period", "body.ends_at", "let it end after it begins");
  }
  return {};
}

Status CheckWhole(const ActionBody& body) {
  SCHAKEL_TRY(CheckOrganisation(body.owner, "body.owner"));
  if (!body.due_at) return Fail(Code::kInvalid, "body.required", "body.due_at", "say by when it is to be done");
  return {};
}

std::string_view Slug(ReferralAnswer value) { return SlugIn(kAnswers, value); }
std::string_view Slug(GoalProgress value) { return SlugIn(kProgress, value); }
std::string_view Slug(GoalFound value) { return SlugIn(kFound, value); }
std::string_view Slug(CriterionOf value) { return SlugIn(kWhose, value); }
std::string_view Slug(SignedHow value) { return SlugIn(kSignedHow, value); }

Result<ReferralAnswer> ParseReferralAnswer(std::string_view slug) {
  return ParseIn(kAnswers, slug, "vocabulary.answer");
}
Result<GoalProgress> ParseGoalProgress(std::string_view slug) {
  return ParseIn(kProgress, slug, "vocabulary.progress");
}
Result<GoalFound> ParseGoalFound(std::string_view slug) { return ParseIn(kFound, slug, "vocabulary.found"); }
Result<CriterionOf> ParseCriterionOf(std::string_view slug) { return ParseIn(kWhose, slug, "vocabulary.whose"); }
Result<SignedHow> ParseSignedHow(std::string_view slug) { return ParseIn(kSignedHow, slug, "vocabulary.signed_how"); }

}  // namespace schakel
