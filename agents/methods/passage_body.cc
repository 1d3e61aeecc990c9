#include "passage_body.h"

#include <set>

#include "services/blank.h"
#include "services/word_lists.h"

namespace schakel {
namespace {

constexpr Word<DomainState> kDomainStates[] = {{DomainState::kOpen, "open"},
                                               {DomainState::kAgreed, "agreed"},
                                               {DomainState::kArranged, "arranged"},
                                               {DomainState::kNotNeeded, "not-needed"}};

}  // namespace

Status CheckWhole(const AftercareContactBody& body) {
  if (!body.at) return Fail(Code::kInvalid, "body.required", "body.at", "say when it is, or the first time");
  if (!body.until) return Fail(Code::kInvalid, "body.required", "body.until", "say until when");
  if (*body.until <= *body.at) return Fail(Code::kInvalid, "body.period", "body.until", "let it end after it begins");
  if (body.every_weeks <= kAftercareWeeksMax) return {};
  return Fail(Code::kInvalid, "aftercare.weeks", "body.every_weeks", "at most 52 weeks apart");
}

Status CheckWhole(const AdulthoodPlanBody& body) {
  if (!body.of_age_at) return Fail(Code::kInvalid, "body.required", "body.of_age_at", "say on which day");
  std::set<std::string> keys;
  for (const AdulthoodDomain& one : body.domains) {
    if (!one.key.empty() && !keys.insert(one.key).second) {
      return Fail(Code::kInvalid, "body.twice", "body.domains", "name each once");
    }
    const bool says = one.state == DomainState::kAgreed || one.state == DomainState::kArranged;
    if (says && IsBlank(one.agreed)) {
      return Fail(Code::kInvalid, "adulthood.agreed", "body.domains", "say what is agreed");
    }
  }
  return {};
}

std::string_view Slug(DomainState value) { return SlugIn(kDomainStates, value); }
Result<DomainState> ParseDomainState(std::string_view slug) {
  return ParseIn(kDomainStates, slug, "vocabulary.domain_state");
}

}  // namespace schakel
