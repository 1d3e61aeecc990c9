#include <algorithm>

#include "agents/court.h"
#include "blank.h"
#include "sending.h"

namespace schakel {
namespace {

const std::vector<RingQuestion>& QuestionsOf(const Profile& profile, AskingRing ring) {
  static const std::vector<RingQuestion> kNone;
  const auto found = profile.rings.find(ring);
  return found == profile.rings.end() ? kNone : found->second;
}

}  // namespace

CategorySet CategoriesOf(AskingRing ring) {
  switch (ring) {
    case AskingRing::kIndividual:
      return {Category::kOwnVoice};
    case AskingRing::kFamily:
    case AskingRing::kContext:
      return {Category::kFamily};
    case AskingRing::kForcedFrame:
      return {Category::kJustice};
  }
  return {};
}

Result<Sent> RingService::Answer(const TrajectoryId& id, RingAnswerBody body, const Profile& profile, Language language,
                                 const Audience& audience) {
  SCHAKEL_ASSIGN(const CaseTrajectory trajectory, cases_.Trajectory(id));
  if (body.key.empty() == IsBlank(body.question)) {
    return Fail(Code::kInvalid, "ring.question", "question", "name a question of the list, or write one of your own");
  }
  if (!body.key.empty()) {
    const auto& questions = QuestionsOf(profile, body.ring);
    const auto found = std::ranges::find(questions, body.key, &RingQuestion::key);
    if (found == questions.end()) {
      return Fail(Code::kInvalid, "ring.key", "key", "see which there are: schakel rings show");
    }
    body.question = found->words.In(language);
  }
  Draft draft;
  draft.kind = Kind::kRingAnswer;
  draft.trajectory = id;
  draft.purpose = Purpose::kCareCoordination;
  draft.categories = CategoriesOf(body.ring);
  SCHAKEL_ASSIGN(draft.body, EncodeBody(body));
  return Send(engine_, std::move(draft), OthersIn(trajectory, engine_.Self()), audience);
}

std::vector<RingOverview> RingsOf(const CaseCourt& court, const Profile& profile) {
  std::vector<RingOverview> rings;
  for (unsigned value = 1; value <= static_cast<unsigned>(kAskingRingLast); ++value) {
    RingOverview ring;
    ring.ring = static_cast<AskingRing>(value);
    for (const RingQuestion& one : QuestionsOf(profile, ring.ring)) ring.questions.push_back({one.key, one.words, {}});
    for (const CaseRingAnswer& answer : court.answers) {
      if (answer.ring != ring.ring) continue;
      auto found = std::ranges::find(ring.questions, answer.key, &AskedInRing::key);
      if (found == ring.questions.end()) {
        ring.questions.push_back({answer.key, std::nullopt, {}});
        found = std::prev(ring.questions.end());
      }
      found->answers.push_back(answer);
      ring.answered = true;
    }
    rings.push_back(std::move(ring));
  }
  return rings;
}

}  // namespace schakel
