// The fields of the bodies of hearings, rings and plans for the court: see body_fields.h.
#pragma once

#include "body_fields.h"

namespace schakel {

template <typename A, Of<HearingBody> B>
void Fields(A& a, B& b) {
  a.Flag("cancelled", b.cancelled);
  a.OptionalTime("at", b.at);
  a.Text("court", b.court, kTitleBytesMax, Need::kOptional);
  a.Text("text", b.text, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<RingAnswerBody> B>
void Fields(A& a, B& b) {
  a.Enum("ring", b.ring, AskingRing::kIndividual, kAskingRingLast);
  a.Text("key", b.key, kNameBytesMax, Need::kOptional);
  a.Text("question", b.question, kShortTextBytesMax, Need::kRequired);
  a.Text("words", b.words, kTextBytesMax, Need::kRequired);
  a.Enum("who", b.who, Speaker::kYoungPerson, Speaker::kOther);
  a.Text("name", b.name, kNameBytesMax, Need::kOptional);
}

template <typename A, Of<CourtPlanBody> B>
void Fields(A& a, B& b) {
  a.Text("text", b.text, kLongTextBytesMax, Need::kRequired);
  a.Texts("unanswered", b.unanswered, static_cast<std::size_t>(kAskingRingLast), kNameBytesMax);
  a.Text("why", b.why, kShortTextBytesMax, Need::kOptional);
}

}  // namespace schakel
