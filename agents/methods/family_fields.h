// The fields of the bodies of family group conferences and of messages with supporters: see body_fields.h.
#pragma once

#include "services/body_fields.h"

namespace schakel {

template <typename A, Of<FamilyConferenceBody> B>
void Fields(A& a, B& b) {
  a.Enum("phase", b.phase, FamilyPhase::kInformation, kFamilyPhaseLast);
  a.Text("coordinator", b.coordinator, kNameBytesMax, Need::kOptional);
  a.Text("question", b.question, kTextBytesMax, Need::kOptional);
  a.OptionalTime("at", b.at);
  a.Text("text", b.text, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<FamilyPlanBody> B>
void Fields(A& a, B& b) {
  a.Enum("said", b.said, FamilyPlanSaid::kPlan, kFamilyPlanSaidLast);
  a.Text("text", b.text, kLongTextBytesMax, Need::kOptional);
  a.Enum("who", b.who, Speaker::kYoungPerson, Speaker::kOther);
  a.Text("name", b.name, kNameBytesMax, Need::kOptional);
  a.Flag("by_link", b.by_link);
}

template <typename A, Of<SupporterMessageBody> B>
void Fields(A& a, B& b) {
  a.Text("text", b.text, kShortTextBytesMax, Need::kRequired);
  a.Text("supporter", b.supporter, kNameBytesMax, Need::kRequired);
  a.Text("by", b.by, kTitleBytesMax, Need::kOptional);
  a.Flag("by_link", b.by_link);
}

}  // namespace schakel
