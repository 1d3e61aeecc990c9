// The fields of the bodies of modules, contacts and alerts: see body_fields.h.
#pragma once

#include "body_fields.h"

namespace schakel {

template <typename A, Of<ModuleSwitchBody> B>
void Fields(A& a, B& b) {
  a.Enum("module", b.module, Module::kUnspecified, Module::kTimeOut);
  a.OptionalTime("begins_at", b.begins_at);
  a.OptionalTime("ends_at", b.ends_at);
  a.Text("place", b.place, kTitleBytesMax, Need::kOptional);
  a.Speakers("agreed", b.agreed);
  a.Text("why", b.why, kShortTextBytesMax, Need::kOptional);
}

template <typename A, Of<ContactMomentBody> B>
void Fields(A& a, B& b) {
  a.Enum("how", b.how, ContactHow::kHomeVisit, kContactHowLast);
  a.Flag("face_to_face", b.face_to_face);
  a.OptionalTime("at", b.at);
  a.Number("minutes", b.minutes);
  a.Speakers("with", b.with);
  a.Text("others", b.others, kTitleBytesMax, Need::kOptional);
  a.Text("text", b.text, kTextBytesMax, Need::kOptional);
}

template <typename A, Of<AlertBody> B>
void Fields(A& a, B& b) {
  a.Enum("about", b.about, AgreementTopic::kAggression, AgreementTopic::kOther);
  a.Text("name", b.name, kNameBytesMax, Need::kOptional);
  a.Text("age", b.age, kNameBytesMax, Need::kOptional);
  a.Text("description", b.description, kShortTextBytesMax, Need::kOptional);
  a.Text("clothing", b.clothing, kShortTextBytesMax, Need::kOptional);
  a.OptionalTime("last_seen_at", b.last_seen_at);
  a.Text("last_seen_place", b.last_seen_place, kTitleBytesMax, Need::kOptional);
  a.Text("places", b.places, kShortTextBytesMax, Need::kOptional);
  a.Text("companions", b.companions, kShortTextBytesMax, Need::kOptional);
  a.Text("incident", b.incident, kShortTextBytesMax, Need::kOptional);
  a.Text("risk", b.risk, kShortTextBytesMax, Need::kOptional);
  a.Text("contact", b.contact, kTitleBytesMax, Need::kOptional);
}

template <typename A, Of<AlertWithdrawnBody> B>
void Fields(A& a, B& b) {
  a.Enum("how", b.how, AlertEnd::kReturned, AlertEnd::kMistaken);
  a.OptionalTime("at", b.at);
}

}  // namespace schakel
