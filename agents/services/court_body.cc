#include "court_body.h"

#include "word_lists.h"

namespace schakel {
namespace {

constexpr Word<AskingRing> kAskingRings[] = {{AskingRing::kIndividual, "individual"},
                                             {AskingRing::kFamily, "family"},
                                             {AskingRing::kContext, "context"},
                                             {AskingRing::kForcedFrame, "forced-frame"}};

}  // namespace

Status CheckWhole(const HearingBody& body) {
  if (body.cancelled || body.at) return {};
  return Fail(Code::kInvalid, "body.required", "body.at", "say when it is");
}

// Known ones, each once and in their order, so that the same list is the same bytes.
Status CheckWhole(const CourtPlanBody& body) {
  std::vector<AskingRing> rings;
  for (const std::string& slug : body.unanswered) {
    const auto ring = ParseAskingRing(slug);
    if (!ring || (!rings.empty() && rings.back() >= *ring)) {
      return Fail(Code::kInvalid, "plan.rings", "body.unanswered", "name each ring once, in the order of the list");
    }
    rings.push_back(*ring);
  }
  return {};
}

std::string_view Slug(AskingRing value) { return SlugIn(kAskingRings, value); }
Result<AskingRing> ParseAskingRing(std::string_view slug) {
  return ParseIn(kAskingRings, slug, "vocabulary.asking_ring");
}

}  // namespace schakel
